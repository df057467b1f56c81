//! The store: a pool of connections for units of work and one for the rest, all opened on the runtime that connected.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool::managed::QueueMode;
use diesel::ConnectionError;
use diesel::sql_types::Integer;
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures_util::FutureExt as _;
use reelhouse_domain::ports::{Connections, StoreError};
use tokio::runtime::Handle;
use tokio_postgres::{Client, Config, NoTls};

use crate::distributed::Layout;
use crate::error::undone;

/// The oldest PostgreSQL that the statements are written for, as `server_version_num`.
const OLDEST_SERVER: i32 = 150_000;

/// Most connections that units of work have for themselves, where the tables are on one machine.
const MOST_WRITERS: usize = 4;

/// How statements of a unit of work are planned. Each finds its rows by key, and is planned once for each connection,
/// maybe while a table is still empty: without these settings it would then read the whole table for good.
const BY_KEY: &str = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
    -c plan_cache_mode=force_generic_plan -c default_transaction_isolation=read\\ committed";

/// How many connections for COPY are kept when they are not in use.
const IDLE_COPIERS: usize = 2;

/// How a store uses its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostgresOptions {
    /// The most connections that are open at once, two at least. Where the tables are on one machine, up to half of
    /// them, and four at most, are those of units of work.
    pub max_connections: usize,
    /// How long to wait for a connection before the store counts as unavailable.
    pub wait_timeout: Duration,
    /// How long a statement waits for a lock before it is to be tried again.
    pub lock_timeout: Duration,
    /// How long a statement may run.
    pub statement_timeout: Duration,
    /// How long an open transaction may do nothing before the server ends it.
    pub idle_in_transaction_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            wait_timeout: Duration::from_secs(3),
            lock_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(30),
            idle_in_transaction_timeout: Duration::from_secs(30),
        }
    }
}

/// A store in a PostgreSQL database. Clones share its connections.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool<AsyncPgConnection>,
    /// The connections of units of work; none when the tables are distributed, where each sets what it needs.
    writers: Option<Pool<AsyncPgConnection>>,
    opener: Opener,
    options: PostgresOptions,
    /// Where the rows of each shard are, when the tables are distributed.
    layout: Option<Arc<Layout>>,
    /// Connections for COPY that are not in use.
    copiers: Arc<Mutex<Vec<Client>>>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The configuration holds a password.
        f.debug_struct("PostgresStore").field("connections", &self.pooled()).finish_non_exhaustive()
    }
}

/// Opens connections, always on the same runtime.
#[derive(Clone)]
struct Opener {
    config: Arc<Config>,
    /// A connection is driven by a task of the runtime that opened it. Were it that of a web
    /// worker, a worker busy with something else would stall a connection that others use.
    runtime: Handle,
}

impl Opener {
    /// A pool of at most so many connections.
    fn pool(&self, size: usize) -> Result<Pool<AsyncPgConnection>, StoreError> {
        let mut manager = ManagerConfig::default();
        // A dead connection is noticed by its driver; asking before every use would be a round trip.
        manager.recycling_method = RecyclingMethod::Fast;
        let opener = self.clone();
        manager.custom_setup = Box::new(move |_| {
            let opener = opener.clone();
            async move { opener.open().await }.boxed()
        });
        Pool::builder(AsyncDieselConnectionManager::new_with_config("", manager))
            .max_size(size)
            // The server keeps plans, catalogues and pages for each connection: few that are busy are faster than many
            // in turn.
            .queue_mode(QueueMode::Lifo)
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    async fn open(&self) -> Result<AsyncPgConnection, ConnectionError> {
        let config = Arc::clone(&self.config);
        let opened = self.runtime.spawn(async move {
            let (client, connection) = config.connect(NoTls).await.map_err(|error| bad_connection(&error))?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        });
        opened.await.map_err(|error| bad_connection(&error))?
    }
}

/// The error with what caused it: the driver's own text is only "error connecting to server".
fn bad_connection(error: &dyn std::error::Error) -> ConnectionError {
    ConnectionError::BadConnection(chain(error))
}

/// The error's text with those of its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl Opener {
    /// Opens a connection of the driver beneath diesel's, which can COPY.
    async fn open_plain(&self) -> Result<Client, String> {
        let config = Arc::clone(&self.config);
        let opened = self.runtime.spawn(async move {
            let (client, connection) = config.connect(NoTls).await.map_err(|error| chain(&error))?;
            tokio::spawn(connection);
            Ok(client)
        });
        opened.await.map_err(|error| error.to_string())?
    }
}

impl PostgresStore {
    /// Connects to the database of a `postgres://` URL, which may carry `options=-c name=value`.
    ///
    /// Call it on the runtime that is to drive the connections. The schema is left as it is:
    /// [`crate::migrate::up`] brings it up to date.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the URL is not one, the server does not answer, or it is
    /// older than PostgreSQL 15.
    pub async fn connect(database_url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        let opener = Opener { config: Arc::new(configure(database_url, &options, "")?), runtime: Handle::current() };
        let pool = opener.pool(options.max_connections.max(1))?;
        let mut store = Self { pool, writers: None, opener, options, layout: None, copiers: Arc::default() };
        let mut connection = store.checkout().await?;
        check_server(&mut connection).await?;
        let layout = Layout::read(&mut connection).await.map_err(undone)?;
        drop(connection);
        store.layout = layout.map(Arc::new);
        if store.layout.is_none() {
            let writers = (options.max_connections / 2).clamp(1, MOST_WRITERS);
            let config = Arc::new(configure(database_url, &options, BY_KEY)?);
            store.writers = Some(Opener { config, ..store.opener.clone() }.pool(writers)?);
            store.pool.resize(options.max_connections.saturating_sub(writers).max(1));
        }
        Ok(store)
    }

    /// How many parts the distributed tables have; none when they are on one machine.
    #[must_use]
    pub fn parts(&self) -> Option<u32> {
        self.layout().map(Layout::parts)
    }

    pub(crate) fn layout(&self) -> Option<&Layout> {
        self.layout.as_deref()
    }

    pub(crate) fn lock_timeout(&self) -> Duration {
        self.options.lock_timeout
    }

    /// How the pool is used now.
    pub(crate) fn pooled(&self) -> Connections {
        let mut sum = Connections { most: 0, open: 0, used: 0, waiting: Some(0) };
        for pool in self.writers.iter().chain([&self.pool]) {
            let status = pool.status();
            sum.most += status.max_size;
            sum.open += status.size;
            sum.used += status.size.saturating_sub(status.available);
            sum.waiting = sum.waiting.map(|waiting| waiting + status.waiting);
        }
        sum
    }

    /// A connection for anything but a unit of work.
    pub(crate) async fn checkout(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        self.checkout_of(&self.pool).await
    }

    /// A connection for a unit of work.
    pub(crate) async fn checkout_writer(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        self.checkout_of(self.writers.as_ref().unwrap_or(&self.pool)).await
    }

    async fn checkout_of(&self, pool: &Pool<AsyncPgConnection>) -> Result<Object<AsyncPgConnection>, StoreError> {
        match tokio::time::timeout(self.options.wait_timeout, pool.get()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(PoolError::Backend(error))) => Err(StoreError::Unavailable(error.to_string())),
            Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string())),
            Err(_) => Err(StoreError::Unavailable("no connection became free in time".to_owned())),
        }
    }

    /// A connection that can COPY, to be given back with [`Self::copier_return`] when its work is done.
    pub(crate) async fn copier(&self) -> Result<Client, StoreError> {
        let idle = self.copiers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(client) = idle.filter(|client| !client.is_closed()) {
            return Ok(client);
        }
        match tokio::time::timeout(self.options.wait_timeout, self.opener.open_plain()).await {
            Ok(opened) => opened.map_err(StoreError::Unavailable),
            Err(_) => Err(StoreError::Unavailable("the server did not answer in time".to_owned())),
        }
    }

    /// Keeps a connection for the next COPY, unless there are enough.
    pub(crate) fn copier_return(&self, client: Client) {
        let mut copiers = self.copiers.lock().unwrap_or_else(PoisonError::into_inner);
        if copiers.len() < IDLE_COPIERS {
            copiers.push(client);
        }
    }

    /// A connection outside of the pool, for work that may take long.
    pub(crate) async fn open_apart(&self) -> Result<AsyncPgConnection, StoreError> {
        match tokio::time::timeout(self.options.wait_timeout, self.opener.open()).await {
            Ok(opened) => opened.map_err(|error| StoreError::Unavailable(error.to_string())),
            Err(_) => Err(StoreError::Unavailable("the server did not answer in time".to_owned())),
        }
    }
}

async fn check_server(connection: &mut AsyncPgConnection) -> Result<(), StoreError> {
    let version = diesel::select(diesel::dsl::sql::<Integer>("current_setting('server_version_num')::int"));
    let version: i32 = version.get_result(connection).await.map_err(undone)?;
    if version < OLDEST_SERVER {
        let major = version / 10_000;
        return Err(StoreError::Unavailable(format!("PostgreSQL 15 or newer is needed, the server is {major}")));
    }
    Ok(())
}

/// Reads the URL and adds the settings of a connection, and `more`. What the URL sets itself goes before ours.
fn configure(database_url: &str, options: &PostgresOptions, more: &str) -> Result<Config, StoreError> {
    let mut config: Config = database_url
        .parse()
        .map_err(|error| StoreError::Unavailable(bad_connection(&error as &tokio_postgres::Error).to_string()))?;
    let settings = format!(
        "-c lock_timeout={} -c statement_timeout={} -c idle_in_transaction_session_timeout={} -c timezone=UTC {more} {}",
        options.lock_timeout.as_millis(),
        options.statement_timeout.as_millis(),
        options.idle_in_transaction_timeout.as_millis(),
        config.get_options().unwrap_or_default(),
    );
    config.options(settings);
    if config.get_application_name().is_none() {
        config.application_name("reelhouse");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(options.wait_timeout);
    }
    Ok(config)
}
