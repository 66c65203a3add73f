//! How much is known: of every city in every node.

use std::fmt;
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::{Error, Fault, Result, What};
use crate::framework::{Framework, Kind};
use crate::output::Output;
use crate::steps::denominate::Values;
use crate::text::{left, right, width};

/// How much is known of every city in every index, measure and indicator: counts and shares over the indicators, after
/// denomination. Made by [`Dataset::availability`].
///
/// ```
/// use longspring::{Cut, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let availability = cities.availability(&framework)?;
/// let changchun = availability.get("changchun", "education")?;
/// println!("{} of {} ({:.0} %)", changchun.known, changchun.of, changchun.share() * 100.0);
/// assert!(availability.of_indicator("tertiary_attainment")?.share() < 1.0);
/// println!("{availability}");
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Availability {
    cities: Vec<String>,
    nodes: Vec<String>,
    /// What each node is: indices and measures first.
    kinds: Vec<Kind>,
    /// City after city, a cell a node.
    cells: Vec<Available>,
}

/// As it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    cities: Vec<String>,
    nodes: Vec<String>,
    kinds: Vec<Kind>,
    cells: Vec<Available>,
}

impl From<Availability> for Stored {
    fn from(Availability { cities, nodes, kinds, cells }: Availability) -> Self {
        Self { cities, nodes, kinds, cells }
    }
}

impl TryFrom<Stored> for Availability {
    type Error = Error;

    /// Checks a stored table, which may have been changed by hand.
    fn try_from(Stored { cities, nodes, kinds, cells }: Stored) -> Result<Self> {
        let damaged = |why| Err(Fault::Damaged { what: "table of availability", why }.into());
        if nodes.is_empty() || kinds.len() != nodes.len() || Some(cells.len()) != cities.len().checked_mul(nodes.len())
        {
            return damaged("there is not a cell for every city and node, or not a kind for every node");
        }
        if kinds.contains(&Kind::Context) || !kinds.is_sorted_by_key(|kind| kind.is_series()) {
            return damaged("its nodes are not indices and measures first and then indicators");
        }
        if cells.iter().any(|cell| cell.of == 0 || cell.known > cell.of || cell.nonzero > cell.known) {
            return damaged("a count is larger than the one it is part of, or of nothing");
        }
        Ok(Self { cities, nodes, kinds, cells })
    }
}

/// How much is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Available {
    /// How many have a value.
    pub known: usize,
    /// How many have one that is not 0.
    pub nonzero: usize,
    /// How many there are.
    pub of: usize,
}

impl Available {
    /// The share that is known, from 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        self.known as f64 / self.of as f64
    }

    /// The share of what is known that is not 0; none where nothing is known.
    #[must_use]
    pub fn nonzero_share(self) -> Option<f64> {
        (self.known > 0).then(|| self.nonzero as f64 / self.known as f64)
    }
}

impl Dataset {
    /// How much is known of every city in every node of a framework.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where the dataset lacks a series of the framework.
    pub fn availability(&self, framework: &Framework) -> Result<Availability> {
        let inner: Vec<&str> = framework.nodes().filter(|n| !n.kind.is_series()).map(|n| n.code.as_str()).collect();
        let leaves: Vec<&str> = framework.indicators().map(|n| n.code.as_str()).collect();
        let mut columns = Vec::new();
        for code in &leaves {
            let per = match &framework.node(code)?.denominator {
                Some(d) => Some((self.values(self.find_series(&d.series)?).into(), d.scale)),
                None => None,
            };
            columns.push(Values { figures: self.values(self.find_series(code)?).into(), per });
        }
        let mut members: Vec<Vec<usize>> = Vec::new();
        for code in &inner {
            let below = framework.subtree(code)?.filter(|n| n.kind == Kind::Indicator);
            members.push(below.filter_map(|n| leaves.iter().position(|leaf| *leaf == n.code)).collect());
        }
        members.extend((0..leaves.len()).map(|leaf| vec![leaf]));
        let mut cells = Vec::with_capacity(self.len() * members.len());
        for row in 0..self.len() {
            for below in &members {
                let known = below.iter().map(|&leaf| columns[leaf].at(row)).filter(|v| !v.is_nan());
                let (known, nonzero) = known.fold((0, 0), |(k, n), v| (k + 1, n + usize::from(v != 0.0)));
                cells.push(Available { known, nonzero, of: below.len() });
            }
        }
        let nodes: Vec<String> = inner.iter().chain(&leaves).map(|code| (*code).to_owned()).collect();
        let kinds = nodes.iter().map(|code| Ok(framework.node(code)?.kind)).collect::<Result<_>>()?;
        Ok(Availability { cities: self.cities().map(str::to_owned).collect(), nodes, kinds, cells })
    }
}

impl Availability {
    /// How many indicators of a city are known in a node.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node.
    pub fn get(&self, city: &str, node: &str) -> Result<Available> {
        let row = find(&self.cities, city, What::City)?;
        Ok(self.cells[row * self.nodes.len() + find(&self.nodes, node, What::Node)?])
    }

    /// How many cities have an indicator.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node; [`Error::Invalid`](crate::Error::Invalid) where it is no
    /// indicator.
    pub fn of_indicator(&self, indicator: &str) -> Result<Available> {
        let column = find(&self.nodes, indicator, What::Node)?;
        let kind = self.kinds[column];
        if kind != Kind::Indicator {
            return Err(Fault::WrongKind { what: "be counted over cities", code: indicator.to_owned(), kind }.into());
        }
        let cells = self.cells.iter().skip(column).step_by(self.nodes.len());
        let sum = |(known, nonzero), cell: &Available| (known + cell.known, nonzero + cell.nonzero);
        let (known, nonzero) = cells.fold((0, 0), sum);
        Ok(Available { known, nonzero, of: self.cities.len() })
    }

    /// The keys of the cities.
    pub fn cities(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cities.iter().map(String::as_str)
    }

    /// The codes of the nodes: indices and measures in the order of the framework, then the indicators.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.nodes.iter().map(String::as_str)
    }

    /// Writes the table as CSV: `city`, `node`, `known`, `nonzero`, `of`, `share`.
    ///
    /// # Errors
    /// [`Error::Write`](crate::Error::Write) where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut out = Output::new(writer, ["city", "node", "known", "nonzero", "of", "share"])?;
        for (city, cells) in self.cities.iter().zip(self.cells.chunks_exact(self.nodes.len())) {
            for (node, cell) in self.nodes.iter().zip(cells) {
                let numbers = [cell.known, cell.nonzero, cell.of].map(|n| n.to_string());
                let share = cell.share().to_string();
                out.row([city.as_str(), node, &numbers[0], &numbers[1], &numbers[2], &share])?;
            }
        }
        out.finish()
    }
}

fn find(all: &[String], code: &str, what: What) -> Result<usize> {
    let unknown = || Error::Unknown {
        what,
        code: code.to_owned(),
        nearest: crate::error::nearest(code, all.iter().map(String::as_str)),
    };
    all.iter().position(|own| own == code).ok_or_else(unknown)
}

/// A line a city, and for each index and measure what is known of what there is.
impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<&String> =
            self.nodes.iter().zip(&self.kinds).filter(|(_, kind)| !kind.is_series()).map(|(node, _)| node).collect();
        let text = |cell: &Available| format!("{}/{}", cell.known, cell.of);
        // A short code stands over counts that may be wider.
        let columns: Vec<usize> = shown
            .iter()
            .enumerate()
            .map(|(i, node)| {
                let cells = self.cells.iter().skip(i).step_by(self.nodes.len());
                cells.map(|cell| text(cell).len()).max().unwrap_or(0).max(width(node))
            })
            .collect();
        let first = self.cities.iter().map(|city| width(city)).max().unwrap_or(0);
        write!(f, "{}", left("", first))?;
        shown.iter().zip(&columns).try_for_each(|(node, &column)| write!(f, "  {}", right(node, column)))?;
        writeln!(f)?;
        for (city, cells) in self.cities.iter().zip(self.cells.chunks_exact(self.nodes.len())) {
            write!(f, "{}", left(city, first))?;
            for (cell, &column) in cells.iter().zip(&columns) {
                write!(f, "  {}", right(&text(cell), column))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
