//! Scoring: block after block of cities, node after node.

use super::{Composite, Position};
use crate::dataset::Dataset;
use crate::steps::aggregate::Sums;
use crate::steps::denominate::BLOCK;
use crate::steps::normalise::Scale;

/// What scoring keeps between calls, so that it need not allocate.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    sums: Sums,
    /// The block's values after denomination, where something divides them.
    divided: Vec<f64>,
    /// For each index and measure, whether the block at hand has no gap.
    whole: Vec<bool>,
}

impl Default for Work {
    fn default() -> Self {
        Self { sums: Sums::default(), divided: vec![0.0; BLOCK], whole: Vec::new() }
    }
}

impl Composite {
    /// Writes the scores of the indices and measures, a column each in the order of the composite; NaN where a city has
    /// none.
    pub(crate) fn evaluate(&self, cities: &Dataset, out: &mut [f64], work: &mut Work) {
        let n = cities.len();
        let inner = &self.fitted.inner;
        let Work { sums, divided, whole } = work;
        whole.clear();
        whole.resize(inner.len(), false);
        for start in (0..n).step_by(BLOCK) {
            let rows = start..n.min(start + BLOCK);
            for (i, node) in inner.iter().enumerate() {
                let (before, own) = out.split_at_mut(i * n);
                let aggregation = node.aggregation;
                sums.clear();
                for child in &node.children {
                    let weight = child.weight;
                    let leaf = match child.node {
                        Position::Leaf(leaf) => leaf,
                        Position::Inner(j) => {
                            sums.add(aggregation, weight, &before[j * n..][rows.clone()], whole[j], |score| score);
                            continue;
                        }
                    };
                    // Without a yardstick a child is missing for all; it adds nothing.
                    let Some(scale) = &self.fitted.leaves[leaf].scale else { continue };
                    let complete = self.complete(leaf, cities);
                    let block = self.values(leaf, cities).block(rows.clone(), divided);
                    match scale {
                        Scale::Linear(linear) => sums.add(aggregation, weight, block, complete, linear.scorer()),
                        Scale::Ranked(ranked) => sums.add(aggregation, weight, block, complete, |v| ranked.score(v)),
                    }
                }
                whole[i] = sums.finish(aggregation, self.fitted.plan.needs[i], &mut own[rows.clone()]);
            }
        }
    }

    /// The score of an indicator, the same to the last bit as in [`Composite::evaluate`]; NaN where it is missing or
    /// beyond double precision.
    pub(crate) fn leaf_score(&self, leaf: usize, cities: &Dataset, row: usize) -> f64 {
        self.scale(leaf).map_or(f64::NAN, |scale| finite(scale.score(self.values(leaf, cities).at(row))))
    }

    /// The scores of an indicator for all cities.
    pub(crate) fn leaf_scores(&self, leaf: usize, cities: &Dataset) -> Vec<f64> {
        let mut out = vec![f64::NAN; cities.len()];
        if let Some(scale) = self.scale(leaf) {
            let mut start = 0;
            self.values(leaf, cities).blocks(|block| {
                scale.apply(block, &mut out[start..start + block.len()]);
                start += block.len();
            });
            for score in &mut out {
                *score = finite(*score);
            }
        }
        out
    }
}

/// In a mean an infinite score makes the result one that is not finite, which is missing; by itself it is missing too.
fn finite(score: f64) -> f64 {
    if score.is_finite() { score } else { f64::NAN }
}
