//! What a score is made of: parts of all nodes under it, which add up to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::{Figure, missing};
use super::rule::Split;
use super::tree::{Side, Tree};
use crate::error::{Fault, Result};
use crate::missing::Missing;
use crate::scores::Scores;
use crate::text::{left, right, width};

/// The point from which contributions are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Baseline {
    /// Zero where the score is a sum of its indicators' parts (arithmetic means and benefit of the doubt, and power means with
    /// a positive exponent); else the bottom of the scale, where the node has a score there; else the mean of the cities.
    #[default]
    Natural,
    /// A score of 0 in every indicator.
    Zero,
    /// The lowest score of each indicator's scale, where it has ends.
    Bottom,
    /// The mean of the cities that are scored, in each indicator.
    Mean,
    /// Another city, by its key.
    City(String),
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Natural => f.write_str("zero, the bottom of the scale or the mean of the cities"),
            Self::Zero => f.write_str("zero"),
            Self::Bottom => f.write_str("the bottom of the scale"),
            Self::Mean => f.write_str("the mean of the cities"),
            Self::City(city) => write!(f, "the city {city}"),
        }
    }
}

/// What a city's score in a node is made of: `score = base + sum of contributions`. See [`Scores::contributions`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contributions {
    /// The key of the city.
    pub city: String,
    /// Its name.
    pub name: String,
    /// The code of the node.
    pub node: String,
    /// The city's score.
    pub score: f64,
    /// The score of the reference.
    pub base: f64,
    /// The reference: never [`Baseline::Natural`], but what was taken for it.
    pub baseline: Baseline,
    /// The nodes under it in the order of the tree, each before its children; of an indicator, itself.
    pub parts: Vec<Contribution>,
}

/// What a node adds to a score above it. See [`Scores::contributions`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contribution {
    /// The code of the node.
    pub node: String,
    /// Its name.
    pub name: String,
    /// How far it stands below the node that is explained: 1 for its children, and 0 for an indicator that is itself explained.
    pub depth: usize,
    /// The city's score in it; none where it is missing.
    pub score: Option<f64>,
    /// The reference's score in it; none where that is missing.
    pub reference: Option<f64>,
    /// Its weight in its parent for this city, after rescaling over what is known; none where it is missing.
    pub weight: Option<f64>,
    /// What it adds to the score; none where neither the city nor the reference has it.
    pub contribution: Option<f64>,
    /// Its share of what the score is above (or below) the base; none where they are the same.
    pub share: Option<f64>,
    /// Of an indicator, its figure.
    pub figure: Option<Figure>,
    /// Why it is missing; none where it is not.
    pub missing: Option<Missing>,
}

impl Contributions {
    /// The part of a node; none where there is no such node under the one that is explained.
    #[must_use]
    pub fn get(&self, node: &str) -> Option<&Contribution> {
        self.parts.iter().find(|part| part.node == node)
    }

    /// The parts in the order of the tree.
    pub fn iter(&self) -> std::slice::Iter<'_, Contribution> {
        self.parts.iter()
    }

    /// The children's parts, which add up to the score less the base.
    pub fn children(&self) -> impl Iterator<Item = &Contribution> {
        self.parts.iter().filter(|part| part.depth <= 1)
    }

    /// The indicators' parts, which add up to the same.
    pub fn indicators(&self) -> impl Iterator<Item = &Contribution> {
        self.parts.iter().filter(|part| part.figure.is_some())
    }
}

impl<'a> IntoIterator for &'a Contributions {
    type Item = &'a Contribution;
    type IntoIter = std::slice::Iter<'a, Contribution>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// An indented table: what each node adds, its score and weight, and the figure of an indicator.
impl fmt::Display for Contributions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, base) = (left(&self.name, 0), self.base);
        writeln!(f, "{name} in {}: {:.2} = {base:.2} ({}) + parts", self.node, self.score, self.baseline)?;
        let code = |part: &Contribution| " ".repeat(2 * part.depth.saturating_sub(1)) + &part.node;
        let widest = self.parts.iter().map(|part| width(&code(part))).max().unwrap_or(0);
        let number = |x: Option<f64>, digits: usize| x.map_or_else(|| "-".to_owned(), |x| format!("{x:.digits$}"));
        for part in &self.parts {
            let signed = part.contribution.map_or_else(|| "-".to_owned(), |x| format!("{x:+.2}"));
            write!(f, "{}  {}", left(&code(part), widest), right(&signed, 8))?;
            write!(f, "  score {}  weight {}", right(&number(part.score, 2), 7), number(part.weight, 3))?;
            match (&part.figure, &part.missing) {
                (Some(figure), _) => writeln!(f, "  {figure}")?,
                (None, Some(why)) => writeln!(f, "  {why}")?,
                (None, None) => writeln!(f)?,
            }
        }
        Ok(())
    }
}

/// What all cities' scores in all nodes are made of. See [`Scores::all_contributions`].
#[derive(Debug, Clone, PartialEq)]
pub struct AllContributions {
    cities: usize,
    /// The node that is explained and the node that adds: a column each.
    pairs: Vec<(String, String)>,
    values: Vec<f64>,
    nodes: Vec<String>,
    bases: Vec<f64>,
}

impl AllContributions {
    /// The node that is explained and the node under it, of every column.
    #[must_use]
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(node, part)| (node.as_str(), part.as_str()))
    }

    /// What a node adds to the score of one above it, in the order of the cities; none for a city that is missing one of the
    /// two, or has no reference. Nothing where the one does not stand under the other.
    #[must_use]
    pub fn column(&self, node: &str, part: &str) -> Option<impl ExactSizeIterator<Item = Option<f64>>> {
        let at = self.pairs.iter().position(|(own, other)| own == node && other == part)?;
        Some(known(&self.values[at * self.cities..(at + 1) * self.cities]))
    }

    /// The base of a node's scores, in the order of the cities; none for a city without a score or a reference.
    #[must_use]
    pub fn bases(&self, node: &str) -> Option<impl ExactSizeIterator<Item = Option<f64>>> {
        let at = self.nodes.iter().position(|own| own == node)?;
        Some(known(&self.bases[at * self.cities..(at + 1) * self.cities]))
    }
}

fn known(values: &[f64]) -> impl ExactSizeIterator<Item = Option<f64>> {
    values.iter().map(|&v| Some(v).filter(|v| !v.is_nan()))
}

/// Buffers for one city after the other.
#[derive(Debug, Default)]
struct Explainer {
    city: Side,
    reference: Side,
    split: Split,
}

impl Explainer {
    /// Splits a city's score; gives what the reference is, or none where there is none.
    fn run(&mut self, tree: &Tree<'_>, row: usize, baseline: &Baseline, other: Option<usize>) -> Option<Baseline> {
        let Self { city, reference, split } = self;
        tree.read(row, city);
        let taken = if let Some(other) = other {
            tree.read(other, reference);
            (!reference.scores[0].is_nan()).then(|| baseline.clone())
        } else {
            let work = split.work();
            let mut try_one = |which: &Baseline| match which {
                Baseline::Zero => tree.refer(city, |_| Some(0.0), reference, work),
                Baseline::Bottom => tree.refer(city, |branch| branch.bottom(tree.scores.composite()), reference, work),
                _ => tree.refer(city, |branch| Some(branch.mean()), reference, work),
            };
            let choices: &[Baseline] = match baseline {
                Baseline::Natural if tree.is_additive() => &[Baseline::Zero],
                Baseline::Natural => &[Baseline::Bottom, Baseline::Mean],
                own => std::slice::from_ref(own),
            };
            choices.iter().find(|which| try_one(which)).cloned()
        };
        if taken.is_some() {
            // As in a comparison with that city, to the last bit.
            let key = |row: usize| tree.scores.dataset().key(row);
            split.run(tree, city, reference, other.is_some_and(|other| key(row) < key(other)));
        }
        taken
    }
}

impl Scores {
    /// What a city's score in a node is made of: `score = base + sum of contributions`, over the node's children, and again
    /// over all indicators under it, from the natural [`Baseline`].
    ///
    /// - **Means** (arithmetic, geometric, harmonic, power) in closed form: a child adds `K w (f(z) - f(z0))`, with its score `z`
    ///   and that of the reference `z0`, its weight `w` after rescaling over what is known, and the node's own
    ///   `K = (G - G0) / (f(G) - f(G0))`. For the arithmetic mean that is `w (z - z0)`; for the geometric one the logarithmic
    ///   mean `L(G, G0) w ln(z / z0)` (LMDI). **Benefit of the doubt**: `w (z - z0)` with the city's own weights.
    /// - **All others** by Shapley values: what turning a child from the reference to the city changes, averaged over all orders
    ///   in which the children can turn. With more than 12 children that differ, over as many orders as there are children,
    ///   each starting at another one in the order of the framework, and their reverses; it still adds up. A mixture of both
    ///   that has no score counts as half way between them.
    /// - **Further down** a child's part is split in proportion to its own children's parts of its difference from the
    ///   reference, so that every level adds up. Where a child is as good as the reference (but for 1e-5 of its size, and not
    ///   under a mean), what it adds all the same is shared by its children's weights.
    ///
    /// The reference has the gaps and the weights of the city, and its scores in measures are what the composite makes of its
    /// indicators; another city as the reference keeps its own gaps, and the parts are those of [`Scores::compare`] to the last bit. What is
    /// missing adds nothing, and is listed with the reason.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node; [`Error::Invalid`](crate::Error::Invalid)
    /// where the node is a context series or left out, or the city has no score there (with the reason).
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let made_of = scores.contributions("changchun", "renewal")?;
    /// println!("{made_of}");
    /// let sum: f64 = made_of.children().filter_map(|part| part.contribution).sum();
    /// assert!((made_of.base + sum - made_of.score).abs() < 1e-9);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// References: Ang (2005), *The LMDI approach to decomposition analysis: a practical guide*, Energy Policy 33,
    /// [10.1016/j.enpol.2003.10.010](https://doi.org/10.1016/j.enpol.2003.10.010); Shapley (1953), *A value for n-person games*,
    /// Contributions to the Theory of Games II, 307-317.
    #[doc(alias = "explain")]
    #[doc(alias = "decompose")]
    pub fn contributions(&self, city: &str, node: &str) -> Result<Contributions> {
        self.contributions_from(city, node, &Baseline::Natural)
    }

    /// The same from a reference of one's choice.
    ///
    /// # Errors
    /// As in [`Scores::contributions`]; [`Error::Invalid`](crate::Error::Invalid) too where the node has no score at the
    /// reference, such as at a bottom of 0 under a geometric mean, or the reference is the city itself.
    pub fn contributions_from(&self, city: &str, node: &str, baseline: &Baseline) -> Result<Contributions> {
        let row = self.dataset().find_city(city)?;
        let tree = Tree::new(self, node, "be explained, for it counts nowhere")?;
        let other = self.other(city, baseline)?;
        tree.need_score(row)?;
        if let Some(other) = other {
            tree.need_score(other)?;
        }
        let mut explainer = Explainer::default();
        let Some(taken) = explainer.run(&tree, row, baseline, other) else {
            return Err(Fault::NoBaseline { node: node.to_owned(), baseline: baseline.to_string() }.into());
        };
        let Explainer { city, reference, split } = &explainer;
        let (score, base) = (city.scores[0], reference.scores[0]);
        let some = |x: f64| Some(x).filter(|x| !x.is_nan());
        let part = |at: usize| {
            let (own, there) = (some(city.scores[at]), some(reference.scores[at]));
            let (node, position) = (tree.branches[at].node, tree.branches[at].position);
            let contribution = Some(split.terms[at]).filter(|_| own.is_some() || there.is_some());
            Contribution {
                node: node.code.clone(),
                name: node.name.clone(),
                depth: tree.branches[at].depth,
                score: own,
                reference: there,
                weight: own.map(|_| city.weights[at]),
                contribution,
                share: contribution.filter(|_| score != base).map(|c| c / (score - base)),
                figure: Figure::of(self, node, position, row),
                missing: missing(self, position, row),
            }
        };
        Ok(Contributions {
            city: self.dataset().key(row).to_owned(),
            name: self.dataset().name(row).to_owned(),
            node: node.to_owned(),
            score,
            base,
            baseline: taken,
            parts: tree.shown().map(part).collect(),
        })
    }

    /// What all cities' scores in all nodes are made of, as numbers alone: the same to the last bit as
    /// [`Scores::contributions_from`] of each, in one go.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where the reference is a city that is not there. A city without a score in a
    /// node, or a node without one at the reference, is no error: its contributions are none.
    ///
    /// ```
    /// # use longspring::{Baseline, Cut, Method, article};
    /// # let framework = article::framework();
    /// # let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// # let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let all = scores.all_contributions(&Baseline::Mean)?;
    /// let education: Vec<Option<f64>> = all.column("renewal", "education").unwrap().collect();
    /// assert_eq!(education.len(), 39);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn all_contributions(&self, baseline: &Baseline) -> Result<AllContributions> {
        let n = self.dataset().len();
        let other = match baseline {
            Baseline::City(key) => Some(self.dataset().find_city(key)?),
            _ => None,
        };
        let mut all =
            AllContributions { cities: n, pairs: Vec::new(), values: Vec::new(), nodes: Vec::new(), bases: Vec::new() };
        let mut explainer = Explainer::default();
        for inner in (0..self.composite().inner_len()).rev() {
            let node = self.composite().inner_code(inner);
            let tree = Tree::new(self, node, "be explained")?;
            let (values, bases) = (all.values.len(), all.bases.len());
            all.nodes.push(node.to_owned());
            all.pairs.extend(tree.shown().map(|at| (node.to_owned(), tree.code(at).to_owned())));
            all.values.resize(all.pairs.len() * n, f64::NAN);
            all.bases.resize(bases + n, f64::NAN);
            for row in 0..n {
                let scored = !tree.branches[0].column[row].is_nan();
                if !scored || explainer.run(&tree, row, baseline, other).is_none() {
                    continue;
                }
                let Explainer { city, reference, split } = &explainer;
                all.bases[bases + row] = reference.scores[0];
                for at in 1..tree.branches.len() {
                    if !(city.scores[at].is_nan() && reference.scores[at].is_nan()) {
                        all.values[values + (at - 1) * n + row] = split.terms[at];
                    }
                }
            }
        }
        Ok(all)
    }

    /// The row of a reference city, which is not the city itself.
    fn other(&self, city: &str, baseline: &Baseline) -> Result<Option<usize>> {
        match baseline {
            Baseline::City(key) if key == city => Err(Fault::SameCity { city: city.to_owned() }.into()),
            Baseline::City(key) => self.dataset().find_city(key).map(Some),
            _ => Ok(None),
        }
    }
}
