//! The report of one city. Private.

use super::html::Html;
use super::material::Material;
use super::page::{self, Part, picture, told};
use super::table::{Field, Table, figure};
use super::{claims, figures, moved, shared};
use crate::error::Result;
use crate::explain::{Lessons, LessonsReport, Pace, Peers, Speed};
use crate::plot;

/// So many peers are named.
const PEERS: usize = 8;

pub(super) fn write(m: &Material<'_>, city: &str) -> Result<String> {
    let name = m.name(city);
    let title = m.report.title.clone().unwrap_or_else(|| format!("{name}: {}", m.index.name));
    let mut parts = vec![Part::new("profile", "Where it stands", |html| profile(m, html, city))];
    if figures::has_gaps(m, std::iter::once(city))? {
        parts.push(Part::new("gaps", "What missing figures can do", |html| figures::gaps(m, html, |key| key == city)));
    }
    parts.extend([
        Part::new("contributions", "What the score is made of", |html| shared::contributions(m, html, city)),
        Part::new("strengths", "Strengths and weaknesses", |html| shared::strengths(m, html, city)),
        Part::new("peers", "Cities like it", |html| peers(m, html, city)),
    ]);
    let best = || m.own.ranking().map(|ranked| ranked.city).find(|&key| key != city);
    if let Some(model) = m.report.model.as_deref().filter(|&key| key != city).or_else(best) {
        let title = format!("What it can learn from {}", m.name(model));
        parts.push(Part::new("model", title, move |html| gap(m, html, city, model)));
    }
    parts.push(Part::new("improvement", "What it would take", |html| shared::improvement(m, html, city)));
    if m.has_years() {
        parts.push(Part::new("trajectories", "How it moved", |html| {
            moved::panel(m, html, std::slice::from_ref(&city.to_owned()))?;
            moved::trajectories(m, html)
        }));
    }
    if m.tested.is_some_and(|(tested, _)| tested.iter().any(|(claim, _)| claim.subject == city)) {
        parts.push(Part::new("claims", "What is claimed of it, and what holds", |html| {
            claims::write(m, html, |claim| claim.subject == city)
        }));
    }
    parts.push(Part::new("figures", "Its figures", |html| figures::of_city(m, html, city)));
    parts.push(Part::new("asked", "What was asked, and how", |html| shared::asked(m, html)));
    if m.report.sources.is_some() {
        parts.push(Part::new("sources", "Sources and their terms", |html| {
            figures::sources(m, html, std::iter::once(city))
        }));
    }
    page::write(m, &title, |html| lead(m, html, city), &parts)
}

fn lead(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    html.element("p", &[("class", "lead")], &shared::standing(m, city)?);
    if let Some(known) = m.scores.dataset().city(city)? {
        let about: Vec<&str> = [known.country(), known.region()].into_iter().flatten().collect();
        if !about.is_empty() {
            html.paragraph(&format!("{}: {}.", known.name, about.join(", ")));
        }
    }
    Ok(())
}

/// Score and rank in the index, its measures, and the other indices.
fn profile(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    picture(html, &format!("{} among all cities.", m.name(city)), |theme| {
        plot::profile(m.scores, &m.index.code, city).theme(theme).title("").svg()
    })?;
    let heads = ["node", "score", "rank", "of", figures::KNOWN, "imputed", "notes"];
    let mut table = Table::new(format!("{} in every index and measure", m.name(city)), heads).in_order();
    for index in std::iter::once(m.index).chain(m.others()) {
        let top = m.report.framework.depth(&index.code)?;
        for node in m.report.framework.subtree(&index.code)? {
            if node.kind.is_series() || !m.counts(&node.code) {
                continue;
            }
            let standing = m.scores.get(city, &node.code)?;
            let class = ["d0", "d1", "d2", "d3"][(m.report.framework.depth(&node.code)? - top).min(3)];
            let score = match &standing.missing {
                Some(why) => Field::Missing(why.to_string()),
                None => Field::score(standing.score),
            };
            let fields = [
                Field::text(&node.name),
                score,
                Field::count(standing.rank),
                Field::count(Some(standing.ranked as f64)),
                figures::known(m, city, &node.code)?.field(),
                Field::share(Some(standing.imputed)),
                Field::Brief(standing.flags.to_string()),
            ];
            table.marked(fields, class);
        }
    }
    table.write(html)
}

fn peers(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    let nearest = Peers::of(m.scores, &m.index.code).and_then(|peers| peers.nearest(city));
    told(html, nearest, |html, found| {
        let heads = ["city", "distance", "shared parts", "score", "rank"];
        let mut table = Table::new(format!("The cities that are most like {}", found.name), heads);
        for peer in found.first(PEERS) {
            table.row([
                Field::text(&peer.name),
                Field::figure(Some(peer.distance)),
                Field::Number(format!("{} of {}", peer.shared, found.of), Some(peer.shared as f64)),
                Field::score(peer.score),
                Field::count(peer.rank),
            ]);
        }
        table.write(html)
    })
}

fn gap(m: &Material<'_>, html: &mut Html, city: &str, model: &str) -> Result<()> {
    let lessons = Lessons::new(city).from(model);
    let lessons = m.known().map_or(lessons.clone(), |known| lessons.speeds(known));
    told(html, lessons.of(m.scores, &m.index.code), |html, found| {
        let words = if found.gap > 0.0 { "ahead" } else { "behind" };
        html.paragraph(&format!(
            "{} has {:.2} (rank {}), {} has {:.2} (rank {}): the model is {:.2} {words}.",
            m.name(city),
            found.score,
            found.rank,
            m.name(model),
            found.model_score,
            found.model_rank,
            found.gap.abs()
        ));
        leads(m, html, &found)?;
        let heads = ["measure", "score alone", "rank alone", "score with those before", "rank with those before"];
        let mut steps =
            Table::new("At the model's level, one measure after another, the best step first", heads).in_order();
        for step in &found.steps {
            steps.row([
                Field::text(&step.name),
                Field::score(step.alone),
                Field::count(step.alone_rank),
                Field::score(step.score),
                Field::count(step.rank),
            ]);
        }
        steps.write(html)?;
        if !found.left_alone.is_empty() {
            let names: Vec<&str> = found.left_alone.iter().map(|(_, name)| name.as_str()).collect();
            html.paragraph(&format!("Left alone, for one of them has no figure: {}.", names.join(", ")));
        }
        paces(m, html, &found)?;
        if !found.path.is_empty() {
            html.paragraph("The path by cities that are alike and better:");
            let way = |w: &crate::explain::Waypoint| {
                format!("{} ({:.2}), {} away from the one before", w.name, w.score, figure(w.distance))
            };
            html.list(found.path.iter().map(way));
        }
        Ok(())
    })
}

/// How long each indicator would take; where no speed is known, what there is to reach, and why once.
fn paces(m: &Material<'_>, html: &mut Html, found: &LessonsReport) -> Result<()> {
    let too_short = |pace: &Pace| matches!(pace.own, Speed::TooShort { .. });
    let known = found.paces.iter().any(|pace| !too_short(pace) || pace.fastest.is_some());
    if let (false, Some(longest)) = (known, found.paces.iter().max_by_key(|pace| pace.own.to_string())) {
        html.note(&format!("How long it would take is not told: {}.", longest.own));
    }
    let heads = ["indicator", "from", "to"].into_iter();
    let more = ["at its own speed", "the fastest city", "years at that speed"].into_iter().filter(|_| known);
    let caption = if known { "How long it would take" } else { "From what to what it would go" };
    let mut table = Table::new(format!("{caption}, by the figures before denomination"), heads.chain(more));
    for pace in &found.paces {
        let mut row = vec![Field::text(&pace.name), Field::figure(Some(pace.from)), Field::figure(Some(pace.to))];
        if known {
            let fastest = pace.fastest.as_ref();
            row.extend([
                Field::text(pace.own.to_string()),
                Field::text(fastest.map_or("", |f| m.name(&f.city))),
                Field::figure(fastest.map(|f| f.years)),
            ]);
        }
        table.row(row);
    }
    table.write(html)
}

fn leads(m: &Material<'_>, html: &mut Html, found: &LessonsReport) -> Result<()> {
    let heads = ["measure", m.name(&found.learner), m.name(&found.model), "of the gap"];
    let mut table = Table::new("Where the gap lies (parts that add up to it)", heads);
    for part in found.lead.children() {
        table.row([
            Field::text(&part.name),
            Field::score(part.b.score),
            Field::score(part.a.score),
            Field::signed(part.gap),
        ]);
    }
    table.write(html)?;
    Ok(())
}
