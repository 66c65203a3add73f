//! Aggregations that compare cities, on a table of five cities whose results COINr 1.1.14, Compind 3.4, pymcdm 1.4.0 and
//! scikit-criteria 0.10 gave, or that are worked out by hand; and what they say where there is nothing to compare.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{
    Aggregation as A, Dataset, Direction, Fault, Framework, Method, Node, Normalisation as N, Penalty, Scores,
};

use Direction::{HigherIsBetter as Higher, LowerIsBetter as Lower};

/// Indicators under one index, and cities `a`, `b`, ... with a row of figures each.
struct Table {
    framework: Framework,
    cities: Dataset,
}

impl Table {
    fn new<const N: usize>(indicators: [Node; N], rows: &[[f64; N]]) -> Self {
        let codes = indicators.each_ref().map(|indicator| indicator.code.clone());
        let framework = Framework::new(std::iter::once(Node::index("index")).chain(indicators)).unwrap();
        let mut builder = Dataset::builder(&framework, "abcdefgh".chars().map(String::from).take(rows.len()));
        for (i, code) in codes.iter().enumerate() {
            builder = builder.column(code, rows.iter().map(|row| row[i]));
        }
        Self { cities: builder.build().unwrap(), framework }
    }

    fn scores(&self, method: &Method) -> Scores {
        method.fit(&self.framework, &self.cities).unwrap().score(&self.cities).unwrap()
    }

    fn faults(&self, method: &Method) -> Vec<Fault> {
        let error = method.fit(&self.framework, &self.cities).unwrap_err();
        error.problems().iter().map(|problem| problem.fault.clone()).collect()
    }
}

fn indicator(code: &str, direction: Direction) -> Node {
    Node::indicator(code, "index", direction)
}

const ROWS: [[f64; 4]; 5] = [
    [3.0, 10.0, 100.0, 0.2],
    [5.0, 7.0, 240.0, 0.5],
    [2.0, 12.0, 80.0, 0.3],
    [8.0, 4.0, 310.0, 0.6],
    [6.0, 9.0, 150.0, 0.9],
];

/// The table, with weights 0.4, 0.2, 0.3, 0.1 or equal ones.
fn golden(weights: [f64; 4]) -> Table {
    Table::new(nodes(weights), &ROWS)
}

fn nodes(weights: [f64; 4]) -> [Node; 4] {
    let of = |i: usize, direction| indicator(&format!("x{}", i + 1), direction).weight(weights[i]);
    [of(0, Higher), of(1, Lower), of(2, Higher), of(3, Higher)]
}

const WEIGHTS: [f64; 4] = [0.4, 0.2, 0.3, 0.1];
const EQUAL: [f64; 4] = [1.0; 4];

fn of(normalisation: N, aggregation: A) -> Method {
    Method::new().normalisation(normalisation).aggregation(aggregation)
}

fn min_max(aggregation: A) -> Method {
    of(N::MinMax { low: 0.0, high: 1.0 }, aggregation)
}

fn index(scores: &Scores) -> Vec<f64> {
    scores.node("index").unwrap().scores().map(Option::unwrap).collect()
}

fn detail(scores: &Scores, name: &str) -> Vec<f64> {
    let details = scores.details("index").unwrap();
    scores.cities().map(|city| details.value(city, name).unwrap().unwrap()).collect()
}

fn close(got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= tolerance * expected.abs().max(1e-3), "{got}, not {expected}");
    }
}

#[test]
fn the_distance_to_the_best_is_compinds() {
    let scores = golden(EQUAL).scores(&min_max(A::Wroclaw));
    let expected = [0.715285460453, 0.366136381153, 0.786295889313, 0.174373993993, 0.403946492833];
    close(&detail(&scores, "distance to the best, relative"), &expected, 1e-9);
    close(&index(&scores), &expected.map(|d| 1.0 - d), 1e-9);
}

#[test]
fn the_mazziotta_pareto_indices_are_compinds() {
    let table = golden(EQUAL);
    let z = N::ZScore { mean: 100.0, sd: 10.0 };
    let scores = table.scores(&of(z.clone(), A::MazziottaPareto { penalty: Penalty::Downward }));
    close(&index(&scores), &[92.048580546, 102.910604076, 89.7698647956, 111.084092205, 103.125173341], 1e-9);
    let scores = table.scores(&of(z, A::MazziottaPareto { penalty: Penalty::Upward }));
    close(&index(&scores), &[92.1680440574, 103.098933987, 89.8693236553, 111.556917625, 104.36846571], 1e-9);
    // The adjusted index of the first city around the city (5, 9, 150, 0.5), from its scores there: their mean is 83.4355590062,
    // their variance with the divisor 4 is 47.521, and 83.4356 - 47.521 / 83.4356 = 82.866.
    let row = [80.0, 92.5, 86.9565217391, 74.2857142857];
    let scale = |code: &str| indicator(code, Higher);
    let table = Table::new([scale("x1"), scale("x2"), scale("x3"), scale("x4")], &[row, [100.0; 4]]);
    let as_given = N::Scaled { low: 0.0, high: 1.0, full: 1.0 };
    let scores = table.scores(&of(as_given, A::AdjustedMazziottaPareto { penalty: Penalty::Downward }));
    // Compind rounds to three decimals.
    assert!((index(&scores)[0] - 82.866).abs() < 0.0005 && index(&scores)[1] == 100.0);
}

#[test]
fn topsis_vikor_and_spotis_are_pymcdms_and_scikit_criterias() {
    let table = golden(WEIGHTS);
    let expected = [0.1573608003, 0.5705575880, 0.0255293059, 0.9266643218, 0.5264002306];
    close(&index(&table.scores(&min_max(A::Topsis))), &expected, 2e-9);
    let scores = table.scores(&of(N::Raw, A::Vikor { v: 0.5 }));
    let expected = [0.8385397453, 0.4218280632, 1.0, 0.0, 0.4571135266];
    close(&detail(&scores, "Q"), &expected, 2e-9);
    close(&index(&scores), &expected.map(|q| 1.0 - q), 2e-9);
    let [x1, x2, x3, x4] = nodes(WEIGHTS);
    let ends = [x1.worst(0.0).best(10.0), x2.worst(15.0).best(0.0), x3.worst(0.0).best(400.0), x4.worst(0.0).best(1.0)];
    let scores = Table::new(ends, &ROWS).scores(&of(N::Goalposts { low: 0.0, high: 1.0 }, A::Spotis));
    let expected = [0.7183333333, 0.4633333333, 0.79, 0.2408333333, 0.4775];
    close(&detail(&scores, "distance to the ideal"), &expected, 2e-9);
}

/// scikit-criteria's grey relational analysis is not among the reference numbers: by hand. Scores (1, 0), (0, 1), (0.5, 0.5)
/// have gaps (0, 1), (1, 0), (0.5, 0.5); the largest is 1, and with 0.5 of it the coefficients are (1, 1/3), (1/3, 1),
/// (1/2, 1/2).
#[test]
fn the_grey_relational_grade_by_hand() {
    let nodes = || [indicator("x", Higher).weight(3.0), indicator("y", Lower)];
    let table = Table::new(nodes(), &[[9.0, 8.0], [1.0, 4.0], [5.0, 6.0]]);
    let scores = table.scores(&min_max(A::Grey { zeta: 0.5 }));
    close(&index(&scores), &[0.75 + 0.25 / 3.0, 0.25 + 0.25, 0.5], 1e-14);
}

/// A scale of any size gives the same closeness and distances in proportion: nothing is lost in a square.
#[test]
fn the_size_of_the_scale_does_not_matter() {
    let table = golden(WEIGHTS);
    for aggregation in [A::Topsis, A::Wroclaw, A::Grey { zeta: 0.5 }, A::Spotis] {
        let expected = index(&table.scores(&min_max(aggregation)));
        for high in [1e-300, 1e-160, 1e160, 1e300] {
            let scores = table.scores(&of(N::MinMax { low: 0.0, high }, aggregation));
            close(&index(&scores), &expected, 1e-12);
        }
    }
    let name = "distance to the worst";
    let expected = detail(&table.scores(&min_max(A::Topsis)), name);
    for high in [1e-300, 1e-160, 1e160, 1e300] {
        let scores = table.scores(&of(N::MinMax { low: 0.0, high }, A::Topsis));
        let got: Vec<f64> = detail(&scores, name).iter().map(|d| d / high).collect();
        close(&got, &expected, 1e-12);
    }
    let mpi = |penalty| A::MazziottaPareto { penalty };
    let on = |low, high, penalty| index(&table.scores(&of(N::MinMax { low, high }, mpi(penalty))));
    for penalty in [Penalty::Downward, Penalty::Upward] {
        let expected = on(1.0, 2.0, penalty);
        for unit in [1e-300, 1e-160, 1e160, 1e300] {
            let got: Vec<f64> = on(unit, 2.0 * unit, penalty).iter().map(|s| s / unit).collect();
            close(&got, &expected, 1e-12);
        }
    }
}

/// Cities that differ only in what has no weight cannot be told apart, as if that child were not there.
#[test]
fn what_differs_only_where_there_is_no_weight_is_not_learned() {
    let nodes =
        || [indicator("x", Higher).weight(0.0).worst(0.0).best(9.0), indicator("y", Higher).worst(0.0).best(9.0)];
    let table = Table::new(nodes(), &[[1.0, 4.0], [2.0, 4.0], [8.0, 4.0]]);
    let scale = N::Goalposts { low: 0.0, high: 1.0 };
    for (normalisation, aggregation) in [
        (N::Raw, A::Vikor { v: 0.5 }),
        (scale.clone(), A::Topsis),
        (scale.clone(), A::Wroclaw),
        (scale, A::Grey { zeta: 0.5 }),
    ] {
        let faults = table.faults(&of(normalisation, aggregation));
        assert!(
            matches!(&faults[..], [Fault::NotLearned { node, .. }] if node == "index"),
            "{aggregation}: {faults:?}"
        );
    }
}
