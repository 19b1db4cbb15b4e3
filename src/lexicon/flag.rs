//! What a word's id says at a glance, as bits: most words are done with by one byte.

/// A shorthand in French, in English.
pub(crate) const SHORTHAND: [u8; 2] = [1, 1 << 1];
/// Only its neighbours can read it: see the grammar of the spelling ladder.
pub(crate) const ASKED: u8 = 1 << 2;
/// A function word of a third language.
pub(crate) const FOREIGN: u8 = 1 << 3;

/// The words that are [`ASKED`] about.
#[allow(dead_code, reason = "the build script flags them")]
pub(crate) const ASKED_WORDS: [&str; 16] =
    ["coté", "cote", "mn", "o", "a", "sa", "c", "j", "l", "d", "m", "t", "s", "n", "qu", "ca"];
