//! Values that can be worked out by hand, on one matrix of five cities and four indicators.
//!
//! | city | x1 (higher) | x2 (lower) | x3 (higher) | x4 (higher) |
//! |---|---|---|---|---|
//! | 1 | 3 | 10 | 100 | 0.2 |
//! | 2 | 5 | 7 | 240 | 0.5 |
//! | 3 | 2 | 12 | 80 | 0.3 |
//! | 4 | 8 | 4 | 310 | 0.6 |
//! | 5 | 6 | 9 | 150 | 0.9 |
//!
//! Weights 0.4, 0.2, 0.3, 0.1. The decimals were also printed by COINr 1.1.14 (R 4.2.2) for the same matrix.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use approx::assert_relative_eq;
use longspring::{
    Aggregation, Dataset, Direction, Flag, Framework, Method, Node, Normalisation, Outside, Scores, Ties,
};

use Direction::{HigherIsBetter, LowerIsBetter};

const CITIES: [&str; 5] = ["c1", "c2", "c3", "c4", "c5"];
const X1: [f64; 5] = [3.0, 5.0, 2.0, 8.0, 6.0];
const X2: [f64; 5] = [10.0, 7.0, 12.0, 4.0, 9.0];
const X3: [f64; 5] = [100.0, 240.0, 80.0, 310.0, 150.0];
const X4: [f64; 5] = [0.2, 0.5, 0.3, 0.6, 0.9];

/// Where a city lies between the worst and the best: numerators over the ranges 8 - 2, 12 - 4, 310 - 80 and 0.9 - 0.2.
const SHARES: [[f64; 5]; 4] = [
    [1.0 / 6.0, 3.0 / 6.0, 0.0, 1.0, 4.0 / 6.0],
    [2.0 / 8.0, 5.0 / 8.0, 0.0, 1.0, 3.0 / 8.0],
    [20.0 / 230.0, 160.0 / 230.0, 0.0, 1.0, 70.0 / 230.0],
    [0.0, 3.0 / 7.0, 1.0 / 7.0, 4.0 / 7.0, 1.0],
];
const WEIGHTS: [f64; 4] = [0.4, 0.2, 0.3, 0.1];

fn scores(method: &Method) -> Scores {
    let indicator = |code, direction, weight| Node::indicator(code, "index", direction).weight(weight);
    let framework = Framework::new([
        Node::index("index"),
        indicator("x1", HigherIsBetter, 0.4),
        indicator("x2", LowerIsBetter, 0.2),
        indicator("x3", HigherIsBetter, 0.3),
        indicator("x4", HigherIsBetter, 0.1),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, CITIES)
        .column("x1", X1)
        .column("x2", X2)
        .column("x3", X3)
        .column("x4", X4)
        .build()
        .unwrap();
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

/// The scores of one indicator alone, and their flags.
fn alone<const N: usize>(indicator: Node, values: [f64; N], method: &Method) -> [(f64, Vec<Flag>); N] {
    let code = indicator.code.clone();
    let framework = Framework::new([Node::index("index"), indicator]).unwrap();
    let cities: Vec<String> = (0..N).map(|i| format!("c{i}")).collect();
    let cities = Dataset::builder(&framework, &cities).column(&code, values).build().unwrap();
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let of = |i: usize| {
        let standing = scores.get(&format!("c{i}"), &code).unwrap();
        (standing.score.unwrap(), standing.flags.iter().collect())
    };
    std::array::from_fn(of)
}

fn node(scores: &Scores, node: &str) -> Vec<f64> {
    let node = scores.node(node).unwrap();
    node.scores().map(Option::unwrap).collect()
}

fn ranks(scores: &Scores, node: &str) -> Vec<f64> {
    let node = scores.node(node).unwrap();
    node.ranks().map(Option::unwrap).collect()
}

fn agree(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (&got, &expected) in got.iter().zip(expected) {
        // 12 digits were printed.
        assert_relative_eq!(got, expected, max_relative = 1e-11, epsilon = 1e-13);
    }
}

#[test]
fn min_max_is_the_share_of_the_way_from_worst_to_best() {
    let scores = scores(&Method::new());
    for (code, shares) in ["x1", "x2", "x3", "x4"].iter().zip(SHARES) {
        agree(&node(&scores, code), &shares.map(|share| 100.0 * share));
    }
    agree(&node(&scores, "x3"), &[8.69565217391, 69.5652173913, 0.0, 100.0, 30.4347826087]);
    let (worst, best) = scores.composite().ends("x2").unwrap().unwrap();
    assert_eq!((worst, best), (12.0, 4.0));
}

#[test]
fn the_z_score_divides_by_the_sample_standard_deviation() {
    let scores = scores(&Method::new().normalisation(Normalisation::ZScore { mean: 0.0, sd: 1.0 }));
    // x1: mean 24 / 5 = 4.8, squares 3.24 + 0.04 + 7.84 + 10.24 + 1.44 = 22.8, variance 22.8 / 4 = 5.7
    agree(&node(&scores, "x1"), &[-1.8, 0.2, -2.8, 3.2, 1.2].map(|d: f64| d / 5.7_f64.sqrt()));
    // x2: mean 42 / 5 = 8.4, squares 2.56 + 1.96 + 12.96 + 19.36 + 0.36 = 37.2, variance 9.3; lower is better
    agree(&node(&scores, "x2"), &[1.6, -1.4, 3.6, -4.4, 0.6].map(|d: f64| -d / 9.3_f64.sqrt()));
    let printed = [-0.753937034925, 0.0837707816583, -1.17279094322, 1.34033250653, 0.50262468995];
    agree(&node(&scores, "x1"), &printed);
    let printed = [-0.524660668627, 0.459078085049, -1.18048650441, 1.44281683872, -0.196747750735];
    agree(&node(&scores, "x2"), &printed);
}

#[test]
fn the_percentile_rank_is_the_share_of_the_others_that_are_worse() {
    let shares = [
        [0.25, 0.5, 0.0, 1.0, 0.75],
        [0.25, 0.75, 0.0, 1.0, 0.5],
        [0.25, 0.75, 0.0, 1.0, 0.5],
        [0.0, 0.5, 0.25, 0.75, 1.0],
    ];
    let to_100 = scores(&Method::new().normalisation(Normalisation::PercentileRank));
    let to_1 = scores(&Method::new().normalisation(Normalisation::PercentileRankMin));
    for (code, shares) in ["x1", "x2", "x3", "x4"].iter().zip(shares) {
        // Four others, and no ties: both forms are the same.
        assert_eq!(node(&to_100, code), shares.map(|share| 100.0 * share));
        assert_eq!(node(&to_1, code), shares);
    }
}

#[test]
fn percentile_ranks_differ_in_ties_and_only_the_middle_form_is_mirrored() {
    let values = [1.0, 2.0, 2.0, 3.0];
    let of = |normalisation, direction| {
        let method = Method::new().normalisation(normalisation);
        alone(Node::indicator("x", "index", direction), values, &method).map(|(score, _)| score)
    };
    // One or no other is worse than a 2, and one is the same: (1 + 1 / 2) / 3.
    assert_eq!(of(Normalisation::PercentileRank, HigherIsBetter), [0.0, 50.0, 50.0, 100.0]);
    assert_eq!(of(Normalisation::PercentileRank, LowerIsBetter), [100.0, 50.0, 50.0, 0.0]);
    // COINr's form: the ties get the lowest share, whatever the direction.
    let third = 1.0 / 3.0;
    assert_eq!(of(Normalisation::PercentileRankMin, HigherIsBetter), [0.0, third, third, 1.0]);
    assert_eq!(of(Normalisation::PercentileRankMin, LowerIsBetter), [1.0, third, third, 0.0]);
}

#[test]
fn ranks_from_below_share_by_the_rule_of_ties() {
    let of = |ties| {
        let method = Method::new().normalisation(Normalisation::Rank { ties });
        let indicator = Node::indicator("x", "index", HigherIsBetter);
        alone(indicator, [9.0, 7.0, 7.0, 5.0], &method).map(|(score, _)| score)
    };
    assert_eq!(of(Ties::Min), [4.0, 2.0, 2.0, 1.0]);
    assert_eq!(of(Ties::Average), [4.0, 2.5, 2.5, 1.0]);
    assert_eq!(of(Ties::Dense), [3.0, 2.0, 2.0, 1.0]);
    let all = scores(&Method::new().normalisation(Normalisation::Rank { ties: Ties::Min }));
    assert_eq!(node(&all, "x1"), [2.0, 3.0, 1.0, 5.0, 4.0]);
    assert_eq!(node(&all, "x2"), [2.0, 4.0, 1.0, 5.0, 3.0]);
}

#[test]
fn the_distance_to_target_is_1_at_the_target() {
    let target = |beyond| Normalisation::DistanceToTarget { full: 1.0, beyond };
    let x1 = || Node::indicator("x1", "index", HigherIsBetter).target(7.0);
    // (x - 2) / (7 - 2), at most 1
    let capped = alone(x1(), X1, &Method::new().normalisation(target(Outside::Clip)));
    let score = |(score, _): &(f64, Vec<Flag>)| *score;
    agree(&capped.each_ref().map(score), &[0.2, 0.6, 0.0, 1.0, 0.8]);
    let clipped: Vec<bool> = capped.iter().map(|(_, flags)| flags.contains(&Flag::Clipped)).collect();
    assert_eq!(clipped, [false, false, false, true, false]);
    // (12 - x) / (12 - 5), beyond the target more than 1
    let x2 = Node::indicator("x2", "index", LowerIsBetter).target(5.0);
    let free = alone(x2, X2, &Method::new().normalisation(target(Outside::Extrapolate)));
    agree(&free.each_ref().map(score), &[2.0 / 7.0, 5.0 / 7.0, 0.0, 8.0 / 7.0, 3.0 / 7.0]);
    agree(&free.each_ref().map(score), &[0.285714285714, 0.714285714286, 0.0, 1.14285714286, 0.428571428571]);
    assert!(free.iter().all(|(_, flags)| flags.is_empty()));
}

#[test]
fn goalposts_give_the_share_of_the_way_between_them_and_clip() {
    let method = Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 100.0 });
    let x1 = Node::indicator("x1", "index", HigherIsBetter).worst(0.0).best(10.0);
    let scores = alone(x1, X1, &method);
    agree(&scores.each_ref().map(|(score, _)| *score), &[30.0, 50.0, 20.0, 80.0, 60.0]);
    assert!(scores.iter().all(|(_, flags)| flags.is_empty()));
    // -1 lies beyond the best and 11 beyond the worst, where lower is better.
    let x = Node::indicator("x", "index", LowerIsBetter).worst(10.0).best(0.0);
    let scores = alone(x, [-1.0, 1.0, 11.0], &method);
    assert_eq!(scores, [(100.0, vec![Flag::Clipped]), (90.0, vec![]), (0.0, vec![Flag::Clipped])]);
}

/// The index by a formula of its own: the score of an indicator is `low + (100 - low) * share`.
fn index(low: f64, inner: impl Fn(f64) -> f64, outer: impl Fn(f64) -> f64) -> [f64; 5] {
    std::array::from_fn(|city| {
        let part = |i: usize| WEIGHTS[i] * inner(low + (100.0 - low) * SHARES[i][city]);
        outer(part(0) + part(1) + part(2) + part(3))
    })
}

#[test]
fn the_arithmetic_mean_is_the_weighted_sum() {
    let scores = scores(&Method::new());
    // City 1: 0.4 * 16.667 + 0.2 * 25 + 0.3 * 8.696 + 0.1 * 0 = 14.275
    let printed = [14.2753623188, 57.6552795031, 1.42857142857, 95.7142857143, 53.2971014493];
    agree(&node(&scores, "index"), &printed);
    agree(&node(&scores, "index"), &index(0.0, |z| z, |mean| mean));
    assert_eq!(ranks(&scores, "index"), [4.0, 2.0, 5.0, 1.0, 3.0]);
}

#[test]
fn the_other_means_are_means_of_powers() {
    let of = |aggregation| {
        let method = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
        let scores = scores(&method.aggregation(aggregation));
        // No mean changes the order here.
        assert_eq!(ranks(&scores, "index"), [4.0, 2.0, 5.0, 1.0, 3.0]);
        node(&scores, "index")
    };
    let geometric = of(Aggregation::Geometric);
    // City 3 has 1, 1, 1 and 1 + 99 / 7: its mean is (106 / 7)^0.1 = 1.312.
    agree(&geometric, &[11.8623298874, 57.2896431963, 1.31226269392, 94.6282264761, 49.5025359042]);
    agree(&geometric, &index(1.0, f64::ln, f64::exp));
    let harmonic = of(Aggregation::Harmonic);
    // City 3: 1 / (0.9 + 0.1 * 7 / 106) = 1.103
    agree(&harmonic, &[6.17871872465, 56.5033899779, 1.10301768991, 93.1361220245, 45.7604700016]);
    agree(&harmonic, &index(1.0, f64::recip, f64::recip));
    let square = of(Aggregation::Power { exponent: 2.0 });
    // City 3: sqrt(0.9 + 0.1 * (106 / 7)^2) = 4.882
    agree(&square, &[16.8199467788, 58.8547708324, 4.88166080805, 96.5994147952, 58.1122561593]);
    agree(&square, &index(1.0, |z| z * z, f64::sqrt));
    let inverse_square = of(Aggregation::Power { exponent: -2.0 });
    // City 3: 1 / sqrt(0.9 + 0.1 * (7 / 106)^2) = 1.054
    agree(&inverse_square, &[3.08816954731, 55.735362451, 1.05383726398, 91.2222183071, 42.7855330775]);
    agree(&inverse_square, &index(1.0, |z| 1.0 / (z * z), |mean| 1.0 / mean.sqrt()));
}

#[test]
fn powers_of_1_and_minus_1_are_the_arithmetic_and_the_harmonic_mean() {
    let of = |aggregation| {
        let method = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
        node(&scores(&method.aggregation(aggregation)), "index")
    };
    agree(&of(Aggregation::Power { exponent: 1.0 }), &of(Aggregation::Arithmetic));
    agree(&of(Aggregation::Power { exponent: -1.0 }), &of(Aggregation::Harmonic));
}

#[test]
fn ranks_of_scores_share_by_the_rule_of_ties() {
    // Scores 9, 7, 7 and 5, best first.
    let of = |ties| {
        let indicator = Node::indicator("x", "index", HigherIsBetter).worst(0.0).best(10.0);
        let framework = Framework::new([Node::index("index"), indicator]).unwrap();
        let cities = Dataset::builder(&framework, ["a", "b", "c", "d"]);
        let cities = cities.column("x", [9.0, 7.0, 7.0, 5.0]).build().unwrap();
        let scores = Method::new().ties(ties).fit(&framework, &cities).unwrap().score(&cities).unwrap();
        ranks(&scores, "index")
    };
    assert_eq!(of(Ties::Min), [1.0, 2.0, 2.0, 4.0]);
    assert_eq!(of(Ties::Average), [1.0, 2.5, 2.5, 4.0]);
    assert_eq!(of(Ties::Dense), [1.0, 2.0, 2.0, 3.0]);
}
