//! The SQLite store keeps the contract of every store.
#![allow(clippy::expect_used, reason = "tests fail by panicking")]

use std::time::Duration;

use reelhouse_contract::{Fixture, contract_tests};
use reelhouse_sqlite::{SqliteOptions, SqliteStore, migrate};

async fn fixture() -> Fixture {
    let directory = tempfile::tempdir().expect("a directory for the database");
    let options = SqliteOptions { lock_wait: Duration::from_secs(2), ..SqliteOptions::default() };
    let store = SqliteStore::open(directory.path().join("reelhouse.db"), options).await.expect("an empty store");
    migrate::up(&store).await.expect("the schema");
    Fixture::guarded(store, directory)
}

contract_tests!(fixture);
