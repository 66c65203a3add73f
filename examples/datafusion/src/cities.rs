//! Synthetic cities in Parquet files, and the framework they are seen by.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use datafusion::error::{DataFusionError, Result};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::file::properties::WriterProperties;
use longspring::{Direction, Framework, Node};

/// An error of something else as one of the engine.
pub fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// Four measures of two indicators each; a low unemployment is good.
pub fn framework() -> Result<Framework> {
    let mut nodes = vec![Node::index("renewal")];
    for (measure, up, other, direction) in [
        ("industry", "output", "unemployment", Direction::LowerIsBetter),
        ("infrastructure", "roads", "broadband", Direction::HigherIsBetter),
        ("investment", "startups", "capital", Direction::HigherIsBetter),
        ("education", "schooling", "graduates", Direction::HigherIsBetter),
    ] {
        nodes.push(Node::measure(measure, "renewal"));
        nodes.push(Node::indicator(up, measure, Direction::HigherIsBetter));
        nodes.push(Node::indicator(other, measure, direction));
    }
    Framework::new(nodes).map_err(external)
}

/// Every bit of the result depends on every bit of the number (SplitMix64).
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number in 0..1 that depends on row and column alone, so that files can be written in any order.
fn uniform(row: usize, column: usize) -> f64 {
    (mix(row as u64 * 64 + column as u64) >> 11) as f64 / (1u64 << 53) as f64
}

/// Cities `rows`: a key, and a column for every indicator with 3 % of the figures missing.
pub fn batch(framework: &Framework, rows: std::ops::Range<usize>) -> Result<RecordBatch> {
    let keys: StringArray = rows.clone().map(|row| Some(format!("c{row:08}"))).collect();
    let mut columns: Vec<(&str, ArrayRef)> = vec![("city", Arc::new(keys))];
    for (i, series) in framework.series().enumerate() {
        let figure = |row| (uniform(row, 2 * i) >= 0.03).then(|| 10.0 + 90.0 * uniform(row, 2 * i + 1));
        columns.push((&series.code, Arc::new(rows.clone().map(figure).collect::<Float64Array>())));
    }
    let all = columns.into_iter().map(|(name, array)| (name, array, true));
    Ok(RecordBatch::try_from_iter_with_nullable(all)?)
}

/// Writes the cities into so many files of nearly equal length.
pub fn write(framework: &Framework, rows: usize, files: usize, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for file in 0..files {
        let (mut row, end) = (rows * file / files, rows * (file + 1) / files);
        let settings = WriterProperties::builder().set_max_row_group_row_count(Some(131_072)).build();
        let out = File::create(folder.join(format!("part-{file:03}.parquet")))?;
        let mut writer = ArrowWriter::try_new(out, batch(framework, 0..0)?.schema(), Some(settings))?;
        while row < end {
            let next = end.min(row + 65_536);
            writer.write(&batch(framework, row..next)?)?;
            row = next;
        }
        writer.close()?;
    }
    Ok(())
}
