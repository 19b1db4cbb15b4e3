//! The settings of a watch, as a user writes them in `watch.toml`.
//!
//! Every setting has a default, so an empty file is a working one; an unknown key is refused by name,
//! because a misspelt setting that does nothing is worse than an error. The core reads no TOML itself:
//! the structs are serde's, and the program brings the format.

use super::interval::Rule;
use super::panel::PanelConfig;
use super::time::Clock;
use crate::error::{Error, ErrorKind};
use std::collections::BTreeMap;

/// The width of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Grain {
    /// A minute.
    Minute,
    /// An hour on the user's clock.
    #[default]
    Hour,
    /// A day on the user's clock, of 23 to 25 hours.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month.
    Month,
}

/// Everything that can be set about a watch.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct WatchConfig {
    /// The user's time zone: `Europe/Paris`.
    pub time_zone: String,
    /// What "now" is; posts dated later than a day after it are not believed. Nothing by default.
    pub now: Option<String>,
    /// The finest bucket kept: `hour`, or `minute` for events that last minutes.
    pub finest: Grain,
    /// Buckets kept; the oldest go first. 93 days of hours by default.
    pub keep_buckets: usize,
    /// Posts kept of each bucket as a fair sample: for verbatims, rising terms and who leads.
    pub sample_per_bucket: usize,
    /// Fewer posts than this are too few for a figure.
    pub min_posts: u64,
    /// How sure intervals are.
    pub confidence: f64,
    /// Near-duplicates.
    pub stories: StoryConfig,
    /// Alerts.
    pub alerts: AlertConfig,
    /// Authors and their journeys.
    pub journeys: JourneyConfig,
    /// The review queue.
    pub review: ReviewConfig,
    /// The user's strata; none by default.
    pub panel: Option<PanelConfig>,
}

impl Default for WatchConfig {
    fn default() -> Self {
        Self {
            time_zone: "UTC".into(),
            now: None,
            finest: Grain::Hour,
            keep_buckets: 93 * 24,
            sample_per_bucket: 64,
            min_posts: 20,
            confidence: 0.95,
            stories: StoryConfig::default(),
            alerts: AlertConfig::default(),
            journeys: JourneyConfig::default(),
            review: ReviewConfig::default(),
            panel: None,
        }
    }
}

/// Settings of near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct StoryConfig {
    /// Shared share of words and word pairs from which two texts are copies.
    pub similarity: f32,
    /// Texts of fewer words are never stories: "merci beaucoup" is not a copy.
    pub min_words: usize,
    /// Distinct texts remembered (about half a kilobyte each); the oldest days go first.
    pub max_texts: usize,
    /// Days remembered.
    pub days: usize,
}

impl Default for StoryConfig {
    fn default() -> Self {
        Self { similarity: 0.6, min_words: 5, max_texts: 262_144, days: 93 }
    }
}

/// Settings of alerts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct AlertConfig {
    /// False alarms a month that the user accepts, for each target.
    pub false_alarms_per_month: f64,
    /// A burst has at least this many posts.
    pub min_posts: u64,
    /// A burst has at least this many times the posts expected.
    pub min_ratio: f64,
    /// A rise of the negative share counts from this many points.
    pub min_rise: f64,
    /// Days of history before the first alert can ring.
    pub warm_up_days: u32,
}

impl Default for AlertConfig {
    fn default() -> Self {
        Self { false_alarms_per_month: 0.8, min_posts: 8, min_ratio: 1.5, min_rise: 0.1, warm_up_days: 7 }
    }
}

/// Settings of journeys and of the author map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct JourneyConfig {
    /// Authors followed; beyond it, a fair sample of them.
    pub max_authors: usize,
    /// Posts kept of an author about a target: the first quarter and the latest three.
    pub max_steps: usize,
    /// Conversations whose answers are remembered; beyond it, a fair sample.
    pub max_threads: usize,
}

impl Default for JourneyConfig {
    fn default() -> Self {
        Self { max_authors: 100_000, max_steps: 48, max_threads: 100_000 }
    }
}

/// Settings of the review queue.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct ReviewConfig {
    /// Posts kept for a person to read.
    pub keep: usize,
    /// The key of `engagement` that says how far a post reaches (`followers`, `views`); none by
    /// default, since likes and followers say nothing about tone.
    pub reach_key: Option<String>,
    /// Reach by author, where the user knows it: 1 is anybody.
    pub reach: BTreeMap<String, f64>,
}

impl Default for ReviewConfig {
    fn default() -> Self {
        Self { keep: 500, reach_key: None, reach: BTreeMap::new() }
    }
}

impl WatchConfig {
    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// Names the first setting that is out of its range.
    pub fn check(&self) -> Result<(), Error> {
        let sane = |x: f64, low: f64, high: f64| x.is_finite() && x >= low && x <= high;
        let checks: [(&str, bool, &str); 14] = [
            ("finest", self.finest <= Grain::Hour, "must be `minute` or `hour`; wider buckets are summed from it"),
            ("keep_buckets", self.keep_buckets >= 1, "must be at least 1"),
            ("sample_per_bucket", self.sample_per_bucket <= 100_000, "must be at most 100000"),
            ("confidence", sane(self.confidence, 0.5, 0.9999), "must be between 0.5 and 0.9999"),
            ("stories.similarity", sane(f64::from(self.stories.similarity), 0.3, 1.0), "must be between 0.3 and 1"),
            ("stories.max_texts", (1..=4_000_000).contains(&self.stories.max_texts), "must be between 1 and 4000000"),
            ("stories.days", self.stories.days >= 1, "must be at least 1"),
            (
                "alerts.false_alarms_per_month",
                sane(self.alerts.false_alarms_per_month, 1e-6, 100.0),
                "must be between 0.000001 and 100",
            ),
            ("alerts.min_ratio", sane(self.alerts.min_ratio, 1.0, 1000.0), "must be between 1 and 1000"),
            ("alerts.min_rise", sane(self.alerts.min_rise, 0.0, 1.0), "must be between 0 and 1"),
            ("alerts.warm_up_days", (2..=3650).contains(&self.alerts.warm_up_days), "must be between 2 and 3650"),
            ("journeys.max_steps", self.journeys.max_steps >= 4, "must be at least 4"),
            ("review.reach", self.review.reach.values().all(|r| sane(*r, 0.0, 1e9)), "must be between 0 and 1e9"),
            ("journeys.max_authors", self.journeys.max_authors >= 1, "must be at least 1"),
        ];
        for (name, right, must) in checks {
            if !right {
                return Err(Error::new(ErrorKind::Setting, format!("`{name}` {must}")));
            }
        }
        if let Some(panel) = &self.panel {
            panel.check()?;
        }
        self.clock().map(|_| ())
    }

    /// The user's clock.
    ///
    /// # Errors
    ///
    /// When the time zone is unknown, or `now` is not a timestamp.
    pub fn clock(&self) -> Result<Clock, Error> {
        Clock::new(&self.time_zone, self.now.as_deref())
    }

    /// The rule for intervals.
    pub fn rule(&self) -> Rule {
        Rule { confidence: self.confidence, min_posts: self.min_posts }
    }
}
