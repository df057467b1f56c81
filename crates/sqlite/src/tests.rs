//! Tests that look at the writer itself: its settings, its statements, and what it survives.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::connection::{InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use reelhouse_contract::fixtures::{House, SHARD, answered, batch, session_created, spin, step_taken};
use reelhouse_contract::work::{begin, needs_of, needs_session, save, try_save};
use reelhouse_domain::ports::{
    Changes, GameRepository as _, MetricRow, Needs, SessionRepository as _, StoreError, StoreProbe as _,
    UnitOfWorkFactory as _, WalletFilter, WalletRepository as _,
};
use reelhouse_domain::{Money, Shard};
use tempfile::TempDir;

use crate::{SqliteOptions, SqliteStore, migrate};

fn options() -> SqliteOptions {
    SqliteOptions { lock_wait: Duration::from_millis(300), ..SqliteOptions::default() }
}

async fn store() -> (SqliteStore, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("reelhouse.db"), options()).await.unwrap();
    migrate::up(&store).await.unwrap();
    (store, directory)
}

/// The number that a query on the writer answers with.
async fn ask(store: &SqliteStore, query: &str) -> i64 {
    let mut writer = store.writer().await.unwrap();
    diesel::dsl::sql::<BigInt>(query).get_result(writer.connection().unwrap()).unwrap()
}

async fn tell(store: &SqliteStore, statement: &str) -> QueryResult<()> {
    store.writer().await.unwrap().connection().unwrap().batch_execute(statement)
}

#[tokio::test]
async fn the_writer_syncs_and_keeps_foreign_keys() {
    let (store, _directory) = store().await;
    for (setting, value) in [("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1), ("fullfsync", 1)] {
        assert_eq!(ask(&store, &format!("SELECT * FROM pragma_{setting}")).await, value, "{setting}");
    }
    assert_eq!(ask(&store, "SELECT * FROM pragma_busy_timeout").await, 300);
    assert_eq!(ask(&store, "SELECT journal_mode = 'wal' FROM pragma_journal_mode").await, 1);
    assert_eq!(SqliteOptions::default().lock_wait, Duration::from_secs(5));
}

/// Waits until a game that was stored is in the file itself.
async fn game_reaches_the_file(directory: &TempDir) {
    let (file, copy) = (directory.path().join("reelhouse.db"), directory.path().join("copy.db"));
    let games = || {
        // The file without its log.
        std::fs::copy(&file, &copy).unwrap();
        let mut connection = SqliteConnection::establish(copy.to_str().unwrap()).unwrap();
        diesel::dsl::sql::<BigInt>("SELECT count(*) FROM games").get_result::<i64>(&mut connection)
    };
    for _ in 0..200 {
        if games() == Ok(1) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(games(), Ok(1));
}

#[tokio::test]
async fn what_is_committed_reaches_the_file_while_the_store_is_open() {
    let (store, directory) = store().await;
    save(&store, &House::new().opening()).await;
    game_reaches_the_file(&directory).await;
}

/// The last connection that is closed empties the log and removes it, so none is left open behind the store.
#[tokio::test]
async fn a_store_that_is_let_go_of_leaves_no_log() {
    let (store, directory) = store().await;
    let house = House::new();
    save(&store, &house.opening()).await;
    // Now there is a connection for checkpoints too.
    game_reaches_the_file(&directory).await;
    save(&store, &house.wallet("5").created()).await;
    assert!(directory.path().join("reelhouse.db-wal").exists());
    drop(store);
    assert!(!has_log(&directory));
}

fn has_log(directory: &TempDir) -> bool {
    ["reelhouse.db-wal", "reelhouse.db-shm"].iter().any(|file| directory.path().join(file).exists())
}

#[tokio::test]
async fn closing_waits_for_whoever_holds_the_store_still() {
    let (store, directory) = store().await;
    save(&store, &House::new().opening()).await;
    let held = store.clone();
    held.clone().close(Duration::ZERO).await;
    assert!(has_log(&directory), "the store is open still");
    let lets_go = async {
        tokio::task::yield_now().await;
        drop(held);
    };
    tokio::join!(store.close(Duration::from_secs(60)), lets_go);
    assert!(!has_log(&directory));
}

#[tokio::test]
async fn entries_stay_as_they_are_when_their_order_changes() {
    let (store, _directory) = store().await;
    let house = House::new();
    save(&store, &house.opening()).await;
    let opened = house.wallet("5");
    save(&store, &opened.created()).await;
    let entries = || store.ledger_list(opened.wallet.wallet_id, 0, 10);
    let before = entries().await.unwrap();
    assert!(!before.is_empty());
    let mut undone = String::new();
    while !undone.ends_with("_ledger_order") {
        undone = migrate::down(&store).await.unwrap().unwrap();
    }
    migrate::up(&store).await.unwrap();
    assert_eq!(entries().await.unwrap(), before);
    for statement in ["DELETE FROM ledger_entries", "UPDATE ledger_entries SET amount = 1"] {
        let refused = tell(&store, statement).await.unwrap_err().to_string();
        assert!(refused.contains("ledger_entries is append-only"), "{refused}");
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (store, _directory) = store().await;
    let settings = store
        .read(|connection| {
            let ask = |query: &str| diesel::dsl::sql::<BigInt>(query);
            let foreign_keys: i64 = ask("SELECT * FROM pragma_foreign_keys").get_result(connection).unwrap();
            let refused = connection.batch_execute("DELETE FROM games");
            Ok((foreign_keys, refused.is_err()))
        })
        .await;
    assert_eq!(settings, Ok((1, true)));
}

#[tokio::test]
async fn replacing_an_appended_row_is_refused_too() {
    let (store, _directory) = store().await;
    let house = House::new();
    save(&store, &house.wallet("5").created()).await;
    let refused = tell(&store, "INSERT OR REPLACE INTO ledger_entries SELECT * FROM ledger_entries").await;
    assert!(refused.unwrap_err().to_string().contains("append-only"));
}

/// Writes everything that a batch can hold, in a shard of its own: each house counts its ids anew.
async fn save_everything(store: &SqliteStore, shard: u64) {
    let house = House::new();
    let game = if shard == 1 { house.opening() } else { Changes::default() };
    let opened = house.wallet_in(Shard::from_bits(shard), "100");
    let session = house.session(Some(&opened.wallet));
    save(store, &batch([game, opened.created(), session_created(&session)])).await;
    let (snapshot, unit) = begin(store, &needs_session(session.session_id)).await;
    unit.rollback().await.unwrap();
    assert_eq!(snapshot.sessions.len(), 1);
    let step = house.act(session, Some(opened.wallet), &spin(Some("1")));
    let metrics = step.session.metrics.entries().into_iter().map(|(key, value)| MetricRow {
        session_id: step.session.session_id,
        key,
        value,
        recorded_at: house.now,
    });
    let metrics = Changes { metrics: metrics.collect(), ..Changes::default() };
    let answer = house.answer(SHARD, &shard.to_string());
    let changes = batch([step_taken(&step), metrics, answered(&answer)]);
    let needs =
        Needs { keys: [answer.key].into(), fingerprints: [house.game.fingerprint].into(), ..needs_of(&changes) };
    let (_, unit) = begin(store, &needs).await;
    unit.finish(&changes).await.unwrap();
}

#[tokio::test]
async fn every_statement_of_a_unit_of_work_is_prepared_once() {
    let (store, _directory) = store().await;
    let prepared = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&prepared);
    let instrument = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::CacheQuery { sql, .. } = event {
            seen.lock().unwrap().push(sql.to_owned());
        }
    };
    store.writer().await.unwrap().connection().unwrap().set_instrumentation(instrument);
    save_everything(&store, 1).await;
    let once: Vec<String> = prepared.lock().unwrap().clone();
    // Eight tables to insert into and one whose rows may be replaced, two kinds of rows to update in three statements,
    // four look-ups.
    let kinds = |kind: &str| once.iter().filter(|sql| sql.starts_with(kind)).count();
    let counts = ["INSERT", "REPLACE", "UPDATE", "SELECT"].map(kinds);
    assert_eq!(counts, [8, 1, 3, 4], "{once:#?}");
    assert_eq!(once.len(), once.iter().collect::<BTreeSet<_>>().len());
    save_everything(&store, 2).await;
    assert_eq!(*prepared.lock().unwrap(), once);
}

#[tokio::test]
async fn a_full_disk_undoes_the_batch_and_the_writer_goes_on() {
    let (store, _directory) = store().await;
    let house = House::new();
    save(&store, &house.opening()).await;
    let pages = ask(&store, "SELECT * FROM pragma_page_count").await;
    tell(&store, &format!("PRAGMA max_page_count = {pages}")).await.unwrap();
    let mut answers: Vec<_> = (0..50).map(|at| house.answer(SHARD, &format!("key {at}"))).collect();
    for answer in &mut answers {
        answer.answer = serde_json::json!("x".repeat(2000));
    }
    let opened = house.wallet("5");
    let changes = batch([opened.created(), batch(answers.iter().map(answered))]);
    let refused = try_save(&store, &changes).await;
    assert_eq!(refused, Err(StoreError::Unavailable("database or disk is full".to_owned())));
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(None));
    assert_eq!(ask(&store, "SELECT count(*) FROM idempotency_keys").await, 0);

    tell(&store, "PRAGMA max_page_count = 1000000").await.unwrap();
    save(&store, &changes).await;
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(Some(opened.wallet)));
    assert_eq!(ask(&store, "SELECT count(*) FROM idempotency_keys").await, 50);
}

#[tokio::test]
async fn rolling_back_keeps_the_connection_whether_or_not_anything_is_open() {
    let (store, _directory) = store().await;
    let house = House::new();
    save(&store, &house.opening()).await;
    // The connection's own mark: one that is opened again does not have it.
    tell(&store, "PRAGMA max_page_count = 12345").await.unwrap();
    store.writer().await.unwrap().roll_back();
    tell(&store, "BEGIN; DELETE FROM games").await.unwrap();
    assert_eq!(ask(&store, "SELECT count(*) FROM games").await, 0);
    store.writer().await.unwrap().roll_back();
    assert_eq!(ask(&store, "SELECT count(*) FROM games").await, 1);
    assert_eq!(ask(&store, "SELECT * FROM pragma_max_page_count").await, 12345);
}

#[tokio::test]
async fn a_batch_that_breaks_a_rule_of_the_database_is_corrupt_and_undone() {
    let (store, _directory) = store().await;
    let house = House::new();
    let session = house.session(None);
    // The session's game is not there.
    let refused = try_save(&store, &session_created(&session)).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    save(&store, &house.opening()).await;
    let mut opened = house.wallet("5");
    opened.wallet.balance = Money::from_units(-1);
    let refused = try_save(&store, &opened.created()).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    // A session that is not there cannot be updated.
    let refused = try_save(&store, &Changes { sessions_updated: vec![session], ..Changes::default() }).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    assert_eq!(store.wallet_list(WalletFilter::default(), None, 10).await, Ok(vec![]));
}

#[tokio::test]
async fn floats_of_documents_keep_every_bit() {
    let (store, _directory) = store().await;
    let house = House::new();
    let mut game = house.game.clone();
    // Each is off by its last bit when it is read by a parser that is not exact.
    let floats =
        [0.1, 1.0 / 3.0, 5e-324, 1.797_693_134_862_315_7e308, 9.007_199_254_740_993e15, 2.225_073_858_507_201e-308];
    let scattered = (1..500_u32).map(|number| (f64::from(number) * 0.618_033_988_749_894_9).exp() / 7.0);
    game.statistical_profile = serde_json::json!(floats.into_iter().chain(scattered).collect::<Vec<f64>>());
    save(&store, &Changes { games: vec![game.clone()], ..Changes::default() }).await;
    assert_eq!(store.game_find(game.game_id).await, Ok(Some(game)));
}

#[tokio::test]
async fn sums_that_leave_64_bits_on_their_way_come_back() {
    let (store, _directory) = store().await;
    let house = House::new();
    let opened: Vec<_> = (0..3).map(|_| house.wallet("1000000000000")).collect();
    let books = batch(opened.iter().map(reelhouse_contract::fixtures::OpenedWallet::created));
    save(&store, &books).await;
    let balance = store.trial_balance().await.unwrap();
    assert_eq!(balance.wallets.to_string(), "3000000000000.0000");
    assert_eq!(balance.sum(), Some(Money::ZERO));
    let mut rich = house.wallet("0");
    rich.wallet.balance = Money::from_units(i64::MAX);
    save(&store, &rich.created()).await;
    let refused = store.trial_balance().await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
}

#[tokio::test]
async fn another_process_on_the_file_is_waited_for_and_seen() {
    let (first, directory) = store().await;
    let second = SqliteStore::open(directory.path().join("reelhouse.db"), options()).await.unwrap();
    let house = House::new();
    let (_, unit) = begin(&first, &Needs::default()).await;
    let refused = second.begin(&Needs::default()).await.err();
    assert_eq!(refused, Some(StoreError::Retry("database is locked".to_owned())));
    assert_eq!(second.ping().await, Ok(()));
    unit.finish(&house.opening()).await.unwrap();
    assert_eq!(second.game_find(house.game.game_id).await, Ok(Some(house.game.clone())));
    let clash = try_save(&second, &house.opening()).await;
    assert!(matches!(clash, Err(StoreError::Clash(_))), "{clash:?}");
}

#[tokio::test]
async fn what_was_committed_is_there_when_the_file_is_opened_again() {
    let (store, directory) = store().await;
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let step = house.act(session, Some(opened.wallet), &spin(Some("1")));
    save(&store, &step_taken(&step)).await;
    drop(store);
    let again = SqliteStore::open(directory.path().join("reelhouse.db"), options()).await.unwrap();
    assert_eq!(migrate::up(&again).await.unwrap(), Vec::<String>::new());
    assert_eq!(again.event_list(step.session.session_id, 0, 10).await, Ok(step.events));
    assert_eq!(again.session_find(step.session.session_id).await, Ok(Some(step.session)));
}

#[tokio::test]
async fn a_file_without_its_schema_is_not_ready() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("reelhouse.db"), options()).await.unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
}
