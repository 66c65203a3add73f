//! Scales that are straight lines: min-max, goalposts, z-score, distance to target.

mod forms;

use serde::{Deserialize, Serialize};

use super::{Outside, Sample, Scale};
use crate::error::Fault;
use crate::flags::{Flag, Flags};
use crate::framework::{Direction, Node};

/// A straight line, `offset + (x - origin) * factor`, and what happens beyond its ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Linear {
    origin: f64,
    factor: f64,
    offset: f64,
    worst: End,
    best: End,
}

/// An end of the line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct End {
    at: f64,
    score: f64,
    kind: EndKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndKind {
    /// A goalpost or target: clipped.
    Post,
    /// The last city of the sample: extrapolated beyond.
    Sample,
    /// The last city of the sample: clipped by choice.
    SampleClipped,
}

impl EndKind {
    fn of_sample(outside: Outside) -> Self {
        match outside {
            Outside::Extrapolate => Self::Sample,
            Outside::Clip => Self::SampleClipped,
        }
    }
}

/// The worst and best value of a sample, and how many values there are.
struct Extremes {
    worst: f64,
    best: f64,
    known: usize,
}

impl Extremes {
    /// None where nobody has a value.
    fn of(values: &dyn Sample, direction: Direction) -> Option<Self> {
        let (low, high, known) = values.extremes()?;
        let (worst, best) = match direction {
            Direction::HigherIsBetter => (low, high),
            Direction::LowerIsBetter => (high, low),
        };
        Some(Self { worst, best, known })
    }

    fn constant(&self, method: &'static str, indicator: &Node) -> Fault {
        let indicator = indicator.code.clone();
        if self.known == 1 {
            return Fault::TooFewCities { method, indicator, have: 1, need: 2 };
        }
        Fault::Constant { method, indicator, value: self.worst, cities: self.known }
    }
}

fn direction(indicator: &Node) -> Direction {
    indicator.direction.unwrap_or(Direction::HigherIsBetter)
}

impl Linear {
    pub(super) fn min_max(
        indicator: &Node,
        values: &dyn Sample,
        (low, high): (f64, f64),
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        if indicator.worst.is_some() && indicator.best.is_some() {
            return Self::goalposts(indicator, (low, high));
        }
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else {
            return Ok(None);
        };
        let learned = EndKind::of_sample(outside);
        let (worst, worst_kind) = indicator.worst.map_or((sample.worst, learned), |post| (post, EndKind::Post));
        let (best, best_kind) = indicator.best.map_or((sample.best, learned), |post| (post, EndKind::Post));
        if direction.orient(worst) >= direction.orient(best) {
            let indicator_code = indicator.code.clone();
            return Err(match (indicator.worst, indicator.best) {
                (Some(value), _) => Fault::NoRange {
                    indicator: indicator_code,
                    post: "goalpost `worst`",
                    value,
                    other: "best",
                    sample: best,
                },
                (_, Some(value)) => Fault::NoRange {
                    indicator: indicator_code,
                    post: "goalpost `best`",
                    value,
                    other: "worst",
                    sample: worst,
                },
                _ => sample.constant("min-max", indicator),
            });
        }
        Self::between(indicator, (worst, worst_kind), (best, best_kind), (low, high)).map(Some)
    }

    pub(super) fn goalposts(indicator: &Node, (low, high): (f64, f64)) -> Result<Option<Scale>, Fault> {
        let lacks = |what| Fault::NoAttribute {
            method: "the normalisation by goalposts",
            indicator: indicator.code.clone(),
            what,
        };
        let worst = indicator.worst.ok_or_else(|| lacks("goalpost `worst`"))?;
        let best = indicator.best.ok_or_else(|| lacks("goalpost `best`"))?;
        Self::between(indicator, (worst, EndKind::Post), (best, EndKind::Post), (low, high)).map(Some)
    }

    pub(super) fn z_score(
        indicator: &Node,
        values: &dyn Sample,
        (mean, sd): (f64, f64),
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else {
            return Ok(None);
        };
        if sample.worst == sample.best {
            return Err(sample.constant("the z-score", indicator));
        }
        let (m, s) = values.mean_and_sd();
        let factor = direction.orient(sd / s);
        if !(s.is_normal() && factor.is_normal()) {
            return Err(magnitude(indicator, sample.worst, sample.best));
        }
        let line = Self { origin: m, factor, offset: mean, worst: open(), best: open() };
        let kind = EndKind::of_sample(outside);
        let end = |at: f64| End { at, score: line.line(at), kind };
        Ok(Some(Scale::Linear(Self { worst: end(sample.worst), best: end(sample.best), ..line })))
    }

    pub(super) fn target(
        indicator: &Node,
        values: &dyn Sample,
        full: f64,
        beyond: Outside,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let lacks = || Fault::NoAttribute {
            method: "the distance to target",
            indicator: indicator.code.clone(),
            what: "target",
        };
        let target = indicator.target.ok_or_else(lacks)?;
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else {
            return Ok(None);
        };
        if direction.orient(sample.worst) >= direction.orient(target) {
            let indicator = indicator.code.clone();
            return Err(Fault::NoRange {
                indicator,
                post: "target",
                value: target,
                other: "worst",
                sample: sample.worst,
            });
        }
        let learned = EndKind::of_sample(outside);
        let Scale::Linear(line) =
            Self::between(indicator, (sample.worst, learned), (target, EndKind::Post), (0.0, full))?
        else {
            return Ok(None);
        };
        let best = match beyond {
            Outside::Clip => line.best,
            Outside::Extrapolate if direction.orient(sample.best) > direction.orient(target) => {
                End { at: sample.best, score: line.line(sample.best), kind: learned }
            }
            // Nobody has reached the target: it is known, so that what lies before it is not outside.
            Outside::Extrapolate => End { kind: learned, ..line.best },
        };
        Ok(Some(Scale::Linear(Self { best, ..line })))
    }

    /// The line that gives `low` at the worst and `high` at the best.
    fn between(
        indicator: &Node,
        (worst, worst_kind): (f64, EndKind),
        (best, best_kind): (f64, EndKind),
        (low, high): (f64, f64),
    ) -> Result<Scale, Fault> {
        let (range, span) = (best - worst, high - low);
        let factor = span / range;
        if !(range.is_finite() && span.is_finite() && factor.is_normal()) {
            return Err(magnitude(indicator, worst, best));
        }
        Ok(Scale::Linear(Self {
            origin: worst,
            factor: exact(factor, |f| low + range * f == high),
            offset: low,
            worst: End { at: worst, score: low, kind: worst_kind },
            best: End { at: best, score: high, kind: best_kind },
        }))
    }

    fn line(&self, value: f64) -> f64 {
        (value - self.origin) * self.factor + self.offset
    }

    /// The lowest and highest score that can come out.
    fn bounds(&self) -> (f64, f64) {
        let floor = if self.worst.kind == EndKind::Sample { f64::NEG_INFINITY } else { self.worst.score };
        let ceiling = if self.best.kind == EndKind::Sample { f64::INFINITY } else { self.best.score };
        (floor, ceiling)
    }

    /// What makes a score of a value.
    pub(crate) fn scorer(&self) -> impl Fn(f64) -> f64 {
        let (floor, ceiling) = self.bounds();
        let line = *self;
        // A comparison with NaN is false, so that a missing value stays one.
        move |value| {
            let score = line.line(value);
            let score = if score < floor { floor } else { score };
            if score > ceiling { ceiling } else { score }
        }
    }

    pub(super) fn flags(&self, value: f64) -> Flags {
        // The sign of the factor is the direction: worse lies against it.
        let beyond = |end: &End, sign: f64| (value - end.at) * self.factor.signum() * sign > 0.0;
        let mut flags = Flags::default();
        for (end, sign) in [(&self.worst, -1.0), (&self.best, 1.0)] {
            if beyond(end, sign) {
                flags = match end.kind {
                    EndKind::Post => flags.with(Flag::Clipped),
                    EndKind::Sample => flags.with(Flag::Outside),
                    EndKind::SampleClipped => flags.with(Flag::Outside).with(Flag::Clipped),
                };
            }
        }
        flags
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.worst.at, self.best.at)
    }

    pub(super) fn is_sound(&self, indicator: &Node) -> bool {
        let numbers =
            [self.origin, self.factor, self.offset, self.worst.at, self.worst.score, self.best.at, self.best.score];
        let rises = direction(indicator).orient(self.factor) > 0.0 && self.worst.score <= self.best.score;
        let size = self.worst.score.abs().max(self.best.score.abs());
        let meets = |end: &End| (self.line(end.at) - end.score).abs() <= 1e-9 * size;
        let finite = numbers.iter().all(|n| n.is_finite()) && self.factor.is_normal();
        finite && rises && meets(&self.worst) && meets(&self.best)
    }
}

/// Rounding can leave an end a last digit off its score; of the neighbouring factors one usually does not.
fn exact(factor: f64, meets: impl Fn(f64) -> bool) -> f64 {
    let near = [0, 1, u64::MAX].into_iter().map(|step| f64::from_bits(factor.to_bits().wrapping_add(step)));
    near.into_iter().find(|&f| meets(f)).unwrap_or(factor)
}

fn open() -> End {
    End { at: 0.0, score: 0.0, kind: EndKind::Sample }
}

fn magnitude(indicator: &Node, worst: f64, best: f64) -> Fault {
    Fault::Magnitude { indicator: indicator.code.clone(), low: worst.min(best), high: worst.max(best) }
}
