//! `reel export` and `reel game par` against a real server: every form to the byte, and connections that are cut.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::on_both_stores;
use crate::reel::{Done, run};
use crate::support::{Server, Store};

/// Plays what there is to export, and gives the game and one session of it.
async fn play(url: &str) -> (String, String) {
    let wallet = run(url, &["wallet", "create", "--balance", "1000", "-q"]).await.ok();
    let mut sessions = Vec::new();
    for (game, more) in [("fruit", "--cash-out"), ("pearl", "--cash-out"), ("fruit", "--seed=1")] {
        let play = ["session", "play", "--game", game, "--wallet", &wallet, "-n", "60", "-q", more];
        sessions.push(run(url, &play).await.ok());
    }
    let game = run(url, &["game", "show", "fruit", "-q"]).await.ok();
    (game, sessions.remove(0))
}

async fn fetched(server: &Server, path: &str) -> Vec<u8> {
    let api = server.client();
    let response = api.client.get(format!("{}{path}", api.url)).send().await.unwrap();
    assert!(response.status().is_success(), "{path}");
    response.bytes().await.unwrap().to_vec()
}

/// The file that an export wrote.
async fn exported(url: &str, file: &Path, more: &[&str]) -> Vec<u8> {
    let done = run(url, &[&["export", "-o", file.to_str().unwrap()], more].concat()).await;
    assert!(done.err.contains("written to"), "{done:?}");
    assert!(done.ok().is_empty(), "the data is in the file");
    std::fs::read(file).unwrap()
}

on_both_stores! {
    async fn every_form_is_what_the_server_sends(server: Server) {
        let url = server.url.as_str();
        let (game, session) = play(url).await;
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("manifest.json");
        let all = exported(url, &folder.path().join("all.ndjson"), &["--manifest", manifest.to_str().unwrap()]).await;
        let manifest: Value = serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
        let to = manifest["filter"]["to"].as_str().unwrap();
        assert_eq!(all.iter().filter(|byte| **byte == b'\n').count(), usize::try_from(manifest["rows"].as_u64().unwrap()).unwrap());
        assert_eq!(all, fetched(&server, &format!("/rl/export?to={to}")).await);
        assert_eq!(manifest, server.client().get(&format!("/rl/export/manifest?to={to}")).await.ok());

        for (name, query) in
            [("a.arrows", "arrow"), ("a.parquet", "parquet"), ("a.npz", "npz"), ("a.tar", "minari"), ("a.jsonl", "ndjson")]
        {
            let sent = fetched(&server, &format!("/rl/export?to={to}&format={query}")).await;
            assert!(exported(url, &folder.path().join(name), &["--to", to]).await == sent, "{name}");
        }
        let file = folder.path().join("keys");
        let sent = fetched(&server, &format!("/rl/export?to={to}&format=npz&keys=tianshou&game_id={game}&ladder=0.05,1")).await;
        let more = ["--format", "npz-tianshou", "--to", to, "--game", "fruit", "--ladder", "0.05,1"];
        assert!(exported(url, &file, &more).await == sent);

        let after = format!("{session}:2");
        let some = ["export", "--session", &session, "--to", to, "--cursor", &after, "--limit", "3"];
        let some = run(url, &some).await.json();
        let seqs: Vec<i64> = some.iter().map(|row| row["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, [3, 4, 5]);
        assert!(run(url, &["export", "--from", to]).await.ok().is_empty());
        let parts = std::fs::read_dir(folder.path()).unwrap().filter(|entry| {
            entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "part")
        });
        assert_eq!(parts.count(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_par_sheet_is_printed_in_every_form() {
    let server = Server::start(Store::sqlite()).await;
    let url = server.url.as_str();
    let game = server.client().game("fruit").await;
    let path = format!("/games/{game}/par-sheet?format=");
    for form in ["csv", "html"] {
        let printed = run(url, &["game", "par", "fruit", "--format", form]).await;
        assert_eq!(printed.out.as_bytes(), fetched(&server, &format!("{path}{form}")).await, "{form}");
    }
    let sheet = server.client().get(&format!("{path}json")).await.ok();
    for json in [&["--format", "json"][..], &["--json"]] {
        assert_eq!(run(url, &[&["game", "par", &game][..], json].concat()).await.json()[0], sheet);
    }
    let table = run(url, &["game", "par", "fruit"]).await.ok();
    let rtp = sheet["rtp"]["total"]["percent"].as_str().unwrap();
    assert!(table.contains(rtp) && table.contains(sheet["fingerprint"].as_str().unwrap()), "{table}");
    let fraction = sheet["rtp"]["total"]["exact"].as_str().unwrap();
    assert!(!table.contains(fraction), "fractions are for the other forms");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.html");
    let done = run(url, &["game", "par", "fruit", "-f", "html", "-o", file.to_str().unwrap()]).await;
    assert!(done.ok().is_empty() && std::fs::read_to_string(file).unwrap().starts_with("<!DOCTYPE html>"));
    run(url, &["game", "par", "no such game"]).await.fails(4, "no game is named");
    run(url, &["game", "par", "fruit", "--json", "--format", "csv"]).await.fails(2, "cannot be used with");
    run(url, &["game", "par", "fruit", "-o", "x"]).await.fails(2, "choose another --format");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_exported_is_told() {
    let server = Server::start(Store::sqlite()).await;
    let url = server.url.as_str();
    let nobody = "01976e3c-9f00-7abc-8000-000000000000";
    run(url, &["export", "--session", nobody]).await.fails(4, "not_found");
    run(url, &["export", "--game", "no such game"]).await.fails(4, "no game is named");
    run(url, &["export", "--cursor", "7"]).await.fails(5, "[invalid_cursor]");
    run(url, &["export", "--ladder", "1"]).await.fails(2, "--game");
    run(url, &["export", "--game", "fruit", "--ladder", "2,1"]).await.fails(5, "ladder");
    run(url, &["export", "--format", "csv"]).await.fails(2, "invalid value 'csv'");
    run(url, &["export", "--limit", "0"]).await.fails(2, "0");
    run(url, &["export", "--from", "yesterday"]).await.fails(2, "yesterday");
    run(url, &["export", "-o", "/nowhere/x.parquet"]).await.fails(1, "/nowhere/x.parquet");
    run("http://127.0.0.1:9", &["export"]).await.fails(3, "start one with `reelhouse`");
}

/// A way to a server whose next connections are cut after so many bytes of answers.
struct Way {
    server: Server,
    url: String,
    cuts: Arc<Mutex<VecDeque<usize>>>,
}

impl Way {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = listener.local_addr().unwrap().to_string();
        let server = Server::start_with(Store::sqlite(), &[("REELHOUSE_ALLOWED_HOSTS", &near)]).await;
        let far = server.url.strip_prefix("http://").unwrap().to_owned();
        let cuts = Arc::<Mutex<VecDeque<usize>>>::default();
        let planned = Arc::clone(&cuts);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let limit = planned.lock().unwrap().pop_front().unwrap_or(usize::MAX);
                tokio::spawn(pass(near, TcpStream::connect(&far).await.unwrap(), limit));
            }
        });
        Self { server, url: format!("http://{near}"), cuts }
    }

    /// Runs a command whose connections are cut like that, all of them.
    async fn run(&self, cuts: &[usize], arguments: &[&str]) -> Done {
        self.cuts.lock().unwrap().extend(cuts);
        let done = run(&self.url, arguments).await;
        assert!(self.cuts.lock().unwrap().is_empty(), "{done:?}");
        done
    }
}

/// Passes requests on, and so many bytes of the answers.
async fn pass(near: TcpStream, far: TcpStream, mut limit: usize) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let requests = tokio::spawn(async move { tokio::io::copy(&mut near_in, &mut far_out).await });
    let mut bytes = vec![0; 4096];
    while limit > 0 {
        let Ok(count @ 1..) = far_in.read(&mut bytes).await else { break };
        let count = count.min(limit);
        if near_out.write_all(&bytes[..count]).await.is_err() {
            break;
        }
        limit -= count;
    }
    requests.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_whose_connection_is_cut_comes_to_the_same() {
    let way = Way::new().await;
    let url = way.server.url.as_str();
    play(url).await;
    let lines = ["export", "--to", "2100-01-01T00:00:00Z", "--limit", "170"];
    let done = way.run(&[4_000, 60, 31_337, 20_011], &lines).await;
    assert_eq!(done.err.matches("again in 1 s").count(), 4, "{}", done.err);
    assert_eq!(done.ok(), run(url, &lines).await.ok());

    let folder = tempfile::tempdir().unwrap();
    let sent = exported(url, &folder.path().join("whole.parquet"), &lines[1..]).await;
    let file = folder.path().join("cut.parquet");
    let done = way.run(&[9_000, 500], &[&lines[..], &["-o", file.to_str().unwrap()]].concat()).await;
    assert_eq!(done.err.matches("from the beginning again").count(), 2, "{}", done.err);
    assert!(std::fs::read(&file).unwrap() == sent);
    let done = way.run(&[9_000], &[&lines[..], &["--format", "parquet"]].concat()).await;
    assert_eq!(done.code, 3, "what was piped cannot be taken back: {}", done.err);
}
