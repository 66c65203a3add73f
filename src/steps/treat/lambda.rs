//! The power of Box-Cox and Yeo-Johnson transforms, given or learned.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The power `lambda` of a [`Treatment::BoxCox`](crate::Treatment::BoxCox) or
/// [`Treatment::YeoJohnson`](crate::Treatment::YeoJohnson).
///
/// 1 leaves the form of a distribution as it is, 0.5 is a square root, 0 a logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lambda {
    /// The same for every indicator.
    Given(f64),
    /// For each indicator the power under which its values are most like a normal distribution: the maximum of the profile
    /// log-likelihood between -10 and 10, to about 1e-12.
    ///
    /// Pitfall: with few cities it is very uncertain, and one outlier decides it. Errors: no maximum in between, which
    /// values in two clusters can bring about.
    #[default]
    MaximumLikelihood,
}

impl fmt::Display for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(lambda) => write!(f, "lambda {lambda}"),
            Self::MaximumLikelihood => f.pad("lambda by maximum likelihood"),
        }
    }
}

/// A transform as the likelihood sees it.
pub(super) struct Likelihood<'a> {
    /// The values.
    pub(super) values: &'a [f64],
    /// The transform of one and its derivative by lambda.
    pub(super) transform: fn(f64, f64) -> (f64, f64),
    /// The derivative by lambda of the logarithm of the Jacobian determinant.
    pub(super) jacobian: f64,
}

impl Likelihood<'_> {
    /// The profile log-likelihood up to a constant, and its derivative; minus infinity where it overflows.
    fn at(&self, lambda: f64) -> (f64, f64) {
        let pairs: Vec<(f64, f64)> = self.values.iter().map(|&v| (self.transform)(v, lambda)).collect();
        let n = pairs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(|p| of(p) / n).sum::<f64>();
        let (centre, slope) = (mean(|p| p.0), mean(|p| p.1));
        // Deviations are divided by the largest, so that their squares neither overflow nor vanish.
        let largest = pairs.iter().fold(0.0_f64, |a, p| a.max((p.0 - centre).abs()));
        if !(largest.is_normal() && slope.is_finite()) {
            return (f64::NEG_INFINITY, f64::NAN);
        }
        let squares: f64 = pairs.iter().map(|p| ((p.0 - centre) / largest).powi(2)).sum();
        let products: f64 = pairs.iter().map(|p| (p.0 - centre) / largest * ((p.1 - slope) / largest)).sum();
        let value = (lambda - 1.0) * self.jacobian - n / 2.0 * ((squares / n).ln() + 2.0 * largest.ln());
        (value, self.jacobian - n * products / squares)
    }

    /// Where it is largest between -10 and 10; none where it has no maximum in between.
    ///
    /// A golden section finds a flat top only to half of the digits; the root of the derivative is found to nearly all.
    pub(super) fn maximise(&self) -> Option<f64> {
        const PARTS: i32 = 80;
        const STEP: f64 = 0.25;
        let lambda = |i: i32| f64::from(i - PARTS / 2) * STEP;
        let mut best = (f64::NEG_INFINITY, 0);
        for i in 0..=PARTS {
            let value = self.at(lambda(i)).0;
            if value > best.0 {
                best = (value, i);
            }
        }
        let (mut low, mut high) = (lambda(best.1 - 1), lambda(best.1 + 1));
        if best.1 == 0 || best.1 == PARTS || !(self.at(low).1 > 0.0 && self.at(high).1 < 0.0) {
            return None;
        }
        for _ in 0..60 {
            let middle = low / 2.0 + high / 2.0;
            if self.at(middle).1 > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low / 2.0 + high / 2.0)
    }
}
