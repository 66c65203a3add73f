//! Benefit of the doubt: each city with the weights that show it at its best.

use serde::{Deserialize, Serialize};

use super::objective::fault;
use super::program::Program;
use crate::error::Fault;
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
        let mut program = Program::default();
        let score = self.solve(row, &mut program)?;
        let mut weights = vec![0.0; row.len()];
        program.play.iter().zip(&program.shares).for_each(|(&j, share)| weights[j] = share * score / row[j]);
        weights.iter().all(|w| w.is_finite()).then_some((score, weights))
    }

    fn solve(&self, row: &[f64], program: &mut Program) -> Option<f64> {
        if row.iter().any(|&z| z < 0.0) {
            return None;
        }
        let known = row.iter().filter(|z| !z.is_nan()).count() as f64;
        // A limit that cannot be met with the children that are known does not bind.
        let (low, high) = self.shares.map_or((0.0, 1.0), |(low, high)| (low.min(1.0 / known), high.max(1.0 / known)));
        let score = program.solve(&self.frontier, row, low, high)?;
        // A city on the frontier has 1, and rounding must not make it anything else.
        Some(if (score - 1.0).abs() < 1e-12 { 1.0 } else { score })
    }

    /// Writes the scores of a block of cities.
    pub(crate) fn score_block(&self, children: &[&[f64]], need: usize, out: &mut [f64]) -> bool {
        let mut program = Program::default();
        let mut row = vec![0.0; children.len()];
        let mut all = true;
        for (i, out) in out.iter_mut().enumerate() {
            row.iter_mut().zip(children).for_each(|(to, column)| *to = column[i]);
            let known = row.iter().filter(|z| !z.is_nan()).count();
            let score = if known >= need && known > 0 { self.solve(&row, &mut program) } else { None };
            *out = score.unwrap_or(f64::NAN);
            all &= score.is_some();
        }
        all
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let good = |row: &Vec<f64>| row.len() == children && row.iter().all(|v| v.is_finite() && *v >= 0.0);
        let shares = self.shares.is_none_or(|(low, high)| low >= 0.0 && low <= high && high <= 1.0);
        let bounded = (0..children).all(|j| self.frontier.iter().any(|row| row.get(j).is_some_and(|&v| v > 0.0)));
        !self.frontier.is_empty() && self.frontier.iter().all(good) && shares && bounded
    }
}
