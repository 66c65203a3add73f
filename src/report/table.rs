//! Tables that can be sorted, and what stands in them. Private.

use super::html::Html;
use crate::error::Result;
use crate::text::{percent, probability, thousands};

/// What stands in a field of a table.
#[derive(Debug, Clone)]
pub(super) enum Field {
    /// Words.
    Text(String),
    /// Few words, on one line.
    Brief(String),
    /// A number as it is shown and as it is; a dash where it is missing.
    Number(String, Option<f64>),
    /// A missing number, with the reason.
    Missing(String),
    /// An address, as a link where it is one of the web.
    Address(String),
}

impl Field {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A score, with two decimals.
    pub(super) fn score(value: Option<f64>) -> Self {
        Self::Number(value.map_or_else(dash, |v| format!("{v:.2}")), value)
    }

    /// A difference, with its sign.
    pub(super) fn signed(value: Option<f64>) -> Self {
        Self::Number(value.map_or_else(dash, |v| minus(&format!("{v:+.2}"))), value)
    }

    /// A figure, with four digits that count.
    pub(super) fn figure(value: Option<f64>) -> Self {
        Self::Number(value.map_or_else(dash, figure), value)
    }

    /// A rank or a number of things.
    pub(super) fn count(value: Option<f64>) -> Self {
        Self::Number(value.map_or_else(dash, |v| v.to_string()), value)
    }

    /// A share, in percent.
    pub(super) fn share(value: Option<f64>) -> Self {
        Self::Number(value.map_or_else(dash, percent), value)
    }

    /// A probability, with three decimals.
    pub(super) fn probability(p: Option<f64>) -> Self {
        Self::Number(p.map_or_else(dash, probability), p)
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Number(..) | Self::Missing(_))
    }
}

fn dash() -> String {
    "\u{2013}".to_owned()
}

/// A number in print: with a minus sign, where a program writes a hyphen.
pub(super) fn minus(number: &str) -> String {
    number.replace('-', "\u{2212}")
}

/// A number with at least four digits that count, thousands apart, and no zero at its end.
pub(super) fn figure(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e15).contains(&size) {
        return minus(&format!("{x:.3e}"));
    }
    let places = match size {
        s if s >= 1000.0 => 0,
        s if s >= 100.0 => 1,
        s if s >= 10.0 => 2,
        s if s >= 1.0 => 3,
        s if s >= 0.1 => 4,
        s if s >= 0.01 => 5,
        _ => 7,
    };
    let text = format!("{x:.places$}");
    if places > 0 {
        return minus(text.trim_end_matches('0').trim_end_matches('.'));
    }
    match text.strip_prefix('-') {
        Some(digits) => format!("\u{2212}{}", thousands(digits)),
        None => thousands(&text),
    }
}

/// A table: one column names the rows.
#[derive(Debug)]
pub(super) struct Table {
    caption: String,
    heads: Vec<String>,
    /// The column that names the rows.
    named_by: usize,
    sorts: bool,
    rows: Vec<(Vec<Field>, &'static str)>,
}

impl Table {
    pub(super) fn new<S: Into<String>>(caption: impl Into<String>, heads: impl IntoIterator<Item = S>) -> Self {
        let heads = heads.into_iter().map(Into::into).collect();
        Self { caption: caption.into(), heads, named_by: 0, sorts: true, rows: Vec::new() }
    }

    /// Sets the column that names the rows; the first where nothing is said.
    pub(super) fn named_by(self, column: usize) -> Self {
        Self { named_by: column, ..self }
    }

    /// Of an order that means something, such as that of a tree.
    pub(super) fn in_order(self) -> Self {
        Self { sorts: false, ..self }
    }

    pub(super) fn row(&mut self, fields: impl IntoIterator<Item = Field>) {
        self.marked(fields, "");
    }

    /// A row of a class, such as one to point out.
    pub(super) fn marked(&mut self, fields: impl IntoIterator<Item = Field>, class: &'static str) {
        self.rows.push((fields.into_iter().collect(), class));
    }

    /// Writes the table, in a frame of its own that scrolls where the page is too narrow, by keyboard as well. Nothing where it has
    /// no rows.
    pub(super) fn write(&self, html: &mut Html) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let id = html.id();
        let frame = [("class", "scroll"), ("role", "group"), ("tabindex", "0"), ("aria-labelledby", id.as_str())];
        html.within("div", &frame, |html| {
            let class: &[_] = if self.sorts { &[("class", "sorts")] } else { &[] };
            html.within("table", class, |html| {
                html.element("caption", &[("id", &id)], &self.caption);
                html.within("thead", &[], |html| {
                    html.within("tr", &[], |html| {
                        self.write_heads(html);
                        Ok(())
                    })
                })?;
                html.within("tbody", &[], |html| self.rows.iter().try_for_each(|row| self.write_row(html, row)))
            })
        })
    }

    /// Whether a column holds numbers: it does where none of its fields is words.
    fn is_numeric(&self, column: usize) -> bool {
        self.rows.iter().all(|(fields, _)| fields.get(column).is_some_and(Field::is_number))
    }

    fn write_heads(&self, html: &mut Html) {
        for (column, head) in self.heads.iter().enumerate() {
            let class = if self.is_numeric(column) { "number" } else { "words" };
            html.element("th", &[("scope", "col"), ("class", class)], head);
        }
    }

    fn write_row(&self, html: &mut Html, (fields, class): &(Vec<Field>, &'static str)) -> Result<()> {
        let class: &[_] = if class.is_empty() { &[] } else { &[("class", *class)] };
        html.within("tr", class, |html| {
            for (column, field) in fields.iter().enumerate() {
                let (tag, scope) = if column == self.named_by { ("th", Some(("scope", "row"))) } else { ("td", None) };
                let mut attributes: Vec<_> = scope.into_iter().collect();
                let value;
                match field {
                    Field::Number(shown, number) => {
                        attributes.push(("class", "number"));
                        value = number.map(|v| v.to_string());
                        if let Some(value) = &value {
                            attributes.push(("data-v", value));
                        }
                        html.element(tag, &attributes, shown);
                    }
                    Field::Missing(why) => {
                        attributes.push(("class", "number"));
                        // Read out and printed, where a tooltip would be neither.
                        html.within(tag, &attributes, |html| {
                            html.element("span", &[("class", "why"), ("title", why)], "\u{2013}");
                            html.element("span", &[("class", "hidden")], &format!(" {why}"));
                            Ok(())
                        })?;
                    }
                    Field::Text(text) => html.element(tag, &attributes, text),
                    Field::Brief(text) => {
                        attributes.push(("class", "brief"));
                        html.element(tag, &attributes, text);
                    }
                    Field::Address(text) => html.within(tag, &attributes, |html| {
                        html.address(text);
                        Ok(())
                    })?,
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits_and_no_more_zeros_than_they_need() {
        let cases = [
            (0.0, "0"),
            (1234.5, "1234"),
            (-56_789.0, "\u{2212}56\u{202f}789"),
            (1_234_567.0, "1\u{202f}234\u{202f}567"),
            (123.45, "123.5"),
            (12.5, "12.5"),
            (3.0, "3"),
            (0.123_45, "0.1235"),
            (0.000_25, "0.00025"),
            (-12.5, "\u{2212}12.5"),
            (1e-9, "1.000e\u{2212}9"),
        ];
        for (value, shown) in cases {
            assert_eq!(figure(value), shown);
        }
    }

    #[test]
    fn most_is_not_all_and_some_is_not_none() {
        for (share, shown) in [
            (0.125, "12.5"),
            (0.0, "0"),
            (1.0, "100"),
            (1.5, "150"),
            (0.9997, ">99.9"),
            (0.9994, "99.9"),
            (0.0003, "<0.1"),
            (1.0 / 3.0, "33.3"),
        ] {
            assert_eq!(percent(share), format!("{shown}\u{a0}%"));
        }
    }

    #[test]
    fn a_table_without_rows_is_not_written() {
        let mut html = Html::default();
        Table::new("none", ["a"]).write(&mut html).unwrap_or_default();
        assert_eq!(html.finish(), "");
    }
}
