//! The stage that a city has reached, by a stated rule.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::turning::{Turn, TurningPoint};
use super::{Fall, Point};
use crate::error::{Fault, Problem, Problems, Result};
use crate::kernel::stats;

/// Where a city stands on its way. The rule is that of [`StageRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// It fell, has not come back, and has not come to rest.
    Declining,
    /// It has hardly moved, or has long been where it is now.
    StandingStill,
    /// It fell, and has regained a part of the loss and is rising.
    Reviving,
    /// It fell, and has regained the loss.
    Revived,
    /// It rose, and never fell far.
    Growing,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Declining => "declining",
            Self::StandingStill => "standing still",
            Self::Reviving => "reviving",
            Self::Revived => "revived",
            Self::Growing => "growing",
        })
    }
}

/// The rule by which turning points are found and a stage is told. Every threshold is a share, so that units do not matter.
///
/// With the range of the series from its worst to its best figure, and its largest fall from a peak to the trough after it:
///
/// | in this order | stage |
/// |---|---|
/// | the range is at most the share `still` (0.01) of the largest figure | standing still |
/// | no fall reaches the share `amplitude` (0.2) of the range, and the series is settled | standing still |
/// | no fall reaches it, and the last figure is above the first by as much | growing; else standing still |
/// | the share of the loss regained is at least `revived` (1) | revived |
/// | it is at least `reviving` (0.25), and the last turning point is no peak | reviving |
/// | the series is settled since the peak | standing still |
/// | otherwise | declining |
///
/// A series is *settled* when for at least the share `settled` (0.5) of the years (since the peak of the fall, or since its
/// first figure where there is none) it has stayed within `amplitude` of the range from its last figure.
///
/// A turning point is a local extreme; the moves that lead to it and away from it are at least the share `amplitude` of the
/// range and last at least `phase` (2) years, as in the rule of Bry and Boschan (1971, *Cyclical Analysis of Time Series*),
/// from which the idea of a least length of a phase is taken, and not its smoothing.
///
/// The rule describes and does not test: of a series that is mere noise it tells a stage as well. [`Trend::p`](super::Trend::p)
/// tells noise.
///
/// ```
/// use longspring::{Stage, StageRule, Trajectory, article};
///
/// let sheffield = Trajectory::of_series(&article::observations(), &article::framework(), "sheffield", "gdp_index")?;
/// assert_eq!(sheffield.stage, Some(Stage::Reviving)); // 46 % of what the crisis of 2008 took
/// let stricter = sheffield.with_rule(StageRule::new().reviving(0.5))?;
/// assert_eq!(stricter.stage, Some(Stage::StandingStill)); // settled on the level of 2008
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StageRule {
    /// The share of the range that a move must have to count; above 0, at most 1.
    pub amplitude: f64,
    /// How many years a move must last between turning points.
    pub phase: u32,
    /// The share of the largest figure up to which a range is no movement; from 0 to 1.
    pub still: f64,
    /// The share of the years after which what has not moved is settled; above 0, at most 1.
    pub settled: f64,
    /// The share of a loss that must be regained to be reviving; above 0.
    pub reviving: f64,
    /// The share of a loss that must be regained to be revived; above 0, not below `reviving`.
    pub revived: f64,
}

impl Default for StageRule {
    fn default() -> Self {
        Self { amplitude: 0.2, phase: 2, still: 0.01, settled: 0.5, reviving: 0.25, revived: 1.0 }
    }
}

impl StageRule {
    /// The rule with the thresholds of the table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the share of the range that a move must have to count.
    #[must_use]
    pub fn amplitude(self, amplitude: f64) -> Self {
        Self { amplitude, ..self }
    }

    /// Sets how many years a move must last between turning points.
    #[must_use]
    pub fn phase(self, phase: u32) -> Self {
        Self { phase, ..self }
    }

    /// Sets the share of the largest figure up to which a range is no movement.
    #[must_use]
    pub fn still(self, still: f64) -> Self {
        Self { still, ..self }
    }

    /// Sets the share of the years after which what has not moved is settled.
    #[must_use]
    pub fn settled(self, settled: f64) -> Self {
        Self { settled, ..self }
    }

    /// Sets the share of a loss that must be regained to be reviving.
    #[must_use]
    pub fn reviving(self, reviving: f64) -> Self {
        Self { reviving, ..self }
    }

    /// Sets the share of a loss that must be regained to be revived.
    #[must_use]
    pub fn revived(self, revived: f64) -> Self {
        Self { revived, ..self }
    }

    /// Checks the thresholds.
    pub(super) fn check(&self) -> Result<()> {
        let share = |name, value: f64, least_is_0: bool| {
            let right = value <= 1.0 && (value > 0.0 || (least_is_0 && value == 0.0));
            let need = if least_is_0 { "from 0 to 1" } else { "above 0 and at most 1" };
            (!right).then(|| Problem::from(Fault::Parameter { name, value, need }))
        };
        let positive = |name, value: f64| {
            let need = "a finite number above 0";
            (!(value.is_finite() && value > 0.0)).then(|| Problem::from(Fault::Parameter { name, value, need }))
        };
        let order = (self.revived < self.reviving).then(|| {
            let (name, value) = ("the share regained of a revived city", self.revived);
            Problem::from(Fault::Parameter { name, value, need: "not below that of a reviving one" })
        });
        let found = [
            share("the amplitude", self.amplitude, false),
            share("the share of the level that is no movement", self.still, true),
            share("the share of the years of a settled city", self.settled, false),
            positive("the share regained of a reviving city", self.reviving),
            positive("the share regained of a revived city", self.revived),
            order,
        ];
        Problems::check(found.into_iter().flatten().collect())
    }

    /// The stage of a series of three figures or more, oriented so that higher is better.
    pub(super) fn stage(
        &self,
        years: &[i32],
        values: &[f64],
        turning: &[TurningPoint],
        fall: Option<&(usize, f64, Fall)>,
    ) -> Option<Stage> {
        let (&first, &last, &[now]) = (values.first()?, values.last()?, years.last_chunk::<1>()?);
        let (low, high) = stats::range(values);
        let largest = low.abs().max(high.abs());
        if high - low <= self.still * largest {
            return Some(Stage::StandingStill);
        }
        let least = self.amplitude * (high - low);
        let settled = |from: usize| {
            let rested = values.iter().rposition(|v| (v - last).abs() > least).map_or(from, |row| (row + 1).max(from));
            let span = |row: usize| years.get(row).map_or(0.0, |&year| f64::from(now) - f64::from(year));
            span(rested) >= self.settled * span(from)
        };
        let Some((peak, _, fall)) = fall.filter(|(_, loss, _)| *loss >= least) else {
            return Some(if !settled(0) && last - first >= least { Stage::Growing } else { Stage::StandingStill });
        };
        let rising = turning.last().is_none_or(|point| point.turn == Turn::Trough);
        Some(if fall.regained >= self.revived {
            Stage::Revived
        } else if fall.regained >= self.reviving && rising {
            Stage::Reviving
        } else if settled(*peak) {
            Stage::StandingStill
        } else {
            Stage::Declining
        })
    }
}

/// The largest fall of a series that is oriented so that higher is better: the row of its peak, the loss on the given scale,
/// and the fall itself. None where no figure is below an earlier one.
pub(super) fn largest_fall(points: &[Point], values: &[f64]) -> Option<(usize, f64, Fall)> {
    let (mut peak, mut worst): (usize, Option<(usize, usize)>) = (0, None);
    for row in 1..values.len() {
        if values[row] > values[peak] {
            peak = row;
        } else if values[row] < values[peak]
            && worst.is_none_or(|(p, t)| values[peak] - values[row] > values[p] - values[t])
        {
            worst = Some((peak, row));
        }
    }
    let (peak, trough) = worst?;
    let loss = values[peak] - values[trough];
    let regained = (values.last()? - values[trough]) / loss;
    Some((peak, loss, Fall { peak: points[peak], trough: points[trough], regained }))
}
