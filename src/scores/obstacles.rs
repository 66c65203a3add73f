//! What stands in a city's way: the obstacle degree.

use serde::{Deserialize, Serialize};

use super::Scores;
use crate::composite::Position;
use crate::error::{Fault, Result};

/// An indicator that stands between a city and the best possible score of a node. See [`Scores::obstacles`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Obstacle {
    /// The code of the indicator.
    pub indicator: String,
    /// Its weight in the node for this city: the product of the weights down the tree.
    pub weight: f64,
    /// How far its score lies below the best: from 0 to 1.
    pub deviation: f64,
    /// Its share of all that is lacking: from 0 to 1. The degrees of a node's indicators add up to 1.
    pub degree: f64,
}

impl Scores {
    /// What keeps a city from the best possible score of a node, the greatest obstacle first: the obstacle degree of every
    /// indicator that is known.
    ///
    /// `O_j = F_j I_j / sum F I`, with the factor contribution `F`, the weight of the indicator in the node for this city,
    /// and the deviation `I = (high - z) / (high - low)` of its score `z` on a scale from `low` to `high`. Indicators of the
    /// same degree keep the order of the framework. Nothing where the city has no score there, or nothing is lacking. The
    /// weights are those of the additive reading of the tree, whatever the aggregation. Use: studies of old industrial
    /// bases name each city's main obstacles so. Pitfall: it says what is far from the best, not what is easy to change.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node;
    /// [`Error::Invalid`](crate::Error::Invalid) where an indicator is on a scale without ends, such as a z-score.
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let obstacles = scores.obstacles("sheffield", "renewal")?;
    /// println!("{}: {:.0} %", obstacles[0].indicator, obstacles[0].degree * 100.0);
    /// assert!((obstacles.iter().map(|o| o.degree).sum::<f64>() - 1.0).abs() < 1e-12);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn obstacles(&self, city: &str, node: &str) -> Result<Vec<Obstacle>> {
        let row = self.dataset.find_city(city)?;
        let framework = self.composite.framework();
        framework.node(node)?;
        let mut found: Vec<(usize, Obstacle)> = Vec::new();
        let Some(position) = self.composite.position(node).filter(|&p| !self.score_at(p, row).is_nan()) else {
            return Ok(Vec::new());
        };
        let mut stack = vec![(position, 1.0)];
        while let Some((position, weight)) = stack.pop() {
            match position {
                Position::Inner(i) => {
                    let parts = self.weights_at(i, row);
                    let total: f64 = parts.iter().map(|(_, w)| w).sum();
                    stack.extend(parts.into_iter().filter(|(_, w)| *w > 0.0).map(|(p, w)| (p, weight * w / total)));
                }
                Position::Leaf(leaf) => {
                    let code = self.composite.leaf_code(leaf);
                    let normalisation = self.composite.method().normalisation.of_indicator(framework, code);
                    let Some((low, high)) = normalisation.ends_of_scale() else {
                        let fault = Fault::WrongInput {
                            node: node.to_owned(),
                            aggregation: "the obstacle degree".to_owned(),
                            child: code.to_owned(),
                            given: normalisation.to_string(),
                            need: "scores on a scale with two ends, such as min-max".to_owned(),
                        };
                        return Err(fault.into());
                    };
                    let deviation = ((high - self.score_at(position, row)) / (high - low)).clamp(0.0, 1.0);
                    found.push((leaf, Obstacle { indicator: code.to_owned(), weight, deviation, degree: 0.0 }));
                }
            }
        }
        let total: f64 = found.iter().map(|(_, o)| o.weight * o.deviation).sum();
        if total == 0.0 {
            return Ok(Vec::new());
        }
        for (_, obstacle) in &mut found {
            obstacle.degree = obstacle.weight * obstacle.deviation / total;
        }
        found.sort_by(|(a, x), (b, y)| y.degree.total_cmp(&x.degree).then(a.cmp(b)));
        Ok(found.into_iter().map(|(_, obstacle)| obstacle).collect())
    }
}
