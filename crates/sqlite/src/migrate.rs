//! Migrations: the schema that this program knows, embedded in it.

use std::collections::BTreeSet;
use std::error::Error;

use diesel::SqliteConnection;
use diesel::migration::{Migration, MigrationSource as _};
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use reelhouse_domain::ports::StoreError;

use crate::error::from_diesel;
use crate::store::{SqliteStore, blocking};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Why a schema cannot be migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer program made the schema; nothing was changed.
    #[error("the schema has migrations that this program does not know: {}", .0.join(", "))]
    Newer(Vec<String>),
    /// A migration failed; it was undone.
    #[error("a migration failed: {0}")]
    Failed(String),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(from_diesel(error))
    }
}

fn failed(error: Box<dyn Error + Send + Sync>) -> MigrateError {
    MigrateError::Failed(error.to_string())
}

/// Applies every migration that is not applied yet, in one transaction, and names them.
///
/// Two programs that start at once do it one after the other; the second finds nothing to do.
///
/// # Errors
/// [`MigrateError`]; nothing was changed then.
pub async fn up(store: &SqliteStore) -> Result<Vec<String>, MigrateError> {
    exclusively(store, |connection| {
        known_only(connection)?;
        let pending = connection.pending_migrations(MIGRATIONS).map_err(failed)?;
        pending
            .iter()
            .map(|migration| {
                connection.run_migration(migration).map_err(failed)?;
                Ok(migration.name().to_string())
            })
            .collect()
    })
    .await
}

/// Takes the last applied migration back, with its tables and what is in them, and names it.
///
/// # Errors
/// [`MigrateError`]; nothing was changed then.
pub async fn down(store: &SqliteStore) -> Result<Option<String>, MigrateError> {
    exclusively(store, |connection| {
        known_only(connection)?;
        let Some(last) = applied(connection)?.pop_last() else { return Ok(None) };
        let migration = known()?.into_iter().find(|known| known.name().version().to_string() == last);
        let Some(migration) = migration else { return Ok(None) };
        connection.revert_migration(&migration).map_err(failed)?;
        Ok(Some(migration.name().to_string()))
    })
    .await
}

/// Every migration that this program knows, and whether it is applied.
///
/// # Errors
/// [`MigrateError`].
pub async fn status(store: &SqliteStore) -> Result<Vec<(String, bool)>, MigrateError> {
    exclusively(store, |connection| {
        let applied = applied(connection)?;
        let known = known()?.into_iter();
        Ok(known
            .map(|known| (known.name().to_string(), applied.contains(&known.name().version().to_string())))
            .collect())
    })
    .await
}

/// Works under the file's write lock, so that no other program migrates at the same time.
async fn exclusively<T: Send + 'static>(
    store: &SqliteStore,
    work: impl FnOnce(&mut SqliteConnection) -> Result<T, MigrateError> + Send + 'static,
) -> Result<T, MigrateError> {
    let mut writer = store.writer().await?;
    blocking(move || writer.connection()?.exclusive_transaction(work)).await
}

fn known() -> Result<Vec<Box<dyn Migration<Sqlite>>>, MigrateError> {
    let mut known = MIGRATIONS.migrations().map_err(failed)?;
    known.sort_unstable_by_key(|migration| migration.name().version().to_string());
    Ok(known)
}

/// The versions of the applied migrations.
fn applied(connection: &mut SqliteConnection) -> Result<BTreeSet<String>, MigrateError> {
    let applied = connection.applied_migrations().map_err(failed)?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

fn known_only(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let mut unknown = applied(connection)?;
    for migration in known()? {
        unknown.remove(&migration.name().version().to_string());
    }
    if unknown.is_empty() { Ok(()) } else { Err(MigrateError::Newer(unknown.into_iter().collect())) }
}
