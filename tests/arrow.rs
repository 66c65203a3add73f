//! Record batches in and out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use longspring::{Aggregation, Composite, Cut, Dataset, Imputation, Method, Normalisation, arrow, article};

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn floats(values: &[Option<f64>]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

/// The article's cities.
fn cities() -> Dataset {
    article::observations().dataset(&article::framework(), &Cut::latest()).unwrap()
}

fn wide(cities: &Dataset) -> RecordBatch {
    let keys: Vec<Option<&str>> = cities.cities().map(Some).collect();
    let mut columns = vec![("city", texts(&keys))];
    for series in cities.series() {
        columns.push((series, floats(&cities.column(series).unwrap().collect::<Vec<_>>())));
    }
    batch(columns)
}

fn methods() -> Vec<Method> {
    vec![
        Method::new(),
        Method::new()
            .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
            .aggregation(Aggregation::Geometric),
        Method::new()
            .normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
            .aggregation_at(0, Aggregation::Topsis),
        Method::new().imputation(Imputation::NearestCities { k: 3 }),
    ]
}

fn check(composite: &Composite, cities: &Dataset, batch: &RecordBatch) {
    let (scores, scored) = (composite.score(cities).unwrap(), arrow::score(composite, batch).unwrap());
    let keys = scored.column_by_name("city").unwrap().as_string::<i32>();
    assert!(keys.iter().flatten().eq(cities.cities()));
    let mut known = 0;
    for field in scored.schema().fields().iter().skip(1) {
        let column = scored.column_by_name(field.name()).unwrap().as_primitive::<Float64Type>();
        let expected: Vec<Option<f64>> = scores.node(field.name()).unwrap().scores().collect();
        assert_eq!(column.iter().collect::<Vec<_>>(), expected, "{}", field.name());
        known += expected.iter().flatten().count();
    }
    assert!(known > 100);
}

#[test]
fn a_batch_is_scored_as_its_dataset_to_the_last_bit() {
    let cities = cities();
    let batch = wide(&cities);
    for method in methods() {
        let composite = method.fit(&article::framework(), &cities).unwrap();
        check(&composite, &cities, &batch);
        // A slice begins in the middle of a byte of the bitmap.
        let keys: Vec<&str> = cities.cities().skip(11).take(20).collect();
        check(&composite, &cities.select(keys).unwrap(), &batch.slice(11, 20));
    }
    let dataset = arrow::dataset(&article::framework(), &batch).unwrap();
    assert!(dataset.cities().eq(cities.cities()));
    for series in cities.series() {
        assert!(dataset.column(series).unwrap().eq(cities.column(series).unwrap()), "{series}");
    }
}

#[test]
fn scores_make_a_batch() {
    let cities = cities();
    let scores = Method::new().fit(&article::framework(), &cities).unwrap().score(&cities).unwrap();
    let out = arrow::scores(&scores).unwrap();
    let text = |name: &str| out.column_by_name(name).unwrap().as_string::<i32>().clone();
    let number = |name: &str| out.column_by_name(name).unwrap().as_primitive::<Float64Type>().clone();
    let (city, node, missing, score, rank) =
        (text("city"), text("node"), text("missing"), number("score"), number("rank"));
    let mut gaps = 0;
    for row in 0..out.num_rows() {
        let standing = scores.get(city.value(row), node.value(row)).unwrap();
        assert_eq!(score.is_valid(row).then(|| score.value(row)), standing.score);
        assert_eq!(rank.is_valid(row).then(|| rank.value(row)), standing.rank);
        assert_eq!(
            missing.is_valid(row).then(|| missing.value(row).to_owned()),
            standing.missing.map(|m| m.to_string())
        );
        gaps += usize::from(standing.score.is_none());
    }
    assert!(gaps > 0 && out.num_rows() > 39 * 17);
}

#[test]
fn long_batches_are_observations() {
    let known = article::observations();
    let rows: Vec<_> = known.iter().collect();
    let long = |rows: &[&longspring::Observation]| {
        let text =
            |of: fn(&longspring::Observation) -> &str| texts(&rows.iter().map(|o| Some(of(o))).collect::<Vec<_>>());
        batch(vec![
            ("city", text(|o| &o.city)),
            ("indicator", text(|o| &o.series)),
            ("year", Arc::new(Int32Array::from(rows.iter().map(|o| o.year).collect::<Vec<_>>())) as ArrayRef),
            ("value", floats(&rows.iter().map(|o| o.value).collect::<Vec<_>>())),
            ("status", text(|o| o.status.code())),
            ("source", text(|o| &o.source)),
            ("note", text(|o| &o.note)),
        ])
    };
    let read = arrow::observations([&long(&rows[..100]), &long(&rows[100..])]).unwrap();
    assert!(read.iter().eq(known.iter()));
    let error = arrow::observations([&long(&rows[..3]), &long(&rows[2..4])]).unwrap_err().to_string();
    assert!(error.contains("record batch, line 4"), "{error}");
}

#[test]
fn bad_batches_are_refused_with_column_and_row() {
    let cities = cities();
    let framework = article::framework();
    let composite =
        Method::new().exclude(["renewal", "vitality", "culture", "greenness"]).fit(&framework, &cities).unwrap();
    let (names, good) = (texts(&[Some("a"), Some("b")]), floats(&[Some(1.0), None]));
    let of = |city: &ArrayRef, pm25: &ArrayRef, trees: &ArrayRef| {
        batch(vec![("city", city.clone()), ("pm25", pm25.clone()), ("tree_cover", trees.clone())])
    };
    let refused = |batch: &RecordBatch, said: &str| {
        let error = arrow::score(&composite, batch).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        error
    };
    assert!(arrow::score(&composite, &of(&names, &good, &good)).is_ok());
    refused(&batch(vec![("pm25", good.clone())]), "the column `tree_cover` is missing");
    let whole: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    refused(&of(&names, &whole, &good), "the column `pm25` holds Int32; it must hold Float64");
    refused(&of(&good, &good, &good), "the column `city` holds Float64; it must hold text");
    let error = refused(&of(&texts(&[Some("a"), None]), &good, &good), "a key of the city must be given");
    assert!(error.contains("record batch, line 2, column 1 (city)"), "{error}");
    let error = refused(&of(&texts(&[Some("a"), Some("a")]), &good, &good), "`a`");
    assert!(error.contains("line 2, column 1 (city)"), "{error}");
    let error = refused(&of(&names, &floats(&[None, Some(f64::NAN)]), &good), "`NaN` is not a finite number");
    assert!(error.contains("line 2, column 2 (pm25)"), "{error}");
    refused(&of(&names, &good, &floats(&[Some(f64::INFINITY), None])), "`inf` is not a finite number");
    // What stands under a null means nothing.
    let hidden = Float64Array::new(vec![1.0, f64::NAN].into(), Some(vec![true, false].into()));
    assert!(arrow::score(&composite, &of(&names, &(Arc::new(hidden) as ArrayRef), &good)).is_ok());

    let error = arrow::dataset(&framework, &batch(vec![("city", names.clone()), ("pm_25", good.clone())])).unwrap_err();
    assert!(error.to_string().contains("unknown column `pm_25`; did you mean `pm25`"), "{error}");
    let error = arrow::dataset(&framework, &batch(vec![("pm25", good)])).unwrap_err().to_string();
    assert!(error.contains("the column `city` is missing"), "{error}");
}
