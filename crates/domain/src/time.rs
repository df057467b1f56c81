//! Instants to the millisecond, and the clock port that tells them.

use chrono::{DateTime, SubsecRound, Utc};

/// An instant in UTC. Every stored instant is whole milliseconds, as the ids hold them.
pub type Timestamp = DateTime<Utc>;

/// The clock, injected so that a test can set it.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;
}

/// The instant cut to whole milliseconds.
#[must_use]
pub fn to_millis(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}

/// The instant that is `millis` after the Unix epoch; `None` outside chrono's range.
#[must_use]
pub fn from_millis(millis: i64) -> Option<Timestamp> {
    DateTime::from_timestamp_millis(millis)
}

/// Writes instants as RFC 3339 with milliseconds and `Z`, always of one width.
pub mod millis_format {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Timestamp;

    /// Writes the instant as `2026-01-02T03:04:05.678Z`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }

    /// Reads any RFC 3339 instant.
    ///
    /// # Errors
    /// When the text is not one.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        DateTime::<Utc>::deserialize(deserializer)
    }
}
