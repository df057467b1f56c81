//! Bringing an archived month back.

use std::io::Cursor;

use futures_util::SinkExt as _;
use reelhouse_domain::archive::{Archive, ArchivedTable, Cell, Month, RowsDigest, Table};
use reelhouse_domain::ports::StoreError;
use tokio_postgres::CopyInSink;
use tokio_postgres::error::SqlState;

use super::rows::Rows;
use super::{MoveError, Mover, statements};
use crate::error::lost;

/// How many bytes are sent to the database at once.
const PIECE: usize = 1 << 18;

/// A table of a month that is being filled.
pub struct Filling<'a> {
    mover: &'a Mover,
    archived: &'a ArchivedTable,
    month: Month,
    sink: std::pin::Pin<Box<CopyInSink<Cursor<Vec<u8>>>>>,
    rows: Rows,
}

impl Mover {
    /// Refuses a month whose place among the partitions is taken.
    ///
    /// # Errors
    /// [`MoveError::Occupied`], [`MoveError::LateRows`].
    pub async fn check_vacant(&self, month: Month, tables: &[Table]) -> Result<(), MoveError> {
        for &table in tables {
            let (name, time, partition) = (table.name(), table.time(), statements::partition(table, month));
            let statement = format!(
                "SELECT to_regclass('{partition}') IS NOT NULL,
                        EXISTS (SELECT 1 FROM {name}_default
                                WHERE \"{time}\" >= '{} 00:00:00+00' AND \"{time}\" < '{} 00:00:00+00')",
                month.first_day(),
                month.next_day()
            );
            let found = self.query(&statement).await?;
            if found.iter().any(|row| row.get(0)) {
                return Err(MoveError::Occupied(partition));
            }
            if found.iter().any(|row| row.get(1)) {
                return Err(MoveError::LateRows { table: name, month });
            }
        }
        Ok(())
    }

    /// Makes a table for the rows of an archived one, which is not a partition yet.
    ///
    /// # Errors
    /// [`MoveError::Store`].
    pub async fn fill<'a>(&'a self, archived: &'a ArchivedTable, month: Month) -> Result<Filling<'a>, MoveError> {
        self.execute(&statements::stage(archived.table, month)).await?;
        let copy = statements::copy_in(&statements::staged(archived.table, month), &archived.columns);
        let sink = self.client.copy_in(&copy).await.map_err(|error| lost(&error))?;
        Ok(Filling { mover: self, archived, month, sink: Box::pin(sink), rows: Rows::start() })
    }

    /// Makes filled tables the partitions of their month again, and forgets its archive, whose files are left alone.
    ///
    /// # Errors
    /// [`MoveError`]; the month is then as archived as before.
    pub async fn attach(&self, archive: &Archive, tables: &[Table]) -> Result<(), MoveError> {
        self.patiently(&statements::attach(archive, tables)).await
    }

    /// Drops the tables of a restoration that is given up.
    async fn clear(&self, table: Table, month: Month) -> Result<(), MoveError> {
        self.execute(&format!("DROP TABLE IF EXISTS {}", statements::staged(table, month))).await
    }
}

impl Filling<'_> {
    /// Adds a row.
    ///
    /// # Errors
    /// [`MoveError::Store`].
    pub async fn row(&mut self, cells: &[Cell]) -> Result<(), MoveError> {
        self.rows.row(cells)?;
        if self.rows.len() >= PIECE { self.send().await } else { Ok(()) }
    }

    async fn send(&mut self) -> Result<(), MoveError> {
        let piece = Cursor::new(self.rows.take());
        Ok(self.sink.send(piece).await.map_err(|error| lost(&error))?)
    }

    /// Ends the table: reads it back, compares it with what was archived, and checks what a partition must hold.
    ///
    /// # Errors
    /// [`MoveError::Differs`], [`MoveError::Store`].
    pub async fn finish(mut self) -> Result<(), MoveError> {
        self.rows.end();
        self.send().await?;
        let Self { mover, archived, month, mut sink, .. } = self;
        sink.as_mut().finish().await.map_err(|error| lost(&error))?;
        let staged = statements::staged(archived.table, month);
        let mut digest = RowsDigest::default();
        let read = mover.read_table::<MoveError>(&staged, &archived.columns, |cells| {
            digest.row(&cells);
            Ok(())
        });
        read.await?;
        if digest.rows() != archived.rows || digest.finish() != archived.rows_sha256 {
            mover.clear(archived.table, month).await?;
            return Err(MoveError::Differs(staged));
        }
        for statement in statements::check(archived.table, month) {
            mover.execute(&statement).await?;
        }
        Ok(())
    }
}

/// What a refused statement means.
pub(super) fn refusal(error: &tokio_postgres::Error) -> MoveError {
    match error.as_db_error() {
        Some(refused) if *refused.code() != SqlState::LOCK_NOT_AVAILABLE => {
            MoveError::Store(StoreError::Corrupt(refused.message().to_owned()))
        }
        _ => MoveError::Store(lost(error)),
    }
}
