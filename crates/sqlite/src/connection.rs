//! Connections: what each is told before it is used, and the pool of readers.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection, Pool};
use diesel::{Connection as _, SqliteConnection};
use reelhouse_domain::ports::StoreError;

use crate::error::from_diesel;

/// The readers.
pub(crate) type ReaderPool = Pool<ConnectionManager<SqliteConnection>>;

/// How a file is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How many connections read, at least 1. They share the page cache of the operating system.
    pub readers: u32,
    /// How long a unit of work waits for another one of this process, and then for one of another
    /// process, before it is told to try again.
    pub lock_wait: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4, lock_wait: Duration::from_secs(5) }
    }
}

/// What every connection is told: these settings belong to the connection, not to the file.
///
/// `recursive_triggers` makes an `INSERT OR REPLACE` fire the triggers that refuse a DELETE.
fn settings(options: &SqliteOptions) -> String {
    format!(
        "PRAGMA busy_timeout = {};
         PRAGMA foreign_keys = ON;
         PRAGMA recursive_triggers = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;",
        options.lock_wait.as_millis()
    )
}

/// What the writer is told beside that. A negative `cache_size` is in KiB.
///
/// `synchronous = FULL` syncs the log at every commit, `fullfsync` makes that reach the disk on
/// macOS too. A log of 16,000 pages (64 MB) makes a commit copy what the checkpoints beside it have left, so that
/// the log starts anew.
const WRITER_SETTINGS: &str = "PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 16000;
    PRAGMA journal_size_limit = 134217728;";

/// What a reader is told beside that.
const READER_SETTINGS: &str = "PRAGMA query_only = ON;
    PRAGMA cache_size = -8192;";

/// Opens the connection that writes, and the file with it.
pub(crate) fn connect_writer(path: &str, options: &SqliteOptions) -> Result<SqliteConnection, StoreError> {
    let mut connection = connect(path, &settings(options))?;
    turn_to_wal(&mut connection, options.lock_wait)?;
    connection.batch_execute(WRITER_SETTINGS).map_err(from_diesel)?;
    Ok(connection)
}

/// Opens a connection for checkpoints.
pub(crate) fn connect_checkpointer(path: &str) -> Result<SqliteConnection, StoreError> {
    connect(path, "PRAGMA synchronous = FULL; PRAGMA checkpoint_fullfsync = ON;")
}

fn connect(path: &str, settings: &str) -> Result<SqliteConnection, StoreError> {
    let mut connection =
        SqliteConnection::establish(path).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    connection.batch_execute(settings).map_err(from_diesel)?;
    Ok(connection)
}

/// Turns the file to a write-ahead log. A new file is turned by the first program that opens it;
/// SQLite tells the others at once that it is locked, `busy_timeout` or not, so they wait here.
fn turn_to_wal(connection: &mut SqliteConnection, patience: Duration) -> Result<(), StoreError> {
    let started = Instant::now();
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL").map_err(from_diesel) {
            Err(StoreError::Retry(_)) if started.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(5));
            }
            turned => return turned,
        }
    }
}

/// Opens the pool of readers. The file is there, a writer has prepared it.
pub(crate) fn connect_readers(path: &str, options: &SqliteOptions) -> Result<ReaderPool, StoreError> {
    Pool::builder()
        .max_size(options.readers.max(1))
        .min_idle(Some(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .connection_timeout(options.lock_wait)
        // A connection to a file does not go away, so asking each time whether it is there buys nothing.
        .test_on_check_out(false)
        .connection_customizer(Box::new(ReaderSettings(*options)))
        .build(ConnectionManager::new(path))
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Tells a new reader its settings.
#[derive(Debug)]
struct ReaderSettings(SqliteOptions);

impl CustomizeConnection<SqliteConnection, r2d2::Error> for ReaderSettings {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), r2d2::Error> {
        connection
            .batch_execute(&settings(&self.0))
            .and_then(|()| connection.batch_execute(READER_SETTINGS))
            .map_err(r2d2::Error::QueryError)
    }
}
