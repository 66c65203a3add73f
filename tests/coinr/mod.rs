//! The synthetic framework and tables of COINr's, as several tests read them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]
#![allow(dead_code, reason = "every test binary compiles this file for itself, and not each uses all of it")]

use std::collections::BTreeMap;

use longspring::{Dataset, Direction, Framework, Node};

pub(crate) const INDICATORS: usize = 12;
pub(crate) const NODES: usize = 19;
pub(crate) const CITIES: usize = 30;

/// A table of COINr's: cities and columns, an empty cell being a missing number.
pub(crate) struct Grid {
    pub(crate) cities: Vec<String>,
    pub(crate) columns: BTreeMap<String, Vec<Option<f64>>>,
}

pub(crate) fn grid(name: &str) -> Grid {
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
pub(crate) fn framework() -> Framework {
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

pub(crate) fn dataset(framework: &Framework, table: &str) -> Dataset {
    let grid = grid(table);
    let mut builder = Dataset::builder(framework, &grid.cities);
    for (series, values) in grid.columns {
        builder = builder.column(&series, values);
    }
    builder.build().unwrap()
}

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    /// Cells that both have.
    pub(crate) numbers: usize,
    /// Cells that are missing in both.
    pub(crate) missing: usize,
}

impl std::ops::AddAssign for Agreement {
    fn add_assign(&mut self, other: Self) {
        self.numbers += other.numbers;
        self.missing += other.missing;
    }
}

/// Compares every cell of a table of COINr's: present in both and equal to 1e-9, or missing in both.
pub(crate) fn compare(table: &str, of: impl Fn(&str, &str) -> Option<f64>) -> Agreement {
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

/// The rows of a table, by the names of the columns.
pub(crate) fn lines(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(format!("tests/oracles/coinr/{name}.csv")).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}
