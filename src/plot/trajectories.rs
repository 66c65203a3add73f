//! How cities moved, with where they turned.

use std::collections::BTreeMap;

use svg::node::Node;
use svg::node::element::{Group, Path};

use super::canvas::{Canvas, Sample, axis_group, fit};
use super::look::{Look, picture};
use super::place::{Area, Taken};
use super::scale::{Figures, Scale};
use super::shapes::{Mark, dot, line, px};
use super::width::{ABOVE, BELOW, width};
use super::{append, check_size, count, percent};
use crate::error::Result;
use crate::trajectory::{Point, Trajectory, Turn, Words};

/// The picture that [`trajectories`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Trajectories<'a> {
    moved: Vec<&'a Trajectory>,
    heights: Heights,
    look: Look,
}

/// What the upright axes reach from and to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Heights {
    Own,
    OfNode,
}

/// How one or several cities moved: a panel each on the same years, with the peaks and troughs, the stage in words and how much of
/// a loss was regained.
///
/// Takes figures of a series and scores of a node alike. Each panel has a scale of its own, from its lowest to its highest figure:
/// they compare shapes, not levels ([`common_scale`](Trajectories::common_scale) compares both). Where figures are missing the line
/// stops: between two that lie farther apart than one and a half times the usual step of the series (the median of its steps) there
/// is none. A peak is better than what is about it: where lower is better it stands low, and the picture speaks of worse and better
/// from there on. The label of a turning point that finds no free place is left out, and stays in what a pointer over the mark says.
///
/// ```
/// use longspring::{Trajectory, article, plot};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let found = ["changchun", "detroit", "ruhr", "sheffield"]
///     .map(|city| Trajectory::of_series(&known, &framework, city, "population"))
///     .into_iter()
///     .collect::<Result<Vec<_>, _>>()?;
/// let svg = plot::trajectories(&found).svg()?;
/// assert!(svg.contains("declining") && svg.contains("peak 1970"));
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "turning points")]
pub fn trajectories<'a>(trajectories: impl IntoIterator<Item = &'a Trajectory>) -> Trajectories<'a> {
    Trajectories { moved: trajectories.into_iter().collect(), heights: Heights::Own, look: Look::default() }
}

picture!(Trajectories);

/// The radius of the dot of a year that is no turning point, as a share of the size of text.
const DOT: f64 = 0.14;

impl Trajectories<'_> {
    /// Gives the panels of a node or series one scale, so that levels can be compared.
    pub fn common_scale(self) -> Self {
        Self { heights: Heights::OfNode, ..self }
    }

    /// The texts that tell panels apart, and the one that all have in common.
    fn names(&self, canvas: &Canvas<'_>) -> (String, Vec<String>) {
        let all = &self.moved;
        let city = |t: &Trajectory| canvas.label(&t.city, &t.name);
        let node = |t: &Trajectory| {
            let name = canvas.label(&t.node, &t.node_name);
            if t.unit.is_empty() { name } else { format!("{name} ({})", t.unit) }
        };
        let same = |of: &dyn Fn(&Trajectory) -> &str| all.windows(2).all(|pair| of(pair[0]) == of(pair[1]));
        let joined = |t: &Trajectory| match (city(t), node(t)) {
            (city, node) if city.trim().is_empty() => node,
            (city, node) if node.trim().is_empty() => city,
            (city, node) => format!("{city}: {node}"),
        };
        let (title, names): (String, Vec<String>) = match all.as_slice() {
            [one] => (joined(one), vec![city(one)]),
            [first, ..] if same(&|t| &t.node) => (node(first), all.iter().map(|t| city(t)).collect()),
            [first, ..] if same(&|t| &t.city) => (city(first), all.iter().map(|t| node(t)).collect()),
            _ => (String::new(), all.iter().map(|t| joined(t)).collect()),
        };
        let title = if title.trim().is_empty() { "How it moved".to_owned() } else { title };
        (title, names)
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let all = &self.moved;
        check_size(all.len())?;
        let (title, names) = self.names(canvas);
        let years = all.iter().flat_map(|t| &t.points).map(|p| p.year);
        let (first, last) = years.fold((i32::MAX, i32::MIN), |(a, b), year| (a.min(year), b.max(year)));
        let span = if first <= last { format!("{first}\u{2013}{last}") } else { "no figures".to_owned() };
        let shown = count(all.len(), "series", "series");
        let mut description = format!("{shown}, {span}, with turning points and stages.");
        for (found, name) in all.iter().zip(&names).take(12) {
            append(&mut description, format_args!(" {name}: {}.", told(found)));
        }
        let heights = match self.heights {
            _ if all.len() < 2 => "",
            Heights::Own => "; each on its own scale",
            Heights::OfNode => "; on a common scale",
        };
        canvas.head(&title, &format!("{span}{heights}"), &description);
        let [peak, trough] = [Turn::Peak, Turn::Trough].map(|turn| called(all, turn));
        canvas.legend(&[
            (Sample::Mark(Mark::Diamond, ink.first), &peak),
            (Sample::Mark(Mark::Ring, ink.second), &trough),
        ]);
        canvas.y += small * 0.4;

        let mut common: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for found in all {
            common.entry(&found.node).or_default().extend(found.points.iter().map(|p| p.value));
        }
        let wide = canvas.right() - canvas.left();
        let gutter = text * 1.2;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few columns")]
        let columns = (((wide + gutter) / (text * 15.0 + gutter)).floor() as usize).clamp(1, all.len().max(1));
        // As few columns as make no more rows, so that the last row is no shorter than it must be.
        let columns = all.len().div_ceil(all.len().div_ceil(columns).max(1)).max(1);
        let panel = (wide - gutter * (columns - 1) as f64) / columns as f64;
        let high = (panel * 0.5).clamp(text * 8.0, text * 22.0);
        for row in all.chunks(columns).zip(names.chunks(columns)) {
            let top = canvas.y;
            let head = small * 1.35 * 2.0 + text * 1.8;
            for (i, (found, name)) in row.0.iter().zip(row.1).enumerate() {
                let left = canvas.left() + (panel + gutter) * i as f64;
                let values = match self.heights {
                    Heights::Own => found.points.iter().map(|p| p.value).collect(),
                    Heights::OfNode => common.get(found.node.as_str()).cloned().unwrap_or_default(),
                };
                let area = Area { left, top: top + head, right: left + panel, bottom: top + head + high };
                self.panel(canvas, (found, name), (first, last), &values, area);
            }
            canvas.y = top + head + high + small * 2.6;
        }
        canvas.y -= small * 0.8;
        Ok(())
    }

    /// One trajectory: its name and stage above the area, the years below it.
    fn panel(
        &self,
        canvas: &mut Canvas<'_>,
        (found, name): (&Trajectory, &str),
        (first, last): (i32, i32),
        values: &[f64],
        area: Area,
    ) {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let mut group = super::shapes::group("data-city", &found.city, &format!("{name}: {}", told(found)));
        group.assign("data-node", super::shapes::clean(&found.node));
        let room = area.right - area.left;
        let mut base = area.top - text * 0.8 - small * 1.35 * 2.0;
        if self.moved.len() > 1 {
            let words = canvas.name(&found.city, area.left, base).bold();
            group.append(words.say(&fit(name, room, text, true)));
        }
        for says in [Words::of(found).stage_or_why(found), loss(found)].into_iter().filter(|says| !says.is_empty()) {
            base += small * 1.35;
            group.append(canvas.hint(area.left, base).say(&fit(&says, room, small, false)));
        }

        let y = Scale::round(values.iter().copied(), area.bottom, area.top, 3);
        let ticks = y.ticks(3);
        let left = area.left + canvas.beside_axis(&ticks);
        let (low, high) = if first < last { (f64::from(first), f64::from(last)) } else { at_one_year(first) };
        // Half a mark of room, so that none is cut.
        let x = Scale { low, high, from: left + text * 0.4, to: area.right - text * 0.4 };
        group.append(canvas.upward(&y, &ticks, (left, area.right)));
        group.append(years(canvas, &x, (first, last), area.bottom));

        let place = |p: &Point| (x.at(f64::from(p.year)), y.at(p.value));
        let mut free = Taken::new(Area { left, ..area });
        for piece in pieces(&found.points) {
            let places: Vec<(f64, f64)> = piece.iter().map(place).collect();
            for pair in places.windows(2) {
                free.line(pair[0], pair[1]);
            }
            if places.len() > 1 {
                let data: Vec<String> = places.iter().map(|(x, y)| format!("{} {}", px(*x), px(*y))).collect();
                let path = Path::new().set("class", "curve").set("d", format!("M{}", data.join("L")));
                let path = path.set("fill", "none").set("stroke", ink.first.to_string());
                group.append(path.set("stroke-width", 1.8).set("stroke-linejoin", "round"));
            }
        }
        let (turns, words) = (turns(found), Words::of(found));
        let figures = Figures::of_range(y.low, y.high);
        // Most of a picture are dots, so that what they have in common is said once.
        let mut marks = Group::new();
        for (name, value) in Mark::dots(text * DOT, ink.first, ink.paper) {
            marks.assign(name, value);
        }
        for point in &found.points {
            let turn = turns.iter().find(|(at, _)| at.year == point.year).map(|(_, turn)| *turn);
            let at = place(point);
            let word = turn.map_or_else(String::new, |turn| words.turn(turn) + " ");
            let says = format!("{word}{}: {}", point.year, figures.text(point.value));
            let mut marked = super::shapes::group("data-year", &point.year.to_string(), &says);
            let (mark, radius, colour) = match turn {
                Some(Turn::Peak) => (Mark::Diamond, 0.34, ink.first),
                Some(Turn::Trough) => (Mark::Ring, 0.3, ink.second),
                None => (Mark::Dot, DOT, ink.first),
            };
            match turn {
                Some(_) => marked.append(mark.at(at, text * radius, colour, ink.paper)),
                None => marked.append(dot(at, text * radius)),
            }
            marks.append(marked);
            let radius = text * radius + 1.0;
            free.mark(Area { left: at.0 - radius, top: at.1 - radius, right: at.0 + radius, bottom: at.1 + radius });
        }
        group.append(marks);
        for (at, turn) in turns {
            let label = format!("{} {}", words.turn(turn), at.year);
            let size = (width(&label, false) * small, (ABOVE + BELOW) * small);
            let Some(spot) = free.near(place(&at), size, text * 0.45) else { continue };
            if let Some((from, to)) = spot.lead {
                group.append(line(from, to, ink.muted, 0.6));
            }
            let words = canvas.hint(f64::midpoint(spot.area.left, spot.area.right), spot.area.top + small * ABOVE);
            group.append(words.middle().colour(ink.text).say(&label));
        }
        canvas.add(group);
    }
}

/// What the turning points of one kind are called: by one word or more, as higher or lower is better.
fn called(all: &[&Trajectory], turn: Turn) -> String {
    let mut words: Vec<String> = all.iter().map(|found| Words::of(found).turn(turn)).collect();
    words.sort();
    words.dedup();
    if words.is_empty() { turn.to_string() } else { words.join(", ") }
}

/// A scale of years about a single one.
fn at_one_year(year: i32) -> (f64, f64) {
    let year = if year == i32::MAX { 0.0 } else { f64::from(year) };
    (year - 1.0, year + 1.0)
}

/// The axis of years, with as many of them as there is room for.
fn years(canvas: &Canvas<'_>, x: &Scale, (first, last): (i32, i32), bottom: f64) -> Group {
    let small = canvas.small();
    let mut group = axis_group("x", x);
    group.append(line((x.from, bottom), (x.to, bottom), canvas.ink.faint, 1.0));
    if first > last {
        return group;
    }
    let base = bottom + small * 1.35;
    let at = |year: i64| x.at(year as f64);
    // The first and the last, and round years between them where they have room.
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut put = |year: i64, share: f64| {
        let text = year.to_string();
        let wide = width(&text, false) * small;
        let left = at(year) - wide * share + canvas.text * 0.4 * (2.0 * share - 1.0);
        let right = left + wide;
        if taken.iter().all(|(other, end)| left > end + small * 0.8 || right + small * 0.8 < *other) {
            taken.push((left, right));
            group.append(canvas.hint(left, base).say(&text));
            group.append(line((at(year), bottom), (at(year), bottom + small * 0.3), canvas.ink.faint, 1.0));
        }
    };
    let (first, last) = (i64::from(first), i64::from(last));
    if first == last {
        put(first, 0.5);
        return group;
    }
    put(first, 0.0);
    put(last, 1.0);
    let span = last - first;
    let step = [1, 2, 5, 10, 20, 25, 50, 100].into_iter().find(|step| span / step <= 6).unwrap_or(span / 6 + 1);
    let mut year = first - first.rem_euclid(step) + step;
    while year < last {
        put(year, 0.5);
        year += step;
    }
    group
}

/// The points of a series in pieces: a new one begins after a gap.
fn pieces(points: &[Point]) -> Vec<&[Point]> {
    let mut steps: Vec<f64> = points.windows(2).map(|pair| f64::from(pair[1].year) - f64::from(pair[0].year)).collect();
    steps.sort_by(f64::total_cmp);
    let usual = steps.get(steps.len().saturating_sub(1) / 2).copied().unwrap_or(1.0);
    let joined = |a: &Point, b: &Point| f64::from(b.year) - f64::from(a.year) <= 1.5 * usual;
    points.chunk_by(joined).collect()
}

/// The turning points, and the peak and trough of the loss where it is large enough to count and one of them ends the series.
fn turns(found: &Trajectory) -> Vec<(Point, Turn)> {
    let mut turns: Vec<(Point, Turn)> = found.turning_points.iter().map(|point| (point.at, point.turn)).collect();
    let values = || found.points.iter().map(|p| p.value);
    let range = values().fold(f64::NEG_INFINITY, f64::max) / 2.0 - values().fold(f64::INFINITY, f64::min) / 2.0;
    if let Some(fall) = found.fall {
        let loss = (fall.peak.value / 2.0 - fall.trough.value / 2.0).abs();
        if loss >= found.rule.amplitude * range {
            for (point, turn) in [(fall.peak, Turn::Peak), (fall.trough, Turn::Trough)] {
                if turns.iter().all(|(at, _)| at.year != point.year) {
                    turns.push((point, turn));
                }
            }
        }
    }
    turns
}

/// What was lost and regained, where that is enough to count.
fn loss(found: &Trajectory) -> String {
    let counts = |year: i32| turns(found).iter().any(|(at, _)| at.year == year);
    match found.fall {
        Some(fall) if counts(fall.trough.year) && counts(fall.peak.year) => {
            let (words, share) = (Words::of(found), percent(fall.regained));
            let (fell, regained) = (words.fell(), words.regained());
            format!("{fell} {}\u{2013}{}, {share} {regained}", fall.peak.year, fall.trough.year)
        }
        _ => String::new(),
    }
}

/// The stage, and the loss where there is one.
fn told(found: &Trajectory) -> String {
    match loss(found) {
        loss if loss.is_empty() => Words::of(found).stage_or_why(found),
        loss => format!("{}; {loss}", Words::of(found).stage_or_why(found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stop_where_years_are_missing() {
        let years = |years: &[i32]| {
            let points = years.iter().map(|&year| (year, 0.0));
            let found = Trajectory::of_points(points, None).unwrap();
            pieces(&found.points).iter().map(|piece| piece.len()).collect::<Vec<_>>()
        };
        assert_eq!(years(&[2000, 2001, 2002, 2004, 2005]), [3, 2]);
        // every five years is no gap
        assert_eq!(years(&[1950, 1955, 1960, 1965]), [4]);
        // a missing one is
        assert_eq!(years(&[1950, 1955, 1965, 1970]), [2, 2]);
        assert_eq!(years(&[1950, 2000]), [2]);
        assert_eq!(years(&[1950]), [1]);
        assert_eq!(years(&[]), [0; 0]);
    }
}
