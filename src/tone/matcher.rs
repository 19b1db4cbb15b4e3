//! Terms into matches: which words judge, which act on other words, which name an aspect.
//!
//! One walk of the pattern trie per term. The longest match at a place wins and covers the words
//! inside it, so an idiom silences its words and `pas du tout` is one negator, not two.

use crate::analysis::Via;
use crate::lexicon::sense::{Entry, Kind, Modifier, Sense, Tags};
use crate::lexicon::slot;
use crate::lexicon::{Lexicon, flag};
use crate::text::TokenKind;
use crate::text::reading::{Clause, Reading, Term};

/// Terms that judge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    /// First term.
    pub(crate) first: usize,
    /// One past the last term.
    pub(crate) last: usize,
    /// Tone as the lexicon has it, -4..4, times the trust in the reading.
    pub(crate) valence: f32,
    pub(crate) tags: Tags,
    pub(crate) via: Via,
    /// Place of its clause in the reading.
    pub(crate) clause: usize,
    /// An emoji or an emoticon.
    pub(crate) face: bool,
}

/// Terms that act on others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Action {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) modifier: Modifier,
    pub(crate) clause: usize,
}

/// Terms that name an aspect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AspectMention {
    pub(crate) term: usize,
    /// Place in the lexicon's list of aspects.
    pub(crate) aspect: usize,
}

/// Everything found in one reading, in text order. Reused from post to post.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    pub(crate) judging: Vec<Match>,
    pub(crate) acting: Vec<Action>,
    pub(crate) aspects: Vec<AspectMention>,
    /// Doubt raised by markers of irony, 0..1.
    pub(crate) doubt: f32,
}

#[derive(Clone, Copy, Default)]
struct Best {
    length: usize,
    sense: Sense,
}

impl Matches {
    /// Finds what a reading holds.
    pub(crate) fn find(&mut self, reading: &Reading, lexicon: &Lexicon, text: &str) {
        self.judging.clear();
        self.acting.clear();
        self.aspects.clear();
        self.doubt = 0.0;
        for (place, clause) in reading.clauses.iter().enumerate() {
            let mut at = clause.first;
            while at < clause.last {
                let term = &reading.terms[at];
                let next = if at + 1 < clause.last { Some(reading.terms[at + 1].id) } else { None };
                at += if term.flags & flag::TONED != 0
                    || (term.flags & flag::STARTS != 0 && lexicon.may_match(term.id, next))
                {
                    self.at(at, place, clause, reading, lexicon)
                } else {
                    if term.kind == TokenKind::Rating {
                        self.rating(at, place, term, text);
                    }
                    1
                };
            }
        }
    }

    /// What stands at one term; returns how many terms it covers.
    fn at(&mut self, at: usize, place: usize, clause: &Clause, reading: &Reading, lexicon: &Lexicon) -> usize {
        let term = &reading.terms[at];
        let (mut tone, mut action, mut aspect) = (Best::default(), Best::default(), 0);
        if term.flags & flag::TONED != 0
            && let Some(sense) = word_sense(clause, term)
        {
            tone = Best { length: 1, sense };
        }
        let mut doubt: f32 = 0.0;
        let ids = reading.terms[at..clause.last].iter().map(|t| t.id);
        lexicon.walk(ids, |entry, length| {
            let sense = sense_in(entry, clause, term, length);
            if sense.valence.is_some() && length >= tone.length {
                tone = Best { length, sense };
            }
            if sense.modifier.is_some() && length >= action.length {
                action = Best { length, sense };
            }
            doubt = doubt.max(sense.doubt);
            if entry.aspect != 0 {
                aspect = usize::from(entry.aspect);
            }
        });
        self.doubt = self.doubt.max(doubt);
        let length = tone.length.max(action.length);
        // A match does not hide a longer one that begins inside it: "and [still waiting]".
        if length > 1 && (at + 1..at + length).any(|inner| longest(inner, clause, reading, lexicon) > length) {
            return 1;
        }
        if aspect != 0 {
            self.aspects.push(AspectMention { term: at, aspect: aspect - 1 });
        }
        // A word that acts and judges does one of the two: it acts where something stands in its reach
        // ("terribly good", "condemned the violence"), and judges where it opens the clause ("Avoid!").
        let both = action.length > 0 && action.length == tone.length;
        let kind = action.sense.modifier.map(|m| m.kind);
        let reach = match (kind, action.sense.modifier) {
            (Some(Kind::Intensifier), Some(m)) if !m.backwards => 1,
            (Some(Kind::Shifter | Kind::Wish), _) => 4,
            _ => 0,
        };
        let from = at + length;
        let until = clause.last.min(from + reach);
        let reaches = both && reading.terms[from.min(until)..until].iter().any(|t| judges(t, clause, lexicon));
        let opens = both && kind == Some(Kind::Shifter) && at == clause.first;
        if action.length > 0
            && action.length >= tone.length
            && !(opens || (both && reach > 1 && !reaches))
            && let Some(modifier) = action.sense.modifier
        {
            self.acting.push(Action { first: at, last: at + action.length, modifier, clause: place });
        }
        if tone.length > 0 && tone.length >= action.length {
            let covered = &reading.terms[at..at + tone.length];
            if let (Some(valence), false) = (tone.sense.valence, reaches && !opens) {
                let trust = covered.iter().map(|t| t.trust).fold(1.0, f32::min);
                let via = covered.iter().map(|t| t.via).max().unwrap_or_default();
                self.judging.push(Match {
                    first: at,
                    last: at + tone.length,
                    valence: valence * trust,
                    tags: tone.sense.tags,
                    via: if tone.length > 1 && via == Via::Exact { Via::Phrase } else { via },
                    clause: place,
                    face: matches!(term.kind, TokenKind::Emoji | TokenKind::Emoticon),
                });
            }
        }
        length.max(1)
    }

    /// A mark out of five, ten, twenty or a hundred judges by itself.
    fn rating(&mut self, at: usize, place: usize, term: &Term, text: &str) {
        let written = &text[term.start as usize..term.end as usize];
        let mut numbers = written
            .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
            .filter_map(|n| n.replace(',', ".").parse::<f32>().ok());
        let Some(value) = numbers.next() else { return };
        // Stars come without their scale, which is five.
        let scale = numbers.next().unwrap_or(5.0).max(1.0);
        self.judging.push(Match {
            first: at,
            last: at + 1,
            valence: ((value / scale - 0.55) * 8.0).clamp(-3.5, 3.5),
            tags: Tags::NONE,
            via: Via::Exact,
            clause: place,
            face: false,
        });
    }
}

/// What a single word of the built-in lexicons means in a clause: in its language, or as a loan.
#[inline]
fn word_sense(clause: &Clause, term: &Term) -> Option<Sense> {
    let class = term.known.class();
    match clause.language.index() {
        Some(i) => Lexicon::word(term.id, i).or_else(|| {
            let borrowed = class[i] <= 2 || class[1 - i] >= class[i] + BORROWED;
            if borrowed { Lexicon::word(term.id, 1 - i) } else { None }
        }),
        None => {
            let first = usize::from(class[1] > class[0]);
            Lexicon::word(term.id, first).or_else(|| Lexicon::word(term.id, 1 - first))
        }
    }
}

/// The length of the longest judging phrase at a term; 0 where no phrase begins there.
fn longest(at: usize, clause: &Clause, reading: &Reading, lexicon: &Lexicon) -> usize {
    let term = &reading.terms[at];
    let mut longest = 0;
    lexicon.walk(reading.terms[at..clause.last].iter().map(|t| t.id), |entry, length| {
        if length > 1 && sense_in(entry, clause, term, length).valence.is_some() {
            longest = longest.max(length);
        }
    });
    longest
}

/// Whether a term judges when it stands alone.
fn judges(term: &Term, clause: &Clause, lexicon: &Lexicon) -> bool {
    let mut judges = word_sense(clause, term).is_some_and(|s| s.valence.is_some_and(|v| v != 0.0));
    lexicon.walk(std::iter::once(term.id), |entry, _| {
        let sense = sense_in(entry, clause, term, 1);
        judges = sense.valence.map_or(judges, |v| v != 0.0);
    });
    judges
}

/// How much commoner a word must be in the other language to be read as borrowed from it.
const BORROWED: u8 = 4;

/// What an entry means in a clause: in its language, or as a loan word from the other.
#[inline]
fn sense_in(entry: &Entry, clause: &Clause, term: &Term, length: usize) -> Sense {
    let says = |s: &Sense| s.valence.is_some() || s.modifier.is_some() || s.doubt > 0.0;
    match clause.language.index() {
        Some(i) => {
            let own = entry.senses[i];
            if says(&own) || length > 1 {
                return own;
            }
            let class = term.known.class();
            let slot = term.id < slot::HASHTAG;
            let borrowed = slot || class[i] <= 2 || class[1 - i] >= class[i] + BORROWED;
            // A loan brings its tone along, not its grammar.
            let other = entry.senses[1 - i];
            if borrowed { Sense { modifier: None, ..other } } else { own }
        }
        None => {
            let class = term.known.class();
            let first = usize::from(class[1] > class[0]);
            let own = entry.senses[first];
            if says(&own) { own } else { entry.senses[1 - first] }
        }
    }
}
