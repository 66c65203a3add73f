//! Kendall's rank correlation and its probability.

use std::cmp::Ordering;

use super::special;

/// Up to this many pairs without ties the probability is counted out exactly.
const EXACT: usize = 60;

/// How two columns agree on which of two rows is the higher one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Concordance {
    /// How many rows there are.
    n: usize,
    /// Pairs of rows on which both agree, less those on which they disagree.
    balance: i64,
    /// The sizes of the groups of equal values in the one column and in the other, of those with two rows or more.
    ties: [Vec<u32>; 2],
}

impl Concordance {
    /// Of two columns of the same length, in which no value may be NaN. Disagreements are counted while sorting by merging:
    /// `n log n` steps.
    ///
    /// Reference: Knight (1966), [10.1080/01621459.1966.10480879](https://doi.org/10.1080/01621459.1966.10480879).
    pub(crate) fn of(x: &[f64], y: &[f64]) -> Self {
        let compare = |a: f64, b: f64| a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        let mut rows: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        rows.sort_unstable_by(|a, b| compare(a.0, b.0).then(compare(a.1, b.1)));
        let both = pairs(&groups(&rows, |a, b| a == b));
        let first = groups(&rows, |a, b| a.0 == b.0);
        let mut second: Vec<f64> = rows.into_iter().map(|(_, y)| y).collect();
        let mut buffer = second.clone();
        let disagree = inversions(&mut second, &mut buffer);
        let second = groups(&second, |a, b| a == b);
        let n = x.len();
        let balance = pairs(&[size(n)]) - pairs(&first) - pairs(&second) + both - 2 * disagree;
        Self { n, balance, ties: [first, second] }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.n
    }

    /// Pairs of rows on which both agree, less those on which they disagree.
    pub(crate) fn balance(&self) -> i64 {
        self.balance
    }

    /// The sizes of the groups of equal values in the first column (0) or the second (1), of those with two rows or more.
    pub(crate) fn ties(&self, column: usize) -> &[u32] {
        &self.ties[column]
    }

    /// Whether the probability is counted out exactly.
    pub(crate) fn is_exact(&self) -> bool {
        self.n <= EXACT && self.ties.iter().all(Vec::is_empty)
    }

    /// Pairs of rows that a column tells apart.
    fn told_apart(&self, column: usize) -> i64 {
        pairs(&[size(self.n)]) - pairs(&self.ties[column])
    }

    /// Kendall's tau-b: none where one column is always the same.
    pub(crate) fn tau_b(&self) -> Option<f64> {
        let (x, y) = (self.told_apart(0) as f64, self.told_apart(1) as f64);
        (x > 0.0 && y > 0.0).then(|| (self.balance as f64 / (x * y).sqrt()).clamp(-1.0, 1.0))
    }

    /// The two-sided probability of a balance at least as far from 0 where nothing goes together: exact without ties and up
    /// to 60 rows, else by the normal approximation with the variance corrected for ties. None below three rows, or where
    /// one column is always the same.
    ///
    /// Reference: Kendall (1970), *Rank Correlation Methods*, chapters 4 and 5.
    pub(crate) fn p(&self) -> Option<f64> {
        self.tau_b().filter(|_| self.n >= 3)?;
        Some(if self.is_exact() { self.exact() } else { self.approximate() })
    }

    fn approximate(&self) -> f64 {
        let n = self.n as f64;
        let [[x1, x2, x3], [y1, y2, y3]] = self.ties.each_ref().map(|ties| {
            ties.iter().map(|&t| f64::from(t)).fold([0.0; 3], |[a, b, c], t| {
                let pairs = t * (t - 1.0);
                [a + pairs, b + pairs * (t - 2.0), c + pairs * (2.0 * t + 5.0)]
            })
        });
        let pairs = n * (n - 1.0);
        let variance =
            (pairs * (2.0 * n + 5.0) - x3 - y3) / 18.0 + x1 * y1 / (2.0 * pairs) + x2 * y2 / (9.0 * pairs * (n - 2.0));
        special::normal_two_sided(self.balance as f64 / variance.sqrt())
    }

    /// The share of all orders with as few disagreements, or as few agreements, twice: of `k` rows the last can disagree with
    /// none to all of the `k - 1` before it, each as likely.
    fn exact(&self) -> f64 {
        if self.balance == 0 {
            return 1.0;
        }
        let all = self.n * (self.n - 1) / 2;
        let few = (all - usize::try_from(self.balance.unsigned_abs()).unwrap_or(all)) / 2;
        let mut chances = vec![0.0; few + 1];
        chances[0] = 1.0;
        for k in 2..=self.n {
            let shorter = chances.clone();
            for (disagreements, chance) in chances.iter_mut().enumerate() {
                let least = disagreements.saturating_sub(k - 1);
                *chance = shorter[least..=disagreements].iter().sum::<f64>() / k as f64;
            }
        }
        (2.0 * chances.iter().sum::<f64>()).min(1.0)
    }
}

/// A number of rows. Columns of four thousand million rows and more do not fit.
fn size(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// The sizes of the groups of equal neighbours, of those with two or more.
fn groups<T>(sorted: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<u32> {
    let sizes = sorted.chunk_by(same).map(|group| size(group.len()));
    sizes.filter(|&size| size > 1).collect()
}

/// How many pairs of rows stand in the same group.
fn pairs(groups: &[u32]) -> i64 {
    groups.iter().map(|&size| i64::from(size) * (i64::from(size) - 1) / 2).sum()
}

/// Sorts the values, lowest first, and counts the pairs that stood the wrong way round.
pub(crate) fn inversions(values: &mut [f64], buffer: &mut [f64]) -> i64 {
    let middle = values.len() / 2;
    if middle == 0 {
        return 0;
    }
    let mut count = {
        let ((left, right), (a, b)) = (values.split_at_mut(middle), buffer.split_at_mut(middle));
        inversions(left, a) + inversions(right, b)
    };
    buffer.copy_from_slice(values);
    let (left, right) = buffer.split_at(middle);
    let (mut l, mut r) = (0, 0);
    for out in values.iter_mut() {
        if l < left.len() && (r == right.len() || left[l] <= right[r]) {
            *out = left[l];
            l += 1;
        } else {
            *out = right[r];
            r += 1;
            count += i64::from(size(left.len() - l));
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn agrees_with_scipy() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/scipy/kendall.csv");
        let mut compared = 0;
        for row in csv::Reader::from_path(path).unwrap().records() {
            let row = row.unwrap();
            let column = |i: usize| row[i].split(' ').map(|v| v.parse().unwrap()).collect::<Vec<f64>>();
            let found = Concordance::of(&column(2), &column(3));
            let (r, p): (f64, f64) = (row[4].parse().unwrap(), row[5].parse().unwrap());
            assert_relative_eq!(found.tau_b().unwrap(), r, max_relative = 1e-12);
            assert_relative_eq!(found.p().unwrap(), p, max_relative = 1e-10);
            compared += 1;
        }
        assert_eq!(compared, 32);
    }

    #[test]
    fn agrees_with_counting_every_pair() {
        // Values that repeat, in an order without a pattern; 0 and -0 are the same value.
        for n in [1_usize, 2, 3, 7, 64, 65, 200] {
            let column = |a: usize, m: usize| (0..n).map(|i| ((i * a + i * i) % m) as f64).collect::<Vec<f64>>();
            let (x, mut y) = (column(7, 13), column(5, 11));
            y.iter_mut().filter(|v| **v == 0.0).step_by(2).for_each(|v| *v = -0.0);
            let sign = |a: f64, b: f64| i64::from(a > b) - i64::from(a < b);
            let all = || (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
            let balance: i64 = all().map(|(i, j)| sign(x[i], x[j]) * sign(y[i], y[j])).sum();
            let found = Concordance::of(&x, &y);
            assert_eq!(found.balance, balance);
            assert_eq!(found.told_apart(1), all().map(|(i, j)| sign(y[i], y[j]).abs()).sum::<i64>());
        }
    }

    #[test]
    fn agrees_with_the_golden_matrix() {
        let (x1, x4) = ([3.0, 5.0, 2.0, 8.0, 6.0], [0.2, 0.5, 0.3, 0.6, 0.9]);
        assert_relative_eq!(Concordance::of(&x1, &x4).tau_b().unwrap(), 0.6, max_relative = 1e-12);
    }

    #[test]
    fn exact_probabilities_by_hand() {
        // Of the 6 orders of three rows one agrees throughout and one disagrees throughout; of the 24 of four likewise.
        let same = |n: u32| (0..n).map(f64::from).collect::<Vec<f64>>();
        let p = |n: u32| Concordance::of(&same(n), &same(n)).p().unwrap();
        assert_relative_eq!(p(3), 2.0 / 6.0, max_relative = 1e-14);
        assert_relative_eq!(p(4), 2.0 / 24.0, max_relative = 1e-14);
        assert_relative_eq!(p(5), 2.0 / 120.0, max_relative = 1e-14);
        assert_eq!(Concordance::of(&same(2), &same(2)).p(), None);
        assert_eq!(Concordance::of(&[1.0; 4], &same(4)).tau_b(), None);
        assert_eq!(Concordance::of(&[], &[]).tau_b(), None);
    }
}
