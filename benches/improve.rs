//! What it takes: the cheapest mix for one city, of the article and of 1,000 cities x 20 indicators.
//!
//! Times scale with the machine: compare within one run.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::{Cut, Dataset, Direction, Framework, Goal, Improvement, Lessons, Method, Node, Scores, article};

fn embedded() -> Scores {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

/// Four measures of five indicators each.
fn thousand() -> Scores {
    let code = |j: usize| format!("x{j}");
    let mut nodes = vec![Node::index("index")];
    nodes.extend((0..4).map(|m| Node::measure(format!("m{m}"), "index")));
    nodes.extend((0..20).map(|j| Node::indicator(code(j), format!("m{}", j / 5), Direction::HigherIsBetter)));
    let framework = Framework::new(nodes).unwrap();
    let mut uniform = common::uniform();
    let mut builder = Dataset::builder(&framework, (0..1000).map(|i| format!("c{i}")));
    for j in 0..20 {
        builder = builder.column(&code(j), (0..1000).map(|_| 10.0 + 90.0 * uniform()).collect::<Vec<_>>());
    }
    let cities = builder.build().unwrap();
    Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap()
}

fn cheapest(c: &mut Criterion) {
    let mut group = c.benchmark_group("cheapest mix, arithmetic");
    let (few, many) = (embedded(), thousand());
    let ask = Improvement::new("sheffield", Goal::top("renewal", 3));
    group.bench_function("39 cities", |b| b.iter(|| black_box(ask.cheapest(&few).unwrap())));
    group.bench_function("39 cities, each indicator alone", |b| b.iter(|| black_box(ask.single(&few).unwrap())));
    let ask = Improvement::new("c0", Goal::top("index", 10));
    group.bench_function("1,000 cities x 20", |b| b.iter(|| black_box(ask.cheapest(&many).unwrap())));
    let lessons = Lessons::new("sheffield").from("ulsan");
    group.bench_function("lessons, 39 cities", |b| b.iter(|| black_box(lessons.of(&few, "renewal").unwrap())));
}

criterion_group!(benches, cheapest);
criterion_main!(benches);
