//! Small systems of linear equations, on square matrices row by row.

/// Below this share of the largest entry a pivot is taken for 0.
const SINGULAR: f64 = 1e-12;

/// Solves `a x = b` by elimination with row pivoting; none where the matrix is singular to working precision.
pub(crate) fn solve(a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let mut x = b.to_vec();
    eliminate(&mut a.to_vec(), n, &mut x, 1)?;
    Some(x)
}

/// The inverse of a matrix; none where it is singular to working precision.
pub(crate) fn inverse(a: &[f64], n: usize) -> Option<Vec<f64>> {
    let mut right = vec![0.0; n * n];
    (0..n).for_each(|i| right[i * n + i] = 1.0);
    eliminate(&mut a.to_vec(), n, &mut right, n)?;
    Some(right)
}

/// Gauss and Jordan: `right` holds `columns` numbers a row.
fn eliminate(a: &mut [f64], n: usize, right: &mut [f64], columns: usize) -> Option<()> {
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if !largest.is_finite() {
        return None;
    }
    for c in 0..n {
        let pivot = (c..n).max_by(|&i, &j| a[i * n + c].abs().total_cmp(&a[j * n + c].abs()).then(j.cmp(&i)))?;
        if a[pivot * n + c].abs() <= SINGULAR * largest {
            return None;
        }
        if pivot != c {
            (0..n).for_each(|j| a.swap(c * n + j, pivot * n + j));
            (0..columns).for_each(|j| right.swap(c * columns + j, pivot * columns + j));
        }
        let head = a[c * n + c];
        (0..n).for_each(|j| a[c * n + j] /= head);
        (0..columns).for_each(|j| right[c * columns + j] /= head);
        for i in (0..n).filter(|&i| i != c) {
            let factor = a[i * n + c];
            if factor != 0.0 {
                (0..n).for_each(|j| a[i * n + j] -= factor * a[c * n + j]);
                (0..columns).for_each(|j| right[i * columns + j] -= factor * right[c * columns + j]);
            }
        }
    }
    right.iter().all(|v| v.is_finite()).then_some(())
}

/// Finds `x` with no entry below 0 that minimises the length of `a x - b`, given `a` column by column: the active-set
/// method of Lawson and Hanson (1974), *Solving Least Squares Problems*, chapter 23.
pub(crate) fn non_negative(columns: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let k = columns.len();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let mut x = vec![0.0; k];
    let mut free = vec![false; k];
    // Columns that those in use already make up.
    let mut idle = vec![false; k];
    // Each round adds one entry; none comes back for ever, but rounding could make it.
    for _ in 0..10 * k + 10 {
        let residual: Vec<f64> =
            (0..b.len()).map(|r| b[r] - (0..k).map(|j| columns[j][r] * x[j]).sum::<f64>()).collect();
        let gain = |j: usize| dot(&columns[j], &residual);
        let next =
            (0..k).filter(|&j| !free[j] && !idle[j]).max_by(|&i, &j| gain(i).total_cmp(&gain(j)).then(j.cmp(&i)));
        let Some(next) = next.filter(|&j| gain(j) > 1e-13 * dot(&columns[j], &columns[j]).sqrt()) else { break };
        free[next] = true;
        loop {
            let set: Vec<usize> = (0..k).filter(|&j| free[j]).collect();
            let Some(z) = least_squares(&set.iter().map(|&j| columns[j].as_slice()).collect::<Vec<_>>(), b) else {
                (free[next], idle[next]) = (false, true);
                break;
            };
            if z.iter().all(|&z| z > 0.0) {
                set.iter().zip(z).for_each(|(&j, z)| x[j] = z);
                break;
            }
            // As far towards it as no entry falls below 0; those that reach 0 are held there.
            let step = set.iter().zip(&z).filter(|(_, z)| **z <= 0.0).map(|(&j, &z)| x[j] / (x[j] - z));
            let step = step.fold(1.0, f64::min);
            for (&j, &z) in set.iter().zip(&z) {
                x[j] += step * (z - x[j]);
                if x[j] <= 1e-15 {
                    x[j] = 0.0;
                    free[j] = false;
                }
            }
            if !free.contains(&true) {
                break;
            }
        }
    }
    x
}

/// The `x` that minimises the length of `a x - b`, given `a` column by column: orthogonal columns one after the other, each
/// pass made twice, because sums of squares would lose half of the digits where columns are nearly alike. None where one is
/// made up of those before it.
fn least_squares(columns: &[&[f64]], b: &[f64]) -> Option<Vec<f64>> {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let k = columns.len();
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(k);
    let mut triangle = vec![0.0; k * k];
    let mut right = Vec::with_capacity(k);
    let mut rest = b.to_vec();
    for (j, column) in columns.iter().enumerate() {
        let mut own = column.to_vec();
        for _ in 0..2 {
            for (i, unit) in basis.iter().enumerate() {
                let part = dot(unit, &own);
                triangle[i * k + j] += part;
                own.iter_mut().zip(unit).for_each(|(o, u)| *o -= part * u);
            }
        }
        let length = dot(&own, &own).sqrt();
        if length.is_nan() || length <= SINGULAR * dot(column, column).sqrt() {
            return None;
        }
        triangle[j * k + j] = length;
        for o in &mut own {
            *o /= length;
        }
        let part = dot(&own, &rest);
        rest.iter_mut().zip(&own).for_each(|(r, o)| *r -= part * o);
        right.push(part);
        basis.push(own);
    }
    for j in (0..k).rev() {
        let known: f64 = (j + 1..k).map(|l| triangle[j * k + l] * right[l]).sum();
        right[j] = (right[j] - known) / triangle[j * k + j];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_and_its_inverse() {
        let a = [2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 4.0];
        let x = solve(&a, &[4.0, 10.0, 14.0]).unwrap();
        for (x, right) in x.iter().zip([1.0, 2.0, 3.0]) {
            approx::assert_relative_eq!(*x, right, max_relative = 1e-14);
        }
        let inverse = inverse(&a, 3).unwrap();
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|l| a[i * 3 + l] * inverse[l * 3 + j]).sum();
                approx::assert_abs_diff_eq!(product, f64::from(u8::from(i == j)), epsilon = 1e-14);
            }
        }
        assert_eq!(solve(&[1.0, 2.0, 2.0, 4.0], &[1.0, 2.0]), None);
        assert_eq!(solve(&[f64::NAN], &[1.0]), None);
    }

    #[test]
    fn least_squares_without_negatives() {
        // Unbounded: (1, -1); with no entry below 0 the second is held at 0 and the first is 1/2.
        let x = non_negative(&[vec![1.0, 1.0], vec![0.0, 1.0]], &[1.0, 0.0]);
        approx::assert_relative_eq!(x[0], 0.5, max_relative = 1e-12);
        assert_eq!(x[1], 0.0);
        let x = non_negative(&[vec![1.0, 0.0], vec![0.0, 1.0]], &[2.0, 3.0]);
        assert_eq!(x, [2.0, 3.0]);
        let first = vec![1.0; 3];
        // A column that stands twice keeps no other out.
        let x = non_negative(&[first.clone(), first, vec![1.0, 0.0, -1.0]], &[3.0, 2.0, 1.0]);
        approx::assert_relative_eq!(x[0] + x[1], 2.0, max_relative = 1e-12);
        approx::assert_relative_eq!(x[2], 1.0, max_relative = 1e-12);
    }

    #[test]
    fn columns_that_are_nearly_alike_keep_their_digits() {
        // They differ by d = 2^-23, of which sums of squares in double precision keep nothing; by hand (2 - 1/d, 1/d).
        let d = 2_f64.powi(-23);
        let (first, second) = ([1.0; 3], [1.0, 1.0 + d, 1.0 - d]);
        let x = least_squares(&[&first, &second], &[2.0, 3.0, 1.0]).unwrap();
        approx::assert_relative_eq!(x[0], 2.0 - d.recip(), max_relative = 1e-9);
        approx::assert_relative_eq!(x[1], d.recip(), max_relative = 1e-9);
        assert_eq!(least_squares(&[&first, &first], &[2.0, 3.0, 1.0]), None);
    }
}
