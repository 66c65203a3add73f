//! Why: what a result is made of, and what would change it.

mod improve;
mod lessons;

pub use improve::{
    Change, Gaps, Goal, Improvement, Limit, Mix, MixOutcome, Proof, Reached, SingleStep, SingleSteps, StepOutcome,
};
pub(crate) use lessons::MODEL as MODEL_CITY;
pub use lessons::{Fastest, Lead, LearningStep, Lessons, LessonsReport, Pace, Speed, Waypoint};
