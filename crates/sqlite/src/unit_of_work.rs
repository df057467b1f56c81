//! The unit of work: a transaction of the writer, which nobody else has meanwhile.

use async_trait::async_trait;
use diesel::SqliteConnection;
use reelhouse_domain::ports::{Changes, Needs, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};
use tokio::sync::OwnedMutexGuard;

use crate::snapshot;
use crate::store::{SqliteStore, blocking};
use crate::write::Batch;
use crate::writer::Writer;

/// An open unit of work. The lock of the file stands for all locks that the ports speak of.
pub(crate) struct SqliteUnitOfWork {
    writer: OwnedMutexGuard<Writer>,
    /// What to write in the end: all of it is one visit to a thread that may wait for the disk.
    batch: Option<Batch>,
    open: bool,
}

impl SqliteUnitOfWork {
    fn begin(mut writer: OwnedMutexGuard<Writer>) -> Result<Self, StoreError> {
        writer.begin()?;
        Ok(Self { writer, batch: None, open: true })
    }

    /// Does work in a transaction of its own, and commits.
    pub(crate) async fn run(
        store: &SqliteStore,
        work: impl FnOnce(&mut SqliteConnection) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let writer = store.writer().await?;
        blocking(move || {
            let mut unit = Self::begin(writer)?;
            work(unit.writer.connection()?)?;
            unit.writer.commit()?;
            unit.open = false;
            Ok(())
        })
        .await
    }

    /// Writes and commits. Whatever fails is undone when the unit is dropped.
    fn settle(mut self) -> Result<(), StoreError> {
        if let Some(batch) = self.batch.take() {
            batch.write(self.writer.connection()?)?;
        }
        self.writer.commit()?;
        self.open = false;
        Ok(())
    }
}

impl Drop for SqliteUnitOfWork {
    /// Undoes what was not committed, before the writer's mutex is let go. That is short even on a
    /// thread of the runtime: nothing was written but by [`Self::settle`], which is on another one.
    fn drop(&mut self) {
        if self.open {
            self.writer.roll_back();
        }
    }
}

#[async_trait]
impl UnitOfWorkFactory for SqliteStore {
    async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        let writer = self.writer().await?;
        let needs = needs.clone();
        // A caller that goes away meanwhile drops what comes back, and with it the unit of work.
        blocking(move || {
            let mut unit = SqliteUnitOfWork::begin(writer)?;
            let snapshot = snapshot::load(unit.writer.connection()?, &needs)?;
            Ok((snapshot, Box::new(unit) as Box<dyn UnitOfWork>))
        })
        .await
    }

    async fn write_unlocked(&self, changes: &Changes) -> Result<(), StoreError> {
        let batch = Batch::of(changes)?;
        SqliteUnitOfWork::run(self, move |connection| batch.write(connection)).await
    }
}

#[async_trait]
impl UnitOfWork for SqliteUnitOfWork {
    async fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.batch = Some(Batch::of(changes)?);
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        blocking(move || self.settle()).await
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        blocking(move || {
            drop(self);
            Ok(())
        })
        .await
    }
}
