//! Which figure of a series counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::observations::Status;

/// Which figure of a series counts: the latest, or the latest of a span of years, of the statuses that are trusted.
///
/// It filters every series, denominators and context included: the statuses first, then the latest within the years.
///
/// ```
/// use longspring::{Cut, Status};
///
/// let latest = Cut::latest();
/// let then = Cut::as_of(2015).not_older_than(5).without([Status::LowReliability]);
/// assert_eq!(latest.to_string(), "latest figures of any status");
/// assert_eq!(then.to_string(), "figures as of 2015, not older than 5 years, of the statuses A, B, D, E, F, I, P");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    as_of: Option<i32>,
    years: Option<u32>,
    #[serde(deserialize_with = "sorted")]
    statuses: Vec<Status>,
}

/// Statuses in order and each once, however they were stored.
fn sorted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Status>, D::Error> {
    Vec::deserialize(deserializer).map(|statuses: Vec<Status>| Cut::latest().only(statuses).statuses)
}

impl Cut {
    /// The latest figure of any status.
    #[must_use]
    pub fn latest() -> Self {
        Self { as_of: None, years: None, statuses: Status::ALL.to_vec() }
    }

    /// The latest figure that is not of a later year than this.
    #[must_use]
    pub fn as_of(year: i32) -> Self {
        Self { as_of: Some(year), ..Self::latest() }
    }

    /// Leaves out figures that are more than so many years older than the year of [`Cut::as_of`]; with
    /// [`Cut::latest`], than the newest figure of a trusted status in the whole table. 0 keeps that year alone.
    #[must_use]
    pub fn not_older_than(self, years: u32) -> Self {
        Self { years: Some(years), ..self }
    }

    /// Takes figures of these statuses alone.
    #[must_use]
    pub fn only(self, statuses: impl IntoIterator<Item = Status>) -> Self {
        let mut statuses: Vec<Status> = statuses.into_iter().collect();
        statuses.sort_unstable();
        statuses.dedup();
        Self { statuses, ..self }
    }

    /// Leaves out figures of these statuses.
    #[must_use]
    pub fn without(mut self, statuses: impl IntoIterator<Item = Status>) -> Self {
        for status in statuses {
            self.statuses.retain(|&s| s != status);
        }
        self
    }

    pub(crate) fn takes(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    /// The first and last year, given the newest year of the table.
    pub(crate) fn window(&self, newest: i32) -> (i32, i32) {
        let last = self.as_of.unwrap_or(i32::MAX);
        let base = self.as_of.unwrap_or(newest);
        let first = self.years.map_or(i32::MIN, |years| base.saturating_sub_unsigned(years));
        (first, last)
    }
}

impl Default for Cut {
    fn default() -> Self {
        Self::latest()
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_of {
            Some(year) => write!(f, "figures as of {year}")?,
            None => f.write_str("latest figures")?,
        }
        if let Some(years) = self.years {
            write!(f, ", not older than {years} {},", if years == 1 { "year" } else { "years" })?;
        }
        if self.statuses.len() == Status::ALL.len() {
            return f.write_str(" of any status");
        }
        f.write_str(" of the statuses")?;
        for (i, status) in self.statuses.iter().enumerate() {
            write!(f, "{}{status}", if i == 0 { " " } else { ", " })?;
        }
        if self.statuses.is_empty() { f.write_str(" (none)") } else { Ok(()) }
    }
}
