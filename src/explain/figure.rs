//! The figure behind an indicator's part, as a value of its own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::composite::Position;
use crate::error::Fault;
use crate::flags::Flags;
use crate::framework::Node;
use crate::missing::Missing;
use crate::observations::Status;
use crate::scores::Scores;

/// The figure of a city in an indicator: its value, unit, year, status and source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Figure {
    /// The value that was scored: after denomination, or what was filled in; none where it is missing.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// The year of the figure; none where it is missing or its table did not say. So are the next two.
    pub year: Option<i32>,
    /// How far it can be trusted.
    pub status: Option<Status>,
    /// The key of its source.
    pub source: Option<String>,
    /// What should be known before it is trusted: imputed, treated, clipped, and so on.
    pub flags: Flags,
    /// Why it has no score; none where it has one.
    pub missing: Option<Missing>,
}

/// Value, unit, year and source, or why there is none.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.value, &self.missing) {
            (None, Some(why)) => return write!(f, "{why}"),
            (None, None) => return f.write_str("missing"),
            (Some(value), _) => {
                let value = (value * 100.0).round() / 100.0;
                write!(f, "{value}")?;
            }
        }
        if !self.unit.is_empty() {
            write!(f, " {}", self.unit)?;
        }
        if let Some(year) = self.year {
            write!(f, ", {year}")?;
        }
        if let Some(status) = self.status {
            write!(f, ", {status}")?;
        }
        if let Some(source) = self.source.as_deref().filter(|s| !s.is_empty()) {
            write!(f, ", {source}")?;
        }
        if self.flags.is_empty() { Ok(()) } else { write!(f, " [{}]", self.flags) }
    }
}

impl Figure {
    /// The figure of a row; none where the node is no indicator.
    pub(super) fn of(scores: &Scores, node: &Node, position: Position, row: usize) -> Option<Self> {
        let Position::Leaf(leaf) = position else { return None };
        let provenance = scores.cells_of(leaf, row).0.provenance;
        Some(Self {
            value: Some(scores.value_at(leaf, row)).filter(|v| !v.is_nan()),
            unit: node.unit.clone(),
            year: provenance.map(|p| p.year),
            status: provenance.map(|p| p.status),
            source: provenance.map(|p| p.source.to_owned()),
            flags: scores.leaf_flags(leaf, row),
            missing: missing(scores, position, row),
        })
    }
}

/// Why a city has no score in a node; none where it has one.
pub(super) fn missing(scores: &Scores, position: Position, row: usize) -> Option<Missing> {
    scores.score_at(position, row).is_nan().then(|| scores.missing_at(Some(position), row))
}

/// The error of a city without a score, with the reason.
pub(super) fn no_score(scores: &Scores, node: &str, row: usize) -> Fault {
    let why = scores.missing_at(scores.composite().position(node), row);
    Fault::NoScore { city: scores.dataset().key(row).to_owned(), node: node.to_owned(), why: Box::new(why) }
}
