//! Where the scores of two cities meet while one weight moves.

use super::linear::{TIE, WeightAnalysis};

/// A city's score as a function of the step `x` from the nominal weight: `(p + q x) / (u + v x)`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path {
    p: f64,
    q: f64,
    u: f64,
    v: f64,
}

/// The paths of all cities when the weight of one child moves.
#[derive(Debug)]
pub(super) struct Paths {
    pub(super) child: usize,
    p: Vec<f64>,
    q: Vec<f64>,
    /// The denominators; empty where no city has a gap, so that all of them are 1.
    below: Vec<(f64, f64)>,
    /// The step to the weight 0 and that to 1.
    ends: (f64, f64),
}

/// How two paths lie; steps are strictly between the ends.
#[derive(Debug, PartialEq)]
pub(super) enum Side {
    /// They are the same.
    Same,
    /// One is ahead, and they next meet there.
    Apart { down: Option<f64>, up: Option<f64> },
    /// They tie at the nominal weight: whether the first is ahead just below and just above it, and where they meet again.
    Tied { ahead_below: bool, ahead_above: bool, down: Option<f64>, up: Option<f64> },
}

impl Paths {
    pub(super) fn of(analysis: &WeightAnalysis, child: usize) -> Self {
        let n = analysis.cities.len();
        let t = analysis.nominal[child];
        let rest = analysis.rest(child);
        let gaps = analysis.patterns.iter().any(|p| p.contains(&false));
        let mut paths = Self {
            child,
            p: Vec::with_capacity(n),
            q: Vec::with_capacity(n),
            below: Vec::with_capacity(if gaps { n } else { 0 }),
            ends: (-t, 1.0 - t),
        };
        for row in 0..n {
            let (cells, known) = (analysis.row(row), analysis.known(row));
            let (mut sum, mut total) = (0.0, 0.0);
            for (j, (cell, weight)) in cells.iter().zip(&analysis.nominal).enumerate() {
                if known[j] && j != child {
                    sum += weight / rest * cell;
                    total += weight / rest;
                }
            }
            // What is common to numerator and denominator is taken out, so that it makes no meeting of its own.
            let (p, q, u, v) = match (known[child], total > 0.0) {
                (true, false) => (cells[child], 0.0, 1.0, 0.0),
                (false, _) => (sum / total, 0.0, 1.0, 0.0),
                (true, true) if !known.contains(&false) => (analysis.scores[row], cells[child] - sum, 1.0, 0.0),
                (true, true) => {
                    (sum + t * (cells[child] - sum), cells[child] - sum, total + t * (1.0 - total), 1.0 - total)
                }
            };
            paths.p.push(p);
            paths.q.push(q);
            if gaps {
                paths.below.push((u, v));
            }
        }
        paths
    }

    pub(super) fn get(&self, row: usize) -> (Path, (f64, f64)) {
        let (u, v) = self.below.get(row).copied().unwrap_or((1.0, 0.0));
        (Path { p: self.p[row], q: self.q[row], u, v }, self.ends)
    }

    /// The cities that one can meet within a step that the caller may shorten, among those after the first `from`: the
    /// next one; none where there is none. Nobody is left out who can be met.
    pub(super) fn next(&self, a: usize, from: usize, sizes: &[f64], step: f64) -> Option<usize> {
        // The bound is taken a little larger than it is, so that rounding rules nobody out.
        const MORE: f64 = 1.0 + 1e-9;
        let (size, step) = (sizes[a], step * MORE);
        let tie = |b: f64| TIE * size.max(b);
        if self.below.is_empty() {
            let (own, slope) = (self.p[a], self.q[a]);
            let mut others = self.p[from..].iter().zip(&self.q[from..]).zip(&sizes[from..]);
            let near = others.position(|((p, q), b)| (p - own).abs() <= (q - slope).abs() * step + tie(*b));
            return near.map(|b| from + b);
        }
        (from..self.p.len()).find(|&b| {
            let (c, linear, square) = Path::difference(self.get(a).0, self.get(b).0);
            c.abs() <= (linear.abs() + square.abs() * step) * step + tie(sizes[b])
        })
    }
}

impl Path {
    /// The difference of two scores has the sign of `c + b x + a x^2`, for no denominator is below 0: `c`, `b` and `a`.
    fn difference(a: Self, b: Self) -> (f64, f64, f64) {
        let linear = a.p * b.v + a.q * b.u - b.p * a.v - b.q * a.u;
        (a.p * b.u - b.p * a.u, linear, a.q * b.v - b.q * a.v)
    }

    /// All steps strictly between the ends at which two paths meet, in order, and who is ahead in between: the sign of the first
    /// less the second before the first of them, between each two, and after the last; 0 throughout where they are the same.
    #[cfg(feature = "plot")]
    pub(super) fn meetings((a, ends): (Self, (f64, f64)), (b, _): (Self, (f64, f64)), tie: f64) -> (Vec<f64>, Vec<i8>) {
        let (c, linear, square) = Self::difference(a, b);
        let sound = |x: f64, scale: f64| if x.abs() <= tie * scale { 0.0 } else { x };
        let (c, linear, square) = (sound(c, a.u * b.u), sound(linear, 1.0), sound(square, 1.0));
        let roots = match (square == 0.0, linear == 0.0) {
            (true, true) => [f64::NAN; 2],
            (true, false) => [-c / linear, f64::NAN],
            (false, _) => quadratic(square, linear, c),
        };
        let mut steps: Vec<f64> = roots.into_iter().filter(|x| ends.0 < *x && *x < ends.1).collect();
        steps.sort_by(f64::total_cmp);
        steps.dedup();
        let mut stops = vec![ends.0];
        stops.extend(&steps);
        stops.push(ends.1);
        let sign = |pair: &[f64]| {
            let x = f64::midpoint(pair[0], pair[1]);
            match c + x * (linear + square * x) {
                lead if lead > 0.0 => 1,
                lead if lead < 0.0 => -1,
                _ => 0,
            }
        };
        (steps, stops.windows(2).map(sign).collect())
    }

    /// Where two paths meet; `tie` is by how much scores may differ and tie.
    pub(super) fn meet((a, ends): (Self, (f64, f64)), (b, _): (Self, (f64, f64)), tie: f64) -> Side {
        let (c, linear, square) = Self::difference(a, b);
        // A root that matters lies within 1, so that coefficients below the tie change nothing.
        let zero = |x: f64, scale: f64| x.abs() <= tie * scale;
        let tied = zero(c, a.u * b.u);
        let (no_linear, no_square) = (zero(linear, 1.0), zero(square, 1.0));
        let inside = |x: &f64| ends.0 < *x && *x < ends.1;
        if tied {
            if no_linear && no_square {
                return Side::Same;
            }
            // What is left is x (linear + square x).
            let again = Some(-linear / square).filter(|x| !no_square && !no_linear && x.is_finite()).filter(inside);
            let (above, below) = if no_linear { (square, square) } else { (linear, -linear) };
            return Side::Tied {
                ahead_below: below > 0.0,
                ahead_above: above > 0.0,
                down: again.filter(|x| *x < 0.0),
                up: again.filter(|x| *x > 0.0),
            };
        }
        let roots = if no_square { [-c / linear, f64::NAN] } else { quadratic(square, linear, c) };
        let good = || roots.into_iter().filter(|x| x.is_finite()).filter(inside);
        Side::Apart {
            down: good().filter(|x| *x < 0.0).reduce(f64::max),
            up: good().filter(|x| *x > 0.0).reduce(f64::min),
        }
    }
}

/// The roots of `a x^2 + b x + c`; NaN where there are none. A discriminant that is 0 but for rounding is a double root.
fn quadratic(a: f64, b: f64, c: f64) -> [f64; 2] {
    let (square, product) = (b * b, 4.0 * a * c);
    let discriminant = square - product;
    if discriminant < -TIE * square.max(product.abs()) {
        return [f64::NAN; 2];
    }
    // Adding numbers of the same sign loses nothing; the other root follows from the product of both.
    let q = -0.5 * (b + discriminant.max(0.0).sqrt().copysign(b));
    if q == 0.0 { [0.0, f64::NAN] } else { [q / a, c / q] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_keep_their_digits_and_a_touch_is_one() {
        assert_eq!(quadratic(1.0, -3.0, 2.0), [2.0, 1.0]);
        let [large, small] = quadratic(1.0, -1e9, 1.0);
        assert_eq!((large, small), (1e9, 1e-9));
        assert_eq!(quadratic(1.0, -0.6, 0.09), [0.3, 0.3]);
        assert!(quadratic(1.0, 0.0, 1.0)[0].is_nan());
    }

    #[test]
    fn straight_and_bent_paths_meet_where_hand_calculation_says() {
        let ends = (-0.5, 0.5);
        let line = |p, q| (Path { p, q, u: 1.0, v: 0.0 }, ends);
        // 1 + x against 1.2 at x = 0.2
        assert_eq!(Path::meet(line(1.0, 1.0), line(1.25, 0.0), 1e-12), Side::Apart { down: None, up: Some(0.25) });
        assert_eq!(Path::meet(line(1.0, 1.0), line(1.0, 1.0), 1e-12), Side::Same);
        let tied = Side::Tied { ahead_below: false, ahead_above: true, down: None, up: None };
        assert_eq!(Path::meet(line(1.0, 1.0), line(1.0, 0.5), 1e-12), tied);
        // (1 + x) / (1 + 2 x) falls to 0.75 at x = 0.5; it meets 0.8 where 1 + x = 0.8 + 1.6 x: at a third
        let bent = (Path { p: 1.0, q: 1.0, u: 1.0, v: 2.0 }, ends);
        let Side::Apart { down: None, up: Some(x) } = Path::meet(bent, line(0.8, 0.0), 1e-12) else { panic!() };
        approx::assert_relative_eq!(x, 1.0 / 3.0, max_relative = 1e-14);
    }
}
