//! Scoring again and again under other weights: what they do not touch is scored once.

use super::evaluate::FEW;
use super::unscored::Tally;
use super::{Composite, Position, Prepared, Work};
use crate::dataset::Dataset;
use crate::steps::aggregate::{Aggregation, Learned, Sums};
use crate::steps::denominate::BLOCK;

/// So many draws are scored together where nothing is missing.
pub(crate) const TOGETHER: usize = 8;
/// So many cities at a time: their sums under [`TOGETHER`] draws fit the registers of any machine.
const LANES: usize = 2;
/// So many numbers a register of any machine holds.
const PAIR: usize = 2;

/// The nodes between varying weights and a target, ready to be scored under any weights.
#[derive(Debug, Clone)]
pub(crate) struct Reweigh {
    cities: usize,
    /// The columns that the weights do not touch: terms of the sums that they go into (logarithms under a geometric mean).
    columns: Vec<Vec<f64>>,
    complete: Vec<bool>,
    /// The same columns, a few cities at a time, where [`Reweigh::is_plain`]; the last ones padded with zeros.
    panels: Vec<[f64; LANES]>,
    /// The largest number in the columns, whatever its sign.
    most: f64,
    steps: Vec<Step>,
    /// The cities that are screened out.
    out: Vec<usize>,
    weights: usize,
}

/// A node that is scored again in every draw.
#[derive(Debug, Clone)]
struct Step {
    inner: usize,
    aggregation: Aggregation,
    /// The rule, where it is no mean.
    rule: Option<Learned>,
    need: usize,
    children: Vec<From>,
}

#[derive(Debug, Clone, Copy)]
enum From {
    Column(usize),
    Step(usize),
}

/// Buffers of a thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReweighWork {
    sums: Sums,
    blocks: Vec<f64>,
    whole: Vec<bool>,
    /// For each step and city of a block, whether it could not be computed.
    failing: Vec<bool>,
    /// For each child its weight in each draw, twice: as wide as what the sums are made of.
    by_child: Vec<[[f64; PAIR]; TOGETHER]>,
}

impl Step {
    /// Whether the node could not be computed.
    fn fails(&self, score: f64, weights: &[f64], of: impl Fn(From) -> (f64, bool)) -> bool {
        let children = self.children.iter().zip(weights).map(|(&child, &weight)| {
            let (score, failed) = of(child);
            (child, score, failed, weight != 0.0)
        });
        Tally::of(children).fails(score, self.need)
    }
}

impl Composite {
    /// Readies the cities to be scored in `target` while the weights of the children of `varied` nodes change, each node of
    /// it below or at the target. None where that takes learning anew: something on the way compares cities, or learns; and
    /// in the rare case that something could not be computed.
    pub(crate) fn reweigh(
        &self,
        cities: &Dataset,
        prepared: &Prepared,
        target: usize,
        varied: &[bool],
    ) -> Option<Reweigh> {
        let fitted = &self.fitted;
        let n = cities.len();
        let mut scores = vec![f64::NAN; fitted.inner.len() * n];
        let mut work = Work::default();
        self.evaluate(cities, prepared, &mut scores, &mut work);
        if work.failed {
            return None;
        }
        let below = self.below(target);
        // A node changes if its weights do or one of its children changes; children stand before their parents.
        let mut step_of: Vec<Option<usize>> = vec![None; fitted.inner.len()];
        let out = (0..n).filter(|&row| prepared.is_out(row)).collect();
        let mut made = Reweigh {
            cities: n,
            columns: Vec::new(),
            complete: Vec::new(),
            panels: Vec::new(),
            most: 0.0,
            steps: Vec::new(),
            out,
            weights: 0,
        };
        for i in (0..=target).filter(|&i| below[i]) {
            let node = &fitted.inner[i];
            let moved = |child: &super::Child| matches!(child.node, Position::Inner(j) if step_of[j].is_some());
            if !varied[i] && !node.children.iter().any(moved) && i != target {
                continue;
            }
            let learns = fitted.weighting_of(&node.code).is_learned() && !varied[i];
            let rule = node.learned.clone().filter(Learned::is_rule);
            let other = node.own.is_some() || (node.aggregation.is_learned() && rule.is_none());
            if learns || other {
                return None;
            }
            let mut children = Vec::new();
            for child in &node.children {
                children.push(match child.node {
                    Position::Inner(j) if step_of[j].is_some() => From::Step(step_of[j]?),
                    position => {
                        let column = match position {
                            Position::Leaf(leaf) => {
                                let column = self.leaf_scores(leaf, cities, prepared);
                                let failed = |(row, &score)| self.leaf_fails(leaf, cities, prepared, row, score);
                                if column.iter().enumerate().any(failed) {
                                    return None;
                                }
                                column
                            }
                            Position::Inner(j) => scores[j * n..(j + 1) * n].to_vec(),
                        };
                        From::Column(made.column(column, &node.aggregation)?)
                    }
                });
            }
            step_of[i] = Some(made.steps.len());
            made.weights += children.len();
            made.steps.push(Step {
                inner: i,
                aggregation: node.aggregation,
                rule,
                need: fitted.plan.needs[i],
                children,
            });
        }
        if made.is_plain() {
            made.most = made.columns.iter().flatten().fold(0.0, |most, z| z.abs().max(most));
            for start in (0..n).step_by(LANES) {
                let panel = made
                    .columns
                    .iter()
                    .map(|column| std::array::from_fn(|i| column.get(start + i).copied().unwrap_or(0.0)));
                made.panels.extend(panel);
            }
        }
        Some(made)
    }

    /// For each index and measure whether it is the target or stands under it.
    pub(crate) fn below(&self, target: usize) -> Vec<bool> {
        let mut below = vec![false; self.fitted.inner.len()];
        let mut stack = vec![target];
        while let Some(i) = stack.pop() {
            below[i] = true;
            stack.extend(self.fitted.inner[i].children.iter().filter_map(|child| match child.node {
                Position::Inner(j) => Some(j),
                Position::Leaf(_) => None,
            }));
        }
        below
    }
}

impl Reweigh {
    /// Keeps a column as the terms of a mean's sum; none where the mean cannot take one of them.
    fn column(&mut self, mut column: Vec<f64>, aggregation: &Aggregation) -> Option<usize> {
        let known = || column.iter().filter(|z| !z.is_nan());
        if !known().all(|&z| aggregation.takes(z)) {
            return None;
        }
        self.complete.push(!column.iter().any(|z| z.is_nan()));
        if *aggregation == Aggregation::Geometric {
            for z in &mut column {
                *z = z.ln();
            }
        }
        self.columns.push(column);
        Some(self.columns.len() - 1)
    }

    /// The nodes that are scored anew, in the order of the composite, with how many children each has.
    pub(crate) fn steps(&self) -> impl ExactSizeIterator<Item = (usize, usize)> {
        self.steps.iter().map(|step| (step.inner, step.children.len()))
    }

    /// How many weights there are: those of the children of every step, one after the other.
    pub(crate) fn weights(&self) -> usize {
        self.weights
    }

    /// Whether [`Reweigh::together`] can be used: one node, an arithmetic or geometric mean of which no child is missing.
    pub(crate) fn is_plain(&self) -> bool {
        match self.steps.as_slice() {
            [step] => {
                matches!(step.aggregation, Aggregation::Arithmetic | Aggregation::Geometric)
                    && self.complete.iter().all(|&c| c)
            }
            _ => false,
        }
    }

    /// The scores of the target under one set of weights, to the last bit those of a composite that has them.
    pub(crate) fn score(&self, weights: &[f64], out: &mut [f64], work: &mut ReweighWork) {
        let ReweighWork { sums, blocks, whole, failing, .. } = work;
        blocks.resize(self.steps.len() * BLOCK, 0.0);
        whole.resize(self.steps.len(), false);
        failing.resize(self.steps.len() * BLOCK, false);
        for start in (0..self.cities).step_by(BLOCK) {
            let rows = start..self.cities.min(start + BLOCK);
            let mut weights = weights;
            let mut any_failing = false;
            for (s, step) in self.steps.iter().enumerate() {
                let (own, rest) = weights.split_at(step.children.len());
                weights = rest;
                let last = s + 1 == self.steps.len();
                let (before, own_block) = blocks.split_at_mut(s * BLOCK);
                let to = if last { &mut out[rows.clone()] } else { &mut own_block[..rows.len()] };
                if let Some(rule) = &step.rule {
                    let slice = |&child: &From| match child {
                        From::Column(c) => &self.columns[c][rows.clone()],
                        From::Step(j) => &before[j * BLOCK..][..rows.len()],
                    };
                    whole[s] = if step.children.len() <= FEW {
                        let mut few: [&[f64]; FEW] = [&[]; FEW];
                        few.iter_mut().zip(&step.children).for_each(|(to, child)| *to = slice(child));
                        rule.score_block(&few[..step.children.len()], own, step.need, to)
                    } else {
                        let all: Vec<&[f64]> = step.children.iter().map(slice).collect();
                        rule.score_block(&all, own, step.need, to)
                    };
                } else {
                    sums.clear();
                    for (&weight, &child) in own.iter().zip(&step.children) {
                        match child {
                            From::Column(c) => {
                                let column = &self.columns[c][rows.clone()];
                                // Logarithms are there already, so that only the sum is left to do.
                                let kind = match step.aggregation {
                                    Aggregation::Geometric => &Aggregation::Arithmetic,
                                    _ => &step.aggregation,
                                };
                                sums.add(kind, weight, column, self.complete[c].into(), |z| z);
                            }
                            From::Step(j) => {
                                let column = &before[j * BLOCK..][..rows.len()];
                                sums.add(&step.aggregation, weight, column, whole[j].into(), |z| z);
                            }
                        }
                    }
                    whole[s] = sums.finish(&step.aggregation, step.need, to);
                }
                // Under some weights a score may be one that the step above cannot take. Nobody asks why the last is missing.
                if any_failing || !(last || whole[s]) {
                    for (r, score) in to.iter_mut().enumerate() {
                        let of = |child| match child {
                            From::Column(c) => (self.columns[c][rows.start + r], false),
                            From::Step(j) => (before[j * BLOCK + r], failing[j * BLOCK + r]),
                        };
                        let failed = (any_failing || score.is_nan()) && step.fails(*score, own, of);
                        failing[s * BLOCK + r] = failed;
                        any_failing |= failed;
                        if failed {
                            (*score, whole[s]) = (f64::NAN, false);
                        }
                    }
                } else {
                    failing[s * BLOCK..][..rows.len()].fill(false);
                }
            }
        }
        for &row in &self.out {
            out[row] = f64::NAN;
        }
    }

    /// The scores under [`TOGETHER`] sets of weights at once, to the last bit those of [`Reweigh::score`]. Only where
    /// [`Reweigh::is_plain`]; `out` has a column of all cities for each set.
    pub(crate) fn together(&self, weights: [&[f64]; TOGETHER], out: &mut [f64], work: &mut ReweighWork) {
        let Some(step) = self.steps.first() else { return };
        let k = self.columns.len();
        // In the order of the sum; a child of weight 0 adds nothing, and its column is finite.
        let totals = weights.map(|set| set.iter().fold(0.0, |sum, w| sum + w));
        let enough = k >= step.need;
        let by_child = &mut work.by_child;
        by_child.resize(k, [[0.0; PAIR]; TOGETHER]);
        for (draw, set) in weights.iter().enumerate() {
            for (child, &weight) in by_child.iter_mut().zip(*set) {
                child[draw] = [weight; PAIR];
            }
        }
        let geometric = step.aggregation == Aggregation::Geometric;
        let dividers = totals.map(|total| [total; LANES]);
        let mut columns = out.chunks_exact_mut(self.cities.max(1));
        let mut columns: [&mut [f64]; TOGETHER] = std::array::from_fn(|_| columns.next().unwrap_or_default());
        for (panel, start) in self.panels.chunks_exact(k).zip((0..self.cities).step_by(LANES)) {
            let mut sums = panel_sums(panel, by_child);
            // At once, while the sums are at hand; what is divided by 1 stays as it is.
            for (sums, total) in sums.iter_mut().zip(&dividers) {
                for lane in 0..LANES {
                    sums[lane] /= total[lane];
                }
            }
            for (column, sums) in columns.iter_mut().zip(&sums) {
                // A copy of fixed length is one store; one of any length would be a call.
                match column[start..].first_chunk_mut::<LANES>() {
                    Some(lanes) => *lanes = *sums,
                    None => column[start..].iter_mut().zip(sums).for_each(|(to, sum)| *to = *sum),
                }
            }
        }
        for (out, total) in columns.into_iter().zip(totals) {
            // Weights are not negative. So no mean can leave the range of numbers where the largest one cannot, which is seen
            // without looking at each.
            if geometric || !(self.most * total < 1e300 && self.most < 1e300) {
                for score in out.iter_mut() {
                    let mean = *score;
                    *score = if geometric { mean.exp() } else { mean };
                    if !(mean.is_finite() && score.is_finite()) {
                        *score = f64::NAN;
                    }
                }
            }
            if !enough {
                out.fill(f64::NAN);
            }
            for &row in &self.out {
                out[row] = f64::NAN;
            }
        }
    }
}

/// The sums of a few cities under a few sets of weights, child after child.
#[inline]
fn panel_sums(panel: &[[f64; LANES]], weights: &[[[f64; PAIR]; TOGETHER]]) -> [[f64; LANES]; TOGETHER] {
    let mut sums = [[0.0; LANES]; TOGETHER];
    for (scores, weights) in panel.iter().zip(weights) {
        for (sums, weight) in sums.iter_mut().zip(weights) {
            for lane in 0..LANES {
                sums[lane] += weight[lane % PAIR] * scores[lane];
            }
        }
    }
    sums
}
