//! VIKOR: the compromise between what most children say and what the worst one says.

use serde::{Deserialize, Serialize};

use super::reference::{differ, extremes, results};
use super::row::by_row;
use crate::error::Fault;
use crate::kernel::stats;
use crate::steps::siblings::Siblings;

/// Best and worst of every child, and of `S` and `R`, among the reference cities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vikor {
    v: f64,
    best: Vec<f64>,
    /// Best less worst; infinite for a child that is the same everywhere, which then regrets nothing.
    #[serde(with = "endless")]
    ranges: Vec<f64>,
    /// Lowest and highest `S`, and `R`.
    s: (f64, f64),
    r: (f64, f64),
}

impl Vikor {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64], v: f64) -> Result<Self, Fault> {
        differ(siblings, weights, "VIKOR")?;
        let (best, worst) = extremes(siblings);
        let ranges = best.iter().zip(&worst).map(|(b, w)| if b > w { b - w } else { f64::INFINITY }).collect();
        let mut learned = Self { v, best, ranges, s: (0.0, 0.0), r: (0.0, 0.0) };
        learned.s = stats::range(&results(siblings, |row| learned.regrets(row, weights).0));
        learned.r = stats::range(&results(siblings, |row| learned.regrets(row, weights).1));
        Ok(learned)
    }

    pub(crate) fn has(&self, v: f64) -> bool {
        self.v == v
    }

    /// The sum and the largest of the weighted regrets.
    fn regrets(&self, row: &[f64], weights: &[f64]) -> (f64, f64) {
        let (mut sum, mut largest, mut total) = (0.0, f64::NEG_INFINITY, 0.0);
        for ((&z, &w), (&best, &range)) in row.iter().zip(weights).zip(self.best.iter().zip(&self.ranges)) {
            if w > 0.0 && !z.is_nan() {
                let regret = w * ((best - z) / range);
                sum += regret;
                largest = if regret > largest { regret } else { largest };
                total += w;
            }
        }
        (sum / total, largest / total)
    }

    /// Child by child, which the compiler turns into vector instructions; the same sums in the same order as city by city,
    /// which is what a block with gaps falls back on.
    pub(crate) fn score_block(&self, children: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        const LANES: usize = 64;
        let total = weights.iter().filter(|w| **w > 0.0).fold(0.0, |sum, w| sum + w);
        let n = out.len();
        let whole =
            need <= children.len() && total > 0.0 && children.iter().all(|c| c[..n].iter().all(|z| !z.is_nan()));
        if !whole {
            return by_row(children, weights, need, out, |row, weights| self.score(row, weights));
        }
        for start in (0..n).step_by(LANES) {
            let end = n.min(start + LANES);
            let (mut sums, mut largest) = ([0.0; LANES], [f64::NEG_INFINITY; LANES]);
            let all = children.iter().zip(weights).zip(self.best.iter().zip(&self.ranges));
            for ((column, &w), (&best, &range)) in all.filter(|((_, w), _)| **w > 0.0) {
                for ((z, sum), most) in column[start..end].iter().zip(&mut sums).zip(&mut largest) {
                    let regret = w * ((best - z) / range);
                    *sum += regret;
                    *most = if regret > *most { regret } else { *most };
                }
            }
            for ((out, sum), most) in out[start..end].iter_mut().zip(&sums).zip(&largest) {
                *out = 1.0 - self.place(sum / total, most / total);
            }
        }
        out.iter().all(|score| score.is_finite())
    }

    /// `Q`.
    fn place(&self, s: f64, r: f64) -> f64 {
        let place = |x: f64, (low, high): (f64, f64)| if high > low { (x - low) / (high - low) } else { 0.0 };
        self.v * place(s, self.s) + (1.0 - self.v) * place(r, self.r)
    }

    fn parts(&self, row: &[f64], weights: &[f64]) -> (f64, f64, f64) {
        let (s, r) = self.regrets(row, weights);
        (s, r, self.place(s, r))
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
        let ranges = self.ranges.len() == children && self.ranges.iter().all(|&r| r > 0.0);
        finite(&self.best) && ranges && ends.iter().all(|x| x.is_finite())
    }
}

/// Infinity has no place in a stored number: it is stored as none.
mod endless {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(ranges: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        let ranges: Vec<Option<f64>> = ranges.iter().map(|&r| Some(r).filter(|r| r.is_finite())).collect();
        ranges.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let ranges = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(ranges.into_iter().map(|r| r.unwrap_or(f64::INFINITY)).collect())
    }
}

/// The compromise set: the best city by `Q` alone, if it leads the second by at least `1 / (n - 1)` and is best by `S` or
/// `R` too; it and the second, if only the lead is large enough; else all within `1 / (n - 1)` of the best. Cities with the
/// `Q` of the second are second with it, so that the set does not depend on the order of the cities. By their places, best
/// first; of equal `Q` the first comes first.
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
        (true, false) => order.iter().copied().take_while(|&i| q[i] <= q[second]).collect(),
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
        assert_eq!(compromise(&[0.6, 0.0, 0.6, 1.0], &[0.5, 0.6, 0.5, 0.9], &[0.2, 0.3, 0.2, 0.1]), [1, 0, 2]);
        assert_eq!(compromise(&[0.3, 0.0, 1.0, 0.2], &[0.1; 4], &[0.1; 4]), [1, 3, 0]);
        assert_eq!(compromise(&[0.5, f64::NAN], &[0.1; 2], &[0.1; 2]), [0]);
        assert!(compromise(&[], &[], &[]).is_empty());
    }
}
