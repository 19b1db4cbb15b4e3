//! How a post is written: what several steps ask of its terms and marks, counted once.

use crate::text::TokenKind;
use crate::text::reading::Reading;

/// Counts over the terms and marks of a post.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Look {
    /// Terms that are words.
    pub(crate) words: u32,
    /// The kinds of terms and of marks that the post holds, as bits.
    kinds: u32,
    /// Something longer than three letters is in capitals.
    pub(crate) shouts: bool,
    /// The whole post is in capitals, so that capitals say nothing.
    pub(crate) all_shouted: bool,
}

impl Look {
    pub(crate) fn of(reading: &Reading) -> Self {
        let (mut words, mut kinds, mut shouts) = (0, 0, false);
        // Of the words of three letters and more: how many, and how many in capitals.
        let (mut long, mut shouted) = (0, 0);
        for term in &reading.terms {
            let (is_word, length) = (term.kind == TokenKind::Word, term.end - term.start);
            let capitals = term.shape.shouted();
            words += u32::from(is_word);
            kinds |= bit(term.kind);
            shouts |= capitals & (length > 3);
            long += u32::from(is_word & (length > 2));
            shouted += u32::from(is_word & (length > 2) & capitals);
        }
        for mark in &reading.marks {
            kinds |= bit(mark.kind);
        }
        Self { words, kinds, shouts, all_shouted: shouted * 3 > long * 2 }
    }

    /// Whether the post holds a term or a mark of a kind.
    pub(crate) fn has(&self, kind: TokenKind) -> bool {
        self.kinds & bit(kind) != 0
    }
}

fn bit(kind: TokenKind) -> u32 {
    1 << kind as u32
}
