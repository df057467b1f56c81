//! What the tests share: a store of their own, the server as a process, and a client for it.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// The server's binary, which stands beside the test's own.
pub(crate) fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let binary = test.parent().and_then(|deps| deps.parent()).unwrap().join("reelhouse");
    assert!(binary.is_file(), "{} is missing: run `cargo build -p reelhouse-app` first", binary.display());
    binary
}

/// A database that is the test's own, and goes when the test does.
pub(crate) enum Store {
    Sqlite(tempfile::TempDir),
    Postgres { admin: String, schema: String },
}

impl Store {
    pub(crate) fn sqlite() -> Arc<Self> {
        Arc::new(Self::Sqlite(tempfile::tempdir().unwrap()))
    }

    pub(crate) async fn postgres() -> Arc<Self> {
        let admin = std::env::var("DATABASE_URL").ok().filter(|url| url.starts_with("postgres"));
        let admin = admin.expect("these tests need PostgreSQL: run `cargo xtask test`, or set DATABASE_URL");
        let schema = format!("t_{:032x}", rand::random::<u128>());
        execute(&admin, &format!("CREATE SCHEMA {schema}")).await;
        let store = Arc::new(Self::Postgres { admin, schema });
        store.distribute().await;
        store
    }

    /// Spreads the tables over the machines, if the server has Citus; else it is plain PostgreSQL, as it mostly is.
    async fn distribute(&self) {
        let Self::Postgres { admin, .. } = self else { return };
        let (client, connection) = tokio_postgres::connect(admin, tokio_postgres::NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        let found = client.query("SELECT FROM pg_extension WHERE extname = 'citus'", &[]).await.unwrap();
        drop(client);
        drop(driver.await);
        if !found.is_empty() {
            let mut command = Command::new(binary());
            command.args(["distribute", "--parts", "4"]).env("DATABASE_URL", self.url());
            let output = command.output().await.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/house.db", folder.path().display()),
            Self::Postgres { admin, schema } => {
                let separator = if admin.contains('?') { '&' } else { '?' };
                format!("{admin}{separator}application_name=reelhouse-tests&options=-csearch_path%3D{schema}")
            }
        }
    }

    /// Where servers over this store keep their key.
    pub(crate) fn signing_key(&self) -> PathBuf {
        match self {
            Self::Sqlite(folder) => folder.path().join("signing.key"),
            Self::Postgres { schema, .. } => std::env::temp_dir().join(format!("reelhouse-{schema}.key")),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(std::fs::remove_file(self.signing_key()));
        if let Self::Postgres { admin, schema } = self {
            let (admin, sql) = (admin.clone(), format!("DROP SCHEMA {schema} CASCADE"));
            // The test's runtime may be going: drop from a thread with a runtime of its own.
            let dropping = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(execute(&admin, &sql));
            });
            drop(dropping.join());
        }
    }
}

/// Runs SQL that has no rows to show.
pub(crate) async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    drop(driver.await);
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) greeting: Vec<String>,
    pub(crate) store: Arc<Store>,
    pub(crate) child: Child,
    client: Client,
}

impl Server {
    pub(crate) async fn start(store: Arc<Store>) -> Self {
        Self::start_with(store, &[]).await
    }

    /// Starts with more in its environment.
    pub(crate) async fn start_with(store: Arc<Store>, environment: &[(&str, &str)]) -> Self {
        Self::start_at("127.0.0.1:0", store, environment).await
    }

    /// Starts on that address.
    pub(crate) async fn start_at(listen: &str, store: Arc<Store>, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(binary())
            .args(["--listen", listen, "--log", "warn"])
            .env("DATABASE_URL", store.url())
            .env("REELHOUSE_SIGNING_KEY", store.signing_key())
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut greeting = Vec::new();
        while greeting.len() < 6 {
            let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await;
            let line = line.expect("the server did not greet in time").unwrap();
            greeting.push(line.expect("the server stopped before it listened"));
        }
        let url = greeting[0].split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        Self { url, greeting, store, child, client: Client::new() }
    }

    /// Tells the server to stop.
    pub(crate) async fn terminate(&self) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    }

    /// How the server ended, which was told to.
    pub(crate) async fn stopped(&mut self) -> std::process::ExitStatus {
        let status = tokio::time::timeout(Duration::from_secs(60), self.child.wait()).await;
        status.expect("the server did not stop in time").unwrap()
    }

    pub(crate) fn client(&self) -> Api {
        Api { url: self.url.clone(), client: self.client.clone() }
    }
}

/// An answer: its status and its JSON body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer that should be a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        self.body
    }

    /// The problem's code, or what came in its place.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

/// A client of one server. Clones share connections.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) url: String,
    pub(crate) client: Client,
}

impl Api {
    pub(crate) async fn send(&self, method: Method, path: &str, key: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let mut body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        // A request's id is its own: without it a replay is answered as the first one was.
        if let Some(problem) = body.as_object_mut().filter(|_| !status.is_success()) {
            assert!(problem.remove("request_id").is_some(), "{problem:?}");
        }
        Answer { status, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, None, Some(body)).await
    }

    pub(crate) async fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(key), Some(body)).await
    }

    pub(crate) async fn act(&self, session: &str, action: &Value) -> Answer {
        self.post(&format!("/sessions/{session}/action"), action).await
    }

    /// The id of the seeded game whose name has this word in it.
    pub(crate) async fn game(&self, word: &str) -> String {
        let games = self.get("/games").await.ok();
        let found = games["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|game| game["name"].as_str().unwrap().to_lowercase().contains(word));
        found.unwrap_or_else(|| panic!("no game named {word} in {games}"))["game_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn wallet(&self, body: &Value) -> String {
        self.post("/wallets", body).await.ok()["wallet_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn session(&self, game: &str, wallet: &str) -> String {
        let body = json!({"game_id": game, "wallet_id": wallet});
        self.post("/sessions", &body).await.ok()["session_id"].as_str().unwrap().to_owned()
    }

    /// Every item of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}?limit=500{cursor}")).await.ok();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}

/// An amount of the API in units of 0.0001 credits.
pub(crate) fn units(amount: &Value) -> i64 {
    let text = amount.as_str().unwrap_or_else(|| panic!("{amount} is no amount"));
    let (whole, decimals) = text.split_once('.').unwrap();
    assert_eq!(decimals.len(), 4, "{text}");
    format!("{whole}{decimals}").parse().unwrap()
}

/// Checks that the wallet's ledger is a chain without a gap whose sum is the wallet's balance.
pub(crate) async fn check_ledger(api: &Api, wallet: &str) -> Vec<Value> {
    let entries = api.all(&format!("/wallets/{wallet}/ledger")).await;
    let mut balance = 0;
    for (entry, seq) in entries.iter().zip(1..) {
        assert_eq!(entry["seq"], seq);
        assert_eq!(units(&entry["balance_before"]), balance);
        balance += units(&entry["amount"]);
        assert_eq!(units(&entry["balance_after"]), balance);
        assert!(entry["event_id"].is_string() != entry["operation_id"].is_string(), "{entry}");
    }
    let wallet = api.get(&format!("/wallets/{wallet}")).await.ok();
    assert_eq!(units(&wallet["balance"]), balance);
    entries
}
