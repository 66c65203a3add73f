//! Step 4: treating outliers and skewed indicators.

mod curve;
mod lambda;
mod treated;
mod winsorise;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::framework::Node;
use crate::kernel::stats;

use curve::Shape;
use lambda::Likelihood;
use winsorise::Test;

pub(crate) use curve::Curve;
pub use lambda::Lambda;
pub use treated::{Remedy, Treated};

/// How outliers and skewed indicators are treated before normalisation.
///
/// What is learned from the cities that a method is fitted on is a rising curve for each indicator, which is frozen: a new
/// city moves nobody else's value. In the formulas `x` is the value after denomination, whatever the direction; missing
/// values stay missing, and ties stay ties. An indicator that is the same everywhere, or known of fewer than four cities, is
/// left alone. What was done is told by [`Treated`].
///
/// ```
/// use longspring::Treatment;
///
/// let treatment = Treatment::winsorise(5);
/// assert_eq!(treatment.to_string(), "winsorised up to 5 cities where |skewness| is 2 and kurtosis 3.5 or more");
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, steps 3 and 5,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Treatment {
    /// Not at all.
    #[default]
    None,
    /// Where `|skewness|` *and* excess kurtosis reach their thresholds, the highest value (at negative skewness the lowest)
    /// becomes the next distinct one, step by step until the indicator passes.
    ///
    /// Cities that tie move together, and never more than `most` of them: a step that would move more, or leave the
    /// indicator the same everywhere, is not taken, and [`Treated::passes`] says that it was not enough. A new city's value
    /// beyond the end that was lowered becomes that end. [`Treatment::winsorise`] has the usual thresholds. Pitfall: cities
    /// that were apart tie. The COINr package counts after a step and can exceed its limit.
    Winsorise {
        /// How many cities may be moved at most; at least 1.
        most: usize,
        /// The threshold of the absolute skewness, usually 2.
        skewness: f64,
        /// The threshold of the excess kurtosis, usually 3.5.
        kurtosis: f64,
    },
    /// Winsorises, and where that is not enough takes instead the [`Log`](Self::Log) of the values as they were, or at
    /// negative skewness its mirror image ([`LogSigned`](Self::LogSigned)).
    ///
    /// This is the usual procedure of the JRC and of COINr (`Treat`). The logarithm is kept even where it is not enough.
    WinsoriseOrLog {
        /// How many cities may be moved at most; at least 1.
        most: usize,
        /// The threshold of the absolute skewness, usually 2.
        skewness: f64,
        /// The threshold of the excess kurtosis, usually 3.5.
        kurtosis: f64,
    },
    /// Values below and above two quantiles of the sample (type 7 of Hyndman and Fan, 1996) become these.
    ///
    /// Every indicator is trimmed, whatever its skewness, except where both quantiles are the same.
    #[doc(alias = "winsorisation by percentiles")]
    Trim {
        /// The share of the lower quantile, such as 0.05.
        low: f64,
        /// The share of the higher quantile, such as 0.95; above `low`.
        high: f64,
    },
    /// `ln(x - min + 0.01 (max - min))`, of every indicator and whatever its skewness: it does not depend on the unit.
    ///
    /// A new city's value more than a hundredth of the range below the minimum has no logarithm and is missing.
    Log,
    /// `ln(x - min + 1)`, of every indicator.
    ///
    /// Pitfall: it depends on the unit. Values in hundredths hardly change, values in millions change very much. A new city's
    /// value 1 or more below the minimum is missing.
    LogPlusOne,
    /// [`Log`](Self::Log) where the skewness is above 0, else its mirror image `-ln(max - x + 0.01 (max - min))`.
    ///
    /// A new city's value more than a hundredth of the range beyond the end of the sample is missing.
    LogSigned,
    /// The power `(z^lambda - 1) / lambda`, or `ln z` at `lambda = 0`, of every indicator, with `z` as the shift says.
    ///
    /// A new city's value without a positive `z` is missing. Errors: a value that is not positive without a shift; a
    /// likelihood without a maximum; results beyond double precision. Reference: Box and Cox (1964), *Journal of the Royal
    /// Statistical Society* B 26, 211-252, [10.1111/j.2517-6161.1964.tb00553.x](https://doi.org/10.1111/j.2517-6161.1964.tb00553.x).
    BoxCox {
        /// The power.
        lambda: Lambda,
        /// What is made positive before.
        shift: Shift,
    },
    /// The power of `x + 1` where `x` is not negative, and `-((1 - x)^(2 - lambda) - 1) / (2 - lambda)` where it is.
    ///
    /// It takes any value, so that no new city is lost. Pitfall: it depends on the unit. Errors: as for `BoxCox`. Reference: Yeo and Johnson (2000),
    /// *Biometrika* 87, 954-959, [10.1093/biomet/87.4.954](https://doi.org/10.1093/biomet/87.4.954).
    YeoJohnson {
        /// The power.
        lambda: Lambda,
    },
}

/// What becomes of a value before a Box-Cox transform, which takes positive values only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// Nothing: `z = x`. The learned power then does not depend on the unit.
    #[default]
    None,
    /// `z = x - min + 1`, as in COINr. Pitfall: it depends on the unit.
    ToOne,
}

/// What a treatment learned of an indicator, and its record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    /// None where the indicator is left alone.
    pub(crate) curve: Option<Curve>,
    pub(crate) record: Treated,
}

impl Treatment {
    /// Winsorises at most so many cities of an indicator whose absolute skewness is 2 and whose kurtosis is 3.5 or more.
    #[must_use]
    pub const fn winsorise(most: usize) -> Self {
        Self::Winsorise { most, skewness: Test::USUAL.skewness, kurtosis: Test::USUAL.kurtosis }
    }

    /// The same, with a logarithm where it is not enough.
    #[must_use]
    pub const fn winsorise_or_log(most: usize) -> Self {
        Self::WinsoriseOrLog { most, skewness: Test::USUAL.skewness, kurtosis: Test::USUAL.kurtosis }
    }

    /// What is wrong with the parameters.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let check = |fits: bool, name, value, need| (!fits).then_some(Fault::Parameter { name, value, need });
        let found = match *self {
            Self::Winsorise { most, skewness, kurtosis } | Self::WinsoriseOrLog { most, skewness, kurtosis } => {
                let positive = skewness.is_finite() && skewness > 0.0;
                [
                    check(most > 0, "the most cities that may be winsorised", most as f64, "1 or more"),
                    check(positive, "the threshold of the skewness", skewness, "a finite number above 0"),
                    check(kurtosis.is_finite(), "the threshold of the kurtosis", kurtosis, "a finite number"),
                ]
            }
            Self::Trim { low, high } => {
                let share = |x: f64| (0.0..=1.0).contains(&x);
                [
                    check(share(low), "the lower quantile of a trimming", low, "from 0 to 1"),
                    check(share(high), "the higher quantile of a trimming", high, "from 0 to 1"),
                    check(
                        low < high || low.is_nan() || high.is_nan(),
                        "the higher quantile of a trimming",
                        high,
                        "above the lower one",
                    ),
                ]
            }
            Self::BoxCox { lambda: Lambda::Given(lambda), .. } | Self::YeoJohnson { lambda: Lambda::Given(lambda) } => {
                [check(lambda.is_finite(), "the power lambda", lambda, "a finite number"), None, None]
            }
            _ => [None, None, None],
        };
        found.into_iter().flatten().collect()
    }

    /// Learns the curve of an indicator from its values, as they are and NaN where they are missing; none without a
    /// treatment or a value.
    pub(crate) fn fit(&self, indicator: &Node, values: &[f64]) -> Result<Option<Fitted>, Fault> {
        // Sorted, so that no order of the cities changes a last digit.
        let sorted = stats::sorted(values);
        let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else { return Ok(None) };
        if *self == Self::None {
            return Ok(None);
        }
        let skewness = stats::skewness(&sorted);
        let mut record = Treated {
            indicator: indicator.code.clone(),
            skewness_before: skewness,
            kurtosis_before: stats::kurtosis(&sorted),
            skewness_after: None,
            kurtosis_after: None,
            action: Remedy::LeftAlone,
            winsorised_high: 0,
            winsorised_low: 0,
            passes: true,
        };
        let learned = if min < max && sorted.len() >= 4 { self.learn(indicator, &sorted)? } else { None };
        let treated: Vec<f64> = match &learned {
            Some((curve, action)) => {
                record.action = *action;
                record.winsorised_high = sorted.iter().filter(|&&v| curve.clamp(v) < v).count();
                record.winsorised_low = sorted.iter().filter(|&&v| curve.clamp(v) > v).count();
                sorted.iter().map(|&v| curve.apply(v)).collect()
            }
            None => sorted,
        };
        // A transform can overflow, or run values together that were apart.
        let apart = treated.first() < treated.last() || learned.is_none();
        if !apart || treated.iter().any(|v| v.is_nan()) {
            return Err(Fault::Magnitude { indicator: indicator.code.clone(), low: min, high: max });
        }
        (record.skewness_after, record.kurtosis_after) = (stats::skewness(&treated), stats::kurtosis(&treated));
        record.passes = self.test().passes(record.skewness_after, record.kurtosis_after);
        Ok(Some(Fitted { curve: learned.map(|(curve, _)| curve), record }))
    }

    fn test(&self) -> Test {
        match *self {
            Self::Winsorise { skewness, kurtosis, .. } | Self::WinsoriseOrLog { skewness, kurtosis, .. } => {
                Test { skewness, kurtosis }
            }
            _ => Test::USUAL,
        }
    }

    /// The curve of a sorted sample of at least four values that are not all the same; none where it is left alone.
    fn learn(&self, indicator: &Node, sorted: &[f64]) -> Result<Option<(Curve, Remedy)>, Fault> {
        let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
        Ok(match *self {
            Self::None => None,
            Self::Winsorise { most, .. } => winsorised(sorted, most, self.test()),
            Self::WinsoriseOrLog { most, .. } => {
                let curve = winsorised(sorted, most, self.test());
                let moved: Vec<f64> = match &curve {
                    Some((curve, _)) => sorted.iter().map(|&v| curve.clamp(v)).collect(),
                    None => sorted.to_vec(),
                };
                if self.test().passes_of(&moved) { curve } else { Some(signed_log(sorted)) }
            }
            Self::Trim { low, high } => {
                let (low, high) = (stats::quantile(sorted, low), stats::quantile(sorted, high));
                let acts = low < high && (low > min || high < max);
                acts.then(|| (ends(sorted, low, high), Remedy::Trimmed))
            }
            Self::Log => Some((log(min, max - min, 1.0), Remedy::Log)),
            Self::LogSigned => Some(signed_log(sorted)),
            Self::LogPlusOne => {
                let shape = Shape::Log { origin: min, slope: 1.0, add: 1.0 };
                Some((Curve::of(shape), Remedy::Log))
            }
            Self::BoxCox { lambda, shift } => {
                let origin = (shift == Shift::ToOne).then_some(min);
                if origin.is_none() && min <= 0.0 {
                    let why = "a value is 0 or less, and the power takes positive values only; shift it";
                    return Err(not_learned("a Box-Cox transform", indicator, why));
                }
                // Around the geometric mean the likelihood needs no Jacobian, and no unit overflows.
                let logs: Vec<f64> = sorted.iter().map(|&v| origin.map_or(v.ln(), |o| (v - o).ln_1p())).collect();
                let centre = stats::mean(&logs);
                let logs: Vec<f64> = logs.iter().map(|u| u - centre).collect();
                let likelihood = Likelihood { values: &logs, transform: curve::box_cox, jacobian: 0.0 };
                let lambda = power(lambda, &likelihood, "a Box-Cox transform", indicator)?;
                Some((Curve::of(Shape::BoxCox { origin, lambda }), Remedy::BoxCox(lambda)))
            }
            Self::YeoJohnson { lambda } => {
                let jacobian = sorted.iter().map(|v| v.abs().ln_1p() * v.signum()).sum();
                let likelihood = Likelihood { values: sorted, transform: curve::yeo_johnson, jacobian };
                let lambda = power(lambda, &likelihood, "a Yeo-Johnson transform", indicator)?;
                Some((Curve::of(Shape::YeoJohnson { lambda }), Remedy::YeoJohnson(lambda)))
            }
        })
    }
}

fn winsorised(sorted: &[f64], most: usize, test: Test) -> Option<(Curve, Remedy)> {
    let found = winsorise::winsorise(sorted, most, test).filter(|e| e.moved_low + e.moved_high > 0)?;
    Some((ends(sorted, found.low, found.high), Remedy::Winsorised))
}

/// The curve that moves values to two ends; an end that moves nobody stays open.
fn ends(sorted: &[f64], low: f64, high: f64) -> Curve {
    let moves = |end: f64, at: Option<&f64>| (at != Some(&end)).then_some(end);
    Curve { low: moves(low, sorted.first()), high: moves(high, sorted.last()), shape: Shape::Straight }
}

fn log(origin: f64, range: f64, slope: f64) -> Curve {
    Curve::of(Shape::Log { origin, slope, add: 0.01 * range })
}

fn signed_log(sorted: &[f64]) -> (Curve, Remedy) {
    let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
    if stats::skewness(sorted).is_some_and(|s| s > 0.0) {
        (log(min, max - min, 1.0), Remedy::Log)
    } else {
        (log(max, max - min, -1.0), Remedy::LogMirrored)
    }
}

fn power(lambda: Lambda, of: &Likelihood<'_>, method: &'static str, indicator: &Node) -> Result<f64, Fault> {
    match lambda {
        Lambda::Given(lambda) => Ok(lambda),
        Lambda::MaximumLikelihood => of.maximise().ok_or_else(|| {
            not_learned(method, indicator, "its likelihood has no maximum between -10 and 10; give lambda")
        }),
    }
}

fn not_learned(method: &'static str, indicator: &Node, why: &'static str) -> Fault {
    Fault::NotLearned { method, node: indicator.code.clone(), child: None, why }
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.pad("none"),
            Self::Winsorise { most, skewness, kurtosis } | Self::WinsoriseOrLog { most, skewness, kurtosis } => {
                let cities = if *most == 1 { "city" } else { "cities" };
                write!(
                    f,
                    "winsorised up to {most} {cities} where |skewness| is {skewness} and kurtosis {kurtosis} or more"
                )?;
                let or = if matches!(self, Self::Winsorise { .. }) { "" } else { ", else the logarithm" };
                f.write_str(or)
            }
            Self::Trim { low, high } => write!(f, "trimmed to the quantiles {low} and {high}"),
            Self::Log => f.pad("logarithm above the minimum, a hundredth of the range added"),
            Self::LogPlusOne => f.pad("logarithm above the minimum, 1 added"),
            Self::LogSigned => f.pad("logarithm by the sign of the skewness, a hundredth of the range added"),
            Self::BoxCox { lambda, shift } => write!(f, "Box-Cox, {lambda}{shift}"),
            Self::YeoJohnson { lambda } => write!(f, "Yeo-Johnson, {lambda}"),
        }
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "",
            Self::ToOne => ", of values shifted so that the lowest is 1",
        })
    }
}
