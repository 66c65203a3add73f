//! Which cities are most alike: distances between their normalised profiles.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::composite::Position;
use crate::error::{Fault, Result};
use crate::framework::Kind;
use crate::scores::Scores;
use crate::text::{left, right, width};

/// What a city's profile is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileOf {
    /// The scores of all indicators under the node.
    #[default]
    Indicators,
    /// The scores of the node's children, such as the measures of an index.
    Children,
}

/// How much each score of a profile counts in a distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileWeights {
    /// By its weight in the node: the product of the composite's weights down the tree, as if nothing were missing. Where
    /// each city has weights of its own (benefit of the doubt), those of the framework. What has weight 0 counts nothing.
    #[default]
    Effective,
    /// All the same.
    Equal,
}

/// How alike cities are: what a profile is made of, what counts how much in it, and how much two cities must have in common.
///
/// The distance of two cities is the root of the weighted mean square difference of their scores, over what both have:
/// `d = sqrt(sum w (a - b)^2 / sum w)`. It is in units of the scores: 0 for cities with the same profile, and on a scale from
/// 0 to 100 never above 100 within the sample.
///
/// | choice | default |
/// |---|---|
/// | profile | the indicators under the node |
/// | weights | those that the indicators have in the node |
/// | least in common | half of the profile, by number |
///
/// ```
/// use longspring::{Cut, Method, ProfileOf, Similarity, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// // alike in the four measures, all of which must be known
/// let peers = Similarity::new().of(ProfileOf::Children).least_shared(1.0).peers(&scores, "renewal")?;
/// assert!(!peers.nearest("changchun")?.peers.is_empty());
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Similarity {
    /// What a profile is made of.
    pub of: ProfileOf,
    /// How much each score counts.
    pub weights: ProfileWeights,
    /// The share of the profile, by number, that two cities must both have for a distance: above 0 and at most 1.
    pub least_shared: f64,
}

impl Default for Similarity {
    fn default() -> Self {
        Self { of: ProfileOf::default(), weights: ProfileWeights::default(), least_shared: 0.5 }
    }
}

impl Similarity {
    /// The default: see the table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what a profile is made of.
    #[must_use]
    pub fn of(self, of: ProfileOf) -> Self {
        Self { of, ..self }
    }

    /// Sets how much each score counts.
    #[must_use]
    pub fn weights(self, weights: ProfileWeights) -> Self {
        Self { weights, ..self }
    }

    /// Sets the share of the profile that two cities must both have: above 0 and at most 1.
    #[must_use]
    pub fn least_shared(self, share: f64) -> Self {
        Self { least_shared: share, ..self }
    }

    /// Reads the profiles of all cities, ready to be compared.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node; [`Error::Invalid`](crate::Error::Invalid) where
    /// the node is a context series or left out; where the share is out of range; where the scores of a profile are not on
    /// one common scale, as raw values are not.
    pub fn peers<'a>(&self, scores: &'a Scores, node: &str) -> Result<Peers<'a>> {
        let composite = scores.composite();
        let kind = composite.framework().node(node)?.kind;
        if kind == Kind::Context {
            let what = "make a profile, for it counts nowhere";
            return Err(Fault::WrongKind { what, code: node.to_owned(), kind }.into());
        }
        let share = self.least_shared;
        if !(share > 0.0 && share <= 1.0) {
            let name = "the share that two cities must have in common";
            return Err(Fault::Parameter { name, value: share, need: "above 0 and at most 1" }.into());
        }
        let position = composite.position(node).ok_or_else(|| Fault::Out { node: node.to_owned() })?;
        let mut parts: Vec<(Position, f64)> = if let (ProfileOf::Children, Position::Inner(i)) = (self.of, position) {
            composite.children(i).collect()
        } else {
            let all = composite.effective(position).into_iter();
            let leaves = all.filter(|(position, ..)| matches!(position, Position::Leaf(_)));
            leaves.map(|(position, weight, _)| (position, weight)).collect()
        };
        match self.weights {
            ProfileWeights::Effective => parts.retain(|&(_, weight)| weight > 0.0),
            ProfileWeights::Equal => parts.iter_mut().for_each(|(_, weight)| *weight = 1.0),
        }
        let positions: Vec<Position> = parts.iter().map(|&(position, _)| position).collect();
        if let Err((child, given)) = composite.check_common_scale(&positions) {
            let fault = Fault::WrongInput {
                node: node.to_owned(),
                aggregation: "the distance between profiles".to_owned(),
                child: composite.code(child).to_owned(),
                given,
                need: "scores on one common scale: use another normalisation, or a profile of other nodes".to_owned(),
            };
            return Err(fault.into());
        }
        let of = parts.len();
        let need = (1..=of).find(|&have| have as f64 / of as f64 >= share).unwrap_or(of);
        let columns = positions.iter().map(|&position| scores.values_of(position)).collect();
        let weights = parts.iter().map(|&(_, weight)| weight).collect();
        Ok(Peers {
            scores,
            node: node.to_owned(),
            position,
            similarity: *self,
            parts: positions,
            columns,
            weights,
            need,
        })
    }
}

/// The profiles of cities in a node, ready to be compared: most similar cities, distances, groups.
///
/// ```
/// use longspring::{Cut, Method, Peers, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let peers = Peers::of(&scores, "renewal")?;
///
/// let nearest = peers.nearest("changchun")?;
/// println!("{nearest}");
/// assert!(nearest.peers[0].distance <= nearest.peers[1].distance);
/// println!("{}", peers.groups(4)?);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Peers<'a> {
    pub(super) scores: &'a Scores,
    pub(super) node: String,
    pub(super) position: Position,
    pub(super) similarity: Similarity,
    /// The nodes of a profile, and for each the scores of all cities and the weight.
    parts: Vec<Position>,
    columns: Vec<&'a [f64]>,
    weights: Vec<f64>,
    need: usize,
}

/// How far two cities are from one another, or that too little is known of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PeerDistance {
    /// The key of a city.
    pub a: String,
    /// The key of the other.
    pub b: String,
    /// The distance, in units of the scores; none where the two have too little in common.
    pub distance: Option<f64>,
    /// How many scores of the profile both have.
    pub shared: usize,
    /// How many there are in a profile.
    pub of: usize,
    /// How many both must have.
    pub need: usize,
}

/// The distance and over how much it is taken, or why there is none.
impl fmt::Display for PeerDistance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { a, b, shared, of, need, .. } = self;
        match self.distance {
            Some(distance) => write!(f, "{a} and {b}: {distance:.2} apart over {shared} of {of}"),
            None => write!(f, "{a} and {b}: no distance: {shared} of {of} known of both, at least {need} needed"),
        }
    }
}

/// A city that is compared with another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Peer {
    /// Its key.
    pub city: String,
    /// Its name.
    pub name: String,
    /// How far its profile is, in units of the scores.
    pub distance: f64,
    /// How many scores of the profile both have.
    pub shared: usize,
    /// Its score in the node; none where it has none.
    pub score: Option<f64>,
    /// Its rank in the node; none where it has no score.
    pub rank: Option<f64>,
}

/// The cities around one, the most similar first. See [`Peers::nearest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Neighbours {
    /// The key of the city.
    pub city: String,
    /// Its name.
    pub name: String,
    /// The code of the node.
    pub node: String,
    /// How many scores there are in a profile.
    pub of: usize,
    /// The other cities that have a distance, the nearest first; equally near ones in the order of their keys.
    pub peers: Vec<Peer>,
    /// The others, with too little known of both to say, in the order of their keys.
    pub apart: Vec<PeerDistance>,
}

impl Neighbours {
    /// The first so many peers; all, where there are fewer.
    #[must_use]
    pub fn first(&self, count: usize) -> &[Peer] {
        &self.peers[..count.min(self.peers.len())]
    }
}

/// An aligned table, the most similar first; then the cities without a distance and why.
impl fmt::Display for Neighbours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "cities most like {} in {}", left(&self.name, 0), self.node)?;
        let number = |x: Option<f64>, digits: usize| x.map_or_else(|| "-".to_owned(), |x| format!("{x:.digits$}"));
        let mut rows = vec![["distance", "city", "in common", "score", "rank"].map(str::to_owned)];
        rows.extend(self.peers.iter().map(|peer| {
            let (distance, shared) = (format!("{:.2}", peer.distance), format!("{}/{}", peer.shared, self.of));
            let rank = peer.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
            [distance, peer.name.clone(), shared, number(peer.score, 2), rank]
        }));
        let widths: [usize; 5] = std::array::from_fn(|c| rows.iter().map(|row| width(&row[c])).max().unwrap_or(0));
        for row in &rows {
            let cell = |c: usize| if c == 1 { left(&row[c], widths[c]) } else { right(&row[c], widths[c]) };
            let cells: [String; 5] = std::array::from_fn(cell);
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        if self.peers.is_empty() {
            writeln!(f, "(none)")?;
        }
        self.apart.iter().try_for_each(|apart| writeln!(f, "{apart}"))
    }
}

impl<'a> Peers<'a> {
    /// The profiles of all cities in a node, by the default [`Similarity`]: the indicators under it, by their weights.
    ///
    /// # Errors
    /// As [`Similarity::peers`].
    pub fn of(scores: &'a Scores, node: &str) -> Result<Self> {
        Similarity::new().peers(scores, node)
    }

    /// The code of the node.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// How cities are compared.
    #[must_use]
    pub fn similarity(&self) -> Similarity {
        self.similarity
    }

    /// The nodes of a profile with their weights, which add up to 1, in the order of the framework.
    #[must_use]
    pub fn profile(&self) -> Vec<(&'a str, f64)> {
        let composite = self.scores.composite();
        let total: f64 = self.weights.iter().sum();
        self.parts.iter().zip(&self.weights).map(|(&part, weight)| (composite.code(part), weight / total)).collect()
    }

    /// How far two cities are from one another.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city.
    pub fn distance(&self, a: &str, b: &str) -> Result<PeerDistance> {
        let cities = self.scores.dataset();
        Ok(self.between(cities.find_city(a)?, cities.find_city(b)?))
    }

    /// All other cities, the most similar first; and those that cannot be compared with it, with the reason. A lone city has
    /// no neighbours: both lists are empty.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city.
    pub fn nearest(&self, city: &str) -> Result<Neighbours> {
        let cities = self.scores.dataset();
        let row = cities.find_city(city)?;
        let (values, ranks) = (self.scores.values_of(self.position), self.scores.ranks_of(self.position));
        let known = |x: f64| Some(x).filter(|x| !x.is_nan());
        let (mut peers, mut apart) = (Vec::new(), Vec::new());
        for other in cities.by_key((0..cities.len()).filter(|&other| other != row)) {
            let (distance, shared) = self.apart(row, other);
            if distance.is_nan() {
                apart.push(self.between(row, other));
                continue;
            }
            let (city, name) = (cities.key(other).to_owned(), cities.name(other).to_owned());
            peers.push(Peer { city, name, distance, shared, score: known(values[other]), rank: known(ranks[other]) });
        }
        // Equally near ones keep the order of their keys.
        peers.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let (city, name) = (cities.key(row).to_owned(), cities.name(row).to_owned());
        Ok(Neighbours { city, name, node: self.node.clone(), of: self.columns.len(), peers, apart })
    }

    /// Whether a city has as much of a profile as a distance takes.
    pub(super) fn has_profile(&self, row: usize) -> bool {
        self.columns.iter().filter(|column| !column[row].is_nan()).count() >= self.need
    }

    fn between(&self, a: usize, b: usize) -> PeerDistance {
        let (distance, shared) = self.apart(a, b);
        let key = |row| self.scores.dataset().key(row).to_owned();
        let distance = Some(distance).filter(|d| !d.is_nan());
        PeerDistance { a: key(a), b: key(b), distance, shared, of: self.columns.len(), need: self.need }
    }

    /// The distance, the same to the last bit both ways, NaN where too little is known of both; and how much is.
    pub(super) fn apart(&self, a: usize, b: usize) -> (f64, usize) {
        let (mut sum, mut total, mut shared) = (0.0, 0.0, 0);
        for (column, weight) in self.columns.iter().zip(&self.weights) {
            let gap = column[a] - column[b];
            if !gap.is_nan() {
                sum += weight * (gap * gap);
                total += weight;
                shared += 1;
            }
        }
        (if shared >= self.need { (sum / total).sqrt() } else { f64::NAN }, shared)
    }
}
