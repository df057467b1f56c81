//! Plans, seen by what they touch: pages of events come from an index of the right months, and rows
//! are locked in the order of their keys.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::migrated;
use reelhouse_contract::fixtures::{House, OpenedWallet, batch, session_created};
use reelhouse_contract::work::{in_time, save};
use reelhouse_domain::ports::{Needs, SessionRepository as _, UnitOfWorkFactory as _};
use reelhouse_domain::{SessionId, Shard, Timestamp};
use reelhouse_postgres::partitions;
use tokio_postgres::Client;
use uuid::Uuid;

/// 60 sessions of 400 events each, played side by side from 2026-10-18 for 67 days.
const FILL: &str = r#"
    INSERT INTO games VALUES ('019a0000-0000-7abc-8000-000000000000', 'g', '{}', '{}', '{}',
                              decode(repeat('ab', 32), 'hex'), now());
    INSERT INTO sessions
    SELECT (lpad(to_hex(extract(epoch FROM '2026-10-18T00:00:00Z'::timestamptz)::bigint * 1000), 12, '0')
            || '7abc8' || lpad(to_hex(n), 15, '0'))::uuid, x'abc'::int,
           '019a0000-0000-7abc-8000-000000000000', '{}', 'playing', NULL, '{}', NULL,
           decode(repeat('ab', 32), 'hex'), '', 0, NULL, '{}', 400, decode(repeat('ab', 32), 'hex'), NULL, now(), now()
    FROM generate_series(1, 60) n;
    INSERT INTO gameplay_events
    SELECT ('019a0000-0000-7abc-8' || lpad(to_hex(seq), 3, '0') || '-' || right(s.session_id::text, 12))::uuid,
           s.session_id, s.shard, seq, '{"version":1,"type":"spin"}',
           jsonb_build_object('version', 1, 'symbols', repeat(md5(seq::text), 12)),
           '2026-10-18T00:00:00Z'::timestamptz + seq * interval '4 hours', 0, decode(repeat('ab', 32), 'hex')
    FROM generate_series(1, 400) seq, sessions s
    ORDER BY seq;
    ANALYZE"#;

/// How often each partition of the events was read: as a whole, and through its indexes.
async fn scans(client: &Client) -> BTreeMap<String, (i64, i64)> {
    let sql = "SELECT relname::text, seq_scan, coalesce(idx_scan, 0) FROM pg_stat_user_tables
        WHERE schemaname = current_schema() AND relname LIKE 'gameplay_events_%'";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_events_is_read_from_the_index_of_its_months() {
    let (schema, store) = migrated().await;
    for month in ["2026-04-01T00:00:00Z", "2026-08-01T00:00:00Z", "2026-12-01T00:00:00Z"] {
        partitions::ensure(&store, month.parse::<Timestamp>().unwrap(), 3).await.unwrap();
    }
    let client = schema.client().await;
    client.batch_execute(FILL).await.unwrap();
    let id: Uuid = {
        let row = client.query_one("SELECT session_id::text FROM sessions ORDER BY 1 OFFSET 7 LIMIT 1", &[]).await;
        row.unwrap().get::<_, String>(0).parse().unwrap()
    };
    // A connection that ends hands its counts in: those of the filling, then those of the reads.
    drop(client);
    let client = schema.client().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = scans(&client).await;
    for after in [0, 200, 390] {
        let page = store.event_list(SessionId(id), after, 50).await.unwrap();
        let expected: Vec<i64> = (after + 1..=400).take(50).collect();
        assert_eq!(page.iter().map(|event| event.body.seq).collect::<Vec<_>>(), expected);
    }
    drop(store);

    let indexed = |scans: &BTreeMap<String, (i64, i64)>, month: &str| scans[&format!("gameplay_events_{month}")].1;
    let mut after = scans(&client).await;
    for _ in 0..50 {
        if indexed(&after, "2026_12") > indexed(&before, "2026_12") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
        after = scans(&client).await;
    }
    for month in ["2026_10", "2026_11", "2026_12"] {
        assert!(indexed(&after, month) > indexed(&before, month), "{month} is read through its index");
        let partition = format!("gameplay_events_{month}");
        assert_eq!(after[&partition].0, before[&partition].0, "{month} is never read as a whole");
    }
    for (partition, counts) in &after {
        if partition.as_str() < "gameplay_events_2026_10" {
            assert_eq!(counts, &before[partition], "{partition} is older than the session");
        }
    }
}

/// Whether the row is locked by somebody.
async fn locked(client: &Client, table: &str, column: &str, id: Uuid) -> bool {
    let sql = format!("SELECT 1 FROM {table} WHERE {column} = '{id}' FOR UPDATE SKIP LOCKED");
    client.query(&sql, &[]).await.unwrap().is_empty()
}

/// With the lower of two rows held by somebody else, a unit of work that wants both has not locked
/// the higher one yet; with the higher held, it has locked the lower. Whatever order they lie in.
#[tokio::test(flavor = "multi_thread")]
async fn rows_are_locked_in_the_order_of_their_keys() {
    let (schema, store) = migrated().await;
    let house = House::new();
    let opened = [2, 1].map(|shard| house.wallet_in(Shard::from_bits(shard), "1"));
    let sessions = opened.each_ref().map(|opened| house.session(Some(&opened.wallet)));
    let wallets = batch(opened.iter().map(OpenedWallet::created));
    save(&store, &batch([house.opening(), wallets, batch(sessions.iter().map(session_created))])).await;
    let session_ids = sessions.each_ref().map(|session| session.session_id.0);
    let wallet_ids = opened.each_ref().map(|opened| opened.wallet.wallet_id.0);
    let needs = Needs { sessions: sessions.iter().map(|session| session.session_id).collect(), ..Needs::default() };

    let (holder, observer) = (schema.client().await, schema.client().await);
    for (table, column, [higher, lower]) in
        [("sessions", "session_id", session_ids), ("wallets", "wallet_id", wallet_ids)]
    {
        for (held, other, other_is_locked) in [(lower, higher, false), (higher, lower, true)] {
            let hold = format!("BEGIN; SELECT FROM {table} WHERE {column} = '{held}' FOR UPDATE");
            holder.batch_execute(&hold).await.unwrap();
            let (store, needs) = (store.clone(), needs.clone());
            let waiting = tokio::spawn(async move { store.begin(&needs).await.unwrap().1.rollback().await });
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(!waiting.is_finished(), "{table}");
            assert_eq!(locked(&observer, table, column, other).await, other_is_locked, "{table}");
            holder.batch_execute("ROLLBACK").await.unwrap();
            assert_eq!(in_time(waiting).await.unwrap(), Ok(()));
        }
    }
}
