//! Whether one city changes the order of others: tried, and beside what the method states.

mod dominated;
mod print;

use serde::{Deserialize, Serialize};

use crate::composite::{Composite, Position};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::framework::Framework;
use crate::method::Method;
use crate::scores::Scores;
use crate::steps::aggregate::RankReversal;
use crate::steps::normalise::Normalisation;
use crate::steps::treat::Treatment;

/// How many reversed pairs a change names.
const EXAMPLES: usize = 3;
/// Scores that are nearer than this share of the largest are told apart by rounding alone.
const ROUNDING: f64 = 1e-12;

/// Whether the presence of a city changes the order of others under a method that is fitted anew: each city is dropped and
/// cloned, and one that is worst in everything is added.
///
/// What is tried stands beside what is stated: of each aggregation under the node whether it lets a city change the order of
/// others ([`Aggregation::rank_reversal`](crate::Aggregation::rank_reversal)), and which other steps learn from the cities; a
/// min-max on the sample can reverse ranks under a plain mean. On a composite that stands, nothing here can happen: score new
/// cities with [`Composite::score`].
///
/// A pair is **reversed** where one city was ahead before and the other is after; ties that open or close are no reversal, and
/// the method's tolerance and rounding (1e-12 of the largest score) count as ties. Pairs with a city that has no score before
/// or after are not compared.
///
/// It fits `2 n + 1` times for `n` cities and compares all pairs each time.
///
/// ```
/// use longspring::{Aggregation, Cut, Method, ReversalTest, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let method = Method::new().aggregation_at(0, Aggregation::Topsis);
/// let test = ReversalTest::of(&method, &framework, &cities, "renewal")?;
/// println!("{test}");
/// assert_eq!(test.changes.len(), 2 * 39 + 1);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// References: Belton and Gear (1983), *On a short-coming of Saaty's method of analytic hierarchies*, Omega 11, 228-230,
/// [10.1016/0305-0483(83)90047-6](https://doi.org/10.1016/0305-0483(83)90047-6); Wang and Triantaphyllou (2008), *Ranking
/// irregularities when evaluating alternatives by using some ELECTRE methods*, Omega 36, 45-63,
/// [10.1016/j.omega.2005.12.003](https://doi.org/10.1016/j.omega.2005.12.003).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReversalTest {
    /// The code of the node.
    pub node: String,
    /// What each aggregation in the node and under it states; empty for an indicator.
    pub states: Vec<StatedReversal>,
    /// What else learns from the cities, so that it can reverse ranks under any aggregation: in words, one a step.
    pub learned: Vec<String>,
    /// What each change did: cities dropped, cities cloned, each in the order of the dataset, then the dominated city.
    pub changes: Vec<ReversalChange>,
}

/// What the aggregation of a node states about rank reversal. See [`ReversalTest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatedReversal {
    /// The code of the node.
    pub node: String,
    /// Its aggregation, in words.
    pub aggregation: String,
    /// What it states.
    pub states: RankReversal,
}

/// A change of who is fitted. See [`ReversalTest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CityChange {
    /// This city was left out.
    Dropped(String),
    /// A copy of this city was added.
    Cloned(String),
    /// A city was added that has the figure with the lowest score on every indicator.
    DominatedAdded,
}

/// What a change did to the order of the other cities. See [`ReversalTest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReversalChange {
    /// What was changed.
    pub change: CityChange,
    /// How many pairs of other cities were compared.
    pub compared: usize,
    /// How many of them are the other way round.
    pub reversed: usize,
    /// The up to three that are so most clearly.
    pub examples: Vec<ReversedPair>,
    /// Why the changed cities could not be fitted or scored; none where they could.
    pub error: Option<String>,
}

/// Two cities that changed places. See [`ReversalTest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReversedPair {
    /// The city that was ahead, and is behind.
    pub ahead: String,
    /// The city that was behind, and is ahead.
    pub behind: String,
    /// By how much the first was ahead.
    pub before: f64,
    /// By how much the second is ahead now.
    pub after: f64,
}

impl ReversalTest {
    /// Fits the method to the cities, and to the cities after each change, and compares the order in a node: an index, a measure
    /// or an indicator.
    ///
    /// # Errors
    /// Those of [`Method::fit`] for the cities as they are; [`Error::Unknown`](crate::Error::Unknown) where there is no such
    /// node. A change that cannot be fitted is no error: it stands in the result with its reason.
    pub fn of(method: &Method, framework: &Framework, cities: &Dataset, node: &str) -> Result<Self> {
        let scores = method.fit(framework, cities)?.score(cities)?;
        let base = column(&scores, node)?;
        let (composite, cities) = (scores.composite(), scores.dataset());
        let score = |changed: Result<Dataset>| -> Result<Vec<f64>> {
            let changed = changed?;
            column(&method.fit(framework, &changed)?.score(&changed)?, node)
        };
        let keys: Vec<&str> = cities.cities().collect();
        let mut changes = Vec::with_capacity(2 * keys.len() + 1);
        for (row, key) in keys.iter().enumerate() {
            let others = || (0..keys.len()).filter(move |&other| other != row);
            let after = score(cities.select(others().map(|other| keys[other])));
            let rows: Vec<usize> = others().collect();
            changes.push(compare(CityChange::Dropped((*key).to_owned()), &keys, &rows, &base, after, method.tolerance));
        }
        let all: Vec<usize> = (0..keys.len()).collect();
        for (row, key) in keys.iter().enumerate() {
            let after = score(cities.with_copy(row, &unused(cities, &format!("{key} (clone)"))));
            changes.push(compare(CityChange::Cloned((*key).to_owned()), &keys, &all, &base, after, method.tolerance));
        }
        let after = score(dominated::with_dominated(&scores, framework, &unused(cities, "(dominated)")));
        changes.push(compare(CityChange::DominatedAdded, &keys, &all, &base, after, method.tolerance));
        let (states, learned) = stated(composite, node);
        Ok(Self { node: node.to_owned(), states, learned, changes })
    }

    /// How many pairs are reversed, over all changes.
    #[must_use]
    pub fn reversed(&self) -> usize {
        self.changes.iter().map(|change| change.reversed).sum()
    }

    /// How many changes could not be fitted.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.changes.iter().filter(|change| change.error.is_some()).count()
    }

    /// What the method as a whole states: [`RankReversal::Never`] where every aggregation does and nothing else learns from the
    /// cities. Where it says never, no pair is reversed.
    #[must_use]
    pub fn stated(&self) -> RankReversal {
        let never = self.learned.is_empty() && self.states.iter().all(|s| s.states == RankReversal::Never);
        if never { RankReversal::Never } else { RankReversal::WhenRefitted }
    }
}

fn column(scores: &Scores, node: &str) -> Result<Vec<f64>> {
    Ok(scores.node(node)?.scores().map(|score| score.unwrap_or(f64::NAN)).collect())
}

/// A key that no city has.
fn unused(cities: &Dataset, wanted: &str) -> String {
    let mut key = wanted.to_owned();
    while cities.find_city(&key).is_ok() {
        key.push('\'');
    }
    key
}

/// Compares the order of some cities, given by their rows before; after the change they stand first and in the same order.
fn compare(
    change: CityChange,
    keys: &[&str],
    rows: &[usize],
    before: &[f64],
    after: Result<Vec<f64>>,
    tolerance: f64,
) -> ReversalChange {
    let mut result = ReversalChange { change, compared: 0, reversed: 0, examples: Vec::new(), error: None };
    let after = match after {
        Ok(after) => after,
        Err(error) => {
            result.error = Some(error.to_string());
            return result;
        }
    };
    let before: Vec<f64> = rows.iter().map(|&row| before[row]).collect();
    let nearest = |scores: &[f64]| {
        let largest = scores.iter().filter(|s| !s.is_nan()).fold(0.0_f64, |largest, s| largest.max(s.abs()));
        tolerance.max(ROUNDING * largest)
    };
    let (near_before, near_after) = (nearest(&before), nearest(&after[..rows.len().min(after.len())]));
    for i in 0..rows.len() {
        for j in i + 1..rows.len() {
            let (was, is) = (before[i] - before[j], after[i] - after[j]);
            if was.is_nan() || is.is_nan() {
                continue;
            }
            result.compared += 1;
            if was.abs() <= near_before || is.abs() <= near_after || (was > 0.0) == (is > 0.0) {
                continue;
            }
            result.reversed += 1;
            let (ahead, behind) = if was > 0.0 { (i, j) } else { (j, i) };
            let pair = |row: usize| keys[rows[row]].to_owned();
            let (ahead, behind) = (pair(ahead), pair(behind));
            result.examples.push(ReversedPair { ahead, behind, before: was.abs(), after: is.abs() });
            if result.examples.len() > 16 * EXAMPLES {
                keep_clearest(&mut result.examples);
            }
        }
    }
    keep_clearest(&mut result.examples);
    result
}

/// Keeps the pairs whose smaller lead is the largest; by key where leads are the same, so that the order of the cities does not
/// matter.
fn keep_clearest(examples: &mut Vec<ReversedPair>) {
    let lead = |pair: &ReversedPair| pair.before.min(pair.after);
    examples
        .sort_by(|a, b| lead(b).total_cmp(&lead(a)).then_with(|| (&a.ahead, &a.behind).cmp(&(&b.ahead, &b.behind))));
    examples.truncate(EXAMPLES);
}

/// What is learned from the cities in a node and under it, beside the aggregations.
pub(crate) fn learned(composite: &Composite, node: &str) -> Vec<String> {
    stated(composite, node).1
}

/// What the aggregations in a node and under it state, and what else learns from the cities.
fn stated(composite: &Composite, node: &str) -> (Vec<StatedReversal>, Vec<String>) {
    let (method, framework) = (composite.method(), composite.framework());
    let (mut states, mut learned) = (Vec::new(), Vec::new());
    let (mut leaves, mut normalised, mut treated) = (0_usize, 0_usize, 0_usize);
    let mut weighted: Vec<String> = Vec::new();
    for node in framework.subtree(node).into_iter().flatten() {
        match composite.position(&node.code) {
            None => {}
            Some(Position::Inner(inner)) => {
                let aggregation = composite.aggregation(inner);
                let stated = aggregation.rank_reversal();
                let aggregation = aggregation.to_string();
                states.push(StatedReversal { node: node.code.clone(), aggregation, states: stated });
                let depth = framework.depth(&node.code).unwrap_or(0);
                if method.weighting.of(&node.code, depth).is_learned() {
                    weighted.push(format!("`{}`", node.code));
                }
            }
            Some(Position::Leaf(_)) => {
                leaves += 1;
                let fixed = match method.normalisation.of_indicator(framework, &node.code) {
                    Normalisation::Goalposts { .. }
                    | Normalisation::TwoSided { .. }
                    | Normalisation::Scaled { .. }
                    | Normalisation::Raw => true,
                    Normalisation::MinMax { .. } => node.worst.is_some() && node.best.is_some(),
                    _ => false,
                };
                normalised += usize::from(!fixed);
                let treatment = method.treatment.of_indicator(framework, &node.code);
                treated += usize::from(*treatment != Treatment::None);
            }
        }
    }
    if normalised > 0 {
        learned.push(format!("the normalisation of {normalised} of {leaves} indicators"));
    }
    if treated > 0 {
        learned.push(format!("the treatment of {treated} of {leaves} indicators"));
    }
    if !weighted.is_empty() {
        learned.push(format!("the weighting at {}", weighted.join(", ")));
    }
    if method.imputation.is_some() {
        learned.push("the imputation".to_owned());
    }
    if method.screening.screens_indicators() {
        learned.push("the screening of indicators".to_owned());
    }
    (states, learned)
}
