//! Words: letters, digits after the first, apostrophes and hyphens between letters.

use super::plain::small_letters;
use super::{Lexer, Shape, TokenKind};

impl Lexer<'_> {
    /// A word: letters, digits after the first, apostrophes and hyphens between letters.
    pub(super) fn word(&self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
        let mut end = at;
        let mut seen = *shape;
        let mut capitals = 0u32;
        if self.bytes[at].is_ascii_uppercase() {
            seen.set(Shape::CAPITAL);
        }
        loop {
            let small = small_letters(&self.bytes[end..]);
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

    /// The end of one of the few words that are cut short with a mark: `w/o`, `b/c`, `w/`, `a+`.
    #[inline]
    pub(super) fn cut_short(&self, at: usize) -> Option<usize> {
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

    /// What the apostrophe at `at`, `width` bytes long, does to the word that began at `start`.
    pub(super) fn apostrophe(&self, start: usize, at: usize, width: usize) -> Apostrophe {
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
    pub(super) fn clitic_length(&self, at: usize) -> Option<usize> {
        let two = [self.byte(at) | 32, self.byte(at + 1) | 32];
        let length = match two {
            [b'r' | b'v', b'e'] | [b'l', b'l'] => 2,
            [b's' | b'm' | b'd', _] => 1,
            _ => return None,
        };
        (!self.letter_at(at + length)).then_some(length)
    }

    /// The end of a clitic with its apostrophe, right after a word.
    pub(super) fn clitic(&self, at: usize) -> Option<usize> {
        if !self.follows_word(at) {
            return None;
        }
        self.clitic_length(at + 1).map(|n| at + 1 + n)
    }

    /// `name.tld`, the dot at `dot`: a link without a scheme.
    pub(super) fn is_domain(&self, start: usize, dot: usize) -> bool {
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

    /// A word of a script that writes no blanks, by the rules of Unicode (UAX #29): the last recogniser.
    pub(super) fn unspaced_end(&self, at: usize) -> usize {
        use unicode_segmentation::UnicodeSegmentation;
        // The rules look one word ahead at most; a bounded window keeps the cost linear.
        let mut stop = self.text.len().min(at + 64);
        while !self.text.is_char_boundary(stop) {
            stop -= 1;
        }
        let first = self.text[at..stop].split_word_bounds().next().map_or(0, str::len);
        at + first.max(self.char(at).map_or(1, char::len_utf8))
    }
}

pub(super) enum Apostrophe {
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
        // All of them end alike, and few other words do.
        [.., q, u] if [q | 32, u | 32] == *b"qu" => LONG.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes())),
        _ => false,
    }
}

/// Last labels of domains that people write without a scheme.
const DOMAINS: [&str; 20] = [
    "com", "fr", "net", "org", "co", "io", "uk", "be", "ch", "ca", "eu", "info", "ly", "gl", "app", "de", "example",
    "tv", "gouv", "shop",
];

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '’' | '‘' | 'ʼ' | '´' | '′' | '＇')
}

/// Letters, digits, marks that combine with them, and the joiners that web pages leave inside words.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{2060}')
        || matches!(c, '\u{2010}' | '\u{2011}')
}

/// Scripts written without blanks between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}
