//! What goes with an outcome: how sure, how far it hangs on one city, and how much of it is the region.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::permute::{Kendall, Shuffle, product};
use crate::error::{Fault, Result};
use crate::framework::Kind;
use crate::kernel::draw::{Stream, mix, name};
use crate::kernel::stats;
use crate::scores::Scores;
use crate::text::{left, right};

/// Asks how nodes go with an outcome over cities, singly ([`on`](Self::on)) or together ([`together`](Self::together)).
///
/// What is found is association among the cities at hand. It says nothing of causes: the figures are observed, not the result
/// of an experiment.
///
/// - Cities without a score on one of the two sides are left out, pair by pair; how many are left is said.
/// - Probabilities are of permutation tests, two-sided: the share of the orders of the outcome at which the coefficient is at
///   least as far from 0. Up to [`EXACT`](Self::EXACT) cities all orders are counted; beyond that `m` are drawn and
///   `p = (b + 1) / (m + 1)`, so that it is never 0 (Phipson and Smyth 2010,
///   [10.2202/1544-6115.1585](https://doi.org/10.2202/1544-6115.1585)).
/// - Intervals are percentile intervals of the bootstrap over cities (Efron and Tibshirani 1993, *An Introduction to the
///   Bootstrap*, chapter 13), 95 %; resamples in which one side is always the same are not counted.
/// - Beside them stand the lowest and highest coefficient that is left when one city is left out.
/// - Everything is seeded, and depends on the keys of the cities, not on their order.
///
/// ```
/// use longspring::{Cut, Method, Outcome, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
///
/// let found = Outcome::of("vitality").runs(999).on(&scores, ["industry", "infrastructure", "investment", "education"])?;
/// println!("{found}");
/// let industry = found.get("industry")?;
/// assert!(industry.spearman.p > 0.0 && industry.holm >= industry.spearman.p);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    node: String,
    runs: usize,
    seed: u64,
    /// None where nothing was said.
    group: Option<String>,
}

/// How a probability was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PermutationTest {
    /// All orders were counted.
    Exact,
    /// So many were drawn.
    Drawn(usize),
}

/// A coefficient with all that says how far to trust it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coefficient {
    /// The coefficient, from -1 to 1.
    pub value: f64,
    /// The two-sided probability of one at least as far from 0 if nothing went together.
    pub p: f64,
    /// The 95 % percentile interval of the bootstrap; none where fewer than half of the resamples have a coefficient.
    pub interval: Option<(f64, f64)>,
    /// The lowest and highest that is left when one city is left out; none where no city can be.
    pub ends: Option<Ends>,
}

/// The range of a coefficient when one city is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ends {
    /// The lowest coefficient.
    pub low: f64,
    /// The city without which it is that low.
    pub low_without: String,
    /// The highest coefficient.
    pub high: f64,
    /// The city without which it is that high.
    pub high_without: String,
}

/// What is left of an association within regions: Pearson's correlation of deviations from the mean of the group.
///
/// Cities that are alone in their group, or have none, carry nothing and are left out. The probability is that of orders of
/// the outcome within the groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Partial {
    /// Of the scores.
    pub pearson: f64,
    /// Its probability.
    pub pearson_p: f64,
    /// Of the ranks among all cities.
    pub spearman: f64,
    /// Its probability.
    pub spearman_p: f64,
    /// How many cities take part.
    pub cities: usize,
    /// In how many groups.
    pub groups: usize,
    /// How many cities are left out.
    pub alone: usize,
}

/// How a node goes with the outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Association {
    /// The node.
    pub node: String,
    /// How many cities have a score in both.
    pub cities: usize,
    /// Pearson's correlation of the scores.
    pub pearson: Coefficient,
    /// Spearman's correlation of the ranks.
    pub spearman: Coefficient,
    /// Kendall's tau-b.
    pub kendall: Coefficient,
    /// Spearman's probability, adjusted for the number of nodes that were asked about (Holm 1979, *A simple sequentially
    /// rejective multiple test procedure*, Scandinavian Journal of Statistics 6, 65-70).
    pub holm: f64,
    /// What is left within regions; none where no two groups have two cities each, or one side is the same within all.
    pub partial: Option<Partial>,
}

/// How nodes go with an outcome, one by one. See [`Outcome::on`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Associations {
    /// The outcome.
    pub outcome: String,
    /// How the probabilities were found.
    pub test: PermutationTest,
    /// The attribute of the cities by which they are grouped.
    pub group: String,
    /// The nodes, in the order in which they were asked about.
    pub nodes: Vec<Association>,
}

/// Cities with a score in everything that is asked about, in the order of their keys.
pub(super) struct Common<'a> {
    pub(super) rows: Vec<usize>,
    pub(super) columns: Vec<Vec<f64>>,
    pub(super) keys: Vec<&'a str>,
}

impl Outcome {
    /// Up to so many cities all orders are counted: 40,320.
    pub const EXACT: usize = 8;

    /// An outcome node; 9,999 runs, seed 1, grouped by `region`.
    #[must_use]
    pub fn of(node: impl Into<String>) -> Self {
        Self { node: node.into(), runs: 9_999, seed: 1, group: None }
    }

    /// How many orders and resamples are drawn.
    #[must_use]
    pub fn runs(self, runs: usize) -> Self {
        Self { runs, ..self }
    }

    /// The seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The attribute of the cities by which they are grouped for the partial correlations; `region` where nothing is said.
    #[must_use]
    pub fn group(self, attribute: impl Into<String>) -> Self {
        Self { group: Some(attribute.into()), ..self }
    }

    /// How each node by itself goes with the outcome.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where a node does not exist. [`Error::Invalid`](crate::Error::Invalid) where a
    /// node has no scores, is named twice or shares anything with the outcome, fewer than 4 cities have a score in both, one
    /// of the two is the same everywhere, no run is asked for, or no city has the attribute that was named.
    pub fn on<S: AsRef<str>>(&self, scores: &Scores, nodes: impl IntoIterator<Item = S>) -> Result<Associations> {
        let nodes: Vec<String> = nodes.into_iter().map(|node| node.as_ref().to_owned()).collect();
        self.check(scores, &nodes)?;
        let cities = scores.dataset();
        if let Some(named) = &self.group {
            if (0..cities.len()).all(|row| cities.attribute(row, named).is_none()) {
                return Err(cities.lacks_attribute(named.clone()).into());
            }
        }
        let mut found = Vec::with_capacity(nodes.len());
        let mut fewest = usize::MAX;
        for node in &nodes {
            let common = self.common(scores, std::slice::from_ref(node))?;
            fewest = fewest.min(common.rows.len());
            found.push(self.associate(scores, node, &common));
        }
        // Holm: the smallest by the number of nodes, the next by one less, and never less than one before.
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|&a, &b| found[a].spearman.p.total_cmp(&found[b].spearman.p));
        let (mut before, count) = (0.0_f64, order.len());
        for (place, &at) in order.iter().enumerate() {
            before = before.max((found[at].spearman.p * (count - place) as f64).min(1.0));
            found[at].holm = before;
        }
        let test = self.test(fewest);
        Ok(Associations { outcome: self.node.clone(), test, group: self.grouped_by().to_owned(), nodes: found })
    }

    pub(super) fn test(&self, cities: usize) -> PermutationTest {
        if cities <= Self::EXACT { PermutationTest::Exact } else { PermutationTest::Drawn(self.runs) }
    }

    pub(super) fn node(&self) -> &str {
        &self.node
    }

    pub(super) fn stream(&self, what: &str) -> Stream {
        Stream::new(name(name(mix(self.seed, 0x006f_7574), &self.node), what))
    }

    pub(super) fn shuffle(&self, cities: usize, what: &str) -> Shuffle {
        Shuffle::new(cities <= Self::EXACT, self.runs, self.stream(what))
    }

    /// Checks what is asked before anything is computed.
    pub(super) fn check(&self, scores: &Scores, nodes: &[String]) -> Result<()> {
        if self.runs == 0 {
            let (name, need) = ("the number of runs", "1 or more");
            return Err(Fault::Parameter { name, value: 0.0, need }.into());
        }
        if nodes.is_empty() {
            return Err(Fault::NoComparisons.into());
        }
        let framework = scores.composite().framework();
        let under = |code: &str| -> Result<Vec<&str>> {
            let kind = framework.node(code)?.kind;
            if kind == Kind::Context {
                let what = "go with an outcome, for it has no scores";
                return Err(Fault::WrongKind { what, code: code.to_owned(), kind }.into());
            }
            Ok(framework.subtree(code)?.map(|n| n.code.as_str()).collect())
        };
        let outcome = under(&self.node)?;
        for (i, node) in nodes.iter().enumerate() {
            let shared: Vec<String> =
                under(node)?.iter().filter(|code| outcome.contains(code)).map(|c| format!("`{c}`")).collect();
            if !shared.is_empty() {
                let (first, second) = (node.clone(), self.node.clone());
                return Err(Fault::SharedFigures { first, second, shared: shared.join(", ") }.into());
            }
            if nodes[..i].contains(node) {
                let what = crate::error::What::Node;
                return Err(Fault::Duplicate { what, code: node.clone(), first: None }.into());
            }
        }
        Ok(())
    }

    /// The cities that have a score everywhere; the outcome is the first column.
    pub(super) fn common<'a>(&self, scores: &'a Scores, nodes: &[String]) -> Result<Common<'a>> {
        let cities = scores.dataset();
        let mut columns = Vec::new();
        for node in std::iter::once(&self.node).chain(nodes) {
            let Some(position) = scores.composite().position(node) else {
                return Err(Fault::Out { node: node.clone() }.into());
            };
            columns.push(scores.column(position));
        }
        let mut rows: Vec<usize> =
            (0..cities.len()).filter(|&row| columns.iter().all(|column| !column[row].is_nan())).collect();
        rows.sort_by_key(|&row| cities.key(row));
        let need = (nodes.len() + 2).max(4);
        if rows.len() < need {
            let named: Vec<String> = std::iter::once(&self.node).chain(nodes).map(|node| format!("`{node}`")).collect();
            return Err(Fault::FewCities {
                what: format!("a score in {}", named.join(" and ")),
                have: rows.len(),
                need,
            }
            .into());
        }
        let columns: Vec<Vec<f64>> =
            columns.iter().map(|column| rows.iter().map(|&row| column[row]).collect()).collect();
        for (node, column) in std::iter::once(&self.node).chain(nodes).zip(&columns) {
            if column.iter().all(|value| *value == column[0]) {
                return Err(Fault::SameScore { node: node.clone() }.into());
            }
        }
        let keys = rows.iter().map(|&row| cities.key(row)).collect();
        Ok(Common { rows, columns, keys })
    }

    fn associate(&self, scores: &Scores, node: &str, common: &Common<'_>) -> Association {
        let (y, x) = (&common.columns[0], &common.columns[1]);
        let ranks = [x, y].map(|column| stats::average_ranks(column));
        let n = x.len();
        let pearson = |x: &[f64], y: &[f64]| stats::pearson(x, y).unwrap_or(0.0);
        let mut kendall = Kendall::default();
        let values = [pearson(x, y), pearson(&ranks[0], &ranks[1]), kendall.tau_b(x, y).unwrap_or(0.0)];
        let p = self.probabilities((x, y), &ranks, values, node);
        let intervals = self.intervals((x, y), node);
        let mut ends: [Option<Ends>; 3] = [None, None, None];
        let (mut fewer_x, mut fewer_y) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for (out, key) in common.keys.iter().enumerate() {
            let without = |column: &[f64], to: &mut Vec<f64>| {
                to.clear();
                to.extend(column.iter().enumerate().filter(|&(i, _)| i != out).map(|(_, v)| *v));
            };
            without(x, &mut fewer_x);
            without(y, &mut fewer_y);
            let left = [
                stats::pearson(&fewer_x, &fewer_y),
                stats::spearman(&fewer_x, &fewer_y),
                kendall.tau_b(&fewer_x, &fewer_y),
            ];
            for (ends, value) in ends.iter_mut().zip(left) {
                let Some(value) = value else { continue };
                let city = (*key).to_owned();
                match ends {
                    None => {
                        let (low_without, high_without) = (city.clone(), city);
                        *ends = Some(Ends { low: value, low_without, high: value, high_without });
                    }
                    Some(ends) if value < ends.low => (ends.low, ends.low_without) = (value, city),
                    Some(ends) if value > ends.high => (ends.high, ends.high_without) = (value, city),
                    Some(_) => {}
                }
            }
        }
        let [a, b, c] = ends;
        let coefficient = |i: usize, ends| Coefficient { value: values[i], p: p[i], interval: intervals[i], ends };
        Association {
            node: node.to_owned(),
            cities: n,
            pearson: coefficient(0, a),
            spearman: coefficient(1, b),
            kendall: coefficient(2, c),
            holm: p[1],
            partial: self.partial(scores, node, common, &ranks),
        }
    }

    /// The probabilities of the three coefficients, from the same orders.
    fn probabilities(&self, (x, y): (&[f64], &[f64]), ranks: &[Vec<f64>; 2], values: [f64; 3], node: &str) -> [f64; 3] {
        let n = x.len();
        let [x, y, rx, ry] = [x, y, &ranks[0], &ranks[1]].map(stats::centred);
        let norm = |a: &[f64], b: &[f64]| (product(a, a) * product(b, b)).sqrt();
        let (scale, rank_scale) = (norm(&x, &y), norm(&rx, &ry));
        let mut kendall = Kendall::default();
        let mut counts = [0_usize; 3];
        let (mut own_y, mut own_ranks) = (y.clone(), ry.clone());
        let all = self.shuffle(n, node).each(n, |order| {
            for (i, &from) in order.iter().enumerate() {
                (own_y[i], own_ranks[i]) = (y[from], ry[from]);
            }
            let tau = kendall.tau_b(&rx, &own_ranks).unwrap_or(0.0);
            let now = [product(&x, &own_y) / scale, product(&rx, &own_ranks) / rank_scale, tau];
            for ((count, now), value) in counts.iter_mut().zip(now).zip(values) {
                // Equal but for rounding is as far from 0.
                *count += usize::from(now.abs() >= value.abs() - 1e-12);
            }
        });
        counts.map(|count| all.probability(count))
    }

    /// The 95 % percentile intervals, from the same resamples.
    fn intervals(&self, (x, y): (&[f64], &[f64]), node: &str) -> [Option<(f64, f64)>; 3] {
        let n = x.len();
        let mut stream = self.stream(&format!("{node} resampled"));
        let mut found: [Vec<f64>; 3] = [const { Vec::new() }; 3];
        for all in &mut found {
            all.reserve(self.runs);
        }
        let (mut a, mut b, mut kendall) = (vec![0.0; n], vec![0.0; n], Kendall::default());
        let (mut ranks_a, mut ranks_b, mut order) = (vec![0.0; n], vec![0.0; n], Vec::with_capacity(n));
        for _ in 0..self.runs {
            for (a, b) in a.iter_mut().zip(&mut b) {
                let row = stream.choice(n);
                (*a, *b) = (x[row], y[row]);
            }
            super::permute::ranks_into(&a, &mut order, &mut ranks_a);
            super::permute::ranks_into(&b, &mut order, &mut ranks_b);
            let tau = kendall.tau_b(&ranks_a, &ranks_b);
            let now = [super::permute::pearson(&a, &b), super::permute::pearson(&ranks_a, &ranks_b), tau];
            found.iter_mut().zip(now).for_each(|(all, now)| all.extend(now));
        }
        found.map(|mut all| {
            all.sort_unstable_by(f64::total_cmp);
            let enough = 2 * all.len() >= self.runs;
            enough.then(|| (stats::quantile(&all, 0.025), stats::quantile(&all, 0.975)))
        })
    }

    /// Tables without regions are no error as long as nobody asks for them.
    fn grouped_by(&self) -> &str {
        self.group.as_deref().unwrap_or("region")
    }

    fn partial(&self, scores: &Scores, node: &str, common: &Common<'_>, ranks: &[Vec<f64>; 2]) -> Option<Partial> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, &row) in common.rows.iter().enumerate() {
            if let Some(group) = scores.dataset().attribute(row, self.grouped_by()) {
                groups.entry(group).or_default().push(i);
            }
        }
        groups.retain(|_, members| members.len() > 1);
        if groups.len() < 2 {
            return None;
        }
        let groups: Vec<Vec<usize>> = groups.into_values().collect();
        let residuals = |column: &[f64]| -> Vec<f64> {
            let deviations = |members: &Vec<usize>| {
                let mean = members.iter().map(|&i| column[i]).sum::<f64>() / members.len() as f64;
                members.iter().map(|&i| column[i] - mean).collect::<Vec<f64>>()
            };
            groups.iter().flat_map(deviations).collect()
        };
        let (y, x) = (residuals(&common.columns[0]), residuals(&common.columns[1]));
        let (ranked_x, ranked_y) = (residuals(&ranks[0]), residuals(&ranks[1]));
        let norm = |a: &[f64], b: &[f64]| (product(a, a) * product(b, b)).sqrt();
        let flat = |a: &[f64], of: &[f64]| product(a, a) <= 1e-24 * product(of, of);
        if flat(&x, &common.columns[1]) || flat(&y, &common.columns[0]) {
            return None;
        }
        let (scale, ranked_scale) = (norm(&x, &y), norm(&ranked_x, &ranked_y));
        let (pearson, spearman) = (product(&x, &y) / scale, product(&ranked_x, &ranked_y) / ranked_scale);
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let mut stream = self.stream(&format!("{node} within"));
        let (mut now, mut ranked, mut counts) = (y.clone(), ranked_y.clone(), [0_usize; 2]);
        for _ in 0..self.runs {
            let mut start = 0;
            for &size in &sizes {
                for i in (1..size).rev() {
                    let j = stream.choice(i + 1);
                    now.swap(start + i, start + j);
                    ranked.swap(start + i, start + j);
                }
                start += size;
            }
            counts[0] += usize::from((product(&x, &now) / scale).abs() >= pearson.abs() - 1e-12);
            counts[1] += usize::from((product(&ranked_x, &ranked) / ranked_scale).abs() >= spearman.abs() - 1e-12);
        }
        let [pearson_p, spearman_p] = counts.map(|count| (count + 1) as f64 / (self.runs + 1) as f64);
        let cities = sizes.iter().sum();
        let alone = common.rows.len() - cities;
        Some(Partial { pearson, pearson_p, spearman, spearman_p, cities, groups: sizes.len(), alone })
    }
}

impl Associations {
    /// How a node goes with the outcome.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where it was not asked about, with the nearest code.
    pub fn get(&self, node: &str) -> Result<&Association> {
        self.nodes.iter().find(|found| found.node == node).ok_or_else(|| crate::Error::Unknown {
            what: crate::error::What::Node,
            code: node.to_owned(),
            nearest: crate::error::nearest(node, self.nodes.iter().map(|found| found.node.as_str())),
        })
    }
}

impl fmt::Display for PermutationTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("all orders counted"),
            Self::Drawn(runs) => write!(f, "{runs} orders drawn"),
        }
    }
}

/// A line a node, and what one may conclude.
impl fmt::Display for Associations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "what goes with {} ({})", self.outcome, self.test)?;
        let wide = self.nodes.iter().map(|a| a.node.len()).max().unwrap_or(0).max(4);
        let within = format!("within {}", self.group);
        writeln!(
            f,
            "{}  cities  Pearson      p  Spearman      p   Holm  {}  Kendall      p  {within}",
            left("node", wide),
            left("95 % interval", 16),
        )?;
        for a in &self.nodes {
            let interval = a.spearman.interval.map_or_else(|| "-".to_owned(), |(l, h)| format!("{l:.2} to {h:.2}"));
            let partial = a.partial.as_ref().map_or_else(
                || "-".to_owned(),
                |p| format!("{:.2} (p {:.3}, {} cities)", p.spearman, p.spearman_p, p.cities),
            );
            writeln!(
                f,
                "{}  {}  {:7.2}  {:.3}  {:8.2}  {:.3}  {:.3}  {}  {:7.2}  {:.3}  {partial}",
                left(&a.node, wide),
                right(&a.cities.to_string(), 6),
                a.pearson.value,
                a.pearson.p,
                a.spearman.value,
                a.spearman.p,
                a.holm,
                left(&interval, 16),
                a.kendall.value,
                a.kendall.p,
            )?;
        }
        let clear: Vec<&str> = self.nodes.iter().filter(|a| a.holm <= 0.05).map(|a| a.node.as_str()).collect();
        let count = self.nodes.len();
        if clear.is_empty() {
            writeln!(f, "With {count} asked about, none goes with {} more clearly than chance would.", self.outcome)?;
        } else {
            let named = clear.join(", ");
            writeln!(f, "With {count} asked about, beyond chance (Holm, 5 %): {named}.")?;
        }
        f.write_str("These are associations among the cities at hand, observed and not tried out: no causes.\n")
    }
}
