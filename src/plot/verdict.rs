//! How a claim fared under all that was tried.

use svg::node::Node;

use super::canvas::{Canvas, Sample, axis_group};
use super::look::{Look, picture};
use super::scale::{Figures, Scale};
use super::shapes::{Mark, bar, group, line};
use super::{append, count, percent};
use crate::claims::{Holding, Proof, Tested};
use crate::error::Result;

/// The picture that [`verdict`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct ClaimVerdict<'a> {
    tested: &'a Tested,
    look: Look,
}

/// How a claim fared over the methods, cuts and weights that were tried: in what share of them it holds, and between which
/// margins, on an axis with 0 marked, above which the claim holds. The margin as it stands and that of the counterexample are
/// marked; what breaks the claim, and what one should know, stand below in words.
///
/// A claim that cannot be known from the data says why. A claim without margins has no axis.
///
/// ```
/// use longspring::{Inquiry, WeightSpace, article, plot};
///
/// let (framework, known, claims) = (article::framework(), article::observations(), article::claims());
/// let inquiry = Inquiry::new(&framework, &known).weights(WeightSpace::all());
/// let tested = inquiry.test(claims.get("C12")?)?;
/// let svg = plot::verdict(&tested).svg()?;
/// assert!(svg.contains("data-claim=\"C12\""));
/// # Ok::<(), longspring::Error>(())
/// ```
#[doc(alias = "claim")]
pub fn verdict(tested: &Tested) -> ClaimVerdict<'_> {
    ClaimVerdict { tested, look: Look::default() }
}

picture!(ClaimVerdict);

impl ClaimVerdict<'_> {
    #[expect(clippy::unnecessary_wraps, reason = "the shape that all pictures have")]
    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let found = self.tested;
        let (claim, text) = (&found.claim, canvas.text);
        let said = if claim.text.trim().is_empty() { claim.to_string() } else { claim.text.clone() };
        let title = canvas.label(&claim.code, &said);
        let holding = found.holding.to_string();
        let description = format!("{claim}. {}", self.describe(&holding));
        canvas.head(&title, &format!("{}: {claim}", claim.code), &description);
        canvas.y += text * 0.3;
        self.share(canvas, &holding);
        self.margins(canvas);
        if let Some(counterexample) = &found.counterexample {
            canvas.note(&format!("Broken by: {counterexample}"));
        }
        let tried = count(found.tried, "combination was scored", "combinations were scored");
        canvas.note(&match found.proof {
            Proof::Exact => format!("Every case was looked at; {tried} one by one."),
            Proof::Tried => format!("{tried}: weights are tried, not all of them."),
        });
        for note in &found.notes {
            canvas.note(note);
        }
        Ok(())
    }

    fn describe(&self, holding: &str) -> String {
        let mut text = format!("The claim {holding}.");
        match self.tested.margins() {
            margins if margins.is_empty() => {}
            margins => append(&mut text, format_args!(" Its margin is {margins}; above 0 it holds.")),
        }
        text
    }

    /// In what share of the cases it holds.
    fn share(&self, canvas: &mut Canvas<'_>, holding: &str) {
        let (ink, text, found) = (canvas.ink, canvas.text, self.tested);
        let mut group = group("data-claim", &found.claim.code, holding);
        let words = match (&found.holding, found.holding.share()) {
            (Holding::Share { held, of }, Some(share)) => {
                format!("Holds in {held} of {of} combinations ({})", percent(share))
            }
            (Holding::Always, _) => "Holds always".to_owned(),
            (Holding::Never, _) => "Holds never".to_owned(),
            _ => String::new(),
        };
        let Some(share) = found.holding.share() else {
            // The reason may be long.
            canvas.add(group);
            canvas.note(&format!("The claim {holding}."));
            return;
        };
        let scale = Scale { low: 0.0, high: 1.0, from: canvas.left(), to: canvas.right() };
        canvas.y += text * 1.4;
        group.append(canvas.words(canvas.left(), canvas.y - text * 0.4).bold().say(&words));
        let mut axis = axis_group("share", &scale);
        let high = text * 0.7;
        axis.append(bar(scale.from, canvas.y, scale.to - scale.from, high, ink.grid));
        axis.append(bar(scale.from, canvas.y, scale.at(share) - scale.from, high, ink.first).set("class", "held"));
        group.append(axis);
        canvas.add(group);
        canvas.y += high + text * 0.6;
    }

    /// Between which margins it was met.
    fn margins(&self, canvas: &mut Canvas<'_>) {
        let (ink, text, small, found) = (canvas.ink, canvas.text, canvas.small(), self.tested);
        let broken = found.counterexample.as_ref().and_then(|example| example.margin);
        let met: Vec<f64> = [found.smallest, found.largest, found.nominal, broken].into_iter().flatten().collect();
        if met.is_empty() {
            return;
        }
        let scale = Scale::round(met.iter().copied().chain([0.0]), canvas.left() + text, canvas.right() - text, 7);
        let figures = Figures::of_range(scale.low, scale.high);
        let unit = if found.unit.trim().is_empty() { String::new() } else { format!(" ({})", found.unit) };
        let mut legend: Vec<(Sample, String)> = Vec::new();
        let range = found.smallest.zip(found.largest);
        if let Some((low, high)) = range.filter(|(low, high)| low < high) {
            let met = format!("met: {} to {}", figures.text(low), figures.text(high));
            legend.push((Sample::Line(ink.faint, text * 0.5), met));
        }
        if let Some(nominal) = found.nominal {
            legend.push((Sample::Mark(Mark::Dot, ink.first), format!("as it stands: {}", figures.text(nominal))));
        }
        if let Some(broken) = broken {
            let says = format!("counterexample: {}", figures.text(broken));
            legend.push((Sample::Mark(Mark::Diamond, ink.second), says));
        }
        canvas.note(&format!("Margin{unit}: above 0 the claim holds"));
        let legend: Vec<(Sample, &str)> = legend.iter().map(|(sample, says)| (*sample, says.as_str())).collect();
        canvas.legend(&legend);

        let top = canvas.y + small * 3.0;
        let bottom = top + text * 2.4;
        canvas.axis(&scale, &scale.ticks(7), (top, bottom));
        let zero = scale.at(0.0);
        let base = top - small * 1.7;
        if scale.low < 0.0 {
            canvas.add(canvas.hint(scale.from, base).say("\u{2190} does not hold"));
        }
        if scale.high > 0.0 {
            canvas.add(canvas.hint(scale.to, base).end().say("holds \u{2192}"));
        }
        canvas.add(line((zero, top), (zero, bottom), ink.text, 1.4).set("class", "zero"));
        let y = f64::midpoint(top, bottom);
        let mut group = group("data-claim", &found.claim.code, &found.margins());
        if let Some((low, high)) = range {
            let met = bar(scale.at(low), y - text * 0.25, scale.at(high) - scale.at(low), text * 0.5, ink.faint);
            group.append(met.set("class", "range"));
        }
        if let Some(broken) = broken {
            group.append(Mark::Diamond.at((scale.at(broken), y), text * 0.36, ink.second, ink.paper));
        }
        if let Some(nominal) = found.nominal {
            group.append(Mark::Dot.at((scale.at(nominal), y), text * 0.34, ink.first, ink.paper));
        }
        canvas.add(group);
        canvas.y = bottom + small * 0.4;
    }
}
