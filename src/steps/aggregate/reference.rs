//! What methods that measure against other cities learn of a child's column.

use crate::error::Fault;
use crate::kernel::stats;
use crate::steps::siblings::Siblings;

/// The best and worst oriented score of every child among the reference cities.
pub(crate) fn extremes(siblings: &Siblings<'_>) -> (Vec<f64>, Vec<f64>) {
    let fold = |of: fn(f64, f64) -> f64, start: f64| {
        let column = |c: &&[f64]| c.iter().copied().filter(|v| !v.is_nan()).fold(start, of);
        siblings.columns.iter().map(column).collect::<Vec<f64>>()
    };
    (fold(f64::max, f64::NEG_INFINITY), fold(f64::min, f64::INFINITY))
}

/// The power of two by which gaps to the best are divided before they are squared, so that scales of any size do.
pub(crate) fn unit_of_gaps(best: &[f64], worst: &[f64]) -> f64 {
    stats::unit(&best.iter().zip(worst).map(|(b, w)| b - w).collect::<Vec<f64>>())
}

/// One row of the reference cities.
pub(crate) fn row(siblings: &Siblings<'_>, city: usize) -> Vec<f64> {
    siblings.columns.iter().map(|c| c[city]).collect()
}

/// The results of the reference cities by a function of the row, those that have none left out.
pub(crate) fn results(siblings: &Siblings<'_>, of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    // A city of which nothing is known has no result, though a sum over nothing is 0.
    let rows = (0..siblings.rows()).map(|city| row(siblings, city)).filter(|row| row.iter().any(|z| !z.is_nan()));
    rows.map(|row| of(&row)).filter(|v| v.is_finite()).collect()
}

/// The sum of the known values of a column, whatever the order of the cities.
pub(crate) fn sum(column: &[f64]) -> f64 {
    stats::sum(column.iter().copied().filter(|v| !v.is_nan()))
}

/// Refuses children with a value that is not above 0; one without a weight leaves no trace.
pub(crate) fn positive(siblings: &Siblings<'_>, weights: &[f64], method: &'static str) -> Result<(), Fault> {
    for child in (0..siblings.columns.len()).filter(|&child| weights[child] > 0.0) {
        if siblings.raw(child).iter().any(|&v| v <= 0.0) {
            return Err(siblings.fault(method, Some(child), "every value must be above 0"));
        }
    }
    Ok(())
}

/// Refuses reference cities that cannot be told apart by the children that have a weight: the others leave no trace.
pub(crate) fn differ(siblings: &Siblings<'_>, weights: &[f64], method: &'static str) -> Result<(), Fault> {
    let (best, worst) = extremes(siblings);
    if best.iter().zip(&worst).zip(weights).all(|((b, w), &weight)| b == w || weight == 0.0) {
        return Err(siblings.fault(method, None, "all cities are the same; it needs two that differ"));
    }
    Ok(())
}
