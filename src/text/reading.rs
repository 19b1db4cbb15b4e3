//! Tokens into terms: words as the lexicons spell them, in clauses, each clause in a language.
//!
//! Two passes. The first looks every word up once as it is written, cuts clauses at strong marks and
//! lets the words vote for a language. The second runs only where something was unknown or may be
//! shorthand, and climbs the ladder of `spelling` with the language known.

use super::clean::Clean;
use super::cut::Cutter;
use super::lexer;
use super::spelling::{self, Found};
use super::token::{Shape, TokenKind};
use crate::analysis::Via;
use crate::language::{self, Language, Vote};
use crate::lexicon::flag;
use crate::lexicon::vocabulary::Known;
use crate::lexicon::{Lexicon, slot};

/// A word or sign that may carry tone. Spans are in the text that was lexed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Word, slot, or 0 for a word that no lexicon speaks of.
    pub(crate) id: u32,
    /// Hash of the key as written: tells names apart that have no id.
    pub(crate) hash: u64,
    pub(crate) known: Known,
    pub(crate) kind: TokenKind,
    pub(crate) shape: Shape,
    pub(crate) via: Via,
    /// How far the reading can be trusted, 0..1.
    pub(crate) trust: f32,
    /// A comma, a bracket or a dash stands before it.
    pub(crate) after_pause: bool,
    /// Letters were drawn out: `trooop`.
    pub(crate) stretched: bool,
    /// What the lexicon says of the id at a glance: see [`crate::lexicon::flag`].
    pub(crate) flags: u8,
}

impl Term {
    #[inline]
    pub(super) fn know(&mut self, known: Known) {
        self.known = known;
        self.id = known.id();
    }
}

/// A run of terms between strong marks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clause {
    /// First term.
    pub(crate) first: usize,
    /// One past the last term.
    pub(crate) last: usize,
    /// The mark that ends it.
    pub(crate) mark: Option<TokenKind>,
    pub(crate) language: Language,
    pub(super) vote: Vote,
    /// Which languages want help with a word of it: see [`help`].
    pub(super) help: u8,
}

impl Clause {
    /// A clause that begins at a term.
    pub(super) fn at(first: usize) -> Self {
        Self { first, last: first, mark: None, language: Language::Unknown, vote: Vote::default(), help: 0 }
    }
}

/// A mark of emphasis, doubt or asking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: TokenKind,
}

impl Mark {
    /// Its place among the marks that are told apart: `!`, `!!`, `?`, `??`, `...`.
    #[inline]
    pub(crate) fn place(&self) -> usize {
        let again = usize::from(self.end - self.start > 1);
        match self.kind {
            TokenKind::Exclamation => again,
            TokenKind::Question => 2 + again,
            _ => 4,
        }
    }
}

/// What was written, under the spelling. Reused from post to post.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) clean: Clean,
    pub(crate) terms: Vec<Term>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) language: Language,
    /// The post is in a third language.
    pub(crate) foreign: bool,
    /// Exclamation and question marks, ellipses.
    pub(crate) marks: Vec<Mark>,
    /// Terms that were read as several, and how many; and those several.
    splits: Vec<(usize, usize)>,
    parts: Vec<Term>,
    /// Terms before some were read as several, while they are put together anew.
    before: Vec<Term>,
    ladder: spelling::Scratch,
    /// Words that are none of the commonest.
    pub(super) rare: Vec<Rare>,
    pub(super) buffer: String,
}

/// A word that is none of the commonest: these are looked up together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rare {
    /// Its term.
    pub(super) at: usize,
    pub(super) hash: u64,
    /// The slot where it may be, once it was looked for.
    pub(super) slot: u64,
}

/// How a reading is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) spelling: bool,
    pub(crate) hint: Language,
}

impl Reading {
    /// Reads a post.
    pub(crate) fn read(&mut self, text: &str, lexicon: &Lexicon, options: Options) {
        let mut clean = std::mem::take(&mut self.clean);
        let lexed = clean.read(text);
        self.look_up(lexed, lexicon);
        self.collapse_repeats();
        self.decide_languages(lexed, options.hint);
        self.resolve(lexed, lexicon, options);
        self.clean = clean;
    }

    /// Pass one: tokens, clauses, exact look-ups.
    fn look_up(&mut self, text: &str, lexicon: &Lexicon) {
        let mut cutter = Cutter::new(self, text, lexicon);
        lexer::lex_into(text, lexicon.emoticons, &mut cutter);
        cutter.end();
        // One short loop for each place of memory, so that the processor waits for all words at once.
        for rare in &mut self.rare {
            rare.slot = lexicon.vocabulary.first(rare.hash);
        }
        for rare in &self.rare {
            self.terms[rare.at].know(lexicon.vocabulary.get_from(rare.hash, rare.slot));
        }
        for rare in &self.rare {
            let term = &mut self.terms[rare.at];
            term.flags = lexicon.flags(term.id);
        }
    }

    /// What is known of each term, and what the words of each clause vote for.
    fn decide_languages(&mut self, text: &str, hint: Language) {
        let mut post = Vote::default();
        for clause in &mut self.clauses {
            for term in &self.terms[clause.first..clause.last] {
                if term.kind == TokenKind::Word {
                    count(&mut clause.vote, text, term);
                }
                clause.help |= help(term);
            }
            post.add(clause.vote);
        }
        self.foreign = post.is_foreign();
        let mut words = [0usize; 3];
        for clause in &mut self.clauses {
            clause.language =
                if self.foreign { Language::Unknown } else { language::decide(&clause.vote, &post, hint) };
            words[clause.language.place()] += clause.last - clause.first;
        }
        self.language = match words {
            [0, 0, _] => Language::Unknown,
            [fr, en, _] if fr >= en => Language::French,
            _ => Language::English,
        };
    }

    /// Pass two: shorthand, and the ladder for words that are not known in their clause's language.
    fn resolve(&mut self, text: &str, lexicon: &Lexicon, options: Options) {
        let wanting = |clause: &Clause| is_wanted(clause.help, clause.language);
        if self.foreign || !self.clauses.iter().any(wanting) {
            return;
        }
        self.splits.clear();
        let mut asked = 0;
        for clause in &self.clauses {
            if !wanting(clause) {
                continue;
            }
            // The neighbours of a word are those that were written.
            let mut previous = None;
            for index in clause.first..clause.last {
                let term = self.terms[index];
                if is_wanted(help(&term), clause.language) {
                    asked += 1;
                    let context = spelling::Context {
                        text,
                        term,
                        previous,
                        next: self.terms.get(index + 1).filter(|_| index + 1 < clause.last).copied(),
                        language: clause.language,
                        spelling: options.spelling && asked <= GUESSED + index / GUESSED_ONE_IN,
                    };
                    match spelling::climb(&context, lexicon, &mut self.ladder) {
                        Found::Nothing => {}
                        Found::One(read) => self.terms[index] = flagged(read, lexicon),
                        Found::Several => {
                            let read = self.ladder.found();
                            self.splits.push((index, read.len()));
                            self.parts.extend(read.iter().map(|read| flagged(*read, lexicon)));
                        }
                    }
                }
                previous = Some(term);
            }
        }
        if !self.splits.is_empty() {
            self.split();
        }
    }

    /// Puts the words that some terms were read as in their place.
    #[inline(never)]
    fn split(&mut self) {
        std::mem::swap(&mut self.terms, &mut self.before);
        self.terms.clear();
        let (mut splits, mut parts) = (self.splits.iter().peekable(), self.parts.drain(..));
        for clause in &mut self.clauses {
            let range = clause.first..clause.last;
            clause.first = self.terms.len();
            // Terms before this one are copied.
            let mut copied = range.start;
            while let Some((index, count)) = splits.next_if(|(index, _)| *index < range.end) {
                self.terms.extend_from_slice(&self.before[copied..*index]);
                self.terms.extend(parts.by_ref().take(*count));
                copied = index + 1;
            }
            self.terms.extend_from_slice(&self.before[copied..range.end]);
            clause.last = self.terms.len();
        }
    }

    /// A text said twice says the same thing: when the terms are some run of terms over and over,
    /// only the first run is kept.
    fn collapse_repeats(&mut self) {
        let n = self.terms.len();
        let Some(head) = self.terms.first().map(|t| t.hash) else { return };
        let period = (1..=n / 2).find(|&p| {
            self.terms[p].hash == head
                && n.is_multiple_of(p)
                && (p..n).all(|i| self.terms[i].hash == self.terms[i - p].hash)
        });
        let Some(period) = period else { return };
        self.terms.truncate(period);
        let end = self.clauses.last().and_then(|c| c.mark);
        self.clauses.retain(|c| c.first < period);
        if let Some(last) = self.clauses.last_mut()
            && last.last > period
        {
            last.last = period;
            last.mark = end;
        }
        // The marks of the first run: as many of the first as the run is of the whole.
        self.marks.truncate(self.marks.len() * period / n);
    }
}

/// Guesses are for words among words that are known: so many of a post, and one word in some after, are
/// guessed at. What goes beyond is no misspelt post, and would cost many times its length.
const GUESSED: usize = 24;
const GUESSED_ONE_IN: usize = 6;

/// A term as the ladder read it, with what the lexicon says of it now.
fn flagged(term: Term, lexicon: &Lexicon) -> Term {
    let same = term.via == Via::Exact && term.id == 0;
    Term { flags: if same { term.flags } else { lexicon.flags(term.id) }, ..term }
}

/// Which languages want help with a term: a bit for French, for English, and for neither known.
///
/// A word wants it where the language does not know it or writes it for something else.
#[inline]
fn help(term: &Term) -> u8 {
    const FRENCH: u8 = 1;
    const ENGLISH: u8 = 1 << 1;
    const NEITHER: u8 = 1 << 2;
    const FLAGS: u8 = flag::SHORTHAND[0] | flag::SHORTHAND[1] | flag::ASKED;
    const BY_FLAGS: [u8; FLAGS as usize + 1] = {
        let mut help = [0; FLAGS as usize + 1];
        let mut flags = 0;
        while flags <= FLAGS {
            let place = flags as usize;
            if flags & flag::SHORTHAND[0] != 0 {
                help[place] |= FRENCH | NEITHER;
            }
            if flags & flag::SHORTHAND[1] != 0 {
                help[place] |= ENGLISH | NEITHER;
            }
            if flags & flag::ASKED != 0 {
                help[place] |= FRENCH;
            }
            flags += 1;
        }
        help
    };
    /// By both classes of a word: the languages that do not know it.
    const UNKNOWN_TO: [u8; 256] = {
        let mut unknown = [0; 256];
        let mut class = 0;
        while class < 16 {
            unknown[class << 4] |= FRENCH;
            unknown[class] |= ENGLISH;
            class += 1;
        }
        unknown
    };
    match term.kind {
        TokenKind::Word => {
            UNKNOWN_TO[usize::from(term.known.classes())]
                | (u8::from(!term.known.is_known()) * NEITHER)
                | BY_FLAGS[usize::from(term.flags & FLAGS)]
        }
        TokenKind::Hashtag if term.id == slot::HASHTAG => FRENCH | ENGLISH | NEITHER,
        _ => 0,
    }
}

/// Whether what is wanted is wanted in a language.
#[inline]
fn is_wanted(help: u8, language: Language) -> bool {
    help >> language.place() & 1 != 0
}

/// Counts a word's vote.
#[inline]
fn count(vote: &mut Vote, text: &str, term: &Term) {
    if term.shape.has(Shape::CLITIC | Shape::DIGIT | Shape::WIDE) || term.flags & flag::FOREIGN != 0 {
        return count_sign(vote, text, term);
    }
    if term.known.is_known() || term.end - term.start > 2 {
        vote.count(term.known.classes(), term.known.id() != 0);
    }
}

/// Counts the vote of a word with signs that only one language writes, or none of ours.
#[inline(never)]
fn count_sign(vote: &mut Vote, text: &str, term: &Term) {
    let word = &text[term.start as usize..term.end as usize];
    if term.shape.has(Shape::CLITIC) {
        return vote.lean(if word.starts_with(char::is_alphabetic) { 4 } else { -4 });
    }
    if term.shape.has(Shape::DIGIT) {
        return;
    }
    let class = term.known.class();
    if term.known.is_known() || term.end - term.start > 2 {
        vote.count(term.known.classes(), term.known.id() != 0);
    }
    if term.shape.has(Shape::WIDE) && class[1] == 0 {
        if word.chars().any(|c| !c.is_ascii() && !is_french(c) && c.is_alphabetic()) {
            vote.count_foreign();
        } else if class[0] == 0 {
            vote.lean(3);
        }
    }
    if term.flags & flag::FOREIGN != 0 {
        vote.count_foreign();
    }
}

/// Letters outside ASCII that French (or a loan in it) writes.
fn is_french(c: char) -> bool {
    matches!(c, 'à' | 'â' | 'ä' | 'æ'..='ë' | 'î' | 'ï' | 'ñ' | 'ô' | 'ö' | 'ù' | 'û' | 'ü' | 'ÿ' | 'œ' | '’' | 'ʼ')
        || matches!(c, 'À' | 'Â' | 'Ä' | 'Æ'..='Ë' | 'Î' | 'Ï' | 'Ñ' | 'Ô' | 'Ö' | 'Ù' | 'Û' | 'Ü' | 'Ÿ' | 'Œ')
}
