//! How much each part really counts: effective weights, and influence against importance.

use serde::{Deserialize, Serialize};

use super::Coherence;
use super::correlation::{Correlation, pair};
use crate::composite::Position;
use crate::error::Result;

/// A child of a node: what it is meant to count, and how it goes with the node. See [`Coherence::importance`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Importance {
    /// The code of the child.
    pub child: String,
    /// Its weight: what it is meant to count. The weights of the children add up to 1.
    pub nominal: f64,
    /// Pearson's correlation of its score with the node's; none where one of them does not vary, or fewer than three cities
    /// have both.
    pub correlation: Option<f64>,
    /// The square of the correlation: the share of the node's variance that the child alone accounts for, in straight lines.
    /// 0 where there is no correlation.
    pub influence: f64,
    /// The influence as a share of that of all children; 0 for all where none has any.
    pub share: f64,
}

impl Importance {
    /// How many times as much as it is meant to count it does: [`share`](Self::share) over [`nominal`](Self::nominal), 1 being
    /// just as much. None where it is meant to count nothing, or there is no correlation.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.correlation.filter(|_| self.nominal > 0.0).map(|_| self.share / self.nominal)
    }
}

/// A node's weight in an index: see [`Coherence::effective_weights`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EffectiveWeight {
    /// The code of the node.
    pub node: String,
    /// How far it stands below the index.
    pub depth: usize,
    /// The product of the weights from the index down to it.
    pub weight: f64,
}

impl Coherence<'_> {
    /// What each child of a node is meant to count, and how much it does: nominal weight against influence.
    ///
    /// A child that counts for much and goes with little of the node's variance is not what its weight says. Pitfall:
    /// influence has no cause; children that correlate share theirs. Under benefit of the doubt, where each city has weights of
    /// its own, the nominal weights are equal. An indicator or context series has no children, and a node that the method
    /// excludes none that count: their list is empty.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node.
    ///
    /// Reference: Paruolo, Saisana and Saltelli (2013),
    /// [10.1111/j.1467-985X.2012.01059.x](https://doi.org/10.1111/j.1467-985X.2012.01059.x).
    pub fn importance(&self, node: &str) -> Result<Vec<Importance>> {
        let composite = self.scores.composite();
        composite.framework().node(node)?;
        let Some(position @ Position::Inner(inner)) = composite.position(node) else { return Ok(Vec::new()) };
        let own = self.scores.column(position);
        let part = |(child, nominal): (Position, f64)| {
            let code = composite.code(child);
            let correlation = pair(Correlation::Pearson, (code, &self.scores.column(child)), (node, &own)).r;
            let influence = correlation.map_or(0.0, |r| r * r);
            Importance { child: code.to_owned(), nominal, correlation, influence, share: 0.0 }
        };
        let mut parts: Vec<Importance> = composite.children(inner).map(part).collect();
        let total: f64 = parts.iter().map(|p| p.influence).sum();
        for part in parts.iter_mut().filter(|_| total > 0.0) {
            part.share = part.influence / total;
        }
        Ok(parts)
    }

    /// The weight of every node under an index or measure: the product of the weights down to it, in the order of the
    /// framework. Those of the indicators add up to 1.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node.
    pub fn effective_weights(&self, node: &str) -> Result<Vec<EffectiveWeight>> {
        let composite = self.scores.composite();
        composite.framework().node(node)?;
        let all = composite.position(node).map(|position| composite.effective(position)).unwrap_or_default();
        let told =
            |(position, weight, depth)| EffectiveWeight { node: composite.code(position).to_owned(), depth, weight };
        Ok(all.into_iter().map(told).collect())
    }
}
