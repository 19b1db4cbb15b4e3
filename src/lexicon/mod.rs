//! The pantry: every word, pattern and weight that the rooms read, and the layers that users add.
//!
//! Built-in files and user files go through the same reader ([`layer`]); later layers win. What is
//! found at a place is an [`Entry`] of the pattern trie: a tone, a modifier, an aspect, or several of
//! these. Formats are described in `lexicons/README.md`.

pub(crate) mod hash;
pub(crate) mod key;
pub(crate) mod layer;
pub(crate) mod near;
#[allow(dead_code, reason = "the build script shares the file: it writes, the library reads")]
pub(crate) mod pack;
pub(crate) mod parse;
pub(crate) mod pattern;
pub(crate) mod slot;
pub(crate) mod sound;
pub(crate) mod trie;
pub(crate) mod vocabulary;

use crate::language::Language;
use crate::text::Emoticons;
use layer::{Modifier, Tags};
use near::Near;
use sound::Sounds;
use std::sync::OnceLock;
use trie::Trie;
use vocabulary::Vocabulary;

pub use layer::check_lexicon;

/// What a pattern means in one language.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Sense {
    /// Tone, -4..4, where it has one.
    pub(crate) valence: Option<f32>,
    /// What kind of tone it is.
    pub(crate) tags: Tags,
    /// How it acts on other words.
    pub(crate) modifier: Option<Modifier>,
    /// It is only a doubt about the tone (irony).
    pub(crate) doubt: f32,
}

/// What a pattern means, by language; and which aspect it speaks of in any.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Entry {
    /// French, English.
    pub(crate) senses: [Sense; 2],
    /// Place in [`Lexicon::aspects`], plus one.
    pub(crate) aspect: u8,
}

/// The words, patterns and weights of one analyzer.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) emoticons: Emoticons,
    pub(crate) patterns: Trie,
    entries: Vec<Entry>,
    /// Shorthand by id of what is written and language: what it stands for.
    shorthand: hashbrown::HashMap<(u32, u8), Box<[u32]>>,
    /// By id: the languages (as bits) that the word is a shorthand in.
    is_shorthand: Vec<u8>,
    /// By id: the words that only their neighbours can read.
    is_asked: Vec<bool>,
    /// What a misspelling may be corrected towards.
    pub(crate) near: &'static Near<'static>,
    /// How words sound in French and English.
    pub(crate) sounds: &'static [Sounds; 2],
    /// Names of aspects.
    pub(crate) aspects: Vec<String>,
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

/// The built-in files of one language.
struct Files {
    tone: &'static [&'static str],
    modifiers: &'static str,
    shorthand: &'static str,
    aspects: &'static str,
}

macro_rules! files {
    ($language:literal) => {
        Files {
            tone: &[
                include_str!(concat!(env!("OUT_DIR"), "/patterns-", $language, ".tsv")),
                include_str!(concat!("../../lexicons/", $language, "/idioms.tsv")),
            ],
            modifiers: include_str!(concat!("../../lexicons/", $language, "/modifiers.tsv")),
            shorthand: include_str!(concat!("../../lexicons/", $language, "/shorthand.tsv")),
            aspects: include_str!(concat!("../../lexicons/", $language, "/aspects.tsv")),
        }
    };
}

/// Tone of single words by id, packed by `build.rs`.
static SENSES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/senses.bin"));
const EMOJI: &str = include_str!("../../lexicons/shared/emoji.tsv");
pub(crate) const EMOTICONS: &str = include_str!("../../lexicons/shared/emoticons.tsv");

impl Lexicon {
    /// The built-in lexicons of every language that is compiled in.
    pub(crate) fn builtin() -> Self {
        let mut lexicon = Self {
            vocabulary: Vocabulary::builtin(),
            emoticons: Emoticons::read(EMOTICONS),
            patterns: Trie::default(),
            entries: Vec::new(),
            shorthand: hashbrown::HashMap::new(),
            is_shorthand: Vec::new(),
            is_asked: Vec::new(),
            near: near(),
            sounds: sounds(),
            aspects: Vec::new(),
        };
        for word in crate::text::ASKED {
            let id = lexicon.vocabulary.intern(word) as usize;
            lexicon.is_asked.resize(lexicon.is_asked.len().max(id + 1), false);
            lexicon.is_asked[id] = true;
        }
        let files: [(Language, Option<Files>); 2] = [
            (Language::French, cfg!(feature = "fr").then(|| files!("fr"))),
            (Language::English, cfg!(feature = "en").then(|| files!("en"))),
        ];
        // The built-in rows are held to the reader's rules by a test, so nothing is refused here.
        let mut refused = Vec::new();
        for (language, files) in files {
            let Some(files) = files else { continue };
            let scope = layer::Scope::of(language);
            for text in files.tone {
                lexicon.add(layer::Format::Tone, text, scope, &mut refused);
            }
            lexicon.add(layer::Format::Modifiers, files.modifiers, scope, &mut refused);
            lexicon.add(layer::Format::Shorthand, files.shorthand, scope, &mut refused);
            lexicon.add(layer::Format::Aspects, files.aspects, scope, &mut refused);
        }
        for text in [EMOJI, EMOTICONS] {
            lexicon.add(layer::Format::Faces, text, layer::Scope::both(), &mut refused);
        }
        lexicon
    }

    /// The tone of a single word in a language, where the built-in lexicons give it one.
    #[inline]
    pub(crate) fn word(id: u32, language: usize) -> Option<Sense> {
        let at = id.checked_sub(pack::FIRST_WORD)? as usize * 4 + language * 2;
        let bytes = SENSES.get(at..at + 2)?;
        let valence = pack::valence([bytes[0], bytes[1]])?;
        Some(Sense { valence: Some(valence), tags: Tags::packed(bytes[1]), ..Sense::default() })
    }

    /// The entry of a node of [`Self::patterns`].
    #[inline]
    pub(crate) fn entry(&self, node: u32) -> &Entry {
        const NOTHING: Entry =
            Entry { senses: [Sense { valence: None, tags: Tags::NONE, modifier: None, doubt: 0.0 }; 2], aspect: 0 };
        self.entries.get(node as usize).unwrap_or(&NOTHING)
    }

    /// Whether a word is a shorthand in a language.
    #[inline]
    pub(crate) fn is_shorthand(&self, id: u32, language: usize) -> bool {
        self.is_shorthand.get(id as usize).is_some_and(|bits| bits >> language & 1 == 1)
    }

    /// Whether only its neighbours can read a word: see the grammar of the spelling ladder.
    #[inline]
    pub(crate) fn is_asked(&self, id: u32) -> bool {
        self.is_asked.get(id as usize).copied().unwrap_or(false)
    }

    /// What a shorthand stands for in a language.
    pub(crate) fn shorthand(&self, id: u32, language: usize) -> Option<&[u32]> {
        #[expect(clippy::cast_possible_truncation, reason = "there are two languages")]
        self.shorthand.get(&(id, language as u8)).map(AsRef::as_ref)
    }

    fn add_expansion(&mut self, id: u32, language: usize, expansion: &[u32]) {
        let index = id as usize;
        if self.is_shorthand.len() <= index {
            self.is_shorthand.resize(index + 1, 0);
        }
        self.is_shorthand[index] |= 1 << language;
        #[expect(clippy::cast_possible_truncation, reason = "there are two languages")]
        self.shorthand.insert((id, language as u8), expansion.into());
    }

    /// The entry of a node.
    fn entry_mut(&mut self, node: u32) -> &mut Entry {
        &mut self.entries[node as usize]
    }

    /// Makes room for the entries of new nodes.
    fn grow(&mut self) {
        if self.entries.len() < self.patterns.len() {
            self.entries.resize(self.patterns.len(), Entry::default());
        }
    }
}
