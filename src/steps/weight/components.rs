//! Weights from principal components.

use super::normalised;
use super::objective::correlations;
use crate::error::Fault;
use crate::kernel::eigen::{symmetric_eigen, varimax};
use crate::steps::siblings::Siblings;

const EQUAL: &str = "its last component is no larger than the next, so that either could be taken";

/// Whether the last component that is kept is as large as the first that is not: which is which then is chance.
fn equally_large(values: &[f64], kept: usize) -> bool {
    kept < values.len() && values[kept - 1] - values[kept] <= 1e-9 * values[0]
}

/// The Handbook's form: components that matter, rotated, and each child by the component in which it loads most.
pub(super) fn explained_variance(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by principal components";
    let k = siblings.columns.len();
    let matrix = correlations(siblings, METHOD)?;
    let (values, vectors) = symmetric_eigen(&matrix, k);
    // Components that stand out: an eigenvalue above 1 and a tenth of the variance; then more, up to 60 % of it.
    let mut kept = values.iter().take_while(|&&v| v > 1.0 && v / k as f64 > 0.1).count().max(1);
    while kept < k && values[..kept].iter().sum::<f64>() / (k as f64) < 0.6 {
        kept += 1;
    }
    if equally_large(&values, kept) {
        return Err(siblings.fault(METHOD, None, EQUAL));
    }
    let mut loadings: Vec<Vec<f64>> = vectors[..kept]
        .iter()
        .zip(&values)
        .map(|(vector, value)| vector.iter().map(|v| v * value.max(0.0).sqrt()).collect())
        .collect();
    varimax(&mut loadings);
    let explained: Vec<f64> = loadings.iter().map(|column| column.iter().map(|l| l * l).sum()).collect();
    let total: f64 = explained.iter().sum();
    let weight = |child: usize| {
        let shares = loadings.iter().zip(&explained).map(|(column, e)| (column[child] * column[child] / e, e / total));
        // The component in which the child has its largest share; of equal ones the first.
        shares.fold((0.0, 0.0), |best, (share, part)| if share > best.0 { (share, share * part) } else { best }).1
    };
    Ok(normalised(&(0..k).map(weight).collect::<Vec<_>>()))
}

/// The loadings of the first component, its sign fixed so that they add up to something positive.
pub(super) fn first(siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
    const METHOD: &str = "the weighting by the first component";
    let k = siblings.columns.len();
    let matrix = correlations(siblings, METHOD)?;
    let (values, vectors) = symmetric_eigen(&matrix, k);
    if equally_large(&values, 1) {
        return Err(siblings.fault(METHOD, None, EQUAL));
    }
    let sum: f64 = vectors[0].iter().sum();
    let loadings: Vec<f64> = vectors[0].iter().map(|v| if sum < 0.0 { -v } else { *v }).collect();
    if let Some(child) = loadings.iter().position(|&l| l < -1e-12) {
        let why = "it runs against the first component, which would give it a negative weight";
        return Err(siblings.fault(METHOD, Some(child), why));
    }
    Ok(normalised(&loadings.iter().map(|l| l.max(0.0)).collect::<Vec<_>>()))
}
