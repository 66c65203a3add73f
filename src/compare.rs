//! Facts against other programs: what each has, where numbers differ, and how long things take.
//!
//! Compared are COINr 1.1.14 and Compind 3.4 (R), scikit-criteria 0.10, pymcdm 1.4.0 and SALib 1.6.0 (Python), and the crate mcdm
//! 0.4.0 (Rust). They do different jobs: COINr builds composite indicators as this crate does; Compind has ways of aggregating
//! and weighting; scikit-criteria, pymcdm and mcdm rank the rows of one decision matrix; SALib analyses the sensitivity of
//! any model. Much of what stands here was learned from them.
#![doc = include_str!("docs/compare.md")]

#[cfg(doc)]
use crate::*;
