//! Step 5: bringing indicators to a common scale on which higher is better.

mod linear;
mod ranked;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::denominate::Values;
use crate::error::Fault;
use crate::flags::Flags;
use crate::framework::Node;
use crate::kernel::rank::Ties;

pub(crate) use linear::Linear;
pub(crate) use ranked::Ranked;

/// How the values of an indicator become scores on a common scale, on which higher is always better.
///
/// The scale is learned from the cities that a method is fitted on, and frozen: a new city moves nobody else's score.
/// Every variant is monotone in the direction of the indicator, and does not depend on its unit. Missing values stay
/// missing. In the formulas `x` is the value after denomination, `n` the number of cities that have one.
///
/// ```
/// use longspring::{Method, Normalisation};
///
/// let method = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
/// assert!(method.to_string().contains("min-max to 1..100"));
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 5 (pp. 83-88),
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Normalisation {
    /// `low + (x - worst) / (best - worst) * (high - low)`, where `worst` and `best` are the goalposts of the indicator
    /// or, on a side that has none, the worst and best city of the sample.
    ///
    /// What lies beyond a goalpost gets its score and the flag `clipped`. Beyond a side learned from the sample, a new
    /// city's score is extrapolated (or clipped: [`Outside`]) and flagged `outside`. Pitfall: one extreme city sets the
    /// scale of all others. Errors: an indicator that is the same everywhere, and has not two goalposts.
    #[doc(alias = "rescaling")]
    #[doc(alias = "range")]
    MinMax {
        /// The score of the worst.
        low: f64,
        /// The score of the best; greater than `low`.
        high: f64,
    },
    /// The same between two goalposts, which every indicator must have: scores then compare across samples and years.
    Goalposts {
        /// The score at the goalpost `worst`.
        low: f64,
        /// The score at the goalpost `best`; greater than `low`.
        high: f64,
    },
    /// `mean + sd * (x - m) / s`, negated around the mean where lower is better, with the sample's mean `m` and standard
    /// deviation `s` (divisor `n - 1`). Goalposts do not act.
    ///
    /// Pitfall: scores can be negative, which geometric and harmonic means cannot take. Errors: an indicator that is the
    /// same everywhere or known of one city.
    #[doc(alias = "standardisation")]
    ZScore {
        /// The mean of the scores.
        mean: f64,
        /// Their standard deviation; greater than 0.
        sd: f64,
    },
    /// The rank from below: the worst city has 1, the best `n`. Goalposts do not act.
    ///
    /// A new city takes the place it would have had between the others. Pitfall: distances are lost.
    Rank {
        /// What cities with the same value get: the smallest, the mean, or dense ranks.
        ties: Ties,
    },
    /// `100 * (b + t / 2) / (n - 1)`, with `b` cities that are worse and `t` others that are the same: from 0 to 100, and
    /// exactly mirrored where the direction is.
    ///
    /// A new value between two cities' gets the mean of their shares. Errors: fewer than two cities.
    PercentileRank,
    /// `b / (n - 1)`, with `b` cities that are worse: from 0 to 1, ties take the lowest share. This is the form of the R
    /// package COINr (`n_prank`); with ties it is not mirrored where the direction is. Errors: fewer than two cities.
    PercentileRankMin,
    /// `full * (x - worst) / (target - worst)`, with the worst city of the sample and the target of the indicator in the
    /// framework. Goalposts do not act. Errors: an indicator without a target, or whose worst city has reached it.
    DistanceToTarget {
        /// The score at the target; greater than 0.
        full: f64,
        /// Whether what is better than the target gets more (`Extrapolate`) or not (`Clip`, flagged `clipped`).
        beyond: Outside,
    },
}

/// What becomes of a value beyond what was learned from the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// The scale goes on in a straight line, and the score is flagged `outside`.
    #[default]
    Extrapolate,
    /// It gets the score of the last value seen, and is flagged `outside` and `clipped`.
    Clip,
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Extrapolate => "extrapolated",
            Self::Clip => "clipped",
        })
    }
}

impl Normalisation {
    /// What is wrong with the parameters.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let finite = |name, value: f64| {
            (!value.is_finite()).then_some(Fault::Parameter { name, value, need: "a finite number" })
        };
        let positive = |name, value: f64| {
            let fault = Fault::Parameter { name, value, need: "a finite number above 0" };
            (!(value.is_finite() && value > 0.0)).then_some(fault)
        };
        let found = match *self {
            Self::MinMax { low, high } | Self::Goalposts { low, high } => {
                let order =
                    Fault::Parameter { name: "the high end of the scale", value: high, need: "above the low end" };
                let order = (low.is_finite() && high.is_finite() && low >= high).then_some(order);
                [finite("the low end of the scale", low), finite("the high end of the scale", high), order]
            }
            Self::ZScore { mean, sd } => {
                [finite("the mean of the z-scores", mean), positive("the standard deviation of the z-scores", sd), None]
            }
            Self::DistanceToTarget { full, .. } => [positive("the score at the target", full), None, None],
            Self::Rank { .. } | Self::PercentileRank | Self::PercentileRankMin => [None, None, None],
        };
        found.into_iter().flatten().collect()
    }

    /// Learns the scale of an indicator; none where no city has a value and nothing else gives the scale.
    pub(crate) fn fit(&self, indicator: &Node, values: &Values<'_>, outside: Outside) -> Result<Option<Scale>, Fault> {
        match *self {
            Self::MinMax { low, high } => Linear::min_max(indicator, values, (low, high), outside),
            Self::Goalposts { low, high } => Linear::goalposts(indicator, (low, high)),
            Self::ZScore { mean, sd } => Linear::z_score(indicator, values, (mean, sd), outside),
            Self::DistanceToTarget { full, beyond } => Linear::target(indicator, values, full, beyond, outside),
            Self::Rank { ties } => Ok(Ranked::rank(indicator, values, ties, outside)),
            Self::PercentileRank => Ranked::percentile(indicator, values, outside),
            Self::PercentileRankMin => Ranked::percentile_min(indicator, values, outside),
        }
    }
}

impl Default for Normalisation {
    /// Min-max to 0..100.
    fn default() -> Self {
        Self::MinMax { low: 0.0, high: 100.0 }
    }
}

impl fmt::Display for Normalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinMax { low, high } => {
                write!(f, "min-max to {low}..{high}, on goalposts where the framework has them")
            }
            Self::Goalposts { low, high } => write!(f, "goalposts to {low}..{high}"),
            Self::ZScore { mean, sd } => write!(f, "z-score with mean {mean} and standard deviation {sd}"),
            Self::Rank { ties } => write!(f, "rank from below, ties {ties}"),
            Self::PercentileRank => f.write_str("percentile rank to 0..100, ties in the middle"),
            Self::PercentileRankMin => f.write_str("percentile rank to 0..1, ties at the bottom (COINr)"),
            Self::DistanceToTarget { full, beyond } => {
                write!(f, "distance to target, {full} at the target, {beyond} beyond it")
            }
        }
    }
}

/// A learned scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scale {
    Linear(Linear),
    Ranked(Ranked),
}

impl Scale {
    /// The scores of values; NaN stays NaN.
    pub(crate) fn apply(&self, values: &[f64], out: &mut [f64]) {
        match self {
            Self::Linear(linear) => map(values, out, linear.scorer()),
            Self::Ranked(ranked) => map(values, out, |value| ranked.score(value)),
        }
    }

    /// The score of a value, the same to the last bit as in [`Scale::apply`].
    pub(crate) fn score(&self, value: f64) -> f64 {
        match self {
            Self::Linear(linear) => linear.scorer()(value),
            Self::Ranked(ranked) => ranked.score(value),
        }
    }

    /// Whether a value lies beyond a goalpost or the sample.
    pub(crate) fn flags(&self, value: f64) -> Flags {
        match self {
            Self::Linear(linear) => linear.flags(value),
            Self::Ranked(ranked) => ranked.flags(value),
        }
    }

    /// The worst and best value that the scale knows of.
    pub(crate) fn ends(&self) -> (f64, f64) {
        match self {
            Self::Linear(linear) => linear.ends(),
            Self::Ranked(ranked) => ranked.ends(),
        }
    }

    /// Whether a stored scale can be used for an indicator.
    pub(crate) fn is_sound(&self, indicator: &Node) -> bool {
        match self {
            Self::Linear(linear) => linear.is_sound(indicator),
            Self::Ranked(ranked) => ranked.is_sound(indicator),
        }
    }
}

fn map(values: &[f64], out: &mut [f64], score: impl Fn(f64) -> f64) {
    for (out, &value) in out.iter_mut().zip(values) {
        *out = score(value);
    }
}
