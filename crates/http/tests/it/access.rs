//! Who may do what: every operation of the API's description, asked for with every kind of key.

use std::collections::BTreeSet;

use reelhouse_domain::access::Token;
use reelhouse_mocks::MockRandomness;
use serde_json::{Value, json};

use crate::conformance::document;
use crate::support::{Client, Fixture, NOBODY, Request, at_hour, fixture, text, tiny_game};

/// What an operation answers to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It does what was asked.
    Done,
    /// It wants another key.
    Unauthenticated,
    /// It wants another role.
    Forbidden,
    /// There is no such thing, as far as the caller is told.
    Absent,
}

use Answer::{Absent, Done, Forbidden, Unauthenticated};

/// An operation, and what it answers to nobody, to `read`, to the `play` key that owns what is asked for, to another
/// `play` key, to `admin`. In paths and bodies `GAME`, `WALLET`, `LIVE` and `ENDED` (sessions), `JOB` and `KEY` stand
/// for ids.
type Row = (&'static str, &'static str, &'static str, [Answer; 5]);

const OPEN: [Answer; 5] = [Done; 5];
/// Everybody with a key sees it.
const SEEN: [Answer; 5] = [Unauthenticated, Done, Done, Done, Done];
/// It belongs to a key.
const OWNED: [Answer; 5] = [Unauthenticated, Done, Done, Absent, Done];
/// It is done to what belongs to a key.
const PLAYED: [Answer; 5] = [Unauthenticated, Forbidden, Done, Absent, Done];
/// Whoever plays does it for itself.
const OPENED: [Answer; 5] = [Unauthenticated, Forbidden, Done, Done, Done];
/// An operator does it to what belongs to a key.
const HELD: [Answer; 5] = [Unauthenticated, Forbidden, Forbidden, Absent, Done];
/// It is about everybody's play at once.
const WATCHED: [Answer; 5] = [Unauthenticated, Done, Forbidden, Forbidden, Done];
/// An operator does it.
const OPERATED: [Answer; 5] = [Unauthenticated, Forbidden, Forbidden, Forbidden, Done];

const TABLE: &[Row] = &[
    ("GET", "/games", "", SEEN),
    ("POST", "/games", "TINY", OPERATED),
    ("GET", "/games/GAME", "", SEEN),
    ("GET", "/games/GAME/par-sheet", "", SEEN),
    ("GET", "/games/GAME/fingerprint", "", SEEN),
    ("GET", "/wallets", "", SEEN),
    ("GET", "/wallets?order=newest", "", SEEN),
    ("POST", "/wallets", r#"{"balance":"0"}"#, OPENED),
    ("POST", "/wallets", r#"{"balance":"0.0001"}"#, OPERATED),
    ("GET", "/wallets/WALLET", "", OWNED),
    ("GET", "/wallets/WALLET/ledger", "", OWNED),
    ("POST", "/wallets/WALLET/operations", r#"{"type":"deposit","amount":"1"}"#, HELD),
    ("POST", "/wallets/WALLET/operations", r#"{"type":"withdraw","amount":"1"}"#, PLAYED),
    ("POST", "/wallets/WALLET/operations", r#"{"type":"set_daily_limit","amount":"49"}"#, PLAYED),
    ("POST", "/wallets/WALLET/operations", r#"{"type":"set_daily_limit","amount":"51"}"#, HELD),
    ("GET", "/sessions", "", SEEN),
    ("POST", "/sessions", r#"{"game_id":"GAME"}"#, OPENED),
    ("POST", "/sessions", r#"{"game_id":"GAME","wallet_id":"WALLET"}"#, PLAYED),
    ("POST", "/sessions", r#"{"game_id":"GAME","training_seed":7}"#, OPERATED),
    ("GET", "/sessions/LIVE", "", OWNED),
    ("GET", "/sessions/LIVE/metrics", "", OWNED),
    ("GET", "/sessions/LIVE/fairness", "", OWNED),
    ("GET", "/sessions/LIVE/events", "", OWNED),
    ("GET", "/sessions/ENDED/events/stream", "", OWNED),
    ("GET", "/sessions/ENDED/proof", "", OWNED),
    ("POST", "/sessions/LIVE/action", r#"{"type":"spin","amount":"0.01"}"#, PLAYED),
    ("POST", "/sessions/LIVE/action", r#"[{"type":"spin","amount":"0.01"}]"#, PLAYED),
    ("POST", "/sessions/LIVE/action", r#"{"type":"suspend"}"#, HELD),
    ("POST", "/sessions/LIVE/action", r#"[{"type":"suspend"},{"type":"resume"}]"#, HELD),
    ("GET", "/simulations", "", SEEN),
    ("POST", "/simulations", r#"{"game_id":"GAME","rounds":1,"stake":"0.01"}"#, OPERATED),
    ("GET", "/simulations/JOB", "", SEEN),
    ("POST", "/simulations/JOB/cancel", "", OPERATED),
    ("GET", "/analytics/games/GAME", "", WATCHED),
    ("GET", "/analytics/sessions/LIVE", "", OWNED),
    ("GET", "/rl/spaces?game_id=GAME", "", SEEN),
    ("GET", "/rl/export", "", SEEN),
    ("GET", "/rl/export?session_id=ENDED", "", OWNED),
    ("GET", "/rl/export/manifest", "", SEEN),
    ("GET", "/rl/export/manifest?session_id=ENDED", "", OWNED),
    ("GET", "/rl/metrics", "", SEEN),
    ("GET", "/rl/metrics?session_id=ENDED", "", OWNED),
    ("POST", "/rl/step?game_id=GAME", r#"{"steps":[{"session_id":"LIVE","action":0}]}"#, OPENED),
    ("POST", "/rl/reset?game_id=GAME", r#"{"wallet":{"balance":"0"},"seeds":[null]}"#, OPENED),
    ("POST", "/rl/reset?game_id=GAME", r#"{"wallet":{"balance":"1"},"seeds":[null]}"#, OPERATED),
    ("POST", "/rl/reset?game_id=GAME", r#"{"wallet":{"balance":"0"},"seeds":[7]}"#, OPERATED),
    ("GET", "/keys", "", OPERATED),
    ("POST", "/keys", r#"{"name":"x","role":"read"}"#, OPERATED),
    ("GET", "/keys/KEY", "", OPERATED),
    ("POST", "/keys/KEY/revoke", "", OPERATED),
    ("GET", "/metrics", "", WATCHED),
    ("GET", "/healthz", "", OPEN),
    ("GET", "/readyz", "", OPEN),
    ("GET", "/openapi.json", "", OPEN),
    ("GET", "/docs", "", OPEN),
    ("GET", "/metadata", "", OPEN),
    ("GET", "/metadata/wallets", "", OPEN),
    ("GET", "/metadata/wallets/cost_rate", "", OPEN),
    ("GET", "/schemas", "", OPEN),
    ("GET", "/schemas/symbol_map", "", OPEN),
];

/// A house with keys of all kinds, and what belongs to one of them.
struct Town {
    client: Client,
    admin: String,
    read: String,
    owner: String,
    other: String,
    /// Keys that are no good, and no keys.
    bad: Vec<(&'static str, Option<String>)>,
    ids: Vec<(&'static str, String)>,
}

fn bearer(request: Request, key: &str) -> Request {
    request.header("authorization", format!("Bearer {key}"))
}

impl Town {
    async fn new() -> Self {
        let Fixture { client, clock } = fixture().await;
        let admin = text(&client.post("/keys", json!({ "name": "a", "role": "admin" })).await.expect(201), "token");
        let mut town = Self {
            client,
            admin: admin.clone(),
            read: String::new(),
            owner: String::new(),
            other: String::new(),
            bad: vec![("none", None)],
            ids: vec![],
        };
        town.read = town.key("read").await.0;
        town.owner = town.key("play").await.0;
        town.other = town.key("play").await.0;
        let (revoked, id) = town.key("admin").await;
        town.revoke(&id).await.expect(200);
        let soon = json!({ "name": "soon", "role": "admin", "expires_at": "2026-01-01T13:00:00Z" });
        let expired = text(&town.as_admin(Request::post("/keys", &soon)).await.expect(201), "token");
        clock.set(at_hour(1));
        let mut seven = MockRandomness::new();
        seven.expect_server_seed().return_const([7; 32]);
        let unknown = Token::generate(&seven).reveal();
        let slip = format!("{}{}", &admin[..53], if admin.ends_with('0') { '1' } else { '0' });
        town.bad.extend([
            ("garbage", Some("garbage".to_owned())),
            ("mistyped", Some(slip)),
            ("unknown", Some(unknown)),
            ("expired", Some(expired)),
            ("revoked", Some(revoked)),
        ]);
        town.furnish().await;
        town
    }

    async fn key(&self, role: &str) -> (String, String) {
        let made = self.as_admin(Request::post("/keys", &json!({ "name": role, "role": role }))).await.expect(201);
        (text(&made, "token"), text(&made, "key_id"))
    }

    async fn as_admin(&self, request: Request) -> crate::support::Reply {
        self.client.send(bearer(request, &self.admin)).await
    }

    async fn revoke(&self, id: &str) -> crate::support::Reply {
        self.as_admin(Request::new("POST", format!("/keys/{id}/revoke"))).await
    }

    async fn as_owner(&self, request: Request) -> crate::support::Reply {
        self.client.send(bearer(request, &self.owner)).await
    }

    /// Makes a game, a wallet and two sessions of the owner's, a job and a key.
    async fn furnish(&mut self) {
        let game = self.as_admin(Request::post("/games", &tiny_game("Tiny"))).await.expect(201);
        let game = text(&game, "game_id");
        let wallet = json!({ "balance": "0", "daily_limit": "50" });
        let wallet = text(&self.as_owner(Request::post("/wallets", &wallet)).await.expect(201), "wallet_id");
        let deposit = json!({ "type": "deposit", "amount": "10" });
        self.as_admin(Request::post(format!("/wallets/{wallet}/operations"), &deposit)).await.expect(200);
        let mut sessions = vec![];
        for _ in 0..2 {
            let body = json!({ "game_id": game, "wallet_id": wallet });
            let session = self.as_owner(Request::post("/sessions", &body)).await.expect(201);
            sessions.push(text(&session, "session_id"));
        }
        for action in [json!({ "type": "spin", "amount": "0.01" }), json!({ "type": "cash_out" })] {
            let path = format!("/sessions/{}/action", sessions[1]);
            self.as_owner(Request::post(path, &action)).await.expect(200);
        }
        let job = json!({ "game_id": game, "rounds": 1, "stake": "0.01" });
        let job = text(&self.as_admin(Request::post("/simulations", &job)).await.expect(201), "simulation_id");
        let key = self.key("read").await.1;
        let ended = sessions.remove(1);
        self.ids = vec![
            ("GAME", game),
            ("WALLET", wallet),
            ("LIVE", sessions.remove(0)),
            ("ENDED", ended),
            ("JOB", job),
            ("KEY", key),
        ];
    }

    fn fill(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    fn request(&self, (method, path, body, _): &Row) -> Request {
        let request = Request::new(method, self.fill(path));
        match *body {
            "" => request,
            "TINY" => request.header("content-type", "application/json").raw(tiny_game("Tiny").to_string()),
            body => request.header("content-type", "application/json").raw(self.fill(body)),
        }
    }

    /// Asks for a row with a key, and tells what came of it.
    async fn ask(&self, row: &Row, key: Option<&str>) -> (Answer, Value) {
        let request = self.request(row);
        let reply = self.client.send(match key {
            Some(key) => bearer(request, key),
            None => request,
        });
        let reply = reply.await;
        let problem = if reply.status.is_success() { Value::Null } else { reply.json() };
        let answer = match reply.status.as_u16() {
            200 | 201 => Done,
            401 => Unauthenticated,
            403 => Forbidden,
            404 => Absent,
            other => panic!("{} {} answers {other}: {problem:#}", row.0, row.1),
        };
        (answer, problem)
    }
}

#[actix_web::test]
async fn every_operation_answers_each_kind_of_key_as_the_table_says() {
    for row in TABLE {
        let (method, path, body, [nobody, read, owner, other, admin]) = row;
        let town = Town::new().await;
        for (kind, key) in &town.bad {
            let (answer, problem) = town.ask(row, key.as_deref()).await;
            assert_eq!(answer, *nobody, "{method} {path} {body} with {kind}: {problem:#}");
            if answer == Unauthenticated {
                let reason = match *kind {
                    "none" => "missing",
                    "garbage" => "mistyped",
                    kind => kind,
                };
                assert_eq!(problem["reason"], reason, "{method} {path} with {kind}");
            }
        }
        // Those who may not come first, so that what is done does not hide what they are told.
        for (kind, key, expected) in [
            ("read", &town.read, read),
            ("another's play", &town.other, other),
            ("the owner's play", &town.owner, owner),
            ("admin", &town.admin, admin),
        ] {
            let (answer, problem) = town.ask(row, Some(key)).await;
            assert_eq!(answer, *expected, "{method} {path} {body} with {kind}: {problem:#}");
            if answer == Forbidden {
                let role = kind.rsplit(' ').next().unwrap();
                assert_eq!(problem["role"], role);
                let roles: Vec<&str> = problem["roles"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
                assert!(roles.contains(&"admin") && !roles.contains(&role), "{roles:?}");
            }
        }
    }
}

#[actix_web::test]
async fn every_operation_is_in_the_table() {
    let mut described = BTreeSet::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let mut listed = BTreeSet::new();
    for (method, path, ..) in TABLE {
        let path = path.split('?').next().unwrap().replace("/symbol_map", "/{name}");
        let path = path.replace("/cost_rate", "/{field}").replace("/metadata/wallets", "/metadata/{domain}");
        let ids = ["GAME", "WALLET", "LIVE", "ENDED", "JOB", "KEY"];
        listed.insert(((*method).to_owned(), ids.iter().fold(path, |path, id| path.replace(id, "{id}"))));
    }
    assert_eq!(listed, described, "the table and the description have the same operations");
}

#[actix_web::test]
async fn a_play_key_sees_its_own_alone() {
    let town = Town::new().await;
    for (path, field) in [("/wallets", "wallet_id"), ("/sessions", "session_id")] {
        let list = async |key: &str| {
            let page = town.client.send(bearer(Request::new("GET", path), key)).await.expect(200);
            page["items"].as_array().unwrap().iter().map(|item| text(item, field)).collect::<Vec<_>>()
        };
        let own = list(&town.owner).await;
        assert_eq!(own.len(), if path == "/wallets" { 1 } else { 2 });
        assert_eq!(list(&town.other).await, Vec::<String>::new());
        assert_eq!((list(&town.read).await, list(&town.admin).await), (own.clone(), own));
    }
    let wallet = town.as_admin(Request::new("GET", town.fill("/wallets/WALLET"))).await.expect(200);
    let session = town.as_admin(Request::new("GET", town.fill("/sessions/LIVE"))).await.expect(200);
    assert!(wallet["owner"].is_string() && wallet["owner"] == session["owner"]);
    for (key, rows) in [(&town.owner, 2), (&town.other, 0), (&town.read, 2)] {
        let export = town.client.send(bearer(Request::new("GET", "/rl/export"), key)).await;
        assert_eq!(String::from_utf8(export.body).unwrap().lines().count(), rows);
        let manifest = town.client.send(bearer(Request::new("GET", "/rl/export/manifest"), key)).await.expect(200);
        let figures = town.client.send(bearer(Request::new("GET", "/rl/metrics"), key)).await.expect(200);
        assert_eq!((&manifest["rows"], &figures["steps"]), (&json!(rows), &json!(rows)));
    }
    let steps = json!({ "steps": [{ "session_id": town.fill("LIVE"), "action": 0 }] });
    let step = Request::post(town.fill("/rl/step?game_id=GAME"), &steps);
    let answer = town.client.send(bearer(step, &town.other)).await.expect(200);
    assert_eq!(answer["errors"][0]["code"], "not_found");
    assert!(answer["observations"][0].as_array().unwrap().iter().all(|float| *float == json!(0.0)));
}

#[actix_web::test]
async fn a_play_key_attaches_its_own_wallets_alone() {
    let town = Town::new().await;
    let open = Request::post("/sessions", &json!({ "game_id": town.fill("GAME") }));
    let session = text(&town.client.send(bearer(open, &town.other)).await.expect(201), "session_id");
    let attach = |wallet: String| {
        let body = json!({ "type": "attach_wallet", "wallet_id": wallet });
        bearer(Request::post(format!("/sessions/{session}/action"), &body), &town.other)
    };
    let foreign = town.client.send(attach(town.fill("WALLET"))).await.problem(404, "not_found");
    let none = town.client.send(attach(NOBODY.to_owned())).await.problem(404, "not_found");
    assert_eq!(foreign["resource"], none["resource"]);
    let own = Request::post("/wallets", &json!({ "balance": "0" }));
    let own = text(&town.client.send(bearer(own, &town.other)).await.expect(201), "wallet_id");
    town.client.send(attach(own)).await.expect(200);
}

#[actix_web::test]
async fn an_admin_opens_sessions_for_the_owner_of_a_wallet() {
    let town = Town::new().await;
    let body = json!({ "game_id": town.fill("GAME"), "wallet_id": town.fill("WALLET") });
    let session = text(&town.as_admin(Request::post("/sessions", &body)).await.expect(201), "session_id");
    town.as_owner(Request::new("GET", format!("/sessions/{session}"))).await.expect(200);
    let other = bearer(Request::new("GET", format!("/sessions/{session}")), &town.other);
    town.client.send(other).await.problem(404, "not_found");
}

/// A key for idempotency guards an answer; nobody gets the answer of somebody else by it.
#[actix_web::test]
async fn an_idempotency_key_gives_nobody_elses_answer() {
    let town = Town::new().await;
    let open = || Request::post("/wallets", &json!({ "balance": "0" })).key("mine");
    let first = town.as_owner(open()).await.expect(201);
    assert_eq!(town.as_owner(open()).await.expect(201), first);
    town.client.send(bearer(open(), &town.other)).await.problem(422, "idempotency_key_reused");
    town.as_admin(open()).await.problem(422, "idempotency_key_reused");
}

#[actix_web::test]
async fn a_token_is_shown_once() {
    let town = Town::new().await;
    let made = town.as_admin(Request::post("/keys", &json!({ "name": "x", "role": "read" }))).await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.expect(201);
    let (token, id) = (text(&made, "token"), text(&made, "key_id"));
    let mut shown = made;
    shown.as_object_mut().unwrap().remove("token");
    let found = town.as_admin(Request::new("GET", format!("/keys/{id}"))).await;
    assert_eq!(found.json(), shown);
    let list = town.as_admin(Request::new("GET", "/keys")).await;
    for reply in [found, list] {
        assert!(!String::from_utf8(reply.body).unwrap().contains(&token[5..]));
    }
    let again = Request::post("/keys", &json!({ "name": "x", "role": "read" })).key("once");
    town.as_admin(again).await.problem(422, "invalid_idempotency_key");
}

#[actix_web::test]
async fn bodies_of_keys_are_checked() {
    let town = Town::new().await;
    for (body, pointer) in [
        (json!({ "role": "read" }), "/name"),
        (json!({ "name": "", "role": "read" }), "/name"),
        (json!({ "name": "x" }), "/role"),
        (json!({ "name": "x", "role": "root" }), "/role"),
        (json!({ "name": "x", "role": "read", "expires_at": "soon" }), "/expires_at"),
        (json!({ "name": "x", "role": "read", "expires_at": "2020-01-01T00:00:00Z" }), "/expires_at"),
        (json!({ "name": "x", "role": "read", "admin": true }), "/admin"),
    ] {
        let reply = town.as_admin(Request::post("/keys", &body)).await;
        assert_eq!(reply.problem(422, "invalid_request")["pointer"], pointer, "{body}");
    }
    town.revoke(NOBODY).await.problem(404, "not_found");
    town.revoke("1").await.problem(400, "invalid_id");
    let unknown = Request::post(format!("/keys/{NOBODY}/revoke"), &json!({ "why": "lost" }));
    assert_eq!(town.as_admin(unknown).await.problem(422, "invalid_request")["pointer"], "/why");
}

/// Nothing takes a key away: it is revoked, once, and says since when.
#[actix_web::test]
async fn a_key_is_revoked_and_stays_to_be_looked_at() {
    let town = Town::new().await;
    let (token, id) = town.key("read").await;
    let asked = async || town.client.send(bearer(Request::new("GET", "/games"), &token)).await;
    let deleted = town.as_admin(Request::new("DELETE", format!("/keys/{id}"))).await;
    deleted.problem(405, "method_not_allowed");
    assert_eq!(deleted.header("allow"), "GET, HEAD");
    asked().await.expect(200);
    let revoked = town.revoke(&id).await.expect(200);
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    assert_eq!(asked().await.problem(401, "unauthenticated")["reason"], "revoked");
    let again = Request::post(format!("/keys/{id}/revoke"), &json!({})).key("once");
    assert_eq!(town.as_admin(again).await.expect(200), revoked);
    assert_eq!(town.as_admin(Request::new("GET", format!("/keys/{id}"))).await.expect(200), revoked);
}

/// The stream's next piece is not sent to a key that was revoked meanwhile.
#[actix_web::test]
async fn a_stream_ends_with_its_key() {
    let town = Town::new().await;
    let path = town.fill("/sessions/LIVE/events/stream");
    let (token, id) = town.key("read").await;
    let reply = town.client.send_late(bearer(Request::new("GET", path), &token), async || {
        let spin = Request::post(town.fill("/sessions/LIVE/action"), &json!({ "type": "spin", "amount": "0.01" }));
        town.as_owner(spin).await.expect(200);
        town.revoke(&id).await.expect(200);
    });
    let body = String::from_utf8(reply.await.body).unwrap();
    assert!(body.ends_with(": the key is good no more\n\n") && !body.contains("data:"), "{body}");
}
