//! Simulations: 10,000 flat draws of 20 weights with every rank counted, and the sensitivity of 51 cities with 49 indicators.
//!
//! Times scale with the machine: compare within one run. `LONGSPRING_BENCH_CITIES=1000` limits the number of cities.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use longspring::{
    Aggregation, Counts, Dataset, Direction, Doubt, Framework, Method, MonteCarlo, Node, Normalisation, Sensitivity,
    Treatment, WeightSpread,
};

const DRAWS: usize = 10_000;

fn sizes() -> impl Iterator<Item = usize> {
    let most = std::env::var("LONGSPRING_BENCH_CITIES").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    [30, 1_000, 10_000].into_iter().filter(move |&n| n <= most)
}

/// Figures from a small generator.
fn cities(framework: &Framework, n: usize) -> Dataset {
    let mut uniform = common::uniform();
    let mut builder = Dataset::builder(framework, (0..n).map(|i| format!("c{i}")));
    for code in framework.indicators().map(|i| i.code.clone()) {
        // Skewed, so that a treatment has something to do.
        builder = builder.column(&code, (0..n).map(|_| 10.0 + 90.0 * uniform().powi(4)).collect::<Vec<_>>());
    }
    builder.build().unwrap()
}

fn flat(indicators: usize) -> Framework {
    let leaf = |i: usize| Node::indicator(format!("i{i}"), "index", Direction::HigherIsBetter);
    Framework::new(std::iter::once(Node::index("index")).chain((0..indicators).map(leaf))).unwrap()
}

fn draws(c: &mut Criterion) {
    let mut group = c.benchmark_group("10,000 draws of 20 weights");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    let framework = flat(20);
    for n in sizes() {
        let cities = cities(&framework, n);
        let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
        let arithmetic = Method::new().normalisation(scale);
        let geometric = arithmetic.clone().aggregation(Aggregation::Geometric);
        for (name, method, threads, counts) in [
            ("arithmetic, 1 thread", &arithmetic, 1, Counts::Full),
            ("arithmetic, 2 threads", &arithmetic, 2, Counts::Full),
            ("geometric, 1 thread", &geometric, 1, Counts::Full),
            ("arithmetic, 1 thread, steps", &arithmetic, 1, Counts::Steps),
        ] {
            let simulation =
                MonteCarlo::new(DRAWS).threads(threads).counts(counts).doubt(Doubt::weights(WeightSpread::Uniform));
            group.bench_function(BenchmarkId::new(name, n), |b| {
                b.iter(|| black_box(simulation.run(method, &framework, &cities, "index").unwrap()).runs());
            });
        }
    }
    group.finish();
}

/// 49 indicators in 8 measures in 2 groups, four doubts, 3,000 runs and a bootstrap of 100.
fn sensitivity(c: &mut Criterion) {
    let mut nodes = vec![Node::index("index"), Node::measure("g0", "index"), Node::measure("g1", "index")];
    nodes.extend((0..8).map(|m| Node::measure(format!("m{m}"), format!("g{}", m % 2))));
    nodes.extend((0..49).map(|i| Node::indicator(format!("i{i}"), format!("m{}", i % 8), Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let cities = cities(&framework, 51);
    let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
    let analysis = Sensitivity::new(500)
        .bootstrap(100)
        .threads(1)
        .doubt(Doubt::treatment([Treatment::winsorise(1), Treatment::winsorise(5), Treatment::None]))
        .doubt(Doubt::normalisation([scale, Normalisation::PercentileRank]))
        .doubt(Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Median]))
        .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let mut group = c.benchmark_group("sensitivity, 51 cities, 49 indicators");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    group.bench_function("4 doubts, 3,000 runs, 1 thread", |b| {
        b.iter(|| black_box(analysis.run(&Method::new(), &framework, &cities, "index").unwrap()).runs());
    });
    group.finish();
}

criterion_group!(benches, draws, sensitivity);
criterion_main!(benches);
