//! Several nodes at once: a regression, and what each of them has to do with it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::association::PermutationTest;
use super::outcome::Outcome;
use super::permute::product;
use crate::error::{Fault, Result};
use crate::kernel::shapley::shapley;
use crate::kernel::solve::{inverse, solve};
use crate::kernel::stats;
use crate::scores::Scores;
use crate::text::left;

/// More nodes are not told apart with dozens of cities, and there are two to the power of them regressions.
const MOST: usize = 10;
/// A node of which the others explain more than all but this follows from them.
const RESIDUE: f64 = 1e-10;

/// A regression of the outcome on several nodes. See [`Outcome::together`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutcomeModel {
    /// The outcome.
    pub outcome: String,
    /// How many cities have a score everywhere.
    pub cities: usize,
    /// The share of the outcome's variance that goes with the nodes together, from 0 to 1.
    pub r2: f64,
    /// The same, corrected for the number of nodes: `1 - (1 - R^2) (n - 1) / (n - k - 1)`; it can be below 0.
    pub adjusted_r2: f64,
    /// The probability of as large a share if nothing went together.
    pub p: f64,
    /// How it was found.
    pub test: PermutationTest,
    /// The nodes, in the order in which they were asked about.
    pub nodes: Vec<Explained>,
}

/// A node's part in a regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explained {
    /// The node.
    pub node: String,
    /// The standardised coefficient: by how many standard deviations the outcome differs with one of the node, the others
    /// being the same.
    pub coefficient: f64,
    /// Its part of R^2, averaged over all orders in which nodes can join; the parts add up to R^2.
    pub share: f64,
}

impl Outcome {
    /// How the nodes go with the outcome together: a regression by least squares over the cities that have a score everywhere.
    ///
    /// R^2 is split over the nodes by Shapley values, the mean of what a node adds over all orders of joining (Lindeman,
    /// Merenda and Gold 1980; Grömping 2006, *Relative importance for linear regression in R*, Journal of Statistical Software
    /// 17(1), [10.18637/jss.v017.i01](https://doi.org/10.18637/jss.v017.i01)). The probability of the whole is that of a
    /// permutation test of the outcome against all nodes.
    ///
    /// # Errors
    /// As in [`Outcome::on`]; further where there are more than 10 nodes, fewer cities than nodes and 2 more, or a node
    /// follows from the others.
    ///
    /// ```
    /// use longspring::{Cut, Method, Outcome, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    ///
    /// let model = Outcome::of("vitality").runs(999).together(&scores, ["industry", "infrastructure", "education"])?;
    /// println!("{model}");
    /// let shares: f64 = model.nodes.iter().map(|node| node.share).sum();
    /// assert!((shares - model.r2).abs() < 1e-12);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn together<S: AsRef<str>>(&self, scores: &Scores, nodes: impl IntoIterator<Item = S>) -> Result<OutcomeModel> {
        let nodes: Vec<String> = nodes.into_iter().map(|node| node.as_ref().to_owned()).collect();
        self.check(scores, &nodes)?;
        let k = nodes.len();
        if k > MOST {
            let (name, need) = ("the number of nodes together", "10 or less");
            return Err(Fault::Parameter { name, value: k as f64, need }.into());
        }
        let common = self.common(scores, &nodes)?;
        let n = common.rows.len();
        // Columns of length 1 about their means: products are correlations.
        let unit = |column: &Vec<f64>| -> Vec<f64> {
            let centred = stats::centred(column);
            let length = product(&centred, &centred).sqrt();
            centred.iter().map(|v| v / length).collect()
        };
        let columns: Vec<Vec<f64>> = common.columns.iter().map(unit).collect();
        let Some((y, xs)) = columns.split_first() else { return Err(Fault::NoComparisons.into()) };
        let among: Vec<f64> = xs.iter().flat_map(|a| xs.iter().map(move |b| product(a, b))).collect();
        let with: Vec<f64> = xs.iter().map(|x| product(x, y)).collect();
        // A diagonal entry of the inverse is 1 / (1 - R^2 on the others): the node that the others leave least of is named.
        let follows = |node: &String| Fault::Collinear { node: node.clone() };
        for j in 0..k {
            let others: Vec<usize> = (0..k).filter(|&i| i != j).collect();
            let own: Vec<f64> = others.iter().map(|&i| among[i * k + j]).collect();
            let explained = r2(&among, k, &others, &own);
            if explained.is_none_or(|r2| r2 > 1.0 - RESIDUE) {
                return Err(follows(&nodes[j]).into());
            }
        }
        let (Some(coefficients), Some(inverse)) = (solve(&among, &with), inverse(&among, k)) else {
            return Err(follows(&nodes[0]).into());
        };
        let whole = product(&coefficients, &with).clamp(0.0, 1.0);
        let shares = shares(&among, &with, k, whole);
        let (mut own, mut now, mut count) = (y.clone(), vec![0.0; k], 0_usize);
        let orders = self.shuffle(&[n], "together").each(&[n], |order| {
            own.iter_mut().zip(order).for_each(|(to, &from)| *to = y[from]);
            now.iter_mut().zip(xs).for_each(|(to, x)| *to = product(x, &own));
            let r2: f64 = (0..k).map(|i| now[i] * product(&inverse[i * k..(i + 1) * k], &now)).sum();
            count += usize::from(r2 >= whole - 1e-12);
        });
        let left = (n - k - 1) as f64;
        Ok(OutcomeModel {
            outcome: self.node().to_owned(),
            cities: n,
            r2: whole,
            adjusted_r2: 1.0 - (1.0 - whole) * (n - 1) as f64 / left,
            p: orders.probability(count),
            test: self.test(&[n]),
            nodes: nodes
                .into_iter()
                .zip(coefficients.iter().zip(shares))
                .map(|(node, (&coefficient, share))| Explained { node, coefficient, share })
                .collect(),
        })
    }
}

/// What some nodes explain, given their correlations with what is explained; none where they are collinear.
fn r2(among: &[f64], k: usize, members: &[usize], with: &[f64]) -> Option<f64> {
    if members.is_empty() {
        return Some(0.0);
    }
    let part: Vec<f64> = members.iter().flat_map(|&i| members.iter().map(move |&j| among[i * k + j])).collect();
    solve(&part, with).map(|weights| product(&weights, with))
}

/// The Shapley values of R^2.
fn shares(among: &[f64], with: &[f64], k: usize, whole: f64) -> Vec<f64> {
    let members = |set: usize| (0..k).filter(move |j| set >> j & 1 == 1);
    let last = (1_usize << k) - 1;
    let values: Vec<f64> = (0..=last)
        .map(|set| {
            let members: Vec<usize> = members(set).collect();
            let own: Vec<f64> = members.iter().map(|&j| with[j]).collect();
            if set == last { whole } else { r2(among, k, &members, &own).unwrap_or(0.0) }
        })
        .collect();
    let mut parts = vec![0.0; k];
    shapley(&values, &mut parts);
    parts
}

/// R^2, its parts, and what one may conclude.
impl fmt::Display for OutcomeModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} of {} cities on {} nodes: R^2 {:.3}, adjusted {:.3}, p {:.4} ({})",
            self.outcome,
            self.cities,
            self.nodes.len(),
            self.r2,
            self.adjusted_r2,
            self.p,
            self.test
        )?;
        let wide = self.nodes.iter().map(|node| node.node.len()).max().unwrap_or(0).max(4);
        writeln!(f, "{}  coefficient  part of R^2", left("node", wide))?;
        for node in &self.nodes {
            writeln!(f, "{}  {:11.3}  {:11.3}", left(&node.node, wide), node.coefficient, node.share)?;
        }
        f.write_str("These are associations among the cities at hand, observed and not tried out: no causes.\n")
    }
}
