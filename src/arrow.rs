//! Record batches of Apache Arrow in and out; needs the feature `arrow`.
//!
//! | function | from | to |
//! |---|---|---|
//! | [`observations`] | long batches: a figure a row | [`Observations`] |
//! | [`dataset`] | a wide batch: a city a row, a series a column | [`Dataset`] |
//! | [`score`] | a wide batch and a [`Composite`] | a batch of scores, a city a row; no column is copied |
//! | [`scores`] | [`Scores`] | a batch of scores and ranks, a node of a city a row |
//!
//! A null is a missing figure; NaN and infinity are errors. The place of a problem names column and row: its line is the row,
//! from 1. This is the only module whose signatures have types of another crate, those of `arrow-array`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};

use crate::cities::{Cities, City};
use crate::composite::{Composite, Position, Sheet, Work};
use crate::dataset::Dataset;
use crate::error::{Column, Fault, Place, Problem, Problems, Result, What, nearest};
use crate::framework::Framework;
use crate::observations::{Observation, Observations, Status};
use crate::scores::Scores;
use crate::steps::denominate::Figures;

const FILE: &str = "record batch";

/// A batch with the rows that came before it, so that a place counts all of them.
struct Source<'a> {
    batch: &'a RecordBatch,
    before: usize,
}

/// A column of text.
enum Text<'a> {
    Small(&'a StringArray),
    Large(&'a arrow_array::LargeStringArray),
    View(&'a arrow_array::StringViewArray),
}

impl Text<'_> {
    fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

fn wrong_type(name: &str, array: &dyn Array, need: &'static str) -> Fault {
    Fault::ColumnType { column: name.to_owned(), found: array.data_type().to_string(), need }
}

fn text<'a>(name: &str, array: &'a dyn Array) -> Result<Text<'a>, Fault> {
    match array.data_type() {
        DataType::Utf8 => Ok(Text::Small(array.as_string())),
        DataType::LargeUtf8 => Ok(Text::Large(array.as_string())),
        DataType::Utf8View => Ok(Text::View(array.as_string_view())),
        _ => Err(wrong_type(name, array, "text (Utf8, LargeUtf8 or Utf8View)")),
    }
}

fn numbers(name: &str, array: &dyn Array) -> Result<Vec<Option<f64>>, Fault> {
    #[expect(clippy::cast_precision_loss, reason = "figures are doubles here; whole numbers above 2^53 are rounded")]
    Ok(match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().iter().collect(),
        DataType::Float32 => array.as_primitive::<Float32Type>().iter().map(|v| v.map(f64::from)).collect(),
        DataType::Int32 => array.as_primitive::<Int32Type>().iter().map(|v| v.map(f64::from)).collect(),
        DataType::Int64 => array.as_primitive::<Int64Type>().iter().map(|v| v.map(|v| v as f64)).collect(),
        _ => return Err(wrong_type(name, array, "numbers (Float64, Float32, Int64 or Int32)")),
    })
}

impl<'a> Source<'a> {
    fn column(&self, name: &str) -> Option<&'a dyn Array> {
        self.batch.column_by_name(name).map(|array| &**array)
    }

    fn needed(&self, name: &str) -> Result<&'a dyn Array, Fault> {
        let missing = || {
            let schema = self.batch.schema_ref();
            let instead = nearest(name, schema.fields().iter().map(|field| field.name().as_str()));
            Fault::MissingColumn { name: name.to_owned(), instead }
        };
        self.column(name).ok_or_else(missing)
    }

    fn problem(&self, name: &str, row: usize, fault: Fault) -> Problem {
        let number = self.batch.schema_ref().index_of(name).map_or(0, |i| i + 1);
        let column = Some(Column { number, name: name.to_owned() });
        Problem::at(Some(Place { file: FILE.into(), line: (self.before + row + 1) as u64, column }), fault)
    }

    /// The texts of a column, none of which may be null or empty.
    fn keys(&self, name: &str, what: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
        let column = match self.needed(name).and_then(|array| text(name, array)) {
            Ok(column) => column,
            Err(fault) => {
                problems.push(fault.into());
                return Vec::new();
            }
        };
        let mut keys = Vec::with_capacity(self.batch.num_rows());
        for row in 0..self.batch.num_rows() {
            let key = column.get(row).unwrap_or_default();
            if key.is_empty() {
                problems.push(self.problem(name, row, Fault::EmptyCell { what }));
            }
            keys.push(key.to_owned());
        }
        keys
    }

    fn check_finite(&self, name: &str, values: impl Iterator<Item = Option<f64>>, problems: &mut Vec<Problem>) {
        for (row, value) in values.enumerate() {
            if let Some(value) = value.filter(|v| !v.is_finite()) {
                problems.push(self.problem(name, row, Fault::NotFinite { text: value.to_string() }));
            }
        }
    }
}

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

fn check_twice(source: &Source<'_>, keys: &[String], problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
        if let Some(first) = first.get(key.as_str()) {
            let fault = Fault::Duplicate { what: What::City, code: key.clone(), first: Some(*first as u64 + 1) };
            problems.push(source.problem("city", row, fault));
        } else {
            first.insert(key, row);
        }
    }
}

/// A batch as it is scored: columns borrowed, in the order of the composite's series.
struct Borrowed<'a> {
    rows: usize,
    columns: Vec<Option<&'a Float64Array>>,
    city: Option<Text<'a>>,
    attribute: Option<(&'a str, Text<'a>)>,
    nowhere: Vec<f64>,
}

impl Sheet for Borrowed<'_> {
    fn len(&self) -> usize {
        self.rows
    }

    fn figures(&self, column: usize) -> Figures<'_> {
        // Only columns that count are asked for, and those are there.
        let Some(array) = self.columns.get(column).copied().flatten() else { return self.nowhere.as_slice().into() };
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            Some(nulls) => Figures::masked(array.values(), nulls.inner().values(), nulls.offset()),
            None => Figures::from(&array.values()[..]),
        }
    }

    fn complete(&self, column: usize) -> bool {
        self.columns.get(column).copied().flatten().is_some_and(|array| array.null_count() == 0)
    }

    fn own_key(&self, row: usize) -> &str {
        self.city.as_ref().and_then(|city| city.get(row)).unwrap_or_default()
    }

    fn attribute(&self, row: usize, name: &str) -> Option<&str> {
        self.attribute.as_ref().filter(|(own, _)| *own == name).and_then(|(_, column)| column.get(row))
    }
}

/// Scores the cities of a wide batch. No column is copied: the kernel reads the batch's own memory, nulls being missing figures.
///
/// The result has a row for every row of the batch: the column `city`, where the batch has it, and a column of Float64 for every
/// index and measure of the composite, named by its code, null where a city has no score. The scores are those of
/// [`Composite::score`], to the last bit; ranks are left to whoever has all batches. The batch needs a column of Float64 for
/// every indicator that counts and for what divides it; other columns are passed over. It needs `city` where the method screens
/// cities, and a column of text with the attribute by which the method fills gaps by groups.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every problem and its place: a missing column or one of another type, a null
/// in `city`, a city given twice, a value that is not finite, a denominator that is not positive.
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, cast::AsArray, types::Float64Type};
/// use longspring::{Cut, Method, article, arrow};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let composite = Method::new().exclude(["renewal", "vitality", "culture", "greenness"]).fit(&framework, &cities)?;
/// let columns: [(&str, ArrayRef); 3] = [
///     ("city", Arc::new(StringArray::from(vec!["here", "there"]))),
///     ("pm25", Arc::new(Float64Array::from(vec![Some(9.0), Some(30.0)]))),
///     ("tree_cover", Arc::new(Float64Array::from(vec![Some(21.0), None]))),
/// ];
/// let batch = RecordBatch::try_from_iter(columns).unwrap();
/// let scored = arrow::score(&composite, &batch)?;
/// let environment = scored.column_by_name("environment").unwrap().as_primitive::<Float64Type>();
/// assert!(environment.value(0) > environment.value(1));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn score(composite: &Composite, batch: &RecordBatch) -> Result<RecordBatch> {
    let source = Source { batch, before: 0 };
    let mut problems: Vec<Problem> = Vec::new();
    let sheet = borrow(composite, &source, &mut problems);
    Problems::check(problems)?;
    let (n, inner) = (sheet.rows, composite.inner_len());
    let prepared = composite.prepare(&sheet);
    let mut out = vec![f64::NAN; inner * n];
    composite.evaluate(&sheet, &prepared, &mut out, &mut Work::default());
    let mut columns: Vec<(String, ArrayRef)> = Vec::with_capacity(inner + 1);
    if let Some(city) = batch.column_by_name("city") {
        columns.push(("city".to_owned(), city.clone()));
    }
    // From the last on, so that each takes its part of the memory away.
    let mut scored = Vec::with_capacity(inner);
    for i in (0..inner).rev() {
        let column = out.split_off(i * n);
        let array = if column.iter().any(|v| v.is_nan()) {
            column.into_iter().map(|v| Some(v).filter(|v| !v.is_nan())).collect()
        } else {
            Float64Array::from(column)
        };
        scored.push((composite.inner_code(i).to_owned(), Arc::new(array) as ArrayRef));
    }
    columns.extend(scored.into_iter().rev());
    batch_of(columns)
}

/// The columns that a composite needs, checked.
fn borrow<'a>(composite: &'a Composite, source: &Source<'a>, problems: &mut Vec<Problem>) -> Borrowed<'a> {
    let framework = composite.framework();
    let series: Vec<&str> = framework.series().map(|node| node.code.as_str()).collect();
    let rows = source.batch.num_rows();
    let mut sheet =
        Borrowed { rows, columns: vec![None; series.len()], city: None, attribute: None, nowhere: Vec::new() };
    let mut divides: Vec<Vec<String>> = vec![Vec::new(); series.len()];
    let mut needed = vec![false; series.len()];
    for leaf in 0..composite.leaf_len() {
        let (column, per) = composite.columns(leaf);
        needed[column] = true;
        if let Some(per) = per {
            needed[per] = true;
            divides[per].push(composite.code(Position::Leaf(leaf)).to_owned());
        }
    }
    for (column, &name) in series.iter().enumerate().filter(|(column, _)| needed[*column]) {
        let array = source.needed(name).and_then(|array| {
            array
                .as_primitive_opt::<Float64Type>()
                .ok_or_else(|| wrong_type(name, array, "Float64, which is not copied"))
        });
        match array {
            Ok(array) => {
                check_column(source, name, array, &divides[column], problems);
                sheet.columns[column] = Some(array);
            }
            Err(fault) => problems.push(fault.into()),
        }
    }
    if source.column("city").is_some() || composite.method().screening.screens_cities() {
        let keys = source.keys("city", "key of the city", problems);
        check_twice(source, &keys, problems);
        sheet.city = source.column("city").and_then(|array| text("city", array).ok());
    }
    if let Some(name) = composite.method().imputation.attribute() {
        match source.needed(name).and_then(|array| text(name, array)) {
            Ok(column) => sheet.attribute = Some((name, column)),
            Err(fault) => problems.push(fault.into()),
        }
    }
    sheet
}

/// Refuses figures that are not finite, and denominators that are not positive.
fn check_column(
    source: &Source<'_>,
    name: &str,
    array: &Float64Array,
    divides: &[String],
    problems: &mut Vec<Problem>,
) {
    // A sum of zeros unless one is not finite: no branch, so that the usual case costs next to nothing.
    let sound = array.values().iter().map(|v| v * 0.0).sum::<f64>() == 0.0;
    if !sound {
        source.check_finite(name, array.iter(), problems);
    }
    if !divides.is_empty() {
        for (row, value) in array.iter().enumerate() {
            if let Some(value) = value.filter(|v| v.is_finite() && *v <= 0.0) {
                let city = format!("row {}", row + 1);
                let (series, divides) = (name.to_owned(), divides.to_vec());
                problems.push(source.problem(name, row, Fault::Denominator { city, series, value, divides }));
            }
        }
    }
}

/// Scores and ranks as a batch, a node of a city a row, cities in their order within each node, nodes in that of the framework:
/// `city`, `node` (Utf8), `score`, `rank` (Float64, null where there is none), `missing` (Utf8, why there is no score).
///
/// # Errors
/// None that a caller can cause; the types of the columns are fixed.
pub fn scores(scores: &Scores) -> Result<RecordBatch> {
    let (mut cities, mut nodes, mut why) = (Vec::new(), Vec::new(), Vec::new());
    let (mut values, mut ranks): (Vec<Option<f64>>, Vec<Option<f64>>) = (Vec::new(), Vec::new());
    for node in scores.composite().framework().nodes() {
        if scores.composite().position(&node.code).is_none() {
            continue;
        }
        let of_node = scores.node(&node.code)?;
        values.extend(of_node.scores());
        ranks.extend(of_node.ranks());
        for (city, score) in scores.cities().zip(of_node.scores()) {
            cities.push(city);
            nodes.push(node.code.as_str());
            let missing = if score.is_none() { scores.get(city, &node.code)?.missing } else { None };
            why.push(missing.map(|missing| missing.to_string()));
        }
    }
    let columns: Vec<(String, ArrayRef)> = vec![
        ("city".to_owned(), Arc::new(StringArray::from(cities))),
        ("node".to_owned(), Arc::new(StringArray::from(nodes))),
        ("score".to_owned(), Arc::new(Float64Array::from(values))),
        ("rank".to_owned(), Arc::new(Float64Array::from(ranks))),
        ("missing".to_owned(), Arc::new(StringArray::from(why))),
    ];
    batch_of(columns)
}

fn batch_of(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch> {
    let nullable = |name: &str| !matches!(name, "city" | "node");
    let field = |(name, array): &(String, ArrayRef)| Field::new(name, array.data_type().clone(), nullable(name));
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let damaged = |_| Fault::Damaged { what: "record batch", why: "its columns do not make one" }.into();
    RecordBatch::try_new(Arc::new(schema), arrays).map_err(damaged)
}
