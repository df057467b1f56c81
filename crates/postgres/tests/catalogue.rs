//! Rules of the database, checked on its catalogue and on the database itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::migrated;
use reelhouse_contract::fixtures::{House, batch, session_created, spin, step_taken};
use reelhouse_contract::work::save;
use reelhouse_postgres::partitions;
use tokio_postgres::Client;

/// Tables whose rows are never changed.
const APPEND_ONLY: [&str; 4] = ["gameplay_events", "rl_store", "ledger_entries", "wallet_operations"];

/// Tables that are spread over shards.
const DISTRIBUTED: [&str; 9] = [
    "wallets",
    "sessions",
    "gameplay_events",
    "rl_store",
    "wallet_operations",
    "ledger_entries",
    "metrics",
    "idempotency_keys",
    "session_observations",
];

/// The columns that the data model names, with their types.
const DATA_MODEL: [(&str, &str, &str); 36] = [
    ("games", "game_id", "uuid"),
    ("games", "name", "text"),
    ("games", "rng_signature", "jsonb"),
    ("games", "symbol_map", "jsonb"),
    ("games", "statistical_profile", "jsonb"),
    ("games", "created_at", "timestamp with time zone"),
    ("sessions", "session_id", "uuid"),
    ("sessions", "game_id", "uuid"),
    ("sessions", "player_profile", "jsonb"),
    ("sessions", "state", "session_state"),
    ("sessions", "metrics", "jsonb"),
    ("sessions", "current_wallet_id", "uuid"),
    ("sessions", "created_at", "timestamp with time zone"),
    ("sessions", "updated_at", "timestamp with time zone"),
    ("wallets", "wallet_id", "uuid"),
    ("wallets", "balance", "numeric(20,4)"),
    ("wallets", "daily_limit", "numeric(20,4)"),
    ("wallets", "cost_rate", "jsonb"),
    ("wallets", "created_at", "timestamp with time zone"),
    ("wallets", "updated_at", "timestamp with time zone"),
    ("gameplay_events", "event_id", "uuid"),
    ("gameplay_events", "session_id", "uuid"),
    ("gameplay_events", "action", "jsonb"),
    ("gameplay_events", "result", "jsonb"),
    ("gameplay_events", "timestamp", "timestamp with time zone"),
    ("gameplay_events", "reward", "double precision"),
    ("rl_store", "id", "uuid"),
    ("rl_store", "session_id", "uuid"),
    ("rl_store", "state", "jsonb"),
    ("rl_store", "action", "jsonb"),
    ("rl_store", "reward", "double precision"),
    ("rl_store", "next_state", "jsonb"),
    ("rl_store", "done", "boolean"),
    ("rl_store", "created_at", "timestamp with time zone"),
    ("metrics", "key", "text"),
    ("metrics", "value", "numeric"),
];

async fn strings(client: &Client, sql: &str) -> BTreeSet<String> {
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_columns_of_the_data_model_are_there() {
    let (schema, _store) = migrated().await;
    let rows = schema
        .client()
        .await
        .query(
            "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND c.relkind IN ('r', 'p')",
            &[],
        )
        .await
        .unwrap();
    let found: BTreeMap<(String, String), String> =
        rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
    let mut expected = DATA_MODEL.to_vec();
    expected.extend([("metrics", "session_id", "uuid"), ("metrics", "recorded_at", "timestamp with time zone")]);
    for (table, column, data_type) in expected {
        assert_eq!(
            found.get(&(table.to_owned(), column.to_owned())).map(String::as_str),
            Some(data_type),
            "{table}.{column}"
        );
    }
    for ((table, column), data_type) in &found {
        let money = ["balance", "amount", "limit", "spent"].iter().any(|word| column.contains(word));
        assert!(!money || data_type == "numeric(20,4)", "{table}.{column} is {data_type}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_columns_are_those_that_the_metadata_tell() {
    let (schema, _store) = migrated().await;
    let rows = schema
        .client()
        .await
        .query(
            "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
             AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE '\\_\\_diesel%'",
            &[],
        )
        .await
        .unwrap();
    let found: BTreeSet<(String, String, String, bool)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
    let mut told = BTreeSet::new();
    for domain in reelhouse_metadata::domains() {
        for field in domain.fields {
            let column = |table: &&str| {
                ((*table).to_owned(), field.name.to_owned(), field.kind.postgres().to_owned(), field.nullable)
            };
            told.extend(domain.tables_of(field).iter().map(column));
        }
    }
    assert_eq!(told, found, "crates/metadata/src/domains against the schema");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_of_money_has_a_check() {
    let (schema, _store) = migrated().await;
    let client = schema.client().await;
    let money = "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND c.relkind IN ('r', 'p')
          AND format_type(a.atttypid, a.atttypmod) = 'numeric(20,4)'";
    let all = strings(&client, &format!("SELECT c.relname || '.' || a.attname {money}")).await;
    assert_eq!(all.len(), 8, "{all:?}");
    let unchecked = format!(
        "SELECT c.relname || '.' || a.attname {money} AND NOT EXISTS (
             SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY(k.conkey))"
    );
    assert_eq!(strings(&client, &unchecked).await, BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_distributed_tables_are_led_by_the_shard() {
    let (schema, _store) = migrated().await;
    let client = schema.client().await;
    let primary = strings(
        &client,
        "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
         WHERE c.relnamespace = current_schema()::regnamespace AND i.indisprimary AND a.attname = 'shard'",
    )
    .await;
    let foreign = strings(
        &client,
        "SELECT conrelid::regclass::text FROM pg_constraint k
         WHERE connamespace = current_schema()::regnamespace AND contype = 'f'
           AND confrelid NOT IN ('games'::regclass, 'api_keys'::regclass)
           AND NOT EXISTS (SELECT FROM pg_attribute a
                           WHERE a.attrelid = k.conrelid AND a.attname = 'shard' AND a.attnum = ANY(k.conkey))",
    )
    .await;
    for table in DISTRIBUTED {
        assert!(primary.contains(table), "the primary key of {table}");
    }
    assert_eq!(foreign, BTreeSet::new(), "a foreign key between distributed tables names the shard");
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_by_session_game_and_wallet_have_an_index() {
    let (schema, _store) = migrated().await;
    let client = schema.client().await;
    // The column leads an index, or comes right after the shard, which every id tells.
    let bare = strings(
        &client,
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
           AND a.attname IN ('session_id', 'game_id', 'wallet_id', 'current_wallet_id', 'owner')
           AND NOT EXISTS (
               SELECT FROM pg_index i LEFT JOIN pg_attribute s ON s.attrelid = c.oid AND s.attnum = i.indkey[0]
               WHERE i.indrelid = c.oid
                 AND (i.indkey[0] = a.attnum OR (s.attname = 'shard' AND i.indkey[1] = a.attnum)))",
    )
    .await;
    assert_eq!(bare, BTreeSet::new());
    let events = strings(
        &client,
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'gameplay_events'::regclass",
    )
    .await;
    assert!(events.iter().any(|index| index.contains(r#"(session_id, seq, "timestamp")"#)), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn append_only_tables_refuse_every_change() {
    let (schema, store) = migrated().await;
    let house = House::new();
    partitions::ensure(&store, house.now, 1).await.unwrap();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    save(&store, &step_taken(&house.act(session, Some(opened.wallet), &spin(Some("1"))))).await;

    let client = schema.client().await;
    let mut tables: BTreeSet<String> = APPEND_ONLY.map(str::to_owned).into();
    let partitions = "SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
    tables.extend(strings(&client, partitions).await);
    assert_eq!(tables.len(), 4 + 6, "both defaults and two months of both tables: {tables:?}");
    for table in &tables {
        let rows: i64 = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
        let mut commands = vec![format!("TRUNCATE {table} CASCADE")];
        if rows > 0 {
            commands.push(format!("UPDATE {table} SET shard = shard"));
            commands.push(format!("DELETE FROM {table}"));
        }
        for command in commands {
            let refused = client.batch_execute(&command).await.unwrap_err();
            let refused = refused.as_db_error().expect("the server refuses").message();
            assert!(refused.contains("is append-only"), "{command}: {refused}");
        }
    }
    for table in APPEND_ONLY.into_iter().chain(["gameplay_events_2026_01", "rl_store_2026_01"]) {
        let rows: i64 = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
        assert!(rows > 0, "{table} has rows, so that its row triggers were asked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_transitions_are_partitioned_by_their_time() {
    let (schema, _store) = migrated().await;
    let keys = strings(
        &schema.client().await,
        "SELECT c.relname || ': ' || pg_get_partkeydef(c.oid) FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'p'",
    )
    .await;
    let expected = [r#"gameplay_events: RANGE ("timestamp")"#, "rl_store: RANGE (created_at)"];
    assert_eq!(keys, expected.map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_refused_in_another_shard_than_its_ids() {
    let (schema, _store) = migrated().await;
    let client = schema.client().await;
    let insert = |shard: i16| {
        format!(
            "INSERT INTO wallets VALUES ('019a0000-0000-7abc-8000-000000000001', {shard}, 1, NULL, NULL, NULL, '{{}}',
                                         'UTC', '2026-01-01', 0, 0, now(), now())"
        )
    };
    for shard in [0, 0xabb, -1] {
        let refused = client.batch_execute(&insert(shard)).await.unwrap_err();
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::CHECK_VIOLATION), "{shard}");
    }
    client.batch_execute(&insert(0xabc)).await.unwrap();
    // Idempotency keys carry no id; every other distributed table checks its own. A CASE keeps the definitions of
    // constraints of other tests' schemas, which may be gone at any moment, from being read.
    let checked = strings(
        &client,
        "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
         WHERE CASE WHEN connamespace = current_schema()::regnamespace AND contype = 'c'
                    THEN pg_get_constraintdef(oid) LIKE '%shard%uuid_send%' END",
    )
    .await;
    for table in DISTRIBUTED.into_iter().filter(|table| *table != "idempotency_keys") {
        assert!(checked.contains(table), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_below_zero_and_a_ledger_that_does_not_add_up_are_refused() {
    let (schema, store) = migrated().await;
    let house = House::new();
    let opened = house.wallet("1");
    save(&store, &opened.created()).await;
    let client = schema.client().await;
    let overdrawn = client.batch_execute("UPDATE wallets SET balance = -0.0001").await.unwrap_err();
    assert_eq!(overdrawn.code(), Some(&tokio_postgres::error::SqlState::CHECK_VIOLATION));
    let wrong = "INSERT INTO ledger_entries
        SELECT entry_id, wallet_id, shard, 2, account, kind, 1, 1, 3, event_id, operation_id, \"timestamp\"
        FROM ledger_entries";
    let wrong = client.batch_execute(wrong).await.unwrap_err();
    assert_eq!(wrong.code(), Some(&tokio_postgres::error::SqlState::CHECK_VIOLATION));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_changes_only_by_the_profile_that_was_to_come() {
    let (schema, store) = migrated().await;
    save(&store, &House::new().opening()).await;
    let client = schema.client().await;
    let refused = |command: String| {
        let client = &client;
        async move {
            let refused = client.batch_execute(&command).await.expect_err(&command);
            let refused = refused.as_db_error().expect("the server refuses").message().to_owned();
            assert!(refused.contains("games are immutable"), "{command}: {refused}");
        }
    };
    let give = |method: &str| format!("UPDATE games SET statistical_profile = '{{\"method\":\"{method}\"}}'");
    refused(give("pending")).await;
    refused("UPDATE games SET name = 'x'".to_owned()).await;
    let pending = "INSERT INTO games
        SELECT '00000000-0000-7000-8000-000000000001', name, rng_signature, symbol_map, '{\"method\":\"pending\"}',
               decode(repeat('00', 32), 'hex'), created_at FROM games";
    client.batch_execute(pending).await.unwrap();
    let only = " WHERE game_id = '00000000-0000-7000-8000-000000000001'";
    for change in ["name = 'x'", "symbol_map = '{}'", "created_at = now()"] {
        refused(format!("UPDATE games SET {change}{only}")).await;
    }
    client.batch_execute(&(give("rejected") + only)).await.unwrap();
    client.batch_execute(&(give("exact") + only)).await.unwrap();
    refused(give("exact") + only).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_held_while_they_run_and_stay_when_they_have_ended() {
    let (schema, store) = migrated().await;
    save(&store, &House::new().opening()).await;
    let client = schema.client().await;
    let job = "INSERT INTO jobs
        SELECT '00000000-0000-7000-8000-000000000002', game_id, 'simulation', '{}', 'queued', '{}', NULL, NULL, NULL, 0,
               NULL, NULL, created_at, created_at FROM games";
    client.batch_execute(job).await.unwrap();
    for wrong in ["state = 'running'", "state = 'failed'", "result = '{}'", "lapses = -1", "kind = 'x'", "state = 'x'"]
    {
        let refused = client.batch_execute(&format!("UPDATE jobs SET {wrong}")).await.expect_err(wrong);
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::CHECK_VIOLATION), "{wrong}");
    }
    client.batch_execute("UPDATE jobs SET state = 'cancelled'").await.unwrap();
    let refused = client.batch_execute("UPDATE jobs SET state = 'queued'").await.unwrap_err();
    assert!(refused.as_db_error().expect("the server refuses").message().contains("ended never changes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_changes_only_by_being_revoked_once_and_owns_what_it_opened() {
    let (schema, store) = migrated().await;
    save(&store, &House::new().wallet("1").created()).await;
    let client = schema.client().await;
    let key = "INSERT INTO api_keys VALUES ('00000000-0000-7000-8000-000000000003', 'x', 'play',
        decode(repeat('00', 32), 'hex'), '2026-01-01', NULL, NULL)";
    client.batch_execute(key).await.unwrap();
    let refused = |command: String| {
        let client = &client;
        async move {
            let refused = client.batch_execute(&command).await.expect_err(&command);
            refused.as_db_error().expect("the server refuses").message().to_owned()
        }
    };
    for wrong in [key.replace("'play'", "'root'"), key.replace("32)", "31)"), key.replace("'x'", "''")] {
        assert!(refused(wrong.replace("000003", "000004")).await.contains("check constraint"), "{wrong}");
    }
    for change in ["role = 'admin'", "digest = decode(repeat('11', 32), 'hex')", "expires_at = '2036-01-01'"] {
        assert!(refused(format!("UPDATE api_keys SET {change}")).await.contains("never changes"), "{change}");
    }
    assert!(refused("DELETE FROM api_keys".to_owned()).await.contains("never changes"));
    let nobody = "UPDATE wallets SET owner = '00000000-0000-7000-8000-000000000009'".to_owned();
    assert!(refused(nobody).await.contains("foreign key constraint"));
    client.batch_execute("UPDATE wallets SET owner = (SELECT key_id FROM api_keys)").await.unwrap();
    client.batch_execute("UPDATE api_keys SET revoked_at = '2026-01-02'").await.unwrap();
    assert!(refused("UPDATE api_keys SET revoked_at = NULL".to_owned()).await.contains("never changes"));
}
