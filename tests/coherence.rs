//! The coherence analysis against COINr 1.1.14 and SciPy; see `oracles/README.md`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod coinr;

use approx::assert_relative_eq;
use coinr::{dataset, framework, lines};
use longspring::{Coherence, Correlation, Dataset, Denomination, Direction, Framework, Limits, Method, Node, Scores};

fn indicators() -> Vec<String> {
    (1..=12).map(|i| format!("i{i:02}")).collect()
}

/// The scores of a table of COINr's.
fn scores(table: &str) -> Scores {
    let framework = framework();
    let cities = dataset(&framework, table);
    let denomination = if table == "data" { Denomination::Framework } else { Denomination::None };
    let method = Method::new().denomination(denomination).coverage(0.0);
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

/// The treated indicators side by side under one index, all higher-is-better scores from 0 to 100.
fn flat() -> (Framework, Dataset) {
    let of = scores("treated_default");
    let mut nodes = vec![Node::index("all")];
    nodes.extend(indicators().iter().map(|code| Node::indicator(code, "all", Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let mut builder = Dataset::builder(&framework, of.cities());
    for code in indicators() {
        builder = builder.column(&code, of.node(&code).unwrap().scores().collect::<Vec<_>>());
    }
    let cities = builder.build().unwrap();
    (framework, cities)
}

#[test]
fn correlations_agree() {
    // COINr correlates figures as they are; here less-is-better is turned round: the sign of each pair tells.
    let sign = |code: &str| if ["i03", "i07", "i11"].contains(&code) { -1.0 } else { 1.0 };
    let mut compared = 0;
    for (table, name) in [("data", "denominated"), ("treated_default", "treated")] {
        let scores = scores(table);
        let coherence = Coherence::of(&scores);
        for (kind, file) in
            [(Correlation::Pearson, "pearson"), (Correlation::Spearman, "spearman"), (Correlation::Kendall, "kendall")]
        {
            let codes = indicators();
            let found = coherence.correlations(kind, codes.iter().map(String::as_str)).unwrap();
            let rows = lines(&format!("corr_{name}_{file}"));
            for (i, row) in rows.iter().enumerate() {
                for j in (0..12).filter(|&j| j != i) {
                    let (a, b) = (&codes[i], &codes[j]);
                    let expected: f64 = row[b].parse().unwrap();
                    let got = found.get(a, b).unwrap().r.unwrap() * sign(a) * sign(b);
                    assert_relative_eq!(got, expected, max_relative = 1e-9, epsilon = 1e-12);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 6 * 12 * 11);
}

#[test]
fn p_values_agree_with_scipy() {
    let scores = scores("treated_default");
    let coherence = Coherence::of(&scores);
    let mut compared = 0;
    for row in csv::Reader::from_path("tests/oracles/scipy/correlations.csv").unwrap().records() {
        let row = row.unwrap();
        let kind = match &row[0] {
            "pearson" => Correlation::Pearson,
            "spearman" => Correlation::Spearman,
            "kendall" => Correlation::Kendall,
            other => panic!("{other}"),
        };
        let found = coherence.correlations(kind, [&row[1], &row[2]]).unwrap();
        let pair = found.get(&row[1], &row[2]).unwrap();
        let (r, p): (f64, f64) = (row[3].parse().unwrap(), row[4].parse().unwrap());
        assert_relative_eq!(pair.r.unwrap().abs(), r.abs(), max_relative = 1e-9);
        assert_relative_eq!(pair.p.unwrap(), p, max_relative = 1e-8);
        assert_eq!(pair.cities, 30);
        compared += 1;
    }
    assert_eq!(compared, 18);
}

#[test]
fn alpha_agrees() {
    let scores = scores("treated_default");
    let coherence = Coherence::of(&scores);
    let (framework, cities) = flat();
    let flat = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    for row in lines("cronbach") {
        let expected: f64 = row["alpha"].parse().unwrap();
        let alpha = match row["what"].as_str() {
            "all" => Coherence::of(&flat).cronbach("all"),
            measure => coherence.cronbach(measure),
        };
        assert_relative_eq!(alpha.unwrap().alpha, expected, max_relative = 1e-9);
    }
}

#[test]
fn statistics_agree_but_for_shares_of_mixed_denominators() {
    for (table, name) in [("data", "denominated"), ("treated_default", "treated")] {
        let scores = scores(table);
        let statistics = Coherence::of(&scores).statistics(Limits::default());
        for row in lines(&format!("stats_{name}")) {
            let own = statistics.iter().find(|s| s.indicator == row["iCode"]).unwrap();
            let near = |got: Option<f64>, column: &str| {
                assert_relative_eq!(
                    got.unwrap(),
                    row[column].parse::<f64>().unwrap(),
                    max_relative = 1e-9,
                    epsilon = 1e-12
                );
            };
            near(own.minimum, "Min");
            near(own.maximum, "Max");
            near(own.mean, "Mean");
            near(own.median, "Median");
            near(own.sd, "Std");
            near(own.skewness, "Skew");
            near(own.kurtosis, "Kurt");
            near(Some(own.known as f64), "N.Avail");
            near(Some((own.known - own.zeros) as f64), "N.NonZero");
            near(Some(own.distinct as f64), "N.Unique");
            near(Some(own.available()), "Frc.Avail");
            assert_eq!(own.outliers, row["Flag.SkewKurt"] == "OUT");
            // Defect 18: COINr's fractions divide by the known cells and its flags by all. Here both are of the known.
            assert_eq!(own.few_distinct, (own.distinct as f64 / own.known as f64) < 0.5);
        }
    }
}

#[test]
fn effective_weights_agree() {
    let scores = scores("treated_default");
    let found = Coherence::of(&scores).effective_weights("index").unwrap();
    let mut compared = 0;
    for row in lines("effective_weights") {
        let own = found.iter().find(|w| w.node == row["iCode"]).unwrap();
        assert_relative_eq!(own.weight, row["EffWeight"].parse::<f64>().unwrap(), max_relative = 1e-9);
        compared += 1;
    }
    assert_eq!(compared, 19);
    let leaves: f64 = found.iter().filter(|w| w.depth == 3).map(|w| w.weight).sum();
    assert_relative_eq!(leaves, 1.0, max_relative = 1e-12);
}

#[cfg(feature = "components")]
#[test]
fn principal_components_agree() {
    let (framework, cities) = flat();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let components = Coherence::of(&scores).principal_components("all").unwrap();
    for (value, row) in components.eigenvalues.iter().zip(lines("pca_sd")) {
        assert_relative_eq!(value.sqrt(), row["sd"].parse::<f64>().unwrap(), max_relative = 1e-9);
    }
    for (i, row) in lines("pca_rotation").iter().enumerate() {
        for (k, vector) in components.vectors.iter().enumerate() {
            // The sign of a vector is a matter of convention.
            let expected: f64 = row[&format!("PC{}", k + 1)].parse().unwrap();
            assert_relative_eq!(vector[i].abs(), expected.abs(), max_relative = 1e-7, epsilon = 1e-10);
        }
    }
    assert_relative_eq!(components.shares().sum::<f64>(), 1.0, max_relative = 1e-12);
    // Rotation moves variance between components, and loses none.
    let kept = components.rotated.len();
    for i in 0..12 {
        let before: f64 = (0..kept).map(|k| components.loadings(k).nth(i).unwrap().powi(2)).sum();
        let after: f64 = components.rotated.iter().map(|c| c[i].powi(2)).sum();
        assert_relative_eq!(before, after, max_relative = 1e-9);
    }
}

/// The rows of a table under `oracles/scipy`.
fn scipy(name: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(format!("tests/oracles/scipy/{name}.csv")).unwrap().records().map(Result::unwrap).collect()
}

#[test]
fn inflation_and_adequacy_agree_with_numpy() {
    let (framework, cities) = flat();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let inflation = Coherence::of(&scores).variance_inflation("all").unwrap();
    let sampling = Coherence::of(&scores).kaiser_meyer_olkin("all").unwrap();
    let rows = scipy("adequacy");
    for ((row, (code, inflation)), (_, adequacy)) in rows.iter().zip(&inflation).zip(&sampling.children) {
        assert_eq!(&row[0], code);
        assert_relative_eq!(*inflation, row[1].parse::<f64>().unwrap(), max_relative = 1e-9);
        assert_relative_eq!(*adequacy, row[2].parse::<f64>().unwrap(), max_relative = 1e-9);
    }
    assert_relative_eq!(sampling.overall, rows[12][2].parse::<f64>().unwrap(), max_relative = 1e-9);
}

#[cfg(feature = "components")]
#[test]
fn rotated_loadings_agree_with_numpy() {
    let (framework, cities) = flat();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let rotated = Coherence::of(&scores).principal_components("all").unwrap().rotated;
    let rows = scipy("varimax");
    assert_eq!(rotated.len(), rows[0].len() - 1);
    for (k, own) in rotated.iter().enumerate() {
        // Neither the order nor the signs of rotated components are given: the one that is nearest.
        let far = |theirs: usize| {
            let other: Vec<f64> = rows.iter().map(|row| row[theirs + 1].parse().unwrap()).collect();
            let distance = |sign: f64| own.iter().zip(&other).map(|(a, b)| (a - sign * b).abs()).fold(0.0, f64::max);
            distance(1.0).min(distance(-1.0))
        };
        let nearest = (0..rotated.len()).map(far).fold(f64::INFINITY, f64::min);
        assert!(nearest < 1e-7, "component {k}: {nearest}");
        let largest = own.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
        assert!(largest > 0.0);
    }
}

#[test]
fn inflation_and_adequacy_by_hand() {
    // Two children with r = 0.6: both inflate 1 / (1 - 0.36), and what they share is all there is: 0.5.
    let framework = Framework::new([
        Node::index("i"),
        Node::indicator("a", "i", Direction::HigherIsBetter),
        Node::indicator("b", "i", Direction::HigherIsBetter),
    ])
    .unwrap();
    let cities = Dataset::builder(&framework, ["1", "2", "3", "4"])
        .column("a", [1.0, 1.0, -1.0, -1.0])
        .column("b", [1.4, -0.2, 0.2, -1.4])
        .build()
        .unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let coherence = Coherence::of(&scores);
    let r = coherence.correlations(Correlation::Pearson, ["a", "b"]).unwrap().get("b", "a").unwrap().r.unwrap();
    for (_, inflation) in coherence.variance_inflation("i").unwrap() {
        assert_relative_eq!(inflation, 1.0 / (1.0 - r * r), max_relative = 1e-12);
    }
    assert_relative_eq!(coherence.kaiser_meyer_olkin("i").unwrap().overall, 0.5, max_relative = 1e-12);
    // A child that repeats another cannot be told from it.
    let same = Dataset::builder(&framework, ["1", "2", "3"]).column("a", [1.0, 2.0, 4.0]).column("b", [2.0, 4.0, 8.0]);
    let same = same.build().unwrap();
    let scores = Method::new().fit(&framework, &same).unwrap().score(&same).unwrap();
    let error = Coherence::of(&scores).variance_inflation("i").unwrap_err().to_string();
    assert!(error.contains("one child says just what others do together"), "{error}");
    assert!(Coherence::of(&scores).cronbach("nobody").is_err());
    let pairs = Coherence::of(&scores).redundancy(0.9).unwrap();
    assert_eq!((pairs.len(), pairs[0].p), (1, Some(0.0)));
}

#[test]
fn importance_shares_add_up() {
    let scores = scores("treated_default");
    let coherence = Coherence::of(&scores);
    for node in ["index", "s1", "p2"] {
        let parts = coherence.importance(node).unwrap();
        assert_relative_eq!(parts.iter().map(|p| p.nominal).sum::<f64>(), 1.0, max_relative = 1e-12);
        assert_relative_eq!(parts.iter().map(|p| p.share).sum::<f64>(), 1.0, max_relative = 1e-12);
    }
    let family = coherence.family("s1", Correlation::Pearson).unwrap();
    assert!(family.iter().any(|p| p.a == "i01" && p.b == "p1") && family.iter().any(|p| p.a == "i01" && p.b == "s1"));
    let bias = coherence.size_bias().unwrap();
    assert!(bias.iter().any(|b| b.indicator == "i02" && b.size == "den"));
}
