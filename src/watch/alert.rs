//! Alerts: a burst, who leads it, what it is about, and five posts to read.
//!
//! In: the trend (hourly counts), the fair sample and the stories. Out: [`Alert`] records, none for a
//! calm month. What rings is decided in `burst` from the counts alone; this file only explains it, from
//! exact counts where there are any (roles, aspects) and from the sample where it must (authors,
//! copies, verbatims).
//!
//! Who leads is told by two questions. Do few accounts or copies make the volume (half of it by three
//! accounts, or six in ten relays)? Then it is a relay, and its size is reach, not opinion. Else, who
//! speaks in their own words: customers, the press, activists? Each account is then one voice.

use super::burst::{Burst, BurstKind, Hour, bursts};
use super::config::{Grain, WatchConfig};
use super::duplicate::Groups;
use super::interval::{Estimate, Rule};
use super::noise::Noise;
use super::sample::{Card, Sample};
use super::skim::hash_name;
use super::terms::whole;
use super::time::{Clock, HOUR};
use super::trend::{Counts, Dimension, Filter, Trend};
use crate::analysis::Label;
use crate::voice::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Targets that are watched: those with most posts.
const TARGETS: usize = 64;
/// Posts quoted by an alert.
const VERBATIMS: usize = 5;

/// Who leads a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Lead {
    /// Half of it comes from three accounts at most.
    FewAccounts,
    /// Most of it repeats what others said.
    Relays,
    /// Customers in their own words.
    Customers,
    /// Press and blogs.
    Media,
    /// Calls to act together.
    Activists,
    /// Many people, of no one role.
    Many,
    /// Too few posts to tell.
    Unclear,
}

/// A burst, explained.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Alert {
    /// The target; absent for the corpus as a whole.
    pub target: Option<String>,
    /// What rose.
    pub kind: BurstKind,
    /// First second of the burst.
    pub start: i64,
    /// First second after it.
    pub end: i64,
    /// When it rang.
    pub detected: i64,
    /// Posts in it, relays included.
    pub posts: u64,
    /// Posts expected in that time of the week.
    pub expected: f64,
    /// Share of blame in it.
    pub blame: f64,
    /// Share of blame expected.
    pub base_blame: f64,
    /// How often chance does as much, for one test.
    pub p_value: f64,
    /// Who leads it.
    pub led_by: Lead,
    /// Share of its posts by its three busiest accounts.
    pub top_accounts: Estimate,
    /// Accounts seen in the sample of it.
    pub accounts: u64,
    /// Reposts and copies in it (estimated where the sample is not whole).
    pub duplicates_removed: u64,
    /// Posts by role, relays left out, the commonest first.
    pub roles: Vec<(String, u64)>,
    /// Posts by aspect, the commonest first.
    pub aspects: Vec<(String, u64)>,
    /// Posts to read, no two of one account or one story.
    pub verbatims: Vec<Card>,
}

/// What alerts are explained from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) trend: &'a Trend,
    pub(crate) sample: &'a Sample,
    pub(crate) groups: &'a Groups,
    pub(crate) config: &'a WatchConfig,
    pub(crate) clock: &'a Clock,
}

impl Scene<'_> {
    /// Every alert of a corpus, the earliest first.
    pub(crate) fn alerts(&self) -> Vec<Alert> {
        let everything = Filter::default();
        let targets = self.trend.breakdown(&everything, Dimension::Target);
        let mut out = Vec::new();
        for (name, _) in targets.iter().take(TARGETS) {
            out.extend(self.alerts_of(Some(name)));
        }
        if targets.is_empty() {
            out.extend(self.alerts_of(None));
        }
        out.sort_by(|a: &Alert, b| a.start.cmp(&b.start).then_with(|| a.target.cmp(&b.target)));
        out
    }

    fn alerts_of(&self, target: Option<&str>) -> Vec<Alert> {
        self.bursts_of(target).into_iter().map(|burst| self.explain(target, burst)).collect()
    }

    fn bursts_of(&self, target: Option<&str>) -> Vec<Burst> {
        let hours = hours(self.trend, &Filter { target, ..Filter::default() }, self.clock);
        bursts(&hours, &self.config.alerts, |at| self.clock.hour_of_week(at))
    }

    /// Whether some burst goes on after a second.
    pub(crate) fn burns(&self, since: i64) -> bool {
        let targets = self.trend.breakdown(&Filter::default(), Dimension::Target);
        let mut names: Vec<Option<&str>> = targets.iter().take(TARGETS).map(|(name, _)| Some(name.as_str())).collect();
        if names.is_empty() {
            names.push(None);
        }
        names.into_iter().any(|name| self.bursts_of(name).iter().any(|burst| burst.end > since))
    }

    fn explain(&self, target: Option<&str>, burst: Burst) -> Alert {
        let filter = Filter { target, from: Some(burst.start), to: Some(burst.end), ..Filter::default() };
        let roles = rows(self.trend.breakdown(&filter, Dimension::Role));
        let aspects = rows(self.trend.breakdown(&filter, Dimension::Aspect));
        let crowd = Crowd::of(self, target, burst.start, burst.end);
        let rule = self.config.rule();
        Alert {
            target: target.map(str::to_owned),
            kind: burst.kind,
            start: burst.start,
            end: burst.end,
            detected: burst.detected,
            posts: burst.volume,
            expected: burst.expected,
            blame: burst.blame,
            base_blame: burst.base_blame,
            p_value: burst.p,
            led_by: crowd.lead(&roles),
            top_accounts: crowd.top_accounts(Rule { min_posts: 5, ..rule }),
            accounts: crowd.accounts.len() as u64,
            duplicates_removed: whole(crowd.repeats),
            roles,
            aspects,
            verbatims: verbatims(self, target, &burst),
        }
    }
}

/// Names and own-word posts, empty ones left out.
fn rows(cells: Vec<(String, Counts)>) -> Vec<(String, u64)> {
    let mut rows: Vec<_> = cells.into_iter().map(|(name, c)| (name, c.posts)).filter(|(_, n)| *n > 0).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows
}

/// The hours that a filter lets through, finer buckets summed.
pub(crate) fn hours(trend: &Trend, filter: &Filter<'_>, clock: &Clock) -> Vec<Hour> {
    let mut sums: BTreeMap<i64, Counts> = BTreeMap::new();
    for (bucket, counts) in trend.buckets(filter) {
        sums.entry(clock.start(bucket, Grain::Hour)).or_default().add(&counts);
    }
    sums.into_iter()
        .map(|(at, c)| Hour {
            at,
            of_week: clock.hour_of_week(at),
            volume: c.volume(),
            judged: c.judged() + c.relays,
            negative: c.negative + c.relayed_blame,
        })
        .collect()
}

/// Who was there, from the sample.
#[derive(Debug, Default)]
struct Crowd {
    /// Weighted posts by account; a post without an author is an account of its own.
    accounts: BTreeMap<u64, f64>,
    posts: f64,
    cards: u64,
    repeats: f64,
}

impl Crowd {
    fn of(scene: &Scene<'_>, target: Option<&str>, from: i64, to: i64) -> Self {
        let mut crowd = Self::default();
        let mut told = BTreeSet::new();
        for (card, weight) in scene.sample.cards(from, to) {
            if card.tone(target).is_none() || !(card.noise == Noise::None || card.is_relay()) {
                continue;
            }
            let alone = || card.id.as_deref().map_or(card.signature, hash_name);
            *crowd.accounts.entry(card.author.as_deref().map_or_else(alone, hash_name)).or_default() += weight;
            crowd.posts += weight;
            crowd.cards += 1;
            // The first of a story is not a copy; any later one is.
            let story = scene.groups.of_text.get(&card.signature);
            if card.is_relay() || story.is_some_and(|s| !told.insert(*s)) {
                crowd.repeats += weight;
            }
        }
        crowd
    }

    fn top_three(&self) -> f64 {
        let mut sizes: Vec<f64> = self.accounts.values().copied().collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        sizes.iter().take(3).sum()
    }

    fn top_accounts(&self, rule: Rule) -> Estimate {
        let share = if self.posts > 0.0 { self.top_three() / self.posts } else { 0.0 };
        rule.share(whole(share * self.cards as f64), self.cards)
    }

    fn lead(&self, roles: &[(String, u64)]) -> Lead {
        if self.cards < 5 {
            return Lead::Unclear;
        }
        if self.top_three() >= 0.5 * self.posts {
            return Lead::FewAccounts;
        }
        if self.repeats >= 0.6 * self.posts {
            return Lead::Relays;
        }
        let of = |wanted: &[Role]| -> u64 {
            roles.iter().filter(|(name, _)| wanted.iter().any(|r| r.as_str() == name)).map(|(_, n)| n).sum()
        };
        let all: u64 = roles.iter().map(|(_, n)| n).sum();
        let known = all - of(&[Role::Unclear]);
        if known * 3 < all || known < 5 {
            return Lead::Many;
        }
        let camps = [
            (Lead::Customers, of(&[Role::Customer])),
            (Lead::Media, of(&[Role::Media])),
            (Lead::Activists, of(&[Role::Activist])),
        ];
        let (lead, n) = camps.into_iter().max_by_key(|(_, n)| *n).unwrap_or((Lead::Many, 0));
        if n * 10 >= known * 4 { lead } else { Lead::Many }
    }
}

/// Five posts that show what a burst is about: the plainest blame first where blame rose, no two of one
/// account or one story.
fn verbatims(scene: &Scene<'_>, target: Option<&str>, burst: &Burst) -> Vec<Card> {
    let wanted = (burst.kind != BurstKind::Volume || burst.blame >= 0.5).then_some(Label::Negative);
    pick(scene, target, burst.start, burst.end, wanted, VERBATIMS)
}

/// Posts to quote of a period; `first` are preferred.
pub(crate) fn pick(
    scene: &Scene<'_>,
    target: Option<&str>,
    from: i64,
    to: i64,
    first: Option<Label>,
    many: usize,
) -> Vec<Card> {
    let mut cards: Vec<&Card> = scene
        .sample
        .cards(from, to)
        .map(|(c, _)| c)
        .filter(|c| c.noise == Noise::None && c.tone(target).is_some())
        .collect();
    let rank = |c: &Card| {
        let tone = c.tone(target);
        let preferred = first.is_some() && tone == first;
        let readable = (c.text.len() >= 20) && !c.spans.is_empty();
        (preferred, readable, c.confidence)
    };
    cards.sort_by(|a, b| {
        let (x, y) = (rank(a), rank(b));
        y.0.cmp(&x.0)
            .then(y.1.cmp(&x.1))
            .then(y.2.total_cmp(&x.2))
            .then_with(|| a.at.cmp(&b.at))
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.text.cmp(&b.text))
    });
    let (mut authors, mut stories) = (BTreeSet::new(), BTreeSet::new());
    let mut out = Vec::new();
    for card in cards {
        let story = scene.groups.of_text.get(&card.signature).map_or(card.signature, |s| u64::from(*s));
        if card.author.as_ref().is_none_or(|a| !authors.contains(a)) && stories.insert(story) {
            authors.extend(card.author.clone());
            out.push(card.clone());
            if out.len() == many {
                break;
            }
        }
    }
    out
}

/// The end of the last hour that is believed: of the last stretch, without a silence of two weeks, that
/// holds a twentieth of the posts. One post dated 2099 does not become "today".
pub(crate) fn last_hour(hours: &[(i64, Counts)]) -> Option<i64> {
    let size = |c: &Counts| c.volume() + c.noise;
    let all: u64 = hours.iter().map(|(_, c)| size(c)).sum();
    let (mut posts, mut last, mut next) = (0, None, None::<i64>);
    for (at, counts) in hours.iter().rev() {
        if next.is_none_or(|next| next - at > super::burst::SILENCE) {
            if posts * 20 >= all && posts > 0 {
                break;
            }
            (posts, last) = (0, Some(*at));
        }
        posts += size(counts);
        next = Some(*at);
    }
    last.map(|at| at + HOUR)
}
