//! A layer: one TSV text, read row by row into a lexicon.
//!
//! The header names the format. A row that cannot be read is refused with its line number and the
//! reason, and the rows after it are still read.

use super::Lexicon;
use super::pack::TAG_NAMES;
use super::parse::{self, Row};
use super::pattern::{expand, read};
use crate::error::{Error, ErrorKind};
use crate::language::Language;

/// What a lexicon's rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `term  valence  tags`, words and idioms.
    Tone,
    /// `term  valence  name`, emoji and emoticons.
    Faces,
    /// `term  kind  value`.
    Modifiers,
    /// `term  expansion`.
    Shorthand,
    /// `term  aspect`.
    Aspects,
    /// `feature  polarity  neutrality`, learnt from labels.
    Learned,
    /// `pattern  kind  label  weight`, cues of roles and intents.
    Cues,
}

impl Format {
    /// The format that a text's header names; tone where there is none.
    pub(crate) fn of(text: &str) -> Self {
        let header = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with("# ")).unwrap_or("");
        let mut columns = header.trim_start_matches('\u{feff}').split('\t').map(str::trim);
        match (columns.next().unwrap_or(""), columns.next().unwrap_or("")) {
            ("term", "valence") if columns.next() == Some("name") => Self::Faces,
            ("term", "kind") => Self::Modifiers,
            ("term", "expansion") => Self::Shorthand,
            ("term", "aspect") => Self::Aspects,
            ("feature", _) => Self::Learned,
            ("pattern", _) => Self::Cues,
            _ => Self::Tone,
        }
    }
}

/// The languages that a layer speaks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope([bool; 2]);

impl Scope {
    pub(crate) fn of(language: Language) -> Self {
        let mut scope = [false; 2];
        match language.index() {
            Some(i) => scope[i] = true,
            None => scope = [true; 2],
        }
        Self(scope)
    }

    pub(crate) fn both() -> Self {
        Self([true; 2])
    }

    fn indices(self) -> impl Iterator<Item = usize> {
        (0..2).filter(move |i| self.0[*i])
    }
}

/// What kind of tone a word carries, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tags(u8);

impl Tags {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const INSULT: u8 = 1 << 2;
    pub(crate) const SWEAR: u8 = 1 << 3;

    /// Tags as they were packed.
    pub(crate) fn packed(bits: u8) -> Self {
        Self(bits)
    }

    pub(crate) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut tags = 0;
        for name in text.split(',').map(str::trim).filter(|t| !t.is_empty()) {
            match TAG_NAMES.iter().position(|t| *t == name) {
                Some(bit) => tags |= 1 << bit,
                None => return Err(format!("unknown tag `{name}`; the tags are {}", TAG_NAMES.join(", "))),
            }
        }
        Ok(Self(tags))
    }
}

/// How a modifier acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Denies what follows.
    Negator,
    /// Turns the next judging word round.
    Shifter,
    /// Strengthens the next judging word.
    Intensifier,
    /// Weakens it.
    Diminisher,
    /// Opens the clause that counts.
    Contrast,
    /// Opens the clause that is conceded.
    Concession,
    /// Its clause is not real.
    Conditional,
    /// Its clause is wished for.
    Wish,
    /// Its clause asks.
    Question,
}

const KIND_NAMES: [(&str, Kind); 9] = [
    ("negator", Kind::Negator),
    ("shifter", Kind::Shifter),
    ("intensifier", Kind::Intensifier),
    ("diminisher", Kind::Diminisher),
    ("contrast", Kind::Contrast),
    ("concession", Kind::Concession),
    ("conditional", Kind::Conditional),
    ("wish", Kind::Wish),
    ("question", Kind::Question),
];

/// A word or pattern that acts on other words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Modifier {
    pub(crate) kind: Kind,
    /// The factor it applies.
    pub(crate) value: f32,
    /// Acts on the judging word before it, not after it.
    pub(crate) backwards: bool,
}

impl Lexicon {
    /// Reads a layer, later rows over earlier ones; refused rows are told, the others stand.
    pub(crate) fn add(&mut self, format: Format, text: &str, scope: Scope, refused: &mut Vec<Error>) {
        for row in parse::rows(text) {
            let read = match format {
                Format::Tone => Tags::parse(row.cell(2)).and_then(|tags| self.add_tone(&row, tags, scope)),
                Format::Faces => self.add_tone(&row, Tags::NONE, scope),
                Format::Modifiers => self.add_modifier(&row, scope),
                Format::Shorthand => self.add_shorthand(&row, scope),
                Format::Aspects => self.add_aspect(&row),
                Format::Learned | Format::Cues => Ok(()),
            };
            if let Err(reason) = read {
                refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
            }
        }
    }

    /// The nodes that a term's pattern ends in.
    fn nodes(&mut self, term: &str) -> Result<Vec<u32>, String> {
        if term.is_empty() {
            return Err("the first column, the term, is empty".to_owned());
        }
        let places = read(term, &mut self.vocabulary, &self.emoticons)?;
        let nodes = self.patterns.insert_all(&places);
        self.grow();
        Ok(nodes)
    }

    fn sequences(&mut self, term: &str) -> Result<Vec<Vec<u32>>, String> {
        if term.is_empty() {
            return Err("the first column, the term, is empty".to_owned());
        }
        expand(term, &mut self.vocabulary, &self.emoticons)
    }

    fn add_tone(&mut self, row: &Row<'_>, tags: Tags, scope: Scope) -> Result<(), String> {
        let valence = number(row, 1, "valence", -4.0, 4.0)?;
        for node in self.nodes(row.cell(0))? {
            let entry = self.entry_mut(node);
            for i in scope.indices() {
                entry.senses[i].valence = Some(valence);
                entry.senses[i].tags = tags;
            }
        }
        Ok(())
    }

    fn add_modifier(&mut self, row: &Row<'_>, scope: Scope) -> Result<(), String> {
        let (backwards, value) = match row.cell(2).strip_prefix('<') {
            Some(value) => (true, value),
            None => (false, row.cell(2)),
        };
        let value: f32 =
            value.parse().map_err(|_| format!("`{}` in column 3, the value, is not a number", row.cell(2)))?;
        if !(-2.0..=3.0).contains(&value) {
            return Err(format!("the value {value} is outside -2..3"));
        }
        let name = row.cell(1);
        let kind = KIND_NAMES.iter().find(|(n, _)| *n == name).map(|(_, k)| *k);
        if kind.is_none() && name != "irony" {
            let names: Vec<&str> = KIND_NAMES.iter().map(|(n, _)| *n).chain(["irony"]).collect();
            return Err(format!("unknown kind `{name}`; the kinds are {}", names.join(", ")));
        }
        for node in self.nodes(row.cell(0))? {
            let entry = self.entry_mut(node);
            for i in scope.indices() {
                match kind {
                    Some(kind) => entry.senses[i].modifier = Some(Modifier { kind, value, backwards }),
                    None => entry.senses[i].doubt = value,
                }
            }
        }
        Ok(())
    }

    fn add_shorthand(&mut self, row: &Row<'_>, scope: Scope) -> Result<(), String> {
        let written = self.sequences(row.cell(0))?;
        let [written] = written.as_slice() else {
            return Err("a shorthand is one word".to_owned());
        };
        let [id] = written[..] else {
            return Err(format!("`{}` is read as several words", row.cell(0)));
        };
        if row.cell(1).is_empty() {
            return Err("the second column, the expansion, is empty".to_owned());
        }
        let full = self.sequences(row.cell(1))?;
        for i in scope.indices() {
            self.add_expansion(id, i, &full[0]);
        }
        Ok(())
    }

    fn add_aspect(&mut self, row: &Row<'_>) -> Result<(), String> {
        let name = row.cell(1);
        if name.is_empty() {
            return Err("the second column, the aspect, is empty".to_owned());
        }
        let place = match self.aspects.iter().position(|a| a == name) {
            Some(place) => place,
            None if self.aspects.len() < 250 => {
                self.aspects.push(name.to_owned());
                self.aspects.len() - 1
            }
            None => return Err("more than 250 aspects".to_owned()),
        };
        for node in self.nodes(row.cell(0))? {
            #[expect(clippy::cast_possible_truncation, reason = "at most 250 aspects")]
            let mark = place as u8 + 1;
            self.entry_mut(node).aspect = mark;
        }
        Ok(())
    }
}

fn number(row: &Row<'_>, column: usize, name: &str, least: f32, most: f32) -> Result<f32, String> {
    let cell = row.cell(column);
    if cell.is_empty() {
        return Err(format!("column {}, the {name}, is missing", column + 1));
    }
    let value: f32 =
        cell.parse().map_err(|_| format!("`{cell}` in column {}, the {name}, is not a number", column + 1))?;
    if !(least..=most).contains(&value) {
        return Err(format!("the {name} {value} is outside {least}..{most}"));
    }
    Ok(value)
}

/// What is wrong with a user lexicon's text, row by row; empty where nothing is.
///
/// The first line may name the columns; without it, rows are read as `term  valence  tags`.
///
/// ```
/// let verdict = tonalite::check_lexicon("term\tvalence\nmoisi\t-3\nfrais\tbeaucoup\n");
/// assert_eq!(verdict[0].line(), Some(3));
/// ```
pub fn check_lexicon(text: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    let format = Format::of(text);
    Lexicon::builtin().add(format, text, Scope::both(), &mut refused);
    let mut seen = hashbrown::HashMap::new();
    for row in parse::rows(text) {
        if let Some(first) = seen.insert(row.cell(0).to_owned(), row.line) {
            let reason = format!("`{}` stands at line {first} already; the later row wins", row.cell(0));
            refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
        }
    }
    refused.sort_by_key(Error::line);
    refused
}
