//! What the driver's errors mean to whoever called the port.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use reelhouse_domain::ports::StoreError;

use crate::pool::chain;

/// What an error means that came before the commit was sent: nothing was written, whatever it was.
///
/// The driver does not hand on the SQLSTATE of most errors, and their texts depend on the server's
/// language. What the server itself refused without a kind of its own (a deadlock, a lock or
/// statement time-out, a shutdown) is undone, so it may be tried again; how often is bounded.
pub(crate) fn undone(error: Error) -> StoreError {
    match error {
        Error::DatabaseError(kind, info) => refused(kind, &*info),
        Error::BrokenTransactionManager => StoreError::Retry("the connection was lost".to_owned()),
        Error::DeserializationError(error) => StoreError::Corrupt(error.to_string()),
        other => StoreError::Corrupt(other.to_string()),
    }
}

/// What an error means that came in answer to the commit.
///
/// An answer that is not a plain refusal leaves open whether the commit took hold: the server may
/// have been stopped on either side of it.
pub(crate) fn unsettled(error: Error) -> StoreError {
    match error {
        Error::DatabaseError(DatabaseErrorKind::Unknown | DatabaseErrorKind::UnableToSendCommand, info) => {
            StoreError::Unavailable(format!("the commit was not answered: {}", info.message()))
        }
        Error::DatabaseError(kind, info) => refused(kind, &*info),
        other => StoreError::Unavailable(format!("the commit was not answered: {other}")),
    }
}

/// What an error of the driver beneath diesel's means: nothing that it came to was kept.
pub(crate) fn lost(error: &tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        Some(refused) => StoreError::Retry(refused.message().to_owned()),
        None => StoreError::Unavailable(chain(error)),
    }
}

/// How the text of a unique violation starts, where `lc_messages` is English.
const DUPLICATE: &str = "duplicate key value violates unique constraint";

/// How the text of a violated foreign key starts and goes on, there.
const DANGLING: [&str; 2] = ["insert or update on table ", " violates foreign key constraint "];

fn refused(kind: DatabaseErrorKind, info: &dyn DatabaseErrorInformation) -> StoreError {
    let message = match info.table_name() {
        Some(table) => format!("{} (table {table})", info.message()),
        None => info.message().to_owned(),
    };
    match kind {
        DatabaseErrorKind::UniqueViolation => StoreError::Clash(message),
        // Citus hands on the text of another machine's error, and not always its code.
        _ if info.message().starts_with(DUPLICATE) => StoreError::Clash(message),
        _ if info.message().starts_with(DANGLING[0]) && info.message().contains(DANGLING[1]) => {
            StoreError::Corrupt(message)
        }
        DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::NotNullViolation
        | DatabaseErrorKind::RestrictViolation
        | DatabaseErrorKind::ExclusionViolation => StoreError::Corrupt(message),
        DatabaseErrorKind::ReadOnlyTransaction => StoreError::Unavailable(message),
        _ => StoreError::Retry(message),
    }
}

/// A stored value that is not what its column should hold.
pub(crate) fn corrupt(what: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{what}: {error}"))
}
