//! The page: one file, no network, everything from a post escaped.
//!
//! Three walls stand between a post and the reader's browser. The template engine escapes every value
//! (its name ends in `.html`); the posts' data is JSON in which `<`, `>` and `&` are written as escapes,
//! so that no text can end its element, and the script only ever writes text; and the page's own
//! policy runs no script but the one whose hash it names, and loads nothing at all.

use super::figures::{Names, Period, periods};
use super::lists::{AlertEntry, AuthorEntry, JourneyEntry, JourneyTable, Lists, ReviewEntry, StoryEntry};
use super::posts::{Desk, PagePost, Wanted};
use super::views::{Maker, View};
use crate::words::{Lang, Words};
use anyhow::{Context, Result};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::thread;
use tonalite::watch::{Alert, Card, Digest, Groups, Watch};

const PAGE: &str = include_str!("page.html");
const PARTS: &str = include_str!("parts.html");
const VIEW: &str = include_str!("view.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Posts of the review queue that are shown.
const READ: usize = 25;

/// What the page is made from.
pub(crate) struct Source<'a> {
    pub(crate) watch: &'a Watch,
    pub(crate) groups: &'a Groups,
    pub(crate) digest: &'a Digest,
    pub(crate) alerts: &'a [Alert],
    pub(crate) words: &'a Words,
}

/// A view and where it is chosen.
#[derive(Serialize)]
struct Placed {
    id: String,
    view: View,
}

/// The whole page.
pub(crate) fn render(source: &Source<'_>) -> Result<String> {
    let Source { watch, words, groups, .. } = *source;
    let names = Names::of(watch);
    let periods = periods(watch, source.digest.period.map(|(_, end)| end), words);
    let strata: Vec<String> = watch.config().panel.iter().flat_map(|p| &p.stratum).map(|s| s.name.clone()).collect();
    let desk = Desk { words, clock: watch.clock(), names: &names, groups, panel: watch.panel(), strata: &strata };
    let mut sample: Vec<&Card> = watch.sample().all().map(|(card, _)| card).collect();
    // By hash rather than by time: whoever takes the first of them takes a fair choice.
    sample.sort_by_key(|card| (card.signature, card.at));
    let maker = Maker { watch, words, names: &names, alerts: source.alerts, desk, sample: &sample };
    let views = views(&maker, &periods)?;
    let lists = Lists { watch, words, names: &names, desk };
    let mut wanted = Wanted::default();
    let (journey_tables, journeys) = lists.journeys(&mut wanted);
    let authors = lists.authors(&mut wanted);
    let review = watch.review_of(groups, READ);
    let first = review.iter().map(|r| &r.card).chain(source.alerts.iter().flat_map(|a| &a.verbatims));
    let posts = desk.choose(first, &sample, &wanted);
    let noise: Vec<(String, String, String)> = source
        .digest
        .noise
        .iter()
        .filter(|(kind, n)| *n > 0 && *kind != tonalite::watch::Noise::None)
        .map(|(kind, n)| (words.value("noise", kind.as_str()), words.count(*n), format!("n={}", kind.as_str())))
        .collect();
    let mut env = Environment::new();
    env.add_template("parts.html", PARTS)?;
    env.add_template("view.html", VIEW)?;
    env.add_template("page.html", PAGE)?;
    let notes: Vec<String> = source.digest.notes.iter().map(|n| words.note(n, watch.clock())).collect();
    let page = Page {
        lang: if words.lang == Lang::Fr { "fr" } else { "en" },
        w: words.table(),
        script_hash: hash(SCRIPT),
        style: STYLE,
        script: SCRIPT,
        posts_read: words.count(watch.posts()),
        posts_shown: words.count(posts.len() as u64),
        zone: &watch.config().time_zone,
        notes,
        noise,
        targets: &names.list,
        periods: periods.iter().map(|p| p.name.as_str()).collect(),
        ranges: periods.iter().map(|p| p.range).collect(),
        views,
        alerts: lists.alerts(source.alerts),
        review: lists.review(&review),
        stories: lists.stories(&sample),
        journey_tables,
        journeys,
        authors,
        data: data(&posts, words)?,
    };
    env.get_template("page.html")?.render(Serde(&page)).context("the page could not be laid out")
}

/// What the template lays out.
#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    w: &'a BTreeMap<&'static str, &'static str>,
    script_hash: String,
    style: &'static str,
    script: &'static str,
    posts_read: String,
    posts_shown: String,
    zone: &'a str,
    notes: Vec<String>,
    /// Kind, posts, and the question that they answer.
    noise: Vec<(String, String, String)>,
    targets: &'a [String],
    periods: Vec<&'a str>,
    ranges: Vec<Option<(i64, i64)>>,
    views: Vec<Placed>,
    alerts: Vec<AlertEntry>,
    review: Vec<ReviewEntry>,
    stories: Vec<StoryEntry>,
    journey_tables: Vec<JourneyTable>,
    journeys: Vec<JourneyEntry>,
    authors: Vec<AuthorEntry>,
    data: String,
}

/// Every target in every period, on every core.
fn views(maker: &Maker<'_>, periods: &[Period]) -> Result<Vec<Placed>> {
    let targets = std::iter::once(None).chain((0..maker.names.list.len()).map(Some));
    let asked: Vec<(Option<usize>, usize)> =
        targets.flat_map(|target| (0..periods.len()).map(move |p| (target, p))).collect();
    let make = |(target, period): (Option<usize>, usize)| -> Result<Placed> {
        let id = format!("{}-{period}", target.map_or_else(|| "all".to_owned(), |t| t.to_string()));
        Ok(Placed { id, view: maker.view(target, &periods[period])? })
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(asked.len().max(1));
    let work = |first: usize| asked.iter().skip(first).step_by(threads).map(|a| make(*a)).collect::<Vec<_>>();
    let parts: Vec<Vec<Result<Placed>>> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(first))).collect();
        handles.into_iter().map(|h| h.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut parts: Vec<_> = parts.into_iter().map(Vec::into_iter).collect();
    (0..asked.len()).filter_map(|i| parts[i % threads].next()).collect()
}

/// The page's data as JSON that cannot end its element, whatever a post holds.
fn data(posts: &[PagePost], words: &Words) -> Result<String> {
    let needed =
        |key: &&str| ["tone.", "role.", "source.", "noise.", "aspect.", "js."].iter().any(|p| key.starts_with(p));
    let table: BTreeMap<&str, &str> = words.table().iter().filter(|(k, _)| needed(k)).map(|(k, v)| (*k, *v)).collect();
    let json = serde_json::to_string(&serde_json::json!({ "posts": posts, "words": table }))?;
    Ok(json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// The hash that the page's policy names its script by.
fn hash(script: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(script.as_bytes());
    let mut out = String::new();
    for three in digest.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i)) as usize & 63];
            out.push(if i > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_spelt_as_browsers_spell_them() {
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn data_cannot_end_its_element() {
        let words = Words::of(Lang::En);
        let json = data(&[], &words).unwrap_or_default();
        assert!(!json.contains('<') && !json.contains('&'));
    }
}
