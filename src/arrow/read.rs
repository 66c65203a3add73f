//! Figures from record batches.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;

use super::source::{FILE, Source, Text, numbers, text};
use crate::cities::{Cities, City};
use crate::dataset::Dataset;
use crate::dataset::wide::{is_long, no_column};
use crate::error::{Fault, Problem, Problems, Result, What};
use crate::framework::Framework;
use crate::observations::{Observation, Observations, Status};
use crate::table::{self, YEARS};

/// Reads figures from long batches, a figure a row, with the columns of [`Observations::read_csv`]: `city`, `indicator` (text),
/// `year` (whole numbers), `value` (numbers), and, where they are given, `status`, `source`, `note` (text). Other columns are
/// passed over. The batches may differ in their schemas as long as each has what is needed.
///
/// # Missing values
/// A null in `value` is a missing figure; one in `status`, `source` or `note` is not given. Whole numbers above 2^53 are rounded.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every problem and its place: a missing column, one that is there twice or of
/// another type, a null in `city`, `indicator` or `year`, a year that is no whole number from 1000 to 2999, a value that is not
/// finite, an unknown status; where all of this is right, a figure given twice.
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
/// use longspring::arrow;
///
/// let columns: [(&str, ArrayRef); 4] = [
///     ("city", Arc::new(StringArray::from(vec!["changchun", "changchun"]))),
///     ("indicator", Arc::new(StringArray::from(vec!["pm25", "pm25"]))),
///     ("year", Arc::new(Int32Array::from(vec![2015, 2016]))),
///     ("value", Arc::new(Float64Array::from(vec![Some(66.0), None]))),
/// ];
/// let known = arrow::observations([&RecordBatch::try_from_iter(columns).unwrap()])?;
/// assert_eq!(known.iter().map(|figure| figure.value).collect::<Vec<_>>(), [Some(66.0), None]);
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn observations<'a>(batches: impl IntoIterator<Item = &'a RecordBatch>) -> Result<Observations> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut rows: Vec<Observation> = Vec::new();
    let mut before = 0;
    for batch in batches {
        let source = Source { batch, before };
        before += batch.num_rows();
        let cities = source.keys("city", "key of the city", &mut problems);
        let series = source.keys("indicator", "code of an indicator", &mut problems);
        let mut figures =
            |name| source.found(source.needed(name).and_then(|array| numbers(name, array)), &mut problems);
        let (years, values) = (figures("year"), figures("value"));
        source.check_finite("value", values.iter().flatten().copied(), &mut problems);
        let mut optional = |name| {
            let column = source.column(name).and_then(|array| array.map(|array| text(name, array)).transpose());
            source.found(column, &mut problems).flatten()
        };
        let (status, key, note) = (optional("status"), optional("source"), optional("note"));
        let word = |column: &Option<Text<'_>>, row| {
            column.as_ref().and_then(|column| column.get(row)).unwrap_or_default().to_owned()
        };
        for row in 0..batch.num_rows() {
            let mut check = |name, result: Result<_, Fault>| {
                result.map_err(|fault| problems.push(source.problem(name, row, fault))).ok()
            };
            let year = years.as_ref().and_then(|years| check("year", year(years[row]).map(Some)).flatten());
            let status = match word(&status, row) {
                code if code.is_empty() => Some(Status::default()),
                code => code.parse().map_err(|fault| problems.push(source.problem("status", row, fault))).ok(),
            };
            if let (Some(year), Some(values), Some(status)) = (year, &values, status) {
                let (city, series, value) = (word(&cities, row), word(&series, row), values[row]);
                rows.push(Observation {
                    city,
                    series,
                    year,
                    value,
                    status,
                    source: word(&key, row),
                    note: word(&note, row),
                });
            }
        }
    }
    Problems::check(problems)?;
    Observations::of_rows(rows, FILE)
}

fn year(year: Option<f64>) -> Result<i32, Fault> {
    let year = year.ok_or(Fault::EmptyCell { what: "year" })?;
    #[expect(clippy::cast_possible_truncation, reason = "what was cut off is seen by the comparison")]
    let whole = year as i32;
    // Only what is no year need be spelt out, to be told why.
    if f64::from(whole) == year && YEARS.contains(&whole) { Ok(whole) } else { table::year(&year.to_string()) }
}

/// Reads a dataset from a wide batch, as [`Dataset::read_csv`] reads a table: the keys of the cities in the column `city` (text),
/// their names, where they are given, in `name` (text), and every other column a series of the framework (numbers).
///
/// # Missing values
/// A null is a missing figure, and a series without a column is missing for all cities. A city without a name is called by its
/// key. Whole numbers above 2^53 are rounded.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every problem and its place: a long batch, no column `city`, a column that is
/// there twice, of another type or no series, a null in `city`, a city given twice, a value that is not finite, a denominator
/// that is not positive. A batch without a row is an error too.
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
/// use longspring::{article, arrow};
///
/// let columns: [(&str, ArrayRef); 2] = [
///     ("city", Arc::new(StringArray::from(vec!["here", "there"]))),
///     ("pm25", Arc::new(Float64Array::from(vec![Some(9.0), None]))),
/// ];
/// let cities = arrow::dataset(&article::framework(), &RecordBatch::try_from_iter(columns).unwrap())?;
/// assert_eq!(cities.cell("here", "pm25")?.value, Some(9.0));
/// assert_eq!(cities.cell("there", "pm25")?.value, None);
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn dataset(framework: &Framework, batch: &RecordBatch) -> Result<Dataset> {
    if is_long(framework, |name| batch.schema_ref().index_of(name).is_ok()) {
        return Err(Fault::LongTable.into());
    }
    let source = Source { batch, before: 0 };
    let mut problems: Vec<Problem> = Vec::new();
    let city = source.keys("city", "key of the city", &mut problems);
    let keys: Vec<&str> = (0..batch.num_rows()).map(|row| key(city.as_ref(), row)).collect();
    if city.is_some() {
        check_twice(&source, &keys, &mut problems);
    }
    let mut columns = Vec::new();
    let mut seen: BTreeSet<&str> = ["city", "name"].into();
    for field in batch.schema_ref().fields() {
        let name = field.name().as_str();
        if !seen.insert(name) {
            continue;
        }
        if framework.series().all(|node| node.code != name) {
            problems.push(no_column(framework, name.to_owned()).into());
            continue;
        }
        let values = source.needed(name).and_then(|array| numbers(name, array));
        if let Some(values) = source.found(values, &mut problems) {
            let divides: Vec<String> = framework.divided_by(name).map(|node| node.code.clone()).collect();
            source.check_figures(name, values.iter().copied(), &divides, city.as_ref(), &mut problems);
            columns.push((name, values));
        }
    }
    let names = source.column("name").and_then(|array| array.map(|array| text("name", array)).transpose());
    let names = source.found(names, &mut problems).flatten();
    Problems::check(problems)?;
    let mut builder = Dataset::builder(framework, &keys);
    for (name, values) in columns {
        builder = builder.column(name, values);
    }
    let dataset = builder.build()?;
    let Some(names) = names else { return Ok(dataset) };
    let name = |row| names.get(row).filter(|name| !name.is_empty());
    let city = |(row, key): (usize, &&str)| City::new(*key).name(name(row).unwrap_or(key));
    dataset.with_cities(&Cities::new(keys.iter().enumerate().map(city))?)
}

/// The key of a city; empty where it has none.
fn key<'t>(city: Option<&'t Text<'_>>, row: usize) -> &'t str {
    city.and_then(|city| city.get(row)).unwrap_or_default()
}

/// Refuses a city that is given twice.
fn check_twice(source: &Source<'_>, keys: &[&str], problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, &key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
        if let Some(first) = first.get(key) {
            let fault = Fault::Duplicate { what: What::City, code: key.to_owned(), first: Some(*first as u64 + 1) };
            problems.push(source.problem("city", row, fault));
        } else {
            first.insert(key, row);
        }
    }
}
