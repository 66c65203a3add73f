//! Exact indices, where every combination of the inputs' levels was run.

use super::{SobolEstimate, SobolIndex, SobolIndices, checked_names};
use crate::error::{Fault, Problem, Problems, Result};
use crate::kernel::stats;

impl SobolIndices {
    /// The exact indices of inputs with a few levels each, all equally likely, from the outputs of every combination: `levels`
    /// says how many there are of each input, and in `y` the last input varies fastest.
    ///
    /// `S = Var(E[y | x]) / Var(y)`, `ST = E[Var(y | all but x)] / Var(y)`; nothing is sampled, so that the intervals have no
    /// width. An input with one level has 0 for both. Use: three normalisations times two aggregations times four sets of
    /// weights are 24 runs, and no sample tells more.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where there is no input or a name is given twice, where levels and names or
    /// runs and combinations differ in number, where a run failed (NaN or infinite; without it the rest is no full design:
    /// leave out the level that fails), or the output is the same in all.
    ///
    /// ```
    /// use longspring::SobolIndices;
    ///
    /// // y = x1 x2 on 0, 1 and 0, 1: neither does much alone
    /// let indices = SobolIndices::from_factorial(["x1", "x2"], &[2, 2], &[0.0, 0.0, 0.0, 1.0])?;
    /// assert!((indices.get("x1")?.first.value - 1.0 / 3.0).abs() < 1e-15);
    /// assert!((indices.get("x1")?.total.value - 2.0 / 3.0).abs() < 1e-15);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// Reference: Saltelli et al. (2008), *Global Sensitivity Analysis: The Primer*, chapter 4,
    /// [10.1002/9780470725184](https://doi.org/10.1002/9780470725184).
    pub fn from_factorial<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        levels: &[usize],
        y: &[f64],
    ) -> Result<Self> {
        let names = checked_names(names)?;
        let mut problems: Vec<Problem> = Vec::new();
        let mut check = |what: &str, found: usize, expected: usize| {
            if found != expected {
                problems.push(Fault::DesignLength { what: what.to_owned(), found, expected }.into());
            }
        };
        check("the number of inputs with levels", levels.len(), names.len());
        if levels.contains(&0) {
            let need = "1 or more";
            problems.push(Fault::Parameter { name: "the number of levels of an input", value: 0.0, need }.into());
        } else {
            // More combinations than can be counted are more than there are runs.
            let combinations = levels.iter().try_fold(1_usize, |product, &l| product.checked_mul(l));
            check("the number of runs of all combinations", y.len(), combinations.unwrap_or(usize::MAX));
        }
        Problems::check(problems)?;
        let failed = y.iter().filter(|y| !y.is_finite()).count();
        if failed > 0 {
            return Err(Fault::FailedRuns { failed, runs: y.len() }.into());
        }
        let (low, high) = stats::range(y);
        if low == high {
            return Err(Fault::NoVariance { value: low, runs: y.len() }.into());
        }
        let (unit, mean) = (stats::unit(y), stats::mean(y));
        let centred: Vec<f64> = y.iter().map(|y| y / unit - mean / unit).collect();
        let n = y.len() as f64;
        let variance = centred.iter().map(|y| y * y).sum::<f64>() / n;
        if variance <= 0.0 {
            return Err(Fault::NoVariance { value: mean, runs: y.len() }.into());
        }
        let exact = |value: f64| SobolEstimate { value, interval: Some((value, value)) };
        // How many runs lie between two levels of the input at hand.
        let mut stride = y.len();
        let mut inputs = Vec::with_capacity(names.len());
        for (input, &levels) in names.into_iter().zip(levels) {
            stride /= levels;
            let (mut sums, mut within) = (vec![0.0; levels], 0.0);
            for start in (0..y.len()).filter(|run| run / stride % levels == 0) {
                let line = (0..levels).map(|level| centred[start + level * stride]);
                let mean = line.clone().sum::<f64>() / levels as f64;
                within += line.clone().map(|y| (y - mean) * (y - mean)).sum::<f64>();
                sums.iter_mut().zip(line).for_each(|(sum, y)| *sum += y);
            }
            let each = n / levels as f64;
            let between = sums.iter().map(|sum| (sum / each) * (sum / each)).sum::<f64>() / levels as f64;
            let (first, total) = (exact(between / variance), exact(within / n / variance));
            inputs.push(SobolIndex { input, first, total });
        }
        Ok(Self { inputs, rows: y.len(), failed: 0, mean, sd: stats::sd(y, 0.0), resamples: 0, exact: true })
    }
}
