//! A city that nobody is worse than.

use crate::dataset::Dataset;
use crate::error::Result;
use crate::framework::Framework;
use crate::kernel::stats;
use crate::scores::Scores;

/// The cities and one more, that has on every indicator the value with the lowest score: of several, the one farthest on the
/// worse side. Indicators that the method leaves out are missing.
pub(super) fn with_dominated(scores: &Scores, framework: &Framework, key: &str) -> Result<Dataset> {
    let (composite, cities) = (scores.composite(), scores.dataset());
    let series: Vec<&str> = cities.series().collect();
    let mut figures: Vec<Option<f64>> = vec![None; series.len()];
    // What divides is the largest that any city has; which one it is does not matter, as values are ratios.
    for (figure, code) in figures.iter_mut().zip(&series) {
        let column = cities.values(cities.find_series(code)?);
        let largest = stats::range(column).1;
        *figure = (framework.divided_by(code).next().is_some() && largest.is_finite()).then_some(largest);
    }
    // Indicators that nothing divides first: they may divide others.
    for divided in [false, true] {
        for leaf in 0..composite.leaf_len() {
            let values = composite.base_values(leaf, cities);
            if values.per.is_some() != divided {
                continue;
            }
            let node = framework.node(composite.leaf_code(leaf))?;
            let orient = |value: f64| node.direction.map_or(value, |direction| direction.orient(value));
            let known = (0..cities.len()).map(|row| {
                let score = composite.leaf_score(leaf, cities, scores.prepared(), row);
                (score, orient(values.at(row)), values.at(row))
            });
            let known = known.filter(|(score, value, _)| !score.is_nan() && !value.is_nan());
            let worst = known.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let (column, per) = composite.columns(leaf);
            let divisor = match (per.and_then(|per| figures[per]), values.per) {
                (Some(divisor), Some((_, scale))) => divisor / scale,
                _ => 1.0,
            };
            figures[column] = worst.map(|(_, _, value)| value * divisor);
        }
    }
    let mut city = Dataset::builder(framework, [key]);
    for (code, figure) in series.iter().zip(figures) {
        city = city.column(code, [figure]);
    }
    cities.join(&city.build()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cut, Method, Normalisation, article};

    /// Figures that are divided, those where lower is better, and a normalisation with its best in the middle.
    #[test]
    fn nobody_is_worse_on_any_indicator() {
        let framework = article::framework();
        let cities = article::observations().dataset(&framework, &Cut::latest()).unwrap();
        assert!(framework.indicators().any(|indicator| indicator.denominator.is_some()));
        let middle = Normalisation::TwoSided {
            worst_low: -50.0,
            best_low: 20.0,
            best_high: 30.0,
            worst_high: 200.0,
            low: 0.0,
            high: 100.0,
        };
        for method in [Method::new(), Method::new().normalisation(middle)] {
            let composite = method.fit(&framework, &cities).unwrap();
            let scores = composite.score(&cities).unwrap();
            let with = composite.score(&with_dominated(&scores, &framework, "worst").unwrap()).unwrap();
            for indicator in framework.indicators() {
                let own = with.score("worst", &indicator.code).unwrap().unwrap();
                let lowest = with.node(&indicator.code).unwrap().scores().flatten().fold(f64::INFINITY, f64::min);
                assert!((own - lowest).abs() <= 1e-12 * lowest.abs().max(1.0), "{}: {own} {lowest}", indicator.code);
            }
        }
    }
}
