//! One city, or two against each other, in everything under a node.

use svg::node::Node;

use super::canvas::{Canvas, Sample, fit};
use super::look::{Look, picture};
use super::scale::{Figures, Scale};
use super::shapes::{Mark, bar, group, line};
use super::{append, check_size};
use crate::error::Result;
use crate::scores::{NodeScores, Scores};

/// The picture that [`profile`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Profile<'a> {
    scores: &'a Scores,
    node: String,
    city: String,
    rival: Option<String>,
    depth: usize,
    look: Look,
}

/// The scores of a city in a node and in everything under it, as dots on one scale, with the field behind: a line from the
/// lowest score to the highest, a band that holds the middle half of the cities, and a tick at the median.
///
/// Quartiles are interpolated between the scores that there are (type 7 of Hyndman and Fan). Where the city has no score a dash
/// stands in the place of the number, and no dot; where nobody has one there is no band either. Pitfall: all scores stand on one
/// scale, so the picture says little where a method leaves them on scales of their own
/// ([`Normalisation::Raw`](crate::Normalisation::Raw)).
///
/// ```
/// use longspring::{Cut, Method, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let svg = plot::profile(&scores, "renewal", "changchun").against("detroit").svg()?;
/// assert!(svg.contains("Detroit"));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn profile(scores: &Scores, node: impl Into<String>, city: impl Into<String>) -> Profile<'_> {
    let look = Look::default();
    Profile { scores, node: node.into(), city: city.into(), rival: None, depth: usize::MAX, look }
}

picture!(Profile);

/// A row of the picture.
struct Row<'a> {
    code: &'a str,
    name: String,
    depth: usize,
    scores: NodeScores<'a>,
    field: Option<[f64; 5]>,
}

impl<'a> Profile<'a> {
    /// Shows another city beside it. `svg()` fails where there is no such city ([`Error::Unknown`](crate::Error::Unknown)).
    pub fn against(self, city: impl Into<String>) -> Self {
        Self { rival: Some(city.into()), ..self }
    }

    /// Shows the nodes down to so many levels below the node: 1 its children alone. All by default.
    pub fn depth(self, levels: usize) -> Self {
        Self { depth: levels, ..self }
    }

    fn rows(&self, canvas: &Canvas<'_>) -> Result<Vec<Row<'a>>> {
        let framework = self.scores.composite().framework();
        let top = framework.depth(&self.node)?;
        let mut rows = Vec::new();
        for node in framework.subtree(&self.node)? {
            let depth = framework.depth(&node.code)? - top;
            let scores = self.scores.node(&node.code)?;
            if depth <= self.depth && (scores.position().is_some() || depth == 0) {
                let name = canvas.label(&node.code, &node.name);
                let field = field(&scores);
                rows.push(Row { code: &node.code, name, depth, scores, field });
            }
        }
        check_size(rows.len())?;
        Ok(rows)
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let dataset = self.scores.dataset();
        let mut who = vec![(dataset.find_city(&self.city)?, Mark::Dot, canvas.ink.first)];
        if let Some(rival) = &self.rival {
            who.push((dataset.find_city(rival)?, Mark::Diamond, canvas.ink.second));
        }
        let rows = self.rows(canvas)?;
        let (ink, text, row, small) = (canvas.ink, canvas.text, canvas.row() * 1.15, canvas.small());
        let names: Vec<String> =
            who.iter().map(|&(city, ..)| canvas.label(dataset.key(city), dataset.name(city))).collect();

        let title = format!("{}: {}", names.join(" against "), rows[0].name);
        let mut description =
            format!("Scores of {} in {} and what is under it, higher is better.", names.join(" and "), rows[0].name);
        let says = |node: &NodeScores<'_>| -> Vec<String> {
            let score = |city| node.score_at(city).map_or_else(|| "no score".to_owned(), |score| format!("{score:.1}"));
            who.iter().zip(&names).map(|(&(city, ..), name)| format!("{name} {}", score(city))).collect()
        };
        for row in rows.iter().filter(|row| row.depth <= 1) {
            append(&mut description, format_args!(" {}: {}.", row.name, says(&row.scores).join(", ")));
        }
        canvas.head(&title, "scores, higher is better", &description);
        let mut legend: Vec<(Sample, &str)> = who
            .iter()
            .zip(&names)
            .map(|(&(_, mark, colour), name)| (Sample::Mark(mark, colour), name.as_str()))
            .collect();
        legend.push((Sample::Line(ink.faint, text * 0.12), "all cities"));
        legend.push((Sample::Line(ink.faint, text * 0.7), "middle half"));
        legend.push((Sample::Mark(Mark::Tick, ink.text), "median"));
        canvas.legend(&legend);

        let scale = Scale::round(rows.iter().filter_map(|row| row.field).flatten(), 0.0, 1.0, 5);
        let figures = Figures::of_range(scale.low, scale.high);
        let numbers: Vec<String> = rows
            .iter()
            .flat_map(|row| who.iter().filter_map(|&(city, ..)| row.scores.score_at(city)))
            .map(|score| figures.text(score))
            .collect();
        let figures_wide = canvas.column(numbers.iter().map(String::as_str), small, 0.2) + text;
        let indent = text;
        let deepest = rows.iter().map(|row| row.depth.min(6)).max().unwrap_or(0);
        let column = canvas.column(rows.iter().map(|row| row.name.as_str()), text, 0.34) + indent * deepest as f64;
        let (from, to) = (canvas.left() + column + text, canvas.right() - figures_wide * who.len() as f64);
        let scale = Scale { from, to, ..scale };
        let top = canvas.y + small * 1.8;
        let bottom = top + row * rows.len() as f64;
        canvas.axis(&scale, &scale.ticks(5), (top, bottom));

        for (i, Row { code, name, depth, scores, field }) in rows.iter().enumerate() {
            let y = top + row * (i as f64 + 0.5);
            let base = canvas.baseline(y);
            let mut group = group("data-node", code, &format!("{name}: {}", says(scores).join(", ")));
            let inset = indent * (*depth).min(6) as f64;
            let mut words = canvas.name(code, canvas.left() + inset, base);
            if *depth <= 1 {
                words = words.bold();
            }
            group.append(words.say(&fit(name, column - inset, text, words.bold)));
            if let Some([low, quarter, median, three, high]) = *field {
                let band = |from: f64, to: f64, high: f64| {
                    (scale.at(from), y - high / 2.0, scale.at(to) - scale.at(from), high)
                };
                let (x, top, wide, tall) = band(low, high, text * 0.12);
                group.append(bar(x, top, wide, tall, ink.faint).set("class", "range"));
                let (x, top, wide, tall) = band(quarter, three, text * 0.7);
                group.append(bar(x, top, wide, tall, ink.faint).set("class", "middle-half"));
                group.append(Mark::Tick.at((scale.at(median), y), text * 0.42, ink.text, ink.paper));
            }
            if let [a, b] = *who.iter().filter_map(|&(city, ..)| scores.score_at(city)).collect::<Vec<_>>() {
                group.append(line((scale.at(a), y), (scale.at(b), y), ink.text, 1.0));
            }
            for (k, &(city, mark, colour)) in who.iter().enumerate() {
                let right = canvas.right() - figures_wide * (who.len() - 1 - k) as f64;
                let words = canvas.hint(right, base).end().colour(colour);
                let Some(score) = scores.score_at(city) else {
                    group.append(words.say("\u{2013}").set("class", "missing"));
                    continue;
                };
                let mut mark_of = super::shapes::group(
                    "data-city",
                    dataset.key(city),
                    &format!("{}, {name}: {}", names[k], figures.text(score)),
                );
                mark_of.append(mark.at((scale.at(score), y), text * 0.36, colour, ink.paper));
                group.append(mark_of);
                group.append(words.say(&figures.text(score)));
            }
            canvas.add(group);
        }
        canvas.y = bottom + canvas.below_axis(bottom - top);
        Ok(())
    }
}

/// The lowest score of a node, its quartiles, and the highest; none where nobody has a score.
fn field(node: &NodeScores<'_>) -> Option<[f64; 5]> {
    let mut scores: Vec<f64> = node.scores().flatten().collect();
    scores.sort_by(f64::total_cmp);
    let last = scores.len().checked_sub(1)?;
    let quantile = |p: f64| {
        let at = p * last as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in the scores")]
        let below = at.floor() as usize;
        let (a, b) = (scores[below], scores[(below + 1).min(last)]);
        a + (b - a) * (at - below as f64)
    };
    Some([scores[0], quantile(0.25), quantile(0.5), quantile(0.75), scores[last]])
}
