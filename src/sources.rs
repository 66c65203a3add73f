//! Where figures come from.

use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::codes::Codes;
use crate::error::{Error, Fault, Problem, Problems, Result, What};
use crate::input::Input;
use crate::output::Output;
use crate::table::{Known, Others, Table};

/// Where figures come from: a publication or data set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// The key that observations name.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    #[serde(default)]
    pub publisher: String,
    /// The terms under which it may be used.
    #[serde(default)]
    pub licence: String,
    /// Where the copy that was used stands.
    #[serde(default)]
    pub location: String,
    /// Doubts and limits.
    #[serde(default)]
    pub note: String,
}

/// The sources of figures, found by their keys.
///
/// ```
/// let sources = longspring::article::sources();
/// assert_eq!(sources.get("un-wup-2018")?.title, "World Urbanization Prospects 2018");
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Source>", into = "Vec<Source>")]
pub struct Sources {
    sources: Vec<Source>,
    keys: Codes,
}

const COLUMNS: [Known; 6] = [
    Known::Required("source"),
    Known::Required("title"),
    Known::Optional("publisher"),
    Known::Optional("licence"),
    Known::Optional("location"),
    Known::Optional("note"),
];

impl Sources {
    /// Reads a table of sources from CSV: `source` (the key), `title`, and where they are known `publisher`, `licence`,
    /// `location` and `note`.
    ///
    /// # Errors
    /// [`Error::Read`] where the file cannot be read, [`Error::Invalid`] with every problem of the file and its place: a
    /// key or title that is empty, a key that is given twice.
    pub fn read_csv<'a>(input: impl Into<Input<'a>>) -> Result<Self> {
        let mut table = Table::open(input, &COLUMNS, Others::Refuse)?;
        let mut sources: Vec<Source> = Vec::new();
        let mut places = Vec::new();
        while let Some(mut row) = table.next_row()? {
            let (key, title) = (row.required(0, "key of the source"), row.required(1, "title"));
            let (Some(key), Some(title)) = (key, title) else {
                continue;
            };
            let [publisher, licence, location, note] = [2, 3, 4, 5].map(|k| row.text(k).to_owned());
            sources.push(Source { key, title, publisher, licence, location, note });
            places.push(row.place(0));
        }
        let keys = Codes::new(sources.iter().map(|s| s.key.as_str()));
        for (first, second) in keys.duplicates() {
            let code = sources[second].key.clone();
            let fault = Fault::Duplicate { what: What::Source, code, first: Some(places[first].line) };
            table.problem(Some(places[second].clone()), fault);
        }
        table.finish()?;
        Ok(Self { sources, keys })
    }

    /// Writes the table as CSV, as [`Sources::read_csv`] reads it.
    ///
    /// # Errors
    /// [`Error::Write`] where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut out = Output::new(writer, COLUMNS.iter().map(|k| k.name()))?;
        for s in self {
            out.row([s.key.as_str(), &s.title, &s.publisher, &s.licence, &s.location, &s.note])?;
        }
        out.finish()
    }

    /// A source by its key.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none, with the nearest key.
    pub fn get(&self, key: &str) -> Result<&Source> {
        self.keys.find_or(key, What::Source).map(|i| &self.sources[i])
    }

    /// The sources, in the order in which they were given.
    pub fn iter(&self) -> std::slice::Iter<'_, Source> {
        self.sources.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    pub(crate) fn keys(&self) -> &Codes {
        &self.keys
    }
}

impl TryFrom<Vec<Source>> for Sources {
    type Error = Error;

    fn try_from(sources: Vec<Source>) -> Result<Self> {
        let keys = Codes::new(sources.iter().map(|s| s.key.as_str()));
        let twice = keys.duplicates().map(|(_, second)| {
            Problem::from(Fault::Duplicate { what: What::Source, code: sources[second].key.clone(), first: None })
        });
        Problems::check(twice.collect())?;
        Ok(Self { sources, keys })
    }
}

impl From<Sources> for Vec<Source> {
    fn from(sources: Sources) -> Self {
        sources.sources
    }
}

impl<'a> IntoIterator for &'a Sources {
    type Item = &'a Source;
    type IntoIter = std::slice::Iter<'a, Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
