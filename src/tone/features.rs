//! What the score is a weighted sum of.
//!
//! Two axes. *Polarity* is negative or positive and belongs to words: every feature of that axis is a
//! sum over judging words, so that each word can be shown its share. *Neutrality* says how little
//! tone there is at all, and may look at the post as a whole. The three classes are then
//! `(-polarity / 2, neutrality, polarity / 2)` through a softmax: the sign of the score is the sign of
//! the words, and nothing but words can turn it.

use super::clause::{Grammar, Judged, acted, hush};
use super::matcher::{Match, Matches};
use crate::analysis::Via;
use crate::language::Language;
use crate::lexicon::sense::Tags;
use crate::text::TokenKind;
use crate::text::reading::Reading;

/// Names of the polarity features, each a sum over judging words.
pub(crate) const POLAR: [&str; 14] = [
    "sum",
    "mean",
    "sign",
    "strongest",
    "last",
    "first",
    "face",
    "exclaimed",
    "asked",
    "unreal",
    "contrasted",
    "phrase",
    "insult",
    "french",
];

/// Names of the neutrality features.
pub(crate) const NEUTRAL: [&str; 24] = [
    "bias",
    "french",
    "unknown language",
    "judging",
    "coverage",
    "strength",
    "strongest",
    "balance",
    "conflict",
    "length",
    "short",
    "exclaims",
    "asks",
    "trails off",
    "link",
    "mention",
    "hashtag",
    "number",
    "face",
    "shouted",
    "unreal",
    "negated",
    "weak only",
    "long",
];

/// A judging word's share of each polarity feature.
pub(crate) type Shares = [f32; POLAR.len()];

/// What the features of one post are computed from.
pub(crate) struct View<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) matches: &'a Matches,
    pub(crate) grammar: &'a Grammar,
}

impl View<'_> {
    /// Whether a term says something by itself: one of an idiom does not.
    #[inline]
    pub(crate) fn says(&self, at: usize) -> bool {
        self.grammar.hushed[at] & hush::WORD == 0
    }
}

/// What all judging words of a post have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    judging: f32,
    /// Roots of how many there are, in all and in the segments of the first and the last; at least 1.
    root: f32,
    root_first: f32,
    root_last: f32,
    /// The segments of the first and the last.
    first: usize,
    last: usize,
    best: f32,
    worst: f32,
    /// Sums of the values on either side of nought.
    pub(crate) praise: f32,
    pub(crate) blame: f32,
    french: bool,
}

impl Totals {
    /// Sums the judged values up.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let mut t = Self { french: view.reading.language == Language::French, ..Self::default() };
        let toned = || view.grammar.judged.iter().filter(|j| j.value != 0.0);
        let segment = |j: &Judged| j.segment;
        t.first = toned().next().map_or(0, segment);
        t.last = toned().next_back().map_or(0, segment);
        let (mut in_first, mut in_last) = (0.0f32, 0.0f32);
        for judged in toned() {
            t.judging += 1.0;
            in_last += f32::from(u8::from(judged.segment == t.last));
            in_first += f32::from(u8::from(judged.segment == t.first));
            t.best = t.best.max(judged.value);
            t.worst = t.worst.min(judged.value);
            if judged.value > 0.0 {
                t.praise += judged.value;
            } else {
                t.blame -= judged.value;
            }
        }
        [t.root, t.root_first, t.root_last] = [t.judging, in_first, in_last].map(|n| n.max(1.0).sqrt());
        t
    }

    /// One judging word's share of each polarity feature.
    pub(crate) fn shares(&self, judged: &Judged, found: &Match) -> Shares {
        let v = judged.value;
        let sum = v / self.root;
        let when = |bit: u8| if judged.acted & bit != 0 { sum } else { 0.0 };
        let strongest = v == self.best || v == self.worst;
        [
            sum,
            v / self.judging.max(1.0),
            v.signum() / self.root,
            if strongest { v } else { 0.0 },
            if judged.segment == self.last { v / self.root_last } else { 0.0 },
            if judged.segment == self.first { v / self.root_first } else { 0.0 },
            if found.face { sum } else { 0.0 },
            when(acted::EXCLAIMED),
            when(acted::ASKED),
            when(acted::UNREAL),
            when(acted::CONTRASTED),
            if found.via == Via::Phrase { sum } else { 0.0 },
            if found.tags.has(Tags::INSULT) { sum } else { 0.0 },
            if self.french { sum } else { 0.0 },
        ]
    }

    /// The neutrality features of the post.
    pub(crate) fn neutral(&self, view: &View<'_>) -> [f32; NEUTRAL.len()] {
        let (reading, look) = (view.reading, &view.grammar.look);
        let words = look.words as f32;
        let flag = |b: bool| f32::from(u8::from(b));
        let net = self.praise - self.blame;
        let top = self.best.max(-self.worst);
        [
            1.0,
            flag(self.french),
            flag(reading.language == Language::Unknown),
            flag(self.judging > 0.0),
            (self.judging / words.max(1.0)).min(1.0),
            (net.abs() / self.root).min(4.0),
            top.min(4.0),
            if net == 0.0 { 0.0 } else { net.abs() / (self.praise + self.blame) },
            self.praise.min(self.blame).min(4.0) / self.root,
            (words + 1.0).ln() / 4.0,
            flag(words < 5.0),
            flag(look.has(TokenKind::Exclamation)),
            flag(look.has(TokenKind::Question)),
            flag(look.has(TokenKind::Ellipsis)),
            flag(look.has(TokenKind::Url)),
            flag(look.has(TokenKind::Mention)),
            flag(look.has(TokenKind::Hashtag)),
            flag(look.has(TokenKind::Number)),
            flag(view.matches.judging.iter().any(|m| m.face)),
            flag(look.shouts),
            flag(view.grammar.unreal > 0),
            flag(view.grammar.judged.iter().any(|j| j.acted & acted::NEGATED != 0)),
            flag(self.judging > 0.0 && top < 1.25),
            flag(words > 40.0),
        ]
    }
}

/// A weighted sum.
#[inline]
pub(crate) fn dot(weights: &[f32], values: &[f32]) -> f32 {
    weights.iter().zip(values).map(|(w, v)| w * v).sum()
}

/// What is done with the words and pairs of a post; each comes with what it counts for.
pub(crate) trait Grams {
    /// A term, plain or under negation.
    fn word(&mut self, at: usize, denied: bool, weight: f32);
    /// Two terms side by side, or with one between them.
    fn pair(&mut self, a: usize, b: usize, gap: bool, weight: f32);
}

/// What a pair with a gap counts for beside a pair without one.
pub(crate) const SKIP: f32 = 0.4;

/// What one word, pair or mark of a post counts for.
#[expect(clippy::cast_precision_loss, reason = "a count of words")]
pub(crate) fn unit(reading: &Reading) -> f32 {
    1.0 / (reading.terms.len().max(1) as f32).sqrt()
}

/// A mark says which way only beside a word that does; alone it says this part of what it would.
const MARK_ALONE: f32 = 0.3;

/// What a mark of a post counts for, on either axis.
pub(crate) fn mark_units(view: &View<'_>) -> [f32; 2] {
    let unit = unit(view.reading);
    let beside = view.grammar.judged.iter().any(|j| j.value != 0.0);
    [if beside { unit } else { unit * MARK_ALONE }, unit]
}

/// Visits the words and pairs of a post.
#[inline]
pub(crate) fn visit(view: &View<'_>, grams: &mut impl Grams) {
    let reading = view.reading;
    let n = reading.terms.len();
    let (Some(hushed), Some(negated)) = (view.grammar.hushed.get(..n), view.grammar.negated.get(..n)) else { return };
    let weight = unit(reading);
    for clause in &reading.clauses {
        for at in clause.first..clause.last {
            if hushed[at] & hush::WORD == 0 {
                grams.word(at, negated[at], weight);
            }
            if hushed[at] & hush::PAIRS != 0 {
                continue;
            }
            if at + 1 < clause.last && hushed[at + 1] & hush::PAIRS == 0 {
                grams.pair(at, at + 1, false, weight);
            }
            if at + 2 < clause.last && hushed[at + 2] & hush::PAIRS == 0 {
                grams.pair(at, at + 2, true, weight * SKIP);
            }
        }
    }
}
