//! The main job: scores cities and prints the ranking, a profile of some of them, and what is missing.
//!
//! Without paths it takes the article's tables, which are embedded. See `--help`.

mod common;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use common::{Tables, Value};
use longspring::{Cut, Method, ScoredCell, Scores, article};

const USAGE: &str = "\
Scores cities and prints the ranking, profiles, and what is missing.

usage: changchun [--framework PATH --observations PATH [--cities PATH]]
                 [--profile CITY]... [--csv PATH] [--json PATH]

  --framework PATH      what counts (CSV); without it, the article's
  --observations PATH   what is known (CSV); goes with --framework
  --cities PATH         names and attributes of the cities (CSV)
  --profile CITY        the key of a city to describe; may be given more than once
                        (without it, the article's four: changchun, detroit, ruhr, sheffield)
  --csv PATH            also writes every score, rank, flag and reason as CSV
  --json PATH           also writes scores, yardstick and figures as JSON
  --help                prints this";

/// What the command line asks for besides.
#[derive(Default)]
struct Options {
    profiles: Vec<String>,
    csv: Option<String>,
    json: Option<String>,
}

fn main() -> ExitCode {
    common::program(USAGE, option, run)
}

fn option(options: &mut Options, name: &str, value: Value<'_>) -> Result<(), String> {
    match name {
        "--profile" => options.profiles.push(value()?),
        "--csv" => options.csv = Some(value()?),
        "--json" => options.json = Some(value()?),
        _ => return Err(format!("unknown argument {name}")),
    }
    Ok(())
}

fn run(tables: &Tables, options: &Options) -> Result<(), Box<dyn Error>> {
    let own = tables.read()?;
    let is_own = own.is_some();
    let (framework, known) = own.unwrap_or_else(|| (article::framework(), article::observations()));
    let cities = known.dataset(&framework, &Cut::latest())?;
    for city in &options.profiles {
        cities.city(city)?;
    }
    let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;

    // Standard output may be closed early (`| head`): that is no reason to panic.
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}, scored by\n{}", Cut::latest(), scores.composite().method())?;
    writeln!(out, "{scores}")?;
    let four = ["changchun", "detroit", "ruhr", "sheffield"].map(str::to_owned);
    let profiles = match options.profiles.as_slice() {
        [] if !is_own => four.as_slice(),
        chosen => chosen,
    };
    for city in profiles {
        print_profile(&mut out, &scores, city)?;
    }
    print_missing(&mut out, &scores)?;
    out.flush()?;

    if let Some(path) = &options.csv {
        scores.write_csv(create(path)?)?;
    }
    if let Some(path) = &options.json {
        let mut file = create(path)?;
        serde_json::to_writer(&mut file, &scores)?;
        file.flush()?;
    }
    Ok(())
}

fn create(path: &str) -> Result<BufWriter<File>, String> {
    File::create(path).map(BufWriter::new).map_err(|error| format!("cannot write {path}: {error}"))
}

/// A city's place in every index and measure, and the indicators in which it ranks best and worst.
fn print_profile(out: &mut impl Write, scores: &Scores, city: &str) -> Result<(), Box<dyn Error>> {
    let name = scores.dataset().city(city)?.map_or(city, |c| c.name.as_str());
    writeln!(out, "Profile of {name}")?;
    let framework = scores.composite().framework();
    for index in framework.indices() {
        for node in framework.subtree(&index.code)?.filter(|n| !n.kind.is_series()) {
            let standing = scores.get(city, &node.code)?;
            let flags = if standing.flags.is_empty() { String::new() } else { format!("  [{}]", standing.flags) };
            let depth = 2 * framework.depth(&node.code)?;
            let label = format!("{:depth$}{}", "", node.name);
            match (standing.score, standing.rank, standing.missing) {
                (Some(score), Some(rank), _) => {
                    let ranked = standing.ranked;
                    writeln!(
                        out,
                        "  {label:<30}{score:>8.2}  rank {rank:>2} of {ranked}, {} known{flags}",
                        standing.coverage
                    )?;
                }
                (_, _, Some(why)) => writeln!(out, "  {label:<30}       -  {why}")?,
                _ => {}
            }
        }
    }
    let mut cells: Vec<ScoredCell<'_>> = Vec::new();
    for index in framework.indices() {
        cells.extend(scores.cells(city, &index.code)?.filter(|cell| cell.score.is_some()));
    }
    // By the share of the ranked cities that stand before it; the worst first.
    let place = |cell: &ScoredCell<'_>| cell.rank.unwrap_or(1.0) / cell.ranked as f64;
    cells.sort_by(|a, b| place(b).total_cmp(&place(a)));
    // No indicator is both.
    let shown = (cells.len() / 2).min(3);
    for (heading, chosen) in [
        ("best indicators", cells.iter().rev().take(shown).collect::<Vec<_>>()),
        ("worst indicators", cells.iter().take(shown).collect()),
    ] {
        writeln!(out, "  {heading}")?;
        for cell in chosen {
            writeln!(out, "    {}", describe(cell))?;
        }
    }
    Ok(writeln!(out)?)
}

/// An indicator with value, unit, year and source.
fn describe(cell: &ScoredCell<'_>) -> String {
    let value = cell.value.map_or_else(String::new, number);
    let rank = cell.rank.map_or_else(String::new, |rank| format!("rank {rank} of {}", cell.ranked));
    let figure =
        cell.figure.provenance.map_or_else(String::new, |p| format!("; {}, {} ({})", p.year, p.source, p.status));
    let divided = match &cell.denominator {
        Some((series, denominator)) => {
            let raw = cell.figure.value.map_or_else(String::new, number);
            let by = denominator.value.map_or_else(String::new, number);
            let year = denominator.provenance.map_or_else(String::new, |p| format!(" of {}", p.year));
            format!("; {raw} by {by} {series}{year}")
        }
        None => String::new(),
    };
    format!("{}: {value} [{}], {rank}{figure}{divided}", cell.name, cell.unit)
}

/// A value with at most four decimals.
fn number(value: f64) -> String {
    let rounded = (value * 1e4).round() / 1e4;
    if rounded.is_finite() { rounded.to_string() } else { value.to_string() }
}

/// The indicators that are missing, and of which cities, by reason.
fn print_missing(out: &mut impl Write, scores: &Scores) -> Result<(), Box<dyn Error>> {
    writeln!(out, "Missing figures")?;
    let framework = scores.composite().framework();
    let mut missing = 0;
    for indicator in framework.indicators() {
        let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
        for city in scores.cities() {
            let Some(why) = scores.get(city, &indicator.code)?.missing.map(|m| m.to_string()) else {
                continue;
            };
            missing += 1;
            match reasons.iter_mut().find(|(reason, _)| *reason == why) {
                Some((_, cities)) => cities.push(city),
                None => reasons.push((why, vec![city])),
            }
        }
        for (why, cities) in reasons {
            writeln!(out, "  {}: {why}: {}", indicator.name, cities.join(", "))?;
        }
    }
    let cells = scores.dataset().len() * framework.indicators().count();
    writeln!(out, "  {missing} of {cells} figures are missing")?;
    Ok(())
}
