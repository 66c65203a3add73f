//! Does it hang together: statistics, correlations, reliability, components, and how much each part really counts.

mod correlation;
mod importance;
mod reliability;
mod statistics;

pub use correlation::{Correlation, Correlations, Pair};
pub use importance::{EffectiveWeight, Importance};
#[cfg(feature = "components")]
pub use reliability::Components;
pub use reliability::{Alpha, Sampling};
pub use statistics::{Limits, SizeBias, Statistics};

use crate::composite::Position;
use crate::error::{Fault, Result};
use crate::framework::{Direction, Kind};
use crate::kernel::stats;
use crate::scores::Scores;
use crate::steps::denominate::{Denomination, Values};

/// Asks of scores whether they hang together: the multivariate analysis of the Handbook's step 4, and its step 8, back to
/// the data.
///
/// Indicators enter with the value that was scored, after denomination, imputation and treatment, *oriented*: a value of
/// which less is better is negated, so that a negative correlation means that two indicators pull in different directions.
/// Indices and measures enter with their scores, context series as they are, and indicators that the method excludes with
/// their figures after denomination, oriented. Correlations are taken over the cities that have both.
///
/// ```
/// use longspring::{Coherence, Correlation, Cut, Method, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let coherence = Coherence::of(&scores);
///
/// println!("{}", coherence.within("infrastructure", Correlation::Pearson)?);
/// println!("alpha {:.2}", coherence.cronbach("infrastructure")?.alpha);
/// for part in coherence.importance("renewal")? {
///     println!("{}: nominal {:.2}, influence {:.2}", part.child, part.nominal, part.influence);
/// }
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, steps 4 and 8,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy)]
pub struct Coherence<'a> {
    scores: &'a Scores,
}

impl<'a> Coherence<'a> {
    /// Of these scores.
    #[must_use]
    pub fn of(scores: &'a Scores) -> Self {
        Self { scores }
    }

    /// The column of a node or context series.
    fn column(self, code: &str) -> Result<Vec<f64>> {
        let framework = self.scores.composite().framework();
        let node = framework.node(code)?;
        if let Some(position) = self.scores.composite().position(code) {
            return Ok(match position {
                Position::Inner(_) => self.scores.column(position),
                Position::Leaf(leaf) => {
                    let sign = if node.direction == Some(Direction::LowerIsBetter) { -1.0 } else { 1.0 };
                    self.scores.treated_column(leaf).iter().map(|v| v * sign).collect()
                }
            });
        }
        let dataset = self.scores.dataset();
        match node.kind {
            // Excluded: what it would have been, so that it compares with those that count.
            Kind::Indicator => {
                let divided = self.scores.composite().method().denomination == Denomination::Framework;
                let per = match node.denominator.as_ref().filter(|_| divided) {
                    Some(d) => Some((dataset.values(dataset.find_series(&d.series)?).into(), d.scale)),
                    None => None,
                };
                let values = Values { figures: dataset.values(dataset.find_series(code)?).into(), per };
                let direction = node.direction.unwrap_or(Direction::HigherIsBetter);
                Ok(values.to_vec().into_iter().map(|v| direction.orient(v)).collect())
            }
            Kind::Context => Ok(dataset.values(dataset.find_series(code)?).to_vec()),
            Kind::Index | Kind::Measure => Ok(vec![f64::NAN; dataset.len()]),
        }
    }

    /// The codes of the indicators that count, in the order of the framework.
    fn indicators(self) -> Vec<&'a str> {
        let composite = self.scores.composite();
        composite
            .framework()
            .indicators()
            .map(|n| n.code.as_str())
            .filter(|c| composite.position(c).is_some())
            .collect()
    }

    /// The children of a node that count and that some city has, with their oriented columns.
    fn children(self, node: &str) -> Result<(Vec<&'a str>, Vec<Vec<f64>>)> {
        let composite = self.scores.composite();
        let mut codes = Vec::new();
        let mut columns = Vec::new();
        for child in composite.framework().children(node)? {
            let Some(position) = composite.position(&child.code) else { continue };
            let column = self.scores.column(position);
            if column.iter().any(|v| !v.is_nan()) {
                codes.push(child.code.as_str());
                columns.push(column);
            }
        }
        Ok((codes, columns))
    }
}

fn constant(method: &'static str, node: &str, child: &str, why: &'static str) -> crate::Error {
    Fault::NotLearned { method, node: node.to_owned(), child: Some(child.to_owned()), why }.into()
}

fn too_few(method: &'static str, node: &str, why: &'static str) -> crate::Error {
    Fault::NotLearned { method, node: node.to_owned(), child: None, why }.into()
}

/// The rows of which every column is known, column by column.
fn complete(columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = columns.first().map_or(0, Vec::len);
    let rows: Vec<usize> = (0..n).filter(|&row| columns.iter().all(|c| !c[row].is_nan())).collect();
    columns.iter().map(|c| rows.iter().map(|&row| c[row]).collect()).collect()
}

/// The correlations of complete columns, row by row; an error where one is the same everywhere or there are too few cities.
fn matrix(method: &'static str, node: &str, codes: &[&str], columns: &[Vec<f64>]) -> Result<Vec<f64>> {
    let k = columns.len();
    if k < 2 || columns[0].len() < 3 {
        return Err(too_few(method, node, "it needs two children and three cities of which both are known"));
    }
    let mut matrix = vec![1.0; k * k];
    for i in 0..k {
        for j in 0..i {
            let r = stats::pearson(&columns[i], &columns[j]).ok_or_else(|| {
                let child = if stats::sd(&columns[i], 0.0) > 0.0 { codes[j] } else { codes[i] };
                constant(method, node, child, "it is the same in all cities of which every child is known")
            })?;
            (matrix[i * k + j], matrix[j * k + i]) = (r, r);
        }
    }
    Ok(matrix)
}
