//! Weights that the figures themselves give: how much a child tells cities apart, and how little it repeats others.

use super::{Weighting, normalised};
use crate::error::Fault;
use crate::kernel::{solve, stats};
use crate::steps::siblings::Siblings;

/// The cities of which every child is known, child by child: oriented scores, and the values before orientation.
pub(super) struct Complete {
    pub(super) oriented: Vec<Vec<f64>>,
    pub(super) raw: Vec<Vec<f64>>,
    lower: Vec<bool>,
}

impl Complete {
    /// At least two cities.
    pub(super) fn of(siblings: &Siblings<'_>, method: &'static str) -> Result<Self, Fault> {
        let rows = siblings.complete();
        enough(siblings, method, rows.len())?;
        let pick = |column: &[f64]| rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
        Ok(Self {
            oriented: siblings.columns.iter().map(|c| pick(c)).collect(),
            raw: (0..siblings.columns.len()).map(|c| pick(&siblings.raw(c))).collect(),
            lower: siblings.lower.clone(),
        })
    }

    fn cities(&self) -> usize {
        self.oriented[0].len()
    }
}

/// Refuses fewer than two complete cities.
fn enough(siblings: &Siblings<'_>, method: &'static str, cities: usize) -> Result<(), Fault> {
    let why = "fewer than two cities are known in every child; impute, or leave a child out";
    if cities < 2 { Err(siblings.fault(method, None, why)) } else { Ok(()) }
}

/// Refuses columns with a value for which the test does not hold.
fn all(
    siblings: &Siblings<'_>,
    method: &'static str,
    columns: &[Vec<f64>],
    good: impl Fn(f64) -> bool,
    why: &'static str,
) -> Result<(), Fault> {
    match columns.iter().position(|c| !c.iter().all(|&v| good(v))) {
        Some(child) => Err(siblings.fault(method, Some(child), why)),
        None => Ok(()),
    }
}

fn constant(column: &[f64]) -> bool {
    column.iter().all(|&v| v == column[0])
}

/// What is below this has come from rounding.
const ROUNDING: f64 = 1e-14;

const ALIKE: &str = "every child is the same in all cities, so that none tells them apart";

/// Weights in proportion to what each child brings; an error where none brings anything.
fn share(siblings: &Siblings<'_>, method: &'static str, parts: &[f64], why: &'static str) -> Result<Vec<f64>, Fault> {
    if parts.iter().any(|p| !p.is_finite()) {
        return Err(siblings.fault(method, None, "its values are too far apart for double precision"));
    }
    let parts: Vec<f64> = parts.iter().map(|p| p.max(0.0)).collect();
    if parts.iter().all(|&p| p == 0.0) {
        return Err(siblings.fault(method, None, why));
    }
    Ok(normalised(&parts))
}

/// A column divided by a power of two, so that sums and squares stay within double precision.
fn scaled(column: &[f64]) -> Vec<f64> {
    let unit = stats::unit(column);
    column.iter().map(|v| v / unit).collect()
}

/// What each value of a scaled column has above the lowest: exact where values are close, so that no digits are lost.
fn above_lowest(column: &[f64]) -> Vec<f64> {
    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
    column.iter().map(|v| v - low).collect()
}

fn min_max(column: &[f64]) -> Vec<f64> {
    let (low, high) = stats::range(column);
    let unit = stats::unit(column);
    let range = high / unit - low / unit;
    column.iter().map(|v| if range > 0.0 { (v / unit - low / unit) / range } else { 0.0 }).collect()
}

pub(super) fn entropy(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by entropy";
    let complete = Complete::of(siblings, METHOD)?;
    all(siblings, METHOD, &complete.raw, |v| v >= 0.0, "every value must be 0 or more")?;
    let most = (complete.cities() as f64).ln();
    let diversity = |column: &Vec<f64>| {
        if constant(column) {
            return 0.0;
        }
        // With `p = (1 + d) / m` and deviations `d` from the mean, `1 - E` is the mean of `excess(d)` over `ln m`: unlike the
        // difference of 1 and `E`, that keeps its digits where the values are close.
        let column = scaled(column);
        let above = above_lowest(&column);
        let n = column.len() as f64;
        let (mean, mean_above) = (stats::sum(column.iter().copied()) / n, stats::sum(above.iter().copied()) / n);
        stats::sum(above.iter().map(|a| excess((a - mean_above) / mean))) / n / most
    };
    share(siblings, METHOD, &complete.raw.iter().map(diversity).collect::<Vec<_>>(), ALIKE)
}

/// `(1 + d) ln(1 + d) - d`, which is 0 or more; near 0 by its series, because the difference would lose all digits.
fn excess(d: f64) -> f64 {
    if d.abs() > 0.05 {
        return if d > -1.0 { (1.0 + d) * d.ln_1p() - d } else { 1.0 };
    }
    // sum over i = 2.. of (-d)^i / (i (i - 1)), the smallest first
    (2..=14).rev().fold(0.0, |rest, i| f64::from(i * (i - 1)).recip() - d * rest) * d * d
}

/// `directed` takes the oriented scores, as the method is defined; else the values as they are.
pub(super) fn critic(siblings: &Siblings<'_>, directed: bool) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by CRITIC";
    let complete = Complete::of(siblings, METHOD)?;
    let columns = if directed { &complete.oriented } else { &complete.raw };
    let parts: Vec<f64> = columns
        .iter()
        .map(|own| {
            // Columns in step have a correlation of 1 but for the last digits, and those must not make weights.
            let conflict = |other: &Vec<f64>| stats::pearson(own, other).map_or(0.0, |r| 1.0 - r);
            let conflict = |other: &Vec<f64>| Some(conflict(other)).filter(|c| *c > ROUNDING).unwrap_or(0.0);
            let conflict: f64 = columns.iter().filter(|other| !constant(other)).map(conflict).sum();
            if constant(own) { 0.0 } else { stats::sd(&min_max(own), 1.0) * conflict }
        })
        .collect();
    share(siblings, METHOD, &parts, "the children do not differ, or all say the same")
}

pub(super) fn standard_deviation(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by standard deviation";
    let complete = Complete::of(siblings, METHOD)?;
    let parts: Vec<f64> = complete.oriented.iter().map(|c| if constant(c) { 0.0 } else { stats::sd(c, 1.0) }).collect();
    share(siblings, METHOD, &parts, ALIKE)
}

pub(super) fn gini(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by Gini coefficients";
    let complete = Complete::of(siblings, METHOD)?;
    all(siblings, METHOD, &complete.raw, |v| v >= 0.0, "every value must be 0 or more")?;
    let coefficient = |column: &Vec<f64>| {
        if constant(column) {
            return 0.0;
        }
        // Sum of all differences, by the places in order: (2 i - n - 1) x(i).
        let sorted = stats::sorted(&scaled(column));
        let n = sorted.len() as f64;
        let total: f64 = sorted.iter().sum();
        // The factors add up to 0, so that the lowest value can be taken off, and close values keep their digits.
        let above = above_lowest(&sorted);
        let spread: f64 = above.iter().enumerate().map(|(i, v)| (2.0 * (i as f64 + 1.0) - n - 1.0) * v).sum();
        spread / (n * total)
    };
    share(siblings, METHOD, &complete.raw.iter().map(coefficient).collect::<Vec<_>>(), ALIKE)
}

pub(super) fn merec(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by MEREC";
    let complete = Complete::of(siblings, METHOD)?;
    all(siblings, METHOD, &complete.raw, |v| v > 0.0, "every value must be above 0")?;
    let k = complete.raw.len() as f64;
    // The logarithm of the ratio to the lowest benefit or the highest cost, without its sign.
    let logs: Vec<Vec<f64>> = complete
        .raw
        .iter()
        .zip(&complete.lower)
        .map(|(column, &lower)| {
            let end = column.iter().copied().reduce(if lower { f64::max } else { f64::min }).unwrap_or(1.0);
            column.iter().map(|v| log_ratio(*v, end).abs()).collect()
        })
        .collect();
    let effect = |child: usize| {
        let own = &logs[child];
        // S - S' as one logarithm: the difference of two would lose the digits of a small effect.
        let change = |city: usize| {
            let others: f64 = logs.iter().enumerate().filter(|(j, _)| *j != child).map(|(_, c)| c[city]).sum();
            (own[city] / (k + others)).ln_1p()
        };
        if constant(own) { 0.0 } else { stats::sum((0..complete.cities()).map(change)) }
    };
    share(siblings, METHOD, &(0..logs.len()).map(effect).collect::<Vec<_>>(), ALIKE)
}

/// `ln(a / b)` of positive numbers: exact where they are close, and without overflow where they are far apart.
fn log_ratio(a: f64, b: f64) -> f64 {
    let difference = (a - b) / b;
    if difference.abs() < 0.5 { difference.ln_1p() } else { a.ln() - b.ln() }
}

pub(super) fn cilos(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by CILOS";
    let complete = Complete::of(siblings, METHOD)?;
    all(siblings, METHOD, &complete.raw, |v| v > 0.0, "every value must be above 0")?;
    // Costs are turned into benefits, and every column into shares of its best.
    // A child that is the same everywhere loses nothing anywhere; in the balance it would take all the weight.
    let vary: Vec<usize> = (0..complete.raw.len()).filter(|&j| !constant(&complete.raw[j])).collect();
    if vary.is_empty() {
        return Err(siblings.fault(METHOD, None, ALIKE));
    }
    let columns: Vec<Vec<f64>> = vary
        .iter()
        .map(|&j| (&complete.raw[j], complete.lower[j]))
        .map(|(column, lower)| {
            let best = column.iter().copied().reduce(if lower { f64::min } else { f64::max }).unwrap_or(1.0);
            column.iter().map(|v| if lower { best / v } else { v / best }).collect()
        })
        .collect();
    let k = columns.len();
    // What each child loses in the city that is best in another. Where several are best, the mean of them: which of them
    // comes first must not matter.
    let mut loss = vec![0.0; k * k];
    for (i, best_in) in columns.iter().enumerate() {
        let best: Vec<usize> = (0..complete.cities()).filter(|&city| best_in[city] == 1.0).collect();
        for (j, column) in columns.iter().enumerate() {
            loss[i * k + j] = 1.0 - stats::sum(best.iter().map(|&city| column[city])) / best.len() as f64;
        }
    }
    for j in 0..k {
        let total: f64 = (0..k).filter(|&i| i != j).map(|i| loss[i * k + j]).sum();
        loss[j * k + j] = -total;
    }
    // The weights for which losses balance: the last equation follows from the others, and gives way to the sum of 1.
    for j in 0..k {
        loss[(k - 1) * k + j] = 1.0;
    }
    let mut right = vec![0.0; k];
    right[k - 1] = 1.0;
    let why = "the losses do not determine weights: one city is best in several children";
    let solved = solve::solve(&loss, &right).ok_or_else(|| siblings.fault(METHOD, None, why))?;
    if solved.iter().any(|&w| w < -1e-9) {
        return Err(siblings.fault(METHOD, None, why));
    }
    let mut weights = vec![0.0; complete.raw.len()];
    vary.iter().zip(solved).for_each(|(&j, w)| weights[j] = w);
    share(siblings, METHOD, &weights, why)
}

pub(super) fn idocriw(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    let (entropy, cilos) = (entropy(siblings)?, cilos(siblings)?);
    let parts: Vec<f64> = entropy.iter().zip(&cilos).map(|(a, b)| a * b).collect();
    share(siblings, "the weighting by IDOCRIW", &parts, "no child has both entropy and a loss")
}

pub(super) fn lopcow(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by LOPCOW";
    let complete = Complete::of(siblings, METHOD)?;
    let power = |column: &Vec<f64>| {
        if constant(column) {
            return 0.0;
        }
        let column = min_max(column);
        let square = stats::sum(column.iter().map(|v| v * v)) / column.len() as f64;
        // Exactly 1 where all cities but the best are the same, so always with two cities.
        let power = (square.sqrt() / stats::sd(&column, 1.0)).ln().abs();
        if power > ROUNDING { power } else { 0.0 }
    };
    let why = "in every child all cities but the best are the same, which it gives no weight";
    share(siblings, METHOD, &complete.oriented.iter().map(power).collect::<Vec<_>>(), why)
}

/// The weights by standard deviation or by CRITIC, given the standard deviations of the children's columns (for CRITIC of the
/// min-max columns) over so many complete cities, 0 for one that is the same everywhere, and their correlations.
pub(crate) fn from_moments(
    weighting: &Weighting,
    siblings: &Siblings<'_>,
    cities: usize,
    deviations: &[f64],
    correlation: impl Fn(usize, usize) -> Option<f64>,
) -> Result<Vec<f64>, Fault> {
    let critic = *weighting == Weighting::Critic;
    let (method, why) = if critic {
        ("the weighting by CRITIC", "the children do not differ, or all say the same")
    } else {
        ("the weighting by standard deviation", ALIKE)
    };
    enough(siblings, method, cities)?;
    let k = deviations.len();
    let conflict = |i: usize| {
        let others = (0..k).filter(|&j| deviations[j] > 0.0);
        others.map(|j| correlation(i, j).map_or(0.0, |r| 1.0 - r)).filter(|c| *c > ROUNDING).sum::<f64>()
    };
    let part = |i: usize| if critic && deviations[i] > 0.0 { deviations[i] * conflict(i) } else { deviations[i] };
    share(siblings, method, &(0..k).map(part).collect::<Vec<_>>(), why)
}

/// The correlations of the children over the complete cities, row by row; an error where one is the same everywhere.
pub(super) fn correlations(siblings: &Siblings<'_>, method: &'static str) -> Result<Vec<f64>, Fault> {
    let complete = Complete::of(siblings, method)?;
    if let Some(child) = complete.oriented.iter().position(|c| constant(c)) {
        return Err(siblings.fault(method, Some(child), "it is the same in all cities"));
    }
    let k = complete.oriented.len();
    let mut matrix = vec![1.0; k * k];
    for i in 0..k {
        for j in 0..i {
            let r = stats::pearson(&complete.oriented[i], &complete.oriented[j]);
            let why = "its values are too far apart for double precision";
            let r = r.ok_or_else(|| siblings.fault(method, Some(i), why))?;
            (matrix[i * k + j], matrix[j * k + i]) = (r, r);
        }
    }
    Ok(matrix)
}
