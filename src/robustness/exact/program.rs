//! Linear programs over weights: `sum w = 1` and any number of `a w <= b`, from a point that fulfils them.
//!
//! The crate's simplex program starts from 0, so that the point is made its origin: `w = start + N (u - v)`, with `u` and
//! `v` not below 0, for all weights but the last, which follows from the others.

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

/// A point that fulfils constraints with the largest slack.
#[derive(Debug)]
pub(super) struct Widest {
    /// The slack; below 0 where it does not fulfil them.
    pub(super) slack: f64,
    /// No point has more: proved but for the last digit.
    pub(super) most: f64,
    pub(super) weights: Vec<f64>,
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

    /// How far one can go from a point in a direction, backwards and forwards, before a constraint is met.
    pub(super) fn reach(&self, at: &[f64], direction: &[f64]) -> (f64, f64) {
        let (mut back, mut on) = (f64::NEG_INFINITY, f64::INFINITY);
        for row in self.rows.chunks_exact(self.k + 1) {
            let slope = dot(&row[..self.k], direction);
            let step = (row[self.k] - dot(&row[..self.k], at)).max(0.0) / slope;
            if slope > 0.0 {
                on = on.min(step);
            } else if slope < 0.0 {
                back = back.max(step);
            }
        }
        (back, on)
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

    /// The point that fulfils the constraints beyond those of the space with the largest slack. `start` must be in the
    /// space. None where rounding hides it.
    pub(super) fn widest(&mut self, start: &[f64]) -> Option<Widest> {
        let k = self.k;
        let excess = self.excess(start, self.fixed);
        if k == 1 {
            return Some(Widest { slack: -excess, most: -excess, weights: vec![1.0] });
        }
        // What is missing at the start is granted, and taken back as far as can be.
        let granted = excess.max(0.0);
        self.simplex.begin(std::iter::repeat_n(0.0, 2 * (k - 1)).chain([1.0]));
        let rights = |row: &[f64], elastic: bool| {
            (row[k] - dot(&row[..k], start) + if elastic { granted } else { 0.0 }).max(0.0)
        };
        let elastic = |i: usize| i * (k + 1) >= self.fixed;
        for (i, row) in self.rows.chunks_exact(k + 1).enumerate() {
            let last = row[k - 1];
            let slack = if elastic(i) { 1.0 } else { 0.0 };
            self.simplex
                .row((0..k - 1).flat_map(|j| [row[j] - last, last - row[j]]).chain([slack]), rights(row, elastic(i)));
        }
        self.simplex.row(std::iter::repeat_n(0.0, 2 * (k - 1)).chain([1.0]), granted + 1.0);
        self.simplex.maximise()?;
        // The prices of the constraints prove how much there is at most, whatever rounding did to the solution: what they
        // leave unpaid counts in full, for no weight moves by more than 1.
        let mut unpaid = vec![0.0; k];
        let (mut most, mut slack) = (-granted, 1.0);
        for (i, price) in self.simplex.prices() {
            let Some(row) = self.rows.chunks_exact(k + 1).nth(i) else {
                most += price * (granted + 1.0);
                slack -= price;
                continue;
            };
            most += price * rights(row, elastic(i));
            slack -= if elastic(i) { price } else { 0.0 };
            unpaid.iter_mut().zip(row).for_each(|(sum, v)| *sum += price * (v - row[k - 1]));
        }
        most += unpaid.iter().map(|v| v.abs()).sum::<f64>() + slack.max(0.0) * (granted + 1.0);
        let weights = self.weights(start);
        Some(Widest { slack: -self.excess(&weights, self.fixed), most, weights })
    }

    /// The same with one constraint more for this one time.
    pub(super) fn widest_with(&mut self, row: impl Iterator<Item = f64>, right: f64, start: &[f64]) -> Option<Widest> {
        let length = self.rows.len();
        self.row(row, right);
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
