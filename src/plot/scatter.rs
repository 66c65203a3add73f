//! One node against another.

use super::canvas::Canvas;
use super::field::{Point, field, list};
use super::look::{Look, picture};
use super::shapes::Mark;
use super::{append, check_size, count};
use crate::error::Result;
use crate::scores::Scores;

/// The picture that [`scatter`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Scatter<'a> {
    scores: &'a Scores,
    x: String,
    y: String,
    look: Look,
}

/// The scores of all cities in one node, to the right, against those in another, upward, with the cities' names: such as the
/// measures against the outcome.
///
/// A name that finds no free place near its mark is left out and stays in what a pointer over the mark says; those of highlighted
/// cities are placed first. Cities without a score in both stand below, by name. Pitfall: what goes together need not be
/// cause and effect.
///
/// ```
/// use longspring::{Cut, Method, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let svg = plot::scatter(&scores, "renewal", "vitality").highlight("changchun").svg()?;
/// assert!(svg.contains("Togliatti"));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn scatter(scores: &Scores, x: impl Into<String>, y: impl Into<String>) -> Scatter<'_> {
    Scatter { scores, x: x.into(), y: y.into(), look: Look::default() }
}

picture!(Scatter);

impl Scatter<'_> {
    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (dataset, nodes) = (self.scores.dataset(), [self.scores.node(&self.x)?, self.scores.node(&self.y)?]);
        let [x_name, y_name] = nodes.map(|scores| canvas.label(&scores.node().code, &scores.node().name));
        check_size(dataset.len())?;
        let (mut points, mut without): (Vec<Point<'_>>, Vec<(&str, String)>) = (Vec::new(), Vec::new());
        for row in 0..dataset.len() {
            let (key, name) = (dataset.key(row), canvas.label(dataset.key(row), dataset.name(row)));
            match nodes[0].score_at(row).zip(nodes[1].score_at(row)) {
                Some(at) => {
                    let says = format!("{name}: {x_name} {:.1}, {y_name} {:.1}", at.0, at.1);
                    points.push(Point { key, name, at, says, mark: Mark::Dot });
                }
                None => without.push((key, name)),
            }
        }

        let title = format!("{x_name} against {y_name}");
        let shown = count(points.len(), "city", "cities");
        let mut description = format!("{shown} by their scores in {x_name}, to the right, and in {y_name}, upward.");
        for (scores, name) in nodes.iter().zip([&x_name, &y_name]) {
            if let Some(best) = scores.ranking().next() {
                append(&mut description, format_args!(" Best in {name}: {}.", canvas.label(best.city, best.name)));
            }
        }
        canvas.head(&title, &format!("{shown}; scores, higher is better"), &description);

        field(canvas, points, (&x_name, &y_name), |_, _, _| {});
        list(canvas, "Without a score in both", &without);
        Ok(())
    }
}
