//! How unequal cities are, within and between groups.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::print::percent;
use crate::dataset::Dataset;
use crate::error::{Fault, Problem, Problems, Result};
use crate::kernel::stats;
use crate::text::{left, width};

/// Theil's two indices of the inequality of a series, to be taken of a table.
///
/// With shares `p` of the cities (all the same, or by a weight such as inhabitants), values `x` and their mean `m = sum p x`:
///
/// - `T = sum p (x / m) ln(x / m)`, from 0 (all equal) to `ln(1 / p)` of the city that has all; sensitive at the top.
/// - `L = sum p ln(m / x)`, the mean logarithmic deviation; sensitive at the bottom.
///
/// Both split exactly into inequality within groups and between them: see [`Inequality`]. Units do not matter.
///
/// ```
/// use longspring::{Cut, Theil, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let cities = known.dataset(&framework, &Cut::as_of(2012))?;
/// let income = Theil::of("gdp_per_head").weighted_by("inhabitants").by("region").over(&cities)?;
/// println!("{income}");
/// let (within, between) = (income.within_t().unwrap(), income.between_t.unwrap());
/// assert!((income.t - within - between).abs() < 1e-12);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// References: Theil (1967), *Economics and Information Theory*; Shorrocks (1980),
/// [10.2307/1913126](https://doi.org/10.2307/1913126).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Theil {
    /// The code of the series.
    pub series: String,
    /// The code of the series that weighs the cities; none where all count the same.
    pub weight: Option<String>,
    /// The attribute of the cities that groups them; none where they are not grouped.
    pub attribute: Option<String>,
}

/// How unequal the cities of a table are. See [`Theil`].
///
/// With the share `P` of a group in the cities and its mean `M`: `T = sum P (M / m) T_group + sum P (M / m) ln(M / m)`, and
/// `L = sum P L_group + sum P ln(m / M)`; the first sum is inequality within groups, the second between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Inequality {
    /// What was asked for.
    pub of: Theil,
    /// How many cities it is of.
    pub cities: usize,
    /// The keys of the cities that lack the value, the weight or the attribute, in their order.
    pub left_out: Vec<String>,
    /// The mean, weighted where a weight was named.
    pub mean: f64,
    /// Theil's T of all.
    pub t: f64,
    /// Theil's L of all.
    pub l: f64,
    /// The T between the groups; none where cities are not grouped.
    pub between_t: Option<f64>,
    /// The L between the groups; none where cities are not grouped.
    pub between_l: Option<f64>,
    /// The groups, in alphabetical order; none where cities are not grouped.
    pub groups: Vec<GroupInequality>,
}

/// How unequal the cities of a group are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupInequality {
    /// The value of the attribute.
    pub group: String,
    /// How many cities it has.
    pub cities: usize,
    /// Its share of the cities, by weight: `P`.
    pub share: f64,
    /// Its share of the total of the values, by weight: `P M / m`.
    pub share_of_total: f64,
    /// Its mean `M`.
    pub mean: f64,
    /// Theil's T within it.
    pub t: f64,
    /// Theil's L within it.
    pub l: f64,
}

impl Theil {
    /// The inequality of a series, an indicator or context series, by its figures before denomination.
    #[must_use]
    pub fn of(series: impl Into<String>) -> Self {
        Self { series: series.into(), weight: None, attribute: None }
    }

    /// Weighs the cities by another series: for a value per head by the number of heads.
    #[must_use]
    pub fn weighted_by(self, series: impl Into<String>) -> Self {
        Self { weight: Some(series.into()), ..self }
    }

    /// Splits inequality within and between groups by an attribute of the cities, such as `region` or `country`.
    #[must_use]
    pub fn by(self, attribute: impl Into<String>) -> Self {
        Self { attribute: Some(attribute.into()), ..self }
    }

    /// Takes it of a table. Cities that lack the value, the weight or the attribute are left out, and named.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such series, with the nearest code;
    /// [`Error::Invalid`](crate::Error::Invalid) with every value and weight that is not above 0, with its city; where no city has
    /// the attribute, or there is no table of cities; and below two cities.
    pub fn over(&self, cities: &Dataset) -> Result<Inequality> {
        let values = cities.values(cities.find_series(&self.series)?);
        let weights = match &self.weight {
            Some(series) => Some((series, cities.values(cities.find_series(series)?))),
            None => None,
        };
        if let Some(attribute) = &self.attribute {
            cities.check_attribute(attribute)?;
        }
        let mut groups: BTreeMap<&str, Sample> = BTreeMap::new();
        let (mut all, mut left_out, mut problems) = (Sample::default(), Vec::new(), Vec::<Problem>::new());
        for (row, &value) in values.iter().enumerate() {
            let weight = weights.map_or(1.0, |(_, weights)| weights[row]);
            let group = self.attribute.as_deref().map_or(Some(""), |attribute| cities.attribute(row, attribute));
            let (Some(group), false) = (group, value.is_nan() || weight.is_nan()) else {
                left_out.push(cities.key(row).to_owned());
                continue;
            };
            let mut check = |what, series: &str, value: f64| {
                if value <= 0.0 {
                    let (series, city) = (series.to_owned(), cities.key(row).to_owned());
                    problems.push(Fault::NotPositive { what, series, city, year: None, value }.into());
                }
            };
            check("inequality", &self.series, value);
            if let Some((series, _)) = weights {
                check("a weight", series, weight);
            }
            all.push(value, weight);
            groups.entry(group).or_default().push(value, weight);
        }
        Problems::check(problems)?;
        if all.values.len() < 2 {
            let what = format!("all that the inequality of `{}` needs", self.series);
            return Err(Fault::FewCities { what, have: all.values.len(), need: 2 }.into());
        }
        let (unit, heavy) = (stats::unit(&all.values), stats::unit(&all.weights));
        Ok(self.split(&cities_of(&all, unit, heavy), groups, left_out, unit, heavy))
    }

    fn split(
        &self,
        all: &Part,
        groups: BTreeMap<&str, Sample>,
        left_out: Vec<String>,
        unit: f64,
        heavy: f64,
    ) -> Inequality {
        let grouped = self.attribute.is_some();
        let parts: Vec<(&str, Part)> = groups
            .into_iter()
            .filter(|_| grouped)
            .map(|(name, sample)| (name, cities_of(&sample, unit, heavy)))
            .collect();
        let groups: Vec<GroupInequality> = parts
            .iter()
            .map(|(name, part)| {
                let share = part.weight / all.weight;
                let share_of_total = share * (part.mean / all.mean);
                let (cities, mean) = (part.cities, part.mean * unit);
                GroupInequality { group: (*name).to_owned(), cities, share, share_of_total, mean, t: part.t, l: part.l }
            })
            .collect();
        let between = |term: &dyn Fn(&GroupInequality, f64) -> f64| {
            let terms = groups.iter().zip(&parts).map(|(group, (_, part))| term(group, part.mean / all.mean));
            grouped.then(|| stats::sum(terms).max(0.0))
        };
        let between_t = between(&|group, ratio| group.share_of_total * ratio.ln());
        let between_l = between(&|group, ratio| -group.share * ratio.ln());
        let (cities, mean) = (all.cities, all.mean * unit);
        Inequality { of: self.clone(), cities, left_out, mean, t: all.t, l: all.l, between_t, between_l, groups }
    }
}

/// Values and their weights.
#[derive(Default)]
struct Sample {
    values: Vec<f64>,
    weights: Vec<f64>,
}

impl Sample {
    fn push(&mut self, value: f64, weight: f64) {
        self.values.push(value);
        self.weights.push(weight);
    }
}

/// What is known of all cities or of a group, in units of the whole.
struct Part {
    cities: usize,
    weight: f64,
    mean: f64,
    t: f64,
    l: f64,
}

fn cities_of(sample: &Sample, unit: f64, heavy: f64) -> Part {
    let values: Vec<f64> = sample.values.iter().map(|v| v / unit).collect();
    let weights: Vec<f64> = sample.weights.iter().map(|w| w / heavy).collect();
    let weight = stats::sum(weights.iter().copied());
    let weighted =
        |term: &dyn Fn(f64) -> f64| stats::sum(values.iter().zip(&weights).map(|(&v, w)| w / weight * term(v)));
    let (low, high) = stats::range(&values);
    // Never outside of the values, so that equal ones have no inequality at all.
    let mean = weighted(&|v| v).max(low).min(high);
    // Rounding may leave a trace below 0.
    let t = weighted(&|v| v / mean * (v / mean).ln()).max(0.0);
    let l = weighted(&|v| -(v / mean).ln()).max(0.0);
    Part { cities: values.len(), weight, mean, t, l }
}

impl Inequality {
    /// The T within the groups: the sum of their T by their shares of the total. None where cities are not grouped.
    #[must_use]
    pub fn within_t(&self) -> Option<f64> {
        self.within(|group| group.share_of_total * group.t)
    }

    /// The L within the groups: the sum of their L by their shares of the cities. None where cities are not grouped.
    #[must_use]
    pub fn within_l(&self) -> Option<f64> {
        self.within(|group| group.share * group.l)
    }

    fn within(&self, term: impl Fn(&GroupInequality) -> f64) -> Option<f64> {
        self.of.attribute.as_ref().map(|_| stats::sum(self.groups.iter().map(term)))
    }
}

/// T and L, split where cities are grouped, and a group a line.
impl fmt::Display for Inequality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weighted = self.of.weight.as_ref().map_or_else(String::new, |weight| format!(", weighted by {weight}"));
        let (series, cities, out) = (&self.of.series, self.cities, self.left_out.len());
        writeln!(f, "inequality of {series}{weighted}: {cities} cities, {out} left out")?;
        let split = |whole: f64, within: Option<f64>, between: Option<f64>| match (within, between) {
            (Some(within), Some(between)) => {
                let share = if whole > 0.0 { percent(between / whole) } else { "none".to_owned() };
                format!(" = {within:.4} within + {between:.4} between ({share} between)")
            }
            _ => String::new(),
        };
        writeln!(f, "  T {:.4}{}", self.t, split(self.t, self.within_t(), self.between_t))?;
        writeln!(f, "  L {:.4}{}", self.l, split(self.l, self.within_l(), self.between_l))?;
        let wide = self.groups.iter().map(|group| width(&group.group)).max().unwrap_or(0);
        for group in &self.groups {
            let (name, share, total) = (left(&group.group, wide), percent(group.share), percent(group.share_of_total));
            let (t, cities) = (group.t, group.cities);
            writeln!(
                f,
                "  {name}  T {t:.4}, {cities:2} cities, {share} of the cities by weight, {total} of the total"
            )?;
        }
        Ok(())
    }
}
