//! Making a dataset from observations by a cut.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cut::OverTime;
use super::{Column, Cut, Dataset, Mark, Table, check_denominator};
use crate::cities::{Cities, City};
use crate::codes::Codes;
use crate::error::{Fault, Problem, Problems, Result, What, nearest};
use crate::framework::Framework;
use crate::observations::{Observation, Observations, Status};

impl Observations {
    /// One cut of the figures: for every city and series of the framework the figure that counts, or the reason why
    /// there is none.
    ///
    /// The cities are those of the table given by [`Observations::with_cities`]; without one, those that have figures,
    /// as they first appear. A series that nobody has in the cut is a column of missing figures, not an error.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every series that the framework does not know, once each (leave
    /// such figures out with [`Observations::filter`]), with every denominator of the cut that is not positive, or where
    /// there is no city, or the age that the cut allows is a year.
    ///
    /// ```
    /// use longspring::{Cut, Status, article};
    ///
    /// let known = article::observations();
    /// let reliable = known.dataset(&article::framework(), &Cut::latest().without([Status::LowReliability]))?;
    /// let seats = reliable.cell("sheffield", "stadium_seats")?;
    /// assert_eq!(seats.missing.unwrap().to_string(), "only figures of other statuses (the latest is U, low reliability)");
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn dataset(&self, framework: &Framework, cut: &Cut) -> Result<Dataset> {
        cut.check()?;
        let series = Codes::new(framework.series().map(|n| n.code.as_str()));
        self.check_series(framework, &series)?;
        let keys = self.keys();
        if keys.len() == 0 {
            return Err(Fault::NoCities.into());
        }
        let trusted = |o: &&Observation| o.value.is_some() && cut.takes(o.status);
        let newest = self.iter().filter(trusted).map(|o| o.year).max().unwrap_or(i32::MAX);
        let window = cut.window(newest);
        let mut picked: Vec<Vec<Picked>> = vec![vec![Picked::default(); keys.len()]; series.len()];
        for (i, o) in self.iter().enumerate().filter(|(_, o)| o.value.is_some()) {
            if let (Some(city), Some(column)) = (keys.find(&o.city), series.find(&o.series)) {
                picked[column][city].consider(i, o, cut, window);
            }
        }
        let mut texts = Texts::default();
        let mut problems = Vec::new();
        let mut columns = Vec::with_capacity(series.len());
        let rows: Vec<&Observation> = self.iter().collect();
        for (c, cells) in picked.iter().enumerate() {
            let code = series.get(c);
            let divides: Vec<String> = framework.divided_by(code).map(|n| n.code.clone()).collect();
            let mut values = Vec::with_capacity(keys.len());
            let mut marks = Vec::with_capacity(keys.len());
            for (city, cell) in cells.iter().enumerate() {
                let check = |row: usize| {
                    let fault = check_denominator(keys.get(city), code, rows[row].value?, &divides).err()?;
                    Some(Problem::at(self.value_place(row), fault))
                };
                let filled = cut.fills().and_then(|(year, how)| Some((year, cell.filled(year, how, &rows)?)));
                if let Some((year, Filled { value, from, note })) = filled {
                    // The figures are to blame, not what lies between them.
                    problems.extend(from.into_iter().flatten().filter_map(check));
                    let source = from.into_iter().flatten().next().map_or("", |row| rows[row].source.as_str());
                    let (source, note) = (texts.sources.number(source), texts.notes.number(&note));
                    values.push(value);
                    marks.push(Mark::Known { year, status: Status::Imputed, source, note });
                    continue;
                }
                let taken = cell.taken.map(|row| (row, rows[row])).filter(|(_, o)| Picked::stands(cut, o.year));
                problems.extend(taken.and_then(|(row, _)| check(row)));
                values.push(taken.and_then(|(_, o)| o.value).unwrap_or(f64::NAN));
                marks.push(match taken {
                    Some((_, o)) => Mark::Known {
                        year: o.year,
                        status: o.status,
                        source: texts.sources.number(&o.source),
                        note: texts.notes.number(&o.note),
                    },
                    None => cell.reason(),
                });
            }
            columns.push(Arc::new(Column::new(values, Some(marks), divides)));
        }
        Problems::check(problems)?;
        let table = Table {
            keys,
            cities: self.cities().cloned(),
            series,
            columns,
            cut: Some(cut.clone()),
            sources: texts.sources.list,
            notes: texts.notes.list,
            stacked: false,
        };
        Ok(Dataset { table: Arc::new(table) })
    }
}

/// What the cut makes of the figures of a city in a series.
#[derive(Clone, Copy, Default)]
struct Picked {
    /// The row of the figure that counts, and its year.
    taken: Option<usize>,
    year: i32,
    older: Option<i32>,
    newer: Option<i32>,
    /// The row of the first figure after the cut's year, and its year.
    next: Option<(i32, usize)>,
    /// The latest figure whose status is not taken.
    refused: Option<(i32, Status)>,
}

impl Picked {
    fn consider(&mut self, row: usize, o: &Observation, cut: &Cut, (first, last): (i32, i32)) {
        if !cut.takes(o.status) {
            if self.refused.is_none_or(|(year, _)| year < o.year) {
                self.refused = Some((o.year, o.status));
            }
        } else if o.year < first {
            self.older = Some(self.older.map_or(o.year, |year| year.max(o.year)));
        } else if o.year > last {
            self.newer = Some(self.newer.map_or(o.year, |year| year.min(o.year)));
            if self.next.is_none_or(|(year, _)| o.year < year) {
                self.next = Some((o.year, row));
            }
        } else if self.taken.is_none() || self.year < o.year {
            self.taken = Some(row);
            self.year = o.year;
        }
    }

    /// Whether the figure that was picked counts as it is: one of an earlier year does not where only the straight line
    /// between two years may fill in.
    fn stands(cut: &Cut, own: i32) -> bool {
        cut.fills().is_none_or(|(year, _)| own == year)
    }

    /// What fills in for a figure of the year; nothing where there is one, or nothing to fill in from.
    fn filled(&self, year: i32, how: OverTime, rows: &[&Observation]) -> Option<Filled> {
        let (before, after) = (self.taken, self.next.map(|(_, row)| row));
        if before.is_some_and(|row| rows[row].year == year) {
            return None;
        }
        let (value, note) = match (before, after) {
            (Some(a), Some(b)) => {
                let (a, b) = (rows[a], rows[b]);
                let (x, y) = (a.value?, b.value?);
                let years = |from: i32, to: i32| f64::from(to) - f64::from(from);
                let part = years(a.year, year) / years(a.year, b.year);
                // A figure that stays the same does so to the last bit.
                let value = if x == y { x } else { x * (1.0 - part) + y * part };
                (value, format!("linear between {} and {}", a.year, b.year))
            }
            (Some(row), None) | (None, Some(row)) if how == OverTime::LinearConstantEnds => {
                (rows[row].value?, format!("as in {}", rows[row].year))
            }
            _ => return None,
        };
        Some(Filled { value, from: [before, after], note })
    }

    /// Why there is no figure.
    fn reason(&self) -> Mark {
        if self.taken.is_some() {
            // There is a figure of an earlier year, which nothing carries forward.
            return Mark::TooOld(self.year);
        }
        match (self.older, self.newer, self.refused) {
            (Some(year), ..) => Mark::TooOld(year),
            (None, Some(year), _) => Mark::TooNew(year),
            (None, None, Some((_, status))) => Mark::Status(status),
            (None, None, None) => Mark::NoFigure,
        }
    }
}

/// A figure that fills in for one of the year of the cut.
struct Filled {
    value: f64,
    /// The rows that it comes from: before the year, and after it.
    from: [Option<usize>; 2],
    note: String,
}

/// Texts that many cells share, by number from 1; 0 is the empty text.
#[derive(Default)]
struct List {
    list: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

#[derive(Default)]
struct Texts {
    sources: List,
    notes: List,
}

impl List {
    fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        self.list.push(text.to_owned());
        let number = u32::try_from(self.list.len()).unwrap_or(0);
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

impl Dataset {
    /// Gives the table of the cities, with their names and attributes.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every city that the table lacks, with the nearest key.
    pub fn with_cities(&self, cities: &Cities) -> Result<Self> {
        let mut problems = Vec::new();
        let mut own: Vec<City> = Vec::new();
        for key in self.cities() {
            if let Ok(city) = cities.get(key) {
                own.push(city.clone());
            } else {
                let nearest = nearest(key, cities.keys().iter());
                let fault = Fault::UnknownCode { what: What::City, code: key.to_owned(), nearest, rows: 1 };
                problems.push(fault.into());
            }
        }
        Problems::check(problems)?;
        let table = Table { cities: Some(Cities::new(own)?), ..Table::clone(&self.table) };
        Ok(Self { table: Arc::new(table) })
    }
}
