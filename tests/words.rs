//! Texts that a new reader took for the opposite of what is meant, or that left out what decides.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail as loudly as the test")]

use longspring::{Direction, Framework, Input, Node, Observations, Trajectory};

fn air() -> Framework {
    let dust = Node::indicator("b", "i", Direction::LowerIsBetter);
    Framework::new([Node::index("i"), dust]).unwrap()
}

fn told(rows: &str) -> String {
    let text = format!("city,indicator,year,value\n{rows}");
    let known = Observations::read_csv(Input::text(&text, "k.csv")).unwrap();
    Trajectory::of_series(&known, &air(), "x", "b").unwrap().to_string()
}

#[test]
fn where_lower_is_better_a_trajectory_speaks_of_better_and_worse() {
    let better = told("x,b,2019,20\nx,b,2020,18\nx,b,2021,15\nx,b,2022,12\nx,b,2023,10\n");
    assert!(better.starts_with("x, b: improving\n"), "{better}");
    assert!(better.contains("; lower is better\n") && better.contains("  it never got worse\n"), "{better}");
    let worse = told("x,b,2019,10.2\nx,b,2020,10.9\nx,b,2021,11.4\nx,b,2022,12.1\nx,b,2023,12.9\n");
    assert!(worse.starts_with("x, b: worsening\n"), "{worse}");
    assert!(worse.contains("  largest worsening: 10.20 in 2019 to 12.90 in 2023, 0 % made up for\n"), "{worse}");
    let turns = told("x,b,2015,10\nx,b,2017,5\nx,b,2019,12\nx,b,2021,8\n");
    assert!(turns.contains("  turning points: worse from 5.00 in 2017, better from 12.00 in 2019\n"), "{turns}");
    for text in [better, worse, turns] {
        let of_figures = ["growing", "declining", "fell", "fall", "peak", "trough", "regained"];
        assert!(of_figures.iter().all(|word| !text.contains(word)), "{text}");
    }
}
