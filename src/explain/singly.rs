//! One node against an outcome: how sure, how far it hangs on one city, and how much of it is the region.

use std::collections::BTreeMap;

use super::association::{Association, Coefficient, Ends, Partial};
use super::outcome::{Common, Outcome};
use super::permute::{Kendall, product};
use crate::kernel::stats;
use crate::scores::Scores;

impl Outcome {
    pub(super) fn associate(&self, scores: &Scores, node: &str, common: &Common<'_>) -> Association {
        let (y, x) = (&common.columns[0], &common.columns[1]);
        let ranks = [x, y].map(|column| stats::average_ranks(column));
        let n = x.len();
        let pearson = |x: &[f64], y: &[f64]| stats::pearson(x, y).unwrap_or(0.0);
        let mut kendall = Kendall::default();
        let values = [pearson(x, y), pearson(&ranks[0], &ranks[1]), kendall.tau_b(x, y).unwrap_or(0.0)];
        let p = self.probabilities((x, y), &ranks, values, node);
        let intervals = self.intervals((x, y), node);
        let mut ends: [Option<Ends>; 3] = [None, None, None];
        let (mut fewer_x, mut fewer_y) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for (out, key) in common.keys.iter().enumerate() {
            let without = |column: &[f64], to: &mut Vec<f64>| {
                to.clear();
                to.extend(column.iter().enumerate().filter(|&(i, _)| i != out).map(|(_, v)| *v));
            };
            without(x, &mut fewer_x);
            without(y, &mut fewer_y);
            let left = [
                stats::pearson(&fewer_x, &fewer_y),
                stats::spearman(&fewer_x, &fewer_y),
                kendall.tau_b(&fewer_x, &fewer_y),
            ];
            for (ends, value) in ends.iter_mut().zip(left) {
                let Some(value) = value else { continue };
                let city = (*key).to_owned();
                match ends {
                    None => {
                        let (low_without, high_without) = (city.clone(), city);
                        *ends = Some(Ends { low: value, low_without, high: value, high_without });
                    }
                    Some(ends) if value < ends.low => (ends.low, ends.low_without) = (value, city),
                    Some(ends) if value > ends.high => (ends.high, ends.high_without) = (value, city),
                    Some(_) => {}
                }
            }
        }
        let [a, b, c] = ends;
        let coefficient = |i: usize, ends| Coefficient { value: values[i], p: p[i], interval: intervals[i], ends };
        Association {
            node: node.to_owned(),
            cities: n,
            test: self.test(&[n]),
            pearson: coefficient(0, a),
            spearman: coefficient(1, b),
            kendall: coefficient(2, c),
            holm: p[1],
            partial: self.partial(scores, node, common, &ranks),
        }
    }

    /// The probabilities of the three coefficients, from the same orders.
    fn probabilities(&self, (x, y): (&[f64], &[f64]), ranks: &[Vec<f64>; 2], values: [f64; 3], node: &str) -> [f64; 3] {
        let n = x.len();
        let [x, y, rx, ry] = [x, y, &ranks[0], &ranks[1]].map(stats::centred);
        let norm = |a: &[f64], b: &[f64]| (product(a, a) * product(b, b)).sqrt();
        let (scale, rank_scale) = (norm(&x, &y), norm(&rx, &ry));
        let mut kendall = Kendall::default();
        let mut counts = [0_usize; 3];
        let (mut own_y, mut own_ranks) = (y.clone(), ry.clone());
        let all = self.shuffle(&[n], node).each(&[n], |order| {
            for (i, &from) in order.iter().enumerate() {
                (own_y[i], own_ranks[i]) = (y[from], ry[from]);
            }
            let tau = kendall.tau_b(&rx, &own_ranks).unwrap_or(0.0);
            let now = [product(&x, &own_y) / scale, product(&rx, &own_ranks) / rank_scale, tau];
            for ((count, now), value) in counts.iter_mut().zip(now).zip(values) {
                // Equal but for rounding is as far from 0.
                *count += usize::from(now.abs() >= value.abs() - 1e-12);
            }
        });
        counts.map(|count| all.probability(count))
    }

    /// The 95 % percentile intervals, from the same resamples.
    fn intervals(&self, (x, y): (&[f64], &[f64]), node: &str) -> [Option<(f64, f64)>; 3] {
        let n = x.len();
        let mut stream = self.stream(&format!("{node} resampled"));
        let mut found: [Vec<f64>; 3] = [const { Vec::new() }; 3];
        for all in &mut found {
            all.reserve(self.runs);
        }
        let (mut a, mut b, mut kendall) = (vec![0.0; n], vec![0.0; n], Kendall::default());
        let (mut ranks_a, mut ranks_b, mut order) = (vec![0.0; n], vec![0.0; n], Vec::with_capacity(n));
        for _ in 0..self.runs {
            for (a, b) in a.iter_mut().zip(&mut b) {
                let row = stream.choice(n);
                (*a, *b) = (x[row], y[row]);
            }
            super::permute::ranks_into(&a, &mut order, &mut ranks_a);
            super::permute::ranks_into(&b, &mut order, &mut ranks_b);
            let tau = kendall.tau_b(&ranks_a, &ranks_b);
            let now = [super::permute::pearson(&a, &b), super::permute::pearson(&ranks_a, &ranks_b), tau];
            found.iter_mut().zip(now).for_each(|(all, now)| all.extend(now));
        }
        found.map(|mut all| {
            all.sort_unstable_by(f64::total_cmp);
            let enough = 2 * all.len() >= self.runs;
            enough.then(|| (stats::quantile(&all, 0.025), stats::quantile(&all, 0.975)))
        })
    }

    fn partial(&self, scores: &Scores, node: &str, common: &Common<'_>, ranks: &[Vec<f64>; 2]) -> Option<Partial> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, &row) in common.rows.iter().enumerate() {
            if let Some(group) = scores.dataset().attribute(row, self.grouped_by()) {
                groups.entry(group).or_default().push(i);
            }
        }
        groups.retain(|_, members| members.len() > 1);
        if groups.len() < 2 {
            return None;
        }
        let groups: Vec<Vec<usize>> = groups.into_values().collect();
        let residuals = |column: &[f64]| -> Vec<f64> {
            let deviations = |members: &Vec<usize>| {
                let mean = members.iter().map(|&i| column[i]).sum::<f64>() / members.len() as f64;
                members.iter().map(|&i| column[i] - mean).collect::<Vec<f64>>()
            };
            groups.iter().flat_map(deviations).collect()
        };
        let (y, x) = (residuals(&common.columns[0]), residuals(&common.columns[1]));
        let (ranked_x, ranked_y) = (residuals(&ranks[0]), residuals(&ranks[1]));
        let norm = |a: &[f64], b: &[f64]| (product(a, a) * product(b, b)).sqrt();
        let flat = |a: &[f64], of: &[f64]| product(a, a) <= 1e-24 * product(of, of);
        if flat(&x, &common.columns[1]) || flat(&y, &common.columns[0]) {
            return None;
        }
        let (scale, ranked_scale) = (norm(&x, &y), norm(&ranked_x, &ranked_y));
        let (pearson, spearman) = (product(&x, &y) / scale, product(&ranked_x, &ranked_y) / ranked_scale);
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let (mut now, mut ranked, mut counts) = (y.clone(), ranked_y.clone(), [0_usize; 2]);
        let all = self.shuffle(&sizes, &format!("{node} within")).each(&sizes, |order| {
            for (i, &from) in order.iter().enumerate() {
                (now[i], ranked[i]) = (y[from], ranked_y[from]);
            }
            counts[0] += usize::from((product(&x, &now) / scale).abs() >= pearson.abs() - 1e-12);
            counts[1] += usize::from((product(&ranked_x, &ranked) / ranked_scale).abs() >= spearman.abs() - 1e-12);
        });
        let [pearson_p, spearman_p] = counts.map(|count| all.probability(count));
        let test = self.test(&sizes);
        let cities = sizes.iter().sum();
        let alone = common.rows.len() - cities;
        Some(Partial { pearson, pearson_p, spearman, spearman_p, cities, groups: sizes.len(), alone, test })
    }
}
