//! Scores as CSV.

use std::io::Write;

use super::Scores;
use crate::error::Result;
use crate::framework::Kind;
use crate::output::{Output, neutral};

impl Scores {
    /// Writes the scores as CSV: a row for every node and city.
    ///
    /// | column | holds |
    /// |---|---|
    /// | `node`, `node_name`, `kind` | the node |
    /// | `city`, `name` | the city |
    /// | `score`, `rank`, `ranked` | its score and rank, empty where it has none, and how many cities are ranked |
    /// | `have`, `of` | how many of the node's children are known, and how many there are |
    /// | `flags` | what should be known before the score is trusted |
    /// | `missing` | why there is no score |
    /// | `value`, `unit` | of an indicator, the value that was scored, after denomination |
    /// | `figure`, `year`, `status`, `source` | of an indicator, the figure as it was observed, and where it comes from |
    ///
    /// Numbers are written in full. A text that a spreadsheet would take for a formula, one that begins with `=`, `+`,
    /// `-` or `@`, gets an apostrophe in front.
    ///
    /// # Errors
    /// [`Error::Write`](crate::Error::Write) where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let header = [
            "node",
            "node_name",
            "kind",
            "city",
            "name",
            "score",
            "rank",
            "ranked",
            "have",
            "of",
            "flags",
            "missing",
            "value",
            "unit",
            "figure",
            "year",
            "status",
            "source",
        ];
        let mut out = Output::new(writer, header)?;
        let number = |n: Option<f64>| n.map_or_else(String::new, |n| n.to_string());
        for node in self.composite.framework().nodes() {
            if self.composite.position(&node.code).is_none() {
                continue;
            }
            for city in self.cities() {
                let standing = self.get(city, &node.code)?;
                let name = self.dataset.name(self.dataset.find_city(city)?);
                let missing = standing.missing.map_or_else(String::new, |m| m.to_string());
                let cell = if node.kind == Kind::Indicator { self.cells(city, &node.code)?.next() } else { None };
                let figure = cell.as_ref().map(|cell| &cell.figure);
                let provenance = figure.and_then(|figure| figure.provenance);
                let unit = if cell.is_some() { node.unit.as_str() } else { "" };
                out.row([
                    &*neutral(&node.code),
                    &neutral(&node.name),
                    &node.kind.to_string(),
                    &neutral(city),
                    &neutral(name),
                    &number(standing.score),
                    &number(standing.rank),
                    &standing.ranked.to_string(),
                    &standing.coverage.have.to_string(),
                    &standing.coverage.of.to_string(),
                    &standing.flags.to_string(),
                    &missing,
                    &number(cell.as_ref().and_then(|cell| cell.value)),
                    &neutral(unit),
                    &number(figure.and_then(|figure| figure.value)),
                    &provenance.map_or_else(String::new, |p| p.year.to_string()),
                    provenance.map_or("", |p| p.status.code()),
                    &neutral(provenance.map_or("", |p| p.source)),
                ])?;
            }
        }
        out.finish()
    }
}
