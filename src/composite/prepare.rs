//! What is done to a table before it is scored: gaps are filled in, and cities of which too little is known are left out.

use super::{Composite, Sheet};
use crate::steps::denominate::Values;

/// A table made ready: what differs from the dataset. Empty where the method neither imputes nor screens.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Prepared {
    /// For each indicator its values after denomination with the gaps filled in, where there were any.
    filled: Vec<Option<Vec<f64>>>,
    /// For each city, whether it is screened out; empty where none is.
    out: Vec<bool>,
}

impl Prepared {
    /// Whether a city is screened out.
    pub(crate) fn is_out(&self, row: usize) -> bool {
        self.out.get(row).copied().unwrap_or(false)
    }

    pub(crate) fn any_out(&self) -> bool {
        !self.out.is_empty()
    }

    fn filled(&self, leaf: usize) -> Option<&[f64]> {
        self.filled.get(leaf).and_then(Option::as_deref)
    }
}

impl Composite {
    /// Makes a table ready to be scored. Takes memory only where the method imputes or screens.
    pub(crate) fn prepare(&self, cities: &dyn Sheet) -> Prepared {
        let mut prepared = Prepared::default();
        let screening = &self.method().screening;
        if screening.screens_cities() {
            let out: Vec<bool> = (0..cities.len()).map(|row| !self.passes(cities, row)).collect();
            if out.contains(&true) {
                prepared.out = out;
            }
        }
        if let Some(filler) = &self.fitted.filler {
            let mut columns: Vec<Vec<f64>> =
                (0..self.leaf_len()).map(|leaf| self.base_values(leaf, cities).to_vec()).collect();
            filler.fill(&mut columns, &self.groups(cities));
            let filled = columns.into_iter().enumerate();
            let changed = |leaf: usize, column: &[f64]| {
                let base = self.base_values(leaf, cities);
                (0..cities.len()).any(|row| base.at(row).is_nan() && !column[row].is_nan())
            };
            prepared.filled = filled.map(|(leaf, c)| changed(leaf, &c).then_some(c)).collect();
        }
        prepared
    }

    /// Whether enough is known of a city.
    pub(super) fn passes(&self, cities: &dyn Sheet, row: usize) -> bool {
        let (known, nonzero) = self.known_of(cities, row);
        self.method().screening.city_passes(known, nonzero, self.leaf_len(), cities.own_key(row))
    }

    /// How many indicators of a city are known before imputation, and how many of those are not 0.
    pub(crate) fn known_of(&self, cities: &dyn Sheet, row: usize) -> (usize, usize) {
        let values = (0..self.leaf_len()).map(|leaf| self.base_values(leaf, cities).at(row));
        values.filter(|v| !v.is_nan()).fold((0, 0), |(known, nonzero), v| (known + 1, nonzero + usize::from(v != 0.0)))
    }

    /// What the cities are grouped by for imputation; nothing where the imputation knows no groups.
    pub(super) fn groups(&self, cities: &dyn Sheet) -> Vec<Option<String>> {
        let Some(attribute) = self.method().imputation.attribute() else { return Vec::new() };
        (0..cities.len()).map(|row| cities.attribute(row, attribute).map(str::to_owned)).collect()
    }

    /// The values of an indicator that are scored, gaps filled in. The dataset must have the columns of the plan.
    pub(crate) fn values<'d>(&self, leaf: usize, cities: &'d dyn Sheet, prepared: &'d Prepared) -> Values<'d> {
        match prepared.filled(leaf) {
            Some(figures) => Values { figures: figures.into(), per: None },
            None => self.base_values(leaf, cities),
        }
    }

    /// Whether the value of an indicator was filled in: by the method, or over time when the table was made.
    pub(crate) fn is_imputed(&self, leaf: usize, cities: &dyn Sheet, prepared: &Prepared, row: usize) -> bool {
        prepared.filled(leaf).is_some_and(|c| !c[row].is_nan() && self.base_values(leaf, cities).at(row).is_nan())
    }
}
