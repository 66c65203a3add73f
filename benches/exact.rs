//! Exact robustness: 1,000 cities, six children of one index; and the article.
//!
//! Times scale with the machine: compare within one run.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::{
    Cut, Dataset, Direction, Framework, Method, Node, Normalisation, WeightAnalysis, WeightSpace, article,
};

/// Figures from a small generator; a share of them is missing.
fn analysis(n: usize, children: usize, gaps: f64) -> WeightAnalysis {
    let mut nodes = vec![Node::index("index")];
    let code = |j: usize| format!("x{j}");
    for j in 0..children {
        nodes.push(Node::indicator(code(j), "index", Direction::HigherIsBetter).weight(1.0 + (j % 3) as f64));
    }
    let framework = Framework::new(nodes).unwrap();
    let mut uniform = common::uniform();
    let mut builder = Dataset::builder(&framework, (0..n).map(|i| format!("c{i}")));
    for j in 0..children {
        let column = (0..n).map(|_| (uniform() >= gaps).then(|| 10.0 + 90.0 * uniform()));
        builder = builder.column(&code(j), column.collect::<Vec<_>>());
    }
    let cities = builder.build().unwrap();
    let method = Method::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 }).coverage(0.0);
    WeightAnalysis::of(&method.fit(&framework, &cities).unwrap().score(&cities).unwrap(), "index").unwrap()
}

fn stability(c: &mut Criterion) {
    let mut group = c.benchmark_group("weight stability of every city, 1,000 x 6");
    group.sample_size(20);
    for (name, gaps) in [("complete", 0.0), ("a tenth missing", 0.1)] {
        let analysis = analysis(1_000, 6, gaps);
        let children: Vec<String> = analysis.children().map(str::to_owned).collect();
        group.bench_function(name, |b| {
            b.iter(|| {
                for child in &children {
                    black_box(analysis.rank_stabilities(child).unwrap());
                }
            });
        });
        group.bench_function(format!("{name}, the whole order"), |b| {
            b.iter(|| {
                for child in &children {
                    black_box(analysis.order_stability(child).unwrap());
                }
            });
        });
    }
}

fn preference(c: &mut Criterion) {
    let mut group = c.benchmark_group("necessary preference, 1,000 x 6");
    group.sample_size(10);
    let (whole, gaps) = (analysis(1_000, 6, 0.0), analysis(1_000, 6, 0.1));
    let spaces = [("simplex", WeightSpace::all()), ("box", WeightSpace::all().within(0.25))];
    for (name, space) in &spaces {
        group.bench_function(*name, |b| b.iter(|| black_box(whole.over(space).unwrap())));
    }
    group.bench_function("simplex, a tenth missing", |b| b.iter(|| black_box(gaps.over(&spaces[0].1).unwrap())));
    // With orders every pair is two linear programs, and in a box those with other gaps a search.
    let (whole, gaps) = (analysis(100, 6, 0.0), analysis(100, 6, 0.1));
    let order = WeightSpace::all().prefer("x2", "x1").prefer("x1", "x0");
    group.bench_function("100 cities, an order", |b| b.iter(|| black_box(whole.over(&order).unwrap())));
    group.bench_function("100 cities, box, a tenth missing", |b| {
        b.iter(|| black_box(gaps.over(&spaces[1].1).unwrap()));
    });
}

fn attainable(c: &mut Criterion) {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities).unwrap();
    let scores = scores.score(&cities).unwrap();
    let analysis = WeightAnalysis::of(&scores, "renewal").unwrap();
    let mut group = c.benchmark_group("attainable ranks of the article's cities");
    group.sample_size(10);
    for (name, space) in [("simplex", WeightSpace::all()), ("box", WeightSpace::all().within(0.25))] {
        let over = analysis.over(&space).unwrap();
        group.bench_function(name, |b| b.iter(|| black_box(over.attainable_all().unwrap())));
    }
}

criterion_group!(benches, stability, preference, attainable);
criterion_main!(benches);
