//! Texts that a new reader took for the opposite of what is meant, or that left out what decides.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{
    Audit, Claim, Cut, Dataset, Direction, Framework, Input, Inquiry, Method, Node, Norm, Observation, Observations,
    Scores, Trajectory, WeightAnalysis, WeightSets, WeightSpace, Weighting,
};

/// Two measures of two indicators each.
fn quarters() -> Framework {
    let up = |code, parent| Node::indicator(code, parent, Direction::HigherIsBetter);
    let nodes = [Node::index("i"), Node::measure("m", "i"), Node::measure("n", "i")];
    Framework::new(nodes.into_iter().chain([up("a", "m"), up("b", "m"), up("c", "n"), up("d", "n")])).unwrap()
}

fn table(text: &str) -> Dataset {
    Dataset::read_csv(Input::text(text, "t.csv"), &quarters()).unwrap()
}

fn air() -> Framework {
    let dust = Node::indicator("b", "i", Direction::LowerIsBetter);
    Framework::new([Node::index("i"), dust]).unwrap()
}

fn told(rows: &str) -> String {
    let text = format!("city,indicator,year,value\n{rows}");
    let known = Observations::read_csv(Input::text(&text, "k.csv")).unwrap();
    Trajectory::of_series(&known, &air(), "x", "b").unwrap().to_string()
}

#[test]
fn where_lower_is_better_a_trajectory_speaks_of_better_and_worse() {
    let better = told("x,b,2019,20\nx,b,2020,18\nx,b,2021,15\nx,b,2022,12\nx,b,2023,10\n");
    assert!(better.starts_with("x, b: improving\n"), "{better}");
    assert!(better.contains("; lower is better\n") && better.contains("  it never got worse\n"), "{better}");
    let worse = told("x,b,2019,10.2\nx,b,2020,10.9\nx,b,2021,11.4\nx,b,2022,12.1\nx,b,2023,12.9\n");
    assert!(worse.starts_with("x, b: worsening\n"), "{worse}");
    assert!(worse.contains("  largest worsening: 10.20 in 2019 to 12.90 in 2023, 0 % made up for\n"), "{worse}");
    let turns = told("x,b,2015,10\nx,b,2017,5\nx,b,2019,12\nx,b,2021,8\n");
    assert!(turns.contains("  turning points: worse from 5.00 in 2017, better from 12.00 in 2019\n"), "{turns}");
    for text in [better, worse, turns] {
        let of_figures = ["growing", "declining", "fell", "fall", "peak", "trough", "regained"];
        assert!(of_figures.iter().all(|word| !text.contains(word)), "{text}");
    }
}

#[test]
fn gaps_of_cities_that_are_not_compared_decide_nothing_and_are_not_noted() {
    let (framework, cities) = (quarters(), table("city,a,b,c,d\nx,1,2,5,9\ny,2,3,3,4\nz,3,,4,5\n"));
    let ask = || Inquiry::of(&framework, &cities).weights(WeightSpace::all()).gaps();
    let tested = ask().test(&Claim::leads("x", "y").on("i")).unwrap();
    assert!(tested.holding.share().is_some_and(|share| share > 0.0 && share < 1.0), "{tested}");
    assert!(tested.notes.is_empty(), "{tested}");
    // The gap of a city that is compared is named.
    let tested = ask().test(&Claim::leads("x", "z").on("i")).unwrap();
    assert!(tested.to_string().contains("missing figures decide: b of z"), "{tested}");
}

fn scored(framework: &Framework, cities: &Dataset) -> Scores {
    Method::new().fit(framework, cities).unwrap().score(cities).unwrap()
}

#[test]
fn a_standing_says_how_many_figures_are_known_where_the_children_hide_it() {
    let (framework, cities) = (quarters(), table("city,a,b,c,d\nx,9,,9,9\ny,2,3,3,4\nz,3,4,4,5\n"));
    let scores = scored(&framework, &cities);
    let of = |city: &str, node: &str| scores.get(city, node).unwrap();
    assert_eq!(of("x", "i").to_string(), "100.00, rank 1 of 3, 2/2 known (3 of 4 figures)");
    assert_eq!((of("x", "i").figures.have, of("x", "i").figures.of), (3, 4));
    // The children are the figures: said once.
    assert_eq!(of("x", "m").to_string(), "100.00, rank 1 of 3, 1/2 known");
    assert_eq!(of("z", "i").coverage.to_string() + " " + &of("z", "i").figures.to_string(), "2/2 4/4");
    assert!(of("z", "i").to_string().ends_with(", 2/2 known"), "{}", of("z", "i"));
    // Stored before there was a count of figures.
    let mut stored = serde_json::to_value(of("z", "i")).unwrap();
    stored.as_object_mut().unwrap().remove("figures").unwrap();
    assert!(serde_json::from_value::<longspring::Standing>(stored).unwrap().to_string().ends_with(", 2/2 known"));
}

#[test]
fn a_ranking_says_how_many_figures_are_known_where_the_children_hide_it() {
    let framework = quarters();
    let printed = |text: &str, node: &str| {
        let cities = table(text);
        scored(&framework, &cities).node(node).unwrap().to_string()
    };
    let gaps = "city,a,b,c,d\nx,9,,9,9\ny,2,3,3,4\nz,3,4,4,5\n";
    let index = printed(gaps, "i");
    let lines: Vec<&str> = index.lines().collect();
    assert_eq!(lines[1], "rank  city       i       m       n  figures");
    assert_eq!(lines[2], "   1  x     100.00  100.00  100.00      3/4");
    assert_eq!(lines[5..], ["figures: how many are known of all under the node"]);
    // The children are the figures, which the notes tell of; and where nothing is missing there is nothing to say.
    assert!(printed(gaps, "m").contains("  notes\n") && !printed(gaps, "m").contains("figures"));
    assert!(!printed("city,a,b,c,d\nx,9,8,9,9\ny,2,3,3,4\n", "i").contains("figures"));
}

#[test]
fn no_weights_dethrone_a_leader_names_the_weights_that_were_turned() {
    let (framework, cities) = (quarters(), table("city,a,b,c,d\nx,9,3,9,9\ny,2,2,3,4\nz,3,1,4,5\n"));
    let said = WeightAnalysis::of(&scored(&framework, &cities), "i").unwrap().dethrone(Norm::L1).unwrap().to_string();
    assert_eq!(said, "no weights of i's children dethrone x; weights below them stay as they are");
}

#[test]
fn an_audit_says_what_few_cities_cannot_tell_and_what_a_learned_scale_can_do() {
    let (framework, cities) =
        (quarters(), table("city,a,b,c,d\nv,9,2,9,1\nw,7,6,1,3\nx,5,3,4,9\ny,2,2,3,4\nz,3,4,4,5\n"));
    let said = Audit::of(&scored(&framework, &cities)).unwrap().to_string();
    assert!(said.contains("correlate negatively (p < 0.05) (5 cities: correlations say little)\n"), "{said}");
    let learned = "no aggregation lets another city reverse ranks; what is learned from the cities can, see ReversalTest: \
                   the normalisation of 4 of 4 indicators\n";
    assert!(said.contains(learned), "{said}");
}

fn read_framework(text: &str) -> String {
    Framework::read_csv(Input::text(text, "f.csv")).unwrap_err().to_string()
}

fn read_known(text: &str) -> String {
    Observations::read_csv(Input::text(text, "k.csv")).unwrap_err().to_string()
}

#[test]
fn tables_of_other_forms_are_one_problem_and_named() {
    let long = "city,indicator,year,value\nx,a,2019,1\nx,a,2020,1\nx,a,2021,1\n";
    let error = Dataset::read_csv(Input::text(long, "t.csv"), &quarters()).unwrap_err().to_string();
    assert_eq!(
        error,
        "t.csv, line 1: this looks like a long table, a figure a row; read it as observations (`Observations::read_csv`, `arrow::observations`)"
    );
    let tabs = read_known("city\tindicator\tyear\tvalue\nx\ta\t2019\t1\n");
    assert_eq!(tabs, "k.csv, line 1: the columns are separated by tabs; separate them by commas");
    let decimal = read_known("city,indicator,year,value\nx,a,2019,9,8\n");
    assert!(decimal.ends_with("or, if it is a decimal comma, write a point: 9.8"), "{decimal}");
}

#[test]
fn a_wide_table_read_as_a_long_one_is_seen_as_one() {
    let error = Observations::read_csv(Input::text("city,wages,pm25\na,1,2\n", "w.csv")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "w.csv, line 1: this looks like a wide table, a city a row; read it as a dataset (`Dataset::read_csv`), or give each figure a \
         row of its own with `city`, `indicator`, `year` and `value`"
    );
    // One of the columns is there, so that the others are only missing.
    let error = Observations::read_csv(Input::text("city,year,wages\na,2020,2\n", "w.csv")).unwrap_err();
    assert!(error.to_string().contains("`indicator` is missing"), "{error}");
}

#[test]
fn a_year_out_of_range_is_refused_in_code_as_in_a_file() {
    let known = |year| Observations::new([Observation::new("a", "wages", year, 1.0)]);
    assert!(known(1000).is_ok() && known(2999).is_ok());
    for year in [20, -5, 20200] {
        let error = known(year).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the year {year} of `wages` in `a` is out of range; it must be a whole number from 1000 to 2999")
        );
    }
}

#[test]
fn capitals_are_one_problem_each_with_what_is_meant() {
    let error = read_known("City,Indicator,Year,Value\nx,a,2019,1\n");
    assert!(
        error.starts_with("4 problems:") && error.contains("unknown column `City`; did you mean `city`?"),
        "{error}"
    );
    let error = read_framework("code,parent,kind,direction\ni,,Index,\na,i,indicator,Lower\n");
    assert!(
        error.contains("`Index` is no kind of node; write index, measure, indicator or context; did you mean `index`?"),
        "{error}"
    );
    assert!(error.contains("`Lower` is no direction; write higher or lower; did you mean `lower`?"), "{error}");
}

#[test]
fn signs_in_numbers_and_years_are_named() {
    let of = |year: &str, value: &str| read_known(&format!("city,indicator,year,value\nx,a,{year},{value}\n"));
    assert!(of("2019", "12%").ends_with("`12%` is not a number; leave out the %: 12"));
    assert!(of("2019", "1 234").ends_with("`1 234` is not a number; leave out the spaces: 1234"));
    assert!(of("2019", "1 234.5 %").ends_with("leave out the spaces and the %: 1234.5"));
    assert!(of("2019", "1 or 2").ends_with("write it like 1234.5, or leave a missing one empty"));
    assert!(of("20-23", "1").ends_with("`20-23` is no year; write a whole number from 1000 to 2999"));
    assert!(of("99999999999", "1").contains("is out of range"));
}

#[test]
fn an_unknown_parent_is_told_without_what_follows_from_it() {
    let error = read_framework("code,parent,kind,direction\nlive,,index,\na,liev,indicator,lower\n");
    assert_eq!(
        error,
        "f.csv, line 3, column 2 (parent): `a` has the parent `liev`, which does not exist; did you mean `live`?"
    );
}

#[test]
fn one_city_is_a_city() {
    let error = Dataset::builder(&quarters(), ["x"]).column("a", [1.0, 2.0]).build().unwrap_err();
    assert_eq!(error.to_string(), "`a` has a length of 2, and there is 1 city");
}

#[test]
fn a_measure_where_an_indicator_is_needed_is_told_from_an_unknown_code() {
    let framework = quarters();
    let said = "`m` is a measure and has no figures; its indicators have: `a` and `b`";
    let built = Dataset::builder(&framework, ["x"]).column("m", [1.0]).build().unwrap_err();
    assert_eq!(built.to_string(), said);
    let wide = Dataset::read_csv(Input::text("city,m\nx,1\n", "t.csv"), &framework).unwrap_err();
    assert_eq!(wide.to_string(), format!("t.csv, line 1, column 2 (m): {said}"));
    let rows = Input::text("city,indicator,year,value\nx,i,2019,1\nx,i,2020,1\n", "k.csv");
    let long = Observations::read_csv(rows).unwrap().dataset(&framework, &Cut::latest()).unwrap_err();
    let said = "`i` is an index and has no figures; its indicators have: `a`, `b`, `c` and 1 more (2 rows)";
    assert_eq!(long.to_string(), format!("k.csv, line 2, column 2 (indicator): {said}"));
}

#[test]
fn indicators_that_nobody_has_are_named_where_nobody_can_be_scored() {
    let framework = quarters();
    let said = "no city can be scored in the index `i`: at least 100 % of its children must be known, one of them with a \
                weight; no city has `c` and `d`";
    let cities = table("city,a,b,c,d\nx,1,2,,\ny,2,3,,\nz,3,1,,\n");
    let method = Method::new().coverage(1.0);
    assert_eq!(method.fit(&framework, &cities).unwrap_err().to_string(), said);
    let mut fit = method.fit_in_parts(&framework).unwrap();
    let error = loop {
        match fit.clone().learn(&fit.summarise(&cities).unwrap()) {
            Ok(next) => fit = next,
            Err(error) => break error,
        }
    };
    assert_eq!(error.to_string(), said);
}

#[test]
fn what_is_wrong_with_a_set_of_weights_names_the_set_and_its_place() {
    let sets = WeightSets::read_csv(Input::text("code,ours,theirs\nm,0,1\nn,0,1\nq,,2\n", "w.csv")).unwrap();
    let (framework, cities) = (quarters(), table("city,a,b,c,d\nx,1,2,3,4\ny,2,3,4,5\nz,3,1,7,8\n"));
    let said = |name: &str| {
        let method = Method::new().weighting(Weighting::Set(sets.get(name).unwrap().clone()));
        method.fit(&framework, &cities).unwrap_err().to_string()
    };
    assert_eq!(
        said("ours"),
        "w.csv, line 2, column 1 (code): in the set `ours`: the children of `i` all have weight 0; give at least one a \
         positive weight"
    );
    assert_eq!(
        said("theirs"),
        "w.csv, line 4, column 1 (code): in the set `theirs`: unknown node `q`; did you mean `m`?"
    );
}

#[test]
fn a_claim_with_several_faults_tells_all() {
    let (framework, cities) = (quarters(), table("city,a,b,c,d\nx,1,2,3,4\ny,2,3,4,5\nz,3,1,7,8\n"));
    let claim = Claim::leads("xanten", "yverdon").on("index");
    let error = Inquiry::of(&framework, &cities).test(&claim).unwrap_err();
    assert_eq!(
        error.to_string(),
        "3 problems:\n  unknown node `index`\n  unknown city `xanten`\n  unknown city `yverdon`"
    );
}

#[test]
fn a_row_of_figures_is_as_good_as_columns() {
    let framework = quarters();
    let build = |figures: &[(&str, f64)]| Dataset::builder(&framework, ["x"]).row("x", figures.iter().copied()).build();
    assert_eq!(build(&[("a", 1.0), ("d", 2.0)]).unwrap(), table("city,a,d\nx,1,2\n"));
    let said = build(&[("aa", 1.0), ("b", f64::NAN), ("c", 1.0), ("c", 2.0)]).unwrap_err().to_string();
    assert_eq!(
        said,
        "3 problems:\n  unknown indicator or context series `aa`; did you mean `a`?\n  `b` of `x` is NaN; a figure is a finite \
         number, a missing one is None\n  the observation `x, c` is given twice"
    );
    let absent = Dataset::builder(&framework, ["x"]).row("z", [("a", Some(1.0)), ("b", None)]).build().unwrap_err();
    assert_eq!(absent.to_string(), "unknown city `z`; did you mean `x`?");
}
