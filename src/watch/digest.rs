//! The digest: the few figures that matter, each with its interval and its verbatims.
//!
//! In: a [`Watch`]. Out: what a team reads over coffee: how much, how much of it is noise, the tone of each
//! target now and how it moved, what rang, what rises, which stories go round, who waits for an answer,
//! what a person should read. The period is the last seven days of the corpus (or all of it, where it
//! is shorter), the base the four weeks before. Notes say what the figures cannot.

use super::alert::{Alert, last_hour, pick};
use super::authors::AuthorCard;
use super::duplicate::{Groups, Story};
use super::interval::Estimate;
use super::journey::JourneyReading;
use super::noise::Noise;
use super::panel::Panel;
use super::review::ReviewItem;
use super::sample::Card;
use super::summary::Watch;
use super::terms::{Periods, Rising};
use super::time::DAY;
use super::trend::{Counts, Dimension, Filter};
use crate::analysis::Label;

const WEEK: i64 = 7 * DAY;
/// Targets, rising terms, stories, people, posts to read that a digest holds at most.
const TARGETS: usize = 12;
const TERMS: usize = 10;
const STORIES: usize = 5;
const PEOPLE: usize = 5;
const READ: usize = 10;

/// A target in the digest.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TargetDigest {
    /// The target; empty where none was asked about.
    pub target: String,
    /// What was counted in the period.
    pub counts: Counts,
    /// Net tonality in the period.
    pub net: Estimate,
    /// Share of blame in the period.
    pub blame: Estimate,
    /// Net tonality in the period less that of the base.
    pub moved: Estimate,
    /// The most blamed aspects: posts that blame, posts in all.
    pub blamed: Vec<(String, u64, u64)>,
    /// Posts by role.
    pub roles: Vec<(String, u64)>,
    /// What became of its authors.
    pub journeys: JourneyReading,
    /// Who should be answered first.
    pub waiting: Vec<AuthorCard>,
    /// Blame, to be read.
    pub blame_verbatims: Vec<Card>,
    /// Praise, to be read.
    pub praise_verbatims: Vec<Card>,
}

/// The few figures that matter.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Digest {
    /// Posts read, ever.
    pub posts: u64,
    /// By kind of noise, ever; copies are posts of a story after its first.
    pub noise: Vec<(Noise, u64)>,
    /// First and last second of the period.
    pub period: Option<(i64, i64)>,
    /// By target, the most spoken of first.
    pub targets: Vec<TargetDigest>,
    /// Alerts of the period.
    pub alerts: Vec<Alert>,
    /// Rising terms of the period.
    pub rising: Vec<Rising>,
    /// The largest stories that were still told in the period.
    pub stories: Vec<Story>,
    /// What a person should read first.
    pub read_first: Vec<ReviewItem>,
    /// What the figures cannot say.
    pub notes: Vec<Note>,
}

/// What the figures of a digest cannot say. `Display` says it in English; programs that speak another
/// language match on it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Note {
    /// Posts without a date.
    NoDate(u64),
    /// Posts whose date cannot be read.
    Unreadable(u64),
    /// Posts dated after now.
    Future(u64),
    /// Posts dated before 1990.
    Ancient(u64),
    /// Posts without a time zone.
    NoZone(u64),
    /// Posts whose weekday contradicts their date.
    Contradictory(u64),
    /// Some posts are dated long after the others, up to this second.
    Stray(i64),
    /// Alerts are silent until there are so many days of history.
    WarmUp(u32),
    /// One author wrote most of it.
    Loud {
        /// The opaque id.
        author: String,
        /// Their posts.
        posts: u64,
        /// All posts.
        of: u64,
    },
    /// Posts that belong to no stratum of the panel.
    Outside(u64),
}

impl Note {
    /// Whether it counts posts and there are none.
    fn is_empty(&self) -> bool {
        match self {
            Self::NoDate(n) | Self::Unreadable(n) | Self::Future(n) | Self::Ancient(n) => *n == 0,
            Self::NoZone(n) | Self::Contradictory(n) | Self::Outside(n) => *n == 0,
            Self::Stray(_) | Self::WarmUp(_) | Self::Loud { .. } => false,
        }
    }
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let out = "and are left out of everything drawn over time";
        match self {
            Self::NoDate(n) => write!(f, "{n} posts have no date {out}"),
            Self::Unreadable(n) => write!(f, "{n} posts have a date that cannot be read {out}"),
            Self::Future(n) => write!(f, "{n} posts are dated after now {out}"),
            Self::Ancient(n) => write!(f, "{n} posts are dated before 1990 {out}"),
            Self::NoZone(n) => write!(f, "{n} posts have no time zone: yours was assumed"),
            Self::Contradictory(n) => {
                write!(f, "{n} posts have a weekday that contradicts their date: the date was believed")
            }
            Self::Stray(at) => {
                write!(f, "some posts are dated long after the others, up to {}: ", utc(*at))?;
                f.write_str("the period ends before them")
            }
            Self::WarmUp(days) => write!(f, "alerts need {days} days of history and are silent until then"),
            Self::Loud { author, posts, of } => {
                write!(f, "one author ({author}) wrote {posts} of {of} posts: shares are mostly theirs")
            }
            Self::Outside(n) => write!(f, "{n} posts belong to no stratum of the panel"),
        }
    }
}

/// A second, where no clock of the user's is at hand.
fn utc(at: i64) -> String {
    super::time::Clock::default().format(at)
}

impl Digest {
    pub(crate) fn of(watch: &Watch, groups: &Groups, alerts: &[Alert]) -> Self {
        let trend = watch.trend();
        let end = last_hour(&trend.buckets(&Filter::default()));
        let first = trend.span().map(|(first, _)| first);
        let period = end.map(|end| (first.unwrap_or(end).max(end - WEEK), end));
        let copies: u64 = groups.stories.iter().map(|s| s.posts - 1).sum();
        let noise = Noise::ALL
            .into_iter()
            .map(|kind| {
                let n = watch.noise().get(&kind).copied().unwrap_or(0);
                (kind, if kind == Noise::Duplicate { n.max(copies) } else { n })
            })
            .collect();
        let (from, to) = period.unwrap_or((0, 0));
        let inside = Filter { from: Some(from), to: Some(to), ..Filter::default() };
        let mut names: Vec<String> =
            trend.breakdown(&inside, Dimension::Target).into_iter().map(|(name, _)| name).take(TARGETS).collect();
        if names.is_empty() && period.is_some() {
            names.push(String::new());
        }
        let alerts: Vec<Alert> = alerts.iter().filter(|a| a.end > from).cloned().collect();
        let told = |s: &&Story| s.last.is_none_or(|last| last >= from);
        Self {
            posts: watch.posts(),
            noise,
            period,
            targets: names.iter().map(|name| target(watch, groups, name, (from, to))).collect(),
            alerts,
            rising: watch.rising(Periods { now: (from, to), before: (from - 4 * WEEK, from) }, None, TERMS),
            stories: groups.stories.iter().filter(told).take(STORIES).cloned().collect(),
            read_first: watch.review_of(groups, READ),
            notes: notes(watch, end),
        }
    }
}

fn target(watch: &Watch, groups: &Groups, name: &str, (from, to): (i64, i64)) -> TargetDigest {
    let (trend, rule) = (watch.trend(), watch.config().rule());
    let asked = (!name.is_empty()).then_some(name);
    let now = Filter { target: asked, from: Some(from), to: Some(to), ..Filter::default() };
    let counts = trend.total(&now);
    let base = trend.total(&Filter { from: Some(from - 4 * WEEK), to: Some(from), ..now });
    let mut blamed: Vec<(String, u64, u64)> = trend
        .breakdown(&now, Dimension::Aspect)
        .into_iter()
        .map(|(aspect, c)| (aspect, c.negative, c.posts))
        .filter(|(_, n, _)| *n > 0)
        .collect();
    blamed.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    blamed.truncate(PEOPLE);
    let roles = trend.breakdown(&now, Dimension::Role);
    let scene = watch.scene(groups);
    let quote = |label| {
        pick(&scene, asked, from, to, Some(label), 3).into_iter().filter(|c| c.tone(asked) == Some(label)).collect()
    };
    TargetDigest {
        target: name.to_owned(),
        counts,
        net: counts.net(rule),
        blame: counts.blame(rule),
        moved: rule.difference(counts.net(rule), base.net(rule)),
        blamed,
        roles: roles.into_iter().map(|(role, c)| (role, c.posts)).filter(|(_, n)| *n > 0).collect(),
        journeys: watch.authors().read_journeys(asked, rule, 3),
        waiting: watch.authors().worth_an_answer(name, rule, PEOPLE),
        blame_verbatims: quote(Label::Negative),
        praise_verbatims: quote(Label::Positive),
    }
}

/// What the figures cannot say.
fn notes(watch: &Watch, end: Option<i64>) -> Vec<Note> {
    let doubts = watch.doubts();
    let mut notes = vec![
        Note::NoDate(doubts.missing),
        Note::Unreadable(doubts.unreadable),
        Note::Future(doubts.future),
        Note::Ancient(doubts.ancient),
        Note::NoZone(doubts.no_zone),
        Note::Contradictory(doubts.contradictory),
    ];
    notes.retain(|note| !note.is_empty());
    if let (Some(end), Some((first, last))) = (end, watch.trend().span()) {
        if last >= end {
            notes.push(Note::Stray(last));
        }
        let warm_up = watch.config().alerts.warm_up_days;
        if end - first < i64::from(warm_up) * DAY {
            notes.push(Note::WarmUp(warm_up));
        }
    }
    notes.extend(loud(watch));
    notes.extend(watch.panel().map(Panel::outside).filter(|n| *n > 0).map(Note::Outside));
    notes
}

/// One author who makes up most of the corpus.
fn loud(watch: &Watch) -> Option<Note> {
    let (author, posts) = watch.authors().loudest()?;
    let of = watch.posts();
    (of >= watch.config().min_posts && posts * 2 > of).then(|| Note::Loud { author: author.to_owned(), posts, of })
}
