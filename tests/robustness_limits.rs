//! Simulations at their limits: doubts that meet, nodes that come and go, figures without a say, many cities, and memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use approx::assert_relative_eq;
use longspring::{
    Aggregation, Counts, Cut, Dataset, Direction, Doubt, ErrorShape, Framework, LeaveOut, MeasurementError, Method,
    MonteCarlo, Node, Norm, Normalisation, Sensitivity, Target, WeightAnalysis, WeightSet, WeightSpace, WeightSpread,
    Weighting, article,
};

fn leaf(code: &str, parent: &str) -> Node {
    Node::indicator(code, parent, Direction::HigherIsBetter).worst(0.0).best(1.0)
}

fn unit() -> Method {
    Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
}

/// Three measures of two indicators; `p` is the best in the first of each, `q` in the second.
fn three() -> (Framework, Dataset) {
    let mut nodes = vec![Node::index("x")];
    let mut columns = Vec::new();
    for measure in ["a", "b", "c"] {
        nodes.push(Node::measure(measure, "x"));
        for (at, column) in [(0, [1.0, 0.0]), (1, [0.0, 1.0])] {
            nodes.push(leaf(&format!("{measure}{at}"), measure));
            columns.push((format!("{measure}{at}"), column));
        }
    }
    let framework = Framework::new(nodes).unwrap();
    let builder = Dataset::builder(&framework, ["p", "q"]);
    let cities = columns.into_iter().fold(builder, |builder, (code, column)| builder.column(&code, column));
    (framework.clone(), cities.build().unwrap())
}

/// The numbers of one doubt go on from node to node, whatever other doubts stand between them.
#[test]
fn doubts_that_meet_stay_independent() {
    let (framework, cities) = three();
    let both = [
        Doubt::weights_of(["a", "b", "c"], WeightSpread::Uniform),
        Doubt::weights_of(["b"], WeightSpread::Within { share: 0.1 }),
    ];
    let simulation = MonteCarlo::new(400).doubts(both).run(&unit(), &framework, &cities, "x").unwrap();
    let mut equal = 0;
    for number in 0..400 {
        let run = simulation.run(number).unwrap();
        let of = |code: &str| run.weights().find(|(_, child, _)| *child == code).unwrap().2;
        equal += usize::from(of("a0") == of("c0")) + usize::from(of("a0") == of("b0"));
    }
    assert_eq!(equal, 0);
    // Var of the mean of three independent uniforms is 1/36; with shared numbers it would be up to 1/12.
    let sd = simulation.city("p").unwrap().score_sd().unwrap();
    assert!((sd - 1.0 / 6.0).abs() < 0.02, "{sd}");
}

/// Counting in steps keeps the first ranks exact: a city that is always first is so with probability 1, and the last in no rank
/// that there is not.
#[test]
fn steps_keep_the_first_ranks() {
    let n = 2050;
    let framework = Framework::new([Node::index("x"), leaf("i", "x"), leaf("j", "x")]).unwrap();
    let column = || (0..n).map(|i| 1.0 - f64::from(i) / f64::from(n));
    let cities =
        Dataset::builder(&framework, (0..n).map(|i| format!("c{i}"))).column("i", column()).column("j", column());
    let cities = cities.build().unwrap();
    let doubt = Doubt::weights(WeightSpread::Uniform);
    let simulation =
        MonteCarlo::new(100).counts(Counts::Steps).doubt(doubt).run(&unit(), &framework, &cities, "x").unwrap();
    let (first, last) = (simulation.city("c0").unwrap(), simulation.city("c2049").unwrap());
    assert_eq!((first.acceptability(1).value, first.top(1).value, first.top(10).value), (1.0, 1.0, 1.0));
    assert_eq!(first.median().unwrap().value, 1.0);
    assert_eq!(simulation.city("c511").unwrap().acceptability(512).value, 1.0);
    assert_eq!(last.acceptability(2051).value, 0.0);
    assert_eq!(last.top(2050).value, 1.0);
    let quantile = last.quantile(0.95).unwrap().unwrap().value;
    assert!(quantile <= 2050.0 && quantile > 2045.0, "{quantile}");
    assert_relative_eq!(last.mean_rank().unwrap().value, 2050.0);
    let all: f64 = (1..=2050).map(|rank| last.acceptability(rank).value).sum();
    assert_relative_eq!(all, 1.0, max_relative = 1e-12);
}

/// The confidence factor is of the central weights, whatever else is in doubt; and a measure that was left out has no weights.
#[test]
fn confidence_factors_keep_the_central_weights() {
    let (framework, cities) = three();
    let against = WeightSet::new("against", [("a0", 0.0), ("a1", 1.0)]).unwrap();
    let simulation = MonteCarlo::new(300)
        .doubt(Doubt::weights_of(["a"], WeightSpread::Uniform))
        .doubt(Doubt::weighting([Weighting::Framework, Weighting::Set(against)]))
        .run(&unit(), &framework, &cities, "a")
        .unwrap();
    // What is drawn wins over where weights come from: `p` leads wherever its indicator has more than half.
    assert!((simulation.city("p").unwrap().acceptability(1).value - 0.5).abs() < 0.1);
    assert_eq!(simulation.confidence_factor("p").unwrap().unwrap().value, 1.0);

    let simulation = MonteCarlo::new(300)
        .doubt(Doubt::weights_of(["a"], WeightSpread::Uniform))
        .doubt(Doubt::LeaveOut { nodes: vec!["a".into()], how: LeaveOut::AtRandom { probability: 0.9 } })
        .run(&unit(), &framework, &cities, "x")
        .unwrap();
    let central = simulation.city("p").unwrap().central_weights().unwrap();
    assert_relative_eq!(central.iter().map(|(_, _, weight)| weight).sum::<f64>(), 1.0, max_relative = 1e-12);
    assert!(simulation.confidence_factor("p").unwrap().is_some());
}

/// Errors of measurement touch what has a say and nothing else: no run fails for a series that does not count.
#[test]
fn errors_touch_what_has_a_say() {
    let mut nodes = vec![Node::index("x"), Node::index("y"), Node::context("people")];
    nodes.extend([leaf("i", "x"), leaf("j", "y").per("people", 1.0)]);
    let framework = Framework::new(nodes).unwrap();
    let cities = Dataset::builder(&framework, ["p", "q"])
        .column("i", [0.2, 0.8])
        .column("j", [0.1, 0.2])
        .column("people", [1.0, 2.0])
        .build()
        .unwrap();
    let wild = MeasurementError::relative(ErrorShape::Normal, 3.0);
    let ask = |error: MeasurementError, node| MonteCarlo::new(200).doubt(error).run(&unit(), &framework, &cities, node);
    assert_eq!(ask(wild.clone(), "x").unwrap().failures().len(), 0);
    assert!(ask(wild.clone(), "y").unwrap().failures().any(|f| f.reason.contains("people")));
    // Where there is nothing to act on, that is said.
    for error in [wild.clone().of_series(["people"]), wild.of_status([longspring::Status::Estimated])] {
        let error = ask(error, "x").unwrap_err().to_string();
        assert!(error.contains("acts on no weight and no figure of `x`"), "{error}");
    }
}

/// What stands among alternatives is checked before anything is run, like the method itself.
#[test]
fn alternatives_are_checked() {
    let (framework, cities) = three();
    let ask =
        |doubt: Doubt| MonteCarlo::new(20).doubt(doubt).run(&unit(), &framework, &cities, "x").unwrap_err().to_string();
    assert_eq!(ask(Doubt::Coverage(vec![0.5, 7.0])), "the coverage is 7; it must be from 0 to 1");
    assert!(ask(Doubt::normalisation([Normalisation::MinMax { low: 5.0, high: 1.0 }])).contains("must be"));
    assert!(ask(Doubt::aggregation([Aggregation::Power { exponent: f64::NAN }])).contains("must be"));
    let nope = WeightSet::new("nope", [("nope", 1.0)]).unwrap();
    assert!(ask(Doubt::weighting([Weighting::Set(nope)])).contains("unknown node `nope`"));
    assert!(ask(Doubt::weights(WeightSpread::Dirichlet { concentration: 1e-309 })).contains("0.000001 or more"));
}

/// A simulation that does not fit into memory is refused, and by how much.
#[test]
fn too_much_memory_is_refused() {
    let (framework, cities) = three();
    let doubt = || Doubt::weights(WeightSpread::Uniform);
    let error = MonteCarlo::new(usize::MAX).doubt(doubt()).run(&unit(), &framework, &cities, "x").unwrap_err();
    assert!(error.to_string().contains("from 1 to 10000000"), "{error}");
    let error = Sensitivity::new(8).bootstrap(usize::MAX).doubt(doubt()).run(&unit(), &framework, &cities, "x");
    assert!(error.unwrap_err().to_string().contains("at most 1000000"));
}

/// A target that does not exist in a run is a failure with its reason, not a row that goes missing.
#[test]
fn targets_without_a_score_are_told() {
    let (framework, cities) = three();
    let gappy = cities.with_value("p", "a0", None).unwrap();
    let sensitivity = Sensitivity::new(32)
        .doubt(Doubt::Coverage(vec![0.5, 1.0]))
        .doubt(Doubt::weights(WeightSpread::Uniform))
        .target(Target::Score("p".into()))
        .run(&unit(), &framework, &gappy, "x")
        .unwrap();
    let failures: Vec<_> = sensitivity.failures().collect();
    assert_eq!(failures.len(), 1);
    assert!(failures[0].reason.contains("there is no score of p"), "{sensitivity}");
    let nothing = Sensitivity::new(32)
        .doubt(Doubt::weights(WeightSpread::Uniform))
        .target(Target::Score("p".into()))
        .run(&unit().coverage(1.0), &framework, &gappy, "x");
    assert!(nothing.unwrap_err().to_string().contains("none of the"));
}

/// The spread of a city without a nominal score keeps its digits on a scale far from 0.
#[test]
fn spreads_keep_their_digits() {
    let framework = Framework::new([Node::index("x"), leaf("i", "x"), leaf("j", "x")]).unwrap();
    let builder = Dataset::builder(&framework, ["p", "q", "r"]);
    let cities = builder.column("i", [Some(1.0), Some(0.0), Some(0.5)]).column("j", [Some(0.0), Some(1.0), None]);
    let cities = cities.build().unwrap();
    let far = Method::new().normalisation(Normalisation::MinMax { low: 1e8, high: 1e8 + 1.0 }).coverage(1.0);
    let spread = |method: &Method, cities: &Dataset| {
        let other = cities.with_value("r", "j", 0.25).unwrap();
        let simulation = MonteCarlo::new(500)
            .doubt(Doubt::Table(vec![cities.clone(), other]))
            .doubt(Doubt::weights(WeightSpread::Uniform))
            .run(method, &framework, cities, "x")
            .unwrap();
        let city = simulation.city("r").unwrap();
        assert_eq!(city.nominal_score(), None);
        city.score_sd().unwrap()
    };
    assert_relative_eq!(spread(&far, &cities), spread(&unit().coverage(1.0), &cities), max_relative = 1e-6);
}

/// The smallest change of the largest weight puts none on a child that both cities lack, even where their lead elsewhere is 0.
#[test]
fn changes_leave_a_score() {
    let framework = Framework::new([Node::index("x"), leaf("i", "x"), leaf("j", "x"), leaf("k", "x")]).unwrap();
    let cities = Dataset::builder(&framework, ["p", "q", "r"])
        .column("i", [Some(0.75), Some(0.0), Some(1.0)])
        .column("j", [None, None, Some(0.5)])
        .column("k", [Some(0.5), Some(0.5), Some(0.0)])
        .build()
        .unwrap();
    let scores = unit().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let analysis = WeightAnalysis::of(&scores, "x").unwrap();
    for norm in [Norm::L1, Norm::L2, Norm::Max] {
        let change = analysis.smallest_flip("p", "q", norm).unwrap().unwrap();
        let ranks = ["p", "q"].map(|city| analysis.rank_at(&change.weights, city).unwrap());
        assert!(ranks[0].is_some() && ranks[0] == ranks[1], "{norm}: {change}");
    }
}

/// What is exact is never contradicted by what is drawn: no city that is always ahead is behind in any of a million draws, and no
/// rank beyond the attainable ones comes up.
#[test]
fn a_million_draws_contradict_nothing() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let method = Method::new().exclude(["wellbeing", "vitality"]);
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let analysis = WeightAnalysis::of(&scores, "renewal").unwrap();
    let all = analysis.over(&WeightSpace::all()).unwrap();
    let simulation = MonteCarlo::new(1_000_000)
        .pairs()
        .doubt(Doubt::weights_of(["renewal"], WeightSpread::Uniform))
        .run(&method, &framework, &cities, "renewal")
        .unwrap();
    let mut pairs = 0;
    for (ahead, behind) in all.pairs() {
        assert_eq!(simulation.beats(behind, ahead).unwrap().unwrap().value, 0.0, "{behind} before {ahead}");
        pairs += 1;
    }
    assert!(pairs > 100, "{pairs}");
    for city in simulation.cities() {
        let range = all.attainable(city.key()).unwrap();
        let drawn = city.interval(1.0).unwrap().unwrap();
        assert!(range.best_bound as f64 <= drawn.0 && drawn.1 <= range.worst_bound as f64, "{range} {drawn:?}");
    }
}
