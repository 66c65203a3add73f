//! Weighted means, a block of cities at a time.

use super::Aggregation;
use crate::steps::denominate::BLOCK;

/// What the power of a score that is not 0 is at least: without this, one below double precision would pass for 0.
const TINY: f64 = 1e-290;
/// A mean of powers below this may be made of such ones, and nothing can be said of it; above it they do not show.
const VANISHED: f64 = 1e-270;

/// Which values of a child are missing.
#[derive(Clone, Copy)]
pub(crate) enum Gaps<'a> {
    /// None: a promise that only saves time.
    None,
    /// Those whose score is NaN.
    Nan,
    /// Those whose mask is 0, where the others are all ones; what stands there means nothing, and other values have a score.
    Masked(&'a [u64]),
}

impl From<bool> for Gaps<'_> {
    /// By whether the values are complete.
    fn from(complete: bool) -> Self {
        if complete { Self::None } else { Self::Nan }
    }
}

/// The sums of a node over its children, for a block of cities.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    scores: Vec<f64>,
    weights: Vec<f64>,
    known: Vec<f64>,
    /// What `weights` and `known` hold for every city as long as no child had a gap.
    common_weight: f64,
    common_known: f64,
    gaps: bool,
    empty: bool,
}

impl Default for Sums {
    fn default() -> Self {
        let zeros = || vec![0.0; BLOCK];
        let (scores, weights, known) = (zeros(), zeros(), zeros());
        Self { scores, weights, known, common_weight: 0.0, common_known: 0.0, gaps: false, empty: true }
    }
}

impl Sums {
    /// Begins a node.
    pub(crate) fn clear(&mut self) {
        (self.common_weight, self.common_known, self.gaps, self.empty) = (0.0, 0.0, false, true);
    }

    /// Adds a child, given its values and how they become scores.
    pub(crate) fn add(
        &mut self,
        aggregation: &Aggregation,
        weight: f64,
        values: &[f64],
        gaps: Gaps<'_>,
        score: impl Fn(f64) -> f64,
    ) {
        // What a mean cannot take becomes NaN in the sum and so in the result.
        let bad = f64::NAN;
        match aggregation {
            Aggregation::Arithmetic => self.add_with(weight, values, gaps, score, |z| z),
            Aggregation::Geometric => {
                self.add_with(weight, values, gaps, score, |z| if z > 0.0 { z.ln() } else { bad });
            }
            Aggregation::Harmonic => {
                let inverse = |z| if z > 0.0 && z < f64::INFINITY { 1.0 / z } else { bad };
                self.add_with(weight, values, gaps, score, inverse);
            }
            &Aggregation::Power { exponent } => {
                let power = |z| match aggregation.takes(z) && z < f64::INFINITY {
                    true if z == 0.0 => 0.0,
                    true => z.powf(exponent).max(TINY),
                    false => bad,
                };
                self.add_with(weight, values, gaps, score, power);
            }
            // What takes whole columns never comes here; if it did, it would be missing and not something else.
            _ => self.add_with(weight, values, gaps, score, |_| bad),
        }
    }

    /// The same sums in the same order with and without gaps, so that a city's score does not depend on its neighbours.
    fn add_with(
        &mut self,
        weight: f64,
        values: &[f64],
        gaps: Gaps<'_>,
        score: impl Fn(f64) -> f64,
        term: impl Fn(f64) -> f64,
    ) {
        let n = values.len();
        let first = std::mem::take(&mut self.empty);
        if !matches!(gaps, Gaps::None) {
            if first {
                self.scores[..n].fill(0.0);
            }
            self.open_gaps(n);
            let (sums, totals, counts) = (&mut self.scores[..n], &mut self.weights[..n], &mut self.known[..n]);
            // Indices, because the compiler turns this into vector instructions and four zipped iterators not.
            if let Gaps::Masked(masks) = gaps {
                let masks = &masks[..n];
                let kept = |v: f64, mask: u64| f64::from_bits(v.to_bits() & mask);
                // Two loops: in one the compiler would have to tell too many slices apart, and does one value at a time.
                // Weight 0 times a score that cannot be taken would be NaN.
                if weight != 0.0 {
                    for i in 0..n {
                        sums[i] += kept(weight * term(score(values[i])), masks[i]);
                    }
                }
                for i in 0..n {
                    totals[i] += kept(weight, masks[i]);
                    counts[i] += kept(1.0, masks[i]);
                }
                return;
            }
            for i in 0..n {
                let z = score(values[i]);
                let known = if z.is_nan() { 0.0 } else { 1.0 };
                let part = weight * term(z);
                sums[i] += if z.is_nan() || weight == 0.0 { 0.0 } else { part };
                totals[i] += known * weight;
                counts[i] += known;
            }
            return;
        }
        let sums = self.scores[..n].iter_mut().zip(values);
        if weight == 0.0 {
            if first {
                sums.for_each(|(sum, _)| *sum = 0.0);
            }
        } else if first {
            // Adding 0 makes a negative zero a positive one, as it would be after any other child.
            sums.for_each(|(sum, &v)| *sum = 0.0 + weight * term(score(v)));
        } else {
            sums.for_each(|(sum, &v)| *sum += weight * term(score(v)));
        }
        if self.gaps {
            self.weights[..n].iter_mut().for_each(|sum| *sum += weight);
            self.known[..n].iter_mut().for_each(|sum| *sum += 1.0);
        } else {
            self.common_weight += weight;
            self.common_known += 1.0;
        }
    }

    fn open_gaps(&mut self, n: usize) {
        if !self.gaps {
            self.weights[..n].fill(self.common_weight);
            self.known[..n].fill(self.common_known);
            self.gaps = true;
        }
    }

    /// Writes the node's scores: NaN where fewer children are known than needed, all known ones have weight 0, one
    /// cannot be taken, or the result is not finite. Returns whether every city has a score.
    pub(crate) fn finish(&mut self, aggregation: &Aggregation, need: usize, out: &mut [f64]) -> bool {
        match aggregation {
            Aggregation::Arithmetic => self.finish_with(need, out, |mean| mean),
            Aggregation::Geometric => self.finish_with(need, out, f64::exp),
            Aggregation::Harmonic => self.finish_with(need, out, |mean| 1.0 / mean),
            &Aggregation::Power { exponent } => self.finish_with(need, out, |mean| {
                let vanished = mean > 0.0 && mean < VANISHED;
                if vanished { f64::NAN } else { mean.powf(1.0 / exponent) }
            }),
            _ => self.finish_with(need, out, |_| f64::NAN),
        }
    }

    fn finish_with(&mut self, need: usize, out: &mut [f64], f: impl Fn(f64) -> f64) -> bool {
        if self.empty {
            out.fill(f64::NAN);
            return false;
        }
        let need = need as f64;
        let mut all = true;
        if self.gaps {
            let sums = self.scores.iter().zip(&self.weights).zip(&self.known);
            for (out, ((&sum, &total), &known)) in out.iter_mut().zip(sums) {
                let mean = sum / total;
                let score = f(mean);
                // Without weight the quotient is NaN; the comparisons are false then.
                let good = (known >= need) & (mean.abs() < f64::INFINITY) & (score.abs() < f64::INFINITY);
                all &= good;
                *out = if good { score } else { f64::NAN };
            }
        } else {
            let enough = self.common_known >= need;
            let total = self.common_weight;
            for (out, &sum) in out.iter_mut().zip(&self.scores) {
                let mean = sum / total;
                let score = f(mean);
                let good = enough & (mean.abs() < f64::INFINITY) & (score.abs() < f64::INFINITY);
                all &= good;
                *out = if good { score } else { f64::NAN };
            }
        }
        all
    }
}
