//! Branch and bound for the end of a city's ranks.
//!
//! For rivals that are scored from the same children the line `s_b = s_a` cuts the weights in two. For others it is bent;
//! but at a level `t = s_a` both `s_a = t` and `s_b <= t` are linear, so that an interval of levels gives linear bounds,
//! and halving it makes them as sharp as need be.

use super::linear::{TIE, WeightAnalysis};
use super::program::{Program, dot};

/// Which end of the ranks is sought. A rival counts as wished if it is not ahead (for the best rank) or is ahead (for the
/// worst).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    Best,
    Worst,
}

/// A rival whose place depends on the weights.
#[derive(Debug)]
pub(super) struct Rival {
    pub(super) row: usize,
    /// It counts as wished where `line w <= 0`; none where it is scored from other children than the city.
    pub(super) line: Option<Vec<f64>>,
}

/// Intervals of levels narrower than this, relative to the size of the scores, are not halved.
const NARROW: f64 = 1e-9;

/// Constraints that no weights come nearer to fulfilling than this cannot be fulfilled; what ties has half of [`TIE`] to
/// spare.
const SURE: f64 = 0.25 * TIE;
/// By how much the constraints of the levels are stretched.
const STRETCH: f64 = 1e3;

/// A part of the weights.
#[derive(Debug, Clone)]
struct Cell {
    /// Rivals that count as wished or not, by number.
    decided: Vec<(usize, bool)>,
    /// Rivals that cannot count as wished anywhere in the cell, without a cut.
    forced: Vec<usize>,
    /// The levels that the city's own score has in it.
    levels: (f64, f64),
    /// Weights in it, but for what the levels leave open.
    inside: Vec<f64>,
}

impl Cell {
    /// How many do not count as wished: nowhere in the cell are there fewer.
    fn lost(&self) -> usize {
        self.forced.len() + self.decided.iter().filter(|(_, wished)| !wished).count()
    }
}

/// What becomes of a cell.
enum Branch {
    /// Nothing better than what was found can be in it.
    Lost,
    /// Nothing is left to decide.
    Leaf,
    /// It is cut by a rival; weights on the side where that one counts as wished.
    At(usize, Vec<f64>),
    /// It is cut at a level.
    Level(f64),
}

/// A search at work.
pub(super) struct Search<'a> {
    pub(super) analysis: &'a WeightAnalysis,
    pub(super) end: End,
    pub(super) row: usize,
    pub(super) program: Program,
    /// How much weight the known children of each city have together at least.
    pub(super) share: f64,
    pub(super) rivals: Vec<Rival>,
    /// How close together the levels of a cell must be before a rival with other gaps cuts it.
    pub(super) close: f64,
    /// The fewest that were lost so far, and where.
    pub(super) least: usize,
    pub(super) weights: Vec<f64>,
}

impl Search<'_> {
    /// How many are lost at a rank: those ahead, or those not ahead.
    pub(super) fn lost_at(&self, rank: usize) -> usize {
        if self.end == End::Best { rank - 1 } else { self.analysis.cities.len() - rank }
    }

    /// The rank at which so many are lost.
    pub(super) fn rank_of(&self, lost: usize) -> usize {
        if self.end == End::Best { lost + 1 } else { self.analysis.cities.len() - lost }
    }

    /// Scores all cities at some weights, and keeps them if fewer are lost than ever before.
    pub(super) fn try_at(&mut self, weights: &[f64]) {
        if self.analysis.all_scored(weights, 0.999 * self.share) {
            let lost = self.lost_at(self.analysis.rank_in(&self.analysis.all_at(weights), self.row));
            if lost < self.least {
                self.least = lost;
                self.weights = weights.to_vec();
            }
        }
    }

    /// Looks into cells until none can be better than what was found, or the limit is reached: no fewer than the number
    /// returned are lost anywhere. `base` are lost everywhere, and `levels` are those of the city's score.
    pub(super) fn run(&mut self, base: usize, start: &[f64], levels: (f64, f64), limit: usize) -> usize {
        // The cells by how many are lost in them: those that promise most come first, the newest of them before others.
        let mut open: Vec<Vec<Cell>> = vec![Vec::new(); self.rivals.len() + 1];
        open[0].push(Cell { decided: Vec::new(), forced: Vec::new(), levels, inside: start.to_vec() });
        // The fewest that are lost in cells that were left undecided.
        let mut bound = usize::MAX;
        let mut looked = 0;
        while let Some(lost) = open.iter().position(|cells| !cells.is_empty()) {
            if base + lost >= self.least {
                break;
            }
            if looked >= limit {
                bound = bound.min(base + lost);
                break;
            }
            let Some(mut cell) = open[lost].pop() else { break };
            looked += 1;
            self.try_at(&cell.inside);
            match self.branch(&mut cell, base) {
                Branch::Lost => {}
                Branch::Leaf => bound = bound.min(base + cell.lost()),
                Branch::At(rival, inside) => {
                    let mut wished = Cell { inside, ..cell.clone() };
                    wished.decided.push((rival, true));
                    cell.decided.push((rival, false));
                    for cell in [cell, wished] {
                        open[cell.lost()].push(cell);
                    }
                }
                Branch::Level(middle) => {
                    for levels in [(cell.levels.0, middle), (middle, cell.levels.1)] {
                        let part = Cell { levels, ..cell.clone() };
                        self.enter(&part);
                        match self.program.widest(&part.inside) {
                            Some(found) if found.most < -SURE => {}
                            Some(found) => open[part.lost()].push(Cell { inside: found.weights, ..part }),
                            // Rounding hides it: what cannot be excluded is not.
                            None => bound = bound.min(base + part.lost()),
                        }
                    }
                }
            }
        }
        bound.min(self.least)
    }

    /// Makes the program that of a cell.
    fn enter(&mut self, cell: &Cell) {
        self.program.reset();
        for &(b, wished) in &cell.decided {
            self.program.row(self.form(b, wished, cell.levels).into_iter(), 0.0);
        }
        if self.rivals.iter().any(|rival| rival.line.is_none()) {
            // Stretched, so that it is not the nearness of the two levels that decides where the slack is largest: within
            // half of it a rival with other gaps would not be sure to count as wished.
            for (level, sign) in [(cell.levels.1, STRETCH), (cell.levels.0, -STRETCH)] {
                self.program.row(self.over(self.row, level, sign).into_iter(), 0.0);
            }
        }
    }

    /// `sign (s - level) sum_K w`, as a form of the weights, relative to the size of the scores. Where it is above 0 for
    /// all weights that give a score, it is made so for those that give none.
    fn over(&self, row: usize, level: f64, sign: f64) -> Vec<f64> {
        let size = self.analysis.size[row].max(self.analysis.size[self.row]);
        let cells = self.analysis.row(row).iter().zip(self.analysis.known(row));
        let form = cells.map(|(cell, known)| if *known { sign * (cell - level) / size } else { 0.0 });
        let form: Vec<f64> = form.collect();
        let never = form.iter().zip(self.analysis.known(row)).all(|(value, known)| !known || *value > 0.0);
        if never { vec![1.0; form.len()] } else { form }
    }

    /// What is at most 0 wherever a rival counts as wished, or as not; for one with other gaps also a little beyond, as
    /// far as the levels leave it open.
    fn form(&self, b: usize, wished: bool, (low, high): (f64, f64)) -> Vec<f64> {
        let rival = &self.rivals[b];
        match &rival.line {
            Some(line) if wished => line.clone(),
            Some(line) => line.iter().map(|v| -v).collect(),
            None => {
                // A tie counts as not ahead.
                let tie = self.analysis.tie(self.row, rival.row);
                match (self.end, wished) {
                    (End::Best, true) => self.over(rival.row, high + 0.5 * tie, 1.0),
                    (End::Best, false) => self.over(rival.row, low + 0.5 * tie, -1.0),
                    (End::Worst, true) => self.over(rival.row, low + 1.5 * tie, -1.0),
                    (End::Worst, false) => self.over(rival.row, high + 1.5 * tie, 1.0),
                }
            }
        }
    }

    /// By how much a rival does not count as wished at some weights, relative to the size of the scores.
    fn against(&self, b: usize, at: &[f64]) -> f64 {
        let rival = &self.rivals[b];
        if let Some(line) = &rival.line {
            return dot(line, at);
        }
        let lead = self.analysis.score(at, rival.row) - self.analysis.score(at, self.row);
        let lead = lead / self.analysis.size[rival.row].max(self.analysis.size[self.row]);
        if self.end == End::Best { lead - 0.5 * TIE } else { 1.5 * TIE - lead }
    }

    /// Finds a rival that is lost at the weights inside a cell and need not be. Those that must are noted.
    fn branch(&mut self, cell: &mut Cell, base: usize) -> Branch {
        let mut decided = vec![false; self.rivals.len()];
        cell.decided.iter().map(|(b, _)| b).chain(&cell.forced).for_each(|b| decided[*b] = true);
        let mut against: Vec<(f64, usize)> = (0..self.rivals.len())
            .filter(|&b| !decided[b])
            .map(|b| (self.against(b, &cell.inside), b))
            .filter(|(value, _)| *value > 0.0)
            .collect();
        against.sort_by(|x, y| x.0.total_cmp(&y.0).then_with(|| self.key(x.1).cmp(self.key(y.1))));
        self.enter(cell);
        let mut first = None;
        // The farthest are the likeliest to be lost for good, and to make the others needless.
        for &(_, b) in against.iter().rev() {
            let form = self.form(b, true, cell.levels);
            match self.program.widest_with(form.into_iter(), 0.0, &cell.inside) {
                Some(found) if found.most < -SURE => cell.forced.push(b),
                Some(found) => {
                    self.try_at(&found.weights);
                    first = Some((b, found.weights));
                }
                // Rounding hides it: what cannot be excluded is not.
                None => first = first.or(Some((b, cell.inside.clone()))),
            }
            if base + cell.lost() >= self.least {
                return Branch::Lost;
            }
        }
        let (low, high) = cell.levels;
        if let Some((b, weights)) = first {
            // Where most rivals have other gaps, little can be decided before the levels are close together.
            if self.rivals[b].line.is_none() && high - low > self.close {
                return Branch::Level(low + (high - low) / 2.0);
            }
            return Branch::At(b, weights);
        }
        // Those with other gaps may count as wished only as far as the levels leave it open.
        let open = cell.decided.iter().any(|&(b, wished)| wished && self.against(b, &cell.inside) > 0.0);
        if open && high - low > NARROW * self.analysis.size[self.row] {
            return Branch::Level(low + (high - low) / 2.0);
        }
        Branch::Leaf
    }

    fn key(&self, rival: usize) -> &str {
        self.analysis.cities.get(self.rivals[rival].row)
    }
}
