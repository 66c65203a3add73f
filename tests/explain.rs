//! Why a city stands where it does: what adds up, what negates, what does not depend on the order of the cities.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod common;

use common::for_all;
use longspring::{
    Aggregation as A, Baseline, Cut, Dataset, Direction, Framework, Method, Missing, Node, Normalisation as N, Outside,
    Peers, Penalty, Preference, ProfileOf, ProfileWeights, Scores, Similarity, Weighting as W, article,
};
use proptest::prelude::*;

const INDICATORS: [(&str, &str); 9] = [
    ("x0", "m1"),
    ("x1", "m1"),
    ("x2", "m1"),
    ("x3", "n"),
    ("x4", "n"),
    ("x5", "m2"),
    ("x6", "m3"),
    ("x7", "m3"),
    ("x8", "index"),
];
const INNER: [&str; 5] = ["index", "m1", "m2", "n", "m3"];

/// Positive figures of a few cities, some missing; weights, some 0.
#[derive(Debug, Clone)]
struct World {
    values: Vec<Vec<Option<f64>>>,
    weights: Vec<f64>,
}

fn world() -> impl Strategy<Value = World> {
    (4..=7_usize).prop_flat_map(|n| {
        // Some are all but the same, so that differences have few digits.
        let near = |luck: u32| if luck > 85 { 3.5 + f64::from(luck - 85) * 1e-9 } else { 0.0 };
        let cell = (8..512_u32, 0..100_u32)
            .prop_map(move |(v, luck)| (luck >= 25).then(|| if luck > 85 { near(luck) } else { f64::from(v) / 8.0 }));
        let weight = prop_oneof![1 => Just(0.0), 1 => Just(1e-12), 5 => (2..40_u32).prop_map(|w| f64::from(w) / 8.0)];
        (prop::collection::vec(prop::collection::vec(cell, n), 9), prop::collection::vec(weight, 9)).prop_map(
            |(mut values, mut weights)| {
                for (i, column) in values.iter_mut().enumerate() {
                    for (city, value) in [(0, 3.5), (1, 40.25), (2, 11.125)] {
                        column[city] = Some(value + i as f64 * if city == 0 { 1.0 } else { -0.5 });
                    }
                }
                for first in [0, 3, 5, 6, 8] {
                    weights[first] += 0.5;
                }
                World { values, weights }
            },
        )
    })
}

impl World {
    fn framework(&self) -> Framework {
        let mut nodes = vec![
            Node::index("index"),
            Node::measure("m1", "index"),
            Node::measure("m2", "index").weight(2.0),
            Node::measure("n", "m2"),
            Node::measure("m3", "index").weight(0.0),
        ];
        for (i, (code, parent)) in INDICATORS.iter().enumerate() {
            let lower = [1, 4, 7].contains(&i);
            let direction = if lower { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
            nodes.push(Node::indicator(*code, *parent, direction).weight(self.weights[i]));
        }
        Framework::new(nodes).unwrap()
    }

    fn scores(&self, method: &Method, order: &[usize]) -> Option<Scores> {
        let framework = self.framework();
        let mut builder = Dataset::builder(&framework, order.iter().map(|c| format!("c{c}")));
        for ((code, _), column) in INDICATORS.iter().zip(&self.values) {
            builder = builder.column(code, order.iter().map(|&c| column[c]).collect::<Vec<_>>());
        }
        let cities = builder.build().unwrap();
        // What a method cannot learn from these figures is a typed error, and tested elsewhere.
        method.fit(&framework, &cities).ok().map(|composite| composite.score(&cities).unwrap())
    }
}

fn methods() -> Vec<Method> {
    let unit = || Method::new().normalisation(N::MinMax { low: 0.0, high: 1.0 });
    let positive = || Method::new().normalisation(N::MinMax { low: 1.0, high: 100.0 });
    let raw = |aggregation| Method::new().normalisation(N::Raw).aggregation(A::Borda).aggregation_of("m1", aggregation);
    let mut all = vec![
        Method::new(),
        Method::new().normalisation(N::ZScore { mean: 0.0, sd: 1.0 }),
        unit().outside(Outside::Clip),
        positive().aggregation(A::Geometric),
        positive().aggregation_at(0, A::Geometric),
        positive().aggregation(A::Harmonic),
        positive().aggregation(A::Power { exponent: 2.0 }),
        unit().aggregation(A::Power { exponent: 0.5 }),
        positive().aggregation(A::Power { exponent: -2.0 }),
        unit().aggregation(A::Median),
        unit().aggregation(A::Minimum),
        unit().aggregation(A::Owa { exponent: 2.0 }),
        Method::compind_mpi().coverage(0.5),
        positive().aggregation(A::AdjustedMazziottaPareto { penalty: Penalty::Upward }),
        unit().aggregation_of("m1", A::Wroclaw).aggregation_at(0, A::Borda),
        unit().aggregation(A::Topsis),
        unit().aggregation_of("m1", A::PrometheeII { preference: Preference::Usual }).aggregation_at(0, A::Borda),
        unit().aggregation_at(0, A::PrometheeII { preference: Preference::Gaussian { spread: 0.3 } }),
        unit().aggregation(A::Borda),
        unit().aggregation(A::Copeland),
        unit().aggregation(A::Grey { zeta: 0.5 }),
        unit().aggregation(A::Spotis),
        unit().aggregation(A::CouplingCoordination),
        Method::new().normalisation(N::LinearRatio).aggregation(A::Waspas { lambda: 0.5 }),
    ];
    for aggregation in [A::Vikor { v: 0.5 }, A::Moora, A::MultiMoora, A::Edas, A::Marcos, A::Copras] {
        all.push(raw(aggregation));
    }
    for weighting in [
        W::Equal,
        W::Entropy,
        W::Critic,
        W::CriticUndirected,
        W::StandardDeviation,
        W::Gini,
        W::Merec,
        W::Cilos,
        W::Idocriw,
        W::Lopcow,
    ] {
        all.push(positive().weighting(weighting));
    }
    let doubt = W::BenefitOfTheDoubt { shares: None };
    all.push(positive().weighting_of("m1", doubt).aggregation_at(0, A::Borda));
    all.push(
        positive().weighting_of("m1", W::BenefitOfTheDoubt { shares: Some((0.1, 0.8)) }).aggregation_at(0, A::Borda),
    );
    all
}

/// The parts of every parent add up to its own, to 1e-12 of what is added.
fn add_up(what: &str, whole: f64, parts: &[(usize, Option<f64>)]) {
    let mut tree: Vec<(usize, f64)> = vec![(0, whole)];
    tree.extend(parts.iter().map(|&(depth, part)| (depth, part.unwrap_or(0.0))));
    for (at, &(depth, own)) in tree.iter().enumerate() {
        let below: Vec<(usize, f64)> = tree[at + 1..].iter().copied().take_while(|&(d, _)| d > depth).collect();
        let children: Vec<f64> = below.iter().filter(|&&(d, _)| d == depth + 1).map(|&(_, part)| part).collect();
        // A node that neither city has adds nothing, and so does all under it.
        if children.is_empty() {
            continue;
        }
        let (sum, size) = children.iter().fold((0.0, own.abs()), |(s, m), c| (s + c, f64::max(m, c.abs())));
        assert!((sum - own).abs() <= 1e-12 * size, "{what}: {children:?} add up to {sum}, not to {own}");
    }
}

#[test]
fn everything_adds_up_under_every_method() {
    let methods = methods();
    let tried = std::cell::RefCell::new(vec![(0, 0); methods.len()]);
    for_all(8, world(), |world| {
        let n = world.values[0].len();
        for (m, method) in methods.iter().enumerate() {
            let Some(scores) = world.scores(method, &(0..n).collect::<Vec<_>>()) else { continue };
            for baseline in [Baseline::Natural, Baseline::Mean, Baseline::City("c1".to_owned())] {
                let all = scores.all_contributions(&baseline).unwrap();
                for node in INNER {
                    for row in 0..n {
                        let city = format!("c{row}");
                        let Ok(made) = scores.contributions_from(&city, node, &baseline) else { continue };
                        let what = format!("{method}\n{city} in {node} from {}", made.baseline);
                        let parts: Vec<_> = made.iter().map(|p| (p.depth, p.contribution)).collect();
                        add_up(&what, made.score - made.base, &parts);
                        for part in &made {
                            let bulk = all.column(node, &part.node).unwrap().nth(row).unwrap();
                            assert_eq!(common::bits(bulk), common::bits(part.contribution), "{what}: {}", part.node);
                            assert!(part.contribution.is_none_or(f64::is_finite), "{what}: {part:?}");
                        }
                        tried.borrow_mut()[m].0 += 1;
                    }
                }
            }
            for node in INNER {
                for (a, b) in (0..n).flat_map(|a| (0..n).map(move |b| (a, b))).filter(|(a, b)| a != b) {
                    let (a, b) = (format!("c{a}"), format!("c{b}"));
                    let Ok(gap) = scores.compare(&a, &b, node) else { continue };
                    let what = format!("{method}\n{a} and {b} in {node}");
                    add_up(&what, gap.gap, &gap.iter().map(|p| (p.depth, p.gap)).collect::<Vec<_>>());
                    let back = scores.compare(&b, &a, node).unwrap();
                    for (there, back) in gap.iter().zip(&back) {
                        // A zero has two signs, and means the same with both.
                        let (there, back) = (there.gap.map(|g| g + 0.0), back.gap.map(|g| 0.0 - g));
                        assert_eq!(common::bits(there), common::bits(back), "{what}");
                    }
                    let made = scores.contributions_from(&a, node, &Baseline::City(b.clone())).unwrap();
                    for (part, gap) in made.iter().zip(&gap) {
                        assert_eq!(common::bits(part.contribution), common::bits(gap.gap), "{what}");
                    }
                    tried.borrow_mut()[m].1 += 1;
                }
            }
        }
    });
    let tried = tried.into_inner();
    let hardly = methods.iter().zip(&tried).filter(|(_, (contributions, gaps))| *contributions < 20 || *gaps < 20);
    let hardly: Vec<String> = hardly.map(|(method, tried)| format!("{tried:?}: {method}")).collect();
    assert!(hardly.is_empty(), "hardly tried:\n{}", hardly.join("\n"));
}

/// What a mean is taken of.
type Turn = fn(f64) -> f64;

#[test]
fn means_are_split_as_the_docs_say() {
    // K (w_a (f(a) - m) - w_b (f(b) - m)), written out anew from what the comparison tells of each child. Adding up proves little
    // by itself, for what rounding leaves over is given away.
    let positive = || Method::new().normalisation(N::MinMax { low: 1.0, high: 100.0 });
    let means: [(A, Turn); 5] = [
        (A::Arithmetic, |x| x),
        (A::Geometric, f64::ln),
        (A::Harmonic, |x| 1.0 / x),
        (A::Power { exponent: 2.0 }, |x| x * x),
        (A::Power { exponent: -2.0 }, |x| x.powi(-2)),
    ];
    let tried = std::cell::Cell::new(0);
    for_all(20, world(), |world| {
        let n = world.values[0].len();
        for (aggregation, f) in &means {
            let method = positive().aggregation(*aggregation);
            let Some(scores) = world.scores(&method, &(0..n).collect::<Vec<_>>()) else { continue };
            for node in INNER {
                for (a, b) in (0..n).flat_map(|a| (0..n).map(move |b| (a, b))).filter(|(a, b)| a != b) {
                    let Ok(gap) = scores.compare(&format!("c{a}"), &format!("c{b}"), node) else { continue };
                    let (ga, gb) = gap.scores;
                    if (ga - gb).abs() < 1e-3 * ga.max(gb) {
                        continue;
                    }
                    let (k, m) = ((ga - gb) / (f(ga) - f(gb)), f64::midpoint(f(ga), f(gb)));
                    let side = |own: &longspring::Compared| match (own.score, own.weight) {
                        (Some(score), Some(weight)) if weight > 0.0 => weight * (f(score) - m),
                        _ => 0.0,
                    };
                    let size = gap.children().filter_map(|part| part.gap).fold(0.0_f64, |m, g| m.max(g.abs()));
                    for part in gap.children() {
                        let stated = k * (side(&part.a) - side(&part.b));
                        let found = part.gap.unwrap_or(0.0);
                        assert!(
                            (found - stated).abs() <= 1e-9 * size,
                            "{aggregation} {node} {}: {found} {stated}",
                            part.node
                        );
                        tried.set(tried.get() + 1);
                    }
                }
            }
        }
    });
    assert!(tried.get() > 1000, "{}", tried.get());
}

#[test]
fn permuting_the_cities_changes_nothing() {
    let methods = methods();
    for_all(4, world(), |world| {
        let n = world.values[0].len();
        let order: Vec<usize> = (0..n).rev().collect();
        for method in &methods {
            let Some(one) = world.scores(method, &(0..n).collect::<Vec<_>>()) else { continue };
            let other = world.scores(method, &order).unwrap();
            for city in (0..n).map(|c| format!("c{c}")) {
                assert_eq!(
                    one.contributions(&city, "index").ok(),
                    other.contributions(&city, "index").ok(),
                    "{method}"
                );
                assert_eq!(
                    one.compare(&city, "c1", "index").ok(),
                    other.compare(&city, "c1", "index").ok(),
                    "{method}"
                );
            }
            if let Ok(peers) = Peers::of(&one, "index") {
                let others = Peers::of(&other, "index").unwrap();
                for city in (0..n).map(|c| format!("c{c}")) {
                    assert_eq!(peers.nearest(&city).unwrap(), others.nearest(&city).unwrap());
                }
                assert_eq!(peers.groups(2).ok(), others.groups(2).ok());
                assert_eq!(peers.best_groups(5).ok(), others.best_groups(5).ok());
            }
        }
    });
}

/// Two measures of two indicators each; scores are the figures.
fn by_hand(method: &Method, rows: [[f64; 4]; 3]) -> Scores {
    let node =
        |code: &str, parent: &str| Node::indicator(code, parent, Direction::HigherIsBetter).worst(0.0).best(100.0);
    let framework = Framework::new([
        Node::index("i"),
        Node::measure("m", "i").weight(3.0),
        node("a", "m"),
        node("b", "m").weight(4.0),
        node("c", "i"),
        node("d", "i").weight(0.0),
    ])
    .unwrap();
    let mut builder = Dataset::builder(&framework, ["p", "q", "r"]);
    for (j, code) in ["a", "b", "c", "d"].into_iter().enumerate() {
        builder = builder.column(code, rows.map(|row| Some(row[j]).filter(|v| !v.is_nan())));
    }
    let cities = builder.build().unwrap();
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

fn near(a: Option<f64>, b: f64) {
    let a = a.unwrap();
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn arithmetic_by_hand() {
    let scores = by_hand(&Method::new(), [[50.0, 100.0, 20.0, 7.0], [10.0, f64::NAN, 60.0, 7.0], [0.0, 0.0, 0.0, 0.0]]);
    // m = (50 + 4 * 100) / 5 = 90; i = 3/4 * 90 + 1/4 * 20 = 72.5.
    let made = scores.contributions("p", "i").unwrap();
    assert_eq!((made.base, made.baseline.clone()), (0.0, Baseline::Zero));
    near(Some(made.score), 72.5);
    for (node, part) in [("m", 67.5), ("a", 0.75 * 0.2 * 50.0), ("b", 0.75 * 0.8 * 100.0), ("c", 5.0), ("d", 0.0)] {
        near(made.get(node).unwrap().contribution, part);
    }
    near(made.get("m").unwrap().share, 67.5 / 72.5);
    // q lacks b, so that m = 10 and a weighs 1; i = 7.5 + 15 = 22.5. The gap is 50: m adds 3/4 (90 - 10) = 60 and c -10.
    let gap = scores.compare("p", "q", "i").unwrap();
    for (node, part) in [("m", 60.0), ("c", -10.0)] {
        near(gap.get(node).unwrap().gap, part);
    }
    // Within m, with the mean 50 of 90 and 10: a adds 0.2 (50 - 50) - 1 (10 - 50) = 40, b 0.8 (100 - 50) = 40; times 3/4.
    near(gap.get("a").unwrap().gap, 30.0);
    near(gap.get("b").unwrap().gap, 30.0);
    assert_eq!(gap.get("b").unwrap().b.missing, Some(Missing::NoFigure));
    assert!(gap.to_string().starts_with("p is 50.0 ahead of q in i:\n"), "{gap}");
}

#[test]
fn geometric_by_hand() {
    let method = Method::new().normalisation(N::Goalposts { low: 1.0, high: 101.0 }).aggregation_at(0, A::Geometric);
    let scores = by_hand(&method, [[50.0, 50.0, 15.0, 7.0], [10.0, 20.0, 60.0, 7.0], [1.0, 2.0, 3.0, 4.0]]);
    // On a scale from 1 to 101 the scores are figure + 1: m = 51, c = 16, G = 51^(3/4) 16^(1/4), from the bottom, 1 everywhere:
    // the logarithmic mean of G and 1 is (G - 1) / ln G.
    let made = scores.contributions("p", "i").unwrap();
    assert_eq!(made.baseline, Baseline::Bottom);
    let g = 51_f64.powf(0.75) * 2.0;
    let mean = (g - 1.0) / g.ln();
    near(Some(made.base), 1.0);
    near(made.get("m").unwrap().contribution, mean * 0.75 * 51_f64.ln());
    near(made.get("c").unwrap().contribution, mean * 0.25 * 16_f64.ln());
    // a and b are both 50 above the bottom, and weigh 1/5 and 4/5.
    near(made.get("b").unwrap().contribution, 0.8 * mean * 0.75 * 51_f64.ln());
}

#[test]
fn shapley_by_hand() {
    let scores = by_hand(
        &Method::new().aggregation_at(0, A::Minimum).exclude(["d"]),
        [[30.0, 30.0, 50.0, 0.0], [60.0, 60.0, 20.0, 0.0], [10.0, 10.0, 10.0, 0.0]],
    );
    // Two children, p from (0, 0): the minimum moves only with the second, whichever it is: 15 each.
    let made = scores.contributions("p", "i").unwrap();
    near(made.get("m").unwrap().contribution, 15.0);
    near(made.get("c").unwrap().contribution, 15.0);
    near(made.get("a").unwrap().contribution, 3.0);

    // Three children under a median of equal weights, from (0, 0, 0) to (10, 20, 30): turning none or one gives 0, two of
    // them the lower of the two, all 20. 1: {1,2} 10, {1,3} 10 from 0, and last 20 - 20 = 0: (10 + 10) / 6 = 10/3.
    // 2: {1,2} 10, {2,3} 20, last 20 - 10: (10 + 20 + 2 * 10) / 6 = 25/3. 3: {1,3} 10, {2,3} 20, last 20 - 10: 25/3.
    let node = |code: &str| Node::indicator(code, "i", Direction::HigherIsBetter).worst(0.0).best(100.0);
    let framework = Framework::new([Node::index("i"), node("x"), node("y"), node("z")]).unwrap();
    let builder = Dataset::builder(&framework, ["p", "q"]);
    let cities = builder.column("x", [10.0, 1.0]).column("y", [20.0, 1.0]).column("z", [30.0, 1.0]).build().unwrap();
    let scores = Method::new().aggregation(A::Median).fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let made = scores.contributions("p", "i").unwrap();
    for (code, part) in [("x", 10.0 / 3.0), ("y", 25.0 / 3.0), ("z", 25.0 / 3.0)] {
        near(made.get(code).unwrap().contribution, part);
    }
}

#[test]
fn many_children_still_add_up() {
    let codes: Vec<String> = (0..20).map(|i| format!("x{i}")).collect();
    let mut nodes = vec![Node::index("i")];
    nodes.extend(codes.iter().map(|c| Node::indicator(c, "i", Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, ["a", "b", "c"]);
    for (i, code) in codes.iter().enumerate() {
        let x = i as f64;
        builder = builder.column(code, [x.sin() + 2.0, (2.0 * x).cos() + 3.0, (x * x).sin() + 1.5]);
    }
    let cities = builder.build().unwrap();
    let scores = Method::new().aggregation(A::Topsis).fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let (gap, back) = (scores.compare("a", "b", "i").unwrap(), scores.compare("b", "a", "i").unwrap());
    near(Some(gap.indicators().filter_map(|p| p.gap).sum()), gap.gap);
    assert!(gap.iter().zip(&back).all(|(x, y)| x.gap == y.gap.map(|g| -g)));
}

fn article_scores(method: &Method) -> Scores {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

#[test]
fn bad_questions_get_typed_answers() {
    let scores = article_scores(&Method::new().exclude(["wellbeing"]));
    let said = |error: longspring::Error| error.to_string();
    let gap = |a, b, node| said(scores.compare(a, b, node).unwrap_err());
    assert!(gap("detroit", "detroit", "renewal").contains("name another city"));
    assert!(gap("detroit", "sheffeld", "renewal").contains("did you mean `sheffield`?"));
    assert!(gap("detroit", "sheffield", "renewall").contains("did you mean `renewal`?"));
    assert!(gap("detroit", "sheffield", "population").contains("context series"));
    assert!(gap("detroit", "sheffield", "wellbeing").contains("left out"));
    let own = |node, baseline: Baseline| said(scores.contributions_from("detroit", node, &baseline).unwrap_err());
    assert!(own("renewal", Baseline::City("detroit".to_owned())).contains("name another city"));
    assert!(own("population", Baseline::Zero).contains("context series"));
    let missing = scores.cells("togliatti", "renewal").unwrap().find(|cell| cell.missing.is_some()).unwrap();
    let error = said(scores.contributions("togliatti", missing.indicator).unwrap_err());
    assert!(error.contains("has no score in"), "{error}");
    let zero = Method::new().normalisation(N::ZScore { mean: 0.0, sd: 1.0 });
    let none = article_scores(&zero).contributions_from("detroit", "renewal", &Baseline::Bottom).unwrap_err();
    assert!(none.to_string().contains("no score at the reference"), "{none}");

    assert!(said(Peers::of(&scores, "population").unwrap_err()).contains("context series"));
    assert!(said(Similarity::new().least_shared(0.0).peers(&scores, "renewal").unwrap_err()).contains("above 0"));
    let raw = article_scores(&Method::new().normalisation(N::Raw).aggregation(A::Borda));
    assert!(said(Peers::of(&raw, "renewal").unwrap_err()).contains("common scale"));
    let peers = Peers::of(&scores, "renewal").unwrap();
    assert!(said(peers.groups(0).unwrap_err()).contains("from 1"));
    assert!(said(peers.groups(99).unwrap_err()).contains("from 1"));
    assert!(said(peers.best_groups(1).unwrap_err()).contains("2 or more"));
    assert!(said(peers.nearest("detroi").unwrap_err()).contains("did you mean `detroit`?"));
}

#[test]
fn distances_by_hand() {
    let scores = by_hand(&Method::new(), [[50.0, 100.0, 20.0, 7.0], [10.0, f64::NAN, 60.0, 7.0], [0.0, 0.0, 0.0, 0.0]]);
    // Weights in i: a 3/4 * 1/5 = 0.15, b 0.6, c 0.25, d 0. p and q have a and c in common:
    // sqrt((0.15 * 40^2 + 0.25 * 40^2) / 0.4) = 40.
    let peers = Peers::of(&scores, "i").unwrap();
    assert_eq!(peers.profile().iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["a", "b", "c"]);
    let apart = peers.distance("p", "q").unwrap();
    near(apart.distance, 40.0);
    assert_eq!((apart.shared, apart.of, apart.need), (2, 3, 2));
    let equal = Similarity::new().weights(ProfileWeights::Equal).peers(&scores, "i").unwrap();
    // d counts too, and is the same: sqrt((40^2 + 40^2 + 0) / 3).
    near(equal.distance("q", "p").unwrap().distance, (3200.0_f64 / 3.0).sqrt());
    let whole = Similarity::new().least_shared(1.0).peers(&scores, "i").unwrap();
    let apart = whole.distance("p", "q").unwrap();
    assert_eq!(apart.to_string(), "p and q: no distance: 2 of 3 known of both, at least 3 needed");
    assert_eq!(whole.groups(1).unwrap().left_out, ["q"]);
    let measures = Similarity::new().of(ProfileOf::Children).peers(&scores, "i").unwrap();
    // m: 90 and 10, c: 20 and 60, weights 3/4 and 1/4: sqrt(0.75 * 6400 + 0.25 * 1600).
    near(measures.distance("p", "q").unwrap().distance, 5200.0_f64.sqrt());
}

#[test]
fn a_last_place_is_a_weakness_and_a_first_place_a_strength() {
    use longspring::{Judgement, Strengths};
    // COINr's `get_str_weak` deletes last places from the weaknesses by default; here they are never lost, whatever the limits.
    let scores =
        by_hand(&Method::new(), [[50.0, 100.0, 20.0, 7.0], [10.0, f64::NAN, 60.0, 7.0], [0.0, 0.0, 70.0, 0.0]]);
    for quarter in [0.0, 0.25, 0.5] {
        let all = Strengths::new().first(quarter).last(quarter).of(&scores, "p", "i").unwrap();
        let codes = |list: &[Judgement]| list.iter().map(|j| j.indicator.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&all.weaknesses), ["c"], "{quarter}");
        // d is the same as that of q: both are first, of three; b is known of two cities only, and comes last.
        assert_eq!(codes(&all.strengths), ["a", "d", "b"], "{quarter}");
    }
    // q has no figure of b, which is neither.
    let q = Strengths::new().of(&scores, "q", "i").unwrap();
    assert_eq!(q.missing.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["b"]);
    assert!(q.strengths.iter().chain(&q.weaknesses).all(|j| j.indicator != "b"));
    // Against r alone.
    let duel = Strengths::new().among(["r"]).of(&scores, "p", "i").unwrap();
    assert_eq!(duel.weaknesses.iter().map(|j| j.indicator.as_str()).collect::<Vec<_>>(), ["c"]);
    // Against nobody: a plainly empty answer.
    let alone = Strengths::new().among(["p"]).of(&scores, "p", "i").unwrap();
    assert!(alone.strengths.is_empty() && alone.weaknesses.is_empty());
    assert!(alone.to_string().contains("no other city"), "{alone}");
    assert!(Strengths::new().among(["s"]).of(&scores, "p", "i").unwrap_err().to_string().contains("no city `s`"));
    let article = article_scores(&Method::new());
    let detroit = Strengths::new().of(&article, "detroit", "renewal").unwrap();
    for judgement in &detroit.weaknesses {
        assert!(judgement.rank > 1.0 && judgement.rank_from_last <= (0.25 * judgement.of as f64).max(1.0));
    }
    // Who shares a place is said: the 20 cities without a harbour are last together, and none of them is 20th of 39.
    let changchun = Strengths::new().of(&article, "changchun", "renewal").unwrap().to_string();
    assert!(changchun.contains("weakness: Harbour size: rank 20 of 39, shared by 20 ("), "{changchun}");
    assert!(changchun.contains("weakness: Output per worker: rank 31 of 35 ("), "{changchun}");
    let error = Strengths::new().of(&article, "detroit", "population").unwrap_err().to_string();
    assert!(error.contains("context series"), "{error}");
}

#[test]
fn balanced_weights_and_weights_of_the_city_add_up_on_the_article() {
    // Balanced weights need siblings that go together, which random figures do not; benefit of the doubt everywhere as well.
    let unit = Method::new().normalisation(N::MinMax { low: 0.0, high: 1.0 });
    let methods = [
        unit.clone().weighting(W::Equal).weighting_of("renewal", W::Balanced),
        unit.weighting_of("renewal", W::BenefitOfTheDoubt { shares: None }),
    ];
    for method in methods {
        let scores = article_scores(&method);
        for city in ["changchun", "detroit", "sheffield"] {
            let made = scores.contributions(city, "renewal").unwrap();
            let parts: Vec<_> = made.iter().map(|p| (p.depth, p.contribution)).collect();
            add_up(city, made.score - made.base, &parts);
        }
        let gap = scores.compare("changchun", "detroit", "renewal").unwrap();
        add_up("gap", gap.gap, &gap.iter().map(|p| (p.depth, p.gap)).collect::<Vec<_>>());
    }
}
