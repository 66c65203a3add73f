//! What missing figures can do to a score and a rank, whatever they are.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::composite::{Position, Work};
use crate::error::{Error, Fault, Problem, Problems, Result, What, nearest};
use crate::framework::Kind;
use crate::missing::Missing;
use crate::scores::Scores;
use crate::text::{left, right, width};

/// The lowest and highest score, and the best and worst rank, that each city can have in a node if its missing figures were
/// known. See [`Scores::bounds`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GapBounds {
    /// The code of the node.
    pub node: String,
    /// The bounds of each city, in the order of the dataset.
    pub cities: Vec<GapBound>,
}

/// What a city's missing figures can do to it. See [`Scores::bounds`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GapBound {
    /// The key of the city.
    pub city: String,
    /// How many indicators under the node it has no figure of. Imputed ones are missing all the same.
    pub gaps: usize,
    /// How many indicators there are under the node.
    pub of: usize,
    /// The score as it is; none where the city has none.
    pub score: Option<f64>,
    /// The rank as it is; none where the city has no score.
    pub rank: Option<f64>,
    /// The bounds; none where not even with all figures the city would have a score, as where nobody has an indicator.
    pub bounds: Option<ScoreBounds>,
}

/// Ends of a score and of a rank. See [`Scores::bounds`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScoreBounds {
    /// The score if every missing indicator had the worst value.
    pub low: f64,
    /// The score if every missing indicator had the best value.
    pub high: f64,
    /// The rank with the city's gaps at their best and all others' at their worst.
    pub best_rank: usize,
    /// The rank with the city's gaps at their worst and all others' at their best.
    pub worst_rank: usize,
}

impl GapBounds {
    /// The bounds of a city.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city.
    pub fn get(&self, city: &str) -> Result<&GapBound> {
        self.cities.iter().find(|bound| bound.city == city).ok_or_else(|| Error::Unknown {
            what: What::City,
            code: city.to_owned(),
            nearest: nearest(city, self.cities.iter().map(|bound| bound.city.as_str())),
        })
    }
}

impl Scores {
    /// The lowest and the highest score that each city can have in a node, and its best and worst rank, when every indicator
    /// that it has no figure of takes its worst or its best value on the yardstick ([`Composite::ends`](crate::Composite::ends)): the goalposts, or the
    /// extremes of the cities of the fit. The yardstick stays as it was fitted. Cities that have no score, because too little is
    /// known of them or the screening leaves them out, have bounds too.
    ///
    /// - Best rank: `1 +` the others whose lowest score is above the city's highest. Worst rank: `1 +` the others whose highest
    ///   score is above its lowest. Both are attained, for one city's gaps do not depend on another's. Equal scores share the
    ///   best rank; the method's tolerance of ties is not used.
    /// - A figure that was imputed is missing all the same; the score it has now is then always within the bounds.
    /// - An indicator that nobody had when the composite was fitted has no ends, and stays missing; so does a figure that the
    ///   method can give no score.
    ///
    /// Pitfall: a true value can lie beyond the cities of the fit. With goalposts that clip it cannot.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node. [`Error::Invalid`] where the node is a context series; where a gap lies
    /// under an aggregation that a better child can lower, so that ends of children are no ends of the score
    /// (Mazziotta-Pareto, coupling coordination); or where an aggregation cannot take an end, such as 0 in a geometric mean.
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    ///
    /// let bounds = scores.bounds("renewal")?;
    /// println!("{bounds}");
    /// let changchun = bounds.get("changchun")?;
    /// let ends = changchun.bounds.unwrap();
    /// assert!(ends.low < changchun.score.unwrap() && changchun.score.unwrap() < ends.high);
    /// assert!(ends.best_rank < ends.worst_rank);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn bounds(&self, node: &str) -> Result<GapBounds> {
        let (composite, n) = (self.composite(), self.dataset().len());
        let kind = composite.framework().node(node)?.kind;
        if kind == Kind::Context {
            let what = "have bounds, for it counts nowhere";
            return Err(Fault::WrongKind { what, code: node.to_owned(), kind }.into());
        }
        let mut cities: Vec<GapBound> = (0..n)
            .map(|row| GapBound {
                city: self.dataset().own_key(row).to_owned(),
                gaps: 0,
                of: 0,
                score: None,
                rank: None,
                bounds: None,
            })
            .collect();
        if let Some(position) = composite.position(node) {
            let ends = Ends::of(self, position)?;
            let column = |columns: &Columns| -> Vec<f64> { (0..n).map(|row| columns.at(position, row)).collect() };
            let (low, high) = (column(&ends.low), column(&ends.high));
            let now = self.node(node)?;
            for (row, (city, (score, rank))) in cities.iter_mut().zip(now.scores().zip(now.ranks())).enumerate() {
                let gap = |leaf: &&usize| ends.gaps[**leaf][row];
                (city.gaps, city.of) = (ends.leaves.iter().filter(gap).count(), ends.leaves.len());
                (city.score, city.rank) = (score, rank);
                if city.of > 0 && !low[row].is_nan() && !high[row].is_nan() {
                    let above = |ends: &[f64], own: f64| ends.iter().filter(|&&end| end > own).count();
                    // Its own ends are never above one another the wrong way round, but its best is above its worst.
                    let own = usize::from(high[row] > low[row]);
                    let (best_rank, worst_rank) = (1 + above(&low, high[row]), 1 + above(&high, low[row]) - own);
                    city.bounds = Some(ScoreBounds { low: low[row], high: high[row], best_rank, worst_rank });
                }
            }
        }
        Ok(GapBounds { node: node.to_owned(), cities })
    }
}

/// The scores of all nodes with the gaps at their ends.
struct Ends {
    /// The indicators under the node.
    leaves: Vec<usize>,
    /// For each indicator and city, whether there is no figure.
    gaps: Vec<Vec<bool>>,
    low: Columns,
    high: Columns,
}

struct Columns {
    leaves: Vec<Vec<f64>>,
    inner: Vec<Vec<f64>>,
}

impl Ends {
    fn of(scores: &Scores, position: Position) -> Result<Self> {
        let (composite, cities, prepared) = (scores.composite(), scores.dataset(), scores.prepared());
        let (n, count) = (cities.len(), composite.leaf_len());
        let (leaves, nodes) = composite.under(position, |_, _| true);
        let mut gaps = vec![vec![false; n]; count];
        let (mut low, mut high) = (vec![vec![f64::NAN; n]; count], vec![vec![f64::NAN; n]; count]);
        for leaf in 0..count {
            // Without a yardstick the indicator has no ends.
            let Some(scale) = composite.scale(leaf) else {
                (0..n).for_each(|row| gaps[leaf][row] = composite.base_values(leaf, cities).at(row).is_nan());
                continue;
            };
            let (worst, best) = scale.ends();
            let ends = (scale.score(worst), scale.score(best));
            if !(ends.0.is_finite() && ends.1.is_finite()) {
                let indicator = composite.leaf_code(leaf).to_owned();
                return Err(Fault::Magnitude { indicator, low: worst.min(best), high: worst.max(best) }.into());
            }
            for row in 0..n {
                // Not `leaf_score`: an infinite score makes a mean infinite, as it does where figures are scored.
                let value = composite.values(leaf, cities, prepared).at(row);
                let score = scale.score(composite.treated_value(leaf, value));
                gaps[leaf][row] = composite.base_values(leaf, cities).at(row).is_nan();
                (low[leaf][row], high[leaf][row]) =
                    if gaps[leaf][row] { (ends.0.min(score), ends.1.max(score)) } else { (score, score) };
            }
        }
        let evaluate = |leaves: Vec<Vec<f64>>| {
            let mut out = vec![f64::NAN; composite.inner_len() * n];
            composite.evaluate_given(cities, &leaves, &mut out, &mut Work::default());
            Columns { leaves, inner: out.chunks(n.max(1)).map(<[f64]>::to_vec).collect() }
        };
        let ends = Self { leaves, gaps, low: evaluate(low), high: evaluate(high) };
        ends.check(scores, &nodes)?;
        Ok(ends)
    }

    /// Refuses what is not better when its children are, and children that an aggregation cannot take.
    fn check(&self, scores: &Scores, nodes: &[usize]) -> Result<()> {
        let composite = scores.composite();
        let mut problems: Vec<Problem> = Vec::new();
        for &inner in nodes {
            let node = composite.inner_code(inner).to_owned();
            let aggregation = composite.aggregation(inner);
            let (leaves, _) = composite.under(Position::Inner(inner), |_, _| true);
            if !aggregation.is_monotone() && leaves.iter().any(|&leaf| self.gaps[leaf].contains(&true)) {
                let why = "imbalance counts there, so that a better child can lower the score; impute what is missing and see \
                           how far it matters, or choose another aggregation";
                problems.push(Fault::NotMonotone { node, aggregation: aggregation.to_string(), why }.into());
                continue;
            }
            let one_sided =
                |row: &usize| self.low.inner[inner][*row].is_nan() && !self.high.inner[inner][*row].is_nan();
            let bad = (0..scores.dataset().len()).filter(one_sided).find_map(|row| {
                match composite.why_not(inner, scores.dataset(), scores.prepared(), row, |p| self.low.at(p, row)) {
                    Missing::NotComputable { child, value } => Some((row, child, value)),
                    _ => None,
                }
            });
            if let Some((row, child, value)) = bad {
                let (city, need) = (scores.dataset().own_key(row).to_owned(), aggregation.need());
                let aggregation = aggregation.to_string();
                problems.push(Fault::NotComputable { node, aggregation, child, value, city, need }.into());
            }
        }
        Problems::check(problems)
    }
}

impl Columns {
    fn at(&self, position: Position, row: usize) -> f64 {
        match position {
            Position::Leaf(leaf) => Some(self.leaves[leaf][row]).filter(|score| score.is_finite()).unwrap_or(f64::NAN),
            Position::Inner(inner) => self.inner[inner][row],
        }
    }
}

/// A table: the city with the best attainable rank first.
impl fmt::Display for GapBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: what missing figures can do", self.node)?;
        let mut order: Vec<&GapBound> = self.cities.iter().filter(|city| city.bounds.is_some()).collect();
        let ranks = |city: &GapBound| city.bounds.map(|b| (b.best_rank, b.worst_rank));
        order.sort_by_key(|city| ranks(city));
        let mut rows = vec![["city", "missing", "rank", "from", "to", "score", "from", "to"].map(str::to_owned)];
        let number = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| format!("{x:.2}"));
        for city in order {
            let Some(ScoreBounds { low, high, best_rank, worst_rank }) = city.bounds else { continue };
            let rank = city.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
            rows.push([
                city.city.clone(),
                format!("{}/{}", city.gaps, city.of),
                rank,
                best_rank.to_string(),
                worst_rank.to_string(),
                number(city.score),
                number(Some(low)),
                number(Some(high)),
            ]);
        }
        let widths: Vec<usize> = (0..8).map(|c| rows.iter().map(|row| width(&row[c])).max().unwrap_or(0)).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cells: Vec<String> = cells.map(|(c, (t, &w))| if c == 0 { left(t, w) } else { right(t, w) }).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        for city in self.cities.iter().filter(|city| city.bounds.is_none()) {
            writeln!(f, "no bounds: {}", left(&city.city, 0))?;
        }
        Ok(())
    }
}
