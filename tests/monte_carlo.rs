//! Simulations: runs against those of COINr, distributions against known volumes, and the properties that every doubt has.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ranks are small whole numbers")]
#![allow(clippy::format_push_string, reason = "a test may take memory")]

mod coinr;

use std::ops::ControlFlow;

use approx::assert_relative_eq;
use longspring::{
    Aggregation, Counts, Cut, Dataset, Direction, Doubt, Error, ErrorScale, ErrorShape, Fault, Framework, Imputation,
    LeaveOut, MeasurementError, Method, MonteCarlo, Node, Normalisation, Simulation, Status, Treatment, WeightSet,
    WeightSpread, Weighting, article,
};

fn article_cities() -> (Framework, Dataset) {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    (framework, cities)
}

/// `k` indicators and `k` cities, each the best in one and the worst in all others: a city's score is the weight of its
/// indicator.
fn corners(k: usize) -> (Framework, Dataset) {
    let leaf = |i: usize| Node::indicator(format!("i{i}"), "x", Direction::HigherIsBetter).worst(0.0).best(1.0);
    let framework = Framework::new(std::iter::once(Node::index("x")).chain((0..k).map(leaf))).unwrap();
    let mut builder = Dataset::builder(&framework, (0..k).map(|i| format!("c{i}")));
    for i in 0..k {
        builder = builder.column(&format!("i{i}"), (0..k).map(|c| if c == i { 1.0 } else { 0.0 }));
    }
    (framework, builder.build().unwrap())
}

fn unit() -> Method {
    Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
}

/// The drawn weights, a row each run.
fn drawn(k: usize, spread: WeightSpread, runs: usize) -> Vec<Vec<f64>> {
    let (framework, cities) = corners(k);
    let simulation =
        MonteCarlo::new(runs).seed(3).scores().doubt(Doubt::weights(spread)).run(&unit(), &framework, &cities, "x");
    let simulation = simulation.unwrap();
    let columns: Vec<Vec<f64>> = simulation.cities().map(|city| city.scores().flatten().collect()).collect();
    (0..runs).map(|run| columns.iter().map(|column| column[run]).collect()).collect()
}

/// Pearson's statistic of counts, against what it exceeds once in ten thousand samples (Wilson and Hilferty 1931).
fn assert_counts(counts: &[usize], expected: &[f64]) {
    let statistic: f64 = counts.iter().zip(expected).map(|(&c, e)| (c as f64 - e).powi(2) / e).sum();
    let df = (counts.len() - 1) as f64;
    let bound = df * (1.0 - 2.0 / (9.0 * df) + 3.719 * (2.0 / (9.0 * df)).sqrt()).powi(3);
    assert!(statistic < bound, "{counts:?} for {expected:?}: {statistic} > {bound}");
}

/// Sixty runs of COINr 1.1.14 with their weights, normalisation and aggregation: scores to 1e-9, ranks identical.
#[test]
fn runs_of_coinr() {
    let inputs = coinr::lines("runs_inputs");
    let (scores, ranks) = (coinr::lines("runs_scores"), coinr::lines("runs_ranks"));
    let framework = coinr::framework();
    let treated = coinr::dataset(&framework, "treated_default");
    // Its percentile ranks, brought to 1..100, as figures of their own: oriented already.
    let oriented = Framework::new(framework.nodes().cloned().map(|mut node| {
        node.denominator = None;
        if node.direction.is_some() {
            node.direction = Some(Direction::HigherIsBetter);
            (node.worst, node.best) = (Some(1.0), Some(100.0));
        }
        node
    }))
    .unwrap();
    let pranks = coinr::grid("normalised_treated_prank");
    let mut builder = Dataset::builder(&oriented, &pranks.cities);
    for (series, values) in pranks.columns {
        builder = builder.column(&series, values.into_iter().map(|v| v.map(|v| v * 99.0 + 1.0)));
    }
    let ranked = builder.build().unwrap();
    let mut compared = 0;
    for ((input, scores), ranks) in inputs.iter().zip(&scores).zip(&ranks) {
        let weights = input.iter().filter(|(name, _)| !matches!(name.as_str(), "run" | "norm" | "agg" | "index"));
        let set = WeightSet::new("run", weights.map(|(name, text)| (name.as_str(), text.parse().unwrap()))).unwrap();
        let aggregation = match input["agg"].as_str() {
            "a_gmean" => Aggregation::Geometric,
            "a_amean" => Aggregation::Arithmetic,
            other => panic!("{other}"),
        };
        let method = Method::new()
            .denomination(longspring::Denomination::None)
            .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
            .aggregation(aggregation)
            .weighting(Weighting::Set(set));
        let (framework, cities) = if input["norm"] == "prank1" { (&oriented, &ranked) } else { (&framework, &treated) };
        let own = method.fit(framework, cities).unwrap().score(cities).unwrap();
        for city in cities.cities() {
            let (score, rank): (f64, f64) = (scores[city].parse().unwrap(), ranks[city].parse().unwrap());
            assert_relative_eq!(own.score(city, "index").unwrap().unwrap(), score, max_relative = 1e-9);
            assert_eq!(own.rank(city, "index").unwrap(), Some(rank), "run {}, {city}", input["run"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 60 * 30);
}

/// Uniform on the simplex: each weight is the largest equally often, and exceeds `t` with probability `(1 - t)^(k - 1)`.
#[test]
fn uniform_weights_fill_the_simplex_evenly() {
    let runs = 50_000;
    for k in [2, 3, 5] {
        let all = drawn(k, WeightSpread::Uniform, runs);
        let mut largest = vec![0; k];
        let mut slices = [0usize; 5];
        let bounds = [0.0, 0.1, 0.25, 0.5, 0.75, 1.0];
        for weights in &all {
            assert_relative_eq!(weights.iter().sum::<f64>(), 1.0, max_relative = 1e-12);
            let most = (0..k).max_by(|&a, &b| weights[a].total_cmp(&weights[b])).unwrap();
            largest[most] += 1;
            slices[(1..5).filter(|&i| weights[0] >= bounds[i]).count()] += 1;
        }
        assert_counts(&largest, &vec![runs as f64 / k as f64; k]);
        let beyond = |t: f64| (1.0 - t).powi(i32::try_from(k).unwrap() - 1);
        let expected: Vec<f64> = bounds.windows(2).map(|b| runs as f64 * (beyond(b[0]) - beyond(b[1]))).collect();
        assert_counts(&slices, &expected);
    }
}

/// Defect 40 (ProMCDA): normalised uniform numbers crowd the middle of the simplex. Of three weights one exceeds 1/2 in 3/4
/// of uniform draws; of normalised uniform numbers in half of them only (u1 > u2 + u3 has probability 1/6).
#[test]
fn defect_40_normalised_uniforms_are_not_uniform() {
    let runs = 50_000;
    let all = drawn(3, WeightSpread::Uniform, runs);
    let beyond = all.iter().filter(|weights| weights.iter().any(|&w| w > 0.5)).count();
    assert_counts(&[beyond, runs - beyond], &[0.75 * runs as f64, 0.25 * runs as f64]);
}

/// Defect 23 (Compind): the weights of each draw, not of each column, add up to 1; and limits are kept.
#[test]
fn defect_23_each_draw_adds_up_to_1() {
    for spread in [WeightSpread::Within { share: 0.25 }, WeightSpread::Dirichlet { concentration: 20.0 }] {
        for weights in drawn(4, spread, 1000) {
            assert_relative_eq!(weights.iter().sum::<f64>(), 1.0, max_relative = 1e-12);
        }
    }
    for weights in drawn(4, WeightSpread::Within { share: 0.25 }, 1000) {
        // The factors lie between 0.75 and 1.25, so that the ratio of two weights does not exceed their ratio.
        let (low, high) = weights.iter().fold((1.0f64, 0.0f64), |(l, h), &w| (l.min(w), h.max(w)));
        assert!(high / low <= 1.25 / 0.75 + 1e-12, "{weights:?}");
    }
}

/// Mean `w` and variance `w (1 - w) / (c + 1)`.
#[test]
fn dirichlet_weights_have_their_moments() {
    let runs = 40_000;
    for concentration in [0.5, 8.0] {
        let all = drawn(4, WeightSpread::Dirichlet { concentration }, runs);
        for i in 0..4 {
            let mean = all.iter().map(|w| w[i]).sum::<f64>() / runs as f64;
            let variance = all.iter().map(|w| (w[i] - mean).powi(2)).sum::<f64>() / runs as f64;
            let expected = 0.25 * 0.75 / (concentration + 1.0);
            assert!((mean - 0.25).abs() < 5.0 * (expected / runs as f64).sqrt(), "{mean}");
            assert!((variance / expected - 1.0).abs() < 0.05, "{variance} for {expected}");
        }
    }
}

/// Defect 13 (COINr): alternatives are equally likely, however the sample falls.
#[test]
fn defect_13_alternatives_are_equally_likely() {
    let (framework, cities) = corners(2);
    let sets = ["a", "b", "c"].map(|name| {
        let weight = match name {
            "a" => 0.2,
            "b" => 0.5,
            _ => 0.8,
        };
        WeightSet::new(name, [("i0", weight), ("i1", 1.0 - weight)]).unwrap()
    });
    let doubt = Doubt::weights(WeightSpread::Sets(sets.to_vec()));
    let runs = 30_000;
    let simulation = MonteCarlo::new(runs).scores().doubt(doubt).run(&unit(), &framework, &cities, "x").unwrap();
    let mut counts = [0; 3];
    for score in simulation.city("c0").unwrap().scores().flatten() {
        counts[if score < 0.4 {
            0
        } else if score < 0.6 {
            1
        } else {
            2
        }] += 1;
    }
    assert_counts(&counts, &[runs as f64 / 3.0; 3]);
}

/// Every kind of doubt, small enough to try them all.
fn doubts(cities: &Dataset) -> Vec<Doubt> {
    let set = |name, weight| WeightSet::new(name, [("industry", weight), ("education", 1.0)]).unwrap();
    let min_max = Normalisation::MinMax { low: 1.0, high: 100.0 };
    let older = article::observations().dataset(&article::framework(), &Cut::as_of(2015)).unwrap();
    vec![
        Doubt::weights(WeightSpread::Uniform),
        Doubt::weights(WeightSpread::Within { share: 0.5 }),
        Doubt::weights_of(["renewal"], WeightSpread::Dirichlet { concentration: 10.0 }),
        Doubt::weights_of(["renewal"], WeightSpread::Sets(vec![set("a", 3.0), set("b", 0.5)])),
        Doubt::weighting([Weighting::Equal, Weighting::Framework]),
        Doubt::normalisation([min_max, Normalisation::PercentileRank]),
        Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Minimum]),
        Doubt::treatment([Treatment::None, Treatment::winsorise(3)]),
        Doubt::Imputation(vec![Imputation::None, Imputation::Median]),
        Doubt::Coverage(vec![0.5, 1.0]),
        Doubt::leave_out_one(["industry", "metro_km", "education"]),
        Doubt::LeaveOut {
            nodes: vec!["rd_intensity".into(), "metro_km".into()],
            how: LeaveOut::AtRandom { probability: 0.3 },
        },
        MeasurementError::relative(ErrorShape::Normal, 0.05).of_status([Status::LowReliability]).into(),
        MeasurementError::relative(ErrorShape::LogNormal, 0.05).of_series(["productivity", "metro_km"]).into(),
        Doubt::Table(vec![cities.clone(), older]),
    ]
}

/// All that a simulation says of its cities.
fn said(simulation: &Simulation) -> String {
    let mut table = Vec::new();
    simulation.write_csv(&mut table).unwrap();
    let mut text = String::from_utf8(table).unwrap();
    for city in simulation.cities() {
        text += &format!("{} {:?} {:?}\n", city.key(), city.central_weights(), city.scores().collect::<Vec<_>>());
        for rank in 1..=simulation.cities().len() {
            text += &format!("{:?} ", city.acceptability(rank));
        }
        for other in simulation.cities() {
            text += &format!("{:?} ", simulation.beats(city.key(), other.key()).unwrap());
        }
    }
    text
}

fn renewal() -> Method {
    Method::new().exclude(["wellbeing", "vitality"])
}

/// One thread gives what many give, to the last bit.
#[test]
fn threads_do_not_matter() {
    let (framework, cities) = article_cities();
    for doubt in doubts(&cities) {
        let run = |threads| {
            let simulation = MonteCarlo::new(300).threads(threads).pairs().scores().doubt(doubt.clone());
            said(&simulation.run(&renewal(), &framework, &cities, "renewal").unwrap())
        };
        let one = run(1);
        for threads in [2, 5] {
            assert!(one == run(threads), "{doubt} under {threads} threads");
        }
    }
}

/// Every run can be drawn again, and then gives the score that the simulation saw, to the last bit: whatever was cached.
#[test]
fn every_run_can_be_replayed() {
    let (framework, cities) = article_cities();
    let learned = renewal().weighting_of("renewal", Weighting::StandardDeviation);
    let topsis = renewal()
        .normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
        .aggregation_of("renewal", Aggregation::Topsis);
    let geometric =
        renewal().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 }).aggregation(Aggregation::Geometric);
    let mut compared = 0;
    let median =
        renewal().aggregation(Aggregation::Median).aggregation_of("renewal", Aggregation::Owa { exponent: 2.0 });
    // Each by itself, and many together: variants that are fitted again in the memory of others, beside those that are not.
    let mut sets: Vec<Vec<Doubt>> = doubts(&cities).into_iter().map(|doubt| vec![doubt]).collect();
    let changes = |doubt: &Doubt| matches!(doubt, Doubt::Weighting(_) | Doubt::Aggregation(_) | Doubt::Imputation(_));
    sets.push(doubts(&cities).into_iter().filter(|doubt| !changes(doubt)).collect());
    sets.push(doubts(&cities));
    for method in [renewal(), geometric, learned, topsis, median] {
        for doubts in &sets {
            let simulation = MonteCarlo::new(40).scores().threads(1 + compared % 2);
            let simulation = doubts.iter().cloned().fold(simulation, MonteCarlo::doubt);
            let simulation = simulation.run(&method, &framework, &cities, "renewal").unwrap();
            let doubt: Vec<String> = doubts.iter().map(ToString::to_string).collect();
            let doubt = doubt.join("; ");
            let rows: Vec<Vec<Option<f64>>> = simulation.cities().map(|city| city.scores().collect()).collect();
            for number in 0..40 {
                let Ok(scores) = simulation.run(number).and_then(|run| run.score()) else {
                    assert!(rows.iter().all(|row| row[number].is_none()), "{doubt}");
                    continue;
                };
                for (city, row) in cities.cities().zip(&rows) {
                    let again = scores.score(city, "renewal").unwrap();
                    assert_eq!(again.map(f64::to_bits), row[number].map(f64::to_bits), "{doubt}, run {number}, {city}");
                    compared += usize::from(again.is_some());
                }
            }
        }
    }
    assert!(compared > 60_000, "{compared}");
}

/// Permuting the cities permutes the result and changes nothing else.
#[test]
fn permuting_cities_permutes() {
    let (framework, cities) = article_cities();
    let mut keys: Vec<&str> = cities.cities().collect();
    keys.reverse();
    keys.swap(3, 20);
    let other = cities.select(keys).unwrap();
    for doubt in doubts(&cities) {
        let run = |cities: &Dataset| {
            let simulation = MonteCarlo::new(200).pairs().scores().doubt(doubt.clone());
            simulation.run(&renewal(), &framework, cities, "renewal").unwrap()
        };
        let (a, b) = (run(&cities), run(&other));
        for city in a.cities() {
            let same = b.city(city.key()).unwrap();
            let all = |c: &longspring::CityRanks<'_>| {
                format!(
                    "{:?} {:?} {:?} {:?}",
                    c.mean_rank(),
                    c.interval(0.9).unwrap(),
                    c.mean_score(),
                    c.central_weights()
                )
            };
            assert_eq!(all(&city), all(&same), "{doubt}, {}", city.key());
            assert!(
                city.scores().map(|s| s.map(f64::to_bits)).eq(same.scores().map(|s| s.map(f64::to_bits))),
                "{doubt}"
            );
            let beats = |s: &Simulation| s.beats(city.key(), "sheffield").unwrap();
            assert_eq!(beats(&a), beats(&b), "{doubt}");
        }
    }
}

/// A doubt of size zero leaves every city at its nominal rank with probability 1, and at its score to the last bit.
#[test]
fn no_doubt_gives_the_nominal_ranks() {
    let (framework, cities) = article_cities();
    let nothing = [
        Doubt::weights(WeightSpread::Within { share: 0.0 }),
        Doubt::aggregation([Aggregation::Arithmetic]),
        Doubt::LeaveOut { nodes: vec!["industry".into()], how: LeaveOut::AtRandom { probability: 0.0 } },
        MeasurementError::relative(ErrorShape::Normal, 0.0).into(),
        Doubt::Table(vec![cities.clone()]),
    ];
    let nominal = renewal().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    for doubt in nothing {
        let simulation = MonteCarlo::new(100).scores().doubt(doubt.clone());
        let simulation = simulation.run(&renewal(), &framework, &cities, "renewal").unwrap();
        for city in simulation.cities() {
            let rank = nominal.rank(city.key(), "renewal").unwrap().unwrap();
            assert_eq!(city.nominal_rank().map(f64::from), Some(rank));
            assert_relative_eq!(city.acceptability(rank as usize).value, 1.0);
            assert_eq!(city.interval(1.0).unwrap(), Some((rank, rank)), "{doubt}");
            let score = nominal.score(city.key(), "renewal").unwrap();
            assert!(city.scores().all(|s| s == score), "{doubt}, {}", city.key());
            assert_eq!(city.score_sd(), Some(0.0), "{doubt}");
        }
    }
}

/// By hand: two children, weights uniform: `a` = (1, 0) beats `b` = (0.4, 0.4) when w > 0.4, so with probability 0.6, and its mean
/// weight then is 0.7.
#[test]
fn shares_errors_and_central_weights_by_hand() {
    let framework = corners(2).0;
    let cities = Dataset::builder(&framework, ["a", "b"]).column("i0", [1.0, 0.4]).column("i1", [0.0, 0.4]);
    let cities = cities.build().unwrap();
    let runs = 20_000;
    let simulation = MonteCarlo::new(runs).pairs().scores().doubt(Doubt::weights(WeightSpread::Uniform));
    let simulation = simulation.run(&unit(), &framework, &cities, "x").unwrap();
    let a = simulation.city("a").unwrap();
    let first = a.acceptability(1);
    assert!((first.value - 0.6).abs() < 5.0 * first.standard_error, "{first}");
    assert_relative_eq!(first.standard_error, (first.value * (1.0 - first.value) / runs as f64).sqrt());
    assert_eq!(simulation.beats("a", "b").unwrap(), Some(first));
    assert_relative_eq!(a.mean_rank().unwrap().value, 2.0 - first.value, max_relative = 1e-12);
    assert_relative_eq!(a.mean_rank().unwrap().standard_error, first.standard_error, max_relative = 1e-3);
    let central = a.central_weights().unwrap();
    assert_eq!((central[0].0, central[0].1), ("x", "i0"));
    // The weight is uniform from 0.4 to 1 there: standard deviation 0.6 / sqrt(12).
    assert!((central[0].2 - 0.7).abs() < 5.0 * 0.6 / 12f64.sqrt() / (0.6 * runs as f64).sqrt(), "{central:?}");
    assert_relative_eq!(central[0].2 + central[1].2, 1.0, max_relative = 1e-12);
    let score = a.mean_score().unwrap();
    assert!((score.value - 0.5).abs() < 5.0 * score.standard_error, "{score}");
    assert_relative_eq!(a.score_sd().unwrap(), (1.0f64 / 12.0).sqrt(), max_relative = 0.02);
    let median = a.score_quantile(0.5).unwrap().unwrap();
    assert!((median.value - 0.5).abs() < 5.0 * median.standard_error, "{median}");
    assert_eq!(simulation.confidence_factor("a").unwrap().map(|c| c.value), Some(1.0));
    assert_eq!(a.quantile(0.3).unwrap().unwrap().value, 1.0);
    assert_eq!(a.quantile(0.9).unwrap().unwrap().value, 2.0);
    assert_relative_eq!(a.top(2).value, 1.0);
}

/// Counting in steps gives what counting every rank gives: exactly up to 1,024 cities, within the stated error beyond.
#[test]
fn steps_are_as_exact_as_they_say() {
    let leaf = |i: usize| Node::indicator(format!("i{i}"), "x", Direction::HigherIsBetter);
    let framework = Framework::new(std::iter::once(Node::index("x")).chain((0..3).map(leaf))).unwrap();
    for n in [50usize, 3000] {
        let mut builder = Dataset::builder(&framework, (0..n).map(|i| format!("c{i}")));
        for i in 0..3usize {
            builder = builder.column(&format!("i{i}"), (0..n).map(|c| ((c * (7919 + 2 * i) + i * 31) % 10_007) as f64));
        }
        let cities = builder.build().unwrap();
        let run = |counts| {
            let simulation = MonteCarlo::new(150).counts(counts).doubt(Doubt::weights(WeightSpread::Uniform));
            simulation.run(&Method::new(), &framework, &cities, "x").unwrap()
        };
        let (full, steps) = (run(Counts::Full), run(Counts::Steps));
        let off = if n <= 1024 { 0.0 } else { n as f64 / 1024.0 };
        for (a, b) in full.cities().zip(steps.cities()) {
            assert_eq!((a.mean_rank(), a.rank_sd(), a.mean_score()), (b.mean_rank(), b.rank_sd(), b.mean_score()));
            let q = |c: &longspring::CityRanks<'_>| c.quantile(0.9).unwrap().unwrap().value;
            assert!((q(&a) - q(&b)).abs() <= off, "{} {}", q(&a), q(&b));
        }
    }
}

/// A run that cannot be computed is counted by its reason and never dropped in silence; if all fail, that is an error.
#[test]
fn runs_that_fail_are_reported() {
    let (framework, cities) = article_cities();
    // On a scale that starts at 0 the worst city has a score of 0, which no geometric mean takes.
    let doubt = Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Geometric]);
    let simulation = MonteCarlo::new(400).doubt(doubt).run(&renewal(), &framework, &cities, "renewal").unwrap();
    let failures: Vec<_> = simulation.failures().collect();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].runs + simulation.runs(), 400);
    assert!((150..250).contains(&failures[0].runs), "{failures:?}");
    assert!(failures[0].reason.contains("geometric mean"), "{failures:?}");
    assert!(simulation.to_string().contains("runs could not be computed"));

    let doubt = Doubt::aggregation([Aggregation::Geometric]);
    let error = MonteCarlo::new(10).doubt(doubt).run(&renewal(), &framework, &cities, "renewal").unwrap_err();
    let Fault::AllFailed { runs: 10, count: 10, reason } = &error.problems()[0].fault else { panic!("{error}") };
    assert!(reason.contains("geometric mean"), "{reason}");
}

/// Doubts about the same weights act one after the other: a spread around the set of an expert.
#[test]
fn doubts_about_the_same_weights_add_up() {
    let (framework, cities) = corners(2);
    let sets = [("low", 0.2), ("high", 0.8)];
    let sets = sets.map(|(name, w)| WeightSet::new(name, [("i0", w), ("i1", 1.0 - w)]).unwrap());
    let simulation = MonteCarlo::new(2000)
        .scores()
        .doubt(Doubt::weights(WeightSpread::Sets(sets.to_vec())))
        .doubt(Doubt::weights(WeightSpread::Within { share: 0.1 }))
        .run(&unit(), &framework, &cities, "x")
        .unwrap();
    let scores: Vec<f64> = simulation.city("c0").unwrap().scores().flatten().collect();
    let near = |w: f64| scores.iter().filter(|&&s| (s - w).abs() < 0.05).count();
    assert_eq!(near(0.2) + near(0.8), 2000);
    assert!(near(0.2) > 900 && near(0.8) > 900, "{} {}", near(0.2), near(0.8));
    assert!(scores.iter().any(|&s| s > 0.2 && s < 0.21) && scores.iter().any(|&s| s < 0.2));
}

/// What stands under another index has no say: a geometric mean there that meets a zero fails nothing.
#[test]
fn other_indices_have_no_say() {
    let (framework, cities) = article_cities();
    let method = Method::new().aggregation_of("culture", Aggregation::Geometric);
    assert!(method.fit(&framework, &cities).is_err());
    let simulation = MonteCarlo::new(10).doubt(Doubt::weights(WeightSpread::Uniform));
    assert_eq!(simulation.run(&method, &framework, &cities, "renewal").unwrap().runs(), 10);
}

/// The drawn weights of a run, and the tables of ranks and pairs.
#[test]
fn runs_and_tables_say_what_was_drawn() {
    let (framework, cities) = corners(2);
    let simulation = MonteCarlo::new(50).pairs().scores().doubt(Doubt::weights(WeightSpread::Uniform));
    let simulation = simulation.run(&unit(), &framework, &cities, "x").unwrap();
    let run = simulation.run(7).unwrap();
    let weights: Vec<_> = run.weights().collect();
    assert_eq!((weights[0].0, weights[0].1, weights[1].1), ("x", "i0", "i1"));
    assert_eq!(simulation.city("c0").unwrap().scores().nth(7), Some(Some(weights[0].2)));
    let first = simulation.city("c0").unwrap().acceptability(1).value;
    let (mut ranks, mut pairs) = (Vec::new(), Vec::new());
    simulation.write_ranks_csv(&mut ranks).unwrap();
    simulation.write_pairs_csv(&mut pairs).unwrap();
    assert_eq!(
        String::from_utf8(ranks).unwrap(),
        format!("city,1,2\nc0,{first},{}\nc1,{},{first}\n", 1.0 - first, 1.0 - first)
    );
    assert_eq!(String::from_utf8(pairs).unwrap(), format!("city,c0,c1\nc0,0,{first}\nc1,{},0\n", 1.0 - first));
}

#[test]
fn a_simulation_can_be_watched_and_stopped() {
    let (framework, cities) = article_cities();
    let simulation = MonteCarlo::new(20_000).doubt(Doubt::weights(WeightSpread::Uniform));
    let mut told = Vec::new();
    simulation
        .run_with(&renewal(), &framework, &cities, "renewal", |progress| {
            told.push(progress.done);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(told.len() <= 1000 && told.len() > 3, "{}", told.len());
    assert!(told.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(told.last(), Some(&20_000));
    let error =
        simulation.run_with(&renewal(), &framework, &cities, "renewal", |_| ControlFlow::Break(())).unwrap_err();
    assert_eq!(error.to_string(), format!("stopped after {} of 20000 runs", told[0]));
}

#[test]
fn bad_questions_get_clear_answers() {
    let (framework, cities) = article_cities();
    let ask = |simulation: MonteCarlo, node: &str| -> Error {
        simulation.run(&renewal(), &framework, &cities, node).unwrap_err()
    };
    let with = |doubt: Doubt| ask(MonteCarlo::new(10).doubt(doubt), "renewal").to_string();
    let weights = || Doubt::weights(WeightSpread::Uniform);
    assert_eq!(ask(MonteCarlo::new(10), "renewal").to_string(), "there is no doubt to simulate; name one or more");
    assert_eq!(
        ask(MonteCarlo::new(0).doubt(weights()), "renewal").to_string(),
        "the number of runs is 0; it must be from 1 to 10000000"
    );
    assert_eq!(
        ask(MonteCarlo::new(10).doubt(weights()).threads(0), "renewal").to_string(),
        "the number of threads is 0; it must be from 1 to 1024"
    );
    assert_eq!(
        ask(MonteCarlo::new(10).doubt(weights()).threads(100_000), "renewal").to_string(),
        "the number of threads is 100000; it must be from 1 to 1024"
    );
    assert_eq!(
        ask(MonteCarlo::new(10).doubt(weights()), "renewel").to_string(),
        "there is no node `renewel`; did you mean `renewal`?"
    );
    assert_eq!(
        ask(MonteCarlo::new(10).doubt(weights()), "wellbeing").to_string(),
        "`wellbeing` has no scores: it is left out, or counts nowhere"
    );
    assert_eq!(
        with(Doubt::weights(WeightSpread::Within { share: -0.1 })),
        "the spread of weights is -0.1; it must be from 0 to 1"
    );
    assert_eq!(
        with(Doubt::weights(WeightSpread::Dirichlet { concentration: f64::NAN })),
        "the concentration of weights is NaN; it must be a finite number, 0.000001 or more"
    );
    assert_eq!(
        with(MeasurementError::absolute(ErrorShape::Uniform, f64::INFINITY).into()),
        "the size of a measurement error is inf; it must be a finite number, 0 or more"
    );
    assert_eq!(
        with(MeasurementError::absolute(ErrorShape::LogNormal, 1.0).into()),
        "a log-normal error multiplies the figure and cannot be absolute; make it relative"
    );
    assert_eq!(with(Doubt::Coverage(Vec::new())), "the doubt about coverage names no alternative; give it one or more");
    assert_eq!(
        with(Doubt::weights_of(["metro_km"], WeightSpread::Uniform)),
        "`metro_km` is an indicator and cannot have weights under it, for it has no children"
    );
    assert_eq!(with(Doubt::leave_out_one(["industri"])), "unknown node `industri`; did you mean `industry`?");
    assert_eq!(
        with(Doubt::weights_of(["wellbeing"], WeightSpread::Uniform)),
        "the doubt about weights names `wellbeing`, which does not stand under `renewal` and has no say there"
    );
    assert_eq!(
        ask(MonteCarlo::new(10).doubt(weights()), "population").to_string(),
        "`population` has no scores: it is left out, or counts nowhere"
    );
    let some = cities.select(["detroit", "sheffield"]).unwrap();
    assert!(with(Doubt::Table(vec![some])).contains("select the common ones"));
    let simulation = MonteCarlo::new(10).doubt(weights()).run(&renewal(), &framework, &cities, "renewal").unwrap();
    assert!(simulation.run(10).is_err());
    assert!(simulation.city("detroit").unwrap().quantile(1.5).is_err());
    assert!(simulation.city("detroid").unwrap_err().to_string().contains("detroit"));
    assert_eq!(simulation.beats("detroit", "sheffield").unwrap(), None);
    let error = MeasurementError::relative(ErrorShape::Normal, 0.1);
    assert_eq!(error.scale, ErrorScale::Relative);
}

/// What an earlier doubt has left without any weight, a later one cannot draw about: such a run fails, whichever doubt comes second.
#[test]
fn no_weights_are_drawn_about_none() {
    let leaf = |i: usize| Node::indicator(format!("i{i}"), "x", Direction::HigherIsBetter);
    let framework = Framework::new(std::iter::once(Node::index("x")).chain((0..3).map(leaf))).unwrap();
    let mut builder = Dataset::builder(&framework, ["a", "b", "c"]);
    for (code, values) in [("i0", [1.0, 2.0, 3.0]), ("i1", [3.0, 1.0, 2.0]), ("i2", [2.0, 3.0, 1.0])] {
        builder = builder.column(code, values);
    }
    let cities = builder.build().unwrap();
    let set = |name: &str, w: [f64; 3]| WeightSet::new(name, ["i0", "i1", "i2"].into_iter().zip(w)).unwrap();
    let sets = || WeightSpread::Sets(vec![set("none", [0.0; 3]), set("some", [1.0, 2.0, 3.0])]);
    let run = |second: WeightSpread| {
        let simulation = MonteCarlo::new(200).doubt(Doubt::weights(sets())).doubt(Doubt::weights(second));
        simulation.run(&Method::new(), &framework, &cities, "x").unwrap()
    };
    let (drawn, moved) =
        (run(WeightSpread::Dirichlet { concentration: 10.0 }), run(WeightSpread::Within { share: 0.2 }));
    assert!(moved.runs() > 0 && moved.runs() < 200);
    assert_eq!(drawn.runs(), moved.runs());
    for (drawn, moved) in drawn.failures().zip(moved.failures()) {
        assert_eq!((drawn.reason, drawn.runs), (moved.reason, moved.runs));
    }
    assert_eq!(drawn.failures().len(), 1);
    assert_eq!(drawn.city("a").unwrap().ranked().value, 1.0);
}
