//! Why: which cities are alike, what a score is made of, and what sets two cities apart.

mod groups;
mod peers;

pub use groups::{GroupMember, PeerGroup, PeerGroups};
pub use peers::{Neighbours, Peer, PeerDistance, Peers, ProfileOf, ProfileWeights, Similarity};
