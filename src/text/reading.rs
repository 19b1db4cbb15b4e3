//! Tokens into terms: words as the lexicons spell them, in clauses, each clause in a language.
//!
//! Two passes. The first looks every word up once as it is written, cuts clauses at strong marks and
//! lets the words vote for a language. The second runs only where something was unknown or may be
//! shorthand, and climbs the ladder of `spelling` with the language known.

use super::clean::Clean;
use super::lexer;
use super::parts::face_key;
use super::spelling::{self, Found};
use super::token::{Shape, Token, TokenKind};
use crate::analysis::Via;
use crate::language::{self, Language, Vote};
use crate::lexicon::flag;
use crate::lexicon::hash::{hash, hash_ascii};
use crate::lexicon::slot;
use crate::lexicon::vocabulary::Known;
use crate::lexicon::{Lexicon, key};

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
    fn know(&mut self, known: Known) {
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
    vote: Vote,
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
    tokens: Vec<Token>,
    pub(crate) terms: Vec<Term>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) language: Language,
    /// The post is in a third language.
    pub(crate) foreign: bool,
    /// Exclamation and question marks, ellipses.
    pub(crate) marks: Vec<Mark>,
    /// Pass one's terms, while pass two rebuilds them.
    before: Vec<Term>,
    ladder: spelling::Scratch,
    /// Words that are none of the commonest, with the slots where they may be.
    rare: Vec<(usize, u64)>,
    buffer: String,
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
        lexer::lex(lexed, lexicon.emoticons, &mut self.tokens);
        self.look_up(lexed, lexicon);
        self.collapse_repeats();
        self.decide_languages(lexed, options.hint);
        self.resolve(lexed, lexicon, options);
        self.clean = clean;
    }

    /// Pass one: clauses, exact lookups.
    ///
    /// All words are hashed first and looked up together after, so that the processor waits for
    /// several places of memory at once and not for one after another.
    fn look_up(&mut self, text: &str, lexicon: &Lexicon) {
        self.cut(text, lexicon);
        self.rare.clear();
        for (at, term) in self.terms.iter_mut().enumerate().filter(|(_, t)| t.kind == TokenKind::Word) {
            match lexicon.vocabulary.get_common(term.hash) {
                Ok(known) => term.know(known),
                Err(slot) => self.rare.push((at, slot)),
            }
        }
        for (at, slot) in &self.rare {
            let term = &mut self.terms[*at];
            term.know(lexicon.vocabulary.get_from(term.hash, *slot));
        }
        for term in &mut self.terms {
            term.flags = lexicon.flags(term.id);
        }
    }

    /// Tokens into terms and clauses; words are only hashed.
    fn cut(&mut self, text: &str, lexicon: &Lexicon) {
        self.terms.clear();
        self.clauses.clear();
        self.marks.clear();
        let mut clause = Clause { first: 0, last: 0, mark: None, language: Language::Unknown, vote: Vote::default() };
        let mut after_pause = false;
        // Terms before this line.
        let mut above = 0;
        for token in &self.tokens {
            if token.shape.has(Shape::NEW_LINE) {
                close(&mut self.clauses, &mut clause, self.terms.len(), None);
                above = self.terms.len();
            }
            let unknown = Known::default();
            let (id, known, hash) = match token.kind {
                TokenKind::Word => (0, unknown, word_hash(text, token, &mut self.buffer)),
                TokenKind::Emoji | TokenKind::Emoticon => {
                    self.buffer.clear();
                    face_key(text, token, lexicon.emoticons, &mut self.buffer);
                    let hash = hash(self.buffer.as_bytes());
                    let known = lexicon.vocabulary.get(hash);
                    (if known.id() == 0 { slot::EMOJI } else { known.id() }, known, hash)
                }
                TokenKind::Hashtag | TokenKind::Mention => {
                    let hash = key_hash(&text[token.start + 1..token.end], &mut self.buffer);
                    let hashtag = token.kind == TokenKind::Hashtag;
                    let known = if hashtag { lexicon.vocabulary.get(hash) } else { unknown };
                    let id = match (hashtag, known.id()) {
                        (false, _) => slot::MENTION,
                        (true, id) if lexicon.vocabulary.is_lexical(id) => id,
                        (true, _) => slot::HASHTAG,
                    };
                    (id, known, hash)
                }
                TokenKind::Number => (slot::NUMBER, unknown, 2),
                TokenKind::Price => (slot::PRICE, unknown, 3),
                TokenKind::Rating => (slot::RATING, unknown, hash(&text.as_bytes()[token.start..token.end])),
                TokenKind::Url => (slot::URL, unknown, 5),
                TokenKind::Email => (slot::EMAIL, unknown, 6),
                TokenKind::Cashtag => (slot::CASHTAG, unknown, 8),
                mark if mark.ends_clause() => {
                    if matches!(mark, TokenKind::Exclamation | TokenKind::Question | TokenKind::Ellipsis) {
                        self.marks.push(Mark { start: offset(token.start), end: offset(token.end), kind: mark });
                    }
                    // A mark that opens a line ends nothing.
                    if self.terms.len() > above {
                        close(&mut self.clauses, &mut clause, self.terms.len(), Some(mark));
                    }
                    continue;
                }
                _ => {
                    after_pause = true;
                    continue;
                }
            };
            self.terms.push(Term {
                start: offset(token.start),
                end: offset(token.end),
                id,
                hash,
                known,
                kind: token.kind,
                shape: token.shape,
                via: Via::Exact,
                trust: 1.0,
                after_pause,
                stretched: false,
                flags: 0,
            });
            after_pause = false;
        }
        close(&mut self.clauses, &mut clause, self.terms.len(), None);
    }

    fn decide_languages(&mut self, text: &str, hint: Language) {
        let mut post = Vote::default();
        for clause in &mut self.clauses {
            for term in &self.terms[clause.first..clause.last] {
                if term.kind == TokenKind::Word {
                    count(&mut clause.vote, text, term);
                }
            }
            post.add(clause.vote);
        }
        self.foreign = post.is_foreign();
        let mut words = [0usize; 3];
        for clause in &mut self.clauses {
            clause.language =
                if self.foreign { Language::Unknown } else { language::decide(&clause.vote, &post, hint) };
            words[clause.language.index().unwrap_or(2)] += clause.last - clause.first;
        }
        self.language = match words {
            [0, 0, _] => Language::Unknown,
            [fr, en, _] if fr >= en => Language::French,
            _ => Language::English,
        };
    }

    /// Pass two: shorthand, and the ladder for words that are not known in their clause's language.
    fn resolve(&mut self, text: &str, lexicon: &Lexicon, options: Options) {
        if self.foreign {
            return;
        }
        let needs_help = |clause: &Clause, terms: &[Term]| {
            terms[clause.first..clause.last].iter().any(|t| wants_help(t, clause.language))
        };
        if !self.clauses.iter().any(|c| needs_help(c, &self.terms)) {
            return;
        }
        std::mem::swap(&mut self.terms, &mut self.before);
        self.terms.clear();
        for at in 0..self.clauses.len() {
            let clause = self.clauses[at];
            let first = self.terms.len();
            for index in clause.first..clause.last {
                let term = self.before[index];
                if wants_help(&term, clause.language) {
                    let context = spelling::Context {
                        text,
                        term,
                        previous: index.checked_sub(1).filter(|i| *i >= clause.first).map(|i| self.before[i]),
                        next: self.before.get(index + 1).filter(|_| index + 1 < clause.last).copied(),
                        language: clause.language,
                        spelling: options.spelling,
                    };
                    match spelling::climb(&context, lexicon, &mut self.ladder) {
                        Found::Nothing => self.terms.push(term),
                        Found::One(found) => self.terms.push(found),
                        Found::Several => self.terms.extend_from_slice(self.ladder.found()),
                    }
                } else {
                    self.terms.push(term);
                }
            }
            self.clauses[at].first = first;
            self.clauses[at].last = self.terms.len();
        }
        for term in self.terms.iter_mut().filter(|t| t.via != Via::Exact || t.id != 0) {
            term.flags = lexicon.flags(term.id);
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

/// Offsets are kept in 32 bits; the analyzer cuts longer texts.
#[expect(clippy::cast_possible_truncation, reason = "texts of 4 GiB are cut by the analyzer")]
fn offset(at: usize) -> u32 {
    at as u32
}

/// Ends the clause that is open and opens the next; marks without words belong to the clause before.
fn close(clauses: &mut Vec<Clause>, open: &mut Clause, terms: usize, mark: Option<TokenKind>) {
    if open.first == terms {
        if let (Some(last), Some(_)) = (clauses.last_mut(), mark)
            && (last.mark.is_none() || mark == Some(TokenKind::Question))
        {
            last.mark = mark;
        }
        return;
    }
    open.last = terms;
    open.mark = mark;
    clauses.push(*open);
    *open = Clause { first: terms, last: terms, mark: None, language: Language::Unknown, vote: Vote::default() };
}

/// Whether pass two has something to say about a term.
#[inline]
fn wants_help(term: &Term, language: Language) -> bool {
    let is = |bit: u8| term.flags & bit != 0;
    match (term.kind, language.index()) {
        (TokenKind::Word, Some(0)) => term.known.class()[0] == 0 || is(flag::SHORTHAND[0] | flag::ASKED),
        (TokenKind::Word, Some(i)) => term.known.class()[i] == 0 || is(flag::SHORTHAND[i]),
        (TokenKind::Word, None) => !term.known.is_known() || is(flag::SHORTHAND[0] | flag::SHORTHAND[1]),
        (TokenKind::Hashtag, _) => term.id == slot::HASHTAG,
        _ => false,
    }
}

/// The hash of a word's exact key.
#[inline]
fn word_hash(text: &str, token: &Token, buffer: &mut String) -> u64 {
    if !token.shape.has(Shape::WIDE) {
        return hash_ascii(&text.as_bytes()[token.start..token.end]);
    }
    key_hash(&text[token.start..token.end], buffer)
}

/// The hash of the exact key of any text.
fn key_hash(text: &str, buffer: &mut String) -> u64 {
    if text.is_ascii() && !text.contains('`') {
        return hash_ascii(text.as_bytes());
    }
    buffer.clear();
    text.chars().for_each(|c| key::push_normal(c, buffer));
    hash(buffer.as_bytes())
}

/// Counts a word's vote, and the signs that only one language writes.
#[inline]
fn count(vote: &mut Vote, text: &str, term: &Term) {
    if term.shape.has(Shape::CLITIC) {
        let word = &text[term.start as usize..term.end as usize];
        return vote.lean(if word.starts_with(char::is_alphabetic) { 4 } else { -4 });
    }
    if term.shape.has(Shape::DIGIT) {
        return;
    }
    let class = term.known.class();
    if term.known.is_known() || term.end - term.start > 2 {
        vote.count(class, term.known.id() != 0);
    }
    if term.shape.has(Shape::WIDE) && class[1] == 0 {
        let word = &text[term.start as usize..term.end as usize];
        if word.chars().any(|c| !c.is_ascii() && c.is_alphabetic() && !is_french(c)) {
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
    "éèêëàâäçùûüîïôöœæÿñÉÈÊËÀÂÄÇÙÛÜÎÏÔÖŒÆŸÑ’ʼ".contains(c)
}
