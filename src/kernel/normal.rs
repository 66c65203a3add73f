//! Quantiles of the standard normal distribution: the same to the last bit on every machine.

use super::logarithm::ln;

/// Coefficients of a ratio of two polynomials, the constant first.
struct Ratio {
    above: [f64; 8],
    below: [f64; 8],
}

impl Ratio {
    fn at(&self, x: f64) -> f64 {
        let polynomial = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
        polynomial(&self.above) / polynomial(&self.below)
    }
}

/// Within 0.425 of the middle.
#[rustfmt::skip]
const MIDDLE: Ratio = Ratio {
    above: [
        3.387_132_872_796_366_5, 133.141_667_891_784_38, 1_971.590_950_306_551_3, 13_731.693_765_509_46,
        45_921.953_931_549_87, 67_265.770_927_008_7, 33_430.575_583_588_13, 2_509.080_928_730_122_7,
    ],
    below: [
        1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751,
        21_213.794_301_586_597, 39_307.895_800_092_71, 28_729.085_735_721_943, 5_226.495_278_852_854,
    ],
};
/// Where the square root of the logarithm is at most 5.
#[rustfmt::skip]
const TAIL: Ratio = Ratio {
    above: [
        1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
        1.270_458_252_452_368_4, 0.241_780_725_177_450_6, 0.022_723_844_989_269_184, 7.745_450_142_783_414e-4,
    ],
    below: [
        1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1,
        0.148_103_976_427_480_08, 0.015_198_666_563_616_457, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9,
    ],
};
/// Beyond.
#[rustfmt::skip]
const FAR: Ratio = Ratio {
    above: [
        6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 0.296_560_571_828_504_87,
        0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7,
    ],
    below: [
        1.0, 0.599_832_206_555_888, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4, 1.846_318_317_510_054_7e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15,
    ],
};

/// The number below which a standard normal variable lies with a probability between 0 and 1, neither of them, and no less than
/// the smallest normal number; to within a few units in the last place.
///
/// M. J. Wichura (1988), *Algorithm AS 241: The percentage points of the normal distribution*, Applied Statistics 37 (3),
/// 477-484, [10.2307/2347330](https://doi.org/10.2307/2347330).
pub(crate) fn quantile(p: f64) -> f64 {
    let off = p - 0.5;
    if off.abs() <= 0.425 {
        return off * MIDDLE.at(0.425 * 0.425 - off * off);
    }
    let root = (-ln(if off < 0.0 { p } else { 1.0 - p })).sqrt();
    let beyond = if root <= 5.0 { TAIL.at(root - 1.6) } else { FAR.at(root - 5.0) };
    if off < 0.0 { -beyond } else { beyond }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// By the inverse error function at 120 bits, in each of the three parts.
    #[test]
    fn quantiles_of_the_tables() {
        for (p, z) in [
            (0.975, 1.959_963_984_540_053_9),
            (0.05, -1.644_853_626_951_472_7),
            (0.2, -0.841_621_233_572_914_2),
            (0.5 + 2f64.powi(-30), 2.334_479_498_333_298e-9),
            (1e-10, -6.361_340_902_404_056),
            (2f64.powi(-53), -8.209_536_151_601_387),
        ] {
            assert_relative_eq!(quantile(p), z, max_relative = 1e-15);
        }
        assert_eq!(quantile(0.5), 0.0);
    }

    #[test]
    fn it_is_antisymmetric_and_rises() {
        let mut before = f64::NEG_INFINITY;
        for i in 1..4096 {
            let p = f64::from(i) / 4096.0;
            let z = quantile(p);
            assert_eq!(z, -quantile(1.0 - p), "{p}");
            assert!(z > before, "{p}");
            before = z;
        }
    }
}
