//! The number of the written form: one rule for everything that is stored for longer than a program runs.
//!
//! What is stored carries `"format"` as its first field. Without it the form is that of before there were numbers, 0. The
//! number goes up with every change that an older version would misread; what is older is read or refused by name. A value
//! inside of another has no number of its own: that of the whole is meant.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Fault;

/// The form that is written. All older ones are read: 0 is the same without the number, and a framework was a bare list.
const NEWEST: u64 = 1;

/// The field `format` of a stored value: no state, but a check when it is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Format {
    /// The value stands by itself, and says its format.
    #[default]
    Said,
    /// The value stands inside of another, which says it.
    OfTheWhole,
}

impl Format {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    pub(crate) fn is_of_the_whole(&self) -> bool {
        matches!(self, Self::OfTheWhole)
    }
}

/// Where a value stands makes it no other value.
impl PartialEq for Format {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(NEWEST)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = u64::deserialize(deserializer)?;
        if found <= NEWEST {
            return Ok(Self::Said);
        }
        Err(serde::de::Error::custom(Fault::NewerFormat { found, newest: NEWEST }))
    }
}
