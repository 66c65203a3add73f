//! Dividing figures by the size of the city.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether figures are divided by their denominators.
///
/// Formula: `figure / denominator * scale`. A city whose denominator is missing has no value; see
/// [`Missing::Denominator`](crate::Missing::Denominator).
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 2,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Denomination {
    /// Each indicator by its denominator in the framework, where it has one.
    #[default]
    Framework,
    /// Not at all: the figures are taken as they are.
    None,
}

impl fmt::Display for Denomination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Framework => "as the framework says",
            Self::None => "none",
        })
    }
}

/// How many values are worked on at a time: they stay in the first-level cache.
pub(crate) const BLOCK: usize = 512;

/// The figures of an indicator, and what divides them.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) figures: &'a [f64],
    pub(crate) per: Option<(&'a [f64], f64)>,
}

impl<'a> Values<'a> {
    /// The value that counts of one city; NaN where it is missing or beyond double precision.
    pub(crate) fn at(&self, row: usize) -> f64 {
        match self.per {
            None => self.figures[row],
            Some((denominator, scale)) => divide(self.figures[row], denominator[row], scale),
        }
    }

    /// The values of a block of cities, borrowed where nothing divides them.
    pub(crate) fn block<'b>(&self, rows: std::ops::Range<usize>, buffer: &'b mut [f64]) -> &'b [f64]
    where
        'a: 'b,
    {
        let figures = &self.figures[rows.clone()];
        let Some((denominator, scale)) = self.per else {
            return figures;
        };
        let out = &mut buffer[..figures.len()];
        for ((out, &figure), &d) in out.iter_mut().zip(figures).zip(&denominator[rows]) {
            *out = divide(figure, d, scale);
        }
        out
    }

    /// The values of all cities, NaN where one is missing.
    pub(crate) fn to_vec(self) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.figures.len());
        self.blocks(|block| all.extend_from_slice(block));
        all
    }

    /// The values of the cities that have one.
    pub(crate) fn known(&self) -> Vec<f64> {
        let mut known = self.to_vec();
        known.retain(|v| !v.is_nan());
        known
    }

    /// Calls the function with the values of all cities, block after block.
    pub(crate) fn blocks(&self, mut visit: impl FnMut(&[f64])) {
        let mut buffer = [0.0; BLOCK];
        let n = self.figures.len();
        for start in (0..n).step_by(BLOCK) {
            visit(self.block(start..n.min(start + BLOCK), &mut buffer));
        }
    }
}

/// NaN where one is missing, the denominator is not positive or the result is not finite or has lost digits.
pub(crate) fn divide(figure: f64, denominator: f64, scale: f64) -> f64 {
    let quotient = figure / denominator;
    let value = quotient * scale;
    let size = quotient.abs().min(value.abs());
    let kept = size >= f64::MIN_POSITIVE || figure == 0.0;
    if denominator > 0.0 && kept && value.abs() < f64::INFINITY { value } else { f64::NAN }
}
