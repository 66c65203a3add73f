//! Benefit of the doubt: each city with the weights that show it at its best.

use serde::{Deserialize, Serialize};

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
                return Err(siblings.fault(METHOD, None, why));
            }
        }
        if let Some(child) = siblings.columns.iter().position(|c| c.iter().any(|&z| z < 0.0)) {
            return Err(siblings.fault(METHOD, Some(child), "every score must be 0 or more"));
        }
        let mut rows: Vec<Vec<f64>> =
            siblings.complete().iter().map(|&row| siblings.columns.iter().map(|c| c[row] + 0.0).collect()).collect();
        if rows.is_empty() {
            return Err(siblings.fault(METHOD, None, "no city is known in every child; impute, or leave a child out"));
        }
        if let Some(child) = (0..k).find(|&j| rows.iter().all(|row| row[j] == 0.0)) {
            return Err(siblings.fault(
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
        // A child that is 0 can hold no share of a score: under limits there may be no weights but 0.
        if self.shares.is_some() && score == 0.0 {
            return None;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(columns: &[Vec<f64>], shares: Option<(f64, f64)>) -> BenefitOfTheDoubt {
        let k = columns.len();
        let siblings = Siblings {
            node: "index",
            codes: vec!["child"; k],
            framework: vec![1.0; k],
            columns: columns.iter().map(Vec::as_slice).collect(),
            lower: vec![false; k],
        };
        BenefitOfTheDoubt::learn(&siblings, shares).unwrap()
    }

    #[test]
    fn limits_of_shares_hold_for_scores_that_are_far_apart() {
        // Of (e, 1) under the frontier (1, 1) with shares from 1/4 to 3/4: the first child costs most, so that it has a quarter,
        // w = (T / 4e, 3T / 4) and w (1, 1) = 1.
        for e in [0.5, 1e-3, 1e-11, 1e-14, 1e-100, 1e-300] {
            let fitted = learn(&[vec![1.0, e], vec![1.0, 1.0]], Some((0.25, 0.75)));
            let (score, weights) = fitted.score(&[e, 1.0]).unwrap();
            approx::assert_relative_eq!(score, 1.0 / (0.25 / e + 0.75), max_relative = 1e-14);
            approx::assert_relative_eq!(weights[0] * e / score, 0.25, max_relative = 1e-14);
            approx::assert_relative_eq!(weights[1] / score, 0.75, max_relative = 1e-14);
        }
        // No weight gives a child of 0 a share; without limits it needs none.
        let fitted = learn(&[vec![1.0, 0.0], vec![1.0, 1.0]], Some((0.25, 0.75)));
        assert_eq!(fitted.score(&[0.0, 1.0]), None);
        let fitted = learn(&[vec![1.0, 0.0], vec![1.0, 1.0]], None);
        assert_eq!(fitted.score(&[0.0, 1.0]), Some((1.0, vec![0.0, 1.0])));
        // Limits without a choice: a third each, of 1, 2 and 4 times what the city has.
        let third = Some((1.0 / 3.0, 1.0 / 3.0));
        let fitted = learn(&[vec![1.0], vec![2.0], vec![4.0]], third);
        approx::assert_relative_eq!(fitted.score(&[1.0; 3]).unwrap().0, 3.0 / 7.0, max_relative = 1e-15);
        assert_eq!(fitted.score(&[1.0, 2.0, 4.0]).unwrap().0, 1.0);
    }

    #[test]
    fn every_score_is_proved_however_cities_lie() {
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        for case in 0..90 {
            let (n, k) = [(20, 2), (60, 6), (40, 15)][case % 3];
            let mut columns: Vec<Vec<f64>> = vec![Vec::new(); k];
            for _ in 0..n {
                let row: Vec<f64> = (0..k).map(|_| next()).collect();
                let length = row.iter().map(|v| v * v).sum::<f64>().sqrt();
                for (column, v) in columns.iter_mut().zip(row) {
                    column.push(match case % 5 {
                        // Plain; many ties and zeros; twenty powers of ten; all on the frontier; nearly all the same.
                        0 => v,
                        1 => (v * 4.0).floor(),
                        2 => 10_f64.powf(20.0 * v - 10.0),
                        3 => 1.0 + v / length,
                        _ => 1.0 + 1e-10 * v,
                    });
                }
            }
            for column in &mut columns {
                column[0] = column[0].max(0.5);
            }
            for shares in [None, Some((0.0, 0.55)), Some((0.02, 0.7)), Some((0.06, 1.0)), Some((0.0, 1.0 / k as f64))] {
                let fitted = learn(&columns, shares);
                for city in 0..n {
                    let row: Vec<f64> = columns.iter().map(|c| c[city]).collect();
                    // None where the prices do not prove it, or there is no score but 0.
                    let Some((score, weights)) = fitted.score(&row) else {
                        assert!(shares.is_some() && row.contains(&0.0), "{shares:?} {row:?}");
                        continue;
                    };
                    let of = |z: &mut dyn Iterator<Item = f64>| weights.iter().zip(z).map(|(w, z)| w * z).sum::<f64>();
                    approx::assert_relative_eq!(of(&mut row.iter().copied()), score, max_relative = 2e-12);
                    assert!((0..n).all(|l| of(&mut columns.iter().map(|c| c[l])) <= 1.0 + 2e-12));
                    let (low, high) = shares.unwrap_or((0.0, 1.0));
                    let share = |(w, z): (&f64, &f64)| w * z / score;
                    let good = |p: f64| (low - 1e-12..=high.max(1.0 / k as f64) + 1e-12).contains(&p);
                    assert!(score == 0.0 || weights.iter().zip(&row).map(share).all(good), "{shares:?} {weights:?}");
                }
            }
        }
    }
}
