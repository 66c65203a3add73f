//! Where marks stand: read back from the picture to the value.

use longspring::plot;
use longspring::{
    Agreement, Coherence, Correlation, Cut, Dataset, Direction, Framework, Holding, LevelAndMomentum, Method, Node,
    Normalisation, Quadrant, SobolIndices, Stage, Trajectory, Turn, WeightAnalysis, article,
};
use roxmltree::{Document, Node as Element};

use super::{case::Case, child, city, inverse, number, rounding};

#[test]
fn ranks_stand_where_the_axis_says() {
    let case = Case::article();
    let svg = plot::ranking(&case.simulation).interval(0.8).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (rank_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    let mut above = 0.0;
    for found in case.simulation.ranking() {
        let group = city(&document, found.key());
        let dot = child(group, "circle", None).unwrap();
        assert!((rank_at(number(dot, "cx")) - f64::from(found.nominal_rank().unwrap())).abs() < off);
        let bar = child(group, "line", Some("interval")).unwrap();
        let (low, high) = found.interval(0.8).unwrap().unwrap();
        assert!((rank_at(number(bar, "x1")) - (low - 0.3)).abs() < off, "{}", found.key());
        assert!((rank_at(number(bar, "x2")) - (high + 0.3)).abs() < off, "{}", found.key());
        let tick = group.children().find(|e| e.has_tag_name("line") && e.attribute("class").is_none()).unwrap();
        assert!((rank_at(number(tick, "x1")) - found.median().unwrap().value).abs() < off, "{}", found.key());
        // best first
        assert!(number(dot, "cy") > above);
        above = number(dot, "cy");
    }
}

#[test]
fn shares_of_ranks_stand_in_their_columns() {
    let case = Case::article();
    let svg = plot::acceptability(&case.simulation).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (rank_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    for found in case.simulation.cities() {
        let group = city(&document, found.key());
        let middle = |cell: Element<'_, '_>| rank_at(number(cell, "x") + number(cell, "width") / 2.0);
        let mut total = 0.0;
        let mut cells = 0;
        for cell in group.children().filter(|e| e.attribute("data-share").is_some()) {
            let (rank, share) = (middle(cell), number(cell, "data-share"));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
            let exact = found.acceptability(rank.round() as usize).value * 100.0;
            assert!(
                (rank - rank.round()).abs() < 2.0 * off && (share - exact).abs() < 0.0051,
                "{rank} {share} {exact}"
            );
            total += share;
            cells += 1;
        }
        assert!(cells > 0 && (total - 100.0 * found.ranked().value).abs() < 0.01 * f64::from(cells), "{total}");
        let frame = child(group, "rect", Some("nominal")).unwrap();
        assert!((middle(frame) - f64::from(found.nominal_rank().unwrap())).abs() < 2.0 * off);
    }
}

#[test]
fn a_heat_table_shows_every_score_and_what_is_missing() {
    let case = Case::article();
    let svg = plot::heat(&case.scores, "renewal").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let mut missing = 0;
    for (key, _) in &case.cities {
        let group = city(&document, key);
        for code in ["renewal", "industry", "infrastructure", "investment", "education"] {
            let cell = group.children().find(|e| e.attribute("data-node") == Some(code)).unwrap();
            let rect = child(cell, "rect", None).unwrap();
            let shown = child(cell, "text", None).unwrap().text().unwrap().trim().to_owned();
            if let Some(score) = case.scores.score(key, code).unwrap() {
                assert_eq!(shown, format!("{score:.0}"), "{key} {code}");
                assert_ne!(rect.attribute("fill"), Some("none"));
            } else {
                missing += 1;
                assert_eq!((shown.as_str(), rect.attribute("fill")), ("\u{2013}", Some("none")), "{key} {code}");
                assert_eq!(rect.attribute("class"), Some("missing"));
                assert!(child(cell, "title", None).unwrap().text().unwrap().contains("no score: "), "{key} {code}");
            }
        }
    }
    assert_eq!(missing, 2); // Togliatti and Chelyabinsk have no figures of industry

    // each score in the row of its city and under the name of its node
    for code in ["renewal", "industry", "infrastructure", "investment", "education"] {
        let heading = document.descendants().find(|e| e.attribute("data-heading") == Some(code)).unwrap();
        for (key, _) in &case.cities {
            let row = city(&document, key);
            let cell = row.children().find(|e| e.attribute("data-node") == Some(code)).unwrap();
            let (score, name) = (child(cell, "text", None).unwrap(), child(row, "text", None).unwrap());
            assert_eq!(
                (score.attribute("x"), score.attribute("y")),
                (child(heading, "text", None).unwrap().attribute("x"), name.attribute("y")),
                "{key} {code}"
            );
        }
    }

    // the higher the darker, on the common scale
    let mut cells: Vec<(f64, u32)> = Vec::new();
    for (key, _) in &case.cities {
        let group = city(&document, key);
        let cell = group.children().find(|e| e.attribute("data-node") == Some("education")).unwrap();
        let colour = child(cell, "rect", None).unwrap().attribute("fill").unwrap();
        let byte = |at: usize| u32::from_str_radix(&colour[at..at + 2], 16).unwrap();
        cells.push((case.scores.score(key, "education").unwrap().unwrap(), byte(1) + byte(3) + byte(5)));
    }
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(cells.windows(2).all(|pair| pair[0].1 >= pair[1].1), "{cells:?}");
}

#[test]
fn dots_of_a_profile_stand_where_the_axis_says() {
    let case = Case::article();
    let svg = plot::profile(&case.scores, "renewal", "changchun").against("detroit").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (score_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    let framework = case.scores.composite().framework();
    let mut dots = 0;
    for node in framework.subtree("renewal").unwrap() {
        let row = document.descendants().find(|e| e.attribute("data-node") == Some(&node.code)).unwrap();
        let mark = |key: &str| row.children().find(|e| e.attribute("data-city") == Some(key));
        let scores = case.scores.node(&node.code).unwrap();
        for key in ["changchun", "detroit"] {
            let dot = |mark| child(mark, "circle", None).map(|dot| number(dot, "cx"));
            let diamond = |mark| child(mark, "path", None).and_then(|path| path.attribute("d")).unwrap();
            let top = |data: &str| data[1..].split(' ').next().unwrap().parse().unwrap();
            let place = mark(key).map(|mark| dot(mark).unwrap_or_else(|| top(diamond(mark))));
            match scores.score(key).unwrap() {
                Some(score) => assert!((score_at(place.unwrap()) - score).abs() < off, "{key} {}", node.code),
                None => assert_eq!(place, None, "{key} {}", node.code),
            }
            dots += usize::from(place.is_some());
        }
        // the field behind
        let (low, high) = scores.scores().flatten().fold((f64::MAX, f64::MIN), |(a, b), s| (a.min(s), b.max(s)));
        let range = child(row, "rect", Some("range")).unwrap();
        assert!((score_at(number(range, "x")) - low).abs() < off, "{}", node.code);
        assert!((score_at(number(range, "x") + number(range, "width")) - high).abs() < 2.0 * off, "{}", node.code);
    }
    assert_eq!(dots, 2 * 16 - 1); // Changchun's tertiary attainment is not known
    let depth = plot::profile(&case.scores, "renewal", "changchun").depth(1).svg().unwrap();
    assert!(depth.contains("data-node=\"education\"") && !depth.contains("data-node=\"rd_intensity\""));
}

#[test]
fn the_middle_half_is_that_of_the_scores() {
    // Five cities with 0, 10, 20, 30 and 40: the quartiles are 10, 20 and 30.
    let framework =
        Framework::new([Node::index("i"), Node::indicator("a", "i", Direction::HigherIsBetter).worst(0.0).best(100.0)])
            .unwrap();
    let cities = Dataset::builder(&framework, ["p", "q", "r", "s", "t"]).column("a", [30.0, 0.0, 40.0, 10.0, 20.0]);
    let method = Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 100.0 });
    let cities = cities.build().unwrap();
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let svg = plot::profile(&scores, "i", "p").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (score_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    let half = document.descendants().find(|e| e.attribute("class") == Some("middle-half")).unwrap();
    assert!((score_at(number(half, "x")) - 10.0).abs() < off);
    assert!((score_at(number(half, "x") + number(half, "width")) - 30.0).abs() < 2.0 * off);
}

#[test]
fn cities_of_a_scatter_stand_at_their_scores() {
    let case = Case::article();
    let svg = plot::scatter(&case.scores, "renewal", "vitality").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    for (key, name) in &case.cities {
        let group = city(&document, key);
        let dot = child(group, "circle", None).unwrap();
        for (axis, place, node) in [("x", "cx", "renewal"), ("y", "cy", "vitality")] {
            let value = inverse(&document, axis)(number(dot, place));
            let score = case.scores.score(key, node).unwrap().unwrap();
            assert!((value - score).abs() < rounding(&document, axis), "{key} {node} {value} {score}");
        }
        // at this size everybody's name has a place
        assert_eq!(child(group, "text", None).unwrap().text().unwrap().trim(), name);
    }
    // who lacks one of them is named below
    let case = Case::of("gaps", 12, |i| format!("City {i}"));
    let svg = plot::scatter(&case.scores, "m2", "o").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let below = document.descendants().find(|e| e.attribute("data-cities").is_some()).unwrap();
    for (key, name) in &case.cities {
        let both = case.scores.score(key, "m2").unwrap().zip(case.scores.score(key, "o").unwrap());
        let listed = below.attribute("data-cities").unwrap().split(' ').any(|k| k == key);
        assert_eq!(listed, both.is_none(), "{key}");
        assert!(!listed || svg.contains(name));
    }
}

#[test]
fn a_turned_weight_shows_the_lines_and_where_the_lead_changes() {
    let case = Case::article();
    let svg = plot::weight(&case.analysis, "education").highlight("changchun").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (weight_at, score_at) = (inverse(&document, "x"), inverse(&document, "y"));
    let (off_x, off_y) = (rounding(&document, "x"), rounding(&document, "y"));
    let curve = case.analysis.curve("education", 201).unwrap();
    for (row, key) in case.analysis.cities().enumerate() {
        let line = child(city(&document, key), "path", Some("curve")).unwrap();
        let mut places = line.attribute("d").unwrap()[1..].split('L').map(|place| {
            let (x, y) = place.split_once(' ').unwrap();
            (weight_at(x.parse().unwrap()), score_at(y.parse().unwrap()))
        });
        let (first, last) = (places.next().unwrap(), places.next_back().unwrap());
        for (found, point) in [(first, &curve[0]), (last, &curve[200])] {
            // Where all known children weigh nothing at an end there is no score, and the line stops before.
            let Some(score) = point.scores[row] else { continue };
            assert!((found.0 - point.weight).abs() < off_x && (found.1 - score).abs() < off_y, "{key}");
        }
    }
    let nominal = document.descendants().find(|e| e.attribute("class") == Some("nominal")).unwrap();
    assert!((weight_at(number(nominal, "x1")) - 0.25).abs() < off_x);

    // The lead changes at the ends of what the leader keeps, and there both have the same score.
    let stable = case.analysis.leader_stability("education").unwrap();
    let mut crossings: Vec<f64> = Vec::new();
    for mark in document.descendants().filter(|e| e.attribute("data-crossing").is_some()) {
        let pair: Vec<&str> = mark.attribute("data-crossing").unwrap().split(' ').collect();
        let dot = child(mark, "circle", None).unwrap();
        let (weight, score) = (weight_at(number(dot, "cx")), score_at(number(dot, "cy")));
        let all = case.analysis.at(&case.analysis.with_weight("education", weight).unwrap()).unwrap();
        for key in pair {
            let own = all.iter().find(|w| w.city == key).unwrap();
            assert!((own.score.unwrap() - score).abs() < 10.0 * off_y, "{key} at {weight}");
            assert!(own.rank.unwrap() <= 2, "{key} at {weight}");
        }
        crossings.push(weight);
    }
    crossings.sort_by(f64::total_cmp);
    assert!(crossings.iter().any(|w| (w - stable.low).abs() < off_x), "{crossings:?} {stable}");
    assert!(crossings.iter().any(|w| (w - stable.high).abs() < off_x), "{crossings:?} {stable}");

    // The highlighted city meets its neighbours at the ends of what keeps its rank.
    let stable = case.analysis.rank_stability("changchun", "education").unwrap();
    let meetings: Vec<f64> = document
        .descendants()
        .filter(|e| e.attribute("data-meeting").is_some())
        .map(|e| weight_at(number(child(e, "circle", None).unwrap(), "cx")))
        .collect();
    for end in [stable.low, stable.high] {
        assert!(meetings.iter().any(|w| (w - end).abs() < off_x), "{meetings:?} {stable}");
    }
}

#[test]
fn no_change_of_the_lead_escapes() {
    // With the weight t of p, a scores 50, b 40 + 20 t and c 80 t + q (1 - t): b passes a at 0.5. For c to pass b at 0.502,
    // where b has 50.04, q is (50.04 - 40.16) / 0.498. At 0.5 c has less than 50, and at 0.505 it leads.
    let indicator = |code: &str| Node::indicator(code, "i", Direction::HigherIsBetter).worst(0.0).best(100.0);
    let framework = Framework::new([Node::index("i"), indicator("p"), indicator("q")]).unwrap();
    let q = (50.04 - 40.16) / 0.498;
    let cities =
        Dataset::builder(&framework, ["c", "a", "b"]).column("p", [80.0, 50.0, 60.0]).column("q", [q, 50.0, 40.0]);
    let method = Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 100.0 });
    let cities = cities.build().unwrap();
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let analysis = WeightAnalysis::of(&scores, "i").unwrap();
    let svg = plot::weight(&analysis, "p").highlight("b").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (weight_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    let marks = |attribute: &str| -> Vec<(String, f64)> {
        let groups = document.descendants().filter(|e| e.attribute(attribute).is_some());
        let place = |e| weight_at(number(child(e, "circle", None).unwrap(), "cx"));
        groups.map(|e| (e.attribute(attribute).unwrap().to_owned(), place(e))).collect()
    };
    let changes = marks("data-crossing");
    assert_eq!(changes.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["a b", "b c"]);
    for (change, exact) in changes.iter().zip([0.5, 0.502]) {
        assert!((change.1 - exact).abs() < off, "{change:?}");
    }
    let mut met = marks("data-meeting");
    met.sort_by(|a, b| a.1.total_cmp(&b.1));
    assert_eq!(met.iter().map(|m| m.0.as_str()).collect::<Vec<_>>(), ["b a", "b c"]);
    assert!(svg.contains("From 0.500 b leads. From 0.502 c leads."), "{svg}");
}

#[test]
fn steps_of_a_waterfall_lead_from_one_score_to_the_other() {
    let case = Case::article();
    for (a, b) in [("changchun", "detroit"), ("detroit", "changchun")] {
        let found = case.scores.compare(a, b, "renewal").unwrap();
        let children: Vec<_> = found.children().collect();
        let indicators: Vec<_> = found.indicators().collect();
        assert!(children.len() == 4 && indicators.len() == 11);
        for (svg, parts) in
            [(plot::waterfall(&found).svg(), children), (plot::waterfall(&found).indicators().svg(), indicators)]
        {
            let svg = svg.unwrap();
            let document = Document::parse(&svg).unwrap();
            let (score_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
            let mut reached = found.scores.1;
            let mut rows: Vec<f64> = Vec::new();
            for part in parts {
                let row = document.descendants().find(|e| e.attribute("data-node") == Some(&part.node)).unwrap();
                let Some(gap) = part.gap else { panic!("one of the two has each") };
                let bar = child(row, "rect", Some("step")).unwrap();
                let ends = [number(bar, "x"), number(bar, "x") + number(bar, "width")].map(&score_at);
                assert!((ends[0] - reached.min(reached + gap)).abs() < off, "{}", part.node);
                assert!((ends[1] - reached.max(reached + gap)).abs() < 2.0 * off, "{}", part.node);
                reached += gap;
                rows.push(number(bar, "y"));
            }
            assert!((reached - found.scores.0).abs() < 1e-9);
            assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
            let dot = child(city(&document, a), "circle", None).unwrap();
            assert!((score_at(number(dot, "cx")) - found.scores.0).abs() < off);
            let diamond = child(city(&document, b), "path", None).unwrap().attribute("d").unwrap();
            let place = diamond[1..].split(' ').next().unwrap().parse().unwrap();
            assert!((score_at(place) - found.scores.1).abs() < off);
        }
    }
    // what neither city has is no step
    let case = Case::of("gaps", 2, |i| format!("City {i}"));
    let svg = plot::waterfall(case.comparison.as_ref().unwrap()).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let row = document.descendants().find(|e| e.attribute("data-node") == Some("m3")).unwrap();
    assert!(child(row, "rect", None).is_none() && child(row, "text", Some("missing")).is_some());
}

#[test]
fn cities_of_a_momentum_picture_stand_at_their_levels_and_slopes() {
    let (framework, known) = (article::framework(), article::observations());
    let of = |series: &str, years| LevelAndMomentum::of_series(&known, &framework, series, years).unwrap();
    // Higher is better, and lower is better.
    for found in [of("gdp_index", 2001..=2012), of("days_to_start_business", 2013..=2019)] {
        let svg = plot::momentum(&found).svg().unwrap();
        let document = Document::parse(&svg).unwrap();
        let (level_at, slope_at) = (inverse(&document, "x"), inverse(&document, "y"));
        let (off_x, off_y) = (rounding(&document, "x"), rounding(&document, "y"));
        let line = |class| document.descendants().find(|e| e.attribute("class") == Some(class)).unwrap();
        let median = [number(line("median-level"), "x1"), number(line("median-slope"), "y1")];
        assert!((level_at(median[0]) - found.median_level.unwrap()).abs() < off_x);
        assert!((slope_at(median[1]) - found.median_slope.unwrap()).abs() < off_y);
        let names = line("quadrants");
        let place = |name: &str| {
            let word = names.children().find(|e| e.text().is_some_and(|t| t.trim() == name)).unwrap();
            (number(word, "x"), number(word, "y"))
        };
        for own in &found.cities {
            let dot = child(city(&document, &own.city), "circle", None).unwrap();
            let at = (number(dot, "cx"), number(dot, "cy"));
            assert!((level_at(at.0) - own.level).abs() < off_x && (slope_at(at.1) - own.slope).abs() < off_y);
            assert_eq!(dot.attribute("fill") == Some("#ffffff"), own.p >= 0.05, "{}", own.city);
            // The name of its quadrant stands on its side of both lines (but for those on a line).
            let word = place(&own.quadrant.to_string());
            for (own, word, line) in [(at.0, word.0, median[0]), (at.1, word.1, median[1])] {
                assert!((own - line).abs() < 0.02 || (own < line) == (word < line), "{own} {word} {line}");
            }
        }
        for unplaced in &found.unplaced {
            let mut lists = document.descendants().filter_map(|e| e.attribute("data-cities"));
            assert!(lists.any(|keys| keys.split(' ').any(|key| key == unplaced.city)), "{unplaced}");
        }
        assert!(found.of_quadrant(Quadrant::Slowing).count() > 0);
    }
}

/// The group of a panel that has an axis of its own.
fn in_panel(panel: Element<'_, '_>, axis: &str) -> impl Fn(f64) -> f64 {
    let group = panel.descendants().find(|e| e.attribute("data-axis") == Some(axis)).unwrap();
    let [low, high, from, to] = ["data-low", "data-high", "data-from", "data-to"].map(|name| number(group, name));
    move |place| low + (high - low) * (place - from) / (to - from)
}

#[test]
fn trajectories_show_every_figure_where_they_turned_and_their_gaps() {
    let (framework, known) = (article::framework(), article::observations());
    let named = ["changchun", "detroit", "ruhr", "sheffield"];
    for series in ["population", "gdp_index", "days_to_start_business"] {
        let found = named.map(|city| Trajectory::of_series(&known, &framework, city, series).unwrap());
        for (svg, common) in [
            (plot::trajectories(&found).svg().unwrap(), false),
            (plot::trajectories(&found).common_scale().svg().unwrap(), true),
        ] {
            let document = Document::parse(&svg).unwrap();
            let mut scales: Vec<String> = Vec::new();
            for own in &found {
                let panel = city(&document, &own.city);
                let (year_at, value_at) = (in_panel(panel, "x"), in_panel(panel, "y"));
                let off = (value_at(0.0151) - value_at(0.0)).abs();
                let mut marks = panel.descendants().filter(|e| e.attribute("data-year").is_some());
                for point in &own.points {
                    let mark = marks.next().unwrap();
                    assert_eq!(mark.attribute("data-year").unwrap(), point.year.to_string());
                    let turn = own.turning_points.iter().find(|t| t.at.year == point.year).map(|t| t.turn);
                    let (x, y) = if let Some(dot) = child(mark, "circle", None) {
                        (number(dot, "cx"), number(dot, "cy"))
                    } else {
                        let data = child(mark, "path", None).unwrap().attribute("d").unwrap();
                        let (x, rest) = data[1..].split_once(' ').unwrap();
                        let y: f64 = rest.split('l').next().unwrap().parse().unwrap();
                        let side: f64 = rest.split('l').nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
                        (x.parse().unwrap(), y + side)
                    };
                    assert!((year_at(x) - f64::from(point.year)).abs() < 0.1, "{} {}", own.city, point.year);
                    assert!((value_at(y) - point.value).abs() < 2.0 * off, "{} {}", own.city, point.year);
                    let says = child(mark, "title", None).unwrap().text().unwrap().trim().to_owned();
                    let is_lower = own.direction == Some(Direction::LowerIsBetter);
                    let word = match turn {
                        Some(Turn::Peak) if is_lower => "worse from ",
                        Some(Turn::Trough) if is_lower => "better from ",
                        Some(Turn::Peak) => "peak ",
                        Some(Turn::Trough) => "trough ",
                        _ => "",
                    };
                    assert!(says.starts_with(word), "{says}");
                }
                assert!(marks.next().is_none());
                // Where lower is better, growth of the figure's worth is no growth of the figure.
                let stage = match own.stage.unwrap() {
                    Stage::Growing if own.direction == Some(Direction::LowerIsBetter) => "improving".to_owned(),
                    Stage::Declining if own.direction == Some(Direction::LowerIsBetter) => "worsening".to_owned(),
                    stage => stage.to_string(),
                };
                assert!(panel.children().any(|e| e.has_tag_name("text") && e.text().unwrap().trim() == stage));
                let axis = panel.descendants().find(|e| e.attribute("data-axis") == Some("y")).unwrap();
                scales.push(format!("{:?} {:?}", axis.attribute("data-low"), axis.attribute("data-high")));
            }
            scales.dedup();
            assert!(!common || scales.len() == 1, "{scales:?}");
        }
    }
    // Where 2004 is missing the line stops; the points stand.
    let points = [2000, 2001, 2002, 2003, 2005, 2006, 2007].map(|year| (year, f64::from(year % 4)));
    let found = Trajectory::of_points(points, None).unwrap();
    let svg = plot::trajectories([&found]).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let pieces: Vec<usize> = document
        .descendants()
        .filter(|e| e.attribute("class") == Some("curve"))
        .map(|e| e.attribute("d").unwrap().split('L').count())
        .collect();
    assert_eq!(pieces, [4, 3]);
    // Nothing to show, the ends of all years, and nobody.
    for found in [
        Trajectory::of_points([], None).unwrap(),
        Trajectory::of_points([(2000, 1.0)], None).unwrap(),
        Trajectory::of_points([(i32::MIN, f64::MAX), (0, f64::MIN), (i32::MAX, 5e-324)], None).unwrap(),
    ] {
        let svg = plot::trajectories([&found, &found]).svg().unwrap();
        assert!(Document::parse(&svg).is_ok() && !svg.contains("NaN"));
    }
    assert!(Document::parse(&plot::trajectories([]).svg().unwrap()).is_ok());
}

#[test]
fn where_lower_is_better_turning_points_are_of_better_and_worse() {
    let points = [(2015, 10.0), (2017, 5.0), (2019, 12.0), (2021, 8.0)];
    let lower = Trajectory::of_points(points, Some(Direction::LowerIsBetter)).unwrap();
    let svg = plot::trajectories([&lower]).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let has = |tag: &str, text: &str| {
        document.descendants().any(|e| e.has_tag_name(tag) && e.text().is_some_and(|t| t.trim() == text))
    };
    for text in ["worse from 2017", "better from 2019", "worse from", "better from"] {
        assert!(has("text", text), "{text}");
    }
    assert!(has("title", "worse from 2017: 5.0") && has("title", "better from 2019: 12.0"), "{svg}");
    assert!(!svg.contains("peak") && !svg.contains("trough"), "{svg}");
    // Where both kinds stand side by side, the legend has both words.
    let higher = Trajectory::of_points(points, None).unwrap();
    let svg = plot::trajectories([&lower, &higher]).svg().unwrap();
    assert!(svg.contains("peak, worse from") && svg.contains("better from, trough"), "{svg}");
}

#[test]
fn a_verdict_shows_the_margins_and_the_share() {
    let case = Case::article();
    let (mut shares, mut broken, mut unknown) = (0, 0, 0);
    for tested in case.claims.tested() {
        let svg = plot::verdict(tested).svg().unwrap();
        let document = Document::parse(&svg).unwrap();
        let by_class = |class: &str| document.descendants().find(|e| e.attribute("class") == Some(class));
        if let Some(share) = tested.holding.share() {
            let (share_at, off) = (inverse(&document, "share"), rounding(&document, "share"));
            let held = by_class("held").unwrap();
            assert!((share_at(number(held, "x") + number(held, "width")) - share).abs() < 2.0 * off);
            shares += usize::from(share > 0.0 && share < 1.0);
        } else {
            assert!(by_class("held").is_none() && svg.contains("cannot be known"));
            unknown += 1;
        }
        let Some(nominal) = tested.nominal else { continue };
        let (margin_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
        assert!(margin_at(number(by_class("zero").unwrap(), "x1")).abs() < off);
        let range = by_class("range").unwrap();
        let ends = [number(range, "x"), number(range, "x") + number(range, "width")].map(&margin_at);
        assert!((ends[0] - tested.smallest.unwrap()).abs() < off);
        assert!((ends[1] - tested.largest.unwrap()).abs() < 2.0 * off);
        let group = range.parent().unwrap();
        let dot = child(group, "circle", None).unwrap();
        assert!((margin_at(number(dot, "cx")) - nominal).abs() < off);
        let diamond = child(group, "path", None).map(|e| e.attribute("d").unwrap());
        let example = tested.counterexample.as_ref().and_then(|example| example.margin);
        assert_eq!(diamond.is_some(), example.is_some());
        if let Some((diamond, margin)) = diamond.zip(example) {
            let place = diamond[1..].split(' ').next().unwrap().parse().unwrap();
            assert!((margin_at(place) - margin).abs() < off);
            broken += 1;
        }
    }
    assert!(shares > 0 && broken > 0, "{shares} {broken} {unknown}");
}

#[test]
fn a_table_of_claims_shows_both_verdicts_of_each() {
    let case = Case::article();
    let svg = plot::claims(&case.claims).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (share_at, off) = (inverse(&document, "share"), rounding(&document, "share"));
    let mut seen = Vec::new();
    for (claim, tested) in case.claims.iter() {
        let row = document.descendants().find(|e| e.attribute("data-claim") == Some(&claim.code)).unwrap();
        let texts: Vec<&str> =
            row.children().filter(|e| e.has_tag_name("text")).map(|e| e.text().unwrap().trim()).collect();
        let says = texts.join(" ");
        assert!(says.starts_with(&claim.code), "{says}");
        assert!(says.contains(&claim.verdict.to_string().replace('_', " ")), "{says}");
        let bar = child(row, "rect", Some("held"));
        let share = tested.and_then(|tested| tested.holding.share());
        assert_eq!(bar.is_some(), share.is_some(), "{says}");
        if let Some((bar, share)) = bar.zip(share) {
            assert!((share_at(number(bar, "x") + number(bar, "width")) - share).abs() < 2.0 * off, "{says}");
        }
        let agreement = case.claims.agreement(&claim.code).unwrap();
        let word = texts.iter().find(|t| ["agree", "partly", "disagree"].contains(t));
        let expected = match agreement {
            Agreement::Agree => Some("agree"),
            Agreement::Partly => Some("partly"),
            Agreement::Disagree => Some("disagree"),
            _ => None,
        };
        assert_eq!(word.copied(), expected, "{says}");
        match tested.map(|tested| &tested.holding) {
            None => assert!(says.contains("not tested")),
            Some(Holding::Unknown { .. }) => {
                assert!(says.contains("cannot be known") && child(row, "rect", Some("missing")).is_some());
            }
            Some(_) => assert!(says.contains("holds")),
        }
        seen.push(agreement);
    }
    assert!(seen.contains(&Agreement::Agree) && seen.contains(&Agreement::NotCompared));
    let svg = plot::claims(&case.claims).tested_only().svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let rows = document.descendants().filter(|e| e.attribute("data-claim").is_some()).count();
    assert_eq!(rows, case.claims.tested().count());
}

#[test]
fn bars_of_a_tree_are_the_effective_weights() {
    let case = Case::of("tree", 5, |i| format!("City {i}"));
    let svg = plot::tree(&case.composite, "i").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (share_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    for part in Coherence::of(&case.scores).effective_weights("i").unwrap() {
        let row = document.descendants().find(|e| e.attribute("data-node") == Some(&part.node)).unwrap();
        let bar = child(row, "rect", Some("weight")).unwrap();
        assert!((share_at(number(bar, "x"))).abs() < off);
        assert!((share_at(number(bar, "x") + number(bar, "width")) - part.weight).abs() < 2.0 * off, "{}", part.node);
    }
    // what is left out has no bar, but is shown
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let composite = Method::new().exclude(["education"]).fit(&framework, &cities).unwrap();
    let svg = plot::tree(&composite, "renewal").svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    for code in ["education", "top_universities"] {
        let row = document.descendants().find(|e| e.attribute("data-node") == Some(code)).unwrap();
        assert!(child(row, "rect", Some("missing")).is_some() && child(row, "rect", Some("weight")).is_none());
        assert!(row.descendants().any(|e| e.text().is_some_and(|t| t.contains("left out"))));
    }
}

#[test]
fn correlations_are_written_into_their_cells() {
    let case = Case::article();
    let coherence = Coherence::of(&case.scores);
    let codes = ["industry", "infrastructure", "investment", "education", "vitality"];
    let found = coherence.correlations(Correlation::Kendall, codes).unwrap();
    let svg = plot::correlations(&found).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let mut cells = 0;
    for pair in found.pairs() {
        let name = format!("{} {}", pair.a, pair.b);
        let cell = document.descendants().find(|e| e.attribute("data-pair") == Some(&name)).unwrap();
        let shown = child(cell, "text", None).unwrap().text().unwrap().trim().replace('\u{2212}', "-");
        let star = if pair.p.unwrap() < 0.05 { "*" } else { "" };
        assert_eq!(shown, format!("{:.2}{star}", pair.r.unwrap()), "{name}");
        cells += 1;
        // in the row of the one and under the name of the other, which stands at the head of its column; the colour has the sign
        let name_of = |code: &str| {
            let row = document.descendants().find(|e| e.attribute("data-node") == Some(code)).unwrap();
            row.children().find(|e| e.has_tag_name("text")).unwrap()
        };
        let (square, text) = (child(cell, "rect", None).unwrap(), child(cell, "text", None).unwrap());
        assert_eq!(text.attribute("y"), name_of(&pair.b).attribute("y"), "{name}");
        let column = number(name_of(&pair.a), "x") - 0.4 * 12.0 + 0.5;
        assert!((number(square, "x") - column).abs() < 0.02, "{name}");
        let byte = |at: usize| u32::from_str_radix(&square.attribute("fill").unwrap()[at..at + 2], 16).unwrap();
        let (blue, r) = (byte(5) > byte(1), pair.r.unwrap());
        assert!(r.abs() < 0.1 || blue == (r > 0.0), "{name}: blue above 0, orange below");
    }
    assert_eq!(cells, 10);
    // a column without figures has no coefficient
    let case = Case::of("missing", 9, |i| format!("City {i}"));
    let svg = plot::correlations(&case.correlations).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let cell = document.descendants().find(|e| e.attribute("data-pair") == Some("m1 m3")).unwrap();
    assert_eq!(child(cell, "text", None).unwrap().text().unwrap().trim(), "\u{2013}");
}

#[test]
fn sobol_bars_and_intervals_stand_where_the_axis_says() {
    let case = Case::article();
    let found = case.sensitivities.as_ref().unwrap();
    let svg = plot::sensitivities(found).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let (value_at, off) = (inverse(&document, "x"), rounding(&document, "x"));
    for input in &found.indices().inputs {
        let row = document.descendants().find(|e| e.attribute("data-input") == Some(&input.input)).unwrap();
        for (class, estimate) in [("first", input.first), ("total", input.total)] {
            let bar = child(row, "rect", Some(class)).unwrap();
            let ends = [number(bar, "x"), number(bar, "x") + number(bar, "width")].map(&value_at);
            assert!((ends[0] - estimate.value.min(0.0)).abs() < off, "{} {class}", input.input);
            assert!((ends[1] - estimate.value.max(0.0)).abs() < 2.0 * off, "{} {class}", input.input);
        }
        let lines: Vec<Element<'_, '_>> = row.children().filter(|e| e.attribute("class") == Some("interval")).collect();
        let intervals: Vec<(f64, f64)> =
            [input.first, input.total].iter().filter_map(|e| e.interval).filter(|(a, b)| a < b).collect();
        assert_eq!(lines.len(), intervals.len());
        for (line, (low, high)) in lines.iter().zip(intervals) {
            assert!(
                (value_at(number(*line, "x1")) - low).abs() < off && (value_at(number(*line, "x2")) - high).abs() < off
            );
        }
    }
    // below zero and without intervals
    let y = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0];
    let ab = [[0.5, 1.0, 0.0, 0.9, 1.0, 0.1], [1.0, 0.0, 1.0, 0.0, 0.0, 1.0]];
    let indices = SobolIndices::from_design(["x", "y"], &y, &y, &ab, 0, 1).unwrap();
    assert!(indices.inputs.iter().any(|i| i.first.value < 0.0));
    let svg = plot::sobol(&indices).svg().unwrap();
    assert!(Document::parse(&svg).is_ok() && !svg.contains("class=\"interval\""));
}
