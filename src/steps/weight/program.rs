//! The linear program of a city under benefit of the doubt, in the shares of its score instead of its weights.
//!
//! With the parts `v_j = w_j z_j` of the score `T`, and `a_kj = z_kj / z_j` how often a city `k` of the frontier has what this
//! city has, the program is `max T = sum v` with `sum_j a_kj v_j <= 1`. In the shares `p = v / T` it asks for the mixture
//! `sum_j a_kj p_j` whose largest entry `V` is least, and `T = 1 / V`. The lowest share is given to every child beforehand:
//! `p = low + (1 - k low) q` turns `a_kj` into `(1 - k low) a_kj + low sum_l a_kl` and leaves `q >= 0`, so that limits are
//! kept exactly however far apart a city's scores are, where rows `low T <= v_j` would lose them to rounding.

use crate::kernel::simplex::Simplex;

/// Shares closer than this to leaving no choice leave none.
const EXACT: f64 = 1e-12;

/// How far the score may lie below what the prices allow, as a share of it.
const PROOF: f64 = 1e-9;

/// A program and its result; its memory is used again from one city to the next.
#[derive(Debug, Default, Clone)]
pub(super) struct Program {
    /// The children that a city has with more than 0.
    pub(super) play: Vec<usize>,
    /// The share of each of them in the score.
    pub(super) shares: Vec<f64>,
    /// City by city of the frontier: how often it has what this city has, the lowest shares included.
    ratios: Vec<f64>,
    /// The largest of each column.
    most: Vec<f64>,
    /// By which a column is multiplied to be of the size of the others.
    factors: Vec<f64>,
    sorted: Vec<f64>,
    /// What a child costs at the prices of the frontier's cities, and the most of it that a mixture can have.
    costs: Vec<(f64, f64)>,
    simplex: Simplex,
}

impl Program {
    /// The best score, with each child's share of it between two limits; none where rounding would decide it.
    ///
    /// A child of which the city has 0 has no share; where the limits ask for one the score is 0.
    pub(super) fn solve(&mut self, frontier: &[Vec<f64>], row: &[f64], low: f64, high: f64) -> Option<f64> {
        let known = row.iter().filter(|z| !z.is_nan()).count();
        self.play.clear();
        self.play.extend(row.iter().enumerate().filter(|(_, z)| **z > 0.0).map(|(j, _)| j));
        let k = self.play.len();
        self.shares.clear();
        if k == 0 || (low > 0.0 && k < known) || high * (k as f64) < 1.0 - EXACT {
            self.shares.resize(k, 0.0);
            return Some(0.0);
        }
        let free = 1.0 - low * k as f64;
        // The most that one child can have of what is free.
        let cap = (high - low) / free;
        let equal = free <= EXACT || cap * k as f64 <= 1.0 + EXACT;
        let (low, free) = if equal { (1.0 / k as f64, 0.0) } else { (low, free) };
        self.set_ratios(frontier, row, low, free);
        if equal {
            self.shares.resize(k, 1.0 / k as f64);
        } else {
            self.mix(cap)?;
        }
        let value = self.largest();
        let proved = equal || value <= self.bound(value, cap) * (1.0 + PROOF);
        if !equal {
            self.shares.iter_mut().for_each(|q| *q = low + free * *q);
        }
        let score = value.recip();
        (proved && score.is_finite() && score > 0.0).then_some(score)
    }

    fn set_ratios(&mut self, frontier: &[Vec<f64>], row: &[f64], low: f64, free: f64) {
        self.ratios.clear();
        self.most.clear();
        self.most.resize(self.play.len(), 0.0);
        for other in frontier {
            let start = self.ratios.len();
            self.ratios.extend(self.play.iter().map(|&j| other[j] / row[j]));
            let own = &mut self.ratios[start..];
            if low > 0.0 {
                let all = low * own.iter().sum::<f64>();
                for a in &mut *own {
                    *a = if free > 0.0 { free * *a + all } else { all };
                }
            }
            self.most.iter_mut().zip(own).for_each(|(most, a)| *most = most.max(*a));
        }
    }

    /// Finds the mixture `q`, none of whose entries is above the cap.
    fn mix(&mut self, cap: f64) -> Option<()> {
        let k = self.play.len();
        self.sorted.clear();
        self.sorted.extend_from_slice(&self.most);
        self.sorted.sort_unstable_by(f64::total_cmp);
        // So many children a mixture needs at least; those of the lowest columns give the size of the result.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to k")]
        let needed = (cap.recip() - EXACT).ceil().clamp(1.0, k as f64) as usize;
        let size = self.sorted[needed - 1];
        if !size.is_normal() {
            return None;
        }
        // A column that is larger can only have a small entry: its unit is made smaller, so that it has its digits.
        self.factors.clear();
        self.factors.extend(self.most.iter().map(|most| (most / size).max(1.0).recip()));
        let factors = &self.factors;
        self.simplex.begin(factors.iter().copied());
        for ratios in self.ratios.chunks_exact(k) {
            let scaled = ratios.iter().zip(factors).map(|(a, f)| if *f > 0.0 { a / size * f } else { 0.0 });
            self.simplex.row(scaled, 1.0);
        }
        // The lowest columns alone give a mixture of at most `(1 + cap) size`, so that no best mixture has more than
        // `(1 + cap) factor` of a child: where that is below the cap, its row could only bring in rounding.
        if cap < 1.0 {
            for j in (0..k).filter(|&j| factors[j] * (1.0 + cap) >= cap) {
                let own = |l: usize| if l == j { 1.0 } else { 0.0 };
                self.simplex.row(factors.iter().enumerate().map(|(l, f)| f * (own(l) - cap)), 0.0);
            }
        }
        self.simplex.maximise()?;
        self.shares.extend(self.simplex.solution().zip(factors).map(|(v, f)| v * f));
        let total: f64 = self.shares.iter().sum();
        self.shares.iter_mut().for_each(|q| *q = (*q / total).min(cap));
        // Not a number where the total is 0.
        self.shares.iter().all(|q| *q >= 0.0).then_some(())
    }

    /// The largest entry of the mixture, from the figures themselves.
    fn largest(&self) -> f64 {
        let mixture = |ratios: &[f64]| {
            // A share of 0 stays 0, also of a ratio too large for a double.
            let parts = ratios.iter().zip(&self.shares).filter(|(_, q)| **q > 0.0);
            parts.map(|(a, q)| a * q).sum::<f64>()
        };
        self.ratios.chunks_exact(self.play.len()).map(mixture).fold(0.0, f64::max)
    }

    /// What the largest entry of every mixture is at least, given that of one: its mean with the prices of the frontier's
    /// cities as weights, for the mixture that makes that mean least. A better mixture has at most `value / most` of a child.
    fn bound(&mut self, value: f64, cap: f64) -> f64 {
        let k = self.play.len();
        let cities = self.ratios.len() / k;
        self.costs.clear();
        self.costs.extend(self.most.iter().map(|most| (0.0, (value / most).min(cap))));
        let mut total = 0.0;
        for (city, price) in self.simplex.prices().filter(|(city, price)| *city < cities && *price > 0.0) {
            total += price;
            let ratios = &self.ratios[city * k..][..k];
            self.costs.iter_mut().zip(ratios).for_each(|((cost, _), a)| *cost += price * a);
        }
        self.costs.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        let (mut rest, mut least) = (1.0_f64, 0.0);
        for (cost, cap) in &self.costs {
            let share = cap.min(rest);
            if share > 0.0 {
                least += share * cost;
                rest -= share;
            }
        }
        least / total
    }
}
