//! Correlations with their p-values, and pairs that stand out.

use std::fmt;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::Coherence;
use crate::error::Result;
use crate::kernel::{special, stats};
use crate::output::Output;
use crate::text::{left, right, width};

/// A coefficient of correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Correlation {
    /// Of the values. p: Student's t with `n - 2` degrees of freedom.
    #[default]
    Pearson,
    /// Pearson's of the average ranks. p: the same, an approximation for few cities.
    Spearman,
    /// Kendall's tau-b. p: normal approximation with the variance corrected for ties.
    Kendall,
}

impl fmt::Display for Correlation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pearson => "Pearson",
            Self::Spearman => "Spearman",
            Self::Kendall => "Kendall",
        })
    }
}

/// Two nodes and how they go together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pair {
    /// The code of the one.
    pub a: String,
    /// The code of the other.
    pub b: String,
    /// The coefficient, from -1 to 1; none where one is the same in all cities, or fewer than three have both.
    pub r: Option<f64>,
    /// The two-sided p-value of no correlation; none where there is no coefficient.
    pub p: Option<f64>,
    /// How many cities have both.
    pub cities: usize,
}

/// Correlations between nodes. See [`Coherence::correlations`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correlations {
    kind: Correlation,
    codes: Vec<String>,
    pairs: Vec<Pair>,
}

impl Coherence<'_> {
    /// The correlations between any nodes and context series, each with each: pairwise complete, with p-values.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node.
    pub fn correlations<'c>(
        &self,
        kind: Correlation,
        nodes: impl IntoIterator<Item = &'c str>,
    ) -> Result<Correlations> {
        let codes: Vec<&str> = nodes.into_iter().collect();
        let columns = codes.iter().map(|code| self.column(code)).collect::<Result<Vec<_>>>()?;
        let mut pairs = Vec::new();
        for i in 0..codes.len() {
            for j in 0..i {
                pairs.push(pair(kind, (codes[j], &columns[j]), (codes[i], &columns[i])));
            }
        }
        Ok(Correlations { kind, codes: codes.into_iter().map(str::to_owned).collect(), pairs })
    }

    /// The correlations between the children of a node.
    ///
    /// # Errors
    /// As in [`Coherence::correlations`].
    pub fn within(&self, node: &str, kind: Correlation) -> Result<Correlations> {
        let (codes, _) = self.children(node)?;
        self.correlations(kind, codes)
    }

    /// Each indicator and measure under a node with each of its own ancestors up to it: what does not go with its own measure
    /// stands out.
    ///
    /// # Errors
    /// As in [`Coherence::correlations`].
    pub fn family(&self, node: &str, kind: Correlation) -> Result<Vec<Pair>> {
        let composite = self.scores.composite();
        let framework = composite.framework();
        let mut pairs = Vec::new();
        for member in framework.subtree(node)?.filter(|n| composite.position(&n.code).is_some()) {
            let own = self.column(&member.code)?;
            let mut at = member;
            while at.code != node {
                let Some(parent) = at.parent.as_deref() else { break };
                at = framework.node(parent)?;
                pairs.push(pair(kind, (&member.code, &own), (&at.code, &self.column(&at.code)?)));
            }
        }
        Ok(pairs)
    }

    /// Pairs of children of the same node that say nearly the same, or pull in different directions: those whose Pearson
    /// correlation lies above `threshold` (such as 0.9), or below `-threshold`.
    ///
    /// # Errors
    /// None today.
    pub fn redundancy(&self, threshold: f64) -> Result<Vec<Pair>> {
        let composite = self.scores.composite();
        let mut found = Vec::new();
        for node in composite.framework().nodes().filter(|n| !n.kind.is_series()) {
            if composite.position(&node.code).is_some() {
                let pairs = self.within(&node.code, Correlation::Pearson)?.pairs;
                found.extend(pairs.into_iter().filter(|pair| pair.r.is_some_and(|r| r.abs() > threshold)));
            }
        }
        Ok(found)
    }
}

pub(super) fn pair(kind: Correlation, (a, x): (&str, &[f64]), (b, y): (&str, &[f64])) -> Pair {
    let (x, y) = stats::pairs(x, y);
    let n = x.len();
    let r = if n < 3 {
        None
    } else {
        match kind {
            Correlation::Pearson => stats::pearson(&x, &y),
            Correlation::Spearman => stats::spearman(&x, &y),
            Correlation::Kendall => stats::kendall(&x, &y),
        }
    };
    let p = r.map(|r| {
        if kind == Correlation::Kendall {
            kendall_p(&x, &y)
        } else {
            let df = n as f64 - 2.0;
            // A correlation of 1 but for rounding has no finite t.
            let rest = (1.0 - r * r).max(0.0);
            if rest < 1e-15 { 0.0 } else { special::student_two_sided(r * (df / rest).sqrt(), df) }
        }
    });
    Pair { a: a.to_owned(), b: b.to_owned(), r, p, cities: n }
}

/// The p-value of Kendall's tau by the normal approximation, the variance corrected for ties: Kendall (1970), *Rank
/// Correlation Methods*, chapter 4.
fn kendall_p(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let sign = |o: Option<std::cmp::Ordering>| o.map_or(0.0, |o| f64::from(o as i8));
    let mut s = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            s += sign(x[i].partial_cmp(&x[j])) * sign(y[i].partial_cmp(&y[j]));
        }
    }
    let ties = |v: &[f64]| {
        let sorted = stats::sorted(v);
        let groups = sorted.chunk_by(|a, b| a == b).map(|g| g.len() as f64);
        groups.fold([0.0; 3], |[a, b, c], t| {
            [a + t * (t - 1.0), b + t * (t - 1.0) * (t - 2.0), c + t * (t - 1.0) * (2.0 * t + 5.0)]
        })
    };
    let ([x1, x2, x3], [y1, y2, y3]) = (ties(x), ties(y));
    let base = n * (n - 1.0) * (2.0 * n + 5.0);
    let variance =
        (base - x3 - y3) / 18.0 + x1 * y1 / (2.0 * n * (n - 1.0)) + x2 * y2 / (9.0 * n * (n - 1.0) * (n - 2.0));
    special::normal_two_sided(s / variance.sqrt())
}

impl Correlations {
    /// Which coefficient.
    #[must_use]
    pub fn kind(&self) -> Correlation {
        self.kind
    }

    /// The codes, in the order in which they were asked for.
    pub fn codes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    /// Every pair once.
    pub fn pairs(&self) -> std::slice::Iter<'_, Pair> {
        self.pairs.iter()
    }

    /// The pair of two codes, in either order; none where one was not asked for, or both are the same.
    #[must_use]
    pub fn get(&self, a: &str, b: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| (pair.a == a && pair.b == b) || (pair.a == b && pair.b == a))
    }

    /// Writes the pairs as CSV: `a`, `b`, `r`, `p`, `cities`; what there is not is empty.
    ///
    /// # Errors
    /// [`Error::Write`](crate::Error::Write) where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut out = Output::new(writer, ["a", "b", "r", "p", "cities"])?;
        let number = |v: Option<f64>| v.map_or_else(String::new, |v| v.to_string());
        for pair in &self.pairs {
            out.row([pair.a.as_str(), &pair.b, &number(pair.r), &number(pair.p), &pair.cities.to_string()])?;
        }
        out.finish()
    }
}

/// The lower triangle, two decimals each; a star where p is below 0.05.
impl fmt::Display for Correlations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.codes.iter().map(|code| width(code)).max().unwrap_or(0);
        writeln!(f, "{} correlations, * p < 0.05", self.kind)?;
        for (i, own) in self.codes.iter().enumerate() {
            write!(f, "{}", left(own, first))?;
            for (j, other) in self.codes[..i].iter().enumerate() {
                let text = match self.get(own, other) {
                    Some(Pair { r: Some(r), p, .. }) => {
                        format!("{r:.2}{}", if p.is_some_and(|p| p < 0.05) { "*" } else { " " })
                    }
                    _ => "- ".to_owned(),
                };
                write!(f, "  {}", right(&text, width(&self.codes[j]).max(6)))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
