//! Tells whether the store can be used.

use async_trait::async_trait;
use diesel_async::SimpleAsyncConnection as _;
use reelhouse_domain::ports::{Connections, StoreError, StoreProbe};

use crate::PostgresStore;

#[async_trait]
impl StoreProbe for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        let asked = self.checkout().await?.batch_execute("SELECT 1").await;
        asked.map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    fn connections(&self) -> Option<Connections> {
        Some(self.pooled())
    }
}
