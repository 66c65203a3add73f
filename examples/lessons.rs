//! What a city can learn from a model, and what takes it to the first ten: `cargo run --example lessons CITY [MODEL]`.

use std::error::Error;
use std::io::{self, Write};

use longspring::{Cut, Goal, Improvement, Lessons, Method, article};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let city = arguments.next().unwrap_or_else(|| "sheffield".to_owned());
    let model = arguments.next().unwrap_or_else(|| article::MODEL.to_owned());
    let (framework, known) = (article::framework(), article::observations());
    let cities = known.dataset(&framework, &Cut::latest())?;
    let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;

    let mut out = io::stdout().lock();
    writeln!(out, "{}", Lessons::new(&city).from(model).speeds(&known).of(&scores, "renewal")?)?;
    let ask = Improvement::new(&city, Goal::top("renewal", 10));
    writeln!(out, "What it takes to be among the first ten, by one indicator alone:")?;
    writeln!(out, "{}", ask.single(&scores)?)?;
    writeln!(out, "By the cheapest mix, the range of each indicator on the yardstick costing 1:")?;
    write!(out, "{}", ask.cheapest(&scores)?)?;
    Ok(())
}
