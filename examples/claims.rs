//! The article's claims against documents and figures: `cargo run --release --example claims`.
//!
//! Each claim with what documents say of it; where figures can test it, how far it holds whatever the weights (within a
//! quarter), under four methods, with and without figures of low reliability, and what breaks it.

use std::error::Error;
use std::io::{self, Write};

use longspring::{Aggregation, Agreement, Inquiry, Method, Normalisation, Status, TestedClaims, WeightSpace, article};

fn main() -> Result<(), Box<dyn Error>> {
    let (framework, known) = (article::framework(), article::observations());
    let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
    let methods = [
        Method::new(),
        Method::coinr(),
        Method::new().normalisation(scale).aggregation(Aggregation::Geometric),
        Method::new().normalisation(Normalisation::PercentileRank),
    ];
    let inquiry = Inquiry::new(&framework, &known)
        .methods(methods)
        .weights(WeightSpace::all().within(0.25))
        .also_without([Status::LowReliability]);
    let table = inquiry.test_claims(&article::claims())?;

    let mut out = io::stdout().lock();
    writeln!(out, "{inquiry}\n")?;
    for (claim, tested) in table.iter() {
        wrapped(&mut out, &format!("{} ", claim.code), &claim.text)?;
        writeln!(out, "    documents: {} (confidence {})", claim.verdict, claim.confidence)?;
        let Some(tested) = tested else { continue };
        let agreement = match table.agreement(&claim.code)? {
            Agreement::NotCompared => String::new(),
            agreement => format!(" [{agreement}]"),
        };
        wrapped(&mut out, "    figures: ", &format!("{claim}: {}{agreement}", tested.holding))?;
        if tested.nominal.is_some() {
            wrapped(&mut out, "    margin: ", &tested.margins())?;
        }
        if let Some(counterexample) = &tested.counterexample {
            wrapped(&mut out, "    broken by: ", &counterexample.to_string())?;
        }
        for note in &tested.notes {
            wrapped(&mut out, "    note: ", note)?;
        }
    }
    writeln!(out, "\n{}", summary(&table))?;

    // The same once more with nothing open but the missing figures.
    let open = Inquiry::new(&framework, &known).gaps().test_claims(&article::claims())?;
    writeln!(out, "\nWhere only the missing figures are open:")?;
    for (claim, tested) in open.iter().filter_map(|(claim, tested)| Some((claim, tested?))) {
        wrapped(&mut out, &format!("{} ", claim.code), &format!("{claim}: {}", tested.holding))?;
    }
    Ok(())
}

fn summary(table: &TestedClaims) -> String {
    let agreements = || table.iter().filter_map(|(claim, tested)| tested.and(table.agreement(&claim.code).ok()));
    let count = |wanted: Agreement| agreements().filter(|&found| found == wanted).count();
    format!(
        "{} claims, {} of them tested: figures and documents agree on {}, in part on {}, and disagree on {}",
        table.iter().len(),
        table.tested().count(),
        count(Agreement::Agree),
        count(Agreement::Partly),
        count(Agreement::Disagree)
    )
}

/// Prints a text in lines of at most 118 characters, the later ones indented.
fn wrapped(out: &mut impl Write, head: &str, text: &str) -> io::Result<()> {
    const WIDTH: usize = 118;
    let mut line = head.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + word.chars().count() >= WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(8);
        }
        line.push_str(word);
        line.push(' ');
        empty = false;
    }
    writeln!(out, "{}", line.trim_end())
}
