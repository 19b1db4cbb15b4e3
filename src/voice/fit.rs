//! What [`super::learn`] makes least: logistic regressions that share their columns.
//!
//! In: posts as columns of numbers, with scores to begin at and what is right. Out: a weight for each
//! column and label, the ones with the least loss and penalty.

/// What the scores of a group of labels mean.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// One of them is right.
    Shares,
    /// One of them is right, or none.
    Odds,
    /// Each is right or not.
    Each,
}

/// A post of a fit.
pub(crate) struct Case {
    pub(crate) row: Vec<(usize, f32)>,
    pub(crate) base: Vec<f64>,
    pub(crate) goal: Vec<f64>,
}

pub(crate) fn one_hot(count: usize, place: Option<usize>) -> Vec<f64> {
    (0..count).map(|i| f64::from(u8::from(Some(i) == place))).collect()
}

/// Loss of one case; scores become errors.
fn loss(kind: Kind, scores: &mut [f64], goal: &[f64]) -> f64 {
    if kind == Kind::Each {
        let mut sum = 0.0;
        for (score, goal) in scores.iter_mut().zip(goal) {
            let signed = if *goal > 0.5 { -*score } else { *score };
            sum += signed.max(0.0) + (-signed.abs()).exp().ln_1p();
            *score = 1.0 / (1.0 + (-*score).exp()) - goal;
        }
        return sum;
    }
    let none = if kind == Kind::Odds { 0.0 } else { f64::NEG_INFINITY };
    let most = scores.iter().copied().fold(none, f64::max);
    let right: f64 = scores.iter().zip(goal).map(|(s, g)| s * g).sum();
    let whole: f64 = scores.iter().map(|s| (s - most).exp()).sum::<f64>() + (none - most).exp();
    for (score, goal) in scores.iter_mut().zip(goal) {
        *score = (*score - most).exp() / whole - goal;
    }
    most + whole.ln() - right
}

/// Steps of the optimiser, at most, and what of the loss the last one gains.
const STEPS: usize = 150;
const LEAST_GAIN: f64 = 1e-5;

/// The weights with the least loss and penalty.
pub(crate) fn fit(cases: &[Case], ridges: &[f64], width: usize, kind: Kind) -> Vec<f64> {
    let size = ridges.len() * width;
    let value = |weights: &[f64], gradient: &mut [f64]| -> f64 {
        let mut sum = 0.0;
        for (feature, ridge) in ridges.iter().enumerate() {
            for at in feature * width..(feature + 1) * width {
                let pull = if ridge.is_finite() { ridge * weights[at] } else { 0.0 };
                gradient[at] = pull;
                sum += 0.5 * pull * weights[at];
            }
        }
        let mut scores = vec![0.0; width];
        for case in cases {
            scores.copy_from_slice(&case.base);
            for (feature, value) in &case.row {
                let row = &weights[feature * width..(feature + 1) * width];
                scores.iter_mut().zip(row).for_each(|(s, w)| *s += w * f64::from(*value));
            }
            sum += loss(kind, &mut scores, &case.goal);
            for (feature, value) in &case.row {
                let row = &mut gradient[feature * width..(feature + 1) * width];
                row.iter_mut().zip(&scores).for_each(|(g, e)| *g += e * f64::from(*value));
            }
        }
        sum
    };
    crate::optimise::minimise(size, STEPS, LEAST_GAIN, value)
}
