//! Pictures of the article's 39 cities and one more: each should take less than 5 ms.
//!
//! Times scale with the machine: compare within one run.

#![allow(missing_docs, reason = "the macros of criterion write functions without docs")]
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use longspring::{
    Coherence, Correlation, Cut, Dataset, Doubt, Inquiry, LevelAndMomentum, Method, MonteCarlo, Sensitivity,
    Trajectory, WeightAnalysis, WeightSpread, article,
    plot::{self, Theme},
};

fn pictures(c: &mut Criterion) {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
    // The fortieth has the mean of the figures.
    let mut fortieth = Dataset::builder(&framework, ["fortieth"]);
    for series in framework.series() {
        let known: Vec<f64> = cities.column(&series.code).unwrap().flatten().collect();
        fortieth = fortieth.column(&series.code, [known.iter().sum::<f64>() / known.len() as f64]);
    }
    let cities = cities.join(&fortieth.build().unwrap()).unwrap();
    assert_eq!(cities.len(), 40);

    let method = Method::new();
    let composite = method.fit(&framework, &cities).unwrap();
    let scores = composite.score(&cities).unwrap();
    let doubts = || [Doubt::weights(WeightSpread::Uniform), Doubt::leave_out_one(["industry", "education"])];
    let simulation = MonteCarlo::new(2000).doubts(doubts()).run(&method, &framework, &cities, "renewal").unwrap();
    let sensitivity = Sensitivity::new(64).doubts(doubts());
    let sensitivities = sensitivity.run(&method, &framework, &cities, "renewal").unwrap();
    let indicators = framework.indicators().map(|n| n.code.as_str());
    let correlations = Coherence::of(&scores).correlations(Correlation::Pearson, indicators).unwrap();
    let analysis = WeightAnalysis::of(&scores, "renewal").unwrap();

    let comparison = scores.compare("changchun", "detroit", "renewal").unwrap();
    let known = article::observations();
    let forty = known.cities().unwrap().iter().chain(known.cities().unwrap().iter().take(1));
    let moved: Vec<Trajectory> =
        forty.map(|city| Trajectory::of_series(&known, &framework, &city.key, "population").unwrap()).collect();
    assert_eq!(moved.len(), 40);
    let momentum = LevelAndMomentum::of_series(&known, &framework, "gdp_index", 2001..=2012).unwrap();
    let claims = Inquiry::new(&framework, &known).test_claims(&article::claims()).unwrap();

    let mut group = c.benchmark_group("a picture of 40 cities");
    group.sample_size(20);
    let mut time = |name: &str, draw: &dyn Fn() -> longspring::Result<String>| {
        group.bench_function(name, |b| b.iter(|| black_box(draw().unwrap())));
    };
    time("ranking", &|| plot::ranking(&simulation).svg());
    time("acceptability", &|| plot::acceptability(&simulation).svg());
    time("heat", &|| plot::heat(&scores, "renewal").svg());
    time("profile of two", &|| plot::profile(&scores, "renewal", "changchun").against("detroit").svg());
    time("scatter", &|| plot::scatter(&scores, "renewal", "vitality").highlight("changchun").svg());
    time("weight", &|| plot::weight(&analysis, "education").names(&scores).highlight("changchun").svg());
    time("tree", &|| plot::tree(&composite, "renewal").svg());
    time("correlations", &|| plot::correlations(&correlations).names(&scores).svg());
    time("waterfall", &|| plot::waterfall(&comparison).indicators().svg());
    time("trajectories", &|| plot::trajectories(&moved).svg());
    time("momentum", &|| plot::momentum(&momentum).svg());
    time("claims", &|| plot::claims(&claims).svg());
    time("verdict", &|| plot::verdict(claims.tested().next().unwrap()).svg());
    time("heat as the system has it", &|| plot::heat(&scores, "renewal").theme(Theme::Auto).svg());
    time("sobol", &|| plot::sensitivities(&sensitivities).svg());
}

criterion_group!(benches, pictures);
criterion_main!(benches);
