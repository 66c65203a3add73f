//! All that is known of a city, as one value.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::peers::{Peer, Peers};
use super::strengths::{Strengths, StrengthsAndWeaknesses};
use crate::composite::Position;
use crate::error::Result;
use crate::framework::Kind;
use crate::scores::{Scores, Standing};
use crate::text::left;

/// How many peers a profile names.
const PEERS: usize = 5;

/// All that is known of a city: scores and ranks, strengths and weaknesses, peers, figures, and what is missing and why. See
/// [`Scores::profile`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Profile {
    /// The key of the city.
    pub city: String,
    /// Its name.
    pub name: String,
    /// What is said in each index, in the order of the framework.
    pub indices: Vec<IndexProfile>,
}

/// A city in an index. See [`Scores::profile`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexProfile {
    /// The code of the index.
    pub index: String,
    /// How the city stands in the index and in each measure, in the order of the tree: code, depth, and standing with the reason
    /// where there is no score.
    pub standings: Vec<(String, usize, Standing)>,
    /// Strengths and weaknesses against all cities, by the first and last quarter, and the indicators that are missing.
    pub strengths: StrengthsAndWeaknesses,
    /// The five most similar cities; none where scores are on no common scale, so that there are no distances.
    pub peers: Option<Vec<Peer>>,
    /// The figures, by the code of the indicator.
    pub figures: Vec<(String, Figure)>,
}

impl Scores {
    /// All that is known of a city, in every index that the method does not leave out.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such city.
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let profile = scores.profile("changchun")?;
    /// println!("{profile}");
    /// assert_eq!(profile.indices[0].index, "renewal");
    /// # Ok::<(), longspring::Error>(())
    /// ```
    pub fn profile(&self, city: &str) -> Result<Profile> {
        let row = self.dataset().find_city(city)?;
        let (composite, framework) = (self.composite(), self.composite().framework());
        let mut indices = Vec::new();
        for root in framework.indices().filter(|root| composite.position(&root.code).is_some()) {
            let (mut standings, mut figures) = (Vec::new(), Vec::new());
            for node in framework.subtree(&root.code)? {
                match composite.position(&node.code) {
                    Some(Position::Leaf(leaf)) => {
                        figures
                            .extend(Figure::of(self, node, Position::Leaf(leaf), row).map(|f| (node.code.clone(), f)));
                    }
                    Some(Position::Inner(_)) if node.kind != Kind::Indicator => {
                        let depth = framework.depth(&node.code)?;
                        standings.push((node.code.clone(), depth, self.get(city, &node.code)?));
                    }
                    _ => {}
                }
            }
            let peers = match Peers::of(self, &root.code) {
                Ok(peers) => Some(peers.nearest(city)?.first(PEERS).to_vec()),
                Err(_) => None,
            };
            let strengths = Strengths::new().of(self, city, &root.code)?;
            indices.push(IndexProfile { index: root.code.clone(), standings, strengths, peers, figures });
        }
        Ok(Profile { city: city.to_owned(), name: self.dataset().name(row).to_owned(), indices })
    }
}

/// Index by index: standings, strengths and weaknesses, peers, figures.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", left(&self.name, 0))?;
        for index in &self.indices {
            writeln!(f)?;
            for (code, depth, standing) in &index.standings {
                writeln!(f, "{:indent$}{code}: {standing}", "", indent = 2 * depth)?;
            }
            write!(f, "{}", index.strengths)?;
            if let Some(peers) = index.peers.as_ref().filter(|peers| !peers.is_empty()) {
                let told: Vec<String> =
                    peers.iter().map(|peer| format!("{} ({:.1})", left(&peer.name, 0), peer.distance)).collect();
                writeln!(f, "most like: {}", told.join(", "))?;
            }
            for (code, figure) in &index.figures {
                writeln!(f, "figure: {code}: {figure}")?;
            }
        }
        Ok(())
    }
}
