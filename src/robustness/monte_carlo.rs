//! Monte Carlo: many runs, each with everything that is in doubt drawn anew.

use std::ops::ControlFlow;

use super::design::Design;
use super::doubt::Doubt;
use super::engine::{CHUNK, Engine, Nominal, WAVE};
use super::simulation::Simulation;
use super::table::{Bins, Table};
use super::tally::{RankSums, ScoreSums, Tally};
use super::threads::Threads;
use crate::dataset::Dataset;
#[cfg(doc)]
use crate::error::Error;
use crate::error::{Fault, Result};
use crate::framework::Framework;
use crate::method::Method;

/// At most so often is progress told.
const TOLD: usize = 1000;
/// At most so many runs: ten million leave a standard error of 0.00016, and more would only take memory.
pub(super) const MOST_RUNS: usize = 10_000_000;

/// A Monte Carlo simulation: what is in doubt, how many runs, and what to keep of them.
///
/// In every run each doubt is drawn anew and independently, the cities are scored as the drawn method, weights and figures
/// say, and ranked; ties take the smallest rank. Draws come from Xoshiro256++ (Blackman and Vigna 2021,
/// [10.1145/3460772](https://doi.org/10.1145/3460772)), one stream for each seed, doubt and run; the errors of figures, of which each
/// has one word of that stream with city and series mixed in, from `SplitMix64` (Steele, Lea and Flood 2014,
/// [10.1145/2660193.2660195](https://doi.org/10.1145/2660193.2660195)). The same seed gives the same bits under any number of
/// threads and in any order of the cities.
///
/// Runs that share their choices among alternatives share one fit, and under doubt about weights only the nodes above them are
/// scored again, as long as these are means or the median, minimum and other rules for each city by itself. Where figures have errors
/// of measurement, each run learns its treatments and scales anew, as long as all nodes are means whose weights are not learned, and
/// no gap is filled and nobody screened. All other runs are fitted by themselves, which takes some times as long.
///
/// ```
/// use longspring::{Cut, Doubt, Method, MonteCarlo, WeightSpread, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let simulation = MonteCarlo::new(1000)
///     .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }))
///     .doubt(Doubt::leave_out_one(["industry", "infrastructure", "investment", "education"]))
///     .run(&Method::new(), &framework, &cities, "renewal")?;
/// let baltimore = simulation.city("baltimore")?;
/// println!("rank {:?}, in 90 % of runs {:?}", baltimore.nominal_rank(), baltimore.interval(0.9)?);
/// println!("among the first ten with probability {}", baltimore.top(10));
/// # assert!(baltimore.top(10).value > 0.9);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 7,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en); Lahdelma and Salminen (2001), "SMAA-2",
/// [10.1287/opre.49.3.444.11220](https://doi.org/10.1287/opre.49.3.444.11220), for acceptabilities and central weights.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct MonteCarlo {
    runs: usize,
    seed: u64,
    doubts: Vec<Doubt>,
    threads: Option<usize>,
    counts: Counts,
    pairs: bool,
    scores: bool,
}

/// How ranks are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Counts {
    /// Every rank of every city by itself: a table of two bytes for each city and rank up to 65,535 runs (200 MB for 10,000
    /// cities), of four beyond.
    #[default]
    Full,
    /// At most 1,024 counts a city: the first 512 ranks by themselves, the others in 512 steps of `ceil((n - 512) / 512)`. Exact up
    /// to 1,024 cities; beyond, so are the probabilities of the first 512 ranks, means and standard deviations, while a quantile
    /// is the middle of its step, and the probability of a rank the mean over its step.
    Steps,
}

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many runs have been done.
    pub done: usize,
    /// How many there will be.
    pub of: usize,
}

impl MonteCarlo {
    /// A simulation of so many runs, without a doubt yet, of seed 0.
    pub fn new(runs: usize) -> Self {
        let (doubts, counts) = (Vec::new(), Counts::Full);
        Self { runs, seed: 0, doubts, threads: None, counts, pairs: false, scores: false }
    }

    /// Adds a doubt.
    pub fn doubt(mut self, doubt: impl Into<Doubt>) -> Self {
        self.doubts.push(doubt.into());
        self
    }

    /// Adds doubts.
    pub fn doubts(mut self, doubts: impl IntoIterator<Item = Doubt>) -> Self {
        self.doubts.extend(doubts);
        self
    }

    /// Sets the seed: another seed, another sample.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets how many threads do the work; as many as the machine has by default. Results do not depend on it. Without the
    /// feature `parallel` there is one.
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Sets how ranks are counted.
    pub fn counts(self, counts: Counts) -> Self {
        Self { counts, ..self }
    }

    /// Counts for each pair of cities how often one is before the other: four bytes a pair, and time for each pair and run.
    pub fn pairs(self) -> Self {
        Self { pairs: true, ..self }
    }

    /// Keeps the score of every city in every run, for quantiles of scores: eight bytes each.
    pub fn scores(self) -> Self {
        Self { scores: true, ..self }
    }

    /// Runs the simulation for a node: an index, measure or indicator.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node. [`Error::Invalid`] with all that is wrong with method and doubts, where
    /// there are no doubts or no runs, and where no run can be computed; a run that cannot be computed among others that can is
    /// no error, but is [counted by its reason](Simulation::failures). The errors of [`Method::fit`] where the nominal method
    /// cannot be fitted.
    pub fn run(&self, method: &Method, framework: &Framework, cities: &Dataset, node: &str) -> Result<Simulation> {
        self.run_with(method, framework, cities, node, |_| ControlFlow::Continue(()))
    }

    /// The same, telling its progress at most a thousand times, and stopping where it is told to. What was done until then is not
    /// given out: runs are done in the order of their choices, so that the first of them are no fair sample.
    ///
    /// # Errors
    /// As in [`MonteCarlo::run`]; [`Error::Invalid`] with [`Fault::Stopped`] where it was stopped.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use longspring::{Cut, Doubt, Method, MonteCarlo, WeightSpread, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let simulation = MonteCarlo::new(2000).doubt(Doubt::weights(WeightSpread::Uniform)).run_with(
    ///     &Method::new(),
    ///     &framework,
    ///     &cities,
    ///     "renewal",
    ///     |progress| {
    ///         let filled = 40 * progress.done / progress.of;
    ///         eprint!("\r[{}{}]", "#".repeat(filled), " ".repeat(40 - filled));
    ///         ControlFlow::Continue(()) // or Break(()), where the user pressed a key
    ///     },
    /// )?;
    /// # assert_eq!(simulation.runs(), 2000);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn run_with(
        &self,
        method: &Method,
        framework: &Framework,
        cities: &Dataset,
        node: &str,
        progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Simulation> {
        let design = Design::Random { seed: self.seed };
        let engine = Engine::new(method, framework, cities, node, &self.doubts, design)?;
        self.simulate(engine, progress)
    }

    pub(super) fn simulate(
        &self,
        engine: Engine,
        progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Simulation> {
        let n = engine.cities.len();
        if self.runs == 0 || self.runs > MOST_RUNS {
            let need = "from 1 to 10000000";
            return Err(Fault::Parameter { name: "the number of runs", value: self.runs as f64, need }.into());
        }
        if n > usize::from(u16::MAX) && (self.counts == Counts::Full || self.pairs) {
            let need = "at most 65535, or else Counts::Steps without pairs";
            return Err(Fault::Parameter { name: "the number of cities of full counts", value: n as f64, need }.into());
        }
        let threads = Threads::new(self.threads)?;
        let Nominal { scores, ranks, names } = engine.nominal()?;
        let mut tally = self.tally(&scores, names.len())?;
        let wave = tally.wave().min(self.runs.div_ceil(CHUNK).max(WAVE));
        engine.sweep(&mut tally, self.runs, &names, (&threads, wave), told(self.runs, progress))?;
        if tally.runs == 0 {
            let first = tally.failures.iter().max_by_key(|failures| failures.count);
            let (reason, count) = first.map_or_else(Default::default, |f| (f.reason.clone(), f.count));
            return Err(Fault::AllFailed { runs: self.runs, reason, count }.into());
        }
        tally.finish(&threads);
        Ok(Simulation { engine, options: self.clone(), asked: self.runs, scores, ranks, tally, names })
    }

    fn tally(&self, nominal: &[f64], weights: usize) -> Result<Tally> {
        let n = nominal.len();
        let bins = if self.counts == Counts::Full { Bins::full(n) } else { Bins::steps(n) };
        // Sums are taken about a score of the size of all others, so that no digits are lost; a city without one takes the lowest.
        let lowest = nominal.iter().copied().fold(f64::INFINITY, f64::min);
        let origin = |score: f64| match score.is_nan() {
            true if lowest.is_finite() => lowest,
            true => 0.0,
            false => score,
        };
        let pairs = self.pairs.then(|| filled(0, [n, n], "the counts of all pairs", "leave out pairs()"));
        let kept =
            self.scores.then(|| filled(f64::NAN, [n, self.runs], "the scores of all runs", "leave out scores()"));
        let (size, what, instead) = ([n, bins.len()], "the counts of all ranks", "use Counts::Steps");
        let counts = if Table::is_narrow(self.runs) {
            Table::Narrow(filled(0, size, what, instead)?)
        } else {
            Table::Wide(filled(0, size, what, instead)?)
        };
        Ok(Tally {
            cities: n,
            bins,
            counts,
            runs: 0,
            ranks: vec![RankSums::default(); n],
            origins: nominal.iter().map(|&s| origin(s)).collect(),
            scores: nominal.iter().map(|&s| ScoreSums { origin: origin(s), ..ScoreSums::default() }).collect(),
            pairs: pairs.transpose()?,
            kept: kept.transpose()?,
            weights,
            central: filled((0.0, 0), [n, weights], "the central weights", "simulate fewer cities")?,
            failures: Vec::new(),
        })
    }

    pub(super) fn seeded(&self) -> u64 {
        self.seed
    }

    /// The same with as many threads, for another question.
    pub(super) fn again(&self, runs: usize) -> Self {
        Self { runs, pairs: false, scores: false, ..self.clone() }
    }
}

/// Tells of progress, at most a thousand times.
pub(super) fn told(
    of: usize,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> impl FnMut(usize) -> ControlFlow<()> {
    let mut told = 0;
    move |done| {
        // Rounded down, so that the last time is when all is done.
        let step = done * TOLD / of;
        if step == told {
            return ControlFlow::Continue(());
        }
        told = step;
        progress(Progress { done, of })
    }
}

/// A table filled with one value, or an error that says how much memory it would take.
fn filled<T: Clone>(value: T, size: [usize; 2], what: &'static str, instead: &'static str) -> Result<Vec<T>> {
    // Asked for first, to have an answer instead of an abort; and given back, because only memory that is taken anew comes with
    // zeros, which nobody has to write: its pages are then first touched by all threads, where they count. Should another part
    // of the program take the memory in between, it ends as at any other allocation that fails.
    let mut probe = Vec::<T>::new();
    let len = size[0].checked_mul(size[1]).filter(|&len| probe.try_reserve_exact(len).is_ok());
    std::hint::black_box(&probe);
    drop(probe);
    len.map(|len| vec![value; len]).ok_or_else(|| {
        let bytes = size[0] as u128 * size[1] as u128 * size_of::<T>() as u128;
        Fault::Memory { what, bytes, instead }.into()
    })
}
