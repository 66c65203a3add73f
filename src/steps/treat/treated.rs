//! What a treatment did to an indicator.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Lambda;

/// What a [`Treatment`](crate::Treatment) did to an indicator, and what it was like before and after.
///
/// Skewness and kurtosis are those of type 2 (Excel, SAS; Joanes and Gill, 1998,
/// [10.1111/1467-9884.00122](https://doi.org/10.1111/1467-9884.00122)), the kurtosis in excess of the normal
/// distribution's; none below three (four) values or where all are the same. They are of the values as they are, whatever
/// the direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Treated {
    /// The indicator.
    pub indicator: String,
    /// Skewness before.
    pub skewness_before: Option<f64>,
    /// Excess kurtosis before.
    pub kurtosis_before: Option<f64>,
    /// Skewness after.
    pub skewness_after: Option<f64>,
    /// Excess kurtosis after.
    pub kurtosis_after: Option<f64>,
    /// What was done.
    pub action: Remedy,
    /// How many values were lowered to the high end.
    pub winsorised_high: usize,
    /// How many values were raised to the low end.
    pub winsorised_low: usize,
    /// Whether the indicator is now no case for treatment: skewness or kurtosis is below its threshold (2 and 3.5, where the
    /// treatment has none). One that could not be mended stays as far as it got, and this says so.
    pub passes: bool,
}

/// What was done to an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remedy {
    /// Nothing: it passed, is the same everywhere, is known of fewer than four cities, or no step was allowed.
    LeftAlone,
    /// Outer values were moved inwards, one distinct value at a time.
    Winsorised,
    /// Values beyond the quantiles were moved to them.
    Trimmed,
    /// A logarithm above the lowest value.
    Log,
    /// A logarithm below the highest value, because the tail is on the low side.
    LogMirrored,
    /// A Box-Cox transform with this power.
    BoxCox(f64),
    /// A Yeo-Johnson transform with this power.
    YeoJohnson(f64),
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftAlone => f.pad("left alone"),
            Self::Winsorised => f.pad("winsorised"),
            Self::Trimmed => f.pad("trimmed"),
            Self::Log => f.pad("logarithm"),
            Self::LogMirrored => f.pad("mirrored logarithm"),
            Self::BoxCox(lambda) => write!(f, "Box-Cox, {}", Lambda::Given(*lambda)),
            Self::YeoJohnson(lambda) => write!(f, "Yeo-Johnson, {}", Lambda::Given(*lambda)),
        }
    }
}
