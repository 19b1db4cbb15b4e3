//! The built-in rows, packed: the trie of their patterns and what each pattern means.
//!
//! After the trie: three `u32` (bytes of entries, of aspect names, of shorthand), the entries, the aspect
//! names one a line, the shorthand. Patterns are many and meanings few, so an entry is kept once.

use super::layer::Layer;
use super::pack::field;
use super::sense::Entry;
use super::trie::Frozen;

/// The built-in rows, read where they lie.
#[derive(Debug)]
pub(crate) struct Patterns<'a> {
    pub(crate) trie: Frozen<'a>,
    /// By the number that a node holds; the first means nothing.
    pub(crate) entries: Vec<Entry>,
    aspects: &'a str,
    shorthand: &'a [[u8; 4]],
}

/// Packs a layer.
#[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer of everything")]
pub(crate) fn write(layer: &Layer, out: &mut Vec<u8>) {
    let mut distinct: Vec<Entry> = Vec::new();
    let mut packed: Vec<u8> = Vec::new();
    let mut patterns = layer.patterns.clone();
    let mut place = |entry: &Entry| {
        distinct.iter().position(|e| e == entry).unwrap_or_else(|| {
            distinct.push(*entry);
            entry.pack(&mut packed);
            distinct.len() - 1
        })
    };
    place(&Entry::default());
    let places: Vec<usize> = layer.entries.iter().map(place).collect();
    for node in 1..patterns.len() as u32 {
        let entry = patterns.entry(node);
        if entry != 0 {
            patterns.mean(node, places[entry as usize] as u32);
        }
    }
    patterns.freeze(out);
    let aspects = layer.aspects.join("\n");
    let mut shorthand: Vec<u32> = Vec::new();
    for (id, language, full) in &layer.shorthand {
        shorthand.extend([*id, *language as u32, full.len() as u32]);
        shorthand.extend(full);
    }
    for size in [packed.len(), aspects.len(), shorthand.len() * 4] {
        out.extend((size as u32).to_le_bytes());
    }
    out.extend(packed);
    out.extend(aspects.bytes());
    out.extend(shorthand.iter().flat_map(|n| n.to_le_bytes()));
}

impl<'a> Patterns<'a> {
    /// Reads what [`write`] wrote.
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let (trie, rest) = Frozen::read(bytes);
        let [of_entries, of_aspects] = [0, 1].map(|i| field(rest, i));
        let (entries, rest) = rest[12..].split_at(of_entries);
        let (aspects, shorthand) = rest.split_at(of_aspects);
        Self {
            trie,
            entries: Entry::unpack(entries),
            aspects: std::str::from_utf8(aspects).unwrap_or(""),
            shorthand: shorthand.as_chunks().0,
        }
    }

    /// Names of aspects, by their place.
    pub(crate) fn aspects(&self) -> Vec<String> {
        self.aspects.lines().map(str::to_owned).collect()
    }

    /// What is written, the language, what it stands for.
    pub(crate) fn shorthand(&self) -> impl Iterator<Item = (u32, usize, Vec<u32>)> + '_ {
        let mut rest = self.shorthand;
        std::iter::from_fn(move || {
            let [id, language, length, after @ ..] = rest else { return None };
            let (full, after) = after.split_at(u32::from_le_bytes(*length) as usize);
            rest = after;
            let full = full.iter().map(|n| u32::from_le_bytes(*n)).collect();
            Some((u32::from_le_bytes(*id), u32::from_le_bytes(*language) as usize, full))
        })
    }
}
