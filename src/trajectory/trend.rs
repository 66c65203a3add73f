//! The robust trend of a series.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::print::short;
use crate::kernel::trend::{MannKendall, TheilSen};
use crate::text::probability;

/// Which way a series goes, whatever its outliers: the slope of Theil and Sen, and the test of Mann and Kendall.
///
/// With `n` figures `y` of the years `t`: the slope is the median of `(y_j - y_i) / (t_j - t_i)` over all pairs `i < j`, so
/// that gaps between years change nothing; the line goes through the median of `y - slope * t`; `s` is the number of pairs
/// that rise less the number that fall. The slope of a series that is always the same is 0, and its `p` is 1: every order of
/// it gives the same `s`.
///
/// Pitfall: `p` takes the years to be independent. A level that carries over from year to year, as a city's population does,
/// makes small values of `p` common.
///
/// References: Sen (1968), [10.1080/01621459.1968.10480934](https://doi.org/10.1080/01621459.1968.10480934); Mann (1945),
/// [10.2307/1907187](https://doi.org/10.2307/1907187); Kendall (1970), *Rank Correlation Methods*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trend {
    /// How much a year: the unit of the series a year, positive where the figures rise (whatever the direction).
    pub slope: f64,
    /// The value of the line in the year 0; of use in the formula of the line alone. See [`Trend::at`].
    pub intercept: f64,
    /// Between which slopes the true one lies with the [confidence](Self::confidence) asked for, by inverting the test of Mann
    /// and Kendall (normal approximation, corrected for ties). None where there are too few figures to rule out any slope: below
    /// five at 95 %.
    pub interval: Option<(f64, f64)>,
    /// The confidence of the interval, between 0 and 1.
    pub confidence: f64,
    /// Pairs of figures that rise less pairs that fall.
    pub s: i64,
    /// The variance of `s` where nothing rises or falls: `(n (n - 1) (2 n + 5) - sum u (u - 1) (2 u + 5)) / 18` over the groups
    /// of `u` equal figures.
    pub variance: f64,
    /// `(s - 1) / sqrt(variance)`, or `(s + 1) / sqrt(variance)` where `s` is negative; 0 where it is 0.
    pub z: f64,
    /// Kendall's tau-b of figures and years, from -1 to 1: the share of pairs that rise less the share that fall.
    pub tau: f64,
    /// The two-sided probability of an `s` as far from 0 where nothing rises or falls.
    pub p: f64,
    /// How `p` was computed.
    pub basis: Basis,
    /// How many figures there are.
    pub figures: usize,
    /// A year that the line goes through, and its value there.
    anchor: (f64, f64),
}

/// How a probability was computed. See [`Trend::p`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// Counted over all orders of the figures: where no two are equal, and there are at most 60.
    Exact,
    /// By the normal distribution of [`Trend::z`].
    Normal,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Exact => "exact",
            Self::Normal => "normal",
        })
    }
}

impl Trend {
    /// Of figures in the order of their years; none below three, or where they are too large.
    pub(super) fn of(years: &[f64], values: &[f64], confidence: f64) -> Option<Self> {
        let test = MannKendall::of(years, values)?;
        let line = TheilSen::of(years, values, confidence)?;
        let intercept = line.at(0.0);
        intercept.is_finite().then_some(Self {
            slope: line.slope,
            intercept,
            interval: line.interval,
            confidence,
            s: test.s,
            variance: test.variance,
            z: test.z,
            tau: test.tau,
            p: test.p,
            basis: if test.exact { Basis::Exact } else { Basis::Normal },
            figures: years.len(),
            anchor: line.anchor,
        })
    }

    /// The value of the line in a year.
    ///
    /// ```
    /// use longspring::{Trajectory, article};
    ///
    /// let changchun = Trajectory::of_series(&article::observations(), &article::framework(), "changchun", "population")?;
    /// let trend = changchun.trend.unwrap();
    /// assert!((trend.at(2010) - trend.at(2000) - 10.0 * trend.slope).abs() < 1e-6);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self, year: i32) -> f64 {
        self.anchor.1 + self.slope * (f64::from(year) - self.anchor.0)
    }
}

/// The slope with its interval, and the test.
impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.slope > 0.0 { "+" } else { "" };
        write!(f, "{sign}{} a year", short(self.slope))?;
        if let Some((low, high)) = self.interval {
            write!(f, " ({:.0} %: {} to {})", self.confidence * 100.0, short(low), short(high))?;
        }
        write!(f, ", tau {:.2}, p {} ({})", self.tau, probability(self.p), self.basis)
    }
}
