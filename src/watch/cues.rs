//! The cues of `lexicons/{fr,en}/noise.tsv`, found in a text.
//!
//! Patterns (see `pattern`) are indexed by their first piece, each with a sign of what its second can be: a text
//! costs a look-up a piece, and few patterns are compared with it.

use super::packed;
use super::pattern::{CLASSES, Cue, KINDS, MONEY, Part, Patterns, kind_key};
use super::skim::{Kind, Skim, mix};
use super::table::{ByHash, Filter};
use std::sync::OnceLock;

/// A pattern under one of its first pieces.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its place in `patterns`.
    place: u32,
    /// The signs (see [`sign`]) of what can follow; all where anything can, or nothing need.
    next: u64,
}

/// The cues of every language that is compiled in.
#[derive(Debug, Default)]
pub(crate) struct Cues {
    patterns: Vec<Cue>,
    by_first: ByHash<u64, Vec<Entry>>,
    /// A bit for each key of `by_first`.
    filter: Filter,
    homonyms: ByHash<u64, Vec<u64>>,
}

/// What was found: sums by class, and where the strongest cue of each class stands.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) sums: [f32; CLASSES.len()],
    pub(crate) places: [Option<(u32, u32)>; CLASSES.len()],
}

impl Cues {
    /// The built-in cues, read once.
    pub(crate) fn builtin() -> &'static Self {
        static CUES: OnceLock<Cues> = OnceLock::new();
        static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/noise-cues.bin"));
        CUES.get_or_init(|| Self::of(packed::patterns(BYTES)))
    }

    fn of(patterns: Patterns) -> Self {
        let mut cues = Self { patterns: patterns.cues, ..Self::default() };
        for (place, cue) in (0u32..).zip(&cues.patterns) {
            let Some(Part::Any { of, .. }) = cue.parts.first() else { continue };
            let next = match cue.parts.get(1) {
                Some(Part::Any { of, optional: false }) => of.iter().fold(0, |signs, key| signs | sign(*key)),
                _ => u64::MAX,
            };
            for hash in of {
                cues.filter.add(*hash);
                cues.by_first.entry(*hash).or_default().push(Entry { place, next });
            }
        }
        for (name, context) in patterns.homonyms {
            cues.homonyms.entry(name).or_default().extend(context);
        }
        cues
    }

    /// The words that show that a name is a common noun, if it is one.
    pub(crate) fn homonym(&self, name: u64) -> Option<&[u64]> {
        self.homonyms.get(&name).map(Vec::as_slice)
    }

    /// Every cue of a text, each counted once.
    pub(crate) fn find(&self, skim: &Skim) -> Found {
        let mut found = Found::default();
        let mut best = [0.0_f32; CLASSES.len()];
        let mut seen: Vec<u32> = Vec::new();
        let mut here = keys(skim, 0);
        for at in 0..skim.pieces.len() {
            let next = keys(skim, at + 1);
            let signs = next.into_iter().flatten().fold(0, |signs, key| signs | sign(key));
            let here = std::mem::replace(&mut here, next).into_iter().flatten();
            for hash in here.filter(|hash| self.filter.may_hold(*hash)) {
                for entry in self.by_first.get(&hash).map_or(&[][..], Vec::as_slice) {
                    if entry.next != u64::MAX && entry.next & signs == 0 {
                        continue;
                    }
                    let Some(cue) = self.patterns.get(entry.place as usize) else { continue };
                    if (cue.at_start && at > 0) || seen.contains(&cue.row) {
                        continue;
                    }
                    let Some(end) = matches(&cue.parts, skim, at) else { continue };
                    seen.push(cue.row);
                    let class = cue.class as usize;
                    found.sums[class] += cue.weight;
                    if cue.weight > best[class] && end > at {
                        best[class] = cue.weight;
                        found.places[class] = Some((skim.pieces[at].start, skim.pieces[end - 1].end));
                    }
                }
            }
        }
        found
    }
}

/// One bit for a key. Two keys may share theirs.
#[inline]
fn sign(key: u64) -> u64 {
    1 << (key >> 58)
}

/// What a piece can be found by: itself, and its kind.
#[inline]
fn keys(skim: &Skim, at: usize) -> [Option<u64>; 2] {
    let Some(piece) = skim.pieces.get(at) else { return [None, None] };
    let kind = match piece.kind {
        Kind::Word => None,
        Kind::Symbol => (piece.end - piece.start <= 3 && is_money(piece.hash)).then(|| kind_key(MONEY)),
        kind => KINDS.iter().find(|(_, k, _)| *k == kind).map(|(_, _, n)| kind_key(*n)),
    };
    [Some(piece.hash), kind]
}

fn is_money(hash: u64) -> bool {
    static SIGNS: OnceLock<[u64; 3]> = OnceLock::new();
    SIGNS.get_or_init(|| ['€', '$', '£'].map(|c| mix(u64::from(c)))).contains(&hash)
}

fn matches(parts: &[Part], skim: &Skim, at: usize) -> Option<usize> {
    let Some((first, rest)) = parts.split_first() else { return Some(at) };
    match first {
        Part::Gap => (0..=3).find_map(|skip| matches(rest, skim, at + skip)),
        Part::Any { of, optional } => {
            let here = keys(skim, at).into_iter().flatten().any(|k| of.contains(&k));
            here.then(|| matches(rest, skim, at + 1))
                .flatten()
                .or_else(|| optional.then(|| matches(rest, skim, at)).flatten())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::Class;
    use super::*;
    use crate::lexicon::parse::rows;

    const FILES: [&str; 2] = [include_str!("../../lexicons/fr/noise.tsv"), include_str!("../../lexicons/en/noise.tsv")];

    /// A row whose example does not fire it is a row nobody understands.
    #[test]
    fn every_row_fires_on_its_example() {
        let mut wrong = Vec::new();
        for text in FILES {
            let mut last = String::new();
            for row in rows(text) {
                let term = row.cell(0);
                if *last > *term {
                    wrong.push(format!("line {}: `{term}` is not in order", row.line));
                }
                last = term.to_owned();
                if row.cell(1) == "homonym" {
                    assert!(!row.cell(2).is_empty(), "line {}: no context", row.line);
                    continue;
                }
                assert!(CLASSES.iter().any(|(name, _)| *name == row.cell(1)), "line {}: class", row.line);
                let weight: f32 = row.cell(2).parse().unwrap_or(-1.0);
                assert!((0.1..=1.5).contains(&weight), "line {}: weight", row.line);
                let mut one = Patterns::default();
                one.add(term, Class::Spam, weight);
                if Cues::of(one).find(&Skim::of(row.cell(3))).sums[0] == 0.0 {
                    wrong.push(format!("line {}: `{term}` does not fire on `{}`", row.line, row.cell(3)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
