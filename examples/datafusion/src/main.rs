//! Scores a partitioned table of cities inside DataFusion, and in this process: the same scores, and what each costs.
//!
//! ```sh
//! cargo run --release -- 10000000 16
//! ```

use std::path::Path;
use std::time::Instant;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Float64Type, UInt64Type};
use datafusion::common::exec_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::StreamExt;
use longspring::{Composite, Dataset, Framework, Method};

use cities::external;

mod cities;
mod fit;
#[cfg(test)]
mod tests;
mod udf;

/// What the engine may hold; beyond it a sort goes to disk.
const MEMORY: usize = 256 << 20;

#[tokio::main]
async fn main() -> Result<()> {
    let number = |text: String| text.parse::<usize>().map_err(|e| DataFusionError::External(Box::new(e)));
    let mut args = std::env::args().skip(1);
    let rows = args.next().map_or(Ok(20_000), number)?.max(2);
    let files = args.next().map_or(Ok(4), number)?.clamp(1, rows);
    let folder = std::env::temp_dir().join(format!("longspring-{}", std::process::id()));
    let done = compare(rows, files, &folder).await;
    std::fs::remove_dir_all(&folder)?;
    done
}

async fn compare(rows: usize, files: usize, folder: &Path) -> Result<()> {
    let framework = cities::framework()?;
    cities::write(&framework, rows, files, folder)?;
    println!("{rows} cities in {files} files; peak memory so far {}", peak());

    let context = context(folder).await?;
    let start = Instant::now();
    let (composite, passes) = fit::fit(&context, "cities", &framework, &Method::new()).await?;
    said(&format!("engine: fit in {passes} passes"), rows, start);
    context.register_udf(udf::Score::of(&composite, "renewal")?);

    let start = Instant::now();
    let mut scored = Rows::default();
    stream(&context, &score_sql(&framework), |batch| scored.add(batch, false)).await?;
    said("engine: scored", rows, start);
    let start = Instant::now();
    let mut ranked = Rows::default();
    stream(&context, &rank_sql(&framework), |batch| ranked.add(batch, true)).await?;
    said("engine: scored and ranked", rows, start);

    let start = Instant::now();
    let table = cities::read(&framework, folder)?;
    said("in process: read", rows, start);
    let start = Instant::now();
    let whole = Method::new().fit(&framework, &table).map_err(external)?;
    said("in process: fit", rows, start);
    let start = Instant::now();
    let (own_scored, own_ranked) = in_process(&whole, &table)?;
    said("in process: scored and ranked", rows, start);

    if composite != whole || scored != own_scored || ranked != own_ranked {
        return exec_err!("the engine and the process disagree");
    }
    println!("equal to the last bit: the yardstick, {} scores, and their ranks", ranked.count);
    Ok(())
}

/// A session that knows the files as the table `cities`.
async fn context(folder: &Path) -> Result<SessionContext> {
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(MEMORY, 1.0).build_arc()?;
    let context = SessionContext::new_with_config_rt(SessionConfig::new(), runtime);
    let Some(folder) = folder.to_str() else { return exec_err!("the folder's name is not Unicode") };
    context.register_parquet("cities", folder, ParquetReadOptions::default()).await?;
    Ok(context)
}

fn call(framework: &Framework) -> String {
    let columns: Vec<&str> = framework.series().map(|series| series.code.as_str()).collect();
    format!("longspring_renewal({})", columns.join(", "))
}

fn score_sql(framework: &Framework) -> String {
    format!("SELECT city, {} AS score FROM cities", call(framework))
}

fn rank_sql(framework: &Framework) -> String {
    let scored = score_sql(framework);
    format!("SELECT city, score, RANK() OVER (ORDER BY score DESC NULLS LAST) AS rank FROM ({scored})")
}

/// Runs a query and looks at its batches as they come; none is kept.
async fn stream(context: &SessionContext, sql: &str, mut look: impl FnMut(&RecordBatch) -> Result<()>) -> Result<()> {
    let mut batches = context.sql(sql).await?.execute_stream().await?;
    while let Some(batch) = batches.next().await {
        look(&batch?)?;
    }
    Ok(())
}

/// All rows of a result in a number that depends on every bit of each, and not on their order: nothing has to be kept to compare.
#[derive(Debug, Default, PartialEq)]
struct Rows {
    count: usize,
    sum: u64,
}

impl Rows {
    fn row(&mut self, city: &str, score: Option<f64>, rank: Option<u64>) {
        let numbers = [score.map_or(1, f64::to_bits), rank.unwrap_or(0)];
        let bytes = city.bytes().chain(numbers.into_iter().flat_map(u64::to_le_bytes));
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        self.count += 1;
        self.sum = self.sum.wrapping_add(hash);
    }

    /// The rows of a batch with `city`, `score` and, where it is ranked, `rank`; who has no score has no rank.
    fn add(&mut self, batch: &RecordBatch, ranked: bool) -> Result<()> {
        let cities = datafusion::arrow::compute::cast(batch.column(0), &DataType::Utf8)?;
        let (cities, scores) = (cities.as_string::<i32>(), batch.column(1).as_primitive::<Float64Type>());
        let ranks = ranked.then(|| batch.column(2).as_primitive::<UInt64Type>());
        for (row, score) in scores.iter().enumerate() {
            let rank = score.and(ranks.map(|ranks| ranks.value(row)));
            self.row(cities.value(row), score, rank);
        }
        Ok(())
    }
}

/// The same rows by the library alone, without ranks and with them.
fn in_process(composite: &Composite, table: &Dataset) -> Result<(Rows, Rows)> {
    let scores = composite.score(table).map_err(external)?;
    let renewal = scores.node("renewal").map_err(external)?;
    let (mut scored, mut ranked) = (Rows::default(), Rows::default());
    for ((city, score), rank) in scores.cities().zip(renewal.scores()).zip(renewal.ranks()) {
        scored.row(city, score, None);
        ranked.row(city, score, rank.map(|rank| rank as u64));
    }
    Ok((scored, ranked))
}

fn said(what: &str, rows: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what:32} {seconds:8.2} s {:12.0} rows/s; peak memory so far {}", rows as f64 / seconds, peak());
}

/// The most memory that this process has held, where the system tells (Linux).
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.map_or_else(|| "unknown".to_owned(), |k| format!("{:.0} MB", k / 1024.0))
}
