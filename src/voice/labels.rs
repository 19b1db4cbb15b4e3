//! The values that the voice room can answer with, in the order of the guide.

/// Declares an enum whose variants have one spelling, used by records, lexicons and people.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum $name { $($(#[$vdoc])* #[cfg_attr(feature = "serde", serde(rename = $text))] $variant),+ }

        impl $name {
            /// Every value, in the order of the guide.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value as the records spell it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value that a record's spelling means.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

labels! {
    /// The role that the speaker takes towards the target, in the order in which they are asked.
    Role {
        /// Sells, gives away, refers or promotes for gain, for someone other than the target.
        Commercial = "commercial",
        /// Speaks in the name of the target.
        Official = "official",
        /// Works or worked for the target, and does not speak for it.
        Insider = "insider",
        /// Tells an audience about the target, as press or blog.
        Media = "media",
        /// Calls others to act together, or presses a collective cause.
        Activist = "activist",
        /// Bought, used, ordered, or is served by the target.
        Customer = "customer",
        /// Owns nothing yet; a purchase is decided, dated or asked for in practical terms.
        ProspectHot = "prospect_hot",
        /// Owns nothing; interest, wish, hesitation, or a declined purchase.
        ProspectCold = "prospect_cold",
        /// Explains, measures or compares how the thing works.
        Geek = "geek",
        /// A person who comments, with none of the above.
        Public = "public",
        /// Cannot tell. Not a class.
        Unclear = "unclear",
    }
}

labels! {
    /// What the speaker wants. A post may hold several.
    Intent {
        /// Reality fell short of what was expected.
        Complaint = "complaint",
        /// Approval.
        Praise = "praise",
        /// Asks for information.
        Question = "question",
        /// Asks for a problem to be fixed.
        Support = "support",
        /// Proposes an improvement.
        Suggestion = "suggestion",
        /// States or seeks an acquisition.
        Purchase = "purchase",
        /// States or threatens leaving.
        Churn = "churn",
        /// Tells others to choose or avoid.
        Advice = "advice",
        /// Asks a group to act.
        CallToAction = "call_to_action",
    }
}

labels! {
    /// Where the writer stands with the target, the step last evidenced.
    Stage {
        /// Had never heard of it.
        Unaware = "unaware",
        /// Knows of it.
        Aware = "aware",
        /// Weighs it up.
        Considering = "considering",
        /// Is buying.
        Buying = "buying",
        /// Has it.
        Owner = "owner",
        /// Is on the way out.
        Leaving = "leaving",
        /// Has gone.
        Left = "left",
        /// Was never won, and will not be.
        Lost = "lost",
    }
}

labels! {
    /// Recommends or defends, warns off or attacks, or neither.
    Advocacy {
        /// Recommends or defends.
        Promoter = "promoter",
        /// Neither.
        Passive = "passive",
        /// Warns off or attacks.
        Detractor = "detractor",
    }
}

labels! {
    /// The consequence that the writer claims.
    Severity {
        /// Nothing.
        None = "none",
        /// Time or comfort.
        Inconvenience = "inconvenience",
        /// Money, data, dignity.
        Harm = "harm",
        /// Safety, law, many people.
        PublicRisk = "public-risk",
    }
}

labels! {
    /// Whom the writer speaks to.
    Addressee {
        /// Speaks to the target.
        ToTarget = "to_target",
        /// Speaks about it to others.
        AboutTarget = "about_target",
    }
}

labels! {
    /// Visible markers only.
    Flag {
        /// Says it is paid for.
        Sponsored = "sponsored",
        /// A contest or a gift.
        Giveaway = "giveaway",
        /// A copy of another post, but for details.
        NearDuplicate = "near_duplicate",
        /// Posted by a machine.
        AutoPost = "auto_post",
        /// Says it is a parody.
        Parody = "parody",
        /// Insults a person or a group.
        Insult = "insult",
    }
}

labels! {
    /// What a role was judged by.
    Basis {
        /// The words of the post.
        Text = "text",
        /// The author's own description.
        Bio = "bio",
        /// The kind of place it was posted in.
        Source = "source",
        /// The author's other posts.
        History = "history",
    }
}

impl Default for Advocacy {
    fn default() -> Self {
        Self::Passive
    }
}

impl Default for Severity {
    fn default() -> Self {
        Self::None
    }
}

impl Default for Addressee {
    fn default() -> Self {
        Self::AboutTarget
    }
}

/// Who is speaking: the label, and how sure it is.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RoleReading {
    /// The role, or `unclear` below the threshold.
    pub label: Role,
    /// How often a label given with this confidence is right, 0..1.
    pub confidence: f32,
    /// Probability of each of the ten roles, in the order of [`Role::ALL`]; they sum to 1, or the
    /// list is empty where nothing was judged.
    #[cfg_attr(feature = "serde", serde(with = "distribution"))]
    pub p: Vec<f32>,
    /// What it was judged by.
    pub basis: Vec<Basis>,
}

impl Default for RoleReading {
    fn default() -> Self {
        Self { label: Role::Unclear, confidence: 0.0, p: Vec::new(), basis: Vec::new() }
    }
}

/// A distribution travels as a map from the role's name to its probability.
#[cfg(feature = "serde")]
mod distribution {
    use super::Role;
    use serde::de::Deserialize;
    use serde::ser::SerializeMap;
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: serde::Serializer>(p: &[f32], s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(p.len()))?;
        for (role, p) in Role::ALL.iter().zip(p) {
            map.serialize_entry(role.as_str(), p)?;
        }
        map.end()
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<f32>, D::Error> {
        let map = BTreeMap::<String, f32>::deserialize(d)?;
        if map.is_empty() {
            return Ok(Vec::new());
        }
        let ten = &Role::ALL[..Role::ALL.len() - 1];
        Ok(ten.iter().map(|r| map.get(r.as_str()).copied().unwrap_or(0.0)).collect())
    }
}
