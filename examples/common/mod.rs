//! What the examples share that take tables of one's own: their command line, and how the tables are read.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::error::Error;
use std::process::ExitCode;

use longspring::{Cities, Framework, Observations};

/// The tables that the command line names.
#[derive(Default)]
pub(super) struct Tables {
    framework: Option<String>,
    observations: Option<String>,
    cities: Option<String>,
}

/// Gives the value of an option, which is the next argument.
pub(super) type Value<'a> = &'a mut dyn FnMut() -> Result<String, String>;

/// Takes an option that names no table.
type Take<O> = fn(&mut O, &str, Value<'_>) -> Result<(), String>;

/// What a program does with the tables and the other options.
type Run<O> = fn(&Tables, &O) -> Result<(), Box<dyn Error>>;

/// Runs a program with what the command line asks for, or says how to ask.
pub(super) fn program<O: Default>(usage: &str, option: Take<O>, run: Run<O>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        println!("{usage}");
        return ExitCode::SUCCESS;
    }
    let (tables, options) = match parse(arguments, option) {
        Ok(asked) => asked,
        Err(problem) => {
            eprintln!("{problem}\n\n{usage}");
            return ExitCode::from(2);
        }
    };
    match run(&tables, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn parse<O: Default>(arguments: Vec<String>, option: Take<O>) -> Result<(Tables, O), String> {
    let (mut tables, mut options) = (Tables::default(), O::default());
    let mut arguments = arguments.into_iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--framework" => tables.framework = Some(value()?),
            "--observations" => tables.observations = Some(value()?),
            "--cities" => tables.cities = Some(value()?),
            other => option(&mut options, other, &mut value)?,
        }
    }
    if tables.framework.is_some() != tables.observations.is_some() {
        return Err("--framework and --observations go together".to_owned());
    }
    if tables.cities.is_some() && tables.framework.is_none() {
        return Err("--cities goes with --framework and --observations".to_owned());
    }
    Ok((tables, options))
}

impl Tables {
    /// The user's tables, none where the command line names none; what is wrong with any of them is said together.
    pub(super) fn read(&self) -> Result<Option<(Framework, Observations)>, String> {
        let (Some(framework), Some(observations)) = (&self.framework, &self.observations) else { return Ok(None) };
        let framework = Framework::read_csv(framework);
        let observations = Observations::read_csv(observations);
        let cities = self.cities.as_ref().map(Cities::read_csv).transpose();
        match (framework, observations, cities) {
            (Ok(framework), Ok(known), Ok(None)) => Ok(Some((framework, known))),
            (Ok(framework), Ok(known), Ok(Some(cities))) => {
                let known = known.with_cities(cities).map_err(|error| error.to_string())?;
                Ok(Some((framework, known)))
            }
            (framework, known, cities) => {
                let errors = [framework.err(), known.err(), cities.err()].into_iter().flatten();
                Err(errors.map(|error| error.to_string()).collect::<Vec<_>>().join("\n"))
            }
        }
    }
}
