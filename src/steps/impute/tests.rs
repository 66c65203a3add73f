//! Filling in, by hand: closed forms, and what must hold of every rule.

use super::{Columns, Filler, Imputation};

const GAP: f64 = f64::NAN;

fn columns(values: Vec<Vec<f64>>) -> Columns<'static> {
    let (k, n) = (values.len(), values[0].len());
    let codes = ["a", "b", "c", "d", "e", "f"][..k].to_vec();
    let groups = (0..n).map(|city| Some(if city % 2 == 0 { "even" } else { "odd" })).collect();
    Columns { codes, values, lower: (0..k).map(|i| i % 3 == 1).collect(), measures: vec![0; k], groups }
}

fn filled(imputation: &Imputation, columns: &Columns<'_>) -> Vec<Vec<f64>> {
    let filler: Filler = imputation.learn(columns).unwrap().unwrap();
    let mut values = columns.values.clone();
    let groups: Vec<Option<String>> = columns.groups.iter().map(|g| g.map(str::to_owned)).collect();
    filler.fill(&mut values, &groups);
    values
}

fn all() -> Vec<Imputation> {
    let attribute = || "half".to_owned();
    vec![
        Imputation::Mean,
        Imputation::Median,
        Imputation::GroupMean { attribute: attribute() },
        Imputation::GroupMedian { attribute: attribute() },
        Imputation::MeasureMean,
        Imputation::NearestCities { k: 3 },
        Imputation::Regression,
        Imputation::ExpectationMaximisation { iterations: 10_000, tolerance: 1e-13 },
    ]
}

/// Ten cities, three indicators, five gaps.
fn table() -> Vec<Vec<f64>> {
    vec![
        vec![3.0, 5.0, 2.0, 8.0, 6.0, 7.5, 1.0, 4.0, 9.0, 5.5],
        vec![1.0, GAP, 0.5, 4.5, 3.5, 3.0, GAP, 2.5, 4.0, 3.25],
        vec![10.0, 8.0, GAP, 1.0, 6.0, GAP, 12.0, GAP, 2.0, 5.0],
    ]
}

#[test]
fn expectation_and_maximisation_finds_the_closed_form_of_a_monotone_pattern() {
    // x is known of all and y of some: by the factored likelihood (Little and Rubin, 2019, section 7.2) the conditional mean
    // is the line by least squares over the cities that have both.
    let x = vec![1.0, 2.0, 3.0, 4.0, 5.0, 9.0, -2.0];
    let y = vec![2.25, 2.0, 3.0, 3.5, 4.25, GAP, GAP];
    let (mx, my) = (3.0, (2.25 + 2.0 + 3.0 + 3.5 + 4.25) / 5.0);
    let sxy: f64 = (0..5).map(|i| (x[i] - mx) * (y[i] - my)).sum();
    let slope = sxy / 10.0;
    let rule = Imputation::ExpectationMaximisation { iterations: 10_000, tolerance: 1e-14 };
    let values = filled(&rule, &columns(vec![x.clone(), y]));
    for city in [5, 6] {
        approx::assert_relative_eq!(values[1][city], my + slope * (x[city] - mx), max_relative = 1e-9);
    }
}

#[test]
fn known_cells_keep_their_bits_and_gaps_are_filled() {
    for rule in all() {
        let before = table();
        let after = filled(&rule, &columns(before.clone()));
        for (a, b) in after.iter().flatten().zip(before.iter().flatten()) {
            assert!(if b.is_nan() { a.is_finite() } else { a.to_bits() == b.to_bits() }, "{rule}: {b} became {a}");
        }
    }
}

#[test]
fn what_is_filled_in_moves_with_the_unit_of_measurement() {
    // A positive factor and an offset, such as from Celsius to Fahrenheit, and units of extreme size.
    for rule in all() {
        let plain = filled(&rule, &columns(table()));
        for (factor, offset) in [(1.8, 32.0), (1e-280, 0.0), (1e280, 0.0)] {
            let mut values = table();
            values[1].iter_mut().for_each(|v| *v = *v * factor + offset);
            let other = filled(&rule, &columns(values));
            for (column, (a, b)) in plain.iter().zip(&other).enumerate() {
                for (a, b) in a.iter().zip(b) {
                    let expected = if column == 1 { a * factor + offset } else { *a };
                    approx::assert_relative_eq!(*b, expected, max_relative = 1e-7);
                }
            }
        }
    }
}

#[test]
fn the_order_of_the_cities_does_not_matter() {
    for rule in all() {
        let plain = filled(&rule, &columns(table()));
        let order = [7, 2, 9, 0, 5, 4, 1, 8, 3, 6];
        let shuffled: Vec<Vec<f64>> = table().iter().map(|c| order.iter().map(|&i| c[i]).collect()).collect();
        let mut given = columns(shuffled);
        given.groups = order.iter().map(|&i| Some(if i % 2 == 0 { "even" } else { "odd" })).collect();
        let other = filled(&rule, &given);
        for (a, b) in plain.iter().zip(&other) {
            assert!(order.iter().zip(b).all(|(&i, b)| a[i] == *b), "{rule}: {a:?}, {b:?}");
        }
    }
}

#[test]
fn what_all_have_the_same_of_stays_the_same_to_the_last_bit() {
    // A digit more or less would make a constant indicator one that tells cities apart, from worst to best.
    for rule in all() {
        for same in [0.1, 0.7, 1e-300, -1.1, 1.7e308] {
            let mut values = table();
            values[1] = vec![same, same, same, GAP, same, same, GAP, same, same, same];
            let after = filled(&rule, &columns(values));
            assert!(after[1].iter().all(|v| *v == same || v.is_nan()), "{rule}: {same}: {:?}", after[1]);
        }
    }
}

#[test]
fn more_indicators_than_cities_can_tell_apart_are_an_error() {
    // Two complete cities and one with a gap: any third value fits, so none may be made up.
    let table = vec![vec![1.0, 2.0, 4.0], vec![3.0, 1.0, 2.0], vec![5.0, 9.0, GAP]];
    let faults = Imputation::expectation_maximisation().learn(&columns(table)).unwrap_err();
    assert!(faults[0].to_string().contains("too many indicators"), "{}", faults[0]);
}

#[test]
fn a_city_out_of_all_reach_has_no_neighbours() {
    // Its distance to everyone is beyond double precision: nobody is nearer than anybody else.
    let reference = columns(vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 9.0]]);
    let filler = Imputation::NearestCities { k: 1 }.learn(&reference).unwrap().unwrap();
    let mut far = vec![vec![1e300], vec![GAP]];
    filler.fill(&mut far, &[None]);
    assert!(far[1][0].is_nan());
    let mut near = vec![vec![2.6], vec![GAP]];
    filler.fill(&mut near, &[None]);
    assert_eq!(near[1][0], 9.0);
}
