//! Filling in by a joint normal distribution, learned by expectation and maximisation.

use serde::{Deserialize, Serialize};

use super::filler::{Columns, Filler};
use crate::error::Fault;
use crate::kernel::{solve, stats};

/// Means and covariances of the indicators, each standardised by the mean and standard deviation of what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Normal {
    /// Mean and standard deviation of each indicator; none where nobody has it, or all have the same.
    units: Vec<Option<(f64, f64)>>,
    /// The value of an indicator that all have the same of.
    same: Vec<Option<f64>>,
    means: Vec<f64>,
    /// Row by row.
    covariances: Vec<f64>,
}

/// Why there is no distribution.
const SINGULAR: &str =
    "the covariances are singular: there are too many indicators for the cities, or two say the same";

fn fault(why: &'static str) -> Fault {
    let method = "the imputation by expectation and maximisation";
    Fault::NotLearned { method, node: "the indicators".to_owned(), child: None, why }
}

impl Filler {
    pub(super) fn expectation_maximisation(
        columns: &Columns<'_>,
        iterations: usize,
        tolerance: f64,
    ) -> Result<Self, Fault> {
        let k = columns.values.len();
        let unit = |c: &Vec<f64>| Some((stats::mean(c), stats::sd(c, 0.0))).filter(|(m, s)| m.is_finite() && *s > 0.0);
        let units: Vec<Option<(f64, f64)>> = columns.values.iter().map(unit).collect();
        let same = |(c, unit): (&Vec<f64>, &Option<(f64, f64)>)| {
            if unit.is_none() { c.iter().copied().find(|v| !v.is_nan()) } else { None }
        };
        let same = columns.values.iter().zip(&units).map(same).collect();
        let mut normal = Normal { units, same, means: vec![0.0; k], covariances: vec![0.0; k * k] };
        (0..k).for_each(|j| normal.covariances[j * k + j] = 1.0);
        // In an order of their own, so that sums do not depend on that of the cities.
        let mut rows: Vec<Vec<f64>> = (0..columns.cities())
            .map(|city| (0..k).map(|j| normal.standardised(j, columns.values[j][city])).collect())
            .collect();
        rows.retain(|row: &Vec<f64>| row.iter().any(|v| !v.is_nan()));
        rows.sort_by(|a, b| {
            a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        let n = rows.len() as f64;
        // As many cities as indicators, or fewer, lie in a plane: any number of distributions fits them, and which one is
        // found would depend on where the search begins.
        if rows.len() <= normal.units.iter().flatten().count() {
            return Err(fault(SINGULAR));
        }
        for _ in 0..iterations {
            let mut sums = vec![0.0; k];
            let mut products = vec![0.0; k * k];
            for row in &rows {
                let (expected, spread) = normal.given(row).ok_or_else(|| fault(SINGULAR))?;
                for i in 0..k {
                    sums[i] += expected[i];
                    for j in 0..k {
                        products[i * k + j] += expected[i] * expected[j] + spread[i * k + j];
                    }
                }
            }
            let means: Vec<f64> = sums.iter().map(|s| s / n).collect();
            let covariances: Vec<f64> = (0..k * k).map(|at| products[at] / n - means[at / k] * means[at % k]).collect();
            let change = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            let moved = change(&means, &normal.means).max(change(&covariances, &normal.covariances));
            (normal.means, normal.covariances) = (means, covariances);
            if !moved.is_finite() {
                break;
            }
            if moved <= tolerance {
                return Ok(Self::Normal(normal));
            }
        }
        Err(fault("it does not settle within the iterations; allow more of them, or a larger tolerance"))
    }
}

impl Normal {
    /// NaN where it is missing, or the indicator has no spread.
    fn standardised(&self, indicator: usize, value: f64) -> f64 {
        self.units[indicator].map_or(f64::NAN, |(mean, sd)| (value - mean) / sd)
    }

    /// The expected values of a city's indicators, standardised, given those that it has, and the covariances that are left;
    /// none where those that it has are singular. Indicators without spread take no part.
    fn given(&self, row: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
        let k = row.len();
        let have: Vec<usize> = (0..k).filter(|&j| !row[j].is_nan()).collect();
        let lack: Vec<usize> = (0..k).filter(|&j| row[j].is_nan() && self.units[j].is_some()).collect();
        let mut expected: Vec<f64> = row.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect();
        let mut spread = vec![0.0; k * k];
        if lack.is_empty() {
            return Some((expected, spread));
        }
        let of = |i: usize, j: usize| self.covariances[i * k + j];
        let known: Vec<f64> = have.iter().flat_map(|&i| have.iter().map(move |&j| of(i, j))).collect();
        let gaps: Vec<f64> = have.iter().map(|&j| row[j] - self.means[j]).collect();
        let weights = lack
            .iter()
            .map(|&i| solve::solve(&known, &have.iter().map(|&j| of(i, j)).collect::<Vec<f64>>()))
            .collect::<Option<Vec<Vec<f64>>>>()?;
        for (&i, weights) in lack.iter().zip(&weights) {
            expected[i] = self.means[i] + weights.iter().zip(&gaps).map(|(w, g)| w * g).sum::<f64>();
            for &j in &lack {
                let explained: f64 = weights.iter().zip(&have).map(|(w, &h)| w * of(h, j)).sum();
                spread[i * k + j] = of(i, j) - explained;
            }
        }
        Some((expected, spread))
    }

    pub(super) fn value(&self, indicator: usize, row: &[f64]) -> Option<f64> {
        let Some((mean, sd)) = self.units[indicator] else { return self.same[indicator] };
        if row.iter().all(|v| v.is_nan()) {
            return None;
        }
        let standardised: Vec<f64> = row.iter().enumerate().map(|(j, v)| self.standardised(j, *v)).collect();
        Some(mean + sd * self.given(&standardised)?.0[indicator])
    }

    pub(super) fn is_sound(&self, indicators: usize) -> bool {
        let lengths = [self.units.len(), self.same.len(), self.means.len()];
        let numbers = self.means.iter().chain(&self.covariances).all(|v| v.is_finite());
        let units = self.units.iter().flatten().all(|(mean, sd)| mean.is_finite() && *sd > 0.0 && sd.is_finite());
        lengths == [indicators; 3] && self.covariances.len() == indicators * indicators && numbers && units
    }
}
