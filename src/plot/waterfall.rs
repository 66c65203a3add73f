//! What sets two cities apart, step by step.

use svg::node::Node;

use super::canvas::{Canvas, Sample, fit};
use super::look::{Look, picture};
use super::scale::{Figures, Scale};
use super::shapes::{Mark, bar, group, line};
use super::{append, check_size, signed};
use crate::error::Result;
use crate::explain::{Comparison, GapPart};

/// The picture that [`waterfall`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Waterfall<'a> {
    comparison: &'a Comparison,
    by: Steps,
    look: Look,
}

/// What the steps are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Steps {
    Children,
    Indicators,
}

/// What sets two cities apart in a node, as steps that add up: from the score of the second city, over what each child adds to the
/// lead of the first, to the score of the first.
///
/// A step to the right speaks for the first city, one to the left for the second. A child that neither city has is a dash and no
/// step.
///
/// ```
/// use longspring::{Cut, Method, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let comparison = scores.compare("changchun", "detroit", "renewal")?;
/// let svg = plot::waterfall(&comparison).svg()?;
/// assert!(svg.contains("Industrial renewal") && svg.contains("data-node=\"education\""));
/// let svg = plot::waterfall(&comparison).indicators().svg()?;
/// assert!(svg.contains("data-node=\"top_universities\"") && !svg.contains("data-node=\"education\""));
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "gap")]
#[doc(alias = "bridge")]
pub fn waterfall(comparison: &Comparison) -> Waterfall<'_> {
    Waterfall { comparison, by: Steps::Children, look: Look::default() }
}

picture!(Waterfall);

/// A step: the part, its name, and from which score to which it leads; none where neither city has it.
type Step<'a> = (&'a GapPart, String, Option<(f64, f64)>);

impl<'a> Waterfall<'a> {
    /// Shows a step for each indicator under the node instead of each child.
    pub fn indicators(self) -> Self {
        Self { by: Steps::Indicators, ..self }
    }

    fn steps(&self, canvas: &Canvas<'_>) -> Vec<Step<'a>> {
        let parts: Vec<&GapPart> = match self.by {
            Steps::Children => self.comparison.children().collect(),
            Steps::Indicators => self.comparison.indicators().collect(),
        };
        let mut reached = self.comparison.scores.1;
        let step = |part: &'a GapPart| {
            let ends = part.gap.map(|gap| {
                let from = reached;
                reached += gap;
                (from, reached)
            });
            (part, canvas.label(&part.node, &part.name), ends)
        };
        parts.into_iter().map(step).collect()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let found = self.comparison;
        let (ink, text, row, small) = (canvas.ink, canvas.text, canvas.row() * 1.15, canvas.small());
        // A comparison that was kept by an older version has no name of its node.
        let node = if found.node_name.is_empty() { &found.node } else { &found.node_name };
        let node = canvas.label(&found.node, node);
        let [a, b] = [&found.a, &found.b].map(|(key, name)| canvas.label(key, name));
        let steps = self.steps(canvas);
        check_size(steps.len())?;

        let reached = steps.iter().filter_map(|step| step.2).flat_map(|(from, to)| [from, to]);
        let values: Vec<f64> = reached.chain([found.scores.0, found.scores.1]).collect();
        let scale = Scale::round(values.iter().copied(), 0.0, 1.0, 5);
        let figures = Figures::of_range(scale.low, scale.high);
        let gaps = steps.iter().filter_map(|(part, ..)| part.gap.map(|gap| signed(figures, gap)));
        let ends = [found.scores.0, found.scores.1].map(|score| figures.text(score));
        let numbers: Vec<String> = gaps.chain(ends).collect();
        let figures_wide = canvas.column(numbers.iter().map(String::as_str), small, 0.2) + text;
        let names = [&a, &b].into_iter().chain(steps.iter().map(|step| &step.1)).map(String::as_str);
        let column = canvas.column(names, text, 0.36);
        let (from, to) = (canvas.left() + column + text, canvas.right() - figures_wide);
        let scale = Scale { from, to, ..scale };

        let lead = match found.gap {
            gap if gap > 0.0 => format!("{a} is {} ahead of {b}", figures.text(gap)),
            gap if gap < 0.0 => format!("{a} is {} behind {b}", figures.text(-gap)),
            _ => format!("{a} and {b} have the same score"),
        };
        let mut description = format!("{lead} in {node}. From the score of {b}, {}", figures.text(found.scores.1));
        for (part, name, _) in &steps {
            if let Some(gap) = part.gap {
                append(&mut description, format_args!(", {name} {}", signed(figures, gap)));
            }
        }
        append(&mut description, format_args!(", to that of {a}, {}.", figures.text(found.scores.0)));
        canvas.head(&format!("{a} against {b}: {node}"), &format!("{lead}; what adds to it"), &description);
        canvas.legend(&[
            (Sample::Square(ink.first), &format!("speaks for {a}")),
            (Sample::Square(ink.second), &format!("speaks for {b}")),
        ]);

        let top = canvas.y + small * 1.8;
        let bottom = top + row * (steps.len() + 2) as f64;
        canvas.axis(&scale, &scale.ticks(5), (top, bottom));
        let middle = |i: usize| top + row * (i as f64 + 0.5);
        let ends = [(&found.b.0, &b, found.scores.1, 0, Mark::Diamond, ink.second), {
            (&found.a.0, &a, found.scores.0, steps.len() + 1, Mark::Dot, ink.first)
        }];
        // Where a step ends, the next begins: a line leads from one to the next.
        let mut stood = 0;
        for (i, (part, name, ends)) in steps.iter().enumerate() {
            let y = middle(i + 1);
            let side = |score: Option<f64>| score.map_or_else(|| "no score".to_owned(), |s| format!("{s:.1}"));
            let gap = part.gap.map_or_else(|| "\u{2013}".to_owned(), |gap| signed(figures, gap));
            let says = format!("{name}: {gap}; {a} {}, {b} {}", side(part.a.score), side(part.b.score));
            let mut group = group("data-node", &part.node, &says);
            let words = canvas.name(&part.node, canvas.left(), canvas.baseline(y));
            group.append(words.say(&fit(name, column, text, words.bold)));
            let figure = canvas.hint(canvas.right(), canvas.baseline(y)).end();
            if let Some((from, to)) = *ends {
                let colour = if to >= from { ink.first } else { ink.second };
                let (left, right) = (scale.at(from.min(to)), scale.at(from.max(to)));
                group.append(line((scale.at(from), middle(stood)), (scale.at(from), y), ink.muted, 0.8));
                let step = bar(left, y - text * 0.42, right - left, text * 0.84, colour);
                group.append(step.set("class", "step"));
                stood = i + 1;
                group.append(figure.colour(colour).say(&gap));
            } else {
                group.append(figure.say(&gap).set("class", "missing"));
            }
            canvas.add(group);
        }
        let last = scale.at(found.scores.0);
        canvas.add(line((last, middle(stood)), (last, middle(steps.len() + 1)), ink.muted, 0.8));
        for (key, name, score, i, mark, colour) in ends {
            let base = canvas.baseline(middle(i));
            let mut group = group("data-city", key, &format!("{name}: {}", figures.text(score)));
            let words = canvas.name(key, canvas.left(), base).bold();
            group.append(words.say(&fit(name, column, text, true)));
            group.append(mark.at((scale.at(score), middle(i)), text * 0.36, colour, ink.paper));
            group.append(canvas.hint(canvas.right(), base).end().colour(ink.text).say(&figures.text(score)));
            canvas.add(group);
        }
        canvas.y = bottom + canvas.below_axis(bottom - top);
        Ok(())
    }
}
