//! French.

use super::Profile;

pub(super) static PROFILE: Profile = Profile {
    before_verb: &[
        "j'", "je", "t'", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ça", "ca", "cela", "c'", "ce",
        "qui", "me", "m'", "te", "se", "s'", "y", "en", "l'", "le", "la", "les", "lui", "leur", "n'", "ne",
    ],
    determiner_negators: &["sans", "aucun", "aucune", "zéro", "nul", "nulle"],
    negation_openers: &["ne", "n'"],
    weak_negators: &[
        ("plus", &["du", "de", "d'", "rien", "jamais", "personne", "aucun", "aucune"]),
        ("personne", &[]),
        ("point", &[]),
    ],
};
