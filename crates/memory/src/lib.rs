//! The in-memory adapter of the ports, for tests and for programs that embed the domain.
//!
//! It keeps the same promises as the databases, save that what it holds is gone with the process.

mod reads;
mod tables;
mod unit;

use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use reelhouse_domain::ports::StoreError;
use tokio::sync::Mutex;

use tables::Tables;

/// How long [`MemoryStore::default`] lets a unit of work wait for the one before it.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// A store in memory. Clones share what is stored.
///
/// One unit of work is open at a time: `begin` waits for the one before it to end. Reads never wait
/// for an open unit of work, only for the moment in which one is written. It needs a tokio runtime
/// with its timer on.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    /// Held by the open unit of work.
    writer: Arc<Mutex<()>>,
    /// What is committed.
    tables: Arc<RwLock<Tables>>,
    lock_wait: Duration,
}

impl Default for MemoryStore {
    /// An empty store whose units of work wait up to 5 seconds for one another.
    fn default() -> Self {
        Self::with_lock_wait(LOCK_WAIT)
    }
}

impl MemoryStore {
    /// An empty store whose units of work wait up to `lock_wait` for one another.
    #[must_use]
    pub fn with_lock_wait(lock_wait: Duration) -> Self {
        Self { writer: Arc::default(), tables: Arc::default(), lock_wait }
    }

    /// What is committed, to be read. The guard must not be held across an await.
    fn read(&self) -> Result<RwLockReadGuard<'_, Tables>, StoreError> {
        self.tables.read().map_err(|_| poisoned())
    }

    /// What is committed, to be written. The guard must not be held across an await.
    fn write(&self) -> Result<RwLockWriteGuard<'_, Tables>, StoreError> {
        self.tables.write().map_err(|_| poisoned())
    }
}

/// A thread panicked in the midst of a write: half of a batch may be there, so nothing is served.
fn poisoned() -> StoreError {
    StoreError::Unavailable("a write was broken off, what is in memory cannot be trusted".to_owned())
}
