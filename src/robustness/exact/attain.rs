//! The best and the worst rank that a city can reach over a set of weights, with weights that reach it.

use std::fmt;

use serde::Serialize;

use super::preference::Preferences;
use super::search::{End, Rival, Search};
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

/// How much weight the known children of each city have together at least, or half of what they have to begin with, if
/// that is less.
const SHARE: f64 = 1e-6;

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
    /// Branch and bound over the lines `s_b = s_a`: a cell is left aside once as many rivals are sure to be ahead (or
    /// behind) as the best rank so far allows. Exact while [`CELLS`](Self::CELLS) cells are enough, as they are for
    /// dozens of cities and a handful of children without gaps (with different gaps mostly); otherwise the result says so, and gives bounds beside the ranks that
    /// were reached. Every rank was verified by scoring all cities at the weights returned; scores within 1e-12 of the
    /// largest child's score behind them tie, and a tie takes no rank away. Weights at which the known children of a city
    /// have less than 1e-6 together are left out: with none it has no score. Against rivals with different gaps the line
    /// is bent: the levels of the city's score are halved until linear bounds decide, down to 1e-9 of the size of the
    /// scores.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part; [`Error::Invalid`](crate::Error::Invalid)
    /// where none of the weights tried gives every city a score.
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
    /// Reference: Kadziński, Greco and Słowiński (2012), *Extreme ranking analysis in robust ordinal regression*, Omega
    /// 40, 488-501.
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
        seeds.retain(|weights| self.analysis.all_scored(weights, 0.0));
        seeds
    }

    fn attain(&self, row: usize, seeds: &[Vec<f64>], cells: usize) -> Result<AttainableRank> {
        let analysis = self.analysis;
        let nobody = || {
            let why = "some city has no score, for its known children cannot have any weight".to_owned();
            Fault::NoWeights { node: analysis.node.clone(), why }
        };
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

    /// How many rivals cannot count as wished, and those whose place depends on the weights.
    fn rivals(&self, row: usize, end: End) -> (usize, Vec<Rival>) {
        let analysis = self.analysis;
        let own = analysis.score_range(&self.space, row);
        let (mut lost, mut rivals) = (0, Vec::new());
        for b in (0..analysis.cities.len()).filter(|&b| b != row) {
            let tie = analysis.tie(row, b);
            // How far the rival is ahead; for one with other gaps the difference of the ranges, which is sure but not sharp.
            let same = analysis.pattern[row] == analysis.pattern[b];
            let range = if same {
                self.same_range(b, row)
            } else {
                let other = analysis.score_range(&self.space, b);
                own.zip(other).map(|(own, other)| (other.0 - own.1, other.1 - own.0))
            };
            let Some((low, high)) = range else { continue };
            let (always, never) = (low > tie, high <= tie);
            match end {
                End::Best if never => {}
                End::Best if always => lost += 1,
                End::Worst if always => {}
                End::Worst if never => lost += 1,
                _ if !same => rivals.push(Rival { row: b, line: None }),
                _ => {
                    // Best: the rival may tie; worst: it must be ahead by more than a tie.
                    let (sign, shift) = if end == End::Best { (1.0, -0.5 * tie) } else { (-1.0, 1.5 * tie) };
                    let pairs = analysis.row(b).iter().zip(analysis.row(row)).zip(analysis.known(row));
                    let mut line: Vec<f64> =
                        pairs.map(|((b, a), known)| if *known { sign * (b - a) + shift } else { 0.0 }).collect();
                    let largest = line.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
                    for v in &mut line {
                        *v /= largest;
                    }
                    rivals.push(Rival { row: b, line: Some(line) });
                }
            }
        }
        (lost, rivals)
    }

    fn search(&self, row: usize, end: End, seeds: &[Vec<f64>], cells: usize) -> Option<Found> {
        let analysis = self.analysis;
        let (base, rivals) = self.rivals(row, end);
        // Where a city's known children have no weight it has no score, and every line with it ends there: that is left out.
        let share = SHARE.min(0.5 * analysis.least_share(&self.space.start)?);
        let mut program = self.space.program.clone();
        for known in analysis.patterns.iter().filter(|known| known.contains(&false)) {
            program.row(known.iter().map(|known| if *known { -1.0 } else { 0.0 }), -share);
        }
        program.fix();
        let levels = analysis.score_range(&self.space, row)?;
        let bent = rivals.iter().filter(|rival| rival.line.is_none()).count();
        let close = if 2 * bent > rivals.len() { (levels.1 - levels.0) / 256.0 } else { f64::INFINITY };
        let mut search =
            Search { analysis, end, row, program, share, rivals, close, least: usize::MAX, weights: Vec::new() };
        for seed in seeds {
            search.try_at(seed);
        }
        let bound = search.run(base, &self.space.start, levels, cells);
        if search.least == usize::MAX {
            return None;
        }
        Some(Found { rank: search.rank_of(search.least), bound: search.rank_of(bound), weights: search.weights })
    }
}
