//! Reading and writing a framework as CSV.

use std::io::Write;

use super::{Attribute, Denominator, Direction, Framework, Kind, Node};
use crate::error::{Fault, Place, Result, nearest};
use crate::input::Input;
use crate::output::Output;
use crate::table::{Known, Others, Table};

const CODE: usize = Attribute::Code as usize;
const PARENT: usize = Attribute::Parent as usize;
const DIRECTION: usize = Attribute::Direction as usize;
const WEIGHT: usize = Attribute::Weight as usize;
const PER: usize = Attribute::Per as usize;
const SCALE: usize = Attribute::Scale as usize;
const WORST: usize = Attribute::Worst as usize;
const BEST: usize = Attribute::Best as usize;
const TARGET: usize = Attribute::Target as usize;
const KIND: usize = 9;
const NAME: usize = 10;
const UNIT: usize = 11;
const DEFINITION: usize = 12;

/// The columns: first those that a fault can name, in the order of `Attribute`.
const COLUMNS: [Known; 13] = [
    Known::Required("code"),
    Known::Required("parent"),
    Known::Required("direction"),
    Known::Optional("weight"),
    Known::Optional("per"),
    Known::Optional("per_scale"),
    Known::Optional("worst"),
    Known::Optional("best"),
    Known::Optional("target"),
    Known::Required("kind"),
    Known::Optional("name"),
    Known::Optional("unit"),
    Known::Optional("definition"),
];

/// The columns in the order in which they are written.
const ORDER: [usize; 13] =
    [CODE, PARENT, KIND, NAME, UNIT, DIRECTION, WEIGHT, PER, SCALE, WORST, BEST, TARGET, DEFINITION];

impl Framework {
    /// Reads a framework from CSV, a node a row.
    ///
    /// | column | holds | empty |
    /// |---|---|---|
    /// | `code` | the node's code | not allowed |
    /// | `parent` | the code of the node above | an index or a context series |
    /// | `kind` | `index`, `measure`, `indicator` or `context` | not allowed |
    /// | `direction` | `higher` or `lower` (is better) | not for an indicator |
    /// | `name`, `unit`, `definition` | texts | the code; none |
    /// | `weight` | among the siblings, 0 or more | 1 |
    /// | `per`, `per_scale` | denominator, and per how many | none; 1 |
    /// | `worst`, `best` | goalposts | the sample supplies it |
    /// | `target` | what ought to be reached | none |
    ///
    /// Required are `code`, `parent`, `kind` and `direction`; the other columns may be left out.
    ///
    /// # Errors
    /// [`Error::Read`](crate::Error::Read) where the file cannot be read, [`Error::Invalid`](crate::Error::Invalid) with
    /// every problem of the file and its line and column; see [`Framework::new`].
    pub fn read_csv<'a>(input: impl Into<Input<'a>>) -> Result<Self> {
        let mut table = Table::open(input, &COLUMNS, Others::Refuse)?;
        let mut nodes = Vec::new();
        let mut places: Vec<Vec<Place>> = Vec::new();
        let mut lost: Vec<Option<String>> = Vec::new();
        while let Some(mut row) = table.next_row()? {
            let code = row.required(CODE, "code");
            let kind: Option<Kind> = row.word(KIND);
            if row.text(KIND).is_empty() {
                row.fault(KIND, Fault::EmptyCell { what: "kind" });
            }
            let direction = row.word(DIRECTION);
            // A direction that cannot be read is one problem, not also a missing direction.
            let unreadable = direction.is_none() && !row.text(DIRECTION).is_empty();
            let (worst, best, target) = (row.number(WORST), row.number(BEST), row.number(TARGET));
            let (weight, scale) = (row.number(WEIGHT), row.number(SCALE));
            let denominator = row.optional(PER).map(|series| Denominator { series, scale: scale.unwrap_or(1.0) });
            if denominator.is_none() && !row.text(SCALE).is_empty() {
                row.fault(PER, Fault::EmptyCell { what: "denominator (there is a scale)" });
            }
            let (code, kind) = match (code, kind) {
                (Some(code), Some(kind)) => (code, kind),
                (code, _) => {
                    lost.extend([code, row.optional(PARENT)]);
                    continue;
                }
            };
            let direction = if unreadable { Some(Direction::HigherIsBetter) } else { direction };
            let mut node = Node::raw(code, kind, row.optional(PARENT), direction);
            node.weight = weight.unwrap_or(1.0);
            node.denominator = denominator;
            (node.worst, node.best, node.target) = (worst, best, target);
            if let Some(name) = row.optional(NAME) {
                node.name = name;
            }
            row.text(UNIT).clone_into(&mut node.unit);
            row.text(DEFINITION).clone_into(&mut node.definition);
            nodes.push(node);
            places.push((0..COLUMNS.len()).map(|k| row.place(k)).collect());
        }
        let (framework, faults) = Self::assemble(nodes);
        let lost_rows = table.lost_rows();
        // What a row that could not be read leaves open is no problem of another row.
        let follows = |fault: &Fault| {
            let is_lost = |code: &String| lost_rows || lost.contains(&Some(code.clone()));
            match fault {
                Fault::UnknownParent { parent, .. } | Fault::ZeroWeights { parent } => is_lost(parent),
                Fault::UnknownDenominator { per, .. } => is_lost(per),
                Fault::Childless { code, .. } => is_lost(code),
                Fault::NoIndex => lost_rows || !lost.is_empty() || places.is_empty(),
                _ => false,
            }
        };
        for (node, attribute, mut fault) in faults {
            if follows(&fault) {
                continue;
            }
            // A row that cannot be used still says which codes there are meant to be.
            let meant = |code: &str| nearest(code, lost.iter().flatten().map(String::as_str));
            if let Fault::UnknownParent { parent: code, nearest, .. }
            | Fault::UnknownDenominator { per: code, nearest, .. } = &mut fault
            {
                *nearest = nearest.take().or_else(|| meant(code));
            }
            if let Fault::Duplicate { code, first, .. } = &mut fault {
                *first = framework.codes.find(code).map(|f| places[f][CODE].line);
            }
            let place = places.get(node).map_or_else(|| table.start(), |p| p[attribute as usize].clone());
            table.problem(Some(place), fault);
        }
        table.finish()?;
        Ok(framework)
    }

    /// Writes the framework as CSV, as [`Framework::read_csv`] reads it.
    ///
    /// # Errors
    /// [`Error::Write`](crate::Error::Write) where the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> Result<()> {
        let mut out = Output::new(writer, ORDER.iter().map(|&k| COLUMNS[k].name()))?;
        for node in self.nodes() {
            let number = |n: Option<f64>| n.map_or_else(String::new, |n| n.to_string());
            let weighs = node.parent.is_some() || node.weight != 1.0;
            let weight = if weighs { node.weight.to_string() } else { String::new() };
            let per = node.denominator.as_ref();
            out.row([
                node.code.as_str(),
                node.parent.as_deref().unwrap_or_default(),
                &node.kind.to_string(),
                &node.name,
                &node.unit,
                &node.direction.map_or_else(String::new, |d| d.to_string()),
                &weight,
                per.map_or("", |d| &d.series),
                &number(per.map(|d| d.scale)),
                &number(node.worst),
                &number(node.best),
                &number(node.target),
                &node.definition,
            ])?;
        }
        out.finish()
    }
}
