//! Where in a file something is wrong.

use std::fmt;
use std::sync::Arc;

use super::words::Clip;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file's path, or the name given with the stream.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// The column, where one is concerned.
    pub column: Option<Column>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)?;
        match &self.column {
            Some(column) => write!(f, ", column {} ({})", column.number, Clip(&column.name)),
            None => Ok(()),
        }
    }
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// Its number, from 1.
    pub number: usize,
    /// Its name in the header.
    pub name: String,
}
