//! Scoring: block after block of cities, node after node.

use super::{Composite, Position};
use crate::dataset::Dataset;
use crate::steps::aggregate::Sums;
use crate::steps::denominate::{BLOCK, Values};

/// What scoring keeps between calls, so that it need not allocate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    /// For each index and measure, whether the block at hand has no gap.
    whole: Vec<bool>,
    /// For each indicator, whether it has no gap at all, and its column and that of its denominator.
    leaves: Vec<LeafWork>,
}

#[derive(Debug, Clone, Copy)]
struct LeafWork {
    complete: bool,
    column: usize,
    per: Option<(usize, f64)>,
}

impl Composite {
    /// Writes the scores of the indices and measures, a column each in the order of the composite; NaN where a city has
    /// none. The columns of the dataset must have been checked.
    pub(crate) fn evaluate(&self, cities: &Dataset, out: &mut [f64], work: &mut Work) {
        let n = cities.len();
        self.prepare(cities, work);
        let mut sums = Sums::new();
        let (mut divided, mut scores) = ([0.0; BLOCK], [0.0; BLOCK]);
        let (share, inner) = (self.method().coverage, &self.fitted.inner);
        for start in (0..n).step_by(BLOCK) {
            let rows = start..n.min(start + BLOCK);
            for (i, node) in inner.iter().enumerate() {
                let (before, own) = out.split_at_mut(i * n);
                sums.clear();
                for child in &node.children {
                    match child.node {
                        Position::Inner(j) => {
                            let scores = &before[j * n..][rows.clone()];
                            sums.add(node.aggregation, child.weight, scores, work.whole[j]);
                        }
                        Position::Leaf(leaf) => {
                            // Without a yardstick a child is missing for all; it adds nothing.
                            let Some(scale) = &self.fitted.leaves[leaf].scale else {
                                continue;
                            };
                            let at = work.leaves[leaf];
                            let per = at.per.map(|(column, scale)| (cities.values(column), scale));
                            let values = Values {
                                figures: cities.values(at.column),
                                per,
                            };
                            let block = values.block(rows.clone(), &mut divided);
                            let scores = &mut scores[..block.len()];
                            scale.apply(block, scores);
                            sums.add(node.aggregation, child.weight, scores, at.complete);
                        }
                    }
                }
                work.whole[i] = sums.finish(node.aggregation, node.need(share), &mut own[rows.clone()]);
            }
        }
    }

    fn prepare(&self, cities: &Dataset, work: &mut Work) {
        work.whole.clear();
        work.whole.resize(self.fitted.inner.len(), false);
        work.leaves.clear();
        for (i, leaf) in self.fitted.leaves.iter().enumerate() {
            let column = cities.find_series(&leaf.code).unwrap_or(0);
            let complete = self.complete(i, cities);
            let divided = self.values(i, cities).and_then(|values| values.per);
            let denominator = self
                .framework()
                .node(&leaf.code)
                .ok()
                .and_then(|n| n.denominator.as_ref());
            let per = divided
                .and(denominator)
                .and_then(|d| Some((cities.find_series(&d.series).ok()?, d.scale)));
            work.leaves.push(LeafWork { complete, column, per });
        }
    }

    /// The score of an indicator, the same to the last bit as in [`Composite::evaluate`]; NaN where it is missing.
    pub(crate) fn leaf_score(&self, leaf: usize, cities: &Dataset, row: usize) -> f64 {
        match (self.scale(leaf), self.values(leaf, cities)) {
            (Some(scale), Some(values)) => scale.score(values.at(row)),
            _ => f64::NAN,
        }
    }

    /// The scores of an indicator for all cities.
    pub(crate) fn leaf_scores(&self, leaf: usize, cities: &Dataset) -> Vec<f64> {
        let mut out = vec![f64::NAN; cities.len()];
        if let (Some(scale), Some(values)) = (self.scale(leaf), self.values(leaf, cities)) {
            let mut start = 0;
            values.blocks(|block| {
                scale.apply(block, &mut out[start..start + block.len()]);
                start += block.len();
            });
        }
        out
    }
}
