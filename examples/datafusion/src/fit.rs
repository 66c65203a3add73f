//! A fit by summaries of partitions: no worker sees the cities of another, and the cities are never brought together.

use std::sync::Arc;

use datafusion::error::Result;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use longspring::{Composite, Framework, Method, PartialFit, Summary, arrow};

use crate::cities::external;
use crate::engine::each_part;

/// Fits a method on a table, pass after pass; gives the number of passes as well.
pub async fn fit(
    context: &SessionContext,
    table: &str,
    framework: &Framework,
    method: &Method,
) -> Result<(Composite, usize)> {
    let framework = Arc::new(framework.clone());
    let mut fit = method.fit_in_parts(&framework).map_err(external)?;
    let mut passes = 0;
    while !fit.is_done() {
        let shared = Arc::new(fit.clone());
        let summaries =
            each_part(context.table(table).await?, |part| summarise(shared.clone(), framework.clone(), part));
        let summaries = Summary::merge(summaries.await?.into_iter().flatten()).map_err(external)?;
        fit = fit.learn(&summaries).map_err(external)?;
        passes += 1;
    }
    Ok((fit.composite().map_err(external)?, passes))
}

/// What one partition says, batch by batch; nothing where it is empty.
async fn summarise(
    fit: Arc<PartialFit>,
    framework: Arc<Framework>,
    mut batches: SendableRecordBatchStream,
) -> Result<Option<Summary>> {
    let mut all: Option<Summary> = None;
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        if batch.num_rows() > 0 {
            let cities = arrow::dataset(&framework, &batch).map_err(external)?;
            let own = fit.summarise(&cities).map_err(external)?;
            all = Some(Summary::merge(all.into_iter().chain([own])).map_err(external)?);
        }
    }
    Ok(all)
}
