//! A whole report as one HTML file that asks nothing of anybody.
//!
//! [`Report`] puts what the library finds out on a page: of all cities, or of one. The file holds its pictures, its style and the
//! few lines of script that sort its tables; it loads nothing, and a policy in it forbids it to. Without script every table is
//! there in its first order. It prints, reads well aloud and by keyboard, follows the reader's light or dark setting, and fits a
//! telephone: wide tables scroll in a frame of their own.
//!
//! ```
//! use longspring::report::Report;
//! use longspring::{Doubt, MonteCarlo, WeightSpread, article};
//!
//! let (framework, known) = (article::framework(), article::observations());
//! let (claims, sources) = (article::claims(), article::sources());
//!
//! let report = Report::new(&framework, &known)
//!     .index("renewal")
//!     .simulation(MonteCarlo::new(200).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 })))
//!     .claims(&claims)
//!     .sources(&sources);
//! let html = report.html()?;
//! assert!(html.starts_with("<!DOCTYPE html>") && html.contains("Changchun"));
//! let sheffield = report.city("sheffield").html()?;
//! # assert!(sheffield.contains("<h1>Sheffield"));
//! // std::fs::write("report.html", html)?;
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! | part | all cities | one city | where |
//! |---|---|---|---|
//! | what was asked, the method in full, the framework | yes | yes | always |
//! | ranking, with its doubt | yes | the city's | intervals and picture by [`Report::simulation`] or [`Report::simulated`] |
//! | what missing figures can do to score and rank | of those that lack some | yes | where figures are missing |
//! | each measure, with all figures | yes | figures with year, status and source | always |
//! | contributions, strengths and weaknesses | of the [named](Report::focus) cities | yes | always |
//! | gap | between the named cities | to a [model](Report::model), with what to learn from it | always |
//! | peers | | yes | where scores have distances |
//! | what it would take | of the named cities | yes | always |
//! | other indices beside this one | yes | the city's | where the framework has several |
//! | trajectories | of the named cities | yes | where the figures have years; of scores by [`Report::panel`] |
//! | claims with both verdicts | yes | those about the city | by [`Report::claims`] or [`Report::tested`] |
//! | coverage and imputation | yes | | always |
//! | statistical audit | yes | | always |
//! | sources with licences | yes | those of its figures | by [`Report::sources`] |
//!
//! What the caller does not give is left out. What cannot be told, such as what it would take under a method whose scores can
//! fall when a figure gets better, is replaced by the reason.
//!
//! The same input and options give the same bytes.

mod city;
mod claims;
mod figures;
mod html;
mod material;
mod moved;
mod page;
mod shared;
mod table;
mod whole;

use crate::claims::{Claims, Inquiry, TestedClaims};
use crate::dataset::{Cut, Dataset};
use crate::error::Result;
use crate::explain::Goal;
use crate::framework::Framework;
use crate::method::Method;
use crate::observations::Observations;
use crate::robustness::{MonteCarlo, Simulation};
use crate::sources::Sources;
use crate::trajectory::Panel;
use material::Material;

/// Where the figures come from.
#[derive(Debug, Clone, Copy)]
enum Data<'a> {
    Known(&'a Observations),
    Table(&'a Dataset),
}

/// How sure the ranks are: still to be found out, or known.
#[derive(Debug, Clone)]
enum Doubts<'a> {
    Run(MonteCarlo),
    Known(&'a Simulation),
}

/// Claims: still to be tested, or tested, with what was open.
#[derive(Debug, Clone)]
enum Verdicts<'a> {
    Test(&'a Claims),
    Known(&'a TestedClaims, String),
}

/// A report of cities, or of one city, as one HTML file. See the [module](self).
#[derive(Debug, Clone)]
#[must_use]
pub struct Report<'a> {
    framework: &'a Framework,
    data: Data<'a>,
    method: Method,
    cut: Cut,
    index: Option<String>,
    focus: Option<Vec<String>>,
    model: Option<String>,
    goal: Option<Goal>,
    city: Option<String>,
    doubts: Option<Doubts<'a>>,
    verdicts: Option<Verdicts<'a>>,
    panel: Option<&'a Panel>,
    series: Option<Vec<String>>,
    sources: Option<&'a Sources>,
    title: Option<String>,
    date: Option<String>,
    language: String,
}

impl<'a> Report<'a> {
    /// Of figures with years, statuses and sources.
    pub fn new(framework: &'a Framework, known: &'a Observations) -> Self {
        Self::over(framework, Data::Known(known))
    }

    /// Of one table. It has no years, so that there are no trajectories.
    ///
    /// ```
    /// use longspring::report::Report;
    /// use longspring::{Dataset, Direction, Framework, Input, Node};
    ///
    /// let framework = Framework::new([
    ///     Node::index("liveable"),
    ///     Node::indicator("parks", "liveable", Direction::HigherIsBetter).unit("ha"),
    ///     Node::indicator("noise", "liveable", Direction::LowerIsBetter).unit("dB"),
    /// ])?;
    /// let table = "city,parks,noise\nArles,12,55\nBrest,30,61\nCaen,21,48\n";
    /// let cities = Dataset::read_csv(Input::text(table, "cities.csv"), &framework)?;
    /// let html = Report::of(&framework, &cities).title("Three towns").html()?;
    /// assert!(html.contains("Three towns") && html.contains("Brest"));
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn of(framework: &'a Framework, cities: &'a Dataset) -> Self {
        Self::over(framework, Data::Table(cities))
    }

    fn over(framework: &'a Framework, data: Data<'a>) -> Self {
        Self {
            framework,
            data,
            method: Method::new(),
            cut: Cut::latest(),
            index: None,
            focus: None,
            model: None,
            goal: None,
            city: None,
            doubts: None,
            verdicts: None,
            panel: None,
            series: None,
            sources: None,
            title: None,
            date: None,
            language: "en".to_owned(),
        }
    }

    /// Sets how scores are computed; [`Method::new`] where nothing is said.
    pub fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Sets which figures are taken; the latest where nothing is said. Of one table nothing is cut.
    pub fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// Sets the index that the report is about, or a measure; the first of the framework that counts where nothing is said.
    pub fn index(self, code: impl Into<String>) -> Self {
        Self { index: Some(code.into()), ..self }
    }

    /// Sets the cities that the report looks at more closely, by their keys. Where nothing is said, those four that the embedded
    /// article compares (Changchun, Detroit, Ruhr, Sheffield) as far as they are there, and where none is, the first four of the
    /// ranking, or all where there are no more than eight. The gap is told from the first of them to the others.
    pub fn focus<S: Into<String>>(self, cities: impl IntoIterator<Item = S>) -> Self {
        Self { focus: Some(cities.into_iter().map(Into::into).collect()), ..self }
    }

    /// Sets the city from which a report of one city learns; the best other one where nothing is said.
    pub fn model(self, city: impl Into<String>) -> Self {
        Self { model: Some(city.into()), ..self }
    }

    /// Sets what cities are to reach; a place in the first quarter of the ranking where nothing is said.
    pub fn goal(self, goal: Goal) -> Self {
        Self { goal: Some(goal), ..self }
    }

    /// Makes it a report of one city, by its key.
    pub fn city(self, key: impl Into<String>) -> Self {
        Self { city: Some(key.into()), ..self }
    }

    /// Asks how sure the ranks are, by a simulation that is run for it.
    pub fn simulation(self, simulation: MonteCarlo) -> Self {
        Self { doubts: Some(Doubts::Run(simulation)), ..self }
    }

    /// Tells how sure the ranks are by a simulation that has been run, of the same index and cities.
    pub fn simulated(self, simulation: &'a Simulation) -> Self {
        Self { doubts: Some(Doubts::Known(simulation)), ..self }
    }

    /// Holds claims against documents and figures: under the method and cut of the report, with all weights within a quarter of
    /// what they are. To test them otherwise, see [`Report::tested`].
    pub fn claims(self, claims: &'a Claims) -> Self {
        Self { verdicts: Some(Verdicts::Test(claims)), ..self }
    }

    /// Tells what came out of a test of claims, and what was open in it.
    pub fn tested(self, inquiry: &Inquiry<'_>, tested: &'a TestedClaims) -> Self {
        Self { verdicts: Some(Verdicts::Known(tested, inquiry.to_string())), ..self }
    }

    /// Adds scores over the years, on one yardstick.
    pub fn panel(self, panel: &'a Panel) -> Self {
        Self { panel: Some(panel), ..self }
    }

    /// Sets the series whose trajectories are told, by their codes. Where nothing is said, those that have a trend in at least
    /// half of the cities that are looked at; that there is none is said.
    pub fn series<S: Into<String>>(self, codes: impl IntoIterator<Item = S>) -> Self {
        Self { series: Some(codes.into_iter().map(Into::into).collect()), ..self }
    }

    /// Adds titles, publishers and licences of the sources.
    pub fn sources(self, sources: &'a Sources) -> Self {
        Self { sources: Some(sources), ..self }
    }

    /// Sets the title; the name of the index, or of the city, where nothing is said.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// Says when it was made, in any words: the library looks at no clock.
    pub fn date(self, date: impl Into<String>) -> Self {
        Self { date: Some(date.into()), ..self }
    }

    /// Sets the language of the page as screen readers should read it, such as `en-GB`; `en` where nothing is said. It translates
    /// nothing.
    pub fn language(self, tag: impl Into<String>) -> Self {
        Self { language: tag.into(), ..self }
    }

    /// Writes the report: a whole HTML document.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where the index, a city or a series does not exist, with the nearest code.
    /// [`Error::Invalid`](crate::Error::Invalid) where the report is to be about an indicator, or a simulation is of another
    /// node; and the errors of [`Observations::dataset`], [`Method::fit`], [`MonteCarlo::run`] and [`Inquiry::test_claims`].
    pub fn html(&self) -> Result<String> {
        let (dataset, scores) = self.score()?;
        let index = self.find_index(&scores)?;
        let run = match &self.doubts {
            Some(Doubts::Run(simulation)) => Some(simulation.run(&self.method, self.framework, &dataset, &index)?),
            _ => None,
        };
        let tested = self.test()?;
        let material = Material::new(self, &scores, &index, run.as_ref(), tested.as_ref())?;
        match &self.city {
            Some(key) => city::write(&material, key),
            None => whole::write(&material),
        }
    }
}
