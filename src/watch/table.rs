//! Tables whose keys are hashes already: looking up costs no second hash.
//!
//! The keys are the room's own (`skim`), well mixed and the same on every machine. They come from public
//! text, so a flood of chosen collisions is thinkable; what it would slow down is bounded by the caller
//! (a bucket is searched to a fixed depth, a lexicon is ours).

use super::skim::mix;
use hashbrown::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are hashes already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pass(u64);

impl Hasher for Pass {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = mix(self.0 ^ u64::from(*b));
        }
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

/// A table keyed by hashes.
pub(crate) type ByHash<K, V> = HashMap<K, V, BuildHasherDefault<Pass>>;

/// Tells most keys that a table does not hold by one bit each, in a few lines of the cache.
#[derive(Debug)]
pub(crate) struct Filter([u64; Filter::WORDS]);

impl Default for Filter {
    fn default() -> Self {
        Self([0; Self::WORDS])
    }
}

impl Filter {
    const WORDS: usize = 1024;

    /// The word and the bit of a key.
    #[inline]
    fn place(key: u64) -> (usize, u64) {
        ((key >> 6) as usize % Self::WORDS, 1 << (key % 64))
    }

    pub(crate) fn add(&mut self, key: u64) {
        let (word, bit) = Self::place(key);
        self.0[word] |= bit;
    }

    #[inline]
    pub(crate) fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = Self::place(key);
        self.0[word] & bit != 0
    }
}
