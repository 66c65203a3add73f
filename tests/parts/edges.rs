//! Tables at the edges: zeros, gaps, single cities, cities that are all the same, numbers far apart.

use longspring::{Aggregation, Dataset, Direction, Framework, Method, Node, Normalisation, Weighting};
use proptest::prelude::*;

use super::{Learns, Row, SERIES, framework, in_parts, methods, near, stored, table};

/// Figures that go wrong more often than others.
fn figure() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => Just(None),
        2 => Just(Some(0.0)),
        1 => Just(Some(-0.0)),
        6 => (-2_i32..9).prop_map(|v| Some(f64::from(v))),
        1 => Just(Some(1e300)),
        1 => Just(Some(-1e300)),
        1 => Just(Some(1e-300)),
        1 => Just(Some(5e-324)),
    ]
}

fn population() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 6 => (1_i32..9).prop_map(|v| Some(f64::from(v))), 1 => Just(Some(1e-300)), 1 => Just(Some(1e300))]
}

fn row() -> impl Strategy<Value = Row> {
    (proptest::collection::vec(figure(), SERIES.len() - 1), population()).prop_map(|(mut row, last)| {
        row.push(last);
        row
    })
}

/// A few cities, some of which are the same, and series that nobody has.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let gone = proptest::collection::vec(proptest::bool::weighted(0.1), SERIES.len());
    (proptest::collection::vec((row(), proptest::bool::weighted(0.2)), 1..9), gone).prop_map(|(rows, gone)| {
        let mut all: Vec<Row> = Vec::new();
        for (row, again) in rows {
            let row = if again { all.last().cloned().unwrap_or(row) } else { row };
            all.push(row.iter().zip(&gone).map(|(&v, &gone)| if gone { None } else { v }).collect());
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_of_odd_tables_say_what_the_whole_says(
        rows in rows(),
        places in proptest::collection::vec(0_usize..4, 9),
    ) {
        let framework = framework();
        let all: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        let whole = table(&framework, &all);
        let part = |p| all.iter().filter(|(i, _)| places[*i] == p).copied().collect::<Vec<_>>();
        let parts: Vec<Dataset> =
            (0..4).map(part).filter(|part| !part.is_empty()).map(|part| table(&framework, &part)).collect();
        let turned: Vec<Dataset> = parts.iter().rev().cloned().collect();
        for (method, learns) in methods() {
            let (fitted, merged) = (method.fit(&framework, &whole), in_parts(&method, &framework, &parts, false));
            match (fitted, merged) {
                (Ok(fitted), Ok(merged)) => {
                    if learns == Learns::Ends {
                        prop_assert_eq!(&merged, &fitted, "{}", method);
                    }
                    let again = in_parts(&method, &framework, &turned, true).unwrap();
                    let text = |composite| serde_json::to_string(composite).unwrap();
                    prop_assert_eq!(text(&again), text(&merged), "{}", method);
                }
                (Err(whole), Err(merged)) => {
                    let said: Vec<String> = whole.problems().iter().map(ToString::to_string).collect();
                    for problem in merged.problems() {
                        prop_assert!(said.contains(&problem.to_string()), "{}\n{}\n{:?}", method, problem, said);
                    }
                }
                (a, b) => return Err(TestCaseError::fail(format!("{method}\n{a:?}\n{b:?}"))),
            }
        }
    }
}

/// A measure of which figures are known, but in no city enough, has no score anywhere: learned weights leave it out, in parts as
/// in the whole.
#[test]
fn a_measure_without_coverage_takes_no_part_in_learned_weights() {
    let framework = Framework::new([
        Node::index("i"),
        Node::measure("m", "i"),
        Node::indicator("a", "m", Direction::HigherIsBetter),
        Node::indicator("b", "m", Direction::HigherIsBetter),
        Node::indicator("x", "i", Direction::HigherIsBetter),
        Node::indicator("y", "i", Direction::HigherIsBetter),
    ])
    .unwrap();
    let part = |keys: [&str; 3], a: [Option<f64>; 3], b: [Option<f64>; 3], x: [f64; 3], y: [f64; 3]| {
        let cities = Dataset::builder(&framework, keys);
        cities.column("a", a).column("b", b).column("x", x).column("y", y).build().unwrap()
    };
    let one = part(["p", "q", "r"], [Some(1.0), Some(4.0), None], [None; 3], [1.0, 5.0, 2.0], [3.0, 1.0, 7.0]);
    let two = part(["s", "t", "u"], [None; 3], [Some(2.0), None, Some(9.0)], [4.0, 4.0, 8.0], [2.0, 6.0, 6.0]);
    for weighting in [Weighting::Critic, Weighting::StandardDeviation] {
        let method = Method::new().coverage(0.6).weighting_of("i", weighting);
        let fitted = method.fit(&framework, &one.join(&two).unwrap()).unwrap();
        let merged = in_parts(&method, &framework, &[one.clone(), two.clone()], false).unwrap();
        near(&stored(&merged), &stored(&fitted), "");
        assert_eq!(merged.weights("i").unwrap().map(|(_, weight)| weight).next(), Some(0.0));
    }
}

/// Children that only some parts have: the cities that have all of them are what counts, whatever the order.
#[test]
fn children_that_some_parts_lack_are_merged_in_any_order() {
    let framework = framework();
    let value = |i: usize, s: usize| Some(((i * 7 + s * 5) % 23 + 1) as f64);
    let mut rows: Vec<Row> = (0..12).map(|i| (0..7).map(|s| value(i, s)).collect()).collect();
    // Of `industry` one part lacks `patents`, another `rents`.
    rows[..3].iter_mut().for_each(|row| row[1] = None);
    rows[3..6].iter_mut().for_each(|row| row[2] = None);
    let all: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
    let parts: Vec<Dataset> = all.chunks(3).map(|part| table(&framework, part)).collect();
    let method = Method::new().weighting_of("industry", Weighting::Critic);
    let fitted = method.fit(&framework, &table(&framework, &all)).unwrap();
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 2, 3]];
    let merged = orders.map(|order| {
        let parts = order.map(|p: usize| parts[p].clone());
        [false, true].map(|backwards| in_parts(&method, &framework, &parts, backwards).unwrap())
    });
    for composite in merged.iter().flatten() {
        near(&stored(composite), &stored(&fitted), "");
        assert_eq!(composite, &merged[0][0]);
    }
}

/// -0 and 0 are the same figure, and the stored yardstick does not say which came first.
#[test]
fn the_sign_of_a_zero_does_not_depend_on_the_order() {
    let framework = Framework::new([Node::index("i"), Node::indicator("x", "i", Direction::HigherIsBetter)]).unwrap();
    let part = |keys: [&str; 2], x: [f64; 2]| Dataset::builder(&framework, keys).column("x", x).build().unwrap();
    let (one, two) = (part(["a", "b"], [-0.0, 3.0]), part(["c", "d"], [2.0, 0.0]));
    let text = |composite| serde_json::to_string(&composite).unwrap();
    for method in [Method::new(), Method::new().aggregation(Aggregation::Topsis)] {
        let method = method.normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 });
        let fitted = method.fit(&framework, &one.join(&two).unwrap()).unwrap();
        assert_eq!(text(fitted.clone()), text(method.fit(&framework, &two.join(&one).unwrap()).unwrap()));
        let orders = [[one.clone(), two.clone()], [two.clone(), one.clone()]];
        for parts in orders {
            assert_eq!(text(in_parts(&method, &framework, &parts, false).unwrap()), text(fitted.clone()));
        }
    }
}
