//! Text into tokens: one pass over the bytes, an ordered list of recognisers.
//!
//! The order matters and is the order of the arms below: links and addresses before words (they are
//! made of words), emoticons before marks (they are made of marks), numbers before words (`5G` is a
//! word that begins with a digit). Nothing is ever read twice but for a bounded look ahead, so the
//! cost is linear on any text.

use super::emoticon::Emoticons;
use super::token::{Shape, Token, TokenKind};

/// Cuts a text into tokens, in order and disjoint; only white space is left between them.
pub(crate) fn lex(text: &str, emoticons: &Emoticons, out: &mut Vec<Token>) {
    out.clear();
    let bytes = text.as_bytes();
    let mut lexer = Lexer { text, bytes, emoticons, address: 0 };
    lexer.find_address(0);
    let (mut at, mut new_line) = (0, false);
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b' ' {
            at += 1;
            continue;
        }
        if byte.is_ascii_whitespace() || byte == 0 {
            new_line |= byte == b'\n' || byte == b'\r';
            at += 1;
            continue;
        }
        let mut shape = Shape::default();
        let (end, kind) = lexer.recognise(at, &mut shape);
        if kind == TokenKind::Other && text[at..end].chars().all(char::is_whitespace) {
            new_line |= text[at..end].contains(['\u{2028}', '\u{2029}', '\u{85}']);
            at = end;
            continue;
        }
        if new_line {
            shape.set(Shape::NEW_LINE);
            new_line = false;
        }
        out.push(Token { start: at, end, kind, shape });
        at = end;
    }
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    emoticons: &'a Emoticons,
    /// The next `@` that stands behind what may be the beginning of an address; the end if there is none.
    address: usize,
}

impl Lexer<'_> {
    /// The token that starts here: its end and its kind. Always moves on.
    #[inline]
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

    fn emoticon(&self, at: usize) -> Option<(usize, TokenKind)> {
        if !self.emoticons.may_start(self.bytes[at]) {
            return None;
        }
        // `http://`, `12:30` and `a=b` are not faces: what sticks to a digit is no emoticon.
        if at > 0 && self.bytes[at - 1].is_ascii_digit() {
            return None;
        }
        self.emoticons.longest(self.bytes, at).map(|end| (end, TokenKind::Emoticon))
    }

    /// A link with a scheme, `www.`, or the bare word `http` that masked corpora leave.
    fn link(&self, at: usize) -> Option<(usize, TokenKind)> {
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
    fn link_end(&self, at: usize) -> usize {
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

    fn find_address(&mut self, from: usize) {
        let found = memchr::memchr_iter(b'@', &self.bytes[from..]).map(|at| from + at);
        let mut behind_a_word = found.filter(|at| *at > 0 && is_address(self.bytes[at - 1]));
        self.address = behind_a_word.next().unwrap_or(self.bytes.len());
    }

    /// `local.part@domain.tld`, looked for only in texts that may hold one.
    fn email(&mut self, at: usize) -> Option<(usize, TokenKind)> {
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

    /// A word: letters, digits after the first, apostrophes and hyphens between letters.
    fn word(&self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
        let mut end = at;
        let mut seen = *shape;
        let mut capitals = 0u32;
        if self.bytes[at].is_ascii_uppercase() {
            seen.set(Shape::CAPITAL);
        }
        loop {
            let small = self.small_letters(end);
            if small > 0 {
                seen.set(Shape::SMALL);
                end += small;
            }
            match self.byte(end) {
                b'A'..=b'Z' => {
                    capitals += 1;
                    end += 1;
                }
                b' ' => break,
                b'0'..=b'9' => {
                    seen.set(Shape::DIGIT);
                    end += 1;
                }
                mark @ (b'\'' | b'`') => {
                    // The grave accent is no letter of a key, which only the reader of wide words knows.
                    let wide = if mark == b'`' { Shape::WIDE } else { 0 };
                    match self.apostrophe(at, end, 1) {
                        Apostrophe::Inside => {
                            seen.set(wide);
                            end += 1;
                        }
                        Apostrophe::Elision => {
                            seen.set(wide | Shape::CLITIC);
                            end += 1;
                            break;
                        }
                        Apostrophe::Outside => break,
                    }
                }
                b'-' if self.letter_at(end + 1) && end > at => {
                    seen.set(Shape::HYPHEN);
                    end += 1;
                }
                b'.' if self.is_domain(at, end) => {
                    let stop = self.link_end(at);
                    *shape = seen;
                    return (stop, TokenKind::Url);
                }
                0x80.. => {
                    let Some(c) = self.char(end) else { break };
                    if is_apostrophe(c) {
                        match self.apostrophe(at, end, c.len_utf8()) {
                            Apostrophe::Inside => {
                                seen.set(Shape::WIDE);
                                end += c.len_utf8();
                            }
                            Apostrophe::Elision => {
                                seen.set(Shape::WIDE | Shape::CLITIC);
                                end += c.len_utf8();
                                break;
                            }
                            Apostrophe::Outside => break,
                        }
                    } else if is_word_char(c) {
                        seen.set(Shape::WIDE);
                        if c.is_uppercase() {
                            capitals += 1;
                            if end == at {
                                seen.set(Shape::CAPITAL);
                            }
                        } else if c.is_lowercase() {
                            seen.set(Shape::SMALL);
                        }
                        end += c.len_utf8();
                    } else {
                        break;
                    }
                }
                _ => break,
            }
        }
        if capitals >= 2 {
            seen.set(Shape::CAPITALS);
        }
        *shape = seen;
        if end == at {
            end += self.char(at).map_or(1, char::len_utf8);
        }
        (end, TokenKind::Word)
    }

    /// How many small letters of ASCII stand here, eight bytes a step.
    #[inline]
    fn small_letters(&self, at: usize) -> usize {
        const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
        let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
        let mut end = at;
        while let Some(eight) = self.bytes.get(end..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*eight);
            let small = ((word | HIGH) - each(b'a')) & !((word | HIGH) - each(b'z' + 1)) & !word & HIGH;
            let others = small ^ HIGH;
            if others != 0 {
                return end - at + others.trailing_zeros() as usize / 8;
            }
            end += 8;
        }
        end - at + self.bytes[end..].iter().take_while(|b| b.is_ascii_lowercase()).count()
    }

    /// The end of one of the few words that are cut short with a mark: `w/o`, `b/c`, `w/`, `a+`.
    #[inline]
    fn cut_short(&self, at: usize) -> Option<usize> {
        let mark = self.byte(at + 1);
        if !matches!(mark, b'/' | b'+') || self.follows_word(at) {
            return None;
        }
        let third = self.byte(at + 2);
        let length = match (self.bytes[at] | 32, mark, third | 32) {
            (b'w', b'/', b'o') | (b'b', b'/', b'c') => 3,
            (b'w', b'/', _) | (b'a', b'+', _) => 2,
            _ => return None,
        };
        // `a++` and `b/c/d` are something else, and so is what hangs on a mark before it.
        let (before, after) = (if at > 0 { self.bytes[at - 1] } else { b' ' }, self.byte(at + length));
        let alone = !after.is_ascii_alphanumeric() && !matches!(after, b'/' | b'+' | 0x80..);
        (alone && !matches!(before, b'/' | b'+')).then_some(at + length)
    }

    fn letter_at(&self, at: usize) -> bool {
        match self.byte(at) {
            0x80.. => self.char(at).is_some_and(char::is_alphabetic),
            b => b.is_ascii_alphabetic(),
        }
    }

    /// What the apostrophe at `at`, `width` bytes long, does to the word that began at `start`.
    fn apostrophe(&self, start: usize, at: usize, width: usize) -> Apostrophe {
        let next = at + width;
        let spaced = self.byte(next) == b' ' && self.letter_at(next + 1);
        // `c'mon` is one word in English; in French the list of shorthand takes it apart again.
        let rest = self.bytes.get(next..next + 3).unwrap_or_default();
        if at == start + 1
            && rest.eq_ignore_ascii_case(b"mon")
            && self.bytes[start] | 32 == b'c'
            && !self.letter_at(next + 3)
        {
            return Apostrophe::Inside;
        }
        if is_elided(&self.bytes[start..at]) && (self.letter_at(next) || spaced) {
            return Apostrophe::Elision;
        }
        if !self.letter_at(next) || at == start {
            return Apostrophe::Outside;
        }
        if self.byte(next) | 32 == b't' && self.bytes[at - 1] | 32 == b'n' && !self.letter_at(next + 1) {
            return Apostrophe::Inside;
        }
        if self.clitic_length(next).is_some() { Apostrophe::Outside } else { Apostrophe::Inside }
    }

    /// The length of an English clitic that starts here (after its apostrophe).
    fn clitic_length(&self, at: usize) -> Option<usize> {
        let two = [self.byte(at) | 32, self.byte(at + 1) | 32];
        let length = match two {
            [b'r' | b'v', b'e'] | [b'l', b'l'] => 2,
            [b's' | b'm' | b'd', _] => 1,
            _ => return None,
        };
        (!self.letter_at(at + length)).then_some(length)
    }

    /// The end of a clitic with its apostrophe, right after a word.
    fn clitic(&self, at: usize) -> Option<usize> {
        if !self.follows_word(at) {
            return None;
        }
        self.clitic_length(at + 1).map(|n| at + 1 + n)
    }

    /// `name.tld`, the dot at `dot`: a link without a scheme.
    fn is_domain(&self, start: usize, dot: usize) -> bool {
        if dot < start + 2 || !self.byte(dot + 1).is_ascii_lowercase() {
            return false;
        }
        let label = self.bytes[dot + 1..].iter().take(8).take_while(|b| b.is_ascii_lowercase()).count();
        let after = self.byte(dot + 1 + label);
        !after.is_ascii_alphanumeric()
            && after < 0x80
            && DOMAINS.contains(&&self.text[dot + 1..dot + 1 + label])
            && (after == b'/' || !self.text[start..dot].contains(['\'', '-']))
    }

    /// A number with its separators, then what makes it a rating, a price or a word (`5G`).
    fn number(&self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
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
    fn rating_end(&self, start: usize, end: usize) -> Option<usize> {
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
    fn word_after(&self, at: usize, words: &[&str]) -> Option<usize> {
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
    fn currency_end(&self, end: usize) -> Option<usize> {
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
    fn price_ahead(&self, at: usize, width: usize) -> Option<(usize, TokenKind)> {
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

    fn tag(&self, at: usize, width: usize, kind: TokenKind) -> Option<(usize, TokenKind)> {
        let start = at + width;
        let mut end = start;
        while let Some(c) = self.text.get(end..).and_then(|t| t.chars().next()) {
            if !(c == '_' || is_word_char(c)) {
                break;
            }
            end += c.len_utf8();
        }
        let named = self.text[start..end].contains(char::is_alphanumeric);
        (named && !(kind == TokenKind::Hashtag && self.text[start..end].bytes().all(|b| b.is_ascii_digit())))
            .then_some((end, kind))
    }

    fn cashtag(&self, at: usize) -> Option<(usize, TokenKind)> {
        let letters = self.bytes[at + 1..].iter().take(7).take_while(|b| b.is_ascii_alphabetic()).count();
        let end = at + 1 + letters;
        ((1..=6).contains(&letters) && !self.letter_at(end) && !self.byte(end).is_ascii_digit())
            .then_some((end, TokenKind::Cashtag))
    }

    /// `1️⃣`, `#️⃣`: a digit or sign, an optional variation selector, a keycap.
    fn keycap(&self, at: usize) -> Option<(usize, TokenKind)> {
        if self.byte(at + 1) < 0x80 {
            return None;
        }
        let rest = self.text.get(at + 1..)?;
        let after = rest.strip_prefix('\u{fe0f}').unwrap_or(rest);
        after.starts_with('\u{20e3}').then(|| (self.text.len() - after.len() + '\u{20e3}'.len_utf8(), TokenKind::Emoji))
    }

    /// What begins with a character outside ASCII: a word, an emoji or a sign.
    fn wide(&self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
        let Some(c) = self.char(at) else { return (at + 1, TokenKind::Other) };
        if is_emoji(c) {
            return (self.emoji_end(at, c), TokenKind::Emoji);
        }
        if c.is_alphabetic() && !is_apostrophe(c) {
            return if is_unspaced(c) { (self.unspaced_end(at), TokenKind::Word) } else { self.word(at, shape) };
        }
        let end = at + c.len_utf8();
        if is_apostrophe(c)
            && let Some(length) = self.clitic_length(end).filter(|_| self.follows_word(at))
        {
            shape.set(Shape::WIDE | Shape::CLITIC);
            return (end + length, TokenKind::Word);
        }
        match c {
            '…' => (self.run_end(end, |c| matches!(c, '…' | '.')), TokenKind::Ellipsis),
            '€' | '£' | '¥' => self.price_ahead(at, c.len_utf8()).unwrap_or((end, TokenKind::Other)),
            '«' | '»' | '“' | '”' | '„' | '‘' | '’' => (end, TokenKind::Quote),
            '–' | '—' | '•' | '·' | '►' | '▶' | '→' => (end, TokenKind::Dash),
            '！' => (end, TokenKind::Exclamation),
            '？' => (end, TokenKind::Question),
            '。' => (end, TokenKind::Stop),
            _ if c.is_numeric() => (end, TokenKind::Number),
            _ => match self.emoticons.longest(self.bytes, at) {
                Some(end) => (end, TokenKind::Emoticon),
                None => (end, TokenKind::Other),
            },
        }
    }

    /// A word of a script that writes no blanks, by the rules of Unicode (UAX #29): the last recogniser.
    fn unspaced_end(&self, at: usize) -> usize {
        use unicode_segmentation::UnicodeSegmentation;
        // The rules look one word ahead at most; a bounded window keeps the cost linear.
        let mut stop = self.text.len().min(at + 64);
        while !self.text.is_char_boundary(stop) {
            stop -= 1;
        }
        let first = self.text[at..stop].split_word_bounds().next().map_or(0, str::len);
        at + first.max(self.char(at).map_or(1, char::len_utf8))
    }

    /// The end of an emoji: variation selectors, skin tones, joined parts, the second half of a flag.
    fn emoji_end(&self, at: usize, first: char) -> usize {
        let mut end = at + first.len_utf8();
        let flag = is_regional(first);
        if flag {
            if let Some(c) = self.char(end).filter(|c| is_regional(*c)) {
                end += c.len_utf8();
            }
            return end;
        }
        while let Some(c) = self.char(end) {
            match c {
                '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{20e3}' => {
                    end += c.len_utf8();
                }
                '\u{200d}' => match self.char(end + c.len_utf8()) {
                    Some(next) if is_emoji(next) => end += c.len_utf8() + next.len_utf8(),
                    _ => return end + c.len_utf8(),
                },
                _ => break,
            }
        }
        end
    }

    fn run_end(&self, mut end: usize, same: impl Fn(char) -> bool) -> usize {
        while let Some(c) = self.char(end).filter(|c| same(*c)) {
            end += c.len_utf8();
        }
        end
    }

    /// Marks of ASCII, runs of the same mark in one token.
    fn mark(&self, at: usize) -> (usize, TokenKind) {
        let run = |same: fn(u8) -> bool| at + self.bytes[at..].iter().take_while(|b| same(**b)).count();
        match self.bytes[at] {
            b'!' | b'?' => {
                let end = run(|b| matches!(b, b'!' | b'?'));
                let asks = memchr::memchr(b'?', &self.bytes[at..end]).is_some();
                (end, if asks { TokenKind::Question } else { TokenKind::Exclamation })
            }
            b'.' => {
                let end = run(|b| b == b'.');
                (end, if end > at + 1 { TokenKind::Ellipsis } else { TokenKind::Stop })
            }
            b',' => (at + 1, TokenKind::Comma),
            b':' => (at + 1, TokenKind::Colon),
            b';' => (at + 1, TokenKind::Semicolon),
            b'(' | b'[' | b'{' => (at + 1, TokenKind::Open),
            b')' | b']' | b'}' => (at + 1, TokenKind::Close),
            b'"' => (at + 1, TokenKind::Quote),
            b'-' => (run(|b| b == b'-'), TokenKind::Dash),
            b'*' | b'_' | b'=' | b'~' | b'+' | b'|' | b'/' | b'\\' | b'<' | b'>' | b'^' => {
                let same = self.bytes[at];
                (at + self.bytes[at..].iter().take_while(|b| **b == same).count(), TokenKind::Other)
            }
            _ => (at + 1, TokenKind::Other),
        }
    }
}

enum Apostrophe {
    /// Part of the word: `don't`, `aujourd'hui`.
    Inside,
    /// Ends an elided word: `j'`.
    Elision,
    /// The word ends before it.
    Outside,
}

/// French words that elide, without their apostrophe.
fn is_elided(word: &[u8]) -> bool {
    const LONG: [&str; 6] = ["qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "parcequ"];
    match word {
        [b] => matches!(b | 32, b'j' | b'l' | b'd' | b'c' | b'm' | b't' | b's' | b'n'),
        _ => LONG.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes())),
    }
}

/// Last labels of domains that people write without a scheme.
const DOMAINS: [&str; 20] = [
    "com", "fr", "net", "org", "co", "io", "uk", "be", "ch", "ca", "eu", "info", "ly", "gl", "app", "de", "example",
    "tv", "gouv", "shop",
];

/// Names of currencies that may follow a number.
const CURRENCIES: [&str; 10] = ["euros", "euro", "eur", "dollars", "dollar", "usd", "bucks", "pounds", "gbp", "quid"];

fn is_address(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-')
}

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '’' | '‘' | 'ʼ' | '´' | '′' | '＇')
}

/// Letters, digits, marks that combine with them, and the joiners that web pages leave inside words.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{2060}')
        || matches!(c, '\u{2010}' | '\u{2011}')
}

/// Scripts written without blanks between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Characters that stand as emoji by themselves.
pub(crate) fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1f0ff}' | '\u{1f170}'..='\u{1f1ff}' | '\u{1f200}'..='\u{1f265}' | '\u{1f300}'..='\u{1faff}'
        | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{2b1b}'..='\u{2b1c}' | '\u{2b05}'..='\u{2b07}'
        | '\u{231a}'..='\u{231b}' | '\u{23e9}'..='\u{23fa}' | '\u{203c}' | '\u{2049}' | '\u{2139}')
}
