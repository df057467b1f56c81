//! The probe: whether the store can be used.

use async_trait::async_trait;
use diesel::prelude::*;
use reelhouse_domain::ports::{Connections, StoreError, StoreProbe};
use reelhouse_schema::sqlite::games;

use crate::error::from_diesel;
use crate::store::SqliteStore;

#[async_trait]
impl StoreProbe for SqliteStore {
    /// Reads a table, so that a file without its schema is not called ready.
    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            let any = games::table.select(games::game_id).limit(1);
            any.get_result::<String>(connection).optional().map(drop).map_err(from_diesel)
        })
        .await
    }

    /// Those that read: the one that writes is the committer's own.
    fn connections(&self) -> Option<Connections> {
        Some(self.readers())
    }
}
