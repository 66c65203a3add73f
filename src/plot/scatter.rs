//! One node against another.

use svg::node::Node;

use super::canvas::{Canvas, axis_group, fit, wrap};
use super::look::{Look, picture};
use super::place::{Area, Spot, Taken};
use super::scale::Scale;
use super::shapes::{Mark, group, line};
use super::width::{ABOVE, BELOW, width};
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

/// A city that has both scores.
struct Point<'a> {
    key: &'a str,
    name: String,
    at: (f64, f64),
}

impl Scatter<'_> {
    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let (dataset, nodes) = (self.scores.dataset(), [self.scores.node(&self.x)?, self.scores.node(&self.y)?]);
        let [x_name, y_name] = nodes.map(|scores| canvas.label(&scores.node().code, &scores.node().name));
        check_size(dataset.len())?;
        let (mut points, mut without) = (Vec::new(), Vec::new());
        for row in 0..dataset.len() {
            let (key, name) = (dataset.key(row), canvas.label(dataset.key(row), dataset.name(row)));
            match nodes[0].score_at(row).zip(nodes[1].score_at(row)) {
                Some(at) => points.push(Point { key, name, at }),
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

        // The name of the axis that goes up stands above it, where it can be read.
        let (top, left) = (canvas.y + small * 2.2, canvas.left() + text * 3.4);
        canvas.add(canvas.hint(canvas.left(), top - small * 1.1).say(&fit(
            &format!("\u{2191} {y_name}"),
            canvas.right() - canvas.left(),
            small,
            false,
        )));
        let bottom = top + (canvas.right() - left) * 0.72;
        let x = Scale::round(points.iter().map(|p| p.at.0), left, canvas.right() - text, 6);
        let y = Scale::round(points.iter().map(|p| p.at.1), bottom, top, 5);
        let mut group_x = axis_group("x", &x);
        for (value, tick) in x.ticks(6) {
            group_x.append(line((x.at(value), top), (x.at(value), bottom), ink.grid, 1.0));
            group_x.append(canvas.hint(x.at(value), bottom + small * 1.45).middle().say(&tick));
        }
        canvas.add(group_x);
        let mut group_y = axis_group("y", &y);
        for (value, tick) in y.ticks(5) {
            group_y.append(line((left, y.at(value)), (x.to, y.at(value)), ink.grid, 1.0));
            group_y.append(canvas.hint(left - small * 0.5, y.at(value) + small * 0.36).end().say(&tick));
        }
        canvas.add(group_y);

        // By place, not by the order of the table: who comes first has the best place for its name.
        points.sort_by(|a, b| {
            let first = canvas.is_highlighted(b.key).cmp(&canvas.is_highlighted(a.key));
            first.then(b.at.1.total_cmp(&a.at.1)).then(a.at.0.total_cmp(&b.at.0)).then(a.key.cmp(b.key))
        });
        let names = place(canvas, &points, (&x, &y), Area { left, top, right: canvas.right(), bottom });
        for (point, spot) in points.iter().zip(names) {
            let at = (x.at(point.at.0), y.at(point.at.1));
            let says = format!("{}: {x_name} {:.1}, {y_name} {:.1}", point.name, point.at.0, point.at.1);
            let mut mark = group("data-city", point.key, &says);
            let colour = if canvas.is_highlighted(point.key) { ink.second } else { ink.first };
            if let Some(Spot { area, lead }) = spot {
                if let Some((from, to)) = lead {
                    mark.append(line(from, to, ink.muted, 0.6));
                }
                // The box is as wide as the text can be; the text stands at the side that looks at the mark.
                let base = area.top + small * ABOVE;
                let words = if at.0 > area.right {
                    canvas.hint(area.right, base).end()
                } else if at.0 < area.left {
                    canvas.hint(area.left, base)
                } else {
                    canvas.hint(f64::midpoint(area.left, area.right), base).middle()
                };
                let words = words.colour(ink.text);
                let words = if canvas.is_highlighted(point.key) { words.bold().colour(colour) } else { words };
                mark.append(words.say(&short(&point.name, small, words.bold)));
            }
            mark.append(Mark::Dot.at(at, text * 0.28, colour, ink.paper));
            canvas.add(mark);
        }
        canvas.y = bottom + small * 1.5;
        let name = fit(&format!("{x_name} \u{2192}"), canvas.right() - left, small, false);
        canvas.y += small * 1.3;
        canvas.add(canvas.hint(canvas.right(), canvas.y - small * 0.3).end().say(&name));
        canvas.y += small * 0.4;
        Self::list(canvas, &without);
        Ok(())
    }

    /// The cities that are not in the field.
    fn list(canvas: &mut Canvas<'_>, without: &[(&str, String)]) {
        if without.is_empty() {
            return;
        }
        let names: Vec<&str> = without.iter().map(|(_, name)| name.as_str()).collect();
        let keys: Vec<&str> = without.iter().map(|(key, _)| *key).collect();
        let says = format!("Without a score in both: {}", names.join(", "));
        let mut group = svg::node::element::Group::new().set("class", "missing").set("data-cities", keys.join(" "));
        let size = canvas.small();
        for text in wrap(&says, canvas.right() - canvas.left(), size, false, usize::MAX) {
            canvas.y += size * 1.35;
            group.append(canvas.hint(canvas.left(), canvas.y - size * 0.3).say(&text));
        }
        canvas.add(group);
    }
}

/// A name that does not fill the field.
fn short(name: &str, size: f64, bold: bool) -> String {
    fit(name, size * 16.0, size, bold)
}

/// So many names are placed: more find no room.
const MOST_NAMES: usize = 200;

/// A free place for each name, in the order of the points.
fn place(canvas: &Canvas<'_>, points: &[Point<'_>], (x, y): (&Scale, &Scale), field: Area) -> Vec<Option<Spot>> {
    let (size, radius) = (canvas.small(), canvas.text * 0.28 + 1.0);
    let place = |point: &Point<'_>| (x.at(point.at.0), y.at(point.at.1));
    // Where it is crowded the choice is small: those with many others about them choose first, after the highlighted ones.
    let crowd = |point: &Point<'_>| {
        let (x, y) = place(point);
        let about = |other: &&Point<'_>| {
            let other = place(other);
            (other.0 - x).abs() < size * 6.0 && (other.1 - y).abs() < size * 2.0
        };
        points.iter().filter(about).count()
    };
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|&i| (!canvas.is_highlighted(points[i].key), std::cmp::Reverse(crowd(&points[i]))));
    order.truncate(MOST_NAMES);
    let attempt = |order: &[usize]| {
        let mut taken = Taken::new(field);
        for point in points {
            let (x, y) = place(point);
            taken.mark(Area { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
        }
        let mut spots = vec![None; points.len()];
        for &i in order {
            let bold = canvas.is_highlighted(points[i].key);
            let wide = width(&short(&points[i].name, size, bold), bold) * size;
            spots[i] = taken.near(place(&points[i]), (wide, (ABOVE + BELOW) * size), radius + 1.0);
        }
        spots
    };
    let mut best = attempt(&order);
    let without = |spots: &[Option<Spot>]| order.iter().filter(|&&i| spots[i].is_none()).count();
    let mut left = without(&best);
    // Those that found no place choose first in the next attempt, as long as there are few.
    let mut again = order.clone();
    let mut spots = best.clone();
    for _ in 0..if points.len() <= 60 { 12 } else { 0 } {
        if left == 0 {
            break;
        }
        again.sort_by_key(|&i| spots[i].is_some());
        spots = attempt(&again);
        if without(&spots) < left {
            left = without(&spots);
            best.clone_from(&spots);
        }
    }
    best
}
