//! Exact robustness through the public API: hand calculations, rescoring by the pipeline, random weights, brute force.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use approx::assert_relative_eq;
use longspring::{
    Aggregation, Cut, Dataset, Direction, Framework, Method, Node, Norm, Normalisation, Scores, WeightAnalysis,
    WeightSet, WeightSpace, Weighting, article,
};

/// A small generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform on the simplex.
    fn simplex(&mut self, k: usize) -> Vec<f64> {
        let parts: Vec<f64> = (0..k).map(|_| -(1.0 - self.next()).ln()).collect();
        let total: f64 = parts.iter().sum();
        parts.into_iter().map(|p| p / total).collect()
    }

    /// Somewhere in the box of each weight plus or minus a share.
    fn near(&mut self, nominal: &[f64], share: f64) -> Vec<f64> {
        loop {
            let draw: Vec<f64> = nominal.iter().map(|w| w * (1.0 + share * (2.0 * self.next() - 1.0))).collect();
            let total: f64 = draw.iter().sum();
            let draw: Vec<f64> = draw.into_iter().map(|w| w / total).collect();
            if draw.iter().zip(nominal).all(|(d, w)| (d / w - 1.0).abs() <= share) {
                return draw;
            }
        }
    }

    fn table(&mut self, n: usize, k: usize, gaps: f64) -> Vec<Vec<Option<f64>>> {
        (0..n)
            .map(|i| {
                // no city without any figure
                (0..k).map(|j| (j == i % k || self.next() >= gaps).then(|| 1.0 + 98.0 * self.next())).collect()
            })
            .collect()
    }
}

fn codes(k: usize) -> Vec<String> {
    (0..k).map(|j| format!("x{j}")).collect()
}

/// Cities whose scores are their figures, on a scale from 0 to 100.
fn scores_by(table: &[Vec<Option<f64>>], names: &[String], weights: &[f64], method: &Method) -> Scores {
    let mut nodes = vec![Node::index("index")];
    for (code, &weight) in codes(weights.len()).iter().zip(weights) {
        nodes.push(Node::indicator(code, "index", Direction::HigherIsBetter).worst(0.0).best(100.0).weight(weight));
    }
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, names);
    for (j, code) in codes(weights.len()).iter().enumerate() {
        builder = builder.column(code, table.iter().map(|row| row[j]).collect::<Vec<_>>());
    }
    let cities = builder.build().unwrap();
    let method = method.clone().normalisation(Normalisation::MinMax { low: 0.0, high: 100.0 }).coverage(0.0);
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

fn names(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("c{i}")).collect()
}

fn analysis(table: &[Vec<Option<f64>>], weights: &[f64]) -> WeightAnalysis {
    let scores = scores_by(table, &names(table.len()), weights, &Method::new());
    WeightAnalysis::of(&scores, "index").unwrap()
}

fn full<const K: usize>(rows: &[[f64; K]]) -> Vec<Vec<Option<f64>>> {
    rows.iter().map(|row| row.iter().map(|v| Some(*v)).collect()).collect()
}

/// The scores of the index when the pipeline itself is given other weights.
fn rescored(table: &[Vec<Option<f64>>], weights: &[f64], method: &Method) -> Scores {
    let set = WeightSet::new("other", codes(weights.len()).into_iter().zip(weights.iter().copied())).unwrap();
    let method = method.clone().weighting_of("index", Weighting::Set(set));
    scores_by(table, &names(table.len()), &vec![1.0; weights.len()], &method)
}

fn article_scores(method: Method) -> Scores {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    method.exclude(["wellbeing", "vitality"]).fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

#[test]
fn the_interval_of_two_cities_is_that_of_hand_calculation() {
    // w0 t against (1 - t): 60 t + 30 (1 - t) = 20 t + 50 (1 - t) at t = 1/3
    let analysis = analysis(&full(&[[60.0, 30.0], [20.0, 50.0]]), &[0.5, 0.5]);
    let stable = analysis.pair_stability("c0", "c1", "x0").unwrap();
    assert_relative_eq!(stable.low, 1.0 / 3.0, max_relative = 1e-14);
    assert_eq!((stable.high, stable.at_high.as_ref()), (1.0, None));
    assert_eq!(stable.at_low.as_ref().unwrap().rival, "c1");
    assert_eq!(analysis.leader_stability("x0").unwrap(), stable);
    assert_eq!(analysis.order_stability("x0").unwrap().low, stable.low);
    assert_eq!(stable.to_string(), "x0 0.500 stays from 0.333 (c0 ties with c1) to 1.000");
    // the smallest changes: half of the weight minus a third, in each of the two
    for (norm, size) in [(Norm::L1, 1.0 / 3.0), (Norm::Max, 1.0 / 6.0), (Norm::L2, 2_f64.sqrt() / 6.0)] {
        let change = analysis.smallest_flip("c0", "c1", norm).unwrap().unwrap();
        assert_relative_eq!(change.size, size, max_relative = 1e-12);
        assert_relative_eq!(change.weights[0], 1.0 / 3.0, max_relative = 1e-12);
        assert_eq!(analysis.dethrone(norm).unwrap().change.unwrap(), change);
    }
    let over = analysis.over(&WeightSpace::all()).unwrap();
    let margin = over.margin("c0", "c1").unwrap().unwrap();
    assert_relative_eq!(margin.smallest, -20.0, max_relative = 1e-13);
    assert_relative_eq!(margin.largest, 40.0, max_relative = 1e-13);
}

#[test]
fn a_distant_city_can_end_an_interval_that_a_neighbour_does_not() {
    // c0 falls from far above past the constant c1 and meets c2 first of all; c1 never meets c2.
    let analysis = analysis(&full(&[[0.0, 90.0], [30.0, 30.0], [20.0, 20.0]]), &[0.5, 0.5]);
    let stable = analysis.rank_stability("c2", "x0").unwrap();
    assert_relative_eq!(stable.high, 7.0 / 9.0, max_relative = 1e-13);
    assert_eq!(stable.at_high.unwrap().rival, "c0");
}

#[test]
fn ties_end_the_interval_where_the_other_gets_ahead() {
    let analysis = analysis(&full(&[[60.0, 40.0], [40.0, 60.0], [40.0, 60.0]]), &[0.5, 0.5]);
    let first = analysis.rank_stability("c0", "x0").unwrap();
    assert_eq!((first.low, first.high), (0.5, 1.0));
    let second = analysis.rank_stability("c1", "x0").unwrap();
    assert_eq!((second.low, second.high), (0.0, 0.5));
    let pair = analysis.pair_stability("c0", "c1", "x0").unwrap();
    assert_eq!((pair.low, pair.high), (0.5, 0.5));
    // alike everywhere
    let pair = analysis.pair_stability("c1", "c2", "x0").unwrap();
    assert_eq!((pair.low, pair.high, pair.at_low), (0.0, 1.0, None));
    let over = analysis.over(&WeightSpace::all()).unwrap();
    assert!(!over.always_ahead("c1", "c2").unwrap() && !over.always_ahead("c2", "c1").unwrap());
    assert_eq!(analysis.dethrone(Norm::L2).unwrap().change.unwrap().size, 0.0);
    let ranks = over.attainable("c0").unwrap();
    assert_eq!((ranks.best, ranks.worst, ranks.exact), (1, 3, true));
}

/// Every end of every interval, checked by the pipeline at that weight and near it.
fn check_intervals(table: &[Vec<Option<f64>>], weights: &[f64], method: &Method) -> usize {
    let scores = scores_by(table, &names(table.len()), weights, method);
    let analysis = WeightAnalysis::of(&scores, "index").unwrap();
    let mut ends = 0;
    for child in codes(weights.len()) {
        for (city, stable) in names(table.len()).iter().zip(analysis.rank_stabilities(&child).unwrap()) {
            assert_eq!(stable, analysis.rank_stability(city, &child).unwrap());
            let rank = analysis.rank(city).unwrap();
            assert!(stable.low <= stable.nominal && stable.nominal <= stable.high);
            for (end, crossing) in [(stable.low, &stable.at_low), (stable.high, &stable.at_high)] {
                if let Some(crossing) = crossing {
                    let at = rescored(table, &analysis.with_weight(&child, end).unwrap(), method);
                    let score = |city: &str| at.score(city, "index").unwrap().unwrap();
                    assert_relative_eq!(score(city), score(&crossing.rival), max_relative = 1e-10);
                    ends += 1;
                }
                let inside = end + 1e-6 * (stable.nominal - end).signum();
                if (end - stable.nominal).abs() > 2e-6 {
                    let weights = analysis.with_weight(&child, inside).unwrap();
                    let at = rescored(table, &weights, method);
                    assert_eq!(at.rank(city, "index").unwrap(), Some(rank as f64), "{city} {child} {inside}");
                    assert_eq!(analysis.rank_at(&weights, city).unwrap(), Some(rank));
                }
            }
        }
    }
    ends
}

#[test]
fn interval_ends_reproduce_a_tie_when_scored_anew_and_ranks_stay_between() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for case in 0..6 {
        let gaps = [0.0, 0.3][case % 2];
        let table = random.table(12, 3 + case % 2, gaps);
        let weights: Vec<f64> = (0..3 + case % 2).map(|_| 0.2 + random.next()).collect();
        assert!(check_intervals(&table, &weights, &Method::new()) > 10);
        assert!(check_intervals(&table, &weights, &Method::new().aggregation(Aggregation::Geometric)) > 10);
    }
}

#[test]
fn the_whole_order_ends_where_the_first_rank_does() {
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    for gaps in [0.0, 0.4] {
        let table = random.table(30, 4, gaps);
        let analysis = analysis(&table, &[0.4, 0.3, 0.2, 0.1]);
        for child in codes(4) {
            let all = analysis.rank_stabilities(&child).unwrap();
            let order = analysis.order_stability(&child).unwrap();
            assert_relative_eq!(order.low, all.iter().map(|s| s.low).fold(0.0, f64::max), max_relative = 1e-12);
            assert_relative_eq!(order.high, all.iter().map(|s| s.high).fold(1.0, f64::min), max_relative = 1e-12);
        }
    }
}

#[test]
fn a_curve_shows_the_pipeline_at_every_point() {
    let table = Random(7).table(8, 3, 0.3);
    let analysis = analysis(&table, &[0.2, 0.3, 0.5]);
    for point in analysis.curve("x1", 5).unwrap() {
        let at = rescored(&table, &analysis.with_weight("x1", point.weight).unwrap(), &Method::new());
        for (i, city) in names(8).iter().enumerate() {
            let (found, expected) = (point.scores[i], at.score(city, "index").unwrap());
            assert_eq!(found.is_some(), expected.is_some());
            assert_relative_eq!(found.unwrap_or(0.0), expected.unwrap_or(0.0), max_relative = 1e-12);
            assert_eq!(point.ranks[i].map(|r| r as f64), at.rank(city, "index").unwrap());
        }
    }
}

/// Necessary preference and attainable ranks against many random weights.
fn check_draws(
    analysis: &WeightAnalysis,
    space: &WeightSpace,
    most_open: usize,
    draws: usize,
    mut draw: impl FnMut() -> Vec<f64>,
) {
    let over = analysis.over(space).unwrap();
    let cities: Vec<&str> = analysis.cities().collect();
    let n = cities.len();
    let always: Vec<Vec<bool>> =
        cities.iter().map(|a| cities.iter().map(|b| over.always_ahead(a, b).unwrap()).collect()).collect();
    let ranks = over.attainable_all().unwrap();
    let mut seen_behind = vec![vec![false; n]; n];
    for _ in 0..draws {
        let weighed = analysis.at(&draw()).unwrap();
        for a in 0..n {
            let rank = weighed[a].rank.unwrap();
            assert!(ranks[a].best_bound <= rank && rank <= ranks[a].worst_bound, "{} {rank}", ranks[a]);
            assert!(!ranks[a].exact || (ranks[a].best <= rank && rank <= ranks[a].worst));
            for b in 0..n {
                let behind = weighed[a].score.unwrap() < weighed[b].score.unwrap() - 1e-9;
                assert!(!(behind && always[a][b]), "{} {}", cities[a], cities[b]);
                seen_behind[a][b] |= behind;
            }
        }
    }
    // what no draw contradicts is mostly recognised: few pairs are never seen behind and not always ahead
    let missed = (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
    let missed = missed.filter(|&(a, b)| a != b && !seen_behind[a][b] && !always[a][b]).count();
    assert!(missed * 10 <= n * n, "{missed}");
    // bent lines may leave one undecided; straight ones may not
    assert!(ranks.iter().filter(|rank| !rank.exact).count() <= most_open);
    for rank in &ranks {
        assert_eq!(analysis.rank_at(&rank.best_weights, &rank.city).unwrap(), Some(rank.best));
        assert_eq!(analysis.rank_at(&rank.worst_weights, &rank.city).unwrap(), Some(rank.worst));
    }
}

#[test]
fn no_random_weights_contradict_what_always_holds() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let nominal = [0.4, 0.3, 0.2, 0.1];
    for gaps in [0.0, 0.3] {
        let analysis = analysis(&random.table(12, 4, gaps), &nominal);
        let most_open = if gaps == 0.0 { 0 } else { 2 };
        check_draws(&analysis, &WeightSpace::all(), most_open, 25_000, || random.simplex(4));
        check_draws(&analysis, &WeightSpace::all().within(0.3), most_open, 25_000, || random.near(&nominal, 0.3));
        let ordered = WeightSpace::all().prefer("x0", "x1").prefer("x1", "x2").at_most("x0", 0.7);
        check_draws(&analysis, &ordered, most_open, 5_000, || {
            loop {
                let w = random.simplex(4);
                if w[0] >= w[1] && w[1] >= w[2] && w[0] <= 0.7 {
                    return w;
                }
            }
        });
    }
}

#[test]
fn attainable_ranks_equal_those_of_every_vertex_of_the_arrangement() {
    // For three children the lines on which two cities tie cut the triangle; each rank is reached at a corner, on an edge or in a
    // cell of them, and so at a vertex, at the middle of two, or at that of three of one cell.
    let mut random = Random(0xA076_1D64_78BD_642F);
    for case in 0..12 {
        let n = 5 + case % 3;
        let rows: Vec<Vec<Option<f64>>> = if case % 3 == 0 {
            // few values, so that there are many ties
            (0..n).map(|_| (0..3).map(|_| Some((random.next() * 4.0).floor() * 25.0)).collect()).collect()
        } else {
            random.table(n, 3, 0.0)
        };
        let cell = |a: usize, j: usize| rows[a][j].unwrap();
        let mut lines = vec![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        for a in 0..n {
            for b in a + 1..n {
                lines.push([0, 1, 2].map(|j| cell(a, j) - cell(b, j)));
            }
        }
        let mut vertices = Vec::new();
        for (i, p) in lines.iter().enumerate() {
            for q in &lines[i + 1..] {
                let cross = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
                let total: f64 = cross.iter().sum();
                let point = cross.map(|c| c / total);
                if point.iter().all(|c| c.is_finite() && *c >= -1e-12) {
                    vertices.push(point.map(|c| c.max(0.0)));
                }
            }
        }
        vertices.sort_by(|a, b| a.partial_cmp(b).unwrap());
        vertices.dedup_by(|a, b| a.iter().zip(b.iter()).all(|(a, b)| (a - b).abs() < 1e-10));
        let middle = |points: &[[f64; 3]]| {
            let sum = |j: usize| points.iter().map(|p| p[j]).sum::<f64>() / points.len() as f64;
            [sum(0), sum(1), sum(2)]
        };
        let mut points = vertices.clone();
        for (i, &p) in vertices.iter().enumerate() {
            for (j, &q) in vertices.iter().enumerate().skip(i + 1) {
                points.push(middle(&[p, q]));
                points.extend(vertices.iter().skip(j + 1).map(|&r| middle(&[p, q, r])));
            }
        }
        let analysis = analysis(&rows, &[1.0, 1.0, 1.0]);
        let found = analysis.over(&WeightSpace::all()).unwrap().attainable_all().unwrap();
        for (a, found) in found.iter().enumerate() {
            let ranks = || {
                points.iter().map(|w| {
                    let score = |b: usize| (0..3).map(|j| w[j] * cell(b, j)).sum::<f64>();
                    1 + (0..n).filter(|&b| score(b) > score(a) + 1e-9).count()
                })
            };
            assert!(found.exact);
            assert_eq!(found.best, ranks().min().unwrap(), "{case} {found}");
            assert_eq!(found.worst, ranks().max().unwrap(), "{case} {found}");
        }
    }
}

#[test]
fn the_smallest_change_is_no_larger_than_any_that_a_search_finds() {
    let mut random = Random(0xE703_7ED1_A0B4_28DB);
    for _ in 0..40 {
        let table = random.table(2, 4, 0.0);
        let nominal: Vec<f64> = random.simplex(4);
        let analysis = analysis(&table, &nominal);
        let (first, second) = if analysis.rank("c0").unwrap() == 1 { ("c0", "c1") } else { ("c1", "c0") };
        for norm in [Norm::L1, Norm::L2, Norm::Max] {
            let change = analysis.smallest_flip(first, second, norm).unwrap();
            let size = |w: &[f64]| {
                let changes = || w.iter().zip(analysis.weights()).map(|(a, b)| (a - b).abs());
                match norm {
                    Norm::L1 => changes().sum::<f64>(),
                    Norm::L2 => changes().map(|c| c * c).sum::<f64>().sqrt(),
                    _ => changes().fold(0.0, f64::max),
                }
            };
            if let Some(change) = &change {
                assert_relative_eq!(size(&change.weights), change.size, max_relative = 1e-9);
                assert_relative_eq!(change.weights.iter().sum::<f64>(), 1.0, max_relative = 1e-12);
                assert!(change.weights.iter().all(|w| *w >= 0.0));
                assert_eq!(analysis.rank_at(&change.weights, second).unwrap(), Some(1));
                assert_eq!(analysis.smallest_flip(second, first, norm).unwrap().unwrap().size, 0.0);
            }
            for _ in 0..300 {
                // on the way from the nominal weights to a random point, where the two tie
                let end = random.simplex(4);
                let gap = |w: &[f64]| {
                    let at = analysis.at(w).unwrap();
                    let score = |city: &str| at.iter().find(|c| c.city == city).unwrap().score.unwrap();
                    score(first) - score(second)
                };
                let (here, there) = (gap(analysis.weights()), gap(&end));
                if there < 0.0 {
                    let share = here / (here - there);
                    let w: Vec<f64> = analysis.weights().iter().zip(&end).map(|(a, b)| a + share * (b - a)).collect();
                    assert!(change.as_ref().unwrap().size <= size(&w) + 1e-9, "{norm}");
                }
            }
        }
    }
}

#[test]
fn permuting_the_cities_permutes_everything() {
    let table = Random(99).table(15, 4, 0.2);
    let weights = [0.4, 0.3, 0.2, 0.1];
    let order: Vec<usize> = (0..15).map(|i| (i * 7 + 3) % 15).collect();
    let permuted: Vec<_> = order.iter().map(|&i| table[i].clone()).collect();
    let permuted_names: Vec<String> = order.iter().map(|i| format!("c{i}")).collect();
    let one = analysis(&table, &weights);
    let other = WeightAnalysis::of(&scores_by(&permuted, &permuted_names, &weights, &Method::new()), "index").unwrap();
    let space = WeightSpace::all().within(0.4);
    let (over, over_other) = (one.over(&space).unwrap(), other.over(&space).unwrap());
    for a in names(15) {
        assert_eq!(one.rank_stability(&a, "x2").unwrap(), other.rank_stability(&a, "x2").unwrap());
        let (ranks, ranks_other) = (over.attainable(&a).unwrap(), over_other.attainable(&a).unwrap());
        assert_eq!((ranks.best_bound, ranks.worst_bound), (ranks_other.best_bound, ranks_other.worst_bound));
        assert_eq!((ranks.best, ranks.worst), (ranks_other.best, ranks_other.worst));
        for b in names(15) {
            assert_eq!(over.always_ahead(&a, &b).unwrap(), over_other.always_ahead(&a, &b).unwrap());
        }
    }
    assert_eq!(one.order_stability("x0").unwrap(), other.order_stability("x0").unwrap());
    assert_eq!(one.dethrone(Norm::L2).unwrap().change, other.dethrone(Norm::L2).unwrap().change);
}

#[test]
fn the_article_is_answered_for_both_means() {
    for mean in [Aggregation::Arithmetic, Aggregation::Geometric] {
        let method = Method::new()
            .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
            .aggregation_of("renewal", mean);
        let scores = article_scores(method);
        let analysis = WeightAnalysis::of(&scores, "renewal").unwrap();
        for city in analysis.cities() {
            assert_eq!(Some(analysis.rank(city).unwrap() as f64), scores.rank(city, "renewal").unwrap());
        }
        for weighed in analysis.at(&[0.0, 0.0, 0.0, 1.0]).unwrap() {
            let expected = scores.score(weighed.city, "education").unwrap();
            assert_relative_eq!(weighed.score.unwrap_or(0.0), expected.unwrap_or(0.0), max_relative = 1e-12);
        }
        for space in [WeightSpace::all(), WeightSpace::all().within(0.5)] {
            for ranks in analysis.over(&space).unwrap().attainable_all().unwrap() {
                assert!(ranks.exact && ranks.best <= ranks.nominal && ranks.nominal <= ranks.worst, "{ranks}");
                assert_eq!(analysis.rank_at(&ranks.best_weights, &ranks.city).unwrap(), Some(ranks.best));
                assert_eq!(analysis.rank_at(&ranks.worst_weights, &ranks.city).unwrap(), Some(ranks.worst));
            }
        }
    }
}

#[test]
fn a_thousand_cities_are_compared() {
    let analysis = analysis(&Random(5).table(1_000, 6, 0.0), &[1.0; 6]);
    for space in [WeightSpace::all(), WeightSpace::all().within(0.25)] {
        let over = analysis.over(&space).unwrap();
        let leader = analysis.cities().find(|c| analysis.rank(c).unwrap() == 1).unwrap();
        assert!(over.pairs().all(|(_, worse)| worse != leader));
        let ranks = over.attainable_within(leader, 50).unwrap();
        assert!(ranks.best == 1 && ranks.worst <= ranks.worst_bound);
    }
    let stable = analysis.rank_stabilities("x3").unwrap();
    assert!(stable.len() == 1_000 && stable.iter().all(|s| s.low <= s.nominal && s.nominal <= s.high));
}

#[test]
fn scores_of_any_magnitude_keep_their_order() {
    let framework =
        Framework::new([Node::index("index")].into_iter().chain(
            ["a", "b"].map(|code| Node::indicator(code, "index", Direction::HigherIsBetter).worst(0.0).best(1.0)),
        ))
        .unwrap();
    let cities = Dataset::builder(&framework, ["p", "q"]);
    let cities = cities.column("a", [0.75, 0.25]).column("b", [0.25, 0.5]).build().unwrap();
    for size in [1e-300, 1e300] {
        let method = Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: size });
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        let analysis = WeightAnalysis::of(&scores, "index").unwrap();
        assert_relative_eq!(analysis.pair_stability("p", "q", "a").unwrap().low, 1.0 / 3.0, max_relative = 1e-14);
        let margin = analysis.over(&WeightSpace::all()).unwrap().margin("p", "q").unwrap().unwrap();
        assert_relative_eq!(margin.largest, 0.5 * size, max_relative = 1e-14);
    }
}

#[test]
fn what_cannot_be_answered_says_so() {
    let scores = article_scores(Method::new());
    let error = |result: longspring::Result<WeightAnalysis>| result.unwrap_err().to_string();
    let start = error(WeightAnalysis::of(&scores, "renewa"));
    assert_eq!(start, "there is no node `renewa`; did you mean `renewal`?");
    assert!(error(WeightAnalysis::of(&scores, "wellbeing")).contains("cannot be weighed anew"));
    let median = article_scores(Method::new().aggregation_of("renewal", Aggregation::Minimum));
    let text = error(WeightAnalysis::of(&median, "renewal"));
    assert!(text.starts_with("`renewal` is brought together by the") || text.contains("minimum"), "{text}");
    let own = article_scores(Method::new().weighting_of("renewal", Weighting::BenefitOfTheDoubt { shares: None }));
    assert!(error(WeightAnalysis::of(&own, "renewal")).contains("benefit of the doubt"));

    let analysis = WeightAnalysis::of(&scores, "renewal").unwrap();
    let over = |space: WeightSpace| analysis.over(&space).unwrap_err().to_string();
    let all = WeightSpace::all;
    for (space, text) in [
        (all().within(-0.1), "the share that weights may move by is -0.1; it must be from 0 to 1"),
        (all().within(f64::NAN), "the share that weights may move by is NaN; it must be from 0 to 1"),
        (all().at_least("industry", 1.5), "the bound of the weight of `industry` is 1.5; it must be from 0 to 1"),
        (all().at_most("industri", 0.5), "unknown node `industri`; did you mean `industry`?"),
        (
            all().at_least("industry", 0.6).at_most("industry", 0.4),
            "no weights of the children of `renewal` fulfil the bounds: `industry` would be at least 0.6 and at most 0.4",
        ),
        (
            all().at_least("industry", 0.5).prefer("education", "industry").at_most("education", 0.3),
            "no weights of the children of `renewal` fulfil the bounds: they do not go with `education` at least as much as `industry`",
        ),
    ] {
        assert_eq!(over(space), text);
    }
    let little = ["industry", "infrastructure", "investment", "education"];
    let little = little.into_iter().fold(all(), |space, child| space.at_most(child, 0.2));
    assert!(over(little).ends_with("the largest weights of all children add up to 0.8"));

    assert!(analysis.rank("chang").is_err() && analysis.rank_stability("changchun", "culture").is_err());
    assert!(analysis.at(&[1.0, 2.0]).unwrap_err().to_string().contains("the number of weights is 2"));
    assert!(analysis.at(&[1.0, -2.0, 0.0, f64::NAN]).unwrap_err().problems().len() == 2);
    assert!(analysis.at(&[0.0; 4]).unwrap_err().to_string().contains("the sum of the weights is 0"));
    assert!(analysis.curve("industry", 1).is_err() && analysis.with_weight("industry", 1.5).is_err());

    let alone = self::analysis(&full(&[[1.0, 2.0], [3.0, 4.0]]), &[1.0, 0.0]);
    assert!(alone.order_stability("x0").unwrap_err().to_string().contains("`x0` has all the weight in `index`"));
    let gaps = self::analysis(&[vec![Some(1.0), None], vec![Some(2.0), Some(3.0)]], &[1.0, 1.0]);
    let text = gaps.smallest_flip("c1", "c0", Norm::L1).unwrap_err().to_string();
    assert!(text.contains("scored from different children of `index`"), "{text}");
    assert_eq!(gaps.dethrone(Norm::L1).unwrap().skipped, ["c0"]);
}

#[test]
fn small_nodes_and_weights_of_zero_are_answered() {
    // one child: nothing can move
    let one = analysis(&full(&[[1.0], [3.0], [2.0]]), &[1.0]);
    assert!(one.rank_stability("c0", "x0").is_err());
    let over = one.over(&WeightSpace::all()).unwrap();
    assert!(over.always_ahead("c1", "c0").unwrap() && over.always_ahead("c2", "c0").unwrap());
    let ranks = over.attainable("c2").unwrap();
    assert_eq!((ranks.best, ranks.worst, ranks.exact, &ranks.best_weights[..]), (2, 2, true, &[1.0][..]));
    assert_eq!(one.smallest_flip("c1", "c0", Norm::L2).unwrap(), None);
    assert_eq!(one.dethrone(Norm::L1).unwrap().change, None);

    // one city
    let alone = analysis(&full(&[[1.0, 2.0]]), &[1.0, 1.0]);
    let stable = alone.order_stability("x0").unwrap();
    assert_eq!((stable.low, stable.high), (0.0, 1.0));
    assert_eq!(alone.over(&WeightSpace::all()).unwrap().attainable("c0").unwrap().worst, 1);

    // a child without weight: it can get some, but stays without it in a box around what it has
    let zero = analysis(&full(&[[50.0, 0.0], [40.0, 90.0]]), &[1.0, 0.0]);
    let stable = zero.pair_stability("c0", "c1", "x1").unwrap();
    assert_eq!(stable.low, 0.0);
    assert_relative_eq!(stable.high, 0.1, max_relative = 1e-13);
    assert!(zero.over(&WeightSpace::all().within(0.5)).unwrap().always_ahead("c0", "c1").unwrap());
    assert!(!zero.over(&WeightSpace::all()).unwrap().always_ahead("c0", "c1").unwrap());
}

#[test]
fn cities_with_gaps_follow_hand_calculation() {
    // c0 has x0 alone: always 50. c1 has both: 20 t + 80 (1 - t), which is 50 at one half.
    let table = vec![vec![Some(50.0), None], vec![Some(20.0), Some(80.0)]];
    let analysis = analysis(&table, &[0.3, 0.7]);
    let stable = analysis.pair_stability("c1", "c0", "x0").unwrap();
    assert_eq!((stable.low, stable.at_low.as_ref()), (0.0, None));
    assert_relative_eq!(stable.high, 0.5, max_relative = 1e-13);
    let over = analysis.over(&WeightSpace::all()).unwrap();
    assert!(!over.always_ahead("c0", "c1").unwrap() && !over.always_ahead("c1", "c0").unwrap());
    let margin = over.margin("c0", "c1").unwrap().unwrap();
    assert_relative_eq!(margin.smallest, -30.0, epsilon = 1e-6);
    assert_relative_eq!(margin.largest, 30.0, epsilon = 1e-6);
    // 20 t + 80 (1 - t) > 50 whenever t < 0.5
    let over = analysis.over(&WeightSpace::all().at_most("x0", 0.45)).unwrap();
    assert!(over.always_ahead("c1", "c0").unwrap());
    let margin = over.margin("c1", "c0").unwrap().unwrap();
    assert_relative_eq!(margin.smallest, 3.0, epsilon = 1e-6);
    let ranks = over.attainable("c0").unwrap();
    assert_eq!((ranks.best, ranks.worst, ranks.exact), (2, 2, true));
    let over = analysis.over(&WeightSpace::all().at_most("x0", 0.55)).unwrap();
    let ranks = over.attainable("c0").unwrap();
    assert_eq!((ranks.best, ranks.worst, ranks.exact), (1, 2, true));
    assert!(ranks.best_weights[0] >= 0.5 - 1e-9);
}
