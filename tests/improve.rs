//! What it takes: answers reach their goals and not by more than they must, and no cheaper ones are found by other means.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod common;

use common::for_all;
use longspring::{
    Aggregation, Cut, Dataset, Direction, Framework, Gaps, Goal, Improvement, Imputation, Limit, Method, Mix,
    MixOutcome, Node, Normalisation, Optimality, Scores, StepOutcome, Ties, Treatment, Weighting, article,
};
use proptest::prelude::*;

const CODES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Random cities under two measures; `a` is divided by people, `b` may have goalposts.
#[derive(Debug, Clone)]
struct Case {
    figures: Vec<Vec<Option<f64>>>,
    people: Vec<f64>,
    lower: [bool; 5],
    weights: [f64; 7],
    posts: bool,
    costs: [f64; 5],
    method: usize,
    city: usize,
    rank: usize,
    /// All figures but people turned round, with their directions.
    mirrored: bool,
}

fn methods() -> Vec<Method> {
    let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
    let base = || Method::new().coverage(0.0).normalisation(scale.clone());
    vec![
        base(),
        Method::new().coverage(0.0).normalisation(Normalisation::ZScore { mean: 0.0, sd: 1.0 }),
        base().aggregation(Aggregation::Geometric),
        base().aggregation(Aggregation::Power { exponent: 0.5 }),
        base().aggregation(Aggregation::Harmonic),
        base().aggregation_at(0, Aggregation::Geometric),
    ]
}

fn cases() -> impl Strategy<Value = Case> {
    (3..9_usize).prop_flat_map(|n| {
        let cell = (100..900_u32, 0..10_u32).prop_map(|(v, luck)| (luck > 0).then(|| f64::from(v) / 16.0));
        let figures = prop::collection::vec(prop::collection::vec(cell, n), 5);
        let weight = || (1..9_u32).prop_map(f64::from);
        let rest = (any::<bool>(), 0..6_usize, 0..n, 1..=n);
        let people = prop::collection::vec((1..50_u32).prop_map(f64::from), n);
        (figures, people, any::<[bool; 5]>(), prop::array::uniform7(weight()), prop::array::uniform5(weight()), rest)
            .prop_map(|(mut figures, people, lower, weights, costs, (posts, method, city, rank))| {
                for (j, column) in figures.iter_mut().enumerate() {
                    column[0] = Some(7.5 + j as f64);
                    column[1] = Some(50.25);
                }
                Case { figures, people, lower, weights, posts, costs, method, city, rank, mirrored: false }
            })
    })
}

impl Case {
    fn sign(&self) -> f64 {
        if self.mirrored { -1.0 } else { 1.0 }
    }

    fn framework(&self, unit: f64) -> Framework {
        let mut nodes = vec![Node::index("top"), Node::measure("m", "top").weight(self.weights[5])];
        nodes.push(Node::measure("n", "top").weight(self.weights[6]));
        nodes.push(Node::context("people"));
        for (j, code) in CODES.iter().enumerate() {
            let direction =
                if self.lower[j] == self.mirrored { Direction::HigherIsBetter } else { Direction::LowerIsBetter };
            let mut node = Node::indicator(*code, if j < 3 { "m" } else { "n" }, direction).weight(self.weights[j]);
            if j == 0 {
                node = node.per("people", 10.0);
            }
            if j == 1 && self.posts {
                let (worst, best) = if self.lower[j] { (40.0, 10.0) } else { (10.0, 40.0) };
                let unit = unit * self.sign();
                node = node.worst(worst * unit).best(best * unit);
            }
            nodes.push(node);
        }
        Framework::new(nodes).unwrap()
    }

    /// The cities with `b` in another unit.
    fn scores(&self, unit: f64) -> Scores {
        let framework = self.framework(unit);
        let mut builder = Dataset::builder(&framework, (0..self.people.len()).map(|i| format!("c{i}")));
        for (j, code) in CODES.iter().enumerate() {
            let unit = self.sign() * if j == 1 { unit } else { 1.0 };
            builder = builder.column(code, self.figures[j].iter().map(|v| v.map(|v| v * unit)).collect::<Vec<_>>());
        }
        let cities = builder.column("people", self.people.clone()).build().unwrap();
        methods()[self.method].fit(&framework, &cities).unwrap().score(&cities).unwrap()
    }

    fn ask(&self, goal: Goal, unit: f64) -> Improvement {
        let mut ask = Improvement::new(format!("c{}", self.city), goal);
        for (j, code) in CODES.iter().enumerate() {
            ask = ask.cost(*code, self.costs[j] / if j == 1 { unit } else { 1.0 });
        }
        ask
    }
}

/// The score of a city when each figure goes a share of its way.
fn part_way(scores: &Scores, city: &str, changes: &[(&str, f64, f64)], share: f64) -> Option<f64> {
    let mut cities = scores.dataset().clone();
    for (code, from, to) in changes {
        let at = if share == 1.0 { *to } else { from + (to - from) * share };
        cities = cities.with_value(city, code, at).unwrap();
    }
    scores.composite().score(&cities).unwrap().score(city, "top").unwrap()
}

fn changes(mix: &Mix) -> Vec<(&str, f64, f64)> {
    mix.changes().iter().map(|c| (c.indicator.as_str(), c.from.unwrap(), c.to)).collect()
}

#[test]
fn answers_reach_their_goal_and_a_thousandth_less_does_not() {
    for_all(300, cases(), |case| {
        let scores = case.scores(1.0);
        let city = format!("c{}", case.city);
        let Some(now) = scores.rank(&city, "top").unwrap() else { return };
        let rank = case.rank.min(scores.node("top").unwrap().ranked());
        let ask = case.ask(Goal::top("top", rank), 1.0);
        let (single, mix) = (ask.single(&scores).unwrap(), ask.cheapest(&scores).unwrap());
        if now <= rank as f64 {
            assert_eq!((mix.need, &mix.outcome), (None, &MixOutcome::Met));
            assert!(single.need.is_none() && single.steps.is_empty());
            return;
        }
        let need = mix.need.unwrap();
        assert_eq!(single.steps.len(), CODES.len());
        let mut alone = f64::INFINITY;
        for step in &single {
            match &step.outcome {
                StepOutcome::Reached { change, reached } => {
                    assert!(reached.rank.unwrap() <= rank as f64);
                    let change_of = [(change.indicator.as_str(), change.from.unwrap(), change.to)];
                    assert_eq!(part_way(&scores, &city, &change_of, 1.0), reached.score);
                    assert!(part_way(&scores, &city, &change_of, 0.999).unwrap() < need, "{step}");
                    alone = alone.min(change.cost);
                }
                StepOutcome::Short { change, reached, short } => {
                    assert!(short.unwrap() > 0.0 && reached.score.unwrap() < need);
                    let further = [(change.indicator.as_str(), change.from.unwrap(), change.to)];
                    assert_eq!(part_way(&scores, &city, &further, 1.0), reached.score);
                }
                _ => {}
            }
        }
        match &mix.outcome {
            MixOutcome::Reached { cost, reached, proof, .. } => {
                assert!(reached.rank.unwrap() <= rank as f64 && reached.score.unwrap() >= need);
                assert!(part_way(&scores, &city, &changes(&mix), 0.999).unwrap() < need, "{mix}");
                assert!(*cost <= alone * (1.0 + 1e-9), "{mix} {alone}");
                let Optimality::Proven { gap } = proof else { panic!("{mix}") };
                assert!(*gap <= 1e-6 * cost, "{mix} {gap}");
                assert_eq!(
                    scores
                        .composite()
                        .score(&mix.apply(scores.dataset()).unwrap())
                        .unwrap()
                        .rank(&city, "top")
                        .unwrap(),
                    reached.rank
                );
            }
            MixOutcome::Impossible { reached, short, .. } => {
                assert!(alone.is_infinite() && reached.score.unwrap() < need);
                assert_eq!(*short, Some(need - reached.score.unwrap()));
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn no_mix_on_a_grid_is_cheaper() {
    for_all(40, cases(), |case| {
        let scores = case.scores(1.0);
        let city = format!("c{}", case.city);
        if scores.rank(&city, "top").unwrap().is_none() {
            return;
        }
        let ask = case.ask(Goal::top("top", 1), 1.0).keep("a").keep("d");
        let mix = ask.cheapest(&scores).unwrap();
        let MixOutcome::Reached { cost, .. } = mix.outcome else { return };
        let need = mix.need.unwrap();
        let ends: Vec<(&str, f64, f64, f64)> = ask
            .single(&scores)
            .unwrap()
            .steps
            .iter()
            .filter_map(|step| {
                let (StepOutcome::Reached { change, .. } | StepOutcome::Short { change, .. }) = &step.outcome else {
                    return None;
                };
                let j = CODES.iter().position(|c| *c == change.indicator)?;
                let (_, best) = scores.composite().ends(CODES[j]).unwrap().unwrap();
                Some((CODES[j], change.from?, best, case.costs[j]))
            })
            .collect();
        let steps = 12_usize;
        for number in 0..(steps + 1).pow(u32::try_from(ends.len()).unwrap()) {
            let mut rest = number;
            let (mut cities, mut price) = (scores.dataset().clone(), 0.0);
            for (code, from, best, unit) in &ends {
                let share = (rest % (steps + 1)) as f64 / steps as f64;
                rest /= steps + 1;
                let to = from + (best - from) * share;
                price += (to - from).abs() * unit;
                cities = cities.with_value(&city, code, to).unwrap();
            }
            if price < cost * (1.0 - 1e-9) {
                let alone = cities.select([city.as_str()]).unwrap();
                let score = scores.composite().score(&alone).unwrap().score(&city, "top").unwrap();
                assert!(score.is_none_or(|s| s < need), "{price} < {cost}: {mix}");
            }
        }
    });
}

#[test]
fn units_and_the_order_of_cities_do_not_matter() {
    for_all(60, cases(), |case| {
        let scores = case.scores(1.0);
        if scores.rank(&format!("c{}", case.city), "top").unwrap().is_none() {
            return;
        }
        let ask = case.ask(Goal::top("top", 1), 1.0);
        let mix = ask.cheapest(&scores).unwrap();
        let turned: Vec<String> = (0..case.people.len()).rev().map(|i| format!("c{i}")).collect();
        let cities = scores.dataset().select(turned.iter().map(String::as_str)).unwrap();
        let refitted = scores.composite().method().fit(scores.composite().framework(), &cities).unwrap();
        assert_eq!(ask.cheapest(&refitted.score(&cities).unwrap()).unwrap(), mix);
        assert_eq!(ask.single(&refitted.score(&cities).unwrap()).unwrap(), ask.single(&scores).unwrap());

        let other = case.ask(Goal::top("top", 1), 1024.0).cheapest(&case.scores(1024.0)).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-7 * a.abs().max(b.abs()).max(1.0);
        match (&mix.outcome, &other.outcome) {
            (MixOutcome::Reached { cost: a, .. }, MixOutcome::Reached { cost: b, .. }) => {
                assert!(close(*a, *b), "{a} {b}");
            }
            (a, b) => assert_eq!(std::mem::discriminant(a), std::mem::discriminant(b)),
        }
    });
}

/// Two indicators from 0 to 10, equal weights, scores from 0 to 100: `me` has 2 and 4, so 30; `you` 8 and 4, so 60.
fn by_hand(direction: Direction) -> Scores {
    let sign = if direction == Direction::LowerIsBetter { -1.0 } else { 1.0 };
    let framework = Framework::new([
        Node::index("top"),
        Node::indicator("x", "top", direction).worst(0.0).best(10.0 * sign).unit("days"),
        Node::indicator("y", "top", Direction::HigherIsBetter).worst(0.0).best(10.0).unit("class 0-10"),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["me", "you", "they"])
        .column("x", [2.0 * sign, 8.0 * sign, 1.0 * sign])
        .column("y", [4.0, 4.0, 2.0])
        .build()
        .unwrap();
    Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

#[test]
fn a_calculation_by_hand() {
    // A score of 42 lacks 12 points. x gives 100 / 10 / 2 = 5 points a unit: 2.4 units, to 4.4. y moves in classes: 12 / 5 = 2.4
    // takes 3, to 7, and a score of 45.
    for (direction, sign) in [(Direction::HigherIsBetter, 1.0), (Direction::LowerIsBetter, -1.0)] {
        let scores = by_hand(direction);
        let ask = Improvement::new("me", Goal::score("top", 42.0));
        let single = ask.single(&scores).unwrap();
        let found: Vec<(f64, f64)> = single
            .into_iter()
            .map(|step| match &step.outcome {
                StepOutcome::Reached { change, reached } => (change.to, reached.score.unwrap()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert!((found[0].0 - 4.4 * sign).abs() < 1e-12 && (found[0].1 - 42.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found[1], (7.0, 45.0));
        let text = single.steps[0].to_string();
        let word = if sign < 0.0 { "fewer" } else { "more" };
        assert!(text.starts_with(&format!("x: 2.4 {word} days (from {} to {})", 2.0 * sign, 4.4 * sign)), "{text}");
        // By shares of the range x alone costs 0.24; two classes and 0.4 units cost the same, three classes more.
        let mix = ask.clone().cheapest(&scores).unwrap();
        let MixOutcome::Reached { cost, proof, .. } = mix.outcome else { panic!("{mix}") };
        assert!(
            (cost - 0.24).abs() < 1e-12 && matches!(proof, Optimality::Proven { gap } if gap < 1e-12),
            "{cost} {proof:?}"
        );
        // With x ten times as dear as y, two classes give 10 points and 0.4 units of x the rest: 2 + 4 = 6; three classes cost 3.
        let mix = ask.cost("x", 10.0).cost("y", 1.0).cheapest(&scores).unwrap();
        let MixOutcome::Reached { changes, cost, .. } = &mix.outcome else { panic!("{mix}") };
        assert_eq!((changes.len(), changes[0].to, *cost), (1, 7.0, 3.0));
        // 60 is a tie with `you`: enough for the first place, not to overtake.
        let tie = Improvement::new("me", Goal::top("top", 1)).single(&scores).unwrap();
        assert_eq!(tie.need, Some(60.0));
        let beyond = Improvement::new("me", Goal::overtake("top", "you")).single(&scores).unwrap();
        assert!(beyond.need.unwrap() > 60.0 && beyond.need.unwrap() < 60.0 + 1e-12);
        // 30 + 5 (10 - 2) = 70 is all that x can do, 30 + 5 * 6 = 60 all that y can: 105 is beyond both together, 100.
        let far = Improvement::new("me", Goal::score("top", 105.0));
        let StepOutcome::Short { short, .. } = far.single(&scores).unwrap().steps[0].outcome else { panic!() };
        assert!((short.unwrap() - 35.0).abs() < 1e-12);
        let MixOutcome::Impossible { short, .. } = far.cheapest(&scores).unwrap().outcome else { panic!() };
        assert!((short.unwrap() - 5.0).abs() < 1e-12);
    }
}

#[test]
fn below_a_goalpost_nothing_is_gained_at_first() {
    let framework = Framework::new([
        Node::index("top"),
        Node::indicator("x", "top", Direction::HigherIsBetter).worst(0.0).best(10.0),
        Node::indicator("y", "top", Direction::HigherIsBetter).worst(0.0).best(10.0),
    ])
    .unwrap();
    let cities =
        Dataset::builder(&framework, ["me", "you"]).column("x", [-20.0, 8.0]).column("y", [2.0, 3.0]).build().unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let ask = |score| Improvement::new("me", Goal::score("top", score)).cost("x", 1.0).cost("y", 2.0);
    // From 10 to 30 points: 4 units of y cost 8, 4 of x after the first 20 cost 24.
    let mix = ask(30.0).cheapest(&scores).unwrap();
    assert_eq!(mix.changes().iter().map(|c| (c.indicator.as_str(), c.to)).collect::<Vec<_>>(), [("y", 6.0)]);
    // To 75: y alone gives 50. With x started, x gives points at half the price: 10 of x, and 3 of y.
    let mix = ask(75.0).cheapest(&scores).unwrap();
    let MixOutcome::Reached { cost, .. } = mix.outcome else { panic!("{mix}") };
    assert!((cost - (30.0 + 6.0)).abs() < 1e-9, "{mix}");
}

#[test]
fn gaps_are_left_or_filled_and_other_means_are_searched() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let ask = Improvement::new("changchun", Goal::top("renewal", 5));
    let left = ask.clone().cheapest(&scores).unwrap();
    assert!(left.still.iter().any(|(code, why)| code == "tertiary_attainment" && why.contains("not known")), "{left}");
    let filled = ask.clone().gaps(Gaps::Fill).single(&scores).unwrap();
    let step = filled.steps.iter().find(|s| s.indicator == "tertiary_attainment").unwrap();
    let (StepOutcome::Reached { change, .. } | StepOutcome::Short { change, .. }) = &step.outcome else {
        panic!("{step}")
    };
    assert_eq!(change.from, None);
    ask.clone().gaps(Gaps::Fill).cheapest(&scores).unwrap();

    let raw = Normalisation::Raw;
    for method in [
        Method::new().aggregation(Aggregation::Power { exponent: 2.0 }),
        Method::new().aggregation(Aggregation::Minimum),
        Method::new().aggregation_at(0, Aggregation::Topsis),
        Method::new().normalisation(Normalisation::PercentileRank),
        Method::new().ties(Ties::Average).tolerance(0.5),
        Method::new()
            .aggregation(Aggregation::PrometheeII { preference: longspring::Preference::Usual })
            .normalisation(raw),
    ] {
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        for place in [10, 20] {
            let ask = Improvement::new("detroit", Goal::top("renewal", place)).limit(Limit::BestSeen);
            let (single, mix) = (ask.single(&scores).unwrap(), ask.cheapest(&scores).unwrap());
            let alone = single.steps.iter().filter_map(|s| match &s.outcome {
                StepOutcome::Reached { change, .. } => Some(change.cost),
                _ => None,
            });
            let alone = alone.fold(f64::INFINITY, f64::min);
            if let MixOutcome::Reached { cost, reached, .. } = &mix.outcome {
                assert!(reached.rank.unwrap() <= place as f64, "{mix}");
                assert!(*cost <= alone * (1.0 + 1e-9), "{mix} {alone}");
            } else {
                assert!(alone.is_infinite(), "{mix}");
            }
        }
    }
}

#[test]
fn classes_are_reached_and_not_counted() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let printed = Improvement::new("sheffield", Goal::top("renewal", 10)).single(&scores).unwrap().to_string();
    assert!(printed.contains("\n  Harbour size: from 0 to 4 (class 0-4): score"), "{printed}");
    assert!(printed.contains("even at 2 (class 0-2) the score is"), "{printed}");
    assert!(
        printed.contains("\n  Metro network: 33.68 more km (from 0 to 33.68; 47.74 km per million people): "),
        "{printed}"
    );
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let scores = by_hand(Direction::HigherIsBetter);
    let says = |ask: Improvement, words: &str| {
        for error in [ask.single(&scores).unwrap_err().to_string(), ask.cheapest(&scores).unwrap_err().to_string()] {
            assert!(error.contains(words), "{error}");
        }
    };
    let top = || Improvement::new("me", Goal::top("top", 1));
    says(Improvement::new("mee", Goal::top("top", 1)), "did you mean `me`");
    says(Improvement::new("me", Goal::top("topp", 1)), "did you mean `top`");
    says(Improvement::new("me", Goal::overtake("top", "yuo")), "no city `yuo`");
    says(Improvement::new("me", Goal::overtake("top", "me")), "name another city");
    says(Improvement::new("me", Goal::top("top", 0)), "from 1 to 3");
    says(Improvement::new("me", Goal::top("top", 4)), "from 1 to 3");
    says(Improvement::new("me", Goal::score("top", f64::NAN)), "a finite number");
    says(top().cost("x", -1.0), "above 0");
    says(top().cost("x", f64::INFINITY), "finite");
    says(top().cost("z", 1.0), "no node `z`");
    says(top().cost("top", 1.0), "be moved");
    says(top().bound("x", f64::NAN), "a finite number");
    says(top().limit(Limit::BestAmong(vec!["nobody".into()])), "no city `nobody`");
    let met = Improvement::new("you", Goal::top("top", 1)).cheapest(&scores).unwrap();
    assert!(met.to_string().contains("met already") && met.changes().is_empty());
    let held = top().keep("x").bound("y", 5.0).cheapest(&scores).unwrap();
    assert!(matches!(held.outcome, MixOutcome::Impossible { .. }) && held.still[0].0 == "x");
    let text = serde_json::to_string(&held).unwrap();
    assert_eq!(serde_json::from_str::<Mix>(&text).unwrap(), held);

    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let method =
        Method::new().aggregation_at(0, Aggregation::MazziottaPareto { penalty: longspring::Penalty::Downward });
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let error = Improvement::new("detroit", Goal::top("renewal", 3)).single(&scores).unwrap_err().to_string();
    assert!(error.contains("imbalance"), "{error}");
}

#[test]
fn mirrored_directions_mirror_the_answers() {
    for_all(100, cases(), |case| {
        let scores = case.scores(1.0);
        if scores.rank(&format!("c{}", case.city), "top").unwrap().is_none() {
            return;
        }
        let ask = case.ask(Goal::top("top", 1), 1.0);
        let turned = Case { mirrored: true, ..case.clone() }.scores(1.0);
        let (single, other) = (ask.single(&scores).unwrap(), ask.single(&turned).unwrap());
        assert_eq!((single.need, single.now), (other.need, other.now));
        for (step, back) in single.iter().zip(&other) {
            match (&step.outcome, &back.outcome) {
                (StepOutcome::Reached { change: a, .. }, StepOutcome::Reached { change: b, .. })
                | (StepOutcome::Short { change: a, .. }, StepOutcome::Short { change: b, .. }) => {
                    assert_eq!((a.to, a.cost, a.from), (-b.to, b.cost, b.from.map(|x| -x)), "{step} {back}");
                }
                (a, b) => assert_eq!(a, b),
            }
        }
        let (mix, other) = (ask.cheapest(&scores).unwrap(), ask.cheapest(&turned).unwrap());
        let figures = |mix: &Mix| mix.changes().iter().map(|c| (c.indicator.clone(), c.to.abs())).collect::<Vec<_>>();
        assert_eq!(figures(&mix), figures(&other));
        assert!(mix.changes().iter().zip(other.changes()).all(|(a, b)| a.to == -b.to));
    });
}

#[test]
fn no_vertex_of_the_linear_program_is_cheaper() {
    // Arithmetic means and straight scales: the score is a sum of gains, so that an optimum is a vertex: all figures but one at
    // an end of their way, and the one where the goal is just reached. All of these are tried, with limits that bind.
    let tried = std::cell::Cell::new((0, 0));
    for_all(150, cases(), |case| {
        let case = Case { method: case.method % 2, posts: false, ..case };
        let (scores, city) = (case.scores(1.0), format!("c{}", case.city));
        let Some(now) = scores.score(&city, "top").unwrap() else { return };
        // (code, start, end, gain, cost): a third of the way to the best end at most.
        let mut ways: Vec<(&str, f64, f64, f64, f64)> = Vec::new();
        let mut ask = case.ask(Goal::top("top", 1), 1.0);
        for (j, code) in CODES.iter().enumerate() {
            let Some(from) = scores.dataset().cell(&city, code).unwrap().value else { continue };
            let (worst, best) = scores.composite().ends(code).unwrap().unwrap();
            let size = if j == 0 { case.people[case.city] / 10.0 } else { 1.0 };
            let to = from + (best * size - from) / 3.0;
            if (to - from) * (best - worst) > 0.0 {
                ask = ask.bound(*code, to);
                let gain = part_way(&scores, &city, &[(code, from, to)], 1.0).unwrap() - now;
                ways.push((code, from, to, gain, (to - from).abs() * case.costs[j]));
            } else {
                ask = ask.keep(*code);
            }
        }
        let mix = ask.cheapest(&scores).unwrap();
        let Some(need) = mix.need else { return };
        let (lack, n) = (need - now, ways.len());
        let mut least = f64::INFINITY;
        for set in 0..1_usize << n {
            let chosen = |j: usize| set >> j & 1 == 1;
            let (gain, cost) =
                (0..n).filter(|&j| chosen(j)).fold((0.0, 0.0), |(g, c), j| (g + ways[j].3, c + ways[j].4));
            if gain >= lack - 1e-12 * lack.abs() {
                least = least.min(cost);
            }
            for &(.., own, price) in (0..n).filter(|&j| !chosen(j)).map(|j| &ways[j]) {
                let share = (lack - gain) / own;
                if (0.0..=1.0).contains(&share) {
                    least = least.min(cost + share * price);
                }
            }
        }
        let (mut met, mut not) = tried.get();
        match &mix.outcome {
            MixOutcome::Reached { cost, .. } => {
                assert!((cost - least).abs() <= 1e-9 * least, "{cost}, by vertices {least}: {mix}");
                met += 1;
            }
            other => {
                assert!(matches!(other, MixOutcome::Impossible { .. }) && least.is_infinite(), "{least}: {mix}");
                not += 1;
            }
        }
        tried.set((met, not));
    });
    let (met, not) = tried.get();
    assert!(met > 5 && not > 5, "{met} {not}");
}

#[test]
fn curves_own_weights_and_filled_figures_are_answered_too() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let doubt = Weighting::BenefitOfTheDoubt { shares: None };
    let mut reached_by_one = 0;
    for method in [
        Method::new().treatment(Treatment::WinsoriseOrLog { most: 5, skewness: 2.0, kurtosis: 3.5 }),
        Method::new().treatment(Treatment::Trim { low: 0.1, high: 0.9 }),
        Method::new().weighting_of("renewal", doubt),
        Method::new().imputation(Imputation::Median),
    ] {
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        for city in ["detroit", "sheffield", "changchun"] {
            let Some(rank) = (1..=39).find(|&r| scores.rank(city, "renewal").unwrap() == Some(f64::from(r))) else {
                continue;
            };
            let place = usize::try_from(rank).unwrap().saturating_sub(2).max(1);
            let ask = Improvement::new(city, Goal::top("renewal", place));
            let (single, mix) = (ask.single(&scores).unwrap(), ask.cheapest(&scores).unwrap());
            let Some(need) = mix.need else { continue };
            let again = |changes: &[(&str, f64)]| {
                let changed =
                    changes.iter().fold(cities.clone(), |c, (code, to)| c.with_value(city, code, *to).unwrap());
                scores.composite().score(&changed).unwrap().score(city, "renewal").unwrap().unwrap()
            };
            let mut alone = f64::INFINITY;
            for step in &single {
                let StepOutcome::Reached { change, reached } = &step.outcome else { continue };
                reached_by_one += 1;
                alone = alone.min(change.cost);
                let (code, from) = (change.indicator.as_str(), change.from.unwrap());
                assert_eq!(Some(again(&[(code, change.to)])), reached.score);
                assert!(reached.rank.unwrap() <= place as f64);
                let node = framework.node(code).unwrap();
                if !(node.unit.starts_with("class") || node.unit == "0 or 1") {
                    assert!(again(&[(code, from + (change.to - from) * 0.999)]) < need, "{step}");
                }
                let missing = cities.cell(city, code).unwrap().value.is_none();
                assert_eq!(change.imputed, missing, "{step}");
            }
            match &mix.outcome {
                MixOutcome::Reached { cost, reached, .. } => {
                    let all: Vec<(&str, f64)> = mix.changes().iter().map(|c| (c.indicator.as_str(), c.to)).collect();
                    assert!(again(&all) >= need && reached.rank.unwrap() <= place as f64, "{mix}");
                    assert!(*cost <= alone * (1.0 + 1e-9), "{mix} {alone}");
                }
                _ => assert!(alone.is_infinite(), "{mix}"),
            }
        }
    }
    assert!(reached_by_one > 10, "{reached_by_one}");
}
