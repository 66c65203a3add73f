//! Scales in steps and with a plateau: quantile classes, and indicators that are best in the middle.

use serde::{Deserialize, Serialize};

use super::{Sample, Scale, Values};
use crate::error::Fault;
use crate::flags::{Flag, Flags};
use crate::framework::{Direction, Node};
use crate::kernel::stats;

/// Classes between quantiles of the sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Classes {
    direction: Direction,
    /// The oriented bounds between classes, lowest first.
    bounds: Vec<f64>,
    /// The oriented ends of the sample.
    ends: (f64, f64),
}

impl Classes {
    pub(super) fn quantiles(indicator: &Node, values: &Values<'_>, classes: usize) -> Result<Option<Scale>, Fault> {
        let direction = indicator.direction.unwrap_or(Direction::HigherIsBetter);
        let sorted = stats::sorted(&values.known().iter().map(|&v| direction.orient(v) + 0.0).collect::<Vec<_>>());
        let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else { return Ok(None) };
        if first == last {
            let (indicator, value) = (indicator.code.clone(), direction.orient(first));
            let method = "the classes by quantiles";
            return Err(if sorted.len() == 1 {
                Fault::TooFewCities { method, indicator, have: 1, need: 2 }
            } else {
                Fault::Constant { method, indicator, value, cities: sorted.len() }
            });
        }
        let bounds = (1..classes).map(|k| stats::quantile_of(&sorted, k, classes)).collect();
        Ok(Some(Scale::Classes(Self { direction, bounds, ends: (first, last) })))
    }

    /// From 1 for the worst: one more for every bound that is reached.
    pub(crate) fn score(&self, value: f64) -> f64 {
        if value.is_nan() {
            return f64::NAN;
        }
        let value = self.direction.orient(value);
        self.bounds.iter().filter(|&&bound| value >= bound).count() as f64 + 1.0
    }

    pub(super) fn flags(&self, value: f64) -> Flags {
        let value = self.direction.orient(value);
        let inside = value >= self.ends.0 && value <= self.ends.1;
        if inside { Flags::default() } else { Flags::default().with(Flag::Outside) }
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.direction.orient(self.ends.0), self.direction.orient(self.ends.1))
    }

    pub(super) fn is_sound(&self, indicator: &Node) -> bool {
        let numbers = self.bounds.iter().chain([&self.ends.0, &self.ends.1]).all(|v| v.is_finite());
        indicator.direction == Some(self.direction) && numbers && self.bounds.is_sorted() && self.ends.0 < self.ends.1
    }
}

/// Best on a plateau, and worse on either side of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct TwoSided {
    pub(super) worst_low: f64,
    pub(super) best_low: f64,
    pub(super) best_high: f64,
    pub(super) worst_high: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl TwoSided {
    pub(super) fn fit(self, indicator: &Node, values: &dyn Sample) -> Result<Option<Scale>, Fault> {
        if values.extremes().is_none() {
            return Ok(None);
        }
        if (self.best_low - self.worst_low).is_finite() && (self.worst_high - self.best_high).is_finite() {
            return Ok(Some(Scale::TwoSided(self)));
        }
        Err(Fault::Magnitude { indicator: indicator.code.clone(), low: self.worst_low, high: self.worst_high })
    }

    pub(crate) fn score(&self, value: f64) -> f64 {
        if value.is_nan() {
            return f64::NAN;
        }
        let share = if value < self.best_low {
            (value - self.worst_low) / (self.best_low - self.worst_low)
        } else if value > self.best_high {
            (self.worst_high - value) / (self.worst_high - self.best_high)
        } else {
            1.0
        };
        let share = share.max(0.0);
        self.low * (1.0 - share) + self.high * share
    }

    pub(super) fn flags(&self, value: f64) -> Flags {
        let inside = value >= self.worst_low && value <= self.worst_high;
        if inside { Flags::default() } else { Flags::default().with(Flag::Clipped) }
    }

    /// The nearer to the plateau the better; the lower end stands for both.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.worst_low, self.best_low)
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        let places = [self.worst_low, self.best_low, self.best_high, self.worst_high];
        let mut faults: Vec<Fault> = Vec::new();
        for value in places.iter().chain([&self.low, &self.high]).filter(|v| !v.is_finite()) {
            faults.push(Fault::Parameter {
                name: "a place of the two-sided scale",
                value: *value,
                need: "a finite number",
            });
        }
        if faults.is_empty() {
            let order = places[0] < places[1] && places[1] <= places[2] && places[2] < places[3];
            if !order {
                let need = "above the one before: worst below, best from, best to, worst above";
                faults.push(Fault::Parameter { name: "a place of the two-sided scale", value: places[3], need });
            }
            if self.low >= self.high {
                let name = "the high end of the scale";
                faults.push(Fault::Parameter { name, value: self.high, need: "above the low end" });
            }
        }
        faults
    }

    pub(super) fn is_sound(&self) -> bool {
        self.faults().is_empty()
    }
}
