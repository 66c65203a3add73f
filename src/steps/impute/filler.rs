//! What is learned for filling in, and the rules of one number an indicator: mean, median, by group, of the measure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::covariance::Normal;
use super::similar::{Lines, Neighbours};
use crate::error::Fault;
use crate::kernel::stats;

/// The table from which filling in is learned.
#[derive(Debug, Clone)]
pub(crate) struct Columns<'a> {
    /// The codes of the indicators.
    pub(crate) codes: Vec<&'a str>,
    /// Their values after denomination, a column each, NaN where one is missing.
    pub(crate) values: Vec<Vec<f64>>,
    /// Whether lower is better.
    pub(crate) lower: Vec<bool>,
    /// The measure of each, by a number.
    pub(crate) measures: Vec<usize>,
    /// The group of each city; empty where the rule knows none.
    pub(crate) groups: Vec<Option<&'a str>>,
}

impl Columns<'_> {
    pub(super) fn cities(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }
}

/// A rule for filling in, with what it learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Filler {
    /// One number an indicator; none where nobody has it.
    Number(Vec<Option<f64>>),
    /// One number an indicator and group.
    Group(Vec<BTreeMap<String, f64>>),
    Measure(Measure),
    Neighbours(Neighbours),
    Lines(Lines),
    Normal(Normal),
}

/// The temporary common scale: worst and best of each indicator, and its measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measure {
    ends: Vec<Option<(f64, f64)>>,
    measures: Vec<usize>,
}

fn centre(values: &[f64], median: bool) -> f64 {
    if median { stats::median(values) } else { stats::mean(values) }
}

/// Lowest and highest known value; none where nobody has one.
pub(super) fn range(values: &[f64]) -> Option<(f64, f64)> {
    let (low, high) = stats::range(values);
    (low <= high).then_some((low, high))
}

impl Filler {
    pub(super) fn one_number(columns: &Columns<'_>, median: bool) -> Self {
        Self::Number(columns.values.iter().map(|c| Some(centre(c, median)).filter(|v| v.is_finite())).collect())
    }

    pub(super) fn by_group(columns: &Columns<'_>, attribute: &str, median: bool) -> Result<Self, Vec<Fault>> {
        let names: BTreeSet<&str> = columns.groups.iter().copied().flatten().collect();
        let mut faults = Vec::new();
        let mut all = Vec::new();
        for (code, values) in columns.codes.iter().zip(&columns.values) {
            let mut numbers = BTreeMap::new();
            // An indicator that nobody has at all stays missing; it is no fault of a group's.
            let anybody = values.iter().any(|v| !v.is_nan());
            for &name in &names {
                let members: Vec<f64> =
                    values.iter().zip(&columns.groups).filter(|(_, g)| **g == Some(name)).map(|(v, _)| *v).collect();
                let number = centre(&members, median);
                if number.is_finite() {
                    numbers.insert(name.to_owned(), number);
                } else if anybody && members.iter().any(|v| v.is_nan()) {
                    let (attribute, group) = (attribute.to_owned(), name.to_owned());
                    faults.push(Fault::AllMissingGroup { indicator: (*code).to_owned(), attribute, group });
                }
            }
            all.push(numbers);
        }
        if names.is_empty() && columns.values.iter().flatten().any(|v| v.is_nan()) {
            faults.push(Fault::NoGroups { attribute: attribute.to_owned(), nearest: None });
        }
        if faults.is_empty() { Ok(Self::Group(all)) } else { Err(faults) }
    }

    pub(super) fn measure(columns: &Columns<'_>) -> Self {
        let ends = columns.values.iter().zip(&columns.lower).map(|(values, &lower)| {
            let (low, high) = range(values)?;
            Some(if lower { (high, low) } else { (low, high) })
        });
        Self::Measure(Measure { ends: ends.collect(), measures: columns.measures.clone() })
    }

    /// Fills in the gaps of cities, of those of the fit or others.
    pub(crate) fn fill(&self, columns: &mut [Vec<f64>], groups: &[Option<String>]) {
        let cities = columns.first().map_or(0, Vec::len);
        for city in 0..cities {
            let row: Vec<f64> = columns.iter().map(|c| c[city]).collect();
            if row.iter().all(|v| !v.is_nan()) {
                continue;
            }
            let group = groups.get(city).and_then(Option::as_deref);
            for (indicator, column) in columns.iter_mut().enumerate().filter(|(i, _)| row[*i].is_nan()) {
                let value = match self {
                    Self::Number(numbers) => numbers[indicator],
                    Self::Group(numbers) => group.and_then(|group| numbers[indicator].get(group)).copied(),
                    Self::Measure(measure) => measure.value(indicator, &row),
                    Self::Neighbours(neighbours) => neighbours.value(indicator, &row),
                    Self::Lines(lines) => lines.value(indicator, &row),
                    Self::Normal(normal) => normal.value(indicator, &row),
                };
                column[city] = value.filter(|v| v.is_finite()).unwrap_or(f64::NAN);
            }
        }
    }

    pub(crate) fn is_sound(&self, indicators: usize) -> bool {
        match self {
            Self::Number(numbers) => numbers.len() == indicators && numbers.iter().flatten().all(|v| v.is_finite()),
            Self::Group(numbers) => {
                numbers.len() == indicators && numbers.iter().flat_map(BTreeMap::values).all(|v| v.is_finite())
            }
            Self::Measure(measure) => {
                let finite = measure.ends.iter().flatten().all(|(a, b)| a.is_finite() && b.is_finite());
                measure.ends.len() == indicators && measure.measures.len() == indicators && finite
            }
            Self::Neighbours(neighbours) => neighbours.is_sound(indicators),
            Self::Lines(lines) => lines.is_sound(indicators),
            Self::Normal(normal) => normal.is_sound(indicators),
        }
    }
}

impl Measure {
    fn value(&self, indicator: usize, row: &[f64]) -> Option<f64> {
        let (worst, best) = self.ends[indicator]?;
        if worst == best && row.iter().zip(&self.measures).any(|(v, m)| *m == self.measures[indicator] && !v.is_nan()) {
            // Exactly, for a digit more or less would make it an indicator that tells cities apart.
            return Some(worst);
        }
        let siblings = (0..row.len()).filter(|&j| self.measures[j] == self.measures[indicator] && !row[j].is_nan());
        // An indicator that is the same everywhere has no place on the common scale.
        let scores = siblings.filter_map(|j| {
            let (worst, best) = self.ends[j].filter(|(worst, best)| worst != best)?;
            let unit = stats::unit(&[worst, best]);
            Some((row[j] / unit - worst / unit) / (best / unit - worst / unit))
        });
        let scores: Vec<f64> = scores.collect();
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        Some(worst * (1.0 - mean) + best * mean)
    }
}
