//! The store that the database's URL names, and the house over it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use reelhouse_application::{CommitterSettings, House, Ports, Reads, Settings};
use reelhouse_archive::{ArchivedExperience, ArchivedSessions, Folder, Library};
use reelhouse_domain::fairness::{FairDealer, HeadSigner};
use reelhouse_domain::ports::{
    AnalyticsRepository, ExperienceRepository, GameRepository, JobRepository, KeyRepository, ObservationRepository,
    SessionRepository, StoreProbe, UnitOfWorkFactory, WalletRepository,
};
use reelhouse_postgres::{PostgresOptions, PostgresStore};
use reelhouse_sqlite::{SqliteOptions, SqliteStore};
use url::Url;

use crate::config::Config;
use crate::signing;
use crate::system::{SystemClock, SystemRandomness};

/// How long a store that is closed waits for those that use it still.
const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

/// An open store.
pub enum Store {
    /// A PostgreSQL database.
    Postgres(PostgresStore),
    /// A SQLite file.
    Sqlite(SqliteStore),
}

/// Opens the store that the configuration names.
///
/// # Errors
/// When the URL names no store, or the store cannot be opened.
pub async fn open(config: &Config) -> anyhow::Result<Store> {
    let url = &config.database_url;
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let options =
            PostgresOptions { max_connections: config.database_connections as usize, ..PostgresOptions::default() };
        let store = PostgresStore::connect(url, options).await;
        return Ok(Store::Postgres(store.with_context(|| format!("cannot use the database {}", shown(url)))?));
    }
    if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
        let store = SqliteStore::open(path, SqliteOptions::default()).await;
        return Ok(Store::Sqlite(store.with_context(|| format!("cannot use the database {url}"))?));
    }
    bail!("DATABASE_URL: {:?} names no store; postgres://… or sqlite://path was expected", shown(url))
}

/// Opens the replica, if the configuration names one.
///
/// # Errors
/// When it cannot be used, or the store is a SQLite file, which has none.
pub async fn open_reads(config: &Config, store: &Store) -> anyhow::Result<Option<Reads>> {
    let Some(url) = &config.database_read_url else { return Ok(None) };
    if !matches!(store, Store::Postgres(_)) {
        bail!("--database-read-url: a SQLite file has no replica; this is for PostgreSQL");
    }
    let options =
        PostgresOptions { max_connections: config.database_connections as usize, ..PostgresOptions::default() };
    let replica = PostgresStore::connect(url, options).await;
    let replica = replica.with_context(|| format!("cannot use the replica {}", shown(url)))?;
    let sessions = ArchivedSessions::new(Arc::new(replica.clone()), library(&replica, config));
    let replica = Arc::new(replica);
    Ok(Some(Reads {
        games: replica.clone(),
        wallets: replica.clone(),
        sessions: Arc::new(sessions),
        replica: Some(replica),
    }))
}

/// The URL without its password.
fn shown(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => match parsed.set_password(Some("****")) {
            Ok(()) => parsed.to_string(),
            Err(()) => "(a URL with a password)".to_owned(),
        },
        Ok(parsed) => parsed.to_string(),
        Err(_) => url.split('@').next_back().unwrap_or_default().to_owned(),
    }
}

impl Store {
    /// What the store is, for people, without secrets.
    #[must_use]
    pub fn describe(&self, config: &Config) -> String {
        match self {
            Self::Postgres(_) => format!("PostgreSQL, {}", shown(&config.database_url)),
            Self::Sqlite(_) => format!("SQLite, {}", config.database_url.trim_start_matches("sqlite://")),
        }
    }

    /// Closes the store behind whatever uses it still: threads of the server may, for a moment after it has stopped.
    pub async fn close(self) {
        match self {
            Self::Postgres(_) => {}
            Self::Sqlite(store) => store.close(CLOSE_PATIENCE).await,
        }
    }

    /// Opens the house over the store; lists and pages are read from the replica, if there is one.
    ///
    /// # Errors
    /// When there is no signing key and none can be made.
    pub fn house(&self, config: &Config, reads: Option<Reads>) -> anyhow::Result<House> {
        let signer = Arc::new(signing::load(&config.signing_key)?);
        let (ports, committer) = match self {
            Self::Postgres(store) => {
                let ports = with_archives(ports(store, signer), library(store, config));
                (ports, lanes(store.parts(), config.database_connections))
            }
            // SQLite has one writer at a time, so more batches under way would only wait for each other.
            Self::Sqlite(store) => {
                (ports(store, signer), CommitterSettings { lanes: 1, ..CommitterSettings::default() })
            }
        };
        let idle_timeout = TimeDelta::hours(i64::from(config.session_timeout_hours));
        let settings = Settings { idle_timeout, committer, ..Settings::default() };
        Ok(match reads {
            Some(reads) => House::open_reading_from(ports, settings, reads),
            None => House::open(ports, settings),
        })
    }
}

/// The archives of a database.
fn library(store: &PostgresStore, config: &Config) -> Library {
    Library::new(Arc::new(store.clone()), config.archive_dir.as_ref().map(Folder::new))
}

/// Reads what is archived beside what is not.
fn with_archives(ports: Ports, library: Library) -> Ports {
    let sessions = ArchivedSessions::new(ports.sessions, library.clone());
    let experience = ArchivedExperience::new(ports.experience, library);
    Ports { sessions: Arc::new(sessions), experience: Arc::new(experience), ..ports }
}

/// A lane for each part of distributed tables, as far as there are connections, so that a batch stays in one part.
fn lanes(parts: Option<u32>, connections: u32) -> CommitterSettings {
    let usual = CommitterSettings::default();
    let lanes = parts.map_or(usual.lanes, |parts| parts.min(connections) as usize);
    CommitterSettings { lanes: lanes.max(usual.lanes), ..usual }
}

fn ports<S>(store: &S, signer: Arc<dyn HeadSigner>) -> Ports
where
    S: UnitOfWorkFactory
        + GameRepository
        + JobRepository
        + KeyRepository
        + WalletRepository
        + SessionRepository
        + ObservationRepository
        + AnalyticsRepository
        + ExperienceRepository
        + StoreProbe
        + Clone
        + 'static,
{
    Ports {
        units: Arc::new(store.clone()),
        games: Arc::new(store.clone()),
        wallets: Arc::new(store.clone()),
        sessions: Arc::new(store.clone()),
        jobs: Arc::new(store.clone()),
        keys: Arc::new(store.clone()),
        observations: Arc::new(store.clone()),
        analytics: Arc::new(store.clone()),
        experience: Arc::new(store.clone()),
        probe: Arc::new(store.clone()),
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness),
        dealer: Arc::new(FairDealer),
        signer,
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgres://me:hunter2@host/db"), "postgres://me:****@host/db");
        assert_eq!(shown("postgres://me@host/db"), "postgres://me@host/db");
        assert!(!shown("postgres://me:hunter2@:bad/db").contains("hunter2"));
    }
}
