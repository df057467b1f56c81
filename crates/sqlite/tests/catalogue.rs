//! The catalogue: what the database itself keeps to, whatever program writes to it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use reelhouse_contract::fixtures::{House, SHARD, answered, batch, session_created, spin, step_taken};
use reelhouse_contract::work::save;
use reelhouse_domain::ports::{Changes, MetricRow};
use reelhouse_sqlite::{SqliteOptions, SqliteStore, migrate};

/// A file with a row in every table, and a connection to it that is no part of the store.
struct Catalogue {
    connection: SqliteConnection,
    _directory: tempfile::TempDir,
}

impl Catalogue {
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("reelhouse.db");
        let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
        migrate::up(&store).await.unwrap();
        let house = House::new();
        let opened = house.wallet("100");
        let session = house.session(Some(&opened.wallet));
        save(&store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
        let step = house.act(session, Some(opened.wallet), &spin(Some("1")));
        let metrics = step.session.metrics.entries().into_iter().map(|(key, value)| MetricRow {
            session_id: step.session.session_id,
            key,
            value,
            recorded_at: house.now,
        });
        let metrics = Changes { metrics: metrics.collect(), ..Changes::default() };
        save(&store, &batch([step_taken(&step), metrics, answered(&house.answer(SHARD, "key"))])).await;
        let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
        Self { connection, _directory: directory }
    }

    fn texts(&mut self, query: &str) -> Vec<String> {
        diesel::dsl::sql::<Text>(query).load(&mut self.connection).unwrap()
    }

    fn number(&mut self, query: &str) -> i64 {
        diesel::dsl::sql::<BigInt>(query).get_result(&mut self.connection).unwrap()
    }

    /// What the database says to a statement that it must refuse.
    fn refusal(&mut self, statement: &str) -> String {
        let outcome = self.connection.batch_execute(statement);
        outcome.expect_err(statement).to_string()
    }
}

/// The tables with the columns that the data model names.
const MODEL: [(&str, &str); 6] = [
    ("games", "game_id name rng_signature symbol_map statistical_profile created_at"),
    ("sessions", "session_id game_id player_profile state metrics current_wallet_id created_at updated_at"),
    ("wallets", "wallet_id balance daily_limit cost_rate created_at updated_at"),
    ("gameplay_events", "event_id session_id action result timestamp reward"),
    ("rl_store", "id session_id state action reward next_state done created_at"),
    ("metrics", "session_id key value recorded_at"),
];

const APPEND_ONLY: [&str; 4] = ["gameplay_events", "rl_store", "ledger_entries", "wallet_operations"];

#[tokio::test]
async fn the_columns_are_those_that_the_metadata_tell() {
    let mut catalogue = Catalogue::open().await;
    let found = catalogue.texts(
        "SELECT t.name || '.' || c.name || ' ' || c.type || iif(c.\"notnull\", '', ' NULL')
         FROM pragma_table_list t, pragma_table_info(t.name) c
         WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT GLOB '__diesel*' AND t.name NOT GLOB 'sqlite_*'",
    );
    let mut told = Vec::new();
    for domain in reelhouse_metadata::domains().iter().filter(|domain| domain.on_sqlite) {
        for field in domain.fields {
            let absent = if field.nullable { " NULL" } else { "" };
            let column = |table: &&str| format!("{table}.{} {}{absent}", field.name, field.kind.sqlite());
            told.extend(domain.tables_of(field).iter().map(column));
        }
    }
    let sorted = |mut columns: Vec<String>| {
        columns.sort_unstable();
        columns
    };
    assert_eq!(sorted(told), sorted(found), "crates/metadata/src/domains against the schema");
}

#[tokio::test]
async fn the_tables_of_the_model_are_there_by_name() {
    let mut catalogue = Catalogue::open().await;
    for (table, columns) in MODEL {
        let found = catalogue.texts(&format!("SELECT name FROM pragma_table_info('{table}')"));
        for column in columns.split(' ') {
            assert!(found.iter().any(|name| name == column), "{table}.{column}");
        }
    }
    let strict = "SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT GLOB '__diesel*' AND name NOT GLOB 'sqlite_*'";
    assert_eq!(catalogue.texts(strict), Vec::<String>::new(), "every table keeps its types");
}

/// What the migrations of PostgreSQL do, one after the other.
fn postgres_migrations() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|migration| migration.unwrap().path().join("up.sql")).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// The columns that migrations add to a table that is there already.
fn added_columns(migrations: &str, table: &str) -> Vec<String> {
    let head = format!("ALTER TABLE {table}\n");
    let changes = migrations.split(&head).skip(1);
    let added = changes.flat_map(|change| change.split(';').next().unwrap_or_default().split("ADD COLUMN ").skip(1));
    added.filter_map(|column| column.split(' ').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn both_databases_have_the_same_columns_and_indexes() {
    let mut catalogue = Catalogue::open().await;
    let postgres = postgres_migrations();
    let mut compared = 0;
    for table in postgres.split("CREATE TABLE ").skip(1).filter(|table| !table.contains(" PARTITION OF ")) {
        let (name, body) = table.split_once(" (\n").unwrap();
        if name == "archives" {
            // Only partitions are archived.
            continue;
        }
        let columns = body.lines().take_while(|line| !line.starts_with(')')).filter_map(|line| {
            let word = line.trim().split(' ').next()?.trim_matches('"');
            // Columns are lower-case; constraints and comments are not.
            (line.starts_with("    ")
                && !line.starts_with("     ")
                && word.starts_with(|c: char| c.is_ascii_lowercase()))
            .then(|| word.to_owned())
        });
        let columns: Vec<String> = columns.chain(added_columns(&postgres, name)).collect();
        let found = catalogue.texts(&format!("SELECT name FROM pragma_table_info('{name}')"));
        assert_eq!(found, columns, "{name}");
        compared += 1;
    }
    assert_eq!(compared, catalogue.number("SELECT count(*) FROM pragma_table_list WHERE strict"));
    let mut indexes: Vec<_> =
        postgres.split("CREATE INDEX ").skip(1).filter_map(|index| index.split(' ').next()).collect();
    indexes.retain(|index| !postgres.contains(&format!("DROP INDEX {index};")));
    indexes.sort_unstable();
    let found =
        catalogue.texts("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name");
    assert_eq!(found, indexes);
}

#[tokio::test]
async fn both_databases_have_keys_of_the_same_columns() {
    let mut catalogue = Catalogue::open().await;
    let postgres = postgres_migrations();
    let mut compared = 0;
    for table in postgres.split("CREATE TABLE ").skip(1) {
        let (name, body) = table.split_once([' ', '(']).unwrap();
        let Some((_, key)) = body.split(';').next().unwrap().split_once("PRIMARY KEY (") else { continue };
        let mut key: Vec<_> =
            key.split(')').next().unwrap().split(", ").map(|column| column.trim_matches('"').to_owned()).collect();
        key.sort_unstable();
        let found =
            catalogue.texts(&format!("SELECT name FROM pragma_table_info('{name}') WHERE pk > 0 ORDER BY name"));
        assert_eq!(found, key, "{name}");
        compared += 1;
    }
    assert_eq!(compared, 10, "all but those whose key is one column");
}

#[tokio::test]
async fn appended_rows_stay_as_they_are() {
    let mut catalogue = Catalogue::open().await;
    for table in APPEND_ONLY {
        let before = catalogue.number(&format!("SELECT count(*) FROM {table}"));
        assert!(before > 0, "{table} has a row to try it on");
        for statement in [format!("UPDATE {table} SET shard = shard"), format!("DELETE FROM {table}")] {
            let refusal = catalogue.refusal(&statement);
            assert!(refusal.contains(&format!("{table} is append-only")), "{statement}: {refusal}");
        }
        assert_eq!(catalogue.number(&format!("SELECT count(*) FROM {table}")), before);
    }
}

#[tokio::test]
async fn no_amount_is_negative_nor_a_fraction() {
    let mut catalogue = Catalogue::open().await;
    for column in ["balance", "daily_limit", "raised_limit", "spent", "ledger_seq"] {
        let refusal = catalogue.refusal(&format!("UPDATE wallets SET {column} = -1"));
        assert!(refusal.contains("CHECK constraint failed"), "{column}: {refusal}");
    }
    assert!(catalogue.refusal("UPDATE wallets SET balance = 0.5").contains("cannot store REAL"));
    assert!(catalogue.refusal("UPDATE wallets SET balance = 'much'").contains("cannot store TEXT"));
    for value in ["", "-", "1e3", "12.5.", "NaN", "1,5", "0x1"] {
        catalogue.refusal(&format!("UPDATE metrics SET value = '{value}'"));
    }
    for value in ["0", "18446744073709551615", "-922337203685477.5808"] {
        catalogue.connection.batch_execute(&format!("UPDATE metrics SET value = '{value}'")).unwrap();
    }
}

#[tokio::test]
async fn a_ledger_entry_adds_up_and_has_one_cause() {
    let mut catalogue = Catalogue::open().await;
    let entry = |amount, after, event, operation| {
        format!(
            "INSERT INTO ledger_entries SELECT entry_id, wallet_id, shard, 1000, account, kind, {amount}, 10, {after},
             {event}, {operation}, timestamp FROM ledger_entries LIMIT 1"
        )
    };
    let id = "'00000000-0000-7000-8000-000000000000'";
    for wrong in [entry(5, 16, id, "NULL"), entry(-11, -1, id, "NULL"), entry(0, 10, id, "NULL")] {
        assert!(catalogue.refusal(&wrong).contains("CHECK constraint failed"), "{wrong}");
    }
    for wrong in [entry(5, 15, "NULL", "NULL"), entry(5, 15, id, id)] {
        assert!(catalogue.refusal(&wrong).contains("CHECK constraint failed"), "{wrong}");
    }
    catalogue.connection.batch_execute(&entry(5, 15, id, "NULL")).unwrap();
}

#[tokio::test]
async fn a_row_is_in_the_shard_of_its_id() {
    let mut catalogue = Catalogue::open().await;
    for (table, id) in [("wallets", "wallet_id"), ("sessions", "session_id")] {
        catalogue.connection.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
        let refusal = catalogue.refusal(&format!("UPDATE {table} SET shard = shard + 1"));
        assert!(refusal.contains("CHECK constraint failed"), "{table}: {refusal}");
        let moved = format!("UPDATE {table} SET {id} = substr({id}, 1, 15) || '123' || substr({id}, 19)");
        assert!(catalogue.refusal(&moved).contains("CHECK constraint failed"), "{table}");
        // With its shard, the id may be any: 0x123 is 291.
        catalogue.connection.batch_execute(&format!("{moved}, shard = 291")).unwrap();
        catalogue.refusal(&format!("UPDATE {table} SET {id} = 'short'"));
    }
    let appended = [
        ("gameplay_events", "event_id"),
        ("rl_store", "id"),
        ("wallet_operations", "operation_id"),
        ("metrics", "session_id"),
    ];
    for (table, id) in appended {
        let columns = catalogue.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).join(", ");
        let values = columns.replacen(id, &format!("substr({id}, 1, 15) || '123' || substr({id}, 19)"), 1);
        let insert = |values: &str| {
            let columns = columns.replace("timestamp", "\"timestamp\"");
            format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} LIMIT 1")
        };
        assert!(catalogue.refusal(&insert(&values)).contains("CHECK constraint failed"), "{table}");
        catalogue.connection.batch_execute(&insert(&values.replace("shard", "291"))).unwrap();
    }
}

#[tokio::test]
async fn states_documents_and_instants_are_checked() {
    let mut catalogue = Catalogue::open().await;
    let wrong = [
        ("sessions", "state = 'asleep'"),
        ("sessions", "state = 'suspended'"),
        ("sessions", "state = 'bet_placed', round = NULL"),
        ("sessions", "state = 'free_games', round = NULL"),
        ("sessions", "metrics = '{'"),
        ("sessions", "chain_head = x'00'"),
        ("sessions", "updated_at = '2026-11-01T12:34:56Z'"),
        ("wallets", "raised_limit = 1, raised_from = NULL"),
        ("wallets", "spend_day = '1.1.2026'"),
        ("idempotency_keys", "key = ''"),
        ("idempotency_keys", "shard = 4096"),
    ];
    for (table, change) in wrong {
        let refusal = catalogue.refusal(&format!("UPDATE {table} SET {change}"));
        assert!(refusal.contains("CHECK constraint failed"), "{table} {change}: {refusal}");
    }
    for state in ["idle", "initialized", "playing", "completed", "expired"] {
        catalogue.connection.batch_execute(&format!("UPDATE sessions SET state = '{state}', round = NULL")).unwrap();
    }
}

#[tokio::test]
async fn a_game_changes_only_by_the_profile_that_was_to_come() {
    let mut catalogue = Catalogue::open().await;
    let give = |method: &str| format!("UPDATE games SET statistical_profile = '{{\"method\":\"{method}\"}}'");
    for change in [give("pending"), "UPDATE games SET name = 'x'".to_owned()] {
        assert!(catalogue.refusal(&change).contains("games are immutable"), "{change}");
    }
    catalogue.connection.batch_execute("PRAGMA recursive_triggers = ON").unwrap();
    let pending = "INSERT INTO games SELECT '00000000-0000-7000-8000-000000000001', name, rng_signature, symbol_map,
        '{\"method\":\"pending\"}', randomblob(32), created_at FROM games";
    catalogue.connection.batch_execute(pending).unwrap();
    let only = " WHERE game_id = '00000000-0000-7000-8000-000000000001'";
    for change in ["name = 'x'", "symbol_map = '{}'", "fingerprint = randomblob(32)"] {
        assert!(catalogue.refusal(&format!("UPDATE games SET {change}{only}")).contains("games are immutable"));
    }
    catalogue.connection.batch_execute(&(give("rejected") + only)).unwrap();
    catalogue.connection.batch_execute(&(give("exact") + only)).unwrap();
    assert!(catalogue.refusal(&(give("exact") + only)).contains("games are immutable"));
}

#[tokio::test]
async fn jobs_are_held_while_they_run_and_stay_when_they_have_ended() {
    let mut catalogue = Catalogue::open().await;
    let job =
        "INSERT INTO jobs SELECT '00000000-0000-7000-8000-000000000002', game_id, 'simulation', '{}', 'queued', '{}',
        NULL, NULL, NULL, 0, NULL, NULL, created_at, created_at FROM games";
    catalogue.connection.batch_execute(job).unwrap();
    for wrong in ["state = 'running'", "state = 'failed'", "result = '{}'", "lapses = -1", "kind = 'x'", "state = 'x'"]
    {
        assert!(catalogue.refusal(&format!("UPDATE jobs SET {wrong}")).contains("CHECK constraint failed"), "{wrong}");
    }
    catalogue.connection.batch_execute("UPDATE jobs SET state = 'cancelled'").unwrap();
    assert!(catalogue.refusal("UPDATE jobs SET state = 'queued'").contains("ended never changes"));
}

#[tokio::test]
async fn a_key_changes_only_by_being_revoked_once_and_owns_what_it_opened() {
    let mut catalogue = Catalogue::open().await;
    let key = "INSERT INTO api_keys VALUES ('00000000-0000-7000-8000-000000000003', 'x', 'play', randomblob(32),
        '2026-01-01T00:00:00.000Z', NULL, NULL)";
    catalogue.connection.batch_execute(key).unwrap();
    for wrong in [key.replace("'play'", "'root'"), key.replace("(32)", "(31)"), key.replace("'x'", "''")] {
        let wrong = wrong.replace("000003", "000004");
        assert!(catalogue.refusal(&wrong).contains("CHECK constraint failed"), "{wrong}");
    }
    for change in ["role = 'admin'", "digest = randomblob(32)", "expires_at = '2036-01-01T00:00:00.000Z'"] {
        assert!(catalogue.refusal(&format!("UPDATE api_keys SET {change}")).contains("never changes"), "{change}");
    }
    assert!(catalogue.refusal("DELETE FROM api_keys").contains("never changes"));
    assert!(catalogue.refusal("UPDATE wallets SET owner = 'x'").contains("FOREIGN KEY constraint failed"));
    catalogue.connection.batch_execute("UPDATE wallets SET owner = (SELECT key_id FROM api_keys)").unwrap();
    let revoke = "UPDATE api_keys SET revoked_at = '2026-01-02T00:00:00.000Z'";
    catalogue.connection.batch_execute(revoke).unwrap();
    assert!(catalogue.refusal("UPDATE api_keys SET revoked_at = NULL").contains("never changes"));
}

#[tokio::test]
async fn rows_refer_to_rows_that_are_there() {
    let mut catalogue = Catalogue::open().await;
    for statement in ["DELETE FROM games", "DELETE FROM wallets", "DELETE FROM sessions"] {
        assert!(catalogue.refusal(statement).contains("FOREIGN KEY constraint failed"), "{statement}");
    }
    let broken: Vec<Option<String>> =
        diesel::dsl::sql::<Nullable<Text>>("SELECT \"table\" FROM pragma_foreign_key_check")
            .load(&mut catalogue.connection)
            .unwrap();
    assert_eq!(broken, vec![]);
}

/// What the planner says of a query, in one line.
fn plan(catalogue: &mut Catalogue, query: &str) -> String {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let steps: Vec<Step> =
        diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(&mut catalogue.connection).unwrap();
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn every_list_walks_an_index_and_sorts_nothing() {
    let mut catalogue = Catalogue::open().await;
    let lists = [
        "SELECT * FROM games WHERE game_id > ? ORDER BY game_id LIMIT ?",
        "SELECT * FROM wallets WHERE wallet_id > ? ORDER BY wallet_id LIMIT ?",
        "SELECT * FROM wallets WHERE owner = ? AND wallet_id > ? ORDER BY wallet_id LIMIT ?",
        "SELECT * FROM sessions WHERE session_id > ? ORDER BY session_id LIMIT ?",
        "SELECT * FROM sessions WHERE owner = ? AND session_id > ? ORDER BY session_id LIMIT ?",
        "SELECT * FROM api_keys WHERE digest = ?",
        "SELECT * FROM api_keys WHERE key_id > ? ORDER BY key_id LIMIT ?",
        "SELECT * FROM sessions WHERE game_id = ? AND session_id > ? ORDER BY session_id LIMIT ?",
        "SELECT * FROM sessions WHERE current_wallet_id = ? AND session_id > ? ORDER BY session_id LIMIT ?",
        "SELECT * FROM ledger_entries WHERE shard = ? AND wallet_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        "SELECT * FROM gameplay_events WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        "SELECT * FROM rl_store WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        "SELECT * FROM jobs WHERE job_id > ? AND kind = ? ORDER BY job_id LIMIT ?",
        "SELECT * FROM jobs WHERE job_id > ? AND kind = ? AND game_id = ? ORDER BY job_id LIMIT ?",
        "SELECT session_id FROM sessions WHERE idle_check_at <= ? ORDER BY idle_check_at LIMIT ?",
    ];
    for list in lists {
        let plan = plan(&mut catalogue, list);
        assert!(plan.starts_with("SEARCH") && !plan.contains("TEMP B-TREE"), "{list}: {plan}");
    }
}
