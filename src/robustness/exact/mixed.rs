//! Two cities that are scored from different children: the difference of their scores is a difference of two fractions.
//!
//! For a fixed level `t`, `s_a <= t <= s_b` is linear in the weights. The smallest `s_a - s_b` is found by branch and
//! bound over the levels that `s_b` can have: within an interval of them the smallest `s_a` is a sequence of linear
//! programs, and it less the interval's upper end is a bound.

use super::linear::{TIE, WeightAnalysis};
use super::program::Program;
use super::resolved::Resolved;

/// How near to the smallest margin the search comes, relative to the size of the scores.
pub(super) const LEVEL: f64 = 1e-9;
/// After so many intervals the bound stands as it is.
const INTERVALS: usize = 2_000;
/// Steps towards the smallest value of a fraction: they converge faster than by squares.
const STEPS: usize = 60;

/// What is known of the smallest margin: it lies between the two.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// No margin is smaller.
    pub(super) lower: f64,
    /// The smallest one that was met at some weights; infinite where none was.
    pub(super) met: f64,
    /// Where it was met; empty where it was not.
    pub(super) at: Vec<f64>,
}

/// The smallest value of `sum_K w z / sum_K w`; none where the children `K` never have any weight.
pub(super) fn fraction(
    cells: &[f64],
    known: &[bool],
    start: &[f64],
    mut minimise: impl FnMut(&[f64], &[f64]) -> Option<(f64, Vec<f64>)>,
) -> Option<(f64, Vec<f64>)> {
    let form = |value: f64| -> Vec<f64> {
        cells.iter().zip(known).map(|(cell, known)| if *known { cell - value } else { 0.0 }).collect()
    };
    let at = |w: &[f64]| {
        let (mut sum, mut total) = (0.0, 0.0);
        for ((cell, known), w) in cells.iter().zip(known).zip(w) {
            if *known {
                sum += cell * w;
                total += w;
            }
        }
        sum / total
    };
    let (mut weights, mut value) = (start.to_vec(), at(start));
    if value.is_nan() {
        let weight: Vec<f64> = known.iter().map(|known| if *known { -1.0 } else { 0.0 }).collect();
        weights = minimise(&weight, start)?.1;
        value = at(&weights);
        if value.is_nan() {
            return None;
        }
    }
    for _ in 0..STEPS {
        let (gain, found) = minimise(&form(value), start)?;
        let lower = at(&found);
        // Without weight there is no value, and no gain either.
        if gain >= 0.0 || lower.is_nan() || lower >= value {
            break;
        }
        (value, weights) = (lower, found);
    }
    Some((value, weights))
}

impl WeightAnalysis {
    /// The lowest and the highest score that a city can have over a set of weights; none where it never has one.
    pub(super) fn score_range(&self, space: &Resolved, row: usize) -> Option<(f64, f64)> {
        Self::form_range(space, self.row(row), self.known(row))
    }

    /// The lowest and the highest weighted mean of some numbers over the known children.
    pub(super) fn form_range(space: &Resolved, cells: &[f64], known: &[bool]) -> Option<(f64, f64)> {
        if space.is_simplex() {
            let cells = || cells.iter().zip(known).filter(|(_, known)| **known).map(|(cell, _)| *cell);
            return Some((cells().fold(f64::INFINITY, f64::min), cells().fold(f64::NEG_INFINITY, f64::max)));
        }
        let opposite: Vec<f64> = cells.iter().map(|c| -c).collect();
        let low = fraction(cells, known, &space.start, |goal, _| Some(space.minimise(goal)))?.0;
        let high = -fraction(&opposite, known, &space.start, |goal, _| Some(space.minimise(goal)))?.0;
        Some((low, high))
    }

    /// Bounds of the smallest `s_a - s_b` over a set of weights. The search ends early once the margin is sure to be below
    /// `enough`, or sure to be above it.
    pub(super) fn least_margin(&self, space: &Resolved, a: usize, b: usize, enough: Option<f64>) -> Bounds {
        let tolerance = LEVEL * self.size[a].max(self.size[b]);
        let (mut met, mut at_weights) = (f64::INFINITY, Vec::new());
        let (Some(own), Some(level)) = (self.score_range(space, a), self.score_range(space, b)) else {
            return Bounds { lower: f64::INFINITY, met, at: at_weights };
        };
        // Intervals of levels with the bound of each.
        let mut open = vec![(own.0 - level.1, level)];
        for _ in 0..INTERVALS {
            let least = open.iter().enumerate().min_by(|(_, x), (_, y)| x.0.total_cmp(&y.0));
            let Some((at, &(lower, (low, high)))) = least else { break };
            let decided = enough.is_some_and(|enough| met < enough || lower >= enough);
            if decided || met - lower <= tolerance {
                return Bounds { lower, met, at: at_weights };
            }
            open.swap_remove(at);
            let middle = low + (high - low) / 2.0;
            for part in [(low, middle), (middle, high)] {
                if let Some((value, weights)) = self.lowest_at_level(space, a, b, part) {
                    let margin = self.score(&weights, a) - self.score(&weights, b);
                    if margin < met {
                        (met, at_weights) = (margin, weights);
                    }
                    open.push((value - part.1, part));
                }
            }
            open.retain(|(lower, _)| *lower < met);
        }
        let lower = open.iter().map(|(lower, _)| *lower).fold(met, f64::min);
        Bounds { lower, met, at: at_weights }
    }

    /// The smallest `s_a` where `s_b` lies in an interval.
    fn lowest_at_level(
        &self,
        space: &Resolved,
        a: usize,
        b: usize,
        (low, high): (f64, f64),
    ) -> Option<(f64, Vec<f64>)> {
        let mut program: Program = space.program.clone();
        let over = |level: f64, sign: f64| {
            let cells = self.row(b).iter().zip(self.known(b));
            cells.map(move |(cell, known)| if *known { sign * (cell - level) } else { 0.0 })
        };
        program.row(over(high, 1.0), 0.0);
        program.row(over(low, -1.0), 0.0);
        let found = program.widest(&space.start)?;
        if found.most < -TIE {
            return None;
        }
        let start = found.weights;
        fraction(self.row(a), self.known(a), &start, |goal, start| program.minimise(goal, start))
    }

    /// Whether, over all weights, `a` is never behind `b`: on a child of both `a` must be as good; one that only `a` has
    /// must be as good as the best of `b`, for `b` can then be weighed by that one alone; and one that only `b` has no
    /// better than the worst of `a`. Together that is also enough: the mean of `a` over the common children is above both
    /// parts of `b`'s mean.
    pub(super) fn never_behind_anywhere(&self, a: usize, b: usize) -> bool {
        let tie = self.tie(a, b);
        let known = |row: usize| self.row(row).iter().zip(self.known(row)).filter(|(_, k)| **k).map(|(cell, _)| *cell);
        let worst = known(a).fold(f64::INFINITY, f64::min);
        let best = known(b).fold(f64::NEG_INFINITY, f64::max);
        let (own, other) = (self.row(a).iter().zip(self.known(a)), self.row(b).iter().zip(self.known(b)));
        own.zip(other).all(|((x, &in_a), (y, &in_b))| match (in_a, in_b) {
            (true, true) => x - y >= -tie,
            (true, false) => x - best >= -tie,
            (false, true) => worst - y >= -tie,
            (false, false) => true,
        })
    }
}
