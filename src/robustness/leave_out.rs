//! What each measure and indicator does to the ranking: leave it out, and see who moves.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::{Error, Fault, Result, What, nearest};
use crate::framework::{Framework, Kind};
use crate::kernel::stats;
use crate::method::Method;
use crate::text::{left, right, width};

/// What leaving out each measure and indicator under a node does to its scores and ranks: each is
/// [excluded](Method::exclude) in turn, with everything under it, and the method is fitted anew.
///
/// Excluding is not giving weight 0: what has weight 0 still counts for coverage, and can decide whether a city has a score.
/// Where nothing is missing both give the same scores.
///
/// Use: an indicator that moves cities far carries the ranking, and its figures had better be right; one that moves nobody may
/// not be worth collecting. Pitfall: a small shift may mean that the indicator says the same as another one, not that it does
/// not matter.
///
/// ```
/// use longspring::{Cut, LeaveOneOut, Method, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let left_out = LeaveOneOut::of(&Method::new(), &framework, &cities, "renewal")?;
/// println!("{left_out}");
/// let research = left_out.get("rd_intensity")?.shift.as_ref().unwrap();
/// assert!(research.mean_rank_shift > 0.0);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 7,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeaveOneOut {
    /// The code of the node whose scores and ranks are compared.
    pub node: String,
    /// The keys of the cities, in the order of the dataset.
    pub cities: Vec<String>,
    /// Their scores with everything in; none where a city has none.
    pub scores: Vec<Option<f64>>,
    /// Their ranks with everything in.
    pub ranks: Vec<Option<f64>>,
    /// What leaving out each element did, in the order of the framework.
    pub elements: Vec<LeftOut>,
}

/// A measure or indicator that was left out. See [`LeaveOneOut`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// Its code.
    pub element: String,
    /// What it is.
    pub kind: Kind,
    /// What leaving it out did; none where it could not be left out.
    pub shift: Option<RankShifts>,
    /// Why it could not be left out; none where it could. The last child of an index has nothing beside it.
    pub error: Option<String>,
}

/// How far scores and ranks moved. See [`LeaveOneOut`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankShifts {
    /// The mean over the cities of the absolute difference of ranks; over those that have a rank with and without.
    pub mean_rank_shift: f64,
    /// The largest absolute difference of ranks.
    pub max_rank_shift: f64,
    /// The city that it is of; of several the first by key. None where no rank moved.
    pub moved_most: Option<MovedCity>,
    /// The mean over the cities of the absolute difference of scores.
    pub mean_score_shift: f64,
    /// How many cities were compared.
    pub compared: usize,
    /// How many cities have a score with the element and none without it.
    pub lost: usize,
    /// How many cities have a score without the element and none with it.
    pub gained: usize,
    /// The scores without it, in the order of the cities.
    pub scores: Vec<Option<f64>>,
    /// The ranks without it.
    pub ranks: Vec<Option<f64>>,
}

/// A city that changed its rank. See [`RankShifts`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MovedCity {
    /// Its key.
    pub city: String,
    /// Its rank with everything in.
    pub from: f64,
    /// Its rank without the element.
    pub to: f64,
}

impl LeaveOneOut {
    /// Leaves out each measure and indicator under a node in turn, those apart that the method excludes already, and fits once
    /// for each.
    ///
    /// # Errors
    /// Those of [`Method::fit`] with everything in; [`Error::Unknown`] where there is no such node. An element that cannot be left
    /// out is no error: it stands in the result with its reason. Under an indicator there is nothing to leave out: its table is
    /// empty.
    pub fn of(method: &Method, framework: &Framework, cities: &Dataset, node: &str) -> Result<Self> {
        let scores = method.fit(framework, cities)?.score(cities)?;
        let nominal = scores.node(node)?;
        let mut result = Self {
            node: node.to_owned(),
            cities: cities.cities().map(str::to_owned).collect(),
            scores: nominal.scores().collect(),
            ranks: nominal.ranks().collect(),
            elements: Vec::new(),
        };
        for element in framework.subtree(node)? {
            if element.code == node || scores.composite().position(&element.code).is_none() {
                continue;
            }
            let shift = result.without(&element.code, method, framework, cities);
            let (shift, error) = match shift {
                Ok(shift) => (Some(shift), None),
                Err(error) => (None, Some(error.to_string())),
            };
            result.elements.push(LeftOut { element: element.code.clone(), kind: element.kind, shift, error });
        }
        Ok(result)
    }

    fn without(&self, element: &str, method: &Method, framework: &Framework, cities: &Dataset) -> Result<RankShifts> {
        let without = method.clone().exclude([element]).fit(framework, cities)?.score(cities)?;
        let without = without.node(&self.node)?;
        if without.position().is_none() {
            // With its last child a measure is gone itself.
            return Err(Fault::NothingBeside { node: self.node.clone(), element: element.to_owned() }.into());
        }
        let (scores, ranks): (Vec<_>, Vec<_>) = (without.scores().collect(), without.ranks().collect());
        let both = |a: &[Option<f64>], b: &[Option<f64>]| -> Vec<(usize, f64, f64)> {
            let pairs = a.iter().zip(b).enumerate();
            pairs.filter_map(|(row, (a, b))| Some((row, (*a)?, (*b)?))).collect()
        };
        let (before, after) = (both(&self.ranks, &ranks), both(&self.scores, &scores));
        let compared = before.len();
        let mean = |pairs: &[(usize, f64, f64)]| {
            // No city in both: nothing moved that could be seen, and `compared` says so.
            let gaps: Vec<f64> = pairs.iter().map(|(_, a, b)| (a - b).abs()).collect();
            if gaps.is_empty() { 0.0 } else { stats::mean(&gaps) }
        };
        let most = before.iter().filter(|(_, a, b)| a != b).min_by(|x, y| {
            let far = |(_, a, b): &(usize, f64, f64)| (a - b).abs();
            far(y).total_cmp(&far(x)).then_with(|| self.cities[x.0].cmp(&self.cities[y.0]))
        });
        let only =
            |a: &[Option<f64>], b: &[Option<f64>]| a.iter().zip(b).filter(|(a, b)| a.is_some() && b.is_none()).count();
        Ok(RankShifts {
            mean_rank_shift: mean(&before),
            max_rank_shift: most.map_or(0.0, |(_, a, b)| (a - b).abs()),
            moved_most: most.map(|&(row, from, to)| MovedCity { city: self.cities[row].clone(), from, to }),
            mean_score_shift: mean(&after),
            compared,
            lost: only(&self.scores, &scores),
            gained: only(&scores, &self.scores),
            scores,
            ranks,
        })
    }

    /// What leaving out an element did.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the element is not in the table, with the nearest code.
    pub fn get(&self, element: &str) -> Result<&LeftOut> {
        self.elements.iter().find(|left_out| left_out.element == element).ok_or_else(|| Error::Unknown {
            what: What::Node,
            code: element.to_owned(),
            nearest: nearest(element, self.elements.iter().map(|left_out| left_out.element.as_str())),
        })
    }

    /// The elements, the one that moves the ranks most first; those that could not be left out come last. Where the shifts
    /// are the same, in the order of the framework.
    #[must_use]
    pub fn rows(&self) -> Vec<&LeftOut> {
        let mut rows: Vec<&LeftOut> = self.elements.iter().collect();
        let shift = |row: &LeftOut| row.shift.as_ref().map_or(-1.0, |shift| shift.mean_rank_shift);
        rows.sort_by(|a, b| shift(b).total_cmp(&shift(a)));
        rows
    }
}

/// A table, the element that moves the ranks most first.
impl fmt::Display for LeaveOneOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: shifts of rank and score without ...", self.node)?;
        let mut rows = vec![["", "mean rank", "largest", "mean score", "moved most"].map(str::to_owned)];
        for row in self.rows() {
            if let Some(shift) = &row.shift {
                let moved = shift.moved_most.as_ref().map_or_else(
                    || "-".to_owned(),
                    |moved| format!("{}, from {} to {}", moved.city, moved.from, moved.to),
                );
                rows.push([
                    row.element.clone(),
                    format!("{:.2}", shift.mean_rank_shift),
                    shift.max_rank_shift.to_string(),
                    format!("{:.2}", shift.mean_score_shift),
                    moved,
                ]);
            }
        }
        let widths: Vec<usize> = (0..5).map(|c| rows.iter().map(|row| width(&row[c])).max().unwrap_or(0)).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cell = |(c, (text, &w)): (usize, (&String, &usize))| {
                if matches!(c, 0 | 4) { left(text, w) } else { right(text, w) }
            };
            writeln!(f, "{}", cells.map(cell).collect::<Vec<_>>().join("  ").trim_end())?;
        }
        for row in &self.elements {
            if let Some(error) = &row.error {
                writeln!(f, "cannot be left out: {}: {error}", left(&row.element, 0))?;
            }
        }
        for (row, shift) in self.elements.iter().filter_map(|row| Some((row, row.shift.as_ref()?))) {
            if shift.lost + shift.gained > 0 {
                let (lost, gained) = (shift.lost, shift.gained);
                writeln!(f, "without {}: {lost} cities lose their score, {gained} gain one", left(&row.element, 0))?;
            }
        }
        Ok(())
    }
}
