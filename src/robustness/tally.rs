//! Counting the runs of a simulation.

use super::engine::{CHUNK, Go, RunWork};
use super::threads::Threads;
use crate::error::{Error, Fault};

/// Ranks are counted one by one up to so many cities where only quantiles are wanted, and in so many steps beyond.
pub(super) const BINS: usize = 1024;
/// So many cities are counted in one go, so that their counts stay in the first cache.
const ROWS: usize = 8;

/// What is kept of a simulation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    pub(super) cities: usize,
    /// How many ranks share a count.
    pub(super) width: usize,
    /// How many counts a city has.
    pub(super) bins: usize,
    /// For each city how often it had each rank.
    pub(super) counts: Vec<u32>,
    /// How many runs could be computed.
    pub(super) runs: usize,
    pub(super) ranks: Vec<RankSums>,
    pub(super) scores: Vec<ScoreSums>,
    /// For each pair how often the first was before the second.
    pub(super) pairs: Option<Vec<u32>>,
    /// The scores of every run, a row each city; NaN where it had none.
    pub(super) kept: Option<Vec<f64>>,
    /// How many weights a run draws, and for each city the sum of those with which it was first, and how often it was.
    pub(super) weights: usize,
    pub(super) central: Vec<f64>,
    pub(super) firsts: Vec<u32>,
    /// Why runs failed.
    pub(super) failures: Vec<Failures>,
}

/// Sums of a city's ranks: whole numbers, so that the order of the runs does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct RankSums {
    pub(super) ranked: u64,
    pub(super) sum: u64,
    pub(super) squares: u128,
}

/// Sums of a city's scores about the nominal one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ScoreSums {
    pub(super) origin: f64,
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

/// Runs that failed for one kind of reason.
#[derive(Debug, Clone)]
pub(super) struct Failures {
    pub(super) reason: String,
    pub(super) count: usize,
    kind: Option<std::mem::Discriminant<Fault>>,
}

impl PartialEq for Failures {
    fn eq(&self, other: &Self) -> bool {
        (&self.reason, self.count) == (&other.reason, other.count)
    }
}

/// What one go of runs leaves until it is counted.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// A row each run.
    ranks: Vec<u32>,
    scores: Vec<f64>,
    runs: Vec<usize>,
    sums: Vec<ScoreSums>,
    weights: Vec<f64>,
    errors: Vec<Error>,
    keep: bool,
}

impl Slot {
    pub(super) fn begin(&mut self, tally: &Tally) {
        let n = tally.cities;
        self.ranks.resize(CHUNK * n, 0);
        self.keep = tally.kept.is_some();
        if self.keep {
            self.scores.resize(CHUNK * n, f64::NAN);
        }
        self.runs.clear();
        self.weights.clear();
        self.errors.clear();
        self.sums.clear();
        self.sums.extend(tally.scores.iter().map(|s| ScoreSums { origin: s.origin, ..ScoreSums::default() }));
    }

    pub(super) fn see(&mut self, go: &Go<'_>) {
        let n = go.ranks.len();
        let at = self.runs.len();
        self.runs.push(go.run);
        self.ranks[at * n..][..n].copy_from_slice(go.ranks);
        if self.keep {
            self.scores[at * n..][..n].copy_from_slice(&go.scores[..n]);
        }
        for (sums, &score) in self.sums.iter_mut().zip(go.scores) {
            let off = score - sums.origin;
            let (known, off) = if off.is_nan() { (0.0, 0.0) } else { (1.0, off) };
            sums.count += known;
            sums.sum += off;
            sums.squares += off * off;
        }
        self.weights.extend_from_slice(go.weights);
    }

    pub(super) fn fail(&mut self, error: Error) {
        self.errors.push(error);
    }

    fn seen(&self) -> usize {
        self.runs.len()
    }
}

impl Tally {
    /// Counts what a wave of goes has left, in their order.
    pub(super) fn count(&mut self, slots: &[(Slot, RunWork)], threads: &Threads) {
        let (n, bins, width) = (self.cities, self.bins, self.width);
        threads.stretches(&mut self.counts, ROWS * bins, |part, counts| {
            let first = part * ROWS;
            let rows = counts.len() / bins;
            for (slot, _) in slots {
                for run in 0..slot.seen() {
                    let ranks = &slot.ranks[run * n + first..][..rows];
                    for (counts, &rank) in counts.chunks_exact_mut(bins).zip(ranks) {
                        // Rank 0 is that of a city without a score, and belongs to no bin.
                        let bin = if width == 1 { rank as usize } else { (rank as usize).div_ceil(width) };
                        if let Some(count) = counts.get_mut(bin.wrapping_sub(1)) {
                            *count += 1;
                        }
                    }
                }
            }
        });
        if width > 1 {
            threads.stretches(&mut self.ranks, 512, |part, sums| {
                for (slot, _) in slots {
                    for run in 0..slot.seen() {
                        for (sums, &rank) in sums.iter_mut().zip(&slot.ranks[run * n + part * 512..(run + 1) * n]) {
                            sums.add(rank, 1);
                        }
                    }
                }
            });
        }
        if let Some(pairs) = &mut self.pairs {
            threads.stretches(pairs, n, |city, wins| {
                for (slot, _) in slots {
                    for run in 0..slot.seen() {
                        let ranks = &slot.ranks[run * n..][..n];
                        let own = ranks[city];
                        if own > 0 {
                            for (wins, &rank) in wins.iter_mut().zip(ranks) {
                                *wins += u32::from(own < rank);
                            }
                        }
                    }
                }
            });
        }
        for (slot, _) in slots {
            for (sums, part) in self.scores.iter_mut().zip(&slot.sums) {
                sums.count += part.count;
                sums.sum += part.sum;
                sums.squares += part.squares;
            }
            if let Some(kept) = &mut self.kept {
                let total = kept.len() / n;
                for (at, &run) in slot.runs.iter().enumerate() {
                    for (city, &score) in slot.scores[at * n..][..n].iter().enumerate() {
                        kept[city * total + run] = score;
                    }
                }
            }
            let k = self.weights;
            if k > 0 && slot.weights.len() == k * slot.seen() {
                for (run, weights) in slot.weights.chunks_exact(k).enumerate() {
                    let ranks = &slot.ranks[run * n..][..n];
                    for city in (0..n).filter(|&city| ranks[city] == 1) {
                        self.firsts[city] += 1;
                        let sums = &mut self.central[city * k..][..k];
                        sums.iter_mut().zip(weights).for_each(|(sum, w)| *sum += w);
                    }
                }
            }
            self.runs += slot.seen();
            for error in &slot.errors {
                self.fail(error, 1);
            }
        }
    }

    /// Notes that runs failed; those of one kind are counted together, with the text of the first.
    pub(super) fn fail(&mut self, error: &Error, count: usize) {
        let kind = error.problems().first().map(|problem| std::mem::discriminant(&problem.fault));
        match self.failures.iter_mut().find(|failures| failures.kind == kind) {
            Some(failures) => failures.count += count,
            None => self.failures.push(Failures { reason: error.to_string(), count, kind }),
        }
    }

    /// Adds up the ranks where every one was counted by itself.
    pub(super) fn finish(&mut self) {
        if self.width == 1 {
            for (counts, sums) in self.counts.chunks_exact(self.bins).zip(&mut self.ranks) {
                for (rank, &count) in (1u32..).zip(counts) {
                    sums.add(rank, count);
                }
            }
        }
    }
}

impl RankSums {
    fn add(&mut self, rank: u32, times: u32) {
        if rank > 0 {
            self.ranked += u64::from(times);
            self.sum += u64::from(rank) * u64::from(times);
            self.squares += u128::from(rank) * u128::from(rank) * u128::from(times);
        }
    }
}
