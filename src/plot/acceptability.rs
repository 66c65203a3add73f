//! How probable each rank of each city is.

use svg::node::Node;

use super::canvas::{Canvas, fit};
use super::look::{Look, picture};
use super::scale::Scale;
use super::shapes::{bar, group, px};
use super::{append, check_size, count, percent};
use crate::error::Result;
use crate::robustness::{CityRanks, Simulation};

/// The picture that [`acceptability`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct Acceptability<'a> {
    simulation: &'a Simulation,
    first: usize,
    look: Look,
}

/// How probable each rank of each city is (the rank acceptability indices of SMAA): a row a city, a column a rank, the stronger
/// the colour the more runs. A frame stands about the rank without any doubt.
///
/// The colours reach up to the largest share in the picture. A rank that a city never had is left empty; a city that never had a
/// score has an empty row and a dash for its rank.
///
/// ```
/// use longspring::{Cut, Doubt, Method, MonteCarlo, WeightSpread, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let doubt = Doubt::weights(WeightSpread::Uniform);
/// let simulation = MonteCarlo::new(200).doubt(doubt).run(&Method::new(), &framework, &cities, "renewal")?;
/// let svg = plot::acceptability(&simulation).svg()?;
/// assert!(svg.contains("data-city=\"changchun\""));
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: Lahdelma and Salminen (2001), [10.1287/opre.49.3.444.11220](https://doi.org/10.1287/opre.49.3.444.11220).
#[doc(alias = "SMAA")]
pub fn acceptability(simulation: &Simulation) -> Acceptability<'_> {
    Acceptability { simulation, first: usize::MAX, look: Look::default() }
}

picture!(Acceptability);

impl Acceptability<'_> {
    /// Shows the first `n` cities only, and those that are highlighted; all ranks stay. A picture holds at most 500 of either.
    pub fn first(self, n: usize) -> Self {
        Self { first: n, ..self }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, row, small) = (canvas.ink, canvas.text, canvas.row(), canvas.small());
        let all = self.simulation.ranking().len();
        // As many columns as there are cities.
        check_size(all)?;
        let cities: Vec<(CityRanks<'_>, String)> = self
            .simulation
            .ranking()
            .enumerate()
            .filter(|(i, city)| *i < self.first || canvas.is_highlighted(city.key()))
            .map(|(_, city)| (city, canvas.label(city.key(), city.name())))
            .collect();
        let shares: Vec<Vec<f64>> =
            cities.iter().map(|(city, _)| (1..=all).map(|rank| city.acceptability(rank).value).collect()).collect();
        let most = shares.iter().flatten().copied().fold(0.0, f64::max);

        let title = format!("{}: how probable is each rank", self.simulation.node_name());
        let runs = count(self.simulation.runs(), "run", "runs");
        let shown =
            if cities.len() < all { format!("{} of {all} cities", cities.len()) } else { count(all, "city", "cities") };
        let mut description = format!("{shown}, best first, and the share of {runs} in which each had each rank.");
        for ((_, name), shares) in cities.iter().zip(&shares).take(3) {
            let likely = shares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
            if let Some((rank, share)) = likely.filter(|(_, share)| **share > 0.0) {
                append(
                    &mut description,
                    format_args!(" {name}: most often rank {}, in {}.", rank + 1, percent(*share)),
                );
            }
        }
        canvas.head(&title, &format!("{shown}, {runs}; the frame is the rank without doubt"), &description);
        canvas.ramp("0 %", &percent(most), |share| ink.share(share));

        let names = canvas.column(cities.iter().map(|(_, name)| name.as_str()), text, 0.3);
        let numbers = text * 2.2;
        let scale = Scale::ranks(all, canvas.left() + numbers + names + text, canvas.right());
        let top = canvas.y + small * 1.8;
        let bottom = top + row * cities.len() as f64;
        canvas.axis(&scale, &scale.rank_ticks(12), (top, bottom));
        let wide = scale.at(2.0) - scale.at(1.0);
        let hair = (wide * 0.08).min(1.0);

        for (i, ((city, name), shares)) in cities.iter().zip(&shares).enumerate() {
            let y = top + row * i as f64;
            let base = canvas.baseline(y + row / 2.0);
            let rank = city.nominal_rank();
            let says = rank.map_or_else(|| format!("{name}: no score"), |rank| format!("{name}: rank {rank}"));
            let mut group = group("data-city", city.key(), &says);
            let number = rank.map_or_else(|| "\u{2013}".to_owned(), |rank| rank.to_string());
            group.append(canvas.hint(canvas.left() + text * 1.5, base).end().say(&number));
            let words = canvas.name(city.key(), canvas.left() + numbers, base);
            group.append(words.say(&fit(name, names, text, words.bold)));
            // There may be thousands of them, and nothing in them needs escaping: written as they are.
            let mut cells = String::new();
            for (rank, &share) in (1_u32..).zip(shares).filter(|(_, share)| **share > 0.0) {
                let left = px(scale.at(f64::from(rank) - 0.5) + hair);
                let (colour, percentage) = (ink.share(share / most), px(share * 100.0));
                append(
                    &mut cells,
                    format_args!(
                        "<rect data-share=\"{percentage}\" x=\"{left}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{colour}\">\
                     <title>rank {rank} in {} of the runs</title></rect>",
                        px(y + 0.5),
                        px(wide - 2.0 * hair),
                        px(row - 1.0),
                        percent(share).replace('<', "&lt;")
                    ),
                );
            }
            group.append(svg::node::Blob::new(cells));
            if let Some(rank) = rank {
                let left = scale.at(f64::from(rank) - 0.5) + hair;
                let frame = bar(left, y + 0.5, wide - 2.0 * hair, row - 1.0, ink.second).set("class", "nominal");
                group.append(frame.set("fill", "none").set("stroke", ink.second.to_string()).set("stroke-width", 1.5));
            }
            canvas.add(group);
        }
        canvas.y = bottom + canvas.below_axis(bottom - top);
        Ok(())
    }
}
