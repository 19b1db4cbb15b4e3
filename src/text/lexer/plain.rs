//! The way of most words: letters of ASCII, read eight bytes at a time with the hash of their key, and
//! those that French adds.
//!
//! A word is taken here only where the bytes around it leave no doubt that it is one; all others are left
//! to the recognisers, which would say the same of those taken here, and take longer.

use super::word::Apostrophe;
use super::{Lexer, Shape};
use crate::lexicon::hash::{hash, hash_one, hash_two};

/// A plain word: where it ends, how it is written, the hash of its key.
pub(super) struct Plain {
    pub(super) end: usize,
    pub(super) shape: Shape,
    pub(super) hash: u64,
}

/// The highest bit of each byte.
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
/// The bit that makes a letter small, and leaves an apostrophe as it is.
const SMALL: u64 = u64::from_ne_bytes([0x20; 8]);

/// The first byte of `é` and its like.
const ACCENT: u8 = 0xC3;
/// No word with accents that is longer, in bytes of its key, is read here.
const LONGEST: usize = 40;

/// What a byte behind some letters does to their word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// It ends the word.
    Ends,
    /// It ends the word unless a letter follows: `end.`, `well-known`, `site.com`.
    Joins,
    Apostrophe,
    /// It begins one of the letters that Latin-1 adds to ASCII, or one of its two signs.
    Accent,
    /// What becomes of the word is for others to say.
    Unsure,
}

#[expect(clippy::cast_possible_truncation, reason = "the places are those of a byte")]
const AFTER: [After; 256] = {
    let mut after = [After::Ends; 256];
    let mut at = 0;
    while at < 256 {
        after[at] = match at as u8 {
            b'.' | b'-' => After::Joins,
            b'\'' => After::Apostrophe,
            ACCENT => After::Accent,
            // Digits go on a word; `w/o` and `a+` are words of their own.
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'`' | b'/' | b'+' | 0x80.. => After::Unsure,
            _ => After::Ends,
        };
        at += 1;
    }
    after
};

impl Lexer<'_> {
    /// The plain word that starts here.
    #[expect(clippy::inline_always, reason = "for each word of a text; handing the answer back costs as much")]
    #[inline(always)]
    pub(super) fn plain(&self, at: usize) -> Option<Plain> {
        let word = self.eight(at);
        let letters = letters(word);
        let length = run(letters);
        if length == 0 && first(word) != ACCENT {
            return None;
        }
        // Seven letters at most, with the end of the word in sight: most words are done with here.
        if length.is_multiple_of(8) || AFTER[behind(word, length)] != After::Ends || self.is_doubtful(word) {
            return self.less_plain(at, word);
        }
        Some(Plain {
            end: at + length,
            shape: Case::of(letters & below(length), word).shape(),
            hash: hash_one((word | SMALL) & below(length), length),
        })
    }

    /// Whether a word may be a link or a face, or stand in a text with an address: these go the long way.
    #[inline]
    fn is_doubtful(&self, word: u64) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "the first two bytes")]
        let two = word as u16;
        self.address != self.bytes.len() || self.emoticons.may_begin(two)
    }

    /// A word with an accent, an apostrophe or a mark behind it, or a long one.
    #[inline(never)]
    fn less_plain(&self, at: usize, word: u64) -> Option<Plain> {
        if self.is_doubtful(word) {
            return None;
        }
        let letters = letters(word);
        let length = run(letters);
        if length == 8 {
            return self.long(at, word);
        }
        let ends = match AFTER[behind(word, length)] {
            After::Ends => true,
            After::Joins => !self.may_be_letter(at + length + 1),
            After::Apostrophe => return self.with_apostrophe(at, word, length),
            After::Accent => return self.accented(at),
            After::Unsure => false,
        };
        ends.then(|| Plain {
            end: at + length,
            shape: Case::of(letters & below(length), word).shape(),
            hash: hash_one((word | SMALL) & below(length), length),
        })
    }

    /// A word of eight letters to fifteen, of which the first eight are known.
    fn long(&self, at: usize, head: u64) -> Option<Plain> {
        let tail = self.eight(at + 8);
        let letters = letters(tail);
        let length = run(letters);
        if length == 8 {
            return None;
        }
        let end = at + 8 + length;
        let ends = match AFTER[behind(tail, length)] {
            After::Ends => true,
            After::Joins => !self.may_be_letter(end + 1),
            After::Apostrophe => matches!(self.apostrophe(at, end, 1), Apostrophe::Outside),
            After::Accent => return self.accented(at),
            After::Unsure => false,
        };
        let small = [head, tail].map(|word| word | SMALL);
        ends.then(|| Plain {
            end,
            shape: Case::of(HIGH, head).and(Case::of(letters & below(length), tail)).shape(),
            hash: if length == 0 {
                hash_one(small[0], 8)
            } else {
                hash_two(small[0], small[1] & below(length), 8 + length)
            },
        })
    }

    /// A word whose `length` letters an apostrophe follows: `don't`, `it|'s`, `l'`.
    fn with_apostrophe(&self, at: usize, word: u64, length: usize) -> Option<Plain> {
        let letters = letters(word);
        let case = Case::of(letters & below(length), word);
        let (length, case, clitic) = match self.apostrophe(at, at + length, 1) {
            Apostrophe::Outside => (length, case, 0),
            Apostrophe::Elision => (length + 1, case, Shape::CLITIC),
            Apostrophe::Inside => {
                let longer = run(letters | 0x80 << (8 * length));
                if longer == 8 || AFTER[behind(word, longer)] != After::Ends {
                    return None;
                }
                (longer, Case::of(letters & below(longer), word), 0)
            }
        };
        if length == 8 {
            return None;
        }
        let mut shape = case.shape();
        shape.set(clitic);
        Some(Plain { end: at + length, shape, hash: hash_one((word | SMALL) & below(length), length) })
    }

    /// A word of letters of which some have the accents of French: its key is written out and hashed.
    #[inline(never)]
    fn accented(&self, at: usize) -> Option<Plain> {
        let mut key = [0; LONGEST];
        let (mut length, mut capitals, mut shape) = (0, 0, Shape::of(Shape::WIDE));
        let end = loop {
            let place = key.get_mut(length..length + 2)?;
            let (byte, next) = (self.byte(at + length), self.byte(at + length + 1));
            let capital = if byte == ACCENT {
                // Times and division are no letters, and `æ` is spelt `ae` in keys.
                if matches!(next | 32, 0xB7 | 0xA6) {
                    return None;
                }
                let capital = next < 0x9F;
                place.copy_from_slice(&[byte, if capital { next | 32 } else { next }]);
                length += 2;
                capital
            } else if byte.is_ascii_alphabetic() {
                place[0] = byte | 32;
                length += 1;
                byte < b'a'
            } else {
                break at + length;
            };
            capitals += u32::from(capital);
            let first = length == 1 || (length == 2 && byte == ACCENT);
            let bit = if capital && first { Shape::CAPITAL } else { 0 };
            shape.set(bit | if capital { 0 } else { Shape::SMALL });
        };
        if capitals > 1 {
            shape.set(Shape::CAPITALS);
        }
        let ends = match AFTER[usize::from(self.byte(end))] {
            After::Ends => true,
            After::Joins => !self.may_be_letter(end + 1),
            After::Apostrophe => matches!(self.apostrophe(at, end, 1), Apostrophe::Outside),
            After::Accent | After::Unsure => false,
        };
        ends.then(|| Plain { end, shape, hash: hash(&key[..length]) })
    }

    /// The eight bytes from here on, the first one lowest; noughts behind the text.
    #[inline]
    fn eight(&self, at: usize) -> u64 {
        match self.bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            Some(eight) => u64::from_le_bytes(*eight),
            None => self.last(at),
        }
    }

    /// The same where fewer than eight are left.
    #[inline(never)]
    fn last(&self, at: usize) -> u64 {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().rev().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte))
    }

    fn may_be_letter(&self, at: usize) -> bool {
        let byte = self.byte(at);
        byte.is_ascii_alphabetic() || byte >= 0x80
    }
}

/// The capitals and small letters of a word, each as the highest bit of a byte.
#[derive(Clone, Copy)]
struct Case {
    capitals: u64,
    small: u64,
}

impl Case {
    /// Of the bytes of a word that are letters.
    #[inline]
    fn of(letters: u64, word: u64) -> Self {
        let small = (word & SMALL) << 2;
        Self { capitals: letters & !small, small: letters & small }
    }

    /// Of two parts of one word; the bits of the second lie between those of the first.
    #[inline]
    fn and(self, next: Self) -> Self {
        Self { capitals: self.capitals | next.capitals >> 1, small: self.small | next.small }
    }

    #[inline]
    fn shape(self) -> Shape {
        let several = self.capitals & self.capitals.wrapping_sub(1) != 0;
        // Products, because nobody can foretell these bits and a branch would try to.
        Shape::of(
            (u8::from(self.capitals & 0x80 != 0) * Shape::CAPITAL)
                | (u8::from(self.small != 0) * Shape::SMALL)
                | (u8::from(several) * Shape::CAPITALS),
        )
    }
}

/// The first byte of eight.
#[inline]
fn first(word: u64) -> u8 {
    word.to_le_bytes()[0]
}

/// The byte behind fewer than eight, as a place in a table.
#[inline]
fn behind(word: u64, length: usize) -> usize {
    usize::from(first(word >> (8 * length)))
}

/// The bytes of a number below the one at a place, the eighth aside.
#[inline]
fn below(length: usize) -> u64 {
    (1 << (8 * length)) - 1
}

/// Which bytes of eight are letters of ASCII: the highest bit of each.
#[inline]
fn letters(word: u64) -> u64 {
    among(word | SMALL, b'a', b'z')
}

/// Which bytes of eight lie between two, both below 0x80: the highest bit of each.
#[inline]
fn among(word: u64, first: u8, last: u8) -> u64 {
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    ((word | HIGH) - each(first)) & !((word | HIGH) - each(last + 1)) & !word & HIGH
}

/// How many of the first bytes have their highest bit set, where no other bit is.
#[inline]
fn run(bits: u64) -> usize {
    (bits ^ HIGH).trailing_zeros() as usize / 8
}

/// How many small letters of ASCII some bytes begin with.
#[inline]
pub(super) fn small_letters(bytes: &[u8]) -> usize {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut length = 0;
    for chunk in chunks {
        let here = run(among(u64::from_le_bytes(*chunk), b'a', b'z'));
        length += here;
        if here < 8 {
            return length;
        }
    }
    length + rest.iter().take_while(|b| b.is_ascii_lowercase()).count()
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Shape};
    use crate::lexicon::{emoticons, hash::hash, key};
    use crate::text::token::TokenKind;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_words_are_what_the_recognisers_say(
            text in "([a-zA-Z]{1,9}|qu|n't|[Mm]on|www|ht+p|x[dD]|[ '`.@/+_:,!0-9-]|[éÀœÆ×’ß…İ]|[.]com){0,16}"
        ) {
            let mut lexer = Lexer::new(&text, emoticons());
            for (at, _) in text.char_indices() {
                let Some(plain) = lexer.plain(at) else { continue };
                let mut shape = Shape::default();
                let (end, kind) = lexer.recognise(at, &mut shape);
                prop_assert_eq!((plain.end, TokenKind::Word, plain.shape), (end, kind, shape), "at {}", at);
                prop_assert_eq!(plain.hash, hash(key::normal(&text[at..end]).as_bytes()), "at {}", at);
            }
        }
    }
}
