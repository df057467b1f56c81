//! Rows of the append-only records, the metrics and the answered keys.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use reelhouse_domain::ports::{AnsweredKey, IdempotencyKey, MetricRow, StoreError};
use reelhouse_domain::session::{EventBody, GameplayEvent, Transition};
use reelhouse_domain::wallet::{Account, Cause, EntryKind, LedgerEntry, WalletOperation};
use reelhouse_domain::{EntryId, EventId, Money, OperationId, SessionId, WalletId};
use reelhouse_schema::sqlite::{
    gameplay_events, idempotency_keys, ledger_entries, metrics, rl_store, wallet_operations,
};

use super::{
    instant, read_digest, read_document, read_id, read_instant, read_named, read_value, write_document, write_value,
};
use crate::error::corrupt;

/// A row of `gameplay_events`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = gameplay_events, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct EventRow {
    event_id: String,
    session_id: String,
    shard: i16,
    seq: i64,
    action: String,
    result: String,
    timestamp: String,
    reward: f64,
    hash: Vec<u8>,
}

impl EventRow {
    pub(crate) fn write(event: &GameplayEvent) -> Result<Self, StoreError> {
        let body = &event.body;
        Ok(Self {
            event_id: body.event_id.to_string(),
            session_id: body.session_id.to_string(),
            shard: body.session_id.shard().column(),
            seq: body.seq,
            action: write_value("gameplay_events.action", &body.action)?,
            result: write_value("gameplay_events.result", &body.result)?,
            timestamp: instant(body.timestamp),
            reward: body.reward,
            hash: event.hash.0.to_vec(),
        })
    }

    pub(crate) fn read(self) -> Result<GameplayEvent, StoreError> {
        let body = EventBody {
            event_id: EventId(read_id("gameplay_events.event_id", &self.event_id)?),
            session_id: SessionId(read_id("gameplay_events.session_id", &self.session_id)?),
            seq: self.seq,
            action: read_value("gameplay_events.action", &self.action)?,
            result: read_value("gameplay_events.result", &self.result)?,
            reward: self.reward,
            timestamp: read_instant("gameplay_events.timestamp", &self.timestamp)?,
        };
        Ok(GameplayEvent { body, hash: read_digest("gameplay_events.hash", &self.hash)? })
    }
}

/// A row of `rl_store`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = rl_store, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct TransitionRow {
    id: String,
    session_id: String,
    shard: i16,
    seq: i64,
    state: String,
    action: String,
    reward: f64,
    next_state: String,
    done: bool,
    terminated: bool,
    truncated: bool,
    created_at: String,
}

impl TransitionRow {
    pub(crate) fn write(transition: &Transition) -> Result<Self, StoreError> {
        Ok(Self {
            id: transition.id.to_string(),
            session_id: transition.session_id.to_string(),
            shard: transition.session_id.shard().column(),
            seq: transition.seq,
            state: write_document("rl_store.state", &transition.state)?,
            action: write_value("rl_store.action", &transition.action)?,
            reward: transition.reward,
            next_state: write_document("rl_store.next_state", &transition.next_state)?,
            done: transition.done(),
            terminated: transition.terminated,
            truncated: transition.truncated,
            created_at: instant(transition.created_at),
        })
    }

    pub(crate) fn read(self) -> Result<Transition, StoreError> {
        Ok(Transition {
            id: EventId(read_id("rl_store.id", &self.id)?),
            session_id: SessionId(read_id("rl_store.session_id", &self.session_id)?),
            seq: self.seq,
            state: read_document("rl_store.state", &self.state)?,
            action: read_value("rl_store.action", &self.action)?,
            reward: self.reward,
            next_state: read_document("rl_store.next_state", &self.next_state)?,
            terminated: self.terminated,
            truncated: self.truncated,
            created_at: read_instant("rl_store.created_at", &self.created_at)?,
        })
    }
}

/// A row of `ledger_entries`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_entries, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct EntryRow {
    entry_id: String,
    wallet_id: String,
    shard: i16,
    seq: i64,
    account: String,
    kind: String,
    amount: i64,
    balance_before: i64,
    balance_after: i64,
    event_id: Option<String>,
    operation_id: Option<String>,
    timestamp: String,
}

impl EntryRow {
    pub(crate) fn write(entry: &LedgerEntry) -> Self {
        let (event_id, operation_id) = match entry.cause {
            Cause::Event(id) => (Some(id.to_string()), None),
            Cause::Operation(id) => (None, Some(id.to_string())),
        };
        Self {
            entry_id: entry.entry_id.to_string(),
            wallet_id: entry.wallet_id.to_string(),
            shard: entry.wallet_id.shard().column(),
            seq: entry.seq,
            account: entry.account.name().to_owned(),
            kind: entry.kind.name().to_owned(),
            amount: entry.amount.units(),
            balance_before: entry.balance_before.units(),
            balance_after: entry.balance_after.units(),
            event_id,
            operation_id,
            timestamp: instant(entry.timestamp),
        }
    }

    pub(crate) fn read(self) -> Result<LedgerEntry, StoreError> {
        let cause = match (&self.event_id, &self.operation_id) {
            (Some(id), None) => Cause::Event(EventId(read_id("ledger_entries.event_id", id)?)),
            (None, Some(id)) => Cause::Operation(OperationId(read_id("ledger_entries.operation_id", id)?)),
            _ => return Err(corrupt("ledger_entries", "an entry has one cause")),
        };
        Ok(LedgerEntry {
            entry_id: EntryId(read_id("ledger_entries.entry_id", &self.entry_id)?),
            wallet_id: WalletId(read_id("ledger_entries.wallet_id", &self.wallet_id)?),
            seq: self.seq,
            account: read_named("ledger_entries.account", &self.account, Account::named)?,
            kind: read_named("ledger_entries.kind", &self.kind, EntryKind::named)?,
            amount: Money::from_units(self.amount),
            balance_before: Money::from_units(self.balance_before),
            balance_after: Money::from_units(self.balance_after),
            cause,
            timestamp: read_instant("ledger_entries.timestamp", &self.timestamp)?,
        })
    }
}

/// A row of `wallet_operations`, which is only written.
#[derive(Insertable)]
#[diesel(table_name = wallet_operations, treat_none_as_default_value = false)]
pub(crate) struct OperationRow {
    operation_id: String,
    wallet_id: String,
    shard: i16,
    operation: &'static str,
    amount: i64,
    timestamp: String,
}

impl OperationRow {
    pub(crate) fn write(operation: &WalletOperation) -> Self {
        Self {
            operation_id: operation.operation_id.to_string(),
            wallet_id: operation.wallet_id.to_string(),
            shard: operation.wallet_id.shard().column(),
            operation: operation.operation.name(),
            amount: operation.amount.units(),
            timestamp: instant(operation.timestamp),
        }
    }
}

/// A row of `metrics`, as it is written.
#[derive(Insertable)]
#[diesel(table_name = metrics, treat_none_as_default_value = false)]
pub(crate) struct MetricValueRow {
    session_id: String,
    shard: i16,
    key: &'static str,
    value: String,
    recorded_at: String,
}

impl MetricValueRow {
    pub(crate) fn write(metric: &MetricRow) -> Self {
        Self {
            session_id: metric.session_id.to_string(),
            shard: metric.session_id.shard().column(),
            key: metric.key,
            value: metric.value.to_string(),
            recorded_at: instant(metric.recorded_at),
        }
    }
}

/// A row of `idempotency_keys`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct KeyRow {
    key: String,
    shard: i16,
    request: Vec<u8>,
    answer: String,
    created_at: String,
}

impl KeyRow {
    pub(crate) fn write(answered: &AnsweredKey) -> Result<Self, StoreError> {
        Ok(Self {
            key: answered.key.key.clone(),
            shard: answered.key.shard.column(),
            request: answered.request.0.to_vec(),
            answer: write_value("idempotency_keys.answer", &answered.answer)?,
            created_at: instant(answered.created_at),
        })
    }

    /// Reads the row that was found under `key`.
    pub(crate) fn read(self, key: IdempotencyKey) -> Result<AnsweredKey, StoreError> {
        Ok(AnsweredKey {
            key,
            request: read_digest("idempotency_keys.request", &self.request)?,
            answer: read_value("idempotency_keys.answer", &self.answer)?,
            created_at: read_instant("idempotency_keys.created_at", &self.created_at)?,
        })
    }
}
