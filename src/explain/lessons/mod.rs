//! What a city can learn from a model city.

mod pace;
mod path;
mod print;
mod steps;

use serde::{Deserialize, Serialize};

use super::compare::Comparison;
use crate::composite::Position;
use crate::error::{Fault, Result};
use crate::framework::Kind;
use crate::observations::Observations;
use crate::scores::Scores;

pub use pace::{Fastest, Pace, Speed};
pub use path::Waypoint;
pub use steps::LearningStep;

/// The key of the city that the article holds up as the model.
pub(crate) const MODEL: &str = "changchun";

/// The question what a city can learn from another, the model: [`article::MODEL`](crate::article::MODEL) unless told otherwise.
///
/// - The **lead** of the model is what [`Scores::compare`] says of the two: split over the children of the node and over all
///   indicators under it, with both raw figures; every level adds up to the gap between the scores, under every aggregation.
/// - A **step** raises every indicator of a child in which the model is better to the model's level, after denomination: so many
///   kilometres for the learner's own inhabitants. Indicators that either lacks are left alone. The order is greedy: each
///   time the step that gives the best score. Every score and rank comes from scoring the changed city.
/// - The **speed** is Theil and Sen's slope of the raw figures over the years, where a series has five or more. The fastest is
///   compared after denomination by the size of today.
/// - The **path** goes from the learner to the nearest city that is better and not beyond the model, and from there on. The
///   distance is that of [`Peers::of`](crate::Peers::of): cities that have too little in common have none. Ties go by the key.
///   Where the path does not come to the model, the report says why.
///
/// ```
/// use longspring::{Cut, Lessons, Method, article};
///
/// let framework = article::framework();
/// let known = article::observations();
/// let cities = known.dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
///
/// let report = Lessons::new("sheffield").from("ulsan").speeds(&known).of(&scores, "renewal")?;
/// println!("{report}");
/// let parts: f64 = report.lead.children().filter_map(|part| part.gap).sum();
/// assert!((parts - report.gap).abs() < 1e-9);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: Sen (1968), *Estimates of the regression coefficient based on Kendall's tau*,
/// [10.1080/01621459.1968.10480934](https://doi.org/10.1080/01621459.1968.10480934).
#[derive(Debug, Clone)]
#[must_use]
pub struct Lessons<'a> {
    learner: String,
    model: String,
    speeds: Option<&'a Observations>,
}

/// What a city can learn from a model. See [`Lessons`](crate::Lessons).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LessonsReport {
    /// The key of the city that learns.
    pub learner: String,
    /// The key of the model.
    pub model: String,
    /// The node.
    pub node: String,
    /// The learner's score.
    pub score: f64,
    /// Its rank.
    pub rank: f64,
    /// The model's score.
    pub model_score: f64,
    /// Its rank.
    pub model_rank: f64,
    /// The model's score less the learner's: not above 0 where the model does not lead.
    pub gap: f64,
    /// What each node under it carries of that: the model is the first city, the learner the second.
    pub lead: Comparison,
    /// What reaching the model's level gives, in the order that pays most.
    pub steps: Vec<LearningStep>,
    /// The indicators that one of the two lacks, by code and name, in the order of the framework: no step raises them, so that a
    /// step can be worth less than the lead.
    pub left_alone: Vec<(String, String)>,
    /// How long each indicator would take, where the panel was given.
    pub paces: Vec<Pace>,
    /// Cities on the way, the model last; empty where the model does not lead.
    pub path: Vec<Waypoint>,
    /// Why the path does not come to the model, though it leads: the scores are on no common scale, or too little is known in
    /// common. None where it does, and where the model does not lead.
    pub no_path: Option<String>,
}

impl<'a> Lessons<'a> {
    /// For a city, by its key.
    pub fn new(learner: impl Into<String>) -> Self {
        Self { learner: learner.into(), model: MODEL.to_owned(), speeds: None }
    }

    /// From another model.
    pub fn from(self, model: impl Into<String>) -> Self {
        Self { model: model.into(), ..self }
    }

    /// With the speeds that a panel shows.
    pub fn speeds(self, panel: &'a Observations) -> Self {
        Self { speeds: Some(panel), ..self }
    }

    /// What the learner can learn in an index or measure. A model that is behind is no error: the gap says so, and what it does
    /// better is told all the same.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a city or node that is not there; [`Error::Invalid`](crate::Error::Invalid)
    /// where a city is to learn from itself, one of them has no score, or the node has no children.
    pub fn of(&self, scores: &Scores, node: &str) -> Result<LessonsReport> {
        let composite = scores.composite();
        let kind = composite.framework().node(node)?.kind;
        let view = scores.node(node)?;
        let cities = scores.dataset();
        let (learner, model) = (cities.find_city(&self.learner)?, cities.find_city(&self.model)?);
        if learner == model {
            return Err(Fault::SameCity { city: self.learner.clone() }.into());
        }
        let inner = match composite.position(node) {
            Some(Position::Inner(i)) => i,
            None if kind != Kind::Context => return Err(Fault::Out { node: node.to_owned() }.into()),
            _ => return Err(Fault::WrongKind { what: "be split over children", code: node.to_owned(), kind }.into()),
        };
        let lead = scores.compare(&self.model, &self.learner, node)?;
        let (model_score, score) = lead.scores;
        let rank = |row: usize| view.ranks().nth(row).flatten().unwrap_or(f64::NAN);
        let task = Task { scores, node, inner, learner, model };
        let steps = task.steps()?;
        let left_alone = task.left_alone()?;
        let (path, no_path) = task.path(score, model_score);
        Ok(LessonsReport {
            learner: self.learner.clone(),
            model: self.model.clone(),
            node: node.to_owned(),
            score,
            rank: rank(learner),
            model_score,
            model_rank: rank(model),
            gap: lead.gap,
            lead,
            paces: self.speeds.map_or_else(|| Ok(Vec::new()), |panel| task.paces(panel, &steps))?,
            steps,
            left_alone,
            path,
            no_path,
        })
    }
}

/// The learner, the model and the node.
struct Task<'a> {
    scores: &'a Scores,
    node: &'a str,
    inner: usize,
    learner: usize,
    model: usize,
}

impl Task<'_> {
    fn name(&self, code: &str) -> Result<String> {
        Ok(self.scores.composite().framework().node(code)?.name.clone())
    }
}
