//! Laying out text in columns. Private.

/// How many columns of a terminal a text takes: combining marks none, wide East Asian characters two.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Whether a sign stands on what is before it: combining marks and joiners.
pub(crate) fn has_no_width(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0300..=0x036F
            | 0x1AB0..=0x1AFF
            | 0x1DC0..=0x1DFF
            | 0x200B..=0x200D
            | 0x20D0..=0x20FF
            | 0xFE00..=0xFE0F
            | 0xFE20..=0xFE2F
    )
}

/// A share as `12.5 %`, without a decimal that says nothing; what is there and rounds to 0 is `<0.1 %`, and what is not all and
/// rounds to it `>99.9 %`.
#[cfg(feature = "plot")]
pub(crate) fn percent(share: f64) -> String {
    let rounded = (share * 1000.0).round() / 10.0;
    match rounded {
        r if r == 0.0 && share > 0.0 => "<0.1\u{a0}%".to_owned(),
        r if r >= 100.0 && share < 1.0 => ">99.9\u{a0}%".to_owned(),
        r => format!("{r}\u{a0}%"),
    }
}

/// Whether a sign is an order to the one who shows a text, rather than a part of it: such as one that turns round what follows.
#[cfg(feature = "plot")]
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The digits of a whole number with narrow blanks between the thousands, where there are more than four.
#[cfg(feature = "plot")]
pub(crate) fn thousands(digits: &str) -> String {
    let mut apart = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 && digits.len() > 4 {
            apart.push('\u{202f}');
        }
        apart.push(digit);
    }
    apart
}

/// A number that tells texts apart and is the same everywhere: FNV-1a (Fowler, Noll and Vo).
pub(crate) fn fingerprint(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a unit says which classes there are, rather than what is counted.
pub(crate) fn is_class(unit: &str) -> bool {
    unit.starts_with("class") || unit == "0 or 1"
}

/// A probability with three digits.
pub(crate) fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

fn char_width(c: char) -> usize {
    match u32::from(c) {
        _ if has_no_width(c) => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// The text on one line, filled with spaces on the right.
pub(crate) fn left(text: &str, columns: usize) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let fill = columns.saturating_sub(width(&line));
    line + &" ".repeat(fill)
}

/// The text filled with spaces on the left.
pub(crate) fn right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text))) + text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_wide_characters_align() {
        assert_eq!(width("Łódź"), 4);
        assert_eq!(width("Saint-Étienne"), 13);
        assert_eq!(width("E\u{301}tienne"), 7); // a combining accent
        assert_eq!(width("長春"), 4);
        assert_eq!(left("Łódź", 6), "Łódź  ");
        assert_eq!(right("1.5", 5), "  1.5");
        assert_eq!(left("a\nb", 4), "a b ");
    }
}
