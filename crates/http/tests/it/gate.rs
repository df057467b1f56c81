//! The gate: keys asked for or not, revoked at once, and calls counted.

use std::net::Ipv4Addr;
use std::sync::Arc;

use reelhouse_application::{House, Settings};
use reelhouse_http::{AccessSettings, Gate, Rate};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::FixedClock;
use serde_json::json;

use crate::support::{Client, Request, ports, start, text};

fn house(store: &MemoryStore) -> House {
    House::open(ports(store, &Arc::new(FixedClock::new(start()))), Settings::default())
}

fn elsewhere() -> AccessSettings {
    AccessSettings::at((Ipv4Addr::UNSPECIFIED, 8080).into())
}

fn loopback() -> AccessSettings {
    AccessSettings::at((Ipv4Addr::LOCALHOST, 8080).into())
}

async fn client(house: &House, settings: AccessSettings) -> Client {
    Client::through(Gate::new(house, settings)).await
}

fn admin() -> serde_json::Value {
    json!({ "name": "a", "role": "admin" })
}

#[actix_web::test]
async fn without_keys_a_loopback_address_is_open_and_any_other_is_not() {
    let house = house(&MemoryStore::default());
    client(&house, loopback()).await.get("/games").await.expect(200);
    let elsewhere = client(&house, elsewhere()).await;
    elsewhere.get("/games").await.problem(401, "unauthenticated");
    elsewhere.post("/keys", admin()).await.problem(401, "unauthenticated");
    elsewhere.get("/healthz").await.expect(200);
    // Only on a loopback address do names matter.
    elsewhere.send(Request::new("GET", "/healthz").header("host", "evil.example")).await.expect(200);
}

#[actix_web::test]
async fn the_first_key_closes_the_house_and_is_an_admins() {
    let client = client(&house(&MemoryStore::default()), loopback()).await;
    for role in ["read", "play"] {
        let refused = client.post("/keys", json!({ "name": "x", "role": role })).await;
        assert_eq!(refused.problem(422, "invalid_request")["pointer"], "/role");
    }
    let token = text(&client.post("/keys", admin()).await.expect(201), "token");
    client.get("/games").await.problem(401, "unauthenticated");
    client.send(Request::new("GET", "/games").header("authorization", format!("Bearer {token}"))).await.expect(200);
}

#[actix_web::test]
async fn a_loopback_server_answers_to_its_names_and_pages() {
    let client = client(&house(&MemoryStore::default()), loopback()).await;
    let get = |host: &str| Request::new("GET", "/games").header("host", host);
    client.send(get("localhost:8080")).await.expect(200);
    client.send(get("evil.example:8080")).await.problem(403, "foreign_host");
    let post = |origin: &str| {
        let request = Request::post("/wallets", &json!({ "balance": "1" }));
        request.header("host", "localhost:8080").header("origin", origin)
    };
    client.send(post("http://localhost:8080")).await.expect(201);
    client.send(post("http://evil.example")).await.problem(403, "foreign_origin");
    // Before anything else, so that a page learns nothing.
    let health = Request::new("GET", "/healthz").header("host", "evil.example:8080");
    client.send(health).await.problem(403, "foreign_host");
}

#[actix_web::test]
async fn a_key_that_calls_too_often_is_told_when_to_come_back() {
    let slow = AccessSettings { key_rate: Rate::per_second(1), ..loopback() };
    let client = client(&house(&MemoryStore::default()), slow).await;
    client.get("/games").await.expect(200);
    let token = text(&client.post("/keys", admin()).await.expect(201), "token");
    let get = || Request::new("GET", "/games").header("authorization", format!("Bearer {token}"));
    let first = client.send(get()).await;
    first.expect(200);
    assert_eq!((first.header("ratelimit-policy"), first.header("ratelimit")), (r#""key";q=2;w=2"#, r#""key";r=1;t=1"#));
    let refused = loop {
        let reply = client.send(get()).await;
        if reply.status != 200 {
            break reply;
        }
    };
    refused.problem(429, "rate_limited");
    assert!(matches!(refused.header("retry-after"), "1" | "2"));
    assert_eq!(refused.header("ratelimit"), r#""key";r=0;t=2"#);
    // What is open takes nothing of a key.
    assert_eq!(client.get("/healthz").await.header("ratelimit"), "");
}

#[actix_web::test]
async fn addresses_without_a_known_key_are_counted_elsewhere() {
    let house = house(&MemoryStore::default());
    let (_, token) = house.key_create(new_admin()).await.unwrap();
    let slow = AccessSettings { address_rate: Rate::per_second(1), ..elsewhere() };
    let client = client(&house, slow).await;
    let get = |address: &str, key: Option<String>| {
        let request = Request::new("GET", "/games").from(address);
        match key {
            Some(key) => request.header("authorization", format!("Bearer {key}")),
            None => request,
        }
    };
    let token = token.reveal();
    client.send(get("192.0.2.1:99", Some(token.clone()))).await.expect(200);
    let refused = loop {
        let reply = client.send(get("192.0.2.1:99", None)).await;
        if reply.status != 401 {
            break reply;
        }
        assert!(reply.header("ratelimit").starts_with(r#""address""#));
    };
    refused.problem(429, "rate_limited");
    // A key that is known is not held up by others at its address, nor is another address.
    let known = client.send(get("192.0.2.1:99", Some(token))).await;
    known.expect(200);
    assert!(known.header("ratelimit").starts_with(r#""key""#));
    client.send(get("192.0.2.2:99", None)).await.problem(401, "unauthenticated");
}

fn new_admin() -> reelhouse_domain::access::NewKey {
    let role = reelhouse_domain::access::Role::Admin;
    reelhouse_domain::access::NewKey { name: "a".to_owned(), role, expires_at: None }
}
