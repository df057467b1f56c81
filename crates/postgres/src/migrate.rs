//! Migrations, embedded in the program: up, one step down, and how the schema stands.
//!
//! Programs that start together do not collide: each takes an advisory lock of the schema first.

use std::collections::BTreeSet;

use diesel::migration::{Migration, MigrationSource as _, MigrationVersion};
use diesel::pg::Pg;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use reelhouse_domain::ports::StoreError;

use crate::PostgresStore;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// A migration may take long, but it must not make everybody else queue behind the lock it waits for. The last two
/// settings mean something on Citus alone: a migration changes several tables in one transaction.
const PREPARE: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0;
    SELECT pg_advisory_lock(hashtextextended('reelhouse schema ' || current_schema(), 0));
    SET lock_timeout = '10s';
    SET citus.multi_shard_modify_mode = 'sequential'; SET citus.enable_unsafe_triggers = on";

/// Why a schema was not migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer program migrated the schema. This one would misread it, and leaves it alone.
    #[error("the schema has migrations that this program does not know: {}; use a newer program", .0.join(", "))]
    Newer(Vec<String>),
    /// A migration failed and was undone; those before it are applied.
    #[error("a migration failed: {0}")]
    Failed(String),
    /// The `search_path` names no schema that exists.
    #[error("there is no schema to migrate: the search_path names none that exists")]
    NoSchema,
    /// The store could not be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Connection = AsyncConnectionWrapper<AsyncPgConnection>;
type BoxedMigration = Box<dyn Migration<Pg>>;

/// Applies every migration that is not applied yet, and gives their names.
///
/// # Errors
/// [`MigrateError`].
pub async fn up(store: &PostgresStore) -> Result<Vec<String>, MigrateError> {
    let applied = run(store, |connection, migrations| {
        let pending = connection.pending_migrations(MIGRATIONS).map_err(failed)?;
        let names =
            migrations.iter().filter(|known| pending.iter().any(|due| due.name().version() == known.name().version()));
        let names = names.map(name).collect();
        connection.run_migrations(&pending).map_err(failed)?;
        Ok(names)
    });
    applied.await
}

/// Takes the last applied migration back, with its tables and what is in them, and gives its name.
///
/// # Errors
/// [`MigrateError`].
pub async fn down(store: &PostgresStore) -> Result<Option<String>, MigrateError> {
    let reverted = run(store, |connection, migrations| {
        // The newest comes first.
        let Some(last) = connection.applied_migrations().map_err(failed)?.into_iter().next() else { return Ok(None) };
        let Some(migration) = migrations.iter().find(|known| known.name().version() == last) else { return Ok(None) };
        connection.revert_migration(migration).map_err(failed)?;
        Ok(Some(name(migration)))
    });
    reverted.await
}

/// The migrations that this program knows, in their order, each with whether it is applied.
///
/// # Errors
/// [`MigrateError`].
pub async fn status(store: &PostgresStore) -> Result<Vec<(String, bool)>, MigrateError> {
    let status = run(store, |connection, migrations| {
        let applied: BTreeSet<_> = connection.applied_migrations().map_err(failed)?.into_iter().collect();
        Ok(migrations.iter().map(|known| (name(known), applied.contains(&known.name().version()))).collect())
    });
    status.await
}

/// Does the work alone on the schema, on a thread that may block, unless the schema is newer.
async fn run<T, W>(store: &PostgresStore, work: W) -> Result<T, MigrateError>
where
    T: Send + 'static,
    W: FnOnce(&mut Connection, &[BoxedMigration]) -> Result<T, MigrateError> + Send + 'static,
{
    let mut connection = store.open_apart().await?;
    let schema = diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>("current_schema()::text");
    let schema: Option<String> =
        diesel::select(schema).get_result(&mut connection).await.map_err(crate::error::undone)?;
    if schema.is_none() {
        return Err(MigrateError::NoSchema);
    }
    connection.batch_execute(PREPARE).await.map_err(crate::error::undone)?;
    let done = tokio::task::spawn_blocking(move || {
        let mut connection = Connection::from(connection);
        let mut migrations: Vec<BoxedMigration> = MIGRATIONS.migrations().map_err(failed)?;
        migrations.sort_by(|one, other| one.name().version().cmp(&other.name().version()));
        let applied = connection.applied_migrations().map_err(failed)?;
        let unknown =
            |version: &&MigrationVersion<'_>| migrations.iter().all(|known| known.name().version() != **version);
        let newer: Vec<_> = applied.iter().filter(unknown).map(ToString::to_string).collect();
        if newer.is_empty() { work(&mut connection, &migrations) } else { Err(MigrateError::Newer(newer)) }
    });
    done.await.map_err(|error| MigrateError::Failed(error.to_string()))?
}

fn name(migration: &BoxedMigration) -> String {
    migration.name().to_string()
}

#[allow(clippy::needless_pass_by_value)]
fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> MigrateError {
    MigrateError::Failed(error.to_string())
}
