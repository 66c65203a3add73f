//! Which doubt matters: variance-based sensitivity.

use std::fmt;
use std::ops::ControlFlow;

use super::design::Design;
use super::doubt::Doubt;
use super::engine::{CHUNK, Engine, Go, Nominal, Sink, WAVE};
use super::indices::SobolIndices;
use super::monte_carlo::{MOST_RUNS, Progress, told};
use super::simulation::Failure;
use super::tally::Failures;
use super::threads::Threads;
use crate::dataset::Dataset;
#[cfg(doc)]
use crate::error::Error;
use crate::error::{Fault, Result};
use crate::framework::Framework;
use crate::kernel::rank::Rank;
use crate::kernel::sobol::Sobol;
use crate::method::Method;

/// More resamples would tell nothing.
const MOST_RESAMPLES: usize = 1_000_000;

/// Which of several doubts matters how much: first-order and total Sobol' indices of a target.
///
/// The first-order index of a doubt is the share of the target's variance that would go if the doubt were settled; the total
/// index the share that would stay if all others were. What the first-order indices leave to 1 is what doubts do together.
///
/// Where all doubts are alternatives, and every combination takes no more runs than the sample would, every combination is
/// run and the indices are exact. Else the design is that of Saltelli (2010) with `base * (doubts + 2)` runs: a doubt is one
/// factor, however many numbers it draws. The first number of each doubt (of the first 32 doubts) comes from a shifted Sobol'
/// sequence (Joe and Kuo 2008), the rest from streams of their own. Estimators, bootstrap intervals and what becomes of failed runs: see [`SobolIndices`].
///
/// ```
/// use longspring::{Cut, Doubt, Method, Normalisation, Sensitivity, Target, WeightSpread, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let sensitivity = Sensitivity::new(256)
///     .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }))
///     .doubt(Doubt::normalisation([Normalisation::MinMax { low: 1.0, high: 100.0 }, Normalisation::PercentileRank]))
///     .target(Target::MeanRankShift)
///     .run(&Method::new(), &framework, &cities, "renewal")?;
/// println!("{sensitivity}");
/// let indices = sensitivity.indices();
/// assert!(indices.get("normalisation")?.total.value > indices.get("weights")?.total.value);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: Saltelli et al. (2010), [10.1016/j.cpc.2009.09.018](https://doi.org/10.1016/j.cpc.2009.09.018); Jansen (1999),
/// [10.1016/S0010-4655(98)00154-4](https://doi.org/10.1016/S0010-4655(98)00154-4); OECD and JRC (2008), *Handbook on
/// Constructing Composite Indicators*, step 7, [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Sensitivity {
    base: usize,
    seed: u64,
    doubts: Vec<Doubt>,
    target: Target,
    resamples: usize,
    threads: Option<usize>,
}

/// What the doubts act on: one number a run.
///
/// A run in which the number does not exist, because a city has no score, counts as one that cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Target {
    /// The mean over the cities of how many ranks they move from the nominal one, up or down.
    #[default]
    MeanRankShift,
    /// The score of a city.
    Score(String),
    /// The rank of a city, ties taking the smallest.
    Rank(String),
    /// Whether the first city is before the second: 1 if it is, 1/2 if they tie, else 0.
    Order(String, String),
    /// Whether a city is among the first `k`: 1 if it is, else 0.
    Top {
        /// The city.
        city: String,
        /// How many places count.
        k: u32,
    },
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MeanRankShift => f.write_str("mean rank shift"),
            Self::Score(city) => write!(f, "score of {city}"),
            Self::Rank(city) => write!(f, "rank of {city}"),
            Self::Order(city, other) => write!(f, "{city} before {other}"),
            Self::Top { city, k } => write!(f, "{city} among the first {k}"),
        }
    }
}

/// The result of a [`Sensitivity`] analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivities {
    target: Target,
    runs: usize,
    indices: SobolIndices,
    failures: Vec<Failures>,
}

impl Sensitivities {
    /// What the doubts act on.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// How many runs there were.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// The indices of the doubts. A doubt is called by what it is about; several about the same are numbered: `weights`,
    /// `weights 2`.
    #[must_use]
    pub fn indices(&self) -> &SobolIndices {
        &self.indices
    }

    /// Why runs could not be computed, and how many; nothing where all could.
    #[must_use]
    pub fn failures(&self) -> impl ExactSizeIterator<Item = Failure<'_>> {
        self.failures.iter().map(|f| Failure { reason: &f.reason, runs: f.count })
    }
}

/// The target, and the table of the indices.
impl fmt::Display for Sensitivities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} runs", self.target, self.runs)?;
        write!(f, "{}", self.indices)?;
        for Failure { reason, runs } in self.failures() {
            writeln!(f, "{runs} runs could not be computed: {reason}")?;
        }
        Ok(())
    }
}

impl Sensitivity {
    /// An analysis with `base` rows of the design, best a power of two; 1,000 bootstrap resamples, seed 0, mean rank shift.
    pub fn new(base: usize) -> Self {
        Self { base, seed: 0, doubts: Vec::new(), target: Target::default(), resamples: 1000, threads: None }
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

    /// Sets what the doubts act on.
    pub fn target(self, target: Target) -> Self {
        Self { target, ..self }
    }

    /// Sets the seed.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets how many bootstrap resamples give the intervals; 0 gives none.
    pub fn bootstrap(self, resamples: usize) -> Self {
        Self { resamples, ..self }
    }

    /// Sets how many threads do the work; as many as the machine has by default. Results do not depend on it.
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Runs the analysis for a node: an index, measure or indicator.
    ///
    /// # Errors
    /// Those of [`MonteCarlo::run`](crate::MonteCarlo::run); [`Error::Unknown`] where the target names a city that there is not;
    /// [`Error::Invalid`] where fewer than two rows can be computed, or the target is the same in all runs.
    pub fn run(&self, method: &Method, framework: &Framework, cities: &Dataset, node: &str) -> Result<Sensitivities> {
        self.run_with(method, framework, cities, node, |_| ControlFlow::Continue(()))
    }

    /// The same, telling its progress at most a thousand times, and stopping where it is told to. Where every combination is run
    /// and one of them fails, the sample is run after them, and progress begins anew. The bootstrap comes after the last run.
    ///
    /// # Errors
    /// As in [`Sensitivity::run`]; [`Error::Invalid`] with [`Fault::Stopped`] where it was stopped.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use longspring::{Cut, Doubt, Method, Sensitivity, WeightSpread, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let analysis = Sensitivity::new(2048).doubt(Doubt::weights(WeightSpread::Uniform));
    /// let stopped = analysis.run_with(&Method::new(), &framework, &cities, "renewal", |progress| {
    ///     eprint!("\r{} of {}", progress.done, progress.of);
    ///     ControlFlow::Break(()) // as when the user presses a key
    /// });
    /// assert!(stopped.is_err());
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn run_with(
        &self,
        method: &Method,
        framework: &Framework,
        cities: &Dataset,
        node: &str,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Sensitivities> {
        let d = self.doubts.len();
        let runs = self.base.checked_mul(d + 2).filter(|&runs| self.base >= 2 && runs <= MOST_RUNS);
        let Some(runs) = runs else {
            let need = "2 or more, and not beyond 10000000 runs in all";
            return Err(Fault::Parameter { name: "the number of rows", value: self.base as f64, need }.into());
        };
        if self.resamples > MOST_RESAMPLES {
            let (name, need) = ("the number of resamples", "at most 1000000");
            return Err(Fault::Parameter { name, value: self.resamples as f64, need }.into());
        }
        let threads = Threads::new(self.threads)?;
        let measure = Measure::new(&self.target, cities)?;
        let points = Sobol::new((2 * d).min(Sobol::MOST));
        let points = points.ok_or(Fault::NoDoubts)?;
        let sample = Design::Saltelli { base: self.base, seed: self.seed, points };
        let engine = Engine::new(method, framework, cities, node, &self.doubts, sample)?;
        let nominal = engine.nominal()?;
        let names = numbered(&self.doubts);
        let levels: Option<Vec<usize>> = self.doubts.iter().map(Doubt::alternatives).collect();
        let all = levels.as_ref().and_then(|l| l.iter().try_fold(1usize, |product, &l| product.checked_mul(l)));
        if let (Some(levels), Some(all)) = (levels, all.filter(|&all| all <= runs)) {
            let design = Design::Factorial { levels: levels.clone(), seed: self.seed };
            let engine = Engine { design, ..engine.clone() };
            let outputs = Outputs::of(&engine, &nominal, (measure, &self.target), all, &threads, &mut progress)?;
            // Where a combination fails there is no full design, and the sample leaves out the rows that meet it.
            if outputs.y.iter().all(|y| y.is_finite()) {
                let indices = SobolIndices::from_factorial(names, &levels, &outputs.y)?;
                return Ok(self.result(all, indices, outputs.failures));
            }
        }
        let outputs = Outputs::of(&engine, &nominal, (measure, &self.target), runs, &threads, &mut progress)?;
        if !outputs.y.iter().any(|y| y.is_finite()) {
            let most = outputs.failures.iter().max_by_key(|failures| failures.count);
            let (reason, count) = most.map_or_else(Default::default, |f| (f.reason.clone(), f.count));
            return Err(Fault::AllFailed { runs, reason, count }.into());
        }
        let mut blocks = outputs.y.chunks_exact(self.base);
        let (a, b) = (blocks.next().unwrap_or(&[]), blocks.next().unwrap_or(&[]));
        let ab: Vec<&[f64]> = blocks.collect();
        let indices = SobolIndices::from_design(names, a, b, &ab, self.resamples, self.seed)?;
        Ok(self.result(runs, indices, outputs.failures))
    }

    fn result(&self, runs: usize, indices: SobolIndices, failures: Vec<Failures>) -> Sensitivities {
        Sensitivities { target: self.target.clone(), runs, indices, failures }
    }
}

/// What the doubts are about, those about the same numbered.
fn numbered(doubts: &[Doubt]) -> Vec<String> {
    let before = |at: usize| doubts[..at].iter().filter(|d| d.name() == doubts[at].name()).count();
    let name = |at: usize| match before(at) {
        0 => doubts[at].name().to_owned(),
        more => format!("{} {}", doubts[at].name(), more + 1),
    };
    (0..doubts.len()).map(name).collect()
}

/// The target with its cities found.
#[derive(Debug, Clone, Copy)]
enum Measure {
    Shift,
    Score(usize),
    Rank(usize),
    Order(usize, usize),
    Top(usize, u32),
}

impl Measure {
    fn new(target: &Target, cities: &Dataset) -> Result<Self> {
        Ok(match target {
            Target::MeanRankShift => Self::Shift,
            Target::Score(city) => Self::Score(cities.find_city(city)?),
            Target::Rank(city) => Self::Rank(cities.find_city(city)?),
            Target::Order(city, other) => Self::Order(cities.find_city(city)?, cities.find_city(other)?),
            Target::Top { city, k } => Self::Top(cities.find_city(city)?, *k),
        })
    }

    fn of<R: Rank>(self, go: &Go<'_, R>, nominal: &[u32]) -> f64 {
        let rank = |city: usize| go.ranks[city].get();
        let with = |city: usize, value: f64| if rank(city) == 0 { f64::NAN } else { value };
        match self {
            Self::Shift => {
                // Whole numbers, so that the order of the cities does not matter.
                let ranks = go.ranks.iter().map(|rank| rank.get()).zip(nominal.iter().copied());
                let both = ranks.filter(|&(a, b)| a > 0 && b > 0);
                let (sum, n) = both.fold((0u64, 0u64), |(sum, n), (a, b)| (sum + u64::from(a.abs_diff(b)), n + 1));
                sum as f64 / n as f64
            }
            Self::Score(city) => go.scores[city],
            Self::Rank(city) => with(city, f64::from(rank(city))),
            Self::Order(a, b) if rank(a) == 0 || rank(b) == 0 => f64::NAN,
            Self::Order(a, b) => match rank(a).cmp(&rank(b)) {
                std::cmp::Ordering::Less => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Greater => 0.0,
            },
            Self::Top(city, k) => with(city, if rank(city) <= k { 1.0 } else { 0.0 }),
        }
    }
}

/// The target in every run.
struct Outputs<'a> {
    measure: Measure,
    target: &'a Target,
    nominal: &'a [u32],
    /// NaN where the run could not be computed.
    y: Vec<f64>,
    failures: Vec<Failures>,
}

#[derive(Default)]
struct Slot {
    y: Vec<(usize, f64)>,
    errors: Vec<crate::error::Error>,
}

impl<'a> Outputs<'a> {
    fn of(
        engine: &Engine,
        nominal: &'a Nominal,
        (measure, target): (Measure, &'a Target),
        runs: usize,
        threads: &Threads,
        progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self> {
        let (nominal, y) = (nominal.ranks.as_slice(), vec![f64::NAN; runs]);
        let mut outputs = Self { measure, target, nominal, y, failures: Vec::new() };
        let wave = runs.div_ceil(CHUNK).clamp(1, WAVE);
        engine.sweep(&mut outputs, runs, &[], (threads, wave), told(runs, progress))?;
        Ok(outputs)
    }
}

impl Sink for Outputs<'_> {
    type Slot = Slot;

    fn begin(&self, slot: &mut Slot) {
        slot.y.clear();
        slot.errors.clear();
    }

    fn see<R: Rank>(&self, slot: &mut Slot, go: &Go<'_, R>) {
        let y = self.measure.of(go, self.nominal);
        if y.is_finite() {
            slot.y.push((go.run, y));
        } else {
            slot.errors.push(Fault::NoTarget { target: self.target.to_string() }.into());
        }
    }

    fn fail(&self, slot: &mut Slot, error: crate::error::Error) {
        slot.errors.push(error);
    }

    fn end(&self, _: &mut Slot) {}

    fn collect(&mut self, slots: &[Slot], _: &Threads) {
        for slot in slots {
            for &(run, y) in &slot.y {
                self.y[run] = y;
            }
            for error in &slot.errors {
                Failures::add(&mut self.failures, error, 1);
            }
        }
    }

    fn lost(&mut self, error: &crate::error::Error, runs: usize) {
        Failures::add(&mut self.failures, error, runs);
    }
}
