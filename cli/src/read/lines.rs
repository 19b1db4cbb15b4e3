//! Records that are lines: plain text, and the lines that JSON and unquoted TSV come in.
//!
//! A line ends at `\n`; a `\r` before it belongs to the ending. Lines of white space are no records
//! and have no number, in any format.

/// One line of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its place in the chunk, from 0, blank lines counted.
    pub(super) index: u64,
    /// Its first byte in the chunk.
    pub(super) start: usize,
    /// Its bytes, without the ending.
    pub(super) bytes: &'a [u8],
}

/// The lines of a chunk that are not blank.
pub(super) fn lines(chunk: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut next = 0;
    let mut index = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = chunk.get(next..).filter(|r| !r.is_empty()) {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, start) = (&rest[..end], next);
            next += end + 1;
            index += 1;
            if !is_blank(line) {
                let bytes = line.strip_suffix(b"\r").unwrap_or(line);
                return Some(Line { index: index - 1, start, bytes });
            }
        }
        None
    })
}

/// Whether a line holds nothing but white space.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// Finds where the whole lines end in bytes that grow; looks at every byte once.
#[derive(Debug, Default)]
pub(super) struct LineCutter {
    seen: usize,
    end: usize,
    records: u64,
}

impl LineCutter {
    /// The end of the last whole line, and the number of records before it.
    pub(super) fn scan(&mut self, held: &[u8]) -> (usize, u64) {
        for at in memchr::memchr_iter(b'\n', &held[self.seen..]) {
            let line_end = self.seen + at;
            self.records += u64::from(!is_blank(&held[self.end..line_end]));
            self.end = line_end + 1;
        }
        self.seen = held.len();
        (self.end, self.records)
    }

    /// Told that this many bytes from the beginning are gone.
    pub(super) fn taken(&mut self, bytes: usize) {
        *self = Self { seen: self.seen - bytes, end: 0, records: 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_place() {
        let found: Vec<_> = lines(b"a\r\n\n \t\r\nb\0\n\xff").map(|l| (l.index, l.bytes)).collect();
        assert_eq!(found, [(0, &b"a"[..]), (3, b"b\0"), (4, b"\xff")]);
    }

    #[test]
    fn whole_lines_are_found_as_bytes_come() {
        let mut cutter = LineCutter::default();
        assert_eq!(cutter.scan(b"ab"), (0, 0));
        assert_eq!(cutter.scan(b"abc\n\nd"), (5, 1));
        cutter.taken(5);
        assert_eq!(cutter.scan(b"d\n"), (2, 1));
    }
}
