//! What a city can learn from a model city.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::no_score;
use super::improve::{number, under};
use crate::composite::{Position, Work};
use crate::error::{Fault, Result};
use crate::framework::{Direction, Kind};
use crate::kernel::trend::TheilSen;
use crate::observations::Observations;
use crate::scores::Scores;

/// The key of the city that the article holds up as the model.
pub(crate) const MODEL: &str = "changchun";
/// So many years a series must have before it tells a speed.
const YEARS: usize = 5;
/// So many children the gap is split over at most.
const CHILDREN: usize = 14;

/// The question what a city can learn from another, the model: [`article::MODEL`](crate::article::MODEL) unless told otherwise.
///
/// - The **lead** of the model is split over the children of the node by exact Shapley values, the children's indicators being
///   exchanged for the model's: they add up to the gap between the scores, under every aggregation. Children that only one of
///   the two has are exchanged at once, and carry a share together. In an arithmetic mean of
///   what both have it is weight times the difference of scores.
/// - A **step** raises every indicator of a child in which the model is better to the model's level, after denomination: so many
///   kilometres for the learner's own inhabitants. Indicators that either lacks are left alone. The order is greedy: each
///   time the step that gives the best score. Every score and rank comes from scoring the changed city.
/// - The **speed** is Theil and Sen's slope of the raw figures over the years, where a series has five or more. The fastest is
///   compared after denomination by the size of today.
/// - The **path** goes from the learner to the nearest city that is better and not beyond the model, and from there on: the
///   distance is the root of the mean square difference of the indicators' scores, each over its range among the cities, over
///   those that both have. Ties go by the key.
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
/// let parts: f64 = report.leads.iter().filter_map(|lead| lead.share).sum();
/// assert!((parts - report.gap).abs() < 1e-9);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// References: Shapley (1953), *A value for n-person games*; Sen (1968),
/// [10.1080/01621459.1968.10480934](https://doi.org/10.1080/01621459.1968.10480934).
#[derive(Debug, Clone)]
#[must_use]
pub struct Lessons<'a> {
    learner: String,
    model: String,
    speeds: Option<&'a Observations>,
}

/// What a city can learn from a model. See [`Lessons`].
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
    /// What each child of the node carries of it, in the order of the framework.
    pub leads: Vec<Lead>,
    /// What the children that only one of the two has carry together; none where there are none.
    pub one_sided: Option<f64>,
    /// What reaching the model's level gives, in the order that pays most.
    pub steps: Vec<LearningStep>,
    /// The indicators that one of the two lacks, by code and name, in the order of the framework: no step raises them, so that a
    /// step can be worth less than the lead.
    pub left_alone: Vec<(String, String)>,
    /// How long each indicator would take, where the panel was given.
    pub paces: Vec<Pace>,
    /// Cities on the way, the model last; empty where the model does not lead.
    pub path: Vec<Waypoint>,
}

/// What a child carries of the model's lead. See [`Lessons`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lead {
    /// The code of the child.
    pub child: String,
    /// Its name.
    pub name: String,
    /// The learner's score there.
    pub learner: Option<f64>,
    /// The model's score there.
    pub model: Option<f64>,
    /// What it carries of the gap; below 0 where the model is behind. None where only one of the two has a
    /// score there: see [`LessonsReport::one_sided`].
    pub share: Option<f64>,
}

/// What reaching the model's level in a child gives. See [`Lessons`].
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

/// How fast an indicator moves. See [`Lessons`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Speed {
    /// In the right direction.
    Towards {
        /// Raw units a year.
        per_year: f64,
        /// Years to the model's level.
        years: f64,
    },
    /// It does not move.
    Still,
    /// In the wrong direction, by so many raw units a year.
    Away {
        /// Raw units a year.
        per_year: f64,
    },
    /// There are figures of too few years.
    TooShort {
        /// How many years have a figure.
        years: usize,
    },
}

/// The fastest city seen. See [`Lessons`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fastest {
    /// Its key.
    pub city: String,
    /// Its speed in the learner's raw units a year.
    pub per_year: f64,
    /// Years to the model's level at that speed.
    pub years: f64,
}

/// How long an indicator would take to the model's level. See [`Lessons`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pace {
    /// The code of the indicator.
    pub indicator: String,
    /// Its name.
    pub name: String,
    /// The learner's raw figure.
    pub from: f64,
    /// The raw figure that is the model's level.
    pub to: f64,
    /// The learner's own speed.
    pub own: Speed,
    /// The fastest city in the right direction; none where none has a long enough series that goes there.
    pub fastest: Option<Fastest>,
}

/// A city on the way to the model. See [`Lessons`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Waypoint {
    /// Its key.
    pub city: String,
    /// Its name.
    pub name: String,
    /// Its score.
    pub score: f64,
    /// Its distance from the one before.
    pub distance: f64,
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
    /// where a city is to learn from itself, one of them has no score, or the node has no children or more than 14.
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
        let of = |row: usize| view.score_at(row).ok_or_else(|| no_score(scores, node, row));
        let (score, model_score) = (of(learner)?, of(model)?);
        let rank = |row: usize| view.ranks().nth(row).flatten().unwrap_or(f64::NAN);
        let children: Vec<Position> = composite.children(inner).map(|(child, _)| child).collect();
        if children.len() > CHILDREN {
            let (name, value) = ("the number of children that a gap is split over", children.len() as f64);
            return Err(Fault::Parameter { name, value, need: "at most 14" }.into());
        }
        let task = Task { scores, node, inner, learner, model, children: &children };
        let steps = task.steps()?;
        let left_alone = task.left_alone()?;
        let (leads, one_sided) = task.leads()?;
        Ok(LessonsReport {
            learner: self.learner.clone(),
            model: self.model.clone(),
            node: node.to_owned(),
            score,
            rank: rank(learner),
            model_score,
            model_rank: rank(model),
            gap: model_score - score,
            leads,
            one_sided,
            paces: self.speeds.map_or_else(|| Ok(Vec::new()), |panel| task.paces(panel, &steps))?,
            steps,
            left_alone,
            path: task.path(score, model_score)?,
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
    children: &'a [Position],
}

impl Task<'_> {
    fn name(&self, code: &str) -> Result<String> {
        Ok(self.scores.composite().framework().node(code)?.name.clone())
    }

    /// The gap split over the children by Shapley values, and what the children that only one of the two has carry together.
    fn leads(&self) -> Result<(Vec<Lead>, Option<f64>)> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        // The scores are given; without figures beside them one that is not there counts as missing, and not as failed.
        let key = cities.key(self.learner);
        let blank = (0..composite.leaf_len()).map(|leaf| (composite.leaf_code(leaf), None));
        let one = composite.own_order(&cities.select([key])?.with_values(key, blank)?)?;
        let leaf = |leaf: usize, row: usize| composite.leaf_score(leaf, cities, self.scores.prepared(), row);
        let mut given: Vec<Vec<f64>> = (0..composite.leaf_len()).map(|l| vec![leaf(l, self.learner)]).collect();
        let mut leads = Vec::new();
        // What is exchanged: each child that both have, and all that only one has at once, so that enough is known at any time.
        let (mut parts, mut one_sided): (Vec<Vec<usize>>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut places: Vec<Option<usize>> = Vec::new();
        for &child in self.children {
            let code = composite.code(child);
            let view = self.scores.node(code)?;
            let (own, theirs) = (view.score_at(self.learner), view.score_at(self.model));
            let leaves = under(composite, child).0;
            if own.is_some() && theirs.is_some() {
                places.push(Some(parts.len()));
                parts.push(leaves);
            } else {
                places.push(None);
                one_sided.extend(leaves);
            }
            let (child, name) = (code.to_owned(), self.name(code)?);
            leads.push(Lead { child, name, learner: own, model: theirs, share: None });
        }
        let last = (!one_sided.is_empty()).then_some(parts.len());
        parts.extend(last.map(|_| one_sided));
        let (n, mut work) = (parts.len(), Work::default());
        let mut out = vec![f64::NAN; composite.inner_len()];
        let values: Vec<f64> = (0..1_usize << n)
            .map(|set| {
                for (i, part) in parts.iter().enumerate() {
                    let row = if set >> i & 1 == 1 { self.model } else { self.learner };
                    for &l in part {
                        given[l][0] = leaf(l, row);
                    }
                }
                composite.evaluate_given(&one, &given, &mut out, &mut work);
                out[self.inner]
            })
            .collect();
        // The share of the orders in which exactly so many stand before a child.
        let mut order = vec![1.0 / n as f64; n];
        for size in 1..n {
            order[size] = order[size - 1] * size as f64 / (n - size) as f64;
        }
        let share = |i: usize| {
            let sets = (0..1_usize << n).filter(|set| set >> i & 1 == 0);
            let parts = sets.map(|set| order[set.count_ones() as usize] * (values[set | 1 << i] - values[set]));
            Some(parts.sum::<f64>()).filter(|s| s.is_finite())
        };
        for (lead, place) in leads.iter_mut().zip(places) {
            lead.share = place.and_then(share);
        }
        Ok((leads, last.and_then(share)))
    }

    /// The raw figure at which the learner has the model's level in an indicator; none where it has it, or one of them lacks it.
    fn level(&self, leaf: usize) -> Option<f64> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let values = composite.base_values(leaf, cities);
        let (own, theirs) = (values.at(self.learner), values.at(self.model));
        if own.is_nan() || theirs.is_nan() {
            return None;
        }
        let score = |row| composite.leaf_score(leaf, cities, self.scores.prepared(), row);
        let better = score(self.model) > score(self.learner);
        better.then(|| values.per.map_or(theirs, |(d, scale)| theirs / scale * d.at(self.learner)))
    }

    /// Code and name of the indicators that one of the two lacks.
    fn left_alone(&self) -> Result<Vec<(String, String)>> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let leaves = self.children.iter().flat_map(|&child| under(composite, child).0);
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

    fn steps(&self) -> Result<Vec<LearningStep>> {
        let composite = self.scores.composite();
        let mut left = Vec::new();
        for &child in self.children {
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

    /// The raw figures of a city over the years: slope a year, or how many years there are.
    fn slope(panel: &Observations, city: &str, series: &str) -> std::result::Result<f64, usize> {
        let mut points: Vec<(i32, f64)> = panel.of(city, series).filter_map(|o| Some((o.year, o.value?))).collect();
        points.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        points.dedup_by_key(|p| p.0);
        if points.len() < YEARS {
            return Err(points.len());
        }
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|&(year, v)| (f64::from(year), v)).unzip();
        TheilSen::of(&x, &y, 0.95).map(|line| line.slope).ok_or(points.len())
    }

    fn paces(&self, panel: &Observations, steps: &[LearningStep]) -> Result<Vec<Pace>> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let mut paces = Vec::new();
        for (indicator, to) in steps.iter().flat_map(|step| &step.raised) {
            let node = composite.framework().node(indicator)?;
            let direction = node.direction.unwrap_or(Direction::HigherIsBetter);
            let Some(from) = cities.cell(cities.key(self.learner), indicator)?.value else { continue };
            let Some(Position::Leaf(leaf)) = composite.position(indicator) else { continue };
            let per = composite.base_values(leaf, cities).per;
            let size = |row: usize| per.map_or(1.0, |(d, _)| d.at(row));
            let years = |slope: f64| (to - from) / slope;
            let own = match Self::slope(panel, cities.own_key(self.learner), indicator) {
                Err(years) => Speed::TooShort { years },
                Ok(0.0) => Speed::Still,
                Ok(slope) if direction.orient(slope) > 0.0 => Speed::Towards { per_year: slope, years: years(slope) },
                Ok(slope) => Speed::Away { per_year: slope },
            };
            let mut fastest: Option<Fastest> = None;
            for row in 0..cities.len() {
                let Ok(slope) = Self::slope(panel, cities.own_key(row), indicator) else { continue };
                let slope = slope / size(row) * size(self.learner);
                let (key, speed) = (cities.key(row), direction.orient(slope));
                let beaten = fastest.as_ref().is_none_or(|f| {
                    let so_far = direction.orient(f.per_year);
                    speed > so_far || (speed == so_far && key < f.city.as_str())
                });
                if speed > 0.0 && beaten {
                    fastest = Some(Fastest { city: key.to_owned(), per_year: slope, years: years(slope) });
                }
            }
            paces.push(Pace { indicator: indicator.clone(), name: node.name.clone(), from, to: *to, own, fastest });
        }
        Ok(paces)
    }

    /// Better cities on the way, each the nearest to the one before.
    fn path(&self, score: f64, model_score: f64) -> Result<Vec<Waypoint>> {
        let (composite, cities) = (self.scores.composite(), self.scores.dataset());
        let mut columns = Vec::new();
        for leaf in under(composite, Position::Inner(self.inner)).0 {
            let column = composite.leaf_scores(leaf, cities, self.scores.prepared());
            let known = column.iter().filter(|v| !v.is_nan());
            let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
            if high > low {
                columns.push((column, high - low));
            }
        }
        let distance = |a: usize, b: usize| {
            let gaps = columns.iter().map(|(c, range)| (c[a] - c[b]) / range).filter(|d| !d.is_nan());
            let (total, count) = gaps.fold((0.0, 0.0), |(t, n), d| (t + d * d, n + 1.0));
            (count > 0.0).then(|| f64::sqrt(total / count))
        };
        let all: Vec<Option<f64>> = self.scores.node(self.node)?.scores().collect();
        let (mut at, mut level, mut path) = (self.learner, score, Vec::new());
        while at != self.model {
            let better = (0..cities.len()).filter_map(|row| {
                let own = all[row].filter(|&s| s > level && (s < model_score || row == self.model))?;
                Some((row, own, distance(at, row)?))
            });
            let next = better.min_by(|a, b| a.2.total_cmp(&b.2).then_with(|| cities.key(a.0).cmp(cities.key(b.0))));
            let Some((row, own, distance)) = next else { break };
            path.push(Waypoint {
                city: cities.key(row).to_owned(),
                name: cities.name(row).to_owned(),
                score: own,
                distance,
            });
            (at, level) = (row, own);
        }
        Ok(path)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Towards { per_year, years } => write!(f, "{} a year: {years:.1} years", number(*per_year)),
            Self::Still => f.write_str("does not move"),
            Self::Away { per_year } => write!(f, "moves the wrong way, {} a year", number(*per_year)),
            Self::TooShort { years } => write!(f, "years with a figure: {years}, and {YEARS} are needed"),
        }
    }
}

impl fmt::Display for LessonsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { learner, model, node, score, rank, model_score, model_rank, gap, .. } = self;
        writeln!(f, "{node}: {learner} {score:.2} (rank {rank}), {model} {model_score:.2} (rank {model_rank})")?;
        if *gap > 0.0 {
            writeln!(f, "{model} leads by {gap:.2}:")?;
        } else {
            writeln!(f, "{model} does not lead ({gap:.2}); what it does better all the same:")?;
        }
        let plain = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), |x| format!("{x:.2}"));
        for lead in &self.leads {
            let behind = if lead.share.is_some_and(|s| s < 0.0) { " (the model is behind)" } else { "" };
            let share = lead.share.map_or_else(|| "no share".to_owned(), |s| format!("{s:+.2}"));
            writeln!(f, "  {}: {share}, {} against {}{behind}", lead.name, plain(lead.model), plain(lead.learner))?;
        }
        if let Some(share) = self.one_sided {
            writeln!(f, "  what only one of them is scored in, together: {share:+.2}")?;
        }
        writeln!(f, "At the model's level, the best step first:")?;
        if self.steps.is_empty() {
            writeln!(f, "  nothing: the model is better in no indicator that both have")?;
        }
        let ranked = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), |x| x.to_string());
        for step in &self.steps {
            let (alone, alone_rank) = (plain(step.alone), ranked(step.alone_rank));
            let (score, rank) = (plain(step.score), ranked(step.rank));
            writeln!(f, "  {}: {score}, rank {rank} (alone {alone}, rank {alone_rank})", step.name)?;
        }
        if !self.left_alone.is_empty() {
            let names: Vec<&str> = self.left_alone.iter().map(|(_, name)| name.as_str()).collect();
            writeln!(f, "  left alone, for one of them has no figure: {}", names.join(", "))?;
        }
        if !self.paces.is_empty() {
            writeln!(f, "How long that takes:")?;
        }
        for pace in &self.paces {
            write!(f, "  {}, from {} to {}: {}", pace.name, number(pace.from), number(pace.to), pace.own)?;
            match &pace.fastest {
                Some(fast) => writeln!(f, "; as fast as {}: {:.1} years", fast.city, fast.years)?,
                None => writeln!(f, "; no city is seen to move there")?,
            }
        }
        if !self.path.is_empty() {
            let names: Vec<String> = self.path.iter().map(|w| format!("{} ({:.1})", w.name, w.score)).collect();
            writeln!(f, "A path: {}", names.join(", "))?;
        }
        Ok(())
    }
}
