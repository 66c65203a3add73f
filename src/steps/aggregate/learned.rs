//! What an aggregation learned from the cities of the fit, and how it scores a block of cities with it.
//!
//! A method joins with a file of its own, a variant of [`Aggregation`], and a line each in [`Aggregation::learn`] and in the
//! three matches of [`Learned`].

use serde::{Deserialize, Serialize};

use super::borda::Borda;
use super::copeland::Copeland;
use super::grey::Grey;
use super::promethee::Promethee;
use super::ratio::{Copras, Edas, Marcos, Moora, MultiMoora};
use super::row::by_row;
use super::topsis::Topsis;
use super::vikor::Vikor;
use super::wroclaw::Wroclaw;
use super::{Aggregation, Penalty, plain};
use crate::error::Fault;
use crate::steps::siblings::Siblings;

/// What was learned, or only the parameters where a rule needs nothing from other cities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Learned {
    Median,
    Minimum,
    Ordered { exponent: f64 },
    MazziottaPareto { penalty: Penalty, sample: bool },
    Coupling,
    Waspas { lambda: f64 },
    Spotis { low: f64, high: f64 },
    Wroclaw(Wroclaw),
    Topsis(Topsis),
    Vikor(Vikor),
    Promethee(Promethee),
    Borda(Borda),
    Copeland(Copeland),
    Grey(Grey),
    Moora(Moora),
    MultiMoora(MultiMoora),
    Edas(Edas),
    Marcos(Marcos),
    Copras(Copras),
}

impl Aggregation {
    /// Learns from the children of a node; nothing for the means, which need nothing. `scale` is the one on which the
    /// children stand, where it has ends.
    pub(crate) fn learn(
        &self,
        siblings: &Siblings<'_>,
        weights: &[f64],
        scale: Option<(f64, f64)>,
    ) -> Result<Option<Learned>, Fault> {
        Ok(Some(match *self {
            Self::Arithmetic | Self::Geometric | Self::Harmonic | Self::Power { .. } => return Ok(None),
            Self::Median => Learned::Median,
            Self::Minimum => Learned::Minimum,
            Self::Owa { exponent } => Learned::Ordered { exponent },
            Self::MazziottaPareto { penalty } => Learned::MazziottaPareto { penalty, sample: true },
            Self::AdjustedMazziottaPareto { penalty } => Learned::MazziottaPareto { penalty, sample: false },
            Self::CouplingCoordination => Learned::Coupling,
            Self::Waspas { lambda } => Learned::Waspas { lambda },
            Self::Spotis => {
                let why = "it needs scores on a scale with two ends, such as goalposts or min-max";
                let (low, high) = scale.ok_or_else(|| siblings.fault("SPOTIS", None, why))?;
                Learned::Spotis { low, high }
            }
            Self::Wroclaw => Learned::Wroclaw(Wroclaw::learn(siblings, weights)?),
            Self::Topsis => Learned::Topsis(Topsis::learn(siblings, weights)?),
            Self::Vikor { v } => Learned::Vikor(Vikor::learn(siblings, weights, v)?),
            Self::PrometheeII { preference } => Learned::Promethee(Promethee::learn(siblings, weights, preference)?),
            Self::Borda => Learned::Borda(Borda::learn(siblings, weights)?),
            Self::Copeland => Learned::Copeland(Copeland::learn(siblings, weights)?),
            Self::Grey { zeta } => Learned::Grey(Grey::learn(siblings, weights, zeta)?),
            Self::Moora => Learned::Moora(Moora::learn(siblings, weights, "MOORA")?),
            Self::MultiMoora => Learned::MultiMoora(MultiMoora::learn(siblings, weights)?),
            Self::Edas => Learned::Edas(Edas::learn(siblings, weights)?),
            Self::Marcos => Learned::Marcos(Marcos::learn(siblings, weights)?),
            Self::Copras => Learned::Copras(Copras::learn(siblings, weights)?),
        }))
    }
}

impl Learned {
    /// Whether it is a rule for each city by itself that has a result for any scores: other weights need no new fit then.
    pub(crate) fn is_rule(&self) -> bool {
        matches!(self, Self::Median | Self::Minimum | Self::Ordered { .. } | Self::Spotis { .. })
    }

    /// Writes the scores of a block of cities, given the columns of their children: NaN where fewer than `need` are known,
    /// all known ones have weight 0, or the method has no result. Gives whether every city has a score.
    pub(crate) fn score_block(&self, children: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        match self {
            Self::Topsis(learned) => learned.score_block(children, weights, need, out),
            Self::Copeland(learned) => learned.score_block(children, weights, need, out),
            Self::Promethee(learned) => learned.score_block(children, weights, need, out),
            Self::Vikor(learned) => learned.score_block(children, weights, need, out),
            _ => by_row(children, weights, need, out, |row, weights| self.score(row, weights)),
        }
    }

    /// The score of one city: higher is better.
    fn score(&self, row: &[f64], weights: &[f64]) -> f64 {
        match self {
            Self::Median => plain::median(row, weights),
            Self::Minimum => plain::minimum(row, weights),
            Self::Ordered { exponent } => plain::ordered(row, weights, *exponent),
            Self::MazziottaPareto { penalty, sample } => {
                plain::mazziotta_pareto(row, weights, *penalty == Penalty::Downward, *sample)
            }
            Self::Coupling => plain::coupling(row, weights).2,
            Self::Waspas { lambda } => plain::waspas(row, weights, *lambda).2,
            Self::Spotis { low, high } => 1.0 - plain::spotis(row, weights, (*low, *high)),
            Self::Wroclaw(learned) => learned.score(row, weights),
            Self::Topsis(learned) => learned.score(row, weights),
            Self::Vikor(learned) => learned.score(row, weights),
            Self::Promethee(learned) => learned.score(row, weights),
            Self::Borda(learned) => learned.score(row, weights),
            Self::Copeland(learned) => learned.score(row, weights),
            Self::Grey(learned) => learned.score(row, weights),
            Self::Moora(learned) => learned.score(row, weights),
            Self::MultiMoora(learned) => learned.score(row, weights),
            Self::Edas(learned) => learned.score(row, weights),
            Self::Marcos(learned) => learned.score(row, weights),
            Self::Copras(learned) => learned.score(row, weights),
        }
    }

    /// The method's own values of one city, by name; none where it has no others than its score.
    pub(crate) fn details(&self, row: &[f64], weights: &[f64]) -> Vec<(&'static str, f64)> {
        match self {
            Self::Coupling => {
                let (coupling, level, _) = plain::coupling(row, weights);
                vec![("coupling", coupling), ("coordination index", level)]
            }
            Self::Waspas { lambda } => {
                let (sum, product, _) = plain::waspas(row, weights, *lambda);
                vec![("weighted sum", sum), ("weighted product", product)]
            }
            Self::Spotis { low, high } => vec![("distance to the ideal", plain::spotis(row, weights, (*low, *high)))],
            Self::Wroclaw(learned) => learned.details(row, weights),
            Self::Topsis(learned) => learned.details(row, weights),
            Self::Vikor(learned) => learned.details(row, weights),
            Self::Promethee(learned) => learned.details(row, weights),
            Self::Copeland(learned) => learned.details(row, weights),
            Self::MultiMoora(learned) => learned.details(row, weights),
            Self::Edas(learned) => learned.details(row, weights),
            Self::Marcos(learned) => learned.details(row, weights),
            Self::Copras(learned) => learned.details(row, weights),
            Self::Median
            | Self::Minimum
            | Self::Ordered { .. }
            | Self::MazziottaPareto { .. }
            | Self::Borda(_)
            | Self::Grey(_)
            | Self::Moora(_) => Vec::new(),
        }
    }

    /// Whether less is better in a value of [`Learned::details`].
    pub(crate) fn less_is_better(detail: &str) -> bool {
        [
            "S",
            "R",
            "Q",
            "distance to the best",
            "distance to the best, relative",
            "distance to the ideal",
            "entering flow",
            "duels lost",
            "reference point",
            "below average",
            "costs",
        ]
        .contains(&detail)
    }

    /// Whether it is what an aggregation learns.
    pub(crate) fn is_of(&self, aggregation: &Aggregation) -> bool {
        use Aggregation as A;
        match (self, aggregation) {
            (Self::Ordered { exponent: own }, A::Owa { exponent }) => own == exponent,
            (Self::Waspas { lambda: own }, A::Waspas { lambda }) => own == lambda,
            (Self::MazziottaPareto { penalty: own, sample: true }, A::MazziottaPareto { penalty })
            | (Self::MazziottaPareto { penalty: own, sample: false }, A::AdjustedMazziottaPareto { penalty }) => {
                own == penalty
            }
            (Self::Vikor(own), A::Vikor { v }) => own.has(*v),
            (Self::Promethee(own), A::PrometheeII { preference }) => own.has(*preference),
            (Self::Grey(own), A::Grey { zeta }) => own.has(*zeta),
            (Self::Median, A::Median)
            | (Self::Minimum, A::Minimum)
            | (Self::Coupling, A::CouplingCoordination)
            | (Self::Spotis { .. }, A::Spotis)
            | (Self::Wroclaw(_), A::Wroclaw)
            | (Self::Topsis(_), A::Topsis)
            | (Self::Borda(_), A::Borda)
            | (Self::Copeland(_), A::Copeland)
            | (Self::Moora(_), A::Moora)
            | (Self::MultiMoora(_), A::MultiMoora)
            | (Self::Edas(_), A::Edas)
            | (Self::Marcos(_), A::Marcos)
            | (Self::Copras(_), A::Copras) => true,
            _ => false,
        }
    }

    /// Whether a stored state, sound for its children, goes with what they are: whether their scores are negated raw values,
    /// their weights, and the ends of their scale.
    pub(crate) fn fits(&self, lower: &[bool], weights: &[f64], ends: Option<(f64, f64)>) -> bool {
        match self {
            Self::Spotis { low, high } => ends == Some((*low, *high)),
            Self::MultiMoora(learned) => learned.fits(lower, weights),
            Self::Marcos(learned) => learned.fits(lower, weights),
            Self::Copras(learned) => learned.fits(lower),
            _ => true,
        }
    }

    /// Whether a stored state can be used for so many children.
    pub(crate) fn is_sound(&self, children: usize) -> bool {
        match self {
            Self::Median | Self::Minimum | Self::MazziottaPareto { .. } | Self::Coupling => true,
            Self::Ordered { exponent } => exponent.is_finite() && *exponent > 0.0,
            Self::Waspas { lambda } => (0.0..=1.0).contains(lambda),
            Self::Spotis { low, high } => low.is_finite() && high.is_finite() && low < high,
            Self::Wroclaw(learned) => learned.is_sound(children),
            Self::Topsis(learned) => learned.is_sound(children),
            Self::Vikor(learned) => learned.is_sound(children),
            Self::Promethee(learned) => learned.is_sound(children),
            Self::Borda(learned) => learned.is_sound(children),
            Self::Copeland(learned) => learned.is_sound(children),
            Self::Grey(learned) => learned.is_sound(children),
            Self::Moora(learned) => learned.is_sound(children),
            Self::MultiMoora(learned) => learned.is_sound(children),
            Self::Edas(learned) => learned.is_sound(children),
            Self::Marcos(learned) => learned.is_sound(children),
            Self::Copras(learned) => learned.is_sound(children),
        }
    }
}
