//! Which language a clause is in: each word votes by how much commoner it is in one than in the other.
//!
//! The frequency classes come with the lookup that every word needs anyway, so the vote costs an
//! addition a word. It works from two or three words up; a post whose words neither language knows
//! is in a third.

use super::Language;

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
const COMMON: i32 = 3;

/// What each pair of classes says: for which language and how surely, and whether both are in the tail.
#[expect(clippy::cast_possible_truncation, reason = "a class has four bits, a balance is small")]
static VOTES: [(i8, bool); 256] = {
    let mut votes = [(0, false); 256];
    let mut classes = 0;
    while classes < 256 {
        let (french, english) = (classes as i32 & 15, classes as i32 >> 4);
        let more = french - english;
        let balance = if more > MOST {
            MOST
        } else if more < -MOST {
            -MOST
        } else {
            more
        };
        votes[classes] = (balance as i8, french < COMMON && english < COMMON);
        classes += 1;
    }
    votes
};

impl Vote {
    /// Counts a word with its frequency classes (French in the low bits, English in the high ones);
    /// `lexical`: some lexicon speaks of it.
    #[inline]
    pub(crate) fn count(&mut self, classes: u8, lexical: bool) {
        let (balance, rare) = VOTES[usize::from(classes)];
        self.words += 1;
        self.strange += u32::from(rare && !lexical);
        self.balance += i32::from(balance);
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
