//! What a goal asks of a score, and what is wrong with the question itself.

use super::super::figure::no_score;
use super::search::{above, below};
use super::{Goal, Improvement, Limit};
use crate::error::{Fault, Problem, Problems, Result};
use crate::framework::Kind;
use crate::kernel::rank::{RankWork, rank_into};
use crate::scores::Scores;

/// The lowest score that meets a goal; none where it is met already.
pub(super) fn need(goal: &Goal, scores: &Scores, row: usize) -> Result<Option<f64>> {
    let (code, method) = (goal.node(), scores.composite().method());
    let node = scores.node(code)?;
    let key = |row: usize| scores.dataset().key(row).to_owned();
    let of = |row: usize| -> Result<f64> { node.score_at(row).ok_or_else(|| no_score(scores, code, row).into()) };
    let own = of(row)?;
    let rival = match goal {
        Goal::Score { score, .. } => {
            if !score.is_finite() {
                let fault =
                    Fault::Parameter { name: "the score to be reached", value: *score, need: "a finite number" };
                return Err(fault.into());
            }
            return Ok((own < *score).then_some(*score));
        }
        Goal::Rank { rank, .. } => {
            let ranked = node.ranked();
            if *rank == 0 || *rank > ranked {
                return Err(Fault::RankGoal { rank: *rank, ranked }.into());
            }
            None
        }
        Goal::Overtake { city, .. } => {
            let rival = scores.dataset().find_city(city)?;
            if rival == row {
                return Err(Fault::SameCity { city: key(row) }.into());
            }
            of(rival)?;
            Some(rival)
        }
    };
    let mut all: Vec<f64> = node.scores().map(|s| s.unwrap_or(f64::NAN)).collect();
    let mut others: Vec<f64> =
        all.iter().enumerate().filter(|&(i, s)| i != row && !s.is_nan()).map(|(_, &s)| s).collect();
    others.sort_by(f64::total_cmp);
    others.dedup();
    let mut ranks = vec![f64::NAN; all.len()];
    let mut work = RankWork::default();
    let mut met = |score: f64| {
        all[row] = score;
        rank_into(&all, method.ties, method.tolerance, &mut work, &mut ranks);
        match (goal, rival) {
            (_, Some(rival)) => ranks[row] < ranks[rival],
            (Goal::Rank { rank, .. }, _) => ranks[row] <= *rank as f64,
            _ => false,
        }
    };
    if met(own) {
        return Ok(None);
    }
    // Where a rank can change: at another's score, just above it, and where ties begin and end.
    let mut places: Vec<f64> = others.iter().flat_map(|&s| [s, above(s)]).collect();
    if method.tolerance > 0.0 {
        let ends = others.iter().flat_map(|&s| [s - method.tolerance, s + method.tolerance]);
        places.extend(ends.flat_map(|s| [below(s), s, above(s), above(above(s))]));
    }
    places.retain(|&s| s > own);
    places.sort_by(f64::total_cmp);
    let at = places.partition_point(|&s| !met(s));
    Ok(Some(places.get(at).copied().unwrap_or(f64::INFINITY)))
}

impl Improvement {
    /// What is wrong with the question itself.
    pub(super) fn check(&self, scores: &Scores, leaves: &[usize]) -> Result<()> {
        let composite = scores.composite();
        let mut problems: Vec<Problem> = Vec::new();
        let named = self.costs.keys().chain(self.bounds.keys()).chain(&self.whole).chain(&self.kept);
        for code in named {
            let kind = composite.framework().node(code)?.kind;
            if kind != Kind::Indicator {
                problems.push(Fault::WrongKind { what: "be moved", code: code.clone(), kind }.into());
            } else if !leaves.iter().any(|&leaf| composite.leaf_code(leaf) == code) {
                let (indicator, node) = (code.clone(), self.goal.node().to_owned());
                problems.push(Fault::NoSay { indicator, node }.into());
            }
        }
        for (indicator, &cost) in &self.costs {
            if !(cost.is_finite() && cost > 0.0) {
                problems.push(Fault::Cost { indicator: indicator.clone(), cost }.into());
            }
        }
        for &value in self.bounds.values().filter(|b| !b.is_finite()) {
            problems
                .push(Fault::Parameter { name: "the bound of an indicator", value, need: "a finite number" }.into());
        }
        if let Limit::BestAmong(cities) = &self.limit {
            if cities.is_empty() {
                problems.push(Fault::NoCities.into());
            }
            for city in cities {
                scores.dataset().find_city(city)?;
            }
        }
        Problems::check(problems)
    }
}
