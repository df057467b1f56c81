//! `reel`, the command line, against a real server: what it prints where, and the codes that it ends with.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::on_both_stores;
use crate::support::{Server, Store, binary, check_ledger};

/// An id that names nothing.
const NOBODY: &str = "01976e3c-9f00-7abc-8000-000000000000";

fn reel(url: &str) -> Command {
    let path = binary().with_file_name("reel");
    assert!(path.is_file(), "{} is missing: run `cargo build -p reelhouse-cli` first", path.display());
    let mut command = Command::new(path);
    command
        .env("REELHOUSE_URL", url)
        .env_remove("REELHOUSE_KEY")
        .env_remove("REELHOUSE_PROFILE")
        .env("HOME", "/nowhere");
    command.env_remove("XDG_CONFIG_HOME").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        // What is not text is compared in files.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl Done {
    /// What was printed by a command that should have worked.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out.trim_end().to_owned()
    }

    /// Checks a failure: its code, words of its message, and that nothing else was printed.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, words: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.starts_with("error: ") && self.err.contains(words), "{self:?}");
        assert!(self.out.is_empty(), "{self:?}");
    }

    /// Every line that was printed, as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> Vec<Value> {
        self.ok().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub(crate) async fn run(url: &str, arguments: &[&str]) -> Done {
    reel(url).args(arguments).output().await.unwrap().into()
}

/// Opens a wallet of 100 and a session of the fruit game.
async fn session(url: &str) -> (String, String) {
    let wallet = run(url, &["wallet", "create", "--balance", "100", "-q"]).await.ok();
    let session = run(url, &["session", "create", "--game", "fruit", "--wallet", &wallet, "-q"]).await.ok();
    (wallet, session)
}

on_both_stores! {
    async fn a_session_from_the_wallet_to_the_proof(server: Server) {
        let url = server.url.as_str();
        assert!(run(url, &["health"]).await.ok().ends_with("is ready"));
        let games = run(url, &["game", "list"]).await.ok();
        assert!(games.starts_with("ID ") && games.contains("RTP") && games.contains(" %"), "{games}");
        let (wallet, session) = session(url).await;
        let bet = run(url, &["session", "bet", &session, "0.05"]).await.ok();
        assert!(bet.contains("A stake of 0.05 is held."), "{bet}");
        run(url, &["session", "void", &session]).await.ok();
        let played = run(url, &["session", "play", &session, "-n", "40", "--stake", "0.05", "--json"]).await.json();
        assert_eq!((&played[0]["rounds"], &played[0]["ended_by"]), (&json!(40), &json!("rounds")));
        let out = run(url, &["session", "cash-out", &session]).await.ok();
        assert!(out.contains("completed") && out.contains("Server seed"), "{out}");

        let api = server.client();
        let stored = api.get(&format!("/sessions/{session}")).await.ok();
        assert_eq!(stored["metrics"]["spins"], 40);
        assert_eq!(stored["metrics"]["net"], played[0]["net"]);
        let events = run(url, &["session", "events", &session, "--all", "--json"]).await.json();
        assert_eq!(events, api.all(&format!("/sessions/{session}/events")).await);
        let entries = run(url, &["wallet", "ledger", &wallet, "--all", "--json"]).await.json();
        assert_eq!(entries, check_ledger(&api, &wallet).await);
        let followed = run(url, &["session", "events", &session, "--follow", "--after", "2"]).await;
        assert_eq!(followed.out.lines().count(), events.len() - 2);
        assert!(followed.err.contains("completed"), "{followed:?}");

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proof.json");
        let file = file.to_str().unwrap();
        run(url, &["session", "proof", &session, "-o", file]).await.ok();
        let key = server.greeting.iter().find_map(|line| line.strip_prefix("key:")).unwrap();
        let key = key.split_whitespace().next().unwrap();
        // Nobody has to be there.
        let report = run("http://127.0.0.1:9", &["verify", file, "--house-key", key, "--json"]).await.json();
        assert_eq!((&report[0]["holds"], &report[0]["report"]["key_expected"]), (&json!(true), &json!(true)));
        let forged = std::fs::read_to_string(file).unwrap().replacen("\"0.0500\"", "\"0.0600\"", 1);
        std::fs::write(file, forged).unwrap();
        let found = run(url, &["verify", file]).await;
        assert_eq!(found.code, 5, "{found:?}");
        assert!(found.out.contains("expected") && found.err.contains("does not hold"), "{found:?}");
    }

    async fn every_action_has_a_command(server: Server) {
        let url = server.url.as_str();
        let (wallet, session) = session(url).await;
        for (command, amount) in [("deposit", "5"), ("withdraw", "2.5"), ("limit", "40")] {
            run(url, &["wallet", command, &wallet, amount]).await.ok();
        }
        let shown = run(url, &["wallet", "show", &wallet, "--json"]).await.json();
        assert_eq!((&shown[0]["balance"], &shown[0]["daily_limit"]), (&json!("102.5000"), &json!("40.0000")));
        let state = async |arguments: &[&str]| {
            let done = run(url, &[&["session"][..], arguments, &["--json"][..]].concat()).await.json();
            done[0]["session"]["state"].clone()
        };
        assert_eq!(state(&["suspend", &session]).await, "suspended");
        assert_eq!(state(&["resume", &session]).await, "initialized");
        assert_eq!(state(&["probe", &session, "100"]).await, "initialized");
        assert_eq!(state(&["rotate-seed", &session, "--client-seed", "mine"]).await, "initialized");
        assert_eq!(state(&["spin", &session, "0.05"]).await, "playing");
        assert_eq!(state(&["attach", &session, &wallet]).await, "playing");
        let idle = run(url, &["session", "create", "--game", "fruit", "-q"]).await.ok();
        assert_eq!(state(&["close", &idle]).await, "completed");
        let listed = run(url, &["session", "list", "--state", "completed", "-q"]).await.ok();
        assert_eq!(listed, idle);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_and_messages_tell_what_went_wrong() {
    let server = Server::start(Store::sqlite()).await;
    let url = server.url.as_str();
    let (wallet, session) = session(url).await;
    run(url, &["wallet", "withdraw", &wallet, "1000"]).await.fails(5, "[insufficient_funds]");
    run(url, &["session", "close", &session]).await.fails(5, "[invalid_transition]");
    run(url, &["session", "proof", &session]).await.fails(5, "[session_not_ended]");
    run(url, &["session", "show", NOBODY]).await.fails(4, "not_found");
    run(url, &["session", "events", NOBODY, "--follow"]).await.fails(4, "not_found");
    run(url, &["game", "show", "no such name"]).await.fails(4, "no game is named");
    run(url, &["wallet", "show", "7"]).await.fails(2, "invalid value '7'");
    run(url, &["wallet", "create", "--balance", "1e3"]).await.fails(2, "an amount is a string of digits");
    run(url, &["wallet", "create"]).await.fails(2, "--balance");
    run(url, &["session", "play"]).await.fails(2, "required");
    run("localhost", &["health"]).await.fails(2, "not the address of a server");
    run("http://127.0.0.1:9", &["health"]).await.fails(3, "start one with `reelhouse`");
    run(url, &["game", "add", "/nowhere/game.json"]).await.fails(2, "/nowhere/game.json");
    run(url, &["--profile", "/nowhere/reel.toml", "health"]).await.fails(2, "/nowhere/reel.toml");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_is_checked_without_a_server_and_added_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("game.json");
    let path = file.to_str().unwrap();
    let good = include_str!("../../crates/domain/games/fruit-5x3.json");
    std::fs::write(&file, good).unwrap();
    let nowhere = "http://127.0.0.1:9";
    let figures = run(nowhere, &["game", "check", path]).await.ok();
    assert!(figures.contains("RTP") && figures.contains("Fingerprint"), "{figures}");

    let mut bad: Value = serde_json::from_str(good).unwrap();
    bad["symbol_map"]["colour"] = json!("red");
    bad["name"] = json!("");
    std::fs::write(&file, bad.to_string()).unwrap();
    let faults = run(nowhere, &["game", "check", path]).await;
    assert_eq!(faults.code, 5, "{faults:?}");
    assert!(faults.out.contains("/name: ") && faults.out.contains("/symbol_map/colour: "), "{faults:?}");
    assert_eq!(faults.err, "error: the definition has 2 faults\n");

    let server = Server::start(Store::sqlite()).await;
    let refused = run(&server.url, &["game", "add", path]).await;
    assert_eq!(refused.code, 5, "{refused:?}");
    let mut child = reel(&server.url)
        .args(["game", "add", "-", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(good.as_bytes()).await.unwrap();
    let added = Done::from(child.wait_with_output().await.unwrap()).ok();
    let shown = run(&server.url, &["game", "show", "fruit", "--json"]).await.json();
    assert_eq!(shown[0]["game_id"], added.as_str(), "the same definition is the same game");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_seen_enough_ends_the_command_quietly() {
    let server = Server::start(Store::sqlite()).await;
    let (_, session) = session(&server.url).await;
    run(&server.url, &["session", "play", &session, "-n", "300", "--stake", "0.05"]).await.ok();
    let mut child = reel(&server.url)
        .args(["session", "events", &session, "--all", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next_line().await.unwrap().is_some());
    drop(lines);
    let done = Done::from(child.wait_with_output().await.unwrap());
    assert_eq!((done.code, done.err.as_str()), (0, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_followed_as_they_happen() {
    let server = Server::start(Store::sqlite()).await;
    let (_, session) = session(&server.url).await;
    let mut child =
        reel(&server.url).args(["session", "events", &session, "-f"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let actions = [
        (vec!["bet", &session, "0.05"], "bet"),
        (vec!["void", &session], "void"),
        (vec!["cash-out", &session], "cash_out"),
    ];
    for (action, word) in actions {
        run(&server.url, &[vec!["session"], action].concat()).await.ok();
        let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.unwrap().unwrap().unwrap();
        assert!(line.contains(word), "{line}");
    }
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_ends_where_it_is_told_to() {
    let server = Server::start(Store::sqlite()).await;
    let url = server.url.as_str();
    let wallet = run(url, &["wallet", "create", "--balance", "100", "--daily-limit", "1", "-q"]).await.ok();
    let play = async |more: &[&str]| {
        let start = ["session", "play", "--game", "fruit", "--wallet", &wallet, "--json", "--stake", "0.25"];
        run(url, &[&start[..], more].concat()).await.json()[0].clone()
    };
    let limited = play(&["-n", "9"]).await;
    assert_eq!((&limited["ended_by"], &limited["rounds"]), (&json!("daily_limit_exceeded"), &json!(4)));
    let bounded = play(&["--stop-below", "1000", "--cash-out"]).await;
    assert_eq!((&bounded["ended_by"], &bounded["state"]), (&json!("stop_below"), &json!("completed")));
    let poor = run(url, &["wallet", "create", "--balance", "0.3", "-q"]).await.ok();
    let broke = run(url, &["session", "play", "--game", "pearl", "--wallet", &poor, "--stake", "1"]).await.ok();
    assert!(broke.contains("holds less than the smallest stake"), "{broke}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulation_is_waited_for_and_repeats_with_its_seed() {
    let server = Server::start(Store::sqlite()).await;
    let simulate = ["simulate", "fruit", "-n", "300000", "--seed", "7", "--json"];
    let first = run(&server.url, &simulate).await.json()[0].clone();
    assert_eq!((&first["state"], &first["report"]["rounds"]), (&json!("completed"), &json!(300_000)));
    assert_eq!(run(&server.url, &simulate).await.json()[0]["report"], first["report"]);
    let id = first["simulation_id"].as_str().unwrap();
    let shown = run(&server.url, &["simulate", "--attach", id]).await.ok();
    assert!(shown.contains("RTP") && shown.contains("300000 of at most 300000"), "{shown}");
    run(&server.url, &["simulate", "fruit", "--stake", "0.03"]).await.fails(5, "[invalid_stake]");
}

/// Answers every connection with what is next in the script, and gives the requests.
async fn scripted(answers: Vec<String>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            // A GET ends with its head, a POST of JSON with its body.
            while !request.ends_with(if request.starts_with("POST") { "}" } else { "\r\n\r\n" }) {
                let mut bytes = [0; 4096];
                let count = stream.read(&mut bytes).await.unwrap();
                assert!(count > 0, "the request ended early: {request}");
                request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
            }
            requests.push(request);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        requests
    });
    (url, serving)
}

fn answer(status: &str, more: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: {kind}\r\n{more}Content-Length: {length}\r\n\r\n{body}"
    )
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let found =
        request.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)));
    found.unwrap_or_else(|| panic!("no {name} in {request}")).1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_asked_again_under_the_same_key() {
    let busy = json!({"status": 503, "code": "overloaded", "title": "The server is overloaded", "detail": "come back"});
    let busy = answer("503 Service Unavailable", "Retry-After: 1\r\n", "application/problem+json", &busy.to_string());
    let gone = json!({"status": 404, "code": "not_found", "title": "Not found", "detail": "no wallet"}).to_string();
    let gone = answer("404 Not Found", "", "application/problem+json", &gone);
    let (url, serving) = scripted(vec![busy.clone(), busy, gone]).await;
    let done = run(&url, &["--key", "reel_secret", "wallet", "deposit", NOBODY, "5"]).await;
    assert_eq!(done.code, 4, "{done:?}");
    assert_eq!(done.err.matches("again in 1 s").count(), 2, "{done:?}");
    let requests = serving.await.unwrap();
    let keys: Vec<&str> = requests.iter().map(|request| header(request, "Idempotency-Key")).collect();
    assert!(keys[0].starts_with("reel-") && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(requests.iter().all(|request| header(request, "Authorization") == "Bearer reel_secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn something_else_at_the_address_is_told_apart() {
    let page = answer("200 OK", "", "text/html", "<html>hello</html>");
    let (url, serving) = scripted(vec![page]).await;
    run(&url, &["health"]).await.fails(1, "does not answer as Reelhouse does");
    serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_names_the_server_and_the_key() {
    let server = Server::start(Store::sqlite()).await;
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("reelhouse/reel.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, format!("server = \"{}\"\nkey = \"reel_x\"\n", server.url)).unwrap();
    let mut command = reel("unused");
    command.env_remove("REELHOUSE_URL").env("XDG_CONFIG_HOME", folder.path()).arg("health");
    let done = Done::from(command.output().await.unwrap()).ok();
    assert!(done.contains(&server.url), "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_and_manual_pages_are_printed() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(run("unused", &["completions", shell]).await.ok().contains("reel"), "{shell}");
    }
    assert!(run("unused", &["man"]).await.ok().contains(".TH reel 1"));
    let folder = tempfile::tempdir().unwrap();
    run("unused", &["man", "--into", folder.path().to_str().unwrap()]).await.ok();
    assert!(folder.path().join("reel-session-play.1").is_file());
}
