//! Rules that need nothing from other cities: median, minimum, ordered weights, Mazziotta-Pareto, coupling, WASPAS, SPOTIS.

use super::row::known;

/// Up to so many children are sorted without taking memory.
const FEW: usize = 32;

/// The known children, score and weight, on the stack while they are few.
fn gathered<'b>(
    row: &[f64],
    weights: &[f64],
    few: &'b mut [(f64, f64); FEW],
    many: &'b mut Vec<(f64, f64)>,
) -> &'b mut [(f64, f64)] {
    let all = known(row, weights).map(|(_, z, w)| (z, w));
    if row.len() > FEW {
        many.extend(all);
        return many;
    }
    let mut count = 0;
    for (to, from) in few.iter_mut().zip(all) {
        *to = from;
        count += 1;
    }
    &mut few[..count]
}

/// The weighted median: the score below and above which half of the weight lies; between two, their mean.
pub(crate) fn median(row: &[f64], weights: &[f64]) -> f64 {
    let (mut few, mut many) = ([(0.0, 0.0); FEW], Vec::new());
    let sorted = gathered(row, weights, &mut few, &mut many);
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut below = 0.0;
    for (i, &(z, w)) in sorted.iter().enumerate() {
        below += w;
        // Weights are rounded: a sum that should be one half may miss it by the last digits.
        if (below - 0.5).abs() < 1e-12 {
            return sorted.get(i + 1).map_or(z, |next| z / 2.0 + next.0 / 2.0);
        }
        if below > 0.5 {
            return z;
        }
    }
    f64::NAN
}

pub(crate) fn minimum(row: &[f64], weights: &[f64]) -> f64 {
    known(row, weights).map(|(_, z, _)| z).fold(f64::INFINITY, f64::min)
}

/// Scores from best to worst, each with the rise of `share^exponent` over its weight.
pub(crate) fn ordered(row: &[f64], weights: &[f64], exponent: f64) -> f64 {
    let (mut few, mut many) = ([(0.0, 0.0); FEW], Vec::new());
    let sorted = gathered(row, weights, &mut few, &mut many);
    sorted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
    let (mut share, mut before, mut sum) = (0.0_f64, 0.0_f64, 0.0);
    for (i, &(z, w)) in sorted.iter().enumerate() {
        share += w;
        let reached = if i + 1 == sorted.len() { 1.0 } else { share.min(1.0).powf(exponent) };
        sum += (reached - before) * z;
        before = reached;
    }
    sum
}

/// Mean, and the variance over it; the variance with the divisor of a sample where asked for.
pub(crate) fn mazziotta_pareto(row: &[f64], weights: &[f64], downward: bool, sample: bool) -> f64 {
    let all = known(row, weights);
    let mean: f64 = all.clone().map(|(_, z, w)| w * z).sum();
    if mean <= 0.0 {
        return f64::NAN;
    }
    let n = all.clone().count() as f64;
    // Each deviation over the mean before it is squared, so that scales of any size do.
    let penalty: f64 = all.map(|(_, z, w)| w * (z - mean) * ((z - mean) / mean)).sum();
    let penalty = if sample && n > 1.0 { penalty * n / (n - 1.0) } else { penalty };
    if downward { mean - penalty } else { mean + penalty }
}

/// Coupling, coordination index and coupling coordination degree: `C`, `T`, `D`.
pub(crate) fn coupling(row: &[f64], weights: &[f64]) -> (f64, f64, f64) {
    let all = known(row, weights);
    if all.clone().any(|(_, u, _)| !(0.0..=1.0).contains(&u)) {
        return (f64::NAN, f64::NAN, f64::NAN);
    }
    let n = all.clone().count() as f64;
    let (sum, logs) = all.clone().fold((0.0, 0.0), |(s, l), (_, u, _)| (s + u, l + u.ln()));
    let level: f64 = all.map(|(_, u, w)| w * u).sum();
    // All zero: whatever the coupling, nothing is coordinated.
    let coupling = if sum > 0.0 { ((logs / n).exp() * n / sum).min(1.0) } else { 0.0 };
    (coupling, level, (coupling * level).sqrt())
}

/// The weighted sum and the weighted product of ratios: `lambda` of the one and the rest of the other.
pub(crate) fn waspas(row: &[f64], weights: &[f64], lambda: f64) -> (f64, f64, f64) {
    let all = known(row, weights);
    if all.clone().any(|(_, z, _)| z <= 0.0) {
        return (f64::NAN, f64::NAN, f64::NAN);
    }
    let sum: f64 = all.clone().map(|(_, z, w)| w * z).sum();
    let product = all.map(|(_, z, w)| w * z.ln()).sum::<f64>().exp();
    (sum, product, lambda * sum + (1.0 - lambda) * product)
}

/// The weighted distance to the best end of the scale, from 0 to 1.
pub(crate) fn spotis(row: &[f64], weights: &[f64], (low, high): (f64, f64)) -> f64 {
    known(row, weights).map(|(_, z, w)| w * (high - z) / (high - low)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    const EQUAL: [f64; 4] = [0.25; 4];

    #[test]
    fn the_median_is_the_ordinary_one_for_equal_weights() {
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0], &EQUAL), 2.5);
        assert_eq!(median(&[4.0, f64::NAN, 3.0, 2.0], &EQUAL), 3.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0], &[0.6, 0.2, 0.1, 0.1]), 4.0);
        assert_eq!(median(&[4.0, 1.0, 3.0], &[0.1, 0.3, 0.2]), 2.0); // half of the weight on either side
    }

    #[test]
    fn ordered_weights_lie_between_the_worst_and_the_best() {
        let row = [4.0, 1.0, 3.0, 2.0];
        assert_relative_eq!(ordered(&row, &EQUAL, 1.0), 2.5);
        // Shares 1/4, 1/2, 3/4, 1 squared: 1/16, 3/16, 5/16, 7/16 from the best down.
        assert_relative_eq!(ordered(&row, &EQUAL, 2.0), (4.0 + 9.0 + 10.0 + 7.0) / 16.0);
        assert!(ordered(&row, &EQUAL, 50.0) < 1.01);
        assert!(ordered(&row, &EQUAL, 0.01) > 3.9);
    }

    #[test]
    fn coupling_by_hand() {
        // C = 2 sqrt(0.2 * 0.8) / 1 = 0.8; T = 0.5; D = sqrt(0.4).
        let (c, t, d) = coupling(&[0.2, 0.8], &[0.5, 0.5]);
        assert_relative_eq!(c, 0.8, max_relative = 1e-12);
        assert_relative_eq!(t, 0.5);
        assert_relative_eq!(d, 0.4_f64.sqrt(), max_relative = 1e-12);
        assert_eq!(coupling(&[0.0, 0.0], &[0.5, 0.5]).2, 0.0);
        assert!(coupling(&[0.5, 1.5], &[0.5, 0.5]).2.is_nan());
    }

    #[test]
    fn one_child_has_no_imbalance() {
        assert_eq!(mazziotta_pareto(&[80.0, f64::NAN], &[0.5, 0.5], true, true), 80.0);
        assert!(mazziotta_pareto(&[-1.0, -2.0], &[0.5, 0.5], true, true).is_nan());
    }
}
