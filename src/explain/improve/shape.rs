//! Where and how the score of an indicator rises along the way that it may move.

use super::Improvement;
use super::city::{Move, leaf_score};
use super::search::first;
use crate::composite::Composite;
use crate::error::{Fault, Result};
use crate::framework::Node;
use crate::steps::normalise::Scale;
use crate::text::is_class;

/// Finds out where and how the score of an indicator rises; gives whether it does.
pub(super) fn shape(composite: &Composite, m: &mut Move, scale: &Scale, whole: bool) -> Result<bool> {
    let at = |x: f64| leaf_score(composite, m.leaf, m.value(x));
    let (origin, limit) = (m.origin, m.limit);
    let (low, high) = (at(origin), at(limit));
    if m.start.is_some() && (high <= low || high.is_nan()) {
        return Ok(false);
    }
    let reach = (limit - origin).abs();
    // Beyond where the score no longer rises nothing is gained; a last digit is left alone.
    let end = first(origin, limit, |x| at(x) >= high).unwrap_or(limit);
    let limit = if (limit - end).abs() > 1e-9 * reach { end } else { limit };
    let mut rise = origin;
    let mut levels = None;
    if whole {
        let count = (limit - origin).abs();
        if count > 1e5 {
            let name = "the number of whole steps";
            return Err(
                Fault::Parameter { name, value: count, need: "at most 100000; measure it in larger units" }.into()
            );
        }
        let sign = (limit - origin).signum();
        let mut x = if sign > 0.0 { origin.floor() + 1.0 } else { origin.ceil() - 1.0 };
        let mut all = Vec::new();
        while (limit - x) * sign >= 0.0 {
            all.push(x);
            x += sign;
        }
        if all.is_empty() {
            return Ok(false);
        }
        levels = Some(all);
    } else if matches!(scale, Scale::Ranked(_) | Scale::Classes(_)) {
        let (mut all, mut score, mut x) = (Vec::new(), low, origin);
        if m.start.is_none() {
            all.push(origin);
        }
        while let Some(next) = first(x, limit, |x| at(x) > score) {
            all.push(next);
            (x, score) = (next, at(next));
        }
        levels = Some(all);
    } else {
        let near = origin + (limit - origin) * 1e-7;
        if at(near) <= low {
            rise = first(origin, limit, |x| at(x) > low).unwrap_or(origin);
        }
    }
    let (base, top) = (at(rise), at(limit));
    let straight = levels.is_some()
        || [0.125, 0.25, 0.5, 0.75, 0.875].iter().all(|&t| {
            let line = base + (top - base) * t;
            (at(rise + (limit - rise) * t) - line).abs() <= 1e-9 * (top - base).abs()
        });
    (m.limit, m.rise, m.levels, m.straight) = (limit, rise, levels, straight);
    Ok(true)
}

/// Whether an indicator moves in whole steps: on request, or where its unit says that it is a class.
pub(super) fn is_whole(ask: &Improvement, node: &Node) -> bool {
    ask.whole.contains(&node.code) || is_class(&node.unit)
}
