//! How far one weight can move, the others keeping their proportions, before something changes.

use std::fmt;

use serde::Serialize;

use super::crossing::{Path, Paths, Side};
use super::linear::WeightAnalysis;
use crate::error::{Fault, Result};

/// How far the weight of one child can move, the others rescaled in proportion, while something stays as it is.
///
/// Strictly between `low` and `high` it stays; at an end that has a [`Crossing`] two cities tie, and beyond it one has
/// overtaken the other (or has only touched it). See [`WeightAnalysis::rank_stability`] and its sisters.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StableInterval {
    /// The child whose weight moves.
    pub child: String,
    /// Its weight as it is.
    pub nominal: f64,
    /// The lower end.
    pub low: f64,
    /// Who ties at the lower end; none where it is 0.
    pub at_low: Option<Crossing>,
    /// The upper end.
    pub high: f64,
    /// Who ties at the upper end; none where it is 1.
    pub at_high: Option<Crossing>,
}

/// Two cities whose scores meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Crossing {
    /// The city that was asked about; of the whole order, the one that was ahead.
    pub city: String,
    /// The city that ties with it there; of several, the first by its key.
    pub rival: String,
}

impl fmt::Display for StableInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:.3} stays from {:.3}", self.child, self.nominal, self.low)?;
        if let Some(Crossing { city, rival }) = &self.at_low {
            write!(f, " ({city} ties with {rival})")?;
        }
        write!(f, " to {:.3}", self.high)?;
        match &self.at_high {
            Some(Crossing { city, rival }) => write!(f, " ({city} ties with {rival})"),
            None => Ok(()),
        }
    }
}

/// The scores and ranks of all cities at one weight of a child. See [`WeightAnalysis::curve`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CurvePoint {
    /// The weight of the child.
    pub weight: f64,
    /// The scores, in the order of the cities; none where all known children of a city have a weight of 0.
    pub scores: Vec<Option<f64>>,
    /// The ranks; none where there is no score.
    pub ranks: Vec<Option<usize>>,
}

/// The nearest meeting below and above, as steps from the nominal weight, with the pair that meets.
#[derive(Debug, Clone, Copy)]
struct Nearest {
    down: (f64, Option<(usize, usize)>),
    up: (f64, Option<(usize, usize)>),
}

impl WeightAnalysis {
    /// The weights of all children when that of one is `weight` and the others keep their proportions:
    /// `w_j (1 - t) / (1 - w_c)`.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such child; [`Error::Invalid`](crate::Error::Invalid)
    /// where the weight is not from 0 to 1, or the child has all the weight, so that the others have no proportions.
    pub fn with_weight(&self, child: &str, weight: f64) -> Result<Vec<f64>> {
        let c = self.movable(child)?;
        if !(0.0..=1.0).contains(&weight) {
            let (name, need) = ("the weight of a child", "from 0 to 1");
            return Err(Fault::Parameter { name, value: weight, need }.into());
        }
        Ok(self.moved(c, weight))
    }

    /// How far the weight of a child can move while a city keeps its rank.
    ///
    /// A city that ties with it already ends the interval at once on the side where that city gets ahead. O(cities).
    ///
    /// ```
    /// use longspring::{Cut, Method, WeightAnalysis, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
    /// let analysis = WeightAnalysis::of(&scores, "renewal")?;
    /// let stable = analysis.rank_stability("changchun", "education")?;
    /// println!("{stable}");
    /// assert!(stable.low < 0.25 && 0.25 < stable.high);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such child, or no such city takes part;
    /// [`Error::Invalid`](crate::Error::Invalid) where the child has all the weight.
    pub fn rank_stability(&self, city: &str, child: &str) -> Result<StableInterval> {
        let (row, c) = (self.city(city)?, self.movable(child)?);
        let paths = Paths::of(self, c);
        Ok(self.interval(c, self.nearest_of(&paths, row)))
    }

    /// The same for every city, in the order of [`cities`](Self::cities): every pair once, O(cities^2) for a child.
    ///
    /// # Errors
    /// As in [`rank_stability`](Self::rank_stability).
    pub fn rank_stabilities(&self, child: &str) -> Result<Vec<StableInterval>> {
        let c = self.movable(child)?;
        let paths = Paths::of(self, c);
        let mut nearest = vec![self.none(c); self.cities.len()];
        // Neighbours in the order first: after them few others are near enough to be looked at closely.
        for pair in Self::order(&self.scores).windows(2) {
            self.meet_rank(&mut nearest[pair[0]], &paths, pair[0], pair[1]);
            self.meet_rank(&mut nearest[pair[1]], &paths, pair[1], pair[0]);
        }
        for (row, nearest) in nearest.iter_mut().enumerate() {
            self.meet_all(nearest, &paths, row);
        }
        Ok(nearest.into_iter().map(|nearest| self.interval(c, nearest)).collect())
    }

    /// How far the weight of a child can move while the leader leads. Of several that tie, it is the first by key.
    ///
    /// # Errors
    /// As in [`rank_stability`](Self::rank_stability).
    pub fn leader_stability(&self, child: &str) -> Result<StableInterval> {
        let c = self.movable(child)?;
        let leader = self.leader().unwrap_or_default();
        Ok(self.interval(c, self.nearest_of(&Paths::of(self, c), leader)))
    }

    /// How far the weight of a child can move while two cities keep their order: one strictly ahead of the other, or a tie.
    ///
    /// A tie of cities that are not alike lasts at no other weight: both ends are the weight as it is.
    ///
    /// # Errors
    /// As in [`rank_stability`](Self::rank_stability).
    pub fn pair_stability(&self, city: &str, rival: &str, child: &str) -> Result<StableInterval> {
        let (a, b, c) = (self.city(city)?, self.city(rival)?, self.movable(child)?);
        let mut nearest = self.none(c);
        self.meet_order(&mut nearest, &Paths::of(self, c), a, b);
        Ok(self.interval(c, nearest))
    }

    /// How far the weight of a child can move while the whole order stays, ties included.
    ///
    /// The first two cities that meet are neighbours in the order, so that only those are compared: O(n log n).
    ///
    /// # Errors
    /// As in [`rank_stability`](Self::rank_stability).
    pub fn order_stability(&self, child: &str) -> Result<StableInterval> {
        let c = self.movable(child)?;
        let paths = Paths::of(self, c);
        let mut nearest = self.none(c);
        for pair in Self::order(&self.scores).windows(2) {
            self.meet_order(&mut nearest, &paths, pair[0], pair[1]);
        }
        Ok(self.interval(c, nearest))
    }

    /// Scores and ranks along the weight of a child, at evenly spaced points from 0 to 1: what a line chart shows.
    ///
    /// ```
    /// use longspring::{Cut, Method, WeightAnalysis, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
    /// let analysis = WeightAnalysis::of(&scores, "renewal")?;
    /// let changchun = analysis.cities().position(|city| city == "changchun").unwrap();
    /// for point in analysis.curve("education", 5)? {
    ///     println!("{:.2}: rank {:?}", point.weight, point.ranks[changchun]);
    /// }
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// # Errors
    /// As in [`rank_stability`](Self::rank_stability), and where there are fewer than 2 points.
    pub fn curve(&self, child: &str, points: usize) -> Result<Vec<CurvePoint>> {
        let c = self.movable(child)?;
        if points < 2 {
            let (name, need) = ("the number of points of a curve", "2 or more");
            return Err(Fault::Parameter { name, value: points as f64, need }.into());
        }
        let point = |i: usize| {
            let weight = i as f64 / (points - 1) as f64;
            let scores = self.all_at(&self.moved(c, weight));
            let ranks = self.ranks_in(&scores);
            let outward = |score: f64| if score.is_nan() { None } else { Some(self.outward(score)) };
            CurvePoint { weight, scores: scores.into_iter().map(outward).collect(), ranks }
        };
        Ok((0..points).map(point).collect())
    }

    /// A child whose weight can move.
    pub(super) fn movable(&self, child: &str) -> Result<usize> {
        let c = self.child(child)?;
        if self.rest(c) > 0.0 {
            return Ok(c);
        }
        Err(Fault::AllWeight { node: self.node.clone(), child: child.to_owned() }.into())
    }

    /// The weight of all children but one.
    pub(super) fn rest(&self, c: usize) -> f64 {
        self.nominal.iter().enumerate().filter(|(j, _)| *j != c).map(|(_, w)| w).sum()
    }

    fn moved(&self, c: usize, t: f64) -> Vec<f64> {
        let rest = self.rest(c);
        self.nominal.iter().enumerate().map(|(j, w)| if j == c { t } else { w / rest * (1.0 - t) }).collect()
    }

    fn none(&self, c: usize) -> Nearest {
        let t = self.nominal[c];
        Nearest { down: (-t, None), up: (1.0 - t, None) }
    }

    /// Where a city's rank first changes. Any other city may end the interval, not only its neighbours in the order: one
    /// from afar can pass them before.
    fn nearest_of(&self, paths: &Paths, row: usize) -> Nearest {
        let mut nearest = self.none(paths.child);
        self.meet_all(&mut nearest, paths, row);
        nearest
    }

    fn meet_all(&self, nearest: &mut Nearest, paths: &Paths, row: usize) {
        // Most cities are too far off to be met within the interval so far, which a bound tells without their roots.
        let mut from = 0;
        while let Some(b) = paths.next(row, from, &self.size, nearest.up.0.max(-nearest.down.0)) {
            if b != row {
                self.meet_rank(nearest, paths, row, b);
            }
            from = b + 1;
        }
    }

    /// Takes into account where `a` meets `b`, as far as it concerns the rank of `a`.
    fn meet_rank(&self, nearest: &mut Nearest, paths: &Paths, a: usize, b: usize) {
        match Path::meet(paths.get(a), paths.get(b), self.tie(a, b)) {
            Side::Same => {}
            Side::Apart { down, up } => self.closer(nearest, (a, b), down, up),
            Side::Tied { ahead_below, ahead_above, down, up } => {
                let down = if ahead_below { down } else { Some(0.0) };
                let up = if ahead_above { up } else { Some(0.0) };
                self.closer(nearest, (a, b), down, up);
            }
        }
    }

    /// The same as far as it concerns who of the two is ahead.
    fn meet_order(&self, nearest: &mut Nearest, paths: &Paths, a: usize, b: usize) {
        match Path::meet(paths.get(a), paths.get(b), self.tie(a, b)) {
            Side::Same => {}
            Side::Apart { down, up } => self.closer(nearest, (a, b), down, up),
            Side::Tied { .. } => self.closer(nearest, (a, b), Some(0.0), Some(0.0)),
        }
    }

    fn closer(&self, nearest: &mut Nearest, pair: (usize, usize), down: Option<f64>, up: Option<f64>) {
        // Of those that meet at the same place the first by key, so that the order of the cities does not matter.
        let earlier = |than: Option<(usize, usize)>| {
            let key = |(a, b): (usize, usize)| (self.cities.get(b), self.cities.get(a));
            than.is_some_and(|than| key(pair) < key(than))
        };
        if let Some(up) = up {
            if up < nearest.up.0 || (up == nearest.up.0 && earlier(nearest.up.1)) {
                nearest.up = (up, Some(pair));
            }
        }
        if let Some(down) = down {
            if down > nearest.down.0 || (down == nearest.down.0 && earlier(nearest.down.1)) {
                nearest.down = (down, Some(pair));
            }
        }
    }

    fn interval(&self, c: usize, nearest: Nearest) -> StableInterval {
        let nominal = self.nominal[c];
        let crossing = |(a, b): (usize, usize)| Crossing {
            city: self.cities.get(a).to_owned(),
            rival: self.cities.get(b).to_owned(),
        };
        StableInterval {
            child: self.children.get(c).to_owned(),
            nominal,
            low: (nominal + nearest.down.0).clamp(0.0, 1.0),
            at_low: nearest.down.1.map(crossing),
            high: (nominal + nearest.up.0).clamp(0.0, 1.0),
            at_high: nearest.up.1.map(crossing),
        }
    }
}
