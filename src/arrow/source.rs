//! A batch as it is read: its columns by name and type, and the place of what is wrong in it.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::DataType;

use crate::error::{Column, Fault, Place, Problem, Result, What, nearest};

pub(super) const FILE: &str = "record batch";

/// A batch with the rows that came before it, so that a place counts all of them.
pub(super) struct Source<'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) before: usize,
}

/// A column of text.
pub(super) enum Text<'a> {
    Small(&'a StringArray),
    Large(&'a arrow_array::LargeStringArray),
    View(&'a arrow_array::StringViewArray),
}

impl Text<'_> {
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

pub(super) fn wrong_type(name: &str, array: &dyn Array, need: &'static str) -> Fault {
    Fault::ColumnType { column: name.to_owned(), found: array.data_type().to_string(), need }
}

pub(super) fn text<'a>(name: &str, array: &'a dyn Array) -> Result<Text<'a>, Fault> {
    match array.data_type() {
        DataType::Utf8 => Ok(Text::Small(array.as_string())),
        DataType::LargeUtf8 => Ok(Text::Large(array.as_string())),
        DataType::Utf8View => Ok(Text::View(array.as_string_view())),
        _ => Err(wrong_type(name, array, "text (Utf8, LargeUtf8 or Utf8View)")),
    }
}

pub(super) fn numbers(name: &str, array: &dyn Array) -> Result<Vec<Option<f64>>, Fault> {
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
    pub(super) fn column(&self, name: &str) -> Option<&'a dyn Array> {
        self.batch.column_by_name(name).map(|array| &**array)
    }

    pub(super) fn needed(&self, name: &str) -> Result<&'a dyn Array, Fault> {
        let missing = || {
            let schema = self.batch.schema_ref();
            let instead = nearest(name, schema.fields().iter().map(|field| field.name().as_str()));
            Fault::MissingColumn { name: name.to_owned(), instead }
        };
        self.column(name).ok_or_else(missing)
    }

    pub(super) fn problem(&self, name: &str, row: usize, fault: Fault) -> Problem {
        let number = self.batch.schema_ref().index_of(name).map_or(0, |i| i + 1);
        let column = Some(Column { number, name: name.to_owned() });
        Problem::at(Some(Place { file: FILE.into(), line: (self.before + row + 1) as u64, column }), fault)
    }

    /// The texts of a column, none of which may be null or empty.
    pub(super) fn keys(&self, name: &str, what: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
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

    pub(super) fn check_finite(
        &self,
        name: &str,
        values: impl Iterator<Item = Option<f64>>,
        problems: &mut Vec<Problem>,
    ) {
        for (row, value) in values.enumerate() {
            if let Some(value) = value.filter(|v| !v.is_finite()) {
                problems.push(self.problem(name, row, Fault::NotFinite { text: value.to_string() }));
            }
        }
    }
}

/// Refuses a city that is given twice.
pub(super) fn check_twice(source: &Source<'_>, keys: &[String], problems: &mut Vec<Problem>) {
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
