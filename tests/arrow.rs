//! Record batches in and out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, Int32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array, LargeStringArray,
    RecordBatch, StringArray, StringViewArray,
};
use longspring::{
    Aggregation, Cities, City, Composite, Cut, Dataset, Direction, Framework, Imputation, Input, Method, Node,
    Normalisation, Observations, Screening, Ties, WeightSet, Weighting, arrow, article,
};

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
fn a_column_that_is_needed_itself_is_not_meant_to_be_another() {
    let framework = Framework::new([
        Node::index("i"),
        Node::indicator("a", "i", Direction::HigherIsBetter),
        Node::indicator("d", "i", Direction::HigherIsBetter),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["x", "y"]).column("a", [1.0, 2.0]).column("d", [1.0, 2.0]).build();
    let composite = Method::new().fit(&framework, &cities.unwrap()).unwrap();
    let column = || floats(&[Some(1.0)]);
    let error = arrow::score(&composite, &batch(vec![("a", column()), ("dd", column())])).unwrap_err().to_string();
    assert!(error.contains("the column `d` is missing; is `dd` meant to be it?"), "{error}");
    let error = arrow::score(&composite, &batch(vec![("a", column())])).unwrap_err().to_string();
    assert!(error.ends_with("the column `d` is missing"), "{error}");
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
    let count = |name: &str| out.column_by_name(name).unwrap().as_primitive::<UInt64Type>().clone();
    let (flags, have, of) = (text("flags"), count("have"), count("of"));
    let (mut gaps, mut flagged) = (0, 0);
    for row in 0..out.num_rows() {
        let standing = scores.get(city.value(row), node.value(row)).unwrap();
        assert_eq!(score.is_valid(row).then(|| score.value(row)), standing.score);
        assert_eq!(rank.is_valid(row).then(|| rank.value(row)), standing.rank);
        assert_eq!(
            missing.is_valid(row).then(|| missing.value(row).to_owned()),
            standing.missing.map(|m| m.to_string())
        );
        assert_eq!(flags.value(row), standing.flags.to_string());
        assert_eq!((have.value(row), of.value(row)), (standing.coverage.have as u64, standing.coverage.of as u64));
        gaps += usize::from(standing.score.is_none());
        flagged += usize::from(!flags.value(row).is_empty());
    }
    assert!(gaps > 0 && flagged > 0 && out.num_rows() > 39 * 17);
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
    // The nearest of those that are meant to be nothing else.
    let near = batch(vec![("pm25", good.clone()), ("pm2", good.clone()), ("tree_cove", good.clone())]);
    refused(&near, "the column `tree_cover` is missing; is `tree_cove` meant to be it?");
    let taken = batch(vec![("tree_cover", good.clone()), ("pm2.5", good.clone())]);
    refused(&taken, "the column `pm25` is missing; is `pm2.5` meant to be it?");
    let whole: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    refused(&of(&names, &whole, &good), "the column `pm25` holds Int32; it must hold Float64");
    refused(&of(&good, &good, &good), "the column `city` holds Float64; it must hold text");
    let error = refused(&of(&texts(&[Some("a"), None]), &good, &good), "a key of the city must be given");
    assert!(error.contains("record batch, line 2, column 1 (city)"), "{error}");
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

/// Two indicators, one of them divided.
fn framework() -> Framework {
    Framework::new([
        Node::index("i"),
        Node::indicator("a", "i", Direction::HigherIsBetter).per("p", 2.0),
        Node::indicator("b", "i", Direction::LowerIsBetter),
        Node::context("p"),
        Node::context("q"),
    ])
    .unwrap()
}

fn composite(method: &Method) -> Composite {
    let cities = Dataset::builder(&framework(), ["x", "y", "z"]).column("a", [1.0, 8.0, 3.0]);
    let cities = cities.column("b", [5.0, 2.0, 9.0]).column("p", [1.0, 2.0, 4.0]).build().unwrap();
    let cities =
        cities.with_cities(&Cities::new(["x", "y", "z"].map(|k| City::new(k).attribute("land", "l"))).unwrap());
    method.fit(&framework(), &cities.unwrap()).unwrap()
}

fn numbers(column: &ArrayRef) -> Vec<Option<f64>> {
    column.as_primitive::<Float64Type>().iter().collect()
}

/// Values with gaps, under which stands what is no figure, as a part of a longer array that begins anywhere.
fn gappy(values: &[Option<f64>], skip: usize) -> ArrayRef {
    let hidden = [f64::NAN, f64::INFINITY, -1.0, 0.0];
    let long = || std::iter::repeat_n(&None, skip).chain(values).chain(&[None]).enumerate();
    let under: Vec<f64> = long().map(|(row, v)| v.unwrap_or(hidden[row % 4])).collect();
    let known: Vec<bool> = long().map(|(_, v)| v.is_some()).collect();
    Arc::new(Float64Array::new(under.into(), Some(known.into())).slice(skip, values.len()))
}

/// Around the ends of bytes, words and blocks of cities, with nulls that begin anywhere, and with a denominator.
#[test]
fn slices_of_any_length_and_place_are_scored_as_their_dataset() {
    let framework = framework();
    let composite = composite(&Method::new());
    let mut scorer = arrow::Scorer::new(&composite);
    for (n, skip) in
        [(1, 0), (1, 7), (7, 1), (8, 8), (9, 3), (63, 65), (64, 5), (65, 0), (511, 2), (512, 9), (513, 512), (1300, 77)]
    {
        let keys: Vec<String> = (0..n).map(|i| format!("c{i}")).collect();
        let of = |every: usize, low: usize| -> Vec<Option<f64>> {
            (0..n).map(|i| (i % every != every - 1).then_some(((i * 37 + low) % 101 + low) as f64)).collect()
        };
        // With a complete column and without.
        let (a, b, p) = (of(5, 0), of(if n % 2 == 0 { 6 } else { n + 1 }, 3), of(7, 1));
        let cities = Dataset::builder(&framework, &keys).column("a", a.clone()).column("b", b.clone());
        let cities = cities.column("p", p.clone()).build().unwrap();
        let columns = vec![("b", gappy(&b, skip)), ("p", gappy(&p, skip + 1)), ("a", gappy(&a, skip + 2))];
        let scored = arrow::score(&composite, &batch(columns)).unwrap();
        let scores = composite.score(&cities).unwrap();
        let expected: Vec<Option<f64>> = scores.node("i").unwrap().scores().collect();
        assert_eq!(numbers(&scored["i"]), expected, "{n} rows from {skip}");
        let ranks = arrow::rank(&composite, "i", &[scored.slice(0, n / 2), scored.slice(n / 2, n - n / 2)]).unwrap();
        let all: Vec<Option<f64>> = ranks.iter().flatten().collect();
        assert_eq!(all, scores.node("i").unwrap().ranks().collect::<Vec<_>>(), "{n} rows from {skip}");
        // What others hold is not written over, and what is used again is as good as new.
        let columns = vec![("b", gappy(&b, skip)), ("p", gappy(&p, skip + 1)), ("a", gappy(&a, skip + 2))];
        let own = scorer.score(&batch(columns)).unwrap();
        assert_eq!(own, scored);
        assert_eq!(scorer.rank("i", &[scored.slice(0, n / 2), scored.slice(n / 2, n - n / 2)]).unwrap(), ranks);
        scorer.recycle(own);
        scorer.recycle(scored.clone());
        scorer.recycle_ranks(ranks);
        assert_eq!(numbers(&scored["i"]), expected, "{n} rows from {skip}");
    }
}

/// Every aggregation takes gaps from a bitmap as it takes those of a dataset, with weights of 0, too, and whatever stands under a null.
#[test]
fn every_aggregation_takes_nulls_as_a_dataset_its_gaps() {
    let names = ["a", "b", "c", "d"];
    let indicators = names.map(|name| Node::indicator(name, "i", Direction::HigherIsBetter));
    let framework = Framework::new([Node::index("i")].into_iter().chain(indicators)).unwrap();
    // The second is complete.
    let known = |i: usize, k: usize| k == 1 || (i * 7 + k) % (5 + k) > 1;
    let column = |k: usize| (0..700).map(move |i| known(i, k).then_some(1.0 + ((i * 31 + k) % 97) as f64));
    let columns = [0, 1, 2, 3].map(|k| column(k).collect::<Vec<Option<f64>>>());
    let keys = (0..700).map(|i| format!("c{i}"));
    let builder = names.iter().zip(&columns).fold(Dataset::builder(&framework, keys), |builder, (name, column)| {
        builder.column(name, column.iter().copied())
    });
    let cities = builder.build().unwrap();
    let arrays = names.iter().zip(&columns).enumerate().map(|(skip, (&name, column))| (name, gappy(column, skip)));
    let batch = batch(arrays.collect());
    let scale = Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 });
    let positive = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
    let weights = WeightSet::new("uneven", [("a", 3.0), ("b", 1.0), ("c", 0.0), ("d", 2.0)]).unwrap();
    let mut seen = 0;
    let powers = [2.0, -0.5].map(|exponent| Aggregation::Power { exponent });
    for aggregation in Aggregation::CHOICES.iter().copied().chain(powers) {
        for method in [&scale, &positive].map(|method| method.clone().aggregation(aggregation).coverage(0.75)) {
            for method in [method.clone(), method.weighting(Weighting::Set(weights.clone()))] {
                let Ok(composite) = method.fit(&framework, &cities) else { continue };
                let expected: Vec<Option<f64>> =
                    composite.score(&cities).unwrap().node("i").unwrap().scores().collect();
                assert!(expected.iter().any(Option::is_none) && expected.iter().flatten().count() > 100);
                assert_eq!(numbers(&arrow::score(&composite, &batch).unwrap()["i"]), expected, "{aggregation:?}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 60, "{seen}");
}

#[test]
fn the_keys_of_the_cities_are_not_copied() {
    let composite = Method::new().fit(&article::framework(), &cities()).unwrap();
    let batch = wide(&cities());
    let scored = arrow::score(&composite, &batch).unwrap();
    assert!(Arc::ptr_eq(scored.column_by_name("city").unwrap(), batch.column_by_name("city").unwrap()));
}

/// Keys in every form that text has; a slice, nulls under a number and nulls among the texts of a dictionary.
#[test]
fn keys_of_every_kind_of_text_are_read() {
    let keys = ["x", "a longer key than twelve bytes", "z"];
    let four = || ["gone"].into_iter().chain(keys);
    let dictionary: DictionaryArray<Int8Type> = four().collect();
    let kinds: [ArrayRef; 5] = [
        Arc::new(StringArray::from_iter_values(four())),
        Arc::new(LargeStringArray::from_iter_values(four())),
        Arc::new(StringViewArray::from_iter_values(four())),
        Arc::new(dictionary),
        Arc::new(DictionaryArray::<Int32Type>::new(
            vec![3, 0, 1, 2].into(),
            Arc::new(StringViewArray::from_iter_values(keys.into_iter().chain(["gone"]))),
        )),
    ];
    let composite = composite(&Method::new().screening(Screening::new().cities_available(0.5).keep_cities(["x"])));
    let figures = [floats(&[Some(1.0), None, Some(2.0)]), floats(&[Some(2.0); 3])];
    for city in kinds {
        let kind = city.data_type().clone();
        let wide = batch(vec![
            ("city", city.slice(1, 3)),
            ("a", figures[0].clone()),
            ("b", floats(&[None, None, Some(3.0)])),
            ("p", figures[1].clone()),
        ]);
        let cities = arrow::dataset(&framework(), &wide).unwrap();
        assert!(cities.cities().eq(keys), "{kind}");
        let expected: Vec<Option<f64>> = composite.score(&cities).unwrap().node("i").unwrap().scores().collect();
        let scored = arrow::score(&composite, &wide).unwrap();
        assert_eq!(numbers(&scored["i"]), expected, "{kind}");
        assert_eq!(expected.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
        let long = batch(vec![
            ("city", city.slice(1, 3)),
            ("indicator", texts(&[Some("a"); 3])),
            ("year", Arc::new(Int32Array::from(vec![2000; 3]))),
            ("value", figures[0].clone()),
            ("note", city.slice(0, 3)),
        ]);
        let known = arrow::observations([&long]).unwrap();
        assert!(known.iter().map(|o| o.city.as_str()).eq(keys), "{kind}");
        assert!(known.iter().map(|o| o.note.as_str()).eq(four().take(3)), "{kind}");
    }
    // A null by its number, by its text, and where there is no text at all.
    let none: DictionaryArray<Int32Type> = [None::<&str>, None].into_iter().collect();
    let by_number: DictionaryArray<Int32Type> = [Some("x"), None].into_iter().collect();
    let by_text = DictionaryArray::<Int32Type>::new(vec![0, 1].into(), texts(&[Some("x"), None]));
    for (city, nulls) in [(none, 2), (by_number, 1), (by_text, 1)] {
        let wide = batch(vec![("city", Arc::new(city) as ArrayRef), ("b", floats(&[Some(1.0), Some(2.0)]))]);
        let error = arrow::dataset(&framework(), &wide).unwrap_err();
        assert_eq!(error.problems().len(), nulls, "{error}");
        assert!(error.to_string().contains("line 2, column 1 (city): a key of the city must be given"), "{error}");
    }
    let whole: DictionaryArray<Int8Type> = DictionaryArray::new(vec![0, 0].into(), Arc::new(Int32Array::from(vec![5])));
    let error = arrow::dataset(&framework(), &batch(vec![("city", Arc::new(whole) as ArrayRef)])).unwrap_err();
    assert!(error.to_string().contains("it must hold text (Utf8, LargeUtf8 or Utf8View, or a dictionary"), "{error}");
}

#[test]
fn numbers_of_every_kind_are_read_and_others_refused() {
    let kinds: [ArrayRef; 4] = [
        floats(&[Some(9.0), Some(1.0), None, Some(3.0)]),
        Arc::new(Float32Array::from(vec![Some(9.0), Some(1.0), None, Some(3.0)])),
        Arc::new(Int32Array::from(vec![Some(9), Some(1), None, Some(3)])),
        Arc::new(Int64Array::from(vec![Some(9), Some(1), None, Some(3)])),
    ];
    let city = texts(&[Some("x"), Some("y"), Some("z")]);
    for b in kinds {
        let cities = arrow::dataset(&framework(), &batch(vec![("city", city.clone()), ("b", b.slice(1, 3))])).unwrap();
        assert_eq!(cities.column("b").unwrap().collect::<Vec<_>>(), [Some(1.0), None, Some(3.0)], "{}", b.data_type());
        assert!(cities.column("a").unwrap().all(|v| v.is_none()));
    }
    let error = arrow::dataset(&framework(), &batch(vec![("city", city.clone()), ("b", city)])).unwrap_err();
    assert_eq!(error.to_string(), "the column `b` holds Utf8; it must hold numbers (Float64, Float32, Int64 or Int32)");
}

#[test]
fn a_column_that_is_there_twice_is_refused() {
    let (city, b) = (texts(&[Some("x")]), floats(&[Some(1.0)]));
    let composite = composite(&Method::new());
    let twice = |error: longspring::Error, name: &str| {
        assert_eq!(error.to_string(), format!("the column `{name}` is given twice"));
    };
    let wide = |more: (&'static str, ArrayRef)| {
        batch(vec![("city", city.clone()), ("a", b.clone()), ("b", b.clone()), ("p", b.clone()), more])
    };
    for (name, column) in [("b", &b), ("p", &b), ("city", &city)] {
        twice(arrow::score(&composite, &wide((name, column.clone()))).unwrap_err(), name);
        twice(arrow::dataset(&framework(), &wide((name, column.clone()))).unwrap_err(), name);
    }
    assert!(arrow::score(&composite, &wide(("q", b.clone()))).is_ok());
    let year: ArrayRef = Arc::new(Int32Array::from(vec![2000]));
    for name in ["city", "indicator", "note"] {
        let mut columns = vec![("city", city.clone()), ("indicator", city.clone()), ("year", year.clone())];
        columns.extend([("value", b.clone()), ("note", city.clone()), (name, city.clone())]);
        twice(arrow::observations([&batch(columns)]).unwrap_err(), name);
    }
}

/// Everything that is wrong is said at once, with the row over all batches.
#[test]
fn all_that_is_wrong_with_batches_is_said_at_once() {
    let long = |columns: &[&str]| {
        let column = |name: &&str| -> ArrayRef {
            match *name {
                "year" => Arc::new(Int64Array::from(vec![Some(2000), Some(12), None])),
                "value" => floats(&[Some(1.0), Some(f64::NAN), Some(f64::NEG_INFINITY)]),
                "status" => texts(&[None, Some("Z"), Some("A")]),
                "source" => floats(&[None; 3]),
                name => texts(&[Some(name), Some(""), Some(name)]),
            }
        };
        batch(columns.iter().map(|name| (*name, column(name))).collect())
    };
    let good = batch(vec![
        ("note", texts(&[None; 2])),
        ("value", floats(&[Some(1.0), None])),
        ("year", Arc::new(Float64Array::from(vec![2000.0; 2]))),
        ("indicator", texts(&[Some("a"); 2])),
        ("city", texts(&[Some("x"), Some("y")])),
    ]);
    let bad = long(&["city", "year", "value", "status", "source"]);
    let error = arrow::observations([&good, &bad, &long(&["city", "indicator", "year"])]).unwrap_err();
    let said: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
    let expected = [
        "record batch, line 4, column 1 (city): a key of the city must be given",
        "record batch, line 3: the column `indicator` is missing",
        "record batch, line 4, column 3 (value): `NaN` is not a finite number",
        "record batch, line 5, column 3 (value): `-inf` is not a finite number",
        "record batch, line 3: the column `source` holds Float64; it must hold text (Utf8, LargeUtf8 or Utf8View, or a dictionary of it)",
        "record batch, line 4, column 2 (year): the year 12 is out of range; it must be a whole number from 1000 to 2999",
        "record batch, line 4, column 4 (status)",
        "record batch, line 5, column 2 (year): a year must be given",
        "record batch, line 7, column 1 (city): a key of the city must be given",
        "record batch, line 7, column 2 (indicator): a code of an indicator must be given",
        "record batch, line 6: the column `value` is missing",
        "record batch, line 7, column 3 (year)",
        "record batch, line 8, column 3 (year)",
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said}\n{expected}");
    }

    let wide = batch(vec![
        ("city", texts(&[Some("x"), Some("x"), None])),
        ("name", floats(&[None; 3])),
        ("p", floats(&[Some(0.0), Some(1.0), Some(-2.0)])),
        ("b", floats(&[None, Some(f64::NAN), None])),
        ("a", texts(&[None; 3])),
        ("c", floats(&[None; 3])),
    ]);
    let said = |error: longspring::Error| error.problems().iter().map(ToString::to_string).collect::<Vec<_>>();
    let dataset = said(arrow::dataset(&framework(), &wide).unwrap_err());
    let scored = said(arrow::score(&composite(&Method::new()), &wide).unwrap_err());
    for (found, expected) in [
        (true, "line 3, column 1 (city): a key of the city must be given"),
        (false, "line 2, column 1 (city): the city `x` is given twice; first in line 1"),
        (true, "line 1, column 3 (p): `p` of `x` is 0; it divides `a` and must be positive"),
        (true, "line 3, column 3 (p): `p` of `row 3` is -2; it divides `a` and must be positive"),
        (true, "line 2, column 4 (b): `NaN` is not a finite number"),
        (true, "the column `a` holds Utf8"),
        (false, "the column `name` holds Float64; it must hold text"),
        (false, "unknown column `c`"),
    ] {
        assert!(dataset.iter().any(|said| said.contains(expected)), "{expected}\n{dataset:#?}");
        assert_eq!(scored.iter().any(|said| said.contains(expected)), found, "{expected}\n{scored:#?}");
    }
    assert_eq!((dataset.len(), scored.len()), (8, 5), "{dataset:#?}\n{scored:#?}");
}

/// What was wrong, without its place.
fn faults(error: &longspring::Error) -> Vec<String> {
    error.problems().iter().map(|problem| problem.fault.to_string()).collect()
}

/// One mistake is one text, whether it stands in a file or in a batch.
#[test]
fn the_same_mistakes_are_said_as_of_files() {
    let framework = article::framework();
    let one = floats(&[Some(1.0)]);
    let wide = |names: &[&str]| {
        let figures = names.iter().map(|&name| (name, one.clone()));
        batch([("city", texts(&[Some("x")]))].into_iter().chain(figures).collect())
    };
    for names in [["infrastructure", "renewal", "pm2.5"], ["indicator", "year", "value"], ["region", "citi", "nam"]] {
        let text = format!("city,{}\nx,1,1,1\n", names.join(","));
        let file = Dataset::read_csv(Input::text(&text, "t.csv"), &framework).unwrap_err();
        let batch = arrow::dataset(&framework, &wide(&names)).unwrap_err();
        assert_eq!(faults(&batch), faults(&file));
    }
    let measure = arrow::dataset(&framework, &wide(&["infrastructure"])).unwrap_err().to_string();
    assert!(
        measure.starts_with("`infrastructure` is a measure and has no figures; its indicators have: `"),
        "{measure}"
    );
    let long = arrow::dataset(&framework, &wide(&["indicator", "year", "value"])).unwrap_err().to_string();
    assert!(long.starts_with("this looks like a long table, a figure a row"), "{long}");

    let years = [12.0, -5.0, 3000.0, 2015.5, f64::NAN, f64::INFINITY, 1e10, 999.0];
    let rows: Vec<String> = years.iter().map(|year| format!("x,a,{year},1\n")).collect();
    let text = rows.concat();
    let file = Observations::read_csv(Input::text(&format!("city,indicator,year,value\n{text}"), "k.csv")).unwrap_err();
    let batch = batch(vec![
        ("city", texts(&[Some("x"); 8])),
        ("indicator", texts(&[Some("a"); 8])),
        ("year", floats(&years.map(Some))),
        ("value", floats(&[Some(1.0); 8])),
    ]);
    let batch = arrow::observations([&batch]).unwrap_err();
    assert_eq!(faults(&batch), faults(&file));
    assert_eq!(faults(&batch)[3], "`2015.5` is no year; write a whole number from 1000 to 2999");
    assert_eq!(faults(&batch).len(), 8);
}

#[test]
fn batches_without_a_row_and_no_batch_are_no_special_case() {
    let composite = composite(&Method::new());
    let full = batch(vec![
        ("city", texts(&[Some("x")])),
        ("a", floats(&[Some(1.0)])),
        ("b", floats(&[Some(1.0)])),
        ("p", floats(&[Some(1.0)])),
    ]);
    let scored = arrow::score(&composite, &full).unwrap();
    let empty = arrow::score(&composite, &full.slice(0, 0)).unwrap();
    assert_eq!((empty.num_rows(), empty.schema()), (0, scored.schema()));
    assert!(arrow::rank(&composite, "i", &[]).unwrap().is_empty());
    let ranks = arrow::rank(&composite, "i", &[empty, scored]).unwrap();
    assert_eq!(ranks.iter().map(Array::len).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(ranks[1].value(0), 1.0);
    assert_eq!(arrow::dataset(&framework(), &full.slice(0, 0)).unwrap_err().problems().len(), 1);
    assert_eq!(arrow::observations([]).unwrap().iter().count(), 0);
}

/// A score needs its own row alone: a city may stand in many, and its year in a column that is passed over.
#[test]
fn a_city_in_several_rows_is_scored_in_each() {
    let wide = batch(vec![
        ("city", texts(&[Some("x"), Some("x"), Some("y")])),
        ("year", Arc::new(Int32Array::from(vec![2000, 2010, 2000])) as ArrayRef),
        ("a", floats(&[Some(4.0), Some(6.0), Some(2.0)])),
        ("b", floats(&[Some(4.0), Some(4.0), None])),
        ("p", floats(&[Some(2.0); 3])),
    ]);
    let composite = composite(&Method::new());
    let whole = arrow::score(&composite, &wide).unwrap();
    for row in 0..3 {
        let own = arrow::score(&composite, &wide.slice(row, 1)).unwrap();
        assert_eq!(own.column(1).as_ref(), whole.column(1).slice(row, 1).as_ref());
    }
    let scores = numbers(whole.column(1));
    assert!(scores[1] > scores[0] && scores[2].is_some(), "{scores:?}");
}

/// Nodes are not confused with the columns that come with them, and a column of scores can always be null.
#[test]
fn a_node_may_be_called_like_a_column_of_the_result() {
    let framework =
        Framework::new([Node::index("node"), Node::indicator("a", "node", Direction::HigherIsBetter)]).unwrap();
    let cities = Dataset::builder(&framework, ["x", "y"]).column("a", [1.0, 2.0]).build().unwrap();
    let composite = Method::new().fit(&framework, &cities).unwrap();
    let scored = arrow::score(&composite, &batch(vec![("a", floats(&[Some(1.5), None]))])).unwrap();
    assert_eq!(numbers(&scored["node"]), [Some(50.0), None]);
    assert!(scored.schema().field(0).is_nullable());
}

#[test]
fn ranks_are_those_of_the_method_and_bad_batches_are_refused() {
    let scored = |values: &[Option<f64>]| batch(vec![("i", floats(values))]);
    let of = |method: &Method, batches: &[RecordBatch]| -> Vec<Option<f64>> {
        arrow::rank(&composite(method), "i", batches).unwrap().iter().flatten().collect()
    };
    let batches = [scored(&[Some(3.0), None, Some(5.0)]), scored(&[Some(5.0)]), scored(&[Some(4.95), Some(9.0)])];
    let method = Method::new();
    assert_eq!(of(&method, &batches), [Some(5.0), None, Some(2.0), Some(2.0), Some(4.0), Some(1.0)]);
    let dense = method.ties(Ties::Dense).tolerance(0.1);
    assert_eq!(of(&dense, &batches), [Some(3.0), None, Some(2.0), Some(2.0), Some(2.0), Some(1.0)]);
    let composite = composite(&Method::new());
    let error = arrow::rank(&composite, "j", &batches).unwrap_err().to_string();
    assert!(error.contains('j'), "{error}");
    let none = batch(vec![("k", floats(&[Some(1.0)]))]);
    let whole = batch(vec![("i", Arc::new(Int32Array::from(vec![1])) as ArrayRef)]);
    let error = arrow::rank(&composite, "i", &[batches[0].clone(), none, whole, scored(&[None, Some(f64::NAN)])]);
    let said: Vec<String> = error.unwrap_err().problems().iter().map(ToString::to_string).collect();
    let expected = [
        "record batch, line 4: the column `i` is missing",
        "record batch, line 5: the column `i` holds Int32; it must hold Float64",
        "record batch, line 7, column 1 (i): `NaN` is not a finite number",
    ];
    assert!(said.iter().zip(expected).all(|(said, expected)| said.starts_with(expected)), "{said:#?}");
    assert_eq!(said.len(), 3);
}

/// Gaps filled by groups need the attribute, in the batch as in the table of cities.
#[test]
fn an_attribute_is_a_column_of_text() {
    let composite = composite(&Method::new().imputation(Imputation::GroupMean { attribute: "land".into() }));
    let columns = |land: ArrayRef| {
        batch(vec![
            ("land", land),
            ("a", floats(&[None; 2])),
            ("b", floats(&[Some(3.0); 2])),
            ("p", floats(&[Some(1.0); 2])),
        ])
    };
    let scored = arrow::score(&composite, &columns(texts(&[Some("l"), None]))).unwrap();
    let scores = numbers(scored.column(0));
    assert!(scores[0].is_some() && scores[0] != scores[1], "{scores:?}");
    let error = arrow::score(&composite, &columns(floats(&[None; 2]))).unwrap_err().to_string();
    assert!(error.starts_with("the column `land` holds Float64; it must hold text"), "{error}");
}

/// Figures that stand beside scores are not ranked as if they were some.
#[test]
fn indicators_are_not_ranked() {
    let figures = batch(vec![("b", floats(&[Some(5.0), Some(70.0)])), ("i", floats(&[Some(0.2), Some(0.1)]))]);
    let composite = composite(&Method::new());
    let error = arrow::rank(&composite, "b", std::slice::from_ref(&figures)).unwrap_err().to_string();
    assert_eq!(error, "`b` is an indicator, and what is ranked here are the scores of an index or a measure");
    assert_eq!(arrow::rank(&composite, "i", &[figures]).unwrap()[0].values().to_vec(), [1.0, 2.0]);
}
