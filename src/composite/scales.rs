//! Scales are never mixed silently: which scale a node's children and its own scores stand on is known before any figure
//! is seen.

use super::{Composite, Fitted, Inner, Position};
use crate::error::{Fault, Problem, Problems, Result};
use crate::steps::aggregate::InputKind;

/// The scale that scores stand on.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// From one end to the other.
    Bounded(f64, f64),
    /// Values as they are, each in its own unit.
    Raw,
    /// One without ends, by the name of what made it.
    Named(String),
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bounded(low, high) => write!(f, "a scale from {low} to {high}"),
            Self::Raw => f.write_str("raw values"),
            Self::Named(name) => write!(f, "the scale of the {name}"),
        }
    }
}

impl Composite {
    /// The scale on which the scores of some nodes stand together; the first node that does not go with the first of all, and
    /// what it stands on, where they cannot be compared.
    pub(crate) fn check_common_scale(&self, nodes: &[Position]) -> Result<(), (Position, String)> {
        let kinds = || nodes.iter().map(|&node| (node, self.fitted.kind_of(node)));
        let first = kinds().next().map(|(_, kind)| kind);
        match kinds().find(|(_, kind)| *kind == Kind::Raw || Some(kind) != first.as_ref()) {
            // One indicator in its own unit is compared with nothing but itself.
            Some((node, kind)) if nodes.len() > 1 => Err((node, kind.to_string())),
            _ => Ok(()),
        }
    }
}

impl Fitted {
    fn kind_of(&self, position: Position) -> Kind {
        match position {
            Position::Leaf(leaf) => {
                let normalisation = self.method.normalisation.of_indicator(&self.framework, &self.leaves[leaf].code);
                match normalisation.ends_of_scale() {
                    Some((low, high)) => Kind::Bounded(low, high),
                    None if normalisation.is_raw() => Kind::Raw,
                    None => Kind::Named(normalisation.to_string()),
                }
            }
            Position::Inner(i) => {
                // Down the first children as long as the scale is theirs. Trees may be deep, so this does not recurse.
                let mut at = i;
                loop {
                    let node = &self.inner[at];
                    if node.own.is_some() || self.has_own_weights(node) {
                        return Kind::Bounded(0.0, 1.0);
                    }
                    match node.aggregation.own_scale() {
                        Some(Some((low, high))) => return Kind::Bounded(low, high),
                        Some(None) => return Kind::Named(node.aggregation.to_string()),
                        None => match node.children.first().map(|child| child.node) {
                            Some(Position::Inner(j)) => at = j,
                            Some(leaf) => return self.kind_of(leaf),
                            None => return Kind::Raw,
                        },
                    }
                }
            }
        }
    }

    /// Whether each city has weights of its own in a node.
    pub(super) fn has_own_weights(&self, node: &Inner) -> bool {
        self.weighting_of(&node.code).is_own()
    }

    /// The scale of a node's children, where it has ends.
    pub(super) fn ends_of_children(&self, node: &Inner) -> Option<(f64, f64)> {
        match node.children.first().map(|child| self.kind_of(child.node)) {
            Some(Kind::Bounded(low, high)) => Some((low, high)),
            _ => None,
        }
    }

    /// Refuses an aggregation whose children stand on scales that it cannot bring together.
    pub(super) fn check_scales(&self) -> Result<()> {
        let mut problems: Vec<Problem> = Vec::new();
        let code = |position| match position {
            Position::Leaf(leaf) => self.leaves[leaf].code.clone(),
            Position::Inner(i) => self.inner[i].code.clone(),
        };
        for node in &self.inner {
            let kinds: Vec<(Position, Kind)> = node.children.iter().map(|c| (c.node, self.kind_of(c.node))).collect();
            let mut blame = |position, kind: &Kind, need: String| {
                let (node, aggregation) = (node.code.clone(), node.aggregation.to_string());
                problems.push(
                    Fault::WrongInput { node, aggregation, child: code(position), given: kind.to_string(), need }
                        .into(),
                );
            };
            match node.aggregation.input() {
                InputKind::Any => {}
                InputKind::Raw => {
                    let wrong = |(position, kind): &&(Position, Kind)| {
                        matches!(position, Position::Leaf(_)) && *kind != Kind::Raw
                    };
                    if let Some((position, kind)) = kinds.iter().find(wrong) {
                        blame(
                            *position,
                            kind,
                            "raw values, which it normalises by itself: use Normalisation::Raw".to_owned(),
                        );
                    }
                }
                InputKind::Normalised => {
                    if let Some((position, kind)) = kinds.iter().find(|(_, kind)| *kind == Kind::Raw) {
                        blame(
                            *position,
                            kind,
                            "scores on a common scale: use another normalisation than Raw".to_owned(),
                        );
                    } else if let Some((first, rest)) = kinds.split_first() {
                        if let Some((position, kind)) = rest.iter().find(|(_, kind)| *kind != first.1) {
                            blame(*position, kind, format!("what `{}` has, {}", code(first.0), first.1));
                        }
                    }
                }
            }
        }
        Problems::check(problems)
    }
}
