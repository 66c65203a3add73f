//! What it takes: the smallest change of a city's figures that reaches a goal on the frozen yardstick.

mod city;
mod goal;
mod mix;
mod print;
mod search;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::Result;
use crate::scores::Scores;
use city::City;

pub(super) use city::{figure_for, under};
pub(super) use print::number;

/// What a city is to reach. See [`Improvement`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Goal {
    /// A score in a node, or more.
    Score {
        /// The node.
        node: String,
        /// The score.
        score: f64,
    },
    /// A rank in a node, or a better one, under the method's rule for ties.
    Rank {
        /// The node.
        node: String,
        /// The rank.
        rank: usize,
    },
    /// A better rank than another city: a tie is not enough.
    Overtake {
        /// The node.
        node: String,
        /// The key of the other city.
        city: String,
    },
}

impl Goal {
    /// A score in a node, or more.
    #[must_use]
    pub fn score(node: impl Into<String>, score: f64) -> Self {
        Self::Score { node: node.into(), score }
    }

    /// A rank in a node, or a better one. Under [`Ties::Min`](crate::Ties::Min) drawing level with the city that has it is
    /// enough; under [`Ties::Average`](crate::Ties::Average) it may not be.
    #[must_use]
    pub fn rank(node: impl Into<String>, rank: usize) -> Self {
        Self::Rank { node: node.into(), rank }
    }

    /// To be among the first so many: the same as [`Goal::rank`].
    #[must_use]
    pub fn top(node: impl Into<String>, places: usize) -> Self {
        Self::rank(node, places)
    }

    /// A better rank than another city.
    #[must_use]
    pub fn overtake(node: impl Into<String>, city: impl Into<String>) -> Self {
        Self::Overtake { node: node.into(), city: city.into() }
    }

    /// The node that it is about.
    #[must_use]
    pub fn node(&self) -> &str {
        match self {
            Self::Score { node, .. } | Self::Rank { node, .. } | Self::Overtake { node, .. } => node,
        }
    }
}

/// How far an indicator may go. See [`Improvement::limit`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Limit {
    /// To the better end of the yardstick: the goalpost, or the best city of the fit ([`Composite::ends`](crate::Composite::ends));
    /// to the best value seen where the treatment moves an end or the city's figure.
    #[default]
    Yardstick,
    /// To the best value, after denomination, of the cities that are scored.
    BestSeen,
    /// To the best value, after denomination, of these cities.
    BestAmong(Vec<String>),
}

/// What is done with figures that a city lacks. See [`Improvement::gaps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gaps {
    /// They stay missing, and the answer says so.
    #[default]
    Leave,
    /// They may be filled in. The cost is reckoned from the worst end of the yardstick, for nothing better is known.
    Fill,
}

/// The question what it would take for a city to reach a score or a rank, or to overtake another.
///
/// Figures move in their direction only (fewer days, more kilometres), in **raw units**, before denomination: kilometres of metro
/// for the inhabitants that the city has. The yardstick stays frozen, and the other cities keep their figures. Every answer is
/// **verified**: all cities are scored again with the changed figures, and the score and rank that come out stand in it.
///
/// - The change is the smallest double that does: to draw level, or the next one above where a tie is not enough.
/// - No figure goes beyond its [limit](Improvement::limit), nor further than its score rises (a goalpost that clips).
/// - What is measured in classes (a unit that begins with `class`, or `0 or 1`) moves in whole steps, and so does what is
///   [named](Improvement::whole).
/// - An imputed figure is improved from what was filled in, and replaced. A missing one stays missing unless
///   [told otherwise](Improvement::gaps).
/// - Scores must not fall when a figure gets better: Mazziotta-Pareto and coupling coordination are refused, and so is any other
///   case in which that is seen to happen.
///
/// ```
/// use longspring::{Cut, Goal, Improvement, Limit, Method, MixOutcome, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
///
/// let ask = Improvement::new("sheffield", Goal::top("renewal", 3));
/// for step in &ask.single(&scores)?.steps {
///     println!("{step}"); // each indicator alone: "Metro network: ... more km (from ... to ...)"
/// }
/// let mix = ask.cost("rd_intensity", 5.0).limit(Limit::BestSeen).cheapest(&scores)?;
/// println!("{mix}");
/// let MixOutcome::Reached { reached, .. } = &mix.outcome else { panic!("{mix}") };
/// assert!(reached.rank.unwrap() <= 3.0);
///
/// // the same by hand
/// let changed = scores.composite().score(&mix.apply(&cities)?)?;
/// assert_eq!(changed.rank("sheffield", "renewal")?, reached.rank);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct Improvement {
    city: String,
    goal: Goal,
    costs: BTreeMap<String, f64>,
    bounds: BTreeMap<String, f64>,
    whole: BTreeSet<String>,
    kept: BTreeSet<String>,
    limit: Limit,
    gaps: Gaps,
}

/// What scoring the changed city gave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reached {
    /// Its score; none where it has none.
    pub score: Option<f64>,
    /// Its rank.
    pub rank: Option<f64>,
}

/// A figure that changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The code of the indicator.
    pub indicator: String,
    /// Its name.
    pub name: String,
    /// The unit of the figure: that of the indicator, without what stands after `per` where something divides it.
    pub unit: String,
    /// The figure as it is, before denomination; none where it is missing.
    pub from: Option<f64>,
    /// Whether that was filled in by the method's imputation.
    pub imputed: bool,
    /// The figure that it takes, before denomination.
    pub to: f64,
    /// The same after denomination, where something divides it, in the indicator's own unit.
    pub value: Option<(f64, String)>,
    /// What it costs.
    pub cost: f64,
}

/// What one indicator alone can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepOutcome {
    /// It reaches the goal.
    Reached {
        /// The change.
        change: Change,
        /// What scoring it gave.
        reached: Reached,
    },
    /// Not even its limit does.
    Short {
        /// The change to the limit.
        change: Change,
        /// What scoring it gave.
        reached: Reached,
        /// What the score lacks; none where the change leaves no score.
        short: Option<f64>,
    },
    /// It cannot move, for this reason.
    Still(String),
}

/// What an indicator alone can do. See [`Improvement::single`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SingleStep {
    /// The code of the indicator.
    pub indicator: String,
    /// Its name.
    pub name: String,
    /// What it can do.
    pub outcome: StepOutcome,
}

/// What each indicator alone can do. See [`Improvement::single`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SingleSteps {
    /// The key of the city.
    pub city: String,
    /// What it is to reach.
    pub goal: Goal,
    /// Where it stands.
    pub now: Reached,
    /// The score that it needs; none where the goal is met already, and then there are no steps.
    pub need: Option<f64>,
    /// What each indicator can do, in the order of the framework.
    pub steps: Vec<SingleStep>,
}

impl SingleSteps {
    /// What each indicator can do, in the order of the framework.
    pub fn iter(&self) -> std::slice::Iter<'_, SingleStep> {
        self.steps.iter()
    }
}

impl<'a> IntoIterator for &'a SingleSteps {
    type Item = &'a SingleStep;
    type IntoIter = std::slice::Iter<'a, SingleStep>;

    fn into_iter(self) -> Self::IntoIter {
        self.steps.iter()
    }
}

/// How sure it is that no mix is cheaper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Optimality {
    /// No mix costs less than this one less the gap, which is 0 but for rounding where all means are arithmetic.
    Proven {
        /// The gap, in the unit of the costs.
        gap: f64,
    },
    /// No indicator can be taken back, and none exchanged for another, to save anything; a mix that differs in more
    /// indicators may cost less.
    Local,
}

/// What a mix can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MixOutcome {
    /// The goal is met already: nothing need change.
    Met,
    /// The cheapest mix that was found.
    Reached {
        /// The figures that change, in the order of the framework.
        changes: Vec<Change>,
        /// What they cost together.
        cost: f64,
        /// What scoring them gave.
        reached: Reached,
        /// How sure it is that no mix is cheaper.
        proof: Optimality,
    },
    /// Not even with everything at its limit.
    Impossible {
        /// Everything at its limit.
        changes: Vec<Change>,
        /// What scoring that gave.
        reached: Reached,
        /// What the score lacks; none where the changes leave no score.
        short: Option<f64>,
    },
}

/// The cheapest mix of changes. See [`Improvement::cheapest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mix {
    /// The key of the city.
    pub city: String,
    /// What it is to reach.
    pub goal: Goal,
    /// Where it stands.
    pub now: Reached,
    /// The score that it needs; none where the goal is met already.
    pub need: Option<f64>,
    /// What can be done.
    pub outcome: MixOutcome,
    /// The codes of indicators that could not move, and why.
    pub still: Vec<(String, String)>,
}

impl Mix {
    /// The figures that change: none where the goal is met, all that can move where it cannot be reached.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match &self.outcome {
            MixOutcome::Met => &[],
            MixOutcome::Reached { changes, .. } | MixOutcome::Impossible { changes, .. } => changes,
        }
    }

    /// The table with the changes made.
    ///
    /// # Errors
    /// Those of [`Dataset::with_value`].
    pub fn apply(&self, cities: &Dataset) -> Result<Dataset> {
        cities.with_values(&self.city, self.changes().iter().map(|c| (c.indicator.as_str(), Some(c.to))))
    }
}

impl Improvement {
    /// For a city, by its key, to reach a goal.
    pub fn new(city: impl Into<String>, goal: Goal) -> Self {
        Self {
            city: city.into(),
            goal,
            costs: BTreeMap::new(),
            bounds: BTreeMap::new(),
            whole: BTreeSet::new(),
            kept: BTreeSet::new(),
            limit: Limit::default(),
            gaps: Gaps::default(),
        }
    }

    /// With this cost of a raw unit of an indicator, above 0. Without, the whole way between the yardstick's ends
    /// costs 1 in every indicator (of a treated one: between the worst and the best city), so that costs are shares of ranges.
    /// Pitfall: beside costs in millions such a share is next to nothing, and the mix is made of what has no price. Price every
    /// indicator that may move, and [`keep`](Self::keep) the others.
    pub fn cost(mut self, indicator: impl Into<String>, per_unit: f64) -> Self {
        self.costs.insert(indicator.into(), per_unit);
        self
    }

    /// With a limit for all indicators.
    pub fn limit(self, limit: Limit) -> Self {
        Self { limit, ..self }
    }

    /// With a limit of its own for an indicator, in raw units.
    pub fn bound(mut self, indicator: impl Into<String>, figure: f64) -> Self {
        self.bounds.insert(indicator.into(), figure);
        self
    }

    /// With an indicator that moves to whole numbers only.
    ///
    /// A framework does not say which indicators come in classes. What is taken for one without being named here is told by
    /// the text of its unit alone: `0 or 1`, or one that begins with `class`, as in the embedded framework. A unit that says
    /// it in other words (`level 0-4`, `yes/no`) moves on a continuous scale until it is named, and there is no way to make one
    /// whose unit reads `class ...` move in parts.
    pub fn whole(mut self, indicator: impl Into<String>) -> Self {
        self.whole.insert(indicator.into());
        self
    }

    /// With an indicator held where it is; one at a time, and of those under the node only.
    pub fn keep(mut self, indicator: impl Into<String>) -> Self {
        self.kept.insert(indicator.into());
        self
    }

    /// With gaps left or filled.
    pub fn gaps(self, gaps: Gaps) -> Self {
        Self { gaps, ..self }
    }

    /// What each indicator alone can do: the smallest change that reaches the goal, or by how much its limit falls short.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a city, node or indicator that is not there;
    /// [`Error::Invalid`](crate::Error::Invalid) where the city or its rival has no score, the rank cannot be had, a city is to
    /// overtake itself, a cost or bound is not a number that can be used, an indicator has no say in the node, or a better
    /// figure can lower the score.
    pub fn single(&self, scores: &Scores) -> Result<SingleSteps> {
        let mut city = City::new(self, scores)?;
        let now = self.now(scores)?;
        let mut answer =
            SingleSteps { city: self.city.clone(), goal: self.goal.clone(), now, need: city.need, steps: vec![] };
        let Some(need) = city.need else { return Ok(answer) };
        let framework = scores.composite().framework();
        for j in 0..city.moves.len() {
            let mut figures = city.start();
            let outcome = if let Some(to) = city.least(j, &mut figures, need)? {
                figures[j] = to;
                let reached = city.verify_reaches(&figures, need)?;
                StepOutcome::Reached { change: change(&city, j, to)?, reached }
            } else {
                let to = Some(city.moves[j].end());
                figures[j] = to;
                let reached = city.verify(&figures)?;
                StepOutcome::Short { change: change(&city, j, to)?, reached, short: reached.score.map(|s| need - s) }
            };
            let indicator = city.moves[j].code.clone();
            let name = framework.node(&indicator)?.name.clone();
            answer.steps.push(SingleStep { indicator, name, outcome });
        }
        for (indicator, why) in &city.still {
            let name = framework.node(indicator)?.name.clone();
            let outcome = StepOutcome::Still((*why).to_owned());
            answer.steps.push(SingleStep { indicator: indicator.clone(), name, outcome });
        }
        answer.steps.sort_by_key(|step| framework.find(&step.indicator).ok());
        Ok(answer)
    }

    /// The cheapest mix of changes that reaches the goal, or what everything at its limit gives where none does.
    ///
    /// Where all means in the node are arithmetic it is a linear program, and exact; under geometric and harmonic means and
    /// power means up to exponent 1 the mixes that do are a convex set, and supporting planes give a lower bound that the answer
    /// meets ([`Optimality::Proven`]). What moves in steps, or gains nothing at first (a figure beyond the worse goalpost), is
    /// tried in all combinations up to 4096. Under all else, and for treated indicators on a curve, the search ends where no
    /// exchange of two indicators saves anything ([`Optimality::Local`]).
    ///
    /// # Errors
    /// Those of [`Improvement::single`].
    pub fn cheapest(&self, scores: &Scores) -> Result<Mix> {
        let mut city = City::new(self, scores)?;
        let now = self.now(scores)?;
        let still = city.still.iter().map(|(code, why)| (code.clone(), (*why).to_owned())).collect();
        let mut mix = Mix {
            city: self.city.clone(),
            goal: self.goal.clone(),
            now,
            need: city.need,
            outcome: MixOutcome::Met,
            still,
        };
        let Some(need) = city.need else { return Ok(mix) };
        let start = city.start();
        let changes = |city: &City<'_>, figures: &[Option<f64>]| -> Result<Vec<Change>> {
            let moved = (0..figures.len()).filter(|&j| figures[j] != start[j]);
            moved.map(|j| change(city, j, figures[j])).collect()
        };
        mix.outcome = if let Some((figures, proof)) = mix::cheapest(&mut city, need)? {
            let reached = city.verify_reaches(&figures, need)?;
            MixOutcome::Reached { changes: changes(&city, &figures)?, cost: city.cost(&figures), reached, proof }
        } else {
            let figures = city.ends();
            let reached = city.verify(&figures)?;
            MixOutcome::Impossible {
                changes: changes(&city, &figures)?,
                reached,
                short: reached.score.map(|s| need - s),
            }
        };
        Ok(mix)
    }

    fn now(&self, scores: &Scores) -> Result<Reached> {
        let node = self.goal.node();
        Ok(Reached { score: scores.score(&self.city, node)?, rank: scores.rank(&self.city, node)? })
    }
}

/// The change of one figure of a city.
fn change(city: &City<'_>, j: usize, to: Option<f64>) -> Result<Change> {
    let m = &city.moves[j];
    let node = city.composite().framework().node(&m.code)?;
    let to_figure = to.unwrap_or(m.origin);
    let divided = m.value(to_figure) != to_figure || city.composite().columns(m.leaf).1.is_some();
    let unit = match node.unit.split_once(" per ") {
        Some((unit, _)) if divided => unit.to_owned(),
        _ => node.unit.clone(),
    };
    Ok(Change {
        indicator: m.code.clone(),
        name: node.name.clone(),
        unit,
        from: m.start,
        imputed: m.imputed,
        to: to_figure,
        value: divided.then(|| (m.value(to_figure), node.unit.clone())),
        cost: m.cost(to),
    })
}
