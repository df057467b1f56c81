//! The writer: the one connection that writes, and its transaction.

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection as _;
use reelhouse_domain::ports::StoreError;

use crate::checkpoint::Checkpoints;
use crate::connection::{SqliteOptions, connect_writer};
use crate::error::from_diesel;

/// What SQLite says to a ROLLBACK when an error has undone the transaction already.
const NOTHING_OPEN: &str = "no transaction is active";

/// The connection that writes. It is opened again after an error that it may not have survived.
pub(crate) struct Writer {
    path: String,
    options: SqliteOptions,
    checkpoints: Checkpoints,
    /// Closed after that of the checkpoints.
    connection: Option<SqliteConnection>,
}

impl Writer {
    /// Opens the file, and makes it when it is not there.
    pub(crate) fn open(path: String, options: SqliteOptions) -> Result<Self, StoreError> {
        let connection = connect_writer(&path, &options)?;
        let checkpoints =
            Checkpoints::start(path.clone()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { path, options, connection: Some(connection), checkpoints })
    }

    /// The connection.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect_writer(&self.path, &self.options)?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Opens a transaction that holds the write lock from its start, so that what it reads is still
    /// so when it writes.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        self.connection()?.batch_execute("BEGIN IMMEDIATE").map_err(from_diesel)
    }

    /// Commits the transaction.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        self.connection()?.batch_execute("COMMIT").map_err(from_diesel)?;
        self.checkpoints.due();
        Ok(())
    }

    /// Undoes the transaction. A connection that cannot do that is closed, which does it too.
    pub(crate) fn roll_back(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        if let Err(error) = connection.batch_execute("ROLLBACK")
            && !error.to_string().contains(NOTHING_OPEN)
        {
            tracing::warn!(%error, "a transaction could not be rolled back, its connection is closed");
            self.connection = None;
        }
    }
}
