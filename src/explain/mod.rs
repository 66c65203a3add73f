//! Why: which cities are alike, what a score is made of, and what sets two cities apart.

mod compare;
mod contributions;
mod figure;
mod groups;
mod peers;
mod profile;
mod rule;
mod strengths;
mod tree;

pub use compare::{Compared, Comparison, GapPart};
pub use contributions::{AllContributions, Baseline, Contribution, Contributions};
pub use figure::Figure;
pub use groups::{GroupMember, PeerGroup, PeerGroups};
pub use peers::{Neighbours, Peer, PeerDistance, Peers, ProfileOf, ProfileWeights, Similarity};
pub use profile::{IndexProfile, Profile};
pub use strengths::{Judgement, Strengths, StrengthsAndWeaknesses};
