//! The scores of one node.

use super::Scores;
use crate::composite::Position;
use crate::error::Result;
use crate::framework::Node;

/// The scores and ranks of all cities in one node: index, measure or indicator. See [`Scores::node`].
#[derive(Debug, Clone, Copy)]
pub struct NodeScores<'a> {
    pub(super) scores: &'a Scores,
    pub(super) node: &'a Node,
    /// None where the method excludes the node.
    pub(super) position: Option<Position>,
    pub(super) values: &'a [f64],
    pub(super) ranks: &'a [f64],
}

/// A city with its place in a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Ranked<'a> {
    /// Its rank, 1 being the best.
    pub rank: f64,
    /// Its key.
    pub city: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its score.
    pub score: f64,
}

impl<'a> NodeScores<'a> {
    /// The node.
    #[must_use]
    pub fn node(&self) -> &'a Node {
        self.node
    }

    /// The scores in the order of the cities; none where a city has none.
    #[must_use]
    pub fn scores(&self) -> impl ExactSizeIterator<Item = Option<f64>> + use<'a> {
        let this = *self;
        (0..this.scores.dataset.len()).map(move |row| this.score_at(row))
    }

    /// The ranks in the order of the cities; none where a city has none.
    #[must_use]
    pub fn ranks(&self) -> impl ExactSizeIterator<Item = Option<f64>> + use<'a> {
        let this = *self;
        (0..this.scores.dataset.len()).map(move |row| this.rank_at(row))
    }

    /// The score of a city; none where it has none.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city.
    pub fn score(&self, city: &str) -> Result<Option<f64>> {
        Ok(self.score_at(self.scores.dataset.find_city(city)?))
    }

    /// The rank of a city; none where it has none.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city.
    pub fn rank(&self, city: &str) -> Result<Option<f64>> {
        Ok(self.rank_at(self.scores.dataset.find_city(city)?))
    }

    /// How many cities are ranked.
    #[must_use]
    pub fn ranked(&self) -> usize {
        self.values.iter().filter(|v| !v.is_nan()).count()
    }

    /// The cities that are ranked, the best first; cities of the same score in the order of the dataset.
    #[must_use]
    pub fn ranking(&self) -> impl ExactSizeIterator<Item = Ranked<'a>> + use<'a> {
        let this = *self;
        this.best_first().into_iter().map(move |row| Ranked {
            rank: this.ranks[row],
            city: this.scores.dataset.key(row),
            name: this.scores.dataset.name(row),
            score: this.values[row],
        })
    }

    /// Where the node stands; none where the method excludes it.
    pub(crate) fn position(&self) -> Option<Position> {
        self.position
    }

    /// The rows of the cities that are ranked, the best first.
    pub(super) fn best_first(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.values.len()).filter(|&row| !self.values[row].is_nan()).collect();
        // Equal scores keep their order; -0 equals 0.
        rows.sort_by(|&a, &b| (self.values[b] + 0.0).total_cmp(&(self.values[a] + 0.0)));
        rows
    }

    /// The rows of all cities: those that are ranked, the best first, then the others in the order of the dataset.
    #[cfg(feature = "plot")]
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut rows = self.best_first();
        rows.extend((0..self.scores.dataset.len()).filter(|&row| self.score_at(row).is_none()));
        rows
    }

    pub(crate) fn score_at(&self, row: usize) -> Option<f64> {
        self.values.get(row).copied().filter(|v| !v.is_nan())
    }

    pub(crate) fn rank_at(&self, row: usize) -> Option<f64> {
        self.ranks.get(row).copied().filter(|v| !v.is_nan())
    }
}
