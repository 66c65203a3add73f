//! A path from the learner to the model, by way of better cities that are alike.

use serde::{Deserialize, Serialize};

use super::super::peers::Peers;
use super::Task;
use crate::composite::Position;

/// A city on the way to the model. See [`Lessons`](crate::Lessons).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Waypoint {
    /// Its key.
    pub city: String,
    /// Its name.
    pub name: String,
    /// Its score.
    pub score: f64,
    /// Its distance from the one before.
    pub distance: f64,
}

impl Task<'_> {
    /// Better cities on the way, each the nearest to the one before, and why they do not lead to the model where it is ahead.
    pub(super) fn path(&self, score: f64, model_score: f64) -> (Vec<Waypoint>, Option<String>) {
        let mut path = Vec::new();
        if model_score <= score {
            return (path, None);
        }
        let peers = match Peers::of(self.scores, self.node) {
            Ok(peers) => peers,
            Err(why) => return (path, Some(why.to_string())),
        };
        let cities = self.scores.dataset();
        let all = self.scores.values_of(Position::Inner(self.inner));
        let order = cities.by_key(0..cities.len());
        let (mut at, mut level) = (self.learner, score);
        while at != self.model {
            let ahead = |row: usize| all[row] > level && (all[row] < model_score || row == self.model);
            let near = order.iter().copied().filter(|&row| ahead(row)).map(|row| (row, peers.apart(at, row).0));
            // Of equally near ones the first is taken, and they stand in the order of their keys.
            let next = near.filter(|(_, distance)| !distance.is_nan()).min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((row, distance)) = next else {
                let why = format!(
                    "no city ahead of {}, as far as {}, has enough figures in common with it for a distance",
                    cities.key(at),
                    cities.key(self.model)
                );
                return (path, Some(why));
            };
            let (city, name) = (cities.key(row).to_owned(), cities.name(row).to_owned());
            path.push(Waypoint { city, name, score: all[row], distance });
            (at, level) = (row, all[row]);
        }
        (path, None)
    }
}
