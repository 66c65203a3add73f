//! What should be known about a score before it is trusted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that should be known about a score before it is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flag {
    /// A value lies beyond a goalpost, or beyond the sample under [`Outside::Clip`](crate::Outside::Clip), and got the
    /// score at that end.
    Clipped,
    /// A value lies beyond all values of the cities that the composite was fitted on.
    Outside,
    /// A figure of low reliability (SDMX status `U`) is among those that count.
    LowReliability,
    /// A figure that was filled in, by the method's imputation or over time, is among those that count.
    Imputed,
    /// An outlier that the method's treatment pulled in is among the figures that count.
    Treated,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Self; 5] = [Self::Clipped, Self::Outside, Self::LowReliability, Self::Imputed, Self::Treated];

    /// The letter that stands for it in a table.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Clipped => 'c',
            Self::Outside => 'o',
            Self::LowReliability => 'u',
            Self::Imputed => 'i',
            Self::Treated => 't',
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Clipped => "clipped",
            Self::Outside => "outside",
            Self::LowReliability => "low reliability",
            Self::Imputed => "imputed",
            Self::Treated => "treated",
        })
    }
}

/// A set of flags. The flags of a measure or index are those of all the indicators that count in it.
///
/// ```
/// use longspring::{Flag, Flags};
///
/// let flags: Flags = [Flag::Outside, Flag::Clipped].into_iter().collect();
/// assert!(flags.contains(Flag::Clipped));
/// assert_eq!(flags.to_string(), "clipped, outside");
/// assert!(Flags::default().is_empty());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Flag>", into = "Vec<Flag>")]
pub struct Flags(u8);

impl Flags {
    /// Whether a flag is among them.
    #[must_use]
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & flag.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flags, in the order of [`Flag::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.into_iter().filter(move |&flag| self.contains(flag))
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, flag: Flag) -> Self {
        Self(self.0 | flag.bit())
    }

    /// These and those.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        flags.into_iter().fold(Self::default(), Self::with)
    }
}

impl Extend<Flag> for Flags {
    fn extend<I: IntoIterator<Item = Flag>>(&mut self, flags: I) {
        *self = self.union(flags.into_iter().collect());
    }
}

impl From<Vec<Flag>> for Flags {
    fn from(flags: Vec<Flag>) -> Self {
        flags.into_iter().collect()
    }
}

impl From<Flags> for Vec<Flag> {
    fn from(flags: Flags) -> Self {
        flags.iter().collect()
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.iter().map(|flag| flag.to_string()).collect();
        f.pad(&words.join(", "))
    }
}
