//! Groups of cities that are alike.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::peers::Peers;
use crate::error::{Error, Fault, Result, What, nearest};
use crate::kernel::linkage::Distances;
use crate::kernel::rank::{RankWork, rank_into};
use crate::text::left;

/// A city of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupMember {
    /// Its key.
    pub city: String,
    /// Its name.
    pub name: String,
    /// Its score in the node; none where it has none.
    pub score: Option<f64>,
    /// Its rank among the cities of the group, 1 being the best, with the method's ties; none where it has no score.
    pub rank: Option<f64>,
}

/// Cities that are alike. See [`Peers::groups`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PeerGroup {
    /// Its cities, the best first; those of the same score, and at the end those without one, in the order of their keys.
    pub cities: Vec<GroupMember>,
}

impl PeerGroup {
    /// How many cities there are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cities.len()
    }

    /// Whether it has no city; never so for a group that was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cities.is_empty()
    }
}

/// All cities in groups that are alike. See [`Peers::groups`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PeerGroups {
    /// The code of the node.
    pub node: String,
    /// The groups, the largest first; those of the same size in the order of their first key.
    pub groups: Vec<PeerGroup>,
    /// How well the cities lie in their groups, from -1 to 1: the mean silhouette. None with one group.
    pub silhouette: Option<f64>,
    /// The keys of the cities that are in no group, for they have less of a profile than a distance takes; in order.
    pub left_out: Vec<String>,
}

impl PeerGroups {
    /// The group of a city; none where it was left out.
    ///
    /// # Errors
    /// [`Error::Unknown`] where there is no such city.
    pub fn group_of(&self, city: &str) -> Result<Option<&PeerGroup>> {
        let found = self.groups.iter().find(|group| group.cities.iter().any(|member| member.city == city));
        if found.is_some() || self.left_out.iter().any(|key| key == city) {
            return Ok(found);
        }
        let members = self.groups.iter().flat_map(|group| &group.cities).map(|member| member.city.as_str());
        let known = members.chain(self.left_out.iter().map(String::as_str));
        Err(Error::Unknown { what: What::City, code: city.to_owned(), nearest: nearest(city, known) })
    }

    /// The groups, the largest first.
    pub fn iter(&self) -> std::slice::Iter<'_, PeerGroup> {
        self.groups.iter()
    }
}

impl<'a> IntoIterator for &'a PeerGroups {
    type Item = &'a PeerGroup;
    type IntoIter = std::slice::Iter<'a, PeerGroup>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A line for every group: its cities, the best first, with their scores.
impl fmt::Display for PeerGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = if self.groups.len() == 1 { "group" } else { "groups" };
        write!(f, "{} {groups} of cities that are alike in {}", self.groups.len(), self.node)?;
        match self.silhouette {
            Some(silhouette) => writeln!(f, ", silhouette {silhouette:.2}")?,
            None => writeln!(f)?,
        }
        for (number, group) in self.groups.iter().enumerate() {
            let told = |member: &GroupMember| match member.score {
                Some(score) => format!("{} {score:.1}", left(&member.name, 0)),
                None => format!("{} -", left(&member.name, 0)),
            };
            let cities: Vec<String> = group.cities.iter().map(told).collect();
            writeln!(f, "{}: {}", number + 1, cities.join(", "))?;
        }
        match self.left_out.as_slice() {
            [] => Ok(()),
            out => writeln!(f, "in no group, for too little is known: {}", out.join(", ")),
        }
    }
}

/// The distances between the cities that have enough of a profile, in the order of their keys.
struct Clustering {
    rows: Vec<usize>,
    left_out: Vec<String>,
    distances: Distances,
}

/// The most memory that the distances of all pairs may take.
const MOST_BYTES: u128 = 1 << 31;

impl Peers<'_> {
    /// The cities in `k` groups that are alike, by average linkage: at first each city is a group of its own; then, again and
    /// again, the two groups whose cities are nearest on average become one. Of pairs of groups that are equally near, the ones
    /// with the first keys, so that the order of the table plays no part.
    ///
    /// Average linkage takes any distances, as these are: with gaps each pair is compared over other indicators, so that they are
    /// no distances between points of one space, which Ward's method needs. A pair that has no distance is left out of the
    /// averages. A city that has less of a profile than a distance takes is in no group.
    ///
    /// Takes time and memory in proportion to the square of the number of cities.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `k` is not from 1 to the number of cities that have a profile; where the cities cannot be
    /// brought together in so few groups, for too little is known in common; where the distances would take more than 2 GiB.
    ///
    /// ```
    /// # use longspring::{Cut, Method, Peers, article};
    /// # let framework = article::framework();
    /// # let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// # let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let groups = Peers::of(&scores, "renewal")?.groups(4)?;
    /// let own = groups.group_of("changchun")?.expect("it has a profile");
    /// println!("{} of {}", own.cities.iter().find(|m| m.city == "changchun").unwrap().rank.unwrap(), own.len());
    /// assert_eq!(groups.iter().map(|group| group.len()).sum::<usize>(), 39);
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// Reference: Sokal and Michener (1958), *A statistical method for evaluating systematic relationships*, University of
    /// Kansas Science Bulletin 38, 1409-1438.
    #[doc(alias = "UPGMA")]
    #[doc(alias = "cluster")]
    pub fn groups(&self, k: usize) -> Result<PeerGroups> {
        let clustering = self.clustering()?;
        let n = clustering.rows.len();
        if k == 0 || k > n {
            let need = "from 1 to the number of cities that have a profile";
            return Err(Fault::Parameter { name: "the number of groups", value: k as f64, need }.into());
        }
        let merges = clustering.distances.merges();
        let Some(cluster) = clustering.distances.cut(&merges, k) else {
            return Err(Fault::TooFewGroups { node: self.node.clone(), wanted: k, least: n - merges.len() }.into());
        };
        Ok(self.told(&clustering, &cluster, k))
    }

    /// The cities in as many groups as fit them best: from 2 to `most`, the number with the highest mean silhouette,
    /// `(b - a) / max(a, b)` of each city, with its mean distance `a` to its own group and the lowest mean distance `b` to
    /// another; 0 for a city that is alone. Of equal ones the fewest groups.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `most` is below 2 or there are fewer than three cities that have a profile, so that there is
    /// nothing to choose; where there are never so few groups; and as in [`Peers::groups`].
    ///
    /// ```
    /// # use longspring::{Cut, Method, Peers, article};
    /// # let framework = article::framework();
    /// # let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// # let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
    /// let groups = Peers::of(&scores, "renewal")?.best_groups(8)?;
    /// assert!((2..=8).contains(&groups.groups.len()) && groups.silhouette.is_some());
    /// # Ok::<(), longspring::Error>(())
    /// ```
    ///
    /// Reference: Rousseeuw (1987), *Silhouettes: a graphical aid to the interpretation and validation of cluster analysis*,
    /// [10.1016/0377-0427(87)90125-7](https://doi.org/10.1016/0377-0427(87)90125-7).
    pub fn best_groups(&self, most: usize) -> Result<PeerGroups> {
        let clustering = self.clustering()?;
        let n = clustering.rows.len();
        if most < 2 {
            let name = "the largest number of groups";
            return Err(Fault::Parameter { name, value: most as f64, need: "2 or more" }.into());
        }
        if n < 3 {
            let name = "the number of cities that have a profile";
            return Err(
                Fault::Parameter { name, value: n as f64, need: "3 or more, to choose a number of groups" }.into()
            );
        }
        let merges = clustering.distances.merges();
        let mut best: Option<(f64, usize, Vec<usize>)> = None;
        for k in 2..=most.min(n - 1) {
            if let Some(cluster) = clustering.distances.cut(&merges, k) {
                let silhouette = clustering.distances.silhouette(&cluster);
                if best.as_ref().is_none_or(|(highest, ..)| silhouette > *highest) {
                    best = Some((silhouette, k, cluster));
                }
            }
        }
        let Some((_, k, cluster)) = best else {
            let (node, least) = (self.node.clone(), n - merges.len());
            return Err(Fault::TooFewGroups { node, wanted: most, least }.into());
        };
        Ok(self.told(&clustering, &cluster, k))
    }

    fn clustering(&self) -> Result<Clustering> {
        let cities = self.scores.dataset();
        let (rows, out): (Vec<usize>, Vec<usize>) =
            cities.by_key(0..cities.len()).into_iter().partition(|&row| self.has_profile(row));
        // The distances, and the sums and numbers that the averages are made of.
        let bytes = (rows.len() as u128).pow(2) * 3 * size_of::<f64>() as u128;
        if bytes > MOST_BYTES {
            let what = "the distances of all pairs of cities";
            return Err(Fault::Memory { what, bytes, instead: "select fewer cities" }.into());
        }
        let left_out = out.into_iter().map(|row| cities.key(row).to_owned()).collect();
        let distances = Distances::new(rows.len(), |a, b| self.apart(rows[a], rows[b]).0);
        Ok(Clustering { rows, left_out, distances })
    }

    fn told(&self, clustering: &Clustering, cluster: &[usize], k: usize) -> PeerGroups {
        let (cities, method) = (self.scores.dataset(), self.scores.composite().method());
        let values = self.scores.values_of(self.position);
        let mut groups: Vec<PeerGroup> = Vec::with_capacity(k);
        for number in 0..k {
            let rows = clustering.rows.iter().zip(cluster).filter(|&(_, &c)| c == number).map(|(&row, _)| row);
            let mut rows: Vec<usize> = rows.collect();
            // Equal scores keep the order of the keys; -0 equals 0, and those without a score stand last.
            let place = |row: usize| if values[row].is_nan() { f64::NEG_INFINITY } else { values[row] + 0.0 };
            rows.sort_by(|&a, &b| place(b).total_cmp(&place(a)));
            let scores: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
            let mut ranks = vec![f64::NAN; rows.len()];
            rank_into(&scores, method.ties, method.tolerance, &mut RankWork::default(), &mut ranks);
            let known = |x: f64| Some(x).filter(|x| !x.is_nan());
            let member = |(&row, rank)| GroupMember {
                city: cities.key(row).to_owned(),
                name: cities.name(row).to_owned(),
                score: known(values[row]),
                rank: known(rank),
            };
            groups.push(PeerGroup { cities: rows.iter().zip(ranks).map(member).collect() });
        }
        // They stand in the order of their first keys already.
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let silhouette = (k > 1).then(|| clustering.distances.silhouette(cluster));
        PeerGroups { node: self.node.clone(), groups, silhouette, left_out: clustering.left_out.clone() }
    }
}
