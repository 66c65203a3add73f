//! Copeland's rule with weights: duels won less duels lost.

use serde::{Deserialize, Serialize};

use super::promethee::columns;
use super::row::{by_row, known};
use crate::error::Fault;
use crate::steps::siblings::Siblings;

/// The reference cities as ranks: whole numbers compare faster than scores, and exactly alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Copeland {
    cities: usize,
    children: Vec<Ranks>,
}

/// What is stored: the columns as they were, a gap as none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Stored {
    columns: Vec<Vec<Option<f64>>>,
}

/// One child: its distinct values, and of each city twice the place of its value among them.
#[derive(Debug, Clone, PartialEq)]
struct Ranks {
    distinct: Vec<f64>,
    /// A gap is behind all in the one and before all in the other, so that it neither wins nor loses.
    high: Vec<i32>,
    low: Vec<i32>,
}

/// Cities are compared with so many reference cities at a time: the counts stay in registers.
const LANES: usize = 16;
/// Weights as whole numbers add up to about this.
const UNITS: f64 = 134_217_728.0;

impl Copeland {
    pub(crate) fn learn(siblings: &Siblings<'_>) -> Result<Self, Fault> {
        columns(siblings, "Copeland's rule")?;
        Ok(Self::of(siblings.columns.iter().map(|c| c.to_vec())))
    }

    fn of(columns: impl Iterator<Item = Vec<f64>>) -> Self {
        let children: Vec<Ranks> = columns.map(|column| Ranks::of(&column)).collect();
        let cities = children.first().map_or(0, |child| child.high.len());
        Self { cities, children }
    }

    pub(crate) fn score_block(&self, children: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        let duel = Duel::new(weights);
        by_row(children, weights, need, out, |row, weights| self.balance(row, weights, &duel))
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        self.balance(row, weights, &Duel::new(weights))
    }

    fn balance(&self, row: &[f64], weights: &[f64], duel: &Duel) -> f64 {
        let (won, lost) = self.duels(row, weights, duel);
        won - lost
    }

    fn duels(&self, row: &[f64], weights: &[f64], duel: &Duel) -> (f64, f64) {
        const FEW: usize = 32;
        let (mut few, mut many) = ([(0_usize, 0_i32, 0_i32); FEW], Vec::new());
        let in_play = known(row, weights).map(|(j, z, _)| (j, self.children[j].place(z), duel.units[j]));
        let count = in_play.clone().count();
        let play: &[(usize, i32, i32)] = if count <= FEW {
            in_play.zip(&mut few).for_each(|(from, to)| *to = from);
            &few[..count]
        } else {
            many.extend(in_play);
            &many
        };
        let (mut won, mut lost) = (0_u32, 0_u32);
        let mut start = 0;
        while start < self.cities {
            let end = self.cities.min(start + LANES);
            let mut lead = [0_i32; LANES];
            for &(j, place, units) in play {
                let (high, low) = (&self.children[j].high[start..end], &self.children[j].low[start..end]);
                for ((lead, &high), &low) in lead.iter_mut().zip(high).zip(low) {
                    let wins = if place > high { units } else { 0 };
                    let loses = if place < low { units } else { 0 };
                    *lead += wins - loses;
                }
            }
            for (lane, &lead) in lead[..end - start].iter().enumerate() {
                won += u32::from(lead > duel.near);
                lost += u32::from(lead < -duel.near);
                if duel.near > 0 && lead.abs() <= duel.near {
                    let exact = self.exact(play, weights, start + lane);
                    won += u32::from(exact > 0);
                    lost += u32::from(exact < 0);
                }
            }
            start = end;
        }
        (f64::from(won), f64::from(lost))
    }

    /// A duel too near for whole numbers: weights that are equal but for the last digits are equal.
    fn exact(&self, play: &[(usize, i32, i32)], weights: &[f64], city: usize) -> i32 {
        let (mut lead, mut total) = (0.0, 0.0);
        for &(j, place, _) in play {
            total += weights[j];
            if place > self.children[j].high[city] {
                lead += weights[j];
            } else if place < self.children[j].low[city] {
                lead -= weights[j];
            }
        }
        if lead > 1e-12 * total { 1 } else { -i32::from(lead < -1e-12 * total) }
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (won, lost) = self.duels(row, weights, &Duel::new(weights));
        vec![("duels won", won), ("duels lost", lost)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let whole = |c: &Ranks| c.high.len() == self.cities && c.distinct.iter().all(|v| v.is_finite());
        self.children.len() == children && self.cities >= 2 && self.children.iter().all(whole)
    }
}

impl Ranks {
    fn of(column: &[f64]) -> Self {
        let mut distinct = crate::kernel::stats::sorted(column);
        // -0 and 0 are the same value.
        for v in &mut distinct {
            *v += 0.0;
        }
        distinct.dedup();
        let mut ranks = Self { distinct, high: Vec::new(), low: Vec::new() };
        ranks.high = column.iter().map(|&v| if v.is_nan() { i32::MAX } else { ranks.place(v) }).collect();
        ranks.low = column.iter().map(|&v| if v.is_nan() { i32::MIN } else { ranks.place(v) }).collect();
        ranks
    }

    /// An even number for a value that is there, an odd one for one between two.
    fn place(&self, value: f64) -> i32 {
        let below = self.distinct.partition_point(|&v| v < value);
        let there = self.distinct.get(below).is_some_and(|&v| v == value);
        i32::try_from(2 * below + usize::from(there)).unwrap_or(i32::MAX - 1)
    }
}

/// The weights as whole numbers, and how near a duel must be to be decided by the weights themselves.
#[derive(Debug)]
struct Duel {
    units: Vec<i32>,
    near: i32,
}

impl Duel {
    fn new(weights: &[f64]) -> Self {
        let smallest = weights.iter().copied().filter(|&w| w > 0.0).fold(f64::INFINITY, f64::min);
        // Weights in simple proportions, equal ones above all, become whole numbers without rounding.
        for parts in 1..=12_u32 {
            let ratio = |w: &f64| w / smallest * f64::from(parts);
            let whole = |w: &f64| (ratio(w) - ratio(w).round()).abs() < 1e-9 && ratio(w) < 1e6;
            if weights.iter().all(whole) && weights.iter().map(ratio).sum::<f64>() < 1e9 {
                return Self { units: weights.iter().map(|w| rounded(ratio(w))).collect(), near: 0 };
            }
        }
        let total: f64 = weights.iter().sum();
        let units = weights.iter().map(|w| rounded(w / total * UNITS)).collect();
        Self { units, near: i32::try_from(weights.len()).unwrap_or(i32::MAX) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "weights as whole numbers stay below 2^30")]
fn rounded(x: f64) -> i32 {
    x.round() as i32
}

impl From<Stored> for Copeland {
    fn from(stored: Stored) -> Self {
        let column = |c: Vec<Option<f64>>| c.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect();
        Self::of(stored.columns.into_iter().map(column))
    }
}

impl From<Copeland> for Stored {
    fn from(copeland: Copeland) -> Self {
        let value = |child: &Ranks, &place: &i32| {
            usize::try_from(place / 2).ok().and_then(|at| child.distinct.get(at)).copied()
        };
        let column = |child: &Ranks| child.high.iter().map(|place| value(child, place)).collect();
        Self { columns: copeland.children.iter().map(column).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::siblings::Siblings;

    fn copeland(columns: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
        let siblings = Siblings {
            node: "n",
            codes: vec!["x"; columns.len()],
            framework: weights.to_vec(),
            columns: columns.iter().map(Vec::as_slice).collect(),
            lower: vec![false; columns.len()],
        };
        let learned = Copeland::learn(&siblings).unwrap();
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut out = vec![0.0; columns[0].len()];
        learned.score_block(&slices, weights, 1, &mut out);
        out
    }

    #[test]
    fn the_golden_matrix_gives_what_coinr_gives() {
        let columns = [
            vec![3.0, 5.0, 2.0, 8.0, 6.0],
            vec![-10.0, -7.0, -12.0, -4.0, -9.0],
            vec![100.0, 240.0, 80.0, 310.0, 150.0],
            vec![0.2, 0.5, 0.3, 0.6, 0.9],
        ];
        assert_eq!(copeland(&columns, &[0.4, 0.2, 0.3, 0.1]), [-2.0, 1.0, -4.0, 4.0, 1.0]);
    }

    #[test]
    fn a_duel_of_a_third_against_its_parts_is_a_tie() {
        // 0.1 + 0.2 is not 0.3 in double precision.
        let columns = [vec![1.0, 0.0], vec![1.0, 0.0], vec![0.0, 1.0]];
        assert_eq!(copeland(&columns, &[0.1, 0.2, 0.3]), [0.0, 0.0]);
        // Weights that are in no simple proportion are decided by themselves.
        let pi = std::f64::consts::PI;
        assert_eq!(copeland(&columns, &[0.1 * pi, 0.2, 0.1 * pi + 0.2]), [0.0, 0.0]);
        assert_eq!(copeland(&columns, &[0.1 * pi, 0.2, 0.1 * pi + 0.2 + 1e-9]), [-1.0, 1.0]);
    }

    #[test]
    fn full_dominance_is_seen_whatever_the_number_of_equal_weights() {
        for k in 2..=60_usize {
            let columns: Vec<Vec<f64>> = (0..k).map(|_| vec![2.0, 1.0, 0.0]).collect();
            assert_eq!(copeland(&columns, &vec![1.0 / k as f64; k]), [2.0, 0.0, -2.0]);
        }
    }

    #[test]
    fn a_gap_neither_wins_nor_loses_and_identical_cities_tie() {
        let nan = f64::NAN;
        // Two identical cities, the first child missing of both: their order does not matter.
        let columns = [vec![nan, nan, 1.0, 0.0], vec![1.0, 1.0, 0.0, 0.0]];
        assert_eq!(copeland(&columns, &[0.75, 0.25]).as_slice(), [2.0, 2.0, -1.0, -3.0]);
    }
}
