//! What the cases of a test say together.

use super::case::Span;
use super::record::Claim;
use super::tested::{Counterexample, Filling, Holding, Proof, Tested};

/// What the cases say together.
#[derive(Default)]
pub(super) struct Gathered {
    cases: usize,
    always: usize,
    never: usize,
    held: usize,
    tried: usize,
    exact: bool,
    nominal: Option<f64>,
    smallest: Option<f64>,
    largest: Option<f64>,
    broken: Option<Counterexample>,
    reasons: Vec<String>,
    notes: Vec<String>,
}

impl Gathered {
    /// Nothing yet: exact until something is only tried.
    pub(super) fn new() -> Self {
        Self { exact: true, ..Self::default() }
    }

    pub(super) fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }

    /// A case that the figures do not decide.
    pub(super) fn unknown(&mut self, reason: String) {
        self.cases += 1;
        self.reason(reason);
    }

    fn reason(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// A case that missing figures decide, where there are some: without any, it is decided by what else is open.
    pub(super) fn gap(&mut self, figures: &[Filling], found: Option<&Counterexample>) {
        let all = found.map(|f| f.missing.as_slice()).filter(|m| !m.is_empty()).unwrap_or(figures);
        if all.is_empty() {
            return;
        }
        let named: Vec<String> = all.iter().take(4).map(|f| format!("{} of {}", f.series, f.city)).collect();
        let more = if all.len() > 4 { format!(" and {} more", all.len() - 4) } else { String::new() };
        self.reason(format!("missing figures decide: {}{more}", named.join(", ")));
    }

    pub(super) fn single(&mut self, holds: bool, margin: f64, broken: Counterexample) {
        let span = Span {
            nominal: Some(margin),
            smallest: Some(margin),
            largest: Some(margin),
            held: usize::from(holds),
            tried: 1,
            ..Span::default()
        };
        self.span(&span, (holds, !holds, true), (!holds).then_some(broken));
    }

    pub(super) fn span(
        &mut self,
        span: &Span,
        (always, never, exact): (bool, bool, bool),
        broken: Option<Counterexample>,
    ) {
        if self.cases == 0 {
            self.nominal = span.nominal;
        }
        self.cases += 1;
        self.always += usize::from(always);
        self.never += usize::from(never);
        self.held += span.held;
        self.tried += span.tried;
        self.exact &= exact;
        self.smallest = least(self.smallest, span.smallest);
        self.largest = greatest(self.largest, span.largest);
        if let Some(note) = &span.note {
            self.note(note);
        }
        // As it stands before missing figures, and the larger break before the smaller.
        if let Some(broken) = broken {
            let key = |c: &Counterexample| (c.missing.len().min(1), c.margin.unwrap_or(f64::NEG_INFINITY));
            let before = self.broken.as_ref().is_none_or(|known| {
                let ((a, x), (b, y)) = (key(&broken), key(known));
                a < b || (a == b && x < y)
            });
            if before {
                self.broken = Some(broken);
            }
        }
    }

    pub(super) fn finish(mut self, claim: &Claim, unit: String) -> Tested {
        let holding = if self.cases > 0 && self.always == self.cases {
            Holding::Always
        } else if self.cases > 0 && self.never == self.cases {
            Holding::Never
        } else if self.held > 0 && self.held < self.tried {
            self.notes.append(&mut self.reasons);
            Holding::Share { held: self.held, of: self.tried }
        } else {
            let undecided = "the margin is within rounding of 0 somewhere".to_owned();
            let reason = if self.reasons.is_empty() { undecided } else { self.reasons.join("; ") };
            Holding::Unknown { reason }
        };
        Tested {
            claim: claim.clone(),
            holding,
            proof: if self.exact { Proof::Exact } else { Proof::Tried },
            nominal: self.nominal,
            smallest: self.smallest,
            largest: self.largest,
            unit,
            tried: self.tried,
            counterexample: self.broken,
            notes: self.notes,
        }
    }
}

pub(super) fn least(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

pub(super) fn greatest(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}
