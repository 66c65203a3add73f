//! Statistics of columns: the one place for means, moments, quantiles, correlations. NaN stands for a missing value.
//!
//! Sums are taken over values divided by a power of two near the largest, so that neither tiny nor huge magnitudes lose
//! anything: the division is exact.

use std::cmp::Ordering;

/// The sum of terms, the same to the last bit in whatever order they come: permuting the cities changes nothing. Sorting
/// costs more than adding; this is for learning, which is done once.
pub(crate) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut terms: Vec<f64> = terms.into_iter().collect();
    terms.sort_unstable_by(f64::total_cmp);
    terms.into_iter().sum()
}

/// The values that are known, in order.
pub(crate) fn known(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|v| !v.is_nan()).collect()
}

/// The lowest and the highest value that is known; infinities the wrong way round where there is none.
pub(crate) fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}

/// The power of two by which values are divided so that the largest lies in 1..2; 1 where there is none but zero.
pub(crate) fn unit(values: &[f64]) -> f64 {
    let largest = values.iter().copied().filter(|v| v.is_finite()).fold(0.0_f64, |a, v| a.max(v.abs()));
    if largest == 0.0 { 1.0 } else { power_of_two_below(largest) }
}

/// The largest power of two that is not above a positive number.
fn power_of_two_below(x: f64) -> f64 {
    if x < f64::MIN_POSITIVE {
        return f64::MIN_POSITIVE;
    }
    f64::from_bits(x.to_bits() & 0x7ff0_0000_0000_0000)
}

/// The mean; NaN where there is no value. Never outside of the values, whatever the rounding: the mean of values that are
/// all the same is that value to the last bit.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let (unit, known) = (unit(values), known(values));
    let (low, high) = range(&known);
    let mean = sum(known.iter().map(|v| v / unit)) / known.len() as f64 * unit;
    // Comparisons with NaN are false, so that no value has no mean.
    if mean < low {
        low
    } else if mean > high {
        high
    } else {
        mean
    }
}

/// Number, and the sums of the second, third and fourth power of the deviations, in units, and the unit.
pub(crate) struct Moments {
    pub(crate) n: f64,
    pub(crate) s2: f64,
    pub(crate) s3: f64,
    pub(crate) s4: f64,
    pub(crate) unit: f64,
}

/// The moments of the values that are known, taken around their mean; all zero deviations where they are all the same.
pub(crate) fn moments(values: &[f64]) -> Moments {
    // Deviations from one of the values are exact for values that are all the same, and small where values are close; from
    // the lowest, and in the order of size, they are the same whatever the order of the cities.
    let values = &sorted(values);
    let first = values.first().copied().unwrap_or(f64::NAN);
    let offset = unit(values);
    let deviation = |v: &f64| v / offset - first / offset;
    let deviations: Vec<f64> = values.iter().map(deviation).collect();
    let spread = unit(&deviations);
    let n = deviations.len() as f64;
    let centre = deviations.iter().map(|d| d / spread).sum::<f64>() / n;
    let (mut s2, mut s3, mut s4) = (0.0, 0.0, 0.0);
    for d in &deviations {
        let d = d / spread - centre;
        let square = d * d;
        s2 += square;
        s3 += square * d;
        s4 += square * square;
    }
    let unit = offset * spread;
    Moments { n, s2, s3, s4, unit }
}

/// The standard deviation with the divisor `n - ddof`; NaN where there are not more values than that.
pub(crate) fn sd(values: &[f64], ddof: f64) -> f64 {
    let m = moments(values);
    if m.n <= ddof { f64::NAN } else { (m.s2 / (m.n - ddof)).sqrt() * m.unit }
}

/// Skewness of type 2 (Excel, SAS): none below three values or where all are the same.
///
/// `sqrt(n) S3 / S2^(3/2) * sqrt(n (n - 1)) / (n - 2)`. Reference: Joanes and Gill (1998),
/// [10.1111/1467-9884.00122](https://doi.org/10.1111/1467-9884.00122).
pub(crate) fn skewness(values: &[f64]) -> Option<f64> {
    let Moments { n, s2, s3, .. } = moments(values);
    (n >= 3.0 && s2 > 0.0).then(|| n.sqrt() * s3 / s2.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0))
}

/// Excess kurtosis of type 2: none below four values or where all are the same.
///
/// `((n + 1) (n S4 / S2^2 - 3) + 6) (n - 1) / ((n - 2) (n - 3))`. Reference: as for the skewness.
pub(crate) fn kurtosis(values: &[f64]) -> Option<f64> {
    let Moments { n, s2, s4, .. } = moments(values);
    let excess = || ((n + 1.0) * (n * s4 / (s2 * s2) - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
    (n >= 4.0 && s2 > 0.0).then(excess)
}

/// The values that are known, sorted, lowest first.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut known = known(values);
    known.sort_unstable_by(f64::total_cmp);
    known
}

/// A quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan, 1996); NaN where there is none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = share.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the slice")]
    let below = at.floor() as usize;
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    between(a, b, at - at.floor())
}

/// The quantile at `part / of`, which is exactly a value where it falls on one: `7.0 / 10.0 * 90.0` is not 63.
pub(crate) fn quantile_of(sorted: &[f64], part: usize, of: usize) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let below = (part * last / of).min(last);
    between(sorted[below], sorted[(below + 1).min(last)], (part * last % of) as f64 / of as f64)
}

/// Part of the way from one value to another; where they are the same exactly that, which rounding would miss.
fn between(a: f64, b: f64, part: f64) -> f64 {
    // Two products, because the difference of two values can overflow.
    if part == 0.0 || a == b { a } else { a * (1.0 - part) + b * part }
}

/// The median; NaN where there is no value.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(&sorted(values), 0.5)
}

/// The pairs of which both values are known.
pub(crate) fn pairs(a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan()).unzip()
}

/// Ranks from 1 for the lowest, ties taking the mean of their ranks. No value may be NaN.
pub(crate) fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].partial_cmp(&values[b]).unwrap_or(Ordering::Equal));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let end = start + order[start..].iter().take_while(|&&i| values[i] == values[order[start]]).count();
        for &i in &order[start..end] {
            ranks[i] = (start + 1 + end) as f64 / 2.0;
        }
        start = end;
    }
    ranks
}

/// Pearson's correlation over the pairs that are known: none below two, or where one side is always the same.
pub(crate) fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = pairs(a, b);
    let (da, db) = (centred(&a), centred(&b));
    let dot = |x: &[f64], y: &[f64]| sum(x.iter().zip(y).map(|(x, y)| x * y));
    let (aa, bb) = (dot(&da, &da), dot(&db, &db));
    (aa > 0.0 && bb > 0.0).then(|| (dot(&da, &db) / (aa.sqrt() * bb.sqrt())).clamp(-1.0, 1.0))
}

/// Deviations from the mean, divided by a power of two so that the largest lies near 1; exactly 0 where all are the same.
pub(crate) fn centred(values: &[f64]) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let first = values.iter().copied().fold(f64::INFINITY, f64::min);
    let offset = unit(values);
    let deviations: Vec<f64> = values.iter().map(|v| v / offset - first / offset).collect();
    let spread = unit(&deviations);
    let mean = sum(deviations.iter().map(|d| d / spread)) / deviations.len() as f64;
    deviations.iter().map(|d| d / spread - mean).collect()
}

/// Spearman's correlation over the pairs that are known: Pearson's of the average ranks.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = pairs(a, b);
    pearson(&average_ranks(&a), &average_ranks(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_do_not_depend_on_the_unit() {
        let values = [3.0, 5.0, 2.0, f64::NAN, 8.0, 6.0];
        for unit in [1.0, 1e-300, 1e300] {
            let scaled: Vec<f64> = values.iter().map(|v| v * unit).collect();
            approx::assert_relative_eq!(skewness(&scaled).unwrap(), 0.205752797056, max_relative = 1e-11);
            approx::assert_relative_eq!(kurtosis(&scaled).unwrap(), -1.11726685134, max_relative = 1e-11);
            approx::assert_relative_eq!(sd(&scaled, 1.0) / unit, 2.387467277262665, max_relative = 1e-12);
            approx::assert_relative_eq!(mean(&scaled) / unit, 4.8, max_relative = 1e-14);
        }
    }

    #[test]
    fn correlations_agree_with_the_golden_matrix() {
        let (x1, x4) = ([3.0, 5.0, 2.0, 8.0, 6.0], [0.2, 0.5, 0.3, 0.6, 0.9]);
        approx::assert_relative_eq!(pearson(&x1, &x4).unwrap(), 0.726483157257, max_relative = 1e-11);
        approx::assert_relative_eq!(spearman(&x1, &x4).unwrap(), 0.8, max_relative = 1e-12);
        assert_eq!(pearson(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(pearson(&[0.1; 7], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), None);
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.5), 3.0);
        assert_eq!(quantile(&[-1.7e308, 1.7e308], 0.5), 0.0);
        assert_eq!(quantile(&[12.34, 12.34], 1.0 / 3.0), 12.34);
        assert_eq!(quantile_of(&[1.0, 2.0, 4.0, 8.0], 1, 2), 3.0);
        assert_eq!(quantile_of(&[1.0, 2.0, 4.0, 8.0], 2, 3), 4.0);
        assert!(quantile_of(&[], 1, 2).is_nan());
        assert!(median(&[f64::NAN]).is_nan());
        assert_eq!(average_ranks(&[9.0, 7.0, 7.0, 5.0]), [4.0, 2.5, 2.5, 1.0]);
    }
}
