//! A claim case by case: under every method, on every cut, with the missing figures at their ends.

use super::case::{Ask, Judge, Open, Span, span, weighed};
use super::gaps::{Side, fill};
use super::gathered::{Gathered, greatest, least};
use super::inquiry::{Data, Inquiry};
use super::record::{Claim, Relation, Test};
use super::series;
use super::tested::{Counterexample, Filling, Tested};
use super::together::Critical;
use crate::composite::Composite;
use crate::dataset::{Cut, Dataset};
use crate::error::{Fault, Result};
use crate::framework::Node;
use crate::method::Method;
use crate::scores::Scores;

/// A method fitted on a cut.
pub(super) struct Case {
    cut: Option<Cut>,
    composite: Composite,
    scores: Scores,
}

impl Inquiry<'_> {
    pub(super) fn test_series(&self, claim: &Claim, test: &Test, node: &Node) -> Result<Tested> {
        if !node.kind.is_series() {
            let what =
                "move between years or exceed a value, for it has no figures; name an indicator or a context series";
            return Err(Fault::WrongKind { what, code: node.code.clone(), kind: node.kind }.into());
        }
        let mut all = Gathered::new();
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

    pub(super) fn test_scores(
        &self,
        claim: &Claim,
        test: &Test,
        ask: &Ask,
        critical: &mut Critical,
        usual: &mut Vec<Case>,
    ) -> Result<Tested> {
        let mut all = Gathered::new();
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
            let fitted_on = case.scores.dataset();
            let as_is = span(&open, (&case.scores, fitted_on), &test.node, ask, critical)?;
            let broken = |(margin, weights): (Option<f64>, Vec<(String, f64)>), missing: Vec<Filling>| {
                let method = case.composite.method();
                let method = if weights.is_empty() { method.clone() } else { weighed(method, &test.node, &weights)? };
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
                let found = span(&open, (&scores, fitted_on), &test.node, ask, critical)?;
                ends.push(found.map(|span| (span, filled)));
            }
            let (Some(favour), Some(against)) = (ends.pop(), ends.pop()) else { continue };
            match (against, favour) {
                (Ok((worst, filled)), Ok((best, _))) => {
                    let found = match (&as_is, worst.broken.clone()) {
                        (Ok(Span { broken: Some(found), .. }), _) => Some(broken(found.clone(), Vec::new())?),
                        (_, Some(found)) => {
                            let figures =
                                needed(case, (fitted_on, &filled.figures), test, ask, &found.1, &open, critical)?;
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
    let method = if weights.is_empty() { method.clone() } else { weighed(method, &test.node, weights)? };
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
