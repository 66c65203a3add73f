//! How cities moved: `cargo run --release --example trajectories [CITY ...]`; by default the four that the article compares.

use std::error::Error;
use std::io::{self, Write};

use longspring::{
    Convergence, Cut, GrowthScale, LevelAndMomentum, Method, Panel, Stage, StageRule, Theil, Trajectory, Yardstick,
    article,
};

const NAMED: [&str; 4] = ["changchun", "detroit", "ruhr", "sheffield"];

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let cities = if asked.is_empty() { NAMED.map(str::to_owned).to_vec() } else { asked };
    let (framework, known) = (article::framework(), article::observations());
    let mut out = io::stdout().lock();

    // What stage each has reached, what it lost since its peak, and how much of that it has regained.
    for series in ["population", "gdp_index", "gdp_growth"] {
        let node = framework.node(series)?;
        writeln!(out, "{} ({})", node.name, node.unit)?;
        for city in &cities {
            let found = Trajectory::of_series(&known, &framework, city, series)?;
            let stage = found.stage.map_or_else(|| "no stage".to_owned(), |stage| stage.to_string());
            let slope =
                found.trend.map_or_else(String::new, |t| format!("{:+.1} a year, {}", t.slope, probability(t.p)));
            let span = match (found.points.first(), found.level()) {
                (Some(first), Some(last)) => format!("{}-{}", first.year, last.year),
                _ => String::new(),
            };
            let fall = found.fall.map_or_else(|| "never fell".to_owned(), |fall| format!("{fall}"));
            writeln!(out, "  {:<16} {span}  {stage:<14}  {slope:<25}  {fall}", found.name)?;
        }
    }

    // Where they stand, and where they are going. A year takes the last figure known in it, and one indicator of a measure
    // suffices: of Changchun there is little more. Of infrastructure there is one year, so that nobody has a momentum there.
    let measures = [("industry", 2011..=2019), ("investment", 2013..=2019), ("education", 2005..=2015)];
    writeln!(
        out,
        "\nLevel and momentum of three of the four measures (scores on one yardstick for all years), and of output"
    )?;
    let mut shown = Vec::new();
    for (measure, years) in measures {
        let others = framework.children("renewal")?.map(|child| child.code.clone()).filter(|code| code != measure);
        let method = Method::new().exclude(others).exclude(["wellbeing", "vitality"]).coverage(0.0);
        let panel = Panel::fit(&method, &framework, &known, years, Yardstick::Pooled)?;
        let places = panel.level_and_momentum(measure)?;
        print_places(&mut out, &cities, &places)?;
        let half = places.cities.len() as f64 / 2.0;
        let verdict = match places.get("changchun") {
            Some(c) if c.level_rank > half && c.momentum_rank <= half => "low level, high momentum",
            Some(c) if c.level_rank > half => "low level, no high momentum",
            Some(c) if c.momentum_rank <= half => "high level, high momentum",
            Some(_) => "high level, no high momentum",
            None => "not placed",
        };
        shown.push(format!("{measure}: {verdict}"));
    }
    // High and low are halves of the ranks.
    writeln!(out, "  Changchun by measure: {}; infrastructure: no momentum to be told", shown.join("; "))?;
    print_places(&mut out, &cities, &LevelAndMomentum::of_series(&known, &framework, "gdp_index", 2001..=2012)?)?;

    // How many cities are in which stage.
    let rule = StageRule::new();
    let stages = known.cities().into_iter().flatten().map(|city| {
        let found = Trajectory::of_series(&known, &framework, &city.key, "population")?.with_rule(rule)?;
        Ok(found.stage)
    });
    let stages = stages.collect::<longspring::Result<Vec<Option<Stage>>>>()?;
    write!(out, "\nPopulation of all cities:")?;
    for stage in [Stage::Growing, Stage::Revived, Stage::Reviving, Stage::StandingStill, Stage::Declining] {
        let count = stages.iter().filter(|&&s| s == Some(stage)).count();
        write!(out, " {count} {stage}{}", if stage == Stage::Declining { "\n" } else { "," })?;
    }

    // Whether they come closer, and how unequal they are.
    writeln!(out)?;
    let scale = GrowthScale::Log;
    write!(out, "{}", Convergence::of_series(&known, &framework, "gdp_per_head", 2001..=2012, scale)?)?;
    write!(out, "{}", Convergence::of_series(&known, &framework, "population", (1950..=2015).step_by(5), scale)?)?;
    let in_2012 = known.dataset(&framework, &Cut::as_of(2012))?;
    write!(out, "{}", Theil::of("gdp_per_head").weighted_by("inhabitants").by("region").over(&in_2012)?)?;
    Ok(())
}

/// A probability to three digits; none is 0.
fn probability(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p {p:.3}") }
}

/// The places of the cities that were asked for.
fn print_places(out: &mut impl Write, cities: &[String], places: &LevelAndMomentum) -> io::Result<()> {
    let of = places.cities.len();
    writeln!(out, "  {}, {}-{}, {of} cities", places.node, places.first, places.last)?;
    for city in cities {
        if let Some(c) = places.get(city) {
            writeln!(
                out,
                "    {:<16} level {:7.1}, rank {:2}   momentum {:+6.2} a year, rank {:2}   {}",
                c.name, c.level, c.level_rank, c.slope, c.momentum_rank, c.quadrant
            )?;
        } else {
            let why = places.unplaced.iter().find(|unplaced| unplaced.city == *city);
            writeln!(out, "    {}", why.map_or_else(|| city.clone(), ToString::to_string))?;
        }
    }
    Ok(())
}
