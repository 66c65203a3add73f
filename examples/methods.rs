//! Every aggregation and every weighting on the article's cities: the ranks of the four named cities side by side, and how
//! alike the rankings are.
//!
//! ```sh
//! cargo run --release --example methods
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::process::ExitCode;

use longspring::{Aggregation, Cut, Dataset, Framework, Method, Normalisation, Scores, Weighting, article};

const INDEX: &str = "renewal";
const CITIES: [&str; 4] = ["changchun", "detroit", "ruhr", "sheffield"];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> longspring::Result<()> {
    let framework = article::framework();
    let cities = article::observations().dataset(&framework, &Cut::latest())?;

    println!("Aggregation of the four measures (arithmetic means within them, framework weights)\n");
    let rows = Aggregation::CHOICES.iter().map(|&aggregation| {
        let method = base(&aggregation).aggregation_at(0, aggregation);
        (aggregation.to_string(), score(&framework, &cities, &method))
    });
    print_table(&rows.collect::<Vec<_>>());

    println!("\nWeighting of the four measures (arithmetic means everywhere)\n");
    let rows = Weighting::CHOICES.iter().map(|weighting| {
        let method = base(&Aggregation::Arithmetic).weighting_at(0, weighting.clone());
        (weighting.to_string(), score(&framework, &cities, &method))
    });
    print_table(&rows.collect::<Vec<_>>());
    Ok(())
}

/// Indicators on a scale that the aggregation of the measures can take. Every method ranks the same cities: those of which at
/// least two of the four measures are known.
fn base(aggregation: &Aggregation) -> Method {
    let (low, high) = match aggregation {
        Aggregation::CouplingCoordination | Aggregation::Spotis => (0.0, 1.0),
        _ => (1.0, 100.0),
    };
    Method::new().exclude(["wellbeing", "vitality"]).normalisation(Normalisation::MinMax { low, high })
}

fn score(framework: &Framework, cities: &Dataset, method: &Method) -> longspring::Result<Scores> {
    method.fit(framework, cities)?.score(cities)
}

/// A line a method: ranks of the four cities, and Spearman's correlation with the other rankings.
fn print_table(rows: &[(String, longspring::Result<Scores>)]) {
    let rankings: Vec<Option<Vec<f64>>> = rows.iter().map(|(_, scores)| scores.as_ref().ok().and_then(ranks)).collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    print!("{:4} {:width$}", "", "");
    for city in CITIES {
        print!(" {city:>9}");
    }
    print!("  rank correlation with no.");
    println!();
    print!("{:4} {:width$} {:40}", "", "", "");
    for k in 1..=rows.len() {
        print!(" {k:>5}");
    }
    println!();
    for (k, (name, scores)) in rows.iter().enumerate() {
        print!("{:>3}. {name:width$}", k + 1);
        let scores = match scores {
            Ok(scores) => scores,
            Err(error) => {
                println!("  {error}");
                continue;
            }
        };
        for city in CITIES {
            match scores.rank(city, INDEX) {
                Ok(Some(rank)) => print!(" {rank:>9}"),
                _ => print!(" {:>9}", "-"),
            }
        }
        for other in &rankings[..=k] {
            match (other, &rankings[k]) {
                (Some(a), Some(b)) => print!(" {:>5.2}", correlation(a, b)),
                _ => print!(" {:>5}", "-"),
            }
        }
        println!();
    }
}

/// The ranks of the cities in their order, those without one left out; ties share the mean of their ranks.
fn ranks(scores: &Scores) -> Option<Vec<f64>> {
    let values: Vec<f64> = scores.node(INDEX).ok()?.scores().flatten().collect();
    let rank = |own: &f64| {
        let better = values.iter().filter(|v| *v > own).count() as f64;
        let same = values.iter().filter(|v| *v == own).count() as f64;
        better + f64::midpoint(same, 1.0)
    };
    Some(values.iter().map(rank).collect())
}

/// Pearson's correlation of two rankings of the same cities.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let (ma, mb) = (mean(a), mean(b));
    let sum = |x: &[f64], mx: f64, y: &[f64], my: f64| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
    sum(a, ma, b, mb) / (sum(a, ma, a, ma) * sum(b, mb, b, mb)).sqrt()
}
