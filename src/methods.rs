//! The ten steps of a composite indicator, for a reader who has not read the Handbook.
//!
//! A composite indicator puts many figures of a city into one number, so that cities can be compared. The way from the
//! figures to the number has steps, and each step has choices; a [`Method`] names one choice for each, and the rest of this
//! page says which there are, by what formula, when to take each and when not. Steps and words are those of the OECD and JRC
//! (2008), *Handbook on Constructing Composite Indicators*, [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
//!
//! | step | choice of the method | asks |
//! |---|---|---|
//! | [1. framework](#1-theoretical-framework-what-counts) | [`Framework`] | what counts? |
//! | [2. data](#2-data-selection-what-is-known) | [`Cut`], [`Denomination`], [`Screening`] | which figures? |
//! | [3. imputation](#3-imputation-of-missing-data) | [`Imputation`] | what if one is missing? |
//! | [4. multivariate analysis](#4-multivariate-analysis-does-it-hang-together) | [`Coherence`] | does it hang together? |
//! | [5. treatment and normalisation](#5-treatment-and-normalisation) | [`Treatment`], [`Normalisation`] | how do days and dollars compare? |
//! | [6. weighting and aggregation](#6-weighting-and-aggregation) | [`Weighting`], [`Aggregation`] | what is worth how much, and what makes up for what? |
//! | [7. robustness and sensitivity](#7-robustness-and-sensitivity) | [`MonteCarlo`], [`Sensitivity`], [`WeightAnalysis`] | how sure is it? |
//! | [8. back to the data](#8-back-to-the-data) | [`Scores::cells`] | why? |
//! | [9. links](#9-links-to-other-indicators) | [`Coherence::correlations`] | does it go with what it should? |
//! | [10. presentation](#10-presentation) | [`Scores::write_csv`], [`Audit`] | who can check it? |
//!
//! The examples are worked out by hand, compiled and run. Tables are written in the code, a city a row, and results rounded to
//! four decimals.
#![doc = include_str!("docs/methods/framework.md")]
#![doc = include_str!("docs/methods/imputation.md")]
#![doc = include_str!("docs/methods/multivariate.md")]
#![doc = include_str!("docs/methods/normalisation.md")]
#![doc = include_str!("docs/methods/weighting.md")]
#![doc = include_str!("docs/methods/aggregation.md")]
#![doc = include_str!("docs/methods/robustness.md")]
#![doc = include_str!("docs/methods/back.md")]

#[cfg(doc)]
use crate::*;
