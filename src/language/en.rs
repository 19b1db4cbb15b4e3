//! English.

use super::Profile;

pub(super) static PROFILE: Profile = Profile {
    before_verb: &[],
    determiner_negators: &["no", "without", "zero", "w/o"],
    negation_openers: &[],
    weak_negators: &[],
};
