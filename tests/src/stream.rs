//! Streams of events across server processes, and a server that is told to stop while one is open.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Response;
use serde_json::json;
use tokio::process::Command;

use crate::on_both_stores;
use crate::support::{Api, Server};

async fn follow(api: &Api, session: &str, after: i64) -> Response {
    let url = format!("{}/sessions/{session}/events/stream?after={after}", api.url);
    let response = api.client.get(url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response
}

/// Reads the stream until the text has come, and gives all of it.
async fn read_until(stream: &mut Response, wanted: &str) -> String {
    let mut read = String::new();
    while !read.contains(wanted) {
        let chunk = tokio::time::timeout(Duration::from_secs(60), stream.chunk()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("{wanted:?} did not come: {read}")).unwrap();
        let chunk = chunk.unwrap_or_else(|| panic!("the stream ended before {wanted:?}: {read}"));
        read.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    read
}

fn ids(text: &str) -> Vec<i64> {
    text.lines().filter_map(|line| line.strip_prefix("id: ")).map(|id| id.parse().unwrap()).collect()
}

on_both_stores! {
    async fn a_stream_tells_what_another_process_writes(server: Server) {
        let other = Server::start(Arc::clone(&server.store)).await;
        let (here, there) = (server.client(), other.client());
        let wallet = here.wallet(&json!({"balance": "100.00"})).await;
        let session = here.session(&here.game("fruit").await, &wallet).await;
        let mut stream = follow(&here, &session, 0).await;
        for api in [&here, &there, &there, &here, &there] {
            api.act(&session, &json!({"type": "bet", "amount": "0.05"})).await.ok();
            api.act(&session, &json!({"type": "void"})).await.ok();
        }
        there.act(&session, &json!({"type": "cash_out"})).await.ok();
        let told = read_until(&mut stream, "event: end").await;
        assert_eq!(ids(&told), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11]);
        // A client that lost its stream goes on in the middle, at any server.
        let mut again = follow(&there, &session, 8).await;
        assert_eq!(ids(&read_until(&mut again, "event: end").await), [9, 10, 11, 11]);
    }

    async fn a_term_signal_ends_streams_and_then_the_server(server: Server) {
        let mut server = server;
        let api = server.client();
        let wallet = api.wallet(&json!({"balance": "100.00"})).await;
        let session = api.session(&api.game("fruit").await, &wallet).await;
        let mut stream = follow(&api, &session, 0).await;
        read_until(&mut stream, "retry: ").await;
        let pid = server.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        read_until(&mut stream, ": the server is stopping").await;
        let status = tokio::time::timeout(Duration::from_secs(25), server.child.wait()).await;
        assert!(status.expect("the server waited for the stream").unwrap().success());
    }
}
