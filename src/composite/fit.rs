//! Learning a composite from cities.

use std::sync::Arc;

use super::{Child, Composite, Fitted, Inner, Leaf, Plan, Position, Work};
use crate::dataset::Dataset;
use crate::error::{Fault, Problem, Problems, Result};
use crate::framework::{Framework, Kind};
use crate::method::Method;
use crate::missing::Missing;
use crate::steps::aggregate::Aggregation;

impl Method {
    /// Learns the yardstick from cities, and freezes it.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with everything that is wrong, as far as it can be seen together: a
    /// parameter out of range; a node that the framework does not have; a dataset that lacks a column; an indicator that
    /// is the same everywhere or known of one city only, where its range is needed; a goalpost that leaves no range; a
    /// score that an aggregation cannot take, such as 0 in a geometric mean, with node, city and value; an index in which
    /// no city can be scored. An indicator or measure of which nobody has a figure is no error: it is missing.
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
        let mut composite = Composite { fitted: Arc::new(plan(framework, self)?) };
        let cities = &cities.in_order(&composite.fitted.plan.series)?;
        let mut problems = Vec::new();
        let mut scales = Vec::new();
        for (i, leaf) in composite.fitted.leaves.iter().enumerate() {
            let node = framework.node(&leaf.code)?;
            match self.normalisation.fit(node, &composite.values(i, cities), self.outside) {
                Ok(scale) => scales.push(scale),
                Err(fault) => problems.push(fault.into()),
            }
        }
        Problems::check(problems)?;
        for (leaf, scale) in Arc::make_mut(&mut composite.fitted).leaves.iter_mut().zip(scales) {
            leaf.scale = scale;
        }
        composite.check_scores(cities)?;
        Ok(composite)
    }
}

/// The nodes that count, with their weights; the scales are yet to be learned.
pub(super) fn plan(framework: &Framework, method: &Method) -> Result<Fitted> {
    let (framework, method) = (framework.clone(), method.clone());
    let mut fitted = Fitted { framework, method, leaves: Vec::new(), inner: Vec::new(), plan: Plan::default() };
    let framework = fitted.framework.clone();
    for root in framework.indices() {
        let root = framework.find(&root.code)?;
        fitted.add(&framework, root);
    }
    if fitted.inner.is_empty() {
        return Err(Fault::NothingLeft.into());
    }
    // What a method leaves of a node's children may be those of weight 0.
    let weightless = fitted.inner.iter().filter(|node| node.children.iter().all(|child| child.weight == 0.0));
    Problems::check(weightless.map(|node| Fault::ZeroWeights { parent: node.code.clone() }.into()).collect())?;
    fitted.plan = Plan::of(&fitted)?;
    Ok(fitted)
}

impl Fitted {
    /// Adds the tree under a root, children before their parents. Trees may be deep, so this does not recurse.
    fn add(&mut self, framework: &Framework, root: usize) {
        let mut positions: Vec<(usize, Position)> = Vec::new();
        let mut stack = vec![(root, 0, false)];
        while let Some((node, depth, children_done)) = stack.pop() {
            let at = framework.at(node);
            if self.method.excluded.contains(&at.code) {
                continue;
            }
            let children = framework.children_of(node);
            if at.kind == Kind::Indicator {
                positions.push((node, Position::Leaf(self.leaves.len())));
                self.leaves.push(Leaf { code: at.code.clone(), scale: None });
            } else if !children_done {
                stack.push((node, depth, true));
                stack.extend(children.iter().rev().map(|&child| (child, depth + 1, false)));
            } else {
                // The children were added last, in their order.
                let from = positions.iter().position(|(n, _)| framework.at(*n).parent.as_deref() == Some(&at.code));
                let Some(from) = from else { continue };
                let known = positions.split_off(from);
                let weights: Vec<f64> = known.iter().map(|(n, _)| framework.at(*n).weight).collect();
                let weights = self.method.weighting.of(&weights);
                let children = known.iter().zip(weights).map(|(&(_, node), weight)| Child { node, weight }).collect();
                let aggregation = self.method.aggregation.of(&at.code, depth);
                positions.push((node, Position::Inner(self.inner.len())));
                self.inner.push(Inner { code: at.code.clone(), children, aggregation });
            }
        }
    }
}

impl Composite {
    /// Scores the cities of the fit, and looks for scores that an aggregation cannot take and indices without a score.
    fn check_scores(&self, cities: &Dataset) -> Result<()> {
        let inner = &self.fitted.inner;
        let arithmetic = inner.iter().all(|node| node.aggregation == Aggregation::Arithmetic);
        let complete = (0..self.fitted.leaves.len()).all(|leaf| self.complete(leaf, cities));
        if arithmetic && complete {
            return Ok(());
        }
        let n = cities.len();
        let mut scores = vec![f64::NAN; inner.len() * n];
        self.evaluate(cities, &mut scores, &mut Work::default());
        let mut problems: Vec<Problem> = Vec::new();
        for (i, node) in inner.iter().enumerate() {
            for row in (0..n).filter(|&row| scores[i * n + row].is_nan()) {
                let of = |position| match position {
                    Position::Inner(j) => scores[j * n + row],
                    Position::Leaf(leaf) => self.leaf_score(leaf, cities, row),
                };
                if let Missing::NotComputable { child, value } = self.why_not(i, of) {
                    let (city, aggregation) = (cities.key(row).to_owned(), node.aggregation.to_string());
                    let fault = Fault::NotComputable {
                        node: node.code.clone(),
                        aggregation,
                        child,
                        value,
                        city,
                        need: node.aggregation.need(),
                    };
                    problems.push(fault.into());
                }
            }
        }
        // An index without a score because of such a score is not also one without coverage.
        if problems.is_empty() {
            for (i, node) in inner.iter().enumerate() {
                if self.is_index(i) && scores[i * n..(i + 1) * n].iter().all(|s| s.is_nan()) {
                    problems.push(Fault::NoCoverage { index: node.code.clone(), share: self.method().coverage }.into());
                }
            }
        }
        Problems::check(problems)
    }
}
