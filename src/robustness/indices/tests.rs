use std::f64::consts::PI;

use super::*;
use crate::kernel::sobol::{Sobol, unit};

/// The outputs of a file of another program: the number of columns of a base row besides A and B, and the rows.
fn outputs(file: &str, of: usize) -> Vec<Vec<f64>> {
    let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/salib/{}.csv"), file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let y: Vec<f64> = reader.records().map(|r| r.unwrap().iter().next_back().unwrap().parse().unwrap()).collect();
    assert_eq!(y.len() % of, 0);
    y.chunks(of).map(<[f64]>::to_vec).collect()
}

fn expected(file: &str) -> Vec<(f64, f64)> {
    let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/salib/{}.csv"), file);
    let number = |row: &csv::StringRecord, c: usize| row[c].parse::<f64>().unwrap();
    csv::Reader::from_path(path)
        .unwrap()
        .records()
        .map(|r| r.unwrap())
        .map(|r| (number(&r, 1), number(&r, 2)))
        .collect()
}

fn check(indices: &SobolIndices, expected: &[(f64, f64)], tolerance: f64) {
    assert_eq!(indices.inputs.len(), expected.len());
    for (index, (first, total)) in indices.inputs.iter().zip(expected) {
        assert!((index.first.value - first).abs() < tolerance, "{index:?}, {first}");
        assert!((index.total.value - total).abs() < tolerance, "{index:?}, {total}");
    }
}

#[test]
fn the_g_function_is_as_in_salib() {
    // A, AB of six inputs, B.
    let rows = outputs("gfun_design_y", 8);
    let column = |c: usize| -> Vec<f64> { rows.iter().map(|row| row[c]).collect() };
    let ab: Vec<Vec<f64>> = (1..7).map(column).collect();
    let names = ["x1", "x2", "x3", "x4", "x5", "x6"];
    let indices = SobolIndices::from_design(names, &column(0), &column(7), &ab, 200, 7).unwrap();
    check(&indices, &expected("gfun_indices"), 1e-12);
}

/// `SALib` centres on the mean of the whole design, BA of each input included, which its second-order indices need.
#[test]
fn the_ishigami_function_is_as_in_salib() {
    let rows = outputs("ishigami_design_y", 8);
    let column = |c: usize| -> Vec<f64> { rows.iter().map(|row| row[c]).collect() };
    let design = Design { a: column(0), b: column(7), ab: (1..4).map(column).collect() };
    let further: Vec<f64> = (4..7).flat_map(column).collect();
    let names = ["x1", "x2", "x3"].map(str::to_owned).to_vec();
    let indices = design.indices(names.clone(), &further, 0, 0).unwrap();
    check(&indices, &expected("ishigami_indices"), 1e-12);
    // Without BA, the total indices are the same, and the first-order ones within what centring on another mean does.
    let ab: Vec<Vec<f64>> = (1..4).map(column).collect();
    let without = SobolIndices::from_design(names, &column(0), &column(7), &ab, 0, 0).unwrap();
    check(&without, &expected("ishigami_indices"), 0.02);
}

/// The indices of a function of the unit cube, on a design of the Sobol' sequence.
fn sampled(d: usize, n: u64, f: impl Fn(&[f64]) -> f64) -> SobolIndices {
    let sobol = Sobol::new(2 * d).unwrap();
    let shift = |k: usize| 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(k as u64 + 1) >> 12;
    let point = |i: u64, from: &dyn Fn(usize) -> usize| -> f64 {
        f(&(0..d).map(|k| unit(sobol.point(i, from(k), shift(from(k))))).collect::<Vec<_>>())
    };
    let column = |from: &dyn Fn(usize) -> usize| -> Vec<f64> { (0..n).map(|i| point(i, from)).collect() };
    let ab: Vec<Vec<f64>> = (0..d).map(|j| column(&|k| if k == j { d + k } else { k })).collect();
    let names: Vec<String> = (1..=d).map(|k| format!("x{k}")).collect();
    SobolIndices::from_design(names, &column(&|k| k), &column(&|k| d + k), &ab, 200, 1).unwrap()
}

#[test]
fn own_designs_converge_to_the_analytic_values() {
    let ishigami = |x: &[f64]| {
        let [a, b, c] = [0, 1, 2].map(|k| (2.0 * x[k] - 1.0) * PI);
        a.sin() + 7.0 * b.sin().powi(2) + 0.1 * c.powi(4) * a.sin()
    };
    let analytic = expected("ishigami_analytic");
    check(&sampled(3, 1 << 10, ishigami), &analytic, 0.03);
    let indices = sampled(3, 1 << 14, ishigami);
    check(&indices, &analytic, 0.003);
    assert!(indices.inputs[0].first.is_above_zero() && indices.inputs[2].total.is_above_zero());
    assert!(!indices.inputs[2].first.is_above_zero()); // it acts only together with the first

    let a = [0.0, 0.5, 3.0, 9.0, 99.0, 99.0];
    let g = |x: &[f64]| x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product();
    let variances: Vec<f64> = a.iter().map(|a| 1.0 / 3.0 / (1.0 + a) / (1.0 + a)).collect();
    let product = |skip: Option<usize>| -> f64 {
        let others = variances.iter().enumerate().filter(|(i, _)| Some(*i) != skip);
        others.map(|(_, v)| 1.0 + v).product()
    };
    let variance = product(None) - 1.0;
    let own = variances.iter().enumerate().map(|(i, v)| (v / variance, v * product(Some(i)) / variance));
    let analytic: Vec<(f64, f64)> = own.collect();
    check(&sampled(6, 1 << 14, g), &analytic, 0.006);
}

/// A design of which every combination is there agrees with the sum over all pairs of points of A and B.
#[test]
fn a_factorial_design_is_the_limit_of_samples() {
    let y = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0]; // levels 2 and 3
    let exact = SobolIndices::from_factorial(["x1", "x2"], &[2, 3], &y).unwrap();
    let (mut a, mut b, mut ab) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
    for p in 0..6 {
        for q in 0..6 {
            a.push(y[p]);
            b.push(y[q]);
            ab[0].push(y[q / 3 * 3 + p % 3]);
            ab[1].push(y[p / 3 * 3 + q % 3]);
        }
    }
    let all = SobolIndices::from_design(["x1", "x2"], &a, &b, &ab, 0, 0).unwrap();
    let values: Vec<(f64, f64)> = exact.inputs.iter().map(|i| (i.first.value, i.total.value)).collect();
    check(&all, &values, 1e-12);
}

/// On many random designs the interval holds the true index about as often as it says: 90 % of the time.
#[test]
fn intervals_hold_the_true_value_as_often_as_they_say() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    let mut uniform = || unit(random.next_u64() >> 12);
    let y = |x: [f64; 2]| 5.0 + x[0] + x[0] * x[1];
    // By hand: y = 5 + u (1 + v); E[y|u] = 5 + 3u/2, E[y|v] = 5 + (1 + v)/2, E[u^2 (1 + v)^2] = 1/3 * 7/3.
    let variance = 7.0 / 9.0 - 9.0 / 16.0;
    let truth = [9.0 / 4.0 / 12.0 / variance, 1.0 - 1.0 / 4.0 / 12.0 / variance];
    let (mut first, mut total, designs) = (0, 0, 400);
    for seed in 0..designs {
        let (mut a, mut b, mut ab) = (Vec::new(), Vec::new(), vec![Vec::new(), Vec::new()]);
        for _ in 0..150 {
            let [p, q] = [[uniform(), uniform()], [uniform(), uniform()]];
            a.push(y(p));
            b.push(y(q));
            ab[0].push(y([q[0], p[1]]));
            ab[1].push(y([p[0], q[1]]));
        }
        let indices = SobolIndices::from_design(["u", "v"], &a, &b, &ab, 200, seed).unwrap();
        let holds = |e: &SobolEstimate, x: f64| e.interval.is_some_and(|(low, high)| low <= x && x <= high);
        first += usize::from(holds(&indices.inputs[0].first, truth[0]));
        total += usize::from(holds(&indices.inputs[0].total, truth[1]));
    }
    // Four standard errors of 90 % of 400 designs are 6 %; a bootstrap of 150 rows is a little narrow.
    for held in [first, total] {
        assert!((0.83..=0.96).contains(&(f64::from(u32::try_from(held).unwrap()) / 400.0)), "{first} {total}");
    }
}
