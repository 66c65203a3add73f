//! Lessons from a model city.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use longspring::{
    Aggregation, Cut, Dataset, Direction, Framework, Lessons, LessonsReport, Method, Node, Normalisation, Observation,
    Observations, Scores, Speed, article,
};

fn scores(method: &Method) -> Scores {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

#[test]
fn leads_add_up_under_every_mean_for_every_pair_of_named_cities() {
    let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
    for aggregation in [
        Aggregation::Arithmetic,
        Aggregation::Geometric,
        Aggregation::Harmonic,
        Aggregation::Power { exponent: 2.0 },
        Aggregation::Minimum,
    ] {
        let scores = scores(&Method::new().normalisation(scale.clone()).aggregation(aggregation));
        for learner in ["detroit", "sheffield", "togliatti", "changchun"] {
            for model in ["ulsan", "changchun", "baltimore"] {
                if learner == model {
                    continue;
                }
                let report = Lessons::new(learner).from(model).of(&scores, "renewal").unwrap();
                let parts: f64 = report.lead.children().filter_map(|part| part.gap).sum();
                assert!((parts - report.gap).abs() <= 1e-12 * 100.0, "{report}");
                assert_eq!(report.lead, scores.compare(model, learner, "renewal").unwrap());
                assert_eq!(report.lead.children().count(), 4);
                // Every step is verified here anew, cumulated, and the last is at least as good as the first.
                let mut cities = scores.dataset().clone();
                for step in &report.steps {
                    for (indicator, figure) in &step.raised {
                        cities = cities.with_value(learner, indicator, *figure).unwrap();
                    }
                    let again = scores.composite().score(&cities).unwrap();
                    assert_eq!(again.score(learner, "renewal").unwrap(), step.score);
                    assert_eq!(again.rank(learner, "renewal").unwrap(), step.rank);
                    assert!(step.score >= step.alone);
                }
                let mut level = report.score;
                for stop in &report.path {
                    assert!(stop.score > level && stop.score <= report.model_score);
                    level = stop.score;
                }
                assert_eq!(
                    report.path.last().map(|w| w.city.as_str()),
                    (report.gap > 0.0).then_some(model),
                    "{report}"
                );
                assert_eq!(
                    serde_json::from_str::<LessonsReport>(&serde_json::to_string(&report).unwrap()).unwrap(),
                    report
                );
            }
        }
    }
}

/// Two measures of one indicator each, scores from 0 to 100 between goalposts 0 and 10. `low` has 20 and 40, `mid` 50 and 40,
/// `high` 80 and 60.
fn by_hand() -> (Framework, Scores) {
    let node =
        |code: &str, parent: &str| Node::indicator(code, parent, Direction::HigherIsBetter).worst(0.0).best(10.0);
    let framework = Framework::new([
        Node::index("top"),
        Node::measure("m", "top").weight(3.0),
        Node::measure("n", "top").weight(1.0),
        node("x", "m"),
        node("y", "n"),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["low", "high", "mid"])
        .column("x", [2.0, 8.0, 5.0])
        .column("y", [4.0, 6.0, 4.0])
        .build()
        .unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    (framework, scores)
}

#[test]
fn a_calculation_by_hand() {
    let (_, scores) = by_hand();
    // x over five years: low 0, 0.5, 1, 1.5, 2 (0.5 a year), high twice that, mid falling; y of low stands still, of high three years.
    let mut figures = Vec::new();
    for (i, year) in (2010..2015).enumerate() {
        let t = i as f64;
        figures.push(Observation::new("low", "x", year, 0.5 * t));
        figures.push(Observation::new("high", "x", year, t));
        figures.push(Observation::new("mid", "x", year, 9.0 - t));
        figures.push(Observation::new("low", "y", year, 4.0));
        if i < 3 {
            figures.push(Observation::new("high", "y", year, 4.0 + t));
        }
    }
    let panel = Observations::new(figures).unwrap();
    let report = Lessons::new("low").from("high").speeds(&panel).of(&scores, "top").unwrap();
    // The gap: 0.75 (80 - 20) + 0.25 (60 - 40) = 45 + 5.
    assert!((report.gap - 50.0).abs() < 1e-12 && (report.lead.get("m").unwrap().gap.unwrap() - 45.0).abs() < 1e-12);
    assert!((report.lead.get("n").unwrap().gap.unwrap() - 5.0).abs() < 1e-12);
    // First m: 25 + 45 = 70, second; then n: 75, level with `high`.
    let steps: Vec<(&str, f64, f64)> =
        report.steps.iter().map(|s| (s.child.as_str(), s.score.unwrap(), s.rank.unwrap())).collect();
    assert_eq!(steps, [("m", 70.0, 2.0), ("n", 75.0, 1.0)]);
    assert_eq!(report.steps[1].alone, Some(30.0));
    // x from 2 to 8 at 0.5 a year takes 12 years, at 1 a year 6. y does not move, and nobody's series is long enough.
    let Speed::Towards { per_year, years } = report.paces[0].own else { panic!("{report}") };
    assert_eq!((per_year, years), (0.5, 12.0));
    let fast = report.paces[0].fastest.as_ref().unwrap();
    assert_eq!((fast.city.as_str(), fast.years), ("high", 6.0));
    assert_eq!((&report.paces[1].own, &report.paces[1].fastest), (&Speed::Still, &None));
    // Weights 0.75 and 0.25: mid is sqrt(0.75 * 30^2) from low, high sqrt(0.75 * 60^2 + 0.25 * 20^2); from mid high is
    // sqrt(0.75 * 30^2 + 0.25 * 20^2).
    let path: Vec<(&str, f64)> = report.path.iter().map(|w| (w.city.as_str(), w.distance)).collect();
    assert_eq!((path[0].0, path[1].0, path.len()), ("mid", "high", 2));
    assert!((path[0].1 - 675_f64.sqrt()).abs() < 1e-12 && (path[1].1 - 775_f64.sqrt()).abs() < 1e-12);
    assert_eq!(report.no_path, None);

    let away = Lessons::new("mid").from("high").speeds(&panel).of(&scores, "top").unwrap();
    assert_eq!(away.paces[0].own, Speed::Away { per_year: -1.0 });
    assert_eq!(away.paces[1].own, Speed::TooShort { years: 0 });
}

#[test]
fn the_order_of_cities_does_not_matter() {
    let scores = scores(&Method::new());
    let turned: Vec<&str> = scores.cities().collect::<Vec<_>>().into_iter().rev().collect();
    let cities = scores.dataset().select(turned).unwrap();
    let again = scores.composite().score(&cities).unwrap();
    let known = article::observations();
    let ask = Lessons::new("sheffield").from("baltimore").speeds(&known);
    assert_eq!(ask.of(&scores, "renewal").unwrap(), ask.of(&again, "renewal").unwrap());
}

#[test]
fn a_model_behind_is_said_and_bad_questions_are_refused() {
    let (_, scores) = by_hand();
    let report = Lessons::new("high").from("low").of(&scores, "top").unwrap();
    assert!(report.gap < 0.0 && report.steps.is_empty() && report.path.is_empty());
    assert!(report.to_string().contains("low does not lead"), "{report}");
    let says = |lessons: Lessons<'_>, node: &str, words: &str| {
        let error = lessons.of(&scores, node).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    says(Lessons::new("low").from("low"), "top", "name another city");
    says(Lessons::new("lowe").from("high"), "top", "did you mean `low`");
    says(Lessons::new("low"), "top", "no city `changchun`");
    says(Lessons::new("low").from("high"), "tip", "did you mean `top`");
    says(Lessons::new("low").from("high"), "x", "be split");
}

#[test]
fn what_is_left_alone_is_what_one_of_the_two_lacks() {
    let scores = scores(&Method::new());
    let report = Lessons::new("sheffield").from("ulsan").of(&scores, "renewal").unwrap();
    let mut lacking: Vec<String> = Vec::new();
    for (own, theirs) in scores.cells("sheffield", "renewal").unwrap().zip(scores.cells("ulsan", "renewal").unwrap()) {
        if own.score.is_none() || theirs.score.is_none() {
            lacking.push(own.indicator.to_owned());
        }
    }
    assert!(lacking.contains(&"rd_intensity".to_owned()));
    assert_eq!(report.left_alone.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>(), lacking);
    assert!(report.steps.iter().flat_map(|step| &step.raised).all(|(code, _)| !lacking.contains(code)));
    assert!(report.to_string().contains("left alone, for one of them has no figure: R&D intensity"), "{report}");
}

#[test]
fn the_lead_takes_any_number_of_children_and_scores_on_no_common_scale() {
    let mut nodes = vec![Node::index("top"), Node::context("people")];
    let codes: Vec<String> = (0..20).map(|j| format!("x{j}")).collect();
    nodes
        .extend(codes.iter().map(|code| Node::indicator(code, "top", Direction::HigherIsBetter).per("people", 1000.0)));
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, ["low", "high", "mid"]).column("people", [7.0, 11.0, 13.0]);
    for (j, code) in codes.iter().enumerate() {
        let t = j as f64 / 7.0;
        builder = builder.column(code, [1.0 + t, 9.0 + 0.3 * t, 4.0 - t / 9.0]);
    }
    let cities = builder.build().unwrap();
    for method in [Method::new(), Method::new().normalisation(Normalisation::Raw).aggregation(Aggregation::Borda)] {
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        let report = Lessons::new("low").from("high").of(&scores, "top").unwrap();
        let parts: f64 = report.lead.children().filter_map(|part| part.gap).sum();
        assert!((parts - report.gap).abs() <= 1e-12 * report.gap.abs(), "{report}");
        assert_eq!(report.lead.children().count(), 20);
        // Each indicator is raised to the model's level and no digit short of it, though the inhabitants divide both.
        let mut raised = scores.dataset().clone();
        for (indicator, figure) in report.steps.iter().flat_map(|step| &step.raised) {
            raised = raised.with_value("low", indicator, *figure).unwrap();
        }
        let again = scores.composite().score(&raised).unwrap();
        for code in &codes {
            assert!(again.score("low", code).unwrap() >= scores.score("high", code).unwrap(), "{code}");
        }
        assert_eq!(again.rank("low", "top").unwrap(), Some(1.0));
        if report.path.is_empty() {
            assert!(report.no_path.as_ref().unwrap().contains("common scale"), "{report}");
        } else {
            assert_eq!((report.path.last().unwrap().city.as_str(), &report.no_path), ("high", &None));
        }
    }
}
