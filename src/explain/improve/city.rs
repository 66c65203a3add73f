//! One city on the frozen yardstick, and how its indicators may move.

use super::goal::need;
use super::search::{above, below, first};
use super::shape::{is_whole, shape};
use super::{Gaps, Improvement, Limit, Reached};
use crate::composite::{Composite, Position, Prepared, Work};
use crate::dataset::Dataset;
use crate::error::{Error, Fault, Result};
use crate::framework::{Direction, Kind};
use crate::scores::Scores;
use crate::steps::denominate::divide;
use crate::steps::normalise::Scale;

/// How an indicator of the city may move.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) leaf: usize,
    pub(super) code: String,
    /// The denominator and its scale.
    per: Option<(f64, f64)>,
    /// The figure as it is; none where it is missing.
    pub(super) start: Option<f64>,
    pub(super) imputed: bool,
    /// Where it is reckoned from: the figure as it is, or the worst end where it is missing.
    pub(super) origin: f64,
    /// Where it may go at most.
    pub(super) limit: f64,
    /// The cost of a raw unit.
    pub(super) price: f64,
    /// Where the score begins to rise, if it does not at once.
    pub(super) rise: f64,
    /// The only places it can go to, the nearest first, where they are few.
    pub(super) levels: Option<Vec<f64>>,
    /// Whether the score is a straight line from there to the limit.
    pub(super) straight: bool,
}

impl Move {
    /// As far as it can go: its last level, or its limit.
    pub(super) fn end(&self) -> f64 {
        self.levels.as_ref().and_then(|levels| levels.last().copied()).unwrap_or(self.limit)
    }

    pub(super) fn cost(&self, to: Option<f64>) -> f64 {
        to.map_or(0.0, |to| (to - self.origin).abs() * self.price)
    }

    /// The figure after denomination.
    pub(super) fn value(&self, figure: f64) -> f64 {
        self.per.map_or(figure, |(d, scale)| divide(figure, d, scale))
    }
}

/// A city that is scored again and again with other figures.
pub(super) struct City<'a> {
    pub(super) scores: &'a Scores,
    pub(super) row: usize,
    pub(super) node: &'a str,
    position: Position,
    one: Dataset,
    given: Vec<Vec<f64>>,
    out: Vec<f64>,
    work: Work,
    /// Whether a figure has effects beyond its own cell, so that the table is prepared anew each time.
    pub(super) entangled: bool,
    pub(super) moves: Vec<Move>,
    /// Indicators that cannot move, and why.
    pub(super) still: Vec<(String, &'static str)>,
    /// The score that is needed; none where the goal is met.
    pub(super) need: Option<f64>,
}

/// The score of an indicator for a figure that was denominated.
pub(super) fn leaf_score(composite: &Composite, leaf: usize, value: f64) -> f64 {
    composite.scale(leaf).map_or(f64::NAN, |scale| scale.score(composite.treated_value(leaf, value)))
}

impl<'a> City<'a> {
    pub(super) fn new(ask: &'a Improvement, scores: &'a Scores) -> Result<Self> {
        let node = ask.goal.node();
        let composite = scores.composite();
        let kind = composite.framework().node(node)?.kind;
        if kind == Kind::Context {
            return Err(
                Fault::WrongKind { what: "be improved, for it counts nowhere", code: node.to_owned(), kind }.into()
            );
        }
        let row = scores.dataset().find_city(&ask.city)?;
        let Some(position) = composite.position(node) else { return Err(Fault::Out { node: node.to_owned() }.into()) };
        let (leaves, inner) = under(composite, position);
        ask.check(scores, &leaves)?;
        let need = need(&ask.goal, scores, row)?;
        for &i in &inner {
            let aggregation = composite.aggregation(i);
            if !aggregation.is_monotone() {
                let (node, aggregation) = (composite.inner_code(i).to_owned(), aggregation.to_string());
                let why =
                    "imbalance counts there, so that a better child can lower the score; choose another aggregation";
                return Err(Fault::NotMonotone { node, aggregation, why }.into());
            }
        }
        let one = composite.own_order(&scores.dataset().select([scores.dataset().key(row)])?)?;
        let prepared = composite.prepare(&one);
        let given = (0..composite.leaf_len())
            .map(|leaf| vec![leaf_score(composite, leaf, composite.values(leaf, &one, &prepared).at(0))])
            .collect();
        let filled = (0..composite.leaf_len()).any(|leaf| composite.is_imputed(leaf, &one, &prepared, 0));
        let mut city = Self {
            scores,
            row,
            node,
            position,
            given,
            out: vec![f64::NAN; composite.inner_len()],
            work: Work::default(),
            entangled: filled || composite.method().screening.screens_cities(),
            moves: Vec::new(),
            still: Vec::new(),
            need,
            one,
        };
        for leaf in leaves {
            match city.may_move(ask, leaf, &prepared)? {
                Ok(found) => city.moves.push(found),
                Err(why) => city.still.push((composite.leaf_code(leaf).to_owned(), why)),
            }
        }
        let divides = |m: &Move| composite.framework().divided_by(&m.code).next().is_some();
        city.entangled |= city.moves.iter().any(divides);
        Ok(city)
    }

    pub(super) fn composite(&self) -> &'a Composite {
        self.scores.composite()
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// The score of an indicator at a figure.
    pub(super) fn leaf_at(&self, j: usize, figure: f64) -> f64 {
        leaf_score(self.composite(), self.moves[j].leaf, self.moves[j].value(figure))
    }

    /// The score of a node as it was computed last.
    pub(super) fn last(&self, position: Position) -> f64 {
        match position {
            Position::Leaf(leaf) => self.given[leaf][0],
            Position::Inner(i) => self.out[i],
        }
    }

    pub(super) fn start(&self) -> Vec<Option<f64>> {
        self.moves.iter().map(|m| m.start).collect()
    }

    /// Every indicator as far as it can go.
    pub(super) fn ends(&self) -> Vec<Option<f64>> {
        self.moves.iter().map(|m| Some(m.end())).collect()
    }

    pub(super) fn cost(&self, figures: &[Option<f64>]) -> f64 {
        self.moves.iter().zip(figures).map(|(m, &x)| m.cost(x)).sum()
    }

    /// The score with these figures; NaN where there is none.
    pub(super) fn score(&mut self, figures: &[Option<f64>]) -> f64 {
        if self.entangled {
            return self.prepared_score(figures).unwrap_or(f64::NAN);
        }
        let composite = self.scores.composite();
        for (m, x) in self.moves.iter().zip(figures) {
            self.given[m.leaf][0] = x.map_or(f64::NAN, |x| leaf_score(composite, m.leaf, m.value(x)));
        }
        match self.position {
            Position::Leaf(leaf) => self.given[leaf][0],
            Position::Inner(i) => {
                composite.evaluate_given(&self.one, &self.given, &mut self.out, &mut self.work);
                self.out[i]
            }
        }
    }

    fn prepared_score(&mut self, figures: &[Option<f64>]) -> Result<f64> {
        let changed = self.moves.iter().zip(figures).filter(|(m, x)| m.start != **x);
        let one = self.one.with_values(self.one.key(0), changed.map(|(m, &x)| (m.code.as_str(), x)))?;
        let composite = self.scores.composite();
        let prepared = composite.prepare(&one);
        composite.evaluate(&one, &prepared, &mut self.out, &mut self.work);
        Ok(match self.position {
            Position::Inner(i) => self.out[i],
            Position::Leaf(leaf) => composite.leaf_score(leaf, &one, &prepared, 0),
        })
    }

    pub(super) fn reaches(&mut self, figures: &[Option<f64>], need: f64) -> bool {
        self.score(figures) >= need
    }

    /// The least that an indicator must move so that the score is reached, the others given; none where its limit does not
    /// do. An error where a better figure is seen to lower the score.
    #[expect(
        clippy::option_option,
        reason = "whether there is an answer, and a figure that may stay missing, are two questions"
    )]
    pub(super) fn least(&mut self, j: usize, figures: &mut [Option<f64>], need: f64) -> Result<Option<Option<f64>>> {
        let (m, was) = (self.moves[j].clone(), figures[j]);
        figures[j] = m.start;
        if self.reaches(figures, need) {
            figures[j] = was;
            return Ok(Some(m.start));
        }
        let mut seen: Vec<(f64, f64)> = Vec::new();
        let mut try_at = |x: f64| {
            figures[j] = Some(x);
            let score = self.score(figures);
            seen.push(((x - m.origin).abs(), score));
            score >= need
        };
        let found = match &m.levels {
            Some(levels) => {
                let at = levels.partition_point(|&x| !try_at(x));
                levels.get(at).copied()
            }
            None => first(m.origin, m.limit, try_at),
        };
        figures[j] = was;
        seen.retain(|(_, score)| !score.is_nan());
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        let falls = |pair: &[(f64, f64)]| pair[1].1 < pair[0].1 - 1e-9 * pair[0].1.abs().max(1e-3);
        if seen.windows(2).any(falls) {
            return Err(self.not_monotone());
        }
        Ok(found.map(Some))
    }

    fn not_monotone(&self) -> Error {
        let aggregation = match self.position {
            Position::Inner(i) => self.composite().aggregation(i).to_string(),
            Position::Leaf(_) => self.composite().method().normalisation.all.to_string(),
        };
        let why = "a better figure is seen to lower the score there, so that no smallest improvement can be told";
        Fault::NotMonotone { node: self.node.to_owned(), aggregation, why }.into()
    }

    /// Scores all cities with the change made, as anybody would.
    pub(super) fn verify(&self, figures: &[Option<f64>]) -> Result<Reached> {
        let cities = self.scores.dataset();
        let key = cities.key(self.row);
        let changed = self.moves.iter().zip(figures).filter(|(m, x)| m.start != **x);
        let cities = cities.with_values(key, changed.map(|(m, &x)| (m.code.as_str(), x)))?;
        let scores = self.composite().score(&cities)?;
        Ok(Reached { score: scores.score(key, self.node)?, rank: scores.rank(key, self.node)? })
    }

    /// The same where the score must be reached.
    pub(super) fn verify_reaches(&self, figures: &[Option<f64>], need: f64) -> Result<Reached> {
        let reached = self.verify(figures)?;
        let found = reached.score.unwrap_or(f64::NAN);
        if found >= need {
            return Ok(reached);
        }
        let (city, node) = (self.scores.dataset().key(self.row).to_owned(), self.node.to_owned());
        Err(Fault::NotVerified { city, node, found, need }.into())
    }

    /// How an indicator may move, or why it may not.
    fn may_move(&self, ask: &Improvement, leaf: usize, prepared: &Prepared) -> Result<Result<Move, &'static str>> {
        let composite = self.scores.composite();
        let node = composite.framework().node(composite.leaf_code(leaf))?;
        let Some(scale) = composite.scale(leaf) else {
            return Ok(Err("no city had a figure when the yardstick was made"));
        };
        if ask.kept.contains(&node.code) {
            return Ok(Err("it is held back"));
        }
        if matches!(scale, Scale::TwoSided(_)) {
            return Ok(Err("its scale is two-sided, so that neither direction is better"));
        }
        let base = composite.base_values(leaf, &self.one);
        let per = base.per.map(|(denominator, scale)| (denominator.at(0), scale));
        if per.is_some_and(|(d, _)| d.is_nan()) {
            return Ok(Err("what divides it is missing"));
        }
        let direction = node.direction.unwrap_or(Direction::HigherIsBetter);
        let raw = |value: f64| figure_for(value, per, direction);
        let imputed = base.at(0).is_nan() && !composite.values(leaf, &self.one, prepared).at(0).is_nan();
        let start = if imputed {
            Some(raw(composite.values(leaf, &self.one, prepared).at(0)))
        } else {
            Some(base.figures.at(0)).filter(|x| !x.is_nan())
        };
        if start.is_none() && ask.gaps == Gaps::Leave {
            return Ok(Err("it is not known, and gaps are left as they are"));
        }
        let seen = |rows: &[usize]| {
            let all = composite.base_values(leaf, self.scores.dataset());
            let known = rows.iter().map(|&row| all.at(row)).filter(|v| !v.is_nan()).map(|v| direction.orient(v));
            let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
            (low <= high).then(|| (direction.orient(low), direction.orient(high)))
        };
        let everybody: Vec<usize> = (0..self.scores.dataset().len()).collect();
        // Of a treated indicator the ends stand on another scale: the cities' figures take their place.
        let treated = composite.pulled_in(leaf, base.at(0)) != base.at(0)
            || composite
                .ends(&node.code)?
                .is_none_or(|(a, b)| [a, b].iter().any(|&v| composite.treated_value(leaf, v) != v));
        let ends = if treated { seen(&everybody) } else { Some(scale.ends()) };
        let Some((worst, best)) = ends.filter(|(a, b)| direction.orient(*b) > direction.orient(*a)) else {
            return Ok(Err("the yardstick has no range there"));
        };
        let limit = match (ask.bounds.get(&node.code), &ask.limit) {
            (Some(&bound), _) => Some(bound),
            (None, Limit::Yardstick) => Some(raw(best)),
            (None, Limit::BestSeen) => seen(&everybody).map(|(_, best)| raw(best)),
            (None, Limit::BestAmong(cities)) => {
                let rows = cities.iter().map(|c| self.scores.dataset().find_city(c)).collect::<Result<Vec<_>>>()?;
                seen(&rows).map(|(_, best)| raw(best))
            }
        };
        let origin = start.unwrap_or_else(|| raw(worst));
        let better = |a: f64, b: f64| direction.orient(a) > direction.orient(b);
        let Some(limit) = limit.filter(|&limit| better(limit, origin)) else {
            return Ok(Err("it stands at its limit"));
        };
        let price = ask.costs.get(&node.code).copied().unwrap_or_else(|| 1.0 / (raw(best) - raw(worst)).abs());
        let mut found = Move {
            leaf,
            code: node.code.clone(),
            per,
            start,
            imputed,
            origin,
            limit,
            price,
            rise: origin,
            levels: None,
            straight: false,
        };
        Ok(if shape(composite, &mut found, scale, is_whole(ask, node))? {
            Ok(found)
        } else {
            Err("its score rises no further")
        })
    }
}

/// The figure that makes a value after denomination, or the nearest double beyond that makes no worse one: what is multiplied
/// and divided again may come out a last digit short.
pub(in crate::explain) fn figure_for(value: f64, per: Option<(f64, f64)>, direction: Direction) -> f64 {
    let Some((denominator, scale)) = per else { return value };
    let exact = value / scale * denominator;
    let mut figure = exact;
    for _ in 0..4 {
        if direction.orient(divide(figure, denominator, scale)) >= direction.orient(value) {
            return figure;
        }
        figure = if direction.orient(1.0) > 0.0 { above(figure) } else { below(figure) };
    }
    exact
}

/// The indicators and the inner nodes that have a say in a node, itself included, in the order of the composite.
pub(in crate::explain) fn under(composite: &Composite, position: Position) -> (Vec<usize>, Vec<usize>) {
    let (mut leaves, inner) = composite.under(position, |i, weight| composite.has_own_weights(i) || weight > 0.0);
    leaves.sort_unstable();
    (leaves, inner)
}
