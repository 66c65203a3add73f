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
//! println!("{}", scores.node("renewal")?);
//! # let printed = scores.node("renewal")?.to_string();
//! # let first: Vec<_> = printed.lines().take(5).collect();
//! # assert_eq!(first, [
//! #     "Industrial renewal (renewal): 39 of 39 cities ranked",
//! #     "rank  city                 renewal  industry  infrastructure  investment  education  figures  notes",
//! #     "   1  Baltimore              70.46     86.72           52.02       83.60      65.37    11/11",
//! #     "   2  Gothenburg             64.77     49.69           44.28       87.78      91.10    11/11",
//! #     "   3  Ulsan                  64.10     99.85           48.93       90.45      38.22     9/11",
//! # ]);
//! assert_eq!(scores.get("changchun", "renewal")?.to_string(), "30.15, rank 29 of 39, 4/4 known (10 of 11 figures) [low reliability]");
//! # Ok::<(), longspring::Error>(())
//! ```
//!
//! It prints
//!
//! ```text
//! Industrial renewal (renewal): 39 of 39 cities ranked
//! rank  city                 renewal  industry  infrastructure  investment  education  figures  notes
//!    1  Baltimore              70.46     86.72           52.02       83.60      65.37    11/11
//!    2  Gothenburg             64.77     49.69           44.28       87.78      91.10    11/11
//!    3  Ulsan                  64.10     99.85           48.93       90.45      38.22     9/11
//!    ...
//! ```
//!
//! **Three ways on.** [The cookbook](cookbook) has tasks by name, with code. [The methods](methods) explain the ten steps of a
//! composite indicator for who has not read the Handbook: each choice with its formula, when to take it and when not. [The
//! comparison](compare) sets facts against COINr, Compind, scikit-criteria, pymcdm, SALib and mcdm.
//!
//! # How do I ...
//!
//! - **figures in**:
//!   [score your own cities](cookbook#score-your-own-cities),
//!   [read a long table with years, statuses and sources](cookbook#read-a-long-table-with-years-statuses-and-sources),
//!   [read files that are wrong](cookbook#read-files-that-are-wrong),
//!   [make a table in code](cookbook#make-a-table-in-code),
//!   [drop unreliable figures](cookbook#drop-unreliable-figures),
//!   [leave out cities of which little is known](cookbook#leave-out-cities-of-which-little-is-known),
//!   [fill gaps](cookbook#fill-gaps),
//!   [fill gaps by region](cookbook#fill-gaps-by-region)
//! - **the method**:
//!   [treat outliers](cookbook#treat-outliers),
//!   [compare audiences with different weights](cookbook#compare-audiences-with-different-weights),
//!   [weigh by comparisons in pairs](cookbook#weigh-by-comparisons-in-pairs),
//!   [learn weights from the figures](cookbook#learn-weights-from-the-figures),
//!   [use another aggregation](cookbook#use-another-aggregation),
//!   [let somebody choose a method](cookbook#let-somebody-choose-a-method),
//!   [do what another program does](cookbook#do-what-another-program-does)
//! - **the yardstick**:
//!   [add a city to a frozen yardstick](cookbook#add-a-city-to-a-frozen-yardstick),
//!   [store and ship a yardstick](cookbook#store-and-ship-a-yardstick),
//!   [embed it in a service](cookbook#embed-it-in-a-service),
//!   [score record batches of Arrow](cookbook#score-record-batches-of-arrow),
//!   [fit where the cities lie in parts](cookbook#fit-where-the-cities-lie-in-parts),
//!   [compare several years](cookbook#compare-several-years)
//! - **the result**:
//!   [ask why a score is what it is](cookbook#ask-why-a-score-is-what-it-is),
//!   [find out why something is missing](cookbook#find-out-why-something-is-missing),
//!   [group by region](cookbook#group-by-region),
//!   [write a table for a spreadsheet](cookbook#write-a-table-for-a-spreadsheet),
//!   [draw a picture](cookbook#draw-a-picture),
//!   [write a report](cookbook#write-a-report),
//!   [ask "what if?"](cookbook#ask-what-if)
//! - **why, and what then**:
//!   [see why a city stands where it does](cookbook#see-why-a-city-stands-where-it-does),
//!   [compare two cities](cookbook#compare-two-cities),
//!   [find peers](cookbook#find-peers),
//!   [find what it takes](cookbook#find-what-it-takes),
//!   [learn from a model city](cookbook#learn-from-a-model-city)
//! - **over time**:
//!   [see how a city moved](cookbook#see-how-a-city-moved),
//!   [tell level from momentum](cookbook#tell-level-from-momentum),
//!   [ask whether cities grow alike](cookbook#ask-whether-cities-grow-alike)
//! - **how sure**:
//!   [report a rank with its interval](cookbook#report-a-rank-with-its-interval),
//!   [show progress and cancel](cookbook#show-progress-and-cancel),
//!   [find which doubt matters](cookbook#find-which-doubt-matters),
//!   [see what weights can do](cookbook#see-what-weights-can-do),
//!   [find what could dethrone the leader](cookbook#find-what-could-dethrone-the-leader),
//!   [see what missing figures can do](cookbook#see-what-missing-figures-can-do),
//!   [find what an indicator does to the ranking](cookbook#find-what-an-indicator-does-to-the-ranking),
//!   [test whether a city changes the order of others](cookbook#test-whether-a-city-changes-the-order-of-others)
//! - **is it any good**:
//!   [audit a framework](cookbook#audit-a-framework),
//!   [find indicators that say the same](cookbook#find-indicators-that-say-the-same),
//!   [write a unit test of a ranking](cookbook#write-a-unit-test-of-a-ranking),
//!   [check what an article claims](cookbook#check-what-an-article-claims)
//! - **does the story hold**:
//!   [test a claim in a unit test](cookbook#test-a-claim-in-a-unit-test),
//!   [test a claim under every method](cookbook#test-a-claim-under-every-method),
//!   [test an article's claims](cookbook#test-an-articles-claims),
//!   [ask what goes with the outcome](cookbook#ask-what-goes-with-the-outcome)
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
//! | how it moved | [`Trajectory`] with [`Trend`] and [`Stage`]; [`Panel`], [`LevelAndMomentum`], [`Convergence`]; [`Inequality`] | [`Trajectory::of_series`]; [`Panel::fit`]; [`Theil::over`] |
//! | why a city stands where it does | [`Contributions`], [`Comparison`], [`StrengthsAndWeaknesses`], [`Profile`]; [`Neighbours`], [`PeerGroups`] | [`Scores::contributions`], [`Scores::compare`], [`Strengths::of`], [`Scores::profile`]; [`Peers::of`] |
//! | what would it take | [`SingleSteps`], [`Mix`] of [`Change`]s; [`LessonsReport`] | [`Improvement::single`], [`Improvement::cheapest`]; [`Lessons::of`] |
//! | what an article says | [`Claims`] | [`Claims::read_csv`] |
//! | does the story hold | [`Tested`] with a [`Counterexample`], [`TestedClaims`] | [`Inquiry::test`], [`Inquiry::test_claims`] |
//! | what goes with the outcome | [`Associations`], [`OutcomeModel`] | [`Outcome::on`], [`Outcome::together`] |
//! | pictures of results | `plot::Ranking`, `plot::Heat`, `plot::Waterfall`, `plot::Trajectories`, `plot::ClaimTable` and others (feature `plot`) | `plot::ranking`, `plot::heat`, `plot::waterfall`, `plot::trajectories`, `plot::claims` and others |
//! | a report as one HTML file | `report::Report` (feature `report`) | `report::Report::new` |
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
//! | several years on one yardstick | [`Panel`]; by hand [`Method::fit_panel`], [`Cut::as_of`], [`OverTime`] |
//! | Theil-Sen slope, Mann-Kendall test | [`Trend`] of a [`Trajectory`] |
//! | turning points, peak, trough, what was regained, growing or reviving | [`Trajectory`], [`StageRule`] |
//! | who stands low and comes up fast | [`LevelAndMomentum`] |
//! | beta and sigma convergence | [`Convergence`] |
//! | Theil index, within and between groups | [`Theil`] |
//! | record batches of Arrow | module `arrow`, feature `arrow` |
//! | a fit of partitions, or of machines that keep their cities | [`PartialFit`] |
//! | correlations and p-values | [`Coherence::correlations`], [`Coherence::within`]; `p` in [`Correlations::pairs`], [`Correlations::write_csv`] |
//! | an audit as Markdown | [`Audit::to_markdown`] |
//! | pictures: rankings with intervals, heat tables, profiles, waterfalls, turned weights, trajectories, level against momentum, claims, trees, correlations, Sobol' bars | the module `plot` (feature `plot`) |
//! | a picture that follows the reader's light or dark setting | `plot::Theme::Auto` (feature `plot`) |
//! | a report of all cities, or of one, to open in a browser | the module `report` (feature `report`) |
//! | what missing figures can do to a rank | [`Scores::bounds`] |
//! | whether a city changes the order of others | [`ReversalTest`], [`Aggregation::rank_reversal`] |
//! | what an indicator does to the ranking | [`LeaveOneOut`] |
//! | which choice a result depends on most | [`Sensitivity`]; the estimators alone: [`SobolIndices`] |
//! | rank intervals, probability of the top ten, of a rank, of being before another | [`MonteCarlo`], [`CityRanks`], [`Simulation::beats`] |
//! | how far a weight may move, and who takes over | [`WeightAnalysis::rank_stability`], [`WeightAnalysis::leader_stability`] |
//! | the best and worst rank under any weights | [`Preferences::attainable`] |
//! | the smallest change of weights that turns two cities round | [`WeightAnalysis::smallest_flip`], [`WeightAnalysis::dethrone`] |
//! | whether a claim holds for any weights, and what breaks it | [`Inquiry::weights`], [`Counterexample`] |
//! | what a score is made of, down to the figures | [`Scores::contributions`]; from another [`Baseline`]: [`Scores::contributions_from`]; of all cities: [`Scores::all_contributions`] |
//! | what sets two cities apart | [`Scores::compare`] |
//! | most similar cities, clusters, ranks within a group | [`Peers::nearest`], [`Peers::groups`], [`Peers::best_groups`]; other distances: [`Similarity`] |
//! | strengths and weaknesses among all, a region or peers | [`Strengths`] |
//! | the smallest change that reaches a score or a rank, the cheapest mix of changes | [`Improvement`] |
//! | what a city can learn from a model city, and how fast | [`Lessons`] |
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
//!   else; a city's score does not depend on who is scored with it. Simulations are seeded: a seed draws the same numbers on every
//!   machine, and results have the same bits under any number of threads. Across platforms the logarithms and powers of a method
//!   may differ in the last digits.
//! - **Panics**: none on any input. **Threads**: simulations alone use them; everything is `Send` and `Sync`. **Unsafe**: none.
//!
//! # Features
//!
//! | feature | what it adds | default |
//! |---|---|---|
//! | `arrow` | record batches of Apache Arrow in and out (module `arrow`), scored without copying a column; brings the crates arrow-array and arrow-schema, and needs Rust 1.88 | off |
//! | `parallel` | threads for simulations, by the crate rayon; without it they run on one, with the same results | on |
//! | `components` | principal components, as weights (`Weighting::PrincipalComponents`, `Weighting::FirstComponent`) and in the [coherence](Coherence) analysis; brings the crate nalgebra | off |
//! | `plot` | pictures of results as SVG: the module `plot`; brings the crate svg, which has no dependency | off |
//! | `report` | a report as one HTML file, with `plot`: the module `report` | off |
//!
//! # What it does not do
//!
//! - It fetches nothing, and reads no files but CSV and what serde stores.
//! - It finds no causes. That cities with a high score also grow, or do not, is a [correlation](methods#9-links-to-other-indicators).
//! - It chooses nothing for you: no weights are right because a formula gave them, and a [default](Method) is a choice too.
//! - It has not every method: [what others have](compare#what-they-have-that-we-lack).
//! - Figures are `f64`; years run from 1000 to 2999; a dataset holds fewer than 2^31 cities.
//! - Rankings are only as good as the figures: `data/README.md` says what is doubtful about the embedded ones.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod article;
pub mod compare;
pub mod cookbook;
pub mod methods;
#[cfg(feature = "plot")]
pub mod plot;
#[cfg(feature = "report")]
pub mod report;

mod audit;
mod availability;
mod cities;
mod claims;
mod codes;
mod coherence;
mod composite;
mod dataset;
mod error;
mod explain;
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
mod trajectory;

pub use audit::{Audit, Finding, Grade, Step};
pub use availability::{Availability, Available};
pub use cities::{Cities, City};
pub use claims::{
    Agreement, Claim, Claims, Confidence, Counterexample, Filling, Holding, Inquiry, Proof, Relation, Test, Tested,
    TestedClaims, Verdict,
};
#[cfg(feature = "components")]
pub use coherence::Components;
pub use coherence::{
    Alpha, Coherence, Correlation, Correlations, EffectiveWeight, Importance, Limits, Pair, Sampling, SizeBias,
    Statistics,
};
pub use composite::{ChangedPoint, Composite, PartialFit, Summary, TreatedIndicator};
pub use dataset::{Cell, Cut, Dataset, DatasetBuilder, OverTime, Provenance};
pub use error::{Column, Error, Fault, Place, Problem, Problems, Result, What};
pub use explain::{
    AllContributions, Association, Associations, Baseline, Change, Coefficient, Compared, Comparison, Contribution,
    Contributions, Ends, Explained, Fastest, Figure, GapPart, Gaps, Goal, GroupMember, Improvement, IndexProfile,
    Judgement, LearningStep, Lessons, LessonsReport, Limit, Mix, MixOutcome, Neighbours, Optimality, Outcome,
    OutcomeModel, Pace, Partial, Peer, PeerDistance, PeerGroup, PeerGroups, Peers, PermutationTest, Profile, ProfileOf,
    ProfileWeights, Reached, Similarity, SingleStep, SingleSteps, Speed, StepOutcome, Strengths,
    StrengthsAndWeaknesses, Waypoint,
};
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
pub use trajectory::{
    Basis, Beta, CityMomentum, Convergence, Fall, GroupInequality, GrowthScale, Inequality, LevelAndMomentum, Panel,
    Point, Quadrant, Stage, StageRule, Theil, Trajectory, Trend, Turn, TurningPoint, Unplaced, Untold, Yardstick,
    YearSpread,
};

/// The README's examples, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
