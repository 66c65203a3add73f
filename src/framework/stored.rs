//! The stored form of a framework: its nodes, with the number of the form where it stands by itself.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Framework, Node};
use crate::format::Format;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default, rename = "format")]
    _format: Format,
    nodes: Vec<Node>,
}

#[derive(Serialize)]
struct Borrowed<'a> {
    format: Format,
    nodes: &'a [Node],
}

impl Serialize for Framework {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Borrowed { format: Format::Said, nodes: &self.nodes }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Framework {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Nodes)
    }
}

/// Takes both forms. A node is stored without what is not said of it, so that formats which do not describe themselves could
/// never hold one, and nothing is lost by asking.
struct Nodes;

impl<'de> Visitor<'de> for Nodes {
    type Value = Framework;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a framework: its format and nodes, or a list of nodes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, nodes: A) -> Result<Framework, A::Error> {
        checked(Vec::deserialize(SeqAccessDeserializer::new(nodes))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Framework, A::Error> {
        checked(Stored::deserialize(MapAccessDeserializer::new(fields))?.nodes)
    }
}

fn checked<E: serde::de::Error>(nodes: Vec<Node>) -> Result<Framework, E> {
    Framework::new(nodes).map_err(E::custom)
}

/// A framework inside of what says the format for it: a list of nodes.
pub(crate) mod inside {
    use super::{Deserialize, Deserializer, Framework, Node, Serialize, Serializer, checked};

    pub(crate) fn serialize<S: Serializer>(framework: &Framework, serializer: S) -> Result<S::Ok, S::Error> {
        framework.nodes.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Framework, D::Error> {
        checked(Vec::<Node>::deserialize(deserializer)?)
    }
}
