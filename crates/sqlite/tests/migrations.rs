//! Migrations: up, down, status, programs that start at once, and schemas from the future.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use reelhouse_contract::fixtures::House;
use reelhouse_contract::work::save;
use reelhouse_domain::ports::GameRepository as _;
use reelhouse_sqlite::{MigrateError, SqliteOptions, SqliteStore, migrate};

const SPINE: &str = "2026-11-01-000001_spine";

async fn open(directory: &tempfile::TempDir) -> SqliteStore {
    SqliteStore::open(directory.path().join("reelhouse.db"), SqliteOptions::default()).await.unwrap()
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory).await;
    let spine = |applied| (SPINE.to_owned(), applied);
    assert_eq!(migrate::status(&store).await.unwrap()[0], spine(false));
    let all = migrate::up(&store).await.unwrap();
    assert_eq!(all[0], SPINE);
    assert_eq!(migrate::status(&store).await.unwrap()[0], spine(true));
    assert_eq!(migrate::up(&store).await.unwrap(), Vec::<String>::new());
    save(&store, &House::new().opening()).await;

    let mut back = vec![];
    while let Some(name) = migrate::down(&store).await.unwrap() {
        back.insert(0, name);
    }
    assert_eq!(back, all);
    assert!(store.game_list(None, 10).await.is_err(), "the tables are gone");
    assert_eq!(migrate::up(&store).await.unwrap(), all);
    assert_eq!(store.game_list(None, 10).await, Ok(vec![]));
    save(&store, &House::new().opening()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_at_once_do_not_collide() {
    for _ in 0..40 {
        let directory = tempfile::tempdir().unwrap();
        let start = |_| {
            let path = directory.path().join("reelhouse.db");
            tokio::spawn(async move {
                let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
                migrate::up(&store).await.unwrap().len()
            })
        };
        let starts = [0; 8].map(start);
        let mut applied = vec![];
        for start in starts {
            applied.push(start.await.unwrap());
        }
        assert_eq!(applied.iter().filter(|count| **count > 0).count(), 1, "{applied:?}");
    }
}

#[tokio::test]
async fn a_schema_from_the_future_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory).await;
    migrate::up(&store).await.unwrap();
    let path = directory.path().join("reelhouse.db");
    let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    connection.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')").unwrap();
    for outcome in [migrate::up(&store).await.map(drop), migrate::down(&store).await.map(drop)] {
        assert!(
            matches!(&outcome, Err(MigrateError::Newer(versions)) if versions == &["20991231000001"]),
            "{outcome:?}"
        );
    }
    assert_eq!(store.game_list(None, 10).await, Ok(vec![]), "nothing was taken back");
}
