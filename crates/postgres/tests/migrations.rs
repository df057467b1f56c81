//! Migrations and partitions: up, down, by several programs at once, and never onto a newer schema.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{TestSchema, migrated, options};
use reelhouse_contract::fixtures::{House, batch, session_created, spin, step_taken};
use reelhouse_contract::work::save;
use reelhouse_domain::Timestamp;
use reelhouse_domain::ports::SessionRepository as _;
use reelhouse_postgres::migrate::{self, MigrateError};
use reelhouse_postgres::{PostgresStore, partitions};
use tokio::task::JoinSet;

const SPINE: &str = "2026-11-01-000001_spine";

async fn tables(schema: &TestSchema) -> i64 {
    let sql = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND relkind IN ('r', 'p') AND relname <> '__diesel_schema_migrations'";
    schema.client().await.query_one(sql, &[]).await.unwrap().get(0)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_up_and_down_and_up_again() {
    let schema = TestSchema::new().await;
    let store = schema.store(options()).await;
    assert!(migrate::status(&store).await.unwrap().iter().all(|(_, applied)| !applied));
    let applied = migrate::up(&store).await.unwrap();
    assert_eq!(applied.first().map(String::as_str), Some(SPINE));
    assert!(migrate::status(&store).await.unwrap().iter().all(|(_, applied)| *applied));
    assert_eq!(migrate::up(&store).await.unwrap(), Vec::<String>::new());
    partitions::ensure(&store, at("2026-11-10T00:00:00Z"), 3).await.unwrap();

    for name in applied.iter().rev() {
        assert_eq!(migrate::down(&store).await.unwrap().as_ref(), Some(name));
    }
    assert_eq!(migrate::down(&store).await.unwrap(), None);
    assert_eq!(tables(&schema).await, 0);
    assert_eq!(migrate::up(&store).await.unwrap(), applied);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_together_do_not_collide() {
    let schema = TestSchema::new().await;
    let mut tasks = JoinSet::new();
    for _ in 0..6 {
        let store = schema.store(options()).await;
        tasks.spawn(async move {
            let applied = migrate::up(&store).await.unwrap();
            (applied.len(), partitions::ensure(&store, at("2026-11-10T00:00:00Z"), 3).await.unwrap().len())
        });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|(applied, _)| *applied > 0).count(), 1, "{done:?}");
    assert_eq!(done.iter().map(|(_, made)| made).sum::<usize>(), 8, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_left_alone() {
    let (schema, store) = migrated().await;
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')";
    schema.client().await.batch_execute(newer).await.unwrap();
    for refused in [migrate::up(&store).await.err(), migrate::down(&store).await.err()] {
        assert!(matches!(&refused, Some(MigrateError::Newer(names)) if names == &["29990101000001"]), "{refused:?}");
    }
    assert!(tables(&schema).await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_path_without_a_schema_is_named() {
    let schema = TestSchema::new().await;
    let store = PostgresStore::connect(&schema.url().replace("test_", "gone_"), options()).await.unwrap();
    assert!(matches!(migrate::up(&store).await, Err(MigrateError::NoSchema)));
}

/// Migrating needs no multi-thread runtime.
#[tokio::test]
async fn migrates_on_one_thread() {
    let (schema, _store) = migrated().await;
    assert!(tables(&schema).await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn makes_the_months_of_utc_ahead_and_only_once() {
    let (_schema, store) = migrated().await;
    let made = partitions::ensure(&store, at("2026-11-30T23:59:59.999Z"), 2).await.unwrap();
    let expected = ["gameplay_events_2026_11", "gameplay_events_2026_12", "gameplay_events_2027_01"];
    assert_eq!(made[..3], expected);
    assert_eq!(made[3..], expected.map(|name| name.replace("gameplay_events", "rl_store")));
    assert_eq!(partitions::ensure(&store, at("2026-11-01T00:00:00Z"), 2).await.unwrap(), Vec::<String>::new());
    let next = partitions::ensure(&store, at("2026-12-01T00:00:00Z"), 2).await.unwrap();
    assert_eq!(next, ["gameplay_events_2027_02", "rl_store_2027_02"]);
}

/// Rows that came before their partition stay in the default one, and the other months are made.
#[tokio::test(flavor = "multi_thread")]
async fn rows_in_the_default_partition_stay_there() {
    let (schema, store) = migrated().await;
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let step = house.act(session, Some(opened.wallet), &spin(Some("1")));
    save(&store, &step_taken(&step)).await;

    let made = partitions::ensure(&store, house.now, 1).await.unwrap();
    assert_eq!(made, ["gameplay_events_2026_02", "rl_store_2026_02"]);
    let rows = schema.client().await.query_one("SELECT count(*) FROM gameplay_events_default", &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), 1);
    assert_eq!(store.event_list(step.session.session_id, 0, 10).await, Ok(step.events));
}

/// A session's rows are spread over the months that it lives in, and read back as one.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_reads_across_its_months() {
    let (schema, store) = migrated().await;
    let house = House::new();
    partitions::ensure(&store, house.now, 2).await.unwrap();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let (mut session, mut wallet) = (session, Some(opened.wallet));
    let (mut events, mut transitions) = (vec![], vec![]);
    for day in [0, 20, 40, 60, 200] {
        let step = house.try_act(session, wallet, &reelhouse_domain::session::Action::Probe { spins: 1 }, day * 86_400);
        let step = step.unwrap();
        save(&store, &step_taken(&step)).await;
        events.extend(step.events);
        transitions.extend(step.transitions);
        (session, wallet) = (step.session, step.wallet);
    }
    let client = schema.client().await;
    for (partition, rows) in [("2026_01", 2), ("2026_02", 1), ("2026_03", 1), ("default", 1)] {
        for table in ["gameplay_events", "rl_store"] {
            let found = client.query_one(&format!("SELECT count(*) FROM {table}_{partition}"), &[]).await.unwrap();
            assert_eq!(found.get::<_, i64>(0), rows, "{table}_{partition}");
        }
    }
    assert_eq!(store.event_list(session.session_id, 1, 3).await.unwrap(), events[1..4]);
    assert_eq!(store.event_list(session.session_id, 0, 10).await, Ok(events));
    assert_eq!(store.transition_list(session.session_id, 0, 10).await, Ok(transitions));
}
