//! Monthly partitions of what is appended by time, made ahead.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use diesel::prelude::QueryableByName;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::ports::StoreError;

use crate::PostgresStore;
use crate::error::undone;
use crate::statement::{Sql, Statement};

/// The tables that are partitioned by month.
const TABLES: [&str; 2] = ["gameplay_events", "rl_store"];

/// Held while a partition is made, so that two programs do not make the same one at once.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('reelhouse partitions ' || current_schema(), 0))";

/// Makes the partitions of the current month (UTC) and of `months_ahead` more, where they are
/// missing, and gives the names of those that were made.
///
/// Where the default partition already holds rows of a month, that month stays there, with a
/// warning: nothing is lost, only not apart.
///
/// # Errors
/// [`StoreError`], when the database cannot be reached or does not allow it.
pub async fn ensure(store: &PostgresStore, now: DateTime<Utc>, months_ahead: u32) -> Result<Vec<String>, StoreError> {
    // Given up in the middle, this connection is closed, and its locks on whole tables go with it.
    let mut connection = store.open_apart().await?;
    let there = existing(&mut connection).await.map_err(undone)?;
    let mut made = vec![];
    for table in TABLES {
        for partition in (0..=months_ahead).filter_map(|ahead| Partition::of(table, now, ahead)) {
            if there.contains(&partition.name) {
                continue;
            }
            match partition.make(&mut connection).await {
                Ok(true) => made.push(partition.name),
                Ok(false) => {}
                // The constraint of the default partition, which its rows would break.
                Err(Error::DatabaseError(DatabaseErrorKind::CheckViolation, _)) => {
                    tracing::warn!(
                        partition = partition.name,
                        "the default partition holds rows of this month, so they stay there"
                    );
                }
                Err(error) => return Err(undone(error)),
            }
        }
    }
    Ok(made)
}

/// The documents of a table are not sorted by ANALYZE, since no query looks for what is in them; a partition does not
/// inherit that. Citus does not take the command.
pub(crate) fn without_statistics(table: &str, partition: &str) -> String {
    let documents: &[&str] =
        if table == "rl_store" { &["state", "action", "next_state"] } else { &["action", "result"] };
    let columns = documents.iter().map(|column| format!("ALTER COLUMN {column} SET STATISTICS 0"));
    let columns = columns.collect::<Vec<_>>().join(", ");
    format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
             ALTER TABLE {partition} {columns};
         END IF; END $$"
    )
}

/// Refuses that a partition is emptied.
pub(crate) fn keep_whole(partition: &str) -> String {
    format!(
        "CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {partition}
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )
}

/// Changes of tables, each as a statement by itself: of a message with several, Citus hands the whole text on to its
/// workers, which take one at a time.
pub(crate) fn apart(changes: &str) -> String {
    format!("DO $apart$ BEGIN {changes} END $apart$")
}

/// A partition to make.
struct Partition {
    table: &'static str,
    name: String,
    from: NaiveDate,
    to: NaiveDate,
}

impl Partition {
    /// The partition of a month so many months after that of `now`; `None` past the calendar's end.
    fn of(table: &'static str, now: DateTime<Utc>, ahead: u32) -> Option<Self> {
        let from = now.date_naive().with_day(1)?.checked_add_months(Months::new(ahead))?;
        let to = from.checked_add_months(Months::new(1))?;
        Some(Self { table, name: format!("{table}_{}", from.format("%Y_%m")), from, to })
    }

    /// Makes the partition, unless somebody else just did.
    async fn make(&self, connection: &mut AsyncPgConnection) -> Result<bool, Error> {
        let Self { table, name, from, to } = self;
        let make = format!(
            "SET LOCAL citus.enable_unsafe_triggers = on; SET LOCAL citus.multi_shard_modify_mode = 'sequential';
             CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{from} 00:00:00+00') TO ('{to} 00:00:00+00');
             {};
             {}",
            apart(&keep_whole(name)),
            without_statistics(table, name),
        );
        let made = connection.transaction(async |connection| {
            connection.batch_execute(LOCK).await?;
            if existing(connection).await?.contains(name) {
                return Ok(false);
            }
            connection.batch_execute(&make).await?;
            Ok::<_, Error>(true)
        });
        made.await
    }
}

/// The partitions that are there.
async fn existing(connection: &mut AsyncPgConnection) -> Result<BTreeSet<String>, Error> {
    let rows: Vec<PartitionRow> = Statement::<FindPartitions>::new(vec![]).load(connection).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

struct FindPartitions;

impl Sql for FindPartitions {
    const TEXT: &'static str = "
        SELECT c.relname::text AS name
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('gameplay_events'::regclass, 'rl_store'::regclass)";
}

#[derive(QueryableByName)]
struct PartitionRow {
    #[diesel(sql_type = Text)]
    name: String,
}
