//! Text into tokens: one pass over the bytes, an ordered list of recognisers.
//!
//! Most of a post is plain words, which [`plain`] reads eight bytes at a time. What it leaves goes
//! through the arms of [`Lexer::recognise`], whose order matters: links and addresses before words (they
//! are made of words), emoticons before marks (they are made of marks), numbers before words (`5G` is a
//! word that begins with a digit). Nothing is ever read twice but for a bounded look ahead, so the cost
//! is linear on any text.

mod address;
mod number;
mod plain;
mod sign;
mod word;

use super::emoticon::Emoticons;
use super::token::{Shape, Token, TokenKind};

/// Who takes the tokens of a text, in order.
pub(crate) trait Sink {
    /// A token of any kind.
    fn token(&mut self, token: Token);
    /// A token that is a mark.
    fn mark(&mut self, token: Token);
    /// A word, with the hash of its key.
    fn plain(&mut self, start: usize, end: usize, shape: Shape, hash: u64);
}

impl Sink for Vec<Token> {
    fn token(&mut self, token: Token) {
        self.push(token);
    }

    fn mark(&mut self, token: Token) {
        self.push(token);
    }

    fn plain(&mut self, start: usize, end: usize, shape: Shape, _: u64) {
        self.push(Token { start, end, kind: TokenKind::Word, shape });
    }
}

/// Cuts a text into tokens, in order and disjoint; only white space is left between them.
pub(crate) fn lex(text: &str, emoticons: &Emoticons, out: &mut Vec<Token>) {
    out.clear();
    lex_into(text, emoticons, out);
}

/// The same for any taker.
#[inline]
pub(crate) fn lex_into(text: &str, emoticons: &Emoticons, out: &mut impl Sink) {
    let mut lexer = Lexer::new(text, emoticons);
    let mut at = 0;
    while let Some(&byte) = lexer.bytes.get(at) {
        if byte == b' ' {
            at += 1;
        } else if let Some(plain) = lexer.plain(at) {
            out.plain(at, plain.end, lexer.on_its_line(plain.shape), plain.hash);
            // A blank follows most words, and is passed with them.
            at = plain.end + usize::from(lexer.byte(plain.end) == b' ');
        } else {
            at = lexer.any(at, out);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    emoticons: &'a Emoticons,
    /// The next `@` that stands behind what may be the beginning of an address; the end if there is none.
    address: usize,
    /// A line began since the last token.
    new_line: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, emoticons: &'a Emoticons) -> Self {
        let mut lexer = Self { text, bytes: text.as_bytes(), emoticons, address: 0, new_line: false };
        lexer.find_address(0);
        lexer
    }

    /// Whatever starts here, with its blanks: gives what is a token to `out`. Always moves on.
    #[inline(never)]
    fn any(&mut self, at: usize, out: &mut impl Sink) -> usize {
        let byte = self.bytes[at];
        if byte.is_ascii_whitespace() || byte == 0 {
            self.new_line |= byte == b'\n' || byte == b'\r';
            return at + 1;
        }
        if let Some(kind) = self.lone_mark(at) {
            let shape = self.on_its_line(Shape::default());
            out.mark(Token { start: at, end: at + 1, kind, shape });
            return at + 1;
        }
        let mut shape = Shape::default();
        let (end, kind) = self.recognise(at, &mut shape);
        if kind == TokenKind::Other && self.is_blank(at, end) {
            return end;
        }
        let shape = self.on_its_line(shape);
        out.token(Token { start: at, end, kind, shape });
        end
    }

    /// Whether what looks like a sign is a blank, which may break a line.
    #[inline(never)]
    fn is_blank(&mut self, at: usize, end: usize) -> bool {
        let sign = &self.text[at..end];
        let blank = sign.chars().all(char::is_whitespace);
        self.new_line |= blank && sign.contains(['\u{2028}', '\u{2029}', '\u{85}']);
        blank
    }

    /// The shape of a token, which is the first on its line or not.
    #[inline]
    fn on_its_line(&mut self, mut shape: Shape) -> Shape {
        if self.new_line {
            shape.set(Shape::NEW_LINE);
            self.new_line = false;
        }
        shape
    }

    /// The token that starts here: its end and its kind. Always moves on.
    #[inline(never)]
    fn recognise(&mut self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
        let byte = self.bytes[at];
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {
                if self.emoticons.may_start(byte)
                    && !self.follows_word(at)
                    && let Some(end) = self.emoticons.longest(self.bytes, at)
                {
                    return (end, TokenKind::Emoticon);
                }
                if let Some(found) = self.link(at).or_else(|| self.email(at)) {
                    return found;
                }
                if let Some(end) = self.cut_short(at) {
                    shape.set(if byte.is_ascii_uppercase() { Shape::CAPITAL } else { Shape::SMALL });
                    return (end, TokenKind::Word);
                }
                self.word(at, shape)
            }
            b'0'..=b'9' => {
                if let Some(found) = self.keycap(at).or_else(|| self.emoticon(at)).or_else(|| self.email(at)) {
                    return found;
                }
                self.number(at, shape)
            }
            0x80.. => self.wide(at, shape),
            b'#' => {
                self.keycap(at).or_else(|| self.tag(at, 1, TokenKind::Hashtag)).unwrap_or((at + 1, TokenKind::Other))
            }
            b'@' => {
                self.tag(at, 1, TokenKind::Mention).or_else(|| self.emoticon(at)).unwrap_or((at + 1, TokenKind::Other))
            }
            b'\'' | b'`' if self.clitic(at).is_some() => {
                shape.set(Shape::CLITIC | if byte == b'`' { Shape::WIDE } else { 0 });
                (self.clitic(at).unwrap_or(at + 1), TokenKind::Word)
            }
            b'$' => self.cashtag(at).or_else(|| self.price_ahead(at, 1)).unwrap_or((at + 1, TokenKind::Other)),
            _ => self.emoticon(at).unwrap_or_else(|| self.mark(at)),
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Whether a letter or digit ends right before this byte.
    fn follows_word(&self, at: usize) -> bool {
        at > 0 && (self.bytes[at - 1].is_ascii_alphanumeric() || self.bytes[at - 1] >= 0x80)
    }

    fn letter_at(&self, at: usize) -> bool {
        match self.byte(at) {
            0x80.. => self.char(at).is_some_and(char::is_alphabetic),
            b => b.is_ascii_alphabetic(),
        }
    }
}
