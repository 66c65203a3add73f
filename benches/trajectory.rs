//! Panels: scoring 19 years of 39 cities on a yardstick that is fitted already, and what surrounds it.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::{Cut, Method, OverTime, Panel, Trajectory, Yardstick, article};

fn panels(c: &mut Criterion) {
    let (framework, known) = (article::framework(), article::observations());
    let cut = Cut::latest().over_time(OverTime::LinearConstantEnds);
    let fit = || Panel::fit_cut(&Method::new(), &framework, &known, 2001..=2019, Yardstick::Pooled, &cut).unwrap();
    let mut panel = fit();
    assert_eq!((panel.years().len(), panel.cities().len()), (19, 39));
    let composite = panel.composite().clone();
    let mut group = c.benchmark_group("panel of 19 years and 39 cities");
    group.bench_function("score", |b| b.iter(|| panel.rescore(black_box(&composite)).unwrap()));
    group.bench_function("cut, fit and score", |b| b.iter(fit));
    group.bench_function("all trajectories of an index", |b| {
        b.iter(|| panel.trajectories(black_box("renewal")).unwrap())
    });
    group.bench_function("level and momentum", |b| b.iter(|| panel.level_and_momentum(black_box("renewal")).unwrap()));
    group.finish();
    let of = |city| Trajectory::of_series(&known, &framework, city, "population").unwrap();
    c.bench_function("trajectory of one series", |b| b.iter(|| of(black_box("detroit"))));
}

criterion_group!(benches, panels);
criterion_main!(benches);
