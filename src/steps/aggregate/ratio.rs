//! Methods that divide raw values by what the reference cities have: MOORA, MULTIMOORA, EDAS, MARCOS, COPRAS.

use serde::{Deserialize, Serialize};

use super::reference::{self, differ, extremes, positive, results, row};
use super::row::known;
use crate::error::Fault;
use crate::kernel::stats;
use crate::steps::siblings::Siblings;

fn finite(values: &[f64], children: usize) -> bool {
    values.len() == children && values.iter().all(|x| x.is_finite())
}

/// Whether the values of all children that have a weight are negated where lower is better, and positive elsewhere.
fn signs(values: &[f64], lower: &[bool], weights: &[f64]) -> bool {
    let right = |((v, &lower), &w): ((&f64, &bool), &f64)| w == 0.0 || if lower { *v < 0.0 } else { *v > 0.0 };
    values.iter().zip(lower).zip(weights).all(right)
}

/// MOORA's ratio system: benefits less costs, each over the length of its column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moora {
    /// The length of each column: the root of the sum of its squares.
    lengths: Vec<f64>,
}

impl Moora {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64], method: &'static str) -> Result<Self, Fault> {
        let length = |(column, weight): (&&[f64], &f64)| {
            // A child without a weight leaves no trace.
            if *weight == 0.0 {
                return 1.0;
            }
            let unit = stats::unit(column);
            stats::sum(column.iter().filter(|v| !v.is_nan()).map(|v| (v / unit) * (v / unit))).sqrt() * unit
        };
        let lengths: Vec<f64> = siblings.columns.iter().zip(weights).map(length).collect();
        match lengths.iter().position(|&l| !(l > 0.0 && l.is_finite())) {
            Some(child) => Err(siblings.fault(method, Some(child), "its values are all 0, or too large")),
            None => Ok(Self { lengths }),
        }
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        known(row, weights).map(|(j, z, w)| w * (z / self.lengths[j])).sum()
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        finite(&self.lengths, children) && self.lengths.iter().all(|&l| l > 0.0)
    }
}

/// MULTIMOORA: ratio system, reference point and full multiplicative form, and who wins two of the three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MultiMoora {
    moora: Moora,
    best: Vec<f64>,
    /// Whether a child's scores are negated raw values.
    lower: Vec<bool>,
    /// The three results of the reference cities; of the second, less is better.
    cities: Vec<[f64; 3]>,
}

impl MultiMoora {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        positive(siblings, weights, "MULTIMOORA")?;
        let moora = Moora::learn(siblings, weights, "MULTIMOORA")?;
        let (best, _) = extremes(siblings);
        let mut learned = Self { moora, best, lower: siblings.lower.clone(), cities: Vec::new() };
        let cities = (0..siblings.rows()).map(|city| learned.three(&row(siblings, city), weights));
        let mut cities: Vec<[f64; 3]> = cities.filter(|three| three.iter().all(|v| v.is_finite())).collect();
        cities.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(a[2].total_cmp(&b[2])));
        learned.cities = cities;
        Ok(learned)
    }

    /// The ratio system, the largest weighted distance to the reference point, and the logarithm of the multiplicative form,
    /// of values over the length of their column.
    fn three(&self, row: &[f64], weights: &[f64]) -> [f64; 3] {
        let ratio = self.moora.score(row, weights);
        let (mut farthest, mut logs) = (f64::NEG_INFINITY, 0.0);
        for (j, z, w) in known(row, weights) {
            // A new city beyond the best has no distance to it, so that better is never worse.
            farthest = f64::max(farthest, w * ((self.best[j] - z) / self.moora.lengths[j]).max(0.0));
            // Over the length of the column, so that a city with a gap is not given the unit of the others.
            let log = (z.abs() / self.moora.lengths[j]).ln();
            let taken = (z < 0.0) == self.lower[j];
            logs += w * if taken { log * z.signum() } else { f64::NAN };
        }
        [ratio, farthest, logs]
    }

    /// Reference cities beaten in at least two of the three, less those that beat it so.
    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        let own = self.three(row, weights);
        if own.iter().any(|v| v.is_nan()) {
            return f64::NAN;
        }
        let mut balance = 0.0;
        for other in &self.cities {
            // Results that are equal but for the last digits are equal, in whatever units the figures are.
            let lead = |a: f64, b: f64| {
                let apart = (a - b).abs() > 1e-12 * a.abs().max(b.abs());
                if apart { i32::from(a > b) - i32::from(a < b) } else { 0 }
            };
            let duel = lead(own[0], other[0]) + lead(other[1], own[1]) + lead(own[2], other[2]);
            balance += f64::from(duel.signum());
        }
        balance
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let [ratio, farthest, logs] = self.three(row, weights);
        vec![("ratio system", ratio), ("reference point", farthest), ("multiplicative form", logs.exp())]
    }

    /// Whether the signs are those that the directions ask for.
    pub(crate) fn fits(&self, lower: &[bool], weights: &[f64]) -> bool {
        self.lower == lower && signs(&self.best, lower, weights)
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let cities = !self.cities.is_empty() && self.cities.iter().flatten().all(|v| v.is_finite());
        self.moora.is_sound(children) && finite(&self.best, children) && self.lower.len() == children && cities
    }
}

/// EDAS: above and below the average.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Edas {
    /// The oriented mean of every child.
    means: Vec<f64>,
    above: f64,
    below: f64,
}

impl Edas {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        differ(siblings, weights, "EDAS")?;
        let means: Vec<f64> = siblings.columns.iter().map(|c| stats::mean(c)).collect();
        let not_positive = |j: usize| weights[j] > 0.0 && if siblings.lower[j] { -means[j] } else { means[j] } <= 0.0;
        if let Some(child) = (0..means.len()).find(|&j| not_positive(j)) {
            return Err(siblings.fault("EDAS", Some(child), "the mean of its values must be above 0"));
        }
        let mut learned = Self { means, above: 1.0, below: 1.0 };
        let largest = |of: usize| {
            let side = |row: &[f64]| <[f64; 2]>::from(learned.sides(row, weights))[of];
            results(siblings, side).into_iter().fold(0.0, f64::max)
        };
        let (above, below) = (largest(0), largest(1));
        if above > 0.0 && below > 0.0 {
            (learned.above, learned.below) = (above, below);
            return Ok(learned);
        }
        Err(siblings.fault("EDAS", None, "all cities are the same; it needs two that differ"))
    }

    fn sides(&self, row: &[f64], weights: &[f64]) -> (f64, f64) {
        known(row, weights).fold((0.0, 0.0), |(above, below), (j, z, w)| {
            let lead = w * ((z - self.means[j]) / self.means[j].abs());
            (above + lead.max(0.0), below + (-lead).max(0.0))
        })
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        let (above, below) = self.sides(row, weights);
        f64::midpoint(above / self.above, 1.0 - below / self.below)
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (above, below) = self.sides(row, weights);
        vec![("above average", above), ("below average", below)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let sides = self.above > 0.0 && self.below > 0.0 && self.above.is_finite() && self.below.is_finite();
        finite(&self.means, children) && sides
    }
}

/// MARCOS: utility against the ideal and the anti-ideal city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Marcos {
    best: Vec<f64>,
    worst: Vec<f64>,
}

impl Marcos {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        positive(siblings, weights, "MARCOS")?;
        let (best, worst) = extremes(siblings);
        Ok(Self { best, worst })
    }

    /// Utility of the anti-ideal, of the ideal, and the function of both.
    fn parts(&self, row: &[f64], weights: &[f64]) -> (f64, f64, f64) {
        // Oriented costs are negative: the ratio of two of them turns round, so that the best has 1 and others less.
        let ratio = |z: f64, best: f64| if best < 0.0 { best / z } else { z / best };
        let (mut sum, mut anti) = (0.0, 0.0);
        for (j, z, w) in known(row, weights) {
            let ratio = if (z > 0.0) == (self.best[j] > 0.0) { ratio(z, self.best[j]) } else { f64::NAN };
            let worst = if self.best[j] < 0.0 { self.best[j] / self.worst[j] } else { self.worst[j] / self.best[j] };
            sum += w * ratio;
            anti += w * worst;
        }
        let (minus, plus) = (sum / anti, sum);
        let (f_minus, f_plus) = (plus / (plus + minus), minus / (plus + minus));
        let utility = (plus + minus) / (1.0 + (1.0 - f_plus) / f_plus + (1.0 - f_minus) / f_minus);
        (minus, plus, utility)
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        self.parts(row, weights).2
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (minus, plus, _) = self.parts(row, weights);
        vec![("utility against the anti-ideal", minus), ("utility against the ideal", plus)]
    }

    /// Whether the signs are those that the directions ask for, and the best is no worse than the worst.
    pub(crate) fn fits(&self, lower: &[bool], weights: &[f64]) -> bool {
        let ordered = self.best.iter().zip(&self.worst).all(|(best, worst)| best >= worst);
        ordered && signs(&self.best, lower, weights) && signs(&self.worst, lower, weights)
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        finite(&self.best, children) && finite(&self.worst, children)
    }
}

/// COPRAS: benefits, and costs the other way round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Copras {
    /// The sum of the raw values of every child.
    sums: Vec<f64>,
    lower: Vec<bool>,
    /// The sum of the cities' costs, and of what is 1 over each.
    costs: f64,
    inverse: f64,
    /// The highest result of the reference cities.
    best: f64,
}

impl Copras {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        for child in (0..siblings.columns.len()).filter(|&child| weights[child] > 0.0) {
            let raw = siblings.raw(child);
            let lower = siblings.lower[child];
            if raw.iter().any(|&v| v < 0.0 || (lower && v == 0.0)) {
                let why = if lower { "a cost must be above 0" } else { "a benefit must be 0 or more" };
                return Err(siblings.fault("COPRAS", Some(child), why));
            }
        }
        let sums: Vec<f64> = (0..siblings.columns.len())
            // A child without a weight leaves no trace.
            .map(|c| if weights[c] > 0.0 { reference::sum(&siblings.raw(c)) } else { 1.0 })
            .collect();
        if let Some(child) = sums.iter().position(|&s| !(s > 0.0 && s.is_finite())) {
            return Err(siblings.fault("COPRAS", Some(child), "its values are all 0, or too large"));
        }
        let mut learned = Self { sums, lower: siblings.lower.clone(), costs: 0.0, inverse: 1.0, best: 1.0 };
        let costs: Vec<f64> = results(siblings, |row| learned.sides(row, weights).1);
        let costs: Vec<f64> = costs.into_iter().filter(|&c| c > 0.0).collect();
        if !costs.is_empty() {
            learned.costs = stats::sum(costs.iter().copied());
            learned.inverse = stats::sum(costs.iter().map(|c| 1.0 / c));
        }
        learned.best = results(siblings, |row| learned.significance(row, weights)).into_iter().fold(0.0, f64::max);
        if learned.best > 0.0 && learned.best.is_finite() && learned.inverse.is_finite() {
            return Ok(learned);
        }
        Err(siblings.fault("COPRAS", None, "no city has a result above 0"))
    }

    /// The sums of the weighted shares of benefits and of costs.
    fn sides(&self, row: &[f64], weights: &[f64]) -> (f64, f64) {
        known(row, weights).fold((0.0, 0.0), |(benefits, costs), (j, z, w)| {
            if self.lower[j] {
                (benefits, costs + w * (-z / self.sums[j]))
            } else {
                (benefits + w * (z / self.sums[j]), costs)
            }
        })
    }

    fn significance(&self, row: &[f64], weights: &[f64]) -> f64 {
        let (benefits, costs) = self.sides(row, weights);
        let has_costs = known(row, weights).any(|(j, ..)| self.lower[j]);
        if !has_costs && self.costs == 0.0 {
            return benefits;
        }
        // A city whose costs are all missing, or 0 or less, has no place among those that have some.
        if has_costs && costs > 0.0 { benefits + self.costs / (costs * self.inverse) } else { f64::NAN }
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        100.0 * (self.significance(row, weights) / self.best)
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (benefits, costs) = self.sides(row, weights);
        vec![("benefits", benefits), ("costs", costs), ("relative significance", self.significance(row, weights))]
    }

    /// Whether costs are what the directions say.
    pub(crate) fn fits(&self, lower: &[bool]) -> bool {
        self.lower == lower
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let numbers =
            [self.costs, self.inverse, self.best].iter().all(|x| x.is_finite() && *x >= 0.0) && self.best > 0.0;
        finite(&self.sums, children) && self.sums.iter().all(|&s| s > 0.0) && self.lower.len() == children && numbers
    }
}
