//! The unit of work: the writer's lock, held until it ends.

use async_trait::async_trait;
use reelhouse_domain::ports::{Changes, Needs, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use crate::MemoryStore;

/// An open unit of work. Dropping it lets the next one begin; nothing was written yet.
struct MemoryUnitOfWork {
    store: MemoryStore,
    changes: Changes,
    _turn: OwnedMutexGuard<()>,
}

#[async_trait]
impl UnitOfWorkFactory for MemoryStore {
    async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        let turn = timeout(self.lock_wait, self.writer.clone().lock_owned())
            .await
            .map_err(|_| StoreError::Retry("another unit of work was open for too long".to_owned()))?;
        let snapshot = self.read()?.snapshot(needs);
        Ok((snapshot, Box::new(MemoryUnitOfWork { store: self.clone(), changes: Changes::default(), _turn: turn })))
    }
}

#[async_trait]
impl UnitOfWork for MemoryUnitOfWork {
    async fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.changes = changes.clone();
        self.store.read()?.check(changes)
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.store.write()?.apply(&self.changes);
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn waiting_for_a_turn_is_bounded() {
        let store = MemoryStore::with_lock_wait(Duration::from_millis(20));
        let (_, open) = store.begin(&Needs::default()).await.unwrap();
        let refused = store.begin(&Needs::default()).await.err();
        assert!(matches!(refused, Some(StoreError::Retry(_))), "{refused:?}");
        open.rollback().await.unwrap();
        store.begin(&Needs::default()).await.unwrap();
    }

    #[tokio::test]
    async fn a_broken_write_takes_the_store_out_of_use() {
        let store = MemoryStore::default();
        let broken = store.clone();
        let write = tokio::task::spawn_blocking(move || {
            let _tables = broken.write();
            panic!("broken off");
        });
        assert!(write.await.is_err());
        let refused = store.begin(&Needs::default()).await.err();
        assert!(matches!(refused, Some(StoreError::Unavailable(_))), "{refused:?}");
    }
}
