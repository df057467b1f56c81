//! Driver errors in the ports' words. SQLite's own text goes along, for the log.

use std::fmt::Display;

use diesel::result::{DatabaseErrorKind, Error};
use reelhouse_domain::ports::StoreError;

/// What SQLite says when another connection holds a lock for too long (`SQLITE_BUSY`, `SQLITE_LOCKED`).
///
/// Diesel tells constraints apart by their code and leaves the rest to their text, which SQLite keeps
/// in one table (`sqlite3ErrStr`).
const LOCKED: [&str; 3] = ["database is locked", "database table is locked", "database schema is locked"];

/// What SQLite says when the file is not what it wrote (`SQLITE_CORRUPT`, `SQLITE_NOTADB`).
const MALFORMED: [&str; 2] = ["database disk image is malformed", "file is not a database"];

/// Turns a driver error into what a caller of the ports can act on.
pub(crate) fn from_diesel(error: Error) -> StoreError {
    match error {
        Error::DatabaseError(kind, information) => {
            let message = information.message().to_owned();
            match kind {
                DatabaseErrorKind::UniqueViolation => StoreError::Clash(message),
                DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::CheckViolation => StoreError::Corrupt(message),
                _ if starts_with(&message, &LOCKED) => StoreError::Retry(message),
                _ if starts_with(&message, &MALFORMED) => StoreError::Corrupt(message),
                // A full disk, an I/O error, a file that cannot be opened, a schema that is not there.
                _ => StoreError::Unavailable(message),
            }
        }
        Error::DeserializationError(error) | Error::SerializationError(error) => StoreError::Corrupt(error.to_string()),
        other => StoreError::Unavailable(other.to_string()),
    }
}

fn starts_with(message: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| message.starts_with(beginning))
}

/// A column that does not hold what it should.
pub(crate) fn corrupt(column: &str, reason: impl Display) -> StoreError {
    StoreError::Corrupt(format!("{column}: {reason}"))
}
