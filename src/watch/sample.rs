//! A fair, bounded sample of the posts of every bucket: verbatims, rising terms, who leads a burst.
//!
//! In: posts as they come. Kept: of each bucket the posts whose hash is smallest, up to a number (a
//! "bottom-k" sample; Cohen & Kaplan 2007), and how many posts there were. Whether a post is among the
//! k smallest does not depend on the order of arrival nor on how the corpus was cut, so merging is
//! exact: the k smallest of a and b are the k smallest of what a and b kept. A bucket with fewer posts
//! than k is kept whole. The same record read twice is one card.
//!
//! A post that is not admitted costs one hash and one comparison; only admitted posts are copied.

use super::noise::Noise;
use super::skim::{hash_name, mix, pair};
use crate::analysis::{Analysis, EvidenceFor, Label};
use crate::language::Language;
use crate::post::{Post, Source};
use crate::voice::{Intent, Role};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Bytes of a text that are kept; a press article is quoted by its beginning.
const TEXT: usize = 600;
/// Spans of evidence that are kept.
const SPANS: usize = 12;

/// Words in a card's text that made its score.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// First byte in the card's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Their share of the score.
    pub weight: f32,
}

/// What a card says of one target.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CardTarget {
    /// The target's name.
    pub name: String,
    /// The tone towards it.
    pub label: Label,
    /// Its aspects, each with its tone.
    pub aspects: Vec<(String, Label)>,
}

/// A post of the sample, with what was read off it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Card {
    /// Second since the epoch.
    pub at: Option<i64>,
    /// The post's id.
    pub id: Option<String>,
    /// Its author.
    pub author: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Where it was published.
    pub source: Source,
    /// Its text, or how it begins.
    pub text: String,
    /// Its language.
    pub language: Language,
    /// Its tone.
    pub label: Label,
    /// -1..1.
    pub score: f32,
    /// 0..1.
    pub confidence: f32,
    /// Who speaks.
    pub role: Role,
    /// What they want.
    pub intents: Vec<Intent>,
    /// Whether it is noise.
    pub noise: Noise,
    /// The targets it speaks of.
    pub targets: Vec<CardTarget>,
    /// The words behind the score.
    pub spans: Vec<Span>,
    /// The signature of its text: the same for exact copies, and the way to its story.
    pub signature: u64,
}

impl Card {
    pub(crate) fn of(post: &Post, analysis: &Analysis, noise: Noise, at: Option<i64>, signature: u64) -> Self {
        let mut end = post.text.len().min(TEXT);
        while !post.text.is_char_boundary(end) {
            end -= 1;
        }
        let spans = analysis
            .evidence
            .iter()
            .filter(|e| e.speaks_for == EvidenceFor::Tonality && e.start < e.end && e.end <= end)
            .filter(|e| post.text.get(e.start..e.end).is_some())
            .take(SPANS)
            .map(|e| Span { start: e.start, end: e.end, weight: finite(e.weight) })
            .collect();
        Self {
            at,
            id: post.id.clone(),
            author: post.author.clone(),
            url: post.url.clone(),
            source: post.source,
            text: post.text[..end].to_owned(),
            language: analysis.language,
            label: analysis.tonality.label,
            score: finite(analysis.tonality.score),
            confidence: finite(analysis.tonality.confidence),
            role: analysis.role.label,
            intents: analysis.intents.clone(),
            noise,
            targets: spoken_of(analysis)
                .map(|t| CardTarget {
                    name: t.target.clone(),
                    label: t.tonality.label,
                    aspects: t.aspects.iter().map(|a| (a.aspect.clone(), a.tonality.label)).collect(),
                })
                .collect(),
            spans,
            signature,
        }
    }

    /// The tone towards a target, or the post's where none is asked for.
    pub fn tone(&self, target: Option<&str>) -> Option<Label> {
        match target {
            None => Some(self.label),
            Some(name) => self.targets.iter().find(|t| t.name == name).map(|t| t.label),
        }
    }

    /// Whether it says again what somebody else has said.
    pub fn is_relay(&self) -> bool {
        matches!(self.noise, Noise::Repost | Noise::Duplicate)
    }
}

/// NaN and infinities are a caller's mistake; they must not break comparisons.
pub(crate) fn finite(x: f32) -> f32 {
    if x.is_finite() { x } else { 0.0 }
}

/// The targets that a post counts for: those that it names, or the only one that was asked about (a
/// review rarely names what it reviews).
pub(crate) fn spoken_of(analysis: &Analysis) -> impl Iterator<Item = &crate::analysis::TargetReading> {
    let only = analysis.targets.len() == 1;
    analysis.targets.iter().filter(move |t| t.mentioned || only)
}

/// The hash that a post is sampled by: of all that identifies it.
pub(crate) fn post_key(post: &Post) -> u64 {
    let part = |s: &Option<String>| s.as_deref().map_or(0, hash_name);
    let id = pair(part(&post.id), part(&post.author));
    let place = pair(part(&post.url), hash_name(post.source.as_str()));
    mix(pair(pair(id, place), pair(part(&post.created_at), hash_name(&post.text))))
}

/// What is kept of a bucket.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Cell {
    seen: u64,
    cards: BTreeMap<u64, Card>,
}

impl Cell {
    /// Keeps a card; of one post read in two ways the same reading, whichever came first.
    fn keep(&mut self, key: u64, card: Card) {
        let reading = |card: &Card| (card.label.as_str(), card.score.to_bits(), card.confidence.to_bits());
        match self.cards.entry(key) {
            Entry::Vacant(place) => {
                place.insert(card);
            }
            Entry::Occupied(mut kept) if reading(&card) < reading(kept.get()) => {
                kept.insert(card);
            }
            Entry::Occupied(_) => {}
        }
    }
}

/// A fair sample of every bucket; mergeable.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sample {
    per_bucket: usize,
    keep: usize,
    cells: BTreeMap<i64, Cell>,
}

impl Sample {
    /// An empty sample of so many posts a bucket, for so many buckets.
    pub fn new(per_bucket: usize, keep: usize) -> Self {
        Self { per_bucket, keep, cells: BTreeMap::new() }
    }

    /// Offers a post of a bucket (`i64::MIN` for posts without a time); the card is made if it is kept.
    pub(crate) fn offer(&mut self, bucket: i64, key: u64, card: impl FnOnce() -> Card) {
        let cell = self.cells.entry(bucket).or_default();
        cell.seen += 1;
        let full = cell.cards.len() >= self.per_bucket;
        if full && cell.cards.last_key_value().is_none_or(|(largest, _)| key >= *largest) {
            return;
        }
        cell.keep(key, card());
        if cell.cards.len() > self.per_bucket {
            cell.cards.pop_last();
        }
        self.forget();
    }

    /// Adds what another one has kept.
    pub fn merge(&mut self, other: Self) {
        for (bucket, theirs) in other.cells {
            let cell = self.cells.entry(bucket).or_default();
            cell.seen += theirs.seen;
            for (key, card) in theirs.cards {
                cell.keep(key, card);
            }
            while cell.cards.len() > self.per_bucket {
                cell.cards.pop_last();
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        while self.cells.len() > self.keep {
            self.cells.pop_first();
        }
    }

    /// The cards between two seconds (the second excluded), each with the posts that it stands for.
    pub fn cards(&self, from: i64, to: i64) -> impl Iterator<Item = (&Card, f64)> {
        // Buckets are at most an hour wide, so the one that holds `from` starts within the hour before.
        let start = from.saturating_sub(super::time::HOUR - 1);
        self.cells.range(start.min(to)..to).flat_map(move |(_, cell)| {
            let weight = cell.seen as f64 / cell.cards.len().max(1) as f64;
            cell.cards.values().filter(move |c| c.at.is_none_or(|at| at >= from && at < to)).map(move |c| (c, weight))
        })
    }

    /// The same, but for about `most` of them: of each bucket the cards of smallest hash, which are a
    /// fair sample of it too.
    pub(crate) fn thinned(&self, from: i64, to: i64, most: usize) -> impl Iterator<Item = (&Card, f64)> {
        let start = from.saturating_sub(super::time::HOUR - 1).min(to);
        let size = |cap: usize| -> usize { self.cells.range(start..to).map(|(_, c)| c.cards.len().min(cap)).sum() };
        let mut cap = self.per_bucket.max(1);
        while cap > 1 && size(cap) > most {
            cap = cap * 3 / 4;
        }
        self.cells.range(start..to).flat_map(move |(_, cell)| {
            let kept = cell.cards.len().min(cap).max(1);
            let weight = cell.seen as f64 / kept as f64;
            let inside = move |c: &&Card| c.at.is_none_or(|at| at >= from && at < to);
            cell.cards.values().take(kept).filter(inside).map(move |c| (c, weight))
        })
    }

    /// Every card, with the posts that it stands for.
    pub fn all(&self) -> impl Iterator<Item = (&Card, f64)> {
        self.cells.values().flat_map(|cell| {
            let weight = cell.seen as f64 / cell.cards.len().max(1) as f64;
            cell.cards.values().map(move |c| (c, weight))
        })
    }
}
