//! Grey relational analysis: how near a city's profile runs to the best one.

use serde::{Deserialize, Serialize};

use super::reference::{differ, extremes};
use super::row::known;
use crate::error::Fault;
use crate::steps::siblings::Siblings;

/// The best of every child, and the largest gap to it anywhere among the reference cities; the smallest is 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grey {
    zeta: f64,
    best: Vec<f64>,
    largest: f64,
}

impl Grey {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64], zeta: f64) -> Result<Self, Fault> {
        differ(siblings, weights, "the grey relational analysis")?;
        let (best, worst) = extremes(siblings);
        // A child without a weight leaves no trace.
        let gaps = best.iter().zip(&worst).zip(weights).filter(|(_, w)| **w > 0.0).map(|((b, w), _)| b - w);
        let largest = gaps.fold(0.0, f64::max);
        if largest > 0.0 && largest.is_finite() {
            return Ok(Self { zeta, best, largest });
        }
        let why = "the children that have a weight are the same in all cities, or too far apart";
        Err(siblings.fault("the grey relational analysis", None, why))
    }

    pub(crate) fn has(&self, zeta: f64) -> bool {
        self.zeta == zeta
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        let base = self.zeta * self.largest;
        // A new city may be better than the best that was known: it has no gap.
        known(row, weights).map(|(j, z, w)| w * (base / ((self.best[j] - z).max(0.0) + base))).sum()
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let numbers = [self.zeta, self.largest];
        let positive = numbers.iter().all(|&x| x > 0.0 && x.is_finite());
        self.best.len() == children && self.best.iter().all(|x| x.is_finite()) && positive
    }
}
