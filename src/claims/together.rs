//! Whether two columns rank cities alike, by a permutation test that is remembered.

use std::collections::BTreeMap;

use crate::kernel::draw::{Stream, mix};
use crate::kernel::stats;

/// How many orders are drawn for a test.
pub(super) const ORDERS: usize = 9_999;
/// The level of the test.
pub(super) const LEVEL: f64 = 0.05;

/// The smallest correlation that counts, for each pattern of ties: without values, what chance does depends on ranks alone.
#[derive(Debug, Default)]
pub(super) struct Critical {
    seed: u64,
    known: BTreeMap<(Vec<u64>, Vec<u64>), f64>,
}

impl Critical {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, known: BTreeMap::new() }
    }

    /// Spearman's correlation less the smallest that is above 0 at the level: one-sided, `(b + 1) / (m + 1)` with `b` of `m`
    /// drawn orders that go together at least as well. None below four cities or where one side is always the same.
    pub(super) fn margin(&mut self, x: &[f64], y: &[f64]) -> Option<f64> {
        let (x, y) = stats::pairs(x, y);
        if x.len() < 4 {
            return None;
        }
        let (x, y) = (stats::average_ranks(&x), stats::average_ranks(&y));
        let rho = stats::pearson(&x, &y)?;
        let sorted = |ranks: &[f64]| stats::sorted(ranks);
        let (x, y) = (sorted(&x), sorted(&y));
        let bits = |ranks: &[f64]| ranks.iter().map(|r| r.to_bits()).collect::<Vec<u64>>();
        let key = (bits(&x), bits(&y));
        let critical = if let Some(&critical) = self.known.get(&key) {
            critical
        } else {
            let critical = self.draw(&x, y);
            self.known.insert(key, critical);
            critical
        };
        Some(rho - critical)
    }

    /// The smallest correlation whose share of equals and betters does not exceed the level, less half a step of rounding.
    fn draw(&self, x: &[f64], mut y: Vec<f64>) -> f64 {
        // Deviations of ranks: sums of their products are correlations but for a factor.
        let (x, base) = (stats::centred(x), y.clone());
        let centre = stats::centred(&base);
        let norm = (x.iter().map(|v| v * v).sum::<f64>() * centre.iter().map(|v| v * v).sum::<f64>()).sqrt();
        y.copy_from_slice(&centre);
        let mut stream = Stream::new(mix(self.seed, y.len() as u64));
        let mut all: Vec<f64> = (0..ORDERS)
            .map(|_| {
                for i in (1..y.len()).rev() {
                    y.swap(i, stream.choice(i + 1));
                }
                x.iter().zip(&y).map(|(x, y)| x * y).sum::<f64>() / norm
            })
            .collect();
        all.sort_unstable_by(|a, b| b.total_cmp(a));
        // With rho above `all[b]`, no more than `b` orders are as good: p = (b + 1) / (m + 1) is within the level.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the orders")]
        let b = (LEVEL * (ORDERS + 1) as f64).floor() as usize - 1;
        all[b].max(0.0) + 1e-12
    }
}
