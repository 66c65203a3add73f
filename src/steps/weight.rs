//! Step 6, first half: weights.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where the weights of a node's children come from.
///
/// Weights need not add up to 1: only their proportions count. Where children are missing, the others keep their
/// proportions, so that a missing child counts as the mean of the known ones.
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Weighting {
    /// The weights of the framework.
    #[default]
    Framework,
    /// The same weight for all children of a node, whatever the framework says, 0 included.
    Equal,
}

impl Weighting {
    /// The weights of children, given those of the framework: finite, 0 or more, and adding up to 1; or all 0.
    pub(crate) fn of(self, framework: &[f64]) -> Vec<f64> {
        let n = framework.len() as f64;
        match self {
            Self::Equal => vec![1.0 / n; framework.len()],
            Self::Framework => {
                // Divided by the largest first, because a sum of large weights can overflow.
                let largest = framework.iter().copied().fold(0.0, f64::max);
                if largest == 0.0 {
                    return framework.to_vec();
                }
                let total: f64 = framework.iter().map(|w| w / largest).sum();
                framework.iter().map(|w| w / largest / total).collect()
            }
        }
    }
}

impl fmt::Display for Weighting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Framework => "the framework's, rescaled over what is known",
            Self::Equal => "equal among the children of a node, rescaled over what is known",
        })
    }
}
