//! Tokens into terms and clauses, as the lexer gives them; each word is looked up once.

use super::lexer::Sink;
use super::parts::face_key;
use super::reading::{Clause, Mark, Rare, Reading, Term};
use super::token::{Shape, Token, TokenKind};
use crate::analysis::Via;
use crate::lexicon::hash::{hash, hash_ascii};
use crate::lexicon::vocabulary::{Commonest, Known, Vocabulary};
use crate::lexicon::{Lexicon, key, slot};

/// Takes tokens and fills a reading with their terms, clauses and marks.
pub(super) struct Cutter<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    vocabulary: &'a Vocabulary,
    common: Commonest,
    terms: &'a mut Vec<Term>,
    clauses: &'a mut Vec<Clause>,
    marks: &'a mut Vec<Mark>,
    /// Words that are none of the commonest.
    rare: &'a mut Vec<Rare>,
    buffer: &'a mut String,
    /// The clause that is open.
    open: Clause,
    after_pause: bool,
    /// Terms before this line.
    above: usize,
}

impl Sink for Cutter<'_> {
    #[inline]
    fn plain(&mut self, start: usize, end: usize, shape: Shape, hash: u64) {
        if shape.has(Shape::NEW_LINE) {
            self.open_line();
        }
        self.word(start, end, shape, hash);
    }

    #[inline]
    fn mark(&mut self, token: Token) {
        if token.shape.has(Shape::NEW_LINE) {
            self.open_line();
        }
        self.pause(&token);
    }

    fn token(&mut self, token: Token) {
        if token.shape.has(Shape::NEW_LINE) {
            self.open_line();
        }
        let unknown = Known::default();
        let (id, known, hash) = match token.kind {
            TokenKind::Word => {
                let hash = self.word_hash(&token);
                return self.word(token.start, token.end, token.shape, hash);
            }
            TokenKind::Emoji | TokenKind::Emoticon => {
                self.buffer.clear();
                face_key(self.text, &token, self.lexicon.emoticons, self.buffer);
                let hash = hash(self.buffer.as_bytes());
                let known = self.vocabulary.get(hash);
                (if known.id() == 0 { slot::EMOJI } else { known.id() }, known, hash)
            }
            TokenKind::Hashtag | TokenKind::Mention => {
                let hash = key_hash(&self.text[token.start + 1..token.end], self.buffer);
                let hashtag = token.kind == TokenKind::Hashtag;
                let known = if hashtag { self.vocabulary.get(hash) } else { unknown };
                let id = match (hashtag, known.id()) {
                    (false, _) => slot::MENTION,
                    (true, id) if self.vocabulary.is_lexical(id) => id,
                    (true, _) => slot::HASHTAG,
                };
                (id, known, hash)
            }
            TokenKind::Number => (slot::NUMBER, unknown, 2),
            TokenKind::Price => (slot::PRICE, unknown, 3),
            TokenKind::Rating => (slot::RATING, unknown, hash(&self.text.as_bytes()[token.start..token.end])),
            TokenKind::Url => (slot::URL, unknown, 5),
            TokenKind::Email => (slot::EMAIL, unknown, 6),
            TokenKind::Cashtag => (slot::CASHTAG, unknown, 8),
            _ => return self.pause(&token),
        };
        self.push(token, id, known, hash);
    }
}

impl<'a> Cutter<'a> {
    pub(super) fn new(reading: &'a mut Reading, text: &'a str, lexicon: &'a Lexicon) -> Self {
        let Reading { terms, clauses, marks, rare, buffer, .. } = reading;
        terms.clear();
        clauses.clear();
        marks.clear();
        rare.clear();
        Self {
            text,
            lexicon,
            vocabulary: &lexicon.vocabulary,
            common: lexicon.vocabulary.commonest(),
            terms,
            clauses,
            marks,
            rare,
            buffer,
            open: Clause::at(0),
            after_pause: false,
            above: 0,
        }
    }

    /// Ends the last clause.
    pub(super) fn end(&mut self) {
        self.close(None);
    }

    #[inline]
    fn word(&mut self, start: usize, end: usize, shape: Shape, hash: u64) {
        let known = self.common.get(hash);
        if !known.is_known() {
            self.rare.push(Rare { at: self.terms.len(), hash, slot: 0 });
        }
        self.push(Token { start, end, kind: TokenKind::Word, shape }, known.id(), known, hash);
    }

    #[inline]
    fn push(&mut self, token: Token, id: u32, known: Known, hash: u64) {
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
            after_pause: self.after_pause,
            stretched: false,
            flags: self.lexicon.flags(id),
        });
        self.after_pause = false;
    }

    /// A mark, which ends a clause or makes a pause in it.
    #[inline]
    fn pause(&mut self, token: &Token) {
        if token.kind.ends_clause() {
            self.end_clause(token);
        } else {
            self.after_pause = true;
        }
    }

    fn end_clause(&mut self, token: &Token) {
        let kind = token.kind;
        if matches!(kind, TokenKind::Exclamation | TokenKind::Question | TokenKind::Ellipsis) {
            self.marks.push(Mark { start: offset(token.start), end: offset(token.end), kind });
        }
        // A mark that opens a line ends nothing.
        if self.terms.len() > self.above {
            self.close(Some(kind));
        }
    }

    #[inline(never)]
    fn open_line(&mut self) {
        self.close(None);
        self.above = self.terms.len();
    }

    /// Ends the clause that is open and opens the next; marks without words belong to the clause before.
    fn close(&mut self, mark: Option<TokenKind>) {
        let terms = self.terms.len();
        if self.open.first == terms {
            if let (Some(last), Some(_)) = (self.clauses.last_mut(), mark)
                && (last.mark.is_none() || mark == Some(TokenKind::Question))
            {
                last.mark = mark;
            }
            return;
        }
        self.clauses.push(Clause { last: terms, mark, ..self.open });
        self.open = Clause::at(terms);
    }

    /// The hash of a word's exact key.
    fn word_hash(&mut self, token: &Token) -> u64 {
        let word = &self.text[token.start..token.end];
        if token.shape.has(Shape::WIDE) { key_hash(word, self.buffer) } else { hash_ascii(word.as_bytes()) }
    }
}

/// Offsets are kept in 32 bits; the analyzer cuts longer texts.
#[expect(clippy::cast_possible_truncation, reason = "texts of 4 GiB are cut by the analyzer")]
fn offset(at: usize) -> u32 {
    at as u32
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
