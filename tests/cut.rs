//! Which figure a cut takes, and why there is none where there is none.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{
    Aggregation, Cut, Dataset, Direction, Error, Fault, Framework, Method, Missing, Node, Normalisation, Observation,
    Observations, Scores, Status, article,
};

use Status::{DefinitionDiffers, Estimated, LowReliability, Normal};

fn framework() -> Framework {
    Framework::new([
        Node::index("index"),
        Node::measure("m", "index"),
        Node::indicator("x", "m", Direction::HigherIsBetter).worst(0.0).best(100.0),
        Node::indicator("jobs", "m", Direction::HigherIsBetter).per("people", 100.0).worst(0.0).best(100.0),
        Node::indicator("y", "index", Direction::HigherIsBetter).worst(0.0).best(100.0),
        Node::context("people"),
        Node::context("mayor"),
    ])
    .unwrap()
}

/// Figures of one city: series, year, value, status.
fn known(figures: &[(&str, i32, f64, Status)]) -> Observations {
    let figures = figures.iter().map(|&(series, year, value, status)| {
        Observation::new("leeds", series, year, value).status(status).source(format!("{series}-{year}"))
    });
    Observations::new(figures).unwrap()
}

/// What a cut takes of a series: value and year, or why nothing.
fn take(known: &Observations, cut: &Cut, series: &str) -> Result<(f64, i32), Missing> {
    let cities = known.dataset(&framework(), cut).unwrap();
    let cell = cities.cell("leeds", series).unwrap();
    match (cell.value, cell.provenance) {
        (Some(value), Some(provenance)) => {
            assert_eq!(provenance.source, format!("{series}-{}", provenance.year));
            assert_eq!(cell.missing, None);
            Ok((value, provenance.year))
        }
        _ => Err(cell.missing.unwrap()),
    }
}

#[test]
fn statuses_are_filtered_first_and_then_the_latest_in_the_years_is_taken() {
    let known = known(&[
        ("x", 2010, 1.0, Normal),
        ("x", 2012, 2.0, LowReliability),
        ("x", 2014, 3.0, Estimated),
        ("x", 2011, 4.0, Normal),
    ]);
    let take = |cut: Cut| take(&known, &cut, "x");
    assert_eq!(take(Cut::latest()), Ok((3.0, 2014)));
    assert_eq!(take(Cut::as_of(2014)), Ok((3.0, 2014)));
    assert_eq!(take(Cut::as_of(2013)), Ok((2.0, 2012)));
    // The figure of 2012 is not trusted, so the one before it counts.
    let trusted = |cut: Cut| cut.without([LowReliability]);
    assert_eq!(take(trusted(Cut::as_of(2013))), Ok((4.0, 2011)));
    // Both ends of the years are in.
    assert_eq!(take(trusted(Cut::as_of(2013)).not_older_than(2)), Ok((4.0, 2011)));
    assert_eq!(take(trusted(Cut::as_of(2013)).not_older_than(1)), Err(Missing::TooOld(2011)));
    assert_eq!(take(Cut::as_of(2013).not_older_than(1)), Ok((2.0, 2012)));
    assert_eq!(take(Cut::as_of(2012).not_older_than(0)), Ok((2.0, 2012)));
    assert_eq!(take(Cut::as_of(2013).not_older_than(0)), Err(Missing::TooOld(2012)));
    assert_eq!(take(Cut::as_of(2009)), Err(Missing::TooNew(2010)));
    assert_eq!(take(Cut::latest().only([LowReliability])), Ok((2.0, 2012)));
    assert_eq!(take(Cut::latest().only([DefinitionDiffers])), Err(Missing::Status(Estimated)));
    // Too old is said of the trusted ones.
    assert_eq!(take(Cut::as_of(2020).not_older_than(7).only([LowReliability])), Err(Missing::TooOld(2012)));
}

#[test]
fn the_age_of_the_latest_figures_counts_from_the_newest_trusted_one() {
    let known = known(&[("x", 2010, 1.0, Normal), ("y", 2015, 2.0, Normal), ("y", 2020, 3.0, LowReliability)]);
    let latest = |years| Cut::latest().not_older_than(years);
    assert_eq!(take(&known, &latest(10), "x"), Ok((1.0, 2010)));
    assert_eq!(take(&known, &latest(9), "x"), Err(Missing::TooOld(2010)));
    assert_eq!(take(&known, &latest(9), "y"), Ok((3.0, 2020)));
    // Without the figure of 2020 the table ends in 2015.
    let trusted = |years| latest(years).without([LowReliability]);
    assert_eq!(take(&known, &trusted(5), "x"), Ok((1.0, 2010)));
    assert_eq!(take(&known, &trusted(4), "x"), Err(Missing::TooOld(2010)));
}

#[test]
fn denominators_and_context_are_cut_like_every_series() {
    let known = known(&[
        ("jobs", 2015, 30.0, Normal),
        ("people", 2005, 50.0, Normal),
        ("people", 2012, 60.0, LowReliability),
        ("people", 2018, 75.0, Normal),
        ("mayor", 2003, 1.0, Normal),
        ("mayor", 2016, 2.0, Normal),
    ]);
    let value = |cut: &Cut| {
        let cities = known.dataset(&framework(), cut).unwrap();
        // The yardstick has goalposts alone.
        let composite = Method::new().coverage(0.0).fit(&framework(), &cities).unwrap();
        let scores = composite.score(&cities).unwrap();
        let cell = scores.cells("leeds", "jobs").unwrap().next().unwrap();
        (cell.value, cell.missing)
    };
    assert_eq!(value(&Cut::latest()), (Some(40.0), None));
    assert_eq!(value(&Cut::as_of(2015)), (Some(50.0), None));
    assert_eq!(value(&Cut::as_of(2015).without([LowReliability])), (Some(60.0), None));
    assert_eq!(take(&known, &Cut::as_of(2015), "mayor"), Ok((1.0, 2003)));
    assert_eq!(take(&known, &Cut::as_of(2015).not_older_than(5), "mayor"), Err(Missing::TooOld(2003)));
    let cities = known.dataset(&framework(), &Cut::as_of(2015).not_older_than(2)).unwrap();
    assert_eq!(cities.cell("leeds", "people").unwrap().missing, Some(Missing::TooOld(2012)));
}

#[test]
fn a_series_that_nobody_has_in_a_cut_is_missing_and_an_index_that_nobody_has_is_an_error() {
    let known = known(&[("x", 2015, 30.0, Normal), ("y", 2010, 50.0, Normal)]);
    let framework = framework();
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    // jobs has nobody; x is one of two children of m, m and y two of two of the index.
    assert_eq!(scores.node("jobs").unwrap().ranked(), 0);
    assert_eq!(scores.score("leeds", "m").unwrap(), Some(30.0));
    assert_eq!(scores.score("leeds", "index").unwrap(), Some(40.0));
    let nothing = known.dataset(&framework, &Cut::as_of(2000)).unwrap();
    let error = Method::new().fit(&framework, &nothing).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no city can be scored in the index `index`: at least 50 % of its children must be known, one of them with a weight; no city has `x`, `jobs` and `y`"
    );
}

#[test]
fn why_a_figure_of_the_article_is_missing() {
    let (framework, known) = (article::framework(), article::observations());
    let why = |cut: &Cut, city: &str, series: &str| {
        let cities = known.dataset(&framework, cut).unwrap();
        cities.cell(city, series).unwrap().missing.map(|m| m.to_string())
    };
    let latest = Cut::latest();
    assert_eq!(why(&latest, "changchun", "tertiary_attainment").unwrap(), "no figure");
    assert_eq!(why(&latest, "changchun", "pm25"), None);
    assert_eq!(
        why(&latest.clone().without([LowReliability]), "changchun", "stadium_seats").unwrap(),
        "only figures of other statuses (the latest is U, low reliability)"
    );
    assert_eq!(why(&Cut::as_of(2015), "changchun", "metro_km").unwrap(), "too new (the earliest is of 2023)");
    assert_eq!(
        why(&Cut::as_of(2023).not_older_than(3), "changchun", "pm25").unwrap(),
        "too old (the latest is of 2019)"
    );
    // The Doing Business figure of 2017 is of low reliability, that of 2016 is not.
    let days = |cut: &Cut| {
        let cities = known.dataset(&framework, cut).unwrap();
        cities.cell("changchun", "days_to_start_business").unwrap().value
    };
    assert_eq!(days(&Cut::as_of(2017)), Some(22.9));
    assert_eq!(days(&Cut::as_of(2017).without([LowReliability])), Some(26.9));
}

#[test]
fn why_a_score_of_the_article_is_missing() {
    let (framework, known) = (article::framework(), article::observations());
    let score = |method: &Method, cut: &Cut| {
        let cities = known.dataset(&framework, cut).unwrap();
        method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
    };
    let why = |scores: &Scores, city: &str, node: &str| scores.get(city, node).unwrap().missing.unwrap().to_string();
    let scores = score(&Method::new(), &Cut::latest());
    assert_eq!(why(&scores, "togliatti", "pm25"), "no figure");
    // Togliatti has neither R&D nor productivity, and Charleroi no growth of GDP but one of population.
    assert_eq!(why(&scores, "togliatti", "industry"), "0 of 2 children known, at least 50 % needed");
    assert_eq!(scores.get("charleroi", "growth").unwrap().coverage.to_string(), "1/2");
    let strict = score(&Method::new().coverage(0.75), &Cut::latest());
    assert_eq!(why(&strict, "charleroi", "growth"), "1 of 2 children known, at least 75 % needed");
    assert_eq!(why(&strict, "charleroi", "vitality"), "0 of 1 children known, at least 75 % needed");
    // Publications of 2020 cannot be divided by inhabitants of 2015.
    let recent = score(&Method::new().coverage(0.0).exclude(["vitality"]), &Cut::as_of(2020).not_older_than(4));
    assert_eq!(
        why(&recent, "changchun", "top_publications"),
        "no denominator `inhabitants`: too old (the latest is of 2015)"
    );
    assert_eq!(why(&recent, "changchun", "vitality"), "excluded by the method");
    assert_eq!(why(&recent, "changchun", "gdp_growth_mean"), "excluded by the method");
    // Without tertiary attainment education has two children.
    let without = score(&Method::new().exclude(["tertiary_attainment"]), &Cut::latest());
    assert_eq!(without.get("changchun", "education").unwrap().coverage.to_string(), "2/2");
    // What nobody had when the yardstick was made cannot be measured by it.
    let early = known.dataset(&framework, &Cut::as_of(2016).without([LowReliability])).unwrap();
    let composite = Method::new().fit(&framework, &early).unwrap();
    let late = composite.score(&known.dataset(&framework, &Cut::latest()).unwrap()).unwrap();
    assert_eq!(why(&late, "changchun", "metro_km"), "no yardstick: no city had a figure when it was fitted");
}

#[test]
fn why_an_aggregation_has_no_score() {
    let framework = Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", Direction::HigherIsBetter).weight(0.0),
        Node::indicator("y", "index", Direction::HigherIsBetter),
    ])
    .unwrap();
    let rows = |rows: [(&str, Option<f64>, Option<f64>); 3]| {
        Dataset::builder(&framework, rows.map(|r| r.0))
            .column("x", rows.map(|r| r.1))
            .column("y", rows.map(|r| r.2))
            .build()
            .unwrap()
    };
    let cities = rows([("a", Some(1.0), Some(1.0)), ("b", Some(2.0), Some(2.0)), ("c", Some(3.0), None)]);
    let method =
        Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 2.0 }).aggregation(Aggregation::Geometric);
    let composite = method.fit(&framework, &cities).unwrap();
    let scores = composite.score(&cities).unwrap();
    let missing = |scores: &Scores, city| scores.get(city, "index").unwrap().missing;
    assert_eq!(missing(&scores, "c"), Some(Missing::NoWeight));
    // New cities far below the worst of the sample: a score that is not positive.
    let new = rows([("d", Some(1.0), Some(0.0)), ("e", Some(-9.0), Some(1.0)), ("f", None, Some(-3.0))]);
    let scores = composite.score(&new).unwrap();
    assert_eq!(missing(&scores, "d"), Some(Missing::NotComputable { child: "y".into(), value: 0.0 }));
    assert_eq!(scores.score("e", "index").unwrap(), Some(1.0));
    assert_eq!(missing(&scores, "f").unwrap().to_string(), "the aggregation cannot take y = -3");
    // A method that leaves nothing but weights of 0 is an error when it is fitted.
    let error = Method::new().exclude(["y"]).fit(&framework, &cities).unwrap_err();
    let Error::Invalid(problems) = error else { panic!("{error}") };
    let faults: Vec<_> = problems.iter().map(|p| p.fault.clone()).collect();
    assert_eq!(faults, [Fault::ZeroWeights { parent: "index".into() }]);
}

#[test]
fn the_share_of_known_children_must_reach_the_coverage() {
    let children = ["a", "b", "c", "d", "e", "f"];
    let nodes = children.map(|code| Node::indicator(code, "index", Direction::HigherIsBetter).worst(0.0).best(10.0));
    let framework = Framework::new(std::iter::once(Node::index("index")).chain(nodes)).unwrap();
    // City k has its first k children.
    let keys: Vec<String> = (1..=6).map(|k| format!("has {k}")).collect();
    let mut builder = Dataset::builder(&framework, &keys);
    for (i, code) in children.iter().enumerate() {
        builder = builder.column(code, (1..=6).map(|k| (k > i).then_some(4.0)));
    }
    let cities = builder.build().unwrap();
    let ranked = |coverage| {
        let method = Method::new().coverage(coverage);
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        let scores: Vec<_> = scores.node("index").unwrap().scores().collect();
        // Whoever has a score has that of what is known.
        assert!(scores.iter().flatten().all(|&s| (s - 40.0).abs() < 1e-12), "{scores:?}");
        scores.iter().flatten().count()
    };
    // At 0 one suffices; 1/3 and 2/3 are not exact in binary, and 2 and 4 of 6 reach them all the same.
    assert_eq!([0.0, 0.01, 1.0 / 6.0, 0.17, 1.0 / 3.0, 0.5].map(ranked), [6, 6, 6, 5, 5, 4]);
    assert_eq!([2.0 / 3.0, 0.67, 0.8334, 1.0].map(ranked), [3, 2, 1, 1]);
}

/// A series of one city with figures of 2000 and 2010, and another with none.
fn over_time(cut: &Cut) -> (Option<f64>, Option<(i32, String, String)>, String) {
    let framework = Framework::new([Node::index("i"), Node::indicator("x", "i", Direction::HigherIsBetter)]).unwrap();
    let text = "city,indicator,year,value,status,source,note\n\
                a,x,2000,10,A,one,\na,x,2010,30,A,two,\n";
    let known = Observations::read_csv(longspring::Input::text(text, "known.csv")).unwrap();
    let cities = known.dataset(&framework, cut).unwrap();
    let cell = cities.cell("a", "x").unwrap();
    let provenance = cell.provenance.map(|p| (p.year, format!("{}", p.status), format!("{} {}", p.source, p.note)));
    (cell.value, provenance, cell.missing.map_or_else(String::new, |m| m.to_string()))
}

#[test]
fn figures_are_filled_in_over_time_and_say_so() {
    use longspring::OverTime::{LastKnown, Linear, LinearConstantEnds};
    let at = |year, how| over_time(&Cut::as_of(year).over_time(how));
    let said = |year, status: &str, text: &str| Some((year, status.to_owned(), text.to_owned()));
    assert_eq!(at(2004, LastKnown), (Some(10.0), said(2000, "A", "one "), String::new()));
    // Four tenths of the way from 10 to 30.
    assert_eq!(at(2004, Linear), (Some(18.0), said(2004, "I", "one linear between 2000 and 2010"), String::new()));
    assert_eq!(at(2010, Linear), (Some(30.0), said(2010, "A", "two "), String::new()));
    assert_eq!(at(2015, LinearConstantEnds), (Some(30.0), said(2015, "I", "two as in 2010"), String::new()));
    assert_eq!(at(1990, LinearConstantEnds), (Some(10.0), said(1990, "I", "one as in 2000"), String::new()));
    assert_eq!(at(2015, Linear), (None, None, "too old (the latest is of 2010)".to_owned()));
    assert_eq!(at(1990, Linear), (None, None, "too new (the earliest is of 2000)".to_owned()));
    // The age limit of the cut holds for what is carried forward.
    let limited = Cut::as_of(2015).over_time(LinearConstantEnds).not_older_than(2);
    assert_eq!(over_time(&limited), (None, None, "too old (the latest is of 2010)".to_owned()));
    assert_eq!(
        Cut::as_of(2015).over_time(Linear).to_string(),
        "figures as of 2015, linear between years, of any status"
    );
    let stored = serde_json::to_string(&Cut::as_of(2015)).unwrap();
    assert!(!stored.contains("over_time"));
    assert_eq!(serde_json::from_str::<Cut>(&stored).unwrap(), Cut::as_of(2015));
}

/// A framework of one indicator per head of a context series, and figures in rows `series,year,value,status`.
fn per_head(rows: &str, cut: &Cut) -> Result<Dataset, Error> {
    let framework = Framework::new([
        Node::index("i"),
        Node::indicator("x", "i", Direction::HigherIsBetter).per("people", 1.0),
        Node::context("people"),
    ])
    .unwrap();
    let rows: Vec<String> = rows.lines().map(|row| format!("a,{}", row.trim())).collect();
    let text = format!("city,indicator,year,value,status\n{}\n", rows.join("\n"));
    Observations::read_csv(longspring::Input::text(&text, "known.csv")).unwrap().dataset(&framework, cut)
}

#[test]
fn a_denominator_is_checked_when_it_is_filled_in_over_time() {
    use longspring::OverTime::{Linear, LinearConstantEnds};
    let rows = "x,2005,1,A
                people,2000,10,A
                people,2010,-30,A";
    let error = |cut: &Cut| per_head(rows, cut).unwrap_err().to_string();
    // The figures themselves are to blame, where they were read, even where what lies between them would be positive.
    for cut in [Cut::as_of(2005).over_time(Linear), Cut::as_of(2001).over_time(Linear)] {
        let text = error(&cut);
        assert!(
            text.contains("known.csv") && text.contains("line 4") && text.contains("`people` of `a` is -30"),
            "{text}"
        );
    }
    let text = error(&Cut::as_of(2015).over_time(LinearConstantEnds));
    assert!(text.contains("line 4") && text.contains("is -30"), "{text}");
    // Nothing of 2010 is used for 2000.
    assert!(per_head(rows, &Cut::as_of(2000).over_time(Linear)).is_ok());
}

#[test]
fn figures_that_stay_the_same_are_filled_in_to_the_last_bit() {
    use longspring::OverTime::Linear;
    let rows = "x,2000,0.1,A
                x,2010,0.1,A";
    for year in 2001..2010 {
        let cities = per_head(rows, &Cut::as_of(year).over_time(Linear)).unwrap();
        assert_eq!(cities.cell("a", "x").unwrap().value, Some(0.1), "{year}");
    }
}

#[test]
fn what_nothing_carries_forward_says_the_year_of_the_latest_figure() {
    use longspring::OverTime::Linear;
    let why = |rows: &str, cut: &Cut| {
        per_head(rows, cut).unwrap().cell("a", "x").unwrap().missing.map_or_else(String::new, |m| m.to_string())
    };
    let rows = "x,2000,1,A
                x,2012,2,A
                x,2013,3,U";
    let cut = Cut::as_of(2015).over_time(Linear);
    assert_eq!(why(rows, &cut), "too old (the latest is of 2013)");
    assert_eq!(why(rows, &cut.clone().not_older_than(5)), "too old (the latest is of 2013)");
    let cut = cut.without([LowReliability]);
    assert_eq!(why(rows, &cut), "too old (the latest is of 2012)");
    assert_eq!(why(rows, &cut.not_older_than(5)), "too old (the latest is of 2012)");
}

#[test]
fn years_as_far_apart_as_they_can_be() {
    use longspring::OverTime::Linear;
    let framework = Framework::new([Node::index("i"), Node::indicator("x", "i", Direction::HigherIsBetter)]).unwrap();
    let known =
        Observations::new([Observation::new("a", "x", i32::MIN, 0.0), Observation::new("a", "x", i32::MAX, 1.0)]);
    // Either such a year is refused, or it is a number like any other.
    let Ok(known) = known else { return };
    let cities = known.dataset(&framework, &Cut::as_of(0).over_time(Linear)).unwrap();
    assert!((cities.cell("a", "x").unwrap().value.unwrap() - 0.5).abs() < 1e-9);
}

#[test]
fn an_age_that_is_a_year_is_refused() {
    let known = known(&[("x", 2023, 1.0, Normal), ("x", 1000, 1.0, Normal)]);
    let error = known.dataset(&framework(), &Cut::latest().not_older_than(2023)).unwrap_err();
    assert_eq!(error.problems()[0].fault, Fault::NoAge { years: 2023 });
    assert!(error.to_string().contains("2023 years; give an age in years, not a year"), "{error}");
    assert!(known.dataset(&framework(), &Cut::as_of(2023).not_older_than(999)).is_ok());
}
