//! What documents say of claims beside what figures say.

use svg::node::Node;

use super::canvas::{Canvas, axis_group, fit, wrap};
use super::look::{Look, picture};
use super::scale::Scale;
use super::shapes::{bar, gap, group};
use super::{append, check_size, count, percent};
use crate::claims::{Agreement, Claim, Holding, Tested, TestedClaims, Verdict};
use crate::error::Result;

/// The picture that [`claims`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct ClaimTable<'a> {
    table: &'a TestedClaims,
    which: Which,
    look: Look,
}

/// Which claims are shown.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Which {
    All,
    Tested,
}

/// The verdicts of all claims: what documents say of each, in what share of the cases the figures bear it out, as a bar and in
/// words, and whether the two agree.
///
/// A claim that figures cannot test has no bar, and one that cannot be known from the data an empty, broken box. At most three
/// lines of a claim's text are shown; a pointer over it says all.
///
/// ```
/// use longspring::{Inquiry, article, plot};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let table = Inquiry::new(&framework, &known).test_claims(&article::claims())?;
/// let svg = plot::claims(&table).tested_only().highlight("C12").svg()?;
/// assert!(svg.contains("data-claim=\"C12\"") && svg.contains("holds always"));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn claims(table: &TestedClaims) -> ClaimTable<'_> {
    ClaimTable { table, which: Which::All, look: Look::default() }
}

picture!(ClaimTable);

/// A claim, its test, its text and what the figures say.
type Row<'a> = (&'a Claim, Option<&'a Tested>, String, String);

impl<'a> ClaimTable<'a> {
    /// Leaves out the claims that figures cannot test.
    pub fn tested_only(self) -> Self {
        Self { which: Which::Tested, ..self }
    }

    fn rows(&self, canvas: &Canvas<'_>) -> Vec<Row<'a>> {
        let shown = self.table.iter().filter(|(_, tested)| self.which == Which::All || tested.is_some());
        let row = |(claim, tested): (&'a Claim, Option<&'a Tested>)| {
            let said = if claim.text.trim().is_empty() { claim.to_string() } else { claim.text.clone() };
            let figures = match tested.map(|tested| &tested.holding) {
                None => "not tested".to_owned(),
                Some(Holding::Share { held, of }) => format!("holds in {}", percent(*held as f64 / *of as f64)),
                Some(Holding::Unknown { .. }) => "cannot be known".to_owned(),
                Some(other) => other.to_string(),
            };
            (claim, tested, canvas.label(&claim.code, &said), figures)
        };
        shown.map(row).collect()
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let rows = self.rows(canvas);
        check_size(rows.len())?;
        let agreement = |(claim, tested, ..): &Row<'_>| {
            tested.map_or(Agreement::NotCompared, |tested| Agreement::of(claim.verdict, &tested.holding))
        };
        let shown = count(rows.len(), "claim", "claims");
        let tested = rows.iter().filter(|row| row.1.is_some()).count();
        let mut description = format!("{shown}, {tested} of them tested on figures.");
        for (of, word) in [
            (Agreement::Agree, "Documents and figures agree on"),
            (Agreement::Partly, "They agree partly on"),
            (Agreement::Disagree, "They disagree on"),
        ] {
            let those: Vec<&str> =
                rows.iter().filter(|row| agreement(row) == of).map(|row| row.0.code.as_str()).collect();
            if !those.is_empty() {
                append(&mut description, format_args!(" {word} {}.", those.join(", ")));
            }
        }
        let about = format!("{shown}, {tested} of them tested on figures");
        // Claims of one's own are not held against documents.
        let judged = rows.iter().any(|row| row.0.verdict != Verdict::Unchecked);
        let title = if judged { "Claims: what documents say and what figures say" } else { "Claims: what figures say" };
        canvas.head(title, &about, &description);

        let wide = canvas.right() - canvas.left();
        let codes = canvas.column(rows.iter().map(|row| row.0.code.as_str()), text, 0.15) + text * 0.8;
        let room = wide - codes;
        // Documents, a bar, figures in words, and whether they agree.
        let left = canvas.left() + codes;
        let shares = if judged { [0.0, 0.34, 0.53, 0.8] } else { [0.0, 0.0, 0.3, 1.0] };
        let starts = shares.map(|share| left + room * share);
        let scale = Scale { low: 0.0, high: 1.0, from: starts[1], to: starts[2] - text * 0.8 };
        canvas.y += small * 1.4;
        for (start, heading) in
            [(starts[0], "documents"), (starts[1], "figures")].into_iter().skip(usize::from(!judged))
        {
            canvas.add(canvas.hint(start, canvas.y - small * 0.3).say(heading));
        }
        canvas.add(axis_group("share", &scale));
        canvas.y += small * 0.3;
        for row in &rows {
            let (claim, tested, said, figures) = row;
            let top = canvas.y;
            canvas.add(bar(canvas.left(), top, wide, 1.0, ink.grid));
            let holding = tested.map_or_else(|| "not tested".to_owned(), |tested| tested.holding.to_string());
            let documents = match claim.verdict {
                Verdict::Unchecked if judged => "none was looked for".to_owned(),
                Verdict::Unchecked => String::new(),
                verdict => verdict.to_string().replace('_', " "),
            };
            let heard = if documents.is_empty() { String::new() } else { format!(" Documents: {documents}.") };
            let says = format!("{}: {said}{heard} Figures: {holding}.", claim.code);
            let mut group = group("data-claim", &claim.code, &says);
            let first = top + small * 1.5;
            let words = canvas.name(&claim.code, canvas.left(), first).bold().size(small * 1.05);
            group.append(words.say(&fit(&claim.code, codes - text * 0.4, small * 1.05, true)));
            let mut lines = 0;
            let mut column = |start: f64, end: f64, says: &str, colour, bold: bool| {
                let wrapped = wrap(says, end - start - text * 0.5, small, bold, 2);
                lines = lines.max(wrapped.len());
                for (i, says) in wrapped.iter().enumerate() {
                    let words = canvas.hint(start, first + small * 1.3 * i as f64).colour(colour);
                    group.append(if bold { words.bold() } else { words }.say(says));
                }
            };
            if !documents.is_empty() {
                column(starts[0], starts[1], &documents, ink.text, false);
            }
            column(starts[2], starts[3], figures, ink.text, false);
            match agreement(row) {
                Agreement::Agree => column(starts[3], canvas.right() + text * 0.5, "agree", ink.first, false),
                Agreement::Partly => column(starts[3], canvas.right() + text * 0.5, "partly", ink.text, false),
                Agreement::Disagree => column(starts[3], canvas.right() + text * 0.5, "disagree", ink.second, true),
                Agreement::NotCompared => {}
            }
            let (middle, high) = (first - small * 0.36, text * 0.6);
            let box_wide = scale.to - scale.from;
            match tested.map(|tested| tested.holding.share()) {
                Some(Some(share)) => {
                    group.append(bar(scale.from, middle - high / 2.0, box_wide, high, ink.grid));
                    let held = bar(scale.from, middle - high / 2.0, scale.at(share) - scale.from, high, ink.first);
                    group.append(held.set("class", "held"));
                }
                Some(None) => group.append(gap(scale.from, middle - high / 2.0, box_wide, high, ink.muted)),
                None => {}
            }
            let mut base = first + small * 1.3 * (lines.max(1) - 1) as f64;
            for line in wrap(said, room, small, false, 3) {
                base += small * 1.35;
                group.append(canvas.hint(left, base).say(&line));
            }
            canvas.add(group);
            canvas.y = base + small * 0.7;
        }
        Ok(())
    }
}
