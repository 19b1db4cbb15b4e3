//! The rows of `lexicons/{fr,en}/noise.tsv`, ready to be found in a text.
//!
//! A row is a pattern, a class (`spam`, `giveaway`, `auto`, `ordinary`, `person`, `homonym`), a weight and an
//! example that must fire it. A pattern is words in a row; `a|b` either, `a?` or nothing, `…` up to
//! three pieces of anything, `^` the start of the text, `<n>` a number, `<link>`, `<at>`, `<tag>`,
//! `<money>` a currency sign. A row of class
//! `homonym` is a name that is also a common noun, and its context the words that show the noun.
//! Rows are indexed by their first piece, each with a sign of what its second can be: a text costs a look-up
//! a piece, and few rows are compared with it.

use super::skim::{Kind, Skim, mix};
use super::table::{ByHash, Filter};
use crate::lexicon::parse::rows;
use std::sync::OnceLock;

/// What a cue speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Spam,
    Giveaway,
    Auto,
    /// Against all of these.
    Ordinary,
    /// A person's own story: against selling, but people enter contests and machines say "I" too.
    Person,
}

const CLASSES: [(&str, Class); 5] = [
    ("spam", Class::Spam),
    ("giveaway", Class::Giveaway),
    ("auto", Class::Auto),
    ("ordinary", Class::Ordinary),
    ("person", Class::Person),
];

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Any { of: Vec<u64>, optional: bool },
    Gap,
}

#[derive(Debug)]
struct Cue {
    parts: Vec<Part>,
    /// The row it comes from: a row counts once, whichever of its spellings is there.
    row: u32,
    at_start: bool,
    class: Class,
    weight: f32,
}

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
    rows: u32,
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

const FILES: [(bool, &str); 2] = [
    (cfg!(feature = "fr"), include_str!("../../lexicons/fr/noise.tsv")),
    (cfg!(feature = "en"), include_str!("../../lexicons/en/noise.tsv")),
];

/// What stands for a kind of piece in a pattern.
const KINDS: [(&str, Kind, u64); 4] =
    [("<n>", Kind::Number, 1), ("<link>", Kind::Link, 2), ("<at>", Kind::Mention, 3), ("<tag>", Kind::Hashtag, 4)];
const MONEY: u64 = 5;

impl Cues {
    /// The built-in cues, read once.
    pub(crate) fn builtin() -> &'static Self {
        static CUES: OnceLock<Cues> = OnceLock::new();
        CUES.get_or_init(|| {
            let mut cues = Self::default();
            FILES.iter().filter(|(on, _)| *on).for_each(|(_, text)| cues.read(text));
            cues
        })
    }

    fn read(&mut self, text: &str) {
        for row in rows(text) {
            if row.cell(1) == "homonym" {
                let context = row.cell(2).split('|').flat_map(|w| Skim::of(w).pieces).map(|p| p.hash);
                if let Some(name) = Skim::of(row.cell(0)).pieces.first() {
                    self.homonyms.entry(name.hash).or_default().extend(context);
                }
                continue;
            }
            let class = CLASSES.iter().find(|(name, _)| *name == row.cell(1));
            // A test holds every built-in row to a class, a weight and an example that fires.
            if let (Some((_, class)), Ok(weight)) = (class, row.cell(2).parse()) {
                self.add(row.cell(0), *class, weight);
            }
        }
    }

    fn add(&mut self, pattern: &str, class: Class, weight: f32) {
        let (at_start, pattern) = pattern.strip_prefix("^ ").map_or((false, pattern), |rest| (true, rest));
        self.rows += 1;
        for parts in spellings(pattern) {
            self.index(&Cue { parts, row: self.rows, at_start, class, weight });
        }
    }

    fn index(&mut self, cue: &Cue) {
        // An optional first part is two patterns, so that every pattern has a first piece to be found by.
        if let Some((Part::Any { optional: true, of }, rest)) = cue.parts.split_first() {
            let with = [&[Part::Any { of: of.clone(), optional: false }], rest].concat();
            self.index(&Cue { parts: with, ..*cue });
            self.index(&Cue { parts: rest.to_vec(), ..*cue });
            return;
        }
        let Some(Part::Any { of, .. }) = cue.parts.first() else { return };
        let place = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        let next = match cue.parts.get(1) {
            Some(Part::Any { of, optional: false }) => of.iter().fold(0, |signs, key| signs | sign(*key)),
            _ => u64::MAX,
        };
        for hash in of {
            self.filter.add(*hash);
            self.by_first.entry(*hash).or_default().push(Entry { place, next });
        }
        self.patterns.push(Cue { parts: cue.parts.clone(), ..*cue });
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

fn kind_key(number: u64) -> u64 {
    mix(0xC0E5_0000 + number)
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

/// The spellings of a pattern, each as its parts. `l'heure` is two pieces, so a choice between words of
/// one piece and of several (`selon|d'après`) is several spellings.
fn spellings(pattern: &str) -> Vec<Vec<Part>> {
    let mut out: Vec<Vec<Part>> = vec![Vec::new()];
    for word in pattern.split_whitespace() {
        let choices = if word == "…" { vec![vec![Part::Gap]] } else { choices(word) };
        out = out.iter().flat_map(|head| choices.iter().map(move |tail| [head.as_slice(), tail].concat())).collect();
    }
    out
}

/// What a word of a pattern can be.
fn choices(word: &str) -> Vec<Vec<Part>> {
    let (word, optional) = word.strip_suffix('?').filter(|w| !w.is_empty()).map_or((word, false), |w| (w, true));
    let mut single = Vec::new();
    let mut out = Vec::new();
    for choice in word.split('|') {
        let kind = KINDS.iter().find(|(name, _, _)| *name == choice).map(|(_, _, n)| kind_key(*n));
        let kind = kind.or_else(|| (choice == "<money>").then(|| kind_key(MONEY)));
        let hashes = kind.map_or_else(|| Skim::of(choice).pieces.iter().map(|p| p.hash).collect(), |k| vec![k]);
        match hashes.as_slice() {
            [one] => single.push(*one),
            many => out.push(many.iter().map(|h| Part::Any { of: vec![*h], optional }).collect()),
        }
    }
    if !single.is_empty() {
        out.push(vec![Part::Any { of: single, optional }]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row whose example does not fire it is a row nobody understands.
    #[test]
    fn every_row_fires_on_its_example() {
        let mut wrong = Vec::new();
        for (_, text) in FILES {
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
                let mut one = Cues::default();
                one.add(term, Class::Spam, weight);
                if one.find(&Skim::of(row.cell(3))).sums[0] == 0.0 {
                    wrong.push(format!("line {}: `{term}` does not fire on `{}`", row.line, row.cell(3)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
