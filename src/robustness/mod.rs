//! How sure is each rank: exactly where mathematics allows, by reproducible simulation elsewhere.

mod doubt;
mod engine;
mod monte_carlo;
mod simulation;
mod tally;
mod threads;

pub use doubt::{Doubt, ErrorScale, ErrorShape, LeaveOut, MeasurementError, WeightSpread};
pub use monte_carlo::{Counts, MonteCarlo, Progress};
pub use simulation::{CityRanks, Estimate, Failure, Run, Simulation};
