//! The children of a node as weightings and aggregations see them when they learn: columns side by side.

use crate::error::Fault;

/// The children of a node, over the cities that a method is fitted on.
///
/// A column holds a child's scores, *oriented*: higher is better, NaN where a city has none. Under
/// [`Normalisation::Raw`](crate::Normalisation) an indicator's score is its value, negated where lower is better, so that
/// nothing is lost: [`Siblings::raw`] gives the value back.
#[derive(Debug, Clone)]
pub(crate) struct Siblings<'a> {
    /// The code of the node.
    pub(crate) node: &'a str,
    /// The codes of its children.
    pub(crate) codes: Vec<&'a str>,
    /// Their weights in the framework.
    pub(crate) framework: Vec<f64>,
    /// Their oriented scores, all of the same length.
    pub(crate) columns: Vec<&'a [f64]>,
    /// Whether a column holds negated raw values, because lower is better.
    pub(crate) lower: Vec<bool>,
}

impl Siblings<'_> {
    /// That a choice cannot be learned from them, the child to blame where it is one, and why.
    pub(crate) fn fault(&self, method: &'static str, child: Option<usize>, why: &'static str) -> Fault {
        let child = child.map(|c| self.codes[c].to_owned());
        Fault::NotLearned { method, node: self.node.to_owned(), child, why }
    }

    /// How many cities there are.
    pub(crate) fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| c.len())
    }

    /// The rows of the cities of which every child is known.
    pub(crate) fn complete(&self) -> Vec<usize> {
        (0..self.rows()).filter(|&row| self.columns.iter().all(|c| !c[row].is_nan())).collect()
    }

    /// The values of a child as they were before orientation.
    pub(crate) fn raw(&self, child: usize) -> Vec<f64> {
        let sign = if self.lower[child] { -1.0 } else { 1.0 };
        self.columns[child].iter().map(|v| v * sign).collect()
    }
}
