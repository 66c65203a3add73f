//! A report to open in a browser: `cargo run --release --features report --example report -- report.html [--city sheffield]`.

use std::error::Error;

use longspring::report::Report;
use longspring::{Cut, Doubt, Inquiry, Method, MonteCarlo, Normalisation, Status, WeightSpace, WeightSpread, article};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut file, mut city) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--city" {
            city = Some(arguments.next().ok_or("--city needs the key of a city, such as sheffield")?);
        } else {
            file = Some(argument);
        }
    }
    let file = file.unwrap_or_else(|| "report.html".to_owned());

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

    let mut report = Report::new(&framework, &known)
        .method(method)
        .index("renewal")
        .simulation(simulation)
        .tested(&inquiry, &tested)
        .sources(&sources)
        .model(article::MODEL);
    if let Some(city) = city {
        report = report.city(city);
    } else {
        report = report.title("Is Changchun a model for reviving industrial cities?");
    }
    std::fs::write(&file, report.html()?).map_err(|error| format!("cannot write {file}: {error}"))?;
    Ok(())
}
