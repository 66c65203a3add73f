//! How cities moved: hand calculations, numbers of other programs, properties, and bad input.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail as loudly as the test")]

mod common;

use approx::assert_relative_eq;
use common::for_all;
use longspring::{
    Basis, Cities, City, Convergence, Cut, Dataset, Direction, Error, Fault, Framework, GrowthScale, LevelAndMomentum,
    Method, Node, Observation, Observations, Panel, Quadrant, Stage, StageRule, Theil, Trajectory, Turn, Untold,
    Yardstick, article,
};
use proptest::prelude::*;

fn of(values: &[f64]) -> Trajectory {
    Trajectory::of_points((2000..).zip(values.iter().copied()), None).unwrap()
}

fn stage(values: &[f64]) -> Stage {
    of(values).stage.unwrap()
}

fn fault(error: &Error) -> Fault {
    error.problems()[0].fault.clone()
}

#[test]
fn stages_by_hand() {
    assert_eq!(stage(&[1.0, 2.0, 3.0, 4.0, 5.0]), Stage::Growing);
    assert_eq!(stage(&[5.0, 4.0, 3.0, 2.0, 1.0]), Stage::Declining);
    assert_eq!(stage(&[100.0, 100.4, 99.8, 100.1]), Stage::StandingStill); // the range is 0.6 % of the level
    assert_eq!(stage(&[7.0, 7.0, 7.0]), Stage::StandingStill);
    // Up to 10, down to 5, up to 7: 2 of 5 regained.
    let reviving = of(&[2.0, 6.0, 10.0, 8.0, 5.0, 6.0, 7.0]);
    assert_eq!(reviving.stage, Some(Stage::Reviving));
    let fall = reviving.fall.unwrap();
    assert_eq!((fall.peak.year, fall.trough.year, fall.regained), (2002, 2004, 0.4));
    let turns: Vec<(Turn, i32)> = reviving.turning_points.iter().map(|t| (t.turn, t.at.year)).collect();
    assert_eq!(turns, [(Turn::Peak, 2002), (Turn::Trough, 2004)]);
    assert_eq!(stage(&[2.0, 6.0, 10.0, 8.0, 5.0, 8.0, 10.0]), Stage::Revived);
    // Regained 4 of 8, and down again from 7 to 6: the share is half, and the last turn a peak.
    assert_eq!(stage(&[10.0, 6.0, 2.0, 5.0, 9.0, 7.0, 6.0]), Stage::Declining);
    // Fell once, and has stood at the bottom since: 7 of 9 years within a fifth of the range.
    assert_eq!(stage(&[10.0, 6.0, 2.0, 2.0, 2.5, 2.0, 2.0, 2.5, 2.0, 2.0]), Stage::StandingStill);
    // Rose once, and has been there since.
    assert_eq!(stage(&[2.0, 6.0, 10.0, 10.0, 9.5, 10.0, 10.0, 10.0]), Stage::StandingStill);
    assert_eq!(of(&[1.0, 2.0, 3.0]).fall, None);
}

#[test]
fn the_four_cities_come_out_as_their_figures_say() {
    let (framework, known) = (article::framework(), article::observations());
    let stage = |city, series| Trajectory::of_series(&known, &framework, city, series).unwrap().stage.unwrap();
    assert_eq!(
        ["changchun", "detroit", "ruhr", "sheffield"].map(|city| stage(city, "population")),
        [Stage::Growing, Stage::Declining, Stage::Declining, Stage::Revived]
    );
    assert_eq!(
        ["changchun", "detroit", "ruhr", "sheffield"].map(|city| stage(city, "gdp_index")),
        [Stage::Growing, Stage::Reviving, Stage::Revived, Stage::Reviving]
    );
    // Detroit: 102.254608 in 2003, 80.917521 in 2009, 91.137497 in 2013.
    let detroit = Trajectory::of_series(&known, &framework, "detroit", "gdp_index").unwrap();
    let regained = (91.137497 - 80.917521) / (102.254608 - 80.917521);
    assert_relative_eq!(detroit.fall.unwrap().regained, regained, max_relative = 1e-12);
    assert_eq!((detroit.best().unwrap().year, detroit.worst().unwrap().year), (2003, 2009));
    assert_eq!(detroit.clone().within(2009..=2013).stage, Some(Stage::Growing));
    assert!(detroit.to_string().contains("largest fall: 102.3 in 2003 to 80.92 in 2009, 48 % regained"), "{detroit}");
}

#[test]
fn trends_of_embedded_series_agree_with_the_other_programs() {
    let (framework, known) = (article::framework(), article::observations());
    let mut compared = 0;
    for row in csv::Reader::from_path("tests/oracles/trajectory/trend.csv").unwrap().records() {
        let row = row.unwrap();
        let number = |i: usize| row[i].parse::<f64>().unwrap();
        let Some((city, series)) = row[0].split_once(' ').filter(|(city, _)| *city != "drawn") else { continue };
        let found = Trajectory::of_series(&known, &framework, city, series).unwrap();
        let trend = found.trend.unwrap();
        assert_relative_eq!(trend.slope, number(3), max_relative = 1e-10, epsilon = 1e-12);
        assert_relative_eq!(trend.intercept, number(4), max_relative = 1e-9);
        let (low, high) = trend.interval.unwrap();
        assert_relative_eq!(low, number(6), max_relative = 1e-10, epsilon = 1e-12);
        assert_relative_eq!(high, number(7), max_relative = 1e-10, epsilon = 1e-12);
        let wide = found.with_confidence(0.9).unwrap().trend.unwrap().interval.unwrap();
        assert_relative_eq!(wide.0, number(8), max_relative = 1e-10, epsilon = 1e-12);
        assert_eq!(trend.s as f64, number(10));
        match trend.basis {
            Basis::Exact => assert_relative_eq!(trend.p, number(14), max_relative = 1e-9),
            _ => assert_relative_eq!(trend.p, number(13), max_relative = 1e-9, epsilon = 1e-15),
        }
        compared += 1;
    }
    assert!(compared >= 20, "{compared}");
}

#[test]
fn irregular_years_count_by_the_year() {
    let trend = Trajectory::of_points([(2000, 0.0), (2001, 2.0), (2010, 20.0)], None).unwrap().trend.unwrap();
    assert_eq!((trend.slope, trend.at(2005), trend.s, trend.basis), (2.0, 10.0, 3, Basis::Exact));
    assert_eq!(trend.interval, None); // three figures rule out no slope at 95 %
}

#[test]
fn few_figures_and_bad_ones_say_so() {
    let short = of(&[1.0, 2.0]);
    assert_eq!((short.trend, short.stage, short.untold), (None, None, Some(Untold::FewFigures { have: 2 })));
    assert!(short.to_string().contains("there are 2 figures, and it takes three"), "{short}");
    assert_eq!(of(&[]).untold, Some(Untold::NoFigure));
    let huge = of(&[-1.7e308, 1.7e308, 1.7e308]);
    assert_eq!((huge.trend, huge.untold), (None, Some(Untold::Magnitude)));
    let constant = of(&[3.0; 6]).trend.unwrap();
    assert_eq!((constant.slope, constant.p, constant.interval), (0.0, 1.0, Some((0.0, 0.0))));
    let wrong = |points: &[(i32, f64)]| fault(&Trajectory::of_points(points.iter().copied(), None).unwrap_err());
    assert_eq!(wrong(&[(2001, 1.0), (2000, 1.0)]), Fault::YearOrder { year: 2000, before: 2001 });
    assert_eq!(wrong(&[(2001, 1.0), (2001, 1.0)]), Fault::YearOrder { year: 2001, before: 2001 });
    assert!(matches!(wrong(&[(2001, f64::NAN)]), Fault::PointNotFinite { year: 2001, .. }));
    let (framework, known) = (article::framework(), article::observations());
    let error = |city, series| Trajectory::of_series(&known, &framework, city, series).unwrap_err().to_string();
    assert_eq!(error("sheffeild", "population"), "there is no city `sheffeild`; did you mean `sheffield`?");
    assert_eq!(error("sheffield", "populaton"), "there is no node `populaton`; did you mean `population`?");
    assert!(error("sheffield", "renewal").starts_with("`renewal` is an index and cannot have figures of its own"));
    let rules = [
        StageRule::new().amplitude(0.0),
        StageRule::new().amplitude(f64::NAN),
        StageRule::new().still(-0.1),
        StageRule::new().settled(1.5),
        StageRule::new().reviving(f64::INFINITY),
        StageRule::new().reviving(0.9).revived(0.8),
    ];
    for rule in rules {
        let error = of(&[1.0, 2.0, 3.0]).with_rule(rule).unwrap_err();
        assert!(matches!(fault(&error), Fault::Parameter { .. }));
    }
    for confidence in [0.0, 1.0, f64::NAN] {
        assert!(of(&[1.0, 2.0, 3.0]).with_confidence(confidence).is_err());
    }
}

#[test]
fn a_mirrored_direction_mirrors_and_units_do_not_matter() {
    for_all(300, prop::collection::vec((1_i32..5, -50_i32..50), 3..30), |steps| {
        let mut year = 1950;
        let points: Vec<(i32, f64)> = steps
            .iter()
            .map(|&(step, value)| {
                year += step;
                (year, f64::from(value))
            })
            .collect();
        let plain = Trajectory::of_points(points.clone(), Some(Direction::HigherIsBetter)).unwrap();
        let mirrored = points.iter().map(|&(year, v)| (year, -v));
        let mirrored = Trajectory::of_points(mirrored, Some(Direction::LowerIsBetter)).unwrap();
        assert_eq!(plain.stage, mirrored.stage);
        assert_eq!(
            plain.fall.map(|f| (f.peak.year, f.trough.year, f.regained.to_bits())),
            mirrored.fall.map(|f| (f.peak.year, f.trough.year, f.regained.to_bits()))
        );
        let turns = |t: &Trajectory| t.turning_points.iter().map(|t| (t.turn, t.at.year)).collect::<Vec<_>>();
        assert_eq!(turns(&plain), turns(&mirrored));
        let (a, b) = (plain.trend.unwrap(), mirrored.trend.unwrap());
        assert_eq!((a.slope, a.p, a.s, a.interval), (-b.slope, b.p, -b.s, b.interval.map(|(low, high)| (-high, -low))));
        // In a unit that is a power of two not a bit is lost.
        let scaled = Trajectory::of_points(points.iter().map(|&(y, v)| (y, v * 1024.0)), plain.direction).unwrap();
        assert_eq!((scaled.stage, turns(&scaled)), (plain.stage, turns(&plain)));
        assert_eq!(scaled.trend.unwrap().slope, a.slope * 1024.0);
        // Turning points alternate, and the moves between them are large and long enough.
        let (low, high) = points.iter().fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(p.1), h.max(p.1)));
        for pair in plain.turning_points.windows(2) {
            assert_ne!(pair[0].turn, pair[1].turn);
            assert!((pair[0].at.value - pair[1].at.value).abs() >= 0.2 * (high - low));
            assert!(pair[1].at.year - pair[0].at.year >= 2);
        }
    });
}

fn jobs() -> Framework {
    let jobs = Node::indicator("jobs", "renewal", Direction::HigherIsBetter);
    Framework::new([Node::index("renewal"), jobs, Node::context("people")]).unwrap()
}

#[test]
fn a_panel_refuses_what_is_none() {
    let framework = jobs();
    let known = [("a", 2001, 1.0), ("b", 2001, 2.0), ("a", 2003, 4.0), ("b", 2003, 3.0)];
    let known =
        Observations::new(known.map(|(city, year, value)| Observation::new(city, "jobs", year, value))).unwrap();
    let exact = Cut::latest().not_older_than(0);
    let fit = |years: &[i32], yardstick| {
        Panel::fit_cut(&Method::new(), &framework, &known, years.iter().copied(), yardstick, &exact)
    };
    let wrong = |years: &[i32], yardstick| fault(&fit(years, yardstick).unwrap_err());
    assert!(matches!(wrong(&[2001], Yardstick::Pooled), Fault::FewYears { have: 1, need: 2, .. }));
    assert!(matches!(wrong(&[], Yardstick::Pooled), Fault::FewYears { have: 0, .. }));
    assert_eq!(wrong(&[2003, 2001], Yardstick::Pooled), Fault::YearOrder { year: 2001, before: 2003 });
    assert!(matches!(wrong(&[2001, 2002, 2003], Yardstick::Pooled), Fault::EmptyYear { year: 2002, .. }));
    assert!(matches!(wrong(&[2000, 2001], Yardstick::Base(2000)), Fault::EmptyYear { year: 2000, .. }));
    assert_eq!(wrong(&[2001, 2003], Yardstick::Goalposts), Fault::NoGoalposts { indicators: vec!["jobs".to_owned()] });
    assert_eq!(
        wrong(&[2001, 2003], Yardstick::Base(2002)),
        Fault::NoSuchYear { year: 2002, count: 2, first: 2001, last: 2003 }
    );
    // Pooled: 1 to 4. Base 2001: 1 to 2, so that 4 has 300.
    let pooled = fit(&[2001, 2003], Yardstick::Pooled).unwrap();
    assert_eq!(pooled.scores(2003).unwrap().score("a", "renewal").unwrap(), Some(100.0));
    assert_relative_eq!(pooled.scores(2003).unwrap().score("b", "jobs").unwrap().unwrap(), 200.0 / 3.0);
    let base = fit(&[2001, 2003], Yardstick::Base(2001)).unwrap();
    assert_eq!(base.scores(2003).unwrap().score("a", "renewal").unwrap(), Some(300.0));
    assert!(matches!(fault(&base.scores(2002).unwrap_err()), Fault::NoSuchYear { .. }));
    assert!(matches!(fault(&base.level_and_momentum("renewal").unwrap_err()), Fault::FewYears { need: 3, .. }));
    assert!(base.trajectory("c", "renewal").is_err() && base.trajectory("a", "renewals").is_err());
    let short = base.trajectory("a", "renewal").unwrap();
    assert_eq!(short.untold, Some(Untold::FewFigures { have: 2 }));
    assert_eq!(base.trajectory("a", "people").unwrap().untold, Some(Untold::NoFigure));
    assert!(base.to_string().contains("yardstick: learned from 2001"), "{base}");
}

#[test]
fn a_context_series_is_not_carried_forward() {
    let (framework, known) = (article::framework(), article::observations());
    let panel = Panel::fit(&Method::new(), &framework, &known, 2008..=2012, Yardstick::Pooled).unwrap();
    let years = |node| panel.trajectory("detroit", node).unwrap().points.iter().map(|p| p.year).collect::<Vec<_>>();
    assert_eq!(years("population"), [2010]);
    assert_eq!(years("gdp_index"), [2008, 2009, 2010, 2011, 2012]);
    let raw = Trajectory::of_series(&known, &framework, "detroit", "gdp_index").unwrap().within(2008..=2012);
    assert_eq!(panel.trajectory("detroit", "gdp_index").unwrap(), raw);
    // Scoring anew on the same yardstick changes nothing; on another it does.
    let mut again = panel.clone();
    again.rescore(panel.composite()).unwrap();
    assert_eq!(again.trajectories("renewal").unwrap(), panel.trajectories("renewal").unwrap());
    let excluded = Panel::fit(&Method::new().exclude(["culture"]), &framework, &known, 2008..=2012, Yardstick::Pooled);
    assert!(matches!(fault(&excluded.unwrap().trajectory("detroit", "culture").unwrap_err()), Fault::Out { .. }));
}

#[test]
fn goalposts_do_not_move_with_the_years() {
    let (framework, known) = (article::framework(), article::observations());
    let method = Method::new().exclude(["industry", "infrastructure", "education", "wellbeing", "vitality"]);
    let fit = |last| Panel::fit(&method, &framework, &known, 2013..=last, Yardstick::Goalposts).unwrap();
    let (short, long) = (fit(2015), fit(2019));
    for city in ["changchun", "detroit"] {
        let (a, b) = (short.trajectory(city, "investment").unwrap(), long.trajectory(city, "investment").unwrap());
        assert_eq!(a.points, b.points[..3]);
    }
    let error = Panel::fit(&Method::new(), &framework, &known, 2013..=2015, Yardstick::Goalposts).unwrap_err();
    let Fault::NoGoalposts { indicators } = fault(&error) else { panic!() };
    assert!(indicators.contains(&"productivity".to_owned()) && !indicators.contains(&"pm25".to_owned()));
}

#[test]
fn level_and_momentum_are_told_apart() {
    // Levels 4, 3, 2, 1 and slopes -1, 1, 2, 0: medians 2.5 and 0.5.
    let figures = [("a", [6.0, 5.0, 4.0]), ("b", [1.0, 2.0, 3.0]), ("c", [-2.0, 0.0, 2.0]), ("d", [1.0, 1.0, 1.0])];
    let rows = figures.iter().flat_map(|(city, values)| {
        values.iter().zip(2001..).map(|(&v, year)| Observation::new(*city, "people", year, v))
    });
    let late = [Observation::new("e", "people", 2003, 9.0)];
    let known = Observations::new(rows.chain(late)).unwrap();
    let found = LevelAndMomentum::of_series(&known, &jobs(), "people", 2001..=2003).unwrap();
    assert_eq!((found.median_level, found.median_slope), (Some(2.5), Some(0.5)));
    let quadrants: Vec<Quadrant> = found.cities.iter().map(|c| c.quadrant).collect();
    assert_eq!(quadrants, [Quadrant::Slowing, Quadrant::Leading, Quadrant::CatchingUp, Quadrant::FallingBehind]);
    let ranks: Vec<(f64, f64)> = found.cities.iter().map(|c| (c.level_rank, c.momentum_rank)).collect();
    assert_eq!(ranks, [(1.0, 4.0), (2.0, 2.0), (3.0, 1.0), (4.0, 3.0)]);
    assert_eq!(found.unplaced[0].to_string(), "e (no trend: there is one figure, and it takes three)");
    // The article's claim in figures: where Changchun can be compared it stands low and rises fast in industry and
    // investment, and in universities per head it does not.
    let (framework, known) = (article::framework(), article::observations());
    let place = |measure: &str, years| {
        let others = framework.children("renewal").unwrap().map(|c| c.code.clone()).filter(|c| c != measure);
        let method = Method::new().exclude(others).exclude(["wellbeing", "vitality"]).coverage(0.0);
        let panel = Panel::fit(&method, &framework, &known, years, Yardstick::Pooled).unwrap();
        panel.level_and_momentum(measure).unwrap().get("changchun").unwrap().clone()
    };
    let (industry, education) = (place("industry", 2011..=2019), place("education", 2005..=2015));
    assert!(industry.level_rank > 30.0 && industry.momentum_rank < 10.0);
    assert_eq!(place("investment", 2013..=2019).momentum_rank, 1.0);
    assert!(education.level_rank > 25.0 && education.momentum_rank > 25.0);
}

#[test]
fn convergence_agrees_with_statsmodels_and_numpy() {
    let (framework, known) = (article::framework(), article::observations());
    let mut compared = 0;
    for row in csv::Reader::from_path("tests/oracles/trajectory/convergence.csv").unwrap().records() {
        let row = row.unwrap();
        let numbers = |i: usize| row[i].split(' ').map(|v| v.parse().unwrap()).collect::<Vec<f64>>();
        let scale = if &row[1] == "log" { GrowthScale::Log } else { GrowthScale::Level };
        let years: Vec<i32> = row[2].split(' ').map(|y| y.parse().unwrap()).collect();
        let found = Convergence::of_series(&known, &framework, &row[0], years, scale).unwrap();
        assert_eq!(found.cities.to_string(), row[3]);
        assert_eq!(found.cities + found.left_out.len(), 39);
        let beta = found.beta;
        let mine = [beta.slope, beta.intercept, beta.error, beta.p.unwrap(), beta.r_squared.unwrap()];
        for (mine, i) in mine.into_iter().zip(4..) {
            assert_relative_eq!(mine, row[i].parse::<f64>().unwrap(), max_relative = 1e-8);
        }
        for (spread, (sd, cv)) in found.sigma.iter().zip(numbers(9).into_iter().zip(numbers(10))) {
            assert_relative_eq!(spread.sd, sd, max_relative = 1e-10);
            assert_relative_eq!(spread.variation.unwrap(), cv, max_relative = 1e-10);
        }
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn convergence_by_hand_and_where_there_is_none() {
    // Each year half of the distance to 10 is made up, so growth over two years is -3/8 of the start plus a constant.
    let known = |figures: &[(&str, [f64; 3])]| {
        let rows = figures.iter().flat_map(|(city, values)| {
            values.iter().zip(2001..).map(|(&v, year)| Observation::new(*city, "people", year, v))
        });
        Observations::new(rows.collect::<Vec<_>>()).unwrap()
    };
    let of = |figures: &[(&str, [f64; 3])], scale| {
        Convergence::of_series(&known(figures), &jobs(), "people", 2001..=2003, scale)
    };
    let halving =
        [("a", [2.0, 6.0, 8.0]), ("b", [6.0, 8.0, 9.0]), ("c", [10.0, 10.0, 10.0]), ("d", [18.0, 14.0, 12.0])];
    let found = of(&halving, GrowthScale::Level).unwrap();
    assert_relative_eq!(found.beta.slope, -0.375, max_relative = 1e-14);
    assert_relative_eq!(found.beta.half_life().unwrap(), 1.0, max_relative = 1e-12);
    assert_eq!(found.beta.p, None);
    assert!(found.sigma[2].sd < found.sigma[0].sd);
    let wrong = |figures: &[(&str, [f64; 3])], scale| fault(&of(figures, scale).unwrap_err());
    assert!(matches!(wrong(&halving[..2], GrowthScale::Level), Fault::FewCities { have: 2, need: 3, .. }));
    let zero = [("a", [0.0, 6.0, 8.0]), halving[1], halving[2]];
    let Fault::NotPositive { city, year, value, .. } = wrong(&zero, GrowthScale::Log) else { panic!() };
    assert_eq!((city.as_str(), year, value), ("a", Some(2001), 0.0));
    let same = [("a", [2.0, 6.0, 8.0]), ("b", [2.0, 8.0, 9.0]), ("c", [2.0, 10.0, 10.0])];
    assert!(matches!(wrong(&same, GrowthScale::Level), Fault::SameEverywhere { cities: 3, year: 2001, .. }));
    let empty = Convergence::of_series(&known(&halving), &jobs(), "people", 2001..=2004, GrowthScale::Log);
    assert!(matches!(fault(&empty.unwrap_err()), Fault::EmptyYear { year: 2004, .. }));
}

#[test]
fn inequality_agrees_with_numpy() {
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::as_of(2012)).unwrap();
    let plain = Theil::of("gdp_per_head").by("region").over(&cities).unwrap();
    let weighted = Theil::of("gdp_per_head").weighted_by("inhabitants").by("region").over(&cities).unwrap();
    let mut compared = 0;
    for row in csv::Reader::from_path("tests/oracles/trajectory/theil.csv").unwrap().records() {
        let row = row.unwrap();
        let found = if &row[0] == "plain" { &plain } else { &weighted };
        let (t, l) = match &row[1] {
            "all" => (found.t, found.l),
            "between" => (found.between_t.unwrap(), found.between_l.unwrap()),
            name => found.groups.iter().find(|g| g.group == name).map(|g| (g.t, g.l)).unwrap(),
        };
        assert_relative_eq!(t, row[3].parse::<f64>().unwrap(), max_relative = 1e-10);
        assert_relative_eq!(l, row[4].parse::<f64>().unwrap(), max_relative = 1e-10);
        compared += 1;
    }
    assert_eq!(compared, 12);
}

/// A table of one series, weights and groups.
fn table(cities: &[(f64, f64, usize)], order: &[usize]) -> longspring::Result<Dataset> {
    let jobs = Node::indicator("jobs", "renewal", Direction::HigherIsBetter);
    let framework = Framework::new([Node::index("renewal"), jobs, Node::context("income"), Node::context("heads")])?;
    let key = |&i: &usize| format!("c{i}");
    let who = Cities::new(order.iter().map(|i| City::new(key(i)).attribute("region", format!("r{}", cities[*i].2))))?;
    Dataset::builder(&framework, order.iter().map(key))
        .column("income", order.iter().map(|&i| cities[i].0))
        .column("heads", order.iter().map(|&i| cities[i].1))
        .build()?
        .with_cities(&who)
}

#[test]
fn inequality_splits_exactly_and_does_not_know_the_order_of_the_cities() {
    let city = (0.01_f64..1e6, 0.1_f64..1e7, 0_usize..4);
    for_all(200, prop::collection::vec(city, 2..40), |cities| {
        let forward: Vec<usize> = (0..cities.len()).collect();
        let backward: Vec<usize> = forward.iter().rev().copied().collect();
        let of = |order: &[usize]| {
            Theil::of("income").weighted_by("heads").by("region").over(&table(&cities, order).unwrap()).unwrap()
        };
        let found = of(&forward);
        let (t, l) = (
            found.within_t().unwrap() + found.between_t.unwrap(),
            found.within_l().unwrap() + found.between_l.unwrap(),
        );
        assert!((found.t - t).abs() <= 1e-12 * found.t.max(1.0), "{} {t}", found.t);
        assert!((found.l - l).abs() <= 1e-12 * found.l.max(1.0), "{} {l}", found.l);
        assert_eq!(found, of(&backward)); // to the last bit
    });
    // Two equal halves, one with everything but a trace: T near ln 2. All alike: exactly 0.
    let alike = Theil::of("income").over(&table(&[(0.1, 1.0, 0); 7], &[0, 1, 2, 3, 4, 5, 6]).unwrap()).unwrap();
    assert_eq!((alike.t, alike.l, alike.within_t()), (0.0, 0.0, None));
    let one = Theil::of("income").over(&table(&[(1.0, 1.0, 0), (1e-12, 1.0, 0)], &[0, 1]).unwrap()).unwrap();
    assert_relative_eq!(one.t, 2.0_f64.ln(), max_relative = 1e-9);
}

#[test]
fn inequality_refuses_what_has_no_logarithm() {
    let cities = table(&[(1.0, 1.0, 0), (-2.0, 0.0, 1), (0.0, 1.0, 1)], &[0, 1, 2]).unwrap();
    let error = Theil::of("income").weighted_by("heads").over(&cities).unwrap_err();
    assert_eq!(error.problems().len(), 3);
    assert!(error.to_string().contains("`income` of `c1` is -2, and inequality takes figures above 0"), "{error}");
    assert!(matches!(fault(&Theil::of("heads").by("regoin").over(&cities).unwrap_err()), Fault::NoGroups { .. }));
    assert!(Theil::of("incomes").over(&cities).is_err());
    let one = table(&[(1.0, 1.0, 0)], &[0]).unwrap();
    assert!(matches!(fault(&Theil::of("income").over(&one).unwrap_err()), Fault::FewCities { have: 1, need: 2, .. }));
}

#[test]
fn permuting_the_cities_permutes_everything() {
    let (framework, known) = (article::framework(), article::observations());
    let mut cities: Vec<City> = article::cities().iter().cloned().collect();
    cities.reverse();
    let turned = article::observations().with_cities(Cities::new(cities).unwrap()).unwrap();
    let fit = |known| Panel::fit(&Method::new(), &framework, known, 2008..=2015, Yardstick::Pooled).unwrap();
    let (a, b) = (fit(&known), fit(&turned));
    let (mut places, other) = (a.level_and_momentum("renewal").unwrap(), b.level_and_momentum("renewal").unwrap());
    places.cities.reverse();
    places.unplaced.reverse();
    assert!(!places.cities.is_empty());
    assert_eq!(places, other);
    let of = |panel: &Panel| panel.convergence("investment", GrowthScale::Level).unwrap();
    let (mut one, other) = (of(&a), of(&b));
    one.left_out.reverse();
    assert_eq!(one, other);
}

#[test]
fn results_are_stored_and_read_again() {
    let (framework, known) = (article::framework(), article::observations());
    let detroit = Trajectory::of_series(&known, &framework, "detroit", "population").unwrap();
    let json = serde_json::to_string(&detroit).unwrap();
    assert_eq!(serde_json::from_str::<Trajectory>(&json).unwrap(), detroit);
    let income = Convergence::of_series(&known, &framework, "gdp_per_head", 2001..=2012, GrowthScale::Log).unwrap();
    let json = serde_json::to_string(&income).unwrap();
    assert_eq!(serde_json::from_str::<Convergence>(&json).unwrap(), income);
}
