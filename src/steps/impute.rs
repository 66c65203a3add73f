//! Step 3: filling in missing figures.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How missing figures are filled in.
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 3,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Imputation {
    /// Not at all: a mean is taken over what is known, with the weights rescaled, under the coverage rule.
    #[default]
    None,
}

impl fmt::Display for Imputation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.pad("none"),
        }
    }
}
