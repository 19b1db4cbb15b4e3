//! How a post is written: what several steps ask of its terms and marks, counted once.

use crate::text::TokenKind;
use crate::text::reading::{Reading, Term};

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
        let mut look = Self::default();
        let mut capitals = false;
        for term in &reading.terms {
            look.words += u32::from(term.kind == TokenKind::Word);
            look.kinds |= bit(term.kind);
            capitals |= term.shape.shouted();
        }
        for mark in &reading.marks {
            look.kinds |= bit(mark.kind);
        }
        if capitals {
            look.listen(&reading.terms);
        }
        look
    }

    /// Tells apart the words in capitals, which most posts have none of.
    #[cold]
    fn listen(&mut self, terms: &[Term]) {
        let length = |term: &Term| term.end - term.start;
        let shouted = |term: &&Term| term.shape.shouted();
        let long = || terms.iter().filter(|t| t.kind == TokenKind::Word && length(t) > 2);
        self.shouts = terms.iter().filter(shouted).any(|t| length(t) > 3);
        self.all_shouted = long().filter(shouted).count() * 3 > long().count() * 2;
    }

    /// Whether the post holds a term or a mark of a kind.
    pub(crate) fn has(&self, kind: TokenKind) -> bool {
        self.kinds & bit(kind) != 0
    }
}

fn bit(kind: TokenKind) -> u32 {
    1 << kind as u32
}
