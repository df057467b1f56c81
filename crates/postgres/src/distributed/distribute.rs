//! Distributing the tables of a database with the Citus extension, empty or filled.

use std::collections::BTreeSet;

use diesel::prelude::QueryableByName;
use diesel::sql_types::{Array, Bool, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::ports::StoreError;

use crate::PostgresStore;
use crate::error::undone;
use crate::statement::{Sql, Statement};

/// The table that the others are stored beside.
const FIRST: &str = "wallets";

/// Constraints that one machine can hold and several cannot, since they do not start with the shard. What the first
/// guards, that a key is used for one thing only, then holds within a shard.
const DROPPED: [(&str, &str); 1] = [("idempotency_keys", "idempotency_keys_key_unique")];

/// Moving rows may take long. Sequential, because tables that reference one another are made one after another.
/// Citus calls triggers unsafe that write elsewhere; ours only refuse.
const PREPARE: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0;
    SELECT pg_advisory_lock(hashtextextended('reelhouse schema ' || current_schema(), 0));
    SET lock_timeout = '10s';
    SET citus.enable_unsafe_triggers = on;
    SET citus.multi_shard_modify_mode = 'sequential';
    SET citus.enable_local_reference_table_foreign_keys = off";

/// Why the tables were not distributed. Those that were, stay so; doing it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum DistributeError {
    /// The database is plain PostgreSQL.
    #[error(
        "this database has no Citus extension. Citus is an extension that spreads the tables of one PostgreSQL \
         database over several machines: install it on all of them, add citus to shared_preload_libraries, run \
         CREATE EXTENSION citus and citus_add_node, and do this again (docs/scaling.md has the steps). One machine \
         needs none of it"
    )]
    NoExtension,
    /// Servers that are connected would go on with statements for one machine.
    #[error("{0} other connections of Reelhouse use this database: stop the servers first, and start them again after")]
    InUse(i32),
    /// A table has a unique constraint that no distributed table can hold.
    #[error("{table} cannot be distributed: its unique constraint {constraint} does not hold the column shard")]
    Constraint {
        /// The table.
        table: String,
        /// The constraint or index.
        constraint: String,
    },
    /// Tables reference each other in a circle, or one that is not there.
    #[error("these tables reference others that are not distributed: {}", .0.join(", "))]
    Unordered(Vec<String>),
    /// A table came out in another place than the rest.
    #[error("after all, {0} is not stored beside the wallets")]
    Apart(String),
    /// The store could not be reached, or a statement failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distributed {
    /// Tables that each machine now has whole.
    pub referenced: Vec<String>,
    /// Tables that are now spread by their shard.
    pub spread: Vec<String>,
    /// Tables that were as they should be already.
    pub unchanged: Vec<String>,
    /// Constraints that were dropped.
    pub dropped: Vec<String>,
}

/// Distributes the tables of the schema: those with a column `shard` by it, all in the same places, the others to
/// every machine. `parts` is how many parts each spread table gets; none leaves it to Citus.
///
/// # Errors
/// [`DistributeError`].
pub async fn distribute(store: &PostgresStore, parts: Option<u32>) -> Result<Distributed, DistributeError> {
    let mut connection = store.open_apart().await?;
    let connection = &mut connection;
    let present: CountRow = first::<FindExtension, _>(connection).await?;
    if present.count == 0 {
        return Err(DistributeError::NoExtension);
    }
    connection.batch_execute(PREPARE).await.map_err(undone)?;
    let others: CountRow = first::<CountServers, _>(connection).await?;
    if others.count > 0 {
        return Err(DistributeError::InUse(others.count));
    }
    if let Some(parts) = parts {
        connection.batch_execute(&format!("SET citus.shard_count = {parts}")).await.map_err(undone)?;
    }
    let mut done = Distributed::default();
    refer(connection, &mut done).await?;
    drop_constraints(connection, &mut done).await?;
    spread(connection, &mut done).await?;
    match tables(connection).await?.into_iter().find(|table| !table.settled) {
        Some(table) => Err(DistributeError::Apart(table.name)),
        None => Ok(done),
    }
}

/// Gives every machine the tables that have no shard, each after those that it references.
async fn refer(connection: &mut AsyncPgConnection, done: &mut Distributed) -> Result<(), DistributeError> {
    let (mut settled, mut waiting) = sorted(tables(connection).await?, false, done);
    while let Some(name) = next(&mut waiting, &settled)? {
        execute(connection, &format!("SELECT create_reference_table('{name}')")).await?;
        settled.insert(name.clone());
        done.referenced.push(name);
    }
    Ok(())
}

async fn drop_constraints(connection: &mut AsyncPgConnection, done: &mut Distributed) -> Result<(), DistributeError> {
    let found: Vec<ConstraintRow> = all::<FindConstraints, _>(connection).await?;
    for ConstraintRow { table_name: table, name: constraint } in found {
        if !DROPPED.contains(&(&table, &constraint)) {
            return Err(DistributeError::Constraint { table, constraint });
        }
        execute(connection, &format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}")).await?;
        done.dropped.push(constraint);
    }
    Ok(())
}

/// Spreads the tables that have a shard, each after those that it references.
async fn spread(connection: &mut AsyncPgConnection, done: &mut Distributed) -> Result<(), DistributeError> {
    let (mut settled, mut waiting) = sorted(tables(connection).await?, true, done);
    // The first table decides where the others are.
    waiting.sort_by_key(|table| table.name != FIRST);
    while let Some(name) = next(&mut waiting, &settled)? {
        let beside = if name == FIRST { "none" } else { FIRST };
        let sql = format!("SELECT create_distributed_table('{name}', 'shard', colocate_with => '{beside}')");
        execute(connection, &sql).await?;
        settled.insert(name.clone());
        done.spread.push(name);
    }
    Ok(())
}

/// The names of all tables that are where they should be, and those of one kind that are not.
fn sorted(tables: Vec<TableRow>, sharded: bool, done: &mut Distributed) -> (BTreeSet<String>, Vec<TableRow>) {
    let settled = tables.iter().filter(|table| table.settled).map(|table| table.name.clone()).collect();
    let (unchanged, waiting): (Vec<_>, Vec<_>) =
        tables.into_iter().filter(|table| table.sharded == sharded).partition(|table| table.settled);
    done.unchanged.extend(unchanged.into_iter().map(|table| table.name));
    (settled, waiting)
}

/// Takes the first table whose references are all settled; none when no table waits.
fn next(waiting: &mut Vec<TableRow>, settled: &BTreeSet<String>) -> Result<Option<String>, DistributeError> {
    if waiting.is_empty() {
        return Ok(None);
    }
    match waiting.iter().position(|table| table.referenced.iter().all(|name| settled.contains(name))) {
        Some(ready) => Ok(Some(waiting.remove(ready).name)),
        None => Err(DistributeError::Unordered(waiting.iter().map(|table| table.name.clone()).collect())),
    }
}

async fn execute(connection: &mut AsyncPgConnection, sql: &str) -> Result<(), StoreError> {
    connection.batch_execute(sql).await.map_err(undone)
}

async fn first<S: Sql, R>(connection: &mut AsyncPgConnection) -> Result<R, StoreError>
where
    R: QueryableByName<diesel::pg::Pg> + Send + 'static,
{
    Statement::<S>::new(vec![]).get_result(connection).await.map_err(undone)
}

async fn all<S: Sql, R>(connection: &mut AsyncPgConnection) -> Result<Vec<R>, StoreError>
where
    R: QueryableByName<diesel::pg::Pg> + Send + 'static,
{
    Statement::<S>::new(vec![]).load(connection).await.map_err(undone)
}

async fn tables(connection: &mut AsyncPgConnection) -> Result<Vec<TableRow>, StoreError> {
    all::<FindTables, _>(connection).await
}

struct FindExtension;

impl Sql for FindExtension {
    const TEXT: &'static str = "SELECT count(*)::integer AS count FROM pg_extension WHERE extname = 'citus'";
}

/// Counts the connections of other programs of ours. Those of this one wait in its pool, and a program that goes on
/// reads the new layout when it connects anew.
struct CountServers;

impl Sql for CountServers {
    const TEXT: &'static str = "
        SELECT count(*)::integer AS count
        FROM pg_stat_activity AS other, pg_stat_activity AS own
        WHERE own.pid = pg_backend_pid() AND other.pid <> own.pid AND other.datname = own.datname
          AND other.application_name = 'reelhouse' AND own.application_name = 'reelhouse'
          AND other.backend_type = 'client backend' AND other.backend_start < own.backend_start - interval '5 s'";
}

/// The tables of the schema: whether each has a shard, whether it is where it should be, and what it references.
struct FindTables;

impl Sql for FindTables {
    const TEXT: &'static str = "
        SELECT c.relname::text AS name,
               s.sharded,
               coalesce(CASE WHEN s.sharded
                             THEN d.partmethod = 'h' AND d.colocationid =
                                  (SELECT colocationid FROM pg_dist_partition
                                   WHERE logicalrelid = to_regclass('wallets'))
                             ELSE d.partmethod = 'n' AND d.repmodel = 't' END, false) AS settled,
               ARRAY(SELECT DISTINCT r.relname::text FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
                     WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.confrelid <> c.oid) AS referenced
        FROM pg_class c
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_attribute a
                                           WHERE a.attrelid = c.oid AND a.attname = 'shard' AND NOT a.attisdropped)
                                   AS sharded) s
        LEFT JOIN pg_dist_partition d ON d.logicalrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname <> '__diesel_schema_migrations'
        ORDER BY 1";
}

/// Unique constraints and indexes of tables with a shard that do not hold it.
struct FindConstraints;

impl Sql for FindConstraints {
    const TEXT: &'static str = "
        SELECT c.relname::text AS table_name, n.relname::text AS name
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shard' AND NOT a.attisdropped
        WHERE c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition
          AND i.indisunique AND NOT a.attnum = ANY(i.indkey)
        ORDER BY 1, 2";
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Integer)]
    count: i32,
}

#[derive(QueryableByName)]
struct TableRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    sharded: bool,
    #[diesel(sql_type = Bool)]
    settled: bool,
    #[diesel(sql_type = Array<Text>)]
    referenced: Vec<String>,
}

#[derive(QueryableByName)]
struct ConstraintRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, sharded: bool, settled: bool, referenced: &[&str]) -> TableRow {
        let referenced = referenced.iter().map(|&name| name.to_owned()).collect();
        TableRow { name: name.to_owned(), sharded, settled, referenced }
    }

    #[test]
    fn tables_come_after_those_that_they_reference() {
        let tables = vec![
            table("game_observations", false, false, &["games"]),
            table("games", false, false, &[]),
            table("jobs", false, true, &["games"]),
            table("wallets", true, false, &[]),
        ];
        let mut done = Distributed::default();
        let (mut settled, mut waiting) = sorted(tables, false, &mut done);
        assert_eq!(done.unchanged, ["jobs"]);
        let mut order = Vec::new();
        while let Some(name) = next(&mut waiting, &settled).unwrap() {
            settled.insert(name.clone());
            order.push(name);
        }
        assert_eq!(order, ["games", "game_observations"]);
    }

    #[test]
    fn a_circle_is_an_error() {
        let mut waiting = vec![table("a", true, false, &["b"]), table("b", true, false, &["a"])];
        assert!(
            matches!(next(&mut waiting, &BTreeSet::new()), Err(DistributeError::Unordered(names)) if names.len() == 2)
        );
    }
}
