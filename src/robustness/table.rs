//! How often each city had each rank.

use super::engine::CHUNK;
use super::tally::RankSums;
use super::threads::Threads;

/// Where ranks are counted in steps, so many of the first ones are counted one by one; and in as many steps those that follow.
const EACH: usize = 512;

/// Which ranks share a count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bins {
    cities: usize,
    /// How many ranks, from the first, have a count of their own.
    each: usize,
    /// How many of the others share one.
    width: usize,
}

impl Bins {
    /// Every rank by itself.
    pub(super) fn full(cities: usize) -> Self {
        Self { cities, each: cities, width: 1 }
    }

    /// At most 1,024 counts.
    pub(super) fn steps(cities: usize) -> Self {
        let width = cities.saturating_sub(EACH).div_ceil(EACH).max(1);
        if width == 1 { Self::full(cities) } else { Self { cities, each: EACH, width } }
    }

    pub(super) fn len(self) -> usize {
        self.each + (self.cities - self.each).div_ceil(self.width)
    }

    /// Whether every rank has a count of its own.
    pub(super) fn is_full(self) -> bool {
        self.each == self.cities
    }

    /// The count of a rank, from 0.
    pub(super) fn of(self, rank: usize) -> usize {
        if rank <= self.each { rank.wrapping_sub(1) } else { self.each + (rank - self.each - 1) / self.width }
    }

    /// The first and the last rank of a count.
    pub(super) fn ranks(self, bin: usize) -> (usize, usize) {
        if bin < self.each {
            return (bin + 1, bin + 1);
        }
        let first = self.each + (bin - self.each) * self.width + 1;
        (first, (first + self.width - 1).min(self.cities))
    }
}

/// So many cities are counted in one go.
const ROWS: usize = 8;
/// So many stretches of their places are brought together before they are counted: what is read from all over memory is read
/// in long pieces, and what is counted comes from the nearest cache.
const STRETCHES: usize = 16;

/// A row of counts for each city: narrow as long as every count fits, because memory is what binds with many cities.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Table {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

/// A count.
trait Count: Copy + Send + Sync + Into<u64> {
    fn up(&mut self);
}

impl Count for u16 {
    fn up(&mut self) {
        *self += 1;
    }
}

impl Count for u32 {
    fn up(&mut self) {
        *self += 1;
    }
}

impl Table {
    /// Whether narrow counts hold so many runs.
    pub(super) fn is_narrow(runs: usize) -> bool {
        u16::try_from(runs).is_ok()
    }

    /// The counts of a city.
    pub(super) fn row(&self, city: usize, bins: Bins) -> impl Iterator<Item = u32> + use<'_> {
        let range = city * bins.len()..(city + 1) * bins.len();
        let (narrow, wide) = match self {
            Self::Narrow(counts) => (&counts[range], &[][..]),
            Self::Wide(counts) => (&[][..], &counts[range]),
        };
        narrow.iter().map(|&count| u32::from(count)).chain(wide.iter().copied())
    }

    /// One count of a city.
    pub(super) fn get(&self, city: usize, bin: usize, bins: Bins) -> u32 {
        let at = city * bins.len() + bin;
        match self {
            Self::Narrow(counts) => counts[at].into(),
            Self::Wide(counts) => counts[at],
        }
    }

    /// Counts the places of each city, which stand in stretches of at most [`CHUNK`] runs, in the bins that they are in; one
    /// that there is not belongs to no count.
    pub(super) fn count<'a>(
        &mut self,
        bins: Bins,
        threads: &Threads,
        stretches: usize,
        of: impl Fn(usize, usize) -> &'a [u16] + Sync + Send,
        bin: impl Fn(u16) -> usize + Sync + Send,
    ) {
        match self {
            Self::Narrow(counts) => count(counts, bins, threads, stretches, of, bin),
            Self::Wide(counts) => count(counts, bins, threads, stretches, of, bin),
        }
    }

    /// Sums up the ranks of each city, where each bin is a rank.
    pub(super) fn add_up(&self, bins: Bins, threads: &Threads, sums: &mut [RankSums]) {
        match self {
            Self::Narrow(counts) => add_up(counts, bins, threads, sums),
            Self::Wide(counts) => add_up(counts, bins, threads, sums),
        }
    }
}

fn count<'a, C: Count>(
    counts: &mut [C],
    bins: Bins,
    threads: &Threads,
    stretches: usize,
    of: impl Fn(usize, usize) -> &'a [u16] + Sync + Send,
    bin: impl Fn(u16) -> usize + Sync + Send,
) {
    threads.stretches(counts, ROWS * bins.len(), |part, counts| {
        let mut near = [[0u16; CHUNK * STRETCHES]; ROWS];
        for first in (0..stretches).step_by(STRETCHES) {
            let mut ends = [0; ROWS];
            for stretch in first..stretches.min(first + STRETCHES) {
                let rows = near.iter_mut().zip(&mut ends).zip(counts.chunks_exact(bins.len()));
                for (city, ((near, end), _)) in (part * ROWS..).zip(rows) {
                    let places = of(stretch, city);
                    near[*end..][..places.len()].copy_from_slice(places);
                    *end += places.len();
                }
            }
            for ((near, end), counts) in near.iter().zip(ends).zip(counts.chunks_exact_mut(bins.len())) {
                let mut up = |&place: &u16| {
                    if let Some(count) = counts.get_mut(bin(place)) {
                        count.up();
                    }
                };
                // A few at a time, because a step of a loop takes as long as a count.
                let few = near[..end].chunks_exact(8);
                let rest = few.remainder();
                for few in few {
                    few.iter().for_each(&mut up);
                }
                rest.iter().for_each(&mut up);
            }
        }
    });
}

fn add_up<C: Count>(counts: &[C], bins: Bins, threads: &Threads, sums: &mut [RankSums]) {
    threads.stretches(sums, ROWS, |part, sums| {
        let rows = counts[part * ROWS * bins.len()..].chunks_exact(bins.len());
        for (counts, sums) in rows.zip(sums) {
            // Sums of sums from the last rank up need no products: a count at rank r goes into the first sum once, into the second
            // r times, and into the third r (r + 1) / 2 times. With 65,535 ranks and ten million runs all stay below 2^57.
            let (mut ranked, mut sum, mut triangles) = (0u64, 0u64, 0u64);
            for &count in counts.iter().rev() {
                ranked += count.into();
                sum += ranked;
                triangles += sum;
            }
            *sums = RankSums { ranked, sum, squares: u128::from(2 * triangles - sum) };
        }
    });
}
