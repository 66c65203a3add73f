//! Over what a claim is tested: methods, weights, cuts, statuses, missing figures.

use std::fmt;

use super::case::{Ask, Judge, Open, Span, span};
use super::gaps::{Side, fill};
use super::record::{Claim, Claims, Relation, Test};
use super::series;
use super::table::TestedClaims;
use super::tested::{Counterexample, Filling, Holding, Proof, Tested};
use super::together::Critical;
use crate::composite::Composite;
use crate::dataset::{Cut, Dataset};
use crate::error::{Fault, Problem, Problems, Result, What};
use crate::framework::{Framework, Kind, Node};
use crate::method::Method;
use crate::observations::{Observations, Status};
use crate::robustness::WeightSpace;
use crate::scores::Scores;

/// Tests claims over a declared set: every combination of the methods, cuts and statuses that it names, all weights of a set,
/// and whatever the missing figures may be.
///
/// Without more than the figures it asks under [`Method::new`] and [`Cut::latest`]. A claim *holds always* if it holds in
/// every case, *never* if in none, in a *share* if the figures as they are give both, and *cannot be known* if figures that are
/// missing decide.
///
/// - **Weights** ([`weights`](Self::weights)): those of the children of the claim's own node; what lies below keeps its own.
///   Of an arithmetic or geometric mean *leads*, *trails*, *tops* and *top k* are decided for every weight of the set at once
///   ([`Proof::Exact`]); elsewhere at the ends of the set and at drawn weights ([`Proof::Tried`]). A share counts the weights
///   that were tried. Weights at which a city has no score, because all its known children have none, decide nothing.
/// - **Ties**: *leads* is strict, and scores within 1e-12 of their size tie. *Tops* and *top k* go by the rank under the
///   ties of the method.
/// - **Missing figures** ([`gaps`](Self::gaps)): each at the end of the yardstick that speaks most against the claim, as in
///   [`Scores::bounds`], together with all weights. The yardstick stays as it was fitted.
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
    data: Data<'a>,
    methods: Vec<Method>,
    cuts: Vec<Cut>,
    without: Vec<Vec<Status>>,
    weights: Option<WeightSpace>,
    gaps: bool,
    draws: usize,
    seed: u64,
}

#[derive(Debug, Clone, Copy)]
enum Data<'a> {
    Known(&'a Observations),
    Table(&'a Dataset),
}

/// A method fitted on a cut.
struct Case {
    cut: Option<Cut>,
    composite: Composite,
    scores: Scores,
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
    /// [`Error::Unknown`](crate::Error::Unknown) where the claim names a city or node that does not exist.
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
                    let fault = Fault::InClaim { claim: claim.code.clone(), why: error.to_string() };
                    problems.push(Problem::from(fault));
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
                self.apart(&test.node, other)?;
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

    /// Checks that two nodes share nothing.
    fn apart(&self, node: &str, other: &str) -> Result<()> {
        let figures =
            |code: &str| -> Result<Vec<&str>> { Ok(self.framework.subtree(code)?.map(|n| n.code.as_str()).collect()) };
        let other_figures = figures(other)?;
        let shared: Vec<String> =
            figures(node)?.into_iter().filter(|code| other_figures.contains(code)).map(|c| format!("`{c}`")).collect();
        if shared.is_empty() {
            return Ok(());
        }
        let (first, second) = (node.to_owned(), other.to_owned());
        Err(Fault::SharedFigures { first, second, shared: shared.join(", ") }.into())
    }

    /// The cuts with and without the statuses that are in doubt; each once.
    fn all_cuts(&self, year: Option<i32>) -> Vec<Cut> {
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

    fn test_series(&self, claim: &Claim, test: &Test, node: &Node) -> Result<Tested> {
        if !node.kind.is_series() {
            let what =
                "move between years or exceed a value, for it has no figures; name an indicator or a context series";
            return Err(Fault::WrongKind { what, code: node.code.clone(), kind: node.kind }.into());
        }
        let mut all = Gathered { exact: true, ..Gathered::default() };
        match self.data {
            Data::Table(_) => {
                if test.relation == Relation::Improves && node.direction.is_none() {
                    return Err(Fault::NoDirection { series: node.code.clone() }.into());
                }
                all.unknown("the table has no years".to_owned());
            }
            Data::Known(known) => {
                for cut in self.all_cuts(None) {
                    match series::test(claim, test, node, known, &cut)? {
                        Ok((margin, figures)) => {
                            let holds = margin > 0.0;
                            let broken = Counterexample {
                                margin: Some(margin),
                                method: None,
                                cut: Some(cut),
                                weights: Vec::new(),
                                missing: Vec::new(),
                                figures,
                            };
                            all.single(holds, margin, broken);
                        }
                        Err(reason) => all.unknown(reason),
                    }
                }
            }
        }
        Ok(all.finish(claim, node.unit.clone()))
    }

    fn cases(&self, year: Option<i32>) -> Result<Vec<Case>> {
        let usual = [Method::new()];
        let methods = if self.methods.is_empty() { &usual[..] } else { &self.methods };
        let cuts: Vec<Option<Cut>> = match self.data {
            Data::Table(_) => vec![None],
            Data::Known(_) => self.all_cuts(year).into_iter().map(Some).collect(),
        };
        let mut cases = Vec::new();
        for cut in &cuts {
            let cities = self.table(cut.as_ref())?;
            for method in methods {
                let composite = method.fit(self.framework, &cities)?;
                let scores = composite.score(&cities)?;
                cases.push(Case { cut: cut.clone(), composite, scores });
            }
        }
        Ok(cases)
    }

    fn test_scores(
        &self,
        claim: &Claim,
        test: &Test,
        ask: &Ask,
        critical: &mut Critical,
        usual: &mut Vec<Case>,
    ) -> Result<Tested> {
        let mut all = Gathered { exact: true, ..Gathered::default() };
        let of_year;
        let cases: &[Case] = match test.to_year {
            None => {
                if usual.is_empty() {
                    *usual = self.cases(None)?;
                }
                usual
            }
            Some(_) if matches!(self.data, Data::Table(_)) => {
                all.unknown("the table has no years".to_owned());
                &[]
            }
            year => {
                of_year = self.cases(year)?;
                &of_year
            }
        };
        let (draws, seed) = (self.draws, self.seed);
        let open = Open { framework: self.framework, weights: self.weights.as_ref(), draws, seed };
        for case in cases {
            let fitted_on = case.scores.dataset().clone();
            let as_is = span(&open, (&case.scores, &fitted_on), &test.node, ask, critical)?;
            let broken = |(margin, weights): (Option<f64>, Vec<(String, f64)>), missing: Vec<Filling>| {
                let method = case.composite.method();
                let method = if weights.is_empty() {
                    method.clone()
                } else {
                    super::case::weighed(method, &test.node, &weights)?
                };
                let (cut, figures) = (case.cut.clone(), Vec::new());
                Ok::<_, crate::Error>(Counterexample { margin, method: Some(method), cut, weights, missing, figures })
            };
            if !self.gaps || matches!(ask, Ask::Together(_)) {
                if self.gaps {
                    all.note(
                        "missing figures are left as they are: what they do to a correlation has no simple bounds",
                    );
                }
                match as_is {
                    Ok(span) => {
                        let found = span.broken.clone().map(|b| broken(b, Vec::new())).transpose()?;
                        all.span(&span, (span.always, span.never, span.exact), found);
                    }
                    Err(reason) => all.unknown(reason),
                }
                continue;
            }
            let mut ends = Vec::new();
            for side in [Side::Against, Side::For] {
                let filled = match fill(&case.scores, &test.node, ask, side)? {
                    Ok(filled) => filled,
                    Err(reason) => {
                        ends.push(Err(reason));
                        continue;
                    }
                };
                let scores = case.composite.score(&filled.cities)?;
                let found = span(&open, (&scores, &fitted_on), &test.node, ask, critical)?;
                ends.push(found.map(|span| (span, filled)));
            }
            let (Some(favour), Some(against)) = (ends.pop(), ends.pop()) else { continue };
            match (against, favour) {
                (Ok((worst, filled)), Ok((best, _))) => {
                    let found = match (&as_is, worst.broken.clone()) {
                        (Ok(Span { broken: Some(found), .. }), _) => Some(broken(found.clone(), Vec::new())?),
                        (_, Some(found)) => {
                            let figures =
                                needed(case, (&fitted_on, &filled.figures), test, ask, &found.1, &open, critical)?;
                            Some(broken(found, figures)?)
                        }
                        _ => None,
                    };
                    if !(worst.always || best.never) {
                        all.gap(&filled.figures, found.as_ref());
                    }
                    let exact = worst.exact && best.exact;
                    let mut seen = as_is.unwrap_or_default();
                    seen.smallest = least(seen.smallest, worst.smallest);
                    seen.largest = greatest(seen.largest, best.largest);
                    all.span(&seen, (worst.always, best.never, exact), found);
                }
                (Err(reason), _) | (_, Err(reason)) => {
                    if let Ok(span) = &as_is {
                        let found = span.broken.clone().map(|b| broken(b, Vec::new())).transpose()?;
                        all.span(span, (false, false, span.exact), found);
                    }
                    all.unknown(reason);
                }
            }
        }
        let unit = if matches!(ask, Ask::Together(_)) { "correlation" } else { "points" };
        Ok(all.finish(claim, unit.to_owned()))
    }
}

fn least(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn greatest(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

/// The missing figures without which the claim would not break: one after the other is dropped where it breaks all the same.
fn needed(
    case: &Case,
    (cities, figures): (&Dataset, &[Filling]),
    test: &Test,
    ask: &Ask,
    weights: &[(String, f64)],
    open: &Open<'_>,
    critical: &mut Critical,
) -> Result<Vec<Filling>> {
    let method = case.composite.method();
    let method = if weights.is_empty() { method.clone() } else { super::case::weighed(method, &test.node, weights)? };
    let composite = method.fit(open.framework, cities)?;
    let mut kept = figures.to_vec();
    let mut breaks = |kept: &[Filling]| -> Result<bool> {
        let filled =
            kept.iter().try_fold(cities.clone(), |cities, f| cities.with_value(&f.city, &f.series, f.value))?;
        let scores = composite.score(&filled)?;
        let column = composite.position(&test.node).map(|p| scores.column(p)).unwrap_or_default();
        Ok(Judge::new(ask, &scores, critical)?.judge(&column).is_some_and(|judged| !judged.holds))
    };
    let mut at = 0;
    while at < kept.len() {
        let dropped = kept.remove(at);
        if !breaks(&kept)? {
            kept.insert(at, dropped);
            at += 1;
        }
    }
    Ok(kept)
}

/// What the cases say together.
#[derive(Default)]
struct Gathered {
    cases: usize,
    always: usize,
    never: usize,
    held: usize,
    tried: usize,
    exact: bool,
    nominal: Option<f64>,
    smallest: Option<f64>,
    largest: Option<f64>,
    broken: Option<Counterexample>,
    reasons: Vec<String>,
    notes: Vec<String>,
}

impl Gathered {
    fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }

    /// A case that the figures do not decide.
    fn unknown(&mut self, reason: String) {
        self.cases += 1;
        self.reason(reason);
    }

    fn reason(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// A case that missing figures decide.
    fn gap(&mut self, figures: &[Filling], found: Option<&Counterexample>) {
        let all = found.map(|f| f.missing.as_slice()).filter(|m| !m.is_empty()).unwrap_or(figures);
        let named: Vec<String> = all.iter().take(4).map(|f| format!("{} of {}", f.series, f.city)).collect();
        let more = if all.len() > 4 { format!(" and {} more", all.len() - 4) } else { String::new() };
        self.reason(format!("missing figures decide: {}{more}", named.join(", ")));
    }

    fn single(&mut self, holds: bool, margin: f64, broken: Counterexample) {
        let span = Span {
            nominal: Some(margin),
            smallest: Some(margin),
            largest: Some(margin),
            held: usize::from(holds),
            tried: 1,
            ..Span::default()
        };
        self.span(&span, (holds, !holds, true), (!holds).then_some(broken));
    }

    fn span(&mut self, span: &Span, (always, never, exact): (bool, bool, bool), broken: Option<Counterexample>) {
        if self.cases == 0 {
            self.nominal = span.nominal;
        }
        self.cases += 1;
        self.always += usize::from(always);
        self.never += usize::from(never);
        self.held += span.held;
        self.tried += span.tried;
        self.exact &= exact;
        self.smallest = least(self.smallest, span.smallest);
        self.largest = greatest(self.largest, span.largest);
        if let Some(note) = &span.note {
            self.note(note);
        }
        // As it stands before missing figures, and the larger break before the smaller.
        if let Some(broken) = broken {
            let key = |c: &Counterexample| (c.missing.len().min(1), c.margin.unwrap_or(f64::NEG_INFINITY));
            let before = self.broken.as_ref().is_none_or(|known| {
                let ((a, x), (b, y)) = (key(&broken), key(known));
                a < b || (a == b && x < y)
            });
            if before {
                self.broken = Some(broken);
            }
        }
    }

    fn finish(mut self, claim: &Claim, unit: String) -> Tested {
        let holding = if self.cases > 0 && self.always == self.cases {
            Holding::Always
        } else if self.cases > 0 && self.never == self.cases {
            Holding::Never
        } else if self.held > 0 && self.held < self.tried {
            self.notes.append(&mut self.reasons);
            Holding::Share { held: self.held, of: self.tried }
        } else {
            let undecided = "the margin is within rounding of 0 somewhere".to_owned();
            let reason = if self.reasons.is_empty() { undecided } else { self.reasons.join("; ") };
            Holding::Unknown { reason }
        };
        Tested {
            claim: claim.clone(),
            holding,
            proof: if self.exact { Proof::Exact } else { Proof::Tried },
            nominal: self.nominal,
            smallest: self.smallest,
            largest: self.largest,
            unit,
            tried: self.tried,
            counterexample: self.broken,
            notes: self.notes,
        }
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
