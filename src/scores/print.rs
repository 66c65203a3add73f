//! Scores as text.

use std::fmt;

use super::{Coverage, NodeScores, Scores};
use crate::flags::{Flag, Flags};
use crate::text::{left, right, width};

/// The ranking in an aligned table: rank, city, score, the scores of the node's children side by side, how many of the figures
/// under the node each rests on where children hide that some are missing, and notes on what should be known before a score is
/// trusted; then the cities without a score and why they have none.
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
        let figures = self.hidden_gaps();
        let mut seen = Notes { has_figures: figures.is_some(), ..Notes::default() };
        let mut rows = vec![vec!["rank".to_owned(), "city".to_owned(), self.node.code.clone()]];
        rows[0].extend(children.iter().map(|child| child.node.code.clone()));
        rows[0].extend(figures.as_ref().map(|_| "figures".to_owned()));
        rows[0].push("notes".to_owned());
        for row in self.best_first() {
            let rank = self.rank_at(row).map_or_else(String::new, |rank| rank.to_string());
            let mut cells = vec![rank, self.scores.dataset.name(row).to_owned(), score(self.score_at(row))];
            cells.extend(children.iter().map(|child| score(child.score_at(row))));
            cells.extend(figures.as_ref().and_then(|figures| figures.get(row)).map(Coverage::to_string));
            cells.push(self.position.map_or_else(String::new, |position| {
                seen.note(self.scores.coverage_at(position, row), self.scores.flags_at(position, row))
            }));
            rows.push(cells);
        }
        if !seen.has_words() {
            for row in &mut rows {
                row.truncate(row.len() - 1);
            }
        }
        let columns = rows[0].len();
        let widths: Vec<usize> =
            (0..columns).map(|c| rows.iter().map(|row| width(&row[c])).max().unwrap_or(0)).collect();
        let is_text = |c: usize| c == 1 || rows[0][c] == "notes";
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cells: Vec<String> =
                cells.map(|(c, (cell, &w))| if is_text(c) { left(cell, w) } else { right(cell, w) }).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        seen.fmt(f)?;
        for row in (0..total).filter(|&row| self.score_at(row).is_none()) {
            let why = self.scores.missing_at(self.position, row);
            writeln!(f, "not ranked: {}: {why}", left(self.scores.dataset.name(row), 0))?;
        }
        Ok(())
    }
}

impl NodeScores<'_> {
    /// How many of the figures under the node are known of each city, where one that is ranked lacks some that are not the node's
    /// own children, which notes tell of.
    fn hidden_gaps(&self) -> Option<Vec<Coverage>> {
        let position = self.position?;
        let figures: Vec<Coverage> =
            (0..self.scores.dataset.len()).map(|row| self.scores.figures_at(position, row)).collect();
        let hides = |row: usize| {
            let (figures, children) = (figures[row], self.scores.coverage_at(position, row));
            figures.of > children.of && figures.have < figures.of && self.score_at(row).is_some()
        };
        (0..figures.len()).any(hides).then_some(figures)
    }
}

/// What the notes of a table have to be explained with.
#[derive(Default)]
struct Notes {
    has_figures: bool,
    gaps: Option<Coverage>,
    flags: Flags,
}

impl Notes {
    fn has_words(&self) -> bool {
        self.gaps.is_some() || !self.flags.is_empty()
    }

    /// The note on a score.
    fn note(&mut self, coverage: Coverage, flags: Flags) -> String {
        let mut words: Vec<String> = Vec::new();
        if coverage.have < coverage.of {
            self.gaps.get_or_insert(coverage);
            words.push(coverage.to_string());
        }
        self.flags = self.flags.union(flags);
        words.extend(flags.iter().map(|flag| flag.letter().to_string()));
        words.join(" ")
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_figures {
            let imputed = if self.flags.contains(Flag::Imputed) { ", imputed ones among them" } else { "" };
            writeln!(f, "figures: how many are known of all under the node{imputed}")?;
        }
        if !self.has_words() {
            return Ok(());
        }
        let mut words: Vec<String> = Vec::new();
        if let Some(coverage) = self.gaps {
            words.push(format!("{coverage} means {} of {} children known", coverage.have, coverage.of));
        }
        words.extend(self.flags.iter().map(|flag| format!("{} {flag}", flag.letter())));
        writeln!(f, "notes: {}", words.join("; "))
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
