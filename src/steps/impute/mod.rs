//! Step 3: filling in missing figures.

mod covariance;
mod filler;
mod similar;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use filler::{Columns, Filler};

use crate::error::Fault;

/// How missing figures are filled in, after denomination and before treatment.
///
/// Everything is learned from the cities of the fit and frozen, so that a new city's gaps are filled by the same rule. Known
/// figures are never touched. Every figure that was filled in is flagged ([`Flag::Imputed`](crate::Flag::Imputed)), and each
/// score says what share of it rests on such figures ([`Standing::imputed`](crate::Standing::imputed)). What cannot be filled
/// in stays missing, under the coverage rule: an indicator that nobody has; in the methods that learn from a city's other
/// figures, a city that has none. For filling in over time see [`OverTime`](crate::OverTime).
///
/// Pitfall: imputation makes a table look more certain than it is. Compare with
/// [`Imputation::None`], and read the shares.
///
/// ```
/// use longspring::{Cut, Imputation, Method, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().imputation(Imputation::NearestCities { k: 3 }).fit(&framework, &cities)?.score(&cities)?;
/// let togliatti = scores.get("togliatti", "renewal")?;
/// println!("{togliatti}");
/// # assert!(togliatti.imputed > 0.0);
///
/// // by region: nobody in East Asia has tertiary attainment, and that is said, not guessed
/// let by_region = Method::new().imputation(Imputation::GroupMedian { attribute: "region".into() });
/// let error = by_region.fit(&framework, &cities).unwrap_err().to_string();
/// assert!(error.contains("nobody in the region `East Asia` has `tertiary_attainment`"), "{error}");
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 3 (pp. 55-62),
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Imputation {
    /// Not at all: a mean is taken over what is known, with the weights rescaled, under the coverage rule.
    #[default]
    None,
    /// The mean of the cities that have the indicator.
    Mean,
    /// Their median.
    Median,
    /// The mean of the cities of the same group, by an attribute such as `region`.
    ///
    /// The attribute is a column of the table of cities, not of the figures: see
    /// [`Dataset::with_cities`](crate::Dataset::with_cities).
    ///
    /// Errors: a group in which nobody has an indicator that one of its cities lacks; an attribute that no city has. A city of no
    /// group, or of one that was not there at the fit, keeps its gaps.
    ///
    /// ```
    /// use longspring::{Cities, Dataset, Direction, Framework, Imputation, Input, Method, Node};
    ///
    /// let framework = Framework::new([
    ///     Node::index("renewal"),
    ///     Node::indicator("wages", "renewal", Direction::HigherIsBetter),
    /// ])?;
    /// let figures = Input::text("city,wages\na,30\nb,20\nc,10\nd,NA\n", "figures.csv");
    /// let who = Input::text("city,region\na,north\nb,north\nc,south\nd,north\n", "cities.csv");
    /// let cities = Dataset::read_csv(figures, &framework)?.with_cities(&Cities::read_csv(who)?)?;
    /// let method = Method::new().imputation(Imputation::GroupMean { attribute: "region".into() });
    /// let scores = method.fit(&framework, &cities)?.score(&cities)?;
    /// assert_eq!(scores.score("d", "renewal")?, Some(75.0)); // wages of 25, on a scale from 10 to 30
    /// # Ok::<(), longspring::Error>(())
    /// ```
    GroupMean {
        /// The attribute of the cities.
        attribute: String,
    },
    /// The median of the cities of the same group; else as the group mean, where an example stands.
    GroupMedian {
        /// The attribute of the cities.
        attribute: String,
    },
    /// The mean of the city's own other indicators of the same measure, on a temporary common scale: every indicator from 0
    /// (worst) to 1 (best) of the sample, and back into its own unit. The form of the R package COINr (rows within groups).
    MeasureMean,
    /// The mean of the `k` most similar cities that have the indicator.
    ///
    /// Distance: the root of the mean square difference over the indicators that both have, each divided by its range.
    /// Cities as near as the last one count too, so that no order of the cities decides.
    NearestCities {
        /// How many.
        k: usize,
    },
    /// The prediction of the indicator that correlates most with it among those that the city has: a straight line by least
    /// squares over the cities that have both, at least three of them. Of equal correlations the first indicator's.
    Regression,
    /// The expected value given all the indicators that the city has, under a joint normal distribution whose means and
    /// covariances are found by expectation and maximisation. Errors: it does not settle within the iterations; not more
    /// cities than indicators, or indicators that say the same (the covariances are singular).
    ///
    /// Reference: Dempster, Laird and Rubin (1977),
    /// [10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x).
    ExpectationMaximisation {
        /// The most iterations.
        iterations: usize,
        /// The largest change of a mean or covariance, of standardised indicators, at which it has settled.
        tolerance: f64,
    },
}

impl Imputation {
    /// Expectation and maximisation with 1,000 iterations at most, to 1e-8.
    #[must_use]
    pub const fn expectation_maximisation() -> Self {
        Self::ExpectationMaximisation { iterations: 1_000, tolerance: 1e-8 }
    }

    /// Whether anything is filled in.
    pub(crate) fn is_some(&self) -> bool {
        *self != Self::None
    }

    /// The attribute by which cities are grouped, where they are.
    pub(crate) fn attribute(&self) -> Option<&str> {
        match self {
            Self::GroupMean { attribute } | Self::GroupMedian { attribute } => Some(attribute),
            _ => None,
        }
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        let parameter = |name, value, need| vec![Fault::Parameter { name, value, need }];
        match self {
            Self::NearestCities { k: 0 } => parameter("the number of nearest cities", 0.0, "1 or more"),
            Self::ExpectationMaximisation { iterations: 0, .. } => {
                parameter("the iterations of expectation and maximisation", 0.0, "1 or more")
            }
            Self::ExpectationMaximisation { tolerance, .. } if !(tolerance.is_finite() && *tolerance > 0.0) => {
                parameter("the tolerance of expectation and maximisation", *tolerance, "a finite number above 0")
            }
            _ => Vec::new(),
        }
    }

    /// Whether it learns something from every table.
    pub(crate) fn always_learns(&self) -> bool {
        !matches!(self, Self::None | Self::ExpectationMaximisation { .. })
    }

    /// Whether it is this rule that gave a filler.
    pub(crate) fn is_of(&self, filler: &Filler) -> bool {
        match self {
            Self::None => false,
            Self::Mean | Self::Median => matches!(filler, Filler::Number(_)),
            Self::GroupMean { .. } | Self::GroupMedian { .. } => matches!(filler, Filler::Group(_)),
            Self::MeasureMean => matches!(filler, Filler::Measure(_)),
            Self::NearestCities { .. } => matches!(filler, Filler::Neighbours(_)),
            Self::Regression => matches!(filler, Filler::Lines(_)),
            Self::ExpectationMaximisation { .. } => matches!(filler, Filler::Normal(_)),
        }
    }

    /// Learns how to fill in; nothing where there is nothing to learn from.
    pub(crate) fn learn(&self, columns: &Columns<'_>) -> Result<Option<Filler>, Vec<Fault>> {
        let all_known = columns.values.iter().all(|c| c.iter().all(|v| !v.is_nan()));
        let one = |filler: Result<Filler, Fault>| filler.map(Some).map_err(|fault| vec![fault]);
        match self {
            Self::None => Ok(None),
            Self::Mean => Ok(Some(Filler::one_number(columns, false))),
            Self::Median => Ok(Some(Filler::one_number(columns, true))),
            Self::GroupMean { attribute } => Filler::by_group(columns, attribute, false).map(Some),
            Self::GroupMedian { attribute } => Filler::by_group(columns, attribute, true).map(Some),
            Self::MeasureMean => Ok(Some(Filler::measure(columns))),
            Self::NearestCities { k } => Ok(Some(Filler::nearest(columns, *k))),
            Self::Regression => Ok(Some(Filler::regression(columns))),
            // A table without gaps may have more indicators than cities, and needs nothing filled in.
            Self::ExpectationMaximisation { .. } if all_known && columns.values.len() >= columns.cities() => Ok(None),
            Self::ExpectationMaximisation { iterations, tolerance } => {
                one(Filler::expectation_maximisation(columns, *iterations, *tolerance))
            }
        }
    }
}

impl fmt::Display for Imputation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.pad("none"),
            Self::Mean => f.pad("mean"),
            Self::Median => f.pad("median"),
            Self::GroupMean { attribute } => write!(f, "mean of the cities of the same {attribute}"),
            Self::GroupMedian { attribute } => write!(f, "median of the cities of the same {attribute}"),
            Self::MeasureMean => f.pad("mean of the city's own measure"),
            Self::NearestCities { k } => write!(f, "mean of the {k} most similar cities"),
            Self::Regression => f.pad("regression on the indicator that correlates most"),
            Self::ExpectationMaximisation { iterations, tolerance } => {
                write!(f, "expectation and maximisation ({iterations} iterations, to {tolerance})")
            }
        }
    }
}
