//! Correlations with their p-values, and pairs that stand out.

use std::fmt;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::Coherence;
use crate::error::{Fault, Result};
use crate::kernel::kendall::Concordance;
use crate::kernel::{special, stats};
use crate::output::{Output, neutral};
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
    /// Kendall's tau-b. p: exact up to 60 cities without ties, else the normal approximation with the variance corrected for
    /// ties.
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
    /// [`Error::Invalid`](crate::Error::Invalid) where the threshold is not between 0 and 1.
    pub fn redundancy(&self, threshold: f64) -> Result<Vec<Pair>> {
        check(threshold)?;
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

    /// Pairs of indicators of different parents that say nearly the same, or pull in different directions: as in
    /// [`Coherence::redundancy`], but across measures. What two measures share counts twice in the index above them.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the threshold is not between 0 and 1.
    pub fn redundancy_across(&self, threshold: f64) -> Result<Vec<Pair>> {
        check(threshold)?;
        let framework = self.scores.composite().framework();
        let parent = |code: &str| framework.node(code).ok().and_then(|node| node.parent.as_deref());
        let pairs = self.correlations(Correlation::Pearson, self.indicators())?.pairs;
        let stands_out = |pair: &Pair| pair.r.is_some_and(|r| r.abs() > threshold);
        Ok(pairs.into_iter().filter(|p| stands_out(p) && parent(&p.a) != parent(&p.b)).collect())
    }
}

/// A share, as a threshold of correlations has to be: against one that is not a number nothing would ever stand out.
fn check(threshold: f64) -> Result<()> {
    if (0.0..=1.0).contains(&threshold) {
        return Ok(());
    }
    Err(Fault::Parameter { name: "threshold", value: threshold, need: "a number from 0 to 1" }.into())
}

pub(super) fn pair(kind: Correlation, (a, x): (&str, &[f64]), (b, y): (&str, &[f64])) -> Pair {
    let (x, y) = stats::pairs(x, y);
    let n = x.len();
    let student = |r: f64| {
        let df = n as f64 - 2.0;
        // A correlation of 1 but for rounding has no finite t.
        let rest = (1.0 - r.abs()) * (1.0 + r.abs());
        (r, if rest < 1e-15 { 0.0 } else { special::student_two_sided(r * (df / rest).sqrt(), df) })
    };
    let found = match kind {
        _ if n < 3 => None,
        Correlation::Pearson => stats::pearson(&x, &y).map(student),
        Correlation::Spearman => stats::spearman(&x, &y).map(student),
        Correlation::Kendall => {
            let concordance = Concordance::of(&x, &y);
            concordance.tau_b().zip(concordance.p())
        }
    };
    let (r, p) = found.unzip();
    Pair { a: a.to_owned(), b: b.to_owned(), r, p, cities: n }
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

    /// Writes the pairs as CSV: `a`, `b`, `r`, `p`, `cities`; what there is not is empty. A code that a spreadsheet would take
    /// for a formula gets an apostrophe in front, as in [`Scores::write_csv`](crate::Scores::write_csv).
    ///
    /// # Errors
    /// [`Error::Write`](crate::Error::Write) where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut out = Output::new(writer, ["a", "b", "r", "p", "cities"])?;
        let number = |v: Option<f64>| v.map_or_else(String::new, |v| v.to_string());
        for pair in &self.pairs {
            out.row([
                &*neutral(&pair.a),
                &neutral(&pair.b),
                &number(pair.r),
                &number(pair.p),
                &pair.cities.to_string(),
            ])?;
        }
        out.finish()
    }
}

/// The lower triangle under the codes, two decimals each; a star where p is below 0.05, a dash where there is none.
impl fmt::Display for Correlations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.codes.iter().map(|code| width(code)).max().unwrap_or(0);
        let columns = &self.codes[..self.codes.len().saturating_sub(1)];
        writeln!(f, "{} correlations, * p < 0.05", self.kind)?;
        write!(f, "{}", left("", first))?;
        for code in columns {
            write!(f, "  {}", right(code, LEAST))?;
        }
        writeln!(f)?;
        let mut pairs = self.pairs.iter();
        for (i, own) in self.codes.iter().enumerate().skip(1) {
            let mut line = left(own, first);
            // The pairs stand row by row.
            for (code, pair) in columns[..i].iter().zip(pairs.by_ref()) {
                line += "  ";
                line += &right(&pair.entry(), width(code).max(LEAST));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// How wide a column is at least: a sign, three digits, a point and a star.
const LEAST: usize = 6;

impl Pair {
    fn entry(&self) -> String {
        let Some(r) = self.r else { return "- ".to_owned() };
        // What rounds to 0 has no sign.
        let r = if r.abs() < 0.005 { 0.0 } else { r };
        format!("{r:.2}{}", if self.p.is_some_and(|p| p < 0.05) { "*" } else { " " })
    }
}
