//! Weights for which each child's influence is the importance that was stated.

use super::normalised;
use super::objective::{Complete, correlations, fault};
use crate::error::Fault;
use crate::kernel::{solve, stats};
use crate::steps::siblings::Siblings;

const METHOD: &str = "the balanced weighting";

/// With correlations `R` of the children, and `u = w s` their weights times their standard deviations, the correlation of a
/// child with the node is in proportion to `(R u)_j`. So the share of influence is `R u` over its sum, and the weights that
/// bring it nearest to the stated importance are the point of the convex hull of the scaled columns of `R` that is nearest
/// to it: a convex problem with one solution where `R` is regular.
pub(super) fn balanced(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    let k = siblings.columns.len();
    let matrix = correlations(siblings, METHOD)?;
    let complete = Complete::of(siblings, METHOD)?;
    let importance = normalised(&siblings.framework);
    if importance.iter().all(|&t| t == 0.0) {
        return Err(fault(siblings, METHOD, None, "no child that any city has is given a weight in the framework"));
    }
    let sums: Vec<f64> = (0..k).map(|j| (0..k).map(|i| matrix[i * k + j]).sum()).collect();
    if let Some(child) = sums.iter().position(|&s| s <= 1e-9) {
        let why = "it runs against its siblings as a whole, so that no weight gives it a positive influence";
        return Err(fault(siblings, METHOD, Some(child), why));
    }
    // The nearest point of a hull: least squares without negatives, with a row that asks for a sum of 1, and rescaled after.
    let column = |j: usize| {
        let gaps = (0..k).map(|i| matrix[i * k + j] / sums[j] - importance[i]);
        gaps.chain([1.0]).collect::<Vec<f64>>()
    };
    let mut right = vec![0.0; k + 1];
    right[k] = 1.0;
    let hull = solve::non_negative(&(0..k).map(column).collect::<Vec<_>>(), &right);
    let weights: Vec<f64> = (0..k).map(|j| hull[j] / sums[j] / stats::sd(&complete.oriented[j], 1.0)).collect();
    if weights.iter().any(|w| !w.is_finite()) || weights.iter().all(|&w| w == 0.0) {
        return Err(fault(siblings, METHOD, None, "its values are too far apart for double precision"));
    }
    Ok(normalised(&weights))
}
