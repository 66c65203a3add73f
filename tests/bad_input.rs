//! Bad input: what a user gets to read, word for word.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail loudly")]

use longspring::{
    Aggregation, Cities, City, Claims, Cut, Dataset, Direction, Error, Framework, Input, Method, Missing, Node,
    Normalisation, Observation, Observations, Sources, Status, article,
};

/// Asserts the whole text of an error.
#[track_caller]
fn says<T>(result: Result<T, Error>, text: &str) {
    match result {
        Ok(_) => panic!("this should have failed with: {text}"),
        Err(error) => assert_eq!(error.to_string(), text),
    }
}

fn framework(text: &str) -> Result<Framework, Error> {
    Framework::read_csv(Input::text(text, "framework.csv"))
}

fn cities(text: &str) -> Result<Cities, Error> {
    Cities::read_csv(Input::text(text, "cities.csv"))
}

fn observations(text: &str) -> Result<Observations, Error> {
    Observations::read_csv(Input::text(text, "observations.csv"))
}

fn wide(text: &str) -> Result<Dataset, Error> {
    Dataset::read_csv(Input::text(text, "table.csv"), &three())
}

fn sources(text: &str) -> Result<Sources, Error> {
    Sources::read_csv(Input::text(text, "sources.csv"))
}

fn claims(text: &str) -> Result<Claims, Error> {
    Claims::read_csv(Input::text(text, "claims.csv"))
}

/// An index over wages, particles and metro lines per million people.
fn three() -> Framework {
    Framework::new([
        Node::index("renewal"),
        Node::indicator("wages", "renewal", Direction::HigherIsBetter),
        Node::indicator("pm25", "renewal", Direction::LowerIsBetter),
        Node::indicator("metro", "renewal", Direction::HigherIsBetter).per("people", 1e6),
        Node::context("people"),
    ])
    .unwrap()
}

const HEAD: &str = "code,parent,kind,direction,weight,worst,best,per,per_scale\n";

fn with_head(rows: &str) -> Result<Framework, Error> {
    framework(&format!("{HEAD}{rows}"))
}

#[test]
fn an_empty_file() {
    says(
        framework(""),
        "framework.csv, line 1: the file is empty; its first line must name the columns: code, parent, direction, kind",
    );
    says(cities("\n\n"), "cities.csv, line 1: the file is empty; its first line must name the columns: city");
    says(
        observations("\u{feff}"),
        "observations.csv, line 1: the file is empty; its first line must name the columns: city, indicator, year, value",
    );
    says(wide(""), "table.csv, line 1: the file is empty; its first line must name the columns: city");
}

#[test]
fn a_header_and_nothing_else() {
    says(framework("code,parent,kind,direction\n"), "framework.csv, line 1: there is a header and no row under it");
    says(cities("city\n"), "cities.csv, line 1: there is a header and no row under it");
    says(
        observations("city,indicator,year,value\n"),
        "observations.csv, line 1: there is a header and no row under it",
    );
    says(wide("city,wages\r\n"), "table.csv, line 1: there is a header and no row under it");
    says(sources("source,title"), "sources.csv, line 1: there is a header and no row under it");
}

#[test]
fn unknown_missing_and_repeated_columns() {
    says(
        observations("city,indicator,year,value,sauce\n"),
        "observations.csv, line 1, column 5 (sauce): unknown column `sauce`; did you mean `source`?",
    );
    says(
        framework("code,parent,kind,direction,wieght\n"),
        "framework.csv, line 1, column 5 (wieght): unknown column `wieght`; did you mean `weight`?",
    );
    says(
        wide("city,wagse,pm25\nA,1,2\n"),
        "table.csv, line 1, column 2 (wagse): unknown column `wagse`; did you mean `wages`?",
    );
    says(observations("city,indicator,value\nA,b,1\n"), "observations.csv, line 1: the column `year` is missing");
    says(wide("City,wages\nA,1\n"), "table.csv, line 1: the column `city` is missing; is `City` meant to be it?");
    says(
        observations("city;indicator;year;value\nA;pm25;2015;3\n"),
        "observations.csv, line 1: the columns are separated by semicolons; separate them by commas",
    );
    says(cities("city,name,name\nA,a,b\n"), "cities.csv, line 1, column 3 (name): the column `name` is given twice");
}

#[test]
fn duplicates() {
    says(
        cities("city\nA\nB\nA\n"),
        "cities.csv, line 4, column 1 (city): the city `A` is given twice; first in line 2",
    );
    says(Cities::new([City::new("A"), City::new("A")]), "the city `A` is given twice");
    says(wide("city,wages\nA,1\nB,2\nA,3\n"), "table.csv, line 4: the city `A` is given twice; first in line 2");
    says(
        with_head("i,,index,,,,,,\na,i,indicator,higher,,,,,\na,i,indicator,lower,,,,,\n"),
        "framework.csv, line 4, column 1 (code): the node `a` is given twice; first in line 3",
    );
    says(
        observations("city,indicator,year,value\nA,pm25,2015,1\nA,pm25,2016,1\nA,pm25,2015,2\n"),
        "observations.csv, line 4: the observation `A, pm25, 2015` is given twice; first in line 2",
    );
    says(
        Observations::new([Observation::new("A", "x", 2015, 1.0), Observation::new("A", "x", 2015, 2.0)]),
        "the observation `A, x, 2015` is given twice",
    );
    says(
        sources("source,title\ns,t\ns,u\n"),
        "sources.csv, line 3, column 1 (source): the source `s` is given twice; first in line 2",
    );
    says(Dataset::builder(&three(), ["A", "A"]).build(), "the city `A` is given twice");
    says(
        Dataset::builder(&three(), ["A"]).column("wages", [1.0]).column("wages", [2.0]).build(),
        "the indicator or context series `wages` is given twice",
    );
    let row = "C1,text,A,supported,high,,,,,\n";
    says(
        claims(&format!("claim,text,subject,verdict,confidence,relation,node,rival,from_year,to_year\n{row}{row}")),
        "claims.csv, line 3, column 1 (claim): the claim `C1` is given twice; first in line 2",
    );
}

#[test]
fn unknown_cities_indicators_and_sources_name_the_nearest() {
    let known =
        observations("city,indicator,year,value,source\nsheffeild,wages,2015,1,who\nsheffeild,wages,2016,1,oecd\n")
            .unwrap();
    says(
        known.clone().with_cities(cities("city\nsheffield\nleeds\n").unwrap()),
        "observations.csv, line 2, column 1 (city): unknown city `sheffeild`; did you mean `sheffield`? (2 rows)",
    );
    says(
        known.check_sources(&sources("source,title\noced,t\n").unwrap()),
        "2 problems:\n  observations.csv, line 2, column 5 (source): unknown source `who`\n  observations.csv, line 3, column 5 (source): unknown source `oecd`; did you mean `oced`?",
    );
    let known =
        observations("city,indicator,year,value\nA,wages,2015,1\nA,pm2.5,2015,9\nA,pm2.5,2016,9\nA,zzz,2015,1\n")
            .unwrap();
    says(
        known.dataset(&three(), &Cut::latest()),
        "2 problems:\n  observations.csv, line 3, column 2 (indicator): unknown indicator or context series `pm2.5`; did you mean `pm25`? (2 rows)\n  observations.csv, line 5, column 2 (indicator): unknown indicator or context series `zzz`",
    );
    says(
        Dataset::builder(&three(), ["A"]).column("wage", [1.0]).build(),
        "unknown indicator or context series `wage`; did you mean `wages`?",
    );
    let dataset = wide("city,wages\nsheffeild,1\n").unwrap();
    says(
        dataset.with_cities(&cities("city\nsheffield\n").unwrap()),
        "unknown city `sheffeild`; did you mean `sheffield`?",
    );
    says(dataset.cell("sheffield", "wages"), "there is no city `sheffield`; did you mean `sheffeild`?");
    says(dataset.cell("sheffeild", "wage"), "there is no indicator or context series `wage`; did you mean `wages`?");
    says(three().node("renewel"), "there is no node `renewel`; did you mean `renewal`?");
}

#[test]
fn parents_that_do_not_exist_circles_and_nodes_without_children() {
    says(
        with_head("renewal,,index,,,,,,\na,renewel,indicator,higher,,,,,\nb,renewal,indicator,higher,,,,,\n"),
        "framework.csv, line 3, column 2 (parent): `a` has the parent `renewel`, which does not exist; did you mean `renewal`?",
    );
    says(
        with_head(
            "i,,index,,,,,,\nx,i,indicator,higher,,,,,\na,c,measure,,,,,,\nb,a,measure,,,,,,\nc,b,measure,,,,,,\n",
        ),
        "framework.csv, line 4, column 2 (parent): the parents go round in a circle: a -> c -> b -> a",
    );
    says(
        with_head("i,,index,,,,,,\nm,i,measure,,,,,,\nx,i,indicator,higher,,,,,\n"),
        "framework.csv, line 3, column 1 (code): the measure `m` has no children; give it an indicator or a measure, or leave it out",
    );
    says(
        with_head("i,,index,,,,,,\nx,i,indicator,higher,,,,,\ny,x,indicator,higher,,,,,\n"),
        "framework.csv, line 4, column 2 (parent): `y` has the parent `x`, which is an indicator; only an index or a measure has children",
    );
    says(
        with_head("m,,measure,,,,,,\nx,m,indicator,higher,,,,,\n"),
        "2 problems:\n  framework.csv, line 1: there is no index; give the framework a root of the kind index\n  framework.csv, line 2, column 2 (parent): the measure `m` needs a parent",
    );
    says(
        with_head("i,,index,,,,,,\nx,i,indicator,,,,,,\n"),
        "framework.csv, line 3, column 4 (direction): the indicator `x` needs a direction",
    );
    says(
        with_head("i,,index,,,1,2,,\nx,i,indicator,higher,,,,,\n"),
        "2 problems:\n  framework.csv, line 2, column 6 (worst): the index `i` cannot have a goalpost; leave it empty\n  framework.csv, line 2, column 7 (best): the index `i` cannot have a goalpost; leave it empty",
    );
    says(
        with_head("p,,context,,,,,,\n"),
        "framework.csv, line 1: there is no index; give the framework a root of the kind index",
    );
}

#[test]
fn weights() {
    let rows =
        |a: &str, b: &str| format!("i,,index,,,,,,\nx,i,indicator,higher,{a},,,,\ny,i,indicator,higher,{b},,,,\n");
    says(
        with_head(&rows("-1", "1")),
        "framework.csv, line 3, column 5 (weight): the weight of `x` is -1; it must be a finite number, 0 or more",
    );
    says(with_head(&rows("NaN", "1")), "framework.csv, line 3, column 5 (weight): `NaN` is not a finite number");
    says(
        with_head(&rows("0", "0")),
        "framework.csv, line 3, column 5 (weight): the children of `i` all have weight 0; give at least one a positive weight",
    );
    says(
        Framework::new([Node::index("i"), Node::indicator("x", "i", Direction::HigherIsBetter).weight(f64::NAN)]),
        "the weight of `x` is NaN; it must be a finite number, 0 or more",
    );
    says(
        three().with_weights([("renewal", 2.0)]),
        "`renewal` is an index and cannot be weighed, for it has no siblings",
    );
}

#[test]
fn goalposts_and_denominators_of_a_framework() {
    let row = |direction: &str, rest: &str| {
        format!("i,,index,,,,,,\nx,i,indicator,{direction},,{rest}\npeople,,context,,,,,,\n")
    };
    says(
        with_head(&row("higher", "5,5,,")),
        "framework.csv, line 3, column 7 (best): the goalposts of `x` do not fit: worst 5, best 5; where higher is better, the worst must be below the best",
    );
    says(
        with_head(&row("lower", "5,75,,")),
        "framework.csv, line 3, column 7 (best): the goalposts of `x` do not fit: worst 5, best 75; where lower is better, the worst must be above the best",
    );
    says(
        with_head(&row("higher", "75,5,,")),
        "framework.csv, line 3, column 7 (best): the goalposts of `x` do not fit: worst 75, best 5; where higher is better, the worst must be below the best",
    );
    says(
        with_head(&row("higher", ",,peopel,")),
        "framework.csv, line 3, column 8 (per): `x` is per `peopel`, which is no indicator or context series; did you mean `people`?",
    );
    says(
        with_head(&row("higher", ",,people,0")),
        "framework.csv, line 3, column 9 (per_scale): the scale of the denominator of `x` is 0; it must be a positive finite number",
    );
    says(
        with_head(&row("higher", ",,,1000")),
        "framework.csv, line 3, column 8 (per): a denominator (there is a scale) must be given",
    );
}

#[test]
fn values_that_are_no_numbers() {
    says(
        wide("city,wages\nA,many\n"),
        "table.csv, line 2, column 2 (wages): `many` is not a number; write it like 1234.5, or leave a missing one empty",
    );
    says(wide("city,wages\nA,inf\n"), "table.csv, line 2, column 2 (wages): `inf` is not a finite number");
    says(wide("city,wages\nA,1e999\n"), "table.csv, line 2, column 2 (wages): `1e999` is not a finite number");
    says(wide("city,wages\nA,\"3,5\"\n"), "table.csv, line 2, column 2 (wages): `3,5` has a decimal comma; write 3.5");
    says(
        wide("city,wages\nA,\"1,250\"\n"),
        "table.csv, line 2, column 2 (wages): `1,250` has a comma, which may stand before decimals or between thousands; write 1250 or 1.250",
    );
    says(
        observations("city,indicator,year,value\nA,wages,2015,1 000\n"),
        "observations.csv, line 2, column 4 (value): `1 000` is not a number; leave out the spaces: 1000",
    );
    says(
        cities("city,latitude,longitude\nA,91,0\nB,0,181\nC,north,0\nD,5,\n"),
        "4 problems:\n  cities.csv, line 2, column 2 (latitude): the latitude 91 is out of range; it must be from -90 to 90 degrees\n  cities.csv, line 3, column 3 (longitude): the longitude 181 is out of range; it must be from -180 to 180 degrees\n  cities.csv, line 4, column 2 (latitude): `north` is not a number; write it like 1234.5, or leave a missing one empty\n  cities.csv, line 5, column 3 (longitude): a longitude (there is a latitude) must be given",
    );
    says(
        Dataset::builder(&three(), ["A"]).column("wages", [f64::NAN]).build(),
        "`wages` of `A` is NaN; a figure is a finite number, a missing one is None",
    );
    says(
        Observations::new([Observation::new("A", "wages", 2015, f64::INFINITY)]),
        "`wages` of `A` is inf; a figure is a finite number, a missing one is None",
    );
    says(
        Dataset::builder(&three(), ["A", "B"]).column("wages", [1.0]).build(),
        "`wages` has a length of 1, and there are 2 cities",
    );
}

#[test]
fn years_and_statuses() {
    says(
        observations("city,indicator,year,value\nA,wages,20155,1\n"),
        "observations.csv, line 2, column 3 (year): the year 20155 is out of range; it must be a whole number from 1000 to 2999",
    );
    says(
        observations("city,indicator,year,value\nA,wages,2015.5,1\nA,wages,,1\n"),
        "2 problems:\n  observations.csv, line 2, column 3 (year): `2015.5` is no year; write a whole number from 1000 to 2999\n  observations.csv, line 3, column 3 (year): a year must be given",
    );
    says(
        observations("city,indicator,year,value,status\nA,wages,2015,1,X\n"),
        "observations.csv, line 2, column 5 (status): `X` is no observation status; write A, B, D, E, F, I, P or U",
    );
}

#[test]
fn denominators_of_a_city() {
    says(
        wide("city,metro,people\nA,10,0\nB,10,-5\n"),
        "2 problems:\n  table.csv, line 2, column 3 (people): `people` of `A` is 0; it divides `metro` and must be positive\n  table.csv, line 3, column 3 (people): `people` of `B` is -5; it divides `metro` and must be positive",
    );
    let known = observations("city,indicator,year,value\nA,metro,2015,1\nA,people,2014,0\nA,people,2013,9\n").unwrap();
    says(
        known.dataset(&three(), &Cut::latest()),
        "observations.csv, line 3, column 4 (value): `people` of `A` is 0; it divides `metro` and must be positive",
    );
    says(
        Dataset::builder(&three(), ["A"]).column("people", [0.0]).build(),
        "`people` of `A` is 0; it divides `metro` and must be positive",
    );
    let dataset = wide("city,metro,people\nA,10,5\n").unwrap();
    says(dataset.with_value("A", "people", 0.0), "`people` of `A` is 0; it divides `metro` and must be positive");
    says(
        dataset.with_value("A", "metro", f64::NAN),
        "`metro` of `A` is NaN; a figure is a finite number, a missing one is None",
    );
}

#[test]
fn ragged_rows_and_bytes_that_are_no_text() {
    says(
        wide("city,wages,pm25\nA,1\nB,1,2,3\n"),
        "2 problems:\n  table.csv, line 2: the row has 2 fields, the header 3; leave a field empty, but keep its comma\n  table.csv, line 3: the row has 4 fields, the header 3; quote a field that holds a comma: \"a, b\"; or, if it is a decimal comma, write a point: 9.8",
    );
    says(
        Cities::read_csv(Input::reader(&b"city,name\nlodz,\xa3\xf3dz\n"[..], "cities.csv")),
        "cities.csv, line 2, column 2 (name): `��dz` is not valid UTF-8; save the file as UTF-8",
    );
    says(
        Cities::read_csv(Input::reader(&b"city,n\xe4me\nlodz,x\n"[..], "cities.csv")),
        "cities.csv, line 1, column 2 (n�me): `n�me` is not valid UTF-8; save the file as UTF-8",
    );
}

#[test]
fn a_mark_at_the_beginning_crlf_blank_lines_and_spaces_are_accepted() {
    let dataset = wide("\u{feff}city , wages\r\n\r\nA, 1.5 \r\n\r\nB,..\r\n").unwrap();
    assert_eq!(dataset.column("wages").unwrap().collect::<Vec<_>>(), [Some(1.5), None]);
}

#[test]
fn missing_figures_have_markers_that_can_be_changed() {
    let dataset = wide("city,wages,pm25\nA,NA,..\nB,-,\nC,1,2\n").unwrap();
    assert_eq!(dataset.column("wages").unwrap().collect::<Vec<_>>(), [None, None, Some(1.0)]);
    assert_eq!(dataset.column("pm25").unwrap().collect::<Vec<_>>(), [None, None, Some(2.0)]);
    let input = || Input::text("city,wages\nA,n/a\nB,NA\n", "table.csv").missing(["n/a"]);
    says(
        Dataset::read_csv(input(), &three()),
        "table.csv, line 3, column 2 (wages): `NA` is not a number; write it like 1234.5, or leave a missing one empty",
    );
}

#[test]
fn all_problems_of_a_file_are_reported_together_in_their_order() {
    says(
        with_head(
            "renewal,,indx,,,,,,\n\nwages,renewal,indicator,up,-2,x,,,\npm25,renewal,indicator,lower,,5,75,peple,\n,renewal,indicator,lower,,,,,\n",
        ),
        "7 problems:\n  framework.csv, line 2, column 3 (kind): `indx` is no kind of node; write index, measure, indicator or context; did you mean `index`?\n  framework.csv, line 4, column 4 (direction): `up` is no direction; write higher or lower\n  framework.csv, line 4, column 5 (weight): the weight of `wages` is -2; it must be a finite number, 0 or more\n  framework.csv, line 4, column 6 (worst): `x` is not a number; write it like 1234.5, or leave a missing one empty\n  framework.csv, line 5, column 7 (best): the goalposts of `pm25` do not fit: worst 5, best 75; where lower is better, the worst must be above the best\n  framework.csv, line 5, column 8 (per): `pm25` is per `peple`, which is no indicator or context series\n  framework.csv, line 6, column 1 (code): a code must be given",
    );
    says(
        observations(
            "city,indicator,year,value,status\r\nA,wages,2015,1,A\r\nA,wages,15,\"1,5\",Q\r\n\r\nB,\"wa\nges\",2015,x,A\r\nA,wages,2015,2,A\r\nC,2015\r\n",
        ),
        "6 problems:\n  observations.csv, line 3, column 3 (year): the year 15 is out of range; it must be a whole number from 1000 to 2999\n  observations.csv, line 3, column 4 (value): `1,5` has a decimal comma; write 1.5\n  observations.csv, line 3, column 5 (status): `Q` is no observation status; write A, B, D, E, F, I, P or U\n  observations.csv, line 6, column 4 (value): `x` is not a number; write it like 1234.5, or leave a missing one empty\n  observations.csv, line 7: the observation `A, wages, 2015` is given twice; first in line 2\n  observations.csv, line 8: the row has 2 fields, the header 5; leave a field empty, but keep its comma",
    );
}

#[test]
fn a_file_that_is_not_there() {
    let error = Framework::read_csv("no/such/framework.csv").unwrap_err();
    assert!(error.to_string().starts_with("cannot read no/such/framework.csv: "), "{error}");
}

#[test]
fn one_city_and_indicators_that_are_the_same_everywhere() {
    let fit = |text: &str| Method::new().fit(&three(), &wide(text).unwrap());
    says(
        fit("city,wages,pm25\nA,1,2\n"),
        "2 problems:\n  `wages` is known of 1 city, and min-max needs 2; give it goalposts or exclude it\n  `pm25` is known of 1 city, and min-max needs 2; give it goalposts or exclude it",
    );
    says(
        fit("city,wages,pm25\nA,1,2\nB,1,3\n"),
        "`wages` is 1 in all 2 cities that have it, so min-max cannot tell them apart; give it goalposts or exclude it",
    );
    let z = Method::new().normalisation(Normalisation::ZScore { mean: 0.0, sd: 1.0 });
    says(
        z.fit(&three(), &wide("city,wages,pm25\nA,1,2\nB,1,3\n").unwrap()),
        "`wages` is 1 in all 2 cities that have it, so the z-score cannot tell them apart; give it goalposts or exclude it",
    );
    let percentile = Method::new().normalisation(Normalisation::PercentileRank);
    says(
        percentile.fit(&three(), &wide("city,wages,pm25\nA,1,2\nB,,3\n").unwrap()),
        "`wages` is known of 1 city, and the percentile rank needs 2; give it goalposts or exclude it",
    );
}

#[test]
fn goalposts_and_targets_that_a_method_needs() {
    let two = wide("city,wages,pm25\nA,1,2\nB,2,3\n").unwrap();
    says(
        Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 1.0 }).fit(&three(), &two),
        "3 problems:\n  the normalisation by goalposts needs a goalpost `worst` of `wages`; give it in the framework\n  the normalisation by goalposts needs a goalpost `worst` of `pm25`; give it in the framework\n  the normalisation by goalposts needs a goalpost `worst` of `metro`; give it in the framework",
    );
    let target = Normalisation::DistanceToTarget { full: 1.0, beyond: longspring::Outside::Clip };
    says(
        Method::new().normalisation(target).fit(&three(), &two),
        "3 problems:\n  the distance to target needs a target of `wages`; give it in the framework\n  the distance to target needs a target of `pm25`; give it in the framework\n  the distance to target needs a target of `metro`; give it in the framework",
    );
    let posted = Framework::new([
        Node::index("i"),
        Node::indicator("x", "i", Direction::HigherIsBetter).worst(9.0),
        Node::indicator("y", "i", Direction::LowerIsBetter).best(9.0),
    ])
    .unwrap();
    let data = Dataset::builder(&posted, ["A", "B"]).column("x", [1.0, 2.0]).column("y", [1.0, 2.0]).build().unwrap();
    says(
        Method::new().fit(&posted, &data),
        "2 problems:\n  the goalpost `worst` of `x` is 9, and the best city has 2: no range is left between them\n  the goalpost `best` of `y` is 9, and the worst city has 2: no range is left between them",
    );
}

#[test]
fn scores_that_a_mean_cannot_take() {
    let cities = wide("city,wages,pm25,metro,people\nA,1,2,3,4\nB,2,3,4,5\n").unwrap();
    says(
        Method::new().aggregation(Aggregation::Geometric).fit(&three(), &cities),
        "2 problems:\n  geometric mean at `renewal` cannot take wages = 0 of `A`; every score must be above 0: normalise to a scale that starts above 0, such as 1 to 100\n  geometric mean at `renewal` cannot take pm25 = 0 of `B`; every score must be above 0: normalise to a scale that starts above 0, such as 1 to 100",
    );
    says(
        Method::new().aggregation(Aggregation::Harmonic).fit(&three(), &cities),
        "2 problems:\n  harmonic mean at `renewal` cannot take wages = 0 of `A`; every score must be above 0: normalise to a scale that starts above 0, such as 1 to 100\n  harmonic mean at `renewal` cannot take pm25 = 0 of `B`; every score must be above 0: normalise to a scale that starts above 0, such as 1 to 100",
    );
    let method = Method::new()
        .normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 })
        .aggregation(Aggregation::Geometric)
        .exclude(["metro"]);
    let composite = method.fit(&three(), &cities).unwrap();
    let new = Dataset::builder(&three(), ["C"]).column("wages", [0.0]).column("pm25", [2.0]).build().unwrap();
    let standing = composite.score(&new).unwrap().get("C", "renewal").unwrap();
    assert_eq!(standing.score, None);
    assert_eq!(standing.missing, Some(Missing::NotComputable { child: "wages".into(), value: -98.0 }));
    assert_eq!(standing.to_string(), "no score: the aggregation cannot take wages = -98");
}

#[test]
fn an_index_that_no_city_covers_and_a_dataset_that_lacks_a_column() {
    let framework = article::framework();
    let known = article::observations();
    let long_ago = known.dataset(&framework, &Cut::as_of(1960)).unwrap();
    says(
        Method::new().fit(&framework, &long_ago),
        "3 problems:\n  no city can be scored in the index `renewal`: at least 50 % of its children must be known, one of them with a weight; no city has `productivity`, `rd_intensity`, `high_speed_rail` and 8 more\n  no city can be scored in the index `wellbeing`: at least 50 % of its children must be known, one of them with a weight; no city has `creative_city`, `stadium_seats`, `pm25` and 2 more\n  no city can be scored in the index `vitality`: at least 50 % of its children must be known, one of them with a weight; no city has `gdp_growth_mean` and `population_growth`",
    );
    let cities = wide("city,wages,pm25\nA,1,2\nB,2,3\n").unwrap();
    let lacks_all = Method::new().fit(&framework, &cities).unwrap_err();
    assert_eq!(lacks_all.problems().len(), framework.series().count() - 1);
    let composite = Method::new().exclude(["metro"]).fit(&three(), &cities).unwrap();
    says(
        composite.score(&long_ago),
        "3 problems:\n  the dataset has no column `wages`; build it with the framework of the composite\n  the dataset has no column `metro`; build it with the framework of the composite\n  the dataset has no column `people`; build it with the framework of the composite",
    );
}

#[test]
fn parameters_and_nodes_of_a_method() {
    let cities = wide("city,wages,pm25\nA,1,2\nB,2,3\n").unwrap();
    let fit = |method: Method| method.fit(&three(), &cities);
    says(fit(Method::new().coverage(1.5)), "the coverage is 1.5; it must be from 0 to 1");
    says(
        fit(Method::new().coverage(f64::NAN).tolerance(-1.0)),
        "2 problems:\n  the coverage is NaN; it must be from 0 to 1\n  the tolerance of ties is -1; it must be a finite number, 0 or more",
    );
    says(
        fit(Method::new().normalisation(Normalisation::MinMax { low: 100.0, high: 0.0 })),
        "the high end of the scale is 0; it must be above the low end",
    );
    says(
        fit(Method::new().normalisation(Normalisation::ZScore { mean: f64::INFINITY, sd: 0.0 })),
        "2 problems:\n  the mean of the z-scores is inf; it must be a finite number\n  the standard deviation of the z-scores is 0; it must be a finite number above 0",
    );
    says(
        fit(Method::new().aggregation(Aggregation::Power { exponent: 0.0 })),
        "the exponent of the power mean is 0; it must be a finite number other than 0 (at 0 it is the geometric mean)",
    );
    says(
        fit(Method::new().aggregation_at(3, Aggregation::Geometric)),
        "the depth of an aggregation is 3; it must be one at which the framework has an index or a measure",
    );
    says(
        fit(Method::new().aggregation_of("renewel", Aggregation::Geometric)),
        "unknown node `renewel`; did you mean `renewal`?",
    );
    says(
        fit(Method::new().aggregation_of("wages", Aggregation::Geometric)),
        "`wages` is an indicator and cannot have an aggregation, for it has no children",
    );
    says(
        fit(Method::new().exclude(["people", "pm52"])),
        "2 problems:\n  `people` is a context series and cannot be excluded, for it counts nowhere\n  unknown node `pm52`; did you mean `pm25`?",
    );
    says(fit(Method::new().exclude(["renewal"])), "the method excludes every index");
}

#[test]
fn claims_that_cannot_be_read_or_name_what_is_not_there() {
    let head = "claim,text,subject,verdict,confidence,relation,node,rival,from_year,to_year\n";
    says(
        claims(&format!(
            "{head}C1,t,changchun,true,sure,leeds,renewal,detroit,,\nC2,t,changchun,supported,high,improves,pm25,,2010,\n"
        )),
        "4 problems:\n  claims.csv, line 2, column 4 (verdict): `true` is no verdict; write supported, partly_supported, supported_then_contradicted, contradicted, not_confirmed, doubtful, not_checkable or unchecked\n  claims.csv, line 2, column 5 (confidence): `sure` is no confidence; write low, medium or high\n  claims.csv, line 2, column 6 (relation): `leeds` is no relation; write leads, trails, tops, top, among, improves, declines, exceeds or goes_with; did you mean `leads`?\n  claims.csv, line 3, column 10 (to_year): a year must be given",
    );
    says(
        claims(&format!("{head}C1,t,changchun,supported,high,exceeds,pm25,many,,2010\n")),
        "claims.csv, line 2, column 8 (rival): `many` is not a number; write it like 1234.5, or leave a missing one empty",
    );
    let read = claims(&format!("{head}C1,t,chanchun,supported,high,leads,industri,detriot,,\n")).unwrap();
    says(
        read.check(&article::framework(), &article::cities()),
        "3 problems:\n  claims.csv, line 2, column 1 (claim): unknown city `chanchun`; did you mean `changchun`?\n  claims.csv, line 2, column 1 (claim): unknown node `industri`; did you mean `industry`?\n  claims.csv, line 2, column 1 (claim): unknown city `detriot`; did you mean `detroit`?",
    );
}

#[test]
fn statuses_are_taken_as_sdmx_has_them() {
    assert_eq!("U".parse::<Status>(), Ok(Status::LowReliability));
    assert!("u".parse::<Status>().is_err());
}
