//! The best and the worst rank that a city can reach over a set of weights, with weights that reach it.

use std::fmt;

use serde::Serialize;

use super::linear::{TIE, WeightAnalysis};
use super::preference::Preferences;
use super::program::Program;
use crate::error::{Fault, Result};

/// The best and the worst rank of a city over a set of weights, both reached at the weights that stand beside them. See
/// [`Preferences::attainable`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AttainableRank {
    /// The city.
    pub city: String,
    /// Its rank at the nominal weights, which need not be in the set.
    pub nominal: usize,
    /// The best rank that was reached.
    pub best: usize,
    /// Weights of the children that give it.
    pub best_weights: Vec<f64>,
    /// The worst rank that was reached.
    pub worst: usize,
    /// Weights of the children that give it.
    pub worst_weights: Vec<f64>,
    /// No weights of the set give a better rank than this: [`best`](Self::best) where the result is exact.
    pub best_bound: usize,
    /// No weights of the set give a worse rank than this.
    pub worst_bound: usize,
    /// Whether the ranks that were reached are proved to be the best and the worst.
    pub exact: bool,
}

impl fmt::Display for AttainableRank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: rank {}, from {} to {}", self.city, self.nominal, self.best, self.worst)?;
        if self.exact {
            Ok(())
        } else {
            write!(f, " reached, {} to {} not excluded", self.best_bound, self.worst_bound)
        }
    }
}

/// Which end of the ranks is sought.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Best,
    Worst,
}

/// A rival whose place depends on the weights.
#[derive(Debug)]
struct Rival {
    row: usize,
    /// The rival counts as wished where `form w <= 0`, scaled so that the largest coefficient is 1.
    form: Vec<f64>,
}

/// A cell of the arrangement of the lines on which a rival ties, cut so far by some of them.
#[derive(Debug, Clone)]
struct Cell {
    /// Rivals that count as wished or not, by number.
    decided: Vec<(u32, bool)>,
    /// Rivals that cannot count as wished anywhere in the cell, without a cut.
    forced: Vec<u32>,
    /// Weights in it.
    inside: Vec<f64>,
}

impl Cell {
    /// How many do not count as wished: no rank in the cell has fewer of them.
    fn lost(&self) -> usize {
        self.forced.len() + self.decided.iter().filter(|(_, wished)| !wished).count()
    }
}

/// What a search found.
struct Found {
    rank: usize,
    weights: Vec<f64>,
    bound: usize,
}

impl Preferences<'_> {
    /// How many cells a search looks into where no other number is given.
    pub const CELLS: usize = 20_000;

    /// The best and the worst rank that a city can reach at weights of the set, with weights that reach it.
    ///
    /// Branch and bound over the lines `s_b = s_a`: a cell is left aside once as many rivals are sure to be ahead (or behind)
    /// as the best rank so far allows. Exact while [`CELLS`](Self::CELLS) cells are enough, as they are for dozens of cities
    /// and a handful of children; otherwise the result says so, and gives bounds beside the ranks that were reached. Every
    /// rank was verified by scoring all cities at the weights returned; scores within 1e-12 of the largest child's score behind them
    /// tie, and a tie takes no rank away. Weights at which a city has no score are not counted as reaching anything. Rivals with
    /// different gaps are counted at the weights that were tried, and enter the bounds only by who is always ahead.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part; [`Error::Invalid`](crate::Error::Invalid) where none
    /// of the weights tried gives every city a score.
    ///
    /// ```
    /// use longspring::{Cut, Method, WeightAnalysis, WeightSpace, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
    /// let analysis = WeightAnalysis::of(&scores, "renewal")?;
    ///
    /// let ranks = analysis.over(&WeightSpace::all().within(0.5))?.attainable("changchun")?;
    /// println!("{ranks}");
    /// assert_eq!(analysis.rank_at(&ranks.best_weights, "changchun")?, Some(ranks.best));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// Reference: Kadziński, Greco and Słowiński (2012), *Extreme ranking analysis in robust ordinal regression*, Omega 40, 488-501.
    pub fn attainable(&self, city: &str) -> Result<AttainableRank> {
        self.attainable_within(city, Self::CELLS)
    }

    /// The same with another limit to the number of cells that each of the two searches looks into.
    ///
    /// # Errors
    /// As in [`attainable`](Self::attainable).
    pub fn attainable_within(&self, city: &str, cells: usize) -> Result<AttainableRank> {
        self.attain(self.analysis.city(city)?, &self.seeds(), cells)
    }

    /// The same for every city, in the order of the cities.
    ///
    /// # Errors
    /// As in [`attainable`](Self::attainable).
    pub fn attainable_all(&self) -> Result<Vec<AttainableRank>> {
        let seeds = self.seeds();
        (0..self.analysis.cities.len()).map(|row| self.attain(row, &seeds, Self::CELLS)).collect()
    }

    /// Weights to begin with, at which every city has a score.
    fn seeds(&self) -> Vec<Vec<f64>> {
        let mut seeds = self.space.seeds();
        let inner: Vec<Vec<f64>> = seeds
            .iter()
            .skip(1)
            .map(|seed| seed.iter().zip(&self.space.start).map(|(w, start)| 0.999 * w + 0.001 * start).collect())
            .collect();
        seeds.extend(inner);
        seeds.retain(|weights| self.analysis.all_scored(weights));
        seeds
    }

    fn attain(&self, row: usize, seeds: &[Vec<f64>], cells: usize) -> Result<AttainableRank> {
        let analysis = self.analysis;
        let nobody = || Fault::NobodyScored { node: analysis.node.clone() };
        let best = self.search(row, End::Best, seeds, cells).ok_or_else(nobody)?;
        let worst = self.search(row, End::Worst, seeds, cells).ok_or_else(nobody)?;
        Ok(AttainableRank {
            city: analysis.cities.get(row).to_owned(),
            nominal: analysis.rank_in(&analysis.scores, row),
            exact: best.rank == best.bound && worst.rank == worst.bound,
            best: best.rank,
            best_weights: best.weights,
            worst: worst.rank,
            worst_weights: worst.weights,
            best_bound: best.bound,
            worst_bound: worst.bound,
        })
    }

    /// The number of rivals that cannot count as wished, and those whose place depends on the weights.
    fn rivals(&self, row: usize, end: End) -> (usize, Vec<Rival>) {
        let analysis = self.analysis;
        let (mut lost, mut rivals) = (0, Vec::new());
        for b in (0..analysis.cities.len()).filter(|&b| b != row) {
            let tie = analysis.tie(row, b);
            if analysis.pattern[row] != analysis.pattern[b] {
                // By who is always ahead; otherwise it may count as wished, so that the bound holds.
                let ahead = match end {
                    End::Best => self.always_strictly(b, row),
                    End::Worst => self.bit(row, b),
                };
                lost += usize::from(ahead);
                continue;
            }
            // How far the rival is ahead.
            let Some((low, high)) = self.same_range(b, row) else { continue };
            let (always, never) = (low > tie, high <= tie);
            match end {
                End::Best if never => {}
                End::Best if always => lost += 1,
                End::Worst if always => {}
                End::Worst if never => lost += 1,
                _ => {
                    // Best: the rival may tie; worst: it must be ahead by more than a tie.
                    let (sign, shift) = if end == End::Best { (1.0, -0.5 * tie) } else { (-1.0, 1.5 * tie) };
                    let pairs = analysis.row(b).iter().zip(analysis.row(row)).zip(analysis.known(row));
                    let mut form: Vec<f64> =
                        pairs.map(|((b, a), known)| if *known { sign * (b - a) + shift } else { 0.0 }).collect();
                    let largest = form.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
                    form.iter_mut().for_each(|v| *v /= largest);
                    rivals.push(Rival { row: b, form });
                }
            }
        }
        (lost, rivals)
    }

    /// Whether a city with other gaps is sure to be strictly ahead at all weights.
    fn always_strictly(&self, a: usize, b: usize) -> bool {
        let ranges = (self.analysis.score_range(&self.space, a), self.analysis.score_range(&self.space, b));
        matches!(ranges, (Some((low, _)), Some((_, high))) if low - high > self.analysis.tie(a, b))
    }

    fn search(&self, row: usize, end: End, seeds: &[Vec<f64>], cells: usize) -> Option<Found> {
        let analysis = self.analysis;
        let n = analysis.cities.len();
        let (base, rivals) = self.rivals(row, end);
        // In both directions the fewer do not count as wished the better: those ahead, or those not ahead.
        let count = |rank: usize| if end == End::Best { rank - 1 } else { n - rank };
        let mut search = Search {
            analysis,
            program: self.space.program.clone(),
            rivals,
            row,
            count: &count,
            least: usize::MAX,
            weights: Vec::new(),
        };
        seeds.iter().for_each(|seed| search.try_at(seed));
        let bound = search.run(base, &self.space.start, cells);
        let least = search.least;
        if least == usize::MAX {
            return None;
        }
        let rank = |count: usize| if end == End::Best { count + 1 } else { n - count };
        Some(Found { rank: rank(least), weights: search.weights, bound: rank(bound.min(least)) })
    }
}

impl WeightAnalysis {
    /// Whether every city has a score at these weights.
    fn all_scored(&self, weights: &[f64]) -> bool {
        let has = |known: &Vec<bool>| known.iter().zip(weights).any(|(known, w)| *known && *w > 0.0);
        self.patterns.iter().all(has)
    }
}

/// A search at work.
struct Search<'a, C: Fn(usize) -> usize> {
    analysis: &'a WeightAnalysis,
    program: Program,
    rivals: Vec<Rival>,
    row: usize,
    /// How many are lost at a rank.
    count: &'a C,
    /// The fewest that were lost so far, and where.
    least: usize,
    weights: Vec<f64>,
}

impl<C: Fn(usize) -> usize> Search<'_, C> {
    /// Scores all cities at some weights, and keeps them if fewer are lost than ever before.
    fn try_at(&mut self, weights: &[f64]) {
        if self.analysis.all_scored(weights) {
            let lost = (self.count)(self.analysis.rank_in(&self.analysis.all_at(weights), self.row));
            if lost < self.least {
                self.least = lost;
                self.weights = weights.to_vec();
            }
        }
    }

    /// Looks into cells until none can be better than what was found, or the limit is reached: no fewer than the number
    /// returned are lost anywhere.
    fn run(&mut self, base: usize, start: &[f64], limit: usize) -> usize {
        let mut open = vec![Cell { decided: Vec::new(), forced: Vec::new(), inside: start.to_vec() }];
        // The lower bound of cells that turned out to hold no better rank than they promised, but did not reach it either.
        let mut bound = usize::MAX;
        let mut looked = 0;
        while let Some(mut cell) = open.pop() {
            if base + cell.lost() >= self.least {
                continue;
            }
            if looked >= limit {
                bound = bound.min(base + cell.lost());
                continue;
            }
            looked += 1;
            self.try_at(&cell.inside);
            match self.branch(&mut cell, base) {
                Branch::Lost => {}
                Branch::Leaf => bound = bound.min(base + cell.lost()),
                Branch::At(rival, flipped) => {
                    let mut wished = Cell { inside: flipped, ..cell.clone() };
                    wished.decided.push((rival, true));
                    cell.decided.push((rival, false));
                    open.extend([cell, wished]);
                }
            }
        }
        bound.min(self.least)
    }

    /// Finds a rival that is lost at the weights inside a cell and need not be. Those that must are noted.
    fn branch(&mut self, cell: &mut Cell, base: usize) -> Branch {
        let mut decided = vec![false; self.rivals.len()];
        cell.decided.iter().map(|(b, _)| b).chain(&cell.forced).for_each(|b| decided[*b as usize] = true);
        let value = |rival: &Rival| super::program::dot(&rival.form, &cell.inside);
        let mut against: Vec<(f64, usize)> = (0..self.rivals.len())
            .filter(|&b| !decided[b])
            .map(|b| (value(&self.rivals[b]), b))
            .filter(|(value, _)| *value > 0.0)
            .collect();
        against.sort_by(|x, y| x.0.total_cmp(&y.0).then_with(|| self.key(x.1).cmp(self.key(y.1))));
        self.program.reset();
        for &(b, wished) in &cell.decided {
            let sign = if wished { 1.0 } else { -1.0 };
            self.program.row(self.rivals[b as usize].form.iter().map(|v| sign * v), 0.0);
        }
        let mut first = None;
        // The farthest are the likeliest to be lost for good, and to make the others needless.
        for &(_, b) in against.iter().rev() {
            let found = self.program.widest_with(self.rivals[b].form.iter().copied(), 0.0, &cell.inside);
            match found {
                Some((slack, weights)) if slack >= -0.25 * TIE => {
                    self.try_at(&weights);
                    first = Some((b, weights));
                }
                Some(_) => cell.forced.push(u32::try_from(b).unwrap_or(u32::MAX)),
                // Rounding hides it: what cannot be excluded is not.
                None => first = first.or(Some((b, cell.inside.clone()))),
            }
            if base + cell.lost() >= self.least {
                return Branch::Lost;
            }
        }
        match first {
            Some((b, weights)) => Branch::At(u32::try_from(b).unwrap_or(u32::MAX), weights),
            None => Branch::Leaf,
        }
    }

    fn key(&self, rival: usize) -> &str {
        self.analysis.cities.get(self.rivals[rival].row)
    }
}

/// What becomes of a cell.
enum Branch {
    /// Nothing better than what was found can be in it.
    Lost,
    /// Nothing is left to decide.
    Leaf,
    /// It is cut by the line of a rival; weights on the side where that one counts as wished.
    At(u32, Vec<f64>),
}
