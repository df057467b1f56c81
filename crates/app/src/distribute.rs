//! Distribution: the tables of the database, spread over the machines of a Citus cluster.

use anyhow::bail;
use reelhouse_postgres::distributed::{self, Distributed};

use crate::config::Config;
use crate::migrate;
use crate::store::{self, Store};

/// Migrates the database, distributes its tables, and says what was done.
///
/// # Errors
/// When the store is not PostgreSQL with the Citus extension, servers use it, or a statement fails.
#[allow(clippy::print_stdout, reason = "what was done is the command's answer")]
pub async fn run(config: &Config, parts: Option<u32>) -> anyhow::Result<()> {
    let opened = store::open(config).await?;
    let Store::Postgres(store) = &opened else {
        bail!("--database-url: a SQLite file stays on one machine; distribution is for PostgreSQL with Citus");
    };
    migrate::up(&opened).await?;
    let Distributed { referenced, spread, unchanged, dropped } = distributed::distribute(store, parts).await?;
    for (what, names) in [
        ("on every machine", referenced),
        ("spread by shard", spread),
        ("as it was", unchanged),
        ("constraint dropped", dropped),
    ] {
        for name in names {
            println!("{what:<18} {name}");
        }
    }
    println!("all tables are where they should be; start the servers now");
    Ok(())
}
