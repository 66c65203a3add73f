//! The analytic hierarchy process: weights from comparisons of two nodes at a time.

use serde::{Deserialize, Serialize};

use super::set::WeightSet;
use crate::error::{Fault, Problem, Problems, Result, What};

/// Pairwise comparisons of the children of a node: how many times as important the one is as the other.
///
/// The weights are the principal eigenvector `w` of the matrix, `A w = l w`, scaled to a sum of 1. The consistency ratio is
/// `(l - n) / (n - 1) / RI`, with the mean `RI` of random matrices; up to 0.1 is usually accepted, and more asks for other
/// answers. For one or two nodes it is 0.
///
/// Reference: Saaty (1980), *The Analytic Hierarchy Process*, chapters 1-3; its random indices for up to ten nodes. For more
/// there is no ratio here.
///
/// ```
/// use longspring::{Ahp, Method, Weighting};
///
/// let ahp = Ahp::new(["industry", "infrastructure", "education"], [
///     [1.0, 3.0, 5.0],
///     [1.0 / 3.0, 1.0, 3.0],
///     [0.2, 1.0 / 3.0, 1.0],
/// ])?;
/// assert!((ahp.weight("industry").unwrap() - 0.6370).abs() < 1e-4);
/// assert!(ahp.consistency_ratio().unwrap() < 0.1);
/// let method = Method::new().weighting(Weighting::Set(ahp.into_set("panel")));
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Ahp {
    codes: Vec<String>,
    matrix: Vec<Vec<f64>>,
    weights: Vec<f64>,
    eigenvalue: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    codes: Vec<String>,
    matrix: Vec<Vec<f64>>,
}

/// Saaty's mean consistency of random matrices of 1 to 10 rows.
const RANDOM: [f64; 10] = [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];

impl Ahp {
    /// Comparisons of nodes: the entry in row `i` and column `j` says how many times as important `i` is as `j`.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where there is no node or one stands twice, the matrix is not square, an entry is
    /// not above 0 and finite or one of the diagonal not 1, or two entries that mirror one another do not multiply to 1 (to
    /// 1e-9), or the comparisons are too far apart for double precision.
    pub fn new<S: Into<String>, R: AsRef<[f64]>>(
        codes: impl IntoIterator<Item = S>,
        matrix: impl IntoIterator<Item = R>,
    ) -> Result<Self> {
        let codes: Vec<String> = codes.into_iter().map(Into::into).collect();
        let matrix: Vec<Vec<f64>> = matrix.into_iter().map(|row| row.as_ref().to_vec()).collect();
        let n = codes.len();
        let mut problems: Vec<Problem> = Vec::new();
        for (i, code) in codes.iter().enumerate() {
            if codes[..i].contains(code) {
                problems.push(Fault::Duplicate { what: What::Node, code: code.clone(), first: None }.into());
            }
        }
        let shape = |have: usize, one: &str, many: &str, place: String| {
            let part = format!("{}{place}", if have == 1 { one } else { many });
            Problem::from(Fault::ComparisonsShape { have, part, nodes: n })
        };
        if n == 0 {
            problems.push(Fault::NoComparisons.into());
        } else if matrix.len() != n {
            problems.push(shape(matrix.len(), "row", "rows", String::new()));
        } else {
            for (code, row) in codes.iter().zip(&matrix).filter(|(_, row)| row.len() != n) {
                problems.push(shape(row.len(), "entry", "entries", format!(" in the row of `{code}`")));
            }
        }
        Problems::check(problems)?;
        let mut problems: Vec<Problem> = Vec::new();
        for (i, row) in matrix.iter().enumerate() {
            for j in 0..=i {
                let (a, b) = (row[j], matrix[j][i]);
                let (one, other) = (codes[i].clone(), codes[j].clone());
                let good = |v: f64| v.is_finite() && v > 0.0;
                if !good(a) || (i == j && (a - 1.0).abs() > 1e-9) {
                    problems.push(Fault::Comparison { first: one, second: other, value: a }.into());
                } else if !good(b) {
                    problems.push(Fault::Comparison { first: other, second: one, value: b }.into());
                } else if (a * b - 1.0).abs() > 1e-9 {
                    let fault = Fault::Comparisons { first: one, second: other, value: a, mirrored: b };
                    problems.push(fault.into());
                }
            }
        }
        Problems::check(problems)?;
        let Some((weights, eigenvalue)) = principal(&matrix) else {
            let value = matrix.iter().flatten().copied().fold(0.0, f64::max);
            let need = "nearer to 1: the comparisons are too far apart for double precision";
            return Err(Fault::Parameter { name: "the largest comparison", value, need }.into());
        };
        Ok(Self { codes, matrix, weights, eigenvalue })
    }

    /// The weight of a node; none where it was not compared. The weights add up to 1.
    #[must_use]
    pub fn weight(&self, node: &str) -> Option<f64> {
        self.codes.iter().position(|code| code == node).map(|i| self.weights[i])
    }

    /// Codes and weights, in the order of the comparisons.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        self.codes.iter().map(String::as_str).zip(self.weights.iter().copied())
    }

    /// How far the comparisons contradict one another: 0 is not at all, up to 0.1 is usually accepted. None for more than ten
    /// nodes.
    #[must_use]
    pub fn consistency_ratio(&self) -> Option<f64> {
        let n = self.codes.len();
        let random = *RANDOM.get(n.checked_sub(1)?)?;
        if n < 3 {
            return Some(0.0);
        }
        Some(((self.eigenvalue - n as f64) / (n as f64 - 1.0) / random).max(0.0))
    }

    /// The weights under a name, for [`Weighting::Set`](crate::Weighting::Set).
    #[must_use]
    pub fn into_set(self, name: impl Into<String>) -> WeightSet {
        WeightSet::new(name, self.codes.into_iter().zip(self.weights)).unwrap_or_default()
    }
}

/// The principal eigenvector, scaled to a sum of 1, and its eigenvalue: a positive matrix has just one. None beyond double
/// precision.
///
/// By power iteration, with the matrix squared in each round: comparisons that go round in a circle would need a great many
/// plain steps.
fn principal(matrix: &[Vec<f64>]) -> Option<(Vec<f64>, f64)> {
    let n = matrix.len();
    // From the geometric means of the rows, which are the answer where the comparisons are consistent; what is left to find
    // is how far each node's weight lies from that.
    let logs: Vec<f64> = matrix.iter().map(|row| row.iter().map(|v| v.ln()).sum::<f64>() / n as f64).collect();
    let left = |i: usize, j: usize| (matrix[i][j].ln() + logs[j] - logs[i]).exp();
    let mut power: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| left(i, j)).collect()).collect();
    let mut factors = vec![1.0 / n as f64; n];
    let mut settled = false;
    for _ in 0..64 {
        let largest = power.iter().flatten().copied().fold(0.0, f64::max);
        power.iter_mut().flatten().for_each(|v| *v /= largest);
        let next = super::normalised(&power.iter().map(|row| row.iter().sum()).collect::<Vec<_>>());
        // What is left shrinks to its square in each round: after a change this small only rounding is left.
        settled = next.iter().zip(&factors).all(|(a, b)| (a - b).abs() <= 1e-13);
        factors = next;
        if settled {
            break;
        }
        let entry = |row: &[f64], j: usize| row.iter().zip(&power).map(|(a, other)| a * other[j]).sum();
        power = power.iter().map(|row| (0..n).map(|j| entry(row, j)).collect()).collect();
    }
    let highest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().zip(&factors).map(|(l, f)| (l - highest).exp() * f).collect();
    let weights = super::normalised(&weights);
    // From the row of the largest weight, where nothing can be lost.
    let row = (0..n).max_by(|&a, &b| weights[a].total_cmp(&weights[b]).then(b.cmp(&a)))?;
    let eigenvalue = matrix[row].iter().zip(&weights).map(|(a, w)| a * w).sum::<f64>() / weights[row];
    (settled && eigenvalue.is_finite() && weights.iter().all(|w| w.is_finite())).then_some((weights, eigenvalue))
}

impl TryFrom<Stored> for Ahp {
    type Error = crate::Error;

    fn try_from(stored: Stored) -> Result<Self> {
        Self::new(stored.codes, stored.matrix)
    }
}

impl From<Ahp> for Stored {
    fn from(ahp: Ahp) -> Self {
        Self { codes: ahp.codes, matrix: ahp.matrix }
    }
}

#[cfg(test)]
mod tests {
    use super::Ahp;

    #[test]
    fn consistent_comparisons_give_their_weights_and_a_ratio_of_0() {
        let w = [0.5, 0.3, 0.2];
        let matrix: Vec<Vec<f64>> = w.iter().map(|a| w.iter().map(|b| a / b).collect()).collect();
        let ahp = Ahp::new(["a", "b", "c"], matrix).unwrap();
        for ((_, got), right) in ahp.iter().zip(w) {
            approx::assert_relative_eq!(got, right, max_relative = 1e-12);
        }
        assert!(ahp.consistency_ratio().unwrap() < 1e-12);
    }

    #[test]
    fn the_eigenvalue_of_three_by_hand() {
        // For three nodes l = 1 + t + 1 / t with t^3 = a13 / (a12 a23) = 5 / 9.
        let t = (5.0_f64 / 9.0).cbrt();
        let ratio = (1.0 + t + 1.0 / t - 3.0) / 2.0 / 0.58;
        let third = 1.0 / 3.0;
        let ahp = Ahp::new(["a", "b", "c"], [[1.0, 3.0, 5.0], [third, 1.0, 3.0], [0.2, third, 1.0]]).unwrap();
        approx::assert_relative_eq!(ahp.consistency_ratio().unwrap(), ratio, max_relative = 1e-10);
    }

    #[test]
    fn what_is_no_comparison_is_refused() {
        let text = |matrix: [[f64; 2]; 2]| Ahp::new(["a", "b"], matrix).unwrap_err().to_string();
        let mirrored = "`b` over `a` is 3 and `a` over `b` is 3; the one must be 1 over the other";
        assert_eq!(text([[1.0, 3.0], [3.0, 1.0]]), mirrored);
        assert_eq!(text([[1.0, -2.0], [-0.5, 1.0]]), "`b` over `a` is -0.5; it must be above 0 and finite");
        assert_eq!(text([[1.0, f64::NAN], [0.5, 1.0]]), "`a` over `b` is NaN; it must be above 0 and finite");
        assert_eq!(text([[1.0, 2.0], [0.5, 3.0]]), "`b` over itself is 3; it must be 1");
        assert!(Ahp::new(["a", "a"], [[1.0, 1.0], [1.0, 1.0]]).is_err());
        let shape = |codes: &[&str], matrix: &[Vec<f64>]| {
            Ahp::new(codes.iter().copied(), matrix.iter()).unwrap_err().to_string()
        };
        assert_eq!(
            shape(&["a"], &[vec![1.0, 1.0]]),
            "the comparisons have 2 entries in the row of `a`, and there is 1 node: as many are needed"
        );
        assert_eq!(
            shape(&["a", "b"], &[vec![1.0, 1.0]]),
            "the comparisons have 1 row, and there are 2 nodes: as many are needed"
        );
        assert_eq!(shape(&[], &[]), "there is no node to compare; name one or more");
    }
}
