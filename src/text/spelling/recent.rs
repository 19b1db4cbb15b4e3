//! The unknown words that a thread met lately, and what was made of them.
//!
//! Names and slang come back post after post, and a guess takes some microseconds where a look here
//! takes some nanoseconds. A slot holds everything that the answer depends on but the neighbours, so
//! an answer that is remembered is the answer that would be found.
//!
//! Slots lie in sets of [`WAYS`], their keys side by side: a new word pushes out the oldest of its set.

use super::{Answer, Term};

/// Sets of slots, a power of two: some 400 KiB a thread.
const SETS: usize = 2048;
const WAYS: usize = 4;
/// Terms that are kept of words read as several.
const PARTS: usize = 4096;

/// A word, the vocabulary that was asked and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Key {
    word: u64,
    stamp: u32,
    /// Never 0 where there is an answer.
    asked: u32,
}

/// The table of answers.
#[derive(Debug, Default)]
pub(super) struct Recent {
    keys: Vec<[Key; WAYS]>,
    answers: Vec<[Answer; WAYS]>,
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
    pub(super) fn get(&self, word: u64, stamp: u32, asked: u8) -> Option<Answer> {
        let (set, key) = (set(word, asked), Key { word, stamp, asked: u32::from(asked) });
        let way = self.keys.get(set)?.iter().position(|kept| *kept == key)?;
        Some(self.answers[set][way])
    }

    pub(super) fn put(&mut self, word: u64, stamp: u32, asked: u8, answer: Answer) {
        if self.keys.is_empty() {
            self.keys.resize(SETS, <[Key; WAYS]>::default());
            self.answers.resize(SETS, <[Answer; WAYS]>::default());
        }
        let set = set(word, asked);
        self.keys[set].rotate_right(1);
        self.answers[set].rotate_right(1);
        self.keys[set][0] = Key { word, stamp, asked: u32::from(asked) };
        self.answers[set][0] = answer;
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
fn set(word: u64, asked: u8) -> usize {
    (word as usize ^ usize::from(asked)) & (SETS - 1)
}
