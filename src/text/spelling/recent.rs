//! The unknown words that a thread met lately, and what was made of them.
//!
//! Names and slang come back post after post, and a guess takes some microseconds where a look here
//! takes some nanoseconds. A slot holds everything that the answer depends on but the neighbours, so
//! an answer that is remembered is the answer that would be found.

use super::Answer;

/// Slots, a power of two: some 400 KiB a thread.
const SLOTS: usize = 8192;

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
}

#[expect(clippy::cast_possible_truncation, reason = "masked")]
fn place(key: u64, asked: u8) -> usize {
    (key as usize ^ usize::from(asked)) & (SLOTS - 1)
}
