//! Noise: posts that a person should not have to read, each with the reason. Flagged, never dropped.

/// What kind of noise a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Noise {
    /// Not noise.
    #[default]
    None,
    /// Unwanted selling, phishing, bait.
    Spam,
    /// A contest or a gift for shares.
    Giveaway,
    /// Posted by a machine.
    AutoPost,
    /// Somebody else's post without a word added.
    Repost,
    /// A copy of an earlier post, but for details.
    Duplicate,
    /// The name, but not the target.
    OffTarget,
}

/// Whether a post is noise, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NoiseReading {
    /// The kind.
    pub label: Noise,
    /// The reason, in a few words; empty where the post is not noise.
    pub reason: String,
}
