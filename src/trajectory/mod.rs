//! How cities moved: trends, turning points and stages, panels on one yardstick, convergence and inequality.

mod columns;
mod convergence;
mod inequality;
mod momentum;
mod panel;
mod print;
mod stage;
mod trend;
mod turning;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use convergence::{Beta, Convergence, GrowthScale, YearSpread};
pub use inequality::{GroupInequality, Inequality, Theil};
pub use momentum::{CityMomentum, LevelAndMomentum, Quadrant, Unplaced};
pub use panel::{Panel, Yardstick};
#[cfg(feature = "plot")]
pub(crate) use print::Words;
pub use stage::{Stage, StageRule};
pub use trend::{Basis, Trend};
pub use turning::{Turn, TurningPoint};

use crate::error::{Fault, Problem, Problems, Result, What};
use crate::framework::{Direction, Framework, Node};
use crate::kernel::stats;
use crate::observations::Observations;

/// A figure and its year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Point {
    /// The year.
    pub year: i32,
    /// The figure.
    pub value: f64,
}

/// Why a series has no trend or stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Untold {
    /// There is no figure.
    NoFigure,
    /// There are one or two figures, and it takes three.
    FewFigures {
        /// How many there are.
        have: usize,
    },
    /// There is no figure in the last year, whose level is asked for.
    NoLevel {
        /// The last year.
        year: i32,
    },
    /// The figures are too large for a slope in double precision.
    Magnitude,
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFigure => f.write_str("no trend: there is no figure"),
            Self::FewFigures { have: 1 } => f.write_str("no trend: there is one figure, and it takes three"),
            Self::FewFigures { have } => write!(f, "no trend: there are {have} figures, and it takes three"),
            Self::NoLevel { year } => write!(f, "no level: there is no figure in {year}"),
            Self::Magnitude => f.write_str("no trend: the figures are too large for a slope in double precision"),
        }
    }
}

/// The largest fall of a series from a peak to the trough after it, and how much of the loss it has regained since.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fall {
    /// The best figure before the trough; of equal ones the first.
    pub peak: Point,
    /// The worst figure after the peak.
    pub trough: Point,
    /// `(last - trough) / (peak - trough)`: 0 at the trough, 1 where the loss is made up, above 1 beyond the old peak.
    pub regained: f64,
}

/// How one city moved in one series or node: level, trend, turning points, the loss after its peak and the share of it that
/// was regained, and the stage that this amounts to.
///
/// *Peak*, *trough* and *fall* are meant as better and worse: where lower is better, as with days to start a business, the peak
/// is the lowest figure. A series without a direction, such as population, is taken as higher is better. Figures are always
/// given as they are. Missing figures are left out, and years need not follow one another: slopes are a year, not a step.
///
/// ```
/// use longspring::{Stage, Trajectory, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let detroit = Trajectory::of_series(&known, &framework, "detroit", "population")?;
/// assert_eq!(detroit.stage, Some(Stage::Declining));
/// let fall = detroit.fall.unwrap();
/// assert_eq!((fall.peak.year, fall.trough.year, fall.regained), (1970, 2015, 0.0));
/// println!("{detroit}");
///
/// let sheffield = Trajectory::of_series(&known, &framework, "sheffield", "population")?;
/// assert_eq!(sheffield.stage, Some(Stage::Revived)); // below 635,000 in 1990, above 700,000 in 2015
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trajectory {
    /// The key of the city; empty for [figures of one's own](Trajectory::of_points).
    pub city: String,
    /// Its name.
    pub name: String,
    /// The code of the series or node; empty for figures of one's own.
    pub node: String,
    /// Its name.
    pub node_name: String,
    /// The unit of the figures; empty where it is not known, and for scores.
    pub unit: String,
    /// Which figures are better; none for a series without a direction, which is taken as higher is better.
    pub direction: Option<Direction>,
    /// The figures, in the order of their years.
    pub points: Vec<Point>,
    /// The trend; none for the reason in `untold`.
    pub trend: Option<Trend>,
    /// Where the series turned, by the rule.
    pub turning_points: Vec<TurningPoint>,
    /// The largest fall; none where no figure is worse than an earlier one: there is no loss to regain.
    pub fall: Option<Fall>,
    /// The stage by the rule; none below three figures.
    pub stage: Option<Stage>,
    /// Why there is no trend; none where there is one.
    pub untold: Option<Untold>,
    /// The rule of turning points and stage.
    pub rule: StageRule,
}

/// The confidence of the interval of a slope where none is asked for.
const CONFIDENCE: f64 = 0.95;

impl Trajectory {
    /// Of the figures of a city in an indicator or context series, before denomination and of any status. To leave some
    /// out, [filter](Observations::filter) them first. A city without figures has an empty trajectory, which says so.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or series, with the nearest code;
    /// [`Error::Invalid`](crate::Error::Invalid) for an index or a measure, which has no figures: ask a [`Panel`] for
    /// its scores.
    pub fn of_series(known: &Observations, framework: &Framework, city: &str, series: &str) -> Result<Self> {
        let node = series_of(framework, series)?;
        let keys = known.keys();
        let row = keys.find_or(city, What::City)?;
        let points =
            known.of(city, series).filter_map(|o| Some(Point { year: o.year, value: o.value? })).collect::<Vec<_>>();
        let name = known.cities().map_or(keys.get(row), |cities| cities.at(row).name.as_str());
        Ok(Self::new(city, name, node, node.direction, points))
    }

    /// Of figures of one's own, and which of them are better.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where years do not ascend or stand twice, or a figure is not finite.
    ///
    /// ```
    /// use longspring::{Direction, Stage, Trajectory};
    ///
    /// let days = [(2003, 40.0), (2006, 31.0), (2010, 12.0), (2013, 8.0)];
    /// let trajectory = Trajectory::of_points(days, Some(Direction::LowerIsBetter))?;
    /// assert_eq!(trajectory.stage, Some(Stage::Growing)); // fewer days are better
    /// assert!(trajectory.trend.unwrap().slope < 0.0);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn of_points(points: impl IntoIterator<Item = (i32, f64)>, direction: Option<Direction>) -> Result<Self> {
        let points: Vec<Point> = points.into_iter().map(|(year, value)| Point { year, value }).collect();
        check_years(&points.iter().map(|p| p.year).collect::<Vec<_>>())?;
        let infinite = points.iter().filter(|p| !p.value.is_finite());
        let fault = |p: &Point| Fault::PointNotFinite { year: p.year, value: p.value };
        Problems::check(infinite.map(|p| Problem::from(fault(p))).collect())?;
        let node = Node::context("");
        Ok(Self::new("", "", &node, direction, points))
    }

    /// Of finite figures in the order of their years.
    fn new(city: &str, name: &str, node: &Node, direction: Option<Direction>, points: Vec<Point>) -> Self {
        let unit = if node.kind.is_series() { node.unit.clone() } else { String::new() };
        let mut trajectory = Self {
            city: city.to_owned(),
            name: name.to_owned(),
            node: node.code.clone(),
            node_name: node.name.clone(),
            unit,
            direction,
            points,
            trend: None,
            turning_points: Vec::new(),
            fall: None,
            stage: None,
            untold: None,
            rule: StageRule::new(),
        };
        trajectory.find_trend(CONFIDENCE);
        trajectory.find_stage();
        trajectory
    }

    /// The same figures under another rule of turning points and stage.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every threshold that is out of its range.
    pub fn with_rule(mut self, rule: StageRule) -> Result<Self> {
        rule.check()?;
        self.rule = rule;
        self.find_stage();
        Ok(self)
    }

    /// The same figures with an interval of the slope of another confidence, between 0 and 1; 0.95 where none is asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the confidence is not between 0 and 1.
    pub fn with_confidence(mut self, confidence: f64) -> Result<Self> {
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(Fault::Parameter { name: "the confidence", value: confidence, need: "between 0 and 1" }.into());
        }
        self.find_trend(confidence);
        Ok(self)
    }

    /// The figures of a span of years alone, judged anew.
    #[must_use]
    pub fn within(mut self, years: std::ops::RangeInclusive<i32>) -> Self {
        let confidence = self.trend.map_or(CONFIDENCE, |trend| trend.confidence);
        self.points.retain(|p| years.contains(&p.year));
        self.find_trend(confidence);
        self.find_stage();
        self
    }

    /// The last figure: the level that was reached. None where there is no figure.
    #[must_use]
    pub fn level(&self) -> Option<Point> {
        self.points.last().copied()
    }

    /// The best figure of all, the first of equal ones; none where there is no figure.
    #[must_use]
    pub fn best(&self) -> Option<Point> {
        self.extreme(|value, than| value > than)
    }

    /// The worst figure of all, the first of equal ones; none where there is no figure.
    #[must_use]
    pub fn worst(&self) -> Option<Point> {
        self.extreme(|value, than| value < than)
    }

    fn extreme(&self, beats: impl Fn(f64, f64) -> bool) -> Option<Point> {
        let oriented = |p: &Point| self.oriented(p.value);
        self.points.iter().copied().reduce(|best, p| if beats(oriented(&p), oriented(&best)) { p } else { best })
    }

    fn oriented(&self, value: f64) -> f64 {
        self.direction.map_or(value, |direction| direction.orient(value))
    }

    fn find_trend(&mut self, confidence: f64) {
        let years: Vec<f64> = self.points.iter().map(|p| f64::from(p.year)).collect();
        let values: Vec<f64> = self.points.iter().map(|p| p.value).collect();
        self.trend = Trend::of(&years, &values, confidence);
        self.untold = match self.points.len() {
            0 => Some(Untold::NoFigure),
            have @ 1..=2 => Some(Untold::FewFigures { have }),
            _ if self.trend.is_none() => Some(Untold::Magnitude),
            _ => None,
        };
    }

    fn find_stage(&mut self) {
        let figures: Vec<f64> = self.points.iter().map(|p| p.value).collect();
        let years: Vec<i32> = self.points.iter().map(|p| p.year).collect();
        // In units of a power of two, so that not even the difference of the two largest numbers overflows.
        let unit = stats::unit(&figures);
        let values: Vec<f64> = figures.iter().map(|v| self.oriented(v / unit)).collect();
        let (low, high) = stats::range(&values);
        let least = self.rule.amplitude * (high - low);
        let turns = turning::turns(&years, &values, least, self.rule.phase);
        self.turning_points =
            turns.into_iter().map(|(row, turn)| TurningPoint { turn, at: self.points[row] }).collect();
        let fall = stage::largest_fall(&self.points, &values);
        let told = values.len() >= 3;
        self.stage = self.rule.stage(&years, &values, &self.turning_points, fall.as_ref()).filter(|_| told);
        self.fall = fall.map(|(_, _, fall)| fall);
    }
}

/// A node that has figures.
fn series_of<'f>(framework: &'f Framework, series: &str) -> Result<&'f Node> {
    let node = framework.node(series)?;
    if node.kind.is_series() {
        return Ok(node);
    }
    let what = "have figures of its own; ask a panel (`Panel::fit`) for its scores";
    Err(Fault::WrongKind { what, code: node.code.clone(), kind: node.kind }.into())
}

/// Checks that years ascend.
fn check_years(years: &[i32]) -> Result<()> {
    let wrong = years.windows(2).filter(|pair| pair[1] <= pair[0]);
    Problems::check(wrong.map(|pair| Fault::YearOrder { year: pair[1], before: pair[0] }.into()).collect())
}
