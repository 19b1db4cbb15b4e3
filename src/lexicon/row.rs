//! One row a word: what the matcher asks of it before anything else.
//!
//! Sixteen bytes an id, so that one cache line answers whether a word has a tone of its own and whether
//! some pattern may match where it stands; most words are done with by that. The build script writes
//! the rows from the senses and the trie of the built-in lexicons.

use super::pack::{NO_SENSE, PackedSense, valence};
use super::sense::Tags;
use super::trie::{Frozen, Node, Walk as _, signature};

/// Bytes of a row.
const SIZE: usize = 16;

/// A row as it lies.
pub(crate) type Packed = [u8; SIZE];

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

/// Writes the rows of the ids from 0 on; `senses` are those of the same ids.
#[allow(dead_code, reason = "the build script writes")]
pub(crate) fn write(trie: &Frozen<'_>, senses: impl Iterator<Item = [PackedSense; 2]>, out: &mut Vec<u8>) {
    for (id, senses) in (0..).zip(senses) {
        let first = trie.first(id);
        let node = if first == 0 { Node::default() } else { trie.node(first) };
        let means = if node.entry == 0 { 0 } else { MEANS };
        let any = if node.any == 0 { 0 } else { ANY };
        out.extend(node.signature.to_le_bytes());
        out.extend((first << 2 | means | any).to_le_bytes());
        out.extend(senses.as_flattened());
    }
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
    pub(crate) fn read(packed: &Packed) -> Self {
        let [a, b, c, d, e, f, g, h, begins @ .., i, j, k, l] = *packed;
        Self {
            signature: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            begins: u32::from_le_bytes(begins),
            senses: u32::from_le_bytes([i, j, k, l]),
        }
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
