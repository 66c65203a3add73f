//! A result as one number, so that two results are compared without keeping either.

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, UInt64Type};
use datafusion::common::exec_err;
use datafusion::error::Result;

use crate::cities::mix;

/// All rows of a result in a number that depends on every bit of each, and not on their order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rows {
    pub count: usize,
    sum: u64,
}

impl Rows {
    /// Takes a row in.
    pub fn row(&mut self, city: &str, score: Option<f64>, rank: Option<u64>) {
        let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        let (known, bits) = score.map_or((0, 0), |score| (1, score.to_bits()));
        let numbers = [city.len() as u64, known, bits, rank.unwrap_or(0)];
        let words = city.as_bytes().chunks(8).map(word).chain(numbers);
        self.count += 1;
        self.sum = self.sum.wrapping_add(words.fold(0, |hash, word| mix(hash ^ word)));
    }

    /// Takes in rows by columns: `city`, `score` and, where they are ranked, `rank`. Who has no score has no rank.
    pub fn columns(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [cities, scores, ranks @ ..] = columns else { return exec_err!("a result needs cities and scores") };
        let (cities, scores) = (cast(cities, &DataType::Utf8View)?, scores.as_primitive::<Float64Type>());
        let (cities, ranks) = (cities.as_string_view(), ranks.first().map(|ranks| ranks.as_primitive::<UInt64Type>()));
        for (row, score) in scores.iter().enumerate() {
            self.row(cities.value(row), score, score.and(ranks.map(|ranks| ranks.value(row))));
        }
        Ok(())
    }
}

impl std::iter::Sum for Rows {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |a, b| Self { count: a.count + b.count, sum: a.sum.wrapping_add(b.sum) })
    }
}
