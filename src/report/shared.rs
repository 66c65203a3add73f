//! Parts that a report of all cities and one of a single city have in common. Private.

use super::figures;
use super::html::Html;
use super::material::{INTERVAL, Material};
use super::page::{picture, told};
use super::table::{Field, Table, figure};
use crate::error::Result;
use crate::explain::{Figure, Improvement, Judgement, MixOutcome, Optimality, SingleStep, StepOutcome, Strengths};
use crate::framework::Direction;
use crate::plot;
use crate::text::{is_class, percent};

/// What was asked and by which method: every choice, and the framework with its fitted weights.
pub(super) fn asked(m: &Material<'_>, html: &mut Html) -> Result<()> {
    if !m.index.definition.is_empty() {
        html.paragraph(&format!("{}: {}.", m.index.name, m.index.definition.trim_end_matches('.')));
    }
    let (dataset, framework) = (m.scores.dataset(), m.report.framework);
    let indicators = m.indicators(&m.index.code)?.len();
    let cut = dataset.cut().map_or_else(|| "one table as it was given".to_owned(), ToString::to_string);
    html.paragraph(&format!(
        "{} cities, {indicators} indicators under {} ({}). Figures: {cut}.",
        dataset.len(),
        m.index.name,
        m.index.code
    ));
    html.element("h3", &[], "The method, every choice");
    html.element("pre", &[], m.scores.composite().method().to_string().trim_end());
    if let Some(simulation) = m.simulation {
        html.element("h3", &[], "What was in doubt");
        html.list(simulation.doubts());
        html.paragraph(&format!("{} runs of {} gave scores.", simulation.runs(), simulation.asked()));
        html.list(simulation.failures().map(|f| format!("{} runs failed: {}", f.runs, f.reason)));
    }
    html.element("h3", &[], "What counts");
    picture(html, "The framework, and the weight of each part in the whole.", |theme| {
        plot::tree(m.scores.composite(), &m.index.code).theme(theme).title("").svg()
    })?;
    let heads = ["name", "code", "weight in its parent", "better", "unit", "what it means"];
    let mut table = Table::new(format!("The parts of {}, in the order of the tree", m.index.name), heads).in_order();
    let top = framework.depth(&m.index.code)?;
    for node in framework.subtree(&m.index.code)? {
        let weights = node.parent.as_deref().filter(|_| node.code != m.index.code).map(|parent| {
            let found = m.scores.composite().weights(parent);
            found.ok().and_then(|mut all| all.find(|(code, _)| *code == node.code).map(|(_, weight)| weight))
        });
        let better = match node.direction {
            Some(Direction::HigherIsBetter) => "higher",
            Some(Direction::LowerIsBetter) => "lower",
            None => "",
        };
        let name = if m.counts(&node.code) { node.name.clone() } else { format!("{} (excluded)", node.name) };
        let class = ["d0", "d1", "d2", "d3"][(framework.depth(&node.code)? - top).min(3)];
        table.marked(
            [
                Field::text(name),
                Field::text(&node.code),
                Field::share(weights.flatten()),
                Field::text(better),
                Field::text(&node.unit),
                Field::text(&node.definition),
            ],
            class,
        );
    }
    table.write(html)
}

/// From where to where a rank goes.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether it is the same in every run.
    pub(super) always: bool,
}

/// As `3-7`, or `3`.
impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.low == self.high { write!(f, "{}", self.low) } else { write!(f, "{}\u{2013}{}", self.low, self.high) }
    }
}

/// The interval in which the rank of a city lies.
pub(super) fn span(m: &Material<'_>, city: &str) -> Result<Option<Span>> {
    let Some(simulation) = m.simulation else { return Ok(None) };
    let city = simulation.city(city)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    let always = |rank: f64| city.acceptability(rank as usize).value >= 1.0;
    Ok(city.interval(INTERVAL)?.map(|(low, high)| Span { low, high, always: low == high && always(low) }))
}

/// Where a city stands in the index, in a sentence or two.
pub(super) fn standing(m: &Material<'_>, city: &str) -> Result<String> {
    let standing = m.scores.get(city, &m.index.code)?;
    let mut text = match (standing.score, standing.rank, &standing.missing) {
        (Some(score), Some(rank), _) => format!("{score:.2}, rank {rank} of {}", standing.ranked),
        (_, _, Some(why)) => format!("no score: {why}"),
        _ => "no score".to_owned(),
    };
    text = format!("{}: {text}; {} known", m.index.name, figures::known(m, city, &m.index.code)?);
    if standing.imputed > 0.0 {
        text = format!("{text}, {} imputed", percent(standing.imputed));
    }
    if !standing.flags.is_empty() {
        text = format!("{text} [{}]", standing.flags);
    }
    let runs = percent(INTERVAL);
    let sure = match span(m, city)? {
        None => String::new(),
        Some(span) if span.always => format!(" Its rank is {span} in every run."),
        Some(span) if span.low == span.high => format!(" In {runs} of the runs its rank is {span}."),
        Some(span) => format!(" In {runs} of the runs its rank lies in {span}."),
    };
    Ok(format!("{text}.{sure}"))
}

/// What a city's score is made of.
pub(super) fn contributions(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    told(html, m.scores.contributions(city, &m.index.code), |html, found| {
        html.paragraph(&format!(
            "The score of {:.2} is {:.2} ({}) and what the parts add.",
            found.score, found.base, found.baseline
        ));
        let heads = ["part", "score", "weight", "adds", "share", "figure"];
        let caption = format!("What the score of {} is made of", found.name);
        let mut table = Table::new(caption, heads).in_order();
        for part in &found.parts {
            let figure = part.figure.as_ref().map_or_else(String::new, figure_in_words);
            let why = part.missing.as_ref().map_or_else(|| "no score".to_owned(), ToString::to_string);
            let fields = [
                Field::text(&part.name),
                if part.score.is_none() { Field::Missing(why) } else { Field::score(part.score) },
                Field::share(part.weight),
                Field::score(part.contribution),
                Field::share(part.share),
                Field::text(figure),
            ];
            table.marked(fields, if part.depth > 1 { "d1" } else { "d0" });
        }
        table.write(html)
    })
}

/// What a city is good and bad at.
pub(super) fn strengths(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    // Among all cities it stands under the heading of the city.
    let level = if m.report.city.is_some() { "h3" } else { "h4" };
    told(html, Strengths::new().of(m.scores, city, &m.index.code), |html, found| {
        html.within("div", &[("class", "columns")], |html| {
            for (title, judged, none) in [
                ("Strengths", &found.strengths, "In no indicator among the first quarter."),
                ("Weaknesses", &found.weaknesses, "In no indicator among the last quarter."),
            ] {
                html.within("div", &[], |html| {
                    html.element(level, &[], title);
                    if judged.is_empty() {
                        html.note(none);
                    }
                    html.list(judged.iter().map(judgement));
                    Ok(())
                })?;
            }
            if !found.missing.is_empty() {
                html.within("div", &[], |html| {
                    html.element(level, &[], "Not known");
                    html.list(found.missing.iter().map(|(code, why)| format!("{}: {why}", m.node_name(code))));
                    Ok(())
                })?;
            }
            Ok(())
        })
    })
}

fn judgement(judged: &Judgement) -> String {
    format!("{}: rank {} of {} ({})", judged.name, judged.rank, judged.of, figure_in_words(&judged.figure))
}

/// What it would take for a city to reach the goal: by one indicator alone, and by the cheapest mix.
pub(super) fn improvement(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    let goal = m.goal();
    let words = m.goal_in_words(&goal);
    let ask = Improvement::new(city, goal);
    let (single, mix) = (ask.single(m.scores), ask.cheapest(m.scores));
    told(html, single.and_then(|single| Ok((single, mix?))), |html, (single, mix)| {
        let Some(need) = single.need else {
            html.paragraph(&format!("{words}: met already ({}).", single.now));
            return Ok(());
        };
        html.paragraph(&format!("For {words} a score of {} is needed; now {}.", figure(need), single.now));
        let heads = ["indicator", "from", "to", "unit", "does it do?", "score", "rank"];
        let mut table = Table::new(format!("{}: one indicator alone", m.name(city)), heads);
        for step in &single {
            table.row(single_step(step));
        }
        table.write(html)?;
        match &mix.outcome {
            MixOutcome::Met => {}
            MixOutcome::Reached { changes, cost, reached, proof } => {
                let proof = match proof {
                    Optimality::Proven { .. } => "no mix is cheaper",
                    Optimality::Local => "no exchange of two changes is cheaper",
                };
                html.paragraph("The cheapest mix, the whole range of each indicator costing 1:");
                html.list(changes);
                html.paragraph(&format!("Together: {reached}; cost {} ({proof}).", figure(*cost)));
            }
            MixOutcome::Impossible { reached, short, .. } => {
                let short = short.map_or_else(String::new, |short| format!(", {} short", figure(short)));
                html.paragraph(&format!("No mix reaches it: with everything at its limit {reached}{short}."));
            }
        }
        Ok(())
    })
}

fn single_step(step: &SingleStep) -> [Field; 7] {
    let name = Field::text(&step.name);
    let (change, reached, says) = match &step.outcome {
        StepOutcome::Reached { change, reached } => (change, reached, "yes".to_owned()),
        StepOutcome::Short { change, reached, short } => {
            let short = short.map_or_else(|| "no score".to_owned(), |short| format!("{} short", figure(short)));
            (change, reached, format!("no, {short} at its limit"))
        }
        StepOutcome::Still(why) => {
            let none = || Field::figure(None);
            let says = Field::text(format!("does not move: {why}"));
            return [name, none(), none(), Field::text(""), says, none(), none()];
        }
    };
    [
        name,
        Field::figure(change.from),
        Field::figure(Some(change.to)),
        Field::text(&change.unit),
        Field::text(says),
        Field::score(reached.score),
        Field::count(reached.rank),
    ]
}

/// A name with its unit in brackets, where it has one.
pub(super) fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") }
}

/// A figure with its unit, year and source, or why there is none.
fn figure_in_words(found: &Figure) -> String {
    let Some(value) = found.value else {
        return found.missing.as_ref().map_or_else(|| "missing".to_owned(), ToString::to_string);
    };
    let mut text = figure(value);
    // Classes have no unit to count in: `2 (class 0-4)`.
    if is_class(&found.unit) {
        text = format!("{text} ({}){}", found.unit, found.year.map_or_else(String::new, |year| format!(" in {year}")));
        return if found.flags.is_empty() { text } else { format!("{text} [{}]", found.flags) };
    }
    for more in [&found.unit, &found.year.map_or_else(String::new, |year| format!("in {year}"))] {
        if !more.is_empty() {
            text.push(' ');
            text.push_str(more);
        }
    }
    if found.flags.is_empty() { text } else { format!("{text} [{}]", found.flags) }
}
