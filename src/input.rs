//! What a reader reads: a file by its path, or any stream with a name to print.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A table to be read: where it comes from, the name that errors print, and the texts that mean a missing figure.
///
/// Every `read_csv` takes `impl Into<Input>`: a path as it is, or an `Input` where there is more to say. Tables are CSV
/// in UTF-8 with a header, separated by commas (RFC 4180); a byte-order mark, CRLF, blank lines and spaces around a cell
/// are accepted. Columns stand in any order.
///
/// An empty cell is a missing figure, and so are `NA`, `..` and `-` ([`Input::MISSING`]); [`Input::missing`] sets others.
///
/// ```
/// use longspring::{Cities, Input};
///
/// // a path: Cities::read_csv("cities.csv")?, or Cities::read_csv(Path::new("data").join("cities.csv"))?
/// let cities = Cities::read_csv(Input::text("city,name\nlodz,Łódź\n", "cities.csv"))?;
/// assert_eq!(cities.get("lodz")?.name, "Łódź");
/// # Ok::<(), longspring::Error>(())
/// ```
pub struct Input<'a> {
    name: String,
    body: Body<'a>,
    missing: Vec<String>,
}

enum Body<'a> {
    Path(PathBuf),
    Stream(Box<dyn Read + 'a>),
}

impl<'a> Input<'a> {
    /// `NA`, `..` and `-`: the texts that mean a missing figure unless [`Input::missing`] says otherwise; an empty cell always does.
    pub const MISSING: [&'static str; 3] = ["NA", "..", "-"];

    fn new(name: String, body: Body<'a>) -> Self {
        Self { name, body, missing: Self::MISSING.map(str::to_owned).to_vec() }
    }

    /// The file at a path; errors name it as it is given.
    #[must_use]
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        Self::new(path.display().to_string(), Body::Path(path.to_owned()))
    }

    /// A stream, and the name by which errors call it.
    #[must_use]
    pub fn reader(reader: impl Read + 'a, name: impl Into<String>) -> Self {
        Self::new(name.into(), Body::Stream(Box::new(reader)))
    }

    /// A text, and the name by which errors call it.
    #[must_use]
    pub fn text(text: &'a str, name: impl Into<String>) -> Self {
        Self::reader(text.as_bytes(), name)
    }

    /// Sets the texts that mean a missing figure, in place of [`Input::MISSING`].
    #[must_use]
    pub fn missing<S: Into<String>>(mut self, markers: impl IntoIterator<Item = S>) -> Self {
        self.missing = markers.into_iter().map(Into::into).collect();
        self
    }

    /// Opens it: the name, the stream and the markers.
    pub(crate) fn open(self) -> Result<(String, Box<dyn Read + 'a>, Vec<String>)> {
        let stream = match self.body {
            Body::Stream(stream) => stream,
            Body::Path(path) => match File::open(path) {
                Ok(file) => Box::new(file),
                Err(cause) => return Err(Error::Read { name: self.name, cause }),
            },
        };
        Ok((self.name, stream, self.missing))
    }
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("name", &self.name).field("missing", &self.missing).finish_non_exhaustive()
    }
}

impl From<&Path> for Input<'_> {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<PathBuf> for Input<'_> {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&PathBuf> for Input<'_> {
    fn from(path: &PathBuf) -> Self {
        Self::path(path)
    }
}

/// The file at that path.
impl From<&str> for Input<'_> {
    fn from(path: &str) -> Self {
        Self::path(path)
    }
}

/// The file at that path.
impl From<&String> for Input<'_> {
    fn from(path: &String) -> Self {
        Self::path(path)
    }
}

/// The file at that path.
impl From<String> for Input<'_> {
    fn from(path: String) -> Self {
        Self::path(path)
    }
}

/// An open file, whose name is not known.
impl From<File> for Input<'_> {
    fn from(file: File) -> Self {
        Self::reader(file, "the file")
    }
}
