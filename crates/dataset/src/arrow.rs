//! Arrow: an IPC stream of record batches, which pandas, Polars, DuckDB and pyarrow read.

use std::io::Write as _;
use std::sync::Arc;

use arrow_array::{Float64Array, Int64Array, RecordBatch, TimestampMillisecondArray};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::columns::{Ids, Observations, fixed_observation, flags};
use crate::row::Row;
use crate::{Manifest, Origin, Sink, WriteError, Writer};

/// How many rows a record batch has.
const BATCH: usize = 4096;

/// Writes an Arrow IPC stream.
pub(crate) struct ArrowWriter {
    stream: StreamWriter<Sink>,
    schema: SchemaRef,
    sessions: Ids,
    seqs: Vec<i64>,
    ids: Ids,
    times: Vec<i64>,
    observations: Observations,
    actions: Vec<i64>,
    rewards: Vec<f64>,
    next_observations: Observations,
    terminated: Vec<bool>,
    truncated: Vec<bool>,
}

fn schema(origin: &Origin) -> Result<SchemaRef, WriteError> {
    let field = |name: &str, kind| Field::new(name, kind, false);
    let fields = vec![
        field("session_id", DataType::Utf8),
        field("seq", DataType::Int64),
        field("id", DataType::Utf8),
        field("created_at", DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))),
        field("observation", fixed_observation()),
        field("action", DataType::Int64),
        field("reward", DataType::Float64),
        field("next_observation", fixed_observation()),
        field("terminated", DataType::Boolean),
        field("truncated", DataType::Boolean),
    ];
    let metadata = std::collections::HashMap::from([("reelhouse".to_owned(), serde_json::to_string(origin)?)]);
    Ok(Arc::new(Schema::new_with_metadata(fields, metadata)))
}

impl ArrowWriter {
    pub(crate) fn new(sink: Sink, origin: &Origin) -> Result<Self, WriteError> {
        let schema = schema(origin)?;
        Ok(Self {
            stream: StreamWriter::try_new(sink, &schema)?,
            schema,
            sessions: Ids::default(),
            seqs: vec![],
            ids: Ids::default(),
            times: vec![],
            observations: Observations::default(),
            actions: vec![],
            rewards: vec![],
            next_observations: Observations::default(),
            terminated: vec![],
            truncated: vec![],
        })
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        if self.seqs.is_empty() {
            return Ok(());
        }
        let times = TimestampMillisecondArray::from(std::mem::take(&mut self.times)).with_timezone("UTC");
        let columns = vec![
            self.sessions.take()?,
            Arc::new(Int64Array::from(std::mem::take(&mut self.seqs))),
            self.ids.take()?,
            Arc::new(times),
            self.observations.take_fixed()?,
            Arc::new(Int64Array::from(std::mem::take(&mut self.actions))),
            Arc::new(Float64Array::from(std::mem::take(&mut self.rewards))),
            self.next_observations.take_fixed()?,
            flags(&mut self.terminated),
            flags(&mut self.truncated),
        ];
        Ok(self.stream.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)?)
    }
}

impl Writer for ArrowWriter {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        self.sessions.push(row.step.session_id.0);
        self.seqs.push(row.step.seq);
        self.ids.push(row.step.id.0);
        self.times.push(row.step.created_at.timestamp_millis());
        self.observations.push(row.observation);
        self.actions.push(row.action_number());
        self.rewards.push(row.step.reward);
        self.next_observations.push(row.next_observation);
        self.terminated.push(row.ending.terminated());
        self.truncated.push(row.ending.truncated());
        if self.seqs.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>, _manifest: &Manifest) -> Result<(), WriteError> {
        self.flush()?;
        self.stream.finish()?;
        Ok(self.stream.get_mut().flush()?)
    }
}
