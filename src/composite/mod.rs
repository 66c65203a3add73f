//! The fitted recipe: a yardstick that scores any city.

mod combine;
mod evaluate;
mod fit;
mod parts;
mod prepare;
mod refit;
mod reweigh;
mod scales;
mod sheet;
mod treated;
mod unscored;
mod walk;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::codes::Codes;
use crate::dataset::Dataset;
use crate::error::{Error, Fault, Problem, Problems, Result, What};
use crate::format::Format;
use crate::framework::{Framework, Kind};
use crate::method::Method;
use crate::scores::Scores;
use crate::steps::aggregate::{Aggregation, Learned};
use crate::steps::denominate::{Denomination, Values};
use crate::steps::impute::Filler;
use crate::steps::normalise::Scale;
use crate::steps::treat::{Curve, Remedy, Treatment};
use crate::steps::weight::BenefitOfTheDoubt;

pub(crate) use evaluate::Work;
pub use parts::{PartialFit, Summary};
pub(crate) use prepare::Prepared;
pub(crate) use refit::Refit;
pub(crate) use reweigh::{Reweigh, ReweighWork, TOGETHER};
pub(crate) use sheet::Sheet;
pub use treated::{ChangedPoint, TreatedIndicator};

/// The fitted recipe: a yardstick, learned from the cities it was fitted on and then frozen, that scores any city.
///
/// Scoring new cities, or the same in another year, moves nobody else's score. A composite can be stored and shipped
/// (serde; with `serde_json` take its feature `float_roundtrip`, or the last digits of a number may change). Cloning is
/// cheap. The stored form begins with its number, `"format"`; one without is read as of before there was one, and one that is
/// newer than this version is refused by its number.
///
/// ```
/// use longspring::{Cut, Method, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let composite = Method::new().fit(&framework, &known.dataset(&framework, &Cut::latest())?)?;
///
/// // the same yardstick for the figures that were known in 2015
/// let then = composite.score(&known.dataset(&framework, &Cut::as_of(2015))?)?;
/// assert!(then.score("changchun", "renewal")?.is_some());
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fitted", into = "Fitted")]
pub struct Composite {
    fitted: Arc<Fitted>,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fitted {
    #[serde(default, skip_serializing_if = "Format::is_of_the_whole")]
    format: Format,
    #[serde(with = "crate::framework::inside")]
    framework: Framework,
    #[serde(serialize_with = "Method::serialize_inside")]
    method: Method,
    /// The indicators that count, in the order of the framework.
    leaves: Vec<Leaf>,
    /// The indices and measures that count, each after its children.
    inner: Vec<Inner>,
    /// The indicators that were screened out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    screened: Vec<String>,
    /// How gaps are filled in; none where the method does not, or there was nothing to learn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filler: Option<Filler>,
    /// What the treatment did to the cities of the fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    treated: Vec<TreatedIndicator>,
    #[serde(skip)]
    plan: Plan,
}

/// What follows from the rest, and is looked up often.
#[derive(Debug, Clone, PartialEq, Default)]
struct Plan {
    /// The codes of the series of the framework: a dataset has a column for each, in this order.
    series: Codes,
    /// For each indicator its column, and that of its denominator with the scale.
    columns: Vec<(usize, Option<(usize, f64)>)>,
    /// For each index and measure, how many of its children must be known.
    needs: Vec<usize>,
    /// Whether it is an index.
    roots: Vec<bool>,
    /// Where each node of the framework stands; none where it is excluded or a context series.
    positions: Vec<Option<Position>>,
}

impl Plan {
    fn of(fitted: &Fitted) -> Result<Self> {
        let (framework, method) = (&fitted.framework, &fitted.method);
        let series = Codes::new(framework.series().map(|n| n.code.as_str()));
        let column = |code: &str| series.find_or(code, What::Series);
        let mut plan = Self { positions: vec![None; framework.nodes().len()], ..Self::default() };
        for (i, leaf) in fitted.leaves.iter().enumerate() {
            let per = match &framework.node(&leaf.code)?.denominator {
                Some(d) if method.denomination == Denomination::Framework => Some((column(&d.series)?, d.scale)),
                _ => None,
            };
            plan.columns.push((column(&leaf.code)?, per));
            plan.positions[framework.find(&leaf.code)?] = Some(Position::Leaf(i));
        }
        for (i, inner) in fitted.inner.iter().enumerate() {
            plan.needs.push(inner.need(method.coverage));
            plan.roots.push(framework.node(&inner.code)?.kind == Kind::Index);
            plan.positions[framework.find(&inner.code)?] = Some(Position::Inner(i));
        }
        plan.series = series;
        Ok(plan)
    }
}

/// An indicator of the composite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leaf {
    code: String,
    /// The treatment; none where the values are taken as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    curve: Option<Curve>,
    /// None where no city had a value.
    scale: Option<Scale>,
    /// Whether no city had a value: said twice, so that a scale that was lost shows.
    #[serde(default, skip_serializing_if = "is_no")]
    unknown: bool,
}

/// An index or measure of the composite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    code: String,
    children: Vec<Child>,
    aggregation: Aggregation,
    /// What the aggregation learned from the cities of the fit; none for one that needs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    learned: Option<Learned>,
    /// The frontier, where each city has weights of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own: Option<BenefitOfTheDoubt>,
    /// Whether there was nothing to learn from, because no city had a score: said, so that a part that was lost shows.
    #[serde(default, skip_serializing_if = "is_no")]
    unknown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Child {
    node: Position,
    weight: f64,
    /// Whether any city of the fit had a score: what is learned is learned from such children alone.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    used: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_no(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_yes(used: &bool) -> bool {
    *used
}

/// Where a node stands in the composite: in `leaves` or in `inner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Position {
    Leaf(usize),
    Inner(usize),
}

impl Inner {
    /// Whether they are the same but for the last digits of the weights, which a reader may have lost; learned weights
    /// need only be weights.
    fn is(&self, other: &Self, learned: bool) -> bool {
        let children = || self.children.iter().zip(&other.children);
        let total: f64 = other.children.iter().map(|c| c.weight).sum();
        let weights = learned && other.children.iter().all(|c| c.weight >= 0.0) && (total - 1.0).abs() <= 1e-9;
        (&self.code, &self.aggregation, self.children.len()) == (&other.code, &other.aggregation, other.children.len())
            && children().all(|(a, b)| a.node == b.node && (weights || (a.weight - b.weight).abs() <= 1e-12))
    }

    /// The children that something can be learned from.
    fn used(&self) -> impl Iterator<Item = &Child> {
        self.children.iter().filter(|child| child.used)
    }

    /// How many children must be known.
    fn need(&self, share: f64) -> usize {
        let of = self.children.len();
        (1..=of).find(|&have| have as f64 / of as f64 >= share).unwrap_or(of)
    }
}

impl Composite {
    /// Scores cities on the yardstick: those it was fitted on or others.
    ///
    /// A city's score depends on its own figures alone, to the last bit; its rank on the cities that are scored with it.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the dataset lacks a column that the framework has.
    pub fn score(&self, cities: &Dataset) -> Result<Scores> {
        let mut scores = Scores::empty(self.clone(), cities.clone());
        self.score_into(cities, &mut scores)?;
        Ok(scores)
    }

    /// Scores cities into a result that is used again: what it held before is replaced, and nothing is allocated once it
    /// has held as many cities. Only the indices are ranked at once; other nodes' ranks, and indicators' scores, are
    /// computed, and memory taken for them, when they are first asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the dataset lacks a column that the framework has; the result is then left as it was.
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let composite = Method::new().fit(&framework, &cities)?;
    /// let mut scores = composite.score(&cities)?;
    /// for pm25 in [10.0, 20.0, 30.0] {
    ///     composite.score_into(&cities.with_value("changchun", "pm25", pm25)?, &mut scores)?;
    ///     println!("{pm25}: {:?}", scores.rank("changchun", "wellbeing")?);
    /// }
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn score_into(&self, cities: &Dataset, scores: &mut Scores) -> Result<()> {
        scores.fill(self, &cities.in_order(&self.fitted.plan.series)?);
        Ok(())
    }

    /// What counts.
    #[must_use]
    pub fn framework(&self) -> &Framework {
        &self.fitted.framework
    }

    /// How it was computed.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.fitted.method
    }

    /// The worst and the best value of an indicator that the yardstick knows of: goalposts, or the extremes of the
    /// sample; after denomination and treatment. None where no city had a figure or the method excludes the indicator.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such indicator.
    pub fn ends(&self, indicator: &str) -> Result<Option<(f64, f64)>> {
        self.framework().node(indicator)?;
        let scale = match self.position(indicator) {
            Some(Position::Leaf(leaf)) => self.scale(leaf),
            _ => None,
        };
        Ok(scale.map(Scale::ends))
    }

    /// The weights of a node's children, in the order of the framework and adding up to 1: those of the framework or of a
    /// set, or those that were learned. What the method leaves out is not among them. Of a city that lacks a child they are
    /// rescaled: see [`Scores::weight`].
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node; [`Error::Invalid`] where it has no children or is left out, or each
    /// city has weights of its own there (benefit of the doubt).
    ///
    /// ```
    /// use longspring::{Cut, Method, Weighting, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let composite = Method::new().weighting_of("renewal", Weighting::Critic).fit(&framework, &cities)?;
    /// for (measure, weight) in composite.weights("renewal")? {
    ///     println!("{measure}: {weight:.3}");
    /// }
    /// # assert!((composite.weights("renewal")?.map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn weights(&self, node: &str) -> Result<impl ExactSizeIterator<Item = (&str, f64)>> {
        let kind = self.framework().node(node)?.kind;
        let none = |why| Err(Fault::NoChildWeights { node: node.to_owned(), why }.into());
        match self.position(node) {
            Some(Position::Inner(i)) if self.has_own_weights(i) => {
                none("each city has its own there; see `Scores::weight`")
            }
            Some(Position::Inner(i)) => Ok(self.children(i).map(|(child, weight)| (self.code(child), weight))),
            _ if kind.is_series() => none("it has no children"),
            _ => none("the method leaves it out"),
        }
    }

    /// Writes it inside of what says the format for it.
    pub(crate) fn serialize_inside<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fitted { format: Format::OfTheWhole, ..Fitted::clone(&self.fitted) }.serialize(serializer)
    }

    /// Where a node stands; none where the method excludes it or it is a context series.
    pub(crate) fn position(&self, code: &str) -> Option<Position> {
        self.framework().find(code).ok().and_then(|node| self.fitted.plan.positions[node])
    }

    /// The table with the columns in the order of the plan.
    pub(crate) fn own_order(&self, cities: &Dataset) -> Result<Dataset> {
        cities.in_order(&self.fitted.plan.series)
    }

    /// Whether each city has weights of its own in an index or measure.
    pub(crate) fn has_own_weights(&self, inner: usize) -> bool {
        self.fitted.has_own_weights(&self.fitted.inner[inner])
    }

    /// How many indices and measures there are.
    pub(crate) fn inner_len(&self) -> usize {
        self.fitted.inner.len()
    }

    /// Whether an inner node is a root.
    pub(crate) fn is_index(&self, inner: usize) -> bool {
        self.fitted.plan.roots[inner]
    }

    pub(crate) fn leaf_len(&self) -> usize {
        self.fitted.leaves.len()
    }

    pub(crate) fn leaf_code(&self, leaf: usize) -> &str {
        &self.fitted.leaves[leaf].code
    }

    pub(crate) fn inner_code(&self, inner: usize) -> &str {
        &self.fitted.inner[inner].code
    }

    pub(crate) fn code(&self, node: Position) -> &str {
        match node {
            Position::Leaf(leaf) => self.leaf_code(leaf),
            Position::Inner(inner) => self.inner_code(inner),
        }
    }

    /// The children of an index or measure, with weights that add up to 1.
    pub(crate) fn children(&self, inner: usize) -> impl ExactSizeIterator<Item = (Position, f64)> {
        self.fitted.inner[inner].children.iter().map(|child| (child.node, child.weight))
    }

    /// The weights that a city has for itself in a node, given its children's scores; none where all cities share them.
    pub(crate) fn own_weights(&self, inner: usize, score_of: impl Fn(Position) -> f64) -> Option<Vec<(Position, f64)>> {
        let node = &self.fitted.inner[inner];
        let own = node.own.as_ref()?;
        let row: Vec<f64> = node.used().map(|child| score_of(child.node)).collect();
        let (_, weights) = own.score(&row)?;
        Some(node.used().map(|child| child.node).zip(weights).collect())
    }

    /// What the aggregation of a node learned, and the children that it takes with their weights; nothing for the means.
    pub(crate) fn learned(&self, inner: usize) -> Option<(&Learned, Vec<(Position, f64)>)> {
        let node = &self.fitted.inner[inner];
        let learned = node.learned.as_ref()?;
        Some((learned, node.used().map(|child| (child.node, child.weight)).collect()))
    }

    pub(crate) fn aggregation(&self, inner: usize) -> Aggregation {
        self.fitted.inner[inner].aggregation
    }

    /// A value with an outlier's surplus taken off; itself where the indicator is not treated.
    pub(crate) fn pulled_in(&self, leaf: usize, value: f64) -> f64 {
        self.fitted.leaves[leaf].curve.as_ref().map_or(value, |curve| curve.clamp(value))
    }

    pub(crate) fn scale(&self, leaf: usize) -> Option<&Scale> {
        self.fitted.leaves[leaf].scale.as_ref()
    }

    /// The values of an indicator, divided as the method says, with the gaps that they have. The dataset must have the
    /// columns of the plan.
    pub(crate) fn base_values<'d>(&self, leaf: usize, cities: &'d dyn Sheet) -> Values<'d> {
        let (column, per) = self.fitted.plan.columns[leaf];
        let per = per.map(|(column, scale)| (cities.figures(column), scale));
        Values { figures: cities.figures(column), per }
    }

    /// The columns of an indicator and of what divides it.
    pub(crate) fn columns(&self, leaf: usize) -> (usize, Option<usize>) {
        let (column, per) = self.fitted.plan.columns[leaf];
        (column, per.map(|(column, _)| column))
    }

    /// Whether every city has a value of an indicator, as far as it can be seen at once.
    fn complete(&self, leaf: usize, cities: &dyn Sheet) -> bool {
        let (column, per) = self.fitted.plan.columns[leaf];
        per.is_none() && cities.complete(column)
    }
}

impl TryFrom<Fitted> for Composite {
    type Error = Error;

    /// Checks a stored composite, which may have been changed by hand.
    fn try_from(mut fitted: Fitted) -> Result<Self> {
        let damaged = |why| Err(Fault::Damaged { what: "composite", why }.into());
        Problems::check(fitted.method.faults(&fitted.framework).into_iter().map(Problem::from).collect())?;
        let plan = fit::plan(&fitted.framework, &fitted.method, &fitted.screened)?;
        let leaves = plan.leaves.iter().map(|l| &l.code).eq(fitted.leaves.iter().map(|l| &l.code));
        let same = |(a, b): (&Inner, &Inner)| a.is(b, fit::learns_weights(&fitted.framework, &fitted.method, &a.code));
        let inner = plan.inner.len() == fitted.inner.len() && plan.inner.iter().zip(&fitted.inner).all(same);
        if !(leaves && inner) {
            return damaged("its nodes are not those of its framework and method");
        }
        for leaf in &fitted.leaves {
            let indicator = fitted.framework.node(&leaf.code)?;
            if leaf.scale.as_ref().is_some_and(|scale| !scale.is_sound(indicator)) {
                return damaged("a scale cannot be used");
            }
            let record = fitted.treated.iter().find(|record| record.treatment.indicator == leaf.code);
            if leaf.scale.is_none() != leaf.unknown || (leaf.unknown && (leaf.curve.is_some() || record.is_some())) {
                return damaged("a scale is not there, or is of an indicator that no city had");
            }
            let treatment = fitted.method.treatment.of_indicator(&fitted.framework, &leaf.code);
            let untreated = *treatment == Treatment::None;
            // A treatment that was lost shows in the record of it.
            let acts = record.is_some_and(|record| record.treatment.action != Remedy::LeftAlone);
            if acts != leaf.curve.is_some() || leaf.curve.as_ref().is_some_and(|curve| untreated || !curve.is_sound()) {
                return damaged("a treatment cannot be used");
            }
        }
        for node in &fitted.inner {
            let children = node.used().count();
            let sound = node.learned.as_ref().is_none_or(|learned| learned.is_sound(children))
                && node.own.as_ref().is_none_or(|own| own.is_sound(children));
            if !(sound && fit::has_what_it_needs(&fitted.framework, &fitted.method, node) && fitted.fits(node)?) {
                return damaged("what an aggregation or weighting learned cannot be used");
            }
        }
        let imputation = &fitted.method.imputation;
        // A fit in parts is stored before it has learned to fill gaps, and then it has no scale either.
        let lost = fitted.filler.is_none()
            && imputation.always_learns()
            && fitted.leaves.iter().any(|leaf| leaf.scale.is_some());
        let sound = |filler: &Filler| imputation.is_of(filler) && filler.is_sound(fitted.leaves.len());
        if lost || fitted.filler.as_ref().is_some_and(|filler| !sound(filler)) {
            return damaged("an imputation is not there or cannot be used");
        }
        // Framework weights are computed anew; learned ones are what was stored.
        for (planned, stored) in plan.inner.into_iter().zip(&mut fitted.inner) {
            if !fit::learns_weights(&fitted.framework, &fitted.method, &planned.code) {
                for (to, from) in stored.children.iter_mut().zip(planned.children) {
                    to.weight = from.weight;
                }
            }
        }
        fitted.plan = plan.plan;
        Ok(Self { fitted: Arc::new(fitted) })
    }
}

impl From<Composite> for Fitted {
    fn from(composite: Composite) -> Self {
        Arc::unwrap_or_clone(composite.fitted)
    }
}

/// The method, and the worst and best value of every indicator.
impl fmt::Display for Composite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method())?;
        for leaf in &self.fitted.leaves {
            let unit = self.framework().node(&leaf.code).map_or("", |n| n.unit.as_str());
            match leaf.scale.as_ref().map(Scale::ends) {
                Some((worst, best)) => writeln!(f, "{}: from {worst} to {best} {unit}", leaf.code)?,
                None => writeln!(f, "{}: no figures", leaf.code)?,
            }
        }
        Ok(())
    }
}
