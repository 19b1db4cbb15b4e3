//! What the signs of the text say: quotes, dashes, the first and the last character, a signature.

use super::{F, Observed};

/// What the first and last characters of the text say, and the signs that it holds.
pub(super) fn observe(text: &str, out: &mut Observed) {
    let text = text.trim();
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let last = chars.next_back().unwrap_or(' ');
    let bytes = text.as_bytes();
    let signs = Signs::of(bytes);
    let around = |mark: u8, before: &[u8], after: &[u8]| {
        let stands = |at: usize| bytes[..at].ends_with(before) && bytes[at + 1..].starts_with(after);
        memchr::memchr_iter(mark, bytes).any(stands)
    };
    out.on(F::QuoteFirst, matches!(first, '"' | '«' | '“'));
    out.on(F::Quotes, signs.has(Signs::QUOTE));
    out.on(F::BracketFirst, first == '[');
    out.on(F::CutOff, last == '…' || text.ends_with("...") || signs.has(Signs::CUT));
    out.on(F::NoEndMark, last.is_alphanumeric());
    out.on(F::Percent, signs.has(Signs::PERCENT));
    out.on(F::Shared, text.starts_with("RT ") || (signs.has(Signs::AT) && around(b'@', b"via ", b"")));
    out.on(F::Dash, signs.has(Signs::LONG_DASH) || (signs.has(Signs::DASH) && around(b'-', b" ", b" ")));
    out.on(F::Lines, signs.has(Signs::LINE));
    out.on(F::SignedOff, signed_off(text, signs));
}

/// Signs that a text holds, as bits.
#[derive(Clone, Copy)]
struct Signs(u8);

impl Signs {
    const QUOTE: u8 = 1;
    const PERCENT: u8 = 1 << 1;
    const AT: u8 = 1 << 2;
    const DASH: u8 = 1 << 3;
    const LINE: u8 = 1 << 4;
    const CARET: u8 = 1 << 5;
    /// `–` or `—`; while bytes are gone over, any byte outside ASCII.
    const LONG_DASH: u8 = 1 << 7;
    /// A link after an ellipsis: the text was cut off.
    const CUT: u8 = 1 << 6;

    fn of(bytes: &[u8]) -> Self {
        let (chunks, rest) = bytes.as_chunks::<16>();
        let mut padded = [0; 16];
        padded[..rest.len()].copy_from_slice(rest);
        // Sixteen bytes at a time, each lane for itself: the compiler makes vectors of it.
        let mut lanes = [0u8; 16];
        for chunk in chunks.iter().chain([&padded]) {
            for (lane, byte) in lanes.iter_mut().zip(chunk) {
                *lane |= (byte & 0x80)
                    | if *byte == b'"' { Self::QUOTE } else { 0 }
                    | if *byte == b'%' { Self::PERCENT } else { 0 }
                    | if *byte == b'@' { Self::AT } else { 0 }
                    | if *byte == b'-' { Self::DASH } else { 0 }
                    | if *byte == b'\n' { Self::LINE } else { 0 }
                    | if *byte == b'^' { Self::CARET } else { 0 };
            }
        }
        let found = lanes.iter().fold(0, |all, lane| all | lane);
        if found & 0x80 == 0 { Self(found) } else { Self(found & 0x7F | Self::wide(bytes)) }
    }

    /// The signs outside ASCII.
    fn wide(bytes: &[u8]) -> u8 {
        memchr::memchr2_iter(0xC2, 0xE2, bytes).fold(0, |all, at| {
            all | match &bytes[at..] {
                rest if rest.starts_with("«".as_bytes()) || rest.starts_with("“".as_bytes()) => Self::QUOTE,
                rest if rest.starts_with("–".as_bytes()) || rest.starts_with("—".as_bytes()) => Self::LONG_DASH,
                rest if rest.starts_with("… http".as_bytes()) => Self::CUT,
                _ => 0,
            }
        })
    }

    fn has(self, sign: u8) -> bool {
        self.0 & sign != 0
    }
}

/// A signature at the end: `^Sam`, `- the Nimbo team`, `[Community Team]`.
fn signed_off(text: &str, signs: Signs) -> bool {
    /// A longer tail is a sentence.
    const TAIL: usize = 40;
    if text.ends_with(']') {
        return text.rfind('[').is_some_and(|at| at > 0 && text.len() - at < TAIL);
    }
    if !signs.has(Signs::CARET | Signs::DASH | Signs::LONG_DASH) {
        return false;
    }
    let Some((at, mark)) = text.char_indices().rev().take(TAIL).find(|(_, c)| matches!(c, '^' | '-' | '–' | '—'))
    else {
        return false;
    };
    let tail = text[at + mark.len_utf8()..].trim_start();
    let head = text[..at].trim_end();
    let begins = tail.chars().next().is_some_and(char::is_alphabetic);
    let apart = mark == '^' || head.ends_with(['.', '!', '?', '…', ')']);
    begins && apart && !head.is_empty() && tail.split_whitespace().count() <= 5
}
