//! Links, e-mail addresses, handles, hashtags and stock symbols.

use super::word::is_word_char;
use super::{Lexer, TokenKind};

impl Lexer<'_> {
    /// A link with a scheme, `www.`, or the bare word `http` that masked corpora leave.
    pub(super) fn link(&self, at: usize) -> Option<(usize, TokenKind)> {
        if !matches!([self.bytes[at] | 32, self.byte(at + 1) | 32], [b'h' | b'f', b't'] | [b'w', b'w']) {
            return None;
        }
        let head = &self.bytes[at..self.bytes.len().min(at + 8)];
        let starts = |s: &str| head.len() >= s.len() && head[..s.len()].eq_ignore_ascii_case(s.as_bytes());
        if starts("http://") || starts("https://") || starts("ftp://") || starts("www.") {
            return Some((self.link_end(at), TokenKind::Url));
        }
        let masked = if starts("https") {
            5
        } else if starts("http") {
            4
        } else {
            return None;
        };
        let next = self.byte(at + masked);
        (!next.is_ascii_alphanumeric() && next < 0x80 && next != b'\'').then_some((at + masked, TokenKind::Url))
    }

    /// Where a link ends: at a blank, a quote or a bracket, closing punctuation left outside.
    pub(super) fn link_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.bytes.len() && !matches!(self.bytes[end], 0..=b' ' | b'"' | b'<' | b'>') {
            if self.bytes[end] >= 0x80 {
                // Only letters outside ASCII are part of a link: `…`, `»` and emoji are not.
                match self.char(end) {
                    Some(c) if c.is_alphanumeric() => end += c.len_utf8() - 1,
                    _ => break,
                }
            }
            end += 1;
        }
        while end > at + 1 && matches!(self.bytes[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b'\'') {
            end -= 1;
        }
        end
    }

    pub(super) fn find_address(&mut self, from: usize) {
        let found = memchr::memchr_iter(b'@', &self.bytes[from..]).map(|at| from + at);
        let mut behind_a_word = found.filter(|at| *at > 0 && is_address(self.bytes[at - 1]));
        self.address = behind_a_word.next().unwrap_or(self.bytes.len());
    }

    /// `local.part@domain.tld`, looked for only in texts that may hold one.
    pub(super) fn email(&mut self, at: usize) -> Option<(usize, TokenKind)> {
        if self.address < at {
            self.find_address(at);
        }
        if self.address - at > 64 || self.address == self.bytes.len() {
            return None;
        }
        let local = self.bytes[at..].iter().take(64).take_while(|b| is_address(**b)).count();
        let domain = at + local + 1;
        if self.byte(at + local) != b'@' || !self.byte(domain).is_ascii_alphanumeric() {
            return None;
        }
        let length = self.bytes[domain..].iter().take(255).take_while(|b| is_address(**b)).count();
        let mut end = domain + length;
        while end > domain && matches!(self.bytes[end - 1], b'.' | b'-') {
            end -= 1;
        }
        memchr::memchr(b'.', &self.bytes[domain..end]).map(|_| (end, TokenKind::Email))
    }

    pub(super) fn tag(&self, at: usize, width: usize, kind: TokenKind) -> Option<(usize, TokenKind)> {
        let start = at + width;
        let ascii = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let mut end = start + self.bytes[start..].iter().take_while(|b| ascii(b)).count();
        if self.byte(end) >= 0x80 {
            while let Some(c) = self.char(end).filter(|c| *c == '_' || is_word_char(*c)) {
                end += c.len_utf8();
            }
        }
        let named = self.text[start..end].contains(char::is_alphanumeric);
        (named && !(kind == TokenKind::Hashtag && self.text[start..end].bytes().all(|b| b.is_ascii_digit())))
            .then_some((end, kind))
    }

    pub(super) fn cashtag(&self, at: usize) -> Option<(usize, TokenKind)> {
        let letters = self.bytes[at + 1..].iter().take(7).take_while(|b| b.is_ascii_alphabetic()).count();
        let end = at + 1 + letters;
        ((1..=6).contains(&letters) && !self.letter_at(end) && !self.byte(end).is_ascii_digit())
            .then_some((end, TokenKind::Cashtag))
    }
}

fn is_address(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-')
}
