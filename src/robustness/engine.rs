//! Runs: what is drawn, and how the cities then stand. Everything a run draws is keyed by seed, doubt and run, so that
//! neither order nor threads matter; runs that share a method and a table share its fit.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use super::design::Design;
use super::doubt::Doubt;
use super::drawn::WeightDraw;
use super::measured::{Errors, Measured};
use super::threads::Threads;
use crate::composite::{Composite, Position, Refit, Reweigh, ReweighWork, TOGETHER};
use crate::dataset::Dataset;
use crate::error::{Error, Fault, Result};
use crate::framework::Framework;
use crate::kernel::draw::Stream;
use crate::kernel::rank::{Placed, Rank, RankWork, places_into};
use crate::method::Method;

/// So many runs are done in one go, and their ranks kept side by side until they are counted.
pub(super) const CHUNK: usize = 64;
/// So many goes at least between two countings.
pub(super) const WAVE: usize = 8;

/// How the cities stand without any doubt.
pub(super) struct Nominal {
    pub(super) scores: Vec<f64>,
    pub(super) ranks: Vec<u32>,
    /// Node and child of every weight that runs may draw.
    pub(super) names: Vec<(String, String)>,
}

/// A question to be run: all that does not change from run to run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Engine {
    pub(super) framework: Framework,
    pub(super) method: Method,
    pub(super) cities: Dataset,
    pub(super) doubts: Vec<Doubt>,
    pub(super) node: String,
    pub(super) design: Design,
}

/// The method and the table of a run, but for weights and errors of measurement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variant {
    pub(super) method: Method,
    pub(super) cities: Dataset,
}

/// A variant that has been fitted.
#[derive(Debug)]
pub(super) struct Ready {
    /// The run that it was fitted for: the first of those that share it.
    run: usize,
    pub(super) composite: Composite,
    pub(super) variant: Variant,
    /// Scores where nothing more is drawn.
    pub(super) fixed: Option<Vec<f64>>,
    /// What scores again under other weights; none where a run must be fitted anew.
    pub(super) reweigh: Option<Reweigh>,
    /// What fits again where figures have errors; none where the fit learns more than scales.
    again: Option<Again>,
    /// Where weights are drawn.
    pub(super) draws: Vec<WeightDraw>,
    /// For each drawn weight its place among those that the simulation names.
    pub(super) places: Vec<Option<usize>>,
    /// Whether each stands at its own place, and there are no others.
    pub(super) straight: bool,
    /// The places of the children of the nodes whose weights are drawn.
    pub(super) present: Vec<usize>,
    /// The series that have a say: the indicators that count, and what divides them.
    pub(super) used: BTreeSet<String>,
}

impl Ready {
    /// The nodes whose weights are drawn, each with its own of all that were.
    pub(super) fn by_node<'a>(&'a self, mut drawn: &'a [f64]) -> impl Iterator<Item = (&'a WeightDraw, &'a [f64])> {
        self.draws.iter().map(move |draw| {
            let (own, rest) = drawn.split_at(draw.nominal.len());
            drawn = rest;
            (draw, own)
        })
    }

    /// Node, child and weight of everything that was drawn.
    pub(super) fn named_weights(&self, drawn: &mut [f64]) -> Result<Vec<(String, String, f64)>> {
        Engine::normalise(self, drawn)?;
        let names = Engine::names_of(&self.draws);
        Ok(names.zip(drawn).map(|((node, child), weight)| (node, child, *weight)).collect())
    }
}

/// How runs are fitted again, each in its turn.
#[derive(Debug)]
struct Again {
    refit: Refit,
    target: usize,
    /// The variant's table, its columns in the order of the composite's series.
    cities: Dataset,
    errors: Errors,
}

/// What a thread keeps to fit runs of a variant again.
#[derive(Debug)]
struct Kept {
    /// The first run of the variant.
    variant: usize,
    refit: Refit,
    measured: Measured,
}

/// What happened in a go of runs.
pub(super) struct Go<'a, R> {
    /// The number of the run.
    pub(super) run: usize,
    pub(super) scores: &'a [f64],
    /// 0 for a city without a score.
    pub(super) ranks: &'a [R],
    pub(super) placed: Placed,
    /// The drawn weights, in the order of [`Engine::weight_names`]; 0 of a child that the run left out, NaN where it left out the
    /// node; nothing where it draws none.
    pub(super) weights: &'a [f64],
}

/// What is made of the runs.
pub(super) trait Sink: Sync {
    /// What one go of runs leaves until it is collected.
    type Slot: Default + Send;

    fn begin(&self, slot: &mut Self::Slot);
    fn see<R: Rank>(&self, slot: &mut Self::Slot, go: &Go<'_, R>);
    /// Takes the scores of runs that were seen, one after the other, or some at once; whether every city has one in each.
    fn scores(&self, _slot: &mut Self::Slot, _columns: &[&[f64]], _whole: bool) {}
    fn fail(&self, slot: &mut Self::Slot, error: Error);
    fn end(&self, slot: &mut Self::Slot);
    /// Takes what a wave of goes has left, in their order.
    fn collect(&mut self, slots: &[Self::Slot], threads: &Threads);
    /// Runs that could not be begun.
    fn lost(&mut self, error: &Error, runs: usize);
}

/// The ranks of a run, as narrow as they can be: in two bytes or in four.
type Ranks = (Vec<u16>, Vec<u32>);

/// Buffers of a thread.
#[derive(Debug, Default)]
pub(super) struct RunWork {
    scores: Vec<f64>,
    weights: Vec<f64>,
    named: Vec<f64>,
    streams: Vec<Option<Stream>>,
    steps: Vec<f64>,
    reweigh: ReweighWork,
    again: Option<Kept>,
    rank: RankWork,
}

impl Engine {
    /// Fits a variant once for all runs that share it.
    pub(super) fn ready(&self, run: usize, names: &[(String, String)]) -> Result<Ready> {
        let variant = self.variant(run)?;
        let composite = variant.method.fit(&self.framework, &variant.cities)?;
        let Some(position) = composite.position(&self.node) else {
            return Err(Fault::Out { node: self.node.clone() }.into());
        };
        let draws = self.weight_draws(&composite, position);
        let measured = self.doubts.iter().any(|d| matches!(d, Doubt::Measurement(_)));
        let used = self.used(&composite);
        let (mut fixed, mut reweigh, mut again) = (None, None, None);
        if measured {
            let cities = composite.own_order(&variant.cities)?;
            if let (Position::Inner(target), Some(refit)) = (position, composite.refit(&cities)?) {
                let errors = Errors::of(&self.doubts, &cities, &used);
                again = Some(Again { refit, target, cities, errors });
            }
        } else {
            match position {
                Position::Inner(target) if !draws.is_empty() => {
                    let mut varied = vec![false; composite.inner_len()];
                    for draw in &draws {
                        varied[draw.inner] = true;
                    }
                    let cities = composite.own_order(&variant.cities)?;
                    reweigh = composite.reweigh(&cities, &composite.prepare(&cities), target, &varied);
                }
                _ => fixed = Some(composite.score(&variant.cities)?.column(position)),
            }
        }
        let find = |name: (String, String)| names.iter().position(|known| *known == name);
        let places: Vec<Option<usize>> = Self::names_of(&draws).map(find).collect();
        let straight = places.len() == names.len() && places.iter().enumerate().all(|(at, &place)| place == Some(at));
        let present = |&at: &usize| draws.iter().any(|draw| draw.code == names[at].0);
        let present = (0..names.len()).filter(present).collect();
        Ok(Ready { run, composite, variant, fixed, reweigh, again, draws, places, straight, present, used })
    }

    /// Node and child of every weight that runs may draw, of the nominal composite.
    fn weight_names(&self, nominal: &Composite, position: Position) -> Vec<(String, String)> {
        Self::names_of(&self.weight_draws(nominal, position)).collect()
    }

    /// Does so many runs, up to `wave` goes at a time between two collections; tells how many have been done, and stops where it
    /// is told to.
    pub(super) fn sweep<S: Sink>(
        &self,
        sink: &mut S,
        runs: usize,
        names: &[(String, String)],
        (threads, wave): (&Threads, usize),
        mut progress: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<()> {
        let (mut done, total) = (0, runs);
        let mut slots: Vec<S::Slot> = Vec::new();
        slots.resize_with(wave, Default::default);
        // One for each thread, handed on while it is warm.
        let buffers: Mutex<Vec<(RunWork, Ranks)>> = Mutex::default();
        let buffers = || buffers.lock().unwrap_or_else(PoisonError::into_inner);
        let groups = self.groups(runs);
        let mut at = 0;
        while at < groups.len() {
            // As many variants as fill some waves are fitted together, and forgotten after their runs.
            let mut end = at;
            let mut goes = 0;
            while end < groups.len() && (end == at || goes < 4 * WAVE) {
                goes += groups[end].len().div_ceil(CHUNK);
                end += 1;
            }
            let mut fits: Vec<(usize, Option<Result<Ready>>)> = groups[at..end].iter().map(|g| (g[0], None)).collect();
            threads.each(&mut fits, |_, (run, fit)| *fit = Some(self.ready(*run, names)));
            let mut jobs: Vec<(&Ready, &[usize])> = Vec::new();
            for ((_, fit), runs) in fits.iter().zip(&groups[at..end]) {
                match fit {
                    // Where each run is fitted goes are small, so that progress is told, and a stop heeded, soon.
                    Some(Ok(ready)) => {
                        let len = if ready.fixed.is_some() || ready.reweigh.is_some() { CHUNK } else { CHUNK / 8 };
                        jobs.extend(runs.chunks(len).map(|runs| (ready, runs)));
                    }
                    Some(Err(error)) => {
                        sink.lost(error, runs.len());
                        done += runs.len();
                        if progress(done).is_break() && done < total {
                            return Err(Fault::Stopped { done, of: total }.into());
                        }
                    }
                    None => {}
                }
            }
            for jobs in jobs.chunks(wave) {
                let slots = &mut slots[..jobs.len()];
                let now = &*sink;
                threads.each(slots, |i, slot| {
                    now.begin(slot);
                    let (ready, runs) = jobs[i];
                    let taken = buffers().pop();
                    let mut taken = taken.unwrap_or_default();
                    let (work, (short, long)) = &mut taken;
                    if u16::try_from(self.cities.len()).is_ok() {
                        self.go(ready, runs, names.len(), (work, short), (now, slot));
                    } else {
                        self.go(ready, runs, names.len(), (work, long), (now, slot));
                    }
                    now.end(slot);
                    buffers().push(taken);
                });
                sink.collect(slots, threads);
                done += jobs.iter().map(|(_, runs)| runs.len()).sum::<usize>();
                if progress(done).is_break() && done < runs {
                    return Err(Fault::Stopped { done, of: runs }.into());
                }
            }
            at = end;
        }
        Ok(())
    }

    /// The nominal scores and ranks, and the weights that runs may draw.
    pub(super) fn nominal(&self) -> Result<Nominal> {
        let composite = self.method.fit(&self.framework, &self.cities)?;
        let Some(position) = composite.position(&self.node) else {
            return Err(Fault::Out { node: self.node.clone() }.into());
        };
        // A doubt that acts on nothing would pass for certainty.
        let draws = self.weight_draws(&composite, position);
        let used = self.used(&composite);
        for (d, doubt) in self.doubts.iter().enumerate() {
            let idle = match doubt {
                Doubt::Weights { .. } => draws.iter().all(|draw| !draw.doubts.contains(&d)),
                Doubt::Measurement(error) => !self.cities.series().enumerate().any(|(column, series)| {
                    used.contains(series)
                        && error.names(series)
                        && (0..self.cities.len())
                            .map(|row| self.cities.cell_at(row, column))
                            .any(|cell| cell.value.is_some() && error.touches(|| cell.provenance.map(|p| p.status)))
                }),
                _ => false,
            };
            if idle {
                return Err(Fault::IdleDoubt { doubt: doubt.to_string(), node: self.node.clone() }.into());
            }
        }
        let scores = composite.score(&self.cities)?.column(position);
        let mut ranks = vec![0; scores.len()];
        places_into(&scores, self.method.tolerance, &mut RankWork::default(), &mut ranks);
        Ok(Nominal { names: self.weight_names(&composite, position), scores, ranks })
    }

    /// Does some runs that share a variant, and shows each to the sink.
    fn go<S: Sink, R: Rank>(
        &self,
        ready: &Ready,
        runs: &[usize],
        names: usize,
        (work, ranks): (&mut RunWork, &mut Vec<R>),
        (sink, slot): (&S, &mut S::Slot),
    ) {
        let n = self.cities.len();
        let tolerance = self.method.tolerance;
        ranks.resize(n, R::default());
        work.scores.resize(TOGETHER * n, 0.0);
        let RunWork { scores: columns, weights: drawn, named, streams, steps: all, reweigh: buffers, again, rank } =
            work;
        if let Some(scores) = &ready.fixed {
            let placed = places_into(scores, tolerance, rank, ranks);
            for &run in runs {
                sink.see(slot, &Go { run, scores, ranks, placed, weights: &[] });
                sink.scores(slot, &[scores], placed.ranked == n);
            }
            return;
        }
        let Some(reweigh) = &ready.reweigh else {
            let mut kept = ready.again.as_ref().map(|own| match again.take() {
                Some(kept) if kept.variant == ready.run => again.insert(kept),
                other => {
                    let measured = other.map(|kept| kept.measured).unwrap_or_default();
                    again.insert(Kept { variant: ready.run, refit: own.refit.clone(), measured })
                }
            });
            for &run in runs {
                let anew: Vec<f64>;
                let scores = match kept.as_mut().and_then(|kept| self.again(ready, run, kept, (streams, drawn))) {
                    Some(scores) => scores,
                    None => match self.column(ready, run, drawn) {
                        Ok(scores) => {
                            anew = scores;
                            &anew
                        }
                        Err(error) => {
                            sink.fail(slot, error);
                            continue;
                        }
                    },
                };
                let placed = places_into(scores, tolerance, rank, ranks);
                named.resize(names, 0.0);
                Self::named(ready, drawn, named);
                sink.see(slot, &Go { run, scores, ranks, placed, weights: named });
                sink.scores(slot, &[scores], placed.ranked == n);
            }
            return;
        };
        let wide = reweigh.weights();
        all.resize(TOGETHER * wide, 0.0);
        named.resize(TOGETHER * names, 0.0);
        for few in runs.chunks(TOGETHER) {
            let together = reweigh.is_plain() && few.len() == TOGETHER;
            let mut bad = [false; TOGETHER];
            for (at, &run) in few.iter().enumerate() {
                self.draw_weights(ready, run, streams, drawn);
                if let Err(error) = Self::normalise(ready, drawn) {
                    bad[at] = true;
                    sink.fail(slot, error);
                }
                Self::spread(ready, reweigh, drawn, &mut all[at * wide..][..wide]);
                Self::named(ready, drawn, &mut named[at * names..][..names]);
            }
            if together {
                let sets = std::array::from_fn(|at| &all[at * wide..][..wide]);
                reweigh.together(sets, columns, buffers);
            } else {
                for at in 0..few.len() {
                    let out = &mut columns[at * n..][..n];
                    reweigh.score(&all[at * wide..][..wide], out, buffers);
                }
            }
            let column = |at: usize| &columns[at * n..][..n];
            let mut whole = [false; TOGETHER];
            let seen = || few.iter().enumerate().filter(|&(at, _)| !bad[at]);
            for (at, &run) in seen() {
                let placed = places_into(column(at), tolerance, rank, ranks);
                whole[at] = placed.ranked == n;
                let weights = &named[at * names..][..names];
                sink.see(slot, &Go { run, scores: column(at), ranks, placed, weights });
            }
            if whole == [true; TOGETHER] {
                sink.scores(slot, &std::array::from_fn::<_, TOGETHER, _>(column), true);
            } else {
                seen().for_each(|(at, _)| sink.scores(slot, &[column(at)], whole[at]));
            }
        }
    }

    /// The weights of every step: drawn, or those of the composite.
    fn spread(ready: &Ready, reweigh: &Reweigh, drawn: &[f64], out: &mut [f64]) {
        let mut at = 0;
        for (inner, k) in reweigh.steps() {
            let out = &mut out[at..at + k];
            if let Some((_, own)) = ready.by_node(drawn).find(|(draw, _)| draw.inner == inner) {
                out.copy_from_slice(own);
            } else {
                for (to, (_, weight)) in out.iter_mut().zip(ready.composite.children(inner)) {
                    *to = weight;
                }
            }
            at += k;
        }
    }

    /// The drawn weights in the order of the names.
    fn named(ready: &Ready, drawn: &[f64], out: &mut [f64]) {
        // As a rule every weight is drawn, and stands where it is named.
        if ready.straight {
            for (to, &weight) in out.iter_mut().zip(drawn) {
                *to = weight;
            }
            return;
        }
        out.fill(f64::NAN);
        for &place in &ready.present {
            out[place] = 0.0;
        }
        for (&weight, place) in drawn.iter().zip(&ready.places) {
            if let Some(to) = place.and_then(|place| out.get_mut(place)) {
                *to = weight;
            }
        }
    }

    /// The scores of a run that is fitted again, in the memory of the one before; nothing where it may fail, or cannot be.
    fn again<'k>(
        &self,
        ready: &Ready,
        run: usize,
        kept: &'k mut Kept,
        (streams, drawn): (&mut Vec<Option<Stream>>, &mut Vec<f64>),
    ) -> Option<&'k [f64]> {
        let Again { target, cities, errors, .. } = ready.again.as_ref()?;
        self.draw_weights(ready, run, streams, drawn);
        Self::normalise(ready, drawn).ok()?;
        let Kept { refit, measured, .. } = kept;
        ready.by_node(drawn).for_each(|(draw, own)| refit.weigh(draw.inner, own));
        if !measured.draw(self, errors, cities, run) {
            return None;
        }
        refit.score(&measured.sheet(cities), *target)
    }

    /// The scores of a run that is fitted by itself.
    fn column(&self, ready: &Ready, run: usize, weights: &mut Vec<f64>) -> Result<Vec<f64>> {
        let Variant { method, cities } = self.drawn(ready, run, weights)?;
        Self::normalise(ready, weights)?;
        let composite = method.fit(&self.framework, &cities)?;
        let Some(position) = composite.position(&self.node) else {
            return Err(Fault::Out { node: self.node.clone() }.into());
        };
        Ok(composite.score(&cities)?.column(position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::draw::{mix, name, uniform_at};
    use crate::robustness::doubt::{ErrorShape, MeasurementError, WeightSpread};
    use crate::{Aggregation, Cut, Imputation, Normalisation, OverTime, Status, Ties, Treatment, Weighting, article};

    fn methods() -> Vec<Method> {
        let with = |normalisation: Normalisation| Method::new().normalisation(normalisation);
        let positive = || with(Normalisation::MinMax { low: 1.0, high: 100.0 });
        let busan = || "busan".to_owned();
        vec![
            Method::new(),
            with(Normalisation::ZScore { mean: 50.0, sd: 10.0 }),
            with(Normalisation::Rank { ties: Ties::Average }),
            with(Normalisation::PercentileRank),
            with(Normalisation::Borda),
            with(Normalisation::Vector),
            with(Normalisation::LinearRatio),
            with(Normalisation::DistanceToReference { city: busan(), beyond: crate::Outside::Clip }),
            with(Normalisation::Categorical { classes: 4 }),
            with(Normalisation::AroundReference { reference: crate::Reference::Mean }),
            with(Normalisation::Raw),
            positive().aggregation(Aggregation::Geometric),
            positive().aggregation(Aggregation::Harmonic).coverage(0.9),
            positive().aggregation(Aggregation::Power { exponent: -1.5 }),
            Method::new().treatment(Treatment::Trim { low: 0.1, high: 0.9 }),
            Method::new().treatment(Treatment::winsorise(2)).weighting(Weighting::Equal),
            Method::new().treatment(Treatment::winsorise_or_log(2)),
            Method::new().treatment(Treatment::LogSigned),
            Method::new().treatment(Treatment::YeoJohnson { lambda: crate::Lambda::MaximumLikelihood }),
        ]
    }

    /// Runs that are fitted again in the memory of those before, of one variant or another, have to the last bit the scores of a
    /// fit that knows nothing of them, and fail where it fails.
    #[test]
    fn a_run_fitted_again_is_a_run_fitted_anew() {
        let framework = article::framework();
        let gappy = article::observations().dataset(&framework, &Cut::latest()).unwrap();
        let whole = Cut::as_of(2020).over_time(OverTime::LinearConstantEnds);
        let whole = article::observations().dataset(&framework, &whole).unwrap();
        let error = |shape, size| MeasurementError::relative(shape, size);
        let doubts = [
            vec![error(ErrorShape::Normal, 0.05).into()],
            vec![
                Doubt::weights(WeightSpread::Uniform),
                error(ErrorShape::LogNormal, 0.3).of_series(["productivity", "metro_km", "population"]).into(),
                error(ErrorShape::Uniform, 0.2).of_status([Status::LowReliability, Status::Normal]).into(),
            ],
            // Denominators become negative.
            vec![Doubt::weights(WeightSpread::Within { share: 0.5 }), error(ErrorShape::Normal, 0.45).into()],
        ];
        let mut kept: Option<Kept> = None;
        let (mut again, mut anew, mut failed) = (0, 0, 0);
        for (method, cities) in methods().iter().flat_map(|method| [(method, &gappy), (method, &whole)]) {
            for doubts in &doubts {
                let design = Design::Random { seed: 11 };
                let engine = Engine::new(method, &framework, cities, "renewal", doubts, design).unwrap();
                let Ok(ready) = engine.ready(0, &[]) else { continue };
                let own = ready.again.as_ref().unwrap();
                let measured = kept.take().map(|kept| kept.measured).unwrap_or_default();
                let kept = kept.insert(Kept { variant: 0, refit: own.refit.clone(), measured });
                let (mut streams, mut drawn, mut weights) = (Vec::new(), Vec::new(), Vec::new());
                for run in 0..12 {
                    let expected = engine.column(&ready, run, &mut weights);
                    let found = engine.again(&ready, run, kept, (&mut streams, &mut drawn));
                    let bits = |scores: &[f64]| scores.iter().map(|s| s.to_bits()).collect::<Vec<_>>();
                    match (found, expected) {
                        (Some(found), Ok(expected)) => {
                            assert_eq!(bits(found), bits(&expected), "{method} run {run}");
                            assert_eq!(drawn, weights);
                            again += 1;
                        }
                        (Some(_), Err(error)) => panic!("{method} run {run}: {error}"),
                        (None, Ok(_)) => anew += 1,
                        (None, Err(_)) => failed += 1,
                    }
                }
            }
        }
        assert!(again > 500 && failed > 50, "{again} again, {anew} anew, {failed} failed");
        // Only where what is doubtful turned out well.
        assert!(anew * 20 < again, "{again} again, {anew} anew");
    }

    /// Errors are keyed by seed, doubt, run, city and series, for good.
    #[test]
    fn the_errors_of_a_seed_never_change() {
        let framework = article::framework();
        let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
        let doubts = [MeasurementError::relative(ErrorShape::Uniform, 0.5).into()];
        let design = Design::Random { seed: 7 };
        let engine = Engine::new(&Method::new(), &framework, &cities, "renewal", &doubts, design).unwrap();
        let ready = engine.ready(0, &[]).unwrap();
        let value = |cities: &Dataset, city| cities.cell(city, "productivity").unwrap().value.unwrap();
        for (run, city, millionths) in
            [(0, "sheffield", 907_474.0), (1, "sheffield", 535_230.0), (1, "ulsan", 1_351_010.0)]
        {
            let drawn = engine.drawn(&ready, usize::try_from(run).unwrap(), &mut Vec::new()).unwrap().cities;
            let found = value(&drawn, city) / value(&cities, city);
            let key = Stream::new(mix(mix(mix(0, 7), 0), run)).key();
            let expected = 0.5 + uniform_at(mix(mix(key, name(0, city)), name(0, "productivity")));
            assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
            assert_eq!((found * 1e6).round(), millionths);
        }
    }

    #[test]
    fn what_learns_more_than_scales_is_fitted_anew() {
        let framework = article::framework();
        let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
        let doubts = [MeasurementError::relative(ErrorShape::Normal, 0.05).into()];
        for method in [
            Method::new().imputation(Imputation::Median),
            Method::new().weighting_of("renewal", Weighting::Entropy),
            Method::new().aggregation_of("renewal", Aggregation::Topsis),
        ] {
            let design = Design::Random { seed: 1 };
            let engine = Engine::new(&method, &framework, &cities, "renewal", &doubts, design).unwrap();
            assert!(engine.ready(0, &[]).unwrap().again.is_none(), "{method}");
        }
    }
}
