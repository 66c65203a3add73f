//! Walks down from a node. Trees may be deep, so none recurses.

use super::{Composite, Position};

impl Composite {
    /// The indicators and the inner nodes under a node and the node itself, by way of the children that are followed: those of
    /// an inner node, by its number and the child's weight.
    pub(crate) fn under(&self, position: Position, follows: impl Fn(usize, f64) -> bool) -> (Vec<usize>, Vec<usize>) {
        let (mut leaves, mut inner, mut stack) = (Vec::new(), Vec::new(), vec![position]);
        while let Some(position) = stack.pop() {
            match position {
                Position::Leaf(leaf) => leaves.push(leaf),
                Position::Inner(i) => {
                    inner.push(i);
                    stack.extend(self.children(i).filter(|&(_, weight)| follows(i, weight)).map(|(child, _)| child));
                }
            }
        }
        (leaves, inner)
    }

    /// A node and all under it, each before its children: its effective weight, the product of the weights down to it, and how
    /// far it stands below the first.
    pub(crate) fn effective(&self, position: Position) -> Vec<(Position, f64, usize)> {
        let (mut found, mut stack) = (Vec::new(), vec![(position, 1.0, 0)]);
        while let Some((position, weight, depth)) = stack.pop() {
            found.push((position, weight, depth));
            if let Position::Inner(inner) = position {
                let children: Vec<(Position, f64)> = self.children(inner).collect();
                stack.extend(children.into_iter().rev().map(|(p, w)| (p, weight * w, depth + 1)));
            }
        }
        found
    }
}
