//! Claims beside what documents and figures say. Private.

use super::html::Html;
use super::material::Material;
use super::page::picture;
use super::table::{Field, Table};
use crate::claims::{Agreement, Claim, Holding, Relation, Tested, Verdict};
use crate::error::Result;
use crate::plot;

/// The claims that are about something, beside what documents and figures say; where documents say nothing of any, beside what
/// figures say.
pub(super) fn write(m: &Material<'_>, html: &mut Html, about: impl Fn(&Claim) -> bool) -> Result<()> {
    let Some((tested, open)) = m.tested else { return Ok(()) };
    html.paragraph(&format!("What was open when the figures were asked: {open}."));
    if m.report.city.is_none() && tested.tested().next().is_some() {
        picture(html, "The claims that figures can test: in what share of the cases each holds.", |theme| {
            plot::claims(tested).tested_only().theme(theme).title("").svg()
        })?;
    }
    let shown: Vec<(&Claim, Option<&Tested>)> = tested.iter().filter(|(claim, _)| about(claim)).collect();
    let judged = shown.iter().any(|(claim, _)| claim.verdict != Verdict::Unchecked);
    let sourced = shown.iter().any(|(claim, _)| !claim.url.is_empty() || !claim.source.is_empty());
    html.paragraph(&if judged { agreements(&shown) } else { holdings(&shown) });

    let mut heads = vec!["claim", "what it says"];
    heads.extend(judged.then_some("documents"));
    heads.push("figures");
    heads.extend(judged.then_some("the two"));
    heads.extend(["margin", "broken by"]);
    heads.extend(sourced.then_some("document"));
    let caption = if judged { "with the verdict of documents and that of the figures" } else { "and what figures say" };
    let mut table = Table::new(format!("Claims, {caption}"), heads);
    for (claim, found) in shown {
        let (figures, margin, broken) = match found {
            None => ("not tested: nothing that figures could tell".to_owned(), String::new(), String::new()),
            Some(t) => {
                let notes = if t.notes.is_empty() { String::new() } else { format!(" ({})", t.notes.join("; ")) };
                let broken = t.counterexample.as_ref().map_or_else(String::new, ToString::to_string);
                (format!("{}: {}{notes}", named(m, claim), t.holding), t.margins(), broken)
            }
        };
        let mut row = vec![Field::text(&claim.code), Field::text(&claim.text)];
        row.extend(judged.then(|| Field::text(documents(claim))));
        row.push(Field::text(figures));
        row.extend(judged.then(|| Field::text(in_words(agreement(claim, found)))));
        row.extend([Field::text(margin), Field::text(broken)]);
        row.extend(sourced.then(|| match claim.url.as_str() {
            "" => Field::text(&claim.source),
            url => Field::Address(url.to_owned()),
        }));
        table.row(row);
    }
    table.write(html)
}

/// What documents say of a claim.
fn documents(claim: &Claim) -> String {
    if claim.verdict == Verdict::Unchecked {
        return "none was looked for".to_owned();
    }
    let verdict = format!("{} ({} confidence)", claim.verdict.to_string().replace('_', " "), claim.confidence);
    if claim.figure.is_empty() {
        return verdict;
    }
    format!("{verdict}: {} {} {}", claim.figure, claim.unit, claim.year).trim_end().to_owned()
}

fn agreement(claim: &Claim, found: Option<&Tested>) -> Agreement {
    found.map_or(Agreement::NotCompared, |found| Agreement::of(claim.verdict, &found.holding))
}

fn in_words(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::NotCompared => "not compared",
        Agreement::Agree => "agree",
        Agreement::Partly => "agree in part",
        Agreement::Disagree => "disagree",
    }
}

/// On how many claims documents and figures agree.
fn agreements(shown: &[(&Claim, Option<&Tested>)]) -> String {
    let count = |which| shown.iter().filter(|(claim, found)| agreement(claim, *found) == which).count();
    format!(
        "Documents and figures agree on {}, in part on {}, and disagree on {}; {} are not compared.",
        count(Agreement::Agree),
        count(Agreement::Partly),
        count(Agreement::Disagree),
        count(Agreement::NotCompared)
    )
}

/// How many claims figures bear out.
fn holdings(shown: &[(&Claim, Option<&Tested>)]) -> String {
    let words = [
        ("holds always", "hold always"),
        ("never", "never"),
        ("in a part of the cases", "in a part of the cases"),
        ("cannot be known", "cannot be known"),
        ("is not tested", "are not tested"),
    ];
    let mut counts = [0_usize; 5];
    for (_, found) in shown {
        counts[match found.map(|found| &found.holding) {
            Some(Holding::Always) => 0,
            Some(Holding::Never) => 1,
            Some(Holding::Share { .. }) => 2,
            Some(Holding::Unknown { .. }) => 3,
            None => 4,
        }] += 1;
    }
    // The first is said always: it gives the others their verb.
    let said = counts.iter().zip(words).enumerate().filter(|(i, (count, _))| *i == 0 || **count > 0);
    let said: Vec<String> =
        said.map(|(_, (count, (one, many)))| format!("{count} {}", if *count == 1 { one } else { many })).collect();
    let noun = if shown.len() == 1 { "claim" } else { "claims" };
    format!("Of {} {noun} {}.", shown.len(), said.join(", "))
}

/// A claim as figures test it, with names instead of keys and codes.
fn named(m: &Material<'_>, claim: &Claim) -> String {
    let mut claim = claim.clone();
    claim.subject = m.name(&claim.subject).to_owned();
    if let Some(test) = &mut claim.test {
        test.node = m.node_name(&test.node).to_owned();
        match &mut test.relation {
            Relation::Leads { rival } | Relation::Trails { rival } => *rival = m.name(rival).to_owned(),
            Relation::GoesWith { node } => *node = m.node_name(node).to_owned(),
            _ => {}
        }
    }
    claim.to_string()
}
