//! Every step against COINr 1.1.14 (R 4.2.2) on a synthetic framework of 12 indicators in 4 measures in 2 groups.
//!
//! The numbers are those of `oracles/coinr/`; see `oracles/README.md`. The data hold outliers, ties, missing cells, a city
//! of which little is known, three indicators where lower is better and two that are divided by `den`. COINr has no rule
//! of coverage unless one is given, so the coverage here is 0 but where a file says otherwise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

mod coinr;

use coinr::{Agreement, CITIES, INDICATORS, NODES, compare, dataset, framework};
use longspring::{Aggregation, Denomination, Method, Normalisation, Scores, Ties};

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
