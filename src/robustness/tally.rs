//! Counting the runs of a simulation.

use super::engine::{CHUNK, Go, Sink, WAVE};
use super::table::{Bins, Table};
use super::threads::Threads;
use crate::error::{Error, Fault};
use crate::kernel::rank::Rank;

/// So many bytes of ranks wait to be counted, where that is more than the smallest wave.
const SLOTS_BYTES: usize = 64 << 20;

/// What is kept of a simulation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    pub(super) cities: usize,
    pub(super) bins: Bins,
    /// For each city how often it had each rank.
    pub(super) counts: Table,
    /// How many runs could be computed.
    pub(super) runs: usize,
    pub(super) ranks: Vec<RankSums>,
    pub(super) scores: Vec<ScoreSums>,
    /// The nominal scores that the sums are taken about.
    pub(super) origins: Vec<f64>,
    /// For each pair how often the first was before the second.
    pub(super) pairs: Option<Vec<u32>>,
    /// The scores of every run, a row each city; NaN where it had none.
    pub(super) kept: Option<Vec<f64>>,
    /// How many weights a run draws, and for each city the sum of those with which it was first, with how many there were.
    pub(super) weights: usize,
    pub(super) central: Vec<(f64, u32)>,
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
    /// The ranks of a few runs, a row each run, on their way into `places`.
    rows: Vec<u16>,
    /// For each city its rank in each run, side by side; its bin where ranks are too large. 0 where it has no score.
    places: Vec<u16>,
    scores: Vec<f64>,
    runs: Vec<usize>,
    ranks: Vec<RankSums>,
    sums: Vec<f64>,
    squares: Vec<f64>,
    /// How many runs in which every city has a score, and for each city how many of the others it has one in.
    whole: f64,
    counts: Vec<f64>,
    weights: Vec<f64>,
    /// Run and city of every first place.
    firsts: Vec<(usize, usize)>,
    errors: Vec<Error>,
    /// What is asked for.
    keep: bool,
    bins: Option<Bins>,
    sum_ranks: bool,
}

/// So many runs are brought into the order of the cities together.
const FEW: usize = 32;
/// So many columns of scores are added up together.
const COLUMNS: usize = 4;

impl Slot {
    fn begin(&mut self, tally: &Tally) {
        let n = tally.cities;
        self.rows.resize(FEW * n, 0);
        self.places.resize(CHUNK * n, 0);
        self.keep = tally.kept.is_some();
        if self.keep {
            self.scores.resize(CHUNK * n, f64::NAN);
        }
        self.bins = tally.slot_bins();
        self.sum_ranks = !tally.bins.is_full();
        for sums in [&mut self.sums, &mut self.squares, &mut self.counts] {
            sums.clear();
            sums.resize(n, 0.0);
        }
        self.ranks.clear();
        self.ranks.resize(if self.sum_ranks { n } else { 0 }, RankSums::default());
        self.whole = 0.0;
        self.runs.clear();
        self.weights.clear();
        self.firsts.clear();
        self.errors.clear();
    }

    fn see<R: Rank>(&mut self, go: &Go<'_, R>) {
        let n = go.ranks.len();
        let at = self.runs.len();
        self.runs.push(go.run);
        let row = &mut self.rows[at % FEW * n..][..n];
        // Ranks, or bins, that a slot keeps fit: see `Tally::slot_bins`.
        #[expect(clippy::cast_possible_truncation, reason = "at most 65535")]
        match self.bins {
            None => row.iter_mut().zip(go.ranks).for_each(|(to, &rank)| *to = rank.get() as u16),
            Some(bins) => {
                for (to, &rank) in row.iter_mut().zip(go.ranks) {
                    *to = bins.of(rank.get() as usize).wrapping_add(1) as u16;
                }
            }
        }
        if at % FEW == FEW - 1 {
            self.turn();
        }
        if self.sum_ranks {
            self.ranks.iter_mut().zip(go.ranks).for_each(|(sums, &rank)| sums.add(rank.get(), 1));
        }
        if self.keep {
            self.scores[at * n..][..n].copy_from_slice(&go.scores[..n]);
        }
        if !go.weights.is_empty() {
            self.weights.extend_from_slice(go.weights);
            match go.placed.first {
                Some(city) => self.firsts.push((at, city)),
                None => self.firsts.extend((0..n).filter(|&city| go.ranks[city].get() == 1).map(|city| (at, city))),
            }
        }
    }

    /// Adds up the scores of some runs.
    fn add(&mut self, columns: &[&[f64]], origins: &[f64], whole: bool) {
        if !whole {
            for column in columns {
                let sums = self.sums.iter_mut().zip(&mut self.squares).zip(column.iter().zip(origins));
                for (((sum, squares), (&score, &origin)), count) in sums.zip(&mut self.counts) {
                    let off = score - origin;
                    let (known, off) = if off.is_nan() { (0.0, 0.0) } else { (1.0, off) };
                    *count += known;
                    *sum += off;
                    *squares += off * off;
                }
            }
            return;
        }
        self.whole += columns.len() as f64;
        let mut rest = columns;
        while let Some((&columns, others)) = rest.split_first_chunk::<COLUMNS>() {
            add(&mut self.sums, &mut self.squares, origins, columns);
            rest = others;
        }
        for &column in rest {
            add(&mut self.sums, &mut self.squares, origins, [column]);
        }
    }

    /// Brings what is left of the last runs into the order of the cities.
    fn end(&mut self) {
        if self.runs.len() % FEW > 0 {
            self.turn();
        }
    }

    /// Brings the last few runs, which stand a row each, into the order of the cities.
    fn turn(&mut self) {
        let n = self.rows.len() / FEW;
        let base = (self.runs.len() - 1) / FEW * FEW;
        let mut rows = self.rows.chunks_exact(n);
        let rows: [&[u16]; FEW] = std::array::from_fn(|_| rows.next().unwrap_or(&[]));
        // Rows of a length that is known need no check in the loop.
        let cities = rows.iter().map(|row| row.len()).min().unwrap_or(0);
        let rows = rows.map(|row| &row[..cities]);
        for (city, places) in (0..cities).zip(self.places.chunks_exact_mut(CHUNK)) {
            let few: [u16; FEW] = std::array::from_fn(|run| rows[run][city]);
            places[base..base + FEW].copy_from_slice(&few);
        }
    }

    fn places(&self, city: usize) -> &[u16] {
        &self.places[city * CHUNK..][..self.runs.len()]
    }
}

/// Adds up scores and their squares about the origins, a run after the other. By itself, so that the compiler knows that what
/// is written is not what is read.
fn add<const RUNS: usize>(sums: &mut [f64], squares: &mut [f64], origins: &[f64], columns: [&[f64]; RUNS]) {
    let n = sums.len();
    let (squares, origins, columns) = (&mut squares[..n], &origins[..n], columns.map(|column| &column[..n]));
    for city in 0..n {
        for column in columns {
            let off = column[city] - origins[city];
            sums[city] += off;
            squares[city] += off * off;
        }
    }
}

impl Failures {
    /// Notes that runs failed; those of one kind are counted together, with the text of the first.
    pub(super) fn add(all: &mut Vec<Self>, error: &Error, count: usize) {
        let kind = error.problems().first().map(|problem| std::mem::discriminant(&problem.fault));
        if let Some(failures) = all.iter_mut().find(|failures| failures.kind == kind) {
            failures.count += count;
            return;
        }
        // One of its like will do: the first by its text, whatever the order of the cities.
        let problems = error.problems();
        let like = problems.iter().filter(|problem| Some(std::mem::discriminant(&problem.fault)) == kind);
        let reason = like.map(ToString::to_string).min().unwrap_or_else(|| error.to_string());
        let more = problems.len().saturating_sub(1);
        let reason = if more == 0 { reason } else { format!("{reason} (and {more} more)") };
        all.push(Self { reason, count, kind });
    }
}

impl Sink for Tally {
    type Slot = Slot;

    fn begin(&self, slot: &mut Slot) {
        slot.begin(self);
    }

    fn see<R: Rank>(&self, slot: &mut Slot, go: &Go<'_, R>) {
        slot.see(go);
    }

    fn scores(&self, slot: &mut Slot, columns: &[&[f64]], whole: bool) {
        slot.add(columns, &self.origins, whole);
    }

    fn fail(&self, slot: &mut Slot, error: Error) {
        slot.errors.push(error);
    }

    fn end(&self, slot: &mut Slot) {
        slot.end();
    }

    fn collect(&mut self, slots: &[Slot], threads: &Threads) {
        self.count(slots, threads);
    }

    fn lost(&mut self, error: &Error, runs: usize) {
        Failures::add(&mut self.failures, error, runs);
    }
}

impl Tally {
    /// How ranks are kept in a slot: as they are, as long as they fit.
    fn slot_bins(&self) -> Option<Bins> {
        u16::try_from(self.cities).is_err().then_some(self.bins)
    }

    /// How many goes are kept until they are counted: as many as fit some tens of megabytes, because the whole table of counts
    /// is walked each time. It does not depend on threads, so that sums do not either.
    pub(super) fn wave(&self) -> usize {
        (SLOTS_BYTES / (2 * CHUNK * self.cities.max(1))).clamp(WAVE, 8 * WAVE)
    }

    /// Counts what a wave of goes has left, in their order.
    fn count(&mut self, slots: &[Slot], threads: &Threads) {
        let n = self.cities;
        let bins = self.bins;
        // Places that are bins already, or stand for themselves, need not be looked up.
        let direct = bins.is_full() || self.slot_bins().is_some();
        let places = |slot: usize, city: usize| slots[slot].places(city);
        // Rank 0 is that of a city without a score, and belongs to no bin.
        if direct {
            self.counts.count(bins, threads, slots.len(), places, |place| usize::from(place).wrapping_sub(1));
        } else {
            self.counts.count(bins, threads, slots.len(), places, |place| bins.of(place.into()));
        }
        if let Some(pairs) = &mut self.pairs {
            threads.stretches(pairs, n, |city, wins| {
                for slot in slots {
                    let own = slot.places(city);
                    for (other, wins) in wins.iter_mut().enumerate() {
                        let before = |(&own, &place): (&u16, &u16)| u32::from(own > 0 && own < place);
                        *wins += own.iter().zip(slot.places(other)).map(before).sum::<u32>();
                    }
                }
            });
        }
        for slot in slots {
            for (city, sums) in self.scores.iter_mut().enumerate() {
                sums.count += slot.whole + slot.counts[city];
                sums.sum += slot.sums[city];
                sums.squares += slot.squares[city];
            }
            for (sums, part) in self.ranks.iter_mut().zip(&slot.ranks) {
                sums.ranked += part.ranked;
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
            if k > 0 && slot.weights.len() == k * slot.runs.len() {
                for &(run, city) in &slot.firsts {
                    let sums = &mut self.central[city * k..][..k];
                    for ((sum, count), weight) in sums.iter_mut().zip(&slot.weights[run * k..]) {
                        if !weight.is_nan() {
                            (*sum, *count) = (*sum + weight, *count + 1);
                        }
                    }
                }
            }
            self.runs += slot.runs.len();
            for error in &slot.errors {
                Failures::add(&mut self.failures, error, 1);
            }
        }
    }

    /// Adds up the ranks where every one was counted by itself.
    pub(super) fn finish(&mut self, threads: &Threads) {
        if self.bins.is_full() {
            self.counts.add_up(self.bins, threads, &mut self.ranks);
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
