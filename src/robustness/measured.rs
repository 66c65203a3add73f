//! Errors of measurement: every figure has its own, keyed by run, city and series, so that permuting cities permutes them.

use std::collections::BTreeSet;

use super::doubt::{Doubt, ErrorScale, ErrorShape, MeasurementError};
use super::engine::Engine;
use crate::composite::Sheet;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::kernel::draw::{mix, name, uniform_at};
use crate::kernel::logarithm::exp;
use crate::kernel::normal::quantile;
use crate::observations::Status;
use crate::steps::denominate::Figures;

/// Which figures of a table have errors, and the hashes that key them.
#[derive(Debug)]
pub(super) struct Errors {
    cities: Vec<u64>,
    /// For each column that has errors its place, its hash, and the doubts that give it some, in their order.
    columns: Vec<(usize, u64, Vec<usize>)>,
}

/// A table with errors, in memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// Of a run's draws, one a city.
    keys: Vec<u64>,
    columns: Vec<Vec<f64>>,
    /// For each column of the table, where it has errors, its place among those.
    places: Vec<Option<usize>>,
}

impl Errors {
    /// The errors of a table, given the series that have a say.
    pub(super) fn of(doubts: &[Doubt], cities: &Dataset, used: &BTreeSet<String>) -> Self {
        let of = |series: &str| {
            let gives = |(at, doubt): (usize, &Doubt)| match doubt {
                Doubt::Measurement(error) => (used.contains(series) && error.moves(series)).then_some(at),
                _ => None,
            };
            doubts.iter().enumerate().filter_map(gives).collect::<Vec<_>>()
        };
        let columns = cities.series().enumerate().map(|(column, series)| (column, name(0, series), of(series)));
        let columns = columns.filter(|(_, _, doubts)| !doubts.is_empty()).collect();
        Self { cities: cities.cities().map(|city| name(0, city)).collect(), columns }
    }
}

impl Measured {
    /// Draws the errors of a run. Whether every figure is still one.
    pub(super) fn draw(&mut self, engine: &Engine, errors: &Errors, cities: &Dataset, run: usize) -> bool {
        let Self { keys, columns, places } = self;
        places.clear();
        places.resize(cities.series().len(), None);
        columns.resize_with(columns.len().max(errors.columns.len()), Vec::new);
        for (at, (&(column, ..), values)) in errors.columns.iter().zip(&mut *columns).enumerate() {
            places[column] = Some(at);
            values.clear();
            values.extend_from_slice(cities.values(column));
        }
        let mut good = true;
        for (d, doubt) in engine.doubts.iter().enumerate() {
            let Doubt::Measurement(error) = doubt else { continue };
            let key = engine.stream(run, d).key();
            keys.clear();
            keys.extend(errors.cities.iter().map(|&city| mix(key, city)));
            for ((column, series, doubts), values) in errors.columns.iter().zip(&mut *columns) {
                if !doubts.contains(&d) {
                    continue;
                }
                let least = if cities.divides(*column) { 0.0 } else { f64::NEG_INFINITY };
                for (row, (value, &key)) in values.iter_mut().zip(&*keys).enumerate() {
                    if !value.is_nan() && error.touches(|| cities.status_at(row, *column)) {
                        *value = error.add(*value, mix(key, *series));
                        good &= value.is_finite() && *value > least;
                    }
                }
            }
        }
        good
    }

    /// The table with the errors that were drawn.
    pub(super) fn sheet<'a>(&'a self, cities: &'a Dataset) -> impl Sheet + 'a {
        Erring { cities, measured: self }
    }
}

/// Cities with errors.
struct Erring<'a> {
    cities: &'a Dataset,
    measured: &'a Measured,
}

impl Sheet for Erring<'_> {
    fn len(&self) -> usize {
        self.cities.len()
    }

    fn figures(&self, column: usize) -> Figures<'_> {
        let values = match self.measured.places[column] {
            Some(at) => &self.measured.columns[at],
            None => self.cities.values(column),
        };
        values.into()
    }

    fn complete(&self, column: usize) -> bool {
        self.cities.complete(column)
    }

    fn own_key(&self, row: usize) -> &str {
        self.cities.own_key(row)
    }

    fn attribute(&self, row: usize, name: &str) -> Option<&str> {
        self.cities.attribute(row, name)
    }
}

impl Engine {
    /// The table with the errors of a doubt.
    pub(super) fn measured(
        &self,
        cities: &Dataset,
        error: &MeasurementError,
        doubt: usize,
        run: usize,
        used: &BTreeSet<String>,
    ) -> Result<Dataset> {
        let key = self.stream(run, doubt).key();
        let keys: Vec<u64> = cities.cities().map(|city| mix(key, name(0, city))).collect();
        let chosen = |series: &str| used.contains(series) && error.moves(series);
        cities.map_values(chosen, |row, series, value, status| {
            if error.touches(|| status) { error.add(value, mix(keys[row], name(0, series))) } else { value }
        })
    }
}

impl MeasurementError {
    /// Whether figures of a series may have the error.
    pub(super) fn names(&self, series: &str) -> bool {
        self.series.is_empty() || self.series.contains(series)
    }

    /// Whether it changes figures of a series.
    fn moves(&self, series: &str) -> bool {
        self.size != 0.0 && self.names(series)
    }

    /// Whether figures of a status may have it.
    pub(super) fn touches(&self, status: impl FnOnce() -> Option<Status>) -> bool {
        self.statuses.is_empty() || status().is_some_and(|status| self.statuses.contains(&status))
    }

    /// A figure with the error that a key draws.
    fn add(&self, value: f64, key: u64) -> f64 {
        let uniform = uniform_at(key);
        let e = self.size
            * match self.shape {
                ErrorShape::Normal | ErrorShape::LogNormal => quantile(uniform),
                ErrorShape::Uniform => 2.0 * uniform - 1.0,
            };
        match (self.scale, self.shape) {
            (_, ErrorShape::LogNormal) => value * exp(e),
            (ErrorScale::Relative, _) => value * (1.0 + e),
            (ErrorScale::Absolute, _) => value + e,
        }
    }
}
