//! The life of a topic: first seen, peak, half-life, returns.
//!
//! In: the buckets of a [`Filter`]. Out: a [`Life`]. The half-life is the time after the peak by which half
//! of what came after it had come: one number that neither a long tail nor a single late post bends.
//! A return is a day with half the posts of the busiest day or more, after a week with none such.

use super::config::Grain;
use super::time::{Clock, DAY};
use super::trend::{Filter, Trend};
use std::collections::BTreeMap;

/// The life of a topic.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Life {
    /// First bucket with a post.
    pub first_seen: i64,
    /// Last bucket with a post.
    pub last_seen: i64,
    /// The bucket with most posts.
    pub peak: i64,
    /// Posts in it.
    pub peak_posts: u64,
    /// Seconds after the peak by which half of what came after it had come; absent when nothing did.
    pub half_life: Option<i64>,
    /// Starts of the days on which it came back (half of the peak day or more) after a calm week.
    pub returns: Vec<i64>,
    /// Days between returns, where three or more came at even distances.
    pub period_days: Option<f64>,
}

impl Trend {
    /// First seen, peak, half-life and returns of what a filter lets through.
    pub fn life(&self, filter: &Filter<'_>, clock: &Clock) -> Option<Life> {
        let buckets: Vec<(i64, u64)> =
            self.buckets(filter).into_iter().map(|(at, c)| (at, c.volume())).filter(|(_, n)| *n > 0).collect();
        let (first, last) = (buckets.first()?.0, buckets.last()?.0);
        let (peak, peak_posts) = buckets.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let after: u64 = buckets.iter().filter(|(at, _)| *at > peak).map(|(_, n)| n).sum();
        let mut sum = 0;
        let half_life = buckets
            .iter()
            .filter(|(at, _)| *at > peak)
            .find(|(_, n)| {
                sum += n;
                2 * sum >= after
            })
            .map(|(at, _)| at - peak);
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        for (at, n) in &buckets {
            *days.entry(clock.start(*at, Grain::Day)).or_default() += n;
        }
        let high = days.values().copied().max()?.div_ceil(2);
        let busy: Vec<i64> = days.iter().filter(|(_, n)| **n >= high).map(|(at, _)| *at).collect();
        let returns: Vec<i64> = busy.windows(2).filter(|w| w[1] - w[0] > 7 * DAY).map(|w| w[1]).collect();
        Some(Life {
            first_seen: first,
            last_seen: last,
            peak,
            peak_posts,
            half_life,
            period_days: period(busy.first().copied(), &returns),
            returns,
        })
    }
}

/// Days between episodes that come at even distances (a spread below a quarter of the mean).
fn period(first: Option<i64>, returns: &[i64]) -> Option<f64> {
    let starts: Vec<i64> = first.into_iter().chain(returns.iter().copied()).collect();
    let gaps: Vec<f64> = starts.windows(2).map(|w| (w[1] - w[0]) as f64 / DAY as f64).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    let spread = (gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / gaps.len().max(1) as f64).sqrt();
    (gaps.len() >= 2 && spread < 0.25 * mean).then_some(mean)
}
