//! By hand, against the golden values, and on what other programs get wrong.

use super::{Ahp, WeightSet, WeightSets, Weighting};
use crate::error::Fault;
use crate::input::Input;
use crate::steps::siblings::Siblings;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Weights learned from raw values, of which some are better when lower.
fn fit(weighting: &Weighting, columns: &[Vec<f64>], lower: &[usize]) -> Result<Vec<f64>, Fault> {
    let k = columns.len();
    let orient = |j: usize, v: f64| if lower.contains(&j) { -v } else { v };
    let oriented: Vec<Vec<f64>> = (0..k).map(|j| columns[j].iter().map(|&v| orient(j, v)).collect()).collect();
    weighting.fit(&Siblings {
        node: "node",
        codes: NAMES[..k].to_vec(),
        framework: vec![1.0; k],
        columns: oriented.iter().map(Vec::as_slice).collect(),
        lower: (0..k).map(|j| lower.contains(&j)).collect(),
    })
}

fn close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!((got - expected).abs() <= tolerance * expected.abs(), "{what}, child {i}: {got}, not {expected}");
    }
}

/// The matrix of the golden values: five cities, of the second child lower is better.
fn golden() -> Vec<Vec<f64>> {
    vec![
        vec![3.0, 5.0, 2.0, 8.0, 6.0],
        vec![10.0, 7.0, 12.0, 4.0, 9.0],
        vec![100.0, 240.0, 80.0, 310.0, 150.0],
        vec![0.2, 0.5, 0.3, 0.6, 0.9],
    ]
}

fn data_driven() -> Vec<Weighting> {
    vec![
        Weighting::Entropy,
        Weighting::Critic,
        Weighting::CriticUndirected,
        Weighting::StandardDeviation,
        Weighting::Gini,
        Weighting::Merec,
        Weighting::Cilos,
        Weighting::Idocriw,
        Weighting::Lopcow,
        #[cfg(feature = "components")]
        Weighting::PrincipalComponents,
        #[cfg(feature = "components")]
        Weighting::FirstComponent,
    ]
}

#[test]
fn the_golden_matrix() {
    // Given to ten decimals; CRITIC with directions is scikit-criteria's (pymcdm's ignores them: defect 29), without is
    // pymcdm's, to four.
    for (weighting, expected, tolerance) in [
        (Weighting::Entropy, [0.2561152974, 0.1423167400, 0.3008861356, 0.3006818269], 1e-9),
        (Weighting::StandardDeviation, [0.0232200743, 0.0296597613, 0.9444566392, 0.0026635252], 2e-8),
        (Weighting::Gini, [0.2562316423, 0.1854629030, 0.2795254279, 0.2787800268], 1e-9),
        (Weighting::Merec, [0.2918048598, 0.1517803393, 0.2451587871, 0.3112560138], 1e-9),
        (Weighting::Cilos, [0.3725261932, 0.1676367870, 0.1804423749, 0.2793946449], 1e-9),
        (Weighting::Idocriw, [0.3704241415, 0.0926258625, 0.2107888626, 0.3261611335], 1e-9),
        (Weighting::Lopcow, [0.2745429628, 0.2774713315, 0.2031436285, 0.2448420772], 1e-9),
        (Weighting::Critic, [0.1452990881, 0.1990075596, 0.2298904441, 0.4258029082], 1e-9),
        (Weighting::CriticUndirected, [0.1850, 0.4082, 0.2279, 0.1789], 5e-4),
    ] {
        close(&weighting.to_string(), &fit(&weighting, &golden(), &[1]).unwrap(), &expected, tolerance);
    }
}

#[test]
fn a_child_that_is_the_same_everywhere_has_no_weight() {
    // mcdm gives NaN for all (defect 38); in the balance of CILOS it would take all the weight.
    let (first, last) = (vec![3.0, 5.0, 2.0, 8.0, 6.0], vec![1.0, 2.4, 0.8, 3.1, 9.5]);
    let without = [first.clone(), last.clone()];
    let with = [first, vec![0.1; 5], last];
    for weighting in data_driven().into_iter().take(9) {
        let got = fit(&weighting, &with, &[]).unwrap();
        assert_eq!(got[1], 0.0, "{weighting}");
        assert!((got.iter().sum::<f64>() - 1.0).abs() < 1e-15, "{weighting}");
        // MEREC divides by the number of children, whether they differ or not.
        if weighting != Weighting::Merec {
            close(&weighting.to_string(), &[got[0], got[2]], &fit(&weighting, &without, &[]).unwrap(), 1e-12);
        }
        let none = fit(&weighting, &[vec![0.1; 5], vec![7.0; 5]], &[]).unwrap_err();
        assert!(matches!(none, Fault::NotLearned { .. }), "{weighting}: {none}");
    }
}

#[test]
fn values_that_are_close_keep_their_digits() {
    // The weight by entropy goes with the variance there: 2 : 2 : 26 / 3. The plain formula finds 0 : 0 : 1.
    let columns = [vec![1e9, 1e9 + 1.0, 1e9 + 2.0], vec![1e9, 1e9 + 2.0, 1e9 + 1.0], vec![1e9, 1e9 + 4.0, 1e9 + 3.0]];
    let (small, large) = (6.0 / 38.0, 26.0 / 38.0);
    // The third moment counts too, a billionth as much.
    close("entropy", &fit(&Weighting::Entropy, &columns, &[]).unwrap(), &[small, small, large], 1e-8);
    // MEREC goes with the sum above the lowest: 3 : 3 : 7.
    close("MEREC", &fit(&Weighting::Merec, &columns, &[]).unwrap(), &[3.0 / 13.0, 3.0 / 13.0, 7.0 / 13.0], 1e-8);
    // Gini with the sum of the differences: 4 : 4 : 8.
    close("Gini", &fit(&Weighting::Gini, &columns, &[]).unwrap(), &[0.25, 0.25, 0.5], 1e-8);
}

#[test]
fn neither_units_nor_the_order_of_cities_nor_gaps_count() {
    let columns = golden();
    for weighting in data_driven() {
        let what = weighting.to_string();
        let right = match fit(&weighting, &columns, &[1]) {
            Ok(right) => right,
            Err(fault) => panic!("{what}: {fault}"),
        };
        assert!((right.iter().sum::<f64>() - 1.0).abs() < 1e-14 && right.iter().all(|&w| w >= 0.0), "{what}");
        let turned: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().rev().copied().collect()).collect();
        close(&what, &fit(&weighting, &turned, &[1]).unwrap(), &right, 1e-12);
        // A city of which a child is missing takes no part.
        let gap = |(j, c): (usize, &Vec<f64>)| [c.as_slice(), &[if j == 2 { f64::NAN } else { 77.0 }]].concat();
        let gaps: Vec<Vec<f64>> = columns.iter().enumerate().map(gap).collect();
        close(&what, &fit(&weighting, &gaps, &[1]).unwrap(), &right, 1e-15);
        for unit in [1e-300, 1e300] {
            // The standard deviation is meant to depend on the units of single children.
            let all = weighting == Weighting::StandardDeviation;
            let scale = |(j, c): (usize, &Vec<f64>)| {
                c.iter().map(|v| if all || j == 0 { v * unit } else { *v }).collect::<Vec<_>>()
            };
            let scaled: Vec<Vec<f64>> = columns.iter().enumerate().map(scale).collect();
            close(&format!("{what} in {unit}"), &fit(&weighting, &scaled, &[1]).unwrap(), &right, 1e-11);
        }
    }
}

#[test]
fn too_few_cities_values_out_of_range_and_only_children() {
    for weighting in data_driven() {
        assert_eq!(fit(&weighting, &[vec![-1.0, f64::NAN]], &[]), Ok(vec![1.0]), "{weighting}");
        let one = [vec![1.0, f64::NAN, 3.0], vec![f64::NAN, 2.0, 4.0]];
        let fault = fit(&weighting, &one, &[]).unwrap_err();
        assert!(fault.to_string().contains("fewer than two cities"), "{fault}");
    }
    // mcdm's MEREC gives NaN for a zero (defect 38).
    for (weighting, low) in [
        (Weighting::Entropy, -1.0),
        (Weighting::Gini, -1.0),
        (Weighting::Merec, 0.0),
        (Weighting::Cilos, 0.0),
        (Weighting::Idocriw, 0.0),
    ] {
        let fault = fit(&weighting, &[vec![1.0, 2.0], vec![3.0, low]], &[]).unwrap_err();
        assert!(matches!(&fault, Fault::NotLearned { child: Some(c), .. } if c == "b"), "{weighting}: {fault}");
    }
    // With two cities every min-max column is 0 and 1.
    let fault = fit(&Weighting::Lopcow, &[vec![1.0, 2.0], vec![3.0, 1.0]], &[]).unwrap_err();
    assert!(fault.to_string().contains("all cities but the best are the same"), "{fault}");
    // Children in step contradict nobody.
    let step = [vec![1.0, 2.0, 3.3], vec![3.0, 6.0, 9.9], vec![0.7, 1.4, 2.31]];
    assert!(matches!(fit(&Weighting::Critic, &step, &[]), Err(Fault::NotLearned { .. })));
}

#[test]
fn impact_loss_does_not_depend_on_the_order_of_cities() {
    // Two cities are best in the first child, and of these the second child has 4 and 1; pymcdm takes whichever comes first.
    // By hand with their mean, 2.5: the first child loses 1/2 in the city that is best in the second, the second child
    // 1 - 2.5 / 5 = 1/2 in those that are best in the first, so that the weights are equal.
    let (first, second) = (vec![2.0, 2.0, 1.0], vec![4.0, 1.0, 5.0]);
    let turned = [vec![2.0, 2.0, 1.0], vec![1.0, 4.0, 5.0]];
    close("CILOS", &fit(&Weighting::Cilos, &[first, second], &[]).unwrap(), &[0.5, 0.5], 1e-15);
    close("CILOS, turned", &fit(&Weighting::Cilos, &turned, &[]).unwrap(), &[0.5, 0.5], 1e-15);
}

#[cfg(feature = "components")]
#[test]
fn the_first_component_is_the_golden_one_or_an_error() {
    let loadings = [0.549376302264, 0.529044620065, 0.523770942811, 0.379422545401];
    let total: f64 = loadings.iter().sum();
    let right: Vec<f64> = loadings.iter().map(|l| l / total).collect();
    close("first component", &fit(&Weighting::FirstComponent, &golden(), &[1]).unwrap(), &right, 1e-9);
    // Without its direction the second child runs against the others.
    let fault = fit(&Weighting::FirstComponent, &golden(), &[]).unwrap_err();
    assert!(matches!(&fault, Fault::NotLearned { child: Some(c), .. } if c == "b"), "{fault}");
    // Which of two components of the same size comes first is chance.
    let apart = [vec![1.0, 1.0, 2.0, 2.0], vec![1.0, 2.0, 1.0, 2.0]];
    assert!(matches!(fit(&Weighting::FirstComponent, &apart, &[]), Err(Fault::NotLearned { child: None, .. })));
}

#[cfg(feature = "components")]
#[test]
fn principal_components_by_hand() {
    // Two blocks that have nothing to do with one another: three children in step with the first, two with the second.
    // Loadings are 1 on the own component, which explains 3 and 2 of 5: weights 1/3 * 3/5 and 1/2 * 2/5, all 1/5.
    let (x, y) = (vec![1.0, 1.0, 2.0, 2.0], vec![1.0, 2.0, 1.0, 2.0]);
    let columns = [x.clone(), x.iter().map(|v| v * 3.0).collect(), y.clone(), x, y];
    close("blocks", &fit(&Weighting::PrincipalComponents, &columns, &[]).unwrap(), &[0.2; 5], 1e-12);
    // Three that are all unlike: eigenvalues of 1, of which 60 % cannot be told from the rest.
    let z = [1.0, -1.0];
    let cube = |bit: usize| (0..8).map(|i| z[(i >> bit) & 1]).collect::<Vec<f64>>();
    let four = [cube(0), cube(1), cube(2), (0..8).map(|i| z[(i & 1) ^ ((i >> 1) & 1)]).collect()];
    let fault = fit(&Weighting::PrincipalComponents, &four, &[]).unwrap_err();
    assert!(fault.to_string().contains("no larger than the next"), "{fault}");
    // One component on the golden matrix: the squares of its loadings.
    let squares = [0.549376302264_f64, 0.529044620065, 0.523770942811, 0.379422545401].map(|l| l * l);
    close("one", &fit(&Weighting::PrincipalComponents, &golden(), &[1]).unwrap(), &squares, 1e-9);
}

#[test]
fn comparisons_that_go_round_in_a_circle_have_their_eigenvector() {
    let mut matrix = vec![vec![1.0; 5]; 5];
    for (i, times) in [1e4, 2e4, 3e4, 4e4, 5e4].into_iter().enumerate() {
        let j = (i + 1) % 5;
        (matrix[i][j], matrix[j][i]) = (times, 1.0 / times);
    }
    let ahp = Ahp::new(NAMES[..5].to_vec(), &matrix).unwrap();
    let weights: Vec<f64> = ahp.iter().map(|(_, w)| w).collect();
    let times = |i: usize| matrix[i].iter().zip(&weights).map(|(a, w)| a * w).sum::<f64>() / weights[i];
    for i in 1..5 {
        approx::assert_relative_eq!(times(i), times(0), max_relative = 1e-12);
    }
    approx::assert_relative_eq!(ahp.consistency_ratio().unwrap(), (times(0) - 5.0) / 4.0 / 1.12, max_relative = 1e-12);
    // Consistent ones of any size.
    let ahp = Ahp::new(["a", "b"], [[1.0, 1e300], [1e-300, 1.0]]).unwrap();
    approx::assert_relative_eq!(ahp.weight("b").unwrap(), 1e-300, max_relative = 1e-12);
}

#[test]
fn comparisons_at_random_have_their_eigenvector() {
    let mut seed = 1_u32;
    for n in (1..40).chain([120]) {
        let mut matrix = vec![vec![1.0; n]; n];
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // From 1e-4 to 1e4: far more at odds with one another than what people answer.
            let times = 10.0_f64.powf(f64::from(seed >> 8) / f64::from(1_u32 << 24) * 8.0 - 4.0);
            (matrix[i][j], matrix[j][i]) = (times, 1.0 / times);
        }
        let ahp = Ahp::new((0..n).map(|i| format!("n{i}")), &matrix).unwrap();
        let weights: Vec<f64> = ahp.iter().map(|(_, w)| w).collect();
        let times = |i: usize| matrix[i].iter().zip(&weights).map(|(a, w)| a * w).sum::<f64>() / weights[i];
        for i in 1..n {
            approx::assert_relative_eq!(times(i), times(0), max_relative = 1e-11);
        }
    }
}

#[test]
fn all_that_is_wrong_with_experts_and_sets_is_said_at_once() {
    let experts = [vec![("a", -1.0), ("b", 2.0)], vec![("a", 0.0), ("b", 0.0)], vec![("a", 1.0)]];
    let error = WeightSet::budget_allocation("panel", experts).unwrap_err();
    assert_eq!(error.problems().len(), 3, "{error}");
    let none: [[(&str, f64); 0]; 0] = [];
    assert_eq!(WeightSet::budget_allocation("panel", none).unwrap_err().problems().len(), 1);
    let error = WeightSets::read_csv(Input::text("code\na\n", "w.csv")).unwrap_err();
    assert_eq!(error.to_string(), "w.csv, line 1: the column `weights` is missing");
    let text = "code,x,y\na,-1,2\nb,inf,3\na,1,\n";
    let error = WeightSets::read_csv(Input::text(text, "w.csv")).unwrap_err();
    assert_eq!(error.problems().len(), 3, "{error}");
}
