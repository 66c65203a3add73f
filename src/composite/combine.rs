//! The score of a node from any scores of its children, for asking what each of them does to it.

use super::{Composite, Position};
use crate::steps::aggregate::{Gaps, Sums};

impl Composite {
    /// The children of a node with their weights, and whether the node looks at them.
    pub(crate) fn parts(&self, inner: usize) -> impl Iterator<Item = (Position, f64, bool)> {
        let node = &self.fitted.inner[inner];
        let columns = node.takes_columns();
        node.children.iter().map(move |child| (child.node, child.weight, child.used || !columns))
    }

    /// The score that a node gives to a row of scores, one a child and NaN where it is missing, whatever the rule of coverage;
    /// NaN where there is none. The sums are made room for when they are first needed: they are as long as a block of cities.
    pub(crate) fn combine(&self, inner: usize, row: &[f64], sums: &mut Option<Sums>, buffer: &mut Vec<f64>) -> f64 {
        let node = &self.fitted.inner[inner];
        let mut out = [f64::NAN];
        if node.takes_columns() {
            buffer.clear();
            buffer.extend(node.children.iter().zip(row).filter(|(child, _)| child.used).map(|(_, &z)| z));
            let columns: Vec<&[f64]> = buffer.iter().map(std::slice::from_ref).collect();
            let weights: Vec<f64> = node.used().map(|child| child.weight).collect();
            node.score_columns(&columns, &weights, 1, &mut out);
        } else {
            let sums = sums.get_or_insert_default();
            sums.clear();
            for (child, z) in node.children.iter().zip(row) {
                sums.add(&node.aggregation, child.weight, std::slice::from_ref(z), Gaps::Nan, |z| z);
            }
            sums.finish(&node.aggregation, 1, &mut out);
        }
        out[0]
    }
}
