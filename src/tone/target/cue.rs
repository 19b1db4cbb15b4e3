//! The small words that compare targets, join them or lead from one to the other.
//!
//! A closed list of function words, French and English together: they are found by the hash of their
//! spelling, because the lexicons of tone say nothing of most of them.

use crate::lexicon::hash::hash;
use crate::text::reading::Term;
use std::ops::BitOr;
use std::sync::OnceLock;

/// What a word does between two names, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cue(u32);

impl Cue {
    pub(crate) const NONE: Self = Self(0);
    /// Opens the standard of a comparison: `than`.
    pub(crate) const THAN: Self = Self(1);
    /// The same after a word of degree only: `que`.
    pub(crate) const QUE: Self = Self(1 << 1);
    /// A word of unequal degree.
    pub(crate) const MORE: Self = Self(1 << 2);
    /// A word of equal degree.
    pub(crate) const EQUAL: Self = Self(1 << 3);
    /// `as`, twice around what is compared.
    pub(crate) const AS: Self = Self(1 << 4);
    /// `contrairement`, `unlike`, `compared`.
    pub(crate) const AGAINST: Self = Self(1 << 5);
    /// `plutôt`, `rather`, `instead`, `lieu`.
    pub(crate) const RATHER: Self = Self(1 << 6);
    /// `préfère`, `prefer`.
    pub(crate) const PREFER: Self = Self(1 << 7);
    /// Its object is left.
    pub(crate) const LEAVE: Self = Self(1 << 8);
    /// Goes from one to the other.
    pub(crate) const MOVE: Self = Self(1 << 9);
    /// `pour`, `for`, `to`, `chez`.
    pub(crate) const TOWARD: Self = Self(1 << 10);
    /// `de`, `from`.
    pub(crate) const FROM: Self = Self(1 << 11);
    /// Joins or opens: `et`, `and`, `while`, `tandis`.
    pub(crate) const AND: Self = Self(1 << 12);
    /// By itself, better.
    pub(crate) const BETTER: Self = Self(1 << 13);
    /// By itself, worse.
    pub(crate) const WORSE: Self = Self(1 << 14);
    /// `rapport`, which compares only after `par`.
    pub(crate) const RAPPORT: Self = Self(1 << 15);
    /// `par`.
    pub(crate) const PAR: Self = Self(1 << 16);

    /// Whether a word does any of these.
    #[inline]
    pub(crate) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

impl BitOr for Cue {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

const WORDS: [(Cue, &str); 17] = [
    (Cue::THAN, "than"),
    (Cue::QUE, "que qu'"),
    (
        Cue::MORE,
        "plus moins mieux meilleur meilleure meilleurs meilleures pire pires davantage autrement more less better \
         worse",
    ),
    (Cue::EQUAL, "aussi autant as"),
    (Cue::AS, "as"),
    (Cue::AGAINST, "contrairement unlike compared comparé comparée comparés comparativement contrary"),
    (Cue::RATHER, "plutôt rather instead lieu"),
    (Cue::PREFER, "préfère préfères préfèrent préféré préférer préférais préférait préférons prefer prefers preferred"),
    (
        Cue::LEAVE,
        "quitte quittes quittent quitter quitté quittée quittais quittant quittons lâche lâché lâcher leave leaves \
         leaving left ditch ditched ditching dump dumped dumping abandonne abandonné abandonner",
    ),
    (
        Cue::MOVE,
        "passe passer passé passée passés passant migre migré migrer bascule basculé basculer changé changer \
         switch switched switching switches move moved moving moves went porting ported",
    ),
    (Cue::TOWARD, "pour for to chez vers à au"),
    (Cue::FROM, "from de d' du of"),
    (Cue::AND, "et and vs versus ou or ni nor while whereas tandis alors puis then quand when où"),
    (Cue::BETTER, "mieux meilleur meilleure meilleurs meilleures better"),
    (Cue::WORSE, "pire pires worse"),
    (Cue::RAPPORT, "rapport"),
    (Cue::PAR, "par"),
];

/// What a term does.
pub(crate) fn of(term: &Term) -> Cue {
    static TABLE: OnceLock<Vec<(u64, Cue)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = WORDS.iter().flat_map(|(cue, words)| words.split(' ').map(|w| (*cue, w)));
        let mut all: Vec<(u64, Cue)> = rows.map(|(cue, word)| (hash(word.as_bytes()), cue)).collect();
        all.sort_by_key(|(hash, _)| *hash);
        let mut merged: Vec<(u64, Cue)> = Vec::with_capacity(all.len());
        for (hash, cue) in all {
            match merged.last_mut() {
                Some(last) if last.0 == hash => last.1 = last.1 | cue,
                _ => merged.push((hash, cue)),
            }
        }
        merged
    });
    table.binary_search_by_key(&term.hash, |(hash, _)| *hash).map_or(Cue::NONE, |at| table[at].1)
}
