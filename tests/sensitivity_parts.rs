//! Sobol' indices, bounds under missing figures, rank reversal and leaving out, through the public API: hand calculations,
//! reference numbers, permutations and bad input.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod coinr;

use coinr::{CITIES, compare, dataset, framework};
use longspring::{
    Aggregation as A, CityChange, Dataset, Denomination, Direction, Error, Fault, Framework, Imputation, LeaveOneOut,
    Method, Node, Normalisation as N, Penalty, Preference, RankReversal, ReversalTest, Scores, SobolIndices, Treatment,
    Weighting, article,
};

fn fault(error: &Error) -> &Fault {
    &error.problems()[0].fault
}

// ---- Sobol' indices

/// Defect 14 of COINr: one failed run makes every index NA. Here its row is left out and counted, and the indices are those
/// of the other rows.
#[test]
fn defect_14_a_failed_run_takes_its_row_and_nothing_else() {
    let a = [0.0, 3.0, 2.0, 1.0, 5.0, 4.0];
    let b = [2.0, 0.0, 3.0, 1.0, 4.0, 4.5];
    let ab = [vec![0.0, 2.0, 3.0, 1.0, 2.0, 1.5], vec![2.0, 1.0, 2.0, 1.0, 0.5, 3.0]];
    let pick = |column: &[f64]| [0, 1, 3, 5].map(|row| column[row]).to_vec();
    let whole = [pick(&ab[0]), pick(&ab[1])];
    let expected = SobolIndices::from_design(["x", "y"], &pick(&a), &pick(&b), &whole, 100, 5).unwrap();
    let (mut a, mut ab) = (a, ab);
    a[2] = f64::NAN;
    ab[1][4] = f64::INFINITY;
    let got = SobolIndices::from_design(["x", "y"], &a, &b, &ab, 100, 5).unwrap();
    assert_eq!((got.rows, got.failed), (4, 2));
    assert_eq!(got.inputs, expected.inputs);
    assert!(got.to_string().contains("4 rows, 2 more failed"), "{got}");
}

/// Defect 15 of COINr: without centring, a constant that is added to the output changes the first-order indices. The values are
/// worked out below.
#[test]
fn defect_15_a_constant_added_to_the_output_changes_nothing() {
    let of = |add: f64| {
        let (a, b) = ([0.0, 1.0, 1.0].map(|y| y + add), [1.0, 0.0, 1.0].map(|y| y + add));
        let ab = [vec![1.0 + add, 0.0 + add, 1.0 + add], vec![0.0 + add, 1.0 + add, 0.0 + add]];
        SobolIndices::from_design(["x", "z"], &a, &b, &ab, 50, 9).unwrap()
    };
    let (plain, lifted) = (of(0.0), of(1000.0));
    for (p, l) in plain.inputs.iter().zip(&lifted.inputs) {
        assert!((p.first.value - l.first.value).abs() < 1e-12, "{p:?} {l:?}");
        assert!((p.total.value - l.total.value).abs() < 1e-12);
    }
    // V of (0, 1, 1, 1, 0, 1) is 2/9; the mean of all twelve outputs is 7/12. For z the differences AB - A are 0, 0, -1, so
    // that S = (1 - 7/12) * -1 / 3 / V = -5/8; without centring it would be -1.5, and -1501.5 with 1000 added.
    assert!((plain.get("z").unwrap().first.value + 0.625).abs() < 1e-12, "{plain:?}");
    assert!((plain.get("z").unwrap().total.value - 0.75).abs() < 1e-12);
}

#[test]
fn a_factorial_design_by_hand() {
    // y = 2 a + b on a in 0, 1, 2 and b in 0, 1: Var = 4 * 2/3 + 1/4.
    let y: Vec<f64> = (0..3).flat_map(|a| (0..2).map(move |b| f64::from(2 * a + b))).collect();
    let indices = SobolIndices::from_factorial(["a", "b", "c"], &[3, 2, 1], &y).unwrap();
    let variance = 8.0 / 3.0 + 0.25;
    for (input, share) in [("a", 8.0 / 3.0 / variance), ("b", 0.25 / variance), ("c", 0.0)] {
        let index = indices.get(input).unwrap();
        assert!((index.first.value - share).abs() < 1e-14 && (index.total.value - share).abs() < 1e-14, "{index:?}");
        assert_eq!(index.first.is_above_zero(), share > 0.0);
    }
    assert!(indices.exact && (indices.sd * indices.sd - variance).abs() < 1e-14);
    assert!(indices.to_string().ends_with("c          0.000 *  0.000 *\n* zero\n"), "{indices}");
}

#[test]
fn indices_do_not_depend_on_the_unit_of_the_output() {
    let y = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0];
    let plain = SobolIndices::from_factorial(["a", "b"], &[2, 3], &y).unwrap();
    for factor in [1e-300, 1e300] {
        let scaled = SobolIndices::from_factorial(["a", "b"], &[2, 3], &y.map(|y| y * factor)).unwrap();
        for (p, s) in plain.inputs.iter().zip(&scaled.inputs) {
            assert!((p.first.value - s.first.value).abs() < 1e-14 && (p.total.value - s.total.value).abs() < 1e-14);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_intervals() {
    let column = |k: u32| -> Vec<f64> { (0..64_u32).map(|i| f64::from((i * 37 + k * 11) % 64)).collect() };
    let of = |seed| SobolIndices::from_design(["x"], &column(0), &column(1), &[column(2)], 300, seed).unwrap();
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    let interval = of(1).inputs[0].total.interval.unwrap();
    assert!(interval.0 < of(1).inputs[0].total.value && of(1).inputs[0].total.value < interval.1);
    let none = SobolIndices::from_design(["x"], &column(0), &column(1), &[column(2)], 0, 1).unwrap();
    assert!(none.inputs[0].first.interval.is_none() && !none.inputs[0].first.is_above_zero());
    assert!(none.to_string().contains("without a bootstrap"), "{none}");
}

#[test]
fn bad_designs_are_refused() {
    let two = [1.0, 2.0];
    let text = |result: Result<SobolIndices, Error>| result.unwrap_err().to_string();
    let none: [&str; 0] = [];
    let no_columns: [Vec<f64>; 0] = [];
    assert_eq!(
        text(SobolIndices::from_design(none, &two, &two, &no_columns, 0, 0)),
        "the number of inputs is 0; it must be 1 or more"
    );
    assert_eq!(text(SobolIndices::from_factorial(["x", "x"], &[2, 1], &two)), "the input `x` is given twice");
    assert_eq!(
        text(SobolIndices::from_design(["x"], &two, &[1.0], &[vec![1.0; 3]], 0, 0)),
        "2 problems:\n  the number of runs of B is 1; it must be 2\n  the number of runs of AB for `x` is 3; it must be 2"
    );
    let failed = [f64::NAN, f64::NAN];
    assert_eq!(
        text(SobolIndices::from_design(["x"], &two, &two, &[failed], 0, 0)),
        "only 0 of 2 rows of the design have no failed run, and at least 2 are needed; look at why the runs fail"
    );
    assert_eq!(
        text(SobolIndices::from_design(["x"], &[3.0; 2], &[3.0; 2], &[two], 0, 0)),
        "the output is 3 in all 4 runs, so that it depends on nothing; choose another output or wider doubts"
    );
    assert_eq!(
        text(SobolIndices::from_factorial(["x"], &[2], &[1.0, f64::NAN])),
        "1 of 2 combinations have no output, and all are needed; leave out the choice that fails"
    );
    assert_eq!(
        text(SobolIndices::from_factorial(["x", "y"], &[2, 2], &two)),
        "the number of runs of all combinations is 2; it must be 4"
    );
    assert!(SobolIndices::from_factorial(["x", "y"], &[usize::MAX, 2], &two).is_err());
    assert!(SobolIndices::from_factorial(["x"], &[0], &[]).is_err());
    let indices = SobolIndices::from_factorial(["weights"], &[2], &two).unwrap();
    assert_eq!(indices.get("weight").unwrap_err().to_string(), "there is no input `weight`; did you mean `weights`?");
}

// ---- bounds under missing figures

/// Two indicators of weights 3 and 1 on goalposts from 0 to 10 (the second from 10 down to 0).
fn small() -> Framework {
    Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", Direction::HigherIsBetter).worst(0.0).best(10.0).weight(3.0),
        Node::indicator("y", "index", Direction::LowerIsBetter).worst(10.0).best(0.0),
    ])
    .unwrap()
}

fn small_cities(rows: &[(&str, Option<f64>, Option<f64>)]) -> Dataset {
    Dataset::builder(&small(), rows.iter().map(|r| r.0))
        .column("x", rows.iter().map(|r| r.1))
        .column("y", rows.iter().map(|r| r.2))
        .build()
        .unwrap()
}

const GAPPY: [(&str, Option<f64>, Option<f64>); 5] = [
    ("full", Some(6.0), Some(4.0)), // 60
    ("no_y", Some(8.0), None),      // 60 to 85
    ("no_x", None, Some(0.0)),      // 25 to 100
    ("low", Some(1.0), Some(1.0)),  // 30
    ("nothing", None, None),        // 0 to 100
];

#[test]
fn bounds_by_hand() {
    let cities = small_cities(&GAPPY);
    let method = Method::new().coverage(0.6);
    let scores = method.fit(&small(), &cities).unwrap().score(&cities).unwrap();
    let bounds = scores.bounds("index").unwrap();
    let of = |city: &str| {
        let bound = bounds.get(city).unwrap();
        let b = bound.bounds.unwrap();
        (bound.gaps, bound.score.is_some(), b.low, b.high, b.best_rank, b.worst_rank)
    };
    assert_eq!(of("full"), (0, true, 60.0, 60.0, 1, 4));
    assert_eq!(of("no_y"), (1, false, 60.0, 85.0, 1, 3));
    assert_eq!(of("no_x"), (1, false, 25.0, 100.0, 1, 5));
    assert_eq!(of("low"), (0, true, 30.0, 30.0, 3, 5));
    assert_eq!(of("nothing"), (2, false, 0.0, 100.0, 1, 5));
    // An indicator has bounds, too.
    let x = scores.bounds("x").unwrap();
    let b = x.get("no_x").unwrap().bounds.unwrap();
    assert_eq!((b.low, b.high, b.best_rank, b.worst_rank), (0.0, 100.0, 1, 5));
    assert!(bounds.to_string().contains("no_y         1/2     -     1   3      -  60.00   85.00"), "{bounds}");
    assert_eq!(bounds.get("no_z").unwrap_err().to_string(), "there is no city `no_z`; did you mean `no_y`?");
}

#[test]
fn permuting_the_cities_permutes_the_bounds() {
    let mut rows = GAPPY;
    rows.reverse();
    let of = |rows: &[(&str, Option<f64>, Option<f64>)]| {
        let cities = small_cities(rows);
        let method = Method::new().coverage(0.0).aggregation(A::Topsis);
        method.fit(&small(), &cities).unwrap().score(&cities).unwrap().bounds("index").unwrap().cities
    };
    let mut permuted = of(&rows);
    permuted.reverse();
    assert_eq!(of(&GAPPY), permuted);
}

/// Methods that bring every kind of node under test.
fn methods() -> Vec<Method> {
    let unit = || Method::new().normalisation(N::MinMax { low: 0.0, high: 1.0 });
    let high = || Method::new().normalisation(N::MinMax { low: 1.0, high: 100.0 });
    let raw = |aggregation: A| Method::new().normalisation(N::Raw).aggregation_at(2, aggregation).aggregation(A::Borda);
    let all = vec![
        Method::new(),
        Method::new().normalisation(N::ZScore { mean: 0.0, sd: 1.0 }),
        Method::new().normalisation(N::PercentileRank),
        Method::new().normalisation(N::Rank { ties: longspring::Ties::Average }),
        high().aggregation(A::Geometric),
        high().aggregation(A::Harmonic),
        high().aggregation(A::Power { exponent: -2.0 }),
        unit().aggregation(A::Median),
        unit().aggregation(A::Minimum),
        unit().aggregation(A::Owa { exponent: 2.0 }),
        unit().aggregation(A::Topsis),
        unit().aggregation(A::Grey { zeta: 0.5 }),
        unit().aggregation(A::Wroclaw),
        unit().aggregation(A::Spotis),
        unit().aggregation(A::Copeland),
        unit().aggregation(A::PrometheeII { preference: Preference::VShape { preference: 0.3 } }),
        high().weighting(Weighting::BenefitOfTheDoubt { shares: None }),
        high().weighting(Weighting::BenefitOfTheDoubt { shares: Some((0.1, 0.8)) }),
        raw(A::Vikor { v: 0.5 }),
    ];
    all.into_iter().map(|method| method.coverage(0.0).denomination(Denomination::None)).collect()
}

fn fitted(method: &Method, table: &str) -> (Dataset, Scores) {
    let framework = framework();
    let cities = dataset(&framework, table);
    let scores = method.fit(&framework, &cities).unwrap_or_else(|e| panic!("{method}{e}")).score(&cities).unwrap();
    (cities, scores)
}

#[test]
fn without_gaps_the_bounds_are_the_scores_to_the_last_bit() {
    for method in methods() {
        let (_, scores) = fitted(&method, "treated_default");
        for node in ["index", "s1", "p2", "i03"] {
            let bounds = scores.bounds(node).unwrap();
            for city in &bounds.cities {
                let (score, b) = (city.score.unwrap(), city.bounds.unwrap());
                assert_eq!((b.low.to_bits(), b.high.to_bits()), (score.to_bits(), score.to_bits()), "{node}\n{method}");
                let behind = bounds.cities.iter().filter(|o| o.score.unwrap() > score).count() + 1;
                assert_eq!((b.best_rank, b.worst_rank), (behind, behind));
            }
        }
    }
}

/// Cities with their gaps filled between the ends of the yardstick: with the worst value the score is the lower bound, with the
/// best the upper one, and with values between it lies between.
#[test]
fn whatever_fills_the_gaps_lies_within_the_bounds() {
    let codes: Vec<String> = (1..=12).map(|i| format!("i{i:02}")).collect();
    for method in methods() {
        let (cities, scores) = fitted(&method, "denominated");
        let bounds = scores.bounds("index").unwrap();
        assert_eq!(bounds.cities.iter().map(|c| c.gaps).sum::<usize>(), 22);
        for (step, share) in [0.0, 0.2, 0.5, 0.9, 1.0].into_iter().enumerate() {
            let mut filled = cities.clone();
            for (i, code) in codes.iter().enumerate() {
                let (worst, best) = scores.composite().ends(code).unwrap().unwrap();
                for (row, city) in cities.cities().enumerate() {
                    if filled.cell(city, code).unwrap().value.is_none() {
                        // Others between the ends than the share itself, so that cells differ.
                        let part = if share == 0.0 || share == 1.0 {
                            share
                        } else {
                            (share + (i * 7 + row) as f64 / 9.0) % 1.0
                        };
                        let value = if part == 1.0 { best } else { worst + part * (best - worst) };
                        filled = filled.with_value(city, code, value).unwrap();
                    }
                }
            }
            let full = scores.composite().score(&filled).unwrap();
            for city in &bounds.cities {
                let (b, score) = (city.bounds.unwrap(), full.score(&city.city, "index").unwrap().unwrap());
                let rank = full.rank(&city.city, "index").unwrap().unwrap();
                let slack = 1e-12 * score.abs().max(1.0);
                assert!(b.low - slack <= score && score <= b.high + slack, "{city:?} {score}\n{method}");
                assert!(b.best_rank as f64 <= rank && rank <= b.worst_rank as f64, "{city:?} {rank}\n{method}");
                match step {
                    0 => assert_eq!(b.low.to_bits(), score.to_bits(), "{method}"),
                    4 => assert_eq!(b.high.to_bits(), score.to_bits(), "{method}"),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn an_imputed_figure_is_missing_all_the_same() {
    let cities = small_cities(&GAPPY);
    let method = Method::new().imputation(Imputation::Mean);
    let scores = method.fit(&small(), &cities).unwrap().score(&cities).unwrap();
    for city in scores.bounds("index").unwrap().cities {
        let (b, score) = (city.bounds.unwrap(), city.score.unwrap());
        assert!(b.low <= score && score <= b.high && (b.low < b.high) == (city.gaps > 0), "{city:?}");
    }
}

#[test]
fn an_indicator_that_nobody_has_stays_missing() {
    let framework = Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", Direction::HigherIsBetter),
        Node::indicator("y", "index", Direction::HigherIsBetter),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["a", "b"]).column("x", [1.0, 2.0]).build().unwrap();
    let of = |coverage| {
        let composite = Method::new().coverage(coverage).fit(&framework, &cities).unwrap();
        let bounds = composite.score(&cities).unwrap().bounds("index").unwrap();
        (bounds.cities[0].gaps, bounds.cities[0].bounds.map(|b| (b.low, b.high)))
    };
    assert_eq!(of(0.5), (1, Some((0.0, 0.0))));
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let none = scores.bounds("y").unwrap();
    assert!(none.cities.iter().all(|city| city.bounds.is_none() && city.gaps == 1));
    assert!(none.to_string().ends_with("no bounds: a\nno bounds: b\n"), "{none}");
}

#[test]
fn bounds_that_cannot_be_given_are_refused() {
    let cities = small_cities(&GAPPY);
    let bounds = |method: &Method| {
        let method = method.clone().coverage(0.0);
        method.fit(&small(), &cities).unwrap().score(&cities).unwrap().bounds("index")
    };
    let unit = Method::new().normalisation(N::MinMax { low: 0.0, high: 1.0 });
    let error =
        bounds(&unit.clone().aggregation(A::AdjustedMazziottaPareto { penalty: Penalty::Downward })).unwrap_err();
    assert!(matches!(fault(&error), Fault::NotMonotone { node, .. } if node == "index"));
    assert!(
        error.to_string().starts_with("adjusted Mazziotta-Pareto index, imbalance lowers at `index` has no bounds")
    );
    assert!(bounds(&unit.aggregation(A::CouplingCoordination)).is_err());
    // No city is at a goalpost, so the geometric mean can be fitted on 0..100; at the end of a gap it meets 0.
    let cities = small_cities(&[("a", Some(5.0), Some(3.0)), ("b", Some(4.0), None)]);
    let scores = Method::new().aggregation(A::Geometric).fit(&small(), &cities).unwrap().score(&cities).unwrap();
    let error = scores.bounds("index").unwrap_err();
    assert!(error.to_string().starts_with("geometric mean at `index` cannot take y = 0 of `b`"), "{error}");
    assert!(scores.bounds("indx").unwrap_err().to_string().contains("did you mean `index`"));
    // Without gaps, nothing stands in the way.
    let cities = small_cities(&[("a", Some(5.0), Some(3.0)), ("b", Some(4.0), Some(1.0))]);
    let method = Method::new().normalisation(N::MinMax { low: 0.0, high: 1.0 }).aggregation(A::CouplingCoordination);
    assert!(method.fit(&small(), &cities).unwrap().score(&cities).unwrap().bounds("index").is_ok());
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &longspring::Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let context = framework.context().next().unwrap().code.clone();
    assert!(scores.bounds(&context).unwrap_err().to_string().contains("cannot have bounds"));
}

// ---- rank reversal

fn plain(goalposts: bool) -> Framework {
    let posts = |node: Node| if goalposts { node.worst(0.0).best(10.0) } else { node };
    Framework::new([
        Node::index("index"),
        posts(Node::indicator("x", "index", Direction::HigherIsBetter)),
        posts(Node::indicator("y", "index", Direction::HigherIsBetter)),
    ])
    .unwrap()
}

fn plain_cities(framework: &Framework, rows: &[(&str, f64, f64)]) -> Dataset {
    let cities = Dataset::builder(framework, rows.iter().map(|r| r.0));
    cities.column("x", rows.iter().map(|r| r.1)).column("y", rows.iter().map(|r| r.2)).build().unwrap()
}

/// With c on the yardstick x runs from 0 to 10: a has 50 and b 45. Without it x runs from 0 to 5: a has 50 and b 70.
const REVERSING: [(&str, f64, f64); 4] = [("a", 0.0, 10.0), ("b", 5.0, 4.0), ("c", 10.0, 0.0), ("d", 2.0, 0.0)];

#[test]
fn a_min_max_on_the_sample_reverses_ranks_by_hand() {
    let framework = plain(false);
    let test = ReversalTest::of(&Method::new(), &framework, &plain_cities(&framework, &REVERSING), "index").unwrap();
    assert_eq!((test.changes.len(), test.failed()), (9, 0));
    let dropped = &test.changes[2];
    assert_eq!(dropped.change, CityChange::Dropped("c".to_owned()));
    assert_eq!((dropped.compared, dropped.reversed), (3, 1));
    let pair = &dropped.examples[0];
    assert_eq!((pair.ahead.as_str(), pair.behind.as_str(), pair.before), ("a", "b", 5.0));
    assert!((pair.after - 20.0).abs() < 1e-12);
    // A copy, or a city at the worst values, leaves the yardstick as it is.
    assert!(test.changes[4..].iter().all(|change| change.reversed == 0 && change.compared == 6), "{test}");
    assert_eq!(test.states[0].states, RankReversal::Never);
    assert_eq!(test.learned, ["the normalisation of 2 of 2 indicators"]);
    assert_eq!(test.stated(), RankReversal::WhenRefitted);
    assert!(test.to_string().contains("without c: 1 of 3 pairs, b passes a\n"), "{test}");
}

#[test]
fn what_states_that_it_never_reverses_does_not() {
    let framework = plain(true);
    let cities = plain_cities(&framework, &REVERSING);
    for aggregation in [A::Arithmetic, A::Median, A::Minimum, A::Spotis, A::Owa { exponent: 2.0 }] {
        let test = ReversalTest::of(&Method::new().aggregation(aggregation), &framework, &cities, "index").unwrap();
        assert_eq!((test.stated(), test.reversed(), test.failed()), (RankReversal::Never, 0, 0), "{test}");
        assert!(test.to_string().contains("stated: never"));
    }
    let topsis = ReversalTest::of(&Method::new().aggregation(A::Topsis), &framework, &cities, "index").unwrap();
    assert_eq!(topsis.stated(), RankReversal::WhenRefitted);
    assert!(topsis.to_string().contains("the TOPSIS at `index`"), "{topsis}");
}

#[test]
fn changes_that_cannot_be_fitted_are_reported() {
    let framework = plain(false);
    let cities = plain_cities(&framework, &[("a", 0.0, 10.0), ("b", 5.0, 4.0)]);
    let test = ReversalTest::of(&Method::new(), &framework, &cities, "index").unwrap();
    assert_eq!((test.failed(), test.changes.len()), (2, 5));
    assert!(test.changes[0].error.as_ref().unwrap().contains("`x`"), "{test}");
    assert!(test.to_string().contains("without a: cannot be fitted"), "{test}");
    let one = plain_cities(&framework, &[("a", 0.0, 10.0)]);
    assert!(ReversalTest::of(&Method::new(), &framework, &one, "index").is_err());
    let error = ReversalTest::of(&Method::new(), &framework, &cities, "indx").unwrap_err();
    assert_eq!(error.to_string(), "there is no node `indx`; did you mean `index`?");
}

#[test]
fn permuting_the_cities_permutes_the_reversals() {
    let framework = framework();
    let method = Method::new().coverage(0.0).aggregation_at(0, A::Topsis).treatment(Treatment::winsorise(3));
    let cities = dataset(&framework, "data");
    let keys: Vec<&str> = cities.cities().collect();
    let reversed = cities.select(keys.iter().rev().copied()).unwrap();
    let a = ReversalTest::of(&method, &framework, &cities, "index").unwrap();
    let b = ReversalTest::of(&method, &framework, &reversed, "index").unwrap();
    assert_eq!(a.changes.len(), 2 * CITIES + 1);
    assert_eq!(a.learned.len(), 2, "{a}");
    for change in &a.changes {
        let other = b.changes.iter().find(|other| other.change == change.change).unwrap();
        assert_eq!(change, other);
    }
    assert!(a.changes.iter().all(|change| change.error.is_none()), "{a}");
}

/// The city that is added is last, whatever divides the figures and whichever way is better.
#[test]
fn the_dominated_city_is_fitted() {
    let framework = framework();
    let cities = dataset(&framework, "data");
    let test = ReversalTest::of(&Method::new().coverage(0.0), &framework, &cities, "index").unwrap();
    let last = test.changes.last().unwrap();
    // Under min-max on the sample its values move no end, so that no score does.
    assert_eq!((&last.change, &last.error, last.reversed), (&CityChange::DominatedAdded, &None, 0));
    assert!(last.compared > 0);
}

// ---- leaving out

#[test]
fn leaving_out_measures_is_as_in_coinr() {
    let framework = framework();
    let cities = dataset(&framework, "treated_default");
    let method = Method::new().coverage(0.0).denomination(Denomination::None);
    let table = LeaveOneOut::of(&method, &framework, &cities, "index").unwrap();
    assert_eq!(table.elements.len(), 18);
    let row = |city: &str| table.cities.iter().position(|key| key == city).unwrap();
    let shift = |element: &str| table.get(element).unwrap().shift.as_ref().unwrap();
    let scores = compare("remove_pillar_scores", |city, element| match element {
        "Nominal" => table.scores[row(city)],
        element => shift(element).scores[row(city)],
    });
    let ranks = compare("remove_pillar_ranks", |city, element| match element {
        "Nominal" => table.ranks[row(city)],
        element => shift(element).ranks[row(city)],
    });
    assert_eq!((scores.numbers, ranks.numbers), (5 * CITIES, 5 * CITIES));
    // The summary is that of the columns.
    let ranks = coinr::grid("remove_pillar_ranks").columns;
    for element in ["p1", "p2", "p3", "p4"] {
        let gaps: Vec<f64> =
            ranks["Nominal"].iter().zip(&ranks[element]).map(|(a, b)| (a.unwrap() - b.unwrap()).abs()).collect();
        let (mean, max) = (gaps.iter().sum::<f64>() / 30.0, gaps.iter().copied().fold(0.0, f64::max));
        assert!((shift(element).mean_rank_shift - mean).abs() < 1e-12);
        assert_eq!(shift(element).max_rank_shift, max);
        let moved = shift(element).moved_most.as_ref().unwrap();
        assert_eq!((moved.from - moved.to).abs(), max);
    }
}

/// By hand: two of three children must be known. b knows x and z. Without z it has one of two children, which is less than two
/// thirds, and no score; with weight 0 on z it would have two of three, and a score from x alone.
#[test]
fn leaving_out_is_not_weight_0() {
    let node = |code: &str| Node::indicator(code, "index", Direction::HigherIsBetter).worst(0.0).best(10.0);
    let framework = Framework::new([Node::index("index"), node("x"), node("y"), node("z")]).unwrap();
    let cities = Dataset::builder(&framework, ["a", "b", "c"])
        .column("x", [Some(2.0), Some(4.0), Some(1.0)])
        .column("y", [Some(6.0), None, Some(8.0)])
        .column("z", [Some(1.0), Some(5.0), Some(9.0)])
        .build()
        .unwrap();
    let method = Method::new().coverage(0.6);
    let table = LeaveOneOut::of(&method, &framework, &cities, "index").unwrap();
    let z = table.get("z").unwrap().shift.as_ref().unwrap();
    assert_eq!(z.scores, [Some(40.0), None, Some(45.0)]);
    assert_eq!((z.lost, z.gained, z.compared), (1, 0, 2));
    assert!(table.to_string().contains("without z: 1 cities lose their score, 0 gain one"), "{table}");
    let weightless = framework.with_weights([("z", 0.0)]).unwrap();
    let scores = method.fit(&weightless, &cities).unwrap().score(&cities).unwrap();
    assert_eq!(scores.score("b", "index").unwrap(), Some(40.0));
    // With everything in: a 30, b 45, c 60; without z c is still ahead of a; a goes from rank 3 to 2.
    assert_eq!(table.ranks, [Some(3.0), Some(2.0), Some(1.0)]);
    assert_eq!(z.ranks, [Some(2.0), None, Some(1.0)]);
    assert_eq!((z.mean_rank_shift, z.max_rank_shift), (0.5, 1.0));
    assert_eq!(z.moved_most.as_ref().unwrap().city, "a");
    assert!((z.mean_score_shift - 12.5).abs() < 1e-12); // 10 and 15
    // Without y b gains nothing and loses nothing: it has both others.
    assert_eq!(table.get("y").unwrap().shift.as_ref().unwrap().lost, 0);
    assert_eq!(table.rows().len(), 3);
}

#[test]
fn elements_that_cannot_be_left_out_are_reported() {
    let framework = Framework::new([
        Node::index("one"),
        Node::measure("m", "one"),
        Node::indicator("x", "m", Direction::HigherIsBetter),
        Node::index("two"),
        Node::indicator("y", "two", Direction::HigherIsBetter),
    ])
    .unwrap();
    let cities =
        Dataset::builder(&framework, ["a", "b"]).column("x", [1.0, 2.0]).column("y", [1.0, 2.0]).build().unwrap();
    let table = LeaveOneOut::of(&Method::new(), &framework, &cities, "one").unwrap();
    assert_eq!(table.elements.len(), 2);
    assert!(table.elements.iter().all(|e| e.shift.is_none()));
    assert_eq!(table.elements[1].error.as_deref(), Some("`one` has nothing beside `x`, and is gone without it"));
    assert!(table.to_string().contains("cannot be left out: m: "), "{table}");
    assert!(LeaveOneOut::of(&Method::new(), &framework, &cities, "three").is_err());
    assert_eq!(table.get("xx").unwrap_err().to_string(), "there is no node `xx`; did you mean `x`?");
    assert!(LeaveOneOut::of(&Method::new(), &framework, &cities, "x").unwrap().elements.is_empty());
}

#[test]
fn permuting_the_cities_permutes_the_table() {
    let framework = framework();
    let cities = dataset(&framework, "data");
    let keys: Vec<&str> = cities.cities().collect();
    let permuted = cities.select(keys.iter().rev().copied()).unwrap();
    let (a, b) = [&cities, &permuted]
        .map(|cities| LeaveOneOut::of(&Method::new().coverage(0.0), &framework, cities, "index").unwrap())
        .into();
    for (x, y) in a.elements.iter().zip(&b.elements) {
        let (x, y) = (x.shift.as_ref().unwrap(), y.shift.as_ref().unwrap());
        assert_eq!(
            (x.mean_rank_shift, x.mean_score_shift, &x.moved_most),
            (y.mean_rank_shift, y.mean_score_shift, &y.moved_most)
        );
        assert!(x.ranks.iter().eq(y.ranks.iter().rev()));
    }
}
