//! What can be learned in parts, and why the rest cannot.

use super::Composite;
use crate::error::{Fault, Problem, Problems, Result};
use crate::steps::aggregate::Aggregation;
use crate::steps::impute::Imputation;
use crate::steps::treat::Treatment;
use crate::steps::weight::Weighting;

fn imputation(imputation: &Imputation) -> Option<&'static str> {
    match imputation {
        Imputation::None | Imputation::Mean | Imputation::GroupMean { .. } | Imputation::MeasureMean => None,
        Imputation::Median | Imputation::GroupMedian { .. } => Some("a median needs every value"),
        Imputation::NearestCities { .. } => Some("it compares each city with all others"),
        Imputation::Regression => Some("which indicators correlate most is seen in the whole table"),
        Imputation::ExpectationMaximisation { .. } => Some("it goes over the whole table again and again"),
    }
}

fn treatment(treatment: &Treatment) -> Option<&'static str> {
    let outliers = "outliers are told by the order and shape of all values";
    (*treatment != Treatment::None).then_some(outliers)
}

fn weighting(weighting: &Weighting) -> Option<&'static str> {
    match weighting {
        Weighting::StandardDeviation | Weighting::Critic => None,
        Weighting::BenefitOfTheDoubt { .. } => Some("each city's weights depend on the frontier of all cities"),
        other if other.is_learned() => Some("it needs the scores of all cities side by side"),
        _ => None,
    }
}

fn aggregation(aggregation: &Aggregation) -> Option<&'static str> {
    use Aggregation as A;
    match aggregation {
        A::PrometheeII { .. } | A::Borda | A::Copeland | A::MultiMoora => Some("it compares each city with all others"),
        A::Wroclaw | A::Vikor { .. } | A::Edas | A::Copras | A::Moora => {
            Some("it measures each city by the results of all others")
        }
        _ => None,
    }
}

impl Composite {
    /// Refuses every choice that needs the whole table.
    pub(super) fn check_parts(&self) -> Result<()> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut refuse = |node: &str, choice: String, why| {
            problems.push(Fault::NotInParts { node: node.to_owned(), choice, why }.into());
        };
        let method = self.method();
        if let Some(why) = imputation(&method.imputation) {
            for leaf in 0..self.leaf_len() {
                refuse(self.leaf_code(leaf), format!("the imputation `{}`", method.imputation), why);
            }
        }
        for leaf in 0..self.leaf_len() {
            let code = self.leaf_code(leaf);
            let (treated, scale) = (method.treatment.of_indicator(self.framework(), code), self.normalisation(leaf));
            if let Some(why) = treatment(treated) {
                refuse(code, format!("the treatment `{treated}`"), why);
            }
            if let Some(why) = scale.whole_sample() {
                refuse(code, format!("the normalisation `{scale}`"), why);
            }
        }
        for node in &self.fitted.inner {
            let weights = self.fitted.weighting_of(&node.code);
            if let Some(why) = weighting(weights) {
                refuse(&node.code, format!("the weighting `{weights}`"), why);
            }
            if let Some(why) = aggregation(&node.aggregation) {
                refuse(&node.code, format!("the aggregation `{}`", node.aggregation), why);
            }
        }
        Problems::check(problems)
    }
}
