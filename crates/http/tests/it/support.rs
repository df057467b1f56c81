//! A house over a store in memory, and a client that calls the routes in process.

use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody as _, to_bytes};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::{App, test};
use futures_util::future::LocalBoxFuture;
use reelhouse_application::{House, Ports, Settings};
use reelhouse_domain::Timestamp;
use reelhouse_domain::fairness::Ed25519Signer;
use reelhouse_domain::time::from_millis;
use reelhouse_http::{AccessSettings, Gate, HttpLimits, configure};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::{CountingRandomness, FixedClock, ScriptedDealer};
use serde_json::{Value, json};

use crate::conformance;

/// An id that names nothing.
pub(crate) const NOBODY: &str = "01976e3c-9f00-7abc-8000-000000000000";

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; null when there is none.
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).unwrap() }
    }

    /// A header's text, empty when the header is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks the status and gives the body.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        let body = self.json();
        assert_eq!(self.status.as_u16(), status, "{body:#}");
        body
    }

    /// Checks that the answer is a problem of that status and code, and gives it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(body["code"], code, "{body:#}");
        assert_eq!(body["type"], format!("urn:reelhouse:problem:{code}"));
        assert_eq!(body["status"], status);
        assert_eq!(body["request_id"], self.header("x-request-id"));
        body
    }
}

/// A request that is sent by [`Client::send`].
pub(crate) struct Request {
    method: Method,
    uri: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Option<Vec<u8>>,
    peer: Option<SocketAddr>,
}

impl Request {
    pub(crate) fn new(method: &str, uri: impl Into<String>) -> Self {
        Self { method: method.parse().unwrap(), uri: uri.into(), headers: Vec::new(), body: None, peer: None }
    }

    pub(crate) fn post(uri: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", uri).header("content-type", "application/json").raw(body.to_string())
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sends it from that address.
    pub(crate) fn from(self, address: &str) -> Self {
        Self { peer: Some(address.parse().unwrap()), ..self }
    }

    pub(crate) fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    fn build(&self) -> test::TestRequest {
        let mut request = test::TestRequest::with_uri(&self.uri).method(self.method.clone());
        for (name, value) in &self.headers {
            request = request.append_header((*name, value.as_slice()));
        }
        if let Some(peer) = self.peer {
            request = request.peer_addr(peer);
        }
        match &self.body {
            Some(body) => request.set_payload(body.clone()),
            None => request,
        }
    }
}

/// The head of an answer, and its body as it is still to be read.
type Answer = (StatusCode, HeaderMap, BoxBody);

type Call = dyn Fn(test::TestRequest) -> LocalBoxFuture<'static, Answer>;

/// Calls the routes in process; every answer is held against the API's description.
#[derive(Clone)]
pub(crate) struct Client {
    call: Rc<Call>,
}

impl Client {
    pub(crate) async fn of(house: Arc<House>) -> Self {
        let listener = (Ipv4Addr::LOCALHOST, 8080).into();
        Self::through(Gate::new(&house, AccessSettings::at(listener))).await
    }

    /// A client of a house behind that gate.
    pub(crate) async fn through(gate: Gate) -> Self {
        let app = App::new().configure(|app| configure(app, Arc::new(gate), HttpLimits::default()));
        let service = Rc::new(test::init_service(app).await);
        let call = move |request: test::TestRequest| -> LocalBoxFuture<'static, Answer> {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let response = test::call_service(&*service, request.to_request()).await;
                (response.status(), response.headers().clone(), response.into_body().boxed())
            })
        };
        Self { call: Rc::new(call) }
    }

    pub(crate) async fn send(&self, request: Request) -> Reply {
        self.send_late(request, async || {}).await
    }

    /// Sends a request, and reads the body of the answer after something else was done.
    pub(crate) async fn send_late(&self, request: Request, meanwhile: impl AsyncFnOnce()) -> Reply {
        let (status, headers, body) = (self.call)(request.build()).await;
        meanwhile().await;
        let reply = Reply { status, headers, body: to_bytes(body).await.unwrap().to_vec() };
        conformance::check(&request.method, &request.uri, &reply);
        reply
    }

    pub(crate) async fn get(&self, uri: impl Into<String>) -> Reply {
        self.send(Request::new("GET", uri)).await
    }

    pub(crate) async fn post(&self, uri: impl Into<String>, body: Value) -> Reply {
        self.send(Request::post(uri, &body)).await
    }

    /// Acts in a session.
    pub(crate) async fn act(&self, session: &str, body: Value) -> Reply {
        self.post(format!("/sessions/{session}/action"), body).await
    }

    /// Adds the tiny game and gives its id.
    pub(crate) async fn game(&self) -> String {
        let reply = self.post("/games", tiny_game("Tiny")).await;
        assert!(reply.status.is_success());
        text(&reply.json(), "game_id")
    }

    /// Opens a wallet and gives its id.
    pub(crate) async fn wallet(&self, body: Value) -> String {
        text(&self.post("/wallets", body).await.expect(201), "wallet_id")
    }

    /// Opens a session of the tiny game and gives its id.
    pub(crate) async fn session(&self, wallet: &str) -> String {
        let body = json!({ "game_id": self.game().await, "wallet_id": wallet, "client_seed": "lucky" });
        text(&self.post("/sessions", body).await.expect(201), "session_id")
    }
}

/// A client of a house over memory, and the clock that the house goes by.
pub(crate) struct Fixture {
    pub(crate) client: Client,
    pub(crate) clock: Arc<FixedClock>,
}

/// A house whose rounds all stop the tiny game's reels on three sevens, then on nothing.
pub(crate) async fn fixture() -> Fixture {
    let clock = Arc::new(FixedClock::new(start()));
    let house = House::open(ports(&MemoryStore::default(), &clock), Settings::default());
    Fixture { client: Client::of(Arc::new(house)).await, clock }
}

pub(crate) fn ports(store: &MemoryStore, clock: &Arc<FixedClock>) -> Ports {
    Ports {
        units: Arc::new(store.clone()),
        games: Arc::new(store.clone()),
        wallets: Arc::new(store.clone()),
        sessions: Arc::new(store.clone()),
        jobs: Arc::new(store.clone()),
        keys: Arc::new(store.clone()),
        observations: Arc::new(store.clone()),
        analytics: Arc::new(store.clone()),
        experience: Arc::new(store.clone()),
        probe: Arc::new(store.clone()),
        clock: Arc::<FixedClock>::clone(clock),
        randomness: Arc::new(CountingRandomness::default()),
        dealer: Arc::new(ScriptedDealer::new([vec![0, 0, 0], vec![0, 1, 1]])),
        signer: Arc::new(Ed25519Signer::new(&[0x42; 32])),
    }
}

/// 2026-01-01T12:00:00Z.
pub(crate) fn start() -> Timestamp {
    at_hour(0)
}

/// So many hours after [`start`].
pub(crate) fn at_hour(hours: i64) -> Timestamp {
    from_millis(1_767_268_800_000 + hours * 3_600_000).unwrap()
}

/// A game of three reels, one row and one line, whose unit bet is 0.01.
pub(crate) fn tiny_game(name: &str) -> Value {
    json!({
        "name": name,
        "rng_signature": {
            "version": 1,
            "algorithm": "hmac-sha256",
            "modes": { "base": { "strips": [["seven", "plum"], ["seven", "plum", "plum"], ["seven", "plum"]] } }
        },
        "symbol_map": {
            "version": 1,
            "grid": { "reels": 3, "rows": 1 },
            "symbols": [{ "name": "seven", "role": "regular" }, { "name": "plum", "role": "regular" }],
            "evaluation": { "type": "lines", "lines": [[1, 1, 1]] },
            "pays": { "seven": { "3": 5 }, "plum": { "3": 1 } }
        }
    })
}

/// A text field of an object.
#[track_caller]
pub(crate) fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {body:#}")).to_owned()
}

/// The value with ids and digests taken out, which differ when anything before them changes.
pub(crate) fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) if is_uuid(text) => json!("[uuid]"),
        Value::String(text) if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            json!("[256 bits]")
        }
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(fields) => fields.iter().map(|(name, item)| (name.clone(), redacted(item))).collect(),
        other => other.clone(),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}
