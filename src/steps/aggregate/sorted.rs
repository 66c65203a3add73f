//! A sorted column of the reference cities in which places are found in nearly constant time.

use serde::{Deserialize, Serialize};

use crate::kernel::stats;

/// How many values are looked at at once.
const AHEAD: usize = 4;

/// The known values of a child among the reference cities, lowest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<f64>", into = "Vec<f64>")]
pub(crate) struct Sorted {
    /// Behind them infinities, which are below nothing.
    padded: Vec<f64>,
    /// The sums of the first values, in units: of none, of one, of two ... Each with what rounding took from it, so that a
    /// value far from the others costs them no digits.
    sums: Vec<(f64, f64)>,
    /// A power of two near the largest value, so that no sum is too large.
    unit: f64,
    /// For equal parts of the range, how many values lie in the parts before.
    starts: Vec<u32>,
    scale: f64,
}

impl Sorted {
    pub(crate) fn of(column: &[f64]) -> Self {
        Self::from(stats::sorted(column))
    }

    pub(crate) fn len(&self) -> usize {
        self.padded.len() - AHEAD
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.len() >= 2 && self.values().is_sorted() && self.values().iter().all(|v| v.is_finite())
    }

    /// How many values are below a bound: those for which `below` holds, which must be the first ones. `near` is where the
    /// bound lies, as far as it is known; it only saves time.
    #[inline]
    pub(crate) fn count(&self, near: f64, below: impl Fn(f64) -> bool) -> usize {
        let part = ((near - self.padded[0]) * self.scale).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and is cut to the table"
        )]
        let part = (part as usize).min(self.starts.len() - 1);
        let from = self.starts[part] as usize;
        // Rounding can put the bound into a part too far on.
        if from > 0 && !below(self.padded[from - 1]) {
            return self.padded[..from - 1].partition_point(|&v| below(v));
        }
        // A part holds one value on average: of the next four some are below, and none of the padding is. Counted without a
        // branch, since which is which cannot be foreseen.
        let next: &[f64] = &self.padded[from..from + AHEAD];
        let below_next: usize = next.iter().map(|&v| usize::from(below(v))).sum();
        if below_next < AHEAD {
            return from + below_next;
        }
        from + AHEAD + self.values()[from + AHEAD..].partition_point(|&v| below(v))
    }

    /// How many values are below one, and how many are the same.
    #[inline]
    pub(crate) fn below_and_same(&self, value: f64) -> (usize, usize) {
        let below = self.count(value, |v| v < value);
        let rest = &self.values()[below..];
        let few = rest.iter().take(AHEAD).take_while(|&&v| v == value).count();
        // Many cities can share a value, such as yes or no: they are not counted one by one for each of them.
        let more = if few < AHEAD { 0 } else { rest[AHEAD..].partition_point(|&v| v == value) };
        (below, few + more)
    }

    pub(crate) fn unit(&self) -> f64 {
        self.unit
    }

    /// The sum of `x - y` over the values in these places, in units.
    #[inline]
    pub(crate) fn gaps(&self, x: f64, from: usize, to: usize) -> f64 {
        // The upper half of the digits times a count has no rounding, nor has the lower.
        let (x, count) = (x / self.unit, (to - from) as f64);
        let upper = f64::from_bits(x.to_bits() & !0x7ff_ffff);
        let lower = x - upper;
        let (sum, rest) = two_sum(self.sums[to].0, -self.sums[from].0);
        let (gap, lost) = two_sum(upper * count, -sum);
        gap + (lost + lower * count - rest - (self.sums[to].1 - self.sums[from].1))
    }

    pub(crate) fn values(&self) -> &[f64] {
        &self.padded[..self.len()]
    }
}

/// A sum and what rounding took from it: Knuth's two-sum.
#[inline]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

impl From<Vec<f64>> for Sorted {
    fn from(values: Vec<f64>) -> Self {
        let n = values.len();
        let (first, last) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
        let scale = if last > first { (n as f64 / (last - first)).min(f64::MAX) } else { 0.0 };
        let unit = stats::unit(&values);
        let mut sums = Vec::with_capacity(n + 1);
        let (mut sum, mut rest) = (0.0, 0.0);
        sums.push((sum, rest));
        for v in &values {
            let (next, lost) = two_sum(sum, v / unit);
            (sum, rest) = (next, rest + lost);
            sums.push((sum, rest));
        }
        let mut starts = Vec::with_capacity(n + 2);
        let mut at = 0;
        for part in 0..=n {
            while at < n && (values[at] - first) * scale < part as f64 {
                at += 1;
            }
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let mut padded = values;
        padded.extend([f64::INFINITY; AHEAD]);
        Self { padded, sums, unit, starts, scale }
    }
}

impl From<Sorted> for Vec<f64> {
    fn from(sorted: Sorted) -> Self {
        sorted.values().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_a_search() {
        let values: Vec<f64> = (0..500).map(|i| f64::from(i * i % 97) + f64::from(i % 7) * 1e-3).collect();
        for column in [values, vec![0.0, 1e-300, 1e300], vec![3.0; 5], vec![3.0; 4], vec![-1e9, 1.0, 1.0, 2.0, 3.0]] {
            let sorted = Sorted::of(&column);
            for x in column.iter().copied().chain([-1e12, 0.5, 3.0, 1e12]) {
                assert_eq!(sorted.count(x, |v| v < x), sorted.values().partition_point(|&v| v < x));
                assert_eq!(sorted.count(x, |v| v <= x), sorted.values().partition_point(|&v| v <= x));
                let same = column.iter().filter(|&&v| v == x).count();
                assert_eq!(sorted.below_and_same(x), (sorted.values().partition_point(|&v| v < x), same));
            }
        }
    }
}
