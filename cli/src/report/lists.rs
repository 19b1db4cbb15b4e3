//! The lists of the page, each entry with the targets and the time that it can be filtered by: alerts,
//! what to read first, stories, journeys, authors.

use super::figures::Names;
use super::posts::{Desk, Quote, Wanted};
use super::query::Query;
use super::views::Cell;
use crate::words::Words;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tonalite::voice::Severity;
use tonalite::watch::{Alert, BurstKind, Card, Journey, Move, Pattern, ReviewItem, Standing, Watch};

const STORIES: usize = 40;
/// Journeys of each pattern and target.
const JOURNEYS: usize = 4;
/// Authors of each target and standing.
const AUTHORS: usize = 6;

/// What an entry is filtered by: places of targets, seconds. Empty means any.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Scope {
    targets: String,
    from: Option<i64>,
    to: Option<i64>,
}

impl Scope {
    fn of(targets: impl IntoIterator<Item = usize>, from: Option<i64>, to: Option<i64>) -> Self {
        let places: Vec<String> = targets.into_iter().map(|t| t.to_string()).collect();
        Self { targets: places.join(" "), from, to }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct AlertEntry {
    scope: Scope,
    id: String,
    title: String,
    when: String,
    told: String,
    led: String,
    figures: Vec<(String, Cell)>,
    roles: Vec<(String, Cell)>,
    aspects: Vec<(String, Cell)>,
    quotes: Vec<Quote>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReviewEntry {
    scope: Scope,
    quote: Quote,
    why: String,
    weight: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct StoryEntry {
    scope: Scope,
    excerpt: String,
    posts: Cell,
    texts: String,
    author: String,
    first: String,
    last: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct JourneyTable {
    scope: Scope,
    target: String,
    figures: Vec<(String, Cell)>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct JourneyEntry {
    scope: Scope,
    author: String,
    target: String,
    pattern: String,
    path: Vec<(String, String, Cell)>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct AuthorEntry {
    scope: Scope,
    author: String,
    target: String,
    standing: String,
    role: String,
    posts: Cell,
    stance: Cell,
    relayed: String,
    others: String,
    early: String,
    waits: String,
}

/// What lists are made from.
pub(crate) struct Lists<'a> {
    pub(crate) watch: &'a Watch,
    pub(crate) words: &'a Words,
    pub(crate) names: &'a Names,
    pub(crate) desk: Desk<'a>,
}

impl Lists<'_> {
    fn when(&self, at: Option<i64>) -> String {
        at.map(|at| self.words.moment(self.watch.clock(), at)).unwrap_or_default()
    }

    fn places(&self, card: &Card) -> BTreeSet<usize> {
        card.targets.iter().filter_map(|t| self.names.place(&t.name)).collect()
    }

    pub(crate) fn alerts(&self, alerts: &[Alert]) -> Vec<AlertEntry> {
        (0..).zip(alerts).map(|(i, alert): (usize, _)| self.alert(i, alert)).collect()
    }

    fn alert(&self, i: usize, alert: &Alert) -> AlertEntry {
        let words = self.words;
        let target = alert.target.as_deref();
        let place = target.and_then(|t| self.names.place(t));
        let query = || Query::of(place, Some((alert.start, alert.end)));
        let number = |n: u64, q: Query| Cell { text: words.count(n), q: q.text(), ..Cell::default() };
        let kind = match alert.kind {
            BurstKind::Volume => "alert.volume",
            BurstKind::Blame => "alert.blame",
            BurstKind::Both => "alert.both",
        };
        let rows = |rows: &[(String, u64)], kind: &str, key: &str| {
            let row = |(value, n): &(String, u64)| {
                (words.value(kind, value), number(*n, query().and(key, value).and("n", "none")))
            };
            rows.iter().take(6).map(row).collect()
        };
        let blame = |share| Cell { text: Words::percent(share), ..Cell::default() };
        let (top, top_beside) = words.estimate(alert.top_accounts, Words::percent);
        let figures = [
            ("figure.volume", number(alert.posts, query().and("n", "volume"))),
            ("alert.expected", Cell { text: format!("{:.1}", alert.expected), ..Cell::default() }),
            (
                "figure.blame",
                Cell {
                    beside: words.fill("alert.base", &[&Words::percent(alert.base_blame)]),
                    q: query().and("l", "negative").and("n", "none").text(),
                    ..blame(alert.blame)
                },
            ),
            ("alert.copies", number(alert.duplicates_removed, query().and("n", "copies"))),
            ("alert.accounts", Cell { text: words.count(alert.accounts), ..Cell::default() }),
            ("alert.top", Cell { text: top, beside: top_beside, ..Cell::default() }),
        ];
        AlertEntry {
            scope: Scope::of(place, Some(alert.start), Some(alert.end)),
            id: format!("alert-{i}"),
            title: target.unwrap_or(words.get("all_targets")).to_owned(),
            when: words.fill("from_to", &[&self.when(Some(alert.start)), &self.when(Some(alert.end))]),
            told: words.get(kind).to_owned(),
            led: words.lead(alert.led_by),
            figures: figures.map(|(key, cell)| (words.get(key).to_owned(), cell)).to_vec(),
            roles: rows(&alert.roles, "role", "r"),
            aspects: rows(&alert.aspects, "aspect", "a"),
            quotes: alert.verbatims.iter().map(|c| self.desk.quote(c, target)).collect(),
        }
    }

    pub(crate) fn review(&self, items: &[ReviewItem]) -> Vec<ReviewEntry> {
        items
            .iter()
            .map(|item| ReviewEntry {
                scope: Scope::of(self.places(&item.card), item.card.at, item.card.at.map(|at| at + 1)),
                quote: self.desk.quote(&item.card, None),
                why: self.why(item),
                weight: format!("{:.1}", item.weight),
            })
            .collect()
    }

    fn why(&self, item: &ReviewItem) -> String {
        let words = self.words;
        let mut why = vec![words.fill("why.doubt", &[&Words::percent(item.doubt)])];
        if item.severity > Severity::None {
            why.push(words.fill("why.severity", &[&words.value("severity", item.severity.as_str())]));
        }
        if item.reach > 1.0 {
            why.push(words.fill("why.reach", &[&format!("{:.0}", item.reach)]));
        }
        if item.novelty < 1.0 {
            why.push(words.get("why.known").to_owned());
        }
        why.join(" · ")
    }

    pub(crate) fn stories(&self, sample: &[&Card]) -> Vec<StoryEntry> {
        let stories = &self.desk.groups.stories;
        let shown = stories.len().min(STORIES);
        let mut places: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for card in sample {
            if let Some(story) = self.desk.groups.story_of(card.signature).filter(|s| *s < shown) {
                places.entry(story).or_default().extend(self.places(card));
            }
        }
        (0..)
            .zip(&stories[..shown])
            .map(|(i, story)| StoryEntry {
                scope: Scope::of(places.remove(&i).unwrap_or_default(), story.first.at, story.last.map(|at| at + 1)),
                excerpt: story.first.excerpt.clone(),
                posts: Cell {
                    text: self.words.count(story.posts),
                    q: Query::default().and("g", i).text(),
                    ..Cell::default()
                },
                texts: self.words.count(story.texts),
                author: story.first.author.clone().unwrap_or_default(),
                first: self.when(story.first.at),
                last: self.when(story.last),
            })
            .collect()
    }

    /// How journeys go with each target, and some to read; the posts that they name are wanted.
    pub(crate) fn journeys(&self, wanted: &mut Wanted) -> (Vec<JourneyTable>, Vec<JourneyEntry>) {
        let (mut tables, mut entries) = (Vec::new(), Vec::new());
        let rule = self.watch.config().rule();
        for (place, name) in (0..).zip(&self.names.list) {
            let reading = self.watch.authors().read_journeys(Some(name), rule, JOURNEYS);
            if reading.authors == 0 {
                continue;
            }
            let words = self.words;
            let share = |key: &str, estimate| {
                let (text, beside) = words.estimate(estimate, Words::percent);
                (words.get(key).to_owned(), Cell { text, beside, ..Cell::default() })
            };
            let mut figures = vec![
                (words.get("journey.authors").to_owned(), plain(words.count(reading.authors))),
                share("journey.answered", reading.answered),
                share("journey.won_back", reading.won_back),
                share("journey.churned", reading.churned),
            ];
            if let Some(hours) = reading.hours_to_answer {
                figures.push((words.get("journey.hours").to_owned(), plain(format!("{hours:.1}"))));
            }
            for (pattern, journeys) in &reading.examples {
                let count = reading.patterns.iter().find(|(p, _)| p == pattern).map_or(0, |(_, n)| *n);
                let ids: Vec<&str> = journeys.iter().flat_map(|j| &j.path).filter_map(|s| s.post.as_deref()).collect();
                let q = if ids.is_empty() { String::new() } else { Query::default().and("i", ids.join("\n")).text() };
                let name = words.value("pattern", pattern.as_str());
                figures.push((name, Cell { text: words.count(count), q, ..Cell::default() }));
                wanted.ids.extend(ids.into_iter().map(str::to_owned));
                entries.extend(journeys.iter().map(|j| self.journey(place, *pattern, j)));
            }
            tables.push(JourneyTable { scope: Scope::of([place], None, None), target: name.clone(), figures });
        }
        (tables, entries)
    }

    fn journey(&self, place: usize, pattern: Pattern, journey: &Journey) -> JourneyEntry {
        let words = self.words;
        let step = |step: Move| words.value("move", &format!("{step:?}").to_lowercase());
        JourneyEntry {
            scope: Scope::of([place], journey.path.first().map(|s| s.at), journey.path.last().map(|s| s.at + 1)),
            author: journey.author.clone(),
            target: journey.target.clone(),
            pattern: words.value("pattern", pattern.as_str()),
            path: journey
                .path
                .iter()
                .map(|s| {
                    let aspect = s.aspect.as_deref().map(|a| words.value("aspect", a)).unwrap_or_default();
                    let q = s.post.as_deref().map(|id| Query::default().and("i", id).text()).unwrap_or_default();
                    (aspect, self.when(Some(s.at)), Cell { text: step(s.step), q, ..Cell::default() })
                })
                .collect(),
        }
    }

    /// Those worth a first answer, allies and adversaries of each target; their posts are wanted.
    pub(crate) fn authors(&self, wanted: &mut Wanted) -> Vec<AuthorEntry> {
        let rule = self.watch.config().rule();
        let mut out = Vec::new();
        for (place, name) in (0..).zip(&self.names.list) {
            let waiting = self.watch.authors().worth_an_answer(name, rule, AUTHORS);
            let map = self.watch.authors().map(name, rule);
            let of = |standing| map.iter().filter(move |c| c.standing == standing).take(AUTHORS);
            let named = of(Standing::Adversary).chain(of(Standing::Ally));
            let groups = waiting
                .iter()
                .map(|c| ("waiting", c))
                .chain(named.map(|c| (if c.standing == Standing::Ally { "ally" } else { "adversary" }, c)));
            for (standing, card) in groups {
                wanted.authors.insert(card.author.clone());
                let words = self.words;
                let (text, beside) = words.estimate(card.stance, Words::points);
                let query = || Query::of(Some(place), None).and("b", &card.author);
                out.push(AuthorEntry {
                    scope: Scope::of([place], None, None),
                    author: card.author.clone(),
                    target: name.clone(),
                    standing: words.value("standing", standing),
                    role: words.value("role", card.role.as_str()),
                    posts: Cell { text: words.count(card.posts), q: query().text(), ..Cell::default() },
                    stance: Cell { text, beside, ..Cell::default() },
                    relayed: words.count(card.relayed),
                    others: Words::percent(card.about_others),
                    early: card.earliness.map(Words::percent).unwrap_or_default(),
                    waits: self.when(card.waits_since.as_ref().map(|(at, _)| *at)),
                });
                if let Some((_, Some(id))) = &card.waits_since {
                    wanted.ids.insert(id.clone());
                }
            }
        }
        out
    }
}

fn plain(text: String) -> Cell {
    Cell { text, ..Cell::default() }
}
