//! The corrected words of a text, for search: what was written, where, and what it was read as.
//!
//! In: a [`Reading`](super::reading::Reading). Out: its words with the rung that reached each, and the
//! text with the corrections written in. `Jador la kalité` gives `J'adore la qualité` and three words,
//! each with its bytes in the text as given. What was not corrected is left as it is, letter by letter.

use super::reading::{Reading, Term};
use super::token::TokenKind;
use crate::analysis::Via;
use crate::language::Language;
use crate::lexicon::{Lexicon, key};

/// A text with its misspellings read.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Normalized {
    /// The text as given, with the corrections in place of what they correct.
    pub text: String,
    /// Its words, in order. Several may share a span: `tkt` is two words.
    pub words: Vec<NormalizedWord>,
}

/// A word of a text and what it was read as.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NormalizedWord {
    /// First byte in the text as given.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The bytes between, as written.
    pub text: String,
    /// The word it was read as, in small letters; links, handles and numbers as written.
    pub term: String,
    /// How it was reached; `exact` where nothing was corrected.
    pub via: Via,
    /// How far the reading can be trusted, 0..1.
    pub trust: f32,
    /// The language of its clause.
    pub language: Language,
}

/// Reads a text's words off its reading.
pub(crate) fn normalize(reading: &Reading, lexicon: &Lexicon, text: &str) -> Normalized {
    let mut out = Normalized { text: String::with_capacity(text.len() + 8), words: Vec::new() };
    let mut copied = 0;
    for clause in &reading.clauses {
        for term in reading.terms.get(clause.first..clause.last).unwrap_or(&[]) {
            let (start, end) = reading.clean.original(text, term.start as usize, term.end as usize);
            let Some(written) = text.get(start..end) else { continue };
            let spelt = lexicon.vocabulary.text(term.id);
            let kept = term.via == Via::Exact || spelt.is_empty();
            let plain = matches!(term.kind, TokenKind::Word | TokenKind::Hashtag);
            let term_text = match (spelt.is_empty() || !plain, plain) {
                (false, _) => spelt.to_owned(),
                (true, true) => key::normal(written),
                (true, false) => written.to_owned(),
            };
            // Words that share a span follow each other in the place of the first.
            let shares = out.words.last().is_some_and(|w| (w.start, w.end) == (start, end));
            if !shares {
                let gap = text.get(copied..start).unwrap_or("");
                // `l hotel`: the apostrophe that was put back takes the place of the blank.
                let closes =
                    gap == " " && out.text.ends_with('\'') && out.words.last().is_some_and(|w| w.via != Via::Exact);
                out.text.push_str(if closes { "" } else { gap });
            }
            let touches = start == copied || shares;
            let sign = kept && term.kind != TokenKind::Word;
            if touches && !sign && !out.text.is_empty() && !out.text.ends_with(glues) {
                let clitic = written.starts_with(['\'', '’', '`', '-']) || out.text.ends_with('-');
                if shares || (!kept && !clitic) {
                    out.text.push(' ');
                }
            }
            if kept {
                if !shares {
                    out.text.push_str(written);
                }
            } else {
                push_cased(spelt, written, term, shares, &mut out.text);
            }
            copied = copied.max(end);
            out.words.push(NormalizedWord {
                start,
                end,
                text: written.to_owned(),
                term: term_text,
                via: if spelt.is_empty() { Via::Exact } else { term.via },
                trust: term.trust,
                language: clause.language,
            });
        }
    }
    out.text.push_str(text.get(copied..).unwrap_or(""));
    out
}

/// Signs after which a word follows without a blank.
fn glues(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '’' | '(' | '[' | '"' | '«' | '#' | '/')
}

/// Writes a correction in the case of what it corrects.
fn push_cased(word: &str, written: &str, term: &Term, follows: bool, out: &mut String) {
    let shouted = term.shape.shouted();
    let capital = written.starts_with(char::is_uppercase) && !follows;
    for (at, c) in word.chars().enumerate() {
        if shouted || (capital && at == 0) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
}
