//! A layer: one TSV text, read row by row into a lexicon.
//!
//! The header names the format. A row that cannot be read is refused with its line number and the
//! reason, and the rows after it are still read.

use super::parse::{self, Row};
use super::pattern::{expand, read};
use super::sense::{Entry, KIND_NAMES, Modifier, Tags};
use super::trie::Trie;
use crate::text::Emoticons;

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
    /// `feature` and a column for each role or intent, learnt from labels.
    Roles,
    /// `pattern  kind  label  weight`, cues of roles and intents.
    Cues,
}

impl Format {
    /// The format that a text's header names; tone where there is none.
    pub(crate) fn of(text: &str) -> Self {
        let header = parse::header(text);
        let mut columns = header.split('\t').map(str::trim);
        match (columns.next().unwrap_or(""), columns.next().unwrap_or("")) {
            ("term", "valence") if columns.next() == Some("name") => Self::Faces,
            ("term", "kind") => Self::Modifiers,
            ("term", "expansion") => Self::Shorthand,
            ("term", "aspect") => Self::Aspects,
            ("feature", "polarity") => Self::Learned,
            ("feature", _) => Self::Roles,
            ("pattern", _) => Self::Cues,
            _ => Self::Tone,
        }
    }
}

/// The languages that a layer speaks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope([bool; 2]);

impl Scope {
    /// One language, by its place (French, English).
    #[allow(dead_code, reason = "the build script reads our files by language")]
    pub(crate) fn one(language: usize) -> Self {
        Self([language == 0, language == 1])
    }

    pub(crate) fn both() -> Self {
        Self([true; 2])
    }

    fn indices(self) -> impl Iterator<Item = usize> {
        (0..2).filter(move |i| self.0[*i])
    }
}

/// The ids of words, given as they are asked for.
pub(crate) trait Words {
    /// The id of a word; one is given to a word that has none.
    fn intern(&mut self, word: &str) -> u32;
}

/// A row that was refused: its line and why.
pub(crate) type Refused = (u64, String);

/// Rows as the matcher reads them: patterns, what they mean, and what shorthand stands for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layer {
    pub(crate) patterns: Trie,
    /// What patterns mean, by the number that their nodes hold; the first means nothing.
    pub(crate) entries: Vec<Entry>,
    /// What is written, the language, what it stands for.
    pub(crate) shorthand: Vec<(u32, usize, Vec<u32>)>,
    /// Names of aspects.
    pub(crate) aspects: Vec<String>,
}

/// Where the words of a layer's rows come from.
pub(crate) struct Reader<'a> {
    pub(crate) words: &'a mut dyn Words,
    pub(crate) emoticons: &'a Emoticons,
}

impl Layer {
    /// Reads rows, later ones over earlier ones; refused rows are told, the others stand.
    pub(crate) fn add(
        &mut self,
        format: Format,
        text: &str,
        scope: Scope,
        reader: &mut Reader<'_>,
        refused: &mut Vec<Refused>,
    ) {
        for row in parse::rows(text) {
            let read = match format {
                Format::Tone => Tags::parse(row.cell(2)).and_then(|tags| self.add_tone(&row, tags, scope, reader)),
                Format::Faces => self.add_tone(&row, Tags::NONE, scope, reader),
                Format::Modifiers => self.add_modifier(&row, scope, reader),
                Format::Shorthand => self.add_shorthand(&row, scope, reader),
                Format::Aspects => self.add_aspect(&row, reader),
                Format::Learned | Format::Cues | Format::Roles => Ok(()),
            };
            if let Err(reason) = read {
                refused.push((row.line, reason));
            }
        }
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.len() == 0
    }

    /// Lets a pattern mean more than it did.
    fn mean(&mut self, term: &str, reader: &mut Reader<'_>, mut meaning: impl FnMut(&mut Entry)) -> Result<(), String> {
        if term.is_empty() {
            return Err("the first column, the term, is empty".to_owned());
        }
        let nodes = self.patterns.insert_all(&read(term, reader)?);
        for node in nodes {
            if self.patterns.entry(node) == 0 {
                self.entries.resize(self.entries.len().max(1) + 1, Entry::default());
                #[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer patterns")]
                self.patterns.mean(node, self.entries.len() as u32 - 1);
            }
            meaning(&mut self.entries[self.patterns.entry(node) as usize]);
        }
        Ok(())
    }

    fn add_tone(&mut self, row: &Row<'_>, tags: Tags, scope: Scope, reader: &mut Reader<'_>) -> Result<(), String> {
        let valence = number(row, 1, "valence", -4.0, 4.0)?;
        self.mean(row.cell(0), reader, |entry| {
            for i in scope.indices() {
                entry.senses[i].valence = Some(valence);
                entry.senses[i].tags = tags;
            }
        })
    }

    fn add_modifier(&mut self, row: &Row<'_>, scope: Scope, reader: &mut Reader<'_>) -> Result<(), String> {
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
        self.mean(row.cell(0), reader, |entry| {
            for i in scope.indices() {
                match kind {
                    Some(kind) => entry.senses[i].modifier = Some(Modifier { kind, value, backwards }),
                    None => entry.senses[i].doubt = value,
                }
            }
        })
    }

    fn add_shorthand(&mut self, row: &Row<'_>, scope: Scope, reader: &mut Reader<'_>) -> Result<(), String> {
        if row.cell(0).is_empty() {
            return Err("the first column, the term, is empty".to_owned());
        }
        let written = expand(row.cell(0), reader)?;
        let [written] = written.as_slice() else {
            return Err("a shorthand is one word".to_owned());
        };
        let [id] = written[..] else {
            return Err(format!("`{}` is read as several words", row.cell(0)));
        };
        if row.cell(1).is_empty() {
            return Err("the second column, the expansion, is empty".to_owned());
        }
        let full = expand(row.cell(1), reader)?;
        self.shorthand.extend(scope.indices().map(|i| (id, i, full[0].clone())));
        Ok(())
    }

    fn add_aspect(&mut self, row: &Row<'_>, reader: &mut Reader<'_>) -> Result<(), String> {
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
        let mark = u8::try_from(place + 1).unwrap_or(u8::MAX);
        self.mean(row.cell(0), reader, |entry| entry.aspect = mark)
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
