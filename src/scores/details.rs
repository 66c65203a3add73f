//! What a method says beside its score: distances, flows, the compromise set, several rankings.

use super::Scores;
use crate::composite::Position;
use crate::error::Result;
use crate::kernel::rank::{RankWork, rank_into};
use crate::steps::aggregate::{Aggregation, Learned, compromise};

/// What the aggregation of a node says beside its score. See [`Scores::details`].
#[derive(Debug, Clone)]
pub struct NodeDetails<'a> {
    scores: &'a Scores,
    values: Vec<(&'static str, Vec<f64>)>,
    compromise: Option<Vec<usize>>,
}

impl Scores {
    /// What the aggregation of a node says beside its score, in the method's own terms: the distances of TOPSIS, the flows of
    /// PROMETHEE, `S`, `R` and `Q` of VIKOR with the compromise set, the three results of MULTIMOORA, and so on. Means say
    /// nothing more.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node.
    ///
    /// ```
    /// use longspring::{Aggregation, Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let method = Method::new().aggregation_of("renewal", Aggregation::Vikor { v: 0.5 });
    /// let scores = method.fit(&framework, &cities)?.score(&cities)?;
    /// let details = scores.details("renewal")?;
    /// assert_eq!(details.names().collect::<Vec<_>>(), ["S", "R", "Q"]);
    /// println!("compromise: {:?}", details.compromise().unwrap().collect::<Vec<_>>());
    /// assert!(details.value("changchun", "Q")?.is_some());
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn details(&self, node: &str) -> Result<NodeDetails<'_>> {
        self.composite.framework().node(node)?;
        let mut details = NodeDetails { scores: self, values: Vec::new(), compromise: None };
        let Some(Position::Inner(inner)) = self.composite.position(node) else { return Ok(details) };
        let Some((learned, children)) = self.composite.learned(inner) else { return Ok(details) };
        let n = self.dataset.len();
        let weights: Vec<f64> = children.iter().map(|(_, w)| *w).collect();
        for city in 0..n {
            let row: Vec<f64> = children.iter().map(|&(p, _)| self.score_at(p, city)).collect();
            let scored = !self.score_at(Position::Inner(inner), city).is_nan();
            // A city without a score has no details; the names are the same for all.
            let found = learned.details(&row, &weights);
            if details.values.is_empty() {
                details.values = found.iter().map(|(name, _)| (*name, vec![f64::NAN; n])).collect();
            }
            if scored {
                for ((_, column), (_, value)) in details.values.iter_mut().zip(found) {
                    column[city] = if value.is_finite() { value } else { f64::NAN };
                }
            }
        }
        if let (Aggregation::Vikor { .. }, [(_, s), (_, r), (_, q)]) =
            (self.composite.aggregation(inner), details.values.as_slice())
        {
            details.compromise = Some(compromise(q, s, r));
        }
        Ok(details)
    }
}

impl<'a> NodeDetails<'a> {
    /// The names of the values, in the method's order; none for a method that says nothing beside its score.
    #[must_use]
    pub fn names(&self) -> impl ExactSizeIterator<Item = &'static str> + use<'_> {
        self.values.iter().map(|(name, _)| *name)
    }

    /// A value of a city; none where it has no score or there is no value of that name.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city.
    pub fn value(&self, city: &str, name: &str) -> Result<Option<f64>> {
        let row = self.scores.dataset.find_city(city)?;
        let column = self.values.iter().find(|(own, _)| *own == name);
        Ok(column.map(|(_, values)| values[row]).filter(|v| !v.is_nan()))
    }

    /// The ranks of the cities by one of the values, 1 being the best, in the order of the cities and by the method's ties;
    /// none where there is no value of that name. A method with several results has a ranking for each.
    #[must_use]
    pub fn ranks(&self, name: &str) -> Option<Vec<Option<f64>>> {
        let (name, values) = self.values.iter().find(|(own, _)| *own == name)?;
        let sign = if Learned::less_is_better(name) { -1.0 } else { 1.0 };
        let oriented: Vec<f64> = values.iter().map(|v| v * sign).collect();
        let method = self.scores.composite.method();
        let mut ranks = vec![f64::NAN; oriented.len()];
        rank_into(&oriented, method.ties, method.tolerance, &mut RankWork::default(), &mut ranks);
        Some(ranks.into_iter().map(|r| Some(r).filter(|r| !r.is_nan())).collect())
    }

    /// The keys of the cities of VIKOR's compromise set, best first; none for other methods.
    ///
    /// It is the best city by `Q` alone where it leads the second by `1 / (n - 1)` and is best by `S` or `R` too, the first two
    /// where only the lead is large enough, else all that are nearer to the best than that.
    #[must_use]
    pub fn compromise(&self) -> Option<impl ExactSizeIterator<Item = &'a str> + use<'a, '_>> {
        let scores = self.scores;
        self.compromise.as_ref().map(|set| set.iter().map(|&row| scores.dataset.key(row)))
    }
}
