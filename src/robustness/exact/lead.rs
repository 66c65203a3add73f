//! Who leads while one weight moves from 0 to 1, and where cities meet on the way: for pictures.

use super::crossing::{Path, Paths};
use super::linear::WeightAnalysis;
use crate::error::Result;

impl WeightAnalysis {
    /// Who leads from which weight of a child on, up to the next: the first from 0. Cities are rows of
    /// [`cities`](Self::cities); of several that lead together the first by key, but who leads goes on while others only draw level.
    ///
    /// The difference of two scores has the sign of a polynomial of at most the second degree, so that its roots are all places at
    /// which the lead can change: none escapes. O(cities) for each change.
    pub(crate) fn leads(&self, child: &str) -> Result<Vec<(f64, usize)>> {
        let paths = Paths::of(self, self.movable(child)?);
        let Some(mut leader) = self.first_after(&paths, f64::NEG_INFINITY) else { return Ok(Vec::new()) };
        let nominal = self.nominal[paths.child];
        let mut leads = vec![(0.0, leader)];
        let mut at = f64::NEG_INFINITY;
        // Two paths meet twice at most: more changes than that there cannot be.
        for _ in 0..2 * self.cities.len() {
            let overtaken = |b: usize| {
                let (steps, signs) = Path::meetings(paths.get(leader), paths.get(b), self.tie(leader, b));
                steps.into_iter().zip(signs.into_iter().skip(1)).find(|(step, sign)| *step > at && *sign < 0)
            };
            let next = (0..self.cities.len()).filter(|&b| b != leader).filter_map(overtaken);
            let Some(step) = next.map(|(step, _)| step).reduce(f64::min) else { break };
            let Some(first) = self.first_after(&paths, step) else { break };
            at = step;
            if first != leader {
                leads.push(((nominal + step).clamp(0.0, 1.0), first));
                leader = first;
            }
        }
        Ok(leads)
    }

    /// The weights of a child, strictly between 0 and 1, at which a city meets any other, with the other: rows of
    /// [`cities`](Self::cities). Those who are the same all the way never meet.
    pub(crate) fn meetings(&self, child: &str, city: usize) -> Result<Vec<(f64, usize)>> {
        let paths = Paths::of(self, self.movable(child)?);
        let nominal = self.nominal[paths.child];
        let others = (0..self.cities.len()).filter(|&b| b != city);
        let met = others.flat_map(|b| {
            let (steps, _) = Path::meetings(paths.get(city), paths.get(b), self.tie(city, b));
            steps.into_iter().map(move |step| (nominal + step, b))
        });
        Ok(met.collect())
    }

    /// Who is ahead of all just after a step; of several that are the same, the first by key.
    fn first_after(&self, paths: &Paths, step: f64) -> Option<usize> {
        (0..self.cities.len()).reduce(|best, b| {
            let (steps, signs) = Path::meetings(paths.get(b), paths.get(best), self.tie(b, best));
            // Meetings that differ from the step by rounding alone are at it.
            let passed = steps.iter().filter(|&&other| other <= step + 1e-12).count();
            match signs.get(passed).copied().unwrap_or(0) {
                0 if self.cities.get(b) < self.cities.get(best) => b,
                1 => b,
                _ => best,
            }
        })
    }
}
