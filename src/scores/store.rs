//! The stored form of scores: readable by others, and enough to be read again.

use serde::{Deserialize, Serialize};

use super::Scores;
use crate::composite::Composite;
use crate::dataset::Dataset;
use crate::error::{Error, Fault, Result};
use crate::format::Format;

/// The stored form: what was computed stands first, by node and in the order of the cities.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    #[serde(default)]
    format: Format,
    cities: Vec<String>,
    nodes: Vec<StoredNode>,
    #[serde(serialize_with = "Composite::serialize_inside")]
    composite: Composite,
    dataset: Dataset,
}

/// The scores of a node. Ranks, and the scores of indicators, are written for other readers, and computed anew when they
/// are read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredNode {
    node: String,
    scores: Vec<Option<f64>>,
    #[serde(default)]
    ranks: Vec<Option<f64>>,
}

impl From<Scores> for Stored {
    fn from(scores: Scores) -> Self {
        let framework = scores.composite.framework();
        let counted = framework.nodes().filter(|node| scores.composite.position(&node.code).is_some());
        let nodes = counted.filter_map(|node| scores.node(&node.code).ok()).map(|node| StoredNode {
            node: node.node().code.clone(),
            scores: node.scores().collect(),
            ranks: node.ranks().collect(),
        });
        let nodes = nodes.collect();
        Self {
            format: Format::Said,
            cities: scores.cities().map(str::to_owned).collect(),
            nodes,
            composite: scores.composite,
            dataset: scores.dataset,
        }
    }
}

impl TryFrom<Stored> for Scores {
    type Error = Error;

    /// Checks stored scores, which may have been changed by hand: they must be what the composite gives for the dataset,
    /// but for the last digits, in which machines differ.
    fn try_from(stored: Stored) -> Result<Self> {
        let damaged = |why| Err(Fault::Damaged { what: "result", why }.into());
        let mut scores = stored.composite.score(&stored.dataset)?;
        if !stored.cities.iter().map(String::as_str).eq(stored.dataset.cities()) {
            return damaged("its cities are not those of its dataset");
        }
        let (n, inner) = (stored.dataset.len(), scores.composite.inner_len());
        let mut values = Vec::with_capacity(inner * n);
        for i in 0..inner {
            let code = scores.composite.inner_code(i);
            match stored.nodes.iter().find(|node| node.node == code) {
                Some(node) if node.scores.len() == n => {
                    values.extend(node.scores.iter().map(|s| s.unwrap_or(f64::NAN)));
                }
                Some(_) => return damaged("there are not as many scores as cities"),
                None => return damaged("its nodes are not those of its composite"),
            }
        }
        let same = |a: f64, b: f64| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
        if !values.iter().zip(&scores.values).all(|(&a, &b)| same(a, b)) {
            return damaged("a score is not what the composite gives");
        }
        scores.replace(values);
        Ok(scores)
    }
}
