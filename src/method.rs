//! How: one choice a step, as plain data.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Fault, What, nearest};
use crate::format::Format;
use crate::framework::{Framework, Kind};
use crate::kernel::rank::Ties;
use crate::plan::Plan;
use crate::steps::aggregate::Aggregation;
use crate::steps::denominate::Denomination;
use crate::steps::impute::Imputation;
use crate::steps::normalise::{Normalisation, Outside};
use crate::steps::screen::Screening;
use crate::steps::treat::Treatment;
use crate::steps::weight::Weighting;

/// How cities are scored: one choice for each step, as plain data that can be compared, printed and stored.
///
/// | step | default |
/// |---|---|
/// | excluded | nothing |
/// | screening | none |
/// | denomination | as the framework says |
/// | imputation | none |
/// | treatment | none |
/// | normalisation | min-max to 0..100: on goalposts where the framework has them (clipped, and flagged so), else on the sample |
/// | outside the sample | extrapolated, and flagged so |
/// | weighting | the framework's, rescaled over what is known |
/// | aggregation | arithmetic mean everywhere |
/// | coverage | a city is scored in a node where at least half of the node's children are known |
/// | ties | the smallest rank (1 2 2 4), scores being equal only to the last bit |
///
/// Whether a method is valid, and fits a framework, is checked when it is fitted: see [`Method::fit`].
///
/// Stored (serde), it begins with the number of its form, `"format"`: a form that is newer than this version is refused by
/// that name. What is left out has its default, the number too, so that a few lines written by hand are a method.
///
/// ```
/// use longspring::{Aggregation, Method, Normalisation};
///
/// let method = Method::new()
///     .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
///     .aggregation_at(0, Aggregation::Geometric);
/// assert_eq!(
///     method.to_string(),
///     "excluded:      nothing\n\
///      screening:     none\n\
///      denomination:  as the framework says\n\
///      imputation:    none\n\
///      treatment:     none\n\
///      normalisation: min-max to 1..100, on goalposts where the framework has them; outside the sample extrapolated\n\
///      weighting:     the framework's, rescaled over what is known\n\
///      aggregation:   arithmetic mean; at depth 0: geometric mean\n\
///      coverage:      at least 50 % of a node's children\n\
///      ties:          take the smallest rank (1 2 2 4); scores tie within 0\n"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Method {
    #[serde(skip_serializing_if = "Format::is_of_the_whole")]
    format: Format,
    /// Nodes that are left out as if the framework did not have them.
    pub excluded: BTreeSet<String>,
    /// Which cities and indicators are left out because too little is known of them.
    pub screening: Screening,
    /// Whether figures are divided by their denominators.
    pub denomination: Denomination,
    /// How missing figures are filled in.
    pub imputation: Imputation,
    /// How outliers are treated.
    pub treatment: Plan<Treatment>,
    /// How values become scores on a common scale.
    pub normalisation: Plan<Normalisation>,
    /// What becomes of values beyond the sample.
    pub outside: Outside,
    /// Where weights come from.
    pub weighting: Plan<Weighting>,
    /// How scores are brought together.
    pub aggregation: Plan<Aggregation>,
    /// The share of a node's children that must be known for a city to be scored there: from 0 to 1. At 0 one suffices.
    ///
    /// Weights are rescaled over the known children, as if the others were missing. A child whose figures are known but
    /// give no score, such as one at or below 0 under a geometric mean, does not pass for missing, or a worse figure could raise the
    /// score: what stands above it has no score either ([`Missing::NotComputed`](crate::Missing::NotComputed)), unless its
    /// weight is 0.
    pub coverage: f64,
    /// What cities with the same score are ranked.
    pub ties: Ties,
    /// How far a score may lie below the best of its tie and still share its rank: 0 or more.
    pub tolerance: f64,
}

impl Method {
    /// The default method; see the table above.
    #[must_use]
    pub fn new() -> Self {
        Self {
            format: Format::Said,
            excluded: BTreeSet::new(),
            screening: Screening::default(),
            denomination: Denomination::default(),
            imputation: Imputation::default(),
            treatment: Plan::default(),
            normalisation: Plan::default(),
            outside: Outside::default(),
            weighting: Plan::default(),
            aggregation: Plan::default(),
            coverage: 0.5,
            ties: Ties::default(),
            tolerance: 0.0,
        }
    }

    /// Leaves nodes out, with everything under them, as if the framework did not have them: they count neither for
    /// scores nor for coverage. A measure that loses all its children is left out too.
    #[must_use]
    pub fn exclude<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>) -> Self {
        self.excluded.extend(codes.into_iter().map(Into::into));
        self
    }

    /// Sets which cities and indicators are left out because too little is known of them.
    #[must_use]
    pub fn screening(self, screening: Screening) -> Self {
        Self { screening, ..self }
    }

    /// Sets whether figures are divided by their denominators.
    #[must_use]
    pub fn denomination(self, denomination: Denomination) -> Self {
        Self { denomination, ..self }
    }

    /// Sets how missing figures are filled in.
    #[must_use]
    pub fn imputation(self, imputation: Imputation) -> Self {
        Self { imputation, ..self }
    }

    /// Sets how outliers are treated in all indicators that are not named otherwise.
    #[must_use]
    pub fn treatment(mut self, treatment: Treatment) -> Self {
        self.treatment.all = treatment;
        self
    }

    /// Sets how outliers are treated in one indicator, or in all under a measure or index.
    #[must_use]
    pub fn treatment_of(mut self, node: impl Into<String>, treatment: Treatment) -> Self {
        self.treatment.of_node.insert(node.into(), treatment);
        self
    }

    /// Sets how values become scores on a common scale, for all indicators that are not named otherwise.
    #[must_use]
    pub fn normalisation(mut self, normalisation: Normalisation) -> Self {
        self.normalisation.all = normalisation;
        self
    }

    /// Sets how the values of one indicator, or of all under a measure or index, become scores.
    #[must_use]
    pub fn normalisation_of(mut self, node: impl Into<String>, normalisation: Normalisation) -> Self {
        self.normalisation.of_node.insert(node.into(), normalisation);
        self
    }

    /// Sets what becomes of values beyond the sample that the method was fitted on.
    #[must_use]
    pub fn outside(self, outside: Outside) -> Self {
        Self { outside, ..self }
    }

    /// Sets where the weights of children come from, in all nodes that are not named by depth or code.
    #[must_use]
    pub fn weighting(mut self, weighting: Weighting) -> Self {
        self.weighting.all = weighting;
        self
    }

    /// Sets where the weights of the children of nodes at a depth come from: 0 for the children of an index.
    #[must_use]
    pub fn weighting_at(mut self, depth: usize, weighting: Weighting) -> Self {
        self.weighting.at_depth.insert(depth, weighting);
        self
    }

    /// Sets where the weights of the children of one node come from.
    #[must_use]
    pub fn weighting_of(mut self, node: impl Into<String>, weighting: Weighting) -> Self {
        self.weighting.of_node.insert(node.into(), weighting);
        self
    }

    /// Sets the aggregation for all nodes that are not named by depth or code.
    #[must_use]
    pub fn aggregation(mut self, aggregation: Aggregation) -> Self {
        self.aggregation.all = aggregation;
        self
    }

    /// Sets the aggregation at a depth: 0 for the indices, 1 for what stands right under them, and so on.
    #[must_use]
    pub fn aggregation_at(mut self, depth: usize, aggregation: Aggregation) -> Self {
        self.aggregation.at_depth.insert(depth, aggregation);
        self
    }

    /// Sets the aggregation of one node.
    #[must_use]
    pub fn aggregation_of(mut self, node: impl Into<String>, aggregation: Aggregation) -> Self {
        self.aggregation.of_node.insert(node.into(), aggregation);
        self
    }

    /// Sets the share of a node's children, from 0 to 1, that must be known for a city to be scored there. It is asked at
    /// every level for itself: with a half, a half of the measures need be known, and of each a half of its indicators, so that
    /// over three levels an eighth of the figures can be enough. [`Standing::figures`](crate::Standing::figures) counts them. See
    /// the field [`coverage`](Method#structfield.coverage) for children that could not be computed.
    #[must_use]
    pub fn coverage(self, share: f64) -> Self {
        Self { coverage: share, ..self }
    }

    /// Sets what cities with the same score are ranked.
    #[must_use]
    pub fn ties(self, ties: Ties) -> Self {
        Self { ties, ..self }
    }

    /// Sets how far a score may lie below the best of its tie and still share its rank.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// Writes it inside of what says the format for it.
    pub(crate) fn serialize_inside<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self { format: Format::OfTheWhole, ..self.clone() }.serialize(serializer)
    }

    /// What is wrong with it, for a framework.
    pub(crate) fn faults(&self, framework: &Framework) -> Vec<Fault> {
        let mut faults: Vec<Fault> = self.normalisation.choices().flat_map(Normalisation::faults).collect();
        let parameter = |name, value, need| Fault::Parameter { name, value, need };
        if !(0.0..=1.0).contains(&self.coverage) {
            faults.push(parameter("the coverage", self.coverage, "from 0 to 1"));
        }
        if !(self.tolerance.is_finite() && self.tolerance >= 0.0) {
            faults.push(parameter("the tolerance of ties", self.tolerance, "a finite number, 0 or more"));
        }
        faults.extend(self.screening.faults());
        faults.extend(self.imputation.faults());
        faults.extend(self.treatment.choices().flat_map(Treatment::faults));
        faults.extend(self.weighting.choices().flat_map(|weighting| weighting.faults(framework)));
        faults.extend(self.aggregation.choices().flat_map(Aggregation::faults));
        let depths = |of: fn(Kind) -> bool| {
            let nodes = framework.nodes().filter(|n| n.kind != Kind::Context && of(n.kind));
            nodes.filter_map(|n| framework.depth(&n.code).ok()).max()
        };
        let (inner, leaf) = (depths(|kind| !kind.is_series()), depths(Kind::is_series));
        let mut check_depths = |depths: &mut dyn Iterator<Item = usize>, deepest, name, need| {
            faults.extend(depths.filter(|&depth| Some(depth) > deepest).map(|d| parameter(name, d as f64, need)));
        };
        let need = "one at which the framework has an index or a measure";
        check_depths(&mut self.aggregation.at_depth.keys().copied(), inner, "the depth of an aggregation", need);
        check_depths(&mut self.weighting.at_depth.keys().copied(), inner, "the depth of a weighting", need);
        let need = "one at which the framework has an indicator";
        check_depths(&mut self.normalisation.at_depth.keys().copied(), leaf, "the depth of a normalisation", need);
        check_depths(&mut self.treatment.at_depth.keys().copied(), leaf, "the depth of a treatment", need);
        let mut check = |code: &String, what: &'static str, fits: &dyn Fn(Kind) -> bool| match framework.node(code) {
            Ok(node) if fits(node.kind) => {}
            Ok(node) => faults.push(Fault::WrongKind { what, code: code.clone(), kind: node.kind }),
            Err(_) => {
                let known = framework.nodes().filter(|n| fits(n.kind)).map(|n| n.code.as_str());
                let nearest = nearest(code, known);
                faults.push(Fault::UnknownCode { what: What::Node, code: code.clone(), nearest, rows: 1 });
            }
        };
        for code in &self.excluded {
            check(code, "be excluded, for it counts nowhere", &|kind| kind != Kind::Context);
        }
        for code in self.screening.indicators() {
            check(code, "be screened, for it is no indicator", &|kind| kind == Kind::Indicator);
        }
        for code in self.aggregation.of_node.keys() {
            check(code, "have an aggregation, for it has no children", &|kind| !kind.is_series());
        }
        for code in self.weighting.of_node.keys() {
            check(code, "have a weighting, for it has no children", &|kind| !kind.is_series());
        }
        for code in self.normalisation.of_node.keys() {
            check(code, "be normalised, for it counts nowhere", &|kind| kind != Kind::Context);
        }
        for code in self.treatment.of_node.keys() {
            check(code, "be treated, for it counts nowhere", &|kind| kind != Kind::Context);
        }
        faults
    }
}

impl Default for Method {
    fn default() -> Self {
        Self::new()
    }
}

/// Every choice, a line each.
impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("excluded:      ")?;
        if self.excluded.is_empty() {
            f.write_str("nothing")?;
        }
        for (i, code) in self.excluded.iter().enumerate() {
            write!(f, "{}{code}", if i == 0 { "" } else { ", " })?;
        }
        writeln!(f, "\nscreening:     {}", self.screening)?;
        writeln!(f, "denomination:  {}", self.denomination)?;
        writeln!(f, "imputation:    {}", self.imputation)?;
        writeln!(f, "treatment:     {}", self.treatment)?;
        writeln!(f, "normalisation: {}; outside the sample {}", self.normalisation, self.outside)?;
        writeln!(f, "weighting:     {}", self.weighting)?;
        writeln!(f, "aggregation:   {}", self.aggregation)?;
        writeln!(f, "coverage:      at least {} % of a node's children", self.coverage * 100.0)?;
        writeln!(f, "ties:          {}; scores tie within {}", self.ties, self.tolerance)
    }
}
