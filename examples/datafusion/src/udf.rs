//! A fitted composite as a scalar function of SQL.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::exec_datafusion_err;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use longspring::{Composite, arrow};

use crate::cities::external;

/// `longspring_<index>(a, b, ...)`: the score of a city by its figures, which stand in the order of the framework's series.
///
/// A null is a missing figure; the score is null where too little is known. The yardstick is fixed, so the score of a row
/// depends on that row alone, and any worker may compute it.
#[derive(Debug)]
pub struct Score {
    name: String,
    node: String,
    composite: Composite,
    signature: Signature,
    schema: SchemaRef,
}

impl Score {
    /// The scores of an index or a measure.
    ///
    /// A method that needs more than figures to score a city, such as its key or its region, is refused here.
    pub fn of(composite: &Composite, node: &str) -> Result<ScalarUDF> {
        let series = composite.framework().series();
        let fields: Vec<Field> = series.map(|series| Field::new(&series.code, DataType::Float64, true)).collect();
        let score = Self {
            name: format!("longspring_{node}"),
            node: node.to_owned(),
            composite: composite.clone(),
            signature: Signature::exact(vec![DataType::Float64; fields.len()], Volatility::Immutable),
            schema: Arc::new(Schema::new(fields)),
        };
        composite.framework().node(node).map_err(external)?;
        score.score(&RecordBatch::new_empty(score.schema.clone()))?;
        Ok(ScalarUDF::from(score))
    }

    fn score(&self, figures: &RecordBatch) -> Result<ArrayRef> {
        let scored = arrow::score(&self.composite, figures).map_err(external)?;
        let scores = scored.column_by_name(&self.node).cloned();
        scores.ok_or_else(|| exec_datafusion_err!("the composite does not score `{}`", self.node))
    }
}

// The engine merges equal calls; a function is the same where its yardstick is.
impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.composite == other.composite
    }
}

impl Eq for Score {}

impl Hash for Score {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Score {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = args.args.iter().map(|value| value.to_array(args.number_rows)).collect::<Result<Vec<_>>>()?;
        let figures = RecordBatch::try_new(self.schema.clone(), columns)?;
        Ok(ColumnarValue::Array(self.score(&figures)?))
    }
}
