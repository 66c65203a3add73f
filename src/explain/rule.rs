//! How a node's difference from another is split over its children, exactly.

use super::tree::{Combine, Side, Tree};
use crate::composite::{Composite, Position};
use crate::kernel::shapley::shapley;
use crate::steps::aggregate::Aggregation;

/// Up to so many children that differ, all mixtures are tried; beyond, as many orders as there are children and their reverses.
pub(super) const MOST: usize = 12;
/// Scores nearer than this share of their size are taken for one in slopes, where quotients would lose their digits.
const NEAR: f64 = 1e-5;

/// How a node is split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    Leaf,
    /// A mean of the curve's values, turned back.
    Mean(Curve),
    /// A sum with weights of the city's own.
    Own,
    /// Shapley values.
    Game,
}

impl Rule {
    /// That of an index or measure.
    pub(super) fn of(composite: &Composite, inner: usize) -> Self {
        if composite.has_own_weights(inner) {
            return Self::Own;
        }
        match composite.aggregation(inner) {
            Aggregation::Arithmetic => Self::Mean(Curve::Identity),
            Aggregation::Geometric => Self::Mean(Curve::Log),
            Aggregation::Harmonic => Self::Mean(Curve::Power(-1.0)),
            Aggregation::Power { exponent } => Self::Mean(Curve::Power(exponent)),
            _ => Self::Game,
        }
    }
}

/// What a mean is taken of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Curve {
    Identity,
    Log,
    Power(f64),
}

impl Curve {
    pub(super) fn of(self, x: f64) -> f64 {
        match self {
            Self::Identity => x,
            Self::Log => {
                if x > 0.0 {
                    x.ln()
                } else {
                    f64::NAN
                }
            }
            Self::Power(p) if x > 0.0 || (x == 0.0 && p > 0.0) => x.powf(p),
            Self::Power(_) => f64::NAN,
        }
    }

    pub(super) fn inverse(self, y: f64) -> f64 {
        match self {
            Self::Identity => y,
            Self::Log => y.exp(),
            Self::Power(p) => y.powf(1.0 / p),
        }
    }

    /// `(f(a) - f(b)) / (a - b)`, or what it tends to where they are near.
    fn slope(self, a: f64, b: f64) -> f64 {
        let middle = f64::midpoint(a, b);
        let slope = if self == Self::Identity {
            1.0
        } else if (a - b).abs() > NEAR * a.abs().max(b.abs()) {
            (self.of(a) - self.of(b)) / (a - b)
        } else {
            match self {
                Self::Identity => 1.0,
                Self::Log => 1.0 / middle,
                Self::Power(p) => p * middle.powf(p - 1.0),
            }
        };
        if slope.is_finite() { slope } else { 0.0 }
    }
}

/// The parts of all nodes of a tree in the difference of the first, and how they pass it on.
#[derive(Debug, Clone, Default)]
pub(super) struct Split {
    /// What each node adds.
    pub(super) terms: Vec<f64>,
    /// What it adds for each unit by which its own score differs; and what it adds beside that.
    factors: Vec<f64>,
    spills: Vec<f64>,
    work: Combine,
}

impl Split {
    pub(super) fn work(&mut self) -> &mut Combine {
        &mut self.work
    }

    /// Splits the difference of `a` from `b`, level after level. `turned` says that the sides of the mixtures are to be taken
    /// the other way round, so that two cities are split in the same way whichever is named first.
    pub(super) fn run(&mut self, tree: &Tree<'_>, a: &Side, b: &Side, turned: bool) {
        let n = tree.branches.len();
        for list in [&mut self.terms, &mut self.factors, &mut self.spills] {
            list.clear();
            list.resize(n, 0.0);
        }
        (self.terms[0], self.factors[0]) = (a.scores[0] - b.scores[0], 1.0);
        for at in 0..n {
            let branch = &tree.branches[at];
            if branch.children.is_empty() {
                continue;
            }
            let (factor, spill) = (self.factors[at], self.spills[at]);
            let both = !a.scores[at].is_nan() && !b.scores[at].is_nan();
            if both {
                match branch.rule {
                    Rule::Leaf => {}
                    Rule::Mean(curve) => self.mean(tree, at, curve, true, a, b),
                    Rule::Own => self.mean(tree, at, Curve::Identity, false, a, b),
                    Rule::Game => self.game(tree, at, a, b, turned),
                }
            }
            // What a node adds beside its own difference is shared by what its children weigh.
            let weight = |c: usize| a.weights[c] + b.weights[c];
            let counts = |c: &&usize| !(a.scores[**c].is_nan() && b.scores[**c].is_nan());
            let total: f64 = branch.children.iter().filter(counts).map(|&c| weight(c)).sum();
            for &c in branch.children.iter().filter(counts) {
                let share = if total > 0.0 { weight(c) / total * spill } else { 0.0 };
                let own = self.spills[c];
                self.terms[c] = factor * self.terms[c] + share;
                self.factors[c] *= factor;
                self.spills[c] = factor * own + share;
            }
            self.settle(tree, at);
        }
    }

    /// `K (w df + dw (f - m))`, with the means of both sides of weight `w` and value `f`, their differences `dw` and `df`, the
    /// mean `m` of both nodes' values, and `K` the node's own difference over that of its value. It negates when the sides are
    /// swapped, and adds up whatever is missing on either.
    fn mean(&mut self, tree: &Tree<'_>, at: usize, curve: Curve, centred: bool, a: &Side, b: &Side) {
        let branch = &tree.branches[at];
        let value = |side: &Side, c: usize| if side.weights[c] > 0.0 { curve.of(side.scores[c]) } else { 0.0 };
        let of = |side: &Side| branch.children.iter().map(|&c| side.weights[c] * value(side, c)).sum::<f64>();
        let middle = if centred { f64::midpoint(of(a), of(b)) } else { 0.0 };
        let scale = match curve.slope(a.scores[at], b.scores[at]) {
            slope if slope != 0.0 && centred => 1.0 / slope,
            _ => 1.0,
        };
        for &c in &branch.children {
            let (wa, wb) = (a.weights[c], b.weights[c]);
            let known = |side: &Side| !side.scores[c].is_nan();
            if wa == 0.0 && wb == 0.0 {
                continue;
            }
            if known(a) && known(b) && wa > 0.0 && wb > 0.0 {
                let (fa, fb) = (value(a, c), value(b, c));
                let weight = f64::midpoint(wa, wb);
                let beside = scale * ((wa - wb) * (f64::midpoint(fa, fb) - middle));
                self.terms[c] = scale * (weight * (fa - fb)) + beside;
                self.factors[c] = scale * (weight * curve.slope(a.scores[c], b.scores[c]));
                self.spills[c] = beside;
            } else {
                let alone = wa * (value(a, c) - middle) - wb * (value(b, c) - middle);
                (self.terms[c], self.factors[c], self.spills[c]) = (scale * alone, 0.0, scale * alone);
            }
        }
    }

    /// Shapley values: what a child's turn from `b` to `a` changes, on average over the orders in which they can turn. A mixture
    /// without a score counts as half way.
    fn game(&mut self, tree: &Tree<'_>, at: usize, a: &Side, b: &Side, turned: bool) {
        let branch = &tree.branches[at];
        let Position::Inner(inner) = branch.position else { return };
        let (from, to) = if turned { (a, b) } else { (b, a) };
        let half = f64::midpoint(a.scores[at], b.scores[at]);
        let Combine { row, sums, buffer, mixtures, players, parts } = &mut self.work;
        players.clear();
        let differs = |c: usize| from.scores[c].to_bits() != to.scores[c].to_bits();
        let moved = |c: usize| tree.branches[c].weight > 0.0 && differs(c);
        players.extend((0..branch.children.len()).filter(|&j| moved(branch.children[j])));
        let k = players.len();
        let mut score = |has_come: &dyn Fn(usize) -> bool| {
            row.clear();
            row.extend(branch.children.iter().map(|&c| from.scores[c]));
            for (_, &j) in players.iter().enumerate().filter(|&(p, _)| has_come(p)) {
                row[j] = to.scores[branch.children[j]];
            }
            let score = tree.scores.composite().combine(inner, row, sums, buffer);
            if score.is_finite() { score } else { half }
        };
        parts.clear();
        parts.resize(k, 0.0);
        if k <= MOST {
            let all = 1_usize << k;
            mixtures.clear();
            mixtures.extend((0..all).map(|set| match set {
                0 => from.scores[at],
                set if set + 1 == all => to.scores[at],
                set => score(&|p| set >> p & 1 == 1),
            }));
            shapley(mixtures, parts);
        } else {
            for start in 0..k {
                for backward in [false, true] {
                    let mut before = from.scores[at];
                    for step in 0..k {
                        let place = |i: usize| if backward { (start + k - i) % k } else { (start + i) % k };
                        let next = if step + 1 == k {
                            to.scores[at]
                        } else {
                            let reach = |p: usize| if backward { (start + k - p) % k } else { (p + k - start) % k };
                            score(&|p| reach(p) <= step)
                        };
                        parts[place(step)] += (next - before) / (2 * k) as f64;
                        before = next;
                    }
                }
            }
        }
        let even = branch.children.iter().all(|&c| a.scores[c].is_nan() == b.scores[c].is_nan());
        for (&j, part) in players.iter().zip(parts.iter()) {
            let c = branch.children[j];
            let part = if turned { -*part } else { *part };
            let (x, y) = (a.scores[c], b.scores[c]);
            self.terms[c] = part;
            if even && (x - y).abs() > NEAR * x.abs().max(y.abs()) {
                self.factors[c] = part / (x - y);
            } else {
                self.spills[c] = part;
            }
        }
    }

    /// Gives what rounding left over to the largest part, in the units of the first node, so that the parts of every node add
    /// up to its own however small that is beside the scores.
    fn settle(&mut self, tree: &Tree<'_>, at: usize) {
        let children = &tree.branches[at].children;
        let sum: f64 = children.iter().map(|&c| self.terms[c]).sum();
        let rest = self.terms[at] - sum;
        let mut largest: Option<usize> = None;
        for &c in children {
            if self.terms[c] != 0.0 && largest.is_none_or(|l| self.terms[c].abs() > self.terms[l].abs()) {
                largest = Some(c);
            }
        }
        if let Some(c) = largest.filter(|_| rest != 0.0 && rest.is_finite()) {
            self.terms[c] += rest;
            self.spills[c] += rest;
        }
    }
}
