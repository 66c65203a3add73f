//! What nobody would draw, and somebody will: tiny and huge sizes, numbers, names and frameworks.

use longspring::plot::Theme;
use longspring::{Method, Normalisation};

use super::case::{Case, framework};

/// Faults of all pictures of some cities at a width, without looking for who is in them.
fn faults(case: &Case, sizes: &[(f64, f64)]) -> Vec<String> {
    let mut faults = Vec::new();
    for &(wide, text) in sizes {
        for (picture, _, svg) in case.pictures_of(Theme::Light, wide, text) {
            faults.extend(super::faults(&format!("{picture} of {} ({wide}, {text})", case.name), &svg, wide, false));
        }
    }
    faults
}

fn none(faults: &[String]) {
    let shown: Vec<&str> = faults.iter().take(60).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), shown.join("\n"));
}

#[test]
fn sizes_at_the_ends_of_what_may_be_asked() {
    let sizes = [(360.0, 12.0), (200.0, 6.0), (1440.0, 48.0), (4000.0, 6.0), (4000.0, 48.0)];
    none(&faults(&Case::article(), &sizes));
    none(&faults(&Case::of("ten", 10, |i| format!("City {i}")), &sizes));
}

#[test]
fn huge_tiny_and_negative_numbers() {
    let mut all = Vec::new();
    for (name, low, high) in [
        ("huge", -1e300, 1e300),
        ("millions", 0.0, 9e6),
        ("thousands", -9999.0, 9999.0),
        ("below zero", -1e6, -1e5),
        ("tiny", 0.0, 1e-300),
        ("close together", 1e6, 1e6 + 1e-3),
    ] {
        let method = Method::new().normalisation(Normalisation::Goalposts { low, high });
        let year = |share: f64| low * (1.0 - share) + high * share;
        let case = Case::made(name, 12, |i| format!("City {i}"), (&framework(1), &method), |share| share * 100.0, year);
        all.extend(faults(&case, &[(700.0, 12.0), (360.0, 12.0)]));
    }
    let goalposts = Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 100.0 });
    let same = Case::made("all the same", 12, |i| format!("City {i}"), (&framework(1), &goalposts), |_| 42.0, |_| 42.0);
    all.extend(faults(&same, &[(700.0, 12.0), (360.0, 12.0)]));
    none(&all);
}

#[test]
fn names_of_every_kind() {
    let names = |i: usize| match i % 8 {
        0 => "]]>".repeat(3),
        1 => "\u{202e}Gnirps\u{202d} \u{2066}x".to_owned(),
        2 => "x".repeat(5000),
        3 => "مدينة نصر".to_owned(),
        4 => "長".repeat(60),
        5 => String::from("\u{200b}\u{301}"),
        6 => "\u{fffe}\u{7f}\u{85}<!-- --><?xml?>&amp;".to_owned(),
        _ => "👩\u{200d}👩\u{200d}👧 ẞ Ǆ ﷽".to_owned(),
    };
    none(&faults(&Case::of("names", 24, names), &[(700.0, 12.0), (360.0, 12.0)]));
}

#[test]
fn many_cities_and_many_indicators() {
    none(&faults(&Case::of("two hundred", 200, |i| format!("City {i}")), &[(700.0, 12.0)]));
    let goalposts = Method::new().normalisation(Normalisation::Goalposts { low: 0.0, high: 100.0 });
    let case =
        Case::made("sixty", 8, |i| format!("City {i}"), (&framework(58), &goalposts), |s| s * 100.0, |s| s * 100.0);
    none(&faults(&case, &[(700.0, 12.0), (360.0, 12.0)]));
}
