//! What a pattern means: a tone, a modifier, an aspect, or several of these.

use super::pack::TAG_NAMES;

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
    /// Place in the list of aspects, plus one.
    pub(crate) aspect: u8,
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

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
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

pub(crate) const KIND_NAMES: [(&str, Kind); 9] = [
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

/// Bytes of an entry as it is packed.
const PACKED: usize = 32;

impl Entry {
    /// Writes the entry: for each language valence, value and doubt, then tags and kind; then the aspect.
    pub(crate) fn pack(&self, out: &mut Vec<u8>) {
        for sense in &self.senses {
            let modifier = sense.modifier;
            for number in [sense.valence.unwrap_or(f32::NAN), modifier.map_or(0.0, |m| m.value), sense.doubt] {
                out.extend(number.to_le_bytes());
            }
        }
        for sense in &self.senses {
            let kind = sense.modifier.and_then(|m| KIND_NAMES.iter().position(|(_, k)| *k == m.kind));
            let backwards = sense.modifier.is_some_and(|m| m.backwards);
            let kind = kind.and_then(|k| u8::try_from(k + 1).ok()).unwrap_or(0);
            out.extend([sense.tags.0, kind | u8::from(backwards) << 7]);
        }
        out.extend([self.aspect, 0, 0, 0]);
    }

    /// Reads the entries of a packed table.
    pub(crate) fn unpack(bytes: &[u8]) -> Vec<Self> {
        let one = |bytes: &[u8]| {
            let number = |at: usize| f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
            let sense = |i: usize| {
                let [tags, kind] = [bytes[24 + i * 2], bytes[25 + i * 2]];
                let named = KIND_NAMES.get(usize::from(kind & 127).wrapping_sub(1));
                let modifier = |(_, kind_of): &(&str, Kind)| Modifier {
                    kind: *kind_of,
                    value: number(i * 12 + 4),
                    backwards: kind & 128 != 0,
                };
                Sense {
                    valence: Some(number(i * 12)).filter(|v| !v.is_nan()),
                    tags: Tags(tags),
                    modifier: named.map(modifier),
                    doubt: number(i * 12 + 8),
                }
            };
            Self { senses: [sense(0), sense(1)], aspect: bytes[28] }
        };
        bytes.chunks_exact(PACKED).map(one).collect()
    }
}
