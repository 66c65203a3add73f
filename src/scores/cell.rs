//! The indicators behind a score.

use super::Scores;
use crate::dataset::Cell;
use crate::flags::Flags;
use crate::framework::Node;
use crate::missing::Missing;

/// An indicator behind a city's score: its figure with provenance, what was made of it, and the score it got.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoredCell<'a> {
    /// The code of the indicator.
    pub indicator: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The unit of [`ScoredCell::value`].
    pub unit: &'a str,
    /// The figure as it was observed.
    pub figure: Cell<'a>,
    /// What divides it, where something does: the code of the series and its figure.
    pub denominator: Option<(&'a str, Cell<'a>)>,
    /// The value that was scored: the figure after denomination, or what was filled in; none where it is missing.
    pub value: Option<f64>,
    /// Whether the value was filled in, by the method's imputation or over time.
    pub imputed: bool,
    /// The value after treatment; none where the value was taken as it is.
    pub treated: Option<f64>,
    /// Its score, higher is better; none where it is missing.
    pub score: Option<f64>,
    /// Its rank among the cities, 1 being the best.
    pub rank: Option<f64>,
    /// How many cities have a score.
    pub ranked: usize,
    /// What should be known before the score is trusted.
    pub flags: Flags,
    /// Why there is no score; none where there is one.
    pub missing: Option<Missing>,
}

impl Scores {
    /// The figure of an indicator, and what divides it: code and figure.
    pub(crate) fn cells_of(&self, leaf: usize, row: usize) -> (Cell<'_>, Option<(&str, Cell<'_>)>) {
        let (column, per) = self.composite.columns(leaf);
        let denominator = per.map(|per| (self.dataset.series_at(per), self.dataset.cell_at(row, per)));
        (self.dataset.cell_at(row, column), denominator)
    }

    pub(super) fn cell_at<'a>(&'a self, node: &'a Node, leaf: usize, row: usize) -> ScoredCell<'a> {
        let (figure, denominator) = self.cells_of(leaf, row);
        let known = |v: f64| Some(v).filter(|v| !v.is_nan());
        let value = known(self.value_at(leaf, row));
        let treated = value.map(|v| self.composite.treated_value(leaf, v)).filter(|&v| Some(v) != value && !v.is_nan());
        let (scores, ranks) = self.leaf(leaf);
        let score = known(scores[row]);
        ScoredCell {
            indicator: &node.code,
            name: &node.name,
            unit: &node.unit,
            figure,
            denominator,
            value,
            imputed: value.is_some() && self.is_imputed(leaf, row),
            treated,
            score,
            rank: known(ranks[row]),
            ranked: scores.iter().filter(|s| !s.is_nan()).count(),
            flags: self.leaf_flags(leaf, row),
            missing: if score.is_some() { None } else { Some(self.leaf_missing(leaf, row)) },
        }
    }
}
