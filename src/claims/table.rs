//! What came out beside what documents say.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::record::{Claim, Verdict};
use super::tested::{Holding, Tested};
use crate::error::{Error, Result, What, nearest};
use crate::text::left;

/// Whether documents and figures say the same of a claim.
///
/// | documents | holds always | in a share | never |
/// |---|---|---|---|
/// | supported | agree | partly | disagree |
/// | partly supported | agree | agree | disagree |
/// | contradicted | disagree | partly | agree |
///
/// Other verdicts, claims that cannot be known from the data and claims that figures cannot test are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Agreement {
    /// They do.
    Agree,
    /// Figures bear the documents out in a part of the cases.
    Partly,
    /// They do not.
    Disagree,
    /// There is nothing to compare.
    NotCompared,
}

impl Agreement {
    /// Of a documentary and a computed verdict.
    #[must_use]
    pub fn of(verdict: Verdict, holding: &Holding) -> Self {
        use Holding::{Always, Never, Share};
        match (verdict, holding) {
            (Verdict::Supported, Always)
            | (Verdict::PartlySupported, Always | Share { .. })
            | (Verdict::Contradicted, Never) => Self::Agree,
            (Verdict::Supported | Verdict::Contradicted, Share { .. }) => Self::Partly,
            (Verdict::Supported | Verdict::PartlySupported, Never) | (Verdict::Contradicted, Always) => Self::Disagree,
            _ => Self::NotCompared,
        }
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Agree => "agree",
            Self::Partly => "partly",
            Self::Disagree => "DISAGREE",
            Self::NotCompared => "not compared",
        })
    }
}

/// Claims with the verdict of documents and that of the figures side by side. See [`Inquiry::test_claims`](super::Inquiry::test_claims).
///
/// ```
/// use longspring::{Agreement, Inquiry, article};
///
/// let (framework, known) = (article::framework(), article::observations());
/// let table = Inquiry::new(&framework, &known).test_claims(&article::claims())?;
/// assert_eq!(table.tested().count(), 12);
/// assert!(table.get("C12")?.unwrap().holds_always());
/// assert_eq!(table.agreement("C04")?, Agreement::Agree); // contradicted, and it never holds
/// println!("{table}");
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestedClaims {
    rows: Vec<(Claim, Option<Tested>)>,
}

impl TestedClaims {
    pub(super) fn new(rows: Vec<(Claim, Option<Tested>)>) -> Self {
        Self { rows }
    }

    /// Every claim, with what came out of its test where figures can test it.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Claim, Option<&Tested>)> {
        self.rows.iter().map(|(claim, tested)| (claim, tested.as_ref()))
    }

    /// What came out of every test.
    pub fn tested(&self) -> impl Iterator<Item = &Tested> {
        self.rows.iter().filter_map(|(_, tested)| tested.as_ref())
    }

    /// What came out of the test of a claim; none where figures cannot test it.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such claim, with the nearest code.
    pub fn get(&self, code: &str) -> Result<Option<&Tested>> {
        self.row(code).map(|(_, tested)| tested.as_ref())
    }

    /// Whether documents and figures say the same of a claim.
    ///
    /// # Errors
    /// As in [`get`](Self::get).
    pub fn agreement(&self, code: &str) -> Result<Agreement> {
        self.row(code).map(agreement)
    }

    fn row(&self, code: &str) -> Result<&(Claim, Option<Tested>)> {
        self.rows.iter().find(|(claim, _)| claim.code == code).ok_or_else(|| Error::Unknown {
            what: What::Claim,
            code: code.to_owned(),
            nearest: nearest(code, self.rows.iter().map(|(claim, _)| claim.code.as_str())),
        })
    }
}

fn agreement((claim, tested): &(Claim, Option<Tested>)) -> Agreement {
    tested.as_ref().map_or(Agreement::NotCompared, |tested| Agreement::of(claim.verdict, &tested.holding))
}

/// A line a claim: its code, what documents say, what the figures say, whether the two agree; the claim under it where it was
/// tested.
impl fmt::Display for TestedClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |a: &str, b: &str, c: &str, d: &str| format!("{} {} {} {d}", left(a, 5), left(b, 27), left(c, 13));
        writeln!(f, "{}", line("claim", "documents", "", "figures"))?;
        for row @ (claim, tested) in &self.rows {
            let words = tested.as_ref().map_or_else(|| "not tested".to_owned(), |t| t.holding.to_string());
            let agreement = if tested.is_some() { agreement(row).to_string() } else { String::new() };
            writeln!(f, "{}", line(&claim.code, &claim.verdict.to_string(), &agreement, &words).trim_end())?;
            if tested.is_some() {
                writeln!(f, "      {claim}")?;
            }
        }
        Ok(())
    }
}
