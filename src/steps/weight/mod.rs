//! Step 6, first half: weights.

mod ahp;
mod balanced;
mod bod;
#[cfg(feature = "components")]
mod components;
mod objective;
mod program;
mod set;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use ahp::Ahp;
pub(crate) use bod::BenefitOfTheDoubt;
pub(crate) use objective::from_moments;
pub use set::{WeightSet, WeightSets};

use super::siblings::Siblings;
use crate::error::Fault;
use crate::framework::Framework;

/// Where the weights of a node's children come from.
///
/// Weights need not add up to 1: only their proportions count. Where children are missing, the others keep their
/// proportions, so that a missing child counts as the mean of the known ones.
///
/// **Learned weights** (all but the first three) are learned when the method is fitted, from the cities of which every child
/// is known, and frozen. Where an indicator stands under [`Normalisation::Raw`](crate::Normalisation::Raw) they see its values
/// and direction, as the methods were published; else the scores, which are higher-is-better. They ignore the framework's
/// weights. A child that is the same in all cities gets weight 0, except where a variant says otherwise; if all are, there is
/// an error. An only child has weight 1. Fewer than two cities without a gap are an error.
///
/// ```
/// use longspring::{Cut, Method, Weighting, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// // equal weights within the measures, and between them those that balance their influence
/// let method = Method::new().weighting(Weighting::Equal).weighting_of("renewal", Weighting::Balanced);
/// let scores = method.fit(&framework, &cities)?.score(&cities)?;
/// println!("{:.3}", scores.weight("baltimore", "industry")?.unwrap());
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Weighting {
    /// The weights of the framework.
    #[default]
    Framework,
    /// The same weight for all children of a node, whatever the framework says, 0 included.
    Equal,
    /// A named set: what an audience, a panel of experts or comparisons in pairs ([`Ahp`]) say. A node that the set does not
    /// name keeps the framework's weight.
    Set(WeightSet),
    /// `1 - E`, `E = - sum p ln p / ln m`, with the shares `p` of the `m` cities in a column: what is spread unevenly counts
    /// more. Takes values of 0 or more, and ignores directions. Pitfall: one extreme city gives a column its weight.
    ///
    /// Reference: Shannon (1948), [10.1002/j.1538-7305.1948.tb01338.x](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x).
    Entropy,
    /// `s_j sum_k (1 - r_jk)`, with standard deviations `s` and correlations `r` of the min-max columns, directions observed:
    /// what differs between cities and does not repeat other children.
    ///
    /// Reference: Diakoulaki, Mavrotas and Papayannakis (1995),
    /// [10.1016/0305-0548(94)00059-H](https://doi.org/10.1016/0305-0548(94)00059-H).
    Critic,
    /// The same on values as they are, directions ignored, as the package pymcdm has it: a cost that goes with a benefit counts
    /// as if it contradicted it. For comparing with its numbers; [`Weighting::Critic`] is the method as published.
    CriticUndirected,
    /// The standard deviation of the children's scores. Under raw values it depends on their units; give it scores.
    StandardDeviation,
    /// The Gini coefficient of a column: `sum_i sum_k |x_i - x_k| / (2 n^2 mean)`. Takes values of 0 or more.
    Gini,
    /// What leaving a child out changes: `sum_i |S'_ij - S_i|`, `S_i = ln(1 + mean_j |ln n_ij|)`, with `n` the ratio to the
    /// lowest benefit or the highest cost. Takes values above 0.
    ///
    /// Reference: Keshavarz-Ghorabaee et al. (2021), [10.3390/sym13040525](https://doi.org/10.3390/sym13040525).
    Merec,
    /// The criterion impact loss: weights for which what each child loses in the cities that are best in the others balances.
    /// Takes values above 0. Where several cities are best in a child, their mean counts. Not determined where one city is
    /// best in several children at once: an error.
    ///
    /// Reference: Zavadskas and Podvezko (2016), [10.1142/S0219622016500036](https://doi.org/10.1142/S0219622016500036).
    Cilos,
    /// Entropy times impact loss. Reference: as [`Weighting::Cilos`].
    Idocriw,
    /// `|100 ln(rms / s)|` of the min-max columns, directions observed, with root mean square and standard deviation `s`. A
    /// child in which all cities but the best are the same has weight 0, so that with two cities nothing is left: an error.
    ///
    /// Reference: Ecer and Pamucar (2022), [10.1016/j.omega.2022.102690](https://doi.org/10.1016/j.omega.2022.102690).
    Lopcow,
    /// Explained variance: components of the correlation matrix with an eigenvalue above 1 and a tenth of the variance, then
    /// more up to 60 % of it, rotated by varimax; each child has the square of its loading, as a share of the component in
    /// which that share is largest, times that component's share of the variance explained. A child that is the same in all
    /// cities is an error, and so are components of the same size of which some are kept and some are not. Needs the feature
    /// `components`.
    ///
    /// Reference: the Handbook, step 6 (principal components), after Nicoletti, Scarpetta and Boylaud (2000).
    #[cfg(feature = "components")]
    PrincipalComponents,
    /// The loadings of the first component, its sign fixed so that their sum is positive. A negative loading is an error, and
    /// so are a child that is the same in all cities and a second component as large as the first, with which neither comes
    /// first. Needs the feature `components`.
    #[cfg(feature = "components")]
    FirstComponent,
    /// Weights for which each child's influence, its share in the sum of the children's correlations with the node, comes
    /// nearest to its importance, its share in the framework's weights. Never negative. For arithmetic means. A child that runs
    /// against its siblings as a whole is an error.
    ///
    /// Reference: Becker, Saisana, Paruolo and Vandecasteele (2017),
    /// [10.1016/j.ecolind.2017.03.056](https://doi.org/10.1016/j.ecolind.2017.03.056).
    Balanced,
    /// Benefit of the doubt: each city has the weights that give it the highest score, `max sum w z` with
    /// `sum w z_k <= 1` for every city `k` of the fit and `w >= 0`. Scores of 1 lie on the frontier; a new city can pass it.
    /// Brings its own aggregation; takes scores of 0 or more. Each city's weights: [`Scores::weight`](crate::Scores::weight).
    ///
    /// With limits, each child's share `w z / sum w z` lies between them. Cities with gaps do not set the frontier; a city's own
    /// gaps are left out of its program. A score of 0 can hold no share: where limits ask for one, the city has no result, and a fit
    /// says so; use a scale that starts above 0. Pitfall: without limits a city can hide all but its best child.
    ///
    /// Reference: Cherchye, Moesen, Rogge and Van Puyenbroeck (2007),
    /// [10.1007/s11205-006-9029-7](https://doi.org/10.1007/s11205-006-9029-7).
    #[doc(alias = "DEA")]
    BenefitOfTheDoubt {
        /// The lowest and highest share of a child in the score, from 0 to 1.
        shares: Option<(f64, f64)>,
    },
}

impl Weighting {
    /// Whether it needs the cities of a fit.
    pub(crate) fn is_learned(&self) -> bool {
        !matches!(self, Self::Framework | Self::Equal | Self::Set(_))
    }

    /// Whether each city has weights of its own.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self, Self::BenefitOfTheDoubt { .. })
    }

    /// What is wrong with it, for a framework.
    pub(crate) fn faults(&self, framework: &Framework) -> Vec<Fault> {
        match self {
            Self::Set(set) => set.faults(framework),
            Self::BenefitOfTheDoubt { shares: Some((low, high)) } => {
                let range = |name, value: f64, least: f64| {
                    let fault = Fault::Parameter { name, value, need: "from 0 to 1, and not below the lowest" };
                    (!(least..=1.0).contains(&value)).then_some(fault)
                };
                let low_fault = range("the lowest share of a child", *low, 0.0);
                let high_fault =
                    range("the highest share of a child", *high, if low_fault.is_none() { *low } else { 0.0 });
                [low_fault, high_fault].into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The weights of the children: finite, 0 or more, and adding up to 1; or all 0 where all that were given are.
    pub(crate) fn fit(&self, siblings: &Siblings<'_>) -> Result<Vec<f64>, Fault> {
        let k = siblings.framework.len();
        if k == 1 && self.is_learned() {
            return Ok(vec![1.0]);
        }
        match self {
            Self::Framework => Ok(normalised(&siblings.framework)),
            Self::Equal | Self::BenefitOfTheDoubt { .. } => Ok(vec![1.0 / k as f64; k]),
            Self::Set(set) => {
                let own = siblings.codes.iter().zip(&siblings.framework);
                Ok(normalised(&own.map(|(code, &w)| set.weight(code).unwrap_or(w)).collect::<Vec<_>>()))
            }
            Self::Entropy => objective::entropy(siblings),
            Self::Critic => objective::critic(siblings, true),
            Self::CriticUndirected => objective::critic(siblings, false),
            Self::StandardDeviation => objective::standard_deviation(siblings),
            Self::Gini => objective::gini(siblings),
            Self::Merec => objective::merec(siblings),
            Self::Cilos => objective::cilos(siblings),
            Self::Idocriw => objective::idocriw(siblings),
            Self::Lopcow => objective::lopcow(siblings),
            #[cfg(feature = "components")]
            Self::PrincipalComponents => components::explained_variance(siblings),
            #[cfg(feature = "components")]
            Self::FirstComponent => components::first(siblings),
            Self::Balanced => balanced::balanced(siblings),
        }
    }
}

/// Weights that add up to 1; themselves where all are 0.
fn normalised(weights: &[f64]) -> Vec<f64> {
    let mut weights = weights.to_vec();
    normalise(&mut weights);
    weights
}

/// Makes weights add up to 1; leaves them where all are 0.
pub(crate) fn normalise(weights: &mut [f64]) {
    // Divided by the largest first, because a sum of large weights can overflow.
    let largest = largest(weights);
    if largest > 0.0 {
        for w in &mut *weights {
            *w /= largest;
        }
        let total: f64 = weights.iter().sum();
        for w in weights {
            *w /= total;
        }
    }
}

/// The largest number, or 0 where none is positive; in lanes, since the order does not matter.
fn largest(weights: &[f64]) -> f64 {
    let mut most = [0.0; 4];
    let larger = |most: f64, w: f64| if w > most { w } else { most };
    let chunks = weights.chunks_exact(most.len());
    let rest = chunks.remainder().iter().fold(0.0, |most, &w| larger(most, w));
    for chunk in chunks {
        for (most, &w) in most.iter_mut().zip(chunk) {
            *most = larger(*most, w);
        }
    }
    most.into_iter().fold(rest, larger)
}

impl fmt::Display for Weighting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Framework => "the framework's, rescaled over what is known",
            Self::Equal => "equal among the children of a node, rescaled over what is known",
            Self::Set(set) => return write!(f, "{set}, rescaled over what is known"),
            Self::Entropy => "entropy",
            Self::Critic => "CRITIC",
            Self::CriticUndirected => "CRITIC without directions (pymcdm)",
            Self::StandardDeviation => "standard deviation",
            Self::Gini => "Gini coefficient",
            Self::Merec => "MEREC",
            Self::Cilos => "CILOS",
            Self::Idocriw => "IDOCRIW",
            Self::Lopcow => "LOPCOW",
            #[cfg(feature = "components")]
            Self::PrincipalComponents => "principal components, by explained variance",
            #[cfg(feature = "components")]
            Self::FirstComponent => "first principal component",
            Self::Balanced => "balanced: influence as near to the framework's weights as can be",
            Self::BenefitOfTheDoubt { shares: None } => "benefit of the doubt",
            Self::BenefitOfTheDoubt { shares: Some((low, high)) } => {
                return write!(f, "benefit of the doubt, each share from {low} to {high}");
            }
        })
    }
}
