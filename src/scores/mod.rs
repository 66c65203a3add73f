//! The result: scores and ranks of every node, and everything behind them.

mod cell;
mod csv;
mod details;
mod node;
mod obstacles;
mod print;
mod store;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use cell::ScoredCell;
pub use details::NodeDetails;
pub use node::{NodeScores, Ranked};
pub use obstacles::Obstacle;

use crate::composite::{Composite, Position, Prepared, Work};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::flags::{Flag, Flags};
use crate::kernel::rank::{RankWork, rank_into};
use crate::missing::Missing;
use crate::observations::Status;
use store::Stored;

/// The scores and ranks of cities in every node of a framework, and everything behind them: coverage, flags, the figures
/// with their years and sources, and the reason of whatever is missing.
///
/// A score is on the scale of the normalisation, higher is better, whatever the direction of an indicator. A rank is 1
/// for the best; it is a whole number except under [`Ties::Average`](crate::Ties::Average).
///
/// Stored (serde), they begin with the number of the form, `"format"`, and hold the composite and the dataset, with which they are
/// checked when they are read; a form that is newer than this version is refused by its number.
///
/// ```
/// use longspring::{Cut, Method, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
///
/// let renewal = scores.node("renewal")?;
/// let best = renewal.ranking().next().unwrap();
/// assert_eq!((best.name, best.rank), ("Baltimore", 1.0));
///
/// let changchun = scores.get("changchun", "renewal")?;
/// println!("{:.1}, rank {} of {}", changchun.score.unwrap(), changchun.rank.unwrap(), changchun.ranked);
/// for cell in scores.cells("changchun", "renewal")? {
///     println!("{}: {:?} {} {:?}", cell.indicator, cell.figure.value, cell.unit, cell.figure.provenance);
/// }
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Scores {
    composite: Composite,
    dataset: Dataset,
    /// Which gaps were filled in, and which cities screened out.
    prepared: Prepared,
    /// The scores of indices and measures, a column each in the order of the composite; NaN where there is none.
    values: Vec<f64>,
    /// Their ranks: those of the indices at once, the others when they are asked for.
    ranks: Vec<OnceLock<Vec<f64>>>,
    /// The scores and ranks of indicators, when they are asked for.
    leaves: Vec<OnceLock<(Vec<f64>, Vec<f64>)>>,
    /// Kept for the next call of `score_into`.
    work: Work,
    rank_work: RankWork,
}

/// How a city stands in a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Standing {
    /// Its score; none where it has none.
    pub score: Option<f64>,
    /// Its rank, 1 being the best; none where it has no score.
    pub rank: Option<f64>,
    /// How many cities are ranked in the node.
    pub ranked: usize,
    /// How many of the node's children are known: of measures those with a score, whatever is missing under them.
    pub coverage: Coverage,
    /// How many of the indicators under the node are known, at any depth; imputed ones are. An indicator counts as its own.
    #[serde(default)]
    pub figures: Coverage,
    /// What share of the score rests on imputed figures: from 0 to 1, by weight. 0 where there is no score.
    pub imputed: f64,
    /// What should be known before the score is trusted.
    pub flags: Flags,
    /// Why there is no score; none where there is one.
    pub missing: Option<Missing>,
}

/// Score, rank, coverage and flags on one line, or why there is no score: `65.20, rank 2 of 9, 2/2 known (3 of 4 figures)`, with
/// the figures where a smaller share of them is known than of the children.
impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.score, self.rank, &self.missing) {
            (Some(score), Some(rank), _) => {
                write!(f, "{score:.2}, rank {rank} of {}, {} known", self.ranked, self.coverage)?;
                let (children, figures) = (self.coverage, self.figures);
                if figures.have * children.of < children.have * figures.of {
                    write!(f, " ({} of {} figures)", figures.have, figures.of)?;
                }
                if self.imputed > 0.0 {
                    write!(f, ", {:.0} % imputed", self.imputed * 100.0)?;
                }
                if self.flags.is_empty() { Ok(()) } else { write!(f, " [{}]", self.flags) }
            }
            (_, _, Some(why)) => write!(f, "no score: {why}"),
            _ => f.write_str("no score"),
        }
    }
}

/// How many are known of so many: of a node's children, or of the [figures](Standing::figures) under it. An indicator counts as
/// its own child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// How many are known.
    pub have: usize,
    /// How many there are.
    pub of: usize,
}

impl Coverage {
    /// The share that is known, from 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        self.have as f64 / self.of as f64
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{}/{}", self.have, self.of))
    }
}

impl Scores {
    /// A result to be filled.
    pub(crate) fn empty(composite: Composite, dataset: Dataset) -> Self {
        Self {
            composite,
            dataset,
            prepared: Prepared::default(),
            values: Vec::new(),
            ranks: Vec::new(),
            leaves: Vec::new(),
            work: Work::default(),
            rank_work: RankWork::default(),
        }
    }

    /// Scores the cities, and ranks them in the indices; buffers of an earlier result are used again.
    pub(crate) fn fill(&mut self, composite: &Composite, dataset: &Dataset) {
        let (n, inner) = (dataset.len(), composite.inner_len());
        self.composite.clone_from(composite);
        self.dataset.clone_from(dataset);
        self.values.resize(inner * n, f64::NAN);
        self.prepared = composite.prepare(dataset);
        composite.evaluate(dataset, &self.prepared, &mut self.values, &mut self.work);
        self.leaves.clear();
        self.leaves.resize_with(composite.leaf_len(), OnceLock::new);
        self.rank_indices();
    }

    /// Puts other scores in the place of those there are.
    fn replace(&mut self, values: Vec<f64>) {
        self.values = values;
        self.rank_indices();
    }

    /// Ranks the cities in the indices, and forgets all other ranks.
    fn rank_indices(&mut self) {
        let (n, inner) = (self.dataset.len(), self.composite.inner_len());
        self.ranks.resize_with(inner, OnceLock::new);
        for i in 0..inner {
            // The memory of an index's ranks is used again; other ranks wait until they are asked for.
            let ranks = self.ranks[i].take();
            if self.composite.is_index(i) {
                let mut ranks = ranks.unwrap_or_default();
                ranks.resize(n, f64::NAN);
                let method = self.composite.method();
                rank_into(
                    &self.values[i * n..(i + 1) * n],
                    method.ties,
                    method.tolerance,
                    &mut self.rank_work,
                    &mut ranks,
                );
                self.ranks[i] = OnceLock::from(ranks);
            }
        }
    }

    /// The composite that gave the scores.
    #[must_use]
    pub fn composite(&self) -> &Composite {
        &self.composite
    }

    /// The cities that were scored, with their figures.
    #[must_use]
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The keys of the cities, in the order of the dataset.
    #[must_use]
    pub fn cities(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.dataset.cities()
    }

    /// The scores of a node: an index, a measure or an indicator.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node, with the nearest code.
    pub fn node(&self, code: &str) -> Result<NodeScores<'_>> {
        let node = self.composite.framework().node(code)?;
        let position = self.composite.position(code);
        let (values, ranks) = match position {
            Some(position) => (self.values_of(position), self.ranks_of(position)),
            None => (&[][..], &[][..]),
        };
        Ok(NodeScores { scores: self, node, position, values, ranks })
    }

    /// The score of a city in a node; none where it has none, for the reason that [`Scores::get`] gives.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node, with the nearest code.
    pub fn score(&self, city: &str, node: &str) -> Result<Option<f64>> {
        let row = self.dataset.find_city(city)?;
        self.composite.framework().node(node)?;
        let score = self.composite.position(node).map(|position| self.score_at(position, row));
        Ok(score.filter(|s| !s.is_nan()))
    }

    /// The rank of a city in a node, 1 being the best; none where it has no score.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node, with the nearest code.
    pub fn rank(&self, city: &str, node: &str) -> Result<Option<f64>> {
        let row = self.dataset.find_city(city)?;
        Ok(self.node(node)?.rank_at(row))
    }

    /// How a city stands in a node: score, rank, coverage, flags, and the reason where there is no score.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node, with the nearest code.
    pub fn get(&self, city: &str, node: &str) -> Result<Standing> {
        let row = self.dataset.find_city(city)?;
        let node = self.node(node)?;
        let score = node.score_at(row);
        Ok(Standing {
            score,
            rank: node.rank_at(row),
            ranked: node.ranked(),
            coverage: node.position.map_or(Coverage::default(), |p| self.coverage_at(p, row)),
            figures: node.position.map_or(Coverage::default(), |p| self.figures_at(p, row)),
            imputed: node.position.filter(|_| score.is_some()).map_or(0.0, |p| self.imputed_share(p, row)),
            flags: node.position.map_or_else(Flags::default, |p| self.flags_at(p, row)),
            missing: if score.is_some() { None } else { Some(self.missing_at(node.position, row)) },
        })
    }

    /// The weight that a node has in its parent's score of a city, after rescaling over what is known; none where the
    /// city has no score in one of the two, or the node no parent. Under benefit of the doubt, where each city has its own,
    /// it is what the child's score is multiplied by, and the weights need not add up to 1.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node, with the nearest code.
    pub fn weight(&self, city: &str, node: &str) -> Result<Option<f64>> {
        let row = self.dataset.find_city(city)?;
        let parent = self.composite.framework().node(node)?.parent.as_deref();
        let (Some(own), Some(Position::Inner(parent))) =
            (self.composite.position(node), parent.and_then(|p| self.composite.position(p)))
        else {
            return Ok(None);
        };
        let known = |position| !self.score_at(position, row).is_nan();
        if !known(own) || !known(Position::Inner(parent)) {
            return Ok(None);
        }
        Ok(self.weights_at(parent, row).into_iter().find(|&(p, _)| p == own).map(|(_, w)| w))
    }

    /// The indicators behind a city's score in a node, in the order of the framework: figure, provenance, score, flags,
    /// or why it is missing.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node, with the nearest code.
    pub fn cells(&self, city: &str, node: &str) -> Result<impl Iterator<Item = ScoredCell<'_>>> {
        let row = self.dataset.find_city(city)?;
        let nodes = self.composite.framework().subtree(node)?;
        let leaf = move |node: &'_ crate::Node| match self.composite.position(&node.code) {
            Some(Position::Leaf(leaf)) => Some(leaf),
            _ => None,
        };
        Ok(nodes.filter_map(move |node| leaf(node).map(|leaf| self.cell_at(node, leaf, row))))
    }

    pub(crate) fn score_at(&self, position: Position, row: usize) -> f64 {
        match position {
            Position::Inner(i) => self.values[i * self.dataset.len() + row],
            Position::Leaf(leaf) => self.composite.leaf_score(leaf, &self.dataset, &self.prepared, row),
        }
    }

    /// Which gaps were filled in, and which cities screened out.
    pub(crate) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// The scores of a node in the order of the cities; NaN where a city has none.
    pub(crate) fn column(&self, position: Position) -> Vec<f64> {
        self.values_of(position).to_vec()
    }

    /// The values of an indicator after denomination, with their gaps.
    pub(crate) fn base_column(&self, leaf: usize) -> Vec<f64> {
        self.composite.base_values(leaf, &self.dataset).to_vec()
    }

    /// The values of an indicator after imputation and treatment.
    pub(crate) fn treated_column(&self, leaf: usize) -> Vec<f64> {
        let values = self.composite.values(leaf, &self.dataset, &self.prepared).to_vec();
        values.into_iter().map(|value| self.composite.treated_value(leaf, value)).collect()
    }

    pub(crate) fn values_of(&self, position: Position) -> &[f64] {
        match position {
            Position::Inner(i) => {
                let n = self.dataset.len();
                &self.values[i * n..(i + 1) * n]
            }
            Position::Leaf(leaf) => &self.leaf(leaf).0,
        }
    }

    pub(crate) fn ranks_of(&self, position: Position) -> &[f64] {
        match position {
            Position::Inner(i) => self.ranks[i].get_or_init(|| self.rank_all(self.values_of(position))),
            Position::Leaf(leaf) => &self.leaf(leaf).1,
        }
    }

    fn leaf(&self, leaf: usize) -> &(Vec<f64>, Vec<f64>) {
        self.leaves[leaf].get_or_init(|| {
            let scores = self.composite.leaf_scores(leaf, &self.dataset, &self.prepared);
            let ranks = self.rank_all(&scores);
            (scores, ranks)
        })
    }

    fn rank_all(&self, scores: &[f64]) -> Vec<f64> {
        let mut ranks = vec![f64::NAN; scores.len()];
        let method = self.composite.method();
        rank_into(scores, method.ties, method.tolerance, &mut RankWork::default(), &mut ranks);
        ranks
    }

    fn coverage_at(&self, position: Position, row: usize) -> Coverage {
        match position {
            Position::Leaf(_) => Coverage { have: usize::from(!self.score_at(position, row).is_nan()), of: 1 },
            Position::Inner(i) => {
                let children = self.composite.children(i);
                let of = children.len();
                Coverage { have: children.filter(|&(p, _)| !self.score_at(p, row).is_nan()).count(), of }
            }
        }
    }

    /// The indicators under a node.
    fn figures_at(&self, position: Position, row: usize) -> Coverage {
        let (leaves, _) = self.composite.under(position, |_, _| true);
        let known = |&&leaf: &&usize| !self.score_at(Position::Leaf(leaf), row).is_nan();
        Coverage { have: leaves.iter().filter(known).count(), of: leaves.len() }
    }

    /// The flags of the indicators that count in a node. Trees may be deep, so this does not recurse.
    fn flags_at(&self, position: Position, row: usize) -> Flags {
        let mut flags = Flags::default();
        let mut stack = vec![position];
        while let Some(position) = stack.pop() {
            if self.score_at(position, row).is_nan() {
                continue;
            }
            match position {
                Position::Leaf(leaf) => flags = flags.union(self.leaf_flags(leaf, row)),
                Position::Inner(i) => {
                    stack.extend(self.composite.children(i).filter(|&(_, w)| w > 0.0).map(|(p, _)| p));
                }
            }
        }
        flags
    }

    pub(crate) fn leaf_flags(&self, leaf: usize, row: usize) -> Flags {
        let value = self.value_at(leaf, row);
        let treated = self.composite.treated_value(leaf, value);
        let Some(scale) = self.composite.scale(leaf).filter(|_| !treated.is_nan()) else { return Flags::default() };
        let mut flags = scale.flags(treated);
        if self.composite.pulled_in(leaf, value) != value {
            flags = flags.with(Flag::Treated);
        }
        if self.is_imputed(leaf, row) {
            flags = flags.with(Flag::Imputed);
        }
        let (figure, denominator) = self.cells_of(leaf, row);
        let unreliable = |cell: &crate::Cell<'_>| cell.provenance.is_some_and(|p| p.status == Status::LowReliability);
        let low = unreliable(&figure) || denominator.is_some_and(|(_, cell)| unreliable(&cell));
        if low { flags.with(Flag::LowReliability) } else { flags }
    }

    /// The value of an indicator after denomination and imputation; NaN where it is missing.
    pub(crate) fn value_at(&self, leaf: usize, row: usize) -> f64 {
        self.composite.values(leaf, &self.dataset, &self.prepared).at(row)
    }

    /// Whether the value of an indicator was filled in: by the method, or over time when the table was made.
    pub(crate) fn is_imputed(&self, leaf: usize, row: usize) -> bool {
        if self.composite.is_imputed(leaf, &self.dataset, &self.prepared, row) {
            return true;
        }
        let filled = |cell: &crate::Cell<'_>| cell.provenance.is_some_and(|p| p.status == Status::Imputed);
        let (figure, denominator) = self.cells_of(leaf, row);
        filled(&figure) || denominator.is_some_and(|(_, cell)| filled(&cell))
    }

    /// What share of a node's score rests on imputed figures, by the weights that the known children have. Trees may be
    /// deep, so this does not recurse.
    fn imputed_share(&self, position: Position, row: usize) -> f64 {
        let mut share = 0.0;
        let mut stack = vec![(position, 1.0)];
        while let Some((position, weight)) = stack.pop() {
            match position {
                Position::Leaf(leaf) => share += if self.is_imputed(leaf, row) { weight } else { 0.0 },
                Position::Inner(i) => {
                    let parts = self.weights_at(i, row);
                    let total: f64 = parts.iter().map(|(_, w)| w).sum();
                    stack.extend(parts.into_iter().filter(|(_, w)| *w > 0.0).map(|(p, w)| (p, weight * w / total)));
                }
            }
        }
        share.min(1.0)
    }

    /// The known children of a node with the weights that they have for a city: what they are multiplied by.
    fn weights_at(&self, inner: usize, row: usize) -> Vec<(Position, f64)> {
        let known: Vec<(Position, f64)> =
            self.composite.children(inner).filter(|&(p, _)| !self.score_at(p, row).is_nan()).collect();
        if let Some(weights) = self.composite.own_weights(inner, |p| self.score_at(p, row)) {
            return weights.into_iter().filter(|&(p, _)| known.iter().any(|&(k, _)| k == p)).collect();
        }
        let total: f64 = known.iter().map(|(_, w)| w).sum();
        known.into_iter().map(|(p, w)| (p, w / total)).collect()
    }

    /// Why a city has no score in a node.
    pub(crate) fn missing_at(&self, position: Option<Position>, row: usize) -> Missing {
        match position {
            None => Missing::Excluded,
            Some(Position::Inner(_)) if self.prepared.is_out(row) => Missing::Screened,
            Some(Position::Inner(i)) => {
                self.composite.why_not(i, &self.dataset, &self.prepared, row, |p| self.score_at(p, row))
            }
            Some(Position::Leaf(leaf)) => self.leaf_missing(leaf, row),
        }
    }

    /// Whether a city has the figures of a node, and they give no score.
    pub(crate) fn is_not_computed(&self, position: Position, row: usize) -> bool {
        self.score_at(position, row).is_nan() && self.missing_at(Some(position), row).is_not_computed()
    }

    fn leaf_missing(&self, leaf: usize, row: usize) -> Missing {
        let (figure, denominator) = self.cells_of(leaf, row);
        // A value that was filled in is there, though the figure is not.
        if self.value_at(leaf, row).is_nan() {
            if let Some(why) = figure.missing {
                return why;
            }
            if let Some((series, cell)) = denominator {
                if let Some(why) = cell.missing {
                    return Missing::Denominator { series: series.to_owned(), why: Box::new(why) };
                }
            }
        }
        self.composite.leaf_reason(leaf, &self.dataset, &self.prepared, row)
    }
}
