//! The straight line of least squares.

use super::{special, stats};

/// A straight line through points, with what is left around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
    /// The standard error of the slope.
    pub(crate) error: f64,
    /// The two-sided probability of a slope as far from 0 where there is none: Student's, with `n - 2` degrees of freedom.
    /// None where the points lie on the line, so that nothing is left to judge by.
    pub(crate) p: Option<f64>,
    /// The share of the variance of `y` that the line explains; none where `y` is always the same.
    pub(crate) r_squared: Option<f64>,
}

impl Line {
    /// Through at least three points of which `x` is not always the same; none otherwise, or where figures are too large. The
    /// order of the points changes no bit.
    pub(crate) fn of(x: &[f64], y: &[f64]) -> Option<Self> {
        let (unit_x, unit_y) = (stats::unit(x), stats::unit(y));
        let (mean_x, mean_y) = (stats::mean(x) / unit_x, stats::mean(y) / unit_y);
        let dx: Vec<f64> = x.iter().map(|x| x / unit_x - mean_x).collect();
        let dy: Vec<f64> = y.iter().map(|y| y / unit_y - mean_y).collect();
        let dot = |a: &[f64], b: &[f64]| stats::sum(a.iter().zip(b).map(|(a, b)| a * b));
        let (n, xx, yy) = (x.len(), dot(&dx, &dx), dot(&dy, &dy));
        if n < 3 || xx <= 0.0 {
            return None;
        }
        let slope = dot(&dx, &dy) / xx;
        let left: Vec<f64> = dx.iter().zip(&dy).map(|(dx, dy)| dy - slope * dx).collect();
        let rest = dot(&left, &left);
        // What rounding leaves of points on a line is nothing.
        let rest = if rest <= yy * (f64::EPSILON * n as f64).powi(2) { 0.0 } else { rest };
        let freedom = (n - 2) as f64;
        let error = (rest / freedom / xx).sqrt();
        let p = (error > 0.0).then(|| special::student_two_sided(slope / error, freedom));
        let r_squared = (yy > 0.0).then(|| (1.0 - rest / yy).clamp(0.0, 1.0));
        let scale = unit_y / unit_x;
        let intercept = (mean_y - slope * mean_x) * unit_y;
        let line = Self { slope: slope * scale, intercept, error: error * scale, p, r_squared };
        (line.slope.is_finite() && line.intercept.is_finite() && line.error.is_finite()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn agrees_with_statsmodels() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/trajectory/trend.csv");
        let mut compared = 0;
        for row in csv::Reader::from_path(path).unwrap().records() {
            let row = row.unwrap();
            let numbers = |i: usize| row[i].split(' ').map(|v| v.parse().unwrap()).collect::<Vec<f64>>();
            let [slope, intercept, error, p, r_squared] =
                [15, 16, 17, 18, 19].map(|i: usize| row[i].parse::<f64>().unwrap());
            let Some(line) = Line::of(&numbers(1), &numbers(2)) else { panic!("{}", &row[0]) };
            if line.r_squared.is_none() {
                assert_eq!(line.slope, 0.0, "{}", &row[0]);
                continue;
            }
            // Years near 2000 leave statsmodels ten digits.
            assert_relative_eq!(line.slope, slope, max_relative = 1e-7);
            assert_relative_eq!(line.intercept, intercept, max_relative = 1e-7);
            assert_relative_eq!(line.error, error, max_relative = 1e-7);
            assert_relative_eq!(line.p.unwrap(), p, max_relative = 1e-6);
            assert_relative_eq!(line.r_squared.unwrap(), r_squared, max_relative = 1e-7, epsilon = 1e-9);
            compared += 1;
        }
        assert!(compared >= 40, "{compared}");
    }

    #[test]
    fn by_hand() {
        // Deviations -1, 0, 1 and -1, 1, 0: slope 1/2, residuals -1/2, 1, -1/2, their squares 3/2; error sqrt(3/2 / 2).
        let line = Line::of(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap();
        assert_eq!((line.slope, line.intercept), (0.5, 1.0));
        assert_relative_eq!(line.error, 0.75_f64.sqrt(), max_relative = 1e-15);
        assert_relative_eq!(line.r_squared.unwrap(), 0.25, max_relative = 1e-15);
        let line = Line::of(&[1.0, 2.0, 4.0], &[3.0, 5.0, 9.0]).unwrap();
        assert_eq!((line.slope, line.error, line.p), (2.0, 0.0, None));
        assert_eq!(Line::of(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
        assert_eq!(Line::of(&[1.0, 2.0], &[1.0, 2.0]), None);
    }
}
