//! What a misspelt code most likely means.

/// The known code that a misspelt one most likely means: at most a third of its letters differ. The first of the nearest.
pub(crate) fn nearest<'a>(code: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // Longer texts are no typing errors of a code, and the comparison is quadratic.
    const LONGEST: usize = 64;
    let wanted: Vec<char> = code.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    let mut row = Vec::new();
    for candidate in known {
        let limit = best.map_or_else(|| wanted.len().div_ceil(3), |(d, _)| d - 1);
        if candidate.len() > 4 * LONGEST || candidate.chars().count().abs_diff(wanted.len()) > limit {
            continue;
        }
        let distance = edits(&wanted, candidate, &mut row);
        if distance <= limit {
            if distance == 0 {
                return Some(candidate.to_owned());
            }
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Levenshtein's distance: the insertions, deletions and substitutions between two texts, whatever their case.
fn edits(wanted: &[char], candidate: &str, row: &mut Vec<usize>) -> usize {
    row.clear();
    row.extend(0..=wanted.len());
    for (i, c) in candidate.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, &w) in wanted.iter().enumerate() {
            let substituted = diagonal + usize::from(w != c);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[wanted.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_code_is_found_and_a_far_one_is_not() {
        let known = ["sheffield", "leeds", "leipzig"];
        assert_eq!(nearest("sheffeild", known).as_deref(), Some("sheffield"));
        assert_eq!(nearest("Sheffield", known).as_deref(), Some("sheffield"));
        assert_eq!(nearest("leads", known).as_deref(), Some("leeds"));
        assert_eq!(nearest("tokyo", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"x".repeat(10_000_000), known), None);
    }
}
