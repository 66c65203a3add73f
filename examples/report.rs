//! A report to open in a browser: `cargo run --release --features report --example report`. See `--help`.

#![expect(clippy::print_stdout, reason = "a program prints")]

mod common;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use common::{Tables, Value};
use longspring::report::Report;
use longspring::{
    Cut, Doubt, Framework, Inquiry, Method, MonteCarlo, Normalisation, Observations, Status, WeightSpace, WeightSpread,
    article,
};

const USAGE: &str = "\
Writes a report about all cities, or about one, as one HTML file.

usage: report [FILE.html] [--city CITY]
              [--framework PATH --observations PATH [--cities PATH]]

  FILE.html             what to write; without it, report.html
  --city CITY           the key of a city: the report is about this one
  --framework PATH      what counts (CSV); without it, the article's
  --observations PATH   what is known (CSV); goes with --framework
  --cities PATH         names and attributes of the cities (CSV)
  --help                prints this";

/// What the command line asks for besides.
#[derive(Default)]
struct Options {
    file: Option<String>,
    city: Option<String>,
}

fn main() -> ExitCode {
    common::program(USAGE, option, run)
}

fn option(options: &mut Options, name: &str, value: Value<'_>) -> Result<(), String> {
    match name {
        "--city" => options.city = Some(value()?),
        // Nobody's table is written over.
        file if Path::new(file).extension().is_some_and(|kind| kind == "html") => options.file = Some(file.to_owned()),
        _ => return Err(format!("{name} is no argument, and no file that ends in .html")),
    }
    Ok(())
}

fn run(tables: &Tables, options: &Options) -> Result<(), Box<dyn Error>> {
    let file = options.file.as_deref().unwrap_or("report.html");
    let html = match tables.read()? {
        Some((framework, known)) => own(&framework, &known, options)?,
        None => of_the_article(options)?,
    };
    std::fs::write(file, html).map_err(|error| format!("cannot write {file}: {error}"))?;
    println!("wrote {file}");
    Ok(())
}

/// A report on tables of one's own: what may be otherwise is the weights.
fn own(framework: &Framework, known: &Observations, options: &Options) -> Result<String, Box<dyn Error>> {
    let simulation = MonteCarlo::new(5000).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let mut report = Report::new(framework, known).simulation(simulation);
    if let Some(city) = &options.city {
        report = report.city(city);
    }
    Ok(report.html()?)
}

fn of_the_article(options: &Options) -> Result<String, Box<dyn Error>> {
    let (framework, known) = (article::framework(), article::observations());
    let (claims, sources) = (article::claims(), article::sources());
    let method = Method::new();

    // What may be otherwise: the weights, the normalisation, and whether one of the measures counts.
    let simulation = MonteCarlo::new(5000)
        .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }))
        .doubt(Doubt::normalisation([Normalisation::MinMax { low: 1.0, high: 100.0 }, Normalisation::PercentileRank]))
        .doubt(Doubt::leave_out_one(["industry", "infrastructure", "investment", "education"]));
    let inquiry = Inquiry::new(&framework, &known)
        .methods([method.clone(), Method::coinr()])
        .cuts([Cut::latest()])
        .weights(WeightSpace::all().within(0.25))
        .also_without([Status::LowReliability]);
    let tested = inquiry.test_claims(&claims)?;

    let report = Report::new(&framework, &known)
        .method(method)
        .index("renewal")
        .simulation(simulation)
        .tested(&inquiry, &tested)
        .sources(&sources)
        .model(article::MODEL);
    let report = match &options.city {
        Some(city) => report.city(city),
        None => report.title("Is Changchun a model for reviving industrial cities?"),
    };
    Ok(report.html()?)
}
