//! The optimiser behind [`super::learn`]: logistic regressions that share their columns, by L-BFGS.
//!
//! In: posts as columns of numbers, with scores to begin at and what is right. Out: a weight for each
//! column and label, the ones with the least loss and penalty. A fixed order and no chance: the same
//! posts give the same weights to the bit.

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

/// Steps of the optimiser, and how many earlier ones it remembers.
const STEPS: usize = 150;
const MEMORY: usize = 8;

/// The weights with the least loss and penalty, by L-BFGS.
pub(crate) fn minimise(cases: &[Case], ridges: &[f64], width: usize, kind: Kind) -> Vec<f64> {
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
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut at = vec![0.0; size];
    let mut gradient = vec![0.0; size];
    let mut here = value(&at, &mut gradient);
    let mut past: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..STEPS {
        let mut way: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut shares = Vec::with_capacity(past.len());
        for (step, turn, scale) in past.iter().rev() {
            let share = dot(step, &way) * scale;
            way.iter_mut().zip(turn).for_each(|(w, t)| *w -= share * t);
            shares.push(share);
        }
        if let Some((_, turn, scale)) = past.last() {
            let curve = 1.0 / (scale * dot(turn, turn));
            for step in &mut way {
                *step *= curve;
            }
        } else {
            let length = dot(&gradient, &gradient).sqrt().max(1e-12);
            for step in &mut way {
                *step /= length;
            }
        }
        for ((step, turn, scale), share) in past.iter().zip(shares.into_iter().rev()) {
            let back = dot(turn, &way) * scale;
            way.iter_mut().zip(step).for_each(|(w, s)| *w += (share - back) * s);
        }
        let slope = dot(&way, &gradient);
        if slope > -1e-9 {
            break;
        }
        let mut length = 1.0;
        let mut next = vec![0.0; size];
        let mut turned = vec![0.0; size];
        let mut there;
        loop {
            next.iter_mut().zip(at.iter().zip(&way)).for_each(|(n, (a, w))| *n = a + length * w);
            there = value(&next, &mut turned);
            if there <= here + 1e-4 * length * slope || length < 1e-10 {
                break;
            }
            length *= 0.5;
        }
        let step: Vec<f64> = next.iter().zip(&at).map(|(n, a)| n - a).collect();
        let turn: Vec<f64> = turned.iter().zip(&gradient).map(|(n, a)| n - a).collect();
        let scale = dot(&step, &turn);
        let gain = here - there;
        if scale > 1e-12 {
            if past.len() == MEMORY {
                past.remove(0);
            }
            past.push((step, turn, 1.0 / scale));
        }
        (at, gradient, here) = (next, turned, there);
        if gain < 1e-5 * here.abs().max(1.0) {
            break;
        }
    }
    at
}
