//! Words by their sound: one key for every spelling that is said alike (`qualité`, `kalité`).
//!
//! The rules are data, one file a language (`lexicons/*/phonetics.tsv`), tried in the order of the file
//! at each place of the word. the build script keys the vocabulary with them and the library keys what is
//! not known, so both read the same file with the same code. A key is coarse on purpose: what shares
//! it is only a candidate, and is weighed by its letters afterwards.

use super::parse;

/// What may stand beside the letters of a rule. `C` leaves `n` out: before it no vowel is nasal.
#[expect(clippy::struct_excessive_bools, reason = "one for each sign of the format")]
#[derive(Debug, Clone, Default)]
struct Beside {
    letters: Vec<char>,
    vowel: bool,
    consonant: bool,
    edge: bool,
    not: bool,
}

impl Beside {
    fn parse(text: &str) -> Self {
        let mut beside = Self::default();
        for c in text.chars() {
            match c {
                '!' => beside.not = true,
                'V' => beside.vowel = true,
                'C' => beside.consonant = true,
                '$' => beside.edge = true,
                letter => beside.letters.push(letter),
            }
        }
        beside
    }

    fn allows(&self, neighbour: Option<char>) -> bool {
        let holds = match neighbour {
            None => self.edge,
            Some(c) => self.letters.contains(&c) || (if is_vowel(c) { self.vowel } else { self.consonant && c != 'n' }),
        };
        holds != self.not
    }
}

pub(crate) const fn is_vowel(c: char) -> bool {
    matches!(super::key::bare(c), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[derive(Debug, Clone)]
struct Rule {
    before: Option<Beside>,
    letters: Vec<char>,
    after: Option<Beside>,
    sound: Box<str>,
}

/// The sounds of one language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sounds {
    /// By the first letter, `a` to `z` without its accent, in the order of the file.
    rules: Vec<Vec<Rule>>,
}

impl Sounds {
    /// Reads the rules: `(before)letters(after)` and the sound, a row each.
    pub(crate) fn read(text: &str) -> Self {
        let mut rules: Vec<Vec<Rule>> = vec![Vec::new(); 26];
        for row in parse::rows(text) {
            let pattern = row.cell(0);
            let (before, rest) = match pattern.strip_prefix('(').and_then(|p| p.split_once(')')) {
                Some((group, rest)) => (Some(Beside::parse(group)), rest),
                None => (None, pattern),
            };
            let (letters, after) = match rest.strip_suffix(')').and_then(|p| p.split_once('(')) {
                Some((letters, group)) => (letters, Some(Beside::parse(group))),
                None => (rest, None),
            };
            let letters: Vec<char> = letters.chars().collect();
            let Some(place) = letters.first().and_then(|c| place(*c)) else { continue };
            rules[place].push(Rule { before, letters, after, sound: row.cell(1).into() });
        }
        Self { rules }
    }

    /// Appends the key of a word, given as the exact key spells it.
    pub(crate) fn key(&self, word: &[char], out: &mut String) {
        let mut at = 0;
        while at < word.len() {
            let rule = place(word[at]).and_then(|p| self.rules.get(p)).and_then(|rules| {
                rules.iter().find(|rule| {
                    let end = at + rule.letters.len();
                    word.get(at..end) == Some(&rule.letters[..])
                        && rule.before.as_ref().is_none_or(|b| b.allows(at.checked_sub(1).map(|i| word[i])))
                        && rule.after.as_ref().is_none_or(|a| a.allows(word.get(end).copied()))
                })
            });
            if let Some(rule) = rule {
                for sound in rule.sound.chars().filter(|c| *c != '-') {
                    push(sound, out);
                }
                at += rule.letters.len();
            } else {
                let c = super::key::bare(word[at]);
                if c.is_alphanumeric() {
                    push(c, out);
                }
                at += 1;
            }
        }
    }
}

/// A sound said twice is said once.
fn push(sound: char, out: &mut String) {
    if !out.ends_with(sound) {
        out.push(sound);
    }
}

fn place(c: char) -> Option<usize> {
    let c = super::key::bare(c);
    c.is_ascii_lowercase().then(|| c as usize - 'a' as usize)
}
