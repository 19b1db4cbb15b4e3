//! One row a word: what the reader, the matcher and the learnt tables ask of it.
//!
//! Thirty-two bytes an id, half a cache line, so that a rare word costs one wait for memory and not one
//! for every step. Layout, little-endian: the signature of what may follow it in a pattern (`u64`), its
//! node in the trie over the bits [`MEANS`] and [`ANY`] (`u32`), its senses (French, English), then for
//! French and for English what the learnt table says ([`Learnt`]) and a byte, that of French being its
//! [`super::flag`]s. The build script writes the rows.

use super::pack::{NO_SENSE, PackedSense, valence};
use super::sense::Tags;
use super::trie::{Frozen, Node, Walk as _, signature};

/// Bytes of a row.
const SIZE: usize = 32;

/// A row as it lies: a word of eight bytes for the patterns, one for node and senses, one for each language.
pub(crate) type Packed = [[u8; 8]; SIZE / 8];

/// A word's tone alone, and how patterns begin with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// A bit for each word that may follow it in a pattern: see [`signature`].
    signature: u64,
    /// The node of the word in the trie, over the bits of [`MEANS`] and [`ANY`].
    begins: u32,
    /// French in the lower half, English.
    senses: u32,
}

/// A pattern of this one word means something.
const MEANS: u32 = 1;
/// In some pattern any word may follow it.
const ANY: u32 = 1 << 1;

/// The senses of a word without tone, and the bytes of them that tell it.
const UNTONED: u32 = u32::from_le_bytes([NO_SENSE[0][0], NO_SENSE[0][1], NO_SENSE[1][0], NO_SENSE[1][1]]);
const VALENCES: u32 = u32::from_le_bytes([255, 0, 255, 0]);

/// What a language's learnt table says of a word: polarity and neutrality in steps of the table, plain and
/// under negation; where its row of the network lies (`u16`); which pairs it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Learnt(u64);

impl Learnt {
    /// The first of some pair of words side by side, the second of one; the same with a word between.
    pub(crate) const FIRST: [u8; 2] = [1, 1 << 2];
    pub(crate) const SECOND: [u8; 2] = [1 << 1, 1 << 3];

    pub(crate) fn new(weights: [[u8; 2]; 2], place: u16, pairs: u8) -> Self {
        let ([a, b], [c, d], [e, f]) = (weights[0], weights[1], place.to_le_bytes());
        Self(u64::from_le_bytes([a, b, c, d, e, f, pairs, 0]))
    }

    /// Polarity and neutrality, plain or under negation.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the bytes it is made of")]
    pub(crate) fn weight(self, denied: bool) -> [i8; 2] {
        let weights = self.0 >> if denied { 16 } else { 0 };
        (weights as u16).to_le_bytes().map(u8::cast_signed)
    }

    /// The place of its row in the network; 0 for a word that it does not know.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the bytes it is made of")]
    pub(crate) fn place(self) -> u16 {
        (self.0 >> 32) as u16
    }

    /// The pairs it is part of: bits of [`Self::FIRST`] and [`Self::SECOND`].
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the bytes it is made of")]
    pub(crate) fn pairs(self) -> u8 {
        (self.0 >> 48) as u8
    }
}

/// What is written of a word besides its patterns.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "the build script writes")]
pub(crate) struct Word {
    pub(crate) senses: [PackedSense; 2],
    pub(crate) learnt: [Learnt; 2],
    pub(crate) flags: u8,
}

/// Writes the rows of the ids from 0 on.
#[allow(dead_code, reason = "the build script writes")]
pub(crate) fn write(trie: &Frozen<'_>, words: impl Iterator<Item = Word>, out: &mut Vec<u8>) {
    for (id, word) in (0..).zip(words) {
        let first = trie.first(id);
        let node = if first == 0 { Node::default() } else { trie.node(first) };
        let means = if node.entry == 0 { 0 } else { MEANS };
        let any = if node.any == 0 { 0 } else { ANY };
        let [fr, en] = word.learnt.map(|learnt| learnt.0);
        out.extend(node.signature.to_le_bytes());
        out.extend((first << 2 | means | any).to_le_bytes());
        out.extend(word.senses.as_flattened());
        out.extend((fr | u64::from(word.flags) << 56).to_le_bytes());
        out.extend(en.to_le_bytes());
    }
}

/// What the learnt table of a language (French, English) says of a row's word.
#[inline]
pub(crate) fn learnt(packed: &Packed, language: usize) -> Learnt {
    Learnt(u64::from_le_bytes(packed[2 + language]))
}

/// What a row's word says at a glance: bits of [`super::flag`].
#[inline]
pub(crate) fn flags(packed: &Packed) -> u8 {
    packed[2][7]
}

impl Default for Row {
    fn default() -> Self {
        Self::NONE
    }
}

impl Row {
    /// The row of a word that no built-in lexicon speaks of.
    pub(crate) const NONE: Self = Self { signature: 0, begins: 0, senses: UNTONED };

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    pub(crate) fn read(packed: &Packed) -> Self {
        let half = u64::from_le_bytes(packed[1]);
        Self { signature: u64::from_le_bytes(packed[0]), begins: half as u32, senses: (half >> 32) as u32 }
    }

    /// Whether the word has a tone of its own in some language.
    #[inline]
    pub(crate) fn is_toned(&self) -> bool {
        self.senses & VALENCES != UNTONED
    }

    /// Whether some pattern may match the word where another follows it (0: an unknown one).
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "a branch here would not be foretold")]
    pub(crate) fn may_match(&self, next: Option<u32>) -> bool {
        let (bit, any) = next.map_or((0, 0), |next| (signature(next), ANY));
        (self.begins & (MEANS | any) != 0) | (self.signature & bit != 0)
    }

    /// The node of the word in the trie; 0 where no pattern begins with it.
    #[inline]
    pub(crate) fn node(&self) -> u32 {
        self.begins >> 2
    }

    /// The word's tone in a language, where it has one there.
    #[inline]
    pub(crate) fn sense(&self, language: usize) -> Option<(f32, Tags)> {
        let [a, b, c, d] = self.senses.to_le_bytes();
        let sense = [[a, b], [c, d]][language];
        Some((valence(sense)?, Tags::packed(sense[1])))
    }
}
