//! How nodes go together.

use svg::node::Node;

use super::canvas::{Canvas, fit};
use super::look::{Look, picture};
use super::shapes::{bar, gap, group};
use super::width::width;
use super::{append, check_size};
use crate::coherence::{Correlations, Pair};
use crate::error::Result;
use crate::scores::Scores;

/// The picture that [`correlations`] gives.
#[derive(Debug, Clone)]
#[must_use]
pub struct CorrelationMatrix<'a> {
    correlations: &'a Correlations,
    scores: Option<&'a Scores>,
    look: Look,
}

/// Correlations as the lower triangle of a matrix: blue together, orange against each other, the stronger the colour the larger the
/// coefficient; a star where p is below 0.05.
///
/// Each name stands at the end of its row and on top of its column. A coefficient that there is not is an empty box with a dash.
///
/// ```
/// use longspring::{Coherence, Correlation, Cut, Method, article, plot};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let measures = ["industry", "infrastructure", "investment", "education", "vitality"];
/// let found = Coherence::of(&scores).correlations(Correlation::Spearman, measures)?;
/// let svg = plot::correlations(&found).names(&scores).svg()?;
/// assert!(svg.contains("Economic vitality"));
/// # Ok::<(), longspring::Error>(())
/// ```
pub fn correlations(correlations: &Correlations) -> CorrelationMatrix<'_> {
    CorrelationMatrix { correlations, scores: None, look: Look::default() }
}

picture!(CorrelationMatrix);

impl<'a> CorrelationMatrix<'a> {
    /// Shows nodes by their names in the scores that were analysed, instead of their codes.
    pub fn names(self, scores: &'a Scores) -> Self {
        Self { scores: Some(scores), ..self }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) -> Result<()> {
        let (ink, text, small) = (canvas.ink, canvas.text, canvas.small());
        let codes: Vec<&str> = self.correlations.codes().collect();
        // The square of it is drawn.
        check_size(codes.len() * 5)?;
        let name = |code: &str| {
            let node = self.scores.and_then(|scores| scores.composite().framework().node(code).ok());
            canvas.label(code, node.map_or(code, |node| node.name.as_str()))
        };
        let names: Vec<String> = codes.iter().map(|code| name(code)).collect();
        let kind = self.correlations.kind();
        let description = self.describe(&names, &codes);
        canvas.head(&format!("{kind} correlations"), "* p < 0.05", &description);
        canvas.ramp("\u{2212}1", "1", |share| ink.coefficient(2.0 * share - 1.0));

        let (left, full) = (canvas.left(), canvas.right() - canvas.left());
        let last = names.last().map_or(0.0, |name| width(name, true) * text).min(full * 0.35) + text;
        let n = codes.len().max(1) as f64;
        // Square cells, no larger than looks well.
        let side = ((full - last) / n).min(text * 4.2);
        let high = side.max(canvas.row()).min(text * 2.4);
        let top = canvas.y + text * 0.6;
        for (i, (code, name)) in codes.iter().zip(&names).enumerate() {
            let y = top + high * i as f64;
            let base = canvas.baseline(y + high / 2.0);
            let mut row = group("data-node", code, name);
            for (j, other) in codes[..i].iter().enumerate() {
                let x = left + side * j as f64;
                let middle = x + side / 2.0;
                let pair = self.correlations.get(other, code);
                let mut cell = group("data-pair", &format!("{other} {code}"), &says(pair, &names[j], name));
                if let Some(r) = pair.and_then(|pair| pair.r) {
                    let colour = ink.coefficient(r);
                    cell.append(bar(x + 0.5, y + 0.5, side - 1.0, high - 1.0, colour));
                    let star = if pair.and_then(|p| p.p).is_some_and(|p| p < 0.05) { "*" } else { "" };
                    let text = super::scale::Figures::Decimals(2).text(r) + star;
                    if width(&text, false) * small <= side - 2.0 {
                        cell.append(canvas.hint(middle, base).middle().colour(colour.text()).say(&text));
                    }
                } else {
                    cell.append(gap(x + 1.5, y + 1.5, side - 3.0, high - 3.0, ink.faint));
                    cell.append(canvas.hint(middle, base).middle().say("\u{2013}"));
                }
                row.append(cell);
            }
            let x = left + side * i as f64 + text * 0.4;
            let words = canvas.name(code, x, base);
            row.append(words.say(&fit(name, canvas.right() - x, text, words.bold)));
            canvas.add(row);
        }
        canvas.y = top + high * codes.len() as f64;
        Ok(())
    }

    fn describe(&self, names: &[String], codes: &[&str]) -> String {
        let mut text = format!("A triangle of {} correlations between {}.", self.correlations.kind(), names.join(", "));
        let known = self.correlations.pairs().filter_map(|pair| pair.r.map(|r| (pair, r)));
        if let Some((pair, r)) = known.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())) {
            let name = |code: &str| codes.iter().position(|c| *c == code).map_or("", |i| names[i].as_str());
            append(
                &mut text,
                format_args!(" The strongest is that of {} and {}: {r:.2}.", name(&pair.a), name(&pair.b)),
            );
        }
        text
    }
}

fn says(pair: Option<&Pair>, a: &str, b: &str) -> String {
    match pair.and_then(|pair| pair.r.zip(pair.p).map(|found| (pair.cities, found))) {
        Some((cities, (r, p))) => format!("{a} and {b}: {r:.2}, p {p:.3}, {cities} cities"),
        None => format!("{a} and {b}: no coefficient"),
    }
}
