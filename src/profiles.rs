//! Named presets: the choices of other programs, made with this library's steps.

use crate::method::Method;
use crate::steps::aggregate::{Aggregation, Penalty};
use crate::steps::normalise::{Normalisation, Outside, Reference};
use crate::steps::treat::Treatment;

/// # Profiles
///
/// Each gives what the other program gives by default, for a reader who comes from there. They are ordinary methods: every
/// choice can be changed afterwards, and `Display` prints them all. What those programs do wrong is not reproduced; each
/// profile says what.
impl Method {
    /// The defaults of the R package COINr (1.1.14): outliers winsorised, at most five points, else a logarithm of the
    /// original values; min-max to 0..100 on the sample; arithmetic means with the framework's weights over what is known,
    /// whatever the coverage; the smallest rank for ties.
    ///
    /// Not reproduced: a winsorisation that pulls in more points than were asked for or makes an indicator constant; a
    /// constant indicator that quietly vanishes from every mean (here an error); an undefined score where the only known
    /// child has weight 0 (here none, with the reason). Goalposts of a framework act here and not there: leave them out
    /// for the same numbers.
    ///
    /// ```
    /// use longspring::{Cut, Method, article};
    ///
    /// let framework = article::framework();
    /// let cities = article::observations().dataset(&framework, &Cut::latest())?;
    /// let scores = Method::coinr().fit(&framework, &cities)?.score(&cities)?;
    /// assert!(scores.rank("changchun", "renewal")?.is_some());
    /// # Ok::<(), longspring::Error>(())
    /// ```
    #[must_use]
    pub fn coinr() -> Self {
        Self::new()
            .treatment(Treatment::winsorise_or_log(5))
            .normalisation(Normalisation::MinMax { low: 0.0, high: 100.0 })
            .coverage(0.0)
    }

    /// The Mazziotta-Pareto index of the R package Compind (3.4): z-scores with mean 100 and standard deviation 10, and the
    /// mean less the penalty for imbalance.
    ///
    /// Not reproduced: a `penalty` that means one thing in this function and the opposite in the other, missing values
    /// that are announced wrongly and computed with.
    #[must_use]
    pub fn compind_mpi() -> Self {
        Self::new()
            .normalisation(Normalisation::ZScore { mean: 100.0, sd: 10.0 })
            .aggregation(Aggregation::MazziottaPareto { penalty: Penalty::Downward })
            .coverage(1.0)
    }

    /// The adjusted Mazziotta-Pareto index of Compind (3.4): every indicator from 70 to 130 around its mean, and the mean less
    /// the penalty for imbalance. Scores compare over time where it is fitted with
    /// [`fit_panel`](Method::fit_panel).
    ///
    /// Not reproduced: a `penalty` that is overwritten, so that both give the same; results cut to three decimals.
    #[must_use]
    pub fn compind_ampi() -> Self {
        Self::new()
            .normalisation(Normalisation::AroundReference { reference: Reference::Mean })
            .aggregation(Aggregation::AdjustedMazziottaPareto { penalty: Penalty::Downward })
            .coverage(1.0)
    }

    /// TOPSIS as the Python package pymcdm (1.4) computes it: min-max to 0..1, distances to the best and the worst.
    ///
    /// Not reproduced: missing values, zero weights and constant columns that pass with a warning or as NaN.
    #[must_use]
    pub fn pymcdm_topsis() -> Self {
        Self::new()
            .normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 })
            .aggregation(Aggregation::Topsis)
            .coverage(1.0)
    }

    /// VIKOR as pymcdm (1.4) and scikit-criteria (0.10) compute it, with `v` = 0.5. The score is `1 - Q`: higher is better,
    /// as everywhere here; `Q`, `S` and `R` are details.
    #[must_use]
    pub fn pymcdm_vikor() -> Self {
        Self::new().normalisation(Normalisation::Raw).aggregation(Aggregation::Vikor { v: 0.5 }).coverage(1.0)
    }

    /// TOPSIS after vector normalisation, the usual pipeline of scikit-criteria (0.10).
    ///
    /// Not reproduced: untied ranks that are an inverse permutation and no ranks.
    #[must_use]
    pub fn scikit_criteria_topsis() -> Self {
        Self::new().normalisation(Normalisation::Vector).aggregation(Aggregation::Topsis).coverage(1.0)
    }

    /// The weighted sum on min-max scores of the Rust crate mcdm (0.4) and many others, to 0..1, of complete cities; here
    /// with ranks, and clipped where a new city lies beyond the sample.
    #[must_use]
    pub fn weighted_sum() -> Self {
        Self::new().normalisation(Normalisation::MinMax { low: 0.0, high: 1.0 }).outside(Outside::Clip).coverage(1.0)
    }
}
