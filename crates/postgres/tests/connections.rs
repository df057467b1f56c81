//! Connections: their settings, their statements, and what becomes of one that is let go.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use common::{TestSchema, migrated, options};
use reelhouse_contract::fixtures::{House, OpenedWallet, answered, batch, session_created, spin, step_taken};
use reelhouse_contract::work::{begin, needs_session, needs_wallet, play, save};
use reelhouse_domain::ports::{
    Changes, GameRepository as _, MetricRow, Needs, SessionFilter, SessionRepository as _, Snapshot, StoreError,
    StoreProbe as _, UnitOfWorkFactory as _, WalletRepository as _,
};
use reelhouse_domain::session::{Action, MetricValue, Session, SessionState, verify_chain};
use reelhouse_domain::wallet::Operation;
use reelhouse_domain::{Money, Shard, WalletId};
use reelhouse_postgres::{PostgresOptions, PostgresStore, migrate};
use serde_json::json;

async fn setting(schema: &TestSchema, name: &str) -> String {
    schema.client().await.query_one("SELECT current_setting($1)", &[&name]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_unavailable() {
    for url in ["postgres://127.0.0.1:1/none", "postgres://", "not a url"] {
        let refused = PostgresStore::connect(url, options()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{url}: {refused}");
    }
}

/// What bounds a connection is set on it, as the sessions that wait and idle show.
#[tokio::test(flavor = "multi_thread")]
async fn waits_are_bounded_by_the_options() {
    let (schema, other) = migrated().await;
    let bounded = PostgresOptions {
        lock_timeout: Duration::from_millis(100),
        idle_in_transaction_timeout: Duration::from_millis(400),
        ..options()
    };
    let store = schema.store(bounded).await;
    let opened = House::new().wallet("1");
    save(&store, &opened.created()).await;
    let needs = needs_wallet(opened.wallet.wallet_id);

    let (_, unit) = begin(&other, &needs).await;
    let started = Instant::now();
    let refused = store.begin(&needs).await.err();
    assert!(matches!(refused, Some(StoreError::Retry(_))), "{refused:?}");
    assert!(started.elapsed() < Duration::from_secs(2));
    unit.rollback().await.unwrap();

    // A unit of work that hangs is ended by the server, and nothing of it can be written.
    let (_, unit) = begin(&store, &needs).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let next = House::new().wallet("2");
    let refused = unit.finish(&next.created()).await;
    assert!(matches!(refused, Err(StoreError::Retry(_))), "{refused:?}");
    begin(&store, &needs).await.1.rollback().await.unwrap();
}

/// A URL's own settings come before those of the store.
#[tokio::test(flavor = "multi_thread")]
async fn the_options_of_the_url_are_honoured() {
    let schema = TestSchema::new().await;
    assert!(setting(&schema, "search_path").await.starts_with("test_"));
    let url = format!("{}%20-c%20lock_timeout%3D50", schema.url());
    let store = PostgresStore::connect(&url, options()).await.unwrap();
    migrate::up(&store).await.unwrap();
    let opened = House::new().wallet("1");
    save(&store, &opened.created()).await;
    let needs = needs_wallet(opened.wallet.wallet_id);
    let (_, unit) = begin(&store, &needs).await;
    let started = Instant::now();
    assert!(matches!(store.begin(&needs).await.err(), Some(StoreError::Retry(_))));
    assert!(started.elapsed() < Duration::from_secs(2));
    unit.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_without_a_free_connection_is_unavailable() {
    let (schema, _store) = migrated().await;
    let narrow = PostgresOptions { max_connections: 1, wait_timeout: Duration::from_millis(200), ..options() };
    let store = schema.store(narrow).await;
    let (_, unit) = begin(&store, &Needs::default()).await;
    assert!(matches!(store.begin(&Needs::default()).await.err(), Some(StoreError::Unavailable(_))));
    assert_eq!(store.ping().await, Ok(()), "those who read do not wait for those who write");
    unit.rollback().await.unwrap();
    begin(&store, &Needs::default()).await.1.rollback().await.unwrap();
}

/// Readers and writers together have no more connections than the options say.
#[tokio::test(flavor = "multi_thread")]
async fn no_more_connections_are_opened_than_allowed() {
    let (schema, _store) = migrated().await;
    for (allowed, writers) in [(2, 1), (5, 2), (8, 4), (16, 4)] {
        let store = schema.store(PostgresOptions { max_connections: allowed, ..options() }).await;
        assert_eq!(store.connections().unwrap().most, allowed);
        let mut held = vec![];
        for _ in 0..writers {
            held.push(begin(&store, &Needs::default()).await.1);
        }
        let used = store.connections().unwrap();
        assert_eq!((used.used, used.open), (writers, writers + 1), "one was opened to connect");
        let last = tokio::time::timeout(Duration::from_millis(100), store.begin(&Needs::default())).await;
        assert!(last.is_err(), "{allowed} connections have {writers} writers");
        for unit in held {
            unit.rollback().await.unwrap();
        }
    }
}

/// Notes the prepared statements of the connection that inserts metrics: the view shows each
/// connection only its own.
const WATCH: &str = "
    CREATE TABLE prepared (statement text, copies bigint);
    CREATE FUNCTION note_prepared() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM prepared;
        INSERT INTO prepared SELECT statement, count(*) FROM pg_prepared_statements GROUP BY statement;
        RETURN NULL;
    END $$;
    CREATE TRIGGER note_prepared AFTER INSERT ON metrics FOR EACH STATEMENT EXECUTE FUNCTION note_prepared()";

/// Each statement of a unit of work is prepared once for each connection, whatever is bound to it.
#[tokio::test(flavor = "multi_thread")]
async fn statements_are_prepared_once() {
    let (schema, _store) = migrated().await;
    let store = schema.store(PostgresOptions { max_connections: 1, ..options() }).await;
    let client = schema.client().await;
    client.batch_execute(WATCH).await.unwrap();
    let house = House::new();
    let mut seen: Vec<BTreeMap<String, i64>> = vec![];
    for size in 1..=4 {
        exercise(&house, &store, size).await;
        let rows = client.query("SELECT statement, copies FROM prepared", &[]).await.unwrap();
        seen.push(rows.iter().map(|row| (row.get(0), row.get(1))).collect());
    }
    let last = seen.pop().unwrap();
    assert_eq!(seen.pop().as_ref(), Some(&last), "no statement is prepared anew");
    assert!(last.values().all(|copies| *copies == 1), "none is there twice: {last:#?}");
    let writes = last.keys().filter(|text| text.starts_with("WITH p0 AS")).count();
    assert_eq!(writes, 3, "one statement for each kind of batch, to open, to play and to record: {last:#?}");
}

/// Writes rows of every kind in batches of `size`, and reads them.
async fn exercise(house: &House, store: &PostgresStore, size: u16) {
    let game = house.game_numbered(i64::from(size));
    let opened: Vec<_> = (0..size).map(|shard| house.wallet_in(Shard::from_bits(shard.into()), "100")).collect();
    let sessions: Vec<_> =
        opened.iter().map(|opened| Session { game_id: game.game_id, ..house.session(Some(&opened.wallet)) }).collect();
    let created = opened.iter().map(OpenedWallet::created);
    let games = Changes { games: vec![game.clone()], ..Changes::default() };
    save(store, &batch([games, batch(created), batch(sessions.iter().map(session_created))])).await;
    let needs = Needs {
        sessions: sessions.iter().map(|session| session.session_id).collect(),
        wallets: opened.iter().map(|opened| opened.wallet.wallet_id).collect(),
        keys: [house.answer(Shard::from_bits(1), "key").key].into(),
        fingerprints: [game.fingerprint].into(),
        ..Needs::default()
    };
    let (snapshot, unit) = begin(store, &needs).await;
    let Snapshot { sessions: found, wallets, .. } = snapshot;
    let parts = found.into_values().map(|session| {
        let wallet = session.current_wallet_id.map(|id| wallets[&id].clone());
        let answer = house.answer(session.session_id.shard(), &session.session_id.to_string());
        batch([step_taken(&house.act(session, wallet, &Action::Probe { spins: 1 })), answered(&answer)])
    });
    unit.finish(&batch(parts)).await.unwrap();
    for session in &sessions {
        store.session_find(session.session_id).await.unwrap();
        store.event_list(session.session_id, 0, 10).await.unwrap();
        store.transition_list(session.session_id, 0, 10).await.unwrap();
    }
    store
        .session_list(SessionFilter { state: Some(SessionState::Playing), ..SessionFilter::default() }, None, 3)
        .await
        .unwrap();
    store.session_idle_list(house.now, 10).await.unwrap();
    store.wallet_find(opened[0].wallet.wallet_id).await.unwrap();
    store.ledger_list(opened[0].wallet.wallet_id, 0, 10).await.unwrap();
    store.trial_balance().await.unwrap();
    store.game_find(game.game_id).await.unwrap();
    let rows = sessions.iter().map(|session| MetricRow {
        session_id: session.session_id,
        key: "spins",
        value: MetricValue::Count(1),
        recorded_at: house.now,
    });
    save(store, &Changes { metrics: rows.collect(), ..Changes::default() }).await;
}

/// The locks of a unit of work that is dropped go within a second, also for other programs, and its
/// connection is not handed out in the middle of a transaction.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_unit_closes_its_connection() {
    let (schema, other) = migrated().await;
    let store = schema.store(PostgresOptions { max_connections: 1, ..options() }).await;
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let needs = needs_session(session.session_id);
    for _ in 0..10 {
        drop(begin(&store, &needs).await);
        let next = tokio::time::timeout(Duration::from_secs(1), other.begin(&needs));
        next.await.expect("the lock is free within a second").unwrap().1.rollback().await.unwrap();
        // The pool opens a connection in its place.
        begin(&store, &Needs::default()).await.1.rollback().await.unwrap();
    }
}

/// A connection that the server has ended is not handed out, and what was open on it is undone.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_replaced() {
    let (schema, store) = migrated().await;
    let house = House::new();
    let opened = house.wallet("100");
    save(&store, &opened.created()).await;
    let needs = needs_wallet(opened.wallet.wallet_id);
    let (_, unit) = begin(&store, &needs).await;
    let client = schema.client().await;
    // The others of the server belong to tests that run at the same time.
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND pid IN (
            SELECT l.pid FROM pg_locks l WHERE l.relation = 'wallets'::regclass AND l.mode = 'RowShareLock')";
    assert_eq!(client.query(end, &[]).await.unwrap().len(), 1);
    let next = house.operate(opened.wallet.clone(), Operation::Deposit, Money::from_units(1));
    let refused = unit.finish(&next.updated()).await;
    assert!(matches!(refused, Err(StoreError::Retry(_))), "nothing was written: {refused:?}");
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(Some(opened.wallet)));
    begin(&store, &needs).await.1.rollback().await.unwrap();
}

/// Units of work that lock in opposite orders behind the port's back deadlock, and one is told to retry.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_to_be_tried_again() {
    let (schema, store) = migrated().await;
    let house = House::new();
    let (first, second) = (house.wallet("1"), house.wallet("1"));
    save(&store, &batch([first.created(), second.created()])).await;
    let (_, unit) = begin(&store, &needs_wallet(second.wallet.wallet_id)).await;
    let client = schema.client().await;
    let lock = |id: WalletId| format!("SELECT FROM wallets WHERE wallet_id = '{id}' FOR UPDATE");
    client.batch_execute(&format!("BEGIN; {}", lock(first.wallet.wallet_id))).await.unwrap();
    let next = house.operate(first.wallet.clone(), Operation::Deposit, Money::from_units(1));
    let waiting = tokio::spawn(async move { unit.finish(&next.updated()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let crossing = client.batch_execute(&lock(second.wallet.wallet_id)).await;
    let outcome = waiting.await.unwrap();
    // The server picks the victim; whichever it is, the store is whole.
    match crossing {
        Ok(()) => assert!(matches!(outcome, Err(StoreError::Retry(_))), "{outcome:?}"),
        Err(_) => assert_eq!(outcome, Ok(())),
    }
    assert_eq!(store.trial_balance().await.unwrap().sum(), Some(Money::ZERO));
}

/// Connections are driven by the runtime that connected, so that a worker that opened one and is
/// busy now does not hold up whoever gets it next.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_worker_does_not_stall_a_connection_that_it_opened() {
    let (schema, _store) = migrated().await;
    let store = schema.store(PostgresOptions { max_connections: 4, ..options() }).await;
    let (_, held) = begin(&store, &Needs::default()).await;
    let (done, was_done) = tokio::sync::oneshot::channel();
    let (finish, finished) = std::sync::mpsc::channel();
    let worker = store.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let work = async { worker.begin(&Needs::default()).await?.1.rollback().await };
        done.send(runtime.block_on(work)).unwrap();
        // The runtime is there, but nothing on it runs.
        finished.recv().unwrap();
        drop(runtime);
    });
    assert_eq!(was_done.await, Ok(Ok(())));
    // The other writer is held, so this is the one that the worker opened.
    let next = tokio::time::timeout(Duration::from_secs(5), store.begin(&Needs::default())).await;
    next.expect("the connection is driven").unwrap().1.rollback().await.unwrap();
    finish.send(()).unwrap();
    thread.join().unwrap();
    held.rollback().await.unwrap();
}

/// Of a write that needed no lock it is told that it is undone where the server is there to say so, and else that
/// nobody knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_at_once_that_fails_is_undone_or_unknown() {
    let (schema, store) = migrated().await;
    let house = House::new();
    let (first, second) = (house.wallet("1"), house.wallet("2"));
    let client = schema.client().await;
    let hold = "BEGIN; LOCK TABLE wallets IN ACCESS EXCLUSIVE MODE";
    client.batch_execute(hold).await.unwrap();
    let bounded = PostgresOptions { lock_timeout: Duration::from_millis(100), ..options() };
    let refused = schema.store(bounded).await.write_unlocked(&first.created()).await;
    assert!(matches!(refused, Err(StoreError::Retry(_))), "{refused:?}");

    let writer = store.clone();
    let changes = second.created();
    let writing = tokio::spawn(async move { writer.write_unlocked(&changes).await });
    let end =
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE relation = 'wallets'::regclass AND NOT granted";
    let ended = async {
        while client.query(end, &[]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the write waits for the table");
    let lost = writing.await.unwrap();
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    client.batch_execute("ROLLBACK").await.unwrap();
    for wallet_id in [first.wallet.wallet_id, second.wallet.wallet_id] {
        assert_eq!(store.wallet_find(wallet_id).await, Ok(None));
    }
    store.write_unlocked(&first.created()).await.unwrap();
}

/// An update of a row that is not there undoes the batch.
#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_nothing_is_refused() {
    let (_schema, store) = migrated().await;
    let house = House::new();
    let (there, missing) = (house.wallet("1"), house.wallet("1"));
    save(&store, &there.created()).await;
    let next = house.operate(there.wallet.clone(), Operation::Deposit, Money::from_units(1));
    let lost = Changes { wallets_updated: vec![missing.wallet], ..Changes::default() };
    let (_, unit) = begin(&store, &needs_wallet(there.wallet.wallet_id)).await;
    let refused = unit.finish(&batch([next.updated(), lost])).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    assert_eq!(store.wallet_find(there.wallet.wallet_id).await, Ok(Some(there.wallet)));
}

/// The chain over a session's events still holds when they have been through `jsonb`, and so do
/// floats that its writing could bend: whole ones past 2^53, and tiny ones.
#[tokio::test(flavor = "multi_thread")]
async fn events_come_back_as_they_were_hashed() {
    let (_schema, store) = migrated().await;
    let house = House::new();
    let opened = house.wallet("1000");
    let session = house.session(Some(&opened.wallet));
    let genesis = session.chain_head;
    save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let id = session.session_id;
    for _ in 0..20 {
        let found = store.session_find(id).await.unwrap().unwrap();
        let stake = if found.round_open() { None } else { Some("1") };
        play(&store, &house, id, &spin(stake)).await;
    }
    let (mut snapshot, unit) = begin(&store, &needs_session(id)).await;
    let session = snapshot.sessions.remove(&id).unwrap();
    let head = session.chain_head;
    let wallet = snapshot.wallets.remove(&opened.wallet.wallet_id);
    let action = if session.round_open() { spin(None) } else { Action::Probe { spins: 3 } };
    let mut step = house.act(session, wallet, &action);
    let mut body = step.events.remove(0).body;
    let floats = json!([1e17, 1e300, 123_456_789_012_345_680_000.0, 5e-324, 0.1, 2.2e-16, -0.5, 3.0, u64::MAX]);
    body.result["floats"] = floats.clone();
    let event = body.seal(head).unwrap();
    step.session.chain_head = event.hash;
    step.events.push(event);
    unit.finish(&step_taken(&step)).await.unwrap();

    let events = store.event_list(id, 0, 100).await.unwrap();
    assert_eq!(events[20].body.result["floats"], floats);
    assert_eq!(verify_chain(genesis, &events), Ok(step.session.chain_head));
}
