//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

mod indices;

pub use indices::{SobolEstimate, SobolIndex, SobolIndices};
