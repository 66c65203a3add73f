//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

mod gaps;
mod indices;
mod leave_out;
mod reversal;

pub use gaps::{GapBound, GapBounds, ScoreBounds};
pub use indices::{SobolEstimate, SobolIndex, SobolIndices};
pub use leave_out::{LeaveOneOut, LeftOut, MovedCity, RankShifts};
pub use reversal::{CityChange, ReversalChange, ReversalTest, ReversedPair, StatedReversal};
