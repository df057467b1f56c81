//! Archives: which months of the append-only tables are in files.

use async_trait::async_trait;

use super::StoreError;
use crate::archive::Archive;
use crate::time::Timestamp;

/// Tells which months were archived. Only a store with partitions has any.
///
/// A month is archived in one transaction, which drops its rows from the tables: whoever reads the tables first
/// and asks for the archives afterwards misses no row, and may find one in both.
#[async_trait]
pub trait ArchiveRepository: Send + Sync {
    /// The archived months that end after `since`, the oldest first.
    async fn archive_list(&self, since: Timestamp) -> Result<Vec<Archive>, StoreError>;
}
