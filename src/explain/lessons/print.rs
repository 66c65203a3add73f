//! Printing what a city can learn.

use std::fmt;

use super::super::improve::number;
use super::LessonsReport;

impl fmt::Display for LessonsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { learner, model, node, score, rank, model_score, model_rank, gap, .. } = self;
        writeln!(f, "{node}: {learner} {score:.2} (rank {rank}), {model} {model_score:.2} (rank {model_rank})")?;
        if *gap > 0.0 {
            writeln!(f, "{model} leads by {gap:.2}:")?;
        } else {
            writeln!(f, "{model} does not lead ({gap:.2}); what it does better all the same:")?;
        }
        let plain = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), |x| format!("{x:.2}"));
        for part in self.lead.children() {
            let behind = if part.gap.is_some_and(|gap| gap < 0.0) { " (the model is behind)" } else { "" };
            let gap = part.gap.map_or_else(|| "no part".to_owned(), |gap| format!("{gap:+.2}"));
            let (own, theirs) = (plain(part.b.score), plain(part.a.score));
            writeln!(f, "  {}: {gap}, {theirs} against {own}{behind}", part.name)?;
        }
        writeln!(f, "At the model's level, the best step first:")?;
        if self.steps.is_empty() {
            writeln!(f, "  nothing: the model is better in no indicator that both have")?;
        }
        let ranked = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), |x| x.to_string());
        for step in &self.steps {
            let (alone, alone_rank) = (plain(step.alone), ranked(step.alone_rank));
            let (score, rank) = (plain(step.score), ranked(step.rank));
            writeln!(f, "  {}: {score}, rank {rank} (alone {alone}, rank {alone_rank})", step.name)?;
        }
        if !self.left_alone.is_empty() {
            let names: Vec<&str> = self.left_alone.iter().map(|(_, name)| name.as_str()).collect();
            writeln!(f, "  left alone, for one of them has no figure: {}", names.join(", "))?;
        }
        if !self.paces.is_empty() {
            writeln!(f, "How long that takes:")?;
        }
        for pace in &self.paces {
            write!(f, "  {}, from {} to {}: {}", pace.name, number(pace.from), number(pace.to), pace.own)?;
            match &pace.fastest {
                Some(fast) => writeln!(f, "; as fast as {}: {:.1} years", fast.city, fast.years)?,
                None => writeln!(f, "; no city is seen to move there")?,
            }
        }
        if !self.path.is_empty() {
            let names: Vec<String> = self.path.iter().map(|w| format!("{} ({:.1})", w.name, w.score)).collect();
            writeln!(f, "A path: {}", names.join(", "))?;
        }
        if let Some(why) = &self.no_path {
            writeln!(f, "No path to {model}: {why}")?;
        }
        Ok(())
    }
}
