//! Pictures: well-formed, everybody in them, marks where the scale says, no text on another, names as they are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../../src/text.rs"]
#[allow(dead_code, reason = "the widths below take one thing of it")]
mod text;
#[path = "../../src/plot/width.rs"]
#[allow(dead_code, reason = "the boxes below take the widths alone")]
mod width;

mod battery;
mod case;
mod places;
mod stress;

use roxmltree::{Document, Node as Element};

fn number(element: Element<'_, '_>, attribute: &str) -> f64 {
    element.attribute(attribute).unwrap_or_else(|| panic!("{element:?} has no {attribute}")).parse().unwrap()
}

/// The box of a text, by the widths that the crate reckons with: left, top, right, bottom.
fn text_box(element: Element<'_, '_>) -> [f64; 4] {
    let (x, y, size) = (number(element, "x"), number(element, "y"), number(element, "font-size"));
    let bold = element.attribute("font-weight") == Some("bold");
    let wide = width::width(element.text().unwrap_or("").trim(), bold) * size;
    let start = match element.attribute("text-anchor") {
        None => 0.0,
        Some("middle") => -wide / 2.0,
        Some("end") => -wide,
        Some(other) => panic!("{other}"),
    };
    match element.attribute("transform") {
        None => [x + start, y - width::ABOVE * size, x + start + wide, y + width::BELOW * size],
        Some(turn) => {
            assert!(turn.starts_with("rotate(-90 "), "{turn}");
            [x - width::ABOVE * size, y - start - wide, x + width::BELOW * size, y - start]
        }
    }
}

fn texts<'a, 'i>(document: &'a Document<'i>) -> Vec<Element<'a, 'i>> {
    document.descendants().filter(|e| e.has_tag_name("text")).collect()
}

/// The group of a city.
fn city<'a, 'i>(document: &'a Document<'i>, key: &str) -> Element<'a, 'i> {
    document.descendants().find(|e| e.attribute("data-city") == Some(key)).unwrap_or_else(|| panic!("no {key}"))
}

fn child<'a, 'i>(group: Element<'a, 'i>, tag: &str, class: Option<&str>) -> Option<Element<'a, 'i>> {
    group.descendants().find(|e| e.has_tag_name(tag) && (class.is_none() || e.attribute("class") == class))
}

/// From a place back to the value, by what the axis says.
fn inverse<'d>(document: &'d Document<'_>, axis: &str) -> impl Fn(f64) -> f64 + use<'d> {
    let group = document.descendants().find(|e| e.attribute("data-axis") == Some(axis)).unwrap();
    let [low, high, from, to] = ["data-low", "data-high", "data-from", "data-to"].map(|name| number(group, name));
    move |place| low + (high - low) * (place - from) / (to - from)
}

/// How far a value that is read from a place with two decimals can be off.
fn rounding(document: &Document<'_>, axis: &str) -> f64 {
    (inverse(document, axis)(0.0151) - inverse(document, axis)(0.0)).abs()
}

/// A number as it is shown, and how far the last digit shown can be off.
fn shown(text: &str) -> (f64, f64) {
    let (text, part) = text.strip_suffix("\u{a0}%").map_or((text, 1.0), |text| (text, 0.01));
    let plain: String =
        text.chars().filter(|c| *c != '\u{202f}').map(|c| if c == '\u{2212}' { '-' } else { c }).collect();
    let (digits, power) = plain.split_once('e').map_or((plain.as_str(), 0), |(a, b)| (a, b.parse().unwrap()));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| i32::try_from(decimals.len()).unwrap());
    (plain.parse::<f64>().unwrap() * part, 0.51 * 10f64.powi(power - decimals) * part)
}

/// What is wrong with a picture: it must be well-formed, say what it is, hold nothing strange, and no text may lie on another or
/// outside.
fn faults(what: &str, svg: &str, asked: f64, is_auto: bool) -> Vec<String> {
    let mut faults = Vec::new();
    let document = Document::parse(svg).unwrap_or_else(|e| panic!("{what}: {e}"));
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.attribute("role")), ("svg", Some("img")), "{what}");
    for element in document.descendants() {
        // a name may hold such a word, a number or path may not
        let said = |name: &str| {
            name.starts_with("data-") && !matches!(name, "data-low" | "data-high" | "data-from" | "data-to")
        };
        for attribute in element.attributes().filter(|a| !said(a.name())) {
            let sound = !attribute.value().contains("NaN") && !attribute.value().contains("inf");
            assert!(sound, "{what}: {}=\"{}\"", attribute.name(), attribute.value());
            if matches!(attribute.name(), "width" | "height" | "r") {
                assert!(attribute.value().parse::<f64>().unwrap() >= 0.0, "{what}: {element:?}");
            }
        }
    }

    // what a screen reader says
    let by: Vec<&str> =
        ["aria-labelledby", "aria-describedby"].into_iter().map(|name| root.attribute(name).unwrap()).collect();
    let said: Vec<Element<'_, '_>> = root.children().filter(|e| e.attribute("id").is_some()).collect();
    assert_eq!(said.iter().map(|e| e.attribute("id").unwrap()).collect::<Vec<_>>(), by, "{what}");
    assert_eq!(said.iter().map(|e| e.tag_name().name()).collect::<Vec<_>>(), ["title", "desc"], "{what}");
    assert!(said.iter().all(|e| e.text().unwrap().trim().len() > 10), "{what}");

    // and that it says nothing else
    let drawn = root.children().filter(|e| e.has_tag_name("g")).collect::<Vec<_>>();
    assert!(drawn.len() == 1 && drawn[0].attribute("aria-hidden") == Some("true"), "{what}");

    // the size
    let (wide, high) = (number(root, "width"), number(root, "height"));
    assert_eq!(root.attribute("viewBox").unwrap(), format!("0 0 {wide} {high}"), "{what}");
    assert_eq!(wide, asked);

    // nothing but what it is made of
    let known = ["svg", "g", "title", "desc", "rect", "circle", "line", "path", "text"];
    let style = |e: &Element<'_, '_>| is_auto && e.has_tag_name("style");
    let strange =
        document.descendants().filter(|e| !style(e)).find(|e| e.is_element() && !known.contains(&e.tag_name().name()));
    assert!(strange.is_none(), "{what}: {strange:?}");

    // the numbers of an axis stand where it says
    for axis in document.descendants().filter(|e| e.attribute("class") == Some("axis")) {
        let [low, high, from, to] = ["data-low", "data-high", "data-from", "data-to"].map(|name| number(axis, name));
        let pixels = |difference: f64| (to - from).abs() * (difference / 2.0) / (high / 2.0 - low / 2.0);
        for label in axis.children().filter(|e| e.has_tag_name("text")) {
            let place = match label.attribute("text-anchor") {
                Some("middle") => number(label, "x"),
                Some("end") => number(label, "y") - 0.36 * number(label, "font-size"),
                // Years stand within the panel, not about their place.
                _ => continue,
            };
            let (value, off) = shown(label.text().unwrap().trim());
            let at = from + (to - from) * ((value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0));
            let at_edge = text_box(label)[0] < 0.02 || text_box(label)[2] > wide - 0.02;
            if (at - place).abs() > pixels(off) + 0.02 && !at_edge {
                faults.push(format!("{what}: {value:e} stands at {place}, not at {at}"));
            }
        }
    }

    // no text on another, and none outside
    let boxes: Vec<(&str, [f64; 4])> =
        texts(&document).into_iter().map(|e| (e.text().unwrap_or("").trim(), text_box(e))).collect();
    assert!(boxes.len() > 3, "{what}");
    for (i, (text, a)) in boxes.iter().enumerate() {
        let inside = a[0] >= -0.01 && a[1] >= -0.01 && a[2] <= wide + 0.01 && a[3] <= high + 0.01;
        if !inside {
            faults.push(format!("{what}: `{text}` {a:?} is not within {wide} {high}"));
        }
        for (other, b) in &boxes[..i] {
            let apart = a[2] <= b[0] + 0.02 || b[2] <= a[0] + 0.02 || a[3] <= b[1] + 0.02 || b[3] <= a[1] + 0.02;
            if !apart {
                faults.push(format!("{what}: `{text}` {a:?} lies on `{other}` {b:?}"));
            }
        }
    }
    faults
}
