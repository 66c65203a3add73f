//! The same by the library alone, without the engine.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::Float64Type;
use datafusion::common::{exec_datafusion_err, exec_err};
use datafusion::error::Result;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use longspring::{Composite, Dataset, Framework, arrow};

use crate::cities::external;
use crate::rows::Rows;

/// As the engine reads them.
const BATCH: usize = 8_192;

/// Reads and scores batch by batch and keeps none, a file at a time on each core: what the engine does, without it.
pub fn score(composite: &Composite, folder: &Path) -> Result<Rows> {
    let rest = Mutex::new(paths(folder)?.into_iter());
    let next = || rest.lock().ok().and_then(|mut rest| rest.next());
    let work = || -> Result<Rows> {
        let (mut rows, mut scorer) = (Rows::default(), arrow::Scorer::new(composite));
        while let Some(path) = next() {
            for batch in open(&path, None)? {
                let batch = batch?;
                let figures = batch.project(&(1..batch.num_columns()).collect::<Vec<_>>())?;
                let scored = scorer.score(&figures).map_err(external)?;
                let Some(scores) = scored.column_by_name("renewal") else { return exec_err!("no scores") };
                rows.columns(&[batch.column(0).clone(), scores.clone()])?;
                scorer.recycle(scored);
            }
        }
        Ok(rows)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..thread::available_parallelism()?.get()).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| exec_datafusion_err!("a thread panicked"))?).sum()
    })
}

/// All files as one table in memory, read column by column, so that no more than one of them is there twice.
pub fn read(framework: &Framework, folder: &Path) -> Result<Dataset> {
    let paths = paths(folder)?;
    let keys = column(&paths, "city")?;
    let mut table = Dataset::builder(framework, keys.iter().flat_map(|part| part.as_string::<i32>()).flatten());
    drop(keys);
    for series in framework.series() {
        let figures = column(&paths, &series.code)?;
        table = table.column(&series.code, figures.iter().flat_map(|part| part.as_primitive::<Float64Type>()));
    }
    table.build().map_err(external)
}

/// Scores and ranks a table in memory: its rows without ranks, and with them.
pub fn rank(composite: &Composite, table: &Dataset) -> Result<(Rows, Rows)> {
    let scores = composite.score(table).map_err(external)?;
    let renewal = scores.node("renewal").map_err(external)?;
    let (mut scored, mut ranked) = (Rows::default(), Rows::default());
    for ((city, score), rank) in scores.cities().zip(renewal.scores()).zip(renewal.ranks()) {
        scored.row(city, score, None);
        ranked.row(city, score, rank.map(|rank| rank as u64));
    }
    Ok((scored, ranked))
}

fn paths(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The batches of a file, with one of its columns or all.
fn open(path: &Path, column: Option<&str>) -> Result<ParquetRecordBatchReader> {
    let file = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.with_batch_size(BATCH);
    let columns =
        column.map_or_else(ProjectionMask::all, |name| ProjectionMask::columns(file.parquet_schema(), [name]));
    Ok(file.with_projection(columns).build()?)
}

fn column(paths: &[PathBuf], name: &str) -> Result<Vec<ArrayRef>> {
    let mut parts = Vec::new();
    for path in paths {
        for batch in open(path, Some(name))? {
            parts.push(batch?.column(0).clone());
        }
    }
    Ok(parts)
}
