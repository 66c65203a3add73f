//! What each step can be told to do, as a list to choose from.

use super::aggregate::{Aggregation, Penalty, Preference};
use super::impute::Imputation;
use super::normalise::{Normalisation, Outside, Reference};
use super::treat::{Lambda, Shift, Treatment};
use super::weight::Weighting;
use crate::kernel::rank::Ties;

impl Imputation {
    /// One of every kind, with usual parameters; see [`Aggregation::CHOICES`].
    ///
    /// Not those by groups, which must be told an attribute of the cities.
    pub const CHOICES: &[Self] = &[
        Self::None,
        Self::Mean,
        Self::Median,
        Self::MeasureMean,
        Self::NearestCities { k: 3 },
        Self::Regression,
        Self::expectation_maximisation(),
    ];
}

impl Treatment {
    /// One of every kind, with usual parameters; see [`Aggregation::CHOICES`].
    pub const CHOICES: &[Self] = &[
        Self::None,
        Self::winsorise(5),
        Self::winsorise_or_log(5),
        Self::Trim { low: 0.05, high: 0.95 },
        Self::Log,
        Self::LogPlusOne,
        Self::LogSigned,
        Self::BoxCox { lambda: Lambda::MaximumLikelihood, shift: Shift::ToOne },
        Self::YeoJohnson { lambda: Lambda::MaximumLikelihood },
    ];
}

impl Normalisation {
    /// One of every kind, with usual parameters; see [`Aggregation::CHOICES`].
    ///
    /// Not [`DistanceToReference`](Self::DistanceToReference), which must be told a city, nor [`Scaled`](Self::Scaled) and
    /// [`TwoSided`](Self::TwoSided), whose parameters are in the unit of an indicator. Goalposts and targets are needed of the
    /// framework by the choices that are named after them.
    pub const CHOICES: &[Self] = &[
        Self::MinMax { low: 0.0, high: 100.0 },
        Self::Goalposts { low: 0.0, high: 100.0 },
        Self::ZScore { mean: 0.0, sd: 1.0 },
        Self::Rank { ties: Ties::Average },
        Self::PercentileRank,
        Self::PercentileRankMin,
        Self::DistanceToTarget { full: 100.0, beyond: Outside::Clip },
        Self::DistanceToMaximum,
        Self::FractionOfMaximum,
        Self::Borda,
        Self::Vector,
        Self::Sum,
        Self::LinearRatio,
        Self::Categorical { classes: 5 },
        Self::AroundReference { reference: Reference::Mean },
        Self::Raw,
    ];
}

impl Weighting {
    /// One of every kind; see [`Aggregation::CHOICES`].
    ///
    /// Not [`Set`](Self::Set), which must be told the weights. The two of the feature `components` are there where it is.
    pub const CHOICES: &[Self] = &[
        Self::Framework,
        Self::Equal,
        Self::Entropy,
        Self::Critic,
        Self::CriticUndirected,
        Self::StandardDeviation,
        Self::Gini,
        Self::Merec,
        Self::Cilos,
        Self::Idocriw,
        Self::Lopcow,
        #[cfg(feature = "components")]
        Self::PrincipalComponents,
        #[cfg(feature = "components")]
        Self::FirstComponent,
        Self::Balanced,
        Self::BenefitOfTheDoubt { shares: None },
    ];
}

impl Aggregation {
    /// One of every kind, with usual parameters, in the order of the enum: for tools that let somebody choose.
    ///
    /// [`Method`](crate::Method) has a step for each such list, and every step that has parameters takes others too. A choice
    /// that does not go with the rest of a method, or with the figures, is refused with the reason when the method is fitted. The
    /// list grows as kinds are added, and its parameters may change: store the choice, not its place.
    ///
    /// ```
    /// use longspring::Aggregation;
    ///
    /// // the options of a form: what is stored, and what is shown
    /// let option = |choice: &Aggregation| (serde_json::to_string(choice).unwrap(), choice.to_string());
    /// let options: Vec<_> = Aggregation::CHOICES.iter().map(option).collect();
    /// assert_eq!(options[0], ("\"arithmetic\"".into(), "arithmetic mean".into()));
    /// assert_eq!(options[3], ("{\"power\":{\"exponent\":0.5}}".into(), "power mean with exponent 0.5".into()));
    ///
    /// // and back
    /// assert_eq!(serde_json::from_str::<Aggregation>(&options[3].0).unwrap(), Aggregation::CHOICES[3]);
    /// ```
    pub const CHOICES: &[Self] = &[
        Self::Arithmetic,
        Self::Geometric,
        Self::Harmonic,
        Self::Power { exponent: 0.5 },
        Self::Median,
        Self::Minimum,
        Self::Owa { exponent: 2.0 },
        Self::MazziottaPareto { penalty: Penalty::Downward },
        Self::AdjustedMazziottaPareto { penalty: Penalty::Downward },
        Self::Wroclaw,
        Self::Topsis,
        Self::Vikor { v: 0.5 },
        Self::PrometheeII { preference: Preference::Usual },
        Self::Moora,
        Self::MultiMoora,
        Self::Waspas { lambda: 0.5 },
        Self::Edas,
        Self::Marcos,
        Self::Copras,
        Self::Spotis,
        Self::Grey { zeta: 0.5 },
        Self::Borda,
        Self::Copeland,
        Self::CouplingCoordination,
    ];
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    /// The names of all variants of an enum, as serde knows them.
    fn known<T: DeserializeOwned + Debug>() -> Vec<String> {
        let error = serde_json::from_str::<T>("\"none such\"").unwrap_err().to_string();
        error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    fn check<T: Serialize + DeserializeOwned + Debug + PartialEq + Display>(choices: &[T], told: &[&str]) {
        let mut names: Vec<String> = Vec::new();
        for choice in choices {
            let stored = serde_json::to_string(choice).unwrap();
            assert_eq!(serde_json::from_str::<T>(&stored).unwrap(), *choice);
            names.push(stored.split('"').nth(1).unwrap().to_owned());
            assert!(!choice.to_string().is_empty());
        }
        let left_out = |name: &String| told.contains(&name.as_str());
        let listed: Vec<String> = known::<T>().into_iter().filter(|name| !left_out(name)).collect();
        assert_eq!(names, listed);
        assert_eq!(known::<T>().len(), listed.len() + told.len());
    }

    #[test]
    fn every_kind_is_listed_but_those_that_must_be_told_something() {
        check(Imputation::CHOICES, &["group_mean", "group_median"]);
        check(Treatment::CHOICES, &[]);
        check(Normalisation::CHOICES, &["distance_to_reference", "scaled", "two_sided"]);
        check(Weighting::CHOICES, &["set"]);
        check(Aggregation::CHOICES, &[]);
    }

    #[test]
    fn no_parameter_of_a_choice_is_out_of_its_range() {
        assert!(Imputation::CHOICES.iter().all(|choice| choice.faults().is_empty()));
        assert!(Treatment::CHOICES.iter().all(|choice| choice.faults().is_empty()));
        assert!(Normalisation::CHOICES.iter().all(|choice| choice.faults().is_empty()));
        assert!(Aggregation::CHOICES.iter().all(|choice| choice.faults().is_empty()));
    }
}
