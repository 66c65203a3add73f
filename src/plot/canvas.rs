//! A picture in the making: the shared frame of title, legend, axes, rows and notes. Private.

use std::cell::RefCell;
use std::collections::BTreeSet;

use svg::node::Node;
use svg::node::element::{Description, Group, Title};

use super::look::Look;
use super::scale::Scale;
use super::shapes::{Anchor, Mark, Words, bar, clean, gap, line, px};
use super::theme::{Ink, Rgb};
use super::width::{fitting, width};
use crate::text::fingerprint;

/// The families of the text: those that the table of widths was made of first.
const FAMILY: &str = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, Verdana, sans-serif";

/// A picture in the making. Everything is laid out from the top; `y` is how far it has come.
#[derive(Debug)]
pub(super) struct Canvas<'a> {
    look: &'a Look,
    pub(super) ink: &'static Ink,
    /// The size of the text.
    pub(super) text: f64,
    pub(super) y: f64,
    body: Group,
    title: String,
    description: String,
    /// The codes that it has asked a label for.
    shown: RefCell<BTreeSet<String>>,
}

/// A sample in a legend.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    Mark(Mark, Rgb),
    /// A line of a thickness.
    Line(Rgb, f64),
    Square(Rgb),
    Missing,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(look: &'a Look, ink: &'static Ink) -> Self {
        Self {
            look,
            ink,
            text: look.text,
            y: 0.0,
            body: Group::new(),
            title: String::new(),
            description: String::new(),
            shown: RefCell::default(),
        }
    }

    /// The room on either side.
    pub(super) fn left(&self) -> f64 {
        self.text
    }

    /// See [`left`](Self::left).
    pub(super) fn right(&self) -> f64 {
        self.look.width - self.text
    }

    pub(super) fn small(&self) -> f64 {
        self.text * 0.85
    }

    /// The height of a row of a table.
    pub(super) fn row(&self) -> f64 {
        (self.text * 1.45).round()
    }

    pub(super) fn add(&mut self, node: impl Into<Box<dyn Node>>) {
        self.body.append(node);
    }

    /// What a thing is shown as: its label, else its name.
    pub(super) fn label(&self, code: &str, name: &str) -> String {
        if !self.look.labels.is_empty() || !self.look.highlights.is_empty() {
            self.shown.borrow_mut().insert(code.to_owned());
        }
        clean(self.look.labels.get(code).map_or(name, String::as_str))
    }

    pub(super) fn is_highlighted(&self, code: &str) -> bool {
        self.look.highlights.contains(code)
    }

    pub(super) fn has_shown(&self, code: &str) -> bool {
        self.shown.borrow().contains(code)
    }

    /// The codes that have been shown.
    pub(super) fn shown(&self) -> Vec<String> {
        self.shown.borrow().iter().cloned().collect()
    }

    /// A text with its baseline at a place, in the usual size and colour.
    pub(super) fn words(&self, x: f64, y: f64) -> Words {
        let (size, colour) = (self.text, self.ink.text);
        Words { place: (x, y), size, colour, anchor: Anchor::Start, bold: false, upward: false }
    }

    /// The same, small and muted.
    pub(super) fn hint(&self, x: f64, y: f64) -> Words {
        self.words(x, y).size(self.small()).colour(self.ink.muted)
    }

    /// The name of a thing: bold and coloured where it is highlighted.
    pub(super) fn name(&self, code: &str, x: f64, y: f64) -> Words {
        let words = self.words(x, y);
        if self.is_highlighted(code) { words.bold().colour(self.ink.second) } else { words }
    }

    /// The baseline of a text that stands in the middle of `y`.
    pub(super) fn baseline(&self, y: f64) -> f64 {
        y + self.text * 0.36
    }

    /// Title and what it is about. Texts that a user has given take their place; an empty title is only said, not shown.
    pub(super) fn head(&mut self, title: &str, about: &str, description: &str) {
        let given = self.look.title.as_deref().map(clean);
        self.description = clean(self.look.description.as_deref().unwrap_or(description));
        self.title = given.clone().filter(|t| !t.trim().is_empty()).unwrap_or_else(|| clean(title));
        self.y = self.text * 0.9;
        if given.is_none_or(|t| !t.trim().is_empty()) {
            let size = self.text * 1.3;
            for text in wrap(&self.title, self.right() - self.left(), size, true, 4) {
                self.y += size * 1.25;
                self.add(self.words(self.left(), self.y - size * 0.25).size(size).bold().say(&text));
            }
        }
        self.note(about);
        self.y += self.text * 0.4;
    }

    /// Small muted text in as many lines as it needs.
    pub(super) fn note(&mut self, text: &str) {
        let size = self.small();
        for text in wrap(&clean(text), self.right() - self.left(), size, false, usize::MAX) {
            self.y += size * 1.35;
            self.add(self.hint(self.left(), self.y - size * 0.3).say(&text));
        }
    }

    /// What the marks mean, in one line or more.
    pub(super) fn legend(&mut self, items: &[(Sample, &str)]) {
        let (size, ink) = (self.small(), self.ink);
        let (sample, line_high) = (size * 1.6, size * 1.5);
        let mut x = self.left();
        self.y += line_high;
        for (kind, text) in items {
            let text = &fit(text, self.right() - self.left() - sample - size * 0.5, size, false);
            let wide = sample + size * 0.5 + width(text, false) * size;
            if x > self.left() && x + wide > self.right() {
                x = self.left();
                self.y += line_high;
            }
            let (middle, at) = (self.y - line_high / 2.0, x + sample / 2.0);
            let half = size * 0.4;
            let mut group = Group::new().set("class", "legend");
            match *kind {
                Sample::Mark(mark, colour) => group.append(mark.at((at, middle), self.text * 0.32, colour, ink.paper)),
                Sample::Line(colour, thick) => group.append(line((x, middle), (x + sample, middle), colour, thick)),
                Sample::Square(colour) => group.append(bar(at - half, middle - half, half * 2.0, half * 2.0, colour)),
                Sample::Missing => group.append(gap(at - half, middle - half, half * 2.0, half * 2.0, ink.muted)),
            }
            group.append(self.hint(x + sample + size * 0.5, middle + size * 0.36).say(text));
            self.add(group);
            x += wide + size * 1.4;
        }
        self.y += size * 0.3;
    }

    /// A ramp of colours from one text to another.
    pub(super) fn ramp(&mut self, low: &str, high: &str, colour: impl Fn(f64) -> Rgb) {
        let size = self.small();
        let wide = self.text * 12.0;
        let mut x = self.left();
        let (top, high_bar) = (self.y + size * 0.35, size * 0.8);
        let base = top + size * 0.75;
        let mut group = Group::new().set("class", "legend").add(self.hint(x, base).say(low));
        x += width(low, false) * size + size * 0.5;
        for i in 0..24 {
            let (from, to) = (wide * f64::from(i) / 24.0, wide * f64::from(i + 1) / 24.0);
            // A hair wider, so that no line shows between two.
            group.append(bar(x + from, top, to - from + 0.3, high_bar, colour(f64::from(i) / 23.0)));
        }
        group.append(self.hint(x + wide + size * 0.5, base).say(high));
        self.add(group);
        self.y += size * 1.7;
    }

    /// A horizontal axis: lines from `top` to `bottom`, and the numbers above them, and below them too where it is long.
    pub(super) fn axis(&mut self, scale: &Scale, ticks: &[(f64, String)], (top, bottom): (f64, f64)) {
        let size = self.small();
        let both = [top - size * 0.45, bottom + size * 1.1];
        let is_long = bottom - top > self.text * 30.0;
        self.across(scale, ticks, (top, bottom), if is_long { &both } else { &both[..1] });
    }

    /// A horizontal axis: lines from `top` to `bottom`, and the numbers on each of some baselines. A number that has no room is
    /// left out.
    pub(super) fn across(
        &mut self,
        scale: &Scale,
        ticks: &[(f64, String)],
        (top, bottom): (f64, f64),
        baselines: &[f64],
    ) {
        let size = self.small();
        let mut group = axis_group("x", scale);
        let mut taken = f64::NEG_INFINITY;
        for (value, text) in ticks {
            let x = scale.at(*value);
            group.append(line((x, top), (x, bottom), self.ink.grid, 1.0));
            let half = width(text, false) * size / 2.0;
            if x - half >= taken {
                taken = x + half + size * 0.3;
                // At the ends of the picture it stands a little beside its line.
                let middle = x.min(self.look.width - half).max(half);
                for base in baselines {
                    group.append(self.hint(middle, *base).middle().say(text));
                }
            }
        }
        self.add(group);
    }

    /// An upright axis: lines from `left` to `right`, and the numbers to the left of them.
    pub(super) fn upward(&self, scale: &Scale, ticks: &[(f64, String)], (left, right): (f64, f64)) -> Group {
        let size = self.small();
        let mut group = axis_group("y", scale);
        for (value, text) in ticks {
            let y = scale.at(*value);
            group.append(line((left, y), (right, y), self.ink.grid, 1.0));
            group.append(self.hint(left - size * 0.5, y + size * 0.36).end().say(text));
        }
        group
    }

    /// The width of the numbers of an upright axis, with the gap between them and its lines.
    pub(super) fn beside_axis(&self, ticks: &[(f64, String)]) -> f64 {
        let size = self.small();
        ticks.iter().map(|(_, text)| width(text, false) * size).fold(0.0, f64::max) + size * 0.5
    }

    /// How much room an axis takes below `bottom`.
    pub(super) fn below_axis(&self, high: f64) -> f64 {
        if high > self.text * 30.0 { self.small() * 1.6 } else { self.small() * 0.4 }
    }

    /// The width of a column that holds these texts, but no wider than a share of the picture.
    pub(super) fn column<'t>(&self, texts: impl IntoIterator<Item = &'t str>, size: f64, share: f64) -> f64 {
        // Bold, so that a name has its room where it is highlighted.
        let widest = texts.into_iter().map(|text| width(text, true) * size).fold(0.0, f64::max);
        widest.min((self.right() - self.left()) * share)
    }

    pub(super) fn finish(self) -> String {
        let height = (self.y + self.text).ceil();
        let (wide, high) = (px(self.look.width), px(height));
        // Browsers read out every mark and number of a picture, hundreds of them, if they are let.
        let body = self.body.set("font-family", FAMILY).set("aria-hidden", "true");
        let text = body.to_string();
        // Several pictures may stand in one page: what they say is their name.
        let said = [&text, &self.title, &self.description].into_iter().flat_map(|text| text.bytes().chain([0]));
        let name = format!("longspring-{:016x}", fingerprint(said));
        let (title, description) = (format!("{name}-title"), format!("{name}-description"));
        let around = svg::Document::new()
            .set("viewBox", format!("0 0 {wide} {high}"))
            .set("width", wide.clone())
            .set("height", high.clone())
            .set("role", "img")
            .set("aria-labelledby", title.clone())
            .set("aria-describedby", description.clone())
            .add(Title::new(self.title).set("id", title))
            .add(Description::new().set("id", description).add(svg::node::Text::new(self.description)))
            .add(bar(0.0, 0.0, self.look.width, height, self.ink.paper).set("class", "paper"))
            .to_string();
        // The body is in words already: to write it again would take as long as all the rest.
        let end = "</svg>";
        let start = around.strip_suffix(end).unwrap_or(&around);
        [start, &text, "\n", end].concat()
    }
}

/// The group of an axis, which says where its ends stand and what they mean.
pub(super) fn axis_group(name: &str, scale: &Scale) -> Group {
    Group::new()
        .set("class", "axis")
        .set("data-axis", name)
        .set("data-low", scale.low)
        .set("data-high", scale.high)
        .set("data-from", px(scale.from))
        .set("data-to", px(scale.to))
}

/// The text, cut where it is too wide.
pub(super) fn fit(text: &str, room: f64, size: f64, bold: bool) -> String {
    if width(text, bold) * size <= room {
        return text.to_owned();
    }
    let (cut, _) = text.split_at(fitting(text, bold, room / size - width("…", bold)));
    cut.trim_end().to_owned() + "…"
}

/// The text in lines that are no wider than there is room, at most so many; what is left over is cut. A word that fills more than
/// a line goes on in the next, as all words do where they are written without blanks.
pub(super) fn wrap(text: &str, room: f64, size: f64, bold: bool, most: usize) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut rest, mut lines) = (text.as_str(), Vec::new());
    while !rest.is_empty() {
        if lines.len() + 1 >= most {
            lines.push(fit(rest, room, size, bold));
            break;
        }
        let (line, more) = rest.split_at(fitting(rest, bold, room / size));
        let end = match line.rfind(' ') {
            _ if more.is_empty() || more.starts_with(' ') => line.len(),
            Some(blank) => blank,
            // At least one letter, however narrow the room.
            None => line.len().max(rest.chars().next().map_or(0, char::len_utf8)),
        };
        let (line, more) = rest.split_at(end);
        lines.push(line.to_owned());
        rest = more.trim_start();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_and_cut() {
        assert_eq!(wrap("Infrastructure construction", 90.0, 10.0, false, 3), ["Infrastructure", "construction"]);
        assert_eq!(wrap("a b c", 1000.0, 10.0, false, 3), ["a b c"]);
        assert!(wrap("", 10.0, 10.0, false, 3).is_empty());
        assert_eq!(wrap("長春市は長い春", 32.0, 10.0, false, 9), ["長春市", "は長い", "春"]);
        assert_eq!(wrap("ab cdefgh", 0.0, 10.0, false, 4), ["a", "b", "c", "…"]);
        let cut = fit("Saint-Étienne", 50.0, 10.0, false);
        assert!(cut.ends_with('…') && width(&cut, false) * 10.0 <= 50.0, "{cut}");
        let lines = wrap("one two three four five six", 40.0, 10.0, false, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| width(line, false) * 10.0 <= 40.0), "{lines:?}");
    }
}
