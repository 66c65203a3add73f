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

/// The figures of a series, borrowed. A missing one is NaN, or one whose bit is not set: what stands there then means nothing.
#[derive(Clone, Copy)]
pub(crate) struct Figures<'a> {
    values: &'a [f64],
    known: Option<Bits<'a>>,
}

/// A bit a row, from the lowest of the first byte on, after some that are passed over.
#[derive(Clone, Copy)]
struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl Bits<'_> {
    fn is_set(&self, row: usize) -> bool {
        let at = self.offset + row;
        self.bytes[at / 8] >> (at % 8) & 1 == 1
    }

    /// The bits of 64 rows from one on, the first of them lowest; 0 beyond the last.
    fn word(&self, row: usize) -> u64 {
        let at = self.offset + row;
        let bytes = self.bytes.get(at / 8..).unwrap_or_default();
        // Nine bytes hold them, wherever in the first they begin; at the end there may be fewer.
        let mut few = [0; 9];
        let nine = bytes.first_chunk::<9>().unwrap_or_else(|| {
            few[..bytes.len()].copy_from_slice(bytes);
            &few
        });
        let [first @ .., last] = nine;
        u64::from_le_bytes(*first) >> (at % 8) | (u64::from(*last) << 1) << (63 - at % 8)
    }

    /// Writes a mask for each of some rows: all ones where its bit is set, 0 where not; four at a time and without a branch.
    fn masks(&self, row: usize, out: &mut [u64]) {
        for (i, out) in out.chunks_mut(64).enumerate() {
            let mut word = self.word(row + 64 * i);
            let mut fours = out.chunks_exact_mut(4);
            for four in fours.by_ref() {
                four.copy_from_slice(&MASKS[(word & 15) as usize]);
                word >>= 4;
            }
            let rest = fours.into_remainder();
            rest.copy_from_slice(&MASKS[(word & 15) as usize][..rest.len()]);
        }
    }

    /// Writes values, or NaN where their bit is not set.
    fn mask(&self, row: usize, values: &[f64], out: &mut [f64]) {
        let mut masks = [0; 64];
        for (i, (out, values)) in out.chunks_mut(64).zip(values.chunks(64)).enumerate() {
            let masks = &mut masks[..values.len()];
            self.masks(row + 64 * i, masks);
            for ((out, value), mask) in out.iter_mut().zip(values).zip(masks) {
                *out = f64::from_bits(value.to_bits() | (f64::NAN.to_bits() & !*mask));
            }
        }
    }
}

/// What keeps those of four values whose bits are set.
const MASKS: [[u64; 4]; 16] = {
    let mut all = [[0; 4]; 16];
    let mut at = 0;
    while at < 64 {
        if (at / 4) >> (at % 4) & 1 == 1 {
            all[at / 4][at % 4] = u64::MAX;
        }
        at += 1;
    }
    all
};

impl<'a> From<&'a [f64]> for Figures<'a> {
    fn from(values: &'a [f64]) -> Self {
        Self { values, known: None }
    }
}

impl<'a> Figures<'a> {
    /// Values of which those count whose bit is set: that of the first row stands `offset` bits after the first byte's lowest.
    /// The bytes must hold a bit for every value.
    #[cfg(any(test, feature = "arrow"))]
    pub(crate) fn masked(values: &'a [f64], bytes: &'a [u8], offset: usize) -> Self {
        Self { values, known: Some(Bits { bytes, offset }) }
    }

    /// Where the values and the bits stand.
    #[cfg(all(test, feature = "arrow"))]
    pub(crate) fn memory(&self) -> (*const f64, Option<*const u8>) {
        (self.values.as_ptr(), self.known.map(|bits| bits.bytes.as_ptr()))
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The figure of one city; NaN where it is missing.
    pub(crate) fn at(&self, row: usize) -> f64 {
        if self.known.is_none_or(|bits| bits.is_set(row)) { self.values[row] } else { f64::NAN }
    }

    /// The figures of a block of cities, borrowed where they stand as they are.
    fn block<'b>(&self, rows: std::ops::Range<usize>, buffer: &'b mut [f64]) -> &'b [f64]
    where
        'a: 'b,
    {
        match self.known {
            Some(_) => self.write(rows, buffer),
            None => &self.values[rows],
        }
    }

    /// The figures of a block of cities, written into a buffer.
    fn write<'b>(&self, rows: std::ops::Range<usize>, buffer: &'b mut [f64]) -> &'b mut [f64] {
        let values = &self.values[rows.clone()];
        let out = &mut buffer[..values.len()];
        match self.known {
            Some(bits) => bits.mask(rows.start, values, out),
            None => out.copy_from_slice(values),
        }
        out
    }
}

/// The figures of an indicator, and what divides them.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) figures: Figures<'a>,
    pub(crate) per: Option<(Figures<'a>, f64)>,
}

impl<'a> Values<'a> {
    /// How many cities there are.
    pub(crate) fn len(&self) -> usize {
        self.figures.len()
    }

    /// The value that counts of one city; NaN where it is missing or beyond double precision.
    pub(crate) fn at(&self, row: usize) -> f64 {
        match self.per {
            None => self.figures.at(row),
            Some((denominator, scale)) => divide(self.figures.at(row), denominator.at(row), scale),
        }
    }

    /// The values of a block of cities where they stand as they are and bits say which of them are known: then with a mask for
    /// each, all ones or 0.
    pub(crate) fn masked<'b>(
        &self,
        rows: std::ops::Range<usize>,
        masks: &'b mut [u64],
    ) -> Option<(&'a [f64], &'b [u64])> {
        let (Figures { values, known: Some(bits) }, None) = (self.figures, self.per) else { return None };
        let masks = &mut masks[..rows.len()];
        bits.masks(rows.start, masks);
        Some((&values[rows], masks))
    }

    /// The values of a block of cities, [`BLOCK`] at most, borrowed where they stand as they are.
    pub(crate) fn block<'b>(&self, rows: std::ops::Range<usize>, buffer: &'b mut [f64]) -> &'b [f64]
    where
        'a: 'b,
    {
        let Some((denominator, scale)) = self.per else {
            return self.figures.block(rows, buffer);
        };
        if self.figures.known.is_none() && denominator.known.is_none() {
            let out = &mut buffer[..rows.len()];
            let figures = self.figures.values[rows.clone()].iter().zip(&denominator.values[rows]);
            for (out, (&figure, &d)) in out.iter_mut().zip(figures) {
                *out = divide(figure, d, scale);
            }
            return out;
        }
        let mut below = [0.0; BLOCK];
        let out = self.figures.write(rows.clone(), buffer);
        for (out, &d) in out.iter_mut().zip(denominator.block(rows, &mut below)) {
            *out = divide(*out, d, scale);
        }
        out
    }

    /// The values of all cities, NaN where one is missing.
    pub(crate) fn to_vec(self) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.len());
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
        let n = self.figures.len();
        // Without bits and denominator all stand as they are, and there is no buffer to clear.
        if let (Figures { values, known: None }, None) = (self.figures, self.per) {
            values.chunks(BLOCK).for_each(visit);
            return;
        }
        let mut buffer = [0.0; BLOCK];
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bit_hides_is_missing_whatever_stands_there() {
        let figures: Vec<f64> = (0..20).map(f64::from).collect();
        // From the third bit of the first byte: 1 0 1 1 0 1 | 0 1 0 1 0 1 0 1 | 1 1 1 1 0 0
        let bytes = [0b1011_0111, 0b1010_1010, 0b1100_1111];
        let set = [0, 2, 3, 5, 7, 9, 11, 13, 14, 15, 16, 17];
        let masked = Figures::masked(&figures, &bytes, 2);
        let hidden = figures.iter().enumerate().map(|(i, &v)| if set.contains(&i) { v } else { f64::NAN });
        let hidden: Vec<f64> = hidden.collect();
        let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()));
        for per in [None, Some(2.0)] {
            let twos = vec![2.0; 20];
            let per = per.map(|scale| (Figures::from(twos.as_slice()), scale));
            let (own, plain) = (Values { figures: masked, per }, Values { figures: hidden.as_slice().into(), per });
            assert!(same(&own.to_vec(), &plain.to_vec()));
            assert_eq!(own.known(), plain.known());
            let mut buffer = [0.0; BLOCK];
            assert!(same(own.block(3..11, &mut buffer), &plain.to_vec()[3..11]));
            assert!((0..20).all(|row| same(&[own.at(row)], &[plain.at(row)])));
        }
        // A denominator with gaps makes gaps.
        let values = Values { figures: figures.as_slice().into(), per: Some((masked, 1.0)) };
        assert_eq!(values.known().len(), set.len() - 1, "0 divides nothing");
    }
}
