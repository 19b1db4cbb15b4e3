//! What was written, under the spelling.
//!
//! A post's bytes become tokens ([`tokenize`]), tokens become terms: words as the lexicons spell
//! them, with the clause they stand in and the language of that clause. Every span points at the
//! bytes as they were given.

pub(crate) mod clean;
mod cut;
mod emoticon;
pub(crate) mod lexer;
pub(crate) mod normalized;
mod parts;
pub(crate) mod reading;
mod spelling;
pub(crate) mod token;

pub(crate) use emoticon::Emoticons;
pub use normalized::{Normalized, NormalizedWord};
pub(crate) use parts::parts;
pub use token::{Token, TokenKind};

/// The tokens of a text: ordered, disjoint, and with the white space between them the whole text.
///
/// ```
/// use tonalite::text::{TokenKind, tokenize};
/// let tokens = tokenize("J'adore #Nimbo :-)");
/// assert_eq!(tokens.len(), 4);
/// assert_eq!(tokens[3].kind, TokenKind::Emoticon);
/// ```
pub fn tokenize(text: &str) -> Vec<Token> {
    let emoticons = crate::lexicon::emoticons();
    let mut clean = clean::Clean::default();
    let mut tokens = Vec::new();
    lexer::lex(clean.read(text), emoticons, &mut tokens);
    let mut floor = 0;
    for token in &mut tokens {
        let (start, end) = clean.original(text, token.start, token.end);
        token.start = start.max(floor);
        token.end = end.max(token.start);
        floor = token.end;
    }
    tokens
}
