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

/// `3966483 in 1970 to 3648167 in 2015, 0 % regained`; `made up for` where the trough is the higher figure.
impl fmt::Display for Fall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (peak, trough) = (self.peak, self.trough);
        let (from, to) = (short(peak.value), short(trough.value));
        let regained = if trough.value > peak.value { "made up for" } else { "regained" };
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
        let lower = self.direction == Some(Direction::LowerIsBetter);
        match self.stage {
            Some(Stage::Declining) if lower => writeln!(f, ": worsening")?,
            Some(Stage::Growing) if lower => writeln!(f, ": improving")?,
            Some(stage) => writeln!(f, ": {stage}")?,
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
            writeln!(f, "{}", if lower { "; lower is better" } else { "" })?;
        }
        if let Some(untold) = self.untold {
            writeln!(f, "  {untold}")?;
        }
        for (i, point) in self.turning_points.iter().enumerate() {
            let start = if i == 0 { "  turning points: " } else { ", " };
            let turn: &dyn fmt::Display = match point.turn {
                Turn::Peak if lower => &"worse from",
                Turn::Trough if lower => &"better from",
                ref turn => turn,
            };
            write!(f, "{start}{turn} {} in {}", short(point.at.value), point.at.year)?;
        }
        if !self.turning_points.is_empty() {
            writeln!(f)?;
        }
        match &self.fall {
            Some(fall) => writeln!(f, "  largest {}: {fall}", if lower { "worsening" } else { "fall" }),
            None if self.points.len() > 1 && lower => writeln!(f, "  it never got worse"),
            None if self.points.len() > 1 => writeln!(f, "  it never fell"),
            None => Ok(()),
        }
    }
}
