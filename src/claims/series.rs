//! Claims about a series: the figures themselves, in the years that the claim names.

use super::record::{Claim, Relation, Test};
use crate::dataset::Cut;
use crate::error::{Fault, Result};
use crate::framework::Node;
use crate::observations::{Observation, Observations};

/// The margin in the unit of the series and the figures behind it; in words which figure is missing.
pub(super) fn test(
    claim: &Claim,
    test: &Test,
    series: &Node,
    known: &Observations,
    cut: &Cut,
) -> Result<Result<(f64, Vec<Observation>), String>> {
    let year = |year: Option<i32>, what| {
        let instead = "say it with `between` or `in_year`, or in the columns `from_year` and `to_year`";
        year.ok_or(Fault::IncompleteClaim { what, instead })
    };
    let to = year(test.to_year, "year")?;
    let figure = |year: i32| -> Result<&Observation, String> {
        let mut of_year = known.of(&claim.subject, &series.code).filter(|o| o.year == year);
        let found = of_year.next();
        match found {
            Some(o) if o.value.is_some() && cut.takes(o.status) => Ok(o),
            Some(o) if o.value.is_some() => Err(format!(
                "the figure of {} for {} in {year} has the status {}",
                series.code, claim.subject, o.status
            )),
            _ => {
                let trusted =
                    known.of(&claim.subject, &series.code).filter(|o| o.value.is_some() && cut.takes(o.status));
                let years: Vec<i32> = trusted.map(|o| o.year).collect();
                let have = match (years.first(), years.last()) {
                    (Some(first), Some(last)) => format!("there are some from {first} to {last}"),
                    _ => "there is none of any year".to_owned(),
                };
                Err(format!("no figure of {} for {} in {year}; {have}", series.code, claim.subject))
            }
        }
    };
    let value = |o: &Observation| o.value.unwrap_or(f64::NAN);
    if let Relation::Exceeds { value: limit } = test.relation {
        return Ok(figure(to).map(|o| (value(o) - limit, vec![o.clone()])));
    }
    let from = year(test.from_year, "first year")?;
    if from >= to {
        let (name, need) = ("the first year of the claim", "before the second");
        return Err(Fault::Parameter { name, value: f64::from(from), need }.into());
    }
    // A decline is a fall of the raw figure, whichever direction is better.
    let direction = match test.relation {
        Relation::Improves => Some(series.direction.ok_or_else(|| Fault::NoDirection { series: series.code.clone() })?),
        _ => None,
    };
    let both = figure(from).and_then(|first| figure(to).map(|last| (first, last)));
    Ok(both.map(|(first, last)| {
        let change = value(last) - value(first);
        let margin = direction.map_or(-change, |direction| direction.orient(change));
        (margin, vec![first.clone(), last.clone()])
    }))
}
