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
    /// The value that was scored: the figure after denomination; none where one of the two is missing.
    pub value: Option<f64>,
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
    /// The figure of an indicator and of what divides it.
    pub(super) fn cells_of(&self, leaf: usize, row: usize) -> (Option<Cell<'_>>, Option<(&str, Cell<'_>)>) {
        let composite = &self.composite;
        let cell = |series: &str| {
            self.dataset
                .find_series(series)
                .ok()
                .map(|column| self.dataset.cell_at(row, column))
        };
        let code = composite.leaf_code(leaf);
        let divided = composite
            .values(leaf, &self.dataset)
            .is_some_and(|values| values.per.is_some());
        let node = composite.framework().node(code).ok().filter(|_| divided);
        let denominator = node.and_then(|n| n.denominator.as_ref());
        (
            cell(code),
            denominator.and_then(|d| Some((d.series.as_str(), cell(&d.series)?))),
        )
    }

    pub(super) fn cell_at<'a>(&'a self, node: &'a Node, leaf: usize, row: usize) -> ScoredCell<'a> {
        let (figure, denominator) = self.cells_of(leaf, row);
        let known = |v: f64| Some(v).filter(|v| !v.is_nan());
        let value = self
            .composite
            .values(leaf, &self.dataset)
            .and_then(|values| known(values.at(row)));
        let (scores, ranks) = self.leaf(leaf);
        let score = known(scores[row]);
        ScoredCell {
            indicator: &node.code,
            name: &node.name,
            unit: &node.unit,
            figure: figure.unwrap_or(Cell {
                value: None,
                provenance: None,
                missing: Some(Missing::NoFigure),
            }),
            denominator,
            value,
            score,
            rank: known(ranks[row]),
            ranked: scores.iter().filter(|s| !s.is_nan()).count(),
            flags: self.leaf_flags(leaf, row),
            missing: if score.is_some() {
                None
            } else {
                Some(self.leaf_missing(leaf, row))
            },
        }
    }
}
