//! Imputation, treatment, screening, optimised weights, Mazziotta-Pareto, benefit of the doubt and the functions of COINr
//! on small vectors, against COINr 1.1.14, Compind 3.4 and SciPy; see `oracles/README.md`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod coinr;

use coinr::{CITIES, compare, framework, grid, lines};
use longspring::{
    Aggregation, Cities, City, Dataset, Denomination, Direction, Framework, Imputation, Method, Node, Normalisation,
    Penalty, Reference, Scores, Screening, Treatment, Weighting,
};

/// The raw table with the group of each city.
fn grouped(framework: &Framework) -> Dataset {
    let cities = lines("data").into_iter().map(|row| City::new(&row["uCode"]).attribute("grp", &row["grp"]));
    coinr::dataset(framework, "data").with_cities(&Cities::new(cities).unwrap()).unwrap()
}

fn close(what: &str, got: Option<f64>, expected: f64) {
    let got = got.unwrap_or_else(|| panic!("{what}: nothing"));
    assert!((got - expected).abs() <= 1e-9 * expected.abs() + 1e-12, "{what}: {got}, not {expected}");
}

#[test]
fn imputed_values_agree() {
    let framework = framework();
    let cities = grouped(&framework);
    let group = || "grp".to_owned();
    for (file, imputation) in [
        ("i_mean", Imputation::Mean),
        ("i_median", Imputation::Median),
        ("i_mean_grp", Imputation::GroupMean { attribute: group() }),
        ("i_median_grp", Imputation::GroupMedian { attribute: group() }),
        ("row_mean_in_pillar", Imputation::MeasureMean),
    ] {
        let method = Method::new().imputation(imputation).coverage(0.0);
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        let table = format!("imputed_{file}");
        let agreement = compare(&table, |city, node| scores.cells(city, node).unwrap().next().unwrap().value);
        assert_eq!(agreement.numbers + agreement.missing, CITIES * 12, "{file}");
        let imputed = |city: &str| scores.cells(city, "index").unwrap().filter(|cell| cell.imputed).count();
        let filled: usize = scores.cities().map(imputed).sum();
        assert_eq!(filled + agreement.missing, 22, "{file}");
    }
}

#[test]
fn screened_cities_agree() {
    let framework = framework();
    let cities = coinr::dataset(&framework, "data");
    for share in ["0.5", "0.66", "0.9"] {
        let out = std::fs::read_to_string(format!("tests/oracles/coinr/screened_out_{share}.txt")).unwrap();
        let mut out: Vec<&str> = out.split_whitespace().collect();
        out.sort_unstable();
        let method = Method::new().screening(Screening::new().cities_available(share.parse().unwrap())).coverage(0.0);
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        let screened = |city: &&str| {
            scores.get(city, "index").unwrap().missing.is_some_and(|why| why.to_string().contains("screened"))
        };
        let mut got: Vec<&str> = scores.cities().filter(screened).collect();
        got.sort_unstable();
        assert_eq!(got, out, "{share}");
    }
}

/// A table of COINr's after imputation, treated here.
fn treated(treatment: Treatment) -> Scores {
    let framework = framework();
    let cities = coinr::dataset(&framework, "imputed_i_mean_grp");
    let method = Method::new().denomination(Denomination::None).treatment(treatment).coverage(0.0);
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

#[test]
fn treated_values_agree() {
    let (skewness, kurtosis) = (1.5, 3.0);
    for (table, treatment) in [
        ("treated_default", Treatment::winsorise_or_log(5)),
        ("treated_winmax1", Treatment::WinsoriseOrLog { most: 1, skewness, kurtosis }),
    ] {
        let scores = treated(treatment);
        let value = |city: &str, node: &str| {
            let cell = scores.cells(city, node).unwrap().next().unwrap();
            cell.treated.or(cell.value)
        };
        let agreement = compare(table, value);
        assert_eq!((agreement.numbers, agreement.missing), (CITIES * 12, 0), "{table}");
        let changed: usize = scores.composite().treated().map(|t| t.changed.len()).sum();
        assert!(changed > 0, "{table}");
    }
}

#[test]
fn the_profile_of_coinr_gives_its_scores() {
    let framework = framework();
    let cities = coinr::dataset(&framework, "imputed_i_mean_grp");
    let method = Method::coinr().denomination(Denomination::None);
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let agreement = compare("aggregated_treated_amean", |city, node| scores.score(city, node).unwrap());
    assert_eq!((agreement.numbers, agreement.missing), (CITIES * 19, 0));
}

#[test]
fn ranks_within_groups_agree() {
    // COINr's table: a city a row, its group, and its rank within it by the index.
    let framework = framework();
    let cities = coinr::dataset(&framework, "treated_default");
    let scores = Method::new().denomination(Denomination::None).coverage(0.0).fit(&framework, &cities).unwrap();
    let scores = scores.score(&cities).unwrap();
    let groups = lines("data");
    for row in lines("group_ranks") {
        let (city, group) = (&row["uCode"], &row["grp"]);
        let own = scores.score(city, "index").unwrap().unwrap();
        let better = groups
            .iter()
            .filter(|other| other["grp"] == *group)
            .filter(|other| scores.score(&other["uCode"], "index").unwrap().unwrap() > own)
            .count();
        let column = row.keys().find(|k| k.contains("index") || k.contains("Index")).unwrap();
        close(city, Some(better as f64 + 1.0), row[column].parse().unwrap());
    }
}

/// COINr's objective of balanced weights: the mean square gap between stated and obtained importance.
fn objective(measures: &[Vec<f64>], index: &[f64], stated: &[f64]) -> f64 {
    let r: Vec<f64> = measures.iter().map(|m| pearson(m, index)).collect();
    let total: f64 = r.iter().sum();
    r.iter().zip(stated).map(|(r, t)| (t - r / total).powi(2)).sum::<f64>() / r.len() as f64
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(usize) -> f64| (0..a.len()).map(f).sum::<f64>();
    let ab = sum(&|i| (a[i] - ma) * (b[i] - mb));
    ab / (sum(&|i| (a[i] - ma).powi(2)) * sum(&|i| (b[i] - mb).powi(2))).sqrt()
}

#[test]
fn balanced_weights_are_at_least_as_good_as_any_found_by_search() {
    // The four measures side by side under one index, from COINr's scores of them.
    let table = grid("aggregated_treated_amean");
    let measures: Vec<Vec<f64>> =
        ["p1", "p2", "p3", "p4"].iter().map(|p| table.columns[*p].iter().map(|v| v.unwrap()).collect()).collect();
    let mut nodes = vec![Node::index("index")];
    nodes.extend(["p1", "p2", "p3", "p4"].map(|p| Node::indicator(p, "index", Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, &table.cities);
    for (p, column) in ["p1", "p2", "p3", "p4"].iter().zip(&measures) {
        builder = builder.column(p, column.clone());
    }
    let cities = builder.build().unwrap();
    // A scale on which every measure keeps its own spread.
    let scale = Normalisation::Scaled { low: 0.0, high: 100.0, full: 100.0 };
    let method = Method::new().normalisation(scale).weighting(Weighting::Balanced);
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let weights: Vec<f64> =
        ["p1", "p2", "p3", "p4"].iter().map(|p| scores.weight(&table.cities[0], p).unwrap().unwrap()).collect();
    let of = |w: &[f64]| {
        let index: Vec<f64> =
            (0..measures[0].len()).map(|i| w.iter().zip(&measures).map(|(w, m)| w * m[i]).sum()).collect();
        objective(&measures, &index, &[0.25; 4])
    };
    let best = of(&weights);
    assert!(weights.iter().all(|&w| w >= 0.0) && (weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    // COINr's result of a Nelder-Mead search, whose weights act within two groups: their effective weights.
    let found: Vec<f64> =
        lines("optimised_weights_level2_corr").iter().map(|r| r["OptWeight"].parse().unwrap()).collect();
    let group = |a: f64, b: f64, share: f64| [share * a / (a + b), share * b / (a + b)];
    let coinr = [group(found[0], found[1], 0.6), group(found[2], found[3], 0.4)].concat();
    assert!(best <= of(&coinr) + 1e-15, "{best} against {}", of(&coinr));
    // And no neighbour is better.
    for i in 0..4 {
        for step in [-0.01, 0.01] {
            let mut near = weights.clone();
            near[i] = (near[i] + step).max(0.0);
            assert!(best <= of(&near) + 1e-15, "{near:?}");
        }
    }
}

/// A table of Compind's, without keys.
fn compind(name: &str) -> Vec<std::collections::BTreeMap<String, f64>> {
    let mut reader = csv::Reader::from_path(format!("tests/oracles/compind/{name}.csv")).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn compind_table(name: &str, directions: &[f64]) -> (Framework, Dataset) {
    let rows = compind(name);
    let codes: Vec<String> = rows[0].keys().cloned().collect();
    let mut nodes = vec![Node::index("index")];
    for (code, sign) in codes.iter().zip(directions) {
        let direction = if *sign < 0.0 { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        nodes.push(Node::indicator(code, "index", direction));
    }
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, (0..rows.len()).map(|i| format!("c{i}")));
    for code in &codes {
        builder = builder.column(code, rows.iter().map(|row| row[code]).collect::<Vec<_>>());
    }
    let cities = builder.build().unwrap();
    (framework, cities)
}

const DIRECTIONS: [f64; 6] = [1.0, 1.0, -1.0, 1.0, -1.0, 1.0];

fn index(scores: &Scores) -> Vec<Option<f64>> {
    scores.node("index").unwrap().scores().collect()
}

#[test]
fn mazziotta_pareto_agrees() {
    // Compind's own standardised scores, taken as they are.
    let (framework, cities) = compind_table("Z_100_10_sampleSD", &[1.0; 6]);
    let as_is = Normalisation::Scaled { low: 0.0, high: 1.0, full: 1.0 };
    for (column, penalty) in [("mpi_POS", Penalty::Downward), ("mpi_NEG", Penalty::Upward)] {
        let method = Method::new().normalisation(as_is.clone()).aggregation(Aggregation::MazziottaPareto { penalty });
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        for (row, got) in compind("results").iter().zip(index(&scores)) {
            close(column, got, row[column]);
        }
    }
    // And from the figures, by the profile.
    let (framework, cities) = compind_table("X", &DIRECTIONS);
    let scores = Method::compind_mpi().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    for (row, got) in compind("results").iter().zip(index(&scores)) {
        close("profile", got, row["mpi_POS"]);
    }
    // Compind rounds the adjusted index to three decimals.
    let scores = Method::compind_ampi().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    for (row, got) in compind("results").iter().zip(index(&scores)) {
        assert!((got.unwrap() - row["ampi_NEG_round3"]).abs() <= 0.0005 + 1e-9, "{got:?} {row:?}");
    }
    // Its penalty is always downward, whatever is asked for (defect 20): upward is another number here.
    let up = Method::compind_ampi().aggregation(Aggregation::AdjustedMazziottaPareto { penalty: Penalty::Upward });
    let up = up.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    assert!(index(&up).iter().zip(index(&scores)).all(|(up, down)| up.unwrap() > down.unwrap()));
    // The reference is the mean: its value is Compind's.
    let at = Normalisation::AroundReference { reference: Reference::Mean };
    let composite = Method::new().normalisation(at).fit(&framework, &cities).unwrap();
    for (j, row) in compind("ampi_goalposts").iter().enumerate() {
        let code = format!("c{}", j + 1);
        let mine = Dataset::builder(&framework, ["mean"]).column(&code, [row["gp"]]).build().unwrap();
        close(&code, composite.score(&mine).unwrap().score("mean", &code).unwrap(), 100.0);
    }
}

#[test]
fn benefit_of_the_doubt_agrees() {
    let (framework, cities) = compind_table("bod_Y", &[1.0; 6]);
    let as_is = Normalisation::Scaled { low: 0.0, high: 1.0, full: 1.0 };
    for (column, shares) in [("bod", None), ("bod_share_5_40", Some((0.05, 0.4)))] {
        let method = Method::new().normalisation(as_is.clone()).weighting(Weighting::BenefitOfTheDoubt { shares });
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        for (i, row) in compind("bod").iter().enumerate() {
            let city = format!("c{i}");
            let score = scores.score(&city, "index").unwrap();
            close(&format!("{column} of {city}"), score, row[column]);
            // The weights give the score, and lie within their limits.
            let parts: Vec<f64> = (1..=6)
                .map(|j| {
                    let code = format!("y{j}");
                    scores.weight(&city, &code).unwrap().unwrap() * scores.score(&city, &code).unwrap().unwrap()
                })
                .collect();
            let total: f64 = parts.iter().sum();
            close("the weighted sum", Some(total), score.unwrap());
            let (low, high) = shares.unwrap_or((0.0, 1.0));
            assert!(parts.iter().all(|p| (low - 1e-9..=high + 1e-9).contains(&(p / total))), "{parts:?}");
        }
    }
}

#[test]
fn benefit_of_the_doubt_of_the_golden_matrix_is_proved_by_its_prices() {
    // Min-max scores of the golden matrix. A published 0.7218029677 for the second city is not the maximum: with the
    // weights (0, 0, 48/4347 * ... ) below it has 96/133, and the prices of the fourth and fifth city prove that no weights
    // give more.
    let columns = [
        [100.0 / 6.0, 50.0, 0.0, 100.0, 200.0 / 3.0],
        [25.0, 62.5, 0.0, 100.0, 37.5],
        [2000.0 / 230.0, 16000.0 / 230.0, 0.0, 100.0, 7000.0 / 230.0],
        [0.0, 300.0 / 7.0, 100.0 / 7.0, 400.0 / 7.0, 100.0],
    ];
    let mut nodes = vec![Node::index("index")];
    nodes.extend((1..=4).map(|j| Node::indicator(format!("x{j}"), "index", Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, ["1", "2", "3", "4", "5"]);
    for (j, column) in columns.iter().enumerate() {
        builder = builder.column(&format!("x{}", j + 1), *column);
    }
    let cities = builder.build().unwrap();
    let as_is = Normalisation::Scaled { low: 0.0, high: 1.0, full: 1.0 };
    let method = Method::new().normalisation(as_is).weighting(Weighting::BenefitOfTheDoubt { shares: None });
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    for (city, expected) in [("1", 0.25), ("2", 96.0 / 133.0), ("3", 1.0 / 7.0), ("4", 1.0), ("5", 1.0)] {
        close(city, scores.score(city, "index").unwrap(), expected);
    }
    // The second city by hand: prices y of the cities 4 and 5 with sum y z >= its scores in every child, so that no weights
    // that keep both at 1 can bring more than the sum of y.
    let second: Vec<f64> = columns.iter().map(|c| c[1]).collect();
    let sum: f64 = 96.0 / 133.0;
    // Binding in the third and fourth child: 100 a + 3043.5 b / 100 = 69.565, 57.143 a + 100 b = 42.857.
    let (c3, c4) = (&columns[2], &columns[3]);
    let determinant = c3[3] * c4[4] - c3[4] * c4[3];
    let a = (second[2] * c4[4] - c3[4] * second[3]) / determinant;
    let b = (c3[3] * second[3] - second[2] * c4[3]) / determinant;
    assert!(a >= 0.0 && b >= 0.0);
    close("the prices together", Some(a + b), sum);
    for (column, own) in columns.iter().zip(&second) {
        assert!(a * column[3] + b * column[4] >= own - 1e-9, "{column:?}");
    }
}

#[test]
fn the_wroclaw_distance_of_the_golden_matrix() {
    let columns = [
        [3.0, 5.0, 2.0, 8.0, 6.0],
        [10.0, 7.0, 12.0, 4.0, 9.0],
        [100.0, 240.0, 80.0, 310.0, 150.0],
        [0.2, 0.5, 0.3, 0.6, 0.9],
    ];
    let mut nodes = vec![Node::index("index")];
    for j in 1..=4 {
        let direction = if j == 2 { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        nodes.push(Node::indicator(format!("x{j}"), "index", direction));
    }
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, ["1", "2", "3", "4", "5"]);
    for (j, column) in columns.iter().enumerate() {
        builder = builder.column(&format!("x{}", j + 1), *column);
    }
    let cities = builder.build().unwrap();
    let min_max = Normalisation::MinMax { low: 0.0, high: 1.0 };
    let method = Method::new().normalisation(min_max).aggregation(Aggregation::Wroclaw);
    let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let expected = [0.715285460453, 0.366136381153, 0.786295889313, 0.174373993993, 0.403946492833];
    for (city, expected) in ["1", "2", "3", "4", "5"].iter().zip(expected) {
        let got = scores.details("index").unwrap().value(city, "distance to the best, relative").unwrap().unwrap();
        assert!((got - expected).abs() < 1e-11, "{got} {expected}");
    }
}
