//! Small linear programs: maximise `c x` subject to `A x <= b`, `x >= 0`, with `b >= 0`, few variables and many constraints.
//!
//! A dense tableau. Since `b >= 0`, `x = 0` is feasible and no first phase is needed. The entering variable is the one of the
//! largest gain; once a step gains nothing, Bland's rule, which cannot go round in circles, takes over until one does.

use crate::kernel::stats;

/// A program and its tableau; its memory is used again from one program to the next.
#[derive(Debug, Default, Clone)]
pub(crate) struct Simplex {
    variables: usize,
    /// Rows of `variables + 1` numbers: the coefficients of what stands outside the basis, and the right side.
    rows: Vec<f64>,
    /// What is to be maximised: the gain of each variable, and the value so far, negated.
    goal: Vec<f64>,
    /// Which variable stands in each row and column: those of the program first, then the slacks.
    basis: Vec<usize>,
    outside: Vec<usize>,
    /// The powers of two that the columns and the goal were divided by.
    units: Vec<f64>,
    goal_unit: f64,
}

/// Gains and coefficients below this are taken for rounding, after each column was scaled to a largest coefficient near 1.
/// What such a coefficient could have done is lost, so that a caller whose rows differ much in size scales them first, and
/// checks the maximum by its prices.
const TINY: f64 = 1e-11;

impl Simplex {
    /// Begins a program with what each variable brings.
    pub(crate) fn begin(&mut self, goal: impl Iterator<Item = f64>) {
        self.goal.clear();
        self.goal.extend(goal);
        self.variables = self.goal.len();
        self.goal.push(0.0);
        self.rows.clear();
        self.basis.clear();
        self.outside.clear();
        self.outside.extend(0..self.variables);
    }

    /// Adds a constraint; the right side must not be below 0.
    pub(crate) fn row(&mut self, coefficients: impl Iterator<Item = f64>, right: f64) {
        self.rows.extend(coefficients);
        self.rows.push(right);
        self.basis.push(self.variables + self.basis.len());
    }

    /// The maximum; none where there is none, or rounding hides it.
    pub(crate) fn maximise(&mut self) -> Option<f64> {
        let width = self.variables + 1;
        let count = self.basis.len();
        // Columns are brought to a common size, so that one tolerance fits all: variables in other units.
        self.units.clear();
        self.units.resize(self.variables, 0.0);
        for row in self.rows.chunks_exact(width) {
            self.units.iter_mut().zip(row).for_each(|(most, c)| *most = most.max(c.abs()));
        }
        self.units.iter_mut().for_each(|unit| *unit = stats::unit(&[*unit]));
        for row in self.rows.chunks_exact_mut(width) {
            row.iter_mut().zip(&self.units).for_each(|(c, unit)| *c /= unit);
        }
        self.goal.iter_mut().zip(&self.units).for_each(|(c, unit)| *c /= unit);
        self.goal_unit = stats::unit(&self.goal);
        self.goal.iter_mut().for_each(|c| *c /= self.goal_unit);
        let mut careful = false;
        for _ in 0..50 * (width + 20) + count {
            let gains = || self.goal[..self.variables].iter().enumerate().filter(|(_, g)| **g > TINY);
            let column = if careful {
                gains().min_by_key(|(j, _)| self.outside[*j])
            } else {
                gains().max_by(|(i, a), (j, b)| a.total_cmp(b).then(j.cmp(i)))
            };
            let Some((column, _)) = column else {
                let value = -self.goal[self.variables] * self.goal_unit;
                self.rescale();
                return value.is_finite().then_some(value);
            };
            let mut leaving: Option<(usize, f64)> = None;
            for i in 0..count {
                let coefficient = self.rows[i * width + column];
                if coefficient > TINY {
                    let ratio = self.rows[i * width + self.variables] / coefficient;
                    let better = leaving.is_none_or(|(best, least)| {
                        ratio < least || (ratio == least && self.basis[i] < self.basis[best])
                    });
                    if better {
                        leaving = Some((i, ratio));
                    }
                }
            }
            let (row, ratio) = leaving?;
            careful = ratio == 0.0;
            self.pivot(row, column);
        }
        None
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.variables + 1;
        let head = self.rows[row * width + column];
        let start = row * width;
        for j in 0..width {
            self.rows[start + j] /= head;
        }
        self.rows[start + column] = 1.0 / head;
        let (before, rest) = self.rows.split_at_mut(start);
        let (own, after) = rest.split_at_mut(width);
        let others = before.chunks_exact_mut(width).chain(after.chunks_exact_mut(width));
        for other in others.chain([self.goal.as_mut_slice()]) {
            let factor = other[column];
            if factor == 0.0 {
                continue;
            }
            for (j, (to, from)) in other.iter_mut().zip(own.iter()).enumerate() {
                if j == column {
                    *to = -factor * from;
                } else {
                    *to -= factor * from;
                }
            }
        }
        // Rounding must not push a right side below 0.
        for i in 0..self.basis.len() {
            let right = &mut self.rows[i * width + self.variables];
            *right = right.max(0.0);
        }
        std::mem::swap(&mut self.basis[row], &mut self.outside[column]);
    }

    /// Brings the values of the variables back into their own units.
    fn rescale(&mut self) {
        let width = self.variables + 1;
        for (i, &variable) in self.basis.iter().enumerate() {
            if let Some(unit) = self.units.get(variable) {
                self.rows[i * width + self.variables] /= unit;
            }
        }
    }

    /// The values of the variables at the maximum.
    pub(crate) fn solution(&self) -> impl Iterator<Item = f64> + '_ {
        let width = self.variables + 1;
        (0..self.variables).map(move |variable| {
            let row = self.basis.iter().position(|&b| b == variable);
            row.map_or(0.0, |row| self.rows[row * width + self.variables])
        })
    }

    /// What one more unit of a right side would bring at the maximum: the constraints, numbered as they were added, that have
    /// such a price. All others have none.
    pub(crate) fn prices(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let priced = self.outside.iter().zip(&self.goal).filter(|(outside, _)| **outside >= self.variables);
        priced.map(|(&outside, gain)| (outside - self.variables, (-gain * self.goal_unit).max(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator, so that the programs are the same at every run.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    /// Solves a program and proves the maximum by its prices: both feasible, both of the same value.
    fn proved(goal: &[f64], rows: &[(Vec<f64>, f64)]) -> f64 {
        let mut simplex = Simplex::default();
        simplex.begin(goal.iter().copied());
        for (a, b) in rows {
            simplex.row(a.iter().copied(), *b);
        }
        let value = simplex.maximise().unwrap();
        let x: Vec<f64> = simplex.solution().collect();
        let mut prices = vec![0.0; rows.len()];
        simplex.prices().for_each(|(i, price)| prices[i] = price);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        assert!(x.iter().chain(&prices).all(|v| *v >= -1e-9), "{x:?} {prices:?}");
        for (a, b) in rows {
            assert!(dot(a, &x) <= b + 1e-9, "{a:?} {x:?}");
        }
        for (j, c) in goal.iter().enumerate() {
            let cost: f64 = rows.iter().zip(&prices).map(|((a, _), y)| a[j] * y).sum();
            assert!(cost >= c - 1e-9 * c.abs().max(1.0), "{cost} {c}");
        }
        let dual: f64 = rows.iter().zip(&prices).map(|((_, b), y)| b * y).sum();
        approx::assert_relative_eq!(value, dot(goal, &x), max_relative = 1e-9, epsilon = 1e-12);
        approx::assert_relative_eq!(value, dual, max_relative = 1e-9, epsilon = 1e-12);
        value
    }

    #[test]
    fn random_and_degenerate_programs_are_proved_by_their_prices() {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        for case in 0..1_000 {
            let k = 1 + case % 7;
            let n = 1 + case % 23;
            // Few distinct values, so that there are ties; rows that stand twice; right sides of 0; variables in other units.
            let steps = [3.0, 1e6][case % 2];
            let mut rows: Vec<(Vec<f64>, f64)> = (0..n)
                .map(|_| {
                    let row = (0..k).map(|_| (random.next() * steps).floor() / steps).collect();
                    (row, if case % 5 == 0 && random.next() < 0.3 { 0.0 } else { 1.0 })
                })
                .collect();
            rows.extend(rows.clone());
            // Bounded in every variable.
            rows.push((vec![0.25; k], 1.0));
            if case % 3 == 0 {
                for (row, _) in &mut rows {
                    row.iter_mut().enumerate().for_each(|(j, v)| *v *= 10_f64.powi(3 * i32::try_from(j).unwrap() - 6));
                }
            }
            let mut goal: Vec<f64> = (0..k).map(|_| (random.next() * steps).floor() / steps - 0.1).collect();
            if case % 3 == 0 {
                goal.iter_mut().enumerate().for_each(|(j, v)| *v *= 10_f64.powi(3 * i32::try_from(j).unwrap() - 6));
            }
            proved(&goal, &rows);
        }
    }

    #[test]
    fn a_program_by_hand_and_one_without_end() {
        let rows = [(vec![1.0, 2.0], 4.0), (vec![3.0, 1.0], 6.0)];
        approx::assert_relative_eq!(proved(&[1.0, 1.0], &rows), 2.8, max_relative = 1e-14);
        let mut simplex = Simplex::default();
        simplex.begin([1.0, 1.0].into_iter());
        simplex.row([1.0, 0.0].into_iter(), 1.0);
        assert_eq!(simplex.maximise(), None);
    }

    #[test]
    fn a_program_that_makes_other_rules_go_in_circles_ends() {
        // Beale (1955).
        let rows = [
            (vec![0.25, -60.0, -0.04, 9.0], 0.0),
            (vec![0.5, -90.0, -0.02, 3.0], 0.0),
            (vec![0.0, 0.0, 1.0, 0.0], 1.0),
        ];
        approx::assert_relative_eq!(proved(&[0.75, -150.0, 0.02, -6.0], &rows), 0.05, max_relative = 1e-12);
    }
}
