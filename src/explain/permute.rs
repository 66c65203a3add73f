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

    /// Shows every order of `n` rows; all of them by Heap's algorithm (1963, Computer Journal 6, 293-298).
    pub(super) fn each(mut self, n: usize, mut see: impl FnMut(&[usize])) -> Orders {
        let mut order: Vec<usize> = (0..n).collect();
        if !self.exact {
            for _ in 0..self.runs {
                for i in (1..n).rev() {
                    order.swap(i, self.stream.choice(i + 1));
                }
                see(&order);
            }
            return Orders { exact: false, count: self.runs };
        }
        let (mut counters, mut i, mut count) = (vec![0; n], 1, 1);
        see(&order);
        while i < n {
            if counters[i] < i {
                order.swap(if i % 2 == 0 { 0 } else { counters[i] }, i);
                see(&order);
                count += 1;
                counters[i] += 1;
                i = 1;
            } else {
                counters[i] = 0;
                i += 1;
            }
        }
        Orders { exact: true, count }
    }
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
