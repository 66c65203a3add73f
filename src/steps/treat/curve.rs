//! What a treatment learned of an indicator: a rising curve.

use serde::{Deserialize, Serialize};

/// A rising map of values: first into the ends that were learned, then through a transform.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Curve {
    /// What is lower becomes this.
    pub(super) low: Option<f64>,
    /// What is higher becomes this.
    pub(super) high: Option<f64>,
    pub(super) shape: Shape,
}

/// A transform that rises wherever it is defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shape {
    /// The value as it is.
    Straight,
    /// `ln(slope (x - origin) + add)`, negated where the slope is negative, so that it rises.
    Log {
        origin: f64,
        slope: f64,
        add: f64,
    },
    /// The power of `x - origin + 1`, or of `x` where there is no origin.
    BoxCox {
        origin: Option<f64>,
        lambda: f64,
    },
    YeoJohnson {
        lambda: f64,
    },
}

impl Curve {
    pub(super) fn of(shape: Shape) -> Self {
        Self { low: None, high: None, shape }
    }

    /// The value between the ends that were learned; NaN stays NaN.
    pub(crate) fn clamp(&self, value: f64) -> f64 {
        // A comparison with NaN is false, so that a missing value stays one.
        match (self.low, self.high) {
            (Some(low), _) if value < low => low,
            (_, Some(high)) if value > high => high,
            _ => value,
        }
    }

    /// The treated value; NaN where it is missing, and where the transform is not defined (a new city's value too far below
    /// or above the sample).
    pub(crate) fn apply(&self, value: f64) -> f64 {
        let treated = self.shape.of(self.clamp(value));
        if treated.is_finite() { treated } else { f64::NAN }
    }

    /// Where a goalpost or target comes to lie: it is no outlier, and not clamped. NaN where the transform is not defined.
    pub(crate) fn transform(&self, value: f64) -> f64 {
        self.shape.of(value)
    }

    /// Whether a stored curve can be used.
    pub(crate) fn is_sound(&self) -> bool {
        let ends = [self.low, self.high];
        let ordered = self.low.zip(self.high).is_none_or(|(low, high)| low < high);
        ordered && ends.iter().flatten().all(|end| end.is_finite()) && self.shape.is_sound()
    }
}

impl Shape {
    fn of(&self, x: f64) -> f64 {
        match *self {
            Self::Straight => x,
            Self::Log { origin, slope, add } => {
                let run = slope * (x - origin);
                let log = if add == 1.0 { run.ln_1p() } else { (run + add).ln() };
                log * slope.signum()
            }
            // The logarithm of what is not positive is NaN or infinite, and so is what follows.
            Self::BoxCox { origin: None, lambda } => power(x.ln(), lambda),
            Self::BoxCox { origin: Some(origin), lambda } => power((x - origin).ln_1p(), lambda),
            Self::YeoJohnson { lambda } => yeo_johnson(x, lambda).0,
        }
    }

    fn is_sound(&self) -> bool {
        match *self {
            Self::Straight => true,
            Self::Log { origin, slope, add } => origin.is_finite() && slope.is_normal() && add.is_finite() && add > 0.0,
            Self::BoxCox { origin, lambda } => origin.is_none_or(f64::is_finite) && lambda.is_finite(),
            Self::YeoJohnson { lambda } => lambda.is_finite(),
        }
    }
}

/// `(e^(lambda u) - 1) / lambda`, which is `u` at 0: the Box-Cox transform of `e^u`; not finite for a `u` that is not.
fn power(u: f64, lambda: f64) -> f64 {
    // With a negative power the limit at minus infinity is not finite by itself: `e^(lambda u)` overflows there.
    if !u.is_finite() {
        return f64::NAN;
    }
    if lambda == 0.0 { u } else { (lambda * u).exp_m1() / lambda }
}

/// The Box-Cox transform of `e^u` and its derivative by lambda.
pub(super) fn box_cox(u: f64, lambda: f64) -> (f64, f64) {
    let (y, t) = (power(u, lambda), lambda * u);
    // Near 0 the difference would lose its digits; four terms of the series are exact to the last one.
    let slope = if t.abs() < 1e-3 {
        u * u * (0.5 + t * (1.0 / 3.0 + t * (0.125 + t * (1.0 / 30.0 + t / 144.0))))
    } else {
        (t.exp() * u - y) / lambda
    };
    (y, slope)
}

/// The Yeo-Johnson transform and its derivative by lambda.
pub(super) fn yeo_johnson(x: f64, lambda: f64) -> (f64, f64) {
    if x >= 0.0 {
        return box_cox(x.ln_1p(), lambda);
    }
    let (y, slope) = box_cox((-x).ln_1p(), 2.0 - lambda);
    (-y, slope)
}
