//! What the page can be asked for: targets, periods, and how finely a period is drawn.

use crate::words::Words;
use std::collections::BTreeMap;
use tonalite::watch::{Clock, Counts, Dimension, Filter, Grain, Point, Trend, Watch};

/// Targets of their own; the others are in the figures of all.
const TARGETS: usize = 8;
/// Points that a chart holds at most.
const POINTS: usize = 130;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Posts by tone: blame, neutral, mixed, praise, unknown, relays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ByTone(pub(crate) [u64; 6]);

impl ByTone {
    /// The names of its parts, as words know them.
    pub(crate) const NAMES: [&'static str; 6] = ["negative", "neutral", "mixed", "positive", "unknown", "relay"];

    pub(crate) fn of(c: &Counts) -> Self {
        Self([c.negative, c.neutral, c.mixed, c.positive, c.posts - c.judged().min(c.posts), c.relays])
    }

    pub(crate) fn sum(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// The targets that the page tells apart, by place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) list: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Names {
    /// Those most spoken of.
    pub(crate) fn of(watch: &Watch) -> Self {
        let mut volume: BTreeMap<String, u64> = BTreeMap::new();
        for trend in [watch.trend(), watch.undated()] {
            for (name, counts) in trend.breakdown(&Filter::default(), Dimension::Target) {
                *volume.entry(name).or_default() += counts.volume() + counts.noise;
            }
        }
        let mut names: Vec<_> = volume.into_iter().filter(|(name, _)| !name.is_empty()).collect();
        names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let list: Vec<String> = names.into_iter().take(TARGETS).map(|(name, _)| name).collect();
        let places = (0..).zip(&list).map(|(i, name)| (name.clone(), i)).collect();
        Self { list, places }
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}

/// A stretch of time that the page can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) name: String,
    /// First second, and one past the last; absent for posts that have no place in time.
    pub(crate) range: Option<(i64, i64)>,
}

/// The periods of a corpus: all of it, and the last weeks and days that are shorter.
pub(crate) fn periods(watch: &Watch, end: Option<i64>, words: &Words) -> Vec<Period> {
    let mut out = Vec::new();
    if let (Some(end), Some((first, last))) = (end, watch.trend().span()) {
        let whole = Period { name: words.get("period.all").into(), range: Some((first, end.max(last + HOUR))) };
        out.push(whole);
        for (days, key) in [(28, "period.weeks"), (7, "period.week"), (1, "period.day")] {
            if end - first > days * DAY {
                out.push(Period { name: words.get(key).into(), range: Some((end - days * DAY, end)) });
            }
        }
    }
    if watch.undated().span().is_some() {
        out.push(Period { name: words.get("period.undated").into(), range: None });
    }
    out
}

/// The trend that holds a period's posts, and the filter for them.
pub(crate) fn scope<'w, 'a>(watch: &'w Watch, target: Option<&'a str>, period: &Period) -> (&'w Trend, Filter<'a>) {
    match period.range {
        Some((from, to)) => (watch.trend(), Filter { target, from: Some(from), to: Some(to), ..Filter::default() }),
        None => (watch.undated(), Filter { target, ..Filter::default() }),
    }
}

/// The series of a period in the finest grain in which most buckets have enough posts for a figure; in
/// days where none has.
pub(crate) fn series(watch: &Watch, filter: &Filter<'_>) -> (Grain, Vec<Point>) {
    let rule = watch.config().rule();
    let draw = |grain| watch.trend().series(filter, grain, watch.clock(), rule);
    let span = filter.to.zip(filter.from).map_or(0, |(to, from)| to - from);
    let fits = |width: i64| usize::try_from(span / width).unwrap_or(usize::MAX) <= POINTS;
    let grains = [(Grain::Hour, HOUR), (Grain::Day, DAY), (Grain::Week, 7 * DAY), (Grain::Month, 30 * DAY)];
    let mut kept: Option<(Grain, Vec<Point>)> = None;
    for (grain, width) in grains.into_iter().filter(|(_, width)| fits(*width)) {
        if grain != Grain::Hour && span < 3 * width {
            break;
        }
        let points = draw(grain);
        let drawn = points.iter().filter(|p| p.counts.volume() > 0).count();
        let known = points.iter().filter(|p| p.net.known().is_some()).count();
        let coarse = matches!(grain, Grain::Week | Grain::Month);
        let plain = kept.as_ref().is_none_or(|(kept, _)| *kept == Grain::Hour) && !coarse;
        if 2 * known >= drawn && known > 0 {
            return (grain, points);
        }
        if plain {
            kept = Some((grain, points));
        }
    }
    kept.unwrap_or_else(|| (Grain::Month, draw(Grain::Month)))
}

/// The start of a time axis label for a bucket.
pub(crate) fn label(words: &Words, clock: &Clock, at: i64, grain: Grain) -> String {
    words.date(clock, at, grain)
}
