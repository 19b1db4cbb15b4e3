//! Volume and tone over time, by target, role, aspect, language and source.
//!
//! In: analysed posts with their bucket. Kept: counts by bucket and cell, whole numbers only, so that
//! adding shards gives the same to the bit. Out: series in any grain from the finest kept up to months
//! on the user's clock, and breakdowns; `life` reads the life of a topic off the same buckets.
//!
//! Spam, adverts, automatic posts and homonyms are counted apart and stay out of the tone; relays
//! (reposts, copies) count as volume and stay out of the tone too: a thousand reposts are one opinion
//! and a thousand times its reach. Memory: buckets x cells in use; at most `NAMES` targets and aspects
//! are told apart (those of the smallest hash, so that the choice does not depend on the order).

use super::config::Grain;
use super::interval::{Estimate, Rule};
use super::noise::Noise;
use super::sample::spoken_of;
use super::skim::hash_name;
use super::time::Clock;
use crate::analysis::{Analysis, Label};
use crate::language::Language;
use crate::post::Source;
use crate::voice::Role;
use std::collections::BTreeMap;

/// Names of targets and aspects that are told apart.
const NAMES: usize = 1024;
/// Empty buckets drawn between two posts: two months of hours. A longer silence is left out, so that one
/// post dated 2099 does not draw a century.
const GAP: usize = 1_500;
/// Points from which silence is no longer drawn.
const POINTS: usize = 20_000;

/// What is counted in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Counts {
    /// Posts in their writer's own words.
    pub posts: u64,
    /// Of these: blame.
    pub negative: u64,
    /// Of these: no tone.
    pub neutral: u64,
    /// Of these: praise.
    pub positive: u64,
    /// Of these: both.
    pub mixed: u64,
    /// Reposts and copies.
    pub relays: u64,
    /// Reposts and copies of blame.
    pub relayed_blame: u64,
    /// Spam, giveaways, automatic posts, homonyms.
    pub noise: u64,
}

impl Counts {
    /// Adds another cell.
    pub fn add(&mut self, other: &Self) {
        self.posts += other.posts;
        self.negative += other.negative;
        self.neutral += other.neutral;
        self.positive += other.positive;
        self.mixed += other.mixed;
        self.relays += other.relays;
        self.relayed_blame += other.relayed_blame;
        self.noise += other.noise;
    }

    pub(crate) fn note(&mut self, label: Label, noise: Noise) {
        match noise {
            Noise::None => self.posts += 1,
            Noise::Repost | Noise::Duplicate => {
                self.relays += 1;
                self.relayed_blame += u64::from(label == Label::Negative);
                return;
            }
            _ => {
                self.noise += 1;
                return;
            }
        }
        match label {
            Label::Negative => self.negative += 1,
            Label::Neutral => self.neutral += 1,
            Label::Positive => self.positive += 1,
            Label::Mixed => self.mixed += 1,
            Label::Unknown => {}
        }
    }

    /// Posts with a readable tone; shares are shares of these.
    pub fn judged(&self) -> u64 {
        self.negative + self.neutral + self.positive + self.mixed
    }

    /// Own words and relays.
    pub fn volume(&self) -> u64 {
        self.posts + self.relays
    }

    /// Net tonality, -1..1. A mixed post counts for neither side.
    pub fn net(&self, rule: Rule) -> Estimate {
        rule.net(self.positive, self.negative, self.judged())
    }

    /// Share of blame.
    pub fn blame(&self, rule: Rule) -> Estimate {
        rule.share(self.negative, self.judged())
    }
}

/// Which posts: everything that is `None` is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter<'a> {
    /// A target's name.
    pub target: Option<&'a str>,
    /// An aspect of the target.
    pub aspect: Option<&'a str>,
    /// A role.
    pub role: Option<Role>,
    /// A language.
    pub language: Option<Language>,
    /// A source.
    pub source: Option<Source>,
    /// From this second on.
    pub from: Option<i64>,
    /// Before this second.
    pub to: Option<i64>,
}

impl<'a> Filter<'a> {
    /// Every post about a target.
    pub fn target(name: &'a str) -> Self {
        Self { target: Some(name), ..Self::default() }
    }
}

/// What a breakdown is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// By target.
    Target,
    /// By aspect.
    Aspect,
    /// By role.
    Role,
    /// By language.
    Language,
    /// By source.
    Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Cell {
    /// Hash of the target's name; 0 for every post.
    target: u64,
    /// Hash of the aspect's name; 0 for the target as a whole.
    aspect: u64,
    role: Role,
    language: u8,
    source: u8,
}

const LANGUAGES: [Language; 3] = [Language::French, Language::English, Language::Unknown];
const SOURCES: [(Source, &str); 8] = [
    (Source::Tweet, "tweet"),
    (Source::Forum, "forum"),
    (Source::Review, "review"),
    (Source::Comment, "comment"),
    (Source::Blog, "blog"),
    (Source::Press, "press"),
    (Source::Linkedin, "linkedin"),
    (Source::Other, "other"),
];

fn place<T: PartialEq>(mut of: impl Iterator<Item = T>, what: &T) -> u8 {
    of.position(|x| x == *what).and_then(|i| u8::try_from(i).ok()).unwrap_or(u8::MAX)
}

/// The source as the records spell it.
pub(crate) fn source_name(source: Source) -> &'static str {
    SOURCES.iter().find(|(s, _)| *s == source).map_or("other", |(_, name)| name)
}

/// A bucket of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Point {
    /// Its first second.
    pub start: i64,
    /// The first second of the next.
    pub end: i64,
    /// What was counted.
    pub counts: Counts,
    /// Net tonality.
    pub net: Estimate,
    /// Share of blame.
    pub blame: Estimate,
}

impl Point {
    fn of(start: i64, end: i64, counts: Counts, rule: Rule) -> Self {
        Self { start, end, counts, net: counts.net(rule), blame: counts.blame(rule) }
    }
}

/// Counts by bucket and cell; mergeable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Trend {
    keep: usize,
    names: BTreeMap<u64, String>,
    #[cfg_attr(feature = "serde", serde(with = "slices"))]
    slices: BTreeMap<i64, BTreeMap<Cell, Counts>>,
}

impl Trend {
    /// An empty table of so many buckets.
    pub fn new(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    pub(crate) fn observe(&mut self, bucket: i64, analysis: &Analysis, source: Source, noise: Noise) {
        let fresh = !self.slices.contains_key(&bucket);
        let slice = self.slices.entry(bucket).or_default();
        let mut cell = Cell {
            target: 0,
            aspect: 0,
            role: analysis.role.label,
            language: place(LANGUAGES.into_iter(), &analysis.language),
            source: place(SOURCES.iter().map(|s| s.0), &source),
        };
        slice.entry(cell).or_default().note(analysis.tonality.label, noise);
        for reading in spoken_of(analysis) {
            (cell.target, cell.aspect) = (hash_name(&reading.target), 0);
            self.names.entry(cell.target).or_insert_with(|| reading.target.clone());
            slice.entry(cell).or_default().note(reading.tonality.label, noise);
            for aspect in &reading.aspects {
                cell.aspect = hash_name(&aspect.aspect);
                self.names.entry(cell.aspect).or_insert_with(|| aspect.aspect.clone());
                slice.entry(cell).or_default().note(aspect.tonality.label, noise);
            }
        }
        if fresh || self.names.len() > NAMES {
            self.forget();
        }
    }

    /// Adds what another one has counted.
    pub fn merge(&mut self, other: Self) {
        for (bucket, cells) in other.slices {
            let slice = self.slices.entry(bucket).or_default();
            for (cell, counts) in cells {
                slice.entry(cell).or_default().add(&counts);
            }
        }
        self.names.extend(other.names);
        self.forget();
    }

    fn forget(&mut self) {
        while self.slices.len() > self.keep {
            self.slices.pop_first();
        }
        if self.names.len() > NAMES {
            while self.names.len() > NAMES {
                self.names.pop_last();
            }
            let names = &self.names;
            let known = |hash: u64| hash == 0 || names.contains_key(&hash);
            for slice in self.slices.values_mut() {
                slice.retain(|cell, _| known(cell.target) && known(cell.aspect));
            }
        }
    }

    fn matches(filter: &Filter<'_>) -> impl Fn(&Cell) -> bool + use<> {
        let target = filter.target.map_or(0, hash_name);
        let aspect = filter.aspect.map_or(0, hash_name);
        let role = filter.role;
        let language = filter.language.map(|l| place(LANGUAGES.into_iter(), &l));
        let source = filter.source.map(|s| place(SOURCES.iter().map(|s| s.0), &s));
        move |cell: &Cell| {
            cell.target == target
                && cell.aspect == aspect
                && role.is_none_or(|r| r == cell.role)
                && language.is_none_or(|l| l == cell.language)
                && source.is_none_or(|s| s == cell.source)
        }
    }

    fn range(&self, filter: &Filter<'_>) -> impl Iterator<Item = (i64, &BTreeMap<Cell, Counts>)> {
        let (from, to) = (filter.from.unwrap_or(i64::MIN), filter.to.unwrap_or(i64::MAX));
        self.slices.range(from..to.max(from)).map(|(bucket, cells)| (*bucket, cells))
    }

    /// Counts of the finest buckets, empty ones left out.
    pub(crate) fn buckets(&self, filter: &Filter<'_>) -> Vec<(i64, Counts)> {
        let wanted = Self::matches(filter);
        self.range(filter)
            .filter_map(|(bucket, cells)| {
                let mut sum = Counts::default();
                cells.iter().filter(|(cell, _)| wanted(cell)).for_each(|(_, counts)| sum.add(counts));
                (sum != Counts::default()).then_some((bucket, sum))
            })
            .collect()
    }

    /// Everything that a filter lets through, in one cell.
    pub fn total(&self, filter: &Filter<'_>) -> Counts {
        let mut sum = Counts::default();
        self.buckets(filter).iter().for_each(|(_, counts)| sum.add(counts));
        sum
    }

    /// The series of a filter, gaps included, from its first to its last post.
    pub fn series(&self, filter: &Filter<'_>, grain: Grain, clock: &Clock, rule: Rule) -> Vec<Point> {
        let mut sums: BTreeMap<i64, Counts> = BTreeMap::new();
        for (bucket, counts) in self.buckets(filter) {
            sums.entry(clock.start(bucket, grain)).or_default().add(&counts);
        }
        let mut points: Vec<Point> = Vec::new();
        for (start, counts) in sums {
            // Silence is drawn as empty buckets, unless the clock has jumped (see `GAP`).
            let mut at = points.last().map_or(start, |p| p.end);
            let filled = points.len();
            while at < start && points.len() - filled < GAP && points.len() < POINTS {
                let end = clock.next(at, grain);
                points.push(Point::of(at, end, Counts::default(), rule));
                at = end;
            }
            points.push(Point::of(start, clock.next(start, grain), counts, rule));
        }
        points
    }

    /// Counts by the values of a dimension, the largest first.
    pub fn breakdown(&self, filter: &Filter<'_>, by: Dimension) -> Vec<(String, Counts)> {
        let wanted = Self::matches(filter);
        let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
        let matching = |cell: &Cell| -> Option<String> {
            let mut probe = *cell;
            match by {
                Dimension::Target => {
                    probe.target = filter.target.map_or(0, hash_name);
                    (cell.target != 0 && cell.aspect == 0 && wanted(&probe))
                        .then(|| self.names.get(&cell.target).cloned())?
                }
                Dimension::Aspect => {
                    probe.aspect = 0;
                    (cell.aspect != 0 && wanted(&probe)).then(|| self.names.get(&cell.aspect).cloned())?
                }
                Dimension::Role => wanted(cell).then(|| cell.role.as_str().to_owned()),
                Dimension::Language => wanted(cell).then(|| {
                    LANGUAGES.get(usize::from(cell.language)).copied().unwrap_or_default().as_str().to_owned()
                }),
                Dimension::Source => {
                    wanted(cell).then(|| SOURCES.get(usize::from(cell.source)).map_or("other", |s| s.1).to_owned())
                }
            }
        };
        // Aspects belong to targets: without a target they are summed over all of them.
        let any_target = by == Dimension::Aspect && filter.target.is_none();
        for (_, cells) in self.range(filter) {
            for (cell, counts) in cells {
                let name = if any_target { matching(&Cell { target: 0, ..*cell }) } else { matching(cell) };
                if let Some(name) = name {
                    sums.entry(name).or_default().add(counts);
                }
            }
        }
        let mut rows: Vec<_> = sums.into_iter().collect();
        rows.sort_by(|a, b| b.1.volume().cmp(&a.1.volume()).then_with(|| a.0.cmp(&b.0)));
        rows
    }

    /// First and last bucket.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((*self.slices.first_key_value()?.0, *self.slices.last_key_value()?.0))
    }
}

/// Maps with structured keys travel as lists, since JSON keys are strings.
#[cfg(feature = "serde")]
mod slices {
    use super::{BTreeMap, Cell, Counts};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Slices = BTreeMap<i64, BTreeMap<Cell, Counts>>;

    pub(super) fn serialize<S: Serializer>(slices: &Slices, s: S) -> Result<S::Ok, S::Error> {
        slices.iter().map(|(b, cells)| (b, cells.iter().collect::<Vec<_>>())).collect::<Vec<_>>().serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Slices, D::Error> {
        let list = Vec::<(i64, Vec<(Cell, Counts)>)>::deserialize(d)?;
        Ok(list.into_iter().map(|(b, cells)| (b, cells.into_iter().collect())).collect())
    }
}
