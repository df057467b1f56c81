//! Migrations: up at every start, down and status by command.

use anyhow::Context as _;

use crate::config::{Config, Direction};
use crate::store::{self, Store};

/// Brings the schema up to date.
///
/// # Errors
/// When the schema is newer than this program, or a migration fails.
pub async fn up(store: &Store) -> anyhow::Result<Vec<String>> {
    match store {
        Store::Postgres(store) => reelhouse_postgres::migrate::up(store).await.context("cannot migrate the database"),
        Store::Sqlite(store) => reelhouse_sqlite::migrate::up(store).await.context("cannot migrate the database"),
    }
}

/// Migrates as asked and says what was done.
///
/// # Errors
/// As [`up`].
#[allow(clippy::print_stdout, reason = "what was done is the command's answer")]
pub async fn run(config: &Config, direction: Direction) -> anyhow::Result<()> {
    let store = store::open(config).await?;
    match direction {
        Direction::Up => {
            let applied = up(&store).await?;
            for name in &applied {
                println!("applied {name}");
            }
            if applied.is_empty() {
                println!("the schema is up to date");
            }
        }
        Direction::Down => {
            let reverted = match &store {
                Store::Postgres(store) => reelhouse_postgres::migrate::down(store).await?,
                Store::Sqlite(store) => reelhouse_sqlite::migrate::down(store).await?,
            };
            match reverted {
                Some(name) => println!("took back {name}"),
                None => println!("there is nothing to take back"),
            }
        }
        Direction::Status => {
            let status = match &store {
                Store::Postgres(store) => reelhouse_postgres::migrate::status(store).await?,
                Store::Sqlite(store) => reelhouse_sqlite::migrate::status(store).await?,
            };
            for (name, applied) in status {
                println!("{} {name}", if applied { "applied" } else { "pending" });
            }
        }
    }
    Ok(())
}
