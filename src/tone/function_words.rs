//! The function words that the grammar asks for, as hashes of their keys: a negation asks for dozens.

use crate::language::{Language, Profile};
use crate::lexicon::hash::hash;
use crate::text::reading::Term;
use std::sync::LazyLock;

/// Some words of a language.
#[derive(Debug)]
pub(crate) struct Words(Vec<u64>);

impl Words {
    fn new(words: &[&str]) -> Self {
        Self(words.iter().map(|w| hash(w.as_bytes())).collect())
    }

    pub(crate) fn hold(&self, term: &Term) -> bool {
        self.0.contains(&term.hash)
    }
}

/// The words of a [`Profile`].
#[derive(Debug)]
pub(crate) struct FunctionWords {
    pub(crate) before_verb: Words,
    pub(crate) determiner_negators: Words,
    pub(crate) negation_openers: Words,
    /// Each with the words that may follow it.
    weak_negators: Vec<(u64, Words)>,
}

impl FunctionWords {
    /// Those of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<[FunctionWords; 2]> =
            LazyLock::new(|| [Language::French, Language::English].map(|l| FunctionWords::new(l.profile())));
        // What has no language is read as the profiles say: as French.
        &ALL[usize::from(language == Language::English)]
    }

    fn new(profile: &Profile) -> Self {
        Self {
            before_verb: Words::new(profile.before_verb),
            determiner_negators: Words::new(profile.determiner_negators),
            negation_openers: Words::new(profile.negation_openers),
            weak_negators: profile
                .weak_negators
                .iter()
                .map(|(word, followers)| (hash(word.as_bytes()), Words::new(followers)))
                .collect(),
        }
    }

    /// The words that may follow a term, where it is a weak negator.
    pub(crate) fn followers(&self, term: &Term) -> Option<&Words> {
        self.weak_negators.iter().find(|(word, _)| *word == term.hash).map(|(_, followers)| followers)
    }
}
