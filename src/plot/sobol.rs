//! Which doubt a result depends on.

use svg::node::Node;

use super::canvas::{Canvas, Sample, fit};
use super::look::{Look, picture};
use super::scale::{Figures, Scale};
use super::shapes::{bar, group, line};
use super::{append, check_size, count};
use crate::error::Result;
use crate::robustness::{Sensitivities, SobolEstimate, SobolIndices};

/// The picture that [`sobol`] and [`sensitivities`] give.
#[derive(Debug, Clone)]
#[must_use]
pub struct SobolBars<'a> {
    indices: &'a SobolIndices,
    title: String,
    look: Look,
}

/// Sobol' indices as bars, with their intervals: for each input what it does alone (first order) and with all others (total).
///
/// A bar whose index [cannot be told from zero](SobolEstimate::is_above_zero) is pale. Estimates can lie below 0 or above 1, and
/// are drawn so. Without a bootstrap there are no intervals, and no bar can be told from zero.
///
/// ```
/// use longspring::{SobolIndices, plot};
///
/// // y = x1 + 2 x2 at every combination of 0 and 1
/// let indices = SobolIndices::from_factorial(["x1", "x2"], &[2, 2], &[0.0, 2.0, 1.0, 3.0])?;
/// let svg = plot::sobol(&indices).title("y = x1 + 2 x2").svg()?;
/// assert!(svg.contains("data-input=\"x2\""));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn sobol(indices: &SobolIndices) -> SobolBars<'_> {
    SobolBars { indices, title: "What the result depends on".to_owned(), look: Look::default() }
}

/// The Sobol' indices of doubts as bars, as by [`sobol`], with what they act on in the title.
///
/// ```
/// use longspring::{Cut, Doubt, Method, Sensitivity, WeightSpread, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let found = Sensitivity::new(64)
///     .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }))
///     .doubt(Doubt::leave_out_one(["industry", "education"]))
///     .run(&Method::new(), &framework, &cities, "renewal")?;
/// let svg = plot::sensitivities(&found).svg()?;
/// assert!(svg.contains("mean rank shift"));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn sensitivities(sensitivities: &Sensitivities) -> SobolBars<'_> {
    let title = format!("What the {} depends on", sensitivities.target());
    SobolBars { title, ..sobol(sensitivities.indices()) }
}

picture!(SobolBars);

impl SobolBars<'_> {
    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let inputs = &self.indices.inputs;
        check_size(inputs.len())?;
        let names: Vec<String> = inputs.iter().map(|i| canvas.label(&i.input, &i.input)).collect();
        let mut description = "Sobol' indices: which share of the variance each input accounts for.".to_owned();
        for (input, name) in inputs.iter().zip(&names) {
            append(
                &mut description,
                format_args!(" {name}: first order {:.2}, total {:.2}.", input.first.value, input.total.value),
            );
        }
        let rows = count(self.indices.rows, "row", "rows");
        let basis = if self.indices.exact {
            format!("exact, {rows}")
        } else {
            format!("{rows}; lines are 90\u{a0}% intervals")
        };
        canvas.head(&self.title, &format!("Sobol' indices, shares of the variance; {basis}"), &description);
        canvas.legend(&[
            (Sample::Square(ink.first), "alone (first order)"),
            (Sample::Square(ink.second), "with all others (total)"),
            (Sample::Square(ink.faint), "cannot be told from 0"),
        ]);

        let both = || inputs.iter().flat_map(|input| [input.first, input.total]);
        let ends = both().flat_map(|e| {
            let (low, high) = e.interval.unwrap_or((e.value, e.value));
            [e.value, low, high]
        });
        let column = canvas.column(names.iter().map(String::as_str), text, 0.36);
        let (from, to) = (canvas.left() + column + text, canvas.right() - text * 7.5);
        let scale = Scale::round(ends.chain([0.0, 1.0]), from, to, 8);
        let figures = Figures::Decimals(2);
        let thick = text * 0.8;
        let row = thick * 2.0 + text * 1.1;
        let top = canvas.y + small * 1.8;
        let bottom = top + row * inputs.len() as f64;
        canvas.axis(&scale, &scale.ticks(8), (top, bottom));
        for (i, (input, name)) in inputs.iter().zip(&names).enumerate() {
            let y = top + row * (i as f64 + 0.5);
            let numbers = [&input.first, &input.total].map(|e| figures.text(e.value));
            let says = format!("{name}: first order {}, total {}", numbers[0], numbers[1]);
            let mut group = group("data-input", &input.input, &says);
            let words = canvas.name(&input.input, canvas.left(), canvas.baseline(y));
            group.append(words.say(&fit(name, column, text, words.bold)));
            for (estimate, class, colour, middle) in [
                (input.first, "first", ink.first, y - thick * 0.55),
                (input.total, "total", ink.second, y + thick * 0.55),
            ] {
                let SobolEstimate { value, interval } = estimate;
                let colour = if estimate.is_above_zero() { colour } else { ink.faint };
                let (a, b) = (scale.at(0.0).min(scale.at(value)), scale.at(0.0).max(scale.at(value)));
                group.append(bar(a, middle - thick / 2.0, b - a, thick, colour).set("class", class));
                if let Some((low, high)) = interval.filter(|(low, high)| low < high) {
                    group.append(
                        line((scale.at(low), middle), (scale.at(high), middle), ink.text, 1.2).set("class", "interval"),
                    );
                }
            }
            let base = canvas.baseline(y);
            let [first, total] = &numbers;
            group.append(canvas.hint(canvas.right() - text * 3.6, base).end().colour(ink.first).say(first));
            group.append(canvas.hint(canvas.right(), base).end().colour(ink.second).say(total));
            canvas.add(group);
        }
        canvas.add(line((scale.at(0.0), top), (scale.at(0.0), bottom), ink.muted, 1.0));
        canvas.y = bottom + canvas.below_axis(bottom - top);
        if self.indices.failed > 0 {
            canvas.note(&format!(
                "{} left out, because a run of theirs failed",
                count(self.indices.failed, "row", "rows")
            ));
        }
        Ok(())
    }
}
