//! Whether cities come closer to one another.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Trend;
use super::columns::Columns;
use super::print::short;
use crate::error::{Fault, Problem, Problems, Result};
use crate::framework::Framework;
use crate::kernel::least_squares::Line;
use crate::kernel::stats;
use crate::observations::Observations;
use crate::text::probability;

/// On what scale growth is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrowthScale {
    /// Of logarithms, so that growth is a rate: for income, output, population. Takes figures above 0.
    Log,
    /// Of the values as they are: for scores and shares.
    Level,
}

impl GrowthScale {
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Log => value.ln(),
            Self::Level => value,
        }
    }
}

impl fmt::Display for GrowthScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Log => "logarithms",
            Self::Level => "levels",
        })
    }
}

/// Whether those who start low grow faster: the line of least squares of mean growth a year on the initial value, both on the
/// chosen scale. See [`Convergence::beta`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Beta {
    /// The slope: negative where those who start low grow faster.
    pub slope: f64,
    /// The growth of a city that starts at 0 on the scale.
    pub intercept: f64,
    /// The standard error of the slope.
    pub error: f64,
    /// The two-sided probability of a slope as far from 0 where there is none: Student's, with two degrees of freedom less than
    /// cities. None where all cities lie on the line, so that nothing is left to judge by.
    pub p: Option<f64>,
    /// The share of the variance of growth that the line explains; none where all grow alike.
    pub r_squared: Option<f64>,
    /// `-ln(1 + slope * T) / T` with the span `T` in years: the share of the remaining distance that is made up in a year.
    /// Negative where cities part; none where `1 + slope * T` is not above 0.
    pub speed: Option<f64>,
}

impl Beta {
    /// `ln 2 / speed`: the years in which half of the distance is made up; none where cities do not come closer.
    #[must_use]
    pub fn half_life(&self) -> Option<f64> {
        self.speed.filter(|&speed| speed > 0.0).map(|speed| std::f64::consts::LN_2 / speed)
    }
}

/// How far apart the cities are in a year. See [`Convergence::sigma`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct YearSpread {
    /// The year.
    pub year: i32,
    /// The standard deviation on the chosen scale, with the divisor `n - 1`.
    pub sd: f64,
    /// The coefficient of variation: the standard deviation of the values as they are, over their mean. None where the mean is
    /// not above 0.
    pub variation: Option<f64>,
}

/// Whether cities come closer to one another: beta (those behind grow faster) and sigma (the spread shrinks).
///
/// Of the cities that have a value in every one of the years, so that the same ones are compared: how many these are, and who is
/// left out, is part of the result. Beta convergence is necessary for sigma convergence and not sufficient; and a random error of
/// the first year alone makes beta look negative (Galton's fallacy), which sigma does not.
///
/// ```
/// use longspring::{Convergence, GrowthScale, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let income = Convergence::of_series(&known, &framework, "gdp_per_head", 2001..=2012, GrowthScale::Log)?;
/// println!("{income}");
/// assert_eq!((income.cities, income.sigma.len()), (30, 12));
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: Barro and Sala-i-Martin (1992), [10.1086/261816](https://doi.org/10.1086/261816).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Convergence {
    /// The code of the series or node.
    pub node: String,
    /// The scale.
    pub scale: GrowthScale,
    /// The first year.
    pub first: i32,
    /// The last year.
    pub last: i32,
    /// How many cities have a value in every year.
    pub cities: usize,
    /// The keys of those that have not, in their order.
    pub left_out: Vec<String>,
    /// Whether those who start low grow faster.
    pub beta: Beta,
    /// How far apart the cities are in each year.
    pub sigma: Vec<YearSpread>,
    /// The trend of the standard deviations; none below three years. Its test takes the years to be independent, which they are
    /// not.
    pub sigma_trend: Option<Trend>,
}

impl Convergence {
    /// Of the figures of an indicator or context series in these very years, before denomination and of any status.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such series, with the nearest code;
    /// [`Error::Invalid`](crate::Error::Invalid) for a node that has no figures, below two years, where years do not ascend, for
    /// a year in which nobody has a figure, below three cities with all years, for a figure at or below 0 on the scale of
    /// logarithms, and where all cities start alike.
    pub fn of_series(
        known: &Observations,
        framework: &Framework,
        series: &str,
        years: impl IntoIterator<Item = i32>,
        scale: GrowthScale,
    ) -> Result<Self> {
        Self::of(&Columns::of_series(known, framework, series, years)?, scale)
    }

    pub(super) fn of(columns: &Columns, scale: GrowthScale) -> Result<Self> {
        const NEED: usize = 3;
        let (first, last) = columns.span("convergence", 2)?;
        let node = columns.node.code.clone();
        let (mut balanced, mut left_out) = (Vec::new(), Vec::new());
        for ((key, _), values) in columns.cities.iter().zip(&columns.values) {
            if values.iter().any(|v| v.is_nan()) {
                left_out.push(key.clone());
            } else {
                balanced.push((key, values));
            }
        }
        let have = balanced.len();
        if have < NEED {
            let what = format!("a value of `{node}` in each of the {} years", columns.years.len());
            return Err(Fault::FewCities { what, have, need: NEED }.into());
        }
        if scale == GrowthScale::Log {
            let figures =
                balanced.iter().flat_map(|(key, values)| values.iter().zip(&columns.years).map(move |v| (key, v)));
            let wrong = figures.filter(|(_, (value, _))| **value <= 0.0).map(|(city, (&value, &year))| {
                let (series, city) = (node.clone(), (*city).clone());
                Problem::from(Fault::NotPositive { what: "a logarithm", series, city, year: Some(year), value })
            });
            Problems::check(wrong.collect())?;
        }
        let of_year = |at: usize| balanced.iter().map(|(_, values)| values[at]).collect::<Vec<f64>>();
        let scaled = |at: usize| of_year(at).into_iter().map(|v| scale.of(v)).collect::<Vec<f64>>();
        let span = f64::from(last) - f64::from(first);
        let (start, end) = (scaled(0), scaled(columns.years.len() - 1));
        let growth: Vec<f64> = start.iter().zip(&end).map(|(a, b)| b / span - a / span).collect();
        let Some(line) = Line::of(&start, &growth) else {
            let (low, high) = stats::range(&start);
            return Err(if low == high {
                let (what, value) = ("convergence", of_year(0)[0]);
                Fault::SameEverywhere { what, series: node, value, cities: have, year: first }
            } else {
                Fault::Magnitude { indicator: node, low, high }
            }
            .into());
        };
        let left = 1.0 + line.slope * span;
        let speed = (left > 0.0).then(|| -left.ln() / span);
        let (p, r_squared) = (line.p, line.r_squared);
        let beta = Beta { slope: line.slope, intercept: line.intercept, error: line.error, p, r_squared, speed };
        let sigma: Vec<YearSpread> =
            columns.years.iter().enumerate().map(|(at, &year)| spread(year, &of_year(at), scale)).collect();
        let years: Vec<f64> = columns.years.iter().map(|&year| f64::from(year)).collect();
        let sigma_trend = Trend::of(&years, &sigma.iter().map(|s| s.sd).collect::<Vec<f64>>(), super::CONFIDENCE);
        Ok(Self { node, scale, first, last, cities: have, left_out, beta, sigma, sigma_trend })
    }
}

fn spread(year: i32, values: &[f64], scale: GrowthScale) -> YearSpread {
    let scaled: Vec<f64> = values.iter().map(|&v| scale.of(v)).collect();
    let mean = stats::mean(values);
    let variation = (mean > 0.0).then(|| stats::sd(values, 1.0) / mean);
    YearSpread { year, sd: stats::sd(&scaled, 1.0), variation }
}

/// Beta and sigma in words, with what they rest on.
impl fmt::Display for Convergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, scale, first, last, cities, left_out, beta, .. } = self;
        let out = left_out.len();
        writeln!(f, "{node}, {first} to {last}, {scale}: {cities} cities with every year, {out} left out")?;
        let word = if beta.slope < 0.0 { "those behind grow faster" } else { "those behind do not grow faster" };
        write!(f, "  beta {} (error {}", short(beta.slope), short(beta.error))?;
        match beta.p {
            Some(p) => write!(f, ", p {}): {word}", probability(p))?,
            None => write!(f, ", no p: the cities lie on the line): {word}")?,
        }
        match beta.half_life() {
            Some(years) => writeln!(f, ", half of the distance in {} years", short(years))?,
            None => writeln!(f)?,
        }
        if let (Some(a), Some(b)) = (self.sigma.first(), self.sigma.last()) {
            let word = if b.sd < a.sd {
                "closer"
            } else if b.sd > a.sd {
                "further apart"
            } else {
                "as far apart as before"
            };
            write!(f, "  sigma {} in {first}, {} in {last}: {word}", short(a.sd), short(b.sd))?;
        }
        match &self.sigma_trend {
            Some(trend) => writeln!(f, "; {trend}"),
            None => writeln!(f),
        }
    }
}
