//! Multi-criteria methods and weights against pymcdm 1.4.0 and scikit-criteria 0.10, on two small tables; see
//! `oracles/README.md`. Where a peer is wrong, the right number is worked out by hand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use std::collections::BTreeMap;

use longspring::{
    Aggregation, Dataset, Direction, Framework, Method, Node, Normalisation, Preference, Scores, Weighting,
};

const INPUTS: [&str; 2] = ["r12x6", "ties8x4"];

/// A table of a peer's: directions, weights and figures.
struct Input {
    framework: Framework,
    cities: Dataset,
    keys: Vec<String>,
}

fn input(name: &str) -> Input {
    let mut reader = csv::Reader::from_path(format!("tests/oracles/mcda/input_{name}.csv")).unwrap();
    let codes: Vec<String> = reader.headers().unwrap().iter().skip(1).map(str::to_owned).collect();
    let rows: Vec<(String, Vec<f64>)> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            (row[0].to_owned(), row.iter().skip(1).map(|v| v.parse().unwrap()).collect())
        })
        .collect();
    let (weights, directions, cities) = (&rows[0].1, &rows[1].1, &rows[2..]);
    let mut nodes = vec![Node::index("index")];
    for ((code, weight), direction) in codes.iter().zip(weights).zip(directions) {
        let direction = if *direction < 0.0 { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        nodes.push(Node::indicator(code, "index", direction).weight(*weight));
    }
    let framework = Framework::new(nodes).unwrap();
    let keys: Vec<String> = cities.iter().map(|(key, _)| key.clone()).collect();
    let mut builder = Dataset::builder(&framework, &keys);
    for (j, code) in codes.iter().enumerate() {
        builder = builder.column(code, cities.iter().map(|(_, row)| row[j]).collect::<Vec<_>>());
    }
    Input { cities: builder.build().unwrap(), framework, keys }
}

impl Input {
    fn score(&self, method: &Method) -> Scores {
        method.fit(&self.framework, &self.cities).unwrap().score(&self.cities).unwrap()
    }
}

/// By method and input, then by row and column.
type Numbers = BTreeMap<(String, String), BTreeMap<(usize, usize), f64>>;

/// The numbers of a peer.
fn numbers(peer: &str) -> Numbers {
    let mut all = Numbers::new();
    for row in csv::Reader::from_path(format!("tests/oracles/mcda/{peer}.csv")).unwrap().records() {
        let row = row.unwrap();
        let value = row[4].parse().unwrap_or(f64::NAN);
        all.entry((row[0].to_owned(), row[1].to_owned()))
            .or_default()
            .insert((row[2].parse().unwrap(), row[3].parse().unwrap()), value);
    }
    all
}

/// A column of a peer's numbers, row after row.
fn column(all: &Numbers, method: &str, input: &str) -> Option<Vec<f64>> {
    all.get(&(method.to_owned(), input.to_owned())).map(|cells| cells.values().copied().collect())
}

fn close(what: &str, got: &[Option<f64>], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let got = got.unwrap_or_else(|| panic!("{what}, row {i}: no score"));
        assert!((got - expected).abs() <= 1e-9 * expected.abs() + 1e-12, "{what}, row {i}: {got}, not {expected}");
    }
}

fn index(scores: &Scores) -> Vec<Option<f64>> {
    scores.node("index").unwrap().scores().collect()
}

fn detail(input: &Input, scores: &Scores, name: &str) -> Vec<Option<f64>> {
    let details = scores.details("index").unwrap();
    input.keys.iter().map(|key| details.value(key, name).unwrap()).collect()
}

fn of(normalisation: Normalisation, aggregation: Aggregation) -> Method {
    Method::new().normalisation(normalisation).aggregation(aggregation)
}

fn min_max() -> Normalisation {
    Normalisation::MinMax { low: 0.0, high: 1.0 }
}

/// pymcdm's normalisations that are defined here too.
fn normalisations() -> Vec<(&'static str, Normalisation)> {
    vec![
        ("minmax_normalization", min_max()),
        ("max_normalization", Normalisation::FractionOfMaximum),
        ("sum_normalization", Normalisation::Sum),
        ("vector_normalization", Normalisation::Vector),
        ("linear_normalization", Normalisation::LinearRatio),
    ]
}

#[test]
fn pymcdm_normalises_the_same() {
    let all = numbers("pymcdm");
    for name in INPUTS {
        let input = input(name);
        for (method, normalisation) in normalisations() {
            let scores = input.score(&Method::new().normalisation(normalisation));
            let cells = &all[&(format!("norm:{method}"), name.to_owned())];
            for (&(i, j), expected) in cells {
                let got = scores.score(&input.keys[i - 1], &format!("c{j}")).unwrap();
                close(&format!("{method} {name} c{j}"), &[got], &[*expected]);
            }
        }
    }
}

#[test]
fn pymcdm_aggregates_the_same() {
    let all = numbers("pymcdm");
    let mut compared = 0;
    for name in INPUTS {
        let input = input(name);
        let mut check = |method: &str, what: &Method| {
            let Some(expected) = column(&all, method, name) else { return };
            close(&format!("{method} {name}"), &index(&input.score(what)), &expected);
            compared += expected.len();
        };
        for (method, normalisation) in normalisations() {
            check(&format!("TOPSIS:{method}"), &of(normalisation.clone(), Aggregation::Topsis));
            check(&format!("SAW:{method}"), &of(normalisation, Aggregation::Arithmetic));
        }
        check("TOPSIS", &of(min_max(), Aggregation::Topsis));
        check("WASPAS", &of(Normalisation::LinearRatio, Aggregation::Waspas { lambda: 0.5 }));
        check("MOORA", &of(Normalisation::Raw, Aggregation::Moora));
        check("EDAS", &of(Normalisation::Raw, Aggregation::Edas));
        check("MARCOS", &of(Normalisation::Raw, Aggregation::Marcos));
        let (q, p) = (0.1, 0.5);
        for (preference, p) in [
            ("usual", Preference::Usual),
            ("ushape", Preference::UShape { indifference: q }),
            ("vshape", Preference::VShape { preference: p }),
            ("level", Preference::Level { indifference: q, preference: p }),
            ("vshape_2", Preference::Linear { indifference: q, preference: p }),
        ] {
            let method = format!("PROMETHEE_II({preference};p=.5range;q=.1range)");
            check(&method, &of(min_max(), Aggregation::PrometheeII { preference: p }));
        }
    }
    assert_eq!(compared, 20 * 20, "numbers compared");
}

#[test]
fn pymcdms_lower_is_better_values_are_details() {
    let all = numbers("pymcdm");
    for name in INPUTS {
        let input = input(name);
        for (text, v) in [("0", 0.0), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("1.0", 1.0)] {
            let scores = input.score(&of(Normalisation::Raw, Aggregation::Vikor { v }));
            let expected = column(&all, &format!("VIKOR(v={text})"), name).unwrap();
            close(&format!("VIKOR {text} {name}"), &detail(&input, &scores, "Q"), &expected);
        }
        let scores = input.score(&of(min_max(), Aggregation::Spotis));
        let expected = column(&all, "SPOTIS(bounds=minmax)", name).unwrap();
        close(&format!("SPOTIS {name}"), &detail(&input, &scores, "distance to the ideal"), &expected);
    }
}

#[test]
fn pymcdm_weighs_the_same() {
    let all = numbers("pymcdm");
    let mut compared = 0;
    for name in INPUTS {
        let input = input(name);
        for (method, weighting) in [
            ("equal", Weighting::Equal),
            ("entropy", Weighting::Entropy),
            ("standard_deviation", Weighting::StandardDeviation),
            ("gini", Weighting::Gini),
            ("critic", Weighting::CriticUndirected),
            ("merec", Weighting::Merec),
            ("lopcow", Weighting::Lopcow),
            ("cilos", Weighting::Cilos),
            ("idocriw", Weighting::Idocriw),
        ] {
            // Several cities of the second table are best in a child at once; pymcdm takes the first of them, and so depends
            // on their order. See `impact_loss_does_not_depend_on_the_order_of_cities`.
            if name == "ties8x4" && ["cilos", "idocriw"].contains(&method) {
                continue;
            }
            let raw = of(Normalisation::Raw, Aggregation::Borda).weighting(weighting);
            let scores = input.score(&raw);
            let expected = column(&all, &format!("w:{method}_weights"), name).unwrap();
            let got: Vec<Option<f64>> =
                (1..=expected.len()).map(|j| scores.weight(&input.keys[0], &format!("c{j}")).unwrap()).collect();
            close(&format!("{method} {name}"), &got, &expected);
            compared += 1;
        }
    }
    assert_eq!(compared, 16);
}

#[test]
fn scikit_criteria_agrees_where_it_is_right() {
    let all = numbers("skcriteria");
    let mut compared = 0;
    for name in INPUTS {
        let input = input(name);
        let mut check = |method: &str, got: &[Option<f64>]| {
            let expected = column(&all, method, name).unwrap_or_else(|| panic!("{method} {name}"));
            close(&format!("{method} {name}"), got, &expected);
            compared += expected.len();
        };
        let raw = |aggregation| input.score(&of(Normalisation::Raw, aggregation));
        let vikor = raw(Aggregation::Vikor { v: 0.5 });
        check("agg:VIKOR|raw:q_k", &detail(&input, &vikor, "Q"));
        check("agg:VIKOR|raw:r_k", &detail(&input, &vikor, "R"));
        check("agg:VIKOR|raw:s_k", &detail(&input, &vikor, "S"));
        check("agg:EDAS|raw:score", &index(&raw(Aggregation::Edas)));
        // Negated costs differ from those turned round by a shift, which distances do not see.
        let topsis = |normalisation| index(&input.score(&of(normalisation, Aggregation::Topsis)));
        check("agg:TOPSIS|neg+vec:similarity", &topsis(Normalisation::Vector));
        let spotis = input.score(&of(min_max(), Aggregation::Spotis));
        check("agg:SPOTIS|raw:score", &detail(&input, &spotis, "distance to the ideal"));
        // Counted from 0.
        let places: Vec<Option<f64>> = {
            let details = vikor.details("index").unwrap();
            let mut places: Vec<usize> = details
                .compromise()
                .unwrap()
                .map(|city| input.keys.iter().position(|key| key == city).unwrap())
                .collect();
            places.sort_unstable();
            places.into_iter().map(|place| Some(place as f64)).collect()
        };
        check("agg:VIKOR|raw:compromise_set", &places);
        let marcos = raw(Aggregation::Marcos);
        check("agg:MARCOS|raw:utility_scores", &index(&marcos));
        check("agg:MARCOS|raw:K_minus", &detail(&input, &marcos, "utility against the anti-ideal"));
        check("agg:MARCOS|raw:K_plus", &detail(&input, &marcos, "utility against the ideal"));
        for (method, weighting) in [
            ("EntropyWeighter", Weighting::Entropy),
            ("CRITIC", Weighting::Critic),
            ("GiniWeighter", Weighting::Gini),
            ("MEREC", Weighting::Merec),
        ] {
            let scores = input.score(&of(Normalisation::Raw, Aggregation::Borda).weighting(weighting));
            let expected = column(&all, &format!("pre:{method}:weights"), name).unwrap();
            let got: Vec<Option<f64>> =
                (1..=expected.len()).map(|j| scores.weight(&input.keys[0], &format!("c{j}")).unwrap()).collect();
            close(&format!("{method} {name}"), &got, &expected);
            compared += expected.len();
        }
    }
    assert!(compared > 150, "{compared}");
}

#[test]
fn scikit_criteria_has_the_same_three_results_of_multimoora() {
    let all = numbers("skcriteria");
    for name in INPUTS {
        let input = input(name);
        // It divides the weights by their length too, which adds up to a constant factor.
        let moora = input.score(&of(Normalisation::Raw, Aggregation::Moora));
        let codes = input.framework.indicators().map(|i| i.code.clone());
        let squares = codes.map(|code| moora.weight(&input.keys[0], &code).unwrap().unwrap().powi(2));
        let length = squares.sum::<f64>().sqrt();
        let longer = |got: Vec<Option<f64>>| got.into_iter().map(|v| v.map(|v| v / length)).collect::<Vec<_>>();
        let ratio = column(&all, "agg:RatioMOORA|neg+vec:score", name).unwrap();
        close(&format!("ratio system {name}"), &longer(index(&moora)), &ratio);
        let multimoora = input.score(&of(Normalisation::Raw, Aggregation::MultiMoora));
        let farthest = column(&all, "agg:ReferencePointMOORA|neg+vec:score", name).unwrap();
        close(&format!("reference point {name}"), &longer(detail(&input, &multimoora, "reference point")), &farthest);
        // Its multiplicative form multiplies values by weights, which changes no order, where weights are exponents here: it is
        // that of equal weights, in logarithms and up to a constant.
        let method = of(Normalisation::Raw, Aggregation::MultiMoora).weighting(Weighting::Equal);
        let form = detail(&input, &input.score(&method), "multiplicative form");
        let expected = column(&all, "agg:FullMultiplicativeForm|raw:score", name).unwrap();
        let children = input.framework.indicators().count() as f64;
        let log = |v: &Option<f64>| v.map(|v| children * v.ln());
        let shift = expected[0] - log(&form[0]).unwrap();
        let shifted: Vec<Option<f64>> = form.iter().map(|v| log(v).map(|v| v + shift)).collect();
        close(&format!("multiplicative form {name}"), &shifted, &expected);
    }
}
