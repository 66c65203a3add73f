//! Each thing that can be wrong, and how it is said.

use super::place::Place;
use super::what::What;
use super::words::{Clip, Codes, First, Or, Share, hint, in_rows, meant, number_advice, there};
use crate::framework::{Direction, Kind};
use crate::missing::Missing;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    // ---- a file as a whole
    /// A file without a first line.
    #[error("the file is empty; its first line must name the columns: {}", .expected.join(", "))]
    Empty {
        /// The columns that it must have.
        expected: Vec<String>,
    },
    /// A file with a header and nothing else.
    #[error("there is a header and no row under it")]
    NoRows,
    /// A column that is not known.
    #[error("unknown column `{}`{}", Clip(.name), hint(.nearest.as_deref()))]
    UnknownColumn {
        /// Its name.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// A column of a wide table that is no series of the framework, nor like one.
    #[error("unknown column `{}`: it is no series of the framework; attributes of cities go into a table of their own (`Cities::read_csv`, `Dataset::with_cities`)", Clip(.name))]
    NoSeries {
        /// Its name.
        name: String,
    },
    /// A column that must be there and is not.
    #[error("the column `{name}` is missing{}", match .instead {
        Some(other) => format!("; is `{}` meant to be it?", Clip(other)),
        None => String::new(),
    })]
    MissingColumn {
        /// Its name.
        name: String,
        /// A column that is not known and nearly has this name.
        instead: Option<String>,
    },
    /// A header whose columns are separated by semicolons.
    #[error("the columns are separated by semicolons; separate them by commas")]
    Semicolons,
    /// A header whose columns are separated by tabs.
    #[error("the columns are separated by tabs; separate them by commas")]
    Tabs,
    /// A table of a figure a row where one of a city a row is read.
    #[error(
        "this looks like a long table, a figure a row; read it as observations (`Observations::read_csv`, `arrow::observations`)"
    )]
    LongTable,
    /// A table of a city a row where one of a figure a row is read.
    #[error(
        "this looks like a wide table, a city a row; read it as a dataset (`Dataset::read_csv`), or give each figure a row of its own with `city`, `indicator`, `year` and `value`"
    )]
    WideTable,
    /// A column of figures where one of scores is ranked.
    #[error("`{code}` is an indicator, and what is ranked here are the scores of an index or a measure")]
    NoScores {
        /// Its code.
        code: String,
    },
    /// A header with more columns than a table can have.
    #[error("the first line has {found} columns, and a table has at most {most}; is this a table with a header?")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many there can be.
        most: usize,
    },
    /// A row with more or fewer fields than the header.
    #[error("the row has {found} fields, the header {expected}; {}", if found > expected { "quote a field that holds a comma: \"a, b\"; or, if it is a decimal comma, write a point: 9.8" } else { "leave a field empty, but keep its comma" })]
    Ragged {
        /// The fields of the row.
        found: usize,
        /// The fields of the header.
        expected: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("`{}` is not valid UTF-8; save the file as UTF-8", Clip(.text))]
    NotUtf8 {
        /// The text, with a replacement character for each bad byte.
        text: String,
    },

    // ---- a cell
    /// A cell that must be filled and is empty.
    #[error("a {what} must be given")]
    EmptyCell {
        /// What belongs there.
        what: &'static str,
    },
    /// A text where a number belongs.
    #[error("`{}` is not a number; {}", Clip(.text), number_advice(.text, *.optional))]
    NotANumber {
        /// The text.
        text: String,
        /// Whether the cell may be empty.
        optional: bool,
    },
    /// A number with a comma that is either decimal or between thousands.
    #[error("`{}` has a comma, which may stand before decimals or between thousands; write {} or {}", Clip(.text), Clip(.thousands), Clip(.decimal))]
    AmbiguousComma {
        /// The text.
        text: String,
        /// The number if the comma stands between thousands.
        thousands: String,
        /// The number if it stands before decimals.
        decimal: String,
    },
    /// A number with commas between thousands.
    #[error("`{}` has commas between thousands; write {}", Clip(.text), Clip(.meant))]
    ThousandsComma {
        /// The text.
        text: String,
        /// The number as it should be written.
        meant: String,
    },
    /// A number with a decimal comma.
    #[error("`{}` has a decimal comma; write {}", Clip(.text), Clip(.meant))]
    DecimalComma {
        /// The text.
        text: String,
        /// The number as it should be written.
        meant: String,
    },
    /// Infinity, not-a-number, or a number too large for a double.
    #[error("`{}` is not a finite number", Clip(.text))]
    NotFinite {
        /// The text.
        text: String,
    },
    /// A number outside of its range.
    #[error("{what} {} is out of range; it must be {need}", Clip(.text))]
    OutOfRange {
        /// What the number is.
        what: &'static str,
        /// The number as it was written.
        text: String,
        /// What it must be.
        need: &'static str,
    },
    /// A text where a year belongs.
    #[error("`{}` is no year; write a whole number from 1000 to 2999", Clip(.text))]
    NoYear {
        /// The text.
        text: String,
    },
    /// A word that is not one of a list.
    #[error("`{}` is no {what}; write {}{}", Clip(.text), Or(.expected), hint(meant(.text, .expected).as_deref()))]
    UnknownWord {
        /// What the word should be.
        what: &'static str,
        /// The word.
        text: String,
        /// The words that are known.
        expected: &'static [&'static str],
    },
    /// A code that is given twice.
    #[error("the {what} `{}` is given twice{}", Clip(.code), match .first { Some(line) => format!("; first in line {line}"), None => String::new() })]
    Duplicate {
        /// What it is.
        what: What,
        /// Its code.
        code: String,
        /// The line of the first, where it came from a file.
        first: Option<u64>,
    },
    /// An attribute of a city that is called like a column of the table of cities.
    #[error("an attribute cannot be called `{name}`, which is a column of its own; give it another name")]
    TakenName {
        /// The name.
        name: String,
    },
    /// A code that nothing has.
    #[error("unknown {what} `{}`{}{}", Clip(.code), hint(.nearest.as_deref()), in_rows(*.rows))]
    UnknownCode {
        /// What it should name.
        what: What,
        /// The code.
        code: String,
        /// The nearest known code.
        nearest: Option<String>,
        /// In how many rows it stands; the place is that of the first.
        rows: usize,
    },

    // ---- a framework
    /// An index or a measure where a series is needed.
    #[error("`{}` is {} and has no figures; its indicators have: {}{}", Clip(.code), .kind.with_article(), First(.indicators, *.more), in_rows(*.rows))]
    NoFigures {
        /// Its code.
        code: String,
        /// What it is.
        kind: Kind,
        /// The first indicators under it.
        indicators: Vec<String>,
        /// How many more there are.
        more: usize,
        /// In how many rows it stands; the place is that of the first.
        rows: usize,
    },
    /// A parent that does not exist.
    #[error("`{code}` has the parent `{parent}`, which does not exist{}", hint(.nearest.as_deref()))]
    UnknownParent {
        /// The node.
        code: String,
        /// Its parent.
        parent: String,
        /// The nearest known code.
        nearest: Option<String>,
    },
    /// Nodes that are their own ancestors.
    #[error("the parents go round in a circle: {}", .codes.join(" -> "))]
    Cycle {
        /// The circle, from its first node in the order of the framework and back to it.
        codes: Vec<String>,
    },
    /// An index or measure with nothing under it.
    #[error("the {kind} `{code}` has no children; give it an indicator or a measure, or leave it out")]
    Childless {
        /// The node.
        code: String,
        /// What it is.
        kind: Kind,
    },
    /// A parent that can have no children.
    #[error("`{code}` has the parent `{parent}`, which is {}; only an index or a measure has children", .kind.with_article())]
    BadParent {
        /// The node.
        code: String,
        /// Its parent.
        parent: String,
        /// What the parent is.
        kind: Kind,
    },
    /// Something that this kind of node must have.
    #[error("the {kind} `{code}` needs a {what}")]
    Needed {
        /// The node.
        code: String,
        /// What it is.
        kind: Kind,
        /// What it lacks.
        what: &'static str,
    },
    /// Something that this kind of node cannot have.
    #[error("the {kind} `{code}` cannot have a {what}; leave it empty")]
    NotAllowed {
        /// The node.
        code: String,
        /// What it is.
        kind: Kind,
        /// What it has.
        what: &'static str,
    },
    /// A weight below zero or not finite.
    #[error("the weight of `{code}` is {weight}; it must be a finite number, 0 or more")]
    Weight {
        /// The node.
        code: String,
        /// Its weight.
        weight: f64,
    },
    /// What is wrong with a named set of weights, and where it stands in its file.
    #[error("{}in the set `{}`: {fault}", match .place { Some(place) => format!("{place}: "), None => String::new() }, Clip(.set))]
    InSet {
        /// The name of the set.
        set: String,
        /// Where it was read; none for a set from code.
        place: Option<Place>,
        /// What is wrong.
        fault: Box<Fault>,
    },
    /// Children whose weights are all zero.
    #[error("the children of `{parent}` all have weight 0; give at least one a positive weight")]
    ZeroWeights {
        /// The parent.
        parent: String,
    },
    /// Goalposts that are equal, not finite, or on the wrong side of the direction.
    #[error("the goalposts of `{code}` do not fit: worst {worst}, best {best}; where {direction} is better, the worst must be {} the best", match .direction { Direction::HigherIsBetter => "below", Direction::LowerIsBetter => "above" })]
    Goalposts {
        /// The indicator.
        code: String,
        /// Its worst.
        worst: f64,
        /// Its best.
        best: f64,
        /// Its direction.
        direction: Direction,
    },
    /// A denominator that does not exist or is not a series.
    #[error("`{code}` is per `{per}`, which is no indicator or context series{}", hint(.nearest.as_deref()))]
    UnknownDenominator {
        /// The indicator.
        code: String,
        /// Its denominator.
        per: String,
        /// The nearest series.
        nearest: Option<String>,
    },
    /// A scale of a denominator that is not positive and finite.
    #[error("the scale of the denominator of `{code}` is {scale}; it must be a positive finite number")]
    Scale {
        /// The indicator.
        code: String,
        /// The scale.
        scale: f64,
    },
    /// A framework without an index.
    #[error("there is no index; give the framework a root of the kind index")]
    NoIndex,

    // ---- a dataset
    /// A cut by an age that is a year.
    #[error(
        "the cut takes figures not older than {years} years; give an age in years, not a year (`Cut::as_of` takes a year)"
    )]
    NoAge {
        /// The age.
        years: u32,
    },
    /// A figure that is not finite, given in code.
    #[error("`{series}` of `{city}` is {value}; a figure is a finite number, a missing one is None")]
    Figure {
        /// The city.
        city: String,
        /// The series.
        series: String,
        /// The figure.
        value: f64,
    },
    /// A column whose length differs from the number of cities.
    #[error("`{series}` has a length of {found}, and {}", there(*.expected, "city", "cities"))]
    Length {
        /// The series.
        series: String,
        /// The values given.
        found: usize,
        /// The cities.
        expected: usize,
    },
    /// A denominator that is zero or negative.
    #[error("`{series}` of `{city}` is {value}; it divides {} and must be positive", Codes(.divides))]
    Denominator {
        /// The city.
        city: String,
        /// The denominator.
        series: String,
        /// Its value.
        value: f64,
        /// The indicators that it divides.
        divides: Vec<String>,
    },
    /// A dataset without cities.
    #[error("there is no city to score")]
    NoCities,
    /// A dataset that lacks a column that the framework needs.
    #[error("the dataset has no column `{series}`; build it with the framework of the composite")]
    NoColumn {
        /// The series.
        series: String,
    },

    // ---- a method
    /// A parameter of a method outside of its range.
    #[error("{name} is {value}; it must be {need}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        need: &'static str,
    },
    /// A node of a kind for which a choice makes no sense.
    #[error("`{code}` is {} and cannot {what}", .kind.with_article())]
    WrongKind {
        /// What cannot be done with it.
        what: &'static str,
        /// The node.
        code: String,
        /// What it is.
        kind: Kind,
    },
    /// A method that needs something of an indicator which the framework does not give.
    #[error("{method} needs a {what} of `{indicator}`; give it in the framework")]
    NoAttribute {
        /// The method.
        method: &'static str,
        /// The indicator.
        indicator: String,
        /// What it lacks.
        what: &'static str,
    },
    /// An indicator that is the same everywhere, where a method divides by its range.
    #[error(
        "`{indicator}` is {value} in all {cities} cities that have it, so {method} cannot tell them apart; give it goalposts or exclude it"
    )]
    Constant {
        /// The method.
        method: &'static str,
        /// The indicator.
        indicator: String,
        /// Its one value.
        value: f64,
        /// How many cities have it.
        cities: usize,
    },
    /// Fewer cities than a method needs.
    #[error("`{indicator}` is known of {have} {}, and {method} needs {need}; give it goalposts or exclude it", if *.have == 1 { "city" } else { "cities" })]
    TooFewCities {
        /// The method.
        method: &'static str,
        /// The indicator.
        indicator: String,
        /// How many cities have it.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// A goalpost or target that the best or worst city has already passed, so that no range is left.
    #[error("the {post} of `{indicator}` is {value}, and the {other} city has {sample}: no range is left between them")]
    NoRange {
        /// The indicator.
        indicator: String,
        /// `goalpost "worst"`, `goalpost "best"` or `target`.
        post: &'static str,
        /// Its value.
        value: f64,
        /// `best` or `worst`.
        other: &'static str,
        /// What that city has.
        sample: f64,
    },
    /// Values too far apart or too near for double precision.
    #[error(
        "`{indicator}` runs from {low} to {high}, which is too wide or too narrow to be scaled in double precision; change its unit"
    )]
    Magnitude {
        /// The indicator.
        indicator: String,
        /// Its lowest value.
        low: f64,
        /// Its highest value.
        high: f64,
    },
    /// A value that an aggregation cannot take.
    #[error("{aggregation} at `{node}` cannot take {child} = {value} of `{city}`; {}", .need)]
    NotComputable {
        /// The node.
        node: String,
        /// Its aggregation.
        aggregation: String,
        /// The child that is to blame.
        child: String,
        /// Its score.
        value: f64,
        /// The city.
        city: String,
        /// What would be right.
        need: &'static str,
    },
    /// An index that no city has enough figures for.
    #[error("no city can be scored in the index `{index}`: at least {} of its children must be known, one of them with a weight{}", Share(*.share), if .unknown.is_empty() { String::new() } else { format!("; no city has {}", First(.unknown, 0)) })]
    NoCoverage {
        /// The index.
        index: String,
        /// The share that the coverage rule asks for.
        share: f64,
        /// The indicators under it that no city has.
        unknown: Vec<String>,
    },
    /// A choice that cannot be learned from the cities, such as a weighting by entropy from values below 0.
    #[error("{method} cannot be learned at `{node}`{}: {why}", match .child { Some(child) => format!(" from `{child}`"), None => String::new() })]
    NotLearned {
        /// The choice.
        method: &'static str,
        /// The node whose children it was to be learned from, or the indicator.
        node: String,
        /// The child that is to blame, where it is one.
        child: Option<String>,
        /// Why, and what would be right.
        why: &'static str,
    },
    /// A child on a scale that an aggregation cannot bring together with the others.
    #[error("{aggregation} at `{node}` is given {given} for `{child}`; it takes {need}")]
    WrongInput {
        /// The node.
        node: String,
        /// Its aggregation.
        aggregation: String,
        /// The child that is to blame.
        child: String,
        /// What the child has.
        given: String,
        /// What the aggregation takes.
        need: String,
    },
    /// An aggregation other than the arithmetic mean under weights that each city has for itself.
    #[error(
        "benefit of the doubt at `{node}` brings its own aggregation and cannot go with the {aggregation}; leave that node arithmetic"
    )]
    OwnWeights {
        /// The node.
        node: String,
        /// The aggregation.
        aggregation: String,
    },
    /// A city for which an aggregation has no result.
    #[error(
        "the {aggregation} at `{node}` is not defined for the figures of `{city}`; leave the city out or choose another aggregation"
    )]
    Undefined {
        /// The node.
        node: String,
        /// Its aggregation.
        aggregation: String,
        /// The city.
        city: String,
    },
    /// A goalpost or target outside of what a treatment is defined for.
    #[error(
        "the {post} of `{indicator}`, {value}, has no place on the transformed scale; choose another treatment for it, or another {post}"
    )]
    TreatedPost {
        /// The indicator.
        indicator: String,
        /// `goalpost "worst"`, `goalpost "best"` or `target`.
        post: &'static str,
        /// Its value.
        value: f64,
    },
    /// A group in which nobody has an indicator that one of its cities lacks.
    #[error(
        "nobody in the {attribute} `{group}` has `{indicator}`, so that nothing can be filled in there; choose a wider attribute or another imputation"
    )]
    AllMissingGroup {
        /// The indicator.
        indicator: String,
        /// The attribute by which cities are grouped.
        attribute: String,
        /// The group.
        group: String,
    },
    /// A reference city that lacks an indicator.
    #[error("the reference city `{city}` has no value of `{indicator}`; choose another city, or exclude the indicator")]
    NoReference {
        /// The indicator.
        indicator: String,
        /// The city.
        city: String,
    },
    /// An attribute that no city has.
    #[error("no city has the attribute `{attribute}`{}", match .nearest { Some(_) => hint(.nearest.as_deref()), None => "; add it to the table of cities".to_owned() })]
    NoGroups {
        /// The attribute.
        attribute: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// Groups by an attribute of the cities where there is no table of cities.
    #[error(
        "cities are to be grouped by `{attribute}`, and the dataset has no table of cities; give it one with that column (`Cities::read_csv`, `Dataset::with_cities`)"
    )]
    NoCityTable {
        /// The attribute.
        attribute: String,
    },
    /// A node of which one cannot ask for the weights of its children.
    #[error("`{node}` has no weights of children: {why}")]
    NoChildWeights {
        /// The node.
        node: String,
        /// Why.
        why: &'static str,
    },

    // ---- comparisons and points of experts
    /// Comparisons that are not one in each direction for every two nodes.
    #[error("the comparisons have {have} {part}, and {}: as many are needed", there(*.nodes, "node", "nodes"))]
    ComparisonsShape {
        /// How many there are.
        have: usize,
        /// Of what: rows, or entries in one of them.
        part: String,
        /// How many nodes are compared.
        nodes: usize,
    },
    /// Comparisons of no nodes.
    #[error("there is no node to compare; name one or more")]
    NoComparisons,
    /// A comparison of two nodes that is none.
    #[error("`{first}` over {} is {value}; it must be {}", if .first == .second { "itself".to_owned() } else { format!("`{}`", .second) }, if .first == .second { "1" } else { "above 0 and finite" })]
    Comparison {
        /// The node that is compared.
        first: String,
        /// With what; with itself on the diagonal.
        second: String,
        /// How many times as important it is.
        value: f64,
    },
    /// Two comparisons of the same nodes that contradict one another.
    #[error(
        "`{first}` over `{second}` is {value} and `{second}` over `{first}` is {mirrored}; the one must be 1 over the other"
    )]
    Comparisons {
        /// The one node.
        first: String,
        /// The other.
        second: String,
        /// How many times as important the first is as the second.
        value: f64,
        /// How many times as important the second is as the first.
        mirrored: f64,
    },
    /// An expert who gave no points to a node that another one gave points to.
    #[error("{expert} gives no points to `{code}`, which others do; write 0 if that is meant")]
    NoPoints {
        /// The expert.
        expert: String,
        /// The node.
        code: String,
    },

    // ---- what is left of the cities and nodes
    /// Something that is to be kept and dropped at once.
    #[error("the {what} `{code}` is to be kept and dropped at once; name it once")]
    KeptAndDropped {
        /// What it is.
        what: What,
        /// Its code.
        code: String,
    },
    /// A screening that leaves no city.
    #[error("the screening leaves no city to learn from; ask for less")]
    AllScreened,
    /// A node that does not count.
    #[error("`{node}` has no scores: it is left out, or counts nowhere")]
    Out {
        /// The node.
        node: String,
    },
    /// A method that leaves nothing to score.
    #[error("the method excludes every index")]
    NothingLeft,

    // ---- a simulation
    /// A log-normal error in the unit of the figure.
    #[error("a log-normal error multiplies the figure and cannot be absolute; make it relative")]
    AbsoluteLogNormal,
    /// A doubt without an alternative.
    #[error("the doubt about {doubt} names no alternative; give it one or more")]
    NoAlternatives {
        /// What the doubt is about.
        doubt: &'static str,
    },
    /// A table of other cities among alternatives.
    #[error("the alternative tables do not have the same cities: `{city}` is not in all; select the common ones")]
    OtherCities {
        /// The first that is not in all.
        city: String,
    },
    /// A doubt that acts on nothing.
    #[error("the doubt \"{doubt}\" acts on no weight and no figure of `{node}`; leave it out")]
    IdleDoubt {
        /// The doubt.
        doubt: String,
        /// The node that is simulated.
        node: String,
    },
    /// More than the machine's memory holds.
    #[error("{what} would take {bytes} bytes; {instead}")]
    Memory {
        /// What is to be kept.
        what: &'static str,
        /// How many bytes it takes.
        bytes: u128,
        /// What to do instead.
        instead: &'static str,
    },
    /// A target that does not exist in a run.
    #[error("there is no {target}: a city has no score in the run")]
    NoTarget {
        /// The target.
        target: String,
    },
    /// A doubt about something that has no say in the node.
    #[error("the doubt about {doubt} names `{code}`, which does not stand under `{node}` and has no say there")]
    NoEffect {
        /// What the doubt is about.
        doubt: &'static str,
        /// What it names.
        code: String,
        /// The node that is simulated.
        node: String,
    },
    /// A simulation without a doubt.
    #[error("there is no doubt to simulate; name one or more")]
    NoDoubts,
    /// A simulation of which every run failed.
    #[error("none of the {runs} runs could be computed; {count} of them because: {reason}")]
    AllFailed {
        /// How many runs there were.
        runs: usize,
        /// The commonest reason, with the figures of the first run that it met.
        reason: String,
        /// How many runs it met.
        count: usize,
    },
    /// A simulation that was stopped from outside.
    #[error("stopped after {done} of {of} runs")]
    Stopped {
        /// How many runs had been done.
        done: usize,
        /// How many were asked for.
        of: usize,
    },
    /// Outputs of a design that are more or fewer than it has runs.
    #[error("{what} is {found}; it must be {expected}")]
    DesignLength {
        /// What is counted.
        what: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// A design of which too few rows could be computed.
    #[error(
        "only {left} of {rows} rows of the design have no failed run, and at least 2 are needed; look at why the runs fail"
    )]
    FewRows {
        /// The rows without a failed run.
        left: usize,
        /// All rows.
        rows: usize,
    },
    /// A factorial design with failed runs.
    #[error("{failed} of {runs} combinations have no output, and all are needed; leave out the choice that fails")]
    FailedRuns {
        /// The runs that failed.
        failed: usize,
        /// All runs.
        runs: usize,
    },
    /// An output that does not vary.
    #[error(
        "the output is {value} in all {runs} runs, so that it depends on nothing; choose another output or wider doubts"
    )]
    NoVariance {
        /// The output.
        value: f64,
        /// How many runs there are.
        runs: usize,
    },

    // ---- bounds and exact analyses
    /// Bounds under an aggregation that a better child can lower.
    #[error("{aggregation} at `{node}` has no bounds at its children's bounds: {why}")]
    NotMonotone {
        /// The node.
        node: String,
        /// Its aggregation or weighting.
        aggregation: String,
        /// Why, and what would be right.
        why: &'static str,
    },
    /// A node that is gone with the element that is left out.
    #[error("`{node}` has nothing beside `{element}`, and is gone without it")]
    NothingBeside {
        /// The node.
        node: String,
        /// The element.
        element: String,
    },
    /// A node whose score is not linear in its weights, where an exact analysis of weights needs that.
    #[error(
        "`{node}` is brought together by {aggregation}; exact analyses of weights take the arithmetic and the geometric mean"
    )]
    NotLinear {
        /// The node.
        node: String,
        /// Its aggregation.
        aggregation: String,
    },
    /// A node in which no city has a score.
    #[error("no city has a score in `{node}`, so that there is nothing to analyse")]
    NobodyScored {
        /// The node.
        node: String,
    },
    /// A child that has all the weight, so that there is nothing to rescale the others by.
    #[error(
        "`{child}` has all the weight in `{node}`, so that the others cannot be rescaled in proportion; give another child some weight"
    )]
    AllWeight {
        /// The node.
        node: String,
        /// The child.
        child: String,
    },
    /// A bound of a weight that is not from 0 to 1.
    #[error("the bound of the weight of `{child}` is {weight}; it must be from 0 to 1")]
    WeightBound {
        /// The child.
        child: String,
        /// The bound.
        weight: f64,
    },
    /// Bounds or orders that no weights fulfil.
    #[error("no weights of the children of `{node}` fulfil the bounds: {why}")]
    NoWeights {
        /// The node.
        node: String,
        /// Which bounds contradict one another.
        why: String,
    },
    /// Two cities that are scored from different children.
    #[error(
        "`{a}` and `{b}` are scored from different children of `{node}`; this analysis compares cities with the same ones"
    )]
    DifferentChildren {
        /// The node.
        node: String,
        /// A city.
        a: String,
        /// The other.
        b: String,
    },

    // ---- over time
    /// Years that do not ascend.
    #[error("the year {year} stands after {before}; years must ascend, and each stand once")]
    YearOrder {
        /// The year.
        year: i32,
        /// The one before it.
        before: i32,
    },
    /// A figure of a series of one's own that is not finite.
    #[error("the figure of {year} is {value}; it must be a finite number, and a missing one be left out")]
    PointNotFinite {
        /// Its year.
        year: i32,
        /// The figure.
        value: f64,
    },
    /// Fewer years than an analysis over time needs.
    #[error("{}, and {what} needs {need}", there(*.have, "year", "years"))]
    FewYears {
        /// The analysis.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// A year in which nobody has a figure.
    #[error(
        "no city has a figure of {what} in {year}; leave the year out, or fill it in from other years (`OverTime`)"
    )]
    EmptyYear {
        /// The year.
        year: i32,
        /// Of what.
        what: String,
    },
    /// A year that a panel does not have.
    #[error("the panel has no year {year}; its {count} years run from {first} to {last}")]
    NoSuchYear {
        /// The year that was asked for.
        year: i32,
        /// How many it has.
        count: usize,
        /// Its first.
        first: i32,
        /// Its last.
        last: i32,
    },
    /// A yardstick of goalposts over indicators that have none.
    #[error("a yardstick of goalposts needs `worst` and `best` of {}; give them in the framework and normalise on them, exclude the indicators, or learn from all years (`Yardstick::Pooled`)", Codes(.indicators))]
    NoGoalposts {
        /// The indicators whose scale would have to be learned.
        indicators: Vec<String>,
    },
    /// A figure that is not above 0 where a logarithm is taken or shares are.
    #[error("`{series}` of `{city}`{} is {value}, and {what} takes figures above 0", match .year { Some(year) => format!(" in {year}"), None => String::new() })]
    NotPositive {
        /// What takes the figures.
        what: &'static str,
        /// The series or node.
        series: String,
        /// The city.
        city: String,
        /// The year, where it is known.
        year: Option<i32>,
        /// The figure.
        value: f64,
    },
    /// Fewer cities than an analysis needs.
    #[error("{} {what}, and {need} are needed", if *.have == 1 { "1 city has".to_owned() } else { format!("{} cities have", .have) })]
    FewCities {
        /// What the cities have.
        what: String,
        /// How many have it.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// Figures from which nothing can be learned, because all are the same.
    #[error("`{series}` is {value} in all {cities} cities of {year}, so that {what} cannot tell them apart")]
    SameEverywhere {
        /// The analysis.
        what: &'static str,
        /// The series or node.
        series: String,
        /// The one figure.
        value: f64,
        /// How many cities have it.
        cities: usize,
        /// The year.
        year: i32,
    },

    // ---- a claim
    /// A claim that lacks what it needs to be tested.
    #[error("the claim names no {what}; {instead}")]
    IncompleteClaim {
        /// What it lacks.
        what: &'static str,
        /// How to say it.
        instead: &'static str,
    },
    /// A claim among others that cannot be tested as it stands.
    #[error("claim `{claim}`: {why}")]
    InClaim {
        /// Its code.
        claim: String,
        /// What is wrong with it.
        why: String,
    },
    /// A movement for the better of a series that has no better.
    #[error(
        "`{series}` has no direction, so that it cannot improve; give it one in the framework, or say that it declines"
    )]
    NoDirection {
        /// The series.
        series: String,
    },
    /// Two nodes that are held against one another and share figures.
    #[error(
        "`{first}` and `{second}` share {shared}, so that they go together by construction; take nodes that share nothing"
    )]
    SharedFigures {
        /// A node.
        first: String,
        /// The other.
        second: String,
        /// What they share.
        shared: String,
    },
    /// A node in which every city has the same score.
    #[error("every city has the same score in `{node}`, so that nothing can go with it")]
    SameScore {
        /// The node.
        node: String,
    },
    /// Nodes of which one follows from the others.
    #[error("`{node}` follows from the other nodes, so that their parts cannot be told apart; leave it out")]
    Collinear {
        /// The node.
        node: String,
    },

    // ---- an explanation
    /// A city that is compared with itself.
    #[error("`{city}` is held against itself; name another city")]
    SameCity {
        /// The city.
        city: String,
    },
    /// A city without a score where one is needed.
    #[error("`{city}` has no score in `{node}`: {why}")]
    NoScore {
        /// The city.
        city: String,
        /// The node.
        node: String,
        /// Why not.
        why: Box<Missing>,
    },
    /// A reference at which a node has no score.
    #[error(
        "`{node}` has no score at the reference, {baseline}; take another one, such as the mean of the cities or a city"
    )]
    NoBaseline {
        /// The node.
        node: String,
        /// The reference.
        baseline: String,
    },
    /// Cities that cannot be brought together in so few groups, for too little is known of them in common.
    #[error("the cities cannot be brought together in {wanted} {} by `{node}`; with what is known in common there are at least {least}", if *.wanted == 1 { "group" } else { "groups" })]
    TooFewGroups {
        /// The node.
        node: String,
        /// How many groups were asked for.
        wanted: usize,
        /// How many there are at least.
        least: usize,
    },
    /// A rank that nobody can have.
    #[error("the rank {rank} is to be reached where {ranked} cities are ranked; it must be from 1 to {ranked}")]
    RankGoal {
        /// The rank.
        rank: usize,
        /// How many cities are ranked.
        ranked: usize,
    },
    /// A cost that is none.
    #[error(
        "the cost of `{indicator}` is {cost} a unit; it must be finite and above 0 (hold the indicator back with `keep` if it cannot move)"
    )]
    Cost {
        /// The indicator.
        indicator: String,
        /// The cost of a unit.
        cost: f64,
    },
    /// An indicator that has no say in a node.
    #[error("`{indicator}` has no say in `{node}`; name one of the indicators under it")]
    NoSay {
        /// The indicator.
        indicator: String,
        /// The node.
        node: String,
    },
    /// An answer that scoring the changed city does not bear out.
    #[error(
        "the change found for `{city}` gives {found} in `{node}` where {need} is needed: the score is not steady enough there to be solved for"
    )]
    NotVerified {
        /// The city.
        city: String,
        /// The node.
        node: String,
        /// The score that it gives; NaN where it gives none.
        found: f64,
        /// The score that is needed.
        need: f64,
    },
    /// A result that is about another node than it is put to.
    #[error("the {what} is of `{found}`, and this is about `{need}`; give one of the same node")]
    OtherNode {
        /// What it is.
        what: &'static str,
        /// Its node.
        found: String,
        /// The node that is asked about.
        need: String,
    },

    // ---- a fit by parts, record batches, stored values
    /// A choice that needs the whole table, in a fit by parts.
    #[error("{choice} of `{node}` cannot be learned in parts: {why}; fit the whole table at once, or choose another")]
    NotInParts {
        /// The node or indicator.
        node: String,
        /// The choice.
        choice: String,
        /// Why it needs all cities at once.
        why: &'static str,
    },
    /// Summaries that do not belong together, or a fit that is asked for what is not its turn.
    #[error("the fit by parts cannot go on: {why}")]
    PartsDiffer {
        /// What does not fit, and what would be right.
        why: String,
    },
    /// A column of a record batch that is of another type than can be read.
    #[error("the column `{column}` holds {found}; it must hold {need}")]
    ColumnType {
        /// The column.
        column: String,
        /// What it holds.
        found: String,
        /// What can be read.
        need: &'static str,
    },
    /// A column of text of a record batch that would be longer than its type can hold.
    #[error("a column of text would have {bytes} bytes, and can have {most}; take fewer cities or nodes at a time")]
    TooLong {
        /// How many bytes it would have.
        bytes: usize,
        /// How many it can have.
        most: usize,
    },
    /// A stored value in a form that is not known yet.
    #[error("written by a newer version, in format {found}; this one reads up to format {newest}")]
    NewerFormat {
        /// The format of the file.
        found: u64,
        /// The newest that this version reads.
        newest: u64,
    },
    /// A stored value that contradicts itself.
    #[error("the stored {what} is damaged: {why}")]
    Damaged {
        /// What was stored.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
}
