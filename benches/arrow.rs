//! Scoring a record batch and ranking its index, beside `score_into` on a dataset of the same figures, which ranks the index too
//! and uses its memory again, as `batch_ranked` does: compare the two within one run. `new_batch_ranked` takes new memory for every
//! result, and `batch` does not rank.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use longspring::{Dataset, Direction, Framework, Method, Node, arrow};

fn score(c: &mut Criterion) {
    let most = std::env::var("LONGSPRING_BENCH_CITIES").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let mut nodes = vec![Node::index("index")];
    nodes.extend((0..6).map(|m| Node::measure(format!("m{m}"), "index")));
    nodes.extend((0..20).map(|i| Node::indicator(format!("i{i}"), format!("m{}", i % 6), Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    for (name, missing) in [("whole", 0.0), ("5 % missing", 0.05)] {
        let mut group = c.benchmark_group(format!("arrow/{name}"));
        group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
        for n in [10_000, 1_000_000].into_iter().filter(|&n| n <= most) {
            let mut uniform = common::uniform();
            let mut builder = Dataset::builder(&framework, (0..n).map(|i| format!("c{i}")));
            let mut columns: Vec<(String, ArrayRef)> = Vec::new();
            for i in 0..20 {
                let mut value = || (10.0 + 90.0 * uniform(), uniform());
                let draws = (0..n).map(|_| value());
                let column: Vec<Option<f64>> = draws.map(|(v, u)| (u >= missing).then_some(v)).collect();
                builder = builder.column(&format!("i{i}"), column.iter().copied());
                columns.push((format!("i{i}"), Arc::new(Float64Array::from(column))));
            }
            let cities = builder.build().unwrap();
            let batch = RecordBatch::try_from_iter(columns).unwrap();
            let composite = Method::new().fit(&framework, &cities).unwrap();
            let mut scores = composite.score(&cities).unwrap();
            let mut scorer = arrow::Scorer::new(&composite);
            group.bench_function(BenchmarkId::new("score_into", n), |b| {
                b.iter(|| composite.score_into(black_box(&cities), &mut scores).unwrap());
            });
            group.bench_function(BenchmarkId::new("batch_ranked", n), |b| {
                b.iter(|| {
                    let scored = scorer.score(black_box(&batch)).unwrap();
                    let ranks = scorer.rank("index", std::slice::from_ref(&scored)).unwrap();
                    scorer.recycle(scored);
                    scorer.recycle_ranks(black_box(ranks));
                });
            });
            group.bench_function(BenchmarkId::new("batch", n), |b| {
                b.iter(|| {
                    let scored = scorer.score(black_box(&batch)).unwrap();
                    scorer.recycle(black_box(scored));
                });
            });
            group.bench_function(BenchmarkId::new("new_batch_ranked", n), |b| {
                b.iter(|| {
                    let scored = [arrow::score(&composite, black_box(&batch)).unwrap()];
                    arrow::rank(&composite, "index", &scored).unwrap()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, score);
criterion_main!(benches);
