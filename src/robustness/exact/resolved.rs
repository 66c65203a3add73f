//! A set of weights by number, and the smallest value of a linear form over it.

use super::program::{Program, dot, tidy};
use crate::kernel::draw::Stream;

/// Bounds that leave nothing: which.
#[derive(Debug, PartialEq)]
pub(super) enum Contradiction {
    /// A child's least weight is above its largest.
    Child(usize, f64, f64),
    /// The least weights add up to more than 1.
    TooMuch(Vec<usize>, f64),
    /// The largest weights add up to less than 1.
    TooLittle(f64),
    /// The orders do not go with one another and the bounds.
    Orders(Vec<(usize, usize)>),
}

impl Contradiction {
    pub(super) fn text<'a>(&self, code: impl Fn(usize) -> &'a str) -> String {
        let quoted = |j: &usize| format!("`{}`", code(*j));
        match self {
            Self::Child(j, low, high) => format!("{} would be at least {low} and at most {high}", quoted(j)),
            Self::TooMuch(children, total) => {
                let (last, others) = children.split_last().map_or((String::new(), &[][..]), |(l, o)| (quoted(l), o));
                let others: Vec<String> = others.iter().map(quoted).collect();
                let (verb, weights) = if others.is_empty() { ("is", "weight") } else { ("add up to", "weights") };
                let and = if others.is_empty() { "" } else { " and " };
                format!("the least {weights} of {}{and}{last} {verb} {}", others.join(", "), round(*total))
            }
            Self::TooLittle(total) => format!("the largest weights of all children add up to {}", round(*total)),
            Self::Orders(orders) => {
                let orders: Vec<String> =
                    orders.iter().map(|(a, b)| format!("{} at least as much as {}", quoted(a), quoted(b))).collect();
                format!("they do not go with {}", orders.join(", "))
            }
        }
    }
}

/// Without the last digits, which are rounding.
fn round(x: f64) -> f64 {
    (x * 1e12).round() / 1e12
}

/// Bounds and orders of the weights of `k` children, with weights that fulfil them.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    low: Vec<f64>,
    orders: Vec<(usize, usize)>,
    /// How far each weight can rise from its lower bound, and by how much all of them together must.
    room: Vec<f64>,
    free: f64,
    /// Weights in the set: the nominal ones where they are.
    pub(super) start: Vec<f64>,
    /// Whether there are neither bounds nor orders.
    simplex: bool,
    /// The set as a program.
    pub(super) program: Program,
}

/// Bounds that contradict one another by less are rounding.
const ROUNDING: f64 = 1e-12;

impl Resolved {
    pub(super) fn new(
        mut low: Vec<f64>,
        mut high: Vec<f64>,
        orders: Vec<(usize, usize)>,
        nominal: &[f64],
    ) -> Result<Self, Contradiction> {
        let k = nominal.len();
        for j in 0..k {
            if low[j] > high[j] + ROUNDING {
                return Err(Contradiction::Child(j, low[j], high[j]));
            }
            high[j] = high[j].max(low[j]);
        }
        let (least, most): (f64, f64) = (low.iter().sum(), high.iter().sum());
        if least > 1.0 + ROUNDING {
            return Err(Contradiction::TooMuch((0..k).filter(|&j| low[j] > 0.0).collect(), least));
        }
        if most < 1.0 - ROUNDING {
            return Err(Contradiction::TooLittle(most));
        }
        // What rounding made too narrow by a digit becomes exact.
        if least > 1.0 {
            for w in &mut low {
                *w /= least;
            }
        }
        if most < 1.0 {
            for w in &mut high {
                *w = (*w / most).min(1.0);
            }
        }
        let simplex = orders.is_empty() && low.iter().all(|w| *w == 0.0) && high.iter().all(|w| *w == 1.0);
        let mut start: Vec<f64> = (0..k).map(|j| nominal[j].clamp(low[j], high[j])).collect();
        let missing = 1.0 - start.iter().sum::<f64>();
        let end = if missing > 0.0 { &high } else { &low };
        let room: f64 = end.iter().zip(&start).map(|(end, w)| (end - w).abs()).sum();
        if room > 0.0 && missing != 0.0 {
            let share = (missing.abs() / room).min(1.0);
            start.iter_mut().zip(end).for_each(|(w, end)| *w += (end - *w) * share);
        }
        let mut program = Program::new(k);
        let unit = |j: usize, size: f64| (0..k).map(move |i| if i == j { size } else { 0.0 });
        for j in 0..k {
            program.row(unit(j, -1.0), -low[j]);
            if high[j] < 1.0 {
                program.row(unit(j, 1.0), high[j]);
            }
        }
        program.fix();
        for &(a, b) in &orders {
            program.row(unit(a, -1.0).zip(unit(b, 1.0)).map(|(x, y)| x + y), 0.0);
        }
        if orders.iter().any(|&(a, b)| start[a] < start[b]) {
            match program.widest(&start) {
                Some(found) if found.slack >= -ROUNDING => start = found.weights,
                _ => return Err(Contradiction::Orders(orders)),
            }
        }
        program.fix();
        let room = high.iter().zip(&low).map(|(high, low)| (high - low).max(0.0)).collect();
        let free = (1.0 - low.iter().sum::<f64>()).max(0.0);
        Ok(Self { low, orders, room, free, start, simplex, program })
    }

    pub(super) fn is_simplex(&self) -> bool {
        self.simplex
    }

    /// The smallest value of a linear form and weights that give it.
    pub(super) fn minimise(&self, goal: &[f64]) -> (f64, Vec<f64>) {
        let k = goal.len();
        if !self.orders.is_empty() {
            // The start is there whatever rounding hides.
            let found = self.program.clone().minimise(goal, &self.start);
            return found.unwrap_or_else(|| (dot(goal, &self.start), self.start.clone()));
        }
        let mut order: Vec<usize> = Vec::with_capacity(k);
        Self::sort(goal, &mut order);
        let mut weights = self.low.clone();
        let mut left = self.free;
        for &j in &order {
            let more = left.min(self.room[j]);
            weights[j] += more;
            left -= more;
        }
        (dot(goal, &weights), weights)
    }

    /// The smallest and the largest value of a linear form, without weights and without taking memory.
    pub(super) fn range(&self, goal: &[f64], order: &mut Vec<usize>) -> (f64, f64) {
        if self.simplex {
            return goal.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        }
        if !self.orders.is_empty() {
            let opposite: Vec<f64> = goal.iter().map(|v| -v).collect();
            return (self.minimise(goal).0, -self.minimise(&opposite).0);
        }
        Self::sort(goal, order);
        let base = dot(goal, &self.low);
        (base + self.fill(goal, order.iter()), base + self.fill(goal, order.iter().rev()))
    }

    /// What the weight beyond the lower bounds brings, given to one child after the other.
    fn fill<'o>(&self, goal: &[f64], order: impl Iterator<Item = &'o usize>) -> f64 {
        let (mut sum, mut left) = (0.0, self.free);
        for &j in order {
            let more = left.min(self.room[j]);
            sum += more * goal[j];
            left -= more;
            if left <= 0.0 {
                break;
            }
        }
        sum
    }

    /// The children from the lowest coefficient to the highest.
    fn sort(goal: &[f64], order: &mut Vec<usize>) {
        // Few as a rule, so that putting them in one by one is the quickest.
        const FEW: usize = 16;
        order.clear();
        order.extend(0..goal.len());
        if goal.len() > FEW {
            order.sort_by(|&i, &j| goal[i].total_cmp(&goal[j]));
            return;
        }
        for from in 1..order.len() {
            let (child, mut at) = (order[from], from);
            while at > 0 && goal[order[at - 1]] > goal[child] {
                order[at] = order[at - 1];
                at -= 1;
            }
            order[at] = child;
        }
    }

    /// So many weights spread evenly over the set: of the whole simplex drawn one by one, of a part of it by a walk that goes
    /// to a random point of a random line through the last one, several steps between two that are kept.
    ///
    /// Reference: Smith (1984), *Efficient Monte Carlo procedures for generating points uniformly distributed over bounded
    /// regions*, Operations Research 32, 1296-1308, [10.1287/opre.32.6.1296](https://doi.org/10.1287/opre.32.6.1296).
    pub(super) fn walk(&self, draws: usize, stream: &mut Stream) -> Vec<Vec<f64>> {
        let k = self.low.len();
        if self.simplex {
            let even = |_| {
                let mut weights = vec![0.0; k];
                stream.exponentials(&mut weights);
                tidy(&mut weights);
                weights
            };
            return (0..draws).map(even).collect();
        }
        // From the middle of the ends, so that no constraint but those that hold everywhere is met.
        let seeds = self.seeds();
        let mut at: Vec<f64> =
            (0..k).map(|j| seeds.iter().map(|seed| seed[j]).sum::<f64>() / seeds.len() as f64).collect();
        let mut direction = vec![0.0; k];
        let mut out = Vec::with_capacity(draws);
        for _ in 0..draws {
            for _ in 0..2 * k {
                for d in &mut direction {
                    *d = stream.normal();
                }
                let mean = direction.iter().sum::<f64>() / k as f64;
                // A weight that cannot move would hold up all the others.
                let stiff = self.room.iter().filter(|room| **room <= ROUNDING).count();
                if stiff == 0 {
                    for d in &mut direction {
                        *d -= mean;
                    }
                } else {
                    let free = || self.room.iter().map(|room| *room > ROUNDING);
                    let count = (k - stiff).max(1) as f64;
                    let mean = direction.iter().zip(free()).filter(|(_, free)| *free).map(|(d, _)| d).sum::<f64>();
                    let move_by = |(d, free): (&mut f64, bool)| *d = if free { *d - mean / count } else { 0.0 };
                    direction.iter_mut().zip(free()).for_each(move_by);
                }
                let (back, on) = self.program.reach(&at, &direction);
                let step = stream.uniform();
                if back.is_finite() && on.is_finite() && on > back {
                    let step = back + (on - back) * step;
                    at.iter_mut().zip(&direction).for_each(|(w, d)| *w += step * d);
                    tidy(&mut at);
                }
            }
            out.push(at.clone());
        }
        out
    }

    /// Some weights at the ends of the set, and the nominal ones or those nearest to them: where a search begins.
    pub(super) fn seeds(&self) -> Vec<Vec<f64>> {
        let k = self.low.len();
        let mut seeds = vec![self.start.clone()];
        for j in 0..k {
            for sign in [1.0, -1.0] {
                let goal: Vec<f64> = (0..k).map(|i| if i == j { -sign } else { 0.0 }).collect();
                let (_, weights) = self.minimise(&goal);
                if !seeds.contains(&weights) {
                    seeds.push(weights);
                }
            }
        }
        seeds
    }
}
