//! Step 6, second half: bringing the children of a node together in one score.

mod borda;
mod copeland;
mod grey;
mod learned;
mod mean;
mod plain;
mod promethee;
mod ratio;
mod reference;
mod row;
mod sorted;
mod topsis;
mod vikor;
mod wroclaw;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Fault;

pub(crate) use learned::Learned;
pub(crate) use mean::{Gaps, Sums};
pub use promethee::Preference;
pub(crate) use vikor::compromise;

/// How the scores of a node's children become the node's score: higher is always better.
///
/// All are taken over the children that are known, with their weights rescaled; a child of weight 0 counts for coverage
/// and for nothing else. In the formulas `z` is a child's score, `w` its weight, and the weights add up to 1; `best` and
/// `worst` are a child's extremes among the cities of the fit.
///
/// **What they take.** Means and most others take scores on one common scale. VIKOR, MOORA, MULTIMOORA, EDAS, MARCOS and
/// COPRAS normalise by themselves and take raw values with directions: [`Normalisation::Raw`](crate::Normalisation::Raw)
/// for indicators; the scores of measures under them are taken as they are. PROMETHEE, Borda and Copeland take either. What does not fit is a typed error, never a
/// silent mixture of scales.
///
/// **Frozen.** Methods that compare cities learn what they need from the cities of the fit and keep it, so that a city's score
/// depends on its own figures alone, and a new city changes nobody's. [`Aggregation::rank_reversal`] says whether fitting
/// anew with another city can change the order of the others.
///
/// **Their own values** (distances, flows, S, R and Q, ...) are in [`Scores::details`](crate::Scores::details).
///
/// ```
/// use longspring::{Aggregation, Method};
///
/// // a geometric mean between the measures, arithmetic means within them
/// let method = Method::new().aggregation_at(0, Aggregation::Geometric);
/// # assert_eq!(method.aggregation.to_string(), "arithmetic mean; at depth 0: geometric mean");
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6 (pp. 102-105),
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aggregation {
    /// `sum w z`: what is lacking in one child is made up for by another in full.
    #[default]
    #[doc(alias = "linear")]
    #[doc(alias = "additive")]
    Arithmetic,
    /// `exp(sum w ln z)`: a low score is made up for only in part. Every score must be above 0: one that is not is an error
    /// when the composite is fitted; of a city scored later, such as one far below the sample, the node and what stands
    /// above it are [not computed](crate::Missing::NotComputed). [`Outside::Clip`](crate::Outside::Clip) prevents that.
    Geometric,
    /// `1 / sum (w / z)`: lower still. Every score must be above 0, as for the geometric mean.
    Harmonic,
    /// `(sum w z^p)^(1/p)`: 1 is the arithmetic and -1 the harmonic mean; the lower the exponent, the more the worst
    /// child counts. Scores must not be below 0, and with a negative exponent must be above 0.
    #[doc(alias = "generalised mean")]
    Power {
        /// The exponent `p`: finite, and not 0 (that is the geometric mean).
        exponent: f64,
    },
    /// The weighted median: half of the weight lies at or below it, and half at or above; between two scores, their mean.
    /// Use: one odd child changes nothing. Pitfall: neither do most improvements.
    Median,
    /// The lowest score of a child that has a weight: nothing makes up for it.
    Minimum,
    /// Ordered weighted average: scores from best to worst, each with the rise `(W + w)^a - W^a` over its weight `w`, `W` being
    /// the weight of those before it. 1 is the arithmetic mean; above 1 the worse children count more, below 1 the better.
    ///
    /// Reference: Yager (1996), *Quantifier guided aggregation using OWA operators*, International Journal of Intelligent
    /// Systems 11, 49-73.
    #[doc(alias = "ordered weighted average")]
    Owa {
        /// The exponent `a`; above 0.
        exponent: f64,
    },
    /// Mazziotta-Pareto index: `M - S^2 / M` (or plus), with mean `M` and sample variance `S^2` of the children's scores, on
    /// z-scores with mean 100 and standard deviation 10. Imbalance is punished. Weighted, the variance is
    /// `sum w (z - M)^2 n / (n - 1)`. A mean that is not above 0 has no score. Pitfall: where children are very uneven, a
    /// better best one can lower it.
    ///
    /// Reference: Mazziotta and Pareto (2016), *On a generalized non-compensatory composite index for measuring
    /// socio-economic phenomena*, Social Indicators Research 127, 983-1003.
    #[doc(alias = "MPI")]
    MazziottaPareto {
        /// Whether imbalance lowers or raises the score.
        penalty: Penalty,
    },
    /// Adjusted Mazziotta-Pareto index: the same with the variance of the whole (divisor `n`), on
    /// [`Normalisation::AroundReference`](crate::Normalisation::AroundReference). Comparable over time.
    #[doc(alias = "AMPI")]
    AdjustedMazziottaPareto {
        /// Whether imbalance lowers or raises the score.
        penalty: Penalty,
    },
    /// `1 - d / (m + 2 s)`, with the distance `d = sqrt(sum w (z - best)^2)` and its mean `m` and sample standard deviation
    /// `s` among the cities of the fit: the Wroclaw taxonomic method (Hellwig's development measure). Its own value, less being
    /// better, is `d / (m + 2 s)`.
    #[doc(alias = "Hellwig")]
    Wroclaw,
    /// `d- / (d+ + d-)`, with the distances `d+ = sqrt(sum (w (z - best))^2)` and `d-` to the worst: from 0 to 1. A child that
    /// is the same everywhere adds nothing; if all are, there is an error. A new city beyond the best has no distance to it.
    ///
    /// Reference: Hwang and Yoon (1981), *Multiple Attribute Decision Making*, chapter III,
    /// [10.1007/978-3-642-48318-9](https://doi.org/10.1007/978-3-642-48318-9).
    Topsis,
    /// `1 - Q`, `Q = v (S - S*) / (S- - S*) + (1 - v) (R - R*) / (R- - R*)`, with the sum `S` and the largest `R` of the
    /// regrets `w (best - x) / (best - worst)`, and their lowest (`*`) and highest (`-`) among the cities of the fit. Takes raw
    /// values. `S`, `R`, `Q` and the compromise set are details. A term whose ends are the same is 0. A new
    /// city beyond those of the fit can score below 0 or above 1.
    ///
    /// Reference: Opricovic and Tzeng (2004), [10.1016/S0377-2217(03)00020-1](https://doi.org/10.1016/S0377-2217(03)00020-1).
    Vikor {
        /// The weight of what most children say, from 0 to 1; usually 0.5.
        v: f64,
    },
    /// The net flow: `sum w (mean preference of the city to the others - mean preference of the others to it)`, from -1 to 1.
    /// In each child a city is compared with the cities of the fit that are known there. Thresholds are in units of the
    /// children's scores. Beyond the cities of the fit a new city can pass 1 by `1 / (n - 1)`.
    ///
    /// All preferences but the Gaussian take `O(n log n)` time. Reference: Brans and Vincke (1985),
    /// [10.1287/mnsc.31.6.647](https://doi.org/10.1287/mnsc.31.6.647).
    PrometheeII {
        /// How a lead becomes a preference.
        preference: Preference,
    },
    /// `sum w x / length` of the benefits less that of the costs, with the root of the sum of squares of each column as its
    /// length: the ratio system of MOORA. Takes raw values.
    ///
    /// Reference: Brauers and Zavadskas (2006), *The MOORA method and its application to privatization in a transition economy*,
    /// Control and Cybernetics 35, 445-469.
    Moora,
    /// How many cities of the fit are beaten in at least two of three results, less how many beat it so: the ratio system,
    /// the reference point (the largest weighted distance to the best) and the full multiplicative form (`prod x^w` of the
    /// benefits over that of the costs). The three are details, with a ranking each. Takes raw values above 0. A new city
    /// beyond the best has no distance to it.
    ///
    /// Reference: Brauers and Zavadskas (2010), *Project management by MULTIMOORA as an instrument for transition economies*,
    /// Technological and Economic Development of Economy 16, 5-24, [10.3846/tede.2010.01](https://doi.org/10.3846/tede.2010.01).
    MultiMoora,
    /// `l sum w z + (1 - l) prod z^w`, on ratios such as [`Normalisation::LinearRatio`](crate::Normalisation::LinearRatio).
    /// Every score must be above 0.
    ///
    /// Reference: Zavadskas, Turskis, Antucheviciene and Zakarevicius (2012), *Optimization of weighted aggregated sum product
    /// assessment*, Elektronika ir Elektrotechnika 122, 3-6.
    Waspas {
        /// The share `l` of the weighted sum, from 0 to 1; usually 0.5.
        lambda: f64,
    },
    /// The mean of `P / max P` and `1 - N / max N`, with the weighted sums `P` and `N` of what a city is better and worse than
    /// the average, as shares of the average. Takes raw values with an average above 0.
    ///
    /// Reference: Keshavarz Ghorabaee, Zavadskas, Olfat and Turskis (2015), *Multi-criteria inventory classification using a new
    /// method of evaluation based on distance from average solution (EDAS)*, Informatica 26, 435-451.
    Edas,
    /// Utility against the best and the worst: with `S = sum w x / best` (costs `best / x`), `K+ = S`,
    /// `K- = S / S(worst)`, the utility function of both. Takes raw values above 0.
    ///
    /// Reference: Stevic, Pamucar, Puska and Chatterjee (2020), [10.1016/j.cie.2019.106231](https://doi.org/10.1016/j.cie.2019.106231).
    Marcos,
    /// `100 Q / max Q`, `Q = S+ + sum S- / (S- sum (1 / S-))`, with the sums `S+` of the benefits' and `S-` of the costs'
    /// weighted shares in their columns. A higher cost lowers the score, unlike in some implementations. Takes raw values:
    /// benefits of 0 or more, costs above 0.
    ///
    /// Reference: Zavadskas, Kaklauskas and Sarka (1994), *The new method of multicriteria complex proportional assessment of
    /// projects*, Technological and Economic Development of Economy 1, 131-139.
    Copras,
    /// `1 - d`, `d = sum w (high - z) / (high - low)` on a scale with two ends: the stable preference ordering towards the
    /// ideal. With goalposts it cannot reverse ranks.
    ///
    /// Reference: Dezert, Tchamova, Han and Tacnet (2020), *The SPOTIS rank reversal free method for multi-criteria
    /// decision-making support*, FUSION 2020.
    Spotis,
    /// `sum w z D / (best - x + z D)`, with the largest gap `D` to the best anywhere: the grey relational grade. Better than
    /// the best that was known counts as the best.
    ///
    /// Reference: Deng (1982), [10.1016/S0167-6911(82)80025-X](https://doi.org/10.1016/S0167-6911(82)80025-X).
    Grey {
        /// The distinguishing coefficient: above 0 and at most 1; usually 0.5.
        zeta: f64,
    },
    /// `(n - 1) sum w b`, with the share `b` of the cities of the fit that are worse in a child, ties counting half: from 0 to
    /// `n - 1`. Takes any values.
    Borda,
    /// Duels won less duels lost against the cities of the fit: a duel is won by the city that is better in children of more
    /// weight; gaps do not count. Sums of weights within 1e-12 of one another are equal. Takes any values, and time in
    /// proportion to the square of the number of cities.
    Copeland,
    /// `sqrt(C T)`, with the coupling `C = n (prod u)^(1/n) / sum u` and the coordination index `T = sum w u` of scores from 0 to
    /// 1: the degree to which measures advance together. Coupling and index are details. Pitfall: a better best child can
    /// lower the coupling.
    #[doc(alias = "CCD")]
    CouplingCoordination,
}

/// What imbalance between the children does to a Mazziotta-Pareto index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// It lowers the score: for what is good, the more the better.
    #[default]
    Downward,
    /// It raises the score: for indices of deprivation.
    Upward,
}

/// Whether a method lets the presence of one city change the order of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RankReversal {
    /// Never: a city's score is made of its own children's scores alone.
    Never,
    /// Only by fitting anew: what is learned from the cities moves with them. On a composite that stands, never.
    WhenRefitted,
}

/// What an aggregation takes from the indicators under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputKind {
    /// Scores on one common scale.
    Normalised,
    /// Raw values with directions.
    Raw,
    /// Both.
    Any,
}

impl Aggregation {
    /// What is wrong with the parameters.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let need = |name, value: f64, good: bool, need| {
            let fault = Fault::Parameter { name, value, need };
            if value.is_finite() && good { Vec::new() } else { vec![fault] }
        };
        match *self {
            Self::Power { exponent } => need(
                "the exponent of the power mean",
                exponent,
                exponent != 0.0,
                "a finite number other than 0 (at 0 it is the geometric mean)",
            ),
            Self::Owa { exponent } => need(
                "the exponent of the ordered weighted average",
                exponent,
                exponent > 0.0,
                "a finite number above 0",
            ),
            Self::Vikor { v } => need("the v of VIKOR", v, (0.0..=1.0).contains(&v), "from 0 to 1"),
            Self::Waspas { lambda } => {
                need("the lambda of WASPAS", lambda, (0.0..=1.0).contains(&lambda), "from 0 to 1")
            }
            Self::Grey { zeta } => {
                need("the zeta of the grey relational grade", zeta, zeta > 0.0 && zeta <= 1.0, "above 0 and at most 1")
            }
            Self::PrometheeII { preference } => preference.faults(),
            _ => Vec::new(),
        }
    }

    /// Whether the presence of one city can change the order of others.
    #[must_use]
    pub fn rank_reversal(&self) -> RankReversal {
        match self {
            Self::Arithmetic
            | Self::Geometric
            | Self::Harmonic
            | Self::Power { .. }
            | Self::Median
            | Self::Minimum
            | Self::Owa { .. }
            | Self::MazziottaPareto { .. }
            | Self::AdjustedMazziottaPareto { .. }
            | Self::Waspas { .. }
            | Self::Spotis
            | Self::CouplingCoordination => RankReversal::Never,
            _ => RankReversal::WhenRefitted,
        }
    }

    /// Whether a better child never lowers the score: where imbalance counts, it can.
    pub(crate) fn is_monotone(&self) -> bool {
        !matches!(
            self,
            Self::MazziottaPareto { .. } | Self::AdjustedMazziottaPareto { .. } | Self::CouplingCoordination
        )
    }

    /// Whether it has a state of its own, learned or not; the means have none.
    pub(crate) fn is_learned(&self) -> bool {
        !matches!(self, Self::Arithmetic | Self::Geometric | Self::Harmonic | Self::Power { .. })
    }

    pub(crate) fn input(&self) -> InputKind {
        match self {
            Self::Vikor { .. } | Self::Moora | Self::MultiMoora | Self::Edas | Self::Marcos | Self::Copras => {
                InputKind::Raw
            }
            Self::PrometheeII { .. } | Self::Borda | Self::Copeland => InputKind::Any,
            _ => InputKind::Normalised,
        }
    }

    /// The scale of the node's score: none where it is that of the children; else its ends, where it has some.
    #[expect(clippy::option_option, reason = "a scale of its own, and its ends, are two questions")]
    pub(crate) fn own_scale(&self) -> Option<Option<(f64, f64)>> {
        match self {
            Self::Topsis | Self::Spotis | Self::CouplingCoordination | Self::Grey { .. } => Some(Some((0.0, 1.0))),
            Self::Arithmetic
            | Self::Geometric
            | Self::Harmonic
            | Self::Power { .. }
            | Self::Median
            | Self::Minimum
            | Self::Owa { .. }
            | Self::MazziottaPareto { .. }
            | Self::AdjustedMazziottaPareto { .. }
            | Self::Waspas { .. } => None,
            _ => Some(None),
        }
    }

    /// Whether a child's score can be taken.
    pub(crate) fn takes(&self, score: f64) -> bool {
        match *self {
            Self::Geometric | Self::Harmonic | Self::Waspas { .. } => score > 0.0,
            Self::Power { exponent } if exponent < 0.0 => score > 0.0,
            Self::Power { .. } => score >= 0.0,
            Self::CouplingCoordination => (0.0..=1.0).contains(&score),
            _ => true,
        }
    }

    /// Which scores can be taken, in words.
    pub(crate) fn need(&self) -> &'static str {
        match *self {
            Self::Power { exponent } if exponent > 0.0 => {
                "every score must be 0 or more: normalise to a scale without negative scores"
            }
            Self::CouplingCoordination => "every score must be from 0 to 1: normalise to 0..1",
            _ => "every score must be above 0: normalise to a scale that starts above 0, such as 1 to 100",
        }
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let penalty = |penalty: &Penalty| match penalty {
            Penalty::Downward => "imbalance lowers",
            Penalty::Upward => "imbalance raises",
        };
        match self {
            Self::Arithmetic => f.pad("arithmetic mean"),
            Self::Geometric => f.pad("geometric mean"),
            Self::Harmonic => f.pad("harmonic mean"),
            Self::Power { exponent } => write!(f, "power mean with exponent {exponent}"),
            Self::Median => f.pad("median"),
            Self::Minimum => f.pad("minimum"),
            Self::Owa { exponent } => write!(f, "ordered weighted average with exponent {exponent}"),
            Self::MazziottaPareto { penalty: p } => write!(f, "Mazziotta-Pareto index, {}", penalty(p)),
            Self::AdjustedMazziottaPareto { penalty: p } => {
                write!(f, "adjusted Mazziotta-Pareto index, {}", penalty(p))
            }
            Self::Wroclaw => f.pad("Wroclaw distance"),
            Self::Topsis => f.pad("TOPSIS"),
            Self::Vikor { v } => write!(f, "VIKOR with v = {v}"),
            Self::PrometheeII { preference } => write!(f, "PROMETHEE II ({preference})"),
            Self::Moora => f.pad("MOORA"),
            Self::MultiMoora => f.pad("MULTIMOORA"),
            Self::Waspas { lambda } => write!(f, "WASPAS with lambda = {lambda}"),
            Self::Edas => f.pad("EDAS"),
            Self::Marcos => f.pad("MARCOS"),
            Self::Copras => f.pad("COPRAS"),
            Self::Spotis => f.pad("SPOTIS"),
            Self::Grey { zeta } => write!(f, "grey relational grade with zeta = {zeta}"),
            Self::Borda => f.pad("Borda count"),
            Self::Copeland => f.pad("weighted Copeland"),
            Self::CouplingCoordination => f.pad("coupling coordination degree"),
        }
    }
}
