//! The fast core: it knows only slices of numbers.

pub(crate) mod draw;
#[cfg(feature = "components")]
pub(crate) mod eigen;
pub(crate) mod exact;
pub(crate) mod kendall;
pub(crate) mod least_squares;
pub(crate) mod linkage;
pub(crate) mod logarithm;
pub(crate) mod normal;
pub(crate) mod rank;
pub(crate) mod shapley;
pub(crate) mod simplex;
pub(crate) mod sobol;
pub(crate) mod solve;
pub(crate) mod special;
pub(crate) mod stats;
pub(crate) mod trend;
