//! Making a dataset from numbers in code.

use std::sync::Arc;

use super::{Column, Dataset, Table, check_denominator, check_figure};
use crate::cities::Cities;
use crate::codes::Codes;
use crate::error::{Fault, Problem, Problems, Result, What, nearest};
use crate::framework::Framework;

/// Makes a [`Dataset`] from numbers in code; see [`Dataset::builder`].
#[derive(Debug, Clone)]
pub struct DatasetBuilder {
    keys: Codes,
    cities: Option<Cities>,
    series: Codes,
    /// What to say where one is named that has no figures: an index or a measure.
    without: Vec<Fault>,
    divides: Vec<Vec<String>>,
    columns: Vec<Option<Vec<f64>>>,
    problems: Vec<Problem>,
}

impl Dataset {
    /// Begins a dataset from numbers in code: the framework says which series there can be, the keys which cities.
    ///
    /// ```
    /// use longspring::{Dataset, Direction, Framework, Node};
    ///
    /// let framework = Framework::new([
    ///     Node::index("renewal"),
    ///     Node::indicator("jobs", "renewal", Direction::HigherIsBetter),
    ///     Node::indicator("pm25", "renewal", Direction::LowerIsBetter),
    /// ])?;
    /// let cities = Dataset::builder(&framework, ["A", "B"])
    ///     .column("jobs", [61.5, 58.0])
    ///     .column("pm25", [Some(12.0), None])
    ///     .build()?;
    /// assert_eq!(cities.len(), 2);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn builder<S: AsRef<str>>(framework: &Framework, cities: impl IntoIterator<Item = S>) -> DatasetBuilder {
        let series = Codes::new(framework.series().map(|n| n.code.as_str()));
        let divides = series.iter().map(|code| framework.divided_by(code).map(|n| n.code.clone()).collect()).collect();
        let columns = vec![None; series.len()];
        let inner = framework.nodes().filter(|n| !n.kind.is_series());
        let without = inner.map(|n| framework.no_series(&n.code, 1, || None)).collect();
        let (keys, problems) = (Codes::new(cities), Vec::new());
        DatasetBuilder { keys, cities: None, series, without, divides, columns, problems }
    }
}

impl DatasetBuilder {
    /// Gives the figures of a series, one a city in the order of the cities: numbers, or `None` where one is missing.
    /// A series that is not given is missing for all.
    #[must_use]
    pub fn column<V: Into<Option<f64>>>(mut self, series: &str, values: impl IntoIterator<Item = V>) -> Self {
        let Some(at) = self.find(series) else { return self };
        let mut column = Vec::with_capacity(self.keys.len());
        for (row, value) in values.into_iter().map(Into::into).enumerate() {
            if let (Some(value), true) = (value, row < self.keys.len()) {
                self.check(row, at, value);
            }
            column.push(value.unwrap_or(f64::NAN));
        }
        if column.len() != self.keys.len() {
            let fault = Fault::Length { series: series.to_owned(), found: column.len(), expected: self.keys.len() };
            self.problems.push(fault.into());
        }
        if self.columns[at].replace(column).is_some() {
            self.problems.push(Fault::Duplicate { what: What::Series, code: series.to_owned(), first: None }.into());
        }
        self
    }

    /// Gives figures of one city: series and number, or `None` where one is missing. For what comes by city, such as the body of a
    /// request; the columns need not be known beforehand.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use longspring::{Dataset, article};
    ///
    /// let figures: HashMap<String, f64> = [("pm25".to_owned(), 9.0), ("tree_cover".to_owned(), 21.0)].into();
    /// let cities = Dataset::builder(&article::framework(), ["here"]).row("here", figures).build()?;
    /// assert_eq!(cities.cell("here", "pm25")?.value, Some(9.0));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    #[must_use]
    pub fn row<S: AsRef<str>, V: Into<Option<f64>>>(
        mut self,
        city: &str,
        figures: impl IntoIterator<Item = (S, V)>,
    ) -> Self {
        let Some(row) = self.keys.find(city) else {
            let nearest = nearest(city, self.keys.iter());
            let fault = Fault::UnknownCode { what: What::City, code: city.to_owned(), nearest, rows: 1 };
            self.problems.push(fault.into());
            return self;
        };
        let n = self.keys.len();
        for (series, value) in figures {
            let series = series.as_ref();
            let (Some(at), Some(value)) = (self.find(series), value.into()) else { continue };
            self.check(row, at, value);
            let column = self.columns[at].get_or_insert_with(|| vec![f64::NAN; n]);
            // A column of another length is a problem of its own.
            let Some(cell) = column.get_mut(row) else { continue };
            if !cell.is_nan() {
                let code = format!("{city}, {series}");
                self.problems.push(Fault::Duplicate { what: What::Observation, code, first: None }.into());
            }
            *cell = value;
        }
        self
    }

    /// The column of a series; notes where there is none.
    fn find(&mut self, series: &str) -> Option<usize> {
        let at = self.series.find(series);
        if at.is_none() {
            let named = |fault: &&Fault| matches!(fault, Fault::NoFigures { code, .. } if code == series);
            let fault = self.without.iter().find(named).cloned().unwrap_or_else(|| {
                let nearest = nearest(series, self.series.iter());
                Fault::UnknownCode { what: What::Series, code: series.to_owned(), nearest, rows: 1 }
            });
            self.problems.push(fault.into());
        }
        at
    }

    /// Notes what is wrong with a figure.
    fn check(&mut self, row: usize, at: usize, value: f64) {
        let (city, series) = (self.keys.get(row), self.series.get(at));
        let fault = check_figure(city, series, value)
            .and_then(|()| check_denominator(city, series, value, &self.divides[at]))
            .err();
        self.problems.extend(fault.map(Problem::from));
    }

    /// Gives the names and attributes of the cities.
    pub(super) fn named(mut self, cities: Cities) -> Self {
        self.cities = Some(cities);
        self
    }

    /// The dataset.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with everything that is wrong: a city that is empty, unknown or given twice, a
    /// series that the framework does not know or that is given twice, a column that is not as long as there are cities,
    /// a figure that is not finite (NaN is no missing figure: that is `None`), a denominator that is not positive.
    pub fn build(self) -> Result<Dataset> {
        let mut problems = self.problems;
        if self.keys.len() == 0 {
            problems.push(Fault::NoCities.into());
        }
        if self.keys.iter().any(str::is_empty) {
            problems.push(Fault::EmptyCell { what: "key of every city" }.into());
        }
        problems.extend(self.keys.duplicates().map(|(_, second)| {
            Problem::from(Fault::Duplicate { what: What::City, code: self.keys.get(second).to_owned(), first: None })
        }));
        Problems::check(problems)?;
        let n = self.keys.len();
        let columns = self.columns.into_iter().zip(self.divides);
        let columns = columns
            .map(|(values, divides)| Arc::new(Column::new(values.unwrap_or_else(|| vec![f64::NAN; n]), None, divides)));
        let table = Table {
            columns: columns.collect(),
            keys: self.keys,
            cities: self.cities,
            series: self.series,
            cut: None,
            sources: Vec::new(),
            notes: Vec::new(),
            stacked: false,
        };
        Ok(Dataset { table: Arc::new(table) })
    }
}
