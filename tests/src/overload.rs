//! More work than the server takes on, and clients that stall: who is refused is told so, and the others are served.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::on_both_stores;
use crate::support::{Api, Server, Store};

/// Long beside what anything here takes; only a server that hangs takes longer.
const SOON: Duration = Duration::from_secs(20);

/// How many actions come at once: more than a lane's queue and batch hold.
const MANY: usize = 2500;

async fn seat(api: &Api) -> String {
    let wallet = api.wallet(&json!({"balance": "100.00"})).await;
    api.session(&api.game("fruit").await, &wallet).await
}

on_both_stores! {
    async fn clients_that_stall_do_not_hurt_the_others(server: Server) {
        let api = server.client();
        let session = seat(&api).await;
        let address = api.url.trim_start_matches("http://").to_owned();
        let head = format!("POST /wallets HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
        let mut stalled = Vec::new();
        for index in 0..500 {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            let body = if index % 2 == 0 { "Content-Length: 100\r\n\r\n{" } else { "" };
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            stalled.push(stream);
        }
        let play = async {
            for seq in 1..=20 {
                let answer = api.act(&session, &json!({"type": "rotate_seed"})).await.ok();
                assert_eq!(answer["event"]["seq"], seq);
                assert_eq!(api.get("/healthz").await.status, StatusCode::OK);
            }
        };
        tokio::time::timeout(SOON, play).await.expect("others wait for the clients that stall");
        assert_eq!(stalled.len(), 500);
    }
}

/// While a row is held by somebody else its lane waits, and what comes on top of a full queue is refused at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_refused_at_once_and_the_rest_is_done() {
    let server = Server::start(Store::postgres().await).await;
    let api = server.client();
    let session = seat(&api).await;
    let (holder, connection) = tokio_postgres::connect(&server.store.url(), tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let hold = format!("BEGIN; SELECT FROM sessions WHERE session_id = '{session}' FOR UPDATE");
    holder.batch_execute(&hold).await.unwrap();

    let mut calls = JoinSet::new();
    for _ in 0..MANY {
        let (api, path) = (api.clone(), format!("{}/sessions/{session}/action", api.url));
        calls.spawn(async move {
            let response = api.client.post(path).json(&json!({"type": "rotate_seed"})).send().await.unwrap();
            let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
            (response.status(), retry_after)
        });
    }
    let mut counts = [0, 0];
    let mut count = |(status, retry_after): (StatusCode, Option<String>)| match status {
        StatusCode::OK => counts[0] += 1,
        StatusCode::SERVICE_UNAVAILABLE => {
            assert!(retry_after.is_some(), "a refusal says when to come back");
            counts[1] += 1;
        }
        other => panic!("an overloaded server answered {other}"),
    };
    // With the row held nothing can be done, so the first answer is a refusal.
    let first = tokio::time::timeout(SOON, calls.join_next()).await.expect("nobody was refused").unwrap().unwrap();
    assert_eq!(first.0, StatusCode::SERVICE_UNAVAILABLE);
    count(first);
    let health = tokio::time::timeout(SOON, api.get("/healthz")).await.expect("the health check hangs");
    assert_eq!(health.status, StatusCode::OK);

    holder.batch_execute("ROLLBACK").await.unwrap();
    while let Some(answer) = tokio::time::timeout(SOON, calls.join_next()).await.expect("the server hangs") {
        count(answer.unwrap());
    }
    let [done, refused] = counts;
    assert!(done > 0 && refused > 0 && done + refused == MANY, "{done} done, {refused} refused");
    let after = api.act(&session, &json!({"type": "rotate_seed"})).await.ok();
    assert_eq!(after["event"]["seq"], done + 1, "what was refused left no event");
    drop(holder);
    drop(driver.await);
}

/// A row that is held for longer than a writer waits is answered 503, and nothing is left of the attempt.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_stays_held_is_answered_503() {
    let server = Server::start(Store::postgres().await).await;
    let api = server.client();
    let session = seat(&api).await;
    let (holder, connection) = tokio_postgres::connect(&server.store.url(), tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let hold = format!("BEGIN; SELECT FROM sessions WHERE session_id = '{session}' FOR UPDATE");
    holder.batch_execute(&hold).await.unwrap();
    let answer = tokio::time::timeout(2 * SOON, api.act(&session, &json!({"type": "rotate_seed"}))).await;
    let answer = answer.expect("the writer waits for ever");
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"));
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(api.act(&session, &json!({"type": "rotate_seed"})).await.ok()["event"]["seq"], 1);
    drop(holder);
    drop(driver.await);
}
