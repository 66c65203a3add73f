//! What was wrong, where, and what would be right.

mod fault;

pub use fault::{Column, Error, Fault, Place, Problem, Problems, Result, What};
pub(crate) use fault::{FEW, nearest};
