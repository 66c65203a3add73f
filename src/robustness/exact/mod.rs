//! What can be said of ranks without sampling: a mean is linear in its weights (the geometric one after logarithms).

mod attain;
mod crossing;
mod linear;
mod mixed;
mod preference;
mod program;
mod resolved;
mod space;
mod stability;

pub use attain::AttainableRank;
pub use linear::{Weighed, WeightAnalysis};
pub use preference::{Margin, Preferences};
pub use space::WeightSpace;
pub use stability::{Crossing, CurvePoint, StableInterval};
