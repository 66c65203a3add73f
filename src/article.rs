//! The embedded article: its framework, the cities it is about, what is known of them, and what it claims.
//!
//! An article holds Changchun up as the model for reviving industrial cities. It credits four measures (`industry`,
//! `infrastructure`, `investment`, `education`: the index `renewal`), adds two (`culture`, `environment`: `wellbeing`), and
//! points at one outcome, growth (`vitality`), which is kept apart so that cause and result are never averaged. The
//! figures of 39 industrial cities were collected from public copies of the sources in [`sources`]; what should be known
//! before they are used stands in `data/README.md`.
//!
//! The tables are parsed by the same readers as a user's own, at every call: keep the result.
//!
//! ```
//! use longspring::{Cut, Method, article};
//!
//! let framework = article::framework();
//! let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
//! println!("{scores}");
//! # assert_eq!(scores.rank("changchun", "renewal")?, Some(32.0));
//! # Ok::<(), longspring::Error>(())
//! ```

use crate::cities::Cities;
use crate::claims::Claims;
use crate::error::Result;
use crate::framework::Framework;
use crate::input::Input;
use crate::observations::Observations;
use crate::sources::Sources;

/// An embedded table: `data/NAME.csv`, read by its reader.
macro_rules! embedded {
    ($reader:path, $name:literal) => {
        sound($reader(Input::text(include_str!(concat!("../data/", $name, ".csv")), concat!("data/", $name, ".csv"))))
    };
}

/// The article's framework: indices `renewal` (the four measures), `wellbeing` and `vitality`, and the context series.
#[must_use]
pub fn framework() -> Framework {
    embedded!(Framework::read_csv, "framework")
}

/// The key of the city that the article holds up as the model for others: Changchun.
pub const MODEL: &str = crate::explain::MODEL_CITY;

/// The 39 cities, with name, country, region and coordinates.
#[must_use]
pub fn cities() -> Cities {
    embedded!(Cities::read_csv, "cities")
}

/// The figures of the cities, from 1950 to 2025, each with its year, status and source.
#[must_use]
pub fn observations() -> Observations {
    sound(embedded!(Observations::read_csv, "observations").with_cities(cities()))
}

/// The sources of the figures, with publisher, licence and doubts.
#[must_use]
pub fn sources() -> Sources {
    embedded!(Sources::read_csv, "sources")
}

/// The article's 37 claims, with what documents say of each.
#[must_use]
pub fn claims() -> Claims {
    embedded!(Claims::read_csv, "claims")
}

/// What was embedded is part of the crate, and a test proves it valid: no input of a user can reach the panic.
#[expect(clippy::panic, reason = "the embedded tables are proved valid by a test")]
fn sound<T>(read: Result<T>) -> T {
    read.unwrap_or_else(|error| panic!("an embedded table is not valid: {error}"))
}
