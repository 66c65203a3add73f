//! Benefit of the doubt: each city with the weights that show it at its best.

use serde::{Deserialize, Serialize};

use super::objective::fault;
use crate::error::Fault;
use crate::kernel::simplex::Simplex;
use crate::steps::siblings::Siblings;

const METHOD: &str = "benefit of the doubt";

/// The frontier of the cities of the fit: those that no other equals or betters in every child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BenefitOfTheDoubt {
    /// In a fixed order, whatever that of the cities.
    frontier: Vec<Vec<f64>>,
    shares: Option<(f64, f64)>,
}

impl BenefitOfTheDoubt {
    /// Cities with a gap do not take part: a gap taken for 0 would be a judgement, and left out would loosen the frontier.
    pub(crate) fn learn(siblings: &Siblings<'_>, shares: Option<(f64, f64)>) -> Result<Self, Fault> {
        let k = siblings.columns.len();
        if let Some((low, high)) = shares {
            if low * k as f64 > 1.0 || high * (k as f64) < 1.0 {
                let why = "the shares cannot add up to 1 with so many children; widen their limits";
                return Err(fault(siblings, METHOD, None, why));
            }
        }
        if let Some(child) = siblings.columns.iter().position(|c| c.iter().any(|&z| z < 0.0)) {
            return Err(fault(siblings, METHOD, Some(child), "every score must be 0 or more"));
        }
        let mut rows: Vec<Vec<f64>> =
            siblings.complete().iter().map(|&row| siblings.columns.iter().map(|c| c[row] + 0.0).collect()).collect();
        if rows.is_empty() {
            return Err(fault(siblings, METHOD, None, "no city is known in every child; impute, or leave a child out"));
        }
        if let Some(child) = (0..k).find(|&j| rows.iter().all(|row| row[j] == 0.0)) {
            return Err(fault(
                siblings,
                METHOD,
                Some(child),
                "it is 0 in all cities, so that nothing bounds its weight",
            ));
        }
        rows.sort_by(|a, b| {
            let order = a.iter().zip(b).map(|(a, b)| b.total_cmp(a));
            order.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        rows.dedup();
        // In this order a city can only be bettered by one before it.
        let mut frontier: Vec<Vec<f64>> = Vec::new();
        for row in rows {
            if !frontier.iter().any(|other| other.iter().zip(&row).all(|(o, r)| o >= r)) {
                frontier.push(row);
            }
        }
        Ok(Self { frontier, shares })
    }

    /// The best score of a city and the weights that give it, one a child, 0 where it is missing; none where there is none.
    pub(crate) fn score(&self, row: &[f64]) -> Option<(f64, Vec<f64>)> {
        let mut simplex = Simplex::default();
        let score = self.solve(row, &mut simplex)?;
        let mut weights = vec![0.0; row.len()];
        let places = row.iter().enumerate().filter(|(_, z)| !z.is_nan()).map(|(j, _)| j);
        places.zip(simplex.solution()).for_each(|(j, w)| weights[j] = w);
        Some((score, weights))
    }

    fn solve(&self, row: &[f64], simplex: &mut Simplex) -> Option<f64> {
        if row.iter().any(|&z| z < 0.0) {
            return None;
        }
        let play = || row.iter().enumerate().filter(|(_, z)| !z.is_nan()).map(|(j, &z)| (j, z));
        let k = play().count();
        simplex.begin(play().map(|(_, z)| z));
        for other in &self.frontier {
            simplex.row(play().map(|(j, _)| other[j]), 1.0);
        }
        if let Some((low, high)) = self.shares {
            // A limit that cannot be met with the children that are known does not bind.
            let (low, high) = (low.min(1.0 / k as f64), high.max(1.0 / k as f64));
            for (j, _) in play() {
                simplex.row(play().map(|(l, z)| low * z - if l == j { z } else { 0.0 }), 0.0);
                simplex.row(play().map(|(l, z)| if l == j { z } else { 0.0 } - high * z), 0.0);
            }
        }
        let score = simplex.maximise()? + 0.0;
        // A child that is 0 can hold no share of a score: under limits there may be no weights but 0.
        if self.shares.is_some() && score <= 0.0 {
            return None;
        }
        // A city on the frontier has 1, and rounding must not make it anything else.
        Some(if (score - 1.0).abs() < 1e-12 { 1.0 } else { score })
    }

    /// Writes the scores of a block of cities.
    pub(crate) fn score_block(&self, children: &[&[f64]], need: usize, out: &mut [f64]) -> bool {
        let mut simplex = Simplex::default();
        let mut row = vec![0.0; children.len()];
        let mut all = true;
        for (i, out) in out.iter_mut().enumerate() {
            row.iter_mut().zip(children).for_each(|(to, column)| *to = column[i]);
            let known = row.iter().filter(|z| !z.is_nan()).count();
            let score = if known >= need && known > 0 { self.solve(&row, &mut simplex) } else { None };
            *out = score.unwrap_or(f64::NAN);
            all &= score.is_some();
        }
        all
    }

    pub(crate) fn has(&self, shares: Option<(f64, f64)>) -> bool {
        self.shares == shares
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let good = |row: &Vec<f64>| row.len() == children && row.iter().all(|v| v.is_finite() && *v >= 0.0);
        let shares = self.shares.is_none_or(|(low, high)| low >= 0.0 && low <= high && high <= 1.0);
        let bounded = (0..children).all(|j| self.frontier.iter().any(|row| row.get(j).is_some_and(|&v| v > 0.0)));
        !self.frontier.is_empty() && self.frontier.iter().all(good) && shares && bounded
    }
}
