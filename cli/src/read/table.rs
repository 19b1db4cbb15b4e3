//! What a table's columns mean: its dialect and its header, found in the first bytes.
//!
//! Exports separate by comma, semicolon or tab, and some put a few lines about the query above the
//! header. So every dialect is tried on the first rows, and the one under which a row names the most
//! fields of a post is taken. A column that names no field is passed over.

use super::csv::{Dialect, Scanner, Step, cells, records, without_ending};
use std::borrow::Cow;
use tonalite::Post;

/// Rows above the header that an export may write about itself.
const PREAMBLE: usize = 20;

/// The names that a column of labels goes by, in the order in which they are believed.
pub(super) const LABELS: [&str; 5] = ["label", "gold", "sentiment", "tonality", "polarity"];

/// How the rows of one file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// How cells are told apart.
    pub(super) dialect: Dialect,
    /// The header, or the places of the columns where there is none.
    names: Vec<String>,
    /// The columns that name a field of a post.
    fields: Vec<usize>,
    /// The column of labels.
    label: Option<usize>,
    /// The columns of roles and intents.
    role: Option<usize>,
    intents: Option<usize>,
    /// Where the rows begin.
    pub(super) body: usize,
}

impl Table {
    /// The table that these first bytes begin, in the dialect that fits best; or what was seen in
    /// place of a header. `whole`: there is nothing after these bytes.
    pub(super) fn detect(head: &[u8], dialects: &[Dialect], whole: bool) -> Result<Self, String> {
        let tables = dialects.iter().filter_map(|d| Self::under(head, *d, whole));
        let score = |t: &Table| (t.fits(head, whole), t.has_text(), t.fields.len(), t.names.len());
        // The first of the best, where `max_by_key` would take the last.
        let mut best: Option<Table> = None;
        for table in tables {
            if best.as_ref().is_none_or(|b| score(&table) > score(b)) {
                best = Some(table);
            }
        }
        best.ok_or_else(|| {
            let first = head.split(|b| *b == b'\n').find(|l| !l.trim_ascii().is_empty()).unwrap_or_default();
            let first: String = String::from_utf8_lossy(without_ending(first)).chars().take(200).collect();
            format!(
                "no column holds the text: the header read is `{first}`; name one `text` \
                 (also read: full_text, content, body, message, snippet)"
            )
        })
    }

    /// Rows of a label and a text, and no header.
    pub(super) fn labelled() -> Self {
        Self {
            dialect: Dialect::bare_tabs(2),
            names: vec!["label".into(), "text".into()],
            fields: vec![1],
            label: Some(0),
            role: None,
            intents: None,
            body: 0,
        }
    }

    fn under(head: &[u8], dialect: Dialect, whole: bool) -> Option<Self> {
        let mut titled = None;
        for (start, end) in records(head, dialect).take(PREAMBLE) {
            if end == head.len() && !whole && !head.ends_with(b"\n") {
                break;
            }
            let Ok(record) = std::str::from_utf8(without_ending(&head[start..end])) else {
                continue;
            };
            let mut row = Vec::new();
            cells(record, dialect, &mut row);
            let names: Vec<String> = row.into_iter().map(|n| n.trim().to_owned()).collect();
            let fields = (0..names.len()).filter(|i| Post::field(&names[*i]).is_some()).collect();
            let label = LABELS.iter().find_map(|l| names.iter().position(|n| n.eq_ignore_ascii_case(l)));
            let place = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
            let (role, intents) = (place("role"), place("intents"));
            let table = Self { dialect, names, fields, label, role, intents, body: end };
            if table.has_text() {
                return Some(table);
            }
            if titled.is_none() && table.names.iter().any(|n| Post::field(n) == Some("title")) {
                titled = Some(table);
            }
        }
        titled
    }

    fn has_text(&self) -> bool {
        self.names.iter().any(|n| Post::field(n) == Some("text"))
    }

    /// Whether the whole rows among the first bytes have as many cells as the header, and their
    /// quotes are closed: what tells a table with quoted tabs and line ends from one where quotation
    /// marks are only that.
    fn fits(&self, head: &[u8], whole: bool) -> bool {
        let body = &head[self.body..];
        let mut row = Vec::new();
        let mut scanner = Scanner::default();
        let mut start = 0;
        loop {
            let end = match scanner.step(body, self.dialect) {
                Step::Whole(end) => end,
                Step::More if !whole || start == body.len() => return true,
                Step::More if scanner.is_open() => return false,
                Step::More => body.len(),
                Step::Broken => return false,
            };
            if let Ok(record) = std::str::from_utf8(without_ending(&body[start..end])) {
                cells(record, self.dialect, &mut row);
                if row.len() != self.names.len() && !record.trim().is_empty() {
                    return false;
                }
            }
            if end == body.len() {
                return true;
            }
            start = end;
        }
    }

    /// The named cells of a row, or why it is none.
    pub(super) fn named<'a>(&'a self, row: &'a [Cow<'a, str>]) -> Result<Vec<(&'a str, &'a str)>, String> {
        if row.get(self.names.len()..).is_some_and(|more| more.iter().any(|cell| !cell.is_empty())) {
            return Err(format!("{} cells, where the header has {}: is a quote missing?", row.len(), self.names.len()));
        }
        let cell = |i: &usize| Some((self.names[*i].as_str(), row.get(*i)?.as_ref()));
        Ok(self.fields.iter().filter_map(cell).collect())
    }

    /// The label of a row.
    pub(super) fn label_of<'a>(&self, row: &'a [Cow<'a, str>]) -> Result<&'a str, String> {
        let column = self.label.ok_or_else(|| format!("no column of labels ({})", LABELS.join(", ")))?;
        row.get(column).map(AsRef::as_ref).ok_or_else(|| "no label".into())
    }

    /// The role of a row, and its intents where there is a column of them.
    pub(super) fn role_of<'a>(&self, row: &'a [Cow<'a, str>]) -> Result<(&'a str, Option<&'a str>), String> {
        let column = self.role.or(self.label).ok_or("no column of roles (role, label)")?;
        let role = row.get(column).map(AsRef::as_ref).ok_or("no role")?;
        Ok((role, self.intents.and_then(|column| row.get(column)).map(AsRef::as_ref)))
    }

    /// Whether there is a column of labels.
    pub(super) fn has_label(&self) -> bool {
        self.label.is_some() || self.role.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(head: &str) -> Result<Table, String> {
        Table::detect(head.as_bytes(), &[b',', b';', b'\t'].map(Dialect::quoted), true)
    }

    #[test]
    fn the_delimiter_is_the_one_that_names_fields() {
        for (head, delimiter) in [
            ("id,text\n1,a;b;c\n", b','),
            ("id;text;date\n1;a,b;c\n", b';'),
            ("id\ttext\n1\ta, b\n", b'\t'),
            ("text\nBonjour; oui\n", b','),
            ("Report;x\n\nFrom;2026\nDate;Full Text;Author\n1;a;b\n", b';'),
        ] {
            assert_eq!(csv(head).expect(head).dialect.delimiter, delimiter, "{head:?}");
        }
    }

    #[test]
    fn no_text_column_shows_the_header() {
        let reason = csv("id,note\n1,a\n").expect_err("no text");
        assert!(reason.contains("`id,note`"), "{reason}");
    }

    #[test]
    fn tabs_are_quoted_only_where_it_makes_the_rows_fit() {
        let both = [Dialect::bare_tabs(usize::MAX), Dialect::quoted(b'\t')];
        for (head, quoted) in [
            ("id\ttext\n1\t\"Hot dog day\n2\t\"b\" c\n", false),
            ("id\ttext\n1\t\"a\nb\"\n2\tc\n", true),
            ("id\ttext\n1\t\"a\tb\"\n", true),
        ] {
            assert_eq!(Table::detect(head.as_bytes(), &both, true).expect(head).dialect.quoted, quoted, "{head:?}");
        }
    }

    #[test]
    fn rows_longer_than_the_header_are_none() {
        let table = csv("id,text\n").expect("a header");
        assert!(table.named(&["1", "a", "", ""].map(Cow::Borrowed)).is_ok());
        assert!(table.named(&["1", "a", "b"].map(Cow::Borrowed)).is_err());
        assert_eq!(table.named(&["1"].map(Cow::Borrowed)), Ok(vec![("id", "1")]));
    }
}
