//! Learning a composite from cities.

use std::sync::Arc;

use super::{
    ChangedPoint, Child, Composite, Fitted as Recipe, Inner, Leaf, Plan, Position, Prepared, TreatedIndicator, Work,
};
use crate::dataset::Dataset;
use crate::error::{Fault, Problem, Problems, Result};
use crate::format::Format;
use crate::framework::{Framework, Kind, Node};
use crate::method::Method;
use crate::missing::Missing;
use crate::steps::aggregate::{Aggregation, Learned};
use crate::steps::denominate::Values;
use crate::steps::impute::Columns;
use crate::steps::normalise::Scale;
use crate::steps::siblings::Siblings;
use crate::steps::treat::{Curve, Fitted, Treatment};
use crate::steps::weight::{BenefitOfTheDoubt, Weighting};

/// What a node learned: its children with their weights, and what its aggregation or weighting keeps.
pub(super) type LearnedNode = (Vec<Child>, Option<Learned>, Option<BenefitOfTheDoubt>);

/// What is learned of an indicator.
pub(super) struct LearnedScale {
    pub(super) curve: Option<Curve>,
    pub(super) scale: Option<Scale>,
    record: Option<TreatedIndicator>,
}

impl Leaf {
    pub(super) fn learn(&mut self, curve: Option<Curve>, scale: Option<Scale>) {
        (self.curve, self.unknown, self.scale) = (curve, scale.is_none(), scale);
    }
}

impl Method {
    /// Learns the yardstick from cities, and freezes it.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with everything that is wrong, as far as it can be seen together: a
    /// parameter out of range; a node that the framework does not have; a dataset that lacks a column; an indicator that
    /// is the same everywhere or known of one city only, where its range is needed; a goalpost that leaves no range; a
    /// score that an aggregation cannot take, such as 0 in a geometric mean, with node, city and value; children on
    /// different scales; a weighting or aggregation that cannot be learned; an index in which no city can be scored. An
    /// indicator or measure of which nobody has a figure is no error: it is missing.
    ///
    /// ```
    /// use longspring::{Aggregation, Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let error = Method::new().aggregation_of("industry", Aggregation::Geometric).fit(&framework, &cities).unwrap_err();
    /// assert!(error.to_string().contains("geometric mean at `industry` cannot take productivity = 0 of `busan`"));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn fit(&self, framework: &Framework, cities: &Dataset) -> Result<Composite> {
        Problems::check(self.faults(framework).into_iter().map(Problem::from).collect())?;
        let mut composite = Composite { fitted: Arc::new(plan(framework, self, &[])?) };
        let mut cities = cities.in_order(&composite.fitted.plan.series)?;
        if self.screening.screens_indicators() {
            let screened = composite.screen_indicators(&cities);
            if !screened.is_empty() {
                composite.fitted = Arc::new(plan(framework, self, &screened)?);
            }
        }
        composite.fitted.check_scales()?;
        if self.screening.screens_cities() {
            cities = composite.screen_cities(&cities)?;
        }
        composite.learn_filler(&cities)?;
        let prepared = composite.prepare(&cities);
        composite.learn_scales(&cities, &prepared)?;
        let scores = if composite.learns() { Some(composite.learn_nodes(&cities, &prepared)?) } else { None };
        composite.check_scores(&cities, &prepared, scores)?;
        Ok(composite)
    }

    /// Learns one yardstick from several tables, such as the same cities in several years: every figure of every table
    /// counts once, as if each table's cities were cities of their own. Scores then compare across the tables. Where a method
    /// names a reference city, the city `x` of the first table is called `x #1` here, and so on. A [`Screening`](crate::Screening)
    /// names cities by their own keys, and means them in every table.
    ///
    /// # Errors
    /// As in [`Method::fit`]; [`Error::Invalid`](crate::Error::Invalid) too where there is no table.
    ///
    /// ```
    /// use longspring::{Aggregation, Cut, Method, Normalisation, OverTime, Weighting, article};
    ///
    /// // TOPSIS with entropy weights over a panel, the usual design of studies of old industrial bases
    /// let (framework, known) = (article::framework(), article::observations());
    /// let cut = |year| Cut::as_of(year).over_time(OverTime::LinearConstantEnds);
    /// let years = [2005, 2010, 2015];
    /// let panel: Vec<_> =
    ///     years.iter().map(|&year| known.dataset(&framework, &cut(year))).collect::<Result<_, _>>()?;
    /// let method = Method::new()
    ///     .exclude(["wellbeing", "vitality"])
    ///     .normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
    ///     .weighting_of("renewal", Weighting::Entropy)
    ///     .aggregation_of("renewal", Aggregation::Topsis);
    /// let composite = method.fit_panel(&framework, &panel)?;
    /// for (year, cities) in years.iter().zip(&panel) {
    ///     println!("{year}: {}", composite.score(cities)?.get("changchun", "renewal")?);
    /// }
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn fit_panel<'a>(
        &self,
        framework: &Framework,
        tables: impl IntoIterator<Item = &'a Dataset>,
    ) -> Result<Composite> {
        self.fit(framework, &Dataset::stack(tables)?)
    }
}

/// The nodes that count, with their weights; the scales are yet to be learned.
pub(super) fn plan(framework: &Framework, method: &Method, screened: &[String]) -> Result<Recipe> {
    let (framework, method) = (framework.clone(), method.clone());
    let mut fitted = Recipe {
        format: Format::default(),
        framework,
        method,
        leaves: Vec::new(),
        inner: Vec::new(),
        screened: screened.to_vec(),
        filler: None,
        treated: Vec::new(),
        plan: Plan::default(),
    };
    let framework = fitted.framework.clone();
    for root in framework.indices() {
        let root = framework.find(&root.code)?;
        fitted.add(&framework, root)?;
    }
    if fitted.inner.is_empty() {
        return Err(Fault::NothingLeft.into());
    }
    // What a method leaves of a node's children may be those of weight 0.
    let weightless = fitted.inner.iter().filter(|node| node.children.iter().all(|child| child.weight == 0.0));
    let fault = |code: &str| {
        let children = framework.children(code).into_iter().flatten().map(|n| n.code.as_str());
        match fitted.method.weighting.of(code, framework.depth(code).unwrap_or(0)) {
            Weighting::Set(set) => set.all_zero(code, children),
            _ => Fault::ZeroWeights { parent: code.to_owned() },
        }
    };
    Problems::check(weightless.map(|node| fault(&node.code).into()).collect())?;
    let mixed = fitted.inner.iter().filter(|n| fitted.has_own_weights(n) && n.aggregation != Aggregation::Arithmetic);
    let mixed =
        mixed.map(|n| Fault::OwnWeights { node: n.code.clone(), aggregation: n.aggregation.to_string() }.into());
    Problems::check(mixed.collect())?;
    fitted.plan = Plan::of(&fitted)?;
    Ok(fitted)
}

/// Whether the weights under a node are learned from cities.
pub(super) fn learns_weights(framework: &Framework, method: &Method, code: &str) -> bool {
    weighting(framework, method, code).is_learned()
}

/// Whether a stored node has the learned parts that its method asks for, and no others.
pub(super) fn has_what_it_needs(framework: &Framework, method: &Method, node: &Inner) -> bool {
    let own = weighting(framework, method, &node.code).is_own();
    // A node of which nobody had any figure has nothing to learn from.
    let nothing = node.own.is_none() && node.learned.is_none();
    let learns = own || node.aggregation.is_learned();
    let right = node.own.is_some() == own && node.learned.as_ref().is_none_or(|l| !own && l.is_of(&node.aggregation));
    let shares = match (weighting(framework, method, &node.code), &node.own) {
        (Weighting::BenefitOfTheDoubt { shares }, Some(own)) => own.has(*shares),
        _ => true,
    };
    // What was lost is not what was never there.
    node.unknown == (learns && nothing) && (nothing || (learns && right && shares))
}

fn weighting<'a>(framework: &Framework, method: &'a Method, code: &str) -> &'a Weighting {
    method.weighting.of(code, framework.depth(code).unwrap_or(0))
}

impl Recipe {
    pub(super) fn weighting_of(&self, code: &str) -> &Weighting {
        weighting(&self.framework, &self.method, code)
    }

    /// Whether a node's scores are raw values with their sign turned, because lower is better.
    pub(super) fn is_negated(&self, position: Position) -> Result<bool> {
        let Position::Leaf(leaf) = position else { return Ok(false) };
        let code = &self.leaves[leaf].code;
        Ok(self.method.normalisation.of_indicator(&self.framework, code).is_raw()
            && self.framework.node(code)?.direction == Some(crate::Direction::LowerIsBetter))
    }

    /// Whether what a stored node learned goes with the scales and directions of its children.
    pub(super) fn fits(&self, node: &Inner) -> Result<bool> {
        let Some(learned) = &node.learned else { return Ok(true) };
        let lower = node.used().map(|child| self.is_negated(child.node)).collect::<Result<Vec<_>>>()?;
        let weights: Vec<f64> = node.used().map(|child| child.weight).collect();
        Ok(learned.fits(&lower, &weights, self.ends_of_children(node)))
    }

    /// Adds the tree under a root, children before their parents. Trees may be deep, so this does not recurse.
    fn add(&mut self, framework: &Framework, root: usize) -> Result<()> {
        let mut positions: Vec<(usize, Position)> = Vec::new();
        let mut stack = vec![(root, 0, false)];
        while let Some((node, depth, children_done)) = stack.pop() {
            let at = framework.at(node);
            if self.method.excluded.contains(&at.code) || self.screened.contains(&at.code) {
                continue;
            }
            let children = framework.children_of(node);
            if at.kind == Kind::Indicator {
                positions.push((node, Position::Leaf(self.leaves.len())));
                let code = at.code.clone();
                self.leaves.push(Leaf { code, curve: None, scale: None, unknown: true });
            } else if !children_done {
                stack.push((node, depth, true));
                stack.extend(children.iter().rev().map(|&child| (child, depth + 1, false)));
            } else {
                // The children were added last, in their order.
                let from = positions.iter().position(|(n, _)| framework.at(*n).parent.as_deref() == Some(&at.code));
                let Some(from) = from else { continue };
                let known = positions.split_off(from);
                let siblings = Siblings {
                    node: &at.code,
                    codes: known.iter().map(|(n, _)| framework.at(*n).code.as_str()).collect(),
                    framework: known.iter().map(|(n, _)| framework.at(*n).weight).collect(),
                    columns: Vec::new(),
                    lower: Vec::new(),
                };
                // What is learned from cities is yet to come; until then the framework's weights stand in.
                let weighting = self.method.weighting.of(&at.code, depth);
                let weights = if weighting.is_learned() { &Weighting::Framework } else { weighting }.fit(&siblings)?;
                let child = |(&(_, node), weight)| Child { node, weight, used: true };
                let children = known.iter().zip(weights).map(child).collect();
                let aggregation = *self.method.aggregation.of(&at.code, depth);
                positions.push((node, Position::Inner(self.inner.len())));
                let code = at.code.clone();
                self.inner.push(Inner { code, children, aggregation, learned: None, own: None, unknown: false });
            }
        }
        Ok(())
    }
}

impl Composite {
    /// The indicators of which too little is known.
    fn screen_indicators(&self, cities: &Dataset) -> Vec<String> {
        let n = cities.len();
        let passes = |leaf: usize| {
            let known = self.base_values(leaf, cities).known();
            let nonzero = known.iter().filter(|&&v| v != 0.0).count();
            self.method().screening.indicator_passes(known.len(), nonzero, n, self.leaf_code(leaf))
        };
        (0..self.leaf_len()).filter(|&leaf| !passes(leaf)).map(|leaf| self.leaf_code(leaf).to_owned()).collect()
    }

    /// The cities of which enough is known.
    fn screen_cities(&self, cities: &Dataset) -> Result<Dataset> {
        let kept: Vec<&str> =
            (0..cities.len()).filter(|&row| self.passes(cities, row)).map(|r| cities.key(r)).collect();
        match kept.len() {
            0 => Err(Fault::AllScreened.into()),
            n if n == cities.len() => Ok(cities.clone()),
            _ => cities.select(kept),
        }
    }

    fn learn_filler(&mut self, cities: &Dataset) -> Result<()> {
        if !self.method().imputation.is_some() {
            return Ok(());
        }
        let values = (0..self.leaf_len()).map(|leaf| self.base_values(leaf, cities).to_vec()).collect();
        let groups = self.groups(cities);
        let columns = self.columns_to_fill(values, groups.iter().map(Option::as_deref).collect())?;
        let filler = self.method().imputation.learn(&columns).map_err(|faults| {
            let told = |fault| match fault {
                Fault::NoGroups { attribute, .. } => cities.lacks_attribute(attribute),
                other => other,
            };
            let problems = faults.into_iter().map(told).map(Problem::from).collect();
            Problems::check(problems).err().unwrap_or_else(|| Fault::NothingLeft.into())
        })?;
        Arc::make_mut(&mut self.fitted).filler = filler;
        Ok(())
    }

    /// The table from which filling in is learned, given its columns.
    pub(super) fn columns_to_fill<'a>(
        &'a self,
        values: Vec<Vec<f64>>,
        groups: Vec<Option<&'a str>>,
    ) -> Result<Columns<'a>> {
        let framework = self.framework();
        let nodes =
            (0..self.leaf_len()).map(|leaf| framework.node(self.leaf_code(leaf))).collect::<Result<Vec<_>>>()?;
        let parents = nodes.iter().map(|node| node.parent.as_deref().map_or(Ok(0), |p| framework.find(p)));
        Ok(Columns {
            codes: nodes.iter().map(|node| node.code.as_str()).collect(),
            values,
            lower: nodes.iter().map(|node| node.direction == Some(crate::Direction::LowerIsBetter)).collect(),
            measures: parents.collect::<Result<_>>()?,
            groups,
        })
    }

    /// Learns treatment and scale of every indicator.
    fn learn_scales(&mut self, cities: &Dataset, prepared: &Prepared) -> Result<()> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut learned = Vec::new();
        for leaf in 0..self.leaf_len() {
            let reference = self.reference(leaf, cities)?;
            let values = self.values(leaf, cities, prepared);
            let moved = |curve: &Curve, values: &[f64]| changed(curve, values, cities);
            learned.extend(self.learn_scale(leaf, values, reference, moved, &mut problems)?);
        }
        Problems::check(problems)?;
        let fitted = Arc::make_mut(&mut self.fitted);
        fitted.treated.clear();
        for (leaf, LearnedScale { curve, scale, record }) in fitted.leaves.iter_mut().zip(learned) {
            leaf.learn(curve, scale);
            fitted.treated.extend(record);
        }
        Ok(())
    }

    /// The row of the city that the scale of an indicator refers to, where it does.
    pub(super) fn reference(&self, leaf: usize, cities: &Dataset) -> Result<Option<usize>> {
        let normalisation = self.method().normalisation.of_indicator(self.framework(), self.leaf_code(leaf));
        normalisation.reference_city().map(|city| cities.find_city(city)).transpose()
    }

    /// Learns treatment and scale of an indicator from its values, given the row of the city that the scale refers to and how to
    /// say which figures the treatment changed. What is wrong with the scale leaves none.
    pub(super) fn learn_scale(
        &self,
        leaf: usize,
        values: Values<'_>,
        reference: Option<usize>,
        moved: impl FnOnce(&Curve, &[f64]) -> Vec<ChangedPoint>,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<LearnedScale>> {
        let code = self.leaf_code(leaf);
        let node = self.framework().node(code)?;
        let treatment = self.method().treatment.of_indicator(self.framework(), code);
        let (mut treated_node, mut column, mut curve, mut record) = (None, Vec::new(), None, None);
        if *treatment != Treatment::None {
            column = values.to_vec();
            match treatment.fit(node, &column) {
                Ok(Some(Fitted { curve: found, record: treatment })) => {
                    let changed = found.as_ref().map_or_else(Vec::new, |curve| moved(curve, &column));
                    record = Some(TreatedIndicator { treatment, changed });
                    if let Some(found) = found {
                        match through(node, &found) {
                            Ok(node) => treated_node = Some(node),
                            Err(fault) => problems.push(fault.into()),
                        }
                        for v in &mut column {
                            *v = found.apply(*v);
                        }
                        curve = Some(found);
                    }
                }
                Ok(None) => {}
                Err(fault) => problems.push(fault.into()),
            }
        }
        let values = if curve.is_some() { Values { figures: column.as_slice().into(), per: None } } else { values };
        let normalisation = self.method().normalisation.of_indicator(self.framework(), code);
        let reference = reference.map(|row| values.at(row));
        match normalisation.fit(treated_node.as_ref().unwrap_or(node), &values, self.method().outside, reference) {
            Ok(scale) => Ok(Some(LearnedScale { curve, scale, record })),
            Err(fault) => {
                problems.push(fault.into());
                Ok(None)
            }
        }
    }

    /// Whether a weighting or aggregation has something to learn from the scores.
    pub(super) fn learns(&self) -> bool {
        self.fitted.inner.iter().any(|node| self.node_learns(node))
    }

    pub(super) fn node_learns(&self, node: &Inner) -> bool {
        node.aggregation.is_learned() || self.fitted.weighting_of(&node.code).is_learned()
    }

    /// Learns weights and aggregations, from the indicators up, and gives the scores of the indices and measures.
    fn learn_nodes(&mut self, cities: &Dataset, prepared: &Prepared) -> Result<Vec<f64>> {
        let n = cities.len();
        let mut scores = vec![f64::NAN; self.fitted.inner.len() * n];
        let mut work = Work::default();
        for i in 0..self.fitted.inner.len() {
            let node = &self.fitted.inner[i];
            let weighting = self.fitted.weighting_of(&node.code);
            if weighting.is_learned() || node.aggregation.is_learned() {
                let learned = self.learn_node(i, cities, prepared, &scores)?;
                self.take(i, learned);
            }
            self.evaluate_nodes(i..i + 1, cities, prepared, &mut scores, &mut work);
        }
        Ok(scores)
    }

    /// Keeps what a node learned.
    pub(super) fn take(&mut self, i: usize, (children, learned, own): LearnedNode) {
        let is_own = self.fitted.weighting_of(&self.fitted.inner[i].code).is_own();
        let node = &mut Arc::make_mut(&mut self.fitted).inner[i];
        (node.children, node.learned, node.own) = (children, learned, own);
        node.unknown = (node.aggregation.is_learned() || is_own) && node.learned.is_none() && node.own.is_none();
    }

    fn learn_node(&self, i: usize, cities: &Dataset, prepared: &Prepared, scores: &[f64]) -> Result<LearnedNode> {
        let columns = self.teaching(i, cities, prepared, scores);
        self.learn_from(i, &columns, |siblings| self.fitted.weighting_of(siblings.node).fit(siblings))
    }

    /// What a node learns from: its children's scores, a column each.
    pub(super) fn teaching(&self, i: usize, cities: &Dataset, prepared: &Prepared, scores: &[f64]) -> Vec<Vec<f64>> {
        let n = cities.len();
        let node = &self.fitted.inner[i];
        let mut columns: Vec<Vec<f64>> = node
            .children
            .iter()
            .map(|child| match child.node {
                Position::Leaf(leaf) => self.leaf_scores(leaf, cities, prepared),
                Position::Inner(j) => scores[j * n..(j + 1) * n].to_vec(),
            })
            .collect();
        // A city that gets no score in the node teaches it nothing.
        for row in 0..n {
            let known = columns.iter().filter(|c| !c[row].is_nan()).count();
            let failed = |(child, column): (&Child, &Vec<f64>)| match child.node {
                Position::Leaf(leaf) => self.leaf_fails(leaf, cities, prepared, row, column[row]),
                Position::Inner(_) => false,
            };
            let failed = known < columns.len() && node.children.iter().zip(&columns).any(failed);
            if known < self.fitted.plan.needs[i] || failed {
                for column in &mut columns {
                    column[row] = f64::NAN;
                }
            }
        }
        columns
    }

    /// Learns weights and aggregation of a node from the columns of its children.
    pub(super) fn learn_from(
        &self,
        i: usize,
        columns: &[Vec<f64>],
        weigh: impl Fn(&Siblings<'_>) -> Result<Vec<f64>, Fault>,
    ) -> Result<LearnedNode> {
        let node = &self.fitted.inner[i];
        let weighting = self.fitted.weighting_of(&node.code);
        let used: Vec<bool> = columns.iter().map(|c| c.iter().any(|s| !s.is_nan())).collect();
        let mut children: Vec<Child> = node.children.iter().zip(&used).map(|(c, &used)| Child { used, ..*c }).collect();
        if !used.contains(&true) {
            return Ok((node.children.clone(), None, None));
        }
        let picked: Vec<usize> = (0..used.len()).filter(|&c| used[c]).collect();
        let mut lower = Vec::new();
        for &c in &picked {
            lower.push(self.fitted.is_negated(children[c].node)?);
        }
        let siblings = Siblings {
            node: &node.code,
            codes: picked.iter().map(|&c| self.code(children[c].node)).collect(),
            framework: picked.iter().map(|&c| children[c].weight).collect(),
            columns: picked.iter().map(|&c| columns[c].as_slice()).collect(),
            lower,
        };
        if let Weighting::BenefitOfTheDoubt { shares } = weighting {
            let own = BenefitOfTheDoubt::learn(&siblings, *shares)?;
            return Ok((children, None, Some(own)));
        }
        if weighting.is_learned() {
            let weights = weigh(&siblings)?;
            for child in &mut children {
                child.weight = 0.0;
            }
            picked.iter().zip(weights).for_each(|(&c, weight)| children[c].weight = weight);
        }
        let weights: Vec<f64> = picked.iter().map(|&c| children[c].weight).collect();
        if weights.iter().all(|&w| w == 0.0) {
            return Ok((children, None, None));
        }
        let learned = node.aggregation.learn(&siblings, &weights, self.fitted.ends_of_children(node))?;
        Ok((children, learned, None))
    }

    /// Looks, among the scores of the cities of the fit, for those that an aggregation cannot take, and for indices
    /// without a score.
    fn check_scores(&self, cities: &Dataset, prepared: &Prepared, scores: Option<Vec<f64>>) -> Result<()> {
        let inner = &self.fitted.inner;
        let n = cities.len();
        let scores = if let Some(scores) = scores {
            scores
        } else {
            let arithmetic = inner.iter().all(|node| node.aggregation == Aggregation::Arithmetic);
            let total = self.fitted.leaves.iter().all(|leaf| leaf.scale.as_ref().is_some_and(Scale::is_total));
            if arithmetic && total && (0..self.fitted.leaves.len()).all(|leaf| self.complete(leaf, cities)) {
                return Ok(());
            }
            let mut scores = vec![f64::NAN; inner.len() * n];
            self.evaluate(cities, prepared, &mut scores, &mut Work::default());
            scores
        };
        let mut problems = self.not_computable(cities, prepared, &scores);
        // An index without a score because of such a score is not also one without coverage.
        if problems.is_empty() {
            let scored = |i: usize| scores[i * n..(i + 1) * n].iter().any(|s| !s.is_nan());
            let has = |leaf: usize| {
                let values = self.base_values(leaf, cities);
                (0..n).any(|row| !values.at(row).is_nan())
            };
            problems = self.uncovered(scored, has);
        }
        Problems::check(problems)
    }

    /// The indices that have no score at all.
    pub(super) fn uncovered(&self, scored: impl Fn(usize) -> bool, has: impl Fn(usize) -> bool) -> Vec<Problem> {
        let indices = self.fitted.inner.iter().enumerate().filter(|&(i, _)| self.is_index(i) && !scored(i));
        let share = self.method().coverage;
        let unknown = |index: &str| {
            let under = self.framework().subtree(index).into_iter().flatten();
            let nobody = under.filter(|n| matches!(self.position(&n.code), Some(Position::Leaf(leaf)) if !has(leaf)));
            nobody.map(|n| n.code.clone()).collect()
        };
        let fault = |index: &str| Fault::NoCoverage { index: index.to_owned(), share, unknown: unknown(index) };
        indices.map(|(_, node)| fault(&node.code).into()).collect()
    }

    /// The scores that could not be computed from the figures that there are.
    pub(super) fn not_computable(&self, cities: &Dataset, prepared: &Prepared, scores: &[f64]) -> Vec<Problem> {
        let inner = &self.fitted.inner;
        let n = cities.len();
        let mut found: Vec<(usize, usize, Problem)> = Vec::new();
        for row in 0..n {
            let missing = || (0..inner.len()).filter(|i| scores[i * n + row].is_nan());
            let Some(last) = missing().next_back() else { continue };
            let of = |position| match position {
                Position::Inner(j) => scores[j * n + row],
                Position::Leaf(leaf) => self.leaf_score(leaf, cities, prepared, row),
            };
            let failing = self.failing(last, cities, prepared, row, of);
            // What lacks figures is no problem.
            for i in missing().filter(|&i| failing[i]) {
                let node = &inner[i];
                let (city, aggregation) = (cities.key(row).to_owned(), node.aggregation.to_string());
                match self.own_reason(i, &failing, cities, prepared, row, of) {
                    Ok(Missing::NotComputable { child, value }) => {
                        let (node, need) = (node.code.clone(), node.aggregation.need());
                        let fault = Fault::NotComputable { node, aggregation, child, value, city, need };
                        found.push((i, row, fault.into()));
                    }
                    Ok(Missing::Undefined { .. }) => {
                        found.push((i, row, Fault::Undefined { node: node.code.clone(), aggregation, city }.into()));
                    }
                    _ => {}
                }
            }
        }
        found.sort_by_key(|&(i, row, _)| (i, row));
        found.into_iter().map(|(_, _, problem)| problem).collect()
    }
}

/// The points that a treatment pulled in.
fn changed(curve: &Curve, values: &[f64], cities: &Dataset) -> Vec<ChangedPoint> {
    let moved = values.iter().enumerate().filter(|(_, v)| !v.is_nan() && curve.clamp(**v) != **v);
    moved
        .map(|(row, &before)| ChangedPoint { city: cities.key(row).to_owned(), before, after: curve.clamp(before) })
        .collect()
}

/// The indicator as it is after its treatment: goalposts and target go the way of the values.
fn through(node: &Node, curve: &Curve) -> Result<Node, Fault> {
    let mut treated = node.clone();
    for (post, what) in [
        (&mut treated.worst, "goalpost `worst`"),
        (&mut treated.best, "goalpost `best`"),
        (&mut treated.target, "target"),
    ] {
        if let Some(value) = *post {
            let after = curve.transform(value);
            if !after.is_finite() {
                return Err(Fault::TreatedPost { indicator: node.code.clone(), post: what, value });
            }
            *post = Some(after);
        }
    }
    Ok(treated)
}
