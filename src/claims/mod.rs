//! What an article says, and whether it holds.

mod case;
mod cases;
mod gaps;
mod gathered;
mod inquiry;
mod record;
mod series;
mod table;
mod tested;
mod together;
mod write;

pub use inquiry::Inquiry;
pub use record::{Claim, Claims, Confidence, Relation, Test, Verdict};
pub use table::{Agreement, TestedClaims};
pub use tested::{Counterexample, Filling, Holding, Proof, Tested};
