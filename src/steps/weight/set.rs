//! Weights that people give: named sets for several audiences, and budgets that experts allocate.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Fault, Place, Problem, Problems, Result, What};
use crate::framework::Framework;
use crate::input::Input;
use crate::table::{Known, Others, Table};

/// The weights of some nodes, under a name: what one audience finds important.
///
/// A node that is not in the set keeps the framework's weight. Only the proportions among siblings count.
///
/// ```
/// use longspring::{Cut, Method, WeightSet, Weighting, article};
///
/// let greens = WeightSet::new("greens", [("environment", 3.0), ("culture", 1.0)])?;
/// let method = Method::new().weighting(Weighting::Set(greens));
/// assert!(method.to_string().contains("weighting:     the set `greens`"));
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightSet {
    name: String,
    weights: BTreeMap<String, f64>,
    /// Where the weights were read, by code.
    #[serde(skip)]
    places: BTreeMap<String, Place>,
}

/// Where they were read does not matter.
impl PartialEq for WeightSet {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.weights == other.weights
    }
}

impl WeightSet {
    /// A set from codes and weights.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every weight that is negative or not finite, and every code that stands
    /// twice.
    pub fn new<S: Into<String>>(name: impl Into<String>, weights: impl IntoIterator<Item = (S, f64)>) -> Result<Self> {
        let mut set = Self { name: name.into(), ..Self::default() };
        let mut problems: Vec<Problem> = Vec::new();
        for (code, weight) in weights {
            let code = code.into();
            if !(weight.is_finite() && weight >= 0.0) {
                problems.push(Fault::Weight { code: code.clone(), weight }.into());
            }
            if set.weights.insert(code.clone(), weight).is_some() {
                problems.push(Fault::Duplicate { what: What::Node, code, first: None }.into());
            }
        }
        Problems::check(problems)?;
        Ok(set)
    }

    /// Budget allocation: several experts hand out points to the same nodes, and each node gets the mean of its shares.
    ///
    /// `w_j = mean over experts of p_j / sum p`, so that no expert counts more for having more points.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where there is no expert, a number of points is negative or not finite, an
    /// expert gives no points at all or leaves out a node that another one has.
    ///
    /// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6 (budget allocation process),
    /// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
    ///
    /// ```
    /// use longspring::WeightSet;
    ///
    /// let set = WeightSet::budget_allocation(
    ///     "panel",
    ///     [[("industry", 60.0), ("education", 40.0)], [("industry", 1.0), ("education", 3.0)]],
    /// )?;
    /// assert_eq!(set.weight("industry"), Some((0.6 + 0.25) / 2.0));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn budget_allocation<S: Into<String>, E: IntoIterator<Item = (S, f64)>>(
        name: impl Into<String>,
        experts: impl IntoIterator<Item = E>,
    ) -> Result<Self> {
        let name = name.into();
        let mut problems: Vec<Problem> = Vec::new();
        let mut budgets = Vec::new();
        let mut count = 0;
        for (i, expert) in experts.into_iter().enumerate() {
            count = i + 1;
            let expert = match Self::new(format!("expert {count}"), expert) {
                Ok(expert) => expert,
                Err(error) => {
                    problems.extend_from_slice(error.problems());
                    continue;
                }
            };
            let total: f64 = expert.weights.values().sum();
            if total == 0.0 || !total.is_finite() {
                let need = "above 0 and finite";
                problems.push(Fault::Parameter { name: "the points of an expert together", value: total, need }.into());
            }
            budgets.push((expert, total));
        }
        if count == 0 {
            let name = "the number of experts";
            problems.push(Fault::Parameter { name, value: 0.0, need: "1 or more" }.into());
        }
        let codes: Vec<String> = budgets.iter().flat_map(|(e, _)| e.weights.keys().cloned()).collect();
        for (expert, _) in &budgets {
            let mut lacks: Vec<&String> = codes.iter().filter(|code| !expert.weights.contains_key(*code)).collect();
            lacks.sort_unstable();
            lacks.dedup();
            problems.extend(
                lacks.iter().map(|code| Fault::NoPoints { expert: expert.name.clone(), code: (*code).clone() }.into()),
            );
        }
        Problems::check(problems)?;
        let mut weights = BTreeMap::new();
        for (expert, total) in &budgets {
            for (code, points) in &expert.weights {
                *weights.entry(code.clone()).or_insert(0.0) += points / total / budgets.len() as f64;
            }
        }
        Ok(Self { name, weights, ..Self::default() })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The weight of a node; none where the set has none.
    #[must_use]
    pub fn weight(&self, node: &str) -> Option<f64> {
        self.weights.get(node).copied()
    }

    /// Codes and weights, in the order of the codes.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        self.weights.iter().map(|(code, weight)| (code.as_str(), *weight))
    }

    /// A fault with the place of a code where that is known; in a set from code it speaks for itself.
    fn say(&self, fault: Fault, code: &str) -> Fault {
        match self.places.get(code) {
            Some(place) => self.own(fault, Some(place)),
            None => fault,
        }
    }

    /// A fault with the name of the set.
    fn own(&self, fault: Fault, place: Option<&Place>) -> Fault {
        Fault::InSet { set: self.name.clone(), place: place.cloned(), fault: Box::new(fault) }
    }

    /// That all children of a node have the weight 0, and whose doing that is.
    pub(crate) fn all_zero<'a>(&self, parent: &str, children: impl Iterator<Item = &'a str> + Clone) -> Fault {
        let fault = Fault::ZeroWeights { parent: parent.to_owned() };
        let mut own = children.filter(|code| self.weights.contains_key(*code)).peekable();
        if own.peek().is_none() { fault } else { self.own(fault, own.find_map(|code| self.places.get(code))) }
    }

    pub(super) fn faults(&self, framework: &Framework) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (code, weight) in self.iter() {
            if !(weight.is_finite() && weight >= 0.0) {
                faults.push(Fault::Weight { code: code.to_owned(), weight });
            }
            faults.extend(unknown(framework, code).map(|fault| self.say(fault, code)));
        }
        faults
    }
}

/// What is wrong with a code that should be that of a node with siblings.
pub(super) fn unknown(framework: &Framework, code: &str) -> Option<Fault> {
    match framework.node(code) {
        Ok(node) if node.parent.is_some() => None,
        Ok(node) => {
            let what = "be weighed, for it has no siblings";
            Some(Fault::WrongKind { what, code: code.to_owned(), kind: node.kind })
        }
        Err(_) => {
            let known = framework.nodes().filter(|n| n.parent.is_some()).map(|n| n.code.as_str());
            let nearest = crate::error::nearest(code, known);
            Some(Fault::UnknownCode { what: What::Node, code: code.to_owned(), nearest, rows: 1 })
        }
    }
}

impl fmt::Display for WeightSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the set `{}`", self.name)
    }
}

/// Several named sets of weights, such as one for each audience.
///
/// ```
/// use longspring::{Input, WeightSets};
///
/// let text = "code,industry,greens\nrenewal_a,2,1\nrenewal_b,1,3\n";
/// let sets = WeightSets::read_csv(Input::text(text, "audiences.csv"))?;
/// assert_eq!(sets.get("greens").and_then(|set| set.weight("renewal_b")), Some(3.0));
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeightSets {
    sets: Vec<WeightSet>,
}

impl WeightSets {
    /// Reads sets from CSV: the column `code` and a column of weights for each set, under its name. An empty cell leaves the
    /// framework's weight as it is.
    ///
    /// # Errors
    /// [`Error::Read`](crate::Error::Read) where the file cannot be read, [`Error::Invalid`](crate::Error::Invalid) with every
    /// problem and its place: no column beside `code`, a code that is empty or stands twice, a weight that is no number or
    /// below 0.
    pub fn read_csv<'a>(input: impl Into<Input<'a>>) -> Result<Self> {
        const CODE: usize = 0;
        let mut table = Table::open(input, &[Known::Required("code")], Others::Keep)?;
        let names: Vec<(usize, String)> = table.others().map(|(i, name)| (i, name.to_owned())).collect();
        let mut sets: Vec<WeightSet> =
            names.iter().map(|(_, name)| WeightSet { name: name.clone(), ..WeightSet::default() }).collect();
        if names.is_empty() {
            let place = table.start();
            table.problem(Some(place), Fault::MissingColumn { name: "weights".to_owned(), instead: None });
        }
        let mut first: BTreeMap<String, u64> = BTreeMap::new();
        while let Some(mut row) = table.next_row()? {
            let code = row.required(CODE, "code");
            let line = row.place(CODE).line;
            let mut weights = Vec::new();
            for (i, _) in &names {
                let weight = row.figure(*i);
                if let Some(weight) = weight.filter(|w| *w < 0.0) {
                    row.fault_at(*i, Fault::Weight { code: code.clone().unwrap_or_default(), weight });
                }
                weights.push(weight);
            }
            let Some(code) = code else { continue };
            if let Some(&first) = first.get(&code) {
                let fault = Fault::Duplicate { what: What::Node, code, first: Some(first) };
                row.fault(CODE, fault);
                continue;
            }
            first.insert(code.clone(), line);
            for (set, weight) in sets.iter_mut().zip(weights) {
                if let Some(weight) = weight {
                    set.weights.insert(code.clone(), weight);
                    set.places.insert(code.clone(), row.place(CODE));
                }
            }
        }
        table.finish()?;
        Ok(Self { sets })
    }

    /// A set by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&WeightSet> {
        self.sets.iter().find(|set| set.name == name)
    }

    /// The sets, in the order of their columns.
    pub fn iter(&self) -> std::slice::Iter<'_, WeightSet> {
        self.sets.iter()
    }
}

impl<'a> IntoIterator for &'a WeightSets {
    type Item = &'a WeightSet;
    type IntoIter = std::slice::Iter<'a, WeightSet>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
