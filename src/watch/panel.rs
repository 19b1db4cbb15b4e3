//! Panels: the user's strata of sources, so that like is compared with like.
//!
//! In: rules (by source, author, domain of the address) and posts. Out: figures by stratum, totals
//! weighted as the user says the world is, and two targets compared on the same panel. A month with
//! twice the tweets is then not a worse month: the total weighs each stratum by its stated share
//! (post-stratification; Holt & Smith, JRSS A 142, 1979), and says how much of the panel it could cover.
//!
//! Rules are asked in order, the first that fits wins; posts that fit none are counted as `outside`.
//! A stratum without enough posts is left out of the total, which is rescaled and says what share of the
//! weights it covers; below 80 % the answer is "too few".

use super::interval::{Estimate, Rule};
use super::noise::Noise;
use super::sample::spoken_of;
use super::trend::{Counts, source_name};
use crate::analysis::Analysis;
use crate::error::{Error, ErrorKind};
use crate::post::Post;
use std::collections::BTreeMap;
use std::ops::Range;

/// A panel, as the user writes it.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct PanelConfig {
    /// The strata, in the order in which they are asked.
    pub stratum: Vec<Stratum>,
}

/// A stratum: a name, a weight, and what belongs to it. A post must meet every list that is not empty.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Stratum {
    /// Its name.
    pub name: String,
    /// Its share in totals, in any unit.
    pub weight: f64,
    /// Sources: `tweet`, `forum`, `press` ...
    pub sources: Vec<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// Domains of the address; `lemonde.fr` holds `www.lemonde.fr`.
    pub domains: Vec<String>,
}

impl Default for Stratum {
    fn default() -> Self {
        Self { name: String::new(), weight: 1.0, sources: Vec::new(), authors: Vec::new(), domains: Vec::new() }
    }
}

impl Stratum {
    fn holds(&self, post: &Post) -> bool {
        let source = source_name(post.source);
        let author = post.author.as_deref();
        let domain = post.url.as_deref().and_then(domain);
        (self.sources.is_empty() || self.sources.iter().any(|s| s == source))
            && (self.authors.is_empty() || self.authors.iter().any(|a| Some(a.as_str()) == author))
            && (self.domains.is_empty() || domain.is_some_and(|d| self.domains.iter().any(|wanted| within(d, wanted))))
    }
}

/// The host of an address.
fn domain(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    host.split(':').next().filter(|h| !h.is_empty())
}

/// Whether a host is a domain or below it.
fn within(host: &str, wanted: &str) -> bool {
    let Some(start) = host.len().checked_sub(wanted.len()) else { return false };
    host.get(start..).is_some_and(|tail| tail.eq_ignore_ascii_case(wanted))
        && (start == 0 || host.as_bytes().get(start - 1) == Some(&b'.'))
}

impl PanelConfig {
    /// Checks the strata.
    ///
    /// # Errors
    ///
    /// Names the first stratum that cannot be used.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Err(Error::new(ErrorKind::Setting, reason));
        if self.stratum.is_empty() {
            return wrong("`panel` has no stratum: add at least one `[[panel.stratum]]`".into());
        }
        let mut names = std::collections::BTreeSet::new();
        for stratum in &self.stratum {
            let name = &stratum.name;
            if name.is_empty() {
                return wrong("a stratum of `panel` has no `name`".into());
            }
            if !names.insert(name) {
                return wrong(format!("`panel` has two strata named `{name}`"));
            }
            if !(stratum.weight.is_finite() && stratum.weight >= 0.0) {
                return wrong(format!("the weight of stratum `{name}` must be 0 or more"));
            }
            let known = ["tweet", "forum", "review", "comment", "blog", "press", "linkedin", "other"];
            if let Some(source) = stratum.sources.iter().find(|s| !known.contains(&s.as_str())) {
                return wrong(format!(
                    "stratum `{name}` names an unknown source `{source}`: use one of {}",
                    known.join(", ")
                ));
            }
        }
        if self.stratum.iter().all(|s| s.weight == 0.0) {
            return wrong("every stratum of `panel` has weight 0".into());
        }
        Ok(())
    }
}

/// Counts by stratum and target; mergeable.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Panel {
    config: PanelConfig,
    keep: usize,
    /// By target (empty for every post), by bucket, then by stratum in the order of the config.
    counts: BTreeMap<String, BTreeMap<i64, Vec<Counts>>>,
    outside: u64,
}

/// A stratum's figures.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StratumReading {
    /// Its name.
    pub name: String,
    /// Its weight, as a share of all.
    pub weight: f64,
    /// What was counted.
    pub counts: Counts,
    /// Net tonality.
    pub net: Estimate,
    /// Share of blame.
    pub blame: Estimate,
}

/// A panel's figures for one target.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PanelReading {
    /// The target; absent for every post.
    pub target: Option<String>,
    /// By stratum, in the user's order.
    pub strata: Vec<StratumReading>,
    /// Share of praise, weighted.
    pub praise: Estimate,
    /// Share of blame, weighted.
    pub blame: Estimate,
    /// Share of the weights that the totals cover.
    pub covered: f64,
}

/// Two targets on the same strata.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Comparison {
    /// Strata in which both have enough posts.
    pub strata: Vec<String>,
    /// Share of the weights that these cover.
    pub covered: f64,
    /// Blame of the first less blame of the second.
    pub blame: Estimate,
    /// Praise of the first less praise of the second.
    pub praise: Estimate,
}

/// Targets that a panel tells apart.
const TARGETS: usize = 1024;

impl Panel {
    /// An empty panel that keeps so many buckets of each target.
    pub fn new(config: PanelConfig, keep: usize) -> Self {
        Self { config, keep, ..Self::default() }
    }

    /// The stratum of a post.
    pub fn stratum(&self, post: &Post) -> Option<&str> {
        self.config.stratum.iter().find(|s| s.holds(post)).map(|s| s.name.as_str())
    }

    /// Counts a post of a bucket (`i64::MIN` for posts without a time).
    pub fn observe(&mut self, bucket: i64, post: &Post, analysis: &Analysis, noise: Noise) {
        let Some(place) = self.config.stratum.iter().position(|s| s.holds(post)) else {
            self.outside += 1;
            return;
        };
        self.cell("", bucket, place, |c| c.note(analysis.tonality.label, noise));
        for reading in spoken_of(analysis) {
            if !reading.target.is_empty() {
                self.cell(&reading.target, bucket, place, |c| c.note(reading.tonality.label, noise));
            }
        }
        self.forget();
    }

    fn cell(&mut self, target: &str, bucket: i64, place: usize, note: impl FnOnce(&mut Counts)) {
        if !self.counts.contains_key(target) {
            self.counts.insert(target.to_owned(), BTreeMap::new());
        }
        let Some(buckets) = self.counts.get_mut(target) else { return };
        let counts = buckets.entry(bucket).or_insert_with(|| vec![Counts::default(); self.config.stratum.len()]);
        if let Some(counts) = counts.get_mut(place) {
            note(counts);
        }
        while buckets.len() > self.keep {
            buckets.pop_first();
        }
    }

    /// Adds what another one, of the same settings, has counted.
    pub fn merge(&mut self, other: Self) {
        self.outside += other.outside;
        for (target, theirs) in other.counts {
            let mine = self.counts.entry(target).or_default();
            for (bucket, counts) in theirs {
                let here = mine.entry(bucket).or_insert_with(|| vec![Counts::default(); counts.len()]);
                here.iter_mut().zip(&counts).for_each(|(a, b)| a.add(b));
            }
            while mine.len() > self.keep {
                mine.pop_first();
            }
        }
        self.forget();
    }

    /// Keeps the first names of the alphabet, a choice that does not depend on the order.
    fn forget(&mut self) {
        while self.counts.len() > TARGETS {
            self.counts.pop_last();
        }
    }

    /// Posts that belong to no stratum.
    pub fn outside(&self) -> u64 {
        self.outside
    }

    /// The targets that were seen.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.counts.keys().map(String::as_str).filter(|t| !t.is_empty())
    }

    /// The figures of a target, or of every post.
    pub fn read(&self, target: Option<&str>, rule: Rule) -> PanelReading {
        self.read_between(target, i64::MIN..i64::MAX, rule)
    }

    /// The same for the buckets that start in a period.
    pub fn read_between(&self, target: Option<&str>, period: Range<i64>, rule: Rule) -> PanelReading {
        let all: f64 = self.config.stratum.iter().map(|s| s.weight).sum();
        let mut counts = vec![Counts::default(); self.config.stratum.len()];
        if let Some(buckets) = self.counts.get(target.unwrap_or("")).filter(|_| !period.is_empty()) {
            for (_, theirs) in buckets.range(period) {
                counts.iter_mut().zip(theirs).for_each(|(a, b)| a.add(b));
            }
        }
        let strata: Vec<StratumReading> = (0..)
            .zip(&self.config.stratum)
            .map(|(i, s): (usize, _)| {
                let counts = counts.get(i).copied().unwrap_or_default();
                let weight = if all > 0.0 { s.weight / all } else { 0.0 };
                StratumReading {
                    name: s.name.clone(),
                    weight,
                    counts,
                    net: counts.net(rule),
                    blame: counts.blame(rule),
                }
            })
            .collect();
        let used: Vec<(f64, Counts)> =
            strata.iter().filter(|s| s.blame.known().is_some()).map(|s| (s.weight, s.counts)).collect();
        let covered = used.iter().map(|(w, _)| w).sum();
        PanelReading {
            target: target.map(str::to_owned),
            praise: weighted(&used, |c| c.positive, covered, rule),
            blame: weighted(&used, |c| c.negative, covered, rule),
            strata,
            covered,
        }
    }

    /// Two targets, weighted the same way over the strata in which both have enough posts.
    pub fn compare(&self, a: &str, b: &str, rule: Rule) -> Comparison {
        self.compare_between(a, b, i64::MIN..i64::MAX, rule)
    }

    /// The same for the buckets that start in a period.
    pub fn compare_between(&self, a: &str, b: &str, period: Range<i64>, rule: Rule) -> Comparison {
        let read = |target| self.read_between(Some(target), period.clone(), rule);
        let (a, b) = (read(a), read(b));
        let both: Vec<(&StratumReading, &StratumReading)> = a
            .strata
            .iter()
            .zip(&b.strata)
            .filter(|(x, y)| x.blame.known().is_some() && y.blame.known().is_some())
            .collect();
        let covered = both.iter().map(|(x, _)| x.weight).sum();
        let side = |first: bool| -> Vec<(f64, Counts)> {
            both.iter().map(|(x, y)| if first { (x.weight, x.counts) } else { (y.weight, y.counts) }).collect()
        };
        let (left, right) = (side(true), side(false));
        let difference = |of: fn(&Counts) -> u64| {
            rule.difference(weighted(&left, of, covered, rule), weighted(&right, of, covered, rule))
        };
        Comparison {
            strata: both.iter().map(|(x, _)| x.name.clone()).collect(),
            covered,
            blame: difference(|c| c.negative),
            praise: difference(|c| c.positive),
        }
    }
}

/// A post-stratified share: the weighted mean of the strata's shares, with the variance that it has.
fn weighted(strata: &[(f64, Counts)], of: impl Fn(&Counts) -> u64, covered: f64, rule: Rule) -> Estimate {
    let posts = strata.iter().map(|(_, c)| c.judged()).sum();
    if covered < 0.8 {
        return Estimate::TooFew { n: posts };
    }
    let (mut share, mut variance) = (0.0, 0.0);
    for (weight, counts) in strata {
        let (w, n) = (weight / covered, counts.judged() as f64);
        let k = of(counts) as f64;
        share += w * k / n;
        // Half a post more on each side: a stratum without any blame is not known to be free of it.
        let p = (k + 0.5) / (n + 1.0);
        variance += w * w * p * (1.0 - p) / n;
    }
    rule.share_of_variance(share, variance, posts)
}
