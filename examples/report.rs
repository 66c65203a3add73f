//! A report to open in a browser: `cargo run --release --features report --example report`. See `--help`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use longspring::report::Report;
use longspring::{
    Cities, Cut, Doubt, Framework, Inquiry, Method, MonteCarlo, Normalisation, Observations, Status, WeightSpace,
    WeightSpread, article,
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

/// What the command line asks for.
#[derive(Default)]
struct Options {
    file: Option<String>,
    city: Option<String>,
    framework: Option<String>,
    observations: Option<String>,
    cities: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let options = match parse(arguments) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let file = options.file.as_deref().unwrap_or("report.html");
    let done = html(&options).and_then(|html| {
        std::fs::write(file, html).map_err(|error| format!("cannot write {file}: {error}"))?;
        Ok(())
    });
    match done {
        Ok(()) => {
            println!("wrote {file}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: Vec<String>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut arguments = arguments.into_iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--city" => options.city = Some(value()?),
            "--framework" => options.framework = Some(value()?),
            "--observations" => options.observations = Some(value()?),
            "--cities" => options.cities = Some(value()?),
            // Nobody's table is written over.
            file if Path::new(file).extension().is_some_and(|kind| kind == "html") => options.file = Some(name),
            _ => return Err(format!("{name} is no argument, and no file that ends in .html")),
        }
    }
    if options.framework.is_some() != options.observations.is_some() {
        return Err("--framework and --observations go together".to_owned());
    }
    if options.cities.is_some() && options.framework.is_none() {
        return Err("--cities goes with --framework and --observations".to_owned());
    }
    Ok(options)
}

fn html(options: &Options) -> Result<String, Box<dyn Error>> {
    match (&options.framework, &options.observations) {
        (Some(framework), Some(observations)) => own(framework, observations, options),
        _ => of_the_article(options),
    }
}

/// A report on tables of one's own: what may be otherwise is the weights.
fn own(framework: &str, observations: &str, options: &Options) -> Result<String, Box<dyn Error>> {
    let framework = Framework::read_csv(framework)?;
    let mut known = Observations::read_csv(observations)?;
    if let Some(cities) = &options.cities {
        known = known.with_cities(Cities::read_csv(cities.as_str())?)?;
    }
    let simulation = MonteCarlo::new(5000).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let mut report = Report::new(&framework, &known).simulation(simulation);
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
