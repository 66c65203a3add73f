//! Figures from record batches.

use arrow_array::RecordBatch;

use super::source::{FILE, Source, Text, check_twice, numbers, text};
use crate::cities::{Cities, City};
use crate::dataset::Dataset;
use crate::error::{Fault, Problem, Problems, Result, nearest};
use crate::framework::Framework;
use crate::observations::{Observation, Observations, Status};

/// Reads figures from long batches, a figure a row, with the columns of [`Observations::read_csv`]: `city`, `indicator` (text),
/// `year` (Int32 or Int64), `value` (numbers, null where missing), and, where they are given, `status`, `source`, `note` (text,
/// null where not given). Other columns are passed over.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every problem and its place: a missing column or one of another type, a null
/// in `city`, `indicator` or `year`, a year beyond 1000..2999, a value that is not finite, an unknown status, a figure given
/// twice.
pub fn observations<'a>(batches: impl IntoIterator<Item = &'a RecordBatch>) -> Result<Observations> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut rows: Vec<Observation> = Vec::new();
    let mut before = 0;
    for batch in batches {
        let source = Source { batch, before };
        before += batch.num_rows();
        let start = problems.len();
        let cities = source.keys("city", "key of the city", &mut problems);
        let series = source.keys("indicator", "code of an indicator", &mut problems);
        let mut figures = |name: &'static str| match source.needed(name).and_then(|array| numbers(name, array)) {
            Ok(values) => values,
            Err(fault) => {
                problems.push(fault.into());
                Vec::new()
            }
        };
        let (years, values) = (figures("year"), figures("value"));
        source.check_finite("value", values.iter().copied(), &mut problems);
        let mut optional = |name: &'static str| {
            let column = source.column(name).map(|array| text(name, array)).transpose();
            column.unwrap_or_else(|fault| {
                problems.push(fault.into());
                None
            })
        };
        let (status, key, note) = (optional("status"), optional("source"), optional("note"));
        if problems.len() > start && [cities.len(), series.len(), years.len(), values.len()].contains(&0) {
            continue;
        }
        for (row, city) in cities.into_iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number within the range")]
            let year = match years[row] {
                Some(year) if (1000.0..=2999.0).contains(&year) && year.fract() == 0.0 => year as i32,
                Some(year) => {
                    let need = "a whole number from 1000 to 2999";
                    let fault = Fault::OutOfRange { what: "the year", text: year.to_string(), need };
                    problems.push(source.problem("year", row, fault));
                    continue;
                }
                None => {
                    problems.push(source.problem("year", row, Fault::EmptyCell { what: "year" }));
                    continue;
                }
            };
            let word = |column: &Option<Text<'_>>| {
                column.as_ref().and_then(|column| column.get(row)).unwrap_or_default().to_owned()
            };
            let code = word(&status);
            let parsed = if code.is_empty() { Ok(Status::default()) } else { code.parse() };
            let status = parsed.unwrap_or_else(|fault| {
                problems.push(source.problem("status", row, fault));
                Status::default()
            });
            let (series, value, source, note) = (series[row].clone(), values[row], word(&key), word(&note));
            rows.push(Observation { city, series, year, value, status, source, note });
        }
    }
    Problems::check(problems)?;
    Observations::of_rows(rows, FILE)
}

/// Reads a dataset from a wide batch, as [`Dataset::read_csv`] reads a table: the keys of the cities in the column `city` (text),
/// their names, where they are given, in `name`, and every other column a series of the framework, null where a figure is
/// missing. A series without a column is missing for all cities.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every problem and its place: no column `city`, a column of another type or
/// that is no series, a null in `city`, a city given twice, a value that is not finite, a denominator that is not positive.
pub fn dataset(framework: &Framework, batch: &RecordBatch) -> Result<Dataset> {
    let source = Source { batch, before: 0 };
    let mut problems: Vec<Problem> = Vec::new();
    let keys = source.keys("city", "key of the city", &mut problems);
    check_twice(&source, &keys, &mut problems);
    let mut columns = Vec::new();
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let name = field.name().as_str();
        if name == "city" || name == "name" {
            continue;
        }
        let series = || framework.series().map(|node| node.code.as_str());
        if !series().any(|code| code == name) {
            problems.push(match nearest(name, series()) {
                Some(nearest) => Fault::UnknownColumn { name: name.to_owned(), nearest: Some(nearest) }.into(),
                None => Fault::NoSeries { name: name.to_owned() }.into(),
            });
            continue;
        }
        match numbers(name, array) {
            Ok(values) => {
                source.check_finite(name, values.iter().copied(), &mut problems);
                columns.push((name, values));
            }
            Err(fault) => problems.push(fault.into()),
        }
    }
    let names = source.column("name").map(|array| text("name", array)).transpose()?;
    Problems::check(problems)?;
    let mut builder = Dataset::builder(framework, &keys);
    for (name, values) in columns {
        builder = builder.column(name, values);
    }
    let dataset = builder.build()?;
    let Some(names) = names else { return Ok(dataset) };
    let city = |(row, key): (usize, &String)| City::new(key).name(names.get(row).unwrap_or(key));
    dataset.with_cities(&Cities::new(keys.iter().enumerate().map(city))?)
}
