//! Turning points: where a series stops rising and falls, or the reverse, in more than a ripple.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Point;

/// Which way a series turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// From better to worse.
    Peak,
    /// From worse to better.
    Trough,
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Peak => "peak",
            Self::Trough => "trough",
        })
    }
}

/// A point at which a series turns. See [`Trajectory::turning_points`](super::Trajectory::turning_points).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TurningPoint {
    /// Which way it turns.
    pub turn: Turn,
    /// The year and the figure; of equal figures in a row the first.
    pub at: Point,
}

/// The rows at which a series turns, and which way.
///
/// Every local extreme is taken at first. As long as a move between two neighbours (the ends of the series among them) is
/// smaller than `least`, the smallest such move is taken out with the extremes at its ends; then the same with moves that last
/// less than `phase` years. What stays alternates, and each is the extreme between its neighbours.
pub(super) fn turns(years: &[i32], values: &[f64], least: f64, phase: u32) -> Vec<(usize, Turn)> {
    let mut found = extremes(values);
    let size = |a: usize, b: usize| (values[a] - values[b]).abs();
    let small = |a: usize, b: usize| size(a, b) < least;
    take_out(&mut found, values, small, size);
    let short = |a: usize, b: usize| years[a].abs_diff(years[b]) < phase;
    take_out(&mut found, values, |a, b| small(a, b) || short(a, b), size);
    found
}

/// Every local extreme but the ends; of equal figures in a row the first.
fn extremes(values: &[f64]) -> Vec<(usize, Turn)> {
    let mut found = Vec::new();
    let mut rising: Option<bool> = None;
    let mut start = 0;
    for row in 1..values.len() {
        if values[row] == values[start] {
            continue;
        }
        let up = values[row] > values[start];
        if rising.is_some_and(|rising| rising != up) {
            found.push((start, if up { Turn::Trough } else { Turn::Peak }));
        }
        (rising, start) = (Some(up), row);
    }
    found
}

/// Takes out the smallest move that fails, again and again.
fn take_out(
    found: &mut Vec<(usize, Turn)>,
    values: &[f64],
    fails: impl Fn(usize, usize) -> bool,
    size: impl Fn(usize, usize) -> f64,
) {
    let Some(last) = values.len().checked_sub(1) else { return };
    while !found.is_empty() {
        let mut stops = vec![0];
        stops.extend(found.iter().map(|&(row, _)| row));
        stops.push(last);
        let failing = stops.windows(2).enumerate().filter(|(_, move_)| fails(move_[0], move_[1]));
        let smallest = failing.min_by(|(_, a), (_, b)| size(a[0], a[1]).total_cmp(&size(b[0], b[1])));
        let Some((at, _)) = smallest else { return };
        // Move `at` runs from extreme `at - 1` to extreme `at`; the first and the last one have an extreme at one end alone.
        let from = at.saturating_sub(1);
        found.drain(from..(at + 1).min(found.len()));
        settle(found, values);
    }
}

/// Moves each extreme to the highest or lowest place between its neighbours.
fn settle(found: &mut [(usize, Turn)], values: &[f64]) {
    for i in 0..found.len() {
        let from = i.checked_sub(1).map_or(0, |before| found[before].0);
        let to = found.get(i + 1).map_or(values.len() - 1, |next| next.0);
        let better = |row: usize, than: usize| match found[i].1 {
            Turn::Peak => values[row] > values[than],
            Turn::Trough => values[row] < values[than],
        };
        let best = (from..=to).fold(found[i].0, |best, row| if better(row, best) { row } else { best });
        found[i].0 = best;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[f64], least: f64, phase: u32) -> Vec<(usize, Turn)> {
        let years: Vec<i32> = (0..values.len()).map(|i| 2000 + i32::try_from(i).unwrap()).collect();
        turns(&years, values, least, phase)
    }

    #[test]
    fn ripples_are_no_turning_points() {
        let values = [0.0, 5.0, 4.5, 9.0, 3.0, 3.4, 2.0, 6.0];
        // Without a rule every extreme counts.
        assert_eq!(rows(&values, 0.0, 0).iter().map(|t| t.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        // The moves 5 to 4.5 and 3 to 3.4 are below 1.
        assert_eq!(rows(&values, 1.0, 0), [(3, Turn::Peak), (6, Turn::Trough)]);
        // The rise from row 6 to the end lasts a year: so the trough goes, and with it all that ends the fall.
        assert_eq!(rows(&values, 1.0, 2), [(3, Turn::Peak)]);
        // A fall of 7 is not enough.
        assert_eq!(rows(&values, 7.5, 0), []);
    }

    #[test]
    fn plateaus_turn_at_their_first_year_and_ends_are_no_turning_points() {
        assert_eq!(rows(&[1.0, 3.0, 3.0, 3.0, 2.0, 2.0, 4.0], 0.5, 1), [(1, Turn::Peak), (4, Turn::Trough)]);
        assert_eq!(rows(&[1.0, 2.0, 3.0], 0.0, 0), []);
        assert_eq!(rows(&[1.0, 1.0], 0.0, 0), []);
        assert_eq!(rows(&[], 0.0, 0), []);
    }
}
