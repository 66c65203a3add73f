//! One cut of what is known: a table of cities and series.

mod build;
mod builder;
mod cut;
pub(crate) mod wide;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use builder::DatasetBuilder;
pub use cut::{Cut, OverTime};

use crate::cities::{Cities, City};
use crate::codes::Codes;
use crate::error::{Error, Fault, Problem, Problems, Result, What, nearest};
use crate::missing::Missing;
use crate::observations::Status;

/// One table of cities and series: a cut of [`Observations`](crate::Observations), a wide table, or numbers from code.
///
/// A column for every indicator and context series of the framework, a row for every city. A cell remembers its year,
/// status and source where they are known. Cloning is cheap: the columns are shared.
///
/// ```
/// use longspring::{Dataset, Framework, Input};
///
/// let framework = Framework::read_csv(Input::text(
///     "code,parent,kind,direction\nrenewal,,index,\njobs,renewal,indicator,higher\npm25,renewal,indicator,lower\n",
///     "framework.csv",
/// ))?;
/// let cities = Dataset::read_csv(Input::text("city,jobs,pm25\nA,61.5,12\nB,58,NA\n", "cities.csv"), &framework)?;
/// assert_eq!(cities.cell("A", "pm25")?.value, Some(12.0));
/// assert_eq!(cities.cell("B", "pm25")?.missing.unwrap().to_string(), "no figure");
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct Dataset {
    table: Arc<Table>,
}

/// What a dataset holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    keys: Codes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cities: Option<Cities>,
    series: Codes,
    columns: Vec<Arc<Column>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<Cut>,
    /// The keys of sources, and the notes, that the marks name by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sources: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// Whether it is several tables under one another, so that a key ends with the number of its table.
    #[serde(skip)]
    stacked: bool,
}

/// The column of a series.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    /// The figures; NaN, which no reader lets in, stands for a missing one.
    #[serde(with = "gaps")]
    values: Vec<f64>,
    /// Where each figure comes from, or why there is none; nothing for a table without provenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marks: Option<Vec<Mark>>,
    /// The indicators that the column divides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    divides: Vec<String>,
    /// Whether no figure is missing.
    #[serde(skip)]
    complete: bool,
}

/// Where a figure comes from, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Mark {
    Known { year: i32, status: Status, source: u32, note: u32 },
    NoFigure,
    Status(Status),
    TooOld(i32),
    TooNew(i32),
}

/// A figure of a dataset, or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cell<'a> {
    /// The figure, before denomination; none where it is missing.
    pub value: Option<f64>,
    /// Where it comes from; none where it is missing or its table did not say.
    pub provenance: Option<Provenance<'a>>,
    /// Why it is missing; none where it is not.
    pub missing: Option<Missing>,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Provenance<'a> {
    /// Its year.
    pub year: i32,
    /// How far it can be trusted.
    pub status: Status,
    /// The key of its source; empty where it was not given.
    pub source: &'a str,
    /// A remark; empty where there is none.
    pub note: &'a str,
}

impl Dataset {
    /// The keys of the cities, in order.
    #[must_use]
    pub fn cities(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.table.keys.iter()
    }

    /// The codes of the series, in the order of the framework.
    #[must_use]
    pub fn series(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.table.series.iter()
    }

    /// How many cities there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.keys.len()
    }

    /// Whether there is no city.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cut by which it was made; none for a wide table or numbers from code.
    #[must_use]
    pub fn cut(&self) -> Option<&Cut> {
        self.table.cut.as_ref()
    }

    /// What is known of a city beside its figures, where a table of cities was given.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city.
    pub fn city(&self, key: &str) -> Result<Option<&City>> {
        let i = self.find_city(key)?;
        Ok(self.table.cities.as_ref().map(|cities| cities.at(i)))
    }

    /// A figure with its provenance, or the reason why there is none.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city or series.
    pub fn cell(&self, city: &str, series: &str) -> Result<Cell<'_>> {
        let (row, column) = (self.find_city(city)?, self.find_series(series)?);
        Ok(self.cell_at(row, column))
    }

    /// The figures of a series, in the order of the cities.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such series.
    pub fn column(&self, series: &str) -> Result<impl ExactSizeIterator<Item = Option<f64>>> {
        let column = self.find_series(series)?;
        Ok(self.values(column).iter().map(|&v| known(v)))
    }

    /// The same table with another figure, or with none: for asking "what if?". The cell loses its provenance.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city or series; [`Error::Invalid`] where the figure is not finite, or
    /// divides an indicator and is not positive.
    ///
    /// ```
    /// use longspring::{Cut, article};
    ///
    /// let cities = article::observations().dataset(&article::framework(), &Cut::latest())?;
    /// let cleaner = cities.with_value("changchun", "pm25", 10.0)?;
    /// assert_eq!(cleaner.cell("changchun", "pm25")?.value, Some(10.0));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn with_value(&self, city: &str, series: &str, value: impl Into<Option<f64>>) -> Result<Self> {
        self.with_values(city, [(series, value.into())])
    }

    /// The same for several figures of a city at once.
    pub(crate) fn with_values<'a>(
        &self,
        city: &str,
        figures: impl IntoIterator<Item = (&'a str, Option<f64>)>,
    ) -> Result<Self> {
        let row = self.find_city(city)?;
        let mut table = Table::clone(&self.table);
        for (series, value) in figures {
            let column = Arc::make_mut(&mut table.columns[self.find_series(series)?]);
            if let Some(value) = value {
                check_figure(city, series, value)?;
                check_denominator(city, series, value, &column.divides)?;
            }
            column.values[row] = value.unwrap_or(f64::NAN);
            column.complete = column.values.iter().all(|v| !v.is_nan());
            if let Some(marks) = &mut column.marks {
                marks[row] = Mark::NoFigure;
            }
        }
        Ok(Self { table: Arc::new(table) })
    }

    /// The same table with every known figure of the chosen series mapped, given its row, series and status; provenance stays.
    pub(crate) fn map_values(
        &self,
        chosen: impl Fn(&str) -> bool,
        map: impl Fn(usize, &str, f64, Option<Status>) -> f64,
    ) -> Result<Self> {
        let mut table = Table::clone(&self.table);
        for (at, column) in table.columns.iter_mut().enumerate() {
            let series = self.series_at(at);
            if !chosen(series) {
                continue;
            }
            let mut values = column.values.clone();
            let mut changed = false;
            for (row, value) in values.iter_mut().enumerate().filter(|(_, value)| !value.is_nan()) {
                let new = map(row, series, *value, self.status_at(row, at));
                if !new.is_finite() || new <= 0.0 {
                    check_figure(self.key(row), series, new)?;
                    check_denominator(self.key(row), series, new, &column.divides)?;
                }
                changed |= new != *value;
                *value = new;
            }
            if changed {
                *column = Arc::new(Column::new(values, column.marks.clone(), column.divides.clone()));
            }
        }
        Ok(Self { table: Arc::new(table) })
    }

    /// Both tables in one: these cities, then the others. For ranking a new city among those of a yardstick.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a city is in both, or the series are not the same.
    ///
    /// ```
    /// use longspring::{Cut, Dataset, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let mine = Dataset::builder(&framework, ["springfield"]).column("pm25", [9.5]).build()?;
    /// assert_eq!(cities.join(&mine)?.len(), 40);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn join(&self, other: &Self) -> Result<Self> {
        let (a, b) = (&*self.table, &*other.table);
        let mut problems: Vec<Problem> = Vec::new();
        for series in a
            .series
            .iter()
            .filter(|s| b.series.find(s).is_none())
            .chain(b.series.iter().filter(|s| a.series.find(s).is_none()))
        {
            problems.push(Fault::NoColumn { series: series.to_owned() }.into());
        }
        for city in b.keys.iter().filter(|key| a.keys.find(key).is_some()) {
            problems.push(Fault::Duplicate { what: What::City, code: city.to_owned(), first: None }.into());
        }
        Problems::check(problems)?;
        let cities = if a.cities.is_none() && b.cities.is_none() {
            None
        } else {
            let part = |d: &Self| {
                (0..d.len())
                    .map(|i| {
                        d.table.cities.as_ref().map_or_else(|| City::new(d.table.keys.get(i)), |c| c.at(i).clone())
                    })
                    .collect::<Vec<_>>()
            };
            Some(Cities::new(part(self).into_iter().chain(part(other)))?)
        };
        let (sources, notes) = (a.sources.len(), a.notes.len());
        let column = |i: usize| {
            let (left, right) = (&a.columns[i], &b.columns[b.series.find(a.series.get(i)).unwrap_or(i)]);
            let marks = (left.marks.is_some() || right.marks.is_some()).then(|| {
                let shifted = right.marks_or_none().map(|mark| mark.shifted(sources, notes));
                left.marks_or_none().chain(shifted).collect()
            });
            let values = left.values.iter().chain(&right.values).copied().collect();
            Arc::new(Column { values, marks, divides: left.divides.clone(), complete: left.complete && right.complete })
        };
        let table = Table {
            keys: Codes::new(a.keys.iter().chain(b.keys.iter())),
            cities,
            series: a.series.clone(),
            columns: (0..a.series.len()).map(column).collect(),
            cut: if a.cut == b.cut { a.cut.clone() } else { None },
            sources: a.sources.iter().chain(&b.sources).cloned().collect(),
            notes: a.notes.iter().chain(&b.notes).cloned().collect(),
            stacked: false,
        };
        Ok(Self { table: Arc::new(table) })
    }

    /// The same table with a copy of one of its cities at the end, under another key.
    pub(crate) fn with_copy(&self, row: usize, key: &str) -> Result<Self> {
        let copy = self.select([self.key(row)])?;
        let named = |cities: &Cities| Cities::new(cities.iter().map(|c| City { key: key.to_owned(), ..c.clone() }));
        let cities = copy.table.cities.as_ref().map(named).transpose()?;
        let table = Table { keys: Codes::new([key]), cities, ..Table::clone(&copy.table) };
        self.join(&Self { table: Arc::new(table) })
    }

    /// Several tables under one another, as if each table's cities were cities of their own: for learning from a panel.
    pub(crate) fn stack<'a>(tables: impl IntoIterator<Item = &'a Self>) -> Result<Self> {
        let mut tables = tables.into_iter();
        let Some(first) = tables.next() else { return Err(Fault::NoCities.into()) };
        let mut tables: Vec<Self> = std::iter::once(Ok(first.clone()))
            .chain(tables.map(|table| table.in_order(&first.table.series)))
            .collect::<Result<_>>()?;
        if let [_] = tables.as_slice() {
            return Ok(tables.swap_remove(0));
        }
        let numbered = |(i, d): (usize, &Self)| d.cities().map(|key| format!("{key} #{}", i + 1)).collect::<Vec<_>>();
        let keys: Vec<String> = tables.iter().enumerate().flat_map(numbered).collect();
        let cities = if tables.iter().all(|d| d.table.cities.is_none()) {
            None
        } else {
            let city = |(d, row): (&Self, usize)| d.table.cities.as_ref().map(|cities| cities.at(row).clone());
            let rows = tables.iter().flat_map(|d| (0..d.len()).map(move |row| (d, row)));
            let named = rows
                .zip(&keys)
                .map(|(at, key)| City { key: key.clone(), ..city(at).unwrap_or_else(|| City::new(key)) });
            Some(Cities::new(named.collect::<Vec<_>>())?)
        };
        let column = |i: usize| {
            let values = tables.iter().flat_map(|d| d.table.columns[i].values.iter().copied()).collect();
            Arc::new(Column::new(values, None, first.table.columns[i].divides.clone()))
        };
        let columns = (0..first.table.series.len()).map(column).collect();
        let series = first.table.series.clone();
        let table = Table {
            keys: Codes::new(&keys),
            cities,
            series,
            columns,
            cut: None,
            sources: vec![],
            notes: vec![],
            stacked: true,
        };
        Ok(Self { table: Arc::new(table) })
    }

    /// The table of these cities alone, in this order.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city; [`Error::Invalid`] where a city is named twice or none is.
    pub fn select<'a>(&self, cities: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let rows = cities.into_iter().map(|city| self.find_city(city)).collect::<Result<Vec<usize>>>()?;
        let keys = Codes::new(rows.iter().map(|&r| self.table.keys.get(r)));
        let twice = keys.duplicates().map(|(_, second)| {
            Problem::from(Fault::Duplicate { what: What::City, code: keys.get(second).to_owned(), first: None })
        });
        let mut problems: Vec<Problem> = twice.collect();
        if rows.is_empty() {
            problems.push(Fault::NoCities.into());
        }
        Problems::check(problems)?;
        let cities = match &self.table.cities {
            Some(cities) => Some(Cities::new(rows.iter().map(|&r| cities.at(r).clone()))?),
            None => None,
        };
        let column = |c: &Arc<Column>| {
            let values: Vec<f64> = rows.iter().map(|&r| c.values[r]).collect();
            let marks = c.marks.as_ref().map(|marks| rows.iter().map(|&r| marks[r]).collect());
            Arc::new(Column { complete: values.iter().all(|v| !v.is_nan()), values, marks, divides: c.divides.clone() })
        };
        let columns = self.table.columns.iter().map(column).collect();
        Ok(Self { table: Arc::new(Table { keys, cities, columns, ..Table::clone(&self.table) }) })
    }

    /// The same table with these columns, in this order; itself where they are its own.
    pub(crate) fn in_order(&self, series: &Codes) -> Result<Self> {
        if self.table.series == *series {
            return Ok(self.clone());
        }
        let lacks = series.iter().filter(|code| self.table.series.find(code).is_none());
        Problems::check(lacks.map(|code| Fault::NoColumn { series: code.to_owned() }.into()).collect())?;
        let columns =
            series.iter().filter_map(|code| self.table.series.find(code)).map(|i| self.table.columns[i].clone());
        let columns = columns.collect();
        Ok(Self { table: Arc::new(Table { series: series.clone(), columns, ..Table::clone(&self.table) }) })
    }

    pub(crate) fn find_city(&self, key: &str) -> Result<usize> {
        self.table.keys.find_or(key, What::City)
    }

    pub(crate) fn find_series(&self, code: &str) -> Result<usize> {
        self.table.series.find_or(code, What::Series)
    }

    pub(crate) fn series_at(&self, column: usize) -> &str {
        self.table.series.get(column)
    }

    pub(crate) fn key(&self, row: usize) -> &str {
        self.table.keys.get(row)
    }

    /// The name of a city to print.
    pub(crate) fn name(&self, row: usize) -> &str {
        self.table.cities.as_ref().map_or_else(|| self.table.keys.get(row), |cities| cities.at(row).name.as_str())
    }

    /// The key of a city; in several tables under one another, that which it has in its own.
    pub(crate) fn own_key(&self, row: usize) -> &str {
        let key = self.key(row);
        match key.rsplit_once(" #") {
            Some((own, _)) if self.table.stacked => own,
            _ => key,
        }
    }

    /// An attribute of a city, where it is known.
    pub(crate) fn attribute(&self, row: usize, name: &str) -> Option<&str> {
        self.table.cities.as_ref().and_then(|cities| cities.at(row).attributes.get(name)).map(String::as_str)
    }

    /// Rows in the order of their keys, which does not depend on that of the table.
    pub(crate) fn by_key(&self, rows: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut rows: Vec<usize> = rows.into_iter().collect();
        rows.sort_by(|&a, &b| self.key(a).cmp(self.key(b)));
        rows
    }

    /// Refuses an attribute that no city has.
    pub(crate) fn check_attribute(&self, name: &str) -> Result<()> {
        if (0..self.len()).all(|row| self.attribute(row, name).is_none()) {
            return Err(self.lacks_attribute(name.to_owned()).into());
        }
        Ok(())
    }

    /// What is wrong where no city has an attribute.
    pub(crate) fn lacks_attribute(&self, attribute: String) -> Fault {
        let Some(cities) = &self.table.cities else { return Fault::NoCityTable { attribute } };
        let known = cities.iter().flat_map(|city| city.attributes.keys()).map(String::as_str);
        Fault::NoGroups { nearest: nearest(&attribute, known), attribute }
    }

    /// The figures of a column; NaN where one is missing.
    pub(crate) fn values(&self, column: usize) -> &[f64] {
        &self.table.columns[column].values
    }

    /// Whether a column has every figure.
    pub(crate) fn complete(&self, column: usize) -> bool {
        self.table.columns[column].complete
    }

    /// The status of a figure, where its table said it.
    pub(crate) fn status_at(&self, row: usize, column: usize) -> Option<Status> {
        match self.table.columns[column].marks.as_ref().map(|marks| marks[row]) {
            Some(Mark::Known { status, .. }) => Some(status),
            _ => None,
        }
    }

    /// Whether a column divides others, so that its figures must be positive.
    pub(crate) fn divides(&self, column: usize) -> bool {
        !self.table.columns[column].divides.is_empty()
    }

    pub(crate) fn cell_at(&self, row: usize, column: usize) -> Cell<'_> {
        let table = &*self.table;
        let value = known(table.columns[column].values[row]);
        let mark = table.columns[column].marks.as_ref().map(|marks| marks[row]);
        let text =
            |list: &'_ [String], i: u32| -> Option<usize> { (i as usize).checked_sub(1).filter(|&i| i < list.len()) };
        let provenance = match mark {
            Some(Mark::Known { year, status, source, note }) if value.is_some() => Some(Provenance {
                year,
                status,
                source: text(&table.sources, source).map_or("", |i| &table.sources[i]),
                note: text(&table.notes, note).map_or("", |i| &table.notes[i]),
            }),
            _ => None,
        };
        let missing = value.is_none().then_some(match mark {
            Some(Mark::Status(status)) => Missing::Status(status),
            Some(Mark::TooOld(year)) => Missing::TooOld(year),
            Some(Mark::TooNew(year)) => Missing::TooNew(year),
            Some(Mark::NoFigure | Mark::Known { .. }) | None => Missing::NoFigure,
        });
        Cell { value, provenance, missing }
    }
}

/// A gap equals a gap, which NaN does not.
impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (self.values.iter().copied(), other.values.iter().copied());
        own.map(known).eq(others.map(known)) && self.marks == other.marks && self.divides == other.divides
    }
}

impl Column {
    fn new(values: Vec<f64>, marks: Option<Vec<Mark>>, divides: Vec<String>) -> Self {
        let complete = values.iter().all(|v| !v.is_nan());
        Self { values, marks, divides, complete }
    }

    /// The marks, with none for each cell where the table has no provenance.
    fn marks_or_none(&self) -> impl Iterator<Item = Mark> {
        (0..self.values.len()).map(|i| self.marks.as_ref().map_or(Mark::NoFigure, |marks| marks[i]))
    }
}

impl Mark {
    /// The mark with its source and note further down in longer lists; 0 stays 0, which means none.
    fn shifted(self, sources: usize, notes: usize) -> Self {
        let shift = |i: u32, by: usize| {
            if i == 0 { 0 } else { u32::try_from(i as usize + by).unwrap_or(0) }
        };
        match self {
            Self::Known { year, status, source, note } => {
                Self::Known { year, status, source: shift(source, sources), note: shift(note, notes) }
            }
            other => other,
        }
    }
}

impl TryFrom<Table> for Dataset {
    type Error = Error;

    /// Checks a stored table, which may have been changed by hand.
    fn try_from(mut table: Table) -> Result<Self> {
        let damaged = |why| Err(Fault::Damaged { what: "dataset", why }.into());
        let n = table.keys.len();
        if n == 0 {
            return Err(Fault::NoCities.into());
        }
        if table.keys.duplicates().next().is_some() || table.series.duplicates().next().is_some() {
            return damaged("a city or series is given twice");
        }
        if table.columns.len() != table.series.len() {
            return damaged("there are not as many columns as series");
        }
        if table.cities.as_ref().is_some_and(|cities| !cities.keys().iter().eq(table.keys.iter())) {
            return damaged("its cities are not those of its table of cities");
        }
        for column in &mut table.columns {
            if column.values.len() != n || column.marks.as_ref().is_some_and(|marks| marks.len() != n) {
                return damaged("a column is not as long as there are cities");
            }
            let column = Arc::make_mut(column);
            column.complete = column.values.iter().all(|v| !v.is_nan());
        }
        for (i, column) in table.columns.iter().enumerate() {
            for (row, &value) in column.values.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
                check_denominator(table.keys.get(row), table.series.get(i), value, &column.divides)?;
            }
        }
        Ok(Self { table: Arc::new(table) })
    }
}

impl From<Dataset> for Table {
    fn from(dataset: Dataset) -> Self {
        Arc::unwrap_or_clone(dataset.table)
    }
}

fn known(value: f64) -> Option<f64> {
    Some(value).filter(|v| !v.is_nan())
}

fn check_figure(city: &str, series: &str, value: f64) -> Result<(), Fault> {
    let fault = || Fault::Figure { city: city.to_owned(), series: series.to_owned(), value };
    if value.is_finite() { Ok(()) } else { Err(fault()) }
}

/// A figure that divides others must be positive.
fn check_denominator(city: &str, series: &str, value: f64, divides: &[String]) -> Result<(), Fault> {
    if divides.is_empty() || value > 0.0 {
        return Ok(());
    }
    Err(Fault::Denominator { city: city.to_owned(), series: series.to_owned(), value, divides: divides.to_vec() })
}

/// Columns with gaps: NaN inside, `null` outside.
mod gaps {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|&v| super::known(v)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let values = Vec::<Option<f64>>::deserialize(deserializer)?;
        if values.iter().flatten().any(|v| !v.is_finite()) {
            return Err(serde::de::Error::custom("a figure is not finite"));
        }
        Ok(values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
    }
}
