//! What is known and what is not: figures, coverage, sources. Private.

use std::collections::BTreeMap;

use super::html::Html;
use super::material::Material;
use super::page::told;
use super::table::{Field, Table, figure};
use crate::error::Result;
use crate::scores::ScoredCell;

/// The value of a cell, or why there is none.
pub(super) fn value(cell: &ScoredCell<'_>) -> Field {
    match (&cell.missing, cell.value) {
        (_, Some(value)) => Field::Number(figure(value), Some(value)),
        (Some(why), None) => Field::Missing(why.to_string()),
        (None, None) => Field::figure(None),
    }
}

/// The value of a cell, with its year where that is not the usual one.
pub(super) fn value_of_year(cell: &ScoredCell<'_>, usual: Option<i32>) -> Field {
    match (value(cell), year(cell)) {
        (Field::Number(shown, number), Some(year)) if Some(year) != usual => {
            Field::Number(format!("{shown} ({year})"), number)
        }
        (field, _) => field,
    }
}

/// The year of a figure that is there.
fn year(cell: &ScoredCell<'_>) -> Option<i32> {
    cell.figure.provenance.filter(|_| cell.figure.value.is_some()).map(|p| p.year)
}

/// The year that most figures of an indicator are of; of several such the latest.
pub(super) fn usual_year(m: &Material<'_>, indicator: &str) -> Option<i32> {
    let mut years = BTreeMap::<i32, usize>::new();
    for year in m.cells.iter().flatten().filter(|cell| cell.indicator == indicator).filter_map(year) {
        *years.entry(year).or_default() += 1;
    }
    years.into_iter().max_by_key(|&(_, count)| count).map(|(year, _)| year)
}

/// The heading of what is [`known`], beside what is imputed.
pub(super) const KNOWN: &str = "known, not imputed";

/// How many figures under a node a city has, and how many there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    have: usize,
    of: usize,
}

impl Known {
    pub(super) fn field(self) -> Field {
        Field::Number(self.to_string(), Some(self.have as f64 / self.of.max(1) as f64))
    }
}

impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let noun = if self.of == 1 { "figure" } else { "figures" };
        write!(f, "{} of {} {noun}", self.have, self.of)
    }
}

/// How many figures a city has under a node: not how many children have a score, which one figure of several can give, nor how many
/// figures the score rests on, as in [`Standing::figures`](crate::Standing::figures), for imputed ones are not known.
pub(super) fn known(m: &Material<'_>, city: &str, node: &str) -> Result<Known> {
    let known = m.scores.cells(city, node)?.fold(Known { have: 0, of: 0 }, |known, cell| Known {
        have: known.have + usize::from(cell.value.is_some() && !cell.imputed),
        of: known.of + 1,
    });
    Ok(known)
}

/// Whether one of these cities lacks a figure under the index.
pub(super) fn has_gaps<'k>(m: &Material<'_>, mut cities: impl Iterator<Item = &'k str>) -> Result<bool> {
    cities.try_fold(false, |found, city| Ok(found || known(m, city, &m.index.code).map(|k| k.have < k.of)?))
}

/// What missing figures can do to the score and the rank of those cities that lack some.
pub(super) fn gaps(m: &Material<'_>, html: &mut Html, about: impl Fn(&str) -> bool) -> Result<()> {
    told(html, m.scores.bounds(&m.index.code), |html, found| {
        html.note(
            "Each missing figure takes the worst or the best value on the yardstick. The best rank is that with the city's own \
             at their best and those of all others at their worst.",
        );
        let heads = ["city", "missing", "rank", "best rank", "worst rank", "score", "lowest score", "highest score"];
        let mut table = Table::new(format!("{}: what missing figures can do", m.index.name), heads);
        for city in found.cities.iter().filter(|city| city.gaps > 0 && about(&city.city)) {
            let ends = city.bounds;
            let rank = |rank: Option<usize>| Field::count(rank.map(|rank| rank as f64));
            table.row([
                Field::text(m.name(&city.city)),
                Field::Number(format!("{} of {}", city.gaps, city.of), Some(city.gaps as f64)),
                Field::count(city.rank),
                rank(ends.map(|ends| ends.best_rank)),
                rank(ends.map(|ends| ends.worst_rank)),
                Field::score(city.score),
                Field::score(ends.map(|ends| ends.low)),
                Field::score(ends.map(|ends| ends.high)),
            ]);
        }
        table.write(html)
    })
}

/// How much is known of every indicator, how old it is and how far it can be trusted, and what the method did about gaps.
pub(super) fn coverage(m: &Material<'_>, html: &mut Html) -> Result<()> {
    let cities = m.scores.dataset().len();
    let indicators = m.indicators(&m.index.code)?;
    let heads = ["indicator", KNOWN, "share", "imputed", "oldest", "newest", "statuses", "sources"];
    let mut table = Table::new("What is known of each indicator", heads);
    let (mut all_known, mut reasons) = (0, BTreeMap::<(usize, String), Vec<&str>>::new());
    for (i, node) in indicators.iter().enumerate() {
        let (mut known, mut imputed, mut years) = (0, 0, Vec::new());
        let (mut statuses, mut sources) = (BTreeMap::<_, usize>::new(), BTreeMap::<&str, usize>::new());
        for (key, cells) in m.scores.dataset().cities().zip(&m.cells) {
            let Some(cell) = cells.iter().find(|cell| cell.indicator == node.code) else { continue };
            imputed += usize::from(cell.imputed);
            known += u32::from(cell.value.is_some() && !cell.imputed);
            if let Some(p) = cell.figure.provenance.filter(|_| cell.figure.value.is_some()) {
                years.push(p.year);
                *statuses.entry(p.status).or_default() += 1;
                *sources.entry(p.source).or_default() += 1;
            }
            let why = cell.figure.missing.as_ref().or(cell.missing.as_ref());
            if let Some(why) = why {
                let filled = if cell.imputed { " (imputed)" } else { "" };
                reasons.entry((i, format!("{why}{filled}"))).or_default().push(m.name(key));
            }
        }
        all_known += known;
        let words: Vec<String> = statuses.iter().map(|(s, n)| format!("{n} {}", s.meaning())).collect();
        let named: Vec<&str> = sources.keys().copied().filter(|source| !source.is_empty()).collect();
        let year = |year: Option<&i32>| Field::count(year.copied().map(f64::from));
        table.row([
            Field::text(&node.name),
            Field::Number(format!("{known} of {cities}"), Some(f64::from(known))),
            Field::share(Some(f64::from(known) / cities as f64)),
            Field::count(Some(imputed as f64)),
            year(years.iter().min()),
            year(years.iter().max()),
            Field::text(words.join(", ")),
            Field::text(named.join(", ")),
        ]);
    }
    let of = cities * indicators.len();
    html.paragraph(&format!(
        "{all_known} of {of} figures are known. What is done about the others: {}.",
        m.scores.composite().method().imputation
    ));
    table.write(html)?;
    let mut gaps = Table::new("Figures that are missing, and why", ["indicator", "why", "cities"]);
    for ((i, why), cities) in &reasons {
        let name = indicators.get(*i).map_or("", |node| node.name.as_str());
        gaps.row([Field::text(name), Field::text(why), Field::text(cities.join(", "))]);
    }
    gaps.write(html)?;
    let heads = ["indicator", "city", "figure", "taken as"];
    let mut treated = Table::new("Outliers that the treatment pulled in", heads).named_by(1);
    for indicator in m.scores.composite().treated() {
        for point in &indicator.changed {
            treated.row([
                Field::text(m.node_name(indicator.treatment.indicator.as_str())),
                Field::text(m.name(&point.city)),
                Field::figure(Some(point.before)),
                Field::figure(Some(point.after)),
            ]);
        }
    }
    treated.write(html)
}

/// The figures of a city, each with year, status and source.
pub(super) fn of_city(m: &Material<'_>, html: &mut Html, city: &str) -> Result<()> {
    let heads = ["indicator", "value", "unit", "score", "rank", "year", "status", "source", "notes"];
    let mut table = Table::new(format!("The figures of {}", m.name(city)), heads);
    for index in std::iter::once(m.index).chain(m.others()) {
        for cell in m.scores.cells(city, &index.code)? {
            let origin = cell.figure.provenance.filter(|_| cell.figure.value.is_some());
            let mut notes: Vec<String> = cell.flags.iter().map(|flag| flag.to_string()).collect();
            if let Some((series, divisor)) = &cell.denominator {
                if let (Some(raw), Some(by)) = (cell.figure.value, divisor.value) {
                    notes.push(format!("{} by {} {}", figure(raw), figure(by), m.node_name(series)));
                }
            }
            notes.extend(origin.map(|p| p.note.to_owned()).filter(|note| !note.is_empty()));
            table.row([
                Field::text(cell.name),
                value(&cell),
                Field::text(cell.unit),
                Field::score(cell.score),
                Field::Number(
                    cell.rank.map_or_else(|| "\u{2013}".to_owned(), |rank| format!("{rank} of {}", cell.ranked)),
                    cell.rank,
                ),
                Field::count(origin.map(|p| f64::from(p.year))),
                Field::text(origin.map_or("", |p| p.status.meaning())),
                Field::text(origin.map_or("", |p| p.source)),
                Field::text(notes.join("; ")),
            ]);
        }
    }
    table.write(html)
}

/// Where the figures of some cities come from, how many from each source, and under which terms.
pub(super) fn sources<'k>(m: &Material<'_>, html: &mut Html, cities: impl Iterator<Item = &'k str>) -> Result<()> {
    let Some(sources) = m.report.sources else { return Ok(()) };
    let mut used = BTreeMap::<&str, usize>::new();
    for city in cities {
        for index in std::iter::once(m.index).chain(m.others()) {
            for cell in m.scores.cells(city, &index.code)? {
                let figures = [Some(&cell.figure), cell.denominator.as_ref().map(|(_, divisor)| divisor)];
                for figure in figures.into_iter().flatten().filter(|figure| figure.value.is_some()) {
                    if let Some(p) = figure.provenance.filter(|p| !p.source.is_empty()) {
                        *used.entry(p.source).or_default() += 1;
                    }
                }
            }
        }
    }
    let heads = ["source", "title", "publisher", "licence", "figures", "where", "doubts"];
    let mut table = Table::new("Sources of the figures on this page, and their terms", heads);
    for (key, figures) in used {
        let count = Field::count(Some(figures as f64));
        let none = || Field::text("");
        if let Ok(s) = sources.get(key) {
            table.row([
                Field::text(&s.key),
                Field::text(&s.title),
                Field::text(&s.publisher),
                Field::text(&s.licence),
                count,
                Field::Address(s.location.clone()),
                Field::text(&s.note),
            ]);
        } else {
            table.row([Field::text(key), Field::text("not among the sources"), none(), none(), count, none(), none()]);
        }
    }
    table.write(html)
}
