//! TOPSIS: between the best and the worst.

use serde::{Deserialize, Serialize};

use super::reference::{differ, extremes, unit_of_gaps};
use super::row::by_row;
use crate::error::Fault;
use crate::steps::siblings::Siblings;

/// The best and the worst of the reference cities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Topsis {
    best: Vec<f64>,
    worst: Vec<f64>,
    /// A power of two in which gaps are squared, so that none vanishes or overflows.
    unit: f64,
}

/// The weighted gaps to the best and to the worst. A new city beyond the best has no gap to it, nor one below the worst, so
/// that better is never worse. A comparison with NaN is false: a missing score stays one.
#[inline]
fn gaps(z: f64, w: f64, scale: f64, best: f64, worst: f64) -> (f64, f64) {
    // The gap is scaled before it is weighed: that loses no digit.
    let (b, c) = (w * ((z - best) * scale), w * ((z - worst) * scale));
    (if b > 0.0 { 0.0 } else { b }, if c < 0.0 { 0.0 } else { c })
}

impl Topsis {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        differ(siblings, weights, "TOPSIS")?;
        let (best, worst) = extremes(siblings);
        Ok(Self { unit: unit_of_gaps(&best, &worst), best, worst })
    }

    /// Distance to the best and to the worst, in units, and closeness. The weights need not add up to 1: what they are rescaled
    /// by cancels, and left alone the result is the same to the last bit as in a block.
    fn parts(&self, row: &[f64], weights: &[f64]) -> (f64, f64, f64) {
        let (mut to_best, mut to_worst, scale) = (0.0, 0.0, 1.0 / self.unit);
        let all = row.iter().zip(weights).zip(self.best.iter().zip(&self.worst));
        for ((&z, &w), (&best, &worst)) in all.filter(|((z, w), _)| !z.is_nan() && **w > 0.0) {
            let (b, c) = gaps(z, w, scale, best, worst);
            to_best += b * b;
            to_worst += c * c;
        }
        let (to_best, to_worst) = (to_best.sqrt(), to_worst.sqrt());
        (to_best, to_worst, to_worst / (to_best + to_worst))
    }

    /// Child by child where nothing is missing: the compiler turns that into vector instructions.
    pub(crate) fn score_block(&self, children: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        const LANES: usize = 64;
        let (mut all, scale) = (true, 1.0 / self.unit);
        let n = out.len();
        for start in (0..n).step_by(LANES) {
            let end = n.min(start + LANES);
            let (mut to_best, mut to_worst) = ([0.0; LANES], [0.0; LANES]);
            for ((column, &w), (&best, &worst)) in children.iter().zip(weights).zip(self.best.iter().zip(&self.worst)) {
                if w == 0.0 {
                    continue;
                }
                for ((z, p), m) in column[start..end].iter().zip(&mut to_best).zip(&mut to_worst) {
                    let (b, c) = gaps(*z, w, scale, best, worst);
                    *p += b * b;
                    *m += c * c;
                }
            }
            let mut whole = need <= children.len();
            for (out, (p, m)) in out[start..end].iter_mut().zip(to_best.iter().zip(&to_worst)) {
                let (p, m) = (p.sqrt(), m.sqrt());
                *out = m / (p + m);
                whole &= out.is_finite();
            }
            let gap = |(c, w): (&&[f64], &f64)| *w == 0.0 && c[start..end].iter().any(|z| z.is_nan());
            if !whole || children.iter().zip(weights).any(gap) {
                let mut slices: Vec<&[f64]> = Vec::with_capacity(children.len());
                slices.extend(children.iter().map(|c| &c[start..end]));
                all &= by_row(&slices, weights, need, &mut out[start..end], |row, w| self.score(row, w));
            }
        }
        all
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        self.parts(row, weights).2
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (to_best, to_worst, _) = self.parts(row, weights);
        // Over the weight of what is known, so that a gap does not bring a city nearer.
        let known: f64 = row.iter().zip(weights).filter(|(z, _)| !z.is_nan()).map(|(_, w)| w).sum();
        let unit = self.unit / known;
        vec![("distance to the best", to_best * unit), ("distance to the worst", to_worst * unit)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let finite = |v: &Vec<f64>| v.len() == children && v.iter().all(|x| x.is_finite());
        finite(&self.best) && finite(&self.worst) && self.unit.is_normal() && self.unit > 0.0
    }
}
