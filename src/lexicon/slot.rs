//! Ids that stand for kinds of token rather than for words. Words' ids begin above them.

/// Any one word.
pub(crate) const ANY: u32 = 1;
/// A number.
pub(crate) const NUMBER: u32 = 2;
/// A price.
pub(crate) const PRICE: u32 = 3;
/// A rating.
pub(crate) const RATING: u32 = 4;
/// A link.
pub(crate) const URL: u32 = 5;
/// An e-mail address.
pub(crate) const EMAIL: u32 = 6;
/// A mention of an account.
pub(crate) const MENTION: u32 = 7;
/// A stock symbol.
pub(crate) const CASHTAG: u32 = 8;
/// A target asked about.
pub(crate) const TARGET: u32 = 9;
/// An emoji or emoticon that no lexicon knows.
pub(crate) const EMOJI: u32 = 10;
/// A hashtag that was not split.
pub(crate) const HASHTAG: u32 = 11;

const NAMES: [(&str, u32); 11] = [
    ("_", ANY),
    ("<number>", NUMBER),
    ("<price>", PRICE),
    ("<rating>", RATING),
    ("<url>", URL),
    ("<email>", EMAIL),
    ("<mention>", MENTION),
    ("<cashtag>", CASHTAG),
    ("<target>", TARGET),
    ("<emoji>", EMOJI),
    ("<hashtag>", HASHTAG),
];

/// Marks as learnt rows spell them: see `Mark::place`.
pub(crate) const MARKS: [&str; 5] = ["!", "!!", "?", "??", "..."];

/// The slot that a pattern's `<name>` means.
pub(crate) fn parse(name: &str) -> Option<u32> {
    NAMES.iter().find(|(n, _)| *n == name).map(|(_, slot)| *slot)
}

/// How patterns spell a slot.
pub(crate) fn name(slot: u32) -> Option<&'static str> {
    NAMES.iter().find(|(_, s)| *s == slot).map(|(name, _)| *name)
}
