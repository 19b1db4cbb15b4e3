//! The base rate that knows hour and weekday, and the tests that find a burst above it.
//!
//! In: hourly counts of one target. Out: [`Burst`]s. The base of an hour is a level (the last week),
//! times the hour of the day (working days and weekends apart), times the weekday, times what is left
//! for this very hour of the week; each factor is pulled towards the plainer one by a few pseudo-posts,
//! so that a week of history is usable and a month is sharp. It is refitted every day from at most
//! eight weeks before it, hours of earlier bursts left out, never from what comes after.
//!
//! Posts, and posts of blame, are tested against a negative binomial whose spread holds both how
//! irregular the hours were and how little the base is known; the share of blame against a
//! beta-binomial in the same way. All three are asked over windows of 1, 2 and 6 hours. The accepted number of false alarms a month is divided
//! over all tests of a month (Bonferroni), so the stated rate is an upper bound. A window must also
//! matter: enough posts, enough times the base. Silence is the answer in every other case, and before
//! there is a week of history.
//!
//! Hours without a post count as zero. A silence of two weeks ends the history: what follows learns anew.

use super::config::AlertConfig;
use super::special::{count_tail, share_tail};
use super::time::{DAY, HOUR};

/// Hours of history a base is made of.
const HISTORY: usize = 8 * 168;
/// A silence that ends the history.
pub(crate) const SILENCE: i64 = 14 * DAY;
/// Windows in hours, and their shares of the accepted false alarms: most for the two that ring early.
const WINDOWS: [(usize, f64); 3] = [(1, 0.4), (2, 0.5), (6, 0.1)];
/// Tests of a window: posts, blame, share of blame.
const TESTS: f64 = 3.0;
/// Hours of a month.
const MONTH: f64 = 730.5;
/// Calm hours that end an alert.
const CALM: usize = 6;

/// What was counted in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Hour {
    pub(crate) at: i64,
    pub(crate) of_week: usize,
    /// Own words and relays.
    pub(crate) volume: u64,
    /// Posts whose tone was judged, relays among them.
    pub(crate) judged: u64,
    pub(crate) negative: u64,
}

/// What rose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum BurstKind {
    /// Posts.
    Volume,
    /// The share of blame.
    Blame,
    /// Both.
    Both,
}

/// A run of hours above the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Burst {
    pub(crate) kind: BurstKind,
    /// The first second of the window that rang, and the first second after the last.
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// The end of the hour in which it rang.
    pub(crate) detected: i64,
    pub(crate) volume: u64,
    pub(crate) expected: f64,
    pub(crate) blame: f64,
    pub(crate) base_blame: f64,
    /// The smallest of its p-values.
    pub(crate) p: f64,
}

/// The base of a day.
#[derive(Debug, Clone)]
struct Base {
    /// Posts expected, by hour of the week.
    mean: Vec<f64>,
    /// Spread of the counts, and of what is known of the base.
    spread: f64,
    unknown: [f64; 2],
    /// Share of blame by hour of the day.
    blame: [f64; 24],
    overall: f64,
    rho: f64,
}

/// Every burst of a target's hours (in order, gaps not filled).
pub(crate) fn bursts(hours: &[Hour], config: &AlertConfig, of_week: impl Fn(i64) -> usize) -> Vec<Burst> {
    let mut found = Vec::new();
    let mut from = 0;
    for i in 1..=hours.len() {
        let ends = i == hours.len() || hours[i].at - hours[i - 1].at > SILENCE;
        if ends {
            segment(&filled(&hours[from..i], &of_week), config, &mut found);
            from = i;
        }
    }
    found
}

/// The hours with the silent ones among them.
fn filled(hours: &[Hour], of_week: &impl Fn(i64) -> usize) -> Vec<Hour> {
    let mut out: Vec<Hour> = Vec::with_capacity(hours.len());
    for hour in hours {
        while let Some(last) = out.last().map(|h| h.at).filter(|last| last + HOUR < hour.at) {
            let at = last + HOUR;
            out.push(Hour { at, of_week: of_week(at), ..Hour::default() });
        }
        out.push(*hour);
    }
    out
}

fn segment(hours: &[Hour], config: &AlertConfig, found: &mut Vec<Burst>) {
    let warm = config.warm_up_days as usize * 24;
    let alpha = config.false_alarms_per_month / (MONTH * TESTS);
    let mut rang = vec![false; hours.len()];
    // Posts and blame expected of each hour, as its day's base had it.
    let mut expected = vec![(0.0, 0.0); hours.len()];
    let mut base: Option<Base> = None;
    let mut current: Option<(Burst, usize)> = None;
    let before = found.len();
    for now in warm..hours.len() {
        if base.is_none() || (now - warm).is_multiple_of(24) {
            base = Base::fit(hours, &rang, now);
        }
        let Some(base) = &base else { continue };
        let mean = base.mean[hours[now].of_week];
        expected[now] = (mean, mean * base.overall);
        let hit = test(hours, now, base, config, alpha);
        if let Some((burst, width)) = hit {
            rang[now + 1 - width..=now].fill(true);
            current = Some(match current {
                Some((open, _)) => (open.joined(burst), now),
                None => (burst, now),
            });
        } else if current.as_ref().is_some_and(|(_, last)| now - last >= CALM) {
            found.extend(current.take().map(|(burst, _)| burst));
        } else if current.is_some() {
            // The slope of a burst is no calm history either.
            rang[now] = true;
        }
    }
    found.extend(current.map(|(burst, _)| burst));
    for burst in found.iter_mut().skip(before) {
        burst.measure(hours, &expected);
    }
}

impl Burst {
    fn joined(self, other: Self) -> Self {
        let kind = if self.kind == other.kind { self.kind } else { BurstKind::Both };
        Self { kind, start: self.start.min(other.start), end: other.end, p: self.p.min(other.p), ..self }
    }

    /// Cuts the calm hours off both ends (a window of six hours rings for the one that is hot), and
    /// counts what is left.
    fn measure(&mut self, hours: &[Hour], expected: &[(f64, f64)]) {
        let from = hours.partition_point(|h| h.at < self.start);
        let to = hours.partition_point(|h| h.at < self.end);
        let hot = |i: &usize| {
            let (mean, blame) = expected[*i];
            hours[*i].volume as f64 > 1.5 * mean + 2.0 || hours[*i].negative as f64 > 1.5 * blame + 2.0
        };
        let (Some(first), Some(last)) = ((from..to).find(hot), (from..to).rev().find(hot)) else { return };
        (self.start, self.end) = (hours[first].at, hours[last].at + HOUR);
        self.detected = self.detected.max(self.start + HOUR);
        let (mut volume, mut judged, mut negative) = (0, 0, 0);
        for hour in &hours[first..=last] {
            volume += hour.volume;
            judged += hour.judged;
            negative += hour.negative;
        }
        self.volume = volume;
        self.expected = expected[first..=last].iter().map(|(mean, _)| mean).sum();
        self.blame = negative as f64 / judged.max(1) as f64;
    }
}

/// The most surprising window that ends with an hour, if one rings.
fn test(hours: &[Hour], now: usize, base: &Base, config: &AlertConfig, alpha: f64) -> Option<(Burst, usize)> {
    let mut best: Option<(Burst, usize)> = None;
    let (mut volume, mut judged, mut negative, mut mean, mut blame) = (0u64, 0u64, 0u64, 0.0, 0.0);
    for back in 0..=now.min(5) {
        let hour = &hours[now - back];
        volume += hour.volume;
        judged += hour.judged;
        negative += hour.negative;
        mean += base.mean[hour.of_week];
        blame += base.blame[hour.of_week % 24] * hour.judged as f64;
        let width = back + 1;
        let Some((_, part)) = WINDOWS.iter().find(|(w, _)| *w == width).filter(|_| volume >= config.min_posts) else {
            continue;
        };
        let alpha = alpha * part;
        let share = if judged > 0 { blame / judged as f64 } else { 0.0 };
        let burst = |kind, p| Burst {
            kind,
            start: hours[now - back].at,
            end: hours[now].at + HOUR,
            detected: hours[now].at + HOUR,
            volume,
            expected: mean,
            blame: negative as f64 / judged.max(1) as f64,
            base_blame: share,
            p,
        };
        let unknown = base.unknown[usize::from(hours[now].of_week >= 120)];
        let mut hits = [None; 3];
        // Irregularity of single hours averages out over a window; what is unknown does not.
        let spread = base.spread * (1.0 / width as f64).max(0.5) + unknown;
        let count = |seen: u64, expected: f64, spread: f64, kind| {
            let matters = seen as f64 >= config.min_ratio * expected;
            let p = if matters { count_tail(seen, expected.max(0.02), spread) } else { 1.0 };
            (p <= alpha).then(|| burst(kind, p))
        };
        hits[0] = count(volume, mean, spread, BurstKind::Volume);
        if negative >= config.min_posts.div_ceil(2) {
            hits[1] = count(negative, mean * base.overall, spread + base.rho, BurstKind::Blame);
            if negative as f64 >= (share + config.min_rise) * judged as f64 {
                let p = share_tail(negative, judged, share, base.rho);
                hits[2] = (p <= alpha).then(|| burst(BurstKind::Blame, p));
            }
        }
        for hit in hits.into_iter().flatten() {
            best = Some(match best {
                Some((open, wide)) => {
                    let kind = if open.kind == hit.kind { open.kind } else { BurstKind::Both };
                    let (keep, wide) = if hit.p < open.p { (hit, width) } else { (open, wide) };
                    (Burst { kind, ..keep }, wide)
                }
                None => (hit, width),
            });
        }
    }
    best
}

impl Base {
    /// The base that the hours before `now` make; `None` where they hold nothing.
    fn fit(hours: &[Hour], rang: &[bool], now: usize) -> Option<Self> {
        let from = now.saturating_sub(HISTORY);
        let past = || hours[from..now].iter().zip(&rang[from..now]).filter(|(_, r)| !**r).map(|(h, _)| h);
        let count = past().count() as f64;
        let total: u64 = past().map(|h| h.volume).sum();
        if count < 24.0 || total == 0 {
            return None;
        }
        let level = total as f64 / count;
        // From the plainest to the finest; `pull` is the weight of the plainer one, in posts.
        let mut mean = vec![level; 168];
        refine(&mut mean, past(), 24, 6.0, |w| w % 24);
        refine(&mut mean, past(), 7, 40.0, |w| w / 24);
        refine(&mut mean, past(), 48, 12.0, |w| usize::from(w >= 120) * 24 + w % 24);
        let spread = spread(&mean, &past(), 60.0);
        // The finest factor has few hours behind it: the more irregular they are, the less it moves.
        refine(&mut mean, past(), 168, 25.0 + 4.0 * level * (1.0 + spread * level), |w| w);
        let week = now.saturating_sub(168).max(from);
        let recent = || hours[week..now].iter().zip(&rang[week..now]).filter(|(_, r)| !**r).map(|(h, _)| h);
        let seen: f64 = recent().map(|h| h.volume as f64).sum();
        let expected: f64 = recent().map(|h| mean[h.of_week]).sum();
        let shift = (seen + 30.0) / (expected + 30.0);
        for m in &mut mean {
            *m *= shift;
        }
        // One more degree of caution for a level that moves: its own week-to-week error.
        let weeks = count / 168.0;
        let known = |days: f64| (1.0 / (level * weeks * days) + spread / (weeks * days)).min(1.0);
        let level_error = 1.0 / seen.max(1.0) + spread / 168.0;
        let unknown = [known(5.0) + level_error, known(2.0) + level_error];
        let (blame, rho) = blame_base(past());
        let negative: u64 = past().map(|h| h.negative).sum();
        // Blame per post, not per judged post: what a count of blame is expected to be.
        let overall = (negative as f64 + 1.0) / (total as f64 + 10.0);
        Some(Self { mean, spread, unknown, blame, overall, rho })
    }
}

/// Multiplies a base by a factor for each group of hours, pulled towards 1 by `pull` posts.
fn refine<'a>(
    mean: &mut [f64],
    past: impl Iterator<Item = &'a Hour>,
    groups: usize,
    pull: f64,
    group: impl Fn(usize) -> usize,
) {
    let mut seen = vec![pull; groups];
    let mut expected = vec![pull; groups];
    for hour in past {
        let g = group(hour.of_week);
        seen[g] += hour.volume as f64;
        expected[g] += mean[hour.of_week];
    }
    for (week_hour, m) in mean.iter_mut().enumerate() {
        let g = group(week_hour);
        *m *= seen[g] / expected[g];
    }
}

/// How much more than Poisson the hours vary: the moment estimate of the negative binomial's spread,
/// large deviations cut so that one forgotten fire does not deafen the base, and paid for by the
/// parameters fitted.
fn spread<'a, I>(mean: &[f64], past: &I, parameters: f64) -> f64
where
    I: Iterator<Item = &'a Hour> + Clone,
{
    let mut estimate = 0.02;
    for _ in 0..3 {
        let (mut excess, mut scale, mut hours) = (0.0, 0.0, 0.0);
        for hour in past.clone() {
            let m = mean[hour.of_week].max(0.01);
            let variance = m + estimate * m * m;
            let squared = (hour.volume as f64 - m).powi(2).min(16.0 * variance);
            // Weighted by the inverse of what the variance would be, so that busy hours do not rule.
            let weight = m * m / (variance * variance);
            excess += weight * (squared - m);
            scale += weight * m * m;
            hours += 1.0;
        }
        let paid = hours / (hours - parameters).max(hours * 0.3);
        estimate = (excess / f64::max(scale, 1e-9) * paid).clamp(0.005, 4.0);
    }
    estimate
}

/// The share of blame by hour of the day, and how much more than binomial it varies.
fn blame_base<'a>(past: impl Iterator<Item = &'a Hour> + Clone) -> ([f64; 24], f64) {
    let (mut judged, mut negative) = ([0.0; 24], [0.0; 24]);
    for hour in past.clone() {
        judged[hour.of_week % 24] += hour.judged as f64;
        negative[hour.of_week % 24] += hour.negative as f64;
    }
    let (all, blamed): (f64, f64) = (judged.iter().sum(), negative.iter().sum());
    // Half a post of blame in twenty: a base of nothing but praise must not make one complaint a crisis.
    let overall = (blamed + 1.0) / (all + 10.0);
    let mut share = [overall; 24];
    for ((s, n), k) in share.iter_mut().zip(judged).zip(negative) {
        *s = (k + 60.0 * overall) / (n + 60.0);
    }
    let (mut excess, mut scale) = (0.0, 0.0);
    for hour in past.filter(|h| h.judged >= 2) {
        let (n, s) = (hour.judged as f64, share[hour.of_week % 24]);
        let variance = n * s * (1.0 - s);
        let squared = (hour.negative as f64 - n * s).powi(2).min(16.0 * variance * (1.0 + 0.1 * n));
        excess += squared - variance;
        scale += variance * (n - 1.0);
    }
    let known = 1.0 / (all / 24.0 + 60.0);
    let rho = (excess / f64::max(scale, 1e-9)).clamp(0.002, 0.5) + known;
    (share, rho.min(0.6))
}
