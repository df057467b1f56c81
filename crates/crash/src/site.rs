//! The site of a run: the server, what it stores in, and what stands between them; and how each fault is done.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use reelhouse_postgres::{PostgresOptions, PostgresStore};
use reelhouse_sqlite::{SqliteOptions, SqliteStore};
use tokio::sync::watch;

use crate::check::Reader;
use crate::cluster::{self, Cluster};
use crate::disk::Disk;
use crate::plan::{Fault, Step, Store};
use crate::proxy::Proxy;
use crate::server::{self, Server};

/// How many commit replies one fault drops.
const REPLIES: u32 = 3;

/// How late messages are while the database is delayed.
const DELAY: Duration = Duration::from_millis(20);

/// The database under the server.
enum Database {
    Sqlite { disk: Option<Disk>, file: PathBuf },
    Postgres { cluster: Box<Cluster>, proxy: Proxy },
}

/// The site.
pub(crate) struct Site {
    database: Database,
    launch: server::Launch,
    server: Option<Server>,
    address: watch::Sender<Option<SocketAddr>>,
}

impl Site {
    /// Builds the site in a directory and starts the server.
    pub(crate) async fn open(
        store: Store,
        binary: PathBuf,
        postgres: Option<cluster::Launch>,
        dir: PathBuf,
    ) -> Result<Self> {
        let (database, database_url, environment) = match store {
            Store::Sqlite => {
                let (disk, file) = (Disk::make(&dir)?, dir.join("house.db"));
                let environment = disk.as_ref().map(Disk::environment).unwrap_or_default();
                let url = format!("sqlite://{}", file.display());
                (Database::Sqlite { disk, file }, url, environment)
            }
            Store::Postgres => {
                let launch = postgres.context("--postgres-bin and --postgres-data are needed for PostgreSQL")?;
                let cluster = Box::new(Cluster::start(launch).await?);
                let proxy = Proxy::start(cluster.port).await?;
                let url = Cluster::url(proxy.port);
                (Database::Postgres { cluster, proxy }, url, vec![])
            }
        };
        let launch = server::Launch { binary, database_url, dir, environment };
        let server = Server::start(&launch).await?;
        let (address, _) = watch::channel(Some(server.address));
        Ok(Self { database, launch, server: Some(server), address })
    }

    /// Where the server is, now and after each start.
    pub(crate) fn address(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.address.subscribe()
    }

    /// Whether writes and syncs can be made to fail.
    pub(crate) fn has_shim(&self) -> bool {
        matches!(self.database, Database::Sqlite { disk: Some(_), .. })
    }

    /// How many commit replies were dropped.
    pub(crate) fn replies_dropped(&self) -> u32 {
        match &self.database {
            Database::Postgres { proxy, .. } => proxy.lost(),
            Database::Sqlite { .. } => 0,
        }
    }

    /// Does a fault, and ends it: whatever was killed is started again, and nothing fails any more.
    pub(crate) async fn suffer(&mut self, step: Step) -> Result<()> {
        let Step { fault, lasts, .. } = step;
        match (fault, &mut self.database) {
            (Fault::KillServer, _) => return self.restart_server().await,
            (Fault::KillDatabase, Database::Postgres { cluster, .. }) => {
                cluster.kill().await?;
                return cluster.restart().await;
            }
            (Fault::CutDatabase, Database::Postgres { proxy, .. }) => proxy.cut(),
            (Fault::DropCommitReplies, Database::Postgres { proxy, .. }) => proxy.lose_commits(REPLIES),
            (Fault::DelayDatabase, Database::Postgres { proxy, .. }) => proxy.delay(DELAY),
            (_, Database::Sqlite { disk: Some(disk), .. }) => disk.fail(Some(fault))?,
            _ => {}
        }
        tokio::time::sleep(lasts).await;
        match &self.database {
            Database::Sqlite { disk: Some(disk), .. } => disk.fail(None)?,
            Database::Postgres { proxy, .. } => {
                proxy.delay(Duration::ZERO);
                proxy.lose_commits(0);
            }
            Database::Sqlite { disk: None, .. } => {}
        }
        Ok(())
    }

    async fn restart_server(&mut self) -> Result<()> {
        self.address.send_replace(None);
        if let Some(server) = self.server.take() {
            server.kill().await?;
        }
        let server = Server::start(&self.launch).await?;
        self.address.send_replace(Some(server.address));
        self.server = Some(server);
        Ok(())
    }

    /// An error when the server ended by itself.
    pub(crate) fn check_alive(&mut self) -> Result<()> {
        let server = self.server.as_mut().context("there is no server")?;
        server.check_alive(&self.launch)
    }

    /// Opens the store to read it, past the server and the proxy. Close it before the next fault: a SQLite file that
    /// somebody has open is not recovered.
    pub(crate) async fn reader(&self) -> Result<Reader> {
        match &self.database {
            Database::Sqlite { file, .. } => {
                let store = Arc::new(SqliteStore::open(file, SqliteOptions::default()).await?);
                Ok(Reader { sessions: store.clone(), wallets: store })
            }
            Database::Postgres { cluster, .. } => {
                let options = PostgresOptions { max_connections: 2, ..PostgresOptions::default() };
                let store = Arc::new(PostgresStore::connect(&Cluster::url(cluster.port), options).await?);
                Ok(Reader { sessions: store.clone(), wallets: store })
            }
        }
    }
}
