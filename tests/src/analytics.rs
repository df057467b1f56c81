//! Analytics counted anew, by the command, beside what running servers counted.

use std::time::Duration;

use serde_json::Value;

use crate::archive::Past;
use crate::command_line::{run, run_with};
use crate::on_both_stores;
use crate::support::{Api, Server, Store, execute};

/// An id that names nothing.
const NOBODY: &str = "01976e3c-9f00-7abc-8000-000000000000";

/// What analytics say once everything is counted, without when it was and what depends on the order of it.
async fn counted(api: &Api, path: &str) -> Value {
    let mut answer = api.get(path).await.ok();
    // The server may be counting by itself just now.
    while answer["waiting"] == true {
        tokio::time::sleep(Duration::from_millis(100)).await;
        answer = api.get(path).await.ok();
    }
    let members = answer.as_object_mut().unwrap();
    members.remove("as_of");
    members.remove("drift");
    answer
}

/// What is counted of every game and every session.
async fn figures(api: &Api) -> Vec<(String, Value)> {
    let mut paths = Vec::new();
    for (kind, id, more) in [("games", "game_id", "?bucket=hour&limit=1000"), ("sessions", "session_id", "")] {
        for item in api.all(&format!("/{kind}")).await {
            paths.push(format!("/analytics/{kind}/{}{more}", item[id].as_str().unwrap()));
        }
    }
    let mut figures = Vec::new();
    for path in paths {
        figures.push((path.clone(), counted(api, &path).await));
    }
    figures
}

/// How many rounds were counted of all games together.
fn rounds(figures: &[(String, Value)]) -> u64 {
    let games = figures.iter().filter(|(path, _)| path.starts_with("/analytics/games"));
    games.map(|(_, game)| game["play"]["rounds"].as_u64().unwrap()).sum()
}

/// Plays sessions of two games, of which one has not ended, with what is no plain spin among it.
async fn play(server: &Server) {
    let url = server.url.as_str();
    let wallet = ["wallet", "create", "--balance", "1000", "--per-spin", "0.01", "--per-query", "0.001", "-q"];
    let wallet = crate::reel::run(url, &wallet).await.ok();
    for (game, rounds, ends) in [("fruit", "120", true), ("pearl", "40", true), ("fruit", "30", false)] {
        let start = ["session", "play", "--game", game, "--wallet", &wallet, "-n", rounds, "-q"];
        let end: &[&str] = if ends { &["--cash-out"] } else { &[] };
        let session = crate::reel::run(url, &[&start[..], end].concat()).await.ok();
        if !ends {
            crate::reel::run(url, &["session", "probe", &session, "50"]).await.ok();
            crate::reel::run(url, &["session", "bet", &session, "0.05"]).await.ok();
            crate::reel::run(url, &["session", "void", &session]).await.ok();
        }
    }
}

on_both_stores! {
    async fn counting_anew_comes_to_what_was_counted_live(server: Server) {
        play(&server).await;
        let api = server.client();
        let live = figures(&api).await;
        assert_eq!(rounds(&live), 190);
        let (ok, said) = run(&server.store, &["analytics", "rebuild", "--log", "warn"]).await;
        assert!(ok, "{said}");
        assert_eq!(said.lines().count(), api.all("/games").await.len(), "{said}");
        assert!(said.lines().all(|line| line.ends_with("; the same as before")), "{said}");
        assert_eq!(figures(&api).await, live);

        let game = api.game("fruit").await;
        let (ok, said) = run(&server.store, &["analytics", "rebuild", "--log", "warn", "--game", &game]).await;
        assert!(ok && said.lines().count() == 1 && said.starts_with(&game) && said.contains("150 rounds"), "{said}");
        let (ok, said) = run(&server.store, &["analytics", "rebuild", "--game", NOBODY]).await;
        assert!(!ok && said.contains("there is no game"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_anew_mends_what_was_counted() {
    let server = Server::start(Store::postgres().await).await;
    play(&server).await;
    let api = server.client();
    let live = figures(&api).await;
    execute(&server.store.url(), "DELETE FROM game_tallies").await;
    assert_eq!(rounds(&figures(&api).await), 0);
    let (ok, said) = run(&server.store, &["analytics", "rebuild", "--log", "warn"]).await;
    assert!(ok && said.contains("before: 0 events"), "{said}");
    assert_eq!(figures(&api).await, live);
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_months_are_counted_anew_from_their_files_and_never_without_them() {
    let past = Past::new().await;
    let server = past.server().await;
    let api = server.client();
    let live = figures(&api).await;
    assert!(rounds(&live) > 8, "{live:?}");
    let archived = past.run(&["--before", "2026-02-01"]).await;
    assert!(archived.0, "{archived:?}");
    assert_eq!(figures(&api).await, live);

    let (ok, said) = run(&past.store, &["analytics", "rebuild", "--log", "warn"]).await;
    assert!(!ok && said.contains("left as it was") && said.contains("2026_01.json"), "{said}");
    assert!(said.contains("the same as before"), "the other games were counted: {said}");
    assert!(said.contains("--archive-dir"), "{said}");
    assert_eq!(figures(&api).await, live);

    let folder = [("REELHOUSE_ARCHIVE_DIR", past.folder.path().to_str().unwrap())];
    let (ok, said) = run_with(&past.store, &["analytics", "rebuild", "--log", "warn"], &folder).await;
    assert!(ok && said.lines().all(|line| line.ends_with("; the same as before")), "{said}");
    assert_eq!(figures(&api).await, live);
}
