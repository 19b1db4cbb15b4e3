//! Emoticons: which byte strings are faces, and the longest one at a place.

use crate::lexicon::parse;

/// The emoticons that the lexer knows, by their first byte.
#[derive(Debug, Clone)]
pub(crate) struct Emoticons {
    /// Longest first within one first byte.
    by_first: Vec<Vec<Box<str>>>,
    /// A bit for each two bytes that a face or a link may begin with.
    openers: Box<[u64; 1024]>,
}

/// The first two letters of links, which are looked for where faces are.
const LINKS: [[u8; 2]; 3] = [*b"ht", *b"ft", *b"ww"];

/// The place of two bytes, the first one lowest, among bits.
#[inline]
fn place(two: u16) -> (usize, u16) {
    (usize::from(two / 64), two % 64)
}

impl Emoticons {
    /// Reads the emoticons of a lexicon's text (`term  valence  name`).
    pub(crate) fn read(text: &str) -> Self {
        let mut by_first: Vec<Vec<Box<str>>> = vec![Vec::new(); 256];
        let mut openers = Box::new([0u64; 1024]);
        let mut open = |two: [u8; 2]| {
            let (field, bit) = place(u16::from_le_bytes(two));
            openers[field] |= 1 << bit;
        };
        for [first, second] in LINKS {
            for capitals in [[0, 0], [0, 32], [32, 0], [32, 32]] {
                open([first - capitals[0], second - capitals[1]]);
            }
        }
        for row in parse::rows(text) {
            let face = row.cell(0);
            if let Some(first) = face.bytes().next() {
                by_first[usize::from(first)].push(Box::from(face));
                match face.as_bytes().get(1) {
                    Some(second) => open([first, *second]),
                    None => (0..=u8::MAX).for_each(|second| open([first, second])),
                }
            }
        }
        for faces in &mut by_first {
            faces.sort_by_key(|face| std::cmp::Reverse(face.len()));
        }
        Self { by_first, openers }
    }

    /// Whether any emoticon begins with this byte.
    #[inline]
    pub(crate) fn may_start(&self, byte: u8) -> bool {
        self.by_first.get(usize::from(byte)).is_some_and(|f| !f.is_empty())
    }

    /// Whether a face or a link may begin with these two bytes, the first one lowest.
    #[inline]
    pub(crate) fn may_begin(&self, two: u16) -> bool {
        let (field, bit) = place(two);
        self.openers[field] >> bit & 1 == 1
    }

    /// The end of the longest emoticon that starts here, its last character drawn out or not.
    pub(crate) fn longest(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        if !self.may_begin(u16::from_le_bytes([bytes[at], next])) {
            return None;
        }
        let faces = self.by_first.get(usize::from(bytes[at]))?;
        faces.iter().find_map(|face| {
            let face = face.as_bytes();
            if !bytes[at..].starts_with(face) {
                return None;
            }
            let last = face[face.len() - 1];
            let mut end = at + face.len();
            if last.is_ascii_punctuation() {
                end += bytes[end..].iter().take_while(|b| **b == last).count();
            } else if last.is_ascii_alphabetic() {
                end += bytes[end..].iter().take_while(|b| **b | 32 == last | 32).count();
            }
            let next = bytes.get(end).copied().unwrap_or(b' ');
            let glued = if last.is_ascii_alphanumeric() {
                next.is_ascii_alphanumeric() || next >= 0x80 || matches!(next, b'\'' | b'-')
            } else {
                // `:/` begins `://`, `:-` numbers; a face ends before a blank or a mark.
                last == b'/' && next.is_ascii_alphanumeric()
            };
            (!glued).then_some(end)
        })
    }

    /// The face as the lexicon spells it, without what was drawn out.
    pub(crate) fn base<'a>(&'a self, text: &str) -> Option<&'a str> {
        let first = text.bytes().next()?;
        self.by_first[usize::from(first)].iter().map(AsRef::as_ref).find(|f| text.starts_with(f))
    }
}
