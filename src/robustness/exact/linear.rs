//! A node as a function of its weights: the children's scores side by side, ready to be weighed anew.

use std::fmt;

use serde::Serialize;

use crate::codes::Codes;
use crate::composite::Position;
use crate::error::{Fault, Result, What};
use crate::kernel::stats;
use crate::scores::Scores;
use crate::steps::aggregate::Aggregation;

/// Two scores that differ by no more than this, relative to the largest child's score behind them, tie: rounding alone.
pub(super) const TIE: f64 = 1e-12;

/// A node's scores as a function of the weights of its children: where every exact question about weights starts.
///
/// `s(w) = sum_K w z / sum_K w` over the children `K` that a city has scores for; for a geometric node `z` is the
/// logarithm of a child's score. It owns what it needs. Only cities that have a score in the node take part
/// ([`cities`](Self::cities)); what is asked about others is an error. A rank is 1 plus the number of cities that are
/// strictly better; scores that differ by no more than 1e-12 of the largest child's score behind them tie. The weights
/// are those of the children of this one node: what lies below keeps its own.
///
/// Pitfall: children without a score are left out and the others' weights rescaled, city by city, as in the score itself, so
/// that two cities with different gaps do not answer to the same weights.
///
/// ```
/// use longspring::{Cut, Method, WeightAnalysis, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
/// let analysis = WeightAnalysis::of(&scores, "renewal")?;
///
/// assert_eq!(analysis.children().collect::<Vec<_>>(), ["industry", "infrastructure", "investment", "education"]);
/// assert_eq!(analysis.rank("changchun")?, 32);
/// assert_eq!(analysis.rank_at(&[0.0, 0.0, 0.0, 1.0], "changchun")?, Some(28)); // education alone
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Ranks here are those of the scores as they are, ties taking the smallest: a method's
/// [tolerance](crate::Method::tolerance) is not used.
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 7,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq)]
pub struct WeightAnalysis {
    pub(super) node: String,
    pub(super) children: Codes,
    pub(super) nominal: Vec<f64>,
    pub(super) geometric: bool,
    pub(super) cities: Codes,
    /// The children's scores, a city a row, divided by `unit`; 0 where there is none.
    pub(super) cells: Vec<f64>,
    /// For each city the number of its pattern of known children.
    pub(super) pattern: Vec<usize>,
    /// Which children are known in each pattern.
    pub(super) patterns: Vec<Vec<bool>>,
    /// For each city the size of its largest cell.
    pub(super) size: Vec<f64>,
    /// The power of two that the scores were divided by, so that products neither overflow nor vanish.
    pub(super) unit: f64,
    /// The scores at the nominal weights, divided by the unit.
    pub(super) scores: Vec<f64>,
}

/// A city's score and rank at given weights. See [`WeightAnalysis::at`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Weighed<'a> {
    /// The city.
    pub city: &'a str,
    /// Its score, on the scale of the node; none where all its known children have a weight of 0.
    pub score: Option<f64>,
    /// Its rank, 1 being the best; none where it has no score.
    pub rank: Option<usize>,
}

impl WeightAnalysis {
    /// Takes a node's children apart.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node. [`Error::Invalid`](crate::Error::Invalid)
    /// where it is an indicator or excluded, its aggregation is neither the arithmetic nor the geometric mean, each city
    /// has weights of its own (benefit of the doubt), no city has a score, a geometric node meets a child's score that
    /// is not above 0, or any node a child that [could not be computed](crate::Missing::NotComputed) (under a weight of 0
    /// it does no harm; under others it would).
    pub fn of(scores: &Scores, node: &str) -> Result<Self> {
        let composite = scores.composite();
        let found = composite.framework().node(node)?;
        let Some(position @ Position::Inner(inner)) = composite.position(node) else {
            let what = "be weighed anew, for it has no children that count";
            return Err(Fault::WrongKind { what, code: node.to_owned(), kind: found.kind }.into());
        };
        let aggregation = composite.aggregation(inner);
        let own = composite.has_own_weights(inner);
        if own || !matches!(aggregation, Aggregation::Arithmetic | Aggregation::Geometric) {
            let aggregation = if own { "benefit of the doubt".to_owned() } else { aggregation.to_string() };
            return Err(Fault::NotLinear { node: node.to_owned(), aggregation }.into());
        }
        let geometric = aggregation == Aggregation::Geometric;
        let (positions, nominal): (Vec<Position>, Vec<f64>) = composite.children(inner).unzip();
        let columns: Vec<Vec<f64>> = positions.iter().map(|&p| scores.column(p)).collect();
        let rows: Vec<usize> =
            scores.column(position).iter().enumerate().filter(|(_, s)| !s.is_nan()).map(|(row, _)| row).collect();
        if rows.is_empty() {
            return Err(Fault::NobodyScored { node: node.to_owned() }.into());
        }
        let mut cells = Vec::with_capacity(rows.len() * columns.len());
        let (mut pattern, mut patterns): (Vec<usize>, Vec<Vec<bool>>) = (Vec::new(), Vec::new());
        let mut known = vec![false; columns.len()];
        for &row in &rows {
            for (j, column) in columns.iter().enumerate() {
                let value = column[row];
                known[j] = !value.is_nan();
                if !known[j] && scores.is_not_computed(positions[j], row) {
                    let (city, aggregation) = (scores.dataset().key(row).to_owned(), aggregation.to_string());
                    return Err(Fault::Undefined { node: node.to_owned(), aggregation, city }.into());
                }
                if geometric && known[j] && value <= 0.0 {
                    return Err(Fault::NotComputable {
                        node: node.to_owned(),
                        aggregation: aggregation.to_string(),
                        child: composite.code(positions[j]).to_owned(),
                        value,
                        city: scores.dataset().key(row).to_owned(),
                        need: "its scores must be above 0 for other weights to be tried; leave the child out or change the scale",
                    }
                    .into());
                }
                cells.push(match (known[j], geometric) {
                    (false, _) => 0.0,
                    (true, true) => value.ln(),
                    (true, false) => value,
                });
            }
            pattern.push(patterns.iter().position(|p| *p == known).unwrap_or_else(|| {
                patterns.push(known.clone());
                patterns.len() - 1
            }));
        }
        let unit = stats::unit(&cells);
        for cell in &mut cells {
            *cell /= unit;
        }
        let size =
            cells.chunks_exact(columns.len()).map(|row| row.iter().fold(0.0_f64, |a, v| a.max(v.abs()))).collect();
        let mut analysis = Self {
            node: node.to_owned(),
            children: Codes::new(positions.iter().map(|&p| composite.code(p))),
            nominal,
            geometric,
            cities: Codes::new(rows.iter().map(|&row| scores.dataset().key(row))),
            cells,
            pattern,
            patterns,
            size,
            unit,
            scores: Vec::new(),
        };
        analysis.scores = (0..rows.len()).map(|row| analysis.score(&analysis.nominal, row)).collect();
        Ok(analysis)
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Its children that count, in the order of the framework: the order of all weights here.
    #[must_use]
    pub fn children(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.children.iter()
    }

    /// The weights that the children have, adding up to 1.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.nominal
    }

    /// The cities that take part: those with a score in the node, in the order of the dataset.
    #[must_use]
    pub fn cities(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.cities.iter()
    }

    /// The rank of a city at the nominal weights.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part.
    pub fn rank(&self, city: &str) -> Result<usize> {
        let row = self.city(city)?;
        Ok(self.rank_in(&self.scores, row))
    }

    /// The rank of a city at other weights; none where all its known children have a weight of 0.
    ///
    /// Only the proportions of the weights count. Cities without a score at these weights are not ranked.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part; [`Error::Invalid`](crate::Error::Invalid)
    /// with every weight that is negative or not finite, where their number is not that of the children, or where all are
    /// 0.
    pub fn rank_at(&self, weights: &[f64], city: &str) -> Result<Option<usize>> {
        let row = self.city(city)?;
        let scores = self.all_at(&self.checked(weights)?);
        Ok(if scores[row].is_nan() { None } else { Some(self.rank_in(&scores, row)) })
    }

    /// Scores and ranks of all cities at other weights, in the order of [`cities`](Self::cities).
    ///
    /// Only the proportions of the weights count. Cities without a score at these weights are not ranked.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) as in [`rank_at`](Self::rank_at).
    pub fn at(&self, weights: &[f64]) -> Result<Vec<Weighed<'_>>> {
        let scores = self.all_at(&self.checked(weights)?);
        let ranks = self.ranks_in(&scores);
        let weighed = self.cities().zip(scores).zip(ranks).map(|((city, score), rank)| {
            let score = if score.is_nan() { None } else { Some(self.outward(score)) };
            Weighed { city, score, rank }
        });
        Ok(weighed.collect())
    }

    /// Weights as a user gives them, brought to a sum of 1.
    fn checked(&self, weights: &[f64]) -> Result<Vec<f64>> {
        if weights.len() != self.nominal.len() {
            let (name, need) = ("the number of weights", "that of the children of the node");
            return Err(Fault::Parameter { name, value: weights.len() as f64, need }.into());
        }
        let bad = self.children().zip(weights).filter(|(_, w)| !(w.is_finite() && **w >= 0.0));
        let faults = bad.map(|(code, &weight)| Fault::Weight { code: code.to_owned(), weight }.into()).collect();
        crate::error::Problems::check(faults)?;
        let unit = stats::unit(weights);
        let total: f64 = weights.iter().map(|w| w / unit).sum();
        if total == 0.0 {
            let (name, need) = ("the sum of the weights", "above 0");
            return Err(Fault::Parameter { name, value: 0.0, need }.into());
        }
        Ok(weights.iter().map(|w| w / unit / total).collect())
    }

    pub(super) fn city(&self, city: &str) -> Result<usize> {
        self.cities.find_or(city, What::City)
    }

    pub(super) fn child(&self, child: &str) -> Result<usize> {
        self.children.find_or(child, What::Node)
    }

    /// A score as the node gives it.
    pub(super) fn outward(&self, score: f64) -> f64 {
        let score = score * self.unit;
        if self.geometric { score.exp() } else { score }
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        let k = self.nominal.len();
        &self.cells[row * k..(row + 1) * k]
    }

    pub(super) fn known(&self, row: usize) -> &[bool] {
        &self.patterns[self.pattern[row]]
    }

    /// The score of a city, divided by the unit; NaN where its known children have no weight.
    pub(super) fn score(&self, weights: &[f64], row: usize) -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        for ((cell, weight), known) in self.row(row).iter().zip(weights).zip(self.known(row)) {
            if *known {
                sum += weight * cell;
                total += weight;
            }
        }
        sum / total
    }

    pub(super) fn all_at(&self, weights: &[f64]) -> Vec<f64> {
        (0..self.cities.len()).map(|row| self.score(weights, row)).collect()
    }

    /// By how much two scores may differ and tie.
    pub(super) fn tie(&self, a: usize, b: usize) -> f64 {
        TIE * self.size[a].max(self.size[b])
    }

    /// 1 plus the number of cities that are strictly better.
    pub(super) fn rank_in(&self, scores: &[f64], row: usize) -> usize {
        let own = scores[row];
        1 + scores.iter().enumerate().filter(|&(b, s)| s - own > self.tie(row, b)).count()
    }

    /// The same for all cities; none where there is no score.
    pub(super) fn ranks_in(&self, scores: &[f64]) -> Vec<Option<usize>> {
        let order = Self::order(scores);
        let widest = TIE * self.size.iter().copied().fold(0.0, f64::max);
        let mut ranks = vec![None; scores.len()];
        for (place, &row) in order.iter().enumerate() {
            // Beyond the widest tie everybody before is better.
            let near = order[..place].iter().rev().take_while(|&&b| scores[b] - scores[row] <= widest);
            let ties = near.filter(|&&b| scores[b] - scores[row] <= self.tie(row, b)).count();
            ranks[row] = Some(place - ties + 1);
        }
        ranks
    }

    /// Whether every city has a score at these weights, from children that have some weight together.
    pub(super) fn all_scored(&self, weights: &[f64], share: f64) -> bool {
        self.least_share(weights).is_some_and(|least| least > 0.0 && least >= share)
    }

    /// The least weight that the known children of a city have together.
    pub(super) fn least_share(&self, weights: &[f64]) -> Option<f64> {
        let share =
            |known: &Vec<bool>| known.iter().zip(weights).filter(|(known, _)| **known).map(|(_, w)| w).sum::<f64>();
        self.patterns.iter().map(share).reduce(f64::min)
    }

    /// The city that leads at the nominal weights: of several that tie, the first by key. There always is one.
    pub(super) fn leader(&self) -> Option<usize> {
        let order = Self::order(&self.scores);
        let first = *order.first()?;
        let tied = order.into_iter().take_while(|&row| self.scores[first] - self.scores[row] <= self.tie(first, row));
        tied.min_by_key(|&row| self.cities.get(row))
    }

    /// The cities that have a score, the best first.
    pub(super) fn order(scores: &[f64]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..scores.len()).filter(|&row| !scores[row].is_nan()).collect();
        // Adding 0 makes a negative zero a positive one.
        order.sort_by(|&a, &b| (scores[b] + 0.0).total_cmp(&(scores[a] + 0.0)));
        order
    }
}

/// The node, how many cities take part, and the weights.
impl fmt::Display for WeightAnalysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mean = if self.geometric { "geometric" } else { "arithmetic" };
        write!(f, "{}: {mean} mean, {} cities; weights", self.node, self.cities.len())?;
        self.children().zip(&self.nominal).try_for_each(|(child, weight)| write!(f, " {child} {weight:.3}"))
    }
}
