//! The one reader of tab-separated lexicons: ours, at build and at load, and the user's.
//!
//! A file is a header line that names the columns, then rows; `#` opens a comment line. The reader
//! gives rows with their line numbers and leaves their meaning to the caller.

/// One row of a lexicon: its line number (from 1) and its cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// Line in the file, from 1.
    pub(crate) line: u64,
    text: &'a str,
}

impl<'a> Row<'a> {
    /// The cell of a column (from 0), trimmed; empty where the row is short.
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        self.text.split('\t').nth(column).unwrap_or("").trim()
    }

    /// All cells of the row.
    #[allow(dead_code, reason = "the build script shares this file and needs only `cell`")]
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.text.split('\t').map(str::trim)
    }
}

/// The rows of a lexicon's text, comments, blank lines and the header left out.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = header_line(text);
    (1u64..)
        .zip(text.split('\n'))
        .map(|(line, text)| Row { line, text: text.strip_suffix('\r').unwrap_or(text) })
        .filter(move |row| row.line > header && !row.text.trim().is_empty() && !is_comment(row.text))
}

/// The header line of a lexicon's text, where it has one; else its first row; empty for an empty text.
pub(crate) fn header(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().find(|l| !l.trim().is_empty() && !is_comment(l)).unwrap_or("")
}

/// A comment starts with `# `; `#hashtag` is a term.
fn is_comment(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// The line (from 1) of the header, 0 where there is none.
fn header_line(text: &str) -> u64 {
    let first = (1u64..).zip(text.split('\n')).find(|(_, l)| !l.trim().is_empty() && !is_comment(l));
    match first {
        Some((n, line)) if HEADS.contains(&line.split('\t').next().unwrap_or("").trim()) => n,
        _ => 0,
    }
}

/// What the first column of a header may be called.
const HEADS: [&str; 4] = ["term", "pattern", "feature", "word"];
