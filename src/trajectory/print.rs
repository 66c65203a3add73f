//! Trajectories as text.

use std::fmt;

use super::{Fall, Stage, Trajectory, Turn};
use crate::framework::Direction;
use crate::text::left;

/// A figure with about four digits.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1e3..1e15).contains(&size) {
        format!("{value:.0}")
    } else if (1e-3..1e3).contains(&size) {
        let digits = if size >= 100.0 {
            1
        } else if size >= 1.0 {
            2
        } else {
            4
        };
        format!("{value:.digits$}")
    } else {
        format!("{value:.3e}")
    }
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// How a trajectory is spoken of: where lower is better, of better and worse, for a fall would be taken for one of the figures.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    lower: bool,
}

impl Words {
    pub(crate) fn of(trajectory: &Trajectory) -> Self {
        Self { lower: trajectory.direction == Some(Direction::LowerIsBetter) }
    }

    pub(crate) fn stage(self, stage: Stage) -> String {
        match stage {
            Stage::Declining if self.lower => "worsening".to_owned(),
            Stage::Growing if self.lower => "improving".to_owned(),
            stage => stage.to_string(),
        }
    }

    /// The stage, or why there is none.
    #[cfg(feature = "plot")]
    pub(crate) fn stage_or_why(self, trajectory: &Trajectory) -> String {
        match (trajectory.stage, trajectory.untold) {
            (Some(stage), _) => self.stage(stage),
            (None, Some(why)) => why.to_string(),
            (None, None) => "no stage".to_owned(),
        }
    }

    pub(crate) fn turn(self, turn: Turn) -> String {
        match turn {
            Turn::Peak if self.lower => "worse from".to_owned(),
            Turn::Trough if self.lower => "better from".to_owned(),
            turn => turn.to_string(),
        }
    }

    fn fall(self) -> &'static str {
        if self.lower { "worsening" } else { "fall" }
    }

    /// What a fall did.
    #[cfg(feature = "plot")]
    pub(crate) fn fell(self) -> &'static str {
        if self.lower { "got worse" } else { "fell" }
    }

    /// What became of a loss.
    #[cfg(feature = "plot")]
    pub(crate) fn regained(self) -> &'static str {
        regained(self.lower)
    }

    pub(crate) fn never_fell(self) -> &'static str {
        if self.lower { "never got worse" } else { "never fell" }
    }
}

fn regained(lower: bool) -> &'static str {
    if lower { "made up for" } else { "regained" }
}

/// `3966483 in 1970 to 3648167 in 2015, 0 % regained`; `made up for` where the trough is the higher figure.
impl fmt::Display for Fall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (peak, trough) = (self.peak, self.trough);
        let (from, to) = (short(peak.value), short(trough.value));
        let regained = regained(trough.value > peak.value);
        write!(f, "{from} in {} to {to} in {}, {} {regained}", peak.year, trough.year, percent(self.regained))
    }
}

/// The stage, the figures, the trend, the turning points, and the loss with the share of it regained. Where lower is better it
/// speaks of better and worse, for a fall would be taken for one of the figures.
impl fmt::Display for Trajectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", left(&self.name, 0), left(&self.node_name, 0))?;
        if !self.unit.is_empty() {
            write!(f, " ({})", left(&self.unit, 0))?;
        }
        let words = Words::of(self);
        match self.stage {
            Some(stage) => writeln!(f, ": {}", words.stage(stage))?,
            None => writeln!(f, ": no stage")?,
        }
        if let (Some(first), Some(last)) = (self.points.first(), self.points.last()) {
            let figures = if self.points.len() == 1 { "figure" } else { "figures" };
            write!(f, "  {} {figures}, {} in {}", self.points.len(), short(first.value), first.year)?;
            if self.points.len() > 1 {
                write!(f, " to {} in {}", short(last.value), last.year)?;
            }
            writeln!(f)?;
        }
        if let Some(trend) = &self.trend {
            write!(f, "  trend: {trend}")?;
            writeln!(f, "{}", if words.lower { "; lower is better" } else { "" })?;
        }
        if let Some(untold) = self.untold {
            writeln!(f, "  {untold}")?;
        }
        for (i, point) in self.turning_points.iter().enumerate() {
            let start = if i == 0 { "  turning points: " } else { ", " };
            write!(f, "{start}{} {} in {}", words.turn(point.turn), short(point.at.value), point.at.year)?;
        }
        if !self.turning_points.is_empty() {
            writeln!(f)?;
        }
        match &self.fall {
            Some(fall) => writeln!(f, "  largest {}: {fall}", words.fall()),
            None if self.points.len() > 1 => writeln!(f, "  it {}", words.never_fell()),
            None => Ok(()),
        }
    }
}
