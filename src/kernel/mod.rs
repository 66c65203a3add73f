//! The fast core: it knows only slices of numbers.

pub(crate) mod rank;
pub(crate) mod stats;
