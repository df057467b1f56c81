//! One suite of port tests that every adapter runs.
//!
//! An adapter's integration test names a factory of empty stores and gets one test per case:
//!
//! ```ignore
//! use reelhouse_contract::{Fixture, contract_tests};
//!
//! async fn fixture() -> Fixture {
//!     let directory = tempfile::tempdir().expect("a directory for the database");
//!     let store = MyStore::open(directory.path()).await.expect("an empty store");
//!     Fixture::guarded(store, directory)
//! }
//!
//! contract_tests!(fixture);
//! ```
//!
//! A case takes an empty store, does one thing through the ports, and asserts what the ports' docs
//! promise. It never looks behind the ports, so that what it says holds for every adapter.

// A case fails by panicking: this is a test library, even though it is not compiled as a test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::any::Any;
use std::sync::Arc;

use reelhouse_domain::ports::{
    AnalyticsRepository, ExperienceRepository, GameRepository, JobRepository, KeyRepository, ObservationRepository,
    SessionRepository, StoreProbe, UnitOfWorkFactory, WalletRepository,
};

pub mod cases;
pub mod fixtures;
mod suite;
pub mod work;

/// All storage ports in one: what an adapter is tested as.
pub trait Store:
    UnitOfWorkFactory
    + GameRepository
    + JobRepository
    + KeyRepository
    + WalletRepository
    + SessionRepository
    + ObservationRepository
    + AnalyticsRepository
    + ExperienceRepository
    + StoreProbe
{
}

impl<T> Store for T where
    T: UnitOfWorkFactory
        + GameRepository
        + JobRepository
        + KeyRepository
        + WalletRepository
        + SessionRepository
        + ObservationRepository
        + AnalyticsRepository
        + ExperienceRepository
        + StoreProbe
        + ?Sized
{
}

/// An empty store with what must outlive it: a directory, a schema that is dropped in the end.
pub struct Fixture {
    // Dropped in this order: the store lets go of its files and connections, then they go away.
    store: Arc<dyn Store>,
    _guard: Box<dyn Any + Send>,
}

impl Fixture {
    /// A store that leaves nothing behind.
    #[must_use]
    pub fn new(store: impl Store + 'static) -> Self {
        Self::guarded(store, ())
    }

    /// A store with a guard whose `Drop` cleans up after it, also when the case has panicked.
    #[must_use]
    pub fn guarded(store: impl Store + 'static, guard: impl Any + Send) -> Self {
        Self { store: Arc::new(store), _guard: Box::new(guard) }
    }

    /// The store. A case drops every handle to it before the fixture is dropped.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }
}
