//! The unknown words that a thread met lately, and what was made of them.
//!
//! Names and slang come back post after post, and a guess takes some microseconds where a look here
//! takes some nanoseconds. A slot holds everything that the answer depends on but the neighbours, so
//! an answer that is remembered is the answer that would be found.

use super::guess::Guesses;

/// Slots, a power of two: 2,048 of some 80 bytes.
const SLOTS: usize = 2048;

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u64,
    stamp: u32,
    asked: u8,
    guesses: Guesses,
}

/// A direct-mapped table: a newer word takes the place of an older one.
#[derive(Debug, Default)]
pub(super) struct Recent {
    slots: Vec<Slot>,
}

impl Recent {
    /// What was made of the word, if it is still here. `stamp` tells the vocabulary, `asked` the
    /// language and the manner of asking.
    #[inline]
    pub(super) fn get(&self, key: u64, stamp: u32, asked: u8) -> Option<Guesses> {
        let slot = self.slots.get(place(key, asked))?;
        (slot.key == key && slot.stamp == stamp && slot.asked == asked).then_some(slot.guesses)
    }

    pub(super) fn put(&mut self, key: u64, stamp: u32, asked: u8, guesses: Guesses) {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, Slot::default());
        }
        if let Some(slot) = self.slots.get_mut(place(key, asked)) {
            *slot = Slot { key, stamp, asked, guesses };
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "masked")]
fn place(key: u64, asked: u8) -> usize {
    (key as usize ^ usize::from(asked)) & (SLOTS - 1)
}
