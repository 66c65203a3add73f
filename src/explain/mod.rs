//! Why: what a score is made of, what sets two cities apart, which cities are alike, what would change a score, what a
//! city can learn from another, and what goes with an outcome.

mod association;
mod compare;
mod contributions;
mod figure;
mod groups;
mod improve;
mod lessons;
mod outcome;
mod peers;
mod permute;
mod profile;
mod rule;
mod singly;
mod strengths;
mod together;
mod tree;

pub use association::{Association, Associations, Coefficient, Ends, Partial, PermutationTest};
pub use compare::{Compared, Comparison, GapPart};
pub use contributions::{AllContributions, Baseline, Contribution, Contributions};
pub use figure::Figure;
pub use groups::{GroupMember, PeerGroup, PeerGroups};
pub use improve::{
    Change, Gaps, Goal, Improvement, Limit, Mix, MixOutcome, Optimality, Reached, SingleStep, SingleSteps, StepOutcome,
};
pub(crate) use lessons::MODEL as MODEL_CITY;
pub use lessons::{Fastest, LearningStep, Lessons, LessonsReport, Pace, Speed, Waypoint};
pub use outcome::Outcome;
pub use peers::{Neighbours, Peer, PeerDistance, Peers, ProfileOf, ProfileWeights, Similarity};
pub use profile::{IndexProfile, Profile};
pub use strengths::{Judgement, Strengths, StrengthsAndWeaknesses};
pub use together::{Explained, OutcomeModel};
