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
    distinct: Vec<Vec<f64>>,
    ranks: Ranks,
}

/// What is stored: the columns as they were, a gap as none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Stored {
    columns: Vec<Vec<Option<f64>>>,
}

/// Of each child and city twice the place of its value among the distinct ones, in the smallest numbers that hold them.
#[derive(Debug, Clone, PartialEq)]
enum Ranks {
    Short(Vec<Column<i16>>),
    Long(Vec<Column<i32>>),
}

/// A gap is behind all in the one and before all in the other, so that it neither wins nor loses; filled up so to whole tiles.
#[derive(Debug, Clone, PartialEq)]
struct Column<T> {
    high: Vec<T>,
    low: Vec<T>,
}

/// Cities are compared with so many reference cities at a time: the counts stay in registers.
const TILE: usize = 32;

impl Copeland {
    pub(crate) fn learn(siblings: &Siblings<'_>, weights: &[f64]) -> Result<Self, Fault> {
        columns(siblings, weights, "Copeland's rule")?;
        Ok(Self::of(&siblings.columns.iter().map(|c| c.to_vec()).collect::<Vec<_>>()))
    }

    fn of(columns: &[Vec<f64>]) -> Self {
        let cities = columns.first().map_or(0, Vec::len);
        let distinct: Vec<Vec<f64>> = columns
            .iter()
            .map(|column| {
                // -0 and 0 are the same value.
                let mut values = crate::kernel::stats::sorted(column);
                for v in &mut values {
                    *v += 0.0;
                }
                values.dedup();
                values
            })
            .collect();
        let long = distinct.iter().any(|d| place(d, f64::INFINITY) >= i32::from(i16::MAX));
        let ranks = if long {
            Ranks::Long(
                columns.iter().zip(&distinct).map(|(c, d)| Column::of(c, d, i32::MIN, i32::MAX, |p| p)).collect(),
            )
        } else {
            let short = |p: i32| i16::try_from(p).unwrap_or(i16::MAX);
            Ranks::Short(
                columns.iter().zip(&distinct).map(|(c, d)| Column::of(c, d, i16::MIN, i16::MAX, short)).collect(),
            )
        };
        Self { cities, distinct, ranks }
    }

    pub(crate) fn score_block(&self, children: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        let units = Units::new(weights);
        by_row(children, weights, need, out, |row, weights| {
            let (won, lost) = self.duels(row, weights, &units);
            won - lost
        })
    }

    pub(crate) fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        let (won, lost) = self.duels(row, weights, &Units::new(weights));
        won - lost
    }

    fn duels(&self, row: &[f64], weights: &[f64], units: &Units) -> (f64, f64) {
        let places = || known(row, weights).map(|(j, z, _)| (j, place(&self.distinct[j], z)));
        let exact = |city: usize| self.exact(row, weights, city);
        let (won, lost) = match &self.ranks {
            Ranks::Short(columns) => {
                let short = |p: i32| i16::try_from(p).unwrap_or(i16::MAX);
                let play = places().map(|(j, p)| (&columns[j], short(p), units.short[j]));
                sweep(play, self.cities, (0, 1, units.near_short), exact)
            }
            Ranks::Long(columns) => {
                let play = places().map(|(j, p)| (&columns[j], p, units.long[j]));
                sweep(play, self.cities, (0, 1, units.near_long), exact)
            }
        };
        (f64::from(won), f64::from(lost))
    }

    /// A duel too near for whole numbers: weights that are equal but for the last digits are equal.
    fn exact(&self, row: &[f64], weights: &[f64], city: usize) -> i32 {
        let (mut lead, mut total) = (0.0, 0.0);
        for (j, z, w) in known(row, weights) {
            total += w;
            let place = place(&self.distinct[j], z);
            let (high, low) = match &self.ranks {
                Ranks::Short(columns) => (i32::from(columns[j].high[city]), i32::from(columns[j].low[city])),
                Ranks::Long(columns) => (columns[j].high[city], columns[j].low[city]),
            };
            // A gap is the one end in `high` and the other in `low`.
            if high == low {
                lead += w * f64::from(i8::from(place > high) - i8::from(place < low));
            }
        }
        if lead > 1e-12 * total { 1 } else { -i32::from(lead < -1e-12 * total) }
    }

    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        let (won, lost) = self.duels(row, weights, &Units::new(weights));
        vec![("duels won", won), ("duels lost", lost)]
    }

    pub(crate) fn is_sound(&self, children: usize) -> bool {
        let finite = self.distinct.iter().flatten().all(|v| v.is_finite());
        let tiles = self.cities.div_ceil(TILE) * TILE;
        let whole = match &self.ranks {
            Ranks::Short(columns) => columns.iter().all(|c| c.high.len() == tiles),
            Ranks::Long(columns) => columns.iter().all(|c| c.high.len() == tiles),
        };
        self.distinct.len() == children && self.cities >= 2 && finite && whole
    }
}

/// An even number for a value that is there, an odd one for one between two.
fn place(distinct: &[f64], value: f64) -> i32 {
    let below = distinct.partition_point(|&v| v < value);
    let there = distinct.get(below).is_some_and(|&v| v == value);
    i32::try_from(2 * below + usize::from(there)).unwrap_or(i32::MAX - 1)
}

impl<T: Copy> Column<T> {
    fn of(column: &[f64], distinct: &[f64], least: T, most: T, cut: impl Fn(i32) -> T) -> Self {
        let filled = |gap: T| {
            let mut ranks: Vec<T> =
                column.iter().map(|&v| if v.is_nan() { gap } else { cut(place(distinct, v)) }).collect();
            ranks.resize(column.len().div_ceil(TILE) * TILE, gap);
            ranks
        };
        Self { high: filled(most), low: filled(least) }
    }
}

/// Duels won and lost against all reference cities, tile by tile, given the children in play with the city's place and
/// weight in each. `exact` decides duels that are no further apart than `near`.
fn sweep<'a, T>(
    play: impl Iterator<Item = (&'a Column<T>, T, T)>,
    cities: usize,
    (zero, one, near): (T, T, T),
    exact: impl Fn(usize) -> i32,
) -> (u32, u32)
where
    T: Copy + PartialOrd + std::ops::AddAssign + std::ops::Sub<Output = T> + Into<i32> + 'a,
{
    const FEW: usize = 32;
    let (mut few, mut many) = ([None; FEW], Vec::new());
    for (i, child) in play.enumerate() {
        match few.get_mut(i) {
            Some(to) => *to = Some(child),
            None => many.push(Some(child)),
        }
    }
    let (mut won, mut lost) = (0_u32, 0_u32);
    for start in (0..cities).step_by(TILE) {
        let mut lead = [zero; TILE];
        for &(column, place, units) in few.iter().chain(&many).flatten() {
            let column: &Column<T> = column;
            let (high, low) = (&column.high[start..start + TILE], &column.low[start..start + TILE]);
            for ((lead, &high), &low) in lead.iter_mut().zip(high).zip(low) {
                let wins = if place > high { units } else { zero };
                let loses = if place < low { units } else { zero };
                *lead += wins - loses;
            }
        }
        let (mut ahead, mut behind) = (zero, zero);
        for &lead in &lead {
            ahead += if lead > near { one } else { zero };
            behind += if lead < zero - near { one } else { zero };
        }
        won += u32::try_from(ahead.into()).unwrap_or(0);
        lost += u32::try_from(behind.into()).unwrap_or(0);
        if near > zero {
            for (lane, &lead) in lead.iter().enumerate().take(cities - start) {
                if lead <= near && lead >= zero - near {
                    let exact = exact(start + lane);
                    won += u32::from(exact > 0);
                    lost += u32::from(exact < 0);
                }
            }
        }
    }
    (won, lost)
}

/// The weights as whole numbers, and how near a duel must be to be decided by the weights themselves.
#[derive(Debug)]
struct Units {
    short: Vec<i16>,
    near_short: i16,
    long: Vec<i32>,
    near_long: i32,
}

impl Units {
    fn new(weights: &[f64]) -> Self {
        let smallest = weights.iter().copied().filter(|&w| w > 0.0).fold(f64::INFINITY, f64::min);
        // Weights in simple proportions, equal ones above all, become whole numbers without rounding.
        for parts in 1..=12_u32 {
            let ratio = |w: &f64| w / smallest * f64::from(parts);
            let whole = |w: &f64| (ratio(w) - ratio(w).round()).abs() < 1e-13 * ratio(w).max(1.0);
            if weights.iter().map(ratio).sum::<f64>() < 3e4 && weights.iter().all(whole) {
                let short: Vec<i16> = weights.iter().map(|w| rounded(ratio(w))).collect();
                let long = short.iter().map(|&u| i32::from(u)).collect();
                return Self { short, near_short: 0, long, near_long: 0 };
            }
        }
        let total: f64 = weights.iter().sum();
        let near = i16::try_from(weights.len()).unwrap_or(i16::MAX / 2);
        let units = |sum: f64| weights.iter().map(move |w| w / total * sum);
        Self {
            // Each rounds by half a unit at most, so that all together stay below the largest number.
            short: units(f64::from(i16::MAX - near)).map(rounded).collect(),
            near_short: near,
            long: units(134_217_728.0).map(rounded_long).collect(),
            near_long: i32::from(near),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "weights as whole numbers add up to less than 2^15")]
fn rounded(x: f64) -> i16 {
    x.round() as i16
}

#[expect(clippy::cast_possible_truncation, reason = "weights as whole numbers add up to about 2^27")]
fn rounded_long(x: f64) -> i32 {
    x.round() as i32
}

impl From<Stored> for Copeland {
    fn from(stored: Stored) -> Self {
        let column = |c: Vec<Option<f64>>| c.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect();
        let columns: Vec<Vec<f64>> = stored.columns.into_iter().map(column).collect();
        // Columns of different lengths are no table: they are found out by `is_sound`.
        let same = columns.windows(2).all(|pair| pair[0].len() == pair[1].len());
        Self::of(if same { &columns } else { &[] })
    }
}

impl From<Copeland> for Stored {
    fn from(copeland: Copeland) -> Self {
        let value =
            |distinct: &[f64], place: i32| usize::try_from(place / 2).ok().and_then(|at| distinct.get(at)).copied();
        let columns = copeland.distinct.iter().enumerate().map(|(j, distinct)| {
            let rank = |city: usize| match &copeland.ranks {
                Ranks::Short(columns) => (i32::from(columns[j].high[city]), i32::from(columns[j].low[city])),
                Ranks::Long(columns) => (columns[j].high[city], columns[j].low[city]),
            };
            (0..copeland.cities)
                .map(|city| Some(rank(city)).filter(|(h, l)| h == l).and_then(|(h, _)| value(distinct, h)))
                .collect()
        });
        Self { columns: columns.collect() }
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
        let learned = Copeland::learn(&siblings, weights).unwrap();
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
