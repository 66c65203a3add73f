//! Whether the children of a node measure one thing: Cronbach's alpha, variance inflation, sampling adequacy, components.

use serde::{Deserialize, Serialize};

use super::{Coherence, complete, constant, matrix, too_few};
use crate::error::Result;
#[cfg(feature = "components")]
use crate::kernel::eigen;
use crate::kernel::{solve, stats};

/// Cronbach's alpha. See [`Coherence::cronbach`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Alpha {
    /// Of the scores as they are: at most 1 where no score is missing; 0.7 and more is usually held to be reliable.
    pub alpha: f64,
    /// Of standardised scores, by the mean correlation: `k r / (1 + (k - 1) r)`.
    pub standardised: f64,
    /// How many children.
    pub children: usize,
}

/// The measure of sampling adequacy of Kaiser, Meyer and Olkin. See [`Coherence::kaiser_meyer_olkin`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sampling {
    /// Of all children together, from 0 to 1; below 0.5 components say little.
    pub overall: f64,
    /// Of each child.
    pub children: Vec<(String, f64)>,
}

/// Principal components. See [`Coherence::principal_components`].
#[cfg(feature = "components")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Components {
    /// The codes of the children.
    pub children: Vec<String>,
    /// How many cities have all of them.
    pub cities: usize,
    /// The eigenvalues of the correlation matrix, the largest first. They add up to the number of children.
    pub eigenvalues: Vec<f64>,
    /// For each component the unit eigenvector, a number a child, its entry of largest size positive.
    pub vectors: Vec<Vec<f64>>,
    /// For each component that [stands out](Self::standing_out) the loadings after varimax rotation, a number a child, that of
    /// largest size positive. Children count by what the components say of them (the rotation is of the loadings as they are,
    /// without Kaiser's rescaling of each child to 1).
    pub rotated: Vec<Vec<f64>>,
}

#[cfg(feature = "components")]
impl Components {
    /// The share of the variance that each component explains: from 0 to 1, adding up to 1.
    #[must_use]
    pub fn shares(&self) -> impl ExactSizeIterator<Item = f64> {
        let k = self.children.len() as f64;
        self.eigenvalues.iter().map(move |v| v / k)
    }

    /// The share of the variance that each component explains together with those before it: the last is 1.
    #[must_use]
    pub fn cumulative(&self) -> impl ExactSizeIterator<Item = f64> {
        let k = self.children.len() as f64;
        let mut sum = 0.0;
        self.eigenvalues.iter().map(move |v| {
            sum += v;
            sum / k
        })
    }

    /// How many components stand out: those with an eigenvalue above 1 (Kaiser's criterion), which explain more than a child
    /// alone would, but at least one.
    #[must_use]
    pub fn standing_out(&self) -> usize {
        standing_out(&self.eigenvalues)
    }

    /// The loadings of a component before rotation: eigenvector times root of eigenvalue.
    pub fn loadings(&self, component: usize) -> impl ExactSizeIterator<Item = f64> {
        let root = self.eigenvalues.get(component).map_or(0.0, |v| v.max(0.0).sqrt());
        self.vectors.get(component).map_or(&[][..], Vec::as_slice).iter().map(move |v| v * root)
    }
}

/// How many eigenvalues lie above 1, by more than rounding; at least one.
#[cfg(feature = "components")]
fn standing_out(eigenvalues: &[f64]) -> usize {
    eigenvalues.iter().take_while(|&&v| v > 1.0 + 1e-9).count().max(1)
}

impl Coherence<'_> {
    /// Cronbach's alpha of a node's children, of their scores over the cities that have two of them at a time:
    /// `k^2 c / sum C`, with the covariances `C` of the children and the mean `c` of those between different ones.
    ///
    /// Pitfalls: it rises with the number of children, whatever they measure; it is negative where children pull in different
    /// directions; and where scores are missing, so that each covariance is of other cities, it can exceed 1.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node; [`Error::Invalid`](crate::Error::Invalid) where it has
    /// fewer than two children with scores, fewer than three cities have two of them, one does not vary over those that have
    /// another, or the children cancel one another out.
    ///
    /// Reference: Cronbach (1951), [10.1007/BF02310555](https://doi.org/10.1007/BF02310555).
    pub fn cronbach(&self, node: &str) -> Result<Alpha> {
        const METHOD: &str = "Cronbach's alpha";
        let (codes, columns) = self.children(node)?;
        let k = columns.len();
        if k < 2 {
            return Err(too_few(METHOD, node, "it needs two children"));
        }
        // One unit for all: covariances of values near the limits of double precision would leave them.
        let unit = columns.iter().map(|column| stats::unit(column)).fold(f64::MIN_POSITIVE, f64::max);
        let columns: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().map(|v| v / unit).collect()).collect();
        let (mut own, mut between, mut correlations) = (0.0, 0.0, 0.0);
        for i in 0..k {
            for j in 0..k {
                let (a, b) = stats::pairs(&columns[i], &columns[j]);
                if a.len() < 3 {
                    return Err(too_few(
                        METHOD,
                        node,
                        "it needs three cities that have two of the children, whichever two",
                    ));
                }
                let r = stats::pearson(&a, &b).ok_or_else(|| {
                    let child = if stats::sd(&a, 0.0) > 0.0 { codes[j] } else { codes[i] };
                    constant(METHOD, node, child, "it is the same in all cities that have another child too")
                })?;
                let covariance = r * stats::sd(&a, 1.0) * stats::sd(&b, 1.0);
                if i == j {
                    own += covariance;
                } else {
                    between += covariance;
                    correlations += r;
                }
            }
        }
        // The variance of the sum of the children: where rounding alone is left of it they cancel one another out.
        let ratio = |own: f64, between: f64| {
            let all = own + between;
            (all > 1e-12 * own).then(|| k as f64 / (k - 1) as f64 * between / all).filter(|v| v.is_finite())
        };
        let fault = || too_few(METHOD, node, "the children cancel one another out: their sum hardly varies");
        Ok(Alpha {
            alpha: ratio(own, between).ok_or_else(fault)?,
            standardised: ratio(k as f64, correlations).ok_or_else(fault)?,
            children: k,
        })
    }

    /// How much each child of a node repeats the others together: `1 / (1 - R^2)`, the diagonal of the inverse correlation
    /// matrix, over the cities that have all of them. 1 is not at all; 10 and more is usually held to be too much.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node; [`Error::Invalid`](crate::Error::Invalid) where it has
    /// fewer than two children, not more cities have all of them than there are children, one is the same everywhere, or one
    /// says just what others do together.
    pub fn variance_inflation(&self, node: &str) -> Result<Vec<(String, f64)>> {
        let (codes, _, inverse) = self.inverse("the variance inflation", node)?;
        let k = codes.len();
        Ok(codes.iter().enumerate().map(|(i, code)| ((*code).to_owned(), inverse[i * k + i])).collect())
    }

    /// Whether the children of a node share enough for components to be worth while: sums of squared correlations over those
    /// and the sums of squared partial correlations, over the cities that have all children.
    ///
    /// # Errors
    /// As in [`Coherence::variance_inflation`].
    ///
    /// Reference: Kaiser and Rice (1974), [10.1177/001316447403400115](https://doi.org/10.1177/001316447403400115).
    pub fn kaiser_meyer_olkin(&self, node: &str) -> Result<Sampling> {
        const METHOD: &str = "the measure of Kaiser, Meyer and Olkin";
        let (codes, matrix, inverse) = self.inverse(METHOD, node)?;
        let k = codes.len();
        let sums = |i: usize| {
            let others = (0..k).filter(|&j| j != i);
            others.fold((0.0, 0.0), |(r2, p2), j| {
                let r = matrix[i * k + j];
                let partial = -inverse[i * k + j] / (inverse[i * k + i] * inverse[j * k + j]).sqrt();
                (r2 + r * r, p2 + partial * partial)
            })
        };
        let each: Vec<(f64, f64)> = (0..k).map(sums).collect();
        let (r2, p2) = each.iter().fold((0.0, 0.0), |(a, b), (r, p)| (a + r, b + p));
        let adequacy = |(r2, p2): (f64, f64)| Some(r2 / (r2 + p2)).filter(|v| v.is_finite());
        let fault = || too_few(METHOD, node, "the children do not correlate at all");
        let children = codes.iter().zip(&each).map(|(code, e)| Some(((*code).to_owned(), adequacy(*e)?)));
        Ok(Sampling {
            overall: adequacy((r2, p2)).ok_or_else(fault)?,
            children: children.collect::<Option<_>>().ok_or_else(fault)?,
        })
    }

    /// The principal components of a node's children: eigenvalues and eigenvectors of their correlation matrix over the
    /// cities that have all of them, and the rotated loadings of those that stand out.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is no such node; [`Error::Invalid`](crate::Error::Invalid) where it has
    /// fewer than two children, or one is the same everywhere.
    #[cfg(feature = "components")]
    pub fn principal_components(&self, node: &str) -> Result<Components> {
        let (codes, columns) = self.children(node)?;
        let columns = complete(&columns);
        let k = codes.len();
        let matrix = matrix("the principal components", node, &codes, &columns)?;
        let (eigenvalues, vectors) = eigen::symmetric_eigen(&matrix, k);
        let kept = standing_out(&eigenvalues);
        let scaled = |(vector, value): (&Vec<f64>, &f64)| vector.iter().map(|v| v * value.max(0.0).sqrt()).collect();
        let mut rotated: Vec<Vec<f64>> = vectors.iter().zip(&eigenvalues).take(kept).map(scaled).collect();
        eigen::varimax(&mut rotated);
        for loadings in &mut rotated {
            eigen::turn(loadings);
        }
        let children = codes.into_iter().map(str::to_owned).collect();
        Ok(Components { children, cities: columns[0].len(), eigenvalues, vectors, rotated })
    }

    /// The children of a node, their correlations, and the inverse of these.
    fn inverse(&self, method: &'static str, node: &str) -> Result<(Vec<&str>, Vec<f64>, Vec<f64>)> {
        let (codes, columns) = self.children(node)?;
        let columns = complete(&columns);
        let matrix = matrix(method, node, &codes, &columns)?;
        if columns[0].len() <= codes.len() {
            let why = "it needs more cities of which every child is known than there are children";
            return Err(too_few(method, node, why));
        }
        let why = "one child says just what others do together; leave one out";
        let inverse = solve::inverse(&matrix, codes.len()).ok_or_else(|| too_few(method, node, why))?;
        Ok((codes, matrix, inverse))
    }
}
