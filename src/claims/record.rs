//! What an article says, so that it can be held against the figures.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::cities::Cities;
use crate::codes::Codes;
use crate::error::{Fault, Place, Problem, Problems, Result, What, nearest};
use crate::framework::Framework;
use crate::input::Input;
use crate::table::{Known, Others, Row, Table};

/// What documents say of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// They bear it out.
    Supported,
    /// They bear out a part of it.
    PartlySupported,
    /// They bore it out once, and no longer do.
    SupportedThenContradicted,
    /// They say the contrary.
    Contradicted,
    /// None was found that bears it out.
    NotConfirmed,
    /// There are reasons not to believe it.
    Doubtful,
    /// It says nothing that a document could show.
    NotCheckable,
    /// No document was looked for: so it is of a claim that is written in code.
    Unchecked,
}

impl Verdict {
    const WORDS: [&'static str; 8] = [
        "supported",
        "partly_supported",
        "supported_then_contradicted",
        "contradicted",
        "not_confirmed",
        "doubtful",
        "not_checkable",
        "unchecked",
    ];

    const ALL: [Self; 8] = [
        Self::Supported,
        Self::PartlySupported,
        Self::SupportedThenContradicted,
        Self::Contradicted,
        Self::NotConfirmed,
        Self::Doubtful,
        Self::NotCheckable,
        Self::Unchecked,
    ];
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::WORDS[*self as usize])
    }
}

impl FromStr for Verdict {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let found = Self::WORDS.iter().position(|&word| word == text).map(|i| Self::ALL[i]);
        found.ok_or_else(|| Fault::UnknownWord { what: "verdict", text: text.to_owned(), expected: &Self::WORDS })
    }
}

/// How sure a documentary verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Little.
    Low,
    /// Fairly.
    Medium,
    /// Very.
    High,
}

impl Confidence {
    const WORDS: [&'static str; 3] = ["low", "medium", "high"];
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::WORDS[*self as usize])
    }
}

impl FromStr for Confidence {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "low" => Self::Low,
            "medium" => Self::Medium,
            "high" => Self::High,
            _ => {
                return Err(Fault::UnknownWord { what: "confidence", text: text.to_owned(), expected: &Self::WORDS });
            }
        })
    }
}

/// What a claim says in terms that figures can test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Relation {
    /// The city scores higher than another.
    Leads {
        /// The other city.
        rival: String,
    },
    /// The city scores lower than another.
    Trails {
        /// The other city.
        rival: String,
    },
    /// The city scores highest of all: rank 1 under the ties of the method.
    Tops,
    /// The city is among the first so many, by its rank under the ties of the method.
    Top {
        /// How many.
        k: usize,
    },
    /// The city's series moves in the better direction between two years.
    Improves,
    /// The city's series falls between two years.
    Declines,
    /// The city's series is above a value in a year.
    Exceeds {
        /// The value.
        value: f64,
    },
    /// Two nodes rank the cities alike.
    GoesWith {
        /// The other node.
        node: String,
    },
}

impl Relation {
    const WORDS: [&'static str; 9] =
        ["leads", "trails", "tops", "top", "among", "improves", "declines", "exceeds", "goes_with"];
}

/// A test of a claim: a relation at a node, in a year or between two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Test {
    /// What is said.
    pub relation: Relation,
    /// Of which node or series.
    pub node: String,
    /// From which year.
    pub from_year: Option<i32>,
    /// To which year.
    pub to_year: Option<i32>,
}

/// A claim, with what documents say of it and, where figures can test it, in which terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Claim {
    /// The code by which it is looked up.
    pub code: String,
    /// What it says, in our words.
    pub text: String,
    /// The city that it is about.
    pub subject: String,
    /// The node that it is about, where there is one.
    pub measure: Option<String>,
    /// What documents say of it.
    pub verdict: Verdict,
    /// The figure that decides, as it was found.
    pub figure: String,
    /// The unit of that figure.
    pub unit: String,
    /// The year of that figure, or years.
    pub year: String,
    /// Figures to compare it with.
    pub comparison: String,
    /// In which terms figures can test it; none where they cannot.
    pub test: Option<Test>,
    /// The document.
    pub source: String,
    /// Where the document stands.
    pub url: String,
    /// A remark.
    pub note: String,
    /// How sure the verdict is.
    pub confidence: Confidence,
}

/// Claims, found by their codes.
///
/// ```
/// use longspring::{Relation, Verdict, article};
///
/// let claims = article::claims();
/// let infrastructure = claims.get("C12")?;
/// assert_eq!(infrastructure.verdict, Verdict::Supported);
/// assert_eq!(infrastructure.test.as_ref().unwrap().relation, Relation::Leads { rival: "sheffield".into() });
/// # Ok::<(), longspring::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Vec<Claim>", into = "Vec<Claim>")]
pub struct Claims {
    list: Vec<Claim>,
    codes: Codes,
    /// Where each claim was read.
    #[serde(skip)]
    places: Vec<Place>,
}

const CODE: usize = 0;
const TEXT: usize = 1;
const SUBJECT: usize = 2;
const MEASURE: usize = 3;
const VERDICT: usize = 4;
const CONFIDENCE: usize = 5;
const RELATION: usize = 6;
const NODE: usize = 7;
const RIVAL: usize = 8;
const FROM: usize = 9;
const TO: usize = 10;
const FIGURE: usize = 11;
const COLUMNS: [Known; 18] = [
    Known::Required("claim"),
    Known::Required("text"),
    Known::Required("subject"),
    Known::Optional("measure"),
    Known::Optional("verdict"),
    Known::Optional("confidence"),
    Known::Required("relation"),
    Known::Required("node"),
    Known::Optional("rival"),
    Known::Optional("from_year"),
    Known::Optional("to_year"),
    Known::Optional("figure"),
    Known::Optional("unit"),
    Known::Optional("year"),
    Known::Optional("comparison"),
    Known::Optional("source"),
    Known::Optional("url"),
    Known::Optional("note"),
];

impl Claims {
    /// Reads claims from CSV, a claim a row.
    ///
    /// The columns `claim` (the code), `text`, `subject` (a city), `relation` and `node` must be there; the last two are empty
    /// for a claim that figures cannot test.
    ///
    /// | `relation` | says of the subject | `rival` | `from_year` | `to_year` |
    /// |---|---|---|---|---|
    /// | `leads`, `trails` | it scores higher, or lower, at the node | the other city | | as of that year |
    /// | `tops` | it is first at the node | | | as of that year |
    /// | `top` (or `among`) | it is among the first | how many places | | as of that year |
    /// | `goes_with` | nothing, and it may be empty: the node and another rank cities alike | the other node | | as of that year |
    /// | `improves`, `declines` | its series gets better, or falls | | needed | needed |
    /// | `exceeds` | its series is above a value | the value | | needed |
    ///
    /// Columns that no claim needs may be left out, and so may `measure`, `figure`, `unit`, `year`, `comparison`, `source`,
    /// `url` and `note`. `verdict` and `confidence` say what documents make of the claims: without these columns every claim is
    /// [`Verdict::Unchecked`], with [`Confidence::Low`]; where they are there, each claim must say it.
    ///
    /// ```
    /// use longspring::{Claims, Input, Verdict};
    ///
    /// let claims = "claim,text,subject,relation,node,rival\n\
    ///               A,Detroit is ahead of Sheffield,detroit,leads,renewal,sheffield\n\
    ///               B,Pittsburgh is among the best ten,pittsburgh,top,renewal,10\n";
    /// let claims = Claims::read_csv(Input::text(claims, "claims.csv"))?; // or Claims::read_csv("claims.csv")?
    /// assert_eq!(claims.get("B")?.to_string(), "pittsburgh is among the top 10 of renewal");
    /// assert_eq!(claims.get("B")?.verdict, Verdict::Unchecked);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Read`](crate::Error::Read) where the file cannot be read, [`Error::Invalid`](crate::Error::Invalid) with every
    /// problem of the file and its place.
    pub fn read_csv<'a>(input: impl Into<Input<'a>>) -> Result<Self> {
        let mut table = Table::open(input, &COLUMNS, Others::Refuse)?;
        let mut claims: Vec<Claim> = Vec::new();
        let mut places = Vec::new();
        // A table of claims that nobody has looked up has no verdicts; where there are some, none is forgotten.
        let [judged, weighed] = [VERDICT, CONFIDENCE].map(|k| table.places()[k].is_some());
        while let Some(mut row) = table.next_row()? {
            let (code, text) = (row.required(CODE, "code of the claim"), row.required(TEXT, "text"));
            // What two nodes do together is about no single city.
            let of_nodes = row.text(RELATION) == "goes_with";
            let subject = if of_nodes { Some(row.text(SUBJECT).to_owned()) } else { row.required(SUBJECT, "city") };
            let verdict = if judged { row.needed_word(VERDICT, "verdict") } else { Some(Verdict::Unchecked) };
            let confidence = if weighed { row.needed_word(CONFIDENCE, "confidence") } else { Some(Confidence::Low) };
            let test = read_test(&mut row);
            let (Some(code), Some(text), Some(subject)) = (code, text, subject) else {
                continue;
            };
            let (Some(verdict), Some(confidence)) = (verdict, confidence) else {
                continue;
            };
            let [figure, unit, year, comparison, source, url, note] =
                [0, 1, 2, 3, 4, 5, 6].map(|k| row.text(FIGURE + k).to_owned());
            let measure = row.optional(MEASURE);
            let claim = Claim {
                code,
                text,
                subject,
                measure,
                verdict,
                figure,
                unit,
                year,
                comparison,
                test,
                source,
                url,
                note,
                confidence,
            };
            claims.push(claim);
            places.push(row.place(CODE));
        }
        let codes = Codes::new(claims.iter().map(|c| c.code.as_str()));
        for (first, second) in codes.duplicates() {
            let code = claims[second].code.clone();
            table.problem(
                Some(places[second].clone()),
                Fault::Duplicate { what: What::Claim, code, first: Some(places[first].line) },
            );
        }
        table.finish()?;
        Ok(Self { list: claims, codes, places })
    }

    /// Checks that the cities and nodes that the claims name exist.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every city and node that does not exist, with the nearest code.
    pub fn check(&self, framework: &Framework, cities: &Cities) -> Result<()> {
        let mut problems = Vec::new();
        for (i, claim) in self.list.iter().enumerate() {
            let mut check = |what: What, code: &str| {
                let known = match what {
                    What::City => cities.keys(),
                    _ => framework.codes(),
                };
                if known.find(code).is_none() {
                    let fault = Fault::UnknownCode {
                        what,
                        code: code.to_owned(),
                        nearest: nearest(code, known.iter()),
                        rows: 1,
                    };
                    problems.push(Problem::at(self.places.get(i).cloned(), fault));
                }
            };
            let test = claim.test.as_ref();
            // What two nodes do together is about no single city.
            let of_nodes = matches!(test.map(|t| &t.relation), Some(Relation::GoesWith { .. }));
            if !(of_nodes && claim.subject.is_empty()) {
                check(What::City, &claim.subject);
            }
            claim.measure.iter().chain(test.map(|t| &t.node)).for_each(|node| check(What::Node, node));
            match test.map(|t| &t.relation) {
                Some(Relation::Leads { rival } | Relation::Trails { rival }) => check(What::City, rival),
                Some(Relation::GoesWith { node }) => check(What::Node, node),
                _ => {}
            }
        }
        Problems::check(problems)
    }

    /// A claim by its code.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is none, with the nearest code.
    pub fn get(&self, code: &str) -> Result<&Claim> {
        self.codes.find_or(code, What::Claim).map(|i| &self.list[i])
    }

    /// The claims, in the order in which they were given.
    pub fn iter(&self) -> std::slice::Iter<'_, Claim> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The test of a row; none where it has no relation or cannot be read.
fn read_test(row: &mut Row<'_, '_>) -> Option<Test> {
    let years = [FROM, TO].map(|k| if row.text(k).is_empty() { None } else { row.year(k) });
    let [from_year, to_year] = years;
    let relation = row.optional(RELATION)?;
    let node = row.required(NODE, "node");
    let mut needs_year = |k: usize, what| {
        if row.text(k).is_empty() {
            row.fault(k, Fault::EmptyCell { what });
        }
    };
    if matches!(relation.as_str(), "improves" | "declines") {
        needs_year(FROM, "first year");
    }
    if matches!(relation.as_str(), "improves" | "declines" | "exceeds") {
        needs_year(TO, "year");
    }
    let relation = match relation.as_str() {
        "leads" => row.required(RIVAL, "rival").map(|rival| Relation::Leads { rival }),
        "trails" => row.required(RIVAL, "rival").map(|rival| Relation::Trails { rival }),
        "goes_with" => row.required(RIVAL, "second node").map(|node| Relation::GoesWith { node }),
        "exceeds" => {
            if row.text(RIVAL).is_empty() {
                row.fault(RIVAL, Fault::EmptyCell { what: "value" });
            }
            row.number(RIVAL).map(|value| Relation::Exceeds { value })
        }
        "tops" => Some(Relation::Tops),
        "top" | "among" => {
            if row.text(RIVAL).is_empty() {
                row.fault(RIVAL, Fault::EmptyCell { what: "number of places" });
            }
            row.number(RIVAL).and_then(|value| {
                let k = places(value);
                if k.is_none() {
                    let (name, need) = ("the number of places", "a whole number, 1 or more");
                    row.fault(RIVAL, Fault::Parameter { name, value, need });
                }
                k.map(|k| Relation::Top { k })
            })
        }
        "improves" => Some(Relation::Improves),
        "declines" => Some(Relation::Declines),
        _ => {
            row.fault(RELATION, Fault::UnknownWord { what: "relation", text: relation, expected: &Relation::WORDS });
            None
        }
    };
    Some(Test { relation: relation?, node: node?, from_year, to_year })
}

/// A number of places as it stands in a file.
fn places(value: f64) -> Option<usize> {
    // No dataset holds as many cities.
    const MOST: f64 = 2_147_483_648.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number within the bounds")]
    let k = (value.fract() == 0.0 && (1.0..=MOST).contains(&value)).then_some(value as usize);
    k
}

impl TryFrom<Vec<Claim>> for Claims {
    type Error = crate::Error;

    fn try_from(list: Vec<Claim>) -> Result<Self> {
        let codes = Codes::new(list.iter().map(|c| c.code.as_str()));
        let twice = codes.duplicates().map(|(_, second)| {
            Problem::from(Fault::Duplicate { what: What::Claim, code: list[second].code.clone(), first: None })
        });
        Problems::check(twice.collect())?;
        Ok(Self { list, codes, places: Vec::new() })
    }
}

impl From<Claims> for Vec<Claim> {
    fn from(claims: Claims) -> Self {
        claims.list
    }
}

/// Where they were read does not matter.
impl PartialEq for Claims {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl<'a> IntoIterator for &'a Claims {
    type Item = &'a Claim;
    type IntoIter = std::slice::Iter<'a, Claim>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
