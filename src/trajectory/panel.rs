//! Several years on one yardstick.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::{Convergence, GrowthScale, LevelAndMomentum, Trajectory, check_years};
use crate::codes::Codes;
use crate::composite::Composite;
use crate::dataset::{Cut, Dataset};
use crate::error::{Fault, Result, What};
use crate::framework::{Direction, Framework, Kind, Node};
use crate::method::Method;
use crate::observations::Observations;
use crate::scores::Scores;
use crate::steps::normalise::Normalisation;
use crate::text::{left, right, width};

/// What the years of a [`Panel`] are measured by: the same for all of them, so that scores compare over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Yardstick {
    /// Fixed goalposts alone: every indicator that counts must have both, and be normalised on them. What else a method may
    /// learn (weights, treatments, fillings of gaps) it learns from all years together.
    Goalposts,
    /// Learned from all years together, as by [`Method::fit_panel`]. Pitfall: a year that is added moves the scores of all.
    Pooled,
    /// Learned from one year of the panel. Later years may lie beyond it: see [`Outside`](crate::Outside).
    Base(i32),
}

impl fmt::Display for Yardstick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Goalposts => f.write_str("fixed goalposts"),
            Self::Pooled => f.write_str("learned from all years"),
            Self::Base(year) => write!(f, "learned from {year}"),
        }
    }
}

/// Several years scored on one yardstick: what a city has in 2005 and in 2015 compares.
///
/// A panel has two years or more. In each of them some city must have a figure of an indicator that counts: a year without
/// is an error, not a hole. A city may be missing in a node in some years; its trajectory then has fewer points.
///
/// ```
/// use longspring::{Method, Panel, Yardstick, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let method = Method::new().exclude(["industry", "infrastructure", "education", "wellbeing", "vitality"]);
/// let panel = Panel::fit(&method, &framework, &known, 2013..=2019, Yardstick::Goalposts)?;
/// let changchun = panel.trajectory("changchun", "investment")?;
/// println!("{changchun}");
/// let places = panel.level_and_momentum("investment")?;
/// let place = places.get("changchun").unwrap();
/// assert!(place.momentum_rank < place.level_rank); // it came from far behind
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Panel {
    composite: Composite,
    yardstick: Yardstick,
    years: Vec<i32>,
    /// A result a year.
    scores: Vec<Scores>,
    keys: Codes,
    /// For each city its row in each year, where it stands there.
    rows: Vec<Vec<Option<usize>>>,
}

impl Panel {
    /// Cuts the figures by year, learns the yardstick, and scores each year on it. A year takes the last figure that was known
    /// in it, however old: [`Panel::fit_cut`] has other choices.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where there are fewer than two years, where they do not ascend, in a year
    /// without figures, for a base year that is not among them, with the indicators without goalposts where the yardstick asks
    /// for them; and those of [`Observations::dataset`] and [`Method::fit`].
    pub fn fit(
        method: &Method,
        framework: &Framework,
        known: &Observations,
        years: impl IntoIterator<Item = i32>,
        yardstick: Yardstick,
    ) -> Result<Self> {
        Self::fit_cut(method, framework, known, years, yardstick, &Cut::latest())
    }

    /// The same with a choice of the figures: the cut is made as of each year in turn, with its statuses, its greatest age and
    /// its filling between years; a year that it names is replaced.
    ///
    /// # Errors
    /// As in [`Panel::fit`].
    ///
    /// ```
    /// use longspring::{Cut, Method, OverTime, Panel, Yardstick, article};
    ///
    /// let (framework, known) = (article::framework(), article::observations());
    /// let cut = Cut::latest().over_time(OverTime::LinearConstantEnds).not_older_than(3);
    /// let panel = Panel::fit_cut(&Method::new(), &framework, &known, 2008..=2015, Yardstick::Pooled, &cut)?;
    /// assert_eq!(panel.years().len(), 8);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn fit_cut(
        method: &Method,
        framework: &Framework,
        known: &Observations,
        years: impl IntoIterator<Item = i32>,
        yardstick: Yardstick,
        cut: &Cut,
    ) -> Result<Self> {
        let years: Vec<i32> = years.into_iter().collect();
        check(&years)?;
        let tables = years.iter().map(|&year| Ok((year, known.dataset(framework, &cut.in_year(year))?)));
        Self::fit_tables(method, framework, tables.collect::<Result<Vec<_>>>()?, yardstick)
    }

    /// The same of tables of one's own, a table a year. The cities need not be the same in all: a city that a table lacks is
    /// missing in that year.
    ///
    /// # Errors
    /// As in [`Panel::fit`].
    ///
    /// ```
    /// use longspring::{Dataset, Direction, Framework, Method, Node, Panel, Yardstick};
    ///
    /// let framework =
    ///     Framework::new([Node::index("renewal"), Node::indicator("jobs", "renewal", Direction::HigherIsBetter)])?;
    /// let table = |jobs: [f64; 2]| Dataset::builder(&framework, ["leeds", "turin"]).column("jobs", jobs).build();
    /// let tables = [(2005, table([50.0, 70.0])?), (2010, table([60.0, 65.0])?), (2015, table([80.0, 60.0])?)];
    /// let panel = Panel::fit_tables(&Method::new(), &framework, tables, Yardstick::Pooled)?;
    /// let leeds = panel.trajectory("leeds", "renewal")?;
    /// assert_eq!(leeds.points.iter().map(|p| p.value).collect::<Vec<_>>(), [0.0, 100.0 / 3.0, 100.0]);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn fit_tables(
        method: &Method,
        framework: &Framework,
        tables: impl IntoIterator<Item = (i32, Dataset)>,
        yardstick: Yardstick,
    ) -> Result<Self> {
        let (years, tables): (Vec<i32>, Vec<Dataset>) = tables.into_iter().unzip();
        check(&years)?;
        let counted = framework.indicators().filter(|node| counts(method, framework, node));
        let columns: Vec<&Node> = counted.collect();
        for (&year, table) in years.iter().zip(&tables) {
            let known = |node: &&Node| {
                table.find_series(&node.code).is_ok_and(|column| table.values(column).iter().any(|v| !v.is_nan()))
            };
            if !columns.is_empty() && !columns.iter().any(known) {
                return Err(Fault::EmptyYear { year, what: "an indicator that counts".to_owned() }.into());
            }
        }
        let composite = match yardstick {
            Yardstick::Goalposts => {
                let learned = columns.iter().filter(|node| !is_fixed(method, framework, node));
                let indicators: Vec<String> = learned.map(|node| node.code.clone()).collect();
                if !indicators.is_empty() {
                    return Err(Fault::NoGoalposts { indicators }.into());
                }
                method.fit_panel(framework, &tables)?
            }
            Yardstick::Pooled => method.fit_panel(framework, &tables)?,
            Yardstick::Base(year) => method.fit(framework, &tables[place(&years, year)?])?,
        };
        let scores = tables.iter().map(|table| composite.score(table)).collect::<Result<Vec<_>>>()?;
        let keys = all_keys(&tables);
        let row = |key: &str| tables.iter().map(|table| table.find_city(key).ok()).collect();
        let rows = keys.iter().map(row).collect();
        Ok(Self { composite, yardstick, years, scores, keys, rows })
    }

    /// Scores the same years on another yardstick, such as one with other weights; the buffers are used again.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the tables lack a column that the framework of the yardstick has; the
    /// panel may then be scored on it in part.
    pub fn rescore(&mut self, composite: &Composite) -> Result<()> {
        for scores in &mut self.scores {
            let table = scores.dataset().clone();
            composite.score_into(&table, scores)?;
        }
        self.composite.clone_from(composite);
        Ok(())
    }

    /// The yardstick, fitted: it scores any other city and year.
    #[must_use]
    pub fn composite(&self) -> &Composite {
        &self.composite
    }

    /// What the yardstick was learned from.
    #[must_use]
    pub fn yardstick(&self) -> Yardstick {
        self.yardstick
    }

    /// The years, in order: two or more.
    #[must_use]
    pub fn years(&self) -> &[i32] {
        &self.years
    }

    /// The keys of the cities: those of the first year in their order, then any that later years add.
    #[must_use]
    pub fn cities(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.keys.iter()
    }

    /// The scores of a year.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the panel does not have the year.
    pub fn scores(&self, year: i32) -> Result<&Scores> {
        place(&self.years, year).map(|at| &self.scores[at])
    }

    /// The table of a year.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the panel does not have the year.
    pub fn dataset(&self, year: i32) -> Result<&Dataset> {
        self.scores(year).map(Scores::dataset)
    }

    /// How a city moved in an index, a measure or an indicator, by its scores, of which higher is always better; or in a context
    /// series, by its figures. Of a context series those figures alone are taken that are of the very year, or filled in for it,
    /// so that a figure that is carried forward does not pass for a standstill.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node, with the nearest code;
    /// [`Error::Invalid`](crate::Error::Invalid) for a node that the method leaves out.
    pub fn trajectory(&self, city: &str, node: &str) -> Result<Trajectory> {
        let city = self.keys.find_or(city, What::City)?;
        Ok(self.columns(node)?.trajectory(city))
    }

    /// How all cities moved in a node, in the order of the cities: see [`Panel::trajectory`].
    ///
    /// # Errors
    /// As in [`Panel::trajectory`].
    pub fn trajectories(&self, node: &str) -> Result<Vec<Trajectory>> {
        let columns = self.columns(node)?;
        Ok((0..self.keys.len()).map(|city| columns.trajectory(city)).collect())
    }

    /// Where each city stands in a node, and where it is going.
    ///
    /// # Errors
    /// As in [`Panel::trajectory`]; [`Error::Invalid`](crate::Error::Invalid) below three years.
    pub fn level_and_momentum(&self, node: &str) -> Result<LevelAndMomentum> {
        LevelAndMomentum::of(&self.columns(node)?)
    }

    /// Whether the cities come closer to one another in a node.
    ///
    /// # Errors
    /// As in [`Panel::trajectory`], and those of [`Convergence::of_series`].
    pub fn convergence(&self, node: &str, scale: GrowthScale) -> Result<Convergence> {
        Convergence::of(&self.columns(node)?, scale)
    }

    /// The values of a node by city and year.
    fn columns(&self, code: &str) -> Result<Columns> {
        let node = self.composite.framework().node(code)?;
        let series = node.kind == Kind::Context;
        if !series && self.composite.position(code).is_none() {
            return Err(Fault::Out { node: code.to_owned() }.into());
        }
        let mut values = vec![vec![f64::NAN; self.years.len()]; self.keys.len()];
        for (at, (scores, &year)) in self.scores.iter().zip(&self.years).enumerate() {
            let of_year: Vec<Option<f64>> = if series {
                let table = scores.dataset();
                let column = table.find_series(code)?;
                let cells = (0..table.len()).map(|row| table.cell_at(row, column));
                cells.map(|cell| cell.value.filter(|_| cell.provenance.is_none_or(|p| p.year == year))).collect()
            } else {
                scores.node(code)?.scores().collect()
            };
            for (city, rows) in values.iter_mut().zip(&self.rows) {
                city[at] = rows[at].and_then(|row| of_year[row]).unwrap_or(f64::NAN);
            }
        }
        let cities = self.keys.iter().zip(&self.rows).map(|(key, rows)| {
            let named = rows.iter().zip(&self.scores).find_map(|(row, scores)| Some(scores.dataset().name((*row)?)));
            (key.to_owned(), named.unwrap_or(key).to_owned())
        });
        let cities = cities.collect();
        let direction = if series { node.direction } else { Some(Direction::HigherIsBetter) };
        let mut node = node.clone();
        if !series {
            // The figures are scores, and have not the unit of the indicator.
            node.unit.clear();
        }
        Ok(Columns { node, direction, years: self.years.clone(), cities, values })
    }
}

/// The years and the yardstick, and of each index how many cities were ranked in the first and in the last year.
impl fmt::Display for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.years.first().copied().unwrap_or(0), self.years.last().copied().unwrap_or(0));
        let (cities, years) = (self.keys.len(), self.years.len());
        writeln!(f, "{cities} cities in {years} years from {first} to {last}; yardstick: {}", self.yardstick)?;
        let indices = self.composite.framework().indices().filter(|n| self.composite.position(&n.code).is_some());
        let indices: Vec<&Node> = indices.collect();
        let wide = indices.iter().map(|n| width(&n.code)).max().unwrap_or(0).max(5);
        writeln!(f, "{}  {}  {}", left("index", wide), right("ranked first", 12), right("last", 4))?;
        for node in indices {
            let ranked = |scores: Option<&Scores>| {
                scores.and_then(|s| s.node(&node.code).ok()).map_or(0, |scores| scores.ranked()).to_string()
            };
            let (first, last) = (ranked(self.scores.first()), ranked(self.scores.last()));
            writeln!(f, "{}  {}  {}", left(&node.code, wide), right(&first, 12), right(&last, 4))?;
        }
        Ok(())
    }
}

/// Checks the years of a panel.
fn check(years: &[i32]) -> Result<()> {
    if years.len() < 2 {
        return Err(Fault::FewYears { what: "a panel", have: years.len(), need: 2 }.into());
    }
    check_years(years)
}

/// Where a year stands.
fn place(years: &[i32], year: i32) -> Result<usize> {
    let (first, last) = (years.first().copied().unwrap_or(year), years.last().copied().unwrap_or(year));
    let missing = || Fault::NoSuchYear { year, count: years.len(), first, last };
    years.binary_search(&year).map_err(|_| missing().into())
}

/// Whether the method leaves the indicator and all above it in.
fn counts(method: &Method, framework: &Framework, node: &Node) -> bool {
    let mut at = Some(node);
    while let Some(node) = at {
        if method.excluded.contains(&node.code) {
            return false;
        }
        at = node.parent.as_deref().and_then(|parent| framework.node(parent).ok());
    }
    true
}

/// Whether the scale of an indicator is known without any figure.
fn is_fixed(method: &Method, framework: &Framework, node: &Node) -> bool {
    match method.normalisation.of_indicator(framework, &node.code) {
        Normalisation::MinMax { .. } | Normalisation::Goalposts { .. } => node.worst.is_some() && node.best.is_some(),
        Normalisation::TwoSided { .. } | Normalisation::Scaled { .. } | Normalisation::Raw => true,
        _ => false,
    }
}

/// The keys of all tables: each once, in the order in which they first stand.
fn all_keys(tables: &[Dataset]) -> Codes {
    let mut seen = std::collections::BTreeSet::new();
    Codes::new(tables.iter().flat_map(Dataset::cities).filter(|&key| seen.insert(key)))
}
