//! Archived rows as what they are to the domain. Documents are upcast as they are when the database gives them.

use chrono::DateTime;
use reelhouse_domain::archive::{Cell, Column};
use reelhouse_domain::document::{self, Document};
use reelhouse_domain::ports::{RecordedStep, StoreError};
use reelhouse_domain::rl::{Ending, read_action, read_observation};
use reelhouse_domain::session::{EventBody, GameplayEvent, Transition};
use reelhouse_domain::{Digest, EventId, SessionId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

/// A row with its columns.
pub(crate) struct Record<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) cells: &'a [Cell],
}

impl Record<'_> {
    fn get<'a, T>(&'a self, name: &str, read: impl FnOnce(&'a Cell) -> Option<T>) -> Result<T, StoreError> {
        let place = self.columns.iter().position(|column| column.name == name);
        let cell = place.and_then(|place| self.cells.get(place));
        cell.and_then(read).ok_or_else(|| corrupt(name, "it does not read"))
    }

    fn uuid(&self, name: &str) -> Result<Uuid, StoreError> {
        self.get(name, |cell| if let Cell::Uuid(id) = cell { Some(*id) } else { None })
    }

    fn long(&self, name: &str) -> Result<i64, StoreError> {
        self.get(name, |cell| if let Cell::Long(number) = cell { Some(*number) } else { None })
    }

    fn double(&self, name: &str) -> Result<f64, StoreError> {
        self.get(name, |cell| if let Cell::Double(number) = cell { Some(*number) } else { None })
    }

    fn flag(&self, name: &str) -> Result<bool, StoreError> {
        self.get(name, |cell| if let Cell::Flag(flag) = cell { Some(*flag) } else { None })
    }

    fn instant(&self, name: &str) -> Result<Timestamp, StoreError> {
        self.get(name, |cell| match cell {
            Cell::Instant(micros) => DateTime::from_timestamp_micros(*micros),
            _ => None,
        })
    }

    fn digest(&self, name: &str) -> Result<Digest, StoreError> {
        self.get(name, |cell| if let Cell::Bytes(bytes) = cell { Digest::from_slice(bytes) } else { None })
    }

    fn json(&self, name: &str) -> Result<&str, StoreError> {
        self.get(name, |cell| if let Cell::Json(text) = cell { Some(text.as_str()) } else { None })
    }

    fn value(&self, name: &str) -> Result<Value, StoreError> {
        serde_json::from_str(self.json(name)?).map_err(|error| corrupt(name, error))
    }

    fn document<T: Document>(&self, name: &str) -> Result<T, StoreError> {
        document::read(self.json(name)?).map_err(|error| corrupt(name, error))
    }
}

fn corrupt(name: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("archived {name}: {error}"))
}

/// A row of `gameplay_events`.
pub(crate) fn event(row: &Record<'_>) -> Result<GameplayEvent, StoreError> {
    Ok(GameplayEvent {
        body: EventBody {
            event_id: EventId(row.uuid("event_id")?),
            session_id: SessionId(row.uuid("session_id")?),
            seq: row.long("seq")?,
            action: row.value("action")?,
            result: row.value("result")?,
            reward: row.double("reward")?,
            timestamp: row.instant("timestamp")?,
        },
        hash: row.digest("hash")?,
    })
}

/// A row of `rl_store`.
pub(crate) fn transition(row: &Record<'_>) -> Result<Transition, StoreError> {
    Ok(Transition {
        id: EventId(row.uuid("id")?),
        session_id: SessionId(row.uuid("session_id")?),
        seq: row.long("seq")?,
        state: row.document("state")?,
        action: row.value("action")?,
        reward: row.double("reward")?,
        next_state: row.document("next_state")?,
        terminated: row.flag("terminated")?,
        truncated: row.flag("truncated")?,
        created_at: row.instant("created_at")?,
    })
}

/// A row of `rl_store` for an export.
pub(crate) fn step(row: &Record<'_>) -> Result<RecordedStep, StoreError> {
    let observation = |name| read_observation(row.json(name)?).map_err(|error| corrupt(name, error));
    Ok(RecordedStep {
        id: EventId(row.uuid("id")?),
        session_id: SessionId(row.uuid("session_id")?),
        seq: row.long("seq")?,
        state: Some(observation("state")?),
        action: read_action(row.json("action")?).map_err(|error| corrupt("action", error))?,
        reward: row.double("reward")?,
        next_state: observation("next_state")?,
        ending: Ending::from_flags(row.flag("terminated")?, row.flag("truncated")?),
        created_at: row.instant("created_at")?,
    })
}
