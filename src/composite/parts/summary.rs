//! What one part of the cities says in one pass of a fit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Stage;
use super::column::{ColumnSummary, Together};
use crate::error::{Fault, Result};
use crate::format::Format;

/// What one part of the cities says in one pass of a fit: counts, ends and exact sums, whose size does not depend on how many
/// cities there are. Made by [`PartialFit::summarise`](crate::PartialFit::summarise), which has an example.
///
/// Summaries can be stored and sent (serde). Merged in any order and grouping they are equal to the last bit, and so is what is
/// learned from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    #[serde(default)]
    pub(super) format: Format,
    pub(super) stage: Stage,
    /// A number that stands for what was fitted so far: summaries of other fits do not go with these.
    pub(super) fit: u64,
    pub(super) cities: usize,
    /// The cities that are not screened out.
    pub(super) kept: usize,
    /// The indicators, in the order of the composite.
    pub(super) indicators: Vec<ColumnSummary>,
    /// The value of the reference city of an indicator, where the part has the city: none where the city lacks it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) references: BTreeMap<usize, Option<f64>>,
    /// The groups of cities by which gaps are filled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) groups: BTreeMap<String, Group>,
    /// The nodes that learn in this pass.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) nodes: BTreeMap<usize, NodeSummary>,
    /// Of each index and measure, whether any city has a score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) scored: Vec<bool>,
}

/// The cities of a group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) cities: usize,
    pub(super) indicators: Vec<ColumnSummary>,
}

/// The children of a node that learns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeSummary {
    pub(super) children: Vec<ColumnSummary>,
    /// Where the weights are learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) together: Option<Together>,
}

impl NodeSummary {
    /// Whether the two can be brought together.
    fn is_like(&self, other: &Self) -> bool {
        let whole = |node: &Self| node.together.as_ref().is_none_or(Together::has_its_lengths);
        self.children.len() == other.children.len()
            && self.together.is_some() == other.together.is_some()
            && whole(self)
            && whole(other)
    }
}

fn merge_all(own: &mut [ColumnSummary], other: &[ColumnSummary]) {
    own.iter_mut().zip(other).for_each(|(own, other)| own.merge(other));
}

impl Summary {
    /// Brings the summaries of parts together, in any order.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where there is none, where they are of different passes or fits, or where two
    /// parts have the city that a normalisation refers to.
    pub fn merge(parts: impl IntoIterator<Item = Self>) -> Result<Self> {
        let mut parts = parts.into_iter();
        let Some(mut all) = parts.next() else { return Err(Fault::NoCities.into()) };
        for part in parts {
            all.add(part)?;
        }
        Ok(all)
    }

    /// How many cities it is made from.
    #[must_use]
    pub fn cities(&self) -> usize {
        self.cities
    }

    fn add(&mut self, other: Self) -> Result<()> {
        let differ = |why: &str| Err(Fault::PartsDiffer { why: why.to_owned() }.into());
        // Stored summaries may have been changed by hand; what is shorter must not pass for what has less to say.
        let groups = self.groups.values().chain(other.groups.values());
        let shape = self.indicators.len() == other.indicators.len()
            && self.scored.len() == other.scored.len()
            && groups.into_iter().all(|group| group.indicators.len() == self.indicators.len())
            && self.nodes.keys().eq(other.nodes.keys())
            && self.nodes.values().zip(other.nodes.values()).all(|(a, b)| a.is_like(b));
        if self.stage != other.stage || self.fit != other.fit || !shape {
            return differ("a summary is of another pass or another fit; merge those of one pass");
        }
        self.cities = self.cities.saturating_add(other.cities);
        self.kept = self.kept.saturating_add(other.kept);
        merge_all(&mut self.indicators, &other.indicators);
        for (indicator, value) in other.references {
            if self.references.insert(indicator, value).is_some() {
                return differ("two parts have the reference city; every city must be in one part");
            }
        }
        for (name, group) in other.groups {
            match self.groups.get_mut(&name) {
                Some(own) => {
                    own.cities = own.cities.saturating_add(group.cities);
                    merge_all(&mut own.indicators, &group.indicators);
                }
                None => {
                    self.groups.insert(name, group);
                }
            }
        }
        for (own, node) in self.nodes.values_mut().zip(other.nodes.into_values()) {
            merge_all(&mut own.children, &node.children);
            if let (Some(own), Some(other)) = (&mut own.together, &node.together) {
                own.merge(other);
            }
        }
        self.scored.iter_mut().zip(other.scored).for_each(|(own, other)| *own |= other);
        Ok(())
    }
}
