//! Where cities stand against where they are going.

use super::canvas::{Canvas, Sample, fit};
use super::field::{Field, Point, field, list};
use super::look::{Look, picture};
use super::place::{Area, Taken};
use super::scale::Figures;
use super::shapes::{Mark, line};
use super::width::{ABOVE, BELOW, width};
use super::{append, check_size, count};
use crate::error::Result;
use crate::trajectory::{LevelAndMomentum, Quadrant};
use svg::node::Node;
use svg::node::element::Group;

/// The picture that [`momentum`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Momentum<'a> {
    found: &'a LevelAndMomentum,
    look: Look,
}

/// The level of every city in the last year, to the right, against its momentum (Theil and Sen's slope, a year), upward, with the
/// cities' names; lines at the two medians cut it into four quadrants, which are named.
///
/// A full mark is a slope with a probability below 0.05 of Mann and Kendall's test, a ring one that may be chance. Figures stand
/// as they are: where lower is better, those who lead stand at the left and below, and the names of the quadrants say so. A name
/// that finds no free place near its mark is left out and stays in what a pointer over the mark says. Cities that are not placed
/// stand below, by name. The node is shown by its code; [`label`](Momentum::label) gives it a name.
///
/// ```
/// use longspring::{LevelAndMomentum, article, plot};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let found = LevelAndMomentum::of_series(&known, &framework, "gdp_index", 2001..=2012)?;
/// let svg = plot::momentum(&found).label("gdp_index", "Output, 2001 = 100").highlight("changchun").svg()?;
/// assert!(svg.contains("catching up") && svg.contains("data-city=\"changchun\""));
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "quadrants")]
pub fn momentum(found: &LevelAndMomentum) -> Momentum<'_> {
    Momentum { found, look: Look::default() }
}

picture!(Momentum);

/// A slope with a smaller probability is hardly chance.
const CLEAR: f64 = 0.05;

impl Momentum<'_> {
    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (found, ink) = (self.found, canvas.ink);
        check_size(found.cities.len() + found.unplaced.len())?;
        let node = canvas.label(&found.node, &found.node);
        let range = |values: &mut dyn Iterator<Item = f64>| {
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
            Figures::of_range(low, high)
        };
        let levels = range(&mut found.cities.iter().map(|city| city.level));
        let slopes = range(&mut found.cities.iter().map(|city| city.slope));
        let points: Vec<Point<'_>> = found
            .cities
            .iter()
            .map(|city| {
                let name = canvas.label(&city.city, &city.name);
                let (level, slope) = (levels.text(city.level), super::signed(slopes, city.slope));
                let says = format!("{name}: {level}, {slope} a year (p {:.3}), {}", city.p, city.quadrant);
                let mark = if city.p < CLEAR { Mark::Dot } else { Mark::Ring };
                Point { key: &city.city, name, at: (city.level, city.slope), says, mark }
            })
            .collect();
        let mut unplaced: Vec<(&str, String)> =
            found.unplaced.iter().map(|city| (city.city.as_str(), canvas.label(&city.city, &city.name))).collect();

        // Not in the order of the table, which should not matter.
        unplaced.sort();

        let shown = count(points.len(), "city", "cities");
        let span = format!("{}\u{2013}{}", found.first, found.last);
        let mut description = format!(
            "{shown} by their level in {}, to the right, and by how much it changes a year, {span}, upward.",
            found.last
        );
        for quadrant in QUADRANTS {
            let cities = found.of_quadrant(quadrant).count();
            append(&mut description, format_args!(" {quadrant}: {cities}."));
        }
        let better = if self.lower_is_better() { "lower is better" } else { "higher is better" };
        canvas.head(&format!("{node}: level and momentum"), &format!("{shown}, {span}; {better}"), &description);
        canvas.legend(&[
            (Sample::Mark(Mark::Dot, ink.first), "clear trend (p < 0.05)"),
            (Sample::Mark(Mark::Ring, ink.first), "may be chance"),
            (Sample::Line(ink.faint, 1.4), "medians"),
        ]);
        let names = (format!("level in {}", found.last), "change a year".to_owned());
        field(canvas, points, (&names.0, &names.1), |canvas, field, free| self.quadrants(canvas, field, free));
        list(canvas, "Without a level or a momentum", &unplaced);
        Ok(())
    }

    /// Whether lower figures are better, as the ranks say.
    fn lower_is_better(&self) -> bool {
        let first = self.found.cities.iter().min_by(|a, b| a.level_rank.total_cmp(&b.level_rank));
        let last = self.found.cities.iter().max_by(|a, b| a.level_rank.total_cmp(&b.level_rank));
        let levels = first.zip(last).is_some_and(|(first, last)| first.level < last.level);
        let first = self.found.cities.iter().min_by(|a, b| a.momentum_rank.total_cmp(&b.momentum_rank));
        let last = self.found.cities.iter().max_by(|a, b| a.momentum_rank.total_cmp(&b.momentum_rank));
        levels || first.zip(last).is_some_and(|(first, last)| first.slope < last.slope)
    }

    /// The lines at the medians, and the names of what they cut off.
    fn quadrants(&self, canvas: &mut Canvas<'_>, field: &Field, free: &mut Taken) {
        let Some((level, slope)) = self.found.median_level.zip(self.found.median_slope) else { return };
        let (size, ink, area) = (canvas.small(), canvas.ink, field.area);
        let (x, y) = (field.x.at(level), field.y.at(slope));
        canvas.add(line((x, area.top), (x, area.bottom), ink.faint, 1.4).set("class", "median-level"));
        canvas.add(line((area.left, y), (area.right, y), ink.faint, 1.4).set("class", "median-slope"));
        let mut group = Group::new().set("class", "quadrants");
        let off = size * 0.4;
        for quadrant in QUADRANTS {
            let (mut right, mut up) = match quadrant {
                Quadrant::Leading => (true, true),
                Quadrant::Slowing => (true, false),
                Quadrant::CatchingUp => (false, true),
                Quadrant::FallingBehind => (false, false),
            };
            if self.lower_is_better() {
                (right, up) = (!right, !up);
            }
            // In the corner of its quadrant; where that is too narrow, as far as half of the field.
            let middle = f64::midpoint(area.left, area.right);
            let text = fit(&quadrant.to_string(), middle - area.left - 2.0 * off, size, false);
            let wide = width(&text, false) * size;
            let left = if right { area.right - off - wide } else { area.left + off };
            let top = if up { area.top + off } else { area.bottom - off - (ABOVE + BELOW) * size };
            free.label(Area { left, top, right: left + wide, bottom: top + (ABOVE + BELOW) * size });
            let words = if right {
                canvas.hint(left + wide, top + ABOVE * size).end()
            } else {
                canvas.hint(left, top + ABOVE * size)
            };
            group.append(words.say(&text));
        }
        canvas.add(group);
    }
}

const QUADRANTS: [Quadrant; 4] = [Quadrant::Leading, Quadrant::Slowing, Quadrant::CatchingUp, Quadrant::FallingBehind];
