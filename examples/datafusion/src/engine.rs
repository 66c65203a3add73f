//! What is asked of the engine: a session over the files, and its queries, a task for each partition of a result.

use std::path::Path;
use std::sync::Arc;

use datafusion::common::exec_err;
use datafusion::error::Result;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext};
use futures::StreamExt;
use longspring::Framework;
use tokio::task::JoinSet;

use crate::cities::external;
use crate::rows::Rows;

/// What the operators of the engine may hold together in a process; beyond it a sort goes to disk.
const MEMORY: usize = 256 << 20;

/// Memory within bounds, and the system's folder for temporary files.
pub fn runtime() -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(MEMORY))).build_arc()
}

/// A session that knows the files as the table `cities`.
pub async fn context(folder: &Path) -> Result<SessionContext> {
    let context = SessionContext::new_with_config_rt(SessionConfig::new(), runtime()?);
    let Some(folder) = folder.to_str() else { return exec_err!("the folder's name is not Unicode") };
    context.register_parquet("cities", folder, ParquetReadOptions::default()).await?;
    Ok(context)
}

/// The score of every city.
pub fn score_sql(framework: &Framework) -> String {
    let columns: Vec<&str> = framework.series().map(|series| series.code.as_str()).collect();
    format!("SELECT city, longspring_renewal({}) AS score FROM cities", columns.join(", "))
}

/// The score and the rank of every city.
pub fn rank_sql(framework: &Framework) -> String {
    let scored = score_sql(framework);
    format!("SELECT city, score, RANK() OVER (ORDER BY score DESC NULLS LAST) AS rank FROM ({scored})")
}

/// Runs a query and looks at its batches as they come; none is kept.
pub async fn run(context: &SessionContext, sql: &str) -> Result<Rows> {
    Ok(each_part(context.sql(sql).await?, look).await?.into_iter().sum())
}

async fn look(mut batches: SendableRecordBatchStream) -> Result<Rows> {
    let mut rows = Rows::default();
    while let Some(batch) = batches.next().await {
        rows.columns(batch?.columns())?;
    }
    Ok(rows)
}

/// What becomes of each partition of a result, each in a task of its own, as they are ready.
pub async fn each_part<T, F>(frame: DataFrame, of: impl Fn(SendableRecordBatchStream) -> F) -> Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    // A set, so that the others end as well where one fails.
    let mut tasks = JoinSet::new();
    for part in frame.execute_stream_partitioned().await? {
        tasks.spawn(of(part));
    }
    let mut all = Vec::new();
    while let Some(done) = tasks.join_next().await {
        all.push(done.map_err(external)??);
    }
    Ok(all)
}
