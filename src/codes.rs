//! A list of codes, found by name: one text for all of them, so that a million cities cost a few bytes each. Private.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, What, nearest};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub(crate) struct Codes {
    text: String,
    /// Where each code ends.
    ends: Vec<usize>,
    /// The codes in alphabetical order; equal ones in their own.
    sorted: Vec<u32>,
}

impl Codes {
    pub(crate) fn new<S: AsRef<str>>(codes: impl IntoIterator<Item = S>) -> Self {
        let mut all = Self::default();
        for code in codes {
            all.text.push_str(code.as_ref());
            all.ends.push(all.text.len());
        }
        all.text.shrink_to_fit();
        all.ends.shrink_to_fit();
        let mut sorted: Vec<u32> = (0..u32::try_from(all.ends.len()).unwrap_or(u32::MAX)).collect();
        sorted.sort_by(|&a, &b| all.get(a as usize).cmp(all.get(b as usize)));
        all.sorted = sorted;
        all
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start..self.ends[i]]
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|i| self.get(i))
    }

    /// The first that has this code.
    pub(crate) fn find(&self, code: &str) -> Option<usize> {
        let at = self.sorted.partition_point(|&i| self.get(i as usize) < code);
        let found = *self.sorted.get(at)? as usize;
        (self.get(found) == code).then_some(found)
    }

    /// The first that has this code, or an error that names the nearest.
    pub(crate) fn find_or(&self, code: &str, what: What) -> Result<usize> {
        let unknown = || Error::Unknown { what, code: code.to_owned(), nearest: nearest(code, self.iter()) };
        self.find(code).ok_or_else(unknown)
    }

    /// Codes that stand again: the first and each later one.
    pub(crate) fn duplicates(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut first = 0;
        self.sorted.windows(2).enumerate().filter_map(move |(k, pair)| {
            let same = self.get(pair[0] as usize) == self.get(pair[1] as usize);
            if !same {
                first = k + 1;
            }
            same.then(|| (self.sorted[first] as usize, pair[1] as usize))
        })
    }
}

impl From<Vec<String>> for Codes {
    fn from(codes: Vec<String>) -> Self {
        Self::new(codes)
    }
}

impl From<Codes> for Vec<String> {
    fn from(codes: Codes) -> Self {
        codes.iter().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_by_name_and_duplicates_by_their_first() {
        let codes = Codes::new(["b", "a", "", "b", "c", "b"]);
        assert_eq!(codes.find("b"), Some(0));
        assert_eq!(codes.find("c"), Some(4));
        assert_eq!(codes.find(""), Some(2));
        assert_eq!(codes.find("d"), None);
        assert_eq!(codes.duplicates().collect::<Vec<_>>(), [(0, 3), (0, 5)]);
        assert_eq!(codes.iter().collect::<Vec<_>>(), ["b", "a", "", "b", "c", "b"]);
    }
}
