//! Rising words, phrases and hashtags: what is said now and was not said before.
//!
//! In: the fair sample of two periods. Out: [`Rising`] terms, each with its share now and before, both
//! with intervals. A term is counted once a post, and once a text (an echo of one story is one voice);
//! noise is left out; one author who repeats himself raises nothing: it takes three. Terms are ranked
//! by Dunning's log-likelihood ratio (Computational Linguistics 19, 1993), which holds for rare events
//! where chi-square does not; the bar of 15.13 (p < 0.0001; Rayson & Garside 2000) keeps chance out
//! although thousands of terms are compared. Exact up to `sample_per_bucket` posts a bucket and
//! `MOST` posts a period, an estimate with a stated interval above: no table of words is ever kept.

use super::interval::{Estimate, Rule};
use super::noise::Noise;
use super::sample::{Card, Sample};
use super::skim::{Kind, Piece, Skim, hash_name, pair};
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// The bar of the log-likelihood ratio.
const BAR: f64 = 15.13;
/// Posts read of a period: of a larger one a fair part, an hour's worth alike from every bucket.
const MOST: usize = 6_000;
/// Voices it takes to raise a term.
const VOICES: usize = 3;

/// What kind of term it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum TermKind {
    /// One word.
    Word,
    /// Two or three words.
    Phrase,
    /// A hashtag.
    Hashtag,
}

/// A term that is said more than before.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rising {
    /// The term, in small letters.
    pub term: String,
    /// What kind of term it is.
    pub kind: TermKind,
    /// Posts that hold it now (an estimate where the sample is not whole).
    pub posts: u64,
    /// Its share of the posts now.
    pub now: Estimate,
    /// Its share of the posts before.
    pub before: Estimate,
    /// Log-likelihood ratio: how surprising the rise is.
    pub surprise: f64,
    /// The second it was first seen in either period.
    pub first_seen: Option<i64>,
}

#[derive(Debug, Default)]
struct Tally {
    name: String,
    kind: Option<TermKind>,
    /// Weighted posts before and now.
    posts: [f64; 2],
    voices: BTreeSet<u64>,
    first_seen: Option<i64>,
    words: usize,
}

/// Two periods, each from a second to a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// The period asked about.
    pub now: (i64, i64),
    /// The period it is compared with.
    pub before: (i64, i64),
}

/// What rises, the most surprising first.
pub fn rising(sample: &Sample, periods: Periods, target: Option<&str>, rule: Rule, limit: usize) -> Vec<Rising> {
    let mut tallies: HashMap<u64, Tally> = HashMap::new();
    // Weights and squared weights: the effective size of a weighted sample is (sum w)^2 / sum w^2.
    let (mut sizes, mut squares) = ([0.0; 2], [0.0; 2]);
    let stop: BTreeSet<u64> = STOP.split_whitespace().flat_map(|w| Skim::of(w).pieces).map(|p| p.hash).collect();
    let own: BTreeSet<u64> = target.into_iter().flat_map(|t| Skim::of(t).pieces).map(|p| p.hash).collect();
    let mut skim = Skim::default();
    // Now comes first: of before, only the terms of now are counted, and most are not among them.
    for (period, (from, to)) in [(1, periods.now), (0, periods.before)] {
        let mut texts: BTreeSet<u64> = BTreeSet::new();
        for (card, weight) in sample.thinned(from, to, MOST) {
            let counted = card.noise == Noise::None && card.tone(target).is_some() && card.at.is_some();
            if !counted || !texts.insert(card.signature) {
                continue;
            }
            sizes[period] += weight;
            squares[period] += weight * weight;
            skim.read(&card.text);
            for (key, kind, pieces) in terms_of(&skim, &stop, &own) {
                if period == 1 {
                    let tally = tallies.entry(key).or_default();
                    note(tally, kind, pieces, card);
                    tally.posts[1] += weight;
                    tally.voices.insert(card.author.as_deref().map_or(card.signature, hash_name));
                } else if let Some(tally) = tallies.get_mut(&key) {
                    tally.posts[0] += weight;
                    tally.first_seen = earlier(tally.first_seen, card.at);
                }
            }
        }
    }
    let effective = [0, 1].map(|i| if squares[i] > 0.0 { sizes[i] * sizes[i] / squares[i] } else { 0.0 });
    let mut found: Vec<Rising> = tallies
        .values()
        .filter(|t| t.voices.len() >= VOICES)
        .filter_map(|t| judge(t, sizes, effective, rule))
        .collect();
    found.sort_by(|a, b| {
        b.surprise
            .total_cmp(&a.surprise)
            .then_with(|| b.term.len().cmp(&a.term.len()))
            .then_with(|| a.term.cmp(&b.term))
    });
    without_parts(&found, limit)
}

fn note(tally: &mut Tally, kind: TermKind, pieces: &[Piece], card: &Card) {
    let name = match (pieces.first(), pieces.last()) {
        (Some(a), Some(b)) => card.text.get(a.start as usize..b.end as usize).unwrap_or(""),
        _ => "",
    };
    if tally.name != name {
        let name = name.to_lowercase();
        // The commonest spelling would need a table of its own; the first of the alphabet is stable.
        if tally.name.is_empty() || (name < tally.name && !name.is_empty()) {
            tally.name = name;
        }
    }
    tally.kind = Some(kind);
    tally.words = pieces.len();
    tally.first_seen = earlier(tally.first_seen, card.at);
}

fn earlier(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The terms of a post, each once: words, hashtags, and runs of two or three words that neither begin
/// nor end with a function word.
fn terms_of<'a>(
    skim: &'a Skim,
    stop: &BTreeSet<u64>,
    own: &BTreeSet<u64>,
) -> impl Iterator<Item = (u64, TermKind, &'a [Piece])> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let content =
        |p: &Piece| p.kind == Kind::Word && p.end - p.start >= 3 && !stop.contains(&p.hash) && !own.contains(&p.hash);
    for (i, piece) in skim.pieces.iter().enumerate() {
        if piece.kind == Kind::Hashtag && !own.contains(&piece.hash) {
            out.push((pair(piece.hash, 1), TermKind::Hashtag, &skim.pieces[i..=i]));
        }
        if !content(piece) {
            continue;
        }
        out.push((piece.hash, TermKind::Word, &skim.pieces[i..=i]));
        let mut key = piece.hash;
        for (length, next) in skim.pieces[i + 1..].iter().take(2).enumerate() {
            if !matches!(next.kind, Kind::Word | Kind::Number) {
                break;
            }
            key = pair(key, next.hash);
            if content(next) {
                out.push((key, TermKind::Phrase, &skim.pieces[i..i + 2 + length]));
            }
        }
    }
    out.retain(|(key, _, _)| seen.insert(*key));
    out.into_iter()
}

fn judge(tally: &Tally, sizes: [f64; 2], effective: [f64; 2], rule: Rule) -> Option<Rising> {
    let share = [0, 1].map(|i| if sizes[i] > 0.0 { tally.posts[i] / sizes[i] } else { 0.0 });
    let counts = [0, 1].map(|i| share[i] * effective[i]);
    if share[1] <= share[0] * 1.5 {
        return None;
    }
    let surprise = log_likelihood(counts, effective);
    if surprise < BAR {
        return None;
    }
    let estimate = |i: usize| rule.share(whole(counts[i]), whole(effective[i]));
    Some(Rising {
        posts: whole(tally.posts[1]),
        now: estimate(1),
        before: estimate(0),
        surprise,
        first_seen: tally.first_seen,
        kind: tally.kind?,
        term: tally.name.clone(),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of posts, never negative")]
pub(crate) fn whole(x: f64) -> u64 {
    x.round().max(0.0) as u64
}

/// Dunning's G2 of a two by two table: posts with the term and posts in all, before and now.
fn log_likelihood(with: [f64; 2], of: [f64; 2]) -> f64 {
    let all = of[0] + of[1];
    let rate = (with[0] + with[1]) / all.max(1.0);
    let part = |observed: f64, expected: f64| {
        if observed > 0.0 && expected > 0.0 { observed * (observed / expected).ln() } else { 0.0 }
    };
    2.0 * (0..2).map(|i| part(with[i], of[i] * rate) + part(of[i] - with[i], of[i] * (1.0 - rate))).sum::<f64>()
}

/// Drops the words of a phrase that is as frequent as they are, and the tail.
fn without_parts(found: &[Rising], limit: usize) -> Vec<Rising> {
    let mut kept: Vec<Rising> = Vec::new();
    for term in found {
        let inside = found.iter().any(|other| {
            other.kind == TermKind::Phrase
                && other.term.len() > term.term.len()
                && other.posts * 10 >= term.posts * 8
                && other.term.split(' ').any(|w| term.term.split(' ').next() == Some(w))
                && other.term.contains(&term.term)
        });
        if !inside || term.kind == TermKind::Hashtag {
            kept.push(term.clone());
        }
        if kept.len() == limit {
            break;
        }
    }
    kept
}

/// Function words of both languages: they begin and end no term.
const STOP: &str = "le la les un une des du de d l au aux et ou mais donc or ni car que qui quoi dont où ce cet \
cette ces ça c j je tu il elle on nous vous ils elles me te se lui leur leurs mon ton son ma ta sa mes tes ses \
notre nos votre vos y en ne n pas plus jamais rien est suis es sont était être ai as a avons avez ont avait avoir \
fait faire dans par pour sur sous avec sans chez vers entre si s m t qu comme bien très trop tout tous toute \
toutes même aussi encore déjà alors quand depuis après avant the a an of to in on at for from with without by \
and or but so if not no nor is are was were be been am i you he she it we they me him her us them my your his \
its our their this that these those what which who whom there here has have had do does did will would can \
could should as than then just very too also via rt";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surprise_of_published_table() {
        // Rayson & Garside: 4 in 100 against 40 in 100.
        assert!((log_likelihood([4.0, 40.0], [100.0, 100.0]) - 42.4).abs() < 1.5);
        assert!(log_likelihood([10.0, 10.0], [100.0, 100.0]).abs() < 1e-9);
    }

    #[test]
    fn terms_are_counted_once_and_framed_by_content() {
        let skim = Skim::of("La panne de fibre à Lyon, la panne #fibre");
        let stop: BTreeSet<u64> = STOP.split_whitespace().flat_map(|w| Skim::of(w).pieces).map(|p| p.hash).collect();
        let kinds: Vec<TermKind> = terms_of(&skim, &stop, &BTreeSet::new()).map(|t| t.1).collect();
        let count = |k| kinds.iter().filter(|x| **x == k).count();
        // panne, fibre, lyon; panne de fibre, fibre à lyon, lyon la panne; #fibre
        assert_eq!((count(TermKind::Word), count(TermKind::Phrase), count(TermKind::Hashtag)), (3, 3, 1));
    }
}
