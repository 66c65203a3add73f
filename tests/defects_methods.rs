//! Defects of other programs in the multi-criteria methods, weights, treatment and coherence, each with the right value
//! proved by hand. Numbered as in `defects.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{
    Aggregation, Coherence, Dataset, Direction, Error, Framework, Limits, Method, Node, Normalisation, Penalty, Plan,
    Preference, Scores, Treatment, Weighting,
};

use Direction::{HigherIsBetter, LowerIsBetter};

const KEYS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Columns under one index, with direction and weight.
fn fit(columns: &[(Direction, f64, &[Option<f64>])], method: &Method) -> Result<Scores, Error> {
    let mut nodes = vec![Node::index("index")];
    for (j, (direction, weight, _)) in columns.iter().enumerate() {
        nodes.push(Node::indicator(format!("x{j}"), "index", *direction).weight(*weight));
    }
    let framework = Framework::new(nodes)?;
    let mut builder = Dataset::builder(&framework, &KEYS[..columns[0].2.len()]);
    for (j, (_, _, column)) in columns.iter().enumerate() {
        builder = builder.column(&format!("x{j}"), column.to_vec());
    }
    let cities = builder.build()?;
    method.fit(&framework, &cities)?.score(&cities)
}

fn known(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn scores(scores: &Scores) -> Vec<f64> {
    scores.node("index").unwrap().scores().map(Option::unwrap).collect()
}

fn raw(aggregation: Aggregation) -> Method {
    Method::new().normalisation(Normalisation::Raw).aggregation(aggregation)
}

fn weights(of: &Scores, columns: usize) -> Vec<f64> {
    (0..columns).map(|j| of.weight("a", &format!("x{j}")).unwrap().unwrap()).collect()
}

#[test]
fn defect_01_and_32_copeland_can_be_used_and_has_weights() {
    // COINr's cannot be called from its own aggregation step, pyDecision's has no weights.
    let (x, y) = (known(&[3.0, 2.0, 1.0]), known(&[1.0, 2.0, 3.0]));
    let of =
        |a, b| scores(&fit(&[(HigherIsBetter, a, &x), (HigherIsBetter, b, &y)], &raw(Aggregation::Copeland)).unwrap());
    assert_eq!(of(2.0, 1.0), [2.0, 0.0, -2.0]);
    assert_eq!(of(1.0, 2.0), [-2.0, 0.0, 2.0]);
    assert_eq!(of(1.0, 1.0), [0.0; 3]);
}

#[test]
fn defect_02_a_missing_figure_is_no_gift_to_the_city_listed_later() {
    let x = [None, None, Some(1.0), Some(2.0)];
    let y = known(&[5.0, 5.0, 1.0, 2.0]);
    let got =
        scores(&fit(&[(HigherIsBetter, 3.0, &x), (HigherIsBetter, 1.0, &y)], &raw(Aggregation::Copeland)).unwrap());
    // The two that are alike tie, and beat both others in what can be compared.
    assert_eq!(got, [2.0, 2.0, -3.0, -1.0]);
}

#[test]
fn defect_03_dominance_is_seen_whatever_the_number_of_equal_weights() {
    let column = known(&[2.0, 1.0]);
    for k in 2..=60 {
        let columns: Vec<(Direction, f64, &[Option<f64>])> =
            (0..k).map(|_| (HigherIsBetter, 1.0, &column[..])).collect();
        assert_eq!(scores(&fit(&columns, &raw(Aggregation::Copeland)).unwrap()), [1.0, -1.0], "{k}");
    }
}

#[test]
fn defect_05_and_06_a_logarithm_changes_values_and_no_treatment_does_not() {
    // COINr's log of the Global Innovation Index gives its input back, and its treatment `none` winsorises.
    let x = known(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 1000.0]);
    for (treatment, changes) in [(Treatment::None, false), (Treatment::Log, true), (Treatment::LogPlusOne, true)] {
        let method = Method::new().treatment(treatment);
        let scores = fit(&[(HigherIsBetter, 1.0, &x)], &method).unwrap();
        let changed =
            scores.cities().any(|city| scores.cells(city, "index").unwrap().any(|cell| cell.treated.is_some()));
        assert_eq!(changed, changes, "{treatment}");
    }
}

#[test]
fn defect_12_the_influence_is_that_of_the_weights_that_are_returned() {
    let x = known(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let y = known(&[3.0, 1.0, 2.0, 6.0, 4.0, 5.0]);
    let z = known(&[2.0, 4.0, 1.0, 3.0, 6.0, 5.0]);
    let method = Method::new().weighting(Weighting::Balanced);
    let scores =
        fit(&[(HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y), (HigherIsBetter, 1.0, &z)], &method).unwrap();
    let parts = Coherence::of(&scores).importance("index").unwrap();
    let total: f64 = parts.iter().map(|p| p.correlation.unwrap()).sum();
    for part in &parts {
        // With three children and an exact solution each has a third of the sum of the correlations.
        assert!((part.correlation.unwrap() / total - 1.0 / 3.0).abs() < 1e-9, "{parts:?}");
    }
}

#[test]
fn defect_18_shares_and_flags_have_one_denominator() {
    let x = [Some(0.0), Some(0.0), Some(1.0), Some(2.0), None, None, None, None];
    let scores = fit(&[(HigherIsBetter, 1.0, &x)], &Method::new()).unwrap();
    let own = Coherence::of(&scores).statistics(Limits::default()).remove(0);
    // Half of the four known figures are 0: not more than half, so no flag; a quarter of all eight would have been one.
    assert_eq!((own.known, own.zeros, own.many_zeros, own.low_availability), (4, 2, false, true));
}

#[test]
fn defect_20_the_penalty_does_what_it_is_asked_for() {
    // Scores 100 and 80 from both sides: M = 90, S^2 = 100 (of the whole), so 90 -/+ 10/9.
    let (x, y) = (known(&[100.0, 90.0]), known(&[80.0, 90.0]));
    for (penalty, expected) in [(Penalty::Downward, 90.0 - 10.0 / 9.0), (Penalty::Upward, 90.0 + 10.0 / 9.0)] {
        let as_is = Normalisation::Scaled { low: 0.0, high: 1.0, full: 1.0 };
        let method = Method::new().normalisation(as_is).aggregation(Aggregation::AdjustedMazziottaPareto { penalty });
        let got = scores(&fit(&[(HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y)], &method).unwrap());
        assert!((got[0] - expected).abs() < 1e-12 && (got[1] - 90.0).abs() < 1e-12, "{got:?}");
    }
}

#[test]
fn defect_22_a_row_is_a_row_whatever_the_means_of_the_columns() {
    // Compind's mean-min subtracts column means down the rows. The Mazziotta-Pareto index of a city with equal scores is
    // that score, however the columns differ.
    let (x, y) = (known(&[50.0, 60.0, 10.0]), known(&[50.0, 90.0, 80.0]));
    let as_is = Normalisation::Scaled { low: 0.0, high: 1.0, full: 1.0 };
    let method =
        Method::new().normalisation(as_is).aggregation(Aggregation::MazziottaPareto { penalty: Penalty::Downward });
    let got = scores(&fit(&[(HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y)], &method).unwrap());
    assert!((got[0] - 50.0).abs() < 1e-12, "{got:?}");
}

#[test]
fn defect_28_and_36_a_higher_cost_lowers_copras() {
    // Same benefit, costs 1 and 10: S+ = 1/4 each of half the weight, S- = (1/2)(1/11) and (1/2)(10/11), sum 1/2.
    let (benefit, cost) = (known(&[5.0, 5.0]), known(&[1.0, 10.0]));
    let got = scores(
        &fit(&[(HigherIsBetter, 1.0, &benefit), (LowerIsBetter, 1.0, &cost)], &raw(Aggregation::Copras)).unwrap(),
    );
    let (s1, s2) = (0.5 / 11.0, 5.0 / 11.0);
    let q = |s: f64| 0.25 + 0.5 / (s * (1.0 / s1 + 1.0 / s2));
    assert!((got[0] - 100.0).abs() < 1e-9 && (got[1] - 100.0 * q(s2) / q(s1)).abs() < 1e-9, "{got:?}");
    assert!(got[0] > got[1]);
}

#[test]
fn defect_29_critic_sees_directions() {
    let (x, y, z) = (known(&[1.0, 2.0, 3.0, 4.0]), known(&[4.0, 3.0, 2.0, 1.5]), known(&[2.0, 1.0, 4.0, 3.0]));
    let columns: [(Direction, f64, &[Option<f64>]); 3] =
        [(HigherIsBetter, 1.0, &x), (LowerIsBetter, 1.0, &y), (HigherIsBetter, 1.0, &z)];
    let of = |weighting| weights(&fit(&columns, &raw(Aggregation::Borda).weighting(weighting)).unwrap(), 3);
    let (directed, undirected) = (of(Weighting::Critic), of(Weighting::CriticUndirected));
    // The cost goes with the benefit: it repeats it, and counts for less than where directions are ignored.
    assert!(directed[1] < undirected[1], "{directed:?} {undirected:?}");
}

#[test]
fn defect_31_identical_cities_get_the_same_points() {
    let x = known(&[7.0, 7.0, 7.0, 1.0]);
    let got = scores(&fit(&[(HigherIsBetter, 1.0, &x)], &raw(Aggregation::Borda)).unwrap());
    assert_eq!(got, [2.0, 2.0, 2.0, 0.0]);
}

#[test]
fn defect_33_v_matters_in_vikor() {
    let (x, y, z) = (known(&[10.0, 8.0, 0.0]), known(&[0.0, 6.0, 10.0]), known(&[9.0, 6.0, 0.0]));
    let of = |v| {
        let columns: [(Direction, f64, &[Option<f64>]); 3] =
            [(HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y), (HigherIsBetter, 1.0, &z)];
        scores(&fit(&columns, &raw(Aggregation::Vikor { v })).unwrap())
    };
    assert_ne!(of(0.0), of(1.0));
}

#[test]
fn defect_35_the_ideal_city_has_1_and_the_worst_0_under_topsis() {
    let (x, y) = (known(&[1.0, 2.0, 3.0]), known(&[9.0, 5.0, 1.0]));
    let method =
        Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 }).aggregation(Aggregation::Topsis);
    assert_eq!(scores(&fit(&[(HigherIsBetter, 1.0, &x), (LowerIsBetter, 1.0, &y)], &method).unwrap()), [0.0, 0.5, 1.0]);
}

#[test]
fn defect_37_every_method_is_higher_is_better() {
    let (x, y) = (known(&[1.0, 2.0, 3.0, 4.0]), known(&[9.0, 5.0, 3.0, 1.0]));
    let (unit, ratio) = (Normalisation::MinMax { low: 0.0, high: 1.0 }, Normalisation::LinearRatio);
    let usual = Preference::Usual;
    for (normalisation, aggregation) in [
        (unit.clone(), Aggregation::Spotis),
        (unit.clone(), Aggregation::Wroclaw),
        (unit.clone(), Aggregation::Grey { zeta: 0.5 }),
        (unit.clone(), Aggregation::PrometheeII { preference: usual }),
        (unit, Aggregation::CouplingCoordination),
        (ratio, Aggregation::Waspas { lambda: 0.5 }),
        (Normalisation::Raw, Aggregation::Vikor { v: 0.5 }),
        (Normalisation::Raw, Aggregation::Moora),
        (Normalisation::Raw, Aggregation::MultiMoora),
        (Normalisation::Raw, Aggregation::Edas),
        (Normalisation::Raw, Aggregation::Marcos),
        (Normalisation::Raw, Aggregation::Copras),
    ] {
        let method = Method::new().normalisation(normalisation).aggregation(aggregation);
        let all = fit(&[(HigherIsBetter, 1.0, &x), (LowerIsBetter, 1.0, &y)], &method).unwrap();
        let got = scores(&all);
        assert!(got.windows(2).all(|pair| pair[0] < pair[1]), "{aggregation}: {got:?}");
        assert_eq!(all.rank("d", "index").unwrap(), Some(1.0), "{aggregation}");
    }
}

#[test]
fn defect_38_what_does_not_differ_is_weight_0_or_an_error_and_never_nan() {
    let (same, x, y) = (known(&[4.0; 4]), known(&[1.0, 2.0, 4.0, 3.0]), known(&[2.0, 5.0, 1.0, 3.0]));
    let columns: [(Direction, f64, &[Option<f64>]); 3] =
        [(HigherIsBetter, 1.0, &same), (HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y)];
    for weighting in
        [Weighting::Critic, Weighting::Entropy, Weighting::StandardDeviation, Weighting::Gini, Weighting::Lopcow]
    {
        let got = weights(&fit(&columns, &raw(Aggregation::Borda).weighting(weighting.clone())).unwrap(), 3);
        assert_eq!(got[0], 0.0, "{weighting}");
        assert!((got.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{weighting}");
    }
    let zero = known(&[0.0, 2.0, 4.0, 3.0]);
    let error = fit(
        &[(HigherIsBetter, 1.0, &zero), (HigherIsBetter, 1.0, &x)],
        &raw(Aggregation::Borda).weighting(Weighting::Merec),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the weighting by MEREC cannot be learned at `index` from `x0`: every value must be above 0"
    );
    let error = fit(&[(HigherIsBetter, 1.0, &same)], &raw(Aggregation::Vikor { v: 0.5 })).unwrap_err();
    assert!(error.to_string().contains("all cities are the same; it needs two that differ"), "{error}");
}

#[test]
fn scales_are_never_mixed_silently() {
    let x = known(&[1.0, 2.0, 3.0]);
    let columns: [(Direction, f64, &[Option<f64>]); 2] = [(HigherIsBetter, 1.0, &x), (LowerIsBetter, 1.0, &x)];
    let text = |method: &Method| fit(&columns, method).unwrap_err().to_string();
    assert_eq!(
        text(&raw(Aggregation::Topsis)),
        "TOPSIS at `index` is given raw values for `x0`; it takes scores on a common scale: use another normalisation than Raw"
    );
    assert_eq!(
        text(&Method::new().aggregation(Aggregation::Copras)),
        "COPRAS at `index` is given a scale from 0 to 100 for `x0`; it takes raw values, which it normalises by itself: use \
         Normalisation::Raw"
    );
    assert_eq!(
        text(&Method::new().normalisation_of("x1", Normalisation::ZScore { mean: 0.0, sd: 1.0 })),
        "arithmetic mean at `index` is given the scale of the z-score with mean 0 and standard deviation 1 for `x1`; it takes \
         what `x0` has, a scale from 0 to 100"
    );
    let own = Method::new().weighting(Weighting::BenefitOfTheDoubt { shares: None }).aggregation(Aggregation::Median);
    assert!(text(&own).contains("brings its own aggregation and cannot go with the median"), "{}", text(&own));
    let plan: Plan<Aggregation> = Aggregation::Median.into();
    assert_eq!(plan.of("index", 0), &Aggregation::Median);
}

#[test]
fn flows_keep_their_digits_beside_an_outlier_and_at_any_size() {
    let method = raw(Aggregation::PrometheeII { preference: Preference::VShape { preference: 2.0 } });
    // By hand: 1 is preferred to by 2, 3, 4 by 1/2, 1, 1 and beats the outlier by 1: (1 - 2.5) / 4, and so on.
    let right = [-1.0, -0.375, 0.0, 0.5, 0.875];
    for far in [-10.0, -1e10, -1e17] {
        let x = known(&[far, 1.0, 2.0, 3.0, 4.0]);
        let got = scores(&fit(&[(HigherIsBetter, 1.0, &x)], &method).unwrap());
        assert!(got.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-12), "{far}: {got:?}");
    }
    let values = [0.0, 1.0, 1.7, 1.2];
    let of = |size: f64| {
        let preference = Preference::VShape { preference: 1.7 * size };
        let x = known(&values.map(|v| v * size));
        scores(&fit(&[(HigherIsBetter, 1.0, &x)], &raw(Aggregation::PrometheeII { preference })).unwrap())
    };
    for (a, b) in of(1e308).into_iter().zip(of(1.0)) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
    for preference in
        [Preference::UShape { indifference: f64::MAX }, Preference::Level { indifference: 0.0, preference: f64::MAX }]
    {
        let x = known(&[1.0, 2.0, 3.0]);
        assert!(fit(&[(HigherIsBetter, 1.0, &x)], &raw(Aggregation::PrometheeII { preference })).is_ok());
    }
}

#[test]
fn cities_without_a_score_teach_nothing_and_a_child_without_weight_stops_nothing() {
    let (x, y) = ([Some(1.0), Some(2.0), Some(4.0)], [Some(3.0), Some(1.0), Some(2.0)]);
    let with_empty = |column: [Option<f64>; 3]| [column[0], column[1], column[2], None];
    for aggregation in [Aggregation::Wroclaw, Aggregation::Borda] {
        let method =
            Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 }).aggregation(aggregation);
        let three = fit(&[(HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y)], &method).unwrap();
        let (x4, y4) = (with_empty(x), with_empty(y));
        let four = fit(&[(HigherIsBetter, 1.0, &x4), (HigherIsBetter, 1.0, &y4)], &method).unwrap();
        let all: Vec<Option<f64>> = four.node("index").unwrap().scores().collect();
        let three: Vec<Option<f64>> = three.node("index").unwrap().scores().chain([None]).collect();
        assert_eq!(all, three, "{aggregation}");
    }
    let zero = known(&[0.0, 0.0, 0.0]);
    for aggregation in
        [Aggregation::Moora, Aggregation::Edas, Aggregation::Copras, Aggregation::MultiMoora, Aggregation::Marcos]
    {
        let two = [(HigherIsBetter, 1.0, &x[..]), (HigherIsBetter, 1.0, &y[..])];
        let more = [two[0], two[1], (HigherIsBetter, 0.0, &zero[..])];
        assert_eq!(scores(&fit(&two, &raw(aggregation)).unwrap()), scores(&fit(&more, &raw(aggregation)).unwrap()));
    }
}

#[test]
fn identical_cities_are_an_error_under_edas_and_no_share_is_held_by_0() {
    let same = known(&[0.1, 0.1, 0.1]);
    let error = fit(&[(HigherIsBetter, 1.0, &same), (LowerIsBetter, 1.0, &same)], &raw(Aggregation::Edas)).unwrap_err();
    assert!(error.to_string().contains("all cities are the same"), "{error}");
    let (x, y) = (known(&[0.0, 2.0, 4.0, 3.0]), known(&[3.0, 1.0, 2.0, 2.5]));
    let limited = Method::new().weighting(Weighting::BenefitOfTheDoubt { shares: Some((0.1, 0.9)) });
    let error = fit(&[(HigherIsBetter, 1.0, &x), (HigherIsBetter, 1.0, &y)], &limited).unwrap_err();
    assert!(error.to_string().contains("is not defined for the figures of `a`"), "{error}");
    let many = Method::new().normalisation(Normalisation::Categorical { classes: usize::MAX });
    assert!(fit(&[(HigherIsBetter, 1.0, &x)], &many).is_err());
}

#[test]
fn a_new_city_beyond_the_best_does_not_lose_by_getting_better() {
    // MULTIMOORA's reference point is a largest distance: being beyond the best is none.
    let framework = Framework::new(vec![
        Node::index("index"),
        Node::indicator("x", "index", HigherIsBetter),
        Node::indicator("y", "index", HigherIsBetter),
        Node::indicator("z", "index", LowerIsBetter),
    ])
    .unwrap();
    let cities = |x: &[f64], y: &[f64], z: &[f64]| {
        let mut builder = Dataset::builder(&framework, (0..x.len()).map(|i| format!("c{i}")));
        for (code, column) in [("x", x), ("y", y), ("z", z)] {
            builder = builder.column(code, column.to_vec());
        }
        builder.build().unwrap()
    };
    let fitted = cities(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 3.0, 4.0, 1.0, 2.0], &[2.0, 4.0, 1.0, 5.0, 3.0]);
    let same = [3.0; 9];
    let ever_more = [1.0, 3.0, 5.0, 5.5, 6.0, 7.0, 8.0, 12.0, 50.0];
    let ever_less = [5.0, 4.0, 2.0, 1.0, 0.8, 0.5, 0.3, 0.1, 0.01];
    let new = [cities(&ever_more, &same, &same), cities(&same, &same, &ever_less)];
    for aggregation in [
        Aggregation::MultiMoora,
        Aggregation::Moora,
        Aggregation::Edas,
        Aggregation::Marcos,
        Aggregation::Copras,
        Aggregation::Copeland,
        Aggregation::Borda,
        Aggregation::PrometheeII { preference: Preference::Linear { indifference: 0.1, preference: 1.0 } },
    ] {
        let composite = raw(aggregation).fit(&framework, &fitted).unwrap();
        for new in &new {
            let got = scores(&composite.score(new).unwrap());
            assert!(got.is_sorted(), "{aggregation}: {got:?}");
        }
    }
}
