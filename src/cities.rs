//! Who is scored: the table of cities.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::codes::Codes;
use crate::error::{Error, Fault, Problem, Problems, Result, What};
use crate::input::Input;
use crate::output::Output;
use crate::table::{Known, Others, Table};

/// A city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct City {
    /// The key by which it is looked up.
    pub key: String,
    /// The name to print; the key where none is given.
    pub name: String,
    /// Latitude and longitude of its centre, in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<(f64, f64)>,
    /// What it can be grouped by, by the name of the attribute: `country`, `region`, and any further column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl City {
    /// A city with a key and nothing else.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        let key = key.into();
        Self { name: key.clone(), key, coordinates: None, attributes: BTreeMap::new() }
    }

    /// Sets the name to print.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Sets latitude and longitude in degrees.
    #[must_use]
    pub fn coordinates(self, latitude: f64, longitude: f64) -> Self {
        Self { coordinates: Some((latitude, longitude)), ..self }
    }

    /// Sets an attribute to group by, such as `country`.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// The country, where it is known: the attribute of that name.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.attributes.get("country").map(String::as_str)
    }

    /// The region, where it is known: the attribute of that name.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.attributes.get("region").map(String::as_str)
    }
}

/// Who is scored: cities, each with a key, a name and attributes to group by.
///
/// ```
/// use longspring::{Cities, City};
///
/// let cities = Cities::new([
///     City::new("lodz").name("Łódź").attribute("country", "Poland"),
///     City::new("leeds").name("Leeds").attribute("country", "United Kingdom"),
/// ])?;
/// assert_eq!(cities.get("lodz")?.country(), Some("Poland"));
/// assert_eq!(cities.get("lods").unwrap_err().to_string(), "there is no city `lods`; did you mean `lodz`?");
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<City>", into = "Vec<City>")]
pub struct Cities {
    cities: Vec<City>,
    keys: Codes,
}

const KEY: usize = 0;
const NAME: usize = 1;
const LATITUDE: usize = 2;
const LONGITUDE: usize = 3;
const COLUMNS: [Known; 4] =
    [Known::Required("city"), Known::Optional("name"), Known::Optional("latitude"), Known::Optional("longitude")];

impl Cities {
    /// Builds the table from its cities.
    ///
    /// # Errors
    /// [`Error::Invalid`] where there is no city, a key is empty or given twice, coordinates are out of range, or an
    /// attribute is called like a column of its own: `city`, `name`, `latitude`, `longitude`.
    pub fn new(cities: impl IntoIterator<Item = City>) -> Result<Self> {
        let cities: Vec<City> = cities.into_iter().collect();
        let keys = Codes::new(cities.iter().map(|c| c.key.as_str()));
        let mut problems: Vec<Problem> = Vec::new();
        if cities.is_empty() {
            problems.push(Fault::NoCities.into());
        }
        for city in &cities {
            if city.key.is_empty() {
                problems.push(Fault::EmptyCell { what: "key of the city" }.into());
            }
            let taken = |name: &&String| COLUMNS.iter().any(|k| k.name() == name.as_str());
            if let Some(name) = city.attributes.keys().find(taken) {
                problems.push(Fault::TakenName { name: name.clone() }.into());
            }
            if let Some((latitude, longitude)) = city.coordinates {
                problems.extend(
                    [check_latitude(latitude), check_longitude(longitude)].into_iter().flatten().map(Problem::from),
                );
            }
        }
        for (_, second) in keys.duplicates() {
            let code = cities[second].key.clone();
            problems.push(Fault::Duplicate { what: What::City, code, first: None }.into());
        }
        Problems::check(problems)?;
        Ok(Self { cities, keys })
    }

    /// Reads a table of cities from CSV: `city` (the key), and where they are known `name`, `latitude` and `longitude`
    /// in degrees. Any further column is an attribute to group by; `country` and `region` have names of their own.
    ///
    /// # Errors
    /// [`Error::Read`] where the file cannot be read, [`Error::Invalid`] with every problem of the file and its place:
    /// a key that is empty or given twice, a coordinate that is no number or out of range, or one without the other.
    pub fn read_csv<'a>(input: impl Into<Input<'a>>) -> Result<Self> {
        let mut table = Table::open(input, &COLUMNS, Others::Keep)?;
        let attributes: Vec<(usize, String)> = table.others().map(|(i, name)| (i, name.to_owned())).collect();
        let mut cities = Vec::new();
        let mut places = Vec::new();
        while let Some(mut row) = table.next_row()? {
            let key = row.required(KEY, "key of the city");
            let (latitude, longitude) = (row.number(LATITUDE), row.number(LONGITUDE));
            for (column, value, check) in [
                (LATITUDE, latitude, check_latitude as fn(f64) -> Option<Fault>),
                (LONGITUDE, longitude, check_longitude),
            ] {
                if let Some(fault) = value.and_then(check) {
                    row.fault(column, fault);
                }
            }
            match (row.text(LATITUDE).is_empty(), row.text(LONGITUDE).is_empty()) {
                (true, false) => row.fault(LATITUDE, Fault::EmptyCell { what: "latitude (there is a longitude)" }),
                (false, true) => row.fault(LONGITUDE, Fault::EmptyCell { what: "longitude (there is a latitude)" }),
                _ => {}
            }
            let Some(key) = key else { continue };
            let mut city = City::new(key);
            if let Some(name) = row.optional(NAME) {
                city.name = name;
            }
            city.coordinates = latitude.zip(longitude);
            for (i, name) in &attributes {
                if !row.at(*i).is_empty() {
                    city.attributes.insert(name.clone(), row.at(*i).to_owned());
                }
            }
            cities.push(city);
            places.push(row.place(KEY));
        }
        let keys = Codes::new(cities.iter().map(|c| c.key.as_str()));
        for (first, second) in keys.duplicates() {
            let fault = Fault::Duplicate {
                what: What::City,
                code: cities[second].key.clone(),
                first: Some(places[first].line),
            };
            table.problem(Some(places[second].clone()), fault);
        }
        table.finish()?;
        Ok(Self { cities, keys })
    }

    /// Writes the table as CSV, as [`Cities::read_csv`] reads it.
    ///
    /// # Errors
    /// [`Error::Write`] where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut names: Vec<&str> = self.cities.iter().flat_map(|c| c.attributes.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let mut out = Output::new(writer, COLUMNS.iter().map(|k| k.name()).chain(names.iter().copied()))?;
        for city in self {
            let (latitude, longitude) =
                city.coordinates.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()));
            let attribute = |name: &&str| city.attributes.get(*name).map_or("", String::as_str);
            out.row(
                [city.key.as_str(), &city.name, &latitude, &longitude].into_iter().chain(names.iter().map(attribute)),
            )?;
        }
        out.finish()
    }

    /// A city by its key.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none, with the nearest key.
    pub fn get(&self, key: &str) -> Result<&City> {
        self.keys.find_or(key, What::City).map(|i| &self.cities[i])
    }

    /// The cities, in the order in which they were given.
    pub fn iter(&self) -> std::slice::Iter<'_, City> {
        self.cities.iter()
    }

    /// How many there are: never zero.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.cities.len()
    }

    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.keys.find(key)
    }

    pub(crate) fn keys(&self) -> &Codes {
        &self.keys
    }

    pub(crate) fn at(&self, i: usize) -> &City {
        &self.cities[i]
    }
}

fn check_latitude(value: f64) -> Option<Fault> {
    let fault = Fault::OutOfRange { what: "the latitude", text: value.to_string(), need: "from -90 to 90 degrees" };
    (!(-90.0..=90.0).contains(&value)).then_some(fault)
}

fn check_longitude(value: f64) -> Option<Fault> {
    let fault = Fault::OutOfRange { what: "the longitude", text: value.to_string(), need: "from -180 to 180 degrees" };
    (!(-180.0..=180.0).contains(&value)).then_some(fault)
}

impl TryFrom<Vec<City>> for Cities {
    type Error = Error;

    fn try_from(cities: Vec<City>) -> Result<Self> {
        Self::new(cities)
    }
}

impl From<Cities> for Vec<City> {
    fn from(cities: Cities) -> Self {
        cities.cities
    }
}

impl<'a> IntoIterator for &'a Cities {
    type Item = &'a City;
    type IntoIter = std::slice::Iter<'a, City>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
