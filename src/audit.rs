//! One walk through the ten steps of the Handbook: what passes, what warns, what fails.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::coherence::{Coherence, Correlation, Limits};
use crate::composite::Position;
use crate::error::Result;
use crate::flags::Flag;
use crate::framework::Framework;
use crate::kernel::stats;
use crate::method::Method;
use crate::robustness::learned;
use crate::scores::Scores;
use crate::steps::aggregate::{Aggregation, RankReversal};
use crate::steps::normalise::Normalisation;
use crate::steps::treat::Treatment;
use crate::steps::weight::Weighting;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Grade {
    /// As it should be.
    Pass,
    /// To be looked at, and said where the index is published.
    Warning,
    /// Not as it should be.
    Failure,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Warning => "warning",
            Self::Failure => "failure",
        })
    }
}

/// A step of the Handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 1: what counts, and how it hangs together.
    Framework,
    /// 2: coverage, age and reliability of the figures.
    DataSelection,
    /// 3: missing figures.
    Imputation,
    /// 4: outliers, correlations, reliability.
    MultivariateAnalysis,
    /// 5: a common scale.
    Normalisation,
    /// 6: weights and aggregation.
    WeightingAndAggregation,
    /// 7: what other choices would give.
    UncertaintyAndSensitivity,
    /// 8: what really counts.
    BackToTheData,
    /// 9: how it goes with other things.
    Links,
    /// 10: how it is told.
    Presentation,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Framework,
        Self::DataSelection,
        Self::Imputation,
        Self::MultivariateAnalysis,
        Self::Normalisation,
        Self::WeightingAndAggregation,
        Self::UncertaintyAndSensitivity,
        Self::BackToTheData,
        Self::Links,
        Self::Presentation,
    ];

    /// Its number in the Handbook, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Framework => "theoretical framework",
            Self::DataSelection => "data selection",
            Self::Imputation => "imputation of missing data",
            Self::MultivariateAnalysis => "multivariate analysis",
            Self::Normalisation => "normalisation",
            Self::WeightingAndAggregation => "weighting and aggregation",
            Self::UncertaintyAndSensitivity => "uncertainty and sensitivity analysis",
            Self::BackToTheData => "back to the data",
            Self::Links => "links to other indicators",
            Self::Presentation => "presentation and dissemination",
        })
    }
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The step that it belongs to.
    pub step: Step,
    /// How it ended.
    pub grade: Grade,
    /// What was found, in words, with the figures.
    pub text: String,
    /// The nodes, series or cities that are concerned.
    pub about: Vec<String>,
    /// The figure that decided, where it is one.
    pub figure: Option<f64>,
}

/// A statistical audit of scores: the ten steps of the Handbook, each with what passes, warns or fails, and the figures.
///
/// It asks what audits of the Joint Research Centre ask: 65 % of the data known of every indicator and city; no indicator
/// with `|skewness|` above 2 and kurtosis above 3.5; correlations within a measure neither negative nor above 0.92, and with
/// the own measure above 0.3; Cronbach's alpha of 0.7; influence within a factor of two of the nominal weights; ranks that do
/// not hang on one choice. A warning is no verdict: it is what a reader should be told.
///
/// ```
/// use longspring::{Audit, Cut, Grade, Method, Step, article};
///
/// let framework = article::framework();
/// let cities = article::observations().dataset(&framework, &Cut::latest())?;
/// let scores = Method::new().fit(&framework, &cities)?.score(&cities)?;
/// let audit = Audit::of(&scores)?;
/// println!("{audit}");
/// assert!(audit.findings(Step::DataSelection).any(|f| f.grade > Grade::Pass));
/// let page = audit.to_markdown();
/// # assert!(page.contains("## 2. "));
/// # Ok::<(), longspring::Error>(())
/// ```
///
/// References: OECD and JRC (2008), *Handbook on Constructing Composite Indicators*,
/// [10.1787/9789264043466-en](https://doi.org/10.1787/9789264043466-en); the limits are those customary in the JRC's
/// statistical audits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    findings: Vec<Finding>,
}

/// The lowest share of known data.
const AVAILABLE: f64 = 0.65;
/// Children that correlate more than this say nearly the same.
const REDUNDANT: f64 = 0.92;
/// A child that correlates less than this with its own measure is hardly part of it.
const ADRIFT: f64 = 0.3;
/// Below so many cities a correlation says little.
const MANY: usize = 10;

impl Audit {
    /// Walks the ten steps. Fits a few other methods on the same cities for the seventh.
    ///
    /// # Errors
    /// None that scores made by a composite can give.
    pub fn of(scores: &Scores) -> Result<Self> {
        let mut audit = Self { findings: Vec::new() };
        let walk = Walk { scores, coherence: Coherence::of(scores) };
        walk.framework(&mut audit)?;
        walk.data(&mut audit)?;
        walk.imputation(&mut audit)?;
        walk.multivariate(&mut audit)?;
        walk.normalisation(&mut audit);
        walk.weighting(&mut audit);
        walk.sensitivity(&mut audit)?;
        walk.back_to_data(&mut audit)?;
        walk.links(&mut audit)?;
        walk.presentation(&mut audit)?;
        audit.findings.sort_by_key(|f| f.step);
        Ok(audit)
    }

    /// Every finding, step by step.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.findings.iter()
    }

    /// The findings of a step.
    pub fn findings(&self, step: Step) -> impl Iterator<Item = &Finding> {
        self.iter().filter(move |f| f.step == step)
    }

    /// The worst grade of all.
    #[must_use]
    pub fn grade(&self) -> Grade {
        self.iter().map(|f| f.grade).max().unwrap_or(Grade::Pass)
    }

    /// The audit as a Markdown page.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let step = |step: Step| {
            let lines = self.findings(step).map(|f| format!("- **{}**: {}\n", f.grade, escaped(&f.text)));
            format!("\n## {}. {}\n\n", step.number(), capital(&step.to_string())) + &lines.collect::<String>()
        };
        Step::ALL.into_iter().map(step).fold(String::from("# Statistical audit\n"), |page, part| page + &part)
    }

    fn add(&mut self, step: Step, grade: Grade, text: String, about: Vec<String>, figure: Option<f64>) {
        self.findings.push(Finding { step, grade, text, about, figure });
    }

    /// A warning where something is concerned, else a pass.
    fn list(&mut self, step: Step, worst: Grade, about: Vec<String>, good: &str, bad: &str) {
        let (grade, text) = if about.is_empty() {
            (Grade::Pass, good.to_owned())
        } else {
            (worst, format!("{bad}: {}", about.join(", ")))
        };
        let figure = Some(about.len() as f64);
        self.add(step, grade, text, about, figure);
    }
}

/// A text in which nothing is a Markdown sign.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| if "\\`*_[]<>#|".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A line a finding, under the name of its step.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in Step::ALL {
            writeln!(f, "{}. {step}", step.number())?;
            for finding in self.findings(step) {
                writeln!(f, "   {:7}  {}", finding.grade, finding.text)?;
            }
        }
        Ok(())
    }
}

impl<'a> IntoIterator for &'a Audit {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What the checks look at.
struct Walk<'a> {
    scores: &'a Scores,
    coherence: Coherence<'a>,
}

impl Walk<'_> {
    fn tree(&self) -> &Framework {
        self.scores.composite().framework()
    }

    fn method(&self) -> &Method {
        self.scores.composite().method()
    }

    /// The codes of the indices and measures that count.
    fn inner(&self) -> Vec<&str> {
        let composite = self.scores.composite();
        let nodes = self.tree().nodes().filter(|n| !n.kind.is_series());
        nodes.map(|n| n.code.as_str()).filter(|code| composite.position(code).is_some()).collect()
    }

    fn indices(&self) -> Vec<&str> {
        let all = self.inner();
        all.into_iter().filter(|code| self.tree().node(code).is_ok_and(|n| n.parent.is_none())).collect()
    }

    fn framework(&self, audit: &mut Audit) -> Result<()> {
        let composite = self.scores.composite();
        let mut single = Vec::new();
        for code in self.inner() {
            if self.tree().children(code)?.filter(|c| composite.position(&c.code).is_some()).count() == 1 {
                single.push(code.to_owned());
            }
        }
        let good = "every index and measure has two children or more";
        audit.list(Step::Framework, Grade::Warning, single, good, "a single child stands for the whole of");
        let undefined: Vec<String> = self
            .tree()
            .indicators()
            .filter(|n| n.definition.is_empty() && composite.position(&n.code).is_some())
            .map(|n| n.code.clone())
            .collect();
        let good = "every indicator is defined";
        audit.list(Step::Framework, Grade::Warning, undefined, good, "indicators without a definition");
        Ok(())
    }

    fn data(&self, audit: &mut Audit) -> Result<()> {
        let low = self.coherence.statistics(Limits { available: AVAILABLE, ..Limits::default() });
        let poor: Vec<String> = low.iter().filter(|s| s.low_availability).map(|s| s.indicator.clone()).collect();
        let good = "every indicator is known of 65 % of the cities or more";
        audit.list(Step::DataSelection, Grade::Warning, poor, good, "known of fewer than 65 % of the cities");
        let of = self.scores.composite().leaf_len();
        let cities: Vec<String> = (0..self.scores.dataset().len())
            .filter(|&row| {
                let (known, _) = self.scores.composite().known_of(self.scores.dataset(), row);
                (known as f64) < AVAILABLE * of as f64
            })
            .map(|row| self.scores.dataset().key(row).to_owned())
            .collect();
        let good = "of every city 65 % of the indicators are known or more";
        audit.list(
            Step::DataSelection,
            Grade::Warning,
            cities,
            good,
            "cities of which fewer than 65 % of the indicators are known",
        );
        let mut doubtful = Vec::new();
        for city in self.scores.cities() {
            for index in self.indices() {
                if self.scores.get(city, index)?.flags.contains(Flag::LowReliability) {
                    doubtful.push(format!("{city} ({index})"));
                }
            }
        }
        let count = doubtful.len() as f64;
        let grade = if doubtful.is_empty() { Grade::Pass } else { Grade::Warning };
        let text = if doubtful.is_empty() {
            "no score of an index rests on a figure of low reliability".to_owned()
        } else {
            let scores = if doubtful.len() == 1 { "score of an index rests" } else { "scores of an index rest" };
            format!("{count} {scores} on a figure of low reliability")
        };
        audit.add(Step::DataSelection, grade, text, doubtful, Some(count));
        Ok(())
    }

    fn imputation(&self, audit: &mut Audit) -> Result<()> {
        let mut heavy = Vec::new();
        for city in self.scores.cities() {
            for index in self.indices() {
                let imputed = self.scores.get(city, index)?.imputed;
                if imputed > 0.2 {
                    heavy.push(format!("{city} ({index}, {:.0} %)", imputed * 100.0));
                }
            }
        }
        let (composite, dataset) = (self.scores.composite(), self.scores.dataset());
        let gaps: usize = (0..dataset.len()).map(|row| composite.leaf_len() - composite.known_of(dataset, row).0).sum();
        let figures = if gaps == 1 { "figure" } else { "figures" };
        let text = format!("imputation: {} ({gaps} {figures} missing)", self.method().imputation);
        audit.add(Step::Imputation, Grade::Pass, text, Vec::new(), Some(gaps as f64));
        let good = "no score of an index rests on imputed figures for more than a fifth";
        audit.list(
            Step::Imputation,
            Grade::Warning,
            heavy,
            good,
            "scores that rest on imputed figures for more than a fifth",
        );
        let bound = 1.0 / 3.0;
        let lax = self.method().coverage < bound && self.method().imputation == crate::Imputation::None;
        let text = format!("a score needs {:.0} % of a node's children", self.method().coverage * 100.0);
        audit.add(
            Step::Imputation,
            if lax { Grade::Warning } else { Grade::Pass },
            text,
            Vec::new(),
            Some(self.method().coverage),
        );
        Ok(())
    }

    fn multivariate(&self, audit: &mut Audit) -> Result<()> {
        const STEP: Step = Step::MultivariateAnalysis;
        let composite = self.scores.composite();
        let mut outliers = Vec::new();
        for node in self.tree().indicators() {
            let Some(Position::Leaf(leaf)) = composite.position(&node.code) else { continue };
            let column = self.scores.treated_column(leaf);
            let (skewness, kurtosis) = (stats::skewness(&column), stats::kurtosis(&column));
            if let (Some(s), Some(k)) = (skewness, kurtosis) {
                if s.abs() > 2.0 && k > 3.5 {
                    outliers.push(format!("{} (skewness {s:.1}, kurtosis {k:.1})", node.code));
                }
            }
        }
        let good = "no indicator has outliers after treatment (|skewness| above 2 and kurtosis above 3.5)";
        audit.list(STEP, Grade::Warning, outliers, good, "outliers that no treatment took care of");
        let pairs = self.coherence.redundancy(0.0)?;
        let named = |filter: &dyn Fn(f64, f64) -> bool| {
            let hit = pairs.iter().filter(|p| p.r.zip(p.p).is_some_and(|(r, p)| filter(r, p)));
            hit.map(|p| format!("{} and {} ({:.2})", p.a, p.b, p.r.unwrap_or(0.0))).collect::<Vec<String>>()
        };
        let good = "no two children of the same node correlate above 0.92";
        audit.list(STEP, Grade::Warning, named(&|r, _| r > REDUNDANT), good, "children that say nearly the same");
        // Among few cities hardly anything gets below 0.05: a pass is then no finding.
        let least = pairs.iter().filter(|p| p.p.is_some()).map(|p| p.cities).min().filter(|&cities| cities < MANY);
        let little = least.map_or_else(String::new, |least| format!(" ({least} cities: correlations say little)"));
        let good = format!("no two children of the same node correlate negatively (p < 0.05){little}");
        audit.list(
            STEP,
            Grade::Warning,
            named(&|r, p| r < 0.0 && p < 0.05),
            &good,
            "children that pull in different directions",
        );
        for code in self.inner() {
            if self.tree().children(code)?.len() < 2 {
                continue;
            }
            if let Ok(alpha) = self.coherence.cronbach(code) {
                let grade = if alpha.standardised >= 0.7 { Grade::Pass } else { Grade::Warning };
                let text = format!("Cronbach's alpha of {code} is {:.2} (0.7 or more is usual)", alpha.standardised);
                audit.add(STEP, grade, text, vec![code.to_owned()], Some(alpha.standardised));
            }
        }
        Ok(())
    }

    fn normalisation(&self, audit: &mut Audit) {
        let method = self.method();
        let text = format!("{}; treatment: {}", method.normalisation, method.treatment);
        audit.add(Step::Normalisation, Grade::Pass, text, Vec::new(), None);
        let moved = self.scores.composite().treated().filter(|t| !t.treatment.passes);
        let failed: Vec<String> = moved.map(|t| t.treatment.indicator.clone()).collect();
        if method.treatment.choices().any(|t| *t != Treatment::None) {
            let good = "every treated indicator passes the test of skewness and kurtosis";
            audit.list(Step::Normalisation, Grade::Warning, failed, good, "treatment was not enough for");
        }
    }

    fn weighting(&self, audit: &mut Audit) {
        const STEP: Step = Step::WeightingAndAggregation;
        let method = self.method();
        let text = format!("weights: {}; aggregation: {}", method.weighting, method.aggregation);
        audit.add(STEP, Grade::Pass, text, Vec::new(), None);
        let full = method.aggregation.choices().any(|a| *a == Aggregation::Arithmetic);
        if full {
            let text = "arithmetic means let a low score be made up for in full; say so where that is not meant";
            audit.add(STEP, Grade::Warning, text.to_owned(), Vec::new(), None);
        }
        let reversing: Vec<String> = method
            .aggregation
            .choices()
            .filter(|a| a.rank_reversal() != RankReversal::Never)
            .map(ToString::to_string)
            .collect();
        let composite = self.scores.composite();
        let mut learned: Vec<String> = self.indices().iter().flat_map(|index| learned(composite, index)).collect();
        learned.dedup();
        let good = if learned.is_empty() {
            "no aggregation lets another city reverse ranks, and nothing else is learned from the cities".to_owned()
        } else {
            let learned = learned.join("; ");
            format!(
                "no aggregation lets another city reverse ranks; what is learned from the cities can, see ReversalTest: {learned}"
            )
        };
        audit.list(STEP, Grade::Warning, reversing, &good, "fitted anew with another city, ranks can turn round under");
        let dominant: Vec<String> = self
            .inner()
            .into_iter()
            .flat_map(|code| self.coherence.importance(code).unwrap_or_default())
            .filter(|part| part.nominal > 0.5 && part.nominal < 1.0)
            .map(|part| format!("{} ({:.0} %)", part.child, part.nominal * 100.0))
            .collect();
        let good = "no child has more than half of the weight of its node";
        audit.list(STEP, Grade::Warning, dominant, good, "more than half of the weight of a node lies on");
    }

    /// The rankings that a few other choices give, against the one at hand.
    fn sensitivity(&self, audit: &mut Audit) -> Result<()> {
        const STEP: Step = Step::UncertaintyAndSensitivity;
        let method = self.method();
        let positive = method.clone().normalisation(Normalisation::MinMax { low: 1.0, high: 100.0 });
        let others = [
            ("equal weights", method.clone().weighting(Weighting::Equal)),
            ("percentile ranks", method.clone().normalisation(Normalisation::PercentileRank)),
            ("geometric means", positive.aggregation(Aggregation::Geometric)),
            ("complete coverage", method.clone().coverage(1.0)),
        ];
        let (tree, dataset) = (self.tree(), self.scores.dataset());
        for index in self.indices() {
            let own: Vec<f64> = self.scores.node(index)?.scores().map(|s| s.unwrap_or(f64::NAN)).collect();
            for (name, other) in &others {
                // A choice that these cities do not allow, such as a constant indicator under min-max, says nothing here.
                let Ok(fitted) = other.fit(tree, dataset).and_then(|composite| composite.score(dataset)) else {
                    continue;
                };
                let theirs: Vec<f64> = fitted.node(index)?.scores().map(|s| s.unwrap_or(f64::NAN)).collect();
                let Some(r) = stats::spearman(&own, &theirs) else { continue };
                let grade = if r >= 0.9 { Grade::Pass } else { Grade::Warning };
                let text = format!("with {name} the ranking by {index} correlates {r:.2} with this one");
                audit.add(STEP, grade, text, vec![index.to_owned()], Some(r));
            }
            let mut largest: Option<(f64, String)> = None;
            for part in self.coherence.importance(index)? {
                let Ok(fitted) = method.clone().exclude([part.child.as_str()]).fit(tree, dataset) else { continue };
                let Ok(without) = fitted.score(dataset) else { continue };
                let Ok(node) = without.node(index) else { continue };
                let shift: Vec<f64> = self
                    .scores
                    .node(index)?
                    .ranks()
                    .zip(node.ranks())
                    .filter_map(|(a, b)| Some((a? - b?).abs()))
                    .collect();
                let mean = stats::mean(&shift);
                if mean.is_finite() && largest.as_ref().is_none_or(|(most, _)| mean > *most) {
                    largest = Some((mean, part.child));
                }
            }
            if let Some((mean, child)) = largest {
                let grade = if mean <= 3.0 { Grade::Pass } else { Grade::Warning };
                let text = format!(
                    "without {child} the ranks in {index} move by {mean:.1} places on average, more than without any other"
                );
                audit.add(STEP, grade, text, vec![child], Some(mean));
            }
        }
        Ok(())
    }

    fn back_to_data(&self, audit: &mut Audit) -> Result<()> {
        let (mut adrift, mut off) = (Vec::new(), Vec::new());
        for code in self.inner() {
            let parts = self.coherence.importance(code)?;
            for part in parts.iter().filter(|_| parts.len() > 1) {
                if part.correlation.is_none_or(|r| r < ADRIFT) {
                    let r = part.correlation.map_or_else(|| "none".to_owned(), |r| format!("{r:.2}"));
                    adrift.push(format!("{} in {code} ({r})", part.child));
                }
                let ratio = part.share / part.nominal;
                if part.nominal > 0.0 && !(0.5..=2.0).contains(&ratio) {
                    off.push(format!(
                        "{} in {code} (nominal {:.2}, influence {:.2})",
                        part.child, part.nominal, part.share
                    ));
                }
            }
        }
        let good = "every child correlates above 0.3 with its own node";
        audit.list(Step::BackToTheData, Grade::Warning, adrift, good, "children that hardly go with their own node");
        let good = "the influence of every child lies within a factor of two of its nominal weight";
        audit.list(Step::BackToTheData, Grade::Warning, off, good, "influence that is not what the weight says");
        Ok(())
    }

    fn links(&self, audit: &mut Audit) -> Result<()> {
        let indices = self.indices();
        let context: Vec<&str> = self.tree().context().map(|n| n.code.as_str()).collect();
        let all = indices.iter().chain(&context).copied();
        let found = self.coherence.correlations(Correlation::Spearman, all)?;
        let mut said = false;
        for pair in found.pairs().filter(|p| indices.contains(&p.a.as_str())) {
            if let (Some(r), Some(p)) = (pair.r, pair.p) {
                said = true;
                // An index that goes with size or wealth so closely is hardly more than that. Which sign is good nobody can know here.
                let grade = if r.abs() > REDUNDANT { Grade::Warning } else { Grade::Pass };
                let text =
                    format!("{} and {} correlate {r:.2} (Spearman, p {p:.3}, {} cities)", pair.a, pair.b, pair.cities);
                audit.add(Step::Links, grade, text, vec![pair.a.clone(), pair.b.clone()], Some(r));
            }
        }
        if !said {
            let text = "there is no other index or context series to compare with";
            audit.add(Step::Links, Grade::Warning, text.to_owned(), Vec::new(), None);
        }
        Ok(())
    }

    fn presentation(&self, audit: &mut Audit) -> Result<()> {
        for index in self.indices() {
            let node = self.scores.node(index)?;
            let total = self.scores.dataset().len();
            let (ranked, lacks) = (node.ranked(), total - node.ranked());
            let grade = if ranked == 0 {
                Grade::Failure
            } else if lacks > 0 {
                Grade::Warning
            } else {
                Grade::Pass
            };
            let text = format!("{ranked} of {total} cities are ranked in {index}");
            audit.add(Step::Presentation, grade, text, vec![index.to_owned()], Some(ranked as f64));
            let scores: Vec<f64> = node.ranking().map(|c| c.score).collect();
            if let (Some(first), Some(last)) = (scores.first(), scores.last()) {
                let near = scores.windows(2).filter(|pair| (pair[0] - pair[1]) < 0.01 * (first - last)).count();
                let grade = if near * 4 > scores.len() { Grade::Warning } else { Grade::Pass };
                let (neighbours, are) =
                    if near == 1 { ("pair of neighbours", "is") } else { ("pairs of neighbours", "are") };
                let advice = if near == 0 { "" } else { ": present groups rather than single ranks there" };
                let text = format!(
                    "{near} {neighbours} in the ranking by {index} {are} nearer to one another than a hundredth of the range{advice}"
                );
                audit.add(Step::Presentation, grade, text, vec![index.to_owned()], Some(near as f64));
            }
        }
        Ok(())
    }
}
