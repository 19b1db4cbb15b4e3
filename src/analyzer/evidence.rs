//! The words behind a post's scores, written down: the strongest shares of the tone in text order.
//!
//! What a post costs here is memory asked for, so a word that is written as the lexicons spell it is
//! lent by them and not copied, and nothing is written down before it is chosen.

use crate::analysis::{Evidence, EvidenceFor, Via};
use crate::lexicon::Lexicon;
use crate::text::reading::Reading;
use crate::tone::score::{Place, Share};
use crate::voice::Told;
use std::borrow::Cow;

/// No more pieces of evidence than this are shown for a post's tone.
const MOST_EVIDENCE: usize = 12;
/// A share smaller than this part of the greatest is not shown.
const LEAST_SHARE: f32 = 1e-3;
/// What a share of 1 is shown as, at most: the slope of the score where nothing else is said.
const MOST_UNIT: f32 = 0.5;
/// Marks that are written often: they need no memory of their own.
const MARKS: [&str; 9] = ["!", "?", "...", "…", "!!", "!!!", "??", "..", "?!"];

/// A share that is shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// Its span in the text that was lexed.
    start: u32,
    end: u32,
    weight: f32,
    via: Via,
    /// First term and one past the last; none for a mark.
    terms: Option<(u32, u32)>,
}

/// The choice of the shares that are shown. Reused from post to post.
#[derive(Debug, Default)]
pub(super) struct Choice {
    shown: Vec<Shown>,
    sizes: Vec<u32>,
}

impl Choice {
    /// Chooses nothing.
    pub(super) fn clear(&mut self) {
        self.shown.clear();
    }

    /// Chooses the strongest shares, in text order, scaled so that they add up to the score.
    pub(super) fn choose(&mut self, shares: &[Share], reading: &Reading, score: f32) {
        self.shown.clear();
        // Numbers without a sign compare as their bits do.
        let size = |share: &Share| share.polarity.abs().to_bits();
        self.sizes.clear();
        self.sizes.extend(shares.iter().map(size));
        let greatest = f32::from_bits(self.sizes.iter().copied().max().unwrap_or(0));
        // What says next to nothing is nothing to show.
        let least = (greatest * LEAST_SHARE).to_bits();
        let (mut last, mut equal) = (0, usize::MAX);
        if self.sizes.len() > MOST_EVIDENCE {
            last = *self.sizes.select_nth_unstable_by(MOST_EVIDENCE - 1, |a, b| b.cmp(a)).1;
            equal = self.sizes[..MOST_EVIDENCE].iter().filter(|size| **size == last).count();
        }
        for share in shares.iter().filter(|share| size(share) > least && size(share) >= last) {
            if size(share) == last {
                // Of those as strong as the last one, the first are shown.
                if equal == 0 {
                    continue;
                }
                equal -= 1;
            }
            self.shown.push(Shown::of(share, reading));
        }
        self.shown.sort_by_key(|shown| u64::from(shown.start) << 32 | u64::from(shown.end));
        self.scale(score, shares.iter().map(|share| share.polarity).sum());
    }

    /// Each share keeps its proportion of what all of them say; what the shares left out say is spread over
    /// those that are shown, by their size.
    fn scale(&mut self, score: f32, all: f32) {
        let size: f32 = self.shown.iter().map(|s| s.weight.abs()).sum();
        if size == 0.0 {
            return;
        }
        let whole: f32 = self.shown.iter().map(|s| s.weight).sum();
        // Priors of a user's own can turn the score against the words, which still say what they say.
        let unit = if score * all > 0.0 { (score / all).min(MOST_UNIT) } else { MOST_UNIT };
        let rest = score - whole * unit;
        for shown in &mut self.shown {
            shown.weight = shown.weight * unit + rest * shown.weight.abs() / size;
        }
    }

    /// Writes the evidence down: what the voice told, then what the tone shows.
    pub(super) fn write(&self, told: &[Told], text: &str, reading: &Reading, lexicon: &Lexicon) -> Vec<Evidence> {
        let mut out = Vec::with_capacity(told.len() + self.shown.len());
        for told in told {
            let written = &text[told.start..told.end];
            let (text, term) = match lent(lexicon, told.id, written) {
                Some(word) => (Cow::Borrowed(word), Cow::Borrowed(word)),
                None => (Cow::Owned(written.to_owned()), Cow::Owned(written.to_lowercase())),
            };
            out.push(Evidence {
                start: told.start,
                end: told.end,
                text,
                term,
                via: told.via,
                weight: told.weight,
                speaks_for: told.speaks_for,
                label: Some(Cow::Borrowed(told.label)),
            });
        }
        for shown in &self.shown {
            let (start, end) = reading.clean.original(text, shown.start as usize, shown.end as usize);
            let written = &text[start..end];
            let (text, term) = match shown.terms {
                Some((first, last)) => term(lexicon, reading, first as usize..last as usize, written),
                None => mark(written),
            };
            let (via, weight, speaks_for, label) = (shown.via, shown.weight, EvidenceFor::Tonality, None);
            out.push(Evidence { start, end, text, term, via, weight, speaks_for, label });
        }
        out
    }
}

impl Shown {
    #[expect(clippy::cast_possible_truncation, reason = "a text has fewer than 2^32 bytes")]
    fn of(share: &Share, reading: &Reading) -> Self {
        let (start, end, terms) = match share.place {
            Place::Terms(first, last) => {
                (reading.terms[first].start, reading.terms[last - 1].end, Some((first as u32, last as u32)))
            }
            Place::Mark(at) => (reading.marks[at].start, reading.marks[at].end, None),
        };
        Self { start, end, weight: share.polarity, via: share.via, terms }
    }
}

/// A built-in word that is written as it is spelt.
fn lent(lexicon: &Lexicon, id: u32, written: &str) -> Option<&'static str> {
    lexicon.vocabulary.builtin_text(id).filter(|word| *word == written)
}

/// What was written, and the terms as the lexicons spell them; what no lexicon spells, as written.
fn term(
    lexicon: &Lexicon,
    reading: &Reading,
    terms: std::ops::Range<usize>,
    written: &str,
) -> (Cow<'static, str>, Cow<'static, str>) {
    let terms = &reading.terms[terms];
    if let [term] = terms
        && let Some(word) = lexicon.vocabulary.builtin_text(term.id)
    {
        let text = if word == written { Cow::Borrowed(word) } else { Cow::Owned(written.to_owned()) };
        return (text, Cow::Borrowed(word));
    }
    let mut out = String::with_capacity(written.len());
    for term in terms {
        let word = lexicon.vocabulary.text(term.id);
        if word.is_empty() {
            return (Cow::Owned(written.to_owned()), Cow::Owned(written.to_lowercase()));
        }
        if !out.is_empty() && !out.ends_with('\'') && !word.starts_with('\'') {
            out.push(' ');
        }
        out.push_str(word);
    }
    (Cow::Owned(written.to_owned()), Cow::Owned(out))
}

/// A mark, which is read as it is written.
fn mark(written: &str) -> (Cow<'static, str>, Cow<'static, str>) {
    match MARKS.into_iter().find(|mark| *mark == written) {
        Some(mark) => (Cow::Borrowed(mark), Cow::Borrowed(mark)),
        None => (Cow::Owned(written.to_owned()), Cow::Owned(written.to_owned())),
    }
}
