//! Claims that are written in code.

use std::fmt;

use super::record::{Claim, Confidence, Relation, Test, Verdict};

/// Claims in code: a relation first, then at which node and when. What they lack is said when they are tested.
///
/// ```
/// use longspring::{Claim, Relation};
///
/// let claim = Claim::leads("changchun", "sheffield").on("infrastructure");
/// assert_eq!(claim.to_string(), "changchun leads sheffield at infrastructure");
/// let claim = Claim::declines("detroit").on("population").between(1970, 2015);
/// assert_eq!(claim.test.unwrap().relation, Relation::Declines);
/// ```
impl Claim {
    /// A city scores higher than another: strictly, a tie is no lead.
    #[must_use]
    pub fn leads(city: impl Into<String>, rival: impl Into<String>) -> Self {
        Self::said(city.into(), Relation::Leads { rival: rival.into() })
    }

    /// A city scores lower than another: strictly. The same as that the other leads it.
    #[must_use]
    pub fn trails(city: impl Into<String>, rival: impl Into<String>) -> Self {
        Self::said(city.into(), Relation::Trails { rival: rival.into() })
    }

    /// A city has rank 1, under the ties of the method.
    #[must_use]
    pub fn tops(city: impl Into<String>) -> Self {
        Self::said(city.into(), Relation::Tops)
    }

    /// A city has rank `k` or better, under the ties of the method.
    #[must_use]
    pub fn among_top(city: impl Into<String>, k: usize) -> Self {
        Self::said(city.into(), Relation::Top { k })
    }

    /// A city's series moves in its better direction between two years.
    #[must_use]
    pub fn improves(city: impl Into<String>) -> Self {
        Self::said(city.into(), Relation::Improves)
    }

    /// A city's series falls between two years: the figure itself, whichever direction is better.
    #[must_use]
    pub fn declines(city: impl Into<String>) -> Self {
        Self::said(city.into(), Relation::Declines)
    }

    /// A city's series is above a value in a year, in the unit of the series before denomination.
    #[must_use]
    pub fn exceeds(city: impl Into<String>, value: f64) -> Self {
        Self::said(city.into(), Relation::Exceeds { value })
    }

    /// Two nodes rank the cities alike: of the one that [`Claim::on`] names with this one.
    #[must_use]
    pub fn goes_with(node: impl Into<String>) -> Self {
        Self::said(String::new(), Relation::GoesWith { node: node.into() })
    }

    /// At which node, or of which series.
    #[must_use]
    pub fn on(mut self, node: impl Into<String>) -> Self {
        if let Some(test) = &mut self.test {
            test.node = node.into();
        }
        self
    }

    /// Between which years.
    #[must_use]
    pub fn between(mut self, from: i32, to: i32) -> Self {
        if let Some(test) = &mut self.test {
            (test.from_year, test.to_year) = (Some(from), Some(to));
        }
        self
    }

    /// In which year; of scores, with the figures that were known as of it.
    #[must_use]
    pub fn in_year(mut self, year: i32) -> Self {
        if let Some(test) = &mut self.test {
            test.to_year = Some(year);
        }
        self
    }

    /// The code by which it is looked up.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        Self { code: code.into(), ..self }
    }

    /// What it says, in words.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    fn said(subject: String, relation: Relation) -> Self {
        Self {
            code: String::new(),
            text: String::new(),
            subject,
            measure: None,
            verdict: Verdict::Unchecked,
            figure: String::new(),
            unit: String::new(),
            year: String::new(),
            comparison: String::new(),
            test: Some(Test { relation, node: String::new(), from_year: None, to_year: None }),
            source: String::new(),
            url: String::new(),
            note: String::new(),
            confidence: Confidence::Low,
        }
    }
}

/// The relation in words; the text of a claim that figures cannot test.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Test { relation, node, from_year, to_year }) = &self.test else { return f.write_str(&self.text) };
        let subject = &self.subject;
        match relation {
            Relation::Leads { rival } => write!(f, "{subject} leads {rival} at {node}")?,
            Relation::Trails { rival } => write!(f, "{subject} trails {rival} at {node}")?,
            Relation::Tops => write!(f, "{subject} tops {node}")?,
            Relation::Top { k } => write!(f, "{subject} is among the top {k} of {node}")?,
            Relation::Improves => write!(f, "{subject} improves in {node}")?,
            Relation::Declines => write!(f, "{subject} declines in {node}")?,
            Relation::Exceeds { value } => write!(f, "{subject} exceeds {value} in {node}")?,
            Relation::GoesWith { node: other } => write!(f, "{node} goes with {other}")?,
        }
        match (from_year, to_year) {
            (Some(from), Some(to)) => write!(f, " from {from} to {to}"),
            (None, Some(to)) => write!(f, " in {to}"),
            _ => Ok(()),
        }
    }
}
