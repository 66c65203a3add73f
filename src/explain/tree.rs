//! The nodes under one, each with the rule by which a difference of its score is split over its children.

use std::cell::OnceCell;

use super::rule::{Curve, Rule};
use crate::composite::{Composite, Position};
use crate::error::{Fault, Result};
use crate::framework::{Kind, Node};
use crate::kernel::stats;
use crate::scores::Scores;
use crate::steps::aggregate::Sums;

/// A node of a tree.
#[derive(Debug, Clone)]
pub(super) struct Branch<'a> {
    pub(super) node: &'a Node,
    pub(super) position: Position,
    pub(super) depth: usize,
    pub(super) children: Vec<usize>,
    /// Its weight among its siblings, 0 where its parent does not look at it.
    pub(super) weight: f64,
    pub(super) rule: Rule,
    /// The scores of all cities.
    pub(super) column: &'a [f64],
    /// Of an indicator: looked at only where it is the reference.
    bottom: OnceCell<Option<f64>>,
    mean: OnceCell<f64>,
}

impl Branch<'_> {
    /// The lowest score of an indicator's scale; none where it has no end.
    pub(super) fn bottom(&self, composite: &Composite) -> Option<f64> {
        let Position::Leaf(leaf) = self.position else { return None };
        *self.bottom.get_or_init(|| {
            let choices = &composite.method().normalisation;
            choices.of_indicator(composite.framework(), composite.leaf_code(leaf)).ends_of_scale().map(|(low, _)| low)
        })
    }

    /// The mean of the cities.
    pub(super) fn mean(&self) -> f64 {
        *self.mean.get_or_init(|| stats::mean(self.column))
    }
}

/// A node and all under it, each before its children, in the order of the framework.
#[derive(Debug, Clone)]
pub(super) struct Tree<'a> {
    pub(super) scores: &'a Scores,
    pub(super) branches: Vec<Branch<'a>>,
}

/// The scores and weights of a city, or of a reference, in the nodes of a tree; NaN and 0 where there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub(super) scores: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(scores: &'a Scores, node: &str, what: &'static str) -> Result<Self> {
        let composite = scores.composite();
        let kind = composite.framework().node(node)?.kind;
        if kind == Kind::Context {
            return Err(Fault::WrongKind { what, code: node.to_owned(), kind }.into());
        }
        let root = composite.position(node).ok_or_else(|| Fault::Out { node: node.to_owned() })?;
        let mut branches: Vec<Branch<'a>> = Vec::new();
        let mut stack = vec![(root, None, 0, 1.0)];
        while let Some((position, parent, depth, weight)) = stack.pop() {
            let at = branches.len();
            if let Some(parent) = parent {
                let parent: &mut Branch<'_> = &mut branches[parent];
                parent.children.push(at);
            }
            let column = scores.values_of(position);
            let rule = match position {
                Position::Leaf(_) => Rule::Leaf,
                Position::Inner(i) => Rule::of(composite, i),
            };
            if let Position::Inner(i) = position {
                let children: Vec<_> = composite.parts(i).collect();
                let below = |(child, weight, seen)| (child, Some(at), depth + 1, if seen { weight } else { 0.0 });
                stack.extend(children.into_iter().rev().map(below));
            }
            let (children, bottom, mean) = (Vec::new(), OnceCell::new(), OnceCell::new());
            let node = composite.framework().node(composite.code(position))?;
            branches.push(Branch { node, position, depth, children, weight, rule, column, bottom, mean });
        }
        Ok(Self { scores, branches })
    }

    pub(super) fn code(&self, at: usize) -> &'a str {
        &self.branches[at].node.code
    }

    /// The nodes that are shown: those under the first, or the first where it is an indicator.
    pub(super) fn shown(&self) -> std::ops::Range<usize> {
        usize::from(self.branches.len() > 1)..self.branches.len()
    }

    /// Refuses a city without a score.
    pub(super) fn need_score(&self, row: usize) -> Result<()> {
        match super::figure::missing(self.scores, self.branches[0].position, row) {
            None => Ok(()),
            Some(_) => Err(super::figure::no_score(self.scores, self.code(0), row).into()),
        }
    }

    /// Whether a score is a sum of its indicators' parts, so that nothing everywhere gives nothing.
    pub(super) fn is_additive(&self) -> bool {
        self.branches.iter().all(|branch| match branch.rule {
            Rule::Leaf | Rule::Own | Rule::Mean(Curve::Identity) => true,
            Rule::Mean(Curve::Power(p)) => p > 0.0,
            Rule::Mean(Curve::Log) | Rule::Game => false,
        })
    }

    /// Reads a city.
    pub(super) fn read(&self, row: usize, side: &mut Side) {
        side.scores.clear();
        side.scores.extend(self.branches.iter().map(|branch| branch.column[row]));
        self.weigh(side);
    }

    /// The weights of a row of scores, rescaled over what is known.
    fn weigh(&self, side: &mut Side) {
        let Side { scores, weights } = side;
        weights.clear();
        weights.resize(self.branches.len(), 0.0);
        weights[0] = 1.0;
        for branch in &self.branches {
            let known = || branch.children.iter().copied().filter(|&c| !scores[c].is_nan());
            if let (Rule::Own, Position::Inner(i)) = (&branch.rule, branch.position) {
                let of = |position| {
                    branch
                        .children
                        .iter()
                        .find(|&&c| self.branches[c].position == position)
                        .map_or(f64::NAN, |&c| scores[c])
                };
                for (position, weight) in self.scores.composite().own_weights(i, of).into_iter().flatten() {
                    if let Some(c) = known().find(|&c| self.branches[c].position == position) {
                        weights[c] = weight;
                    }
                }
                continue;
            }
            let total: f64 = known().map(|c| self.branches[c].weight).sum();
            if total > 0.0 {
                known().for_each(|c| weights[c] = self.branches[c].weight / total);
            }
        }
    }

    /// A reference with the gaps and the weights of a city: its indicators as given, and what the composite makes of them.
    /// Gives whether the node has a score there.
    pub(super) fn refer(
        &self,
        city: &Side,
        of: impl Fn(&Branch<'_>) -> Option<f64>,
        side: &mut Side,
        work: &mut Combine,
    ) -> bool {
        side.weights.clone_from(&city.weights);
        side.scores.clear();
        side.scores.resize(self.branches.len(), f64::NAN);
        for (at, branch) in self.branches.iter().enumerate().rev() {
            if city.scores[at].is_nan() {
                continue;
            }
            let counting = || branch.children.iter().copied().filter(|&c| side.weights[c] > 0.0);
            let score = match (&branch.rule, branch.position) {
                (Rule::Mean(curve), _) => {
                    curve.inverse(counting().map(|c| side.weights[c] * curve.of(side.scores[c])).sum())
                }
                (Rule::Own, _) => counting().map(|c| side.weights[c] * side.scores[c]).sum(),
                (Rule::Game, Position::Inner(i)) if counting().all(|c| !side.scores[c].is_nan()) => {
                    work.row.clear();
                    work.row.extend(branch.children.iter().map(|&c| side.scores[c]));
                    self.scores.composite().combine(i, &work.row, &mut work.sums, &mut work.buffer)
                }
                (Rule::Game, _) => f64::NAN,
                (Rule::Leaf, _) => of(branch).unwrap_or(f64::NAN),
            };
            side.scores[at] = if score.is_finite() { score } else { f64::NAN };
        }
        !side.scores[0].is_nan()
    }
}

/// Buffers of a node that is scored anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Combine {
    pub(super) row: Vec<f64>,
    pub(super) sums: Option<Sums>,
    pub(super) buffer: Vec<f64>,
    /// The scores of the node with each mixture of the two sides' children.
    pub(super) mixtures: Vec<f64>,
    pub(super) players: Vec<usize>,
    pub(super) parts: Vec<f64>,
}
