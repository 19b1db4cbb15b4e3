//! Emoticons: which byte strings are faces, and the longest one at a place.

use crate::lexicon::parse;

/// The emoticons that the lexer knows, by their first byte.
#[derive(Debug, Clone, Default)]
pub(crate) struct Emoticons {
    /// Longest first within one first byte.
    by_first: Vec<Vec<Box<str>>>,
    /// By first byte: which bytes may come second, as bits.
    second: Vec<[u64; 4]>,
}

impl Emoticons {
    /// Reads the emoticons of a lexicon's text (`term  valence  name`).
    pub(crate) fn read(text: &str) -> Self {
        let mut by_first: Vec<Vec<Box<str>>> = vec![Vec::new(); 256];
        let mut second = vec![[0u64; 4]; 256];
        for row in parse::rows(text) {
            let face = row.cell(0);
            if let Some(first) = face.bytes().next() {
                by_first[usize::from(first)].push(Box::from(face));
                match face.as_bytes().get(1) {
                    Some(byte) => second[usize::from(first)][usize::from(byte / 64)] |= 1 << (byte % 64),
                    None => second[usize::from(first)] = [u64::MAX; 4],
                }
            }
        }
        for faces in &mut by_first {
            faces.sort_by_key(|face| std::cmp::Reverse(face.len()));
        }
        Self { by_first, second }
    }

    /// Whether any emoticon begins with this byte.
    #[inline]
    pub(crate) fn may_start(&self, byte: u8) -> bool {
        self.by_first.get(usize::from(byte)).is_some_and(|f| !f.is_empty())
    }

    /// Whether any emoticon begins with these two bytes.
    #[inline]
    pub(crate) fn may_begin(&self, first: u8, second: u8) -> bool {
        self.second.get(usize::from(first)).is_some_and(|row| row[usize::from(second / 64)] >> (second % 64) & 1 == 1)
    }

    /// The end of the longest emoticon that starts here, its last character drawn out or not.
    pub(crate) fn longest(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        if !self.may_begin(bytes[at], next) {
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
