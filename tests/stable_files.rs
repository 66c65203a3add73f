//! Stored frameworks, methods, composites and scores: what this version writes is in `tests/golden/`, to the byte, and what the
//! version before the number of the format wrote is in `tests/golden/unversioned/` and still read.
//!
//! A change of the written form is a change of these files: then the number of the format goes up, the old files stay as a
//! further folder, and the tests below read them too. The composite and scores are made by methods that need no logarithm or
//! power, so that every machine gives the same digits.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod common;

use std::path::{Path, PathBuf};

use common::damage::survive;

use longspring::{
    Aggregation, Composite, Cut, Dataset, Denomination, Direction, Framework, Imputation, Input, Lambda, Method, Node,
    Normalisation, Observations, Outside, Scores, Screening, Shift, Ties, Treatment, WeightSet, Weighting,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Two levels, a ragged branch, a denominator, goalposts, a target, and weights that are not 1.
fn framework() -> Framework {
    Framework::new([
        Node::index("renewal").name("Renewal"),
        Node::measure("industry", "renewal").weight(2.0),
        Node::indicator("output", "industry", Direction::HigherIsBetter).unit("USD").per("population", 1000.0),
        Node::indicator("patents", "industry", Direction::HigherIsBetter).weight(0.5).target(40.0),
        Node::measure("environment", "renewal"),
        Node::indicator("pm25", "environment", Direction::LowerIsBetter).unit("ug/m3").worst(75.0).best(5.0),
        Node::indicator("green", "environment", Direction::HigherIsBetter),
        Node::indicator("access", "renewal", Direction::HigherIsBetter),
        Node::context("population"),
    ])
    .unwrap()
}

/// Six cities, with gaps, years, statuses and sources.
fn cities(framework: &Framework) -> Dataset {
    let rows = "city,indicator,year,value,status,source,note\n\
        alma,output,2020,1200,A,s1,\nalma,population,2020,300,A,s1,\nalma,patents,2019,12,E,s2,counted by hand\n\
        alma,pm25,2020,31,A,s1,\nalma,green,2020,20,A,s1,\nalma,access,2020,0.4,A,s1,\n\
        brno,output,2020,900,A,s1,\nbrno,population,2020,400,A,s1,\nbrno,patents,2020,33,A,s2,\n\
        brno,pm25,2020,17,A,s1,\nbrno,green,2020,35,U,s1,\nbrno,access,2018,0.7,A,s1,\n\
        cork,output,2020,2500,A,s1,\ncork,population,2020,200,A,s1,\ncork,patents,2020,20,A,s2,\n\
        cork,pm25,2020,8,A,s1,\ncork,green,2020,41,A,s1,\ncork,access,2020,0.9,A,s1,\n\
        dole,output,2020,700,P,s1,\ndole,population,2020,350,A,s1,\ndole,pm25,2020,25,A,s1,\n\
        dole,green,2020,28,A,s1,\ndole,access,2020,0.5,A,s1,\n\
        eger,output,2020,1500,A,s1,\neger,population,2020,500,A,s1,\neger,patents,2020,8,A,s2,\n\
        eger,pm25,2020,22,A,s1,\neger,access,2020,0.6,A,s1,\n\
        faro,pm25,2020,12,A,s1,\n";
    let known = Observations::read_csv(Input::text(rows, "observations.csv")).unwrap();
    known.dataset(framework, &Cut::latest()).unwrap()
}

/// One choice of every step that has parameters.
fn method() -> Method {
    let weights = WeightSet::new("planners", [("industry", 3.0), ("environment", 1.0)]).unwrap();
    Method::new()
        .exclude(["access"])
        .screening(Screening::new().cities_available(0.5).keep_cities(["faro"]).indicators_nonzero(0.1))
        .denomination(Denomination::Framework)
        .imputation(Imputation::NearestCities { k: 2 })
        .treatment(Treatment::winsorise_or_log(3))
        .treatment_of("green", Treatment::BoxCox { lambda: Lambda::Given(0.5), shift: Shift::ToOne })
        .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
        .normalisation_of("patents", Normalisation::DistanceToTarget { full: 100.0, beyond: Outside::Clip })
        .outside(Outside::Clip)
        .weighting_at(0, Weighting::Set(weights))
        .weighting_of("industry", Weighting::BenefitOfTheDoubt { shares: Some((0.1, 0.9)) })
        .aggregation_at(0, Aggregation::Power { exponent: 0.5 })
        .aggregation_of("environment", Aggregation::Geometric)
        .coverage(0.6)
        .ties(Ties::Dense)
        .tolerance(1e-9)
}

/// Learned scales, weights, a filler and an aggregation with a state; square roots at most.
fn composite() -> Composite {
    let framework = framework();
    Method::new()
        .imputation(Imputation::Median)
        .normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
        .weighting_of("industry", Weighting::Critic)
        .aggregation_at(0, Aggregation::Topsis)
        .fit(&framework, &cities(&framework))
        .unwrap()
}

/// The same cities without imputation, so that some have no score, and say why.
fn scores() -> Scores {
    let framework = framework();
    let cities = cities(&framework);
    Method::new().coverage(0.6).fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn pretty<T: Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

/// Written: the golden file, to the byte. Where it is not, what was written is left beside the other files of the build.
fn check_written<T: Serialize>(name: &str, value: &T) {
    let text = pretty(value);
    if std::fs::read_to_string(golden(name)).ok().as_deref() != Some(&text) {
        let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.replace('/', "-"));
        std::fs::write(&beside, &text).unwrap();
        panic!("{name} is not what is written now; that is in {}", beside.display());
    }
}

/// What was read: from the numbered file, and from the one of before.
fn read_both<T: DeserializeOwned>(name: &str) -> [T; 2] {
    [format!("{name}.json"), format!("unversioned/{name}.json")]
        .map(|file| serde_json::from_str(&read(&file)).unwrap_or_else(|error| panic!("{file}: {error}")))
}

#[test]
fn a_framework_is_read_and_written_as_ever() {
    check_written("framework.json", &framework());
    for stored in read_both::<Framework>("framework") {
        assert_eq!(stored, framework());
        assert_eq!(pretty(&stored), read("framework.json"));
    }
}

#[test]
fn a_method_is_read_and_written_as_ever() {
    check_written("method.json", &method());
    for stored in read_both::<Method>("method") {
        assert_eq!(stored, method());
        assert_eq!(stored.to_string(), method().to_string());
        assert_eq!(pretty(&stored), read("method.json"));
    }
}

#[test]
fn a_composite_is_read_and_written_as_ever() {
    let composite = composite();
    check_written("composite.json", &composite);
    let cities = cities(&framework());
    for stored in read_both::<Composite>("composite") {
        assert_eq!(stored, composite);
        assert_eq!(pretty(&stored), read("composite.json"));
        let (own, others) = (composite.score(&cities).unwrap(), stored.score(&cities).unwrap());
        assert_eq!(pretty(&own), pretty(&others));
    }
}

#[test]
fn scores_are_read_and_written_as_ever() {
    let scores = scores();
    check_written("scores.json", &scores);
    for stored in read_both::<Scores>("scores") {
        assert_eq!(pretty(&stored), read("scores.json"));
        for city in scores.cities() {
            for node in framework().nodes().map(|node| &node.code).filter(|code| *code != "population") {
                assert_eq!(stored.get(city, node).unwrap(), scores.get(city, node).unwrap(), "{city}, {node}");
            }
        }
    }
}

/// The files say something: gaps, ranks and a reason are in them, and what is inside of another has no number of its own.
#[test]
fn the_number_stands_first_and_once() {
    for name in ["framework", "method", "composite", "scores"] {
        let text = read(&format!("{name}.json"));
        assert!(text.starts_with("{\n  \"format\": 1,\n"), "{name}");
        assert_eq!(text.matches("\"format\"").count(), 1, "{name}");
        assert!(!read(&format!("unversioned/{name}.json")).contains("\"format\""), "{name}");
    }
    let scores = scores();
    assert_eq!(scores.score("faro", "renewal").unwrap(), None);
    assert!(scores.rank("cork", "renewal").unwrap() == Some(1.0));
    let weights: Vec<f64> = composite().weights("industry").unwrap().map(|(_, weight)| weight).collect();
    assert!(weights.iter().all(|&w| w > 0.0 && w != 0.5), "{weights:?}");
}

fn refusal<T: DeserializeOwned>(value: Value) -> String {
    match serde_json::from_value::<T>(value) {
        Ok(_) => panic!("it should have been refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_newer_form_is_refused_by_its_number_and_an_older_one_read() {
    let stored = |name: &str, format: Value| {
        let mut value: Value = serde_json::from_str(&read(&format!("{name}.json"))).unwrap();
        value["format"] = format;
        value
    };
    let newer = "written by a newer version, in format 3; this one reads up to format 1";
    assert_eq!(refusal::<Framework>(stored("framework", json!(3))), newer);
    assert_eq!(refusal::<Method>(stored("method", json!(3))), newer);
    assert_eq!(refusal::<Composite>(stored("composite", json!(3))), newer);
    assert_eq!(refusal::<Scores>(stored("scores", json!(3))), newer);
    // Read as text the number comes first, before what this version cannot know.
    let text = r#"{"format": 2, "sorcery": {"level": 9}}"#;
    for error in [
        serde_json::from_str::<Framework>(text).unwrap_err(),
        serde_json::from_str::<Method>(text).unwrap_err(),
        serde_json::from_str::<Composite>(text).unwrap_err(),
        serde_json::from_str::<Scores>(text).unwrap_err(),
    ] {
        assert!(error.to_string().starts_with("written by a newer version, in format 2"), "{error}");
    }
    for format in [json!("1"), json!(-1), json!(1.5), json!(null)] {
        assert!(!refusal::<Composite>(stored("composite", format)).is_empty());
    }
    // 0 is a way to say that there is none.
    let old: Composite = serde_json::from_value(stored("composite", json!(0))).unwrap();
    assert_eq!(old, composite());
}

#[test]
fn a_method_by_hand_needs_no_number() {
    let stored: Method = serde_json::from_str(r#"{"coverage": 0.6}"#).unwrap();
    assert_eq!(stored, Method::new().coverage(0.6));
    let error = serde_json::from_str::<Method>(r#"{"format": 1, "cover": 0.6}"#).unwrap_err();
    assert!(error.to_string().starts_with("unknown field `cover`"), "{error}");
    assert_eq!(format!("{:?}", Method::new().coverage(0.6)), format!("{stored:?}"));
}

/// A score is a finite number or none, whatever was changed in the file that gave it.
fn check_scores(scores: &Scores) {
    for node in scores.composite().framework().nodes() {
        assert!(scores.node(&node.code).unwrap().scores().flatten().all(f64::is_finite), "{}", node.code);
    }
    assert!(!scores.to_string().is_empty());
}

/// Every value of every golden file taken out, put elsewhere, turned over or made another: an error or a sound value, never a
/// panic, and never a score that is not finite.
#[test]
fn damaged_golden_files_are_refused_or_sound() {
    let (framework, cities) = (framework(), cities(&framework()));
    let mut counts = Vec::new();
    counts.push(survive(&framework, |read: Framework| {
        if let Ok(composite) = Method::new().fit(&read, &cities) {
            check_scores(&composite.score(&cities).unwrap());
        }
    }));
    counts.push(survive(&method(), |read: Method| {
        if let Ok(composite) = read.fit(&framework, &cities) {
            check_scores(&composite.score(&cities).unwrap());
        }
    }));
    counts.push(survive(&composite(), |read: Composite| check_scores(&read.score(&cities).unwrap())));
    counts.push(survive(&scores(), |read: Scores| check_scores(&read)));
    for imputation in [
        Imputation::MeasureMean,
        Imputation::NearestCities { k: 2 },
        Imputation::Regression,
        Imputation::ExpectationMaximisation { iterations: 50, tolerance: 1e-6 },
    ] {
        let method =
            Method::new().imputation(imputation).treatment(Treatment::winsorise_or_log(3)).exclude(["patents"]);
        let learned = method.fit(&framework, &cities).unwrap();
        counts.push(survive(&learned, |read: Composite| {
            if let Ok(scores) = read.score(&cities) {
                check_scores(&scores);
            }
        }));
    }
    assert!(counts.iter().all(|&(good, bad)| good > 10 && bad > 200), "{counts:?}");
}

/// What a composite learned and lost is not what was never there: such a file would score quietly on another yardstick.
#[test]
fn a_composite_that_lost_what_it_learned_is_refused() {
    let framework = framework();
    let cities = cities(&framework);
    let refused = |composite: &Composite, said: &str, change: &dyn Fn(&mut Value)| {
        let mut value = serde_json::to_value(composite).unwrap();
        change(&mut value);
        let said = format!("the stored composite is damaged: {said}");
        assert_eq!(refusal::<Composite>(value), said);
    };
    let filler = "an imputation is not there or cannot be used";
    let take = |name: &'static str| move |c: &mut Value| drop(c.as_object_mut().unwrap().remove(name).unwrap());
    for (imputation, other) in [
        (Imputation::Median, Imputation::MeasureMean),
        (Imputation::MeasureMean, Imputation::NearestCities { k: 2 }),
        (Imputation::NearestCities { k: 2 }, Imputation::Regression),
        (Imputation::Regression, Imputation::Mean),
    ] {
        let of = |imputation| Method::new().imputation(imputation).fit(&framework, &cities).unwrap();
        let (composite, other) = (of(imputation), of(other));
        refused(&composite, filler, &take("filler"));
        let other = serde_json::to_value(other).unwrap()["filler"].clone();
        refused(&composite, filler, &|c| c["filler"] = other.clone());
    }
    let treated =
        Method::new().treatment(Treatment::Log).treatment_of("pm25", Treatment::None).fit(&framework, &cities).unwrap();
    assert!(treated.treated().count() > 3);
    let treatment = "a treatment cannot be used";
    refused(&treated, treatment, &|c| drop(c["leaves"][0].as_object_mut().unwrap().remove("curve").unwrap()));
    refused(&treated, treatment, &take("treated"));
    // A name that is not known is a slip, and what it was meant to be would be missing.
    let mut misspelt = serde_json::to_value(composite()).unwrap();
    misspelt["filler_"] = misspelt["filler"].take();
    assert!(refusal::<Composite>(misspelt).starts_with("unknown field `filler_`"));
    for place in ["/leaves/0", "/inner/0", "/inner/0/children/0"] {
        let mut more = serde_json::to_value(&treated).unwrap();
        more.pointer_mut(place).unwrap()["more"] = json!(1);
        assert!(refusal::<Composite>(more).starts_with("unknown field `more`"), "{place}");
    }
    for place in ["", "/nodes/0", "/dataset", "/dataset/columns/0"] {
        let mut more = serde_json::to_value(scores()).unwrap();
        more.pointer_mut(place).unwrap()["more"] = json!(1);
        assert!(refusal::<Scores>(more).starts_with("unknown field `more`"), "{place}");
    }
}
