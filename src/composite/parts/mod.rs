//! Learning a composite from cities that lie in several places: pass after pass, each place sends a summary.

mod can;
mod column;
mod learn;
mod summarise;
mod summary;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use summary::Summary;

use super::{Composite, Fitted, Position, fit};
use crate::error::{Error, Fault, Problem, Problems, Result};
use crate::format::Format;
use crate::framework::{Framework, Node};
use crate::method::Method;
use crate::steps::normalise::Normalisation;
use crate::text::fingerprint;

/// A fit in parts: the cities lie in several tables, perhaps on several machines, and none is brought to another.
///
/// The fit goes in passes. In each, every part is [summarised](Self::summarise), the summaries are [merged](Summary::merge) in
/// any order, and the fit [learns](Self::learn) from the whole; a fit that is not [done](Self::is_done) takes another pass over
/// the same parts. The passes are, each where the method asks for it: screening of indicators; filling gaps; scales; the nodes
/// that learn weights or an aggregation from scores, level by level; a look for scores that cannot be computed. The default
/// method takes two. The last look falls away, and one pass is enough, where no score can fail: nothing is missing, nothing is
/// filled in, nothing is divided (a quotient may be beyond double precision), every node takes the arithmetic mean with weights
/// that are not learned, and no scale is inversely proportional, as those of [`Normalisation::Sum`] and
/// [`Normalisation::LinearRatio`] are where lower is better (a new city at 0 would have no score).
///
/// The composite equals that of [`Method::fit`] on all cities at once: to the last bit where extremes are learned, and within
/// 1e-12 of the spread of the values where means and deviations are, because here their sums are exact and rounded once.
/// Whatever the parts and their order, it is the same to the last bit.
///
/// A fit can be stored and sent between the passes (serde). Every city must be in one part: one in two counts twice, as in
/// [`Method::fit_panel`].
///
/// ```
/// use longspring::{Cut, Method, Summary, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let keys: Vec<&str> = cities.cities().collect();
/// let parts = [cities.select(keys[..15].iter().copied())?, cities.select(keys[15..].iter().copied())?];
///
/// let mut fit = Method::new().fit_in_parts(&framework)?;
/// while !fit.is_done() {
///     let summaries = parts.iter().map(|part| fit.summarise(part)).collect::<Result<Vec<_>, _>>()?;
///     fit = fit.learn(&Summary::merge(summaries)?)?;
/// }
/// assert_eq!(fit.composite()?, Method::new().fit(&framework, &cities)?);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct PartialFit {
    composite: Composite,
    stage: Stage,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default)]
    format: Format,
    stage: Stage,
    #[serde(serialize_with = "Composite::serialize_inside")]
    composite: Composite,
}

/// What a pass is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// Which indicators are known well enough.
    Screening,
    /// How gaps are filled.
    Filling,
    /// The scales of the indicators.
    Scales,
    /// The nodes that learn when so many levels below them have learned.
    Nodes(usize),
    /// Whether every score can be computed.
    Checking,
    Done,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Screening => f.write_str("screening of indicators"),
            Self::Filling => f.write_str("filling gaps"),
            Self::Scales => f.write_str("scales"),
            Self::Nodes(level) => write!(f, "nodes of level {level}"),
            Self::Checking => f.write_str("check of the scores"),
            Self::Done => f.write_str("done"),
        }
    }
}

/// The method, and which pass comes next.
impl fmt::Display for PartialFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}next pass:     {}", self.composite.method(), self.stage)
    }
}

impl From<PartialFit> for Stored {
    fn from(fit: PartialFit) -> Self {
        Self { format: Format::Said, stage: fit.stage, composite: fit.composite }
    }
}

impl TryFrom<Stored> for PartialFit {
    type Error = Error;

    /// Checks a stored fit, which may have been changed by hand.
    fn try_from(Stored { stage, composite, .. }: Stored) -> Result<Self> {
        composite.check_parts()?;
        let fitted = &composite.fitted;
        let has_scales = fitted.leaves.iter().any(|leaf| leaf.scale.is_some());
        let right = match stage {
            Stage::Screening | Stage::Filling => !has_scales && fitted.filler.is_none(),
            Stage::Scales => !has_scales && fitted.filler.is_some() == fitted.method.imputation.is_some(),
            Stage::Nodes(level) => !composite.learning(level).is_empty(),
            // Where nobody has a figure of anything the check of the scores says so.
            Stage::Checking => true,
            Stage::Done => has_scales,
        };
        if right {
            return Ok(Self { composite, stage });
        }
        Err(Fault::Damaged { what: "fit in parts", why: "its next pass is not that of what it has learned" }.into())
    }
}

impl Method {
    /// Begins to learn the yardstick from cities that lie in several tables; see [`PartialFit`] for what follows.
    ///
    /// What can be learned so: every normalisation but ranks, percentile ranks, Borda's points and classes by quantiles; the
    /// imputations by mean, group mean and measure; screening; the weightings that learn nothing, by standard deviation and
    /// by CRITIC; the means, the rules of each city by itself, TOPSIS, MARCOS and grey relational grades. No treatment.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every choice that needs the whole table, and its node; and as in
    /// [`Method::fit`], as far as it can be seen without figures.
    ///
    /// ```
    /// use longspring::{Method, Normalisation, article};
    ///
    /// let method = Method::new().normalisation_of("pm25", Normalisation::PercentileRank);
    /// let error = method.fit_in_parts(&article::framework()).unwrap_err().to_string();
    /// assert!(error.contains("of `pm25` cannot be learned in parts: it ranks each city among all others"), "{error}");
    /// ```
    pub fn fit_in_parts(&self, framework: &Framework) -> Result<PartialFit> {
        Problems::check(self.faults(framework).into_iter().map(Problem::from).collect())?;
        let mut composite = Composite { fitted: Arc::new(fit::plan(framework, self, &[])?) };
        composite.check_parts()?;
        let screens = self.screening.screens_indicators();
        if !screens {
            composite.fitted.check_scales()?;
        }
        composite.await_nodes();
        let first = if screens { Stage::Screening } else { after_screening(&composite) };
        Ok(PartialFit { composite, stage: first })
    }
}

fn after_screening(composite: &Composite) -> Stage {
    if composite.method().imputation.is_some() { Stage::Filling } else { Stage::Scales }
}

impl PartialFit {
    /// Whether everything is learned: then [`PartialFit::composite`] gives it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// What was learned.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the fit is not done.
    pub fn composite(self) -> Result<Composite> {
        if self.is_done() {
            return Ok(self.composite);
        }
        let why = format!("it is not done; the next pass is: {}", self.stage);
        Err(Fault::PartsDiffer { why }.into())
    }

    /// A number that stands for all that was learned so far, so that summaries of another fit do not pass for its own.
    fn fingerprint(&self) -> u64 {
        let Fitted { framework, method, leaves, inner, screened, filler, .. } = &*self.composite.fitted;
        let nodes: Vec<&Node> = framework.nodes().collect();
        fingerprint(format!("{nodes:?}{method}{leaves:?}{inner:?}{screened:?}{filler:?}").bytes())
    }
}

impl Composite {
    /// The normalisation of an indicator.
    fn normalisation(&self, leaf: usize) -> &Normalisation {
        self.method().normalisation.of_indicator(self.framework(), self.leaf_code(leaf))
    }

    fn weights_are_learned(&self, inner: usize) -> bool {
        self.fitted.weighting_of(self.inner_code(inner)).is_learned()
    }

    /// Marks what the nodes have yet to learn as not known.
    fn await_nodes(&mut self) {
        let waits: Vec<bool> = self.fitted.inner.iter().map(|node| node.aggregation.is_learned()).collect();
        let nodes = &mut Arc::make_mut(&mut self.fitted).inner;
        nodes.iter_mut().zip(waits).for_each(|(node, waits)| node.unknown = waits);
    }

    /// The nodes that learn when so many levels below them have learned.
    fn learning(&self, level: usize) -> Vec<usize> {
        let mut levels: Vec<usize> = Vec::with_capacity(self.inner_len());
        let mut found = Vec::new();
        for (i, node) in self.fitted.inner.iter().enumerate() {
            let below = node.children.iter().filter_map(|child| match child.node {
                Position::Inner(j) => Some(levels[j]),
                Position::Leaf(_) => None,
            });
            let below = below.max().unwrap_or(0);
            let learns = self.node_learns(node);
            if learns && below == level {
                found.push(i);
            }
            levels.push(below + usize::from(learns));
        }
        found
    }
}
