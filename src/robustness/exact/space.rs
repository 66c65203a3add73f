//! Sets of weights: all of them, or those that bounds and orders leave.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::linear::WeightAnalysis;
use super::resolved::Resolved;
use crate::codes::Codes;
use crate::error::{Fault, Problem, Problems, Result, What, nearest};
use crate::kernel::draw::{Stream, mix, name};

/// A set of weights over the children of a node: all of them, narrowed down by bounds and orders, which combine freely.
///
/// Weights are not below 0 and add up to 1. Bounds are on weights at that sum, also where a city lacks children and the
/// others' weights are rescaled.
///
/// ```
/// use longspring::{Cut, Method, WeightAnalysis, WeightSpace, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
/// let analysis = WeightAnalysis::of(&scores, "renewal")?;
///
/// // each weight within half of its own, and industry counts at least as much as education
/// let space = WeightSpace::all().within(0.5).prefer("industry", "education");
/// let ranks = analysis.over(&space)?.attainable("changchun")?;
/// assert!(ranks.best <= 32 && 32 <= ranks.worst);
///
/// let error = analysis.over(&WeightSpace::all().at_least("industry", 0.7).at_least("education", 0.4)).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "no weights of the children of `renewal` fulfil the bounds: the least weights of `industry` and `education` add up to 1.1"
/// );
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: Salo and Hämäläinen (1992), *Preference assessment by imprecise ratio statements*, Operations Research 40,
/// 1053-1061.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeightSpace {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    Within(f64),
    AtLeast(String, f64),
    AtMost(String, f64),
    Prefer(String, String),
}

impl WeightSpace {
    /// All weights: the whole simplex.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Each weight within a share of the one that it has: `w (1 - share)` to `w (1 + share)`, 0.25 being a quarter more or
    /// less. A weight of 0 stays 0. It bounds the weights themselves, which add up to 1, where
    /// [`WeightSpread::Within`](crate::WeightSpread::Within) is about what they are before they are rescaled.
    #[must_use]
    pub fn within(mut self, share: f64) -> Self {
        self.rules.push(Rule::Within(share));
        self
    }

    /// A child's weight is at least this.
    #[must_use]
    pub fn at_least(mut self, child: impl Into<String>, weight: f64) -> Self {
        self.rules.push(Rule::AtLeast(child.into(), weight));
        self
    }

    /// A child's weight is at most this.
    #[must_use]
    pub fn at_most(mut self, child: impl Into<String>, weight: f64) -> Self {
        self.rules.push(Rule::AtMost(child.into(), weight));
        self
    }

    /// One child counts at least as much as another.
    #[must_use]
    pub fn prefer(mut self, child: impl Into<String>, to: impl Into<String>) -> Self {
        self.rules.push(Rule::Prefer(child.into(), to.into()));
        self
    }

    /// The set for a node: bounds and orders by number.
    pub(super) fn resolve(&self, analysis: &WeightAnalysis) -> Result<Resolved> {
        self.resolve_for(&analysis.node, &analysis.children, &analysis.nominal)
    }

    /// Weights of the set for a node with these children: some at its ends, and then so many drawn evenly from all of it.
    /// They depend on the seed and the node alone.
    pub(crate) fn sample(
        &self,
        node: &str,
        children: &Codes,
        nominal: &[f64],
        (draws, seed): (usize, u64),
    ) -> Result<Vec<Vec<f64>>> {
        let resolved = self.resolve_for(node, children, nominal)?;
        let mut sample = resolved.seeds();
        sample.extend(resolved.walk(draws, &mut Stream::new(name(mix(seed, 0x636c_6169_6d73), node))));
        Ok(sample)
    }

    fn resolve_for(&self, node: &str, children: &Codes, nominal: &[f64]) -> Result<Resolved> {
        let find = |child: &str| {
            let unknown = || Fault::UnknownCode {
                what: What::Node,
                code: child.to_owned(),
                nearest: nearest(child, children.iter()),
                rows: 1,
            };
            children.find(child).ok_or_else(unknown)
        };
        let k = nominal.len();
        let (mut low, mut high) = (vec![0.0_f64; k], vec![1.0_f64; k]);
        let mut orders = Vec::new();
        let mut problems: Vec<Problem> = Vec::new();
        for rule in &self.rules {
            match rule {
                &Rule::Within(share) if (0.0..=1.0).contains(&share) => {
                    for ((low, high), w) in low.iter_mut().zip(&mut high).zip(nominal) {
                        *low = low.max(w * (1.0 - share));
                        *high = high.min(w * (1.0 + share));
                    }
                }
                &Rule::Within(value) => {
                    let (name, need) = ("the share that weights may move by", "from 0 to 1");
                    problems.push(Fault::Parameter { name, value, need }.into());
                }
                Rule::AtLeast(child, weight) | Rule::AtMost(child, weight) => {
                    if !(0.0..=1.0).contains(weight) {
                        problems.push(Fault::WeightBound { child: child.clone(), weight: *weight }.into());
                    }
                    match find(child) {
                        Ok(j) if matches!(rule, Rule::AtLeast(..)) => low[j] = low[j].max(*weight),
                        Ok(j) => high[j] = high[j].min(*weight),
                        Err(fault) => problems.push(fault.into()),
                    }
                }
                Rule::Prefer(a, b) => match (find(a), find(b)) {
                    (Ok(a), Ok(b)) if a == b => {}
                    (Ok(a), Ok(b)) => orders.push((a, b)),
                    (a, b) => problems.extend([a.err(), b.err()].into_iter().flatten().map(Problem::from)),
                },
            }
        }
        Problems::check(problems)?;
        Resolved::new(low, high, orders, nominal).map_err(|why| {
            let why = why.text(|j| children.get(j));
            Fault::NoWeights { node: node.to_owned(), why }.into()
        })
    }
}

/// The bounds and orders on one line.
impl fmt::Display for WeightSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rules.is_empty() {
            return f.write_str("all weights");
        }
        for (i, rule) in self.rules.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            match rule {
                Rule::Within(share) => write!(f, "each weight within {} %", share * 100.0)?,
                Rule::AtLeast(child, weight) => write!(f, "{child} at least {weight}")?,
                Rule::AtMost(child, weight) => write!(f, "{child} at most {weight}")?,
                Rule::Prefer(a, b) => write!(f, "{a} at least as much as {b}")?,
            }
        }
        Ok(())
    }
}
