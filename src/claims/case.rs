//! A claim under one method on one table: at the weights as they are, and at those that are open.

use super::together::Critical;
use crate::codes::Codes;
use crate::composite::{Position, ReweighWork};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::framework::Framework;
use crate::kernel::rank::{RankWork, Ties, rank_into};
use crate::method::Method;
use crate::robustness::{WeightAnalysis, WeightSpace};
use crate::scores::Scores;
use crate::steps::aggregate::Aggregation;
use crate::steps::weight::{WeightSet, Weighting};

/// Leads that are smaller, relative to the scores, are rounding.
const TIE: f64 = 1e-12;
/// What was found exactly is borne out by scoring to this, relative to the scores.
const ROUNDING: f64 = 1e-9;

/// What is asked of the scores of a node.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    /// The first is ahead of the second.
    Lead(String, String),
    /// The city has a rank of `k` or better.
    Top(String, usize),
    /// The node ranks cities as the other one does.
    Together(String),
}

/// What is open, and how it is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open<'a> {
    pub(super) framework: &'a Framework,
    pub(super) weights: Option<&'a WeightSpace>,
    pub(super) draws: usize,
    pub(super) seed: u64,
}

/// A margin, and the weights that come to it.
pub(super) type Broken = (Option<f64>, Vec<(String, f64)>);

/// What came out of one method on one table.
#[derive(Debug, Clone, Default)]
pub(super) struct Span {
    pub(super) nominal: Option<f64>,
    pub(super) smallest: Option<f64>,
    pub(super) largest: Option<f64>,
    pub(super) held: usize,
    pub(super) tried: usize,
    pub(super) always: bool,
    pub(super) never: bool,
    pub(super) exact: bool,
    /// Where it fails by the most: the margin, and the weights unless they are as they were.
    pub(super) broken: Option<Broken>,
    pub(super) note: Option<String>,
}

/// Holds or not, and by how much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub(super) holds: bool,
    pub(super) margin: Option<f64>,
    /// Fails but for rounding.
    near: bool,
}

/// A question that is put to one column of scores after the other.
pub(super) struct Judge<'a> {
    ask: Asked<'a>,
    ties: (Ties, f64),
    work: RankWork,
    ranks: Vec<f64>,
}

enum Asked<'a> {
    Lead(usize, usize),
    Top(usize, usize),
    Together(Vec<f64>, &'a mut Critical),
}

impl<'a> Judge<'a> {
    pub(super) fn new(ask: &Ask, scores: &Scores, critical: &'a mut Critical) -> Result<Self> {
        let (composite, cities) = (scores.composite(), scores.dataset());
        let ask = match ask {
            Ask::Lead(a, b) => Asked::Lead(cities.find_city(a)?, cities.find_city(b)?),
            Ask::Top(city, k) => Asked::Top(cities.find_city(city)?, *k),
            Ask::Together(other) => {
                let nobody = || vec![f64::NAN; cities.len()];
                Asked::Together(composite.position(other).map_or_else(nobody, |p| scores.column(p)), critical)
            }
        };
        let ties = (composite.method().ties, composite.method().tolerance);
        Ok(Self { ask, ties, work: RankWork::default(), ranks: vec![f64::NAN; cities.len()] })
    }

    /// None where a score is missing.
    pub(super) fn judge(&mut self, column: &[f64]) -> Option<Judged> {
        match &mut self.ask {
            &mut Asked::Lead(a, b) => {
                let (a, b) = (column[a], column[b]);
                let (lead, size) = (a - b, a.abs().max(b.abs()));
                let known = !lead.is_nan();
                known.then_some(Judged { holds: lead > TIE * size, margin: Some(lead), near: lead <= ROUNDING * size })
            }
            &mut Asked::Top(row, k) => {
                let own = column[row];
                if own.is_nan() {
                    return None;
                }
                rank_into(column, self.ties.0, self.ties.1, &mut self.work, &mut self.ranks);
                let others = column.iter().enumerate().filter(|&(b, s)| b != row && !s.is_nan());
                let mut others: Vec<f64> = others.map(|(_, s)| *s).collect();
                others.sort_unstable_by(|a, b| b.total_cmp(a));
                let margin = others.get(k - 1).map(|other| own - other);
                let holds = self.ranks[row] <= k as f64;
                Some(Judged { holds, margin, near: margin.is_some_and(|m| m <= ROUNDING * own.abs()) })
            }
            Asked::Together(other, critical) => {
                let margin = critical.margin(column, other)?;
                Some(Judged { holds: margin >= 0.0, margin: Some(margin), near: margin < 0.0 })
            }
        }
    }
}

impl Span {
    fn see(&mut self, judged: Judged, weights: impl FnOnce() -> Vec<(String, f64)>) {
        self.tried += 1;
        self.held += usize::from(judged.holds);
        self.widen(judged.margin);
        let worst = self.broken.as_ref().is_none_or(|(margin, _)| judged.margin < *margin);
        if !judged.holds && worst {
            self.broken = Some((judged.margin, weights()));
        }
    }

    fn widen(&mut self, margin: Option<f64>) {
        if let Some(margin) = margin {
            self.smallest = Some(self.smallest.map_or(margin, |m| m.min(margin)));
            self.largest = Some(self.largest.map_or(margin, |m| m.max(margin)));
        }
    }
}

/// The claim on the scores of a composite; in words why it cannot be told.
pub(super) fn span(
    open: &Open<'_>,
    (scores, fitted_on): (&Scores, &Dataset),
    node: &str,
    ask: &Ask,
    critical: &mut Critical,
) -> Result<Result<Span, String>> {
    let (composite, cities) = (scores.composite(), scores.dataset());
    let Some(position) = composite.position(node) else {
        return Ok(Err(format!("the method leaves `{node}` out")));
    };
    let mut judge = Judge::new(ask, scores, critical)?;
    let Some(nominal) = judge.judge(&scores.column(position)) else { return why_not(scores, node, ask).map(Err) };
    let mut span = Span { nominal: nominal.margin, exact: true, ..Span::default() };
    span.see(nominal, Vec::new);
    (span.always, span.never) = (nominal.holds, !nominal.holds);
    let (Some(space), Position::Inner(inner)) = (open.weights, position) else { return Ok(Ok(span)) };
    if composite.has_own_weights(inner) {
        span.note = Some(format!("each city has weights of its own in {node}: none are tried there"));
        return Ok(Ok(span));
    }
    let (children, weights): (Vec<Position>, Vec<f64>) = composite.children(inner).unzip();
    // The only child has all the weight whatever is said.
    if children.len() < 2 {
        return Ok(Ok(span));
    }
    let children = Codes::new(children.iter().map(|&p| composite.code(p)));
    let named = |weights: &[f64]| -> Vec<(String, f64)> {
        children.iter().map(str::to_owned).zip(weights.iter().copied()).collect()
    };
    let mut sample = space.sample(node, &children, &weights, (open.draws, open.seed))?;
    let exact = exact(scores, node, ask, space, &mut sample)?;
    let own = composite.own_order(cities)?;
    let mut varied = vec![false; composite.inner_len()];
    varied[inner] = true;
    let reweigh = composite.reweigh(&own, &composite.prepare(&own), inner, &varied);
    let (mut column, mut work) = (vec![f64::NAN; cities.len()], ReweighWork::default());
    for weights in &sample {
        if let Some(reweigh) = &reweigh {
            reweigh.score(weights, &mut column, &mut work);
        } else {
            let again = weighed(composite.method(), node, &named(weights))?.fit(open.framework, fitted_on)?;
            let Some(position) = again.position(node) else { continue };
            column = again.score(cities)?.column(position);
        }
        if let Some(judged) = judge.judge(&column) {
            span.see(judged, || named(weights));
        }
    }
    (span.exact, span.always, span.never) = (false, span.held == span.tried, span.held == 0);
    if let Some(found) = exact {
        span.exact = true;
        (span.always, span.never) = (found.always && span.always, found.never && span.never);
        span.widen(found.ends.map(|(low, _)| low));
        span.widen(found.ends.map(|(_, high)| high));
    }
    // What breaks the claim was found by weighing anew: it must do so when scored from the figures.
    if let Some((margin, weights)) = span.broken.as_mut().filter(|(_, weights)| !weights.is_empty()) {
        let again = weighed(composite.method(), node, weights)?.fit(open.framework, fitted_on)?.score(cities)?;
        let column = again.composite().position(node).map(|p| again.column(p)).unwrap_or_default();
        match Judge::new(ask, &again, judge_critical(&mut judge, &mut Critical::default()))?.judge(&column) {
            Some(judged) if !judged.holds || judged.near => *margin = judged.margin,
            _ => span.broken = None,
        }
    }
    Ok(Ok(span))
}

/// The memory of tests, where the question has one.
fn judge_critical<'b>(judge: &'b mut Judge<'_>, none: &'b mut Critical) -> &'b mut Critical {
    match &mut judge.ask {
        Asked::Together(_, critical) => critical,
        _ => none,
    }
}

/// A method with other weights of a node's children.
pub(super) fn weighed(method: &Method, node: &str, weights: &[(String, f64)]) -> Result<Method> {
    let set = WeightSet::new("counterexample", weights.iter().cloned())?;
    Ok(method.clone().weighting_of(node, Weighting::Set(set)))
}

/// What is so at every weight of the set.
struct Exact {
    always: bool,
    never: bool,
    /// The smallest and the largest margin.
    ends: Option<(f64, f64)>,
}

/// The claim over every weight of the set, where the node is linear in them; the weights at the ends join the sample.
fn exact(
    scores: &Scores,
    node: &str,
    ask: &Ask,
    space: &WeightSpace,
    sample: &mut Vec<Vec<f64>>,
) -> Result<Option<Exact>> {
    let composite = scores.composite();
    let Some(Position::Inner(inner)) = composite.position(node) else { return Ok(None) };
    let aggregation = composite.aggregation(inner);
    if !matches!(aggregation, Aggregation::Arithmetic | Aggregation::Geometric) || matches!(ask, Ask::Together(_)) {
        return Ok(None);
    }
    // Something below that cannot be computed under other weights: they are tried one by one.
    let Ok(analysis) = WeightAnalysis::of(scores, node) else { return Ok(None) };
    let over = analysis.uncompared(space)?;
    match ask {
        Ask::Lead(a, b) => {
            let (Some(low), Some(high)) = (over.least_lead(a, b)?, over.least_lead(b, a)?) else { return Ok(None) };
            let (always, never) = (low.lead > low.tie, high.lead >= -high.tie);
            let arithmetic = aggregation == Aggregation::Arithmetic;
            sample.extend([low.weights, high.weights].into_iter().filter(|weights| !weights.is_empty()));
            Ok(Some(Exact { always, never, ends: arithmetic.then_some((low.lead, -high.lead)) }))
        }
        Ask::Top(city, k) => {
            let method = composite.method();
            if method.ties != Ties::Min || method.tolerance != 0.0 {
                return Ok(None);
            }
            let Ok(ranks) = over.attainable(city) else { return Ok(None) };
            let (always, never) = (ranks.worst_bound <= *k, ranks.best_bound > *k);
            let settled = ranks.exact || always || never;
            sample.extend([ranks.best_weights, ranks.worst_weights]);
            Ok(settled.then_some(Exact { always, never, ends: None }))
        }
        Ask::Together(_) => Ok(None),
    }
}

/// Why the claim cannot be told at all.
fn why_not(scores: &Scores, node: &str, ask: &Ask) -> Result<String> {
    let cities: Vec<&String> = match ask {
        Ask::Lead(a, b) => vec![a, b],
        Ask::Top(city, _) => vec![city],
        Ask::Together(other) => {
            return Ok(format!("fewer than 4 cities have scores in both `{node}` and `{other}`, or all have the same"));
        }
    };
    for city in cities {
        if let Some(why) = scores.get(city, node)?.missing {
            return Ok(format!("{city} has no score in {node}: {why}"));
        }
    }
    Ok(format!("a score in {node} is missing"))
}
