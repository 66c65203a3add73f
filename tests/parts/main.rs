//! A fit in parts is the fit of the whole: however the cities are split, and in whatever order the summaries are merged.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

#[path = "../common/mod.rs"]
mod common;
mod damaged;
mod edges;

use longspring::{
    Aggregation, Cities, City, Composite, Dataset, Direction, Framework, Imputation, Method, Node, Normalisation,
    Outside, PartialFit, Penalty, Reference, Screening, Summary, Treatment, WeightSet, Weighting,
};
use proptest::prelude::*;
use serde_json::Value;

/// Ragged, with a denominator, goalposts on one side, and a target.
fn framework() -> Framework {
    Framework::new([
        Node::index("renewal"),
        Node::measure("industry", "renewal").weight(2.0),
        Node::indicator("output", "industry", Direction::HigherIsBetter).per("population", 1000.0),
        Node::indicator("patents", "industry", Direction::HigherIsBetter).weight(0.5),
        Node::indicator("rents", "industry", Direction::LowerIsBetter),
        Node::measure("environment", "renewal"),
        Node::indicator("pm25", "environment", Direction::LowerIsBetter).worst(200.0),
        Node::indicator("green", "environment", Direction::HigherIsBetter).target(500.0),
        Node::indicator("access", "renewal", Direction::HigherIsBetter),
        Node::context("population"),
    ])
    .unwrap()
}

const SERIES: [&str; 7] = ["output", "patents", "rents", "pm25", "green", "access", "population"];

type Row = Vec<Option<f64>>;

fn table(framework: &Framework, rows: &[(usize, &Row)]) -> Dataset {
    let mut builder = Dataset::builder(framework, rows.iter().map(|(i, _)| format!("c{i}")));
    for (s, series) in SERIES.iter().enumerate() {
        builder = builder.column(series, rows.iter().map(|(_, row)| row[s]));
    }
    let city = |i: usize| City::new(format!("c{i}")).attribute("region", ["north", "south"][i % 2]);
    let cities = Cities::new(rows.iter().map(|&(i, _)| city(i))).unwrap();
    builder.build().unwrap().with_cities(&cities).unwrap()
}

/// Whether the ends of the values are all that is learned, so that the composite is the same to the last bit.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Learns {
    Ends,
    Moments,
}

fn methods() -> Vec<(Method, Learns)> {
    use Learns::{Ends, Moments};
    let unit = || Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 });
    let positive = || Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
    let scaled = |normalisation| Method::new().normalisation(normalisation);
    let weights = WeightSet::new("some", [("industry", 3.0), ("environment", 1.0)]).unwrap();
    let region = || "region".to_owned();
    vec![
        (Method::new(), Ends),
        (positive().aggregation(Aggregation::Geometric).outside(Outside::Clip), Ends),
        (Method::new().exclude(["environment"]).coverage(0.0), Ends),
        (Method::new().weighting_at(0, Weighting::Set(weights)), Ends),
        (unit().aggregation(Aggregation::Topsis), Ends),
        (unit().aggregation(Aggregation::Grey { zeta: 0.5 }).coverage(1.0), Ends),
        (unit().aggregation(Aggregation::CouplingCoordination), Ends),
        (positive().aggregation(Aggregation::Waspas { lambda: 0.5 }), Ends),
        (unit().aggregation(Aggregation::Spotis), Ends),
        (scaled(Normalisation::DistanceToMaximum).aggregation(Aggregation::Minimum), Ends),
        (scaled(Normalisation::FractionOfMaximum), Ends),
        (scaled(Normalisation::LinearRatio), Ends),
        (scaled(Normalisation::DistanceToReference { city: "c0".into(), beyond: Outside::Extrapolate }), Ends),
        (
            scaled(Normalisation::Raw)
                .exclude(["environment", "access"])
                .aggregation_of("industry", Aggregation::Marcos),
            Ends,
        ),
        (Method::new().imputation(Imputation::MeasureMean), Ends),
        (Method::new().screening(Screening::new().indicators_available(0.8).cities_available(0.7)), Ends),
        (scaled(Normalisation::ZScore { mean: 100.0, sd: 10.0 }), Moments),
        (
            scaled(Normalisation::AroundReference { reference: Reference::Mean })
                .aggregation(Aggregation::AdjustedMazziottaPareto { penalty: Penalty::Downward }),
            Moments,
        ),
        (scaled(Normalisation::Vector), Moments),
        (scaled(Normalisation::Sum), Moments),
        (Method::new().imputation(Imputation::Mean), Moments),
        (Method::new().imputation(Imputation::GroupMean { attribute: region() }), Moments),
        (Method::new().weighting(Weighting::Critic), Moments),
        (unit().weighting(Weighting::StandardDeviation).aggregation(Aggregation::Topsis), Moments),
        (
            scaled(Normalisation::ZScore { mean: 100.0, sd: 10.0 })
                .imputation(Imputation::Mean)
                .screening(Screening::new().cities_available(0.5))
                .weighting_of("industry", Weighting::Critic)
                .weighting_of("renewal", Weighting::StandardDeviation)
                .aggregation_of("renewal", Aggregation::Geometric),
            Moments,
        ),
    ]
}

/// Every pass over the parts, what is sent going through JSON both ways.
fn in_parts(
    method: &Method,
    framework: &Framework,
    parts: &[Dataset],
    backwards: bool,
) -> longspring::Result<Composite> {
    let mut fit = method.fit_in_parts(framework)?;
    let mut passes = 0;
    while !fit.is_done() {
        let sent: PartialFit = serde_json::from_str(&serde_json::to_string(&fit).unwrap()).unwrap();
        assert_eq!(sent, fit);
        let mut summaries = Vec::new();
        for part in parts {
            let text = serde_json::to_string(&sent.summarise(part)?).unwrap();
            summaries.push(serde_json::from_str::<Summary>(&text).unwrap());
        }
        // One after the other, or in pairs from the other end.
        while backwards && summaries.len() > 1 {
            let (a, b) = (summaries.pop().unwrap(), summaries.pop().unwrap());
            summaries.insert(0, Summary::merge([a, b]).unwrap());
        }
        fit = fit.learn(&Summary::merge(summaries)?)?;
        passes += 1;
        assert!(passes <= 7, "{fit}");
    }
    fit.composite()
}

/// That two stored values are the same but for numbers that differ by less than 1e-12 of themselves.
fn near(a: &Value, b: &Value, at: &str) {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap(), y.as_f64().unwrap());
            assert!((x - y).abs() <= 1e-12 * x.abs().max(y.abs()), "{at}: {x} and {y}");
        }
        (Value::Array(x), Value::Array(y)) => {
            assert_eq!(x.len(), y.len(), "{at}");
            x.iter().zip(y).enumerate().for_each(|(i, (x, y))| near(x, y, &format!("{at}/{i}")));
        }
        (Value::Object(x), Value::Object(y)) => {
            assert!(x.keys().eq(y.keys()), "{at}");
            x.iter().for_each(|(key, x)| near(x, &y[key], &format!("{at}/{key}")));
        }
        _ => assert_eq!(a, b, "{at}"),
    }
}

fn stored(composite: &Composite) -> Value {
    serde_json::to_value(composite).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_in_any_order_give_the_composite_of_the_whole(
        rows in proptest::collection::vec(proptest::collection::vec(proptest::option::weighted(0.9, 1.0_f64..150.0), 7), 12..40),
        places in proptest::collection::vec(0_usize..8, 40),
        others in proptest::collection::vec(0_usize..3, 40),
    ) {
        let framework = framework();
        let mut rows = rows;
        rows[0] = vec![Some(70.0), Some(71.0), Some(72.0), Some(73.0), Some(74.0), Some(75.0), Some(9.0)];
        let all: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
        let whole = table(&framework, &all);
        let split = |places: &[usize], most: usize| -> Vec<Dataset> {
            let part = |p| all.iter().filter(|(i, _)| places[*i] == p).copied().collect::<Vec<_>>();
            (0..most).map(part).filter(|part| !part.is_empty()).map(|part| table(&framework, &part)).collect()
        };
        let (many, few) = (split(&places, 8), split(&others, 3));
        for (method, learns) in methods() {
            let fitted = method.fit(&framework, &whole);
            let merged = in_parts(&method, &framework, &many, false);
            let (fitted, merged) = match (fitted, merged) {
                (Ok(fitted), Ok(merged)) => (fitted, merged),
                (Err(a), Err(b)) => {
                    // Random gaps leave some methods nothing to learn from; then both say so.
                    prop_assert_eq!(a.problems().is_empty(), b.problems().is_empty());
                    continue;
                }
                (a, b) => return Err(TestCaseError::fail(format!("{method}\n{a:?}\n{b:?}"))),
            };
            if learns == Learns::Ends {
                prop_assert_eq!(&merged, &fitted, "{}", method);
            }
            near(&stored(&merged), &stored(&fitted), "");
            let again = in_parts(&method, &framework, &few, true).unwrap();
            prop_assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&merged).unwrap(), "{}", method);
        }
    }
}

fn small() -> (Framework, Vec<Row>) {
    let row = |i: usize| (0..7).map(|s| Some(((i * 7 + s * 5) % 23 + 1) as f64)).collect::<Row>();
    let mut rows: Vec<Row> = (0..10).map(row).collect();
    // The reference city is neither the best nor the worst.
    rows[0] = vec![Some(12.0); 7];
    (framework(), rows)
}

fn halves(framework: &Framework, rows: &[Row]) -> [Dataset; 2] {
    let all: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
    [table(framework, &all[..4]), table(framework, &all[4..])]
}

/// Every method of the list can be fitted on full figures: the property above is not true of errors alone.
#[test]
fn every_method_that_can_be_fitted_in_parts_is() {
    let (framework, rows) = small();
    let parts = halves(&framework, &rows);
    let whole = parts[0].join(&parts[1]).unwrap();
    for (method, _) in methods() {
        let fitted = method.fit(&framework, &whole).unwrap_or_else(|error| panic!("{method}\n{error}"));
        near(&stored(&in_parts(&method, &framework, &parts, true).unwrap()), &stored(&fitted), "");
    }
}

/// Far from zero and close together: the exact sums keep the digits that a sum of squares would lose.
#[test]
fn moments_of_close_values_far_from_zero_are_kept() {
    let framework = Framework::new([Node::index("i"), Node::indicator("x", "i", Direction::HigherIsBetter)]).unwrap();
    let values = [1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.75, 1e9 + 1.5];
    let part = |from: usize, to: usize| {
        Dataset::builder(&framework, (from..to).map(|i| format!("c{i}")))
            .column("x", values[from..to].to_vec())
            .build()
            .unwrap()
    };
    let method = Method::new().normalisation(Normalisation::ZScore { mean: 0.0, sd: 1.0 });
    let merged = in_parts(&method, &framework, &[part(0, 1), part(1, 4)], false).unwrap();
    // deviations from the mean 1e9 + 0.75: -0.5, -0.25, 0, 0.75; their squares add up to 0.875
    let score = merged.score(&part(0, 4)).unwrap().score("c3", "x").unwrap().unwrap();
    assert!((score - 0.75 / (0.875_f64 / 3.0).sqrt()).abs() < 1e-14, "{score}");
}

#[test]
fn what_needs_the_whole_table_is_said_with_node_and_choice() {
    let framework = framework();
    let refused = |method: Method, said: &str| {
        let error = method.fit_in_parts(&framework).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    };
    refused(
        Method::new().normalisation_of("pm25", Normalisation::PercentileRank),
        "the normalisation `percentile rank to 0..100, ties in the middle` of `pm25` cannot be learned in parts: it ranks each \
         city among all others; fit the whole table at once, or choose another",
    );
    refused(
        Method::new().normalisation_of("pm25", Normalisation::Categorical { classes: 4 }),
        "of `pm25` cannot be learned",
    );
    refused(Method::new().imputation(Imputation::Median), "a median needs every value");
    refused(Method::new().treatment_of("rents", Treatment::winsorise(2)), "of `rents` cannot be learned in parts");
    refused(Method::new().weighting_of("industry", Weighting::Entropy), "the weighting `entropy` of `industry`");
    refused(
        Method::new().aggregation_of("renewal", Aggregation::Copeland),
        "the aggregation `weighted Copeland` of `renewal`",
    );
    refused(Method::new().weighting_of("renewal", Weighting::BenefitOfTheDoubt { shares: None }), "of `renewal`");
    // All of them at once.
    let both = Method::new().treatment(Treatment::Log).weighting_of("industry", Weighting::Gini);
    assert_eq!(both.fit_in_parts(&framework).unwrap_err().problems().len(), 7);
    // What the method leaves out is not asked.
    let left_out = Method::new().exclude(["environment"]).normalisation_of("pm25", Normalisation::PercentileRank);
    assert!(left_out.fit_in_parts(&framework).is_ok());
}

#[test]
fn summaries_of_other_passes_and_fits_do_not_go_together() {
    let (framework, rows) = small();
    let [a, b] = halves(&framework, &rows);
    let fit = Method::new().imputation(Imputation::Mean).fit_in_parts(&framework).unwrap();
    let first = fit.summarise(&a).unwrap();
    let merged = Summary::merge([first.clone(), fit.summarise(&b).unwrap()]).unwrap();
    assert_eq!(merged.cities(), 10);
    let next = fit.clone().learn(&merged).unwrap();
    let error = Summary::merge([first.clone(), next.summarise(&b).unwrap()]).unwrap_err().to_string();
    assert!(error.contains("a summary is of another pass or another fit"), "{error}");
    let error = next.clone().learn(&first).unwrap_err().to_string();
    assert!(error.contains("its next pass, which is: scales"), "{error}");
    let other = Method::new().coverage(1.0).fit_in_parts(&framework).unwrap();
    assert!(other.learn(&next.summarise(&b).unwrap()).is_err());
    let error = next.composite().unwrap_err().to_string();
    assert!(error.contains("it is not done; the next pass is: scales"), "{error}");
    assert!(Summary::merge([]).unwrap_err().to_string().contains("no cit"));

    // A reference city in two parts, and in none.
    let to_city = |city: &str| {
        let normalisation = Normalisation::DistanceToReference { city: city.into(), beyond: Outside::Clip };
        Method::new().normalisation(normalisation).fit_in_parts(&framework).unwrap()
    };
    let fit = to_city("c1");
    let twice = Summary::merge([fit.summarise(&a).unwrap(), fit.summarise(&a).unwrap()]).unwrap_err().to_string();
    assert!(twice.contains("two parts have the reference city"), "{twice}");
    let fit = to_city("nowhere");
    let summary = fit.summarise(&a).unwrap();
    assert!(fit.learn(&summary).unwrap_err().to_string().contains("nowhere"));
}

#[test]
fn what_the_whole_refuses_the_parts_refuse_too() {
    let (framework, mut rows) = small();
    let parts = halves(&framework, &rows);
    let whole = parts[0].join(&parts[1]).unwrap();
    // 0 is the score of the worst, which a geometric mean cannot take: found by the part that has the city.
    let method = Method::new().aggregation(Aggregation::Geometric);
    let (a, b) =
        (method.fit(&framework, &whole).unwrap_err(), in_parts(&method, &framework, &parts, false).unwrap_err());
    assert!(a.problems().iter().any(|p| p.to_string() == b.problems()[0].to_string()), "{a}\n{b}");
    // The same everywhere, though not known to any part by itself.
    for row in &mut rows {
        row[1] = Some(4.0);
    }
    let parts = halves(&framework, &rows);
    let whole = parts[0].join(&parts[1]).unwrap();
    let (a, b) = (Method::new().fit(&framework, &whole), in_parts(&Method::new(), &framework, &parts, false));
    assert_eq!(a.unwrap_err().to_string(), b.unwrap_err().to_string());
    // Nobody passes.
    let none = Method::new().screening(Screening::new().drop_cities((0..10).map(|i| format!("c{i}"))));
    let (a, b) = (none.fit(&framework, &whole), in_parts(&none, &framework, &parts, false));
    assert_eq!(a.unwrap_err().to_string(), b.unwrap_err().to_string());
}
