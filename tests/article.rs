//! The embedded article: its tables are valid, say what they said where they were collected, and reach the result.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use std::collections::{BTreeMap, BTreeSet};

use longspring::{Cut, Flag, Kind, Method, Relation, Scores, Status, Verdict, article};

fn scores() -> Scores {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

fn count<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    items.into_iter().fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(item).or_default() += 1;
        counts
    })
}

#[test]
fn the_tables_are_valid_and_fit_one_another() {
    // The readers check every table by itself.
    let (framework, cities, known) = (article::framework(), article::cities(), article::observations());
    let (sources, claims) = (article::sources(), article::claims());
    known.check_sources(&sources).unwrap();
    claims.check(&framework, &cities).unwrap();
    known.dataset(&framework, &Cut::latest()).unwrap();
    assert_eq!((cities.len(), known.len(), sources.len(), claims.len()), (39, 5671, 23, 37));
    // Nothing stands in a table that no other one uses.
    let used: BTreeSet<_> = known.iter().map(|o| o.source.as_str()).collect();
    assert!(sources.iter().all(|s| used.contains(s.key.as_str())));
    let used: BTreeSet<_> = known.iter().map(|o| o.series.as_str()).collect();
    assert!(framework.series().all(|n| used.contains(n.code.as_str())));
    let used: BTreeSet<_> = known.iter().map(|o| o.city.as_str()).collect();
    assert!(cities.iter().all(|c| used.contains(c.key.as_str())));
    assert!(known.iter().all(|o| o.value.is_some() && !o.source.is_empty() && (1950..=2025).contains(&o.year)));
}

#[test]
fn the_framework_keeps_the_outcome_apart_from_its_causes() {
    let framework = article::framework();
    let codes = |kind| -> Vec<_> { framework.nodes().filter(|n| n.kind == kind).map(|n| n.code.as_str()).collect() };
    assert_eq!(codes(Kind::Index), ["renewal", "wellbeing", "vitality"]);
    assert_eq!((codes(Kind::Measure).len(), codes(Kind::Indicator).len(), codes(Kind::Context).len()), (7, 18, 7));
    let measures = |index| framework.children(index).unwrap().map(|n| n.code.as_str()).collect::<Vec<_>>();
    assert_eq!(measures("renewal"), ["industry", "infrastructure", "investment", "education"]);
    assert_eq!(measures("wellbeing"), ["culture", "environment"]);
    assert_eq!(measures("vitality"), ["growth"]);
    let days = framework.node("days_to_start_business").unwrap();
    assert_eq!((days.worst, days.best), (Some(100.0), Some(0.5)));
    assert!(framework.nodes().all(|n| n.kind == Kind::Context || n.weight == 1.0));
}

#[test]
fn the_figures_are_those_that_were_collected() {
    let known = article::observations();
    let by_status = count(known.iter().map(|o| o.status));
    let expected = [
        (Status::Normal, 3826),
        (Status::Break, 130),
        (Status::DefinitionDiffers, 1610),
        (Status::LowReliability, 105),
    ];
    assert_eq!(by_status, expected.into());
    for (city, series, year, value, status, source) in [
        ("changchun", "productivity", 2013, 57211.4, Status::DefinitionDiffers, "gmm-2018"),
        ("detroit", "population", 1950, 2_769_254.0, Status::Normal, "un-wup-2018"),
        ("detroit", "population", 2015, 3_648_167.0, Status::Normal, "un-wup-2018"),
        ("ruhr", "population", 1980, 2_212_417.0, Status::DefinitionDiffers, "un-wup-2018"),
        ("sheffield", "rd_intensity", 2015, 1.24, Status::DefinitionDiffers, "rd-eurostat"),
        ("changchun", "rd_intensity", 2019, 1.27, Status::Break, "rd-nbs"),
        ("changchun", "gdp_growth", 2022, -4.5, Status::Normal, "china-city-panel"),
        ("changchun", "pm25", 2019, 34.66, Status::Normal, "who-aaq-2022"),
        ("changchun", "metro_km", 2023, 72.6, Status::LowReliability, "metro-systems-2023"),
        ("changchun", "days_to_start_business", 2017, 22.9, Status::LowReliability, "doing-business"),
        ("leeds", "tertiary_attainment", 2019, 38.1, Status::DefinitionDiffers, "eurostat-edat"),
        ("busan", "productivity", 2000, 33704.3516, Status::Normal, "oecd-metro-2017"),
    ] {
        let found: Vec<_> = known.of(city, series).filter(|o| o.year == year).collect();
        assert_eq!(found.len(), 1, "{series} of {city} in {year}");
        let o = found[0];
        assert_eq!((o.value, o.status, o.source.as_str()), (Some(value), status, source), "{series} of {city}");
    }
    let ruhr = known.of("ruhr", "population").next().unwrap();
    assert_eq!(ruhr.note, "sum of Essen, Dortmund, Duisburg and Bochum");
}

#[test]
fn the_cities_have_names_countries_and_places() {
    let cities = article::cities();
    let lodz = cities.get("lodz").unwrap();
    assert_eq!((lodz.name.as_str(), lodz.country()), ("Łódź", Some("Poland")));
    assert_eq!(cities.get("saint-etienne").unwrap().name, "Saint-Étienne");
    let changchun = cities.get("changchun").unwrap();
    assert_eq!((changchun.region(), changchun.coordinates), (Some("East Asia"), Some((43.88, 125.32))));
    assert!(cities.iter().all(|c| c.country().is_some() && c.region().is_some() && c.coordinates.is_some()));
}

#[test]
fn twelve_claims_can_be_tested_by_figures() {
    let claims = article::claims();
    let tests = count(claims.iter().filter_map(|c| c.test.as_ref()).map(|test| match &test.relation {
        Relation::Leads { .. } => "leads",
        Relation::Trails { .. } => "trails",
        Relation::Tops => "tops",
        Relation::Improves => "improves",
        Relation::Declines => "declines",
        Relation::Exceeds { .. } => "exceeds",
        Relation::GoesWith { .. } => "goes with",
        other => panic!("{other:?}"),
    }));
    let expected =
        [("declines", 2), ("exceeds", 1), ("goes with", 1), ("improves", 4), ("leads", 1), ("tops", 2), ("trails", 1)];
    assert_eq!(tests, expected.into());
    assert_eq!(tests.values().sum::<usize>(), 12);
    let verdicts = count(claims.iter().map(|c| c.verdict.to_string()));
    assert_eq!((verdicts["supported"], verdicts["contradicted"], verdicts["not_checkable"]), (9, 5, 7));
    let growth = claims.get("C01").unwrap();
    let test = growth.test.as_ref().unwrap();
    assert_eq!((growth.verdict, growth.subject.as_str()), (Verdict::PartlySupported, "changchun"));
    assert_eq!((&test.relation, test.node.as_str()), (&Relation::Exceeds { value: 7.9 }, "gdp_growth"));
    assert_eq!((test.from_year, test.to_year), (None, Some(2017)));
}

#[test]
fn every_score_leads_down_to_figures_with_year_status_and_source() {
    let scores = scores();
    let sources = article::sources();
    let mut cells = 0;
    for city in scores.cities() {
        for index in ["renewal", "wellbeing", "vitality"] {
            for cell in scores.cells(city, index).unwrap() {
                assert_eq!(cell.score.is_none(), cell.missing.is_some());
                if cell.score.is_none() {
                    continue;
                }
                let divisor = cell.denominator.as_ref().map(|(_, d)| d);
                for provenance in [Some(&cell.figure), divisor].into_iter().flatten().map(|c| c.provenance.unwrap()) {
                    assert!(sources.get(provenance.source).is_ok());
                }
                cells += 1;
            }
        }
    }
    // 39 cities and 18 indicators, less the cities that have no figure:
    // productivity 4, R&D 6, tertiary 12, PM2.5 4, trees 1, greenness 8, growth of GDP 4.
    assert_eq!(cells, 39 * 18 - 39);
}

#[test]
fn parts_of_a_table_keep_their_provenance_when_they_are_joined_again() {
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let keys: Vec<_> = cities.cities().collect();
    let (some, others) = keys.split_at(11);
    let part = |keys: &[&str]| cities.select(keys.iter().copied()).unwrap();
    let joined = part(others).join(&part(some)).unwrap();
    assert!(joined.cities().eq(others.iter().chain(some).copied()));
    // Two cuts number their sources and notes each in its own order.
    let early = known.dataset(&framework, &Cut::as_of(2012)).unwrap();
    let mixed = part(some).join(&early.select(others.iter().copied()).unwrap()).unwrap();
    assert_eq!((joined.cut(), mixed.cut()), (Some(&Cut::latest()), None));
    for series in cities.series() {
        for city in &keys {
            assert_eq!(joined.cell(city, series).unwrap(), cities.cell(city, series).unwrap());
            let then = if some.contains(city) { &cities } else { &early };
            assert_eq!(mixed.cell(city, series).unwrap(), then.cell(city, series).unwrap());
            assert_eq!(mixed.city(city).unwrap(), cities.city(city).unwrap());
        }
    }
}

#[test]
fn a_cell_shows_what_was_divided_by_what() {
    let scores = scores();
    let cells: Vec<_> = scores.cells("changchun", "education").unwrap().collect();
    let codes: Vec<_> = cells.iter().map(|c| c.indicator).collect();
    assert_eq!(codes, ["top_universities", "top_publications", "tertiary_attainment"]);
    let publications = &cells[1];
    let provenance = publications.figure.provenance.unwrap();
    assert_eq!((publications.figure.value, provenance.year, provenance.source), (Some(1843.5), 2020, "leiden-2022"));
    assert_eq!((provenance.status, provenance.note), (Status::Normal, "2017-2020, fractional counting"));
    let (series, people) = publications.denominator.as_ref().unwrap();
    assert_eq!((*series, people.value, people.provenance.unwrap().year), ("inhabitants", Some(3_978_636.0), 2015));
    approx::assert_relative_eq!(publications.value.unwrap(), 1843.5 / 3_978_636.0 * 1e6, max_relative = 1e-15);
    assert_eq!(publications.unit, "publications per million people");
    assert_eq!(cells[2].missing.as_ref().unwrap().to_string(), "no figure");
    // Two of three children: two known measures of weight 1 share the whole.
    let standing = scores.get("changchun", "education").unwrap();
    assert_eq!(standing.coverage.to_string(), "2/3");
    assert_eq!(scores.weight("changchun", "top_publications").unwrap(), Some(0.5));
    let mean = f64::midpoint(cells[0].score.unwrap(), cells[1].score.unwrap());
    approx::assert_relative_eq!(standing.score.unwrap(), mean, max_relative = 1e-14);
}

#[test]
fn doubts_about_a_figure_reach_every_node_that_it_counts_in() {
    let scores = scores();
    let doubtful = |node| scores.get("changchun", node).unwrap().flags.contains(Flag::LowReliability);
    for node in ["metro_km", "infrastructure", "renewal", "stadium_seats", "culture", "wellbeing"] {
        assert!(doubtful(node), "{node}");
    }
    for node in ["industry", "education", "environment", "vitality", "pm25"] {
        assert!(!doubtful(node), "{node}");
    }
    // Without what is doubtful there is no doubt, and no stadium.
    let (framework, known) = (article::framework(), article::observations());
    let reliable = known.dataset(&framework, &Cut::latest().without([Status::LowReliability])).unwrap();
    let scores = Method::new().fit(&framework, &reliable).unwrap().score(&reliable).unwrap();
    let flagged = |city: &&str| scores.get(city, "wellbeing").unwrap().flags.contains(Flag::LowReliability);
    assert_eq!(scores.cities().filter(flagged).count(), 0);
    assert_eq!(scores.node("stadium_seats").unwrap().ranked(), 0);
    let culture = scores.get("changchun", "culture").unwrap();
    assert_eq!(culture.coverage.to_string(), "1/2");
}

#[test]
fn the_ranking_prints_with_names_that_align() {
    let text = scores().to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "Industrial renewal (renewal): 39 of 39 cities ranked");
    let column = |name: &str| {
        let line = lines.iter().find(|line| line.contains(name)).unwrap();
        // The score stands at the same column for names with and without accents.
        line.split_once(name).unwrap().0.chars().count()
            + name.chars().count()
            + line.split_once(name).unwrap().1.find('.').unwrap()
    };
    assert_eq!(column("Łódź"), column("Baltimore"));
    assert_eq!(column("Saint-Étienne"), column("Baltimore"));
}
