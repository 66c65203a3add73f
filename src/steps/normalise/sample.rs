//! What a scale needs to know of the values that it is learned from: a column answers it, and so does the summary of one.

use super::Values;
use crate::kernel::stats;

/// The known values of an indicator. The sums are asked for only where there is a value.
pub(crate) trait Sample {
    /// The lowest and the highest value, and how many there are; none where there is none.
    fn extremes(&self) -> Option<(f64, f64, usize)>;

    /// Mean and standard deviation (divisor `n - 1`), of values that are not all the same.
    fn mean_and_sd(&self) -> (f64, f64);

    /// The root of the sum of the squares.
    fn length(&self) -> f64;

    /// The sum.
    fn sum(&self) -> f64;

    /// The sum of `low / x`, where all are above 0.
    fn sum_of_ratios(&self, low: f64) -> f64;

    /// The values themselves, where they are at hand.
    fn values(&self) -> Option<Values<'_>>;
}

impl Sample for Values<'_> {
    fn extremes(&self) -> Option<(f64, f64, usize)> {
        let (mut low, mut high, mut known) = (f64::INFINITY, f64::NEG_INFINITY, 0);
        self.blocks(|block| {
            let (l, h, k) = extremes(block);
            (low, high, known) = (low.min(l), high.max(h), known + k);
        });
        // -0 becomes 0: which of the two is the lowest must not depend on which comes first.
        (known > 0).then_some((low + 0.0, high + 0.0, known))
    }

    fn mean_and_sd(&self) -> (f64, f64) {
        self.extremes().map_or((f64::NAN, f64::NAN), |ends| moments(self, ends))
    }

    fn length(&self) -> f64 {
        let column = self.known();
        let unit = stats::unit(&column);
        stats::sum(column.iter().map(|v| (v / unit) * (v / unit))).sqrt() * unit
    }

    fn sum(&self) -> f64 {
        stats::sum(self.known())
    }

    fn sum_of_ratios(&self, low: f64) -> f64 {
        stats::sum(self.known().iter().map(|v| low / v))
    }

    fn values(&self) -> Option<Values<'_>> {
        Some(*self)
    }
}

/// Minimum, maximum and number of the values that are known, in lanes that a compiler turns into vector instructions.
fn extremes(values: &[f64]) -> (f64, f64, usize) {
    const LANES: usize = 8;
    let mut low = [f64::INFINITY; LANES];
    let mut high = [f64::NEG_INFINITY; LANES];
    let mut known = [0.0_f64; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for lane in 0..LANES {
            let v = chunk[lane];
            // A comparison with NaN is false, so that a missing value changes nothing.
            low[lane] = if v < low[lane] { v } else { low[lane] };
            high[lane] = if v > high[lane] { v } else { high[lane] };
            known[lane] += if v.is_nan() { 0.0 } else { 1.0 };
        }
    }
    for &v in chunks.remainder() {
        low[0] = if v < low[0] { v } else { low[0] };
        high[0] = if v > high[0] { v } else { high[0] };
        known[0] += if v.is_nan() { 0.0 } else { 1.0 };
    }
    let count: f64 = known.iter().sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    (low.into_iter().fold(f64::INFINITY, f64::min), high.into_iter().fold(f64::NEG_INFINITY, f64::max), count as usize)
}

/// Mean and sample standard deviation, in two passes around the middle of the range and in parts of it, so that neither
/// large values overflow nor small ones vanish. The parts are added up as whole multiples of 2^-80, which no order of the
/// cities changes.
fn moments(values: &Values<'_>, (low, high, known): (f64, f64, usize)) -> (f64, f64) {
    const STEPS: f64 = (1_u128 << 80) as f64;
    let (middle, unit) = (low / 2.0 + high / 2.0, high / 2.0 - low / 2.0);
    if unit < f64::MIN_POSITIVE {
        return (middle, 0.0);
    }
    let n = known as f64;
    let mean_of = |f: &dyn Fn(f64) -> f64, n: f64| {
        let mut total = 0_i128;
        values.blocks(|block| {
            let known = block.iter().filter(|v| !v.is_nan());
            #[expect(clippy::cast_possible_truncation, reason = "of numbers up to 4, and fewer than 2^32 of them")]
            known.for_each(|&v| total += (f((v - middle) / unit) * STEPS) as i128);
        });
        total as f64 / STEPS / n
    };
    let mean = mean_of(&|d| d, n);
    let variance = mean_of(&|d| (d - mean) * (d - mean), n - 1.0);
    (middle + mean * unit, variance.sqrt() * unit)
}
