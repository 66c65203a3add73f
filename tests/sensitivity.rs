//! Which doubt matters: indices of scoring against analytic ones, the two designs against each other, and bad questions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use approx::assert_relative_eq;
use longspring::{
    Aggregation, Cut, Dataset, Direction, Doubt, ErrorShape, Fault, Framework, MeasurementError, Method, Node,
    Normalisation, Sensitivity, Target, Treatment, WeightSet, WeightSpread, article,
};

/// Two measures of two indicators each; the city `a` is the best in the first indicator of each and the worst in the other, so
/// that its score in a measure is the first indicator's weight.
fn two_measures() -> (Framework, Dataset) {
    let leaf = |code: &str, parent: &str| Node::indicator(code, parent, Direction::HigherIsBetter);
    let framework = Framework::new([
        Node::index("x"),
        Node::measure("m1", "x"),
        leaf("i1", "m1"),
        leaf("j1", "m1"),
        Node::measure("m2", "x"),
        leaf("i2", "m2"),
        leaf("j2", "m2"),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["a", "b"])
        .column("i1", [1.0, 0.0])
        .column("j1", [0.0, 1.0])
        .column("i2", [1.0, 0.0])
        .column("j2", [0.0, 1.0])
        .build()
        .unwrap();
    (framework, cities)
}

fn unit() -> Method {
    Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
}

/// With two children and flat weights a measure's score is uniform on 0..1. The mean of two of them is additive: each doubt has
/// half the variance, alone and in total.
#[test]
fn additive_doubts_share_the_variance() {
    let (framework, cities) = two_measures();
    let sensitivity = Sensitivity::new(8192)
        .bootstrap(100)
        .doubt(Doubt::weights_of(["m1"], WeightSpread::Uniform))
        .doubt(Doubt::weights_of(["m2"], WeightSpread::Uniform))
        .target(Target::Score("a".into()))
        .run(&unit(), &framework, &cities, "x")
        .unwrap();
    assert_eq!(sensitivity.runs(), 4 * 8192);
    for name in ["weights", "weights 2"] {
        let index = sensitivity.indices().get(name).unwrap();
        assert!((index.first.value - 0.5).abs() < 0.03, "{sensitivity}");
        assert!((index.total.value - 0.5).abs() < 0.03, "{sensitivity}");
        assert!(index.first.is_above_zero());
    }
    assert_relative_eq!(sensitivity.indices().sd, (1.0f64 / 24.0).sqrt(), max_relative = 0.02);
}

/// The geometric mean sqrt(u v) of two uniform scores: E = 4/9, V = 1/4 - 16/81 = 17/324; E[y|u] = 2/3 sqrt(u), whose variance is
/// 4/9 (1/2 - 4/9) = 2/81, so that S = 8/17 and ST = 9/17. A score of 0, which no geometric mean takes, has probability 0; but
/// the nominal figures have one at a corner, so that the scale here runs from 1e-9.
#[test]
fn doubts_that_act_together() {
    let (framework, cities) = two_measures();
    let method = Method::new()
        .normalisation(Normalisation::MinMax { low: 1e-9, high: 1.0 })
        .aggregation_at(0, Aggregation::Geometric);
    let sensitivity = Sensitivity::new(4096)
        .bootstrap(200)
        .doubt(Doubt::weights_of(["m1"], WeightSpread::Uniform))
        .doubt(Doubt::weights_of(["m2"], WeightSpread::Uniform))
        .target(Target::Score("a".into()))
        .run(&method, &framework, &cities, "x")
        .unwrap();
    for name in ["weights", "weights 2"] {
        let index = sensitivity.indices().get(name).unwrap();
        assert!((index.first.value - 8.0 / 17.0).abs() < 0.02, "{sensitivity}");
        assert!((index.total.value - 9.0 / 17.0).abs() < 0.02, "{sensitivity}");
        let (low, high) = index.total.interval.unwrap();
        assert!(low < 9.0 / 17.0 && 9.0 / 17.0 < high, "{sensitivity}");
    }
}

fn article_cities() -> (Framework, Dataset) {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    (framework, cities)
}

fn choices() -> [Doubt; 3] {
    [
        Doubt::normalisation([Normalisation::MinMax { low: 1.0, high: 100.0 }, Normalisation::PercentileRank]),
        Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Minimum, Aggregation::Median]),
        Doubt::treatment([Treatment::None, Treatment::winsorise(3)]),
    ]
}

/// A sample of the design comes near the exact indices, and its intervals hold most of them.
#[test]
fn the_sample_comes_near_the_full_design() {
    let (framework, cities) = article_cities();
    let ask = |doubts: Vec<Doubt>| {
        let sensitivity = Sensitivity::new(2048).doubts(doubts);
        sensitivity.run(&Method::new(), &framework, &cities, "renewal").unwrap()
    };
    let exact = ask(choices().to_vec());
    assert!(exact.indices().exact);
    assert_eq!(exact.runs(), 12);
    // A doubt without effect beside them is no alternative, so that the design is sampled.
    let mut doubts = choices().to_vec();
    doubts.push(MeasurementError::relative(ErrorShape::Normal, 0.0).into());
    let sampled = ask(doubts);
    assert!(!sampled.indices().exact);
    assert_eq!(sampled.runs(), 2048 * 6);
    for name in ["normalisation", "aggregation", "treatment"] {
        let (a, b) = (exact.indices().get(name).unwrap(), sampled.indices().get(name).unwrap());
        assert!((a.first.value - b.first.value).abs() < 0.05, "{exact}{sampled}");
        assert!((a.total.value - b.total.value).abs() < 0.05, "{exact}{sampled}");
    }
    let nothing = sampled.indices().get("measurement error").unwrap();
    assert_eq!(nothing.total.value, 0.0);
    assert!(!nothing.total.is_above_zero());
    assert!(sampled.to_string().contains("measurement error"));
}

/// Threads and the order of the cities change nothing, to the last bit.
#[test]
fn threads_and_order_do_not_matter() {
    let (framework, cities) = article_cities();
    let mut keys: Vec<&str> = cities.cities().collect();
    keys.reverse();
    let reversed = cities.select(keys).unwrap();
    let mut doubts = choices().to_vec();
    doubts.push(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let ask = |threads, cities: &Dataset| {
        let sensitivity = Sensitivity::new(64).seed(5).threads(threads).bootstrap(50).doubts(doubts.clone());
        sensitivity.run(&Method::new(), &framework, cities, "renewal").unwrap()
    };
    let one = ask(1, &cities);
    assert_eq!(one, ask(3, &cities));
    assert_eq!(one, ask(1, &reversed));
    assert_ne!(one, {
        let other = Sensitivity::new(64).seed(6).bootstrap(50).doubts(doubts.clone());
        other.run(&Method::new(), &framework, &cities, "renewal").unwrap()
    });
}

/// Every target counts what it says, on two cities that two sets of weights turn round.
#[test]
fn targets_by_hand() {
    let (framework, cities) = two_measures();
    let set = |name: &str, w: f64| WeightSet::new(name, [("i1", w), ("j1", 1.0 - w)]).unwrap();
    // `a` scores 0.9, 0.5 or 0.1 in the measure, `b` the rest.
    let sets = vec![set("for", 0.9), set("even", 0.5), set("against", 0.1)];
    let ask = |target: Target| {
        let doubt = Doubt::weights_of(["m1"], WeightSpread::Sets(sets.clone()));
        let none = Doubt::Coverage(vec![0.5, 1.0]);
        let sensitivity = Sensitivity::new(2).doubt(doubt).doubt(none).target(target);
        let sensitivity = sensitivity.run(&unit(), &framework, &cities, "m1").unwrap();
        assert!(sensitivity.indices().exact);
        assert_relative_eq!(sensitivity.indices().get("weights").unwrap().first.value, 1.0, max_relative = 1e-12);
        assert_eq!(sensitivity.indices().get("coverage").unwrap().total.value, 0.0);
        (sensitivity.indices().mean, sensitivity.indices().sd)
    };
    let near = |(mean, sd): (f64, f64), m: f64, v: f64| {
        assert_relative_eq!(mean, m, max_relative = 1e-12);
        assert_relative_eq!(sd, v.sqrt(), max_relative = 1e-12);
    };
    near(ask(Target::Score("a".into())), 0.5, 2.0 * 0.16 / 3.0);
    // Ranks 1, 1 (a tie) and 2.
    near(ask(Target::Rank("a".into())), 4.0 / 3.0, 2.0 / 9.0);
    near(ask(Target::Order("a".into(), "b".into())), 0.5, 0.5 / 3.0);
    near(ask(Target::Top { city: "a".into(), k: 1 }), 2.0 / 3.0, 2.0 / 9.0);
    // Nominally both are first: `a` leads and `b` falls by one, or the other way round, or nothing moves.
    near(ask(Target::MeanRankShift), 1.0 / 3.0, 0.5 / 3.0 - 1.0 / 9.0 + 0.0);
}

/// Defect 14 (COINr): a failed run takes its row, is counted with its reason, and leaves the other indices alone.
#[test]
fn defect_14_failed_runs_do_not_spoil_the_indices() {
    let (framework, cities) = article_cities();
    // On a scale from 0 the geometric mean meets a zero.
    let sensitivity = Sensitivity::new(256)
        .doubt(Doubt::normalisation([
            Normalisation::MinMax { low: 0.0, high: 100.0 },
            Normalisation::MinMax { low: 1.0, high: 100.0 },
            Normalisation::MinMax { low: 5.0, high: 100.0 },
        ]))
        .doubt(Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Arithmetic, Aggregation::Geometric]))
        .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }))
        .run(&Method::new(), &framework, &cities, "renewal")
        .unwrap();
    let failures: Vec<_> = sensitivity.failures().collect();
    assert_eq!(failures.len(), 1, "{sensitivity}");
    assert!(failures[0].reason.contains("geometric mean"), "{sensitivity}");
    assert!(sensitivity.indices().failed > 0 && sensitivity.indices().rows + sensitivity.indices().failed == 256);
    assert!(sensitivity.indices().inputs.iter().all(|i| i.total.value.is_finite()));
}

#[test]
fn bad_questions_get_clear_answers() {
    let (framework, cities) = article_cities();
    let ask = |sensitivity: Sensitivity| {
        sensitivity.run(&Method::new(), &framework, &cities, "renewal").unwrap_err().to_string()
    };
    let weights = || Doubt::weights(WeightSpread::Uniform);
    assert_eq!(
        ask(Sensitivity::new(1).doubt(weights())),
        "the number of rows is 1; it must be 2 or more, and not beyond 10000000 runs in all"
    );
    assert_eq!(ask(Sensitivity::new(8)), "there is no doubt to simulate; name one or more");
    assert_eq!(
        ask(Sensitivity::new(8).doubt(weights()).target(Target::Rank("detroid".into()))),
        "there is no city `detroid`; did you mean `detroit`?"
    );
    let nothing = Doubt::weights(WeightSpread::Within { share: 0.0 });
    assert_eq!(
        ask(Sensitivity::new(8).doubt(nothing)),
        "the output is 0 in all 16 runs, so that it depends on nothing; choose another output or wider doubts"
    );
}

/// Progress is told a bounded number of times and ends with all runs; told to stop, the analysis says how far it was.
#[test]
fn progress_is_told_and_a_stop_is_heeded() {
    use std::ops::ControlFlow;
    let (framework, cities) = two_measures();
    let analysis = Sensitivity::new(2048)
        .bootstrap(0)
        .target(Target::Score("a".into()))
        .doubt(Doubt::weights(WeightSpread::Uniform));
    let mut told = Vec::new();
    let whole = analysis
        .run_with(&unit(), &framework, &cities, "x", |progress| {
            told.push((progress.done, progress.of));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(told.last(), Some(&(6144, 6144)));
    assert!((2..=1000).contains(&told.len()) && told.windows(2).all(|pair| pair[0].0 < pair[1].0), "{told:?}");
    assert_eq!(whole, analysis.run(&unit(), &framework, &cities, "x").unwrap());
    let error = analysis.run_with(&unit(), &framework, &cities, "x", |_| ControlFlow::Break(())).unwrap_err();
    assert!(matches!(error.problems()[0].fault, Fault::Stopped { done, of: 6144 } if done == told[0].0), "{error}");
}
