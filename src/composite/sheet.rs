//! What scoring needs to see of a table: columns of figures, borrowed, a row a city.

use crate::dataset::Dataset;
use crate::steps::denominate::Figures;

/// A table that can be scored. Columns stand in the order of the composite's series.
pub(crate) trait Sheet {
    /// How many cities there are.
    fn len(&self) -> usize;

    /// The figures of a column.
    fn figures(&self, column: usize) -> Figures<'_>;

    /// Whether a column has every figure.
    fn complete(&self, column: usize) -> bool;

    /// The key of a city by which a screening names it.
    fn own_key(&self, row: usize) -> &str;

    /// An attribute of a city, where it is known.
    fn attribute(&self, row: usize, name: &str) -> Option<&str>;
}

impl Sheet for Dataset {
    fn len(&self) -> usize {
        self.len()
    }

    fn figures(&self, column: usize) -> Figures<'_> {
        self.values(column).into()
    }

    fn complete(&self, column: usize) -> bool {
        self.complete(column)
    }

    fn own_key(&self, row: usize) -> &str {
        self.own_key(row)
    }

    fn attribute(&self, row: usize, name: &str) -> Option<&str> {
        self.attribute(row, name)
    }
}
