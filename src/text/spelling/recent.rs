//! The unknown words that a thread met lately, and what was made of them.
//!
//! Names and slang come back post after post, and a guess takes some microseconds where a look here
//! takes some nanoseconds. A slot holds everything that the answer depends on but the neighbours, so
//! an answer that is remembered is the answer that would be found.

use super::{Answer, Term};

/// Slots, a power of two: some 400 KiB a thread.
const SLOTS: usize = 8192;
/// Terms that are kept of words read as several.
const PARTS: usize = 4096;

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u64,
    stamp: u32,
    asked: u8,
    answer: Answer,
}

/// A direct-mapped table: a newer word takes the place of an older one.
#[derive(Debug, Default)]
pub(super) struct Recent {
    slots: Vec<Slot>,
    /// The terms of words read as several, their spans counted from the word's beginning.
    parts: Vec<Term>,
    /// How often `parts` was emptied to make room.
    round: u32,
}

/// Where the terms of a word read as several are kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    first: u32,
    count: u32,
    round: u32,
}

impl Recent {
    /// What was made of the word, if it is still here. `stamp` tells the vocabulary, `asked` the
    /// language and the manner of asking, never 0.
    #[inline]
    pub(super) fn get(&self, key: u64, stamp: u32, asked: u8) -> Option<Answer> {
        let slot = self.slots.get(place(key, asked))?;
        (slot.key == key && slot.stamp == stamp && slot.asked == asked).then_some(slot.answer)
    }

    pub(super) fn put(&mut self, key: u64, stamp: u32, asked: u8, answer: Answer) {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, Slot::default());
        }
        if let Some(slot) = self.slots.get_mut(place(key, asked)) {
            *slot = Slot { key, stamp, asked, answer };
        }
    }

    /// Keeps the terms that a word was read as.
    #[expect(clippy::cast_possible_truncation, reason = "few thousands")]
    pub(super) fn keep(&mut self, word: &Term, found: &[Term]) -> Parts {
        if self.parts.len() + found.len() > PARTS {
            self.parts.clear();
            self.round = self.round.wrapping_add(1);
        }
        self.parts.reserve_exact(PARTS.saturating_sub(self.parts.len()));
        let first = self.parts.len() as u32;
        self.parts.extend(found.iter().map(|t| Term { start: t.start - word.start, end: t.end - word.start, ..*t }));
        Parts { first, count: found.len() as u32, round: self.round }
    }

    /// Gives the terms of a word met again, unless they made room for others.
    pub(super) fn recall(&self, parts: Parts, word: &Term, found: &mut Vec<Term>) -> bool {
        let kept = self.parts.get(parts.first as usize..(parts.first + parts.count) as usize);
        let Some(kept) = kept.filter(|_| parts.round == self.round) else { return false };
        let Term { kind, shape, after_pause, flags, .. } = *word;
        found.clear();
        found.extend(kept.iter().map(|t| {
            let (start, end) = (word.start + t.start, word.start + t.end);
            Term { start, end, kind, shape, after_pause, flags, ..*t }
        }));
        true
    }
}

#[expect(clippy::cast_possible_truncation, reason = "masked")]
fn place(key: u64, asked: u8) -> usize {
    (key as usize ^ usize::from(asked)) & (SLOTS - 1)
}
