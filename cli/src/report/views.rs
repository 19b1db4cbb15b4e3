//! A view: everything that the page shows of one target in one period.
//!
//! In: the watch. Out: [`View`] records that the template lays out. Every figure is computed here, by
//! the library's own intervals, for every target and period that can be chosen; the page's script only
//! swaps views, so there is one statistics and it is not the browser's. Each number carries the query
//! that its posts answer.

use super::chart::{self, Bar, Drawing, Mark, TrendPoint};
use super::figures::{ByTone, Names, Period, label, scope, series};
use super::posts::{Desk, Quote};
use super::query::Query;
use crate::words::Words;
use anyhow::Result;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use tonalite::Label;
use tonalite::watch::{Alert, Card, Counts, Dimension, Estimate, Filter, Grain, Noise, Panel, Periods, Rule, Watch};

const DAY: i64 = 86_400;
const TERMS: usize = 10;
const QUOTES: usize = 3;
/// Aspects in the heat table.
const ASPECTS: usize = 12;

/// A number, what it leads to, and what stands beside it.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) beside: String,
    pub(crate) q: String,
    pub(crate) class: String,
}

/// A figure with its name.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    name: String,
    #[serde(flatten)]
    cell: Cell,
}

/// Rows of cells under a header.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<Cell>)>,
}

/// A chart and the same as a table.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Chart {
    drawing: Option<Drawing>,
    table: Table,
}

/// Strata, and the target beside the others.
#[derive(Debug, Clone, Serialize)]
struct PanelView {
    strata: Table,
    total: String,
    compared: Table,
}

/// Everything of one target in one period.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct View {
    target: String,
    period: String,
    when: String,
    figures: Vec<Figure>,
    trend: Chart,
    grain: String,
    sources: Chart,
    roles: Chart,
    heat: Table,
    rising: Table,
    against: String,
    panel: Option<PanelView>,
    blame: Vec<Quote>,
    praise: Vec<Quote>,
}

/// What views are made from.
pub(crate) struct Maker<'a> {
    pub(crate) watch: &'a Watch,
    pub(crate) words: &'a Words,
    pub(crate) names: &'a Names,
    pub(crate) alerts: &'a [Alert],
    pub(crate) desk: Desk<'a>,
    /// The sample in a fixed order.
    pub(crate) sample: &'a [&'a Card],
}

impl Maker<'_> {
    /// The view of a target (by place; all where absent) in a period.
    pub(crate) fn view(&self, place: Option<usize>, period: &Period) -> Result<View> {
        let words = self.words;
        let target = place.and_then(|p| self.names.list.get(p)).map(String::as_str);
        let (trend, filter) = scope(self.watch, target, period);
        let query = || Query::of(place, period.range);
        let counts = trend.total(&filter);
        let (drawing, grain) = self.trend(place, period, &filter)?;
        let (rising, against) = self.rising(place, period);
        Ok(View {
            target: target.unwrap_or(words.get("all_targets")).to_owned(),
            period: period.name.clone(),
            when: period.range.map(|(from, to)| self.range(from, to)).unwrap_or_default(),
            figures: self.figures(&counts, place, period),
            trend: drawing,
            grain,
            sources: self.bars("source", trend.breakdown(&filter, Dimension::Source), &query)?,
            roles: self.bars("role", trend.breakdown(&filter, Dimension::Role), &query)?,
            heat: self.heat(place, period),
            rising,
            against,
            panel: self.watch.panel().map(|panel| self.panel(panel, place, period)),
            blame: self.quotes(target, period, Label::Negative),
            praise: self.quotes(target, period, Label::Positive),
        })
    }

    fn rule(&self) -> Rule {
        self.watch.config().rule()
    }

    fn range(&self, from: i64, to: i64) -> String {
        let clock = self.watch.clock();
        self.words.fill("from_to", &[&self.words.moment(clock, from), &self.words.moment(clock, to)])
    }

    fn estimate(&self, estimate: Estimate, shown: fn(f64) -> String, q: Query) -> Cell {
        let (text, beside) = self.words.estimate(estimate, shown);
        // A figure of no posts leads to none.
        let none = matches!(estimate, Estimate::TooFew { n: 0 });
        Cell { text, beside, q: if none { String::new() } else { q.text() }, class: sign(estimate).into() }
    }

    /// The share of blame: no gain and no loss, so without a sign's colour.
    fn blame(&self, counts: &Counts, q: Query) -> Cell {
        let cell = self.estimate(counts.blame(self.rule()), Words::percent, q.and("l", "negative").and("n", "none"));
        let q = if counts.negative == 0 { String::new() } else { cell.q };
        Cell { class: String::new(), q, ..cell }
    }

    fn figures(&self, counts: &Counts, place: Option<usize>, period: &Period) -> Vec<Figure> {
        let words = self.words;
        let query = || Query::of(place, period.range);
        let number = |n: u64, q: Query| Cell { text: words.count(n), q: q.text(), ..Cell::default() };
        let mut figures = vec![
            ("figure.volume", number(counts.volume(), query().and("n", "volume"))),
            ("figure.net", self.estimate(counts.net(self.rule()), Words::points, query().and("n", "none"))),
            ("figure.blame", self.blame(counts, query())),
        ];
        if let Some((from, to)) = period.range {
            let target = place.and_then(|p| self.names.list.get(p)).map(String::as_str);
            let earlier = Filter { target, from: Some(from - (to - from)), to: Some(from), ..Filter::default() };
            let before = self.watch.trend().total(&earlier);
            if before != Counts::default() {
                let moved = self.rule().difference(counts.net(self.rule()), before.net(self.rule()));
                let q = Query::of(place, Some((from - (to - from), from))).and("n", "none");
                figures.push(("figure.moved", self.estimate(moved, Words::points, q)));
            }
        }
        figures.push(("figure.relays", number(counts.relays, query().and("n", "relay"))));
        figures.push(("figure.noise", number(counts.noise, query().and("n", "noise"))));
        figures.into_iter().map(|(key, cell)| Figure { name: words.get(key).into(), cell }).collect()
    }

    fn trend(&self, place: Option<usize>, period: &Period, filter: &Filter<'_>) -> Result<(Chart, String)> {
        let words = self.words;
        if period.range.is_none() {
            return Ok((Chart { drawing: None, table: Table::default() }, String::new()));
        }
        let (grain, points) = series(self.watch, filter);
        let grain_name = words.get(grain_key(grain)).to_owned();
        let mut table = Table { columns: tone_columns(words, &grain_name), rows: Vec::new() };
        let mut drawn = Vec::new();
        for p in &points {
            let tones = ByTone::of(&p.counts);
            let query = || Query::of(place, Some((p.start, p.end)));
            let name = label(words, self.watch.clock(), p.start, grain);
            let net = words.figure(p.net, Words::points);
            let title = format!(
                "{name}: {}, {} {net}",
                words.fill("posts", &[&words.count(tones.sum())]),
                words.get("figure.net").to_lowercase()
            );
            if tones.sum() > 0 {
                let mut cells = tone_cells(words, &tones, &query);
                cells.push(self.estimate(p.net, Words::points, query().and("n", "none")));
                table.rows.push((name.clone(), cells));
            }
            drawn.push(TrendPoint {
                start: p.start,
                end: p.end,
                label: name,
                net: p.net.known().map(|i| [i.low, i.value, i.high]),
                tones,
                title,
                q: query().and("n", "volume").text(),
            });
        }
        let target = filter.target;
        let marks =
            (0..).zip(self.alerts).filter(|(_, a): &(usize, _)| target.is_none() || a.target.as_deref() == target);
        let marks: Vec<Mark> = marks
            .map(|(i, a)| Mark {
                start: a.start,
                end: a.end,
                title: words.fill("alert.mark", &[a.target.as_deref().unwrap_or(words.get("all_targets"))]),
                anchor: format!("alert-{i}"),
            })
            .collect();
        let drawing = (!drawn.is_empty())
            .then(|| chart::trend(&drawn, &marks, (words.get("figure.net"), words.get("figure.posts"))))
            .transpose()?;
        Ok((Chart { drawing, table }, grain_name))
    }

    fn bars(&self, kind: &str, cells: Vec<(String, Counts)>, query: &dyn Fn() -> Query) -> Result<Chart> {
        let words = self.words;
        let key = if kind == "role" { "r" } else { "s" };
        let mut table = Table { columns: tone_columns(words, words.get(kind)), rows: Vec::new() };
        let mut bars = Vec::new();
        for (value, counts) in cells {
            let tones = ByTone::of(&counts);
            if tones.sum() == 0 {
                continue;
            }
            let of = || query().and(key, &value);
            let name = words.value(kind, &value);
            let mut row = tone_cells(words, &tones, &of);
            row.push(self.estimate(counts.net(self.rule()), Words::points, of().and("n", "none")));
            let posts = words.fill("posts", &[&words.count(tones.sum())]);
            bars.push(Bar {
                title: format!("{name}: {posts}"),
                name: name.clone(),
                tones,
                q: of().and("n", "volume").text(),
            });
            table.rows.push((name, row));
        }
        let drawing = (!bars.is_empty()).then(|| chart::bars(&bars)).transpose()?;
        Ok(Chart { drawing, table })
    }

    fn heat(&self, place: Option<usize>, period: &Period) -> Table {
        let words = self.words;
        let all: Vec<usize> = (0..self.names.list.len()).collect();
        let places = place.map_or(all, |p| vec![p]);
        let mut volume: BTreeMap<String, u64> = BTreeMap::new();
        let mut rows = Vec::new();
        for p in places {
            let name = &self.names.list[p];
            let (trend, filter) = scope(self.watch, Some(name), period);
            let aspects = trend.breakdown(&filter, Dimension::Aspect);
            for (aspect, counts) in &aspects {
                *volume.entry(aspect.clone()).or_default() += counts.posts;
            }
            rows.push((p, aspects));
        }
        let mut columns: Vec<_> = volume.into_iter().filter(|(_, n)| *n > 0).collect();
        columns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        columns.truncate(ASPECTS);
        let cell = |p: usize, aspect: &str, counts: Option<&Counts>| {
            let Some(counts) = counts.filter(|c| c.posts > 0) else { return Cell::default() };
            let net = counts.net(self.rule());
            let q = Query::of(Some(p), period.range).and("a", aspect).and("n", "none").text();
            let n = words.count(counts.posts);
            match net {
                Estimate::Known(i) => Cell {
                    text: Words::points(i.value),
                    beside: words.fill("posts", &[&n]),
                    q,
                    class: heat(i.value).into(),
                },
                Estimate::TooFew { .. } => {
                    Cell { text: words.fill("posts", &[&n]), beside: words.get("few").into(), q, class: "few".into() }
                }
            }
        };
        Table {
            columns: std::iter::once(words.get("target").to_owned())
                .chain(columns.iter().map(|(a, _)| words.value("aspect", a)))
                .collect(),
            rows: rows
                .into_iter()
                .map(|(p, aspects)| {
                    let of = |name: &str| aspects.iter().find(|(a, _)| a == name).map(|(_, c)| c);
                    (self.names.list[p].clone(), columns.iter().map(|(a, _)| cell(p, a, of(a))).collect())
                })
                .collect(),
        }
    }

    /// What is said more in the period than before it. All of a corpus has no before: there, its last
    /// week is told.
    fn rising(&self, place: Option<usize>, period: &Period) -> (Table, String) {
        let words = self.words;
        let Some((from, to)) = period.range else { return (Table::default(), String::new()) };
        let first = self.watch.trend().span().map_or(from, |(first, _)| first);
        let whole = from <= first;
        let from = if whole { (to - 7 * DAY).max(first.midpoint(to)) } else { from };
        let before = (from - (4 * 7 * DAY).min(4 * (to - from)), from);
        let target = place.and_then(|p| self.names.list.get(p)).map(String::as_str);
        let found = self.watch.rising(Periods { now: (from, to), before }, target, TERMS);
        let columns = ["term", "kind", "now", "before", "first_seen"];
        let rows = found.into_iter().map(|t| {
            let q = Query::of(place, Some((from, to))).and("n", "none").and("w", &t.term);
            let kind = format!("{:?}", t.kind).to_lowercase();
            let plain = |text: String| Cell { text, ..Cell::default() };
            let cells = vec![
                plain(words.value("kind", &kind)),
                Cell { class: String::new(), ..self.estimate(t.now, Words::percent, q) },
                plain(words.figure(t.before, Words::percent)),
                plain(t.first_seen.map(|at| words.moment(self.watch.clock(), at)).unwrap_or_default()),
            ];
            (t.term, cells)
        });
        let rows = rows.collect();
        let table = Table { columns: columns.map(|key| words.get(key).to_owned()).to_vec(), rows };
        (table, words.fill("rising.against", &[&self.range(from, to), &self.range(before.0, before.1)]))
    }

    fn panel(&self, panel: &Panel, place: Option<usize>, period: &Period) -> PanelView {
        let words = self.words;
        let target = place.and_then(|p| self.names.list.get(p)).map(String::as_str);
        // Posts without a place in time are kept under the first second there is.
        let range = period.range.map_or(i64::MIN..i64::MIN + 1, |(from, to)| from..to);
        let reading = panel.read_between(target, range.clone(), self.rule());
        let rows = (0..).zip(&reading.strata).map(|(i, s): (usize, _)| {
            let query = || Query::of(place, period.range).and("k", i);
            let cells = vec![
                Cell { text: Words::percent(s.weight), ..Cell::default() },
                Cell { text: words.count(s.counts.volume()), q: query().and("n", "volume").text(), ..Cell::default() },
                self.estimate(s.net, Words::points, query().and("n", "none")),
                self.blame(&s.counts, query()),
            ];
            (s.name.clone(), cells)
        });
        let columns = ["stratum", "weight", "figure.posts", "figure.net", "figure.blame"];
        let strata = Table { columns: columns.map(|c| words.get(c).to_owned()).to_vec(), rows: rows.collect() };
        let total = words.fill(
            "panel.total",
            &[
                &words.figure(reading.blame, Words::percent),
                &words.figure(reading.praise, Words::percent),
                &Words::percent(reading.covered),
            ],
        );
        let mut compared = Table {
            columns: ["target", "panel.blame_less", "panel.praise_less", "panel.covered"]
                .map(|c| words.get(c).to_owned())
                .to_vec(),
            rows: Vec::new(),
        };
        let pairs: Vec<(usize, usize)> = match place {
            Some(p) => (0..self.names.list.len()).filter(|o| *o != p).map(|o| (p, o)).collect(),
            None => (1..self.names.list.len()).map(|o| (0, o)).collect(),
        };
        for (a, b) in pairs {
            let (one, other) = (&self.names.list[a], &self.names.list[b]);
            let c = panel.compare_between(one, other, range.clone(), self.rule());
            let query = || Query::of(Some(b), period.range).and("n", "none");
            let cells = vec![
                self.estimate(c.blame, Words::points, query().and("l", "negative")),
                self.estimate(c.praise, Words::points, query().and("l", "positive")),
                Cell { text: Words::percent(c.covered), beside: c.strata.join(", "), ..Cell::default() },
            ];
            compared.rows.push((words.fill("panel.pair", &[one, other]), cells));
        }
        PanelView { strata, total, compared }
    }

    /// The plainest posts of a tone, no two of one author or one story.
    fn quotes(&self, target: Option<&str>, period: &Period, label: Label) -> Vec<Quote> {
        let inside = |card: &Card| match (period.range, card.at) {
            (Some((from, to)), Some(at)) => at >= from && at < to,
            (range, at) => range.is_none() && at.is_none(),
        };
        let mut cards: Vec<&Card> = self
            .sample
            .iter()
            .copied()
            .filter(|c| c.noise == Noise::None && c.tone(target) == Some(label) && inside(c) && c.text.len() >= 20)
            .collect();
        cards.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.signature.cmp(&b.signature)));
        let (mut authors, mut stories) = (HashSet::new(), HashSet::new());
        let mut out = Vec::new();
        for card in cards {
            let story = self.desk.groups.story_of(card.signature).map_or(card.signature, |s| s as u64);
            if card.author.as_deref().is_none_or(|a| authors.insert(a)) && stories.insert(story) {
                out.push(self.desk.quote(card, target));
                if out.len() == QUOTES {
                    break;
                }
            }
        }
        out
    }
}

fn grain_key(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "grain.minute",
        Grain::Hour => "grain.hour",
        Grain::Day => "grain.day",
        Grain::Week => "grain.week",
        Grain::Month => "grain.month",
    }
}

fn tone_columns(words: &Words, first: &str) -> Vec<String> {
    std::iter::once(first.to_owned())
        .chain(std::iter::once(words.get("figure.posts").to_owned()))
        .chain(ByTone::NAMES.iter().map(|name| words.value("tone", name)))
        .chain(std::iter::once(words.get("figure.net").to_owned()))
        .collect()
}

fn tone_cells(words: &Words, tones: &ByTone, query: &dyn Fn() -> Query) -> Vec<Cell> {
    let cell = |n: u64, q: Query| Cell { text: words.count(n), q: q.text(), ..Cell::default() };
    let mut cells = vec![cell(tones.sum(), query().and("n", "volume"))];
    for (n, name) in tones.0.into_iter().zip(ByTone::NAMES) {
        let q = if name == "relay" { query().and("n", "relay") } else { query().and("n", "none").and("l", name) };
        cells.push(if n > 0 { cell(n, q) } else { Cell { text: "0".into(), ..Cell::default() } });
    }
    cells
}

fn sign(estimate: Estimate) -> &'static str {
    match estimate.known() {
        Some(i) if i.high < 0.0 => "neg",
        Some(i) if i.low > 0.0 => "pos",
        _ => "",
    }
}

/// The shade of a cell of the heat table.
fn heat(net: f64) -> &'static str {
    match net {
        n if n <= -0.5 => "h-3",
        n if n <= -0.2 => "h-2",
        n if n < -0.05 => "h-1",
        n if n <= 0.05 => "h0",
        n if n < 0.2 => "h1",
        n if n < 0.5 => "h2",
        _ => "h3",
    }
}
