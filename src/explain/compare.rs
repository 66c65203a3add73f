//! What sets two cities apart.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::{Figure, missing};
use super::rule::Split;
use super::tree::{Side, Tree};
use crate::error::{Fault, Result};
use crate::missing::Missing;
use crate::scores::Scores;
use crate::text::{left, right, width};

/// One of two cities in a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Compared {
    /// Its score; none where it is missing.
    pub score: Option<f64>,
    /// The weight of the node in its parent for this city; none where it is missing.
    pub weight: Option<f64>,
    /// Of an indicator, its figure.
    pub figure: Option<Figure>,
    /// Why it is missing; none where it is not.
    pub missing: Option<Missing>,
}

/// What a node adds to the lead of one city over another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GapPart {
    /// The code of the node.
    pub node: String,
    /// Its name.
    pub name: String,
    /// How far it stands below the node in which the cities are compared: 1 for its children.
    pub depth: usize,
    /// What it adds to the lead, below 0 where it speaks for the other; none where neither city has it.
    pub gap: Option<f64>,
    /// The first city.
    pub a: Compared,
    /// The second city.
    pub b: Compared,
}

/// What sets two cities apart in a node. See [`Scores::compare`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The code of the node.
    pub node: String,
    /// Its name.
    #[serde(default)]
    pub node_name: String,
    /// The key and the name of the first city.
    pub a: (String, String),
    /// The key and the name of the second city.
    pub b: (String, String),
    /// Their scores.
    pub scores: (f64, f64),
    /// How far the first is ahead: below 0 where it is behind.
    pub gap: f64,
    /// The nodes under it in the order of the tree, each before its children; of an indicator, itself.
    pub parts: Vec<GapPart>,
}

impl Comparison {
    /// The part of a node; none where there is no such node under it.
    #[must_use]
    pub fn get(&self, node: &str) -> Option<&GapPart> {
        self.parts.iter().find(|part| part.node == node)
    }

    /// The parts in the order of the tree.
    pub fn iter(&self) -> std::slice::Iter<'_, GapPart> {
        self.parts.iter()
    }

    /// The children's parts, which add up to the gap.
    pub fn children(&self) -> impl Iterator<Item = &GapPart> {
        self.parts.iter().filter(|part| part.depth <= 1)
    }

    /// The indicators' parts, which add up to the gap too.
    pub fn indicators(&self) -> impl Iterator<Item = &GapPart> {
        self.parts.iter().filter(|part| part.a.figure.is_some())
    }
}

impl<'a> IntoIterator for &'a Comparison {
    type Item = &'a GapPart;
    type IntoIter = std::slice::Iter<'a, GapPart>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Who is ahead, and an indented table of what each node adds to it, with both figures of every indicator.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (left(&self.a.1, 0), left(&self.b.1, 0));
        if self.gap == 0.0 {
            writeln!(f, "{a} and {b} have the same score in {}:", self.node)?;
        } else {
            let word = if self.gap > 0.0 { "ahead of" } else { "behind" };
            writeln!(f, "{a} is {:.1} {word} {b} in {}:", self.gap.abs(), self.node)?;
        }
        let code = |part: &GapPart| " ".repeat(2 * part.depth.saturating_sub(1)) + &part.node;
        let widest = self.parts.iter().map(|part| width(&code(part))).max().unwrap_or(0);
        for part in &self.parts {
            let gap = part.gap.map_or_else(|| "-".to_owned(), |gap| format!("{gap:+.2}"));
            write!(f, "{}  {}", left(&code(part), widest), right(&gap, 8))?;
            let told = |side: &Compared| match (&side.figure, side.score, &side.missing) {
                (Some(figure), ..) => figure.to_string(),
                (None, Some(score), _) => format!("{score:.1}"),
                (None, None, Some(why)) => why.to_string(),
                (None, None, None) => "-".to_owned(),
            };
            writeln!(f, "  {} | {}", told(&part.a), told(&part.b))?;
        }
        Ok(())
    }
}

impl Scores {
    /// What sets two cities apart in a node: the lead of the first over the second, split over the children and over all
    /// indicators under it. Every level adds up to the gap, whatever is missing on either side, and swapping the cities
    /// negates every part to the last bit.
    ///
    /// - **Means**: `K (w_a (f(a) - m) - w_b (f(b) - m))`, with the child's scores `a` and `b`, its weights for each city after
    ///   rescaling over what that city has (0 where it lacks it), `m` half way between both nodes' `f`, and
    ///   `K = (G_a - G_b) / (f(G_a) - f(G_b))`. With the same weights that is `w (a - b)` for the arithmetic mean and
    ///   `L(G_a, G_b) w ln(a / b)` for the geometric one. **Benefit of the doubt**: `w_a a - w_b b`.
    /// - **All others**: Shapley values of turning the children of the second city into those of the first.
    ///
    /// More in [`Scores::contributions`].
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city or node; [`Error::Invalid`](crate::Error::Invalid)
    /// where both are the same city, the node is a context series or left out, or a city has no score there (with the reason).
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let gap = scores.compare("changchun", "detroit", "renewal")?;
    /// println!("{gap}");
    /// let sum: f64 = gap.indicators().filter_map(|part| part.gap).sum();
    /// assert!((sum - gap.gap).abs() < 1e-9);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn compare(&self, a: &str, b: &str, node: &str) -> Result<Comparison> {
        let cities = self.dataset();
        let (row_a, row_b) = (cities.find_city(a)?, cities.find_city(b)?);
        if row_a == row_b {
            return Err(Fault::SameCity { city: a.to_owned() }.into());
        }
        let tree = Tree::new(self, node, "be compared, for it counts nowhere")?;
        tree.need_score(row_a)?;
        tree.need_score(row_b)?;
        let (mut side_a, mut side_b, mut split) = (Side::default(), Side::default(), Split::default());
        tree.read(row_a, &mut side_a);
        tree.read(row_b, &mut side_b);
        split.run(&tree, &side_a, &side_b, a < b);
        let some = |x: f64| Some(x).filter(|x| !x.is_nan());
        let part = |at: usize| {
            let (node, position) = (tree.branches[at].node, tree.branches[at].position);
            let of = |side: &Side, row: usize| Compared {
                score: some(side.scores[at]),
                weight: some(side.scores[at]).map(|_| side.weights[at]),
                figure: Figure::of(self, node, position, row),
                missing: missing(self, position, row),
            };
            let (a, b) = (of(&side_a, row_a), of(&side_b, row_b));
            GapPart {
                node: node.code.clone(),
                name: node.name.clone(),
                depth: tree.branches[at].depth,
                gap: Some(split.terms[at]).filter(|_| a.score.is_some() || b.score.is_some()),
                a,
                b,
            }
        };
        Ok(Comparison {
            node: node.to_owned(),
            node_name: tree.branches[0].node.name.clone(),
            a: (a.to_owned(), cities.name(row_a).to_owned()),
            b: (b.to_owned(), cities.name(row_b).to_owned()),
            scores: (side_a.scores[0], side_b.scores[0]),
            gap: side_a.scores[0] - side_b.scores[0],
            parts: tree.shown().map(part).collect(),
        })
    }
}
