//! Which language a clause is in: each word votes by how much commoner it is in one than in the other.
//!
//! The frequency classes come with the lookup that every word needs anyway, so the vote costs an
//! addition a word. It works from two or three words up; a post whose words neither language knows
//! is in a third.

use super::Language;
use crate::lexicon::hash::hash;
use std::sync::OnceLock;

/// The votes of some words.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Vote {
    /// Above zero for French, below for English.
    balance: i32,
    /// Words counted.
    words: u32,
    /// Words that neither language knows well.
    strange: u32,
    /// Function words of third languages.
    foreign: u32,
}

/// One word weighs no more than this: a rare word of one language is no proof.
const MOST: i32 = 6;
/// Classes below this are the tail of the lists, where names and loans live.
const COMMON: u8 = 3;

impl Vote {
    /// Counts a word with its frequency classes (French, English); `lexical`: some lexicon speaks of it.
    #[inline]
    pub(crate) fn count(&mut self, class: [u8; 2], lexical: bool) {
        self.words += 1;
        if class[0].max(class[1]) < COMMON && !lexical {
            self.strange += 1;
        }
        self.balance += (i32::from(class[0]) - i32::from(class[1])).clamp(-MOST, MOST);
    }

    /// Counts a function word of a third language.
    pub(crate) fn count_foreign(&mut self) {
        self.foreign += 1;
    }

    /// Counts a sign that only one language writes: an elision, an accent, a clitic.
    pub(crate) fn lean(&mut self, balance: i32) {
        self.balance += balance;
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.balance += other.balance;
        self.words += other.words;
        self.strange += other.strange;
        self.foreign += other.foreign;
    }

    /// Whether the words belong to neither language.
    ///
    /// Misspelt posts are full of words that no list knows: without a function word of a third
    /// language, one sure vote for French or English is enough to read on.
    pub(crate) fn is_foreign(&self) -> bool {
        let known = self.words - self.strange.min(self.words);
        let voted = self.foreign == 0 && self.balance.abs() >= MOST;
        let most = if voted { self.strange * 8 > self.words * 7 } else { self.strange * 2 > self.words };
        (self.words >= 3 && most && self.foreign + self.strange > known)
            || (self.words >= 3 && self.foreign * 4 >= self.words && self.foreign >= 2)
    }

    /// The language of these words alone.
    fn own(&self) -> Language {
        match self.balance {
            3.. => Language::French,
            ..=-3 => Language::English,
            _ => Language::Unknown,
        }
    }
}

/// The language of a clause within a post: its own vote, or the post's where its own is weak.
pub(crate) fn decide(clause: &Vote, post: &Vote, hint: Language) -> Language {
    let own = clause.own();
    if own != Language::Unknown && clause.words >= 2 {
        return own;
    }
    let whole = post.own();
    if whole != Language::Unknown {
        return whole;
    }
    if hint == Language::Unknown { own } else { hint }
}

/// Function words of the languages that posts in French and English corpora turn out to be in. Those
/// that both readings share (`de`, `la`, `me`) are left out.
const FOREIGN: [&str; 69] = [
    "los", "las", "muy", "pero", "por", "para", "como", "esta", "está", "más", "una", "del", "hay", "porque", "soy",
    "yo", "el", "und", "nicht", "ist", "das", "der", "ich", "mit", "auf", "ein", "eine", "sehr", "für", "wir", "aber",
    "auch", "wie", "noch", "nur", "sie", "che", "sono", "della", "molto", "anche", "questo", "perché", "gli", "nel",
    "não", "uma", "você", "muito", "isso", "het", "een", "niet", "voor", "maar", "zijn", "ook", "jag", "och", "det",
    "att", "som", "inte", "bir", "çok", "için", "yang", "tidak", "dengan",
];

/// The hashes of [`FOREIGN`] in a small table that one look can rule a word out of.
struct Foreign {
    slots: [u64; 256],
}

/// Whether a word, by the hash of its key, is a function word of a third language.
#[inline]
pub(crate) fn is_foreign(word: u64) -> bool {
    static TABLE: OnceLock<Foreign> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut slots = [0u64; 256];
        for word in FOREIGN {
            let word = hash(word.as_bytes());
            let mut at = place(word);
            while slots[at] != 0 {
                at = (at + 1) % 256;
            }
            slots[at] = word;
        }
        Foreign { slots }
    });
    let mut at = place(word);
    while table.slots[at] != 0 {
        if table.slots[at] == word {
            return true;
        }
        at = (at + 1) % 256;
    }
    false
}

fn place(word: u64) -> usize {
    (word >> 40) as usize % 256
}
