//! What can be said of ranks without sampling: a mean is linear in its weights (the geometric one after logarithms).

mod crossing;
mod linear;
mod stability;

pub use linear::{Weighed, WeightAnalysis};
pub use stability::{Crossing, CurvePoint, StableInterval};
