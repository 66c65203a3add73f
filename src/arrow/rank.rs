//! Ranks of scored batches.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, Float64Array, RecordBatch};

use super::score::{Scorer, figures};
use super::source::{Source, all_finite, wrong_type};
use crate::composite::{Composite, Position};
use crate::error::{Fault, Problem, Problems, Result};
use crate::kernel::rank::rank_into;
use crate::steps::denominate::Values;

/// Ranks the scores of a node in batches that [`score`](super::score) gave, 1 being the best: an array a batch.
///
/// Ties and tolerance are those of the composite's method, as in [`Scores`](crate::Scores). Every row is ranked, so a city that
/// stands in several rows is ranked against itself. A single batch without nulls is ranked where it lies; otherwise the column is
/// brought together first.
///
/// # Missing values
/// Where a score is null, so is the rank, and it takes no rank from others.
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown) where the framework has no such node, with the nearest code;
/// [`Error::Invalid`](crate::Error::Invalid) where it is an indicator; with every batch that lacks its column or has another type
/// there, and every score that is not finite.
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
/// let batch = |pm25: f64, trees: f64| {
///     let column = |value: f64| Arc::new(Float64Array::from(vec![value])) as ArrayRef;
///     RecordBatch::try_from_iter([("pm25", column(pm25)), ("tree_cover", column(trees))]).unwrap()
/// };
/// let scored = [arrow::score(&composite, &batch(30.0, 12.0))?, arrow::score(&composite, &batch(9.0, 21.0))?];
/// let ranks = arrow::rank(&composite, "environment", &scored)?;
/// assert_eq!((ranks[0].value(0), ranks[1].value(0)), (2.0, 1.0));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn rank(composite: &Composite, node: &str, scored: &[RecordBatch]) -> Result<Vec<Float64Array>> {
    Scorer::new(composite).rank(node, scored)
}

impl Scorer {
    /// Ranks the scores of a node in batches; see [`rank`], of which it has result and errors.
    ///
    /// # Errors
    /// As [`rank`].
    pub fn rank(&mut self, node: &str, scored: &[RecordBatch]) -> Result<Vec<Float64Array>> {
        self.composite.framework().node(node)?;
        // Its figures may stand beside the scores, and which of them are good depends on its direction.
        if matches!(self.composite.position(node), Some(Position::Leaf(_))) {
            return Err(Fault::NoScores { code: node.to_owned() }.into());
        }
        let mut problems: Vec<Problem> = Vec::new();
        let mut columns: Vec<&Float64Array> = Vec::with_capacity(scored.len());
        let mut before = 0;
        for batch in scored {
            let source = Source { batch, before };
            before += batch.num_rows();
            let array = source.needed(node).and_then(|array| {
                array.as_primitive_opt::<Float64Type>().ok_or_else(|| wrong_type(node, array, "Float64"))
            });
            if let Some(array) = source.found(array, &mut problems) {
                if !all_finite(array.values()) {
                    source.check_finite(node, array.iter(), &mut problems);
                }
                columns.push(array);
            }
        }
        Problems::check(problems)?;
        let all: Cow<'_, [f64]> = match columns.as_slice() {
            [one] if one.null_count() == 0 => Cow::Borrowed(one.values()),
            more => {
                let mut all = std::mem::take(&mut self.together);
                all.clear();
                all.reserve(before);
                for array in more {
                    let values = Values { figures: figures(array, 0..array.len()), per: None };
                    values.blocks(|block| all.extend_from_slice(block));
                }
                Cow::Owned(all)
            }
        };
        let mut ranks = self.column(all.len());
        ranks.resize(all.len(), f64::NAN);
        let method = self.composite.method();
        rank_into(&all, method.ties, method.tolerance, &mut self.ranking, &mut ranks);
        if let Cow::Owned(all) = all {
            self.together = all;
        }
        let (ranks, mut start) = (Float64Array::from(ranks), 0);
        let of = |array: &&Float64Array| {
            let own = ranks.slice(start, array.len());
            start += array.len();
            match array.nulls() {
                // A rank is missing where the score is, and nowhere else.
                Some(nulls) => Float64Array::new(own.values().clone(), Some(nulls.clone())),
                None => own,
            }
        };
        Ok(columns.iter().map(of).collect())
    }
}
