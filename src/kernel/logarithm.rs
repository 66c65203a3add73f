//! A logarithm and an exponential of our own: the same to the last bit on every machine, where a system's own may differ with its
//! version and its processor. The logarithm has no branches, so that a loop of it runs in lanes.

/// The square root of one half.
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const MANTISSA_BITS: u32 = 52;
const EXPONENT: u64 = 0xfff << MANTISSA_BITS;
/// Keeps exponents positive while they are taken out.
const BIAS: u64 = 1024;
/// The bits of 2^52; a whole number below in the low bits adds itself.
const TWO_52: u64 = 0x4330_0000_0000_0000;
/// The logarithm of 2 in two parts, the first with so few digits that its product with an exponent is exact.
const LN_2: (f64, f64) = (0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10);
/// The Chebyshev interpolation of (2 atanh(s) / s - 2) / s² by seven terms in s², for s up to (√2 - 1) / (√2 + 1): off by less
/// than 2^-57 of the logarithm.
#[rustfmt::skip]
const SERIES: [f64; 7] = [
    0.666_666_666_666_667, 0.399_999_999_998_994_44, 0.285_714_286_260_032_7, 0.222_222_111_302_598_78,
    0.181_828_894_556_749_47, 0.153_317_106_182_107_73, 0.146_165_854_248_886_23,
];

/// The natural logarithm of a positive number that is neither subnormal nor infinite, to within a unit in the last place.
///
/// x = 2^k (1 + f) with 1 + f between √½ and √2; with s = f / (2 + f), ln(1 + f) = 2 atanh(s) = f - f²/2 + s (f²/2 + s² P(s²)).
#[inline]
pub(crate) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let above = bits.wrapping_sub(ROOT_HALF);
    let biased = above.wrapping_add(BIAS << MANTISSA_BITS) >> MANTISSA_BITS;
    let k = f64::from_bits(biased | TWO_52) - (f64::from_bits(TWO_52) + BIAS as f64);
    let f = f64::from_bits(bits.wrapping_sub(above & EXPONENT)) - 1.0;
    let s = f / (2.0 + f);
    let square = s * s;
    let series = SERIES[..6].iter().rev().fold(SERIES[6], |sum, term| sum * square + term);
    let half = 0.5 * f * f;
    k * LN_2.0 - ((half - (s * (half + square * series) + k * LN_2.1)) - f)
}

/// The exponential function, to within two units in the last place; 0 where it is below half the smallest number.
///
/// x = k ln 2 + r with r at most half of ln 2; exp(r) by its Taylor series to the 13th power, off by less than 2^-57.
pub(crate) fn exp(x: f64) -> f64 {
    // Beyond, two factors would not do; a NaN goes through the series.
    if x > 710.0 {
        return f64::INFINITY;
    }
    if x < -746.0 {
        return 0.0;
    }
    let k = whole(x * std::f64::consts::LOG2_E);
    let r = (x - k * LN_2.0) - k * LN_2.1;
    let series = FACTORIALS.iter().rev().fold(0.0, |sum, n| sum * r + 1.0 / n);
    let series = 1.0 + (r + r * r * series);
    // In two factors, because one alone may be no number.
    let half = whole(k * 0.5);
    series * power_of_two(half) * power_of_two(k - half)
}

/// The factorials from 2 to 13.
#[rustfmt::skip]
const FACTORIALS: [f64; 12] = [
    2.0, 6.0, 24.0, 120.0, 720.0, 5_040.0, 40_320.0, 362_880.0, 3_628_800.0, 39_916_800.0, 479_001_600.0, 6_227_020_800.0,
];

/// The nearest whole number of a small one.
fn whole(x: f64) -> f64 {
    // Nothing behind the point is left where half of 2^53 is added.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (x + SHIFT) - SHIFT
}

/// Two to a whole number from -1022 to 1023.
fn power_of_two(k: f64) -> f64 {
    // The low bits of 2^52 + k + 1023 are those of the exponent.
    f64::from_bits((f64::from_bits(TWO_52) + (k + 1023.0)).to_bits() << MANTISSA_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units in the last place between two numbers of one sign.
    fn apart(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn it_is_the_logarithm() {
        assert_eq!(ln(1.0).to_bits(), 0.0f64.to_bits());
        let mut x: f64 = 1e-300;
        let mut worst = 0u64;
        while x < 1e300 {
            for at in [x, 1.0 - 1.0 / (2.0 + x.ln().abs()), 1.0 + 1e-9 * x.ln().abs()] {
                worst = worst.max(apart(ln(at), at.ln()));
            }
            x *= 1.000_37;
        }
        assert!(worst <= 1, "{worst} units in the last place");
    }

    #[test]
    fn the_ends_of_a_uniform_draw_and_of_the_range() {
        for x in
            [2f64.powi(-53), 1.0 - 2f64.powi(-53), f64::MIN_POSITIVE, f64::MAX, 0.5, 2.0, 0.5f64.sqrt(), 2f64.sqrt()]
        {
            assert!(apart(ln(x), x.ln()) <= 1, "{x}: {} is not {}", ln(x), x.ln());
        }
    }

    /// Nobody's system has a say in these digits.
    #[test]
    fn its_last_digits_are_the_same_everywhere() {
        assert_eq!(ln(0.1).to_bits(), 0xc002_6bb1_bbb5_5515);
        assert_eq!(ln(10.0).to_bits(), 0x4002_6bb1_bbb5_5516);
    }

    #[test]
    fn exp_is_the_exponential() {
        let mut worst = 0;
        for i in -74_400..70_970 {
            let x = f64::from(i) * 0.01 + 0.001_7;
            worst = worst.max(apart(exp(x), x.exp()));
        }
        assert!(worst <= 2, "{worst} units in the last place");
        assert_eq!((exp(0.0), exp(f64::NEG_INFINITY), exp(-800.0)), (1.0, 0.0, 0.0));
        assert_eq!((exp(f64::INFINITY), exp(720.0)), (f64::INFINITY, f64::INFINITY));
        assert!(exp(f64::NAN).is_nan());
        // Nobody's system has a say in these digits; the nearest would end in 9.
        assert_eq!(exp(1.0).to_bits(), 0x4005_bf0a_8b14_576a);
    }
}
