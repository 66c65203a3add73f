//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

mod gaps;
mod indices;

pub use gaps::{GapBound, GapBounds, ScoreBounds};
pub use indices::{SobolEstimate, SobolIndex, SobolIndices};
