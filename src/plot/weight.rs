//! A weight turned from 0 to 1.

use std::collections::BTreeSet;

use svg::node::Node;
use svg::node::element::{Group, Path};

use super::canvas::{Canvas, Sample, fit};
use super::look::{Look, picture};
use super::place::spread;
use super::scale::Scale;
use super::shapes::{Mark, group, line, px};
use super::{append, check_size, count};
use crate::error::Result;
use crate::robustness::{CurvePoint, WeightAnalysis};
use crate::scores::Scores;

/// The picture that [`weight`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct WeightTurn<'a> {
    analysis: &'a WeightAnalysis,
    child: String,
    scores: Option<&'a Scores>,
    look: Look,
}

/// The scores of all cities while the weight of one child is turned from 0 to 1, the others keeping their proportions: who leads
/// where, and where the lead changes hands.
///
/// The lines of cities that lead somewhere stand out, and so do those that are highlighted; points mark where the lead changes, and
/// rings where a highlighted city meets another. An upright line is the weight as it is. A line stops where a city has no score,
/// because all the children that are known of it have a weight of 0; a city without any has a dash by its name. All
/// changes and meetings are shown: they are the roots of polynomials of at most the second degree, and no
/// grid of weights is searched for them.
///
/// ```
/// use longspring::{Cut, Method, WeightAnalysis, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().exclude(["wellbeing", "vitality"]).fit(&framework, &cities)?.score(&cities)?;
/// let analysis = WeightAnalysis::of(&scores, "renewal")?;
/// let svg = plot::weight(&analysis, "education").names(&scores).highlight("changchun").svg()?;
/// assert!(svg.contains("Educational input"));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn weight(analysis: &WeightAnalysis, child: impl Into<String>) -> WeightTurn<'_> {
    WeightTurn { analysis, child: child.into(), scores: None, look: Look::default() }
}

picture!(WeightTurn);

/// How many weights are looked at.
const POINTS: usize = 201;

/// Where two cities meet.
struct Meeting {
    weight: f64,
    score: f64,
    city: usize,
    other: usize,
}

impl<'a> WeightTurn<'a> {
    /// Shows cities and nodes by their names in the scores that were analysed, instead of keys and codes.
    pub fn names(self, scores: &'a Scores) -> Self {
        Self { scores: Some(scores), ..self }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let keys: Vec<&str> = self.analysis.cities().collect();
        check_size(keys.len())?;
        let curve = self.analysis.curve(&self.child, POINTS)?;
        let names: Vec<String> = keys.iter().map(|key| canvas.label(key, self.city_name(key))).collect();
        let [child, node] = [&self.child, self.analysis.node()].map(|code| canvas.label(code, self.node_name(code)));
        let nominal = self.analysis.children().zip(self.analysis.weights()).find(|(code, _)| *code == self.child);
        let nominal = nominal.map_or(f64::NAN, |(_, weight)| *weight);

        let (leaders, changes) = self.lead()?;
        let leading: BTreeSet<usize> = leaders.iter().copied().collect();
        let title = format!("{node} as the weight of {child} turns");
        let mut description = format!(
            "Scores of {} for weights of {child} from 0 to 1; it is {nominal:.2} now.",
            count(keys.len(), "city", "cities")
        );
        if let Some(&first) = leaders.first() {
            append(&mut description, format_args!(" At 0 {} leads.", names[first]));
        }
        for change in &changes {
            append(&mut description, format_args!(" From {:.3} {} leads.", change.weight, names[change.other]));
        }
        canvas.head(&title, "scores, higher is better; the other weights keep their proportions", &description);
        let mut legend = vec![
            (Sample::Line(ink.first, 2.0), "leads somewhere"),
            (Sample::Mark(Mark::Dot, ink.text), "the lead changes"),
            (Sample::Line(ink.muted, 1.2), "weight as it is"),
        ];
        if keys.iter().any(|key| canvas.is_highlighted(key)) {
            legend.push((Sample::Line(ink.second, 2.2), "pointed out"));
            legend.push((Sample::Mark(Mark::Ring, ink.second), "meets another"));
        }
        canvas.legend(&legend);

        let line_high = small * 1.18;
        let names_wide = canvas.column(names.iter().map(String::as_str), small, 0.28);
        let high = (text * 34.0).max(line_high * keys.len() as f64);
        let top = canvas.y + small * 3.4;
        let bottom = top + high;
        let scores = curve.iter().flat_map(|point| point.scores.iter().flatten().copied());
        let y = Scale::round(scores, bottom, top, 6);
        let ticks = y.ticks(6);
        let left = canvas.left() + canvas.beside_axis(&ticks);
        let x = Scale { low: 0.0, high: 1.0, from: left, to: canvas.right() - names_wide - text * 2.6 };
        canvas.across(&x, &x.ticks(5), (top, bottom), &[bottom + small * 1.45]);
        canvas.add(canvas.upward(&y, &ticks, (left, x.to)));
        let name = fit(&format!("weight of {child} \u{2192}"), x.to - x.from, small, false);
        canvas.add(canvas.hint(x.to, bottom + small * 2.6).end().say(&name));
        Self::weights(canvas, &x, (top, bottom), nominal, &changes);

        // The lines that stand out lie on top.
        let rank = |city: usize| (canvas.is_highlighted(keys[city]), leading.contains(&city));
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|&city| rank(city));
        let mut ends: Vec<(usize, f64)> = Vec::new();
        let mut groups: Vec<Group> = keys.iter().zip(&names).map(|(key, name)| group("data-city", key, name)).collect();
        for (city, group) in groups.iter_mut().enumerate() {
            let (colour, wide) = match rank(city) {
                (true, _) => (ink.second, 2.2),
                (_, true) => (ink.first, 2.0),
                _ => (ink.faint, 1.0),
            };
            for part in parts(&curve, city, &x, &y) {
                let data = path(&part);
                let path = Path::new().set("class", "curve").set("d", data).set("fill", "none");
                group.append(path.set("stroke", colour.to_string()).set("stroke-width", wide));
            }
            let last = curve.iter().rev().find_map(|point| point.scores[city]);
            ends.push((city, last.map_or(bottom, |score| y.at(score))));
        }
        // From the top; of those that end together the first by key.
        ends.sort_by(|a, b| a.1.total_cmp(&b.1).then(keys[a.0].cmp(keys[b.0])));
        let wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
        for ((city, end), place) in ends.iter().zip(spread(&wanted, line_high, top, bottom)) {
            let (from, to) = (x.to + text * 0.3, x.to + text * 1.8);
            let group = &mut groups[*city];
            group.append(line((from, *end), (to, place), ink.faint, 0.7));
            let words = canvas.hint(to + text * 0.3, place + small * 0.36);
            let words = match rank(*city) {
                (true, _) => words.bold().colour(ink.second),
                (_, true) => words.colour(ink.first),
                _ => words,
            };
            let known = curve.iter().any(|point| point.scores[*city].is_some());
            let name = if known { names[*city].clone() } else { format!("{} \u{2013}", names[*city]) };
            group.append(words.say(&fit(&name, names_wide, small, words.bold)));
        }
        let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
        for city in order {
            if let Some(group) = groups.get_mut(city).and_then(Option::take) {
                canvas.add(group);
            }
        }
        let met = self.met(&keys, canvas)?;
        Self::marks(canvas, (&x, &y), (&keys, &names), &met, Mark::Ring);
        Self::marks(canvas, (&x, &y), (&keys, &names), &changes, Mark::Dot);
        canvas.y = bottom + small * 2.9;
        Ok(())
    }

    fn city_name<'s>(&'s self, key: &'s str) -> &'s str {
        let dataset = self.scores.map(Scores::dataset);
        dataset.and_then(|dataset| dataset.find_city(key).ok().map(|row| dataset.name(row))).unwrap_or(key)
    }

    fn node_name<'s>(&'s self, code: &'s str) -> &'s str {
        let node = self.scores.and_then(|scores| scores.composite().framework().node(code).ok());
        node.map_or(code, |node| node.name.as_str())
    }

    /// Marks where two cities meet, rings, or where the lead changes hands, dots.
    fn marks(
        canvas: &mut Canvas<'_>,
        (x, y): (&Scale, &Scale),
        (keys, names): (&[&str], &[String]),
        meetings: &[Meeting],
        mark: Mark,
    ) {
        let (ink, text) = (canvas.ink, canvas.text);
        for &Meeting { weight, score, city, other } in meetings {
            let (one, another) = (&names[city], &names[other]);
            let (attribute, says, size, colour) = if mark == Mark::Ring {
                ("data-meeting", format!("{one} meets {another} at {weight:.3}"), 0.2, ink.second)
            } else {
                ("data-crossing", format!("at {weight:.3} {another} takes the lead from {one}"), 0.32, ink.text)
            };
            let mut group = group(attribute, &format!("{} {}", keys[city], keys[other]), &says);
            group.append(mark.at((x.at(weight), y.at(score)), text * size, colour, ink.paper));
            canvas.add(group);
        }
    }

    /// The weight as it is and those at which the lead changes: upright lines, with their numbers above.
    fn weights(canvas: &mut Canvas<'_>, x: &Scale, (top, bottom): (f64, f64), nominal: f64, changes: &[Meeting]) {
        let (ink, small) = (canvas.ink, canvas.small());
        canvas.add(line((x.at(nominal), top), (x.at(nominal), bottom), ink.muted, 1.2).set("class", "nominal"));
        let mut marks: Vec<(f64, bool)> = changes.iter().map(|change| (change.weight, false)).collect();
        marks.push((nominal, true));
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted: Vec<f64> = marks.iter().map(|mark| x.at(mark.0)).collect();
        // Only as many as there is room for.
        let gap = small * 3.4;
        if gap * (marks.len() - 1) as f64 > x.to - x.from {
            return;
        }
        for ((weight, is_nominal), place) in marks.iter().zip(spread(&wanted, gap, x.from, x.to)) {
            let at = x.at(*weight);
            let foot = top - small * 0.2;
            canvas.add(line((place, foot - small * 0.7), (at, foot), ink.faint, 1.0));
            if !is_nominal {
                canvas.add(line((at, top), (at, bottom), ink.faint, 1.0).set("stroke-dasharray", "2 3"));
            }
            let words = canvas.hint(place, foot - small * 1.0).middle();
            let words = if *is_nominal { words.bold() } else { words };
            canvas.add(words.say(&format!("{weight:.2}")));
        }
    }

    /// Who leads, from 0 to 1, and where the lead goes from one to the next.
    fn lead(&self) -> Result<(Vec<usize>, Vec<Meeting>)> {
        let leads = self.analysis.leads(&self.child)?;
        let changes = leads.windows(2).map(|pair| self.meeting(pair[1].0, pair[0].1, pair[1].1));
        let changes = changes.collect::<Result<Vec<_>>>()?;
        Ok((leads.into_iter().map(|(_, leader)| leader).collect(), changes.into_iter().flatten().collect()))
    }

    /// Where the highlighted cities meet any other.
    fn met(&self, keys: &[&str], canvas: &Canvas<'_>) -> Result<Vec<Meeting>> {
        let mut met = Vec::new();
        for city in (0..keys.len()).filter(|&city| canvas.is_highlighted(keys[city])) {
            for (weight, other) in self.analysis.meetings(&self.child, city)? {
                met.extend(self.meeting(weight, city, other)?);
            }
        }
        Ok(met)
    }

    /// Two cities that meet at a weight, with their score there; none where they have none.
    fn meeting(&self, weight: f64, city: usize, other: usize) -> Result<Option<Meeting>> {
        let all = self.analysis.at(&self.analysis.with_weight(&self.child, weight)?)?;
        let score = all.get(city).and_then(|city| city.score);
        Ok(score.map(|score| Meeting { weight, score, city, other }))
    }
}

/// The pieces of a city's line, without the places that lie on a straight one.
fn parts(curve: &[CurvePoint], city: usize, x: &Scale, y: &Scale) -> Vec<Vec<(f64, f64)>> {
    let pieces = curve.split(|point| point.scores[city].is_none());
    let places = |piece: &[CurvePoint]| -> Vec<(f64, f64)> {
        piece.iter().filter_map(|point| point.scores[city].map(|score| (x.at(point.weight), y.at(score)))).collect()
    };
    pieces.map(places).filter(|piece| piece.len() > 1).map(straighten).collect()
}

/// The two ends alone where all lies on a straight line.
fn straighten(piece: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let (Some(&first), Some(&last)) = (piece.first(), piece.last()) else { return piece };
    let slope = (last.1 - first.1) / (last.0 - first.0);
    let straight = piece.iter().all(|(x, y)| (first.1 + slope * (x - first.0) - y).abs() < 0.02);
    if straight { vec![first, last] } else { piece }
}

fn path(places: &[(f64, f64)]) -> String {
    let mut data = String::new();
    for (i, (x, y)) in places.iter().enumerate() {
        data.push(if i == 0 { 'M' } else { 'L' });
        data += &px(*x);
        data.push(' ');
        data += &px(*y);
    }
    data
}
