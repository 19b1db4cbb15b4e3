//! The packed tables: how the build script writes them and how the library reads them where they lie.
//!
//! Layout, little-endian: eight `u32` of header (bits of the exact, the folded and the common table,
//! number of strings, bytes of strings, how many strings a lexicon speaks of, two spare), the exact
//! slots, the folded slots, the common slots, the string ends, the strings. A slot is a `u32`
//! fingerprint and a `u32` payload; an empty slot is all zero; probing is linear, but among the common
//! words, which lie in buckets of four fingerprints and their four payloads. A wrong hit needs
//! equal fingerprints of two hashes that meet in one run: about one unknown word in twenty million.
//!
//! What is slow is not the looking but the waiting for memory, so what most words need lies close
//! together: the commonest words have a table of their own that stays in the cache, ids are given by
//! frequency (the caller's part), and a filter of one bit a pair keeps most pairs from being looked up.
//!
//! The learnt table has a header of its own (four scales, bits of the two pair tables, two spare), the
//! slots of pairs side by side and of pairs with a gap, then the filters of both. What it says of single
//! words stands in their [rows](super::row).

use super::hash::hash_pair;
use super::row::{self, Learnt};

/// Ids below this one are reserved for slots of patterns (numbers, links, any word ...).
pub(crate) const FIRST_WORD: u32 = 32;

/// Id and frequency classes in one `u32`: class of French in bits 0..4, of English in 4..8, id above.
pub(crate) const fn payload(id: u32, class: [u8; 2]) -> u32 {
    id << 8 | (class[0] as u32) | (class[1] as u32) << 4
}

const HEADER: usize = 32;
const SLOT: usize = 8;

/// 26 bits of a hash, and one more so that none is nought. Bits that are the same in all slots cost nothing where
/// the tables travel compressed.
fn fingerprint(hash: u64) -> u32 {
    (hash >> 38) as u32 | 1 << 26
}

/// A table of slots with linear probing: the bits of its size, and its bytes. No entry is all noughts.
#[expect(clippy::cast_possible_truncation, reason = "tables have far fewer than 2^32 slots")]
fn table<const N: usize>(entries: impl ExactSizeIterator<Item = (u64, [u8; N])>) -> (u32, Vec<u8>) {
    let bits = (entries.len().max(1) * 3 / 2).next_power_of_two().trailing_zeros().max(4);
    let mask = (1usize << bits) - 1;
    let mut table = vec![[0u8; N]; mask + 1];
    for (hash, entry) in entries {
        let mut at = hash as usize & mask;
        while table[at] != [0; N] {
            at = (at + 1) & mask;
        }
        table[at] = entry;
    }
    (bits, table.concat())
}

fn slots(entries: &[(u64, u32)]) -> (u32, Vec<u8>) {
    table(
        entries
            .iter()
            .map(|(hash, payload)| (*hash, (u64::from(fingerprint(*hash)) | u64::from(*payload) << 32).to_le_bytes())),
    )
}

/// The commonest words: as many as 128 KiB hold.
const COMMONEST: usize = 10_800;
/// Slots of a bucket of the commonest.
const BUCKET: usize = 4;

/// The table of the commonest words: buckets of fingerprints and of payloads, without probing. Where a
/// bucket is full the rarer words are left out, and are found among all words.
#[expect(clippy::cast_possible_truncation, reason = "places are masked")]
fn buckets(entries: &[(u64, u32)]) -> (u32, Vec<u8>) {
    let bits = (entries.len().max(1) * 3 / 2 / BUCKET).next_power_of_two().trailing_zeros().max(4);
    let mut buckets = vec![[[0u32; BUCKET]; 2]; 1 << bits];
    for (hash, payload) in entries {
        let [prints, payloads] = &mut buckets[*hash as usize & ((1 << bits) - 1)];
        if let Some(free) = prints.iter().position(|print| *print == 0) {
            prints[free] = fingerprint(*hash);
            payloads[free] = *payload;
        }
    }
    (bits, buckets.as_flattened().as_flattened().iter().flat_map(|field| field.to_le_bytes()).collect())
}

/// The commonest words, read where they lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commonest<'a> {
    buckets: &'a [[[u8; 4]; 2 * BUCKET]],
}

impl<'a> Commonest<'a> {
    /// The table of `1 << bits` buckets that some bytes begin with, and the bytes after it.
    fn cut(bytes: &'a [u8], bits: usize) -> (Self, &'a [u8]) {
        let (buckets, rest) = bytes.split_at((2 * BUCKET * 4) << bits);
        (Self { buckets: buckets.as_chunks().0.as_chunks().0 }, rest)
    }

    /// The payload of a key's hash; 0 where the key is not there. All slots of the bucket are compared
    /// and none is branched on: which one it is nobody can foretell.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "places are masked")]
    pub(crate) fn get(&self, hash: u64) -> u32 {
        let Some(bucket) = self.buckets.get(hash as usize & (self.buckets.len() - 1)) else { return 0 };
        let wanted = fingerprint(hash);
        let (prints, payloads) = bucket.split_at(BUCKET);
        prints.iter().zip(payloads).fold(0, |found, (print, payload)| {
            let here = if u32::from_le_bytes(*print) == wanted { u32::MAX } else { 0 };
            found | here & u32::from_le_bytes(*payload)
        })
    }
}

/// Writes the tables. `exact` comes with the commonest words first.
#[expect(clippy::cast_possible_truncation, reason = "a vocabulary has far fewer than 2^32 bytes")]
pub(crate) fn write(out: &mut Vec<u8>, exact: &[(u64, u32)], folded: &[(u64, u32)], strings: &[&str], lexical: usize) {
    // A word without an id may get one from a user's layer, which only the whole table asks for.
    let with_id: Vec<_> = exact.iter().copied().filter(|(_, payload)| payload >> 8 != 0).take(COMMONEST).collect();
    let (common_bits, common) = buckets(&with_id);
    let (exact_bits, exact) = slots(exact);
    let (folded_bits, folded) = slots(folded);
    let bytes: usize = strings.iter().map(|s| s.len()).sum();
    let header = [exact_bits, folded_bits, common_bits, strings.len() as u32, bytes as u32, lexical as u32, 0, 0];
    for field in header {
        out.extend(field.to_le_bytes());
    }
    out.extend(exact);
    out.extend(folded);
    out.extend(common);
    let mut end = 0u32;
    for s in strings {
        end += s.len() as u32;
        out.extend(end.to_le_bytes());
    }
    for s in strings {
        out.extend(s.as_bytes());
    }
}

/// One packed hash table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    slots: &'a [[u8; SLOT]],
    mask: usize,
}

impl<'a> Table<'a> {
    /// The table of `1 << bits` slots that some bytes begin with, and the bytes after it.
    pub(crate) fn cut(bytes: &'a [u8], bits: usize) -> (Self, &'a [u8]) {
        let (slots, rest) = bytes.split_at(SLOT << bits);
        (Self { slots: slots.as_chunks().0, mask: (1 << bits) - 1 }, rest)
    }

    /// The slot where the probing for a key begins. Most of what a look-up costs is waiting for it, so
    /// those who look up many keys ask for all first slots before they read on with [`Self::get_from`].
    #[inline]
    pub(crate) fn first(&self, hash: u64) -> u64 {
        #[expect(clippy::cast_possible_truncation, reason = "masked")]
        self.slot(hash as usize)
    }

    /// The payload of a key's hash; 0 where the key is not there.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> u32 {
        self.get_from(hash, self.first(hash))
    }

    /// The same from the first slot on.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "halves of a slot, and places are masked")]
    pub(crate) fn get_from(&self, hash: u64, first: u64) -> u32 {
        let wanted = fingerprint(hash);
        let (mut at, mut slot) = (hash as usize, first);
        loop {
            let print = slot as u32;
            if print == wanted {
                return (slot >> 32) as u32;
            }
            if print == 0 {
                return 0;
            }
            at = at.wrapping_add(1);
            slot = self.slot(at);
        }
    }

    #[inline]
    fn slot(&self, at: usize) -> u64 {
        self.slots.get(at & self.mask).map_or(0, |slot| u64::from_le_bytes(*slot))
    }
}

/// The packed vocabulary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    /// Words as they are spelt.
    pub(crate) exact: Table<'a>,
    /// The commonest of them once more.
    pub(crate) common: Commonest<'a>,
    /// Accented words by their bare form.
    pub(crate) folded: Table<'a>,
    /// How many words have an id.
    pub(crate) len: usize,
    /// How many of them, the first, some lexicon speaks of; the others are only targets of corrections.
    pub(crate) lexical: usize,
    ends: &'a [u8],
    strings: &'a str,
}

pub(crate) fn field(bytes: &[u8], index: usize) -> usize {
    let at = index * 4;
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}

impl<'a> Packed<'a> {
    /// Reads the tables where they lie.
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let (len, text_len) = (field(bytes, 3), field(bytes, 4));
        let (exact, rest) = Table::cut(&bytes[HEADER..], field(bytes, 0));
        let (folded, rest) = Table::cut(rest, field(bytes, 1));
        let (common, rest) = Commonest::cut(rest, field(bytes, 2));
        let (ends, text) = rest.split_at(len * 4);
        Self {
            exact,
            folded,
            common,
            len,
            lexical: field(bytes, 5),
            ends,
            strings: std::str::from_utf8(&text[..text_len]).unwrap_or(""),
        }
    }

    /// The text of the word at an index (id less [`FIRST_WORD`]).
    pub(crate) fn text(&self, index: usize) -> &'a str {
        let start = if index == 0 { 0 } else { field(self.ends, index - 1) };
        self.strings.get(start..field(self.ends, index)).unwrap_or("")
    }
}

/// A word's tone in one language: valence in twentieths, tags. No tone is the least valence.
pub(crate) type PackedSense = [u8; 2];

/// A word without tone, in both languages.
pub(crate) const NO_SENSE: [PackedSense; 2] = [[0x80, 0]; 2];

/// Names of tags, in the order of their bits.
pub(crate) const TAG_NAMES: [&str; 7] = ["slang", "vulgar", "insult", "swear", "event", "feeling", "moral"];

/// Packs a tone row's cells; `None` where they are not what the reader accepts.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range by the check")]
pub(crate) fn sense(valence: &str, tags: &str) -> Option<PackedSense> {
    let valence: f32 = valence.parse().ok().filter(|v| (-4.0..=4.0).contains(v))?;
    let mut bits = 0u8;
    for tag in tags.split(',').map(str::trim).filter(|t| !t.is_empty()) {
        bits |= 1 << TAG_NAMES.iter().position(|t| *t == tag)?;
    }
    Some([(valence * 20.0).round() as i8 as u8, bits])
}

/// The valence of a packed sense.
#[inline]
#[expect(clippy::cast_possible_wrap, reason = "that is how it was packed")]
pub(crate) fn valence(sense: PackedSense) -> Option<f32> {
    let valence = sense[0] as i8;
    (valence != i8::MIN).then(|| f32::from(valence) / 20.0)
}

/// Learnt weights on their way into a table.
pub(crate) struct Weights {
    words: Vec<[[f32; 2]; 2]>,
    /// By word, the pairs that it is part of: see [`Learnt::pairs`].
    pairs_of: Vec<u8>,
    /// Pairs side by side, and with one word between.
    pairs: [Vec<(u64, [f32; 2])>; 2],
}

impl Weights {
    pub(crate) fn new(words: usize) -> Self {
        let words = words + FIRST_WORD as usize;
        Self { words: vec![[[0.0; 2]; 2]; words], pairs_of: vec![0; words], pairs: [Vec::new(), Vec::new()] }
    }

    /// Notes the weight of a word or slot, plain or under negation.
    pub(crate) fn word(&mut self, id: u32, weight: [f32; 2], denied: bool) {
        if let Some(word) = self.words.get_mut(id as usize) {
            word[usize::from(denied)] = weight;
        }
    }

    /// Notes the weight of a pair, side by side or with a gap.
    pub(crate) fn pair(&mut self, ids: [u32; 2], gap: usize, weight: [f32; 2]) {
        self.pairs[gap].push((hash_pair(ids[0], ids[1]), weight));
        for (id, bits) in ids.into_iter().zip([Learnt::FIRST, Learnt::SECOND]) {
            if let Some(word) = self.pairs_of.get_mut(id as usize) {
                *word |= bits[gap];
            }
        }
    }

    /// Writes the table, and gives what the words' rows say of it; `places` are those of the words' rows
    /// in the network.
    #[expect(clippy::cast_possible_truncation, reason = "quantised, and far fewer than 2^32")]
    pub(crate) fn write(&self, places: &[u16], out: &mut Vec<u8>) -> Vec<Learnt> {
        let scale_of = |weights: &mut dyn Iterator<Item = f32>| weights.fold(0.0f32, |m, w| m.max(w.abs())) / 127.0;
        let scales = [
            scale_of(&mut self.words.iter().flat_map(|w| w[0])),
            scale_of(&mut self.words.iter().flat_map(|w| w[1])),
            scale_of(&mut self.pairs[0].iter().flat_map(|(_, w)| *w)),
            scale_of(&mut self.pairs[1].iter().flat_map(|(_, w)| *w)),
        ];
        let byte = |weight: f32, scale: f32| {
            if scale == 0.0 { 0u8 } else { ((weight / scale).round() as i8).to_le_bytes()[0] }
        };
        let packed = |gap: usize| {
            let scale = scales[2 + gap];
            let (bits, mut slots) = table(self.pairs[gap].iter().map(|(hash, weight)| {
                let [low, high] = pair_print(*hash).to_le_bytes();
                (*hash, [low, high, byte(weight[0], scale), byte(weight[1], scale)])
            }));
            slots.extend_from_within(..PAIR * WINDOW);
            (bits, slots)
        };
        let [(pair_bits, pairs), (skip_bits, skips)] = [0, 1].map(packed);
        for scale in scales {
            out.extend(scale.to_le_bytes());
        }
        for field in [pair_bits, skip_bits, 0, 0] {
            out.extend(field.to_le_bytes());
        }
        out.extend(pairs);
        out.extend(skips);
        self.pairs.iter().for_each(|pairs| out.extend(filter(pairs)));
        let words = self.words.iter().zip(&self.pairs_of).zip(places);
        let bytes = |[plain, denied]: [[f32; 2]; 2]| {
            [plain.map(|weight| byte(weight, scales[0])), denied.map(|weight| byte(weight, scales[1]))]
        };
        words.map(|((word, pairs), place)| Learnt::new(bytes(*word), *place, *pairs)).collect()
    }
}

/// Bytes of a filter: small enough for the cache, and with twenty thousand pairs it lets one in thirteen by.
const FILTER: usize = 32 * 1024;

/// The byte and the bit of a filter that a pair sets.
#[inline]
fn place(hash: u64) -> (usize, u8) {
    let bit = (hash >> 40) as usize & (FILTER * 8 - 1);
    (bit / 8, 1 << (bit % 8))
}

fn filter(pairs: &[(u64, [f32; 2])]) -> Vec<u8> {
    let mut bits = vec![0u8; FILTER];
    for (hash, _) in pairs {
        let (byte, bit) = place(*hash);
        bits[byte] |= bit;
    }
    bits
}

/// Bytes of a pair's slot: a fingerprint of 16 bits and two weights. A wrong hit needs a pair that the
/// filter lets by and that has the print of one in its run: fewer than one pair in a hundred thousand.
const PAIR: usize = 4;

/// Slots that are looked through at once: which of them ends the probing is not to be foretold, so
/// there is no branch on it. The table's first slots follow its last once more.
const WINDOW: usize = 4;

#[inline]
fn pair_print(hash: u64) -> u16 {
    (hash >> 48) as u16 | 1
}

/// A table of pairs behind its filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pairs<'a> {
    slots: &'a [[u8; PAIR]],
    mask: usize,
    filter: &'a [u8; FILTER],
    scale: f32,
}

impl<'a> Pairs<'a> {
    /// The table of `1 << bits` slots that some bytes begin with, and the bytes after it.
    fn cut(bytes: &'a [u8], bits: usize, filter: &'a [u8; FILTER], scale: f32) -> (Self, &'a [u8]) {
        let mask = (1 << bits) - 1;
        let (slots, rest) = bytes.split_at(PAIR * (mask + 1 + WINDOW));
        (Self { slots: slots.as_chunks().0, mask, filter, scale }, rest)
    }

    /// Whether a pair may be in the table.
    #[inline]
    pub(crate) fn may_hold(&self, hash: u64) -> bool {
        let (byte, bit) = place(hash);
        self.filter[byte] & bit != 0
    }

    /// Polarity and neutrality of a pair, noughts where it is not in the table.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "places are masked")]
    pub(crate) fn get(&self, hash: u64) -> [f32; 2] {
        let wanted = pair_print(hash);
        let mut at = hash as usize & self.mask;
        while let Some(window) = self.slots.get(at..).and_then(|slots| slots.first_chunk::<WINDOW>()) {
            // The first slot that is the pair's or empty ends the probing: a bit for each that would.
            let ends = |slot: &[u8; PAIR]| {
                let print = u16::from_le_bytes([slot[0], slot[1]]);
                u32::from(print == wanted) | u32::from(print == 0)
            };
            let [a, b, c, d] = window;
            let bits = ends(a) | ends(b) << 1 | ends(c) << 2 | ends(d) << 3;
            if bits != 0 {
                let [_, _, polarity, neutrality] = window[bits.trailing_zeros() as usize % WINDOW];
                return [wide(polarity) * self.scale, wide(neutrality) * self.scale];
            }
            at = (at + WINDOW) & self.mask;
        }
        [0.0; 2]
    }
}

/// The learnt table, read where it lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackedWeights<'a> {
    scales: [f32; 2],
    words: &'a [row::Packed],
    /// French or English: which part of the rows is the table's.
    language: usize,
    /// Pairs side by side, and with one word between.
    pub(crate) pairs: [Pairs<'a>; 2],
}

/// The filter of a table that holds nothing.
static NO_PAIRS: [u8; FILTER] = [0; FILTER];

impl<'a> PackedWeights<'a> {
    /// Reads a language's table where it lies; `words` are the rows of all words.
    pub(crate) fn read(bytes: &'a [u8], words: &'a [row::Packed], language: usize) -> Self {
        let scale = |i: usize| f32::from_le_bytes([bytes[i * 4], bytes[i * 4 + 1], bytes[i * 4 + 2], bytes[i * 4 + 3]]);
        let (rest, filters) = bytes[HEADER..].split_at(bytes.len() - HEADER - 2 * FILTER);
        let (of_pairs, of_skips) = filters.split_at(FILTER);
        let whole = |filter: &'a [u8]| filter.first_chunk().unwrap_or(&NO_PAIRS);
        let (pairs, rest) = Pairs::cut(rest, field(bytes, 4), whole(of_pairs), scale(2));
        let (skips, _) = Pairs::cut(rest, field(bytes, 5), whole(of_skips), scale(3));
        Self { scales: [scale(0), scale(1)], words, language, pairs: [pairs, skips] }
    }

    /// What is learnt of a word; noughts where the table has none.
    #[inline]
    pub(crate) fn learnt(&self, id: u32) -> Learnt {
        self.words.get(id as usize).map_or(Learnt::default(), |row| row::learnt(row, self.language))
    }

    /// Polarity and neutrality of a word, plain or under negation.
    #[inline]
    pub(crate) fn weight(&self, learnt: Learnt, denied: bool) -> [f32; 2] {
        learnt.weight(denied).map(|step| f32::from(step) * self.scales[usize::from(denied)])
    }
}

#[inline]
fn wide(byte: u8) -> f32 {
    f32::from(i8::from_le_bytes([byte]))
}
