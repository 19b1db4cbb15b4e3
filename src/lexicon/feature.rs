//! What a row of a learnt table speaks of, by how it is spelt: one reader for the build and the library.

use super::slot;

/// A feature of a learnt table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature<'a> {
    /// `language:en`: the table speaks of posts in that language only.
    Language(&'a str),
    /// `rule:sum`: a feature of the rules, on the axis of polarity.
    Rule(&'a str),
    /// `shape:length`: the same on that of neutrality.
    Shape(&'a str),
    /// `about:flight`: how far a post that holds the word is of the table's domain, from 0 to 1.
    About(&'a str),
    /// `domain:prior`: what is said of a post of the domain whatever its words.
    Domain,
    /// `never:mixed`: a label that no post was given.
    Never(&'a str),
    /// `!`: its place among [`slot::MARKS`].
    Mark(usize),
    /// `nul`, and under negation `¬bon`; a bare `¬` is any unknown word under negation.
    Word { word: &'a str, denied: bool },
    /// `service client`, and with a word between `très…déçu`.
    Pair { words: [&'a str; 2], gap: bool },
}

impl<'a> Feature<'a> {
    /// Reads a feature; `None` where nothing is written.
    pub(crate) fn read(written: &'a str) -> Option<Self> {
        if let Some((kind, name)) = written.split_once(':') {
            match kind {
                "language" => return Some(Self::Language(name)),
                "rule" => return Some(Self::Rule(name)),
                "shape" => return Some(Self::Shape(name)),
                "domain" if name == "prior" => return Some(Self::Domain),
                "about" => return Some(Self::About(name)),
                "never" => return Some(Self::Never(name)),
                _ => {}
            }
        }
        // Before words: a mark may be one in some pattern.
        Some(if let Some(place) = slot::MARKS.iter().position(|mark| *mark == written) {
            Self::Mark(place)
        } else if let Some(word) = written.strip_prefix('¬') {
            Self::Word { word, denied: true }
        } else if let Some((a, b)) = written.split_once('…') {
            Self::Pair { words: [a, b], gap: true }
        } else if let Some((a, b)) = written.split_once(' ') {
            Self::Pair { words: [a, b], gap: false }
        } else if written.is_empty() {
            return None;
        } else {
            Self::Word { word: written, denied: false }
        })
    }
}
