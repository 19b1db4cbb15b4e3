//! The words of user layers as targets of corrections, filed as the built-in ones are in [`super::near`]:
//! under their letters and under their letters less each one.
//!
//! A table of its own, empty for who adds nothing, so that the packed index stays where it lies.

use super::hash::hash;
use super::key;
use super::near::{Info, shortened};
use hashbrown::HashMap;

/// Shorter words are within one slip of too much, in letters.
const SHORTEST: usize = 5;
/// Longer ones are not guessed at.
const LONGEST: usize = 24;
/// How common a user's word is taken to be: they added it because their posts hold it.
const CLASS: u8 = 7;

/// Ids of the words filed under each key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Own(HashMap<u64, Vec<u32>>);

impl Own {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of every word here. It may judge, so only likely slips reach it.
    pub(crate) fn info() -> Info {
        Info::new([CLASS; 2], [true; 2], [true; 2])
    }

    /// Files a word, unless it is too short or no plain word.
    pub(crate) fn file(&mut self, id: u32, word: &str) {
        let letters: String = key::letters(word).collect();
        let plain = letters.bytes().all(|b| b.is_ascii_lowercase());
        if !plain || !(SHORTEST..=LONGEST).contains(&letters.len()) {
            return;
        }
        let mut part = String::new();
        each(&letters, &mut part, |key| self.0.entry(key).or_default().push(id));
    }

    /// Tells the words that share a key with these letters, some of them twice.
    pub(crate) fn find(&self, letters: &str, part: &mut String, mut found: impl FnMut(u32)) {
        each(letters, part, |key| self.0.get(&key).into_iter().flatten().for_each(|id| found(*id)));
    }
}

/// The keys of a word: its letters, and its letters less each one.
fn each(letters: &str, part: &mut String, mut told: impl FnMut(u64)) {
    told(hash(letters.as_bytes()));
    shortened(letters, part, |less| told(hash(less.as_bytes())));
}
