//! Scores as a record batch.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{Field, Schema};

use crate::error::{Fault, Result};
use crate::scores::Scores;

/// Scores and ranks as a batch, a node of a city a row, cities in their order within each node, nodes in that of the framework:
/// `city`, `node` (Utf8), `score`, `rank` (Float64, null where there is none), `have`, `of` (`UInt64`, how many children are known, and
/// of how many), `flags` (Utf8, such as `outside` for a score beyond its scale, empty where there is none; see
/// [`Flags`](crate::Flags)), `missing` (Utf8, why there is no score).
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) where a column of text would be longer than the 2 GiB that Utf8 can hold.
///
/// ```
/// use arrow_array::{cast::AsArray, types::Float64Type};
/// use longspring::{Cut, Method, article, arrow};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let batch = arrow::scores(&scores)?;
/// let score = batch.column_by_name("score").unwrap().as_primitive::<Float64Type>();
/// assert_eq!(batch.num_rows(), 39 * 28);
/// assert_eq!(Some(score.value(0)), scores.score("changchun", "renewal")?);
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn scores(scores: &Scores) -> Result<RecordBatch> {
    let (mut cities, mut nodes, mut flags, mut why) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut values, mut ranks): (Vec<Option<f64>>, Vec<Option<f64>>) = (Vec::new(), Vec::new());
    let (mut have, mut of) = (Vec::new(), Vec::new());
    for node in scores.composite().framework().nodes() {
        if scores.composite().position(&node.code).is_none() {
            continue;
        }
        for city in scores.cities() {
            let standing = scores.get(city, &node.code)?;
            cities.push(Some(city));
            nodes.push(Some(node.code.as_str()));
            values.push(standing.score);
            ranks.push(standing.rank);
            have.push(standing.coverage.have as u64);
            of.push(standing.coverage.of as u64);
            flags.push(Some(standing.flags.to_string()));
            why.push(standing.missing.map(|missing| missing.to_string()));
        }
    }
    batch_of(vec![
        ("city", texts(cities, MOST)?, false),
        ("node", texts(nodes, MOST)?, false),
        ("score", Arc::new(Float64Array::from(values)), true),
        ("rank", Arc::new(Float64Array::from(ranks)), true),
        ("have", Arc::new(UInt64Array::from(have)), false),
        ("of", Arc::new(UInt64Array::from(of)), false),
        ("flags", texts(flags, MOST)?, false),
        ("missing", texts(why, MOST)?, true),
    ])
}

/// As many bytes a column of Utf8 can hold.
const MOST: usize = i32::MAX as usize;

/// A column of texts, of so many bytes at most: arrow would panic beyond.
fn texts<S: AsRef<str>>(texts: Vec<Option<S>>, most: usize) -> Result<ArrayRef> {
    let bytes: usize = texts.iter().flatten().map(|text| text.as_ref().len()).sum();
    if bytes > most {
        return Err(Fault::TooLong { bytes, most }.into());
    }
    Ok(Arc::new(StringArray::from_iter(texts)))
}

/// A batch of columns: name, values, and whether they can be null.
pub(super) fn batch_of(columns: Vec<(&str, ArrayRef, bool)>) -> Result<RecordBatch> {
    let field = |(name, array, null): &(&str, ArrayRef, bool)| Field::new(*name, array.data_type().clone(), *null);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
    let damaged = |_| Fault::Damaged { what: "record batch", why: "its columns do not make one" }.into();
    RecordBatch::try_new(Arc::new(schema), arrays).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_beyond_what_a_column_holds_are_refused() {
        assert_eq!(texts(vec![Some("abc"), None, Some("de")], 5).unwrap().len(), 3);
        let error = texts(vec![Some("abc"), None, Some("de")], 4).unwrap_err().to_string();
        assert!(error.starts_with("a column of text would have 5 bytes, and can have 4"), "{error}");
    }
}
