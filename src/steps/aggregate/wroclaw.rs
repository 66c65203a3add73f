//! The Wroclaw taxonomic method: distance to the best in all children.

use serde::{Deserialize, Serialize};

use super::reference::{differ, extremes, results, unit_of_gaps};
use super::row::known;
use crate::error::Fault;
use crate::kernel::stats;
use crate::steps::siblings::Siblings;

/// The best of every child, and the distance at which the scale ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Wroclaw {
    best: Vec<f64>,
    /// A power of two in which gaps are squared.
    unit: f64,
    /// Mean and two standard deviations of the reference cities' distances.
    far: f64,
}

impl Wroclaw {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        differ(siblings, weights, "the Wroclaw distance")?;
        let (best, worst) = extremes(siblings);
        let mut learned = Self { unit: unit_of_gaps(&best, &worst), best, far: 0.0 };
        let distances = results(siblings, |row| learned.distance(row, weights));
        learned.far = stats::mean(&distances) + 2.0 * stats::sd(&distances, 1.0);
        Ok(learned)
    }

    fn distance(&self, row: &[f64], weights: &[f64]) -> f64 {
        // A new city beyond the best has no gap to it, so that better is never worse.
        let gap = |j: usize, z: f64| (self.best[j] - z).max(0.0) / self.unit;
        known(row, weights).map(|(j, z, w)| w * gap(j, z) * gap(j, z)).sum::<f64>().sqrt() * self.unit
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        1.0 - self.distance(row, weights) / self.far
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        vec![("distance to the best, relative", self.distance(row, weights) / self.far)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let positive = [self.unit, self.far].iter().all(|&x| x > 0.0 && x.is_finite());
        self.best.len() == children && self.best.iter().all(|x| x.is_finite()) && positive
    }
}
