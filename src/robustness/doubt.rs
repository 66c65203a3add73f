//! What one is not sure of, as typed values.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::{Fault, What, nearest};
use crate::framework::{Framework, Kind};
use crate::observations::Status;
use crate::plan::Plan;
use crate::steps::aggregate::Aggregation;
use crate::steps::impute::Imputation;
use crate::steps::normalise::Normalisation;
use crate::steps::treat::Treatment;
use crate::steps::weight::{WeightSet, Weighting};

/// Something that one is not sure of when cities are scored: a simulation draws from it in every run.
///
/// Doubts are combined freely; each run draws from every doubt independently. Of alternatives each is as likely as the others;
/// the method's own choice is among them only if it is named. Give one that is likelier several times.
///
/// ```
/// use longspring::{Aggregation, Doubt, Normalisation, WeightSpread};
///
/// let doubts = [
///     Doubt::weights(WeightSpread::Within { share: 0.25 }),
///     Doubt::normalisation([Normalisation::MinMax { low: 1.0, high: 100.0 }, Normalisation::PercentileRank]),
///     Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Geometric]),
/// ];
/// assert_eq!(doubts[0].to_string(), "weights: nominal plus or minus 25 %, rescaled");
/// ```
///
/// Reference: Saisana, Saltelli and Tarantola (2005), "Uncertainty and sensitivity analysis techniques as tools for the quality
/// assessment of composite indicators", [10.1111/j.1467-985X.2005.00350.x](https://doi.org/10.1111/j.1467-985X.2005.00350.x).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Doubt {
    /// The weights of the children of nodes.
    Weights {
        /// How they are drawn.
        spread: WeightSpread,
        /// The indices and measures whose children's weights are drawn; all, where none is named.
        nodes: BTreeSet<String>,
    },
    /// Where weights come from: alternatives, such as equal weights, those of experts, or learned ones.
    Weighting(Vec<Plan<Weighting>>),
    /// Alternative normalisations.
    Normalisation(Vec<Plan<Normalisation>>),
    /// Alternative aggregations.
    Aggregation(Vec<Plan<Aggregation>>),
    /// Alternative treatments of outliers.
    Treatment(Vec<Plan<Treatment>>),
    /// Alternative imputations.
    Imputation(Vec<Imputation>),
    /// Alternative shares of a node's children that must be known.
    Coverage(Vec<f64>),
    /// Nodes that might be left out, as if the framework did not have them (they count neither for scores nor for coverage).
    LeaveOut {
        /// The indicators or measures.
        nodes: Vec<String>,
        /// Which of them are left out together.
        how: LeaveOut,
    },
    /// Figures are measured with an error.
    Measurement(MeasurementError),
    /// Which table is right: alternatives, such as the cuts of several years. They must have the same cities.
    Table(Vec<Dataset>),
}

/// How weights are drawn.
///
/// Weights that a city has for missing children go to the others, in proportion, as ever. Several doubts about the same weights
/// act one after the other, in their order: each is drawn around what the one before gave, as a spread around the set of an
/// expert; [`WeightSpread::Uniform`] forgets what was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WeightSpread {
    /// Nothing is known of them: uniform over all weights that are 0 or more and add up to 1, the flat Dirichlet distribution.
    /// (Normalised uniform numbers would not be: they crowd the middle.)
    Uniform,
    /// The Dirichlet distribution around the nominal weights `w`, of parameters `concentration * w`: mean `w_j`, variance
    /// `w_j (1 - w_j) / (concentration + 1)`. A child of weight 0 keeps it.
    Dirichlet {
        /// How close to the nominal weights: 0.000001 or more.
        concentration: f64,
    },
    /// Each weight is multiplied by a factor uniform in `1 - share ..= 1 + share`, and all are then rescaled to add up to 1; so
    /// a weight may end somewhat further from the nominal one than `share`. (A [`WeightSpace`](crate::WeightSpace) bounds the
    /// weights themselves.)
    Within {
        /// From 0 to 1.
        share: f64,
    },
    /// One of several sets, such as those of experts or audiences, each as likely. A node of which a set
    /// names no child keeps its nominal weights; siblings of a child that it names, and that it does not name themselves, have
    /// the framework's weights beside it.
    Sets(Vec<WeightSet>),
}

/// Which nodes are left out together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeaveOut {
    /// One of them, or none: each of these as likely.
    OneAtATime,
    /// Each of them by itself, with this probability.
    AtRandom {
        /// From 0 to 1.
        probability: f64,
    },
}

/// By how much figures may be off.
///
/// The error of a figure is keyed by seed, doubt, run, city and series: it does not depend on the order of the cities, and denominators
/// are drawn once for all that they divide. Missing figures stay missing. An error that turns a denominator into 0 or less, or
/// a figure into one that a step cannot take, makes the run fail, which is reported.
///
/// ```
/// use longspring::{Doubt, ErrorShape, MeasurementError, Status};
///
/// let error = MeasurementError::relative(ErrorShape::Normal, 0.1).of_status([Status::LowReliability, Status::Estimated]);
/// assert_eq!(
///     Doubt::from(error).to_string(),
///     "measurement error: relative, normal with standard deviation 0.1, of status E, U"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MeasurementError {
    /// Whether `size` is a share of the figure (otherwise it is in the figure's unit).
    pub scale: ErrorScale,
    /// The distribution.
    pub shape: ErrorShape,
    /// Its spread: the standard deviation (of the logarithm, for the log-normal shape), or half the width of the uniform one.
    pub size: f64,
    /// The series that have the error; all, where none is named.
    pub series: BTreeSet<String>,
    /// The statuses of the figures that have the error; any, where none is named.
    pub statuses: BTreeSet<Status>,
}

/// Whether an error is a share of the figure or in its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorScale {
    /// `x (1 + e)`; under the log-normal shape `x exp(e)`.
    Relative,
    /// `x + e`.
    Absolute,
}

/// The distribution of a measurement error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorShape {
    /// Normal, mean 0.
    Normal,
    /// The logarithm of the factor is normal, mean 0: the median of the figure stays, and its sign. Relative only.
    LogNormal,
    /// Uniform about 0.
    Uniform,
}

impl MeasurementError {
    /// An error in proportion to the figure.
    #[must_use]
    pub fn relative(shape: ErrorShape, size: f64) -> Self {
        Self { scale: ErrorScale::Relative, shape, size, series: BTreeSet::new(), statuses: BTreeSet::new() }
    }

    /// An error in the figure's unit.
    #[must_use]
    pub fn absolute(shape: ErrorShape, size: f64) -> Self {
        Self { scale: ErrorScale::Absolute, ..Self::relative(shape, size) }
    }

    /// Of these indicators or context series only.
    #[must_use]
    pub fn of_series<S: Into<String>>(mut self, series: impl IntoIterator<Item = S>) -> Self {
        self.series.extend(series.into_iter().map(Into::into));
        self
    }

    /// Of figures of these statuses only; figures without provenance have none.
    #[must_use]
    pub fn of_status(mut self, statuses: impl IntoIterator<Item = Status>) -> Self {
        self.statuses.extend(statuses);
        self
    }
}

impl From<MeasurementError> for Doubt {
    fn from(error: MeasurementError) -> Self {
        Self::Measurement(error)
    }
}

impl Doubt {
    /// Doubt about all weights from the node that is simulated down to its indicators. To doubt the weights of its own children
    /// alone, name it in [`Doubt::weights_of`].
    #[must_use]
    pub fn weights(spread: WeightSpread) -> Self {
        Self::Weights { spread, nodes: BTreeSet::new() }
    }

    /// Doubt about the weights of the children of some indices or measures.
    #[must_use]
    pub fn weights_of<S: Into<String>>(nodes: impl IntoIterator<Item = S>, spread: WeightSpread) -> Self {
        Self::Weights { spread, nodes: nodes.into_iter().map(Into::into).collect() }
    }

    /// Doubt about where weights come from.
    #[must_use]
    pub fn weighting<T: Into<Plan<Weighting>>>(alternatives: impl IntoIterator<Item = T>) -> Self {
        Self::Weighting(alternatives.into_iter().map(Into::into).collect())
    }

    /// Doubt about the normalisation.
    #[must_use]
    pub fn normalisation<T: Into<Plan<Normalisation>>>(alternatives: impl IntoIterator<Item = T>) -> Self {
        Self::Normalisation(alternatives.into_iter().map(Into::into).collect())
    }

    /// Doubt about the aggregation.
    #[must_use]
    pub fn aggregation<T: Into<Plan<Aggregation>>>(alternatives: impl IntoIterator<Item = T>) -> Self {
        Self::Aggregation(alternatives.into_iter().map(Into::into).collect())
    }

    /// Doubt about the treatment of outliers.
    #[must_use]
    pub fn treatment<T: Into<Plan<Treatment>>>(alternatives: impl IntoIterator<Item = T>) -> Self {
        Self::Treatment(alternatives.into_iter().map(Into::into).collect())
    }

    /// Doubt about which nodes should count: one of them is left out, or none.
    #[must_use]
    pub fn leave_out_one<S: Into<String>>(nodes: impl IntoIterator<Item = S>) -> Self {
        Self::LeaveOut { nodes: nodes.into_iter().map(Into::into).collect(), how: LeaveOut::OneAtATime }
    }

    /// How many alternatives there are; none for what is drawn from a continuum.
    #[must_use]
    pub fn alternatives(&self) -> Option<usize> {
        match self {
            Self::Weights { spread: WeightSpread::Sets(sets), .. } => Some(sets.len()),
            Self::Weighting(all) => Some(all.len()),
            Self::Normalisation(all) => Some(all.len()),
            Self::Aggregation(all) => Some(all.len()),
            Self::Treatment(all) => Some(all.len()),
            Self::Imputation(all) => Some(all.len()),
            Self::Coverage(all) => Some(all.len()),
            Self::Table(all) => Some(all.len()),
            Self::LeaveOut { nodes, how: LeaveOut::OneAtATime } => Some(nodes.len() + 1),
            Self::Weights { .. } | Self::LeaveOut { .. } | Self::Measurement(_) => None,
        }
    }

    /// What is wrong with it, for a framework and its table.
    pub(super) fn faults(&self, framework: &Framework, cities: &Dataset) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut parameter = |bad: bool, name, value, need| {
            if bad {
                faults.push(Fault::Parameter { name, value, need });
            }
        };
        match self {
            Self::Weights { spread: WeightSpread::Dirichlet { concentration }, .. } => {
                // Below this, whole draws are below double precision.
                let bad = !(concentration.is_finite() && *concentration >= 1e-6);
                parameter(bad, "the concentration of weights", *concentration, "a finite number, 0.000001 or more");
            }
            Self::Weights { spread: WeightSpread::Within { share }, .. } => {
                parameter(!(0.0..=1.0).contains(share), "the spread of weights", *share, "from 0 to 1");
            }
            Self::LeaveOut { how: LeaveOut::AtRandom { probability }, .. } => {
                let bad = !(0.0..=1.0).contains(probability);
                parameter(bad, "the probability of being left out", *probability, "from 0 to 1");
            }
            Self::Measurement(error) => {
                let bad = !(error.size.is_finite() && error.size >= 0.0);
                parameter(bad, "the size of a measurement error", error.size, "a finite number, 0 or more");
                if error.shape == ErrorShape::LogNormal && error.scale == ErrorScale::Absolute {
                    faults.push(Fault::AbsoluteLogNormal);
                }
            }
            _ => {}
        }
        let empty = matches!(self, Self::LeaveOut { nodes, .. } if nodes.is_empty()) || self.alternatives() == Some(0);
        if empty {
            faults.push(Fault::NoAlternatives { doubt: self.name() });
        }
        let mut check = |code: &str, what: &'static str, fits: &dyn Fn(Kind) -> bool| match framework.node(code) {
            Ok(node) if fits(node.kind) => {}
            Ok(node) => faults.push(Fault::WrongKind { what, code: code.to_owned(), kind: node.kind }),
            Err(_) => {
                let known = framework.nodes().filter(|n| fits(n.kind)).map(|n| n.code.as_str());
                let nearest = nearest(code, known);
                faults.push(Fault::UnknownCode { what: What::Node, code: code.to_owned(), nearest, rows: 1 });
            }
        };
        match self {
            Self::Weights { nodes, .. } => {
                for code in nodes {
                    check(code, "have weights under it, for it has no children", &|kind| !kind.is_series());
                }
            }
            Self::LeaveOut { nodes, .. } => {
                for code in nodes {
                    check(code, "be left out, for it counts nowhere", &|kind| kind != Kind::Context);
                }
            }
            Self::Measurement(error) => {
                for code in &error.series {
                    check(code, "have a measurement error, for it has no figures", &Kind::is_series);
                }
            }
            Self::Table(tables) => {
                for table in tables {
                    let lost = cities.cities().find(|&key| table.find_city(key).is_err());
                    let more = table.cities().find(|&key| cities.find_city(key).is_err());
                    if let Some(city) = lost.or(more) {
                        faults.push(Fault::OtherCities { city: city.to_owned() });
                    }
                }
            }
            _ => {}
        }
        if let Self::Weights { spread: WeightSpread::Sets(sets), .. } = self {
            faults.extend(sets.iter().flat_map(|set| Weighting::Set(set.clone()).faults(framework)));
        }
        faults
    }

    /// What it is about.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Weights { .. } => "weights",
            Self::Weighting(_) => "weighting",
            Self::Normalisation(_) => "normalisation",
            Self::Aggregation(_) => "aggregation",
            Self::Treatment(_) => "treatment",
            Self::Imputation(_) => "imputation",
            Self::Coverage(_) => "coverage",
            Self::LeaveOut { .. } => "left out",
            Self::Measurement(_) => "measurement error",
            Self::Table(_) => "table",
        }
    }
}

/// One line.
impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, all: &[T], between: &str) -> fmt::Result {
            all.iter().enumerate().try_for_each(|(i, one)| write!(f, "{}{one}", if i == 0 { "" } else { between }))
        }
        write!(f, "{}: ", self.name())?;
        match self {
            Self::Weights { spread, nodes } => {
                write!(f, "{spread}")?;
                for (i, node) in nodes.iter().enumerate() {
                    write!(f, "{}{node}", if i == 0 { ", of " } else { ", " })?;
                }
                Ok(())
            }
            Self::Weighting(all) => list(f, all, " or "),
            Self::Normalisation(all) => list(f, all, " or "),
            Self::Aggregation(all) => list(f, all, " or "),
            Self::Treatment(all) => list(f, all, " or "),
            Self::Imputation(all) => list(f, all, " or "),
            Self::Coverage(all) => list(f, all, " or "),
            Self::LeaveOut { nodes, how } => {
                match how {
                    LeaveOut::OneAtATime => f.write_str("one or none of ")?,
                    LeaveOut::AtRandom { probability } => write!(f, "each with probability {probability} of ")?,
                }
                list(f, nodes, ", ")
            }
            Self::Measurement(error) => {
                let scale = match error.scale {
                    ErrorScale::Relative => "relative",
                    ErrorScale::Absolute => "absolute",
                };
                let shape = match error.shape {
                    ErrorShape::Normal => "normal with standard deviation",
                    ErrorShape::LogNormal => "log-normal with standard deviation",
                    ErrorShape::Uniform => "uniform within",
                };
                write!(f, "{scale}, {shape} {}", error.size)?;
                for (i, series) in error.series.iter().enumerate() {
                    write!(f, "{}{series}", if i == 0 { ", of " } else { ", " })?;
                }
                for (i, status) in error.statuses.iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { ", of status " } else { ", " }, status.code())?;
                }
                Ok(())
            }
            Self::Table(all) => {
                for (i, table) in all.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { " or " })?;
                    match table.cut() {
                        Some(cut) => write!(f, "{cut}")?,
                        None => write!(f, "table {}", i + 1)?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for WeightSpread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform => f.write_str("uniform over all"),
            Self::Dirichlet { concentration } => write!(f, "Dirichlet of concentration {concentration} around nominal"),
            Self::Within { share } => write!(f, "nominal plus or minus {} %, rescaled", share * 100.0),
            Self::Sets(sets) => {
                f.write_str("one of")?;
                sets.iter().try_for_each(|set| write!(f, " {}", set.name()))
            }
        }
    }
}
