//! Agglomerative clustering by average linkage, and the silhouette of a partition, where some distances are unknown.

/// Distances of `n` things from one another; NaN where one is unknown.
#[derive(Debug, Clone)]
pub(crate) struct Distances {
    n: usize,
    /// Row after row, both halves.
    all: Vec<f64>,
}

/// Two clusters that became one: each is named by its first thing, and the joint one by the first of both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Merge {
    pub(crate) into: usize,
    pub(crate) from: usize,
    /// The mean of the known distances between the two.
    pub(crate) height: f64,
}

impl Distances {
    pub(crate) fn new(n: usize, of: impl Fn(usize, usize) -> f64) -> Self {
        let mut all = vec![0.0; n * n];
        for i in 0..n {
            for j in i + 1..n {
                let distance = of(i, j);
                all[i * n + j] = distance;
                all[j * n + i] = distance;
            }
        }
        Self { n, all }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.all[i * self.n + j]
    }

    /// Joins the two clusters whose members are nearest on average, until there is one, or nothing is known between those
    /// that are left. Of pairs that are equally near, the one that comes first in the order of the things.
    pub(crate) fn merges(&self) -> Vec<Merge> {
        let n = self.n;
        let mut sums: Vec<f64> = self.all.iter().map(|d| if d.is_nan() { 0.0 } else { *d }).collect();
        let mut counts: Vec<f64> = self.all.iter().map(|d| if d.is_nan() { 0.0 } else { 1.0 }).collect();
        let mut alive = vec![true; n];
        // Of each cluster, the nearest one after it.
        let nearest = |i: usize, alive: &[bool], sums: &[f64], counts: &[f64]| {
            let mut best: Option<(f64, usize)> = None;
            for j in (i + 1..n).filter(|&j| alive[j] && counts[i * n + j] > 0.0) {
                let mean = sums[i * n + j] / counts[i * n + j];
                if best.is_none_or(|(least, _)| mean < least) {
                    best = Some((mean, j));
                }
            }
            best
        };
        let mut best: Vec<Option<(f64, usize)>> = (0..n).map(|i| nearest(i, &alive, &sums, &counts)).collect();
        let mut merges = Vec::with_capacity(n.saturating_sub(1));
        loop {
            let mut found: Option<(f64, usize, usize)> = None;
            for i in (0..n).filter(|&i| alive[i]) {
                if let Some((mean, j)) = best[i] {
                    if found.is_none_or(|(least, ..)| mean < least) {
                        found = Some((mean, i, j));
                    }
                }
            }
            let Some((height, into, from)) = found else { return merges };
            merges.push(Merge { into, from, height });
            alive[from] = false;
            for c in (0..n).filter(|&c| alive[c] && c != into) {
                let (own, other) = (into * n + c, from * n + c);
                let (sum, count) = (sums[own] + sums[other], counts[own] + counts[other]);
                (sums[own], sums[c * n + into]) = (sum, sum);
                (counts[own], counts[c * n + into]) = (count, count);
            }
            for i in (0..n).filter(|&i| alive[i]) {
                let touched = |(_, j): (f64, usize)| j == into || j == from;
                // A cluster before the new one may now be nearer to it than to what was nearest.
                if i == into || best[i].is_some_and(touched) || (i < into && counts[i * n + into] > 0.0) {
                    best[i] = nearest(i, &alive, &sums, &counts);
                }
            }
        }
    }

    /// The cluster of each thing when there are `k`, numbered in the order of their first things; none where there are never
    /// so few.
    pub(crate) fn cut(&self, merges: &[Merge], k: usize) -> Option<Vec<usize>> {
        let joined = self.n.checked_sub(k).filter(|&joined| joined <= merges.len())?;
        let mut first: Vec<usize> = (0..self.n).collect();
        for merge in &merges[..joined] {
            first.iter_mut().filter(|f| **f == merge.from).for_each(|f| *f = merge.into);
        }
        let mut numbers: Vec<Option<usize>> = vec![None; self.n];
        let mut next = 0;
        Some(
            first
                .into_iter()
                .map(|f| {
                    *numbers[f].get_or_insert_with(|| {
                        next += 1;
                        next - 1
                    })
                })
                .collect(),
        )
    }

    /// The mean over all things of `(b - a) / max(a, b)`, with the mean distance `a` to the others of its cluster and the
    /// lowest mean distance `b` to another cluster; 0 for a thing that is alone, or of which one of the two is unknown.
    pub(crate) fn silhouette(&self, cluster: &[usize]) -> f64 {
        let k = cluster.iter().max().map_or(0, |&last| last + 1);
        let mut total = 0.0;
        let mut sums = vec![(0.0, 0.0); k];
        for i in 0..self.n {
            sums.fill((0.0, 0.0));
            for j in (0..self.n).filter(|&j| j != i && !self.at(i, j).is_nan()) {
                let (sum, count) = &mut sums[cluster[j]];
                (*sum, *count) = (*sum + self.at(i, j), *count + 1.0);
            }
            let mean = |(sum, count): (f64, f64)| (count > 0.0).then_some(sum / count);
            let others = sums.iter().enumerate().filter(|&(c, _)| c != cluster[i]).filter_map(|(_, &s)| mean(s));
            let least = others.fold(f64::INFINITY, f64::min);
            if let Some(own) = mean(sums[cluster[i]]).filter(|_| least < f64::INFINITY) {
                let larger = own.max(least);
                total += if larger > 0.0 { (least - own) / larger } else { 0.0 };
            }
        }
        total / self.n as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Things on a line.
    fn line(at: &[f64]) -> Distances {
        Distances::new(at.len(), |i, j| (at[i] - at[j]).abs())
    }

    #[test]
    fn merges_by_hand() {
        // 0 and 1 (1 apart), 10 and 12 (2 apart), 30: between {0, 1} and {10, 12} (10 + 12 + 9 + 11) / 4 = 10.5, between
        // {10, 12} and 30 (20 + 18) / 2 = 19, and at last (30 + 29 + 20 + 18) / 4 = 24.25.
        let line = line(&[0.0, 1.0, 10.0, 12.0, 30.0]);
        let merges = line.merges();
        let told: Vec<_> = merges.iter().map(|m| (m.into, m.from, m.height)).collect();
        assert_eq!(told, [(0, 1, 1.0), (2, 3, 2.0), (0, 2, 10.5), (0, 4, 24.25)]);
        assert_eq!(line.cut(&merges, 3), Some(vec![0, 0, 1, 1, 2]));
        assert_eq!(line.cut(&merges, 1), Some(vec![0; 5]));
        assert_eq!(line.cut(&merges, 6), None);
        // a = 1, b = (10 + 12) / 2 = 11 for the first; and so on; 30 is alone.
        let by_hand = ((1.0 - 1.0 / 11.0) + (1.0 - 1.0 / 10.0) + (1.0 - 2.0 / 9.5) + (1.0 - 2.0 / 11.5)) / 5.0;
        approx::assert_relative_eq!(line.silhouette(&[0, 0, 1, 1, 2]), by_hand, max_relative = 1e-14);
    }

    #[test]
    fn equal_distances_go_by_order_and_unknown_ones_keep_apart() {
        let square = line(&[0.0, 1.0, 2.0, 3.0]);
        assert_eq!(square.cut(&square.merges(), 3), Some(vec![0, 0, 1, 2]));
        let known = |i: usize, j: usize| if (i < 2) == (j < 2) { 1.0 } else { f64::NAN };
        let apart = Distances::new(4, known);
        assert_eq!(apart.merges().len(), 2);
        assert_eq!(apart.cut(&apart.merges(), 2), Some(vec![0, 0, 1, 1]));
        assert_eq!(apart.cut(&apart.merges(), 1), None);
        assert_eq!(apart.silhouette(&[0, 0, 1, 1]), 0.0);
    }

    #[test]
    fn the_kept_nearest_are_those_of_a_full_search() {
        let mut draw = {
            let mut state = 7_u64;
            move || {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 40) as f64 / f64::from(1_u32 << 24)
            }
        };
        for n in 2..30 {
            let points: Vec<(f64, f64)> = (0..n).map(|_| (draw(), draw())).collect();
            let all = Distances::new(n, |i, j| (points[i].0 - points[j].0).hypot(points[i].1 - points[j].1));
            let mut clusters: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
            for merge in all.merges() {
                let mean = |a: &[usize], b: &[usize]| {
                    let sum: f64 =
                        a.iter().flat_map(|&i| b.iter().map(move |&j| (i, j))).map(|(i, j)| all.at(i, j)).sum();
                    sum / (a.len() * b.len()) as f64
                };
                let pairs = (0..clusters.len()).flat_map(|a| (a + 1..clusters.len()).map(move |b| (a, b)));
                let least = pairs.map(|(a, b)| mean(&clusters[a], &clusters[b])).fold(f64::INFINITY, f64::min);
                approx::assert_relative_eq!(merge.height, least, max_relative = 1e-12);
                let from = clusters.iter().position(|c| c[0] == merge.from).unwrap();
                let mut from = clusters.remove(from);
                let into = clusters.iter_mut().find(|c| c[0] == merge.into).unwrap();
                into.append(&mut from);
            }
            assert_eq!(clusters.len(), 1);
        }
    }
}
