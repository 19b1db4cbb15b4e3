//! Authors pooled over their posts: who somebody is towards a target, from all that they wrote.
//!
//! One post is right about eight times in ten, twenty posts of one author nearly always: each post adds
//! the logarithms of its role shares, so sure posts weigh more than doubtful ones. Sums are kept apart
//! by thirty-day period, as whole numbers, and decay is applied when they are read. So adding is cheap,
//! merging is exact, and any order of posts and shards gives the same profile to the bit.

use super::labels::{Basis, Role, RoleReading};
use super::role::softmax;
use std::collections::BTreeMap;

const ROLES: usize = 10;
/// Seconds of one period.
const PERIOD: i64 = 30 * 24 * 3600;
/// Whole numbers hold log-odds to this fraction.
const FINE: f32 = 1024.0;
/// No share is surer than this: one strange post must not outweigh all others.
const LEAST_SHARE: f32 = 0.01;
/// Periods after which a post counts half.
const HALF_LIFE: f32 = 12.0;

/// Sums of one period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Tally {
    posts: u64,
    /// Sums of log shares beside the mean of the ten, by role.
    logs: BTreeMap<Role, i64>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.posts += other.posts;
        for (role, more) in &other.logs {
            *self.logs.entry(*role).or_default() += more;
        }
    }
}

/// Who somebody is towards one target.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthorRole {
    /// Opaque id, as the posts gave it.
    pub author: String,
    /// The target's name; empty for the posts' own topic.
    pub target: String,
    /// Posts that were judged.
    pub posts: u64,
    /// The pooled role.
    pub role: RoleReading,
}

/// The profiles of every author of a corpus: incremental, mergeable, serialisable.
///
/// ```
/// use tonalite::voice::{Authors, Role};
/// let analyzer = tonalite::Analyzer::new();
/// let mut authors = Authors::default();
/// for text in ["Je suis client Nimbo depuis 8 ans", "Toujours pas reçu ma box Nimbo, commandée lundi"] {
///     authors.add("u1", "Nimbo", None, &analyzer.analyze(text).role);
/// }
/// assert_eq!(authors.iter().count(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Authors {
    /// Author, then target, then period.
    profiles: BTreeMap<String, BTreeMap<String, BTreeMap<i64, Tally>>>,
}

impl Authors {
    /// Adds one post's role. `seconds` is when it was published (epoch), where that is known; posts
    /// whose role was not judged change nothing.
    pub fn add(&mut self, author: &str, target: &str, seconds: Option<i64>, role: &RoleReading) {
        if role.p.len() != ROLES {
            return;
        }
        let mean = role.p.iter().map(|p| p.max(LEAST_SHARE).ln()).sum::<f32>() / ROLES as f32;
        let mut tally = Tally { posts: 1, ..Tally::default() };
        for (role, p) in role.shares() {
            #[expect(clippy::cast_possible_truncation, reason = "a bounded logarithm")]
            let log = ((p.max(LEAST_SHARE).ln() - mean) * FINE).round() as i64;
            tally.logs.insert(role, log);
        }
        let period = seconds.map_or(0, |s| s.div_euclid(PERIOD));
        let targets = self.profiles.entry(author.to_owned()).or_default();
        targets.entry(target.to_owned()).or_default().entry(period).or_default().add(&tally);
    }

    /// Adds what another shard of the corpus found. Any order and grouping gives the same result.
    pub fn merge(&mut self, other: &Self) {
        for (author, targets) in &other.profiles {
            let mine = self.profiles.entry(author.clone()).or_default();
            for (target, periods) in targets {
                let mine = mine.entry(target.clone()).or_default();
                for (period, tally) in periods {
                    mine.entry(*period).or_default().add(tally);
                }
            }
        }
    }

    /// One author's role towards a target, posts of its last period counting in full.
    pub fn role(&self, author: &str, target: &str) -> Option<AuthorRole> {
        let periods = self.profiles.get(author)?.get(target)?;
        pooled(author, target, periods)
    }

    /// Every author and target, in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = AuthorRole> + '_ {
        self.profiles.iter().flat_map(|(author, targets)| {
            targets.iter().filter_map(move |(target, periods)| pooled(author, target, periods))
        })
    }

    /// Whether no post was added.
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty()
    }
}

fn pooled(author: &str, target: &str, periods: &BTreeMap<i64, Tally>) -> Option<AuthorRole> {
    let (latest, _) = periods.last_key_value()?;
    let mut sums: BTreeMap<Role, f32> = BTreeMap::new();
    let mut posts = 0;
    for (period, tally) in periods {
        let weight = 0.5f32.powf((latest - period) as f32 / HALF_LIFE);
        posts += tally.posts;
        for (role, log) in &tally.logs {
            *sums.entry(*role).or_default() += weight * *log as f32 / FINE;
        }
    }
    let mut shares: Vec<f32> = sums.values().copied().collect();
    softmax(&mut shares);
    let mut role = RoleReading { basis: vec![Basis::History], p: vec![0.0; ROLES], ..RoleReading::default() };
    for (label, p) in sums.keys().copied().zip(shares) {
        match label.place() {
            Some(at) => role.p[at] = p,
            None => role.own.push((label, p)),
        }
        if p > role.confidence {
            (role.label, role.confidence) = (label, p);
        }
    }
    Some(AuthorRole { author: author.to_owned(), target: target.to_owned(), posts, role })
}
