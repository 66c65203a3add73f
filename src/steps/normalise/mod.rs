//! Step 5: bringing indicators to a common scale on which higher is better.

mod linear;
mod ranked;
mod ratio;
mod sample;
mod steps;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::denominate::Values;
use crate::error::Fault;
use crate::flags::Flags;
use crate::framework::Node;
use crate::kernel::rank::Ties;

pub(crate) use linear::Linear;
pub(crate) use ranked::Ranked;
pub(crate) use ratio::Ratio;
pub(crate) use sample::Sample;
pub(crate) use steps::{Classes, TwoSided};

/// How the values of an indicator become scores on a common scale, on which higher is always better.
///
/// The scale is learned from the cities that a method is fitted on, and frozen: a new city moves nobody else's score.
/// Every variant but the two-sided is monotone in the direction of the indicator, and none depends on its unit but those
/// whose parameters are in it. Missing values stay missing. In the formulas `x` is the value after denomination, `n` the number of cities that have one.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// `full * (x - low) / (high - low)`, turned round where lower is better: scaled by parameters, which are the same for
    /// all indicators in that unit, such as 0 and 100 per cent. Nothing is clipped at them. Goalposts do not act.
    Scaled {
        /// The value that scores 0 where higher is better, and `full` where lower is.
        low: f64,
        /// The value at the other end; greater than `low`.
        high: f64,
        /// The score at the better end; greater than 0.
        full: f64,
    },
    /// `1 - (best - x) / (best - worst)`, with the best and worst city of the sample: from 0 to 1. Goalposts do not act.
    /// Errors: an indicator that is the same everywhere.
    DistanceToMaximum,
    /// `1 - (r - x) / (r - worst)`, with the value `r` of a city and the worst city of the sample: the city scores 1.
    /// Goalposts do not act. Errors: the city has no value, or is the worst.
    DistanceToReference {
        /// The key of the city.
        city: String,
        /// Whether what is better than the city gets more (`Extrapolate`) or not (`Clip`, flagged `clipped`).
        beyond: Outside,
    },
    /// `x / max`, and `1 - x / max` where lower is better. Goalposts do not act. Errors: a maximum that is not above 0.
    FractionOfMaximum,
    /// The number of cities that are worse: Borda's points, from 0 for the worst; ties get the fewest. Goalposts do not act.
    Borda,
    /// `x / sqrt(sum x^2)`, and `1 - x / sqrt(sum x^2)` where lower is better. Goalposts do not act. Errors: all values 0.
    Vector,
    /// `x / sum x`, and `(1 / x) / sum (1 / x)` where lower is better. Goalposts do not act. Errors: a value below 0, or not above
    /// 0 where lower is better. A new city with such a value has no score there.
    Sum,
    /// `x / max`, and `min / x` where lower is better: the ratio to the best. Goalposts do not act. Errors: a value that is not
    /// above 0. A new city with such a value has no score where lower is better.
    LinearRatio,
    /// The class between quantiles of the sample (type 7 of Hyndman and Fan, 1996), from 1 for the worst; what lies on a bound
    /// belongs to the better class. Goalposts do not act. Pitfall: two cities on either side of a bound are a class apart
    /// however near they are. Errors: an indicator that is the same everywhere.
    #[doc(alias = "quantile")]
    Categorical {
        /// How many classes; 2 or more.
        classes: usize,
    },
    /// Best on a plateau in the middle: `low` up to `worst_low`, rising to `high` at `best_low`, `high` up to `best_high`,
    /// falling to `low` at `worst_high`, in straight lines. What lies beyond is flagged `clipped`. Its places are in the unit
    /// of the indicator: choose it with [`Method::normalisation_of`](crate::Method::normalisation_of). The direction of the
    /// indicator and goalposts do not act.
    TwoSided {
        /// At and below this, the worst.
        worst_low: f64,
        /// Where the plateau begins.
        best_low: f64,
        /// Where the plateau ends.
        best_high: f64,
        /// At and above this, the worst.
        worst_high: f64,
        /// The score of the worst.
        low: f64,
        /// The score on the plateau.
        high: f64,
    },
    /// `100 + 30 (x - r) / D`, negated around 100 where lower is better, with a reference `r` and half the range of the sample
    /// `D`: the scale of the adjusted Mazziotta-Pareto index, on which the reference has 100. Goalposts do not act. Errors: an
    /// indicator that is the same everywhere, a reference city without a value.
    AroundReference {
        /// What has 100.
        reference: Reference,
    },
    /// The value as it is, negated where lower is better, so that nothing is lost: for aggregations that normalise by
    /// themselves, and for PROMETHEE, Borda and Copeland. Goalposts do not act.
    Raw,
}

/// What a scale is laid around.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reference {
    /// The mean of the sample.
    Mean,
    /// A value, the same for all indicators: choose it for one indicator.
    Value(f64),
    /// The city with this key.
    City(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean => f.pad("the mean"),
            Self::Value(value) => write!(f, "{value}"),
            Self::City(city) => write!(f, "the city {city}"),
        }
    }
}

/// What becomes of a value beyond what was learned from the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// The scale goes on in a straight line, and the score is flagged `outside`. Pitfall: far below the sample it falls to
    /// 0 and less, which a geometric or harmonic mean cannot take; the city then has no score
    /// ([`Missing::NotComputed`](crate::Missing::NotComputed)).
    #[default]
    Extrapolate,
    /// It gets the score of the last value seen, and is flagged `outside` and `clipped`. On a scale that starts above 0 a
    /// geometric mean can then take every figure.
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
            Self::Scaled { low, high, full } => {
                let order =
                    Fault::Parameter { name: "the high end of a scaled value", value: high, need: "above the low end" };
                let order = (low.is_finite() && high.is_finite() && low >= high).then_some(order);
                let end =
                    finite("the low end of a scaled value", low).or(finite("the high end of a scaled value", high));
                [end, order, positive("the full score", full)]
            }
            Self::Categorical { classes } => {
                let fault =
                    Fault::Parameter { name: "the number of classes", value: classes as f64, need: "from 2 to 1000" };
                [(!(2..=1000).contains(&classes)).then_some(fault), None, None]
            }
            Self::AroundReference { reference: Reference::Value(value) } => {
                [finite("the reference", value), None, None]
            }
            Self::TwoSided { .. } => return self.two_sided().map_or_else(Vec::new, |scale| scale.faults()),
            _ => [None, None, None],
        };
        found.into_iter().flatten().collect()
    }

    fn two_sided(&self) -> Option<TwoSided> {
        match *self {
            Self::TwoSided { worst_low, best_low, best_high, worst_high, low, high } => {
                Some(TwoSided { worst_low, best_low, best_high, worst_high, low, high })
            }
            _ => None,
        }
    }

    /// The key of the city that the scale refers to, where it does.
    pub(crate) fn reference_city(&self) -> Option<&str> {
        match self {
            Self::DistanceToReference { city, .. } | Self::AroundReference { reference: Reference::City(city) } => {
                Some(city)
            }
            _ => None,
        }
    }

    /// The ends of the scale, where it has some that do not depend on the cities.
    pub(crate) fn ends_of_scale(&self) -> Option<(f64, f64)> {
        match *self {
            Self::MinMax { low, high } | Self::Goalposts { low, high } | Self::TwoSided { low, high, .. } => {
                Some((low, high))
            }
            Self::PercentileRank => Some((0.0, 100.0)),
            Self::PercentileRankMin | Self::DistanceToMaximum => Some((0.0, 1.0)),
            _ => None,
        }
    }

    /// Whether scores are the values themselves.
    pub(crate) fn is_raw(&self) -> bool {
        *self == Self::Raw
    }

    /// Why the scale cannot be learned from summaries of a sample; nothing where it can.
    pub(crate) fn whole_sample(&self) -> Option<&'static str> {
        match self {
            Self::Rank { .. } | Self::PercentileRank | Self::PercentileRankMin | Self::Borda => {
                Some("it ranks each city among all others")
            }
            Self::Categorical { .. } => Some("its bounds are quantiles of all cities"),
            _ => None,
        }
    }

    /// Learns the scale of an indicator; none where no city has a value and nothing else gives the scale. `city` is the value
    /// of the reference city, NaN where it has none.
    pub(crate) fn fit(
        &self,
        indicator: &Node,
        sample: &dyn Sample,
        outside: Outside,
        city: Option<f64>,
    ) -> Result<Option<Scale>, Fault> {
        if let (Some(value), Some(key)) = (city, self.reference_city()) {
            // An indicator that nobody has is missing, and no fault of the reference city's.
            if value.is_nan() && sample.extremes().is_some() {
                return Err(Fault::NoReference { indicator: indicator.code.clone(), city: key.to_owned() });
            }
        }
        if let (Some(why), Some(values)) = (self.whole_sample(), sample.values()) {
            return self
                .fit_whole(indicator, &values, outside)
                .unwrap_or_else(|| Err(self.not_in_parts(indicator, why)));
        }
        match *self {
            Self::Scaled { low, high, full } => Linear::scaled(indicator, sample, (low, high, full), outside),
            Self::DistanceToMaximum => Linear::distance_to_maximum(indicator, sample, outside),
            Self::DistanceToReference { beyond, .. } => {
                Linear::distance_to_reference(indicator, sample, city.unwrap_or(f64::NAN), beyond, outside)
            }
            Self::FractionOfMaximum => Linear::fraction_of_maximum(indicator, sample, outside),
            Self::Vector => Linear::vector(indicator, sample, outside),
            Self::Sum => Linear::sum(indicator, sample, outside),
            Self::LinearRatio => Linear::linear_ratio(indicator, sample, outside),
            Self::TwoSided { .. } => self.two_sided().map_or(Ok(None), |scale| scale.fit(indicator, sample)),
            Self::AroundReference { ref reference } => {
                Linear::around_reference(indicator, sample, reference, city, outside)
            }
            Self::Raw => Linear::raw(indicator, sample),
            Self::MinMax { low, high } => Linear::min_max(indicator, sample, (low, high), outside),
            Self::Goalposts { low, high } => Linear::goalposts(indicator, (low, high)),
            Self::ZScore { mean, sd } => Linear::z_score(indicator, sample, (mean, sd), outside),
            Self::DistanceToTarget { full, beyond } => Linear::target(indicator, sample, full, beyond, outside),
            Self::Rank { .. }
            | Self::PercentileRank
            | Self::PercentileRankMin
            | Self::Borda
            | Self::Categorical { .. } => Err(self.not_in_parts(indicator, self.whole_sample().unwrap_or_default())),
        }
    }

    /// The scales that need every value; nothing for the others.
    fn fit_whole(
        &self,
        indicator: &Node,
        values: &Values<'_>,
        outside: Outside,
    ) -> Option<Result<Option<Scale>, Fault>> {
        Some(match *self {
            Self::Borda => Ok(Ranked::borda(indicator, values, outside)),
            Self::Rank { ties } => Ok(Ranked::rank(indicator, values, ties, outside)),
            Self::PercentileRank => Ranked::percentile(indicator, values, outside),
            Self::PercentileRankMin => Ranked::percentile_min(indicator, values, outside),
            Self::Categorical { classes } => Classes::quantiles(indicator, values, classes),
            _ => return None,
        })
    }

    /// That the scale of an indicator cannot be learned from summaries.
    pub(crate) fn not_in_parts(&self, indicator: &Node, why: &'static str) -> Fault {
        Fault::NotInParts { node: indicator.code.clone(), choice: format!("the normalisation `{self}`"), why }
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
            Self::Scaled { low, high, full } => write!(f, "scaled from {low}..{high} to 0..{full}"),
            Self::DistanceToMaximum => f.write_str("distance to the maximum, to 0..1"),
            Self::DistanceToReference { city, beyond } => {
                write!(f, "distance to the city {city}, 1 at it, {beyond} beyond it")
            }
            Self::FractionOfMaximum => f.write_str("fraction of the maximum"),
            Self::Borda => f.write_str("Borda's points, ties at the bottom"),
            Self::Vector => f.write_str("vector"),
            Self::Sum => f.write_str("share of the sum"),
            Self::LinearRatio => f.write_str("ratio to the best"),
            Self::Categorical { classes } => write!(f, "{classes} classes by quantiles"),
            Self::TwoSided { worst_low, best_low, best_high, worst_high, low, high } => {
                write!(
                    f,
                    "two-sided to {low}..{high}, best from {best_low} to {best_high}, worst at {worst_low} and {worst_high}"
                )
            }
            Self::AroundReference { reference } => write!(f, "70..130 around {reference}"),
            Self::Raw => f.write_str("none: values as they are, negated where lower is better"),
        }
    }
}

/// A learned scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scale {
    Linear(Linear),
    Ranked(Ranked),
    Ratio(Ratio),
    Classes(Classes),
    TwoSided(TwoSided),
}

impl Scale {
    /// Whether every value has a score.
    pub(crate) fn is_total(&self) -> bool {
        !matches!(self, Self::Ratio(_))
    }

    /// The scores of values; NaN stays NaN.
    pub(crate) fn apply(&self, values: &[f64], out: &mut [f64]) {
        match self {
            Self::Linear(linear) => map(values, out, linear.scorer()),
            other => map(values, out, |value| other.score(value)),
        }
    }

    /// The score of a value, the same to the last bit as in [`Scale::apply`].
    pub(crate) fn score(&self, value: f64) -> f64 {
        match self {
            Self::Linear(linear) => linear.scorer()(value),
            Self::Ranked(ranked) => ranked.score(value),
            Self::Ratio(ratio) => ratio.score(value),
            Self::Classes(classes) => classes.score(value),
            Self::TwoSided(sides) => sides.score(value),
        }
    }

    /// Whether a value lies beyond a goalpost or the sample.
    pub(crate) fn flags(&self, value: f64) -> Flags {
        match self {
            Self::Linear(linear) => linear.flags(value),
            Self::Ranked(ranked) => ranked.flags(value),
            Self::Ratio(ratio) => ratio.flags(value),
            Self::Classes(classes) => classes.flags(value),
            Self::TwoSided(sides) => sides.flags(value),
        }
    }

    /// The worst and best value that the scale knows of.
    pub(crate) fn ends(&self) -> (f64, f64) {
        match self {
            Self::Linear(linear) => linear.ends(),
            Self::Ranked(ranked) => ranked.ends(),
            Self::Ratio(ratio) => ratio.ends(),
            Self::Classes(classes) => classes.ends(),
            Self::TwoSided(sides) => sides.ends(),
        }
    }

    /// Whether a stored scale can be used for an indicator.
    pub(crate) fn is_sound(&self, indicator: &Node) -> bool {
        match self {
            Self::Linear(linear) => linear.is_sound(indicator),
            Self::Ranked(ranked) => ranked.is_sound(indicator),
            Self::Ratio(ratio) => ratio.is_sound(indicator),
            Self::Classes(classes) => classes.is_sound(indicator),
            Self::TwoSided(sides) => sides.is_sound(),
        }
    }
}

fn map(values: &[f64], out: &mut [f64], score: impl Fn(f64) -> f64) {
    for (out, &value) in out.iter_mut().zip(values) {
        *out = score(value);
    }
}
