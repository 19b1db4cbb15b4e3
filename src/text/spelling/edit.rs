//! What it costs to have meant one word and written another, in hundredths of a plain edit.
//!
//! Only the part where the two differ is weighed, and only where it is short, so a comparison takes
//! some 50 ns. An edit is cheaper the likelier the finger or the ear is to make it: a letter doubled
//! or not, two letters swapped, the next key, a letter that is not heard.

use crate::lexicon::key::bare;
use crate::lexicon::sound::is_vowel;

/// No correction costs this much.
pub(super) const FAR: i32 = 10_000;
/// Where two words differ in more letters than this they are not compared.
const MOST: usize = 7;
/// The first letter is the one that people get right.
const FIRST: i32 = 40;

const KEYS: [[&str; 3]; 2] = [["azertyuiop", "qsdfghjklm", "wxcvbn"], ["qwertyuiop", "asdfghjkl", "zxcvbnm"]];

/// Letters that are heard alike, or nearly.
const ALIKE: [(char, char, u8); 23] = [
    ('s', 'z', 45),
    ('c', 'k', 95),
    ('c', 's', 60),
    ('k', 'q', 40),
    ('c', 'q', 60),
    ('i', 'y', 40),
    ('g', 'j', 60),
    ('m', 'n', 65),
    ('e', 'a', 75),
    ('e', 'i', 65),
    ('e', 'u', 85),
    ('o', 'u', 75),
    ('o', 'a', 75),
    ('a', 'i', 90),
    ('u', 'a', 85),
    ('d', 't', 80),
    ('b', 'p', 95),
    ('f', 'v', 85),
    ('x', 's', 75),
    ('v', 'w', 70),
    ('u', 'w', 50),
    ('o', 'e', 85),
    ('u', 'i', 85),
];

/// Letters that keys and ears are told apart by, `a` to `z`.
const ALPHABET: usize = 26;

/// What one letter for another costs, anywhere but in front.
#[derive(Clone, Copy)]
struct Swap {
    cost: u8,
    /// It is one of [`ALIKE`]: no worse in front than elsewhere.
    alike: bool,
    /// Their keys are neighbours in a row.
    beside: bool,
}

/// Letters of which nothing is known but that they differ.
const UNLIKE: Swap = Swap { cost: 115, alike: false, beside: false };

/// By language, [`ALIKE`], [`KEYS`] and the vowels as one table.
static SWAPS: [[[Swap; ALPHABET]; ALPHABET]; 2] = [swaps(0), swaps(1)];

#[expect(clippy::cast_possible_truncation, reason = "letters have one byte")]
const fn swaps(language: usize) -> [[Swap; ALPHABET]; ALPHABET] {
    let mut swaps = [[UNLIKE; ALPHABET]; ALPHABET];
    let mut row = 0;
    while row < KEYS[language].len() {
        let keys = KEYS[language][row].as_bytes();
        let mut key = 1;
        while key < keys.len() {
            let (a, b) = ((keys[key - 1] - b'a') as usize, (keys[key] - b'a') as usize);
            let swap = Swap { cost: 75, alike: false, beside: true };
            (swaps[a][b], swaps[b][a]) = (swap, swap);
            key += 1;
        }
        row += 1;
    }
    let mut pair = 0;
    while pair < ALPHABET * ALPHABET {
        let (a, b) = (pair / ALPHABET, pair % ALPHABET);
        if is_vowel((b'a' + a as u8) as char) && is_vowel((b'a' + b as u8) as char) && swaps[a][b].cost > 90 {
            swaps[a][b].cost = 90;
        }
        pair += 1;
    }
    let mut place = 0;
    while place < ALIKE.len() {
        let (a, b, cost) = ALIKE[place];
        let (a, b) = (a as usize - 'a' as usize, b as usize - 'a' as usize);
        let least = swaps[a][b].cost;
        let swap = Swap { cost: if least < cost { least } else { cost }, alike: true, ..swaps[a][b] };
        (swaps[a][b], swaps[b][a]) = (swap, swap);
        place += 1;
    }
    swaps
}

/// What is known of two letters without accents.
fn swap(a: char, b: char, language: usize) -> Swap {
    let place = |c: char| (c as usize).wrapping_sub('a' as usize);
    SWAPS[language.min(1)].get(place(a)).and_then(|row| row.get(place(b))).copied().unwrap_or(UNLIKE)
}

/// The cost of reading `written` as `meant`, both as their keys spell them, without apostrophes.
pub(super) fn cost(written: &[char], meant: &[char], language: usize) -> i32 {
    let mut accents = 0;
    let mut same = |a: char, b: char| {
        if a == b {
            return true;
        }
        if bare(a) != bare(b) {
            return false;
        }
        // A missing accent is next to nothing; a wrong one is a little more.
        accents += if bare(a) == a { 4 } else { 12 };
        true
    };
    let shared = written.iter().zip(meant).take_while(|(a, b)| same(**a, **b)).count();
    let (a, b) = (&written[shared..], &meant[shared..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| same(**a, **b)).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.len() > MOST || b.len() > MOST {
        return FAR;
    }
    if a.is_empty() && b.is_empty() {
        return accents;
    }
    let weigher = Weigher { written, meant, shared, language, last: tail == 0 };
    accents + weigher.middle(a, b)
}

struct Weigher<'a> {
    written: &'a [char],
    meant: &'a [char],
    /// Letters that both share in front.
    shared: usize,
    language: usize,
    /// Whether the part that differs ends the words.
    last: bool,
}

impl Weigher<'_> {
    /// Damerau and Levenshtein's table over the part that differs, with the costs below.
    fn middle(&self, a: &[char], b: &[char]) -> i32 {
        let mut table = [[0i32; MOST + 1]; MOST + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 && j == 0 {
                    continue;
                }
                let mut best = FAR;
                if i > 0 {
                    best = best.min(table[i - 1][j] + self.extra(self.shared + i - 1));
                }
                if j > 0 {
                    best = best.min(table[i][j - 1] + self.missing(self.shared + j - 1));
                }
                if i > 0 && j > 0 {
                    best = best.min(table[i - 1][j - 1] + self.other(a[i - 1], b[j - 1], self.shared + i == 1));
                }
                if i > 1 && j > 1 && bare(a[i - 1]) == bare(b[j - 2]) && bare(a[i - 2]) == bare(b[j - 1]) {
                    let first = if self.shared + i == 2 { FIRST / 2 } else { 0 };
                    best = best.min(table[i - 2][j - 2] + 56 + first);
                }
                table[i][j] = best;
            }
        }
        table[a.len()][b.len()]
    }

    /// A letter was written that is not meant.
    fn extra(&self, at: usize) -> i32 {
        let c = bare(self.written[at]);
        let near = |i: Option<usize>| i.and_then(|i| self.written.get(i)).map(|c| bare(*c));
        let (before, after) = (near(at.checked_sub(1)), near(Some(at + 1)));
        if before == Some(c) || after == Some(c) {
            return 45;
        }
        let end = self.last && at + 1 == self.written.len();
        match c {
            // Nobody writes a mute ending too many behind the short words that hold a sentence together.
            'e' | 's' | 't' | 'h' if end && self.meant.len() > 3 => 60,
            'x' | 'd' if end => 75,
            'h' => 55,
            'c' if after == Some('k') => 50,
            _ if at == 0 => 100 + FIRST,
            _ if before.is_some_and(|b| swap(b, c, self.language).beside) => 75,
            'e' => 80,
            _ => 100,
        }
    }

    /// A letter was meant that is not written.
    fn missing(&self, at: usize) -> i32 {
        let c = bare(self.meant[at]);
        let near = |i: Option<usize>| i.and_then(|i| self.meant.get(i)).map(|c| bare(*c));
        let (before, after) = (near(at.checked_sub(1)), near(Some(at + 1)));
        if before == Some(c) || after == Some(c) {
            return 40;
        }
        let end = self.last && at + 1 == self.meant.len();
        match c {
            'e' | 's' | 't' | 'x' | 'd' if end => 50,
            'r' | 'z' | 'p' if end => 70,
            'h' => 50,
            'c' if after == Some('k') => 45,
            'u' if before == Some('q') || before == Some('g') => 40,
            'n' if after.is_some_and(|a| !is_vowel(a)) && self.language == 1 => 75,
            _ if at == 0 => 95 + FIRST,
            'e' => 60,
            _ if is_vowel(c) => 75,
            _ => 85,
        }
    }

    /// One letter stands for another.
    fn other(&self, a: char, b: char, first: bool) -> i32 {
        let (a, b) = (bare(a), bare(b));
        if a == b {
            return 0;
        }
        let swap = swap(a, b, self.language);
        i32::from(swap.cost) + if first && !swap.alike { FIRST } else { 0 }
    }
}
