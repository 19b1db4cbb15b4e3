//! Intervals for shares and for net tonality. "Too few" is an answer.
//!
//! In: counts. Out: an [`Estimate`], which is either a figure with its interval or the plain statement
//! that there is too little to say. A share gets the Wilson score interval, or Jeffreys' (Brown, Cai &
//! `DasGupta`, *Interval estimation for a binomial proportion*, Statistical Science 16, 2001: both keep
//! their coverage at small n, where the textbook interval does not). Net tonality, the share of
//! positive less the share of negative posts, is a difference of two shares of the *same* posts; its
//! interval is Tango's score interval for paired shares (Tango, Statistics in Medicine 17, 1998),
//! because adding up two separate intervals would forget that the shares exclude each other. The
//! difference between two groups is Newcombe's hybrid (Newcombe, Statistics in Medicine 17, 1998).

use super::special::{beta_quantile, normal_quantile};

/// A figure between two bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// The figure itself.
    pub value: f64,
    /// Upper bound.
    pub high: f64,
    /// Posts behind it.
    pub n: u64,
}

impl Interval {
    /// Whether the interval leaves out a value: a difference whose interval leaves out 0 is one.
    pub fn excludes(&self, value: f64) -> bool {
        value < self.low || value > self.high
    }
}

/// A figure, or the statement that there are too few posts for one.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Estimate {
    /// Enough posts: a figure with its interval.
    Known(Interval),
    /// Too few posts to say.
    TooFew {
        /// Posts there were.
        n: u64,
    },
}

impl Estimate {
    /// The interval, where there is one.
    pub fn known(self) -> Option<Interval> {
        match self {
            Self::Known(interval) => Some(interval),
            Self::TooFew { .. } => None,
        }
    }
}

/// How sure an interval must be, and how many posts it takes to give one.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rule {
    /// Share of such intervals that hold the true value: 0.95.
    pub confidence: f64,
    /// Fewer posts than this are too few.
    pub min_posts: u64,
}

impl Default for Rule {
    fn default() -> Self {
        Self { confidence: 0.95, min_posts: 20 }
    }
}

impl Rule {
    fn z(self) -> f64 {
        normal_quantile(0.5 + self.confidence.clamp(0.5, 0.9999) / 2.0)
    }

    /// The share `k` of `n`, by Wilson.
    pub fn share(self, k: u64, n: u64) -> Estimate {
        if n < self.min_posts.max(1) {
            return Estimate::TooFew { n };
        }
        Estimate::Known(wilson(k.min(n) as f64, n as f64, self.z(), n))
    }

    /// The share `k` of `n`, by Jeffreys: for rare things, where Wilson's lower bound is shy.
    pub fn share_jeffreys(self, k: u64, n: u64) -> Estimate {
        if n < self.min_posts.max(1) {
            return Estimate::TooFew { n };
        }
        let k = k.min(n);
        let (a, b) = (k as f64 + 0.5, (n - k) as f64 + 0.5);
        let tail = (1.0 - self.confidence.clamp(0.5, 0.9999)) / 2.0;
        let low = if k == 0 { 0.0 } else { beta_quantile(tail, a, b) };
        let high = if k == n { 1.0 } else { beta_quantile(1.0 - tail, a, b) };
        Estimate::Known(Interval { low, value: k as f64 / n as f64, high, n })
    }

    /// A share known as a mean and a variance (of a weighted total): Wilson at the effective size.
    pub fn share_of_variance(self, share: f64, variance: f64, n: u64) -> Estimate {
        if n < self.min_posts.max(1) {
            return Estimate::TooFew { n };
        }
        let share = share.clamp(0.0, 1.0);
        let spread = share * (1.0 - share);
        let size = if variance > 0.0 && spread > 0.0 { (spread / variance).min(n as f64) } else { n as f64 };
        Estimate::Known(wilson(share * size, size, self.z(), n))
    }

    /// Net tonality: (`positive` - `negative`) / `n`, by Tango.
    pub fn net(self, positive: u64, negative: u64, n: u64) -> Estimate {
        if n < self.min_posts.max(1) || positive + negative > n {
            return Estimate::TooFew { n };
        }
        let (b, c, n_f, z) = (positive as f64, negative as f64, n as f64, self.z());
        let value = (b - c) / n_f;
        // The score statistic falls steadily as the difference grows: two bisections find the bounds.
        let search = |mut inside: f64, mut outside: f64, limit: f64| {
            if tango(b, c, n_f, outside).abs() <= limit {
                return outside;
            }
            for _ in 0..50 {
                let mid = 0.5 * (inside + outside);
                if tango(b, c, n_f, mid).abs() <= limit {
                    inside = mid;
                } else {
                    outside = mid;
                }
            }
            0.5 * (inside + outside)
        };
        Estimate::Known(Interval { low: search(value, -1.0, z), value, high: search(value, 1.0, z), n })
    }

    /// The difference `a` - `b` of two separate figures, by Newcombe's hybrid.
    pub fn difference(self, a: Estimate, b: Estimate) -> Estimate {
        let (Estimate::Known(a), Estimate::Known(b)) = (a, b) else {
            let n = |e: Estimate| match e {
                Estimate::Known(i) => i.n,
                Estimate::TooFew { n } => n,
            };
            return Estimate::TooFew { n: n(a).min(n(b)) };
        };
        let value = a.value - b.value;
        Estimate::Known(Interval {
            low: value - (a.value - a.low).hypot(b.high - b.value),
            value,
            high: value + (a.high - a.value).hypot(b.value - b.low),
            n: a.n.min(b.n),
        })
    }
}

/// Wilson's score interval; sizes may be effective ones, so they are not whole.
fn wilson(k: f64, n: f64, z: f64, posts: u64) -> Interval {
    let p = k / n;
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Interval { low: (centre - half).max(0.0).min(p), value: p, high: (centre + half).min(1.0).max(p), n: posts }
}

/// Tango's score statistic that the net share is `delta`.
fn tango(b: f64, c: f64, n: f64, delta: f64) -> f64 {
    let quad_a = 2.0 * n;
    let quad_b = -b - c + (2.0 * n - b + c) * delta;
    let quad_c = -c * delta * (1.0 - delta);
    let q = ((quad_b * quad_b - 4.0 * quad_a * quad_c).max(0.0).sqrt() - quad_b) / (2.0 * quad_a);
    let variance = n * (2.0 * q + delta * (1.0 - delta));
    let gap = b - c - n * delta;
    if gap.abs() < 1e-12 {
        return 0.0;
    }
    if variance <= 0.0 { gap.signum() * f64::INFINITY } else { gap / variance.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { confidence: 0.95, min_posts: 1 };

    fn bounds(e: Estimate) -> (f64, f64) {
        e.known().map_or((f64::NAN, f64::NAN), |i| (i.low, i.high))
    }

    fn near(got: (f64, f64), want: (f64, f64), by: f64) {
        assert!((got.0 - want.0).abs() < by && (got.1 - want.1).abs() < by, "{got:?} is not {want:?}");
    }

    #[test]
    fn published_values() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29 (Wilson, no correction).
        near(bounds(RULE.share(81, 263)), (0.2553, 0.3662), 5e-5);
        near(bounds(RULE.share(15, 148)), (0.0624, 0.1605), 5e-5);
        near(bounds(RULE.share(0, 20)), (0.0, 0.1611), 5e-5);
        near(bounds(RULE.share(1, 29)), (0.0061, 0.1718), 5e-5);
        // Brown, Cai & DasGupta 2001, table 5: Jeffreys, n = 7, x = 1 and n = 10, x = 2.
        near(bounds(RULE.share_jeffreys(1, 7)), (0.016, 0.501), 1e-3);
        near(bounds(RULE.share_jeffreys(2, 10)), (0.044, 0.503), 1e-3);
        // Fagerland, Lydersen & Laake 2014 (Statistics in Medicine 33), table IV: b = 1, c = 7, n = 21,
        // Tango's interval is -0.517 to -0.026.
        near(bounds(RULE.net(1, 7, 21)), (-0.517, -0.026), 1e-3);
        // Newcombe 1998, method 10: 56 of 70 less 48 of 80 -> (0.0524, 0.3339).
        near(bounds(RULE.difference(RULE.share(56, 70), RULE.share(48, 80))), (0.0524, 0.3339), 5e-5);
    }

    #[test]
    fn edges() {
        assert_eq!(Rule::default().share(3, 5), Estimate::TooFew { n: 5 });
        assert_eq!(RULE.net(3, 3, 5), Estimate::TooFew { n: 5 });
        for (b, c, n) in [(0, 0, 1), (1, 0, 1), (0, 1, 1), (5, 5, 10), (0, 0, 1000), (1000, 0, 1000)] {
            let (low, high) = bounds(RULE.net(b, c, n));
            let value = (b as f64 - c as f64) / n as f64;
            assert!(low <= value && value <= high && low >= -1.0 && high <= 1.0, "{b} {c} {n}: {low} {high}");
        }
    }

    /// Coverage of the net interval where it is hard: few posts, rare tones.
    #[test]
    fn net_keeps_its_coverage() {
        let mut state = 7u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for (p, q, n) in [(0.1, 0.05, 30u64), (0.3, 0.3, 25), (0.02, 0.4, 40)] {
            let mut held = 0;
            for _ in 0..2000 {
                let (mut b, mut c) = (0, 0);
                for _ in 0..n {
                    let u = uniform();
                    if u < p {
                        b += 1;
                    } else if u < p + q {
                        c += 1;
                    }
                }
                let (low, high) = bounds(RULE.net(b, c, n));
                held += u32::from(low <= p - q && p - q <= high);
            }
            assert!(held >= 1860, "{p} {q} {n}: {held} of 2000");
        }
    }
}
