//! Patterns of cues: those of every lexicon, with places of the stream and classes of words.
//!
//! The build script reads the built-in rows with this file, the library those of users.

use super::place;
use crate::lexicon::layer::Reader;
use crate::lexicon::parse::Row;
use crate::lexicon::pattern::expand;
use crate::lexicon::slot;
use hashbrown::HashMap;

/// Readings of one pattern.
const MOST_SEQUENCES: usize = 6000;

/// Words by the name that patterns call them by: `<date>`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes(HashMap<String, Vec<String>>);

impl Classes {
    /// Takes the words of a row of kind `class` or `set`.
    pub(crate) fn add(&mut self, row: &Row<'_>) {
        if matches!(row.cell(1), "class" | "set") {
            let words = row.cell(0).split('|').map(str::to_owned);
            self.0.entry(format!("<{}>", row.cell(2))).or_default().extend(words);
        }
    }

    /// Takes classes over where it has none of that name.
    pub(crate) fn complete(&mut self, earlier: Self) {
        for (class, words) in earlier.0 {
            self.0.entry(class).or_insert(words);
        }
    }
}

/// What a word stands for in a language (0 French, 1 English), where it is a shorthand there.
pub(crate) type Shorthand<'a> = &'a dyn Fn(u32, usize) -> Option<Vec<u32>>;

/// What patterns are read with.
pub(crate) struct Source<'a, 'b> {
    /// The file's own classes, then those of files read earlier: `<date>` is French in a French file.
    pub(crate) classes: [&'a Classes; 2],
    pub(crate) reader: &'a mut Reader<'b>,
    pub(crate) shorthand: Shorthand<'a>,
}

impl Source<'_, '_> {
    /// The sequences of ids that a pattern with places and classes matches.
    pub(crate) fn sequences(&mut self, pattern: &str) -> Result<Vec<Vec<u32>>, String> {
        let mut sequences: Vec<Vec<u32>> = vec![Vec::new()];
        for part in pattern.split(' ').filter(|p| !p.is_empty()) {
            let (body, optional) = match part.strip_suffix('?') {
                Some(body) if !body.is_empty() => (body, true),
                _ => (part, false),
            };
            let mut choices: Vec<Vec<u32>> = Vec::new();
            for word in body.split('|') {
                if let Some(id) = place::parse(word) {
                    choices.push(vec![id]);
                } else if word == "_" {
                    choices.push(vec![slot::ANY]);
                } else if let Some(words) = self.classes.iter().find_map(|c| c.0.get(word)) {
                    for word in words {
                        self.ways(word, &mut choices)?;
                    }
                } else {
                    self.ways(word, &mut choices)?;
                }
            }
            if optional {
                choices.push(Vec::new());
            }
            if sequences.len() * choices.len() > MOST_SEQUENCES {
                return Err(format!("more than {MOST_SEQUENCES} readings; split the row"));
            }
            sequences = sequences
                .iter()
                .flat_map(|s| choices.iter().map(move |c| [s.as_slice(), c.as_slice()].concat()))
                .collect();
        }
        sequences.retain(|s| !s.is_empty());
        if sequences.is_empty() {
            return Err("the first column, the pattern, is empty".to_owned());
        }
        if sequences.iter().any(|s| s.first() == Some(&slot::ANY)) {
            return Err("a pattern must begin with a word, not with `_`".to_owned());
        }
        Ok(sequences)
    }

    /// The sequences of ids that a written word may be read as: as the pattern reader cuts it; whole,
    /// where a hyphenated word is known; and what it is short for.
    fn ways(&mut self, word: &str, choices: &mut Vec<Vec<u32>>) -> Result<(), String> {
        let first = choices.len();
        choices.extend(expand(word, self.reader)?);
        if word.contains('-') && choices[first..].iter().any(|c| c.len() > 1) {
            choices.push(vec![self.reader.words.intern(word)]);
        }
        for at in first..choices.len() {
            let [id] = choices[at][..] else { continue };
            for full in (0..2).filter_map(|language| (self.shorthand)(id, language)) {
                if !choices.contains(&full) {
                    choices.push(full);
                }
            }
        }
        Ok(())
    }
}
