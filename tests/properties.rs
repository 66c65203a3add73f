//! What must hold whatever the cities, for every normalisation with every aggregation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod common;

use common::{
    Floor, INDICATORS, INNER, World, aggregations, all_said, bits, close, for_all, for_all_methods, methods, nodes,
    normalisations, said, score_bits, small_world, world,
};
use longspring::{
    Aggregation, Cities, City, Composite, Dataset, Direction, Fault, Framework, Method, Missing, Node, Normalisation,
    Outside, Scores, Ties,
};
use proptest::prelude::*;

/// Worlds for each property; every one is scored under every method.
const CASES: u32 = 8;

// ---- who is scored

#[test]
fn permuting_the_cities_permutes_the_result_and_changes_nothing_else() {
    for_all_methods(CASES, |world, method| {
        let framework = world.framework(method);
        let scores = world.score(method);
        let n = world.len();
        let rotated: Vec<usize> = (0..n).map(|i| (i * 5 + 3) % n).collect();
        let reversed: Vec<usize> = (0..n).rev().collect();
        for order in [reversed, rotated].iter().filter(|order| (0..n).all(|i| order.contains(&i))) {
            let cities = world.dataset_of(&framework, order);
            let permuted = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
            assert_eq!(all_said(&permuted, &world.keys()), all_said(&scores, &world.keys()), "{method}");
        }
    });
}

#[test]
fn identical_cities_get_identical_scores_and_tie() {
    for_all_methods(CASES, |world, method| {
        let mut world = world.clone();
        let last = world.len();
        world.indicators.iter_mut().for_each(|indicator| indicator.values.push(indicator.values[0]));
        world.people.push(world.people[0]);
        for ties in [Ties::Min, Ties::Average, Ties::Dense] {
            let scores = world.score(&method.clone().ties(ties));
            for node in nodes() {
                assert_eq!(said(&scores, &World::key(0), node), said(&scores, &World::key(last), node), "{method}");
            }
        }
    });
}

#[test]
fn a_citys_score_does_not_depend_on_who_is_scored_with_it() {
    for_all_methods(CASES, |world, method| {
        for outside in [Outside::Extrapolate, Outside::Clip] {
            let composite = world.fit(&method.clone().outside(outside));
            let cities = world.dataset(composite.framework());
            let together = composite.score(&cities).unwrap();
            let n = world.len();
            let every_second: Vec<usize> = (0..n).step_by(2).rev().collect();
            for group in std::iter::once(every_second).chain((0..n).map(|city| vec![city])) {
                let alone = composite.score(&world.dataset_of(composite.framework(), &group)).unwrap();
                for city in group.into_iter().map(World::key) {
                    assert_eq!(score_bits(&alone, &city), score_bits(&together, &city), "{method}");
                }
            }
            // A newcomer beyond everybody else, in both directions.
            let far = INDICATORS.iter().enumerate().fold(
                Dataset::builder(composite.framework(), ["newcomer"]).column("people", [3.0]),
                |builder, (i, (code, _))| builder.column(code, [if i % 2 == 0 { 1e4 } else { -1e4 }]),
            );
            let joined = composite.score(&cities.join(&far.build().unwrap()).unwrap()).unwrap();
            for city in world.keys() {
                assert_eq!(score_bits(&joined, &city), score_bits(&together, &city), "{method}");
            }
            assert_eq!(joined.cities().len(), n + 1);
        }
    });
}

/// 1,300 cities take three blocks of the kernel; gaps in one block must not touch another.
#[test]
fn scores_do_not_depend_on_the_block_in_which_a_city_stands() {
    for missing in [0, 5, 50] {
        for_all(1, world(1300..=1300, Just(missing)), |world| {
            for method in methods() {
                let composite = world.fit(&method);
                let framework = composite.framework();
                let together = composite.score(&world.dataset(framework)).unwrap();
                let reversed: Vec<usize> = (0..1300).rev().collect();
                let reversed = composite.score(&world.dataset_of(framework, &reversed)).unwrap();
                for (code, _) in INNER {
                    let there = together.node(code).unwrap();
                    let mut back: Vec<_> = reversed.node(code).unwrap().scores().map(bits).collect();
                    back.reverse();
                    assert_eq!(there.scores().map(bits).collect::<Vec<_>>(), back, "{missing} % missing, {method}");
                }
                let some: Vec<usize> = vec![0, 1, 510, 511, 512, 513, 1023, 1024, 1299];
                for group in [some.clone()].into_iter().chain(some.iter().map(|&city| vec![city])) {
                    let alone = composite.score(&world.dataset_of(framework, &group)).unwrap();
                    for city in group.into_iter().map(World::key) {
                        assert_eq!(
                            score_bits(&alone, &city),
                            score_bits(&together, &city),
                            "{missing} % missing, {method}"
                        );
                    }
                }
            }
        });
    }
}

#[test]
fn two_cities_suffice_and_one_does_where_goalposts_give_the_range() {
    let goalposts = Method::new().normalisation(Normalisation::Goalposts { low: 1.0, high: 2.0 });
    for_all(CASES, world(2..=2, Just(0)), |world| {
        let framework = world.framework(&goalposts);
        let one = world.dataset_of(&framework, &[1]);
        for method in methods() {
            assert_eq!(world.score(&method).node("a").unwrap().ranked(), 2, "{method}");
            let score = |fitted: longspring::Result<Composite>| {
                let scores = fitted.unwrap().score(&one).unwrap();
                assert_eq!(scores.rank("c1", "a").unwrap(), Some(1.0));
                scores.score("c1", "x1").unwrap().unwrap()
            };
            let fitted = method.fit(&framework, &one);
            match method.normalisation.all {
                Normalisation::MinMax { low, high } | Normalisation::Goalposts { low, high } => {
                    // It stands at a quarter beyond or within one of the goalposts of two cities.
                    let share = (score(fitted) - low) / (high - low);
                    assert!((0.0..=1.0).contains(&share), "{share}");
                }
                Normalisation::Rank { .. } => assert_eq!(score(fitted), 1.0),
                Normalisation::DistanceToTarget { .. } => match fitted {
                    // The worst of one.
                    Ok(composite) => assert_eq!(score(Ok(composite)), 0.0),
                    Err(error) => {
                        assert!(faults(&error).iter().all(|f| matches!(f, Fault::NoRange { post: "target", .. })));
                    }
                },
                _ => {
                    let few = |f: &Fault| matches!(f, Fault::TooFewCities { have: 1, need: 2, .. });
                    assert!(faults(&fitted.unwrap_err()).iter().all(few), "{method}");
                }
            }
        }
    });
}

#[test]
fn a_result_that_is_used_again_is_the_same_as_a_new_one() {
    for_all(CASES, (small_world(), small_world()), |(first, second)| {
        let mut reused: Option<Scores> = None;
        for method in methods() {
            for world in [&first, &second] {
                let composite = world.fit(&method);
                let cities = world.dataset(composite.framework());
                let fresh = composite.score(&cities).unwrap();
                let reused = reused.get_or_insert_with(|| fresh.clone());
                composite.score_into(&cities, reused).unwrap();
                assert_eq!(all_said(reused, &world.keys()), all_said(&fresh, &world.keys()), "{method}");
                assert_eq!(reused.to_string(), fresh.to_string());
            }
        }
    });
}

/// To change a figure, or to take one away, is to have had another from the start.
#[test]
fn a_changed_table_is_the_table_of_the_changed_figures() {
    for_all(64, (small_world(), any::<prop::sample::Index>(), prop::option::of(-9.0..9.0)), |(world, cell, value)| {
        let cell = cell.index(world.len() * INDICATORS.len());
        let (city, i) = (cell / INDICATORS.len(), cell % INDICATORS.len());
        let composite = world.fit(&Method::new());
        let framework = composite.framework();
        let mut other = world.clone();
        other.indicators[i].values[city] = value;
        let changed = world.dataset(framework).with_value(&World::key(city), INDICATORS[i].0, value).unwrap();
        assert_eq!(changed, other.dataset(framework));
        let (changed, other) =
            (composite.score(&changed).unwrap(), composite.score(&other.dataset(framework)).unwrap());
        assert_eq!(all_said(&changed, &world.keys()), all_said(&other, &world.keys()));
    });
}

// ---- units and directions

/// The world with every figure `x` in another unit, `a x + b`; that of the divided indicator has no `b`.
fn in_other_units(world: &World) -> World {
    let mut other = world.clone();
    for (i, indicator) in other.indicators.iter_mut().enumerate() {
        // A power of two keeps equal quotients equal.
        let (a, b) = if i == 0 { (1024.0, 0.0) } else { [(1000.0, 0.0), (0.37, 12.5), (0.001, -7.0)][i % 3] };
        indicator.values.iter_mut().flatten().for_each(|v| *v = a * *v + b);
    }
    other
}

#[test]
fn the_unit_of_an_indicator_does_not_matter() {
    for_all_methods(CASES, |world, method| {
        let (scores, others) = (world.score(method), in_other_units(world).score(method));
        for city in world.keys() {
            for node in nodes() {
                let (a, b) = (scores.score(&city, node).unwrap(), others.score(&city, node).unwrap());
                assert!(close(a, b), "{node} of {city}: {a:?}, {b:?}; {method}");
            }
        }
    });
}

#[test]
fn an_indicator_and_its_mirror_image_with_the_other_direction_give_the_same() {
    for_all_methods(CASES, |world, method| {
        let mut mirrored = world.clone();
        // The goalposts and targets follow.
        for indicator in &mut mirrored.indicators {
            indicator.values.iter_mut().flatten().for_each(|v| *v = -*v);
            indicator.direction = match indicator.direction {
                Direction::HigherIsBetter => Direction::LowerIsBetter,
                Direction::LowerIsBetter => Direction::HigherIsBetter,
            };
        }
        let (scores, mirrored) = (world.score(method), mirrored.score(method));
        assert_eq!(all_said(&scores, &world.keys()), all_said(&mirrored, &world.keys()), "{method}");
    });
}

// ---- better and worse

/// The world with its first city the best, and its second the worst, in everything.
fn with_extremes(world: &World) -> World {
    let mut world = world.clone();
    let n = world.len();
    for i in 0..INDICATORS.len() {
        let sign = if world.indicators[i].direction == Direction::HigherIsBetter { 1.0 } else { -1.0 };
        let known = (0..n).filter_map(|city| world.value(i, city)).map(|v| sign * v);
        let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        // A figure per 10 of 1 and of 2 people.
        let [one, two] = if i == 0 { [0.1, 0.2] } else { [1.0, 1.0] };
        world.indicators[i].values[0] = Some(sign * (high + 1.0) * one);
        world.indicators[i].values[1] = Some(sign * (low - 1.0) * two);
    }
    world
}

#[test]
fn the_ideal_city_is_first_and_its_opposite_last() {
    for_all_methods(CASES, |world, method| {
        let world = with_extremes(world);
        let scores = world.score(&method.clone().tolerance(1e-9));
        let gaps =
            world.indicators.iter().any(|indicator| indicator.values.contains(&None)) || world.people.contains(&None);
        for node in nodes() {
            // Ranks and z-scores have other ends where fewer cities are known: a city of which only one thing is known, and
            // that is second best among many, may have more than one that is best among a few too.
            if gaps && INNER.iter().any(|(inner, _)| *inner == node) {
                continue;
            }
            let [ideal, worst] = ["c0", "c1"].map(|city| scores.score(city, node).unwrap().unwrap());
            for city in world.keys() {
                let Some(score) = scores.score(&city, node).unwrap() else { continue };
                assert!(score <= ideal + 1e-9 && score >= worst - 1e-9, "{node} of {city}; {method}");
            }
            assert_eq!(scores.rank("c0", node).unwrap(), Some(1.0), "{method}");
        }
    });
}

#[test]
fn a_better_figure_never_lowers_a_score() {
    for_all(CASES, (small_world(), 0..100_usize, 1..200_u32), |(world, pick, step)| {
        let i = pick % INDICATORS.len();
        let sign = if world.indicators[i].direction == Direction::HigherIsBetter { 1.0 } else { -1.0 };
        let Some(city) = (0..world.len()).cycle().skip(pick).take(20).find(|&c| world.value(i, c).is_some()) else {
            return;
        };
        let key = World::key(city);
        for method in methods() {
            let composite = world.fit(&method);
            let framework = composite.framework();
            let cities = world.dataset(framework);
            let better = world.indicators[i].values[city].map(|v| v + sign * f64::from(step) / 8.0);
            let raised = cities.with_value(&key, INDICATORS[i].0, better).unwrap();
            let before = composite.score(&cities).unwrap();
            // On the same yardstick, and on one that is learned anew.
            let anew = method.fit(framework, &raised).ok();
            for yardstick in std::iter::once(&composite).chain(&anew) {
                let after = yardstick.score(&raised).unwrap();
                for node in nodes() {
                    let (before, after) = (before.score(&key, node).unwrap(), after.score(&key, node).unwrap());
                    assert_eq!(before.is_some(), after.is_some());
                    if let (Some(before), Some(after)) = (before, after) {
                        assert!(after >= before - 1e-12 * before.abs(), "{node}: {before} to {after}; {method}");
                    }
                }
            }
        }
    });
}

// ---- weights and missing figures

#[test]
fn a_weight_of_0_leaves_no_trace_of_the_figures() {
    for_all_methods(CASES, |world, method| {
        let mut world = world.clone();
        world.indicators[1].weight = 0.0;
        let mut other = world.clone();
        for (city, value) in other.indicators[1].values.iter_mut().enumerate() {
            *value = value.map(|_| (city * 7 % 13) as f64);
        }
        let (scores, others) = (world.score(method), other.score(method));
        for city in world.keys() {
            for (node, _) in INNER {
                assert_eq!(said(&scores, &city, node), said(&others, &city, node), "{method}");
            }
        }
    });
}

#[test]
fn only_the_proportions_of_weights_count() {
    for_all_methods(CASES, |world, method| {
        let scores = world.score(method);
        for factor in [7.3, 1e-150, 1e150] {
            let mut other = world.clone();
            other.indicators.iter_mut().for_each(|indicator| indicator.weight *= factor);
            other.weights.iter_mut().for_each(|weight| *weight *= factor);
            // `a` has an indicator and two measures: all its children are scaled alike.
            let others = other.score(method);
            for city in world.keys() {
                for node in nodes() {
                    let (a, b) = (scores.score(&city, node).unwrap(), others.score(&city, node).unwrap());
                    assert!(close(a, b), "{node} of {city}: {a:?}, {b:?}; {method}");
                }
            }
        }
    });
}

#[test]
fn a_node_is_the_mean_of_its_known_childrens_scores_with_the_weights_it_names() {
    for_all_methods(CASES, |world, method| {
        let scores = world.score(method);
        let framework = scores.composite().framework();
        for city in world.keys() {
            for (node, _) in INNER {
                let children: Vec<_> = framework.children(node).unwrap().collect();
                let known: Vec<_> =
                    children.iter().filter_map(|c| Some((scores.score(&city, &c.code).unwrap()?, c.weight))).collect();
                let total: f64 = known.iter().map(|(_, w)| w).sum();
                let standing = scores.get(&city, node).unwrap();
                assert_eq!((standing.coverage.have, standing.coverage.of), (known.len(), children.len()));
                let enough = 2 * known.len() >= children.len();
                let Some(score) = standing.score else {
                    let why = standing.missing.unwrap();
                    match why {
                        Missing::Coverage { .. } => assert!(!enough),
                        Missing::NoWeight => assert!(enough && total == 0.0),
                        why => panic!("{why}"),
                    }
                    continue;
                };
                assert!(enough && total > 0.0);
                let mean = |f: &dyn Fn(f64) -> f64| {
                    known.iter().filter(|(_, w)| *w > 0.0).map(|&(z, w)| w / total * f(z)).sum::<f64>()
                };
                let expected = match method.aggregation.all {
                    Aggregation::Arithmetic => mean(&|z| z),
                    Aggregation::Geometric => mean(&f64::ln).exp(),
                    Aggregation::Harmonic => 1.0 / mean(&|z| 1.0 / z),
                    Aggregation::Power { exponent } => mean(&|z| z.powf(exponent)).powf(1.0 / exponent),
                    other => panic!("no formula of {other} here yet"),
                };
                assert!(close(Some(score), Some(expected)), "{score} is not {expected}: {method}");
                for child in children.iter().filter(|c| scores.score(&city, &c.code).unwrap().is_some()) {
                    assert!(close(scores.weight(&city, &child.code).unwrap(), Some(child.weight / total)));
                }
            }
        }
    });
}

/// So a figure that turns up and scores that mean changes nothing.
#[test]
fn a_missing_child_counts_as_the_weighted_mean_of_the_known_ones() {
    for_all(64, small_world(), |mut world| {
        world.indicators.iter_mut().for_each(|indicator| indicator.posts = [false; 5]);
        let composite = world.fit(&Method::new());
        let cities = world.dataset(composite.framework());
        let scores = composite.score(&cities).unwrap();
        for (indicator, parent) in INDICATORS.iter().skip(1) {
            for city in world.keys() {
                let (own, mean) = (scores.score(&city, indicator).unwrap(), scores.score(&city, parent).unwrap());
                let (None, Some(mean)) = (own, mean) else { continue };
                let (worst, best) = composite.ends(indicator).unwrap().unwrap();
                let filled = cities.with_value(&city, indicator, worst + mean / 100.0 * (best - worst)).unwrap();
                let filled = composite.score(&filled).unwrap();
                assert!(close(filled.score(&city, indicator).unwrap(), Some(mean)));
                assert!(close(filled.score(&city, parent).unwrap(), Some(mean)), "{parent} of {city}");
            }
        }
    });
}

#[test]
fn to_exclude_a_node_is_to_have_a_framework_without_it() {
    for_all_methods(CASES, |world, method| {
        for gone in [&["x1"][..], &["n"], &["m1", "x7"]] {
            let gone_too = |code: &str| {
                let parent = INDICATORS.iter().find(|(c, _)| *c == code).map(|(_, parent)| *parent);
                gone.contains(&code) || parent.is_some_and(|parent| gone.contains(&parent))
            };
            let mut nodes = world.nodes(method);
            nodes.retain(|node| !gone_too(&node.code));
            // The others keep a weight.
            nodes.iter_mut().filter(|n| n.parent.is_some()).for_each(|node| node.weight += 0.25);
            let small = Framework::new(nodes.clone()).unwrap();
            let mut full = world.nodes(method);
            full.iter_mut().filter(|n| n.parent.is_some()).for_each(|node| node.weight += 0.25);
            let full = Framework::new(full).unwrap();
            let excluded = method.clone().exclude(gone.iter().copied());
            let cities = world.dataset(&full);
            let excluded = excluded.fit(&full, &cities).unwrap().score(&cities).unwrap();
            let mut builder = Dataset::builder(&small, world.keys());
            for series in small.series() {
                builder = builder.column(&series.code, cities.column(&series.code).unwrap());
            }
            let cities = builder.build().unwrap();
            let without = method.fit(&small, &cities).unwrap().score(&cities).unwrap();
            for node in nodes.iter().filter(|n| n.code != "people") {
                for city in world.keys() {
                    assert_eq!(said(&excluded, &city, &node.code), said(&without, &city, &node.code), "{method}");
                }
            }
            assert_eq!(excluded.get("c0", gone[0]).unwrap().missing, Some(Missing::Excluded));
        }
    });
}

// ---- ranks

/// By the definition: from the best score down, a group is everything within the tolerance of its best.
fn ranks(scores: &[Option<f64>], ties: Ties, tolerance: f64) -> Vec<Option<f64>> {
    let mut ranks = vec![None; scores.len()];
    let (mut above, mut groups) = (0_usize, 0_usize);
    while let Some(best) = (0..scores.len()).filter(|&i| ranks[i].is_none()).filter_map(|i| scores[i]).reduce(f64::max)
    {
        let of_group =
            |i: usize, ranks: &[Option<f64>]| ranks[i].is_none() && scores[i].is_some_and(|s| best - s <= tolerance);
        let group: Vec<usize> = (0..scores.len()).filter(|&i| of_group(i, &ranks)).collect();
        groups += 1;
        let rank = match ties {
            Ties::Min => above as f64 + 1.0,
            Ties::Average => above as f64 + f64::midpoint(group.len() as f64, 1.0),
            Ties::Dense => groups as f64,
        };
        above += group.len();
        for i in group {
            ranks[i] = Some(rank);
        }
    }
    ranks
}

#[test]
fn ranks_are_those_of_the_definition() {
    for_all_methods(CASES / 2, |world, method| {
        for ties in [Ties::Min, Ties::Average, Ties::Dense] {
            for tolerance in [0.0, 1e-9, 0.5, 20.0, 1e9] {
                let scores = world.score(&method.clone().ties(ties).tolerance(tolerance));
                for node in nodes() {
                    let node = scores.node(node).unwrap();
                    let values: Vec<_> = node.scores().collect();
                    assert_eq!(node.ranks().collect::<Vec<_>>(), ranks(&values, ties, tolerance), "{method}");
                    let ranking: Vec<_> = node.ranking().map(|r| (r.rank, r.score)).collect();
                    assert!(ranking.is_sorted_by(|a, b| a.0 <= b.0 && a.1 >= b.1));
                    assert_eq!(ranking.len(), values.iter().flatten().count());
                }
            }
        }
    });
}

/// Many cities, in the distributions that are hard to sort quickly.
#[test]
fn ranks_of_many_cities_are_those_of_the_definition() {
    let framework =
        Framework::new([Node::index("index"), Node::indicator("x", "index", Direction::HigherIsBetter)]).unwrap();
    // A sequence without a pattern, from 0 to 1.
    let noise = |i: usize| (i as f64 * 0.754_877_666_246_692_7).fract();
    let distributions: [(&str, &dyn Fn(usize) -> f64); 6] = [
        ("even", &|i| noise(i)),
        ("many ties", &|i| (noise(i) * 20.0).floor()),
        ("one far away", &|i| if i == 5 { 1e12 } else { noise(i) }),
        ("all near one another", &|i| 1.0 + noise(i) * 1e-13),
        ("many magnitudes", &|i| (noise(i) * 600.0 - 300.0).exp()),
        ("both signs", &|i| (noise(i) - 0.5).powi(5)),
    ];
    for n in [2, 3, 17, 150, 161, 700, 3_100] {
        let keys: Vec<String> = (0..n).map(World::key).collect();
        for (name, value) in distributions {
            // Every seventh is missing, but the first two are not.
            let values: Vec<Option<f64>> = (0..n).map(|i| (i < 2 || i % 7 > 0).then(|| value(i))).collect();
            let cities = Dataset::builder(&framework, &keys).column("x", values).build().unwrap();
            for (ties, tolerance) in [(Ties::Min, 0.0), (Ties::Average, 0.0), (Ties::Dense, 0.0), (Ties::Min, 0.3)] {
                let method = Method::new().ties(ties).tolerance(tolerance);
                let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
                let node = scores.node("index").unwrap();
                let got: Vec<_> = node.ranks().collect();
                let values: Vec<_> = node.scores().collect();
                assert_eq!(got, sorted_ranks(&values, ties, tolerance), "{n} cities, {name}, {ties}");
                if n < 200 {
                    assert_eq!(got, ranks(&values, ties, tolerance), "{n} cities, {name}, {ties}");
                }
            }
        }
    }
}

/// The same as [`ranks`], for many cities.
fn sorted_ranks(scores: &[Option<f64>], ties: Ties, tolerance: f64) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = scores.iter().enumerate().filter_map(|(i, s)| Some(((*s)?, i))).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut ranks = vec![None; scores.len()];
    let (mut start, mut groups) = (0, 0);
    while start < order.len() {
        let group = order[start..].iter().take_while(|(score, _)| order[start].0 - score <= tolerance).count();
        groups += 1;
        let rank = match ties {
            Ties::Min => start as f64 + 1.0,
            Ties::Average => start as f64 + f64::midpoint(group as f64, 1.0),
            Ties::Dense => f64::from(groups),
        };
        order[start..start + group].iter().for_each(|&(_, i)| ranks[i] = Some(rank));
        start += group;
    }
    ranks
}

// ---- what cannot be computed

fn faults(error: &longspring::Error) -> Vec<Fault> {
    error.problems().iter().map(|problem| problem.fault.clone()).collect()
}

#[test]
fn scores_that_an_aggregation_cannot_take_are_an_error_with_node_city_and_value() {
    let mut refused = 0;
    for (normalisation, floor) in normalisations() {
        for (aggregation, need) in aggregations().into_iter().filter(|&(_, need)| floor < need) {
            refused += 1;
            for_all(CASES, world(3..=9, Just(0)), |mut world| {
                world.indicators.iter_mut().for_each(|indicator| indicator.weight += 0.5);
                let method = Method::new().normalisation(normalisation.clone()).aggregation(aggregation);
                let framework = world.framework(&method);
                let error = method.fit(&framework, &world.dataset(&framework)).unwrap_err();
                for fault in faults(&error) {
                    let Fault::NotComputable { node, child, value, city, .. } = fault else { panic!("{fault}") };
                    let bound = if need == Floor::Positive { 0.0 } else { -f64::MIN_POSITIVE };
                    assert!(value <= bound, "{value}");
                    assert!(framework.children(&node).unwrap().any(|c| c.code == child));
                    assert!(world.keys().contains(&city));
                }
            });
        }
    }
    assert!(refused > 15, "{refused}");
}

#[test]
fn a_constant_indicator_is_an_error_where_a_range_is_needed() {
    for_all(CASES, world(2..=9, Just(0)), |mut world| {
        world.indicators[3].values.fill(Some(2.5));
        world.indicators[3].posts = [false; 5];
        for method in methods() {
            // With goalposts or a target there is a range.
            let mut nodes = world.nodes(&Method::new());
            let node = nodes.iter_mut().find(|node| node.code == "x3").unwrap();
            (node.worst, node.best, node.target) = (None, None, Some(2.5));
            let framework = Framework::new(nodes).unwrap();
            let fitted = method.fit(&framework, &world.dataset(&framework));
            let of_x3 = |fault: &Fault| match fault {
                Fault::Constant { indicator, value, cities, .. } => {
                    indicator == "x3" && *value == 2.5 && *cities == world.len()
                }
                Fault::NoRange { indicator, post: "target", value, .. } => indicator == "x3" && *value == 2.5,
                Fault::NoAttribute { indicator, .. } => indicator == "x3",
                _ => false,
            };
            match method.normalisation.all {
                Normalisation::Rank { .. } | Normalisation::PercentileRank | Normalisation::PercentileRankMin => {
                    // By rank all cities are alike, which is what the figures say.
                    let scores = fitted.unwrap().score(&world.dataset(&framework)).unwrap();
                    let scores: Vec<_> = scores.node("x3").unwrap().scores().collect();
                    assert!(scores.iter().all(|s| s.is_some() && *s == scores[0]));
                }
                _ => assert!(faults(&fitted.unwrap_err()).iter().any(of_x3), "{method}"),
            }
        }
    });
}

/// Every magnitude that a double holds gives the number that it should, or a typed error.
#[test]
fn magnitudes_do_not_matter() {
    for_all(CASES / 2, world(3..=9, Just(10)), |world| {
        for method in methods() {
            let scores = world.score(&method);
            // Powers of two change no digit, but for those that vanish at the ends.
            for exponent in [-990, -500, 500, 980] {
                let factor = 2.0_f64.powi(exponent);
                let mut other = world.clone();
                for indicator in &mut other.indicators {
                    indicator.values.iter_mut().flatten().for_each(|v| *v *= factor);
                }
                let others = other.score(&method);
                for city in world.keys() {
                    for node in nodes() {
                        let (a, b) = (scores.score(&city, node).unwrap(), others.score(&city, node).unwrap());
                        assert!(close(a, b), "2^{exponent}: {node} of {city}: {a:?}, {b:?}; {method}");
                    }
                }
            }
        }
    });
}

#[test]
fn magnitudes_side_by_side_give_a_finite_number_or_a_typed_error() {
    let columns = [
        [1e-300, 1.0, 1e300],
        [-1e300, 1e-300, 1e300],
        [0.0, 5e-324, 1e-320],
        [-f64::MAX, 0.0, f64::MAX],
        [0.0, 1.0, f64::MAX],
        [1.0, 1.0 + f64::EPSILON, 1.0 + 2.0 * f64::EPSILON],
        [1e300, 1e300 * (1.0 + f64::EPSILON), 1.7e308],
    ];
    let (mut fitted, mut refused) = (0, 0);
    for direction in [Direction::HigherIsBetter, Direction::LowerIsBetter] {
        for column in columns {
            for (mut normalisation, floor) in normalisations() {
                if let Normalisation::Goalposts { .. } = normalisation {
                    normalisation = Normalisation::MinMax { low: 0.0, high: 1e-10 };
                }
                for (aggregation, _) in aggregations().into_iter().filter(|(_, need)| floor >= *need) {
                    let [low, middle, high] = column;
                    let target = if direction == Direction::HigherIsBetter { high } else { low };
                    let framework = Framework::new([
                        Node::index("index"),
                        Node::indicator("x", "index", direction).target(target),
                        Node::indicator("y", "index", Direction::HigherIsBetter).target(3.0),
                    ])
                    .unwrap();
                    let cities = Dataset::builder(&framework, ["low", "middle", "high"])
                        .column("x", [low, middle, high])
                        .column("y", [1.0, 2.0, 3.0])
                        .build()
                        .unwrap();
                    let method = Method::new().normalisation(normalisation.clone()).aggregation(aggregation);
                    match method.fit(&framework, &cities) {
                        Ok(composite) => {
                            fitted += 1;
                            check_order(&composite.score(&cities).unwrap(), direction, &normalisation);
                        }
                        Err(error) => {
                            refused += 1;
                            let typed = |f: &Fault| {
                                matches!(f, Fault::Magnitude { indicator, .. } if indicator == "x")
                                    || matches!(f, Fault::NotComputable { .. })
                            };
                            assert!(faults(&error).iter().all(typed), "{error}");
                        }
                    }
                }
            }
        }
    }
    assert!(fitted > 300 && refused > 50, "{fitted} fitted, {refused} refused");
}

/// Scores are finite and in the order of the figures; the ends of a min-max are exact.
fn check_order(scores: &Scores, direction: Direction, normalisation: &Normalisation) {
    let of = |city| scores.score(city, "x").unwrap().unwrap();
    let [mut worst, middle, mut best] = ["low", "middle", "high"].map(of);
    if direction == Direction::LowerIsBetter {
        std::mem::swap(&mut worst, &mut best);
    }
    assert!(worst <= middle && middle <= best && worst < best, "{worst} {middle} {best}: {normalisation}");
    if let Normalisation::MinMax { low, high } = normalisation {
        assert_eq!(worst, *low);
        approx::assert_relative_eq!(best, high, max_relative = 1e-15);
    }
    for node in ["index", "x", "y"] {
        assert!(scores.node(node).unwrap().scores().all(|s| s.is_some_and(f64::is_finite)), "{node}: {normalisation}");
    }
}

/// A new city may lie so far off that its score is beyond double precision: then it has none, and that is the reason.
#[test]
fn a_score_beyond_double_precision_is_missing() {
    for (normalisation, _) in normalisations() {
        if matches!(normalisation, Normalisation::Goalposts { .. }) {
            continue;
        }
        let framework = Framework::new([
            Node::index("index"),
            Node::indicator("x", "index", Direction::HigherIsBetter).target(3e-10),
            Node::indicator("y", "index", Direction::HigherIsBetter).target(3.0),
        ])
        .unwrap();
        let cities = Dataset::builder(&framework, ["a", "b", "c"])
            .column("x", [1e-10, 2e-10, 3e-10])
            .column("y", [1.0, 2.0, 3.0])
            .build()
            .unwrap();
        let composite = Method::new().normalisation(normalisation.clone()).fit(&framework, &cities).unwrap();
        let far = Dataset::builder(&framework, ["far"]).column("x", [1e305]).column("y", [2.0]).build().unwrap();
        let scores = composite.score(&far).unwrap();
        for node in ["index", "x", "y"] {
            let standing = scores.get("far", node).unwrap();
            assert_eq!(standing.score.is_some(), standing.missing.is_none());
            assert!(standing.score.is_none_or(f64::is_finite), "{node}: {:?}", standing.score);
        }
        let grows = matches!(
            normalisation,
            Normalisation::MinMax { .. }
                | Normalisation::ZScore { .. }
                | Normalisation::DistanceToTarget { beyond: Outside::Extrapolate, .. }
        );
        let why = grows.then_some(Missing::Magnitude);
        assert_eq!(scores.get("far", "x").unwrap().missing, why, "{normalisation}");
        let why = why.map(|why| Missing::NotComputed { node: "x".into(), why: Box::new(why) });
        assert_eq!(scores.get("far", "index").unwrap().missing, why, "{normalisation}");
    }
}

/// A power of a score can be beyond double precision where the score is not.
#[test]
fn a_power_beyond_double_precision_is_no_quiet_0() {
    let framework = Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", Direction::HigherIsBetter).worst(0.0).best(1.0),
        Node::indicator("y", "index", Direction::HigherIsBetter).worst(0.0).best(1.0),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["tiny", "zero", "mixed"])
        .column("x", [0.1, 0.0, 0.5])
        .column("y", [0.1, 0.0, 0.001])
        .build()
        .unwrap();
    let method = Method::new()
        .normalisation(Normalisation::Goalposts { low: 0.0, high: 1.0 })
        .aggregation(Aggregation::Power { exponent: 400.0 });
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    // 0.1^400 is 1e-400.
    assert_eq!(scores.get("tiny", "index").unwrap().missing, Some(Missing::Magnitude));
    assert_eq!(scores.score("zero", "index").unwrap(), Some(0.0));
    // (0.5 * 0.5^400)^(1/400)
    let mixed = scores.score("mixed", "index").unwrap().unwrap();
    approx::assert_relative_eq!(mixed, 0.5 * 0.5_f64.powf(1.0 / 400.0), max_relative = 1e-12);
}

/// A quotient can be too large or too small on its way to a result that is not.
#[test]
fn a_quotient_beyond_double_precision_is_missing() {
    let framework = Framework::new([
        Node::index("index"),
        Node::indicator("x", "index", Direction::HigherIsBetter).per("people", 1e6),
        Node::context("people"),
    ])
    .unwrap();
    let figures = [1e-5, 2e-5, 1e-320, 1e-308, 1e308, 0.0];
    let cities = Dataset::builder(&framework, ["a", "b", "lost", "small", "large", "zero"])
        .column("x", figures)
        .column("people", [1e5, 1e5, 1e10, 1e10, 1e-5, 1e10])
        .build()
        .unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let value = |city: &str| scores.cells(city, "x").unwrap().next().unwrap().value;
    approx::assert_relative_eq!(value("a").unwrap(), 1e-4, max_relative = 1e-15);
    assert_eq!(value("zero"), Some(0.0));
    for city in ["lost", "small", "large"] {
        assert_eq!((value(city), scores.get(city, "x").unwrap().missing), (None, Some(Missing::Magnitude)), "{city}");
    }
}

// ---- types

#[test]
fn public_types_can_be_sent_shared_printed_and_cloned() {
    fn check<T: Send + Sync + std::fmt::Debug + Clone + 'static>() -> &'static str {
        std::any::type_name::<T>()
    }
    fn error<T: std::error::Error + Send + Sync + 'static>() -> &'static str {
        std::any::type_name::<T>()
    }
    let names = [
        check::<Aggregation>(),
        check::<longspring::Plan<Aggregation>>(),
        check::<longspring::Cell<'static>>(),
        check::<Cities>(),
        check::<City>(),
        check::<longspring::Claim>(),
        check::<longspring::Claims>(),
        check::<longspring::Column>(),
        check::<Composite>(),
        check::<longspring::Confidence>(),
        check::<longspring::Coverage>(),
        check::<longspring::Cut>(),
        check::<Dataset>(),
        check::<longspring::DatasetBuilder>(),
        check::<longspring::Denomination>(),
        check::<longspring::Denominator>(),
        check::<Direction>(),
        check::<Fault>(),
        check::<longspring::Flag>(),
        check::<longspring::Flags>(),
        check::<Framework>(),
        check::<longspring::Imputation>(),
        check::<longspring::Kind>(),
        check::<Method>(),
        check::<Missing>(),
        check::<Node>(),
        check::<longspring::NodeScores<'static>>(),
        check::<Normalisation>(),
        check::<longspring::Observation>(),
        check::<longspring::Observations>(),
        check::<Outside>(),
        check::<longspring::Place>(),
        check::<longspring::Problem>(),
        check::<longspring::Problems>(),
        check::<longspring::Provenance<'static>>(),
        check::<longspring::Ranked<'static>>(),
        check::<longspring::Relation>(),
        check::<longspring::ScoredCell<'static>>(),
        check::<Scores>(),
        check::<longspring::Source>(),
        check::<longspring::Sources>(),
        check::<longspring::Standing>(),
        check::<longspring::Status>(),
        check::<longspring::Test>(),
        check::<Ties>(),
        check::<longspring::Treatment>(),
        check::<longspring::Verdict>(),
        check::<longspring::Weighting>(),
        check::<longspring::What>(),
    ];
    assert_eq!(names.len(), 49);
    // An error holds one of the system's, which cannot be cloned.
    assert!(error::<longspring::Error>().ends_with("Error"));
}
