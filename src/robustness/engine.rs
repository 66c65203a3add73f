//! Runs: what is drawn, and how the cities then stand. Everything a run draws is keyed by seed, doubt and run, so that
//! neither order nor threads matter; runs that share a method and a table share its fit.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::doubt::{Doubt, ErrorScale, ErrorShape, LeaveOut, MeasurementError, WeightSpread};
use super::threads::Threads;
use crate::composite::{Composite, Position, Reweigh, ReweighWork, TOGETHER};
use crate::dataset::Dataset;
use crate::error::{Error, Fault, Problem, Problems, Result};
use crate::framework::Framework;
use crate::kernel::draw::{Stream, mix, name};
use crate::kernel::rank::{RankWork, places_into};
use crate::kernel::sobol::{Sobol, unit};
use crate::method::Method;
use crate::steps::weight::{WeightSet, Weighting, normalise};

/// So many runs are done in one go, and their ranks kept side by side until they are counted.
pub(super) const CHUNK: usize = 64;
/// So many goes at least between two countings.
pub(super) const WAVE: usize = 8;

/// Where the random numbers of a run come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Design {
    /// Each run draws everything anew.
    Random { seed: u64 },
    /// Every combination of alternatives once, the last doubt's fastest.
    Factorial { levels: Vec<usize>, seed: u64 },
    /// The matrices A, B and A with a column of B (Saltelli 2010), one after the other; the first number that a doubt draws
    /// comes from a shifted Sobol' sequence.
    Saltelli { base: usize, seed: u64, points: Sobol },
}

impl Design {
    /// The random numbers of a doubt in a run.
    pub(super) fn stream(&self, run: usize, doubt: usize, doubts: usize) -> Stream {
        match self {
            Self::Random { seed } => Stream::new(mix(mix(mix(0, *seed), doubt as u64), run as u64)),
            Self::Factorial { levels, seed } => {
                let after: usize = levels[doubt + 1..].iter().product();
                let level = run / after % levels[doubt];
                let key = mix(mix(mix(0, *seed), doubt as u64), level as u64);
                Stream::led_by((level as f64 + 0.5) / levels[doubt] as f64, key)
            }
            Self::Saltelli { base, seed, points } => {
                let (block, row) = (run / base, run % base);
                let from_b = block == 1 || block == 2 + doubt;
                let matrix = usize::from(from_b);
                let key = mix(mix(mix(mix(0, *seed), doubt as u64), row as u64), 1 + matrix as u64);
                let dimension = matrix * doubts + doubt;
                if dimension >= Sobol::MOST {
                    return Stream::new(key);
                }
                let shift = mix(mix(!0, *seed), dimension as u64);
                Stream::led_by(unit(points.point(row as u64, dimension, shift)), key)
            }
        }
    }
}

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
    composite: Composite,
    variant: Variant,
    /// Scores where nothing more is drawn.
    fixed: Option<Vec<f64>>,
    /// What scores again under other weights; none where a run must be fitted anew.
    reweigh: Option<Reweigh>,
    /// Where weights are drawn.
    draws: Vec<WeightDraw>,
    /// For each drawn weight its place among those that the simulation names.
    places: Vec<Option<usize>>,
}

/// A node whose weights are drawn.
#[derive(Debug, Clone)]
struct WeightDraw {
    /// The doubts about it, in their order.
    doubts: Vec<usize>,
    inner: usize,
    code: String,
    children: Vec<String>,
    nominal: Vec<f64>,
}

impl Ready {
    /// Node, child and weight of everything that was drawn.
    pub(super) fn named_weights(&self, drawn: &mut [f64]) -> Result<Vec<(String, String, f64)>> {
        Engine::normalise(self, drawn)?;
        let names = Engine::names_of(&self.draws);
        Ok(names.zip(drawn).map(|((node, child), weight)| (node, child, *weight)).collect())
    }
}

/// What happened in a go of runs.
pub(super) struct Go<'a> {
    /// The number of the run.
    pub(super) run: usize,
    pub(super) scores: &'a [f64],
    /// 0 for a city without a score.
    pub(super) ranks: &'a [u32],
    /// The drawn weights, in the order of [`Engine::weight_names`]; 0 of a child that the run left out; nothing where it draws
    /// none.
    pub(super) weights: &'a [f64],
}

/// What is made of the runs.
pub(super) trait Sink: Sync {
    /// What one go of runs leaves until it is collected.
    type Slot: Default + Send;

    fn begin(&self, slot: &mut Self::Slot);
    fn see(&self, slot: &mut Self::Slot, go: &Go<'_>);
    fn fail(&self, slot: &mut Self::Slot, error: Error);
    fn end(&self, slot: &mut Self::Slot);
    /// Takes what a wave of goes has left, in their order.
    fn collect(&mut self, slots: &[Self::Slot], threads: &Threads);
    /// Runs that could not be begun.
    fn lost(&mut self, error: &Error, runs: usize);
}

/// Buffers of a thread.
#[derive(Debug, Default)]
pub(super) struct RunWork {
    scores: Vec<f64>,
    ranks: Vec<u32>,
    weights: Vec<f64>,
    named: Vec<f64>,
    streams: Vec<Option<Stream>>,
    steps: Vec<f64>,
    reweigh: ReweighWork,
    rank: RankWork,
}

impl Engine {
    pub(super) fn new(
        method: &Method,
        framework: &Framework,
        cities: &Dataset,
        node: &str,
        doubts: &[Doubt],
        design: Design,
    ) -> Result<Self> {
        framework.node(node)?;
        let mut method = method.clone();
        let mut faults = method.faults(framework);
        let out = method.excluded.iter().any(|code| is_under(framework, node, code));
        if out || framework.indices().all(|index| !is_under(framework, node, &index.code)) {
            return Err(Fault::Out { node: node.to_owned() }.into());
        }
        // What stands under other indices has no say, and must not make a run fail.
        let others = framework.indices().filter(|index| !is_under(framework, node, &index.code));
        method.excluded.extend(others.map(|index| index.code.clone()));
        if doubts.is_empty() {
            faults.push(Fault::NoDoubts);
        }
        for doubt in doubts {
            let own = doubt.faults(framework, cities);
            let sound = own.is_empty();
            faults.extend(own);
            let named: Vec<&String> = match doubt {
                Doubt::Weights { nodes, .. } => nodes.iter().collect(),
                Doubt::LeaveOut { nodes, .. } => nodes.iter().collect(),
                _ => Vec::new(),
            };
            let idle = named.into_iter().filter(|code| sound && !is_under(framework, code, node));
            faults.extend(idle.map(|code| Fault::NoEffect {
                doubt: doubt.name(),
                code: code.clone(),
                node: node.to_owned(),
            }));
        }
        // A fault that several doubts share is told once.
        let mut problems: Vec<Problem> = Vec::new();
        for fault in faults {
            if problems.iter().all(|known| known.fault != fault) {
                problems.push(fault.into());
            }
        }
        Problems::check(problems)?;
        Ok(Self {
            framework: framework.clone(),
            method,
            cities: cities.clone(),
            doubts: doubts.to_vec(),
            node: node.to_owned(),
            design,
        })
    }

    fn stream(&self, run: usize, doubt: usize) -> Stream {
        self.design.stream(run, doubt, self.doubts.len())
    }

    /// What a run has chosen among alternatives: equal keys share method and table.
    fn key(&self, run: usize) -> Vec<u64> {
        let mut key = Vec::new();
        for (d, doubt) in self.doubts.iter().enumerate() {
            match doubt {
                Doubt::LeaveOut { nodes, how: LeaveOut::AtRandom { probability } } => {
                    let mut stream = self.stream(run, d);
                    for nodes in nodes.chunks(64) {
                        let bits = nodes.iter().enumerate();
                        key.push(bits.fold(0, |bits, (i, _)| bits | u64::from(stream.uniform() < *probability) << i));
                    }
                }
                Doubt::Weights { .. } | Doubt::Measurement(_) => {}
                _ => {
                    key.extend(doubt.alternatives().map(|of| self.stream(run, d).choice(of) as u64));
                }
            }
        }
        key
    }

    /// The runs that share a key, in the order of the keys.
    fn groups(&self, runs: usize) -> Vec<Vec<usize>> {
        let choices = self.doubts.iter().any(|d| !matches!(d, Doubt::Weights { .. } | Doubt::Measurement(_)));
        if !choices {
            return vec![(0..runs).collect()];
        }
        let mut groups: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        for run in 0..runs {
            groups.entry(self.key(run)).or_default().push(run);
        }
        groups.into_values().collect()
    }

    /// Method and table of a run, before weights and errors of measurement are drawn.
    pub(super) fn variant(&self, run: usize) -> Result<Variant> {
        let (mut method, mut cities) = (self.method.clone(), self.cities.clone());
        for (d, doubt) in self.doubts.iter().enumerate() {
            let mut stream = self.stream(run, d);
            let pick = |stream: &mut Stream| stream.choice(doubt.alternatives().unwrap_or(1));
            match doubt {
                Doubt::Weights { .. } | Doubt::Measurement(_) => {}
                Doubt::Weighting(all) => method.weighting = all[pick(&mut stream)].clone(),
                Doubt::Normalisation(all) => method.normalisation = all[pick(&mut stream)].clone(),
                Doubt::Aggregation(all) => method.aggregation = all[pick(&mut stream)].clone(),
                Doubt::Treatment(all) => method.treatment = all[pick(&mut stream)].clone(),
                Doubt::Imputation(all) => method.imputation = all[pick(&mut stream)].clone(),
                Doubt::Coverage(all) => method.coverage = all[pick(&mut stream)],
                Doubt::Table(all) => cities = all[pick(&mut stream)].select(self.cities.cities())?,
                Doubt::LeaveOut { nodes, how: LeaveOut::OneAtATime } => {
                    if let Some(node) = nodes.get(pick(&mut stream)) {
                        method.excluded.insert(node.clone());
                    }
                }
                Doubt::LeaveOut { nodes, how: LeaveOut::AtRandom { probability } } => {
                    let left_out = nodes.iter().filter(|_| stream.uniform() < *probability);
                    method.excluded.extend(left_out.cloned());
                }
            }
        }
        Ok(Variant { method, cities })
    }

    /// Fits a variant once for all runs that share it.
    pub(super) fn ready(&self, run: usize, names: &[(String, String)]) -> Result<Ready> {
        let variant = self.variant(run)?;
        let composite = variant.method.fit(&self.framework, &variant.cities)?;
        let Some(position) = composite.position(&self.node) else {
            return Err(Fault::Out { node: self.node.clone() }.into());
        };
        let draws = self.weight_draws(&composite, position);
        let measured = self.doubts.iter().any(|d| matches!(d, Doubt::Measurement(_)));
        let (mut fixed, mut reweigh) = (None, None);
        if !measured {
            match position {
                Position::Inner(target) if !draws.is_empty() => {
                    let mut varied = vec![false; composite.inner_len()];
                    draws.iter().for_each(|draw| varied[draw.inner] = true);
                    let cities = composite.own_order(&variant.cities)?;
                    reweigh = composite.reweigh(&cities, &composite.prepare(&cities), target, &varied);
                }
                _ => fixed = Some(composite.score(&variant.cities)?.column(position)),
            }
        }
        let find = |name: (String, String)| names.iter().position(|known| *known == name);
        let places = Self::names_of(&draws).map(find).collect();
        Ok(Ready { composite, variant, fixed, reweigh, draws, places })
    }

    /// The nodes whose weights a run draws. Where each city has weights of its own there are none to draw.
    fn weight_draws(&self, composite: &Composite, target: Position) -> Vec<WeightDraw> {
        let Position::Inner(target) = target else { return Vec::new() };
        let below = composite.below(target);
        let mut draws = Vec::new();
        for inner in (0..=target).filter(|&i| below[i]) {
            let code = composite.inner_code(inner);
            let names = |doubt: &Doubt| match doubt {
                Doubt::Weights { nodes, .. } => nodes.is_empty() || nodes.contains(code),
                _ => false,
            };
            let doubts: Vec<usize> = (0..self.doubts.len()).filter(|&d| names(&self.doubts[d])).collect();
            if doubts.is_empty() || composite.has_own_weights(inner) {
                continue;
            }
            let (children, nominal) =
                composite.children(inner).map(|(child, w)| (composite.code(child).to_owned(), w)).unzip();
            draws.push(WeightDraw { doubts, inner, code: code.to_owned(), children, nominal });
        }
        draws
    }

    /// Node and child of every weight that runs may draw, of the nominal composite.
    fn weight_names(&self, nominal: &Composite, position: Position) -> Vec<(String, String)> {
        Self::names_of(&self.weight_draws(nominal, position)).collect()
    }

    fn names_of(draws: &[WeightDraw]) -> impl Iterator<Item = (String, String)> {
        draws.iter().flat_map(|draw| draw.children.iter().map(|child| (draw.code.clone(), child.clone())))
    }

    /// Draws the weights of a run, one node after the other; as they are, before they are made to add up to 1. Doubts about the
    /// same weights act one after the other, each around what the one before gave.
    fn draw_weights(&self, ready: &Ready, run: usize, streams: &mut Vec<Option<Stream>>, out: &mut Vec<f64>) {
        out.clear();
        streams.clear();
        streams.resize(self.doubts.len(), None);
        for draw in &ready.draws {
            let start = out.len();
            out.extend_from_slice(&draw.nominal);
            for (at, &doubt) in draw.doubts.iter().enumerate() {
                let Doubt::Weights { spread, .. } = &self.doubts[doubt] else { continue };
                // A doubt has one stream for all its nodes.
                let stream = streams[doubt].get_or_insert_with(|| self.stream(run, doubt));
                let own = &mut out[start..];
                if at > 0 {
                    normalise(own);
                }
                match spread {
                    WeightSpread::Uniform => own.iter_mut().for_each(|w| *w = stream.exponential()),
                    WeightSpread::Within { share } => {
                        own.iter_mut().for_each(|w| *w *= 1.0 + share * (2.0 * stream.uniform() - 1.0));
                    }
                    WeightSpread::Dirichlet { concentration } => {
                        own.iter_mut().for_each(|w| {
                            let positive = *w > 0.0;
                            *w = if positive { stream.ln_gamma_variate(concentration * *w) } else { f64::NEG_INFINITY };
                        });
                        // Relative to the largest, because small shapes give numbers below double precision.
                        let most = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                        own.iter_mut().for_each(|w| *w = (*w - most).exp());
                    }
                    WeightSpread::Sets(sets) => {
                        // One set for all nodes of the doubt, so that each node asks the stream anew.
                        let set = &sets[self.stream(run, doubt).choice(sets.len())];
                        // A set that names some of the siblings is read beside the framework's weights, as the method would.
                        if draw.children.iter().any(|code| set.weight(code).is_some()) {
                            for (w, code) in own.iter_mut().zip(&draw.children) {
                                let framework = || self.framework.node(code).map_or(0.0, |node| node.weight);
                                *w = set.weight(code).unwrap_or_else(framework);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Makes the drawn weights of each node add up to 1, as a method does with those it is given; those that were not moved
    /// keep their last digit. A run in which all siblings have weight 0 cannot be computed.
    fn normalise(ready: &Ready, weights: &mut [f64]) -> Result<()> {
        let mut from = 0;
        for draw in &ready.draws {
            let own = &mut weights[from..from + draw.nominal.len()];
            from += own.len();
            if *own != draw.nominal[..] {
                normalise(own);
                if own.iter().all(|&w| w == 0.0) {
                    return Err(Fault::ZeroWeights { parent: draw.code.clone() }.into());
                }
            }
        }
        Ok(())
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
        let mut done = 0;
        let mut slots: Vec<S::Slot> = Vec::new();
        slots.resize_with(wave, Default::default);
        let mut buffers: Vec<RunWork> = Vec::new();
        buffers.resize_with(wave, Default::default);
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
                    // Where each run is fitted by itself goes are small, so that progress is told, and a stop heeded, soon.
                    Some(Ok(ready)) => {
                        let len = if ready.fixed.is_some() || ready.reweigh.is_some() { CHUNK } else { CHUNK / 8 };
                        jobs.extend(runs.chunks(len).map(|runs| (ready, runs)));
                    }
                    Some(Err(error)) => {
                        sink.lost(error, runs.len());
                        done += runs.len();
                    }
                    None => {}
                }
            }
            for jobs in jobs.chunks(wave) {
                let slots = &mut slots[..jobs.len()];
                let now = &*sink;
                let mut both: Vec<(&mut S::Slot, &mut RunWork)> = slots.iter_mut().zip(&mut buffers).collect();
                threads.each(&mut both, |i, (slot, work)| {
                    now.begin(slot);
                    let (ready, runs) = jobs[i];
                    let cell = std::cell::RefCell::new(&mut **slot);
                    let see = |_: usize, go: &Go<'_>| now.see(&mut cell.borrow_mut(), go);
                    self.go(ready, runs, names.len(), work, see, |error| now.fail(&mut cell.borrow_mut(), error));
                    now.end(slot);
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
        let scores = composite.score(&self.cities)?.column(position);
        let mut ranks = vec![0; scores.len()];
        places_into(&scores, self.method.tolerance, &mut RankWork::default(), &mut ranks);
        Ok(Nominal { names: self.weight_names(&composite, position), scores, ranks })
    }

    /// Does some runs that share a variant, and shows each to `see`; a run that cannot be computed goes to `fail`.
    fn go(
        &self,
        ready: &Ready,
        runs: &[usize],
        names: usize,
        work: &mut RunWork,
        mut see: impl FnMut(usize, &Go<'_>),
        mut fail: impl FnMut(Error),
    ) {
        let n = self.cities.len();
        let tolerance = self.method.tolerance;
        work.ranks.resize(n, 0);
        work.scores.resize(TOGETHER * n, 0.0);
        if let Some(scores) = &ready.fixed {
            places_into(scores, tolerance, &mut work.rank, &mut work.ranks);
            for (k, &run) in runs.iter().enumerate() {
                see(k, &Go { run, scores, ranks: &work.ranks, weights: &[] });
            }
            return;
        }
        let Some(reweigh) = &ready.reweigh else {
            for (k, &run) in runs.iter().enumerate() {
                match self.column(ready, run, &mut work.weights) {
                    Ok(scores) => {
                        places_into(&scores, tolerance, &mut work.rank, &mut work.ranks);
                        Self::named(ready, names, &work.weights, &mut work.named);
                        see(k, &Go { run, scores: &scores, ranks: &work.ranks, weights: &work.named });
                    }
                    Err(error) => fail(error),
                }
            }
            return;
        };
        let wide = reweigh.weights();
        work.steps.resize(TOGETHER * wide, 0.0);
        let RunWork { scores: columns, ranks, weights: drawn, named, streams, steps: all, reweigh: buffers, rank } =
            work;
        for (at, four) in runs.chunks(TOGETHER).enumerate() {
            let together = reweigh.is_plain() && four.len() == TOGETHER;
            let mut bad = [false; TOGETHER];
            for (slot, &run) in four.iter().enumerate() {
                self.draw_weights(ready, run, streams, drawn);
                if let Err(error) = Self::normalise(ready, drawn) {
                    bad[slot] = true;
                    fail(error);
                }
                Self::spread(ready, reweigh, drawn, &mut all[slot * wide..][..wide]);
            }
            if together {
                let set = |slot: usize| &all[slot * wide..][..wide];
                let (a, rest) = columns.split_at_mut(n);
                let (b, rest) = rest.split_at_mut(n);
                let (c, d) = rest.split_at_mut(n);
                reweigh.together([set(0), set(1), set(2), set(3)], [a, b, c, &mut d[..n]], buffers);
            } else {
                for slot in 0..four.len() {
                    let out = &mut columns[slot * n..][..n];
                    reweigh.score(&all[slot * wide..][..wide], out, buffers);
                }
            }
            for (slot, &run) in four.iter().enumerate().filter(|&(slot, _)| !bad[slot]) {
                let scores = &columns[slot * n..][..n];
                places_into(scores, tolerance, rank, ranks);
                Self::gather(ready, reweigh, &all[slot * wide..][..wide], drawn);
                Self::named(ready, names, drawn, named);
                see(at * TOGETHER + slot, &Go { run, scores, ranks, weights: named });
            }
        }
    }

    /// The weights of every step: drawn, or those of the composite.
    fn spread(ready: &Ready, reweigh: &Reweigh, drawn: &[f64], out: &mut [f64]) {
        let mut at = 0;
        for (inner, k) in reweigh.steps() {
            let mut from = 0;
            let mut found = false;
            for draw in &ready.draws {
                if draw.inner == inner {
                    out[at..at + k].copy_from_slice(&drawn[from..from + k]);
                    found = true;
                }
                from += draw.nominal.len();
            }
            if !found {
                for (to, (_, weight)) in out[at..at + k].iter_mut().zip(ready.composite.children(inner)) {
                    *to = weight;
                }
            }
            at += k;
        }
    }

    /// The weights of the steps in the order in which they were drawn.
    fn gather(ready: &Ready, reweigh: &Reweigh, steps: &[f64], out: &mut Vec<f64>) {
        out.clear();
        for draw in &ready.draws {
            let mut at = 0;
            for (inner, k) in reweigh.steps() {
                if inner == draw.inner {
                    out.extend_from_slice(&steps[at..at + k]);
                }
                at += k;
            }
        }
    }

    /// The drawn weights in the order of the names.
    fn named(ready: &Ready, names: usize, drawn: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.resize(names, 0.0);
        for (&weight, place) in drawn.iter().zip(&ready.places) {
            if let Some(to) = place.and_then(|place| out.get_mut(place)) {
                *to = weight;
            }
        }
    }

    /// Method and table of a run, with everything that was drawn.
    pub(super) fn drawn(&self, ready: &Ready, run: usize, weights: &mut Vec<f64>) -> Result<Variant> {
        let Variant { mut method, mut cities } = ready.variant.clone();
        self.draw_weights(ready, run, &mut Vec::new(), weights);
        let mut from = 0;
        for draw in &ready.draws {
            let own = &weights[from..from + draw.nominal.len()];
            from += own.len();
            if *own != draw.nominal[..] {
                let named = draw.children.iter().cloned().zip(own.iter().copied());
                let set = WeightSet::new(format!("run {run}"), named)?;
                method = method.weighting_of(draw.code.clone(), Weighting::Set(set));
            }
        }
        for (d, doubt) in self.doubts.iter().enumerate() {
            if let Doubt::Measurement(error) = doubt {
                cities = self.measured(&cities, error, d, run)?;
            }
        }
        Ok(Variant { method, cities })
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

    /// The table with errors of measurement.
    fn measured(&self, cities: &Dataset, error: &MeasurementError, doubt: usize, run: usize) -> Result<Dataset> {
        // One key for the run, from the stream of the doubt, and under it one for every figure.
        let key = self.stream(run, doubt).key();
        cities.map_values(|row, series, value, status| {
            let chosen = error.series.is_empty() || error.series.contains(series);
            let trusted = error.statuses.is_empty() || status.is_some_and(|status| error.statuses.contains(&status));
            if !chosen || !trusted || error.size == 0.0 {
                return value;
            }
            let mut stream = Stream::new(name(name(key, cities.key(row)), series));
            let e = error.size
                * match error.shape {
                    ErrorShape::Normal | ErrorShape::LogNormal => stream.normal(),
                    ErrorShape::Uniform => 2.0 * stream.uniform() - 1.0,
                };
            match (error.scale, error.shape) {
                (_, ErrorShape::LogNormal) => value * e.exp(),
                (ErrorScale::Relative, _) => value * (1.0 + e),
                (ErrorScale::Absolute, _) => value + e,
            }
        })
    }
}

/// Whether a node is another one or stands under it.
fn is_under(framework: &Framework, code: &str, above: &str) -> bool {
    let mut at = Some(code);
    while let Some(code) = at {
        if code == above {
            return true;
        }
        at = framework.node(code).ok().and_then(|node| node.parent.as_deref());
    }
    false
}
