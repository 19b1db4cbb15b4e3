//! `Analysis`: the record that goes out, one for every post that comes in.
//!
//! The field names and their values are a contract (see the README's *Records*): programs outside
//! this crate read exactly this JSON. Spans are byte offsets into the text as it was given.

use crate::language::Language;
use crate::voice::{Addressee, Advocacy, Flag, Intent, RoleReading, Severity, Stage};
use crate::watch::NoiseReading;
use std::borrow::Cow;

/// The sign of a tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Label {
    /// Blame, anger, sadness, disappointment.
    Negative,
    /// Read, and without tone.
    Neutral,
    /// Praise, joy, thanks, relief.
    Positive,
    /// Praise and blame, both plainly there.
    Mixed,
    /// Nothing was found to judge by. Not the same as neutral.
    #[default]
    Unknown,
}

impl Label {
    /// The label as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
        }
    }
}

/// Calibrated probabilities of the three signs; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Probabilities {
    /// Share of such posts that people call negative, 0..1.
    pub negative: f32,
    /// Share of such posts that people call neutral, 0..1.
    pub neutral: f32,
    /// Share of such posts that people call positive, 0..1.
    pub positive: f32,
}

impl Default for Probabilities {
    fn default() -> Self {
        Self { negative: 1.0 / 3.0, neutral: 1.0 / 3.0, positive: 1.0 / 3.0 }
    }
}

/// Tone of a post, of a target in it, or of an aspect of that target.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tonality {
    /// The sign.
    pub label: Label,
    /// `p.positive - p.negative`, -1..1. Does not grow with length.
    pub score: f32,
    /// How often a label given with this confidence is right, 0..1.
    pub confidence: f32,
    /// The three probabilities.
    pub p: Probabilities,
}

/// Tone of one aspect of a target.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AspectReading {
    /// Name of the aspect: `delivery`, `price`, or the user's own.
    pub aspect: String,
    /// Tone of the clauses that speak of it.
    pub tonality: Tonality,
}

/// Tone towards one target.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TargetReading {
    /// The target's name as it was given.
    pub target: String,
    /// Whether the text names it (by its name or an alias).
    pub mentioned: bool,
    /// Tone of the clauses that speak of it.
    pub tonality: Tonality,
    /// Tone of each aspect that the post speaks of.
    pub aspects: Vec<AspectReading>,
}

/// How a term was reached from what was written: the rungs of the ladder, cheapest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Via {
    /// As the lexicon spells it.
    #[default]
    Exact,
    /// But for case, accents and apostrophes.
    Folded,
    /// But for letters drawn out: `troooop`.
    Stretched,
    /// Chat or SMS spelling: `tkt`, `gr8`.
    Shorthand,
    /// A misspelling within reach: `kalité`, `amzing`.
    Spelling,
    /// Several words that mean something together.
    Phrase,
    /// Another form of the same stem.
    Stem,
    /// Known from labelled posts only.
    Learned,
}

impl Via {
    /// The rung as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Folded => "folded",
            Self::Stretched => "stretched",
            Self::Shorthand => "shorthand",
            Self::Spelling => "spelling",
            Self::Phrase => "phrase",
            Self::Stem => "stem",
            Self::Learned => "learned",
        }
    }
}

/// What a piece of evidence speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum EvidenceFor {
    /// The post's tone.
    Tonality,
    /// The speaker's role.
    Role,
    /// An intent.
    Intent,
    /// The noise label.
    Noise,
}

/// The words behind a score. Those that are written as the built-in lexicons spell them are lent by
/// these, so that most pieces of evidence need no memory of their own.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Evidence {
    /// First byte in the text as given.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The bytes between, as written.
    pub text: Cow<'static, str>,
    /// The term that they were read as.
    pub term: Cow<'static, str>,
    /// How the term was reached.
    pub via: Via,
    /// Its share of the score. The weights of a post's tonality evidence add up to its score; one alone goes beyond 1
    /// where others take back what it says.
    pub weight: f32,
    /// What it speaks for.
    #[cfg_attr(feature = "serde", serde(rename = "for"))]
    pub speaks_for: EvidenceFor,
    /// The role, intent or noise label it speaks for; absent for tonality.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub label: Option<Cow<'static, str>>,
}

/// Everything read off one post.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Analysis {
    /// The post's id, as given.
    pub id: Option<String>,
    /// The language of most of the post.
    pub language: Language,
    /// The post's tone.
    pub tonality: Tonality,
    /// Tone towards each target asked about, in the order asked.
    pub targets: Vec<TargetReading>,
    /// Who is speaking.
    pub role: RoleReading,
    /// What they want.
    pub intents: Vec<Intent>,
    /// Where they stand with the target.
    pub stage: Option<Stage>,
    /// Whether they recommend or warn off, as stated.
    pub advocacy: Advocacy,
    /// The consequence they claim.
    pub severity: Severity,
    /// Whether they speak to the target or about it.
    pub addressee: Addressee,
    /// Visible markers.
    pub flags: Vec<Flag>,
    /// Whether the post is noise, and why.
    pub noise: NoiseReading,
    /// Whether it may mean the opposite of what it says. Lowers the confidence, never the sign.
    pub irony: bool,
    /// The words behind the scores, in text order.
    pub evidence: Vec<Evidence>,
}
