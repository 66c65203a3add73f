//! Trajectories as text.

use std::fmt;

use super::Trajectory;
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

/// The stage, the figures, the trend, the turning points, and the loss with the share of it regained.
impl fmt::Display for Trajectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", left(&self.name, 0), left(&self.node_name, 0))?;
        if !self.unit.is_empty() {
            write!(f, " ({})", left(&self.unit, 0))?;
        }
        match self.stage {
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
            writeln!(f, "  trend: {trend}")?;
        }
        if let Some(untold) = self.untold {
            writeln!(f, "  {untold}")?;
        }
        for (i, point) in self.turning_points.iter().enumerate() {
            let start = if i == 0 { "  turning points: " } else { ", " };
            write!(f, "{start}{} {} in {}", point.turn, short(point.at.value), point.at.year)?;
        }
        if !self.turning_points.is_empty() {
            writeln!(f)?;
        }
        match &self.fall {
            Some(fall) => writeln!(f, "  largest fall: {fall}"),
            None if self.points.len() > 1 => writeln!(f, "  it never fell"),
            None => Ok(()),
        }
    }
}
