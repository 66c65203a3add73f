//! What was wrong, where, and what would be right.

use std::fmt;

mod fault;
mod nearest;
mod place;
mod what;
mod words;

pub use fault::Fault;
pub(crate) use nearest::nearest;
pub use place::{Column, Place};
pub use what::What;
pub(crate) use words::FEW;
use words::hint;

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be done.
///
/// Every problem of an input is reported at once, in [`Error::Invalid`]; the text of an error says what was wrong, where
/// it stands and what would be right.
///
/// ```
/// use longspring::{Error, Framework, Input};
///
/// let text = "code,parent,kind,direction\nrenewal,,index,\npm25,renewal,indicator,down\n";
/// let error = Framework::read_csv(Input::text(text, "mine.csv")).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "mine.csv, line 3, column 4 (direction): `down` is no direction; write higher or lower"
/// );
/// let Error::Invalid(problems) = error else { panic!() };
/// assert_eq!(problems.iter().next().unwrap().place.as_ref().unwrap().line, 3);
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or stream could not be read.
    #[error("cannot read {name}: {cause}")]
    Read {
        /// The file's path, or the name given with the stream.
        name: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A result could not be written.
    #[error("cannot write: {0}")]
    Write(#[source] std::io::Error),
    /// An input, a method or a combination of both is not valid: all that is wrong with it.
    #[error("{0}")]
    Invalid(Problems),
    /// A city, node or series was asked for that is not there.
    #[error("there is no {what} `{code}`{}", hint(.nearest.as_deref()))]
    Unknown {
        /// What kind of thing was asked for.
        what: What,
        /// The code that was asked for.
        code: String,
        /// The nearest code that exists, where one is near.
        nearest: Option<String>,
    },
}

/// The same text as `Display`: what `main` prints when it returns an error, and `unwrap` when it panics.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// The problems, when it is [`Error::Invalid`]; otherwise none.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Invalid(problems) => &problems.0,
            _ => &[],
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Invalid(Problems(vec![fault.into()]))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(Problems(vec![problem]))
    }
}

/// Everything that is wrong with an input: at least one problem, in the order of the input.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// How many problems a text of all of them names one by one; of more it gives the number.
    pub const SHOWN: usize = 50;

    /// The problems as an error, or nothing where there are none.
    pub(crate) fn check(found: Vec<Problem>) -> Result<()> {
        if found.is_empty() { Ok(()) } else { Err(Error::Invalid(Self(found))) }
    }

    /// The problems, in the order of the input.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// How many there are: never zero.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.0.as_slice() {
            return one.fmt(f);
        }
        write!(f, "{} problems:", self.0.len())?;
        for problem in self.0.iter().take(Self::SHOWN) {
            write!(f, "\n  {problem}")?;
        }
        match self.0.len().saturating_sub(Self::SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// One thing that is wrong, and where it stands if it came from a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// Where it stands; `None` for what was built in code.
    pub place: Option<Place>,
    /// What is wrong.
    pub fault: Fault,
}

impl Problem {
    pub(crate) fn at(place: Option<Place>, fault: Fault) -> Self {
        Self { place, fault }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self { place: None, fault }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        self.fault.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_counted_and_the_first_are_shown() {
        let all: Vec<Problem> = (0..60)
            .map(|i| Problem::from(Fault::Duplicate { what: What::City, code: format!("c{i}"), first: None }))
            .collect();
        let text = Problems::check(all).unwrap_err().to_string();
        assert!(text.starts_with("60 problems:\n  the city `c0` is given twice\n"), "{text}");
        assert!(text.ends_with("\n  and 10 more"), "{text}");
    }
}
