//! Which figure of a series counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Fault;
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
    #[serde(default, skip_serializing_if = "OverTime::is_last_known")]
    over_time: OverTime,
}

/// What stands in for a figure of the very year that a [`Cut::as_of`] names.
///
/// A figure that was filled in has the status `I` (imputed), the year of the cut, the source of the figure before it (or
/// after it, where there is none), and a note that says between which years it lies. A figure of the year itself is taken as
/// it is.
///
/// ```
/// use longspring::{Cut, OverTime, Status, article};
///
/// let cut = Cut::as_of(2012).over_time(OverTime::LinearConstantEnds);
/// let cities = article::observations().dataset(&article::framework(), &cut)?;
/// let cell = cities.cell("sheffield", "pm25")?;
/// if let Some(provenance) = cell.provenance.filter(|p| p.status == Status::Imputed) {
///     println!("{:?} ({})", cell.value, provenance.note);
/// }
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OverTime {
    /// The last figure before it, in its own year and of its own status.
    #[default]
    LastKnown,
    /// On the straight line between the last figure before and the first after; nothing before the first or after the last.
    Linear,
    /// The same, and the first or last figure beyond the ends, where one is not older than the cut allows.
    LinearConstantEnds,
}

impl OverTime {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    fn is_last_known(&self) -> bool {
        *self == Self::LastKnown
    }
}

/// Statuses in order and each once, however they were stored.
fn sorted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Status>, D::Error> {
    Vec::deserialize(deserializer).map(|statuses: Vec<Status>| Cut::latest().only(statuses).statuses)
}

impl Cut {
    /// The latest figure of any status.
    #[must_use]
    pub fn latest() -> Self {
        Self { as_of: None, years: None, statuses: Status::ALL.to_vec(), over_time: OverTime::LastKnown }
    }

    /// The latest figure that is not of a later year than this.
    #[must_use]
    pub fn as_of(year: i32) -> Self {
        Self { as_of: Some(year), ..Self::latest() }
    }

    /// Leaves out figures that are more than so many years older than the year of [`Cut::as_of`]; with
    /// [`Cut::latest`], than the newest figure of a trusted status in the whole table. 0 keeps that year alone.
    ///
    /// It is an age in years, not a year: where the cut is used, one above 999 is refused.
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

    /// Sets what stands in for a figure of the very year of [`Cut::as_of`]. With [`Cut::latest`], which names no year, it does
    /// nothing.
    #[must_use]
    pub fn over_time(self, over_time: OverTime) -> Self {
        Self { over_time, ..self }
    }

    /// The same cut as of another year.
    pub(crate) fn in_year(&self, year: i32) -> Self {
        Self { as_of: Some(year), ..self.clone() }
    }

    /// The year in which figures are filled in over time, and how; nothing where they are not.
    pub(crate) fn fills(&self) -> Option<(i32, OverTime)> {
        self.as_of.filter(|_| self.over_time != OverTime::LastKnown).map(|year| (year, self.over_time))
    }

    /// The same as of a year.
    pub(crate) fn at(self, year: i32) -> Self {
        Self { as_of: Some(year), ..self }
    }

    pub(crate) fn takes(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    /// Refuses an age that must be meant as a year: it would leave nothing out, and nobody would notice.
    pub(crate) fn check(&self) -> crate::Result<()> {
        const OLDEST: u32 = 999;
        match self.years {
            Some(years) if years > OLDEST => Err(Fault::NoAge { years }.into()),
            _ => Ok(()),
        }
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
        match self.fills() {
            Some((_, OverTime::Linear)) => f.write_str(", linear between years,")?,
            Some(_) => f.write_str(", linear between years and constant beyond,")?,
            None => {}
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
