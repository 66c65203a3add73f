//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

mod design;
mod doubt;
mod drawn;
mod engine;
mod exact;
mod gaps;
mod indices;
mod leave_out;
mod measured;
mod monte_carlo;
mod question;
mod reversal;
mod sensitivity;
mod simulation;
mod table;
mod tally;
mod threads;

pub use doubt::{Doubt, ErrorScale, ErrorShape, LeaveOut, MeasurementError, WeightSpread};
pub use exact::{
    AttainableRank, Crossing, CurvePoint, Dethroning, Margin, Norm, Preferences, StableInterval, Weighed,
    WeightAnalysis, WeightChange, WeightSpace,
};
pub use gaps::{GapBound, GapBounds, ScoreBounds};
pub use indices::{SobolEstimate, SobolIndex, SobolIndices};
pub use leave_out::{LeaveOneOut, LeftOut, MovedCity, RankShifts};
pub use monte_carlo::{Counts, MonteCarlo, Progress};
pub(crate) use reversal::learned;
pub use reversal::{CityChange, ReversalChange, ReversalTest, ReversedPair, StatedReversal};
pub use sensitivity::{Sensitivities, Sensitivity, Target};
pub use simulation::{CityRanks, Estimate, Failure, Run, Simulation};
