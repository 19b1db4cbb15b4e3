//! English.

use super::Profile;

pub(super) static PROFILE: Profile =
    Profile { before_verb: &[], negation_openers: &[], weak_negators: &[] };
