//! The stream of a session's events: its messages, its resumption, and what it refuses.

use serde_json::{Value, json};

use crate::support::{Client, NOBODY, Reply, Request, fixture};

/// A message of a stream: its id, its name, its data.
#[derive(Debug, PartialEq)]
struct Message {
    id: i64,
    name: String,
    data: Value,
}

fn messages(reply: &Reply) -> Vec<Message> {
    let text = std::str::from_utf8(&reply.body).unwrap();
    let (opening, rest) = text.split_once("\n\n").unwrap();
    assert_eq!(opening, "retry: 1000");
    rest.split_terminator("\n\n").map(message).collect()
}

fn message(text: &str) -> Message {
    let mut message = Message { id: 0, name: "message".to_owned(), data: Value::Null };
    for line in text.lines() {
        match line.split_once(": ").unwrap() {
            ("id", id) => message.id = id.parse().unwrap(),
            ("event", name) => message.name = name.to_owned(),
            ("data", data) => message.data = serde_json::from_str(data).unwrap(),
            _ => panic!("{line}"),
        }
    }
    message
}

/// A session that has ended with `seq` 3.
async fn ended(client: &Client) -> String {
    let wallet = client.wallet(json!({ "balance": "10" })).await;
    let session = client.session(&wallet).await;
    client.act(&session, json!({ "type": "bet", "amount": "1" })).await.expect(200);
    client.act(&session, json!({ "type": "void" })).await.expect(200);
    client.act(&session, json!({ "type": "cash_out" })).await.expect(200);
    session
}

#[actix_web::test]
async fn a_stream_tells_every_event_and_the_end() {
    let client = fixture().await.client;
    let session = ended(&client).await;
    let reply = client.get(format!("/sessions/{session}/events/stream")).await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
    let messages = messages(&reply);
    let listed = client.get(format!("/sessions/{session}/events")).await.expect(200);
    for (message, event) in messages.iter().zip(listed["items"].as_array().unwrap()) {
        assert_eq!((message.name.as_str(), &message.data), ("message", event));
        assert_eq!(message.id, event["seq"]);
    }
    let last = client.get(format!("/sessions/{session}")).await.expect(200);
    let end = json!({
        "session_id": session, "state": "completed", "last_seq": 3, "chain_head": last["chain_head"],
    });
    assert_eq!(messages.len(), 4);
    assert_eq!(messages[3], Message { id: 3, name: "end".to_owned(), data: end });
}

#[actix_web::test]
async fn a_stream_goes_on_after_what_was_seen() {
    let client = fixture().await.client;
    let session = ended(&client).await;
    let path = format!("/sessions/{session}/events/stream");
    let ids = async |uri: String, header: Option<&str>| {
        let mut request = Request::new("GET", uri);
        if let Some(seq) = header {
            request = request.header("last-event-id", seq);
        }
        messages(&client.send(request).await).iter().map(|message| message.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(format!("{path}?after=0"), None).await, [1, 2, 3, 3]);
    assert_eq!(ids(format!("{path}?after=2"), None).await, [3, 3]);
    assert_eq!(ids(path.clone(), Some("1")).await, [2, 3, 3]);
    assert_eq!(ids(format!("{path}?after=0"), Some("2")).await, [3, 3], "the header goes first");
    assert_eq!(ids(path.clone(), Some("3")).await, [3], "the end alone");
    assert_eq!(ids(format!("{path}?after=9223372036854775807"), None).await, [3]);
}

#[actix_web::test]
async fn what_is_no_place_in_a_session_is_refused() {
    let client = fixture().await.client;
    let session = ended(&client).await;
    let path = format!("/sessions/{session}/events/stream");
    for after in ["-1", "x", "", "1.5", "+1", "9223372036854775808"] {
        client.get(format!("{path}?after={after}")).await.problem(400, "invalid_query");
    }
    for (name, value) in [("after", "1&after=1"), ("limit", "5"), ("cursor", "x")] {
        client.get(format!("{path}?{name}={value}")).await.problem(400, "invalid_query");
    }
    for id in ["-1", "x", "", "é"] {
        let request = Request::new("GET", path.clone()).header("last-event-id", id);
        client.send(request).await.problem(400, "invalid_last_event_id");
    }
    client.get(format!("/sessions/{NOBODY}/events/stream")).await.problem(404, "not_found");
    client.get("/sessions/7/events/stream").await.problem(400, "invalid_id");
}

#[actix_web::test]
async fn a_head_of_an_open_session_does_not_wait() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10" })).await;
    let session = client.session(&wallet).await;
    let reply = client.send(Request::new("HEAD", format!("/sessions/{session}/events/stream"))).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "text/event-stream"));
    assert!(reply.body.is_empty());
}
