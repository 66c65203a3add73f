//! The smallest change of weights that turns two cities round, or dethrones the leader.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::linear::WeightAnalysis;
use super::program::dot;
use crate::error::{Fault, Result};

/// How the size of a change of weights is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Norm {
    /// `sum |change|`: twice the weight that moves from some children to others.
    #[doc(alias = "Manhattan")]
    L1,
    /// `sqrt(sum change^2)`: the distance.
    #[doc(alias = "Euclidean")]
    L2,
    /// `max |change|`: the most that any one weight changes.
    #[doc(alias = "Chebyshev")]
    Max,
}

impl fmt::Display for Norm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::L1 => "sum of changes",
            Self::L2 => "distance",
            Self::Max => "largest change",
        })
    }
}

/// The smallest change of weights that makes one city at least tie with another. See [`WeightAnalysis::smallest_flip`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WeightChange {
    /// The city that was ahead.
    pub city: String,
    /// The city that then ties with it.
    pub rival: String,
    /// How size is measured.
    pub norm: Norm,
    /// The size of the change; 0 where the rival ties or is ahead already.
    pub size: f64,
    /// The weights after it, in the order of the children.
    pub weights: Vec<f64>,
}

impl fmt::Display for WeightChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ties with {} after a change of {:.3} ({})", self.rival, self.city, self.size, self.norm)
    }
}

/// What dethrones the leader. See [`WeightAnalysis::dethrone`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Dethroning {
    /// The node; the weights are those of its children.
    pub node: String,
    /// The leader; of several that tie, the first by key.
    pub leader: String,
    /// The smallest change, and whose it is; none where no weights let a rival tie that is scored from the same children.
    pub change: Option<WeightChange>,
    /// Rivals that were not looked at, for they are scored from other children than the leader.
    pub skipped: Vec<String>,
}

impl fmt::Display for Dethroning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change {
            Some(change) => write!(f, "{change}")?,
            None => write!(
                f,
                "no weights of {}'s children dethrone {}; weights below them stay as they are",
                self.node, self.leader
            )?,
        }
        match self.skipped.len() {
            0 => Ok(()),
            n => write!(f, " ({n} with other gaps not looked at)"),
        }
    }
}

impl WeightAnalysis {
    /// The smallest change of the nominal weights, not below 0 and still adding up to 1, after which `rival` at least ties
    /// with `city`; none where no weights do that.
    ///
    /// With `d` the differences of the children's scores it is the nearest point of `{w >= 0, sum w = 1, d w <= 0}`. L1:
    /// weight moves from where the city's lead is largest to where it is smallest, as much as is needed. L2: the
    /// projection. Max: the smallest box around the nominal weights that holds such a point. A change of 0 where the
    /// rival ties or is ahead already. Where several changes are equally small, one of them.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where no such city takes part; [`Error::Invalid`](crate::Error::Invalid)
    /// where the two are scored from different children, for their difference is then not linear in the weights.
    ///
    /// ```
    /// use longspring::{Cut, Method, Norm, WeightAnalysis, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
    /// let analysis = WeightAnalysis::of(&scores, "renewal")?;
    ///
    /// let change = analysis.smallest_flip("baltimore", "gothenburg", Norm::L1)?.unwrap();
    /// println!("{change}: {:.2?}", change.weights);
    /// assert!(change.size > 0.0);
    /// println!("{}", analysis.dethrone(Norm::Max)?);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// Reference: Triantaphyllou and Sánchez (1997), *A sensitivity analysis approach for some deterministic multi-criteria
    /// decision-making methods*, Decision Sciences 28, 151-194.
    pub fn smallest_flip(&self, city: &str, rival: &str, norm: Norm) -> Result<Option<WeightChange>> {
        let (a, b) = (self.city(city)?, self.city(rival)?);
        if self.pattern[a] != self.pattern[b] {
            let (a, b) = (city.to_owned(), rival.to_owned());
            return Err(Fault::DifferentChildren { node: self.node.clone(), a, b }.into());
        }
        Ok(self.flip(a, b, norm))
    }

    /// The smallest change of the nominal weights after which another city at least ties with the leader, and which.
    ///
    /// The smallest of [`smallest_flip`](Self::smallest_flip) over all rivals; of several that are equally small, the
    /// first by key. A rival that ties already does so after a change of 0. Rivals that are scored from other children
    /// than the leader are listed as skipped.
    ///
    /// # Errors
    /// None for an analysis that could be made: it always has a leader.
    pub fn dethrone(&self, norm: Norm) -> Result<Dethroning> {
        let Some(leader) = self.leader() else { return Err(Fault::NobodyScored { node: self.node.clone() }.into()) };
        let mut least: Option<WeightChange> = None;
        let mut skipped = Vec::new();
        for b in (0..self.cities.len()).filter(|&b| b != leader) {
            if self.pattern[b] != self.pattern[leader] {
                skipped.push(self.cities.get(b).to_owned());
                continue;
            }
            let Some(change) = self.flip(leader, b, norm) else { continue };
            let better = |least: &WeightChange| {
                change.size < least.size || (change.size == least.size && change.rival < least.rival)
            };
            if least.as_ref().is_none_or(better) {
                least = Some(change);
            }
        }
        let (node, leader) = (self.node.clone(), self.cities.get(leader).to_owned());
        Ok(Dethroning { node, leader, change: least, skipped })
    }

    fn flip(&self, a: usize, b: usize, norm: Norm) -> Option<WeightChange> {
        let lead: Vec<f64> = self.row(a).iter().zip(self.row(b)).map(|(a, b)| a - b).collect();
        let change = |size: f64, weights: Vec<f64>| {
            let (city, rival) = (self.cities.get(a).to_owned(), self.cities.get(b).to_owned());
            Some(WeightChange { city, rival, norm, size, weights })
        };
        if self.scores[a] - self.scores[b] <= self.tie(a, b) {
            return change(0.0, self.nominal.clone());
        }
        // Weight can go where the rival is not behind; elsewhere than on known children it would decide nothing.
        let known = self.known(a);
        let to = (0..lead.len()).filter(|&j| known[j]).min_by(|&i, &j| lead[i].total_cmp(&lead[j]))?;
        if lead[to] > 0.0 {
            return None;
        }
        let weights = match norm {
            Norm::L1 => least_moved(&self.nominal, &lead, to),
            Norm::L2 => projected(&self.nominal, &lead),
            Norm::Max => smallest_box(&self.nominal, &lead, known),
        };
        let changes = || weights.iter().zip(&self.nominal).map(|(to, from)| (to - from).abs());
        let size = match norm {
            Norm::L1 => changes().sum(),
            Norm::L2 => changes().map(|c| c * c).sum::<f64>().sqrt(),
            Norm::Max => changes().fold(0.0, f64::max),
        };
        change(size, weights)
    }
}

/// Moves weight from the largest coefficients to the smallest until the form is 0.
fn least_moved(nominal: &[f64], form: &[f64], to: usize) -> Vec<f64> {
    let mut weights = nominal.to_vec();
    let mut from: Vec<usize> = (0..form.len()).filter(|&j| form[j] > form[to]).collect();
    from.sort_by(|&i, &j| form[j].total_cmp(&form[i]));
    for j in from {
        let left = dot(form, &weights);
        if left <= 0.0 {
            break;
        }
        let moved = (left / (form[j] - form[to])).min(weights[j]);
        weights[j] -= moved;
        weights[to] += moved;
    }
    weights
}

/// The nearest point at which the form is 0: `w = (nominal - m d - s)+`, with the multipliers `m` of the form and `s` of
/// the sum. Children drop out at 0 one after the other while `m` grows, and between two of these points all is linear.
fn projected(nominal: &[f64], form: &[f64]) -> Vec<f64> {
    let largest = form.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let form: Vec<f64> = form.iter().map(|v| v / largest).collect();
    let mut active = vec![true; nominal.len()];
    // The child that is farthest below 0 drops out, until none is.
    for _ in 0..nominal.len() {
        let (m, s) = multipliers(nominal, &form, &active);
        let at = |j: usize| nominal[j] - m * form[j] - s;
        let worst = (0..nominal.len()).filter(|&j| active[j]).min_by(|&i, &j| at(i).total_cmp(&at(j)));
        match worst {
            Some(j) if at(j) < 0.0 => active[j] = false,
            _ => break,
        }
    }
    // Dropping one at a time can go astray where a child at 0 should have stayed; halving cannot, but loses digits.
    let value = |m: f64| {
        let weights = on_simplex(nominal, &form, m);
        (dot(&form, &weights), weights)
    };
    let (m, s) = multipliers(nominal, &form, &active);
    let exact: Vec<f64> =
        (0..nominal.len()).map(|j| if active[j] { (nominal[j] - m * form[j] - s).max(0.0) } else { 0.0 }).collect();
    let (mut low, mut high) = (0.0, 1.0);
    while value(high).0 > 0.0 && high < 1e18 {
        high *= 2.0;
    }
    for _ in 0..120 {
        let middle = low + (high - low) / 2.0;
        if value(middle).0 > 0.0 { low = middle } else { high = middle }
    }
    let sure = value(high).1;
    let same = exact.iter().zip(&sure).all(|(a, b)| (a - b).abs() <= 1e-9);
    if same { exact } else { sure }
}

/// The multipliers at which the active weights add up to 1 and the form is 0.
fn multipliers(nominal: &[f64], form: &[f64], active: &[bool]) -> (f64, f64) {
    let active = || (0..nominal.len()).filter(|&j| active[j]);
    let count = active().count() as f64;
    let mean = active().map(|j| form[j]).sum::<f64>() / count;
    let excess = (active().map(|j| nominal[j]).sum::<f64>() - 1.0) / count;
    let spread: f64 = active().map(|j| (form[j] - mean).powi(2)).sum();
    // d w = 0 with w = nominal - m d - s and s = excess - m mean
    let left: f64 = active().map(|j| form[j] * (nominal[j] - excess)).sum();
    let m = if spread > 0.0 { left / spread } else { 0.0 };
    (m, excess - m * mean)
}

/// The projection of `nominal - m form` on the weights that are not below 0 and add up to 1.
fn on_simplex(nominal: &[f64], form: &[f64], m: f64) -> Vec<f64> {
    let point: Vec<f64> = nominal.iter().zip(form).map(|(w, d)| w - m * d).collect();
    let mut sorted = point.clone();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (i, value) in sorted.iter().enumerate() {
        sum += value;
        let candidate = (sum - 1.0) / (i + 1) as f64;
        if *value - candidate > 0.0 {
            shift = candidate;
        }
    }
    point.iter().map(|v| (v - shift).max(0.0)).collect()
}

/// The smallest box around the nominal weights in which the form can be 0, by halving: the smallest value of the form in a
/// box falls as it grows.
fn smallest_box(nominal: &[f64], form: &[f64], known: &[bool]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..form.len()).collect();
    // Of equal children a known one first: weight on an unknown one would decide nothing.
    order.sort_by(|&i, &j| form[i].total_cmp(&form[j]).then(known[j].cmp(&known[i])));
    let lowest = |radius: f64| {
        let mut weights: Vec<f64> = nominal.iter().map(|w| (w - radius).max(0.0)).collect();
        let mut left = 1.0 - weights.iter().sum::<f64>();
        for &j in &order {
            let more = left.min((nominal[j] + radius).min(1.0) - weights[j]).max(0.0);
            weights[j] += more;
            left -= more;
        }
        weights
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..80 {
        let middle = low + (high - low) / 2.0;
        if dot(form, &lowest(middle)) > 0.0 { low = middle } else { high = middle }
    }
    lowest(high)
}
