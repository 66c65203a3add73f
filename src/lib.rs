//! Scores cities with composite indicators: sourced figures in, ranked scorecards with provenance out.

pub mod article;

mod cities;
mod claims;
mod codes;
mod composite;
mod dataset;
mod error;
mod flags;
mod framework;
mod input;
mod kernel;
mod method;
mod missing;
mod observations;
mod output;
mod scores;
mod sources;
mod steps;
mod table;
mod text;

pub use cities::{Cities, City};
pub use claims::{Claim, Claims, Confidence, Relation, Test, Verdict};
pub use composite::Composite;
pub use dataset::{Cell, Cut, Dataset, DatasetBuilder, Provenance};
pub use error::{Column, Error, Fault, Place, Problem, Problems, Result, What};
pub use flags::{Flag, Flags};
pub use framework::{Denominator, Direction, Framework, Kind, Node};
pub use input::Input;
pub use kernel::rank::Ties;
pub use method::{AggregationPlan, Method};
pub use missing::Missing;
pub use observations::{Observation, Observations, Status};
pub use scores::{Coverage, NodeScores, Ranked, ScoredCell, Scores, Standing};
pub use sources::{Source, Sources};
pub use steps::aggregate::Aggregation;
pub use steps::denominate::Denomination;
pub use steps::impute::Imputation;
pub use steps::normalise::{Normalisation, Outside};
pub use steps::treat::Treatment;
pub use steps::weight::Weighting;
