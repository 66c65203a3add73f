//! What cannot be computed does not pass for missing: a worse figure never raises a score.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail loudly")]

use longspring::{
    Aggregation, Composite, Dataset, Direction, Framework, Method, Missing, Node, Normalisation, Outside, Scores,
    WeightAnalysis,
};

/// An index of three measures of two indicators each.
fn framework() -> Framework {
    let mut nodes = vec![Node::index("index")];
    for m in ["a", "b", "c"] {
        nodes.push(Node::measure(m, "index"));
        nodes.extend((1..3).map(|i| Node::indicator(format!("{m}{i}"), m, Direction::HigherIsBetter)));
    }
    Framework::new(nodes).unwrap()
}

const CODES: [&str; 6] = ["a1", "a2", "b1", "b2", "c1", "c2"];

fn cities<const N: usize>(keys: [&str; N], rows: [[f64; 6]; N]) -> Dataset {
    let framework = framework();
    let mut builder = Dataset::builder(&framework, keys);
    for (i, code) in CODES.iter().enumerate() {
        builder = builder.column(code, rows.map(|row| Some(row[i]).filter(|v| !v.is_nan())));
    }
    builder.build().unwrap()
}

fn fitted(method: &Method) -> Composite {
    let rows = [[0.0; 6], [10.0; 6], [0.0, 10.0, 4.0, 6.0, 1.0, 9.0]];
    method.fit(&framework(), &cities(["low", "high", "mid"], rows)).unwrap()
}

fn geometric() -> Method {
    let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
    Method::new().normalisation(scale).aggregation(Aggregation::Geometric)
}

/// The city has good figures in measure `a` alone.
fn one(composite: &Composite, a1: f64) -> Scores {
    composite.score(&cities(["x"], [[a1, 2.0, 8.0, 8.0, 9.0, 9.0]])).unwrap()
}

#[test]
fn a_figure_lowered_step_by_step_never_raises_a_score() {
    for aggregation in
        [Aggregation::Geometric, Aggregation::Harmonic, Aggregation::Power { exponent: 0.5 }, Aggregation::Median]
    {
        let method = geometric().aggregation(aggregation).aggregation_of("a", Aggregation::Geometric);
        let composite = fitted(&method);
        let mut last = f64::INFINITY;
        for step in 0..40 {
            let a1 = 10.0 - f64::from(step);
            let scores = one(&composite, a1);
            // 1 + 9.9 a1 is above 0 as long as a1 is above -10 / 99.
            let standing = scores.get("x", "index").unwrap();
            if let Some(score) = standing.score {
                assert!(score <= last && a1 > -10.0 / 99.0, "{aggregation}: {score} at {a1}");
                last = score;
                continue;
            }
            assert!(a1 < -10.0 / 99.0);
            let why = Missing::NotComputable { child: "a1".into(), value: 1.0 + 9.9 * a1 };
            let Some(Missing::NotComputable { child, value }) = scores.get("x", "a").unwrap().missing else { panic!() };
            assert!(child == "a1" && (value - (1.0 + 9.9 * a1)).abs() < 1e-9);
            let Some(Missing::NotComputed { node, why: found }) = standing.missing.clone() else {
                panic!("{standing}")
            };
            assert_eq!((node.as_str(), found.to_string().split('=').next()), ("a", why.to_string().split('=').next()));
            assert!(standing.to_string().starts_with("no score: `a` under it could not be computed: the aggregation"));
            assert_eq!((standing.rank, standing.coverage.have, standing.coverage.of), (None, 2, 3));
        }
        // The remedy: at the end of the sample the score stays 1.
        let composite = fitted(&method.outside(Outside::Clip));
        let at = |a1| one(&composite, a1).score("x", "index").unwrap().unwrap();
        assert!(at(-30.0) == at(0.0) && at(0.0) <= at(1.0));
    }
}

#[test]
fn missing_figures_and_weights_of_0_stay_as_they_are() {
    let composite = fitted(&geometric());
    let nan = f64::NAN;
    let table = cities(
        ["gap", "bad", "thin"],
        [[nan, nan, 8.0, 8.0, 9.0, 9.0], [-9.0, nan, 8.0, 8.0, 9.0, 9.0], [-9.0, 2.0, nan, nan, nan, nan]],
    );
    let scores = composite.score(&table).unwrap();
    assert!(scores.score("gap", "index").unwrap().is_some());
    assert!(
        matches!(scores.get("bad", "index").unwrap().missing, Some(Missing::NotComputed { node, .. }) if node == "a")
    );
    // With one child of three the index would be missing even if that could be computed.
    let why = scores.get("thin", "index").unwrap().missing;
    assert_eq!(why, Some(Missing::Coverage { have: 0, of: 3, share: 0.5 }));

    let framework = framework().with_weights([("a", 0.0)]).unwrap();
    let rows = [[0.0; 6], [10.0; 6]];
    let composite = geometric().fit(&framework, &cities(["low", "high"], rows)).unwrap();
    let scores = one(&composite, -9.0);
    assert_eq!(scores.score("x", "a").unwrap(), None);
    // Under other weights the city would have no score.
    let refused = WeightAnalysis::of(&scores, "index").unwrap_err().to_string();
    assert!(refused.contains("geometric mean at `index` is not defined for the figures of `x`"), "{refused}");
    assert_eq!(scores.score("x", "index").unwrap(), one(&composite, 5.0).score("x", "index").unwrap());
}

#[test]
fn an_indicator_without_a_score_is_named_up_to_the_index() {
    // A ratio to the best of what should be low: not defined at 0 and below.
    let nodes = [
        Node::index("index"),
        Node::measure("m", "index"),
        Node::measure("k", "index"),
        Node::indicator("cost", "m", Direction::LowerIsBetter),
        Node::indicator("gain", "m", Direction::HigherIsBetter),
        Node::indicator("rest", "k", Direction::HigherIsBetter),
    ];
    let framework = Framework::new(nodes).unwrap();
    let table = |keys: [&str; 2], cost: [f64; 2]| {
        let builder = Dataset::builder(&framework, keys).column("cost", cost).column("gain", [1.0, 3.0]);
        builder.column("rest", [2.0, 1.0]).build().unwrap()
    };
    for aggregation in [Aggregation::Arithmetic, Aggregation::Median, Aggregation::Owa { exponent: 2.0 }] {
        let method = Method::new().normalisation(Normalisation::LinearRatio).aggregation_of("m", aggregation);
        let composite = method.fit(&framework, &table(["a", "b"], [2.0, 1.0])).unwrap();
        let scores = composite.score(&table(["c", "d"], [-2.0, 2.0])).unwrap();
        assert!(scores.score("d", "index").unwrap().is_some());
        for node in ["m", "index"] {
            let why = scores.get("c", node).unwrap().missing.unwrap();
            let expected = "`cost` under it could not be computed: outside of what the normalisation is defined for";
            assert_eq!(why.to_string(), expected, "{aggregation} {node}");
        }
        assert_eq!(scores.get("c", "index").unwrap().score, None);
    }
}

/// In every place of a block, alone and among others.
#[test]
fn the_block_in_which_a_city_stands_does_not_matter() {
    let composite = fitted(&geometric());
    let framework = framework();
    let keys: Vec<String> = (0..1500).map(|i| format!("c{i}")).collect();
    let mut builder = Dataset::builder(&framework, keys.iter().map(String::as_str));
    let value = |i: usize, k: usize| ((i * 31 + k * 17) % 103) as f64 / 10.0 - 0.3;
    for (k, code) in CODES.iter().enumerate() {
        let column = (0..1500).map(|i| (i % 7 != k).then(|| value(i, k)));
        builder = builder.column(code, column.collect::<Vec<_>>());
    }
    let all = builder.build().unwrap();
    let scores = composite.score(&all).unwrap();
    let mut seen = 0;
    for key in keys.iter().step_by(13) {
        let alone = composite.score(&all.select([key.as_str()]).unwrap()).unwrap();
        for node in ["a", "b", "c", "index"] {
            let (one, other) = (alone.get(key, node).unwrap(), scores.get(key, node).unwrap());
            assert_eq!((one.score, &one.missing), (other.score, &other.missing));
            seen += usize::from(matches!(one.missing, Some(Missing::NotComputed { .. })));
        }
    }
    assert!(seen > 3, "{seen}");
}
