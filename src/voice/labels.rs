//! The values that the voice room can answer with, in the order of the guide.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

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

/// The role that the speaker takes towards the target, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Sells, gives away, refers or promotes for gain, for someone other than the target.
    Commercial,
    /// Speaks in the name of the target.
    Official,
    /// Works or worked for the target, and does not speak for it.
    Insider,
    /// Tells an audience about the target, as press or blog.
    Media,
    /// Calls others to act together, or presses a collective cause.
    Activist,
    /// Bought, used, ordered, or is served by the target.
    Customer,
    /// Owns nothing yet; a purchase is decided, dated or asked for in practical terms.
    ProspectHot,
    /// Owns nothing; interest, wish, hesitation, or a declined purchase.
    ProspectCold,
    /// Explains, measures or compares how the thing works.
    Geek,
    /// A person who comments, with none of the above.
    Public,
    /// Cannot tell. Not a class.
    Unclear,
    /// A role that a user's lexicon brought.
    Own(OwnRole),
}

/// The name of a role that a user's lexicon brought. Names are kept for the life of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OwnRole(&'static str);

/// No process keeps more names of users' roles than this: they are never given back.
const MOST_OWN: usize = 1000;

impl Role {
    /// The ten roles of the guide in its order, then `unclear`; a user's own roles are not among them.
    pub const ALL: &'static [Self] = &[
        Self::Commercial,
        Self::Official,
        Self::Insider,
        Self::Media,
        Self::Activist,
        Self::Customer,
        Self::ProspectHot,
        Self::ProspectCold,
        Self::Geek,
        Self::Public,
        Self::Unclear,
    ];

    /// The role as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::Official => "official",
            Self::Insider => "insider",
            Self::Media => "media",
            Self::Activist => "activist",
            Self::Customer => "customer",
            Self::ProspectHot => "prospect_hot",
            Self::ProspectCold => "prospect_cold",
            Self::Geek => "geek",
            Self::Public => "public",
            Self::Unclear => "unclear",
            Self::Own(OwnRole(name)) => name,
        }
    }

    /// The role of the guide that a record's spelling means.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.as_str() == text)
    }

    /// A role by its name, the user's own included. Names are lower-case letters, digits, `_` and `-`.
    pub fn named(text: &str) -> Option<Self> {
        static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        if let Some(role) = Self::parse(text) {
            return Some(role);
        }
        let fits = |c: char| c.is_lowercase() || c.is_numeric() || matches!(c, '_' | '-');
        if !text.starts_with(char::is_lowercase) || text.len() > 60 || !text.chars().all(fits) {
            return None;
        }
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = names.get(text) {
            return Some(Self::Own(OwnRole(name)));
        }
        if names.len() >= MOST_OWN {
            return None;
        }
        let name: &'static str = Box::leak(text.to_owned().into_boxed_str());
        names.insert(name);
        Some(Self::Own(OwnRole(name)))
    }

    /// Its place among the ten, where it is one of them.
    pub(crate) const fn place(self) -> Option<usize> {
        Some(match self {
            Self::Commercial => 0,
            Self::Official => 1,
            Self::Insider => 2,
            Self::Media => 3,
            Self::Activist => 4,
            Self::Customer => 5,
            Self::ProspectHot => 6,
            Self::ProspectCold => 7,
            Self::Geek => 8,
            Self::Public => 9,
            Self::Unclear | Self::Own(_) => return None,
        })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Role {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Role {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        Self::named(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no role")))
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
pub struct RoleReading {
    /// The role, or `unclear` below the threshold.
    pub label: Role,
    /// How often a label given with this confidence is right, 0..1.
    pub confidence: f32,
    /// Probability of each of the ten roles, in the order of [`Role::ALL`], or the list is empty where
    /// nothing was judged. With those of `own` they sum to 1.
    pub p: Vec<f32>,
    /// Probability of each role that the user's lexicons brought.
    pub own: Vec<(Role, f32)>,
    /// What it was judged by.
    pub basis: Vec<Basis>,
}

impl RoleReading {
    /// Every role with its probability.
    pub fn shares(&self) -> impl Iterator<Item = (Role, f32)> + '_ {
        Role::ALL.iter().copied().zip(self.p.iter().copied()).chain(self.own.iter().copied())
    }
}

impl Default for RoleReading {
    fn default() -> Self {
        Self { label: Role::Unclear, confidence: 0.0, p: Vec::new(), own: Vec::new(), basis: Vec::new() }
    }
}

/// A distribution travels as a map from the role's name to its probability.
#[cfg(feature = "serde")]
mod record {
    use super::{Basis, Role, RoleReading};
    use serde::Deserialize;
    use serde::ser::{SerializeMap, SerializeStruct};
    use std::collections::BTreeMap;

    struct Distribution<'a>(&'a RoleReading);

    impl serde::Serialize for Distribution<'_> {
        fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            let mut map = s.serialize_map(Some(self.0.p.len() + self.0.own.len()))?;
            for (role, p) in self.0.shares() {
                map.serialize_entry(role.as_str(), &p)?;
            }
            map.end()
        }
    }

    impl serde::Serialize for RoleReading {
        fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            let mut record = s.serialize_struct("RoleReading", 4)?;
            record.serialize_field("label", &self.label)?;
            record.serialize_field("confidence", &self.confidence)?;
            record.serialize_field("p", &Distribution(self))?;
            record.serialize_field("basis", &self.basis)?;
            record.end()
        }
    }

    #[derive(Deserialize)]
    struct Record {
        label: Role,
        confidence: f32,
        p: BTreeMap<String, f32>,
        basis: Vec<Basis>,
    }

    impl<'de> Deserialize<'de> for RoleReading {
        fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            let Record { label, confidence, p: mut map, basis } = Record::deserialize(d)?;
            let ten = &Role::ALL[..Role::ALL.len() - 1];
            let judged = !map.is_empty();
            let mut p: Vec<f32> = ten.iter().map(|r| map.remove(r.as_str()).unwrap_or(0.0)).collect();
            if !judged {
                p.clear();
            }
            let own = map.into_iter().filter_map(|(name, p)| Some((Role::named(&name)?, p))).collect();
            Ok(Self { label, confidence, p, own, basis })
        }
    }
}
