//! What the learner would score at the model's level, in the order that pays most.

use serde::{Deserialize, Serialize};

use super::super::improve::{figure_for, under};
use super::Task;
use crate::error::Result;
use crate::framework::Direction;

/// What reaching the model's level in a child gives. See [`Lessons`](crate::Lessons).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LearningStep {
    /// The code of the child.
    pub child: String,
    /// Its name.
    pub name: String,
    /// The indicators that are raised, and to which raw figures.
    pub raised: Vec<(String, f64)>,
    /// The score with this step alone; none where it leaves none.
    pub alone: Option<f64>,
    /// The rank with it alone.
    pub alone_rank: Option<f64>,
    /// The score with this step and those before it.
    pub score: Option<f64>,
    /// The rank with them.
    pub rank: Option<f64>,
}

impl Task<'_> {
    /// The raw figure at which the learner has the model's level in an indicator; none where it has it, or one of them lacks it.
    fn level(&self, leaf: usize) -> Option<f64> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let values = composite.base_values(leaf, cities);
        let (own, theirs) = (values.at(self.learner), values.at(self.model));
        if own.is_nan() || theirs.is_nan() {
            return None;
        }
        let score = |row| composite.leaf_score(leaf, cities, self.scores.prepared(), row);
        let direction =
            composite.framework().node(composite.leaf_code(leaf)).ok()?.direction.unwrap_or(Direction::HigherIsBetter);
        let per = values.per.map(|(d, scale)| (d.at(self.learner), scale));
        (score(self.model) > score(self.learner)).then(|| figure_for(theirs, per, direction))
    }

    /// Code and name of the indicators that one of the two lacks.
    pub(super) fn left_alone(&self) -> Result<Vec<(String, String)>> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let leaves = composite.children(self.inner).flat_map(|(child, _)| under(composite, child).0);
        let lacking = leaves.filter(|&leaf| {
            let values = composite.base_values(leaf, cities);
            values.at(self.learner).is_nan() || values.at(self.model).is_nan()
        });
        lacking.map(|leaf| composite.leaf_code(leaf)).map(|code| Ok((code.to_owned(), self.name(code)?))).collect()
    }

    fn scored(&self, raised: &[(String, f64)]) -> Result<(Option<f64>, Option<f64>)> {
        let cities = self.scores.dataset();
        let key = cities.key(self.learner);
        let changed = cities.with_values(key, raised.iter().map(|(code, x)| (code.as_str(), Some(*x))))?;
        let scores = self.scores.composite().score(&changed)?;
        Ok((scores.score(key, self.node)?, scores.rank(key, self.node)?))
    }

    pub(super) fn steps(&self) -> Result<Vec<LearningStep>> {
        let composite = self.scores.composite();
        let mut left = Vec::new();
        for (child, _) in composite.children(self.inner) {
            let leaves = under(composite, child).0.into_iter();
            let raised: Vec<(String, f64)> =
                leaves.filter_map(|l| Some((composite.leaf_code(l).to_owned(), self.level(l)?))).collect();
            if !raised.is_empty() {
                let code = composite.code(child).to_owned();
                let (alone, alone_rank) = self.scored(&raised)?;
                let name = self.name(&code)?;
                left.push(LearningStep { child: code, name, raised, alone, alone_rank, score: None, rank: None });
            }
        }
        let (mut done, mut raised): (Vec<LearningStep>, Vec<(String, f64)>) = (Vec::new(), Vec::new());
        while !left.is_empty() {
            let mut best: Option<(usize, Option<f64>, Option<f64>)> = None;
            for (i, step) in left.iter().enumerate() {
                let all: Vec<(String, f64)> = raised.iter().chain(&step.raised).cloned().collect();
                let (score, rank) = self.scored(&all)?;
                if best.is_none_or(|(_, most, _)| score > most) {
                    best = Some((i, score, rank));
                }
            }
            let Some((i, score, rank)) = best else { break };
            let step = left.remove(i);
            raised.extend(step.raised.iter().cloned());
            done.push(LearningStep { score, rank, ..step });
        }
        Ok(done)
    }
}
