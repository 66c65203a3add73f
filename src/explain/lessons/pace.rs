//! How long it takes to the model's level at the speed that a panel shows.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::improve::number;
use super::{LearningStep, Task};
use crate::composite::Position;
use crate::error::Result;
use crate::framework::Direction;
use crate::kernel::trend::TheilSen;
use crate::observations::Observations;

/// So many years a series must have before it tells a speed.
const YEARS: usize = 5;

/// How fast an indicator moves. See [`Lessons`](crate::Lessons).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Speed {
    /// In the right direction.
    Towards {
        /// Raw units a year.
        per_year: f64,
        /// Years to the model's level.
        years: f64,
    },
    /// It does not move.
    Still,
    /// In the wrong direction, by so many raw units a year.
    Away {
        /// Raw units a year.
        per_year: f64,
    },
    /// There are figures of too few years.
    TooShort {
        /// How many years have a figure.
        years: usize,
    },
}

/// The fastest city seen. See [`Lessons`](crate::Lessons).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fastest {
    /// Its key.
    pub city: String,
    /// Its speed in the learner's raw units a year.
    pub per_year: f64,
    /// Years to the model's level at that speed.
    pub years: f64,
}

/// How long an indicator would take to the model's level. See [`Lessons`](crate::Lessons).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pace {
    /// The code of the indicator.
    pub indicator: String,
    /// Its name.
    pub name: String,
    /// The learner's raw figure.
    pub from: f64,
    /// The raw figure that is the model's level.
    pub to: f64,
    /// The learner's own speed.
    pub own: Speed,
    /// The fastest city in the right direction; none where none has a long enough series that goes there.
    pub fastest: Option<Fastest>,
}

impl Task<'_> {
    /// The raw figures of a city over the years: slope a year, or how many years there are.
    fn slope(panel: &Observations, city: &str, series: &str) -> std::result::Result<f64, usize> {
        let mut points: Vec<(i32, f64)> = panel.of(city, series).filter_map(|o| Some((o.year, o.value?))).collect();
        points.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        points.dedup_by_key(|p| p.0);
        if points.len() < YEARS {
            return Err(points.len());
        }
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|&(year, v)| (f64::from(year), v)).unzip();
        TheilSen::of(&x, &y, 0.95).map(|line| line.slope).ok_or(points.len())
    }

    pub(super) fn paces(&self, panel: &Observations, steps: &[LearningStep]) -> Result<Vec<Pace>> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let mut paces = Vec::new();
        for (indicator, to) in steps.iter().flat_map(|step| &step.raised) {
            let node = composite.framework().node(indicator)?;
            let direction = node.direction.unwrap_or(Direction::HigherIsBetter);
            let Some(from) = cities.cell(cities.key(self.learner), indicator)?.value else { continue };
            let Some(Position::Leaf(leaf)) = composite.position(indicator) else { continue };
            let per = composite.base_values(leaf, cities).per;
            let size = |row: usize| per.map_or(1.0, |(d, _)| d.at(row));
            let years = |slope: f64| (to - from) / slope;
            let own = match Self::slope(panel, cities.own_key(self.learner), indicator) {
                Err(years) => Speed::TooShort { years },
                Ok(0.0) => Speed::Still,
                Ok(slope) if direction.orient(slope) > 0.0 => Speed::Towards { per_year: slope, years: years(slope) },
                Ok(slope) => Speed::Away { per_year: slope },
            };
            let mut fastest: Option<Fastest> = None;
            for row in 0..cities.len() {
                let Ok(slope) = Self::slope(panel, cities.own_key(row), indicator) else { continue };
                let slope = slope / size(row) * size(self.learner);
                let (key, speed) = (cities.key(row), direction.orient(slope));
                let beaten = fastest.as_ref().is_none_or(|f| {
                    let so_far = direction.orient(f.per_year);
                    speed > so_far || (speed == so_far && key < f.city.as_str())
                });
                if speed > 0.0 && beaten {
                    fastest = Some(Fastest { city: key.to_owned(), per_year: slope, years: years(slope) });
                }
            }
            paces.push(Pace { indicator: indicator.clone(), name: node.name.clone(), from, to: *to, own, fastest });
        }
        Ok(paces)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Towards { per_year, years } => write!(f, "{} a year: {years:.1} years", number(*per_year)),
            Self::Still => f.write_str("does not move"),
            Self::Away { per_year } => write!(f, "moves the wrong way, {} a year", number(*per_year)),
            Self::TooShort { years } => write!(f, "years with a figure: {years}, and {YEARS} are needed"),
        }
    }
}
