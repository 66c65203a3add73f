//! How a node goes with an outcome: the coefficients, and what one may conclude of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::text::{left, right};

/// How a probability was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PermutationTest {
    /// All orders were counted.
    Exact,
    /// So many were drawn.
    Drawn(usize),
}

/// A coefficient with all that says how far to trust it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coefficient {
    /// The coefficient, from -1 to 1.
    pub value: f64,
    /// The two-sided probability of one at least as far from 0 if nothing went together.
    pub p: f64,
    /// The 95 % percentile interval of the bootstrap; none where fewer than half of the resamples have a coefficient.
    pub interval: Option<(f64, f64)>,
    /// The lowest and highest that is left when one city is left out; none where no city can be.
    pub ends: Option<Ends>,
}

/// The range of a coefficient when one city is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ends {
    /// The lowest coefficient.
    pub low: f64,
    /// The city without which it is that low.
    pub low_without: String,
    /// The highest coefficient.
    pub high: f64,
    /// The city without which it is that high.
    pub high_without: String,
}

/// What is left of an association within regions: Pearson's correlation of deviations from the mean of the group.
///
/// Cities that are alone in their group, or have none, carry nothing and are left out. The probability is that of orders of
/// the outcome within the groups: all of them where they are no more than those of [`Outcome::EXACT`](crate::Outcome::EXACT) cities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Partial {
    /// Of the scores.
    pub pearson: f64,
    /// Its probability.
    pub pearson_p: f64,
    /// Of the ranks among all cities.
    pub spearman: f64,
    /// Its probability.
    pub spearman_p: f64,
    /// How many cities take part.
    pub cities: usize,
    /// In how many groups.
    pub groups: usize,
    /// How many cities are left out.
    pub alone: usize,
    /// How the probabilities were found.
    pub test: PermutationTest,
}

/// How a node goes with the outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Association {
    /// The node.
    pub node: String,
    /// How many cities have a score in both.
    pub cities: usize,
    /// How the probabilities of the three coefficients were found.
    pub test: PermutationTest,
    /// Pearson's correlation of the scores.
    pub pearson: Coefficient,
    /// Spearman's correlation of the ranks.
    pub spearman: Coefficient,
    /// Kendall's tau-b.
    pub kendall: Coefficient,
    /// Spearman's probability, adjusted for the number of nodes that were asked about (Holm 1979, *A simple sequentially
    /// rejective multiple test procedure*, Scandinavian Journal of Statistics 6, 65-70).
    pub holm: f64,
    /// What is left within regions; none where no two groups have two cities each, or one side is the same within all.
    pub partial: Option<Partial>,
}

/// How nodes go with an outcome, one by one. See [`Outcome::on`](crate::Outcome::on).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Associations {
    /// The outcome.
    pub outcome: String,
    /// The attribute of the cities by which they are grouped.
    pub group: String,
    /// The nodes, in the order in which they were asked about.
    pub nodes: Vec<Association>,
}

impl Associations {
    /// How a node goes with the outcome.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where it was not asked about, with the nearest code.
    pub fn get(&self, node: &str) -> Result<&Association> {
        self.nodes.iter().find(|found| found.node == node).ok_or_else(|| crate::Error::Unknown {
            what: crate::error::What::Node,
            code: node.to_owned(),
            nearest: crate::error::nearest(node, self.nodes.iter().map(|found| found.node.as_str())),
        })
    }
}

impl fmt::Display for PermutationTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("all orders counted"),
            Self::Drawn(runs) => write!(f, "{runs} orders drawn"),
        }
    }
}

/// A line a node, and what one may conclude.
impl fmt::Display for Associations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tests: Vec<String> = Vec::new();
        for test in self.nodes.iter().map(|a| a.test.to_string()) {
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
        writeln!(f, "what goes with {} ({})", self.outcome, tests.join(" or "))?;
        let wide = self.nodes.iter().map(|a| a.node.len()).max().unwrap_or(0).max(4);
        let within = format!("within {}", self.group);
        writeln!(
            f,
            "{}  cities  Pearson      p  Spearman      p   Holm  {}  Kendall      p  {within}",
            left("node", wide),
            left("95 % interval", 16),
        )?;
        for a in &self.nodes {
            let interval = a.spearman.interval.map_or_else(|| "-".to_owned(), |(l, h)| format!("{l:.2} to {h:.2}"));
            let partial = a.partial.as_ref().map_or_else(
                || "-".to_owned(),
                |p| format!("{:.2} (p {:.3}, {} cities)", p.spearman, p.spearman_p, p.cities),
            );
            writeln!(
                f,
                "{}  {}  {:7.2}  {:.3}  {:8.2}  {:.3}  {:.3}  {}  {:7.2}  {:.3}  {partial}",
                left(&a.node, wide),
                right(&a.cities.to_string(), 6),
                a.pearson.value,
                a.pearson.p,
                a.spearman.value,
                a.spearman.p,
                a.holm,
                left(&interval, 16),
                a.kendall.value,
                a.kendall.p,
            )?;
        }
        let clear: Vec<&str> = self.nodes.iter().filter(|a| a.holm <= 0.05).map(|a| a.node.as_str()).collect();
        let count = self.nodes.len();
        if clear.is_empty() {
            writeln!(f, "With {count} asked about, none goes with {} more clearly than chance would.", self.outcome)?;
        } else {
            let named = clear.join(", ");
            writeln!(f, "With {count} asked about, beyond chance (Holm, 5 %): {named}.")?;
        }
        f.write_str("These are associations among the cities at hand, observed and not tried out: no causes.\n")
    }
}
