//! Why: contributions of all nodes, and comparisons of all pairs.
//!
//! 20 indicators in 6 measures under one index. Times scale with the machine: compare within one run.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::{Aggregation, Baseline, Cut, Dataset, Direction, Framework, Method, Node, Normalisation, article};

fn contributions(c: &mut Criterion) {
    let mut nodes = vec![Node::index("index")];
    nodes.extend((0..6).map(|m| Node::measure(format!("m{m}"), "index").weight(1.0 + f64::from(m))));
    nodes.extend((0..20).map(|i| Node::indicator(format!("i{i}"), format!("m{}", i % 6), Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let mut uniform = common::uniform();
    let mut builder = Dataset::builder(&framework, (0..1_000).map(|i| format!("c{i}")));
    for i in 0..20 {
        let column: Vec<Option<f64>> =
            (0..1_000).map(|_| Some(10.0 + 90.0 * uniform()).filter(|v| *v > 14.5)).collect();
        builder = builder.column(&format!("i{i}"), column);
    }
    let cities = builder.build().unwrap();
    let scale = Method::new().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
    let mut group = c.benchmark_group("contributions");
    group.sample_size(10);
    for (name, method) in [
        ("arithmetic", scale.clone()),
        ("geometric on top", scale.clone().aggregation_at(0, Aggregation::Geometric)),
        ("TOPSIS on top", scale.aggregation_at(0, Aggregation::Topsis)),
    ] {
        let scores = method.fit(&framework, &cities).unwrap().score(&cities).unwrap();
        group.bench_function(name, |b| b.iter(|| black_box(&scores).all_contributions(&Baseline::Natural).unwrap()));
    }
    group.finish();
}

fn compare(c: &mut Criterion) {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let keys: Vec<&str> = cities.cities().collect();
    let mut group = c.benchmark_group("compare");
    group.sample_size(10);
    group.bench_function("all pairs of 39 cities", |b| {
        b.iter(|| {
            for (i, a) in keys.iter().enumerate() {
                for other in &keys[i + 1..] {
                    black_box(scores.compare(a, other, "renewal").ok());
                }
            }
        });
    });
    group.finish();
}

criterion_group!(benches, contributions, compare);
criterion_main!(benches);
