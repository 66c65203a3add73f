//! Why: what goes with an outcome.

mod outcome;
mod permute;
mod together;

pub use outcome::{Association, Associations, Coefficient, Ends, Outcome, Partial, PermutationTest};
pub use together::{Explained, OutcomeModel};
