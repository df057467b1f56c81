//! Request ids: the client's or a new one, the same in the header, the problem and the log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use reelhouse_domain::ports::StoreError;
use reelhouse_mocks::MockStoreProbe;
use serde_json::Value;

use crate::mocked;
use crate::support::{Request, fixture};

#[actix_web::test]
async fn the_id_of_the_client_comes_back() {
    let client = fixture().await.client;
    let reply = client.send(Request::new("GET", "/healthz").header("x-request-id", "proxy-7/a")).await;
    assert_eq!(reply.header("x-request-id"), "proxy-7/a");
    let problem = client.send(Request::new("GET", "/games/7").header("x-request-id", "proxy-8")).await;
    assert_eq!(problem.problem(400, "invalid_id")["request_id"], "proxy-8");
}

#[actix_web::test]
async fn who_gives_none_or_a_bad_one_gets_a_new_one() {
    let client = fixture().await.client;
    let mut seen = Vec::new();
    for (path, sent) in [("/healthz", None), ("/nowhere", None), ("/games", Some("a b")), ("/games", Some(""))] {
        let mut request = Request::new("GET", path);
        if let Some(sent) = sent {
            request = request.header("x-request-id", sent);
        }
        let reply = client.send(request).await;
        let id: uuid::Uuid = reply.header("x-request-id").parse().unwrap();
        assert!(!seen.contains(&id), "{id} was given twice");
        seen.push(id);
    }
}

#[actix_web::test]
async fn a_refusal_of_the_gate_and_of_the_routes_has_an_id_too() {
    let client = fixture().await.client;
    let foreign = Request::new("GET", "/games").header("host", "evil.example").header("x-request-id", "x1");
    assert_eq!(client.send(foreign).await.problem(403, "foreign_host")["request_id"], "x1");
    let deleted = Request::new("DELETE", "/games").header("x-request-id", "x2");
    assert_eq!(client.send(deleted).await.problem(405, "method_not_allowed")["request_id"], "x2");
    let nowhere = Request::new("GET", "/nowhere").header("x-request-id", "x3");
    assert_eq!(client.send(nowhere).await.problem(404, "not_found")["request_id"], "x3");
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn a_log_line_of_a_request_has_its_id() {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt().json().flatten_event(true).with_max_level(tracing::Level::WARN);
    let _logging = tracing::subscriber::set_default(lines.with_writer(move || writer.clone()).finish());
    let mut probe = MockStoreProbe::new();
    probe.expect_ping().returning(|| Err(StoreError::Unavailable("it sleeps".to_owned())));
    let client = mocked::probing(probe).await;
    client
        .send(Request::new("GET", "/readyz").header("x-request-id", "lost-1"))
        .await
        .problem(503, "store_unavailable");
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["why"], "it sleeps", "{line}");
    assert_eq!(line["span"]["request_id"], "lost-1", "{line}");
}
