//! The pantry: every word, pattern and weight that the rooms read, and the layers that users add.
//!
//! Built-in files and user files go through the same reader ([`layer`]); later layers win. What is
//! found at a place is an [`Entry`] of a pattern trie: a tone, a modifier, an aspect, or several of
//! these. The built-in rows are packed by the build script and read where they lie; a user's rows grow
//! a trie of their own, walked after. Formats are described in `lexicons/README.md`.

pub(crate) mod feature;
pub(crate) mod flag;
pub(crate) mod hash;
pub(crate) mod key;
pub(crate) mod layer;
pub(crate) mod near;
pub(crate) mod own;
#[allow(dead_code, reason = "the build script shares the file: it writes, the library reads")]
pub(crate) mod pack;
pub(crate) mod parse;
pub(crate) mod pattern;
#[allow(dead_code, reason = "the build script shares the file: it writes, the library reads")]
pub(crate) mod patterns;
pub(crate) mod row;
#[allow(dead_code, reason = "the build script shares the file: it writes, the library reads")]
pub(crate) mod sense;
pub(crate) mod slot;
pub(crate) mod sound;
#[allow(dead_code, reason = "the build script shares the file: it writes, the library reads")]
pub(crate) mod trie;
pub(crate) mod vocabulary;

use crate::error::{Error, ErrorKind};
use crate::text::Emoticons;
use layer::{Format, Layer, Reader, Scope};
use near::Near;
use patterns::Patterns;
use row::Row;
use sense::Entry;
use sound::Sounds;
use std::sync::OnceLock;
use trie::Walk as _;
use vocabulary::Vocabulary;

/// The words, patterns and weights of one analyzer.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) emoticons: &'static Emoticons,
    builtin: &'static Patterns<'static>,
    /// By id: see [`row`].
    rows: &'static [row::Packed],
    /// The rows that users added.
    added: Layer,
    /// By id, what users' rows add to the [`flag`]s; nothing where they add none.
    flags: Vec<u8>,
    /// Shorthand by id of what is written and language: what it stands for.
    pub(crate) shorthand: hashbrown::HashMap<(u32, usize), Vec<u32>>,
    /// What a misspelling may be corrected towards.
    pub(crate) near: &'static Near<'static>,
    /// What users added to that.
    pub(crate) own: own::Own,
    /// How words sound in French and English.
    pub(crate) sounds: &'static [Sounds; 2],
}

/// The index of near words, read where it lies.
fn near() -> &'static Near<'static> {
    static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/near.bin"));
    static NEAR: OnceLock<Near<'static>> = OnceLock::new();
    NEAR.get_or_init(|| Near::read(BYTES))
}

fn sounds() -> &'static [Sounds; 2] {
    static SOUNDS: OnceLock<[Sounds; 2]> = OnceLock::new();
    SOUNDS.get_or_init(|| {
        [
            Sounds::read(include_str!("../../lexicons/fr/phonetics.tsv")),
            Sounds::read(include_str!("../../lexicons/en/phonetics.tsv")),
        ]
    })
}

/// Bytes that begin a line of the cache, so that no row of theirs lies across two.
#[repr(C, align(64))]
pub(crate) struct Aligned<B: ?Sized>(pub(crate) B);

/// The rows of words by id, packed by the build script.
static ROWS: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/rows.bin")));

/// By id: see [`row`].
pub(crate) fn rows() -> &'static [row::Packed] {
    ROWS.0.as_chunks().0.as_chunks().0
}

/// The emoticons that the lexer knows.
pub(crate) fn emoticons() -> &'static Emoticons {
    static EMOTICONS: OnceLock<Emoticons> = OnceLock::new();
    EMOTICONS.get_or_init(|| Emoticons::read(include_str!("../../lexicons/shared/emoticons.tsv")))
}

/// The built-in rows of every language that is compiled in.
fn builtin() -> &'static Patterns<'static> {
    static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/patterns.bin"));
    static PATTERNS: OnceLock<Patterns<'static>> = OnceLock::new();
    PATTERNS.get_or_init(|| Patterns::read(BYTES))
}

impl Lexicon {
    /// The built-in lexicons of every language that is compiled in.
    pub(crate) fn builtin() -> Self {
        let builtin = builtin();
        let mut lexicon = Self {
            vocabulary: Vocabulary::builtin(),
            emoticons: emoticons(),
            builtin,
            rows: rows(),
            added: Layer { aspects: builtin.aspects(), ..Layer::default() },
            flags: Vec::new(),
            shorthand: hashbrown::HashMap::new(),
            near: near(),
            own: own::Own::default(),
            sounds: sounds(),
        };
        lexicon.shorthand.extend(builtin.shorthand().map(|(id, language, full)| ((id, language), full)));
        lexicon
    }

    /// Reads a user's layer, later rows over earlier ones; refused rows are told, the others stand.
    pub(crate) fn add(&mut self, format: Format, text: &str, refused: &mut Vec<Error>) {
        let first = self.vocabulary.limit();
        let mut reader = Reader { words: &mut self.vocabulary, emoticons: self.emoticons };
        let mut rows = Vec::new();
        self.added.add(format, text, Scope::both(), &mut reader, &mut rows);
        for id in first..self.vocabulary.limit() {
            self.own.file(id, self.vocabulary.text(id));
        }
        for (id, language, full) in std::mem::take(&mut self.added.shorthand) {
            self.add_shorthand(id, language, full);
        }
        refused.extend(rows.into_iter().map(|(line, why)| Error::new(ErrorKind::Lexicon, why).at_line(line)));
    }

    fn add_shorthand(&mut self, id: u32, language: usize, full: Vec<u32>) {
        let index = id as usize;
        if self.flags.len() <= index {
            self.flags.resize(index + 1, 0);
        }
        self.flags[index] |= flag::SHORTHAND[language];
        self.shorthand.insert((id, language), full);
    }

    /// What is said of a word before anything else.
    #[inline]
    pub(crate) fn row(&self, id: u32) -> Row {
        self.rows.get(id as usize).map_or(Row::NONE, Row::read)
    }

    /// Finds what every pattern that begins with a word and the `ids` after it means, with its length.
    #[inline]
    pub(crate) fn walk<'a>(
        &'a self,
        id: u32,
        ids: impl Iterator<Item = u32> + Clone,
        mut found: impl FnMut(&'a Entry, usize),
    ) {
        let added = if self.added.is_empty() { None } else { Some(ids.clone()) };
        let first = self.row(id).node();
        if first != 0 {
            self.builtin
                .trie
                .walk_from(first, ids, |entry, length| found(&self.builtin.entries[entry as usize], length));
        }
        if let Some(ids) = added {
            let ids = std::iter::once(id).chain(ids);
            self.added.patterns.walk(ids, |entry, length| found(&self.added.entries[entry as usize], length));
        }
    }

    /// Whether some pattern may match a word that another follows (0: an unknown one): most words that
    /// begin patterns begin none where they stand.
    #[inline]
    pub(crate) fn may_match(&self, row: &Row, id: u32, next: Option<u32>) -> bool {
        // No short cut: what the row says is not to be foretold.
        row.may_match(next) | (!self.added.is_empty() && self.added.patterns.may_match(id, next))
    }

    /// What a word's id says at a glance: bits of [`flag`].
    #[inline]
    pub(crate) fn flags(&self, id: u32) -> u8 {
        let builtin = self.rows.get(id as usize).map_or(0, row::flags);
        if self.flags.is_empty() { builtin } else { builtin | self.flags.get(id as usize).copied().unwrap_or(0) }
    }

    /// Names of aspects, by their place.
    pub(crate) fn aspects(&self) -> &[String] {
        &self.added.aspects
    }

    /// Whether a word is a shorthand in a language.
    #[inline]
    pub(crate) fn is_shorthand(&self, id: u32, language: usize) -> bool {
        self.flags(id) & flag::SHORTHAND[language] != 0
    }

    /// What a shorthand stands for in a language.
    pub(crate) fn shorthand(&self, id: u32, language: usize) -> Option<&[u32]> {
        self.shorthand.get(&(id, language)).map(AsRef::as_ref)
    }
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
    match format {
        Format::Cues | Format::Roles => crate::voice::check(format, text, &mut refused),
        Format::Learned => crate::tone::learned::Learned::check(text, &mut Lexicon::builtin(), &mut refused),
        _ => Lexicon::builtin().add(format, text, &mut refused),
    }
    let mut seen = hashbrown::HashMap::new();
    for row in parse::rows(text) {
        // One pattern may speak for several labels.
        let key =
            if format == Format::Cues { [0, 1, 2].map(|c| row.cell(c)).join(" ") } else { row.cell(0).to_owned() };
        if let Some(first) = seen.insert(key, row.line) {
            let reason = format!("`{}` stands at line {first} already; the later row wins", row.cell(0));
            refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
        }
    }
    refused.sort_by_key(Error::line);
    refused
}
