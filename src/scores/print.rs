//! Scores as text.

use std::fmt;

use super::{NodeScores, Scores};
use crate::text::{left, right, width};

/// The ranking in an aligned table: rank, city, score, and the scores of the node's children side by side; then the
/// cities without a score and why they have none.
impl fmt::Display for NodeScores<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let framework = self.scores.composite.framework();
        let children: Vec<NodeScores<'_>> = framework
            .children(&self.node.code)
            .into_iter()
            .flatten()
            .filter_map(|child| self.scores.node(&child.code).ok())
            .filter(|child| child.position.is_some())
            .collect();
        let total = self.scores.dataset.len();
        writeln!(f, "{} ({}): {} of {total} cities ranked", self.node.name, self.node.code, self.ranked())?;
        let score = |s: Option<f64>| s.map_or_else(|| "-".to_owned(), short);
        let mut rows = vec![vec!["rank".to_owned(), "city".to_owned(), self.node.code.clone()]];
        rows[0].extend(children.iter().map(|child| child.node.code.clone()));
        for city in self.ranking() {
            let mut row = vec![city.rank.to_string(), city.name.to_owned(), score(Some(city.score))];
            row.extend(children.iter().map(|child| score(child.score(city.city).ok().flatten())));
            rows.push(row);
        }
        let columns = rows[0].len();
        let widths: Vec<usize> =
            (0..columns).map(|c| rows.iter().map(|row| width(&row[c])).max().unwrap_or(0)).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cells: Vec<String> =
                cells.map(|(c, (cell, &w))| if c == 1 { left(cell, w) } else { right(cell, w) }).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        for row in (0..total).filter(|&row| self.score_at(row).is_none()) {
            let why = self.scores.missing_at(self.position, row);
            writeln!(f, "not ranked: {}: {why}", left(self.scores.dataset.name(row), 0))?;
        }
        Ok(())
    }
}

/// A score with two decimals, or in powers of ten where it would not show so.
fn short(score: f64) -> String {
    let size = score.abs();
    if size == 0.0 || (0.005..1e9).contains(&size) { format!("{score:.2}") } else { format!("{score:.2e}") }
}

/// The ranking of every index.
impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indices = self.composite.framework().indices().filter(|i| self.composite.position(&i.code).is_some());
        for (i, index) in indices.enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            if let Ok(node) = self.node(&index.code) {
                node.fmt(f)?;
            }
        }
        Ok(())
    }
}
