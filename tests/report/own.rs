//! Five cities of one's own, of two years: a figure that nobody has, a newest one that is not known, and claims that no document
//! was looked for.

use longspring::report::Report;
use longspring::{
    Aggregation, Cities, City, Claims, Doubt, Framework, Input, Inquiry, Method, MonteCarlo, Observations, Penalty,
    WeightSpread,
};
use roxmltree::{Document, Node as Element};

use super::{check, parse, section, tags, text};

const FRAMEWORK: &str = "\
code,parent,kind,name,unit,direction
live,,index,Liveability,,
around,live,measure,Getting around,,
air,live,measure,Air and green,,
home,live,measure,A home,,
commute,around,indicator,Way to work,min,lower
transit,around,indicator,Buses and trams,trips,higher
pm25,air,indicator,Fine dust,ug/m3,lower
green,air,indicator,Green,%,higher
rent,home,indicator,Rent,EUR,lower
built,home,indicator,Homes built,,higher
";

/// Of each city: commute, transit, pm25, green, rent, built in 2019 and in 2023.
const FIGURES: [(&str, [&str; 6], [&str; 6]); 5] = [
    ("ald", ["34", "210", "11.5", "32", "13.5", "4.1"], ["31", "235", "9.8", "33", "16.2", "3.2"]),
    ("bru", ["28", "310", "14", "23", "11", "5.5"], ["27", "290", "12.2", "24", "12.4", "4.9"]),
    ("cor", ["41", "120", "19", "14", "9", "2.1"], ["43", "125", "17.5", "15", "9.7", "NA"]),
    ("dun", ["22", "", "8.1", "41", "10.2", "6"], ["21", "", "7.9", "42", "10.4", "6.3"]),
    ("esz", ["37", "180", "16", "20", "8", "3"], ["36", "190", "15", "21", "8.8", "3.4"]),
];

fn five() -> (Framework, Observations) {
    let framework = Framework::read_csv(Input::text(FRAMEWORK, "framework.csv")).unwrap();
    let mut table = vec!["city,indicator,year,value".to_owned()];
    for (city, then, now) in FIGURES {
        for (year, figures) in [(2019, then), (2023, now)] {
            for (code, value) in ["commute", "transit", "pm25", "green", "rent", "built"].iter().zip(figures) {
                if !value.is_empty() {
                    table.push(format!("{city},{code},{year},{value}"));
                }
            }
        }
    }
    let names = [("ald", "Aldmere"), ("bru", "Bruckstadt"), ("cor", "Corvino"), ("dun", "Dunvale"), ("esz", "Eszter")];
    let who = Cities::new(names.map(|(key, name)| City::new(key).name(name))).unwrap();
    let known =
        Observations::read_csv(Input::text(&table.join("\n"), "figures.csv")).unwrap().with_cities(who).unwrap();
    (framework, known)
}

fn tables<'a, 'i>(within: Element<'a, 'i>) -> impl Iterator<Item = Element<'a, 'i>> {
    within.descendants().filter(|n| n.tag_name().name() == "table")
}

/// The heads of a table, and its rows as texts.
fn rows(table: Element<'_, '_>) -> Vec<Vec<String>> {
    let rows = table.descendants().filter(|n| n.tag_name().name() == "tr");
    rows.map(|row| row.children().filter(Element::is_element).map(text).collect()).collect()
}

/// A field of the first table of a part, by city and head.
fn field(page: &Document<'_>, part: &str, city: &str, head: &str) -> String {
    let rows = rows(tables(section(page, part)).next().unwrap());
    let column = rows[0].iter().position(|h| h == head).unwrap_or_else(|| panic!("no {head} in {:?}", rows[0]));
    rows.iter().find(|row| row.iter().any(|f| f == city)).unwrap()[column].clone()
}

fn has(page: &Document<'_>, id: &str) -> bool {
    tags(page, "section").any(|s| s.attribute("id") == Some(id))
}

#[test]
fn what_is_missing_below_is_counted_and_what_it_can_do_is_said() {
    let (framework, known) = five();
    let report = Report::new(&framework, &known);
    let html = report.html().unwrap();
    check(&html);
    let page = parse(&html);
    assert_eq!(field(&page, "ranking", "Dunvale", "known"), "5 of 6 figures");
    assert_eq!(field(&page, "ranking", "Aldmere", "known"), "6 of 6 figures");

    // The bounds, for those that lack a figure alone.
    let cities = known.dataset(&framework, &longspring::Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let bounds = scores.bounds("live").unwrap().get("dun").unwrap().bounds.unwrap();
    let found = rows(tables(section(&page, "gaps")).next().unwrap());
    assert_eq!(found.len(), 2, "{found:?}");
    for (head, value) in [
        ("missing", "1 of 6".to_owned()),
        ("lowest score", format!("{:.2}", bounds.low)),
        ("highest score", format!("{:.2}", bounds.high)),
        ("best rank", bounds.best_rank.to_string()),
        ("worst rank", bounds.worst_rank.to_string()),
    ] {
        assert_eq!(field(&page, "gaps", "Dunvale", head), value);
    }
    assert!(bounds.high - bounds.low > 1.0);

    let html = report.clone().city("dun").html().unwrap();
    check(&html);
    let page = parse(&html);
    assert!(text(tags(&page, "header").next().unwrap()).contains("5 of 6 figures known"));
    assert_eq!(field(&page, "profile", "Getting around", "known, not imputed"), "1 of 2 figures");
    assert_eq!(field(&page, "gaps", "Dunvale", "worst rank"), bounds.worst_rank.to_string());
    let html = report.clone().city("ald").html().unwrap();
    assert!(!has(&parse(&html), "gaps"), "nothing is missing there");

    // Where ends of children are no ends of the score, the reason stands there.
    let unlike = Method::new().aggregation_at(0, Aggregation::MazziottaPareto { penalty: Penalty::Downward });
    let html = report.method(unlike).html().unwrap();
    assert!(text(section(&parse(&html), "gaps")).contains("Not told: "));
}

#[test]
fn why_two_years_make_no_trend_is_said_once() {
    let (framework, known) = five();
    let report = Report::new(&framework, &known);
    let once = |html: &str, what: &str| {
        check(html);
        let page = parse(html);
        let said = text(section(&page, "trajectories"));
        assert_eq!(said.matches("it takes three figures").count(), 1, "{what}: {said}");
        assert!(!said.contains("no trend"), "{what}: {said}");
    };
    once(&report.html().unwrap(), "all cities");
    once(&report.clone().city("cor").html().unwrap(), "one city");
    let series = report.series(["rent", "pm25", "transit"]);
    let html = series.html().unwrap();
    once(&html, "all cities, by series");
    let page = parse(&html);
    assert_eq!(field(&page, "trajectories", "Corvino", "last"), "9.7");
    once(&series.city("cor").html().unwrap(), "one city, by series");
}

#[test]
fn a_pace_that_nobody_can_know_is_said_once() {
    let (framework, known) = five();
    let html = Report::new(&framework, &known).city("esz").html().unwrap();
    let page = parse(&html);
    let said = text(section(&page, "model"));
    assert_eq!(said.matches("are needed").count(), 1, "{said}");
    for table in tables(section(&page, "model")) {
        assert!(rows(table).iter().flatten().all(|field| !field.contains("needed")));
    }
}

#[test]
fn a_figure_of_another_year_says_which() {
    let (framework, known) = five();
    let html = Report::new(&framework, &known).html().unwrap();
    let page = parse(&html);
    let of = tables(section(&page, "measures")).map(rows).find(|rows| rows[0].iter().any(|h| h == "Homes built"));
    let rows = of.unwrap();
    let built: Vec<&str> = rows[1..].iter().filter_map(|row| Some(row.last()?.as_str())).collect();
    assert!(built.contains(&"2.1 (2019)") && built.contains(&"6.3"), "{built:?}");
    assert_eq!(html.matches("(2019)").count(), 1, "no other is of another year");
}

#[test]
fn what_the_model_cannot_teach_is_said() {
    let (framework, known) = five();
    let html = Report::new(&framework, &known).city("ald").model("dun").html().unwrap();
    let said = text(section(&parse(&html), "model"));
    assert!(said.contains("Left alone, for one of them has no figure: Buses and trams."), "{said}");
    let html = Report::new(&framework, &known).city("ald").model("bru").html().unwrap();
    assert!(!text(section(&parse(&html), "model")).contains("Left alone"));
}

#[test]
fn of_few_cities_none_is_left_out_or_pointed_out() {
    let (framework, known) = five();
    let simulation = MonteCarlo::new(200).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let html = Report::new(&framework, &known).simulation(simulation).html().unwrap();
    check(&html);
    let page = parse(&html);
    let said = text(section(&page, "cities"));
    assert!(["Aldmere", "Bruckstadt", "Corvino", "Dunvale", "Eszter"].iter().all(|name| said.contains(name)));
    assert!(!page.descendants().any(|n| n.attribute("class") == Some("named")), "where all are named, none is");
    // Dunvale leads whatever the weights are.
    assert!(said.contains("Its rank is 1 in every run.") && !said.contains("lies in 1."), "{said}");
    let head = text(tags(&page, "header").next().unwrap());
    assert!(head.contains("Dunvale: rank 1 in every run"), "{head}");
}

#[test]
fn own_claims_are_not_held_against_documents() {
    let (framework, known) = five();
    let claims = "claim,text,subject,relation,node,rival,from_year,to_year\n\
                  A,Dunvale beats Bruckstadt,dun,leads,live,bru,,\n\
                  B,Corvino has better air,cor,leads,air,ald,,\n\
                  C,Rents fall in Eszter,esz,declines,rent,,2019,2023\n";
    let claims = Claims::read_csv(Input::text(claims, "claims.csv")).unwrap();
    let report = Report::new(&framework, &known).claims(&claims);
    let html = report.html().unwrap();
    check(&html);
    let page = parse(&html);
    let said = text(section(&page, "claims"));
    for word in ["unchecked", "confidence", "compared", "documents", "agree"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    assert!(said.contains("Of 3 claims 1 holds always, 2 never."), "{said}");
    // Names, not keys.
    assert!(said.contains("Dunvale leads Bruckstadt at Liveability: holds always"), "{said}");
    assert!(said.contains("Eszter declines in Rent from 2019 to 2023: holds never"), "{said}");
    let inquiry = Inquiry::new(&framework, &known);
    let tested = inquiry.test_claims(&claims).unwrap();
    let drawn = longspring::plot::claims(&tested).svg().unwrap();
    assert!(!drawn.contains("unchecked") && !drawn.contains("ocuments"), "{drawn}");
}

#[test]
fn a_gap_is_drawn_with_the_names_of_its_node_and_a_simulation_of_five_has_no_first_ten() {
    let (framework, known) = five();
    let cities = known.dataset(&framework, &longspring::Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let gap = scores.compare("bru", "ald", "live").unwrap();
    let drawn = longspring::plot::waterfall(&gap).svg().unwrap();
    assert!(drawn.contains("Bruckstadt against Aldmere: Liveability"));

    let doubt = Doubt::weights(WeightSpread::Within { share: 0.25 });
    let printed =
        MonteCarlo::new(50).doubt(doubt).run(&Method::new(), &framework, &cities, "live").unwrap().to_string();
    assert!(printed.contains("first  first 3\n") && !printed.contains("first ten"), "{printed}");
    let dunvale = printed.lines().find(|line| line.contains("Dunvale")).unwrap();
    assert!(dunvale.ends_with("   1.00     1.00"), "{dunvale}");
}
