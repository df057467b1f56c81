//! Moving months of the append-only tables out of the database and back.
//!
//! The order is what makes it safe: a month is sealed, so that it takes no more rows; it is read, and whoever reads
//! it makes its files; and only when these are verified is it dropped, in the transaction that also notes where its
//! rows are. Wherever that stops, the rows are in the database or in files that the database knows.

mod restore;
mod rows;
mod statements;

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, pin_mut};
use reelhouse_domain::archive::{Archive, Cell, Column, Month, Table};
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::{SessionId, Timestamp};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Row};

use crate::PostgresStore;
use crate::copy::CopyReader;
use crate::error::{corrupt, lost};

/// How often a short statement is tried again that found a table locked.
const ATTEMPTS: u32 = 60;

/// How many sessions are named that keep a month from being archived.
const NAMED: i64 = 20;

/// Why a month was not moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// A column is of a type that an archive does not know.
    #[error("{table}.{column} is of the type {type_name}, which an archive cannot keep")]
    UnknownType {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
        /// Its type.
        type_name: String,
    },
    /// The default partition has rows of the month, so that no partition of it can be there beside them.
    #[error(
        "rows of {month} came after it was archived and are in {table}_default: move them away first, no other \
         partition can hold the month beside them"
    )]
    LateRows {
        /// The table.
        table: &'static str,
        /// The month.
        month: Month,
    },
    /// There is a table of the partition's name already.
    #[error("there is a table {0} already")]
    Occupied(String),
    /// What was written into the database is not what was to be written.
    #[error("what was restored to {0} reads otherwise than what was archived; it was taken back")]
    Differs(String),
    /// Tables stayed locked.
    #[error("the tables are in use without a pause: {0}")]
    Locked(String),
    /// The store could not be reached, or a statement failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What keeps a month in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrances {
    /// Sessions with events in the month that are still open; the first few.
    pub open: Vec<SessionId>,
    /// Sessions with events in the month that were not yet counted for the observed fingerprints; the first few.
    pub unobserved: Vec<SessionId>,
}

impl Hindrances {
    /// Whether there are any.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.open.is_empty() && self.unobserved.is_empty()
    }
}

/// Moves months; one at a time works on a database.
pub struct Mover {
    client: Client,
}

impl Mover {
    /// Begins to move. It waits for another one to end.
    ///
    /// # Errors
    /// [`MoveError::Store`], when the database cannot be reached or another one goes on for half a minute.
    pub async fn begin(store: &PostgresStore) -> Result<Self, MoveError> {
        let client = store.copier().await?;
        client.batch_execute(statements::PREPARE).await.map_err(|error| lost(&error))?;
        Ok(Self { client })
    }

    /// The months that have a partition of their own, the oldest first, with the tables that they have it of.
    ///
    /// # Errors
    /// [`MoveError::Store`].
    pub async fn months(&self) -> Result<BTreeMap<Month, Vec<Table>>, MoveError> {
        let mut months: BTreeMap<Month, Vec<Table>> = BTreeMap::new();
        let names = self.query(statements::PARTITIONS).await?;
        let names: Vec<String> = names.iter().map(|row| row.get(0)).collect();
        for table in Table::ALL {
            for name in &names {
                let month = name.strip_prefix(table.name()).and_then(|rest| rest.strip_prefix('_'));
                if let Some(month) = month.and_then(|month| month.parse().ok()) {
                    months.entry(month).or_default().push(table);
                }
            }
        }
        Ok(months)
    }

    /// How many rows of before an instant are in the default partitions, where they stay.
    ///
    /// # Errors
    /// [`MoveError::Store`].
    pub async fn stray_rows(&self, before: Timestamp) -> Result<i64, MoveError> {
        let rows = self.query(&statements::stray_rows(before)).await?;
        Ok(rows.iter().map(|row| row.get::<_, i64>(0)).sum())
    }

    /// Closes a month, so that it takes no more rows. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`MoveError`].
    pub async fn seal(&self, month: Month, tables: &[Table]) -> Result<(), MoveError> {
        self.patiently(&statements::seal(month, tables)).await
    }

    /// Opens a sealed month again.
    ///
    /// # Errors
    /// [`MoveError`].
    pub async fn unseal(&self, month: Month, tables: &[Table]) -> Result<(), MoveError> {
        self.patiently(&statements::unseal(month, tables)).await
    }

    /// What keeps a month in the database. The answer stays right once the month is sealed.
    ///
    /// # Errors
    /// [`MoveError::Store`].
    pub async fn hindrances(&self, month: Month, tables: &[Table]) -> Result<Hindrances, MoveError> {
        if !tables.contains(&Table::GameplayEvents) {
            return Ok(Hindrances { open: vec![], unobserved: vec![] });
        }
        let open = session_ids(&self.query(&statements::open_sessions(month, NAMED)).await?)?;
        let unobserved = session_ids(&self.query(&statements::unobserved_sessions(month, NAMED)).await?)?;
        Ok(Hindrances { open, unobserved })
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// [`MoveError::UnknownType`].
    pub async fn columns(&self, table: Table) -> Result<Vec<Column>, MoveError> {
        let rows = self.query(&statements::columns(table)).await?;
        let columns = rows.iter().map(|row| {
            let (name, type_name): (String, String) = (row.get(0), row.get(1));
            match rows::kind(&type_name) {
                Some(kind) => Ok(Column { name, kind }),
                None => Err(MoveError::UnknownType { table: table.name(), column: name, type_name }),
            }
        });
        columns.collect()
    }

    /// The last migration of the schema.
    ///
    /// # Errors
    /// [`MoveError::Store`].
    pub async fn schema(&self) -> Result<String, MoveError> {
        let rows = self.query(statements::SCHEMA).await?;
        Ok(rows.first().map(|row| row.get(0)).unwrap_or_default())
    }

    /// Reads a table's month in the order of session and `seq`, row by row.
    ///
    /// # Errors
    /// [`MoveError`], and whatever `take` says.
    pub async fn read<E: From<MoveError>>(
        &self,
        table: Table,
        month: Month,
        columns: &[Column],
        take: impl FnMut(Vec<Cell>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.read_table(&statements::partition(table, month), columns, take).await
    }

    async fn read_table<E: From<MoveError>>(
        &self,
        table: &str,
        columns: &[Column],
        mut take: impl FnMut(Vec<Cell>) -> Result<(), E>,
    ) -> Result<(), E> {
        let store = |error: &tokio_postgres::Error| E::from(MoveError::Store(lost(error)));
        let statement = statements::copy_out(table, columns);
        let stream = self.client.copy_out(&statement).await.map_err(|error| store(&error))?;
        pin_mut!(stream);
        let (mut reader, mut batch) = (CopyReader::default(), Vec::new());
        while let Some(bytes) = stream.next().await {
            let read = reader.take(&bytes.map_err(|error| store(&error))?, |fields| {
                batch.push(rows::read(fields, columns)?);
                Ok(())
            });
            read.map_err(MoveError::Store)?;
            batch.drain(..).try_for_each(&mut take)?;
        }
        Ok(())
    }

    /// Drops a month whose files are verified, and notes where its rows are.
    ///
    /// # Errors
    /// [`MoveError`]; nothing was dropped then.
    pub async fn drop_month(&self, archive: &Archive, tables: &[Table]) -> Result<(), MoveError> {
        self.patiently(&statements::drop_month(archive, tables)).await
    }

    async fn query(&self, statement: &str) -> Result<Vec<Row>, MoveError> {
        Ok(self.client.query(statement, &[]).await.map_err(|error| lost(&error))?)
    }

    async fn execute(&self, statement: &str) -> Result<(), MoveError> {
        Ok(self.client.batch_execute(statement).await.map_err(|error| lost(&error))?)
    }

    /// Runs short statements in a transaction that waits for locks on whole tables for no longer than half a second,
    /// since everybody else queues behind it; and again, until the tables are free.
    async fn patiently(&self, statements: &str) -> Result<(), MoveError> {
        let transaction = format!("BEGIN; SET LOCAL lock_timeout = '500ms'; {statements} COMMIT");
        let mut attempt = 1;
        loop {
            let Err(error) = self.client.batch_execute(&transaction).await else { return Ok(()) };
            self.execute("ROLLBACK").await?;
            let passes = error
                .code()
                .is_some_and(|code| [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(code));
            if !passes {
                return Err(restore::refusal(&error));
            }
            if attempt == ATTEMPTS {
                return Err(MoveError::Locked(
                    error.as_db_error().map_or_else(String::new, |e| e.message().to_owned()),
                ));
            }
            attempt += 1;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
    }
}

fn session_ids(rows: &[Row]) -> Result<Vec<SessionId>, StoreError> {
    let read = |row: &Row| row.get::<_, &str>(0).parse().map_err(|error| corrupt("sessions.session_id", error));
    rows.iter().map(read).collect()
}
