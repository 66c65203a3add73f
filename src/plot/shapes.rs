//! The shapes that pictures are made of. Private.

use svg::node::element::{Circle, Group, Line, Path, Rectangle, Text, Title};
use svg::node::{Node, element::Element};

use super::theme::Rgb;
use crate::text::is_control;

/// A place or length with two decimals at most.
pub(super) fn px(value: f64) -> String {
    // Minus zero is zero.
    ((value * 100.0).round() / 100.0 + 0.0).to_string()
}

/// A text that XML can hold, on one line.
pub(super) fn clean(text: &str) -> String {
    let sound = |c: char| match c {
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if is_control(c) => ' ',
        c => c,
    };
    text.chars().map(sound).collect()
}

pub(super) fn line(from: (f64, f64), to: (f64, f64), colour: Rgb, wide: f64) -> Line {
    Line::new()
        .set("x1", px(from.0))
        .set("y1", px(from.1))
        .set("x2", px(to.0))
        .set("y2", px(to.1))
        .set("stroke", colour.to_string())
        .set("stroke-width", px(wide))
}

/// A filled rectangle by its left upper corner.
pub(super) fn bar(left: f64, top: f64, wide: f64, high: f64, colour: Rgb) -> Rectangle {
    Rectangle::new()
        .set("x", px(left))
        .set("y", px(top))
        .set("width", px(wide))
        .set("height", px(high))
        .set("fill", colour.to_string())
}

/// What stands where something is missing: an empty rectangle with a broken border.
pub(super) fn gap(left: f64, top: f64, wide: f64, high: f64, colour: Rgb) -> Rectangle {
    Rectangle::new()
        .set("class", "missing")
        .set("x", px(left))
        .set("y", px(top))
        .set("width", px(wide))
        .set("height", px(high))
        .set("fill", "none")
        .set("stroke", colour.to_string())
        .set("stroke-dasharray", "2 2")
}

/// The marks of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    Dot,
    Ring,
    Diamond,
    Tick,
}

/// A dot that takes its colours from the group it stands in: see [`Mark::dots`].
pub(super) fn dot((x, y): (f64, f64), size: f64) -> Circle {
    Circle::new().set("cx", px(x)).set("cy", px(y)).set("r", px(size))
}

impl Mark {
    /// What all dots of a size and colour have in common.
    pub(super) fn dots(size: f64, colour: Rgb, paper: Rgb) -> [(&'static str, String); 3] {
        [("fill", colour.to_string()), ("stroke", paper.to_string()), ("stroke-width", px(size * 0.2))]
    }

    /// The mark about a place; `paper` fills what is hollow, and is a hair about what is full, so that two marks stay two.
    pub(super) fn at(self, (x, y): (f64, f64), size: f64, colour: Rgb, paper: Rgb) -> Element {
        let dot = || dot((x, y), size);
        let edged = |mut shape: Element, fill: Rgb, edge: Rgb, wide: f64| {
            shape.assign("fill", fill.to_string());
            shape.assign("stroke", edge.to_string());
            shape.assign("stroke-width", px(size * wide));
            shape
        };
        match self {
            Self::Dot => edged(dot().into(), colour, paper, 0.2),
            Self::Ring => edged(dot().into(), paper, colour, 0.4),
            Self::Diamond => {
                let half = size * 1.2;
                let (top, side) = (px(y - half), px(half));
                let data = format!("M{} {top}l{side} {side}l-{side} {side}l-{side} -{side}z", px(x));
                edged(Path::new().set("d", data).into(), colour, paper, 0.2)
            }
            Self::Tick => line((x, y - size), (x, y + size), colour, size * 0.45).into(),
        }
    }
}

/// On which side of its place a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text: its place on the baseline, and how it looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) place: (f64, f64),
    pub(super) size: f64,
    pub(super) colour: Rgb,
    pub(super) anchor: Anchor,
    pub(super) bold: bool,
    /// Whether it runs from the bottom to the top.
    pub(super) upward: bool,
}

impl Words {
    pub(super) fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }

    pub(super) fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn upward(self) -> Self {
        Self { upward: true, ..self }
    }

    pub(super) fn colour(self, colour: Rgb) -> Self {
        Self { colour, ..self }
    }

    pub(super) fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    pub(super) fn say(self, text: &str) -> Text {
        let (x, y) = (px(self.place.0), px(self.place.1));
        let turn = self.upward.then(|| format!("rotate(-90 {x} {y})"));
        let mut element = Text::new(clean(text))
            .set("x", x)
            .set("y", y)
            .set("font-size", px(self.size))
            .set("fill", self.colour.to_string());
        match self.anchor {
            Anchor::Start => {}
            Anchor::Middle => element.assign("text-anchor", "middle"),
            Anchor::End => element.assign("text-anchor", "end"),
        }
        if self.bold {
            element.assign("font-weight", "bold");
        }
        if let Some(turn) = turn {
            element.assign("transform", turn);
        }
        element
    }
}

/// The marks of one thing, with what a pointer over them says.
pub(super) fn group(attribute: &str, code: &str, says: &str) -> Group {
    Group::new().set(attribute, clean(code)).add(Title::new(clean(says)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_texts_are_sound() {
        assert_eq!((px(1.0), px(1.0 / 3.0), px(-0.001)), ("1".to_owned(), "0.33".to_owned(), "0".to_owned()));
        assert_eq!(clean("a\u{0}b\nc\u{202e}d\u{ffff}"), "a b c d\u{fffd}");
        let says = group("data-city", "\"<&>'", "<script>").to_string();
        assert!(says.contains("data-city=\"&quot;&lt;&amp;&gt;&apos;\"") && !says.contains("<script>"), "{says}");
    }
}
