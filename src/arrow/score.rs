//! Scores of a record batch, whose columns are borrowed, and scores as a record batch.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};

use super::source::{Source, Text, check_twice, text, wrong_type};
use crate::composite::{Composite, Position, Sheet, Work};
use crate::error::{Fault, Problem, Problems, Result};
use crate::scores::Scores;
use crate::steps::denominate::Figures;

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
