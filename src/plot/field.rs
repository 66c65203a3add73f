//! Named points in a field with two axes. Private.

use svg::node::Node;
use svg::node::element::Group;

use super::canvas::{Canvas, fit, wrap};
use super::place::{Area, Choices, Spot, Taken};
use super::scale::Scale;
use super::shapes::{Mark, group, line};
use super::width::{ABOVE, BELOW, width};

/// A city at a place.
#[derive(Debug)]
pub(super) struct Point<'a> {
    pub(super) key: &'a str,
    pub(super) name: String,
    pub(super) at: (f64, f64),
    /// What a pointer over it says.
    pub(super) says: String,
    pub(super) mark: Mark,
}

/// Where the axes stand.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) x: Scale,
    pub(super) y: Scale,
    pub(super) area: Area,
}

/// Draws points with their names, over two axes with theirs. What lies behind the points is drawn by a function, which also takes
/// the places that names must not have.
pub(super) fn field(
    canvas: &mut Canvas<'_>,
    mut points: Vec<Point<'_>>,
    (x_name, y_name): (&str, &str),
    behind: impl FnOnce(&mut Canvas<'_>, &Field, &mut Taken),
) {
    let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
    // The name of the axis that goes up stands above it, where it can be read.
    let top = canvas.y + small * 2.2;
    let up = fit(&format!("\u{2191} {y_name}"), canvas.right() - canvas.left(), small, false);
    canvas.add(canvas.hint(canvas.left(), top - small * 1.1).say(&up));
    let y = Scale::round(points.iter().map(|p| p.at.1), 0.0, 1.0, 5);
    let ticks = y.ticks(5);
    let left = canvas.left() + canvas.beside_axis(&ticks).max(text * 3.4);
    let bottom = top + (canvas.right() - left) * 0.72;
    let x = Scale::round(points.iter().map(|p| p.at.0), left, canvas.right() - text, 6);
    let y = Scale { from: bottom, to: top, ..y };
    canvas.across(&x, &x.ticks(6), (top, bottom), &[bottom + small * 1.45]);
    canvas.add(canvas.upward(&y, &ticks, (left, x.to)));

    let area = Area { left, top, right: canvas.right(), bottom };
    let field = Field { x, y, area };
    let mut free = Taken::new(area);
    behind(canvas, &field, &mut free);
    // By place, not by the order of the table: who comes first has the best place for its name.
    points.sort_by(|a, b| {
        let first = canvas.is_highlighted(b.key).cmp(&canvas.is_highlighted(a.key));
        first.then(b.at.1.total_cmp(&a.at.1)).then(a.at.0.total_cmp(&b.at.0)).then(a.key.cmp(b.key))
    });
    let names = place(canvas, &points, &field, &free);
    for (point, spot) in points.iter().zip(names) {
        let at = (x.at(point.at.0), y.at(point.at.1));
        let mut mark = group("data-city", point.key, &point.says);
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
        mark.append(point.mark.at(at, text * 0.28, colour, ink.paper));
        canvas.add(mark);
    }
    canvas.y = bottom + small * 1.5;
    let name = fit(&format!("{x_name} \u{2192}"), canvas.right() - left, small, false);
    canvas.y += small * 1.3;
    canvas.add(canvas.hint(canvas.right(), canvas.y - small * 0.3).end().say(&name));
    canvas.y += small * 0.4;
}

/// The cities that are not in the field, with the reason.
pub(super) fn list(canvas: &mut Canvas<'_>, why: &str, without: &[(&str, String)]) {
    if without.is_empty() {
        return;
    }
    let names: Vec<&str> = without.iter().map(|(_, name)| name.as_str()).collect();
    let keys: Vec<&str> = without.iter().map(|(key, _)| *key).collect();
    let says = format!("{why}: {}", names.join(", "));
    let mut group = Group::new().set("class", "missing").set("data-cities", keys.join(" "));
    let size = canvas.small();
    for text in wrap(&says, canvas.right() - canvas.left(), size, false, usize::MAX) {
        canvas.y += size * 1.35;
        group.append(canvas.hint(canvas.left(), canvas.y - size * 0.3).say(&text));
    }
    canvas.add(group);
}

/// A name that does not fill the field.
fn short(name: &str, size: f64, bold: bool) -> String {
    fit(name, size * 16.0, size, bold)
}

/// So many names are placed: more find no room.
const MOST_NAMES: usize = 200;

/// A free place for each name, in the order of the points.
fn place(canvas: &Canvas<'_>, points: &[Point<'_>], field: &Field, free: &Taken) -> Vec<Option<Spot>> {
    let (size, radius) = (canvas.small(), canvas.text * 0.28 + 1.0);
    let place = |point: &Point<'_>| (field.x.at(point.at.0), field.y.at(point.at.1));
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
    let mut fixed = free.clone();
    for point in points {
        let (x, y) = place(point);
        fixed.mark(Area { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
    }
    let choices = |point: &Point<'_>| {
        let bold = canvas.is_highlighted(point.key);
        let wide = width(&short(&point.name, size, bold), bold) * size;
        Choices::new(&fixed, place(point), (wide, (ABOVE + BELOW) * size), radius + 1.0)
    };
    let mut of: Vec<Option<Choices>> = (0..points.len()).map(|_| None).collect();
    for &i in &order {
        of[i] = Some(choices(&points[i]));
    }
    let mut attempt = |order: &[usize]| {
        let mut taken = Taken::new(field.area);
        let mut spots = vec![None; points.len()];
        for &i in order {
            spots[i] = of[i].as_mut().and_then(|choices| choices.pick(&taken));
            if let Some(spot) = spots[i] {
                taken.take(spot);
            }
        }
        spots
    };
    let mut best = attempt(&order);
    let without = |spots: &[Option<Spot>]| order.iter().filter(|&&i| spots[i].is_none()).count();
    let mut left = without(&best);
    // Those that found no place choose first in the next attempt, as long as there are few.
    let mut again = order.clone();
    let mut spots = best.clone();
    let mut tried = vec![order.clone()];
    for _ in 0..if points.len() <= 60 { 12 } else { 0 } {
        if left == 0 {
            break;
        }
        again.sort_by_key(|&i| spots[i].is_some());
        // What came once comes again, and all that follows it.
        if tried.contains(&again) {
            break;
        }
        tried.push(again.clone());
        spots = attempt(&again);
        if without(&spots) < left {
            left = without(&spots);
            best.clone_from(&spots);
        }
    }
    best
}
