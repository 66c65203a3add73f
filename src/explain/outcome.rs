//! What is asked of an outcome, and of whom.

use serde::{Deserialize, Serialize};

use super::association::{Associations, PermutationTest};
use super::permute::{Shuffle, orders};
use crate::error::{Fault, Result};
use crate::framework::Kind;
use crate::kernel::draw::{Stream, mix, name};
use crate::scores::Scores;

/// Asks how nodes go with an outcome over cities, singly ([`on`](Self::on)) or together ([`together`](Self::together)).
///
/// What is found is association among the cities at hand. It says nothing of causes: the figures are observed, not the result
/// of an experiment.
///
/// - Cities without a score on one of the two sides are left out, pair by pair; how many are left is said.
/// - Probabilities are of permutation tests, two-sided: the share of the orders of the outcome at which the coefficient is at
///   least as far from 0. Up to [`EXACT`](Self::EXACT) cities all orders are counted; beyond that `m` are drawn and
///   `p = (b + 1) / (m + 1)`, so that it is never 0 (Phipson and Smyth 2010,
///   [10.2202/1544-6115.1585](https://doi.org/10.2202/1544-6115.1585)).
/// - Intervals are percentile intervals of the bootstrap over cities (Efron and Tibshirani 1993, *An Introduction to the
///   Bootstrap*, chapter 13), 95 %; resamples in which one side is always the same are not counted.
/// - Beside them stand the lowest and highest coefficient that is left when one city is left out.
/// - Everything is seeded, and depends on the keys of the cities, not on their order.
///
/// ```
/// use longspring::{Cut, Method, Outcome, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
///
/// let found = Outcome::of("vitality").runs(999).on(&scores, ["industry", "infrastructure", "investment", "education"])?;
/// println!("{found}");
/// let industry = found.get("industry")?;
/// assert!(industry.spearman.p > 0.0 && industry.holm >= industry.spearman.p);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    node: String,
    pub(super) runs: usize,
    seed: u64,
    /// None where nothing was said.
    group: Option<String>,
}

/// Cities with a score in everything that is asked about, in the order of their keys.
pub(super) struct Common<'a> {
    pub(super) rows: Vec<usize>,
    pub(super) columns: Vec<Vec<f64>>,
    pub(super) keys: Vec<&'a str>,
}

impl Outcome {
    /// Up to so many cities all orders are counted: 40,320.
    pub const EXACT: usize = 8;
    /// Up to so many orders are all counted, within groups too: those of [`EXACT`](Self::EXACT) cities.
    const MOST: usize = 40_320;

    /// An outcome node; 9,999 runs, seed 1, grouped by `region`.
    #[must_use]
    pub fn of(node: impl Into<String>) -> Self {
        Self { node: node.into(), runs: 9_999, seed: 1, group: None }
    }

    /// How many orders and resamples are drawn.
    #[must_use]
    pub fn runs(self, runs: usize) -> Self {
        Self { runs, ..self }
    }

    /// The seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The attribute of the cities by which they are grouped for the partial correlations; `region` where nothing is said.
    #[must_use]
    pub fn group(self, attribute: impl Into<String>) -> Self {
        Self { group: Some(attribute.into()), ..self }
    }

    /// How each node by itself goes with the outcome.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where a node does not exist. [`Error::Invalid`](crate::Error::Invalid) where a
    /// node has no scores, is named twice or shares anything with the outcome, fewer than 4 cities have a score in both, one
    /// of the two is the same everywhere, no run is asked for, or no city has the attribute that was named.
    pub fn on<S: AsRef<str>>(&self, scores: &Scores, nodes: impl IntoIterator<Item = S>) -> Result<Associations> {
        let nodes: Vec<String> = nodes.into_iter().map(|node| node.as_ref().to_owned()).collect();
        self.check(scores, &nodes)?;
        let cities = scores.dataset();
        if let Some(named) = &self.group {
            cities.check_attribute(named)?;
        }
        let mut found = Vec::with_capacity(nodes.len());
        for node in &nodes {
            let common = self.common(scores, std::slice::from_ref(node))?;
            found.push(self.associate(scores, node, &common));
        }
        // Holm: the smallest by the number of nodes, the next by one less, and never less than one before.
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|&a, &b| found[a].spearman.p.total_cmp(&found[b].spearman.p));
        let (mut before, count) = (0.0_f64, order.len());
        for (place, &at) in order.iter().enumerate() {
            before = before.max((found[at].spearman.p * (count - place) as f64).min(1.0));
            found[at].holm = before;
        }
        Ok(Associations { outcome: self.node.clone(), group: self.grouped_by().to_owned(), nodes: found })
    }

    /// Tables without regions are no error as long as nobody asks for them.
    pub(super) fn grouped_by(&self) -> &str {
        self.group.as_deref().unwrap_or("region")
    }

    /// How the orders of rows in groups of these sizes are gone through.
    pub(super) fn test(&self, sizes: &[usize]) -> PermutationTest {
        if orders(sizes).is_some_and(|count| count <= Self::MOST) {
            PermutationTest::Exact
        } else {
            PermutationTest::Drawn(self.runs)
        }
    }

    pub(super) fn node(&self) -> &str {
        &self.node
    }

    pub(super) fn stream(&self, what: &str) -> Stream {
        Stream::new(name(name(mix(self.seed, 0x006f_7574), &self.node), what))
    }

    pub(super) fn shuffle(&self, sizes: &[usize], what: &str) -> Shuffle {
        Shuffle::new(self.test(sizes) == PermutationTest::Exact, self.runs, self.stream(what))
    }

    /// Checks what is asked before anything is computed.
    pub(super) fn check(&self, scores: &Scores, nodes: &[String]) -> Result<()> {
        if self.runs == 0 {
            let (name, need) = ("the number of runs", "1 or more");
            return Err(Fault::Parameter { name, value: 0.0, need }.into());
        }
        if nodes.is_empty() {
            return Err(Fault::NoComparisons.into());
        }
        let framework = scores.composite().framework();
        let has_scores = |code: &str| -> Result<()> {
            let kind = framework.node(code)?.kind;
            if kind == Kind::Context {
                let what = "go with an outcome, for it has no scores";
                return Err(Fault::WrongKind { what, code: code.to_owned(), kind }.into());
            }
            Ok(())
        };
        has_scores(&self.node)?;
        for (i, node) in nodes.iter().enumerate() {
            has_scores(node)?;
            framework.check_apart(node, &self.node)?;
            if nodes[..i].contains(node) {
                let what = crate::error::What::Node;
                return Err(Fault::Duplicate { what, code: node.clone(), first: None }.into());
            }
        }
        Ok(())
    }

    /// The cities that have a score everywhere; the outcome is the first column.
    pub(super) fn common<'a>(&self, scores: &'a Scores, nodes: &[String]) -> Result<Common<'a>> {
        let cities = scores.dataset();
        let mut columns = Vec::new();
        for node in std::iter::once(&self.node).chain(nodes) {
            let Some(position) = scores.composite().position(node) else {
                return Err(Fault::Out { node: node.clone() }.into());
            };
            columns.push(scores.column(position));
        }
        let known = |row: &usize| columns.iter().all(|column| !column[*row].is_nan());
        let rows = cities.by_key((0..cities.len()).filter(known));
        let need = (nodes.len() + 2).max(4);
        if rows.len() < need {
            let named: Vec<String> = std::iter::once(&self.node).chain(nodes).map(|node| format!("`{node}`")).collect();
            return Err(Fault::FewCities {
                what: format!("a score in {}", named.join(" and ")),
                have: rows.len(),
                need,
            }
            .into());
        }
        let columns: Vec<Vec<f64>> =
            columns.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
        for (node, column) in std::iter::once(&self.node).chain(nodes).zip(&columns) {
            if column.iter().all(|value| *value == column[0]) {
                return Err(Fault::SameScore { node: node.clone() }.into());
            }
        }
        let keys = rows.iter().map(|&row| cities.key(row)).collect();
        Ok(Common { rows, columns, keys })
    }
}
