//! The default method on the article's cities against an independent program.
//!
//! `oracles/article_default.csv` was written by a scorer in plain Python that shares no code with this crate: latest
//! figure of any status, denominators, min-max 0-100 on the sample or on goalposts (clipped), arithmetic means with the
//! framework's weights over what is present, a node needing half of its children.

use longspring::{Cut, Method, article};

#[test]
fn the_default_method_agrees_with_an_independent_program_to_1e_9() {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let mut reader = csv::Reader::from_path("tests/oracles/article_default.csv").unwrap();
    let mut compared = 0;
    for row in reader.deserialize() {
        let (node, city, score, rank): (String, String, Option<f64>, Option<f64>) = row.unwrap();
        let got = scores.get(&city, &node).unwrap();
        assert_eq!(got.score.is_some(), score.is_some(), "{node} of {city}");
        if let (Some(got), Some(score)) = (got.score, score) {
            approx::assert_relative_eq!(got, score, max_relative = 1e-9, epsilon = 1e-12);
        }
        assert_eq!(got.rank, rank, "rank in {node} of {city}");
        compared += 1;
    }
    // 39 cities in 3 indices and 7 measures
    assert_eq!(compared, 390);
}
