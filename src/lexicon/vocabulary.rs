//! Words and their ids: the packed table of the built-ins, and the words that user layers add.

use super::hash::{hash, hash_pair};
use super::key;
use super::layer::Words;
use super::pack::{self, Packed};
use hashbrown::HashMap;
use std::sync::OnceLock;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vocabulary.bin"));

fn packed() -> &'static Packed<'static> {
    static PACKED: OnceLock<Packed<'static>> = OnceLock::new();
    PACKED.get_or_init(|| Packed::read(BYTES))
}

/// What a lookup says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Known(u32);

impl Known {
    /// The word's id, 0 where no lexicon says more of it than that it exists.
    #[inline]
    pub(crate) fn id(self) -> u32 {
        self.0 >> 8
    }

    /// Frequency classes in French and English: 0 unknown, 15 the commonest.
    #[inline]
    pub(crate) fn class(self) -> [u8; 2] {
        [(self.0 & 15) as u8, (self.0 >> 4 & 15) as u8]
    }

    /// Both classes in one byte: French in the low bits, English in the high ones.
    #[inline]
    pub(crate) fn classes(self) -> u8 {
        (self.0 & 0xFF) as u8
    }

    /// Whether any list holds the word.
    #[inline]
    pub(crate) fn is_known(self) -> bool {
        self.0 != 0
    }
}

/// The commonest of the built-in words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commonest(pack::Commonest<'static>);

impl Commonest {
    /// Looks a hash up; unknown where it is none of them.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Known {
        Known(self.0.get(hash))
    }
}

/// Every word that some list or lexicon knows.
#[derive(Debug, Clone)]
pub(crate) struct Vocabulary {
    packed: &'static Packed<'static>,
    added: HashMap<u64, u32>,
    added_text: Vec<Box<str>>,
    /// A hash of the words added, in order: what was remembered of one vocabulary is not asked of
    /// another.
    stamp: u32,
}

impl Vocabulary {
    /// The built-in words.
    pub(crate) fn builtin() -> Self {
        Self { packed: packed(), added: HashMap::new(), added_text: Vec::new(), stamp: 0 }
    }

    /// Looks a normalised key's hash up.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Known {
        let known = self.commonest().get(hash);
        if known.is_known() { known } else { self.get_from(hash, self.first(hash)) }
    }

    /// The commonest words, for those who look up many.
    #[inline]
    pub(crate) fn commonest(&self) -> Commonest {
        Commonest(self.packed.common)
    }

    /// Where looking a hash up among all words begins: see [`Self::get_from`].
    #[inline]
    pub(crate) fn first(&self, hash: u64) -> u64 {
        self.packed.exact.first(hash)
    }

    /// Looks a hash up among all words.
    #[inline]
    pub(crate) fn get_from(&self, hash: u64, first: u64) -> Known {
        let found = self.packed.exact.get_from(hash, first);
        if self.added.is_empty() || found >> 8 != 0 {
            return Known(found);
        }
        Known(self.added.get(&hash).copied().unwrap_or(found))
    }

    /// Looks a word up by its bare form: `desole` finds `désolé`.
    #[inline]
    pub(crate) fn get_folded(&self, hash: u64) -> Known {
        Known(self.packed.folded.get(hash))
    }

    /// Tells this vocabulary's words from those of one with other layers.
    #[inline]
    pub(crate) fn stamp(&self) -> u32 {
        self.stamp
    }

    /// Whether a lexicon speaks of the word: some ids belong to words that are only corrected towards.
    #[inline]
    pub(crate) fn is_lexical(&self, id: u32) -> bool {
        let index = id.wrapping_sub(pack::FIRST_WORD) as usize;
        id != 0 && (index < self.packed.lexical || index >= self.packed.len)
    }

    /// Ids are below this.
    #[expect(clippy::cast_possible_truncation, reason = "ids have 24 bits")]
    pub(crate) fn limit(&self) -> u32 {
        pack::FIRST_WORD + (self.packed.len + self.added_text.len()) as u32
    }

    /// The word of an id, where it is one of the built-ins.
    pub(crate) fn builtin_text(&self, id: u32) -> Option<&'static str> {
        let index = id.checked_sub(pack::FIRST_WORD)? as usize;
        (index < self.packed.len).then(|| self.packed.text(index))
    }

    /// The word of an id; empty for slots.
    pub(crate) fn text(&self, id: u32) -> &str {
        let Some(index) = id.checked_sub(pack::FIRST_WORD) else { return "" };
        let index = index as usize;
        match index.checked_sub(self.packed.len) {
            None => self.packed.text(index),
            Some(added) => self.added_text.get(added).map_or("", AsRef::as_ref),
        }
    }
}

impl Words for Vocabulary {
    fn intern(&mut self, word: &str) -> u32 {
        let word = key::normal(word);
        let hash = hash(word.as_bytes());
        let known = self.get(hash);
        if known.id() != 0 {
            return known.id();
        }
        let id = self.limit();
        #[expect(clippy::cast_possible_truncation, reason = "32 bits of a hash tell vocabularies apart")]
        let mixed = hash_pair(self.stamp, (hash >> 32) as u32 ^ hash as u32) as u32;
        self.stamp = mixed;
        self.added_text.push(word.into());
        self.added.insert(hash, pack::payload(id, known.class()));
        id
    }
}
