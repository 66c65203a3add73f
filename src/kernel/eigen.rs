//! Eigenvectors of symmetric matrices, and the rotation of loadings.

use nalgebra::{DMatrix, SymmetricEigen};

/// Eigenvalues, the largest first, and unit eigenvectors, each with its entry of largest size above 0 (of equal ones the
/// first), of a symmetric matrix row by row.
pub(crate) fn symmetric_eigen(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let eigen = SymmetricEigen::new(DMatrix::from_row_slice(n, n, matrix));
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]).then(a.cmp(&b)));
    let vector = |&i: &usize| {
        let mut vector: Vec<f64> = eigen.eigenvectors.column(i).iter().copied().collect();
        turn(&mut vector);
        vector
    };
    (order.iter().map(|&i| eigen.eigenvalues[i]).collect(), order.iter().map(vector).collect())
}

/// Gives a vector the sign that makes its entry of largest size positive; of equal ones the first.
pub(crate) fn turn(vector: &mut [f64]) {
    let size = vector.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if vector.iter().find(|v| v.abs() >= size * (1.0 - 1e-9)).is_some_and(|lead| *lead < 0.0) {
        for v in vector {
            *v = -*v;
        }
    }
}

/// Rotates loadings, a column a component, so that the squares within each are as unlike as can be: varimax without
/// rescaling, two components at a time.
///
/// Reference: Kaiser (1958), *The varimax criterion for analytic rotation in factor analysis*, Psychometrika 23,
/// [10.1007/BF02289233](https://doi.org/10.1007/BF02289233).
pub(crate) fn varimax(loadings: &mut [Vec<f64>]) {
    let rows = loadings.first().map_or(0, Vec::len) as f64;
    for _ in 0..500 {
        let mut turned = 0.0_f64;
        for a in 0..loadings.len() {
            for b in a + 1..loadings.len() {
                let (left, right) = loadings.split_at_mut(b);
                let (x, y) = (&mut left[a], &mut right[0]);
                let (mut su, mut sv, mut sc, mut sd) = (0.0, 0.0, 0.0, 0.0);
                for (x, y) in x.iter().zip(y.iter()) {
                    let (u, v) = (x * x - y * y, 2.0 * x * y);
                    su += u;
                    sv += v;
                    sc += u * u - v * v;
                    sd += 2.0 * u * v;
                }
                let angle = (sd - 2.0 * su * sv / rows).atan2(sc - (su * su - sv * sv) / rows) / 4.0;
                turned = turned.max(angle.abs());
                let (sin, cos) = angle.sin_cos();
                for (x, y) in x.iter_mut().zip(y.iter_mut()) {
                    (*x, *y) = (cos * *x + sin * *y, cos * *y - sin * *x);
                }
            }
        }
        if turned < 1e-12 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_by_hand() {
        let (values, vectors) = symmetric_eigen(&[2.0, 1.0, 1.0, 2.0], 2);
        approx::assert_relative_eq!(values[0], 3.0, max_relative = 1e-14);
        approx::assert_relative_eq!(values[1], 1.0, max_relative = 1e-14);
        approx::assert_relative_eq!(vectors[0][0], 0.5_f64.sqrt(), max_relative = 1e-14);
        approx::assert_relative_eq!(vectors[0][1], 0.5_f64.sqrt(), max_relative = 1e-14);
    }

    #[test]
    fn a_simple_structure_is_found_again() {
        // Two clean components, turned by 30 degrees.
        let (sin, cos) = (0.5, 0.75_f64.sqrt());
        let clean = [[0.9, 0.8, 0.0, 0.0], [0.0, 0.0, 0.7, 0.6]];
        let turned = |a: f64, b: f64| (0..4).map(|i| a * clean[0][i] + b * clean[1][i]).collect::<Vec<f64>>();
        let mut loadings = vec![turned(cos, sin), turned(-sin, cos)];
        varimax(&mut loadings);
        for (column, right) in loadings.iter().zip(clean) {
            for (l, r) in column.iter().zip(right) {
                approx::assert_abs_diff_eq!(l.abs(), r, epsilon = 1e-9);
            }
        }
    }
}
