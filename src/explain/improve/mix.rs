//! The cheapest mix of changes.
//!
//! Where every mean above the indicators is concave (arithmetic, geometric, harmonic, power up to 1) and every indicator's score a
//! straight line, the mixes that reach the goal are a convex set in each branch, a branch being a choice of level for what moves
//! in steps and of whether to start for what does not gain at once. In a branch a linear program over supporting planes of the
//! set (Veinott 1967, Operations Research 15, 147-152) gives a lower bound and a feasible mix, until they meet; of an arithmetic
//! tree one plane is the whole set. Elsewhere indicators are taken back and exchanged until no exchange saves anything.

use super::Optimality;
use super::city::City;
use crate::composite::{Composite, Position};
use crate::error::Result;
use crate::kernel::simplex::Simplex;
use crate::steps::aggregate::Aggregation;

/// So many branches are walked through at most.
const BRANCHES: usize = 4096;
/// So many supporting planes are laid at most.
const PLANES: usize = 60;

/// A mix with its proof.
type Answer = (Vec<Option<f64>>, Optimality);

/// Where an indicator may stand in a branch: from the first to the second.
type Branch = (Option<f64>, Option<f64>);

/// The cheapest figures that reach the score; none where not even the limits do.
pub(super) fn cheapest(city: &mut City<'_>, need: f64) -> Result<Option<Answer>> {
    let top = city.ends();
    // Filling a gap can lower a score, so that with gaps the limits are no upper end.
    let gaps = city.moves.iter().any(|m| m.start.is_none());
    if !gaps && !city.reaches(&top, need) {
        return Ok(None);
    }
    let branches: Vec<Vec<Branch>> = (0..city.moves.len()).map(|j| branches_of(city, j)).collect();
    let count = branches.iter().try_fold(1_usize, |n, b| n.checked_mul(b.len())).unwrap_or(usize::MAX);
    let convex = !city.entangled && city.moves.iter().all(|m| m.straight) && is_concave(city);
    if convex && count <= BRANCHES {
        let mut walk = Walk { need, linear: is_linear(city), gaps, best: None, low: f64::INFINITY, failed: false };
        walk.down(city, &branches, &mut Vec::new())?;
        if !walk.failed {
            return Ok(walk.best.map(|(figures, cost)| {
                let gap = (cost - walk.low).max(0.0);
                (figures, Optimality::Proven { gap })
            }));
        }
    }
    local(city, need)
}

fn branches_of(city: &City<'_>, j: usize) -> Vec<Branch> {
    let m = &city.moves[j];
    let stay = (m.start, m.start);
    match &m.levels {
        Some(levels) => std::iter::once(stay).chain(levels.iter().map(|&l| (Some(l), Some(l)))).collect(),
        None if m.start.is_some() && m.rise == m.origin => vec![(m.start, Some(m.limit))],
        None => vec![stay, (Some(m.rise), Some(m.limit))],
    }
}

/// The walk through the branches.
struct Walk {
    need: f64,
    linear: bool,
    gaps: bool,
    best: Option<(Vec<Option<f64>>, f64)>,
    /// No mix costs less.
    low: f64,
    failed: bool,
}

impl Walk {
    fn down(&mut self, city: &mut City<'_>, branches: &[Vec<Branch>], chosen: &mut Vec<Branch>) -> Result<()> {
        let at = chosen.len();
        let floor: f64 = chosen.iter().zip(&city.moves).map(|((low, _), m)| m.cost(*low)).sum();
        if self.failed || self.best.as_ref().is_some_and(|(_, cost)| floor >= *cost) {
            return Ok(());
        }
        if !self.gaps && at < branches.len() {
            let mut top = city.ends();
            top.iter_mut().zip(chosen.iter()).for_each(|(x, (_, high))| *x = *high);
            if !city.reaches(&top, self.need) {
                return Ok(());
            }
        }
        let Some(own) = branches.get(at) else {
            self.solve(city, chosen);
            return Ok(());
        };
        for &branch in own {
            chosen.push(branch);
            self.down(city, branches, chosen)?;
            chosen.pop();
        }
        Ok(())
    }

    /// The cheapest mix of a branch.
    fn solve(&mut self, city: &mut City<'_>, chosen: &[Branch]) {
        let top: Vec<Option<f64>> = chosen.iter().map(|(_, high)| *high).collect();
        if !city.reaches(&top, self.need) {
            return;
        }
        let free: Vec<usize> = (0..chosen.len()).filter(|&j| chosen[j].0 != chosen[j].1).collect();
        let ends = |j: usize| (chosen[j].0.unwrap_or(f64::NAN), chosen[j].1.unwrap_or(f64::NAN));
        let costs: Vec<f64> = free.iter().map(|&j| (ends(j).1 - ends(j).0).abs() * city.moves[j].price).collect();
        let dearest = city.cost(&top);
        // What is taken back from the limits, as shares of the way.
        let mixed = |back: &[f64]| {
            let mut x = top.clone();
            for (&j, &share) in free.iter().zip(back) {
                let (low, high) = ends(j);
                x[j] = Some(if share <= 0.0 {
                    high
                } else if share >= 1.0 {
                    low
                } else {
                    high + (low - high) * share
                });
            }
            x
        };
        let mut planes: Vec<(Vec<f64>, f64)> = Vec::new();
        let mut best: Option<(Vec<Option<f64>>, f64)> = None;
        let mut low = 0.0;
        let mut program = Simplex::default();
        for _ in 0..PLANES {
            program.begin(costs.iter().copied());
            for i in 0..free.len() {
                program.row((0..free.len()).map(|k| f64::from(u8::from(i == k))), 1.0);
            }
            for (plane, right) in &planes {
                program.row(plane.iter().copied(), right.max(0.0));
            }
            let Some(saved) = program.maximise() else { break };
            let back: Vec<f64> = program.solution().collect();
            low = dearest - saved;
            let x = mixed(&back);
            let score = city.score(&x);
            if score >= self.need {
                best = Some((x, low));
                break;
            }
            // The last point on the way from the limits to there that reaches the score, and the plane through it.
            let part = |t: f64| back.iter().map(|b| b * t).collect::<Vec<f64>>();
            let (mut yes, mut no) = (0.0, 1.0);
            if !self.linear {
                for _ in 0..50 {
                    let t = f64::midpoint(yes, no);
                    if city.reaches(&mixed(&part(t)), self.need) { yes = t } else { no = t }
                }
            }
            let at = if self.linear { vec![0.0; back.len()] } else { part(yes) };
            let y = mixed(&at);
            let cost = city.cost(&y);
            if best.as_ref().is_none_or(|(_, least)| cost < *least) {
                best = Some((y.clone(), cost));
            }
            if best.as_ref().is_some_and(|(_, least)| least - low <= 1e-10 * least.abs()) {
                break;
            }
            let reached = city.score(&y);
            let Some(slopes) = slopes(city, &free, &ends) else {
                self.failed = true;
                return;
            };
            let unit = slopes.iter().fold(0.0_f64, |a, &b| a.max(b));
            if !(unit.is_finite() && unit > 0.0) {
                self.failed = true;
                return;
            }
            let plane: Vec<f64> = slopes.iter().map(|s| s / unit).collect();
            let spare = if self.linear { (reached - self.need) / unit } else { 0.0 };
            let right = plane.iter().zip(&at).map(|(a, b)| a * b).sum::<f64>() + spare;
            planes.push((plane, right));
            if self.linear && planes.len() > 1 {
                best = Some((x, low));
                break;
            }
        }
        if self.best.as_ref().is_some_and(|(_, least)| low >= *least) {
            return; // Nothing here is cheaper than what was found.
        }
        let (mut x, _) = best.unwrap_or((top.clone(), dearest));
        polish(city, &mut x, chosen, &free, self.need);
        let cost = city.cost(&x);
        self.low = self.low.min(low.min(cost));
        if self.best.as_ref().is_none_or(|(_, least)| cost < *least) {
            self.best = Some((x, cost));
        }
    }
}

/// Makes a mix that is right but for rounding reach the score, and no indicator move a double too far for it.
fn polish(city: &mut City<'_>, x: &mut [Option<f64>], chosen: &[Branch], free: &[usize], need: f64) {
    let inside = |x: &[Option<f64>], j: usize| x[j] != chosen[j].0 && x[j] != chosen[j].1;
    let mut order: Vec<usize> = free.to_vec();
    order.sort_by_key(|&j| !inside(x, j));
    for &j in &order {
        if city.reaches(x, need) {
            break;
        }
        let was = x[j];
        x[j] = chosen[j].1;
        if city.reaches(x, need) {
            if let (Some(from), Some(to)) = (was, chosen[j].1) {
                let mut at = x.to_vec();
                let found = super::search::near(from, to, from, |v| {
                    at[j] = Some(v);
                    city.reaches(&at, need)
                });
                x[j] = found.or(x[j]);
            }
        }
    }
    // The nearest that does: of the first that moved only in part, or else of any that moved.
    let trimmed = order.iter().find(|&&j| inside(x, j)).or_else(|| order.iter().find(|&&j| x[j] != chosen[j].0));
    if let (Some(&j), true) = (trimmed, city.reaches(x, need)) {
        if let (Some(from), Some(to)) = (chosen[j].0, x[j]) {
            let mut at = x.to_vec();
            let found = super::search::near(from, to, to, |v| {
                at[j] = Some(v);
                city.reaches(&at, need)
            });
            x[j] = found.or(x[j]);
        }
    }
}

/// The slope of the score along each free indicator over its whole way, at the figures that were scored last; none where one
/// has none.
fn slopes(city: &City<'_>, free: &[usize], ends: &impl Fn(usize) -> (f64, f64)) -> Option<Vec<f64>> {
    let steep = city.partials()?;
    let slope = |&j: &usize| {
        let (low, high) = ends(j);
        let leaf = city.moves[j].leaf;
        let rise = city.leaf_at(j, high) - city.leaf_at(j, low);
        Some(steep.get(leaf)? * rise).filter(|s| s.is_finite())
    };
    free.iter().map(slope).collect()
}

fn means(city: &City<'_>, fits: impl Fn(&Aggregation) -> bool) -> bool {
    let composite = city.composite();
    city.inner().iter().all(|&i| !composite.has_own_weights(i) && fits(&composite.aggregation(i)))
}

fn is_linear(city: &City<'_>) -> bool {
    means(city, |a| matches!(a, Aggregation::Arithmetic))
}

fn is_concave(city: &City<'_>) -> bool {
    means(city, |a| match a {
        Aggregation::Arithmetic | Aggregation::Geometric | Aggregation::Harmonic => true,
        Aggregation::Power { exponent } => *exponent <= 1.0,
        _ => false,
    })
}

/// How steeply a mean rises with one of its children.
pub(super) fn partial(aggregation: &Aggregation, weight: f64, child: f64, mean: f64) -> f64 {
    match *aggregation {
        Aggregation::Geometric => weight * mean / child,
        Aggregation::Harmonic => weight * (mean / child).powi(2),
        Aggregation::Power { exponent } => weight * (mean / child).powf(1.0 - exponent),
        _ => weight,
    }
}

impl City<'_> {
    pub(super) fn inner(&self) -> Vec<usize> {
        super::city::under(self.composite(), self.position()).1
    }

    /// How steeply the score rises with the score of each indicator of the composite.
    fn partials(&self) -> Option<Vec<f64>> {
        let composite: &Composite = self.composite();
        let mut steep = vec![0.0; composite.leaf_len()];
        let mut stack = vec![(self.position(), 1.0)];
        while let Some((position, so_far)) = stack.pop() {
            match position {
                Position::Leaf(leaf) => steep[leaf] = so_far,
                Position::Inner(i) => {
                    let known: Vec<(Position, f64)> =
                        composite.children(i).filter(|&(p, _)| self.last(p).is_finite()).collect();
                    let total: f64 = known.iter().map(|(_, w)| w).sum();
                    for (child, weight) in known.into_iter().filter(|(_, w)| *w > 0.0) {
                        let rise =
                            partial(&composite.aggregation(i), weight / total, self.last(child), self.last(position));
                        stack.push((child, so_far * rise));
                    }
                }
            }
        }
        steep.iter().all(|s| s.is_finite()).then_some(steep)
    }
}

/// A mix of which no indicator alone can be taken back, and no two exchanged, to save anything.
fn local(city: &mut City<'_>, need: f64) -> Result<Option<Answer>> {
    let n = city.moves.len();
    let top = city.ends();
    let start = city.start();
    // Orders in which what is at its limit is taken back: the dearest first; the least effect for its cost first; and each
    // indicator last, which keeps to it alone where it can do.
    let mut dear: Vec<usize> = (0..n).collect();
    let full: Vec<f64> = (0..n).map(|j| city.moves[j].cost(top[j])).collect();
    dear.sort_by(|&a, &b| full[b].total_cmp(&full[a]));
    let base = city.score(&start);
    let mut worth: Vec<(f64, usize)> = Vec::new();
    for j in 0..n {
        let mut x = start.clone();
        x[j] = top[j];
        worth.push(((city.score(&x) - base) / full[j], j));
    }
    worth.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut orders = vec![dear.clone(), worth.iter().map(|&(_, j)| j).collect()];
    for last in 0..n {
        orders.push(dear.iter().copied().filter(|&j| j != last).chain([last]).collect());
    }
    let mut best: Option<(Vec<Option<f64>>, f64)> = None;
    for order in orders {
        let mut x = top.clone();
        for &j in &order {
            if city.moves[j].start.is_none() && !city.reaches(&x, need) {
                x[j] = None;
            }
        }
        if !city.reaches(&x, need) {
            continue;
        }
        for j in order {
            if let Some(least) = city.least(j, &mut x, need)? {
                x[j] = least;
            }
        }
        let cost = city.cost(&x);
        if best.as_ref().is_none_or(|(_, least)| cost < *least) {
            best = Some((x, cost));
        }
    }
    let Some((mut x, mut cost)) = best else { return Ok(None) };
    for _ in 0..100 {
        let before = cost;
        for i in 0..n {
            for share in [1.0, 0.5, 0.25, 1.0 / 16.0, 1.0 / 256.0, 1.0 / 4096.0] {
                if x[i] == start[i] {
                    break;
                }
                let Some(back) = taken_back(city, i, x[i], share) else { continue };
                for j in (0..n).filter(|&j| j != i) {
                    let mut y = x.clone();
                    y[i] = back;
                    let Some(least) = city.least(j, &mut y, need)? else { continue };
                    y[j] = least;
                    let new = city.cost(&y);
                    if new < cost * (1.0 - 1e-12) && city.reaches(&y, need) {
                        (x, cost) = (y, new);
                        break;
                    }
                }
            }
        }
        if cost >= before * (1.0 - 1e-12) {
            break;
        }
    }
    Ok(Some((x, Optimality::Local)))
}

/// A figure a share of the way back to where it started; the next lower level where it has levels.
#[expect(clippy::option_option, reason = "whether it can, and a figure that may be missing, are two questions")]
fn taken_back(city: &City<'_>, j: usize, x: Option<f64>, share: f64) -> Option<Option<f64>> {
    let (m, x) = (&city.moves[j], x?);
    if share == 1.0 {
        return Some(m.start);
    }
    match &m.levels {
        None => Some(Some(x + (m.origin - x) * share)),
        Some(levels) if share == 0.5 => {
            let at = levels.iter().position(|&l| l == x)?;
            Some(if at == 0 { m.start } else { levels.get(at - 1).copied() })
        }
        Some(_) => None,
    }
}
