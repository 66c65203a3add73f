//! Reading and writing a dataset as a wide table: a city a row, a series a column.

use std::io::Write;

use super::{Dataset, check_denominator};
use crate::cities::{Cities, City};
use crate::codes::Codes;
use crate::error::{Fault, Problem, Result, What, nearest};
use crate::framework::Framework;
use crate::input::Input;
use crate::output::Output;
use crate::table::{Known, Others, Table};

const KEY: usize = 0;
const NAME: usize = 1;
const COLUMNS: [Known; 2] = [Known::Required("city"), Known::Optional("name")];

/// A column that is being read.
struct Read {
    at: usize,
    series: String,
    /// The indicators that it divides.
    divides: Vec<String>,
    values: Vec<Option<f64>>,
}

/// Whether the columns are those of a long table, a figure a row, and none of these is a series.
pub(crate) fn is_long(framework: &Framework, has: impl Fn(&str) -> bool) -> bool {
    ["indicator", "year", "value"].into_iter().all(|name| has(name) && framework.series().all(|n| n.code != name))
}

/// What to say of a column that is no series.
pub(crate) fn no_column(framework: &Framework, name: String) -> Fault {
    let codes = framework.series().map(|n| n.code.as_str());
    match nearest(&name, codes.chain(["city", "name"])) {
        _ if framework.node(&name).is_ok() => framework.no_series(&name, 1, || None),
        Some(nearest) => Fault::UnknownColumn { name, nearest: Some(nearest) },
        None => Fault::NoSeries { name },
    }
}

impl Dataset {
    /// Reads a dataset from a wide CSV table: a city a row, with its key in the column `city` and, where it is given, its
    /// name in `name`; every other column is a series of the framework, named by its code.
    ///
    /// An empty cell is a missing figure, and so is a marker of the [`Input`]; a series without a column is missing for
    /// all cities. Figures have no year, status or source then: use [`Observations`](crate::Observations) to keep them.
    ///
    /// Attributes of cities, such as a region to group them by, are no series: they go into a table of their own.
    ///
    /// ```
    /// use longspring::{Cities, Dataset, Direction, Framework, Input, Node};
    ///
    /// let framework = Framework::new([
    ///     Node::index("renewal"),
    ///     Node::indicator("wages", "renewal", Direction::HigherIsBetter),
    /// ])?;
    /// let figures = Input::text("city,wages\nalma,31.5\nbrno,28\n", "figures.csv");
    /// let who = Input::text("city,name,region\nalma,Alma,north\nbrno,Brno,south\n", "cities.csv");
    /// let dataset = Dataset::read_csv(figures, &framework)?.with_cities(&Cities::read_csv(who)?)?;
    /// assert_eq!(dataset.city("brno")?.and_then(|city| city.region()), Some("south"));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Read`](crate::Error::Read) where the file cannot be read, [`Error::Invalid`](crate::Error::Invalid) with
    /// every problem of the file and its place: a column that is no series of the framework (with the nearest code), a
    /// city given twice, a cell that is not a number, a denominator that is not positive.
    pub fn read_csv<'a>(input: impl Into<Input<'a>>, framework: &Framework) -> Result<Self> {
        let mut table = Table::open(input, &COLUMNS, Others::Keep)?;
        if is_long(framework, |name| table.others().any(|(_, n)| n == name)) {
            return Err(Problem::at(Some(table.start()), Fault::LongTable).into());
        }
        let mut columns: Vec<Read> = Vec::new();
        for (i, name) in table.others().map(|(i, name)| (i, name.to_owned())).collect::<Vec<_>>() {
            if framework.series().any(|n| n.code == name) {
                let divides = framework.divided_by(&name).map(|n| n.code.clone()).collect();
                columns.push(Read { at: i, series: name, divides, values: Vec::new() });
            } else {
                let place = table.header_place(i);
                table.problem(Some(place), no_column(framework, name));
            }
        }
        let mut keys = String::new();
        let mut ends = Vec::new();
        let mut names: Vec<Option<String>> = Vec::new();
        let mut lines = Vec::new();
        while let Some(mut row) = table.next_row()? {
            let key = row.required(KEY, "key of the city").unwrap_or_default();
            for column in &mut columns {
                let value = row.figure(column.at);
                let check = |v| check_denominator(&key, &column.series, v, &column.divides).err();
                if let Some(fault) = value.and_then(check) {
                    row.fault_at(column.at, fault);
                }
                column.values.push(value);
            }
            keys.push_str(&key);
            ends.push(keys.len());
            names.push(row.optional(NAME));
            lines.push(row.line());
        }
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let codes = Codes::new(starts.zip(&ends).map(|(start, &end)| &keys[start..end]));
        for (first, second) in codes.duplicates().filter(|&(first, _)| !codes.get(first).is_empty()) {
            let fault =
                Fault::Duplicate { what: What::City, code: codes.get(second).to_owned(), first: Some(lines[first]) };
            table.problem_in_line(lines[second], fault);
        }
        table.finish()?;
        let mut builder = Self::builder(framework, codes.iter());
        for column in columns {
            builder = builder.column(&column.series, column.values);
        }
        if names.iter().any(Option::is_some) {
            let city =
                |(key, name): (&str, Option<String>)| City::new(key).name(name.unwrap_or_else(|| key.to_owned()));
            builder = builder.named(Cities::new(codes.iter().zip(names).map(city))?);
        }
        builder.build()
    }

    /// Writes the dataset as a wide CSV table, as [`Dataset::read_csv`] reads it; years, statuses and sources are lost.
    ///
    /// # Errors
    /// [`Error::Write`](crate::Error::Write) where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let named = self.table.cities.is_some();
        let head: &[&str] = if named { &["city", "name"] } else { &["city"] };
        let mut out = Output::new(writer, head.iter().copied().chain(self.series()))?;
        for row in 0..self.len() {
            let figure = |c: usize| self.cell_at(row, c).value.map_or_else(String::new, |v| v.to_string());
            let figures: Vec<String> = (0..self.table.columns.len()).map(figure).collect();
            let head = [self.key(row), self.name(row)];
            out.row(head.into_iter().take(1 + usize::from(named)).chain(figures.iter().map(String::as_str)))?;
        }
        out.finish()
    }
}
