//! One node of a framework.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Fault;

/// What a node of a framework is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A root: scored and ranked on its own.
    Index,
    /// An inner node, at any depth.
    #[doc(alias = "pillar")]
    #[doc(alias = "dimension")]
    Measure,
    /// A leaf: a series of figures that counts.
    Indicator,
    /// A series that belongs to no index: a denominator, or figures to look at.
    Context,
}

impl Kind {
    const WORDS: [&'static str; 4] = ["index", "measure", "indicator", "context"];

    pub(crate) fn with_article(self) -> &'static str {
        match self {
            Self::Index => "an index",
            Self::Measure => "a measure",
            Self::Indicator => "an indicator",
            Self::Context => "a context series",
        }
    }

    /// Whether cities have figures of it: an indicator or a context series.
    #[must_use]
    pub fn is_series(self) -> bool {
        matches!(self, Self::Indicator | Self::Context)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::WORDS[*self as usize])
    }
}

impl FromStr for Kind {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "index" => Self::Index,
            "measure" => Self::Measure,
            "indicator" => Self::Indicator,
            "context" => Self::Context,
            _ => {
                return Err(Fault::UnknownWord { what: "kind of node", text: text.to_owned(), expected: &Self::WORDS });
            }
        })
    }
}

/// Which values of an indicator are the better ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[doc(alias = "polarity")]
pub enum Direction {
    /// More is better.
    #[serde(rename = "higher")]
    HigherIsBetter,
    /// Less is better.
    #[serde(rename = "lower")]
    LowerIsBetter,
}

impl Direction {
    const WORDS: [&'static str; 2] = ["higher", "lower"];

    /// The value times 1 or -1, so that higher is better.
    pub(crate) fn orient(self, value: f64) -> f64 {
        match self {
            Self::HigherIsBetter => value,
            Self::LowerIsBetter => -value,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::WORDS[*self as usize])
    }
}

impl FromStr for Direction {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "higher" => Ok(Self::HigherIsBetter),
            "lower" => Ok(Self::LowerIsBetter),
            _ => Err(Fault::UnknownWord { what: "direction", text: text.to_owned(), expected: &Self::WORDS }),
        }
    }
}

/// A node of a [`Framework`](crate::Framework): an index, a measure, an indicator or a context series.
///
/// A node is made by the function of its kind and completed by the consuming methods; what is wrong with it is said when
/// the framework is built.
///
/// ```
/// use longspring::{Direction, Node};
///
/// let days = Node::indicator("days", "investment", Direction::LowerIsBetter)
///     .name("Days to start a business")
///     .unit("days")
///     .worst(100.0)
///     .best(0.5);
/// let metro = Node::indicator("metro_km", "infrastructure", Direction::HigherIsBetter)
///     .unit("km per million people")
///     .per("inhabitants", 1e6)
///     .weight(2.0);
/// assert_eq!(days.best, Some(0.5));
/// assert_eq!(metro.denominator.unwrap().series, "inhabitants");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Node {
    /// The code by which it is looked up; unique in the framework.
    pub code: String,
    /// What it is.
    pub kind: Kind,
    /// The code of the node above it; none for an index or a context series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// A name to print; the code where none is given.
    pub name: String,
    /// What it is measured in, after denomination.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Which values are better. An indicator has one; a context series may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The weight among the children of its parent, 0 or more; siblings' weights need not add up to 1. 1 where none is
    /// given; of no meaning for an index or a context series.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// What its figures are divided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Denominator>,
    /// The goalpost that is as bad as it gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<f64>,
    /// The goalpost that is as good as it gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
    /// What ought to be reached, for [`Normalisation::DistanceToTarget`](crate::Normalisation::DistanceToTarget).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// What it means, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_one(weight: &f64) -> bool {
    *weight == 1.0
}

fn one() -> f64 {
    1.0
}

/// A series that divides the figures of an indicator: the value that counts is `figure / denominator * scale`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Denominator {
    /// The code of the series, an indicator or context series of the same framework.
    pub series: String,
    /// Per how many: 1,000,000 for "per million people".
    pub scale: f64,
}

impl Node {
    fn new(code: impl Into<String>, kind: Kind, parent: Option<String>) -> Self {
        let code = code.into();
        Self {
            name: code.clone(),
            code,
            kind,
            parent,
            unit: String::new(),
            direction: None,
            weight: 1.0,
            denominator: None,
            worst: None,
            best: None,
            target: None,
            definition: String::new(),
        }
    }

    /// An index: a root of the forest.
    #[must_use]
    pub fn index(code: impl Into<String>) -> Self {
        Self::new(code, Kind::Index, None)
    }

    /// A measure under an index or another measure.
    #[must_use]
    pub fn measure(code: impl Into<String>, parent: impl Into<String>) -> Self {
        Self::new(code, Kind::Measure, Some(parent.into()))
    }

    /// An indicator under a measure or an index.
    #[must_use]
    pub fn indicator(code: impl Into<String>, parent: impl Into<String>, direction: Direction) -> Self {
        Self { direction: Some(direction), ..Self::new(code, Kind::Indicator, Some(parent.into())) }
    }

    /// A context series: a denominator, or figures to look at.
    #[must_use]
    pub fn context(code: impl Into<String>) -> Self {
        Self::new(code, Kind::Context, None)
    }

    /// Any node, as a table gives it.
    pub(crate) fn raw(code: String, kind: Kind, parent: Option<String>, direction: Option<Direction>) -> Self {
        Self { direction, ..Self::new(code, kind, parent) }
    }

    /// Sets the name to print.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Sets the unit, as it is after denomination.
    #[must_use]
    pub fn unit(self, unit: impl Into<String>) -> Self {
        Self { unit: unit.into(), ..self }
    }

    /// Sets the weight among its siblings.
    #[must_use]
    pub fn weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// Divides its figures by a series: the value that counts is `figure / denominator * scale`.
    #[must_use]
    pub fn per(self, series: impl Into<String>, scale: f64) -> Self {
        Self { denominator: Some(Denominator { series: series.into(), scale }), ..self }
    }

    /// Sets the goalpost that is as bad as it gets.
    #[must_use]
    pub fn worst(self, worst: f64) -> Self {
        Self { worst: Some(worst), ..self }
    }

    /// Sets the goalpost that is as good as it gets.
    #[must_use]
    pub fn best(self, best: f64) -> Self {
        Self { best: Some(best), ..self }
    }

    /// Sets what ought to be reached.
    #[must_use]
    pub fn target(self, target: f64) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Sets what it means, in words.
    #[must_use]
    pub fn definition(self, definition: impl Into<String>) -> Self {
        Self { definition: definition.into(), ..self }
    }

    /// What is wrong with it, as far as it can be seen without the others: attribute and fault.
    pub(crate) fn faults(&self) -> Vec<(Attribute, Fault)> {
        let mut faults = Vec::new();
        let mut check = |present: bool, need: Option<bool>, attribute: Attribute, what: &'static str| {
            let (code, kind) = (self.code.clone(), self.kind);
            match need {
                Some(true) if !present => faults.push((attribute, Fault::Needed { code, kind, what })),
                Some(false) if present => faults.push((attribute, Fault::NotAllowed { code, kind, what })),
                _ => {}
            }
        };
        let indicator = self.kind == Kind::Indicator;
        let below = matches!(self.kind, Kind::Measure | Kind::Indicator);
        let only_indicators = if indicator { None } else { Some(false) };
        check(self.parent.is_some(), Some(below), Attribute::Parent, "parent");
        check(
            self.direction.is_some(),
            if indicator {
                Some(true)
            } else if self.kind == Kind::Context {
                None
            } else {
                Some(false)
            },
            Attribute::Direction,
            "direction",
        );
        check(self.denominator.is_some(), only_indicators, Attribute::Per, "denominator");
        check(self.worst.is_some(), only_indicators, Attribute::Worst, "goalpost");
        check(self.best.is_some(), only_indicators, Attribute::Best, "goalpost");
        check(self.target.is_some(), only_indicators, Attribute::Target, "target");
        if !(self.weight.is_finite() && self.weight >= 0.0) {
            faults.push((Attribute::Weight, Fault::Weight { code: self.code.clone(), weight: self.weight }));
        }
        if let Some(denominator) = &self.denominator {
            if !(denominator.scale.is_finite() && denominator.scale > 0.0) {
                faults.push((Attribute::Scale, Fault::Scale { code: self.code.clone(), scale: denominator.scale }));
            }
        }
        for (attribute, what, value) in [
            (Attribute::Worst, "worst", self.worst),
            (Attribute::Best, "best", self.best),
            (Attribute::Target, "target", self.target),
        ] {
            if let Some(value) = value.filter(|v| !v.is_finite()) {
                faults.push((attribute, Fault::Parameter { name: what, value, need: "a finite number" }));
            }
        }
        if let (Some(worst), Some(best), Some(direction)) = (self.worst, self.best, self.direction) {
            if indicator && direction.orient(worst) >= direction.orient(best) {
                faults.push((Attribute::Best, Fault::Goalposts { code: self.code.clone(), worst, best, direction }));
            }
        }
        faults
    }
}

/// An attribute of a node: where a fault stands in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attribute {
    Code,
    Parent,
    Direction,
    Weight,
    Per,
    Scale,
    Worst,
    Best,
    Target,
}
