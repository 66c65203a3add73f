//! What is wrong with a method, a set of weights or a table is said in words; and what audits and tables of availability say.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{
    Aggregation, Ahp, Audit, Cut, Dataset, Direction, Framework, Grade, Imputation, Input, Lambda, Method, Node,
    Normalisation, Preference, Screening, Shift, Step, Treatment, WeightSet, WeightSets, Weighting, article,
};

fn world() -> (Framework, Dataset) {
    let framework = Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", Direction::HigherIsBetter),
        Node::indicator("y", "index", Direction::LowerIsBetter),
    ])
    .unwrap();
    let cities =
        Dataset::builder(&framework, ["a", "b", "c"]).column("x", [1.0, 2.0, 4.0]).column("y", [3.0, 1.0, 2.0]);
    let cities = cities.build().unwrap();
    (framework, cities)
}

fn refused(method: &Method) -> String {
    let (framework, cities) = world();
    method.fit(&framework, &cities).unwrap_err().to_string()
}

#[test]
fn parameters_are_checked_before_anything_is_learned() {
    let method = Method::new();
    for (method, text) in [
        (
            method.clone().aggregation(Aggregation::Owa { exponent: 0.0 }),
            "the exponent of the ordered weighted average is 0; it must be a finite number above 0",
        ),
        (method.clone().aggregation(Aggregation::Vikor { v: 1.5 }), "the v of VIKOR is 1.5; it must be from 0 to 1"),
        (
            method.clone().aggregation(Aggregation::Grey { zeta: 0.0 }),
            "the zeta of the grey relational grade is 0; it must be above 0 and at most 1",
        ),
        (
            method.clone().aggregation(Aggregation::PrometheeII {
                preference: Preference::Linear { indifference: 2.0, preference: 1.0 },
            }),
            "the preference of PROMETHEE is 1; it must be finite, above 0 and above the indifference",
        ),
        (
            method.clone().normalisation(Normalisation::Categorical { classes: 1 }),
            "the number of classes is 1; it must be from 2 to 1000",
        ),
        (
            method.clone().imputation(Imputation::NearestCities { k: 0 }),
            "the number of nearest cities is 0; it must be 1 or more",
        ),
        (
            method.clone().treatment(Treatment::Trim { low: 0.9, high: 0.1 }),
            "the higher quantile of a trimming is 0.1; it must be above the lower one",
        ),
        (
            method.clone().screening(Screening::new().cities_available(2.0)),
            "the share of available data of a city is 2; it must be from 0 to 1",
        ),
        (
            method.clone().screening(Screening::new().keep_cities(["a"]).drop_cities(["a"])),
            "the city `a` is to be kept and dropped at once; name it once",
        ),
        (
            method.clone().screening(Screening::new().drop_cities(["a", "b", "c"])),
            "the screening leaves no city to learn from; ask for less",
        ),
        (
            method.clone().weighting(Weighting::BenefitOfTheDoubt { shares: Some((0.6, 0.9)) }),
            "benefit of the doubt cannot be learned at `index`: the shares cannot add up to 1 with so many children; widen their \
             limits",
        ),
        (
            method.clone().weighting(Weighting::Set(WeightSet::new("s", [("z", 1.0)]).unwrap())),
            "unknown node `z`; did you mean `x`?",
        ),
        (method.clone().normalisation_of("z", Normalisation::Borda), "unknown node `z`; did you mean `x`?"),
        (
            method.clone().imputation(Imputation::GroupMean { attribute: "region".to_owned() }),
            "cities are to be grouped by `region`, and the dataset has no table of cities; give it one with that column \
             (`Cities::read_csv`, `Dataset::with_cities`)",
        ),
        (
            method.clone().treatment(Treatment::BoxCox { lambda: Lambda::Given(f64::NAN), shift: Shift::None }),
            "the power lambda is NaN; it must be a finite number",
        ),
        (
            method.normalisation(Normalisation::DistanceToReference {
                city: "d".to_owned(),
                beyond: longspring::Outside::Clip,
            }),
            "there is no city `d`; did you mean `a`?",
        ),
    ] {
        // A table without gaps needs no groups.
        if text.contains("has no table of cities") {
            let (framework, cities) = world();
            let gap = cities.with_value("a", "x", None).unwrap();
            assert_eq!(method.fit(&framework, &gap).unwrap_err().to_string(), text);
            let with = |attribute: &str| {
                let city = |key: &str| longspring::City::new(key).attribute(attribute, "north");
                let table = longspring::Cities::new(gap.cities().map(city)).unwrap();
                method.fit(&framework, &gap.with_cities(&table).unwrap()).unwrap_err().to_string()
            };
            assert_eq!(with("regoin"), "no city has the attribute `region`; did you mean `regoin`?");
            assert_eq!(with("country"), "no city has the attribute `region`; add it to the table of cities");
            continue;
        }
        assert_eq!(refused(&method), text);
    }
}

#[test]
fn weights_of_audiences_are_read_with_their_places() {
    let read = |text: &str| WeightSets::read_csv(Input::text(text, "sets.csv"));
    let sets = read("code,planners,residents\nx,2,\ny,1,3\n").unwrap();
    assert_eq!(sets.iter().map(WeightSet::name).collect::<Vec<_>>(), ["planners", "residents"]);
    assert_eq!(sets.get("residents").unwrap().weight("x"), None);
    let text = read("code,planners\nx,-2\ny,much\nx,1\n").unwrap_err().to_string();
    assert!(text.starts_with("3 problems:"), "{text}");
    assert!(text.contains("sets.csv, line 2, column 2 (planners): the weight of `x` is -2"), "{text}");
    assert!(text.contains("sets.csv, line 3, column 2 (planners): `much` is not a number"), "{text}");
    assert!(text.contains("sets.csv, line 4, column 1 (code): the node `x` is given twice; first in line 2"), "{text}");
    // A node that a set does not name keeps the framework's weight.
    let (framework, cities) = world();
    let method = Method::new().weighting(Weighting::Set(sets.get("residents").unwrap().clone()));
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    assert_eq!(scores.weight("a", "y").unwrap(), Some(0.75));
    assert!(Ahp::new(Vec::<String>::new(), Vec::<Vec<f64>>::new()).is_err());
    let error = WeightSet::budget_allocation("p", [vec![("x", 1.0), ("y", 1.0)], vec![("x", 1.0)]]).unwrap_err();
    assert_eq!(error.to_string(), "expert 2 gives no points to `y`, which others do; write 0 if that is meant");
}

#[test]
fn an_audit_says_something_of_each_step_and_escapes_what_it_prints() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let audit = Audit::of(&scores).unwrap();
    for step in Step::ALL {
        assert!(audit.findings(step).count() > 0, "{step}");
    }
    assert_eq!(audit.grade(), Grade::Warning);
    // Every indicator is known of 65 % of the cities; some scores rest on figures of low reliability.
    let data: Vec<Grade> = audit.findings(Step::DataSelection).map(|f| f.grade).collect();
    assert_eq!((data[0], data[2]), (Grade::Pass, Grade::Warning));
    let imputation = &audit.findings(Step::Imputation).next().unwrap();
    let gaps = imputation.figure.unwrap();
    assert!(gaps > 0.0);
    assert_eq!(imputation.text, format!("imputation: none ({gaps} figures missing)"));
    for finding in &audit {
        assert!(!finding.text.starts_with("0 ") || !finding.text.contains(": present groups"), "{}", finding.text);
    }
    let links: Vec<&str> = audit.findings(Step::Links).map(|f| f.text.as_str()).collect();
    assert!(links.iter().all(|text| text.contains(" correlate ")), "{links:?}");
    let page = audit.to_markdown();
    assert_eq!(page.matches("\n## ").count(), 10);
    assert!(!page.contains("_attainment") || page.contains("\\_attainment"));
    assert_eq!(audit.to_string().lines().filter(|line| !line.starts_with(' ')).count(), 10);
    let stored: Audit = serde_json::from_str(&serde_json::to_string(&audit).unwrap()).unwrap();
    assert_eq!(stored, audit);
}

#[test]
fn availability_counts_what_is_known_after_denomination() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let availability = cities.availability(&framework).unwrap();
    for city in cities.cities() {
        let parts: usize = framework
            .children("renewal")
            .unwrap()
            .map(|measure| availability.get(city, &measure.code).unwrap().known)
            .sum();
        assert_eq!(availability.get(city, "renewal").unwrap().known, parts, "{city}");
    }
    let all = availability.of_indicator("tertiary_attainment").unwrap();
    assert_eq!(all.of, 39);
    let error = availability.of_indicator("renewal").unwrap_err().to_string();
    assert_eq!(error, "`renewal` is an index and cannot be counted over cities");
    let error = availability.of_indicator("industry").unwrap_err().to_string();
    assert_eq!(error, "`industry` is a measure and cannot be counted over cities");
    assert!(availability.get("changchun", "renewl").unwrap_err().to_string().contains("did you mean `renewal`?"));
    let mut csv = Vec::new();
    availability.write_csv(&mut csv).unwrap();
    assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 1 + 39 * availability.nodes().count());
}

#[test]
fn a_panel_is_screened_by_the_own_keys_of_its_cities() {
    let nodes = ["x", "y"].map(|code| Node::indicator(code, "i", Direction::HigherIsBetter));
    let framework = Framework::new([vec![Node::index("i")], nodes.to_vec()].concat()).unwrap();
    let table = |first: Option<f64>| {
        let builder = Dataset::builder(&framework, ["a", "b", "c"]);
        builder.column("x", [first, Some(2.0), Some(3.0)]).column("y", [1.0, 2.0, 5.0]).build().unwrap()
    };
    // `a` teaches nothing: `b`, the second worst, is the worst of the yardstick.
    let method = Method::new().screening(Screening::new().drop_cities(["a"]));
    let panel = [table(Some(-100.0)), table(Some(-200.0))];
    let scores = method.fit_panel(&framework, &panel).unwrap().score(&panel[1]).unwrap();
    assert_eq!(["a", "b", "c"].map(|city| scores.score(city, "i").unwrap()), [None, Some(0.0), Some(100.0)]);
    // Half of what there is to know of `a` is missing, and it is kept: its 1 is the worst of `y`.
    let method = Method::new().screening(Screening::new().cities_available(0.9).keep_cities(["a"]));
    let panel = [table(None), table(None)];
    let scores = method.fit_panel(&framework, &panel).unwrap().score(&panel[1]).unwrap();
    assert_eq!(["a", "b", "c"].map(|city| scores.score(city, "i").unwrap()), [Some(0.0), Some(12.5), Some(100.0)]);
}

#[test]
fn a_stored_table_of_availability_is_checked_and_a_printed_one_aligned() {
    let mut nodes = vec![Node::index("i")];
    nodes.extend((0..12).map(|n| Node::indicator(format!("x{n}"), "i", Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let cities = Dataset::builder(&framework, ["a", "bcd"]).column("x0", [1.0, 2.0]).build().unwrap();
    let availability = cities.availability(&framework).unwrap();
    assert_eq!(availability.to_string(), "        i\na    1/12\nbcd  1/12\n");
    let stored = serde_json::to_string(&availability).unwrap();
    let read = |text: &str| serde_json::from_str::<longspring::Availability>(text);
    assert_eq!(read(&stored).unwrap(), availability);
    for (from, to) in [
        ("\"a\",", ""),
        ("\"x0\",", ""),
        ("\"index\",", "\"context\","),
        ("{\"known\":1,", "{\"known\":13,"),
        ("\"index\",\"indicator\",", "\"indicator\",\"index\","),
    ] {
        let damaged = stored.replacen(from, to, 1);
        assert_ne!(damaged, stored, "{from}");
        assert!(read(&damaged).unwrap_err().to_string().contains("damaged"), "{from}");
    }
    assert!(read("{\"cities\":[],\"nodes\":[],\"kinds\":[],\"cells\":[]}").is_err());
}

#[test]
fn each_aggregation_says_whether_it_can_reverse_ranks() {
    use longspring::RankReversal::{Never, WhenRefitted};
    assert_eq!(Aggregation::Arithmetic.rank_reversal(), Never);
    assert_eq!(Aggregation::Spotis.rank_reversal(), Never);
    assert_eq!(Aggregation::Topsis.rank_reversal(), WhenRefitted);
    // On a composite that stands, a new city moves nobody, whatever the method.
    let (framework, cities) = world();
    let method =
        Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 }).aggregation(Aggregation::Copeland);
    let composite = method.fit(&framework, &cities).unwrap();
    let before: Vec<_> = composite.score(&cities).unwrap().node("index").unwrap().scores().collect();
    let new = Dataset::builder(&framework, ["d"]).column("x", [9.0]).column("y", [0.5]).build().unwrap();
    let after: Vec<_> =
        composite.score(&cities.join(&new).unwrap()).unwrap().node("index").unwrap().scores().take(3).collect();
    assert_eq!(before, after);
}
