//! Counts, with strace, the syncs between each request and its acknowledgement.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::cluster::{self, Cluster};
use crate::plan::Store;
use crate::player::ask;
use crate::server::{Launch, Server};

/// What strace looks at: everything that makes a write reach the disk on Linux.
const CALLS: &str = "trace=fsync,fdatasync,sync_file_range,msync";

/// How long strace may take to write down what it has seen.
const SETTLE: Duration = Duration::from_millis(500);

/// What was counted on one store.
pub(crate) struct Syncs {
    store: Store,
    actions: usize,
    total: usize,
    /// The fewest between a request and its acknowledgement.
    fewest: usize,
}

impl Syncs {
    /// Whether each acknowledgement followed a sync.
    pub(crate) fn is_durable(&self) -> bool {
        self.fewest >= 1
    }
}

impl std::fmt::Display for Syncs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { store, actions, total, fewest } = self;
        write!(
            f,
            "  {store}: {actions} lone actions acknowledged, {total} syncs between request and answer, fewest {fewest}"
        )
    }
}

/// Plays lone actions on a server over SQLite that strace watches.
pub(crate) async fn sqlite(binary: PathBuf, dir: &Path, actions: usize) -> Result<Syncs> {
    let trace = dir.join("strace.log");
    let database_url = format!("sqlite://{}", dir.join("house.db").display());
    let launch = Launch { binary, database_url, dir: dir.to_owned(), environment: vec![] };
    let mut strace = std::process::Command::new("strace");
    strace.args(["-f", "-qq", "-ttt", "-T", "-e", CALLS, "-o"]).arg(&trace).arg(&launch.binary);
    let server = Server::run(&launch, launch.prepare(strace)?).await.context("is strace installed?")?;
    let windows = play(&server, actions).await?;
    tokio::time::sleep(SETTLE).await;
    // The server goes first: strace alone would leave it behind.
    for child in children(server.id()) {
        drop(Command::new("kill").args(["-TERM", &child.to_string()]).status().await);
    }
    count(Store::Sqlite, &trace, &windows)
}

/// Plays lone actions on a server over a cluster whose processes strace watches.
pub(crate) async fn postgres(binary: PathBuf, launch: cluster::Launch, dir: &Path, actions: usize) -> Result<Syncs> {
    let trace = dir.join("strace.log");
    let cluster = Cluster::start(launch).await?;
    let mut strace = attach(&cluster, &trace)?;
    let launch = Launch { binary, database_url: Cluster::url(cluster.port), dir: dir.to_owned(), environment: vec![] };
    // Its connections are made after strace is there, so their processes are watched too.
    tokio::time::sleep(SETTLE).await;
    if let Some(status) = strace.try_wait()? {
        bail!("strace could not watch the cluster ({status})");
    }
    let server = Server::start(&launch).await?;
    let windows = play(&server, actions).await?;
    tokio::time::sleep(SETTLE).await;
    server.kill().await?;
    strace.kill().await?;
    count(Store::Postgres, &trace, &windows)
}

fn attach(cluster: &Cluster, trace: &Path) -> Result<Child> {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-ttt", "-T", "-e", CALLS, "-o"]).arg(trace);
    for process in cluster.id().into_iter().chain(children(cluster.id())) {
        strace.args(["-p", &process.to_string()]);
    }
    strace.stdin(Stdio::null()).kill_on_drop(true).spawn().context("cannot start strace: is it installed?")
}

/// The processes that a process started.
fn children(parent: Option<u32>) -> Vec<u32> {
    let Some(parent) = parent else { return vec![] };
    let path = format!("/proc/{parent}/task/{parent}/children");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// When a request was sent and when its answer was there, in microseconds.
struct Window(u128, u128);

/// Spins, one after the other, each awaited.
async fn play(server: &Server, actions: usize) -> Result<Vec<Window>> {
    let address = server.address;
    let games = ask(address, "GET", "/games?limit=1", &Value::Null).await?;
    let wallet = ask(address, "POST", "/wallets", &json!({"balance": "1000000"})).await?;
    let body = json!({"game_id": games["items"][0]["game_id"], "wallet_id": wallet["wallet_id"]});
    let session = ask(address, "POST", "/sessions", &body).await?;
    let path = format!("/sessions/{}/action", session["session_id"].as_str().context("no session_id")?);
    let mut free = false;
    let mut windows = Vec::with_capacity(actions);
    for _ in 0..actions {
        let body = if free { json!({"type": "spin"}) } else { json!({"type": "spin", "amount": "1.00"}) };
        let sent = now();
        let answer = ask(address, "POST", &path, &body).await?;
        windows.push(Window(sent, now()));
        free = answer["session"]["state"] == "free_games";
    }
    Ok(windows)
}

/// The wall clock, which is the one that strace writes.
#[allow(clippy::disallowed_methods, reason = "times are compared with those that strace writes")]
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros()
}

fn count(store: Store, trace: &Path, windows: &[Window]) -> Result<Syncs> {
    let text = std::fs::read_to_string(trace).with_context(|| format!("cannot read {}", trace.display()))?;
    let ends: Vec<u128> = text.lines().filter_map(end_of_sync).collect();
    let inside = |Window(sent, answered): &Window| ends.iter().filter(|end| (sent..=answered).contains(end)).count();
    let counts: Vec<usize> = windows.iter().map(inside).collect();
    let fewest = counts.iter().min().copied().unwrap_or(0);
    Ok(Syncs { store, actions: windows.len(), total: counts.iter().sum(), fewest })
}

/// When the sync of a line of strace's ended well, in microseconds.
///
/// A line is `PID START CALL(…) = 0 <SECONDS>`, or, for a call that others came in between of, its second half
/// `PID END <... CALL resumed>…) = 0 <SECONDS>`.
fn end_of_sync(line: &str) -> Option<u128> {
    let mut words = line.split_whitespace();
    let at = micros(words.nth(1)?)?;
    let (rest, took) = line.rsplit_once('<')?;
    if !rest.trim_end().ends_with("= 0") {
        return None;
    }
    let took = micros(took.strip_suffix('>')?)?;
    Some(if line.contains(" resumed>") { at } else { at + took })
}

/// A decimal number of seconds, in microseconds.
fn micros(seconds: &str) -> Option<u128> {
    let (whole, part) = seconds.split_once('.')?;
    let part = part.get(..6)?;
    Some(whole.parse::<u128>().ok()? * 1_000_000 + part.parse::<u128>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_sync_is_read() {
        let second = 1_700_000_000_000_000;
        assert_eq!(end_of_sync("12 1700000000.000100 fdatasync(5) = 0 <0.000050>"), Some(second + 150));
        let resumed = "12 1700000000.000100 <... fdatasync resumed>) = 0 <0.000050>";
        assert_eq!(end_of_sync(resumed), Some(second + 100));
        assert_eq!(end_of_sync("12 1700000000.000100 fdatasync(5 <unfinished ...>"), None);
        assert_eq!(end_of_sync("12 1700000000.000100 fsync(5) = -1 EIO (x) <0.000050>"), None);
        assert_eq!(end_of_sync("12 1700000000.000100 +++ exited with 0 +++"), None);
    }
}
