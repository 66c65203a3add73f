//! A test of rank reversal as text.

use std::fmt;

use super::{CityChange, ReversalTest};
use crate::steps::aggregate::RankReversal;
use crate::text::left;

impl fmt::Display for CityChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dropped(city) => write!(f, "without {}", left(city, 0)),
            Self::Cloned(city) => write!(f, "with a copy of {}", left(city, 0)),
            Self::DominatedAdded => f.write_str("with a city that is worst in everything"),
        }
    }
}

/// What is stated, what was found, and the changes that reversed a pair or could not be fitted.
impl fmt::Display for ReversalTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (reversed, tried) = (self.reversed(), self.changes.len());
        let changed = self.changes.iter().filter(|change| change.reversed > 0).count();
        writeln!(f, "{}: {reversed} pairs reversed by {changed} of {tried} changes", self.node)?;
        let refitted = self.states.iter().filter(|s| s.states == RankReversal::WhenRefitted);
        match self.stated() {
            RankReversal::Never => writeln!(f, "stated: never, for nothing is learned from the cities")?,
            RankReversal::WhenRefitted => {
                let words = refitted.map(|s| format!("the {} at `{}`", s.aggregation, s.node));
                let learned: Vec<String> = words.chain(self.learned.iter().cloned()).collect();
                let learned = learned.join("; ");
                writeln!(f, "stated: possible when fitted anew, for these learn from the cities: {learned}")?;
            }
        }
        for change in &self.changes {
            if let Some(error) = &change.error {
                writeln!(f, "{}: cannot be fitted: {error}", change.change)?;
            } else if change.reversed > 0 {
                write!(f, "{}: {} of {} pairs", change.change, change.reversed, change.compared)?;
                for (i, pair) in change.examples.iter().enumerate() {
                    let (ahead, behind) = (left(&pair.ahead, 0), left(&pair.behind, 0));
                    write!(f, "{} {behind} passes {ahead}", if i == 0 { "," } else { ";" })?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}
