//! What can be said of ranks without sampling: a mean is linear in its weights (the geometric one after logarithms).

mod crossing;
mod linear;
mod program;
mod resolved;
mod space;
mod stability;

pub use linear::{WeightAnalysis, Weighed};
pub use space::WeightSpace;
pub use stability::{Crossing, CurvePoint, StableInterval};
