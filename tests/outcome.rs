//! What goes with an outcome, against SciPy and statsmodels.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use approx::assert_relative_eq;
use longspring::{
    Cities, City, Cut, Dataset, Direction, Framework, Method, Node, Outcome, PermutationTest, Scores, article,
};

fn numbers(text: &str) -> Vec<f64> {
    text.split(' ').map(|v| v.parse().unwrap()).collect()
}

/// An index of one indicator for each column; the cities in the given order.
fn scores(columns: &[(&str, Vec<f64>)], groups: &[&str], order: &[usize]) -> Scores {
    let nodes = columns.iter().flat_map(|(code, _)| {
        let leaf = Node::indicator(format!("{code}_figure"), *code, Direction::HigherIsBetter);
        [Node::index(*code), leaf]
    });
    let framework = Framework::new(nodes).unwrap();
    let key = |i: &usize| format!("c{i:02}");
    let mut builder = Dataset::builder(&framework, order.iter().map(key));
    for (code, values) in columns {
        builder = builder.column(&format!("{code}_figure"), order.iter().map(|&i| values[i]));
    }
    let mut cities = builder.build().unwrap();
    if !groups.is_empty() {
        let table = order.iter().map(|i| City::new(key(i)).attribute("region", groups[*i]));
        cities = cities.with_cities(&Cities::new(table).unwrap()).unwrap();
    }
    Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

#[test]
fn single_nodes_agree_with_scipy_and_statsmodels() {
    let (mut rows, mut exact) = (0, 0);
    for row in csv::Reader::from_path("tests/oracles/outcome/single.csv").unwrap().records() {
        let row = row.unwrap();
        let (x, y) = (numbers(&row[0]), numbers(&row[1]));
        let groups: Vec<&str> = row[2].split(' ').collect();
        let n = x.len();
        let order: Vec<usize> = (0..n).collect();
        let scores = scores(&[("x", x), ("y", y)], &groups, &order);
        let found = Outcome::of("y").runs(200).on(&scores, ["x"]).unwrap();
        let a = found.get("x").unwrap();
        assert_eq!(a.cities, n);
        for (i, coefficient) in [&a.pearson, &a.spearman, &a.kendall].into_iter().enumerate() {
            assert_relative_eq!(coefficient.value, row[3 + i].parse::<f64>().unwrap(), max_relative = 1e-10);
            if !row[6 + i].is_empty() {
                assert_eq!(a.test, PermutationTest::Exact);
                assert_relative_eq!(coefficient.p, row[6 + i].parse::<f64>().unwrap(), max_relative = 1e-12);
                exact += 1;
            }
        }
        let alone = groups.iter().filter(|g| groups.iter().filter(|h| h == g).count() == 1).count();
        let partial = a.partial.as_ref().unwrap();
        assert_eq!((partial.alone, partial.cities), (alone, n - alone));
        assert_relative_eq!(partial.pearson, row[9].parse::<f64>().unwrap(), max_relative = 1e-9);
        assert_relative_eq!(partial.spearman, row[10].parse::<f64>().unwrap(), max_relative = 1e-9, epsilon = 1e-12);
        rows += 1;
    }
    assert_eq!((rows, exact), (8, 12));
}

#[test]
fn several_nodes_agree_with_statsmodels() {
    let mut rows = 0;
    for row in csv::Reader::from_path("tests/oracles/outcome/together.csv").unwrap().records() {
        let row = row.unwrap();
        let columns = [("y", 0), ("x1", 1), ("x2", 2), ("x3", 3)].map(|(code, i)| (code, numbers(&row[i])));
        let order: Vec<usize> = (0..columns[0].1.len()).collect();
        let scores = scores(&columns, &[], &order);
        let model = Outcome::of("y").runs(99).together(&scores, ["x1", "x2", "x3"]).unwrap();
        let number = |i: usize| row[i].parse::<f64>().unwrap();
        assert_relative_eq!(model.r2, number(4), max_relative = 1e-10);
        assert_relative_eq!(model.adjusted_r2, number(5), max_relative = 1e-9);
        for (j, node) in model.nodes.iter().enumerate() {
            assert_relative_eq!(node.coefficient, number(6 + j), max_relative = 1e-9);
            assert_relative_eq!(node.share, number(9 + j), max_relative = 1e-8, epsilon = 1e-12);
        }
        rows += 1;
    }
    assert_eq!(rows, 3);
}

#[test]
fn drawn_orders_come_near_to_all_orders() {
    // Of 9 cities that agree throughout only the two extreme orders of 9! are as far from 0: p is (0 + 1) / (m + 1) or little
    // more; and with no association it is large.
    let up: Vec<f64> = (0..9).map(f64::from).collect();
    let order: Vec<usize> = (0..9).collect();
    let scores = scores(&[("x", up.clone()), ("y", up)], &[], &order);
    let found = Outcome::of("y").runs(999).on(&scores, ["x"]).unwrap();
    let a = found.get("x").unwrap();
    assert_eq!(a.test, PermutationTest::Drawn(999));
    assert!(a.spearman.p >= 0.001 && a.spearman.p <= 0.003, "{}", a.spearman.p);
    let (low, high) = a.spearman.interval.unwrap();
    for one in [a.spearman.value, low, high] {
        assert_relative_eq!(one, 1.0, max_relative = 1e-12);
    }
    assert_eq!(a.partial, None);
}

#[test]
fn leaving_one_city_out_by_hand() {
    // Without the fifth city all agree; with it one of ten pairs of ranks is four places off.
    let (x, y) = (vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0, 2.0, 3.0, 4.0, 0.0]);
    let scores = scores(&[("x", x), ("y", y)], &[], &[0, 1, 2, 3, 4]);
    let found = Outcome::of("y").runs(99).on(&scores, ["x"]).unwrap();
    let a = found.get("x").unwrap();
    // Ranks of y are 2 3 4 5 1: the squares of differences add up to 20, and 1 - 6 20 / 120 = 0.
    assert_relative_eq!(a.spearman.value, 0.0, epsilon = 1e-12);
    let ends = a.spearman.ends.as_ref().unwrap();
    assert_relative_eq!(ends.high, 1.0, max_relative = 1e-12);
    assert_eq!(ends.high_without, "c04");
    // Without another city: ranks 2 3 4 1 of four, 1 - 6 12 / 60 = -0.2; the first by key of four equal ones.
    assert_relative_eq!(ends.low, -0.2, max_relative = 1e-12);
    assert_eq!(ends.low_without, "c00");
}

#[test]
fn the_order_of_the_cities_changes_nothing() {
    let (x, z) = (
        [3.0, 1.5, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.5, 8.0],
        [2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.0, 2.0, 8.0, 4.0],
    );
    let y = [1.0, 4.0, 1.0, 4.0, 2.0, 1.0, 3.0, 5.0, 6.0, 2.0, 3.0];
    let groups = ["n", "n", "s", "s", "n", "s", "e", "n", "s", "n", "s"];
    let forward: Vec<usize> = (0..11).collect();
    let turned: Vec<usize> = (0..11).map(|i| (i * 7 + 3) % 11).collect();
    let find = |order: &[usize]| {
        let scores = scores(&[("x", x.to_vec()), ("y", y.to_vec()), ("z", z.to_vec())], &groups, order);
        let outcome = Outcome::of("y").runs(300).seed(5);
        (outcome.on(&scores, ["x", "z"]).unwrap(), outcome.together(&scores, ["x", "z"]).unwrap())
    };
    let (one, other) = (find(&forward), find(&turned));
    assert_eq!(one, other);
    assert_ne!(
        one.0,
        Outcome::of("y")
            .runs(300)
            .seed(6)
            .on(&scores(&[("x", x.to_vec()), ("y", y.to_vec()), ("z", z.to_vec())], &groups, &forward), ["x", "z"])
            .unwrap()
    );
    // Holm: the smaller of two is doubled, the larger is not, and is not below the first.
    let p: Vec<f64> = one.0.nodes.iter().map(|a| a.spearman.p).collect();
    let (small, large) = (p[0].min(p[1]), p[0].max(p[1]));
    let holm: Vec<f64> = one.0.nodes.iter().map(|a| a.holm).collect();
    assert_eq!(holm[0].min(holm[1]), (2.0 * small).min(1.0));
    assert_eq!(holm[0].max(holm[1]), large.max((2.0 * small).min(1.0)));
}

#[test]
fn cause_and_outcome_stay_apart_and_bad_questions_are_refused() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let error = |outcome: &str, node: &str| Outcome::of(outcome).runs(9).on(&scores, [node]).unwrap_err().to_string();
    assert!(error("vitality", "growth").contains("share"));
    assert!(error("vitality", "population_growth").contains("share"));
    assert!(error("growth", "vitality").contains("share"));
    assert_eq!(error("vitality", "renewall"), "there is no node `renewall`; did you mean `renewal`?");
    assert!(error("vitality", "population").contains("has no scores"));
    assert!(Outcome::of("vitality").runs(0).on(&scores, ["renewal"]).is_err());
    let twice = Outcome::of("vitality").runs(9).on(&scores, ["industry", "industry"]).unwrap_err().to_string();
    assert!(twice.contains("twice"), "{twice}");
    let all: Vec<f64> = vec![1.0, 2.0, 4.0, 3.0, 9.0, 7.0];
    let order: Vec<usize> = (0..6).collect();
    let doubled: Vec<f64> = all.iter().map(|v| 2.0 * v + 1.0).collect();
    let y = vec![3.0, 1.0, 2.0, 5.0, 4.0, 9.0];
    let scores = self::scores(&[("x", all), ("x2", doubled), ("y", y)], &[], &order);
    let same = Outcome::of("y").runs(9).together(&scores, ["x", "x2"]).unwrap_err().to_string();
    assert!(same.contains("follows from the other nodes"), "{same}");
}

#[test]
fn a_group_that_nobody_has_is_an_error_and_no_region_is_none() {
    let columns = [("x", vec![1.0, 2.0, 3.0, 4.0, 5.0]), ("y", vec![2.0, 1.0, 4.0, 3.0, 5.0])];
    let order = [0, 1, 2, 3, 4];
    let (bare, grouped) = (scores(&columns, &[], &order), scores(&columns, &["n", "n", "s", "s", "s"], &order));
    let ask = |scores: &Scores, outcome: Outcome| outcome.runs(99).on(scores, ["x"]);
    assert_eq!(ask(&bare, Outcome::of("y")).unwrap().get("x").unwrap().partial, None);
    assert!(ask(&bare, Outcome::of("y").group("region")).unwrap_err().to_string().contains("no table of cities"));
    assert_eq!(ask(&grouped, Outcome::of("y")).unwrap(), ask(&grouped, Outcome::of("y").group("region")).unwrap());
    let error = ask(&grouped, Outcome::of("y").group("regoin")).unwrap_err().to_string();
    assert_eq!(error, "no city has the attribute `regoin`; did you mean `region`?");
}

#[test]
fn each_association_says_how_its_own_probability_was_found() {
    // x is known of 10 cities, z of 6 of them: 6! orders are counted, 10! are not.
    let x: Vec<f64> = [3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0, 6.0, 5.5, 3.5].to_vec();
    let mut z = vec![2.0, 7.0, 1.0, 8.0, 2.5, 8.5, 0.0, 0.0, 0.0, 0.0];
    z[6..].fill(f64::NAN);
    let y = vec![1.0, 4.0, 1.5, 4.5, 2.0, 1.2, 3.0, 5.0, 6.0, 2.2];
    let framework = Framework::new(["x", "y", "z"].iter().flat_map(|code| {
        let leaf = Node::indicator(format!("{code}_figure"), *code, Direction::HigherIsBetter);
        [Node::index(*code), leaf]
    }))
    .unwrap();
    let known = |values: &[f64]| values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect::<Vec<_>>();
    let mut rows = String::from("city,x_figure,y_figure,z_figure\n");
    for (i, ((x, y), z)) in known(&x).iter().zip(known(&y)).zip(known(&z)).enumerate() {
        let text = |v: Option<f64>| v.map_or_else(|| "NA".to_owned(), |v| v.to_string());
        rows.extend([format!("c{i}"), text(*x), text(y), text(z)].join(",").chars().chain(['\n']));
    }
    let cities = Dataset::read_csv(longspring::Input::text(&rows, "cities.csv"), &framework).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let found = Outcome::of("y").runs(99).on(&scores, ["x", "z"]).unwrap();
    assert_eq!(found.get("x").unwrap().test, PermutationTest::Drawn(99));
    assert_eq!(found.get("z").unwrap().test, PermutationTest::Exact);
    assert!(found.to_string().contains("99 orders drawn or all orders counted"), "{found}");
}

#[test]
fn within_small_groups_all_orders_are_counted_by_hand() {
    // Two groups of 2 and 3: 2! 3! = 12 orders. Within the groups x and y agree entirely: deviations of x are -1/2, 1/2 and
    // -1, 0, 1, and so are those of y. The product is 2.5; only the order itself reaches it, and only both groups turned
    // round reach -2.5. So p is 2 / 12.
    let (x, y) = (vec![1.0, 2.0, 1.0, 2.0, 3.0], vec![11.0, 12.0, 1.0, 2.0, 3.0]);
    let scores = scores(&[("x", x), ("y", y)], &["n", "n", "s", "s", "s"], &[0, 1, 2, 3, 4]);
    let found = Outcome::of("y").runs(50).on(&scores, ["x"]).unwrap();
    let partial = found.get("x").unwrap().partial.as_ref().unwrap();
    assert_eq!(partial.test, PermutationTest::Exact);
    assert_relative_eq!(partial.pearson, 1.0, max_relative = 1e-12);
    assert_relative_eq!(partial.pearson_p, 2.0 / 12.0, max_relative = 1e-12);
}

#[test]
fn holm_by_hand() {
    // Four cities, 24 orders, by Spearman. x as y: 1, of which only the order itself and its reverse are as far: 2 / 24.
    // z = 2 1 3 4 has 1 - 6 2 / 60 = 0.8: as far from 0 are 1, 0.8 (the 3 orders of one swap of neighbours) and their
    // mirrors: 8 / 24. w = 2 4 1 3 has 1 - 6 10 / 60 = 0: all 24. Holm: 3 2/24 = 0.25, then 2 8/24 = 2/3, then 1.
    let y = vec![1.0, 2.0, 3.0, 4.0];
    let columns = [("x", y.clone()), ("y", y), ("z", vec![2.0, 1.0, 3.0, 4.0]), ("w", vec![2.0, 4.0, 1.0, 3.0])];
    let scores = scores(&columns, &[], &[0, 1, 2, 3]);
    let found = Outcome::of("y").runs(9).on(&scores, ["w", "z", "x"]).unwrap();
    for (node, p, holm) in [("x", 2.0 / 24.0, 0.25), ("z", 8.0 / 24.0, 2.0 / 3.0), ("w", 1.0, 1.0)] {
        let a = found.get(node).unwrap();
        assert_relative_eq!(a.spearman.p, p, max_relative = 1e-12);
        assert_relative_eq!(a.holm, holm, max_relative = 1e-12);
    }
}

/// Pearson's correlation as in the textbook; none where one side is always the same.
fn textbook(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    let (xx, yy) = (sum(&|x, _| x * x), sum(&|_, y| y * y));
    (xx > 1e-9 && yy > 1e-9).then(|| sum(&|x, y| x * y) / (xx * yy).sqrt())
}

#[test]
fn the_bootstrap_interval_agrees_with_all_resamples() {
    // Five cities have 5^5 = 3,125 equally likely resamples: their quantiles are what the drawn ones come near to. With 20,000
    // draws the share below a quantile of 2.5 % has a standard error of 0.11 %, so that 0.5 % are more than four of them.
    let (x, y) = (vec![1.0, 2.0, 4.0, 7.0, 11.0], vec![2.0, 1.0, 6.0, 5.0, 9.0]);
    let mut all: Vec<f64> = (0..3_125_usize)
        .filter_map(|at| {
            let rows = [at % 5, at / 5 % 5, at / 25 % 5, at / 125 % 5, at / 625];
            textbook(&rows.map(|i| x[i]), &rows.map(|i| y[i]))
        })
        .collect();
    all.sort_by(f64::total_cmp);
    assert_eq!(all.len(), 3_120); // five times one and the same city
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let at = |share: f64| all[(share * all.len() as f64) as usize];
    let scores = scores(&[("x", x), ("y", y)], &[], &[0, 1, 2, 3, 4]);
    let found = Outcome::of("y").runs(20_000).on(&scores, ["x"]).unwrap();
    let (low, high) = found.get("x").unwrap().pearson.interval.unwrap();
    assert!(at(0.02) - 1e-9 <= low && low <= at(0.03) + 1e-9, "{low} {} {}", at(0.02), at(0.03));
    assert!(at(0.97) - 1e-9 <= high && high <= at(0.98) + 1e-9, "{high} {} {}", at(0.97), at(0.98));
}
