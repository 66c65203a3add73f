//! Colours, for a light and for a dark background. Private but for [`Theme`].

use serde::{Deserialize, Serialize};

/// The background that a picture is made for.
///
/// Both themes use the same few colours, which people who cannot tell red from green keep apart as well (after Okabe and Ito), and
/// ramps whose lightness alone tells the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on nearly black.
    Dark,
    /// As the reader's system has it: a rule of CSS in the picture (`prefers-color-scheme`) changes the colours of the light theme,
    /// which is what programs without CSS and paper show, to those of the dark one.
    Auto,
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Rgb {
    /// A colour on the way to another, from 0 to 1.
    fn mix(self, other: Self, share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
        let part = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(part(self.0, other.0), part(self.1, other.1), part(self.2, other.2))
    }

    /// The relative luminance of WCAG 2.
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// The contrast ratio of WCAG 2, from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The colour of text on this one.
    pub(super) fn text(self) -> Self {
        // Black and white, because nothing less is legible on every shade between them.
        let (dark, light) = (Self(0, 0, 0), Self(0xff, 0xff, 0xff));
        if self.contrast(dark) >= self.contrast(light) { dark } else { light }
    }
}

/// The colours of a theme.
#[derive(Debug)]
pub(super) struct Ink {
    pub(super) paper: Rgb,
    pub(super) text: Rgb,
    pub(super) muted: Rgb,
    /// Lines that should not be noticed.
    pub(super) grid: Rgb,
    /// What stands in the background: ranges, lines of the others, marks of what is missing.
    pub(super) faint: Rgb,
    /// The first colour, and the one against it.
    pub(super) first: Rgb,
    pub(super) second: Rgb,
    /// From the lowest to the highest.
    ramp: [Rgb; 5],
    /// From -1 over 0 to 1.
    both: [Rgb; 5],
}

const LIGHT: Ink = Ink {
    paper: Rgb(0xff, 0xff, 0xff),
    text: Rgb(0x1b, 0x1f, 0x24),
    muted: Rgb(0x5b, 0x65, 0x70),
    grid: Rgb(0xe3, 0xe7, 0xeb),
    faint: Rgb(0x8c, 0x96, 0xa0),
    first: Rgb(0x00, 0x72, 0xb2),
    second: Rgb(0xb8, 0x50, 0x00),
    ramp: [
        Rgb(0xed, 0xf2, 0xf6),
        Rgb(0xb4, 0xd2, 0xe2),
        Rgb(0x68, 0xa9, 0xcb),
        Rgb(0x24, 0x71, 0xa3),
        Rgb(0x0b, 0x3a, 0x62),
    ],
    both: [
        Rgb(0xb3, 0x4a, 0x00),
        Rgb(0xec, 0xae, 0x7e),
        Rgb(0xf5, 0xf6, 0xf7),
        Rgb(0x8f, 0xbf, 0xdd),
        Rgb(0x00, 0x58, 0x90),
    ],
};

const DARK: Ink = Ink {
    paper: Rgb(0x14, 0x18, 0x1d),
    text: Rgb(0xe8, 0xec, 0xef),
    muted: Rgb(0xa3, 0xad, 0xb6),
    grid: Rgb(0x2a, 0x31, 0x38),
    faint: Rgb(0x5a, 0x66, 0x72),
    first: Rgb(0x56, 0xb4, 0xe9),
    second: Rgb(0xe6, 0x9f, 0x00),
    ramp: [
        Rgb(0x1f, 0x2a, 0x34),
        Rgb(0x24, 0x56, 0x78),
        Rgb(0x3d, 0x8d, 0xb0),
        Rgb(0x8a, 0xc6, 0xc4),
        Rgb(0xf0, 0xf3, 0xc8),
    ],
    both: [
        Rgb(0xf5, 0xa6, 0x4c),
        Rgb(0x86, 0x55, 0x22),
        Rgb(0x23, 0x2a, 0x31),
        Rgb(0x22, 0x5c, 0x84),
        Rgb(0x6c, 0xc0, 0xf0),
    ],
};

impl Theme {
    pub(super) fn ink(self) -> &'static Ink {
        match self {
            Self::Light | Self::Auto => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

impl Ink {
    /// The colour of a share from 0 to 1.
    pub(super) fn share(&self, share: f64) -> Rgb {
        along(&self.ramp, share)
    }

    /// The colour of a coefficient from -1 to 1.
    pub(super) fn coefficient(&self, r: f64) -> Rgb {
        along(&self.both, f64::midpoint(r, 1.0))
    }
}

/// The colour of a share of the way along some stops.
fn along(stops: &[Rgb; 5], share: f64) -> Rgb {
    let at = share.clamp(0.0, 1.0) * 4.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 3")]
    let from = (at.floor() as usize).min(3);
    stops[from].mix(stops[from + 1], at - from as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_on_everything_it_stands_on() {
        for theme in [Theme::Light, Theme::Dark] {
            let ink = theme.ink();
            // The first two colours are those of names and numbers, too.
            for colour in [ink.text, ink.muted, ink.first, ink.second] {
                assert!(colour.contrast(ink.paper) >= 4.5, "{theme:?} {colour}");
            }
            // Intervals and ranges are marks that tell something.
            assert!(ink.faint.contrast(ink.paper) >= 3.0, "{theme:?}");
            for step in 0..=100 {
                for cell in [ink.share(f64::from(step) / 100.0), ink.coefficient(f64::from(step) / 50.0 - 1.0)] {
                    assert!(cell.text().contrast(cell) >= 4.5, "{theme:?} {step} {cell}");
                }
            }
        }
    }

    #[test]
    fn lightness_alone_tells_the_order() {
        for (theme, sign) in [(Theme::Light, -1.0), (Theme::Dark, 1.0)] {
            let light: Vec<f64> = (0..=50).map(|i| theme.ink().share(f64::from(i) / 50.0).luminance() * sign).collect();
            assert!(light.windows(2).all(|pair| pair[0] < pair[1]), "{theme:?}");
            // of coefficients it tells the size
            let both = |r: f64| theme.ink().coefficient(r).luminance() * sign;
            for i in 0..25 {
                let (near, far) = (f64::from(i) / 25.0, f64::from(i + 1) / 25.0);
                assert!(both(near) < both(far) && both(-near) < both(-far), "{theme:?} {near}");
            }
        }
    }

    #[test]
    fn what_lies_outside_takes_the_colour_of_the_end() {
        let ink = Theme::Light.ink();
        assert_eq!((ink.share(-1.0), ink.share(2.0)), (LIGHT.ramp[0], LIGHT.ramp[4]));
        assert_eq!(ink.coefficient(0.0), LIGHT.both[2]);
        assert_eq!(Rgb(0, 114, 178).to_string(), "#0072b2");
    }
}
