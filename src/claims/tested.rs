//! What came out of a test, and what breaks the claim.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::inquiry::Inquiry;
use super::record::Claim;
use crate::dataset::Cut;
use crate::error::{Error, Fault, Result};
use crate::method::Method;
use crate::observations::Observation;
use crate::scores::Scores;

/// How far a claim holds over all that was declared open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Holding {
    /// In every case.
    Always,
    /// In none.
    Never,
    /// In some: so many of the combinations that were tried.
    Share {
        /// In how many it holds.
        held: usize,
        /// Of how many.
        of: usize,
    },
    /// It cannot be known from the data.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Holding {
    /// The share of the combinations in which the claim holds; none where that cannot be known.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        match self {
            Self::Always => Some(1.0),
            Self::Never => Some(0.0),
            Self::Share { held, of } => Some(*held as f64 / *of as f64),
            Self::Unknown { .. } => None,
        }
    }
}

impl fmt::Display for Holding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("holds always"),
            Self::Never => f.write_str("holds never"),
            Self::Share { held, of } => write!(f, "holds in {held} of {of} combinations"),
            Self::Unknown { reason } => write!(f, "cannot be known: {reason}"),
        }
    }
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Proof {
    /// Every case was looked at: all weights of the set, where weights are open.
    Exact,
    /// Somewhere weights are only tried: those at the ends of the set, and drawn ones.
    Tried,
}

/// A missing figure with a value that it could have: in the unit of the series, before denomination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Filling {
    /// The city.
    pub city: String,
    /// The indicator.
    pub series: String,
    /// The value.
    pub value: f64,
}

/// Something that breaks a claim: under this method, on these figures, it does not hold. It was scored again before it was
/// returned; [`Counterexample::scores`] does it once more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counterexample {
    /// The margin there: 0 or less, or of a rank a rank that is too low.
    pub margin: Option<f64>,
    /// The method, with the weights in it; none of a claim about a series.
    pub method: Option<Method>,
    /// The cut; none where the inquiry has a table of its own.
    pub cut: Option<Cut>,
    /// The weights of the node's children, where they are not those of the method to begin with.
    pub weights: Vec<(String, f64)>,
    /// Missing figures that break the claim if they were so: in the unit of the series, before denomination.
    pub missing: Vec<Filling>,
    /// The figures themselves, of a claim about a series.
    pub figures: Vec<Observation>,
}

impl Counterexample {
    /// Scores it again: the yardstick of its method on the figures as they are, and on it the figures with the missing
    /// ones filled in.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the counterexample is of a claim about a series, which has no scores; those of
    /// [`Method::fit`] where the inquiry is another one.
    pub fn scores(&self, inquiry: &Inquiry<'_>) -> Result<Scores> {
        let Some(method) = &self.method else {
            return Err(Error::from(Fault::IncompleteClaim {
                what: "node that is scored",
                instead: "look at the figures of the counterexample",
            }));
        };
        let cities = inquiry.table(self.cut.as_ref())?;
        let composite = method.fit(inquiry.framework, &cities)?;
        let filled =
            self.missing.iter().try_fold(cities, |cities, o| cities.with_value(&o.city, &o.series, o.value))?;
        composite.score(&filled)
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if !self.weights.is_empty() {
            let weights: Vec<String> = self.weights.iter().map(|(child, w)| format!("{child} {w:.4}")).collect();
            parts.push(format!("weights {}", weights.join(", ")));
        }
        let figure = |o: &Observation| {
            let value = o.value.map_or_else(|| "missing".to_owned(), |v| format!("{v}"));
            (o.city.clone(), o.series.clone(), value, o.year)
        };
        for Filling { city, series, value } in &self.missing {
            parts.push(format!("{series} of {city}, which is missing, at {value}"));
        }
        for (city, series, value, year) in self.figures.iter().map(figure) {
            parts.push(format!("{series} of {city} {value} in {year}"));
        }
        if let Some(cut) = self.cut.as_ref().filter(|cut| **cut != Cut::latest()) {
            parts.push(cut.to_string());
        }
        if parts.is_empty() {
            parts.push("as it stands".to_owned());
        }
        f.write_str(&parts.join("; "))?;
        match self.margin {
            Some(margin) => write!(f, " (margin {margin:.4})"),
            None => Ok(()),
        }
    }
}

/// What came out of the test of a claim. See [`Inquiry::test`].
///
/// The margin is signed: above 0 the claim holds. Of *leads* and *trails* it is the lead in points of the score; of *tops* and
/// *top k* the city's score less that of the `k`-th best other city; of *exceeds*, *improves* and *declines* the difference in
/// the unit of the series; of *goes with* Spearman's correlation less the smallest that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tested {
    /// The claim.
    pub claim: Claim,
    /// How far it holds.
    pub holding: Holding,
    /// What that rests on.
    pub proof: Proof,
    /// The margin under the first method and cut, with the weights and figures as they are; none where it has none.
    pub nominal: Option<f64>,
    /// The smallest margin that was met; over exact weights of an arithmetic mean no weights give less to a lead.
    pub smallest: Option<f64>,
    /// The largest margin that was met.
    pub largest: Option<f64>,
    /// The unit of the margin.
    pub unit: String,
    /// How many combinations of method, cut and weights were scored one by one.
    pub tried: usize,
    /// What breaks the claim the most; none where nothing does.
    pub counterexample: Option<Counterexample>,
    /// What one should know to read the verdict.
    pub notes: Vec<String>,
}

impl Tested {
    /// Whether it holds in every case.
    #[must_use]
    pub fn holds_always(&self) -> bool {
        self.holding == Holding::Always
    }

    /// Whether it holds in no case.
    #[must_use]
    pub fn holds_never(&self) -> bool {
        self.holding == Holding::Never
    }

    /// The margins on one line; empty where there is none.
    #[must_use]
    pub fn margins(&self) -> String {
        let Some(nominal) = self.nominal else { return String::new() };
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        match (self.smallest, self.largest) {
            (Some(low), Some(high)) if low != high => format!("{nominal:.4}{unit}, from {low:.4} to {high:.4}"),
            _ => format!("{nominal:.4}{unit}"),
        }
    }
}

/// The verdict, the margin and the counterexample.
impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.claim, self.holding)?;
        // A share has its counterexample, and needs no other proof.
        match (self.proof, &self.holding) {
            (Proof::Tried, _) => f.write_str(" (weights tried, not all of them)")?,
            (Proof::Exact, Holding::Always | Holding::Never) => f.write_str(" (every case was looked at)")?,
            (Proof::Exact, _) => {}
        }
        if self.nominal.is_some() {
            write!(f, "\n  margin: {}", self.margins())?;
        }
        if let Some(counterexample) = &self.counterexample {
            write!(f, "\n  broken by: {counterexample}")?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n  note: {note}"))
    }
}
