//! The steps of the OECD/JRC Handbook in their order: one file or folder a step, one enum of choices a step.
//!
//! A step knows nothing of cities' names: it works on columns of numbers, in which NaN stands for a missing cell.

pub(crate) mod aggregate;
mod choices;
pub(crate) mod denominate;
pub(crate) mod impute;
pub(crate) mod normalise;
pub(crate) mod screen;
pub(crate) mod siblings;
pub(crate) mod treat;
pub(crate) mod weight;
