//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

mod doubt;
mod engine;

pub use doubt::{Doubt, ErrorScale, ErrorShape, LeaveOut, MeasurementError, WeightSpread};
