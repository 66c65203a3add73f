//! A series or node of many cities over the years: what the analyses of all cities take.

use super::{Point, Trajectory, check_years, series_of};
use crate::codes::Codes;
use crate::error::{Fault, Result};
use crate::framework::{Direction, Framework, Node};
use crate::observations::Observations;

/// Figures by city and year; NaN where one is missing.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) node: Node,
    pub(super) direction: Option<Direction>,
    pub(super) years: Vec<i32>,
    pub(super) cities: Vec<(String, String)>,
    /// For each city a value a year.
    pub(super) values: Vec<Vec<f64>>,
}

impl Columns {
    /// Of the figures of a series in these very years.
    pub(super) fn of_series(
        known: &Observations,
        framework: &Framework,
        series: &str,
        years: impl IntoIterator<Item = i32>,
    ) -> Result<Self> {
        let node = series_of(framework, series)?.clone();
        let years: Vec<i32> = years.into_iter().collect();
        check_years(&years)?;
        let keys: Codes = known.keys();
        let mut values = vec![vec![f64::NAN; years.len()]; keys.len()];
        for o in known.iter().filter(|o| o.series == series) {
            if let (Some(city), Ok(at), Some(value)) = (keys.find(&o.city), years.binary_search(&o.year), o.value) {
                values[city][at] = value;
            }
        }
        let name = |row: usize, key: &str| known.cities().map_or(key.to_owned(), |c| c.at(row).name.clone());
        let cities = keys.iter().enumerate().map(|(row, key)| (key.to_owned(), name(row, key))).collect();
        let direction = node.direction;
        let columns = Self { node, direction, years, cities, values };
        columns.check_empty()?;
        Ok(columns)
    }

    /// Checks that somebody has a figure in every year.
    pub(super) fn check_empty(&self) -> Result<()> {
        let empty = |at: usize| self.values.iter().all(|city| city[at].is_nan());
        match (0..self.years.len()).find(|&at| empty(at)) {
            Some(at) => Err(Fault::EmptyYear { year: self.years[at], what: format!("`{}`", self.node.code) }.into()),
            None => Ok(()),
        }
    }

    /// The trajectory of a city.
    pub(super) fn trajectory(&self, city: usize) -> Trajectory {
        let known = self.years.iter().zip(&self.values[city]).filter(|(_, v)| !v.is_nan());
        let points = known.map(|(&year, &value)| Point { year, value }).collect();
        let (key, name) = &self.cities[city];
        Trajectory::new(key, name, &self.node, self.direction, points)
    }

    /// Checks that there are as many years as an analysis needs, and gives the first and the last.
    pub(super) fn span(&self, what: &'static str, need: usize) -> Result<(i32, i32)> {
        match self.years.as_slice() {
            [first, .., last] if self.years.len() >= need => Ok((*first, *last)),
            years => Err(Fault::FewYears { what, have: years.len(), need }.into()),
        }
    }
}
