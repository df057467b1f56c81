//! A server that was told to stop: who asks whether it is ready, what is under way, and who comes later.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Server, Store};

/// Sends the head of a request for a wallet, and gives the rest of it.
async fn half(server: &Server) -> (TcpStream, String) {
    let body = json!({ "balance": "1" }).to_string();
    let host = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let length = body.len();
    let head = format!(
        "POST /wallets HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    (stream, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_ends_before_the_service_does() {
    // Longer than any test may take: the server is not seen to stop here.
    let server = Server::start_with(Store::sqlite(), &[("REELHOUSE_DRAIN_SECONDS", "600")]).await;
    let api = server.client();
    assert_eq!(api.get("/readyz").await.ok(), json!({ "status": "ready" }));
    server.terminate().await;
    let response = loop {
        let response = api.client.get(format!("{}/readyz", server.url)).send().await.unwrap();
        if !response.status().is_success() {
            break response;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["connection"], "close");
    assert!(response.headers().contains_key("retry-after"));
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(problem["code"], "stopping");
    assert!(problem["detail"].as_str().unwrap().contains("told to stop"), "{problem}");
    assert_eq!(api.get("/healthz").await.ok(), json!({ "status": "ok" }));
    // Whoever has not heard of it yet is served still, and told to go elsewhere next.
    let wallet =
        api.client.post(format!("{}/wallets", server.url)).json(&json!({ "balance": "1" })).send().await.unwrap();
    assert_eq!((wallet.status().as_u16(), &wallet.headers()["connection"]), (201, &"close".parse().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_is_answered_and_nobody_else_is_let_in() {
    let mut server = Server::start(Store::sqlite()).await;
    let (mut stream, rest) = half(&server).await;
    // The server has taken the head when another request that came later was answered.
    server.client().get("/healthz").await.ok();
    server.terminate().await;
    let host = server.url.strip_prefix("http://").unwrap().to_owned();
    while TcpStream::connect(&host).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let answer = answer.to_lowercase();
    assert!(answer.starts_with("http/1.1 201") && answer.contains("connection: close"), "{answer}");
    assert!(server.stopped().await.success());
}
