//! What is known: the long table of figures.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cities::Cities;
use crate::codes::Codes;
use crate::error::{Column, Error, Fault, Place, Problem, Problems, Result, What, nearest};
use crate::framework::Framework;
use crate::input::Input;
use crate::output::Output;
use crate::sources::Sources;
use crate::table::{Known, Others, Table, YEARS};

/// The status of an observation: the codes of SDMX (code list `CL_OBS_STATUS`) that figures of cities carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Status {
    /// `A`, a normal value.
    #[default]
    #[serde(rename = "A")]
    Normal,
    /// `B`, a break in the series.
    #[serde(rename = "B")]
    Break,
    /// `D`, the definition differs.
    #[serde(rename = "D")]
    DefinitionDiffers,
    /// `E`, an estimate.
    #[serde(rename = "E")]
    Estimated,
    /// `F`, a forecast.
    #[serde(rename = "F")]
    Forecast,
    /// `I`, imputed by a receiving agency.
    #[serde(rename = "I")]
    Imputed,
    /// `P`, provisional.
    #[serde(rename = "P")]
    Provisional,
    /// `U`, of low reliability.
    #[serde(rename = "U")]
    LowReliability,
}

impl Status {
    const CODES: [&'static str; 8] = ["A", "B", "D", "E", "F", "I", "P", "U"];

    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Normal,
        Self::Break,
        Self::DefinitionDiffers,
        Self::Estimated,
        Self::Forecast,
        Self::Imputed,
        Self::Provisional,
        Self::LowReliability,
    ];

    /// The SDMX code, a letter.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    /// What it means, in a few words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Break => "break in the series",
            Self::DefinitionDiffers => "definition differs",
            Self::Estimated => "estimated",
            Self::Forecast => "forecast",
            Self::Imputed => "imputed",
            Self::Provisional => "provisional",
            Self::LowReliability => "low reliability",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Status {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let found = Self::CODES.iter().position(|&code| code == text).map(|i| Self::ALL[i]);
        found.ok_or_else(|| Fault::UnknownWord {
            what: "observation status",
            text: text.to_owned(),
            expected: &Self::CODES,
        })
    }
}

/// A figure: what a series says of a city in a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Observation {
    /// The key of the city.
    pub city: String,
    /// The code of the indicator or context series.
    #[serde(rename = "indicator")]
    pub series: String,
    /// The year.
    pub year: i32,
    /// The figure, in the unit of the series before denomination; none where the source says that it is missing.
    pub value: Option<f64>,
    /// How far it can be trusted.
    #[serde(default)]
    pub status: Status,
    /// The key of its source; empty where it is not given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// A remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Observation {
    /// A normal figure without a source.
    #[must_use]
    pub fn new(city: impl Into<String>, series: impl Into<String>, year: i32, value: impl Into<Option<f64>>) -> Self {
        Self {
            city: city.into(),
            series: series.into(),
            year,
            value: value.into(),
            status: Status::Normal,
            source: String::new(),
            note: String::new(),
        }
    }

    /// Sets the status.
    #[must_use]
    pub fn status(self, status: Status) -> Self {
        Self { status, ..self }
    }

    /// Sets the key of the source.
    #[must_use]
    pub fn source(self, source: impl Into<String>) -> Self {
        Self { source: source.into(), ..self }
    }

    /// Sets the remark.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// What is known: figures of cities, each with its year, status and source; one a city, series and year.
///
/// A [`Dataset`](crate::Dataset) is one cut of it, made by [`Observations::dataset`].
///
/// ```
/// use longspring::{Input, Observations};
///
/// let text = "city,indicator,year,value,status,source\n\
///             leeds,pm25,2014,12.1,A,who\n\
///             leeds,pm25,2015,11.4,U,who\n";
/// let known = Observations::read_csv(Input::text(text, "observations.csv"))?;
/// assert_eq!(known.of("leeds", "pm25").map(|o| o.year).collect::<Vec<_>>(), [2014, 2015]);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Observations {
    rows: Vec<Observation>,
    origin: Option<Origin>,
    cities: Option<Cities>,
}

/// Where the rows were read, so that a problem found later can name the place.
#[derive(Debug, Clone, PartialEq)]
struct Origin {
    file: Arc<str>,
    /// The line of each row.
    lines: Vec<u64>,
    /// Where each known column stands, from 0.
    columns: Vec<Option<usize>>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct Stored {
    observations: Vec<Observation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cities: Option<Cities>,
}

const CITY: usize = 0;
const SERIES: usize = 1;
const YEAR: usize = 2;
const VALUE: usize = 3;
const STATUS: usize = 4;
const SOURCE: usize = 5;
const NOTE: usize = 6;
const COLUMNS: [Known; 7] = [
    Known::Required("city"),
    Known::Required("indicator"),
    Known::Required("year"),
    Known::Required("value"),
    Known::Optional("status"),
    Known::Optional("source"),
    Known::Optional("note"),
];

impl Observations {
    /// Collects figures.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every figure that is not finite, has no city or series, or is given twice for a city,
    /// series and year.
    pub fn new(observations: impl IntoIterator<Item = Observation>) -> Result<Self> {
        let rows: Vec<Observation> = observations.into_iter().collect();
        let mut problems: Vec<Problem> = Vec::new();
        for row in &rows {
            if row.city.is_empty() || row.series.is_empty() {
                problems.push(Fault::EmptyCell { what: "city and an indicator" }.into());
            }
            if !YEARS.contains(&row.year) {
                let text = format!("{} of `{}` in `{}`", row.year, row.series, row.city);
                problems.push(
                    Fault::OutOfRange { what: "the year", text, need: "a whole number from 1000 to 2999" }.into(),
                );
            }
            if let Some(value) = row.value.filter(|v| !v.is_finite()) {
                problems.push(Fault::Figure { city: row.city.clone(), series: row.series.clone(), value }.into());
            }
        }
        problems.extend(duplicates(&rows).into_iter().map(|(_, second)| Problem::from(twice(&rows[second], None))));
        Problems::check(problems)?;
        Ok(Self { rows, origin: None, cities: None })
    }

    /// Reads figures from CSV, a figure a row.
    ///
    /// | column | holds | empty |
    /// |---|---|---|
    /// | `city` | the key of the city | not allowed |
    /// | `indicator` | the code of the indicator or context series | not allowed |
    /// | `year` | from 1000 to 2999 | not allowed |
    /// | `value` | the figure, with a decimal point | it is missing; so it is at a marker of the [`Input`] |
    /// | `status` | an SDMX code: `A`, `B`, `D`, `E`, `F`, `I`, `P` or `U` | `A` |
    /// | `source` | the key of the source | not given |
    /// | `note` | a remark | none |
    ///
    /// The last three columns may be left out. Whether the cities and indicators exist is checked where they are given:
    /// by [`Observations::with_cities`] and [`Observations::dataset`].
    ///
    /// # Errors
    /// [`Error::Read`] where the file cannot be read, [`Error::Invalid`] with every problem of the file and its place.
    pub fn read_csv<'a>(input: impl Into<Input<'a>>) -> Result<Self> {
        let mut table = Table::open(input, &COLUMNS, Others::Refuse).map_err(seen_as_wide)?;
        let mut rows = Vec::new();
        let mut lines = Vec::new();
        while let Some(mut row) = table.next_row()? {
            let city = row.required(CITY, "key of the city");
            let series = row.required(SERIES, "code of an indicator");
            let year = row.year(YEAR);
            let value = row.known_figure(VALUE);
            let status = row.word(STATUS).unwrap_or_default();
            let (Some(city), Some(series), Some(year)) = (city, series, year) else {
                continue;
            };
            let (source, note) = (row.text(SOURCE).to_owned(), row.text(NOTE).to_owned());
            lines.push(row.line());
            rows.push(Observation { city, series, year, value, status, source, note });
        }
        let (file, columns) = (table.file(), table.places().to_vec());
        for (first, second) in duplicates(&rows) {
            let place = Place { file: file.clone(), line: lines[second], column: None };
            table.problem(Some(place), twice(&rows[second], Some(lines[first])));
        }
        table.finish()?;
        Ok(Self { rows, origin: Some(Origin { file, lines, columns }), cities: None })
    }

    /// The figures of rows, by their numbers in a source that is no file.
    #[cfg(feature = "arrow")]
    pub(crate) fn of_rows(rows: Vec<Observation>, source: &str) -> Result<Self> {
        let place = |row: usize| Place { file: source.into(), line: row as u64 + 1, column: None };
        let twice = |(first, second): (usize, usize)| {
            Problem::at(Some(place(second)), twice(&rows[second], Some(first as u64 + 1)))
        };
        Problems::check(duplicates(&rows).into_iter().map(twice).collect())?;
        Self::new(rows)
    }

    /// Writes the figures as CSV, as [`Observations::read_csv`] reads them.
    ///
    /// # Errors
    /// [`Error::Write`] where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut out = Output::new(writer, COLUMNS.iter().map(|k| k.name()))?;
        for o in self {
            let value = o.value.map_or_else(String::new, |v| v.to_string());
            out.row([o.city.as_str(), &o.series, &o.year.to_string(), &value, o.status.code(), &o.source, &o.note])?;
        }
        out.finish()
    }

    /// Gives the table of the cities: a dataset then has these cities in this order, with their names and attributes,
    /// also those of which nothing is known.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every city among the figures that the table lacks, once each, with the nearest key.
    pub fn with_cities(mut self, cities: Cities) -> Result<Self> {
        let exists = |key: &str| cities.find(key).is_some();
        let fault = |key: &str, rows, named| unknown(What::City, key, rows, named, cities.keys().iter());
        self.check(CITY, |o| &o.city, exists, fault)?;
        self.cities = Some(cities);
        Ok(self)
    }

    /// Checks that the source of every figure exists; figures without a source pass.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every unknown source, once each, with the nearest key.
    pub fn check_sources(&self, sources: &Sources) -> Result<()> {
        let exists = |key: &str| key.is_empty() || sources.keys().find(key).is_some();
        let fault = |key: &str, rows, named| unknown(What::Source, key, rows, named, sources.keys().iter());
        self.check(SOURCE, |o| &o.source, exists, fault)
    }

    /// Finds the codes that do not exist: once each, at its first row, with the number of its rows.
    ///
    /// The fault is made of the code, the number of its rows, and whether to look for the nearest.
    fn check(
        &self,
        column: usize,
        code: impl Fn(&Observation) -> &String,
        exists: impl Fn(&str) -> bool,
        fault: impl Fn(&str, usize, bool) -> Fault,
    ) -> Result<()> {
        // Naming the nearest is quadratic in the codes; nobody reads past the first thousand.
        const NAMED: usize = 1000;
        let mut unknown: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (i, row) in self.rows.iter().enumerate() {
            let code = code(row);
            if !exists(code) {
                unknown.entry(code).or_insert((i, 0)).1 += 1;
            }
        }
        let mut found: Vec<(&str, usize, usize)> =
            unknown.into_iter().map(|(code, (first, rows))| (code, first, rows)).collect();
        found.sort_by_key(|&(_, first, _)| first);
        let problem = |(i, &(code, first, rows)): (usize, &(&str, usize, usize))| {
            Problem::at(self.place(first, column), fault(code, rows, i < NAMED))
        };
        Problems::check(found.iter().enumerate().map(problem).collect())
    }

    /// Checks that every series exists.
    pub(crate) fn check_series(&self, framework: &Framework, series: &Codes) -> Result<()> {
        let fault = |code: &str, rows, named: bool| {
            let nearest = || if named { nearest(code, series.iter()) } else { None };
            framework.no_series(code, rows, nearest)
        };
        self.check(SERIES, |o| &o.series, |code| series.find(code).is_some(), fault)
    }

    /// Where the value of a row was read.
    pub(crate) fn value_place(&self, row: usize) -> Option<Place> {
        self.place(row, VALUE)
    }

    fn place(&self, row: usize, column: usize) -> Option<Place> {
        let origin = self.origin.as_ref()?;
        let name = || COLUMNS[column].name().to_owned();
        let column = origin.columns[column].map(|i| Column { number: i + 1, name: name() });
        Some(Place { file: origin.file.clone(), line: *origin.lines.get(row)?, column })
    }

    /// The figures of a city in a series, in the order of their years.
    pub fn of(&self, city: &str, series: &str) -> impl Iterator<Item = &Observation> {
        let mut found: Vec<&Observation> = self.rows.iter().filter(|o| o.city == city && o.series == series).collect();
        found.sort_by_key(|o| o.year);
        found.into_iter()
    }

    /// Keeps the figures for which the function holds.
    #[must_use]
    pub fn filter(mut self, mut keep: impl FnMut(&Observation) -> bool) -> Self {
        let kept: Vec<bool> = self.rows.iter().map(&mut keep).collect();
        let mut k = kept.iter();
        self.rows.retain(|_| k.next().copied().unwrap_or(true));
        if let Some(origin) = &mut self.origin {
            let mut k = kept.iter();
            origin.lines.retain(|_| k.next().copied().unwrap_or(true));
        }
        self
    }

    /// The table of the cities, where it was given.
    #[must_use]
    pub fn cities(&self) -> Option<&Cities> {
        self.cities.as_ref()
    }

    /// The figures, in the order in which they were given.
    pub fn iter(&self) -> std::slice::Iter<'_, Observation> {
        self.rows.iter()
    }

    /// How many figures there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no figure.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The keys of the cities: as the table has them, or else as they first appear.
    pub(crate) fn keys(&self) -> Codes {
        if let Some(cities) = &self.cities {
            return cities.keys().clone();
        }
        let mut seen = std::collections::BTreeSet::new();
        Codes::new(self.rows.iter().map(|o| o.city.as_str()).filter(|&city| seen.insert(city)))
    }
}

fn unknown<'a>(what: What, code: &str, rows: usize, named: bool, known: impl Iterator<Item = &'a str>) -> Fault {
    let nearest = if named { nearest(code, known) } else { None };
    Fault::UnknownCode { what, code: code.to_owned(), nearest, rows }
}

/// The figures that are given twice for a city, series and year: the first and each later one.
fn duplicates(rows: &[Observation]) -> Vec<(usize, usize)> {
    let key = |i: usize| (&rows[i].city, &rows[i].series, rows[i].year);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| key(a).cmp(&key(b)));
    let mut found = Vec::new();
    for group in order.chunk_by(|&a, &b| key(a) == key(b)) {
        found.extend(group[1..].iter().map(|&second| (group[0], second)));
    }
    found.sort_unstable_by_key(|&(_, second)| second);
    found
}

/// What is wrong with a header, in one sentence where the columns are those of a table with a city a row.
fn seen_as_wide(error: Error) -> Error {
    let lacks = |code: &str| {
        let is_it = |problem: &Problem| matches!(&problem.fault, Fault::MissingColumn { name, .. } if name == code);
        error.problems().iter().any(is_it)
    };
    let wide = ["indicator", "year", "value"].into_iter().all(lacks) && !lacks("city");
    match error.problems().first().and_then(|problem| problem.place.clone()) {
        Some(place) if wide => Problem::at(Some(Place { column: None, ..place }), Fault::WideTable).into(),
        _ => error,
    }
}

fn twice(row: &Observation, first: Option<u64>) -> Fault {
    Fault::Duplicate { what: What::Observation, code: format!("{}, {}, {}", row.city, row.series, row.year), first }
}

impl TryFrom<Stored> for Observations {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        let observations = Self::new(stored.observations)?;
        match stored.cities {
            Some(cities) => observations.with_cities(cities),
            None => Ok(observations),
        }
    }
}

impl From<Observations> for Stored {
    fn from(observations: Observations) -> Self {
        Self { observations: observations.rows, cities: observations.cities }
    }
}

/// Where they were read does not matter.
impl PartialEq for Observations {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows && self.cities == other.cities
    }
}

impl<'a> IntoIterator for &'a Observations {
    type Item = &'a Observation;
    type IntoIter = std::slice::Iter<'a, Observation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
