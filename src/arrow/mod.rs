//! Record batches of Apache Arrow in and out; needs the feature `arrow`.
//!
//! | function | from | to |
//! |---|---|---|
//! | [`observations`] | long batches: a figure a row | [`Observations`](crate::Observations) |
//! | [`dataset`] | a wide batch: a city a row, a series a column | [`Dataset`](crate::Dataset) |
//! | [`score`] | a wide batch and a [`Composite`](crate::Composite) | a batch of scores, a city a row; no column is copied |
//! | [`rank`] | batches of such scores | ranks over all of them |
//! | [`Scorer`] | the same | the same, batch after batch in memory that is used again |
//! | [`scores`] | [`Scores`](crate::Scores) | a batch of scores and ranks, a node of a city a row |
//!
//! A null is a missing figure; NaN and infinity are errors. Text may be `Utf8`, `LargeUtf8`, `Utf8View` or a dictionary of one of them;
//! numbers may be `Float64`, `Float32`, `Int64` or `Int32`, but where they are scored without copying them: `Float64`. The place of a
//! problem names column and row: its line is the row, from 1, over all batches; what is wrong with a later batch as a whole
//! has the line of its first row. This is the only module whose signatures have types of another crate, those of `arrow-array`.

mod rank;
mod read;
mod score;
mod source;
mod write;

pub use rank::rank;
pub use read::{dataset, observations};
pub use score::{Scorer, score};
pub use write::scores;
