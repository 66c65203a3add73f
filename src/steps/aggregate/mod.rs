//! Step 6, second half: bringing the children of a node together in one score.

mod mean;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Fault;

pub(crate) use mean::Sums;

/// How the scores of a node's children become the node's score.
///
/// All are taken over the children that are known, with their weights rescaled; a child of weight 0 counts for coverage
/// and for nothing else. In the formulas `z` is a child's score and `w` its weight, and the weights add up to 1. Every
/// variant takes normalised scores, higher is better, and gives one on the same scale. A city's score depends on its own
/// children alone: adding a city to those that are scored never changes the order of others.
///
/// ```
/// use longspring::{Aggregation, Method};
///
/// // a geometric mean between the measures, arithmetic means within them
/// let method = Method::new().aggregation_at(0, Aggregation::Geometric);
/// # assert_eq!(method.aggregation.to_string(), "arithmetic mean; at depth 0: geometric mean");
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6 (pp. 102-105),
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aggregation {
    /// `sum w z`: what is lacking in one child is made up for by another in full.
    #[default]
    #[doc(alias = "linear")]
    #[doc(alias = "additive")]
    Arithmetic,
    /// `exp(sum w ln z)`: a low score is made up for only in part. Every score must be above 0.
    Geometric,
    /// `1 / sum (w / z)`: lower still. Every score must be above 0.
    Harmonic,
    /// `(sum w z^p)^(1/p)`: 1 is the arithmetic and -1 the harmonic mean; the lower the exponent, the more the worst
    /// child counts. Scores must not be below 0, and with a negative exponent must be above 0.
    #[doc(alias = "generalised mean")]
    Power {
        /// The exponent `p`: finite, and not 0 (that is the geometric mean).
        exponent: f64,
    },
}

impl Aggregation {
    /// What is wrong with the parameters.
    pub(crate) fn fault(self) -> Option<Fault> {
        match self {
            Self::Power { exponent } if !exponent.is_finite() || exponent == 0.0 => Some(Fault::Parameter {
                name: "the exponent of the power mean",
                value: exponent,
                need: "a finite number other than 0 (at 0 it is the geometric mean)",
            }),
            _ => None,
        }
    }

    /// Whether a child's score can be taken.
    pub(crate) fn takes(self, score: f64) -> bool {
        match self {
            Self::Arithmetic => true,
            Self::Geometric | Self::Harmonic => score > 0.0,
            Self::Power { exponent } if exponent < 0.0 => score > 0.0,
            Self::Power { .. } => score >= 0.0,
        }
    }

    /// Which scores can be taken, in words.
    pub(crate) fn need(self) -> &'static str {
        match self {
            Self::Power { exponent } if exponent > 0.0 => {
                "every score must be 0 or more: normalise to a scale without negative scores"
            }
            _ => "every score must be above 0: normalise to a scale that starts above 0, such as 1 to 100",
        }
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arithmetic => f.pad("arithmetic mean"),
            Self::Geometric => f.pad("geometric mean"),
            Self::Harmonic => f.pad("harmonic mean"),
            Self::Power { exponent } => write!(f, "power mean with exponent {exponent}"),
        }
    }
}
