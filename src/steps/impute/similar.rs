//! Filling in from other cities that are alike, or from another indicator of the same city.

use serde::{Deserialize, Serialize};

use super::filler::{Columns, Filler, range};
use crate::kernel::stats;

/// The cities of the fit, on a common scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Neighbours {
    k: usize,
    ends: Vec<Option<(f64, f64)>>,
    /// A column an indicator.
    cities: Vec<Vec<Option<f64>>>,
}

/// For each indicator the others, best correlated first, with the straight line by which they predict it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lines {
    lines: Vec<Vec<Line>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Line {
    from: usize,
    /// The means of both, and the slope.
    centre: (f64, f64),
    slope: f64,
}

impl Filler {
    pub(super) fn nearest(columns: &Columns<'_>, k: usize) -> Self {
        let known = |v: &f64| Some(*v).filter(|v| !v.is_nan());
        Self::Neighbours(Neighbours {
            k,
            ends: columns.values.iter().map(|c| range(c)).collect(),
            cities: columns.values.iter().map(|c| c.iter().map(known).collect()).collect(),
        })
    }

    pub(super) fn regression(columns: &Columns<'_>) -> Self {
        let line = |to: usize, from: usize| {
            let (x, y) = stats::pairs(&columns.values[from], &columns.values[to]);
            let r = if x.len() < 3 { None } else { stats::pearson(&x, &y) }?;
            let slope = r * (stats::sd(&y, 1.0) / stats::sd(&x, 1.0));
            let line = Line { from, centre: (stats::mean(&x), stats::mean(&y)), slope };
            slope.is_finite().then_some((r.abs(), line))
        };
        let all = 0..columns.values.len();
        let lines = all.clone().map(|to| {
            let mut lines: Vec<(f64, Line)> =
                all.clone().filter(|&from| from != to).filter_map(|from| line(to, from)).collect();
            lines.sort_by(|a, b| b.0.total_cmp(&a.0));
            lines.into_iter().map(|(_, line)| line).collect()
        });
        Self::Lines(Lines { lines: lines.collect() })
    }
}

impl Neighbours {
    pub(super) fn value(&self, indicator: usize, row: &[f64]) -> Option<f64> {
        let column = &self.cities[indicator];
        let mut near: Vec<(f64, f64)> =
            (0..column.len()).filter_map(|city| Some((self.distance(city, row)?, column[city]?))).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let last = near.get(self.k.min(near.len()).checked_sub(1)?)?.0;
        let values: Vec<f64> = near.iter().take_while(|(distance, _)| *distance <= last).map(|(_, v)| *v).collect();
        Some(stats::mean(&values))
    }

    /// The root of the mean square difference over what both have; none where that is nothing, or beyond double precision.
    fn distance(&self, city: usize, row: &[f64]) -> Option<f64> {
        let (mut sum, mut shared) = (0.0, 0.0);
        for (j, value) in row.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
            let (Some(other), Some((low, high))) = (self.cities[j][city], self.ends[j]) else { continue };
            let unit = stats::unit(&[low, high]);
            let range = high / unit - low / unit;
            // What is the same everywhere tells no city from another.
            let gap = if range > 0.0 { (value / unit - other / unit) / range } else { 0.0 };
            sum += gap * gap;
            shared += 1.0;
        }
        // Beyond double precision everybody is as far as anybody else, and nobody is near.
        (shared > 0.0 && sum.is_finite()).then(|| (sum / shared).sqrt())
    }

    pub(super) fn is_sound(&self, indicators: usize) -> bool {
        let cities = self.cities.first().map_or(0, Vec::len);
        let columns = self.cities.iter().all(|c| c.len() == cities && c.iter().flatten().all(|v| v.is_finite()));
        self.k > 0 && self.ends.len() == indicators && self.cities.len() == indicators && columns
    }
}

impl Lines {
    pub(super) fn value(&self, indicator: usize, row: &[f64]) -> Option<f64> {
        let line = self.lines[indicator].iter().find(|line| !row[line.from].is_nan())?;
        Some(line.centre.1 + line.slope * (row[line.from] - line.centre.0))
    }

    pub(super) fn is_sound(&self, indicators: usize) -> bool {
        let good = |line: &Line| {
            let numbers = [line.centre.0, line.centre.1, line.slope];
            line.from < indicators && numbers.iter().all(|v| v.is_finite())
        };
        self.lines.len() == indicators && self.lines.iter().flatten().all(good)
    }
}
