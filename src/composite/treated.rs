//! The record of what the treatment did to the cities of the fit.

use serde::{Deserialize, Serialize};

use super::Composite;
use crate::steps::treat::Treated;

/// What the treatment did to an indicator when the composite was fitted, and every point that it pulled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TreatedIndicator {
    /// The indicator, what was done, and skewness and kurtosis before and after.
    pub treatment: Treated,
    /// The points that were pulled in, in the order of the cities; none where the whole indicator was transformed.
    pub changed: Vec<ChangedPoint>,
}

/// A value that the treatment pulled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ChangedPoint {
    /// The key of the city.
    pub city: String,
    /// Its value after denomination and imputation.
    pub before: f64,
    /// The value that took its place.
    pub after: f64,
}

impl Composite {
    /// What the treatment did to the cities of the fit: a record for every indicator that it looked at.
    ///
    /// ```
    /// use longspring::{Cut, Method, Treatment, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let composite = Method::new().treatment(Treatment::winsorise(5)).fit(&framework, &cities)?;
    /// for record in composite.treated() {
    ///     println!("{}: {} points pulled in", record.treatment.indicator, record.changed.len());
    /// }
    /// # Ok::<(), longspring::Error>(())
    /// ```
    #[must_use]
    pub fn treated(&self) -> impl ExactSizeIterator<Item = &TreatedIndicator> {
        self.fitted.treated.iter()
    }

    /// The codes of the indicators that the method's screening left out.
    pub fn screened(&self) -> impl ExactSizeIterator<Item = &str> {
        self.fitted.screened.iter().map(String::as_str)
    }
}
