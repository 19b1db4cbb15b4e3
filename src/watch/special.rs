//! The three special functions that the room's statistics need, so that no numerics crate is pulled in.
//!
//! Log-gamma by Lanczos (g = 7, nine terms: 15 digits), the regularised incomplete beta by its
//! continued fraction (modified Lentz; Press et al., *Numerical Recipes*, 6.4), the normal quantile by
//! Acklam's rational approximation (relative error below 1.2e-9). Tails of the binomial, the negative
//! binomial and the beta are all incomplete betas.
#![allow(clippy::many_single_char_names, reason = "the names are those of the formulas' sources")]

/// Logarithm of the gamma function, for positive arguments.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        let pi = std::f64::consts::PI;
        return (pi / (pi * x).sin().abs().max(f64::MIN_POSITIVE)).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + 7.5;
    let sum = C[1..].iter().zip(1u8..).fold(C[0], |sum, (c, i)| sum + c / (x + f64::from(i)));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The regularised incomplete beta `I_x(a, b)`: the share of a Beta(a, b) that lies below `x`.
pub(crate) fn beta_below(x: f64, a: f64, b: f64) -> f64 {
    if !(x > 0.0 && a > 0.0 && b > 0.0) {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        (front * fraction(x, a, b) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - front * fraction(1.0 - x, b, a) / b).clamp(0.0, 1.0)
    }
}

/// The continued fraction of the incomplete beta.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..400 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-12 {
            break;
        }
    }
    h
}

/// The point below which a share `q` of a Beta(a, b) lies.
pub(crate) fn beta_quantile(q: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let mid = 0.5 * (low + high);
        if beta_below(mid, a, b) < q {
            low = mid;
        } else {
            high = mid;
        }
    }
    0.5 * (low + high)
}

/// The standard normal quantile; 0 for a probability outside (0, 1).
pub(crate) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_8,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
    ];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [0.007_784_695_709_041_462, 0.322_467_129_070_039_8, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let poly = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, c| sum * x + c);
    if !(p > 0.0 && p < 1.0) {
        return 0.0;
    }
    if p < 0.024_25 {
        let q = (-2.0 * p.ln()).sqrt();
        return poly(&C, q) / (poly(&D, q) * q + 1.0);
    }
    if p > 1.0 - 0.024_25 {
        return -normal_quantile(1.0 - p);
    }
    let q = p - 0.5;
    let r = q * q;
    poly(&A, r) * q / (poly(&B, r) * r + 1.0)
}

/// P(X >= n) for a negative binomial of mean `mean` and variance `mean + spread * mean^2`; a Poisson
/// where the spread is nothing.
pub(crate) fn count_tail(n: u64, mean: f64, spread: f64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    if mean.is_nan() || mean <= 0.0 {
        return 0.0;
    }
    let size = 1.0 / spread.max(1e-6);
    beta_below(mean / (mean + size), n as f64, size)
}

/// P(X >= k) of a beta-binomial over `n` draws with mean `share` and intra-class correlation `rho`.
pub(crate) fn share_tail(k: u64, n: u64, share: f64, rho: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    if rho < 1e-6 {
        return beta_below(share, k as f64, (n - k) as f64 + 1.0);
    }
    let total = 1.0 / rho - 1.0;
    let (a, b) = (share * total, (1.0 - share) * total);
    let (nf, kf) = (n as f64, k as f64);
    let ln_beta = |x: f64, y: f64| ln_gamma(x) + ln_gamma(y) - ln_gamma(x + y);
    let mut term = (ln_gamma(nf + 1.0) - ln_gamma(kf + 1.0) - ln_gamma(nf - kf + 1.0) + ln_beta(kf + a, nf - kf + b)
        - ln_beta(a, b))
    .exp();
    let mut sum = term;
    // Each term from the last; past a few thousand the rest is below what the sum can hold.
    for i in k..n.min(k + 20_000) {
        let i = i as f64;
        term *= (nf - i) / (i + 1.0) * (i + a) / (nf - i - 1.0 + b);
        sum += term;
        if term < sum * 1e-12 {
            break;
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, by: f64) {
        assert!((a - b).abs() <= by, "{a} is not {b}");
    }

    #[test]
    fn known_values() {
        near(ln_gamma(10.0), 362_880.0_f64.ln(), 1e-10);
        near(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln(), 1e-10);
        near(beta_below(0.5, 2.0, 2.0), 0.5, 1e-12);
        near(beta_below(0.3, 2.0, 5.0), 0.579_825, 1e-6);
        near(normal_quantile(0.975), 1.959_963_985, 1e-8);
        near(normal_quantile(0.001), -3.090_232_306, 1e-8);
        near(beta_quantile(0.5, 3.0, 3.0), 0.5, 1e-9);
    }

    #[test]
    fn tails_against_sums() {
        // Binomial(10, 0.3): P(X >= 6) = 0.047349.
        near(share_tail(6, 10, 0.3, 0.0), 0.047_349, 1e-6);
        // Beta-binomial with a = b = 1 is uniform on 0..=n.
        near(share_tail(8, 10, 0.5, 1.0 / 3.0), 3.0 / 11.0, 1e-9);
        // Poisson(4): P(X >= 8) = 0.051134.
        near(count_tail(8, 4.0, 0.0), 0.051_134, 1e-4);
        // Negative binomial of size 1 is geometric: P(X >= 3) = (m / (1 + m))^3.
        near(count_tail(3, 2.0, 1.0), (2.0_f64 / 3.0).powi(3), 1e-9);
    }
}
