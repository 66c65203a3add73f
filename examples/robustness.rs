//! How sure is each rank of the article's cities: `cargo run --release --example robustness [INDEX]`.

use std::error::Error;
use std::io::{self, Write};
use std::ops::ControlFlow;

use longspring::{
    Aggregation, Cut, Doubt, ErrorShape, MeasurementError, Method, MonteCarlo, Norm, Normalisation, Sensitivity,
    Status, Target, WeightAnalysis, WeightSpace, WeightSpread, article,
};

fn main() -> Result<(), Box<dyn Error>> {
    let node = std::env::args().nth(1).unwrap_or_else(|| "renewal".to_owned());
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest())?;
    let method = Method::new();
    let scores = method.fit(&framework, &cities)?.score(&cities)?;

    // Everything in doubt at once: weights within a quarter, how figures become scores and are brought together, whether one
    // of the measures should count at all, and figures of low reliability that may be a tenth off.
    let measures: Vec<String> = framework.children(&node)?.map(|child| child.code.clone()).collect();
    let scale = |low| Normalisation::MinMax { low, high: 100.0 };
    let doubts = [
        Doubt::weights(WeightSpread::Within { share: 0.25 }),
        Doubt::normalisation([scale(1.0), Normalisation::PercentileRank]),
        Doubt::aggregation([Aggregation::Arithmetic, Aggregation::Power { exponent: 0.5 }]),
        Doubt::leave_out_one(measures),
        MeasurementError::relative(ErrorShape::Uniform, 0.1).of_status([Status::LowReliability]).into(),
    ];
    let mut progress = io::stderr();
    let simulation =
        MonteCarlo::new(2000).doubts(doubts.clone()).run_with(&method, &framework, &cities, &node, |now| {
            match write!(progress, "\r{:3} % of {} runs", 100 * now.done / now.of, now.of) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        })?;
    writeln!(progress)?;

    // What no sample is needed for: the ranks that some weights within a quarter of the nominal ones give.
    let analysis = WeightAnalysis::of(&scores, &node)?;
    let near = analysis.over(&WeightSpace::all().within(0.25))?;
    let any = analysis.over(&WeightSpace::all())?;

    let mut out = io::stdout().lock();
    writeln!(out, "{node}: {} runs in which all of this is in doubt", simulation.runs())?;
    for doubt in &doubts {
        writeln!(out, "  {doubt}")?;
    }
    writeln!(out)?;
    writeln!(out, "                                           attainable by weights")?;
    writeln!(out, "rank  city                  90 % of runs  within 25 %  any weights  first ten")?;
    for city in simulation.ranking() {
        let Some(rank) = city.nominal_rank() else { continue };
        let interval = city.interval(0.9)?.map_or_else(String::new, |(low, high)| format!("{low} to {high}"));
        let range = |ranks: longspring::AttainableRank| {
            format!("{} to {}{}", ranks.best, ranks.worst, if ranks.exact { "" } else { "?" })
        };
        let (near, any) = (range(near.attainable(city.key())?), range(any.attainable(city.key())?));
        let ten = city.top(10).value;
        writeln!(out, "{rank:4}  {:20}  {interval:>12}  {near:>11}  {any:>11}  {ten:9.2}", city.name())?;
    }
    writeln!(out)?;
    writeln!(out, "What would dethrone the leader: {}", analysis.dethrone(Norm::Max)?)?;
    for child in analysis.children() {
        writeln!(out, "  {}", analysis.leader_stability(child)?)?;
    }
    writeln!(out)?;
    let sensitivity = Sensitivity::new(128).doubts(doubts).target(Target::MeanRankShift);
    let sensitivity = sensitivity.run(&method, &framework, &cities, &node)?;
    writeln!(out, "Which doubt matters most, for the {sensitivity}")?;
    Ok(())
}
