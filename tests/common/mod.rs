//! What the batteries share: every variant of every step in one place, and random cities to try them on.
//!
//! A variant that is added later joins by one line in [`normalisations`] or [`aggregations`], and every property of
//! `properties.rs` and `round_trips.rs` then holds it to account.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]
#![allow(dead_code, reason = "every test binary compiles this file for itself, and not each uses all of it")]

pub(crate) mod damage;

use longspring::{
    Aggregation, Composite, Coverage, Dataset, Direction, Flag, Framework, Method, Missing, Node, Normalisation,
    Outside, Scores, Ties,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// How low the scores of the cities of the fit can be; and how low an aggregation can take them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Floor {
    Negative,
    Zero,
    Positive,
}

/// Every normalisation, with the lowest score that it gives.
pub(crate) fn normalisations() -> Vec<(Normalisation, Floor)> {
    use Floor::{Negative, Positive, Zero};
    vec![
        (Normalisation::MinMax { low: 0.0, high: 100.0 }, Zero),
        (Normalisation::MinMax { low: 1.0, high: 100.0 }, Positive),
        (Normalisation::Goalposts { low: 1.0, high: 10.0 }, Positive),
        (Normalisation::ZScore { mean: 0.0, sd: 1.0 }, Negative),
        (Normalisation::ZScore { mean: 100.0, sd: 2.0 }, Positive),
        (Normalisation::Rank { ties: Ties::Min }, Positive),
        (Normalisation::Rank { ties: Ties::Average }, Positive),
        (Normalisation::Rank { ties: Ties::Dense }, Positive),
        (Normalisation::PercentileRank, Zero),
        (Normalisation::PercentileRankMin, Zero),
        (Normalisation::DistanceToTarget { full: 100.0, beyond: Outside::Clip }, Zero),
        (Normalisation::DistanceToTarget { full: 100.0, beyond: Outside::Extrapolate }, Zero),
    ]
}

/// Every aggregation, with the lowest score that it takes.
pub(crate) fn aggregations() -> Vec<(Aggregation, Floor)> {
    use Floor::{Negative, Positive, Zero};
    vec![
        (Aggregation::Arithmetic, Negative),
        (Aggregation::Geometric, Positive),
        (Aggregation::Harmonic, Positive),
        (Aggregation::Power { exponent: 2.0 }, Zero),
        (Aggregation::Power { exponent: 0.5 }, Zero),
        (Aggregation::Power { exponent: -2.0 }, Positive),
    ]
}

/// The default method with every normalisation and every aggregation that goes with it.
pub(crate) fn methods() -> Vec<Method> {
    let mut methods = Vec::new();
    for (normalisation, floor) in normalisations() {
        for (aggregation, need) in aggregations() {
            if floor >= need {
                methods.push(Method::new().normalisation(normalisation.clone()).aggregation(aggregation));
            }
        }
    }
    methods
}

/// Every indicator with its parent: a ragged forest of two indices.
pub(crate) const INDICATORS: [(&str, &str); 9] = [
    ("x0", "m1"),
    ("x1", "m1"),
    ("x2", "m1"),
    ("x3", "n"),
    ("x4", "n"),
    ("x5", "m2"),
    ("x6", "a"),
    ("x7", "b"),
    ("x8", "b"),
];
pub(crate) const INNER: [(&str, Option<&str>); 5] =
    [("a", None), ("m1", Some("a")), ("m2", Some("a")), ("n", Some("m2")), ("b", None)];
/// The denominator of `x0`.
pub(crate) const PEOPLE: &str = "people";

/// The codes of all nodes.
pub(crate) fn nodes() -> impl Iterator<Item = &'static str> {
    INNER.iter().map(|(code, _)| *code).chain(INDICATORS.iter().map(|(code, _)| *code))
}

/// An indicator of a random world.
#[derive(Debug, Clone)]
pub(crate) struct Indicator {
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) direction: Direction,
    pub(crate) weight: f64,
    /// Which goalposts there are, and whether they lie within the sample; and the same of the target.
    pub(crate) posts: [bool; 5],
}

/// Random cities: eighths from -40 to 40, so that there are ties, and changes of unit keep values apart that are apart.
///
/// The first two cities have every figure and differ in each, so that every normalisation has a range.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) people: Vec<Option<f64>>,
    /// By the index in [`INNER`].
    pub(crate) weights: Vec<f64>,
}

/// A world of so many cities with such a share of missing figures, in percent.
pub(crate) fn world(
    cities: std::ops::RangeInclusive<usize>,
    missing: impl Strategy<Value = u32>,
) -> impl Strategy<Value = World> {
    (cities, missing).prop_flat_map(|(n, missing)| {
        let cell = move |range: std::ops::RangeInclusive<i32>| {
            (range, 0..100_u32).prop_map(move |(v, luck)| (luck >= missing).then(|| f64::from(v) / 8.0))
        };
        let weight = || prop_oneof![1 => Just(0.0), 4 => (1..40_u32).prop_map(|w| f64::from(w) / 8.0)];
        let indicator = (prop::collection::vec(cell(-320..=320), n), any::<bool>(), weight(), any::<[bool; 5]>());
        let indicator = indicator.prop_map(|(values, lower, weight, posts)| {
            let direction = if lower { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
            Indicator { values, direction, weight, posts }
        });
        let indicators = prop::collection::vec(indicator, INDICATORS.len());
        let weights = prop::collection::vec(weight(), INNER.len());
        (indicators, prop::collection::vec(cell(1..=320), n), weights).prop_map(|(indicators, people, weights)| {
            let mut world = World { indicators, people, weights };
            world.mend();
            world
        })
    })
}

/// A world of a few cities, with none, some or half of the figures missing.
pub(crate) fn small_world() -> impl Strategy<Value = World> {
    world(2..=14, prop_oneof![Just(0), Just(10), Just(50)])
}

impl World {
    fn mend(&mut self) {
        for (i, indicator) in self.indicators.iter_mut().enumerate() {
            let people = if i == 0 { [1.0, 2.0] } else { [1.0, 1.0] };
            let [first, second] = [0, 1].map(|city| indicator.values[city].unwrap_or(0.0));
            indicator.values[0] = Some(first);
            indicator.values[1] = Some(if first / people[0] == second / people[1] { second + 1.0 } else { second });
            // Siblings need a weight: x0, x3 and x7 are the first of theirs.
            if [0, 3, 7].contains(&i) {
                indicator.weight += 0.5;
            }
        }
        (self.people[0], self.people[1]) = (Some(1.0), Some(2.0));
        // The same of m1 and n.
        self.weights[1] += 0.5;
        self.weights[3] += 0.5;
    }

    pub(crate) fn len(&self) -> usize {
        self.people.len()
    }

    pub(crate) fn key(city: usize) -> String {
        format!("c{city}")
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        (0..self.len()).map(Self::key).collect()
    }

    /// The value that counts of a city.
    pub(crate) fn value(&self, indicator: usize, city: usize) -> Option<f64> {
        let figure = self.indicators[indicator].values[city]?;
        if indicator == 0 { Some(figure / self.people[city]? * 10.0) } else { Some(figure) }
    }

    /// The framework that a method needs: goalposts everywhere where it asks for them, else here and there.
    pub(crate) fn framework(&self, method: &Method) -> Framework {
        Framework::new(self.nodes(method)).unwrap()
    }

    pub(crate) fn nodes(&self, method: &Method) -> Vec<Node> {
        let everywhere = matches!(method.normalisation.all, Normalisation::Goalposts { .. });
        let mut nodes = vec![Node::context(PEOPLE)];
        for ((code, parent), &weight) in INNER.iter().zip(&self.weights) {
            nodes.push(match parent {
                None => Node::index(*code),
                Some(parent) => Node::measure(*code, *parent).weight(weight),
            });
        }
        for (i, ((code, parent), indicator)) in INDICATORS.iter().zip(&self.indicators).enumerate() {
            // Along this sign higher is better.
            let sign = if indicator.direction == Direction::HigherIsBetter { 1.0 } else { -1.0 };
            let values = (0..self.len()).filter_map(|city| self.value(i, city)).map(|v| v * sign);
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            let part = (high - low) / 4.0;
            let inside = |inside: bool| if inside { part } else { -part };
            let [worst, best, worst_inside, best_inside, target_inside] = indicator.posts;
            let mut node = Node::indicator(*code, *parent, indicator.direction)
                .weight(indicator.weight)
                .target(sign * (high - inside(target_inside)));
            if everywhere || worst {
                node = node.worst(sign * (low + inside(worst_inside)));
            }
            if everywhere || best {
                node = node.best(sign * (high - inside(best_inside)));
            }
            nodes.push(if i == 0 { node.per(PEOPLE, 10.0) } else { node });
        }
        nodes
    }

    /// The cities of these numbers, in this order.
    pub(crate) fn dataset_of(&self, framework: &Framework, cities: &[usize]) -> Dataset {
        let pick = |values: &[Option<f64>]| -> Vec<Option<f64>> { cities.iter().map(|&c| values[c]).collect() };
        let mut builder = Dataset::builder(framework, cities.iter().map(|&c| Self::key(c)));
        for ((code, _), indicator) in INDICATORS.iter().zip(&self.indicators) {
            builder = builder.column(code, pick(&indicator.values));
        }
        builder.column(PEOPLE, pick(&self.people)).build().unwrap()
    }

    pub(crate) fn dataset(&self, framework: &Framework) -> Dataset {
        self.dataset_of(framework, &(0..self.len()).collect::<Vec<_>>())
    }

    pub(crate) fn fit(&self, method: &Method) -> Composite {
        let framework = self.framework(method);
        method.fit(&framework, &self.dataset(&framework)).unwrap()
    }

    pub(crate) fn score(&self, method: &Method) -> Scores {
        let composite = self.fit(method);
        composite.score(&self.dataset(composite.framework())).unwrap()
    }
}

/// Runs a check on random values: the same ones at every run, and more of them where `PROPTEST_CASES` asks for more.
pub(crate) fn for_all<T: std::fmt::Debug>(cases: u32, values: impl Strategy<Value = T>, check: impl Fn(T)) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&values, |value| {
        check(value);
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, value)) => panic!("{why}\nfor {value:?}"),
        Err(error) => panic!("{error}"),
    }
}

/// Runs a check on random worlds under every method.
pub(crate) fn for_all_methods(cases: u32, check: impl Fn(&World, &Method)) {
    let methods = methods();
    assert!(methods.len() > 40);
    for_all(cases, small_world(), |world| methods.iter().for_each(|method| check(&world, method)));
}

/// A number by its bits, so that equal means the same to the last one.
pub(crate) fn bits(number: Option<f64>) -> Option<u64> {
    number.map(f64::to_bits)
}

/// Everything that is said of a city in a node, number by number and bit by bit.
#[derive(Debug, PartialEq)]
pub(crate) struct Said {
    score: Option<u64>,
    rank: Option<u64>,
    ranked: usize,
    coverage: Coverage,
    flags: Vec<Flag>,
    missing: Option<Missing>,
}

pub(crate) fn said(scores: &Scores, city: &str, node: &str) -> Said {
    let standing = scores.get(city, node).unwrap();
    Said {
        score: bits(standing.score),
        rank: bits(standing.rank),
        ranked: standing.ranked,
        coverage: standing.coverage,
        flags: standing.flags.iter().collect(),
        missing: standing.missing,
    }
}

/// Everything that is said of these cities.
pub(crate) fn all_said<S: AsRef<str>>(scores: &Scores, cities: &[S]) -> Vec<Said> {
    cities.iter().flat_map(|city| nodes().map(|node| said(scores, city.as_ref(), node))).collect()
}

/// The scores of a city in every node, bit by bit.
pub(crate) fn score_bits(scores: &Scores, city: &str) -> Vec<Option<u64>> {
    nodes().map(|node| bits(scores.score(city, node).unwrap())).collect()
}

/// Two numbers that agree to 1e-9 of their size, or of a scale of 1 where they are small; or are both missing.
pub(crate) fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        (None, None) => true,
        _ => false,
    }
}
