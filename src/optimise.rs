//! The optimiser of every logistic regression here: limited-memory BFGS with backtracking (Nocedal and
//! Wright, *Numerical Optimization*, 7.2). A fixed order and no chance: the same function gives the same
//! answer to the bit.

/// Steps that are remembered.
const MEMORY: usize = 8;

/// Where a function of `size` numbers is least, begun at noughts. `f` gives the value at a place and writes
/// the gradient there. Ends after `steps`, or where a step gains less than `least` of the value.
pub(crate) fn minimise(
    size: usize,
    steps: usize,
    least: f64,
    mut f: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (mut at, mut gradient) = (vec![0.0; size], vec![0.0; size]);
    let mut here = f(&at, &mut gradient);
    // Steps, how the gradient turned over each, and one over the product of both.
    let mut past: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..steps {
        let mut way: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut shares = Vec::with_capacity(past.len());
        for (step, turn, scale) in past.iter().rev() {
            let share = dot(step, &way) * scale;
            way.iter_mut().zip(turn).for_each(|(w, t)| *w -= share * t);
            shares.push(share);
        }
        let scale = match past.last() {
            Some((_, turn, scale)) => 1.0 / (scale * dot(turn, turn)),
            None => 1.0 / dot(&gradient, &gradient).sqrt().max(1.0),
        };
        for w in &mut way {
            *w *= scale;
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
        let (mut next, mut turned) = (vec![0.0; size], vec![0.0; size]);
        let there = loop {
            next.iter_mut().zip(at.iter().zip(&way)).for_each(|(n, (a, w))| *n = a + length * w);
            let there = f(&next, &mut turned);
            if there <= here + 1e-4 * length * slope {
                break Some(there);
            }
            length *= 0.5;
            if length < 1e-10 {
                break None;
            }
        };
        let Some(there) = there else { break };
        let step: Vec<f64> = next.iter().zip(&at).map(|(n, a)| n - a).collect();
        let turn: Vec<f64> = turned.iter().zip(&gradient).map(|(n, a)| n - a).collect();
        let product = dot(&step, &turn);
        if product > 1e-12 {
            if past.len() == MEMORY {
                past.remove(0);
            }
            past.push((step, turn, 1.0 / product));
        }
        let gain = here - there;
        let small = gain < least * here.abs().max(1.0);
        (at, gradient, here) = (next, turned, there);
        if small {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn a_narrow_valley_is_walked_to_its_end() {
        // Rosenbrock's function: least at (1, 1).
        let found = minimise(2, 200, 1e-12, |x, g| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            g[0] = -2.0 * a - 400.0 * x[0] * b;
            g[1] = 200.0 * b;
            a * a + 100.0 * b * b
        });
        assert!(found.iter().all(|x| (x - 1.0).abs() < 1e-3), "{found:?}");
    }
}
