//! Why a figure or score is missing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::observations::Status;

/// Why a figure or a score is missing: every missing thing has a reason that can be asked for.
///
/// See [`Dataset::cell`](crate::Dataset::cell) and [`Scores::get`](crate::Scores::get).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Missing {
    /// The method excludes the node.
    Excluded,
    /// Nobody gave a figure.
    NoFigure,
    /// There are figures, but the cut takes none of their statuses; this is the status of the latest.
    Status(Status),
    /// There are figures, but all are older than the cut allows; this is the year of the latest.
    TooOld(i32),
    /// There are figures, but all are of later years than the cut's; this is the year of the earliest.
    TooNew(i32),
    /// There is a figure, but not what divides it.
    Denominator {
        /// The denominator.
        series: String,
        /// Why it is missing.
        why: Box<Missing>,
    },
    /// No city had a figure when the composite was fitted, so that there is no yardstick.
    NoYardstick,
    /// Too few of the node's children are known.
    Coverage {
        /// How many are known.
        have: usize,
        /// How many there are.
        of: usize,
        /// The share that the coverage rule asks for.
        share: f64,
    },
    /// All children that are known have weight 0.
    NoWeight,
    /// A child's score is one that the aggregation cannot take, such as 0 in a geometric mean.
    NotComputable {
        /// The child.
        child: String,
        /// Its score.
        value: f64,
    },
    /// Something under the node that counts there could not be computed, though its figures are known. To score the node
    /// without it, as if the figures were missing, would let a worse figure raise a score.
    NotComputed {
        /// What could not be computed: an indicator, or a measure.
        node: String,
        /// Why not.
        why: Box<Missing>,
    },
    /// The value lies outside of what the treatment, normalisation or aggregation is defined for, such as one far below
    /// all others under a logarithm that was learned from them.
    Undefined {
        /// The step.
        step: String,
    },
    /// The method's screening leaves the city out: too little is known of it.
    Screened,
    /// The result is too large or too small for double precision.
    Magnitude,
}

impl Missing {
    /// Whether figures are known and give no number, in contrast to figures that are not known.
    pub(crate) fn is_not_computed(&self) -> bool {
        matches!(self, Self::NotComputable { .. } | Self::NotComputed { .. } | Self::Undefined { .. } | Self::Magnitude)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded => f.write_str("excluded by the method"),
            Self::NoFigure => f.write_str("no figure"),
            Self::Status(status) => {
                write!(f, "only figures of other statuses (the latest is {status}, {})", status.meaning())
            }
            Self::TooOld(year) => write!(f, "too old (the latest is of {year})"),
            Self::TooNew(year) => write!(f, "too new (the earliest is of {year})"),
            Self::Denominator { series, why } => write!(f, "no denominator `{series}`: {why}"),
            Self::NoYardstick => f.write_str("no yardstick: no city had a figure when it was fitted"),
            Self::Coverage { have, of, share } => {
                write!(f, "{have} of {of} children known, at least {:.0} % needed", share * 100.0)
            }
            Self::NoWeight => f.write_str("all children that are known have weight 0"),
            Self::NotComputable { child, value } => write!(f, "the aggregation cannot take {child} = {value}"),
            Self::NotComputed { node, why } => write!(f, "`{node}` under it could not be computed: {why}"),
            Self::Undefined { step } => write!(f, "outside of what {step} is defined for"),
            Self::Screened => f.write_str("screened out: too little is known of the city"),
            Self::Magnitude => f.write_str("too large or too small for double precision"),
        }
    }
}
