//! Scales on which a lower value is better in inverse proportion: `numerator / x`.

use serde::{Deserialize, Serialize};

use super::{Outside, Sample, Scale};
use crate::error::Fault;
use crate::flags::{Flag, Flags};
use crate::framework::{Direction, Node};

/// A number over the value; the value must be above 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ratio {
    numerator: f64,
    worst: f64,
    best: f64,
    outside: Outside,
}

impl Ratio {
    /// `best / x`.
    pub(super) fn to_best(indicator: &Node, ends: (f64, f64), outside: Outside) -> Result<Option<Scale>, Fault> {
        Self::scale(indicator, ends.1, ends, outside)
    }

    /// `(1 / x) / sum (1 / x)`.
    pub(super) fn of_sum(
        indicator: &Node,
        values: &dyn Sample,
        method: &'static str,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let Some((low, high, _)) = values.extremes() else { return Ok(None) };
        if low <= 0.0 {
            let why = "where lower is better every value must be above 0";
            return Err(Fault::NotLearned { method, node: indicator.code.clone(), child: None, why });
        }
        let numerator = low / values.sum_of_ratios(low);
        Self::scale(indicator, numerator, (high, low), outside)
    }

    fn scale(
        indicator: &Node,
        numerator: f64,
        (worst, best): (f64, f64),
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let ratio = Self { numerator, worst, best, outside };
        let apart = ratio.score(worst) > 0.0 && ratio.score(best).is_finite() && numerator.is_normal();
        if apart {
            return Ok(Some(Scale::Ratio(ratio)));
        }
        Err(Fault::Magnitude { indicator: indicator.code.clone(), low: best, high: worst })
    }

    /// NaN where the value is missing or not above 0.
    pub(crate) fn score(&self, value: f64) -> f64 {
        let value =
            if self.outside == Outside::Clip { value.max(self.best).min(self.worst) + 0.0 * value } else { value };
        if value > 0.0 { self.numerator / value } else { f64::NAN }
    }

    pub(super) fn flags(&self, value: f64) -> Flags {
        if value <= self.worst && value >= self.best {
            return Flags::default();
        }
        let flags = Flags::default().with(Flag::Outside);
        if self.outside == Outside::Clip { flags.with(Flag::Clipped) } else { flags }
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.worst, self.best)
    }

    pub(super) fn is_sound(&self, indicator: &Node) -> bool {
        let numbers = [self.numerator, self.worst, self.best].iter().all(|v| v.is_finite() && *v > 0.0);
        indicator.direction == Some(Direction::LowerIsBetter) && numbers && self.best <= self.worst
    }
}
