//! The open unit of work, and how it ends: committed, rolled back, or with its connection closed.

use async_trait::async_trait;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use reelhouse_domain::ports::{Changes, StoreError, UnitOfWork};

use crate::error::{undone, unsettled};
use crate::write;

/// A connection in the middle of a transaction.
///
/// Dropped without an end, it leaves the pool and is closed, so that the server rolls back at once
/// and nobody gets a connection that still holds locks.
pub(crate) struct OpenUnit {
    connection: Option<Object<AsyncPgConnection>>,
    distributed: bool,
}

impl OpenUnit {
    pub(crate) fn new(connection: Object<AsyncPgConnection>, distributed: bool) -> Self {
        Self { connection: Some(connection), distributed }
    }

    pub(crate) fn connection(&self) -> Result<&AsyncPgConnection, StoreError> {
        self.connection.as_deref().ok_or_else(|| StoreError::Retry("the unit of work has ended".to_owned()))
    }

    /// The transaction is over, whatever came of it, and the connection goes back to the pool.
    fn ended(mut self) {
        drop(self.connection.take());
    }

    /// Rolls back what is known not to be committed; a connection that cannot is closed.
    pub(crate) async fn undo(self) {
        if let Err(error) = self.end("ROLLBACK").await {
            tracing::debug!(%error, "a rollback was not answered, its connection is closed");
        }
    }

    /// Ends the transaction and gives the connection back to the pool.
    pub(crate) async fn end(self, statement: &str) -> Result<(), diesel::result::Error> {
        if let Some(mut connection) = self.connection.as_deref() {
            connection.batch_execute(statement).await?;
        }
        // From here on there is no transaction, so the connection may be used by others.
        self.ended();
        Ok(())
    }
}

impl Drop for OpenUnit {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

#[async_trait]
impl UnitOfWork for OpenUnit {
    async fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        write::all(self.connection()?, changes, self.distributed).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.end("COMMIT").await.map_err(unsettled)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.end("ROLLBACK").await.map_err(undone)
    }
}
