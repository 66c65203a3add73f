//! How the texts of faults are put: codes, lists, shares, advice.

use std::fmt;

use super::nearest::nearest;

/// `; did you mean ...?`, or nothing.
pub(super) fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |code| format!("; did you mean `{}`?", Clip(code)))
}

/// How a text should be written that is no number.
pub(super) fn number_advice(text: &str, optional: bool) -> String {
    let bare = text.trim_end_matches('%');
    let whole: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    let spaces = bare.trim_end().contains(char::is_whitespace);
    let rest = match (spaces, bare.len() < text.len()) {
        (true, true) => "the spaces and the %",
        (true, false) => "the spaces",
        (false, true) => "the %",
        (false, false) => "",
    };
    if !rest.is_empty() && whole.parse().is_ok_and(f64::is_finite) {
        return format!("leave out {rest}: {}", Clip(&whole));
    }
    format!("write it like 1234.5{}", if optional { ", or leave a missing one empty" } else { "" })
}

/// The word of a list that is most likely meant. Of single letters any would be near: they must be the same but for their case.
pub(super) fn meant(text: &str, expected: &[&'static str]) -> Option<String> {
    nearest(text, expected.iter().copied().filter(|word| word.len() > 2 || word.eq_ignore_ascii_case(text)))
}

/// A share as `50 %`.
pub(super) struct Share(pub(super) f64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} %", self.0 * 100.0)
    }
}

/// Codes as `` `a`, `b` and `c` ``.
pub(super) struct Codes<'a>(pub(super) &'a [String]);

impl fmt::Display for Codes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, code) in self.0.iter().enumerate() {
            match i {
                0 => {}
                i if i + 1 == self.0.len() => f.write_str(" and ")?,
                _ => f.write_str(", ")?,
            }
            write!(f, "`{code}`")?;
        }
        Ok(())
    }
}

/// How many codes of a list a message names.
pub(crate) const FEW: usize = 3;

/// ` (3 rows)`, or nothing for one.
pub(super) fn in_rows(rows: usize) -> String {
    if rows > 1 { format!(" ({rows} rows)") } else { String::new() }
}

/// `there is 1 city`, `there are 3 cities`.
pub(super) fn there(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("there is 1 {one}") } else { format!("there are {count} {many}") }
}

/// The first few codes, and how many more there are, beside so many that are not in the list.
pub(super) struct First<'a>(pub(super) &'a [String], pub(super) usize);

impl fmt::Display for First<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = &self.0[..self.0.len().min(FEW)];
        match self.1 + self.0.len() - first.len() {
            0 => Codes(first).fmt(f),
            more => {
                let named: Vec<String> = first.iter().map(|code| format!("`{code}`")).collect();
                write!(f, "{} and {more} more", named.join(", "))
            }
        }
    }
}

/// Words as `a, b or c`.
pub(super) struct Or<'a>(pub(super) &'a [&'static str]);

impl fmt::Display for Or<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, word) in self.0.iter().enumerate() {
            match i {
                0 => {}
                i if i + 1 == self.0.len() => f.write_str(" or ")?,
                _ => f.write_str(", ")?,
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

/// A text on one line and not longer than a message can bear; the whole stays in the fault's field.
pub(super) struct Clip<'a>(pub(super) &'a str);

impl fmt::Display for Clip<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 60;
        for c in self.0.chars().take(LONGEST) {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        if self.0.chars().nth(LONGEST).is_some() { f.write_str("...") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::error::Fault;

    #[test]
    fn a_long_or_multi_line_text_is_cut_in_the_message_only() {
        let fault = Fault::NotANumber { text: format!("a\nb{}", "x".repeat(100)), optional: false };
        let text = fault.to_string();
        assert!(text.starts_with("`a\\nbxxx") && text.contains("...`"), "{text}");
    }
}
