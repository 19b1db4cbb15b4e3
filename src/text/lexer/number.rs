//! Numbers, and what makes one a rating, a price or a key of a telephone.

use super::word::is_apostrophe;
use super::{Lexer, Shape, TokenKind};

impl Lexer<'_> {
    /// A number with its separators, then what makes it a rating, a price or a word (`5G`).
    pub(super) fn number(&self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
        shape.set(Shape::DIGIT);
        let mut end = at;
        loop {
            match self.byte(end) {
                b'0'..=b'9' => end += 1,
                b'.' | b',' | b':' if self.byte(end + 1).is_ascii_digit() => end += 2,
                _ => break,
            }
        }
        if let Some(stop) = self.rating_end(at, end) {
            return (stop, TokenKind::Rating);
        }
        if let Some(stop) = self.currency_end(end) {
            return (stop, TokenKind::Price);
        }
        match self.byte(end) {
            b'%' => (end + 1, TokenKind::Number),
            b'a'..=b'z' | b'A'..=b'Z' => (self.word(end, shape).0, TokenKind::Word),
            0x80.. if self.char(end).is_some_and(|c| c.is_alphabetic() && !is_apostrophe(c)) => {
                (self.word(end, shape).0, TokenKind::Word)
            }
            _ => (end, TokenKind::Number),
        }
    }

    /// The end of `n/5`, `n/10`, `n/20`, `n/100`, `n sur 5`, `n out of 10` (blanks allowed), with n no
    /// greater than the scale; or of `n stars`, which are out of five.
    pub(super) fn rating_end(&self, start: usize, end: usize) -> Option<usize> {
        let value = || self.text[start..end].replace(',', ".").parse::<f32>().ok();
        if let Some(word) = self.word_after(end, &["stars", "star", "étoiles", "étoile", "etoiles", "etoile"]) {
            return (value()? <= 5.0).then_some(word);
        }
        let skip = |at: usize| if self.byte(at) == b' ' { at + 1 } else { at };
        let slash = skip(end);
        let scale =
            if self.byte(slash) == b'/' { skip(slash + 1) } else { skip(self.word_after(end, &["sur", "out of"])?) };
        let digits = self.bytes.get(scale..)?.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let stop = scale + digits;
        if self.byte(stop) == b'/' || self.letter_at(stop) {
            return None;
        }
        let top: f32 = match &self.bytes[scale..stop] {
            b"5" => 5.0,
            b"10" => 10.0,
            b"20" => 20.0,
            b"100" => 100.0,
            _ => return None,
        };
        (value()? <= top).then_some(stop)
    }

    /// The end of one of some words, one blank after `at`.
    pub(super) fn word_after(&self, at: usize, words: &[&str]) -> Option<usize> {
        if self.byte(at) != b' ' {
            return None;
        }
        let rest = self.text.get(at + 1..)?;
        words.iter().find_map(|word| {
            let fits = rest.get(..word.len()).is_some_and(|r| r.eq_ignore_ascii_case(word));
            let end = at + 1 + word.len();
            (fits && !self.letter_at(end)).then_some(end)
        })
    }

    /// The end of a currency that follows a number, one blank allowed.
    pub(super) fn currency_end(&self, end: usize) -> Option<usize> {
        let at = if self.byte(end) == b' ' { end + 1 } else { end };
        match self.byte(at) {
            b'$' => return Some(at + 1),
            0x80.. => {
                let c = self.char(at)?;
                return matches!(c, '€' | '£' | '¥').then_some(at + c.len_utf8());
            }
            b'a'..=b'z' | b'A'..=b'Z' => {}
            _ => return None,
        }
        let rest = &self.bytes[at..self.bytes.len().min(at + 8)];
        CURRENCIES.iter().find_map(|name| {
            let n = name.len();
            let fits = rest.len() >= n && rest[..n].eq_ignore_ascii_case(name.as_bytes());
            (fits && !self.letter_at(at + n)).then_some(at + n)
        })
    }

    /// A currency sign before a number.
    pub(super) fn price_ahead(&self, at: usize, width: usize) -> Option<(usize, TokenKind)> {
        let start = if self.byte(at + width) == b' ' { at + width + 1 } else { at + width };
        if !self.byte(start).is_ascii_digit() {
            return None;
        }
        let mut end = start;
        while self.byte(end).is_ascii_digit()
            || (matches!(self.byte(end), b'.' | b',') && self.byte(end + 1).is_ascii_digit())
        {
            end += 1;
        }
        Some((end, TokenKind::Price))
    }

    /// `1️⃣`, `#️⃣`: a digit or sign, an optional variation selector, a keycap.
    pub(super) fn keycap(&self, at: usize) -> Option<(usize, TokenKind)> {
        if self.byte(at + 1) < 0x80 {
            return None;
        }
        let rest = self.text.get(at + 1..)?;
        let after = rest.strip_prefix('\u{fe0f}').unwrap_or(rest);
        after.starts_with('\u{20e3}').then(|| (self.text.len() - after.len() + '\u{20e3}'.len_utf8(), TokenKind::Emoji))
    }
}

/// Names of currencies that may follow a number.
const CURRENCIES: [&str; 10] = ["euros", "euro", "eur", "dollars", "dollar", "usd", "bucks", "pounds", "gbp", "quid"];
