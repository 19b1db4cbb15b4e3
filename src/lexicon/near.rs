//! The index of near words: how the build script writes it and how the library reads it where it lies.
//!
//! Every word that a misspelling may be corrected towards (a *target*) is filed under its letters,
//! under its letters less each one of them, and under its sound. Two spellings one edit apart always
//! share one of the first two, so a lookup is one probe per letter of the unknown word, and nothing
//! is computed for words that no probe meets.
//!
//! Layout, little-endian: eight `u32` of header (id of the first target, targets, bits of the buckets,
//! entries, four spare), a `u16` per target (frequency classes of French and English, then flags), a
//! `u32` per group of 32 buckets (entries before it), a byte per bucket (entries before its end in its
//! group), the entries. An entry is three bytes: a target's number and seven bits of its key's hash,
//! commonest targets first, so that a bounded scan meets the likely ones.

use super::hash::hash;

/// What a key of the index is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filed {
    /// Letters without accents, all of them or all but one.
    Letters,
    /// The French sound.
    French,
    /// The French sound, all of it or all but one: what is only said nearly alike.
    NearFrench,
    /// The English sound.
    English,
}

impl Filed {
    fn salt(self) -> u64 {
        match self {
            Self::Letters => 0,
            Self::NearFrench => 0x7A_3D_90_1E_C4_66_B8_15,
            Self::French => 0x51_7C_C1_B7_27_22_0A_95,
            Self::English => 0x2E_62_A9_C5_81_37_4F_0D,
        }
    }

    /// The index's hash of a key.
    #[inline]
    pub(crate) fn hash(self, key: &str) -> u64 {
        let h = hash(key.as_bytes()) ^ self.salt();
        (h ^ (h >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    }
}

/// A target's classes and what is known of its part in the lexicons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Info(u16);

impl Info {
    /// `class`: frequency classes; `told`: whether a lexicon of that language holds the word;
    /// `judges`: whether it is a tone word or a modifier there by itself.
    #[allow(dead_code, reason = "only the build script writes")]
    pub(crate) fn new(class: [u8; 2], told: [bool; 2], judges: [bool; 2]) -> Self {
        let bits = u16::from(class[0]) | u16::from(class[1]) << 4;
        let flag = |on: bool, bit: u16| if on { 1 << bit } else { 0 };
        Self(bits | flag(told[0], 8) | flag(told[1], 9) | flag(judges[0], 10) | flag(judges[1], 11))
    }

    pub(crate) fn class(self) -> [u8; 2] {
        [(self.0 & 15) as u8, (self.0 >> 4 & 15) as u8]
    }

    pub(crate) fn told(self, language: usize) -> bool {
        self.0 >> (8 + language) & 1 == 1
    }

    pub(crate) fn judges(self, language: usize) -> bool {
        self.0 >> (10 + language) & 1 == 1
    }
}

/// Tells a key less each of its letters; `part` is working space.
pub(crate) fn shortened(key: &str, part: &mut String, mut told: impl FnMut(&str)) {
    for (at, c) in key.char_indices() {
        part.clear();
        part.push_str(&key[..at]);
        part.push_str(&key[at + c.len_utf8()..]);
        told(part);
    }
}

const HEADER: usize = 32;
/// Buckets of a group: few enough that a byte counts its entries.
const GROUP: usize = 32;
/// Bits of a target's number in an entry.
const NUMBER: u32 = 17;

/// No index has more targets.
#[allow(dead_code, reason = "only the build script writes")]
pub(crate) const MOST_TARGETS: usize = 1 << NUMBER;

/// Writes the index: the id of the first target, the targets' infos by number, and (hash of key,
/// target's number), commonest targets first.
#[allow(dead_code, reason = "only the build script writes")]
#[expect(clippy::cast_possible_truncation, reason = "an index has far fewer than 2^32 entries")]
pub(crate) fn write(out: &mut Vec<u8>, first: u32, infos: &[Info], filed: &[(u64, u32)]) {
    let bits = (filed.len().max(1) / 4).next_power_of_two().trailing_zeros().max(6);
    let mask = (1u64 << bits) - 1;
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); 1 << bits];
    for &(hash, target) in filed {
        let entry = target | print(hash) << NUMBER;
        let bucket = &mut buckets[(hash & mask) as usize];
        if !bucket.contains(&entry) {
            bucket.push(entry);
        }
    }
    for group in buckets.chunks_mut(GROUP) {
        let mut room = usize::from(u8::MAX);
        for bucket in group {
            bucket.truncate(room);
            room -= bucket.len();
        }
    }
    let entries: usize = buckets.iter().map(Vec::len).sum();
    for field in [first, infos.len() as u32, bits, entries as u32, 0, 0, 0, 0] {
        out.extend(field.to_le_bytes());
    }
    for info in infos {
        out.extend(info.0.to_le_bytes());
    }
    let mut before = 0u32;
    for group in buckets.chunks(GROUP) {
        out.extend(before.to_le_bytes());
        before += group.iter().map(|b| b.len() as u32).sum::<u32>();
    }
    for group in buckets.chunks(GROUP) {
        let mut end = 0;
        for bucket in group {
            end += bucket.len() as u8;
            out.push(end);
        }
    }
    for entry in buckets.iter().flatten() {
        out.extend(&entry.to_le_bytes()[..3]);
    }
}

/// Bits of a hash that its bucket does not use.
#[inline]
fn print(hash: u64) -> u32 {
    (hash >> 57) as u32
}

/// The index, read where it lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near<'a> {
    first: u32,
    infos: &'a [u8],
    groups: &'a [u8],
    ends: &'a [u8],
    entries: &'a [u8],
    mask: u64,
}

fn field(bytes: &[u8], index: usize) -> u32 {
    match bytes.get(index * 4..index * 4 + 4) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

fn half(bytes: &[u8], index: usize) -> u16 {
    match bytes.get(index * 2..index * 2 + 2) {
        Some(&[a, b]) => u16::from_le_bytes([a, b]),
        _ => 0,
    }
}

impl<'a> Near<'a> {
    /// Reads the index where it lies.
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let (first, targets, bits) = (field(bytes, 0), field(bytes, 1) as usize, field(bytes, 2));
        let (infos, rest) = bytes[HEADER..].split_at(targets * 2);
        let (groups, rest) = rest.split_at((4 << bits) / GROUP);
        let (ends, entries) = rest.split_at(1 << bits);
        Self { first, infos, groups, ends, entries, mask: (1 << bits) - 1 }
    }

    /// The vocabulary's id of a target.
    pub(crate) fn id(&self, target: u32) -> u32 {
        self.first + target
    }

    /// What is known of a target.
    pub(crate) fn info(&self, target: u32) -> Info {
        Info(half(self.infos, target as usize))
    }

    /// The targets filed under a key's hash, and now and then another; no more than `most`.
    #[inline]
    pub(crate) fn find(&self, hash: u64, most: usize) -> impl Iterator<Item = u32> + use<'a> {
        #[expect(clippy::cast_possible_truncation, reason = "masked")]
        let bucket = (hash & self.mask) as usize;
        let group = field(self.groups, bucket / GROUP) as usize;
        let end = |bucket: usize| self.ends.get(bucket).map_or(0, |end| usize::from(*end));
        let (start, end) = (if bucket.is_multiple_of(GROUP) { 0 } else { end(bucket - 1) }, end(bucket));
        let print = print(hash);
        let entries = self.entries.get((group + start) * 3..(group + end) * 3).unwrap_or(&[]);
        entries
            .chunks_exact(3)
            .map(|e| u32::from_le_bytes([e[0], e[1], e[2], 0]))
            .filter(move |e| e >> NUMBER == print)
            .map(|e| e & ((1 << NUMBER) - 1))
            .take(most)
    }
}
