//! Weighted means, a block of cities at a time.

use super::Aggregation;
use crate::steps::denominate::BLOCK;

/// The sums of a node over its children, for a block of cities.
pub(crate) struct Sums {
    scores: [f64; BLOCK],
    weights: [f64; BLOCK],
    known: [f64; BLOCK],
    /// What `weights` and `known` hold for every city as long as no child had a gap.
    common_weight: f64,
    common_known: f64,
    gaps: bool,
}

impl Sums {
    pub(crate) fn new() -> Self {
        Self {
            scores: [0.0; BLOCK],
            weights: [0.0; BLOCK],
            known: [0.0; BLOCK],
            common_weight: 0.0,
            common_known: 0.0,
            gaps: false,
        }
    }

    /// Begins a node.
    pub(crate) fn clear(&mut self) {
        self.scores.fill(0.0);
        (self.common_weight, self.common_known, self.gaps) = (0.0, 0.0, false);
    }

    /// Adds the scores of a child. `complete` says that none is missing: a promise that only saves time.
    pub(crate) fn add(&mut self, aggregation: Aggregation, weight: f64, scores: &[f64], complete: bool) {
        // What a mean cannot take becomes NaN in the sum and so in the result.
        match aggregation {
            Aggregation::Arithmetic => self.add_with(weight, scores, complete, |z| z),
            Aggregation::Geometric => {
                self.add_with(weight, scores, complete, |z| if z > 0.0 { z.ln() } else { f64::NAN })
            }
            Aggregation::Harmonic => {
                self.add_with(weight, scores, complete, |z| if z > 0.0 { 1.0 / z } else { f64::NAN })
            }
            Aggregation::Power { exponent } => self.add_with(weight, scores, complete, |z| {
                if aggregation.takes(z) {
                    z.powf(exponent)
                } else {
                    f64::NAN
                }
            }),
        }
    }

    /// The same sums in the same order with and without gaps, so that a city's score does not depend on its neighbours.
    fn add_with(&mut self, weight: f64, scores: &[f64], complete: bool, f: impl Fn(f64) -> f64) {
        let n = scores.len();
        if complete {
            if weight != 0.0 {
                for (sum, &z) in self.scores[..n].iter_mut().zip(scores) {
                    *sum += weight * f(z);
                }
            }
            if self.gaps {
                self.weights[..n].iter_mut().for_each(|sum| *sum += weight);
                self.known[..n].iter_mut().for_each(|sum| *sum += 1.0);
            } else {
                self.common_weight += weight;
                self.common_known += 1.0;
            }
            return;
        }
        self.open_gaps();
        let sums = self.scores[..n]
            .iter_mut()
            .zip(&mut self.weights[..n])
            .zip(&mut self.known[..n]);
        for (((sum, total), known), &z) in sums.zip(scores) {
            let missing = z.is_nan();
            let part = if weight == 0.0 { 0.0 } else { weight * f(z) };
            *sum += if missing { 0.0 } else { part };
            *total += if missing { 0.0 } else { weight };
            *known += if missing { 0.0 } else { 1.0 };
        }
    }

    fn open_gaps(&mut self) {
        if !self.gaps {
            self.weights.fill(self.common_weight);
            self.known.fill(self.common_known);
            self.gaps = true;
        }
    }

    /// Writes the node's scores: NaN where fewer children are known than needed, all known ones have weight 0, one
    /// cannot be taken, or the result is not finite. Returns whether every city has a score.
    pub(crate) fn finish(&mut self, aggregation: Aggregation, need: usize, out: &mut [f64]) -> bool {
        match aggregation {
            Aggregation::Arithmetic => self.finish_with(need, out, |mean| mean),
            Aggregation::Geometric => self.finish_with(need, out, f64::exp),
            Aggregation::Harmonic => self.finish_with(need, out, |mean| 1.0 / mean),
            Aggregation::Power { exponent } => self.finish_with(need, out, |mean| mean.powf(1.0 / exponent)),
        }
    }

    fn finish_with(&mut self, need: usize, out: &mut [f64], f: impl Fn(f64) -> f64) -> bool {
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
