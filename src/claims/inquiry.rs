//! Over what a claim is tested: methods, weights, cuts, statuses, missing figures.

use std::fmt;

use super::case::Ask;
use super::cases::Case;
use super::record::{Claim, Claims, Relation, Test};
use super::table::TestedClaims;
use super::tested::Tested;
use super::together::Critical;
use crate::dataset::{Cut, Dataset};
use crate::error::{Error, Fault, Problem, Problems, Result, What};
use crate::framework::{Framework, Kind};
use crate::method::Method;
use crate::observations::{Observations, Status};
use crate::robustness::WeightSpace;

/// Tests claims over a declared set: every combination of the methods, cuts and statuses that it names, all weights of a set,
/// and whatever the missing figures may be.
///
/// Without more than the figures it asks under [`Method::new`] and [`Cut::latest`]. A claim *holds always* if it holds in
/// every case, *never* if in none, in a *share* if the figures as they are give both, and *cannot be known* if figures that are
/// missing decide.
///
/// - **Weights** ([`weights`](Self::weights)): those of the children of the claim's own node; what lies below keeps its own.
///   Of an arithmetic or geometric mean *leads*, *trails*, *tops* and *top k* are decided for every weight of the set at once
///   ([`Proof::Exact`](crate::Proof::Exact)); elsewhere at the ends of the set and at drawn weights ([`Proof::Tried`](crate::Proof::Tried)). A share counts the weights
///   that were tried. Weights at which a city has no score, because all its known children have none, decide nothing.
/// - **Ties**: *leads* is strict, and scores within 1e-12 of their size tie. *Tops* and *top k* go by the rank under the
///   ties of the method.
/// - **Missing figures** ([`gaps`](Self::gaps)): each at the end of the yardstick that speaks most against the claim, as in
///   [`Scores::bounds`](crate::Scores::bounds), together with all weights. The yardstick stays as it was fitted, so that a gap of a city that is not compared decides nothing.
/// - **Goes with**: Spearman's correlation above 0 at the 5 % level, one-sided, by 9,999 seeded permutations of the ranks,
///   `p = (b + 1) / (m + 1)` (Phipson and Smyth 2010, [10.2202/1544-6115.1585](https://doi.org/10.2202/1544-6115.1585)).
/// - **Series**: *exceeds*, *improves* and *declines* are about the figures of exactly the years that the claim names, before
///   denomination; of methods, weights and cuts only the statuses of the cuts count.
///
/// In a unit test, in one line:
///
/// ```
/// use longspring::{Claim, Inquiry, WeightSpace, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let claim = Claim::leads("changchun", "sheffield").on("infrastructure");
/// let tested = Inquiry::new(&framework, &known).weights(WeightSpace::all().within(0.05)).test(&claim)?;
/// assert!(tested.holds_always(), "{tested}"); // tells the verdict, the margin and the counterexample
///
/// // with any weights within 25 % it does not: harbours and flights can outweigh the railway
/// let inquiry = Inquiry::new(&framework, &known).weights(WeightSpace::all().within(0.25));
/// let tested = inquiry.test(&claim)?;
/// assert!(!tested.holds_always());
/// println!("{tested}");
/// let scores = tested.counterexample.unwrap().scores(&inquiry)?; // scored again
/// assert!(scores.score("changchun", "infrastructure")? < scores.score("sheffield", "infrastructure")?);
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Inquiry<'a> {
    pub(super) framework: &'a Framework,
    pub(super) data: Data<'a>,
    pub(super) methods: Vec<Method>,
    cuts: Vec<Cut>,
    without: Vec<Vec<Status>>,
    pub(super) weights: Option<WeightSpace>,
    pub(super) gaps: bool,
    pub(super) draws: usize,
    pub(super) seed: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Data<'a> {
    Known(&'a Observations),
    Table(&'a Dataset),
}

impl<'a> Inquiry<'a> {
    /// Asks of all figures that are known.
    #[must_use]
    pub fn new(framework: &'a Framework, known: &'a Observations) -> Self {
        Self::over(framework, Data::Known(known))
    }

    /// Asks of one table. It has no years, so that what a claim says of years cannot be known.
    #[must_use]
    pub fn of(framework: &'a Framework, cities: &'a Dataset) -> Self {
        Self::over(framework, Data::Table(cities))
    }

    fn over(framework: &'a Framework, data: Data<'a>) -> Self {
        let (methods, cuts, without) = (Vec::new(), Vec::new(), Vec::new());
        Self { framework, data, methods, cuts, without, weights: None, gaps: false, draws: 100, seed: 1 }
    }

    /// Adds a method; the first one takes the place of [`Method::new`].
    #[must_use]
    pub fn method(self, method: Method) -> Self {
        self.methods([method])
    }

    /// Adds methods.
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.methods.extend(methods);
        self
    }

    /// Adds cuts; the first takes the place of [`Cut::latest`]. A claim that names a year takes each as of that year.
    #[must_use]
    pub fn cuts(mut self, cuts: impl IntoIterator<Item = Cut>) -> Self {
        self.cuts.extend(cuts);
        self
    }

    /// Tests every cut also without figures of these statuses.
    #[must_use]
    pub fn also_without(mut self, statuses: impl IntoIterator<Item = Status>) -> Self {
        self.without.push(statuses.into_iter().collect());
        self
    }

    /// Opens the weights of the children of the claim's node.
    #[must_use]
    pub fn weights(self, space: WeightSpace) -> Self {
        Self { weights: Some(space), ..self }
    }

    /// Opens the missing figures of the cities that the claim compares.
    #[must_use]
    pub fn gaps(self) -> Self {
        Self { gaps: true, ..self }
    }

    /// How many weights are drawn beside those at the ends of the set; 100 where nothing is said.
    #[must_use]
    pub fn draws(self, draws: usize) -> Self {
        Self { draws, ..self }
    }

    /// The seed of all that is drawn; 1 where nothing is said.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Tests a claim.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where the claim names a city or node that does not exist; where it names several,
    /// [`Error::Invalid`](crate::Error::Invalid) with all of them.
    /// [`Error::Invalid`](crate::Error::Invalid) where it has no relation, names no city or no node, holds a city against
    /// itself or a node against one that shares figures with it; where a series improves that has no direction, or a node
    /// that is no series moves between years; where the years are missing or the wrong way round; where the weights of the
    /// set do not fit the node; where gaps lie under an aggregation that has no bounds; and those of [`Method::fit`].
    pub fn test(&self, claim: &Claim) -> Result<Tested> {
        self.test_with(claim, &mut Critical::new(self.seed), &mut Vec::new())
    }

    /// Tests many claims, and sets what comes out beside what documents say. A claim without a relation stands there with the
    /// latter alone.
    ///
    /// # Errors
    /// Every claim that cannot be tested as it stands, each with its code, as [`Inquiry::test`] says.
    pub fn test_claims(&self, claims: &Claims) -> Result<TestedClaims> {
        let (mut critical, mut cases) = (Critical::new(self.seed), Vec::new());
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for claim in claims {
            let tested = match claim.test {
                Some(_) => self.test_with(claim, &mut critical, &mut cases).map(Some),
                None => Ok(None),
            };
            match tested {
                Ok(tested) => rows.push((claim.clone(), tested)),
                Err(error) => {
                    let each: Vec<String> = match error.problems() {
                        [] => vec![error.to_string()],
                        several => several.iter().map(ToString::to_string).collect(),
                    };
                    let fault = |why| Problem::from(Fault::InClaim { claim: claim.code.clone(), why });
                    problems.extend(each.into_iter().map(fault));
                }
            }
        }
        Problems::check(problems)?;
        Ok(TestedClaims::new(rows))
    }

    /// The table of a cut.
    pub(super) fn table(&self, cut: Option<&Cut>) -> Result<Dataset> {
        match (self.data, cut) {
            (Data::Table(cities), _) => Ok(cities.clone()),
            (Data::Known(known), Some(cut)) => known.dataset(self.framework, cut),
            (Data::Known(known), None) => known.dataset(self.framework, &Cut::latest()),
        }
    }

    fn test_with(&self, claim: &Claim, critical: &mut Critical, cases: &mut Vec<Case>) -> Result<Tested> {
        let Some(test) = &claim.test else {
            let instead = "say it as `Claim::leads` and its like do, or in the column `relation`";
            return Err(Fault::IncompleteClaim { what: "relation", instead }.into());
        };
        if test.node.is_empty() {
            let instead = "say it with `on`, or in the column `node`";
            return Err(Fault::IncompleteClaim { what: "node", instead }.into());
        }
        self.check_names(claim, test)?;
        let node = self.framework.node(&test.node)?;
        let ask = match &test.relation {
            Relation::Leads { rival } => Ask::Lead(self.city(&claim.subject)?, self.city(rival)?),
            Relation::Trails { rival } => Ask::Lead(self.city(rival)?, self.city(&claim.subject)?),
            Relation::Tops => Ask::Top(self.city(&claim.subject)?, 1),
            Relation::Top { k: 0 } => {
                let (name, need) = ("the number of places", "1 or more");
                return Err(Fault::Parameter { name, value: 0.0, need }.into());
            }
            Relation::Top { k } => Ask::Top(self.city(&claim.subject)?, *k),
            Relation::GoesWith { node: other } => {
                self.framework.check_apart(&test.node, other)?;
                Ask::Together(other.clone())
            }
            Relation::Improves | Relation::Declines | Relation::Exceeds { .. } => {
                self.city(&claim.subject)?;
                return self.test_series(claim, test, node);
            }
        };
        if let Ask::Lead(a, b) = &ask {
            if a == b {
                return Err(Fault::SameCity { city: a.clone() }.into());
            }
        }
        for code in [Some(&test.node), if let Ask::Together(other) = &ask { Some(other) } else { None }] {
            let Some(code) = code else { continue };
            let kind = self.framework.node(code)?.kind;
            if kind == Kind::Context {
                let what = "be ranked, for it has no scores; say what its figures do between years";
                return Err(Fault::WrongKind { what, code: code.clone(), kind }.into());
            }
        }
        self.test_scores(claim, test, &ask, critical, cases)
    }

    /// Checks that the cities and nodes that a claim names exist: where several do not, all are told.
    fn check_names(&self, claim: &Claim, test: &Test) -> Result<()> {
        let (rival, other) = match &test.relation {
            Relation::Leads { rival } | Relation::Trails { rival } => (Some(rival), None),
            Relation::GoesWith { node } => (None, Some(node)),
            _ => (None, None),
        };
        let subject = other.is_none().then_some(&claim.subject);
        let nodes = std::iter::once(&test.node).chain(other).map(|code| self.framework.node(code).map(|_| ()));
        let cities = subject.into_iter().chain(rival).map(|key| self.city(key).map(|_| ()));
        let mut found: Vec<Error> = nodes.chain(cities).filter_map(Result::err).collect();
        if found.len() < 2 {
            return found.pop().map_or(Ok(()), Err);
        }
        let problems = found.into_iter().flat_map(|error| match error {
            Error::Unknown { what, code, nearest } => vec![Fault::UnknownCode { what, code, nearest, rows: 1 }.into()],
            other => other.problems().to_vec(),
        });
        Problems::check(problems.collect())
    }

    /// Checks that a claim names a city that exists.
    fn city(&self, key: &str) -> Result<String> {
        if key.is_empty() {
            let instead = "name one that there are figures of";
            return Err(Fault::IncompleteClaim { what: "city", instead }.into());
        }
        match self.data {
            Data::Table(cities) => cities.find_city(key)?,
            Data::Known(known) => known.keys().find_or(key, What::City)?,
        };
        Ok(key.to_owned())
    }

    /// The cuts with and without the statuses that are in doubt; each once.
    pub(super) fn all_cuts(&self, year: Option<i32>) -> Vec<Cut> {
        let latest = [Cut::latest()];
        let base = if self.cuts.is_empty() { &latest[..] } else { &self.cuts };
        let mut all: Vec<Cut> = Vec::new();
        for cut in base {
            let fewer = self.without.iter().map(|statuses| cut.clone().without(statuses.iter().copied()));
            for cut in std::iter::once(cut.clone()).chain(fewer) {
                let cut = year.map_or(cut.clone(), |year| cut.at(year));
                if !all.contains(&cut) {
                    all.push(cut);
                }
            }
        }
        all
    }
}

/// What is open.
impl fmt::Display for Inquiry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "methods: {}; cuts: {}", self.methods.len().max(1), self.all_cuts(None).len())?;
        match &self.weights {
            Some(space) => write!(f, "; weights: {space} ({} drawn where they are tried)", self.draws)?,
            None => f.write_str("; weights: as they are")?,
        }
        f.write_str(if self.gaps { "; missing figures: open" } else { "; missing figures: as they are" })
    }
}
