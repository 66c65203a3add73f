//! Scoring: block after block of cities, node after node.

use std::ops::Range;

use super::{Composite, Inner, Position, Prepared, Sheet};
use crate::steps::aggregate::{Gaps, Sums};
use crate::steps::denominate::BLOCK;
use crate::steps::normalise::Scale;
use crate::steps::treat::Curve;

/// Up to so many children are brought together without taking memory.
pub(super) const FEW: usize = 32;

/// What scoring keeps between calls, so that it need not allocate.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    sums: Sums,
    /// The block's values after denomination, where something divides them.
    divided: Vec<f64>,
    /// The block's values after treatment, where the indicator is treated.
    treated: Vec<f64>,
    /// Which of the block's values are known, where bits say so.
    masks: Vec<u64>,
    /// For each index and measure, whether the block at hand has no gap.
    pub(super) whole: Vec<bool>,
    /// The block's scores of the indicators under a node that takes whole columns, side by side.
    columns: Vec<f64>,
    /// Whether figures may give no score in the block at hand without a node showing it.
    pub(super) suspect: bool,
    /// The cities of the block in which something may not have been computed.
    pub(super) marked: Vec<bool>,
    /// For each index and measure, whether it could not be computed for the city at hand.
    pub(super) failing: Vec<bool>,
    /// Whether anything could not be computed for any city.
    pub(super) failed: bool,
}

impl Default for Work {
    fn default() -> Self {
        let zeros = || vec![0.0; BLOCK];
        let none = Vec::new;
        Self {
            sums: Sums::default(),
            divided: zeros(),
            treated: zeros(),
            masks: vec![0; BLOCK],
            whole: none(),
            columns: Vec::new(),
            suspect: false,
            marked: none(),
            failing: none(),
            failed: false,
        }
    }
}

impl Work {
    /// Whether every city of the last block certainly has a score in a node, unless it was screened out.
    #[cfg(feature = "arrow")]
    pub(crate) fn is_whole(&self, inner: usize) -> bool {
        self.whole[inner] && !self.failed
    }
}

/// A block of cities on its way through the nodes.
struct Block<'a> {
    cities: &'a dyn Sheet,
    prepared: &'a Prepared,
    /// The scores of the indicators, where they are given and not made from the figures.
    given: Option<&'a [Vec<f64>]>,
    /// The whole columns of the nodes before the one at hand.
    before: &'a [f64],
    rows: Range<usize>,
}

impl Block<'_> {
    /// The scores of these cities in a node before.
    fn column(&self, node: usize) -> &[f64] {
        &self.before[node * self.cities.len()..][self.rows.clone()]
    }
}

impl Composite {
    /// Writes the scores of the indices and measures, a column each in the order of the composite; NaN where a city has
    /// none.
    pub(crate) fn evaluate(&self, cities: &dyn Sheet, prepared: &Prepared, out: &mut [f64], work: &mut Work) {
        let (n, inner) = (cities.len(), self.fitted.inner.len());
        self.evaluate_nodes(0..inner, cities, prepared, out, work);
        if prepared.any_out() {
            for row in (0..n).filter(|&row| prepared.is_out(row)) {
                (0..inner).for_each(|i| out[i * n + row] = f64::NAN);
            }
        }
    }

    /// The same from scores of the indicators, a column each, instead of from figures, and whoever is screened out. The same
    /// scores give the same result to the last bit.
    pub(crate) fn evaluate_given(&self, cities: &dyn Sheet, leaves: &[Vec<f64>], out: &mut [f64], work: &mut Work) {
        self.evaluate_from(0..self.fitted.inner.len(), cities, &Prepared::default(), Some(leaves), out, work);
    }

    /// Writes the scores of some of the indices and measures, given the columns of those before them.
    pub(super) fn evaluate_nodes(
        &self,
        nodes: Range<usize>,
        cities: &dyn Sheet,
        prepared: &Prepared,
        out: &mut [f64],
        work: &mut Work,
    ) {
        self.evaluate_from(nodes, cities, prepared, None, out, work);
    }

    fn evaluate_from(
        &self,
        nodes: Range<usize>,
        cities: &dyn Sheet,
        prepared: &Prepared,
        given: Option<&[Vec<f64>]>,
        out: &mut [f64],
        work: &mut Work,
    ) {
        let n = cities.len();
        work.whole.clear();
        work.whole.resize(self.fitted.inner.len(), false);
        work.failed = false;
        for start in (0..n).step_by(BLOCK) {
            let rows = start..n.min(start + BLOCK);
            work.suspect = false;
            for i in nodes.clone() {
                let (before, own) = out.split_at_mut(i * n);
                let block = Block { cities, prepared, given, before, rows: rows.clone() };
                work.whole[i] = if self.fitted.inner[i].takes_columns() {
                    self.column_block(i, &block, &mut own[rows.clone()], work)
                } else {
                    self.mean_block(i, &block, &mut own[rows.clone()], work)
                };
            }
            // What could not be computed leaves a gap in a node, but for what is suspect and for nodes scored before.
            if work.suspect || nodes.start > 0 || nodes.clone().any(|i| !work.whole[i]) {
                self.spread(nodes.clone(), rows, (cities, prepared, given), out, work);
            }
        }
    }

    /// Writes the scores of a node that adds its children up one after the other. Gives whether every city has a score.
    fn mean_block(&self, i: usize, block: &Block<'_>, out: &mut [f64], work: &mut Work) -> bool {
        let node = &self.fitted.inner[i];
        let Work { sums, divided, treated, masks, whole, suspect, .. } = work;
        let (cities, Block { prepared, rows, .. }) = (block.cities, block);
        let aggregation = &node.aggregation;
        sums.clear();
        for child in &node.children {
            let weight = child.weight;
            let leaf = match child.node {
                Position::Leaf(leaf) => leaf,
                Position::Inner(j) => {
                    sums.add(aggregation, weight, block.column(j), whole[j].into(), |score| score);
                    continue;
                }
            };
            if let Some(given) = block.given {
                let given = &given[leaf][rows.clone()];
                *suspect |= given.iter().any(|score| !score.is_finite());
                sums.add(aggregation, weight, given, Gaps::Nan, |score| score);
                continue;
            }
            // Without a yardstick a child is missing for all; it adds nothing.
            let Some(scale) = &self.fitted.leaves[leaf].scale else { continue };
            // A treatment or a scale that not every value has a place on can leave gaps of its own.
            let curve = self.fitted.leaves[leaf].curve.as_ref();
            let total = curve.is_none() && scale.is_total();
            let values = self.values(leaf, cities, prepared);
            let masked = if total { values.masked(rows.clone(), masks) } else { None };
            let (values, gaps) = if let Some((values, masks)) = masked {
                (values, Gaps::Masked(masks))
            } else {
                let divided = values.block(rows.clone(), divided);
                let values = treat(curve, divided, treated);
                *suspect |= self.loses(leaf, cities, rows.clone(), divided, values);
                (values, Gaps::from(total && self.complete(leaf, cities)))
            };
            match scale {
                Scale::Linear(linear) => sums.add(aggregation, weight, values, gaps, linear.scorer()),
                other => sums.add(aggregation, weight, values, gaps, |v| other.score(v)),
            }
        }
        sums.finish(aggregation, self.fitted.plan.needs[i], out)
    }

    /// The same for a node that takes its children's columns side by side.
    fn column_block(&self, i: usize, block: &Block<'_>, out: &mut [f64], work: &mut Work) -> bool {
        let node = &self.fitted.inner[i];
        let (cities, Block { prepared, rows, .. }) = (block.cities, block);
        let Work { divided, treated, columns, suspect, .. } = work;
        let used = || node.used();
        columns.resize(columns.len().max(used().count() * BLOCK), 0.0);
        for (child, column) in used().zip(columns.chunks_exact_mut(BLOCK)) {
            let column = &mut column[..rows.len()];
            match child.node {
                Position::Leaf(leaf) => {
                    if let Some(given) = block.given {
                        column.copy_from_slice(&given[leaf][rows.clone()]);
                    } else {
                        let divided = self.values(leaf, cities, prepared).block(rows.clone(), divided);
                        let values = treat(self.fitted.leaves[leaf].curve.as_ref(), divided, treated);
                        *suspect |= self.loses(leaf, cities, rows.clone(), divided, values);
                        match &self.fitted.leaves[leaf].scale {
                            Some(scale) => scale.apply(values, column),
                            None => column.fill(f64::NAN),
                        }
                    }
                    *suspect |= column.iter().any(|score| score.is_infinite())
                        || (block.given.is_some() && column.iter().any(|score| score.is_nan()));
                    for score in column.iter_mut() {
                        *score = finite(*score);
                    }
                }
                Position::Inner(j) => column.copy_from_slice(block.column(j)),
            }
        }
        let slices = columns.chunks_exact(BLOCK).map(|column| &column[..rows.len()]);
        let need = self.fitted.plan.needs[i];
        let k = used().count();
        let (mut few, mut few_weights): ([&[f64]; FEW], [f64; FEW]) = ([&[]; FEW], [0.0; FEW]);
        if k <= FEW {
            slices.take(k).zip(&mut few).for_each(|(from, to)| *to = from);
            used().zip(&mut few_weights).for_each(|(child, to)| *to = child.weight);
            node.score_columns(&few[..k], &few_weights[..k], need, out)
        } else {
            let slices: Vec<&[f64]> = slices.take(k).collect();
            let weights: Vec<f64> = used().map(|child| child.weight).collect();
            node.score_columns(&slices, &weights, need, out)
        }
    }

    /// The value of an indicator after treatment; NaN where it is missing.
    pub(crate) fn treated_value(&self, leaf: usize, value: f64) -> f64 {
        self.fitted.leaves[leaf].curve.as_ref().map_or(value, |curve| curve.apply(value))
    }

    /// The score of an indicator, the same to the last bit as in [`Composite::evaluate`]; NaN where it is missing or
    /// beyond double precision.
    pub(crate) fn leaf_score(&self, leaf: usize, cities: &dyn Sheet, prepared: &Prepared, row: usize) -> f64 {
        let value = self.treated_value(leaf, self.values(leaf, cities, prepared).at(row));
        self.scale(leaf).map_or(f64::NAN, |scale| finite(scale.score(value)))
    }

    /// The scores of an indicator for all cities.
    pub(crate) fn leaf_scores(&self, leaf: usize, cities: &dyn Sheet, prepared: &Prepared) -> Vec<f64> {
        let mut out = vec![f64::NAN; cities.len()];
        if let Some(scale) = self.scale(leaf) {
            let mut start = 0;
            let mut treated = vec![0.0; BLOCK];
            self.values(leaf, cities, prepared).blocks(|block| {
                let block = treat(self.fitted.leaves[leaf].curve.as_ref(), block, &mut treated);
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

impl Inner {
    /// Whether the node takes its children's columns side by side, instead of adding them up one after the other.
    pub(super) fn takes_columns(&self) -> bool {
        self.learned.is_some() || self.own.is_some()
    }

    pub(super) fn score_columns(&self, columns: &[&[f64]], weights: &[f64], need: usize, out: &mut [f64]) -> bool {
        match (&self.own, &self.learned) {
            (Some(own), _) => own.score_block(columns, need, out),
            (None, Some(learned)) => learned.score_block(columns, weights, need, out),
            (None, None) => {
                out.fill(f64::NAN);
                false
            }
        }
    }
}

/// The values after treatment; themselves where there is none.
fn treat<'b>(curve: Option<&Curve>, values: &'b [f64], buffer: &'b mut [f64]) -> &'b [f64] {
    let Some(curve) = curve else { return values };
    let out = &mut buffer[..values.len()];
    for (out, &value) in out.iter_mut().zip(values) {
        *out = curve.apply(value);
    }
    out
}

/// In a mean an infinite score makes the result one that is not finite, which is missing; by itself it is missing too.
fn finite(score: f64) -> f64 {
    if score.is_finite() { score } else { f64::NAN }
}
