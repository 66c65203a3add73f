//! Weights for which each child's influence is the importance that was stated.

use super::normalised;
use super::objective::{Complete, correlations};
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
        return Err(siblings.fault(METHOD, None, "no child that any city has is given a weight in the framework"));
    }
    let sums: Vec<f64> = (0..k).map(|j| (0..k).map(|i| matrix[i * k + j]).sum()).collect();
    if let Some(child) = sums.iter().position(|&s| s <= 1e-9) {
        let why = "it runs against its siblings as a whole, so that no weight gives it a positive influence";
        return Err(siblings.fault(METHOD, Some(child), why));
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
        return Err(siblings.fault(METHOD, None, "its values are too far apart for double precision"));
    }
    Ok(normalised(&weights))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(columns: &[&[f64]], importance: &[f64]) -> Result<Vec<f64>, Fault> {
        let k = columns.len();
        let (codes, columns) = (["a", "b", "c"][..k].to_vec(), columns.to_vec());
        balanced(&Siblings { node: "index", codes, framework: importance.to_vec(), columns, lower: vec![false; k] })
    }

    #[test]
    fn children_that_have_nothing_to_do_with_one_another_by_hand() {
        // Correlations of 0 and deviations of 1 and 10: r is in proportion to u = w s, so that w is to importance over s.
        let (x, y) = ([1.0, 1.0, -1.0, -1.0], [10.0, -10.0, 10.0, -10.0]);
        let weights = fit(&[&x, &y], &[3.0, 1.0]).unwrap();
        approx::assert_relative_eq!(weights[0], 30.0 / 31.0, max_relative = 1e-12);
        approx::assert_relative_eq!(weights[1], 1.0 / 31.0, max_relative = 1e-12);
    }

    #[test]
    fn what_cannot_be_reached_is_approached_with_no_weight_below_zero() {
        // r = 0.8: with all weight on the first child the shares of influence are 1/1.8 and 0.8/1.8, the most that it can have.
        let (x, y) = ([1.0, 1.0, -1.0, -1.0], [1.4, 0.2, -0.2, -1.4]);
        approx::assert_relative_eq!(stats::pearson(&x, &y).unwrap(), 0.8, max_relative = 1e-12);
        assert_eq!(fit(&[&x, &y], &[9.0, 1.0]), Ok(vec![1.0, 0.0]));
        // Twins share a weight, and nothing keeps a third child out: r is to (u1 + u2, u1 + u2, u3).
        let z = [1.0, -1.0, 1.0, -1.0];
        let weights = fit(&[&x, &x, &z], &[1.0, 1.0, 1.0]).unwrap();
        approx::assert_relative_eq!(weights[0] + weights[1], weights[2], max_relative = 1e-12);
        // One that runs against the other as a whole.
        let against = x.map(|v| -v);
        assert!(matches!(fit(&[&x, &against], &[1.0, 1.0]), Err(Fault::NotLearned { child: Some(_), .. })));
    }
}
