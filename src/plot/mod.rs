//! Pictures of results, as SVG.
//!
//! Each function takes a result of the library and gives the builder of a picture; `svg()` draws it. A picture is a whole SVG
//! document of about 700 pixels, for a file or for the middle of an HTML page. It needs no font, script or other file.
//!
//! ```
//! use longspring::plot::{self, Theme};
//! use longspring::{Cut, Method, article};
//!
//! let framework = article::framework();
//! let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
//!
//! let svg = plot::heat(&scores, "renewal").highlight("changchun").theme(Theme::Dark).svg()?;
//! assert!(svg.starts_with("<svg") && svg.contains("Changchun"));
//! // std::fs::write("heat.svg", svg)?;
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! | picture | of | shows |
//! |---|---|---|
//! | [`ranking`] | [`Simulation`] | the rank of each city, and how far it is sure |
//! | [`acceptability`] | [`Simulation`] | how probable each rank of each city is |
//! | [`heat`] | [`Scores`] | an index and its measures, city by city |
//! | [`profile`] | [`Scores`] | one city, or two against each other, in everything under a node |
//! | [`scatter`] | [`Scores`] | one node against another, such as measures against the outcome |
//! | [`waterfall`] | [`Comparison`] | what sets two cities apart, as steps that add up |
//! | [`trajectories`] | [`Trajectory`](crate::Trajectory) | how cities moved, their turning points and stages |
//! | [`momentum`] | [`LevelAndMomentum`] | who stands where, and who comes up |
//! | [`verdict`] | [`Tested`](crate::Tested) | a claim over all methods and weights that were tried |
//! | [`claims`] | [`TestedClaims`](crate::TestedClaims) | what documents say of claims beside what figures say |
//! | [`weight`] | [`WeightAnalysis`] | the weight of a child turned from 0 to 1, and where the lead changes hands |
//! | [`tree`] | [`Composite`] | the framework with the weight of each part in the whole |
//! | [`correlations`] | [`Correlations`] | how nodes go together |
//! | [`sobol`], [`sensitivities`] | [`SobolIndices`], [`Sensitivities`] | which doubt a result depends on |
//!
//! **Every picture** says what it is to screen readers (`<title>` and `<desc>`; its marks they pass over), tells of each mark when a
//! pointer rests on it, and has a light and a dark [`Theme`], and one that follows the reader's system. Names and numbers stand out
//! from the background by 4.5 to 1, marks that tell something by 3 to 1. What is missing is drawn as missing: an empty, broken box
//! or a dash, never a 0. Names are escaped, cut with an ellipsis where they are too long, and no two texts lie on each other,
//! whatever common font is there: widths are estimated from the wider of two families.
//!
//! **To read a picture by program**: what belongs to a city stands in a group with `data-city` (its key), what belongs to a node or
//! input with `data-node` or `data-input` (its code). A group of class `axis` says where its ends stand: a value `v` is at
//! `from + (to - from) (v - low) / (high - low)`, with `data-low`, `data-high`, `data-from` and `data-to`; places have two decimals.
//!
//! The same result and options give the same text, byte for byte.

mod acceptability;
mod auto;
mod canvas;
mod claims;
mod correlations;
mod field;
mod heat;
mod look;
mod momentum;
mod place;
mod profile;
mod ranking;
mod scale;
mod scatter;
mod shapes;
mod sobol;
mod theme;
mod trajectories;
mod tree;
mod verdict;
mod waterfall;
mod weight;
mod width;

pub use acceptability::{Acceptability, acceptability};
pub use claims::{ClaimTable, claims};
pub use correlations::{CorrelationMatrix, correlations};
pub use heat::{Heat, HeatScale, heat};
pub use momentum::{Momentum, momentum};
pub use profile::{Profile, profile};
pub use ranking::{Ranking, ranking};
pub use scatter::{Scatter, scatter};
pub use sobol::{SobolBars, sensitivities, sobol};
pub use theme::Theme;
pub use trajectories::{Trajectories, trajectories};
pub use tree::{Tree, tree};
pub use verdict::{ClaimVerdict, verdict};
pub use waterfall::{Waterfall, waterfall};
pub use weight::{WeightTurn, weight};

use crate::error::{Fault, Result};
#[cfg(doc)]
use crate::{
    Comparison, Composite, Correlations, LevelAndMomentum, Scores, Sensitivities, Simulation, SobolIndices,
    WeightAnalysis,
};

/// So many cities, or other things in rows, a picture can hold: beyond it nobody looks.
const MOST: usize = 500;

/// Refuses a picture of more than can be looked at.
fn check_size(rows: usize) -> Result<()> {
    if rows <= MOST {
        return Ok(());
    }
    let (name, need) = ("the number of rows of a picture", "at most 500; show fewer cities");
    Err(Fault::Parameter { name, value: rows as f64, need }.into())
}

/// A number of things, with its noun.
fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// A number with its sign, where it is not 0.
fn signed(figures: scale::Figures, value: f64) -> String {
    let text = figures.text(value);
    let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value > 0.0 && !is_zero { format!("+{text}") } else { text }
}

/// Adds to a text.
fn append(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = std::fmt::Write::write_fmt(text, more);
}

/// A share as `12 %`; what is there and rounds to 0 is `<1 %`, and what is not all and rounds to it `>99 %`.
fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p > 0.0 && p <= 0.5 => "<1\u{a0}%".to_owned(),
        p if p >= 99.5 && share < 1.0 => ">99\u{a0}%".to_owned(),
        p => format!("{p:.0}\u{a0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_is_not_none_and_most_is_not_all() {
        let shares = [0.0, 0.001, 0.005, 0.5, 0.994, 0.996, 0.9999, 1.0].map(percent);
        assert_eq!(
            shares.map(|s| s.replace('\u{a0}', " ")),
            ["0 %", "<1 %", "<1 %", "50 %", "99 %", ">99 %", ">99 %", "100 %"]
        );
    }
}
