//! What counts: a forest of indices, measures and indicators.

mod node;
mod stored;
mod table;

pub(crate) use node::Attribute;
pub use node::{Denominator, Direction, Kind, Node};
pub(crate) use stored::inside;

use crate::codes::Codes;
use crate::error::{Error, FEW, Fault, Problems, Result, What, nearest};

/// What counts: a forest in which every root is an index, every inner node a measure and every leaf an indicator, and
/// beside it the context series, which belong to no index.
///
/// Trees may be ragged: an indicator may stand at any depth, directly under an index too. Every node is looked up by its
/// code. A framework is valid once it exists; what is wrong with one is reported together.
///
/// ```
/// use longspring::{Direction, Framework, Node};
///
/// let framework = Framework::new([
///     Node::index("renewal"),
///     Node::measure("industry", "renewal").weight(2.0),
///     Node::indicator("productivity", "industry", Direction::HigherIsBetter).unit("USD"),
///     Node::indicator("pm25", "renewal", Direction::LowerIsBetter).worst(75.0).best(5.0),
/// ])?;
/// assert_eq!(framework.children("renewal")?.map(|n| n.code.as_str()).collect::<Vec<_>>(), ["industry", "pm25"]);
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// Stored (serde), it is its nodes and the number of the form: `{"format": 1, "nodes": [...]}`. A bare list of nodes is read
/// too; a form that is newer than this version is refused by its number.
///
/// Reference: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 1,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en).
#[derive(Debug, Clone, PartialEq)]
pub struct Framework {
    nodes: Vec<Node>,
    codes: Codes,
    children: Vec<Vec<usize>>,
}

impl Framework {
    /// Builds a framework from its nodes, in any order; children keep the order in which they are given.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong: a code that is empty or given twice, a parent that does not
    /// exist or can have no children, a circle, an inner node without children, a weight that is negative or not finite,
    /// siblings whose weights are all zero, goalposts that are equal or on the wrong side of the direction, an unknown
    /// denominator, an attribute that the kind of node cannot have or lacks, no index at all.
    pub fn new(nodes: impl IntoIterator<Item = Node>) -> Result<Self> {
        let (framework, faults) = Self::assemble(nodes.into_iter().collect());
        Problems::check(faults.into_iter().map(|(_, _, fault)| fault.into()).collect())?;
        Ok(framework)
    }

    /// The framework, valid or not, and what is wrong with it: node, attribute and fault.
    fn assemble(nodes: Vec<Node>) -> (Self, Vec<(usize, Attribute, Fault)>) {
        let codes = Codes::new(nodes.iter().map(|n| n.code.as_str()));
        let mut faults = Vec::new();
        for (_, second) in codes.duplicates() {
            let code = nodes[second].code.clone();
            faults.push((second, Attribute::Code, Fault::Duplicate { what: What::Node, code, first: None }));
        }
        let mut children = vec![Vec::new(); nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            if node.code.is_empty() {
                faults.push((i, Attribute::Code, Fault::EmptyCell { what: "code" }));
            }
            faults.extend(node.faults().into_iter().map(|(attribute, fault)| (i, attribute, fault)));
            let code = || node.code.clone();
            if let Some(parent) = &node.parent {
                match codes.find(parent) {
                    Some(p) if !nodes[p].kind.is_series() => children[p].push(i),
                    Some(p) => {
                        let fault = Fault::BadParent { code: code(), parent: parent.clone(), kind: nodes[p].kind };
                        faults.push((i, Attribute::Parent, fault));
                    }
                    None => {
                        let fault = Fault::UnknownParent {
                            code: code(),
                            parent: parent.clone(),
                            nearest: nearest(parent, codes.iter()),
                        };
                        faults.push((i, Attribute::Parent, fault));
                    }
                }
            }
            if let Some(denominator) = &node.denominator {
                let per = &denominator.series;
                if !codes.find(per).is_some_and(|d| nodes[d].kind.is_series() && d != i) {
                    let series =
                        nodes.iter().filter(|n| n.kind.is_series() && n.code != node.code).map(|n| n.code.as_str());
                    let fault =
                        Fault::UnknownDenominator { code: code(), per: per.clone(), nearest: nearest(per, series) };
                    faults.push((i, Attribute::Per, fault));
                }
            }
        }
        let framework = Self { nodes, codes, children };
        framework.check_shape(&mut faults);
        faults.sort_by_key(|&(node, ..)| node);
        (framework, faults)
    }

    /// Whether a child of this node may be one whose parent does not exist: that it has none is then no problem of its own.
    fn may_be_meant(node: &Node, faults: &[(usize, Attribute, Fault)]) -> bool {
        faults.iter().any(|(_, _, fault)| match fault {
            Fault::UnknownParent { nearest, .. } => nearest.as_ref().is_none_or(|nearest| *nearest == node.code),
            _ => false,
        })
    }

    /// Looks for what can only be seen of the whole: inner nodes without children, zero weights, circles, no index.
    fn check_shape(&self, faults: &mut Vec<(usize, Attribute, Fault)>) {
        for (i, node) in self.nodes.iter().enumerate() {
            if node.kind.is_series() {
                continue;
            }
            let children = &self.children[i];
            if children.is_empty() && Self::may_be_meant(node, faults) {
                continue;
            }
            if children.is_empty() {
                faults.push((i, Attribute::Code, Fault::Childless { code: node.code.clone(), kind: node.kind }));
            } else if children.iter().all(|&c| self.nodes[c].weight == 0.0) {
                faults.push((children[0], Attribute::Weight, Fault::ZeroWeights { parent: node.code.clone() }));
            }
        }
        // A circle is found at its first node: walk up from each node, and stop at what was seen before.
        let mut seen = vec![usize::MAX; self.nodes.len()];
        for start in 0..self.nodes.len() {
            let mut path = Vec::new();
            let mut at = Some(start);
            while let Some(i) = at.filter(|&i| seen[i] == usize::MAX) {
                seen[i] = start;
                path.push(i);
                at = self.nodes[i].parent.as_deref().and_then(|p| self.codes.find(p));
            }
            let closed = at.filter(|&i| seen[i] == start).and_then(|i| path.iter().position(|&p| p == i));
            if let Some(from) = closed {
                let mut circle = path[from..].to_vec();
                let first = (0..circle.len()).min_by_key(|&k| circle[k]).unwrap_or(0);
                circle.rotate_left(first);
                let codes = circle.iter().chain(&circle[..1]).map(|&i| self.nodes[i].code.clone()).collect();
                faults.push((circle[0], Attribute::Parent, Fault::Cycle { codes }));
            }
        }
        if !self.nodes.iter().any(|n| n.kind == Kind::Index) {
            faults.push((usize::MAX, Attribute::Code, Fault::NoIndex));
        }
    }

    /// A node by its code.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is none, with the nearest code.
    pub fn node(&self, code: &str) -> Result<&Node> {
        self.find(code).map(|i| &self.nodes[i])
    }

    /// All nodes, in the order in which they were given.
    #[must_use]
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &Node> + Clone {
        self.nodes.iter()
    }

    /// The indices: the roots of the forest.
    #[doc(alias = "roots")]
    pub fn indices(&self) -> impl Iterator<Item = &Node> + Clone {
        self.of_kind(Kind::Index)
    }

    /// The indicators: the leaves of the forest.
    #[doc(alias = "leaves")]
    pub fn indicators(&self) -> impl Iterator<Item = &Node> + Clone {
        self.of_kind(Kind::Indicator)
    }

    /// The context series, which belong to no index.
    pub fn context(&self) -> impl Iterator<Item = &Node> + Clone {
        self.of_kind(Kind::Context)
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Node> + Clone {
        self.nodes.iter().filter(move |n| n.kind == kind)
    }

    /// What cities have figures of: the indicators and context series, in the order in which they were given.
    pub fn series(&self) -> impl Iterator<Item = &Node> + Clone {
        self.nodes.iter().filter(|n| n.kind.is_series())
    }

    /// The children of a node; none for an indicator or a context series.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node.
    pub fn children(&self, code: &str) -> Result<impl ExactSizeIterator<Item = &Node> + Clone> {
        Ok(self.children[self.find(code)?].iter().map(|&i| &self.nodes[i]))
    }

    /// A node and everything under it, each node before its children.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node.
    pub fn subtree(&self, code: &str) -> Result<impl Iterator<Item = &Node>> {
        let mut stack = vec![self.find(code)?];
        Ok(std::iter::from_fn(move || {
            let i = stack.pop()?;
            stack.extend(self.children[i].iter().rev());
            Some(&self.nodes[i])
        }))
    }

    /// What is wrong with a code that should be that of a series: an index or a measure has none, other codes are unknown.
    pub(crate) fn no_series(&self, code: &str, rows: usize, nearest: impl Fn() -> Option<String>) -> Fault {
        let code = code.to_owned();
        match self.codes.find(&code).map(|i| &self.nodes[i]).filter(|node| !node.kind.is_series()) {
            Some(node) => {
                let mut under = self.subtree(&code).into_iter().flatten().filter(|n| n.kind == Kind::Indicator);
                let indicators = under.by_ref().take(FEW).map(|n| n.code.clone()).collect();
                let more = under.count();
                Fault::NoFigures { kind: node.kind, indicators, more, code, rows }
            }
            None => Fault::UnknownCode { what: What::Series, code, nearest: nearest(), rows },
        }
    }

    /// Refuses two nodes that share something under them: they go together by construction.
    pub(crate) fn check_apart(&self, first: &str, second: &str) -> Result<()> {
        let theirs: Vec<&str> = self.subtree(second)?.map(|node| node.code.as_str()).collect();
        let own = self.subtree(first)?.map(|node| node.code.as_str());
        let shared: Vec<String> = own.filter(|code| theirs.contains(code)).map(|code| format!("`{code}`")).collect();
        if shared.is_empty() {
            return Ok(());
        }
        let (first, second) = (first.to_owned(), second.to_owned());
        Err(Fault::SharedFigures { first, second, shared: shared.join(", ") }.into())
    }

    /// How far a node stands below its root: 0 for an index.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node.
    #[doc(alias = "level")]
    pub fn depth(&self, code: &str) -> Result<usize> {
        let mut at = self.find(code)?;
        let mut depth = 0;
        while let Some(parent) = self.nodes[at].parent.as_deref().and_then(|p| self.codes.find(p)) {
            at = parent;
            depth += 1;
        }
        Ok(depth)
    }

    /// The same framework with other weights: code and weight of each node to change. For asking what other people's
    /// priorities would give.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such node; [`Error::Invalid`] where it is an index or a context series, and as
    /// in [`Framework::new`].
    ///
    /// ```
    /// let equal = longspring::article::framework();
    /// let greener = equal.with_weights([("environment", 3.0)])?;
    /// assert_eq!(greener.node("environment")?.weight, 3.0);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn with_weights<'a>(&self, weights: impl IntoIterator<Item = (&'a str, f64)>) -> Result<Self> {
        let mut nodes = self.nodes.clone();
        for (code, weight) in weights {
            let node = &mut nodes[self.find(code)?];
            if node.parent.is_none() {
                let what = "be weighed, for it has no siblings";
                return Err(Fault::WrongKind { what, code: node.code.clone(), kind: node.kind }.into());
            }
            node.weight = weight;
        }
        Self::new(nodes)
    }

    pub(crate) fn find(&self, code: &str) -> Result<usize> {
        self.codes.find_or(code, What::Node)
    }

    pub(crate) fn codes(&self) -> &Codes {
        &self.codes
    }

    pub(crate) fn at(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    pub(crate) fn children_of(&self, node: usize) -> &[usize] {
        &self.children[node]
    }

    /// The nodes whose figures a node divides, by the code of the denominator.
    pub(crate) fn divided_by<'a>(&'a self, series: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |n| n.denominator.as_ref().is_some_and(|d| d.series == series))
    }
}

impl TryFrom<Vec<Node>> for Framework {
    type Error = Error;

    fn try_from(nodes: Vec<Node>) -> Result<Self> {
        Self::new(nodes)
    }
}

impl From<Framework> for Vec<Node> {
    fn from(framework: Framework) -> Self {
        framework.nodes
    }
}

/// The forest as an indented list: code, weight, and what is special about each node.
impl std::fmt::Display for Framework {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for root in self.indices() {
            for node in self.subtree(&root.code).into_iter().flatten() {
                let depth = self.depth(&node.code).unwrap_or(0);
                write!(f, "{:indent$}{}", "", node.code, indent = 2 * depth)?;
                if node.parent.is_some() {
                    write!(f, ", weight {}", node.weight)?;
                }
                if let Some(direction) = node.direction {
                    write!(f, ", {direction} is better")?;
                }
                if let Some(denominator) = &node.denominator {
                    write!(f, ", per {} {}", denominator.scale, denominator.series)?;
                }
                if let Some(worst) = node.worst {
                    write!(f, ", worst {worst}")?;
                }
                if let Some(best) = node.best {
                    write!(f, ", best {best}")?;
                }
                if let Some(target) = node.target {
                    write!(f, ", target {target}")?;
                }
                writeln!(f, ": {}", node.name)?;
            }
        }
        for node in self.context() {
            writeln!(f, "context {}: {}", node.code, node.name)?;
        }
        Ok(())
    }
}
