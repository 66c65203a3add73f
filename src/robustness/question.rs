//! The question that is run, checked; and what a run chooses among alternatives.

use std::collections::BTreeMap;

use super::design::Design;
use super::doubt::{Doubt, LeaveOut};
use super::engine::{Engine, Variant};
use crate::dataset::Dataset;
use crate::error::{Fault, Problem, Problems, Result};
use crate::framework::Framework;
use crate::kernel::draw::Stream;
use crate::method::Method;

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
            let mut own = doubt.faults(framework, cities);
            own.extend(alternatives(&method, doubt).flat_map(|method| method.faults(framework)));
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

    pub(super) fn stream(&self, run: usize, doubt: usize) -> Stream {
        self.design.stream(run, doubt, self.doubts.len())
    }

    /// What a run has chosen among alternatives: equal keys share method and table.
    pub(super) fn key(&self, run: usize) -> Vec<u64> {
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
    pub(super) fn groups(&self, runs: usize) -> Vec<Vec<usize>> {
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
                Doubt::Table(all) => cities = all[pick(&mut stream)].select(self.cities.cities())?,
                Doubt::LeaveOut { nodes, how: LeaveOut::OneAtATime } => {
                    method.excluded.extend(nodes.get(pick(&mut stream)).cloned());
                }
                Doubt::LeaveOut { nodes, how: LeaveOut::AtRandom { probability } } => {
                    let left_out = nodes.iter().filter(|_| stream.uniform() < *probability);
                    method.excluded.extend(left_out.cloned());
                }
                _ => choose(doubt, || pick(&mut stream), &mut method),
            }
        }
        Ok(Variant { method, cities })
    }
}

/// Makes one of the alternatives of a doubt the choice of a method, picked by its place; nothing where it is about something
/// else than a step.
fn choose(doubt: &Doubt, at: impl FnOnce() -> usize, method: &mut Method) {
    match doubt {
        Doubt::Weighting(all) => method.weighting = all[at()].clone(),
        Doubt::Normalisation(all) => method.normalisation = all[at()].clone(),
        Doubt::Aggregation(all) => method.aggregation = all[at()].clone(),
        Doubt::Treatment(all) => method.treatment = all[at()].clone(),
        Doubt::Imputation(all) => method.imputation = all[at()].clone(),
        Doubt::Coverage(all) => method.coverage = all[at()],
        Doubt::Weights { .. } | Doubt::LeaveOut { .. } | Doubt::Measurement(_) | Doubt::Table(_) => {}
    }
}

/// The methods that the alternatives of a doubt give.
fn alternatives(method: &Method, doubt: &Doubt) -> impl Iterator<Item = Method> {
    (0..doubt.alternatives().unwrap_or(0)).map(move |at| {
        let mut method = method.clone();
        choose(doubt, || at, &mut method);
        method
    })
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
