//! Terms into matches: which words judge, which act on other words, which name an aspect.
//!
//! One row of the lexicon says of most terms that nothing is to be found there; the others walk the trie
//! of patterns. The longest match at a place wins and covers the words
//! inside it, so an idiom silences its words and `pas du tout` is one negator, not two.

use crate::analysis::Via;
use crate::lexicon::Lexicon;
use crate::lexicon::row::Row;
use crate::lexicon::sense::{Entry, Kind, Modifier, Sense, Tags};
use crate::lexicon::slot;
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
    /// Where something may be found; those of longer posts before stand behind.
    spots: Vec<Spot>,
}

/// A term where something may be found.
#[derive(Debug, Clone, Copy, Default)]
struct Spot {
    at: usize,
    row: Row,
    /// Some pattern may match there.
    matching: bool,
}

impl Matches {
    /// Finds what a reading holds.
    pub(crate) fn find(&mut self, reading: &Reading, lexicon: &Lexicon, text: &str) {
        self.judging.clear();
        self.acting.clear();
        self.aspects.clear();
        self.doubt = 0.0;
        let count = self.spot(reading, lexicon);
        let spots = std::mem::take(&mut self.spots);
        let (mut place, mut from) = (0, 0);
        for spot in spots.iter().take(count).copied() {
            if spot.at < from {
                continue;
            }
            while reading.clauses[place].last <= spot.at {
                place += 1;
            }
            let clause = &reading.clauses[place];
            from = spot.at + 1;
            if spot.matching {
                from = spot.at + self.at(&spot, place, clause, reading, lexicon);
            } else if let Some((valence, tags)) = word_sense(clause, &reading.terms[spot.at], &spot.row) {
                self.judge(spot.at, 1, valence, tags, place, reading);
            } else if reading.terms[spot.at].kind == TokenKind::Rating {
                self.rating(spot.at, place, &reading.terms[spot.at], text);
            }
        }
        self.spots = spots;
    }

    /// Notes the terms where something may be found; returns how many. There is no branch on what a
    /// term is: nothing would foretell it.
    #[expect(clippy::needless_bitwise_bool, reason = "a branch here would not be foretold")]
    fn spot(&mut self, reading: &Reading, lexicon: &Lexicon) -> usize {
        if self.spots.len() < reading.terms.len() {
            self.spots.resize(reading.terms.len(), Spot::default());
        }
        let mut count = 0;
        for clause in &reading.clauses {
            let terms = &reading.terms[clause.first..clause.last];
            let mut next = terms.iter().skip(1).map(|t| t.id);
            for (at, term) in (clause.first..).zip(terms) {
                let row = lexicon.row(term.id);
                let matching = lexicon.may_match(&row, term.id, next.next());
                let found = row.is_toned() | matching | (term.kind == TokenKind::Rating);
                self.spots[count] = Spot { at, row, matching };
                count += usize::from(found);
            }
        }
        count
    }

    /// Notes terms that judge.
    #[inline]
    fn judge(&mut self, first: usize, length: usize, valence: f32, tags: Tags, clause: usize, reading: &Reading) {
        let covered = &reading.terms[first..first + length];
        let trust = covered.iter().map(|t| t.trust).fold(1.0, f32::min);
        let via = covered.iter().map(|t| t.via).max().unwrap_or_default();
        self.judging.push(Match {
            first,
            last: first + length,
            valence: valence * trust,
            tags,
            via: if length > 1 && via == Via::Exact { Via::Phrase } else { via },
            clause,
            face: matches!(covered[0].kind, TokenKind::Emoji | TokenKind::Emoticon),
        });
    }

    /// What stands where some pattern may match; returns how many terms it covers.
    fn at(&mut self, spot: &Spot, place: usize, clause: &Clause, reading: &Reading, lexicon: &Lexicon) -> usize {
        let at = spot.at;
        let term = &reading.terms[at];
        // Of tones and of actions the longest; nothing where the length is 0.
        let (mut tone, mut action) = ((0, 0.0, Tags::NONE), (0, None));
        if let Some((valence, tags)) = word_sense(clause, term, &spot.row) {
            tone = (1, valence, tags);
        }
        let (mut doubt, mut aspect) = (0.0f32, 0);
        lexicon.walk(term.id, ids_after(at, clause, reading), |entry, length| {
            let (sense, loan) = sense_in(entry, clause, term, length);
            if let Some(valence) = sense.valence.filter(|_| length >= tone.0) {
                tone = (length, valence, sense.tags);
            }
            if sense.modifier.is_some() && !loan && length >= action.0 {
                action = (length, sense.modifier);
            }
            doubt = doubt.max(sense.doubt);
            if entry.aspect != 0 {
                aspect = usize::from(entry.aspect);
            }
        });
        self.doubt = self.doubt.max(doubt);
        let ((toned, valence, tags), (acting, modifier)) = (tone, action);
        let length = toned.max(acting);
        // A match does not hide a longer one that begins inside it: "and [still waiting]".
        if length > 1 && (at + 1..at + length).any(|inner| longest(inner, clause, reading, lexicon) > length) {
            return 1;
        }
        if aspect != 0 {
            self.aspects.push(AspectMention { term: at, aspect: aspect - 1 });
        }
        // A word that acts and judges does one of the two: it acts where something stands in its reach
        // ("terribly good", "condemned the violence"), and judges where it opens the clause ("Avoid!").
        let both = acting > 0 && acting == toned;
        let (mut reaches, mut held, mut opens) = (false, false, false);
        if both {
            let reach = match modifier {
                Some(m) if m.kind == Kind::Intensifier && !m.backwards => 1,
                Some(m) if matches!(m.kind, Kind::Shifter | Kind::Wish) => 4,
                _ => 0,
            };
            let from = at + length;
            let until = clause.last.min(from + reach);
            reaches = reading.terms[from.min(until)..until].iter().any(|t| judges(t, clause, lexicon));
            held = reach > 1 && !reaches;
            opens = modifier.is_some_and(|m| m.kind == Kind::Shifter) && at == clause.first;
        }
        if let Some(modifier) = modifier.filter(|_| acting >= toned && !opens && !held) {
            self.acting.push(Action { first: at, last: at + acting, modifier, clause: place });
        }
        if toned > 0 && toned >= acting && (!reaches || opens) {
            self.judge(at, toned, valence, tags, place, reading);
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

/// The ids after a term, to the end of its clause.
fn ids_after(at: usize, clause: &Clause, reading: &Reading) -> impl Iterator<Item = u32> + Clone {
    reading.terms[at + 1..clause.last].iter().map(|t| t.id)
}

/// The tone of a single word of the built-in lexicons in a clause: in its language, or as a loan.
#[inline]
fn word_sense(clause: &Clause, term: &Term, row: &Row) -> Option<(f32, Tags)> {
    let class = term.known.class();
    match clause.language.index() {
        Some(i) => row.sense(i).or_else(|| {
            let borrowed = class[i] <= 2 || class[1 - i] >= class[i] + BORROWED;
            if borrowed { row.sense(1 - i) } else { None }
        }),
        None => {
            let first = usize::from(class[1] > class[0]);
            row.sense(first).or_else(|| row.sense(1 - first))
        }
    }
}

/// The length of the longest judging phrase at a term; 0 where no phrase begins there.
fn longest(at: usize, clause: &Clause, reading: &Reading, lexicon: &Lexicon) -> usize {
    let term = &reading.terms[at];
    let mut longest = 0;
    lexicon.walk(term.id, ids_after(at, clause, reading), |entry, length| {
        if length > 1 && sense_in(entry, clause, term, length).0.valence.is_some() {
            longest = longest.max(length);
        }
    });
    longest
}

/// Whether a term judges when it stands alone.
fn judges(term: &Term, clause: &Clause, lexicon: &Lexicon) -> bool {
    let mut judges = word_sense(clause, term, &lexicon.row(term.id)).is_some_and(|(valence, _)| valence != 0.0);
    lexicon.walk(term.id, std::iter::empty(), |entry, _| {
        judges = sense_in(entry, clause, term, 1).0.valence.map_or(judges, |v| v != 0.0);
    });
    judges
}

/// How much commoner a word must be in the other language to be read as borrowed from it.
const BORROWED: u8 = 4;

/// What an entry means in a clause: in its language, or as a loan word from the other, which brings its
/// tone along and not its grammar; and whether it is a loan.
#[inline]
fn sense_in<'a>(entry: &'a Entry, clause: &Clause, term: &Term, length: usize) -> (&'a Sense, bool) {
    let says = |s: &Sense| s.valence.is_some() || s.modifier.is_some() || s.doubt > 0.0;
    let class = term.known.class();
    let Some(i) = clause.language.index() else {
        let first = usize::from(class[1] > class[0]);
        let own = &entry.senses[first];
        return (if says(own) { own } else { &entry.senses[1 - first] }, false);
    };
    let own = &entry.senses[i];
    if length > 1 || says(own) {
        return (own, false);
    }
    let borrowed = term.id < slot::HASHTAG || class[i] <= 2 || class[1 - i] >= class[i] + BORROWED;
    if borrowed { (&entry.senses[1 - i], true) } else { (own, false) }
}
