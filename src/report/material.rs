//! What a report is made of: everything that several of its parts need, found out once. Private.

use std::collections::BTreeSet;

use super::{Data, Doubts, Report, Verdicts};
use crate::claims::{Inquiry, TestedClaims};
use crate::composite::Position;
use crate::dataset::Dataset;
use crate::error::{Fault, Result};
use crate::explain::Goal;
use crate::framework::Node;
use crate::observations::Observations;
use crate::robustness::{Simulation, WeightSpace};
use crate::scores::{NodeScores, ScoredCell, Scores};
use crate::trajectory::Trajectory;

/// The cities that the embedded article compares.
const NAMED: [&str; 4] = ["changchun", "detroit", "ruhr", "sheffield"];

/// So many cities are all looked at more closely.
const FEW: usize = 8;

/// Beyond so many cities a picture shows the first ones, and those that are named.
pub(super) const PICTURED: usize = 60;

/// How probable it is that a rank lies in its interval.
pub(super) const INTERVAL: f64 = 0.9;

/// Trajectories by the series that have them.
pub(super) type Paths<'a> = Vec<(&'a Node, Vec<Trajectory>)>;

/// What a report is made of.
#[derive(Debug)]
pub(super) struct Material<'a> {
    pub(super) report: &'a Report<'a>,
    pub(super) scores: &'a Scores,
    pub(super) index: &'a Node,
    /// The scores of the index.
    pub(super) own: NodeScores<'a>,
    /// The keys of the cities that are looked at more closely.
    pub(super) focus: Vec<String>,
    pub(super) simulation: Option<&'a Simulation>,
    pub(super) tested: Option<(&'a TestedClaims, &'a str)>,
    /// The trajectories of the cities that are looked at, by the series that have them.
    pub(super) paths: Paths<'a>,
    /// The number of figures of the longest of the series that these were chosen from.
    pub(super) longest: usize,
    /// The cells of every city, in the order of the table.
    pub(super) cells: Vec<Vec<ScoredCell<'a>>>,
}

impl<'a> Report<'a> {
    /// The table, and the scores of its cities.
    pub(super) fn score(&self) -> Result<(Dataset, Scores)> {
        let dataset = match self.data {
            Data::Known(known) => known.dataset(self.framework, &self.cut)?,
            Data::Table(cities) => cities.clone(),
        };
        let scores = self.method.fit(self.framework, &dataset)?.score(&dataset)?;
        Ok((dataset, scores))
    }

    /// The code of the node that the report is about.
    pub(super) fn find_index(&self, scores: &Scores) -> Result<String> {
        let counts = |node: &&Node| scores.composite().position(&node.code).is_some();
        let node = match &self.index {
            Some(code) => self.framework.node(code)?,
            None => self.framework.indices().find(counts).ok_or(Fault::NothingLeft)?,
        };
        if node.kind.is_series() {
            let what = "be reported on, for it has no parts";
            return Err(Fault::WrongKind { what, code: node.code.clone(), kind: node.kind }.into());
        }
        Ok(node.code.clone())
    }

    /// The trajectories of some cities, by the series that have them, and how many figures the longest has of those that were
    /// looked at.
    fn trajectories(&self, cities: &[String]) -> Result<(Paths<'a>, usize)> {
        let (Data::Known(known), framework) = (self.data, self.framework) else { return Ok((Vec::new(), 0)) };
        let long = |all: &[Trajectory]| all.iter().map(|t| t.points.len()).max().unwrap_or(0);
        let of = |node: &'a Node| {
            let all = cities.iter().map(|key| Trajectory::of_series(known, framework, key, &node.code));
            Ok((node, all.collect::<Result<Vec<_>>>()?))
        };
        if let Some(codes) = &self.series {
            let found = codes.iter().map(|code| of(framework.node(code)?)).collect::<Result<Vec<_>>>()?;
            let longest = found.iter().map(|(_, all)| long(all)).max().unwrap_or(0);
            return Ok((found, longest));
        }
        let (mut found, mut longest) = (Vec::new(), 0);
        for node in framework.series() {
            let (node, all) = of(node)?;
            longest = longest.max(long(&all));
            let told = all.iter().filter(|t| t.trend.is_some()).count();
            if told > 0 && 2 * told >= cities.len() {
                found.push((node, all));
            }
        }
        Ok((found, longest))
    }

    /// The claims, where they are still to be tested.
    pub(super) fn test(&self) -> Result<Option<(TestedClaims, String)>> {
        let Some(Verdicts::Test(claims)) = &self.verdicts else { return Ok(None) };
        let inquiry = match self.data {
            Data::Known(known) => Inquiry::new(self.framework, known).cuts([self.cut.clone()]),
            Data::Table(cities) => Inquiry::of(self.framework, cities),
        };
        let inquiry = inquiry.method(self.method.clone()).weights(WeightSpace::all().within(0.25));
        Ok(Some((inquiry.test_claims(claims)?, inquiry.to_string())))
    }
}

impl<'a> Material<'a> {
    pub(super) fn new(
        report: &'a Report<'a>,
        scores: &'a Scores,
        index: &str,
        run: Option<&'a Simulation>,
        tested: Option<&'a (TestedClaims, String)>,
    ) -> Result<Self> {
        let own = scores.node(index)?;
        let dataset = scores.dataset();
        let simulation = match &report.doubts {
            Some(Doubts::Known(simulation)) => Some(*simulation),
            _ => run,
        };
        if let Some(simulation) = simulation {
            if simulation.node() != index {
                let (found, need) = (simulation.node().to_owned(), index.to_owned());
                return Err(Fault::OtherNode { what: "simulation", found, need }.into());
            }
            dataset.cities().try_for_each(|key| simulation.city(key).map(|_| ()))?;
        }
        let tested = match &report.verdicts {
            Some(Verdicts::Known(tested, open)) => Some((*tested, open.as_str())),
            _ => tested.map(|(tested, open)| (tested, open.as_str())),
        };
        let focus: Vec<String> = if let Some(keys) = &report.focus {
            // Each once, and only such as exist.
            let mut seen = BTreeSet::new();
            let once = keys.iter().filter(|key| seen.insert(key.as_str()));
            once.map(|key| dataset.find_city(key).map(|_| key.clone())).collect::<Result<_>>()?
        } else {
            let named: Vec<_> = NAMED.into_iter().filter(|key| dataset.find_city(key).is_ok()).collect();
            let first = || own.order().into_iter().map(|row| dataset.key(row).to_owned());
            match named.as_slice() {
                // To leave out one or two of a handful would single them out.
                [] if dataset.len() <= FEW => first().collect(),
                [] => own.ranking().take(4).map(|ranked| ranked.city.to_owned()).collect(),
                named => named.iter().map(|&key| key.to_owned()).collect(),
            }
        };
        if let Some(model) = &report.model {
            dataset.find_city(model)?;
        }
        let cells = dataset.cities().map(|key| Ok(scores.cells(key, index)?.collect())).collect::<Result<_>>()?;
        let alone: Vec<String> = report.city.iter().cloned().collect();
        alone.iter().try_for_each(|key| dataset.find_city(key).map(|_| ()))?;
        let (paths, longest) = report.trajectories(if alone.is_empty() { &focus } else { &alone })?;
        Ok(Self { report, scores, index: own.node(), own, focus, simulation, tested, paths, longest, cells })
    }

    /// The figures with years, where there are any.
    pub(super) fn known(&self) -> Option<&'a Observations> {
        match self.report.data {
            Data::Known(known) => Some(known),
            Data::Table(_) => None,
        }
    }

    /// Whether there is anything to say of how cities moved, be it why nothing is told.
    pub(super) fn has_years(&self) -> bool {
        self.known().is_some() || self.report.panel.is_some()
    }

    /// The name of a city, or its key.
    pub(super) fn name<'k>(&'k self, key: &'k str) -> &'k str {
        let dataset = self.scores.dataset();
        dataset.find_city(key).map_or(key, |row| dataset.name(row))
    }

    /// The name of a node, or its code.
    pub(super) fn node_name<'c>(&'c self, code: &'c str) -> &'c str {
        self.report.framework.node(code).map_or(code, |node| node.name.as_str())
    }

    /// The cities to point out: those that are looked at, unless these are all.
    pub(super) fn pointed_out(&self) -> &[String] {
        if self.focus.len() < self.scores.dataset().len() { &self.focus } else { &[] }
    }

    pub(super) fn is_pointed_out(&self, key: &str) -> bool {
        self.pointed_out().iter().any(|k| k == key)
    }

    pub(super) fn counts(&self, code: &str) -> bool {
        self.scores.composite().position(code).is_some()
    }

    /// The children of the index that count.
    pub(super) fn children(&self) -> Result<Vec<&'a Node>> {
        Ok(self.report.framework.children(&self.index.code)?.filter(|node| self.counts(&node.code)).collect())
    }

    /// The indicators under a node that count.
    pub(super) fn indicators(&self, code: &str) -> Result<Vec<&'a Node>> {
        let is_leaf = |n: &&Node| matches!(self.scores.composite().position(&n.code), Some(Position::Leaf(_)));
        Ok(self.report.framework.subtree(code)?.filter(is_leaf).collect())
    }

    /// The other indices that count.
    pub(super) fn others(&self) -> impl Iterator<Item = &'a Node> {
        let beside = |node: &&Node| node.code != self.index.code && self.counts(&node.code);
        self.report.framework.indices().filter(beside)
    }

    /// What a city is to reach.
    pub(super) fn goal(&self) -> Goal {
        let quarter = self.own.ranked().div_ceil(4).max(1);
        self.report.goal.clone().unwrap_or_else(|| Goal::top(&self.index.code, quarter))
    }

    /// A goal with the names of what it is about.
    pub(super) fn goal_in_words(&self, goal: &Goal) -> String {
        let node = self.node_name(goal.node());
        match goal {
            Goal::Score { score, .. } => format!("a score of {} in {node}", super::table::figure(*score)),
            Goal::Rank { rank, .. } => format!("rank {rank} or better in {node}"),
            Goal::Overtake { city, .. } => format!("a better rank than {} in {node}", self.name(city)),
        }
    }
}
