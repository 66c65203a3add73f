//! What is written and read again is the same, and what was damaged in between is an error and never a panic.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod common;

use common::damage::survive;
use common::{all_said, bits, for_all, for_all_methods, small_world, world};
use longspring::{
    Cities, City, Claims, Composite, Cut, Dataset, Direction, Framework, Input, Method, Node, Normalisation,
    Observation, Observations, Scores, Sources, Status, article,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

// ---- JSON

/// Stores and reads; what is read gives the same text again.
fn through_json<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).unwrap();
    let back: T = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
    back
}

#[test]
fn every_yardstick_and_result_survives_json() {
    for_all_methods(4, |world, method| {
        assert_eq!(through_json(method), *method);
        let composite = world.fit(method);
        let framework = composite.framework();
        assert_eq!(through_json(framework), *framework);
        let cities = world.dataset(framework);
        assert_eq!(through_json(&cities), cities);
        let scores = composite.score(&cities).unwrap();
        let shipped = through_json(&composite);
        assert_eq!(shipped, composite);
        assert_eq!(all_said(&shipped.score(&cities).unwrap(), &world.keys()), all_said(&scores, &world.keys()));
        assert_eq!(all_said(&through_json(&scores), &world.keys()), all_said(&scores, &world.keys()));
    });
}

#[test]
fn the_article_survives_json_with_all_provenance() {
    let (framework, known) = (article::framework(), article::observations());
    assert_eq!(through_json(&framework), framework);
    assert_eq!(through_json(&known), known);
    assert_eq!(through_json(&article::cities()), article::cities());
    assert_eq!(through_json(&article::sources()), article::sources());
    assert_eq!(through_json(&article::claims()), article::claims());
    let cut = Cut::as_of(2018).not_older_than(9).without([Status::LowReliability]);
    assert_eq!(through_json(&cut), cut);
    let cities = known.dataset(&framework, &cut).unwrap();
    assert_eq!(through_json(&cities), cities);
    let method = Method::new().exclude(["harbour_size"]).aggregation_at(0, longspring::Aggregation::Geometric);
    let method = method.normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
    assert_eq!(through_json(&method), method);
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let back = through_json(&scores);
    assert_eq!(back.dataset().cut(), Some(&cut));
    let mut cells = 0;
    for city in scores.cities() {
        for index in ["renewal", "wellbeing", "vitality"] {
            assert_eq!(back.get(city, index).unwrap(), scores.get(city, index).unwrap());
            let (own, others) = (scores.cells(city, index).unwrap(), back.cells(city, index).unwrap());
            cells += own.zip(others).inspect(|(own, other)| assert_eq!(own, other)).count();
        }
    }
    assert_eq!(cells, 39 * 17);
    assert_eq!(back.to_string(), scores.to_string());
}

fn small() -> (Framework, Dataset) {
    let framework = Framework::new([
        Node::index("i"),
        Node::measure("m", "i").weight(2.0),
        Node::indicator("x", "m", Direction::HigherIsBetter).per("p", 2.0).weight(3.0),
        Node::indicator("y", "m", Direction::LowerIsBetter).worst(9.0),
        Node::indicator("z", "i", Direction::LowerIsBetter),
        Node::context("p"),
    ])
    .unwrap();
    let known = [("a", [1.0, 5.0, 2.0, 1.0]), ("b", [2.0, 4.0, 3.0, 2.0]), ("c", [3.0, 2.0, 5.0, 1.0])];
    let known = known.iter().flat_map(|(city, values)| {
        let series = ["x", "y", "z", "p"].iter().zip(values);
        series.map(|(series, &v)| Observation::new(*city, *series, 2015, v).source("s").status(Status::Estimated))
    });
    let known = Observations::new(known.filter(|o| o.city != "b" || o.series != "z")).unwrap();
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    (framework, cities)
}

fn check_scores(scores: &Scores) {
    let mut out = Vec::new();
    scores.write_csv(&mut out).unwrap();
    assert!(!scores.to_string().is_empty() && !out.is_empty());
    for node in scores.composite().framework().nodes() {
        for score in scores.node(&node.code).unwrap().scores().flatten() {
            assert!(score.is_finite(), "{}: {score}", node.code);
        }
        for city in scores.cities() {
            let cells: Vec<_> = scores.cells(city, &node.code).unwrap().collect();
            assert!(cells.iter().all(|cell| cell.score.is_some() != cell.missing.is_some()));
        }
    }
}

#[test]
fn a_damaged_file_is_an_error_or_a_sound_value_and_never_a_panic() {
    let (framework, cities) = small();
    let (good, bad) = survive(&framework, |framework: Framework| assert!(framework.indices().count() > 0));
    assert!(good > 20 && bad > 100, "framework: {good} read, {bad} not");
    let (good, bad) = survive(&cities, |cities: Dataset| {
        for city in cities.cities() {
            for series in cities.series() {
                let cell = cities.cell(city, series).unwrap();
                assert!(cell.value.is_some() != cell.missing.is_some());
            }
        }
        if let Ok(composite) = Method::new().fit(&framework, &cities) {
            check_scores(&composite.score(&cities).unwrap());
        }
    });
    assert!(good > 100 && bad > 200, "dataset: {good} read, {bad} not");
    for normalisation in
        [Normalisation::default(), Normalisation::ZScore { mean: 100.0, sd: 10.0 }, Normalisation::PercentileRank]
    {
        let method = Method::new().normalisation(normalisation);
        let (good, bad) = survive(&method, |method: Method| {
            let _ = method.fit(&framework, &cities).map(|composite| composite.to_string());
        });
        assert!(good > 20 && bad > 50, "method: {good} read, {bad} not");
        let composite = method.fit(&framework, &cities).unwrap();
        let (good, bad) = survive(&composite, |composite: Composite| {
            assert!(!composite.to_string().is_empty());
            if let Ok(scores) = composite.score(&cities) {
                check_scores(&scores);
            }
        });
        assert!(good > 50 && bad > 500, "composite: {good} read, {bad} not");
        let scores = composite.score(&cities).unwrap();
        let (good, bad) = survive(&scores, |scores: Scores| check_scores(&scores));
        assert!(good > 50 && bad > 1000, "scores: {good} read, {bad} not");
    }
}

/// The message of reading a value in which one place was changed.
fn message<T: Serialize + DeserializeOwned + std::fmt::Debug>(value: &T, change: impl Fn(&mut Value)) -> String {
    let mut stored = serde_json::to_value(value).unwrap();
    change(&mut stored);
    serde_json::from_value::<T>(stored).unwrap_err().to_string()
}

#[test]
fn the_error_says_what_is_damaged() {
    let (framework, cities) = small();
    let composite = Method::new().fit(&framework, &cities).unwrap();
    let scores = composite.score(&cities).unwrap();

    let said = message(&framework, |f| f["nodes"][2]["parent"] = json!("n"));
    assert_eq!(said, "`x` has the parent `n`, which does not exist; did you mean `i`?");
    let said = message(&framework, |f| f["nodes"][3]["worst"] = json!("nine"));
    assert!(said.contains("invalid type: string \"nine\", expected f64"), "{said}");

    let said = message(&cities, |d| d["columns"][1]["values"] = json!([1.0, 2.0]));
    assert_eq!(said, "the stored dataset is damaged: a column is not as long as there are cities");
    let said = message(&cities, |d| d["columns"][3]["values"][0] = json!(0.0));
    assert_eq!(said, "`p` of `a` is 0; it divides `x` and must be positive");
    let said = message(&cities, |d| d["keys"][1] = json!("a"));
    assert_eq!(said, "the stored dataset is damaged: a city or series is given twice");

    // A null is what JSON makes of a NaN.
    let said = message(&composite, |c| c["leaves"][0]["scale"]["linear"]["factor"] = Value::Null);
    assert!(said.contains("invalid type: null, expected f64"), "{said}");
    let cannot = "the stored composite is damaged: a scale cannot be used";
    assert_eq!(message(&composite, |c| c["leaves"][0]["scale"]["linear"]["factor"] = json!(0.0)), cannot);
    assert_eq!(message(&composite, |c| c["leaves"][0]["scale"]["linear"]["factor"] = json!(7.0)), cannot);
    assert_eq!(message(&composite, |c| c["framework"][4]["direction"] = json!("higher")), cannot);
    let others = "the stored composite is damaged: its nodes are not those of its framework and method";
    assert_eq!(message(&composite, |c| c["inner"][0]["children"] = json!([])), others);
    assert_eq!(message(&composite, |c| c["framework"][2]["weight"] = json!(30.0)), others);
    let swap = |c: &mut Value| {
        (c["leaves"][0]["code"], c["leaves"][1]["code"]) = (json!("y"), json!("x"));
    };
    assert_eq!(message(&composite, swap), others);
    let by_rank = Method::new().normalisation(Normalisation::PercentileRank).fit(&framework, &cities).unwrap();
    let unsorted = |c: &mut Value| c["leaves"][0]["scale"]["ranked"]["sample"] = json!([2.0, 6.0, 2.0]);
    assert_eq!(message(&by_rank, unsorted), cannot);

    let said = message(&scores, |s| s["cities"] = json!(["b", "a", "c"]));
    assert_eq!(said, "the stored result is damaged: its cities are not those of its dataset");
    let said = message(&scores, |s| s["nodes"][0]["scores"][0] = json!(99.5));
    assert_eq!(said, "the stored result is damaged: a score is not what the composite gives");
    let said = message(&scores, |s| s["nodes"][0]["scores"][0] = Value::Null);
    assert_eq!(said, "the stored result is damaged: a score is not what the composite gives");
    let said = message(&scores, |s| s["nodes"][0]["scores"] = json!([1.0]));
    assert_eq!(said, "the stored result is damaged: there are not as many scores as cities");
    let said = message(&scores, |s| s["nodes"][0]["node"] = json!("x"));
    assert_eq!(said, "the stored result is damaged: its nodes are not those of its composite");
    let said = message(&scores, |s| s["composite"]["method"]["coverage"] = json!(2.0));
    assert_eq!(said, "the coverage is 2; it must be from 0 to 1");
}

/// What can be known to be wrong in a yardstick that was changed by hand.
#[test]
fn a_yardstick_that_contradicts_its_own_method_is_refused() {
    use longspring::{Aggregation, Treatment, Weighting};
    let (framework, cities) = small();
    let lost = "the stored composite is damaged: a scale is not there, or is of an indicator that no city had";
    let composite = Method::new().treatment(Treatment::winsorise(1)).fit(&framework, &cities).unwrap();
    for leaf in 0..3 {
        assert_eq!(message(&composite, |c| c["leaves"][leaf]["scale"] = Value::Null), lost);
        assert_eq!(message(&composite, |c| c["leaves"][leaf]["unknown"] = json!(true)), lost);
    }
    // Said twice, it is believed, but not of an indicator that was treated.
    let both = |c: &mut Value| {
        (c["leaves"][0]["scale"], c["leaves"][0]["unknown"]) = (Value::Null, json!(true));
    };
    assert_eq!(message(&composite, both), lost);

    let wrong = "the stored composite is damaged: what an aggregation or weighting learned cannot be used";
    let fit = |method: Method| method.fit(&framework, &cities).unwrap();
    let unit = Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 });
    for aggregation in [Aggregation::Topsis, Aggregation::Median, Aggregation::Spotis] {
        let composite = fit(unit.clone().aggregation_of("m", aggregation));
        let without = |c: &mut Value| {
            assert!(c["inner"][0].as_object_mut().unwrap().remove("learned").is_some());
        };
        assert_eq!(message(&composite, without), wrong, "{aggregation}");
    }
    let frontier = fit(unit.clone().weighting_of("m", Weighting::BenefitOfTheDoubt { shares: None }));
    assert_eq!(message(&frontier, |c| c["inner"][0]["own"] = Value::Null), wrong);
    let spotis = fit(unit.aggregation_of("m", Aggregation::Spotis));
    assert_eq!(message(&spotis, |c| c["inner"][0]["learned"]["spotis"]["high"] = json!(2.0)), wrong);

    let raw = Method::new().normalisation(Normalisation::Raw).exclude(["z"]);
    let raw = |aggregation| fit(raw.clone().aggregation_of("m", aggregation));
    let turned = |c: &mut Value, name: &str| c["inner"][0]["learned"][name]["lower"] = json!([true, true]);
    assert_eq!(message(&raw(Aggregation::MultiMoora), |c| turned(c, "multi_moora")), wrong);
    assert_eq!(message(&raw(Aggregation::Copras), |c| turned(c, "copras")), wrong);
    let marcos = raw(Aggregation::Marcos);
    for end in ["best", "worst"] {
        let turned = |c: &mut Value| {
            let value = &mut c["inner"][0]["learned"]["marcos"][end][1];
            *value = json!(-value.as_f64().unwrap());
        };
        assert_eq!(message(&marcos, turned), wrong, "{end}");
    }
}

/// A yardstick of which nobody had an indicator or a measure is stored and read as it is.
#[test]
fn what_was_never_known_may_be_missing() {
    use longspring::Aggregation;
    let (framework, cities) = small();
    let gone = ["x", "y"].iter().fold(cities, |cities, series| {
        ["a", "b", "c"].iter().fold(cities, |cities, city| cities.with_value(city, series, None).unwrap())
    });
    for aggregation in [Aggregation::Arithmetic, Aggregation::Topsis, Aggregation::Median] {
        let method = Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 });
        let composite = method.aggregation_of("m", aggregation).fit(&framework, &gone).unwrap();
        assert_eq!(through_json(&composite), composite);
        let new = Dataset::builder(&framework, ["n"]).column("x", [2.0]).column("p", [1.0]).column("z", [3.0]);
        let scores = composite.score(&new.build().unwrap()).unwrap();
        assert!(scores.score("n", "i").unwrap().is_some() && scores.score("n", "m").unwrap().is_none());
    }
}

/// Not every reader of JSON gives back the last digit of a number.
#[test]
fn a_yardstick_survives_readers_that_lose_the_last_digit() {
    let (framework, cities) = small();
    let composite = Method::new().fit(&framework, &cities).unwrap();
    let mut stored = serde_json::to_value(&composite).unwrap();
    let weight = &mut stored["inner"][1]["children"][0]["weight"];
    assert_eq!(*weight, json!(2.0 / 3.0));
    *weight = json!(2.0 / 3.0 - f64::EPSILON);
    let read: Composite = serde_json::from_value(stored).unwrap();
    assert_eq!(read, composite);
}

// ---- CSV

fn written(write: impl Fn(&mut Vec<u8>) -> longspring::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_embedded_tables_survive_csv() {
    let framework = article::framework();
    let text = written(|out| framework.write_csv(out));
    assert_eq!(Framework::read_csv(Input::text(&text, "framework.csv")).unwrap(), framework);
    let text = written(|out| article::cities().write_csv(out));
    assert_eq!(Cities::read_csv(Input::text(&text, "cities.csv")).unwrap(), article::cities());
    let text = written(|out| article::sources().write_csv(out));
    assert_eq!(Sources::read_csv(Input::text(&text, "sources.csv")).unwrap(), article::sources());
    let known = article::observations();
    let text = written(|out| known.write_csv(out));
    let read = Observations::read_csv(Input::text(&text, "observations.csv")).unwrap();
    assert_eq!(read.with_cities(article::cities()).unwrap(), known);
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let text = written(|out| cities.write_csv(out));
    let read = Dataset::read_csv(Input::text(&text, "wide.csv"), &framework).unwrap();
    for series in cities.series() {
        assert!(cities.column(series).unwrap().map(bits).eq(read.column(series).unwrap().map(bits)), "{series}");
    }
    assert_eq!(written(|out| read.write_csv(out)), text);
}

/// Texts that a table can hold: nothing that it trims, and everything that it must quote.
fn text() -> impl Strategy<Value = String> {
    const LETTERS: [&str; 18] =
        ["a", "Ł", "é", "春", "e\u{301}", ",", "\"", "'", ";", "\n", "\r\n", " ", "=", "-", "#", "0", "NA", "\t"];
    let text = prop::collection::vec(prop::sample::select(&LETTERS[..]), 0..8);
    text.prop_map(|letters| letters.concat().trim().to_owned())
}

fn name() -> impl Strategy<Value = String> {
    text().prop_filter("a name", |name| !name.is_empty())
}

fn number() -> impl Strategy<Value = f64> {
    let edges = vec![0.0, -0.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 0.1 + 0.2, 1.0 / 3.0, 1e21, 1e-7];
    let bits = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |v| v.is_finite());
    prop_oneof![1 => prop::sample::select(edges), 3 => bits]
}

#[test]
fn frameworks_survive_csv() {
    let texts = prop::collection::vec((name(), text(), text()), 15);
    for_all(60, (small_world(), texts), |(world, texts)| {
        let nodes = world.nodes(&Method::new()).into_iter().zip(texts);
        let nodes = nodes.map(|(node, (name, unit, definition))| node.name(name).unit(unit).definition(definition));
        let framework = Framework::new(nodes).unwrap();
        let text = written(|out| framework.write_csv(out));
        let read = Framework::read_csv(Input::text(&text, "framework.csv")).unwrap();
        assert_eq!(read, framework, "{text}");
        assert_eq!(read.to_string(), framework.to_string());
    });
}

#[test]
fn the_weight_of_an_index_survives_csv() {
    // It counts nowhere, but a table that is read and written keeps it.
    let nodes = [Node::index("i").weight(3.0), Node::indicator("x", "i", Direction::HigherIsBetter)];
    let framework = Framework::new(nodes).unwrap();
    let text = written(|out| framework.write_csv(out));
    assert_eq!(Framework::read_csv(Input::text(&text, "framework.csv")).unwrap(), framework);
    let nan = Framework::new([Node::index("i").weight(f64::NAN), Node::indicator("x", "i", Direction::LowerIsBetter)]);
    assert_eq!(nan.unwrap_err().to_string(), "the weight of `i` is NaN; it must be a finite number, 0 or more");
}

#[test]
fn cities_and_sources_survive_csv() {
    let city = (name(), text(), prop::option::of((-90.0..=90.0_f64, -180.0..=180.0_f64)));
    for_all(100, prop::collection::vec(city, 1..6), |rows| {
        let cities = rows.into_iter().enumerate().map(|(i, (name, country, place))| {
            let mut city = City::new(format!("{i} {name}")).name(name).attribute("river", "Yitong");
            if !country.is_empty() {
                city = city.attribute("country", country);
            }
            city.coordinates = place;
            city
        });
        let cities = Cities::new(cities).unwrap();
        let text = written(|out| cities.write_csv(out));
        assert_eq!(Cities::read_csv(Input::text(&text, "cities.csv")).unwrap(), cities, "{text}");
    });
    for_all(100, prop::collection::vec((name(), text(), text()), 1..6), |rows| {
        let rows: Vec<Value> = rows
            .iter()
            .enumerate()
            .map(|(i, (title, publisher, note))| {
                json!({"key": format!("{i}{title}"), "title": title, "publisher": publisher, "note": note})
            })
            .collect();
        let sources: Sources = serde_json::from_value(rows.into()).unwrap();
        let text = written(|out| sources.write_csv(out));
        assert_eq!(Sources::read_csv(Input::text(&text, "sources.csv")).unwrap(), sources, "{text}");
    });
}

#[test]
fn figures_survive_csv_to_the_last_bit() {
    let status = prop::sample::select(&Status::ALL[..]);
    let row = (name(), name(), prop::option::weighted(0.9, number()), status, text(), text());
    for_all(200, prop::collection::vec(row, 1..8), |rows| {
        let rows = rows.into_iter().zip(1950..).map(|((city, series, value, status, source, note), year)| {
            Observation::new(city, series, year, value).status(status).source(source).note(note)
        });
        let known = Observations::new(rows).unwrap();
        let text = written(|out| known.write_csv(out));
        let read = Observations::read_csv(Input::text(&text, "observations.csv")).unwrap();
        assert_eq!(read, known, "{text}");
        assert!(read.iter().map(|o| bits(o.value)).eq(known.iter().map(|o| bits(o.value))));
        assert_eq!(through_json(&known), known);
    });
}

#[test]
fn a_wide_table_survives_csv_to_the_last_bit() {
    let framework = Framework::new([
        Node::index("i"),
        Node::indicator("x", "i", Direction::HigherIsBetter),
        Node::indicator("y, \"quoted\"", "i", Direction::HigherIsBetter).per("p", 1.0),
        Node::context("p"),
    ])
    .unwrap();
    let row = (name(), prop::option::of(number()), prop::option::of(number()), prop::option::of(number()));
    for_all(200, prop::collection::vec(row, 1..8), |rows| {
        let keys: Vec<String> = rows.iter().enumerate().map(|(i, row)| format!("{i}{}", row.0)).collect();
        let cities = Dataset::builder(&framework, &keys)
            .column("x", rows.iter().map(|row| row.1))
            .column("y, \"quoted\"", rows.iter().map(|row| row.2))
            .column("p", rows.iter().map(|row| row.3.map(f64::abs).filter(|&d| d > 0.0)))
            .build()
            .unwrap();
        let names = cities.cities().map(|key| City::new(key).name(format!("Name of {key}"))).collect::<Vec<_>>();
        for cities in [cities.clone(), cities.with_cities(&Cities::new(names).unwrap()).unwrap()] {
            let text = written(|out| cities.write_csv(out));
            let read = Dataset::read_csv(Input::text(&text, "wide.csv"), &framework).unwrap();
            assert_eq!(read, cities, "{text}");
            for series in cities.series() {
                assert!(cities.column(series).unwrap().map(bits).eq(read.column(series).unwrap().map(bits)), "{text}");
            }
            assert_eq!(through_json(&cities), cities);
        }
    });
}

/// The CSV of a result says what the result says, in full.
#[test]
fn scores_as_csv_say_what_the_scores_say() {
    for_all(20, world(2..=9, Just(30)), |world| {
        let scores = world.score(&Method::new());
        let text = written(|out| scores.write_csv(out));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut rows = 0;
        for row in reader.deserialize() {
            let row: std::collections::BTreeMap<String, String> = row.unwrap();
            let standing = scores.get(&row["city"], &row["node"]).unwrap();
            let number = |column: &str| row[column].parse::<f64>().ok();
            assert_eq!(bits(number("score")), bits(standing.score));
            assert_eq!(number("rank"), standing.rank);
            assert_eq!(row["ranked"], standing.ranked.to_string());
            assert_eq!(format!("{}/{}", row["have"], row["of"]), standing.coverage.to_string());
            assert_eq!(row["flags"], standing.flags.to_string());
            assert_eq!(row["missing"], standing.missing.map_or_else(String::new, |m| m.to_string()));
            rows += 1;
        }
        assert_eq!(rows, world.len() * common::nodes().count());
    });
}

/// Claims can be stored too; they have no writer of CSV.
#[test]
fn claims_survive_json_with_their_tests() {
    let claims = article::claims();
    let read: Claims = through_json(&claims);
    assert!(read.iter().map(|claim| &claim.test).eq(claims.iter().map(|claim| &claim.test)));
    assert_eq!(read.get("C12").unwrap(), claims.get("C12").unwrap());
}
