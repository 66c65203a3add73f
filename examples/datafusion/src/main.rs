//! Scores a partitioned table of cities inside DataFusion, and by the library alone: the same scores, and what each costs.
//!
//! ```sh
//! cargo run --release -- 10000000 16
//! ```

use std::path::Path;

use datafusion::common::exec_err;
use datafusion::error::{DataFusionError, Result};
use longspring::Method;
#[cfg(feature = "cluster")]
use {datafusion::prelude::SessionContext, longspring::Composite, rows::Rows};

use cities::external;
use step::Step;

mod alone;
mod cities;
#[cfg(feature = "cluster")]
mod cluster;
mod engine;
mod fit;
mod rows;
mod step;
#[cfg(test)]
mod tests;
mod udf;

#[tokio::main]
async fn main() -> Result<()> {
    #[cfg(feature = "cluster")]
    if std::env::args().nth(1).as_deref() == Some("worker") {
        return cluster::work().await;
    }
    let number = |text: String| text.parse::<usize>().map_err(external);
    let mut args = std::env::args().skip(1);
    let rows = args.next().map_or(Ok(20_000), number)?.max(2);
    let files = args.next().map_or(Ok(4), number)?.clamp(1, rows);
    let folder = std::env::temp_dir().join(format!("longspring-{}", std::process::id()));
    let done = compare(rows, files, &folder).await;
    let removed = std::fs::remove_dir_all(&folder);
    done.and(removed.map_err(DataFusionError::from))
}

async fn compare(rows: usize, files: usize, folder: &Path) -> Result<()> {
    let framework = cities::framework()?;
    let step = Step::begin();
    cities::write(&framework, rows, files, folder)?;
    step.end(&format!("{rows} cities written in {files} files"), rows);

    let context = engine::context(folder).await?;
    let step = Step::begin();
    let (composite, passes) = fit::fit(&context, "cities", &framework, &Method::new()).await?;
    step.end(&format!("engine: fitted in {passes} passes"), rows);
    context.register_udf(udf::Score::of(&composite, "renewal")?);

    let step = Step::begin();
    let scored = engine::run(&context, &engine::score_sql(&framework)).await?;
    step.end("engine: read and scored", rows);
    let step = Step::begin();
    let ranked = engine::run(&context, &engine::rank_sql(&framework)).await?;
    step.end("engine: read, scored and ranked", rows);

    #[cfg(feature = "cluster")]
    if on_workers(&context, &composite, rows).await? != (scored, ranked) {
        return exec_err!("the workers and the engine disagree");
    }

    let step = Step::begin();
    let streamed = alone::score(&composite, folder)?;
    step.end("alone: read and scored", rows);

    let step = Step::begin();
    let table = alone::read(&framework, folder)?;
    step.end("alone: read into one table", rows);
    let step = Step::begin();
    let whole = Method::new().fit(&framework, &table).map_err(external)?;
    step.end("alone: fitted to the table", rows);
    let step = Step::begin();
    let (own_scored, own_ranked) = alone::rank(&whole, &table)?;
    step.end("alone: the table scored and ranked", rows);

    if composite != whole || scored != streamed || scored != own_scored || ranked != own_ranked {
        return exec_err!("the engine and the library alone disagree");
    }
    println!("equal to the last bit: the yardstick, {} scores, and their ranks", ranked.count);
    Ok(())
}

/// The same queries on two workers. The memory is that of this process alone.
#[cfg(feature = "cluster")]
async fn on_workers(session: &SessionContext, composite: &Composite, rows: usize) -> Result<(Rows, Rows)> {
    let workers = cluster::Workers::start(2, composite, &["worker"])?;
    let context = cluster::context(session, workers.urls())?;
    let step = Step::begin();
    let scored = cluster::run(&context, &engine::score_sql(composite.framework()), 2).await?;
    step.end("two workers: read and scored", rows);
    let step = Step::begin();
    let ranked = cluster::run(&context, &engine::rank_sql(composite.framework()), 2).await?;
    step.end("two workers: read, scored and ranked", rows);
    Ok((scored, ranked))
}
