//! Columns whose Rust types are ours: JSON documents and states.

use std::io::{self, Write as _};

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Jsonb;
use reelhouse_domain::document::{self, Document};
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::session::SessionState;
use reelhouse_schema::postgres::sql_types;
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use crate::error::corrupt;

/// The text of a `jsonb` column.
#[derive(Clone, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub(crate) struct Json(String);

impl Json {
    /// A versioned document of numbers and strings that the domain writes.
    pub(crate) fn document<T: Document>(body: &T) -> Result<Self, StoreError> {
        document::write(body).map(Self).map_err(|error| corrupt("a document cannot be written", error))
    }

    /// A document in which a caller may have put any JSON.
    pub(crate) fn open_document<T: Document>(body: &T) -> Result<Self, StoreError> {
        let Self(text) = Self::document(body)?;
        let value: Value = serde_json::from_str(&text).map_err(|error| corrupt("a document does not read", error))?;
        Self::value(&value)
    }

    /// Any JSON.
    pub(crate) fn value(value: &Value) -> Result<Self, StoreError> {
        let mut text = Vec::new();
        value
            .serialize(&mut Serializer::with_formatter(&mut text, KeepFloats))
            .map_err(|error| corrupt("a document cannot be written", error))?;
        String::from_utf8(text).map(Self).map_err(|error| corrupt("a document cannot be written", error))
    }

    /// Reads a versioned document, of this or an older version.
    pub(crate) fn read<T: Document>(&self, what: &str) -> Result<T, StoreError> {
        document::read(&self.0).map_err(|error| corrupt(what, error))
    }

    /// Reads any JSON.
    pub(crate) fn read_value(&self, what: &str) -> Result<Value, StoreError> {
        serde_json::from_str(&self.0).map_err(|error| corrupt(what, error))
    }
}

/// Writes whole floats with a point: `jsonb` writes exponents out, and without the point the
/// 1e17 that went in would come back as an integer.
struct KeepFloats;

impl Formatter for KeepFloats {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // `Display` of a float uses no exponent; the shortest digits that read back the same.
        let point = if value.fract() == 0.0 { ".0" } else { "" };
        write!(writer, "{value}{point}")
    }
}

impl ToSql<Jsonb, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The version of the binary form, which is 1 and then the text.
        out.write_all(&[1])?;
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Jsonb, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [1, text @ ..] => Ok(Self(std::str::from_utf8(text)?.to_owned())),
            _ => Err("a jsonb of another version than 1".into()),
        }
    }
}

/// A value of a `session_state` column.
#[derive(Clone, Copy, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::SessionState)]
pub(crate) struct State(pub(crate) SessionState);

impl ToSql<sql_types::SessionState, Pg> for State {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.name().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql_types::SessionState, Pg> for State {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let name = std::str::from_utf8(value.as_bytes())?;
        let state = SessionState::named(name).ok_or_else(|| format!("no session state is named {name:?}"))?;
        Ok(Self(state))
    }
}
