//! Fits and summaries that were stored and changed.

use longspring::{Dataset, Imputation, Method, Normalisation, PartialFit, Summary, Weighting};
use serde_json::{Value, json};

use super::common::damage::survive;
use super::{framework, halves, in_parts, small, stored};

/// What was stored and changed is an error or a sound value, and never a panic.
#[test]
fn damaged_summaries_are_refused() {
    let (framework, rows) = small();
    let [a, _] = halves(&framework, &rows);
    let fit = Method::new().normalisation(Normalisation::Vector).fit_in_parts(&framework).unwrap();
    let good = serde_json::to_value(fit.summarise(&a).unwrap()).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = good.clone();
        change(&mut value);
        serde_json::from_value::<Summary>(value).map(|summary| fit.clone().learn(&summary))
    };
    assert!(changed(&|_| ()).unwrap().is_ok());
    assert!(changed(&|s| s["indicators"][0]["ends"] = Value::Null).unwrap().is_err());
    assert!(changed(&|s| s["indicators"] = json!([])).unwrap().is_err());
    assert!(changed(&|s| s["indicators"][0]["known"] = u64::MAX.into()).unwrap().is_err());
    assert!(changed(&|s| s["indicators"][0]["sum"]["first"] = i32::MIN.into()).is_err());
    assert!(changed(&|s| s["indicators"][0]["sum"]["digits"] = vec![1_i64; 100_000].into()).is_err());
    assert!(changed(&|s| s["fit"] = 1.into()).unwrap().is_err());
    assert!(changed(&|s| s["stage"] = "done".into()).unwrap().is_err());
}

/// A method that takes every pass.
fn method() -> Method {
    Method::new()
        .screening(longspring::Screening::new().indicators_available(0.5).cities_available(0.5))
        .imputation(Imputation::GroupMean { attribute: "region".into() })
        .normalisation(Normalisation::ZScore { mean: 100.0, sd: 10.0 })
        .weighting_of("industry", Weighting::Critic)
        .weighting_of("renewal", Weighting::StandardDeviation)
}

/// Every pass of a fit with what its parts say.
fn passes(parts: &[Dataset]) -> Vec<(PartialFit, Vec<Summary>)> {
    let mut fit = method().fit_in_parts(&framework()).unwrap();
    let mut all = Vec::new();
    while !fit.is_done() {
        let said: Vec<Summary> = parts.iter().map(|part| fit.summarise(part).unwrap()).collect();
        all.push((fit.clone(), said.clone()));
        fit = fit.learn(&Summary::merge(said).unwrap()).unwrap();
    }
    all.push((fit, Vec::new()));
    all
}

/// A composite from what was damaged scores with finite numbers, or not at all.
fn check(fit: PartialFit, cities: &Dataset) {
    let Ok(composite) = fit.composite() else { return };
    let scores = composite.score(cities).unwrap();
    for node in composite.framework().nodes() {
        assert!(scores.node(&node.code).unwrap().scores().flatten().all(f64::is_finite), "{}", node.code);
    }
}

#[test]
fn a_damaged_fit_or_summary_is_an_error_or_a_sound_value_and_never_a_panic() {
    let (framework, rows) = small();
    let parts = halves(&framework, &rows);
    let whole = parts[0].join(&parts[1]).unwrap();
    let passes = passes(&parts);
    assert_eq!(passes.len(), 7);
    let mut read = 0;
    for (fit, said) in &passes {
        let (good, bad) = survive(fit, |fit| {
            if let Ok(learned) = fit.summarise(&whole).and_then(|summary| fit.learn(&summary)) {
                check(learned, &whole);
            }
        });
        assert!(good > 20 && bad > 300, "fit: {good} read, {bad} not");
        for own in said {
            let (good, bad) = survive(own, |own| {
                let other = said.iter().find(|other| **other != own).unwrap_or(&said[0]).clone();
                for all in [[own.clone(), other.clone()], [other.clone(), own.clone()]] {
                    if let Ok(learned) = Summary::merge(all).and_then(|all| fit.clone().learn(&all)) {
                        check(learned, &whole);
                    }
                }
            });
            assert!(bad > 20, "summary: {good} read, {bad} not");
            read += good;
        }
    }
    assert!(read > 200, "{read}");
}

/// What was cut short must not pass for a part that has less to say.
#[test]
fn a_summary_that_lost_a_piece_is_not_merged() {
    let (framework, rows) = small();
    let parts = halves(&framework, &rows);
    let refused = |pass: usize, change: &dyn Fn(&mut Value)| {
        let (fit, said) = &passes(&parts)[pass];
        let mut value = serde_json::to_value(&said[1]).unwrap();
        change(&mut value);
        let cut: Summary = serde_json::from_value(value).unwrap();
        for pair in [[said[0].clone(), cut.clone()], [cut, said[0].clone()]] {
            assert!(Summary::merge(pair).and_then(|all| fit.clone().learn(&all)).is_err(), "pass {pass}");
        }
    };
    refused(1, &|s| drop(s["groups"]["north"]["indicators"].as_array_mut().unwrap().pop()));
    refused(1, &|s| drop(s["indicators"].as_array_mut().unwrap().pop()));
    let first = |s: &Value| s["nodes"].as_object().unwrap().keys().next().unwrap().clone();
    for pass in [3, 4] {
        refused(pass, &|s| {
            let name = first(s);
            drop(s["nodes"][&name].as_object_mut().unwrap().remove("together"));
        });
        refused(pass, &|s| {
            let name = first(s);
            drop(s["nodes"][&name]["together"]["products"].as_array_mut().unwrap().pop());
        });
        refused(pass, &|s| {
            let name = first(s);
            drop(s["nodes"][&name]["together"]["columns"].as_array_mut().unwrap().pop());
        });
    }
}

#[test]
fn a_fit_that_contradicts_its_next_pass_is_refused() {
    let (framework, rows) = small();
    let passes = passes(&halves(&framework, &rows));
    let wrong = "the stored fit in parts is damaged: its next pass is not that of what it has learned";
    let refused = |pass: usize, stage: Value| {
        let mut value = serde_json::to_value(&passes[pass].0).unwrap();
        value["stage"] = stage;
        assert_eq!(serde_json::from_value::<PartialFit>(value).unwrap_err().to_string(), wrong);
    };
    refused(0, json!("done"));
    refused(0, json!({ "nodes": u64::MAX }));
    refused(0, json!("scales"));
    refused(2, json!("screening"));
    refused(3, json!("filling"));
    refused(3, json!({ "nodes": 2 }));
    // Another form is refused by its number.
    let mut value = serde_json::to_value(&passes[0].0).unwrap();
    value["format"] = json!(9);
    assert!(serde_json::from_value::<PartialFit>(value).unwrap_err().to_string().contains("in format 9"));
    let mut value = serde_json::to_value(&passes[0].1[0]).unwrap();
    value["format"] = json!(9);
    assert!(serde_json::from_value::<Summary>(value).unwrap_err().to_string().contains("in format 9"));
}

/// The same method over other cities has learned other things: its summaries are of another fit.
#[test]
fn summaries_of_a_fit_that_learned_other_things_are_refused() {
    let (framework, mut rows) = small();
    rows[1][1] = None;
    let mut others = rows.clone();
    others[2][1] = Some(90.0);
    let first = |method: &Method, rows: &[Vec<Option<f64>>], passes: usize| {
        let parts = halves(&framework, rows);
        let mut fit = method.fit_in_parts(&framework).unwrap();
        for _ in 0..passes {
            let said = parts.iter().map(|part| fit.summarise(part)).collect::<Result<Vec<_>, _>>().unwrap();
            fit = fit.learn(&Summary::merge(said).unwrap()).unwrap();
        }
        let summary = fit.summarise(&parts[0]).unwrap();
        (fit, summary)
    };
    // Other means fill the gaps, though nothing else was learned yet; and other weights under the same scales.
    let means = Method::new().imputation(Imputation::Mean);
    let goalposts = Normalisation::Scaled { low: 0.0, high: 100.0, full: 100.0 };
    let weights = Method::new()
        .normalisation(goalposts)
        .weighting_of("industry", Weighting::Critic)
        .weighting_of("renewal", Weighting::StandardDeviation);
    for (method, passes) in [(means, 1), (weights, 2)] {
        let ((fit, own), (_, other)) = (first(&method, &rows, passes), first(&method, &others, passes));
        assert!(fit.clone().learn(&own).is_ok());
        let error = fit.learn(&other).unwrap_err().to_string();
        assert!(error.contains("the summary is not of this fit"), "{method}{error}");
        let error = Summary::merge([own, other]).unwrap_err().to_string();
        assert!(error.contains("another fit"), "{error}");
    }
    let parts = halves(&framework, &rows);
    let fitted = method().fit(&framework, &parts[0].join(&parts[1]).unwrap()).unwrap();
    super::near(&stored(&in_parts(&method(), &framework, &parts, false).unwrap()), &stored(&fitted), "");
}
