//! NDJSON: a JSON object a line, with the exact documents and the floats that they become.

use std::io::Write as _;

use reelhouse_domain::session::{Action, Observation};
use reelhouse_domain::time::millis_format;
use reelhouse_domain::{EventId, SessionId, Timestamp};
use serde::Serialize;

use crate::row::Row;
use crate::{Manifest, Sink, WriteError, Writer};

/// Writes NDJSON.
pub(crate) struct NdjsonWriter {
    sink: Sink,
}

impl NdjsonWriter {
    pub(crate) fn new(sink: Sink) -> Self {
        Self { sink }
    }
}

#[derive(Serialize)]
struct Versioned<'a, T> {
    version: u64,
    #[serde(flatten)]
    body: &'a T,
}

/// A line: the columns of `rl_store`, then the floats.
#[derive(Serialize)]
struct Line<'a> {
    id: EventId,
    session_id: SessionId,
    seq: i64,
    state: Versioned<'a, Observation>,
    action: Versioned<'a, Action>,
    reward: f64,
    next_state: Versioned<'a, Observation>,
    done: bool,
    terminated: bool,
    truncated: bool,
    #[serde(with = "millis_format")]
    created_at: Timestamp,
    observation: &'a [f32],
    action_index: i64,
    next_observation: &'a [f32],
}

impl Writer for NdjsonWriter {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        let version = <Observation as reelhouse_domain::document::Document>::VERSION;
        let (terminated, truncated) = (row.ending.terminated(), row.ending.truncated());
        let line = Line {
            id: row.step.id,
            session_id: row.step.session_id,
            seq: row.step.seq,
            state: Versioned { version, body: row.state },
            action: Versioned { version: 1, body: &row.step.action },
            reward: row.step.reward,
            next_state: Versioned { version, body: &row.step.next_state },
            done: terminated || truncated,
            terminated,
            truncated,
            created_at: row.step.created_at,
            observation: row.observation,
            action_index: row.action_number(),
            next_observation: row.next_observation,
        };
        serde_json::to_writer(&mut self.sink, &line)?;
        Ok(self.sink.write_all(b"\n")?)
    }

    fn finish(mut self: Box<Self>, _manifest: &Manifest) -> Result<(), WriteError> {
        Ok(self.sink.flush()?)
    }
}
