//! Step 4: treating outliers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How outliers and skewed indicators are treated before normalisation.
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, steps 3 and 5,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Treatment {
    /// Not at all.
    #[default]
    None,
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.pad("none"),
        }
    }
}
