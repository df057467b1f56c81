//! Parquet with the columns that RLlib's offline data has, and no others: it takes those for model outputs.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::schema::types::ColumnPath;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StructArray, new_null_array};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};

use crate::columns::{Ids, Observations, flags, float_item};
use crate::row::Row;
use crate::{Manifest, Sink, WriteError, Writer};

/// How many rows are handed on at once.
const BATCH: usize = 4096;

/// How many rows a row group has: it is held in memory, compressed, until it is whole.
const ROW_GROUP: usize = 16 * BATCH;

/// The level of compression.
const LEVEL: i32 = 1;

/// Writes Parquet.
pub(crate) struct ParquetWriter {
    file: ArrowWriter<Sink>,
    schema: SchemaRef,
    episodes: Ids,
    observations: Observations,
    actions: Vec<i64>,
    rewards: Vec<f64>,
    ids: Ids,
    next_observations: Observations,
    terminated: Vec<bool>,
    truncated: Vec<bool>,
    places: Vec<i64>,
    group: usize,
}

fn info_fields() -> Fields {
    vec![Field::new("event_id", DataType::Utf8, false)].into()
}

fn schema() -> SchemaRef {
    let field = |name: &str, kind| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("eps_id", DataType::Utf8),
        // There is one agent and one module, which RLlib knows by having no names.
        Field::new("agent_id", DataType::Utf8, true),
        Field::new("module_id", DataType::Utf8, true),
        field("obs", DataType::List(float_item())),
        field("actions", DataType::Int64),
        field("rewards", DataType::Float64),
        field("infos", DataType::Struct(info_fields())),
        field("new_obs", DataType::List(float_item())),
        field("terminateds", DataType::Boolean),
        field("truncateds", DataType::Boolean),
        field("t", DataType::Int64),
    ]))
}

impl ParquetWriter {
    pub(crate) fn new(sink: Sink) -> Result<Self, WriteError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
            // Floats hardly repeat, so a dictionary of them is work for nothing.
            .set_dictionary_enabled(false)
            .set_column_dictionary_enabled(ColumnPath::from("eps_id"), true)
            .build();
        let schema = schema();
        Ok(Self {
            file: ArrowWriter::try_new(sink, Arc::clone(&schema), Some(properties))?,
            schema,
            episodes: Ids::default(),
            observations: Observations::default(),
            actions: vec![],
            rewards: vec![],
            ids: Ids::default(),
            next_observations: Observations::default(),
            terminated: vec![],
            truncated: vec![],
            places: vec![],
            group: 0,
        })
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        let rows = self.places.len();
        if rows == 0 {
            return Ok(());
        }
        let nobody = || -> ArrayRef { new_null_array(&DataType::Utf8, rows) };
        let columns = vec![
            self.episodes.take()?,
            nobody(),
            nobody(),
            self.observations.take_lists()?,
            Arc::new(Int64Array::from(std::mem::take(&mut self.actions))),
            Arc::new(Float64Array::from(std::mem::take(&mut self.rewards))),
            Arc::new(StructArray::try_new(info_fields(), vec![self.ids.take()?], None)?),
            self.next_observations.take_lists()?,
            flags(&mut self.terminated),
            flags(&mut self.truncated),
            Arc::new(Int64Array::from(std::mem::take(&mut self.places))),
        ];
        self.file.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)?;
        self.group += rows;
        if self.group >= ROW_GROUP {
            self.group = 0;
            self.file.flush()?;
        }
        Ok(())
    }
}

impl Writer for ParquetWriter {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        self.episodes.push(row.step.session_id.0);
        self.observations.push(row.observation);
        self.actions.push(row.action_number());
        self.rewards.push(row.step.reward);
        self.ids.push(row.step.id.0);
        self.next_observations.push(row.next_observation);
        self.terminated.push(row.ending.terminated());
        self.truncated.push(row.ending.truncated());
        self.places.push(row.place);
        if self.places.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>, manifest: &Manifest) -> Result<(), WriteError> {
        self.flush()?;
        let manifest = serde_json::to_string(manifest)?;
        self.file.append_key_value_metadata(KeyValue::new("reelhouse".to_owned(), manifest));
        self.file.finish()?;
        Ok(std::io::Write::flush(self.file.inner_mut())?)
    }
}
