//! The rows of `lexicons/{fr,en}/noise.tsv`, ready to be found in a text.
//!
//! A row is a pattern, a class (`spam`, `giveaway`, `auto`, `ordinary`, `homonym`), a weight and an
//! example that must fire it. A pattern is words in a row; `a|b` either, `a?` or nothing, `…` up to
//! three pieces of anything, `<n>` a number, `<link>`, `<at>`, `<tag>`, `<money>` a currency sign. A row of class
//! `homonym` is a name that is also a common noun, and its context the words that show the noun.
//! Rows are indexed by their first piece, so a text costs one look-up a piece.

use super::duplicate::ByHash;
use super::skim::{Kind, Skim, mix};
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
}

const CLASSES: [(&str, Class); 4] =
    [("spam", Class::Spam), ("giveaway", Class::Giveaway), ("auto", Class::Auto), ("ordinary", Class::Ordinary)];

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Any { of: Vec<u64>, optional: bool },
    Gap,
}

#[derive(Debug)]
struct Cue {
    parts: Vec<Part>,
    class: Class,
    weight: f32,
}

/// The cues of every language that is compiled in.
#[derive(Debug, Default)]
pub(crate) struct Cues {
    cues: Vec<Cue>,
    by_first: ByHash<u64, Vec<u32>>,
    homonyms: ByHash<u64, Vec<u64>>,
}

/// What was found: sums by class, and where the strongest cue of each class stands.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) sums: [f32; 4],
    pub(crate) places: [Option<(u32, u32)>; 4],
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
                self.add(&parts(row.cell(0)), *class, weight);
            }
        }
    }

    fn add(&mut self, parts: &[Part], class: Class, weight: f32) {
        // An optional first part is two patterns, so that every pattern has a first piece to be found by.
        if let Some((Part::Any { optional: true, of }, rest)) = parts.split_first() {
            let with = [&[Part::Any { of: of.clone(), optional: false }], rest].concat();
            self.add(&with, class, weight);
            self.add(rest, class, weight);
            return;
        }
        let Some(Part::Any { of, .. }) = parts.first() else { return };
        let place = u32::try_from(self.cues.len()).unwrap_or(u32::MAX);
        for hash in of {
            self.by_first.entry(*hash).or_default().push(place);
        }
        self.cues.push(Cue { parts: parts.to_vec(), class, weight });
    }

    /// The words that show that a name is a common noun, if it is one.
    pub(crate) fn homonym(&self, name: u64) -> Option<&[u64]> {
        self.homonyms.get(&name).map(Vec::as_slice)
    }

    /// Every cue of a text, each counted once.
    pub(crate) fn find(&self, skim: &Skim) -> Found {
        let mut found = Found::default();
        let mut best = [0.0_f32; 4];
        let mut seen: Vec<u32> = Vec::new();
        for at in 0..skim.pieces.len() {
            for hash in keys(skim, at).into_iter().flatten() {
                for place in self.by_first.get(&hash).map_or(&[][..], Vec::as_slice) {
                    let Some(cue) = self.cues.get(*place as usize) else { continue };
                    if seen.contains(place) {
                        continue;
                    }
                    let Some(end) = matches(&cue.parts, skim, at, 0) else { continue };
                    seen.push(*place);
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
    ['€', '$', '£'].iter().any(|c| mix(u64::from(*c)) == hash)
}

fn matches(parts: &[Part], skim: &Skim, at: usize, depth: usize) -> Option<usize> {
    let Some((first, rest)) = parts.split_first() else { return Some(at) };
    match first {
        Part::Gap => (0..=3).find_map(|skip| matches(rest, skim, at + skip, depth + 1)),
        Part::Any { of, optional } => {
            let here = keys(skim, at).into_iter().flatten().any(|k| of.contains(&k));
            here.then(|| matches(rest, skim, at + 1, depth + 1))
                .flatten()
                .or_else(|| optional.then(|| matches(rest, skim, at, depth + 1)).flatten())
        }
    }
}

/// The parts of a pattern.
fn parts(pattern: &str) -> Vec<Part> {
    let mut out = Vec::new();
    for word in pattern.split_whitespace() {
        if word == "…" {
            out.push(Part::Gap);
            continue;
        }
        let (word, optional) = word.strip_suffix('?').filter(|w| !w.is_empty()).map_or((word, false), |w| (w, true));
        let kind = |w: &str| {
            let money = (w == "<money>").then(|| kind_key(MONEY));
            KINDS.iter().find(|(name, _, _)| *name == w).map(|(_, _, n)| kind_key(*n)).or(money)
        };
        let choices: Vec<&str> = word.split('|').collect();
        if choices.len() == 1 && kind(word).is_none() {
            // `l'heure` is two pieces.
            out.extend(Skim::of(word).pieces.iter().map(|p| Part::Any { of: vec![p.hash], optional }));
        } else {
            let of = choices.iter().flat_map(|c| kind(c).map_or_else(|| Skim::of(c).pieces.iter().map(|p| p.hash).collect(), |k| vec![k]));
            out.push(Part::Any { of: of.collect(), optional });
        }
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
                one.add(&parts(term), Class::Spam, weight);
                if one.find(&Skim::of(row.cell(3))).sums[0] == 0.0 {
                    wrong.push(format!("line {}: `{term}` does not fire on `{}`", row.line, row.cell(3)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
