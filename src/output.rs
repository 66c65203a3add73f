//! Writing CSV. Private.

use std::io::Write;

use crate::error::{Error, Result};

/// A CSV file that is being written.
pub(crate) struct Output<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Output<W> {
    pub(crate) fn new<'a>(writer: W, header: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut output = Self { csv: csv::Writer::from_writer(writer) };
        output.row(header)?;
        Ok(output)
    }

    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
        self.csv.write_record(cells).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(cause) => Error::Write(cause),
            other => Error::Write(std::io::Error::other(format!("{other:?}"))),
        })
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        self.csv.flush().map_err(Error::Write)
    }
}

/// A text that a spreadsheet will not take for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or a carriage
/// return gets an apostrophe in front.
pub(crate) fn neutral(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}
