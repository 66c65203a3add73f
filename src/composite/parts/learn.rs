//! Learning from the merged summary of a pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::column::{ColumnSummary, Together};
use super::summary::{NodeSummary, Summary};
use super::{PartialFit, Stage, after_screening};
use crate::composite::{Composite, fit};
use crate::error::{Error, Fault, Problem, Problems, Result, What};
use crate::steps::aggregate::Aggregation;
use crate::steps::impute::{Filler, Imputation};
use crate::steps::normalise::Scale;
use crate::steps::siblings::Siblings;
use crate::steps::weight::{Weighting, from_moments};

impl PartialFit {
    /// Learns from the merged summaries of all parts, and gives the fit with the next pass before it.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the summary is of another pass or fit, and as in [`Method::fit`](crate::Method::fit): what
    /// cannot be learned from the cities, with indicator or node.
    pub fn learn(self, summary: &Summary) -> Result<Self> {
        let ours = summary.stage == self.stage && summary.fit == self.fingerprint() && self.fits(summary);
        let Self { mut composite, stage } = self;
        if !ours {
            let why = format!("the summary is not of this fit and its next pass, which is: {stage}");
            return Err(Fault::PartsDiffer { why }.into());
        }
        if summary.kept == 0 {
            return Err(Fault::AllScreened.into());
        }
        let stage = match stage {
            Stage::Screening => {
                composite = composite.without_screened(summary)?;
                after_screening(&composite)
            }
            Stage::Filling => {
                let filler = composite.filler_of(summary)?;
                Arc::make_mut(&mut composite.fitted).filler = filler;
                Stage::Scales
            }
            Stage::Scales => {
                composite.scales_of(summary)?;
                let next = Stage::Nodes(0);
                if composite.fitted.inner.iter().any(|node| composite.node_learns(node)) {
                    next
                } else if composite.all_scored(summary) {
                    Stage::Done
                } else {
                    Stage::Checking
                }
            }
            Stage::Nodes(level) => {
                for (&i, node) in &summary.nodes {
                    let learned = composite.node_of(i, node)?;
                    composite.take(i, learned);
                }
                if composite.learning(level + 1).is_empty() { Stage::Checking } else { Stage::Nodes(level + 1) }
            }
            Stage::Checking => {
                Problems::check(composite.uncovered(|i| summary.scored[i], |leaf| composite.scale(leaf).is_some()))?;
                Stage::Done
            }
            Stage::Done => Stage::Done,
        };
        Ok(Self { composite, stage })
    }

    /// Whether a summary, which may have been stored and changed, has the shape that the pass gives it.
    fn fits(&self, summary: &Summary) -> bool {
        let leaves = self.composite.leaf_len();
        let sound = |columns: &[ColumnSummary], n: usize, most: usize| {
            columns.len() == n && columns.iter().all(|c| c.is_sound() && c.known <= most)
        };
        let indicators = match self.stage {
            Stage::Screening | Stage::Filling | Stage::Scales => leaves,
            _ => 0,
        };
        let nodes = match self.stage {
            Stage::Nodes(level) => self.composite.learning(level),
            _ => Vec::new(),
        };
        let node = |(&i, node): (&usize, &NodeSummary)| {
            sound(&node.children, self.composite.children(i).len(), summary.kept)
                && node.together.as_ref().is_none_or(|together| together.is_sound(&node.children))
                && node.together.is_some() == self.composite.weights_are_learned(i)
        };
        let scored = if self.stage == Stage::Checking { self.composite.inner_len() } else { 0 };
        summary.kept <= summary.cities
            && sound(&summary.indicators, indicators, summary.kept)
            && summary.groups.values().all(|group| sound(&group.indicators, leaves, group.cities))
            && summary.nodes.keys().copied().eq(nodes)
            && summary.nodes.iter().all(node)
            && summary.scored.len() == scored
            && summary.references.iter().all(|(&leaf, v)| leaf < leaves && v.is_none_or(f64::is_finite))
    }
}

impl Composite {
    fn without_screened(self, summary: &Summary) -> Result<Self> {
        let passes = |(leaf, column): &(usize, &ColumnSummary)| {
            let code = self.leaf_code(*leaf);
            self.method().screening.indicator_passes(column.known, column.nonzero, summary.cities, code)
        };
        let out = summary.indicators.iter().enumerate().filter(|at| !passes(at));
        let screened: Vec<String> = out.map(|(leaf, _)| self.leaf_code(leaf).to_owned()).collect();
        let mut composite = self;
        if !screened.is_empty() {
            let plan = fit::plan(composite.framework(), composite.method(), &screened)?;
            composite = Self { fitted: Arc::new(plan) };
            composite.await_nodes();
        }
        composite.fitted.check_scales()?;
        Ok(composite)
    }

    fn filler_of(&self, summary: &Summary) -> Result<Option<Filler>> {
        match &self.method().imputation {
            Imputation::Mean => Ok(Some(Filler::Number(summary.indicators.iter().map(ColumnSummary::mean).collect()))),
            Imputation::GroupMean { attribute } => self.group_means(summary, attribute).map(Some),
            // The measure's common scale needs the ends alone, which two cities hold as well as all.
            other => {
                let two = summary.indicators.iter().map(ColumnSummary::two).collect();
                let columns = self.columns_to_fill(two, Vec::new())?;
                let problems = |faults: Vec<Fault>| Problems::check(faults.into_iter().map(Problem::from).collect());
                other.learn(&columns).or_else(|faults| problems(faults).map(|()| None))
            }
        }
    }

    fn group_means(&self, summary: &Summary, attribute: &str) -> Result<Filler> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut all = Vec::new();
        for (leaf, column) in summary.indicators.iter().enumerate() {
            let mut means = BTreeMap::new();
            for (name, group) in &summary.groups {
                let own = &group.indicators[leaf];
                if let Some(mean) = own.mean() {
                    means.insert(name.clone(), mean);
                } else if column.known > 0 {
                    let (indicator, attribute) = (self.leaf_code(leaf).to_owned(), attribute.to_owned());
                    problems.push(Fault::AllMissingGroup { indicator, attribute, group: name.clone() }.into());
                }
            }
            all.push(means);
        }
        if summary.groups.is_empty() && summary.indicators.iter().any(|column| column.known < summary.kept) {
            problems.push(Fault::NoGroups { attribute: attribute.to_owned(), nearest: None }.into());
        }
        Problems::check(problems)?;
        Ok(Filler::Group(all))
    }

    fn scales_of(&mut self, summary: &Summary) -> Result<()> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut scales = Vec::new();
        for (leaf, column) in summary.indicators.iter().enumerate() {
            let normalisation = self.normalisation(leaf);
            let city = match (normalisation.reference_city(), summary.references.get(&leaf)) {
                (Some(city), None) => {
                    return Err(Error::Unknown { what: What::City, code: city.to_owned(), nearest: None });
                }
                (_, value) => value.map(|value| value.unwrap_or(f64::NAN)),
            };
            let node = self.framework().node(self.leaf_code(leaf))?;
            match normalisation.fit(node, column, self.method().outside, city) {
                Ok(scale) => scales.push(scale),
                Err(fault) => problems.push(fault.into()),
            }
        }
        Problems::check(problems)?;
        for (leaf, scale) in Arc::make_mut(&mut self.fitted).leaves.iter_mut().zip(scales) {
            (leaf.unknown, leaf.scale) = (scale.is_none(), scale);
        }
        Ok(())
    }

    /// Whether every city has a score everywhere, as far as it can be seen at once; as in a fit of the whole.
    fn all_scored(&self, summary: &Summary) -> bool {
        let arithmetic = self.fitted.inner.iter().all(|node| node.aggregation == Aggregation::Arithmetic);
        let total = |leaf: usize| self.scale(leaf).is_some_and(Scale::is_total) && self.columns(leaf).1.is_none();
        let full = |(leaf, column): (usize, &ColumnSummary)| total(leaf) && column.known == summary.kept;
        arithmetic && !self.method().imputation.is_some() && summary.indicators.iter().enumerate().all(full)
    }

    fn node_of(&self, i: usize, node: &NodeSummary) -> Result<fit::LearnedNode> {
        // What an aggregation learns here are the ends alone, which two cities hold as well as all.
        let two: Vec<Vec<f64>> = node.children.iter().map(ColumnSummary::two).collect();
        self.learn_from(i, &two, |siblings| {
            let weighting = self.fitted.weighting_of(siblings.node);
            match &node.together {
                Some(together) if siblings.codes.len() > 1 => weights(weighting, siblings, together),
                _ => weighting.fit(siblings),
            }
        })
    }
}

/// The weights of the children that any city has.
fn weights(weighting: &Weighting, siblings: &Siblings<'_>, all: &Together) -> Result<Vec<f64>, Fault> {
    let deviation = |column: &ColumnSummary| match (weighting, column.ends) {
        (_, Some((low, high))) if low == high => 0.0,
        (Weighting::Critic, Some((low, high))) => column.sd() / (high - low),
        _ => column.sd(),
    };
    let deviations: Vec<f64> = all.columns.iter().map(deviation).collect();
    from_moments(weighting, siblings, all.cities(), &deviations, |i, j| all.correlation(i, j))
}
