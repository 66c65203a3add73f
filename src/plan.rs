//! One choice for all, and others for some.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::framework::Framework;

/// One choice for all nodes, and others for some: that of the node, else that of its depth, else the one for all.
///
/// For indicators the choice of the nearest node above that is named counts as well, so that one line sets a whole
/// measure.
///
/// ```
/// use longspring::{Method, Normalisation};
///
/// let method = Method::new().normalisation_of("pm25", Normalisation::PercentileRank);
/// assert_eq!(method.normalisation.of_node["pm25"], Normalisation::PercentileRank);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Plan<T: Default> {
    /// For all nodes that are not named otherwise.
    pub all: T,
    /// By the depth of the node, 0 being an index.
    pub at_depth: BTreeMap<usize, T>,
    /// By the code of the node.
    pub of_node: BTreeMap<String, T>,
}

impl<T: Default> Plan<T> {
    /// The choice for a node, given its code and depth.
    #[must_use]
    pub fn of(&self, node: &str, depth: usize) -> &T {
        self.of_node.get(node).or_else(|| self.at_depth.get(&depth)).unwrap_or(&self.all)
    }

    /// The choice for an indicator: its own, else that of the nearest node above that is named, else by depth.
    pub(crate) fn of_indicator(&self, framework: &Framework, code: &str) -> &T {
        if !self.of_node.is_empty() {
            let mut at = Some(code);
            while let Some(code) = at {
                if let Some(choice) = self.of_node.get(code) {
                    return choice;
                }
                at = framework.node(code).ok().and_then(|node| node.parent.as_deref());
            }
        }
        let depth = if self.at_depth.is_empty() { None } else { framework.depth(code).ok() };
        depth.and_then(|depth| self.at_depth.get(&depth)).unwrap_or(&self.all)
    }

    /// Every choice that stands in it.
    pub fn choices(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.all).chain(self.at_depth.values()).chain(self.of_node.values())
    }
}

impl<T: Default> From<T> for Plan<T> {
    fn from(all: T) -> Self {
        Self { all, ..Self::default() }
    }
}

impl<T: Default + fmt::Display> fmt::Display for Plan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.all)?;
        for (depth, choice) in &self.at_depth {
            write!(f, "; at depth {depth}: {choice}")?;
        }
        for (node, choice) in &self.of_node {
            write!(f, "; of {node}: {choice}")?;
        }
        Ok(())
    }
}
