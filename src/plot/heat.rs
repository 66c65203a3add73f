//! An index and its measures as a table of colours.

use serde::{Deserialize, Serialize};
use svg::node::Node;

use super::canvas::{Canvas, fit, wrap};
use super::look::{Look, picture};
use super::scale::{Figures, Scale, varies};
use super::shapes::{bar, gap, group};
use super::width::width;
use super::{append, check_size, count};
use crate::error::Result;
use crate::scores::{NodeScores, Scores};

/// The picture that [`heat`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Heat<'a> {
    scores: &'a Scores,
    node: String,
    scale: HeatScale,
    first: usize,
    look: Look,
}

/// What the colours of a heat table reach from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HeatScale {
    /// From the lowest to the highest score in the picture: colours compare columns, too.
    #[default]
    Common,
    /// From the lowest to the highest score of each column: for scores that are not on one scale, or hardly vary in some columns.
    EachColumn,
}

/// The scores of a node and of its children, city by city: a row a city, best first, a column a node.
///
/// Cities without a score in the node stand last. A score that is missing is an empty box with a dash, and a pointer over it says
/// why. Children that the method excludes have no column. Where columns are too narrow, numbers are left out and stay in what a
/// pointer says.
///
/// ```
/// use longspring::{Cut, Method, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let svg = plot::heat(&scores, "renewal").first(20).highlight("changchun").svg()?;
/// assert!(svg.contains("data-city=\"changchun\"")); // 32nd, and shown because it is highlighted
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "heatmap")]
pub fn heat(scores: &Scores, node: impl Into<String>) -> Heat<'_> {
    Heat { scores, node: node.into(), scale: HeatScale::default(), first: usize::MAX, look: Look::default() }
}

picture!(Heat);

/// A column: code, name, scores.
type Column<'a> = (&'a str, String, NodeScores<'a>);

impl<'a> Heat<'a> {
    /// Sets what the colours reach from and to.
    pub fn scale(self, scale: HeatScale) -> Self {
        Self { scale, ..self }
    }

    /// Shows the first `n` cities only, and those that are highlighted. A picture holds at most 500.
    pub fn first(self, n: usize) -> Self {
        Self { first: n, ..self }
    }

    fn columns(&self, canvas: &Canvas<'_>) -> Result<Vec<Column<'a>>> {
        let framework = self.scores.composite().framework();
        let own = framework.node(&self.node)?;
        let mut columns = Vec::new();
        for node in std::iter::once(own).chain(framework.children(&self.node)?) {
            let scores = self.scores.node(&node.code)?;
            if scores.position().is_some() || node.code == self.node {
                columns.push((node.code.as_str(), canvas.label(&node.code, &node.name), scores));
            }
        }
        Ok(columns)
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let columns = self.columns(canvas)?;
        let (ink, text, row, small) = (canvas.ink, canvas.text, canvas.row(), canvas.small());
        let dataset = self.scores.dataset();
        let own = columns[0].2;
        let rows: Vec<(usize, String)> = own
            .order()
            .into_iter()
            .enumerate()
            .filter(|(i, row)| *i < self.first || canvas.is_highlighted(dataset.key(*row)))
            .map(|(_, row)| (row, canvas.label(dataset.key(row), dataset.name(row))))
            .collect();
        check_size(rows.len())?;

        let known: Vec<Vec<Option<f64>>> =
            columns.iter().map(|(_, _, node)| rows.iter().map(|&(row, _)| node.score_at(row)).collect()).collect();
        let range = |scores: &mut dyn Iterator<Item = f64>| {
            let (low, high) = scores.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
            if low <= high { Some((low, high)) } else { None }
        };
        let common = range(&mut known.iter().flatten().flatten().copied());
        let ranges: Vec<Option<(f64, f64)>> = match self.scale {
            HeatScale::Common => vec![common; columns.len()],
            HeatScale::EachColumn => known.iter().map(|column| range(&mut column.iter().flatten().copied())).collect(),
        };

        let all = dataset.len();
        let shown =
            if rows.len() < all { format!("{} of {all} cities", rows.len()) } else { count(all, "city", "cities") };
        let (about, description) = (format!("{shown}, higher is better"), Self::describe(&columns, &shown, &rows));
        canvas.head(&format!("{}: city by city", columns[0].1), &about, &description);
        match (self.scale, common) {
            (HeatScale::Common, Some((low, high))) => {
                let figures = Figures::of_range(low, high);
                canvas.ramp(&figures.text(low), &figures.text(high), |share| ink.share(share));
            }
            _ => canvas.ramp("lowest of the column", "highest", |share| ink.share(share)),
        }

        let numbers = text * 2.2;
        let names = canvas.column(rows.iter().map(|(_, name)| name.as_str()), text, 0.3);
        let left = canvas.left() + numbers + names + text;
        let wide = (canvas.right() - left) / columns.len() as f64;
        let top = self.headings(canvas, &columns, left, wide);
        for (i, (city, name)) in rows.iter().enumerate() {
            let y = top + row * i as f64;
            let base = canvas.baseline(y + row / 2.0);
            let key = dataset.key(*city);
            let mut line = group("data-city", key, name);
            let rank = own.rank_at(*city).map_or_else(|| "\u{2013}".to_owned(), |rank| rank.to_string());
            line.append(canvas.hint(canvas.left() + text * 1.5, base).end().say(&rank));
            let words = canvas.name(key, canvas.left() + numbers, base);
            line.append(words.say(&fit(name, names, text, words.bold)));
            for (c, (code, column, node)) in columns.iter().enumerate() {
                // The node itself stands a little apart from its children.
                let (x, cell_wide) = (left + wide * c as f64, wide - if c == 0 { text * 0.5 } else { 1.0 });
                let Some((score, (low, high))) = node.score_at(*city).zip(ranges[c]) else {
                    let why = self.scores.get(key, code)?.missing.map_or_else(String::new, |why| format!(": {why}"));
                    let mut cell = group("data-node", code, &format!("{name}, {column}: no score{why}"));
                    cell.append(gap(x + 1.5, y + 1.5, cell_wide - 3.0, row - 3.0, ink.faint));
                    cell.append(canvas.hint(x + cell_wide / 2.0, base).middle().say("\u{2013}"));
                    line.append(cell);
                    continue;
                };
                let figures = Figures::of_range(low, high);
                let colour = ink.share(if varies(low, high) {
                    Scale { low, high, from: 0.0, to: 1.0 }.share(score)
                } else {
                    0.5
                });
                let mut cell = group("data-node", code, &format!("{name}, {column}: {}", figures.text(score)));
                cell.append(bar(x, y + 0.5, cell_wide, row - 1.0, colour));
                let number = figures.text(score);
                if width(&number, false) * small <= cell_wide {
                    cell.append(canvas.hint(x + cell_wide / 2.0, base).middle().colour(colour.text()).say(&number));
                }
                line.append(cell);
            }
            canvas.add(line);
        }
        canvas.y = top + row * rows.len() as f64;
        Ok(())
    }

    /// The names of the columns: level where they fit in three lines, else upward. Gives where the first row starts.
    fn headings(&self, canvas: &mut Canvas<'_>, columns: &[Column<'_>], left: f64, wide: f64) -> f64 {
        let size = canvas.small();
        let room = wide - size * 0.4;
        let level = |name: &str| name.split_whitespace().all(|word| width(word, true) * size <= room);
        let upward = columns.iter().any(|(_, name, _)| !level(name)) && wide < canvas.text * 7.0;
        let lines: Vec<Vec<String>> = columns
            .iter()
            .map(|(code, name, _)| {
                let bold = *code == self.node || canvas.is_highlighted(code);
                if upward { vec![fit(name, size * 14.0, size, bold)] } else { wrap(name, room, size, bold, 3) }
            })
            .collect();
        let high = if upward {
            lines.iter().flatten().map(|line| width(line, true) * size).fold(0.0, f64::max)
        } else {
            size * 1.2 * lines.iter().map(Vec::len).max().unwrap_or(1) as f64
        };
        let top = canvas.y + high + size * 0.6;
        for (c, ((code, name, _), lines)) in columns.iter().zip(&lines).enumerate() {
            let mut heading = group("data-heading", code, name);
            let middle = left + wide * c as f64 + (wide - if c == 0 { canvas.text * 0.5 } else { 1.0 }) / 2.0;
            for (i, line) in lines.iter().rev().enumerate() {
                let mut words = canvas.hint(middle, top - size * 0.5 - size * 1.2 * i as f64).colour(canvas.ink.text);
                if *code == self.node || canvas.is_highlighted(code) {
                    words = words.bold();
                }
                if upward {
                    words.place.0 += size * 0.36;
                    words = words.upward();
                } else {
                    words = words.middle();
                }
                heading.append(words.say(line));
            }
            canvas.add(heading);
        }
        top
    }

    fn describe(columns: &[Column<'_>], shown: &str, rows: &[(usize, String)]) -> String {
        let names: Vec<&str> = columns.iter().map(|(_, name, _)| name.as_str()).collect();
        let mut text = format!("A table of {shown}, best first, with their scores in {}.", names.join(", "));
        if let Some((row, name)) = rows.first() {
            if let Some(score) = columns[0].2.score_at(*row) {
                append(&mut text, format_args!(" First is {name} with {score:.1}."));
            }
        }
        let without = rows.iter().filter(|(row, _)| columns[0].2.score_at(*row).is_none()).count();
        if without > 0 {
            let those = if without == 1 { "1 has".to_owned() } else { format!("{without} have") };
            append(&mut text, format_args!(" {those} no score."));
        }
        text
    }
}
