//! Whatever bytes come in, every reader gives a value or an error that says where, and never panics.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail loudly")]

use longspring::{
    Cities, Claims, Dataset, Direction, Error, Framework, Input, Node, Observation, Observations, Sources,
};
use proptest::prelude::*;

fn framework() -> Framework {
    Framework::new([
        Node::index("i"),
        Node::indicator("a", "i", Direction::HigherIsBetter).per("c", 1.0),
        Node::indicator("b", "i", Direction::LowerIsBetter),
        Node::context("c"),
    ])
    .unwrap()
}

/// The heads of valid tables, by reader.
const TABLES: [&str; 6] = [
    include_str!("../data/framework.csv"),
    include_str!("../data/cities.csv"),
    include_str!("../data/observations.csv"),
    include_str!("../data/sources.csv"),
    include_str!("../data/claims.csv"),
    "city,name,a,b,c\nx,X,1,2,3\ny,Y,NA,-5.5,1e3\nz,\"Z, z\",0,..,7\n",
];

fn head(table: &str) -> Vec<u8> {
    table.lines().take(30).collect::<Vec<_>>().join("\n").into_bytes()
}

/// An error must say something, and name a line for every problem of a file.
fn sound<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(!error.problems().is_empty(), "{error}");
            for problem in error.problems() {
                assert!(problem.place.as_ref().is_some_and(|place| place.line >= 1), "{problem}");
            }
            None
        }
    }
}

fn written(write: impl Fn(&mut Vec<u8>) -> Result<(), Error>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    bytes
}

/// Reads bytes by every reader; what can be read can be written and read again.
fn read_all(bytes: &[u8]) -> usize {
    fn input(bytes: &[u8]) -> Input<'_> {
        Input::reader(bytes, "fuzz.csv")
    }
    let mut good = 0;
    if let Some(read) = sound(Framework::read_csv(input(bytes))) {
        assert_eq!(Framework::read_csv(input(&written(|w| read.write_csv(w)))).unwrap(), read);
        good += 1;
    }
    if let Some(read) = sound(Cities::read_csv(input(bytes))) {
        assert_eq!(Cities::read_csv(input(&written(|w| read.write_csv(w)))).unwrap().len(), read.len());
        good += 1;
    }
    if let Some(read) = sound(Observations::read_csv(input(bytes))) {
        assert_eq!(Observations::read_csv(input(&written(|w| read.write_csv(w)))).unwrap(), read);
        good += 1;
    }
    if let Some(read) = sound(Sources::read_csv(input(bytes))) {
        assert_eq!(Sources::read_csv(input(&written(|w| read.write_csv(w)))).unwrap(), read);
        good += 1;
    }
    if let Some(read) = sound(Claims::read_csv(input(bytes))) {
        assert!(!read.is_empty());
        good += 1;
    }
    if let Some(read) = sound(Dataset::read_csv(input(bytes), &framework())) {
        let again = Dataset::read_csv(input(&written(|w| read.write_csv(w))), &framework()).unwrap();
        assert!(again.cities().eq(read.cities()));
        for series in ["a", "b", "c"] {
            assert!(again.column(series).unwrap().eq(read.column(series).unwrap()));
        }
        good += 1;
    }
    good
}

/// A change to a file: where, how many bytes go, and what comes.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..8),
        prop::sample::select(vec![
            ",", "\"", "\n", "\r\n", ";", "-", "NaN", "1e999", "\u{feff}", "index", "0", ",,", "é"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (any::<prop::sample::Index>(), 0_usize..6, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(read_all(&bytes) <= 6);
    }

    #[test]
    fn changed_tables_never_panic(table in 0..TABLES.len(), changes in prop::collection::vec(change(), 1..6)) {
        let mut bytes = head(TABLES[table]);
        for (at, gone, come) in changes {
            let start = at.index(bytes.len() + 1);
            let end = bytes.len().min(start + gone);
            bytes.splice(start..end, come);
        }
        prop_assert!(read_all(&bytes) <= 6);
    }

    #[test]
    fn only_finite_figures_come_in_from_code(value in any::<f64>()) {
        let built = Dataset::builder(&framework(), ["x"]).column("b", [value]).build();
        prop_assert_eq!(built.is_ok(), value.is_finite());
        let observed = Observations::new([Observation::new("x", "b", 2015, value)]);
        prop_assert_eq!(observed.is_ok(), value.is_finite());
        let divides = Dataset::builder(&framework(), ["x"]).column("c", [value]).build();
        prop_assert_eq!(divides.is_ok(), value.is_finite() && value > 0.0);
    }
}

#[test]
fn unchanged_tables_are_read() {
    for table in TABLES {
        assert!(read_all(&head(table)) >= 1, "{}", &table[..40]);
    }
}

/// Ten megabytes of one line into every reader.
#[test]
fn ten_megabytes_of_one_line_end_in_an_error_soon() {
    for part in ["x", ","] {
        assert_eq!(read_all(part.repeat(10_000_000).as_bytes()), 0, "{part:?}");
    }
}

/// Other lines without end, and lines without number; a tenth of that, because a debug build is slow.
#[test]
fn a_megabyte_of_nothing_ends_in_an_error_soon() {
    for part in ["\"", "7", "\n", "a\n", "\",\"\n", "city,"] {
        assert_eq!(read_all(part.repeat(1_000_000 / part.len()).as_bytes()), 0, "{part:?}");
    }
}

/// A valid header, and then one line of ten megabytes.
#[test]
fn a_cell_of_ten_megabytes_is_a_name_or_an_error() {
    let long = "x".repeat(10_000_000);
    let cities = Cities::read_csv(Input::text(&format!("city\n{long}\n"), "cities.csv")).unwrap();
    assert_eq!(cities.iter().next().unwrap().key.len(), long.len());
    let error = Dataset::read_csv(Input::text(&format!("city,a\nx,{long}\n"), "table.csv"), &framework()).unwrap_err();
    let start = "table.csv, line 2, column 2 (a): `xxxxxxxxxx";
    assert!(error.to_string().starts_with(start) && error.to_string().len() < 300, "{error}");
}
