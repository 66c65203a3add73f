//! The framework with what counts how much.

use svg::node::Node;

use super::canvas::{Canvas, Sample, fit};
use super::look::{Look, picture};
use super::scale::Scale;
use super::shapes::{bar, gap, group, line};
use super::{append, check_size, count};
use crate::composite::Composite;
use crate::error::Result;
use crate::framework::{Direction, Node as FrameworkNode};
use crate::text::percent;

/// The picture that [`tree`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Tree<'a> {
    composite: &'a Composite,
    node: String,
    look: Look,
}

/// A node and everything under it as a tree, with the effective weight of each: the product of the weights from the node down to it.
///
/// The weights are those that the composite has fitted, for a city that lacks nothing. An arrow tells of each indicator whether
/// higher or lower is better. What the method excludes has an empty box. Under benefit of the doubt, where each city has weights of
/// its own, they are equal here.
///
/// ```
/// use longspring::{Cut, Method, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let composite = Method::new().fit(&framework, &cities)?;
/// let svg = plot::tree(&composite, "renewal").svg()?;
/// assert!(svg.contains("Top-500 universities"));
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "effective weights")]
pub fn tree(composite: &Composite, node: impl Into<String>) -> Tree<'_> {
    Tree { composite, node: node.into(), look: Look::default() }
}

picture!(Tree);

/// A row of the picture.
struct Row<'a> {
    node: &'a FrameworkNode,
    name: String,
    depth: usize,
    /// The effective weight, and that among the siblings; none where the method excludes the node.
    weights: Option<(f64, f64)>,
    /// The row of the parent.
    parent: Option<usize>,
}

impl<'a> Tree<'a> {
    fn rows(&self, canvas: &Canvas<'_>) -> Result<Vec<Row<'a>>> {
        let framework = self.composite.framework();
        let mut rows: Vec<Row<'a>> = Vec::new();
        let mut stack = vec![(framework.node(&self.node)?, None)];
        while let Some((node, parent)) = stack.pop() {
            let weights = match parent.and_then(|p: usize| rows.get(p)) {
                None => self.composite.position(&node.code).map(|_| (1.0, 1.0)),
                Some(above) if above.weights.is_some() => {
                    let own = self.composite.weights(&above.node.code)?.find(|(code, _)| *code == node.code);
                    own.zip(above.weights).map(|((_, own), (weight, _))| (weight * own, own))
                }
                Some(_) => None,
            };
            let depth = parent.and_then(|p| rows.get(p)).map_or(0, |above| above.depth + 1);
            let children: Vec<_> = framework.children(&node.code)?.collect();
            stack.extend(children.into_iter().rev().map(|child| (child, Some(rows.len()))));
            rows.push(Row { node, name: canvas.label(&node.code, &node.name), depth, weights, parent });
        }
        check_size(rows.len())?;
        Ok(rows)
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let rows = self.rows(canvas)?;
        let (ink, text, row, small) = (canvas.ink, canvas.text, canvas.row() * 1.1, canvas.small());
        let leaves = rows.iter().filter(|row| row.node.kind.is_series()).count();
        let title = format!("{}: what counts how much", rows[0].name);
        let mut description = format!(
            "{} with {} under it and the share of each in the whole.",
            rows[0].name,
            count(rows.len() - 1, "node", "nodes")
        );
        for Row { name, weights, .. } in rows.iter().filter(|row| row.depth == 1) {
            let weight = weights.map_or_else(|| "left out".to_owned(), |(weight, _)| percent(weight));
            append(&mut description, format_args!(" {name}: {weight}."));
        }
        let about = format!(
            "{}; effective weight, and in brackets that among siblings",
            count(leaves, "indicator", "indicators")
        );
        canvas.head(&title, &about, &description);
        if rows.iter().any(|row| row.weights.is_none()) {
            canvas.legend(&[(Sample::Square(ink.first), "counts"), (Sample::Missing, "left out by the method")]);
        }

        let indent = text * 1.3;
        let inset = |depth: usize| indent * depth.min(12) as f64;
        let deepest = rows.iter().map(|row| inset(row.depth)).fold(0.0, f64::max);
        let names = canvas.column(rows.iter().map(|row| row.name.as_str()), text, 0.4) + text * 1.4;
        let left = canvas.left() + (deepest + names).min((canvas.right() - canvas.left()) * 0.6) + text;
        let numbers = text * 9.0;
        let scale = Scale { low: 0.0, high: 1.0, from: left, to: canvas.right() - numbers };
        let ticks: Vec<(f64, String)> =
            [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().map(|share| (share, percent(share))).collect();
        let top = canvas.y + small * 1.8;
        let bottom = top + row * rows.len() as f64;
        canvas.axis(&scale, &ticks, (top, bottom));
        let middle = |i: usize| top + row * (i as f64 + 0.5);
        for (i, Row { node, name, depth, weights, parent }) in rows.iter().enumerate() {
            let y = middle(i);
            let base = canvas.baseline(y);
            let says = weights.map_or_else(
                || format!("{name}: left out by the method"),
                |(weight, own)| {
                    format!("{name}: {} of the whole, {} among its siblings", percent(weight), percent(own))
                },
            );
            let mut group = group("data-node", &node.code, &says);
            let x = canvas.left() + inset(*depth);
            if let Some(parent) = parent {
                // From under the parent's first letter down, and to the name.
                let knee = x - indent * 0.65;
                group.append(line((knee, middle(*parent) + row * 0.42), (knee, y), ink.faint, 1.0));
                group.append(line((knee, y), (x - text * 0.2, y), ink.faint, 1.0));
            }
            let arrow = match node.direction.filter(|_| node.kind.is_series()) {
                Some(Direction::HigherIsBetter) => " \u{2191}",
                Some(Direction::LowerIsBetter) => " \u{2193}",
                None => "",
            };
            let mut words = canvas.name(&node.code, x, base);
            if !node.kind.is_series() {
                words = words.bold();
            }
            if weights.is_none() {
                words = words.colour(ink.muted);
            }
            let room = left - x - text * 2.2;
            group.append(words.say(&(fit(name, room, text, words.bold) + arrow)));
            let high = row * if node.kind.is_series() { 0.42 } else { 0.6 };
            match weights {
                Some((weight, own)) => {
                    let wide = scale.at(*weight) - scale.from;
                    let colour = if node.kind.is_series() { ink.first } else { ink.share(0.55) };
                    group.append(bar(scale.from, y - high / 2.0, wide, high, colour).set("class", "weight"));
                    let own = if parent.is_some() { format!("({})", percent(*own)) } else { String::new() };
                    group.append(
                        canvas.words(canvas.right() - text * 4.2, base).end().size(small).say(&percent(*weight)),
                    );
                    group.append(canvas.hint(canvas.right(), base).end().say(&own));
                }
                None => group.append(gap(scale.from, y - high / 2.0, text * 1.5, high, ink.muted)),
            }
            canvas.add(group);
        }
        canvas.y = bottom + canvas.below_axis(bottom - top);
        Ok(())
    }
}
