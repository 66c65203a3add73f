//! Sobol' indices as text.

use std::fmt;

use super::{SobolEstimate, SobolIndices};
use crate::text::{left, right, width};

/// A table with an input a line, and a star beside what cannot be told from zero.
impl fmt::Display for SobolIndices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let design = if self.exact { "all combinations in" } else { "a design of" };
        write!(f, "Sobol' indices from {design} {} {}", self.rows, if self.exact { "runs" } else { "rows" })?;
        if self.failed > 0 {
            write!(f, ", {} more failed", self.failed)?;
        }
        if self.resamples > 0 {
            write!(f, "; intervals of 90 % from {} resamples", self.resamples)?;
        }
        writeln!(f)?;
        let mut rows = vec![["input".to_owned(), "first order".to_owned(), "total".to_owned()]];
        rows.extend(self.inputs.iter().map(|i| [i.input.clone(), self.text(&i.first), self.text(&i.total)]));
        let widths = [0, 1, 2].map(|c| rows.iter().map(|row| width(&row[c])).max().unwrap_or(0));
        for [input, first, total] in &rows {
            let line = [left(input, widths[0]), right(first, widths[1]), right(total, widths[2])].join("  ");
            writeln!(f, "{}", line.trim_end())?;
        }
        let doubtful = |e: &SobolEstimate| !e.is_above_zero();
        if self.resamples == 0 && !self.exact {
            writeln!(f, "without a bootstrap one cannot say which of them can be told from zero")?;
        } else if self.inputs.iter().any(|i| doubtful(&i.first) || doubtful(&i.total)) {
            let why = if self.exact { "zero" } else { "cannot be told from zero" };
            writeln!(f, "* {why}")?;
        }
        Ok(())
    }
}

impl SobolIndices {
    fn text(&self, estimate: &SobolEstimate) -> String {
        let mark = if estimate.interval.is_none() || estimate.is_above_zero() { "  " } else { " *" };
        match estimate.interval {
            Some((low, high)) if !self.exact => format!("{:.3} [{low:.3}, {high:.3}]{mark}", estimate.value),
            _ => format!("{:.3}{mark}", estimate.value),
        }
    }
}
