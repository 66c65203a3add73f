//! The long documents hang together: what is linked exists, what exists is linked, and tests that are named are there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail as loudly as the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files under a folder with this ending, together.
fn read_all(folder: &str, ending: &str) -> String {
    let mut folders = vec![at(folder)];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                text.push_str(&fs::read_to_string(path).unwrap());
                text.push('\n');
            }
        }
    }
    text
}

/// The anchor that rustdoc gives a heading: lower case, blanks as hyphens, other signs left out.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The anchors of the headings at a level, but for lines of code.
fn headings(text: &str, level: usize) -> BTreeSet<String> {
    let (marks, mut code, mut found) = ("#".repeat(level) + " ", false, BTreeSet::new());
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if let Some(heading) = line.strip_prefix(&marks).filter(|_| !code) {
            assert!(found.insert(anchor(heading)), "`{heading}` stands twice, so that its anchor is another");
        }
    }
    found
}

/// What stands after `before` in links, up to the closing bracket.
fn linked(text: &str, before: &str) -> BTreeSet<String> {
    text.split(before).skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

#[test]
fn the_front_page_links_every_recipe() {
    let recipes = headings(&read_all("src/docs/cookbook", "md"), 2);
    assert!(recipes.len() >= 20);
    assert_eq!(linked(&read("src/lib.rs"), "](cookbook#"), recipes);
}

#[test]
fn links_within_and_between_the_pages_lead_somewhere() {
    let pages = ["cookbook", "methods", "compare"].map(|page| {
        let mut text = read(&format!("src/{page}.rs"));
        text.push_str(&if page == "compare" {
            read("src/docs/compare.md")
        } else {
            read_all(&format!("src/docs/{page}"), "md")
        });
        let anchors: BTreeSet<String> = headings(&text, 1).into_iter().chain(headings(&text, 2)).collect();
        (page, text, anchors)
    });
    let front = read("src/lib.rs");
    let mut checked = 0;
    for (page, text, anchors) in &pages {
        for link in linked(text, "](#").into_iter().chain(linked(&front, &format!("]({page}#"))) {
            assert!(anchors.contains(&link), "there is no #{link} on the page {page}");
            checked += 1;
        }
    }
    assert!(checked > 40);
}

#[test]
fn every_file_of_the_long_documents_is_included() {
    for page in ["cookbook", "methods"] {
        let source = read(&format!("src/{page}.rs"));
        for entry in fs::read_dir(at(&format!("src/docs/{page}"))).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(source.contains(&format!("docs/{page}/{name}")), "{name} is not included in {page}");
        }
    }
}

/// The comparison names the tests that guard against the defects of others: they must be there.
#[test]
fn the_tests_that_the_comparison_names_exist() {
    let sources = read_all("tests", "rs") + &read_all("src", "rs");
    let page = read("src/docs/compare.md");
    let is_test = |name: &&str| {
        name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    };
    let mut named: BTreeSet<&str> = page.split('`').skip(1).step_by(2).filter(is_test).collect();
    assert!(named.len() > 40);
    named.retain(|name| !sources.contains(&format!("fn {name}(")));
    assert!(named.is_empty(), "no such tests: {named:?}");

    // And those that are there are named.
    let all: BTreeSet<&str> = sources.split("fn defect_").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    let missing: Vec<_> =
        all.into_iter().filter(|name| !name.contains('"') && !page.contains(&format!("`defect_{name}`"))).collect();
    assert!(missing.is_empty(), "add to the table of defects in src/docs/compare.md: {missing:?}");
}
