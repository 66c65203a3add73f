//! What a city is good and bad at, among others.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::tree::Tree;
use crate::composite::Position;
use crate::error::{Fault, Result};
use crate::missing::Missing;
use crate::scores::Scores;
use crate::text::left;

/// Against whom a city is held.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Among {
    #[default]
    All,
    Cities(Vec<String>),
    Attribute(String),
}

/// How strengths and weaknesses are told: by the rank in each indicator among the cities that are compared.
///
/// An indicator is a strength where the city's rank lies in the first quarter, and a weakness where it lies in the last one:
/// `rank <= share * n`, counted from the first or from the last, with the `n` cities that have a score there. **A first place is
/// always a strength and a last one always a weakness**, however few cities there are; cities of the same score share the
/// better place counted from either end. Where all have the same score, the indicator tells them not apart and is neither.
///
/// ```
/// use longspring::{Cut, Method, Strengths, article};
///
/// let framework = article::framework();
/// let known = article::observations();
/// let cities = known.dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// println!("{}", Strengths::new().of(&scores, "changchun", "renewal")?);
/// let here = Strengths::new().of_same("region").of(&scores, "changchun", "renewal")?;
/// assert!(here.compared.len() < 39);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Strengths {
    first: f64,
    last: f64,
    among: Among,
}

impl Default for Strengths {
    fn default() -> Self {
        Self { first: 0.25, last: 0.25, among: Among::All }
    }
}

/// The strengths and weaknesses of a city. See [`Strengths`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StrengthsAndWeaknesses {
    /// The key of the city.
    pub city: String,
    /// Its name.
    pub name: String,
    /// The code of the node.
    pub node: String,
    /// The keys of the other cities with which it is compared, in order.
    pub compared: Vec<String>,
    /// Its strengths, the best place first, as a share of the cities that have a score; of the same in the order of the
    /// framework.
    pub strengths: Vec<Judgement>,
    /// Its weaknesses, the worst place first.
    pub weaknesses: Vec<Judgement>,
    /// The indicators that it has no score in, with the reason: they are neither.
    pub missing: Vec<(String, Missing)>,
}

/// A city's place in an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// The code of the indicator.
    pub indicator: String,
    /// Its name.
    pub name: String,
    /// The place among the cities that are compared, 1 being the best; ties share the better one.
    pub rank: f64,
    /// The place counted from the worst, 1 being the worst; ties share the lower one.
    pub rank_from_last: f64,
    /// How many cities have a score, this one included.
    pub of: usize,
    /// The figure.
    pub figure: Figure,
}

impl Strengths {
    /// Against all cities, by the first and the last quarter.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the share of the places from the first that are strengths: from 0, where only the first place is one, to 0.5.
    #[must_use]
    pub fn first(self, share: f64) -> Self {
        Self { first: share, ..self }
    }

    /// Sets the share of the places from the last that are weaknesses: from 0, where only the last place is one, to 0.5.
    #[must_use]
    pub fn last(self, share: f64) -> Self {
        Self { last: share, ..self }
    }

    /// Compares with these cities only, such as [peers](crate::Peers::nearest).
    #[must_use]
    pub fn among<S: Into<String>>(self, cities: impl IntoIterator<Item = S>) -> Self {
        Self { among: Among::Cities(cities.into_iter().map(Into::into).collect()), ..self }
    }

    /// Compares with the cities of the same attribute, such as the region.
    #[must_use]
    pub fn of_same(self, attribute: impl Into<String>) -> Self {
        Self { among: Among::Attribute(attribute.into()), ..self }
    }

    /// Tells the strengths and weaknesses of a city in the indicators under a node. With no other city to compare with, there
    /// are none.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node; [`Error::Invalid`](crate::Error::Invalid)
    /// where the node is a context series or left out, a share is out of range, or no city has the attribute.
    pub fn of(&self, scores: &Scores, city: &str, node: &str) -> Result<StrengthsAndWeaknesses> {
        for (name, value) in [("the share of strengths", self.first), ("the share of weaknesses", self.last)] {
            if !(0.0..=0.5).contains(&value) {
                return Err(Fault::Parameter { name, value, need: "from 0 to 0.5" }.into());
            }
        }
        let cities = scores.dataset();
        let row = cities.find_city(city)?;
        let tree = Tree::new(scores, node, "have strengths, for it counts nowhere")?;
        let others: Vec<usize> = match &self.among {
            Among::All => (0..cities.len()).collect(),
            Among::Cities(keys) => keys.iter().map(|key| cities.find_city(key)).collect::<Result<_>>()?,
            Among::Attribute(name) => {
                cities.check_attribute(name)?;
                let own = cities.attribute(row, name);
                (0..cities.len()).filter(|&other| own.is_some() && cities.attribute(other, name) == own).collect()
            }
        };
        let mut others = cities.by_key(others);
        others.dedup();
        others.retain(|&other| other != row);
        let mut told = StrengthsAndWeaknesses {
            city: city.to_owned(),
            name: cities.name(row).to_owned(),
            node: node.to_owned(),
            compared: others.iter().map(|&other| cities.key(other).to_owned()).collect(),
            strengths: Vec::new(),
            weaknesses: Vec::new(),
            missing: Vec::new(),
        };
        for (at, branch) in tree.branches.iter().enumerate() {
            let (Position::Leaf(_), Some(figure)) =
                (branch.position, Figure::of(scores, branch.node, branch.position, row))
            else {
                continue;
            };
            let own = branch.column[row];
            if own.is_nan() {
                let why = figure.missing.unwrap_or(Missing::NoFigure);
                told.missing.push((tree.code(at).to_owned(), why));
                continue;
            }
            let known = || others.iter().map(|&other| branch.column[other]).filter(|z| !z.is_nan());
            let (better, worse) = (known().filter(|&z| z > own).count(), known().filter(|&z| z < own).count());
            if better + worse == 0 {
                continue;
            }
            let of = known().count() + 1;
            let judgement = Judgement {
                indicator: tree.code(at).to_owned(),
                name: branch.node.name.clone(),
                rank: better as f64 + 1.0,
                rank_from_last: worse as f64 + 1.0,
                of,
                figure,
            };
            // Where most cities share a place it may be first and last quarter at once: the nearer end counts.
            let within = |place: f64, share: f64| place <= share * of as f64;
            if better == 0 || (better < worse && within(judgement.rank, self.first)) {
                told.strengths.push(judgement);
            } else if worse == 0 || (worse < better && within(judgement.rank_from_last, self.last)) {
                told.weaknesses.push(judgement);
            }
        }
        let share = |place: f64, of: usize| place / of as f64;
        told.strengths.sort_by(|a, b| share(a.rank, a.of).total_cmp(&share(b.rank, b.of)));
        told.weaknesses.sort_by(|a, b| share(a.rank_from_last, a.of).total_cmp(&share(b.rank_from_last, b.of)));
        Ok(told)
    }
}

/// The place, of how many, who shares it, and the figure.
impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: rank {} of {}", self.name, self.rank, self.of)?;
        // Those that are neither before nor after it: a last place that half of the cities share does not look like one.
        let sharing = self.of as f64 + 2.0 - self.rank - self.rank_from_last;
        if sharing > 1.0 {
            write!(f, ", shared by {sharing}")?;
        }
        write!(f, " ({})", self.figure)
    }
}

/// A line for every strength and weakness, and one for what is missing.
impl fmt::Display for StrengthsAndWeaknesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = left(&self.name, 0);
        if self.compared.is_empty() {
            return writeln!(
                f,
                "{name} in {}: no other city to compare with, so neither strengths nor weaknesses",
                self.node
            );
        }
        writeln!(f, "{name} in {}, among {} others", self.node, self.compared.len())?;
        for (word, list) in [("strength", &self.strengths), ("weakness", &self.weaknesses)] {
            if list.is_empty() {
                writeln!(f, "{word}: none")?;
            }
            list.iter().try_for_each(|judgement| writeln!(f, "{word}: {judgement}"))?;
        }
        self.missing.iter().try_for_each(|(indicator, why)| writeln!(f, "missing: {indicator}: {why}"))
    }
}
