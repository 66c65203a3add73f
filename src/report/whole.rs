//! The report of all cities. Private.

use super::html::Html;
use super::material::{INTERVAL, Material, PICTURED};
use super::page::{self, Part, picture, told};
use super::table::{Field, Table, minus};
use super::{claims, figures, moved, shared};
use crate::audit::Audit;
use crate::error::Result;
use crate::framework::Node;
use crate::plot;
use crate::text::percent;

pub(super) fn write(m: &Material<'_>) -> Result<String> {
    let title = m.report.title.as_deref().unwrap_or(&m.index.name);
    let mut parts = vec![Part::new("ranking", "The ranking, and how sure it is", |html| ranking(m, html))];
    if figures::has_gaps(m, m.scores.dataset().cities())? {
        parts.push(Part::new("gaps", "What missing figures can do", |html| figures::gaps(m, html, |_| true)));
    }
    parts.push(Part::new("measures", "Each measure", |html| measures(m, html)));
    if !m.focus.is_empty() {
        parts.push(Part::new("cities", "The cities looked at more closely", |html| cities(m, html)));
        parts.push(Part::new("improvement", "What it would take", |html| improvement(m, html)));
    }
    if m.others().next().is_some() {
        parts.push(Part::new("others", "Beside the other indices", |html| others(m, html)));
    }
    if m.has_years() {
        parts.push(Part::new("trajectories", "How they moved", |html| {
            moved::panel(m, html, &m.focus)?;
            moved::trajectories(m, html)
        }));
    }
    if m.tested.is_some() {
        parts.push(Part::new("claims", "What is claimed, and what holds", |html| claims::write(m, html, |_| true)));
    }
    parts.push(Part::new("asked", "What was asked, and how", |html| shared::asked(m, html)));
    parts.push(Part::new("coverage", "What is known, and what was filled in", |html| figures::coverage(m, html)));
    parts.push(Part::new("audit", "Statistical audit", |html| audit(m, html)));
    if m.report.sources.is_some() {
        parts.push(Part::new("sources", "Sources and their terms", |html| {
            figures::sources(m, html, m.scores.dataset().cities())
        }));
    }
    page::write(m, title, |html| lead(m, html), &parts)
}

/// What came out, in two sentences.
fn lead(m: &Material<'_>, html: &mut Html) -> Result<()> {
    let (ranked, all) = (m.own.ranked(), m.scores.dataset().len());
    let mut text = format!("{ranked} of {all} cities ranked in {}.", m.index.name);
    let first: Vec<String> = m.own.ranking().take(3).map(|r| format!("{} ({:.1})", r.name, r.score)).collect();
    if !first.is_empty() {
        text = format!("{text} First: {}.", first.join(", "));
    }
    html.element("p", &[("class", "lead")], &text);
    let places = m.focus.iter().map(|key| {
        let rank = m.own.rank(key)?.map_or_else(|| "without a rank".to_owned(), |rank| format!("rank {rank}"));
        let sure = match shared::span(m, key)? {
            Some(span) if span.always && m.own.rank(key)? == Some(span.low) => " in every run".to_owned(),
            Some(span) if span.low == span.high => format!(" (only {})", span.low),
            Some(span) => format!(" ({span})"),
            None => String::new(),
        };
        Ok(format!("{}: {rank}{sure}", m.name(key)))
    });
    let places = places.collect::<Result<Vec<_>>>()?;
    if !places.is_empty() {
        let sure = if places.iter().any(|place| place.ends_with(')')) {
            format!(" In brackets the ranks in {} of the runs.", percent(INTERVAL))
        } else {
            String::new()
        };
        html.paragraph(&format!("{}.{sure}", places.join("; ")));
    }
    Ok(())
}

fn ranking(m: &Material<'_>, html: &mut Html) -> Result<()> {
    match m.simulation {
        Some(simulation) => picture(html, "The rank of each city, and how far it is sure.", |theme| {
            let drawn = plot::ranking(simulation).interval(INTERVAL).theme(theme).title("").first(PICTURED);
            m.pointed_out().iter().fold(drawn, plot::Ranking::highlight).svg()
        })?,
        None => html.note("How sure each rank is was not asked."),
    }
    let children = m.children()?;
    let mut heads: Vec<String> = ["rank", "city"].map(str::to_owned).to_vec();
    if m.simulation.is_some() {
        heads.push(format!("ranks in {}", percent(INTERVAL)));
    }
    heads.push(m.index.name.clone());
    heads.extend(children.iter().map(|node| node.name.clone()));
    let cities = m.scores.dataset().cities();
    let standings = cities.map(|key| m.scores.get(key, &m.index.code)).collect::<Result<Vec<_>>>()?;
    let is_imputed = standings.iter().any(|standing| standing.imputed > 0.0);
    heads.push(if is_imputed { figures::KNOWN } else { "known" }.to_owned());
    heads.extend(is_imputed.then(|| "imputed".to_owned()));
    heads.push("notes".to_owned());
    let mut table = Table::new(format!("{} and its parts, city by city", m.index.name), heads).named_by(1);
    for row in m.own.order() {
        let Some(standing) = standings.get(row) else { continue };
        let key = m.scores.dataset().key(row);
        let mut fields = vec![Field::count(standing.rank), Field::text(m.name(key))];
        if m.simulation.is_some() {
            let span = shared::span(m, key)?;
            let shown = span.as_ref().map_or_else(|| "\u{2013}".to_owned(), ToString::to_string);
            fields.push(Field::Number(shown, span.map(|span| span.low)));
        }
        fields.push(scored(m, key, &m.index.code)?);
        for child in &children {
            fields.push(scored(m, key, &child.code)?);
        }
        fields.push(figures::known(m, key, &m.index.code)?.field());
        fields.extend(is_imputed.then(|| Field::share(Some(standing.imputed))));
        fields.push(Field::Brief(standing.flags.to_string()));
        table.marked(fields, if m.is_pointed_out(key) { "named" } else { "" });
    }
    table.write(html)
}

/// A score, or why there is none.
fn scored(m: &Material<'_>, city: &str, node: &str) -> Result<Field> {
    let standing = m.scores.get(city, node)?;
    Ok(match (standing.score, standing.missing) {
        (None, Some(why)) => Field::Missing(why.to_string()),
        (score, _) => Field::score(score),
    })
}

fn measures(m: &Material<'_>, html: &mut Html) -> Result<()> {
    picture(
        html,
        &format!("{} and its parts, city by city: the stronger the colour, the better.", m.index.name),
        |theme| {
            let drawn = plot::heat(m.scores, &m.index.code).theme(theme).title("").first(PICTURED);
            m.pointed_out().iter().fold(drawn, plot::Heat::highlight).svg()
        },
    )?;
    m.children()?.into_iter().try_for_each(|child| measure(m, html, child))
}

/// A measure: who is ahead and behind, and all its figures.
fn measure(m: &Material<'_>, html: &mut Html, node: &Node) -> Result<()> {
    html.element("h3", &[], &node.name);
    if !node.definition.is_empty() {
        html.paragraph(&format!("{}.", node.definition.trim_end_matches('.')));
    }
    let scores = m.scores.node(&node.code)?;
    let ranked: Vec<_> = scores.ranking().collect();
    let named = |rows: &[crate::scores::Ranked<'_>]| {
        let words: Vec<String> = rows.iter().map(|r| format!("{} ({:.1})", r.name, r.score)).collect();
        words.join(", ")
    };
    let few = (ranked.len() / 2).min(3);
    let (first, last) = (ranked.get(..few), ranked.get(ranked.len() - few..));
    if let (Some(first @ [_, ..]), Some(last)) = (first, last) {
        html.paragraph(&format!("Ahead: {}. Behind: {}.", named(first), named(last)));
    }
    let indicators = m.indicators(&node.code)?;
    let mut heads: Vec<String> = ["rank", "city", "score"].map(str::to_owned).to_vec();
    heads.extend(indicators.iter().map(|node| shared::with_unit(&node.name, &node.unit)));
    let usual: Vec<Option<i32>> = indicators.iter().map(|node| figures::usual_year(m, &node.code)).collect();
    let mut table = Table::new(format!("{}: rank, score and figures", node.name), heads).named_by(1);
    for row in scores.order() {
        let key = m.scores.dataset().key(row);
        let mut fields = vec![Field::count(scores.rank(key)?), Field::text(m.name(key)), scored(m, key, &node.code)?];
        let cells = m.cells.get(row).map_or(&[][..], Vec::as_slice);
        for (indicator, usual) in indicators.iter().zip(&usual) {
            let cell = cells.iter().find(|cell| cell.indicator == indicator.code);
            fields.push(cell.map_or_else(|| Field::figure(None), |cell| figures::value_of_year(cell, *usual)));
        }
        table.marked(fields, if m.is_pointed_out(key) { "named" } else { "" });
    }
    html.within("details", &[], |html| {
        html.element("summary", &[], &format!("{}: all cities and their figures", node.name));
        table.write(html)
    })
}

fn cities(m: &Material<'_>, html: &mut Html) -> Result<()> {
    gaps(m, html)?;
    for key in &m.focus {
        html.element("h3", &[], m.name(key));
        html.paragraph(&shared::standing(m, key)?);
        picture(html, &format!("{} among all cities.", m.name(key)), |theme| {
            plot::profile(m.scores, &m.index.code, key).theme(theme).title("").svg()
        })?;
        shared::strengths(m, html, key)?;
        html.within("details", &[], |html| {
            html.element("summary", &[], &format!("What the score of {} is made of", m.name(key)));
            shared::contributions(m, html, key)
        })?;
    }
    Ok(())
}

/// The gap between the first of the named cities and each of the others, measure by measure.
fn gaps(m: &Material<'_>, html: &mut Html) -> Result<()> {
    let Some((first, others)) = m.focus.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Ok(());
    };
    html.element("h3", &[], &format!("What sets {} apart", m.name(first)));
    for other in others {
        told(html, m.scores.compare(first, other, &m.index.code), |html, found| {
            let caption = format!("From {} to {}, part by part.", found.b.1, found.a.1);
            picture(html, &caption, |theme| plot::waterfall(&found).theme(theme).title("").svg())?;
            let heads = ["part", &found.a.1, &found.b.1, "of the gap"];
            let caption =
                format!("{} against {}: a gap of {}", found.a.1, found.b.1, minus(&format!("{:+.2}", found.gap)));
            let mut table = Table::new(caption, heads);
            for part in found.children() {
                let gap = Field::signed(part.gap);
                table.row([Field::text(&part.name), Field::score(part.a.score), Field::score(part.b.score), gap]);
            }
            table.write(html)
        })?;
    }
    Ok(())
}

fn improvement(m: &Material<'_>, html: &mut Html) -> Result<()> {
    html.note(
        "Figures move in their better direction only, in their raw units; the yardstick and the other cities stay as they are. \
         Each answer was scored again.",
    );
    for key in &m.focus {
        html.element("h3", &[], m.name(key));
        shared::improvement(m, html, key)?;
    }
    Ok(())
}

fn others(m: &Material<'_>, html: &mut Html) -> Result<()> {
    html.note("What goes together need not be cause and effect.");
    for other in m.others() {
        html.element("h3", &[], &other.name);
        if !other.definition.is_empty() {
            html.paragraph(&format!("{}.", other.definition.trim_end_matches('.')));
        }
        picture(html, &format!("{} against {}.", m.index.name, other.name), |theme| {
            let drawn = plot::scatter(m.scores, &m.index.code, &other.code).theme(theme).title("");
            m.pointed_out().iter().fold(drawn, plot::Scatter::highlight).svg()
        })?;
    }
    Ok(())
}

fn audit(m: &Material<'_>, html: &mut Html) -> Result<()> {
    told(html, Audit::of(m.scores), |html, audit| {
        html.paragraph(&format!(
            "The worst grade is {}. The ten steps of the OECD/JRC Handbook; a warning is no verdict, but what a reader should know.",
            audit.grade()
        ));
        let heads = ["step", "grade", "what was found", "about"];
        let mut table = Table::new("The checks, step by step", heads).named_by(2);
        for finding in &audit {
            let about: Vec<&str> = finding.about.iter().map(String::as_str).collect();
            table.row([
                Field::text(format!("{:02} {}", finding.step.number(), finding.step)),
                Field::text(finding.grade.to_string()),
                Field::text(&finding.text),
                Field::text(about.join(", ")),
            ]);
        }
        table.write(html)
    })
}
