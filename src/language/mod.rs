//! Languages as data: what the grammar needs to know that no lexicon row says.
//!
//! A language is its lexicons, one [`Profile`] and an index into the frequency classes of the
//! vocabulary. Nothing else in the crate asks which language it is in.

mod en;
mod fr;
mod vote;

pub(crate) use vote::{Vote, decide};

/// A language that tonalite reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Language {
    /// French.
    #[cfg_attr(feature = "serde", serde(rename = "fr"))]
    French,
    /// English.
    #[cfg_attr(feature = "serde", serde(rename = "en"))]
    English,
    /// Neither, or too little to tell.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "unknown"))]
    Unknown,
}

impl Language {
    /// The two that are read.
    pub(crate) const READ: [Self; 2] = [Self::French, Self::English];

    /// The language as the records spell it: `fr`, `en`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
            Self::Unknown => "unknown",
        }
    }

    /// The language that a tag means: `fr`, `fr-FR`, `fra`, `french`, `en_GB` ...
    pub fn parse(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase();
        match tag.split(['-', '_']).next().unwrap_or("") {
            "fr" | "fra" | "fre" | "french" | "français" | "francais" => Self::French,
            "en" | "eng" | "english" | "anglais" => Self::English,
            _ => Self::Unknown,
        }
    }

    /// Place in per-language tables; `None` for unknown.
    #[inline]
    pub(crate) fn index(self) -> Option<usize> {
        match self {
            Self::French => Some(0),
            Self::English => Some(1),
            Self::Unknown => None,
        }
    }

    /// Place in tables with a place for neither.
    #[inline]
    pub(crate) fn place(self) -> usize {
        self as usize
    }

    /// What the grammar needs to know of the language.
    pub(crate) fn profile(self) -> &'static Profile {
        match self {
            Self::French | Self::Unknown => &fr::PROFILE,
            Self::English => &en::PROFILE,
        }
    }
}

/// What the grammar needs to know of a language that no lexicon row says.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Pronouns and particles that stand before a verb: a negator after that verb negates it
    /// (`j'aime pas`, `ça marche plus`).
    pub(crate) before_verb: &'static [&'static str],
    /// Negators that belong to a noun, and reach no further than its own words.
    pub(crate) determiner_negators: &'static [&'static str],
    /// Words that open a negation closed later (`ne ... pas`).
    pub(crate) negation_openers: &'static [&'static str],
    /// Negators that are one only after an opener, at the end of a clause or before the words beside
    /// them: `plus` is "more" as often as "no more".
    pub(crate) weak_negators: &'static [(&'static str, &'static [&'static str])],
}
