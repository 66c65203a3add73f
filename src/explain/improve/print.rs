//! Printing what it takes.

use std::fmt;

use super::{Change, Goal, Mix, MixOutcome, Optimality, Reached, SingleStep, SingleSteps, StepOutcome};
use crate::text::is_class;

/// A number with four digits that count, and no more zeros than it needs.
pub(in crate::explain) fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{}", x + 0.0);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the decimal exponent of a double")]
    let size = x.abs().log10().floor() as i32;
    if !(-4..15).contains(&size) {
        return format!("{x:.3e}");
    }
    let places = usize::try_from(3 - size).unwrap_or(0);
    let text = format!("{x:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A figure with its unit.
fn amount(figure: f64, unit: &str) -> String {
    let figure = number(figure);
    match unit {
        "" => figure,
        class if is_class(class) => format!("{figure} ({class})"),
        unit => format!("{figure} {unit}"),
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score { node, score } => write!(f, "a score of {} in {node}", number(*score)),
            Self::Rank { node, rank } => write!(f, "rank {rank} in {node}"),
            Self::Overtake { node, city } => write!(f, "a better rank than {city} in {node}"),
        }
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.score, self.rank) {
            (Some(score), Some(rank)) => write!(f, "score {score:.2}, rank {rank}"),
            _ => f.write_str("no score"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let (name, to) = (&self.name, number(self.to));
        match self.from {
            None => write!(f, "{name}: from unknown to {}", amount(self.to, &self.unit))?,
            // Four more classes of 0-4 would be none that there are.
            Some(from) if is_class(&self.unit) => {
                let filled = if self.imputed { ", which was filled in," } else { "" };
                write!(f, "{name}: from {}{filled} to {}", number(from), amount(self.to, &self.unit))?;
            }
            Some(from) => {
                let counted = self.unit.ends_with('s');
                let word = if self.to >= from {
                    "more"
                } else if counted {
                    "fewer"
                } else {
                    "less"
                };
                let filled = if self.imputed { ", which was filled in," } else { "" };
                let by = number((self.to - from).abs());
                write!(f, "{name}: {by} {word}{unit} (from {}{filled} to {to}", number(from))?;
                if let Some((value, unit)) = &self.value {
                    write!(f, "; {} {unit}", number(*value))?;
                }
                f.write_str(")")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for SingleStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            StepOutcome::Reached { change, reached } => write!(f, "{change}: {reached}"),
            StepOutcome::Short { change, short: Some(short), .. } => {
                let (name, to) = (&self.name, amount(change.to, &change.unit));
                write!(f, "{name}: not by this alone: even at {to} the score is {} short", number(*short))
            }
            StepOutcome::Short { .. } => write!(f, "{}: not by this alone: at its limit there is no score", self.name),
            StepOutcome::Still(why) => write!(f, "{}: does not move: {why}", self.name),
        }
    }
}

fn head(f: &mut fmt::Formatter<'_>, city: &str, goal: &Goal, now: &Reached, need: Option<f64>) -> fmt::Result {
    write!(f, "{city}: {goal}; now {now}")?;
    match need {
        Some(need) => writeln!(f, "; needs a score of {}", number(need)),
        None => writeln!(f, ": met already"),
    }
}

impl fmt::Display for SingleSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, &self.city, &self.goal, &self.now, self.need)?;
        self.steps.iter().try_for_each(|step| writeln!(f, "  {step}"))
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, &self.city, &self.goal, &self.now, self.need)?;
        match &self.outcome {
            MixOutcome::Met => {}
            MixOutcome::Reached { changes, cost, reached, proof } => {
                changes.iter().try_for_each(|change| writeln!(f, "  {change}"))?;
                let proof = match proof {
                    Optimality::Proven { .. } => "no mix is cheaper",
                    Optimality::Local => "no exchange of two is cheaper",
                };
                writeln!(f, "  together: {reached}, cost {} ({proof})", number(*cost))?;
            }
            MixOutcome::Impossible { reached, short, .. } => {
                write!(f, "  impossible: with everything at its limit {reached}")?;
                match short {
                    Some(short) => writeln!(f, ", {} short", number(*short))?,
                    None => writeln!(f)?,
                }
            }
        }
        self.still.iter().try_for_each(|(code, why)| writeln!(f, "  {code} does not move: {why}"))
    }
}
