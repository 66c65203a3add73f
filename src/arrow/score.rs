//! Scores of a record batch, whose columns are borrowed.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer};

use super::source::{Source, Text, all_finite, text, wrong_type};
use super::write::batch_of;
use crate::composite::{Composite, Sheet, Work};
use crate::error::{Problem, Problems, Result};
use crate::kernel::rank::RankWork;
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
    divides: &'a [String],
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

/// Some figures of a column, where they stand.
pub(super) fn figures(array: &Float64Array, rows: Range<usize>) -> Figures<'_> {
    let values = &array.values()[rows.clone()];
    match array.nulls().filter(|nulls| nulls.null_count() > 0) {
        Some(nulls) => Figures::masked(values, nulls.inner().values(), nulls.offset() + rows.start),
        None => Figures::from(values),
    }
}

impl Sheet for Borrowed<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn figures(&self, column: usize) -> Figures<'_> {
        // Only columns that count are asked for, and those are there.
        let Some(Needed { array, .. }) = &self.columns[column] else { return Figures::from(&[][..]) };
        figures(array, self.rows.clone())
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
    Scorer::new(composite).score(batch)
}

/// Scores batch after batch as [`score`] and [`rank`](super::rank) do, with the same results, and keeps what they would make anew
/// for each: the columns that count, buffers, and the memory of results that are no longer needed.
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Float64Array, RecordBatch};
/// use longspring::{Cut, Method, article, arrow};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let composite = Method::new().exclude(["renewal", "vitality", "culture", "greenness"]).fit(&framework, &cities)?;
/// let mut scorer = arrow::Scorer::new(&composite);
/// for pm25 in [[9.0, 30.0], [12.0, 8.0]] {
///     let column = |values: [f64; 2]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
///     let columns = [("pm25", column(pm25)), ("tree_cover", column([21.0, 15.0]))];
///     let scored = scorer.score(&RecordBatch::try_from_iter(columns).unwrap())?;
///     let ranks = scorer.rank("environment", std::slice::from_ref(&scored))?;
///     println!("{ranks:?}");
///     scorer.recycle(scored);
/// }
/// # Ok::<(), longspring::Error>(())
/// ```
pub struct Scorer {
    pub(super) composite: Composite,
    /// For each series of the framework, where it counts, the indicators that it divides.
    divides: Vec<Option<Vec<String>>>,
    block: Vec<f64>,
    work: Work,
    pub(super) ranking: RankWork,
    /// The scores of several batches, brought together to be ranked.
    pub(super) together: Vec<f64>,
    /// Columns whose memory is used again, the oldest first; what stands in them means nothing.
    spare: Vec<Vec<f64>>,
}

impl fmt::Debug for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scorer").field("composite", &self.composite).finish_non_exhaustive()
    }
}

impl Clone for Scorer {
    /// A scorer on the same yardstick, with memory of its own.
    fn clone(&self) -> Self {
        Self::new(&self.composite)
    }
}

impl Scorer {
    /// A scorer on the yardstick of a composite.
    #[must_use]
    pub fn new(composite: &Composite) -> Self {
        let mut divides: Vec<Option<Vec<String>>> = vec![None; composite.framework().series().count()];
        for leaf in 0..composite.leaf_len() {
            let (column, per) = composite.columns(leaf);
            divides[column].get_or_insert_default();
            if let Some(per) = per {
                divides[per].get_or_insert_default().push(composite.leaf_code(leaf).to_owned());
            }
        }
        Self {
            composite: composite.clone(),
            divides,
            block: Vec::new(),
            work: Work::default(),
            ranking: RankWork::default(),
            together: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// The composite whose scores these are.
    #[must_use]
    pub fn composite(&self) -> &Composite {
        &self.composite
    }

    /// Scores the cities of a wide batch; see [`score`], of which it has result and errors.
    ///
    /// # Errors
    /// As [`score`].
    pub fn score(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let source = Source { batch, before: 0 };
        let mut problems: Vec<Problem> = Vec::new();
        let (n, inner) = (batch.num_rows(), self.composite.inner_len());
        let mut known: Vec<Known> = vec![Known::default(); inner];
        let Self { composite, divides, block, work, spare, .. } = self;
        let mut sheet = borrow(composite, divides, &source, &mut problems);
        block.resize(block.len().max(inner * n.min(BLOCK)), 0.0);
        let mut sound = problems.is_empty();
        let mut out: Vec<Vec<f64>> = Vec::new();
        if sound {
            out.resize_with(inner, || {
                let mut column = column(spare, n);
                column.clear();
                column
            });
        }
        // A few rows at a time: what was checked is still in the cache when it is scored, and the scores when they are put away.
        for start in (0..n).step_by(BLOCK) {
            sheet.rows = start..n.min(start + BLOCK);
            sound = sound && sheet.is_sound();
            if !sound {
                break;
            }
            let scores = &mut block[..inner * sheet.len()];
            let prepared = composite.prepare(&sheet);
            composite.evaluate(&sheet, &prepared, scores, work);
            for (i, (out, own)) in out.iter_mut().zip(scores.chunks_exact(sheet.len())).enumerate() {
                if prepared.any_out() || !work.is_whole(i) {
                    known[i].add(start, own);
                }
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
        for (i, (scores, known)) in out.into_iter().zip(known).enumerate() {
            columns.push((composite.inner_code(i), Arc::new(Float64Array::new(scores.into(), known.nulls(n))), true));
        }
        batch_of(columns)
    }

    /// Takes back the memory of scores that are no longer needed, for results to come: of every column of Float64 that nobody else
    /// holds and that does not begin inside a longer one. Not more is kept than a result and its ranks can use, and no
    /// result takes memory of more than twice its size.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow_array::{ArrayRef, Float64Array, RecordBatch};
    /// # use longspring::{Cut, Method, article, arrow};
    /// # let framework = article::framework();
    /// # let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// # let composite = Method::new().exclude(["renewal", "vitality", "culture", "greenness"]).fit(&framework, &cities)?;
    /// # let column = || Arc::new(Float64Array::from(vec![9.0, 30.0])) as ArrayRef;
    /// # let batch = RecordBatch::try_from_iter([("pm25", column()), ("tree_cover", column())]).unwrap();
    /// let mut scorer = arrow::Scorer::new(&composite);
    /// let first = scorer.score(&batch)?;
    /// let ranks = scorer.rank("environment", std::slice::from_ref(&first))?;
    /// scorer.recycle(first);
    /// scorer.recycle_ranks(ranks);
    /// let second = scorer.score(&batch)?; // in the memory of the first
    /// # assert_eq!(second.num_rows(), 2);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn recycle(&mut self, scored: RecordBatch) {
        let numbers = scored.columns().iter().filter_map(|array| array.as_primitive_opt::<Float64Type>());
        let numbers: Vec<Float64Array> = numbers.cloned().collect();
        // Until the batch is gone it holds them too.
        drop(scored);
        self.take_back(numbers);
    }

    /// The same for the ranks of a call, all of them together.
    pub fn recycle_ranks(&mut self, ranks: Vec<Float64Array>) {
        // They are pieces of one memory, and the first has its beginning.
        let first = ranks.into_iter().next();
        self.take_back(first);
    }

    fn take_back(&mut self, arrays: impl IntoIterator<Item = Float64Array>) {
        let memory = arrays.into_iter().filter_map(|array| array.into_parts().1.into_inner().into_vec().ok());
        memory.for_each(|column| self.keep(column));
    }

    /// Keeps a column's memory, in the place of the oldest where there is enough: a result's columns and its ranks.
    fn keep(&mut self, column: Vec<f64>) {
        if self.spare.len() > self.composite.inner_len() {
            self.spare.remove(0);
        }
        self.spare.push(column);
    }

    /// A column with room for so many values, whatever stands in it.
    pub(super) fn column(&mut self, n: usize) -> Vec<f64> {
        column(&mut self.spare, n)
    }
}

/// A column with room for so many values, whatever stands in it. Memory of much more is not taken: whoever keeps the column would
/// keep all of it.
fn column(spare: &mut Vec<Vec<f64>>, n: usize) -> Vec<f64> {
    let fits = |column: &Vec<f64>| (n..=2 * n.max(BLOCK)).contains(&column.capacity());
    let found = spare.iter().rposition(fits).map(|at| spare.remove(at));
    found.unwrap_or_else(|| Vec::with_capacity(n))
}

// Each block begins a word of bits.
const _: () = assert!(BLOCK % 64 == 0);

/// Which rows of a column have a score, a bit a row: nothing as long as all have.
#[derive(Debug, Clone, Default)]
struct Known {
    words: Vec<u64>,
    missing: usize,
}

impl Known {
    /// Adds the scores of some rows, the first of which begins a word.
    fn add(&mut self, start: usize, scores: &[f64]) {
        let bit = |(at, score): (usize, &f64)| u64::from(!score.is_nan()) << at;
        let words = scores.chunks(64).map(|scores| scores.iter().enumerate().map(bit).fold(0, |word, bit| word | bit));
        // What was not added before had all its scores.
        self.words.resize(start / 64, u64::MAX);
        self.words.extend(words.map(u64::to_le));
        let here: u32 = self.words[start / 64..].iter().map(|word| word.count_ones()).sum();
        self.missing += scores.len() - here as usize;
    }

    /// The same as arrow has it, for so many rows.
    fn nulls(mut self, n: usize) -> Option<NullBuffer> {
        if self.missing == 0 {
            return None;
        }
        self.words.resize(n.div_ceil(64), u64::MAX);
        Some(NullBuffer::new(BooleanBuffer::new(self.words.into(), 0, n)))
    }
}

/// The columns that a composite needs, whose figures are yet to be checked.
fn borrow<'a>(
    composite: &'a Composite,
    divides: &'a [Option<Vec<String>>],
    source: &Source<'a>,
    problems: &mut Vec<Problem>,
) -> Borrowed<'a> {
    let series: Vec<&str> = composite.framework().series().map(|node| node.code.as_str()).collect();
    let needed = series.iter().zip(divides).map(|(&name, divides)| {
        let divides = divides.as_deref()?;
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
        let scorer = Scorer::new(&composite);
        let sheet = borrow(&composite, &scorer.divides, &Source { batch: &batch, before: 0 }, &mut problems);
        assert!(problems.is_empty());
        assert_eq!(sheet.figures(0).memory(), (whole.values()[3..].as_ptr(), None));
        let nulls = gappy.nulls().unwrap().inner().values().as_ptr();
        assert_eq!(sheet.figures(1).memory(), (gappy.values()[5..].as_ptr(), Some(nulls)));
    }
    fn of_one_indicator() -> Scorer {
        let framework =
            Framework::new([Node::index("i"), Node::indicator("a", "i", Direction::HigherIsBetter)]).unwrap();
        let cities = Dataset::builder(&framework, ["x", "y"]).column("a", [1.0, 2.0]).build().unwrap();
        Scorer::new(&Method::new().fit(&framework, &cities).unwrap())
    }

    /// Memory that nobody else holds is used again, for scores and for ranks.
    #[test]
    fn memory_is_used_again() {
        let mut scorer = of_one_indicator();
        let gaps: Float64Array = (0..20).map(|i| (i % 3 > 0).then_some(f64::from(i))).collect();
        let batch = RecordBatch::try_from_iter([("a", Arc::new(gaps) as ArrayRef)]).unwrap();
        let place = |scored: &RecordBatch| scored["i"].as_primitive::<Float64Type>().values().as_ptr();
        let scored = scorer.score(&batch).unwrap();
        let first = place(&scored);
        let ranks = scorer.rank("i", &[scored.slice(0, 8), scored.slice(8, 12)]).unwrap();
        assert!(scorer.spare.is_empty());
        let at = ranks[0].values().as_ptr();
        scorer.recycle_ranks(ranks);
        assert_eq!(scorer.rank("i", std::slice::from_ref(&scored)).unwrap()[0].values().as_ptr(), at);
        let held = scored.clone();
        scorer.recycle(scored);
        assert!(scorer.spare.is_empty(), "somebody else holds it");
        scorer.recycle(held.slice(3, 5));
        assert!(scorer.spare.is_empty(), "a piece, and held too");
        scorer.recycle(held);
        assert_eq!(place(&scorer.score(&batch.slice(0, 9)).unwrap()), first);
        // As much is kept as can be used.
        for _ in 0..9 {
            let unlike = Scorer::new(scorer.composite()).score(&batch).unwrap();
            scorer.recycle(unlike);
        }
        assert_eq!(scorer.spare.len(), 2);
    }

    /// Small results that are held do not hold the memory of large ones.
    #[test]
    fn a_small_result_takes_little_memory() {
        let mut scorer = of_one_indicator();
        let of = |n: usize| {
            let column = Arc::new(Float64Array::from(vec![1.5; n])) as ArrayRef;
            RecordBatch::try_from_iter([("a", column)]).unwrap()
        };
        let large = scorer.score(&of(100_000)).unwrap();
        scorer.recycle(large);
        let mut held = Vec::new();
        for _ in 0..40 {
            held.push(scorer.score(&of(1000)).unwrap());
            let ranks = scorer.rank("i", &held).unwrap();
            scorer.recycle_ranks(ranks);
        }
        let bytes: usize = held.iter().map(RecordBatch::get_array_memory_size).sum();
        assert!(bytes < 40 * 20_000, "{bytes}");
        assert!(scorer.spare.len() <= 2);
    }
}
