//! What a part of the cities says, pass by pass.

use std::collections::BTreeMap;
use std::ops::Range;

use super::column::{ColumnSummary, Sums, Together};
use super::summary::{Group, NodeSummary, Summary};
use super::{PartialFit, Stage};
use crate::composite::Work;
use crate::dataset::Dataset;
use crate::error::{Problems, Result};
use crate::format::Format;
use crate::steps::impute::Imputation;
use crate::steps::normalise::{Normalisation, Reference};

impl PartialFit {
    /// What a part of the cities says in the pass at hand.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the table lacks a column that the framework has; in the last pass with
    /// every score that cannot be computed, with node and city.
    pub fn summarise(&self, cities: &Dataset) -> Result<Summary> {
        let composite = &self.composite;
        let cities = composite.own_order(cities)?;
        let mut summary = Summary {
            format: Format::Said,
            stage: self.stage,
            fit: self.fingerprint(),
            cities: cities.len(),
            kept: cities.len(),
            indicators: Vec::new(),
            references: BTreeMap::new(),
            groups: BTreeMap::new(),
            nodes: BTreeMap::new(),
            scored: Vec::new(),
        };
        if self.stage == Stage::Screening {
            let of = |leaf| ColumnSummary::of(composite.base_values(leaf, &cities).to_vec(), Sums::None);
            summary.indicators = self.leaves().map(of).collect();
            return Ok(summary);
        }
        let kept: Vec<usize> = (0..cities.len()).filter(|&row| composite.passes(&cities, row)).collect();
        let all = kept.len() == cities.len();
        summary.kept = kept.len();
        let cities = if all { cities } else { only(&cities, &kept)? };
        // A part without a city of its own has nothing to say, but says it in the same shape as the others.
        let rows = 0..summary.kept;
        match self.stage {
            Stage::Screening | Stage::Done => {}
            Stage::Filling => self.summarise_gaps(&cities, rows, &mut summary),
            Stage::Scales => self.summarise_values(&cities, rows, &mut summary),
            Stage::Nodes(level) => self.summarise_nodes(level, &cities, rows, &mut summary),
            Stage::Checking => self.check(&cities, rows, &mut summary)?,
        }
        Ok(summary)
    }

    fn leaves(&self) -> Range<usize> {
        0..self.composite.leaf_len()
    }

    fn summarise_gaps(&self, cities: &Dataset, rows: Range<usize>, summary: &mut Summary) {
        let columns: Vec<Vec<f64>> =
            self.leaves().map(|leaf| self.composite.base_values(leaf, cities).to_vec()).collect();
        let sums = if self.composite.method().imputation == Imputation::MeasureMean { Sums::None } else { Sums::First };
        let of = |column: &Vec<f64>| ColumnSummary::of(column[rows.clone()].iter().copied(), sums);
        summary.indicators = columns.iter().map(of).collect();
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (row, group) in self.composite.groups(cities).into_iter().enumerate().take(rows.end) {
            if let Some(group) = group {
                members.entry(group).or_default().push(row);
            }
        }
        for (group, rows) in members {
            let of = |column: &Vec<f64>| ColumnSummary::of(rows.iter().map(|&row| column[row]), Sums::First);
            let group_summary = Group { cities: rows.len(), indicators: columns.iter().map(of).collect() };
            summary.groups.insert(group, group_summary);
        }
    }

    fn summarise_values(&self, cities: &Dataset, rows: Range<usize>, summary: &mut Summary) {
        let prepared = self.composite.prepare(cities);
        for leaf in self.leaves() {
            let normalisation = self.composite.normalisation(leaf);
            let sums = match normalisation {
                Normalisation::ZScore { .. }
                | Normalisation::Vector
                | Normalisation::AroundReference { reference: Reference::Mean } => Sums::Squares,
                Normalisation::Sum => Sums::Inverses,
                _ => Sums::None,
            };
            let values = self.composite.values(leaf, cities, &prepared);
            summary.indicators.push(ColumnSummary::of(rows.clone().map(|row| values.at(row)), sums));
            let row = normalisation.reference_city().and_then(|city| cities.find_city(city).ok());
            if let Some(row) = row.filter(|row| rows.contains(row)) {
                summary.references.insert(leaf, Some(values.at(row)).filter(|v| !v.is_nan()));
            }
        }
    }

    fn summarise_nodes(&self, level: usize, cities: &Dataset, rows: Range<usize>, summary: &mut Summary) {
        let composite = &self.composite;
        let prepared = composite.prepare(cities);
        let mut scores = vec![f64::NAN; composite.inner_len() * cities.len()];
        composite.evaluate(cities, &prepared, &mut scores, &mut Work::default());
        for i in composite.learning(level) {
            let mut columns = composite.teaching(i, cities, &prepared, &scores);
            for column in &mut columns {
                column.truncate(rows.end);
            }
            let together = composite.weights_are_learned(i).then(|| Together::of(&columns));
            let children = columns.into_iter().map(|column| ColumnSummary::of(column, Sums::None)).collect();
            summary.nodes.insert(i, NodeSummary { children, together });
        }
    }

    fn check(&self, cities: &Dataset, rows: Range<usize>, summary: &mut Summary) -> Result<()> {
        let composite = &self.composite;
        let (prepared, n) = (composite.prepare(cities), cities.len());
        let mut scores = vec![f64::NAN; composite.inner_len() * n];
        composite.evaluate(cities, &prepared, &mut scores, &mut Work::default());
        if !rows.is_empty() {
            Problems::check(composite.not_computable(cities, &prepared, &scores))?;
        }
        let scored = |i: usize| scores[i * n..][rows.clone()].iter().any(|score| !score.is_nan());
        summary.scored = (0..composite.inner_len()).map(scored).collect();
        Ok(())
    }
}

/// The kept cities of a part; the first alone where none is, for the shape.
fn only(cities: &Dataset, kept: &[usize]) -> Result<Dataset> {
    let rows = if kept.is_empty() { &[0][..] } else { kept };
    cities.select(rows.iter().map(|&row| cities.key(row)))
}
