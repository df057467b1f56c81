//! Archives: what is moved to files reads as before, comes back as it was, and is never lost in between.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use reelhouse_contract::fixtures::{House, batch, noon, session_created, spin, step_taken};
use reelhouse_contract::work::save;
use reelhouse_domain::session::{Action, Session};
use reelhouse_domain::wallet::Wallet;
use reelhouse_postgres::{PostgresOptions, PostgresStore, migrate, partitions};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio_postgres::NoTls;

use crate::support::{Api, Server, Store, binary, execute};

/// A house whose sessions were played in January, February and March of 2026.
pub(crate) struct Past {
    pub(crate) store: Arc<Store>,
    ended: Vec<String>,
    /// A session with events in March that has not ended.
    open: String,
    pub(crate) folder: tempfile::TempDir,
}

/// Opens a session on a day and spins on the days given, counted from the first of January.
async fn play(store: &PostgresStore, house: &mut House, wallet: Wallet, days: &[i64], ends: bool) -> (Session, Wallet) {
    house.now = noon() + TimeDelta::days(days[0]);
    let mut session = house.session(Some(&wallet));
    let mut wallet = Some(wallet);
    save(store, &session_created(&session)).await;
    let act = async |action: &Action, day: i64, session: Session, wallet: Option<Wallet>| {
        let step = house.try_act(session, wallet, action, (day - days[0]) * 86_400 + 60).unwrap();
        save(store, &step_taken(&step)).await;
        (step.session, step.wallet)
    };
    for &day in days {
        (session, wallet) = act(&spin(Some("1")), day, session, wallet).await;
        while session.round.is_some() {
            (session, wallet) = act(&spin(None), day, session, wallet).await;
        }
    }
    if ends {
        (session, wallet) = act(&Action::CashOut, *days.last().unwrap(), session, wallet).await;
    }
    (session, wallet.unwrap())
}

impl Past {
    pub(crate) async fn new() -> Self {
        Self::of(&[0, 1, 20, 30]).await
    }

    /// The past in which the first session was played on these days.
    async fn of(days: &[i64]) -> Self {
        let store = Store::postgres().await;
        let options = PostgresOptions { max_connections: 4, ..PostgresOptions::default() };
        let written = PostgresStore::connect(&store.url(), options).await.unwrap();
        migrate::up(&written).await.unwrap();
        partitions::ensure(&written, noon(), 2).await.unwrap();
        let mut house = House::new();
        let opened = house.wallet("1000");
        save(&written, &batch([house.opening(), opened.created()])).await;
        let mut wallet = opened.wallet;
        let mut ended = Vec::new();
        let spans: [&[i64]; 4] = [days, &[25, 33, 34], &[30, 40, 70], &[45, 46]];
        for days in spans {
            let (session, left) = play(&written, &mut house, wallet, days, true).await;
            ended.push(session.session_id.to_string());
            wallet = left;
        }
        let (open, _) = play(&written, &mut house, wallet, &[62, 75], false).await;
        let open = open.session_id.to_string();
        Self { store, ended, open, folder: tempfile::tempdir().unwrap() }
    }

    /// What was observed of every game once all of its events are counted: how many, the hits and the symbols.
    async fn fingerprints(&self, api: &Api) -> Vec<String> {
        let mut found = Vec::new();
        for game in api.all("/games").await {
            let path = format!("/games/{}/fingerprint", game["game_id"].as_str().unwrap());
            let mut answer = api.get(&path).await.ok();
            // The server may be counting by itself just now.
            while answer["waiting"] == true {
                tokio::time::sleep(Duration::from_millis(100)).await;
                answer = api.get(&path).await.ok();
            }
            found.push(
                json!([answer["fingerprint"], answer["covers"], answer["hit_rate"], answer["symbols"]]).to_string(),
            );
        }
        // Databases list their games in orders of their own.
        found.sort();
        found
    }

    /// Has every event counted that is there, as a running server does by and by.
    async fn observe(&self, api: &Api) {
        self.fingerprints(api).await;
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().await.unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), text)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.arg("archive").args(arguments).args(["--log", "warn"]);
        command.env("DATABASE_URL", self.store.url()).env("REELHOUSE_ARCHIVE_DIR", self.folder.path());
        command.kill_on_drop(true);
        command
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A server that reads the folder of archives.
    pub(crate) async fn server(&self) -> Server {
        let folder = self.folder.path().to_str().unwrap();
        Server::start_with(Arc::clone(&self.store), &[("REELHOUSE_ARCHIVE_DIR", folder)]).await
    }

    /// Everything that may read archived rows, as it is sent.
    async fn readings(&self, api: &Api) -> Vec<(String, String)> {
        let mut paths = vec![
            "/rl/export/manifest?to=2026-06-01T00:00:00Z".to_owned(),
            "/rl/metrics?to=2026-06-01T00:00:00Z".to_owned(),
        ];
        for format in ["ndjson", "arrow", "parquet"] {
            paths.push(format!("/rl/export?format={format}&to=2026-06-01T00:00:00Z"));
        }
        paths.push("/rl/export?from=2026-01-25T00:00:00Z&to=2026-02-20T00:00:00Z".to_owned());
        paths.push("/rl/export?to=2026-06-01T00:00:00Z&limit=3".to_owned());
        paths.push(format!("/rl/export?to=2026-06-01T00:00:00Z&cursor={}:2", self.ended[1]));
        for session in self.ended.iter().chain([&self.open]) {
            paths.push(format!("/sessions/{session}/events"));
            paths.push(format!("/sessions/{session}/events?limit=2"));
            paths.push(format!("/sessions/{session}/fairness"));
            paths.push(format!("/sessions/{session}/metrics"));
            paths.push(format!("/rl/export?session_id={session}&to=2026-06-01T00:00:00Z"));
        }
        for session in &self.ended {
            paths.push(format!("/sessions/{session}/proof"));
        }
        let mut readings = Vec::new();
        for path in paths {
            readings.push((path.clone(), bytes(api, &path).await));
        }
        readings
    }
}

/// An answer to the byte; binary ones in hexadecimal.
async fn bytes(api: &Api, path: &str) -> String {
    let response = api.client.get(format!("{}{path}", api.url)).send().await.unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
    let bytes = response.bytes().await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn assert_same(before: &[(String, String)], after: &[(String, String)]) {
    assert_eq!(before.len(), after.len());
    for ((path, before), (_, after)) in before.iter().zip(after) {
        assert!(!before.is_empty(), "{path} has something to compare");
        assert_eq!(before, after, "{path}");
    }
}

/// Rows, partitions, triggers, indexes and constraints of both tables, as the database tells them.
async fn tables(store: &Store) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(&store.url(), NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let mut found = Vec::new();
    for statement in [
        "SELECT tableoid::regclass::text || e::text || hash::text FROM gameplay_events e ORDER BY session_id, seq",
        "SELECT tableoid::regclass::text || r::text FROM rl_store r ORDER BY session_id, seq",
        "SELECT c.relname || pg_get_expr(c.relpartbound, c.oid) FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relispartition AND c.relkind = 'r' ORDER BY 1",
        "SELECT tgrelid::regclass || ' ' || tgtype || tgfoid::regproc FROM pg_trigger t
         JOIN pg_class c ON c.oid = t.tgrelid
         WHERE c.relnamespace = current_schema()::regnamespace AND NOT tgisinternal ORDER BY 1",
        "SELECT i.indrelid::regclass || ' ' || i.indisprimary || regexp_replace(pg_get_indexdef(i.indexrelid), '.*USING', '')
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE c.relnamespace = current_schema()::regnamespace ORDER BY 1",
        "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = current_schema()::regnamespace ORDER BY 1",
        "SELECT attrelid::regclass || ' ' || attname || coalesce(attstattarget, -1) FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND attnum > 0 ORDER BY 1",
    ] {
        found.extend(client.query(statement, &[]).await.unwrap().iter().map(|row| row.get::<_, String>(0)));
    }
    drop(client);
    drop(driver.await);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_months_read_as_before_and_come_back_as_they_were() {
    let past = Past::new().await;
    let uncounted = past.run(&["--before", "2026-02-01"]).await;
    assert!(
        !uncounted.0 && uncounted.1.contains("yet to count") && uncounted.1.contains(&past.ended[0]),
        "{uncounted:?}"
    );
    let server = past.server().await;
    let api = server.client();
    past.observe(&api).await;
    let (before, rows) = (past.readings(&api).await, tables(&past.store).await);
    let counted = past.fingerprints(&api).await;

    let (ok, said) = past.run(&["--before", "2026-04-15"]).await;
    assert!(!ok && said.contains("2026_03: these sessions are still open") && said.contains(&past.open), "{said}");
    assert!(said.contains("archived 2026_01") && said.contains("archived 2026_02"), "{said}");
    assert!(!tables(&past.store).await.iter().any(|line| line.contains("2026_01") || line.contains("2026_02")));
    assert_same(&before, &past.readings(&api).await);
    assert_eq!(past.fingerprints(&api).await, counted);
    // A server that starts after it reads the same.
    assert_same(&before, &past.readings(&past.server().await.client()).await);
    let again = past.run(&["--before", "2026-03-01"]).await;
    assert!(again.0 && again.1.contains("no month"), "{again:?}");
    let list = past.run(&["list"]).await;
    assert!(list.0 && list.1.contains("2026_01.json") && list.1.contains("2026_02.json"), "{list:?}");
    let verified = past.run(&["verify"]).await;
    assert!(verified.0 && verified.1.matches("as they were archived").count() == 2, "{verified:?}");
    check_manifest(Path::new(&past.file("2026_01.json")));
    assert!(!past.run(&["--before", "2026-01-01"]).await.1.contains("error"));

    for month in ["2026_02.json", "2026_01.json"] {
        let restored = past.run(&["restore", &past.file(month)]).await;
        assert!(restored.0 && restored.1.contains("restored"), "{restored:?}");
    }
    assert_eq!(tables(&past.store).await, rows);
    assert_same(&before, &past.readings(&api).await);
    let twice = past.run(&["restore", &past.file("2026_01.json")]).await;
    assert!(!twice.0 && twice.1.contains("no archive"), "{twice:?}");
    refuses_changes(&past.store).await;
}

fn check_manifest(path: &Path) {
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(manifest["month"], "2026_01");
    assert_eq!(
        (&manifest["from"], &manifest["to"]),
        (&json!("2026-01-01T00:00:00.000Z"), &json!("2026-02-01T00:00:00.000Z"))
    );
    for table in manifest["tables"].as_array().unwrap() {
        assert!(table["rows"].as_u64().unwrap() >= 6, "{table}");
        assert_eq!(table["sha256"].as_str().unwrap().len(), 64);
        assert!(table["first"]["id"].is_string() && table["last"]["seq"].is_u64(), "{table}");
    }
}

/// A restored partition is append-only again.
async fn refuses_changes(store: &Store) {
    let (client, connection) = tokio_postgres::connect(&store.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    for table in ["gameplay_events_2026_01", "rl_store_2026_01"] {
        for command in
            [format!("UPDATE {table} SET seq = 1"), format!("DELETE FROM {table}"), format!("TRUNCATE {table}")]
        {
            assert!(client.batch_execute(&command).await.is_err(), "{command}");
        }
    }
}

/// What was archived before it was counted is counted from its files, to the same figures.
#[tokio::test(flavor = "multi_thread")]
async fn events_are_counted_from_the_archive_too() {
    let (past, same) = (Past::new().await, Past::new().await);
    let archived = past.run(&["--before", "2026-03-01", "--uncounted"]).await;
    assert!(archived.0, "{archived:?}");
    let (server, other) = (past.server().await, same.server().await);
    let counted = past.fingerprints(&server.client()).await;
    assert!(counted.iter().any(|answer| answer.contains("\"events\":18,")), "{counted:?}");
    assert_eq!(counted, same.fingerprints(&other.client()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_archived_elsewhere_is_a_problem_and_never_an_empty_page() {
    let past = Past::new().await;
    let server = Server::start(Arc::clone(&past.store)).await;
    let api = server.client();
    past.observe(&api).await;
    let (late, own) = (past.ended[2].clone(), past.ended[3].clone());
    let kept = bytes(&api, "/rl/export?from=2026-02-01T00:00:00Z&to=2026-06-01T00:00:00Z").await;
    let live = [format!("/sessions/{own}/events"), format!("/sessions/{}/events", past.open)];
    let pages = [bytes(&api, &live[0]).await, bytes(&api, &live[1]).await];
    let archived = past.run(&["--before", "2026-02-01"]).await;
    assert!(archived.0, "{archived:?}");

    for path in [
        format!("/sessions/{}/events", past.ended[0]),
        format!("/sessions/{}/events?limit=1", past.ended[0]),
        format!("/sessions/{late}/events"),
        format!("/sessions/{late}/proof"),
        format!("/sessions/{late}/fairness"),
        format!("/sessions/{late}/events/stream"),
        "/rl/export".to_owned(),
        "/rl/metrics".to_owned(),
        format!("/rl/export?session_id={late}&format=parquet"),
    ] {
        let problem = api.get(&path).await;
        assert_eq!((problem.status.as_u16(), problem.code()), (410, "archived"), "{path}: {}", problem.body);
        assert_eq!(problem.body["manifest"], "2026_01.json", "{path}");
    }
    assert_eq!([bytes(&api, &live[0]).await, bytes(&api, &live[1]).await], pages);
    let since = bytes(&api, "/rl/export?from=2026-02-01T00:00:00Z&to=2026-06-01T00:00:00Z").await;
    assert_eq!(since, kept);
    for path in ["/wallets", "/sessions", "/games"] {
        assert!(!api.all(path).await.is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_changed_is_refused() {
    let past = Past::new().await;
    let api = past.server().await;
    past.observe(&api.client()).await;
    let archived = past.run(&["--before", "2026-02-01"]).await;
    assert!(archived.0, "{archived:?}");
    let rows = tables(&past.store).await;
    let path = past.file("gameplay_events_2026_01.parquet");
    let whole = std::fs::read(&path).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 3] ^= 1;
    for bad in [changed, whole[..whole.len() - 1].to_vec(), vec![]] {
        std::fs::write(&path, bad).unwrap();
        let verified = past.run(&["verify"]).await;
        assert!(!verified.0 && verified.1.contains("is not what was archived"), "{verified:?}");
        let restored = past.run(&["restore", &past.file("2026_01.json")]).await;
        assert!(!restored.0 && restored.1.contains("is not what was archived"), "{restored:?}");
        assert_eq!(tables(&past.store).await, rows, "nothing was restored");
        let server = past.server().await;
        let problem = server.client().get(&format!("/sessions/{}/events", past.ended[0])).await;
        assert_eq!(problem.code(), "archived", "{}", problem.body);
    }
    std::fs::write(&path, whole).unwrap();
    // A manifest of the same shape that is not the one that was archived.
    let manifest = past.file("2026_01.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"version\": 1", "\"version\":  1")).unwrap();
    let restored = past.run(&["restore", &manifest]).await;
    assert!(!restored.0 && restored.1.contains("no archive"), "{restored:?}");
    std::fs::write(&manifest, text).unwrap();
    let restored = past.run(&["restore", &manifest]).await;
    assert!(restored.0, "{restored:?}");
}

/// Whatever a run that was killed left behind, the next one goes on, and nothing is lost or doubled.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_at_any_moment_loses_nothing() {
    let past = Past::new().await;
    let server = past.server().await;
    let api = server.client();
    past.observe(&api).await;
    let (before, rows) = (past.readings(&api).await, tables(&past.store).await);
    let mut kills = 0;
    for pass in 0..2 {
        // Longer each time, until one run gets through.
        for delay in (0..).map(|step| Duration::from_millis(10 * step + 5 * pass)) {
            let mut child = past.command(&["--before", "2026-03-01"]).stdout(Stdio::null()).spawn().unwrap();
            match tokio::time::timeout(delay, child.wait()).await {
                Ok(status) => {
                    assert!(status.unwrap().success());
                    break;
                }
                Err(_) => child.kill().await.unwrap(),
            }
            kills += 1;
            if kills % 5 == 0 {
                assert_same(&before, &past.readings(&api).await);
            }
        }
        assert_same(&before, &past.readings(&api).await);
        assert!(past.run(&["verify"]).await.0);
        for month in ["2026_01.json", "2026_02.json"] {
            for delay in (0..).map(|step| Duration::from_millis(10 * step + 5 * pass)) {
                let manifest = past.file(month);
                let mut child = past.command(&["restore", &manifest]).stdout(Stdio::null()).spawn().unwrap();
                // One that was killed after its commit leaves nothing to do; what is compared below tells.
                match tokio::time::timeout(delay, child.wait()).await {
                    Ok(_) => break,
                    Err(_) => child.kill().await.unwrap(),
                }
                kills += 1;
            }
        }
        assert_same(&before, &past.readings(&api).await);
        assert_eq!(tables(&past.store).await, rows);
    }
    assert!(kills > 20, "{kills} kills");
}

/// The states that a run can stop in, one by one.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_on_from_every_step() {
    let past = Past::new().await;
    let server = past.server().await;
    let api = server.client();
    past.observe(&api).await;
    let before = past.readings(&api).await;
    // Sealed, and a file half written.
    let seal = "CREATE TRIGGER sealed BEFORE INSERT ON gameplay_events_2026_01
                FOR EACH ROW EXECUTE FUNCTION refuse_late_row()";
    execute(&past.store.url(), seal).await;
    std::fs::write(past.file("gameplay_events_2026_01.parquet.part"), "half").unwrap();
    std::fs::write(past.file("rl_store_2026_01.parquet"), "of a run without a manifest").unwrap();
    assert_same(&before, &past.readings(&api).await);
    assert!(past.run(&["--before", "2026-02-01"]).await.0);
    assert_same(&before, &past.readings(&api).await);
    // Files and manifest are whole, and the rows are in the database still.
    let manifest = std::fs::read(past.file("2026_01.json")).unwrap();
    assert!(past.run(&["restore", &past.file("2026_01.json")]).await.0);
    assert_same(&before, &past.readings(&api).await);
    let (ok, said) = past.run(&["--before", "2026-02-01"]).await;
    assert!(ok, "{said}");
    assert_eq!(std::fs::read(past.file("2026_01.json")).unwrap(), manifest, "the files were used as they are");
    assert_same(&before, &past.readings(&api).await);
    // An archive of other rows is never written over.
    let other = Past::of(&[0, 2, 20, 30]).await;
    let theirs = Server::start(Arc::clone(&other.store)).await;
    other.observe(&theirs.client()).await;
    let folder = past.folder.path().to_str().unwrap();
    let refused = other.run(&["--before", "2026-02-01", "--to", folder]).await;
    assert!(!refused.0 && refused.1.contains("of other rows"), "{refused:?}");
    assert!(tables(&other.store).await.iter().any(|line| line.contains("gameplay_events_2026_01")));
    assert!(past.run(&["verify"]).await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_told_apart() {
    let past = Past::new().await;
    for (arguments, says) in [
        (vec!["--before", "2999-01-01"], "still to come"),
        (vec!["--before", "January"], "invalid value"),
        (vec![], "--before DATE"),
        (vec!["--to", "/tmp"], "--before"),
        (vec!["verify", "/nowhere/2026_01.json"], "is missing"),
        (vec!["restore", "/nowhere/2026_01.json"], "is missing"),
        (vec!["list"], "no month is archived"),
    ] {
        let (_, said) = past.run(&arguments).await;
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    let sqlite = Store::sqlite();
    let mut command = Command::new(binary());
    command.args(["archive", "--before", "2026-01-01", "--to", "/tmp"]).env("DATABASE_URL", sqlite.url());
    let output = command.output().await.unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("archives are for PostgreSQL"), "{output:?}");
}
