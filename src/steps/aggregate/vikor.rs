//! VIKOR: the compromise between what most children say and what the worst one says.

use serde::{Deserialize, Serialize};

use super::reference::{differ, extremes, results};
use super::row::known;
use crate::error::Fault;
use crate::steps::siblings::Siblings;

/// Best and worst of every child, and of `S` and `R`, among the reference cities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vikor {
    v: f64,
    best: Vec<f64>,
    worst: Vec<f64>,
    /// Lowest and highest `S`, and `R`.
    s: (f64, f64),
    r: (f64, f64),
}

impl Vikor {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64], v: f64) -> Result<Self, Fault> {
        differ(siblings, "VIKOR")?;
        let (best, worst) = extremes(siblings);
        let mut learned = Self { v, best, worst, s: (0.0, 0.0), r: (0.0, 0.0) };
        let range = |values: Vec<f64>| {
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)))
        };
        learned.s = range(results(siblings, |row| learned.regrets(row, weights).0));
        learned.r = range(results(siblings, |row| learned.regrets(row, weights).1));
        Ok(learned)
    }

    /// The sum and the largest of the weighted regrets. A child that is the same everywhere regrets nothing.
    fn regrets(&self, row: &[f64], weights: &[f64]) -> (f64, f64) {
        let (mut sum, mut largest) = (0.0, f64::NEG_INFINITY);
        for (j, z, w) in known(row, weights) {
            let range = self.best[j] - self.worst[j];
            let regret = if range > 0.0 { w * ((self.best[j] - z) / range) } else { 0.0 };
            sum += regret;
            largest = f64::max(largest, regret);
        }
        (sum, largest)
    }

    fn parts(&self, row: &[f64], weights: &[f64]) -> (f64, f64, f64) {
        let (s, r) = self.regrets(row, weights);
        let place = |x: f64, (low, high): (f64, f64)| if high > low { (x - low) / (high - low) } else { 0.0 };
        (s, r, self.v * place(s, self.s) + (1.0 - self.v) * place(r, self.r))
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        1.0 - self.parts(row, weights).2
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (s, r, q) = self.parts(row, weights);
        vec![("S", s), ("R", r), ("Q", q)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let finite = |v: &Vec<f64>| v.len() == children && v.iter().all(|x| x.is_finite());
        let ends = [self.s.0, self.s.1, self.r.0, self.r.1, self.v];
        finite(&self.best) && finite(&self.worst) && ends.iter().all(|x| x.is_finite())
    }
}

/// The compromise set: the best city by `Q` alone, if it leads the second by at least `1 / (n - 1)` and is best by `S` or
/// `R` too; both, if only the lead is large enough; else all within `1 / (n - 1)` of the best. By the places of the cities,
/// best first; of equal `Q` the first comes first.
///
/// Reference: Opricovic and Tzeng (2004), [10.1016/S0377-2217(03)00020-1](https://doi.org/10.1016/S0377-2217(03)00020-1).
pub(crate) fn compromise(q: &[f64], s: &[f64], r: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..q.len()).filter(|&i| !q[i].is_nan()).collect();
    order.sort_by(|&a, &b| q[a].total_cmp(&q[b]));
    let [first, second, ..] = order[..] else { return order };
    let lead = 1.0 / (order.len() as f64 - 1.0);
    let best_by = |x: &[f64]| order.iter().all(|&i| x[first] <= x[i]);
    match (q[second] - q[first] >= lead, best_by(s) || best_by(r)) {
        (true, true) => vec![first],
        (true, false) => vec![first, second],
        (false, _) => order.iter().copied().take_while(|&i| q[i] - q[first] < lead).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::compromise;

    #[test]
    fn the_compromise_set_follows_both_conditions() {
        assert_eq!(compromise(&[0.0, 0.6, 1.0], &[0.1, 0.5, 0.9], &[0.1, 0.2, 0.3]), [0]);
        assert_eq!(compromise(&[0.0, 0.6, 1.0], &[0.6, 0.5, 0.9], &[0.3, 0.2, 0.1]), [0, 1]);
        assert_eq!(compromise(&[0.3, 0.0, 1.0, 0.2], &[0.1; 4], &[0.1; 4]), [1, 3, 0]);
        assert_eq!(compromise(&[0.5, f64::NAN], &[0.1; 2], &[0.1; 2]), [0]);
        assert!(compromise(&[], &[], &[]).is_empty());
    }
}
