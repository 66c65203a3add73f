//! Borda's count, weighted.

use serde::{Deserialize, Serialize};

use super::promethee::columns;
use super::row::known;
use super::sorted::Sorted;
use crate::error::Fault;
use crate::steps::siblings::Siblings;

/// The reference cities, child by child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Borda {
    columns: Vec<Sorted>,
    cities: usize,
}

impl Borda {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        // Cities of which nothing is known are no opponents.
        let cities = (0..siblings.rows()).filter(|&row| siblings.columns.iter().any(|c| !c[row].is_nan())).count();
        Ok(Self { columns: columns(siblings, weights, "Borda's count")?, cities })
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        let share: f64 = known(row, weights)
            .map(|(j, z, w)| {
                let column = &self.columns[j];
                let (below, same) = column.below_and_same(z);
                // A city of the reference set is tied with itself, which is no tie; a new one stands half-way.
                w * (below as f64 + same as f64 / 2.0 - 0.5) / (column.len() as f64 - 1.0)
            })
            .sum();
        share * (self.cities as f64 - 1.0)
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        self.columns.len() == children && self.columns.iter().all(|c| c.is_sound() && c.len() <= self.cities.max(2))
    }
}
