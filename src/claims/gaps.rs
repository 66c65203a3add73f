//! Missing figures at the ends that speak most for a claim and most against it.

use super::case::Ask;
use super::tested::Filling;
use crate::composite::Position;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::scores::Scores;
use crate::steps::denominate::Denomination;

/// Which way the gaps are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Against,
    For,
}

/// A table with its gaps filled, and the figures that fill them.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) cities: Dataset,
    pub(super) figures: Vec<Filling>,
}

/// Fills the gaps of the cities that the claim compares: on the side against it those of the subject at their worst and those
/// of its rivals at their best. In words what keeps a gap from being filled.
pub(super) fn fill(scores: &Scores, node: &str, ask: &Ask, side: Side) -> Result<Result<Filled, String>> {
    let (composite, cities) = (scores.composite(), scores.dataset());
    let against = side == Side::Against;
    let at_best = |row: usize| -> Result<Option<bool>> {
        Ok(match ask {
            Ask::Lead(a, _) if cities.find_city(a)? == row => Some(!against),
            Ask::Lead(_, b) if cities.find_city(b)? == row => Some(against),
            Ask::Top(city, _) => Some((cities.find_city(city)? == row) != against),
            _ => None,
        })
    };
    // What a better child can lower has no ends; says so.
    let bounds = scores.bounds(node)?;
    let mut filled = Filled { cities: cities.clone(), figures: Vec::new() };
    let leaves: Vec<(usize, String)> = composite
        .framework()
        .subtree(node)?
        .filter_map(|n| match composite.position(&n.code) {
            Some(Position::Leaf(leaf)) => Some((leaf, n.code.clone())),
            _ => None,
        })
        .collect();
    for row in 0..cities.len() {
        let Some(best) = at_best(row)? else { continue };
        let city = cities.key(row).to_owned();
        for (leaf, series) in &leaves {
            let Some(scale) = composite.scale(*leaf) else { continue };
            if !composite.base_values(*leaf, cities).at(row).is_nan() {
                continue;
            }
            let (worst_end, best_end) = scale.ends();
            let end = if best { best_end } else { worst_end };
            let changed = (composite.treated_value(*leaf, end) - end).abs() > 1e-9 * end.abs();
            let divided = composite.framework().node(series)?.denominator.as_ref();
            let value = match divided.filter(|_| composite.method().denomination == Denomination::Framework) {
                Some(d) => end * cities.cell(&city, &d.series)?.value.unwrap_or(f64::NAN) / d.scale,
                None => end,
            };
            if changed || !value.is_finite() {
                let why = if changed { "is treated" } else { "has no denominator there" };
                return Ok(Err(format!("the missing {series} of {city} cannot be bounded by a figure: it {why}")));
            }
            filled.cities = filled.cities.with_value(&city, series, value)?;
            filled.figures.push(Filling { city: city.clone(), series: series.clone(), value });
        }
        // The figures must give the end that the bounds have.
        if let Some(bound) = bounds.get(&city)?.bounds {
            let score = composite.score(&filled.cities)?.score(&city, node)?;
            let end = if best { bound.high } else { bound.low };
            if score.is_none_or(|score| (score - end).abs() > 1e-9 * end.abs().max(1.0)) {
                return Ok(Err(format!("the missing figures of {city} have no ends that figures can give")));
            }
        }
    }
    Ok(Ok(filled))
}
