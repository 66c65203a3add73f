//! A ranking with how far it is sure.

use svg::node::Node;

use super::canvas::{Canvas, Sample, fit};
use super::look::{Look, picture};
use super::scale::Scale;
use super::shapes::{Mark, group, line};
use super::{append, check_size, count};
use crate::error::Result;
use crate::robustness::{CityRanks, Simulation};

/// The picture that [`ranking`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Ranking<'a> {
    simulation: &'a Simulation,
    probability: f64,
    first: usize,
    look: Look,
}

/// The rank of each city without any doubt, and the interval and median of its ranks in a simulation: a row a city, best first.
///
/// A city without a nominal score stands last, with a dash; one that never had a score in any run has no interval.
///
/// ```
/// use longspring::{Cut, Doubt, Method, MonteCarlo, WeightSpread, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let doubt = Doubt::weights(WeightSpread::Within { share: 0.25 });
/// let simulation = MonteCarlo::new(200).doubt(doubt).run(&Method::new(), &framework, &cities, "renewal")?;
/// let svg = plot::ranking(&simulation).interval(0.8).first(10).highlight("changchun").svg()?;
/// assert!(svg.contains("data-city=\"changchun\"") && !svg.contains("data-city=\"lille\""));
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "rank intervals")]
pub fn ranking(simulation: &Simulation) -> Ranking<'_> {
    Ranking { simulation, probability: 0.9, first: usize::MAX, look: Look::default() }
}

picture!(Ranking);

/// A city, its name, and the interval of its ranks.
type Row<'a> = (CityRanks<'a>, String, Option<(f64, f64)>);

impl Ranking<'_> {
    /// Sets the probability of the interval, from 0 to 1; 0.9 by default. `svg()` fails where it is none
    /// ([`Error::Invalid`](crate::Error::Invalid)).
    pub fn interval(self, probability: f64) -> Self {
        Self { probability, ..self }
    }

    /// Shows the first `n` cities only, and those that are highlighted. A picture holds at most 500.
    pub fn first(self, n: usize) -> Self {
        Self { first: n, ..self }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, row) = (canvas.ink, canvas.text, canvas.row());
        let small = canvas.small();
        let all = self.simulation.ranking().len();
        let cities: Vec<Row<'_>> = self
            .simulation
            .ranking()
            .enumerate()
            .filter(|(i, city)| *i < self.first || canvas.is_highlighted(city.key()))
            .map(|(_, city)| Ok((city, canvas.label(city.key(), city.name()), city.interval(self.probability)?)))
            .collect::<Result<_>>()?;
        check_size(cities.len())?;

        let share = super::percent(self.probability);
        let title = format!("{}: how sure is each rank", self.simulation.node_name());
        let runs = count(self.simulation.runs(), "run", "runs");
        let shown =
            if cities.len() < all { format!("{} of {all} cities", cities.len()) } else { count(all, "city", "cities") };
        canvas.head(
            &title,
            &format!("{shown}; {runs} in which what is in doubt is drawn anew"),
            &Self::describe(&cities, &shown, &share),
        );
        canvas.legend(&[
            (Sample::Mark(Mark::Dot, ink.first), "rank without doubt"),
            (Sample::Line(ink.faint, text * 0.36), &format!("{share} of the runs")),
            (Sample::Mark(Mark::Tick, ink.text), "median"),
        ]);

        let numbers = text * 2.2;
        let names = canvas.column(cities.iter().map(|(_, name, _)| name.as_str()), text, 0.32);
        let spans = text * 4.2;
        let (from, to) = (canvas.left() + numbers + names + text, canvas.right() - spans - text * 0.5);
        let scale = Scale::ranks(all, from, to);
        let top = canvas.y + small * 1.8;
        let bottom = top + row * cities.len() as f64;
        canvas.axis(&scale, &scale.rank_ticks(10), (top, bottom));

        for (i, (city, name, interval)) in cities.iter().enumerate() {
            let y = top + row * (i as f64 + 0.5);
            let base = canvas.baseline(y);
            let rank = city.nominal_rank();
            let median = city.median().map(|m| m.value);
            let mut says = rank.map_or_else(|| format!("{name}: no score"), |rank| format!("{name}: rank {rank}"));
            let mut span = "\u{2013}".to_owned();
            if let (Some((low, high)), Some(median)) = (interval, median) {
                append(&mut says, format_args!(", median {median}, {share} of the runs from {low} to {high}"));
                span = if low == high { low.to_string() } else { format!("{low}\u{2013}{high}") };
            }
            let mut group = group("data-city", city.key(), &says);
            let number = rank.map_or_else(|| "\u{2013}".to_owned(), |rank| rank.to_string());
            group.append(canvas.hint(canvas.left() + text * 1.5, base).end().say(&number));
            let room = canvas.name(city.key(), canvas.left() + numbers, base);
            group.append(room.say(&fit(name, names, text, room.bold)));
            if let (Some((low, high)), Some(median)) = (interval, median) {
                // Half a rank on either side is the rank's own room, so that one rank alone shows as well.
                let (left, right) = (scale.at(low - 0.3), scale.at(high + 0.3));
                let range = line((left, y), (right, y), ink.faint, text * 0.36);
                group.append(range.set("class", "interval"));
                group.append(Mark::Tick.at((scale.at(median), y), text * 0.42, ink.text, ink.paper));
            }
            if let Some(rank) = rank {
                let colour = if canvas.is_highlighted(city.key()) { ink.second } else { ink.first };
                group.append(Mark::Dot.at((scale.at(f64::from(rank)), y), text * 0.34, colour, ink.paper));
            }
            group.append(canvas.hint(canvas.right(), base).end().say(&span));
            canvas.add(group);
        }
        canvas.y = bottom + canvas.below_axis(bottom - top);
        for failure in self.simulation.failures() {
            canvas.note(&format!("{} could not be computed: {}", count(failure.runs, "run", "runs"), failure.reason));
        }
        Ok(())
    }

    fn describe(cities: &[Row<'_>], shown: &str, share: &str) -> String {
        let mut text = format!("{shown}, best first, with the interval that holds {share} of their ranks.");
        for (city, name, interval) in cities.iter().take(3) {
            if let (Some(rank), Some((low, high))) = (city.nominal_rank(), interval) {
                append(&mut text, format_args!(" {name}: rank {rank}, from {low} to {high}."));
            }
        }
        text
    }
}
