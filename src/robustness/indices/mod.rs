//! Which input a result depends on: Sobol' indices of a sample or of a full factorial design.

mod factorial;
mod print;
#[cfg(test)]
mod tests;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use crate::error::{Fault, Problem, Problems, Result, What};
use crate::kernel::stats;

/// The Sobol' indices of an output: which share of its variance each uncertain input accounts for.
///
/// The first-order index `S = Var(E[y | x]) / Var(y)` is the share by which the variance would shrink on average if the input
/// alone were known; the total index `ST = E[Var(y | all but x)] / Var(y)` is the share that would remain if all others were.
/// `ST - S` is what the input does together with others. First-order indices add up to at most 1, total ones to at least 1, if
/// the inputs are independent.
///
/// **From a sample** ([`SobolIndices::from_design`]): first order by Saltelli et al. (2010), total by Jansen (1999), with
/// bootstrap intervals of 90 %. Estimates can lie below 0 or above 1; an index whose interval reaches 0 [cannot be told from
/// zero](SobolEstimate::is_above_zero), and the printed table says so. **From every combination**
/// ([`SobolIndices::from_factorial`]): exact.
///
/// ```
/// use longspring::{Aggregation, Cut, Method, Normalisation, SobolIndices, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
///
/// // what the rank of a city depends on more: the normalisation or the aggregation
/// let mut ranks = Vec::new();
/// for normalisation in [Normalisation::MinMax { low: 1.0, high: 100.0 }, Normalisation::Rank { ties: Default::default() }] {
///     for aggregation in [Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Harmonic] {
///         let method = Method::new().normalisation(normalisation.clone()).aggregation(aggregation);
///         let scores = method.fit(&framework, &cities)?.score(&cities)?;
///         ranks.push(scores.rank("changchun", "renewal")?.unwrap_or(f64::NAN));
///     }
/// }
/// let indices = SobolIndices::from_factorial(["normalisation", "aggregation"], &[2, 3], &ranks)?;
/// println!("{indices}");
/// # assert!(indices.inputs.iter().map(|i| i.first.value).sum::<f64>() <= 1.0 + 1e-12);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// References: Sobol' (2001), [10.1016/S0378-4754(00)00270-6](https://doi.org/10.1016/S0378-4754(00)00270-6); Saltelli, Annoni,
/// Azzini, Campolongo, Ratto and Tarantola (2010), [10.1016/j.cpc.2009.09.018](https://doi.org/10.1016/j.cpc.2009.09.018);
/// Jansen (1999), [10.1016/S0010-4655(98)00154-4](https://doi.org/10.1016/S0010-4655(98)00154-4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SobolIndices {
    /// The indices of each input, in the order that was given.
    pub inputs: Vec<SobolIndex>,
    /// How many rows of the design they rest on. A row is a run of A, one of B and one of AB for each input; in a factorial
    /// design it is a run.
    pub rows: usize,
    /// How many rows were left out, because a run of theirs failed.
    pub failed: usize,
    /// The mean of the output over the runs of A and B.
    pub mean: f64,
    /// The standard deviation of the output over the runs of A and B, with the divisor `n`.
    pub sd: f64,
    /// How many bootstrap resamples the intervals rest on; 0 where there are none.
    pub resamples: usize,
    /// Whether every combination was run, so that there is no sampling error.
    pub exact: bool,
}

/// The indices of one input. See [`SobolIndices`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SobolIndex {
    /// The name of the input.
    pub input: String,
    /// The first-order index: what the input does alone.
    pub first: SobolEstimate,
    /// The total index: what it does alone and together with others.
    pub total: SobolEstimate,
}

/// An index and how far it can be trusted. See [`SobolIndices`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SobolEstimate {
    /// The index; what a sample gives can lie below 0 or above 1.
    pub value: f64,
    /// The interval from the 5 % to the 95 % quantile of the bootstrap; of an exact index the index twice. None without a
    /// bootstrap.
    pub interval: Option<(f64, f64)>,
}

impl SobolEstimate {
    /// Whether the index can be told from zero: its whole interval lies above it. Without an interval one cannot say so. What is
    /// below 1e-12 is rounding, and counts as zero.
    #[must_use]
    pub fn is_above_zero(&self) -> bool {
        self.interval.is_some_and(|(low, _)| low > 1e-12)
    }
}

impl SobolIndices {
    /// The indices of one input.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such input, with the nearest name.
    pub fn get(&self, input: &str) -> Result<&SobolIndex> {
        self.inputs.iter().find(|index| index.input == input).ok_or_else(|| crate::Error::Unknown {
            what: What::Input,
            code: input.to_owned(),
            nearest: crate::error::nearest(input, self.inputs.iter().map(|index| index.input.as_str())),
        })
    }

    /// Estimates the indices from the outputs of a design of `N (d + 2)` runs: `A` and `B` are two independent samples of `N`
    /// points, and in `AB` of an input the points are those of A with the column of that input taken from B.
    ///
    /// With outputs centred on the mean of the whole design, and the variance `V` of those of A and B together (divisor `2 N`):
    ///
    /// - first order: `mean(y_B (y_AB - y_A)) / V` (Saltelli et al. 2010). Without centring a constant that is added to the
    ///   output would change it;
    /// - total: `mean((y_A - y_AB)^2) / (2 V)` (Jansen 1999).
    ///
    /// **Intervals**: whole rows are drawn with replacement `bootstrap` times, with a variance of their own each time; at least
    /// 1,000 are usual, 0 gives none. A resample that does not vary is left out and counts in `resamples` no more. The seed
    /// starts a generator (xoshiro256++) whose numbers are the same everywhere.
    ///
    /// **Failed runs** are NaN or infinite. Each takes its whole row with it, and the rows are counted in `failed`: indices of
    /// what is left are of the inputs where the output exists. Pitfall: the more are missing, the less the inputs are
    /// independent.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where there is no input or a name is given twice, where a column is missing or
    /// of another length than A, where fewer than two rows are left, or the output is the same in all runs of A and B.
    ///
    /// ```
    /// use longspring::SobolIndices;
    ///
    /// // y = x1 + 2 x2, with A = (0, 0), (1, 1), (0, 1), (1, 0) and B = (0, 1), (0, 0), (1, 1), (1, 0)
    /// let (a, b) = ([0.0, 3.0, 2.0, 1.0], [2.0, 0.0, 3.0, 1.0]);
    /// let ab = [vec![0.0, 2.0, 3.0, 1.0], vec![2.0, 1.0, 2.0, 1.0]];
    /// let indices = SobolIndices::from_design(["x1", "x2"], &a, &b, &ab, 200, 1)?;
    /// assert!((indices.get("x1")?.total.value - 0.2).abs() < 1e-12);
    /// assert!(!indices.get("x1")?.first.is_above_zero()); // four rows tell little
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn from_design<S: Into<String>, C: AsRef<[f64]>>(
        names: impl IntoIterator<Item = S>,
        y_a: &[f64],
        y_b: &[f64],
        y_ab: &[C],
        bootstrap: usize,
        seed: u64,
    ) -> Result<Self> {
        let names = checked_names(names)?;
        let mut problems: Vec<Problem> = Vec::new();
        let mut check = |what: String, found: usize, expected: usize| {
            if found != expected {
                problems.push(Fault::DesignLength { what, found, expected }.into());
            }
        };
        check("the number of columns AB".to_owned(), y_ab.len(), names.len());
        check("the number of runs of B".to_owned(), y_b.len(), y_a.len());
        for (name, column) in names.iter().zip(y_ab) {
            check(format!("the number of runs of AB for `{name}`"), column.as_ref().len(), y_a.len());
        }
        Problems::check(problems)?;
        let columns: Vec<&[f64]> = y_ab.iter().map(AsRef::as_ref).collect();
        let whole = |&row: &usize| {
            y_a[row].is_finite() && y_b[row].is_finite() && columns.iter().all(|column| column[row].is_finite())
        };
        let rows: Vec<usize> = (0..y_a.len()).filter(whole).collect();
        if rows.len() < 2 {
            return Err(Fault::FewRows { left: rows.len(), rows: y_a.len() }.into());
        }
        let pick = |column: &[f64]| -> Vec<f64> { rows.iter().map(|&row| column[row]).collect() };
        let design = Design { a: pick(y_a), b: pick(y_b), ab: columns.iter().map(|column| pick(column)).collect() };
        let mut indices = design.indices(names, &[], bootstrap, seed)?;
        indices.failed = y_a.len() - rows.len();
        Ok(indices)
    }
}

/// The names of the inputs: at least one, and none twice.
fn checked_names<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Vec<String>> {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    if names.is_empty() {
        return Err(Fault::Parameter { name: "the number of inputs", value: 0.0, need: "1 or more" }.into());
    }
    let twice = names.iter().enumerate().filter(|(i, name)| names[..*i].contains(name));
    let fault = |name: &String| Fault::Duplicate { what: What::Input, code: name.clone(), first: None };
    Problems::check(twice.map(|(_, name)| fault(name).into()).collect())?;
    Ok(names)
}

/// The outputs of the rows that did not fail.
struct Design {
    a: Vec<f64>,
    b: Vec<f64>,
    ab: Vec<Vec<f64>>,
}

impl Design {
    /// The indices; the outputs are centred on the mean of the whole design, further runs of it included.
    fn indices(mut self, names: Vec<String>, further: &[f64], bootstrap: usize, seed: u64) -> Result<SobolIndices> {
        let both = [&self.a[..], &self.b].concat();
        let (low, high) = stats::range(&both);
        if low == high {
            return Err(Fault::NoVariance { value: low, runs: both.len() }.into());
        }
        let mut all = both.clone();
        self.ab.iter().for_each(|column| all.extend(column));
        all.extend(further);
        let (unit, mean) = (stats::unit(&all), stats::mean(&all));
        for y in self.a.iter_mut().chain(&mut self.b).chain(self.ab.iter_mut().flatten()) {
            *y = *y / unit - mean / unit;
        }
        let n = self.a.len();
        let terms: Vec<Terms> = (0..n).map(|row| Terms { of_a: self.a[row], of_b: self.b[row] }).collect();
        let parts: Vec<Vec<(f64, f64)>> = self.ab.iter().map(|ab| products(&terms, ab)).collect();
        let estimate = |rows: &[usize]| -> Option<Vec<(f64, f64)>> {
            let variance = variance(&terms, rows);
            let index = |parts: &Vec<(f64, f64)>| {
                let (first, total) = rows.iter().fold((0.0, 0.0), |(f, t), &row| (f + parts[row].0, t + parts[row].1));
                let n = rows.len() as f64;
                (first / n / variance, total / n / variance / 2.0)
            };
            (variance > 0.0).then(|| parts.iter().map(index).collect())
        };
        let mut rows: Vec<usize> = (0..n).collect();
        let Some(nominal) = estimate(&rows) else {
            return Err(Fault::NoVariance { value: mean, runs: both.len() }.into());
        };
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut resampled: Vec<Vec<(f64, f64)>> = Vec::new();
        for _ in 0..bootstrap {
            for row in &mut rows {
                *row = below(&mut random, n);
            }
            resampled.extend(estimate(&rows));
        }
        let interval = |values: Vec<f64>| {
            let sorted = stats::sorted(&values);
            (!sorted.is_empty()).then(|| (stats::quantile(&sorted, 0.05), stats::quantile(&sorted, 0.95)))
        };
        let input = |(i, input): (usize, String)| SobolIndex {
            input,
            first: SobolEstimate {
                value: nominal[i].0,
                interval: interval(resampled.iter().map(|sample| sample[i].0).collect()),
            },
            total: SobolEstimate {
                value: nominal[i].1,
                interval: interval(resampled.iter().map(|sample| sample[i].1).collect()),
            },
        };
        Ok(SobolIndices {
            inputs: names.into_iter().enumerate().map(input).collect(),
            rows: n,
            failed: 0,
            mean: stats::mean(&both),
            sd: stats::sd(&both, 0.0),
            resamples: resampled.len(),
            exact: false,
        })
    }
}

/// The centred outputs of a row in A and B.
struct Terms {
    of_a: f64,
    of_b: f64,
}

/// For each row what it adds to the first-order and to the total index of an input.
fn products(terms: &[Terms], ab: &[f64]) -> Vec<(f64, f64)> {
    let product = |(t, ab): (&Terms, &f64)| (t.of_b * (ab - t.of_a), (t.of_a - ab) * (t.of_a - ab));
    terms.iter().zip(ab).map(product).collect()
}

/// The variance of the outputs of A and B in some rows, around their own mean.
fn variance(terms: &[Terms], rows: &[usize]) -> f64 {
    let n = 2.0 * rows.len() as f64;
    let mean = rows.iter().map(|&row| terms[row].of_a + terms[row].of_b).sum::<f64>() / n;
    let square = |y: f64| (y - mean) * (y - mean);
    rows.iter().map(|&row| square(terms[row].of_a) + square(terms[row].of_b)).sum::<f64>() / n
}

/// A random number below another one. One in 2^64 / n numbers comes a little too often, which no sample can notice.
fn below(random: &mut Xoshiro256PlusPlus, n: usize) -> usize {
    let product = u128::from(random.next_u64()) * n as u128;
    usize::try_from(product >> 64).unwrap_or(0)
}
