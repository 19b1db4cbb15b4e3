//! A post's terms as the cues read them: targets folded into one item, marks and clause starts added.
//!
//! Cues say `<target>`, `<start>`, `<clause>`, `<end>` and `<?>`; a reading holds none of these. The
//! stream is laid once a post and walked once a cue, so that neither the names of brands nor the way
//! in which clauses are kept reaches the patterns.

use super::VoiceInput;
use super::cue::{Cues, Word};
use super::place;
use crate::lexicon::slot;
use crate::text::TokenKind;
use crate::text::reading::{Clause, Term};
use crate::text::token::Shape;
use std::ops::Range;

/// One item of the stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) id: u32,
    /// Bytes in the text that was lexed.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The word sets that it belongs to, and what may follow where it opens a cue: see [`super::cue::Word`].
    pub(crate) sets: u64,
    pub(crate) followers: u64,
    pub(crate) kind: TokenKind,
    pub(crate) shape: Shape,
    /// Number of its clause.
    pub(crate) clause: u32,
    /// A comma, a bracket or a dash stands before it.
    pub(crate) after_pause: bool,
}

impl Item {
    #[inline]
    fn of(term: &Term, clause: u32, cues: &Cues) -> Self {
        let Word { sets, followers } = cues.word(term.id);
        Self {
            id: term.id,
            start: term.start,
            end: term.end,
            sets,
            followers,
            kind: term.kind,
            shape: term.shape,
            clause,
            after_pause: term.after_pause,
        }
    }

    /// A place between words.
    fn place(id: u32, at: u32, clause: u32, cues: &Cues) -> Self {
        let (kind, shape, Word { sets, followers }) = (TokenKind::Other, Shape::default(), cues.word(id));
        Self { id, start: at, end: at, sets, followers, kind, shape, clause, after_pause: false }
    }

    /// A word, name or sign of the post, not a place between them.
    #[inline]
    pub(crate) fn is_written(&self) -> bool {
        !(place::START..=place::CLAUSE).contains(&self.id)
    }
}

/// A post, laid out.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) items: Vec<Item>,
    /// The items' ids alone, for those who look at nothing else.
    pub(crate) ids: Vec<u32>,
    /// Whether the target is named.
    pub(crate) named: bool,
}

impl Stream {
    /// Lays a post out.
    pub(crate) fn lay(&mut self, input: &VoiceInput<'_>, cues: &Cues) {
        self.items.clear();
        let reading = input.reading;
        let spans = input.targets.iter().map(|t| t.spans).find(|s| !s.is_empty()).unwrap_or(&[]);
        self.named = !spans.is_empty();
        let last_clause = reading.clauses.len().saturating_sub(1);
        for (number, clause) in (0..).zip(&reading.clauses) {
            let Some(terms) = reading.terms.get(clause.first..clause.last) else { continue };
            let at = terms.first().map_or(0, |t| t.start);
            if number == 0 {
                self.items.push(Item::place(place::START, at, number, cues));
            }
            self.items.push(Item::place(place::CLAUSE, at, number, cues));
            if input.targets.is_empty() {
                self.items.extend(terms.iter().map(|term| Item::of(term, number, cues)));
            } else {
                self.lay_clause(input, clause, spans, number, cues);
            }
            let end = self.items.last().map_or(0, |i| i.end);
            let id = match clause.mark {
                Some(TokenKind::Question) => place::ASKS,
                Some(TokenKind::Exclamation) => place::SHOUTS,
                Some(TokenKind::Colon) => place::COLON,
                _ => 0,
            };
            if id != 0 {
                self.items.push(Item::place(id, end, number, cues));
            }
            if number as usize == last_clause {
                self.items.push(Item::place(place::END, end, number, cues));
            }
        }
        self.ids.clear();
        self.ids.extend(self.items.iter().map(|item| item.id));
    }

    /// Lays the terms of a clause out where targets are asked about: each mention of one is one item.
    fn lay_clause(
        &mut self,
        input: &VoiceInput<'_>,
        clause: &Clause,
        spans: &[(usize, usize)],
        number: u32,
        cues: &Cues,
    ) {
        let terms = &input.reading.terms;
        let mut index = clause.first;
        while index < clause.last {
            let term = &terms[index];
            let span = spans.iter().find(|(first, last)| *first == index && *last <= clause.last && first < last);
            let (mut id, next) = span.map_or((term.id, index + 1), |(_, last)| (slot::TARGET, *last));
            if matches!(term.kind, TokenKind::Mention | TokenKind::Hashtag) && is_handle(input, term.start, term.end) {
                id = slot::TARGET;
                self.named = true;
            }
            let Word { sets, followers } = cues.word(id);
            let end = terms[next - 1].end;
            self.items.push(Item { id, end, sets, followers, ..Item::of(term, number, cues) });
            index = next;
        }
    }

    /// The items of each clause, one clause after another.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut first = 0;
        self.items.chunk_by(|a, b| a.clause == b.clause).map(move |items| {
            let range = first..first + items.len();
            first = range.end;
            range
        })
    }

    /// The last item of a match of `length` ids that begins at `at`.
    pub(crate) fn last_of(&self, at: usize, length: usize) -> usize {
        let skipped = usize::from(self.items[at].id == place::START && length > 1);
        (at + length - 1 + skipped).min(self.items.len() - 1)
    }
}

/// Whether a handle or hashtag is made of a target's name: `@nimbo_care`, `#NimboGate`.
fn is_handle(input: &VoiceInput<'_>, start: u32, end: u32) -> bool {
    /// Shorter names begin too many other words.
    const LEAST: usize = 3;
    let (start, end) = input.reading.clean.original(input.text, start as usize, end as usize);
    let written = input.text.get(start..end).unwrap_or("");
    input.targets.iter().any(|target| {
        let mut body = plain(written);
        let mut length = 0;
        plain(target.name).all(|c| {
            length += 1;
            body.next() == Some(c)
        }) && length >= LEAST
    })
}

/// The letters and digits of a name, without case and accents.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(crate::lexicon::key::bare)
}
