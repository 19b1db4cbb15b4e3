//! Guesses: the known words that an unknown one may have been meant to be, by letters and by sound.
//!
//! The index of near words gives candidates in one probe per letter; each is weighed by what the
//! misspelling costs ([`super::edit`]) against how common the candidate is. Restraint is in [`Manner`]
//! and [`most`]: the shorter the word, the surer a guess has to be, because short words are
//! within one edit of everything.

#![expect(clippy::cast_possible_truncation, reason = "words have fewer than 48 bytes, costs fit in 16 bits")]

use super::edit;
use crate::lexicon::near::{Filed, Info, shortened};
use crate::lexicon::own::Own;
use crate::lexicon::{Lexicon, key};

/// The longest word that is guessed at, in letters.
pub(super) const LONGEST: usize = 24;
/// Guesses that are kept.
const KEPT: usize = 3;
/// What is said alike is no further apart than this, whatever the letters.
const MOST_BY_SOUND: i32 = 330;
/// Letters further apart than this are another word, however near the sound.
const MOST_BY_NEAR_SOUND: i32 = 170;
/// What follows an elided word that lost its apostrophe is misspelt a little at most.
const MOST_AFTER_HEAD: i32 = 65;
/// With a guess this cheap, sounds that are only near are not looked for.
const NEAR_ENOUGH: i16 = 90;
/// Candidates weighed per word, and taken from one place of the index.
const MOST_WEIGHED: usize = 160;
const MOST_AT_ONE_PLACE: usize = 40;

/// A candidate that was weighed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Guess {
    /// The word meant.
    pub(super) id: u32,
    /// Bytes of the key before it that are an elided word of their own.
    pub(super) head: u8,
    /// What the misspelling costs, in hundredths of an edit.
    pub(super) cost: i16,
    /// The cost, less what speaks for the word; the lowest is the likeliest.
    pub(super) rank: i16,
    pub(super) info: Info,
}

/// The likeliest guesses, best first, or the places where a joined word is cut.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Guesses {
    kept: [Guess; KEPT],
    len: u8,
    /// Where each word of a joined one ends, in bytes of the key.
    pub(super) cuts: [u8; 4],
}

impl Guesses {
    pub(super) fn of_cuts(cuts: [u8; 4]) -> Self {
        Self { cuts, ..Self::default() }
    }

    pub(super) fn words(&self) -> &[Guess] {
        self.kept.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// Whether nothing was guessed.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0 && self.cuts[0] == 0
    }

    /// Whether reading the guesses takes the key of the word: they cut it.
    pub(super) fn needs_key(&self) -> bool {
        self.cuts[0] > 0 || self.words().iter().any(|g| g.head > 0)
    }

    fn add(&mut self, guess: Guess) {
        let len = usize::from(self.len);
        if let Some(same) = self.kept[..len].iter().position(|g| g.id == guess.id && g.head == guess.head) {
            if self.kept[same].rank <= guess.rank {
                return;
            }
            self.kept.copy_within(same + 1..len, same);
            self.len -= 1;
        }
        let len = usize::from(self.len);
        let place = self.kept[..len].partition_point(|g| (g.rank, g.id) < (guess.rank, guess.id));
        if place >= KEPT {
            return;
        }
        self.kept.copy_within(place..len.min(KEPT - 1), place + 1);
        self.kept[place] = guess;
        self.len = (len + 1).min(KEPT) as u8;
    }
}

/// How a word is guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// Place of the clause's language in tables, if it is known.
    pub(super) at: Option<usize>,
    /// It may be a name, or its language is not known: only the surest guesses.
    pub(super) strict: bool,
}

/// Buffers of the search.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    letters: String,
    sound: String,
    part: String,
    seen: Vec<u32>,
}

/// Letters of a word in an array, apostrophes and hyphens left out.
#[derive(Clone, Copy)]
struct Letters {
    chars: [char; LONGEST],
    len: usize,
}

impl Letters {
    fn of(word: &str) -> Option<Self> {
        let mut letters = Self { chars: ['\0'; LONGEST], len: 0 };
        for c in word.chars().filter(|c| !matches!(c, '\'' | '-')) {
            *letters.chars.get_mut(letters.len)? = c;
            letters.len += 1;
        }
        Some(letters)
    }

    fn get(&self) -> &[char] {
        &self.chars[..self.len]
    }
}

/// How a candidate was met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Letters,
    Sound,
    NearSound,
}

/// What is searched for, in one language.
struct Search<'a> {
    lexicon: &'a Lexicon,
    written: Letters,
    head: u8,
    manner: Manner,
    language: usize,
}

/// Adds the guesses for a word, or for the rest of one after an elided head of `head` bytes.
pub(super) fn search(
    word: &str,
    head: usize,
    manner: Manner,
    lexicon: &Lexicon,
    buffers: &mut Buffers,
    guesses: &mut Guesses,
) {
    let Some(written) = Letters::of(&word[head..]) else { return };
    if written.len < 2 {
        return;
    }
    for language in 0..2 {
        if manner.at.is_some_and(|at| at != language) {
            continue;
        }
        let search = Search { lexicon, written, head: head as u8, manner, language };
        buffers.seen.clear();
        buffers.letters.clear();
        buffers.letters.extend(key::letters(&word[head..]));
        buffers.sound.clear();
        lexicon.sounds[language].key(written.get(), &mut buffers.sound);
        let kind = if language == 0 { Filed::French } else { Filed::English };
        let Buffers { sound, part, seen, .. } = &mut *buffers;
        search.probe_checked(kind, sound, Met::Sound, Some(part), seen, guesses);
        if written.len >= 4 {
            search.probe(Filed::Letters, &buffers.letters, Met::Letters, &mut buffers.seen, guesses);
            search.probe_less(
                Filed::Letters,
                &buffers.letters,
                Met::Letters,
                &mut buffers.part,
                &mut buffers.seen,
                guesses,
            );
        }
        search.probe_own(&buffers.letters, &mut buffers.part, &mut buffers.seen, guesses);
        let near = guesses.words().first().is_some_and(|g| g.cost < NEAR_ENOUGH);
        if language == 0 && written.len >= 6 && !near && buffers.sound.chars().count() >= 4 {
            let kind = Filed::NearFrench;
            search.probe(kind, &buffers.sound, Met::NearSound, &mut buffers.seen, guesses);
            search.probe_less(kind, &buffers.sound, Met::NearSound, &mut buffers.part, &mut buffers.seen, guesses);
        }
    }
}

impl Search<'_> {
    fn probe(&self, kind: Filed, key: &str, met: Met, seen: &mut Vec<u32>, guesses: &mut Guesses) {
        self.probe_checked(kind, key, met, None, seen, guesses);
    }

    /// Probes for a key; where `check` is given, a target far off in letters must have that very key.
    fn probe_checked(
        &self,
        kind: Filed,
        key: &str,
        met: Met,
        mut check: Option<&mut String>,
        seen: &mut Vec<u32>,
        guesses: &mut Guesses,
    ) {
        for number in self.lexicon.near.find(kind.hash(key), MOST_AT_ONE_PLACE) {
            // One word may be met by its letters and by its sound: the two are weighed apart.
            let mark = number << 2 | met as u32;
            if seen.len() >= MOST_WEIGHED || seen.contains(&mark) {
                continue;
            }
            seen.push(mark);
            let (id, info) = (self.lexicon.near.id(number), self.lexicon.near.info(number));
            self.weigh(id, info, met, key, check.as_deref_mut(), guesses);
        }
    }

    /// Probes for a key less each of its letters.
    fn probe_less(
        &self,
        kind: Filed,
        key: &str,
        met: Met,
        part: &mut String,
        seen: &mut Vec<u32>,
        guesses: &mut Guesses,
    ) {
        shortened(key, part, |less| self.probe(kind, less, met, seen, guesses));
    }

    /// Probes the words that user layers added, where there are any: by their letters alone.
    fn probe_own(&self, letters: &str, part: &mut String, seen: &mut Vec<u32>, guesses: &mut Guesses) {
        if self.lexicon.own.is_empty() {
            return;
        }
        seen.clear();
        self.lexicon.own.find(letters, part, |id| {
            if seen.len() < MOST_WEIGHED && !seen.contains(&id) {
                seen.push(id);
                self.weigh(id, Own::info(), Met::Letters, letters, None, guesses);
            }
        });
    }

    fn weigh(&self, id: u32, info: Info, met: Met, key: &str, check: Option<&mut String>, guesses: &mut Guesses) {
        let class = info.class()[self.language];
        // Most candidates are too rare, which their letters need not be read for.
        let Some(least) = least_class(self.written.len, info.told(self.language)) else { return };
        if class < least {
            return;
        }
        let Some(meant) = Letters::of(self.lexicon.vocabulary.text(id)) else { return };
        let mut by_letters = edit::cost(self.written.get(), meant.get(), self.language);
        let check = check.filter(|_| by_letters > NEAR_ENOUGH.into());
        if check.is_some() {
            by_letters = by_letters.min(MOST_BY_SOUND);
        }
        // French says a word one way, so what is said alike is the word; English vowels say little.
        let (base, share) = if self.language == 0 { (12, 3) } else { (40, 5) };
        let cost = match met {
            Met::Letters => by_letters,
            Met::Sound => by_letters.min(base + by_letters * share / 10),
            Met::NearSound if by_letters > MOST_BY_NEAR_SOUND => return,
            Met::NearSound => by_letters.min(60 + by_letters * 5 / 10),
        };
        // What may be a name is not read as a rare word for its sound alone (`Kalin`, `Cemex`), and no
        // word is written with twice the letters that it has (`heueux`, `eux`).
        let maybe_name = self.manner.strict && self.written.len <= 6 && class < 9 && by_letters > 85;
        let swollen = meant.len * 2 <= self.written.len;
        if met == Met::Sound && (maybe_name || swollen) {
            return;
        }
        // The shorter the word, the less being said alike proves.
        let unlike = match self.written.len {
            3 => by_letters > if self.language == 0 { 80 } else { 55 },
            4 => by_letters > if class >= 9 { 200 } else { 125 },
            _ => false,
        };
        if unlike
            || cost > most(self.written.len, meant.len, met == Met::Sound, info, self.language, self.manner)
            || (self.head > 0 && cost > MOST_AFTER_HEAD)
        {
            return;
        }
        // The index files under a hash of the sound: what would be kept for it alone must have it.
        if let Some(sound) = check {
            sound.clear();
            self.lexicon.sounds[self.language].key(meant.get(), sound);
            if sound != key {
                return;
            }
        }
        let told = info.told(self.language);
        let head = if self.head > 0 { 40 } else { 0 };
        let rank = cost - 6 * i32::from(class) - if told { 20 } else { 0 } + head;
        guesses.add(Guess { id, head: self.head, cost: cost as i16, rank: rank as i16, info });
    }
}

/// How common a word must be at least to be guessed behind one of so many letters; `None` where none is.
fn least_class(written: usize, told: bool) -> Option<u8> {
    let (of_told, of_others) = match written {
        0..=2 => return None,
        3 => (9, 9),
        4 => (5, 7),
        5 => (2, 5),
        6 | 7 => (2, 4),
        _ => (2, 2),
    };
    Some(if told { of_told } else { of_others })
}

/// What a guess likely enough to be kept costs at most.
fn most(written: usize, meant: usize, by_sound: bool, info: Info, language: usize, manner: Manner) -> i32 {
    let (class, judges) = (info.class()[language], info.judges(language));
    let french_sound = by_sound && language == 0;
    let most = match written {
        0..=3 if by_sound => 70,
        0..=3 => 0,
        4 if class >= 9 && (!judges || meant >= 5) => 95,
        4 => 80,
        5 => 105,
        6 | 7 => 135,
        _ => 200,
    };
    // A doubtful correction must not bring a tone that was not there: only likely slips reach words
    // that judge, and one edit from the short ones lies half of all names.
    let most = match (judges && !french_sound, meant) {
        (true, 0..=4) => most.min(60),
        (true, 5..=7) => most.min(95),
        _ => most,
    };
    if manner.strict { most * 6 / 10 } else { most }
}

#[cfg(test)]
mod tests {
    use super::{Buffers, Guesses, Manner, search};
    use crate::lexicon::Lexicon;

    fn best(word: &str, language: usize) -> String {
        let (lexicon, mut guesses) = (Lexicon::builtin(), Guesses::default());
        let manner = Manner { at: Some(language), strict: false };
        search(word, 0, manner, &lexicon, &mut Buffers::default(), &mut guesses);
        guesses.words().first().map_or(String::new(), |g| lexicon.vocabulary.text(g.id).to_owned())
    }

    #[test]
    fn what_is_said_alike_is_found() {
        for (written, meant) in [
            ("kalité", "qualité"),
            ("otentik", "authentique"),
            ("jamé", "jamais"),
            ("eccellent", "excellent"),
            ("insatisfet", "insatisfait"),
            ("pathetik", "pathétique"),
            ("supris", "surpris"),
        ] {
            assert_eq!(best(written, 0), meant, "{written}");
        }
        for (written, meant) in [("recieve", "receive"), ("amzing", "amazing"), ("tomorow", "tomorrow")] {
            assert_eq!(best(written, 1), meant, "{written}");
        }
    }

    #[test]
    fn short_words_and_names_are_left_alone() {
        for written in ["areva", "hulot", "ovh", "xz", "zqj"] {
            assert_eq!(best(written, 0), "", "{written}");
        }
    }
}
