//! The store: a SQLite file with one writer and a pool of readers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use diesel::SqliteConnection;
use reelhouse_domain::ports::{Connections, StoreError};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

use crate::connection::{ReaderPool, SqliteOptions, connect_readers};
use crate::writer::Writer;

/// How often a store that is to be closed looks whether somebody holds it still.
const CLOSE_PERIOD: Duration = Duration::from_millis(5);

/// A store in a SQLite file. Clones share its connections.
///
/// It needs a tokio runtime with its timer on; SQLite's own work is done on blocking threads.
#[derive(Clone)]
pub struct SqliteStore {
    readers: ReaderPool,
    /// Closed after the readers: the last connection makes the last checkpoint, and this one syncs as it must.
    writer: Arc<Mutex<Writer>>,
    options: SqliteOptions,
}

/// The path that a URL such as `sqlite://data/reelhouse.db` (relative) or `sqlite:///var/reelhouse.db`
/// (absolute) names; `None` when it is none of these.
#[must_use]
pub fn path_of(url: &str) -> Option<PathBuf> {
    url.strip_prefix("sqlite://").filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl SqliteStore {
    /// Opens the file; makes it, and the directories it is in, when they are not there.
    ///
    /// The tables are made by [`crate::migrate::up`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be made or opened, [`StoreError::Corrupt`]
    /// when it is no database, [`StoreError::Retry`] when another process holds it for too long.
    pub async fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        blocking(move || {
            let path = prepare(&path)?;
            let writer = Writer::open(path.clone(), options)?;
            let readers = connect_readers(&path, &options)?;
            Ok(Self { writer: Arc::new(Mutex::new(writer)), readers, options })
        })
        .await
    }

    /// Closes the file as soon as every clone is dropped, or gives up after that time: its log stays then, and is read
    /// when the file is opened again.
    pub async fn close(self, patience: Duration) {
        let deadline = Instant::now() + patience;
        while Arc::strong_count(&self.writer) > 1 && Instant::now() < deadline {
            sleep(CLOSE_PERIOD).await;
        }
        // The last checkpoint is made here.
        spawn_blocking(move || drop(self)).await.ok();
    }

    /// The writer, when the unit of work before has let go of it. The wait is bounded.
    pub(crate) async fn writer(&self) -> Result<OwnedMutexGuard<Writer>, StoreError> {
        timeout(self.options.lock_wait, Arc::clone(&self.writer).lock_owned())
            .await
            .map_err(|_| StoreError::Retry("another unit of work was open for too long".to_owned()))
    }

    /// How the connections that read are used now.
    pub(crate) fn readers(&self) -> Connections {
        let state = self.readers.state();
        let (open, idle) = (state.connections as usize, state.idle_connections as usize);
        Connections { most: self.readers.max_size() as usize, open, used: open.saturating_sub(idle), waiting: None }
    }

    /// Reads on a blocking thread.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.readers.clone();
        blocking(move || {
            let mut connection = readers.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            work(&mut connection)
        })
        .await
    }
}

/// Makes the directories and spells the path in a way that SQLite takes for nothing but a path: a
/// relative `:memory:` or `file:x` would be something else to it.
fn prepare(path: &Path) -> Result<String, StoreError> {
    let unusable = |reason: &dyn std::fmt::Display| StoreError::Unavailable(format!("{}: {reason}", path.display()));
    let absolute = std::path::absolute(path).map_err(|error| unusable(&error))?;
    if let Some(directory) = absolute.parent() {
        std::fs::create_dir_all(directory).map_err(|error| unusable(&error))?;
    }
    absolute.to_str().map(str::to_owned).ok_or_else(|| unusable(&"a path in UTF-8 was expected"))
}

/// Does work that blocks. It runs to its end even when the caller goes away.
pub(crate) async fn blocking<T: Send + 'static, E: From<StoreError> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(StoreError::Unavailable(format!("the work was broken off: {error}")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_path() {
        assert_eq!(path_of("sqlite://data/reelhouse.db"), Some(PathBuf::from("data/reelhouse.db")));
        assert_eq!(path_of("sqlite:///var/lib/a b.db"), Some(PathBuf::from("/var/lib/a b.db")));
        for url in ["", "sqlite://", "sqlite:data.db", "postgres://localhost/x", "data.db"] {
            assert_eq!(path_of(url), None, "{url}");
        }
    }

    #[tokio::test]
    async fn opening_makes_the_directories_and_says_why_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/c.db");
        SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
        assert!(path.is_file());
        let below_a_file = SqliteStore::open(path.join("d.db"), SqliteOptions::default()).await.err();
        assert!(matches!(below_a_file, Some(StoreError::Unavailable(_))), "{below_a_file:?}");
        let text = directory.path().join("text");
        std::fs::write(&text, "This is not a database, though it is long enough to be taken for one.".repeat(20))
            .unwrap();
        let no_database = SqliteStore::open(&text, SqliteOptions::default()).await.err();
        assert!(matches!(no_database, Some(StoreError::Corrupt(_))), "{no_database:?}");
    }
}
