//! Who is ahead of whom at every weight of a set.

use std::fmt;

use serde::Serialize;

use super::linear::WeightAnalysis;
use super::mixed::{LEVEL, fraction};
use super::resolved::Resolved;
use super::space::WeightSpace;
use crate::error::Result;

/// Which city is ahead of which at *every* weight of a set: what no choice among them can change.
///
/// A city is always ahead of another if it is never behind at any weights of the set at which both have a score, and
/// ahead at some. Cities that tie everywhere are not ahead of one another. See [`WeightAnalysis::over`].
///
/// Exact for cities that are scored from the same children, and over all weights for any. Under bounds or orders, for
/// cities with different gaps, the difference of two fractions is searched to 1e-9 of the size of the scores; a pair that
/// stays undecided there is not called always ahead.
///
/// ```
/// use longspring::{Cut, Method, WeightAnalysis, WeightSpace, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
/// let analysis = WeightAnalysis::of(&scores, "renewal")?;
///
/// let near = analysis.over(&WeightSpace::all().within(0.25))?;
/// let anywhere = analysis.over(&WeightSpace::all())?;
/// assert!(near.always_ahead("baltimore", "changchun")?);
/// // what holds for all weights holds for those near the nominal ones
/// assert!(anywhere.pairs().count() < near.pairs().count());
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: Greco, Mousseau and Słowiński (2008), *Ordinal regression revisited: multiple criteria ranking using a set
/// of additive value functions*, European Journal of Operational Research 191, 416-436 (necessary preference).
#[derive(Debug, Clone)]
pub struct Preferences<'a> {
    pub(super) analysis: &'a WeightAnalysis,
    pub(super) space: Resolved,
    /// The set, in words.
    within: String,
    /// A row of bits for each city: of whom it is always ahead.
    ahead: Vec<u64>,
    words: usize,
}

/// The smallest and the largest lead of one city over another in a set of weights. See [`Preferences::margin`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Margin {
    /// The smallest: below 0 where the city is behind at some weights.
    pub smallest: f64,
    /// The largest.
    pub largest: f64,
}

/// A smallest lead. See [`Preferences::least_lead`].
#[derive(Debug, Clone)]
pub(crate) struct Least {
    /// No lead is smaller; of a geometric node the difference of the logarithms.
    pub(crate) lead: f64,
    /// Leads that are no larger are ties.
    pub(crate) tie: f64,
    /// Weights that come to it; none where none was met.
    pub(crate) weights: Vec<f64>,
}

impl fmt::Display for Margin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {:.3} to {:.3}", self.smallest, self.largest)
    }
}

impl WeightAnalysis {
    /// Compares every pair of cities over a set of weights: O(cities^2 x children) for all weights or bounds. With orders
    /// every pair is two linear programs, and under bounds or orders cities with different gaps are a search each, so
    /// that a thousand of them take seconds.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with all that is wrong with the set: bounds that are not from 0 to 1, a
    /// share that is not from 0 to 1, an unknown child; or bounds and orders that no weights fulfil, and which.
    pub fn over(&self, space: &WeightSpace) -> Result<Preferences<'_>> {
        let mut all = self.uncompared(space)?;
        all.compare();
        Ok(all)
    }

    /// The same before pairs are compared: what asks for single margins and ranks needs no more.
    pub(crate) fn uncompared(&self, space: &WeightSpace) -> Result<Preferences<'_>> {
        let (space, within) = (space.resolve(self)?, space.to_string());
        let n = self.cities.len();
        let words = n.div_ceil(64);
        Ok(Preferences { analysis: self, space, within, ahead: vec![0; n * words], words })
    }
}

impl<'a> Preferences<'a> {
    /// What was analysed.
    #[must_use]
    pub fn analysis(&self) -> &'a WeightAnalysis {
        self.analysis
    }

    /// Whether a city is never behind another at any weights of the set, and ahead at some.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part.
    pub fn always_ahead(&self, city: &str, of: &str) -> Result<bool> {
        Ok(self.bit(self.analysis.city(city)?, self.analysis.city(of)?))
    }

    /// All pairs of a city and one that it is always ahead of, in the order of the cities.
    pub fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (n, cities) = (self.analysis.cities.len(), &self.analysis.cities);
        let pairs = (0..n).flat_map(move |a| (0..n).map(move |b| (a, b))).filter(|&(a, b)| self.bit(a, b));
        pairs.map(move |(a, b)| (cities.get(a), cities.get(b)))
    }

    /// The smallest and the largest lead of a city over another: the difference of their scores, of a geometric node that
    /// of the logarithms. None where they never both have a score.
    ///
    /// Exact for cities that are scored from the same children; otherwise bounds that no weights exceed, as a rule within
    /// 1e-9 of the size of the scores. At an end one of two cities with different gaps may have no score, the margin
    /// there is then a limit.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part.
    pub fn margin(&self, city: &str, over: &str) -> Result<Option<Margin>> {
        let analysis = self.analysis;
        let (a, b) = (analysis.city(city)?, analysis.city(over)?);
        let range = if analysis.pattern[a] == analysis.pattern[b] {
            self.same_range(a, b)
        } else {
            let low = analysis.least_margin(&self.space, a, b, None).lower;
            let high = -analysis.least_margin(&self.space, b, a, None).lower;
            (low.is_finite() && high.is_finite()).then_some((low, high))
        };
        let unit = analysis.unit;
        Ok(range.map(|(low, high)| Margin { smallest: low * unit, largest: high * unit }))
    }

    /// The smallest lead of a city over another, and weights that come to it; none where they never both have a score.
    pub(crate) fn least_lead(&self, city: &str, over: &str) -> Result<Option<Least>> {
        let analysis = self.analysis;
        let (a, b) = (analysis.city(city)?, analysis.city(over)?);
        let found = if analysis.pattern[a] == analysis.pattern[b] {
            let cells: Vec<f64> = analysis.row(a).iter().zip(analysis.row(b)).map(|(a, b)| a - b).collect();
            if analysis.known(a).contains(&false) {
                fraction(&cells, analysis.known(a), &self.space.start, |goal, _| Some(self.space.minimise(goal)))
            } else {
                Some(self.space.minimise(&cells))
            }
        } else {
            let bounds = analysis.least_margin(&self.space, a, b, None);
            bounds.lower.is_finite().then_some((bounds.lower, bounds.at))
        };
        // Between different gaps the search stops at its own precision.
        let mixed = analysis.pattern[a] != analysis.pattern[b];
        let tie = if mixed { LEVEL * analysis.size[a].max(analysis.size[b]) } else { analysis.tie(a, b) };
        let unit = analysis.unit;
        Ok(found.map(|(lead, weights)| Least { lead: lead * unit, tie: tie * unit, weights }))
    }

    /// The range of `s_a - s_b` of two cities that are scored from the same children.
    pub(super) fn same_range(&self, a: usize, b: usize) -> Option<(f64, f64)> {
        let analysis = self.analysis;
        let cells: Vec<f64> = analysis.row(a).iter().zip(analysis.row(b)).map(|(a, b)| a - b).collect();
        if analysis.known(a).contains(&false) {
            return WeightAnalysis::form_range(&self.space, &cells, analysis.known(a));
        }
        Some(self.space.range(&cells, &mut Vec::new()))
    }

    pub(super) fn bit(&self, a: usize, b: usize) -> bool {
        self.ahead[a * self.words + b / 64] >> (b % 64) & 1 == 1
    }

    fn set(&mut self, a: usize, b: usize) {
        self.ahead[a * self.words + b / 64] |= 1 << (b % 64);
    }

    fn compare(&mut self) {
        let analysis = self.analysis;
        let (n, k) = (analysis.cities.len(), analysis.nominal.len());
        let (mut cells, mut order) = (vec![0.0; k], Vec::with_capacity(k));
        // What pairs with different gaps need of each city: its range, and its score at some weights of the set.
        let gaps = analysis.patterns.len() > 1;
        let seeds: Vec<Vec<f64>> =
            if gaps { self.space.seeds().iter().map(|w| analysis.all_at(w)).collect() } else { vec![] };
        let ranges: Vec<Option<(f64, f64)>> =
            if gaps { (0..n).map(|row| analysis.score_range(&self.space, row)).collect() } else { vec![] };
        for a in 0..n {
            for b in a + 1..n {
                let tie = analysis.tie(a, b);
                if analysis.pattern[a] == analysis.pattern[b] {
                    // Children that neither has are 0 in both, so that they bring no difference.
                    let pairs = analysis.row(a).iter().zip(analysis.row(b));
                    cells.iter_mut().zip(pairs).for_each(|(to, (a, b))| *to = a - b);
                    let (low, high) = self.space.range(&cells, &mut order);
                    if low >= -tie && high > tie {
                        self.set(a, b);
                    } else if high <= tie && low < -tie {
                        self.set(b, a);
                    }
                } else if let (Some(own), Some(other)) = (ranges[a], ranges[b]) {
                    if self.mixed_ahead((a, own), (b, other), &seeds) {
                        self.set(a, b);
                    } else if self.mixed_ahead((b, other), (a, own), &seeds) {
                        self.set(b, a);
                    }
                }
            }
        }
    }

    /// Whether `a` is always ahead of `b`, whose known children differ; `(low, high)` are the ranges of their scores.
    fn mixed_ahead(&self, (a, own): (usize, (f64, f64)), (b, other): (usize, (f64, f64)), seeds: &[Vec<f64>]) -> bool {
        let analysis = self.analysis;
        let tie = analysis.tie(a, b);
        let ahead_somewhere = || own.1 - other.0 > tie;
        if own.0 >= other.1 {
            return ahead_somewhere();
        }
        if seeds.iter().any(|scores| scores[a] - scores[b] < -tie) {
            return false;
        }
        if self.space.is_simplex() {
            // Never behind and never ahead would be a tie everywhere.
            return analysis.never_behind_anywhere(a, b) && !analysis.never_behind_anywhere(b, a);
        }
        let tolerance = LEVEL * analysis.size[a].max(analysis.size[b]);
        let never_behind = analysis.least_margin(&self.space, a, b, Some(-tolerance)).lower >= -tolerance;
        never_behind
            && (seeds.iter().any(|scores| scores[a] - scores[b] > tie)
                || analysis.least_margin(&self.space, b, a, Some(-tie)).met < -tie)
    }
}

/// How many pairs are decided.
impl fmt::Display for Preferences<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.analysis.cities.len();
        let decided: u32 = self.ahead.iter().map(|word| word.count_ones()).sum();
        write!(
            f,
            "{decided} of {} pairs in {} are decided whatever the weights; their set: {}",
            n * n.saturating_sub(1) / 2,
            self.analysis.node,
            self.within
        )
    }
}
