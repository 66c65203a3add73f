//! Distribution functions for p-values.

use super::normal::quantile;

/// The logarithm of the gamma function of a positive number, by Lanczos' approximation (g = 7, nine terms).
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 9] = [
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
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = TERMS[1..].iter().enumerate().fold(TERMS[0], |s, (i, t)| s + t / (x + i as f64 + 1.0));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The logarithm of `gamma(a + 1/2) / gamma(a)`. For large `a` by its asymptotic series: the difference of two large
/// logarithms would lose what matters.
fn ln_half_step(a: f64) -> f64 {
    if a < 20.0 {
        return ln_gamma(a + 0.5) - ln_gamma(a);
    }
    let x = 1.0 / a;
    let terms = [-1.0 / 8.0, 1.0 / 192.0, -1.0 / 640.0, 17.0 / 14336.0, -31.0 / 18432.0];
    0.5 * a.ln() + x * terms.iter().rev().fold(0.0, |sum, term| sum * x * x + term)
}

/// The regularised incomplete beta function of `a` and 1/2 at `x`, by its continued fraction; `y` is `1 - x`, which may be
/// too small to be told from it.
fn incomplete_beta_half(a: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let ln_x = if y < 0.5 { (-y).ln_1p() } else { x.ln() };
    let front = (ln_half_step(a) - ln_gamma(0.5) + a * ln_x + 0.5 * y.ln()).exp();
    if x < (a + 1.0) / (a + 2.5) { front * fraction(a, 0.5, x) / a } else { 1.0 - front * fraction(0.5, a, y) / 0.5 }
}

/// Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / keep(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..500 {
        let m = f64::from(m);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / keep(1.0 + numerator * d);
            c = keep(1.0 + numerator / c);
            h *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// The probability of a Student variable with `df` degrees of freedom beyond `t` on either side.
pub(crate) fn student_two_sided(t: f64, df: f64) -> f64 {
    let square = t * t;
    incomplete_beta_half(df / 2.0, df / (df + square), square / (df + square)).clamp(0.0, 1.0)
}

/// The probability of a normal variable beyond `z` on either side.
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    // The complementary error function as an incomplete gamma: a series near 0, a continued fraction beyond.
    let x = z * z / 2.0;
    if x == 0.0 {
        return 1.0;
    }
    let front = (-x + 0.5 * x.ln() - ln_gamma(0.5)).exp();
    if x < 1.5 {
        let (mut term, mut sum) = (2.0, 2.0);
        for n in 1..500 {
            term *= x / (0.5 + f64::from(n));
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    let mut b = x + 0.5;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..500 {
        let i = f64::from(i);
        let an = -i * (i - 0.5);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        h *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * h
}

/// The `z` beyond which on either side a normal variable lies with this probability, from 0 (exclusive) to 1.
pub(crate) fn normal_beyond(p: f64) -> f64 {
    // Not minus the quantile, which would be -0 in the middle.
    0.0 - quantile((p / 2.0).max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn students_probabilities_in_closed_form() {
        // One degree of freedom: 1 - 2/pi atan t; two: 1 - t / sqrt(2 + t^2).
        for t in [0.1_f64, 0.5, 1.0, 2.5, 12.706] {
            assert_relative_eq!(
                student_two_sided(t, 1.0),
                1.0 - t.atan() / std::f64::consts::FRAC_PI_2,
                max_relative = 1e-10
            );
            assert_relative_eq!(student_two_sided(t, 2.0), 1.0 - t / (2.0 + t * t).sqrt(), max_relative = 1e-10);
        }
        assert_relative_eq!(student_two_sided(2.228138851964939, 10.0), 0.05, max_relative = 1e-10);
        assert_eq!(student_two_sided(0.0, 5.0), 1.0);
    }

    #[test]
    fn students_probabilities_agree_with_scipy() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/scipy/student.csv");
        let mut compared = 0;
        for row in csv::Reader::from_path(path).unwrap().deserialize() {
            let (df, t, p): (f64, f64, f64) = row.unwrap();
            // The probabilities reach down to 1e-200: their logarithms, and so their relative errors, are large there.
            assert_relative_eq!(student_two_sided(t, df), p, max_relative = if p < 1e-20 { 1e-9 } else { 1e-10 });
            compared += 1;
        }
        assert_eq!(compared, 136);
    }

    #[test]
    fn normal_quantiles_of_the_tables() {
        assert_relative_eq!(normal_beyond(0.05), 1.959963984540054, max_relative = 1e-12);
        assert_relative_eq!(normal_beyond(0.1), 1.6448536269514722, max_relative = 1e-12);
        assert_eq!(normal_beyond(1.0), 0.0);
    }

    #[test]
    fn normal_probabilities_of_the_tables() {
        assert_relative_eq!(normal_two_sided(1.959963984540054), 0.05, max_relative = 1e-12);
        assert_relative_eq!(normal_two_sided(1.0), 0.31731050786291415, max_relative = 1e-12);
        assert_relative_eq!(normal_two_sided(-3.0), 0.0026997960632601866, max_relative = 1e-12);
        assert_relative_eq!(normal_two_sided(6.0), 1.9731752900753e-9, max_relative = 1e-10);
    }
}
