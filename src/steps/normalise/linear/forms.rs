//! Further straight lines: scaled by parameters, distance to the maximum or a city, fractions, vector, sum, around a reference,
//! and the value as it is.

use super::{End, EndKind, Extremes, Linear, direction, exact, magnitude};
use crate::error::Fault;
use crate::framework::{Direction, Node};
use crate::steps::normalise::{Outside, Ratio, Reference, Sample, Scale};

impl Linear {
    /// The line through two points, with the ends of the sample: it meets the first to the last digit, the second nearly always.
    fn through(
        indicator: &Node,
        sample: &Extremes,
        (a, score_a): (f64, f64),
        (b, score_b): (f64, f64),
        outside: Outside,
    ) -> Result<Self, Fault> {
        let factor = (score_b - score_a) / (b - a);
        if !((b - a).is_finite() && factor.is_normal()) {
            return Err(magnitude(indicator, sample.worst, sample.best));
        }
        let factor = exact(factor, |f| score_a + (b - a) * f == score_b);
        Self::with_ends(indicator, sample, (a, factor, score_a), EndKind::of_sample(outside))
    }

    fn with_ends(
        indicator: &Node,
        sample: &Extremes,
        (origin, factor, offset): (f64, f64, f64),
        kind: EndKind,
    ) -> Result<Self, Fault> {
        let nowhere = End { at: 0.0, score: 0.0, kind };
        let line = Self { origin, factor, offset, worst: nowhere, best: nowhere };
        let end = |at: f64| End { at, score: line.line(at), kind };
        let line = Self { worst: end(sample.worst), best: end(sample.best), ..line };
        let finite = line.worst.score.is_finite() && line.best.score.is_finite();
        if finite { Ok(line) } else { Err(magnitude(indicator, sample.worst, sample.best)) }
    }

    pub(in crate::steps::normalise) fn scaled(
        indicator: &Node,
        values: &dyn Sample,
        (low, high, full): (f64, f64, f64),
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let Some(sample) = Extremes::of(values, direction(indicator)) else { return Ok(None) };
        let (zero, one) = match direction(indicator) {
            Direction::HigherIsBetter => (low, high),
            Direction::LowerIsBetter => (high, low),
        };
        Self::through(indicator, &sample, (zero, 0.0), (one, full), outside).map(|line| Some(Scale::Linear(line)))
    }

    pub(in crate::steps::normalise) fn distance_to_maximum(
        indicator: &Node,
        values: &dyn Sample,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let Some(sample) = Extremes::of(values, direction(indicator)) else { return Ok(None) };
        if sample.worst == sample.best {
            return Err(sample.constant("the distance to the maximum", indicator));
        }
        let kind = EndKind::of_sample(outside);
        Self::between(indicator, (sample.worst, kind), (sample.best, kind), (0.0, 1.0)).map(Some)
    }

    pub(in crate::steps::normalise) fn distance_to_reference(
        indicator: &Node,
        values: &dyn Sample,
        reference: f64,
        beyond: Outside,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else { return Ok(None) };
        if sample.worst == reference {
            let (code, post) = (indicator.code.clone(), "reference city");
            return Err(Fault::NoRange {
                indicator: code,
                post,
                value: reference,
                other: "worst",
                sample: sample.worst,
            });
        }
        let kind = EndKind::of_sample(outside);
        let Scale::Linear(line) =
            Self::between(indicator, (sample.worst, kind), (reference, EndKind::Post), (0.0, 1.0))?
        else {
            return Ok(None);
        };
        let best = match beyond {
            Outside::Clip => line.best,
            Outside::Extrapolate => End { at: sample.best, score: line.line(sample.best), kind },
        };
        Ok(Some(Scale::Linear(Self { best, ..line })))
    }

    /// `x / whole`, and `1 - x / whole` where lower is better.
    fn share(
        indicator: &Node,
        sample: &Extremes,
        whole: f64,
        method: &'static str,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        if !(whole > 0.0 && whole.is_finite()) {
            let why = "what its values are divided by must be above 0 and finite";
            return Err(Fault::NotLearned { method, node: indicator.code.clone(), child: None, why });
        }
        // From the end that has 0, so that it is exactly that.
        let (from, to) = match direction(indicator) {
            Direction::HigherIsBetter => (0.0, whole),
            Direction::LowerIsBetter => (whole, 0.0),
        };
        Self::through(indicator, sample, (from, 0.0), (to, 1.0), outside).map(|line| Some(Scale::Linear(line)))
    }

    pub(in crate::steps::normalise) fn fraction_of_maximum(
        indicator: &Node,
        values: &dyn Sample,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let Some(sample) = Extremes::of(values, direction(indicator)) else { return Ok(None) };
        let highest = sample.worst.max(sample.best);
        Self::share(indicator, &sample, highest, "the fraction of the maximum", outside)
    }

    pub(in crate::steps::normalise) fn vector(
        indicator: &Node,
        values: &dyn Sample,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let Some(sample) = Extremes::of(values, direction(indicator)) else { return Ok(None) };
        Self::share(indicator, &sample, values.length(), "the vector normalisation", outside)
    }

    /// Shares of the sum; where lower is better, shares of the sum of what is 1 over each.
    pub(in crate::steps::normalise) fn sum(
        indicator: &Node,
        values: &dyn Sample,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        const METHOD: &str = "the sum normalisation";
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else { return Ok(None) };
        if direction == Direction::LowerIsBetter {
            return Ratio::of_sum(indicator, values, METHOD, outside);
        }
        if sample.worst < 0.0 {
            let why = "every value must be 0 or more";
            return Err(Fault::NotLearned { method: METHOD, node: indicator.code.clone(), child: None, why });
        }
        Self::share(indicator, &sample, values.sum(), METHOD, outside)
    }

    pub(in crate::steps::normalise) fn linear_ratio(
        indicator: &Node,
        values: &dyn Sample,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        const METHOD: &str = "the linear ratio";
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else { return Ok(None) };
        if sample.worst.min(sample.best) <= 0.0 {
            let why = "every value must be above 0";
            return Err(Fault::NotLearned { method: METHOD, node: indicator.code.clone(), child: None, why });
        }
        match direction {
            Direction::HigherIsBetter => Self::share(indicator, &sample, sample.best, METHOD, outside),
            Direction::LowerIsBetter => Ratio::to_best(indicator, (sample.worst, sample.best), outside),
        }
    }

    pub(in crate::steps::normalise) fn around_reference(
        indicator: &Node,
        values: &dyn Sample,
        reference: &Reference,
        city: Option<f64>,
        outside: Outside,
    ) -> Result<Option<Scale>, Fault> {
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else { return Ok(None) };
        if sample.worst == sample.best {
            return Err(sample.constant("the scale around a reference", indicator));
        }
        let at = match reference {
            Reference::Mean => values.mean_and_sd().0,
            Reference::Value(value) => *value,
            Reference::City(_) => city.unwrap_or(f64::NAN),
        };
        let half = sample.best / 2.0 - sample.worst / 2.0;
        let factor = 30.0 / half;
        if !(factor.is_normal() && at.is_finite()) {
            return Err(magnitude(indicator, sample.worst, sample.best));
        }
        Self::with_ends(indicator, &sample, (at, factor, 100.0), EndKind::of_sample(outside))
            .map(|line| Some(Scale::Linear(line)))
    }

    /// The value itself, negated where lower is better: nothing is lost, and nothing clipped.
    pub(in crate::steps::normalise) fn raw(indicator: &Node, values: &dyn Sample) -> Result<Option<Scale>, Fault> {
        let direction = direction(indicator);
        let Some(sample) = Extremes::of(values, direction) else { return Ok(None) };
        Self::with_ends(indicator, &sample, (0.0, direction.orient(1.0), 0.0), EndKind::Sample)
            .map(|line| Some(Scale::Linear(line)))
    }
}
