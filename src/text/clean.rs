//! What exports do to text, undone: HTML entities and tags, literal `\n`, decomposed accents.
//!
//! Most posts need none of it and are borrowed as they are. The others are rewritten once, with a map
//! back, so that every span still points at the caller's bytes.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text ready for the lexer, and the way back to the text as given.
#[derive(Debug, Default)]
pub(crate) struct Clean {
    text: String,
    /// Where the rewritten text leaves the original: (offset here, offset there), ascending.
    map: Vec<(usize, usize)>,
    original_len: usize,
    rewritten: bool,
}

impl Clean {
    /// Reads a text; gives what the lexer should see.
    pub(crate) fn read<'a>(&'a mut self, text: &'a str) -> &'a str {
        self.map.clear();
        self.original_len = text.len();
        self.rewritten = is_dirty(text);
        if !self.rewritten {
            return text;
        }
        self.text.clear();
        self.rewrite(text);
        &self.text
    }

    /// The text that was lexed, given the text that was read.
    pub(crate) fn text<'a>(&'a self, given: &'a str) -> &'a str {
        if self.rewritten { &self.text } else { given }
    }

    /// The span in the text as given of a span in the text that was lexed, on char boundaries.
    pub(crate) fn original(&self, text: &str, start: usize, end: usize) -> (usize, usize) {
        if !self.rewritten {
            return (start, end);
        }
        let mut from = self.original_start(start).min(text.len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = self.original_end(end).clamp(from, text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        // One character that was rewritten as two words is the place of both.
        if from == to {
            from = text[..from].char_indices().next_back().map_or(from, |(at, _)| at);
        }
        (from, to)
    }

    /// The offset in the text as given of a start offset in the text that was lexed.
    fn original_start(&self, at: usize) -> usize {
        match self.map.partition_point(|(here, _)| *here <= at) {
            0 => at,
            n => {
                let (here, there) = self.map[n - 1];
                there + (at - here)
            }
        }
    }

    /// The same for an end offset: what was rewritten belongs to the character it ends in.
    fn original_end(&self, at: usize) -> usize {
        match self.map.partition_point(|(here, _)| *here < at) {
            0 => at,
            n => {
                let (here, there) = self.map[n - 1];
                let next = self.map.get(n);
                let end = there + (at - here);
                // An end on a seam is where the original goes on, unless something was dropped there.
                match next {
                    Some((h, t)) if *h == at => (*t).min(self.original_len),
                    Some((_, t)) => end.min(*t),
                    None => end.min(self.original_len),
                }
            }
        }
    }

    /// Notes that what follows in the rewritten text comes from `there` of the original.
    fn seam(&mut self, there: usize) {
        let here = self.text.len();
        match self.map.last_mut() {
            Some(last) if last.0 == here => last.1 = there,
            _ => self.map.push((here, there)),
        }
    }

    fn rewrite(&mut self, text: &str) {
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let (length, replacement) = match rest.as_bytes()[0] {
                b'&' => entity(rest),
                b'<' => tag(rest),
                b'\\' => escape(rest),
                _ => composed(rest),
            }
            .unwrap_or((0, Replacement::Keep));
            match replacement {
                Replacement::Keep => {
                    let width = rest.chars().next().map_or(1, char::len_utf8);
                    self.text.push_str(&rest[..width]);
                    at += width;
                }
                Replacement::Char(c) => {
                    self.seam(at);
                    self.text.push(c);
                    at += length;
                    self.seam(at);
                }
                Replacement::Composed => {
                    self.seam(at);
                    for c in rest[..length].nfc() {
                        self.text.push(c);
                    }
                    at += length;
                    self.seam(at);
                }
            }
        }
    }
}

enum Replacement {
    Keep,
    Char(char),
    /// The canonical composition of the original's characters.
    Composed,
}

/// Whether a text needs rewriting at all.
fn is_dirty(text: &str) -> bool {
    let bytes = text.as_bytes();
    if is_spotless(bytes) {
        return false;
    }
    let marked = memchr::memchr3_iter(b'&', b'<', b'\\', bytes).any(|at| {
        let rest = &text[at..];
        match bytes[at] {
            b'&' => entity(rest).is_some(),
            b'<' => tag(rest).is_some(),
            _ => escape(rest).is_some(),
        }
    });
    marked || (!is_plainly_composed(bytes) && is_nfc_quick(text.chars()) != IsNormalized::Yes && needs_composing(text))
}

/// Whether a text is ASCII without a sign that an export may have left, as most are: eight bytes a step.
fn is_spotless(bytes: &[u8]) -> bool {
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let (chunks, rest) = bytes.as_chunks::<8>();
    let stained = chunks.iter().fold(0, |stained, chunk| {
        let word = u64::from_le_bytes(*chunk);
        // The highest bit of each byte is set unless it is the sign; bytes that have it are stains as they are.
        let other = |sign: u8| (word ^ u64::from_ne_bytes([sign; 8])).wrapping_add(!HIGH);
        stained | word | !(other(b'&') & other(b'<') & other(b'\\'))
    });
    stained & HIGH == 0 && rest.iter().all(|byte| byte.is_ascii() && !matches!(byte, b'&' | b'<' | b'\\'))
}

/// Whether a look at the bytes tells that the text is composed: nothing but ASCII, the Latin letters
/// below the combining marks, general punctuation and emoji.
fn is_plainly_composed(bytes: &[u8]) -> bool {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let plain = |i: usize| match at(i) {
        ..0xc0 | 0xc2..=0xcb => true,
        // U+2000 and U+2001 are written otherwise when composed.
        0xe2 => at(i + 1) == 0x80 && at(i + 2) > 0x81,
        0xf0 => at(i + 1) == 0x9f,
        _ => false,
    };
    // Eight bytes a step: only those outside ASCII, whose highest bit is set, are looked at one by one.
    let (chunks, rest) = bytes.as_chunks::<8>();
    let of_chunks = chunks.iter().zip((0..).step_by(8)).all(|(chunk, from)| {
        let mut wide = u64::from_le_bytes(*chunk) & u64::from_ne_bytes([0x80; 8]);
        while wide != 0 {
            if !plain(from + wide.trailing_zeros() as usize / 8) {
                return false;
            }
            wide &= wide - 1;
        }
        true
    });
    of_chunks && (bytes.len() - rest.len()..bytes.len()).all(plain)
}

fn needs_composing(text: &str) -> bool {
    let mut composed = text.nfc();
    let mut given = text.chars();
    loop {
        match (composed.next(), given.next()) {
            (None, None) => return false,
            (a, b) if a != b => return true,
            _ => {}
        }
    }
}

/// `&amp;`, `&#39;`, `&eacute;` ...
fn entity(rest: &str) -> Option<(usize, Replacement)> {
    let window = rest.as_bytes().get(..rest.len().min(12))?;
    let end = memchr::memchr(b';', window)?;
    let name = rest.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(code) => {
            let hex = code.strip_prefix(['x', 'X']);
            let number = match hex {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => code.parse(),
            };
            // Control characters would change the meaning of the spans around them.
            char::from_u32(number.ok()?).filter(|c| !c.is_control() || *c == '\n').unwrap_or(' ')
        }
        None => ENTITIES.iter().find(|(n, _)| *n == name)?.1,
    };
    Some((end + 1, Replacement::Char(c)))
}

/// `<p>`, `</span>`, `<br/>`: a line break where the tag breaks a line, a blank otherwise.
fn tag(rest: &str) -> Option<(usize, Replacement)> {
    let name_start = if rest.as_bytes().get(1) == Some(&b'/') { 2 } else { 1 };
    let window = rest.as_bytes().get(name_start..rest.len().min(600))?;
    let length = window.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = rest.get(name_start..name_start + length)?.to_ascii_lowercase();
    let breaks = match name.as_str() {
        "p" | "br" | "div" | "li" | "ul" | "ol" | "tr" | "blockquote" | "h1" | "h2" | "h3" | "h4" => true,
        "a" | "b" | "i" | "u" | "em" | "strong" | "span" | "img" | "small" | "code" | "pre" | "td" | "font" => false,
        _ => return None,
    };
    let next = window.get(length).copied().unwrap_or(b' ');
    if !matches!(next, b'>' | b'/' | b' ' | b'\n') {
        return None;
    }
    let close = memchr::memchr(b'>', window)?;
    Some((name_start + close + 1, Replacement::Char(if breaks { '\n' } else { ' ' })))
}

/// A literal `\n`, `\r` or `\t` that an export left between words.
fn escape(rest: &str) -> Option<(usize, Replacement)> {
    let bytes = rest.as_bytes();
    // `C:\new` is a path: an escape of an export is followed by a blank, another escape or a capital.
    let c = match bytes.get(1)? {
        b'n' | b'r' => '\n',
        b't' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        _ => return None,
    };
    let open = match bytes.get(2) {
        None => true,
        Some(b) => matches!(c, '"' | '\'') || !b.is_ascii_lowercase(),
    };
    open.then_some((2, Replacement::Char(c)))
}

/// A letter and the marks that combine with it.
fn composed(rest: &str) -> Option<(usize, Replacement)> {
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    if !is_combining(first) && rest[first.len_utf8()..].chars().next().is_none_or(|c| !is_combining(c)) {
        return None;
    }
    let length = chars.find(|(_, c)| !is_combining(*c)).map_or(rest.len(), |(at, _)| at);
    Some((length, Replacement::Composed))
}

fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

const ENTITIES: [(&str, char); 40] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("euro", '€'),
    ("pound", '£'),
    ("deg", '°'),
    ("eacute", 'é'),
    ("Eacute", 'É'),
    ("egrave", 'è'),
    ("Egrave", 'È'),
    ("ecirc", 'ê'),
    ("Ecirc", 'Ê'),
    ("euml", 'ë'),
    ("agrave", 'à'),
    ("Agrave", 'À'),
    ("acirc", 'â'),
    ("ccedil", 'ç'),
    ("Ccedil", 'Ç'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ocirc", 'ô'),
    ("ouml", 'ö'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("aelig", 'æ'),
];
