//! Scores of a record batch, whose columns are borrowed.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};

use super::source::{Source, Text, all_finite, text, wrong_type};
use super::write::{batch_of, with_nulls};
use crate::composite::{Composite, Sheet, Work};
use crate::error::{Problem, Problems, Result};
use crate::steps::denominate::{BLOCK, Figures};

/// Some rows of a batch as they are scored: columns borrowed, in the order of the composite's series.
struct Borrowed<'a> {
    rows: Range<usize>,
    columns: Vec<Option<Needed<'a>>>,
    city: Option<Text<'a>>,
    attribute: Option<(&'a str, Text<'a>)>,
}

/// A column that counts.
struct Needed<'a> {
    name: &'a str,
    array: &'a Float64Array,
    /// The indicators that it divides.
    divides: Vec<String>,
}

impl Needed<'_> {
    /// Whether all figures of some rows can be figures. What stands under a null means nothing.
    fn is_sound(&self, rows: Range<usize>) -> bool {
        let values = &self.array.values()[rows.clone()];
        let positive = !self.divides.is_empty();
        let all = all_finite(values) && !(positive && values.iter().any(|&v| v <= 0.0));
        let good = |row: usize| {
            let v = self.array.value(row);
            self.array.is_null(row) || (v.is_finite() && !(positive && v <= 0.0))
        };
        all || (self.array.null_count() > 0 && rows.into_iter().all(good))
    }
}

impl Borrowed<'_> {
    fn is_sound(&self) -> bool {
        self.columns.iter().flatten().all(|needed| needed.is_sound(self.rows.clone()))
    }
}

impl Sheet for Borrowed<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn figures(&self, column: usize) -> Figures<'_> {
        // Only columns that count are asked for, and those are there.
        let Some(Needed { array, .. }) = &self.columns[column] else { return Figures::from(&[][..]) };
        let values = &array.values()[self.rows.clone()];
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            Some(nulls) => Figures::masked(values, nulls.inner().values(), nulls.offset() + self.rows.start),
            None => Figures::from(values),
        }
    }

    fn complete(&self, column: usize) -> bool {
        self.columns[column].as_ref().is_some_and(|needed| needed.array.null_count() == 0)
    }

    fn own_key(&self, row: usize) -> &str {
        self.city.as_ref().and_then(|city| city.get(self.rows.start + row)).unwrap_or_default()
    }

    fn attribute(&self, row: usize, name: &str) -> Option<&str> {
        let own = self.attribute.as_ref().filter(|(own, _)| *own == name);
        own.and_then(|(_, column)| column.get(self.rows.start + row))
    }
}

/// Scores the cities of a wide batch. No column is copied: the kernel reads the batch's own memory, but for a method that fills
/// gaps, which needs columns of its own.
///
/// The result has a row for every row of the batch: the column `city`, where the batch has it, and a column of Float64 for every
/// index and measure of the composite, named by its code. The scores are those of [`Composite::score`], to the last bit, and
/// each depends on its own row alone: a city may stand in several rows, of several years for instance, and batches may be cut
/// anywhere. Ranks are left to whoever has all batches: see [`rank`](super::rank).
///
/// The batch needs a column of Float64 for every indicator that counts and for what divides it; other columns are passed over.
/// It needs `city` (text) where the method screens cities, and a column of text with the attribute by which the method fills gaps
/// by groups.
///
/// # Missing values
/// A null is a missing figure, whatever stands under it, and a score that a city does not have is null. What else there is to a
/// score is not in the batch: why it is missing, how much of it is known, and whether a figure lies beyond the ends of its scale,
/// where the score leaves the scale too, unless the method [clips](crate::Outside). [`scores`](super::scores) has a
/// column for each.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every problem and its place: a missing column, one that is there twice or of
/// another type, a null in `city`, a value that is not finite, a denominator that is not positive.
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
    let mut sheet = borrow(composite, &source, &mut problems);
    let (n, inner) = (batch.num_rows(), composite.inner_len());
    let mut out: Vec<Vec<f64>> = (0..inner).map(|_| Vec::with_capacity(n)).collect();
    let (mut block, mut work) = (vec![0.0; inner * n.min(BLOCK)], Work::default());
    let (mut sound, mut gaps) = (problems.is_empty(), false);
    // A few rows at a time: what was checked is still in the cache when it is scored, and the scores when they are put away.
    for start in (0..n).step_by(BLOCK) {
        sheet.rows = start..n.min(start + BLOCK);
        sound = sound && sheet.is_sound();
        if !sound {
            break;
        }
        let scores = &mut block[..inner * sheet.len()];
        composite.evaluate(&sheet, &composite.prepare(&sheet), scores, &mut work);
        gaps |= !all_finite(scores);
        for (out, own) in out.iter_mut().zip(scores.chunks_exact(sheet.len())) {
            out.extend_from_slice(own);
        }
    }
    if !sound {
        for Needed { name, array, divides } in sheet.columns.iter().flatten() {
            source.check_figures(name, array.iter(), divides, sheet.city.as_ref(), &mut problems);
        }
    }
    Problems::check(problems)?;
    let mut columns: Vec<(&str, ArrayRef, bool)> = Vec::with_capacity(inner + 1);
    if let Some(city) = batch.column_by_name("city") {
        columns.push(("city", city.clone(), false));
    }
    for (i, scores) in out.into_iter().enumerate() {
        let scores = Float64Array::from(scores);
        columns.push((composite.inner_code(i), Arc::new(if gaps { with_nulls(&scores) } else { scores }), true));
    }
    batch_of(columns)
}

/// The columns that a composite needs, whose figures are yet to be checked.
fn borrow<'a>(composite: &'a Composite, source: &Source<'a>, problems: &mut Vec<Problem>) -> Borrowed<'a> {
    let series: Vec<&str> = composite.framework().series().map(|node| node.code.as_str()).collect();
    let mut divides: Vec<Option<Vec<String>>> = vec![None; series.len()];
    for leaf in 0..composite.leaf_len() {
        let (column, per) = composite.columns(leaf);
        divides[column].get_or_insert_default();
        if let Some(per) = per {
            divides[per].get_or_insert_default().push(composite.leaf_code(leaf).to_owned());
        }
    }
    let needed = series.iter().zip(divides).map(|(&name, divides)| {
        let divides = divides?;
        let array = source.needed_among(name, &series).and_then(|array| {
            array
                .as_primitive_opt::<Float64Type>()
                .ok_or_else(|| wrong_type(name, array, "Float64, which is not copied"))
        });
        Some(Needed { name, array: source.found(array, problems)?, divides })
    });
    let columns = needed.collect();
    let has_city = !matches!(source.column("city"), Ok(None));
    let city = (has_city || composite.method().screening.screens_cities())
        .then(|| source.keys("city", "key of the city", problems));
    let attribute = composite.method().imputation.attribute().and_then(|name| {
        let column = source.needed(name).and_then(|array| text(name, array));
        Some((name, source.found(column, problems)?))
    });
    Borrowed { rows: 0..source.batch.num_rows(), columns, city: city.flatten(), attribute }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dataset, Direction, Framework, Method, Node};

    /// What the kernel reads is the memory of the batch, in the middle of an array and with its nulls.
    #[test]
    fn columns_are_borrowed() {
        let framework = Framework::new([
            Node::index("i"),
            Node::indicator("a", "i", Direction::HigherIsBetter).per("p", 1.0),
            Node::context("p"),
        ])
        .unwrap();
        let cities = Dataset::builder(&framework, ["x", "y"]).column("a", [1.0, 2.0]).column("p", [1.0, 1.0]);
        let composite = Method::new().fit(&framework, &cities.build().unwrap()).unwrap();
        let whole = Float64Array::from(vec![1.0; 20]);
        let gappy: Float64Array = (0..20).map(|i| (i % 3 > 0).then_some(1.0)).collect();
        let (a, p) = (whole.slice(3, 9), gappy.slice(5, 9));
        let columns: [(&str, ArrayRef); 2] = [("a", Arc::new(a)), ("p", Arc::new(p))];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut problems = Vec::new();
        let sheet = borrow(&composite, &Source { batch: &batch, before: 0 }, &mut problems);
        assert!(problems.is_empty());
        assert_eq!(sheet.figures(0).memory(), (whole.values()[3..].as_ptr(), None));
        let nulls = gappy.nulls().unwrap().inner().values().as_ptr();
        assert_eq!(sheet.figures(1).memory(), (gappy.values()[5..].as_ptr(), Some(nulls)));
    }
}
