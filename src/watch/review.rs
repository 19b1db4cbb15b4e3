//! The review queue: what a person should read first, and what they said about it.
//!
//! In: analysed posts. Kept: the posts of highest weight, doubt x severity x reach, a bounded number
//! (the top k of a and b are the top k of what a and b kept, so merging is exact). Out: the queue,
//! with novelty weighed in when it is read: a post like one already in the queue teaches little, so each
//! further post of a story counts half. Rows leave as CSV or through serde with an empty `label`
//! column; what comes back filled in is what `learn` and `evaluate` read.
//!
//! Reach is the user's own (by author, or a key of `engagement`); without it everybody counts 1. It
//! decides who is read first and never touches a tone. CSV cells that a spreadsheet would run as a
//! formula are written with a leading `'`, and read back without it.

use super::config::ReviewConfig;
use super::duplicate::Groups;
use super::noise::Noise;
use super::sample::{Card, finite, post_key};
use super::trend::source_name;
use crate::analysis::{Analysis, Label};
use crate::error::{Error, ErrorKind};
use crate::post::Post;
use crate::voice::{Role, Severity};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Posts kept for each that is asked for: novelty needs something to choose from.
const CHOICE: usize = 4;

/// Why a post is in the queue.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Item {
    // Half the width on purpose: a decimal text brings back an f32 to the bit, and a saved queue must
    // equal the one that was saved.
    doubt: f32,
    severity: Severity,
    reach: f32,
    card: Card,
}

/// A post to be read.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewItem {
    /// How much it matters that somebody reads it.
    pub weight: f64,
    /// How unsure the reading is, 0..1.
    pub doubt: f64,
    /// The consequence claimed.
    pub severity: Severity,
    /// The user's own figure.
    pub reach: f64,
    /// 1 for the first of its story, then a half, a quarter ...
    pub novelty: f64,
    /// The post.
    pub card: Card,
}

/// A row of the exported queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ReviewRow {
    /// The post's id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Its language.
    pub lang: String,
    /// Where it was published.
    pub source: String,
    /// The target it speaks of.
    pub target: String,
    /// The tone as read.
    pub predicted: String,
    /// How sure that is.
    pub confidence: String,
    /// Who speaks, as read.
    pub role: String,
    /// Why a person should read it.
    pub why: String,
    /// What a person says: negative, neutral, positive or mixed. Empty when it leaves.
    pub label: String,
}

const COLUMNS: [&str; 10] =
    ["id", "text", "lang", "source", "target", "predicted", "confidence", "role", "why", "label"];

/// The posts that most need a reader; mergeable.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Review {
    config: ReviewConfig,
    #[cfg_attr(feature = "serde", serde(with = "items"))]
    items: BTreeMap<(Reverse<u64>, u64), Item>,
}

impl Review {
    /// An empty queue.
    pub fn new(config: ReviewConfig) -> Self {
        Self { config, ..Self::default() }
    }

    pub(crate) fn observe(&mut self, post: &Post, analysis: &Analysis, noise: Noise, card: impl FnOnce() -> Card) {
        if noise != Noise::None || self.config.keep == 0 {
            return;
        }
        let doubt = doubt(analysis);
        let reach = self.reach(post);
        let weight = fixed(doubt * gravity(analysis.severity) * reach.ln_1p());
        // Most posts stop here, before a card is made of them.
        let key = (Reverse(weight), post_key(post));
        let full = self.items.len() >= self.bound();
        if weight == 0 || (full && self.items.last_key_value().is_some_and(|(last, _)| key > *last)) {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "shown to people, not computed with")]
        let item = || Item { doubt: doubt as f32, severity: analysis.severity, reach: reach as f32, card: card() };
        self.items.entry(key).or_insert_with(item);
        self.forget();
    }

    fn bound(&self) -> usize {
        self.config.keep.saturating_mul(CHOICE)
    }

    fn forget(&mut self) {
        while self.items.len() > self.bound() {
            self.items.pop_last();
        }
    }

    fn reach(&self, post: &Post) -> f64 {
        let by_author = post.author.as_ref().and_then(|a| self.config.reach.get(a)).copied();
        let key = self.config.reach_key.as_deref();
        by_author
            .or_else(|| number_of(post.engagement.as_deref()?, key?))
            .map_or(1.0, |r| if r.is_finite() { r.max(0.0) } else { 1.0 })
    }

    /// Adds what another one, of the same settings, has kept.
    pub fn merge(&mut self, other: Self) {
        for (key, item) in other.items {
            self.items.entry(key).or_insert(item);
        }
        self.forget();
    }

    /// The queue, the weightiest first.
    pub fn queue(&self, groups: &Groups, limit: usize) -> Vec<ReviewItem> {
        let mut told: BTreeMap<u64, i32> = BTreeMap::new();
        let mut out: Vec<ReviewItem> = self
            .items
            .iter()
            .map(|((Reverse(weight), _), item)| {
                let text = item.card.signature;
                let story = groups.of_text.get(&text).map_or(text, |s| u64::from(*s));
                let before = told.entry(story).or_default();
                let novelty = 0.5_f64.powi(*before);
                *before += 1;
                ReviewItem {
                    weight: *weight as f64 / SCALE * novelty,
                    doubt: f64::from(item.doubt),
                    severity: item.severity,
                    reach: f64::from(item.reach),
                    novelty,
                    card: item.card.clone(),
                }
            })
            .collect();
        // Stable, so that equal weights keep the order of their hashes.
        out.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        out.truncate(limit.min(self.config.keep));
        out
    }
}

const SCALE: f64 = 1e9;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a weight, never negative, saturating")]
fn fixed(weight: f64) -> u64 {
    (weight * SCALE).round().max(0.0) as u64
}

/// How unsure the reading is. Irony and an unclear speaker add to it; nothing to judge by is half a doubt.
fn doubt(analysis: &Analysis) -> f64 {
    let tone = match analysis.tonality.label {
        Label::Unknown => 0.5,
        _ => 1.0 - f64::from(finite(analysis.tonality.confidence)).clamp(0.0, 1.0),
    };
    let irony = if analysis.irony { 0.3 } else { 0.0 };
    let speaker = if analysis.role.label == Role::Unclear { 0.05 } else { 0.0 };
    (tone + irony + speaker).min(1.0)
}

fn gravity(severity: Severity) -> f64 {
    match severity {
        Severity::None => 1.0,
        Severity::Inconvenience => 1.5,
        Severity::Harm => 3.0,
        Severity::PublicRisk => 5.0,
    }
}

/// The number under a key of a JSON text, without reading the rest of it.
fn number_of(json: &str, key: &str) -> Option<f64> {
    let quoted = format!("\"{key}\"");
    let after = json.get(json.find(&quoted)? + quoted.len()..)?.trim_start().strip_prefix(':')?.trim_start();
    let end =
        after.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'))).unwrap_or(after.len());
    after.get(..end)?.parse().ok()
}

impl ReviewItem {
    /// The row that a person fills in.
    pub fn row(&self) -> ReviewRow {
        let mut why = vec![format!("doubt {:.2}", self.doubt)];
        if self.severity > Severity::None {
            why.push(format!("claims {}", self.severity.as_str()));
        }
        if self.reach > 1.0 {
            why.push(format!("reach {}", self.reach));
        }
        ReviewRow {
            id: self.card.id.clone().unwrap_or_default(),
            text: self.card.text.clone(),
            lang: self.card.language.as_str().into(),
            source: source_name(self.card.source).into(),
            target: self.card.targets.first().map(|t| t.name.clone()).unwrap_or_default(),
            predicted: self.card.label.as_str().into(),
            confidence: format!("{:.3}", self.card.confidence),
            role: self.card.role.as_str().into(),
            why: why.join(", "),
            label: String::new(),
        }
    }
}

impl ReviewRow {
    fn cells(&self) -> [&str; 10] {
        let Self { id, text, lang, source, target, predicted, confidence, role, why, label } = self;
        [id, text, lang, source, target, predicted, confidence, role, why, label]
    }

    fn cell_mut(&mut self, column: &str) -> Option<&mut String> {
        Some(match column {
            "id" => &mut self.id,
            "text" => &mut self.text,
            "lang" => &mut self.lang,
            "source" => &mut self.source,
            "target" => &mut self.target,
            "predicted" => &mut self.predicted,
            "confidence" => &mut self.confidence,
            "role" => &mut self.role,
            "why" => &mut self.why,
            "label" => &mut self.label,
            _ => return None,
        })
    }
}

/// Rows as CSV with a header.
pub fn to_csv(rows: &[ReviewRow]) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for row in rows {
        for (i, cell) in row.cells().into_iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
            if runs || cell.contains([',', '"', '\n', '\r']) {
                out.push('"');
                out.push_str(if runs { "'" } else { "" });
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(cell);
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// Rows that come back; rows that nobody labelled are left out.
///
/// # Errors
///
/// When the header has no `text` or no `label` column, or a label is none of negative, neutral,
/// positive, mixed (in any case, `neg`, `neu`, `pos` accepted).
pub fn from_csv(csv: &str) -> Result<Vec<ReviewRow>, Error> {
    let mut records = records(csv.strip_prefix('\u{feff}').unwrap_or(csv)).into_iter();
    let header = records.next().map(|(_, cells)| cells).unwrap_or_default();
    for needed in ["text", "label"] {
        if !header.iter().any(|h| h.trim() == needed) {
            return Err(Error::new(ErrorKind::Record, format!("the review file has no `{needed}` column")).at_line(1));
        }
    }
    let mut out = Vec::new();
    for (line, cells) in records {
        let mut row = ReviewRow::default();
        for (name, cell) in header.iter().zip(cells) {
            if let Some(place) = row.cell_mut(name.trim()) {
                let guarded = cell.strip_prefix('\'').filter(|r| r.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']));
                *place = guarded.map_or_else(|| cell.clone(), str::to_owned);
            }
        }
        let label = row.label.trim().to_lowercase();
        if label.is_empty() {
            continue;
        }
        row.label = match label.as_str() {
            "negative" | "neg" => "negative",
            "neutral" | "neu" => "neutral",
            "positive" | "pos" => "positive",
            "mixed" | "mix" => "mixed",
            _ => {
                let reason = format!("unknown label `{label}`: use negative, neutral, positive or mixed");
                return Err(Error::new(ErrorKind::Record, reason).at_line(line));
            }
        }
        .into();
        out.push(row);
    }
    Ok(out)
}

/// The records of a CSV text (RFC 4180, `,` or `;`), each with the line it starts at.
fn records(csv: &str) -> Vec<(u64, Vec<String>)> {
    let first = csv.lines().next().unwrap_or("");
    let comma = if first.matches(';').count() > first.matches(',').count() { ';' } else { ',' };
    let (mut out, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut line, mut start) = (false, 1u64, 1u64);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        line += u64::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            _ if c == comma && !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                cells.push(std::mem::take(&mut cell));
                if cells.iter().any(|c| !c.is_empty()) {
                    out.push((start, std::mem::take(&mut cells)));
                }
                cells.clear();
                start = line;
            }
            _ => cell.push(c),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        out.push((start, cells));
    }
    out
}

/// Maps with structured keys travel as lists, since JSON keys are strings.
#[cfg(feature = "serde")]
mod items {
    use super::{BTreeMap, Item, Reverse};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Items = BTreeMap<(Reverse<u64>, u64), Item>;

    pub(super) fn serialize<S: Serializer>(items: &Items, s: S) -> Result<S::Ok, S::Error> {
        items.iter().map(|((w, k), item)| (w.0, k, item)).collect::<Vec<_>>().serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Items, D::Error> {
        let list = Vec::<(u64, u64, Item)>::deserialize(d)?;
        Ok(list.into_iter().map(|(w, k, item)| ((Reverse(w), k), item)).collect())
    }
}
