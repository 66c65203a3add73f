//! What holds of every picture.

use longspring::plot::{self, Theme};
use longspring::{Cut, Dataset, Error, Fault, LevelAndMomentum, Method, Scores, What, article};
use roxmltree::{Document, Node as Element};

use super::{case::Case, number, texts};

#[test]
fn every_picture_is_sound_whoever_is_in_it() {
    let mut faults: Vec<String> = Vec::new();
    for case in Case::all() {
        for (theme, asked) in [(Theme::Light, 700.0), (Theme::Dark, 700.0), (Theme::Light, 400.0), (Theme::Auto, 700.0)]
        {
            for (picture, everybody, svg) in case.pictures_of(theme, asked, 12.0) {
                let what = format!("{picture} of {} ({theme:?}, {asked})", case.name);
                faults.extend(crate::faults(&what, &svg, asked, theme == Theme::Auto));
                let document = Document::parse(&svg).unwrap();
                if everybody {
                    for (key, name) in &case.cities {
                        let listed = |e: &Element<'_, '_>| {
                            e.attribute("data-cities").is_some_and(|keys| keys.split(' ').any(|k| k == key))
                        };
                        let found = document.descendants().find(|e| e.attribute("data-city") == Some(key) || listed(e));
                        let found = found.unwrap_or_else(|| panic!("{what}: {key} is not there"));
                        let clean: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                        let says: String = found.descendants().filter_map(|e| e.text()).collect::<Vec<_>>().join(" ");
                        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                        // A list below the picture is cut where a name is wider than the picture.
                        assert!(words(&says).contains(&words(&clean)) || listed(&found), "{what}: {name}: {says}");
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_picture_that_follows_the_system_has_the_colours_of_both() {
    let case = Case::of("auto", 9, |i| format!("<i fill=\"#ffffff\">{i}"));
    let three = [Theme::Light, Theme::Dark, Theme::Auto].map(|theme| case.pictures(theme));
    for ((light, dark), auto) in three[0].iter().zip(&three[1]).zip(&three[2]) {
        let picture = light.0;
        let documents = [&light.2, &dark.2, &auto.2].map(|svg| Document::parse(svg).unwrap());
        let [light, dark, auto] = &documents;
        let style = auto.descendants().find(|e| e.has_tag_name("style")).unwrap().text().unwrap();
        let name = auto.root_element().attribute("class").unwrap();
        assert!(auto.root_element().attribute("aria-labelledby").unwrap().starts_with(name), "{picture}");
        let marks = |document| {
            let document: &Document<'_> = document;
            document.descendants().filter(|e| e.is_element() && !e.has_tag_name("style")).map(|e| e.id()).collect()
        };
        let [a, b, c]: [Vec<roxmltree::NodeId>; 3] = [light, dark, auto].map(marks);
        assert!(a.len() == b.len() && a.len() == c.len(), "{picture}");
        let mut coloured = 0;
        for ((a, b), c) in a.iter().zip(&b).zip(&c) {
            let (a, b, c) = (light.get_node(*a).unwrap(), dark.get_node(*b).unwrap(), auto.get_node(*c).unwrap());
            assert_eq!(a.text().map(str::trim), c.text().map(str::trim), "{picture}");
            for attribute in ["fill", "stroke"] {
                assert_eq!(a.attribute(attribute), c.attribute(attribute), "{picture}");
                let Some(to) = b.attribute(attribute).filter(|to| Some(*to) != a.attribute(attribute)) else {
                    continue;
                };
                let number = c.attribute(format!("data-{attribute}").as_str()).unwrap();
                let rule = format!(".{name} [data-{attribute}=\"{number}\"]{{{attribute}:{to}}}");
                assert!(style.contains(&rule), "{picture}: {rule}");
                coloured += 1;
            }
        }
        assert!(coloured > 3, "{picture}");
    }
}

#[test]
fn names_that_look_like_code_stay_names() {
    let case = Case::of("scripts", 3, |i| format!("<script>{i}</script>&\"'"));
    for (picture, everybody, svg) in case.pictures(Theme::Light) {
        assert!(!svg.contains("<script"), "{picture}");
        if everybody {
            let document = Document::parse(&svg).unwrap();
            let says = |e: Element<'_, '_>| e.text().is_some_and(|t| t.contains("<script>0</script>&\"'"));
            assert!(document.descendants().any(says), "{picture}");
        }
    }
    let svg = plot::heat(&case.scores, "i").title("a < b & \"c\"").description("<b>").label("k0", "<i>").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let said: Vec<&str> = document.root_element().children().filter_map(|e| e.attribute("id").and(e.text())).collect();
    assert_eq!(said.iter().map(|t| t.trim()).collect::<Vec<_>>(), ["a < b & \"c\"", "<b>"]);
    assert!(texts(&document).iter().any(|e| e.text().unwrap().trim() == "<i>"));
}

#[test]
fn accents_are_written_as_they_are() {
    let case = Case::article();
    for (picture, svg) in case.pictures(Theme::Dark).into_iter().filter(|p| p.1).map(|(name, _, svg)| (name, svg)) {
        let document = Document::parse(&svg).unwrap();
        for name in ["Łódź", "Saint-Étienne", "Togliatti", "Liège"] {
            // Where it is crowded not every name finds a place: then what a pointer says has it, or the list below.
            let written = texts(&document).iter().any(|e| e.text().unwrap().trim() == name);
            assert!(written || (picture == "momentum" && svg.contains(name)), "{picture}: {name}");
        }
    }
}

#[test]
fn options_are_kept_and_checked() {
    let case = Case::article();
    let heat = || plot::heat(&case.scores, "renewal");
    let svg = heat().width(480.0).text_size(10.0).title("").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(number(root, "width"), 480.0);
    // an empty title is said, not shown
    assert_eq!(root.first_element_child().unwrap().text().unwrap().trim(), "Industrial renewal: city by city");
    assert!(!texts(&document).iter().any(|e| e.text().unwrap().contains("city by city")));
    assert_ne!(heat().theme(Theme::Dark).svg().unwrap(), heat().svg().unwrap());

    // the first few, and whoever is pointed out
    let svg = heat().first(3).highlight("changchun").label("changchun", "長春").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let shown: Vec<&str> = document.descendants().filter_map(|e| e.attribute("data-city")).collect();
    assert_eq!(shown, ["baltimore", "ulsan", "gothenburg", "changchun"]);
    assert!(svg.contains("長春") && !svg.contains("Changchun"));

    let fault = |error: Error| error.problems()[0].fault.clone();
    for (width, size) in
        [(f64::NAN, 12.0), (100.0, 6.0), (5000.0, 12.0), (300.0, 12.0), (700.0, 2.0), (700.0, f64::INFINITY)]
    {
        let error = fault(heat().width(width).text_size(size).svg().unwrap_err());
        assert!(matches!(error, Fault::Parameter { .. }), "{width} {size}: {error}");
    }
    let error = heat().highlight("changchum").svg().unwrap_err();
    assert!(
        matches!(&error, Error::Unknown { what: What::Shown, nearest: Some(n), .. } if n == "changchun"),
        "{error}"
    );
    assert!(matches!(heat().label("nobody", "x").svg(), Err(Error::Unknown { what: What::Shown, .. })));
    assert!(matches!(plot::heat(&case.scores, "renewel").svg(), Err(Error::Unknown { what: What::Node, .. })));
    assert!(matches!(
        plot::profile(&case.scores, "renewal", "detriot").svg(),
        Err(Error::Unknown { what: What::City, .. })
    ));
    let against = plot::profile(&case.scores, "renewal", "detroit").against("nowhere").svg();
    assert!(matches!(against, Err(Error::Unknown { what: What::City, .. })));
    assert!(matches!(plot::scatter(&case.scores, "renewal", "x").svg(), Err(Error::Unknown { what: What::Node, .. })));
    assert!(plot::weight(&case.analysis, "growth").svg().is_err());
    assert!(plot::tree(&case.composite, "nothing").svg().is_err());
    assert!(matches!(fault(plot::ranking(&case.simulation).interval(1.5).svg().unwrap_err()), Fault::Parameter { .. }));
}

#[test]
fn a_picture_of_too_many_says_so() {
    let case = Case::of("many", 501, |i| format!("City {i}"));
    for svg in [
        plot::ranking(&case.simulation).svg(),
        plot::acceptability(&case.simulation).svg(),
        plot::heat(&case.scores, "i").svg(),
        plot::scatter(&case.scores, "i", "o").svg(),
    ] {
        let error = svg.unwrap_err();
        assert!(error.to_string().contains("at most 500"), "{error}");
    }
    assert!(plot::ranking(&case.simulation).first(40).svg().is_ok());
    assert!(plot::heat(&case.scores, "i").first(40).svg().is_ok());
}

#[test]
fn the_order_of_the_cities_does_not_matter() {
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let mut keys: Vec<&str> = cities.cities().collect();
    keys.reverse();
    let other = cities.select(keys.iter().copied()).unwrap();
    let method = Method::new();
    let scores = |cities: &Dataset| method.fit(&framework, cities).unwrap().score(cities).unwrap();
    let (a, b) = (scores(&cities), scores(&other));
    assert_eq!(plot::heat(&a, "renewal").svg().unwrap(), plot::heat(&b, "renewal").svg().unwrap());
    let of = |s: &Scores| plot::scatter(s, "renewal", "vitality").highlight("changchun").svg().unwrap();
    assert_eq!(of(&a), of(&b));
    let of = |s: &Scores| plot::profile(s, "renewal", "changchun").against("detroit").svg().unwrap();
    assert_eq!(of(&a), of(&b));
    let of = |s: &Scores| {
        let comparison = s.compare("changchun", "detroit", "renewal").unwrap();
        plot::waterfall(&comparison).indicators().svg().unwrap()
    };
    assert_eq!(of(&a), of(&b));
    let mut found = LevelAndMomentum::of_series(&known, &framework, "gdp_index", 2001..=2012).unwrap();
    let before = plot::momentum(&found).svg().unwrap();
    found.cities.reverse();
    found.unplaced.reverse();
    assert_eq!(plot::momentum(&found).svg().unwrap(), before);
}
