//! Reading a CSV table row by row, collecting every problem with its place. Private: the public readers are built on it.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Read};
use std::str::FromStr;
use std::sync::Arc;

use crate::error::{Column, Error, Fault, Place, Problem, Problems, Result, What, nearest};
use crate::input::Input;

/// A column that a reader knows.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// The header must have it.
    Required(&'static str),
    /// The header may have it.
    Optional(&'static str),
}

impl Known {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Required(name) | Self::Optional(name) => name,
        }
    }
}

/// What becomes of a column that the reader does not know.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Others {
    /// It is a problem.
    Refuse,
    /// The reader sees to it.
    Keep,
}

/// A table that is being read.
pub(crate) struct Table<'a> {
    file: Arc<str>,
    csv: csv::Reader<Lines<Box<dyn Read + 'a>>>,
    missing: Vec<String>,
    header: Vec<String>,
    /// For each known column, where it stands.
    places: Vec<Option<usize>>,
    others: Vec<usize>,
    problems: Vec<Problem>,
    record: csv::ByteRecord,
    /// The line on which the record ends.
    line: u64,
    rows: usize,
}

impl<'a> Table<'a> {
    /// Opens a table and reads its header.
    pub(crate) fn open(input: impl Into<Input<'a>>, known: &[Known], others: Others) -> Result<Self> {
        let (name, stream, missing) = input.into().open()?;
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(Lines::new(stream));
        let mut table = Self {
            file: name.into(),
            csv,
            missing,
            header: Vec::new(),
            places: vec![None; known.len()],
            others: Vec::new(),
            problems: Vec::new(),
            record: csv::ByteRecord::new(),
            line: 1,
            rows: 0,
        };
        if !table.read_record()? {
            let expected =
                known.iter().filter(|k| matches!(k, Known::Required(_))).map(|k| k.name().to_owned()).collect();
            let place = Place { file: table.file, line: 1, column: None };
            return Err(Problem::at(Some(place), Fault::Empty { expected }).into());
        }
        table.read_header(known, others);
        // Without its columns in order, every row would be a problem of its own.
        if table.problems.is_empty() { Ok(table) } else { Err(table.into_error()) }
    }

    fn read_header(&mut self, known: &[Known], others: Others) {
        if self.record.len() > COLUMNS {
            let fault = Fault::TooManyColumns { found: self.record.len(), most: COLUMNS };
            self.problems.push(Problem::at(Some(self.start()), fault));
            return;
        }
        for i in 0..self.record.len() {
            let name = String::from_utf8_lossy(&self.record[i]).into_owned();
            if std::str::from_utf8(&self.record[i]).is_err() {
                let place = self.place(Some((i, &name)));
                self.problems.push(Problem::at(Some(place), Fault::NotUtf8 { text: name.clone() }));
            }
            self.header.push(name);
        }
        let mut seen = BTreeSet::new();
        for (i, name) in self.header.iter().enumerate() {
            let fault = if !seen.insert(name) {
                Fault::Duplicate { what: What::Column, code: name.clone(), first: None }
            } else if let Some(k) = known.iter().position(|k| k.name() == name) {
                self.places[k] = Some(i);
                continue;
            } else if others == Others::Keep && !name.is_empty() {
                self.others.push(i);
                continue;
            } else {
                Fault::UnknownColumn { name: name.clone(), nearest: nearest(name, known.iter().map(|k| k.name())) }
            };
            let place = self.place(Some((i, name)));
            self.problems.push(Problem::at(Some(place), fault));
        }
        if let [only] = self.header.as_slice() {
            let other =
                [(';', Fault::Semicolons), ('\t', Fault::Tabs)].into_iter().find(|(sign, _)| only.contains(*sign));
            if let Some((_, fault)) = other {
                self.problems = vec![Problem::at(Some(self.place(None)), fault)];
                return;
            }
        }
        for (k, place) in known.iter().zip(&self.places) {
            if let (Known::Required(name), None) = (k, place) {
                // A column whose name is nearly this one has been told of.
                let told = |p: &Problem| matches!(&p.fault, Fault::UnknownColumn { nearest: Some(n), .. } if n == name);
                if self.problems.iter().any(told) {
                    continue;
                }
                let other = self.others.iter().map(|&i| self.header[i].as_str());
                let instead = nearest(name, other.filter(|other| nearest(other, [*name]).is_some()));
                let fault = Fault::MissingColumn { name: (*name).to_owned(), instead };
                self.problems.push(Problem::at(Some(self.place(None)), fault));
            }
        }
    }

    /// The columns that the reader does not know: number and name.
    pub(crate) fn others(&self) -> impl Iterator<Item = (usize, &str)> {
        self.others.iter().map(|&i| (i, self.header[i].as_str()))
    }

    /// The beginning of the file: the place of what concerns all of it.
    pub(crate) fn start(&self) -> Place {
        Place { file: self.file.clone(), line: 1, column: None }
    }

    /// The place of a column of the header.
    pub(crate) fn header_place(&self, column: usize) -> Place {
        let column = Column { number: column + 1, name: self.header[column].clone() };
        Place { file: self.file.clone(), line: 1, column: Some(column) }
    }

    /// Reads the next row that has as many fields as the header and is UTF-8; others are problems.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row<'_, 'a>>> {
        while self.read_record()? {
            self.rows += 1;
            if self.record.len() != self.header.len() {
                let fault = Fault::Ragged { found: self.record.len(), expected: self.header.len() };
                self.problems.push(Problem::at(Some(self.place(None)), fault));
                continue;
            }
            let bad: Vec<usize> =
                (0..self.record.len()).filter(|&i| std::str::from_utf8(&self.record[i]).is_err()).collect();
            if bad.is_empty() {
                return Ok(Some(Row { table: self }));
            }
            for i in bad {
                let fault = Fault::NotUtf8 { text: String::from_utf8_lossy(&self.record[i]).into_owned() };
                let place = self.cell_place(i);
                self.problems.push(Problem::at(Some(place), fault));
            }
        }
        Ok(None)
    }

    /// Adds a problem with a row that was read before.
    pub(crate) fn problem_in_line(&mut self, line: u64, fault: Fault) {
        let place = Place { file: self.file.clone(), line, column: None };
        self.problem(Some(place), fault);
    }

    /// Adds a problem that was found outside of a row.
    pub(crate) fn problem(&mut self, place: Option<Place>, fault: Fault) {
        self.problems.push(Problem::at(place, fault));
    }

    /// Whether a row could not be read at all.
    pub(crate) fn lost_rows(&self) -> bool {
        self.problems.iter().any(|p| matches!(p.fault, Fault::Ragged { .. } | Fault::NotUtf8 { .. }))
    }

    /// Where each known column stands, from 0.
    pub(crate) fn places(&self) -> &[Option<usize>] {
        &self.places
    }

    /// The name of the file, for problems that are found later.
    pub(crate) fn file(&self) -> Arc<str> {
        self.file.clone()
    }

    /// Ends the reading: an error with all problems, or nothing.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.rows == 0 {
            self.problems.push(Problem::at(Some(self.start()), Fault::NoRows));
        }
        // Problems that a reader finds at the end, such as codes given twice, belong in the order of the file too.
        self.problems.sort_by_key(|p| {
            p.place.as_ref().map_or((u64::MAX, 0), |p| (p.line, p.column.as_ref().map_or(0, |c| c.number)))
        });
        Problems::check(self.problems)
    }

    fn into_error(self) -> Error {
        match Problems::check(self.problems) {
            Err(error) => error,
            Ok(()) => Fault::NoRows.into(),
        }
    }

    fn read_record(&mut self) -> Result<bool> {
        match self.csv.read_byte_record(&mut self.record) {
            Ok(more) => {
                self.line = self.csv.get_ref().line_at(self.csv.position().byte());
                Ok(more)
            }
            Err(error) => {
                let cause = match error.into_kind() {
                    csv::ErrorKind::Io(cause) => cause,
                    other => io::Error::other(format!("{other:?}")),
                };
                Err(Error::Read { name: self.file.to_string(), cause })
            }
        }
    }

    /// The place of the row, or of a cell of it. The line is known at the row's end; line breaks inside of quoted cells
    /// after the place are taken off.
    #[expect(clippy::naive_bytecount, reason = "the cells of one row, and only for a message")]
    fn place(&self, cell: Option<(usize, &str)>) -> Place {
        let from = cell.map_or(0, |(i, _)| i);
        let breaks: usize =
            (from..self.record.len()).map(|i| self.record[i].iter().filter(|&&b| b == b'\n').count()).sum();
        let column = cell.map(|(i, name)| Column { number: i + 1, name: name.to_owned() });
        Place { file: self.file.clone(), line: self.line.saturating_sub(breaks as u64).max(1), column }
    }

    fn cell_place(&self, i: usize) -> Place {
        self.place(Some((i, &self.header[i])))
    }
}

/// A row of a table. Known columns are named by their position in the list that the table was opened with.
pub(crate) struct Row<'t, 'a> {
    table: &'t mut Table<'a>,
}

impl Row<'_, '_> {
    /// The text of a known column; empty where the column or the cell is.
    pub(crate) fn text(&self, known: usize) -> &str {
        self.table.places[known].map_or("", |i| self.at(i))
    }

    /// The text of any column.
    pub(crate) fn at(&self, column: usize) -> &str {
        // Every cell was checked in `next_row`.
        std::str::from_utf8(&self.table.record[column]).unwrap_or_default()
    }

    /// The text of a known column, or nothing where it is empty.
    pub(crate) fn optional(&self, known: usize) -> Option<String> {
        Some(self.text(known)).filter(|t| !t.is_empty()).map(str::to_owned)
    }

    /// The text of a known column, which must not be empty.
    pub(crate) fn required(&mut self, known: usize, what: &'static str) -> Option<String> {
        let text = self.optional(known);
        if text.is_none() {
            self.fault(known, Fault::EmptyCell { what });
        }
        text
    }

    /// One of the words of a list, or nothing where the cell is empty.
    pub(crate) fn word<T: FromStr<Err = Fault>>(&mut self, known: usize) -> Option<T> {
        let text = self.text(known);
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(word) => Some(word),
            Err(fault) => {
                self.fault(known, fault);
                None
            }
        }
    }

    /// One of the words of a list, which must be given.
    pub(crate) fn needed_word<T: FromStr<Err = Fault>>(&mut self, known: usize, what: &'static str) -> Option<T> {
        self.required(known, what)?;
        self.word(known)
    }

    /// A figure, which may be missing: empty, or one of the input's markers.
    pub(crate) fn figure(&mut self, column: usize) -> Option<f64> {
        let text = self.at(column);
        if text.is_empty() || self.table.missing.iter().any(|m| m == text) {
            return None;
        }
        let parsed = number(text, true);
        self.keep(column, parsed)
    }

    /// A figure in a known column; see [`Row::figure`].
    pub(crate) fn known_figure(&mut self, known: usize) -> Option<f64> {
        self.table.places[known].and_then(|i| self.figure(i))
    }

    /// A number in a known column, or nothing where it is empty; no marker stands for a missing one.
    pub(crate) fn number(&mut self, known: usize) -> Option<f64> {
        let text = self.text(known);
        if text.is_empty() {
            return None;
        }
        let parsed = number(text, true);
        self.table.places[known].and_then(|i| self.keep(i, parsed))
    }

    /// A year, which must be given.
    pub(crate) fn year(&mut self, known: usize) -> Option<i32> {
        let text = self.required(known, "year")?;
        match year(&text) {
            Ok(year) => Some(year),
            Err(fault) => {
                self.fault(known, fault);
                None
            }
        }
    }

    fn keep<T>(&mut self, column: usize, parsed: Result<T, Fault>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault_at(column, fault);
                None
            }
        }
    }

    /// Adds a problem with a cell of any column.
    pub(crate) fn fault_at(&mut self, column: usize, fault: Fault) {
        let place = self.table.cell_place(column);
        self.table.problems.push(Problem::at(Some(place), fault));
    }

    /// Adds a problem with the cell of a known column.
    pub(crate) fn fault(&mut self, known: usize, fault: Fault) {
        let place = match self.table.places[known] {
            Some(i) => self.table.cell_place(i),
            None => self.table.place(None),
        };
        self.table.problems.push(Problem::at(Some(place), fault));
    }

    /// The place of the cell of a known column.
    pub(crate) fn place(&self, known: usize) -> Place {
        match self.table.places[known] {
            Some(i) => self.table.cell_place(i),
            None => self.table.place(None),
        }
    }

    /// The line of the row.
    pub(crate) fn line(&self) -> u64 {
        self.table.place(None).line
    }
}

/// A line with more cells than this is no header.
const COLUMNS: usize = 10_000;

/// The years that a figure can have.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1000..=2999;

pub(crate) fn year(text: &str) -> Result<i32, Fault> {
    let fault =
        || Fault::OutOfRange { what: "the year", text: text.to_owned(), need: "a whole number from 1000 to 2999" };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::NoYear { text: text.to_owned() });
    }
    text.parse().ok().filter(|year| YEARS.contains(year)).ok_or_else(fault)
}

/// A finite number with a decimal point.
fn number(text: &str, optional: bool) -> Result<f64, Fault> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(Fault::NotFinite { text: text.to_owned() }),
        Err(_) => Err(with_comma(text).unwrap_or_else(|| Fault::NotANumber { text: text.to_owned(), optional })),
    }
}

/// What a number with a comma may mean, if it is one: `3,5` and `1.234,5` have decimals, `1,234,567` thousands, and
/// `1,250` can be either.
fn with_comma(text: &str) -> Option<Fault> {
    let text_owned = || text.to_owned();
    let grouped = |whole: &str, separator: char| {
        let mut groups = whole.trim_start_matches(['-', '+']).split(separator);
        let first = groups.next().unwrap_or_default();
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        (1..=3).contains(&first.len()) && digits(first) && groups.all(|g| g.len() == 3 && digits(g))
    };
    let number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    let (whole, part) = text.split_once(',')?;
    let decimal = format!("{}.{part}", whole.replace('.', ""));
    let is_decimal = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && number(&decimal);
    let before_point = text.split_once('.').map_or(text, |(before, _)| before);
    let thousands = text.replace(',', "");
    let is_thousands = before_point.contains(',') && grouped(before_point, ',') && number(&thousands);
    match (is_decimal, is_thousands) {
        (true, true) if !whole.contains('.') => Some(Fault::AmbiguousComma { text: text_owned(), thousands, decimal }),
        (_, true) => Some(Fault::ThousandsComma { text: text_owned(), meant: thousands }),
        (true, false) => Some(Fault::DecimalComma { text: text_owned(), meant: decimal }),
        (false, false) => None,
    }
}

/// A stream that notes where its lines end, because the CSV reader's own count is off after CRLF and blank lines.
struct Lines<R> {
    stream: R,
    state: RefCell<LineState>,
}

struct LineState {
    read: u64,
    after_cr: bool,
    /// The offsets at which line breaks begin that have not been counted yet.
    breaks: VecDeque<u64>,
    counted: u64,
}

impl<R> Lines<R> {
    fn new(stream: R) -> Self {
        let state = LineState { read: 0, after_cr: false, breaks: VecDeque::new(), counted: 0 };
        Self { stream, state: RefCell::new(state) }
    }

    /// The line on which a record ends, given the offset behind it (that is, behind the first byte of its line break).
    /// Offsets must not decrease from call to call.
    fn line_at(&self, end: u64) -> u64 {
        let mut state = self.state.borrow_mut();
        while state.breaks.front().is_some_and(|&b| b + 1 < end) {
            state.breaks.pop_front();
            state.counted += 1;
        }
        state.counted + 1
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        let state = self.state.get_mut();
        for (offset, &byte) in (state.read..).zip(&buffer[..n]) {
            if byte == b'\r' || (byte == b'\n' && !state.after_cr) {
                state.breaks.push_back(offset);
            }
            state.after_cr = byte == b'\r';
        }
        state.read += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that the problems of a table with two numeric columns are found in.
    fn lines(text: &str) -> Vec<(u64, usize)> {
        let known = [Known::Required("a"), Known::Required("b")];
        let mut table = Table::open(Input::text(text, "t.csv"), &known, Others::Refuse).unwrap();
        while let Some(mut row) = table.next_row().unwrap() {
            row.number(0);
            row.number(1);
        }
        let error = table.finish().unwrap_err();
        let place =
            |p: &Problem| p.place.as_ref().map(|p| (p.line, p.column.as_ref().map_or(0, |c| c.number))).unwrap();
        error.problems().iter().map(place).collect()
    }

    #[test]
    fn lines_are_right_after_crlf_blank_lines_a_mark_and_quoted_line_breaks() {
        assert_eq!(lines("a,b\n1,x\n\n\ny,2\n"), [(2, 2), (5, 1)]);
        assert_eq!(lines("\u{feff}a,b\r\n1,x\r\n\r\n\r\ny,2\r\n"), [(2, 2), (5, 1)]);
        assert_eq!(lines("\n\na,b\nx,2"), [(4, 1)]);
        assert_eq!(lines("a,b\r1,2\rx,4"), [(3, 1)]);
        assert_eq!(lines("a,b\n\"p\nq\",x\n3,y\n"), [(2, 1), (3, 2), (4, 2)]);
        assert_eq!(lines("a,b\n1,2,3\n"), [(2, 0)]);
        // longer than the reader's buffer
        let long = format!("a,b\n{}x,1\n", "1,2\r\n".repeat(10_000));
        assert_eq!(lines(&long), [(10_002, 1)]);
    }

    #[test]
    fn commas_before_decimals_are_told_from_those_between_thousands() {
        let message = |text: &str| with_comma(text).map(|fault| fault.to_string());
        assert_eq!(message("3,5").unwrap(), "`3,5` has a decimal comma; write 3.5");
        assert_eq!(message("-1.234,5").unwrap(), "`-1.234,5` has a decimal comma; write -1234.5");
        assert_eq!(message("1,234,567").unwrap(), "`1,234,567` has commas between thousands; write 1234567");
        assert_eq!(message("1,234.5").unwrap(), "`1,234.5` has commas between thousands; write 1234.5");
        assert_eq!(
            message("1,250").unwrap(),
            "`1,250` has a comma, which may stand before decimals or between thousands; write 1250 or 1.250"
        );
        assert_eq!(message("1,2,3"), None);
        assert_eq!(message("a,5"), None);
        assert_eq!(message("5,"), None);
    }

    #[test]
    fn numbers_are_finite() {
        assert_eq!(number("1e300", true), Ok(1e300));
        assert_eq!(number("inf", true), Err(Fault::NotFinite { text: "inf".into() }));
        assert_eq!(number("NaN", true), Err(Fault::NotFinite { text: "NaN".into() }));
        assert_eq!(number("1e400", true), Err(Fault::NotFinite { text: "1e400".into() }));
        assert_eq!(number("1 000", true), Err(Fault::NotANumber { text: "1 000".into(), optional: true }));
    }
}
