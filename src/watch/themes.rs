//! What a word is about, as far as noise goes: goods, money, a contest, a parcel, an ordinary complaint.
//!
//! `lexicons/{fr,en}/themes.tsv` lists words with their themes. A theme says little by itself: people and
//! sellers both name sofas and prices. Together with other themes and with shapes (a link, a telephone)
//! it says what no single word can, and for words that no labelled post ever held; how much is learnt
//! (see `learned`). A text's themes are bits of one number.

use super::skim::Skim;
use crate::lexicon::parse::rows;

/// Every theme, in the order of its bits.
pub(crate) const THEMES: [&str; 33] = [
    "account",
    "act",
    "adult",
    "asks",
    "bet",
    "care",
    "cash",
    "contact",
    "contest",
    "data",
    "deal",
    "event",
    "felt",
    "free",
    "goods",
    "home",
    "hurry",
    "influence",
    "invest",
    "job",
    "know",
    "lend",
    "lived",
    "machine",
    "news",
    "occult",
    "self",
    "state",
    "trade",
    "traffic",
    "unit",
    "warn",
    "weather",
];

/// The words of a file with their themes, by the hash of a piece.
pub(crate) fn read(text: &str) -> impl Iterator<Item = (u64, u64)> {
    rows(text).filter_map(|row| {
        let mask = row.cell(1).split(',').filter_map(bit).fold(0, |mask, bit| mask | 1 << bit);
        Skim::of(row.cell(0)).pieces.first().map(|piece| (piece.hash, mask))
    })
}

/// The place of a theme.
fn bit(name: &str) -> Option<usize> {
    THEMES.iter().position(|theme| *theme == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 2] =
        [include_str!("../../lexicons/fr/themes.tsv"), include_str!("../../lexicons/en/themes.tsv")];

    #[test]
    fn rows_are_one_word_each_in_order_with_themes_that_exist() {
        let mut names = THEMES;
        names.sort_unstable();
        assert_eq!(names, THEMES);
        for text in FILES {
            let mut last = String::new();
            for row in rows(text) {
                let term = row.cell(0);
                assert!(*last < *term, "line {}: `{term}` is not in order", row.line);
                assert_eq!(Skim::of(term).pieces.len(), 1, "line {}: `{term}` is not one word", row.line);
                assert!(row.cell(1).split(',').all(|theme| bit(theme).is_some()), "line {}: theme", row.line);
                last = term.to_owned();
            }
        }
    }
}
