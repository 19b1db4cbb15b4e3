//! `Watch`: everything that the room knows of a corpus, post by post.
//!
//! In: `observe(&Post, &Analysis)`. Out: `digest()`, and each part for those who want more. `merge` puts
//! shards together, and the result is what one pass over all of them would have given (a property
//! test holds it to that). Memory is bounded by the settings, not by the posts.
//!
//! Each post is skimmed once and every part reads that skim. The verdict that `observe` returns may be
//! `duplicate`, which depends on what came before; what is *kept* never depends on the order, so
//! duplicates are kept as the posts they are and told apart by story when read.

use super::alert::{Alert, Scene};
use super::authors::Authors;
use super::config::WatchConfig;
use super::digest::Digest;
use super::duplicate::{Groups, Sighting, Stories};
use super::noise::{Noise, NoiseReading, judge_skim};
use super::panel::Panel;
use super::review::{Review, ReviewItem};
use super::sample::{Card, Sample, post_key};
use super::skim::Skim;
use super::terms::{Periods, Rising, rising};
use super::time::{Clock, TimeDoubts};
use super::trend::Trend;
use crate::analysis::Analysis;
use crate::error::{Error, ErrorKind};
use crate::post::Post;
use std::collections::BTreeMap;

/// The bucket of posts that have no place in time.
const NO_TIME: i64 = i64::MIN;

/// What is known of a post at the moment it is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its noise, `duplicate` included.
    pub noise: NoiseReading,
    /// Its story, where it is long enough to have one.
    pub story: Option<Sighting>,
    /// Its second since the epoch, where it has a usable time.
    pub at: Option<i64>,
}

/// A corpus under watch; mergeable.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Saved", into = "Saved"))]
pub struct Watch {
    config: WatchConfig,
    clock: Clock,
    state: State,
    skim: Skim,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct State {
    posts: u64,
    noise: BTreeMap<Noise, u64>,
    doubts: TimeDoubts,
    trend: Trend,
    undated: Trend,
    sample: Sample,
    stories: Stories,
    authors: Authors,
    review: Review,
    panel: Option<Panel>,
}

#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(not(feature = "serde"), allow(dead_code))]
struct Saved {
    config: WatchConfig,
    state: State,
}

impl TryFrom<Saved> for Watch {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self, Error> {
        Ok(Self { state: saved.state, ..Self::new(saved.config)? })
    }
}

impl From<Watch> for Saved {
    fn from(watch: Watch) -> Self {
        Self { config: watch.config, state: watch.state }
    }
}

impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config && self.state == other.state
    }
}

impl Watch {
    /// Nothing seen yet.
    ///
    /// # Errors
    ///
    /// Names the first setting that cannot be used.
    pub fn new(config: WatchConfig) -> Result<Self, Error> {
        config.check()?;
        let state = State {
            posts: 0,
            noise: BTreeMap::new(),
            doubts: TimeDoubts::default(),
            trend: Trend::new(config.keep_buckets),
            undated: Trend::new(1),
            sample: Sample::new(config.sample_per_bucket, config.keep_buckets),
            stories: Stories::new(config.stories),
            authors: Authors::new(config.journeys),
            review: Review::new(config.review.clone()),
            panel: config.panel.clone().map(|panel| Panel::new(panel, config.keep_buckets)),
        };
        Ok(Self { clock: config.clock()?, config, state, skim: Skim::default() })
    }

    /// Reads a post and what was read off it; judges whether it is noise where the analysis does not
    /// say that it is.
    pub fn observe(&mut self, post: &Post, analysis: &Analysis) -> Seen {
        self.take(post, analysis, true)
    }

    /// The same for an analysis whose noise was judged ([`judge`](super::judge)): half a microsecond less.
    pub fn observe_judged(&mut self, post: &Post, analysis: &Analysis) -> Seen {
        self.take(post, analysis, false)
    }

    /// The same for who does not ask which story a post belongs to: stories are then put together once, when
    /// they are read, which halves the cost. Gives the post's second since the epoch, where it has a usable time.
    pub fn record(&mut self, post: &Post, analysis: &Analysis) -> Option<i64> {
        self.skim.read(&post.text);
        let at = self.state.time(post, &mut self.clock);
        self.state.stories.take(&self.skim, post, at);
        let place = at.map_or(NO_TIME, |at| self.clock.floor(at, self.config.finest));
        self.state.observe((post, analysis, &self.skim), analysis.noise.label, (at, place));
        at
    }

    fn take(&mut self, post: &Post, analysis: &Analysis, judge: bool) -> Seen {
        self.skim.read(&post.text);
        let mut reading = match analysis.noise.label {
            Noise::None if judge => judge_skim(post, analysis, &self.skim),
            _ => analysis.noise.clone(),
        };
        let at = self.state.time(post, &mut self.clock);
        let story = self.state.stories.observe_skim(&self.skim, post, at);
        let place = at.map_or(NO_TIME, |at| self.clock.floor(at, self.config.finest));
        self.state.observe((post, analysis, &self.skim), reading.label, (at, place));
        if let (Noise::None, Some(sighting)) = (reading.label, story.as_ref().filter(|s| s.copy)) {
            let first = sighting.first.as_deref().map_or_else(String::new, |id| format!(" of {id}"));
            reading.label = Noise::Duplicate;
            reading.reason = format!("a copy{first}, the {}th", sighting.posts);
        }
        Seen { noise: reading, story, at }
    }

    /// Adds what another watch has seen.
    ///
    /// # Errors
    ///
    /// When the two do not have the same settings: their figures would not mean the same.
    pub fn merge(&mut self, other: Self) -> Result<(), Error> {
        if self.config != other.config {
            let reason = "two watches with different settings cannot be merged";
            return Err(Error::new(ErrorKind::Setting, reason));
        }
        self.state.merge(other.state);
        Ok(())
    }

    /// The few figures that matter.
    pub fn digest(&self) -> Digest {
        let groups = self.groups();
        self.digest_of(&groups, &self.alerts_of(&groups))
    }

    /// The same with stories and alerts that were read before: reading stories is the costly part.
    pub fn digest_of(&self, groups: &Groups, alerts: &[Alert]) -> Digest {
        Digest::of(self, groups, alerts)
    }

    /// Every alert, the earliest first.
    pub fn alerts(&self) -> Vec<Alert> {
        self.alerts_of(&self.groups())
    }

    /// The same with stories that were read before.
    pub fn alerts_of(&self, groups: &Groups) -> Vec<Alert> {
        self.scene(groups).alerts()
    }

    /// The alerts whose burst goes on after a second: what a live watch asks every time that posts came.
    /// Stories, the costly part of an explanation, are only looked at where something burns.
    pub fn alerts_since(&self, since: i64) -> Vec<Alert> {
        let none = Groups::default();
        if !self.scene(&none).burns(since) {
            return Vec::new();
        }
        let mut alerts = self.alerts();
        alerts.retain(|a| a.end > since);
        alerts
    }

    /// Near-duplicate stories.
    pub fn groups(&self) -> Groups {
        self.state.stories.groups()
    }

    /// What a person should read first.
    pub fn review(&self, limit: usize) -> Vec<ReviewItem> {
        self.review_of(&self.groups(), limit)
    }

    /// The same with stories that were read before.
    pub fn review_of(&self, groups: &Groups, limit: usize) -> Vec<ReviewItem> {
        self.state.review.queue(groups, limit)
    }

    /// Rising terms of a period against another.
    pub fn rising(&self, periods: Periods, target: Option<&str>, limit: usize) -> Vec<Rising> {
        rising(&self.state.sample, periods, target, self.config.rule(), limit)
    }

    pub(crate) fn scene<'a>(&'a self, groups: &'a Groups) -> Scene<'a> {
        let state = &self.state;
        Scene { trend: &state.trend, sample: &state.sample, groups, config: &self.config, clock: &self.clock }
    }

    /// The settings.
    pub fn config(&self) -> &WatchConfig {
        &self.config
    }

    /// The user's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Posts read.
    pub fn posts(&self) -> u64 {
        self.state.posts
    }

    /// Posts by kind of noise; copies are counted where stories are read.
    pub fn noise(&self) -> &BTreeMap<Noise, u64> {
        &self.state.noise
    }

    /// Doubtful timestamps.
    pub fn doubts(&self) -> TimeDoubts {
        self.state.doubts
    }

    /// Volume and tone over time.
    pub fn trend(&self) -> &Trend {
        &self.state.trend
    }

    /// Posts that have no place in time, as one bucket at 0.
    pub fn undated(&self) -> &Trend {
        &self.state.undated
    }

    /// The fair sample.
    pub fn sample(&self) -> &Sample {
        &self.state.sample
    }

    /// Authors, conversations, journeys.
    pub fn authors(&self) -> &Authors {
        &self.state.authors
    }

    /// The panel, where the settings have one.
    pub fn panel(&self) -> Option<&Panel> {
        self.state.panel.as_ref()
    }
}

impl State {
    /// A post's second since the epoch; notes what is doubtful about it.
    fn time(&mut self, post: &Post, clock: &mut Clock) -> Option<i64> {
        let (at, doubt) = clock.read(post.created_at.as_deref());
        if let Some(doubt) = doubt {
            self.doubts.note(doubt);
        }
        at
    }

    /// Takes in a post whose text the stories have just read.
    fn observe(
        &mut self,
        (post, analysis, skim): (&Post, &Analysis, &Skim),
        noise: Noise,
        (at, bucket): (Option<i64>, i64),
    ) {
        self.posts += 1;
        *self.noise.entry(noise).or_default() += 1;
        let signature = self.stories.shape.signature;
        let card = || Card::of(post, analysis, noise, at, signature);
        let (trend, place) = if at.is_some() { (&mut self.trend, bucket) } else { (&mut self.undated, 0) };
        trend.observe(place, analysis, post.source, noise);
        self.sample.offer(bucket, post_key(post), card);
        self.authors.observe(post, skim, analysis, noise, at);
        self.review.observe(post, analysis, noise, card);
        if let Some(panel) = &mut self.panel {
            panel.observe(bucket, post, analysis, noise);
        }
    }

    fn merge(&mut self, other: Self) {
        self.posts += other.posts;
        for (noise, n) in other.noise {
            *self.noise.entry(noise).or_default() += n;
        }
        self.doubts.merge(other.doubts);
        self.trend.merge(other.trend);
        self.undated.merge(other.undated);
        self.sample.merge(other.sample);
        self.stories.merge(other.stories);
        self.authors.merge(other.authors);
        self.review.merge(other.review);
        if let (Some(mine), Some(theirs)) = (&mut self.panel, other.panel) {
            mine.merge(theirs);
        }
    }
}
