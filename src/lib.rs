//! Scores cities with composite indicators: sourced figures in, ranked scorecards with provenance out.
//!
//! **[`Framework`]** (what counts) + **[`Dataset`]** (what is known) + **[`Method`]** (how to compute) → [`Method::fit`] →
//! **[`Composite`]** (the yardstick, frozen) → [`Composite::score`] → **[`Scores`]**.
//!
//! ```
//! use longspring::{Aggregation, Cut, Method, Normalisation, article};
//!
//! let framework = article::framework(); // or Framework::read_csv("framework.csv")?
//! let known = article::observations(); // or Observations::read_csv("observations.csv")?
//! let cities = known.dataset(&framework, &Cut::latest())?;
//!
//! // a geometric mean between the measures, arithmetic means within them
//! let method = Method::new()
//!     .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
//!     .aggregation_at(0, Aggregation::Geometric);
//! let composite = method.fit(&framework, &cities)?;
//! let scores = composite.score(&cities)?;
//!
//! let renewal = scores.node("renewal")?;
//! let first: Vec<String> = renewal.ranking().take(3).map(|c| format!("{} {:.1}", c.name, c.score)).collect();
//! assert_eq!(first, ["Baltimore 70.5", "Gothenburg 64.8", "Ulsan 64.1"]);
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! # How do I ...
//!
//! **... score my own three cities from a CSV?** Say what counts, read, fit, score. [`Dataset::read_csv`] takes a wide table, a
//! city a row; [`Observations::read_csv`] a long one, a figure a row, with year, status and source.
//!
//! ```
//! use longspring::{Dataset, Direction, Framework, Input, Method, Node};
//!
//! let framework = Framework::new([
//!     Node::index("renewal"),
//!     Node::indicator("wages", "renewal", Direction::HigherIsBetter),
//!     Node::indicator("pm25", "renewal", Direction::LowerIsBetter).worst(75.0).best(5.0),
//! ])?;
//! let table = Input::text("city,wages,pm25\nAlma,31.5,12\nBrno,28,9.5\nCork,36,NA\n", "cities.csv"); // or just a path
//! let cities = Dataset::read_csv(table, &framework)?;
//! let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
//! assert_eq!(scores.rank("Cork", "renewal")?, Some(1.0));
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... add a city to an existing yardstick?** Score it with the composite that was fitted before: no other city's score
//! moves. To see its rank among the others, score them together with [`Dataset::join`].
//!
//! ```
//! # use longspring::{Cut, Dataset, Method, article};
//! # let framework = article::framework();
//! # let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let composite = Method::new().fit(&framework, &cities)?;
//! let mine = Dataset::builder(&framework, ["springfield"]).column("pm25", [9.0]).column("tree_cover", [21.0]).build()?;
//! let scores = composite.score(&cities.join(&mine)?)?;
//! println!("{}", scores.get("springfield", "environment")?);
//! # assert!(scores.rank("springfield", "environment")?.is_some());
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... drop unreliable figures and see what changes?** Make another cut, and compare. Fitting anew, as here, also moves the
//! yardstick, and with it cities whose own figures stay; `composite.score(&other_cut)` keeps the yardstick and shows the
//! effect of the figures alone.
//!
//! ```
//! # use longspring::{Cut, Method, Status, article};
//! # let framework = article::framework();
//! let known = article::observations();
//! let rank = |cut: Cut| -> longspring::Result<_> {
//!     let cities = known.dataset(&framework, &cut)?;
//!     Method::new().fit(&framework, &cities)?.score(&cities)?.rank("changchun", "renewal")
//! };
//! let (all, reliable) = (rank(Cut::latest())?, rank(Cut::latest().without([Status::LowReliability]))?);
//! println!("rank {all:?}, without figures of low reliability {reliable:?}");
//! # assert!(all.is_some() && reliable.is_some());
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... use a geometric mean between measures only?** As in the first example: [`Method::aggregation_at`] depth 0, on a scale
//! that starts above 0. [`Method::aggregation_of`] sets one node.
//!
//! **... do what the program that I come from does?** There are profiles: [`Method::coinr`], [`Method::compind_mpi`],
//! [`Method::pymcdm_topsis`] and others. **... fill gaps, treat outliers, learn weights?** Each step is one choice of the
//! method: [`Method::screening`], [`Method::imputation`], [`Method::treatment`], [`Method::normalisation`],
//! [`Method::weighting`], [`Method::aggregation`]; with `_of` for one node and `_at` for a depth.
//!
//! ```
//! use longspring::{Aggregation, Cut, Imputation, Method, Normalisation, Treatment, Weighting, article};
//!
//! let framework = article::framework();
//! let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let method = Method::new()
//!     .imputation(Imputation::NearestCities { k: 3 })
//!     .treatment(Treatment::winsorise(3)) // at most three cities of an indicator
//!     .normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
//!     .weighting_of("renewal", Weighting::Critic)
//!     .aggregation_of("renewal", Aggregation::Topsis);
//! let scores = method.fit(&framework, &cities)?.score(&cities)?;
//! println!("{}", scores.get("changchun", "renewal")?); // with the share that rests on imputed figures
//! # assert!(scores.get("togliatti", "renewal")?.imputed > 0.0);
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... know whether it hangs together?** [`Audit::of`] walks the Handbook's ten steps; [`Coherence`] has the correlations,
//! components, reliability and influence behind it.
//!
//! **... ask why a score is what it is?** [`Scores::get`] tells rank, coverage, flags and why something is missing;
//! [`Scores::cells`] goes down to the figures with their years, statuses and sources; [`Scores::weight`] tells what counted how
//! much. **... ask "what if?"** [`Dataset::with_value`], [`Framework::with_weights`], [`Method::exclude`].
//!
//! **... store and ship a yardstick?** Everything here is serde; with `serde_json` it is a line each way, and with its
//! `features = ["float_roundtrip"]` every number comes back with the same bits (without, the last digit may move). The figures of
//! the cities that it was fitted on are not inside: for a rank among them, ship their [`Dataset`] too and
//! [join](Dataset::join) it.
//!
//! ```
//! # use longspring::{Composite, Cut, Dataset, Method, article};
//! # let framework = article::framework();
//! # let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let json = serde_json::to_string(&Method::new().fit(&framework, &cities)?).unwrap();
//!
//! // elsewhere
//! let composite: Composite = serde_json::from_str(&json).unwrap();
//! let request = Dataset::builder(composite.framework(), ["here"]).column("pm25", [9.0]).column("tree_cover", [21.0]).build()?;
//! let score = composite.score(&request)?.score("here", "environment")?;
//! # assert!(score.is_some());
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... group cities by country or region?** Give the table of cities, with [`Observations::with_cities`] or
//! [`Dataset::with_cities`]; its further columns are attributes.
//!
//! ```
//! # use longspring::{Cut, Method, article};
//! # let framework = article::framework();
//! # let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! # let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
//! for city in scores.node("renewal")?.ranking().take(10) {
//!     let region = cities.city(city.city)?.and_then(|c| c.region()).unwrap_or("?");
//!     println!("{:2} {} ({region})", city.rank, city.name);
//! }
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... say how sure a rank is?** [`MonteCarlo`] draws everything that is in doubt anew in every run; [`WeightAnalysis`] says,
//! without sampling, what any weights can do; [`Scores::bounds`] what missing figures can.
//!
//! ```
//! # use longspring::{Cut, Method, article};
//! use longspring::{Doubt, ErrorShape, MeasurementError, MonteCarlo, Status, WeightAnalysis, WeightSpace, WeightSpread};
//! # let framework = article::framework();
//! # let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let simulation = MonteCarlo::new(1000)
//!     .doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }))
//!     .doubt(MeasurementError::relative(ErrorShape::Normal, 0.1).of_status([Status::LowReliability]))
//!     .run(&Method::new(), &framework, &cities, "renewal")?;
//! let detroit = simulation.city("detroit")?;
//! println!("rank {:?}, 90 % interval {:?}, top ten: {}", detroit.median(), detroit.interval(0.9)?, detroit.top(10));
//!
//! let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
//! let analysis = WeightAnalysis::of(&scores, "renewal")?;
//! println!("{}", analysis.over(&WeightSpace::all().within(0.25))?.attainable("detroit")?);
//! println!("{}", analysis.leader_stability("education")?);
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... weigh for several audiences?** A column of weights each in [`WeightSets`]; one composite each.
//!
//! ```
//! # use longspring::{Cut, Input, Method, WeightSets, Weighting, article};
//! # let framework = article::framework();
//! # let cities = article::observations().dataset(&framework, &Cut::latest())?;
//! let sets = "code,planners,residents\nindustry,4,1\ninfrastructure,3,2\ninvestment,2,1\neducation,1,4\n";
//! for audience in &WeightSets::read_csv(Input::text(sets, "audiences.csv"))? {
//!     let scores = Method::new().weighting(Weighting::Set(audience.clone())).fit(&framework, &cities)?.score(&cities)?;
//!     println!("{}: {}", audience.name(), scores.get("changchun", "renewal")?);
//!     # assert!(scores.rank("changchun", "renewal")?.is_some());
//! }
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... compare several years?** Learn one yardstick from all of them with [`Method::fit_panel`], and score each year on it.
//!
//! ```
//! # use longspring::{Cut, Method, OverTime, article};
//! # let framework = article::framework();
//! # let known = article::observations();
//! let then = known.dataset(&framework, &Cut::as_of(2010).over_time(OverTime::LinearConstantEnds))?;
//! let now = known.dataset(&framework, &Cut::as_of(2015).over_time(OverTime::LinearConstantEnds))?;
//! let composite = Method::new().fit_panel(&framework, [&then, &now])?;
//! let score = |cities| composite.score(cities)?.score("changchun", "renewal");
//! println!("{:?} -> {:?}", score(&then)?, score(&now)?);
//! # assert!(score(&then)?.is_some() && score(&now)?.is_some());
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... fill gaps by region?** The region is a column of the table of cities, not of the figures.
//!
//! ```
//! use longspring::{Cities, Dataset, Direction, Framework, Imputation, Input, Method, Node};
//!
//! # let framework = Framework::new([
//! #     Node::index("renewal"),
//! #     Node::indicator("wages", "renewal", Direction::HigherIsBetter),
//! # ])?;
//! let figures = Input::text("city,wages\na,30\nb,20\nc,10\nd,NA\n", "figures.csv");
//! let who = Input::text("city,region\na,north\nb,north\nc,south\nd,north\n", "cities.csv");
//! let cities = Dataset::read_csv(figures, &framework)?.with_cities(&Cities::read_csv(who)?)?;
//! let method = Method::new().imputation(Imputation::GroupMedian { attribute: "region".into() });
//! let scores = method.fit(&framework, &cities)?.score(&cities)?;
//! println!("{}", scores.get("d", "renewal")?); // with the share that rests on imputed figures
//! # assert_eq!(scores.get("d", "renewal")?.imputed, 1.0);
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! **... write a table for a spreadsheet?** [`Scores::write_csv`]: every score, rank, flag and reason, and of indicators the
//! figure with its year, status and source.
//!
//! # The library on one page
//!
//! | what | type | made by |
//! |---|---|---|
//! | what counts | [`Framework`] of [`Node`]s | [`Framework::read_csv`], [`Framework::new`] |
//! | what is known | [`Observations`] | [`Observations::read_csv`], [`Observations::new`] |
//! | who is scored | [`Cities`] | [`Cities::read_csv`], [`Cities::new`] |
//! | where figures come from | [`Sources`] | [`Sources::read_csv`] |
//! | one table | [`Dataset`] | [`Observations::dataset`] by a [`Cut`], [`Dataset::read_csv`], [`Dataset::builder`] |
//! | how | [`Method`]: [`Screening`], [`Denomination`], [`Imputation`], [`Treatment`], [`Normalisation`], [`Weighting`], [`Aggregation`] | [`Method::new`] |
//! | the yardstick | [`Composite`] | [`Method::fit`], [`Method::fit_panel`]; from tables that lie apart, [`PartialFit`] by [`Summary`]: [`Method::fit_in_parts`] |
//! | the result | [`Scores`], [`NodeScores`], [`Standing`], [`ScoredCell`], [`NodeDetails`] | [`Composite::score`] |
//! | does it hang together | [`Coherence`], [`Audit`], [`Availability`] | [`Coherence::of`], [`Audit::of`], [`Dataset::availability`] |
//! | how sure is each rank | [`Simulation`] of [`Doubt`]s, [`Sensitivities`]; [`Preferences`] over a [`WeightSpace`], [`StableInterval`]; [`GapBounds`], [`ReversalTest`], [`LeaveOneOut`] | [`MonteCarlo::run`], [`Sensitivity::run`]; [`WeightAnalysis::of`]; [`Scores::bounds`], [`ReversalTest::of`], [`LeaveOneOut::of`] |
//! | what an article says | [`Claims`] | [`Claims::read_csv`] |
//! | an example of all | [`article`] | |
//!
//! | sought | found at |
//! |---|---|
//! | several audiences, budget allocation, AHP | [`WeightSets::read_csv`], [`WeightSet::budget_allocation`], [`Ahp`] |
//! | entropy, CRITIC, MEREC, benefit of the doubt and others | [`Weighting`]; each city's weights: [`Scores::weight`] |
//! | TOPSIS, VIKOR, PROMETHEE, coupling coordination and others | [`Aggregation`]; distances, flows, compromise set: [`Scores::details`] |
//! | values that a method normalises by itself | [`Normalisation::Raw`] |
//! | the fitted weights of a node's children | [`Composite::weights`] |
//! | which cells were imputed, and the share in a score | [`ScoredCell::imputed`] of [`Scores::cells`], [`Standing::imputed`] |
//! | which points were winsorised | [`Composite::treated`] |
//! | several years on one yardstick | [`Method::fit_panel`], [`Cut::as_of`], [`OverTime`] |
//! | record batches of Arrow | module `arrow`, feature `arrow` |
//! | a fit of partitions, or of machines that keep their cities | [`PartialFit`] |
//! | correlations and p-values | [`Coherence::correlations`], [`Coherence::within`]; `p` in [`Correlations::pairs`], [`Correlations::write_csv`] |
//! | an audit as Markdown | [`Audit::to_markdown`] |
//! | what missing figures can do to a rank | [`Scores::bounds`] |
//! | whether a city changes the order of others | [`ReversalTest`], [`Aggregation::rank_reversal`] |
//! | what an indicator does to the ranking | [`LeaveOneOut`] |
//! | which choice a result depends on most | [`Sensitivity`]; the estimators alone: [`SobolIndices`] |
//! | rank intervals, probability of the top ten, of a rank, of being before another | [`MonteCarlo`], [`CityRanks`], [`Simulation::beats`] |
//! | how far a weight may move, and who takes over | [`WeightAnalysis::rank_stability`], [`WeightAnalysis::leader_stability`] |
//! | the best and worst rank under any weights | [`Preferences::attainable`] |
//! | the smallest change of weights that turns two cities round | [`WeightAnalysis::smallest_flip`], [`WeightAnalysis::dethrone`] |
//! | who is ahead whatever the weights | [`Preferences::always_ahead`] |
//!
//! # Words
//!
//! Those of the OECD/JRC *Handbook on Constructing Composite Indicators* (2008,
//! [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en)). *City*: what is scored; anything else that has
//! figures will do. *Indicator*: a leaf of the framework. *Measure*: an inner node (elsewhere pillar or dimension). *Index*: a
//! root; a framework may have several, each ranked on its own. *Direction*: whether higher or lower is better. *Goalposts*: a
//! worst and a best value that are fixed beforehand. *Normalisation*: bringing indicators to a common scale. *Coverage*: how
//! much of a node is known. *Status*: how far a figure can be trusted ([SDMX codes](Status)).
//!
//! # What to rely on
//!
//! - **Never a quiet number.** A score is finite or `None`, and of each `None` one can ask for the reason ([`Missing`]). What
//!   cannot be computed is a typed error: an indicator that is the same everywhere under min-max, a zero in a geometric mean.
//! - **Errors** name file, line, column, the text and what would be right; all problems of a file are reported at once
//!   ([`Error`]).
//! - **Accuracy.** Scores agree with independent programs to 1e-9. Ranks come from full-precision scores; only equal scores
//!   tie, unless a [tolerance](Method::tolerance) is set.
//! - **Reproducibility.** The same input gives the same bits; permuting the cities permutes the result and changes nothing
//!   else; a city's score does not depend on who is scored with it. Simulations are seeded, and give the same bits under any number
//!   of threads. Across platforms logarithms and powers may differ in the
//!   last digits.
//! - **Panics**: none on any input. **Threads**: simulations alone use them; everything is `Send` and `Sync`. **Unsafe**: none.
//!
//! # Features
//!
//! | feature | what it adds | default |
//! |---|---|---|
//! | `arrow` | record batches of Apache Arrow in and out (module `arrow`), scored without copying a column; brings the crates arrow-array and arrow-schema, and needs Rust 1.88 | off |
//! | `parallel` | threads for simulations, by the crate rayon; without it they run on one, with the same results | on |
//! | `components` | principal components, as weights (`Weighting::PrincipalComponents`, `Weighting::FirstComponent`) and in the [coherence](Coherence) analysis; brings the crate nalgebra | off |
//!
//! # Limitations
//!
//! Figures are `f64`; years run from 1000 to 2999; a dataset holds fewer than 2^31 cities. Rankings are only as good as the figures: `data/README.md` says what is doubtful about the embedded ones.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod article;

mod audit;
mod availability;
mod cities;
mod claims;
mod codes;
mod coherence;
mod composite;
mod dataset;
mod error;
mod flags;
mod format;
mod framework;
mod input;
mod kernel;
mod method;
mod missing;
mod observations;
mod output;
mod plan;
mod profiles;
mod robustness;
mod scores;
mod sources;
mod steps;
mod table;
mod text;

pub use audit::{Audit, Finding, Grade, Step};
pub use availability::{Availability, Available};
pub use cities::{Cities, City};
pub use claims::{Claim, Claims, Confidence, Relation, Test, Verdict};
#[cfg(feature = "components")]
pub use coherence::Components;
pub use coherence::{
    Alpha, Coherence, Correlation, Correlations, EffectiveWeight, Importance, Limits, Pair, Sampling, SizeBias,
    Statistics,
};
pub use composite::{ChangedPoint, Composite, PartialFit, Summary, TreatedIndicator};
pub use dataset::{Cell, Cut, Dataset, DatasetBuilder, OverTime, Provenance};
pub use error::{Column, Error, Fault, Place, Problem, Problems, Result, What};
pub use flags::{Flag, Flags};
pub use framework::{Denominator, Direction, Framework, Kind, Node};
pub use input::Input;
pub use kernel::rank::Ties;
pub use method::Method;
pub use missing::Missing;
pub use observations::{Observation, Observations, Status};
pub use plan::Plan;
pub use robustness::{
    AttainableRank, CityChange, CityRanks, Counts, Crossing, CurvePoint, Dethroning, Doubt, ErrorScale, ErrorShape,
    Estimate, Failure, GapBound, GapBounds, LeaveOneOut, LeaveOut, LeftOut, Margin, MeasurementError, MonteCarlo,
    MovedCity, Norm, Preferences, Progress, RankShifts, ReversalChange, ReversalTest, ReversedPair, Run, ScoreBounds,
    Sensitivities, Sensitivity, Simulation, SobolEstimate, SobolIndex, SobolIndices, StableInterval, StatedReversal,
    Target, Weighed, WeightAnalysis, WeightChange, WeightSpace, WeightSpread,
};
pub use scores::{Coverage, NodeDetails, NodeScores, Obstacle, Ranked, ScoredCell, Scores, Standing};
pub use sources::{Source, Sources};
pub use steps::aggregate::{Aggregation, Penalty, Preference, RankReversal};
pub use steps::denominate::Denomination;
pub use steps::impute::Imputation;
pub use steps::normalise::{Normalisation, Outside, Reference};
pub use steps::screen::Screening;
pub use steps::treat::{Lambda, Remedy, Shift, Treated, Treatment};
pub use steps::weight::{Ahp, WeightSet, WeightSets, Weighting};

/// The README's examples, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
