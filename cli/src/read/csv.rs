//! Where the records of a CSV file end, and what their cells are.
//!
//! In: bytes. Out: record boundaries and cells, by the rules of RFC 4180 with `\n` or `\r\n` endings.
//! Own code rather than the `csv` crate's reader (which writes our CSV, and checks this file's
//! answers in its tests), because boundaries are wanted apart from cells: a block of input is cut
//! between records on one thread and parsed on another, rejects repeat the record's own bytes, and a
//! quote that is never closed must not swallow the file. Such a record is [`Step::Broken`]: the
//! reader gives up its first line only and starts afresh on the next.

use std::borrow::Cow;

/// How the cells of a record are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The byte between cells.
    pub(super) delimiter: u8,
    /// Whether `"` at the start of a cell quotes it.
    pub(super) quoted: bool,
    /// The most cells that a record is split into; the last keeps further delimiters.
    pub(super) most: usize,
}

impl Dialect {
    /// Cells between delimiters, quoted where they need to be.
    pub(super) fn quoted(delimiter: u8) -> Self {
        Self { delimiter, quoted: true, most: usize::MAX }
    }

    /// Cells between tabs, never quoted: a tweet may begin with a quotation mark.
    pub(super) fn bare_tabs(most: usize) -> Self {
        Self { delimiter: b'\t', quoted: false, most }
    }
}

/// What the next record of some bytes is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It ends here (one past its `\n`).
    Whole(usize),
    /// Its end is not among the bytes yet.
    More,
    /// Something other than a delimiter follows a closing quote: its quotes are wrong.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// At the start of a cell.
    #[default]
    Start,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote that may close the cell or stand for itself.
    Closed,
}

/// Finds record ends in bytes that grow; looks at every byte once.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scanner {
    at: usize,
    state: State,
}

impl Scanner {
    /// Goes on to the end of the record that it is in. `bytes` are those of the last call, and more.
    pub(super) fn step(&mut self, bytes: &[u8], dialect: Dialect) -> Step {
        while let Some(rest) = bytes.get(self.at..).filter(|r| !r.is_empty()) {
            let skip = match self.state {
                State::Plain => memchr::memchr2(b'\n', dialect.delimiter, rest),
                State::Quoted => memchr::memchr(b'"', rest),
                State::Start | State::Closed => Some(0),
            };
            let Some(skip) = skip else {
                self.at = bytes.len();
                return Step::More;
            };
            let byte = rest[skip];
            self.at += skip + 1;
            self.state = match (self.state, byte) {
                (State::Start | State::Plain | State::Closed, b'\n') => {
                    self.state = State::Start;
                    return Step::Whole(self.at);
                }
                (State::Start | State::Plain | State::Closed, b) if b == dialect.delimiter => State::Start,
                (State::Start, b'"') if dialect.quoted => State::Quoted,
                (State::Start | State::Plain, _) | (State::Closed, b' ') => State::Plain,
                (State::Quoted, _) | (State::Closed, b'\r') => State::Closed,
                (State::Closed, b'"') => State::Quoted,
                (State::Closed, _) => return Step::Broken,
            };
        }
        Step::More
    }

    /// Whether the end of the input would come inside quotes.
    pub(super) fn is_open(self) -> bool {
        self.state == State::Quoted
    }

    /// Told that this many bytes from the beginning are gone.
    pub(super) fn taken(&mut self, bytes: usize) {
        self.at -= bytes;
    }
}

/// The records of whole bytes, as ranges that include their endings.
pub(super) fn records(bytes: &[u8], dialect: Dialect) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut scanner = Scanner::default();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let end = match scanner.step(bytes, dialect) {
            Step::Whole(end) => end,
            Step::More | Step::Broken => bytes.len(),
        };
        let record = (start, end);
        start = end;
        Some(record)
    })
}

/// A record without its line ending.
pub(super) fn without_ending(record: &[u8]) -> &[u8] {
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    record.strip_suffix(b"\r").unwrap_or(record)
}

/// The cells of a record (without its ending), unquoted.
pub(super) fn cells<'a>(record: &'a str, dialect: Dialect, out: &mut Vec<Cow<'a, str>>) {
    out.clear();
    let delimiter = char::from(dialect.delimiter);
    let mut rest = record;
    loop {
        if out.len() + 1 >= dialect.most {
            out.push(Cow::Borrowed(rest));
            return;
        }
        let (cell, after) = match rest.strip_prefix('"').filter(|_| dialect.quoted) {
            Some(inside) => unquote(inside, delimiter),
            None => match rest.split_once(delimiter) {
                Some((cell, after)) => (Cow::Borrowed(cell), Some(after)),
                None => (Cow::Borrowed(rest), None),
            },
        };
        out.push(cell);
        match after {
            Some(after) => rest = after,
            None => return,
        }
    }
}

/// A cell from behind its opening quote, and what follows the delimiter after it.
fn unquote(inside: &str, delimiter: char) -> (Cow<'_, str>, Option<&str>) {
    let mut cell = Cow::Borrowed("");
    let mut rest = inside;
    while let Some((part, after)) = rest.split_once('"') {
        append(&mut cell, part);
        let Some(doubled) = after.strip_prefix('"') else {
            let (tail, after) = after.split_once(delimiter).map_or((after, None), |(t, a)| (t, Some(a)));
            append(&mut cell, tail);
            return (cell, after);
        };
        append(&mut cell, "\"");
        rest = doubled;
    }
    append(&mut cell, rest);
    (cell, None)
}

/// Borrowed as long as the cell is one piece of the record, which it nearly always is.
fn append<'a>(cell: &mut Cow<'a, str>, part: &'a str) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(part);
    } else if !part.is_empty() {
        cell.to_mut().push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let dialect = Dialect::quoted(delimiter);
        let mut out = Vec::new();
        let mut row = Vec::new();
        for (start, end) in records(text.as_bytes(), dialect) {
            let record = without_ending(&text.as_bytes()[start..end]);
            cells(std::str::from_utf8(record).expect("cut between chars"), dialect, &mut row);
            out.push(row.iter().map(|c| c.clone().into_owned()).collect());
        }
        out
    }

    /// The `csv` crate as the judge, on every short text over the bytes that matter.
    #[test]
    fn cells_are_those_of_the_csv_crate() {
        let alphabet = ['a', ',', '"', '\n', ' '];
        let mut judged = 0;
        for seed in 0..5u32.pow(6) {
            let text: String = (0..6).map(|i| alphabet[(seed / 5u32.pow(i) % 5) as usize]).collect();
            let mut scanner = Scanner::default();
            let mut step = Step::Whole(0);
            while matches!(step, Step::Whole(_)) {
                step = scanner.step(text.as_bytes(), Dialect::quoted(b','));
            }
            // Wrong quotes are turned away here and guessed at there; blank lines are no records.
            if step == Step::Broken || scanner.is_open() {
                continue;
            }
            let mut judge = csv::ReaderBuilder::new();
            judge.buffer_capacity(16);
            let mut judge = judge.has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                judge.records().map(|r| r.expect("utf-8").iter().map(str::to_owned).collect()).collect();
            let ours: Vec<_> =
                read(&text, b',').into_iter().zip(records(text.as_bytes(), Dialect::quoted(b','))).collect();
            let ours: Vec<_> = ours.into_iter().filter(|(_, (s, e))| &text[*s..*e] != "\n").map(|(r, _)| r).collect();
            assert_eq!(ours, theirs, "{text:?}");
            judged += 1;
        }
        assert!(judged > 8_000, "{judged}");
    }

    #[test]
    fn endings_and_quotes() {
        assert_eq!(
            read("a;\"b;\nc\";\"d \"\"e\"\"\"\r\n;;\r\n\"\"", b';'),
            [vec!["a", "b;\nc", "d \"e\""], vec!["", "", ""], vec![""]]
        );
    }

    #[test]
    fn a_scan_may_stop_anywhere() {
        let text = b"a,\"b\"\"\n\",c\r\nd,\"e\"\n";
        for cut in 0..text.len() {
            let mut scanner = Scanner::default();
            let mut ends = Vec::new();
            for bytes in [&text[..cut], &text[..]] {
                while let Step::Whole(end) = scanner.step(bytes, Dialect::quoted(b',')) {
                    ends.push(end);
                }
            }
            assert_eq!(ends, [12, 18], "cut at {cut}");
        }
        assert_eq!(Scanner::default().step(b"a,\"b\"c,d\n", Dialect::quoted(b',')), Step::Broken);
    }
}
