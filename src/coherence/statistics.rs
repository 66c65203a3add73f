//! What each indicator is like, and whether size drives it.

use serde::{Deserialize, Serialize};

use super::{Coherence, Pair};
use crate::coherence::correlation::{Correlation, pair};
use crate::composite::Position;
use crate::error::Result;
use crate::kernel::stats;

/// The description of an indicator, of its values after denomination and before imputation and treatment, as they are
/// (whatever the direction).
///
/// Shares of available data are of all cities, all other shares of the cities that have a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "four independent flags, each a column of a table")]
pub struct Statistics {
    /// The code of the indicator.
    pub indicator: String,
    /// How many cities have a value.
    pub known: usize,
    /// How many cities there are.
    pub cities: usize,
    /// How many values are 0.
    pub zeros: usize,
    /// How many different values there are.
    pub distinct: usize,
    /// Lowest value; none where there is no value, as with all that follow.
    pub minimum: Option<f64>,
    /// Highest value.
    pub maximum: Option<f64>,
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// The quantile of 5 % (type 7 of Hyndman and Fan, 1996).
    pub q5: Option<f64>,
    /// The quantile of 25 %.
    pub q25: Option<f64>,
    /// The quantile of 75 %.
    pub q75: Option<f64>,
    /// The quantile of 95 %.
    pub q95: Option<f64>,
    /// Standard deviation with the divisor `n - 1`; none below two values.
    pub sd: Option<f64>,
    /// Skewness of type 2; none below three values, or where all are the same.
    pub skewness: Option<f64>,
    /// Excess kurtosis of type 2; none below four values, or where all are the same.
    pub kurtosis: Option<f64>,
    /// `|skewness|` and kurtosis both beyond their limits: outliers.
    pub outliers: bool,
    /// Too few cities have a value.
    pub low_availability: bool,
    /// Too many values are 0.
    pub many_zeros: bool,
    /// Too many values are the same as others.
    pub few_distinct: bool,
}

impl Statistics {
    /// The share of the cities that have a value.
    #[must_use]
    pub fn available(&self) -> f64 {
        self.known as f64 / self.cities as f64
    }
}

/// From where on an indicator is flagged. The defaults are those of JRC audits and of the package COINr.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// Absolute skewness.
    pub skewness: f64,
    /// Excess kurtosis.
    pub kurtosis: f64,
    /// Share of cities with a value.
    pub available: f64,
    /// Share of values that are not 0.
    pub nonzero: f64,
    /// Share of different values.
    pub distinct: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { skewness: 2.0, kurtosis: 3.5, available: 0.65, nonzero: 0.5, distinct: 0.5 }
    }
}

/// How an indicator goes with the size of the city. See [`Coherence::size_bias`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SizeBias {
    /// The code of the indicator.
    pub indicator: String,
    /// The code of the series of size.
    pub size: String,
    /// Spearman's correlation of the figure as observed with the size.
    pub before: Pair,
    /// The same after denomination; equal where nothing divides the indicator.
    pub after: Pair,
}

impl Coherence<'_> {
    /// The description of every indicator that counts, with flags at the given limits.
    #[must_use]
    pub fn statistics(&self, limits: Limits) -> Vec<Statistics> {
        let leaf = |code: &str| match self.scores.composite().position(code) {
            Some(Position::Leaf(leaf)) => Some(leaf),
            _ => None,
        };
        let all = self.indicators();
        all.iter().filter_map(|code| leaf(code).map(|l| describe(code, &self.scores.base_column(l), limits))).collect()
    }

    /// Whether size drives an indicator: Spearman's correlation of each with each series that divides some indicator, before
    /// and after denomination, over the cities that have both. An extensive figure that nothing divides stands out by a high
    /// value that stays.
    ///
    /// # Errors
    /// None today.
    pub fn size_bias(&self) -> Result<Vec<SizeBias>> {
        let framework = self.scores.composite().framework();
        let mut sizes: Vec<&str> =
            framework.indicators().filter_map(|n| Some(n.denominator.as_ref()?.series.as_str())).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let dataset = self.scores.dataset();
        let figures =
            |code: &str| -> Result<Vec<f64>> { Ok(dataset.column(code)?.map(|v| v.unwrap_or(f64::NAN)).collect()) };
        let mut found = Vec::new();
        for code in self.indicators() {
            let Some(Position::Leaf(leaf)) = self.scores.composite().position(code) else { continue };
            let (before, after) = (figures(code)?, self.scores.base_column(leaf));
            for &size in sizes.iter().filter(|size| **size != code) {
                let column = figures(size)?;
                let of = |own: &[f64]| pair(Correlation::Spearman, (code, own), (size, &column));
                let (indicator, size) = (code.to_owned(), size.to_owned());
                found.push(SizeBias { indicator, size, before: of(&before), after: of(&after) });
            }
        }
        Ok(found)
    }
}

fn describe(code: &str, column: &[f64], limits: Limits) -> Statistics {
    let sorted = stats::sorted(column);
    let known = sorted.len();
    let some = |value: f64| Some(value).filter(|v| v.is_finite());
    let mut distinct = sorted.clone();
    distinct.dedup();
    let zeros = sorted.iter().filter(|&&v| v == 0.0).count();
    let (skewness, kurtosis) = (stats::skewness(&sorted), stats::kurtosis(&sorted));
    let share = |part: usize| part as f64 / known as f64;
    let quantile = |share| some(stats::quantile(&sorted, share));
    Statistics {
        indicator: code.to_owned(),
        known,
        cities: column.len(),
        zeros,
        distinct: distinct.len(),
        minimum: sorted.first().copied(),
        maximum: sorted.last().copied(),
        mean: some(stats::mean(&sorted)),
        median: quantile(0.5),
        q5: quantile(0.05),
        q25: quantile(0.25),
        q75: quantile(0.75),
        q95: quantile(0.95),
        sd: some(stats::sd(&sorted, 1.0)),
        skewness,
        kurtosis,
        outliers: skewness.is_some_and(|s| s.abs() > limits.skewness) && kurtosis.is_some_and(|k| k > limits.kurtosis),
        low_availability: (known as f64 / column.len() as f64) < limits.available,
        many_zeros: known > 0 && share(known - zeros) < limits.nonzero,
        few_distinct: known > 0 && share(distinct.len()) < limits.distinct,
    }
}
