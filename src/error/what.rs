//! What kind of thing a code names.

use std::fmt;

/// The kinds of things that have a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum What {
    /// A city.
    City,
    /// A node of a framework: index, measure, indicator or context series.
    Node,
    /// A column of a dataset: an indicator or a context series.
    Series,
    /// A source.
    Source,
    /// A claim.
    Claim,
    /// A figure: city, indicator and year.
    Observation,
    /// A column of a file.
    Column,
    /// An input of a sensitivity analysis.
    Input,
    /// What a picture shows: a city, node or input.
    Shown,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::City => "city",
            Self::Node => "node",
            Self::Series => "indicator or context series",
            Self::Source => "source",
            Self::Claim => "claim",
            Self::Observation => "observation",
            Self::Column => "column",
            Self::Input => "input",
            Self::Shown => "city, node or input in the picture",
        })
    }
}
