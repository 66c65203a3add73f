//! Every step against COINr 1.1.14 (R 4.2.2) on a synthetic framework of 12 indicators in 4 measures in 2 groups.
//!
//! The numbers are those of `oracles/coinr/`; see `oracles/README.md`. The data hold outliers, ties, missing cells, a city
//! of which little is known, three indicators where lower is better and two that are divided by `den`. COINr has no rule
//! of coverage unless one is given, so the coverage here is 0 but where a file says otherwise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use std::collections::BTreeMap;

use longspring::{Aggregation, Dataset, Denomination, Direction, Framework, Method, Node, Normalisation, Scores, Ties};

const INDICATORS: usize = 12;
const NODES: usize = 19;
const CITIES: usize = 30;

/// A table of COINr's: cities and columns, an empty cell being a missing number.
struct Grid {
    cities: Vec<String>,
    columns: BTreeMap<String, Vec<Option<f64>>>,
}

fn grid(name: &str) -> Grid {
    let mut reader = csv::Reader::from_path(format!("tests/oracles/coinr/{name}.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut grid = Grid { cities: Vec::new(), columns: BTreeMap::new() };
    for row in reader.records() {
        let row = row.unwrap();
        grid.cities.push(row[0].to_owned());
        for (name, text) in header.iter().zip(&row).skip(1) {
            if !matches!(name, "uName" | "grp") {
                let number = (!text.is_empty()).then(|| text.parse().unwrap());
                grid.columns.entry(name.to_owned()).or_default().push(number);
            }
        }
    }
    grid
}

/// COINr's table of the framework, as nodes.
fn framework() -> Framework {
    let mut reader = csv::Reader::from_path("tests/oracles/coinr/framework.csv").unwrap();
    let mut nodes = Vec::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let (code, parent) = (&row["iCode"], &row["Parent"]);
        let direction = match row["Direction"].as_str() {
            "-1" => Direction::LowerIsBetter,
            _ => Direction::HigherIsBetter,
        };
        let node = match row["Type"].as_str() {
            "Indicator" => Node::indicator(code, parent, direction),
            "Aggregate" if parent.is_empty() => Node::index(code),
            "Aggregate" => Node::measure(code, parent),
            "Denominator" => Node::context(code),
            _ => continue,
        };
        let node = match row["Weight"].parse() {
            Ok(weight) if !parent.is_empty() => node.weight(weight),
            _ => node,
        };
        nodes.push(match row["Denominator"].as_str() {
            "" => node,
            series => node.per(series, 1.0),
        });
    }
    assert_eq!(nodes.len(), NODES + 1);
    Framework::new(nodes).unwrap()
}

fn dataset(framework: &Framework, table: &str) -> Dataset {
    let grid = grid(table);
    let mut builder = Dataset::builder(framework, &grid.cities);
    for (series, values) in grid.columns {
        builder = builder.column(&series, values);
    }
    builder.build().unwrap()
}

/// Which table COINr goes on from.
#[derive(Clone, Copy, Debug)]
enum From {
    /// The raw data, divided: some cells are missing.
    Denominated,
    /// The divided data after imputation and treatment: no cell is missing.
    Treated,
}

const BOTH: [(From, &str); 2] = [(From::Denominated, "denominated"), (From::Treated, "treated")];

fn score(from: From, method: &Method) -> Scores {
    let framework = framework();
    let (table, denomination) = match from {
        From::Denominated => ("data", Denomination::Framework),
        From::Treated => ("treated_default", Denomination::None),
    };
    let cities = dataset(&framework, table);
    let method = method.clone().denomination(denomination);
    method.fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

/// What a comparison found.
#[derive(Debug, Default)]
struct Agreement {
    /// Cells that both have.
    numbers: usize,
    /// Cells that are missing in both.
    missing: usize,
}

impl std::ops::AddAssign for Agreement {
    fn add_assign(&mut self, other: Self) {
        self.numbers += other.numbers;
        self.missing += other.missing;
    }
}

/// Compares every cell of a table of COINr's: present in both and equal to 1e-9, or missing in both.
fn compare(table: &str, of: impl Fn(&str, &str) -> Option<f64>) -> Agreement {
    let expected = grid(table);
    let mut agreement = Agreement::default();
    for (node, column) in &expected.columns {
        for (city, &expected) in expected.cities.iter().zip(column) {
            let got = of(city, node);
            match (got, expected) {
                (Some(got), Some(expected)) => {
                    assert!(
                        (got - expected).abs() <= 1e-9 * expected.abs() + 1e-12,
                        "{table}: {node} of {city} is {got}, not {expected}"
                    );
                    agreement.numbers += 1;
                }
                (None, None) => agreement.missing += 1,
                _ => panic!("{table}: {node} of {city} is {got:?}, not {expected:?}"),
            }
        }
    }
    agreement
}

fn scores_agree(table: &str, scores: &Scores) -> Agreement {
    compare(table, |city, node| scores.score(city, node).unwrap())
}

#[test]
fn denominated_values_agree() {
    let scores = score(From::Denominated, &Method::new().coverage(0.0));
    let agreement =
        compare("denominated", |city, indicator| scores.cells(city, indicator).unwrap().next().unwrap().value);
    assert_eq!(agreement.numbers + agreement.missing, CITIES * INDICATORS);
    assert_eq!(agreement.missing, 22);
}

#[test]
fn normalised_values_agree() {
    let files = [
        ("minmax_0_100", Normalisation::MinMax { low: 0.0, high: 100.0 }),
        ("minmax_1_100", Normalisation::MinMax { low: 1.0, high: 100.0 }),
        ("zscore_0_1", Normalisation::ZScore { mean: 0.0, sd: 1.0 }),
        ("zscore_100_10", Normalisation::ZScore { mean: 100.0, sd: 10.0 }),
        ("rank_min", Normalisation::Rank { ties: Ties::Min }),
        ("rank_avg", Normalisation::Rank { ties: Ties::Average }),
        ("prank", Normalisation::PercentileRankMin),
        ("borda", Normalisation::Borda),
        ("dist2max", Normalisation::DistanceToMaximum),
    ];
    let mut all = Agreement::default();
    for (from, name) in BOTH {
        for (file, normalisation) in files.clone() {
            let scores = score(from, &Method::new().normalisation(normalisation).coverage(0.0));
            all += scores_agree(&format!("normalised_{name}_{file}"), &scores);
        }
    }
    assert_eq!(all.numbers + all.missing, 2 * files.len() * CITIES * INDICATORS);
    assert_eq!(all.missing, files.len() * 22);
}

#[test]
fn aggregated_scores_agree() {
    let high = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 }).coverage(0.0);
    let low = Method::new().coverage(0.0);
    let power = |exponent| Aggregation::Power { exponent };
    // The indicators stand at depth 3, the measures at 2, the groups at 1: COINr counts its levels from the indicators.
    let by_level = high.clone().aggregation_at(1, Aggregation::Geometric);
    let both = [
        ("amean", low.clone()),
        ("gmean", high.clone().aggregation(Aggregation::Geometric)),
        ("hmean", high.clone().aggregation(Aggregation::Harmonic)),
        ("am_gm_am", by_level),
        ("amean_thresh0.67", low.coverage(0.67)),
    ];
    // COINr's power mean cannot skip a missing cell, so these are of the treated data alone.
    let treated = [("power2", high.clone().aggregation(power(2.0))), ("power-0.5", high.aggregation(power(-0.5)))];
    let mut all = Agreement::default();
    for (from, name) in BOTH {
        for (file, method) in &both {
            all += scores_agree(&format!("aggregated_{name}_{file}"), &score(from, method));
        }
    }
    for (file, method) in &treated {
        all += scores_agree(&format!("aggregated_treated_{file}"), &score(From::Treated, method));
    }
    assert_eq!(all.numbers + all.missing, 12 * CITIES * NODES);
    // Of the denominated data 22 cells in each of five files; 3 measures and groups of which nothing is known in four
    // files, and 43 that the threshold leaves out in the fifth.
    assert_eq!(all.missing, 5 * 22 + 4 * 3 + 43);
}

#[test]
fn ranks_agree() {
    let scores = score(From::Treated, &Method::new().coverage(0.0));
    let agreement = compare("ranks", |city, node| scores.rank(city, node).unwrap());
    assert_eq!((agreement.numbers, agreement.missing), (CITIES * NODES, 0));
}
