//! Step 2: leaving out cities and indicators of which too little is known.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Fault, What};

/// Which cities and indicators are left out because too little is known of them, or too much of it is 0.
///
/// A city's share of available data is `known / all` over the indicators that count, an indicator's over the cities of the
/// fit, both after denomination and before imputation; the share of non-zero data is `1 - zeros / known`. What has *less* than
/// the share asked for is left out; what is kept or dropped by name is so whatever its shares. Indicators are looked at
/// first, and the cities then over those that are left. The choice of indicators is made when the method is fitted, and
/// frozen; a city is judged by its own figures whenever it is scored, and without a score says so:
/// [`Missing::Screened`](crate::Missing::Screened). Screened cities teach the yardstick nothing.
///
/// ```
/// use longspring::{Cut, Method, Screening, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let screening = Screening::new().cities_available(0.66).indicators_available(0.5).keep_cities(["togliatti"]);
/// assert_eq!(
///     screening.to_string(),
///     "cities with at least 66 % of their data, indicators with at least 50 % of their data; always togliatti"
/// );
/// let composite = Method::new().screening(screening).fit(&framework, &cities)?;
/// println!("left out: {:?}", composite.screened().collect::<Vec<_>>());
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 2 (data selection),
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screening {
    cities: Shares,
    indicators: Shares,
}

/// What is asked of one kind of thing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Shares {
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonzero: Option<f64>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    keep: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    drop: BTreeSet<String>,
}

impl Shares {
    fn screens(&self) -> bool {
        self.available.is_some() || self.nonzero.is_some() || !self.drop.is_empty()
    }

    fn passes(&self, known: usize, nonzero: usize, of: usize, code: &str) -> bool {
        let reaches = |least: Option<f64>, have: usize, of: usize| {
            // Of nothing, no share is too small: that there is nothing is seen by the other one.
            least.is_none_or(|least| of == 0 || have as f64 / of as f64 >= least)
        };
        self.keep.contains(code)
            || !self.drop.contains(code) && reaches(self.available, known, of) && reaches(self.nonzero, nonzero, known)
    }

    fn faults(&self, available: &'static str, nonzero: &'static str, what: What) -> Vec<Fault> {
        let share = |name, value: Option<f64>| {
            value.filter(|v| !(0.0..=1.0).contains(v)).map(|value| Fault::Parameter {
                name,
                value,
                need: "from 0 to 1",
            })
        };
        let both = self.keep.intersection(&self.drop).map(|code| Fault::KeptAndDropped { what, code: code.clone() });
        [share(available, self.available), share(nonzero, self.nonzero)].into_iter().flatten().chain(both).collect()
    }

    fn words(&self, what: &str) -> Option<String> {
        let share = |share: f64, of: &str| format!("at least {:.0} % of their data{of}", share * 100.0);
        let parts: Vec<String> = [self.available.map(|s| share(s, "")), self.nonzero.map(|s| share(s, " not 0"))]
            .into_iter()
            .flatten()
            .collect();
        (!parts.is_empty()).then(|| format!("{what} with {}", parts.join(" and ")))
    }
}

impl Screening {
    /// Leaves nothing out.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves out cities of which less than this share of the indicators is known.
    #[must_use]
    pub fn cities_available(mut self, share: f64) -> Self {
        self.cities.available = Some(share);
        self
    }

    /// Leaves out cities of whose known figures less than this share is not 0.
    #[must_use]
    pub fn cities_nonzero(mut self, share: f64) -> Self {
        self.cities.nonzero = Some(share);
        self
    }

    /// Leaves out indicators that less than this share of the cities has.
    #[must_use]
    pub fn indicators_available(mut self, share: f64) -> Self {
        self.indicators.available = Some(share);
        self
    }

    /// Leaves out indicators of whose known figures less than this share is not 0.
    #[must_use]
    pub fn indicators_nonzero(mut self, share: f64) -> Self {
        self.indicators.nonzero = Some(share);
        self
    }

    /// Keeps cities whatever is known of them.
    #[must_use]
    pub fn keep_cities<S: Into<String>>(mut self, cities: impl IntoIterator<Item = S>) -> Self {
        self.cities.keep.extend(cities.into_iter().map(Into::into));
        self
    }

    /// Leaves out cities whatever is known of them.
    #[must_use]
    pub fn drop_cities<S: Into<String>>(mut self, cities: impl IntoIterator<Item = S>) -> Self {
        self.cities.drop.extend(cities.into_iter().map(Into::into));
        self
    }

    /// Keeps indicators whatever is known of them.
    #[must_use]
    pub fn keep_indicators<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>) -> Self {
        self.indicators.keep.extend(codes.into_iter().map(Into::into));
        self
    }

    /// Leaves out indicators whatever is known of them.
    #[must_use]
    pub fn drop_indicators<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>) -> Self {
        self.indicators.drop.extend(codes.into_iter().map(Into::into));
        self
    }

    pub(crate) fn screens_cities(&self) -> bool {
        self.cities.screens()
    }

    pub(crate) fn screens_indicators(&self) -> bool {
        self.indicators.screens()
    }

    /// The indicators that are named.
    pub(crate) fn indicators(&self) -> impl Iterator<Item = &String> {
        self.indicators.keep.iter().chain(&self.indicators.drop)
    }

    pub(crate) fn city_passes(&self, known: usize, nonzero: usize, of: usize, key: &str) -> bool {
        self.cities.passes(known, nonzero, of, key)
    }

    pub(crate) fn indicator_passes(&self, known: usize, nonzero: usize, of: usize, code: &str) -> bool {
        self.indicators.passes(known, nonzero, of, code)
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        let cities = ["the share of available data of a city", "the share of non-zero data of a city"];
        let indicators = ["the share of available data of an indicator", "the share of non-zero data of an indicator"];
        let mut faults = self.cities.faults(cities[0], cities[1], What::City);
        faults.extend(self.indicators.faults(indicators[0], indicators[1], What::Series));
        faults
    }
}

impl fmt::Display for Screening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shares: Vec<String> =
            [self.cities.words("cities"), self.indicators.words("indicators")].into_iter().flatten().collect();
        let named = |what: &str, a: &BTreeSet<String>, b: &BTreeSet<String>| {
            let codes: Vec<&str> = a.union(b).map(String::as_str).collect();
            (!codes.is_empty()).then(|| format!("{what} {}", codes.join(", ")))
        };
        let keep = named("always", &self.cities.keep, &self.indicators.keep);
        let drop = named("never", &self.cities.drop, &self.indicators.drop);
        let parts: Vec<String> =
            [(!shares.is_empty()).then(|| shares.join(", ")), keep, drop].into_iter().flatten().collect();
        f.write_str(if parts.is_empty() { "none" } else { "" })?;
        f.write_str(&parts.join("; "))
    }
}
