//! Fitting again to the same cities with other figures and weights, where all that is learned is the scales: in the memory of the
//! fit before.

use std::sync::Arc;

use super::{Composite, Prepared, Sheet, Work};
use crate::dataset::Dataset;
use crate::error::Result;

/// A composite that is fitted again and again, with what that needs.
#[derive(Debug, Clone)]
pub(crate) struct Refit {
    /// Shared with nobody once it was fitted again.
    composite: Composite,
    /// For each indicator the row of the city that its scale refers to.
    references: Vec<Option<usize>>,
    prepared: Prepared,
    scores: Vec<f64>,
    work: Work,
}

impl Composite {
    /// What is fitted again to these cities; nothing where more is learned than treatments and scales.
    pub(crate) fn refit(&self, cities: &Dataset) -> Result<Option<Refit>> {
        let method = self.method();
        let screens = method.screening.screens_cities() || method.screening.screens_indicators();
        if screens || method.imputation.is_some() || self.learns() {
            return Ok(None);
        }
        Ok(Some(Refit {
            composite: self.clone(),
            references: (0..self.leaf_len()).map(|leaf| self.reference(leaf, cities)).collect::<Result<_>>()?,
            prepared: Prepared::default(),
            scores: Vec::new(),
            work: Work::default(),
        }))
    }
}

impl Refit {
    /// Gives the children of a node weights, in their order, that add up to 1.
    pub(crate) fn weigh(&mut self, inner: usize, weights: &[f64]) {
        let children = &mut Arc::make_mut(&mut self.composite.fitted).inner[inner].children;
        children.iter_mut().zip(weights).for_each(|(child, &weight)| child.weight = weight);
    }

    /// Learns treatments and scales from cities whose columns stand in the order of the composite's series, and gives the scores
    /// of the index or measure: to the last bit those of [`Method::fit`](crate::Method::fit) with these figures and weights.
    /// Nothing where the fit may have something to refuse.
    pub(crate) fn score(&mut self, cities: &dyn Sheet, target: usize) -> Option<&[f64]> {
        let Self { composite, references, prepared, scores, work } = self;
        let mut problems = Vec::new();
        for (leaf, &reference) in references.iter().enumerate() {
            let values = composite.base_values(leaf, cities);
            // Nobody asks which figures were changed.
            let learned = composite.learn_scale(leaf, values, reference, |_, _| Vec::new(), &mut problems).ok()??;
            Arc::make_mut(&mut composite.fitted).leaves[leaf].learn(learned.curve, learned.scale);
        }
        let (n, inner) = (cities.len(), composite.inner_len());
        scores.resize(n * inner, 0.0);
        composite.evaluate(cities, prepared, scores, work);
        let column = |i: usize| &scores[i * n..][..n];
        let scored = (0..inner).filter(|&i| composite.is_index(i)).all(|i| column(i).iter().any(|s| !s.is_nan()));
        (problems.is_empty() && scored && !work.failed).then(|| column(target))
    }
}
