//! How cities moved. Private.

use super::html::Html;
use super::material::Material;
use super::page::{picture, told};
use super::shared::with_unit;
use super::table::{Field, Table, figure};
use crate::error::Result;
use crate::framework::Node;
use crate::plot;
use crate::text::percent;
use crate::trajectory::{Fall, Trajectory, TurningPoint, Untold, Words};

/// How cities moved in the scores of a panel.
pub(super) fn panel(m: &Material<'_>, html: &mut Html, cities: &[String]) -> Result<()> {
    let Some(panel) = m.report.panel else { return Ok(()) };
    html.element("h3", &[], &format!("{}: level and momentum", m.index.name));
    told(html, panel.level_and_momentum(&m.index.code), |html, found| {
        let yardstick = panel.yardstick();
        html.paragraph(&format!("Scores of {}\u{2013}{} on one yardstick, {yardstick}.", found.first, found.last));
        let heads = ["city", "level", "rank by level", "a\u{a0}year", "p", "rank by momentum", "where it stands"];
        let mut table = Table::new(format!("{}: where cities stand, and where they go", m.index.name), heads);
        for c in &found.cities {
            let fields = [
                Field::text(&c.name),
                Field::score(Some(c.level)),
                Field::count(Some(c.level_rank)),
                Field::signed(Some(c.slope)),
                Field::probability(Some(c.p)),
                Field::count(Some(c.momentum_rank)),
                Field::text(c.quadrant.to_string()),
            ];
            table.marked(fields, if cities.contains(&c.city) { "named" } else { "" });
        }
        picture(html, "Level and momentum: the medians cut the cities into four groups.", |theme| {
            let drawn = plot::momentum(&found).label(&m.index.code, &m.index.name).theme(theme).title("");
            let is_there = |key: &&String| {
                found.get(key).is_some() || found.unplaced.iter().any(|unplaced| unplaced.city == **key)
            };
            cities.iter().filter(is_there).fold(drawn, plot::Momentum::highlight).svg()
        })?;
        table.write(html)?;
        html.list(&found.unplaced);
        Ok(())
    })
}

/// How cities moved: a table a series, or one of all series where there is one city. Why there is no trend is said once, above.
pub(super) fn trajectories(m: &Material<'_>, html: &mut Html) -> Result<()> {
    const HEADS: [&str; 9] =
        ["years", "figures", "first", "last", "a\u{a0}year", "p", "stage", "turning points", "largest loss"];
    const SHORT: [&str; 5] = ["years", "figures", "first", "last", "change"];
    if m.known().is_none() {
        return Ok(());
    }
    let (short, long): (Vec<_>, Vec<_>) = m.paths.iter().partition(|(_, all)| is_short(all));
    if let Some(why) = why_no_trend(m, &short) {
        html.note(&why);
    }
    let caption = "figures before denomination";
    if m.report.city.is_some() {
        let all = || long.iter().flat_map(|(_, all)| all);
        if all().next().is_some() {
            picture(html, "How the series moved, with turning points.", |theme| {
                plot::trajectories(all()).theme(theme).title("").svg()
            })?;
        }
        let mut tables = [
            Table::new("Figures before denomination", ["series"].into_iter().chain(HEADS)),
            Table::new("Series without a trend: figures before denomination", ["series"].into_iter().chain(SHORT)),
        ];
        let named = |node: &Node| Field::text(with_unit(&node.name, &node.unit));
        let [full, few] = &mut tables;
        for (node, all) in long {
            for t in all {
                full.row([named(node)].into_iter().chain(trajectory(t)));
            }
        }
        for (node, all) in short {
            for t in all {
                few.row([named(node)].into_iter().chain(first_to_last(t)));
            }
        }
        return tables.iter().try_for_each(|table| table.write(html));
    }
    for (node, all) in &m.paths {
        html.element("h3", &[], &node.name);
        let name = with_unit(&node.name, &node.unit);
        if is_short(all) {
            let mut table = Table::new(format!("{name}: {caption}"), ["city"].into_iter().chain(SHORT));
            for t in all {
                table.row([Field::text(m.name(&t.city))].into_iter().chain(first_to_last(t)));
            }
            table.write(html)?;
            continue;
        }
        picture(html, &format!("{name}, with turning points."), |theme| {
            plot::trajectories(all).theme(theme).title("").svg()
        })?;
        let mut table = Table::new(format!("{name}: {caption}"), ["city"].into_iter().chain(HEADS));
        for t in all {
            table.row([Field::text(m.name(&t.city))].into_iter().chain(trajectory(t)));
        }
        table.write(html)?;
    }
    Ok(())
}

/// Whether none of a series has enough figures for a trend.
fn is_short(all: &[Trajectory]) -> bool {
    all.iter().all(|t| matches!(t.untold, Some(Untold::NoFigure | Untold::FewFigures { .. })))
}

/// Why some series have no trend, or why none is told.
fn why_no_trend(m: &Material<'_>, short: &[&(&Node, Vec<Trajectory>)]) -> Option<String> {
    if m.paths.is_empty() && m.longest >= 3 {
        let whom = if m.report.city.is_some() { "here" } else { "in at least half of the cities looked at" };
        return Some(format!("No trend is told: no series has one {whom}."));
    }
    if m.paths.is_empty() || short.len() == m.paths.len() {
        return Some(format!(
            "No trend is told: it takes three figures of a series, and none of these has more than {}.",
            m.longest
        ));
    }
    let names: Vec<&str> = short.iter().map(|(node, _)| node.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("No trend is told of {}: it takes three figures.", names.join(", ")))
}

/// What there is to say of a series of one or two figures.
fn first_to_last(t: &Trajectory) -> [Field; 5] {
    let change = t.points.first().zip(t.points.last()).filter(|_| t.points.len() > 1).map(|(a, b)| b.value - a.value);
    let sign = if change.is_some_and(|change| change > 0.0) { "+" } else { "" };
    let shown = change.map_or_else(|| "\u{2013}".to_owned(), |change| format!("{sign}{}", figure(change)));
    let [years, figures, first, last, ..] = trajectory(t);
    [years, figures, first, last, Field::Number(shown, change)]
}

fn trajectory(t: &Trajectory) -> [Field; 9] {
    let words = Words::of(t);
    let (first, last) = (t.points.first(), t.points.last());
    let span = first.zip(last).map_or_else(String::new, |(a, b)| format!("{}\u{2013}{}", a.year, b.year));
    let turn = |p: &TurningPoint| format!("{} {} in {}", words.turn(p.turn), figure(p.at.value), p.at.year);
    let turns: Vec<String> = t.turning_points.iter().map(turn).collect();
    let fell = |fall: &Fall| {
        let (from, to) = (fall.peak, fall.trough);
        let (before, after) = (figure(from.value), figure(to.value));
        let regained = words.regained();
        format!("{before} in {} to {after} in {}; {} {regained}", from.year, to.year, percent(fall.regained))
    };
    let trend = t.trend.as_ref();
    [
        Field::Brief(span),
        Field::count(Some(t.points.len() as f64)),
        Field::figure(first.map(|p| p.value)),
        Field::figure(last.map(|p| p.value)),
        Field::figure(trend.map(|trend| trend.slope)),
        Field::probability(trend.map(|trend| trend.p)),
        Field::text(words.stage_or_why(t)),
        Field::text(turns.join("; ")),
        Field::text(match &t.fall {
            Some(fall) => fell(fall),
            None if t.points.len() > 1 => words.never_fell().to_owned(),
            None => String::new(),
        }),
    ]
}
