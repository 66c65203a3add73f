//! The coherence analysis at its limits: few cities, constant children, gaps, magnitudes, excluded nodes, thresholds. The
//! numbers are worked out by hand; those of the golden matrix are COINr's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use approx::assert_relative_eq;
use longspring::Direction::{HigherIsBetter, LowerIsBetter};
use longspring::{
    Coherence, Correlation, Dataset, Direction, Error, Framework, Limits, Method, Node, Normalisation, Scores,
};

type Column<'a> = (&'a str, &'a str, Direction, &'a [Option<f64>]);

fn known(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

/// Indicators with their parents, measures under one index, scored.
fn score(columns: &[Column<'_>], method: &Method) -> Scores {
    let mut nodes = vec![Node::index("index")];
    for (code, parent, direction, _) in columns {
        if *parent != "index" && nodes.iter().all(|n| n.code != *parent) {
            nodes.push(Node::measure(*parent, "index"));
        }
        nodes.push(Node::indicator(*code, *parent, *direction));
    }
    let framework = Framework::new(nodes).unwrap();
    let cities = (0..columns[0].3.len()).map(|i| format!("c{i}"));
    let builder = columns.iter().fold(Dataset::builder(&framework, cities), |b, c| b.column(c.0, c.3.to_vec()));
    let cities = builder.build().unwrap();
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

/// Columns under one index, more is better.
fn flat(columns: &[(&str, &[f64])], method: &Method) -> Scores {
    let values: Vec<Vec<Option<f64>>> = columns.iter().map(|(_, values)| known(values)).collect();
    let columns: Vec<Column<'_>> =
        columns.iter().zip(&values).map(|((code, _), v)| (*code, "index", HigherIsBetter, v.as_slice())).collect();
    score(&columns, method)
}

/// Scores that are the figures.
fn raw() -> Method {
    Method::new().normalisation(Normalisation::Scaled { low: 0.0, high: 1.0, full: 1.0 })
}

/// The golden matrix.
fn golden() -> Scores {
    let (x1, x2) = (known(&[3.0, 5.0, 2.0, 8.0, 6.0]), known(&[10.0, 7.0, 12.0, 4.0, 9.0]));
    let (x3, x4) = (known(&[100.0, 240.0, 80.0, 310.0, 150.0]), known(&[0.2, 0.5, 0.3, 0.6, 0.9]));
    let columns: [Column<'_>; 4] = [
        ("x1", "index", HigherIsBetter, &x1),
        ("x2", "index", LowerIsBetter, &x2),
        ("x3", "index", HigherIsBetter, &x3),
        ("x4", "index", HigherIsBetter, &x4),
    ];
    score(&columns, &Method::new())
}

#[test]
fn the_golden_matrix() {
    let scores = golden();
    let coherence = Coherence::of(&scores);
    assert_relative_eq!(coherence.cronbach("index").unwrap().alpha, 0.913048761528, max_relative = 1e-11);
    let kinds = [
        (
            Correlation::Pearson,
            [0.913361588135, 0.879907244194, 0.726483157257, 0.980954392227, 0.419079038062, 0.423025009978],
        ),
        (Correlation::Spearman, [0.9, 0.9, 0.8, 1.0, 0.6, 0.6]),
        (Correlation::Kendall, [0.8, 0.8, 0.6, 1.0, 0.4, 0.4]),
    ];
    let pairs = [("x1", "x2"), ("x1", "x3"), ("x1", "x4"), ("x2", "x3"), ("x2", "x4"), ("x3", "x4")];
    for (kind, expected) in kinds {
        let found = coherence.within("index", kind).unwrap();
        for ((a, b), expected) in pairs.into_iter().zip(expected) {
            assert_relative_eq!(found.get(a, b).unwrap().r.unwrap(), expected, max_relative = 1e-11);
        }
    }
    // Kendall's without ties, counted out: of the 120 orders of five the two extreme ones.
    let kendall = coherence.within("index", Correlation::Kendall).unwrap();
    assert_relative_eq!(kendall.get("x2", "x3").unwrap().p.unwrap(), 2.0 / 120.0, max_relative = 1e-12);
    // One disagreement: 1 + 4 orders on either side.
    assert_relative_eq!(kendall.get("x1", "x2").unwrap().p.unwrap(), 10.0 / 120.0, max_relative = 1e-12);
    let statistics = coherence.statistics(Limits::default());
    for (own, (skewness, kurtosis)) in statistics.iter().zip([
        (0.205752797056, -1.11726685134),
        (-0.542995584466, -0.00346860908776),
        (0.603780455669, -1.56270066089),
        (0.60858061945, -0.133333333333),
    ]) {
        assert_relative_eq!(own.skewness.unwrap(), skewness, max_relative = 1e-10);
        assert_relative_eq!(own.kurtosis.unwrap(), kurtosis, max_relative = 1e-8);
    }
}

#[cfg(feature = "components")]
#[test]
fn components_of_the_golden_matrix() {
    let scores = golden();
    let found = Coherence::of(&scores).principal_components("index").unwrap();
    assert_eq!((found.cities, found.standing_out(), found.rotated.len()), (5, 1, 1));
    let first = [0.549376302264, 0.529044620065, 0.523770942811, 0.379422545401];
    for (got, expected) in found.vectors[0].iter().zip(first) {
        assert_relative_eq!(*got, expected, max_relative = 1e-9);
    }
    let shares = [0.805048955036, 0.182761503641, 0.0114204647087, 0.000769076614255];
    let mut sum = 0.0;
    for ((share, cumulative), expected) in found.shares().zip(found.cumulative()).zip(shares) {
        sum += expected;
        assert_relative_eq!(share, expected, max_relative = 1e-9);
        assert_relative_eq!(cumulative, sum, max_relative = 1e-9);
    }
}

#[cfg(feature = "components")]
#[test]
fn children_that_do_not_correlate_leave_no_component_standing_out_by_rounding() {
    // A full factorial: every correlation is 0, so every eigenvalue 1, and none explains more than a child.
    let bit = |place: u32| (0..8_u32).map(|i| f64::from(i >> place & 1)).collect::<Vec<f64>>();
    let scores = flat(&[("x", &bit(0)), ("y", &bit(1)), ("z", &bit(2))], &Method::new());
    let found = Coherence::of(&scores).principal_components("index").unwrap();
    assert_eq!(found.standing_out(), 1);
    assert!(Coherence::of(&scores).kaiser_meyer_olkin("index").is_err());
}

#[test]
fn two_cities_say_nothing() {
    let scores = flat(&[("x", &[1.0, 2.0]), ("y", &[3.0, 5.0])], &Method::new());
    let coherence = Coherence::of(&scores);
    let pair = coherence.within("index", Correlation::Pearson).unwrap().get("x", "y").unwrap().clone();
    assert_eq!((pair.r, pair.p, pair.cities), (None, None, 2));
    for part in coherence.importance("index").unwrap() {
        assert_eq!((part.correlation, part.ratio()), (None, None), "two points always lie on a line");
    }
    for error in [
        coherence.cronbach("index").unwrap_err(),
        coherence.variance_inflation("index").unwrap_err(),
        coherence.kaiser_meyer_olkin("index").unwrap_err(),
    ] {
        assert!(error.to_string().contains("three cities"), "{error}");
    }
}

#[test]
fn more_children_than_cities_are_told_from_children_that_repeat_others() {
    let columns: [(&str, &[f64]); 4] = [
        ("x", &[1.0, 2.0, 4.0, 3.0]),
        ("y", &[3.0, 5.0, 1.0, 2.0]),
        ("z", &[2.0, 1.0, 7.0, 0.0]),
        ("v", &[5.0, 1.0, 1.5, 3.0]),
    ];
    let scores = flat(&columns, &Method::new());
    let error = Coherence::of(&scores).variance_inflation("index").unwrap_err().to_string();
    assert!(error.contains("more cities"), "{error}");
    // Five cities and z = x + y.
    let (x, y) = ([1.0, 2.0, 4.0, 3.0, 8.0], [3.0, 5.0, 1.0, 2.0, 2.5]);
    let z: Vec<f64> = x.iter().zip(y).map(|(x, y)| x + y).collect();
    let scores = flat(&[("x", &x), ("y", &y), ("z", &z)], &Method::new());
    let error = Coherence::of(&scores).kaiser_meyer_olkin("index").unwrap_err().to_string();
    assert!(error.contains("one child says just what others do together"), "{error}");
}

#[test]
fn alpha_does_not_depend_on_the_unit_and_refuses_what_cancels_out() {
    let (x, y, z) = ([1.0, 2.0, 4.0, 3.0], [2.0, 1.0, 5.0, 3.0], [2.0, 3.0, 3.0, 4.0]);
    let alpha = |unit: f64| {
        let scaled = |v: &[f64]| v.iter().map(|v| v * unit).collect::<Vec<f64>>();
        let scores = flat(&[("x", &scaled(&x)), ("y", &scaled(&y)), ("z", &scaled(&z))], &raw());
        Coherence::of(&scores).cronbach("index").unwrap().alpha
    };
    // Variances 5/3, 35/12 and 2/3 add up to 21/4; covariances 11/6, 2/3 and 1/3 twice to 17/3: 3/2 * 17/3 / (21/4 + 17/3).
    assert_relative_eq!(alpha(1.0), 1.5 * (17.0 / 3.0) / (21.0 / 4.0 + 17.0 / 3.0), max_relative = 1e-12);
    for unit in [1e-250, 1e250] {
        assert_relative_eq!(alpha(unit), alpha(1.0), max_relative = 1e-12);
    }
    let opposite: Vec<f64> = [0.1, 0.2, 0.4, 0.3].iter().map(|v: &f64| 0.7 - v).collect();
    let scores = flat(&[("x", &[0.1, 0.2, 0.4, 0.3]), ("y", &opposite)], &Method::new());
    let error = Coherence::of(&scores).cronbach("index").unwrap_err().to_string();
    assert!(error.contains("cancel one another out"), "{error}");
    let scores = flat(&[("x", &x), ("y", &[2.0; 4])], &raw());
    let error = Coherence::of(&scores).cronbach("index").unwrap_err().to_string();
    assert!(error.contains("`y`") && error.contains("the same in all cities"), "{error}");
    // An indicator has no children.
    assert!(Coherence::of(&scores).cronbach("x").unwrap_err().to_string().contains("two children"));
}

#[test]
fn gaps_are_left_out_pair_by_pair() {
    let x = [Some(1.0), Some(2.0), Some(3.0), None, Some(7.0)];
    let y = [Some(2.0), None, Some(1.0), Some(9.0), Some(5.0)];
    let columns: [Column<'_>; 2] = [("x", "index", HigherIsBetter, &x), ("y", "index", HigherIsBetter, &y)];
    let scores = score(&columns, &Method::new().coverage(0.0));
    let alone = flat(&[("x", &[1.0, 3.0, 7.0]), ("y", &[2.0, 1.0, 5.0])], &Method::new());
    for kind in [Correlation::Pearson, Correlation::Spearman, Correlation::Kendall] {
        let of = |scores: &Scores| Coherence::of(scores).within("index", kind).unwrap().get("x", "y").unwrap().clone();
        let (gaps, alone) = (of(&scores), of(&alone));
        assert_eq!(gaps.cities, 3);
        assert_relative_eq!(gaps.r.unwrap(), alone.r.unwrap(), max_relative = 1e-12);
        assert_relative_eq!(gaps.p.unwrap(), alone.p.unwrap(), max_relative = 1e-12);
    }
}

#[test]
fn an_excluded_indicator_is_oriented_and_divided_like_the_others() {
    let framework = Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", HigherIsBetter),
        Node::indicator("cost", "index", LowerIsBetter).per("people", 1.0),
        Node::context("people"),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["a", "b", "c", "d"])
        .column("x", [1.0, 2.0, 4.0, 3.0])
        .column("cost", [10.0, 60.0, 5.0, 8.0])
        .column("people", [1.0, 10.0, 2.0, 1.0])
        .build()
        .unwrap();
    let r = |method: &Method| {
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        let found = Coherence::of(&scores).correlations(Correlation::Pearson, ["x", "cost"]).unwrap();
        found.get("x", "cost").unwrap().r.unwrap()
    };
    let counted = r(&Method::new());
    assert!(counted > 0.0);
    assert_eq!(r(&Method::new().exclude(["cost"])), counted);
}

#[test]
fn redundancy_within_and_across_measures() {
    let (a, c) = (known(&[1.0, 2.0, 3.0, 4.0, 6.0]), known(&[2.0, 1.0, 5.0, 3.0, 4.0]));
    let b = known(&[2.1, 4.0, 6.2, 7.9, 12.0]);
    let columns: [Column<'_>; 4] = [
        ("a", "m", HigherIsBetter, &a),
        ("b", "m", LowerIsBetter, &b),
        ("c", "m", HigherIsBetter, &c),
        ("d", "n", HigherIsBetter, &b),
    ];
    let scores = score(&columns, &Method::new());
    let coherence = Coherence::of(&scores);
    let codes = |pairs: Vec<longspring::Pair>| {
        pairs
            .into_iter()
            .map(|p| format!("{}{}{}", p.a, if p.r.unwrap() < 0.0 { '-' } else { '+' }, p.b))
            .collect::<Vec<_>>()
    };
    // More of a is better and less of b, which goes with it: they pull in different directions.
    assert_eq!(codes(coherence.redundancy(0.9).unwrap()), ["a-b"]);
    assert_eq!(codes(coherence.redundancy_across(0.9).unwrap()), ["a+d", "b-d"]);
    for threshold in [f64::NAN, -0.1, 1.5, f64::INFINITY] {
        assert!(matches!(coherence.redundancy(threshold), Err(Error::Invalid(_))));
        assert!(matches!(coherence.redundancy_across(threshold), Err(Error::Invalid(_))));
    }
}

#[test]
fn a_table_has_a_header_and_says_where_there_is_nothing() {
    let columns: [(&str, &[f64]); 3] =
        [("=x", &[1.0, 2.0, 3.0, 4.0]), ("long_name", &[1.0, -1.0, -1.0, 1.001]), ("z", &[5.0; 4])];
    let scores = flat(&columns, &raw());
    let found = Coherence::of(&scores).within("index", Correlation::Pearson).unwrap();
    let expected = "\
Pearson correlations, * p < 0.05
               =x  long_name
long_name   0.00
z              -          -
";
    assert_eq!(found.to_string(), expected);
    let mut csv = Vec::new();
    found.write_csv(&mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("\n'=x,long_name,0.000") && csv.ends_with("\nlong_name,z,,,4\n"), "{csv}");
    assert_eq!(
        serde_json::from_str::<longspring::Correlations>(&serde_json::to_string(&found).unwrap()).unwrap(),
        found
    );
    let none = Coherence::of(&scores).correlations(Correlation::Pearson, []).unwrap();
    assert_eq!(none.to_string().lines().count(), 2);
}

#[test]
fn unknown_nodes_are_named_with_the_nearest() {
    let scores = golden();
    let coherence = Coherence::of(&scores);
    let errors = [
        coherence.correlations(Correlation::Pearson, ["indx"]).unwrap_err(),
        coherence.within("indx", Correlation::Pearson).unwrap_err(),
        coherence.family("indx", Correlation::Pearson).unwrap_err(),
        coherence.cronbach("indx").unwrap_err(),
        coherence.variance_inflation("indx").unwrap_err(),
        coherence.kaiser_meyer_olkin("indx").unwrap_err(),
        coherence.importance("indx").unwrap_err(),
        coherence.effective_weights("indx").unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "there is no node `indx`; did you mean `index`?");
    }
}

#[test]
fn permuting_the_cities_changes_nothing() {
    let (x, y, z) = ([1.0, 2.5, 4.0, 3.0, 0.3], [2.0, 1.0, 5.5, 3.0, 0.1], [2.0, 3.0, 3.0, 4.0, 0.7]);
    let order = [3_usize, 0, 4, 2, 1];
    let turned = |v: &[f64; 5]| order.map(|i| v[i]);
    let a = flat(&[("x", &x), ("y", &y), ("z", &z)], &Method::new());
    let b = flat(&[("x", &turned(&x)), ("y", &turned(&y)), ("z", &turned(&z))], &Method::new());
    let (a, b) = (Coherence::of(&a), Coherence::of(&b));
    for kind in [Correlation::Pearson, Correlation::Spearman, Correlation::Kendall] {
        assert_eq!(a.within("index", kind).unwrap(), b.within("index", kind).unwrap());
    }
    assert_eq!(a.cronbach("index").unwrap(), b.cronbach("index").unwrap());
    assert_eq!(a.kaiser_meyer_olkin("index").unwrap(), b.kaiser_meyer_olkin("index").unwrap());
    assert_eq!(a.importance("index").unwrap(), b.importance("index").unwrap());
    assert_eq!(a.statistics(Limits::default()), b.statistics(Limits::default()));
}
