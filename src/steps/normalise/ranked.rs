//! Scales by rank: the sorted sample is the yardstick.

use serde::{Deserialize, Serialize};

use super::{Outside, Scale, Values};
use crate::error::Fault;
use crate::flags::{Flag, Flags};
use crate::framework::{Direction, Node};
use crate::kernel::rank::Ties;

/// A sample by which values are ranked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ranked {
    direction: Direction,
    /// The values of the sample, worst first, oriented so that higher is better; each once for dense ranks.
    sample: Vec<f64>,
    form: Form,
    outside: Outside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Rank(Ties),
    Percentile,
    PercentileMin,
    Borda,
}

impl Ranked {
    pub(super) fn rank(indicator: &Node, values: &Values<'_>, ties: Ties, outside: Outside) -> Option<Scale> {
        let mut ranked = Self::of(indicator, values, Form::Rank(ties), outside);
        if ties == Ties::Dense {
            ranked.sample.dedup();
        }
        (!ranked.sample.is_empty()).then_some(Scale::Ranked(ranked))
    }

    pub(super) fn borda(indicator: &Node, values: &Values<'_>, outside: Outside) -> Option<Scale> {
        let ranked = Self::of(indicator, values, Form::Borda, outside);
        (!ranked.sample.is_empty()).then_some(Scale::Ranked(ranked))
    }

    pub(super) fn percentile(indicator: &Node, values: &Values<'_>, outside: Outside) -> Result<Option<Scale>, Fault> {
        Self::of(indicator, values, Form::Percentile, outside).of_two(indicator)
    }

    pub(super) fn percentile_min(
        indicator: &Node,
        values: &Values<'_>,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        Self::of(indicator, values, Form::PercentileMin, outside).of_two(indicator)
    }

    fn of(indicator: &Node, values: &Values<'_>, form: Form, outside: Outside) -> Self {
        let direction = indicator.direction.unwrap_or(Direction::HigherIsBetter);
        let mut sample = Vec::with_capacity(values.len());
        // Adding 0 makes a negative zero a positive one: they are the same value.
        values.blocks(|block| sample.extend(block.iter().filter(|v| !v.is_nan()).map(|&v| direction.orient(v) + 0.0)));
        sample.sort_unstable_by(f64::total_cmp);
        Self { direction, sample, form, outside }
    }

    fn of_two(self, indicator: &Node) -> Result<Option<Scale>, Fault> {
        match self.sample.len() {
            0 => Ok(None),
            1 => {
                let indicator = indicator.code.clone();
                Err(Fault::TooFewCities { method: "the percentile rank", indicator, have: 1, need: 2 })
            }
            _ => Ok(Some(Scale::Ranked(self))),
        }
    }

    pub(crate) fn score(&self, value: f64) -> f64 {
        if value.is_nan() {
            return f64::NAN;
        }
        let mut value = self.direction.orient(value);
        if self.outside == Outside::Clip {
            value = value.clamp(self.first(), self.last());
        }
        let worse = self.sample.partition_point(|&s| s < value);
        let same = self.sample[worse..].partition_point(|&s| s <= value);
        let n = self.sample.len() as f64;
        let (worse, same) = (worse as f64, same as f64);
        // A new value has nobody at its place: `same` is 0, and it comes to stand half-way between its neighbours.
        match self.form {
            Form::Rank(Ties::Average) => worse + same / 2.0 + 0.5,
            Form::Rank(Ties::Min | Ties::Dense) => worse + 1.0,
            Form::Percentile => (worse + same / 2.0 - 0.5) / (n - 1.0) * 100.0,
            Form::PercentileMin => worse / (n - 1.0),
            Form::Borda => worse,
        }
    }

    pub(super) fn flags(&self, value: f64) -> Flags {
        let value = self.direction.orient(value);
        if value >= self.first() && value <= self.last() {
            return Flags::default();
        }
        let flags = Flags::default().with(Flag::Outside);
        if self.outside == Outside::Clip { flags.with(Flag::Clipped) } else { flags }
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.direction.orient(self.first()), self.direction.orient(self.last()))
    }

    /// A sample is never empty; the fallback is only there so that nothing can panic.
    fn first(&self) -> f64 {
        self.sample.first().copied().unwrap_or(f64::NAN)
    }

    fn last(&self) -> f64 {
        self.sample.last().copied().unwrap_or(f64::NAN)
    }

    pub(super) fn is_sound(&self, indicator: &Node) -> bool {
        let enough = match self.form {
            Form::Rank(_) | Form::Borda => 1,
            Form::Percentile | Form::PercentileMin => 2,
        };
        let fits = indicator.direction == Some(self.direction) && self.sample.len() >= enough;
        fits && self.sample.iter().all(|v| v.is_finite()) && self.sample.is_sorted()
    }
}
