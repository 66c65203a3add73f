//! Record batches of Apache Arrow in and out; needs the feature `arrow`.
//!
//! | function | from | to |
//! |---|---|---|
//! | [`observations`] | long batches: a figure a row | [`Observations`](crate::Observations) |
//! | [`dataset`] | a wide batch: a city a row, a series a column | [`Dataset`](crate::Dataset) |
//! | [`score`] | a wide batch and a [`Composite`](crate::Composite) | a batch of scores, a city a row; no column is copied |
//! | [`scores`] | [`Scores`](crate::Scores) | a batch of scores and ranks, a node of a city a row |
//!
//! A null is a missing figure; NaN and infinity are errors. The place of a problem names column and row: its line is the row,
//! from 1. This is the only module whose signatures have types of another crate, those of `arrow-array`.

mod read;
mod score;
mod source;

pub use read::{dataset, observations};
pub use score::{score, scores};
