//! Defects of other programs, each with the right value proved by hand.
//!
//! The numbers are those of a list of 40 that were found by reading and running COINr 1.1.14 and Compind 3.4 (R),
//! scikit-criteria 0.10, pymcdm 1.4.0 and pyDecision 5.1.8 (Python), and mcdm 0.4.0 and geolibre-rust (Rust). More stand in
//! `defects_methods.rs` and, for winsorising (7), in `oracle_functions.rs`; those of simulation stand with its tests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{
    Aggregation, Dataset, Direction, Fault, Framework, Kind, Method, Missing, Node, Normalisation, Outside, Scores,
    Strengths, Ties,
};

use Direction::{HigherIsBetter, LowerIsBetter};

/// Indicators `x`, `y`, ... under one index, and cities `a`, `b`, ... with a row of figures each.
struct Table {
    framework: Framework,
    cities: Dataset,
}

impl Table {
    fn new<const N: usize>(indicators: [Node; N], rows: &[[Option<f64>; N]]) -> Self {
        let codes = indicators.each_ref().map(|indicator| indicator.code.clone());
        let framework = Framework::new(std::iter::once(Node::index("index")).chain(indicators)).unwrap();
        let keys = "abcdefgh".chars().map(String::from).take(rows.len());
        let mut builder = Dataset::builder(&framework, keys);
        for (i, code) in codes.iter().enumerate() {
            builder = builder.column(code, rows.iter().map(|row| row[i]));
        }
        let cities = builder.build().unwrap();
        Self { framework, cities }
    }

    fn score(&self, method: &Method) -> Scores {
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

/// An indicator whose figures are scores already, from 0 to 10.
fn score_of(code: &str) -> Node {
    indicator(code, HigherIsBetter).worst(0.0).best(10.0)
}

/// Scores are taken as they are given, from 0 to 10.
fn as_given(aggregation: Aggregation) -> Method {
    Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 10.0 }).aggregation(aggregation)
}

fn column(scores: &Scores, node: &str) -> Vec<Option<f64>> {
    scores.node(node).unwrap().scores().collect()
}

fn ranks(scores: &Scores, node: &str) -> Vec<Option<f64>> {
    scores.node(node).unwrap().ranks().collect()
}

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

/// COINr's power mean is missing as soon as one value is.
#[test]
fn defect_04_a_power_mean_skips_what_is_missing() {
    let table = Table::new(
        [score_of("x"), score_of("y"), score_of("z").weight(2.0)],
        &[[Some(3.0), None, Some(6.0)], [Some(1.0), Some(1.0), Some(1.0)]],
    );
    let power = table.score(&as_given(Aggregation::Power { exponent: 2.0 }));
    // (3^2 + 2 * 6^2) / 3 = 27
    approx::assert_relative_eq!(power.score("a", "index").unwrap().unwrap(), 27.0_f64.sqrt(), max_relative = 1e-14);
    let inverse = table.score(&as_given(Aggregation::Power { exponent: -1.0 }));
    // 3 / (1/3 + 2/6) = 4.5
    approx::assert_relative_eq!(inverse.score("a", "index").unwrap().unwrap(), 4.5, max_relative = 1e-14);
}

/// COINr's ratio to the maximum gives the worst city the top score where lower is better: (1, 2, 4) -> (1, 2, 4).
#[test]
fn defect_08_lower_is_better_turns_every_scale_round() {
    let rows = [[Some(1.0)], [Some(2.0)], [Some(4.0)]];
    let table = Table::new([indicator("x", LowerIsBetter).worst(5.0).best(0.0).target(0.5)], &rows);
    for normalisation in [
        Normalisation::MinMax { low: 0.0, high: 100.0 },
        Normalisation::Goalposts { low: 0.0, high: 1.0 },
        Normalisation::ZScore { mean: 0.0, sd: 1.0 },
        Normalisation::Rank { ties: Ties::Min },
        Normalisation::PercentileRank,
        Normalisation::PercentileRankMin,
        Normalisation::DistanceToTarget { full: 1.0, beyond: Outside::Clip },
    ] {
        let scores = table.score(&Method::new().normalisation(normalisation.clone()));
        assert_eq!(ranks(&scores, "index"), some(&[1.0, 2.0, 3.0]), "{normalisation}");
        let values: Vec<f64> = column(&scores, "x").into_iter().flatten().collect();
        assert!(values[0] > values[1] && values[1] > values[2], "{normalisation}: {values:?}");
    }
    // (5 - x) / 5
    let scores = table.score(&Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 10.0 }));
    assert_eq!(column(&scores, "x"), some(&[8.0, 6.0, 2.0]));
}

/// COINr's percentile rank of (1, 2, 2, 3) is 0, 1/3, 1/3, 1, and 1, 1/3, 1/3, 0 where lower is better: no mirror image.
#[test]
fn defect_09_the_percentile_rank_is_mirrored_where_there_are_ties() {
    let rows = [[Some(1.0)], [Some(2.0)], [Some(2.0)], [Some(3.0)]];
    let of = |direction| {
        let table = Table::new([indicator("x", direction)], &rows);
        column(&table.score(&Method::new().normalisation(Normalisation::PercentileRank)), "x")
    };
    // One of three others is worse than a 2, and half of the one that is the same: 1.5 / 3.
    assert_eq!(of(HigherIsBetter), some(&[0.0, 50.0, 50.0, 100.0]));
    let turned = of(HigherIsBetter).into_iter().map(|s| s.map(|s| 100.0 - s)).collect::<Vec<_>>();
    assert_eq!(of(LowerIsBetter), turned);
}

/// COINr and mcdm make NaN of a constant indicator, scikit-criteria 0; a mean then drops it or counts it, quietly.
#[test]
fn defect_10_a_constant_indicator_is_an_error_that_names_it() {
    let rows = [[Some(7.0), Some(1.0)], [Some(7.0), Some(3.0)], [None, Some(2.0)]];
    let table = Table::new([indicator("x", HigherIsBetter), indicator("y", HigherIsBetter)], &rows);
    for (normalisation, method) in
        [(Normalisation::default(), "min-max"), (Normalisation::ZScore { mean: 0.0, sd: 1.0 }, "the z-score")]
    {
        let faults = table.faults(&Method::new().normalisation(normalisation));
        assert_eq!(faults, [Fault::Constant { method, indicator: "x".into(), value: 7.0, cities: 2 }]);
        assert_eq!(
            faults[0].to_string(),
            format!(
                "`x` is 7 in all 2 cities that have it, so {method} cannot tell them apart; give it goalposts or exclude it"
            )
        );
    }
    // Left out by name, it leaves no trace: y has 0, 100 and 50.
    let scores = table.score(&Method::new().exclude(["x"]));
    assert_eq!(column(&scores, "index"), some(&[0.0, 100.0, 50.0]));
    // With goalposts it says something: (7 - 0) / 10.
    let table = Table::new([score_of("x"), indicator("y", HigherIsBetter)], &rows);
    assert_eq!(column(&table.score(&Method::new()), "x"), [Some(70.0), Some(70.0), None]);
}

/// COINr gives NaN to a city whose only known child has weight 0.
#[test]
fn defect_11_no_weight_left_is_a_reason_and_no_number() {
    let table = Table::new([score_of("x").weight(0.0), score_of("y")], &[[Some(3.0), None], [Some(5.0), Some(8.0)]]);
    for aggregation in [Aggregation::Arithmetic, Aggregation::Geometric, Aggregation::Power { exponent: 3.0 }] {
        let scores = table.score(&as_given(aggregation));
        let standing = scores.get("a", "index").unwrap();
        assert_eq!((standing.score, standing.rank, standing.missing), (None, None, Some(Missing::NoWeight)));
        approx::assert_relative_eq!(scores.score("b", "index").unwrap().unwrap(), 8.0, max_relative = 1e-14);
        assert_eq!(scores.rank("b", "index").unwrap(), Some(1.0));
        assert_eq!(scores.node("index").unwrap().ranked(), 1);
    }
    // Nothing but weights of 0 from the start.
    assert_eq!(table.faults(&Method::new().exclude(["y"])), [Fault::ZeroWeights { parent: "index".into() }]);
}

/// COINr accepts a direction of an aggregate and ignores it.
#[test]
fn defect_16_a_last_place_is_a_weakness() {
    // Last, or tied for last, in ten indicators: COINr lists none of them. Here no limit takes one away.
    let codes: Vec<String> = (0..10).map(|j| format!("x{j}")).collect();
    let nodes = codes.iter().map(|code| Node::indicator(code, "index", HigherIsBetter));
    let framework = Framework::new([Node::index("index")].into_iter().chain(nodes)).unwrap();
    let table =
        codes.iter().enumerate().fold(Dataset::builder(&framework, ["laos", "b", "c", "d"]), |table, (j, code)| {
            let tied = if j % 2 == 0 { 1.0 } else { 2.0 };
            table.column(code, [1.0, tied, 3.0, 4.0])
        });
    let cities = table.build().unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    for share in [0.0, 0.25, 0.5] {
        let laos = Strengths::new().last(share).of(&scores, "laos", "index").unwrap();
        let mut weak: Vec<&str> = laos.weaknesses.iter().map(|w| w.indicator.as_str()).collect();
        weak.sort_unstable();
        assert_eq!(weak, codes, "{share}");
        assert!(laos.weaknesses.iter().all(|w| w.rank_from_last == 1.0), "{laos}"); // ties share the last place
        assert!(laos.strengths.is_empty());
    }
}

#[test]
fn defect_19_a_measure_has_no_direction() {
    let nodes = |kind| {
        let mut middle = Node::measure("m", "index");
        middle.direction = Some(kind);
        [Node::index("index"), middle, Node::indicator("x", "m", HigherIsBetter)]
    };
    let error = Framework::new(nodes(LowerIsBetter)).unwrap_err();
    let fault = Fault::NotAllowed { code: "m".into(), kind: Kind::Measure, what: "direction" };
    assert_eq!(error.problems()[0].fault, fault);
    assert_eq!(error.to_string(), "the measure `m` cannot have a direction; leave it empty");
}

/// Compind's generalised mean of (1, 2) with exponent 2 is 1.25, by the precedence of its operators, or 1.
#[test]
fn defect_21_the_root_of_a_power_mean_is_a_root() {
    let table = Table::new([score_of("x"), score_of("y")], &[[Some(1.0), Some(2.0)], [Some(4.0), Some(4.0)]]);
    let scores = table.score(&as_given(Aggregation::Power { exponent: 2.0 }));
    // sqrt((1 + 4) / 2) = 1.581
    approx::assert_relative_eq!(scores.score("a", "index").unwrap().unwrap(), 2.5_f64.sqrt(), max_relative = 1e-14);
    approx::assert_relative_eq!(scores.score("b", "index").unwrap().unwrap(), 4.0, max_relative = 1e-14);
}

/// Compind names row and column of a missing value the wrong way round, and goes on.
#[test]
fn defect_24_a_bad_figure_is_named_by_its_own_city_and_series() {
    let framework =
        Framework::new([Node::index("index"), indicator("x", HigherIsBetter), indicator("y", HigherIsBetter)]);
    let error = Dataset::builder(&framework.unwrap(), ["a", "b", "c"])
        .column("x", [1.0, 2.0, 3.0])
        .column("y", [1.0, f64::INFINITY, 3.0])
        .build()
        .unwrap_err();
    assert_eq!(error.to_string(), "`y` of `b` is inf; a figure is a finite number, a missing one is None");
}

/// scikit-criteria breaks ties into the inverse permutation: ranks (3, 1, 2, 1) become (2, 4, 3, 1), a first one last.
#[test]
fn defect_25_a_city_that_ties_for_first_stays_first() {
    let rows = [[Some(2.0)], [Some(9.0)], [Some(5.0)], [Some(9.0)]];
    let table = Table::new([score_of("x")], &rows);
    let of = |ties| ranks(&table.score(&Method::new().ties(ties)), "index");
    assert_eq!(of(Ties::Dense), some(&[3.0, 1.0, 2.0, 1.0]));
    assert_eq!(of(Ties::Min), some(&[4.0, 1.0, 3.0, 1.0]));
    assert_eq!(of(Ties::Average), some(&[4.0, 1.5, 3.0, 1.5]));
    let scores = table.score(&Method::new());
    let order: Vec<_> = scores.node("index").unwrap().ranking().map(|city| city.city).collect();
    assert_eq!(order, ["b", "d", "c", "a"]);
}

/// A NaN surfaces in scikit-criteria as a ranking of -9223372036854775808, passes mcdm and pymcdm, and is NaN at the end.
#[test]
fn defect_26_nan_is_no_figure() {
    let framework = Framework::new([Node::index("index"), indicator("x", HigherIsBetter)]).unwrap();
    let build = |values: [Option<f64>; 3]| Dataset::builder(&framework, ["a", "b", "c"]).column("x", values).build();
    let error = build([Some(1.0), Some(f64::NAN), Some(2.0)]).unwrap_err();
    assert_eq!(error.to_string(), "`x` of `b` is NaN; a figure is a finite number, a missing one is None");
    // What is missing has no score and no rank, and takes none from the others.
    let cities = build([Some(1.0), None, Some(2.0)]).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    assert_eq!(column(&scores, "index"), [Some(0.0), None, Some(100.0)]);
    assert_eq!(ranks(&scores, "index"), [Some(2.0), None, Some(1.0)]);
}

/// scikit-criteria, pymcdm and mcdm take negative weights, and a zero sum with a warning at most.
#[test]
fn defect_27_and_30_weights_are_checked() {
    let framework = |weights: [f64; 2]| {
        let [x, y] = ["x", "y"].map(|code| indicator(code, HigherIsBetter));
        Framework::new([Node::index("index"), x.weight(weights[0]), y.weight(weights[1])])
    };
    let message = |weights| framework(weights).unwrap_err().to_string();
    assert_eq!(message([-1.0, 2.0]), "the weight of `x` is -1; it must be a finite number, 0 or more");
    assert_eq!(message([1.0, f64::NAN]), "the weight of `y` is NaN; it must be a finite number, 0 or more");
    assert_eq!(message([f64::INFINITY, 1.0]), "the weight of `x` is inf; it must be a finite number, 0 or more");
    assert_eq!(message([0.0, 0.0]), "the children of `index` all have weight 0; give at least one a positive weight");
    // Weights that do not add up to 1 are proportions: (0 * 3 + 100 * 1) / 4.
    let framework = framework([3.0, 1.0]).unwrap();
    let cities = Dataset::builder(&framework, ["a", "b"]).column("x", [1.0, 2.0]).column("y", [5.0, 4.0]);
    let cities = cities.build().unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    assert_eq!(column(&scores, "index"), some(&[25.0, 75.0]));
}

/// In pymcdm and mcdm a higher cost raises the score of COPRAS: same benefit, cost 1 against 10, 0.419 against 1.
#[test]
fn defect_28_and_36_a_cost_never_raises_a_score() {
    let rows = [[Some(5.0), Some(1.0)], [Some(5.0), Some(10.0)], [Some(6.0), Some(5.0)]];
    let table = Table::new([indicator("benefit", HigherIsBetter), indicator("cost", LowerIsBetter)], &rows);
    for aggregation in [
        Aggregation::Arithmetic,
        Aggregation::Geometric,
        Aggregation::Harmonic,
        Aggregation::Power { exponent: 2.0 },
        Aggregation::Power { exponent: -2.0 },
    ] {
        let method = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
        let scores = table.score(&method.aggregation(aggregation));
        let index = column(&scores, "index");
        assert!(index[0] > index[1], "{aggregation}: {index:?}");
        assert!(scores.rank("a", "index").unwrap() < scores.rank("b", "index").unwrap());
    }
}

/// pyDecision gives three identical cities 2, 4 and 6 points; geolibre-rust ranks them by the order of the input.
#[test]
fn defect_31_and_39_identical_cities_are_treated_alike() {
    let row = [Some(3.0), Some(4.0)];
    let table = Table::new([score_of("x"), score_of("y")], &[row, [Some(1.0), Some(1.0)], row, row]);
    for ties in [Ties::Min, Ties::Average, Ties::Dense] {
        let scores = table.score(&Method::new().normalisation(Normalisation::Rank { ties }).ties(ties));
        let (index, places) = (column(&scores, "index"), ranks(&scores, "index"));
        assert!(index[0] == index[2] && index[2] == index[3] && index[0] > index[1], "{index:?}");
        let first = if ties == Ties::Average { 2.0 } else { 1.0 };
        let last = if ties == Ties::Dense { 2.0 } else { 4.0 };
        assert_eq!(places, some(&[first, last, first, first]), "{ties}");
    }
}

/// mcdm calls scores ranks, and higher is better in some and lower in others.
#[test]
fn defect_35_and_37_the_best_has_the_highest_score_and_rank_1() {
    let table = Table::new(
        [indicator("x", HigherIsBetter).target(4.0), indicator("y", LowerIsBetter).target(1.0)],
        &[[Some(5.0), Some(1.0)], [Some(3.0), Some(2.0)], [Some(1.0), Some(3.0)]],
    );
    for normalisation in [
        Normalisation::default(),
        Normalisation::ZScore { mean: 0.0, sd: 1.0 },
        Normalisation::Rank { ties: Ties::Dense },
        Normalisation::PercentileRank,
        Normalisation::PercentileRankMin,
        Normalisation::DistanceToTarget { full: 100.0, beyond: Outside::Extrapolate },
    ] {
        // The ideal city is first and its opposite last, and never 0 and 1 the other way round.
        let scores = table.score(&Method::new().normalisation(normalisation.clone()));
        let index: Vec<_> = column(&scores, "index").into_iter().flatten().collect();
        assert!(index[0] > index[1] && index[1] > index[2], "{normalisation}: {index:?}");
        assert_eq!(ranks(&scores, "index"), some(&[1.0, 2.0, 3.0]), "{normalisation}");
    }
}

/// mcdm makes NaN of a matrix in which all cities are equal.
#[test]
fn defect_38_cities_that_are_all_equal_are_an_error_or_all_first() {
    let rows = [[Some(2.0)], [Some(2.0)], [Some(2.0)]];
    let table = Table::new([indicator("x", HigherIsBetter)], &rows);
    assert!(matches!(table.faults(&Method::new())[..], [Fault::Constant { cities: 3, .. }]));
    let scores = table.score(&Method::new().normalisation(Normalisation::PercentileRank));
    // Nobody is worse, and both others are the same: (0 + 2 / 2) / 2.
    assert_eq!(column(&scores, "index"), some(&[50.0, 50.0, 50.0]));
    assert_eq!(ranks(&scores, "index"), some(&[1.0, 1.0, 1.0]));
}

/// geolibre-rust takes a missing figure for 0.5, and a score of 0 under a geometric mean for 0.000000001.
#[test]
fn defect_39_what_is_missing_or_0_is_not_made_up() {
    let table = Table::new([score_of("x"), score_of("y")], &[[Some(9.0), None], [Some(4.0), Some(9.0)]]);
    let scores = table.score(&as_given(Aggregation::Geometric));
    approx::assert_relative_eq!(scores.score("a", "index").unwrap().unwrap(), 9.0, max_relative = 1e-14);
    // sqrt(4 * 9)
    approx::assert_relative_eq!(scores.score("b", "index").unwrap().unwrap(), 6.0, max_relative = 1e-14);
    let table = Table::new([score_of("x"), score_of("y")], &[[Some(0.0), Some(5.0)], [Some(4.0), Some(9.0)]]);
    let faults = table.faults(&as_given(Aggregation::Geometric));
    assert_eq!(
        faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["geometric mean at `index` cannot take x = 0 of `a`; every score must be above 0: normalise to a scale that \
          starts above 0, such as 1 to 100"]
    );
}
