//! How wide a text is, without a font. Private.

/// The widths of the printable ASCII characters, in hundredths of the size of the text: for each the wider one of Liberation Sans,
/// which has the widths of Arial and Helvetica, and `DejaVu Sans`, the usual one where neither is there.
#[rustfmt::skip]
const ASCII: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, // space to /
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 56, // 0 to ?
    102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79, // @ to O
    67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56, // P to _
    50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, // ` to o
    64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84, // p to ~
];

/// How much wider bold text is, at most.
const BOLD: f64 = 1.2;

/// How far a line of text reaches above its baseline, accents included, and below it, in sizes of the text.
pub(crate) const ABOVE: f64 = 0.8;
/// See [`ABOVE`].
pub(crate) const BELOW: f64 = 0.2;

/// The width of a text of size 1.
pub(crate) fn width(text: &str, bold: bool) -> f64 {
    let sum: f64 = text.chars().map(character).sum();
    if bold { sum * BOLD } else { sum }
}

/// The length in bytes of the longest beginning of a text of size 1 that is no wider than there is room.
pub(crate) fn fitting(text: &str, bold: bool, room: f64) -> usize {
    let mut wide = 0.0;
    let is_beyond = |c: char| {
        wide += if bold { character(c) * BOLD } else { character(c) };
        wide > room
    };
    text.find(is_beyond).unwrap_or(text.len())
}

fn character(c: char) -> f64 {
    let code = u32::from(c);
    if let Some(&hundredths) = code.checked_sub(32).and_then(|at| ASCII.get(at as usize)) {
        return f64::from(hundredths) / 100.0;
    }
    match code {
        _ if crate::text::has_no_width(c) => 0.0,
        // letters with marks are as wide as those without: the widest are Ö and ů, but for W, Æ, Œ and their like
        0x00C0..=0x017F if !matches!(c, 'Æ' | 'æ' | 'Œ' | 'œ' | 'Ŵ' | 'ŵ' | 'Ħ' | 'ŉ') => {
            if c.is_uppercase() || !c.is_alphabetic() { 0.84 } else { 0.69 }
        }
        0x2013 | 0x2018..=0x201F | 0x2022 => 0.6,
        0x00A0 | 0x202F => 0.35,
        0x00A0..=0x1FFF => 1.1,
        0x1F300..=0x1FAFF => 1.4,
        _ => 1.05,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_do_not_make_a_name_wider_than_its_letters_can_be() {
        assert!((width("Detroit", false) - (0.78 + 0.62 + 0.40 + 0.42 + 0.62 + 0.28 + 0.40)).abs() < 1e-12);
        assert!(width("Łódź", false) >= width("Lodz", false));
        assert!(width("Łódź", false) < 1.3 * width("Lodz", false));
        assert_eq!(width("e\u{301}", false), width("e", false));
        assert!(width("長春", false) >= 2.0);
        assert!(width("Detroit", true) > width("Detroit", false));
        assert_eq!(width("", false), 0.0);
    }
}
