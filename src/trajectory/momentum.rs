//! Where each city stands, and where it is going: two questions with two answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Untold;
use super::columns::Columns;
use super::print::short;
use crate::error::Result;
use crate::framework::Framework;
use crate::kernel::rank::{RankWork, Ties, rank_into};
use crate::kernel::stats;
use crate::observations::Observations;
use crate::text::{left, probability, right, width};

/// Level against momentum: the half of the cities in which a city stands by its level, and by its slope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Quadrant {
    /// A level and a slope at or above the median.
    Leading,
    /// A level at or above the median, and a slope below it.
    Slowing,
    /// A level below the median, and a slope at or above it.
    CatchingUp,
    /// A level and a slope below the median.
    FallingBehind,
}

impl fmt::Display for Quadrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Leading => "leading",
            Self::Slowing => "slowing",
            Self::CatchingUp => "catching up",
            Self::FallingBehind => "falling behind",
        })
    }
}

/// A city's level and momentum, each with its rank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CityMomentum {
    /// The key of the city.
    pub city: String,
    /// Its name.
    pub name: String,
    /// What it has in the last year.
    pub level: f64,
    /// The rank of that, 1 being the best; equal ones take the smallest rank.
    pub level_rank: f64,
    /// Theil and Sen's slope over the years, a year; see [`Trend::slope`](crate::Trend::slope).
    pub slope: f64,
    /// Mann and Kendall's probability; see [`Trend::p`](crate::Trend::p).
    pub p: f64,
    /// The rank of the slope, 1 for the one that gets better fastest.
    pub momentum_rank: f64,
    /// The halves in which it stands.
    pub quadrant: Quadrant,
}

/// A city without a level or a slope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unplaced {
    /// The key of the city.
    pub city: String,
    /// Its name.
    pub name: String,
    /// Why it has none.
    pub why: Untold,
}

/// Level and momentum of all cities in a node: a city may stand low and come up fast. See [`Panel::level_and_momentum`].
///
/// The level is the value in the last year; momentum is Theil and Sen's slope over all years. Both are ranked among the cities
/// that have both, the better first: where lower is better, the lower level and the slope that falls more. The quadrants are
/// cut at the two medians, and a city at the median belongs to the upper half. Pitfall: on a scale with an upper end those who
/// are near it cannot rise, so that momentum favours those who start low.
///
/// [`Panel::level_and_momentum`]: crate::Panel::level_and_momentum
///
/// ```
/// use longspring::{LevelAndMomentum, Quadrant, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let days = LevelAndMomentum::of_series(&known, &framework, "days_to_start_business", 2013..=2019)?;
/// println!("{days}");
/// let changchun = days.get("changchun").unwrap();
/// assert!(changchun.momentum_rank <= 6.0 && changchun.slope < 0.0); // among the six Chinese cities, which share national figures
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LevelAndMomentum {
    /// The code of the node.
    pub node: String,
    /// The first year.
    pub first: i32,
    /// The last year, that of the levels.
    pub last: i32,
    /// The median of the levels; none where no city is placed.
    pub median_level: Option<f64>,
    /// The median of the slopes.
    pub median_slope: Option<f64>,
    /// Spearman's correlation of level and momentum, each the better the higher; none where one is the same in all cities.
    pub spearman: Option<f64>,
    /// The cities that have both, in their order.
    pub cities: Vec<CityMomentum>,
    /// The cities that have not.
    pub unplaced: Vec<Unplaced>,
}

impl LevelAndMomentum {
    /// Of the figures of an indicator or context series in these very years, before denomination and of any status.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such series, with the nearest code;
    /// [`Error::Invalid`](crate::Error::Invalid) for a node that has no figures, below three years, where years do not ascend,
    /// and for a year in which nobody has a figure.
    pub fn of_series(
        known: &Observations,
        framework: &Framework,
        series: &str,
        years: impl IntoIterator<Item = i32>,
    ) -> Result<Self> {
        Self::of(&Columns::of_series(known, framework, series, years)?)
    }

    pub(super) fn of(columns: &Columns) -> Result<Self> {
        let (first, last) = columns.span("momentum", 3)?;
        let sign = |value: f64| columns.direction.map_or(value, |direction| direction.orient(value));
        let (mut cities, mut unplaced) = (Vec::new(), Vec::new());
        for row in 0..columns.cities.len() {
            let found = columns.trajectory(row);
            let level = found.level().filter(|point| point.year == last);
            let why = match (found.trend, level) {
                (Some(trend), Some(level)) => {
                    cities.push(CityMomentum {
                        city: found.city,
                        name: found.name,
                        level: level.value,
                        level_rank: f64::NAN,
                        slope: trend.slope,
                        p: trend.p,
                        momentum_rank: f64::NAN,
                        quadrant: Quadrant::Leading,
                    });
                    continue;
                }
                (None, _) => found.untold.unwrap_or(Untold::NoFigure),
                (Some(_), None) => Untold::NoLevel { year: last },
            };
            unplaced.push(Unplaced { city: found.city, name: found.name, why });
        }
        let levels: Vec<f64> = cities.iter().map(|city| sign(city.level)).collect();
        let slopes: Vec<f64> = cities.iter().map(|city| sign(city.slope)).collect();
        let (level_ranks, momentum_ranks) = (ranks(&levels), ranks(&slopes));
        let (level, slope) = (stats::median(&levels), stats::median(&slopes));
        for (row, city) in cities.iter_mut().enumerate() {
            (city.level_rank, city.momentum_rank) = (level_ranks[row], momentum_ranks[row]);
            city.quadrant = match (levels[row] >= level, slopes[row] >= slope) {
                (true, true) => Quadrant::Leading,
                (true, false) => Quadrant::Slowing,
                (false, true) => Quadrant::CatchingUp,
                (false, false) => Quadrant::FallingBehind,
            };
        }
        let known = |value: f64| (!value.is_nan()).then(|| sign(value));
        Ok(Self {
            node: columns.node.code.clone(),
            first,
            last,
            median_level: known(level),
            median_slope: known(slope),
            spearman: stats::spearman(&levels, &slopes),
            cities,
            unplaced,
        })
    }

    /// A city by its key; none where it is not placed or not there.
    #[must_use]
    pub fn get(&self, city: &str) -> Option<&CityMomentum> {
        self.cities.iter().find(|c| c.city == city)
    }

    /// The cities of a quadrant, in their order.
    pub fn of_quadrant(&self, quadrant: Quadrant) -> impl Iterator<Item = &CityMomentum> {
        self.cities.iter().filter(move |city| city.quadrant == quadrant)
    }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    rank_into(values, Ties::Min, 0.0, &mut RankWork::default(), &mut out);
    out
}

/// A city a line, the fastest first.
impl fmt::Display for LevelAndMomentum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (placed, first, last) = (self.cities.len(), self.first, self.last);
        writeln!(f, "{}: level in {last} and momentum since {first} of {placed} cities", self.node)?;
        let wide = self.cities.iter().map(|city| width(&city.name)).max().unwrap_or(0).max(4);
        writeln!(f, "{}       level rank      a year rank  p        quadrant", left("city", wide))?;
        let mut order: Vec<&CityMomentum> = self.cities.iter().collect();
        order.sort_by(|a, b| a.momentum_rank.total_cmp(&b.momentum_rank));
        for city in order {
            let (level, slope) = (right(&short(city.level), 11), right(&short(city.slope), 11));
            let (ranks, p) = ((city.level_rank, city.momentum_rank), left(&probability(city.p), 7));
            let name = left(&city.name, wide);
            writeln!(f, "{name} {level} {:4} {slope} {:4}  {p}  {}", ranks.0, ranks.1, city.quadrant)?;
        }
        if !self.unplaced.is_empty() {
            writeln!(f, "not placed: {} cities, the first {}", self.unplaced.len(), self.unplaced[0])?;
        }
        Ok(())
    }
}

impl fmt::Display for Unplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", left(&self.name, 0), self.why)
    }
}
