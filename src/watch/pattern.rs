//! The rows of `lexicons/{fr,en}/noise.tsv` as patterns of pieces; the build script shares this file and packs them.
//!
//! A row is a pattern, a class (`spam`, `giveaway`, `auto`, `ordinary`, `person`, `homonym`), a weight and an
//! example that must fire it. A pattern is words in a row; `a|b` either, `a?` or nothing, `…` up to
//! three pieces of anything, `^` the start of the text, `<n>` a number, `<link>`, `<at>`, `<tag>`,
//! `<money>` a currency sign. A row of class `homonym` is a name that is also a common noun, and its
//! context the words that show the noun.

use super::skim::{Kind, Skim, mix};
use crate::lexicon::parse::rows;

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

pub(crate) const CLASSES: [(&str, Class); 5] = [
    ("spam", Class::Spam),
    ("giveaway", Class::Giveaway),
    ("auto", Class::Auto),
    ("ordinary", Class::Ordinary),
    ("person", Class::Person),
];

/// A place of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    /// One of these pieces or kinds, by key.
    Any { of: Vec<u64>, optional: bool },
    /// Up to three pieces of anything.
    Gap,
}

/// A pattern and what it speaks for.
#[derive(Debug, Clone)]
pub(crate) struct Cue {
    pub(crate) parts: Vec<Part>,
    /// The row it comes from: a row counts once, whichever of its spellings is there.
    pub(crate) row: u32,
    pub(crate) at_start: bool,
    pub(crate) class: Class,
    pub(crate) weight: f32,
}

/// What stands for a kind of piece in a pattern.
pub(crate) const KINDS: [(&str, Kind, u64); 4] =
    [("<n>", Kind::Number, 1), ("<link>", Kind::Link, 2), ("<at>", Kind::Mention, 3), ("<tag>", Kind::Hashtag, 4)];
pub(crate) const MONEY: u64 = 5;

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    /// None begins with an optional part, so that each has a first piece to be found by.
    pub(crate) cues: Vec<Cue>,
    /// Names that are also common nouns, each with the words that show the noun.
    pub(crate) homonyms: Vec<(u64, Vec<u64>)>,
    rows: u32,
}

impl Patterns {
    /// Adds the rows of a file.
    pub(crate) fn read(&mut self, text: &str) {
        for row in rows(text) {
            if row.cell(1) == "homonym" {
                let context = row.cell(2).split('|').flat_map(|w| Skim::of(w).pieces).map(|p| p.hash);
                if let Some(name) = Skim::of(row.cell(0)).pieces.first() {
                    self.homonyms.push((name.hash, context.collect()));
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

    /// Adds a pattern in each of its spellings.
    pub(crate) fn add(&mut self, pattern: &str, class: Class, weight: f32) {
        let (at_start, pattern) = pattern.strip_prefix("^ ").map_or((false, pattern), |rest| (true, rest));
        self.rows += 1;
        for parts in spellings(pattern) {
            self.push(Cue { parts, row: self.rows, at_start, class, weight });
        }
    }

    /// Adds a cue; one that begins with an optional part is two.
    fn push(&mut self, cue: Cue) {
        match cue.parts.split_first() {
            Some((Part::Any { optional: true, of }, rest)) => {
                let with = [&[Part::Any { of: of.clone(), optional: false }], rest].concat();
                self.push(Cue { parts: with, ..cue });
                self.push(Cue { parts: rest.to_vec(), ..cue });
            }
            Some((Part::Any { .. }, _)) => self.cues.push(cue),
            _ => {}
        }
    }
}

/// The key of a kind of piece.
pub(crate) fn kind_key(number: u64) -> u64 {
    mix(0xC0E5_0000 + number)
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
