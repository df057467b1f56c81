//! Rows: what the tables hold, and its way from and to the domain's types.

mod entities;
mod jobs;
mod records;

use std::fmt::Display;

use chrono::{DateTime, SecondsFormat, Utc};
use reelhouse_domain::document::{self, Document};
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::{Digest, Money, Timestamp};
use serde_json::Value;
use uuid::Uuid;

pub(crate) use entities::{GameRow, SessionChange, SessionRow, WalletMarkRow, WalletRow};
pub(crate) use jobs::JobRow;
pub(crate) use records::{EntryRow, EventRow, KeyRow, MetricValueRow, OperationRow, TransitionRow};

use crate::error::corrupt;

/// The text of an instant: always 24 characters, so that instants sort as text.
pub(crate) fn instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn read_instant(column: &str, text: &str) -> Result<Timestamp, StoreError> {
    DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc)).map_err(|error| corrupt(column, error))
}

pub(crate) fn read_id(column: &str, text: &str) -> Result<Uuid, StoreError> {
    text.parse().map_err(|error| corrupt(column, error))
}

pub(crate) fn read_digest(column: &str, bytes: &[u8]) -> Result<Digest, StoreError> {
    Digest::from_slice(bytes).ok_or_else(|| corrupt(column, "32 bytes were expected"))
}

pub(crate) fn read_named<T>(column: &str, name: &str, named: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
    named(name).ok_or_else(|| corrupt(column, format_args!("{name:?} is not a name that is known")))
}

fn read_count<T: TryFrom<i64, Error: Display>>(column: &str, number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|error| corrupt(column, error))
}

pub(crate) fn write_document<T: Document>(column: &str, body: &T) -> Result<String, StoreError> {
    document::write(body).map_err(|error| corrupt(column, error))
}

pub(crate) fn read_document<T: Document>(column: &str, text: &str) -> Result<T, StoreError> {
    document::read(text).map_err(|error| corrupt(column, error))
}

pub(crate) fn write_value(column: &str, value: &Value) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| corrupt(column, error))
}

/// Reads a document that is kept as it was written, because a hash covers it.
fn read_value(column: &str, text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|error| corrupt(column, error))
}

fn units(amount: Option<Money>) -> Option<i64> {
    amount.map(Money::units)
}
