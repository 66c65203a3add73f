//! What could not be computed although its figures are known. It must not pass for missing: its parent would be scored
//! without it, and a worse figure could raise a score.

use std::ops::Range;

use super::{Child, Composite, Inner, Position, Prepared, Sheet, Work};
use crate::missing::Missing;

/// How the children of a node, called by `C`, stand in one city.
#[derive(Debug)]
pub(super) struct Tally<C> {
    known: usize,
    failed: usize,
    /// Whether a known child counts.
    weighs: bool,
    /// The first child that counts and failed.
    decisive: Option<C>,
    /// The first child that failed, whether it counts or not.
    first: Option<C>,
}

impl<C: Copy> Tally<C> {
    /// Of children with their score, whether they could not be computed, and whether they count.
    pub(super) fn of(children: impl Iterator<Item = (C, f64, bool, bool)>) -> Self {
        let mut tally = Self { known: 0, failed: 0, weighs: false, decisive: None, first: None };
        for (child, score, failed, counts) in children {
            if failed {
                tally.failed += 1;
                tally.first = tally.first.or(Some(child));
                tally.decisive = tally.decisive.or(Some(child).filter(|_| counts));
            } else if !score.is_nan() {
                tally.known += 1;
                tally.weighs |= counts;
            }
        }
        tally
    }

    /// Whether the node could not be computed: a child that counts could not, or it has enough children and yet no score. With
    /// too few children even if all could be computed, it is missing for lack of figures.
    pub(super) fn fails(&self, score: f64, need: usize) -> bool {
        self.known + self.failed >= need
            && (self.decisive.is_some() || (score.is_nan() && (self.known < need || self.weighs)))
    }
}

impl Inner {
    /// The children that the node looks at.
    fn seen(&self) -> impl Iterator<Item = &Child> {
        self.children.iter().filter(|child| child.used || !self.takes_columns())
    }

    /// Whether a child does more than count for coverage.
    fn counts(&self, child: &Child) -> bool {
        child.weight != 0.0 || self.own.is_some()
    }

    /// Whether there was nothing to learn from when the composite was fitted.
    fn has_no_yardstick(&self) -> bool {
        self.aggregation.is_learned() && !self.takes_columns()
    }

    fn tally(&self, of: impl Fn(Position) -> (f64, bool)) -> Tally<Position> {
        Tally::of(self.seen().map(|child| {
            let (score, failed) = of(child.node);
            (child.node, score, failed, self.counts(child))
        }))
    }

    /// Whether a node could not be computed.
    fn fails(&self, score: f64, need: usize, of: impl Fn(Position) -> (f64, bool)) -> bool {
        !self.has_no_yardstick() && self.tally(of).fails(score, need)
    }
}

impl Composite {
    /// Whether a city has the figures of an indicator, and they give no score.
    pub(super) fn leaf_fails(
        &self,
        leaf: usize,
        cities: &dyn Sheet,
        prepared: &Prepared,
        row: usize,
        score: f64,
    ) -> bool {
        if score.is_finite() || self.scale(leaf).is_none() {
            return false;
        }
        let (column, per) = self.columns(leaf);
        let known = |column: usize| !cities.figures(column).at(row).is_nan();
        (known(column) && per.is_none_or(known)) || !self.values(leaf, cities, prepared).at(row).is_nan()
    }

    /// Whether a child could not be computed, given what could not be further down.
    fn has_failed(
        &self,
        position: Position,
        failing: &[bool],
        cities: &dyn Sheet,
        prepared: &Prepared,
        row: usize,
        score: f64,
    ) -> bool {
        match position {
            Position::Inner(j) => failing[j],
            Position::Leaf(leaf) => self.leaf_fails(leaf, cities, prepared, row, score),
        }
    }

    /// Whether figures of an indicator may give no score in a block, given the values after denomination and after treatment.
    /// What a scale makes infinite shows elsewhere.
    pub(super) fn loses(
        &self,
        leaf: usize,
        cities: &dyn Sheet,
        rows: Range<usize>,
        values: &[f64],
        treated: &[f64],
    ) -> bool {
        let lost = |before: &[f64], after: &[f64]| before.iter().zip(after).any(|(b, a)| a.is_nan() && !b.is_nan());
        let (column, per) = self.columns(leaf);
        let divided = per.is_some_and(|per| {
            let (figures, per) = (cities.figures(column), cities.figures(per));
            let known = |row: usize| !figures.at(row).is_nan() && !per.at(row).is_nan();
            rows.zip(values).any(|(row, v)| v.is_nan() && known(row))
        });
        let scaled = || match self.scale(leaf) {
            Some(scale) if !scale.is_total() => treated.iter().any(|&v| !v.is_nan() && scale.score(v).is_nan()),
            _ => false,
        };
        divided || (self.fitted.leaves[leaf].curve.is_some() && lost(values, treated)) || scaled()
    }

    /// Takes the scores in a block from the nodes that could not be computed or stand above one that could not.
    pub(super) fn spread(
        &self,
        nodes: Range<usize>,
        rows: Range<usize>,
        (cities, prepared, given): (&dyn Sheet, &Prepared, Option<&[Vec<f64>]>),
        out: &mut [f64],
        work: &mut Work,
    ) {
        let n = cities.len();
        let inner = &self.fitted.inner;
        let Work { marked, failing, whole, suspect, .. } = work;
        marked.clear();
        marked.resize(rows.len(), *suspect);
        if !*suspect {
            let before = |i: usize| {
                inner[i].children.iter().filter_map(|child| match child.node {
                    Position::Inner(j) if j < nodes.start => Some(j),
                    _ => None,
                })
            };
            let gaps = nodes.clone().filter(|&i| !whole[i]).chain(nodes.clone().flat_map(before));
            for i in gaps {
                let scores = &out[i * n..][rows.clone()];
                marked.iter_mut().zip(scores).for_each(|(marked, score)| *marked |= score.is_nan());
            }
        }
        for row in rows.clone().filter(|&row| marked[row - rows.start] && !prepared.is_out(row)) {
            failing.clear();
            failing.resize(nodes.end, false);
            for i in 0..nodes.end {
                let score = out[i * n + row];
                let failed = |child: &Child| matches!(child.node, Position::Inner(j) if failing[j]);
                // A node that has a score and no such child need not be looked at.
                if !(*suspect || score.is_nan() || inner[i].children.iter().any(failed)) {
                    continue;
                }
                let of = |position| match position {
                    Position::Inner(j) => (out[j * n + row], failing[j]),
                    Position::Leaf(leaf) => {
                        let score = match given {
                            Some(given) => given[leaf][row],
                            None => self.leaf_score(leaf, cities, prepared, row),
                        };
                        (score, self.leaf_fails(leaf, cities, prepared, row, score))
                    }
                };
                if inner[i].fails(score, self.fitted.plan.needs[i], of) {
                    failing[i] = true;
                    out[i * n + row] = f64::NAN;
                    work.failed = true;
                }
            }
        }
    }

    /// For each index and measure up to one, whether it could not be computed for a city, given the scores there.
    pub(super) fn failing(
        &self,
        last: usize,
        cities: &dyn Sheet,
        prepared: &Prepared,
        row: usize,
        score_of: impl Fn(Position) -> f64,
    ) -> Vec<bool> {
        let mut failing = vec![false; last + 1];
        for i in 0..=last {
            let of = |position| {
                let score = score_of(position);
                (score, self.has_failed(position, &failing, cities, prepared, row, score))
            };
            failing[i] = self.fitted.inner[i].fails(score_of(Position::Inner(i)), self.fitted.plan.needs[i], of);
        }
        failing
    }

    /// Why a city has no score at an index or measure, given the scores there.
    pub(crate) fn why_not(
        &self,
        inner: usize,
        cities: &dyn Sheet,
        prepared: &Prepared,
        row: usize,
        score_of: impl Fn(Position) -> f64,
    ) -> Missing {
        let failing = self.failing(inner, cities, prepared, row, &score_of);
        self.why(inner, &failing, cities, prepared, row, score_of)
    }

    /// The same, given what could not be computed.
    fn why(
        &self,
        inner: usize,
        failing: &[bool],
        cities: &dyn Sheet,
        prepared: &Prepared,
        row: usize,
        score_of: impl Fn(Position) -> f64,
    ) -> Missing {
        // Down to where it began. Trees may be deep, so this does not recurse.
        let (mut at, mut above) = (inner, true);
        loop {
            let (node, why) = match self.own_reason(at, failing, cities, prepared, row, &score_of) {
                Ok(why) if above => return why,
                Ok(why) => (self.inner_code(at), why),
                Err(Position::Leaf(leaf)) => (self.leaf_code(leaf), self.leaf_reason(leaf, cities, prepared, row)),
                Err(Position::Inner(j)) => {
                    (at, above) = (j, false);
                    continue;
                }
            };
            return Missing::NotComputed { node: node.to_owned(), why: Box::new(why) };
        }
    }

    /// Why a node has no score; the child where it is because of one that could not be computed.
    pub(super) fn own_reason(
        &self,
        inner: usize,
        failing: &[bool],
        cities: &dyn Sheet,
        prepared: &Prepared,
        row: usize,
        score_of: impl Fn(Position) -> f64,
    ) -> Result<Missing, Position> {
        let of = |position| {
            let score = score_of(position);
            (score, self.has_failed(position, failing, cities, prepared, row, score))
        };
        let node = &self.fitted.inner[inner];
        let need = self.fitted.plan.needs[inner];
        let tally = node.tally(of);
        if tally.known + tally.failed < need {
            let (of, share) = (node.children.len(), self.fitted.method.coverage);
            return Ok(Missing::Coverage { have: tally.known, of, share });
        }
        let bad = node.seen().filter(|child| node.counts(child)).find_map(|child| match of(child.node) {
            (score, false) if !score.is_nan() && !node.aggregation.takes(score) => Some((child.node, score)),
            _ => None,
        });
        if let Some((child, value)) = bad {
            return Ok(Missing::NotComputable { child: self.code(child).to_owned(), value });
        }
        if node.has_no_yardstick() {
            return Ok(Missing::NoYardstick);
        }
        match tally.decisive.or(tally.first.filter(|_| tally.known < need)) {
            Some(child) => Err(child),
            None if !tally.weighs => Ok(Missing::NoWeight),
            None if node.takes_columns() => Ok(Missing::Undefined { step: node.aggregation.to_string() }),
            None => Ok(Missing::Magnitude),
        }
    }

    /// Why the figures of an indicator give no score.
    pub(crate) fn leaf_reason(&self, leaf: usize, cities: &dyn Sheet, prepared: &Prepared, row: usize) -> Missing {
        let value = self.values(leaf, cities, prepared).at(row);
        let undefined = |step: &str| Missing::Undefined { step: step.to_owned() };
        match self.scale(leaf) {
            None => Missing::NoYardstick,
            Some(_) if !value.is_nan() && self.treated_value(leaf, value).is_nan() => undefined("the treatment"),
            Some(scale) if !value.is_nan() && !scale.is_total() => undefined("the normalisation"),
            Some(_) => Missing::Magnitude,
        }
    }
}
