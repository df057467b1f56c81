//! A schema of its own for each test, dropped in the end.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::time::Duration;

use reelhouse_contract::Fixture;
use reelhouse_postgres::distributed::{self, DistributeError};
use reelhouse_postgres::{PostgresOptions, PostgresStore, migrate};
use tokio_postgres::{Client, NoTls};

/// An empty schema. Dropping it drops the schema with everything in it.
pub(crate) struct TestSchema {
    server: String,
    name: String,
}

impl TestSchema {
    /// Makes an empty schema on the server that `DATABASE_URL` names.
    pub(crate) async fn new() -> Self {
        let server = std::env::var("DATABASE_URL").expect("run cargo xtask test, or set DATABASE_URL");
        let name = format!("test_{:016x}", getrandom::u64().unwrap());
        connect(&server).await.batch_execute(&format!("CREATE SCHEMA {name}")).await.unwrap();
        Self { server, name }
    }

    /// The URL of the schema.
    pub(crate) fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        // A name of its own: a schema is not distributed while servers use the database.
        let name = "application_name=reelhouse-tests";
        format!("{}{separator}{name}&options=-c%20search_path%3D{}", self.server, self.name)
    }

    /// A plain connection to the schema, to look behind the ports.
    pub(crate) async fn client(&self) -> Client {
        connect(&self.url()).await
    }

    /// A store on the schema as it is.
    pub(crate) async fn store(&self, options: PostgresOptions) -> PostgresStore {
        PostgresStore::connect(&self.url(), options).await.expect("the store connects")
    }

    /// A store on the schema, migrated; and distributed, if the server has Citus.
    pub(crate) async fn migrated(&self) -> PostgresStore {
        let store = self.store(options()).await;
        migrate::up(&store).await.expect("the schema migrates");
        match distributed::distribute(&store, Some(4)).await {
            Ok(_) => self.store(options()).await,
            // Plain PostgreSQL, as it mostly is.
            Err(DistributeError::NoExtension) => store,
            Err(error) => panic!("the schema is not distributed: {error}"),
        }
    }
}

impl Drop for TestSchema {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's own runtime may be the one that is dropping this, so it cannot wait on it.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                connect(&server).await.batch_execute(&format!("DROP SCHEMA {name} CASCADE")).await.unwrap();
            });
        });
        if dropped.join().is_err() && !std::thread::panicking() {
            panic!("the schema {} was not dropped", self.name);
        }
    }
}

/// Few connections, because many tests run side by side.
pub(crate) fn options() -> PostgresOptions {
    PostgresOptions { max_connections: 8, wait_timeout: Duration::from_secs(20), ..PostgresOptions::default() }
}

/// A migrated store for a case of the contract.
pub(crate) async fn fixture() -> Fixture {
    let schema = TestSchema::new().await;
    Fixture::guarded(schema.migrated().await, schema)
}

/// A store with the schema that it is in.
pub(crate) async fn migrated() -> (TestSchema, PostgresStore) {
    let schema = TestSchema::new().await;
    let store = schema.migrated().await;
    (schema, store)
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    client
}
