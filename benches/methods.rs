//! Multi-criteria methods and learned weights: 20 indicators directly under one index, 1,000 and 10,000 cities.
//!
//! Times scale with the machine: compare within one run. `LONGSPRING_BENCH_CITIES=1000` limits the number of cities.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use longspring::{
    Aggregation, Dataset, Direction, Framework, Method, Node, Normalisation, Preference, Treatment, Weighting,
};

fn sizes() -> impl Iterator<Item = usize> {
    let most = std::env::var("LONGSPRING_BENCH_CITIES").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    [1_000, 10_000].into_iter().filter(move |&n| n <= most)
}

fn framework(indicators: usize) -> Framework {
    let mut nodes = vec![Node::index("index")];
    for i in 0..indicators {
        let direction = if i % 5 == 4 { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        nodes.push(Node::indicator(format!("i{i}"), "index", direction).weight(1.0 + (i % 3) as f64));
    }
    Framework::new(nodes).unwrap()
}

/// Figures from a small generator.
fn cities(framework: &Framework, n: usize) -> Dataset {
    let mut uniform = common::uniform();
    let mut builder = Dataset::builder(framework, (0..n).map(|i| format!("c{i}")));
    for code in framework.indicators().map(|i| i.code.clone()) {
        builder = builder.column(&code, (0..n).map(|_| 10.0 + 90.0 * uniform()).collect::<Vec<_>>());
    }
    builder.build().unwrap()
}

fn min_max() -> Method {
    Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
}

fn raw() -> Method {
    Method::new().normalisation(Normalisation::Raw)
}

fn methods() -> Vec<(&'static str, Method)> {
    let linear = Preference::Linear { indifference: 0.05, preference: 0.4 };
    vec![
        ("TOPSIS", min_max().aggregation(Aggregation::Topsis)),
        ("VIKOR", raw().aggregation(Aggregation::Vikor { v: 0.5 })),
        ("PROMETHEE II, usual", min_max().aggregation(Aggregation::PrometheeII { preference: Preference::Usual })),
        ("PROMETHEE II, linear", min_max().aggregation(Aggregation::PrometheeII { preference: linear })),
        ("Copeland", min_max().aggregation(Aggregation::Copeland)),
        ("Borda", min_max().aggregation(Aggregation::Borda)),
        ("COPRAS", raw().aggregation(Aggregation::Copras)),
        ("EDAS", raw().aggregation(Aggregation::Edas)),
        ("MARCOS", raw().aggregation(Aggregation::Marcos)),
        ("median", min_max().aggregation(Aggregation::Median)),
    ]
}

/// Cities scored on a yardstick that stands, and ranked.
fn score(c: &mut Criterion) {
    let framework = framework(20);
    for (name, method) in methods() {
        let mut group = c.benchmark_group(format!("score/{name}"));
        group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
        for n in sizes() {
            let cities = cities(&framework, n);
            let composite = method.fit(&framework, &cities).unwrap();
            let mut scores = composite.score(&cities).unwrap();
            group.throughput(Throughput::Elements(n as u64));
            group.bench_function(BenchmarkId::from_parameter(n), |b| {
                b.iter(|| composite.score_into(black_box(&cities), &mut scores).unwrap());
            });
        }
        group.finish();
    }
}

/// The yardstick learned, which scores the cities of the fit once.
fn fit(c: &mut Criterion) {
    let framework = framework(20);
    for (name, method) in methods() {
        let mut group = c.benchmark_group(format!("fit/{name}"));
        group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
        for n in sizes() {
            let cities = cities(&framework, n);
            group.bench_function(BenchmarkId::from_parameter(n), |b| {
                b.iter(|| method.fit(&framework, black_box(&cities)).unwrap());
            });
        }
        group.finish();
    }
}

/// Weights learned from 1,000 cities, and the linear programs of benefit of the doubt for 1,000 cities and 6 measures.
fn weights(c: &mut Criterion) {
    let mut group = c.benchmark_group("weights");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    let twenty = framework(20);
    let many = cities(&twenty, 1_000);
    for (name, weighting) in [
        ("entropy", Weighting::Entropy),
        ("CRITIC", Weighting::Critic),
        ("MEREC", Weighting::Merec),
        ("balanced", Weighting::Balanced),
    ] {
        let low = Normalisation::MinMax { low: 1.0, high: 100.0 };
        let method = Method::new().normalisation(low).weighting(weighting);
        group.bench_function(BenchmarkId::new(name, "1000 x 20"), |b| {
            b.iter(|| method.fit(&twenty, black_box(&many)).unwrap());
        });
    }
    let six = framework(6);
    let many = cities(&six, 1_000);
    let method = min_max().weighting(Weighting::BenefitOfTheDoubt { shares: None });
    let composite = method.fit(&six, &many).unwrap();
    let mut scores = composite.score(&many).unwrap();
    group.bench_function(BenchmarkId::new("benefit of the doubt, score", "1000 x 6"), |b| {
        b.iter(|| composite.score_into(black_box(&many), &mut scores).unwrap());
    });
    group.finish();
}

/// What treatment adds to scoring.
fn treatment(c: &mut Criterion) {
    let framework = framework(20);
    let mut group = c.benchmark_group("treatment");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for n in sizes() {
        let cities = cities(&framework, n);
        for (name, treatment) in [
            ("none", Treatment::None),
            ("trim", Treatment::Trim { low: 0.05, high: 0.95 }),
            ("logarithm", Treatment::Log),
        ] {
            let composite = Method::new().treatment(treatment).fit(&framework, &cities).unwrap();
            let mut scores = composite.score(&cities).unwrap();
            group.bench_function(BenchmarkId::new(name, n), |b| {
                b.iter(|| composite.score_into(black_box(&cities), &mut scores).unwrap());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, score, fit, weights, treatment);
criterion_main!(benches);
