//! A post's terms as the cues read them: targets folded into one item, marks and clause starts added.
//!
//! Cues say `<target>`, `<start>`, `<clause>`, `<end>` and `<?>`; a reading holds none of these. The
//! stream is laid once a post and walked once a cue, so that neither the names of brands nor the way
//! in which clauses are kept reaches the patterns.

use super::VoiceInput;
use super::cue::Cues;
use super::place;
use crate::lexicon::slot;
use crate::text::TokenKind;
use crate::text::token::Shape;

/// One item of the stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) id: u32,
    /// Bytes in the text that was lexed.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The word sets that it belongs to, as bits (see `grammar`).
    pub(crate) sets: u64,
    pub(crate) kind: TokenKind,
    pub(crate) shape: Shape,
    /// Number of its clause.
    pub(crate) clause: u32,
    /// A comma, a bracket or a dash stands before it.
    pub(crate) after_pause: bool,
}

impl Item {
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
        for (number, clause) in reading.clauses.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "texts of 4 GiB are cut by the analyzer")]
            let number32 = number as u32;
            let at = reading.terms.get(clause.first).map_or(0, |t| t.start);
            let mark = |id| Item {
                id,
                start: at,
                end: at,
                sets: 0,
                kind: TokenKind::Other,
                shape: Shape::default(),
                clause: number32,
                after_pause: false,
            };
            if number == 0 {
                self.items.push(mark(place::START));
            }
            self.items.push(mark(place::CLAUSE));
            let mut index = clause.first;
            while index < clause.last {
                let term = &reading.terms[index];
                let span = spans.iter().find(|(first, last)| *first == index && *last <= clause.last && first < last);
                let (mut id, next) = span.map_or((term.id, index + 1), |(_, last)| (slot::TARGET, *last));
                if matches!(term.kind, TokenKind::Mention | TokenKind::Hashtag)
                    && is_handle(input, term.start, term.end)
                {
                    id = slot::TARGET;
                    self.named = true;
                }
                self.items.push(Item {
                    id,
                    start: term.start,
                    end: reading.terms[next - 1].end,
                    sets: cues.sets(id),
                    kind: term.kind,
                    shape: term.shape,
                    clause: number32,
                    after_pause: term.after_pause,
                });
                index = next;
            }
            let end = self.items.last().map_or(0, |i| i.end);
            let tail = |id| Item { start: end, end, ..mark(id) };
            let id = match clause.mark {
                Some(TokenKind::Question) => place::ASKS,
                Some(TokenKind::Exclamation) => place::SHOUTS,
                Some(TokenKind::Colon) => place::COLON,
                _ => 0,
            };
            if id != 0 {
                self.items.push(tail(id));
            }
            if number == last_clause {
                self.items.push(tail(place::END));
            }
        }
    }

    /// The ids from an item to the end of its clause. Clause starts are passed over, so that a
    /// pattern that opens with `<start>` meets the first word next.
    pub(crate) fn ids_from(&self, at: usize) -> impl Iterator<Item = u32> + '_ {
        let clause = self.items[at].clause;
        let rest = self.items[at + 1..].iter().take_while(move |i| i.clause == clause);
        std::iter::once(self.items[at].id).chain(rest.map(|i| i.id).filter(|id| *id != place::CLAUSE))
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
