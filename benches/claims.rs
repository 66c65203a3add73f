//! Claims and outcomes of the article.
//!
//! Times scale with the machine: compare within one run.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::{Aggregation, Cut, Inquiry, Method, Normalisation, Outcome, Ties, WeightSpace, article};

/// The twelve testable claims over 10 methods and 100 drawn weights each, beside those at the ends of the set.
fn claims(c: &mut Criterion) {
    let (framework, known, claims) = (article::framework(), article::observations(), article::claims());
    let scale = |low, high| Normalisation::MinMax { low, high };
    let methods = [
        Method::new(),
        Method::coinr(),
        Method::new().normalisation(scale(1.0, 100.0)).aggregation(Aggregation::Geometric),
        Method::new().normalisation(scale(1.0, 100.0)).aggregation_at(0, Aggregation::Geometric),
        Method::new().normalisation(scale(1.0, 100.0)).aggregation(Aggregation::Harmonic),
        Method::new().aggregation(Aggregation::Power { exponent: 2.0 }),
        Method::new().normalisation(Normalisation::PercentileRank),
        Method::new().normalisation(Normalisation::ZScore { mean: 100.0, sd: 10.0 }),
        Method::new().normalisation(Normalisation::Rank { ties: Ties::Average }),
        Method::new().normalisation(scale(1.0, 100.0)).aggregation(Aggregation::Power { exponent: 0.5 }),
    ];
    let inquiry = Inquiry::new(&framework, &known).methods(methods).weights(WeightSpace::all().within(0.25));
    c.bench_function("12 claims, 10 methods, 100 weights", |b| {
        b.iter(|| black_box(&inquiry).test_claims(&claims).unwrap());
    });
}

fn outcome(c: &mut Criterion) {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
    let measures = ["industry", "infrastructure", "investment", "education"];
    c.bench_function("outcome: 4 measures, 999 runs", |b| {
        b.iter(|| Outcome::of("vitality").runs(999).on(black_box(&scores), measures).unwrap());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = claims, outcome
}
criterion_main!(benches);
