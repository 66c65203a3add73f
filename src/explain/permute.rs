//! Orders by chance, and coefficients that take no memory.

use std::cmp::Ordering;

use crate::kernel::draw::Stream;
use crate::kernel::kendall::inversions;

/// Goes through orders: all of them, or so many drawn ones.
#[derive(Debug)]
pub(super) struct Shuffle {
    exact: bool,
    runs: usize,
    stream: Stream,
}

/// How many orders there were.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orders {
    exact: bool,
    count: usize,
}

impl Orders {
    /// The probability where so many orders are at least as extreme.
    pub(super) fn probability(self, extreme: usize) -> f64 {
        if self.exact { extreme as f64 / self.count as f64 } else { (extreme + 1) as f64 / (self.count + 1) as f64 }
    }
}

impl Shuffle {
    pub(super) fn new(exact: bool, runs: usize, stream: Stream) -> Self {
        Self { exact, runs, stream }
    }

    /// Shows orders of rows that stand group by group: each group keeps its rows. All of them one after the other as in a
    /// dictionary, the first group's the fastest; or so many drawn ones.
    pub(super) fn each(mut self, sizes: &[usize], mut see: impl FnMut(&[usize])) -> Orders {
        let mut order: Vec<usize> = (0..sizes.iter().sum()).collect();
        if !self.exact {
            for _ in 0..self.runs {
                let mut rest = order.as_mut_slice();
                for &size in sizes {
                    let (group, others) = std::mem::take(&mut rest).split_at_mut(size);
                    for i in (1..size).rev() {
                        group.swap(i, self.stream.choice(i + 1));
                    }
                    rest = others;
                }
                see(&order);
            }
            return Orders { exact: false, count: self.runs };
        }
        let mut count = 0;
        loop {
            see(&order);
            count += 1;
            let mut rest = order.as_mut_slice();
            // The first group that has a next order takes it; those before it begin again.
            let moved = sizes.iter().any(|&size| {
                let (group, others) = std::mem::take(&mut rest).split_at_mut(size);
                rest = others;
                next(group)
            });
            if !moved {
                return Orders { exact: true, count };
            }
        }
    }
}

/// The next order as in a dictionary; back to the first one, and false, after the last.
fn next(order: &mut [usize]) -> bool {
    let Some(at) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else {
        order.reverse();
        return false;
    };
    if let Some(other) = order.iter().rposition(|&row| row > order[at]) {
        order.swap(at, other);
    }
    order[at + 1..].reverse();
    true
}

/// How many orders of rows there are that keep to their groups; none where that is beyond counting.
pub(super) fn orders(sizes: &[usize]) -> Option<usize> {
    sizes.iter().flat_map(|&size| 2..=size).try_fold(1_usize, usize::checked_mul)
}

pub(super) fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Pearson's correlation without taking memory; none where one side is always the same.
pub(super) fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    if a.iter().all(|v| *v == a[0]) || b.iter().all(|v| *v == b[0]) {
        return None;
    }
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        ab += (a - ma) * (b - mb);
        aa += (a - ma) * (a - ma);
        bb += (b - mb) * (b - mb);
    }
    (aa > 0.0 && bb > 0.0).then(|| (ab / (aa.sqrt() * bb.sqrt())).clamp(-1.0, 1.0))
}

/// Average ranks, in memory that is used again.
pub(super) fn ranks_into(values: &[f64], order: &mut Vec<usize>, ranks: &mut [f64]) {
    order.clear();
    order.extend(0..values.len());
    order.sort_unstable_by(|&a, &b| compare(values[a], values[b]));
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let end = start + order[start..].iter().take_while(|&&i| values[i] == value).count();
        order[start..end].iter().for_each(|&i| ranks[i] = (start + 1 + end) as f64 / 2.0);
        start = end;
    }
}

fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

/// Kendall's tau-b, time and again in the same memory.
#[derive(Debug, Default)]
pub(super) struct Kendall {
    rows: Vec<(f64, f64)>,
    second: Vec<f64>,
    buffer: Vec<f64>,
}

impl Kendall {
    /// None where one side is always the same. Disagreements are counted while merging (Knight 1966,
    /// 10.1080/01621459.1966.10480879).
    pub(super) fn tau_b(&mut self, x: &[f64], y: &[f64]) -> Option<f64> {
        self.rows.clear();
        self.rows.extend(x.iter().copied().zip(y.iter().copied()));
        self.rows.sort_unstable_by(|a, b| compare(a.0, b.0).then(compare(a.1, b.1)));
        let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
        let both: f64 = self.rows.chunk_by(|a, b| a == b).map(|g| pairs(g.len())).sum();
        let first: f64 = self.rows.chunk_by(|a, b| a.0 == b.0).map(|g| pairs(g.len())).sum();
        self.second.clear();
        self.second.extend(self.rows.iter().map(|(_, y)| *y));
        self.buffer.clear();
        self.buffer.extend_from_slice(&self.second);
        let disagree = inversions(&mut self.second, &mut self.buffer) as f64;
        let second: f64 = self.second.chunk_by(|a, b| a == b).map(|g| pairs(g.len())).sum();
        let all = pairs(x.len());
        let (a, b) = (all - first, all - second);
        let balance = all - first - second + both - 2.0 * disagree;
        (a > 0.0 && b > 0.0).then(|| (balance / (a * b).sqrt()).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_within_groups_is_shown_once() {
        // 3! 2! 1! of 6 rows in groups of 3, 2 and 1.
        let mut seen = std::collections::BTreeSet::new();
        let all = Shuffle::new(true, 0, Stream::new(1)).each(&[3, 2, 1], |order| {
            assert!(order[..3].iter().all(|&i| i < 3) && order[3..5].iter().all(|i| (3..5).contains(i)), "{order:?}");
            assert!(seen.insert(order.to_vec()), "{order:?} twice");
        });
        assert_eq!((seen.len(), all.count, orders(&[3, 2, 1])), (12, 12, Some(12)));
        assert_eq!(orders(&[8]), Some(40_320));
        assert_eq!(orders(&[39]), None);
    }
}
