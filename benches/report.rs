//! The whole report of the article's 39 cities, besides its simulation: it should take less than 0.5 s.
//!
//! Times scale with the machine: compare within one run.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::report::Report;
use longspring::{Cut, Doubt, Inquiry, Method, MonteCarlo, WeightSpace, WeightSpread, article};

fn reports(c: &mut Criterion) {
    let (framework, known) = (article::framework(), article::observations());
    let (claims, sources) = (article::claims(), article::sources());
    let cities = known.dataset(&framework, &Cut::latest()).unwrap();
    let doubt = MonteCarlo::new(2000).doubt(Doubt::weights(WeightSpread::Uniform));
    let run = doubt.run(&Method::new(), &framework, &cities, "renewal").unwrap();
    let inquiry = Inquiry::new(&framework, &known).weights(WeightSpace::all().within(0.25));
    let tested = inquiry.test_claims(&claims).unwrap();
    let report = || Report::new(&framework, &known).index("renewal").simulated(&run).sources(&sources);

    let mut group = c.benchmark_group("a report of 39 cities");
    group.sample_size(10);
    group.bench_function("all, claims tested for it", |b| {
        b.iter(|| black_box(report().claims(&claims).html().unwrap()));
    });
    group.bench_function("all, claims tested before", |b| {
        b.iter(|| black_box(report().tested(&inquiry, &tested).html().unwrap()));
    });
    group.bench_function("one city", |b| {
        b.iter(|| black_box(report().tested(&inquiry, &tested).city("sheffield").html().unwrap()));
    });
}

criterion_group!(benches, reports);
criterion_main!(benches);
