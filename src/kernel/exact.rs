//! Exact sums: of numbers and of products of two numbers, as whole numbers of any length. Nothing is rounded before the end, so
//! that sums of parts can be merged in any order with the same result to the last bit.
//!
//! The idea of a long accumulator is Kulisch's (2013, *Computer Arithmetic and Validity*, chapter 8).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault};

/// Bits of a digit.
const BITS: i32 = 32;
const BASE: i64 = 1 << BITS;
/// So many additions cannot overflow a digit of 64 bits.
const TOGETHER: u32 = 1 << 28;
/// Where digits can stand: those of any product of two numbers, and of sums of 2^64 of them.
const PLACES: std::ops::Range<i32> = -120..120;

/// A sum `sum digits[k] 2^(32 (first + k))`. Settled, every digit but the last lies in `0..2^32`, and neither end is 0: equal
/// sums are then equal digit by digit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub(crate) struct Exact {
    first: i32,
    digits: Vec<i64>,
    /// Additions since it was settled.
    pending: u32,
}

#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    first: i32,
    digits: Vec<i64>,
}

impl From<Exact> for Stored {
    fn from(mut exact: Exact) -> Self {
        exact.settle();
        Self { first: exact.first, digits: exact.digits }
    }
}

impl TryFrom<Stored> for Exact {
    type Error = Error;

    fn try_from(Stored { first, digits }: Stored) -> Result<Self, Error> {
        let end = i32::try_from(digits.len()).ok().and_then(|len| first.checked_add(len));
        if PLACES.contains(&first) && end.is_some_and(|end| end <= PLACES.end) && digits.iter().all(|d| d.abs() < BASE)
        {
            let mut exact = Self { first, digits, pending: 0 };
            exact.settle();
            return Ok(exact);
        }
        Err(Fault::Damaged { what: "summary", why: "a sum has digits that no sum can have" }.into())
    }
}

/// A finite number as a whole one, with its sign, and the power of two that it is multiplied by.
fn parts(x: f64) -> (i64, i32) {
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let whole = if exponent == 0 { fraction } else { fraction | (1 << 52) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "11 and 53 bits")]
    let (whole, power) = (whole as i64, exponent.max(1) as i32 - 1075);
    (if x < 0.0 { -whole } else { whole }, power)
}

impl Exact {
    /// The sum of numbers.
    #[cfg(test)]
    pub(crate) fn of(terms: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum.settle();
        sum
    }

    /// Adds a finite number.
    pub(crate) fn add(&mut self, x: f64) {
        let (whole, power) = parts(x);
        self.add_whole(whole.into(), power);
    }

    /// Adds the product of two finite numbers.
    pub(crate) fn add_product(&mut self, x: f64, y: f64) {
        let ((a, p), (b, q)) = (parts(x), parts(y));
        self.add_whole(i128::from(a) * i128::from(b), p + q);
    }

    /// Adds another sum times a finite number.
    pub(crate) fn add_scaled(&mut self, other: &Self, factor: f64) {
        let (whole, power) = parts(factor);
        for (k, &digit) in (other.first..).zip(&other.digits) {
            self.add_whole(i128::from(digit) * i128::from(whole), power + k * BITS);
        }
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.add_scaled(other, 1.0);
        self.settle();
    }

    /// Adds a whole number, of up to 126 bits, times a power of two.
    fn add_whole(&mut self, whole: i128, power: i32) {
        if whole == 0 {
            return;
        }
        let mut place = power.div_euclid(BITS);
        let shift = power.rem_euclid(BITS);
        // Up to 31 bits are shifted out on the left: the upper half goes by itself.
        let half = i128::from(BASE);
        for (part, at) in [(whole.rem_euclid(half), 0), (whole.div_euclid(half), 1)] {
            let mut rest = part << shift;
            place += at;
            let mut k = place;
            while rest != 0 {
                let (digit, carry) = (rest.rem_euclid(half), rest.div_euclid(half));
                // A negative number ends with a carry of -1, which stays where it is.
                let last = carry == -1;
                #[expect(clippy::cast_possible_truncation, reason = "below 2^32")]
                let digit = (if last { digit - half } else { digit }) as i64;
                *self.at(k) += digit;
                rest = if last { 0 } else { carry };
                k += 1;
            }
        }
        self.pending += 1;
        if self.pending >= TOGETHER {
            self.settle();
        }
    }

    /// A digit, which is made where there is none.
    fn at(&mut self, place: i32) -> &mut i64 {
        if self.digits.is_empty() {
            self.first = place;
        }
        if place < self.first {
            let more = self.first.abs_diff(place) as usize;
            self.digits.splice(0..0, std::iter::repeat_n(0, more));
            self.first = place;
        }
        let at = place.abs_diff(self.first) as usize;
        if at >= self.digits.len() {
            self.digits.resize(at + 1, 0);
        }
        &mut self.digits[at]
    }

    /// Brings the digits into the one form that the sum has.
    pub(crate) fn settle(&mut self) {
        let mut carry = 0;
        for digit in &mut self.digits {
            let all = *digit + carry;
            (*digit, carry) = (all.rem_euclid(BASE), all.div_euclid(BASE));
        }
        if carry != 0 {
            self.digits.push(carry);
        }
        while let [.., below, -1] = self.digits.as_mut_slice() {
            // -1 above a digit d is d - 2^32 in its place: a digit of its own only where it is needed.
            if *below == 0 {
                break;
            }
            *below -= BASE;
            self.digits.pop();
            if self.digits.last() != Some(&-1) {
                break;
            }
        }
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        let zeros = self.digits.iter().take_while(|&&digit| digit == 0).count();
        self.digits.drain(..zeros);
        self.first = if self.digits.is_empty() { 0 } else { self.first + i32::try_from(zeros).unwrap_or(0) };
        self.pending = 0;
    }

    /// The sum over a positive number, rounded at the end only: neither overflows before the quotient does.
    pub(crate) fn over(&self, divisor: f64) -> f64 {
        let (value, power) = self.rounded();
        times_power(value / divisor, power)
    }

    /// The square root of the sum over a positive number, likewise; NaN where it is negative.
    pub(crate) fn root_over(&self, divisor: f64) -> f64 {
        let (value, power) = self.rounded();
        times_power((value / divisor).sqrt(), power / 2)
    }

    /// The sum rounded to a number times an even power of two.
    pub(crate) fn rounded(&self) -> (f64, i32) {
        let mut sum = self.clone();
        sum.settle();
        let negative = sum.digits.last().is_some_and(|&digit| digit < 0);
        if negative {
            sum.digits.iter_mut().for_each(|digit| *digit = -*digit);
            sum.settle();
        }
        let n = sum.digits.len();
        let top = n.saturating_sub(4);
        let mut whole = 0_u128;
        for &digit in sum.digits[top..].iter().rev() {
            whole = (whole << BITS) | u128::from(digit.unsigned_abs());
        }
        // What lies below tips the balance where the rest stands in the middle; four digits have 97 bits or more.
        if sum.digits[..top].iter().any(|&digit| digit != 0) {
            whole |= 1;
        }
        let value = whole as f64;
        (if negative { -value } else { value }, (sum.first + i32::try_from(top).unwrap_or(0)) * BITS)
    }
}

/// `sum (x - mean x) (y - mean y)`, given the sums of `x y`, `x` and `y` over `n` cities: exact but for the last step.
pub(crate) fn co_deviations(xy: &Exact, x: &Exact, y: &Exact, n: f64) -> Exact {
    // Around the rounded means the sum is exact; what the rounding left of the means is then tiny, and taken off.
    let (cx, cy) = (x.over(n), y.over(n));
    let mut total = xy.clone();
    total.add_scaled(y, -cx);
    total.add_scaled(x, -cy);
    let mut product = Exact::default();
    product.add_product(cx, cy);
    total.add_scaled(&product, n);
    let left = |sum: &Exact, centre: f64| {
        let mut left = sum.clone();
        left.add_product(-centre, n);
        left.over(1.0)
    };
    total.add_product(-left(x, cx) / n, left(y, cy));
    total.settle();
    total
}

/// `x 2^power`, in steps that neither overflow nor vanish before the result does.
pub(crate) fn times_power(mut x: f64, mut power: i32) -> f64 {
    while power > 1000 {
        x *= 2.0_f64.powi(1000);
        power -= 1000;
    }
    while power < -1000 {
        x *= 2.0_f64.powi(-1000);
        power += 1000;
    }
    x * 2.0_f64.powi(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(sum: &Exact) -> f64 {
        sum.over(1.0)
    }

    #[test]
    fn sums_lose_nothing() {
        assert_eq!(value(&Exact::of([1e300, 1.0, -1e300])), 1.0);
        assert_eq!(value(&Exact::of([1e-300, 1e300, -1e300])), 1e-300);
        assert_eq!(value(&Exact::of([0.1; 10])), 1.0);
        assert_eq!(value(&Exact::of([-0.1, 0.1])), 0.0);
        assert_eq!(Exact::of([-0.1, 0.1]), Exact::default());
        assert_eq!(value(&Exact::of([5e-324, 5e-324])), 1e-323);
        // The sum overflows, the mean does not.
        assert_eq!(Exact::of([f64::MAX, f64::MAX, f64::MAX]).over(3.0), f64::MAX);
        assert_eq!(value(&Exact::of([-1.0, -2.0, 0.5])), -2.5);
        assert_eq!(value(&Exact::of([-4294967296.0])), -4294967296.0);
        assert_eq!(value(&Exact::of([4294967295.0, -4294967296.0])), -1.0);
    }

    #[test]
    fn rounding_is_to_the_nearest_whatever_lies_far_below() {
        // 1 + 2^-53 stands in the middle between two numbers: the tiny rest decides.
        let half = 2.0_f64.powi(-53);
        assert_eq!(value(&Exact::of([1.0, half])), 1.0);
        assert_eq!(value(&Exact::of([1.0, half, 1e-200])), 1.0 + 2.0 * half);
        assert_eq!(value(&Exact::of([1.0, half, -1e-200])), 1.0);
    }

    #[test]
    fn products_and_multiples_are_exact() {
        let mut sum = Exact::default();
        sum.add_product(1e200, 1e200);
        sum.add_product(-1e200, 1e200);
        sum.add_product(1e-200, 1e-100);
        assert_eq!(value(&sum), 1e-300);
        let mut sum = Exact::default();
        sum.add_product(3e180, 3e180);
        assert_eq!(sum.root_over(1.0), 3e180);
        let mut triple = Exact::of([-7.0, 0.25]);
        let copy = triple.clone();
        triple.add_scaled(&copy, 2.0);
        assert_eq!(value(&triple), -20.25);
        triple.add_scaled(&copy, -3.0);
        triple.settle();
        assert_eq!(triple, Exact::default());
    }

    proptest::proptest! {
        #[test]
        fn no_order_and_no_grouping_changes_a_digit(
            bits in proptest::collection::vec(proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL, 1..30),
            cut in 0_usize..30,
        ) {
            let (left, right) = bits.split_at(cut.min(bits.len()));
            let of = |terms: &[f64]| {
                let mut sum = Exact::of(terms.iter().copied());
                for &x in terms {
                    sum.add_product(x, x);
                }
                sum.settle();
                sum
            };
            let (mut a, mut b) = (of(left), of(right));
            let whole = of(&bits.iter().rev().copied().collect::<Vec<_>>());
            let copy = a.clone();
            a.merge(&b);
            b.merge(&copy);
            proptest::prop_assert_eq!(&a, &whole);
            proptest::prop_assert_eq!(&b, &whole);
            let back: Exact = serde_json::from_str(&serde_json::to_string(&a).unwrap()).unwrap();
            proptest::prop_assert_eq!(back, whole);
        }

        #[test]
        fn sums_of_whole_numbers_are_those_of_whole_numbers(terms in proptest::collection::vec(-1_000_000_000_000_i64..1_000_000_000_000, 1..50)) {
            let sum: i64 = terms.iter().sum();
            proptest::prop_assert_eq!(value(&Exact::of(terms.iter().map(|&t| t as f64))), sum as f64);
        }
    }
}
