//! What a simulation found.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;

use serde::Serialize;

use super::design::Design;
use super::doubt::{Doubt, WeightSpread};
use super::engine::{Engine, Variant};
use super::monte_carlo::MonteCarlo;
use super::tally::Tally;
use crate::dataset::Dataset;
#[cfg(doc)]
use crate::error::Error;
use crate::error::{Fault, Result};
use crate::framework::Framework;
use crate::method::Method;
use crate::output::{Output, neutral};
use crate::scores::Scores;
use crate::steps::weight::WeightSet;

/// The result of a [`MonteCarlo`] simulation: how the rank of each city is spread over the runs.
///
/// Shares and probabilities are of all runs that could be computed; a city that has no score in a run is in none of the first
/// places there. Means and quantiles of ranks and scores are over the runs in which the city has a score.
///
/// ```
/// use longspring::{Cut, Doubt, Method, MonteCarlo, WeightSpread, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let doubt = Doubt::weights(WeightSpread::Uniform);
/// let simulation = MonteCarlo::new(500).doubt(doubt).run(&Method::new(), &framework, &cities, "renewal")?;
/// println!("{simulation}"); // rank, median, 5 % to 95 %, probability of the first place and of the first ten
/// let first = simulation.ranking().next().unwrap();
/// assert_eq!((first.key(), first.nominal_rank()), ("baltimore", Some(1)));
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    pub(super) engine: Engine,
    pub(super) options: MonteCarlo,
    pub(super) asked: usize,
    pub(super) scores: Vec<f64>,
    pub(super) ranks: Vec<u32>,
    pub(super) tally: Tally,
    /// Node and child of every weight that is drawn.
    pub(super) names: Vec<(String, String)>,
}

/// A number from a simulation, with the standard error that the number of runs leaves.
///
/// The standard error of a share `p` of `m` runs is `sqrt(p (1 - p) / m)` (0 where none or all of them have it: then the share is
/// below `3 / m`, or as near to 1, with 95 % confidence; infinite of the mean of a single run), that of a mean the standard deviation over
/// `sqrt(m)`, that of a quantile half the distance between the quantiles one standard error of their share apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its Monte Carlo standard error.
    pub standard_error: f64,
}

/// Three decimals, and the standard error.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(3);
        write!(f, "{:.digits$} ± {:.digits$}", self.value, self.standard_error)
    }
}

/// Runs that could not be computed, for one kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The error of the first of them.
    pub reason: &'a str,
    /// How many there are.
    pub runs: usize,
}

/// How a city fared in a simulation.
#[derive(Debug, Clone, Copy)]
pub struct CityRanks<'a> {
    simulation: &'a Simulation,
    row: usize,
}

/// One run of a simulation, with everything that was drawn: scoring it again gives what the simulation saw.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Run {
    /// Its number, from 0.
    pub number: usize,
    /// The method, with drawn choices and weights.
    pub method: Method,
    /// The table, with drawn errors of measurement.
    pub cities: Dataset,
    framework: Framework,
    weights: Vec<(String, String, f64)>,
}

impl Run {
    /// The weights that were drawn: node, child, and weight, adding up to 1 in each node.
    #[must_use]
    pub fn weights(&self) -> impl ExactSizeIterator<Item = (&str, &str, f64)> {
        self.weights.iter().map(|(node, child, weight)| (node.as_str(), child.as_str(), *weight))
    }

    /// Scores the run.
    ///
    /// # Errors
    /// Those of [`Method::fit`], where the run failed.
    pub fn score(&self) -> Result<Scores> {
        self.method.fit(&self.framework, &self.cities)?.score(&self.cities)
    }
}

impl Simulation {
    /// The node whose ranks were simulated.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.engine.node
    }

    /// The name of the node.
    #[cfg(feature = "plot")]
    pub(crate) fn node_name(&self) -> &str {
        let node = self.engine.framework.node(&self.engine.node);
        node.map_or(self.engine.node.as_str(), |node| node.name.as_str())
    }

    /// What was in doubt.
    #[must_use]
    pub fn doubts(&self) -> &[Doubt] {
        &self.engine.doubts
    }

    /// How many runs could be computed.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.tally.runs
    }

    /// How many runs were asked for.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Why runs could not be computed, and how many; nothing where all could.
    #[must_use]
    pub fn failures(&self) -> impl ExactSizeIterator<Item = Failure<'_>> {
        self.tally.failures.iter().map(|f| Failure { reason: &f.reason, runs: f.count })
    }

    /// How a city fared.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city, with the nearest key.
    pub fn city(&self, key: &str) -> Result<CityRanks<'_>> {
        Ok(CityRanks { simulation: self, row: self.engine.cities.find_city(key)? })
    }

    /// All cities, in the order of the table.
    #[must_use]
    pub fn cities(&self) -> impl ExactSizeIterator<Item = CityRanks<'_>> {
        (0..self.engine.cities.len()).map(|row| CityRanks { simulation: self, row })
    }

    /// All cities, best nominal rank first; those without one stand last, equal ones in the order of the table.
    #[must_use]
    pub fn ranking(&self) -> impl ExactSizeIterator<Item = CityRanks<'_>> {
        let mut rows: Vec<usize> = (0..self.ranks.len()).collect();
        rows.sort_by_key(|&row| if self.ranks[row] == 0 { u32::MAX } else { self.ranks[row] });
        rows.into_iter().map(|row| CityRanks { simulation: self, row })
    }

    /// The probability that a city is before another (the pairwise winning index of SMAA); none where pairs were
    /// [not counted](MonteCarlo::pairs). Runs in which they tie, or one has no score, count for neither.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city, with the nearest key.
    pub fn beats(&self, city: &str, other: &str) -> Result<Option<Estimate>> {
        let (a, b) = (self.engine.cities.find_city(city)?, self.engine.cities.find_city(other)?);
        let wins = self.tally.pairs.as_ref().map(|pairs| pairs[a * self.ranks.len() + b]);
        Ok(wins.map(|wins| self.share(f64::from(wins))))
    }

    /// A run with everything that was drawn, to be looked at or scored again.
    ///
    /// # Errors
    /// [`Error::Invalid`] where there is no run of that number, or it failed before its weights could be drawn.
    ///
    /// ```
    /// use longspring::{Cut, Doubt, Method, MonteCarlo, WeightSpread, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let doubt = Doubt::weights(WeightSpread::Uniform);
    /// let simulation = MonteCarlo::new(100).doubt(doubt).run(&Method::new(), &framework, &cities, "renewal")?;
    /// let run = simulation.run(17)?;
    /// for (node, child, weight) in run.weights() {
    ///     println!("{node}: {child} {weight:.3}");
    /// }
    /// println!("{}", run.score()?.node("renewal")?);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn run(&self, number: usize) -> Result<Run> {
        if number >= self.asked {
            let need = "below the number of runs";
            return Err(Fault::Parameter { name: "the number of a run", value: number as f64, need }.into());
        }
        let ready = self.engine.ready(number, &self.names)?;
        let mut weights = Vec::new();
        let Variant { method, cities } = self.engine.drawn(&ready, number, &mut weights)?;
        let weights = ready.named_weights(&mut weights)?;
        Ok(Run { number, method, cities, framework: self.engine.framework.clone(), weights })
    }

    /// The probability that a city is first under its [central weights](CityRanks::central_weights), all other doubts
    /// remaining: the confidence factor of SMAA-2. None where it never was first or no weights were in doubt. It runs as many
    /// runs again.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city, with the nearest key; those of [`MonteCarlo::run`].
    pub fn confidence_factor(&self, city: &str) -> Result<Option<Estimate>> {
        let Some(central) = self.city(city)?.central_weights() else { return Ok(None) };
        let Engine { framework, cities, node, method, doubts, .. } = &self.engine;
        // The central weights take the place of those that were drawn; nodes that never counted while it was first keep theirs.
        let nodes: BTreeSet<String> = central.iter().map(|(node, _, _)| (*node).to_owned()).collect();
        let set = WeightSet::new("central", central.iter().map(|(_, child, weight)| ((*child).to_owned(), *weight)))?;
        let mut others: Vec<Doubt> = doubts.iter().filter(|d| !matches!(d, Doubt::Weights { .. })).cloned().collect();
        let settled = others.is_empty();
        others.push(Doubt::Weights { spread: WeightSpread::Sets(vec![set]), nodes });
        let design = Design::Random { seed: self.options.seeded() };
        let engine = Engine::new(method, framework, cities, node, &others, design)?;
        let runs = if settled { 1 } else { self.asked };
        let again = self.options.again(runs).simulate(engine, |_| std::ops::ControlFlow::Continue(()))?;
        Ok(Some(again.city(city)?.acceptability(1)))
    }

    /// Writes a table with a row a city, in the order of the table: nominal rank and score; mean rank with standard error; median
    /// and the 5 % and 95 % quantiles of the rank; probability of the first place; mean score with standard error. A cell is
    /// empty where the city has none.
    ///
    /// # Errors
    /// [`Error::Write`] where it cannot be written.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let header = [
            "city",
            "nominal_rank",
            "nominal_score",
            "mean_rank",
            "mean_rank_se",
            "rank_q05",
            "rank_q50",
            "rank_q95",
            "first",
            "first_se",
            "mean_score",
            "mean_score_se",
        ];
        let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
        let mut output = Output::new(writer, header)?;
        for city in self.cities() {
            let (rank, score, first) = (city.mean_rank(), city.mean_score(), city.acceptability(1));
            let quantile = |p| city.quantile(p).ok().flatten().map(|q| q.value);
            let row = [
                neutral(city.key()).into_owned(),
                number(city.nominal_rank().map(f64::from)),
                number(city.nominal_score()),
                number(rank.map(|r| r.value)),
                number(rank.map(|r| r.standard_error)),
                number(quantile(0.05)),
                number(quantile(0.5)),
                number(quantile(0.95)),
                number(Some(first.value)),
                number(Some(first.standard_error)),
                number(score.map(|s| s.value)),
                number(score.map(|s| s.standard_error)),
            ];
            output.row(row.iter().map(String::as_str))?;
        }
        output.finish()
    }

    /// Writes how probable each rank of each city is: a row a city, a column a rank; in [steps](crate::Counts::Steps) a column for
    /// all ranks that share a count, by the last of them.
    ///
    /// # Errors
    /// [`Error::Write`] where it cannot be written.
    pub fn write_ranks_csv(&self, writer: impl Write) -> Result<()> {
        let bins = self.tally.bins;
        let header: Vec<String> = (0..bins.len()).map(|bin| bins.ranks(bin).1.to_string()).collect();
        let mut output = Output::new(writer, std::iter::once("city").chain(header.iter().map(String::as_str)))?;
        for city in self.cities() {
            let shares: Vec<String> =
                city.counts().map(|count| self.share(f64::from(count)).value.to_string()).collect();
            output.row(std::iter::once(&*neutral(city.key())).chain(shares.iter().map(String::as_str)))?;
        }
        output.finish()
    }

    /// Writes how probable it is that the city of the row is before that of the column; only the header where pairs were
    /// [not counted](MonteCarlo::pairs).
    ///
    /// # Errors
    /// [`Error::Write`] where it cannot be written.
    pub fn write_pairs_csv(&self, writer: impl Write) -> Result<()> {
        let n = self.ranks.len();
        let keys: Vec<_> = self.cities().map(|city| neutral(city.key())).collect();
        let mut output = Output::new(writer, std::iter::once("city").chain(keys.iter().map(|key| &**key)))?;
        for (key, wins) in keys.iter().zip(self.tally.pairs.iter().flat_map(|pairs| pairs.chunks_exact(n))) {
            let shares: Vec<String> = wins.iter().map(|&w| self.share(f64::from(w)).value.to_string()).collect();
            output.row(std::iter::once(&**key).chain(shares.iter().map(String::as_str)))?;
        }
        output.finish()
    }

    fn share(&self, count: f64) -> Estimate {
        let m = self.tally.runs as f64;
        let p = count / m;
        Estimate { value: p, standard_error: (p * (1.0 - p) / m).sqrt() }
    }
}

impl<'a> CityRanks<'a> {
    /// The city's key.
    #[must_use]
    pub fn key(&self) -> &'a str {
        self.simulation.engine.cities.key(self.row)
    }

    /// The city's name to print.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.simulation.engine.cities.name(self.row)
    }

    /// The rank without any doubt, ties taking the smallest; none where it has no score.
    #[must_use]
    pub fn nominal_rank(&self) -> Option<u32> {
        Some(self.simulation.ranks[self.row]).filter(|&rank| rank > 0)
    }

    /// The score without any doubt.
    #[must_use]
    pub fn nominal_score(&self) -> Option<f64> {
        Some(self.simulation.scores[self.row]).filter(|score| !score.is_nan())
    }

    fn counts(&self) -> impl Iterator<Item = u32> + use<'a> {
        let tally = &self.simulation.tally;
        tally.counts.row(self.row, tally.bins)
    }

    /// The share of runs in which it has a score.
    #[must_use]
    pub fn ranked(&self) -> Estimate {
        self.simulation.share(self.simulation.tally.ranks[self.row].ranked as f64)
    }

    /// The mean of its ranks; none where it never has a score.
    #[must_use]
    pub fn mean_rank(&self) -> Option<Estimate> {
        let sums = self.simulation.tally.ranks[self.row];
        let m = sums.ranked as f64;
        // Whole numbers: m times the sum of squares less the square of the sum is exact.
        let spread = u128::from(sums.ranked) * sums.squares - u128::from(sums.sum) * u128::from(sums.sum);
        // One run tells nothing of the spread.
        let variance = if sums.ranked > 1 { spread as f64 / m / (m - 1.0) } else { f64::INFINITY };
        (sums.ranked > 0).then(|| Estimate { value: sums.sum as f64 / m, standard_error: (variance / m).sqrt() })
    }

    /// The standard deviation of its ranks; none where it has a score in fewer than two runs.
    #[must_use]
    pub fn rank_sd(&self) -> Option<f64> {
        let m = self.simulation.tally.ranks[self.row].ranked as f64;
        self.mean_rank().filter(|_| m > 1.0).map(|mean| mean.standard_error * m.sqrt())
    }

    /// A quantile of its ranks: the smallest rank that at least the share `p` of its runs does not exceed (the inverse of the
    /// distribution function, so a rank that it had); none where it never has a score.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `p` is not from 0 to 1.
    pub fn quantile(&self, p: f64) -> Result<Option<Estimate>> {
        check_share(p)?;
        let m = self.simulation.tally.ranks[self.row].ranked as f64;
        if m == 0.0 {
            return Ok(None);
        }
        let off = (p * (1.0 - p) / m).sqrt();
        let (low, high) = (self.rank_at((p - off).max(0.0) * m), self.rank_at((p + off).min(1.0) * m));
        Ok(Some(Estimate { value: self.rank_at(p * m), standard_error: (high - low) / 2.0 }))
    }

    /// The smallest rank that at least so many runs do not exceed.
    fn rank_at(&self, runs: f64) -> f64 {
        let mut sum = 0.0;
        let mut last = 0;
        for (bin, count) in self.counts().enumerate().filter(|&(_, count)| count > 0) {
            sum += f64::from(count);
            last = bin;
            // A share times a whole number may be a rounding error too large.
            if sum >= runs * (1.0 - 1e-12) {
                break;
            }
        }
        // The middle of the ranks that share the count.
        let (first, last) = self.simulation.tally.bins.ranks(last);
        (first + last) as f64 / 2.0
    }

    /// The median of its ranks.
    #[must_use]
    pub fn median(&self) -> Option<Estimate> {
        self.quantile(0.5).ok().flatten()
    }

    /// The interval that holds its rank with a probability, as much of the rest on either side: 0.9 gives the quantiles 5 % and
    /// 95 %. None where it never has a score.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the probability is not from 0 to 1.
    pub fn interval(&self, probability: f64) -> Result<Option<(f64, f64)>> {
        check_share(probability)?;
        let tail = (1.0 - probability) / 2.0;
        let (low, high) = (self.quantile(tail)?, self.quantile(1.0 - tail)?);
        Ok(low.zip(high).map(|(low, high)| (low.value, high.value)))
    }

    /// The probability of a rank (the rank acceptability index of SMAA); 0 of a rank that there is not.
    #[must_use]
    pub fn acceptability(&self, rank: usize) -> Estimate {
        let bins = self.simulation.tally.bins;
        let bin = if rank > self.simulation.ranks.len() { usize::MAX } else { bins.of(rank) };
        if bin >= bins.len() {
            return self.simulation.share(0.0);
        }
        let count = self.simulation.tally.counts.get(self.row, bin, bins);
        let (first, last) = bins.ranks(bin);
        self.simulation.share(f64::from(count) / (last - first + 1) as f64)
    }

    /// The probability of one of the first `k` ranks.
    #[must_use]
    pub fn top(&self, k: usize) -> Estimate {
        let bins = self.simulation.tally.bins;
        // Of a count that reaches beyond the place, in proportion.
        let part = |(bin, count): (usize, u32)| {
            let (first, last) = bins.ranks(bin);
            let within = (k + 1).saturating_sub(first).min(last - first + 1);
            f64::from(count) * within as f64 / (last - first + 1) as f64
        };
        self.simulation.share(self.counts().enumerate().map(part).sum())
    }

    /// The mean of its scores; none where it never has one.
    #[must_use]
    pub fn mean_score(&self) -> Option<Estimate> {
        let sums = self.simulation.tally.scores[self.row];
        let mean = sums.sum / sums.count;
        let variance = ((sums.squares - sums.sum * mean) / (sums.count - 1.0)).max(0.0);
        let standard_error = if sums.count > 1.0 { (variance / sums.count).sqrt() } else { f64::INFINITY };
        (sums.count > 0.0).then_some(Estimate { value: sums.origin + mean, standard_error })
    }

    /// The standard deviation of its scores; none where it has one in fewer than two runs.
    #[must_use]
    pub fn score_sd(&self) -> Option<f64> {
        let m = self.simulation.tally.scores[self.row].count;
        self.mean_score().filter(|_| m > 1.0).map(|mean| mean.standard_error * m.sqrt())
    }

    /// Its score in every run, in their order, none where it had none; nothing where scores were
    /// [not kept](MonteCarlo::scores).
    #[must_use]
    pub fn scores(&self) -> impl ExactSizeIterator<Item = Option<f64>> + 'a {
        let kept = self.simulation.tally.kept.as_deref().unwrap_or(&[]);
        let runs = kept.len() / self.simulation.ranks.len();
        kept[self.row * runs..][..runs].iter().map(|&score| Some(score).filter(|s| !s.is_nan()))
    }

    /// A quantile of its scores, linear between order statistics (type 7 of Hyndman and Fan 1996); none where it has none, or
    /// scores were [not kept](MonteCarlo::scores).
    ///
    /// # Errors
    /// [`Error::Invalid`] where `p` is not from 0 to 1.
    pub fn score_quantile(&self, p: f64) -> Result<Option<Estimate>> {
        check_share(p)?;
        let mut scores: Vec<f64> = self.scores().flatten().collect();
        scores.sort_by(f64::total_cmp);
        let m = scores.len() as f64;
        let at = |p: f64| crate::kernel::stats::quantile(&scores, p);
        let off = (p * (1.0 - p) / m).sqrt();
        Ok((!scores.is_empty()).then(|| Estimate {
            value: at(p),
            standard_error: (at((p + off).min(1.0)) - at((p - off).max(0.0))) / 2.0,
        }))
    }

    /// The mean of the weights under which it was first: node, child and weight (the central weight vector of SMAA), adding up to 1
    /// in each node. None where it never was first, or no weights were in doubt. A child that a run left out counts as 0 there; a
    /// node that it left out does not count, and one that never counted while the city was first is not in the list.
    #[must_use]
    pub fn central_weights(&self) -> Option<Vec<(&'a str, &'a str, f64)>> {
        let tally = &self.simulation.tally;
        let k = tally.weights;
        let sums = &tally.central[self.row * k..][..k];
        let known = self.simulation.names.iter().zip(sums).filter(|(_, (_, count))| *count > 0);
        let weights: Vec<_> = known
            .map(|((node, child), (sum, count))| (node.as_str(), child.as_str(), sum / f64::from(*count)))
            .collect();
        (!weights.is_empty()).then_some(weights)
    }
}

fn check_share(p: f64) -> Result<()> {
    let (name, need) = ("a probability", "from 0 to 1");
    if (0.0..=1.0).contains(&p) { Ok(()) } else { Err(Fault::Parameter { name, value: p, need }.into()) }
}

/// A table with a line a city, best nominal rank first.
impl fmt::Display for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} of {} runs", self.engine.node, self.runs(), self.asked)?;
        for doubt in &self.engine.doubts {
            writeln!(f, "  {doubt}")?;
        }
        let wide = self.cities().map(|city| city.name().chars().count()).max().unwrap_or(4).max(4);
        // Of five cities all are among the first ten.
        let few = self.ranks.len().div_ceil(2).min(10);
        let head = if few == 10 { "first ten".to_owned() } else { format!("first {few}") };
        let head = if few > 1 { head } else { String::new() };
        writeln!(f, "{}", format!("rank  {:wide$}  median  5 % to 95 %  first  {head}", "city").trim_end())?;
        for city in self.ranking() {
            match city.nominal_rank() {
                Some(rank) => write!(f, "{rank:4}")?,
                None => write!(f, "   -")?,
            }
            write!(f, "  {:wide$}", city.name())?;
            match (city.median(), city.interval(0.9).ok().flatten()) {
                (Some(median), Some((low, high))) => {
                    write!(f, "  {:6}  {low:4} to {high:4}  {:5.2}", median.value, city.acceptability(1).value)?;
                    if few > 1 {
                        let (share, wide) = (city.top(few).value, head.len());
                        write!(f, "  {share:wide$.2}")?;
                    }
                    writeln!(f)?;
                }
                _ => writeln!(f, "       -")?,
            }
        }
        for Failure { reason, runs } in self.failures() {
            writeln!(f, "{runs} runs could not be computed: {reason}")?;
        }
        Ok(())
    }
}
