//! What a run draws beside its choices: weights, and errors of measurement, which see [`measured`](super::measured).

use std::collections::BTreeSet;

use super::doubt::{Doubt, WeightSpread};
use super::engine::{Engine, Ready, Variant};
use crate::composite::{Composite, Position};
use crate::error::{Fault, Result};
use crate::kernel::draw::Stream;
use crate::kernel::logarithm::exp;
use crate::steps::weight::{WeightSet, Weighting, normalise};

/// A node whose weights are drawn.
#[derive(Debug, Clone)]
pub(super) struct WeightDraw {
    /// The doubts about it, in their order.
    pub(super) doubts: Vec<usize>,
    pub(super) inner: usize,
    pub(super) code: String,
    pub(super) children: Vec<String>,
    pub(super) nominal: Vec<f64>,
}

impl Engine {
    /// The nodes whose weights a run draws. Where each city has weights of its own there are none to draw.
    pub(super) fn weight_draws(&self, composite: &Composite, target: Position) -> Vec<WeightDraw> {
        let Position::Inner(target) = target else { return Vec::new() };
        let below = composite.below(target);
        let mut draws = Vec::new();
        for inner in (0..=target).filter(|&i| below[i]) {
            let code = composite.inner_code(inner);
            let names = |doubt: &Doubt| match doubt {
                Doubt::Weights { nodes, .. } => nodes.is_empty() || nodes.contains(code),
                _ => false,
            };
            let doubts: Vec<usize> = (0..self.doubts.len()).filter(|&d| names(&self.doubts[d])).collect();
            if doubts.is_empty() || composite.has_own_weights(inner) {
                continue;
            }
            let (children, nominal) =
                composite.children(inner).map(|(child, w)| (composite.code(child).to_owned(), w)).unzip();
            draws.push(WeightDraw { doubts, inner, code: code.to_owned(), children, nominal });
        }
        draws
    }

    pub(super) fn names_of(draws: &[WeightDraw]) -> impl Iterator<Item = (String, String)> {
        draws.iter().flat_map(|draw| draw.children.iter().map(|child| (draw.code.clone(), child.clone())))
    }

    /// Draws the weights of a run, one node after the other; as they are, before they are made to add up to 1. Doubts about the
    /// same weights act one after the other, each around what the one before gave.
    pub(super) fn draw_weights(
        &self,
        ready: &Ready,
        run: usize,
        streams: &mut Vec<Option<Stream>>,
        out: &mut Vec<f64>,
    ) {
        out.clear();
        streams.clear();
        streams.resize(self.doubts.len(), None);
        for draw in &ready.draws {
            let start = out.len();
            out.extend_from_slice(&draw.nominal);
            for (at, &doubt) in draw.doubts.iter().enumerate() {
                let Doubt::Weights { spread, .. } = &self.doubts[doubt] else { continue };
                // A doubt has one stream for all its nodes.
                let stream = streams[doubt].get_or_insert_with(|| self.stream(run, doubt));
                let own = &mut out[start..];
                if at > 0 {
                    normalise(own);
                }
                match spread {
                    WeightSpread::Uniform => stream.exponentials(own),
                    WeightSpread::Within { share } => {
                        for w in own {
                            *w *= 1.0 + share * (2.0 * stream.uniform() - 1.0);
                        }
                    }
                    WeightSpread::Dirichlet { concentration } => {
                        for w in own.iter_mut() {
                            let positive = *w > 0.0;
                            *w = if positive { stream.ln_gamma_variate(concentration * *w) } else { f64::NEG_INFINITY };
                        }
                        // Relative to the largest, because small shapes give numbers below double precision.
                        let most = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                        // Where an earlier doubt has left no weight there is none to draw, and the run cannot be computed.
                        for w in own {
                            *w = if most > f64::NEG_INFINITY { exp(*w - most) } else { 0.0 };
                        }
                    }
                    WeightSpread::Sets(sets) => {
                        // One set for all nodes of the doubt, so that each node asks the stream anew.
                        let set = &sets[self.stream(run, doubt).choice(sets.len())];
                        // A set that names some of the siblings is read beside the framework's weights, as the method would.
                        if draw.children.iter().any(|code| set.weight(code).is_some()) {
                            for (w, code) in own.iter_mut().zip(&draw.children) {
                                let framework = || self.framework.node(code).map_or(0.0, |node| node.weight);
                                *w = set.weight(code).unwrap_or_else(framework);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Makes the drawn weights of each node add up to 1, as a method does with those it is given; those that were not moved
    /// keep their last digit. A run in which all siblings have weight 0 cannot be computed.
    pub(super) fn normalise(ready: &Ready, weights: &mut [f64]) -> Result<()> {
        let mut from = 0;
        for draw in &ready.draws {
            let own = &mut weights[from..from + draw.nominal.len()];
            from += own.len();
            if *own != draw.nominal[..] {
                normalise(own);
                if own.iter().all(|&w| w == 0.0) {
                    return Err(Fault::ZeroWeights { parent: draw.code.clone() }.into());
                }
            }
        }
        Ok(())
    }

    /// The series that have a say in a composite: its indicators, and what divides them.
    pub(super) fn used(&self, composite: &Composite) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for node in self.framework.nodes().filter(|node| composite.position(&node.code).is_some()) {
            used.insert(node.code.clone());
            used.extend(node.denominator.iter().map(|d| d.series.clone()));
        }
        used
    }

    /// Method and table of a run, with everything that was drawn.
    pub(super) fn drawn(&self, ready: &Ready, run: usize, weights: &mut Vec<f64>) -> Result<Variant> {
        let Variant { mut method, mut cities } = ready.variant.clone();
        self.draw_weights(ready, run, &mut Vec::new(), weights);
        for (draw, own) in ready.by_node(weights) {
            if *own != draw.nominal[..] {
                let named = draw.children.iter().cloned().zip(own.iter().copied());
                let set = WeightSet::new(format!("run {run}"), named)?;
                method = method.weighting_of(draw.code.clone(), Weighting::Set(set));
            }
        }
        for (d, doubt) in self.doubts.iter().enumerate() {
            if let Doubt::Measurement(error) = doubt {
                cities = self.measured(&cities, error, d, run, &ready.used)?;
            }
        }
        Ok(Variant { method, cities })
    }
}
