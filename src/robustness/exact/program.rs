//! Linear programs over weights: `sum w = 1` and any number of `a w <= b`, from a point that fulfils them.
//!
//! The crate's simplex program starts from 0, so that the point is made its origin: `w = start + N (u - v)`, with `u, v >= 0` for
//! all weights but the last, which follows from the others.

use crate::kernel::simplex::Simplex;

/// Constraints `a w <= b` on `k` weights; its memory is used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    k: usize,
    /// Rows of `k + 1` numbers.
    rows: Vec<f64>,
    /// How many rows are those of the space, which always hold; what is asked in addition can be dropped again.
    fixed: usize,
    simplex: Simplex,
}

impl Program {
    /// Without any constraints but the sum.
    pub(super) fn new(k: usize) -> Self {
        Self { k, ..Self::default() }
    }

    pub(super) fn row(&mut self, coefficients: impl Iterator<Item = f64>, right: f64) {
        self.rows.extend(coefficients.take(self.k));
        self.rows.push(right);
    }

    /// What was added so far belongs to the space.
    pub(super) fn fix(&mut self) {
        self.fixed = self.rows.len();
    }

    /// Drops what was added to the space.
    pub(super) fn reset(&mut self) {
        self.rows.truncate(self.fixed);
    }

    /// By how much a point breaks its worst constraint; 0 or less where it fulfils all.
    fn excess(&self, at: &[f64], from: usize) -> f64 {
        let rows = self.rows[from..].chunks_exact(self.k + 1);
        rows.map(|row| dot(&row[..self.k], at) - row[self.k]).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The smallest `goal w`, with weights that give it; `start` must fulfil all constraints. None where rounding hides it.
    pub(super) fn minimise(&mut self, goal: &[f64], start: &[f64]) -> Option<(f64, Vec<f64>)> {
        let k = self.k;
        if k == 1 {
            return Some((goal[0], vec![1.0]));
        }
        let last = goal[k - 1];
        self.simplex.begin((0..k - 1).flat_map(|i| [last - goal[i], goal[i] - last]));
        for row in self.rows.chunks_exact(k + 1) {
            let last = row[k - 1];
            let right = (row[k] - dot(&row[..k], start)).max(0.0);
            self.simplex.row((0..k - 1).flat_map(|i| [row[i] - last, last - row[i]]), right);
        }
        self.simplex.maximise()?;
        let weights = self.weights(start);
        Some((dot(goal, &weights), weights))
    }

    /// The point that fulfils the constraints beyond those of the space with the largest slack, and that slack: below 0 where
    /// nothing fulfils them. `start` must be in the space.
    pub(super) fn widest(&mut self, start: &[f64]) -> Option<(f64, Vec<f64>)> {
        let k = self.k;
        // What is missing at the start is granted, and taken back as far as can be.
        let granted = self.excess(start, self.fixed).max(0.0);
        if k == 1 {
            return Some((-self.excess(start, self.fixed), vec![1.0]));
        }
        self.simplex.begin(std::iter::repeat_n(0.0, 2 * (k - 1)).chain([1.0]));
        for (i, row) in self.rows.chunks_exact(k + 1).enumerate() {
            let last = row[k - 1];
            let elastic = i * (k + 1) >= self.fixed;
            let right = row[k] - dot(&row[..k], start) + if elastic { granted } else { 0.0 };
            let slack = if elastic { 1.0 } else { 0.0 };
            self.simplex.row((0..k - 1).flat_map(|j| [row[j] - last, last - row[j]]).chain([slack]), right.max(0.0));
        }
        self.simplex.row(std::iter::repeat_n(0.0, 2 * (k - 1)).chain([1.0]), granted + 1.0);
        self.simplex.maximise()?;
        let weights = self.weights(start);
        Some((-self.excess(&weights, self.fixed), weights))
    }

    /// The same with one constraint more for this one time.
    pub(super) fn widest_with(
        &mut self,
        coefficients: impl Iterator<Item = f64>,
        right: f64,
        start: &[f64],
    ) -> Option<(f64, Vec<f64>)> {
        let length = self.rows.len();
        self.row(coefficients, right);
        let found = self.widest(start);
        self.rows.truncate(length);
        found
    }

    /// The weights of the solution: rounding below 0 is taken back.
    fn weights(&self, start: &[f64]) -> Vec<f64> {
        let mut weights = start.to_vec();
        let last = self.k - 1;
        for (i, value) in self.simplex.solution().take(2 * last).enumerate() {
            let step = if i % 2 == 0 { value } else { -value };
            weights[i / 2] += step;
            weights[last] -= step;
        }
        tidy(&mut weights);
        weights
    }
}

/// What is below rounding becomes 0, and the sum 1.
pub(super) fn tidy(weights: &mut [f64]) {
    for w in weights.iter_mut().filter(|w| **w < 1e-15) {
        *w = 0.0;
    }
    let total: f64 = weights.iter().sum();
    for w in weights {
        *w /= total;
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
