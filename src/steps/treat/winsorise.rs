//! Winsorising: the outermost values move inwards, one distinct value at a time.

use crate::kernel::stats;

/// What makes an indicator a case for treatment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test {
    pub(super) skewness: f64,
    pub(super) kurtosis: f64,
}

impl Test {
    /// What most of the literature takes.
    pub(super) const USUAL: Self = Self { skewness: 2.0, kurtosis: 3.5 };

    /// Whether an indicator may stay as it is: it fails only by both.
    pub(super) fn passes(self, skewness: Option<f64>, kurtosis: Option<f64>) -> bool {
        let skewed = skewness.is_some_and(|s| s.abs() >= self.skewness);
        let peaked = kurtosis.is_some_and(|k| k >= self.kurtosis);
        !(skewed && peaked)
    }

    pub(super) fn passes_of(self, values: &[f64]) -> bool {
        self.passes(stats::skewness(values), stats::kurtosis(values))
    }
}

/// The ends into which values were moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ends {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) moved_low: usize,
    pub(super) moved_high: usize,
}

/// Moves the outermost values of a sorted sample inwards until it passes, or until one more step would move more than
/// `most` values or leave but one distinct value.
pub(super) fn winsorise(sorted: &[f64], most: usize, test: Test) -> Option<Ends> {
    let (&low, &high) = (sorted.first()?, sorted.last()?);
    let mut ends = Ends { low, high, moved_low: 0, moved_high: 0 };
    let mut values = sorted.to_vec();
    loop {
        let (skewness, kurtosis) = (stats::skewness(&values), stats::kurtosis(&values));
        let Some(skew) = skewness.filter(|_| !test.passes(skewness, kurtosis)) else { break };
        let mut next = ends;
        // All values at the end move together: those that were moved before are among them.
        if skew >= 0.0 {
            let below = values.partition_point(|&v| v < ends.high);
            (next.high, next.moved_high) = (values[below.checked_sub(1)?], values.len() - below);
        } else {
            let above = values.partition_point(|&v| v <= ends.low);
            (next.low, next.moved_low) = (*values.get(above)?, above);
        }
        if next.low >= next.high || next.moved_low + next.moved_high > most {
            break;
        }
        ends = next;
        for v in &mut values {
            *v = v.clamp(ends.low, ends.high);
        }
    }
    Some(ends)
}
