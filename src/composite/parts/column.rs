//! The summary of a column: how many values, their ends, and exact sums.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::kernel::exact::{Exact, co_deviations, times_power};
use crate::steps::denominate::Values;
use crate::steps::normalise::Sample;

/// Which sums a choice needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sums {
    None,
    First,
    Squares,
    Inverses,
}

/// What is known of a column of values. Merged in any order it is the same, digit by digit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnSummary {
    pub(super) known: usize,
    pub(super) nonzero: usize,
    /// The lowest and the highest; none where there is no value.
    pub(super) ends: Option<(f64, f64)>,
    #[serde(default)]
    pub(super) sum: Exact,
    #[serde(default)]
    pub(super) squares: Exact,
    #[serde(default)]
    inverses: Exact,
    /// Whether 1 over a value is beyond double precision.
    #[serde(default)]
    endless: bool,
}

impl ColumnSummary {
    pub(super) fn of(values: impl IntoIterator<Item = f64>, sums: Sums) -> Self {
        let mut all = Self::default();
        for v in values.into_iter().filter(|v| !v.is_nan()) {
            // -0 becomes 0: which of the two is the lowest must not depend on which comes first.
            let v = v + 0.0;
            all.known += 1;
            all.nonzero += usize::from(v != 0.0);
            let (low, high) = all.ends.unwrap_or((v, v));
            all.ends = Some((if v < low { v } else { low }, if v > high { v } else { high }));
            if sums != Sums::None {
                all.sum.add(v);
            }
            if sums == Sums::Squares {
                all.squares.add_product(v, v);
            }
            if sums == Sums::Inverses {
                let inverse = 1.0 / v;
                if inverse.is_finite() {
                    all.inverses.add(inverse);
                } else {
                    all.endless = true;
                }
            }
        }
        [&mut all.sum, &mut all.squares, &mut all.inverses].into_iter().for_each(Exact::settle);
        all
    }

    pub(super) fn merge(&mut self, other: &Self) {
        // Stored counts may be any numbers.
        self.known = self.known.saturating_add(other.known);
        self.nonzero = self.nonzero.saturating_add(other.nonzero);
        self.ends = match (self.ends, other.ends) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, others) => own.or(others),
        };
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
        self.inverses.merge(&other.inverses);
        self.endless |= other.endless;
    }

    /// The mean, which never lies outside of the values; none where there is none.
    pub(super) fn mean(&self) -> Option<f64> {
        self.ends.map(|(low, high)| self.sum.over(self.known as f64).max(low).min(high))
    }

    /// The standard deviation with the divisor `n - 1`.
    pub(super) fn sd(&self) -> f64 {
        let n = self.known as f64;
        co_deviations(&self.squares, &self.sum, &self.sum, n).root_over(n - 1.0)
    }

    /// Two values with the same ends, for what needs no more than these; one that is missing where there is none.
    pub(super) fn two(&self) -> Vec<f64> {
        self.ends.map_or_else(|| vec![f64::NAN; 2], |(low, high)| vec![low, high])
    }

    /// Whether a stored summary can be one.
    pub(super) fn is_sound(&self) -> bool {
        let ends = self.ends.is_none_or(|(low, high)| low.is_finite() && high.is_finite() && low <= high);
        ends && self.ends.is_some() == (self.known > 0) && self.nonzero <= self.known
    }
}

impl Sample for ColumnSummary {
    fn extremes(&self) -> Option<(f64, f64, usize)> {
        self.ends.map(|(low, high)| (low, high, self.known))
    }

    fn mean_and_sd(&self) -> (f64, f64) {
        self.mean().map_or((f64::NAN, f64::NAN), |mean| (mean, self.sd()))
    }

    fn length(&self) -> f64 {
        self.squares.root_over(1.0)
    }

    fn sum(&self) -> f64 {
        self.sum.over(1.0)
    }

    fn sum_of_ratios(&self, low: f64) -> f64 {
        if self.endless {
            return f64::NAN;
        }
        // The sum has up to 128 bits before the point: it is brought near 1 before it is multiplied.
        let (value, power) = self.inverses.rounded();
        times_power(value * 2.0_f64.powi(-128) * low, power + 128)
    }

    fn values(&self) -> Option<Values<'_>> {
        None
    }
}

/// The children of a node side by side, over the cities that have all of those that any city has: for weights that compare
/// children.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Together {
    /// The children that any city has, in their order.
    children: Vec<usize>,
    pub(super) columns: Vec<ColumnSummary>,
    /// The sums of the products of two columns, each with those before it.
    products: Vec<Exact>,
}

impl Together {
    pub(super) fn of(columns: &[Vec<f64>]) -> Self {
        let n = columns.first().map_or(0, Vec::len);
        let children: Vec<usize> =
            (0..columns.len()).filter(|&c| columns[c].iter().any(|score| !score.is_nan())).collect();
        let complete = |&row: &usize| children.iter().all(|&c| !columns[c][row].is_nan());
        let rows: Vec<usize> = (0..n).filter(complete).collect();
        let mut products = Vec::new();
        for (j, &own) in children.iter().enumerate() {
            for &other in &children[..j] {
                let mut sum = Exact::default();
                for &row in &rows {
                    sum.add_product(columns[own][row], columns[other][row]);
                }
                sum.settle();
                products.push(sum);
            }
        }
        let summary = |&c: &usize| ColumnSummary::of(rows.iter().map(|&row| columns[c][row]), Sums::Squares);
        Self { columns: children.iter().map(summary).collect(), children, products }
    }

    /// The summary of no city, beside others that have these children.
    fn none(children: Vec<usize>) -> Self {
        let k = children.len();
        Self { children, columns: vec![ColumnSummary::default(); k], products: vec![Exact::default(); pairs(k)] }
    }

    /// Where one part has children that the other has not, no city of the other has them all: what it says of its cities
    /// does not count.
    pub(super) fn merge(&mut self, other: &Self) {
        let union: BTreeSet<usize> = self.children.iter().chain(&other.children).copied().collect();
        let union: Vec<usize> = union.into_iter().collect();
        if self.children != union {
            *self = if other.children == union { other.clone() } else { Self::none(union) };
        } else if other.children == union {
            self.columns.iter_mut().zip(&other.columns).for_each(|(own, other)| own.merge(other));
            self.products.iter_mut().zip(&other.products).for_each(|(own, other)| own.merge(other));
        }
    }

    /// How many cities have all columns.
    pub(super) fn cities(&self) -> usize {
        self.columns.first().map_or(0, |column| column.known)
    }

    /// Whether all values of a column are the same.
    pub(super) fn constant(&self, j: usize) -> bool {
        self.columns[j].ends.is_none_or(|(low, high)| low == high)
    }

    /// Pearson's correlation of two columns; none where one of them is the same everywhere.
    pub(super) fn correlation(&self, i: usize, j: usize) -> Option<f64> {
        let (a, b) = (i.max(j), i.min(j));
        if a == b || self.constant(a) || self.constant(b) {
            return (!self.constant(a) && a == b).then_some(1.0);
        }
        let n = self.cities() as f64;
        let of =
            |xy: &Exact, x: usize, y: usize| co_deviations(xy, &self.columns[x].sum, &self.columns[y].sum, n).rounded();
        let (own, p) = of(self.products.get(a * (a - 1) / 2 + b)?, a, b);
        let (aa, q) = of(&self.columns[a].squares, a, a);
        let (bb, r) = of(&self.columns[b].squares, b, b);
        let value = times_power(own / (aa.sqrt() * bb.sqrt()), p - q / 2 - r / 2);
        value.is_finite().then(|| value.clamp(-1.0, 1.0))
    }

    /// Whether a stored summary can be one, beside those of the children by themselves.
    pub(super) fn is_sound(&self, children: &[ColumnSummary]) -> bool {
        let known = children.iter().enumerate().filter(|(_, child)| child.known > 0);
        let cities = self.cities();
        let sound = |(column, &c): (&ColumnSummary, &usize)| {
            column.is_sound() && column.known == cities && children.get(c).is_some_and(|own| cities <= own.known)
        };
        known.map(|(c, _)| c).eq(self.children.iter().copied())
            && self.has_its_lengths()
            && self.columns.iter().zip(&self.children).all(sound)
    }

    /// Whether it has a column for each of its children, and a product for each two.
    pub(super) fn has_its_lengths(&self) -> bool {
        let k = self.children.len();
        self.columns.len() == k && self.products.len() == pairs(k)
    }
}

/// How many pairs can be made.
fn pairs(k: usize) -> usize {
    k * k.saturating_sub(1) / 2
}
