//! PROMETHEE II: how far a city is preferred to the others, net of how far they are preferred to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::row::by_row;
use super::sorted::Sorted;
use crate::error::Fault;
use crate::steps::denominate::BLOCK;
use crate::steps::siblings::Siblings;

/// How a lead of one city over another in a child becomes a preference from 0 to 1.
///
/// `d` is the lead, in units of the children's scores; a lag is never preferred. Reference: Brans and Vincke (1985),
/// [10.1287/mnsc.31.6.647](https://doi.org/10.1287/mnsc.31.6.647).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Preference {
    /// 1 for any lead.
    Usual,
    /// 1 for a lead above `indifference`, else 0. Also called quasi-criterion.
    UShape {
        /// The largest lead that does not count.
        indifference: f64,
    },
    /// `d / preference` up to 1.
    VShape {
        /// The lead from which the preference is full.
        preference: f64,
    },
    /// 0 up to `indifference`, a half up to `preference`, 1 above.
    Level {
        /// The largest lead that does not count.
        indifference: f64,
        /// The largest lead that counts half.
        preference: f64,
    },
    /// 0 up to `indifference`, rising in a straight line to 1 at `preference`: V-shape with indifference.
    Linear {
        /// The largest lead that does not count.
        indifference: f64,
        /// The lead from which the preference is full.
        preference: f64,
    },
    /// `1 - exp(-d^2 / (2 spread^2))`. Takes time in proportion to the square of the number of cities.
    Gaussian {
        /// The lead at which the curve bends.
        spread: f64,
    },
}

impl Preference {
    pub(crate) fn faults(self) -> Vec<Fault> {
        let need = |name, value: f64, good: bool, need| {
            (!(value.is_finite() && good)).then_some(Fault::Parameter { name, value, need })
        };
        let low = |q: f64| need("the indifference of PROMETHEE", q, q >= 0.0, "a finite number, 0 or more");
        let high = |p: f64, q: f64| {
            need("the preference of PROMETHEE", p, p > q, "finite, above 0 and above the indifference")
        };
        let found = match self {
            Self::Usual => [None, None],
            Self::UShape { indifference: q } => [low(q), None],
            Self::VShape { preference: p } => [high(p, 0.0), None],
            Self::Level { indifference: q, preference: p } | Self::Linear { indifference: q, preference: p } => {
                [low(q), high(p, q)]
            }
            Self::Gaussian { spread } => {
                [need("the spread of PROMETHEE", spread, spread > 0.0, "a finite number above 0"), None]
            }
        };
        found.into_iter().flatten().collect()
    }

    /// The sums, over the reference cities, of the preference of `x` to them and of theirs to `x`.
    fn sums(self, x: f64, column: &Sorted) -> (f64, f64) {
        let n = column.len();
        // A lead that is a threshold but for the last digits is that threshold, in whatever units the figures are.
        let wide = |threshold: f64| (threshold + 1e-12 * (x.abs() + threshold)).min(f64::MAX);
        match self {
            Self::Usual => {
                let (below, same) = column.below_and_same(x);
                (below as f64, (n - below - same) as f64)
            }
            Self::UShape { indifference: q } => {
                let q = wide(q);
                (column.count(x - q, |y| x - y > q) as f64, (n - column.count(x + q, |y| y - x <= q)) as f64)
            }
            Self::VShape { preference: p } => Self::linear(x, column, 0.0, p),
            Self::Linear { indifference: q, preference: p } => Self::linear(x, column, q, p),
            Self::Level { indifference: q, preference: p } => {
                let (q, p) = (wide(q), wide(p));
                let half_or_more = column.count(x - q, |y| x - y > q);
                let full = column.count(x - p, |y| x - y > p);
                let theirs = n - column.count(x + q, |y| y - x <= q);
                let theirs_full = n - column.count(x + p, |y| y - x <= p);
                ((half_or_more + full) as f64 / 2.0, (theirs + theirs_full) as f64 / 2.0)
            }
            Self::Gaussian { spread } => column.values().iter().fold((0.0, 0.0), |(own, theirs), y| {
                let d = (x - y) / spread;
                let p = -(-d * d / 2.0).exp_m1();
                if d > 0.0 { (own + p, theirs) } else { (own, theirs + p) }
            }),
        }
    }

    fn linear(x: f64, column: &Sorted, q: f64, p: f64) -> (f64, f64) {
        let n = column.len();
        let full = column.count(x - p, |y| x - y >= p);
        let some = column.count(x - q, |y| x - y > q);
        let (low, width) = (q / column.unit(), p / column.unit() - q / column.unit());
        let own = (column.gaps(x, full, some) - low * (some - full) as f64) / width + full as f64;
        let none = column.count(x + q, |y| y - x <= q);
        let less = column.count(x + p, |y| y - x < p);
        let theirs = (-column.gaps(x, none, less) - low * (less - none) as f64) / width + (n - less) as f64;
        // Differences of sums can miss 0 by the last digits; a comparison with NaN is false, and NaN stays NaN.
        (if own < 0.0 { 0.0 } else { own }, if theirs < 0.0 { 0.0 } else { theirs })
    }
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usual => f.write_str("usual"),
            Self::UShape { indifference } => write!(f, "U-shape, {indifference}"),
            Self::VShape { preference } => write!(f, "V-shape, {preference}"),
            Self::Level { indifference, preference } => write!(f, "level, {indifference} and {preference}"),
            Self::Linear { indifference, preference } => write!(f, "linear, {indifference} to {preference}"),
            Self::Gaussian { spread } => write!(f, "Gaussian, {spread}"),
        }
    }
}

/// The reference cities, child by child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Promethee {
    preference: Preference,
    columns: Vec<Sorted>,
}

/// The sorted columns of the reference cities, of which at least two must be known in every child that has a weight; one
/// without leaves no trace, and any column stands in for it.
pub(crate) fn columns(siblings: &Siblings<'_>, weights: &[f64], method: &'static str) -> Result<Vec<Sorted>, Fault> {
    let column = |(column, weight): (&&[f64], &f64)| {
        if *weight > 0.0 { Sorted::of(column) } else { Sorted::from(vec![0.0, 1.0]) }
    };
    let columns: Vec<Sorted> = siblings.columns.iter().zip(weights).map(column).collect();
    match columns.iter().position(|c| c.len() < 2) {
        Some(child) => Err(siblings.fault(method, Some(child), "it compares cities, and only one has a score there")),
        None => Ok(columns),
    }
}

impl Promethee {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64], preference: Preference) -> Result<Self, Fault> {
        Ok(Self { preference, columns: columns(siblings, weights, "PROMETHEE II")? })
    }

    pub(crate) fn has(&self, preference: Preference) -> bool {
        self.preference == preference
    }

    /// Leaving and entering flow. In each child a city is compared with the reference cities that are known there: the
    /// others, if it is one of them, for a comparison with itself adds nothing.
    fn flows(&self, row: &[f64], weights: &[f64]) -> (f64, f64) {
        let (mut leaving, mut entering, mut total) = (0.0, 0.0, 0.0);
        for ((&z, &w), column) in row.iter().zip(weights).zip(&self.columns) {
            if w > 0.0 && !z.is_nan() {
                self.add(w, z, column, &mut leaving, &mut entering);
                total += w;
            }
        }
        (leaving / total, entering / total)
    }

    #[inline]
    fn add(&self, w: f64, z: f64, column: &Sorted, leaving: &mut f64, entering: &mut f64) {
        let (own, theirs) = self.preference.sums(z, column);
        let others = column.len() as f64 - 1.0;
        *leaving += w * own / others;
        *entering += w * theirs / others;
    }

    /// Child by child, so that one sorted column at a time stays in the cache; the same sums in the same order as city by
    /// city, which is what a block with gaps falls back on.
    pub(crate) fn score_block(&self, children: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        let (mut leaving, mut entering) = ([0.0; BLOCK], [0.0; BLOCK]);
        let n = out.len();
        let whole = n <= BLOCK && need <= children.len() && children.iter().all(|c| c[..n].iter().all(|z| !z.is_nan()));
        let total = weights.iter().filter(|w| **w > 0.0).fold(0.0, |sum, w| sum + w);
        if !whole || total == 0.0 {
            return by_row(children, weights, need, out, |row, weights| self.score(row, weights));
        }
        for ((values, &w), column) in children.iter().zip(weights).zip(&self.columns).filter(|((_, w), _)| **w > 0.0) {
            for ((&z, leaving), entering) in values[..n].iter().zip(&mut leaving).zip(&mut entering) {
                self.add(w, z, column, leaving, entering);
            }
        }
        let mut all = true;
        for ((out, leaving), entering) in out.iter_mut().zip(&leaving).zip(&entering) {
            let flow = leaving / total - entering / total;
            *out = if flow.is_finite() { flow } else { f64::NAN };
            all &= flow.is_finite();
        }
        all
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        let (leaving, entering) = self.flows(row, weights);
        leaving - entering
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (leaving, entering) = self.flows(row, weights);
        vec![("leaving flow", leaving), ("entering flow", entering)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        self.preference.faults().is_empty()
            && self.columns.len() == children
            && self.columns.iter().all(Sorted::is_sound)
    }
}
