//! A batch as it is read: its columns by name and type, and the place of what is wrong in it.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use arrow_schema::DataType;

use crate::error::{Column, Fault, Place, Problem, What, nearest};

pub(super) const FILE: &str = "record batch";

/// A batch with the rows that came before it, so that a place counts all of them.
pub(super) struct Source<'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) before: usize,
}

/// A column of text, borrowed.
pub(super) enum Text<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    /// Texts by number.
    Dictionary(&'a dyn Array, Vec<usize>, Box<Text<'a>>),
}

impl<'a> Text<'a> {
    fn of(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => Some(Self::Small(array.as_string())),
            DataType::LargeUtf8 => Some(Self::Large(array.as_string())),
            DataType::Utf8View => Some(Self::View(array.as_string_view())),
            DataType::Dictionary(_, held) if held.is_string() => {
                let dictionary = array.as_any_dictionary_opt()?;
                let texts = dictionary.values();
                // Without a text every row is null, and arrow knows no numbers.
                let numbers = if texts.is_empty() { Vec::new() } else { dictionary.normalized_keys() };
                Some(Self::Dictionary(dictionary.keys(), numbers, Box::new(Self::of(texts)?)))
            }
            _ => None,
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary(keys, numbers, texts) => {
                numbers.get(row).filter(|_| keys.is_valid(row)).and_then(|&number| texts.get(number))
            }
        }
    }
}

pub(super) fn wrong_type(name: &str, array: &dyn Array, need: &'static str) -> Fault {
    Fault::ColumnType { column: name.to_owned(), found: array.data_type().to_string(), need }
}

pub(super) fn text<'a>(name: &str, array: &'a dyn Array) -> Result<Text<'a>, Fault> {
    Text::of(array).ok_or_else(|| wrong_type(name, array, "text (Utf8, LargeUtf8 or Utf8View, or a dictionary of it)"))
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

/// Whether all are finite. Then as a rule their sum is, in lanes that a compiler turns into vector instructions, and if it is they are.
pub(super) fn all_finite(values: &[f64]) -> bool {
    let mut lanes = [0.0; 16];
    let chunks = values.chunks_exact(16);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v;
        }
    }
    (lanes.iter().sum::<f64>() + rest).is_finite() || values.iter().all(|v| v.is_finite())
}

impl<'a> Source<'a> {
    /// A column by its name, where there is one.
    pub(super) fn column(&self, name: &str) -> Result<Option<&'a dyn Array>, Fault> {
        let fields = self.batch.schema_ref().fields().iter();
        let mut found = fields.zip(self.batch.columns()).filter(|(field, _)| field.name() == name);
        let first = found.next();
        // Which of the two was meant nobody knows.
        if found.next().is_some() {
            return Err(Fault::Duplicate { what: What::Column, code: name.to_owned(), first: None });
        }
        Ok(first.map(|(_, array): (_, &'a ArrayRef)| &**array))
    }

    pub(super) fn needed(&self, name: &str) -> Result<&'a dyn Array, Fault> {
        self.needed_among(name, &[])
    }

    /// The same where other names are needed too: none of theirs is meant to be this one.
    pub(super) fn needed_among(&self, name: &str, names: &[&str]) -> Result<&'a dyn Array, Fault> {
        let missing = || {
            let fields = self.batch.schema_ref().fields().iter().map(|field| field.name().as_str());
            let instead = nearest(name, fields.filter(|field| !names.contains(field)));
            Fault::MissingColumn { name: name.to_owned(), instead }
        };
        self.column(name)?.ok_or_else(missing)
    }

    /// Something wrong in a cell.
    pub(super) fn problem(&self, name: &str, row: usize, fault: Fault) -> Problem {
        let number = self.batch.schema_ref().index_of(name).map_or(0, |i| i + 1);
        let column = Some(Column { number, name: name.to_owned() });
        Problem::at(Some(Place { file: FILE.into(), line: (self.before + row + 1) as u64, column }), fault)
    }

    /// What was found of a column; nothing where something is wrong with it, which is then among the problems. In a later batch
    /// its first row says which batch it is.
    pub(super) fn found<T>(&self, result: Result<T, Fault>, problems: &mut Vec<Problem>) -> Option<T> {
        let at = |fault| match self.before {
            0 => Problem::from(fault),
            before => Problem::at(Some(Place { file: FILE.into(), line: before as u64 + 1, column: None }), fault),
        };
        result.map_err(|fault| problems.push(at(fault))).ok()
    }

    /// A column of texts, none of which may be null or empty.
    pub(super) fn keys(&self, name: &str, what: &'static str, problems: &mut Vec<Problem>) -> Option<Text<'a>> {
        let column = self.found(self.needed(name).and_then(|array| text(name, array)), problems)?;
        for row in (0..self.batch.num_rows()).filter(|&row| column.get(row).is_none_or(str::is_empty)) {
            problems.push(self.problem(name, row, Fault::EmptyCell { what }));
        }
        Some(column)
    }

    /// Refuses figures that are not finite.
    pub(super) fn check_finite(
        &self,
        name: &str,
        values: impl Iterator<Item = Option<f64>>,
        problems: &mut Vec<Problem>,
    ) {
        self.check_figures(name, values, &[], None, problems);
    }

    /// Refuses figures that are not finite, and those that divide others and are not positive.
    pub(super) fn check_figures(
        &self,
        name: &str,
        values: impl Iterator<Item = Option<f64>>,
        divides: &[String],
        city: Option<&Text<'_>>,
        problems: &mut Vec<Problem>,
    ) {
        for (row, value) in values.enumerate().filter_map(|(row, value)| Some((row, value?))) {
            if !value.is_finite() {
                problems.push(self.problem(name, row, Fault::NotFinite { text: value.to_string() }));
            } else if !divides.is_empty() && value <= 0.0 {
                let city =
                    city.and_then(|city| city.get(row)).map_or_else(|| format!("row {}", row + 1), str::to_owned);
                let (series, divides) = (name.to_owned(), divides.to_vec());
                problems.push(self.problem(name, row, Fault::Denominator { city, series, value, divides }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_seen_wherever_it_stands() {
        for n in [1, 7, 15, 16, 17, 32, 50] {
            let good: Vec<f64> = (0..n).map(|i| f64::from(i) * -1e300).collect();
            let good: Vec<f64> = good.into_iter().map(|v| v.max(f64::MIN)).collect();
            assert!(all_finite(&good));
            for at in 0..good.len() {
                for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    let mut values = good.clone();
                    values[at] = bad;
                    assert!(!all_finite(&values), "{bad} at {at} of {n}");
                }
            }
        }
        assert!(all_finite(&[]) && all_finite(&[f64::MAX, f64::MIN, -0.0, 5e-324]));
    }
}
