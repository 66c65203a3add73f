//! What can be said of ranks without sampling: a mean is linear in its weights (the geometric one after logarithms).

mod attain;
mod change;
mod crossing;
#[cfg(feature = "plot")]
mod lead;
mod linear;
mod mixed;
mod preference;
mod program;
mod resolved;
mod search;
mod space;
mod stability;

pub use attain::AttainableRank;
pub use change::{Dethroning, Norm, WeightChange};
pub use linear::{Weighed, WeightAnalysis};
pub use preference::{Margin, Preferences};
pub use space::WeightSpace;
pub use stability::{Crossing, CurvePoint, StableInterval};
