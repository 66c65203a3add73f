//! Scoring, fitting, ranking and reading.
//!
//! Cities have 20 indicators in 6 measures under one index. Times scale with the machine: compare within one run.
//! `LONGSPRING_BENCH_CITIES=1000` limits the number of cities.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use longspring::{Aggregation, Cut, Dataset, Direction, Framework, Method, Node, Normalisation, article};

const SIZES: [usize; 5] = [30, 1_000, 10_000, 100_000, 1_000_000];

fn sizes() -> impl Iterator<Item = usize> {
    let most = std::env::var("LONGSPRING_BENCH_CITIES").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    SIZES.into_iter().filter(move |&n| n <= most)
}

fn framework() -> Framework {
    let mut nodes = vec![Node::index("index")];
    for m in 0..6 {
        nodes.push(Node::measure(format!("m{m}"), "index").weight(1.0 + f64::from(m)));
    }
    for i in 0..20 {
        let direction = if i % 5 == 4 { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        nodes.push(Node::indicator(format!("i{i}"), format!("m{}", i % 6), direction).weight(1.0 + f64::from(i % 3)));
    }
    Framework::new(nodes).unwrap()
}

/// Figures from a small generator, a share of them missing.
fn cities(framework: &Framework, n: usize, missing: f64) -> Dataset {
    let mut uniform = common::uniform();
    let mut builder = Dataset::builder(framework, (0..n).map(|i| format!("c{i}")));
    for i in 0..20 {
        let column = (0..n).map(|_| {
            let value = 10.0 + 90.0 * uniform();
            (uniform() >= missing).then_some(value)
        });
        builder = builder.column(&format!("i{i}"), column.collect::<Vec<_>>());
    }
    builder.build().unwrap()
}

fn arithmetic() -> Method {
    Method::new()
}

fn geometric_on_top() -> Method {
    Method::new()
        .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
        .aggregation_at(0, Aggregation::Geometric)
}

/// All nodes scored and the index ranked, into a result that is used again.
fn score(c: &mut Criterion) {
    let framework = framework();
    for (name, method, missing) in [
        ("score/arithmetic", arithmetic(), 0.0),
        ("score/arithmetic, 5 % missing", arithmetic(), 0.05),
        ("score/geometric on top", geometric_on_top(), 0.0),
        ("score/geometric on top, 5 % missing", geometric_on_top(), 0.05),
    ] {
        let mut group = c.benchmark_group(name);
        group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        for n in sizes() {
            let cities = cities(&framework, n, missing);
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

/// The same into a new result each time.
fn score_new(c: &mut Criterion) {
    let framework = framework();
    let mut group = c.benchmark_group("score/new result");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for n in sizes() {
        let cities = cities(&framework, n, 0.0);
        let composite = arithmetic().fit(&framework, &cities).unwrap();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(BenchmarkId::from_parameter(n), |b| {
            b.iter(|| composite.score(black_box(&cities)).unwrap());
        });
    }
    group.finish();
}

/// The six measures ranked as well, which happens when their ranks are first asked for.
fn rank_all_nodes(c: &mut Criterion) {
    let framework = framework();
    let mut group = c.benchmark_group("score and rank the measures too");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for n in sizes() {
        let cities = cities(&framework, n, 0.0);
        let composite = arithmetic().fit(&framework, &cities).unwrap();
        let mut scores = composite.score(&cities).unwrap();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(BenchmarkId::from_parameter(n), |b| {
            b.iter(|| {
                composite.score_into(black_box(&cities), &mut scores).unwrap();
                for m in 0..6 {
                    black_box(scores.node(&format!("m{m}")).unwrap().ranks().next());
                }
            });
        });
    }
    group.finish();
}

fn fit(c: &mut Criterion) {
    let framework = framework();
    let mut group = c.benchmark_group("fit");
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for n in sizes() {
        for (name, method, missing) in [
            ("complete", arithmetic(), 0.0),
            ("5 % missing", arithmetic(), 0.05),
            ("geometric", geometric_on_top(), 0.0),
        ] {
            let cities = cities(&framework, n, missing);
            group.throughput(Throughput::Elements(n as u64));
            group.bench_function(BenchmarkId::new(name, n), |b| {
                b.iter(|| method.fit(&framework, black_box(&cities)).unwrap());
            });
        }
    }
    group.finish();
}

fn read(c: &mut Criterion) {
    let mut group = c.benchmark_group("the article's tables");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    group.bench_function("framework", |b| b.iter(article::framework));
    group.bench_function("observations and cities", |b| b.iter(article::observations));
    group.bench_function("sources", |b| b.iter(article::sources));
    group.bench_function("claims", |b| b.iter(article::claims));
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    group.bench_function("cut", |b| b.iter(|| known.dataset(&framework, &Cut::latest()).unwrap()));
    group.bench_function("fit and score", |b| {
        b.iter(|| Method::new().fit(&framework, black_box(&cities)).unwrap().score(&cities).unwrap());
    });
    group.finish();
}

criterion_group!(benches, score, score_new, rank_all_nodes, fit, read);
criterion_main!(benches);
