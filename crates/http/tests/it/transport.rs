//! The server over TCP: bodies that stall, bodies that are too large, clients that go away.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use reelhouse_application::{FollowSettings, House, Settings};
use reelhouse_http::{AccessSettings, HttpLimits, HttpSettings, server};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::FixedClock;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{ports, start, text, tiny_game};

/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    house: Arc<House>,
}

async fn running() -> Running {
    running_within(Duration::from_millis(300)).await
}

/// A server whose clients have that long for their bodies.
async fn running_within(body_timeout: Duration) -> Running {
    let ports = ports(&MemoryStore::default(), &Arc::new(FixedClock::new(start())));
    let one = FollowSettings { most: 1, ..FollowSettings::default() };
    let house = Arc::new(House::open(ports, Settings { follow: one, ..Settings::default() }));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let settings = HttpSettings {
        access: AccessSettings { allowed_hosts: vec!["x".to_owned()], ..AccessSettings::at(address) },
        limits: HttpLimits { body_timeout, heartbeat: Duration::from_millis(100), ..HttpLimits::default() },
        workers: Some(1),
        ..HttpSettings::default()
    };
    let server = server(listener, &house, settings).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Running { address, handle, house }
}

/// What a connection answered, to its end or for as long as it says nothing for 2 seconds.
async fn read_all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    drop(tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut bytes)).await);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The next answer of a connection that stays open: its head and its body.
async fn answer(stream: &mut TcpStream) -> (String, Value) {
    let mut head = Vec::new();
    let reading = async {
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        (head, serde_json::from_slice(&body).unwrap())
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap()
}

/// A request whose body comes in chunks, so that nothing says how large it is.
fn chunked(path: &str, body: &str) -> String {
    let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n");
    format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
}

fn request(method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends one request and gives the status line and the body.
    async fn call(&self, method: &str, path: &str, body: &str) -> (String, Value) {
        let mut stream = self.connect().await;
        let request = request(method, path, body).replacen("\r\n", "\r\nConnection: close\r\n", 1);
        stream.write_all(request.as_bytes()).await.unwrap();
        split(&read_all(&mut stream).await)
    }

    /// Opens a session and gives its id.
    async fn session(&self) -> String {
        let game = text(&self.call("POST", "/games", &tiny_game("Tiny").to_string()).await.1, "game_id");
        let wallet = text(&self.call("POST", "/wallets", r#"{"balance":"10"}"#).await.1, "wallet_id");
        let body = json!({ "game_id": game, "wallet_id": wallet }).to_string();
        text(&self.call("POST", "/sessions", &body).await.1, "session_id")
    }

    /// Opens the stream of a session's events.
    async fn follow(&self, session: &str) -> TcpStream {
        let mut stream = self.connect().await;
        let head = format!("GET /sessions/{session}/events/stream HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

fn split(reply: &str) -> (String, Value) {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((reply, ""));
    (head.to_lowercase(), serde_json::from_str(body).unwrap_or_default())
}

#[actix_web::test]
async fn a_body_that_stalls_is_given_up() {
    let server = running().await;
    for sent in ["", "{\"balance\""] {
        let mut stream = server.connect().await;
        let head = "POST /wallets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
        stream.write_all(format!("{head}{sent}").as_bytes()).await.unwrap();
        let begun = Instant::now();
        let (head, body) = split(&read_all(&mut stream).await);
        assert!(head.starts_with("http/1.1 408"), "{head}");
        assert!(head.contains("connection: close"), "{head}");
        assert_eq!(body["code"], "body_timeout");
        assert!(begun.elapsed() < Duration::from_millis(1900), "the connection was not closed");
    }
}

#[actix_web::test]
async fn a_body_that_trickles_is_given_up_too() {
    let server = running().await;
    let mut stream = server.connect().await;
    let head = "POST /wallets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..10 {
        drop(stream.write_all(b" ").await);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert!(read_all(&mut stream).await.starts_with("HTTP/1.1 408"));
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_answered_before_the_connection_ends() {
    let server = running().await;
    let large = format!("{{\"balance\":\"{}\"}}", "9".repeat(2_000_000));
    for request in [request("POST", "/wallets", &large), chunked("/wallets", &large)] {
        let mut stream = server.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let (head, body) = split(&read_all(&mut stream).await);
        assert!(head.starts_with("http/1.1 413"), "{head}");
        assert_eq!(body["code"], "body_too_large");
    }
    assert!(server.call("GET", "/healthz", "").await.0.starts_with("http/1.1 200"));
}

/// A client may write all that it has before it reads: it is read to its end, and the connection goes on.
#[actix_web::test]
async fn a_definition_that_is_too_large_has_a_fault() {
    let server = running_within(PATIENCE).await;
    let mut game = tiny_game("Large");
    game["symbol_map"]["note"] = json!("1".repeat(10_000_000));
    for large in [game.to_string(), "garbage".repeat(1_500_000)] {
        for (request, found) in [
            (request("POST", "/games", &large), format!(", not {}", large.len())),
            (chunked("/games", &large), String::new()),
        ] {
            let mut stream = server.connect().await;
            stream.write_all(request.as_bytes()).await.unwrap();
            let (head, body) = answer(&mut stream).await;
            assert!(head.starts_with("http/1.1 422"), "{head}");
            assert_eq!(body["code"], "invalid_game");
            let reason = format!("a body has at most 1048576 bytes{found}");
            assert_eq!(body["faults"], json!([{ "pointer": "", "reason": reason }]));
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
            assert!(answer(&mut stream).await.0.starts_with("http/1.1 200"));
        }
    }
}

/// What is too large to be read to its end is refused at its head, or when it has been read for long enough.
#[actix_web::test]
async fn a_body_without_end_is_not_waited_for() {
    let server = running_within(PATIENCE).await;
    let content = "Host: x\r\nContent-Type: application/json\r\n";
    for (path, status) in [("/games", 422), ("/wallets", 413)] {
        for announced in ["1073741824", "18446744073709551615"] {
            let mut stream = server.connect().await;
            let head = format!("POST {path} HTTP/1.1\r\n{content}Content-Length: {announced}\r\n\r\n{{");
            stream.write_all(head.as_bytes()).await.unwrap();
            let (head, body) = answer(&mut stream).await;
            assert!(head.starts_with(&format!("http/1.1 {status}")), "{head}");
            assert!(head.contains("connection: close") && body.to_string().contains(announced), "{head}{body}");
        }
        let mut stream = server.connect().await;
        let piece = format!("100000\r\n{}\r\n", "x".repeat(1 << 20));
        let head = format!("POST {path} HTTP/1.1\r\n{content}Transfer-Encoding: chunked\r\n\r\n");
        stream.write_all(format!("{head}{}", piece.repeat(18)).as_bytes()).await.unwrap();
        let (head, _) = answer(&mut stream).await;
        assert!(head.starts_with(&format!("http/1.1 {status}")) && head.contains("connection: close"), "{head}");
    }
}

#[actix_web::test]
async fn a_body_that_nobody_reads_does_not_become_the_next_request() {
    let server = running().await;
    let mut stream = server.connect().await;
    let smuggled = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    let first = request("POST", "/nowhere", smuggled);
    let second = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(format!("{first}{second}").as_bytes()).await.unwrap();
    let replies = read_all(&mut stream).await;
    assert!(replies.starts_with("HTTP/1.1 404"), "{replies}");
    assert!(!replies.contains("\"openapi\""), "{replies}");
}

#[actix_web::test]
async fn a_target_that_is_no_path_is_a_problem_too() {
    let server = running().await;
    for (line, status, code) in [("OPTIONS *", 404, "not_found"), ("CONNECT x:80", 403, "foreign_host")] {
        let mut stream = server.connect().await;
        let request = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let (head, body) = split(&read_all(&mut stream).await);
        assert!(head.starts_with(&format!("http/1.1 {status}")) && head.contains("x-request-id: "), "{line}: {head}");
        assert_eq!(body["code"], code, "{line}");
    }
}

#[actix_web::test]
async fn a_head_has_no_body() {
    let server = running().await;
    let mut stream = server.connect().await;
    stream.write_all(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let reply = read_all(&mut stream).await;
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert!(reply.to_lowercase().contains("content-length: 15"), "{reply}");
    assert!(reply.ends_with("\r\n\r\n"), "{reply}");
}

#[actix_web::test]
async fn an_action_is_carried_out_though_its_client_is_gone() {
    let server = running().await;
    let session = server.session().await;
    for _ in 0..20 {
        let mut stream = server.connect().await;
        let spin = request("POST", &format!("/sessions/{session}/action"), r#"{"type":"spin","amount":"0.01"}"#);
        stream.write_all(spin.as_bytes()).await.unwrap();
        drop(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let events = server.call("GET", &format!("/sessions/{session}/events"), "").await.1;
    let done = events["items"].as_array().unwrap().len();
    assert!(done > 0, "no action outlived its client");
    let after = server.call("GET", &format!("/sessions/{session}"), "").await.1;
    assert_eq!(after["last_seq"], done);
    assert_eq!(after["metrics"]["spins"], done);
    // The session is free for the next one.
    let spin = server.call("POST", &format!("/sessions/{session}/action"), r#"{"type":"spin","amount":"0.01"}"#).await;
    assert!(spin.0.starts_with("http/1.1 200"), "{}", spin.0);
}

#[actix_web::test]
async fn a_stopping_server_answers_what_it_took() {
    let server = running().await;
    let mut stream = server.connect().await;
    let request = request("POST", "/wallets", r#"{"balance":"10"}"#);
    let (head, tail) = request.split_at(request.len() - 3);
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let stopping = actix_web::rt::spawn(server.handle.stop(true));
    tokio::time::sleep(Duration::from_millis(50)).await;
    stream.write_all(tail.as_bytes()).await.unwrap();
    assert!(read_all(&mut stream).await.starts_with("HTTP/1.1 201"));
    stopping.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

/// Reads until the text has come, or a long time has passed.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut read = String::new();
    let reading = async {
        while !read.contains(wanted) {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.unwrap();
            assert!(count > 0, "the stream ended before {wanted:?}: {read}");
            read.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, reading).await.is_ok();
    assert!(in_time, "{wanted:?} did not come: {read}");
    read
}

#[actix_web::test]
async fn a_stream_says_that_it_is_there_and_what_happens() {
    let server = running().await;
    let session = server.session().await;
    let mut stream = server.follow(&session).await;
    let head = read_until(&mut stream, ": nothing new").await.to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
    let action = format!("/sessions/{session}/action");
    server.call("POST", &action, r#"{"type":"bet","amount":"0.01"}"#).await;
    read_until(&mut stream, "\nid: 1\ndata: {").await;
    server.call("POST", &action, r#"{"type":"void"}"#).await;
    server.call("POST", &action, r#"{"type":"cash_out"}"#).await;
    read_until(&mut stream, "event: end\ndata: {").await;
}

#[actix_web::test]
async fn a_client_that_goes_away_gives_its_place_up() {
    let server = running().await;
    let session = server.session().await;
    let mut stream = server.follow(&session).await;
    read_until(&mut stream, "retry: ").await;
    let path = format!("/sessions/{session}/events/stream");
    let (head, body) = server.call("GET", &path, "").await;
    assert!(head.starts_with("http/1.1 503") && head.contains("retry-after: "), "{head}");
    assert_eq!(body["code"], "too_many_streams");
    drop(stream);
    // The server learns of it when it next writes.
    for _ in 0..600 {
        if server.call("HEAD", &path, "").await.0.starts_with("http/1.1 200") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the place was never given up");
}

#[actix_web::test]
async fn a_stopping_server_does_not_wait_for_streams() {
    let server = running().await;
    let session = server.session().await;
    let mut stream = server.follow(&session).await;
    read_until(&mut stream, "retry: ").await;
    server.house.close();
    // The default time-out of a stop is longer than this.
    let stopped = tokio::time::timeout(Duration::from_secs(25), server.handle.stop(true)).await;
    assert!(stopped.is_ok(), "the server waited for the stream");
    read_until(&mut stream, ": the server is stopping\n\n\r\n0\r\n\r\n").await;
}
