//! The built-in cues, packed by the build script: which rows each pattern fires.
//!
//! After the trie: three `u32` (links, members of word sets, words that open a cue), then pairs of `u32`: the
//! links (row, next link plus one), then the members (row, id); then each word that opens a cue, with
//! what may follow it (see [`follower`]). Rows are counted over the files of the languages compiled in. What a
//! row says (label, weight) is read from the files when the program starts, so only the words are packed.

use super::pattern::{Classes, Source};
use crate::lexicon::layer::Reader;
use crate::lexicon::pack::field;
use crate::lexicon::parse::{Row, rows};
use crate::lexicon::slot;
use crate::lexicon::trie::{Frozen, Trie};
use std::collections::BTreeMap;

/// A pair of `u32`.
type Pair = [u8; 8];

/// The cues, read where they lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    /// Its nodes mean the place of their first link plus one.
    pub(crate) trie: Frozen<'a>,
    links: &'a [Pair],
    members: &'a [Pair],
    openers: &'a [[u8; 12]],
}

/// The bit of a word in the signature of those that may follow a word that opens a cue.
#[inline]
pub(crate) fn follower(id: u32) -> u64 {
    1 << (id.wrapping_mul(0x9E37_79B9) >> 26)
}

/// What may follow the first id of a pattern: anything, where it means something alone.
pub(crate) fn followers(sequence: &[u32]) -> u64 {
    sequence.get(1).filter(|id| **id != slot::ANY).map_or(u64::MAX, |id| follower(*id))
}

/// The rows that a cue's number counts, those of classes left out.
pub(crate) fn counted(text: &str) -> impl Iterator<Item = Row<'_>> {
    rows(text).filter(|row| row.cell(1) != "class")
}

/// Packs the files, in their order; the first row that cannot be read is an error.
#[expect(clippy::cast_possible_truncation, reason = "there are few cues")]
pub(crate) fn write(
    texts: &[String],
    reader: &mut Reader<'_>,
    shorthand: super::pattern::Shorthand<'_>,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let (mut trie, mut links, mut members) = (Trie::default(), Vec::new(), Vec::new());
    let mut openers: BTreeMap<u32, u64> = BTreeMap::new();
    let mut earlier = Classes::default();
    let mut number = 0u32;
    for text in texts {
        let mut own = Classes::default();
        rows(text).for_each(|row| own.add(&row));
        for row in counted(text) {
            let mut source = Source { classes: [&own, &earlier], reader, shorthand };
            let sequences = source.sequences(row.cell(0)).map_err(|why| format!("cues, line {}: {why}", row.line))?;
            for sequence in sequences {
                if row.cell(1) == "set" {
                    // Of an elided or hyphenated word the last part is the one that means something.
                    members.extend(sequence.last().map(|id| [number, *id]));
                    continue;
                }
                *openers.entry(sequence[0]).or_default() |= followers(&sequence);
                let node = trie.insert(&sequence);
                links.push([number, trie.entry(node)]);
                trie.mean(node, links.len() as u32);
            }
            number += 1;
        }
        own.complete(earlier);
        earlier = own;
    }
    trie.freeze(out);
    for size in [links.len(), members.len(), openers.len()] {
        out.extend((size as u32).to_le_bytes());
    }
    for pair in links.iter().chain(&members) {
        out.extend(pair.map(u32::to_le_bytes).as_flattened());
    }
    for (id, followers) in openers {
        out.extend(id.to_le_bytes());
        out.extend(followers.to_le_bytes());
    }
    Ok(())
}

impl<'a> Packed<'a> {
    /// Reads what [`write`] wrote.
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let (trie, rest) = Frozen::read(bytes);
        let [links, members] = [0, 1].map(|i| field(rest, i) * size_of::<Pair>());
        let (links, rest) = rest[12..].split_at(links);
        let (members, openers) = rest.split_at(members);
        Self { trie, links: links.as_chunks().0, members: members.as_chunks().0, openers: openers.as_chunks().0 }
    }

    /// The row of a link, and the next link plus one.
    #[inline]
    pub(crate) fn link(&self, place: u32) -> (usize, u32) {
        let [row, next] = self.links.get(place as usize).copied().map_or([0, 0], pair);
        (row as usize, next)
    }

    /// The words that open a cue, each with what may follow it.
    pub(crate) fn openers(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.openers
            .iter()
            .map(|[a, b, c, d, followers @ ..]| (u32::from_le_bytes([*a, *b, *c, *d]), u64::from_le_bytes(*followers)))
    }

    /// The rows of word sets with the ids that they hold.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.members.iter().copied().map(pair).map(|[row, id]| (row as usize, id))
    }
}

#[inline]
fn pair(bytes: Pair) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = bytes;
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}
