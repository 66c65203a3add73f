//! The Sobol' sequence: points that fill the unit cube more evenly than random ones.
//!
//! Direction numbers of Joe and Kuo (2008), *Constructing Sobol' sequences with better two-dimensional projections*,
//! [10.1137/070709359](https://doi.org/10.1137/070709359), the set `new-joe-kuo-6`; in the order of the Gray code.

/// Bits of a coordinate: all of them fit in the fraction of a double.
const BITS: usize = 52;

/// For each dimension after the first its primitive polynomial, a bit a coefficient with those of both ends, and the first
/// direction numbers.
#[rustfmt::skip]
const START: [(u32, &[u32]); 63] = [
    (3, &[1]),
    (7, &[1, 3]),
    (11, &[1, 3, 1]),
    (13, &[1, 1, 1]),
    (19, &[1, 1, 3, 3]),
    (25, &[1, 3, 5, 13]),
    (37, &[1, 1, 5, 5, 17]),
    (41, &[1, 1, 5, 5, 5]),
    (47, &[1, 1, 7, 11, 19]),
    (55, &[1, 1, 5, 1, 1]),
    (59, &[1, 1, 1, 3, 11]),
    (61, &[1, 3, 5, 5, 31]),
    (67, &[1, 3, 3, 9, 7, 49]),
    (91, &[1, 1, 1, 15, 21, 21]),
    (97, &[1, 3, 1, 13, 27, 49]),
    (103, &[1, 1, 1, 15, 7, 5]),
    (109, &[1, 3, 1, 15, 13, 25]),
    (115, &[1, 1, 5, 5, 19, 61]),
    (131, &[1, 3, 7, 11, 23, 15, 103]),
    (137, &[1, 3, 7, 13, 13, 15, 69]),
    (143, &[1, 1, 3, 13, 7, 35, 63]),
    (145, &[1, 3, 5, 9, 1, 25, 53]),
    (157, &[1, 3, 1, 13, 9, 35, 107]),
    (167, &[1, 3, 1, 5, 27, 61, 31]),
    (171, &[1, 1, 5, 11, 19, 41, 61]),
    (185, &[1, 3, 5, 3, 3, 13, 69]),
    (191, &[1, 1, 7, 13, 1, 19, 1]),
    (193, &[1, 3, 7, 5, 13, 19, 59]),
    (203, &[1, 1, 3, 9, 25, 29, 41]),
    (211, &[1, 3, 5, 13, 23, 1, 55]),
    (213, &[1, 3, 7, 3, 13, 59, 17]),
    (229, &[1, 3, 1, 3, 5, 53, 69]),
    (239, &[1, 1, 5, 5, 23, 33, 13]),
    (241, &[1, 1, 7, 7, 1, 61, 123]),
    (247, &[1, 1, 7, 9, 13, 61, 49]),
    (253, &[1, 3, 3, 5, 3, 55, 33]),
    (285, &[1, 3, 1, 15, 31, 13, 49, 245]),
    (299, &[1, 3, 5, 15, 31, 59, 63, 97]),
    (301, &[1, 3, 1, 11, 11, 11, 77, 249]),
    (333, &[1, 3, 1, 11, 27, 43, 71, 9]),
    (351, &[1, 1, 7, 15, 21, 11, 81, 45]),
    (355, &[1, 3, 7, 3, 25, 31, 65, 79]),
    (357, &[1, 3, 1, 1, 19, 11, 3, 205]),
    (361, &[1, 1, 5, 9, 19, 21, 29, 157]),
    (369, &[1, 3, 7, 11, 1, 33, 89, 185]),
    (391, &[1, 3, 3, 3, 15, 9, 79, 71]),
    (397, &[1, 3, 7, 11, 15, 39, 119, 27]),
    (425, &[1, 1, 3, 1, 11, 31, 97, 225]),
    (451, &[1, 1, 1, 3, 23, 43, 57, 177]),
    (463, &[1, 3, 7, 7, 17, 17, 37, 71]),
    (487, &[1, 3, 1, 5, 27, 63, 123, 213]),
    (501, &[1, 1, 3, 5, 11, 43, 53, 133]),
    (529, &[1, 3, 5, 5, 29, 17, 47, 173, 479]),
    (539, &[1, 3, 3, 11, 3, 1, 109, 9, 69]),
    (545, &[1, 1, 1, 5, 17, 39, 23, 5, 343]),
    (557, &[1, 3, 1, 5, 25, 15, 31, 103, 499]),
    (563, &[1, 1, 1, 11, 11, 17, 63, 105, 183]),
    (601, &[1, 1, 5, 11, 9, 29, 97, 231, 363]),
    (607, &[1, 1, 5, 15, 19, 45, 41, 7, 383]),
    (617, &[1, 3, 7, 7, 31, 19, 83, 137, 221]),
    (623, &[1, 1, 1, 3, 23, 15, 111, 223, 83]),
    (631, &[1, 1, 5, 13, 31, 15, 55, 25, 161]),
    (637, &[1, 1, 3, 13, 25, 47, 39, 87, 257]),
];

/// The sequence, made ready for random access: a draw can be asked for in any order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sobol {
    /// For each dimension the direction of each bit of the index.
    directions: Vec<[u64; BITS]>,
}

impl Sobol {
    /// The most dimensions that there are.
    pub(crate) const MOST: usize = START.len() + 1;

    /// The first dimensions; none where there are not so many.
    pub(crate) fn new(dimensions: usize) -> Option<Self> {
        (dimensions <= Self::MOST).then(|| Self { directions: (0..dimensions).map(directions).collect() })
    }

    /// A coordinate of a point, as 52 bits, shifted by the bits of a word: with a random word per dimension the points are
    /// as even as before, and each lies anywhere with the same probability. 0 shifts nothing.
    pub(crate) fn point(&self, index: u64, dimension: usize, shift: u64) -> u64 {
        let mut gray = index ^ (index >> 1);
        let directions = &self.directions[dimension];
        let mut bits = shift & ((1 << BITS) - 1);
        while gray != 0 {
            // An index beyond 52 bits begins the sequence again.
            bits ^= directions[gray.trailing_zeros() as usize % BITS];
            gray &= gray - 1;
        }
        bits
    }
}

/// A coordinate from 0 to below 1.
pub(crate) fn unit(bits: u64) -> f64 {
    bits as f64 / (1_u64 << BITS) as f64
}

fn directions(dimension: usize) -> [u64; BITS] {
    let mut v = [0_u64; BITS];
    let Some(&(polynomial, start)) = dimension.checked_sub(1).map(|d| &START[d]) else {
        for (k, v) in v.iter_mut().enumerate() {
            *v = 1 << (BITS - 1 - k);
        }
        return v;
    };
    let degree = start.len();
    for k in 0..BITS {
        v[k] = if k < degree {
            u64::from(start[k]) << (BITS - 1 - k)
        } else {
            let inner = (1..degree).filter(|j| polynomial >> (degree - j) & 1 == 1).map(|j| v[k - j]);
            inner.fold(v[k - degree] ^ (v[k - degree] >> degree), |a, b| a ^ b)
        };
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_points_are_those_of_another_program() {
        let sobol = Sobol::new(8).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/salib/sobol_sequence_8d_32.csv");
        let mut rows = 0;
        for (i, row) in csv::Reader::from_path(path).unwrap().records().enumerate() {
            for (d, cell) in row.unwrap().iter().enumerate() {
                assert_eq!(unit(sobol.point(i as u64, d, 0)), cell.parse::<f64>().unwrap(), "point {i}, dimension {d}");
            }
            rows += 1;
        }
        assert_eq!(rows, 32);
    }

    /// Against `scipy.stats.qmc.Sobol(64, scramble=False, bits=52)` of SciPy 1.17: three coordinates, and a checksum of all of
    /// 4096 points.
    #[test]
    fn every_dimension_is_that_of_scipy() {
        let sobol = Sobol::new(Sobol::MOST).unwrap();
        assert_eq!(sobol.point(4095, 63, 0), 2_492_592_860_168_192);
        assert_eq!(sobol.point(1234, 40, 0), 4_052_799_859_982_336);
        assert_eq!(sobol.point(777, 20, 0), 1_068_725_302_198_272);
        let mix = |sum: u64, bits: u64| sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(bits).wrapping_add(1);
        let of = |d| (0..4096).map(|i| sobol.point(i, d, 0)).fold(0, mix);
        assert_eq!((0..Sobol::MOST).map(of).fold(0, mix), 8_826_974_908_312_107_712);
    }

    #[test]
    fn a_shift_keeps_the_points_even() {
        let sobol = Sobol::new(5).unwrap();
        for d in 0..5 {
            let shift = 0x9e37_79b9_7f4a_7c15_u64.rotate_left(7 * u32::try_from(d).unwrap());
            let mut seen = [false; 256];
            for i in 0..256 {
                let cell = usize::try_from(sobol.point(i, d, shift) >> (BITS - 8)).unwrap();
                assert!(!std::mem::replace(&mut seen[cell], true), "two of 256 points in one of 256 intervals");
            }
        }
        assert!(Sobol::new(Sobol::MOST + 1).is_none());
    }
}
